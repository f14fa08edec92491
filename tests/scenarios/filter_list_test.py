"""The filter `only = list:...`: HubSpot's contact lists choose what comes."""
import json
import os
import signal
import subprocess
import unittest

from harness import build_dir, wait_for
from pair_case import TITLE, Pairs

BATCH = "/records/memberships/batch/read"
SCOPE = {"status": "error", "category": "MISSING_SCOPES",
         "message": "This app hasn't been granted all required scopes",
         "errors": [{"message": "One or more of the following scopes are "
                     "required.",
                     "context": {"requiredGranularScopes":
                                 ["crm.lists.read"]}}]}


def refusal(status, path="*/lists*", **more):
    """Calls about lists are answered with a status."""
    return {"path": path, "action": "status", "code": status, **more}


class Lists(Pairs):
    """A World with lists in the `only` of some kinds."""

    def listed(self, activity=(), settings=None, **only):
        """Its World; `activity`: kinds that are kept equal, the others are
        of the timeline. `only` is {KIND: TEXT}."""
        return self.world(settings={
            "salesforce": {"time_zone": "Europe/Berlin"},
            **{("activity." if k in activity else "timeline.") + k:
               {"only": text} | ({"sync": "on"} if k in activity else {})
               for k, text in only.items()}, **(settings or {})})

    def load(self, world, number, name, *members):
        """The list as it is now."""
        world.hubspot.load(lists=[{"listId": number, "name": name,
                                   "members": list(members)}])

    def asked(self, world, path=""):
        """How often it was asked for lists."""
        return sum(c["n"] for c in self.calls(world)
                   if "/lists" in c["path"] and path in c["path"])

    def calls(self, world):
        """What was called how often."""
        return world.hubspot.calls()["calls"]

    def told(self, world, key):
        """What explain says of a record."""
        return json.dumps(json.loads(
            world.run("explain", key, "--json").stdout))

    def done(self, world, written, filtered=0):
        """A pass does that."""
        summary = world.sync()
        self.assertEqual((summary["written"], summary["dropped"]),
                         (written, {"filtered": filtered} if filtered else {}),
                         summary["log"][-6000:])
        return summary


class Timeline(Lists):
    """One way."""

    def test_name_and_id(self):
        world = self.listed(call='list:"Good ones"|77', note="list:77",
                            form_submission='list:"Good ones"')
        by_name, by_id, other = (world.tied_contact() for _ in range(3))
        self.load(world, 12, "Good ones", by_name)
        self.load(world, 77, "Others", by_id)
        came = {kind: [world.load_activity(kind, who)
                       for who in (by_name, by_id, other)]
                for kind in ("call", "note", "form_submission", "meeting")}
        self.done(world, 7, 5)
        self.assertEqual(set(world.tasks()), {
            *came["call"][:2], came["note"][1], came["form_submission"][0],
            *came["meeting"]})
        self.assertIn(json.dumps('list:"Good ones"|77'),
                      self.told(world, came["call"][2]))

    def test_one_of_several_contacts(self):
        world = self.listed(meeting="list:12")
        first, second, third = (world.tied_contact() for _ in range(3))
        untied = world.untied_contact()
        self.load(world, 12, "Good ones", second, untied)
        came = [world.load_engagements("meeting", who)[0] for who in (
            (first, second, third), (first, untied), (first, third))]
        self.done(world, 2, 1)
        self.assertEqual(set(world.tasks()), set(came[:2]))

    def test_it_asks_for_all_at_once(self):
        world = self.listed(call="list:Good")
        contacts = [world.tied_contact(sync=False) for _ in range(5)]
        world.sync()
        self.assertEqual(self.asked(world), 0)
        self.load(world, 12, "Good", contacts[0])
        for contact in contacts:
            world.load_calls(contact, 3)
        world.load_calls(world.untied_contact(), 1)
        summary = world.sync()
        self.assertEqual((summary["written"], summary["dropped"]),
                         (3, {"filtered": 12, "contact-not-synced": 1}))
        self.assertEqual(self.asked(world), 2)

    def test_what_nobody_filters_is_not_asked_for(self):
        world = self.listed(call="list:12")
        world.load_engagements("meeting", [world.tied_contact()])
        self.done(world, 1)
        self.assertEqual(self.asked(world), 0)

    def test_a_contact_that_is_gone(self):
        world = self.listed(call="list:12")
        contact, gone = world.tied_contact(), world.tied_contact()
        self.load(world, 12, "Good", contact)
        key, = world.load_engagements("call", [contact, gone])
        world.load_calls(gone, 1)
        world.hubspot.fault({"path": "*" + BATCH, "action": "status",
                             "code": 207, "times": 1, "body": {
                                 "status": "COMPLETE", "numErrors": 1,
                                 "results": [], "errors": [
                                     {"category": "OBJECT_NOT_FOUND",
                                      "message": "one is not there"}]}})
        self.done(world, 1, 1)
        self.assertEqual(set(world.tasks()), {key})
        self.assertEqual(self.asked(world, BATCH), 3)


class Equal(Lists):
    """Both ways."""

    def test_from_hubspot(self):
        world = self.listed(("call", "task"), call="list:Good", task="list:12")
        contact, other = world.tied_contact(), world.tied_contact()
        self.load(world, 12, "Good", contact)
        keys = [world.load_engagements(kind, [contact])[0]
                for kind in ("call", "task")]
        for kind in ("call", "task"):
            world.load_engagements(kind, [other])
        self.done(world, 2, 2)
        for kind, key in zip(("call", "task"), keys):
            self.salesforce(world, kind, HubSpot_Id__c=key)
        self.is_quiet(world)

    def test_from_salesforce(self):
        kinds = ("call", "task", "meeting")
        world = self.listed(kinds, call="list:Good", task="list:12",
                            meeting="list:12|Else")
        contact, other = world.tied_contact(), world.tied_contact()
        self.load(world, 12, "Good", contact)
        self.load(world, 13, "Else")
        for kind in kinds:
            self.add_salesforce(world, kind, contact, Subject="Hers")
            self.add_salesforce(world, kind, other, Subject="Ours")
        summary = self.done(world, 3, 3)
        for kind in kinds:
            record, = world.hubspot.dump(kind + "s")
            self.assertEqual(record["properties"][TITLE[kind]], "Hers")
        self.assertGreater(summary["api_calls"]["hubspot"], 0)
        self.is_quiet(world)

    def test_a_pair_goes_on(self):
        world = self.listed(("call",), call="list:Good")
        contact = world.tied_contact()
        self.load(world, 12, "Good", contact)
        key, = world.load_calls(contact, 1)
        self.done(world, 1)
        task = self.salesforce(world, "call", HubSpot_Id__c=key)["Id"]
        self.load(world, 12, "Good")
        world.change(key, hs_call_title="A tour")
        self.done(world, 1)
        world.salesforce.load(Task=[{"Id": task, "Subject": "A visit"}])
        self.done(world, 1)
        self.assertEqual(self.hubspot(world, "call", key.split(":")[-1])[
            "hs_call_title"], "A visit")
        late, = world.load_calls(contact, 1)
        self.done(world, 0, 1)
        self.load(world, 12, "Good", contact)
        self.done(world, 0)
        world.change(late, hs_call_title="Once more")
        self.done(world, 1)
        self.is_quiet(world)


class Trouble(Lists):
    """Nothing comes over or stays out on a guess."""

    def waits(self, world, code, words):
        """A pass ends with the code, says why, and keeps the record."""
        summary = world.sync(code=code)
        self.assertEqual((summary["written"], summary["dropped"]), (0, {}))
        self.assertIn(words, summary["log"])
        self.assertIn(words, json.dumps(summary["feeds"]))
        return summary

    def test_from_either_side(self):
        for rule, code, words in (
                (refusal(403, body=SCOPE), 78, "crm.lists.read"),
                (refusal(500, "*" + BATCH), 75, "500"),
                (refusal(429), 75, "429"),
                (refusal(503), 75, "503")):
            world = self.listed(("call",), settings={
                "delivery": {"max_tries": 2, "retry_min": "1ms",
                             "retry_max": "2ms", "resend_after": "5s"}},
                                call="list:Good")
            contact = world.tied_contact()
            self.load(world, 12, "Good", contact)
            for add in (lambda: world.load_calls(contact, 1),
                        lambda: self.add_salesforce(world, "call", contact,
                                                    Subject="A")):
                with self.subTest(code=code, words=words):
                    add()
                    world.hubspot.fault(rule)
                    self.waits(world, code, words)
                    world.hubspot.fault()
                    self.done(world, 1)
            world.close()

    def test_half_an_answer(self):
        world = self.listed(note="list:Good")
        contacts = [world.tied_contact(sync=False) for _ in range(4)]
        world.sync()
        self.load(world, 12, "Good", *contacts)
        for contact in contacts:
            world.load_engagements("note", [contact])
        world.hubspot.fault(
            {"path": "*" + BATCH, "action": "cut", "times": 1},
            {"path": "*" + BATCH, "action": "status", "code": 200,
             "times": 1, "skip": 0, "body": {"status": "COMPLETE",
                                             "results": []}})
        self.done(world, 4)

    def test_no_such_list(self):
        world = self.listed(call="list:Goood", note="list:Good")
        contact = world.tied_contact()
        self.load(world, 12, "Good", contact)
        world.load_calls(contact, 1)
        world.load_engagements("note", [contact])
        summary = world.sync(code=78)
        self.assertIn('no contact list \\"Goood\\"', summary["log"])
        self.assertEqual((summary["written"], summary["dropped"]), (1, {}))
        self.load(world, 13, "Goood", contact)
        self.done(world, 1)

    def test_a_running_chain_goes_on_when_it_is_mended(self):
        world = self.listed(call="list:Good", note="list:Else")
        contact = world.tied_contact()
        self.load(world, 13, "Else", contact)
        world.start()
        key, = world.load_calls(contact, 1)
        wait_for(lambda: "hubspot.lists" in world.failing(), "it to fail")
        self.assertIn("Good", world.failing()["hubspot.lists"]["detail"])
        note, = world.load_engagements("note", [contact])
        world.arrived([note])
        self.load(world, 12, "Good", contact)
        world.arrived([note, key])
        wait_for(lambda: not world.failing(), "nothing to fail")
        world.stop()

    def test_a_list_that_comes_into_the_config(self):
        world = self.listed(("call",), call="subject:*")
        contact, other = world.tied_contact(), world.tied_contact()
        self.load(world, 12, "Good", contact)
        world.start()
        world.write_conf(settings={"activity.call": {"sync": "on",
                                                     "only": "list:12"}})
        os.kill(world.pid("window-filter"), signal.SIGHUP)
        wait_for(lambda: "reread" in world.logs(), "the filter to know it")
        key, = world.load_calls(contact, 1)
        drop, = world.load_calls(other, 1)
        self.add_salesforce(world, "call", contact, Subject="Hers")
        wait_for(lambda: world.status()["stages"]["window-filter"][
            "ended"].get("again", 0) > 2, "all to be sent back")
        for stage in ("fetcher-hubspot", "fetcher-salesforce"):
            os.kill(world.pid(stage), signal.SIGHUP)
        wait_for(lambda: [t for t in world.salesforce.dump("Task")
                          if t["HubSpot_Id__c"] == key], "the task")
        wait_for(lambda: "Hers" in [
            r["properties"][TITLE["call"]]
            for r in world.hubspot.dump("calls")], "the call")
        wait_for(lambda: '"filtered"' in self.told(world, drop), "the drop")
        world.stop()

    def test_an_event_of_a_file_that_does_not_say(self):
        captured, passed = "/normalized.events", "/filtered.events"
        world = self.listed()
        settings = {"stage.normalizer": {
            "command": world.stage_command("normalizer"),
            "capture": world.dir + captured}}
        world.write_conf(settings=settings)
        world.load_calls(world.tied_contact(), 1)
        self.done(world, 1)
        world.write_conf(settings={"timeline.call": {"only": "list:12"}})
        subprocess.run([build_dir() + "/window-filter", "--conf", world.conf,
                        "--in", "file:" + world.dir + captured, "--out",
                        "file:" + world.dir + passed], check=True)
        told = json.loads(world.run("show", world.dir + passed).stdout)
        self.assertEqual((told["unless_linked"], told["unless_detail"]),
                         ("list-unknown", "list:12"))
        said = world.run("replay", world.dir + captured, "--at",
                         "window-filter", "--json").stdout
        self.assertEqual(json.loads(said)["dropped"], {"list-unknown": 1})


class Check(Lists):
    """What check says of each list."""

    def lines(self, world, code):
        """Its lines about lists."""
        told = json.loads(world.run("check", "--json", code=code).stdout)
        return {line["name"]: line for line in told["checks"]
                if "list" in line["name"]}

    def test_each_list(self):
        world = self.listed(call="list:Good|12", note="list:Bad",
                            task='owner:a|b')
        self.load(world, 12, "Good")
        lines = self.lines(world, 78)
        self.assertEqual({n: line["state"] for n, line in lines.items()}, {
            "hubspot list Good": "ok", "hubspot list 12": "ok",
            "hubspot list Bad": "wrong"})
        self.assertIn("timeline.note", json.dumps(lines["hubspot list Bad"]))
        world.hubspot.fault(refusal(403, body=SCOPE))
        bad = self.lines(world, 78)["hubspot list Good"]
        self.assertEqual(bad["state"], "wrong")
        self.assertIn("crm.lists.read", bad["fix"])
        world.hubspot.fault(refusal(503))
        self.assertEqual(self.lines(world, 75)["hubspot list Good"]["state"],
                         "away")


if __name__ == "__main__":
    unittest.main()
