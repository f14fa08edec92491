"""The sandbox's Salesforce: custom fields over the Tooling API, permission sets,
and what they let the user see."""
import json
import unittest
import urllib.parse

from sandbox_case import DATA, SalesforceCase

TOOLING = DATA + "/tooling"
SOBJECTS = DATA + "/sobjects"
USER = "005000000000001AAA"


class SetUp(SalesforceCase):
    """An org without custom fields; each test makes its own."""

    flags = ("--bare",)

    def tearDown(self):
        self.permit(**{name: True for name in (
            "CustomizeApplication", "ManageProfilesPermissionsets",
            "AssignPermissionSets", "ViewSetup")})

    def permit(self, **names):
        """What the user may do."""
        self.salesforce.call("/__sandbox/permissions", names)

    def body(self, name, **meta):
        """Of a new field."""
        return {"FullName": f"Activity.{name}", "Metadata": {
            "label": "My field", "type": "Text", "length": 80} | meta}

    def make(self, kind, want=201, **fields):
        """A record; its id."""
        return self.ask("POST", f"{SOBJECTS}/{kind}", fields, want)["id"]

    def field(self, name, **meta):
        """A custom field; its id."""
        return self.ask("POST", f"{TOOLING}/sobjects/CustomField",
                        self.body(name, **meta), 201)["id"]

    def grant(self, name, edit=True, kind="Task"):
        """A permission set of the user's with that field; the grant's id."""
        own = self.make("PermissionSet", Name="S" + name, Label="A set")
        row = self.make("FieldPermissions", ParentId=own, SobjectType=kind,
                        Field=f"{kind}.{name}", PermissionsRead=True,
                        PermissionsEdit=edit)
        self.make("PermissionSetAssignment", AssigneeId=USER,
                  PermissionSetId=own)
        return row

    def seen(self, name, kind="Task"):
        """The field in describe; None: it is not there."""
        fields = self.ask("GET", f"{SOBJECTS}/{kind}/describe")["fields"]
        return next((f for f in fields if f["name"] == name), None)

    def test_a_bare_org_has_none(self):
        for kind in ("Task", "Event"):
            self.assertIsNone(self.seen("HubSpot_Id__c", kind))

    def test_nobody_sees_a_new_field(self):
        self.field("New__c", externalId=True, unique=True)
        for kind in ("Task", "Event"):
            self.assertIsNone(self.seen("New__c", kind))
        self.query("SELECT New__c FROM Task", 400)
        self.grant("New__c")
        for kind in ("Task", "Event"):  # the grant is mirrored
            field = self.seen("New__c", kind)
            self.assertEqual(
                {k: field[k] for k in ("type", "length", "externalId",
                                       "unique", "createable", "updateable",
                                       "custom")},
                {"type": "string", "length": 80, "externalId": True,
                 "unique": True, "createable": True, "updateable": True,
                 "custom": True})
        self.ask("PATCH", f"{SOBJECTS}/Task/New__c/7", {"Subject": "x"}, 201)
        self.assertEqual(len(self.query(
            "SELECT Id FROM Task WHERE New__c = '7'")["records"]), 1)

    def test_a_grant_can_be_changed(self):
        self.field("Part__c")
        row = self.grant("Part__c", edit=False)
        self.assertFalse(self.seen("Part__c")["updateable"])
        self.ask("PATCH", f"{SOBJECTS}/FieldPermissions/{row}",
                 {"PermissionsRead": True, "PermissionsEdit": True}, 204)
        self.assertTrue(self.seen("Part__c")["updateable"])
        self.assertTrue(self.seen("Part__c", "Event")["updateable"])
        self.ask("DELETE", f"{SOBJECTS}/FieldPermissions/{row}", want=204)
        self.assertIsNone(self.seen("Part__c"))

    def test_the_tooling_api_tells_of_it(self):
        one = self.field("Told__c", type="Number", precision=18, scale=2)
        found = self.ask("GET", f"{TOOLING}/query?q=" + urllib.parse.quote(
            "SELECT Id, DeveloperName, TableEnumOrId FROM CustomField WHERE "
            "DeveloperName IN ('Told')"))["records"]
        self.assertEqual([(r["Id"], r["DeveloperName"], r["TableEnumOrId"])
                          for r in found], [(one, "Told", "Activity")])
        got = self.ask("GET", f"{TOOLING}/sobjects/CustomField/{one}")
        self.assertEqual((got["FullName"], got["Metadata"]["type"]),
                         ("Activity.Told__c", "Number"))
        # and the other API does not
        self.assertIn("CustomField", self.query(
            "SELECT Id FROM CustomField", 400)[0]["message"])
        self.refused("NOT_FOUND", "GET", f"{SOBJECTS}/CustomField/{one}",
                     want=404)
        self.refused("INVALID_TYPE", "GET", f"{TOOLING}/query?q=" +
                     urllib.parse.quote("SELECT Id FROM Task"))

    def test_fields_that_are_refused(self):
        path = f"{TOOLING}/sobjects/CustomField"
        self.field("Twice__c")
        for body, code in (
                (self.body("Twice__c"), "DUPLICATE_DEVELOPER_NAME"),
                (self.body("twice__c"), "DUPLICATE_DEVELOPER_NAME"),
                (self.body("Bad"), "FIELD_INTEGRITY_EXCEPTION"),
                (self.body("A__b__c"), "FIELD_INTEGRITY_EXCEPTION"),
                (self.body("Long__c", type="LongTextArea"),
                 "FIELD_INTEGRITY_EXCEPTION"),
                (self.body("Long__c", length=256),
                 "FIELD_INTEGRITY_EXCEPTION"),
                ({"FullName": "Task.X__c"}, "FIELD_INTEGRITY_EXCEPTION"),
                ({}, "FIELD_INTEGRITY_EXCEPTION"),
                ([], "FIELD_INTEGRITY_EXCEPTION"),
                ("nonsense", "FIELD_INTEGRITY_EXCEPTION")):
            with self.subTest(json.dumps(body)):
                self.refused(code, "POST", path, body)

    def test_rows_that_are_refused(self):
        self.field("Row__c")
        own = self.make("PermissionSet", Name="rows", Label="Rows")
        row = {"ParentId": own, "SobjectType": "Task", "Field": "Task.Row__c",
               "PermissionsRead": True, "PermissionsEdit": True}
        self.make("FieldPermissions", **row)
        self.make("PermissionSetAssignment", AssigneeId=USER,
                  PermissionSetId=own)
        for kind, fields, code in (
                ("PermissionSet", {"Name": "rows", "Label": "x"},
                 "DUPLICATE_DEVELOPER_NAME"),
                ("PermissionSet", {"Name": "x"}, "REQUIRED_FIELD_MISSING"),
                ("FieldPermissions", row, "DUPLICATE_VALUE"),
                ("FieldPermissions", row | {"Field": "Task.No__c"},
                 "FIELD_INTEGRITY_EXCEPTION"),
                ("FieldPermissions", row | {"Field": "Activity.Row__c"},
                 "FIELD_INTEGRITY_EXCEPTION"),
                ("FieldPermissions", row | {"Field": "Task.Subject",
                                            "PermissionsRead": False},
                 "FIELD_INTEGRITY_EXCEPTION"),
                ("PermissionSetAssignment",
                 {"AssigneeId": USER, "PermissionSetId": own},
                 "DUPLICATE_VALUE")):
            with self.subTest(kind=kind, fields=fields):
                self.refused(code, "POST", f"{SOBJECTS}/{kind}", fields)

    def test_permissions_that_are_taken_away(self):
        own = self.make("PermissionSet", Name="taken", Label="Taken")
        self.permit(CustomizeApplication=False,
                    ManageProfilesPermissionsets=False,
                    AssignPermissionSets=False)
        self.refused("INSUFFICIENT_ACCESS", "POST",
                     f"{TOOLING}/sobjects/CustomField", self.body("No__c"), 403)
        for kind, fields in (
                ("PermissionSet", {"Name": "more", "Label": "More"}),
                ("PermissionSetAssignment",
                 {"AssigneeId": USER, "PermissionSetId": own})):
            self.refused("INSUFFICIENT_ACCESS_OR_READONLY", "POST",
                         f"{SOBJECTS}/{kind}", fields)
        self.permit(ViewSetup=False)
        self.refused("INVALID_TYPE", "GET", f"{TOOLING}/query?q=" +
                     urllib.parse.quote("SELECT Id FROM CustomField"))


if __name__ == "__main__":
    unittest.main()
