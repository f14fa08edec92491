"""The sandbox's HubSpot side: who may call how often, what an account has, the
control API's records."""
import json
import sys
import time
import unittest

from harness import DAY_MS, now_ms
from sandbox_case import HubspotCase, OBJECTS, rule


class Access(HubspotCase):
    """Who may call, and where."""

    def test_token(self):
        for token in (None, "wrong"):
            answer = self.refused("GET", "/crm/v3/owners", want=401,
                                  category="INVALID_AUTHENTICATION",
                                  token=token)
            self.assertIn("Authentication credentials not found",
                          answer["message"])

    def test_expired_token_once(self):
        self.hubspot.fault({"method": "GET", "path": "/crm/v3/owners",
                            "times": 1, "action": "expire-token"})
        self.ask("GET", "/crm/v3/owners", want=401)
        self.ask("GET", "/crm/v3/owners")
        self.hubspot.fault()

    def test_permissions_that_are_taken_away(self):
        permit = self.permit
        path = "/crm/properties/2026-09/"
        new = {"groupName": "g", "label": "l", "type": "string",
               "fieldType": "text", "hasUniqueValue": True}
        scope = "crm.schemas.contacts.write"
        permit(**{scope: False})
        answer = self.refused("POST", path + "calls", new | {"name": "mine"},
                              403, "MISSING_SCOPES")
        self.assertEqual(answer["errors"][0]["context"][
            "requiredGranularScopes"], [scope])
        permit(**{scope: True, "hasUniqueValue": False})
        self.refused("POST", path + "calls", new | {"name": "mine"})
        self.ask("POST", path + "contacts", new | {"name": "mine"}, 201)
        permit(hasUniqueValue=True)
        self.ask("POST", path + "calls", new | {"name": "mine"}, 201)

    def test_scopes_that_are_taken_away(self):
        read, write = "crm.objects.contacts.read", "crm.objects.contacts.write"
        mail = "sales-email-read"
        for scope, method, path, fine in (
                (read, "GET", OBJECTS + "/calls", 200),
                (read, "POST", OBJECTS + "/tasks/search", 200),
                (read, "POST", OBJECTS + "/notes/batch/read", 400),
                (read, "GET", "/crm/properties/2026-09/calls", 200),
                (write, "POST", OBJECTS + "/calls/batch/update", 400),
                ("crm.objects.companies.read", "GET",
                 OBJECTS + "/companies", 200),
                ("crm.objects.owners.read", "GET", "/crm/v3/owners", 200),
                (mail, "GET", OBJECTS + "/emails", 200),
                ("forms", "GET", "/marketing/v3/forms", 200),
                ("content", "GET", "/email/public/v1/events", 200)):
            with self.subTest(scope, path=path):
                body = {} if method == "POST" else None
                self.ask(method, path, body, fine)
                self.permit(**{scope: False})
                answer = self.refused(method, path, body, 403,
                                      "MISSING_SCOPES")
                self.assertEqual(answer["errors"][0]["context"][
                    "requiredGranularScopes"], [scope])
                self.permit(**{scope: True})
        # either side's scope will do for what ties them; v3 takes either
        batch = {"inputs": [{"id": "1"}]}
        path = "/crm/associations/2026-09/calls/companies/batch/read"
        self.permit(**{read: False, mail: False})
        self.assertNotEqual(self.call("POST", path, batch)[0], 403)
        self.ask("GET", "/crm/v3/objects/emails", want=403)
        self.permit(**{read: True})
        self.ask("GET", "/crm/v3/objects/emails")
        self.permit(**{mail: True})

    def permit(self, **names):
        """What the token may do."""
        self.hubspot.call("/__sandbox/permissions", names)

    def test_unknown_paths(self):
        for path in ("/nothing", "/crm/v3", "/crm/objects/2026/calls",
                     OBJECTS + "/calls/1/2/3/4/5"):
            self.ask("GET", path, want=404)
        self.refused("GET", OBJECTS + "/calls/999", want=404,
                     category="OBJECT_NOT_FOUND")

    def test_bad_json(self):
        self.refused("POST", OBJECTS + "/calls/search", "{nonsense")

    def test_oauth(self):
        form = ("grant_type=refresh_token&client_id=sandbox-client&"
                "client_secret=sandbox-secret&refresh_token=")
        token = self.ask("POST", "/oauth/v1/token", form + "sandbox-refresh",
                         token=None, form=True)
        self.assertEqual(token["expires_in"], 1800)
        self.assertEqual(token["token_type"], "bearer")
        self.ask("GET", "/crm/v3/owners", token=token["access_token"])
        later = self.ask("POST", "/oauth/v3/token", form + "sandbox-refresh",
                         token=None, form=True)
        self.assertIn("hub_id", later)
        bad = self.ask("POST", "/oauth/v1/token", form + "x", 400, token=None,
                       form=True)
        self.assertEqual(bad["status"], "BAD_REFRESH_TOKEN")

    def test_pattern(self):
        self.ask("GET", OBJECTS + "/notes/777", want=404)
        self.assertIn("/crm/objects/2026-09/notes/{id}",
                      json.dumps(self.hubspot.calls()))

    def test_a_refused_call_is_counted_by_its_path(self):
        self.ask("POST", OBJECTS + "/notes/search", {}, 401, token=None)
        self.ask("GET", OBJECTS + "/notes/20000000777", want=401, token=None)
        paths = {c["path"] for c in self.hubspot.calls()["calls"]
                 if c["status"] == 401}
        self.assertLessEqual({OBJECTS + "/notes/search",
                              OBJECTS + "/notes/{id}"}, paths)

    def test_an_error_has_the_id_of_its_call(self):
        seen = set()
        for path, token in (("/nothing", "x"), ("/crm/v3/owners", "x"),
                            (OBJECTS + "/notes/777", "sandbox-token")):
            _, answer, headers = self.call("GET", path, token=token)
            self.assertEqual(answer["correlationId"],
                             headers["X-HubSpot-Correlation-Id"])
            seen.add(answer["correlationId"])
        self.assertEqual(len(seen), 3)


class Limits(HubspotCase):
    """190 calls in 10 s, 5 searches a second."""

    no_limits = False

    def test_rates(self):
        _, _, headers = self.call("GET", "/crm/v3/owners")
        self.assertEqual(headers["X-HubSpot-RateLimit-Max"], "190")
        self.assertEqual(
            headers["X-HubSpot-RateLimit-Interval-Milliseconds"], "10000")
        started = time.monotonic()
        seen = []
        for _ in range(6):
            status, answer, headers = self.call(
                "POST", OBJECTS + "/calls/search", {})
            self.assertNotIn("X-HubSpot-RateLimit-Max", headers)
            seen.append((status, answer))
        if time.monotonic() - started < 1:
            self.assertEqual(seen[-1][0], 429)
            self.assertEqual(seen[-1][1]["policyName"], "SECONDLY")
            self.assertEqual(seen[-1][1]["message"],
                             "You have reached your secondly limit.")
        for _ in range(190):
            status, answer, _ = self.call("GET", "/crm/v3/owners")
        if time.monotonic() - started < 10:
            self.assertEqual(status, 429)
            self.assertEqual(answer["policyName"], "TEN_SECONDLY_ROLLING")
            self.assertEqual(answer["errorType"], "RATE_LIMIT")


class Control(HubspotCase):
    """Dump and load."""

    def test_round_trip(self):
        at = "2026-03-01T10:00:00.123Z"
        self.load(contacts=[{"id": "101", "properties": {"email": "q@x.org"}}],
                  calls=[{"id": "201", "properties": {
                      "hs_call_duration": 3800, "own_flag": True,
                      "hs_lastmodifieddate": at},
                      "associations": {"contacts": [{"id": "101"}]}}])
        got = self.hubspot.dump("calls")[0]
        self.assertEqual(got["properties"]["hs_call_duration"], "3800")
        self.assertEqual(got["properties"]["own_flag"], "true")
        self.assertEqual(got["updatedAt"], at)
        self.assertEqual(got["associations"], {"contacts": ["101"]})
        self.load(calls=[got])
        self.assertEqual(self.hubspot.dump("calls"), [got])
        self.load(calls=[{"id": "201", "properties": {"hs_call_title": "t"}}])
        edited = self.hubspot.dump("calls")[0]
        self.assertGreater(edited["updatedAt"], at)
        self.assertEqual(edited["properties"]["hs_call_duration"], "3800")
        self.load(calls=[{"id": "201", "archived": True}])
        self.assertEqual(self.hubspot.dump("calls"), [])
        self.assertEqual(self.hubspot.call(
            "/__sandbox/dump?type=calls")["calls"][0]["archived"], True)
        self.load(calls=[{"id": "201", "archived": False}])
        self.assertEqual(len(self.hubspot.dump("calls")), 1)

    def test_refusals(self):
        for records in ({"tasks": [{"associations": {"contacts": ["9"]}}]},
                        {"nonsense": []},
                        {"form_submissions": [{"formId": "no"}]},
                        {"tasks": [{"id": "abc"}]}):
            with self.subTest(records=records):
                with self.assertRaises(AssertionError):
                    self.load(**records)

    def test_many(self):
        at = now_ms() - DAY_MS
        n = 12_000
        started = time.monotonic()
        self.load(notes=[{"id": str(10_000_000 - i), "properties": {
            "hs_timestamp": at, "hs_lastmodifieddate": at,
            "hs_note_body": "x" * 50}} for i in range(n)])
        loaded = time.monotonic() - started
        seen, last = 0, 0
        while True:
            page = self.search("notes", [
                rule("hs_lastmodifieddate", "EQ", str(at)),
                rule("hs_object_id", "GT", str(last))], limit=200,
                properties=["hs_note_body"],
                sorts=[{"propertyName": "hs_object_id",
                        "direction": "ASCENDING"}])
            seen += len(page["results"])
            if "paging" not in page:
                break
            last = page["results"][-1]["id"]
        self.assertEqual(seen, n)
        took = time.monotonic() - started - loaded
        self.assertLess(loaded, 30)
        self.assertLess(took, 30)
        print(f"# loaded in {loaded:.2f} s, read in {took:.2f} s",
              file=sys.stderr)


class Bare(HubspotCase):
    """An account that never had the Salesforce integration."""

    flags = ("--bare",)

    def test_no_salesforce_properties(self):
        self.ask("GET", "/crm/v3/properties/contacts/salesforcecontactid",
                 want=404)
        self.assertEqual(len(self.ask("GET", "/calling/v1/dispositions")), 6)


if __name__ == "__main__":
    unittest.main()
