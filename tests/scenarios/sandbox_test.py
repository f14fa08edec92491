"""The sandbox itself: its command line, its sample data and its control API,
on both ports, over HTTP."""
import datetime
import email.utils
import http.client
import json
import re
import signal
import socket
import subprocess
import threading
import time
import unittest
import urllib.parse

from harness import DAY_MS, build_dir, free_port, iso, now_ms, wait_for
from records import World

NOTES = "/crm/objects/2026-09/notes"
VERSION = "/services/data/v67.0"
TASKS = VERSION + "/composite/sobjects"
KINDS = {"e_opened_tracked_inbox_email_v8",
         "e_clicked_link_in_tracked_inbox_email_v8", "e_document_viewed_v2",
         "ae123456_contract_signed", "e_visited_page"}
ENGAGEMENTS = ("calls", "emails", "meetings", "notes", "tasks")


def ask(port, method, path, body=None, token="sandbox-token", timeout=20):
    """(status, body's bytes, headers) of one call; what breaks the connection
    is an exception."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        headers = {"Authorization": "Bearer " + token} if token else {}
        if isinstance(body, (dict, list)):
            headers["Content-Type"] = "application/json"
            body = json.dumps(body)
        line.request(method, path, body, headers)
        answer = line.getresponse()
        return answer.status, answer.read(), answer.headers
    finally:
        line.close()


def run(*flags):
    """The sandbox with flags that end it at once."""
    return subprocess.run([build_dir() + "/sandbox", *flags], timeout=60,
                          capture_output=True, text=True, check=False)


class Process:
    """A sandbox on ports of its own choice; a context manager."""

    def __init__(self, *flags):
        self.process = subprocess.Popen(
            [build_dir() + "/sandbox", "--hubspot-port", "0",
             "--salesforce-port", "0", *flags], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        found = re.fullmatch(r"hubspot=(\d+) salesforce=(\d+)\n", line)
        if not found or self.process.stdout.readline() != "ready\n":
            raise AssertionError(line + self.process.communicate()[1])
        self.ports = int(found[1]), int(found[2])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end(signal.SIGTERM)

    def end(self, signum):
        """It has to end well, and the sanitizers have nothing to say."""
        if self.process.poll() is None:
            self.process.send_signal(signum)
        _, err = self.process.communicate(timeout=60)
        if self.process.returncode != 0 or err:
            raise AssertionError(f"exit {self.process.returncode}: {err}")

    def dump(self, side=0):
        """All records of a side."""
        return json.loads(ask(self.ports[side], "GET", "/__sandbox/dump")[1])


class CommandLine(unittest.TestCase):
    """Flags, ports, exit codes."""

    def test_help(self):
        done = run("--help")
        self.assertEqual(done.returncode, 0)
        for flag in ("--hubspot-port", "--salesforce-port", "--contacts",
                     "--activities", "--seed", "--bare", "--no-limits"):
            self.assertIn(flag, done.stdout)

    def test_bad_flags(self):
        ports = ["--hubspot-port", "0", "--salesforce-port", "0"]
        for flags in ([], ports[:2], [*ports, "--nonsense"],
                      [*ports, "extra"], [*ports, "--contacts"],
                      [*ports, "--contacts", "-1"], [*ports, "--seed", "x"],
                      [*ports, "--activities", ""],
                      [*ports, "--activities", "99999999999999999999"],
                      ["--hubspot-port", "65536", *ports[2:]],
                      ["--hubspot-port", "80a", *ports[2:]]):
            with self.subTest(flags=flags):
                done = run(*flags)
                self.assertEqual((done.returncode, done.stdout), (64, ""))
                self.assertIn("usage:", done.stderr)

    def test_port_is_taken(self):
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            taken = str(other.getsockname()[1])
            for ports in ((taken, "0"), ("0", taken)):
                done = run("--hubspot-port", ports[0],
                           "--salesforce-port", ports[1])
                self.assertEqual((done.returncode, done.stdout), (75, ""))
                self.assertIn(taken, done.stderr)

    def test_ready_is_the_first_line(self):
        ports = str(free_port()), str(free_port())
        process = subprocess.Popen(
            [build_dir() + "/sandbox", "--bare", "--hubspot-port", ports[0],
             "--salesforce-port", ports[1]], stdout=subprocess.PIPE)
        self.assertEqual(process.stdout.readline(), b"ready\n")
        process.terminate()
        self.assertEqual(process.communicate(timeout=60)[0], b"")
        self.assertEqual(process.returncode, 0)

    def test_signals_end_it(self):
        for signum in (signal.SIGTERM, signal.SIGINT):
            Process("--contacts", "3", "--activities", "5").end(signum)

    def test_only_loopback(self):
        with Process("--bare") as sandbox:
            table = "/proc/%d/net/tcp" % sandbox.process.pid
            with open(table, encoding="ascii") as file:
                listening = [row.split()[1].split(":") for row in file
                             if row.split()[3] == "0A"]
            for port in sandbox.ports:
                self.assertEqual(
                    [host for host, p in listening if int(p, 16) == port],
                    ["0100007F"])


class Samples(unittest.TestCase):
    """What `--contacts N --activities M --seed S` gives."""

    @classmethod
    def setUpClass(cls):
        with Process() as sandbox:
            cls.hs, cls.sf = sandbox.dump(0), sandbox.dump(1)
            cls.now = now_ms()

    @staticmethod
    def timeless(dump):
        """Without what is counted from now."""
        text = re.sub(r'"\d{4}-\d\d-\d\d(T[\d:.]+(Z|\+0000))?"', '"T"',
                      json.dumps(dump))
        return re.sub(r'("created"|"submittedAt"): *\d+', "", text)

    def test_a_seed_repeats_itself(self):
        def both(*flags):
            with Process("--contacts", "20", "--activities", "60",
                         *flags) as sandbox:
                return [self.timeless(sandbox.dump(i)) for i in (0, 1)]
        seven = both("--seed", "7")
        self.assertEqual(seven, both("--seed", "7"))
        self.assertNotEqual(seven[0], both("--seed", "8")[0])
        self.assertEqual(both(), both("--seed", "1"))

    def test_counts(self):
        self.assertEqual(len(self.hs["contacts"]), 50)
        for kind in ENGAGEMENTS:
            self.assertGreater(len(self.hs[kind]), 30, kind)
        for flags, people in ((("--contacts", "0"), 0),
                              (("--contacts", "1", "--activities", "3"), 1),
                              (("--bare",), 0)):
            with Process(*flags) as sandbox:
                self.assertEqual(len(sandbox.dump()["contacts"]), people)

    def test_ties_lead_somewhere(self):
        people = {kind: {r["Id"]: r for r in self.sf[kind]}
                  for kind in ("Contact", "Lead", "Account")}
        ties = []
        for contact in self.hs["contacts"]:
            for kind in ("Contact", "Lead"):
                tie = contact["properties"].get(f"salesforce{kind.lower()}id")
                if tie:
                    self.assertTrue([i for i in people[kind]
                                     if i[:15] == tie[:15]], tie)
                    ties.append(kind)
        self.assertIn(len(ties), range(20, 31))
        self.assertGreater(ties.count("Lead"), 2)
        converted = [r for r in self.sf["Lead"] if r["IsConverted"]]
        self.assertTrue(converted)
        for lead in converted:
            self.assertIn(lead["ConvertedContactId"], people["Contact"])
        accounts = [c["properties"]["salesforceaccountid"]
                    for c in self.hs["companies"]
                    if c["properties"].get("salesforceaccountid")]
        self.assertTrue(accounts)
        self.assertLessEqual(set(accounts), people["Account"].keys())
        self.assertLessEqual({r["AccountId"] for r in self.sf["Contact"]
                              if r["AccountId"]}, people["Account"].keys())
        users = {u["Email"] for u in self.sf["User"]}
        self.assertGreater(
            len(users & {o["email"] for o in self.hs["owners"]}), 2)
        self.assertGreater(len({u["TimeZoneSidKey"]
                                for u in self.sf["User"]}), 2)

    def test_all_kinds(self):
        mails = [r["properties"] for r in self.hs["emails"]]
        self.assertLessEqual({"EMAIL", "INCOMING_EMAIL", "DRAFT_EMAIL"},
                             {m["hs_email_direction"] for m in mails})
        events = self.hs["email_events"]
        self.assertLessEqual({"SENT", "DELIVERED", "OPEN", "CLICK"},
                             {e["type"] for e in events})
        self.assertTrue(any(e.get("filteredEvent") for e in events))
        ids = {e["id"] for e in events}
        replaced = [e for e in events if "obsoletedBy" in e]
        self.assertTrue(replaced)
        self.assertLessEqual({e["obsoletedBy"]["id"] for e in replaced}, ids)
        self.assertEqual({e["eventType"] for e in self.hs["events"]}, KINDS)
        self.assertGreater(len({s["formId"]
                                for s in self.hs["form_submissions"]}), 2)
        self.assertTrue(self.sf["Task"] and self.sf["Event"])

    def test_texts(self):
        texts = json.dumps(self.hs, ensure_ascii=False)
        for word in ("ü", "山", "\U0001F680", "<script>", "&nbsp;", "<li>",
                     "href"):
            self.assertIn(word, texts)
        self.assertTrue(any(
            len(n["properties"].get("hs_note_body", "")) > 32_000
            for n in self.hs["notes"]))

    def test_times(self):
        at = [datetime.datetime.fromisoformat(
            c["properties"]["hs_timestamp"].replace("Z", "+00:00")).timestamp()
            * 1000 for kind in ENGAGEMENTS for c in self.hs[kind]]
        self.assertLess(max(at), self.now)
        self.assertGreater(min(at), self.now - 402 * DAY_MS)
        self.assertLess(min(at), self.now - 350 * DAY_MS)
        self.assertGreater(max(at), self.now - 50 * DAY_MS)


class Case(unittest.TestCase):
    """One sandbox for a class of tests."""

    flags = ("--contacts", "20", "--activities", "0")

    @classmethod
    def setUpClass(cls):
        cls.world = World(no_limits=True, sandbox=cls.flags)
        cls.addClassCleanup(cls.world.close)
        cls.hubspot, cls.salesforce = cls.world.hubspot, cls.world.salesforce
        cls.ports = [urllib.parse.urlsplit(s.base).port
                     for s in (cls.hubspot, cls.salesforce)]
        _, answer, _ = ask(cls.ports[1], "POST", "/services/oauth2/token",
                           "grant_type=client_credentials&client_id="
                           "sandbox-client&client_secret=sandbox-secret",
                           token=None)
        cls.sf_token = json.loads(answer)["access_token"]

    def tearDown(self):
        self.hubspot.fault()
        self.salesforce.fault()

    def get_notes(self, **how):
        """A call of HubSpot's that is good when nothing is wrong."""
        return ask(self.ports[0], "GET", NOTES, **how)

    def new_note(self, **how):
        """One that makes a record."""
        return ask(self.ports[0], "POST", NOTES, {"properties": {
            "hs_timestamp": iso(now_ms()), "hs_note_body": "x"}}, **how)

    def new_tasks(self, n):
        """A batch of Salesforce's; its rows."""
        status, answer, _ = ask(
            self.ports[1], "POST", TASKS, {"allOrNone": False, "records": [
                {"attributes": {"type": "Task"}, "Subject": f"T{i}"}
                for i in range(n)]}, token=self.sf_token)
        self.assertEqual(status, 200, answer)
        return json.loads(answer)

    def n_notes(self):
        """How many there are."""
        return len(self.hubspot.dump("notes"))

    def control(self, method, what, body=None, port=0):
        """(status, answer) of the control API."""
        status, answer, _ = ask(self.ports[port], method, "/__sandbox/" + what,
                                body, token=None)
        return status, json.loads(answer)

    def refused(self, what, body, word="", status=400):
        """A POST that is no good."""
        got, answer = self.control("POST", what, body)
        self.assertEqual(got, status, answer)
        self.assertIn(word, answer["error"])

    def fired(self):
        """How often each rule was met."""
        return [r["fired"] for r in self.hubspot.call("/__sandbox/faults")[
            "rules"]]


class Faults(Case):
    """One action after the other."""

    def test_status(self):
        self.hubspot.fault({"action": "status", "code": 429, "times": 1,
                            "headers": {"Retry-After": 7, "X-Why": "words"},
                            "body": {"status": "error"}})
        status, answer, headers = self.get_notes()
        self.assertEqual((status, json.loads(answer)),
                         (429, {"status": "error"}))
        self.assertEqual((headers["Retry-After"], headers["X-Why"]),
                         ("7", "words"))
        self.assertIn("application/json", headers["Content-Type"])
        self.assertEqual(self.get_notes()[0], 200)
        self.hubspot.fault({"action": "status", "body": "<html>no</html>"})
        status, answer, headers = self.get_notes()
        self.assertEqual((status, answer), (500, b"<html>no</html>"))
        self.assertIn("text/html", headers["Content-Type"])
        self.hubspot.fault({"action": "status", "code": 503,
                            "headers": {"Content-Type": "x/y"}, "body": "z"})
        self.assertEqual(self.get_notes()[2].get_all("Content-Type"), ["x/y"])

    def test_status_does_nothing(self):
        before = self.n_notes()
        self.hubspot.fault({"action": "status", "code": 200, "body": "{}"})
        self.assertEqual(self.new_note()[0], 200)
        self.assertEqual(self.n_notes(), before)

    def test_delay_holds_nobody_up(self):
        self.hubspot.fault({"action": "delay", "ms": 700, "times": 1})
        got = []
        slow = threading.Thread(target=lambda: got.append(self.new_note()[0]))
        before, started = self.n_notes(), time.monotonic()
        slow.start()
        while self.fired() == [0]:
            time.sleep(0.01)
        for _ in range(5):
            self.assertEqual(self.get_notes()[0], 200)
        self.new_tasks(1)
        self.assertLess(time.monotonic() - started, 0.6)
        self.assertEqual(self.n_notes(), before)
        slow.join()
        self.assertGreaterEqual(time.monotonic() - started, 0.69)
        self.assertEqual((got, self.n_notes()), ([201], before + 1))

    def test_delays_end_in_their_order(self):
        self.hubspot.fault(
            {"path": "*/1", "action": "delay", "ms": 600},
            {"path": "*/2", "action": "delay", "ms": 200},
            {"path": "*/3", "action": "delay", "ms": "400ms"})
        ended = []

        def one(n):
            ask(self.ports[0], "GET", f"{NOTES}/{n}")
            ended.append(n)
        threads = [threading.Thread(target=one, args=(n,)) for n in (1, 2, 3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(ended, [2, 3, 1])

    def test_stall(self):
        self.hubspot.fault({"action": "stall", "times": 2})
        for _ in range(2):
            with self.assertRaises(TimeoutError):
                self.get_notes(timeout=0.2)
        self.assertEqual(self.get_notes()[0], 200)

    def test_cut(self):
        before = self.n_notes()
        self.hubspot.fault({"action": "cut"})
        for call in (self.new_note, self.get_notes):
            with self.assertRaises(http.client.IncompleteRead) as half:
                call()
            self.assertTrue(half.exception.partial)
            self.assertAlmostEqual(half.exception.expected,  # still to come
                                   len(half.exception.partial), delta=1)
        self.hubspot.fault({"action": "cut", "body": "0123456789"})
        with self.assertRaises(http.client.IncompleteRead) as half:
            self.new_note()
        self.assertEqual(half.exception.partial, b"01234")
        self.assertEqual(self.n_notes(), before)

    def test_cut_after(self):
        before = self.n_notes()
        self.hubspot.fault({"action": "cut", "after": True})
        with self.assertRaises(http.client.IncompleteRead) as half:
            self.new_note()
        self.assertTrue(half.exception.partial.startswith(b'{"id"'))
        self.assertEqual(self.n_notes(), before + 1)

    def test_commit_then_cut(self):
        before = self.n_notes()
        self.hubspot.fault({"action": "commit-then-cut", "method": "post"})
        with self.assertRaises(http.client.RemoteDisconnected):
            self.new_note()
        self.assertEqual(self.n_notes(), before + 1)
        self.assertEqual(self.get_notes()[0], 200)
        self.hubspot.fault({"action": "commit-then-cut", "half": True})
        with self.assertRaises(http.client.IncompleteRead):
            self.new_note()
        self.assertEqual(self.n_notes(), before + 2)

    def test_partial_salesforce(self):
        def good(**rule):
            self.salesforce.fault({"action": "partial", "times": 1, **rule})
            rows = self.new_tasks(5)
            return [r["success"] for r in rows], rows
        self.assertEqual(good()[0], [False] + 4 * [True])
        self.assertEqual(good(rows=3)[0], 3 * [False] + 2 * [True])
        self.assertEqual(good(rows=0)[0], 5 * [True])
        success, rows = good(rows=[1, 4], code="X_Y", message="so it is")
        self.assertEqual(success, [True, False, True, True, False])
        self.assertEqual(rows[1]["errors"][0]["statusCode"], "X_Y")
        self.assertEqual(rows[4]["errors"][0]["message"], "so it is")
        self.assertEqual([r["success"] for r in self.new_tasks(5)], 5 * [True])

    def test_partial_hubspot(self):
        def create(**more):
            self.hubspot.fault({"action": "partial", "rows": [1], "times": 1,
                                "code": "OUCH", "message": "it hurts"})
            before = self.n_notes()
            status, answer, _ = ask(
                self.ports[0], "POST", NOTES + "/batch/create", {"inputs": [
                    {"properties": {"hs_timestamp": iso(now_ms()),
                                    "hs_note_body": str(i)},
                     **{k: f"{v}{i}" for k, v in more.items()}}
                    for i in range(3)]})
            self.assertIn(b"it hurts", answer)
            return status, self.n_notes() - before
        self.assertEqual(create(objectWriteTraceId="t"), (207, 2))
        self.assertEqual(create(), (400, 0))  # as HubSpot does without ids

    def test_a_delayed_call_is_done_though_nobody_waits(self):
        before = self.n_notes()
        self.hubspot.fault({"action": "delay", "ms": 300, "times": 1})
        with self.assertRaises(TimeoutError):
            self.new_note(timeout=0.1)
        self.assertEqual(self.n_notes(), before)
        wait_for(lambda: self.n_notes() == before + 1, "the note", 10)

    def test_expire_token(self):
        self.hubspot.fault({"action": "expire-token", "times": 1})
        self.assertEqual(self.get_notes()[0], 401)
        self.assertEqual(self.get_notes()[0], 200)

    def test_expire_token_salesforce(self):
        self.salesforce.fault({"action": "expire-token", "times": 1})
        for _ in range(2):
            status, answer, _ = ask(self.ports[1], "GET", VERSION + "/limits",
                                    token=self.sf_token)
            self.assertEqual(status, 401, answer)
        type(self).setUpClass()

    def test_lag(self):
        def found():
            _, answer, _ = ask(self.ports[0], "POST", NOTES + "/search",
                               {"limit": 200})
            return json.loads(answer)["total"]
        self.new_note()
        self.hubspot.fault({"action": "lag", "ms": "1h"})
        self.new_note()
        self.assertLess(found(), self.n_notes())
        self.hubspot.fault()
        self.assertEqual(found(), self.n_notes())

    def test_which_calls(self):
        def hit(target, rule):
            self.hubspot.fault({"action": "status", "code": 418, **rule})
            return ask(self.ports[0], "GET", target)[0] == 418
        for want, path, rule in (
                (True, NOTES, {}),
                (True, NOTES, {"method": "GET"}),
                (False, NOTES, {"method": "POST"}),
                (True, NOTES, {"path": NOTES}),
                (True, NOTES, {"path": "/notes"}),
                (True, NOTES, {"path": "*/notes"}),
                (True, NOTES + "?limit=3", {"path": "*/notes"}),
                (False, NOTES + "?limit=3", {"path": "limit"}),
                (False, NOTES, {"path": "*/note"}),
                (True, NOTES + "/17", {"path": "*/notes/[0-9]*"}),
                (False, NOTES + "/x", {"path": "*/notes/[0-9]*"}),
                (True, NOTES + "/a%2Fb", {"path": "*/a%2Fb"})):
            with self.subTest(path=path, rule=rule):
                self.assertEqual(hit(path, rule), want)

    def test_times_and_skip(self):
        self.hubspot.fault(
            {"action": "status", "code": 501, "skip": 2, "times": 2},
            {"action": "status", "code": 502, "path": "notes", "times": 3})
        self.assertEqual([self.get_notes()[0] for _ in range(8)],
                         [502, 502, 501, 501, 502, 200, 200, 200])
        self.assertEqual(self.fired(), [2, 3])

    def test_the_other_service_is_well(self):
        self.hubspot.fault({"action": "status"})
        self.assertTrue(self.new_tasks(1)[0]["success"])
        self.assertEqual(self.salesforce.call("/__sandbox/faults"),
                         {"rules": []})

    def test_shapes(self):
        rule = {"action": "status", "code": 503}
        for body, n in (({"rules": [rule, rule]}, 2), ([rule], 1), (rule, 1),
                        ({"rules": rule}, 1), ({"rules": []}, 0), ([], 0)):
            status, answer = self.control("POST", "faults", body)
            self.assertEqual((status, answer), (200, {"ok": True, "rules": n}))
            self.assertEqual(self.fired(), n * [0])

    def test_bad_rules_change_nothing(self):
        self.hubspot.fault({"action": "status", "code": 418})
        for body, word in (
                ("{nonsense", "JSON"), ("", "JSON"), ("[] x", "JSON"),
                (3, "object"), ({}, "action"), ({"rules": 3}, "object"),
                ([{"action": "status"}, 7], "object"),
                ({"action": "explode"}, "commit-then-cut"),
                ({"action": "status", "code": 99}, "code"),
                ({"action": "status", "code": "x"}, "code"),
                ({"action": "status", "headers": []}, "headers"),
                ({"action": "status", "times": -1}, "times"),
                ({"action": "status", "skip": 1.5}, "skip"),
                ({"action": "status", "path": 3}, "path"),
                ({"action": "delay", "ms": -5}, "ms"),
                ({"action": "delay", "ms": "soon"}, "ms"),
                ({"action": "lag"}, "ms"),
                ({"action": "partial", "rows": "x"}, "rows"),
                ({"action": "partial", "rows": [1, "x"]}, "rows"),
                ({"action": "partial", "code": 5}, "code")):
            with self.subTest(body=body):
                if not isinstance(body, str):
                    body = json.dumps(body)
                self.refused("faults", body, word)
                self.assertEqual(self.get_notes()[0], 418)


class Control(Case):
    """Clock, stats, load, dump, simulate; and the server under it."""

    def date(self):
        """The Date header, ms."""
        at = self.get_notes()[2].get_all("Date")
        self.assertEqual(len(at), 1)
        return email.utils.parsedate_to_datetime(at[0]).timestamp() * 1000

    def test_clock(self):
        def moved(body):
            _, answer = self.control("POST", "clock", body)
            self.assertTrue(answer["ok"])
            self.assertAlmostEqual(self.date(), answer["now"], delta=3000)
            return answer["now"] - now_ms()
        hour = 3_600_000
        self.assertAlmostEqual(moved({"advance": "10m"}), hour / 6, delta=2000)
        self.assertAlmostEqual(moved({"advance": hour}), hour * 7 / 6,
                               delta=2000)
        self.assertAlmostEqual(moved({"advance_ms": -hour}), hour / 6,
                               delta=2000)
        self.assertAlmostEqual(moved({"advance": "2d"}), 2 * DAY_MS + hour / 6,
                               delta=2000)
        at = now_ms() - 30 * DAY_MS
        self.assertAlmostEqual(moved({"set": at}), -30 * DAY_MS, delta=2000)
        self.new_note()
        newest = self.hubspot.dump("notes")[-1]["createdAt"]
        self.assertEqual(newest[:10], iso(at)[:10])
        moved({"set": "2026-01-31T10:00:00Z"})
        self.assertEqual(self.control("GET", "clock", port=1)[1]["now"] //
                         1000, 1769853600)
        moved({"set": now_ms()})

    def test_bad_clocks(self):
        for body in ({}, {"advance": "soon"}, {"advance": "10 m"},
                     {"advance": "10w"}, {"advance": True},
                     {"advance": None}, {"advance": 1e300}, {"set": "noon"},
                     {"set": -1}, {"set": 1e18}, {"set": True}, [], 7,
                     {"advance": 1, "set": 5},
                     {"advance": "99999999999999999999d"}):
            with self.subTest(body=body):
                self.refused("clock", json.dumps(body))
        self.assertAlmostEqual(self.date(), now_ms(), delta=3000)

    def test_stats(self):
        def count(side=0):
            found = (self.hubspot, self.salesforce)[side].calls()
            self.assertEqual(found["total"],
                             sum(c["n"] for c in found["calls"]))
            return {(c["method"], c["path"], c["status"]): c["n"]
                    for c in found["calls"]}
        before, other = count(), count(1)
        note = json.loads(self.new_note()[1])["id"]
        for _ in range(3):
            ask(self.ports[0], "GET", f"{NOTES}/{note}")
        ask(self.ports[0], "GET", f"{NOTES}/1")
        self.hubspot.fault({"action": "status", "code": 503, "times": 2})
        ask(self.ports[0], "GET", f"{NOTES}/{note}")
        ask(self.ports[0], "GET", f"{NOTES}/1")
        new = {k: n - before.get(k, 0) for k, n in count().items()
               if n != before.get(k, 0)}
        self.assertEqual(new, {("POST", NOTES, 201): 1,
                               ("GET", NOTES + "/{id}", 200): 3,
                               ("GET", NOTES + "/{id}", 404): 1,
                               ("GET", NOTES + "/{id}", 503): 2})
        self.assertEqual(count(1), other)

    def test_load_and_dump(self):
        answer = self.hubspot.load(
            notes=[{"id": "990001", "properties": {
                "hs_timestamp": iso(now_ms()), "hs_note_body": "Grüße 山"},
                "associations": {"contacts": ["101"]}}])
        self.assertEqual(answer["loaded"], 1)
        everything = self.hubspot.call("/__sandbox/dump")
        only = self.hubspot.call("/__sandbox/dump?type=notes")
        self.assertEqual(list(only), ["notes"])
        self.assertEqual(only["notes"], everything["notes"])
        self.assertIn("990001", [n["id"] for n in only["notes"]])
        self.salesforce.load(Contact=[{"LastName": "Żak", "Email": "z@z.test"}])
        people = self.salesforce.call("/__sandbox/dump?type=%43ontact")
        self.assertRegex([p for p in people["Contact"]
                          if p["LastName"] == "Żak"][0]["Id"], "^003.{15}$")

    def test_what_was_dumped_can_be_loaded(self):
        dump = self.hubspot.call("/__sandbox/dump")
        self.hubspot.load(**dump)
        self.assertEqual({k: len(v) for k, v in dump.items()},
                         {k: len(v) for k, v in
                          self.hubspot.call("/__sandbox/dump").items()})

    def test_bad_loads(self):
        for body in ("{", "[]", "7", '{"nonsense": []}', '{"notes": 7}'):
            with self.subTest(body=body):
                self.refused("load", body)

    def test_big_loads(self):
        n = 20_000
        for service, records in (
                (self.hubspot, {"notes": [
                    {"properties": {"hs_timestamp": iso(now_ms()),
                                    "hs_note_body": "x" * 100},
                     "associations": {"contacts": ["101"]}}
                    for _ in range(n)]}),
                (self.salesforce, {"Task": [
                    {"Subject": f"S{i}", "Status": "Completed"}
                    for i in range(n)]})):
            started = time.monotonic()
            self.assertEqual(service.load(**records)["loaded"], n)
            self.assertLess(time.monotonic() - started, 10)

    def test_what_there_is_not(self):
        for method, what, status in (
                ("GET", "nonsense", 404), ("POST", "nonsense", 404),
                ("POST", "dump", 405), ("GET", "load", 405),
                ("DELETE", "faults", 405), ("GET", "", 404)):
            with self.subTest(method=method, what=what):
                got, answer = self.control(method, what)
                self.assertEqual(got, status)
                self.assertIn("simulate", answer["error"])

    def test_a_body_at_the_limit(self):
        blanks = 64 * 1024 * 1024 - 2
        for size, want in ((blanks, 200), (blanks + 1, 413)):
            status, _, _ = ask(self.ports[0], "POST",
                               "/oauth/v1/token" if want == 413 else
                               "/__sandbox/load", b"{" + size * b" " + b"}",
                               timeout=60)
            self.assertEqual(status, want)

    def test_a_connection_is_kept(self):
        line = http.client.HTTPConnection("127.0.0.1", self.ports[0])
        line.connect()
        port, started, n = line.sock.getsockname(), time.monotonic(), 500
        for _ in range(n):
            line.request("GET", NOTES + "/1",
                         headers={"Authorization": "Bearer sandbox-token"})
            line.getresponse().read()
            self.assertEqual(line.sock.getsockname(), port)
        self.assertGreater(n / (time.monotonic() - started), 200)
        line.close()

    def test_queries_are_decoded(self):
        note = json.loads(self.new_note()[1])["id"]
        _, answer, _ = ask(self.ports[0], "GET", f"{NOTES}/{note}?properties="
                           "hs_note_body%2Chubspot_owner_id")
        self.assertEqual(json.loads(answer)["properties"]["hs_note_body"], "x")
        soql = urllib.parse.quote_plus(
            "SELECT Id, Email FROM Contact WHERE LastName = 'a+b c%41 ü'")
        self.salesforce.load(Contact=[{"LastName": "a+b c%41 ü",
                                       "Email": "plus@x.test"}])
        _, answer, _ = ask(self.ports[1], "GET", f"{VERSION}/query?q={soql}",
                           token=self.sf_token)
        self.assertEqual(json.loads(answer)["totalSize"], 1, answer)


class Simulate(Case):
    """New activities as of now."""

    flags = ("--contacts", "20", "--activities", "40")

    def simulate(self, n):
        """What is new on the HubSpot side."""
        def ids(dump):
            return {kind: {r.get("id") or r["conversionId"] for r in records}
                    for kind, records in dump.items()}
        before = ids(self.hubspot.call("/__sandbox/dump"))
        answer = self.hubspot.call("/__sandbox/simulate", {"activities": n})
        self.assertEqual(answer, {"ok": True, "activities": n})
        dump = self.hubspot.call("/__sandbox/dump")
        return {kind: [r for r in records if (r.get("id") or
                                              r["conversionId"])
                       not in before[kind]] for kind, records in dump.items()}

    def test_all_kinds_now(self):
        started = now_ms()
        new = self.simulate(30)
        for kind in (*ENGAGEMENTS, "form_submissions"):
            self.assertGreaterEqual(len(new[kind]), 2, kind)
        for kind in ("SENT", "OPEN", "CLICK"):
            self.assertGreaterEqual(
                len([e for e in new["email_events"] if e["type"] == kind]), 2)
        for kind in KINDS:
            self.assertGreaterEqual(
                len([e for e in new["events"] if e["eventType"] == kind]), 2)
        self.assertFalse(new["contacts"])
        fresh = [r for kind in ENGAGEMENTS for r in new[kind]
                 if r["properties"]["hs_timestamp"] >= iso(started - 10)]
        self.assertGreater(len(fresh), 8)
        self.assertLessEqual(max(r["properties"]["hs_timestamp"]
                                 for r in fresh), iso(now_ms()))

    def test_some_of_it_is_out_of_scope(self):
        tied = {c["id"] for c in self.hubspot.dump("contacts")
                if c["properties"].get("salesforcecontactid")
                or c["properties"].get("salesforceleadid")}
        started = now_ms()
        new = self.simulate(120)
        records = [r for kind in ENGAGEMENTS for r in new[kind]]
        of = [set(r["associations"]["contacts"]) <= tied for r in records]
        self.assertIn(of.count(False), range(1, len(of) // 3))
        old = [r for r in records if
               r["properties"]["hs_timestamp"] < iso(started - DAY_MS)]
        self.assertIn(len(old), range(1, len(of) // 3))
        self.assertTrue(all(r["createdAt"] >= iso(started - 10) for r in old))

    def test_people_who_were_loaded(self):
        with World(no_limits=True) as world:
            answer = world.hubspot.call("/__sandbox/simulate",
                                        {"activities": 30})
            self.assertEqual(answer["activities"], 0)
            world.untied_contact(salesforcecontactid="003000000000123")
            answer = world.hubspot.call("/__sandbox/simulate", {})
            self.assertEqual(answer["activities"], 30)
            self.assertGreaterEqual(len(world.hubspot.dump("calls")), 2)
        with World(no_limits=True, sandbox=("--bare",)) as world:
            world.untied_contact()
            world.hubspot.call("/__sandbox/simulate", {"activities": 13})
            self.assertEqual(len(world.hubspot.dump("form_submissions")), 1)

    def test_refusals(self):
        for body in ('{"activities": -1}', '{"activities": "x"}',
                     '{"activities": 1e9}', "nonsense"):
            self.refused("simulate", body)
        status, answer = self.control("POST", "simulate", {}, port=1)
        self.assertEqual(status, 400)
        self.assertIn("HubSpot", answer["error"])


if __name__ == "__main__":
    unittest.main()
