/* HubSpot's client: what it tries again, and what it does not. On a sandbox
 * that keeps HubSpot's limits. */
import assert from 'node:assert/strict';
import { control, hubspotClient, hubspotUrl, withFaults } from './clients.js';
import { fails, test } from './tests.js';

const path = '/crm/v3/objects/contacts';
const fault = (code, times, body, more) => (
  { method: 'GET', path, times, action: 'status', code, body, ...more });
const limit = (message, policyName) => (
  { status: 'error', message, errorType: 'RATE_LIMIT', policyName,
    correlationId: '5b7ac7ab-1a8f-4b55-9b3e-2b7f5d0f5d01' });

const broken = { status: 'error', message: 'internal error',
  correlationId: '5b7ac7ab-1a8f-4b55-9b3e-2b7f5d0f5d02' };

/* How often each rule of these was met. */
async function tried(rules, body) {
  return withFaults(hubspotUrl, rules, async () => {
    await body();
    const { rules: met } = await control(hubspotUrl, 'faults');
    return met.map(({ fired }) => fired);
  });
}

/* How many calls of this path were refused so far. */
async function refusals(path) {
  const { calls } = await control(hubspotUrl, 'stats');

  return calls.filter((c) => c.path === path && c.status === 429)
    .reduce((sum, { n }) => sum + n, 0);
}

/* Call it n times at once, again and again until one was refused and came
 * through later. Each answer is given to `check`. */
async function untilRefused(path, n, call, check) {
  const before = await refusals(path);

  for (let round = 0; round < 30; round++) {
    const answers = await Promise.all(Array.from({ length: n }, call));
    answers.forEach(check);
    if (await refusals(path) > before)
      return;
  }
  assert.fail(`none of ${30 * n} calls was refused`);
}

test('searches: five a second, the others later', async () => {
  const { searchApi } = hubspotClient({ numberOfApiCallRetries: 6 }).crm
    .contacts;

  await untilRefused(
    `${path}/search`, 10,
    () => searchApi.doSearch({ limit: 1, properties: [] }),
    ({ total }) => assert(total > 0));
});

test('without retries the limit is the caller\'s', async () => {
  const { searchApi } = hubspotClient().crm.contacts;
  let refused;

  for (let round = 0; round < 30 && refused === undefined; round++) {
    const answers = await Promise.allSettled(Array.from({ length: 10 }, () =>
      searchApi.doSearch({ limit: 1, properties: [] })));
    refused = answers.find(({ status }) => status === 'rejected');
  }
  await fails(Promise.reject(refused?.reason), {
    code: 429, 'body.message': 'You have reached your secondly limit.',
    'body.correlationId': /^[0-9a-f-]{36}$/,
  });
});

test('a call a second too many is tried again', async () => {
  const { crm } = hubspotClient({ numberOfApiCallRetries: 3 });
  const body = limit('You have reached your secondly limit.', 'SECONDLY');

  assert.deepEqual(await tried([fault(429, 1, body)], async () => {
    assert((await crm.contacts.basicApi.getPage(1)).results.length === 1);
  }), [1]);
});

test('a service that is broken for a moment', async () => {
  const { crm } = hubspotClient({ numberOfApiCallRetries: 3 });

  assert.deepEqual(await tried(
    [fault(503, 1, '<html>busy</html>'), fault(500, 1, broken)], async () => {
      assert((await crm.contacts.basicApi.getPage(1)).results.length === 1);
    }), [1, 1]);
});

test('attempts come to an end', async () => {
  const { crm } = hubspotClient({ numberOfApiCallRetries: 2 });

  assert.deepEqual(await tried([fault(502, 9, broken)], async () => {
    await fails(crm.contacts.basicApi.getPage(1), { code: 502 });
  }), [2]);
});

test('a day\'s limit and a lock are not tried again', async () => {
  const { crm } = hubspotClient({ numberOfApiCallRetries: 3 });

  for (const [code, body, more] of [
    [429, limit('You have reached your daily limit.', 'DAILY')],
    [423, { status: 'error', message: 'locked' },
      { headers: { 'Retry-After': '1' } }]])
    assert.deepEqual(await tried([fault(code, 9, body, more)], async () => {
      await fails(crm.contacts.basicApi.getPage(1), { code });
    }), [1]);
});

test('190 calls in ten seconds, the others after them', async () => {
  const { basicApi } = hubspotClient({ numberOfApiCallRetries: 6 }).crm
    .contacts;

  await untilRefused(path, 50, () => basicApi.getPage(1),
    ({ results }) => assert.equal(results.length, 1));
});

test('what is left of the limits is told', async () => {
  const { crm } = hubspotClient({ numberOfApiCallRetries: 6 });
  const { headers } = await crm.contacts.basicApi.getPageWithHttpInfo(1);

  assert.equal(headers['x-hubspot-ratelimit-max'], '190');
  assert(Number(headers['x-hubspot-ratelimit-remaining']) < 190);
  const search = await crm.contacts.searchApi.doSearchWithHttpInfo(
    { limit: 1, properties: [] });
  assert(!('x-hubspot-ratelimit-max' in search.headers));
});
