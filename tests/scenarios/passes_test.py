"""One sync after the other: what is new comes, each once."""
import json
import os
import unittest

from harness import DAY_MS, now_ms
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
