/* HubSpot's client: what crmpipe follows besides records: forms, event
 * occurrences, contact lists. Form submissions and e-mail events are of v1,
 * which the client has not. */
import assert from 'node:assert/strict';
import { control, hubspotClient, hubspotUrl } from './clients.js';
import { fails, holds, test } from './tests.js';

const client = hubspotClient();
const { forms } = client.marketing;
const { events } = client;
const lists = client.crm.lists.listsApi;

test('forms, page after page', async () => {
  const { forms: want } = await control(hubspotUrl, 'dump?type=forms');
  const seen = [];
  let after;

  assert(want.length > 2);
  do {
    const page = await forms.formsApi.getPage(after, 2);
    seen.push(...page.results);
    after = page.paging?.next?.after;
  } while (after !== undefined);
  assert.deepEqual(
    seen.map(({ id }) => id).sort(), want.map(({ id }) => id).sort());
  for (const form of seen) {
    holds(form, { formType: 'hubspot', archived: false });
    assert(form.createdAt instanceof Date && !isNaN(form.createdAt));
  }
  holds(await forms.formsApi.getById(seen[0].id), { name: seen[0].name });
  await fails(forms.formsApi.getById('nonsense'), { code: 404 });
});

test('event occurrences of a type, page after page', async () => {
  const { eventTypes } = await events.eventsApi.getTypes();
  const all = (await control(hubspotUrl, 'dump?type=events')).events;
  const [{ eventType }] = all;
  const want = all.filter((e) => e.eventType === eventType);
  const seen = [];
  let after;

  assert(eventTypes.includes(eventType));
  do {
    const page = await events.eventsApi.getPage(
      undefined, eventType, after, undefined, 2);
    seen.push(...page.results);
    after = page.paging?.next?.after;
  } while (after !== undefined);
  assert.deepEqual(
    seen.map(({ id }) => id).sort(), want.map(({ id }) => id).sort());
  for (const event of seen) {
    holds(event, { eventType, objectType: 'CONTACT' });
    assert(event.occurredAt instanceof Date && !isNaN(event.occurredAt));
    assert.equal(typeof event.objectId, 'string');
  }
  const times = seen.map(({ occurredAt }) => occurredAt).sort((a, b) => a - b);
  const since = await events.eventsApi.getPage(
    undefined, eventType, undefined, undefined, 100, undefined,
    times.at(-1));
  assert(since.results.length >= 1 && since.results.length < seen.length);
  const ofOne = await events.eventsApi.getPage(
    'contact', undefined, undefined, undefined, 100, undefined, undefined,
    undefined, Number(seen[0].objectId));
  assert(ofOne.results.every(({ objectId }) => objectId === seen[0].objectId));
});

test('contact lists', async () => {
  const { results: [one, two] } = await client.crm.contacts.basicApi.getPage(2);

  await control(hubspotUrl, 'load', { lists: [
    { listId: '31', name: 'Our customers', members: [one.id] }] });
  const want = {
    listId: '31', name: 'Our customers', objectTypeId: '0-1', size: 1,
    processingType: 'MANUAL', processingStatus: 'COMPLETE', listVersion: 1 };
  holds((await lists.getById('31')).list, want);
  holds((await lists.getByName('Our customers', '0-1')).list, want);
  await fails(lists.getById('32'), { code: 404 });
  const answer = await client.apiRequest({
    method: 'POST', path: '/crm/v3/lists/records/memberships/batch/read',
    body: { inputs: [one, two].map(
      ({ id }) => ({ objectTypeId: '0-1', recordId: id })) } });
  const { results } = await answer.json();
  assert.deepEqual(
    results.map((r) => r.recordListMemberships.map(({ listId }) => listId)),
    [['31'], []]);
});
