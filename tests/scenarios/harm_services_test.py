"""What the services do wrong, one row each: what a person sees of it in the
log and in `status` while it lasts, and that all goes on by itself afterwards,
with nothing lost or doubled.

The rows of a round are in force at the same time, each at a place of its own;
all rounds pass through one running chain. Other rows of the list stand in
  failure_test.py           a service that is not there, both away, wrong
                            credentials, a stall, search lag, a refused tier
  salesforce_fetch_test.py  late commits, pages that change or do not come
  writer_test.py            answers lost between two steps of one write
  harm_network_test.py      refused, reset, in drops, a spent budget, a token
                            that ends, clock jumps, pages of HubSpot's
  tests/chaos               all at random
"""
import re
import types
import unittest

from harness import now_ms, wait_for
from harm_case import Harm

HTML = "<html><body>Bad Gateway</body></html>"
HALF_JSON = '{"results": [{"id": "1", "proper'
SECOND_MS, HOUR_MS = 1000, 3_600_000
# places, and what of `status` is of them: a feed, or a stage and whom it
# waits for
PLACES = {
    **{f"fetch {kind}": ({"path": f"*/{kind}/search"}, f"hubspot.{kind}")
       for kind in ("calls", "emails", "meetings", "notes", "tasks")},
    "fetch Salesforce": ({"path": "*/queryAll*"}, "salesforce.tasks"),
    "write HubSpot": ({"path": "*/calls/batch/[cu]*"}, ("writer", "HubSpot")),
    "create in HubSpot": ({"path": "*/calls/batch/create"},
                          ("writer", "HubSpot")),
    "write Salesforce": ({"method": "PATCH"}, ("writer", "Salesforce")),
    "read HubSpot": ({"path": "*/calls/batch/read"},
                     ("conflict-resolver", "HubSpot"))}


def row(place, fault, says="", rests=None, status="failing", log="",
        times=None, sign_in=False):
    """A fault at a place. `says`: what `status` has to say of it, a regular
    expression; "": it passes by too fast. `rests`: (least, most) ms until it
    is tried again. `log`: a line that it leaves, else those of its kind.
    `times`: so often; None: until it has been seen. `sign_in`: the fault is at
    the token endpoint, after the token's end."""
    where, shown = PLACES[place]
    side = "salesforce" if "Salesforce" in place else "hubspot"
    rule = {**where, **fault} | ({"times": times} if times else {})
    return types.SimpleNamespace(
        place=place, side=side, shown=shown, says=says, rests=rests,
        status=status, log=log, once=bool(times),
        rules=[where | {"action": "expire-token", "times": 1},
               {"path": "*/oauth2/token", **fault}] if sign_in else [rule])


def status(code, body=None, headers=None):
    """An answer of HubSpot's, or of a proxy's."""
    if body is None:
        body = {"status": "error", "message": "Out for tea"}
    return {"action": "status", "code": code, "body": body,
            **({"headers": headers} if headers else {})}


def sf(code, name, message="Out for tea"):
    """An answer of Salesforce's."""
    return status(code, [{"errorCode": name, "message": message}])


def policy(name, words, headers=None):
    """HubSpot's 429."""
    return status(429, {
        "status": "error", "policyName": name, "errorType": "RATE_LIMIT",
        "message": f"You have reached your {words} limit."}, headers)


CUT = {"action": "cut"}
LOST = {"action": "commit-then-cut"}
HALF_LOST = LOST | {"half": True}
LIMIT = "TotalRequests Limit exceeded."
AN_HOUR = (SECOND_MS, HOUR_MS)
ROUNDS = [
    # -- reading ----------------------------------------------------------
    [row("fetch calls", status(502, HTML), r"/calls/search \(502\)"),
     row("fetch emails", status(200, HALF_JSON), "emails/search is no JSON"),
     row("fetch meetings", status(423), r"\(423\): Out for tea"),
     row("fetch notes", CUT, "HubSpot gave no answer"),
     row("fetch tasks", status(504, HTML), r"\(504\)"),
     row("fetch Salesforce", status(503, HTML), "HTTP_503")],
    [row("fetch calls", policy("SECONDLY", "secondly"), r"\(429\).*secondly"),
     row("fetch notes", status(404), r"\(404\): Out for tea"),
     row("fetch tasks", status(409), r"\(409\): Out for tea")],
    [row("fetch calls", status(200, HTML), "is no JSON"),
     row("fetch emails", status(500), r"\(500\)"),
     row("fetch notes", policy("TEN_SECONDLY_ROLLING", "ten_secondly_rolling",
                               {"Retry-After": "1"}), r"\(429\).*rolling"),
     row("fetch Salesforce", status(200, HALF_JSON), "bad-answer")],
    [row("fetch Salesforce", status(503, HTML), "sign-in: the service is not "
         "available", sign_in=True)],
    [row("fetch Salesforce", CUT, "no-answer")],
    [row("read HubSpot", status(503, HTML), r"batch/read \(503\)")],
    # -- writing ----------------------------------------------------------
    [row("write HubSpot", status(503, HTML), "HTTP_503"),
     row("write Salesforce", status(503, HTML), "HTTP_503")],
    [row("create in HubSpot", status(500), "HTTP_500: Out for tea"),
     row("write Salesforce", sf(500, "UNKNOWN_EXCEPTION"),
         "UNKNOWN_EXCEPTION: Out for tea")],
    [row("write HubSpot", status(504, HTML), "HTTP_504"),
     row("write Salesforce", status(502, HTML), "HTTP_502")],
    [row("write HubSpot", status(423), "HTTP_423: Out for tea",
         (SECOND_MS, 3 * SECOND_MS)),
     row("write Salesforce", status(200, HALF_JSON), "bad-answer")],
    [row("write HubSpot", status(404, HTML), "HTTP_404"),
     row("write Salesforce", sf(409, "UNABLE_TO_LOCK_ROW"),
         "UNABLE_TO_LOCK_ROW: Out for tea")],
    [row("create in HubSpot", status(403, HTML), "HTTP_403"),
     row("write Salesforce", status(403, HTML), "HTTP_403")],
    [row("create in HubSpot", LOST, times=1,
         log="HubSpot takes nothing now.*code=no-answer"),
     row("write Salesforce", LOST, times=1,
         log="Salesforce takes nothing now.*code=no-answer")],
    [row("create in HubSpot", HALF_LOST, times=1,
         log="HubSpot takes nothing now"),
     row("write Salesforce", CUT, times=1,
         log="Salesforce takes nothing now")],
    [row("create in HubSpot", CUT, times=1, log="HubSpot takes nothing now"),
     row("write Salesforce", {"action": "partial", "rows": 1}, times=2)],
    [row("create in HubSpot", status(200, HALF_JSON), times=1,
         log="HubSpot takes nothing now.*bad-answer"),
     row("write Salesforce", {"action": "expire-token"}, times=1)],
    [row("write Salesforce", status(503, HTML), "sign-in: the service is not "
         "available", sign_in=True)],
]
# Asked again after a long rest: a reload of the config ends it.
LONG = [
    [row("fetch emails", policy("DAILY", "daily"),
         "daily limit of API calls is reached; it goes on.*; asked again at "),
     row("fetch meetings", status(477, headers={"Retry-After": "86400"}),
         r"\(477\).*; asked again at "),
     row("fetch Salesforce", sf(403, "REQUEST_LIMIT_EXCEEDED", LIMIT),
         "REQUEST_LIMIT_EXCEEDED: TotalRequests.*; asked again at ")],
    [row("write HubSpot", policy("DAILY", "daily"), "daily-limit: HubSpot's",
         AN_HOUR, log="HubSpot has no calls left for today"),
     row("write Salesforce", sf(403, "REQUEST_LIMIT_EXCEEDED", LIMIT),
         "daily-limit: TotalRequests Limit exceeded", AN_HOUR,
         log="Salesforce has no calls left for today")],
    [row("write HubSpot", policy("TEN_SECONDLY_ROLLING",
                                 "ten_secondly_rolling"),
         "TEN_SECONDLY_ROLLING", (5 * SECOND_MS, 12 * SECOND_MS)),
     row("write Salesforce", status(429, HTML, {"Retry-After": "600"}),
         "HTTP_429", (500 * SECOND_MS, 700 * SECOND_MS))],
    [row("write HubSpot", status(477, headers={"Retry-After": "86400"}),
         "HTTP_477", (HOUR_MS - 60 * SECOND_MS, HOUR_MS + 60 * SECOND_MS)),
     row("fetch calls", status(403), r"\(403\): Out for tea",
         status="refused")],
]
MAX_TRIES = 4
SETTINGS = {
    "hubspot": {"poll_interval": "100ms", "search_lag": "0s"},
    "salesforce": {"poll_interval": "100ms", "time_zone": "Europe/Berlin"},
    "delivery": {"retry_min": "50ms", "retry_max": "200ms",
                 "max_tries": MAX_TRIES},
    "activity.call": {"sync": "on"}}


# Given up: a refusal of the very record, and what a person reads of it.
GIVEN_UP = [
    [row("create in HubSpot", status(403),
         log="HubSpot refused a batch.*403"),
     row("write Salesforce", sf(404, "NOT_FOUND"),
         log="Salesforce refused a whole batch.*NOT_FOUND.* mend=")],
    [row("create in HubSpot", status(409),
         log="HubSpot refused a batch.*409"),
     row("write Salesforce", {"action": "partial", "rows": 3, "code":
                              "FIELD_CUSTOM_VALIDATION_EXCEPTION"})],
]


class Services(Harm):
    """Rows, through one chain."""

    settings = SETTINGS

    # -- a round ----------------------------------------------------------

    def shown(self, status, one):
        """What `status` has of a row's trouble; None: nothing."""
        if isinstance(one.shown, str):
            found = [f for f in status["feeds"] if f["feed"] == one.shown
                     and f["status"] == one.status]
            text = "detail"
        else:
            found = [w for w in status["waits"]
                     if (w["stage"], w["service"]) == one.shown]
            text = "reason"
        return next((f for f in found if re.search(one.says, f[text])), None)

    def line(self, one):
        """What a person reads of it in `status`."""
        if isinstance(one.shown, str):
            return rf"{one.shown} +{one.status} .*{one.says}"
        return (rf"{one.shown[0]} waits for {one.shown[1]} since .*"
                rf"tries again (now|in \d+ (s|min)): .*{one.says}")

    def is_seen(self, rows, before):
        """All rows show: since when, until when, and in words."""
        latest = {}

        def look():
            latest.update(self.w.status())
            latest["text"] = self.w.run("status").stdout
            return all(self.shown(latest, r) and
                       re.search(self.line(r), latest["text"]) for r in rows)
        try:
            wait_for(look, "the trouble", 40)
        except AssertionError:
            missing = [r.says for r in rows if not self.shown(latest, r)]
            self.fail(f"not shown: {missing}\n{latest['text']}\n"
                      f"{self.log_text()[-4000:]}")
        self.assertFalse(latest["ok"] and any(
            r.status == "failing" for r in rows))
        for one in rows:
            told = self.shown(latest, one)
            self.assertGreaterEqual(told["since"], before, told)
            if one.rests:
                least, most = one.rests
                self.assertTrue(least <= told["next"] - now_ms() <= most, told)

    def is_logged(self, rows, text):
        """One line that it began, one that it is over."""
        for one in rows:
            words = [one.log] if one.log else []
            if one.says and isinstance(one.shown, str):
                words += [rf"a feed cannot be read.*feed={one.shown} .*"
                          + one.says,
                          f"a feed can be read again.*feed={one.shown}"]
            elif one.says:
                begins, ends = {
                    "writer": ("(takes nothing now|has no calls left)",
                               "takes records again"),
                    "conflict-resolver": ("cannot be read now",
                                          "can be read again")}[one.shown[0]]
                words += [f"{one.shown[1]} {begins}", f"{one.shown[1]} {ends}"]
            for word in words:
                self.assertRegex(text, word)

    def set_faults(self, rows=()):
        """Of both sides; without rows all is well again."""
        for side in ("hubspot", "salesforce"):
            getattr(self.w, side).fault(*[
                rule for r in rows if r.side == side for rule in r.rules])

    def have_fired(self, lasting):
        """Has each rule met a call? What lasts: more often than a record is
        tried ([delivery] max_tries), which must not cost one."""
        is_quick = lasting and all(
            not isinstance(r.shown, str) and not r.rests for r in lasting)
        least = 1 + MAX_TRIES if is_quick else 1
        return all(rule["fired"] >= min(least, rule.get("times", least))
                   for side in (self.w.hubspot, self.w.salesforce)
                   for rule in side.call("/__sandbox/faults")["rules"])

    def round(self, rows, mend=lambda: None):
        """All of it."""
        before, logged = now_ms(), len(self.log_text())
        self.set_faults(rows)
        self.work()
        lasting = [r for r in rows if r.says and not r.once]
        if lasting:
            self.is_seen(lasting, before)
        wait_for(lambda: self.have_fired(lasting), "the faults")
        if lasting:
            self.set_faults()
            mend()
        wait_for(self.has_arrived, f"all\n{self.log_text()[-6000:]}", 60)
        self.set_faults()
        self.is_logged(rows, self.log_text()[logged:])

    def run_rounds(self, rounds, mend=lambda: None):
        """One after the other, in one chain."""
        self.w.start()
        self.round([])
        for rows in rounds:
            try:
                self.round(rows, mend)
            except AssertionError as bad:
                names = [f"{r.place}: {r.says or r.rules[0]['action']}"
                         for r in rows]
                raise AssertionError(f"{names}: {bad}") from None
        self.nothing_is_lost_or_doubled()

    def test_what_passes_by(self):
        self.run_rounds(ROUNDS)

    def test_what_is_given_up(self):
        """It is told with what mends it, and comes over when it is asked for
        again. The other direction is not held up."""
        self.w.start()
        self.round([])
        for rows in GIVEN_UP:
            logged = len(self.log_text())
            self.set_faults(rows)
            self.work()
            wait_for(lambda: self.w.status()["dead"] == 3, "3 dead letters")
            self.assertIn("dead letters 3", self.w.run("status").stdout)
            text = self.log_text()[logged:]
            self.is_logged(rows, text)
            given_up = re.findall("an event was given up.* mend=", text)
            self.assertEqual(len(given_up), 3, text)
            self.set_faults()
            self.w.run("dead", "retry", "--all")
            wait_for(self.has_arrived, f"all\n{self.log_text()[-6000:]}", 60)
        self.nothing_is_lost_or_doubled()

    def test_what_is_rested_for(self):
        self.run_rounds(LONG, self.reload)


if __name__ == "__main__":
    unittest.main()
