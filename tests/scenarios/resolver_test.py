"""The conflict-resolver on files of events of the activity sync: what it reads
of either service, and what it decides."""
import os
import sqlite3
import subprocess
import unittest

import msgpack
import zmq

from harness import build_dir, iso, now_ms, wait_for
from records import Scenario

ALONE = {"contact_association": "off", "account_association": "off"}
ON = {"activity.call": {"sync": "on", **ALONE},
      "activity.task": {"sync": "on", **ALONE},
      "salesforce": {"time_zone": "UTC"}}
TIED = {"activity.call": {"sync": "on"}}
AT = 1_714_060_800_000  # 2024-04-25T16:00:00Z
AGREED = {"hs_call_title": "Old", "hs_call_status": "Completed",
          "hs_timestamp": "2024-04-25"}
HUBSPOT = {"hs_call_title": "Old", "hs_call_status": "COMPLETED",
           "hs_timestamp": iso(AT)}
SALESFORCE = {"Subject": "Old", "Status": "Completed",
              "ActivityDate": "2024-04-25"}


def event(key, props, seq=1, op="upsert", **more):
    """A call as the normalizer and the window-filter pass it on."""
    return {"v": 1, "id": f"{key}@{seq}", "key": key, "seq": seq, "op": op,
            "source": key.split(":")[0], "kind": "call", "sync": "activity",
            "occurred_at": AT, "modified_at": now_ms(), "props": props,
            "contact": {"hubspot_id": "101", "synced_at": 1, "matches": 1,
                        "salesforce_id": "003000000000001AAA",
                        "salesforce_type": "Contact"},
            "companies": [{"hubspot_id": "7",
                           "salesforce_id": "001000000000001AAA"}]} | more


class Resolver(Scenario):
    """A state with links, and events."""

    def setUp(self):
        self.w = self.world()
        self.w.sync()  # makes the state
        self.w.write_conf(settings=ON)

    def configure(self, **settings):
        """More settings."""
        self.w.write_conf(settings={**ON, **settings})

    def link(self, key, target, snapshot, version=3, kind="call"):
        """Both records were equal so."""
        db = sqlite3.connect(os.path.join(self.w.dir, "var/state.db"))
        with db:
            db.execute("INSERT INTO link VALUES(?,?,?,?,?,?,?)",
                       (key, kind, target, version, 5, 5,
                        msgpack.packb(snapshot)))
        db.close()

    def pair(self, hubspot=None, salesforce=None):
        """A call and its Task, linked, as they are now; key and target."""
        number = str(self.w.number())
        self.w.hubspot.load(calls=[{"id": number, "properties":
                                    HUBSPOT | (hubspot or {})}])
        task = self.task(**(salesforce or {}))
        key, target = f"hubspot:call:{number}", f"salesforce:Task:{task}"
        self.link(key, target, {"hubspot": AGREED, "salesforce": AGREED})
        return key, target

    def task(self, **fields):
        """The id of a Task."""
        def all_ids():
            return {t["Id"] for t in self.w.salesforce.call(
                "/__sandbox/dump?type=Task").get("Task", [])}
        before = all_ids()
        self.w.salesforce.load(Task=[SALESFORCE | {"TaskSubtype": "Call"}
                                     | fields])
        return (all_ids() - before).pop()

    def resolve(self, *events, code=0):
        """What comes out; the decisions by key."""
        path = os.path.join(self.w.dir, "events")
        with open(path, "wb") as file:
            file.write(b"".join(msgpack.packb(e) for e in events))
        done = subprocess.run(
            [build_dir() + "/conflict-resolver", "--conf", self.w.conf,
             "--in", "file:" + path, "--out", "-"], env=self.w.env,
            capture_output=True, check=False, timeout=120)
        self.log = done.stderr.decode()
        self.assertEqual(done.returncode, code, self.log)
        self.assertNotIn("Sanitizer", self.log)
        unpacker = msgpack.Unpacker()
        unpacker.feed(done.stdout)
        return {e["key"]: e["decision"] for e in unpacker}

    def reads(self):
        """How often calls and tasks were read, in HubSpot and Salesforce."""
        def calls(service, path):
            return sum(c["n"] for c in service.calls()["calls"]
                       if path in c["path"])
        return (calls(self.w.hubspot, "calls/batch/read"),
                calls(self.w.salesforce, "queryAll"))


class Files(Resolver):
    """Events in, decisions out."""

    def test_new_in_hubspot(self):
        self.configure(**TIED)
        got = self.resolve(event("hubspot:call:512", HUBSPOT | {
            "hs_call_duration": "90499"}))["hubspot:call:512"]
        self.assertEqual(got, {
            "sync": "activity", "target": "salesforce", "object": "Task",
            "action": "create", "link": "hubspot:call:512", "version": 0,
            "writes": [{"target": "salesforce", "object": "Task",
                        "action": "create", "fields": {
                            "Subject": "Old", "Status": "Completed",
                            "CallDurationInSeconds": 90,
                            "ActivityDate": "2024-04-25",
                            "TaskSubtype": "Call",
                            "WhoId": "003000000000001AAA",
                            "WhatId": "001000000000001AAA"}}],
            "base": {side: AGREED | {
                "hs_call_duration": "90",
                "contact_association": "003000000000001AAA",
                "account_association": "001000000000001AAA"}
                     for side in ("hubspot", "salesforce")},
            "seen": got["seen"], "known": got["seen"],
            "read_at": got["read_at"], "conflicts": []})

    def test_new_in_salesforce(self):
        self.configure(**TIED)
        key = "salesforce:Task:00T000000000001AAA"
        got = self.resolve(event(key, SALESFORCE))[key]
        write, = got["writes"]
        self.assertNotIn("link", got)
        self.assertEqual(write, {
            "target": "hubspot", "object": "calls", "action": "create",
            "fields": {"hs_call_title": "Old", "hs_call_status": "COMPLETED",
                       "hs_timestamp": write["fields"]["hs_timestamp"]},
            "contacts": ["101"], "companies": ["7"],
            "without": {"contact_association": "", "account_association": ""}})
        self.assertEqual(got["base"]["hubspot"], AGREED | {
            "contact_association": "003000000000001AAA",
            "account_association": "001000000000001AAA"})

    def test_a_meeting_without_an_end(self):
        self.configure(**{"activity.meeting": {"sync": "on"}})
        key = "hubspot:meeting:9"
        got = self.resolve(event(key, {"hs_meeting_title": "Kick-off"},
                                 kind="meeting"))[key]
        write, = got["writes"]
        start = write["fields"]["StartDateTime"]
        self.assertEqual((write["object"], write["fields"]), ("Event", {
            "Subject": "Kick-off", "StartDateTime": start,
            "EndDateTime": start, "WhoId": "003000000000001AAA",
            "WhatId": "001000000000001AAA"}))
        self.assertNotIn("hs_meeting_end_time", got["base"]["hubspot"])
        self.assertEqual(got["base"]["salesforce"]["hs_meeting_end_time"],
                         str(AT))

    def test_each_side_gets_what_changed_on_the_other(self):
        one, target = self.pair(salesforce={"CallDisposition": "Busy"})
        got = self.resolve(event(one, HUBSPOT | {
            "hs_call_title": "New"}))[one]
        self.assertEqual([(w["target"], w["action"], w["fields"])
                          for w in got["writes"]],
                         [("hubspot", "update", {"hs_call_disposition":
                           "9d9162e7-6cf3-4944-bf63-4dff82258764"}),
                          ("salesforce", "update", {"Subject": "New"})])
        self.assertEqual(got["writes"][1]["id"], target.split(":")[2])
        self.assertEqual((got["link"], got["version"]), (one, 3))
        self.assertEqual(got["base"]["hubspot"], got["base"]["salesforce"])

    def test_a_conflict_is_settled_and_told(self):
        key, target = self.pair(hubspot={"hs_call_title": "Theirs"})
        got = self.resolve(event(target, SALESFORCE | {
            "Subject": "Ours"}))[target]
        self.assertEqual(got["writes"][0]["fields"], {"hs_call_title": "Ours"})
        self.assertEqual(got["writes"][0]["id"], key.split(":")[2])
        self.assertEqual(got["conflicts"], [
            {"property": "hs_call_title", "field": "hs_call_title",
             "kept": "Ours", "lost": "Theirs", "kept_side": "salesforce"}])
        self.assertEqual(got["writes"][0]["was"],
                         {"hs_call_title": "Theirs"})

    def test_what_is_equal_asks_nobody(self):
        key, target = self.pair()
        before = self.reads()
        got = self.resolve(event(key, HUBSPOT), event(target, SALESFORCE, 2))
        self.assertEqual([d["writes"] for d in got.values()], [[], []])
        self.assertEqual(self.reads(), before)

    def test_many_are_read_in_one_call(self):
        pairs = [self.pair() for _ in range(20)]
        hubspot, salesforce = self.reads()
        changed = HUBSPOT | {"hs_call_title": "New"}
        got = self.resolve(*(event(key, changed, i)
                             for i, (key, _) in enumerate(pairs[:10])),
                           *(event(target, SALESFORCE | {"Subject": "New"}, i)
                             for i, (_, target) in enumerate(pairs[10:])))
        self.assertEqual(len(got), 20)
        self.assertEqual(self.reads(), (hubspot + 1, salesforce + 1))

    def test_gone_on_the_other_side(self):
        key, target = self.pair(salesforce={"IsDeleted": True})
        other, _ = self.pair()
        missing = "hubspot:call:4711"
        self.link(missing, "salesforce:Task:00T00000000ZZZZAAA",
                  {"hubspot": AGREED, "salesforce": AGREED})
        got = self.resolve(
            event(key, HUBSPOT | {"hs_call_title": "New"}),
            event(missing, HUBSPOT | {"hs_call_title": "New"}, 2),
            event(other, None, 3, op="delete"))
        self.assertEqual(sorted(got), sorted([key, other]))
        self.assertEqual((got[key]["writes"], got[key]["deleted"]),
                         ([], {"salesforce": False}))
        self.assertEqual((got[other]["writes"], got[other]["deleted"]),
                         ([], {"hubspot": False}))
        self.assertEqual(got[key]["base"]["hubspot"], AGREED)

    def test_a_timeline_task_is_adopted(self):
        written = {"Subject": "HubSpot call: Old", "Description": "Direction"}
        task = self.task(**written)
        key = "hubspot:call:512"
        self.link(key, f"salesforce:Task:{task}",
                  {"digest": "0123", "task": written}, version=1)
        got = self.resolve(event(key, HUBSPOT))[key]
        self.assertEqual([(w["target"], w["action"], w["id"], w["fields"])
                          for w in got["writes"]],
                         [("salesforce", "update", task,
                           {"Subject": "Old", "Description": None})])
        self.assertEqual(got["version"], 1)

    def test_owners_by_address(self):
        self.w.hubspot.load(owners=[
            {"id": "11", "email": "Ann@example.com"},
            {"id": "12", "email": "nobody@example.com"}])
        self.w.salesforce.load(User=[{
            "Username": "ann@example.com", "Email": "ann@example.com",
            "LastName": "Ann", "IsActive": True, "UserType": "Standard"}])
        ann = next(u["Id"] for u in self.w.salesforce.dump("User")
                   if u["Email"] == "ann@example.com")
        self.configure(owners={"sync": "on"})
        one, two, three = "hubspot:call:1", "hubspot:call:2", "hubspot:call:3"
        def owned(key, owner, seq):
            return event(key, HUBSPOT | {"hubspot_owner_id": owner}, seq)
        got = self.resolve(owned(one, "11", 1), owned(two, "12", 2),
                           owned(three, None, 3))
        def owner(key):
            return got[key]["writes"][0]["fields"]["OwnerId"]
        self.assertEqual(owner(one), ann)
        # nobody matches: whoever it is signed in as, which is said
        self.assertNotEqual(owner(two), ann)
        self.assertEqual(owner(two), owner(three))
        self.configure(owners={"sync": "on", "fallback": "ANN@example.com"})
        got = self.resolve(owned(two, "12", 2))
        self.assertEqual(owner(two), ann)

    def test_an_outage_is_waited_out_and_told_once(self):
        key, _ = self.pair()
        self.w.salesforce.fault({"path": "queryAll", "times": 4,
                                 "action": "status", "code": 503})
        got = self.resolve(event(key, HUBSPOT | {"hs_call_title": "New"}),
                           event("hubspot:call:9", HUBSPOT, 2))
        self.assertEqual(sorted(got), sorted([key, "hubspot:call:9"]))
        self.assertEqual(self.log.count("cannot be read now"), 1, self.log)
        self.assertEqual(self.log.count("can be read again"), 1, self.log)

    def test_what_is_left_of_a_file_is_told(self):
        key, _ = self.pair()
        self.w.salesforce.fault({"path": "queryAll", "times": 100000,
                                 "action": "status", "code": 503})
        self.configure(delivery={"drain_timeout": "1s", "retry_min": "50ms",
                                 "retry_max": "100ms"})
        self.resolve(event(key, HUBSPOT | {"hs_call_title": "New"}), code=75)
        self.assertIn("1 events of the input were not decided", self.log)

    def test_refused_credentials_end_it(self):
        key, target = self.pair()
        self.w.env["HUBSPOT_TOKEN"] = "wrong"
        self.resolve(event(target, SALESFORCE | {"Subject": "New"}), code=78)
        self.assertIn("HubSpot refuses the token", self.log)

    def test_without_activity_sync_no_credentials(self):
        for name in ("HUBSPOT_TOKEN", "SALESFORCE_CLIENT_ID"):
            del self.w.env[name]
        self.w.write_conf()
        self.assertEqual(self.resolve(event("hubspot:call:9", HUBSPOT)), {})


class Live(Resolver):
    """The stage between its wires."""

    def setUp(self):
        super().setUp()
        os.makedirs(self.w.dir + "/var/run", exist_ok=True)
        context = zmq.Context()
        self.addCleanup(context.destroy, 0)
        def wire(name, kind):
            socket = context.socket(kind)
            bind = socket.bind if kind == zmq.PULL else socket.connect
            bind(f"ipc://{self.w.dir}/var/run/{name}")
            return socket
        self.out = wire("writer.in", zmq.PULL)
        self.back = wire("fetcher-hubspot.outcomes", zmq.PULL)
        self.push = wire("conflict-resolver.in", zmq.PUSH)
        self.ctl = wire("conflict-resolver.ctl", zmq.REQ)

    def start(self):
        """Start it; its log goes to a file."""
        log = open(os.path.join(self.w.dir, "log"), "wb")
        self.addCleanup(log.close)
        self.process = subprocess.Popen(
            [build_dir() + "/conflict-resolver", "--conf", self.w.conf],
            env=self.w.env, stderr=log)
        self.addCleanup(self.process.kill)

    def receive(self, n):
        """The next n events that it passes on."""
        unpacker, got = msgpack.Unpacker(), []
        while len(got) < n:
            self.assertTrue(self.out.poll(60_000), self.w.text("log"))
            unpacker.feed(self.out.recv())
            got += list(unpacker)
        return got

    def stats(self):
        """Its figures."""
        self.ctl.send(msgpack.packb("stats"))
        self.assertTrue(self.ctl.poll(60_000))
        return msgpack.unpackb(self.ctl.recv())

    def test_who_needs_no_answer_does_not_wait(self):
        key, _ = self.pair()
        changed = HUBSPOT | {"hs_call_title": "New"}
        waits = event(key, changed)
        self.w.salesforce.fault({"path": "queryAll", "times": 1_000_000,
                                 "action": "status", "code": 503})
        self.start()
        timeline = event("hubspot:note:1", {"body": "x"}, 5, kind="note")
        del timeline["sync"]
        for e in (waits, event("hubspot:call:9", HUBSPOT, 2), timeline,
                  waits | {"seq": 7}):
            self.push.send(msgpack.packb(e))
        self.assertEqual({e["key"] for e in self.receive(2)},
                         {"hubspot:call:9", "hubspot:note:1"})
        wait_for(lambda: self.stats()["in_hand"] == 2, "both to wait")
        self.assertGreater(self.stats()["api_calls"]["salesforce"], 0)
        self.w.salesforce.fault()
        self.assertEqual([e["seq"] for e in self.receive(2)], [1, 7])
        # at a stop, what waits is left to the fetcher
        self.w.salesforce.fault({"path": "queryAll", "times": 1_000_000,
                                 "action": "status", "code": 503})
        self.push.send(msgpack.packb(waits | {"seq": 8}))
        wait_for(lambda: self.stats()["in_hand"] == 1, "it to wait")
        self.process.terminate()
        self.assertEqual(self.process.wait(60), 0)
        log = self.w.text("log")
        self.assertIn("they will be sent again", log)
        self.assertNotIn("Sanitizer", log)


if __name__ == "__main__":
    unittest.main()
