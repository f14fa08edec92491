"""The sandbox's HubSpot side: what is no record of the CRM, as hubspot-api.md
says."""
import unittest

from harness import DAY_MS, now_ms
from sandbox_case import HubspotCase


class Things(HubspotCase):
    """E-mail events, forms, occurrences, owners, properties, account."""

    def test_email_events(self):
        at = now_ms() - DAY_MS
        self.load(email_campaigns=[{"id": 5, "appId": 9, "name": "N",
                                    "subject": "S"}],
                  email_events=[{"id": f"e{i}", "created": at + i,
                                 "type": "OPEN" if i % 2 else "SENT",
                                 "recipient": "Some@x.org", "appId": 9,
                                 "emailCampaignId": 5} for i in range(10)])
        path = "/email/public/v1/events?recipient=some@x.org"
        page = self.ask("GET", path + "&limit=7")
        self.assertIs(page["hasMore"], True)
        rest = self.ask("GET", f"{path}&limit=7&offset={page['offset']}")
        self.assertIs(rest["hasMore"], False)
        got = [e["id"] for e in page["events"] + rest["events"]]
        self.assertEqual(sorted(got), [f"e{i}" for i in range(10)])
        for query, want in (("&eventType=OPEN", 5), ("&eventType=open", 0),
                            (f"&startTimestamp={at + 8}", 2),
                            (f"&endTimestamp={at + 1}", 2),
                            ("&campaignId=5&appId=9", 10),
                            ("&campaignId=6&appId=9", 0)):
            self.assertEqual(len(self.ask("GET", path + query)["events"]),
                             want, query)
        self.assertEqual(self.ask("GET", "/email/public/v1/events?recipient="
                                  "no@x.org")["events"], [])
        for query in ("&limit=1001", "&offset=zzz", "&startTimestamp=x"):
            self.refused("GET", path + query)
        got = self.ask("GET", "/email/public/v1/campaigns/5?appId=9")
        self.assertEqual(got["subject"], "S")
        self.ask("GET", "/email/public/v1/campaigns/6?appId=9", want=404)
        self.assertIn({"id": 5, "appId": 9}, self.ask(
            "GET", "/email/public/v1/campaigns/by-id")["campaigns"])

    def test_forms(self):
        at = now_ms() - DAY_MS
        self.load(forms=[{"id": "f-1", "name": "One"},
                         {"id": "f-2", "name": "Two", "formType": "captured"},
                         {"id": "f-3", "formType": "blog_comment"}],
                  form_submissions=[{
                      "formId": "f-1", "conversionId": f"c{i}",
                      "submittedAt": at + i, "pageUrl": "https://x.org",
                      "values": [{"name": "email", "value": "a@x.org"}]}
                      for i in range(60)])
        ids = lambda q: [f["id"] for f in self.ask(  # noqa: E731
            "GET", "/marketing/v3/forms" + q)["results"]
            if f["id"].startswith("f-")]
        self.assertEqual(ids(""), ["f-1"])
        self.assertEqual(ids("?formTypes=hubspot&formTypes=captured"),
                         ["f-1", "f-2"])
        self.assertEqual(ids("?formTypes=all"), ["f-1", "f-2", "f-3"])
        self.ask("GET", "/marketing/forms/2026-09-beta")
        path = "/form-integrations/v1/submissions/forms/f-1?limit=50"
        page = self.ask("GET", path)
        self.assertEqual(page["results"][0]["conversionId"], "c59")
        self.assertEqual(set(page["results"][0]), {
            "conversionId", "submittedAt", "values", "pageUrl"})
        rest = self.ask("GET", path + "&after=" +
                        page["paging"]["next"]["after"])
        self.assertEqual(rest["results"][-1]["conversionId"], "c0")
        self.assertNotIn("paging", rest)
        base = "/form-integrations/v1/submissions/forms/"
        self.refused("GET", base + "f-1?limit=51")
        self.refused("GET", base + "f-3", category="FORM_TYPE_NOT_ALLOWED")
        self.ask("GET", base + "f-9", want=404)

    def test_occurrences(self):
        self.load(events=[{"id": f"o{i}", "eventType": "e_document_viewed_v2"
                           if i % 2 else "pe1_own", "objectType": "CONTACT",
                           "objectId": "31", "properties": {"hs_x": "1"},
                           "occurredAt": f"2026-02-0{i + 1}T00:00:00Z"}
                          for i in range(6)])
        for base in ("/events/v3/events",
                     "/events/event-occurrences/2026-09"):
            path = base + "?objectType=contact&objectId=31"
            page = self.ask("GET", path + "&limit=4")
            self.assertEqual([e["id"] for e in page["results"]],
                             ["o0", "o1", "o2", "o3"])
            rest = self.ask("GET", path + "&after=" +
                            page["paging"]["next"]["after"])
            self.assertEqual([e["id"] for e in rest["results"]], ["o4", "o5"])
            self.assertIn("pe1_own", self.ask(
                "GET", base + "/event-types")["eventTypes"])
        found = self.ask("GET", path + "&sort=-occurredAt&occurredAfter="
                         "2026-02-03T00:00:00Z&eventType=pe1_own")["results"]
        self.assertEqual([e["id"] for e in found], ["o4", "o2"])
        self.assertEqual(found[0]["objectType"], "CONTACT")
        self.refused("GET", path + "&limit=101")

    def test_owners(self):
        self.load(owners=[{"id": "41", "email": "o@x.org", "userId": 9},
                          {"id": "42", "email": "p@x.org", "archived": True}])
        got = self.ask("GET", "/crm/owners/2026-09?email=O@x.org")["results"]
        self.assertEqual([o["id"] for o in got], ["41"])
        self.assertEqual(self.ask("GET", "/crm/v3/owners/9?idProperty=userId")
                         ["id"], "41")
        self.assertEqual(self.ask("GET", "/crm/v3/owners?archived=true")
                         ["results"][0]["id"], "42")
        self.ask("GET", "/crm/v3/owners/42", want=404)
        self.new("notes", hubspot_owner_id="41")

    def test_owners_have_a_user(self):
        self.load(owners=[{"id": "51", "email": "q@x.org"},
                          {"id": "52", "email": "r@x.org", "archived": True}])
        for query, is_archived in (("/51", False), ("/52?archived=true", True)):
            owner = self.ask("GET", "/crm/v3/owners" + query)
            self.assertEqual(owner["type"], "PERSON")
            self.assertIsInstance(owner["userIdIncludingInactive"], int)
            self.assertEqual(owner["userId"], None if is_archived else
                             owner["userIdIncludingInactive"])
            self.assertNotEqual(str(owner["userIdIncludingInactive"]),
                                owner["id"])

    def test_lists(self):
        self.load(contacts=[{"id": "801", "properties": {}},
                            {"id": "802", "properties": {}}],
                  lists=[{"listId": 31, "name": "A b", "members": [801]},
                         {"listId": "32", "name": "C", "members": []},
                         {"listId": 33, "name": "D", "objectTypeId": "0-2"}])
        for base in ("/crm/v3/lists", "/crm/lists/2026-03"):
            by_id = self.ask("GET", base + "/31")
            self.assertEqual(by_id, self.ask(
                "GET", base + "/object-type-id/0-1/name/A%20b"))
            self.assertEqual(by_id, {"list": {
                "listId": "31", "name": "A b", "objectTypeId": "0-1",
                "processingType": "MANUAL", "processingStatus": "COMPLETE",
                "listVersion": 1, "size": 1}})
            for path in ("/39", "/object-type-id/0-1/name/D"):
                self.refused("GET", base + path, want=404,
                             category="OBJECT_NOT_FOUND")
        self.ask("GET", "/crm/lists/2026-09/31", want=404)
        path = "/crm/v3/lists/records/memberships/batch/read"
        inputs = [{"objectTypeId": "0-1", "recordId": str(n)}
                  for n in (801, 802, 899)]
        some = self.ask("POST", path, {"inputs": inputs}, 207)
        self.assertEqual([(r["recordId"], [m["listId"] for m in
                                           r["recordListMemberships"]])
                          for r in some["results"]],
                         [("801", ["31"]), ("802", [])])
        self.assertEqual(some["errors"][0]["context"]["ids"], ["899"])
        self.load(lists=[{"listId": 31, "name": "A b", "members": ["802"]},
                         {"listId": 32, "name": "C", "deleted": True}])
        rest = self.ask("POST", path, {"inputs": inputs[:2]})
        self.assertEqual([len(r["recordListMemberships"])
                          for r in rest["results"]], [0, 1])
        self.ask("GET", "/crm/v3/lists/32", want=404)
        self.refused("POST", path, {"inputs": inputs * 34})

    def test_properties(self):
        got = self.ask("GET",
                       "/crm/properties/2026-09/contacts/salesforcecontactid")
        self.assertEqual(got["type"], "string")
        names = {p["name"] for p in self.ask(
            "GET", "/crm/v3/properties/calls")["results"]}
        self.assertLess({"hs_call_title", "hs_timestamp"}, names)
        self.ask("GET", "/crm/v3/properties/contacts/nope", want=404)
        new = {"groupName": "call_information", "name": "mine", "label": "M",
               "type": "enumeration", "fieldType": "select",
               "options": [{"label": "A", "value": "a"}], "displayOrder": 3,
               "description": "How well it went", "hidden": True,
               "formField": True}
        self.ask("POST", "/crm/v3/properties/calls", new, 201)
        self.assertLess(new.items(), self.ask(
            "GET", "/crm/v3/properties/calls/mine").items())
        self.ask("POST", "/crm/v3/properties/calls", new, 409)
        self.refused("POST", "/crm/v3/properties/calls", {"name": "x"})
        self.new("calls", mine="a")

    def test_dispositions_and_account(self):
        got = self.ask("GET", "/calling/v1/dispositions")
        self.assertEqual(len(got), 7)
        self.assertEqual(set(got[0]), {"id", "label", "deleted"})
        got = self.ask("GET", "/account-info/2026-09/details")
        self.assertEqual(got["accountType"], "STANDARD")
        usage = self.ask("GET", "/account-info/v3/api-usage/daily/"
                         "private-apps")["results"][0]
        self.assertGreater(usage["currentUsage"], 0)


if __name__ == "__main__":
    unittest.main()
