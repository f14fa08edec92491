"""Dead letters: what they tell, how they are chosen, tried again and bounded."""
import json
import unittest

from harness import wait_for
from pair_case import Pairs
from records import Scenario

QUICK = {"hubspot": {"poll_interval": "200ms"},
         "salesforce": {"poll_interval": "200ms"}}
TASKS = {"method": "PATCH", "path": "*/composite/sobjects/Task/*"}
RULE = "FIELD_CUSTOM_VALIDATION_EXCEPTION"
REFUSED = TASKS | {"action": "partial", "rows": 200, "code": RULE,
                   "message": "Comments are wanted"}


class Letters(Scenario):
    """What the command says."""

    def dead(self, world, *words):
        """The command's JSON."""
        return json.loads(world.run("dead", *words, "--json").stdout)

    def keys(self, world, *words):
        """The keys of the letters that a filter lists."""
        return {d["key"] for d in self.dead(world, "list", *words)["dead"]}

    def given_up(self, world, kind, contact, code, message="It is so"):
        """The key of an activity that Salesforce refuses with this code."""
        world.salesforce.fault(REFUSED | {"code": code, "message": message})
        key = world.load_activity(kind, contact)
        self.figures(world.sync(), fetched=1, dead=1)
        world.salesforce.fault()
        return key


class OneLetter(Letters):
    """One of ten calls has become a dead letter."""

    def poisoned(self):
        """Its World, and its key."""
        world = self.world()
        contact = world.tied_contact()
        world.salesforce.fault(REFUSED | {"rows": [3], "times": 1})
        keys = world.load_calls(contact, 10)
        self.figures(world.sync(), fetched=10, written=9, dead=1)
        missing, = set(keys) - world.tasks().keys()
        self.figures(world.sync())  # it is not tried by itself
        return world, missing

    def test_it_tells_what_happened_and_what_to_do(self):
        world, key = self.poisoned()
        found = self.dead(world)
        letter, = found["dead"]
        want = {"key": key, "kind": "call", "source": "hubspot",
                "stage": "writer", "reason": RULE, "class": "user", "tries": 1,
                "detail": "Comments are wanted", "is_retrying": False}
        self.assertEqual({k: letter[k] for k in want}, want)
        self.assertEqual(letter["first_at"], letter["at"])
        self.assertEqual([(g["class"], g["reason"], g["mend"], g["n"])
                          for g in found["groups"]],
                         [("user", RULE, letter["mend"], 1)])
        for word in (str(letter["number"]), key, letter["id"]):
            shown, = self.dead(world, "show", word)["dead"]
            self.assertEqual(shown["event"]["key"], key)
            self.assertIn("native", shown["event"])
        self.is_told(world, key, letter["mend"])

    def is_told(self, world, key, mend):
        """In words, everywhere."""
        said = world.run("dead").stdout
        for words in (key, RULE + ": Comments are wanted", mend,
                      f"dead retry --reason {RULE}"):
            self.assertIn(words, said)
        for command in (("dead", "show", key), ("explain", key)):
            said = world.run(*command).stdout
            for words in ("(user)", RULE, "Comments are wanted", mend,
                          "Validation Rules", "dead retry 1"):
                self.assertIn(words, said)
        status = world.status()
        self.assertEqual((status["dead"], status["dead_by_class"]),
                         (1, {"retryable": 0, "user": 1, "never": 0}))
        self.assertIn("dead letters 1  1 user",
                      world.run("status", code=3).stdout)

    def test_it_is_tried_again_when_somebody_says_so(self):
        world, key = self.poisoned()
        for words in (("--kind", "note"), ("--reason", "x"),
                      ("--class", "never"), ("--source", "salesforce")):
            self.assertEqual(self.dead(world, "retry", *words),
                             {"retried": 0})
        self.assertEqual(self.dead(world, "retry", "--kind", "call"),
                         {"retried": 1})
        self.figures(world.sync(), fetched=1, written=1)
        self.assertIn(key, world.tasks())
        self.assertEqual(self.dead(world)["count"], 0)
        self.figures(world.sync())

    def test_a_try_in_vain_counts(self):
        world, key = self.poisoned()
        first, = self.dead(world)["dead"]
        world.salesforce.fault(REFUSED | {"code": "STRING_TOO_LONG"})
        self.dead(world, "retry", "--all")
        self.figures(world.sync(), fetched=1, dead=1)
        letter, = self.dead(world)["dead"]
        self.assertEqual((letter["number"], letter["tries"],
                          letter["first_at"], letter["reason"]),
                         (first["number"], 2, first["at"], "STRING_TOO_LONG"))
        self.assertGreater(letter["at"], letter["first_at"])
        self.assertFalse(letter["is_retrying"])
        world.salesforce.fault()
        self.assertEqual(self.dead(world, "drop", str(letter["number"])),
                         {"dropped": 1})
        self.assertEqual(self.dead(world)["count"], 0)
        self.figures(world.sync())
        self.assertNotIn(key, world.tasks())


class ManyLetters(Letters):
    """Of several classes; more than one takes in hand at once."""

    def test_filters(self):
        world = self.world(settings={"delivery": {"max_tries": 2}})
        contact = world.tied_contact()
        rule, access, gone, lock = (
            self.given_up(world, kind, contact, code) for kind, code in (
                ("call", RULE), ("note", "INSUFFICIENT_ACCESS_OR_READONLY"),
                ("call", "ENTITY_IS_DELETED"), ("note", "UNABLE_TO_LOCK_ROW")))
        bare = rule.rsplit(":", 1)[1]
        for words, want in (
                ((), {rule, access, gone, lock}),
                (("--class", "user"), {rule, access}),
                (("--class", "retryable"), {lock}),
                (("--class", "never"), {gone}),
                (("--kind", "note"), {access, lock}),
                (("--kind", "note", "--class", "user"), {access}),
                (("--reason", RULE), {rule}),
                (("--stage", "writer", "--limit", "2"), {rule, access}),
                (("--stage", "normalizer"), set()),
                (("--source", "hubspot", "--since", "1d"),
                 {rule, access, gone, lock}),
                (("--since", "0"), set()),
                (("--since", "2020-01-31", "--key", bare), {rule}),
                (("--since", "2999-01-31"), set())):
            with self.subTest(words=words):
                self.assertEqual(self.keys(world, *words), want)
        self.assertEqual(self.dead(world, "list", "--limit", "1")["count"], 4)
        tries = {d["key"]: d["tries"] for d in self.dead(world)["dead"]}
        self.assertEqual(tries, {rule: 1, access: 1, gone: 1, lock: 2})
        self.assertEqual(self.dead(world, "drop", gone, "2", access),
                         {"dropped": 2})
        self.assertEqual(self.keys(world), {rule, lock})

    def test_wrong_usage(self):
        world = self.world()
        for words in (("retry",), ("drop",), ("drop", "--limit", "1"),
                      ("show",), ("list", "--class", "maybe"),
                      ("list", "--source", "x"), ("list", "--since", "2020"),
                      ("list", "--limit", "0"), ("show", "1", "--key", "2")):
            with self.subTest(words=words):
                world.run("dead", *words, code=64)
        world.run("dead", "show", "99", code=65)

    def test_all_are_tried_again_in_one_pass(self):
        world = self.world()
        contact = world.tied_contact()
        world.salesforce.fault(REFUSED)
        keys = world.load_calls(contact, 300)
        self.figures(world.sync(), fetched=300, dead=300)
        said = world.run("dead", "drop", "--kind", "call", code=64).stderr
        self.assertIn("300 letters", said)
        self.assertEqual(self.dead(world, "drop", "--all", "--limit", "2"),
                         {"dropped": 2})
        world.salesforce.fault()
        self.assertEqual(self.dead(world, "retry", "--all"),
                         {"retried": 298})
        self.figures(world.sync(), fetched=298, written=298)
        self.assertEqual(len(world.tasks().keys() & set(keys)), 298)

    def test_many_are_dropped_with_yes(self):
        world = self.world()
        contact = world.tied_contact()
        world.salesforce.fault(REFUSED)
        world.load_calls(contact, 21)
        self.figures(world.sync(), fetched=21, dead=21)
        world.run("dead", "drop", "--all", code=64)
        self.assertEqual(self.dead(world)["count"], 21)
        self.assertEqual(self.dead(world, "drop", "--all", "--yes"),
                         {"dropped": 21})


class IntoHubSpot(Letters, Pairs):
    """What HubSpot does not take."""

    def test_a_missing_permission(self):
        world, contact = self.pair_world()
        world.hubspot.fault({
            "method": "POST", "path": "*/calls/batch/create",
            "action": "status", "code": 403, "body": {
                "status": "error", "category": "MISSING_SCOPES",
                "message": "This app hasn't been granted all scopes.",
                "errors": [{"context": {"requiredGranularScopes": [
                    "crm.objects.contacts.write"]}}]}})
        number = self.add_salesforce(world, "call", contact, Subject="Hello")
        self.figures(world.sync(), fetched=1, dead=1)
        letter, = self.dead(world, "list", "--source", "salesforce")["dead"]
        self.assertEqual((letter["key"], letter["class"], letter["reason"]),
                         (f"salesforce:Task:{number}", "user",
                          "MISSING_SCOPES"))
        self.assertIn("crm.objects.contacts.write", letter["detail"])
        self.assertIn("scopes", letter["mend"])
        world.hubspot.fault()
        self.dead(world, "retry", "--class", "user")
        summary = world.sync()
        self.assertEqual((summary["written"], summary["dead"]), (1, 0))
        self.is_quiet(world)


class Bound(Letters, Pairs):
    """There are as many as there may be."""

    def full(self, **more):
        """A World that keeps two letters, and has five calls for them."""
        world = self.world(settings={
            "delivery": {"dead_letters_max": 2, **more},
            "activity.call": {"sync": "on"}})
        contact = world.tied_contact()
        world.salesforce.fault(REFUSED)
        return world, contact, world.load_calls(contact, 5)

    def test_what_would_be_one_more_waits(self):
        world, contact, keys = self.full()
        self.add_salesforce(world, "call", contact, Subject="Hello")
        summary = world.sync(code=75)
        self.assertEqual((summary["dead"], summary["held_dead"],
                          summary["written"]), (2, 3, 1), summary["log"])
        self.assertIn("dead_letters_max", summary["error"])
        self.assertIn("Comments are wanted", summary["log"])
        self.assertIn("Hello", {r["properties"].get("hs_call_title")
                                for r in world.hubspot.dump("calls")})
        kept = self.keys(world)
        self.is_told_everywhere(world)
        self.assertEqual(self.dead(world, "drop", "--all", "--limit", "1"),
                         {"dropped": 1})
        summary = world.sync(code=75)
        self.assertEqual((summary["dead"], summary["held_dead"]), (1, 2))
        dropped, = kept - self.keys(world)
        self.assertEqual(len(self.keys(world)), 2)
        world.salesforce.fault()
        self.dead(world, "retry", "--all")
        self.figures(world.sync(), fetched=4, written=4)
        self.assertEqual(self.dead(world)["count"], 0)
        found = {r["HubSpot_Id__c"] for r in world.salesforce.dump("Task")}
        self.assertEqual(found & set(keys), set(keys) - {dropped})

    def is_told_everywhere(self, world):
        """That they are full."""
        status = world.status()
        self.assertEqual((status["dead"], status["dead_max"],
                          status["dead_full"], status["ok"]),
                         (2, 2, True, False))
        self.assertIn("FULL", world.run("status", code=3).stdout)
        said = world.run("check", "--offline", "--json", code=78).stdout
        line, = (c for c in json.loads(said)["checks"]
                 if c["name"] == "dead letters")
        self.assertEqual(line["state"], "wrong")
        self.assertIn("./run.sh dead", line["fix"])

    def test_a_running_chain_goes_on_when_there_is_room(self):
        world, contact, keys = self.full(max_in_flight=2)
        world.write_conf(settings=QUICK | {
            "delivery": {"dead_letters_max": 2, "max_in_flight": 2}})
        world.start()
        wait_for(lambda: world.status()["stages"]["fetcher-hubspot"].get(
            "held_dead") == 2, "two events without room")
        more = world.load_calls(contact, 3)
        self.assertEqual(world.status()["dead"], 2)
        world.salesforce.fault()
        _, stays = (d["key"] for d in self.dead(world)["dead"])
        self.dead(world, "retry", "--limit", "1", "--all")
        world.arrived(set(keys + more) - {stays})
        wait_for(lambda: not world.status()["dead_full"], "room")
        world.stop()
        summary = world.sync()
        self.assertEqual((summary["written"], summary["held_dead"]), (0, 0))
        self.assertEqual(self.keys(world), {stays})


if __name__ == "__main__":
    unittest.main()
