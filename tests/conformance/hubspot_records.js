/* HubSpot's client: records one by one and in batches, of all types that
 * crmpipe reads or writes. */
import assert from 'node:assert/strict';
import { hubspotClient } from './clients.js';
import { fails, holds, test } from './tests.js';

const { crm } = hubspotClient();
const { calls, emails, meetings, notes, tasks } = crm.objects;
const at = '2026-03-02T09:30:00.000Z';
const unknown = '999999999999';

/* type: the client's part, a record, a change to it, a value that is refused
 * with its code, the type id of its association to a contact */
const types = {
  calls: [calls, {
    hs_timestamp: at, hs_call_title: 'Kick-off', hs_call_duration: '65000',
    hs_call_direction: 'OUTBOUND', hs_call_body: '<p>Grüße &amp; 漢字</p>',
  }, { hs_call_title: 'Kick-off 2' }, { hs_call_direction: 'SIDEWAYS' }, 194],
  emails: [emails, {
    hs_timestamp: at, hs_email_direction: 'EMAIL', hs_email_status: 'SENT',
    hs_email_subject: 'Offer', hs_email_text: 'Dear all',
  }, { hs_email_subject: 'Offer 2' }, { hs_email_status: 'LOST' }, 198],
  meetings: [meetings, {
    hs_timestamp: at, hs_meeting_title: 'Review', hs_meeting_start_time: at,
    hs_meeting_end_time: '2026-03-02T10:30:00.000Z',
  }, { hs_meeting_title: 'Review 2' }, { hs_meeting_end_time: 'noon' }, 200],
  notes: [notes, {
    hs_timestamp: at, hs_note_body: '<p>Likes tea</p>',
  }, { hs_note_body: '<p>Likes no tea</p>' }, { hs_timestamp: 'soon' }, 202],
  tasks: [tasks, {
    hs_timestamp: at, hs_task_subject: 'Send it', hs_task_status: 'NOT_STARTED',
    hs_task_priority: 'HIGH', hs_task_type: 'TODO',
  }, { hs_task_status: 'COMPLETED' }, { hs_task_priority: 'TOP' }, 204],
  contacts: [crm.contacts, {
    email: 'nora@one.example', firstname: 'Nora', lastname: 'One',
  }, { lastname: 'Two' }, { email: 'no address' }],
  companies: [crm.companies, {
    name: 'Corp', domain: 'corp.example', numberofemployees: '12',
  }, { name: 'Corp 2' }, { numberofemployees: 'many' }],
};

let person;

test('a contact that activities can hang on', async () => {
  person = await crm.contacts.basicApi.create({
    properties: { email: 'anchor@one.example', lastname: 'Anchor' },
  });
  assert.match(person.id, /^\d+$/);
});

for (const [name, [part, properties, change, bad, typeId]] of
  Object.entries(types)) {
  const api = part.basicApi;
  const names = Object.keys(properties);
  const associations = typeId === undefined ? [] : [{
    to: { id: person?.id ?? '' },
    types: [{
      associationCategory: 'HUBSPOT_DEFINED', associationTypeId: typeId,
    }],
  }];
  let made;

  test(`${name}: create`, async () => {
    if (typeId !== undefined)
      associations[0].to.id = person.id;
    made = await api.create({ properties, associations });
    holds(made.properties, properties);
    assert(made.createdAt instanceof Date && !isNaN(made.createdAt));
    assert.equal(made.archived, false);
    assert.equal(made.properties.hs_object_id, made.id);
  });

  test(`${name}: read`, async () => {
    const record = await api.getById(
      made.id, [...names, 'hs_object_source_id', 'no_such_property'],
      undefined, ['contacts']);

    holds(record.properties, { ...properties, hs_object_source_id: null });
    assert(!('no_such_property' in record.properties));
    assert.deepEqual(
      record.associations?.contacts?.results?.map(({ id }) => id),
      typeId === undefined ? undefined : [person.id]);
  });

  test(`${name}: update`, async () => {
    const changed = await api.update(made.id, { properties: change });

    holds(changed.properties, change);
    assert(changed.updatedAt >= made.updatedAt);
    holds((await api.getById(made.id, names)).properties,
      { ...properties, ...change });
    const cleared = await api.update(
      made.id, { properties: { [names.at(-1)]: '' } });
    assert.equal(cleared.properties[names.at(-1)] || null, null);
  });

  test(`${name}: a value that is refused`, async () => {
    const error = await fails(
      api.update(made.id, { properties: bad }), {
        code: 400, 'body.category': 'VALIDATION_ERROR',
        'body.message': /^Property values were not valid: \[\{"isValid":false/,
        'body.correlationId': /^[0-9a-f-]{36}$/,
      });

    assert.deepEqual(error.body.errors[0].context.propertyName,
      Object.keys(bad));
    await fails(api.update(made.id, { properties: { nonsense: '1' } }), {
      code: 400, 'body.errors.0.code': 'PROPERTY_DOESNT_EXIST',
    });
  });

  test(`${name}: archive`, async () => {
    await api.archive(made.id);
    await api.archive(made.id); // it is as well gone
    await fails(api.getById(made.id), {
      code: 404, 'body.category': 'OBJECT_NOT_FOUND',
      'body.correlationId': /^[0-9a-f-]{36}$/,
    });
    await fails(api.update(made.id, { properties: change }), { code: 404 });
    if (isForGood(part)) {
      await fails(api.getById(
        made.id, names, undefined, undefined, true), { code: 404 });
      return;
    }
    const gone = await api.getById(
      made.id, names, undefined, undefined, true);
    assert.equal(gone.archived, true);
    assert(gone.archivedAt >= made.createdAt);
    assert((await everything(api, 100, true)).some(({ id }) => id === made.id));
  });

  test(`${name}: batches`, () => batches(part, properties, change, bad));

  test(`${name}: page after page`, async () => {
    const ids = (await everything(api, 3)).map(({ id }) => Number(id));

    assert(ids.length > 3);
    assert.deepEqual(ids, [...new Set(ids)].sort((a, b) => a - b));
    assert.deepEqual(
      ids, (await everything(api, 100)).map(({ id }) => Number(id)));
  });
}

/* All records of a list. */
async function everything(api, limit, archived = false) {
  const found = [];
  let after;

  do {
    const page = await api.getPage(
      limit, after, undefined, undefined, undefined, archived);
    assert(page.results.length <= limit);
    found.push(...page.results);
    after = page.paging?.next?.after;
  } while (after !== undefined);
  return found;
}

/* Is an archived record gone, and not in the archive? */
function isForGood(part) {
  return part === emails;
}

/* The n-th of several records: what is unique is not the same. */
function nth(properties, n) {
  return properties.email === undefined ? properties
    : { ...properties, email: `n${n}.${properties.email}` };
}

async function batches(type, properties, change, bad) {
  const { batchApi } = type;
  const rows = [1, 2, 3].map((n) => ({ properties: nth(properties, n) }));
  const names = Object.keys(properties);
  const made = await batchApi.create({ inputs: rows });
  const ids = made.results.map(({ id }) => id);

  assert.equal(made.status, 'COMPLETE');
  assert.equal(new Set(ids).size, 3);
  assert(!made.errors);

  /* one bad row: without traces nothing is written, with them the others */
  const two = [4, 5, 6].map((n) => ({ properties: nth(properties, n) }));
  two[1] = { properties: { ...two[1].properties, ...bad } };
  await fails(batchApi.create({ inputs: two }), {
    code: 400, 'body.category': 'VALIDATION_ERROR',
  });
  const part = await batchApi.create({
    inputs: two.map((row, n) => ({ ...row, objectWriteTraceId: `t${n}` })),
  });
  assert.equal(part.results.length, 2);
  assert.equal(part.numErrors, 1);
  holds(part.errors[0], { category: 'VALIDATION_ERROR', status: 'error' });
  assert.deepEqual(part.errors[0].context.objectWriteTraceId, ['t1']);
  assert.deepEqual(
    part.results.map((r) => r.objectWriteTraceId).sort(), ['t0', 't2']);

  /* one id that nobody has */
  const inputs = [...ids, unknown].map((id) => ({ id }));
  const read = await batchApi.read(
    { inputs, properties: names, propertiesWithHistory: [] });
  assert.deepEqual(read.results.map(({ id }) => id).sort(), [...ids].sort());
  for (const record of read.results)
    holds(record.properties, nth(properties, 1 + ids.indexOf(record.id)));
  assert.equal(read.numErrors, 1);
  holds(read.errors[0], { category: 'OBJECT_NOT_FOUND' });
  assert.deepEqual(read.errors[0].context.ids, [unknown]);

  const changed = await batchApi.update({
    inputs: inputs.map((input) => ({ ...input, properties: change })),
  });
  assert.equal(changed.results.length, 3);
  for (const record of changed.results)
    holds(record.properties, change);
  assert.deepEqual(changed.errors[0].context.ids, [unknown]);

  await batchApi.archive({ inputs });
  const left = await batchApi.read(
    { inputs: ids.map((id) => ({ id })), properties: [],
      propertiesWithHistory: [] });
  assert.equal(left.results.length, 0);
  const gone = await batchApi.read(
    { inputs: ids.map((id) => ({ id })), properties: [],
      propertiesWithHistory: [] }, true);
  assert.equal(gone.results.length, isForGood(type) ? 0 : 3);
  await fails(
    batchApi.read({ inputs: Array(101).fill({ id: '1' }), properties: [],
      propertiesWithHistory: [] }), { code: 400 });
}

test('upsert by a unique property of calls', async () => {
  await crm.properties.coreApi.create('calls', {
    groupName: 'call_information', name: 'our_key', label: 'Our key',
    type: 'string', fieldType: 'text', hasUniqueValue: true,
  });
  const row = (key, title, n) => ({
    id: key, idProperty: 'our_key', objectWriteTraceId: `u${n}`,
    properties: { hs_timestamp: at, hs_call_title: title },
  });
  const first = await calls.batchApi.upsert(
    { inputs: [row('k1', 'One', 1), row('k2', 'Two', 2)] });
  assert.deepEqual(first.results.map((r) => r._new), [true, true]);

  const bad = row('k4', 'Four', 3);
  bad.properties.hs_call_direction = 'SIDEWAYS';
  const second = await calls.batchApi.upsert(
    { inputs: [row('k2', 'Two again', 1), row('k3', 'Three', 2), bad] });
  const byTrace = Object.fromEntries(
    second.results.map((r) => [r.objectWriteTraceId, r]));
  assert.deepEqual(Object.keys(byTrace).sort(), ['u1', 'u2']);
  assert.equal(byTrace.u1._new, false);
  assert.equal(byTrace.u1.id, first.results.find(
    (r) => r.objectWriteTraceId === 'u2').id);
  assert.equal(byTrace.u2._new, true);
  assert.deepEqual(second.errors[0].context.objectWriteTraceId, ['u3']);

  const found = await calls.basicApi.getById(
    'k2', ['hs_call_title', 'our_key'], undefined, undefined, false,
    'our_key');
  holds(found.properties, { hs_call_title: 'Two again', our_key: 'k2' });
  const read = await calls.batchApi.read({
    idProperty: 'our_key', inputs: [{ id: 'k1' }, { id: 'k9' }],
    properties: ['our_key'], propertiesWithHistory: [],
  });
  assert.equal(read.results[0].properties.our_key, 'k1');
  assert.deepEqual(read.errors[0].context.ids, ['k9']);
  await fails(calls.batchApi.upsert({
    inputs: [{ ...row('x', 'X', 1), idProperty: 'hs_call_title' }],
  }), { code: 400, 'body.message': /non-unique 0-48 property hs_call_title/ });
});

test('upsert of contacts by their address: all or none', async () => {
  const row = (email) => ({
    id: email, idProperty: 'email', properties: { lastname: 'Upserted' },
  });
  const made = await crm.contacts.batchApi.upsert({
    inputs: [row('anchor@one.example'), row('new@one.example')],
  });

  assert.deepEqual(
    Object.fromEntries(made.results.map((r) => [r.id === person.id, r._new])),
    { true: false, false: true });
  await fails(crm.contacts.batchApi.upsert({
    inputs: [row('third@one.example'), row('no address')],
  }), { code: 400, 'body.category': 'VALIDATION_ERROR' });
  await fails(crm.contacts.basicApi.getById(
    'third@one.example', undefined, undefined, undefined, false, 'email'),
  { code: 404 });
});

test('a contact by its address', async () => {
  const found = await crm.contacts.basicApi.getById(
    'Anchor@One.example', ['email'], undefined, undefined, false, 'email');

  assert.equal(found.id, person.id);
  const changed = await crm.contacts.basicApi.update(
    'anchor@one.example', { properties: { city: 'Bonn' } }, 'email');
  assert.equal(changed.id, person.id);
});

test('a contact that is there already', async () => {
  const properties = { email: 'ANCHOR@one.example' };

  await fails(crm.contacts.basicApi.create({ properties }), {
    code: 409, 'body.category': 'CONFLICT',
    'body.message': `Contact already exists. Existing ID: ${person.id}`,
    'body.correlationId': /^[0-9a-f-]{36}$/,
  });
});

test('two contacts become one', async () => {
  const other = await crm.contacts.basicApi.create({
    properties: { email: 'other@one.example', phone: '123' },
  });
  const merged = await crm.contacts.basicApi.merge({
    primaryObjectId: person.id, objectIdToMerge: other.id,
  });
  const found = await crm.contacts.basicApi.getById(
    merged.id, ['email', 'phone', 'hs_merged_object_ids']);

  holds(found.properties, { email: 'anchor@one.example', phone: '123' });
  for (const { id } of [person, other])
    assert(found.properties.hs_merged_object_ids.split(';').includes(id));
});

test('a contact that is forgotten', async () => {
  const made = await crm.contacts.basicApi.create({
    properties: { email: 'forget@one.example' },
  });

  await crm.contacts.basicApi.purge({ objectId: made.id });
  for (const archived of [false, true])
    await fails(crm.contacts.basicApi.getById(
      made.id, undefined, undefined, undefined, archived), { code: 404 });
});

test('all records at once', async () => {
  const all = await crm.companies.getAll(2, undefined, ['name']);

  assert(all.length > 2);
  assert(all.every(({ properties }) => 'name' in properties));
});
