"""What goes wrong around the calls: below HTTP, in the calls of a day, in the
token, in the services' time. A person sees it in the log and in `status` while
it lasts; afterwards all goes on by itself, with nothing lost or doubled.

Answers that say that something is wrong: harm_services_test.py. Calls that
stall: failure_test.py."""
import collections
import os
import re
import sys
import unittest

from harness import ROOT, wait_for
from harm_case import Harm
import records

sys.path.append(os.path.join(ROOT, "tests", "chaos"))
from relay import Relay  # noqa: E402

SIDES = {"hubspot": "HubSpot", "salesforce": "Salesforce"}
HOUR_MS = 3_600_000
SETTINGS = {
    "hubspot": {"poll_interval": "100ms", "search_lag": "0s"},
    "salesforce": {"poll_interval": "100ms", "time_zone": "Europe/Berlin"},
    "delivery": {"retry_min": "50ms", "retry_max": "200ms",
                 "drain_timeout": "1s"},
    "activity.call": {"sync": "on"}}


class World(records.World):
    """With a relay before each service."""

    def start_sandbox(self, flags):
        super().start_sandbox(flags)
        self.relays = {}
        for side in SIDES:
            relay = Relay(int(getattr(self, side).base.rsplit(":", 1)[1]))
            self.relays[side] = relay
            self.stack.callback(relay.close)

    def write_conf(self, more="", settings=None, path=None):
        bases = {side: f"http://127.0.0.1:{relay.port}"
                 for side, relay in self.relays.items()}
        given = settings or {}
        super().write_conf(more, given | {
            "hubspot": {"api_base": bases["hubspot"]}
            | given.get("hubspot", {}),
            "salesforce": {"login_url": bases["salesforce"]}
            | given.get("salesforce", {})}, path)


class Network(Harm):
    """Behind relays."""

    settings = SETTINGS

    def setUp(self):
        super().setUp()
        self.w.start()

    def open_world(self):
        world = World(no_limits=True, settings=SETTINGS)
        self.addCleanup(world.close)
        return world

    def all_is_well(self):
        """All has arrived, and `status` has nothing to say."""
        wait_for(self.has_arrived,
                 f"all to arrive\n{self.log_text()[-6000:]}", 60)
        self.assertEqual(self.w.status()["waits"], [])

    def is_shown(self, *patterns):
        """`status`, for people, has all of them at once; its text."""
        text = [""]

        def look():
            text[0] = self.w.run("status").stdout
            return all(re.search(p, text[0]) for p in patterns)
        try:
            wait_for(look, "the trouble", 40)
        except AssertionError:
            self.fail(f"not shown: {patterns}\n{text[0]}")
        return text[0]

    def is_logged(self, since, *patterns):
        """What is new in the log has these."""
        for pattern in patterns:
            self.assertRegex(self.log_text()[since:], pattern)

    # -- below HTTP -------------------------------------------------------

    def test_nobody_listens(self):
        for side, name in SIDES.items():
            with self.subTest(name):
                since = len(self.log_text())
                self.w.relays[side].refuse()
                self.work()
                feed = "calls" if side == "hubspot" else "tasks"
                self.is_shown(
                    rf"{side}\.{feed} +failing .*connect",
                    rf"(writer|conflict-resolver) waits for {name} since "
                    r"[0-9-]+ .*, tries again (now|in \d+ s): .*connect")
                self.assertFalse(self.w.status()["ok"])
                self.w.relays[side].allow()
                self.all_is_well()
                self.is_logged(
                    since,
                    rf"a feed cannot be read.* feed={side}\.{feed} .*connect",
                    rf"{name} (takes nothing|cannot be read) now.*connect",
                    rf"a feed can be read again.* feed={side}\.{feed}",
                    rf"{name} (takes records|can be read) again")
        self.nothing_is_lost_or_doubled()

    def test_answers_are_reset_or_come_in_drops(self):
        for how in ("reset", "drip"):
            for relay in self.w.relays.values():
                relay.plan(**{how: 12})
            self.work()
            wait_for(lambda: not any(
                relay.todo[how] for relay in self.w.relays.values()),
                f"12 x {how}")
            self.all_is_well()
        self.nothing_is_lost_or_doubled()

    def test_answers_are_lost_after_the_write(self):
        since = len(self.log_text())
        lost = {"times": 2, "action": "commit-then-cut"}
        self.w.hubspot.fault(lost | {"path": "*/calls/batch/create"})
        self.w.salesforce.fault(lost | {"method": "PATCH"})
        self.work()
        self.all_is_well()
        self.is_logged(since, *[
            f"{name} takes nothing now.*the connection was cut before an answer"
            for name in SIDES.values()])
        self.nothing_is_lost_or_doubled()

    # -- long rests -------------------------------------------------------

    def test_a_rest_that_is_asked_for_is_kept(self):
        """The feed is asked once, and its like go on."""
        self.w.hubspot.fault({
            "path": "*/calls/search", "action": "status", "code": 503,
            "headers": {"Retry-After": "600"}, "body": "<html>Tea</html>"})
        self.w.salesforce.fault({
            "path": "*/queryAll*", "action": "status", "code": 403, "body": [
                {"errorCode": "REQUEST_LIMIT_EXCEEDED",
                 "message": "TotalRequests Limit exceeded."}]})
        again = r"; asked again at \d{4}-\d\d-\d\d \d\d:\d\d UTC"
        self.is_shown(rf"hubspot\.calls +failing .*\(503\).*{again}",
                      rf"salesforce\.tasks +failing .*TotalRequests.*{again}")
        self.work()
        wait_for(self.notes, "the note")
        for side in SIDES:
            service = getattr(self.w, side)
            rule, = service.call("/__sandbox/faults")["rules"]
            self.assertLessEqual(rule["fired"], 3, rule)
            service.fault()
        self.reload()
        self.all_is_well()
        self.nothing_is_lost_or_doubled()

    def test_a_rest_before_the_other_side_is_read(self):
        self.work()
        self.all_is_well()
        self.w.hubspot.fault({
            "path": "*/calls/batch/read", "action": "status", "code": 429,
            "headers": {"Retry-After": "600"}, "body": {"message": "Slowly"}})
        task = next(t for t in self.w.salesforce.dump("Task")
                    if t["Subject"] == self.titles[0])
        self.titles[0] = "Other words"
        self.w.salesforce.load(Task=[{"Id": task["Id"],
                                      "Subject": self.titles[0]}])
        self.is_shown("conflict-resolver waits for HubSpot since .*"
                      r"tries again in \d+ min: .*\(429\): Slowly")
        self.w.hubspot.fault()
        self.reload()
        self.all_is_well()
        self.nothing_is_lost_or_doubled()

    # -- what a person has to mend ----------------------------------------

    def restart(self, **more):
        """With another config."""
        self.w.write_conf(settings={name: section | more.get(name, {})
                                    for name, section in SETTINGS.items()})
        self.w.run("restart")

    def test_the_calls_of_the_day_are_spent(self):
        for side, name in SIDES.items():
            with self.subTest(name):
                self.work()
                self.all_is_well()
                since = len(self.log_text())
                self.restart(**{side: {"daily_api_limit": "1"}})
                spent = (rf"\[{side}\] daily_api_limit of 1 calls is spent for "
                         r"today: it goes on after midnight \(UTC\), or when ")
                feed = "calls" if side == "hubspot" else "tasks"
                self.work()
                self.is_shown(
                    rf"{side}\.{feed} +failing .*{spent}",
                    rf"(writer|conflict-resolver) waits for {name} since "
                    rf"[0-9-]+ .*tries again .*{spent}")
                self.assertFalse(self.w.status()["ok"])
                self.restart()
                self.all_is_well()
                self.is_logged(
                    since, f"a feed cannot be read.*{spent}",
                    f"{name} (has no calls left|cannot be read now).*{spent}",
                    "a feed can be read again")
        self.nothing_is_lost_or_doubled()

    def test_the_token_is_refused(self):
        since = len(self.log_text())
        self.w.hubspot.fault({
            "path": "*/search", "action": "status", "code": 401, "body": {
                "status": "error", "category": "EXPIRED_AUTHENTICATION",
                "message": "The OAuth token used to make this call expired"}})
        self.is_shown(r"fetcher-hubspot +failed .*exit code 78: a restart "
                      "cannot help, see the log")
        self.work()
        self.assertFalse(self.w.status()["ok"])
        self.is_logged(since, r"HubSpot refuses the token of \[hubspot\] "
                       r"token \(401\): The OAuth token")
        self.w.hubspot.fault()
        self.w.run("restart", "fetcher-hubspot")
        self.all_is_well()
        self.nothing_is_lost_or_doubled()

    def test_the_token_is_refused_for_a_moment(self):
        """HubSpot answers so now and then: nobody has to mend anything."""
        since = len(self.log_text())
        self.w.hubspot.fault({
            "path": "*/search", "times": 2, "action": "status", "code": 401,
            "body": {"status": "error", "message": "not found",
                     "category": "INVALID_AUTHENTICATION"}})
        self.work()
        self.all_is_well()
        self.assertNotIn("exit code 78", self.log_text()[since:])
        self.nothing_is_lost_or_doubled()

    # -- time -------------------------------------------------------------

    def test_the_services_clock_jumps(self):
        self.work()
        self.all_is_well()
        for jump in (10_000, HOUR_MS, -HOUR_MS):
            self.w.hubspot.call("/__sandbox/clock", {"advance_ms": jump})
            at = self.w.hubspot.call("/__sandbox/clock")["now"]
            # a change from before the last one is none
            self.work(at, changes=jump > 0)
            self.all_is_well()
        self.nothing_is_lost_or_doubled()

    def test_forms_are_read_though_the_clock_was_ahead(self):
        """When they were read last lies in the future then."""
        self.w.hubspot.call("/__sandbox/clock", {"advance_ms": HOUR_MS})
        self.w.load_activity("form_submission", self.contact)
        self.w.run("restart", "fetcher-hubspot")
        wait_for(self.w.tasks, "the first of them")
        self.w.hubspot.call("/__sandbox/clock", {"advance_ms": -HOUR_MS})
        self.w.load_activity("form_submission", self.contact)
        self.w.run("restart", "fetcher-hubspot")
        wait_for(lambda: len(self.w.tasks()) == 2, "the second")

    def test_pages_change_while_they_are_read(self):
        """Those of the first page are changed while the second is read: they
        leave their place, and all others move up."""
        slow = {"path": "*/calls/search", "action": "delay", "ms": 300}
        self.w.hubspot.fault(slow)
        keys = self.w.load_calls(self.contact, 450, hs_call_title="before")
        wait_for(self.w.tasks, "the first of them")
        for key in keys[:250:5]:
            self.w.change(key, hs_call_title="after")
        self.w.hubspot.fault()
        want = collections.Counter(before=400, after=50)

        def arrived():
            return self.on_both_sides() == [want, want]
        wait_for(arrived, "all to arrive")
        self.nothing_is_doubled_of(want)

    def nothing_is_doubled_of(self, want):
        """After one more pass it is still so."""
        self.w.stop()
        self.assertEqual(self.w.sync()["written"], 0)
        self.assertEqual(self.on_both_sides(), [want, want])


if __name__ == "__main__":
    unittest.main()
