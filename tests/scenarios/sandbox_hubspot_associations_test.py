"""The sandbox's HubSpot side: associations, as hubspot-api.md says."""
import unittest

from sandbox_case import HubspotCase, OBJECTS


class Associations(HubspotCase):
    """v4, by both kinds of paths."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.load(contacts=[{"id": str(i)} for i in (1, 2, 3)],
                 companies=[{"id": "70"}, {"id": "71"}],
                 calls=[{"id": "50", "associations": {
                     "contacts": {"results": [{"id": "1"}]}}}],
                 notes=[{"id": "60"}],
                 tasks=[{"id": str(i), "associations": {"contacts": ["3"]}}
                        for i in range(2000, 2601)])

    def test_batch_read(self):
        for base in ("/crm/associations/2026-09", "/crm/v4/associations"):
            answer = self.ask("POST", base + "/calls/contacts/batch/read",
                              {"inputs": [{"id": "50"}, {"id": "51"}]})
            self.assertEqual(answer["results"], [{
                "from": {"id": "50"}, "to": [{
                    "toObjectId": 1, "associationTypes": [{
                        "category": "HUBSPOT_DEFINED", "typeId": 194,
                        "label": None}]}]}])
        back = self.ask("POST", "/crm/v4/associations/contacts/calls/batch/"
                        "read", {"inputs": [{"id": "1"}]})
        self.assertEqual(
            back["results"][0]["to"][0]["associationTypes"][0]["typeId"], 193)
        self.refused("POST", "/crm/v4/associations/calls/contacts/batch/read",
                     {"inputs": [{"id": str(i)} for i in range(1001)]})
        self.refused("POST", "/crm/v4/associations/calls/notes/batch/read",
                     {"inputs": [{"id": "50"}]})

    def test_archived_ends_are_not_shown(self):
        self.load(calls=[{"id": "52", "associations": {"contacts": ["2"]}}])
        path = "/crm/v4/associations/contacts/calls/batch/read"
        ask = lambda: len(self.ask("POST", path, {  # noqa: E731
            "inputs": [{"id": "2"}]})["results"])
        self.assertEqual(ask(), 1)
        self.ask("DELETE", OBJECTS + "/calls/52", want=204)
        self.assertEqual(ask(), 0)
        self.load(calls=[{"id": "52", "archived": False}])
        self.assertEqual(ask(), 1)

    def test_an_association_is_no_new_version(self):
        self.load(calls=[{"id": "53", "associations": {"contacts": ["3"]}}])
        version = lambda: self.ask(  # noqa: E731
            "GET", OBJECTS + "/calls/53")["updatedAt"]
        first = version()
        self.load(calls=[{"id": "53", "associations": {"contacts": []}}])
        self.assertEqual(version(), first)
        self.load(calls=[{"id": "53", "properties": {"hs_call_title": "b"},
                          "associations": {"contacts": ["3"]}}])
        self.assertNotEqual(version(), first)

    def test_pages_within_a_record(self):
        path = "/crm/associations/2026-09/contacts/tasks/batch/read"
        one = self.ask("POST", path, {"inputs": [{"id": "3"}]})["results"][0]
        self.assertEqual(len(one["to"]), 500)
        after = one["paging"]["next"]["after"]
        two = self.ask("POST", path, {"inputs": [{"id": "3", "after": after}]}
                       )["results"][0]
        self.assertEqual(len(two["to"]), 101)
        self.assertNotIn("paging", two)
        listed = self.ask("GET", "/crm/v4/objects/contacts/3/associations/"
                          "tasks?limit=10")
        self.assertEqual(len(listed["results"]), 10)
        self.assertIn("paging", listed)

    def test_batch_create_and_archive(self):
        for base, created, removed in (("/crm/associations/2026-09", 200, 200),
                                       ("/crm/v4/associations", 201, 204)):
            with self.subTest(base):
                self.creates_and_archives(base + "/notes/contacts/batch",
                                          created, removed)

    def creates_and_archives(self, base, created, removed):
        """The batches answer with these statuses."""
        kind = [{"associationCategory": "HUBSPOT_DEFINED",
                 "associationTypeId": 202}]
        pair = {"from": {"id": "60"}, "to": {"id": "2"}}
        self.ask("POST", base + "/create", {"inputs": [
            pair | {"types": kind}]}, created)
        made = self.ask("POST", base + "/create", {
            "inputs": [pair | {"types": kind},
                       {"from": {"id": "60"}, "to": {"id": "99"},
                        "types": kind}]}, 207)
        self.assertEqual(made["results"][0]["toObjectId"], 2)
        self.assertEqual(made["numErrors"], 1)
        self.refused("POST", base + "/create", {"inputs": [
            pair | {"types": [kind[0] | {"associationTypeId": 201}]}]})
        self.ask("POST", base + "/archive", {"inputs": [
            {"from": {"id": "60"}, "to": [{"id": "2"}]}]}, removed)
        self.assertEqual(self.ask("POST", base + "/read", {
            "inputs": [{"id": "60"}]})["results"], [])
        self.ask("POST", base + "/associate/default", {"inputs": [pair]})
        self.ask("POST", base + "/labels/archive", {
            "inputs": [pair | {"types": kind}]}, removed)

    def test_one_pair(self):
        base = "/crm/v4/objects/contacts/2/associations"
        self.ask("PUT", base + "/default/companies/70")
        got = self.ask("GET", base + "/companies")["results"]
        self.assertEqual({t["typeId"] for t in got[0]["associationTypes"]},
                         {1, 279})
        self.ask("PUT", base + "/companies/71", [
            {"associationCategory": "HUBSPOT_DEFINED",
             "associationTypeId": 279}], 201)
        got = self.ask("GET", base + "/companies")["results"]
        self.assertEqual([t["typeId"] for t in got[1]["associationTypes"]],
                         [279])
        self.ask("DELETE", base + "/companies/70", want=204)
        self.ask("PUT", "/crm/v3/objects/notes/60/associations/contact/1/"
                 "note_to_contact")
        self.ask("PUT", base + "/companies/99", [], want=404)

    def test_labels(self):
        for base in ("/crm/v4/associations", "/crm/associations/v4",
                     "/crm/associations/2026-09"):
            got = self.ask("GET", base + "/contacts/companies/labels")
            self.assertEqual({r["typeId"] for r in got["results"]}, {1, 279})


if __name__ == "__main__":
    unittest.main()
