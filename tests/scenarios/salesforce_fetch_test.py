"""Tasks and Events of Salesforce become events of the fetcher: each version
once, whatever the service does meanwhile. The fetcher runs alone; the test ends
its events."""
import os
import subprocess
import tempfile
import unittest

import msgpack
import zmq

import harness
import records
from harness import build_dir, iso, now_ms

MINUTE_MS = 60_000
ALL_ON = {f"activity.{kind}": {"sync": "on"}
          for kind in ("task", "email", "call", "meeting")}
QUERIES = "/services/data/{v}/queryAll"
PEOPLE = 2  # queries of each pass for contacts and leads, before all others


class World(records.World):
    """One whose Salesforce fetcher is run alone."""

    def __init__(self, **how):
        super().__init__(**how)
        self.stderr = ""
        os.makedirs(self.dir + "/var/run", mode=0o700)
        context = zmq.Context()
        self.stack.callback(context.destroy, linger=0)
        self.sink = context.socket(zmq.PULL)
        self.sink.bind(self.uri("sink"))
        self.back = context.socket(zmq.PUSH)
        self.back.connect(self.uri("fetcher-salesforce.outcomes"))

    def fetch(self, code=0):
        """One pass; its events, all of which end as written."""
        events = []
        with tempfile.TemporaryFile("w+") as log:
            process = subprocess.Popen(
                [build_dir() + "/fetcher", "--service", "salesforce", "--conf",
                 self.conf, "--once", "--out", self.uri("sink")],
                env=self.env, stdin=subprocess.DEVNULL, stderr=log,
                stdout=subprocess.DEVNULL)
            self.stack.callback(process.kill)
            while process.poll() is None:
                if self.sink.poll(20):
                    events += self.end(self.sink.recv())
            log.seek(0)
            self.stderr = log.read()
        if process.returncode != code or "Sanitizer" in self.stderr:
            raise AssertionError(f"exit {process.returncode}\n{self.stderr}")
        return events

    def uri(self, name):
        """A wire in the state folder."""
        return f"ipc://{self.dir}/var/run/{name}"

    def end(self, message):
        """Tell the fetcher that all events of a message have ended."""
        unpacker = msgpack.Unpacker(raw=False)
        unpacker.feed(message)
        events = list(unpacker)
        self.back.send(b"".join(msgpack.packb(
            {k: e[k] for k in ("source", "seq", "id")} |
            {"outcome": "written", "reason": "", "stage": "sink",
             "target": ""}) for e in events))
        return events

    def subjects(self):
        """One pass; the sorted subjects of its events."""
        return sorted(e["native"]["Subject"] for e in self.fetch())

    def record(self, kind, **fields):
        """A user makes a Task or an Event; its id."""
        subject = f"Subject {self.number()}"
        start = iso(now_ms())
        extra = {} if kind == "Task" else {"StartDateTime": start,
                                           "EndDateTime": start}
        fields = {"Subject": subject} | extra | fields
        self.salesforce.load(**{kind: [fields]})
        found, = [r["Id"] for r in self.salesforce.dump_all(kind)
                  if r["Subject"] == fields["Subject"]]
        return found

    def queries(self):
        """How many first pages were asked for so far."""
        return sum(c["n"] for c in self.salesforce.calls()["calls"]
                   if c["path"] == QUERIES)

    def load_many(self, n, **fields):
        """n tasks; as many at a time as the sandbox takes."""
        rows = [{"Subject": f"Many {self.number()}", **fields}
                for _ in range(n)]
        for start in range(0, n, 500):
            self.salesforce.load(Task=rows[start:start + 500])
        return sorted(r["Subject"] for r in rows)


def dump_all(service, kind):
    """All records of one type, deleted ones too."""
    return service.call(f"/__sandbox/dump?type={kind}")[kind]


harness.Service.dump_all = dump_all


class Activities(unittest.TestCase):
    """A World of its own for each test, all kinds on and polled once."""

    maxDiff = None

    def world(self, settings=None, polled=True):
        """The first poll only finds where it begins."""
        world = World(no_limits=True, settings=settings or ALL_ON)
        self.addCleanup(world.close)
        if polled:
            self.assertEqual(world.fetch(), [])
        return world


class Versions(Activities):
    """What happens to a record."""

    def check(self, event, kind, record_id, op="upsert"):
        """An event of that record's present version."""
        stamp = event["modified_at"]
        self.assertEqual(stamp % 1000, 0)
        self.assertEqual(
            (event["key"], event["id"], event["op"], event["source"]),
            (f"salesforce:{kind}:{record_id}",
             f"salesforce:{kind}:{record_id}@{stamp}", op, "salesforce"))
        self.assertEqual(event["native"]["Id"], record_id)

    def test_new_ones(self):
        world = self.world()
        task = world.record("Task", Subject="Call me", Description="a\nb",
                            TaskSubtype="Call", CallDurationInSeconds=90,
                            HubSpot_Id__c="hubspot:call:7")
        meeting = world.record("Event", Subject="Kick-off", Location="Bonn")
        first, second = world.fetch()
        self.check(first, "Task", task)
        self.check(second, "Event", meeting)
        native = first["native"]
        self.assertEqual(
            (native["Subject"], native["Description"], native["TaskSubtype"],
             native["CallDurationInSeconds"], native["HubSpot_Id__c"],
             native["IsDeleted"], native["IsRecurrence"], native["Who"]),
            ("Call me", "a\nb", "Call", 90, "hubspot:call:7", False, False,
             None))
        self.assertEqual(second["native"]["Location"], "Bonn")
        self.assertEqual(world.fetch(), [])

    def test_changed_deleted_undeleted_and_archived(self):
        world = self.world()
        for kind in ("Task", "Event"):
            record_id = world.record(kind)
            world.fetch()
            for fields, op in (({"Subject": "New"}, "upsert"),
                               ({"IsDeleted": True}, "delete"),
                               ({"IsDeleted": False}, "upsert"),
                               ({"IsArchived": True}, "upsert")):
                with self.subTest(kind=kind, fields=fields):
                    world.salesforce.load(**{kind: [{"Id": record_id}
                                                    | fields]})
                    event, = world.fetch()
                    self.check(event, kind, record_id, op)
                    self.assertLessEqual(fields.items(),
                                         event["native"].items())
                    self.assertEqual(world.fetch(), [])

    def test_what_is_no_activity_of_ours_goes_out_too(self):
        world = self.world()
        world.record("Task", Subject="a", TaskSubtype="ListEmail")
        world.record("Task", Subject="b", IsRecurrence=True)
        world.record("Event", Subject="c", IsRecurrence=True)
        world.record("Event", Subject="d", IsChild=True)  # an invitee's copy
        self.assertEqual(world.subjects(), ["a", "b", "c"])

    def test_no_version_is_taken_while_its_second_lasts(self):
        world = self.world()
        record_id = world.record("Task")
        event, = world.fetch()
        self.assertGreaterEqual(now_ms() - event["modified_at"], 2000)
        world.salesforce.load(Task=[{"Id": record_id, "Subject": "Second"}])
        self.assertEqual(world.subjects(), ["Second"])

    def test_an_id_of_15_characters(self):
        world = self.world()
        world.salesforce.load(Task=[{"Id": "00TAb000000000F",
                                     "Subject": "x"}])
        event, = world.fetch()
        self.check(event, "Task", "00TAb000000000FMAQ")


class WhatIsAsked(Activities):
    """Which queries there are, and from where on."""

    def test_a_pass_is_one_query_each(self):
        world = self.world()
        before = world.queries()
        world.fetch()
        self.assertEqual(world.queries() - before, PEOPLE + 2)

    def test_nothing_while_all_is_off(self):
        world = self.world(settings={"activity.task": {"sync": "off"}})
        world.record("Task")
        world.record("Event")
        self.assertEqual(world.fetch(), [])
        self.assertEqual(world.queries(), 2 * PEOPLE)

    def test_only_the_objects_of_what_is_on(self):
        for kind, record in (("email", "Task"), ("meeting", "Event")):
            with self.subTest(kind=kind):
                world = self.world({f"activity.{kind}": {"sync": "on"}})
                before = world.queries()
                world.record("Task", Subject="Task")
                world.record("Event", Subject="Event")
                self.assertEqual(world.subjects(), [record])
                # the second is for what was too fresh at first
                self.assertLessEqual(world.queries() - before,
                                     PEOPLE + 5)

    def test_switching_on_imports_nothing(self):
        old = {"SystemModstamp": iso(now_ms() - MINUTE_MS)}
        world = self.world(polled=False)
        world.record("Task", **old)
        self.assertEqual(world.fetch(), [])
        world.write_conf()
        self.assertEqual(world.fetch(), [])
        world.record("Task")  # while it is off; then time goes by
        world.salesforce.call("/__sandbox/clock", {"advance": "1m"})
        world.write_conf(settings=ALL_ON)
        self.assertEqual(world.fetch(), [])
        world.record("Task", Subject="new")
        self.assertEqual(world.subjects(), ["new"])

    def test_what_is_mapped_is_read(self):
        world = self.world({"activity.task": {"sync": "on"},
                            "activity.task.mapping": {
                                "hs_task_type": "Type",
                                "hs_task_body": ""}})
        world.record("Task", Type="Call", Description="x")
        event, = world.fetch()
        self.assertEqual(event["native"]["Type"], "Call")
        self.assertNotIn("Description", event["native"])

    def test_after_days_without_a_pass(self):
        world = self.world()
        world.record("Task", Subject="first")
        world.salesforce.call("/__sandbox/clock", {"advance": "3d"})
        world.record("Task", Subject="second")
        self.assertEqual(world.subjects(), ["first", "second"])


class Pages(Activities):
    """Many records, and pages of any size."""

    def world_later(self):
        """Ten minutes after the first poll: behind that, no overlap reaches.
        Also a function: the moment so many ms ago, by the service's clock."""
        world = self.world()
        world.salesforce.call("/__sandbox/clock", {"advance": "10m"})
        return world, lambda ms: iso(now_ms() + 10 * MINUTE_MS - ms)

    def test_many_of_one_stamp(self):
        world, ago = self.world_later()
        stamp = {"SystemModstamp": ago(MINUTE_MS)}
        want = world.load_many(2500, **stamp)
        before = world.queries()
        self.assertEqual(world.subjects(), want)
        self.assertLessEqual(world.queries() - before, PEOPLE + 7)
        self.assertEqual(world.fetch(), [])
        more = world.load_many(3, **stamp)
        self.assertEqual(world.subjects(), more)

    def test_pages_that_shrink(self):
        world = self.world({"activity.task": {"sync": "on"}})
        page = "/services/data/v67.0/query/01gAb00000000001AAA-"
        stamp = iso(now_ms() - MINUTE_MS).replace("Z", "+0000")

        def rule(path, names, following, **more):
            return {"path": path, "times": 1, "action": "status", "code": 200,
                    "body": {"totalSize": 4, "done": following is None,
                             **({"nextRecordsUrl": page + following}
                                if following else {}),
                             "records": [{
                                 "attributes": {"type": "Task"},
                                 "Id": f"00TAb000000000{name}",
                                 "Subject": name, "SystemModstamp": stamp,
                                 "IsDeleted": False} for name in names]}
                    } | more

        world.salesforce.fault(
            rule("*/queryAll", "12", "2", skip=PEOPLE),
            rule("*/query/*-2", "3", "3"), rule("*/query/*-3", "", "9"),
            rule("*/query/*-9", "4", None))
        self.assertEqual([e["key"][-18:-3] for e in world.fetch()],
                         [f"00TAb000000000{n}" for n in "1234"])
        world.salesforce.fault()
        self.assertEqual(world.fetch(), [])

    def test_a_page_that_does_not_come(self):
        """What has come of it is not sent, and comes again."""
        world, ago = self.world_later()
        want = world.load_many(700, SystemModstamp=ago(MINUTE_MS))
        world.salesforce.fault({"path": "*/queryAll", "skip": PEOPLE + 1,
                                "times": 50, "action": "status", "code": 503})
        got = [e["native"]["Subject"] for e in world.fetch(code=75)]
        self.assertEqual(len(got), 500)
        world.salesforce.fault()
        self.assertEqual(sorted(got + world.subjects()), want)

    def test_late_commits_are_found(self):
        world, ago = self.world_later()
        world.record("Task")
        self.assertEqual(len(world.fetch()), 1)
        world.salesforce.fault({"action": "lag", "ms": 3_600_000})
        late = ago(2 * MINUTE_MS)
        world.salesforce.load(Task=[{"Subject": "late",
                                     "SystemModstamp": late}])
        self.assertEqual(world.fetch(), [])
        world.salesforce.fault()
        self.assertEqual(world.subjects(), ["late"])
        self.assertEqual(world.fetch(), [])


class Purged(Activities):
    """Deletions that no query shows."""

    def purged(self, world, kind="Task", age=10 * MINUTE_MS):
        """A record that was deleted `age` ago behind the polls' back."""
        return world.record(kind, IsDeleted=True,
                            SystemModstamp=iso(now_ms() - age))

    def hour(self, world):
        """More than an hour goes by."""
        world.salesforce.call("/__sandbox/clock", {"advance": "61m"})

    def test_they_come_within_the_hour_and_once(self):
        world = self.world()
        gone = [self.purged(world, kind) for kind in ("Task", "Event")]
        self.assertEqual(world.fetch(), [])
        self.hour(world)
        events = world.fetch()
        self.assertEqual([(e["op"], e["key"].rpartition(":")[2])
                          for e in events],
                         [("delete", record_id) for record_id in gone])
        for event in events:
            self.assertEqual(event["id"],
                             f"{event['key']}@{event['modified_at']}")
            self.assertTrue(event["native"]["IsDeleted"])
        self.assertEqual(world.fetch(), [])
        self.hour(world)
        self.assertEqual(world.fetch(), [])

    def test_not_what_a_poll_has_seen(self):
        world = self.world()
        world.record("Task", IsDeleted=True)
        event, = world.fetch()
        self.assertEqual(event["op"], "delete")
        self.hour(world)
        self.assertEqual(world.fetch(), [])

    def test_not_what_lives_again(self):
        world = self.world()
        alive = world.record("Task")
        world.fetch()
        gone = f"{alive[:3]}Ab000000000FMAQ"
        self.hour(world)
        at = iso(now_ms()).replace("Z", "+0000")
        world.salesforce.fault({
            "path": "*/Task/deleted/*", "action": "status", "code": 200,
            "body": {"deletedRecords": [{"id": i, "deletedDate": at}
                                        for i in (alive, gone)],
                     "latestDateCovered": at}})
        event, = world.fetch()
        self.assertEqual((event["op"], event["native"]["Id"]),
                         ("delete", gone))

    def test_what_is_told_late(self):
        world = self.world()
        self.hour(world)
        self.assertEqual(world.fetch(), [])
        record_id = self.purged(world, age=30 * MINUTE_MS)
        self.hour(world)
        event, = world.fetch()
        self.assertEqual(event["native"]["Id"], record_id)

    def test_after_more_than_15_days(self):
        world = self.world()
        world.salesforce.call("/__sandbox/clock", {"advance": "16d"})
        world.record("Task", Subject="new")
        self.assertEqual(world.subjects(), ["new"])
        self.assertIn("15 days", world.stderr)
        self.hour(world)
        world.fetch()
        self.assertNotIn("15 days", world.stderr)

    def test_without_the_right_to_ask(self):
        world = self.world()
        self.purged(world)
        world.record("Task", Subject="new")
        self.hour(world)
        world.salesforce.fault({
            "path": "*/deleted/*", "action": "status", "code": 403, "body": [
                {"errorCode": "INSUFFICIENT_ACCESS", "message": "no"}]})
        self.assertEqual(world.subjects(), ["new"])
        feeds = {f["feed"]: f["status"] for f in world.status()["feeds"]}
        self.assertEqual((feeds["salesforce.tasks"],
                          feeds["salesforce.tasks.deleted"]),
                         ("ok", "refused"))


class Who(Activities):
    """Whom in HubSpot a record hangs on."""

    def contact(self, world, **fields):
        """The contact of a new task of that Who or What, without synced_at."""
        world.record("Task", **fields)
        event, = world.fetch()
        self.assertNotIn("contacts", event)
        contact = event.get("contact")
        if contact is not None:
            self.assertGreater(contact.pop("synced_at", 1), 0)
        return contact

    def want(self, world, contact, sf_id, sf_type):
        """The contact map of a tied contact."""
        return {"hubspot_id": contact, "email": world.people[contact].email,
                "matches": 1, "salesforce_id": sf_id,
                "salesforce_type": sf_type}

    def test_contact_lead_or_nobody(self):
        world = self.world()
        for made, sf_type in ((world.tied_contact, "Contact"),
                              (world.tied_lead, "Lead")):
            contact = made()
            sf_id = world.people[contact].salesforce_id
            self.assertEqual(self.contact(world, WhoId=sf_id),
                             self.want(world, contact, sf_id, sf_type))
        self.assertIsNone(self.contact(world))
        world.salesforce.load(Contact=[{"LastName": "Nobody's"}])
        sf_id, = [r["Id"] for r in world.salesforce.dump("Contact")
                  if r["LastName"] == "Nobody's"]
        self.assertIsNone(self.contact(world, WhoId=sf_id))

    def test_who_is_of_which_type(self):
        world = self.world()
        lead = world.people[world.tied_lead()].salesforce_id
        world.record("Task", WhoId=lead)
        event, = world.fetch()
        self.assertEqual(event["native"]["Who"]["Type"], "Lead")

    def test_a_converted_lead(self):
        world = self.world()
        contact = world.tied_lead()
        lead = world.people[contact].salesforce_id
        world.salesforce.load(Contact=[{"LastName": "Was a lead"}])
        became, = [r["Id"] for r in world.salesforce.dump("Contact")
                   if r["LastName"] == "Was a lead"]
        world.salesforce.load(Lead=[{"Id": lead, "IsConverted": True,
                                     "ConvertedContactId": became}])
        want = self.want(world, contact, became, "Contact")
        self.assertEqual(self.contact(world, WhoId=became), want)
        self.assertEqual(self.contact(world, WhoId=lead), want)

    def test_the_company_of_an_account(self):
        world = self.world()
        world.salesforce.load(Account=[{"Name": "Corp"}])
        account = next(a["Id"] for a in world.salesforce.dump("Account")
                       if a["Name"] == "Corp")
        company = world.company(salesforceaccountid=account)
        contact = world.tied_contact(sync=False,
                                     salesforce={"AccountId": account})
        world.load_engagements("note", [contact], companies=[company])
        world.sync()
        want = [{"hubspot_id": company, "salesforce_id": account}]
        for fields in ({"WhoId": world.people[contact].salesforce_id},
                       {"WhatId": account}):
            world.record("Event", **fields)
            event, = world.fetch()
            self.assertEqual(event["companies"], want)
        world.record("Task")
        event, = world.fetch()
        self.assertNotIn("companies", event)


class Refusals(Activities):
    """One object is refused, the other goes on."""

    def test_no_right_to_tasks(self):
        world = self.world()
        world.record("Event", Subject="meeting")
        world.salesforce.fault({
            "path": "*/queryAll", "skip": PEOPLE, "times": 1,
            "action": "status", "code": 403, "body": [{
                "errorCode": "INSUFFICIENT_ACCESS", "message": "no Tasks"}]})
        self.assertEqual(world.subjects(), ["meeting"])
        self.assertIn("no Tasks", self.refused(world)["salesforce.tasks"])

    def test_a_field_that_is_not_there(self):
        world = self.world(ALL_ON | {"activity.task.mapping": {
            "hs_task_body": "Nowhere__c"}})
        world.record("Task")
        world.record("Event", Subject="meeting")
        self.assertEqual(world.subjects(), ["meeting"])
        self.assertIn("Nowhere__c", self.refused(world)["salesforce.tasks"])

    def refused(self, world):
        """The feeds that are refused, and why."""
        return {f["feed"]: f["detail"] for f in world.status()["feeds"]
                if f["status"] == "refused"}


if __name__ == "__main__":
    unittest.main()
