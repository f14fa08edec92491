"""The sandbox's Salesforce side: SOQL over REST, as salesforce-api.md says."""
import unittest

from sandbox_case import DATA, SalesforceCase, TASK


class Query(SalesforceCase):
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
                             rf"^{DATA}/query/0r8\w{{15}}-\d+$")
            last = page["nextRecordsUrl"]
            page = self.ask("GET", last,
                            Sforce_Query_Options="batchSize=200")
        self.assertEqual(sizes, [200, 200, 50])
        self.assertEqual(names, [f"P{i:04d}" for i in range(n)])
        for bad in (last + "999", last.replace("0r80", "0r89"),
                    DATA + "/query/x"):
            self.refused("INVALID_QUERY_LOCATOR", "GET", bad)
        self.salesforce.call("/__sandbox/clock", {"advance": "3d"})
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
        self.salesforce.fault({"action": "lag", "ms": "1h"})
        self.assertEqual(self.names("LastName = 'Late'"), [])
        self.salesforce.fault()
        self.assertEqual(self.names("LastName = 'Late'"), ["Late"])


if __name__ == "__main__":
    unittest.main()
