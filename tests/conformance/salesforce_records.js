/* jsforce: records one by one and in collections, and what is refused. */
import assert from 'node:assert/strict';
import { salesforceConnection, salesforceUrl, withFaults } from './clients.js';
import { fails, holds, test } from './tests.js';

const conn = await salesforceConnection();
const tasks = conn.sobject('Task');
const key = 'HubSpot_Id__c';
const nobody = '00T000000009999AAA';
let contact, lead, account;

test('the records that activities hang on', async () => {
  account = (await conn.create('Account', { Name: 'Corp' })).id;
  contact = (await conn.create('Contact', {
    LastName: 'Anchor', Email: 'anchor@one.example', AccountId: account })).id;
  lead = (await conn.create('Lead', { LastName: 'L', Company: 'C' })).id;
  assert.match(account, /^001\w{15}$/);
  assert.match(contact, /^003\w{15}$/);
});

let made;

test('create and read', async () => {
  const row = {
    Subject: '  Kick-off  ', Description: 'Grüße\n漢字 & <more>',
    WhoId: contact, ActivityDate: '2026-03-02', TaskSubtype: 'Call',
    CallDurationInSeconds: 65, Status: 'Completed', CallType: '',
  };
  const answer = await tasks.create(row);

  holds(answer, { success: true, errors: [] });
  made = answer.id;
  const record = await tasks.retrieve(made);
  holds(record, {
    ...row, Subject: 'Kick-off', CallType: null, Id: made, IsClosed: true,
    IsDeleted: false, AccountId: account, Priority: 'Normal' });
  assert.deepEqual(record.attributes, {
    type: 'Task', url: `/services/data/v67.0/sobjects/Task/${made}` });
  for (const name of ['CreatedDate', 'LastModifiedDate', 'SystemModstamp'])
    assert.match(record[name], /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000\+0000$/);
  assert.deepEqual(
    await tasks.retrieve(made, { fields: ['Id', 'Subject'] }),
    { attributes: record.attributes, Id: made, Subject: 'Kick-off' });
});

test('an id of 15 characters means the same', async () => {
  const record = await tasks.retrieve(made.slice(0, 15));

  assert.equal(record.Id, made);
});

test('update', async () => {
  const answer = await tasks.update(
    { Id: made, Subject: 'Later', Description: null });

  assert.deepEqual(answer, { id: made, success: true, errors: [] });
  holds(await tasks.retrieve(made), { Subject: 'Later', Description: null });
  await tasks.record(made).update({ Priority: 'High' });
  holds(await tasks.retrieve(made), { Priority: 'High', IsHighPriority: true });
});

test('delete', async () => {
  assert.deepEqual(await tasks.destroy(made),
    { id: made, success: true, errors: [] });
  for (const again of [tasks.retrieve(made), tasks.destroy(made),
    tasks.update({ Id: made, Subject: 'X' })])
    await fails(again, { errorCode: 'ENTITY_IS_DELETED',
      message: 'entity is deleted', 'data.fields': [] });
  await fails(tasks.retrieve(nobody), { errorCode: 'NOT_FOUND' });
  await fails(conn.sobject('Nonsense').retrieve(made),
    { errorCode: 'NOT_FOUND' });
});

const refused = {
  'a field that is not there':
    [{ Nonsense: 1 }, 'INVALID_FIELD', /No such column 'Nonsense' on sobject/],
  'a text that is too long': [{ Subject: 'x'.repeat(256) }, 'STRING_TOO_LONG',
    /^Subject: data value too large: x+.* \(max length=255\)$/],
  'a value that a picklist has not': [{ CallType: 'Sideways' },
    'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', /^Call Type: bad value/],
  'a field that is read only': [{ IsClosed: true },
    'INVALID_FIELD_FOR_INSERT_UPDATE', /^Unable to create\/update fields/],
  'a subtype by API': [{ TaskSubtype: 'Cadence' },
    'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', /Cadence/],
  'a parent that is not there': [{ WhatId: '001000000009999AAA' },
    'INVALID_CROSS_REFERENCE_KEY', /invalid cross reference id/],
  'a parent of a wrong kind': [{ WhoId: '001000000009999AAA' },
    'FIELD_INTEGRITY_EXCEPTION', /id value of incorrect type/],
  'no id': [{ WhoId: 'nonsense' }, 'MALFORMED_ID', /incorrect type: nonsense/],
  'a number for a text': [{ CallDurationInSeconds: 'long' },
    'INVALID_TYPE_ON_FIELD_IN_RECORD', /value not of required type/],
  'a day that is none': [{ ActivityDate: 'tomorrow' }, 'JSON_PARSER_ERROR',
    /Cannot deserialize instance of date/],
};

for (const [what, [row, errorCode, message]] of Object.entries(refused))
  test(`refused: ${what}`, async () => {
    await fails(tasks.create(row), { errorCode, message });
    const [result] = await tasks.create([row]);
    holds(result, { success: false });
    assert.equal(result.errors[0].statusCode, errorCode);
    assert.match(result.errors[0].message, message);
    assert(Array.isArray(result.errors[0].fields));
    assert(!('id' in result));
  });

test('refused: what is missing, and what does not go together', async () => {
  await fails(conn.create('Contact', { FirstName: 'A' }), {
    errorCode: 'REQUIRED_FIELD_MISSING',
    message: 'Required fields are missing: [LastName]',
    'data.fields': ['LastName'] });
  await fails(tasks.create({ WhoId: lead, WhatId: account }),
    { errorCode: 'FIELD_INTEGRITY_EXCEPTION' });
  await fails(conn.create('Event', { Subject: 'When?' }),
    { errorCode: 'REQUIRED_FIELD_MISSING' });
});

test('events', async () => {
  const start = '2026-03-02T09:30:00.000Z';
  const { id } = await conn.create('Event', {
    Subject: 'Review', StartDateTime: start, DurationInMinutes: 90,
    WhoId: contact, Location: 'Bonn' });

  holds(await conn.retrieve('Event', id), {
    StartDateTime: '2026-03-02T09:30:00.000+0000',
    EndDateTime: '2026-03-02T11:00:00.000+0000', ShowAs: 'Busy',
    IsAllDayEvent: false, AccountId: account });
});

test('upsert by an external id', async () => {
  const row = { [key]: 'crm:a b+c', Subject: 'First' };
  const first = await tasks.upsert(row, key);

  holds(first, { success: true, created: true, errors: [] });
  const second = await tasks.upsert({ ...row, Subject: 'Second' }, key);
  holds(second, { success: true, created: false, id: first.id });
  holds(await tasks.retrieve(first.id),
    { Subject: 'Second', [key]: 'crm:a b+c' });
  await fails(tasks.upsert({ Nonsense__c: '1' }, 'Nonsense__c'), {
    errorCode: 'NOT_FOUND',
    message: /^Provided external ID field does not exist or is not accessible/,
  });
  await fails(tasks.create({ [key]: 'CRM:A B+C' }),
    { errorCode: 'DUPLICATE_VALUE', message: /duplicates value on record/ });
});

test('a key that several records have', async () => {
  const email = 'twin@one.example';
  const twins = await conn.create('Contact', [1, 2].map((n) => (
    { LastName: `Twin ${n}`, Email: email })));

  assert(twins.every(({ success }) => success));
  const error = await fails(conn.upsert(
    'Contact', { Email: email, Title: 'X' }, 'Email'),
  { errorCode: 'MULTIPLE_CHOICES' });
  assert.deepEqual(error.data, twins.map(
    ({ id }) => `/services/data/v67.0/sobjects/Contact/${id}`));
});

test('many: create, read, update, delete, each row for itself', async () => {
  const rows = [1, 2, 3].map((n) => ({ Subject: `Row ${n}`, WhoId: contact }));

  rows[1].WhoId = nobody;
  const results = await tasks.create(rows);
  assert.deepEqual(results.map(({ success }) => success), [true, false, true]);
  holds(results[0], { errors: [] });
  holds(results[1].errors[0], { fields: ['WhoId'] });

  const ids = [results[0].id, nobody, results[2].id];
  const read = await tasks.retrieve(ids, { fields: ['Id', 'Subject'] });
  assert.deepEqual(
    read.map((r) => r?.Subject ?? null), ['Row 1', null, 'Row 3']);

  const changed = await tasks.update(
    ids.map((Id, n) => ({ Id, Subject: `Changed ${n}` })));
  assert.deepEqual(changed.map(({ success }) => success), [true, false, true]);
  assert.equal(changed[1].errors[0].statusCode, 'INVALID_CROSS_REFERENCE_KEY');

  const gone = await tasks.destroy(ids);
  assert.deepEqual(gone.map(({ success }) => success), [true, false, true]);
  const twice = await tasks.destroy([ids[0]]);
  assert.equal(twice[0].errors[0].statusCode, 'ENTITY_IS_DELETED');
});

test('many: all or none', async () => {
  const rows = [{ Subject: 'All' }, { Subject: 'None', Nonsense: 1 }];
  const results = await tasks.create(rows, { allOrNone: true });

  assert.deepEqual(results.map((r) => r.errors[0].statusCode),
    ['ALL_OR_NONE_OPERATION_ROLLED_BACK', 'INVALID_FIELD']);
  const { totalSize } = await conn.query(
    'SELECT Id FROM Task WHERE Subject = \'All\'');
  assert.equal(totalSize, 0);
});

test('many: upsert, with one bad row', async () => {
  const rows = [1, 2, 3].map((n) => (
    { [key]: `many:${n}`, Subject: `Row ${n}` }));
  const first = await tasks.upsert(rows.slice(0, 1), key);

  holds(first[0], { success: true, created: true });
  rows[1].CallType = 'Sideways';
  const results = await tasks.upsert(rows, key);
  assert.deepEqual(results.map(({ success }) => success), [true, false, true]);
  holds(results[0], { id: first[0].id, created: false });
  holds(results[2], { created: true });
  assert(!('created' in results[1]) && !('id' in results[1]));

  const twice = await tasks.upsert([rows[0], rows[2], rows[0]], key);
  assert.deepEqual(twice.map(({ success }) => success), [false, true, false]);
  assert.match(twice[0].errors[0].message,
    /^Duplicate external id specified: many:1$/);
});

test('many: of several types, and too many', async () => {
  const results = await conn.request({
    method: 'POST', url: '/composite/sobjects',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ records: [
      { attributes: { type: 'Account' }, Name: 'Mixed' },
      { attributes: { type: 'Task' }, Subject: 'Mixed' }] }),
  });

  assert.deepEqual(
    results.map(({ id }) => id.slice(0, 3)), ['001', '00T']);
  const rows = Array.from({ length: 201 }, (_, n) => ({ Subject: `${n}` }));
  await fails(tasks.create(rows), { errorCode: 'EXCEEDED_ID_LIMIT' });
  assert.equal(
    (await tasks.create(rows, { allowRecursive: true })).length, 201);
});

test('rows that the service fails, told row by row', async () => {
  await withFaults(salesforceUrl, [
    { method: 'POST', path: '/composite/sobjects', times: 1,
      action: 'partial', rows: [1] }], async () => {
    const results = await tasks.create(
      [1, 2].map((n) => ({ Subject: `Lock ${n}` })));
    assert.deepEqual(results.map(({ success }) => success), [true, false]);
    assert.equal(results[1].errors[0].statusCode, 'UNABLE_TO_LOCK_ROW');
  });
});

test('several calls in one', async () => {
  const answer = await conn.request({
    method: 'POST', url: '/composite',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ allOrNone: true, compositeRequest: [
      { method: 'POST', url: '/services/data/v67.0/sobjects/Contact',
        referenceId: 'person', body: { LastName: 'Composed' } },
      { method: 'POST', url: '/services/data/v67.0/sobjects/Task',
        referenceId: 'task', body: {
          Subject: 'Composed', WhoId: '@{person.id}' } }] }),
  });
  const [person, task] = answer.compositeResponse;

  assert.deepEqual([person.httpStatusCode, task.httpStatusCode], [201, 201]);
  holds(await tasks.retrieve(task.body.id), { WhoId: person.body.id });
});
