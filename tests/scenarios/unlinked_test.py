"""A pair whose HubSpot record was made, and then the writer died: there is no
link yet, and the record comes back as if a user had made it."""
import contextlib
import json
import os
import signal
import sqlite3
import unittest
import urllib.request

from harness import wait_for
from pair_case import Pairs

PROPERTY = "crmpipe_salesforce_id"


class Unlinked(Pairs):
    """Calls, with the property that says for which record one was made."""

    def with_property(self, is_unique, **rules):
        """A World and a contact. None: it is not there."""
        world = self.world(settings={
            "hubspot": {"poll_interval": "200ms", "search_lag": "2s"},
            "salesforce": {"poll_interval": "200ms",
                           "time_zone": "Europe/Berlin"},
            "activity.call": {"sync": "on", **rules}})
        contact = world.tied_contact()
        if is_unique is None:
            return world, contact
        with urllib.request.urlopen(urllib.request.Request(
                world.hubspot.base + "/crm/v3/properties/calls",
                json.dumps({"name": PROPERTY, "label": "Salesforce id",
                            "type": "string", "fieldType": "text",
                            "groupName": "call_information",
                            "hasUniqueValue": is_unique}).encode(),
                {"Content-Type": "application/json",
                 "Authorization": "Bearer sandbox-token"})):
            return world, contact

    def dies_after_the_call(self, world, made, what):
        """The writer makes a record, and that is the last that it does."""
        world.env["CRMPIPE_DIE_AT"] = "after-call:1"
        world.start()
        wait_for(made, what)
        world.kill_all()
        del world.env["CRMPIPE_DIE_AT"]

    def made_before_a_death(self, world, contact):
        """A call is there, the writer is not; its Task's id."""
        task = self.add_salesforce(world, "call", contact, Subject="Call",
                                   Description="as made")
        self.dies_after_the_call(
            world, lambda: world.hubspot.dump("calls"), "the call")
        return task

    def test_the_made_one_comes_first(self):
        for is_unique in (True, False):
            with self.subTest(is_unique=is_unique):
                world, contact = self.with_property(is_unique)
                task = self.made_before_a_death(world, contact)
                call, = world.hubspot.dump("calls")
                with self.without_feed(world, "salesforce"):
                    wait_for(lambda w=world, c=call: w.run(
                        "explain", c["id"], code=None).returncode == 0,
                        "the call's event to end")
                world.kill_all()
                world.sync()
                self.assertEqual([t["Id"] for t in
                                  world.salesforce.dump("Task")], [task])
                self.is_quiet(world)

    def test_without_the_property_it_waits_for_the_one_that_it_is_of(self):
        """However long ago the call was made: only that record's own event
        can tell what came of it."""
        world, contact = self.with_property(None)
        task = self.made_before_a_death(world, contact)
        path = os.path.join(world.dir, "var/state.db")
        with contextlib.closing(sqlite3.connect(path)) as db:
            db.execute("UPDATE intent SET at = at - 3600000")
            db.commit()
        with self.without_feed(world, "salesforce"):
            wait_for(lambda: world.status()["stages"]["writer"].get("waiting"),
                     "the call's event to wait")
        world.stop()
        world.sync()
        self.assertEqual([t["Id"] for t in world.salesforce.dump("Task")],
                         [task])
        self.assertEqual(len(world.hubspot.dump("calls")), 1)
        self.is_quiet(world)

    def both_say(self, world, body, seconds):
        """The one pair's values; both sides are equal, and quiet."""
        call, = world.hubspot.dump("calls")
        task, = world.salesforce.dump("Task")
        self.assertEqual((task["Description"], task["CallDurationInSeconds"]),
                         (body, seconds))
        self.assertIn(body, call["properties"]["hs_call_body"])
        self.assertEqual(call["properties"]["hs_call_duration"],
                         str(seconds * 1000))
        self.is_quiet(world)

    def lost(self, world):
        """What the conflicts say has given way."""
        shown = json.loads(world.run("conflicts", "--json").stdout)
        return [c["lost"] for c in shown["conflicts"]]

    def stop_without_a_lock(self, world, pid):
        """SIGSTOP; not while it writes the state, which would stop all."""
        def stop():
            os.kill(pid, signal.SIGSTOP)
            with contextlib.closing(sqlite3.connect(
                    os.path.join(world.dir, "var/state.db"), timeout=2)) as db:
                try:
                    db.execute("BEGIN IMMEDIATE")
                    return True
                except sqlite3.OperationalError:
                    os.kill(pid, signal.SIGCONT)
                    return False
        wait_for(stop, "a stop without a lock")

    @contextlib.contextmanager
    def without_feed(self, world, side):
        """The chain runs, and nothing comes from this side."""
        service, pattern = (
            (world.salesforce, "*/queryAll*") if side == "salesforce" else
            (world.hubspot, "*/calls/search"))
        service.fault({"path": pattern, "action": "status", "code": 503})
        world.start()
        self.stop_without_a_lock(world, world.pid("fetcher-" + side))
        service.fault()
        yield
        os.kill(world.pid("fetcher-" + side), signal.SIGCONT)

    def sync_in_order(self, world, first):
        """The event of this side's record is there before the other's."""
        with self.without_feed(world, {"hubspot": "salesforce",
                                       "salesforce": "hubspot"}[first]):
            wait_for(lambda: world.status()["stages"]["writer"].get("in"),
                     "its event")
        world.kill_all()
        world.sync()

    def test_what_a_user_changes_before_the_link_is_no_conflict(self):
        """The side that is preferred says what we have made of the other."""
        for is_unique in (True, False, None):
            for first in ("hubspot", "salesforce"):
                with self.subTest(is_unique=is_unique, first=first):
                    world, contact = self.with_property(is_unique,
                                                        prefer="hubspot")
                    task = self.made_before_a_death(world, contact)
                    world.salesforce.load(Task=[{"Id": task,
                                                 "Description": "changed"}])
                    call, = world.hubspot.dump("calls")
                    world.change("hubspot:call:" + call["id"],
                                 hs_call_duration="90000")
                    self.sync_in_order(world, first)
                    self.both_say(world, "changed", 90)
                    self.assertEqual(self.lost(world), [])

    def test_of_two_changes_before_the_link_one_is_kept(self):
        world, contact = self.with_property(True, prefer="hubspot")
        task = self.made_before_a_death(world, contact)
        world.salesforce.load(Task=[{"Id": task, "Description": "one"}])
        call, = world.hubspot.dump("calls")
        world.change("hubspot:call:" + call["id"], hs_call_body="other")
        world.sync()
        self.both_say(world, "other", 65)
        self.assertEqual(self.lost(world), ["one"])

    def test_a_task_that_was_made_is_changed_before_the_link(self):
        for first in ("hubspot", "salesforce"):
            with self.subTest(first=first):
                world, contact = self.with_property(None)
                key, = world.load_engagements(
                    "call", [contact], hs_call_title="Call",
                    hs_call_body="as made")
                self.dies_after_the_call(
                    world, lambda w=world: w.salesforce.dump("Task"),
                    "the Task")
                world.change(key, hs_call_body="changed")
                task, = world.salesforce.dump("Task")
                world.salesforce.load(Task=[{"Id": task["Id"],
                                             "CallDurationInSeconds": 90}])
                self.sync_in_order(world, first)
                self.both_say(world, "changed", 90)
                self.assertEqual(self.lost(world), [])

    def test_a_copy_is_a_record_of_its_own(self):
        """A user's copy names what the first one is linked with."""
        world, contact = self.with_property(False)
        task = self.add_salesforce(world, "call", contact, Subject="Call")
        world.sync()
        world.load_engagements("call", [contact], hs_call_title="Copy",
                               **{PROPERTY: task})
        world.sync()
        self.assertEqual(sorted(t["Subject"] for t in
                                world.salesforce.dump("Task")),
                         ["Call", "Copy"])
        self.assertEqual(world.sync()["written"], 0)


if __name__ == "__main__":
    unittest.main()
