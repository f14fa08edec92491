"""setup: makes what is missing in both accounts, once, and says what it may
not."""
import contextlib
import json
import os
import pty
import unittest

from records import Scenario
from sandbox_case import DATA, SIGN_IN, ask, exchange, port_of

KINDS = ("task", "email", "call", "meeting")
SETTINGS = {**{f"activity.{kind}": {"sync": "on"} for kind in KINDS},
            "contacts": {"match": "email"}}
OWN = {"activity.call.mapping": {
    "hs_call_summary": "Summary__c, to_salesforce",
    "hs_call_direction": ""}}
TOOLING = f"{DATA}/tooling/sobjects/CustomField"
PROPERTY = "crmpipe_salesforce_id"
# field, set, access, assignment; a property of each kind
N_STEPS = 4 + len(KINDS)


class Setup(Scenario):
    """A World whose accounts have nothing of their own."""

    finds_leaks = True

    def bare(self, settings=None, **how):
        """All kinds of activity are on; `settings` come on top."""
        return self.world(sandbox=["--bare"],
                          settings=SETTINGS | (settings or {}), **how)

    def setup(self, world, *flags, code=0):
        """What it says, as JSON."""
        said = json.loads(world.run("setup", "--json", *flags,
                                    code=code).stdout)
        self.assertEqual(said["ok"], code == 0)
        for key in ("todo", "made"):
            self.assertEqual(said[key], len(
                [s for s in said["steps"] if s["state"] == key]))
        return said

    def one(self, said, state):
        """The only step of that state."""
        found = [s for s in said["steps"] if s["state"] == state]
        self.assertEqual(len(found), 1, said)
        return found[0]

    def token(self, world):
        """Of Salesforce."""
        return json.loads(exchange(
            port_of(world.salesforce), "POST", "/services/oauth2/token",
            "&".join(f"{k}={v}" for k, v in SIGN_IN.items()),
            {"Content-Type": "application/x-www-form-urlencoded"})[1])[
                "access_token"]

    def post(self, world, path, body):
        """A user makes something in Salesforce; its id."""
        status, answer, _ = ask(port_of(world.salesforce), "POST", path, body,
                                self.token(world))
        self.assertEqual(status, 201, answer)
        return json.loads(answer)["id"]

    def field(self, world, name, **meta):
        """A user makes a custom field."""
        meta = {"label": "A field", "type": "Text", "length": 255} | meta
        return self.post(world, TOOLING, {
            "FullName": f"Activity.{name}", "Metadata": meta})

    def grant(self, world, *names, name="own", edit=True):
        """A permission set of the user with these fields."""
        user = next(u["Id"] for u in world.salesforce.dump("User")
                    if u["Username"] == "crm@pipe.test")
        base = f"{DATA}/sobjects/"
        own = self.post(world, base + "PermissionSet",
                        {"Name": name, "Label": name})
        for field in names:
            self.post(world, base + "FieldPermissions", {
                "ParentId": own, "SobjectType": "Task",
                "Field": "Task." + field, "PermissionsRead": True,
                "PermissionsEdit": edit})
        self.post(world, base + "PermissionSetAssignment",
                  {"AssigneeId": user, "PermissionSetId": own})

    def permit(self, service, **names):
        """What the sandbox lets its user do from now on."""
        service.call("/__sandbox/permissions", names)

    def properties(self, world, kind):
        """HubSpot's definitions of a kind, by name."""
        answer = ask(port_of(world.hubspot), "GET",
                     f"/crm/properties/2026-09/{kind}s")[1]
        return {p["name"]: p for p in json.loads(answer)["results"]}

    def counts(self, world):
        """How many there are of each thing that setup makes."""
        found = {kind: len(world.salesforce.dump(kind)) for kind in (
            "CustomField", "PermissionSet", "FieldPermissions",
            "PermissionSetAssignment")}
        found["property"] = sum(PROPERTY in self.properties(world, kind)
                                for kind in KINDS)
        return found

    def is_whole(self, world, n_fields=1):
        """All is there, once; a grant of Task has its twin on Event."""
        self.assertEqual(self.counts(world), {
            "CustomField": n_fields, "PermissionSet": 1,
            "FieldPermissions": 2 * n_fields, "PermissionSetAssignment": 1,
            "property": len(KINDS)})

    def checks(self, world):
        """check finds nothing wrong."""
        said = json.loads(world.run("check", "--json").stdout)
        self.assertTrue(said["ok"])
        return {line["state"] for line in said["checks"]}

    # -- all is well ---------------------------------------------------------

    def test_a_bare_account_is_set_up_and_syncs(self):
        world = self.bare({"activity.call.mapping": {"hs_call_direction": ""}})
        world.run("check", code=78)
        said = self.setup(world, "--yes")
        self.assertEqual((said["made"], said["todo"]), (N_STEPS, 0))
        self.is_whole(world)
        self.assertEqual(self.checks(world), {"ok"})
        contact = world.tied_contact()
        keys = [world.load_engagements(kind, [contact])[0] for kind in KINDS]
        world.salesforce.load(Task=[{
            "Subject": "A call", "TaskSubtype": "Call", "Status": "Completed",
            "WhoId": world.people[contact].salesforce_id}])
        summary = world.sync()
        self.assertEqual((summary["written"], summary["dead"],
                          summary["dropped"]), (5, 0, {}), summary["log"])
        self.assertLessEqual(set(keys[:3]), set(world.tasks()))
        made = [r["properties"].get(PROPERTY)
                for r in world.hubspot.dump("calls")]
        self.assertEqual(len([m for m in made if m]), 1)

    def test_a_second_run_has_nothing_to_do(self):
        world = self.bare(OWN)
        self.setup(world, "--yes")
        before = self.counts(world)
        said = self.setup(world, "--yes")
        self.assertEqual({s["state"] for s in said["steps"]}, {"there"})
        self.assertIn("nothing is to be done", world.run("setup").stdout)
        self.assertEqual(self.counts(world), before)

    def test_a_plan_changes_nothing(self):
        world = self.bare()
        before = self.counts(world)
        for flags in ((), ("--dry-run",)):
            out = world.run("setup", *flags, code=1).stdout
            self.assertIn("setup --yes", out)
            self.assertRegex(out, r"(?m)^to make Salesforce: field "
                             r"HubSpot_Id__c on Activity: Text\(255\), External "
                             r"ID, Unique.* \(.*pipeline.conf")
            self.assertEqual(out.count("to make "), N_STEPS)
        said = self.setup(world, "--dry-run", code=1)
        self.assertEqual((said["made"], said["todo"]), (0, N_STEPS))
        for step in said["steps"]:
            self.assertTrue(step["why"] and step["detail"], step)
        self.assertEqual(self.counts(world), before)

    def test_it_asks_on_a_terminal(self):
        for answer, code in (("n\n", 1), ("\n", 1), ("y\n", 0)):
            with self.subTest(answer):
                world = self.bare()
                ours, theirs = pty.openpty()
                process = world.spawn("setup", stdin=theirs, stderr=theirs)
                os.close(theirs)
                asked = b""
                while b"(y/N)?" not in asked:
                    asked += os.read(ours, 1000)
                os.write(ours, answer.encode())
                out = process.communicate(timeout=60)[0]
                os.close(ours)
                self.assertEqual(process.returncode, code, out)
                self.assertEqual(self.counts(world)["CustomField"],
                                 int(code == 0))

    def test_only_what_is_in_use(self):
        world = self.world(sandbox=["--bare"])
        said = self.setup(world, "--yes")
        self.assertEqual([s["service"] for s in said["steps"]],
                         ["salesforce"] * 4)
        self.assertEqual(world.hubspot.calls()["total"], 0)

    def test_detail_fields_by_their_transform(self):
        own = {"hs_call_summary": "Summary__c, to_salesforce",
               "hs_call_body": "Body__c, to_salesforce, html",
               "hs_call_duration": "Seconds__c, to_salesforce, ms_to_s",
               "hs_call_has_voicemail": "Voicemail__c, to_salesforce, bool",
               "hs_timestamp": "At__c, to_salesforce, time",
               "hs_call_direction": ""}
        world = self.bare({"activity.call.mapping": own})
        said = self.setup(world, "--yes")
        self.assertEqual(said["made"], N_STEPS + 2 * 5)
        self.assertNotIn("wrong", self.checks(world))
        self.is_whole(world, 6)
        types = {f["DeveloperName"]: json.loads(ask(
            port_of(world.salesforce), "GET", f"{TOOLING}/{f['Id']}",
            token=self.token(world))[1])["Metadata"]["type"]
            for f in world.salesforce.dump("CustomField")}
        self.assertEqual(types, {
            "HubSpot_Id": "Text", "Summary": "Text", "Body": "TextArea",
            "Seconds": "Number", "Voicemail": "Checkbox", "At": "DateTime"})

    def test_the_field_of_the_ical_uid(self):
        world = self.bare({"salesforce": {"ical_uid_field": "UID__c"}})
        self.assertEqual(self.setup(world, "--yes")["made"], N_STEPS + 2)
        self.is_whole(world, 2)
        world = self.bare({"salesforce": {"ical_uid_field": "UID__c"},
                           "activity.meeting": {"sync": "off"}})
        self.assertEqual(self.setup(world, "--yes")["made"], N_STEPS - 1)

    # -- what is there already -------------------------------------------------

    def test_what_is_there_is_accepted(self):
        world = self.bare(OWN)
        self.field(world, "HubSpot_Id__c", externalId=True, unique=True)
        self.field(world, "Summary__c", type="TextArea")
        self.grant(world, "HubSpot_Id__c", "Summary__c")
        for kind in KINDS:
            ask(port_of(world.hubspot), "POST",
                f"/crm/properties/2026-09/{kind}s", {
                    "groupName": f"{kind}_information", "name": PROPERTY,
                    "label": "x", "type": "string", "fieldType": "text",
                    "hasUniqueValue": kind != "task"})
        said = self.setup(world)
        self.assertEqual({s["state"] for s in said["steps"]}, {"there"})
        self.assertIn("not unique", next(
            s for s in said["steps"] if "of tasks" in s["thing"])["detail"])

    def test_a_field_that_nobody_sees_is_shown(self):
        world = self.bare()
        self.field(world, "HubSpot_Id__c", externalId=True, unique=True)
        said = self.setup(world, "--yes")
        self.assertEqual(said["made"], N_STEPS - 1)
        self.is_whole(world)
        self.checks(world)

    def test_a_field_that_is_read_only_is_opened(self):
        for name, made in (("own", N_STEPS - 1), ("crmpipe", N_STEPS - 3)):
            with self.subTest(name):
                world = self.bare()
                self.field(world, "HubSpot_Id__c", externalId=True, unique=True)
                self.grant(world, "HubSpot_Id__c", name=name, edit=False)
                self.assertEqual(self.setup(world, "--yes")["made"], made)
                self.checks(world)

    def test_a_field_of_a_wrong_type(self):
        for seen in (True, False):
            for meta, words in (({"type": "Number"}, "type "),
                                ({"externalId": True}, "not as Unique"),
                                ({"unique": True}, "not as External ID")):
                with self.subTest(seen=seen, meta=meta):
                    world = self.bare()
                    self.field(world, "HubSpot_Id__c", **meta)
                    if seen:
                        self.grant(world, "HubSpot_Id__c")
                    before = self.counts(world)
                    step = self.one(self.setup(world, "--yes", code=78),
                                    "wrong")
                    self.assertEqual(step["thing"],
                                     "field HubSpot_Id__c on Activity")
                    # describe does not tell of an external id alone
                    if not seen or "type" in meta:
                        self.assertIn(words, step["detail"])
                    self.assertTrue(step["fix"])
                    self.assertEqual(self.counts(world), before)

    def test_a_property_of_a_wrong_type(self):
        world = self.bare()
        ask(port_of(world.hubspot), "POST", "/crm/properties/2026-09/calls", {
            "groupName": "call_information", "name": PROPERTY, "label": "x",
            "type": "number", "fieldType": "number"})
        before = self.counts(world)
        step = self.one(self.setup(world, "--yes", code=78), "wrong")
        self.assertIn("type number", step["detail"])
        self.assertEqual(self.counts(world), before)

    def test_names_that_cannot_be_made(self):
        for name, words in (("HubSpotId", "end in __c"),
                            ("pkg__Id__c", "of a package"),
                            ("A" * 41 + "__c", "at most 40")):
            with self.subTest(name):
                world = self.bare({"salesforce": {"external_id_field": name}})
                step = self.one(self.setup(world, "--yes", code=78), "wrong")
                self.assertIn(words, step["detail"])
        world = self.bare({"activity.call.mapping": {
            "hs_call_summary": "Both__c", "hs_call_direction": ""},
                           "activity.task.mapping": {
            "hs_task_reminders": "Both__c, both, number"}})
        self.assertIn("two types", self.one(
            self.setup(world, "--yes", code=78), "wrong")["detail"])

    # -- what goes wrong ---------------------------------------------------------

    def test_killed_behind_each_step(self):
        for n in range(1, N_STEPS + 1):
            with self.subTest(n):
                world = self.bare()
                with self.dying(world, f"setup-made:{n}"):
                    world.run("setup", "--yes", code=-9)
                said = self.setup(world, "--yes", code=0)
                self.assertEqual(said["todo"], 0)
                self.is_whole(world)

    @contextlib.contextmanager
    def dying(self, world, at):
        """Processes that start now die at these steps."""
        world.env["CRMPIPE_DIE_AT"] = at
        yield
        del world.env["CRMPIPE_DIE_AT"]

    def test_lost_answers_make_nothing_twice(self):
        for action in ("commit-then-cut", "cut", "status"):
            with self.subTest(action):
                world = self.bare()
                for service, paths in (
                        (world.salesforce, (
                            "CustomField", "sobjects/PermissionSet",
                            "FieldPermissions", "PermissionSetAssignment")),
                        (world.hubspot, ("properties",))):
                    service.fault(*({"method": "POST", "path": f"*{path}*",
                                     "times": 1, "action": action, "code": 503}
                                    for path in paths))
                self.assertEqual(self.setup(world, "--yes")["made"], N_STEPS)
                self.is_whole(world)

    def test_a_service_that_is_away(self):
        world = self.bare()
        world.hubspot.fault({"action": "status", "code": 503})
        before = self.counts_of_salesforce(world)
        step = self.one(self.setup(world, "--yes", code=75), "away")
        self.assertEqual(step["service"], "hubspot")
        self.assertEqual(self.counts_of_salesforce(world), before)

    def test_answers_that_say_nothing(self):
        for service, path in (("hubspot", "properties"),
                              ("salesforce", "describe"),
                              ("salesforce", "tooling/query")):
            with self.subTest(path):
                world = self.bare()
                before = self.counts_of_salesforce(world)
                getattr(world, service).fault({
                    "method": "GET", "path": path, "action": "status",
                    "code": 200, "body": {"records": {}}})
                step = self.one(self.setup(world, "--yes", code=75), "away")
                self.assertEqual(step["service"], service)
                self.assertEqual(self.counts_of_salesforce(world), before)
                self.assertIn("nothing was changed",
                              world.run("setup", "--yes", code=75).stdout)

    def test_two_at_once(self):
        world = self.bare()
        both = [world.spawn("setup", "--yes") for _ in range(2)]
        for process in both:
            out, err = process.communicate(timeout=100)
            self.assertEqual(process.returncode, 0, out + err)
        self.is_whole(world)

    def counts_of_salesforce(self, world):
        """How many custom fields and permission sets there are."""
        return [len(world.salesforce.dump(kind))
                for kind in ("CustomField", "PermissionSet")]

    def test_each_missing_permission_is_named(self):
        for name, words in (
                ("CustomizeApplication", "Customize Application"),
                ("ManageProfilesPermissionsets",
                 "Manage Profiles and Permission Sets"),
                ("AssignPermissionSets", "Assign Permission Sets"),
                ("ViewSetup", "View Setup and Configuration")):
            with self.subTest(name):
                world = self.bare()
                self.permit(world.salesforce, **{name: False})
                step = self.one(self.setup(world, "--yes", code=78), "wrong")
                self.assertIn(f'"{words}"', step["fix"])
                self.assertEqual(step["service"], "salesforce")
                self.permit(world.salesforce, **{name: True})
                self.setup(world, "--yes")
                self.is_whole(world)

    def test_a_missing_scope_is_named(self):
        scope = "crm.schemas.contacts.write"
        world = self.bare()
        self.permit(world.hubspot, **{scope: False})
        step = self.one(self.setup(world, "--yes", code=78), "wrong")
        self.assertEqual(step["service"], "hubspot")
        self.assertIn(scope, step["detail"])
        self.assertIn(scope, step["fix"])
        self.permit(world.hubspot, **{scope: True})
        self.assertEqual(self.setup(world, "--yes")["made"], len(KINDS))
        self.is_whole(world)

    def test_a_property_that_hubspot_does_not_keep_unique(self):
        world = self.bare()
        self.permit(world.hubspot, hasUniqueValue=False)
        said = self.setup(world, "--yes")
        for kind in KINDS:
            made = self.properties(world, kind)[PROPERTY]
            self.assertFalse(made["hasUniqueValue"])
            self.assertEqual(made["groupName"], f"{kind}_information")
            step = next(s for s in said["steps"] if f"of {kind}s" in s["thing"])
            self.assertIn("not unique", step["detail"])
        self.is_whole(world)

    def test_a_refusal_of_one_property_holds_up_no_other(self):
        world = self.bare()
        world.hubspot.fault({"method": "POST", "path": "*/calls",
                             "action": "status", "code": 400, "body": {
                                 "category": "VALIDATION_ERROR",
                                 "message": "not on this type"}})
        said = self.setup(world, "--yes", code=78)
        self.assertEqual(said["made"], N_STEPS - 1)
        step = self.one(said, "wrong")
        self.assertIn("of calls", step["thing"])
        self.assertIn("not on this type", step["detail"])

    def test_a_field_that_no_list_tells_of(self):
        world = self.bare()
        self.field(world, "HubSpot_Id__c", externalId=True, unique=True)
        world.salesforce.fault({
            "path": "tooling/query", "action": "status", "code": 200,
            "body": {"totalSize": 0, "done": True, "records": []}})
        self.assertEqual(self.setup(world, "--yes")["made"], N_STEPS - 1)
        self.is_whole(world)

    def test_credentials_that_are_refused(self):
        for name, service in (("HUBSPOT_TOKEN", "hubspot"),
                              ("SALESFORCE_CLIENT_SECRET", "salesforce")):
            with self.subTest(name):
                world = self.bare()
                world.env[name] = "wrong"
                step = self.one(self.setup(world, "--yes", code=78), "wrong")
                self.assertEqual((step["service"], step["thing"]),
                                 (service, "sign-in"))

    # -- the rest ------------------------------------------------------------------

    def test_undo_tells_and_changes_nothing(self):
        world = self.bare(OWN)
        self.setup(world, "--yes")
        before = self.counts(world)
        calls = world.hubspot.calls()["total"]
        out = world.run("setup", "--undo").stdout
        said = json.loads(world.run("setup", "--undo", "--json").stdout)
        things = [e["thing"] for e in said["undo"]]
        self.assertEqual(len(things), 1 + 2 + len(KINDS))
        for thing in things:
            self.assertIn(thing, out)
        self.assertTrue(all(entry["how"] for entry in said["undo"]))
        self.assertIn("Manage Assignments", out)
        self.assertEqual(self.counts(world), before)
        self.assertEqual(world.hubspot.calls()["total"],
                         calls + len(KINDS))  # those of counts()

    def test_usage(self):
        world = self.bare()
        for flags in (("now",), ("--yes", "--undo"), ("--sure",)):
            world.run("setup", *flags, code=64)


if __name__ == "__main__":
    unittest.main()
