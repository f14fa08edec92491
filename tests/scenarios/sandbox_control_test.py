"""The sandbox's control API and the server under it, on both ports."""
import email.utils
import http.client
import json
import time
import unittest
import urllib.parse

from harness import DAY_MS, iso, now_ms
from sandbox_case import NOTES, SandboxCase, DATA, ask


class Control(SandboxCase):
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

    def test_bad_permissions(self):
        for body in ({"nothing": True}, {"hasUniqueValue": "no"}, [], 7):
            with self.subTest(body=body):
                self.refused("permissions", json.dumps(body))

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
        self.salesforce.load(Contact=[{"LastName": "Żak",
                                       "Email": "z@z.test"}])
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
        _, answer, _ = ask(self.ports[1], "GET", f"{DATA}/query?q={soql}",
                           token=self.sf_token)
        self.assertEqual(json.loads(answer)["totalSize"], 1, answer)


if __name__ == "__main__":
    unittest.main()
