"""How often the services are asked: no more than they allow, and less often
when few calls are left."""
import contextlib
import json
import os
import sqlite3
import struct
import unittest

from harness import wait_for
from records import Scenario


class Limits(Scenario):
    def refused_for_rate(self, world):
        """The calls that HubSpot has refused for coming too fast."""
        return [c for c in world.hubspot.calls()["calls"]
                if c["status"] == 429]

    def turns(self, world, name):
        """How many calls were let through by a limit that is not reached."""
        with open(os.path.join(world.dir, "var/run", name), "rb") as file:
            _, _, n, _ = struct.unpack("=4Q", file.read(32))
        return n

    def test_rate_limits_are_kept_by_all_stages_together(self):
        """Each call of fetchers, conflict-resolver and writer takes its turn
        in the same window."""
        world = self.world(settings={
            "hubspot": {"poll_interval": "200ms", "search_rate": 100000},
            "salesforce": {"time_zone": "Europe/Berlin",
                           "poll_interval": "200ms"},
            "activity.call": {"sync": "on"}})
        key, = world.load_engagements("call", [world.tied_contact()],
                                      hs_call_title="call")
        world.start()
        wait_for(world.tasks, "the call")
        task = world.tasks()[key]
        world.salesforce.load(Task=[{"Id": task["Id"],
                                     "Description": "words"}])
        wait_for(lambda: "words" in (world.hubspot.dump("calls")[0][
            "properties"].get("hs_call_body") or ""), "the change")
        world.stop()
        made = {is_search: sum(
            c["n"] for c in world.hubspot.calls()["calls"]
            if c["path"].endswith("/search") == is_search)
            for is_search in (True, False)}
        self.assertEqual({True: self.turns(world, "hubspot.searches"),
                          False: self.turns(world, "hubspot.calls")}, made)
        associations = sum(c["n"] for c in world.hubspot.calls()["calls"]
                           if "/associations/" in c["path"])
        self.assertGreater(associations, 0)
        self.assertEqual(self.turns(world, "hubspot.associations"),
                         associations)

    def test_rate_limits_are_kept(self):
        world = self.world(no_limits=False)
        keys = world.load_calls(world.tied_contact(), 450)
        self.figures(world.sync(), fetched=450, written=450)
        self.assertEqual(world.tasks().keys(), set(keys))
        # on a busy machine a call may be late, and meet the next ones
        self.assertLess(sum(c["n"] for c in self.refused_for_rate(world)), 6)

    def test_when_few_calls_are_left_news_is_asked_for_less_often(self):
        world = self.world(settings={
            "hubspot": {"daily_api_limit": 1000000, "poll_interval": "200ms"}})
        world.sync()
        path = os.path.join(world.dir, "var/state.db")
        with contextlib.closing(sqlite3.connect(path)) as db:
            db.execute("UPDATE api SET calls = 999500 WHERE"
                       " service = 'hubspot'")
            db.commit()
        world.start()
        wait_for(lambda: "news is asked for less often" in world.logs(),
                 "the log")
        self.assertRegex(
            world.run("status").stdout,
            r"api calls today, hubspot: 99\d+ of 1000000, \d+ left; news is "
            r"asked for 60 times less often\n"
            r"api calls today, salesforce: \d+ of 100000000, \d+ left\n")
        world.stop()


    def test_no_feed_waits_for_another_to_end(self):
        world = self.world()
        contact = world.tied_contact()
        world.load_calls(contact, 3000)
        few = {"meeting", "note", "task", "sales_email_sent"}
        for kind in few:
            world.load_engagements(kind, [contact])
        world.start()
        wait_for(lambda: len(world.tasks()) == 3000 + len(few), "all")
        world.stop()
        with contextlib.closing(sqlite3.connect(
                os.path.join(world.dir, "var/state.db"))) as db:
            kinds = [kind for kind, in db.execute(
                "SELECT kind FROM outcome ORDER BY rowid")]
        for kind in few:
            self.assertLess(kinds.index(kind), 2000, kind)

    def test_when_the_account_has_few_calls_left(self):
        """What all its apps have used: by the answers' headers."""
        for side, allowed in (("hubspot", 1000000), ("salesforce", 100000)):
            with self.subTest(side):
                self.few_left(side, allowed)

    def few_left(self, side, allowed):
        world = self.world(no_limits=False, settings={
            name: {"poll_interval": "200ms"}
            for name in ("hubspot", "salesforce")})
        service = getattr(world, side)
        world.sync()
        account = self.account(world, side)
        self.assertEqual(account["allowed"], allowed)
        self.assertLess(account["used"], 1000)
        service.use(allowed * 99 // 100)
        world.start()
        wait_for(lambda: "few API calls are left to the account" in
                 world.logs(), "the log")
        line, = [line for line in world.logs().splitlines()
                 if "few API calls are left to the account" in line]
        self.assertRegex(line, rf"service={side} times=2\d used=99\d+ "
                         rf"of={allowed}$")
        self.assertGreater(self.account(world, side)["used"],
                           allowed * 98 // 100)
        said = world.run("status").stdout
        self.assertRegex(said, rf"api calls today, {side}: .*; news is asked "
                         r"for \d\d times less often\n"
                         rf"  the account, all its apps: \d+ of {allowed} calls")
        service.use(0)
        if side == "hubspot":  # the other one asks but each 50 minutes now
            wait_for(lambda: "as often as usual again" in world.logs(),
                     "plenty of calls")
        world.stop()

    def account(self, world, side):
        done = world.run("status", "--json", code=None)
        return json.loads(done.stdout)["api_accounts"][side]


if __name__ == "__main__":
    unittest.main()
