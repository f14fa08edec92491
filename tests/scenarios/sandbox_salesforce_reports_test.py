"""The sandbox's reports: their types, folders, metadata, and running one."""
import unittest

from sandbox_case import DATA, SalesforceCase

REPORTS = DATA + "/analytics/reports"
TYPES = DATA + "/analytics/reportTypes"
FOLDERS = DATA + "/folders"
ALL = {"scope": "organization", "standardFilters": [
    {"name": "closed", "value": "all"}, {"name": "type", "value": "te"}],
    "standardDateFilter": {"column": "DUE_DATE", "durationValue": "CUSTOM",
                           "startDate": None, "endDate": None}}


class Reports(SalesforceCase):
    """Of one org."""

    def folder(self, name, want=201, **more):
        """A new one."""
        return self.ask("POST", FOLDERS, {"label": name, "name": name,
                                          "type": "report"} | more, want)

    def new(self, **metadata):
        """A new report's metadata."""
        return self.ask("POST", REPORTS, {"reportMetadata": {
            "name": "R", "reportType": {"type": "ContactActivity"},
            **metadata}})["reportMetadata"]

    def run_it(self, report, method="GET", **metadata):
        """The first column of each row."""
        got = self.ask(method, f"{REPORTS}/{report['id']}?includeDetails=true",
                       {"reportMetadata": metadata} if metadata else None)
        return [row["dataCells"][0]["value"]
                for row in got["factMap"]["T!T"]["rows"]]

    def test_types(self):
        group, = self.ask("GET", TYPES)
        self.assertEqual([t["type"] for t in group["reportTypes"]],
                         ["ContactActivity", "LeadActivity"])
        for kind in group["reportTypes"]:
            catalogue = self.ask("GET", kind["describeUrl"])[
                "reportTypeMetadata"]
            columns = catalogue["categories"][0]["columns"]
            self.assertIn("Activity.HubSpot_Id__c", columns)
            # one of Event alone is no field of Activity
            self.assertNotIn("Activity.ICal_UID__c", columns)
            self.assertEqual("CONTACT" in columns,
                             kind["type"] == "ContactActivity")
        self.refused("NOT_FOUND", "GET", TYPES + "/Nothing", want=404)

    def test_folders(self):
        one = self.folder("Plain")
        self.assertEqual((one["name"], one["type"]), ("Plain", "report"))
        self.assertIn(one, self.ask("GET", FOLDERS)["folders"])
        self.refused("DUPLICATE_DEVELOPER_NAME", "POST", FOLDERS, {
            "label": "x", "name": "plain", "type": "report"})
        self.refused("BAD_REQUEST", "POST", FOLDERS, {"label": "x"})
        self.ask("PATCH", one["url"], {"label": "New"})
        self.assertEqual(self.ask("GET", one["url"])["label"], "New")
        self.ask("DELETE", one["url"], want=204)
        self.refused("NOT_FOUND", "GET", one["url"], want=404)

    def test_many_folders_have_pages(self):
        self.load(Folder=[{"Name": f"M{i}", "DeveloperName": f"M{i}",
                           "Type": "report"} for i in range(250)])
        names, path = [], FOLDERS
        while path:
            page = self.ask("GET", path)
            names += [f["name"] for f in page["folders"]]
            path = page["nextPageUrl"]
        self.assertEqual(len(names), page["totalSize"])
        self.assertEqual(len({n for n in names if n[0] == "M"}), 250)

    def test_a_report_in_soql(self):
        folder = self.folder("Soql")
        report = self.new(name="In SOQL", folderId=folder["id"])
        self.assertEqual(report["developerName"], "In_SOQL")
        row, = self.query("SELECT Id, DeveloperName, FolderName FROM Report "
                          "WHERE Name = 'In SOQL'")["records"]
        del row["attributes"]
        self.assertEqual(row, {"Id": report["id"], "DeveloperName": "In_SOQL",
                               "FolderName": "Soql"})
        self.ask("DELETE", f"{REPORTS}/{report['id']}", want=204)
        self.refused("NOT_FOUND", "GET", f"{REPORTS}/{report['id']}/describe",
                     want=404)
        self.assertEqual(self.query("SELECT Id FROM Report WHERE Name = "
                                    "'In SOQL'")["records"], [])
        self.refused("METHOD_NOT_ALLOWED", "POST", DATA + "/sobjects/Report",
                     {"Name": "x"}, want=405)

    def test_what_is_no_report(self):
        kind = {"reportType": {"type": "ContactActivity"}}
        for bad in ({}, kind, {"name": "x", "reportType": {"type": "Nothing"}},
                    kind | {"name": "x", "detailColumns": ["LEAD"]},
                    kind | {"name": "x", "folderId": "00l000000999999"},
                    kind | {"name": "x", "reportFilters": [
                        {"column": "SUBJECT", "operator": "is", "value": ""}]},
                    kind | {"name": "x", "reportFilters": [
                        {"column": "X", "operator": "equals", "value": ""}]}):
            with self.subTest(bad):
                self.refused("BAD_REQUEST", "POST", REPORTS,
                             {"reportMetadata": bad})

    def test_what_a_run_shows(self):
        who = self.person()
        self.load(Task=[
            {"Subject": "A done", "WhoId": who, "Status": "Completed",
             "ActivityDate": "2026-01-01", "HubSpot_Id__c": "r:1"},
            {"Subject": "B open", "WhoId": who, "Status": "Not Started",
             "ActivityDate": "2026-03-01", "OwnerId": "005000000000002AAA"},
            {"Subject": "C of nobody"}],
            Event=[{"Subject": "D event", "WhoId": who,
                    "StartDateTime": "2026-02-01T10:00:00Z",
                    "EndDateTime": "2026-02-01T11:00:00Z"}])
        report = self.new(**ALL)
        for change, want in (
                ({}, ["A done", "B open", "D event"]),
                ({"sortBy": [{"sortColumn": "DUE_DATE", "sortOrder": "Desc"}]},
                 ["B open", "D event", "A done"]),
                ({"standardFilters": [{"name": "closed", "value": "open"},
                                      {"name": "type", "value": "te"}]},
                 ["B open"]),
                ({"standardFilters": [{"name": "closed", "value": "closed"},
                                      {"name": "type", "value": "e"}]},
                 ["D event"]),
                ({"reportFilters": [
                    {"column": "Activity.HubSpot_Id__c",
                     "operator": "notEqual", "value": ""}]}, ["A done"]),
                ({"reportFilters": [{"column": "SUBJECT", "operator": "equals",
                                     "value": "b open"}]}, ["B open"]),
                ({"reportFilters": [{"column": "SUBJECT", "value": "EVEN",
                                     "operator": "contains"}]}, ["D event"]),
                ({"standardDateFilter": {
                    "column": "DUE_DATE", "durationValue": "CUSTOM",
                    "startDate": "2026-01-02", "endDate": "2026-02-01"}},
                 ["D event"]),
                ({"scope": "user"}, ["A done", "D event"]),
                ({"reportType": {"type": "LeadActivity"}}, [])):
            with self.subTest(change):
                self.assertEqual(sorted(self.run_it(report, "POST", **change))
                                 if "sortBy" not in change else
                                 self.run_it(report, "POST", **change), want)
        # what was said for one run is not kept
        self.assertEqual(len(self.run_it(report)), 3)
        self.ask("PATCH", f"{REPORTS}/{report['id']}", {"reportMetadata": {
            "detailColumns": ["CONTACT"]}})
        self.assertEqual(len(set(self.run_it(report))), 1)

    def test_a_new_report_is_narrow(self):
        report = self.new(name="Narrow")
        self.refused("BAD_REQUEST", "GET", f"{REPORTS}/{report['id']}")


if __name__ == "__main__":
    unittest.main()
