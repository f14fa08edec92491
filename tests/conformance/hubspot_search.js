/* HubSpot's client: searching, and what a search refuses. */
import assert from 'node:assert/strict';
import { hubspotClient } from './clients.js';
import { fails, holds, test } from './tests.js';

const { crm } = hubspotClient();
const { calls } = crm.objects;
const api = calls.searchApi;
const minute = (n) => new Date(Date.UTC(2026, 2, 2, 9, n)).toISOString();
const titles = Array.from({ length: 23 }, (_, n) => `Searched ${n}`);

test('the calls that are searched for', async () => {
  const made = await calls.batchApi.create({
    inputs: titles.map((title, n) => ({
      properties: {
        hs_call_title: title, hs_timestamp: minute(n),
        hs_call_duration: String(1000 * n),
        hs_call_direction: n % 2 ? 'INBOUND' : 'OUTBOUND',
        ...(n < 5 ? { hs_call_to_number: `+49 ${n}` } : {}),
      },
    })),
  });

  assert.equal(made.results.length, titles.length);
});

/* What a search with these filters finds, each of several groups a way in:
 * the numbers of the titles. */
async function numbers(...groups) {
  const found = await search({ filterGroups: groups.map(
    (filters) => ({ filters: [...filters, ours] })) });

  return found.map((r) => Number(r.properties.hs_call_title.split(' ')[1]));
}

const ours = {
  propertyName: 'hs_call_title', operator: 'CONTAINS_TOKEN',
  value: 'searched*',
};
const duration = (operator, more) => (
  { propertyName: 'hs_call_duration', operator, ...more });

/* All pages. */
async function search(request) {
  const found = [];
  let total, after;

  do {
    const page = await api.doSearch({
      properties: ['hs_call_title', 'hs_call_duration', 'hs_timestamp'],
      limit: 7, after, sorts: ['hs_timestamp'], ...request,
    });
    assert(page.results.length > 0 || page.total === 0);
    total ??= page.total;
    assert.equal(page.total, total);
    found.push(...page.results);
    after = page.paging?.next?.after;
    assert(page.paging?.next?.link === undefined);
  } while (after !== undefined);
  assert.equal(found.length, total);
  assert.equal(new Set(found.map(({ id }) => id)).size, total);
  return found;
}

const operators = [
  [duration('EQ', { value: '3000' }), [3]],
  [duration('NEQ', { value: '3000' }),
    [...titles.keys()].filter((n) => n !== 3)],
  [duration('LT', { value: '3000' }), [0, 1, 2]],
  [duration('LTE', { value: '3000' }), [0, 1, 2, 3]],
  [duration('GT', { value: '20000' }), [21, 22]],
  [duration('GTE', { value: '20000' }), [20, 21, 22]],
  [duration('BETWEEN', { value: '4000', highValue: '6000' }), [4, 5, 6]],
  [duration('IN', { values: ['1000', '8000'] }), [1, 8]],
  [duration('NOT_IN', { values: [...titles.keys()].slice(2).map(
    (n) => String(1000 * n)) }), [0, 1]],
  [{ propertyName: 'hs_call_to_number', operator: 'HAS_PROPERTY' },
    [0, 1, 2, 3, 4]],
  [{ propertyName: 'hs_call_to_number', operator: 'NOT_HAS_PROPERTY' },
    [...titles.keys()].slice(5)],
  [{ propertyName: 'hs_call_title', operator: 'CONTAINS_TOKEN', value: '17' },
    [17]],
  [{ propertyName: 'hs_call_title', operator: 'EQ', value: 'searched 4' },
    [4]],
  [{ propertyName: 'hs_timestamp', operator: 'GTE', value: minute(21) },
    [21, 22]],
  [{ propertyName: 'hs_timestamp', operator: 'LT',
    value: String(Date.parse(minute(2))) }, [0, 1]],
];

for (const [filter, want] of operators)
  test(`${filter.propertyName} ${filter.operator}`, async () => {
    assert.deepEqual(await numbers([filter]), want);
  });

test('groups are ways in, filters of one all hold', async () => {
  const inbound = {
    propertyName: 'hs_call_direction', operator: 'EQ', value: 'INBOUND',
  };

  assert.deepEqual(
    await numbers([inbound, duration('LT', { value: '6000' })],
      [duration('EQ', { value: '22000' })]),
    [1, 3, 5, 22]);
});

test('sorting, in both forms of it', async () => {
  const filterGroups = [{ filters: [ours] }];
  const newest = [...titles].reverse();
  const names = (found) => found.map((r) => r.properties.hs_call_title);
  const down = { propertyName: 'hs_timestamp', direction: 'DESCENDING' };

  assert.deepEqual(names(await search({ filterGroups })), titles);
  for (const sorts of [['-hs_timestamp'], [down]])
    assert.deepEqual(names(await search({ filterGroups, sorts })), newest);
  const byId = await search(
    { filterGroups, sorts: [{ ...down, propertyName: 'hs_object_id' }] });
  assert.deepEqual(byId.map(({ id }) => Number(id)),
    byId.map(({ id }) => Number(id)).sort((a, b) => b - a));
});

test('a word anywhere', async () => {
  const found = await search({ query: 'searched', limit: 100 });

  assert.equal(found.length, titles.length);
});

test('by the contact they hang on', async () => {
  const contact = await crm.contacts.basicApi.create({
    properties: { lastname: 'Sought', email: 'sought@one.example' },
  });
  const call = await calls.basicApi.create({
    properties: { hs_timestamp: minute(0), hs_call_title: 'Theirs' },
    associations: [{
      to: { id: contact.id }, types: [{
        associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 194,
      }],
    }],
  });
  const found = await search({ filterGroups: [{ filters: [{
    propertyName: 'associations.contact', operator: 'EQ', value: contact.id,
  }] }] });

  assert.deepEqual(found.map(({ id }) => id), [call.id]);
});

test('archived ones are not found, changed ones are', async () => {
  const [first] = await search({ filterGroups: [{ filters: [
    duration('EQ', { value: '7000' }), ours] }] });

  await calls.basicApi.update(
    first.id, { properties: { hs_call_title: 'searched again' } });
  holds((await search({ filterGroups: [{ filters: [{
    propertyName: 'hs_call_title', operator: 'EQ', value: 'Searched again',
  }] }] }))[0], { id: first.id });
  await calls.basicApi.archive(first.id);
  assert(!(await search({})).some(({ id }) => id === first.id));
});

test('contacts by address, with what is given when nothing is asked for',
  async () => {
    const found = await crm.contacts.searchApi.doSearch({
      filterGroups: [{ filters: [{
        propertyName: 'email', operator: 'EQ', value: 'Sought@One.example',
      }] }],
    });

    assert.equal(found.total, 1);
    assert.deepEqual(Object.keys(found.results[0].properties).sort(),
      ['createdate', 'email', 'firstname', 'hs_object_id', 'lastmodifieddate',
        'lastname']);
  });

const refused = {
  'a limit above 200': { limit: 201 },
  'what lies behind 10,000 results': { limit: 100, after: '10000' },
  'six groups': { filterGroups: Array(6).fill({ filters: [ours] }) },
  'seven filters in a group':
    { filterGroups: [{ filters: Array(7).fill(ours) }] },
  'two sorts': { sorts: ['hs_timestamp', 'hs_object_id'] },
  'a property that is not there': { filterGroups: [{ filters: [
    { propertyName: 'nonsense', operator: 'EQ', value: '1' }] }] },
  'more than 3,000 characters': { query: 'x'.repeat(3000) },
};

for (const [what, request] of Object.entries(refused))
  test(`refused: ${what}`, async () => {
    await fails(api.doSearch({ properties: [], ...request }), {
      code: 400, 'body.category': 'VALIDATION_ERROR',
      'body.correlationId': /^[0-9a-f-]{36}$/,
    });
  });
