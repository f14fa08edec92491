/* jsforce: signing in, a session that ends, and a service that is away. */
import assert from 'node:assert/strict';
import { bareConnection, control, salesforceConnection, salesforceUrl,
  withFaults } from './clients.js';
import { fails, holds, test } from './tests.js';

const grant = { grant_type: 'client_credentials' };
const expire = { method: 'GET', path: '/services/data', times: 1,
  action: 'expire-token' };

test('the client credentials flow', async () => {
  const conn = bareConnection();
  const who = await conn.authorize(grant);

  assert.equal(conn.instanceUrl, salesforceUrl);
  assert.match(who.organizationId, /^00D\w{15}$/);
  assert.match(who.id, /^005\w{15}$/);
  const { records } = await conn.query(
    `SELECT Id, IsActive FROM User WHERE Id = '${who.id}'`);
  holds(records[0], { Id: who.id, IsActive: true });
  const { records: [org] } = await conn.query('SELECT Id FROM Organization');
  assert.equal(org.Id, who.organizationId);
});

test('the token\'s answer', async () => {
  const answer = await bareConnection().oauth2.requestToken(grant);

  holds(answer, { token_type: 'Bearer', instance_url: salesforceUrl });
  assert.match(answer.issued_at, /^\d{13}$/);
  assert(!('expires_in' in answer) && !('refresh_token' in answer));
});

test('credentials that are not right', async () => {
  await fails(bareConnection({ clientSecret: 'wrong' }).authorize(grant),
    { name: 'invalid_client', message: 'invalid client credentials' });
  await fails(bareConnection().authorize({ grant_type: 'nonsense' }),
    { name: 'unsupported_grant_type' });
});

test('the refresh token flow', async () => {
  const conn = bareConnection();

  await conn.authorize(grant);
  conn._establish({ refreshToken: 'sandbox-refresh' });
  await withFaults(salesforceUrl, [expire], async () => {
    assert((await conn.limits()).DailyApiRequests);
  });
});

test('an expired session is renewed for all calls', async () => {
  const tokens = [];
  const conn = await salesforceConnection(
    (answer) => tokens.push(answer.access_token));
  const old = conn.accessToken;

  await withFaults(salesforceUrl, [expire], async () => {
    const answers = await Promise.all(Array.from(
      { length: 5 }, () => conn.query('SELECT Id FROM User')));
    assert(answers.every(({ totalSize }) => totalSize > 0));
  });
  assert.deepEqual([...new Set(tokens)], [conn.accessToken]);
  assert.notEqual(conn.accessToken, old);
});

test('an expired session without a way to renew it', async () => {
  const conn = await salesforceConnection();

  conn._refreshDelegate = undefined;
  await withFaults(salesforceUrl, [expire], async () => {
    await fails(conn.limits(), { errorCode: 'INVALID_SESSION_ID',
      message: 'Session expired or invalid' });
  });
});

test('writing with an expired session', async () => {
  const conn = await salesforceConnection();

  await control(salesforceUrl, 'faults', { rules: [
    { ...expire, method: 'POST', path: '/sobjects/Task' }] });
  const { id } = await conn.create('Task', { Subject: 'Renewed' });
  await control(salesforceUrl, 'faults', { rules: [] });
  const { totalSize } = await conn.query(
    'SELECT Id FROM Task WHERE Subject = \'Renewed\'');
  assert.equal(totalSize, 1);
  holds(await conn.retrieve('Task', id), { Subject: 'Renewed' });
});

test('reading is tried again, writing is not', async () => {
  const conn = await salesforceConnection();
  const away = (method) => ({ method, path: '/services/data', times: 1,
    action: 'status', code: 503, body: [
      { message: 'busy', errorCode: 'SERVER_UNAVAILABLE' }] });

  await withFaults(salesforceUrl, [away('GET'), away('POST')], async () => {
    assert((await conn.limits()).DailyApiRequests);
    await fails(conn.create('Task', { Subject: 'Once' }),
      { errorCode: 'SERVER_UNAVAILABLE' });
  });
});

test('the day\'s calls are used up', async () => {
  const conn = await salesforceConnection();

  await withFaults(salesforceUrl, [{ action: 'status', code: 403, body: [
    { message: 'TotalRequests Limit exceeded.',
      errorCode: 'REQUEST_LIMIT_EXCEEDED' }] }], async () => {
    await fails(conn.limits(), { errorCode: 'REQUEST_LIMIT_EXCEEDED' });
  });
});

test('an html page instead of an answer', async () => {
  const conn = await salesforceConnection();

  await withFaults(salesforceUrl, [{ method: 'POST', action: 'status',
    code: 502, body: '<html>down for maintenance</html>' }], async () => {
    await fails(conn.create('Task', {}), { errorCode: 'ERROR_HTTP_502' });
  });
});

test('versions, and what a version has', async () => {
  const conn = await salesforceConnection();
  const versions = await conn.request('/services/data/');

  holds(versions.at(-1), { version: '67.0', url: '/services/data/v67.0' });
  const resources = await conn.request('/services/data/v67.0/');
  assert.equal(resources.sobjects, '/services/data/v67.0/sobjects');
});

test('signing out', async () => {
  const conn = await salesforceConnection();
  const { accessToken } = conn;
  const other = bareConnection();

  await conn.logout();
  other._establish({ accessToken, instanceUrl: salesforceUrl });
  other._refreshDelegate = undefined;
  await fails(other.limits(), { errorCode: 'INVALID_SESSION_ID' });
});
