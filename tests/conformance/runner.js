/* The runner: node runner.js FILE...
 *
 * A file's tests, one after another, in the order they stand in: a later one
 * may use what an earlier one made. Prints `ok N - name` or `not ok N - name` for
 * each with the failure in front of it, then how many HTTP calls the clients
 * made, then `N passed, N failed`. Exit 1 when one failed or none ran. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { callsMade } from './clients.js';
import { tests } from './tests.js';

let passed = 0;
let failed = 0;

for (const file of process.argv.slice(2)) {
  tests.length = 0;
  await import(pathToFileURL(path.resolve(file)));
  for (const { name, body } of tests) {
    const number = passed + failed + 1;
    try {
      await body();
      passed++;
      console.log(`ok ${number} - ${name}`);
    } catch (error) {
      failed++;
      console.log(error.stack ?? error);
      console.log(`not ok ${number} - ${name}`);
    }
  }
}
console.log(`# ${callsMade()} calls of the clients`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
