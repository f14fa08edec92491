/* HubSpot's client: associations, owners, properties, and who may call. */
import assert from 'node:assert/strict';
import { control, hubspotClient, hubspotUrl } from './clients.js';
import { fails, holds, test } from './tests.js';

const { crm } = hubspotClient();
const v4 = crm.associations.v4;
const at = '2026-03-02T09:30:00.000Z';
const defined = (associationTypeId) => (
  { associationCategory: 'HUBSPOT_DEFINED', associationTypeId });
const people = [];
const notes = [];

test('the records that are associated', async () => {
  const contacts = await crm.contacts.batchApi.create({
    inputs: [1, 2, 3].map((n) => ({
      properties: { email: `tied${n}@one.example` }, associations: [],
    })),
  });
  const made = await crm.objects.notes.batchApi.create({
    inputs: [1, 2, 3].map((n) => ({
      properties: { hs_timestamp: at, hs_note_body: `Note ${n}` },
      associations: [],
    })),
  });

  people.push(...contacts.results.map(({ id }) => id));
  notes.push(...made.results.map(({ id }) => id));
});

/* {note: [contact, ...]} as a batch read tells it. */
async function tied(ids = notes) {
  const read = await v4.batchApi.getPage(
    'notes', 'contacts', { inputs: ids.map((id) => ({ id })) });

  assert.equal(read.status, 'COMPLETE');
  return Object.fromEntries(read.results.map((r) => [
    r._from.id, r.to.map((t) => String(t.toObjectId)).sort()]));
}

test('associations: create, read and archive many', async () => {
  const pair = (n, p) => (
    { _from: { id: notes[n] }, to: { id: people[p] }, types: [defined(202)] });
  const made = await v4.batchApi.create(
    'notes', 'contacts', { inputs: [pair(0, 0), pair(0, 1), pair(1, 2)] });

  assert.equal(made.results.length, 3);
  holds(made.results[0], {
    fromObjectTypeId: '0-46', toObjectTypeId: '0-1', labels: [] });
  assert.equal(String(made.results[0].fromObjectId), notes[0]);
  assert.deepEqual(await tied(), {
    [notes[0]]: [people[0], people[1]].sort(), [notes[1]]: [people[2]] });

  const part = await v4.batchApi.create('notes', 'contacts', {
    inputs: [pair(2, 0), { ...pair(2, 1), to: { id: '999999999999' } }] });
  assert.equal(part.results.length, 1);
  assert.equal(part.numErrors, 1);
  holds(part.errors[0], { category: 'OBJECT_NOT_FOUND', status: 'error' });

  await v4.batchApi.archive('notes', 'contacts', {
    inputs: [{ _from: { id: notes[0] }, to: [{ id: people[0] }] }] });
  assert.deepEqual((await tied())[notes[0]], [people[1]]);
  await fails(v4.batchApi.create('notes', 'contacts', {
    inputs: [{ ...pair(0, 0), types: [defined(194)] }] }), {
    code: 400, 'body.category': 'VALIDATION_ERROR' });
});

test('associations: from the other side, with the inverse type', async () => {
  const page = await v4.basicApi.getPage('contacts', people[2], 'notes');

  assert.deepEqual(page.results.map((r) => String(r.toObjectId)), [notes[1]]);
  holds(page.results[0].associationTypes[0],
    { category: 'HUBSPOT_DEFINED', typeId: 201, label: null });
});

test('associations: one by one', async () => {
  await v4.basicApi.createDefault('notes', notes[2], 'contacts', people[2]);
  const made = await v4.basicApi.create(
    'notes', notes[2], 'contacts', people[1], [defined(202)]);
  assert.equal(made.toObjectTypeId, '0-1');
  assert.deepEqual((await tied())[notes[2]], [...people].sort());
  await v4.basicApi.archive('notes', notes[2], 'contacts', people[1]);
  await v4.basicApi.archive('notes', notes[2], 'contacts', people[0]);
  assert.deepEqual((await tied())[notes[2]], [people[2]]);
});

test('associations: the default type, of many', async () => {
  const made = await v4.batchApi.createDefault('notes', 'contacts', {
    inputs: [{ _from: { id: notes[2] }, to: { id: people[0] } }] });

  assert.deepEqual(
    made.results.map((r) => r.associationSpec.associationTypeId), [202, 201]);
  await v4.batchApi.archiveLabels('notes', 'contacts', {
    inputs: [{ _from: { id: notes[2] }, to: { id: people[0] },
      types: [defined(202)] }] });
  assert.deepEqual((await tied())[notes[2]], [people[2]]);
});

test('associations: what kinds there are', async () => {
  const { results } = await v4.schema.definitionsApi.getAll(
    'contacts', 'companies');
  const ids = results.map(({ typeId }) => typeId);

  assert(ids.includes(279) && ids.includes(1), String(ids));
});

test('associations: page after page', async () => {
  const [contact] = people;
  const seen = [];
  let after;

  for (let n = 0; n < 3; n++)
    await v4.basicApi.createDefault('notes', notes[n], 'contacts', contact);
  do {
    const page = await v4.basicApi.getPage(
      'contacts', contact, 'notes', after, 2);
    seen.push(...page.results.map((r) => String(r.toObjectId)));
    after = page.paging?.next?.after;
  } while (after !== undefined);
  assert.deepEqual(seen.sort(), [...notes].sort());
});

test('owners, page after page', async () => {
  const { owners } = await control(hubspotUrl, 'dump?type=owners');
  const want = owners.filter((o) => !o.archived).map(({ id }) => id);
  const seen = [];
  let after;

  assert(want.length > 2);
  do {
    const page = await crm.owners.ownersApi.getPage(undefined, after, 2);
    assert(page.results.length <= 2);
    seen.push(...page.results);
    after = page.paging?.next?.after;
  } while (after !== undefined);
  assert.deepEqual(seen.map(({ id }) => id).sort(), want.sort());
  for (const owner of seen) {
    assert.equal(owner.type, 'PERSON');
    assert(owner.createdAt instanceof Date && !isNaN(owner.createdAt));
    assert.equal(typeof owner.userId, 'number');
  }
  const [first] = seen;
  const byMail = await crm.owners.ownersApi.getPage(first.email);
  assert.deepEqual(byMail.results.map(({ id }) => id), [first.id]);
  holds(await crm.owners.ownersApi.getById(Number(first.id)),
    { id: first.id, email: first.email });
  holds(await crm.owners.ownersApi.getById(first.userId, 'userId'),
    { id: first.id });
  await fails(crm.owners.ownersApi.getById(1), { code: 404 });
});

const property = {
  groupName: 'task_information', name: 'our_rating', label: 'Rating',
  type: 'enumeration', fieldType: 'select', description: 'How good it is',
  options: ['good', 'bad'].map((value, displayOrder) => (
    { label: value, value, displayOrder, hidden: false })),
};

test('properties: create and read', async () => {
  const made = await crm.properties.coreApi.create('tasks', property);
  const read = await crm.properties.coreApi.getByName('tasks', property.name);
  const all = await crm.properties.coreApi.getAll('tasks');

  for (const one of [made, read, all.results.find(
    ({ name }) => name === property.name)]) {
    const { options, ...rest } = property;
    holds(one, { ...rest, archived: false, hasUniqueValue: false });
    assert.deepEqual(one.options.map(({ value }) => value),
      options.map(({ value }) => value));
    assert(one.createdAt instanceof Date && !isNaN(one.createdAt));
  }
  holds(all.results.find(({ name }) => name === 'hs_object_id'),
    { hubspotDefined: true });
  holds(all.results.find(({ name }) => name === 'hs_object_id')
    .modificationMetadata, { readOnlyValue: true });
});

test('properties: what is refused', async () => {
  await fails(crm.properties.coreApi.create('tasks', property), {
    code: 409, 'body.message': /already exists/,
    'body.correlationId': /^[0-9a-f-]{36}$/,
  });
  await fails(crm.properties.coreApi.create(
    'tasks', { ...property, name: 'other', label: undefined }), {
    code: 400, 'body.category': 'VALIDATION_ERROR' });
  await fails(crm.properties.coreApi.getByName('tasks', 'nonsense'), {
    code: 404 });
  await fails(crm.objects.tasks.basicApi.create({
    properties: { hs_timestamp: at, our_rating: 'ugly' }, associations: [],
  }), { code: 400, 'body.errors.0.code': 'INVALID_OPTION' });
});

test('properties: their groups', async () => {
  const { results } = await crm.properties.groupsApi.getAll('tasks');

  assert(results.some(({ name }) => name === property.groupName));
});

test('a required property that is missing', async () => {
  await fails(crm.objects.notes.basicApi.create({
    properties: { hs_note_body: 'When?' }, associations: [],
  }), {
    code: 400, 'body.category': 'VALIDATION_ERROR',
    'body.message': /Some required properties were not set/,
  });
});

test('a contact that an activity should hang on is not there', async () => {
  await fails(crm.objects.notes.basicApi.create({
    properties: { hs_timestamp: at }, associations: [
      { to: { id: '999999999999' }, types: [defined(202)] }],
  }), { code: 400, 'body.category': 'VALIDATION_ERROR' });
});

test('an error names its call as the header does', async () => {
  const error = await fails(
    crm.contacts.basicApi.getById('999999999999'), { code: 404 });

  assert.equal(error.headers['x-hubspot-correlation-id'],
    error.body.correlationId);
});

test('a plain request to a dated path', async () => {
  const answer = await hubspotClient().apiRequest(
    { path: `/crm/objects/2026-09/notes/${notes[0]}` });

  assert.equal(answer.status, 200);
  assert.equal((await answer.json()).id, notes[0]);
});

test('a wrong token', async () => {
  const other = hubspotClient({ accessToken: 'wrong' });

  await fails(other.crm.contacts.basicApi.getPage(), {
    code: 401, 'body.category': 'INVALID_AUTHENTICATION',
    'body.message': /^Authentication credentials not found/,
    'body.correlationId': /^[0-9a-f-]{36}$/,
  });
});

test('a token by OAuth', async () => {
  const tokens = await hubspotClient({ accessToken: undefined })
    .oauth.tokensApi.create(
      'refresh_token', undefined, undefined, 'sandbox-client',
      'sandbox-secret', 'sandbox-refresh');
  const { crm: other } = hubspotClient({ accessToken: tokens.accessToken });

  assert.equal(tokens.expiresIn, 1800);
  assert((await other.contacts.basicApi.getPage()).results.length > 0);
  await fails(hubspotClient().oauth.tokensApi.create(
    'refresh_token', undefined, undefined, 'sandbox-client', 'sandbox-secret',
    'nonsense'), { code: 400 });
});
