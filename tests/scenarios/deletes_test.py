"""Deletions: what each rule makes of them, and that many at once wait for a
person."""
import json
import os
import signal
import sqlite3
import unittest

from harness import wait_for
from pair_case import KINDS, Pairs

OBJECT = {"meeting": "Event"}
BOTH = {"deleted_in_hubspot": "delete", "deleted_in_salesforce": "delete"}


class Deletes(Pairs):
    """A World with linked records, and what its users delete of them."""

    def pair_world(self, delivery=None, hubspot=None, kinds=KINDS, **rules):
        """Its World and a tied contact; `rules` are of every kind."""
        world = self.world(settings={
            "salesforce": {"time_zone": "UTC"},
            "hubspot": {"delete_sweep": "0", **(hubspot or {})},
            "delivery": {"resend_after": "5s", **(delivery or {})},
            **{f"activity.{k}": {"sync": "on", **rules} for k in kinds}})
        return world, world.tied_contact()

    def pairs(self, world, contact, kind, n=1):
        """n linked records made in HubSpot: {key: Salesforce id}."""
        keys = world.load_engagements(kind, [contact], n)
        self.assertEqual(world.sync()["written"], n)
        by_key = {r["HubSpot_Id__c"]: r["Id"]
                  for r in world.salesforce.dump(OBJECT.get(kind, "Task"))}
        return {key: by_key[key] for key in keys}

    # -- what users do ------------------------------------------------------

    def delete_hubspot(self, world, *keys, archived=True):
        """Delete records in HubSpot, or (archived=False) restore them."""
        for kind in KINDS:
            ids = [k.split(":")[2] for k in keys if f":{kind}:" in k]
            if ids:
                world.hubspot.load(**{kind + "s": [
                    {"id": i, "archived": archived} for i in ids]})

    def delete_salesforce(self, world, kind, *ids, deleted=True):
        """Delete records in Salesforce, or (deleted=False) undelete them."""
        world.salesforce.load(**{OBJECT.get(kind, "Task"): [
            {"Id": i, "IsDeleted": deleted} for i in ids]})

    # -- what is there ------------------------------------------------------

    def ids(self, keys):
        """The HubSpot ids in keys."""
        return {k.split(":")[2] for k in keys}

    def in_hubspot(self, world, kind):
        """The ids of what is there."""
        return {r["id"] for r in world.hubspot.dump(kind + "s")}

    def in_salesforce(self, world, kind):
        """The ids of what is there."""
        return {r["Id"] for r in world.salesforce.dump(
            OBJECT.get(kind, "Task"))}

    def deletes(self, world, verb="show"):
        """run.sh deletes."""
        return json.loads(world.run("deletes", verb, "--json").stdout)

    def conflicts(self, world):
        """[(property, side that was kept)] of all conflicts."""
        with sqlite3.connect(os.path.join(world.dir, "var/state.db")) as db:
            return db.execute("SELECT property, kept_side FROM conflict"
                              ).fetchall()

    def is_quiet(self, world):
        """Two more passes write nothing and hold nothing."""
        for _ in range(2):
            summary = world.sync()
            self.assertEqual(
                (summary["written"], summary["dead"],
                 summary["held_deletes"]), (0, 0, 0), summary["log"][-6000:])

    def is_over(self, world, unseen=0):
        """It is quiet, and both sides are equal but for `unseen` deletions of
        HubSpot that the rules do not look for."""
        self.is_quiet(world)
        found = world.run("verify", "--json", "--yes", code=None)
        self.assertEqual(
            json.loads(found.stdout)["counts"],
            {"missing-in-hubspot": unseen} if unseen else {}, found.stdout)


class Rules(Deletes):
    """Each rule and each of its values, in both directions."""

    def test_deleted_in_hubspot(self):
        for rule in ("delete", "ignore"):
            world, contact = self.pair_world(deleted_in_hubspot=rule)
            pairs = {k: self.pairs(world, contact, k) for k in KINDS}
            self.delete_hubspot(world, *[key for p in pairs.values()
                                         for key in p])
            for n, gone in ((3, ("task", "call", "meeting")), (1, KINDS)):
                # an e-mail is gone for good: it is looked for twice
                summary = world.sync()
                self.assertEqual(summary["written"], n if rule == "delete"
                                 else 0, summary["log"][-6000:])
                for kind, pair in pairs.items():
                    self.assertEqual(
                        set(pair.values()) <= self.in_salesforce(world, kind),
                        rule == "ignore" or kind not in gone, kind)
            self.is_over(world, unseen=0 if rule == "delete" else 4)

    def test_deleted_in_salesforce(self):
        for rule in ("delete", "ignore"):
            world, contact = self.pair_world(deleted_in_salesforce=rule)
            pairs = {k: self.pairs(world, contact, k) for k in KINDS}
            for kind, pair in pairs.items():
                self.delete_salesforce(world, kind, *pair.values())
            summary = world.sync()
            self.assertEqual(summary["written"], 4 if rule == "delete" else 0,
                             summary["log"][-6000:])
            for kind, pair in pairs.items():
                self.assertEqual(self.ids(pair) <= self.in_hubspot(world, kind),
                                 rule == "ignore", kind)
            self.is_over(world)

    def test_the_other_sides_rule_does_not_count(self):
        world, contact = self.pair_world(deleted_in_salesforce="delete")
        pair = self.pairs(world, contact, "call")
        self.delete_hubspot(world, *pair)
        self.is_over(world, unseen=1)
        self.assertEqual(self.in_salesforce(world, "call"),
                         set(pair.values()))

    def test_deleted_on_both_sides(self):
        world, contact = self.pair_world(**BOTH)
        pair = self.pairs(world, contact, "call")
        self.delete_hubspot(world, *pair)
        self.delete_salesforce(world, "call", *pair.values())
        self.is_over(world)

    def test_deleted_in_hubspot_and_changed_in_salesforce(self):
        for prefer in ("hubspot", "salesforce"):
            world, contact = self.pair_world(prefer=prefer, **BOTH)
            pair = self.pairs(world, contact, "call")
            self.delete_hubspot(world, *pair)
            sf_id, = pair.values()
            world.salesforce.load(Task=[{"Id": sf_id, "Subject": "New"}])
            self.assertEqual(world.sync()["conflicts"], 1)
            if prefer == "hubspot":
                self.assertEqual(self.in_salesforce(world, "call"), set())
                self.assertIn(("hs_call_title", "hubspot"),
                              self.conflicts(world))
            else:
                call, = world.hubspot.dump("calls")
                self.assertEqual(call["properties"]["hs_call_title"], "New")
                self.assertEqual(self.conflicts(world), [("", "salesforce")])
            self.is_over(world)

    def test_deleted_in_salesforce_and_changed_in_hubspot(self):
        for prefer in ("hubspot", "salesforce"):
            world, contact = self.pair_world(prefer=prefer, **BOTH)
            pair = self.pairs(world, contact, "call")
            world.change(*pair, hs_call_title="New")
            self.delete_salesforce(world, "call", *pair.values())
            self.assertEqual(world.sync()["conflicts"], 1)
            if prefer == "salesforce":
                self.assertEqual(self.in_hubspot(world, "call"), set())
                self.assertIn(("hs_call_title", "salesforce"),
                              self.conflicts(world))
            else:
                task, = world.salesforce.dump("Task")
                self.assertEqual(task["Subject"], "New")
                self.assertEqual(self.conflicts(world), [("", "hubspot")])
            self.is_over(world)


class Found(Deletes):
    """What is a deletion in HubSpot, and what is none."""

    def test_merged_is_not_deleted(self):
        world, contact = self.pair_world(**BOTH)
        pair = self.pairs(world, contact, "call", 2)
        one, two = self.ids(pair)
        world.hubspot.load(calls=[{"id": one, "mergedInto": two}])
        self.is_over(world, unseen=1)
        self.assertEqual(len(self.in_salesforce(world, "call")), 2)

    def test_missing_once_is_not_deleted(self):
        world, contact = self.pair_world(**BOTH)
        pair = self.pairs(world, contact, "email", 2)
        one, two = self.ids(pair)
        missing = {"status": "COMPLETE", "results": [], "numErrors": 1,
                   "errors": [{"status": "error",
                               "category": "OBJECT_NOT_FOUND",
                               "message": "Could not get some EMAIL objects",
                               "context": {"ids": [one, two]}}]}
        world.hubspot.fault({"path": "/emails/batch/read", "times": 2,
                             "action": "status", "code": 207,
                             "body": missing})
        self.is_quiet(world)
        # Twice in a row, and yet it is there.
        world.hubspot.fault({"path": "/emails/batch/read",
                             "action": "status", "code": 207,
                             "body": missing})
        self.is_quiet(world)
        world.hubspot.fault()
        self.is_over(world)
        self.assertEqual(len(self.in_salesforce(world, "email")), 2)

    def test_unreadable_is_not_deleted(self):
        world, contact = self.pair_world(**BOTH)
        pair = self.pairs(world, contact, "call")
        number, = self.ids(pair)
        refusal = {"status": "error", "category": "MISSING_SCOPES",
                   "message": "not for you"}
        world.hubspot.fault({
            "path": "/calls/batch/read", "action": "status", "code": 207,
            "body": {"status": "COMPLETE", "results": [], "numErrors": 1,
                     "errors": [refusal | {"context": {"ids": [number]}}]}})
        self.is_quiet(world)
        world.hubspot.fault({"path": "/calls/batch/read", "action": "status",
                             "code": 403, "body": refusal})
        self.is_quiet(world)
        # Where it says "missing", but refuses the record itself.
        world.hubspot.fault(
            {"path": "/calls/batch/read", "action": "status", "code": 207,
             "body": {"status": "COMPLETE", "results": [], "numErrors": 1,
                      "errors": [{"category": "OBJECT_NOT_FOUND",
                                  "context": {"ids": [number]}}]}},
            {"path": "/calls/" + number, "action": "status", "code": 403,
             "body": refusal})
        self.is_quiet(world)
        world.hubspot.fault()
        self.is_over(world)
        self.assertEqual(self.in_salesforce(world, "call"),
                         set(pair.values()))

    def test_restored_in_hubspot(self):
        world, contact = self.pair_world(**BOTH)
        pair = self.pairs(world, contact, "call")
        key, = pair
        self.delete_hubspot(world, key)
        self.assertEqual(world.sync()["written"], 1)
        self.assertEqual(self.in_salesforce(world, "call"), set())
        self.delete_hubspot(world, key, archived=False)
        self.assertEqual(world.sync()["written"], 1)
        task, = world.salesforce.dump("Task")
        self.assertEqual(task["HubSpot_Id__c"], key)
        self.is_over(world)
        # Once more: the restored one is linked as before.
        self.delete_hubspot(world, key)
        self.assertEqual(world.sync()["written"], 1)
        self.assertEqual(self.in_salesforce(world, "call"), set())

    def test_restored_and_not_told_by_the_search(self):
        world, contact = self.pair_world(**BOTH)
        pair = self.pairs(world, contact, "call")
        key, = pair
        self.delete_hubspot(world, key)
        world.sync()
        world.hubspot.fault({"path": "/calls/search", "action": "status",
                             "code": 200, "body": {"total": 0, "results": []}})
        self.delete_hubspot(world, key, archived=False)
        self.assertEqual(world.sync()["written"], 1)
        self.assertEqual(len(self.in_salesforce(world, "call")), 1)
        world.hubspot.fault()
        self.is_over(world)

    def test_restored_in_salesforce(self):
        world, contact = self.pair_world(**BOTH)
        pair = self.pairs(world, contact, "call")
        sf_id, = pair.values()
        self.delete_salesforce(world, "call", sf_id)
        self.assertEqual(world.sync()["written"], 1)
        self.assertEqual(self.in_hubspot(world, "call"), set())
        self.delete_salesforce(world, "call", sf_id, deleted=False)
        self.assertEqual(world.sync()["written"], 1)
        self.assertEqual(len(self.in_hubspot(world, "call")), 1)
        self.is_over(world)


class Guard(Deletes):
    """Many at once."""

    def test_an_import_lets_none_go(self):
        world, contact = self.pair_world({"max_deletes": 1}, kinds=("call",),
                                         **BOTH)
        pairs = self.pairs(world, contact, "call", 30)
        gone = list(pairs)[:2]
        self.delete_hubspot(world, *gone)
        self.assertEqual(world.sync()["held_deletes"], 2)
        # One of them as a pass that was cut off leaves it: not judged yet.
        with sqlite3.connect(os.path.join(world.dir, "var/state.db")) as db:
            db.execute("DELETE FROM deletion WHERE key <> ?", (gone[0],))
            db.execute("UPDATE deletion SET verdict = 'pending'")
        world.run("import", "--kind", "call")
        world.run("import", "--kind", "call", "--from", "salesforce")
        self.assertEqual(len(self.in_salesforce(world, "call")), 30)
        self.assertEqual(world.sync()["held_deletes"], 2)

    def test_more_than_max_deletes(self):
        world, contact = self.pair_world(
            {"max_deletes": 2}, kinds=("call",), **BOTH)
        pairs = self.pairs(world, contact, "call", 6)
        keys = list(pairs)
        self.delete_hubspot(world, *keys[:2])
        self.assertEqual(world.sync()["written"], 2)
        # Those of the last minutes count: it is one mass deletion.
        self.delete_hubspot(world, keys[2])
        summary = world.sync()
        self.assertEqual((summary["written"], summary["held_deletes"]), (0, 1))
        self.assertIn("deletes", summary["log"])
        # What is held stays so, and what comes to it too, in either direction.
        self.delete_salesforce(world, "call", pairs[keys[3]])
        summary = world.sync()
        self.assertEqual((summary["written"], summary["held_deletes"]), (0, 2))
        self.assertEqual(world.status()["held_deletes"], 2)
        held = {h["record"]: h["other"] for h in self.deletes(world)["held"]}
        self.assertEqual(held, {
            keys[2]: "salesforce:Task:" + pairs[keys[2]],
            "salesforce:Task:" + pairs[keys[3]]: keys[3]})
        for key in held:
            self.assertIn("until a person decides (./run.sh deletes)",
                          world.run("explain", key).stdout)
        self.assertEqual(self.deletes(world, "allow"), {"allowed": 2})
        self.assertEqual(world.sync()["written"], 2)
        self.assertEqual(self.in_hubspot(world, "call"),
                         {k.split(":")[2] for k in keys[4:]})
        self.assertEqual(self.in_salesforce(world, "call"),
                         {pairs[k] for k in keys[4:]})
        self.is_over(world)

    def test_percent_of_the_links(self):
        world, contact = self.pair_world(
            {"max_deletes": 0, "max_deletes_percent": 30}, kinds=("call",),
            **BOTH)
        pairs = self.pairs(world, contact, "call", 10)
        keys = list(pairs)
        self.delete_salesforce(world, "call", *[pairs[k] for k in keys[:3]])
        self.assertEqual(world.sync()["written"], 3)
        self.delete_salesforce(world, "call", pairs[keys[3]])
        summary = world.sync()
        self.assertEqual((summary["written"], summary["held_deletes"]), (0, 1))

    def test_forget(self):
        world, contact = self.pair_world({"max_deletes": 1}, kinds=("call",),
                                         **BOTH)
        pairs = self.pairs(world, contact, "call", 5)
        keys = list(pairs)
        self.delete_hubspot(world, *keys[:2])
        self.delete_salesforce(world, "call", *[pairs[k] for k in keys[2:4]])
        self.assertEqual(world.sync()["held_deletes"], 4)
        self.assertEqual(self.deletes(world, "forget"), {"forgotten": 4})
        self.assertEqual(world.sync()["unchanged"], 4)
        self.is_over(world)
        self.assertEqual(self.deletes(world), {"count": 0, "held": []})
        self.assertEqual(self.in_hubspot(world, "call"),
                         {k.split(":")[2] for k in keys[2:]})
        self.assertEqual(self.in_salesforce(world, "call"),
                         {pairs[k] for k in keys[:2] + keys[4:]})
        # The next one goes as ever.
        self.delete_hubspot(world, keys[4])
        self.assertEqual(world.sync()["written"], 1)

    def test_restored_while_held(self):
        world, contact = self.pair_world({"max_deletes": 1}, kinds=("call",),
                                         **BOTH)
        pairs = self.pairs(world, contact, "call", 4)
        keys = list(pairs)
        self.delete_hubspot(world, *keys[:2])
        self.delete_salesforce(world, "call", *[pairs[k] for k in keys[2:]])
        self.assertEqual(world.sync()["held_deletes"], 4)
        self.delete_hubspot(world, keys[0], archived=False)
        self.delete_salesforce(world, "call", pairs[keys[2]], deleted=False)
        summary = world.sync()
        self.assertEqual(summary["held_deletes"], 2)
        self.assertEqual(summary["dropped"], {"restored": 2})
        self.deletes(world, "allow")
        self.assertEqual(world.sync()["written"], 2)
        self.assertEqual(self.in_hubspot(world, "call"),
                         {k.split(":")[2] for k in (keys[0], keys[2])})
        self.is_over(world)

    def test_a_rule_that_is_taken_back(self):
        world, contact = self.pair_world({"max_deletes": 1}, kinds=("call",),
                                         **BOTH)
        pairs = self.pairs(world, contact, "call", 2)
        self.delete_salesforce(world, "call", *pairs.values())
        self.assertEqual(world.sync()["held_deletes"], 2)
        world.write_conf(settings={"activity.call": {"sync": "on"}})
        summary = world.sync()
        self.assertEqual((summary["unchanged"], summary["written"],
                          summary["held_deletes"]), (2, 0, 0))
        self.assertEqual(len(self.in_hubspot(world, "call")), 2)

    def test_a_dry_run_deletes_nothing(self):
        world, contact = self.pair_world(kinds=("call",), **BOTH)
        pairs = self.pairs(world, contact, "call", 2)
        one, two = pairs
        self.delete_hubspot(world, one)
        self.delete_salesforce(world, "call", pairs[two])
        self.assertEqual(world.sync("--dry-run")["written"], 2)
        self.assertEqual((len(self.in_hubspot(world, "call")),
                          len(self.in_salesforce(world, "call"))), (1, 1))
        self.assertEqual(world.sync()["written"], 2)

    def test_a_thousand_deleted_in_hubspot(self):
        world, contact = self.pair_world(kinds=("call",), **BOTH)
        pairs = self.pairs(world, contact, "call", 1000)
        self.delete_hubspot(world, *pairs)
        for _ in range(2):
            summary = world.sync()
            self.assertEqual((summary["held_deletes"], summary["written"]),
                             (1000, 0), summary["log"][-6000:])
        self.assertEqual(len(self.in_salesforce(world, "call")), 1000)
        self.assertEqual(self.deletes(world)["count"], 1000)
        self.deletes(world, "allow")
        summary = world.sync()
        self.assertEqual((summary["held_deletes"], summary["written"]),
                         (0, 1000), summary["log"][-6000:])
        self.assertEqual(self.in_salesforce(world, "call"), set())
        self.is_over(world)

    def test_a_thousand_deleted_in_salesforce(self):
        world, contact = self.pair_world(kinds=("call",), **BOTH)
        pairs = self.pairs(world, contact, "call", 1000)
        self.delete_salesforce(world, "call", *pairs.values())
        for _ in range(2):
            summary = world.sync()
            self.assertEqual((summary["held_deletes"], summary["written"]),
                             (1000, 0), summary["log"][-6000:])
        self.assertEqual(len(self.in_hubspot(world, "call")), 1000)
        # Not even when their pairs are changed meanwhile.
        world.hubspot.load(calls=[
            {"id": i, "properties": {"hs_call_title": "New"}}
            for i in self.ids(pairs)])
        self.assertEqual(world.sync()["written"], 0)
        self.assertEqual(len(self.in_hubspot(world, "call")), 1000)
        self.deletes(world, "allow")
        summary = world.sync()
        self.assertEqual((summary["held_deletes"], summary["written"]),
                         (0, 1000), summary["log"][-6000:])
        self.assertEqual(self.in_hubspot(world, "call"), set())
        self.is_over(world)


class Chain(Deletes):
    """In a chain that runs, and is killed."""

    def running(self, n, **delivery):
        """A chain that runs, and n linked calls."""
        world, contact = self.pair_world(
            delivery, {"poll_interval": "200ms"}, kinds=("call",), **BOTH)
        world.sync()
        pairs = self.pairs(world, contact, "call", n)
        world.start()
        return world, pairs

    def kill(self, world, stage):
        """kill -9, and wait until it runs again."""
        pid = world.pid(stage)
        os.kill(pid, signal.SIGKILL)
        world.pid(stage, but=pid)

    def test_held_and_allowed(self):
        world, pairs = self.running(8, max_deletes=2)
        keys = list(pairs)
        self.delete_hubspot(world, *keys[:3])
        wait_for(lambda: world.status()["held_deletes"] == 3, "three held")
        self.kill(world, "fetcher-hubspot")
        self.assertEqual(self.deletes(world, "allow"), {"allowed": 3})
        wait_for(lambda: len(self.in_salesforce(world, "call")) == 5,
                 "three deletions")
        self.delete_salesforce(world, "call", pairs[keys[3]])
        wait_for(lambda: len(self.in_hubspot(world, "call")) == 4,
                 "one more")
        world.stop()
        self.assertEqual(self.deletes(world)["count"], 0)
        self.is_over(world)

    def test_killed_in_between(self):
        world, pairs = self.running(60, max_deletes=60, resend_after="2s")
        keys = list(pairs)
        for at in range(0, 60, 10):
            self.delete_hubspot(world, *keys[at:at + 5])
            self.delete_salesforce(world, "call", *[
                pairs[k] for k in keys[at + 5:at + 10]])
            self.kill(world, ("fetcher-hubspot", "fetcher-salesforce",
                              "writer")[at // 10 % 3])
        wait_for(lambda: not self.in_hubspot(world, "call") and
                 not self.in_salesforce(world, "call"), "all deletions")
        world.stop()
        self.is_over(world)
        with sqlite3.connect(os.path.join(world.dir, "var/state.db")) as db:
            waiting, = db.execute("SELECT count(*) FROM deletion WHERE verdict"
                                  " <> 'carried'").fetchone()
        self.assertEqual(waiting, 0)


if __name__ == "__main__":
    unittest.main()
