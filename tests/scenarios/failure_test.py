"""What goes wrong, and that nothing is lost or doubled by it."""
import json
import os
import signal
import subprocess
import unittest

from harness import STAGES, free_port, now_ms, wait_for
from records import Scenario

QUICK = {"hubspot": {"poll_interval": "200ms"},
         "salesforce": {"poll_interval": "200ms"}}
TASKS = {"method": "PATCH", "path": "*/composite/sobjects/Task/*"}
SLOW = TASKS | {"action": "delay", "ms": 300}
RULE = "FIELD_CUSTOM_VALIDATION_EXCEPTION"


def kill(pid):
    """kill -9; wait until it is gone, or a zombie."""
    os.kill(pid, signal.SIGKILL)

    def is_gone():
        try:
            with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
                return file.read().rsplit(")", 1)[1].split()[0] == "Z"
        except OSError:
            return True
    wait_for(is_gone, f"the end of {pid}")


class Running(Scenario):
    """A chain in the background."""

    def chain(self, **settings):
        """A World whose chain runs, and a tied contact."""
        world = self.world(settings=QUICK | settings)
        contact = world.tied_contact()
        world.start()
        return world, contact

    def under_way(self, world, contact, n=600):
        """Load n calls and wait until some, not all, have arrived."""
        before = len(world.tasks())
        world.salesforce.fault(SLOW)
        keys = world.load_calls(contact, n)
        wait_for(lambda: len(world.tasks()) > before, "the first tasks")
        self.assertLess(len(world.tasks()), before + n)
        return keys

    def test_a_running_chain_brings_what_happens(self):
        world, contact = self.chain()
        world.arrived(world.load_calls(contact, 5))
        key = world.load_activity("note", contact)
        world.arrived([key])
        world.change(key, hs_note_body="another")
        wait_for(lambda: "another" in world.tasks()[key]["Description"],
                 "the change")
        status = world.status()
        self.assertTrue(status["running"])
        self.assertEqual(sorted(status["stages"]), sorted(STAGES))
        self.assertEqual({s["restarts"] for s in status["stages"].values()},
                         {0})
        world.stop()

    def n_calls(self, service, status):
        """How many calls were answered with it."""
        return sum(c["n"] for c in service.calls()["calls"]
                   if c["status"] == status)

    def killed(self, stage):
        """kill -9 of a stage while records are under way."""
        world, contact = self.chain()
        pid = world.pid(stage)
        keys = self.under_way(world, contact)
        kill(pid)
        world.pid(stage, but=pid)
        world.salesforce.fault()
        self.assertEqual(world.arrived(keys).keys(), set(keys))
        more = world.load_calls(contact, 20)
        world.arrived(more)
        self.assertGreaterEqual(world.status()["stages"][stage]["restarts"],
                                1)
        world.stop()
        summary = world.sync()
        self.assertEqual((summary["written"], summary["dead"]), (0, 0),
                         summary["log"][-8000:])
        self.assertEqual(world.tasks().keys(), set(keys + more))

    def test_each_stage_is_killed_in_turn(self):
        """Again and again while records go through."""
        world, contact = self.chain()
        world.salesforce.fault(SLOW | {"ms": 50})
        keys = []
        for stage in STAGES:
            keys += world.load_calls(contact, 100)
            kill(world.pid(stage))
        world.salesforce.fault()
        self.assertEqual(world.arrived(keys).keys(), set(keys))
        world.stop()
        self.assertEqual(world.sync()["written"], 0)

    def test_the_supervisor_is_killed(self):
        world, contact = self.chain()
        keys = self.under_way(world, contact)
        old = world.processes()
        kill(world.status()["pid"])
        world.salesforce.fault()
        wait_for(lambda: world.run("start", code=None).returncode == 0,
                 "a start after the supervisor's death")
        self.assertEqual(world.arrived(keys).keys(), set(keys))
        world.stop()
        self.assertEqual(set(world.processes()) & set(old), set())

    def test_one_chain_a_state(self):
        world, _ = self.chain()
        pid = world.status()["pid"]
        for words in (("start",), ("sync", "--json")):
            done = world.run(*words, code=75)
            self.assertIn(str(pid), done.stderr)
        self.assertEqual(world.status()["pid"], pid)
        world.stop()
        world.sync()

    def test_stop_drains(self):
        world, contact = self.chain()
        keys = self.under_way(world, contact)
        world.stop()
        self.assertEqual(world.processes(), [])
        there = len(world.tasks())
        world.salesforce.fault()
        summary = world.sync()
        self.assertEqual((summary["written"], summary["unchanged"]),
                         (len(keys) - there, 0), summary["log"][-8000:])
        self.assertEqual(world.tasks().keys(), set(keys))

    def test_stop_start_restart(self):
        world, contact = self.chain()
        pid, writer = world.status()["pid"], world.pid("writer")
        world.run("restart", "writer")
        world.pid("writer", but=writer)
        self.assertEqual(world.status()["pid"], pid)
        world.run("restart")
        self.assertNotEqual(world.status()["pid"], pid)
        world.arrived(world.load_calls(contact, 3))
        world.stop()
        world.run("status", code=3)
        self.assertIn("not running", world.run("stop").stdout)

    def test_the_services_are_away_for_a_while(self):
        world, contact = self.chain()
        services = world.hubspot, world.salesforce
        for service in services:
            service.fault({"action": "status", "code": 503})
        keys = world.load_calls(contact, 50)
        for service in services:
            wait_for(lambda s=service: [
                c for c in s.calls()["calls"]
                if c["status"] == 503 and c["n"] > 2], "calls that fail")
            service.fault()
        self.assertEqual(world.arrived(keys).keys(), set(keys))
        world.stop()


    def test_a_feed_that_fails_shows_in_the_status(self):
        world, contact = self.chain()
        world.arrived(world.load_calls(contact, 1))
        before = now_ms()
        world.hubspot.fault({"path": "*/search", "action": "status",
                             "code": 503, "body": {"message": "Out for tea"}})
        wait_for(lambda: {"hubspot.contacts", "hubspot.calls"}
                 <= world.failing().keys(), "feeds that fail")
        calls = world.failing()["hubspot.calls"]
        self.assertRegex(calls["detail"], r"/calls/search \(503\): Out for tea")
        self.assertGreaterEqual(calls["since"], before)
        self.assertLess(before - 60_000, calls["ok_at"])
        self.assertLess(calls["ok_at"], calls["since"])
        self.assertNotIn("hubspot.forms", world.failing())
        self.assertFalse(world.status()["ok"])
        shown = world.run("status").stdout
        self.assertRegex(shown, r"hubspot\.calls +failing +\d+ s ago .*tea")
        self.assertRegex(shown, r"salesforce\.people +ok +\d+ s ago")
        tries = self.n_calls(world.hubspot, 503)
        wait_for(lambda: self.n_calls(world.hubspot, 503) > tries + 10,
                 "more tries")
        self.assertEqual(world.failing()["hubspot.calls"]["since"],
                         calls["since"])
        world.hubspot.fault()
        wait_for(lambda: world.status()["ok"], "the feeds to be well")
        calls, = [f for f in world.status()["feeds"]
                  if f["feed"] == "hubspot.calls"]
        self.assertEqual((calls["status"], calls["detail"]), ("ok", ""))
        self.assertGreaterEqual(calls["ok_at"], calls["since"])
        world.arrived(world.load_calls(contact, 1))
        world.stop()
        for said in ("a feed cannot be read", "a feed can be read again"):
            told = [s for s in world.logs().splitlines()
                    if said in s and "feed=hubspot.calls" in s]
            self.assertEqual(len(told), 1, told)

    def test_salesforce_stalls_and_hubspot_is_read(self):
        """The state is not held while a service is waited for."""
        world = self.world(settings=QUICK | {
            "delivery": {"drain_timeout": "1s"}})
        contact = world.tied_contact()
        world.salesforce.fault({"path": "*/queryAll*", "action": "stall"})
        world.start()
        wait_for(lambda: world.status()["stages"]["fetcher-salesforce"].get(
            "api_calls"), "a call of the fetcher")
        world.arrived(world.load_calls(contact, 3))
        self.assertEqual(world.failing(), {})
        wait_for(lambda: world.status()["waits"], "a call that takes long")
        wait, = world.status()["waits"]
        self.assertEqual((wait["stage"], wait["service"]),
                         ("fetcher-salesforce", "Salesforce"))
        self.assertRegex(wait["reason"], "^no answer yet to GET "
                         r"/services/data/v67\.0/queryAll/?$")
        self.assertGreaterEqual(wait["next"] - wait["since"], 60000)
        self.assertRegex(
            world.run("status").stdout, "\nfetcher-salesforce waits for "
            "Salesforce since .*, tries again in .*: no answer yet to GET ")
        world.salesforce.fault()
        world.stop()

    def test_the_writer_gets_no_answer(self):
        world = self.world(settings=QUICK)
        contact = world.tied_contact()
        world.salesforce.fault({"method": "PATCH", "times": 1,
                                "action": "stall"})
        world.start()
        keys = world.load_calls(contact, 1)
        wait_for(lambda: [w["stage"] for w in world.status()["waits"]] ==
                 ["writer"], "a call that takes long")
        self.assertFalse(world.status()["ok"])
        world.salesforce.fault()
        self.assertEqual(world.tasks(), {})
        kill(world.pid("writer"))
        world.arrived(keys)
        world.stop()


for _stage in STAGES[1:]:
    setattr(Running, f"test_{_stage.replace('-', '_')}_is_killed",
            lambda self, stage=_stage: self.killed(stage))


class Passing(Scenario):
    """One pass, and something that passes by."""

    def everything_arrives(self, hubspot=(), salesforce=(), n=30, **settings):
        """One sync with faults brings all over; its summary."""
        world = self.world(settings=settings)
        contact = world.tied_contact()
        keys = world.load_calls(contact, n)
        world.hubspot.fault(*hubspot)
        world.salesforce.fault(*salesforce)
        summary = world.sync()
        self.assertEqual(world.tasks().keys(), set(keys), summary["log"])
        self.figures(summary, fetched=n, written=n)
        for service, rules in ((world.hubspot, hubspot),
                               (world.salesforce, salesforce)):
            fired = service.call("/__sandbox/faults")["rules"]
            self.assertEqual([r["action"] for r in fired if not r["fired"]],
                             [], "a fault was never met")
            service.fault()
        self.figures(world.sync())
        return world

    def test_an_answer_is_lost_after_the_write(self):
        self.everything_arrives(salesforce=[
            TASKS | {"times": 2, "action": "commit-then-cut"}])

    def test_answers_are_cut(self):
        self.everything_arrives(
            [{"path": "*/calls/search", "times": 2, "action": "cut"},
             {"path": "*/batch/read", "times": 1, "action": "cut"}],
            [TASKS | {"times": 1, "action": "cut"},
             {"path": "*/query*", "times": 1, "action": "cut"}])

    def test_half_a_batch_is_refused(self):
        self.everything_arrives(salesforce=[
            TASKS | {"times": 2, "action": "partial",
                     "rows": list(range(0, 30, 2))}])

    def test_tokens_expire(self):
        self.everything_arrives(salesforce=[
            TASKS | {"times": 1, "action": "expire-token"}])

    def test_bytes_that_are_no_json(self):
        self.everything_arrives(
            [{"path": "*/calls/search", "times": 1, "action": "status",
              "code": 200, "body": "<html>ok</html>"}],
            [TASKS | {"times": 1, "action": "status", "code": 200,
                      "body": "[]"}])

    def test_the_search_index_lags(self):
        world = self.world()
        contact = world.tied_contact()
        world.hubspot.fault({"action": "lag", "ms": 3000})
        keys = world.load_calls(contact, 3)
        world.sync()
        keys += world.load_calls(contact, 3)
        world.sync()
        self.assertNotEqual(world.tasks().keys(), set(keys))
        world.hubspot.fault()
        world.sync()
        self.assertEqual(world.tasks().keys(), set(keys))

    def test_a_sync_is_killed(self):
        world = self.world()
        contact = world.tied_contact()
        world.salesforce.fault(SLOW)
        keys = world.load_calls(contact, 600)
        process = world.spawn("sync", "--json", stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL)
        wait_for(world.tasks, "the first tasks")
        kill(process.pid)
        process.wait()
        world.salesforce.fault()
        world.sync()
        self.assertEqual(world.tasks().keys(), set(keys))
        self.figures(world.sync())


class Refused(Scenario):
    """What a person has to mend."""

    def test_wrong_credentials(self):
        for name in ("HUBSPOT_TOKEN", "SALESFORCE_CLIENT_SECRET"):
            with self.subTest(name):
                world = self.world()
                keys = world.load_calls(world.tied_contact(), 1)
                good, world.env[name] = world.env[name], "wrong-Pa55word"
                summary = world.sync(code=78)
                self.assertFalse(summary["ok"])
                self.assertIn(name.split("_")[0], summary["log"].upper())
                self.assertIn(name.split("_")[0].lower() + ".",
                              " ".join(world.failing()))
                self.assertNotIn("wrong-Pa55word", json.dumps(summary))
                world.env[name] = good
                world.sync()
                self.assertEqual(list(world.tasks()), keys)

    def test_a_feed_is_refused_and_others_go_on(self):
        world = self.world()
        contact = world.tied_contact()
        forbidden = {"status": "error", "category": "MISSING_SCOPES",
                     "message": "This app hasn't been granted all required "
                     "scopes to make this call."}
        world.hubspot.fault(*[
            {"path": path, "action": "status", "code": 403, "body": forbidden}
            for path in ("*/meetings/search", "*/email/public/v1/events",
                         "*/event-occurrences/*")])
        meeting = world.load_activity("meeting", contact)
        keys = world.load_calls(contact, 3)
        world.sync()
        self.assertEqual(sorted(world.tasks()), sorted(keys))
        feeds = {f["feed"]: f for f in world.status()["feeds"]}
        self.assertEqual(feeds["hubspot.meetings"]["status"], "refused")
        self.assertIn("scopes", feeds["hubspot.meetings"]["detail"])
        self.assertEqual(feeds["hubspot.calls"]["status"], "ok")
        world.hubspot.fault()
        world.sync()
        self.assertIn(meeting, world.tasks())
        feeds = {f["feed"]: f["status"] for f in world.status()["feeds"]}
        self.assertEqual(set(feeds.values()), {"ok"}, feeds)

    def test_a_service_that_is_not_there(self):
        world = self.world(settings={"delivery": {"max_tries": 2}})
        keys = world.load_calls(world.tied_contact(), 1)
        world.write_conf(settings={
            "delivery": {"max_tries": 2},
            "hubspot": {"api_base": f"http://127.0.0.1:{free_port()}"}})
        world.sync(code=75)
        failing = world.failing()
        self.assertLessEqual({f"hubspot.{name}" for name in (
            "contacts", "calls", "emails", "meetings", "notes", "tasks",
            "forms")}, failing.keys())
        for feed in failing.values():
            self.assertIn("gave no answer", feed["detail"])
            self.assertTrue(feed["ok_at"])
        self.assertIn("failing", world.run("status", code=3).stdout)
        world.write_conf()
        world.sync()
        self.assertEqual((world.failing(), world.status()["ok"]), ({}, True))
        self.assertEqual(list(world.tasks()), keys)

    def test_a_service_that_stays_away(self):
        for name, rule in (("hubspot", {"action": "status", "code": 500}),
                           ("salesforce", TASKS | {"action": "status",
                                                   "code": 500})):
            with self.subTest(name):
                world = self.world(settings={"delivery": {
                    "max_tries": 3, "retry_max": "100ms",
                    "sync_timeout": "3s", "drain_timeout": "1s"}})
                contact = world.tied_contact()
                getattr(world, name).fault(rule)
                keys = world.load_calls(contact, 10)
                summary = world.sync(code=75)
                self.assertFalse(summary["ok"])
                self.assertEqual((world.tasks(), summary["dead"]), ({}, 0))
                getattr(world, name).fault()
                world.sync()
                self.assertEqual(world.tasks().keys(), set(keys))


if __name__ == "__main__":
    unittest.main()
