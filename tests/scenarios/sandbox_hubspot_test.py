"""The sandbox's HubSpot side answers as hubspot-api.md says: every endpoint's
good case, its limits and its error bodies, over HTTP."""
import json
import sys
import time
import unittest
import urllib.error
import urllib.request

from harness import World, now_ms

DAY = 86_400_000
OBJECTS = "/crm/objects/2026-09"


def call(world, method, path, body=None, token="sandbox-token", form=False):
    """(status, answer, headers)."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    headers["Content-Type"] = ("application/x-www-form-urlencoded" if form
                               else "application/json")
    data = body.encode() if isinstance(body, str) else (
        None if body is None else json.dumps(body).encode())
    request = urllib.request.Request(world.hubspot.base + path, data, headers,
                                     method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            status, text, got = answer.status, answer.read(), answer.headers
    except urllib.error.HTTPError as bad:
        status, text, got = bad.code, bad.read(), bad.headers
    return status, json.loads(text) if text else None, got


class Case(unittest.TestCase):
    """One sandbox for a class of tests; each test loads what it needs."""

    flags = ()
    no_limits = True

    @classmethod
    def setUpClass(cls):
        cls.world = World(no_limits=cls.no_limits, sandbox=cls.flags)
        cls.addClassCleanup(cls.world.close)
        cls.load = cls.world.hubspot.load

    def ask(self, method, path, body=None, want=200, **how):
        """The answer of a call that has to have this status."""
        status, answer, _ = call(self.world, method, path, body, **how)
        self.assertEqual(status, want, answer)
        return answer

    def refused(self, method, path, body=None, want=400,
                category="VALIDATION_ERROR", **how):
        """An error body's message."""
        answer = self.ask(method, path, body, want, **how)
        self.assertEqual(answer["status"], "error")
        self.assertEqual(answer["category"], category)
        self.assertTrue(answer["correlationId"])
        return answer

    def new(self, kind, **properties):
        """A record made over the API; its id."""
        if kind not in ("contacts", "companies", "deals"):
            properties.setdefault("hs_timestamp", "2026-01-01T00:00:00Z")
        return self.ask("POST", f"{OBJECTS}/{kind}",
                        {"properties": properties}, 201)["id"]

    def search(self, kind, filters=(), **body):
        """A search's answer."""
        body["filterGroups"] = [{"filters": list(filters)}]
        return self.ask("POST", f"{OBJECTS}/{kind}/search", body)


def rule(name, operator, value=None, **more):
    """A filter."""
    if value is not None:
        more["value"] = value
    return {"propertyName": name, "operator": operator, **more}


class Access(Case):
    """Who may call, and where."""

    def test_token(self):
        for token in (None, "wrong"):
            answer = self.refused("GET", "/crm/v3/owners", want=401,
                                  category="INVALID_AUTHENTICATION",
                                  token=token)
            self.assertIn("Authentication credentials not found",
                          answer["message"])

    def test_expired_token_once(self):
        self.world.hubspot.fault({"method": "GET", "path": "/crm/v3/owners",
                                  "times": 1, "action": "expire-token"})
        self.ask("GET", "/crm/v3/owners", want=401)
        self.ask("GET", "/crm/v3/owners")
        self.world.hubspot.fault()

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
                      json.dumps(self.world.hubspot.calls()))


class Limits(Case):
    """190 calls in 10 s, 5 searches a second."""

    no_limits = False

    def test_rates(self):
        _, _, headers = call(self.world, "GET", "/crm/v3/owners")
        self.assertEqual(headers["X-HubSpot-RateLimit-Max"], "190")
        self.assertEqual(
            headers["X-HubSpot-RateLimit-Interval-Milliseconds"], "10000")
        started = time.monotonic()
        seen = []
        for _ in range(6):
            status, answer, headers = call(
                self.world, "POST", OBJECTS + "/calls/search", {})
            self.assertNotIn("X-HubSpot-RateLimit-Max", headers)
            seen.append((status, answer))
        if time.monotonic() - started < 1:
            self.assertEqual(seen[-1][0], 429)
            self.assertEqual(seen[-1][1]["policyName"], "SECONDLY")
            self.assertEqual(seen[-1][1]["message"],
                             "You have reached your secondly limit.")
        for _ in range(190):
            status, answer, _ = call(self.world, "GET", "/crm/v3/owners")
        if time.monotonic() - started < 10:
            self.assertEqual(status, 429)
            self.assertEqual(answer["policyName"], "TEN_SECONDLY_ROLLING")
            self.assertEqual(answer["errorType"], "RATE_LIMIT")


class Objects(Case):
    """Records one by one."""

    def test_life_of_a_record(self):
        made = self.ask("POST", OBJECTS + "/notes", {"properties": {
            "hs_timestamp": 1767225600000, "hs_note_body": "<p>x</p>"}}, 201)
        path = f"{OBJECTS}/notes/{made['id']}"
        self.assertEqual(made["properties"]["hs_timestamp"],
                         "2026-01-01T00:00:00.000Z")
        self.assertEqual(made["properties"]["hs_object_id"], made["id"])
        got = self.ask("GET", path + "?properties=hs_note_body,hubspot_owner_id"
                       ",nonsense")
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


class Search(Case):
    """POST .../search."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.start = now_ms() - 10 * DAY
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
                ("EQ", self.start + 3, [6, 7]), ("GT", self.start + 13, [28, 29]),
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
        path, one = OBJECTS + "/calls/search", rule("hs_call_duration", "EQ", 1)
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
        self.world.hubspot.fault({"action": "lag", "ms": 600000})
        made = self.new("tasks")
        self.assertEqual(self.search("tasks")["total"], 0)
        self.world.hubspot.call("/__sandbox/clock", {"advance_ms": 700000})
        found = self.search("tasks")
        self.world.hubspot.fault()
        self.assertEqual([r["id"] for r in found["results"]], [made])

    def test_archived_are_not_found(self):
        made = self.new("notes")
        self.ask("DELETE", f"{OBJECTS}/notes/{made}", want=204)
        self.assertEqual(self.search("notes")["total"], 0)


class Batches(Case):
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
        before = len(self.world.hubspot.dump("meetings"))
        self.refused("POST", OBJECTS + "/meetings/batch/create",
                     {"inputs": [good, bad]})
        self.assertEqual(len(self.world.hubspot.dump("meetings")), before)
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
                status, _, _ = call(self.world, "POST",
                                    f"{OBJECTS}/calls/batch/{verb}", body)
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
        self.world.hubspot.fault({
            "method": "POST", "path": OBJECTS + "/notes/batch/create",
            "times": 1, "action": "partial", "rows": [1],
            "code": "RATE_LIMITS", "message": "not now"})
        answer = self.batch("notes", "create", [
            {"properties": {"hs_timestamp": 1}, "objectWriteTraceId": str(i)}
            for i in range(3)], 207)
        self.world.hubspot.fault()
        self.assertEqual(len(answer["results"]), 2)
        self.assertEqual(answer["errors"][0]["context"],
                         {"objectWriteTraceId": ["1"]})
        self.assertEqual(answer["errors"][0]["message"], "not now")

    def test_archive(self):
        one = self.new("notes")
        self.batch("notes", "archive", [{"id": one}, {"id": "9"}], 204)
        self.ask("GET", f"{OBJECTS}/notes/{one}", want=404)


class Associations(Case):
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
        base = "/crm/associations/2026-09/notes/contacts/batch"
        kind = [{"associationCategory": "HUBSPOT_DEFINED",
                 "associationTypeId": 202}]
        pair = {"from": {"id": "60"}, "to": {"id": "2"}}
        made = self.ask("POST", base + "/create", {
            "inputs": [pair | {"types": kind},
                       {"from": {"id": "60"}, "to": {"id": "99"},
                        "types": kind}]}, 207)
        self.assertEqual(made["results"][0]["toObjectId"], 2)
        self.assertEqual(made["numErrors"], 1)
        self.refused("POST", base + "/create", {"inputs": [
            pair | {"types": [kind[0] | {"associationTypeId": 201}]}]})
        self.ask("POST", base + "/archive", {"inputs": [
            {"from": {"id": "60"}, "to": [{"id": "2"}]}]}, 204)
        self.assertEqual(self.ask("POST", base + "/read", {
            "inputs": [{"id": "60"}]})["results"], [])
        self.ask("POST", base + "/associate/default", {"inputs": [pair]})
        self.ask("POST", base + "/labels/archive", {
            "inputs": [pair | {"types": kind}]}, 204)

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


class Things(Case):
    """E-mail events, forms, occurrences, owners, properties, account."""

    def test_email_events(self):
        at = now_ms() - DAY
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
        at = now_ms() - DAY
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
               "options": [{"label": "A", "value": "a"}]}
        self.ask("POST", "/crm/v3/properties/calls", new, 201)
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


class Control(Case):
    """Dump and load."""

    def test_round_trip(self):
        at = "2026-03-01T10:00:00.123Z"
        self.load(contacts=[{"id": "101", "properties": {"email": "q@x.org"}}],
                  calls=[{"id": "201", "properties": {
                      "hs_call_duration": 3800, "own_flag": True,
                      "hs_lastmodifieddate": at},
                      "associations": {"contacts": [{"id": "101"}]}}])
        got = self.world.hubspot.dump("calls")[0]
        self.assertEqual(got["properties"]["hs_call_duration"], "3800")
        self.assertEqual(got["properties"]["own_flag"], "true")
        self.assertEqual(got["updatedAt"], at)
        self.assertEqual(got["associations"], {"contacts": ["101"]})
        self.load(calls=[got])
        self.assertEqual(self.world.hubspot.dump("calls"), [got])
        self.load(calls=[{"id": "201", "properties": {"hs_call_title": "t"}}])
        edited = self.world.hubspot.dump("calls")[0]
        self.assertGreater(edited["updatedAt"], at)
        self.assertEqual(edited["properties"]["hs_call_duration"], "3800")
        self.load(calls=[{"id": "201", "archived": True}])
        self.assertEqual(self.world.hubspot.dump("calls"), [])
        self.assertEqual(self.world.hubspot.call(
            "/__sandbox/dump?type=calls")["calls"][0]["archived"], True)
        self.load(calls=[{"id": "201", "archived": False}])
        self.assertEqual(len(self.world.hubspot.dump("calls")), 1)

    def test_refusals(self):
        for records in ({"tasks": [{"associations": {"contacts": ["9"]}}]},
                        {"nonsense": []},
                        {"form_submissions": [{"formId": "no"}]},
                        {"tasks": [{"id": "abc"}]}):
            with self.subTest(records=records):
                with self.assertRaises(AssertionError):
                    self.load(**records)

    def test_many(self):
        at = now_ms() - DAY
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


class Bare(Case):
    """An account that never had the Salesforce integration."""

    flags = ("--bare",)

    def test_no_salesforce_properties(self):
        self.ask("GET", "/crm/v3/properties/contacts/salesforcecontactid",
                 want=404)
        self.assertEqual(len(self.ask("GET", "/calling/v1/dispositions")), 6)


if __name__ == "__main__":
    unittest.main()
