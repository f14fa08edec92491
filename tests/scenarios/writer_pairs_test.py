"""The writer and decisions as a whole: two writes, links, versions, conflicts."""
import datetime
import signal
import unittest

from harness import now_ms, wait_for
import writer_test
from writer_test import CREATE, task_id


def ms_of(stamp):
    """A time of Salesforce, ms since 1970 UTC."""
    return int(datetime.datetime.strptime(
        stamp, "%Y-%m-%dT%H:%M:%S.%f%z").timestamp()) * 1000


class Pairs(writer_test.Writer):
    """Links, and decisions as a whole."""

    def test_two_writes_and_conflicts(self):
        self.write(self.to_hubspot(1))
        call, task = self.calls()["Call 1"]["id"], None
        self.w.salesforce.load(Task=[{"Subject": "x"}])
        task, = self.w.salesforce.dump("Task")
        link = f"hubspot:call:{call}"
        self.write(self.event(link, [
            {"target": "salesforce", "object": "Task", "action": "update",
             "id": task["Id"], "fields": {"Subject": "new"}},
            {"target": "hubspot", "object": "calls", "action": "update",
             "id": call, "fields": {"hs_call_direction": "INBOUND"}}],
            1, link, conflicts=[{"property": "hs_call_title", "kept": "new",
                                 "lost": "old", "kept_side": "hubspot"}]))
        task, = self.w.salesforce.dump("Task")
        self.assertEqual(task["Subject"], "new")
        self.assertEqual(self.calls()["Call 1"]["properties"][
            "hs_call_direction"], "INBOUND")
        self.assertEqual(self.links()[link][1], 2)
        self.assertEqual(self.rows("SELECT key, property, kept, lost, "
                                   "kept_side FROM conflict"),
                         [(link, "hs_call_title", "new", "old", "hubspot")])

    def test_many_of_both_sides_are_packed(self):
        events = []
        for n in range(250):
            events += [self.to_hubspot(n), self.to_salesforce(n + 1000)]
        self.write(*events)
        self.assertEqual(len(self.calls()), 250)
        self.assertEqual(len(self.w.tasks()), 250)
        self.assertEqual(len(self.links()), 500)
        self.assertLessEqual(self.n_calls(self.w.hubspot, "create"), 4)
        self.assertLessEqual(self.n_calls(self.w.salesforce, "composite"), 3)

    def test_versions_of_one_record_go_one_after_the_other(self):
        self.write(self.to_hubspot(1))
        link = next(iter(self.links()))
        task, call = f"salesforce:Task:{task_id(1)}", link.split(":")[2]
        first, second = (self.event(key, [{
            "target": "hubspot", "object": "calls", "action": "update",
            "id": call, "fields": {"hs_call_title": title}}], 1, link)
            for key, title in ((task, "first"), (link, "second")))
        log = self.write(first, second, code=75)
        self.assertEqual(log.count("reason=link-moved"), 1, log)
        self.assertEqual(list(self.calls()), ["first"])
        self.assertEqual(self.links()[link][1], 2)

    def test_a_link_that_moved_on(self):
        self.write(self.to_hubspot(1))
        link = next(iter(self.links()))
        call = link.rsplit(":", 1)[1]
        change = [{"target": "hubspot", "object": "calls", "action": "update",
                   "id": call, "fields": {"hs_call_title": "other"}}]
        task = f"salesforce:Task:{task_id(1)}"
        log = self.write(
            self.to_hubspot(1),                      # knows of no link
            self.event(task, change, 7, link),       # of another version
            self.event(task, change, 1, "hubspot:call:9"),  # there is none
            code=75)
        self.assertEqual(log.count("reason=link-moved"), 3, log)
        self.paired(1)

    def test_two_of_one(self):
        """Two calls are found to be the same as one task: the first is."""
        task = f"salesforce:Task:{task_id(1)}"
        first, second, third = (self.event(
            f"hubspot:call:{n}", [], link=f"hubspot:call:{n}")
            | {"other": task} for n in (1, 2, 3))
        log = self.write(first, second, code=75)
        self.assertEqual(log.count("reason=link-moved"), 1, log)
        log = self.write(third, code=75)
        self.assertEqual(log.count("reason=link-moved"), 1, log)
        self.assertEqual({k: v[0] for k, v in self.links().items()},
                         {"hubspot:call:1": task})

    def reads(self, side):
        """How often the writer has asked that side for versions."""
        return (self.n_calls(self.w.hubspot, "batch/read") if side == "hubspot"
                else self.n_calls(self.w.salesforce, "/query"))

    def titles(self, side):
        """Of all records there."""
        return set(self.calls()) if side == "hubspot" else {
            t["Subject"] for t in self.w.salesforce.dump("Task")}

    def change(self, pair, side, event_of, **more):
        """An event of one side's record that changes the title on a side."""
        link, (task, version, _) = pair
        return self.event(
            link if event_of == "hubspot" else task,
            [{"target": "hubspot", "object": "calls", "action": "update",
              "id": link.split(":")[2], "fields": {"hs_call_title": "new"}}
             if side == "hubspot" else
             {"target": "salesforce", "object": "Task", "action": "update",
              "id": task.split(":")[2], "fields": {"Subject": "new"}}],
            version, link, **more)

    def test_a_record_that_has_moved_on_is_not_overwritten(self):
        self.write(self.to_salesforce(1))
        self.write(self.to_hubspot(2))
        pairs = {("hubspot" if "00T9" in p[1][0] else "salesforce"): p
                 for p in self.links().items()}
        for side, pair in pairs.items():
            other = "salesforce" if side == "hubspot" else "hubspot"
            old = {"seen": {side: now_ms() - 60_000}}
            reads = self.reads(side)
            log = self.write(self.change(pair, side, other, **old), code=75)
            self.assertIn("reason=record-moved", log)
            self.assertEqual(self.reads(side), reads + 1)
            # its own newer version comes as an event of its own; this one
            # was fetched long ago, whenever the other side was read
            self.write(self.change(pair, side, side, **old))
            self.write(self.change(pair, side, side, **old,
                                   read_at=now_ms()))
            self.assertEqual(self.titles(side), {"Call 2" if side == "hubspot"
                                                 else "Call 1"})
            self.assertEqual(self.links()[pair[0]], pair[1])

            # a version that is not older is written over
            self.write(self.change(pair, side, other,
                                   seen={side: now_ms() + 60_000}))
            self.assertEqual(self.titles(side), {"new"})

    def test_of_many_that_have_moved_on_none_is_overwritten(self):
        """As many as a call takes are asked for at one time."""
        self.write(*(self.to_salesforce(n) for n in range(90)))
        titles = self.titles("salesforce")
        log = self.write(*(self.change(
            pair, "salesforce", "hubspot",
            seen={"salesforce": now_ms() - 60_000})
            for pair in self.links().items()), code=75)
        self.assertEqual(log.count("reason=record-moved"), 90)
        self.assertEqual(self.titles("salesforce"), titles)

    def test_many_that_were_made_before_a_death_are_found(self):
        self.w.env["CRMPIPE_DIE_AT"] = "after-call:1"
        events = [self.to_salesforce(n) for n in range(90)]
        self.write(*events, code=-signal.SIGKILL)
        del self.w.env["CRMPIPE_DIE_AT"]
        self.write(*events)
        self.assertEqual(len(self.links()), 90)
        self.assertEqual(self.n_calls(self.w.salesforce, "/HubSpot_Id__c"), 1)

    def test_what_gives_way_is_kept_before_it_does(self):
        """Also if the answer to the write is lost; and once."""
        self.write(self.to_salesforce(1))
        pair, = self.links().items()
        self.w.salesforce.fault({"method": "PATCH", "times": 1,
                                 "action": "commit-then-cut"})
        lost = {"property": "hs_call_title", "kept": "new", "lost": "old",
                "kept_side": "hubspot"}
        def change(stamp):
            return self.change(pair, "salesforce", "hubspot",
                               conflicts=[lost], seen={"salesforce": stamp})
        task, = self.w.salesforce.dump("Task")
        stamp = task["SystemModstamp"]
        wait_for(lambda: now_ms() // 1000 * 1000 > ms_of(stamp),
                 "the next second")
        self.write(change(ms_of(stamp)), code=75)
        self.assertEqual(self.titles("salesforce"), {"new"})
        kept = "SELECT property, kept, lost, kept_side FROM conflict"
        self.assertEqual(self.rows(kept), [tuple(lost.values())])
        self.write(change(now_ms() + 60_000))
        self.assertEqual(self.rows(kept), [tuple(lost.values())])
        self.assertEqual(self.links()[pair[0]][1], 2)

    def test_a_reading_of_the_future_is_not_believed(self):
        self.write(self.to_salesforce(1))
        pair, = self.links().items()
        self.write(self.change(pair, "salesforce", "hubspot",
                               seen={"salesforce": 1},
                               read_at=now_ms() + 1_000_000_000), code=75)
        self.assertEqual(self.titles("salesforce"), {"Call 1"})

    def test_nothing_to_write(self):
        self.write(self.to_hubspot(1))
        link, (_, _, snapshot) = next(iter(self.links().items()))
        same = {k: snapshot[k] for k in ("hubspot", "salesforce")}
        self.write(self.event(link, [], 1, link, base=same))
        self.assertEqual(self.links()[link][1], 1)
        self.write(self.event(link, [], 1, link, base=same | {
            "hubspot": {"hs_call_title": "b"}}))
        self.assertEqual(self.links()[link][1:], (2, snapshot | {
            "hubspot": {"hs_call_title": "b"}}))

    def test_a_record_that_is_gone(self):
        self.write(self.to_hubspot(1), self.to_salesforce(2))
        (first, _), (second, (target, _, _)) = sorted(
            self.links().items(), key=lambda item: item[1][0] != (
                "salesforce:Task:" + task_id(1)))
        call, task = first.rsplit(":", 1)[1], target.rsplit(":", 1)[1]
        self.w.hubspot.load(calls=[{"id": call, "archived": True}])
        self.w.salesforce.load(Task=[{"Id": task, "IsDeleted": True}])

        def decide(action):
            return (self.event(first, [
                {"target": "hubspot", "object": "calls", "action": action,
                 "id": call, "fields": {"hs_call_title": "x"}}], 1, first),
                self.event(second, [
                    {"target": "salesforce", "object": "Task", "id": task,
                     "action": action, "fields": {"Subject": "x"}}],
                    1, second))
        log = self.write(*decide("update"), code=75)
        self.assertEqual(log.count("reason=record-gone"), 2, log)
        self.write(*decide("delete"))
        self.assertEqual([v[1] for v in self.links().values()], [2, 2])

    def test_a_call_that_may_be_ours_is_not_made_in_salesforce(self):
        """HubSpot's feed brings a call that we made, before its answer's loss
        is seen to."""
        self.w.hubspot.fault(CREATE | {"times": 1,
                                       "action": "commit-then-cut"})
        process = self.spawn([self.to_hubspot(1)])
        call = wait_for(lambda: self.w.hubspot.dump("calls"), "the call")[0]
        wait_for(lambda: self.rows("SELECT * FROM intent"), "the intent")
        process.send_signal(signal.SIGKILL)
        process.communicate()
        log = self.write(self.to_salesforce(call["id"]), self.to_hubspot(1),
                         code=75)
        self.assertIn("link-moved", log)
        self.assertEqual(self.w.salesforce.dump("Task"), [])
        self.paired(1)

    def test_bad_decisions(self):
        def bad(**write):
            return self.event("hubspot:call:1", [{
                "target": "salesforce", "object": "Task", "action": "update",
                "id": task_id(1), "fields": {}} | write], 0, "hubspot:call:1")
        log = self.write(
            bad(action="burn"), bad(object="Lead"), bad(id="1,2"),
            bad(fields=7), bad(target="hubspot"),
            bad(target="hubspot", object="calls", id="a"))
        self.assertEqual(log.count("reason=bad-decision"), 6, log)

    def test_dry_run(self):
        events = (self.to_hubspot(1), self.to_salesforce(2), self.event(
            "hubspot:call:3", [{"target": "salesforce", "object": "Task",
                                "action": "delete", "id": task_id(3)}],
            4, "hubspot:call:3"))
        out = self.write(*events, flags=["--dry-run"]).splitlines()
        self.assertEqual([line for line in out if " -> " in line], [
            f'Task {task_id(1)} "a" -> HubSpot call created (new in Salesforce): '
            'hs_call_title: "Call 1", '
            'hs_timestamp: "2023-11-14T22:13:20.000Z"',
            'call 2 "a" -> Salesforce Task created (new in HubSpot): '
            'Subject: "Call 2"',
            f'call 3 "a" -> Salesforce Task {task_id(3)} deleted '
            "(deleted in HubSpot)"])
        self.assertEqual(self.w.hubspot.calls()["total"], 0)
        self.assertEqual(self.calls(), {})


