"""The sandbox's Salesforce side: what objects and fields there are, which
records changed."""
import unittest
import urllib.parse

from harness import DAY_MS, iso, now_ms
from sandbox_case import DATA, SalesforceCase, TASK


class Describe(SalesforceCase):
    """Objects, fields, what changed."""

    def fields(self, kind="Task"):
        """Its fields by name."""
        return {f["name"]: f for f in self.ask(
            "GET", f"{DATA}/sobjects/{kind}/describe")["fields"]}

    def test_objects(self):
        answer = self.ask("GET", DATA + "/sobjects")
        self.assertEqual((answer["encoding"], answer["maxBatchSize"]),
                         ("UTF-8", 200))
        self.assertLessEqual(
            {"Task", "Event", "Contact", "Lead", "Account", "User"},
            {o["name"] for o in answer["sobjects"]})
        one = self.ask("GET", TASK)["objectDescribe"]
        self.assertEqual((one["name"], one["keyPrefix"]), ("Task", "00T"))

    def test_task(self):
        doc = self.ask("GET", TASK + "/describe")
        self.assertTrue(doc["replicateable"])
        self.assertEqual(doc["urls"]["rowTemplate"], TASK + "/{ID}")
        fields = self.fields()
        types = [v["value"] for v in fields["Type"]["picklistValues"]]
        self.assertEqual(types, ["Call", "Email", "Meeting", "Other"])
        key = fields["HubSpot_Id__c"]
        self.assertTrue(key["externalId"] and key["unique"] and key["custom"]
                        and key["idLookup"] and not key["caseSensitive"])
        self.assertEqual((key["length"], key["byteLength"]), (255, 765))
        self.assertEqual(fields["WhoId"]["referenceTo"], ["Contact", "Lead"])
        self.assertTrue(fields["WhoId"]["polymorphicForeignKey"])
        self.assertEqual(fields["WhoId"]["relationshipName"], "Who")
        self.assertFalse(fields["Description"]["filterable"])
        self.assertEqual((fields["TaskSubtype"]["createable"],
                          fields["TaskSubtype"]["updateable"],
                          fields["TaskSubtype"]["restrictedPicklist"]),
                         (True, False, True))

    def test_organization(self):
        rows = self.query("SELECT TimeZoneSidKey FROM Organization")["records"]
        self.assertEqual([r["TimeZoneSidKey"] for r in rows],
                         ["Europe/Berlin"])

    def test_updated_and_deleted(self):
        one, two = self.person(), self.person()
        self.load(Contact=[{"Id": two[:15], "IsDeleted": True}])

        def changes(what, start, end, want=200):
            query = urllib.parse.urlencode({"start": iso(start),
                                            "end": iso(end)})
            return self.ask("GET", f"{DATA}/sobjects/Contact/{what}/?{query}",
                            want=want)
        self.salesforce.call("/__sandbox/clock", {"advance": "2m"})
        at = now_ms()
        updated = changes("updated", at - DAY_MS, at + 120_000)
        self.assertIn(one, updated["ids"])
        self.assertNotIn(two, updated["ids"])
        self.assertRegex(updated["latestDateCovered"], r":00\.000\+0000$")
        deleted = changes("deleted", at - DAY_MS, at + 120_000)
        self.assertEqual([d["id"] for d in deleted["deletedRecords"]], [two])
        self.assertIn("earliestDateAvailable", deleted)
        for what, start, end in (("updated", at - 31 * DAY_MS, at),
                                 ("deleted", at - 16 * DAY_MS, at),
                                 ("updated", at, at - DAY_MS)):
            answer = changes(what, start, end, 400)
            self.assertEqual(answer[0]["errorCode"],
                             "INVALID_REPLICATION_DATE")


if __name__ == "__main__":
    unittest.main()
