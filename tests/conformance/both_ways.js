/* Both clients and the real chain: an account that is made by them alone is
 * synced, and both read back that each record is there once, with the right
 * values.
 *
 * Environment: CONFORMANCE_SYNC, the command line of one pass as JSON. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { hubspotClient, salesforceConnection } from './clients.js';
import { holds, test } from './tests.js';

const { crm } = hubspotClient();
const conn = await salesforceConnection();
const each = 4; // records of a kind, made on either side
const unique = 'crmpipe_salesforce_id';
const key = 'HubSpot_Id__c';
const day = '2026-03-02';
const start = `${day}T09:30:00.000Z`;
const end = `${day}T10:30:00.000Z`;
const words = (what) => `${what}: Grüße & 漢字`;
const html = (what) => `<p>${what}: Grüße &amp; 漢字</p>`;

/* kind: what a record made in HubSpot has and what becomes of it in Salesforce,
 * and the other way around; which properties are its title and its text */
const kinds = {
  call: {
    hubspot: crm.objects.calls, object: 'Task', typeId: 194,
    title: 'hs_call_title', text: 'hs_call_body',
    here: { hs_timestamp: start, hs_call_direction: 'OUTBOUND',
      hs_call_status: 'COMPLETED', hs_call_duration: '65000' },
    there: { TaskSubtype: 'Call', CallType: 'Outbound', Status: 'Completed',
      CallDurationInSeconds: 65, ActivityDate: day },
  },
  email: {
    hubspot: crm.objects.emails, object: 'Task', typeId: 198,
    title: 'hs_email_subject', text: 'hs_email_html',
    here: { hs_timestamp: start, hs_email_direction: 'EMAIL',
      hs_email_status: 'SENT' },
    there: { TaskSubtype: 'Email', Status: 'Completed', ActivityDate: day },
  },
  task: {
    hubspot: crm.objects.tasks, object: 'Task', typeId: 204,
    title: 'hs_task_subject', text: 'hs_task_body',
    here: { hs_timestamp: start, hs_task_status: 'IN_PROGRESS',
      hs_task_priority: 'HIGH' },
    there: { TaskSubtype: 'Task', Status: 'In Progress', Priority: 'High',
      ActivityDate: day },
  },
  meeting: {
    hubspot: crm.objects.meetings, object: 'Event', typeId: 200,
    title: 'hs_meeting_title', text: 'hs_meeting_body',
    here: { hs_timestamp: start, hs_meeting_start_time: start,
      hs_meeting_end_time: end, hs_meeting_location: 'Bonn' },
    there: { StartDateTime: start, EndDateTime: end, Location: 'Bonn' },
  },
};

/* One pass; its summary. */
async function sync() {
  const [program, ...args] = JSON.parse(process.env.CONFORMANCE_SYNC);
  const { stdout } = await promisify(execFile)(program, args);
  const summary = JSON.parse(stdout);

  assert.equal(summary.dead, 0, stdout);
  return summary;
}

const people = []; // {hubspot, salesforce, type}
const made = {}; // kind: {hubspot: [id], salesforce: [id]}

test('the account', async () => {
  for (const kind of Object.keys(kinds))
    await crm.properties.coreApi.create(`${kind}s`, {
      groupName: `${kind}_information`, name: unique, label: 'Salesforce id',
      type: 'string', fieldType: 'text', hasUniqueValue: true,
    });
  const rows = [0, 1, 2].map((n) => ({
    LastName: `Person ${n}`, Email: `person${n}@one.example` }));
  const contacts = await conn.create('Contact', rows.slice(0, 2));
  const lead = await conn.create('Lead', { ...rows[2], Company: 'Corp' });
  const ids = [...contacts, lead].map(({ id }) => id);
  const tied = await crm.contacts.batchApi.create({
    inputs: rows.map((row, n) => ({
      objectWriteTraceId: `${n}`, associations: [],
      properties: { email: row.Email, lastname: row.LastName,
        [n < 2 ? 'salesforcecontactid' : 'salesforceleadid']: ids[n] },
    })),
  });

  assert.equal(tied.status, 'COMPLETE');
  for (const { id, objectWriteTraceId: n } of tied.results)
    people[n] = { hubspot: id, salesforce: ids[n] };
  holds(await sync(), { written: 0, conflicts: 0 });
});

test('made in HubSpot', async () => {
  for (const [kind, k] of Object.entries(kinds)) {
    const { results } = await k.hubspot.batchApi.create({
      inputs: Array.from({ length: each }, (_, n) => ({
        objectWriteTraceId: `${n}`,
        properties: { ...k.here, [k.title]: `Here ${kind} ${n}`,
          [k.text]: html(`here ${n}`) },
        associations: [{
          to: { id: people[n % people.length].hubspot }, types: [{
            associationCategory: 'HUBSPOT_DEFINED',
            associationTypeId: k.typeId }] }],
      })),
    });
    made[kind] = { hubspot: [] };
    for (const { id, objectWriteTraceId: n } of results)
      made[kind].hubspot[n] = id;
  }
});

test('made in Salesforce', async () => {
  for (const [kind, k] of Object.entries(kinds)) {
    const results = await conn.create(
      k.object, Array.from({ length: each }, (_, n) => ({
        ...k.there, Subject: `There ${kind} ${n}`,
        Description: words(`there ${n}`),
        WhoId: people[n % people.length].salesforce })));
    assert(results.every(({ success }) => success));
    made[kind].salesforce = results.map(({ id }) => id);
  }
});

test('a pass brings over all of it', async () => {
  const n = each * Object.keys(kinds).length;

  holds(await sync(), { written: 2 * n, conflicts: 0 });
});

/* A value of Salesforce as it is given here. */
function plain(value) {
  return /^\d{4}-.*T.*\+0000$/.test(value)
    ? new Date(value).toISOString() : value;
}

/* The living records of a kind in Salesforce, in the order they were made. */
async function inSalesforce(kind, k) {
  const fields = ['Id', 'Subject', 'Description', 'WhoId', key,
    ...Object.keys(k.there)];
  const subtype = k.there.TaskSubtype;
  const { records } = await conn.query(
    `SELECT ${fields} FROM ${k.object}`
    + (subtype ? ` WHERE TaskSubtype = '${subtype}'` : '')
    + ' ORDER BY Subject', { autoFetch: true });

  return records.map((record) => Object.fromEntries(
    fields.map((name) => [name, plain(record[name])])));
}

/* The same of HubSpot: {id, properties, contacts}. */
async function inHubspot(kind, k) {
  const names = [k.title, k.text, unique, ...Object.keys(k.here)];
  const found = [];
  let after;

  do {
    const page = await k.hubspot.searchApi.doSearch(
      { properties: names, limit: 3, after, sorts: [k.title] });
    found.push(...page.results);
    after = page.paging?.next?.after;
  } while (after !== undefined);
  const links = await crm.associations.v4.batchApi.getPage(
    `${kind}s`, 'contacts', { inputs: found.map(({ id }) => ({ id })) });
  for (const record of found)
    record.contacts = links.results.find(({ _from }) => _from.id === record.id)
      ?.to.map(({ toObjectId }) => String(toObjectId));
  return found;
}

for (const [kind, k] of Object.entries(kinds)) {
  test(`${kind}s in Salesforce`, async () => {
    const records = await inSalesforce(kind, k);

    assert.equal(records.length, 2 * each);
    for (let n = 0; n < each; n++) {
      const who = people[n % people.length].salesforce;
      holds(records[n], {
        ...k.there, Subject: `Here ${kind} ${n}`, WhoId: who,
        Description: words(`here ${n}`),
        [key]: `hubspot:${kind}:${made[kind].hubspot[n]}` });
      holds(records[each + n], {
        ...k.there, Id: made[kind].salesforce[n], WhoId: who,
        Subject: `There ${kind} ${n}`, Description: words(`there ${n}`) });
    }
  });

  test(`${kind}s in HubSpot`, async () => {
    const records = await inHubspot(kind, k);

    assert.equal(records.length, 2 * each);
    for (let n = 0; n < each; n++) {
      const contacts = [people[n % people.length].hubspot];
      holds(records[n], { id: made[kind].hubspot[n], contacts });
      holds(records[n].properties, { ...k.here,
        [k.title]: `Here ${kind} ${n}`, [k.text]: html(`here ${n}`) });
      const theirs = records[each + n];
      holds(theirs, { contacts });
      holds(theirs.properties, { [k.title]: `There ${kind} ${n}`,
        [unique]: made[kind].salesforce[n] });
      assert.match(theirs.properties[k.text],
        new RegExp(`there ${n}: Grüße &amp; 漢字`));
      const { hs_timestamp, ...values } = k.here;
      assert.equal(theirs.properties.hs_timestamp?.slice(0, 10), day);
      holds(theirs.properties, values);
    }
  });
}

test('changed on both sides, other records and the same', async () => {
  for (const [kind, k] of Object.entries(kinds)) {
    const [first, second] = made[kind].hubspot;
    const records = await inSalesforce(kind, k);
    await k.hubspot.batchApi.update({ inputs: [
      { id: first, properties: { [k.title]: `Here ${kind} 0 changed` } },
      { id: second, properties: { [k.text]: html('text of HubSpot') } }] });
    const results = await conn.update(k.object, [
      { Id: records[1].Id, Subject: `Here ${kind} 1 of Salesforce` },
      { Id: made[kind].salesforce[0], Description: words('changed') }]);
    assert(results.every(({ success }) => success));
  }
  holds(await sync(), { conflicts: 0 });
  for (const [kind, k] of Object.entries(kinds)) {
    const theirs = await inSalesforce(kind, k);
    const ours = await inHubspot(kind, k);
    assert.deepEqual([theirs.length, ours.length], [2 * each, 2 * each]);
    assert.equal(theirs[0].Subject, `Here ${kind} 0 changed`);
    holds(theirs[1], { Subject: `Here ${kind} 1 of Salesforce`,
      Description: words('text of HubSpot') });
    holds(ours[1].properties, { [k.title]: `Here ${kind} 1 of Salesforce`,
      [k.text]: html('text of HubSpot') });
    assert.match(ours[each].properties[k.text], /changed: Grüße/);
  }
});

test('changed on both sides in the same place: Salesforce is preferred',
  async () => {
    const [id] = made.task.hubspot;
    const { records: [record] } = await conn.query(
      `SELECT Id FROM Task WHERE ${key} = 'hubspot:task:${id}'`);

    await crm.objects.tasks.basicApi.update(
      id, { properties: { hs_task_subject: 'Here task 0 of HubSpot' } });
    await conn.update(
      'Task', { Id: record.Id, Subject: 'Here task 0 of Salesforce' });
    holds(await sync(), { conflicts: 1 });
    const { properties } = await crm.objects.tasks.basicApi.getById(
      id, ['hs_task_subject']);
    holds(properties, { hs_task_subject: 'Here task 0 of Salesforce' });
    holds(await conn.retrieve('Task', record.Id),
      { Subject: 'Here task 0 of Salesforce' });
  });

test('deleted on either side', async () => {
  for (const [kind, k] of Object.entries(kinds)) {
    await k.hubspot.basicApi.archive(made[kind].hubspot[2]);
    await conn.destroy(k.object, made[kind].salesforce[3]);
  }
  await sync();
  await sync(); // an e-mail leaves no trace: it is looked for once more
  for (const [kind, k] of Object.entries(kinds)) {
    const theirs = await inSalesforce(kind, k);
    const ours = await inHubspot(kind, k);
    assert.deepEqual([theirs.length, ours.length],
      [2 * each - 2, 2 * each - 2], kind);
    assert(!theirs.some((r) => r[key]?.endsWith(`:${made[kind].hubspot[2]}`)));
    assert(!ours.some(
      (r) => r.properties[unique] === made[kind].salesforce[3]));
  }
});

test('a note becomes a task, once', async () => {
  const note = await crm.objects.notes.basicApi.create({
    properties: { hs_timestamp: new Date().toISOString(),
      hs_note_body: html('note') },
    associations: [{ to: { id: people[0].hubspot }, types: [{
      associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 202 }] }],
  });

  holds(await sync(), { written: 1 });
  await crm.objects.notes.basicApi.update(
    note.id, { properties: { hs_note_body: html('later') } });
  holds(await sync(), { written: 1 });
  const { records } = await conn.query('SELECT Subject, Description, WhoId '
    + `FROM Task WHERE ${key} = 'hubspot:note:${note.id}'`);
  assert.equal(records.length, 1);
  holds(records[0], { WhoId: people[0].salesforce });
  assert.match(records[0].Description, /later: Grüße & 漢字/);
});

test('then nothing is left to do', async () => {
  holds(await sync(), { written: 0, conflicts: 0 });
  const { records } = await conn.query(
    `SELECT ${key} FROM Task WHERE ${key} != null`, { autoFetch: true });
  const keys = records.map((r) => r[key]);
  assert.equal(new Set(keys).size, keys.length);
});
