"""The sandbox's HubSpot side: records one by one and in batches, as
hubspot-api.md says."""
import json
import time
import unittest

from sandbox_case import HubspotCase, OBJECTS, rule


class Objects(HubspotCase):
    """Records one by one."""

    def test_life_of_a_record(self):
        made = self.ask("POST", OBJECTS + "/notes", {"properties": {
            "hs_timestamp": 1767225600000, "hs_note_body": "<p>x</p>"}}, 201)
        path = f"{OBJECTS}/notes/{made['id']}"
        self.assertEqual(made["properties"]["hs_timestamp"],
                         "2026-01-01T00:00:00.000Z")
        self.assertEqual(made["properties"]["hs_object_id"], made["id"])
        got = self.ask("GET", path + "?properties=hs_note_body,"
                       "hubspot_owner_id,nonsense")
        self.assertEqual(
            set(got["properties"]),
            {"hs_object_id", "hs_createdate", "hs_lastmodifieddate",
             "hs_note_body", "hubspot_owner_id"})
        self.assertIsNone(got["properties"]["hubspot_owner_id"])
        self.assertIs(got["archived"], False)
        time.sleep(0.01)
        changed = self.ask("PATCH", path,
                           {"properties": {"hs_note_body": ""}})
        self.assertGreater(changed["updatedAt"], made["updatedAt"])
        self.assertIsNone(changed["properties"]["hs_note_body"])
        self.ask("DELETE", path, want=204)
        self.ask("GET", path, want=404)
        gone = self.ask("GET", path + "?archived=true")
        self.assertIn("archivedAt", gone)
        listed = self.ask("GET", "/crm/v3/objects/notes?archived=true")
        self.assertIn(made["id"], [r["id"] for r in listed["results"]])

    def test_list_pages(self):
        ids = [self.new("deals", dealname=f"n{i}") for i in range(5)]
        seen, after = [], ""
        while True:
            page = self.ask("GET", f"{OBJECTS}/deals?limit=2{after}")
            seen += [r["id"] for r in page["results"]]
            if "paging" not in page:
                break
            after = "&after=" + page["paging"]["next"]["after"]
        self.assertEqual(seen, ids)
        for bad in (0, 101, "x"):
            self.refused("GET", f"{OBJECTS}/deals?limit={bad}")

    def test_writes_that_are_refused(self):
        unknown = self.refused("POST", OBJECTS + "/contacts",
                               {"properties": {"testproperty": "1"}})
        self.assertIn("Property values were not valid: [", unknown["message"])
        inner = json.loads(unknown["message"].split(": ", 1)[1])
        self.assertEqual(inner[0]["error"], "PROPERTY_DOESNT_EXIST")
        self.assertEqual(unknown["errors"][0]["context"]["propertyName"],
                         ["testproperty"])
        for kind, properties, code in (
                ("contacts", {"email": "no"}, "INVALID_EMAIL"),
                ("calls", {"hs_timestamp": 1, "hs_call_direction": "inbound"},
                 "INVALID_OPTION"),
                ("calls", {"hs_timestamp": 1, "hs_call_duration": "long"},
                 "INVALID_INTEGER"),
                ("notes", {"hs_timestamp": "yesterday"}, "INVALID_DATE"),
                ("notes", {"hs_timestamp": 1, "hubspot_owner_id": "1"},
                 "INVALID_OPTION"),
                ("notes", {"hs_timestamp": 1, "hs_note_body": "x" * 65537},
                 "VALUE_TOO_LONG")):
            with self.subTest(code=code):
                answer = self.refused("POST", f"{OBJECTS}/{kind}",
                                      {"properties": properties})
                self.assertEqual(answer["errors"][0]["code"], code)
        self.refused("POST", OBJECTS + "/notes", {"properties": {}})
        self.refused("POST", OBJECTS + "/emails",
                     {"properties": {"hs_timestamp": 1}})

    def test_read_only_is_ignored(self):
        self.load(contacts=[{"id": "7301", "properties": {
            "num_conversion_events": 4}}])
        self.ask("PATCH", OBJECTS + "/contacts/7301", {"properties": {
            "num_conversion_events": "9", "hs_object_id": "1",
            "city": "Ulm"}})
        got = self.ask("GET", OBJECTS + "/contacts/7301?properties=city,"
                       "num_conversion_events")["properties"]
        self.assertEqual((got["city"], got["num_conversion_events"]),
                         ("Ulm", "4"))

    def test_email_is_unique(self):
        first = self.new("contacts", email="One@Example.com")
        answer = self.refused("POST", OBJECTS + "/contacts", {"properties": {
            "email": "one@example.com"}}, 409, "CONFLICT")
        self.assertEqual(answer["message"],
                         f"Contact already exists. Existing ID: {first}")
        got = self.ask("GET", OBJECTS +
                       "/contacts/one%40example.com?idProperty=email")
        self.assertEqual(got["id"], first)
        self.refused("GET", OBJECTS + "/contacts/x?idProperty=lastname")
        self.ask("DELETE", f"{OBJECTS}/contacts/{first}", want=204)
        self.new("contacts", email="one@example.com")

    def test_associations_with_create(self):
        contact = self.new("contacts", lastname="C")
        note = self.ask("POST", OBJECTS + "/notes", {
            "properties": {"hs_timestamp": 1},
            "associations": [{"to": {"id": int(contact)}, "types": [
                {"associationCategory": "HUBSPOT_DEFINED",
                 "associationTypeId": 202}]}]}, 201)["id"]
        got = self.ask("GET", f"{OBJECTS}/notes/{note}?associations=contacts")
        self.assertEqual(got["associations"]["contacts"]["results"],
                         [{"id": contact, "type": "note_to_contact"}])
        self.refused("POST", OBJECTS + "/notes", {
            "properties": {"hs_timestamp": 1},
            "associations": [{"to": {"id": contact}, "types": [
                {"associationCategory": "HUBSPOT_DEFINED",
                 "associationTypeId": 201}]}]})

    def test_email_headers(self):
        mail = self.new("emails", hs_email_direction="EMAIL",
                        hs_email_from_email="ignored@x.org",
                        hs_email_headers=json.dumps({
                            "from": {"email": "a@x.org", "firstName": "A"},
                            "to": [{"email": "b@x.org"},
                                   {"email": "c@x.org"}]}))
        got = self.ask("GET", f"{OBJECTS}/emails/{mail}?properties="
                       "hs_email_from_email,hs_email_to_email")["properties"]
        self.assertEqual(got["hs_email_from_email"], "a@x.org")
        self.assertEqual(got["hs_email_to_email"], "b@x.org;c@x.org")

    def test_merge(self):
        one = self.new("contacts", email="m1@x.org", city="Ulm")
        two = self.new("contacts", email="m2@x.org", phone="1")
        self.load(calls=[{"id": "7400", "associations": {"contacts": [two]}}])
        made = self.ask("POST", OBJECTS + "/contacts/merge", {
            "primaryObjectId": one, "objectIdToMerge": two})["id"]
        self.assertNotIn(made, (one, two))
        got = self.ask("GET", f"{OBJECTS}/contacts/{two}?associations=calls&"
                       "properties=email,phone,city,hs_additional_emails,"
                       "hs_merged_object_ids")
        self.assertEqual(got["id"], made)
        self.assertEqual(got["properties"]["email"], "m1@x.org")
        self.assertEqual(got["properties"]["hs_additional_emails"], "m2@x.org")
        self.assertEqual(got["properties"]["hs_merged_object_ids"],
                         f"{one};{two}")
        self.assertEqual(got["associations"]["calls"]["results"][0]["id"],
                         "7400")
        batch = self.ask("POST", OBJECTS + "/contacts/batch/update", {
            "inputs": [{"id": two, "properties": {"city": "x"}}]})
        self.assertEqual(batch["results"], [])
        read = self.ask("POST", OBJECTS + "/contacts/batch/read", {
            "idProperty": "email", "inputs": [{"id": "M2@x.org"}]})
        self.assertEqual(read["results"][0]["id"], made)

    def test_gdpr_delete(self):
        one = self.new("contacts", email="forget@x.org")
        self.ask("POST", OBJECTS + "/contacts/gdpr-delete",
                 {"objectId": "forget@x.org", "idProperty": "email"}, 204)
        self.ask("GET", f"{OBJECTS}/contacts/{one}?archived=true", want=404)

    def test_merged_activities(self):
        one, two = self.new("calls"), self.new("calls")
        self.load(calls=[{"id": one, "mergedInto": two}])
        got = self.ask("GET", f"{OBJECTS}/calls/{one}?"
                       "properties=hs_merged_object_ids")
        self.assertEqual(got["id"], two)
        self.assertEqual(got["properties"]["hs_merged_object_ids"], one)
        for archived in ("false", "true"):
            answer = self.ask(
                "POST", f"{OBJECTS}/calls/batch/read?archived={archived}",
                {"inputs": [{"id": one}]}, 207)
            self.assertEqual(answer["results"], [])

    def test_archived_in_a_batch(self):
        ids = {"calls": self.new("calls"),
               "emails": self.new("emails", hs_email_direction="EMAIL")}
        path = OBJECTS + "/{}/batch/read?archived=true"
        for kind, record in ids.items():
            self.ask("DELETE", f"{OBJECTS}/{kind}/{record}", want=204)
        got, = self.ask("POST", path.format("calls"), {
            "inputs": [{"id": ids["calls"]}]})["results"]
        self.assertIs(got["archived"], True)
        self.assertIn("archivedAt", got)
        # An e-mail is gone for good.
        answer = self.ask("POST", path.format("emails"), {
            "inputs": [{"id": ids["emails"]}]}, 207)
        self.assertEqual(answer["errors"][0]["context"]["ids"],
                         [ids["emails"]])
        self.load(emails=[{"id": ids["emails"], "archived": False}])
        self.ask("GET", f"{OBJECTS}/emails/{ids['emails']}", want=404)


class Batches(HubspotCase):
    """.../batch/*"""

    def batch(self, kind, verb, inputs, want=200, **more):
        """A batch call's answer."""
        return self.ask("POST", f"{OBJECTS}/{kind}/batch/{verb}",
                        {"inputs": inputs, **more}, want)

    def test_read(self):
        one = self.new("contacts", email="b@x.org", city="Ulm")
        answer = self.batch("contacts", "read",
                            [{"id": one}, {"id": "5"}, {"id": "6"}], 207,
                            properties=["city", "zip", "nope"])
        self.assertEqual(answer["status"], "COMPLETE")
        self.assertEqual(answer["numErrors"], 1)
        error = answer["errors"][0]
        self.assertEqual(error["category"], "OBJECT_NOT_FOUND")
        self.assertEqual(error["context"], {"ids": ["5", "6"]})
        self.assertIn("Could not get some CONTACT objects", error["message"])
        got = answer["results"][0]["properties"]
        self.assertEqual((got["city"], got["zip"]), ("Ulm", None))
        self.assertNotIn("nope", got)
        self.refused("POST", OBJECTS + "/contacts/batch/read", {
            "inputs": [{"id": str(i)} for i in range(1, 102)]})

    def test_create_is_all_or_nothing(self):
        good = {"properties": {"hs_timestamp": 1}}
        bad = {"properties": {"hs_timestamp": 1, "missing": "x"}}
        before = len(self.hubspot.dump("meetings"))
        self.refused("POST", OBJECTS + "/meetings/batch/create",
                     {"inputs": [good, bad]})
        self.assertEqual(len(self.hubspot.dump("meetings")), before)
        answer = self.batch("meetings", "create", [
            good | {"objectWriteTraceId": "a"},
            bad | {"objectWriteTraceId": "b"}], 207)
        self.assertEqual(answer["results"][0]["objectWriteTraceId"], "a")
        self.assertEqual(answer["errors"][0]["context"],
                         {"objectWriteTraceId": ["b"]})
        self.assertEqual(len(self.batch("meetings", "create", [good] * 3,
                                        201)["results"]), 3)

    def test_twins_in_a_batch(self):
        row = {"properties": {"email": "twin@x.org"}}
        self.refused("POST", OBJECTS + "/contacts/batch/create",
                     {"inputs": [row, row]})
        self.assertEqual(self.search("contacts", [
            rule("email", "EQ", "twin@x.org")])["total"], 0)

    def test_shapes_that_make_no_sense(self):
        for body in ([], 1, {}, {"inputs": 1}, {"inputs": []},
                     {"inputs": [{"properties": [1]}]},
                     {"inputs": [1, "x", None]}):
            for verb in ("create", "update", "upsert"):
                status, _, _ = self.call(
                    "POST", f"{OBJECTS}/calls/batch/{verb}", body)
                self.assertIn(status, (400, 207))
        self.refused("POST", OBJECTS + "/calls", {"properties": [1]})

    def test_update(self):
        one = self.new("notes")
        answer = self.batch("notes", "update", [
            {"id": one, "properties": {"hs_note_body": "new"}},
            {"id": "8", "properties": {}}], 207)
        self.assertEqual(answer["results"][0]["properties"]["hs_note_body"],
                         "new")
        self.assertEqual(answer["errors"][0]["context"]["ids"], ["8"])
        self.refused("POST", OBJECTS + "/notes/batch/update", {
            "inputs": [{"id": one, "properties": {"nope": 1}}]})

    def test_upsert(self):
        self.ask("POST", "/crm/properties/2026-09/notes", {
            "groupName": "note_information", "name": "sf_id", "label": "SF",
            "type": "string", "fieldType": "text", "hasUniqueValue": True},
            201)
        row = {"id": "00T1", "idProperty": "sf_id",
               "properties": {"hs_timestamp": 1, "hs_note_body": "a"}}
        first = self.batch("notes", "upsert", [row])["results"][0]
        again = self.batch("notes", "upsert", [row])["results"][0]
        self.assertEqual((first["new"], again["new"]), (True, False))
        self.assertEqual(first["id"], again["id"])
        answer = self.refused("POST", OBJECTS + "/companies/batch/upsert", {
            "inputs": [{"id": "x.org", "idProperty": "domain",
                        "properties": {}}]})
        self.assertIn("Unable to perform update/upsert by non-unique 0-2 "
                      "property domain", answer["message"])

    def test_injected_rows(self):
        self.hubspot.fault({
            "method": "POST", "path": OBJECTS + "/notes/batch/create",
            "times": 1, "action": "partial", "rows": [1],
            "code": "RATE_LIMITS", "message": "not now"})
        answer = self.batch("notes", "create", [
            {"properties": {"hs_timestamp": 1}, "objectWriteTraceId": str(i)}
            for i in range(3)], 207)
        self.hubspot.fault()
        self.assertEqual(len(answer["results"]), 2)
        self.assertEqual(answer["errors"][0]["context"],
                         {"objectWriteTraceId": ["1"]})
        self.assertEqual(answer["errors"][0]["message"], "not now")

    def test_archive(self):
        one = self.new("notes")
        self.batch("notes", "archive", [{"id": one}, {"id": "9"}], 204)
        self.ask("GET", f"{OBJECTS}/notes/{one}", want=404)


if __name__ == "__main__":
    unittest.main()
