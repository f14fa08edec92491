"""The sandbox's HubSpot side: the search, as hubspot-api.md says."""
import unittest

from harness import DAY_MS, now_ms
from sandbox_case import HubspotCase, OBJECTS, rule


class Search(HubspotCase):
    """POST .../search."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.start = now_ms() - 10 * DAY_MS
        cls.load(contacts=[{"id": "11", "properties": {
            "email": "ann@hubspot.com", "lastname": "Ann",
            "lastmodifieddate": cls.start}}],
            calls=[{"id": str(1000 + i), "properties": {
                "hs_lastmodifieddate": cls.start + i // 2,
                "hs_createdate": cls.start, "hs_call_duration": i,
                "hs_call_direction": "INBOUND" if i % 2 else "OUTBOUND",
                "hs_call_title": f"Call Number {i}"},
                "associations": {"contacts": ["11"]} if i == 3 else {}}
                for i in range(30)])

    def ids(self, filters=(), kind="calls", **body):
        """The ids found."""
        return [int(r["id"]) - 1000
                for r in self.search(kind, filters, **body)["results"]]

    def test_window(self):
        by_time = [{"propertyName": "hs_lastmodifieddate",
                    "direction": "ASCENDING"}]
        answer = self.search("calls", [
            rule("hs_lastmodifieddate", "GTE", str(self.start + 3)),
            rule("hs_lastmodifieddate", "LT", str(self.start + 6))],
            sorts=by_time, limit=4)
        self.assertEqual(answer["total"], 6)
        self.assertEqual([r["id"] for r in answer["results"]],
                         ["1006", "1007", "1008", "1009"])
        self.assertEqual(answer["paging"], {"next": {"after": "4"}})
        for operator, value, want in (
                ("EQ", self.start + 3, [6, 7]),
                ("GT", self.start + 13, [28, 29]),
                ("LTE", self.start, [0, 1])):
            self.assertEqual(self.ids([rule("hs_lastmodifieddate", operator,
                                            str(value))], sorts=by_time), want)
        self.assertEqual(self.ids([rule(
            "hs_lastmodifieddate", "BETWEEN", str(self.start + 1),
            highValue=str(self.start + 2))], sorts=by_time), [2, 3, 4, 5])

    def test_ids_within_one_time(self):
        self.assertEqual(self.ids(
            [rule("hs_lastmodifieddate", "EQ", str(self.start + 3)),
             rule("hs_object_id", "GT", "1006")],
            sorts=[{"propertyName": "hs_object_id",
                    "direction": "ASCENDING"}]), [7])
        self.assertEqual(self.ids(
            [rule("hs_object_id", "GTE", "1027")],
            sorts=["-hs_object_id"]), [29, 28, 27])

    def test_operators(self):
        for one, want in (
                (rule("hs_call_duration", "LT", "2"), [0, 1]),
                (rule("hs_call_duration", "BETWEEN", 3, highValue=5),
                 [3, 4, 5]),
                (rule("hs_call_title", "EQ", "CALL number 4"), [4]),
                (rule("hs_call_title", "IN",
                      values=["call number 4", "Call Number 5"]), [4]),
                (rule("hs_call_title", "CONTAINS_TOKEN", "29"), [29]),
                (rule("hs_call_title", "CONTAINS_TOKEN", "*number 1"), [1]),
                (rule("hs_call_direction", "EQ", "inbound"), []),
                (rule("hs_call_body", "HAS_PROPERTY"), []),
                (rule("associations.contact", "EQ", "11"), [3])):
            with self.subTest(one=one):
                self.assertEqual(self.ids([one]), want)
        for one, want in ((rule("hs_call_direction", "NEQ", "INBOUND"), 15),
                          (rule("hs_call_direction", "NOT_IN",
                                values=["INBOUND"]), 15),
                          (rule("hs_call_body", "NOT_HAS_PROPERTY"), 30),
                          (rule("hs_call_title", "NOT_CONTAINS_TOKEN", "29"),
                           29)):
            self.assertEqual(self.search("calls", [one])["total"], want)
        self.assertEqual(
            self.search("contacts", [rule("email", "CONTAINS_TOKEN",
                                          "*@hubspot.com")])["total"], 1)
        self.assertEqual(self.search("calls", query="number 12")["total"], 1)

    def test_groups_are_ored(self):
        answer = self.ask("POST", OBJECTS + "/calls/search", {
            "filterGroups": [
                {"filters": [rule("hs_call_duration", "EQ", n)]}
                for n in (1, 2)]})
        self.assertEqual(answer["total"], 2)

    def test_refusals(self):
        path = OBJECTS + "/calls/search"
        one = rule("hs_call_duration", "EQ", 1)
        for body in (
                {"limit": 201}, {"limit": 0}, {"after": "9999", "limit": 2},
                {"after": "10000", "limit": 1}, {"query": "x" * 3000},
                {"filterGroups": [{"filters": [one]}] * 6},
                {"filterGroups": [{"filters": [one] * 7}]},
                {"filterGroups": [{"filters": [one] * 5}] * 4},
                {"filterGroups": [{"filters": [rule("nope", "EQ", 1)]}]},
                {"filterGroups": [{"filters": [rule("hs_call_title", "IS",
                                                    1)]}]},
                {"filterGroups": [{"filters": [
                    rule("hs_lastmodifieddate", "GT", "soon")]}]},
                {"sorts": ["hs_timestamp", "hs_object_id"]},
                {"sorts": ["nope"]}):
            with self.subTest(body=str(body)[:80]):
                self.refused("POST", path, body)

    def test_lag(self):
        self.hubspot.fault({"action": "lag", "ms": 600000})
        made = self.new("tasks")
        self.assertEqual(self.search("tasks")["total"], 0)
        self.hubspot.call("/__sandbox/clock", {"advance_ms": 700000})
        found = self.search("tasks")
        self.hubspot.fault()
        self.assertEqual([r["id"] for r in found["results"]], [made])

    def test_archived_are_not_found(self):
        made = self.new("notes")
        self.ask("DELETE", f"{OBJECTS}/notes/{made}", want=204)
        self.assertEqual(self.search("notes")["total"], 0)


if __name__ == "__main__":
    unittest.main()
