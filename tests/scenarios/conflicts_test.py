"""Conflicts of activity sync: both values are kept, and the other can be taken
later; explain tells of them."""
import json
import unittest

from pair_case import BODY, TITLE, Pairs
from harness import WAIT_S, wait_for

SIDES = ("salesforce", "hubspot")
PROPERTY = "hs_call_title"


class Conflicts(Pairs):
    """A call whose title was changed on both sides."""

    def conflict(self, kind="call", here="From here", there="From there",
                 **rules):
        """Its World, after the pass that found the conflict, and its key."""
        world, contact = self.pair_world(**rules)
        key, = world.load_engagements(kind, [contact],
                                      **{TITLE[kind]: "One"})
        world.sync()
        self.clash(world, key, here, there)
        return world, key

    def clash(self, world, key, here, there):
        """Both sides change; a pass."""
        kind = key.split(":")[1]
        world.change(key, **{TITLE[kind]: here})
        self.set_salesforce(world, key, Subject=there)
        summary = world.sync()
        self.assertEqual(summary["conflicts"], 1, summary)

    def set_salesforce(self, world, key, **fields):
        """A user changes the Salesforce record of a pair."""
        kind = key.split(":")[1]
        name = "Event" if kind == "meeting" else "Task"
        record = self.salesforce(world, kind, HubSpot_Id__c=key)
        world.salesforce.load(**{name: [{"Id": record["Id"]} | fields]})

    def titles(self, world, key):
        """What stands in HubSpot, in Salesforce."""
        _, kind, number = key.split(":")
        return (self.hubspot(world, kind, number)[TITLE[kind]],
                self.salesforce(world, kind, HubSpot_Id__c=key)["Subject"])

    def rows(self, world, *words, code=0):
        """The conflicts as JSON."""
        return json.loads(world.run("conflicts", *words, "--json",
                                    code=code).stdout)["conflicts"]

    def test_none(self):
        world = self.world()
        self.assertEqual(world.run("conflicts").stdout, "no conflicts\n")
        self.assertEqual(self.rows(world), [])
        said = world.run("conflicts", "flip", "1", code=1).stderr
        self.assertIn("there is no conflict 1", said)
        for words in (("dance",), ("flip",), ("show",), ("flip", "x"),
                      ("list", "--what")):
            self.assertIn("usage", world.run("conflicts", *words,
                                             code=64).stderr)

    def test_list_and_show(self):
        for prefer in SIDES:
            world, key = self.conflict(prefer=prefer, here="Here " * 30,
                                       there="Th\x1b[31mere\n")
            row, = self.rows(world)
            lost = "hubspot" if prefer == "salesforce" else "salesforce"
            values = {"hubspot": ("Here " * 30).strip(),
                      "salesforce": "Th\x1b[31mere"}
            task = self.salesforce(world, "call", HubSpot_Id__c=key)["Id"]
            self.assertEqual(
                {k: v for k, v in row.items() if k != "at"},
                {"number": 1, "kind": "call", "key": key,
                 "target": f"salesforce:Task:{task}", "is_linked": True,
                 "property": PROPERTY, "kept": values[prefer],
                 "kept_side": prefer, "lost": values[lost],
                 "lost_side": lost, "flipped_at": 0})
            said = world.run("conflicts", "list").stdout
            self.assertNotIn("\x1b", said)
            self.assertIn("\\x1b[31mere", said)
            self.assertIn(f"call {key.split(':')[2]} = Task {task}", said)
            self.assertIn("…", said)
            self.assertLess(max(map(len, said.splitlines())), 101, said)
            whole = world.run("conflicts", "show", "1").stdout
            self.assertIn("    " + values["hubspot"] + "\n", whole)
            self.assertNotIn("\x1b", whole)
            for name in (key, task, task[:15], key.split(":")[2]):
                self.assertEqual(len(self.rows(world, "--key", name)), 1)
            self.assertEqual(self.rows(world, "--id", "7"), [])
            self.assertEqual(len(self.rows(world, "--kind", "call")), 1)
            self.assertEqual(self.rows(world, "--kind", "task"), [])

    def test_explain(self):
        """By any name of either record."""
        world, key = self.conflict()
        task = self.salesforce(world, "call", HubSpot_Id__c=key)["Id"]
        for name in (key, key.split(":")[2], f"salesforce:Task:{task}", task,
                     task[:15]):
            found = json.loads(world.run("explain", name, "--json").stdout)
            pair, = found["pairs"]
            self.assertEqual((pair["key"], pair["target"], pair["prefer"]),
                             (key, f"salesforce:Task:{task}", "salesforce"))
            self.assertEqual([c["lost"] for c in pair["conflicts"]],
                             ["From here"])
            self.assertEqual({r["key"] for r in found["records"]},
                             {key, f"salesforce:Task:{task}"})
            title, = [p for p in pair["properties"]
                      if p["property"] == PROPERTY]
            self.assertEqual(
                (title["field"], title["hubspot"], title["salesforce"],
                 title["differs"]),
                ("Subject", "From there", "From there", False))
            said = world.run("explain", name).stdout
            self.assertIn(f"pair: call {key.split(':')[2]} = Task {task}, "
                          "agreed", said)
            self.assertIn('    hs_call_title = Subject: "From there"\n', said)
            self.assertIn("lost HubSpot's \"From here\"", said)
            self.assertNotIn("belongs to it", said)
        self.set_salesforce(world, key, IsDeleted=True)
        world.sync()
        self.assertIn("Salesforce's record is deleted: by a user.",
                      world.run("explain", key).stdout)

    def check_flips(self, world, key, prefer):
        """Flip, and flip back."""
        kept, lost = ("From there", "From here")[::
                                                 1 if prefer == "salesforce"
                                                 else -1]
        self.assertEqual(self.titles(world, key), (kept, kept))
        said = world.run("conflicts", "flip", "1").stdout
        self.assertIn("conflict 1: flipped", said)
        self.assertEqual(self.titles(world, key), (lost, lost))
        row, = self.rows(world)
        self.assertGreater(row["flipped_at"], row["at"])
        self.assertIn("stands", world.run("conflicts").stdout)
        row, = self.rows(world, "flip", "1")
        self.assertTrue(row["ok"], row)
        self.assertEqual(self.titles(world, key), (kept, kept))
        self.assertEqual(self.rows(world)[0]["flipped_at"], 0)

    def test_flip_without_a_chain(self):
        for prefer in SIDES:
            world, key = self.conflict(prefer=prefer)
            self.check_flips(world, key, prefer)
            self.is_quiet(world)

    def test_flip_with_a_running_chain(self):
        for prefer in SIDES:
            world, key = self.conflict(prefer=prefer)
            world.start()
            self.check_flips(world, key, prefer)
            world.stop()
            self.is_quiet(world)

    def test_each_kind(self):
        for kind in TITLE:
            world, key = self.conflict(kind=kind)
            self.assertEqual(self.rows(world)[0]["kind"], kind)
            world.run("conflicts", "flip", "1")
            self.assertEqual(self.titles(world, key), ("From here",) * 2)
            self.is_quiet(world)

    def test_several_of_one_record(self):
        world, key = self.conflict()
        world.change(key, hs_call_body="<p>Body here</p>")
        self.set_salesforce(world, key, Description="Body there")
        self.assertEqual(world.sync()["conflicts"], 1)
        for start in (False, True):
            if start:
                world.start()
            rows = self.rows(world, "flip", "1", "2")
            self.assertEqual([r["ok"] for r in rows], [True, True], rows)
            task = self.salesforce(world, "call", HubSpot_Id__c=key)
            self.assertEqual((task["Subject"], task["Description"]),
                             ("From there", "Body there") if start
                             else ("From here", "Body here"))
        world.stop()
        self.is_quiet(world)

    def test_another_change_is_not_lost(self):
        """What else was changed goes over with the flip, or after it."""
        world, key = self.conflict()
        self.set_salesforce(world, key, Description="Later")
        world.run("conflicts", "flip", "1")
        self.assertEqual(self.titles(world, key), ("From here",) * 2)
        world.sync()
        self.assertIn("Later", self.hubspot(
            world, "call", key.split(":")[2])[BODY["call"]])
        self.is_quiet(world)

    def test_changed_since(self):
        for change in ("here", "there", "synced", "deleted"):
            for running in (False, True):
                world, key = self.conflict()
                if change in ("here", "synced"):
                    world.change(key, **{PROPERTY: "Again"})
                elif change == "there":
                    self.set_salesforce(world, key, Subject="Again")
                else:
                    self.set_salesforce(world, key, IsDeleted=True)
                if change == "synced":
                    world.sync()
                before = self.dumps(world)
                if running and change == "synced":
                    world.start()
                row, = self.rows(world, "flip", "1", code=1)
                self.assertEqual((row["ok"], row["reason"]),
                                 (False, "changed-since"), (change, row))
                self.assertEqual(self.rows(world)[0]["flipped_at"], 0)
                self.assertEqual(self.dumps(world), before)
                if change != "synced":
                    break
                said = world.run("conflicts", "flip", "1", code=1).stdout
                self.assertIn("not flipped: it was changed since", said)

    def dumps(self, world):
        """All of both sandboxes."""
        return [service.call("/__sandbox/dump")
                for service in (world.hubspot, world.salesforce)]

    def test_of_a_kind_that_is_off(self):
        world, key = self.conflict()
        world.write_conf(settings={"activity.call": {"sync": "off"}})
        row, = self.rows(world, "flip", "1", code=1)
        self.assertEqual(row["reason"], "kind-off")
        self.assertEqual(self.titles(world, key), ("From there",) * 2)

    def test_an_outage_is_waited_for(self):
        world, key = self.conflict()
        world.start()
        world.salesforce.fault({"path": "*", "action": "status", "code": 503})
        flip = world.spawn("conflicts", "flip", "1")
        wait_for(lambda: "cannot be read now" in world.logs(), "the outage")
        world.salesforce.fault()
        said = flip.communicate(timeout=WAIT_S)
        self.assertEqual(flip.returncode, 0, said)
        self.assertEqual(self.titles(world, key), ("From here",) * 2)
        world.stop()

    def test_killed_between_the_two_writes(self):
        """HubSpot has it already, Salesforce does not yet."""
        world, key = self.conflict()
        world.change(key, **{PROPERTY: "From here"})
        world.run("conflicts", "flip", "1")
        self.assertEqual(self.titles(world, key), ("From here",) * 2)
        self.is_quiet(world)


if __name__ == "__main__":
    unittest.main()
