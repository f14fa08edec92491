"""One sync after the other: what is new comes, each once."""
import contextlib
import json
import os
import sqlite3
import struct
import unittest

from harness import DAY_MS, now_ms, wait_for
from records import Scenario


class Passes(Scenario):
    """A sync, something happens, a sync."""

    finds_leaks = True

    def test_nothing_is_there(self):
        self.figures(self.world().sync())

    def test_first_sync_then_only_what_is_new(self):
        world = self.world()
        contact = world.tied_contact()
        keys = world.load_calls(contact, 3)
        self.figures(world.sync(), fetched=3, written=3)
        tasks = world.tasks()
        self.assertEqual(sorted(tasks), sorted(keys))
        self.figures(world.sync())
        self.assertEqual(world.tasks(), tasks)  # not even written again
        keys += world.load_calls(contact, 2)
        self.figures(world.sync(), fetched=2, written=2)
        self.assertEqual(sorted(world.tasks()), sorted(keys))
        self.figures(world.sync())

    def test_the_summary_has_all_its_figures(self):
        world = self.world()
        contact = world.tied_contact()
        world.load_calls(contact, 1)
        summary = world.sync()
        self.assertGreater(summary["api_calls"]["hubspot"], 5)
        self.assertGreater(summary["api_calls"]["salesforce"], 0)
        self.assertGreater(summary["seconds"], 0)
        self.assertEqual(summary["conflicts"], 0)
        status = json.loads(world.run("status", "--json", code=3).stdout)
        for name in ("hubspot", "salesforce"):
            self.assertEqual(status["api_calls"][name],
                             getattr(world, name).calls()["total"])

    def test_an_edited_call_changes_its_one_task(self):
        world = self.world()
        key, = world.load_calls(world.tied_contact(), 1)
        world.sync()
        before = world.tasks()[key]
        world.change(key, hs_call_title="Yearly", hs_call_duration="")
        self.figures(world.sync(), fetched=1, written=1)
        after, = world.tasks().values()
        self.assertEqual((after["Id"], after["Subject"]),
                         (before["Id"], "HubSpot call: Yearly"))
        self.assertIsNone(after["CallDurationInSeconds"])
        self.figures(world.sync())

    def test_a_change_of_what_does_not_matter_writes_nothing(self):
        world = self.world()
        key, = world.load_calls(world.tied_contact(), 1)
        world.sync()
        before = world.tasks()
        world.change(key, hs_call_app_id="7")
        self.figures(world.sync(), fetched=1, unchanged=1)
        self.assertEqual(world.tasks(), before)

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

    def test_troubles_that_pass_by(self):
        world = self.world()
        keys = world.load_calls(world.tied_contact(), 30)
        limit = {"status": "error", "message": "You have reached your "
                 "ten_secondly_rolling limit.", "errorType": "RATE_LIMIT",
                 "policyName": "TEN_SECONDLY_ROLLING"}
        world.hubspot.fault(
            {"path": "*/calls/search", "times": 1, "action": "status",
             "code": 429, "body": limit, "headers": {"Retry-After": "1"}},
            {"path": "*/calls/search", "times": 2, "action": "status",
             "code": 503},
            {"path": "*/batch/read", "times": 1, "action": "status",
             "code": 502, "body": "<html>Bad gateway</html>"})
        world.salesforce.fault(
            {"method": "PATCH", "times": 2, "action": "status", "code": 503,
             "body": [{"errorCode": "SERVER_UNAVAILABLE", "message": "x"}]},
            {"method": "PATCH", "times": 1, "action": "expire-token"},
            {"path": "*/query*", "times": 1, "action": "status", "code": 500})
        self.figures(world.sync(), fetched=30, written=30)
        self.assertEqual(world.tasks().keys(), set(keys))

    def test_dry_run_writes_nothing(self):
        world = self.world()
        contact = world.tied_contact()
        key, = world.load_calls(contact, 1)
        old = world.load_activity("note", contact, now_ms() - DAY_MS)
        said = world.run("sync", "--dry-run").stdout
        record = " ".join(key.split(":")[1:])
        email = world.people[contact].email
        self.assertIn(f"\n{record} -> Salesforce Task created for {email} (new "
                      'in HubSpot): Subject: "HubSpot call: Quarterly", ',
                      "\n" + said)
        self.assertNotIn(old.split(":")[2], said)
        self.assertEqual(world.tasks(), {})
        again = world.run("sync", "--dry-run", "--json")
        summary = json.loads(again.stdout)
        self.assertTrue(summary["dry_run"])
        self.assertEqual(summary["fetched"], 2)
        self.assertIn(f"{record} -> Salesforce Task created", again.stderr)
        self.assertEqual(world.tasks(), {})
        self.figures(world.sync(), fetched=2, written=1,
                     dropped={"before-contact-sync": 1})

    def test_dry_run_of_an_update(self):
        world = self.world()
        key, = world.load_calls(world.tied_contact(), 1)
        world.sync()
        before = world.tasks()
        world.change(key, hs_call_title="Yearly")
        said = world.run("sync", "--dry-run").stdout
        record = " ".join(key.split(":")[1:])
        self.assertIn(
            f"{record} -> Salesforce Task {before[key]['Id']}: Subject: "
            '"HubSpot call: Quarterly" -> "HubSpot call: Yearly" '
            "(changed in HubSpot)\n", said)
        self.assertEqual(world.tasks(), before)

    def test_dry_run_before_anything_else(self):
        world = self.world()
        contact = world.tied_contact(sync=False)
        key = world.load_activity("form_submission", contact,
                                  now_ms() - DAY_MS)
        said = world.run("sync", "--dry-run").stdout
        record = key.split(":", 2)[2]
        self.assertIn(f"form_submission {record} -> Salesforce Task created",
                      said)
        self.assertEqual(world.tasks(), {})
        self.assertFalse(os.path.exists(world.dir + "/var/state.db"))
        self.figures(world.sync(), fetched=1, written=1)

    def test_two_configs_side_by_side(self):
        world = self.world()
        other = world.dir + "/other/pipeline.conf"
        os.mkdir(world.dir + "/other")
        world.write_conf(path=other)
        contact = world.tied_contact()
        world.sync(conf=other)
        keys = world.load_calls(contact, 40)
        both = [world.spawn("sync", "--json", conf=conf)
                for conf in (world.conf, other)]
        for process in both:
            out, err = process.communicate(timeout=300)
            self.assertEqual(process.returncode, 0, err)
            self.assertEqual(json.loads(out)["written"], 40, err)
        self.assertEqual(world.tasks().keys(), set(keys))


if __name__ == "__main__":
    unittest.main()
