"""The sandbox's Salesforce side: who may call how often, and what an org
without the custom field has."""
import json
import unittest

from sandbox_case import (
    DATA, SIGN_IN, SalesforceCase, TASK, UPSERT, sign_in, task)

BASIC = "Basic c2FuZGJveC1jbGllbnQ6c2FuZGJveC1zZWNyZXQ="


class SignIn(SalesforceCase):
    """OAuth."""

    def tearDown(self):
        self.get_token()

    def test_client_credentials(self):
        for fields in (SIGN_IN, {"grant_type": "client_credentials",
                                 "Authorization": BASIC},
                       {"grant_type": "refresh_token",
                        "client_id": "sandbox-client",
                        "refresh_token": "sandbox-refresh"}):
            status, answer, _ = sign_in(self.world, **fields)
            self.assertEqual(status, 200, answer)
            self.assertEqual(answer["instance_url"],
                             self.salesforce.base)
            self.assertEqual(answer["token_type"], "Bearer")
            self.assertTrue(answer["issued_at"].isdigit())
            org, = self.query("SELECT Id FROM Organization")["records"]
            self.assertTrue(answer["id"].endswith(
                f"/{org['Id']}/005000000000001AAA"), answer["id"])
            self.assertNotIn("refresh_token", answer)
            self.assertNotIn("expires_in", answer)

    def test_refused(self):
        for change, error in (
                ({"client_secret": "x"}, "invalid_client"),
                ({"client_id": "x"}, "invalid_client"),
                ({"grant_type": "password"}, "unsupported_grant_type"),
                ({"grant_type": "x" * 500}, "unsupported_grant_type"),
                ({"grant_type": "refresh_token", "refresh_token": "x"},
                 "invalid_grant")):
            status, answer, _ = sign_in(self.world, **SIGN_IN | change)
            self.assertEqual((status, answer["error"]), (400, error))
            self.assertTrue(answer["error_description"])

    def test_session(self):
        self.ask("GET", DATA + "/limits")
        self.salesforce.fault({"action": "expire-token", "times": 1})
        self.refused("INVALID_SESSION_ID", "GET", DATA + "/limits", want=401)
        self.salesforce.fault()
        message = self.refused("INVALID_SESSION_ID", "GET", DATA + "/limits",
                               want=401)["message"]
        self.assertEqual(message, "Session expired or invalid")

    def test_revoke(self):
        status, _, _ = self.call("POST", "/services/oauth2/revoke", "token=x",
                                 Authorization=None)
        self.assertEqual(status, 200)
        self.refused("INVALID_SESSION_ID", "GET", DATA + "/limits", want=401)


class Rights(SalesforceCase):
    """What is taken away from the user is answered as if it were not there."""

    def permit(self, **names):
        """What the user may."""
        self.salesforce.call("/__sandbox/permissions", names)

    def without(self, name):
        """Take it away until the test's end."""
        self.permit(**{name: False})
        self.addCleanup(self.permit, **{name: True})

    def fields(self, kind="Task"):
        """Of describe, by name."""
        return {f["name"]: f for f in self.ask(
            "GET", f"{DATA}/sobjects/{kind}/describe")["fields"]}

    def test_the_api(self):
        self.without("ApiEnabled")
        self.refused("API_DISABLED_FOR_ORG", "GET",
                     DATA + "/sobjects/Task/describe", want=403)

    def test_objects(self):
        for name, kind in (("Contact", "Contact"), ("ActivitiesAccess", "Task"),
                           ("ActivitiesAccess", "Event")):
            with self.subTest(kind):
                self.permit(**{name: False})
                self.refused("NOT_FOUND", "GET",
                             f"{DATA}/sobjects/{kind}/describe", want=404)
                self.assertEqual(self.query(f"SELECT Id FROM {kind}", 400)[0][
                    "errorCode"], "INVALID_TYPE")
                self.permit(**{name: True})
                self.query(f"SELECT Id FROM {kind}")

    def test_writing_tasks(self):
        kept = self.upsert({"HubSpot_Id__c": "kept", "Subject": "x"})[0]["id"]
        self.without("EditTask")
        about = self.ask("GET", DATA + "/sobjects/Task/describe")
        self.assertEqual({about[k] for k in ("createable", "updateable",
                                             "deletable")}, {False})
        self.row_error("INSUFFICIENT_ACCESS_OR_READONLY", Subject="x")
        gone = self.ask("DELETE", f"{DATA}/composite/sobjects?ids={kept}")
        self.assertEqual(self.codes(gone), ["INSUFFICIENT_ACCESS_OR_READONLY"])
        self.query("SELECT Id FROM Task")

    def test_fields(self):
        """Task and Event share what security says of a field."""
        self.without("Task.Description")
        for kind in ("Task", "Event"):
            self.assertNotIn("Description", self.fields(kind))
        self.query("SELECT Description FROM Event", 400)
        self.row_error("INVALID_FIELD", Description="x")
        self.without("Task.Type.edit")
        self.assertEqual({self.fields()["Type"][k] for k in (
            "createable", "updateable")}, {False})
        self.query("SELECT Type FROM Task")
        self.row_error("INVALID_FIELD_FOR_INSERT_UPDATE", Type="Call")

    def test_what_the_user_may(self):
        soql = ("SELECT PermissionsViewAllData, PermissionsEditTask FROM "
                "UserPermissionAccess")
        self.without("ViewAllData")
        row, = self.query(soql)["records"]
        self.assertEqual((row["PermissionsViewAllData"],
                          row["PermissionsEditTask"]), (False, True))

    def test_what_cannot_be_taken(self):
        for name in ("Nothing", "Task.Subject", "Task.Nothing", "Task.Id",
                     "Task.Type.read"):
            with self.assertRaises(AssertionError, msg=name):
                self.permit(**{name: False})


class Limits(SalesforceCase):
    """Versions, limits, and what is not there."""

    no_limits = False

    def test_versions_want_no_token(self):
        status, answer, headers = self.call("GET", "/services/data/",
                                            Authorization=None)
        self.assertEqual(status, 200)
        self.assertEqual(answer[-1]["version"], "67.0")
        self.assertEqual(answer[-1]["url"], "/services/data/v67.0")
        self.assertNotIn("Sforce-Limit-Info", headers)

    def test_usage(self):
        left = []
        for path in ("/limits", "/limits", "/sobjects/Task/none"):
            _, answer, headers = self.call("GET", DATA + path)
            self.assertRegex(headers["Sforce-Limit-Info"],
                             r"^api-usage=\d+/100000$")
            if path == "/limits":
                self.assertEqual(answer["DailyApiRequests"]["Max"], 100000)
                left.append(answer["DailyApiRequests"]["Remaining"])
        self.assertEqual(left[0] - left[1], 1)

    def test_any_version(self):
        self.ask("GET", "/services/data/v31.0/limits")
        self.ask("GET", "/services/data/v68.0/")
        self.refused("NOT_FOUND", "GET", "/services/data/67/limits", want=404)
        self.refused("GONE", "GET", "/services/data/v30.0/limits", want=410)

    def test_missing(self):
        for path in ("/nonsense", "/sobjects/Nonsense", "/composite/nonsense",
                     "/composite/sobjects/Nonsense/X",
                     "/composite/sobjects/Task/HubSpot_Id__c/x"):
            self.refused("NOT_FOUND", "GET", DATA + path, want=404)
        self.refused("METHOD_NOT_ALLOWED", "DELETE", TASK, want=405)
        answer = self.ask("POST", TASK, "<x/>", 415, Content_Type="text/xml")
        self.assertEqual(answer[0]["errorCode"], "UNSUPPORTED_MEDIA_TYPE")

    def test_record_count(self):
        self.person()
        self.load(Contact=[{"Id": self.person(), "IsDeleted": True}])
        self.assertEqual(self.ask(
            "GET", DATA + "/limits/recordCount?sObjects=Contact,Lead"),
            {"sObjects": [{"count": len(self.salesforce.dump("Contact")),
                           "name": "Contact"}]})

    def test_patterns(self):
        self.query("SELECT Id FROM Task")
        self.upsert({"HubSpot_Id__c": "P:1"})
        self.call("GET", TASK + "/HubSpot_Id__c/P%3A1")
        text = json.dumps(self.salesforce.calls())
        for pattern in ("/services/data/{v}/query",
                        "/services/data/{v}/composite/sobjects/Task/"
                        "HubSpot_Id__c",
                        "/services/data/{v}/sobjects/Task/HubSpot_Id__c/{id}",
                        "/services/oauth2/token"):
            self.assertIn(f'{pattern}"', text)


class Bare(SalesforceCase):
    """An org without the custom field."""

    flags = ("--bare",)

    def test_no_field(self):
        error = self.refused("NOT_FOUND", "PATCH", UPSERT,
                             {"records": [task(HubSpot_Id__c="x")]}, 404)
        self.assertEqual(error["message"], "Provided external ID field does "
                         "not exist or is not accessible: HubSpot_Id__c")
        self.refused("INVALID_FIELD", "POST", TASK, {"HubSpot_Id__c": "x"})
        self.assertEqual(self.query("SELECT HubSpot_Id__c FROM Task", 400)[0]
                         ["errorCode"], "INVALID_FIELD")
        names = [f["name"] for f in self.ask("GET", TASK + "/describe")
                 ["fields"]]
        self.assertNotIn("HubSpot_Id__c", names)


if __name__ == "__main__":
    unittest.main()
