"""The sandbox's Salesforce side answers as salesforce-api.md says: every
endpoint's good case, its limits and its error bodies, over HTTP."""
import json
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

from harness import World, iso, now_ms

DATA = "/services/data/v67.0"
TASK = DATA + "/sobjects/Task"
ROWS = DATA + "/composite/sobjects"
UPSERT = ROWS + "/Task/HubSpot_Id__c"
DAY = 86_400_000
SIGN_IN = {"grant_type": "client_credentials", "client_id": "sandbox-client",
           "client_secret": "sandbox-secret"}
BASIC = "Basic c2FuZGJveC1jbGllbnQ6c2FuZGJveC1zZWNyZXQ="


def call(world, method, path, body=None, headers=None):
    """(status, answer, headers)."""
    headers = {"Content-Type": "application/json"} | (headers or {})
    data = body.encode() if isinstance(body, str) else (
        None if body is None else json.dumps(body).encode())
    request = urllib.request.Request(
        world.salesforce.base + path, data,
        {k: v for k, v in headers.items() if v}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            status, text, got = answer.status, answer.read(), answer.headers
    except urllib.error.HTTPError as bad:
        status, text, got = bad.code, bad.read(), bad.headers
    return status, json.loads(text) if text else None, got


def sign_in(world, **fields):
    """The answer of the token endpoint."""
    headers = {"Content-Type": "application/x-www-form-urlencoded",
               "Authorization": fields.pop("Authorization", None)}
    return call(world, "POST", "/services/oauth2/token",
                urllib.parse.urlencode(fields), headers)


def task(**fields):
    """A row of a collection."""
    return {"attributes": {"type": "Task"}, **fields}


class Case(unittest.TestCase):
    """One sandbox for a class of tests; each test loads what it needs."""

    flags = ()
    no_limits = True

    @classmethod
    def setUpClass(cls):
        cls.world = World(no_limits=cls.no_limits, sandbox=cls.flags)
        cls.addClassCleanup(cls.world.close)
        cls.load = cls.world.salesforce.load
        cls.get_token()

    @classmethod
    def get_token(cls):
        """Sign in."""
        cls.token = sign_in(cls.world, **SIGN_IN)[1]["access_token"]

    def call(self, method, path, body=None, **headers):
        """(status, answer, headers), signed in."""
        return call(self.world, method, path, body,
                    {"Authorization": "Bearer " + self.token}
                    | {k.replace("_", "-"): v for k, v in headers.items()})

    def ask(self, method, path, body=None, want=200, **headers):
        """The answer of a call that has to have this status."""
        status, answer, _ = self.call(method, path, body, **headers)
        self.assertEqual(status, want, answer)
        return answer

    def refused(self, code, method, path, body=None, want=400):
        """The one error in an error body."""
        answer = self.ask(method, path, body, want)
        self.assertEqual(len(answer), 1)
        self.assertEqual(answer[0]["errorCode"], code, answer)
        return answer[0]

    def query(self, soql, want=200, what="query", **headers):
        """The answer of a query."""
        return self.ask("GET", f"{DATA}/{what}?q=" + urllib.parse.quote(soql),
                        want=want, **headers)

    def person(self, kind="Contact", **fields):
        """Somebody whom a user made; the id."""
        fields = {"LastName": "Test"} | fields
        if kind == "Lead":
            fields.setdefault("Company", "Acme")
        before = {r["Id"] for r in self.world.salesforce.dump(kind)}
        self.load(**{kind: [fields]})
        return next(r["Id"] for r in self.world.salesforce.dump(kind)
                    if r["Id"] not in before)

    def upsert(self, *rows, **more):
        """The results of an upsert."""
        return self.ask("PATCH", UPSERT, {
            "allOrNone": False, "records": [task(**r) for r in rows]} | more)

    def codes(self, results):
        """Of each row: the error code, or None."""
        for row in results:
            self.assertEqual(row["success"], not row["errors"])
        return [r["errors"][0]["statusCode"] if r["errors"] else None
                for r in results]

    def row_error(self, code, fields=None, **row):
        """An upsert of one row that fails like that; its error."""
        results = self.upsert({"HubSpot_Id__c": f"E:{time.time_ns()}"} | row)
        self.assertEqual(self.codes(results), [code], results)
        if fields is not None:
            self.assertEqual(results[0]["errors"][0]["fields"], fields)
        return results[0]["errors"][0]["message"]

    def get(self, one, kind="Task"):
        """A record."""
        return self.ask("GET", f"{DATA}/sobjects/{kind}/{one}")


class SignIn(Case):
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
                             self.world.salesforce.base)
            self.assertEqual(answer["token_type"], "Bearer")
            self.assertTrue(answer["issued_at"].isdigit())
            self.assertTrue(answer["id"].endswith("/005000000000001AAA"))
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
        self.world.salesforce.fault({"action": "expire-token", "times": 1})
        self.refused("INVALID_SESSION_ID", "GET", DATA + "/limits", want=401)
        self.world.salesforce.fault()
        message = self.refused("INVALID_SESSION_ID", "GET", DATA + "/limits",
                               want=401)["message"]
        self.assertEqual(message, "Session expired or invalid")

    def test_revoke(self):
        status, _, _ = call(self.world, "POST", "/services/oauth2/revoke",
                            "token=x")
        self.assertEqual(status, 200)
        self.refused("INVALID_SESSION_ID", "GET", DATA + "/limits", want=401)


class Limits(Case):
    """Versions, limits, and what is not there."""

    no_limits = False

    def test_versions_want_no_token(self):
        status, answer, headers = call(self.world, "GET", "/services/data/")
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
            {"sObjects": [{"count": len(self.world.salesforce.dump("Contact")),
                           "name": "Contact"}]})

    def test_patterns(self):
        self.query("SELECT Id FROM Task")
        self.upsert({"HubSpot_Id__c": "P:1"})
        self.call("GET", TASK + "/HubSpot_Id__c/P%3A1")
        text = json.dumps(self.world.salesforce.calls())
        for pattern in ("/services/data/{v}/query",
                        "/services/data/{v}/composite/sobjects/Task/"
                        "HubSpot_Id__c",
                        "/services/data/{v}/sobjects/Task/HubSpot_Id__c/{id}",
                        "/services/oauth2/token"):
            self.assertIn(f'{pattern}"', text)


class Query(Case):
    """SOQL over REST."""

    def names(self, where, what="query"):
        """The LastNames that are found, in order."""
        soql = f"SELECT LastName FROM Contact WHERE {where}"
        return [r["LastName"] for r in self.query(soql, what=what)["records"]]

    def test_shape(self):
        who = self.person(LastName="Shape", Email="s@x.test")
        self.load(Task=[{"Subject": "Shaped", "WhoId": who}])
        answer = self.query("SELECT Id, Who.Type, Owner.Email, Account.Name, "
                            "TYPEOF What WHEN Account THEN Name END "
                            "FROM Task WHERE Subject = 'Shaped'")
        self.assertEqual((answer["totalSize"], answer["done"]), (1, True))
        self.assertNotIn("nextRecordsUrl", answer)
        row = answer["records"][0]
        self.assertEqual(row["attributes"], {
            "type": "Task", "url": f"{TASK}/{row['Id']}"})
        self.assertEqual(row["Who"]["Type"], "Contact")
        self.assertEqual(row["Owner"]["Email"], "crm@pipe.test")
        self.assertIsNone(row["Account"])
        self.assertIsNone(row["What"])

    def test_typeof(self):
        lead = self.person("Lead", LastName="Lee", Email="l@x.test")
        self.load(Task=[{"Subject": "Typed", "WhoId": lead}])
        row = self.query("SELECT TYPEOF Who WHEN Contact THEN Email WHEN Lead "
                         "THEN Email, Company ELSE Name END FROM Task "
                         "WHERE Subject = 'Typed'")["records"][0]
        del row["Who"]["attributes"]
        self.assertEqual(row["Who"], {"Email": "l@x.test", "Company": "Acme"})

    def test_typeof_of_a_parent(self):
        account = self.person("Account", Name="Owned")
        self.person(LastName="Owned", AccountId=account)
        self.person(LastName="Owned")
        rows = self.query(
            "SELECT TYPEOF Account.Owner WHEN User THEN Username ELSE Name "
            "END FROM Contact WHERE LastName = 'Owned' "
            "ORDER BY AccountId NULLS LAST")["records"]
        self.assertEqual(rows[0]["Account"]["Owner"]["Username"],
                         "crm@pipe.test")
        self.assertIsNone(rows[1]["Account"])
        self.load(Task=[{"Subject": "Odd", "AccountId": "01J000000000001"}])
        self.query("SELECT TYPEOF Account.Owner WHEN User THEN Name END, "
                   "Account.Parent.Name FROM Task WHERE Subject = 'Odd'")

    def test_typeof_else(self):
        contact = self.person(Email="e@x.test")
        self.load(Task=[{"Subject": "Else", "WhoId": contact}])
        row = self.query("SELECT TYPEOF Who WHEN Lead THEN Email ELSE Email, "
                         "LastName, Type END FROM Task "
                         "WHERE Subject = 'Else'")["records"][0]
        del row["Who"]["attributes"]
        self.assertEqual(row["Who"], {"Email": None, "LastName": "Test",
                                      "Type": "Contact"})

    def test_where(self):
        for name, mail in (("Wa", None), ("Wb", "b@x.test"),
                           ("Wc", "c@x.test")):
            self.person(LastName=name, Email=mail)
        self.assertEqual(self.names(
            "LastName LIKE 'W_' AND Email != null ORDER BY LastName DESC"),
            ["Wc", "Wb"])
        self.assertEqual(self.names(
            "LastName IN ('wa', 'wc') ORDER BY Email NULLS LAST"),
            ["Wc", "Wa"])
        self.assertEqual(self.names(
            "LastName LIKE 'W%' ORDER BY LastName LIMIT 1 OFFSET 1"), ["Wb"])

    def test_count(self):
        answer = self.query("SELECT COUNT() FROM TaskStatus")
        self.assertEqual(answer, {"totalSize": 5, "done": True, "records": []})

    def test_deleted_and_archived(self):
        one = self.person(LastName="Gone")
        self.load(Contact=[{"Id": one, "IsDeleted": True}])
        self.load(Task=[{"Subject": "Old", "IsArchived": True}])
        self.assertEqual(self.names("LastName = 'Gone'"), [])
        self.assertEqual(self.names("LastName = 'Gone' AND IsDeleted = TRUE",
                                    "queryAll"), ["Gone"])
        soql = "SELECT Id FROM Task WHERE Subject = 'Old'"
        self.assertEqual(self.query(soql)["totalSize"], 0)
        self.assertEqual(self.query(soql, what="queryAll")["totalSize"], 1)

    def test_pages(self):
        n = 450
        self.load(Account=[{"Name": f"P{i:04d}"} for i in range(n)])
        page = self.query("SELECT Name FROM Account WHERE Name LIKE 'P____' "
                          "ORDER BY Name", Sforce_Query_Options="batchSize=1")
        names, sizes = [], []
        while True:
            names += [r["Name"] for r in page["records"]]
            sizes.append(len(page["records"]))
            self.assertEqual(page["totalSize"], n)
            if page["done"]:
                break
            self.assertRegex(page["nextRecordsUrl"],
                             rf"^{DATA}/query/01g\w{{15}}-\d+$")
            last = page["nextRecordsUrl"]
            page = self.ask("GET", last,
                            Sforce_Query_Options="batchSize=200")
        self.assertEqual(sizes, [200, 200, 50])
        self.assertEqual(names, [f"P{i:04d}" for i in range(n)])
        for bad in (last + "999", last.replace("01g0", "01g9"),
                    DATA + "/query/x"):
            self.refused("INVALID_QUERY_LOCATOR", "GET", bad)
        self.world.salesforce.call("/__sandbox/clock", {"advance": "3d"})
        self.refused("INVALID_QUERY_LOCATOR", "GET", last)

    def test_refused(self):
        for soql, code in (
                ("SELECT Id FROM", "MALFORMED_QUERY"),
                ("SELECT Id FROM Task WHERE Subject = 'O'Neil'",
                 "MALFORMED_QUERY"),
                ("SELECT Id FROM Nonsense", "INVALID_TYPE"),
                ("SELECT Id FROM Name", "INVALID_TYPE"),
                ("SELECT Nonsense FROM Task", "INVALID_FIELD"),
                ("SELECT Who.Nonsense FROM Task", "INVALID_FIELD"),
                ("SELECT Id FROM Task WHERE Description = 'x'",
                 "INVALID_FIELD"),
                ("SELECT Id FROM Task OFFSET 2001",
                 "NUMBER_OUTSIDE_VALID_RANGE")):
            with self.subTest(soql=soql):
                answer = self.query(soql, 400)
                self.assertEqual(answer[0]["errorCode"], code)
        self.assertIn("No such column 'Nonsense'",
                      self.query("SELECT Nonsense FROM Task", 400)[0]
                      ["message"])
        self.refused("MALFORMED_QUERY", "GET", DATA + "/query")

    def test_late_commit(self):
        self.person(LastName="Late")
        self.world.salesforce.fault({"action": "lag", "ms": "1h"})
        self.assertEqual(self.names("LastName = 'Late'"), [])
        self.world.salesforce.fault()
        self.assertEqual(self.names("LastName = 'Late'"), ["Late"])


class Records(Case):
    """One record at a time."""

    def new(self, **fields):
        """A task's id."""
        return self.ask("POST", TASK, {"Subject": "S"} | fields, 201)["id"]

    def test_life(self):
        status, answer, headers = self.call("POST", TASK, {"Subject": "A"})
        self.assertEqual((status, answer["success"], answer["errors"]),
                         (201, True, []))
        url = f"{TASK}/{answer['id']}"
        self.assertEqual(headers["Location"], url)
        self.assertIsNone(self.ask("PATCH", url, {"Subject": "B"}, 204))
        self.assertEqual(self.ask("GET", url + "?fields=Subject,Status"), {
            "attributes": {"type": "Task", "url": url}, "Id": answer["id"],
            "Subject": "B", "Status": "Not Started"})
        self.assertIsNone(self.ask("DELETE", url, want=204))
        for method, body in (("DELETE", None), ("GET", None), ("PATCH", {})):
            error = self.refused("ENTITY_IS_DELETED", method, url, body, 404)
            self.assertEqual(error["fields"], [])

    def test_by_external_id(self):
        url = TASK + "/HubSpot_Id__c/hubspot%3Acall%3A1"
        self.refused("NOT_FOUND", "GET", url, want=404)
        self.refused("NOT_FOUND", "PATCH", url + "?updateOnly=true", {}, 404)
        made = self.ask("PATCH", url, {"Subject": "A"}, 201)
        self.assertTrue(made["created"])
        again = self.ask("PATCH", url.upper().replace(TASK.upper(), TASK)
                         .replace("HUBSPOT_ID__C", "HubSpot_Id__c"),
                         {"Subject": "B"})
        self.assertEqual((again["id"], again["created"]), (made["id"], False))
        self.assertEqual(self.ask("GET", url)["Subject"], "B")
        self.refused("INVALID_FIELD", "PATCH", url, {"HubSpot_Id__c": "x"})

    def test_several_have_the_key(self):
        base = DATA + "/sobjects/Contact"
        ids = [self.person(Email="Twin@x.test"),
               self.person(Email="twin@X.test")]
        for method, body in (("GET", None), ("PATCH", {"Title": "x"}),
                             ("DELETE", None)):
            self.assertEqual(
                self.ask(method, base + "/Email/twin@x.test", body, 300),
                [f"{base}/{one}" for one in ids])
        self.assertEqual([self.get(one, "Contact")["Title"] for one in ids],
                         [None, None])
        self.ask("DELETE", f"{base}/{ids[0]}", want=204)
        self.assertEqual(self.ask("GET", base + "/Email/twin@x.test")["Id"],
                         ids[1])

    def test_ids(self):
        one = self.new()
        for same in (one[:15], one, one.lower(), one.upper()):
            self.assertEqual(self.get(same)["Id"], one)
        self.refused("NOT_FOUND", "GET", f"{TASK}/{one}AAA", want=404)
        self.refused("MALFORMED_ID", "PATCH", f"{TASK}/Id/{one}AAA", {})
        self.assertFalse(self.ask("PATCH", f"{TASK}/Id/{one}", {})["created"])
        self.refused("MISSING_ARGUMENT", "PATCH", TASK + "/HubSpot_Id__c/%20",
                     {})

    def test_no_such_key(self):
        error = self.refused("NOT_FOUND", "PATCH", TASK + "/Namez/1", {}, 404)
        self.assertEqual(error["message"], "Provided external ID field does "
                         "not exist or is not accessible: Namez")
        self.refused("NOT_FOUND", "PATCH", ROWS + "/Task/Subject",
                     {"records": [task()]}, 404)

    def test_refused(self):
        one = self.new()
        self.refused("JSON_PARSER_ERROR", "POST", TASK, "{")
        self.refused("INVALID_FIELD", "POST", TASK, {"Nonsense": 1})
        self.refused("INVALID_FIELD", "PATCH", f"{TASK}/{one}", {"Id": one})
        self.refused("INVALID_FIELD", "GET", f"{TASK}/{one}?fields=Nonsense")
        self.refused("NOT_FOUND", "GET", TASK + "/00T000000099999", want=404)
        error = self.refused("REQUIRED_FIELD_MISSING", "POST",
                             DATA + "/sobjects/Lead", {"FirstName": "x"})
        self.assertEqual(error["fields"], ["LastName", "Company"])
        self.assertEqual(error["message"], "Required fields are missing: "
                         "[LastName, Company]")

    def test_event(self):
        url = DATA + "/sobjects/Event"
        start = "2026-03-01T10:00:00Z"
        one = self.ask("POST", url, {"Subject": "M", "StartDateTime": start,
                                     "DurationInMinutes": 30}, 201)["id"]
        event = self.get(one, "Event")
        self.assertEqual(event["EndDateTime"], "2026-03-01T10:30:00.000+0000")
        self.assertEqual(event["ActivityDate"], "2026-03-01")
        self.assertEqual(event["ShowAs"], "Busy")
        self.ask("PATCH", f"{url}/{one}",
                 {"StartDateTime": "2026-03-02T10:00:00Z"}, 204)
        self.assertEqual(self.get(one, "Event")["EndDateTime"],
                         "2026-03-02T10:30:00.000+0000")
        for code, fields in (
                ("REQUIRED_FIELD_MISSING", {"Subject": "M"}),
                ("REQUIRED_FIELD_MISSING", {"StartDateTime": start}),
                ("REQUIRED_FIELD_MISSING", {"StartDateTime": start,
                                            "DurationInMinutes": None}),
                ("FIELD_INTEGRITY_EXCEPTION", {"StartDateTime": start,
                                               "DurationInMinutes": -30}),
                ("FIELD_INTEGRITY_EXCEPTION", {
                    "StartDateTime": start, "DurationInMinutes": 30,
                    "ActivityDateTime": "2026-03-01T11:00:00Z"}),
                ("FIELD_INTEGRITY_EXCEPTION", {
                    "StartDateTime": start, "DurationInMinutes": 30,
                    "EndDateTime": "2026-03-01T11:00:00Z"})):
            self.refused(code, "POST", url, fields)

    def test_other_name_of_the_start(self):
        url = DATA + "/sobjects/Event"
        one = self.ask("POST", url, {
            "ActivityDateTime": "2026-03-01T10:00:00+01:00",
            "StartDateTime": "2026-03-01T09:00:00Z",
            "DurationInMinutes": 30}, 201)["id"]

        def times(**fields):
            self.ask("PATCH", f"{url}/{one}", fields, 204)
            event = self.get(one, "Event")
            self.assertEqual(event["ActivityDateTime"], event["StartDateTime"])
            return event["StartDateTime"][11:16], event["EndDateTime"][11:16]
        self.assertEqual(times(ActivityDateTime="2026-03-01T11:00:00Z"),
                         ("11:00", "11:30"))
        self.assertEqual(times(ActivityDateTime="2026-03-01T08:00:00Z",
                               EndDateTime="2026-03-01T09:00:00Z"),
                         ("08:00", "09:00"))
        self.assertEqual(times(ActivityDateTime=None), ("08:00", "09:00"))
        self.assertEqual(times(StartDateTime=None), ("08:00", "09:00"))
        self.refused("FIELD_INTEGRITY_EXCEPTION", "PATCH", f"{url}/{one}",
                     {"ActivityDateTime": "2026-03-01T12:00:00Z",
                      "EndDateTime": "2026-03-01T11:00:00Z"})

    def test_times_of_events(self):
        for fields, want in (
                ({"IsAllDayEvent": True, "ActivityDate": "2026-03-05"},
                 ("2026-03-05T00:00", "2026-03-06T00:00", 1440)),
                ({"IsAllDayEvent": True,
                  "StartDateTime": "2026-03-05T00:00:00Z"},
                 ("2026-03-05T00:00", "2026-03-06T00:00", 1440)),
                ({"StartDateTime": "1969-07-20T20:17:00Z",
                  "DurationInMinutes": 90},
                 ("1969-07-20T20:17", "1969-07-20T21:47", 90))):
            one = self.ask("POST", DATA + "/sobjects/Event", fields, 201)["id"]
            event = self.get(one, "Event")
            self.assertEqual((event["StartDateTime"][:16],
                              event["EndDateTime"][:16],
                              event["DurationInMinutes"]), want)
        self.load(Event=[{"StartDateTime": "2026-03-05T00:00:00Z",
                          "DurationInMinutes": n} for n in (1e300, -1e300)])


class Rules(Case):
    """What may be written, and what follows from it."""

    def test_defaults(self):
        results = self.upsert({"HubSpot_Id__c": "R:1", "Subject": "  x  ",
                               "CallObject": " "})
        self.assertEqual((self.codes(results), results[0]["created"]),
                         ([None], True))
        got = self.get(results[0]["id"])
        self.assertEqual(
            [got[f] for f in ("Subject", "CallObject", "Status", "Priority",
                              "TaskSubtype", "IsClosed", "OwnerId")],
            ["x", None, "Not Started", "Normal", "Task", False,
             "005000000000001AAA"])
        self.assertRegex(got["SystemModstamp"],
                         r"^\d{4}(-\d\d){2}T(\d\d:){2}\d\d\.000\+0000$")

    def test_closing(self):
        def write(status):
            one = self.upsert({"HubSpot_Id__c": "R:2", "Status": status})[0]
            got = self.get(one["id"])
            return got["IsClosed"], got["CompletedDateTime"] is not None
        self.assertEqual(write("Completed"), (True, True))
        self.assertEqual(write("Completed"), (True, True))
        self.assertEqual(write("In Progress"), (False, False))

    def test_account(self):
        account = self.person("Account", Name="Acme")
        contact = self.person(AccountId=account)
        lead = self.person("Lead")
        one = self.upsert({"HubSpot_Id__c": "A:15",
                           "WhoId": f" {contact[:15]} "})[0]
        self.assertEqual(self.get(one["id"])["WhoId"], contact)
        for fields, want in (({"WhoId": contact}, account),
                             ({"WhatId": account}, account),
                             ({"WhoId": lead}, None)):
            one = self.upsert({"HubSpot_Id__c": f"A:{fields}"} | fields)[0]
            self.assertEqual(self.get(one["id"])["AccountId"], want)

    def test_lengths(self):
        self.assertEqual(self.codes(self.upsert(
            {"HubSpot_Id__c": "L:1", "Subject": "\U0001F680" * 127 + "x"})),
            [None])
        message = self.row_error("STRING_TOO_LONG", ["Subject"],
                                 Subject="\U0001F680" * 128)
        self.assertRegex(message,
                         r"^Subject: data value too large: .*\(max length=255")
        self.row_error("STRING_TOO_LONG", ["Description"],
                       Description="x" * 32001)

    def test_values(self):
        for code, field, value in (
                ("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "CallType", "X"),
                ("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "TaskSubtype",
                 "Cadence"),
                ("INVALID_FIELD", "Nonsense", "x"),
                ("INVALID_FIELD_FOR_INSERT_UPDATE", "IsClosed", True),
                ("INVALID_FIELD_FOR_INSERT_UPDATE", "CompletedDateTime", "x"),
                ("JSON_PARSER_ERROR", "ActivityDate", "2026-01-31T10:00:00Z"),
                ("JSON_PARSER_ERROR", "ActivityDate", "31.1.2026"),
                ("JSON_PARSER_ERROR", "ReminderDateTime", "2026-01-31"),
                ("REQUIRED_FIELD_MISSING", "Status", None),
                ("INVALID_TYPE_ON_FIELD_IN_RECORD", "IsReminderSet", "yes"),
                ("NUMBER_OUTSIDE_VALID_RANGE", "CallDurationInSeconds", 1e12)):
            with self.subTest(field=field, value=value):
                self.row_error(code, [field], **{field: value})
        self.assertEqual(self.codes(self.upsert(
            {"HubSpot_Id__c": "V:1", "Status": "Anything",
             "ActivityDate": "2026-01-31"})), [None])

    def test_a_long_address(self):
        url = DATA + "/sobjects/EmailMessage"
        for mail, code in (("a@" + "x" * 300 + ".test", None),
                           ("x" * 300, "INVALID_EMAIL_ADDRESS"),
                           ("a@" + "x" * 300 + ".test.",
                            "INVALID_EMAIL_ADDRESS")):
            fields = {"Status": "3", "FromAddress": mail}
            if code:
                self.refused(code, "POST", url, fields)
            else:
                self.ask("POST", url, fields, 201)

    def test_subtype_is_for_creation(self):
        row = {"HubSpot_Id__c": "T:1", "TaskSubtype": "Call"}
        self.assertEqual(self.codes(self.upsert(row)), [None])
        results = self.upsert(row)
        self.assertEqual(self.codes(results),
                         ["INVALID_FIELD_FOR_INSERT_UPDATE"])
        self.assertIn("Unable to create/update fields: TaskSubtype.",
                      results[0]["errors"][0]["message"])

    def test_parents(self):
        contact, lead = self.person(), self.person("Lead")
        account = self.person("Account", Name="Parent")
        gone = self.person()
        self.load(Contact=[{"Id": gone, "IsDeleted": True}])
        self.row_error("FIELD_INTEGRITY_EXCEPTION", WhoId=lead, WhatId=account)
        self.row_error("INVALID_CROSS_REFERENCE_KEY", ["WhoId"],
                       WhoId="003000000099999")
        self.row_error("INVALID_CROSS_REFERENCE_KEY", ["WhatId"],
                       WhatId="001000000099999")
        self.row_error("FIELD_INTEGRITY_EXCEPTION", ["WhoId"], WhoId=account)
        self.row_error("MALFORMED_ID", ["WhoId"], WhoId="x")
        self.assertEqual(self.row_error("ENTITY_IS_DELETED", WhoId=gone),
                         "entity is deleted")
        self.load(Lead=[{"Id": lead, "IsConverted": True,
                         "ConvertedContactId": contact}])
        self.assertEqual(
            self.row_error("CANNOT_UPDATE_CONVERTED_LEAD", WhoId=lead),
            "cannot reference converted lead")
        self.refused("CANNOT_UPDATE_CONVERTED_LEAD", "PATCH",
                     f"{DATA}/sobjects/Lead/{lead}", {"Title": "x"})

    def test_inactive_owner(self):
        user = self.person("User", Username="u@x.test", Email="u@x.test")
        self.row_error("INACTIVE_OWNER_OR_USER", ["OwnerId"], OwnerId=user)


class Collections(Case):
    """Up to 200 rows in a call."""

    def test_upsert(self):
        results = self.upsert({"HubSpot_Id__c": "U:1"}, {"Subject": "no key"},
                              {"HubSpot_Id__c": "U:3", "CallType": "X"})
        self.assertEqual(self.codes(results), [
            None, "MISSING_ARGUMENT",
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"])
        self.assertTrue(results[0]["created"])
        self.assertNotIn("created", results[1])
        again = self.upsert({"HubSpot_Id__c": "u:1", "Subject": "x"})
        self.assertEqual((again[0]["id"], again[0]["created"]),
                         (results[0]["id"], False))

    def test_the_same_key_twice(self):
        results = self.upsert({"HubSpot_Id__c": "D:1"},
                              {"HubSpot_Id__c": "D:2"},
                              {"HubSpot_Id__c": "d:1"})
        self.assertEqual(self.codes(results),
                         ["DUPLICATE_VALUE", None, "DUPLICATE_VALUE"])
        self.assertIn("Duplicate external id specified: D:1",
                      results[0]["errors"][0]["message"])

    def test_a_long_key_in_a_message(self):
        for key in ("ü" * 255, "x" + "ü" * 254):
            results = self.upsert({"HubSpot_Id__c": key},
                                  {"HubSpot_Id__c": key})
            self.assertEqual(self.codes(results), 2 * ["DUPLICATE_VALUE"])
        self.row_error("INVALID_FIELD", **{"ü" * 100: 1})

    def test_blanks_around_a_key(self):
        one = self.upsert({"HubSpot_Id__c": "B:1"})[0]["id"]
        self.assertEqual(self.upsert({"HubSpot_Id__c": " b:1 "})[0]["id"], one)
        self.assertEqual(self.codes(self.upsert(
            {"HubSpot_Id__c": "B:2"}, {"HubSpot_Id__c": "B:2 "},
            {"HubSpot_Id__c": " "})), [*2 * ["DUPLICATE_VALUE"],
                                       "MISSING_ARGUMENT"])

    def test_by_id(self):
        one = self.upsert({"HubSpot_Id__c": "I:1"})[0]["id"]
        results = self.ask("PATCH", ROWS + "/Task/Id", {"records": [
            task(Id=one, Subject="x"), task(Id=None, Subject="new"),
            task(Id=one + "AAA"), task(Id="00T000000099999"),
            task(Id=self.person())]})
        self.assertEqual(self.codes(results), [
            None, None, "MALFORMED_ID", *2 * ["INVALID_CROSS_REFERENCE_KEY"]])
        self.assertEqual([r["created"] for r in results[:2]], [False, True])

    def test_a_key_that_another_has(self):
        one = self.upsert({"HubSpot_Id__c": "K:1"})[0]["id"]
        results = self.ask("POST", ROWS, {"records": [
            task(HubSpot_Id__c="k:1")]})
        self.assertEqual(self.codes(results), ["DUPLICATE_VALUE"])
        self.assertEqual(results[0]["errors"][0]["message"],
                         "duplicate value found: HubSpot_Id__c duplicates "
                         f"value on record with id: {one[:15]}")

    def test_all_or_none(self):
        n = len(self.world.salesforce.dump("Task"))
        self.upsert({"HubSpot_Id__c": "N:0", "Subject": "before"})
        results = self.upsert({"HubSpot_Id__c": "N:0", "Subject": "after"},
                              {"HubSpot_Id__c": "N:1"},
                              {"HubSpot_Id__c": "N:2", "CallType": "X"},
                              allOrNone=True)
        self.assertEqual(self.codes(results), [
            *2 * ["ALL_OR_NONE_OPERATION_ROLLED_BACK"],
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"])
        tasks = self.world.salesforce.dump("Task")
        self.assertEqual(len(tasks), n + 1)
        self.assertEqual([t["Subject"] for t in tasks
                          if t["HubSpot_Id__c"] == "N:0"], ["before"])
        self.assertEqual(self.codes(self.upsert({"HubSpot_Id__c": "N:1"})),
                         [None])

    def test_create_update_delete_retrieve(self):
        made = self.ask("POST", ROWS, {"records": [
            task(Subject="A"), {"attributes": {"type": "Contact"},
                                "LastName": "B"}, task(Subject="C")]})
        self.assertEqual(self.codes(made), 3 * [None])
        self.assertNotIn("created", made[0])
        ids = [m["id"] for m in made]
        self.assertEqual([i[:3] for i in ids], ["00T", "003", "00T"])
        changed = self.ask("PATCH", ROWS, {"records": [
            task(id=ids[0], Subject="A2"), task(Subject="none"),
            task(id="00T000000099999"), task(id=ids[2]), task(id=ids[2])]})
        self.assertEqual(self.codes(changed), [
            None, "MISSING_ARGUMENT", "INVALID_CROSS_REFERENCE_KEY",
            "DUPLICATE_VALUE", "DUPLICATE_VALUE"])
        got = self.ask("POST", ROWS + "/Task", {
            "ids": [ids[0], "00T000000099999"], "fields": ["Subject"]})
        self.assertEqual((got[0]["Subject"], got[1]), ("A2", None))
        gone = self.ask("DELETE", f"{ROWS}?ids={ids[0]},{ids[1]},{ids[0]}")
        self.assertEqual(self.codes(gone), [None, None, "ENTITY_IS_DELETED"])

    def test_by_email(self):
        url = ROWS + "/Contact/Email"
        def write(email):
            return self.ask("PATCH", url, {"records": [
                {"attributes": {"type": "Contact"}, "LastName": "M",
                 "Email": email}]})
        self.assertTrue(write("m@x.test")[0]["created"])
        self.assertFalse(write("M@x.test")[0]["created"])
        self.person(Email="m@x.test")
        self.assertEqual(self.codes(write("m@x.test")),
                         ["DUPLICATE_EXTERNAL_ID"])

    def test_limits(self):
        self.refused("EXCEEDED_ID_LIMIT", "PATCH", UPSERT, {
            "records": [task(HubSpot_Id__c=f"X:{i}") for i in range(201)]})
        mixed = [{"attributes": {"type": t}, "LastName": "x"}
                 for _ in range(6) for t in ("Task", "Contact")]
        self.refused("LIMIT_EXCEEDED", "POST", ROWS, {"records": mixed})
        self.refused("JSON_PARSER_ERROR", "PATCH", UPSERT, {"rows": []})
        self.refused("JSON_PARSER_ERROR", "PATCH", UPSERT, "[")
        self.assertEqual(self.codes(self.ask("PATCH", UPSERT, {"records": [
            {"attributes": {"type": "Event"}, "HubSpot_Id__c": "X"}]})),
            ["INVALID_TYPE"])

    def test_partial(self):
        self.world.salesforce.fault({"action": "partial", "rows": [1],
                                     "times": 1, "code": "UNABLE_TO_LOCK_ROW",
                                     "message": "no"})
        self.assertEqual(self.codes(self.upsert(
            {"HubSpot_Id__c": "F:1"}, {"HubSpot_Id__c": "F:2"})),
            [None, "UNABLE_TO_LOCK_ROW"])
        self.assertNotIn("F:2", [
            t["HubSpot_Id__c"] for t in self.world.salesforce.dump("Task")])

    def composite(self, *calls, **more):
        """The answers of (method, url, body), named r0, r1, ..."""
        return self.ask("POST", DATA + "/composite", {
            "compositeRequest": [
                {"method": m, "url": u, "referenceId": f"r{i}"}
                | ({"body": b} if b is not None else {})
                for i, (m, u, b) in enumerate(calls)]} | more)[
                    "compositeResponse"]

    def test_composite_all_or_none(self):
        made = ("POST", TASK, {"Subject": "peer"})
        rows = {"records": [task(Subject="A"), task(CallType="X")]}
        n = len(self.world.salesforce.dump("Task"))
        for flag in (True, False):
            answers = self.composite(
                made, ("POST", ROWS, rows | {"allOrNone": flag}), made,
                allOrNone=True)
            self.assertEqual([a["httpStatusCode"] for a in answers],
                             [400, 200, 400])
            self.assertEqual(answers[2]["body"][0]["errorCode"],
                             "PROCESSING_HALTED")
            self.assertEqual(self.codes(answers[1]["body"]), [
                "ALL_OR_NONE_OPERATION_ROLLED_BACK",
                "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"])
            self.assertEqual(len(self.world.salesforce.dump("Task")), n)
        answers = self.composite(
            made, ("POST", ROWS, rows | {"allOrNone": True}), made)
        self.assertEqual([a["httpStatusCode"] for a in answers],
                         [201, 200, 201])
        self.assertEqual(len(self.world.salesforce.dump("Task")), n + 2)

    def test_composite_references(self):
        words = 'He said "no" \\ ü'
        one = self.composite(
            ("POST", DATA + "/sobjects/Opportunity", {
                "Name": words, "StageName": "Prospecting", "Amount": 12.5,
                "CloseDate": "2026-01-31"}),
            ("GET", DATA + "/sobjects/Opportunity/@{r0.id}", None),
            ("POST", TASK, {"Subject": "Re: @{r1.Name}, @{r1.Amount}"}),
            ("POST", TASK, {"Subject": "@{r1.Nonsense}"}))
        self.assertEqual(self.get(one[2]["body"]["id"])["Subject"],
                         f"Re: {words}, 12.5")
        self.assertEqual(one[3]["body"][0]["errorCode"], "PROCESSING_HALTED")

    def test_composite(self):
        run = self.composite
        made = ("POST", DATA + "/sobjects/Contact", {"LastName": "Comp"})
        answers = run(made, ("POST", TASK, {"WhoId": "@{r0.id}"}),
                      ("GET", DATA + "/query?q=SELECT+Id+FROM+Contact+WHERE"
                       "+Id='@{r0.id}'", None),
                      ("GET", TASK + "/00T000000099999", None))
        self.assertEqual([a["httpStatusCode"] for a in answers],
                         [201, 201, 200, 404])
        self.assertEqual(answers[1]["referenceId"], "r1")
        self.assertEqual(answers[2]["body"]["totalSize"], 1)
        self.assertEqual(answers[3]["body"][0]["errorCode"], "NOT_FOUND")
        n = len(self.world.salesforce.dump("Contact"))
        answers = run(made, ("POST", TASK, {"CallType": "X"}), made,
                      allOrNone=True)
        self.assertEqual([a["body"][0]["errorCode"] for a in answers], [
            "PROCESSING_HALTED", "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            "PROCESSING_HALTED"])
        self.assertEqual(len(self.world.salesforce.dump("Contact")), n)
        self.refused("LIMIT_EXCEEDED", "POST", DATA + "/composite", {
            "compositeRequest": 26 * [{"method": "GET", "url": TASK,
                                       "referenceId": "x"}]})


class Describe(Case):
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
        self.world.salesforce.call("/__sandbox/clock", {"advance": "2m"})
        at = now_ms()
        updated = changes("updated", at - DAY, at + 120_000)
        self.assertIn(one, updated["ids"])
        self.assertNotIn(two, updated["ids"])
        self.assertRegex(updated["latestDateCovered"], r":00\.000\+0000$")
        deleted = changes("deleted", at - DAY, at + 120_000)
        self.assertEqual([d["id"] for d in deleted["deletedRecords"]], [two])
        self.assertIn("earliestDateAvailable", deleted)
        for what, start, end in (("updated", at - 31 * DAY, at),
                                 ("deleted", at - 16 * DAY, at),
                                 ("updated", at, at - DAY)):
            answer = changes(what, start, end, 400)
            self.assertEqual(answer[0]["errorCode"],
                             "INVALID_REPLICATION_DATE")


class Bare(Case):
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


class Load(Case):
    """The control API."""

    def test_ids(self):
        self.load(Contact=[{"Id": "00300000000aBcD", "LastName": "Short"}])
        one = self.query("SELECT Id FROM Contact WHERE LastName = 'Short'")
        self.assertEqual(one["records"][0]["Id"], "00300000000aBcDAAU")
        self.load(Contact=[{"Id": "00300000000aBcDAAU", "LastName": "Long"}])
        self.assertEqual(self.get("00300000000aBcD", "Contact")["LastName"],
                         "Long")

    def test_what_is_no_id(self):
        for bad in ("x", "00T-00000077777", "00T0000000777770"):
            with self.assertRaises(AssertionError):
                self.load(Task=[{"Id": bad}])

    def test_given(self):
        at = "2020-01-02T03:04:05.000+0000"
        self.load(Task=[{"Id": "00T000000077777", "Subject": "x",
                         "CreatedDate": at, "SystemModstamp": at}])
        got = self.get("00T000000077777")
        self.assertEqual((got["CreatedDate"], got["SystemModstamp"]), (at, at))
        self.assertEqual(self.query(
            "SELECT COUNT() FROM Task WHERE SystemModstamp = "
            "2020-01-02T03:04:05Z")["totalSize"], 1)

    def test_what_was_dumped_can_be_loaded(self):
        self.upsert({"HubSpot_Id__c": "G:1", "Status": "Completed"})
        before = self.world.salesforce.call("/__sandbox/dump")
        self.load(**before)
        self.assertEqual(self.world.salesforce.call("/__sandbox/dump"), before)

    def test_many(self):
        n = 50_000
        self.load(Task=[{"Subject": f"S{i}", "HubSpot_Id__c": f"M:{i}"}
                        for i in range(n)],
                  Contact=[{"LastName": "M", "Email": f"m{i}@x.test"}
                           for i in range(n)])
        at = iso(now_ms() + DAY)[:19] + "Z"
        took = []
        for work in (
                lambda: self.query("SELECT Id FROM Task WHERE SystemModstamp "
                                   f"> {at} ORDER BY SystemModstamp, Id"),
                lambda: self.upsert(*({"HubSpot_Id__c": f"M:{i * 7}",
                                       "Subject": "x"} for i in range(200))),
                lambda: self.ask("PATCH", ROWS + "/Contact/Email", {
                    "records": [{"attributes": {"type": "Contact"},
                                 "Email": f"m{i}@x.test"}
                                for i in range(0, n, n // 200)]})):
            started = time.monotonic()
            work()
            took.append(time.monotonic() - started)
        self.assertLess(max(took), 2, took)  # sanitizers and a busy machine


if __name__ == "__main__":
    unittest.main()
