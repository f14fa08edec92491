"""verify: both sides compared whole, damages found, and mended by the chain."""
import calendar
import contextlib
import json
import os
import sqlite3
import time
import unittest
import urllib.request

import msgpack

from harness import iso, now_ms
from pair_case import BODY, KINDS, NATIVE, TITLE, Pairs

PROPERTY = "crmpipe_salesforce_id"


def ms_of(stamp):
    """Of 2026-01-31T10:00:00.123Z, or with +0000."""
    at = calendar.timegm(time.strptime(stamp[:19], "%Y-%m-%dT%H:%M:%S"))
    return at * 1000 + int(stamp[20:23])


class Damage:
    """Pairs in a World, and what somebody does to them behind our back. Each
    damage gives the key of its link, what verify says of it, and what is left
    when it was repaired."""

    def __init__(self, case, world, contact):
        self.case, self.world, self.contact = case, world, contact
        self.db = sqlite3.connect(os.path.join(world.dir, "var", "state.db"),
                                  timeout=60, isolation_level=None)
        self.free = {}

    def take(self, what):
        """The key and target of a pair that is not damaged yet: "call" made
        in HubSpot, "call-s" in Salesforce, "note" of the timeline."""
        return self.free[what].pop()

    def prepare(self):
        """Some pairs of each sort, linked, and whom they are to hang on."""
        self.other = self.world.tied_contact(sync=False)
        self.company = self.account()
        for kind in (*KINDS, "note"):
            for n in range(16 if kind == "call" else 5):
                title = {TITLE.get(kind, "hs_note_body"): f"{kind} {n}"}
                self.world.load_engagements(kind, [self.contact], **title)
        for kind in ("call", "task"):
            for n in range(4):
                self.case.add_salesforce(self.world, kind, self.contact,
                                         Subject=f"From Salesforce {n}")
        self.world.sync()
        self.world.sync()
        tasks = {f"salesforce:{t}:{r['Id']}": r for t in ("Task", "Event")
                 for r in self.world.salesforce.dump(t)}
        for key, target in self.db.execute("SELECT key, target FROM link"):
            sort = key.split(":")[1]
            if not tasks[target]["HubSpot_Id__c"]:
                sort += "-s"
            self.free.setdefault(sort, []).append((key, target))

    def account(self):
        """A company of HubSpot that is an account of Salesforce."""
        self.world.salesforce.load(Account=[{"Name": "One"}])
        account = next(a["Id"] for a in self.world.salesforce.dump("Account")
                       if a["Name"] == "One")
        return self.world.company(salesforceaccountid=account)

    def person(self, contact):
        """Its Salesforce id."""
        return self.world.people[contact].salesforce_id

    # -- what is done to them ---------------------------------------------

    def salesforce(self, target, **fields):
        """A user changes a record in Salesforce."""
        _, kind, number = target.split(":")
        self.world.salesforce.load(**{kind: [{"Id": number, **fields}]})

    def hubspot(self, key, **record):
        """Somebody does something else to a record in HubSpot."""
        _, kind, number = key.split(":")
        self.world.hubspot.load(**{kind + "s": [{"id": number, **record}]})

    def link(self, key, change):
        """Change the snapshot of a link."""
        blob, = self.db.execute("SELECT snapshot FROM link WHERE key = ?",
                                (key,)).fetchone()
        snapshot = msgpack.unpackb(blob)
        change(snapshot)
        self.db.execute("UPDATE link SET snapshot = ? WHERE key = ?",
                        (msgpack.packb(snapshot), key))

    def says(self, key, side, **values):
        """The link says that this was agreed on, and has seen it."""
        def change(snapshot):
            snapshot[side] |= values
            snapshot["seen"][side] = now_ms() + 5000
        self.link(key, change)

    def swallow(self):
        """Whatever has changed counts as dealt with."""
        versions = []
        for kind in ("Task", "Event"):
            for r in self.world.salesforce.call(
                    f"/__sandbox/dump?type={kind}")[kind]:
                versions.append((f"salesforce:{kind}:{r['Id']}",
                                 ms_of(r["SystemModstamp"])))
        for kind in (*KINDS, "note"):
            for r in self.world.hubspot.dump(kind + "s"):
                versions.append((f"hubspot:{kind}:{r['id']}",
                                 ms_of(r["updatedAt"])))
        for key, at in versions:
            self.db.execute(
                "INSERT OR REPLACE INTO outcome VALUES(?,?,?,'call',?,"
                "'unchanged','','test','','',0,?,0,NULL,'')",
                (f"{key}@{at}", key, key.split(":")[2], key.split(":")[0],
                 now_ms()))

    # -- the damages ------------------------------------------------------

    def the_link_knows_another_title(self):
        key, _ = self.take("call")
        self.link(key, lambda s: [s[side].update(hs_call_title="Never")
                                  for side in ("hubspot", "salesforce")])
        return key, {"different"}, set()

    def the_link_knows_another_title_on_one_side(self):
        key, _ = self.take("task")
        self.link(key, lambda s: s["hubspot"].update(hs_task_subject="Never"))
        return key, {"different"}, set()

    def changed_in_salesforce(self):
        key, target = self.take("call")
        self.salesforce(target, Subject="Swallowed")
        return key, {"not-written-yet"}, set()

    def changed_in_hubspot(self):
        key, _ = self.take("email")
        self.hubspot(key, properties={"hs_email_subject": "Swallowed"})
        return key, {"not-written-yet"}, set()

    def a_property_was_filled(self):
        key, target = self.take("meeting")
        self.salesforce(target, Location="Roof")
        return key, {"not-written-yet"}, set()

    def a_meeting_was_moved(self):
        key, target = self.take("meeting")
        self.salesforce(target, StartDateTime=iso(now_ms() + 7_200_000),
                        EndDateTime=iso(now_ms() + 9_000_000))
        return key, {"not-written-yet"}, set()

    def changed_in_salesforce_and_the_link_calls_it_agreed(self):
        key, target = self.take("call")
        self.salesforce(target, Subject="Agreed")
        self.says(key, "salesforce", hs_call_title="Agreed")
        return key, {"different"}, set()

    def changed_in_hubspot_and_the_link_calls_it_agreed(self):
        key, _ = self.take("task")
        self.hubspot(key, properties={"hs_task_subject": "Agreed"})
        self.says(key, "hubspot", hs_task_subject="Agreed")
        return key, {"different"}, set()

    def changed_in_hubspot_whom_it_hangs_on(self):
        key, _ = self.take("call")
        self.hubspot(key, associations={"contacts": [self.other]})
        return key, {"different"}, set()

    def changed_in_hubspot_it_hangs_on_nobody(self):
        key, _ = self.take("task-s")
        self.hubspot(key, associations={"contacts": []})
        return key, {"different"}, set()

    def changed_in_hubspot_the_company(self):
        key, _ = self.take("meeting")
        self.hubspot(key, associations={"contacts": [self.contact],
                                        "companies": [self.company]})
        return key, {"different"}, set()

    def changed_in_salesforce_whom_it_hangs_on(self):
        key, target = self.take("email")
        self.salesforce(target, WhoId=self.person(self.other))
        return key, {"not-written-yet"}, set()

    def changed_in_salesforce_the_person_and_the_link_calls_it_agreed(self):
        key, target = self.take("task")
        self.salesforce(target, WhoId=self.person(self.other))
        self.says(key, "salesforce",
                  contact_association=self.person(self.other))
        return key, {"different"}, set()

    def a_contact_more_in_hubspot(self):
        key, _ = self.take("call")
        self.hubspot(key, associations={
            "contacts": [self.other, self.contact]})
        return key, set(), set()

    def gone_from_salesforce(self):
        key, target = self.take("call")
        self.salesforce(target, IsPurged=True)
        return key, {"missing-in-salesforce"}, set()

    def gone_from_salesforce_where_it_was_made(self):
        key, target = self.take("call-s")
        self.salesforce(target, IsPurged=True)
        return key, {"missing-in-salesforce"}, set()

    def deleted_in_salesforce(self):
        key, target = self.take("meeting")
        self.salesforce(target, IsDeleted=True)
        return key, {"missing-in-salesforce"}, set()

    def gone_from_hubspot(self):
        key, _ = self.take("email")
        self.hubspot(key, gone=True)
        return key, {"missing-in-hubspot"}, set()

    def deleted_in_hubspot(self):
        key, _ = self.take("call")
        self.hubspot(key, archived=True)
        return key, {"missing-in-hubspot"}, set()

    def two_tasks_of_one_key(self):
        key, _ = self.take("call")
        self.world.salesforce.load(Task=[{
            "Subject": "Copy", "TaskSubtype": "Call", "HubSpot_Id__c": key}])
        return key, {"doubled"}, {"doubled"}

    def a_copy_in_hubspot(self):
        _, target = self.take("task-s")
        number = str(self.world.number())
        self.world.hubspot.load(tasks=[{"id": number, "properties": {
            "hs_task_subject": "Copy", "hs_timestamp": iso(now_ms()),
            PROPERTY: target.split(":")[2]}}])
        return "hubspot:task:" + number, {"doubled"}, {"doubled"}

    def the_link_is_gone(self):
        key, _ = self.take("call")
        self.db.execute("DELETE FROM link WHERE key = ?", (key,))
        return key, {"orphaned"}, set()

    def the_link_is_gone_of_one_made_in_salesforce(self):
        key, _ = self.take("call-s")
        self.db.execute("DELETE FROM link WHERE key = ?", (key,))
        return key, {"orphaned"}, set()

    def the_link_leads_to_another_pair(self):
        key, _ = self.take("call")
        _, other = self.take("call")
        self.db.execute("UPDATE link SET target = ? WHERE key = ?",
                        (other, key))
        return key, {"orphaned", "doubled"}, set()

    def the_link_leads_nowhere(self):
        key, target = self.take("task")
        self.db.execute("UPDATE link SET target = ? WHERE key = ?",
                        (target[:-6] + "ZZZAAA", key))
        return key, {"orphaned"}, set()

    def two_links_are_crossed(self):
        one, two = self.take("call"), self.take("call")
        for (key, _), (_, target) in ((one, two), (two, one)):
            self.db.execute("UPDATE link SET target = ? WHERE key = ?",
                            (target, key))
        return (one[0], two[0]), {"orphaned"}, set()

    def the_link_takes_it_for_deleted(self):
        key, _ = self.take("call")
        self.link(key, lambda s: s.update(deleted={"salesforce": False}))
        return key, {"different"}, set()

    def the_link_has_seen_what_is_to_come(self):
        key, _ = self.take("call")

        def change(snapshot):
            for side in ("hubspot", "salesforce"):
                snapshot[side]["hs_call_title"] = "Never"
                snapshot["seen"][side] = now_ms() + 86_400_000
        self.link(key, change)
        return key, {"different"}, {"different"}

    def a_timeline_task_is_gone(self):
        key, target = self.take("note")
        self.salesforce(target, IsPurged=True)
        return key, {"missing-in-salesforce"}, set()

    def the_link_of_a_timeline_task_is_gone(self):
        key, _ = self.take("note")
        self.db.execute("DELETE FROM link WHERE key = ?", (key,))
        return key, {"orphaned"}, set()

    def a_user_deleted_a_timeline_task(self):
        key, target = self.take("note")
        self.salesforce(target, IsDeleted=True)
        return key, set(), set()

    def a_user_changed_a_timeline_task(self):
        key, target = self.take("note")
        self.salesforce(target, Subject="Mine")
        return key, set(), set()


DAMAGES = [name for name in vars(Damage) if name.startswith((
    "the_", "a_", "two_", "changed_", "gone_", "deleted_"))]


class Verify(Pairs):
    """A World with activity sync on for all kinds."""

    def verify(self, world, *flags, code=0):
        """The report of a run."""
        done = world.run("verify", "--json", *flags, code=code)
        report = json.loads(done.stdout)
        self.assertEqual(report["ok"], code == 0, report)
        self.assertEqual(report["ok"], report["findings"] == [])
        report["log"] = done.stderr
        return report

    def found(self, report):
        """{key: the names of what was found}"""
        found = {}
        for f in report["findings"]:
            found.setdefault(f["key"], set()).add(f["finding"])
        return found

    def told(self, report):
        """The calls told beforehand are about those made."""
        for service, made in report["api_calls"].items():
            told = report["api_calls_told"][service]
            self.assertLessEqual(abs(told - made), 0.2 * made, report)

    def add_property(self, world, kind, is_unique):
        """A property that holds the Salesforce id."""
        request = urllib.request.Request(
            f"{world.hubspot.base}/crm/v3/properties/{kind}s", json.dumps({
                "name": PROPERTY, "label": "Salesforce id", "type": "string",
                "fieldType": "text", "groupName": f"{kind}_information",
                "hasUniqueValue": is_unique}).encode(),
            {"Content-Type": "application/json",
             "Authorization": "Bearer sandbox-token"})
        with contextlib.closing(urllib.request.urlopen(request)) as answer:
            answer.read()

    def test_clean(self):
        world, contact = self.pair_world()
        for kind in KINDS:
            world.load_engagements(kind, [contact], **{
                TITLE[kind]: f"From HubSpot {kind}",
                BODY[kind]: "<p>Grüße &amp; <b>more</b></p>"})
            self.add_salesforce(world, kind, contact,
                                Subject=f"From Salesforce {kind}",
                                Description="Two\nlines & <more>")
        world.load_activity("note", contact)
        world.load_activity("form_submission", contact)
        for _ in range(2):
            world.sync()
            report = self.verify(world)
            self.assertEqual((report["links"], report["checked"]), (10, 10))
            self.told(report)
        self.assertEqual(self.verify(world, "--kind", "call", "--kind", "note")
                         ["checked"], 3)
        world.run("verify", "--kind", "calls", code=64)

    def test_more_than_a_page(self):
        world, contact = self.pair_world()
        self.add_property(world, "call", True)
        world.load_calls(contact, 420)
        world.salesforce.load(Task=[{
            "TaskSubtype": "Call", "Subject": f"Call {n}",
            "WhoId": world.people[contact].salesforce_id}
                                    for n in range(230)])
        world.sync()
        report = self.verify(world)
        self.assertEqual(report["checked"], 650)
        self.told(report)

    def test_damages(self):
        world, contact = self.pair_world()
        self.add_property(world, "call", True)
        self.add_property(world, "task", False)
        damage = Damage(self, world, contact)
        self.addCleanup(damage.db.close)
        damage.prepare()
        self.told(self.verify(world))
        want, left, names = {}, {}, {}
        for name in DAMAGES:
            keys, finds, stays = getattr(damage, name)()
            for key in keys if isinstance(keys, tuple) else (keys,):
                names[key] = name
                want |= {key: finds} if finds else {}
                left |= {key: stays} if stays else {}
        damage.swallow()
        report = self.verify(world, code=1)
        self.told(report)
        found = self.found(report)
        for key, finds in want.items():
            with self.subTest(names[key]):
                self.assertEqual(found.get(key), finds, report["findings"])
        self.assertEqual(set(found) - set(want), set(), report)
        report = self.verify(world, "--repair", code=1)
        found = self.found(report)
        for key, name in names.items():
            with self.subTest(name + ", repaired"):
                self.assertEqual(found.get(key), left.get(key), report)
        self.assertEqual(set(found), set(left), report)
        self.assertEqual(damage.db.execute("SELECT * FROM request").fetchall(),
                         [])
        # nothing was made of another pair's values, and it is quiet
        titles = [t["Subject"] for t in world.salesforce.dump("Task")
                  if t["TaskSubtype"] == "Call"]
        self.assertEqual(len(set(titles)), len(titles))
        self.assertEqual(
            set(titles) - {f"call {n}" for n in range(16)},
            {"Agreed", "Copy", "Swallowed", *(f"From Salesforce {n}"
                                              for n in range(4))})
        for _ in range(2):
            summary = world.sync()
            self.assertEqual((summary["written"], summary["dead"]), (0, 0))

    def requests(self, world):
        """The keys that are asked for."""
        state = os.path.join(world.dir, "var", "state.db")
        with contextlib.closing(sqlite3.connect(state, timeout=60)) as db:
            return [key for key, in db.execute("SELECT key FROM request")]

    def purged(self, world, contact, n):
        """n linked calls whose Tasks are gone; their keys."""
        keys = world.load_calls(contact, n)
        world.sync()
        world.salesforce.load(Task=[{"Id": t["Id"], "IsPurged": True}
                                    for t in world.tasks().values()])
        return keys

    def test_by_the_chain_that_runs(self):
        world, contact = self.pair_world()
        keys = self.purged(world, contact, 3)
        world.write_conf(settings={
            "hubspot": {"poll_interval": "1s"},
            "salesforce": {"poll_interval": "1s",
                           "time_zone": "Europe/Berlin"},
            **{f"activity.{k}": {"sync": "on"} for k in KINDS}})
        world.start()
        self.assertEqual(self.verify(world, code=1)["counts"],
                         {"missing-in-salesforce": 3})
        report = self.verify(world, "--repair")
        self.assertEqual(report["asked"], 3)
        self.assertEqual(report["counts_before"],
                         {"missing-in-salesforce": 3})
        self.assertEqual({key: t["WhoId"] for key, t in world.tasks().items()},
                         {key: world.people[contact].salesforce_id
                          for key in keys})
        world.stop()

    def test_requests_outlive_a_pass_that_fails(self):
        world, contact = self.pair_world()
        keys = self.purged(world, contact, 2)
        # what reads works, the one call that writes does not
        world.write_conf(settings={
            "delivery": {"sync_timeout": "3s"},
            "salesforce": {"time_zone": "Europe/Berlin"},
            **{f"activity.{k}": {"sync": "on"} for k in KINDS}})
        world.salesforce.fault({"method": "PATCH", "path": "*composite*",
                                "action": "status", "code": 503, "body": []})
        world.run("verify", "--repair", code=75)
        self.assertEqual(sorted(self.requests(world)), sorted(keys))
        world.salesforce.fault()
        self.assertEqual(world.sync()["written"], 2)
        self.assertEqual(self.requests(world), [])
        self.assertEqual(set(world.tasks()), set(keys))
        self.verify(world)

    def test_creations_are_ignored(self):
        world, contact = self.pair_world()
        self.purged(world, contact, 1)
        world.write_conf(settings={
            "salesforce": {"time_zone": "Europe/Berlin"},
            "activity.call": {"sync": "on", "created_in_hubspot": "ignore"}})
        report = self.verify(world, "--repair", code=1)
        self.assertEqual(report["counts"], {"missing-in-salesforce": 1})

    def test_for_people_and_without_a_state(self):
        world, contact = self.pair_world()
        self.purged(world, contact, 1)
        out = world.run("verify", code=1).stdout
        self.assertIn("missing-in-salesforce", out)
        self.assertIn("1 of 1 links checked", out)
        world.run("verify", "--repair")
        world.run("verify", "--nonsense", code=64)
        done = self.world().run("verify", code=66)
        self.assertIn("no state", done.stderr)


if __name__ == "__main__":
    unittest.main()
