"""The sandbox's Salesforce side: up to 200 rows in a call, several calls in
one, as salesforce-api.md says."""
import unittest

from sandbox_case import DATA, ROWS, SalesforceCase, TASK, UPSERT, task


class Collections(SalesforceCase):
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
        n = len(self.salesforce.dump("Task"))
        self.upsert({"HubSpot_Id__c": "N:0", "Subject": "before"})
        results = self.upsert({"HubSpot_Id__c": "N:0", "Subject": "after"},
                              {"HubSpot_Id__c": "N:1"},
                              {"HubSpot_Id__c": "N:2", "CallType": "X"},
                              allOrNone=True)
        self.assertEqual(self.codes(results), [
            *2 * ["ALL_OR_NONE_OPERATION_ROLLED_BACK"],
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"])
        tasks = self.salesforce.dump("Task")
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
        self.salesforce.fault({"action": "partial", "rows": [1], "times": 1,
                               "code": "UNABLE_TO_LOCK_ROW",
                               "message": "no"})
        self.assertEqual(self.codes(self.upsert(
            {"HubSpot_Id__c": "F:1"}, {"HubSpot_Id__c": "F:2"})),
            [None, "UNABLE_TO_LOCK_ROW"])
        self.assertNotIn("F:2", [
            t["HubSpot_Id__c"] for t in self.salesforce.dump("Task")])


class Composite(SalesforceCase):
    """Several calls in one."""

    def answers(self, *calls, **more):
        """The answers of (method, url, body), named r0, r1, ..."""
        return self.ask("POST", DATA + "/composite", {
            "compositeRequest": [
                {"method": m, "url": u, "referenceId": f"r{i}"}
                | ({"body": b} if b is not None else {})
                for i, (m, u, b) in enumerate(calls)]} | more)[
                    "compositeResponse"]

    def test_all_or_none(self):
        made = ("POST", TASK, {"Subject": "peer"})
        rows = {"records": [task(Subject="A"), task(CallType="X")]}
        n = len(self.salesforce.dump("Task"))
        for flag in (True, False):
            answers = self.answers(
                made, ("POST", ROWS, rows | {"allOrNone": flag}), made,
                allOrNone=True)
            self.assertEqual([a["httpStatusCode"] for a in answers],
                             [400, 200, 400])
            self.assertEqual(answers[2]["body"][0]["errorCode"],
                             "PROCESSING_HALTED")
            self.assertEqual(self.codes(answers[1]["body"]), [
                "ALL_OR_NONE_OPERATION_ROLLED_BACK",
                "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"])
            self.assertEqual(len(self.salesforce.dump("Task")), n)
        answers = self.answers(
            made, ("POST", ROWS, rows | {"allOrNone": True}), made)
        self.assertEqual([a["httpStatusCode"] for a in answers],
                         [201, 200, 201])
        self.assertEqual(len(self.salesforce.dump("Task")), n + 2)

    def test_references(self):
        words = 'He said "no" \\ ü'
        one = self.answers(
            ("POST", DATA + "/sobjects/Opportunity", {
                "Name": words, "StageName": "Prospecting", "Amount": 12.5,
                "CloseDate": "2026-01-31"}),
            ("GET", DATA + "/sobjects/Opportunity/@{r0.id}", None),
            ("POST", TASK, {"Subject": "Re: @{r1.Name}, @{r1.Amount}"}),
            ("POST", TASK, {"Subject": "@{r1.Nonsense}"}))
        self.assertEqual(self.get(one[2]["body"]["id"])["Subject"],
                         f"Re: {words}, 12.5")
        self.assertEqual(one[3]["body"][0]["errorCode"], "PROCESSING_HALTED")

    def test_calls(self):
        run = self.answers
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
        n = len(self.salesforce.dump("Contact"))
        answers = run(made, ("POST", TASK, {"CallType": "X"}), made,
                      allOrNone=True)
        self.assertEqual([a["body"][0]["errorCode"] for a in answers], [
            "PROCESSING_HALTED", "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            "PROCESSING_HALTED"])
        self.assertEqual(len(self.salesforce.dump("Contact")), n)
        self.refused("LIMIT_EXCEEDED", "POST", DATA + "/composite", {
            "compositeRequest": 26 * [{"method": "GET", "url": TASK,
                                       "referenceId": "x"}]})


if __name__ == "__main__":
    unittest.main()
