/* jsforce: queries with their pages, what there is to be queried, and what has
 * changed. */
import assert from 'node:assert/strict';
import { control, jsforce, salesforceConnection, salesforceUrl }
  from './clients.js';
import { fails, holds, test } from './tests.js';

const conn = await salesforceConnection();
const tasks = conn.sobject('Task');
const many = 2250;
const mark = 'Subject LIKE \'Queried %\'';
let ids;

test('the rows that are queried', async () => {
  const rows = Array.from({ length: many }, (_, n) => ({
    Subject: `Queried ${n}`, CallDurationInSeconds: n,
    Priority: n % 3 ? 'Normal' : 'High', HubSpot_Id__c: `queried:${n}`,
  }));
  const results = await tasks.create(rows, { allowRecursive: true });

  assert(results.every(({ success }) => success));
  ids = results.map(({ id }) => id);
  assert.equal(new Set(ids).size, many);
});

test('page after page with queryMore', async () => {
  const seen = [];
  let page = await conn.query(`SELECT Id, Subject FROM Task WHERE ${mark}`);

  while (true) {
    assert.equal(page.totalSize, many);
    seen.push(...page.records);
    if (page.done)
      break;
    assert.match(page.nextRecordsUrl,
      /\/services\/data\/v67\.0\/query\/0r8\w{15}-2000$/);
    page = await conn.queryMore(page.nextRecordsUrl.split('/').pop());
  }
  assert(!('nextRecordsUrl' in page));
  assert.deepEqual(seen.map(({ Id }) => Id).sort(), [...ids].sort());
  assert.equal(seen[0].attributes.type, 'Task');
});

test('all pages at once, and as small ones', async () => {
  const soql = `SELECT Id FROM Task WHERE ${mark} ORDER BY Id`;
  const all = await conn.query(soql, { autoFetch: true, maxFetch: many });
  const before = await pages();
  const small = await conn.query(soql, {
    autoFetch: true, maxFetch: many,
    headers: { 'Sforce-Query-Options': 'batchSize=200' } });

  assert.deepEqual(all.records.map(({ Id }) => Id), [...ids].sort());
  assert.deepEqual(small.records.map(({ Id }) => Id), [...ids].sort());
  assert.equal(await pages() - before, Math.ceil(many / 200));
});

async function pages() {
  const { calls } = await control(salesforceUrl, 'stats');

  return calls.filter((c) => c.path.includes('/query') && c.status === 200)
    .reduce((sum, { n }) => sum + n, 0);
}

test('as events, one for each record', async () => {
  const seen = [];

  await new Promise((resolve, reject) => {
    conn.query(`SELECT Id FROM Task WHERE ${mark}`)
      .on('record', (record) => seen.push(record.Id))
      .on('end', resolve).on('error', reject)
      .run({ autoFetch: true, maxFetch: many });
  });
  assert.equal(new Set(seen).size, many);
});

test('the client\'s own way to ask', async () => {
  const found = await tasks.find(
    { $and: [{ CallDurationInSeconds: { $gte: 10 } },
      { CallDurationInSeconds: { $lt: 14 } }], Priority: 'High',
    Subject: { $like: 'Queried %' } }, ['Id', 'Subject', 'Owner.Name'])
    .sort({ CallDurationInSeconds: -1 }).limit(5);

  assert.deepEqual(found.map(({ Subject }) => Subject), ['Queried 12']);
  holds(found[0].Owner, { Name: 'Integration User' });
  assert.equal(found[0].Owner.attributes.type, 'User');
  const among = await tasks.find(
    { Subject: { $in: ['Queried 1', 'Queried 2', 'It\'s'] } })
    .sort('Subject').execute();
  assert.deepEqual(among.map(({ Subject }) => Subject),
    ['Queried 1', 'Queried 2']);
  assert('Description' in among[0], 'all fields, by describe');
  assert.equal(await tasks.count({ Subject: { $like: 'Queried %' } }), many);
  assert.equal((await tasks.findOne({ Subject: 'Queried 7' })).Id, ids[7]);
  assert.equal(await tasks.findOne({ Subject: 'Queried none' }), null);
  const skipped = await tasks.find({ Subject: { $like: 'Queried %' } }, 'Id')
    .sort('CallDurationInSeconds').skip(2).limit(2);
  assert.deepEqual(skipped.map(({ Id }) => Id), ids.slice(2, 4));
});

test('its operators', async () => {
  const ours = { Subject: { $like: 'Queried %' } };
  const subjects = { $in: ['Queried 1', 'Queried 2', 'Queried 3'] };
  const cases = [
    [{ Subject: subjects, $or: [{ Priority: 'High' },
      { CallDurationInSeconds: 1 }] }, [1, 3]],
    [{ Subject: subjects, Priority: { $ne: 'High' } }, [1, 2]],
    [{ Subject: subjects, CallDurationInSeconds: { $nin: [2, 3] } }, [1]],
    [{ Subject: subjects, HubSpot_Id__c: { $nlike: '%:2' } }, [1, 3]],
    [{ Subject: subjects, WhoId: { $exists: true } }, []],
    [{ Subject: subjects, $not: { CallDurationInSeconds: { $lte: 2 } } }, [3]],
    [{ ...ours, CallDurationInSeconds: { $gt: many - 3 } },
      [many - 2, many - 1]],
  ];

  for (const [conditions, want] of cases) {
    const found = await tasks.find(conditions, 'Id')
      .sort('CallDurationInSeconds');
    assert.deepEqual(found.map(({ Id }) => ids.indexOf(Id)), want,
      JSON.stringify(conditions));
  }
});

test('times and days', async () => {
  const { SfDate } = jsforce;
  const hour = 3600000;
  const since = (ms) => tasks.count({
    Subject: { $like: 'Queried %' },
    SystemModstamp: { $gt: SfDate.toDateTimeLiteral(new Date(ms)) } });

  assert.equal(await since(Date.now() - hour), many);
  assert.equal(await since(Date.now() + hour), 0);
  await tasks.update({ Id: ids[5], ActivityDate: '2026-03-02' });
  const due = await tasks.find({
    ActivityDate: SfDate.toDateLiteral(new Date('2026-03-02T12:00:00Z')) },
  'Id, ActivityDate');
  assert.deepEqual(due.map((r) => [r.Id, r.ActivityDate]).filter(
    ([id]) => id === ids[5]), [[ids[5], '2026-03-02']]);
});

test('relations', async () => {
  const { id: person } = await conn.create(
    'Contact', { LastName: 'Related', Email: 'rel@one.example' });

  await tasks.update({ Id: ids[0], WhoId: person });
  const { records: [record] } = await conn.query(
    'SELECT Id, What.Name, TYPEOF Who WHEN Contact THEN Email ELSE Name END '
    + `FROM Task WHERE Id = '${ids[0]}'`);
  holds(record.Who, { Email: 'rel@one.example' });
  assert.equal(record.What, null);
  const byType = await conn.query(
    'SELECT Who.Type, Who.Name FROM Task WHERE Who.Type = \'Contact\' AND '
    + `WhoId = '${person}'`);
  holds(byType.records[0].Who, { Type: 'Contact', Name: 'Related' });
});

test('queryAll: what is deleted, too', async () => {
  const gone = ids.splice(20, 3);
  const results = await tasks.destroy(gone);

  assert(results.every(({ success }) => success));
  const soql = `SELECT Id, IsDeleted FROM Task WHERE ${mark}`;
  const living = await conn.query(soql, { autoFetch: true, maxFetch: many });
  const all = await conn.query(
    soql, { autoFetch: true, maxFetch: many, scanAll: true });
  assert.equal(living.totalSize, many - 3);
  assert.equal(all.totalSize, many);
  assert.deepEqual(all.records.filter((r) => r.IsDeleted).map(({ Id }) => Id)
    .sort(), gone.sort());
  const found = await tasks.find({ IsDeleted: true, Subject:
    { $like: 'Queried %' } }, 'Id').scanAll(true);
  assert.equal(found.length, 3);
});

test('what was updated and deleted', async () => {
  const start = new Date(Date.now() - 3600000);

  /* both feeds tell whole minutes that are over */
  await control(salesforceUrl, 'clock', { advance: '2m' });
  const end = new Date(Date.now() + 2 * 60000);
  const updated = await tasks.updated(start, end);
  const deleted = await tasks.deleted(start, end);
  assert(ids.every((id) => updated.ids.includes(id)));
  assert.equal(deleted.deletedRecords.filter(
    ({ id }) => !ids.includes(id)).length >= 3, true);
  for (const { deletedDate } of deleted.deletedRecords)
    assert.match(deletedDate, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000\+0000$/);
  for (const answer of [updated, deleted])
    assert.match(answer.latestDateCovered, /:00\.000\+0000$/);
  assert('earliestDateAvailable' in deleted);
  await fails(tasks.updated(end, start),
    { errorCode: 'INVALID_REPLICATION_DATE' });
  await fails(tasks.deleted(new Date(Date.now() - 40 * 86400000), end),
    { errorCode: 'INVALID_REPLICATION_DATE' });
});

test('describe', async () => {
  const about = await tasks.describe();
  const field = (name) => about.fields.find((f) => f.name === name);

  holds(about, { name: 'Task', keyPrefix: '00T', createable: true,
    replicateable: true, queryable: true });
  holds(field('Subject'), { type: 'combobox', length: 255, updateable: true });
  holds(field('Description'), { type: 'textarea', filterable: false });
  holds(field('HubSpot_Id__c'), { externalId: true, unique: true,
    idLookup: true, custom: true, length: 255 });
  holds(field('TaskSubtype'), { createable: true, updateable: false,
    restrictedPicklist: true });
  assert.deepEqual(field('WhoId').referenceTo, ['Contact', 'Lead']);
  holds(field('WhoId'), { relationshipName: 'Who', namePointing: true });
  assert(field('Status').picklistValues.some(
    (v) => v.value === 'Not Started' && v.defaultValue && v.active));
  assert.deepEqual(await conn.describe$('Task'), about);
  await fails(conn.describe('Nonsense'), { errorCode: 'NOT_FOUND' });
});

test('describeGlobal', async () => {
  const { sobjects, maxBatchSize } = await conn.describeGlobal();
  const task = sobjects.find(({ name }) => name === 'Task');

  assert.equal(maxBatchSize, 200);
  for (const name of ['Task', 'Event', 'Contact', 'Lead', 'Account', 'User',
    'EmailMessage'])
    assert(sobjects.some((o) => o.name === name), name);
  assert.equal(task.urls.describe,
    '/services/data/v67.0/sobjects/Task/describe');
});

test('limits', async () => {
  const limits = await conn.limits();
  const { Max, Remaining } = limits.DailyApiRequests;
  const { used, limit } = conn.limitInfo.apiUsage;

  assert.equal(limit, Max);
  assert.equal(Remaining, Max - used);
  await conn.limits();
  assert.equal(conn.limitInfo.apiUsage.used, used + 1);
});

const refused = {
  'a field that is not there':
    ['SELECT Nonsense FROM Task', 'INVALID_FIELD', /No such column 'Nonsense'/],
  'an object that is not there':
    ['SELECT Id FROM Nonsense', 'INVALID_TYPE', /Nonsense/],
  'no language': ['SELECT FROM Task', 'MALFORMED_QUERY', /./],
  'a text without an end':
    ['SELECT Id FROM Task WHERE Subject = \'x', 'MALFORMED_QUERY', /./],
  'a filter by a long text':
    ['SELECT Id FROM Task WHERE Description = \'x\'', 'INVALID_FIELD',
      /can not be filtered/],
  'an offset above 2,000': ['SELECT Id FROM Task LIMIT 1 OFFSET 2001',
    'NUMBER_OUTSIDE_VALID_RANGE', /./],
  'an id that is none': ['SELECT Id FROM Task WHERE Id = \'x\'',
    'INVALID_QUERY_FILTER_OPERATOR', /./],
};

for (const [what, [soql, errorCode, message]] of Object.entries(refused))
  test(`refused: ${what}`, async () => {
    await fails(conn.query(soql).run(), { errorCode, message });
  });

test('refused: a page that nobody knows', async () => {
  for (const locator of ['0r8000000009999AAA-2000', 'nonsense'])
    await fails(conn.queryMore(locator).run(),
      { errorCode: 'INVALID_QUERY_LOCATOR' });
});
