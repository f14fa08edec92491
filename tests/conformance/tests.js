/* What a file of tests needs besides the clients: test() and two checks. */
import assert from 'node:assert/strict';

export const tests = [];

/* One test; `body` may be async. */
export function test(name, body) {
  tests.push({ name, body });
}

/* Does `promise` fail with an error that holds these values? Keys may lead
 * into it: {'body.category': 'CONFLICT'}; a RegExp is matched. Returns the
 * error. */
export async function fails(promise, values) {
  let error = null;

  try {
    await promise;
  } catch (caught) {
    error = caught;
  }
  assert(error, 'it did not fail');
  for (const [key, want] of Object.entries(values)) {
    const have = key.split('.').reduce((at, part) => at?.[part], error);

    if (want instanceof RegExp)
      assert.match(String(have), want, `${key} of ${error}`);
    else
      assert.deepEqual(have, want, `${key} of ${error}`);
  }
  return error;
}

/* Are the values of `want` in `have`? */
export function holds(have, want) {
  const part = Object.fromEntries(
    Object.keys(want).map((key) => [key, have?.[key]]));

  assert.deepEqual(part, want);
}
