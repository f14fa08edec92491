/* The router in front of Prism: node router.js DOCUMENT PRISM SANDBOX
 *
 * Whatever has a path of the OpenAPI document goes to Prism, which passes it on
 * to the sandbox and says in the answer's header `sl-violations` what of the
 * call and of the answer is not as the document says; the rest goes straight
 * to the sandbox. PRISM and SANDBOX are base URLs.
 *
 * Prints the port it listens on. GET /__router gives, as JSON: `checked` and
 * `past`, how often which "METHOD path" was called; `violations`, each sort
 * once, with how often and its first call; `troubles`, calls that got no
 * answer of the sandbox. */
import fs from 'node:fs';
import http from 'node:http';

const [file, prism, sandbox] = process.argv.slice(2);
const HEADERS_MAX = 1 << 22; // bytes: violations come in a header
const SHOWN_MAX = 4000; // characters of a body in a violation
const templates = Object.keys(JSON.parse(fs.readFileSync(file)).paths)
  .map((path) => {
    const parts = path.split(/\{[^}]*\}/);
    const literal = (text) => text.replace(/[^\w/]/g, '\\$&');

    return { path, variables: parts.length,
      pattern: new RegExp(`^${parts.map(literal).join('[^/]+')}$`) };
  })
  .sort((a, b) => a.variables - b.variables);
const checked = {};
const past = {};
const troubles = [];
const violations = new Map();

function count(counts, name) {
  counts[name] = (counts[name] ?? 0) + 1;
}

/* All of a stream. */
async function read(stream) {
  const parts = [];

  for await (const part of stream)
    parts.push(part);
  return Buffer.concat(parts);
}

/* The same call to another server: {status, headers, body}. */
function pass(base, call, body) {
  const url = new URL(call.url, base);
  const headers = { ...call.headers, host: url.host, connection: 'close' };

  delete headers['transfer-encoding'];
  if (body.length > 0)
    headers['content-length'] = body.length;
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method: call.method, headers,
      agent: false, maxHeaderSize: HEADERS_MAX });

    request.on('error', reject);
    request.on('response', (answer) => {
      read(answer).then((content) => resolve({ status: answer.statusCode,
        headers: answer.headers, body: content }), reject);
    });
    request.end(body);
  });
}

/* One violation that Prism tells. `location` is request.body.inputs.*.id. */
function note(operation, call, body, answer, { location, code, message }) {
  const where = location.map((part) => (/^\d+$/.test(part) ? '*' : part))
    .join('.');
  const said = message.replaceAll(/\.\d+(?=[. ])/g, '.*');
  const key = JSON.stringify([operation, answer.status, where, code, said]);
  const found = violations.get(key);

  if (found)
    found.times++;
  else
    violations.set(key, { operation, status: answer.status, location: where,
      code, message: said, times: 1, url: call.url,
      request: body.toString().slice(0, SHOWN_MAX),
      answer: answer.body.toString().slice(0, SHOWN_MAX) });
}

/* The violations of a header; Prism cuts it off at 8 KB. */
function listed(header = '[]') {
  const [, isCut, list] = /^(Too many violations! )?(.*)$/s.exec(header);

  return JSON.parse(isCut
    ? `${list.slice(0, list.lastIndexOf(',{"location"'))}]` : list);
}

async function check(operation, call, body) {
  const answer = await pass(prism, call, body);
  const told = answer.headers['sl-violations'];

  delete answer.headers['sl-violations'];
  if (/problem\+json/.test(answer.headers['content-type']))
    troubles.push(`${operation}: ${answer.body}`);
  else
    count(checked, operation);
  for (const violation of listed(told))
    note(operation, call, body, answer, violation);
  return answer;
}

async function serve(call) {
  const path = call.url.replace(/\?.*/, '');

  if (path === '/__router')
    return { status: 200, headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ checked, past, troubles,
        violations: [...violations.values()] }) };
  const body = await read(call);
  const known = templates.find(({ pattern }) => pattern.test(path));
  if (known)
    return check(`${call.method} ${known.path}`, call, body);
  count(past, `${call.method} ${path}`);
  return pass(sandbox, call, body);
}

const server = http.createServer(async (call, response) => {
  try {
    const { status, headers, body } = await serve(call);

    for (const name of ['transfer-encoding', 'connection', 'keep-alive'])
      delete headers[name];
    if (status !== 204)
      headers['content-length'] = Buffer.byteLength(body);
    response.writeHead(status, headers);
    response.end(body);
  } catch (error) {
    troubles.push(`${call.method} ${call.url}: ${error.message}`);
    response.destroy();
  }
});

server.listen(0, '127.0.0.1', () => console.log(server.address().port));
