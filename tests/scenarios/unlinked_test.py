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

    def with_property(self, is_unique):
        """A World and a contact. None: it is not there."""
        world = self.world(settings={
            "hubspot": {"poll_interval": "200ms", "search_lag": "2s"},
            "salesforce": {"poll_interval": "200ms",
                           "time_zone": "Europe/Berlin"},
            "activity.call": {"sync": "on"}})
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

    def made_before_a_death(self, world, contact):
        """A call is there, the writer is not; its Task's id."""
        task = self.add_salesforce(world, "call", contact, Subject="Call")
        world.env["CRMPIPE_DIE_AT"] = "after-call:1"
        world.start()
        wait_for(lambda: world.hubspot.dump("calls"), "the call")
        world.kill_all()
        del world.env["CRMPIPE_DIE_AT"]
        return task

    def test_the_made_one_comes_first(self):
        for is_unique in (True, False):
            with self.subTest(is_unique=is_unique):
                world, contact = self.with_property(is_unique)
                task = self.made_before_a_death(world, contact)
                world.salesforce.fault({"path": "*/queryAll*",
                                        "action": "status", "code": 503})
                world.start()
                os.kill(world.pid("fetcher-salesforce"), signal.SIGSTOP)
                world.salesforce.fault()
                call, = world.hubspot.dump("calls")
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
        world.salesforce.fault({"path": "*/queryAll*", "action": "status",
                                "code": 503})
        world.start()
        os.kill(world.pid("fetcher-salesforce"), signal.SIGSTOP)
        world.salesforce.fault()
        wait_for(lambda: world.status()["stages"]["writer"].get("waiting"),
                 "the call's event to wait")
        os.kill(world.pid("fetcher-salesforce"), signal.SIGCONT)
        world.stop()
        world.sync()
        self.assertEqual([t["Id"] for t in world.salesforce.dump("Task")],
                         [task])
        self.assertEqual(len(world.hubspot.dump("calls")), 1)
        self.is_quiet(world)

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
