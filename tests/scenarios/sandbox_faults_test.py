"""The sandbox's faults: one action after the other, over HTTP."""
import http.client
import json
import threading
import time
import unittest

from harness import iso, now_ms, wait_for
from sandbox_case import NOTES, SandboxCase, DATA, ask


class Faults(SandboxCase):
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
            status, answer, _ = ask(self.ports[1], "GET", DATA + "/limits",
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


if __name__ == "__main__":
    unittest.main()
