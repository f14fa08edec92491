"""The writer and decisions of the activity sync: what it writes into either
service, once, whatever goes wrong. The decisions are made here."""
import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import unittest
import urllib.request

import msgpack

from harness import WAIT_S, build_dir, iso, now_ms, wait_for
from records import Scenario

CREATE = {"method": "POST", "path": "*/calls/batch/create"}
UPSERT = {"method": "POST", "path": "*/calls/batch/upsert"}
SETTINGS = {"hubspot": {"search_lag": "1s"},
            "activity.call": {"sync": "on"}, "activity.meeting": {"sync": "on"}}


def task_id(number):
    """A Salesforce id that the sandbox gives to nobody."""
    return f"00T9000000{number:05d}EAA"


class Writer(Scenario):
    """Files of events through build/writer."""

    def setUp(self):
        self.w = self.world(settings=SETTINGS)
        self.n = 0

    # -- what goes in -----------------------------------------------------

    def event(self, key, writes, version=0, link=None, kind="call", **more):
        """An event with a decision."""
        self.n += 1
        at = now_ms()
        decision = {"sync": "activity", "version": version, "writes": writes,
                    "base": {"hubspot": {"hs_call_title": "a"},
                             "salesforce": {"hs_call_title": "a"}}} | more
        if link:
            decision["link"] = link
        return {"v": 1, "id": f"{key}@{at}-{self.n}", "key": key,
                "source": key.split(":")[0], "seq": self.n, "op": "upsert",
                "kind": kind, "sync": "activity", "occurred_at": at,
                "modified_at": at, "decision": decision}

    def to_hubspot(self, number, contacts=(), companies=(), **fields):
        """A call that is to be made for a Task."""
        return self.event(f"salesforce:Task:{task_id(number)}", [{
            "target": "hubspot", "object": "calls", "action": "create",
            "fields": {"hs_call_title": f"Call {number}",
                       "hs_timestamp": iso(1_700_000_000_000)} | fields,
            "contacts": list(contacts), "companies": list(companies)}])

    def to_salesforce(self, number, obj="Task", **fields):
        """A Task that is to be made for a call."""
        key = f"hubspot:call:{number}"
        return self.event(key, [{
            "target": "salesforce", "object": obj, "action": "create",
            "fields": {"Subject": f"Call {number}"} | fields}], link=key)

    def spawn(self, events, *flags):
        """The writer on a file of events."""
        path = os.path.join(self.w.dir, "in.events")
        with open(path, "wb") as out:
            for event in events:
                out.write(msgpack.packb(event))
        return subprocess.Popen(
            [os.path.join(build_dir(), "writer"), "--conf", self.w.conf,
             "--name", "writer", "--in", "file:" + path, *flags],
            env=self.w.env, text=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def write(self, *events, code=0, flags=()):
        """Run it to the end; its output."""
        process = self.spawn(events, *flags)
        out, err = process.communicate(timeout=WAIT_S)
        self.assertNotIn("Sanitizer", err)
        self.assertEqual(process.returncode, code, err)
        return out + err

    def ask(self, path, body):
        """A call of the HubSpot API."""
        request = urllib.request.Request(
            self.w.hubspot.base + path, json.dumps(body).encode(),
            {"Content-Type": "application/json",
             "Authorization": "Bearer sandbox-token"})
        with urllib.request.urlopen(request) as answer:
            return json.loads(answer.read() or b"null")

    def add_property(self, is_unique):
        """crmpipe_salesforce_id of calls."""
        self.ask("/crm/v3/properties/calls", {
            "name": "crmpipe_salesforce_id", "label": "Salesforce id",
            "type": "string", "fieldType": "text",
            "groupName": "call_information", "hasUniqueValue": is_unique})

    # -- what came out ----------------------------------------------------

    def rows(self, sql):
        """Of the state."""
        state = os.path.join(self.w.dir, "var", "state.db")
        with contextlib.closing(sqlite3.connect(state)) as db:
            return db.execute(sql).fetchall()

    def links(self):
        """key -> (target, version, snapshot)."""
        return {key: (target, version, msgpack.unpackb(snapshot))
                for key, target, version, snapshot in self.rows(
                    "SELECT key, target, version, snapshot FROM link")}

    def calls(self):
        """The calls in HubSpot by title; none is there twice."""
        found = {}
        for call in self.w.hubspot.dump("calls"):
            title = call["properties"]["hs_call_title"]
            self.assertNotIn(title, found)
            found[title] = call
        return found

    def paired(self, *numbers):
        """Each Task has its one call, linked, and nothing is pending."""
        calls, links = self.calls(), self.links()
        self.assertEqual(sorted(calls), sorted(f"Call {n}" for n in numbers))
        for number in numbers:
            key = "hubspot:call:" + calls[f"Call {number}"]["id"]
            self.assertEqual(links[key][:2],
                             (f"salesforce:Task:{task_id(number)}", 1))
        self.assertEqual(len(links), len(numbers))
        self.assertEqual(self.rows("SELECT * FROM intent"), [])
        return calls

    def n_calls(self, service, pattern):
        """How often a path was called."""
        return sum(c["n"] for c in service.calls()["calls"]
                   if pattern in c["path"])


    def killed_after_the_call(self, service, rule, events, made):
        """kill -9 when the service has done it and the writer does not know.
        """
        service.fault(rule | {"times": 1, "action": "delay", "ms": 1000})
        process = self.spawn(events)
        wait_for(lambda: service.call("/__sandbox/faults")["rules"][0]["fired"],
                 "the call")
        process.send_signal(signal.SIGSTOP)
        wait_for(made, "what it makes")
        process.kill()
        process.communicate()
        self.assertEqual(self.links(), {})
        service.fault()


class IntoSalesforce(Writer):
    """Tasks and Events of HubSpot's records."""

    def test_made_changed_and_deleted(self):
        self.write(self.to_salesforce(1), self.to_salesforce(2),
                   self.to_salesforce(
                       3, "Event", StartDateTime=iso(1_700_000_000_000),
                       DurationInMinutes=30) | {"kind": "meeting"})
        tasks = self.w.tasks()
        self.assertEqual(
            {k: (t["Subject"], t["TaskSubtype"]) for k, t in tasks.items()},
            {f"hubspot:call:{n}": (f"Call {n}", "Call") for n in (1, 2)})
        meeting, = self.w.salesforce.dump("Event")
        self.assertEqual(meeting["HubSpot_Id__c"], "hubspot:call:3")
        links = self.links()
        self.assertEqual(links["hubspot:call:3"][0],
                         "salesforce:Event:" + meeting["Id"])
        self.assertEqual(links["hubspot:call:1"][1:], (1, {
            "hubspot": {"hs_call_title": "a"},
            "salesforce": {"hs_call_title": "a"}, "deleted": {},
            "seen": {}}))
        change, gone = (self.event(f"hubspot:call:{n}", [{
            "target": "salesforce", "object": "Task", "action": action,
            "id": tasks[f"hubspot:call:{n}"]["Id"],
            "fields": {"Subject": "other"}}], 1, f"hubspot:call:{n}",
            **({"deleted": {"hubspot": False, "salesforce": True}}
               if action == "delete" else {}))
            for n, action in ((1, "update"), (2, "delete")))
        self.write(change, gone)
        task, = self.w.salesforce.dump("Task")
        self.assertEqual((task["Id"], task["Subject"]),
                         (tasks["hubspot:call:1"]["Id"], "other"))
        links = self.links()
        self.assertEqual([links[f"hubspot:call:{n}"][1] for n in (1, 2, 3)],
                         [2, 2, 1])
        self.assertEqual(links["hubspot:call:2"][2]["deleted"],
                         {"hubspot": False, "salesforce": True})

    def test_a_restored_one_is_made_anew(self):
        self.write(self.to_salesforce(1))
        old, = self.w.salesforce.dump("Task")
        self.w.salesforce.load(Task=[{"Id": old["Id"], "IsDeleted": True}])
        again = self.to_salesforce(1)
        again["decision"]["version"] = 1
        again["decision"]["writes"][0] |= {"action": "restore",
                                           "id": old["Id"]}
        self.write(again)
        new, = self.w.salesforce.dump("Task")
        self.assertNotEqual(new["Id"], old["Id"])
        self.assertEqual(self.links()["hubspot:call:1"][:2],
                         ("salesforce:Task:" + new["Id"], 2))

    def test_killed_between_the_call_and_the_link(self):
        events = [self.to_salesforce(n) for n in range(3)]
        self.killed_after_the_call(
            self.w.salesforce, {"path": "*/composite/sobjects/*"}, events,
            lambda: self.w.salesforce.dump("Task"))
        self.write(*events)
        self.assertEqual(len(self.w.tasks()), 3)
        self.assertEqual(len(self.links()), 3)

    def test_half_a_batch_is_refused(self):
        self.w.salesforce.fault({
            "method": "PATCH", "path": "*/composite/sobjects/*", "times": 1,
            "action": "partial", "rows": [0, 2],
            "code": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "message": "no"})
        log = self.write(*(self.to_salesforce(n) for n in range(4)))
        self.assertEqual(log.count("record refused"), 2)
        self.assertEqual(sorted(self.links()),
                         ["hubspot:call:1", "hubspot:call:3"])

    def test_a_row_that_passes_by_and_an_answer_that_is_lost(self):
        self.w.salesforce.fault(
            {"path": "*/composite/sobjects/*", "times": 1,
             "action": "commit-then-cut"},
            {"path": "*/composite/sobjects/*", "times": 1, "action": "partial",
             "rows": [1], "code": "UNABLE_TO_LOCK_ROW", "message": "busy"})
        self.write(*(self.to_salesforce(n) for n in range(3)))
        self.assertEqual(len(self.w.tasks()), 3)
        self.assertEqual(len(self.links()), 3)


class IntoHubSpot(Writer):
    """Calls of Salesforce's records."""

    def modes(self):
        """With each kind of property, in a World of its own."""
        for mode, is_unique in (("unique", True), ("plain", False),
                                ("none", None)):
            with self.subTest(mode):
                self.setUp()
                if is_unique is not None:
                    self.add_property(is_unique)
                yield mode

    def ties(self, call):
        """What a call is tied to."""
        found = call["associations"]
        return {name: sorted(str(r["id"] if isinstance(r, dict) else r)
                             for r in (found[name]["results"] if isinstance(
                                 found[name], dict) else found[name]))
                for name in found}

    def test_made_with_what_it_hangs_on(self):
        for mode in self.modes():
            people = [self.w.untied_contact() for _ in range(3)]
            company = self.w.company()
            self.write(self.to_hubspot(1, people[:2], [company]),
                       self.to_hubspot(2, people[2:]), self.to_hubspot(3))
            calls = self.paired(1, 2, 3)
            self.assertEqual(
                [self.ties(calls[f"Call {n}"]) for n in (1, 2)],
                [{"contacts": people[:2], "companies": [company]},
                 {"contacts": people[2:]}])
            made = self.n_calls(self.w.hubspot, "batch/create") \
                + self.n_calls(self.w.hubspot, "batch/upsert")
            self.assertEqual(made, 3 if mode == "unique" else 1)
            if mode != "none":
                self.assertEqual(calls["Call 1"]["properties"][
                    "crmpipe_salesforce_id"], task_id(1))

    def test_made_of_an_older_version_before_a_death(self):
        """The call is there, nobody knows, and its task has changed since: it
        is linked as it is, and decided on anew."""
        for _ in self.modes():
            contact = self.w.untied_contact()
            self.w.env["CRMPIPE_DIE_AT"] = "after-call:1"
            self.write(self.to_hubspot(1, [contact], hs_call_body="old"),
                       code=-signal.SIGKILL)
            del self.w.env["CRMPIPE_DIE_AT"]
            self.assertEqual(self.links(), {})
            log = self.write(self.to_hubspot(1, [contact], hs_call_body="new"),
                             code=75)
            self.assertIn("reason=made-before", log)
            calls = self.paired(1)
            self.assertEqual(calls["Call 1"]["properties"]["hs_call_body"],
                             "old")
            self.assertEqual(self.ties(calls["Call 1"])["contacts"],
                             [contact])

    def test_a_contact_that_is_gone_sinks_nothing(self):
        for _ in self.modes():
            contact = self.w.untied_contact()
            self.write(self.to_hubspot(1, [contact, "999999"]),
                       self.to_hubspot(2, ["999999"]),
                       self.to_hubspot(3, [contact]))
            calls = self.paired(1, 2, 3)
            self.assertEqual([self.ties(calls[f"Call {n}"]).get("contacts")
                              for n in (1, 3)], [[contact]] * 2)

    def test_changed_and_deleted(self):
        self.write(*(self.to_hubspot(n) for n in (1, 2)))
        calls = self.paired(1, 2)
        ids = [calls[f"Call {n}"]["id"] for n in (1, 2)]
        self.write(*(self.event(
            f"salesforce:Task:{task_id(n)}", [{
                "target": "hubspot", "object": "calls", "action": action,
                "id": ids[n - 1], "fields": {"hs_call_title": "other"}}],
            1, f"hubspot:call:{ids[n - 1]}")
            for n, action in ((1, "update"), (2, "delete"))))
        self.assertEqual({t: c["id"] for t, c in self.calls().items()},
                         {"other": ids[0]})
        self.assertEqual({k: v[1] for k, v in self.links().items()},
                         {f"hubspot:call:{i}": 2 for i in ids})

    def test_a_restored_one_has_a_new_key(self):
        for _ in self.modes():
            self.write(self.to_hubspot(1))
            old = self.calls()["Call 1"]["id"]
            self.w.hubspot.load(calls=[{"id": old, "archived": True}])
            again = self.to_hubspot(1)
            again["decision"] |= {"version": 1, "link": f"hubspot:call:{old}"}
            again["decision"]["writes"][0] |= {"action": "restore", "id": old}
            self.write(again)
            new = self.calls()["Call 1"]["id"]
            self.assertEqual({k: v[:2] for k, v in self.links().items()},
                             {f"hubspot:call:{new}":
                              ("salesforce:Task:" + task_id(1), 2)})

    def test_half_a_batch_is_refused(self):
        for mode in self.modes():
            rule = UPSERT if mode == "unique" else CREATE
            self.w.hubspot.fault(rule | {
                "times": 1, "action": "partial", "rows": [1],
                "code": "VALIDATION_ERROR", "message": "no"})
            bad = self.to_hubspot(4, hs_call_direction="SIDEWAYS")
            log = self.write(*(self.to_hubspot(n) for n in (1, 2, 3)), bad)
            self.assertEqual(log.count("record refused"), 2, log)
            self.paired(1, 3)

    def test_an_answer_is_lost_after_the_calls_were_made(self):
        for mode in self.modes():
            rule = UPSERT if mode == "unique" else CREATE
            contact = self.w.untied_contact()
            self.w.hubspot.fault(
                {"action": "lag", "ms": 800},
                rule | {"times": 1, "action": "commit-then-cut"})
            self.write(*(self.to_hubspot(n, [contact]) for n in (1, 2, 3)))
            calls = self.paired(1, 2, 3)
            self.assertEqual(self.ties(calls["Call 2"])["contacts"],
                             [contact])

    def test_an_answer_is_lost_and_nothing_was_made(self):
        for mode in self.modes():
            rule = UPSERT if mode == "unique" else CREATE
            self.w.hubspot.fault(rule | {"times": 1, "action": "status",
                                         "code": 502})
            self.write(self.to_hubspot(1), self.to_hubspot(2))
            self.paired(1, 2)

    def test_two_that_look_alike_are_two(self):
        """No property tells them apart: each takes a record of its own."""
        self.w.hubspot.fault(CREATE | {"times": 1,
                                       "action": "commit-then-cut"})
        self.write(*(self.to_hubspot(n, hs_call_title="same")
                     for n in (1, 2, 3)))
        self.assertEqual(len(self.w.hubspot.dump("calls")), 3)
        self.assertEqual({v[0] for v in self.links().values()},
                         {"salesforce:Task:" + task_id(n) for n in (1, 2, 3)})

    def test_killed_between_the_call_and_the_link(self):
        for mode in self.modes():
            contact = self.w.untied_contact()
            events = [self.to_hubspot(n, [contact]) for n in (1, 2, 3)]
            self.killed_after_the_call(
                self.w.hubspot, UPSERT if mode == "unique" else CREATE, events,
                lambda: self.w.hubspot.dump("calls"))
            self.assertEqual(len(self.rows("SELECT * FROM intent")), 3)
            self.write(*events)
            calls = self.paired(1, 2, 3)
            self.assertEqual({str(self.ties(c)) for c in calls.values()},
                             {str({"contacts": [contact]})})

    def test_records_of_two_kinds_may_have_one_id(self):
        """Both were made before a death; the call is found first, and still in
        hand when the meeting is looked for."""
        contact = self.w.untied_contact()
        meeting = self.event(f"salesforce:Event:{task_id(2)}", [{
            "target": "hubspot", "object": "meetings", "action": "create",
            "fields": {"hs_meeting_title": "Meeting",
                       "hs_timestamp": iso(1_700_000_000_000)}}])
        events = [self.to_hubspot(1, [contact]), meeting | {"kind": "meeting"}]
        self.w.hubspot.fault({"path": "*/calls/batch/create", "times": 1,
                              "action": "commit-then-cut"})
        self.w.env["CRMPIPE_DIE_AT"] = "after-call:2"
        self.write(*events, code=-signal.SIGKILL)
        del self.w.env["CRMPIPE_DIE_AT"]
        made, = self.w.hubspot.dump("meetings")
        self.assertEqual(made["id"], self.calls()["Call 1"]["id"])
        self.w.hubspot.fault({"path": "*/calls/contacts/batch/create",
                              "times": 3, "action": "status", "code": 503})
        self.write(*events)
        self.assertEqual(len(self.w.hubspot.dump("meetings")), 1)
        self.assertEqual(len(self.links()), 2)

    def test_killed_before_the_ties(self):
        self.add_property(True)
        contact = self.w.untied_contact()
        event = self.to_hubspot(1, [contact])
        self.killed_after_the_call(
            self.w.hubspot, {"path": "*/calls/contacts/batch/create"}, [event],
            lambda: self.w.hubspot.dump("calls"))
        self.write(event)
        self.assertEqual(self.ties(self.paired(1)["Call 1"]),
                         {"contacts": [contact]})

    def test_a_service_that_is_away_does_not_stop_the_other(self):
        self.w.hubspot.fault({"action": "status", "code": 503})
        process = self.spawn([self.to_hubspot(1), self.to_salesforce(2),
                              self.to_hubspot(3), self.to_salesforce(4)])
        wait_for(lambda: len(self.w.tasks()) == 2, "the tasks")
        self.assertEqual(self.calls(), {})
        self.w.hubspot.fault()
        _, err = process.communicate(timeout=WAIT_S)
        self.assertEqual(process.returncode, 0, err)
        self.assertEqual(sorted(self.calls()), ["Call 1", "Call 3"])
        self.assertEqual(len(self.links()), 4)


if __name__ == "__main__":
    unittest.main()
