"""report --create: the two reports in Salesforce are made once, show what came
from HubSpot and nothing else, and are mended when they show something else."""
import json
import os
import pty
import re
import unittest

from harness import iso, now_ms, wait_for
from records import Scenario
from sandbox_case import DATA, SIGN_IN, ask, exchange, port_of

REPORTS = DATA + "/analytics/reports"
TYPES = DATA + "/analytics/reportTypes"
FOLDERS = DATA + "/folders"
OWN = "Activity.HubSpot_Id__c"
CONTACTS, LEADS = "Activities with Contacts", "Activities with Leads"
COLUMNS = ["DUE_DATE", "SUBJECT", "ASSIGNED", "CONTACT", "TASK_TYPE", "STATUS",
           "CREATED_DATE", OWN]
NOT_DONE, NOPERM, CONFIG, USAGE, TEMPFAIL = 1, 77, 78, 64, 75
DAY_MS = 86_400_000
FORBIDDEN = {"action": "status", "code": 403, "body": [
    {"message": "not for you", "errorCode": "FUNCTIONALITY_NOT_ENABLED"}]}


class Reports(Scenario):
    """A World, and its Salesforce as an admin sees it."""

    def create(self, world, *words, code=0):
        """The command's JSON."""
        return json.loads(world.run("report", "--create", "--json", *words,
                                    code=code).stdout)

    def actions(self, said):
        """What the command said of the folder, and of each report."""
        return [said["folder"]["action"],
                *(r["action"] for r in said["reports"])]

    def token(self, world):
        """A session of Salesforce's."""
        form = "&".join(f"{k}={v}" for k, v in SIGN_IN.items())
        answer = exchange(
            port_of(world.salesforce), "POST", "/services/oauth2/token", form,
            {"Content-Type": "application/x-www-form-urlencoded"})[1]
        return json.loads(answer)["access_token"]

    def call(self, world, method, path, body=None):
        """A call's answer."""
        status, answer, _ = ask(port_of(world.salesforce), method, path, body,
                                token=self.token(world))
        self.assertLess(status, 300, answer)
        return json.loads(answer or b"null")

    def metadata(self, world, report):
        """Of a report that the command told of."""
        return self.call(world, "GET", f"{REPORTS}/{report['id']}/describe")[
            "reportMetadata"]

    def shown(self, world, report, column):
        """What stands in a column of the report, row by row."""
        got = self.call(world, "GET",
                        f"{REPORTS}/{report['id']}?includeDetails=true")
        at = got["reportMetadata"]["detailColumns"].index(column)
        return [row["dataCells"][at]["value"]
                for row in got["factMap"]["T!T"]["rows"]]

    def is_one_of_each(self, world):
        """There are two reports in one folder, all of them ours."""
        folder, = (f for f in world.salesforce.dump("Folder")
                   if f["Name"] == "crmpipe")
        self.assertEqual(
            sorted((r["Name"], r["OwnerId"])
                   for r in world.salesforce.dump("Report")),
            [(CONTACTS, folder["Id"]), (LEADS, folder["Id"])])


class Made(Reports):
    """Once, and found again."""

    def test_two_reports_in_a_folder_are_made_once(self):
        world = self.world()
        said = self.create(world, "--yes")
        self.assertEqual(self.actions(said), ["create"] * 3)
        self.assertTrue(said["done"])
        contacts, leads = said["reports"]
        self.assertEqual((contacts["type"], leads["type"]),
                         ("ContactActivity", "LeadActivity"))
        self.assertEqual(contacts["columns"], COLUMNS)
        self.assertEqual(leads["columns"],
                         [c.replace("CONTACT", "LEAD") for c in COLUMNS])
        for report in said["reports"]:
            self.assertEqual((report["missing"], report["problem"]), ([], None))
            self.assertEqual(report["url"], world.salesforce.base +
                             f"/lightning/r/Report/{report['id']}/view")
        self.is_one_of_each(world)
        again = self.create(world)  # nothing to ask about
        self.assertEqual(self.actions(again), ["keep"] * 3)
        self.assertEqual([r["id"] for r in again["reports"]],
                         [r["id"] for r in said["reports"]])
        self.assertEqual(again["folder"]["id"], said["folder"]["id"])
        self.is_one_of_each(world)

    def test_they_show_what_came_from_hubspot(self):
        world = self.world()
        world.salesforce.load(
            Contact=[{"Id": "003000000000001AAA", "LastName": "Con"}],
            Lead=[{"Id": "00Q000000000001AAA", "LastName": "Lea",
                   "Company": "C"}])
        tasks, events = [], []
        for who, name in ("003000000000001AAA", "con"), (
                "00Q000000000001AAA", "lead"):
            tasks += [
                {"Subject": f"{name} old", "WhoId": who, "Status": "Completed",
                 "ActivityDate": "2020-01-31", "HubSpot_Id__c": f"h:{name}1",
                 "OwnerId": "005000000000002AAA"},
                {"Subject": f"{name} open", "WhoId": who,
                 "Status": "Not Started", "ActivityDate": "2026-01-31",
                 "HubSpot_Id__c": f"h:{name}2"},
                {"Subject": f"{name} of Salesforce", "WhoId": who,
                 "Status": "Completed", "ActivityDate": "2026-01-30"}]
            events += [
                {"Subject": f"{name} event", "WhoId": who,
                 "StartDateTime": "2024-05-01T10:00:00Z",
                 "EndDateTime": "2024-05-01T11:00:00Z",
                 "HubSpot_Id__c": f"h:{name}3"},
                {"Subject": f"{name} event of Salesforce", "WhoId": who,
                 "StartDateTime": iso(now_ms()),
                 "EndDateTime": iso(now_ms() + DAY_MS // 24)}]
        tasks.append({"Subject": "of nobody", "HubSpot_Id__c": "h:n"})
        world.salesforce.load(Task=tasks, Event=events)
        contacts, leads = self.create(world, "--yes")["reports"]
        self.assertEqual(self.shown(world, contacts, "SUBJECT"),
                         ["con open", "con event", "con old"])
        self.assertEqual(self.shown(world, leads, OWN),
                         ["h:lead2", "h:lead3", "h:lead1"])
        self.assertEqual(self.shown(world, leads, "LEAD"), ["Lea"] * 3)

    def test_a_changed_report_is_mended(self):
        world = self.world()
        contacts, leads = self.create(world, "--yes")["reports"]
        whole = self.metadata(world, contacts)
        for change, key in (
                ({"reportFilters": []}, "reportFilters"),
                ({"reportFilters": [{"column": OWN, "operator": "equals",
                                     "value": ""}]}, "reportFilters"),
                ({"detailColumns": ["SUBJECT"]}, "detailColumns"),
                ({"standardFilters": [{"name": "closed", "value": "open"},
                                      {"name": "type", "value": "te"}]},
                 "standardFilters"),
                ({"standardDateFilter": {
                    "column": "DUE_DATE", "durationValue": "CUSTOM",
                    "startDate": "2026-01-01", "endDate": None}},
                 "standardDateFilter")):
            with self.subTest(change):
                self.call(world, "PATCH", f"{REPORTS}/{contacts['id']}",
                          {"reportMetadata": change})
                said = world.run("report", "--create", code=NOT_DONE).stdout
                self.assertRegex(said, f'"{CONTACTS}".* will be changed: {key}\n')
                self.assertNotEqual(self.metadata(world, contacts), whole)
                said = self.create(world, "--yes")
                self.assertEqual(self.actions(said),
                                 ["keep", "update", "keep"])
                self.assertEqual(said["reports"][0]["id"], contacts["id"])
                self.assertEqual(self.metadata(world, contacts), whole)
        self.is_one_of_each(world)

    def test_what_a_person_calls_and_sorts_it_stays(self):
        world = self.world()
        contacts = self.create(world, "--yes")["reports"][0]
        own = {"name": "Mine", "sortBy": [{"sortColumn": "SUBJECT",
                                           "sortOrder": "Asc"}]}
        self.call(world, "PATCH", f"{REPORTS}/{contacts['id']}",
                  {"reportMetadata": own})
        self.assertEqual(self.actions(self.create(world)), ["keep"] * 3)
        found = self.metadata(world, contacts)
        self.assertEqual({k: found[k] for k in own}, own)

    def test_what_is_called_alike_elsewhere_is_not_ours(self):
        world = self.world()
        world.salesforce.load(Folder=[
            {"Name": f"F{i}", "DeveloperName": f"F{i}", "Type": "report"}
            for i in range(120)])
        alike = self.call(world, "POST", REPORTS, {"reportMetadata": {
            "name": CONTACTS, "reportType": {"type": "ContactActivity"}}})
        before = alike["reportMetadata"]
        self.assertEqual(self.actions(self.create(world, "--yes")),
                         ["create"] * 3)
        self.assertEqual(self.metadata(world, before), before)
        # the folder is on the second page now
        self.assertEqual(self.actions(self.create(world)), ["keep"] * 3)

    def test_a_deleted_report_is_made_anew(self):
        world = self.world()
        leads = self.create(world, "--yes")["reports"][1]
        self.call(world, "DELETE", f"{REPORTS}/{leads['id']}")
        said = self.create(world, "--yes")
        self.assertEqual(self.actions(said), ["keep", "keep", "create"])
        self.assertNotEqual(said["reports"][1]["id"], leads["id"])
        self.is_one_of_each(world)


class CutOff(Reports):
    """Between two calls, or within one."""

    def test_killed_between_the_calls_it_goes_on(self):
        for step, want in (("after-folder:1", ["keep", "create", "create"]),
                           ("after-report:1", ["keep", "keep", "create"]),
                           ("after-report:2", ["keep", "keep", "keep"])):
            with self.subTest(step):
                world = self.world()
                world.env["CRMPIPE_DIE_AT"] = step
                world.run("report", "--create", "--yes", code=-9)
                del world.env["CRMPIPE_DIE_AT"]
                self.assertEqual(self.actions(self.create(world, "--yes")),
                                 want)
                self.is_one_of_each(world)

    def test_an_answer_that_is_lost_doubles_nothing(self):
        for path in FOLDERS, REPORTS:
            with self.subTest(path):
                world = self.world()
                world.salesforce.fault({"method": "POST", "path": path,
                                        "times": 1,
                                        "action": "commit-then-cut"})
                done = world.run("report", "--create", "--yes", code=TEMPFAIL)
                self.assertIn("the same command looks what came of it",
                              done.stderr)
                self.create(world, "--yes")
                self.is_one_of_each(world)


class Missing(Reports):
    """What the user of crmpipe may not do, or does not see."""

    def refused(self, world, rule, code=NOPERM):
        """What is said when a call is answered like that."""
        world.salesforce.fault(rule)
        done = world.run("report", "--create", "--yes", code=code)
        world.salesforce.fault()
        return done.stdout + done.stderr

    def test_each_permission_is_named(self):
        world = self.world()
        for code in "INSUFFICIENT_ACCESS_OR_READONLY", "SOMETHING_NEW":
            self.assertIn("Create Report Folders", self.refused(
                world, {"method": "POST", "path": FOLDERS, "action": "status",
                        "code": 403, "body": [{"message": "no",
                                               "errorCode": code}]}))
        for method, path, name in (
                ("GET", FOLDERS, "Create Report Folders"),
                ("POST", FOLDERS, "Create Report Folders"),
                ("POST", REPORTS, "Create and Customize Reports")):
            with self.subTest(f"{method} {path}"):
                said = self.refused(world, FORBIDDEN | {
                    "method": method, "path": path})
                self.assertIn(name, said)
                self.assertIn("Setup > Permission Sets", said)
        self.create(world, "--yes")
        self.is_one_of_each(world)
        for path in "*/query", REPORTS + "/*/describe":
            with self.subTest(path):
                said = self.refused(world, FORBIDDEN | {"path": path})
                self.assertIn("Run Reports", said)

    def test_one_that_may_not_be_changed(self):
        world = self.world()
        contacts = self.create(world, "--yes")["reports"][0]
        self.call(world, "PATCH", f"{REPORTS}/{contacts['id']}",
                  {"reportMetadata": {"reportFilters": []}})
        said = self.refused(world, FORBIDDEN | {"method": "PATCH"})
        self.assertIn("Create and Customize Reports", said)
        self.assertIn(CONTACTS, said)

    def test_a_hidden_report_type_does_not_hold_the_other_back(self):
        world = self.world()
        world.salesforce.fault({
            "path": TYPES + "/LeadActivity", "action": "status", "code": 404,
            "body": [{"message": "gone", "errorCode": "NOT_FOUND"}]})
        said = self.create(world, "--yes", code=NOPERM)
        self.assertEqual(self.actions(said), ["create", "create", "none"])
        self.assertIn("Run Reports", said["reports"][1]["problem"])
        self.assertIn("Hide", said["reports"][1]["problem"])
        world.salesforce.fault()
        self.assertEqual(self.actions(self.create(world, "--yes")),
                         ["keep", "keep", "create"])
        self.is_one_of_each(world)

    def test_a_hidden_external_id_is_named(self):
        world = self.world(sandbox=["--bare"])
        said = world.run("report", "--create", "--yes", code=CONFIG).stderr
        self.assertEqual(len(re.findall("field-level security", said)), 2)
        self.assertIn("./run.sh setup", said)
        self.assertEqual(world.salesforce.dump("Report"), [])
        self.assertEqual(world.salesforce.dump("Folder"), [])
        world.run("setup", "--yes")
        self.assertEqual(self.actions(self.create(world, "--yes")),
                         ["create"] * 3)

    def test_a_column_that_is_missing_is_left_out(self):
        world = self.world()
        catalogue = self.call(world, "GET", TYPES + "/ContactActivity")
        del catalogue["reportTypeMetadata"]["categories"][0]["columns"][
            "TASK_TYPE"]
        world.salesforce.fault({"path": TYPES + "/ContactActivity",
                                "action": "status", "code": 200,
                                "body": catalogue})
        said = world.run("report", "--create", "--yes").stdout
        self.assertIn("  this report type does not have: type\n", said)
        contacts = self.create(world)["reports"][0]
        self.assertEqual(contacts["missing"], ["type"])
        self.assertEqual(self.metadata(world, contacts)["detailColumns"],
                         [c for c in COLUMNS if c != "TASK_TYPE"])


class Asked(Reports):
    """The plan, and whether to do it."""

    def is_untouched(self, world):
        """Nothing was made."""
        self.assertEqual(world.salesforce.dump("Report") +
                         world.salesforce.dump("Folder"), [])

    def test_without_yes_it_is_a_plan(self):
        world = self.world()
        done = world.run("report", "--create", code=NOT_DONE)
        self.assertIn('report folder "crmpipe" will be made\n', done.stdout)
        for name in CONTACTS, LEADS:
            self.assertRegex(done.stdout, f'report "{name}" .* will be made\n')
        self.assertIn("--yes", done.stderr)
        said = self.create(world, code=NOT_DONE)
        self.assertEqual(self.actions(said), ["create"] * 3)
        self.assertFalse(said["done"])
        self.assertEqual([r["url"] for r in said["reports"]], [None, None])
        self.is_untouched(world)

    def on_a_terminal(self, world, answer):
        """Its exit code, once a person has said that."""
        master, slave = pty.openpty()
        process = world.spawn("report", "--create", stdin=slave, stderr=slave)
        os.close(slave)
        said = b""

        def is_asked():
            nonlocal said
            said += os.read(master, 4096)
            return b"(y/N)?" in said
        wait_for(is_asked, "the question")
        os.write(master, answer)
        process.communicate(timeout=60)
        os.close(master)
        return process.returncode

    def test_a_person_is_asked(self):
        world = self.world()
        for answer in b"n\n", b"\n":
            self.assertEqual(self.on_a_terminal(world, answer), NOT_DONE)
            self.is_untouched(world)
        self.assertEqual(self.on_a_terminal(world, b"y\n"), 0)
        self.is_one_of_each(world)

    def test_it_does_not_go_with_counting(self):
        world = self.world()
        for words in (["--csv"], ["--by", "day"], ["--since", "7d"],
                      ["--until", "2026-01-31"], ["--kind", "call"]):
            with self.subTest(words):
                world.run("report", "--create", *words, code=USAGE)
        world.run("report", "--yes", code=USAGE)


if __name__ == "__main__":
    unittest.main()
