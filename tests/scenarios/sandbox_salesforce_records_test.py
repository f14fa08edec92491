"""The sandbox's Salesforce side: one record at a time, what may be written and
what follows from it, as salesforce-api.md says."""
import unittest

from sandbox_case import DATA, ROWS, SalesforceCase, TASK, task


class Records(SalesforceCase):
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


class Rules(SalesforceCase):
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

    def test_a_mail_brings_its_task(self):
        contact = self.person(Email="jo@x.test")
        for source, who in ((None, None),
                            ("Einstein Activity Capture", contact)):
            made = self.ask("POST", DATA + "/sobjects/EmailMessage", {
                "Status": "3", "Subject": "s" * 300, "TextBody": "Dear all",
                "ToAddress": "jo@x.test", "MessageIdentifier": "<a@x.test>",
                "MessageDate": "2026-01-31T10:00:00Z",
                **({"Source": source} if source else {})}, 201)
            found = self.query(
                "SELECT ActivityId, Source FROM EmailMessage WHERE "
                f"MessageIdentifier = '<A@x.test>' AND Id = '{made['id']}'")
            mail, = found["records"]
            self.assertEqual(mail["Source"], source)
            task = self.get(mail["ActivityId"])
            self.assertEqual(
                (task["TaskSubtype"], task["Status"], task["Subject"],
                 task["Description"], task["ActivityDate"], task["WhoId"]),
                ("Email", "Completed", "s" * 255, "Dear all", "2026-01-31",
                 who))
        self.refused("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "POST",
                     DATA + "/sobjects/EmailMessage",
                     {"Status": "3", "Source": "Somebody"})

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


if __name__ == "__main__":
    unittest.main()
