"""check: what both services say of what is mapped, and whether they let us in."""
import json
import unittest

from harness import free_port
from records import Scenario
from sandbox_case import DATA, SIGN_IN, ask, exchange, port_of

KINDS = ("task", "email", "call", "meeting")
ALL_ON = {f"activity.{kind}": {"sync": "on"} for kind in KINDS}
PROPERTIES = "/crm/properties/2026-09"

# HubSpot properties of calls that an account made itself
CUSTOM = {
    "my_day": ("date", "date", ()),
    "my_rating": ("number", "number", ()),
    "my_markup": ("string", "html", ()),
    "my_choice": ("enumeration", "select", ("Inbound", "Sideways")),
    "my_text": ("string", "text", ())}

# mistakes in [activity.call.mapping]: the line, what is said of it, what to do
IN_THE_CONFIG = {
    "no property": ("hs_call_titel = CallObject",
                    "no property hs_call_titel .*nearest is hs_call_title",
                    "write hs_call_title"),
    "no field": ("my_text = CallObjekt", "no field CallObjekt .*nearest is "
                 "CallObject", "write CallObject"),
    "read-only property": ("hs_body_preview = CallObject",
                           "hs_body_preview in HubSpot is read-only",
                           "hs_body_preview = CallObject, to_salesforce"),
    "read-only field": ("hs_call_has_voicemail = IsClosed, both, bool",
                        "IsClosed in Salesforce is read-only", "to_hubspot"),
    "create-only field": ("hs_call_source = TaskSubtype, to_salesforce",
                          "TaskSubtype can be set in a new record only",
                          "updated_in_hubspot = ignore"),
    "milliseconds onto a text": (
        "my_rating = CallObject, both, ms_to_s",
        r"CallObject in Salesforce is a text \(string\)", "one type"),
    "markup onto a number": (
        "hs_call_body = CallDurationInSeconds, both, html",
        r"is a number \(int\)", "one type"),
    "owner onto no reference": (
        "hubspot_owner_id = CallObject, both, owner",
        "CallObject in Salesforce is a text", "one type"),
    "date onto a point in time": (
        "hs_timestamp = ReminderDateTime, both, date",
        r"ReminderDateTime in Salesforce is a point in time \(datetime\)",
        "hs_timestamp = ReminderDateTime, both, time"),
    "a day is no instant": ("my_day = ActivityDate, both, date",
                            r"my_day in HubSpot is a day \(date\)",
                            "my_day = ActivityDate, both, text"),
    "the external id": ("my_text = HubSpot_Id__c",
                        "HubSpot_Id__c is the external id", "another field")}

# what works, but not for every value
WARNINGS = {
    "length": ("my_text = CallObject", "CallObject in Salesforce holds 255",
               "a longer field"),
    "values": ("my_choice = CallType, to_salesforce",
               'no "Sideways" in the list of CallType', "add it"),
    "markup": ("my_markup = Description", "my_markup in HubSpot is HTML",
               "write html"),
    "fraction": ("my_rating = CallDurationInSeconds, both, number",
                 "holds whole numbers only", "decimal places")}

LISTS = {"Status": ("Not Started", "In Progress", "Completed", "Deferred",
                    "Waiting on someone else"),
         "Priority": ("High", "Normal", "Low")}


def change(items, name, fields):
    """Put other fields into the definition of that name."""
    next(i for i in items if i["name"] == name).update(fields)


class Check(Scenario):
    """A World with activity sync on, and what check says of it."""

    def check_world(self, settings=None, **how):
        """All kinds on; `settings` come on top."""
        return self.world(settings={**ALL_ON, **(settings or {})}, **how)

    def check(self, world, code=0, *flags):
        """The lines."""
        said = json.loads(world.run("check", "--json", *flags,
                                    code=code).stdout)
        self.assertEqual(said["ok"], code == 0)
        for line in said["checks"]:
            self.assertEqual(line["ok"], line["state"] not in (
                "wrong", "away"))
            self.assertEqual("fix" in line, line["state"] in (
                "wrong", "away", "warning"))
        return said["checks"]

    def one(self, lines, state="wrong"):
        """The only line of that state."""
        found = [line for line in lines if line["state"] == state]
        self.assertEqual(len(found), 1, found)
        return found[0]

    def make_properties(self, world):
        """The account's own properties of calls."""
        for name, (kind, field, options) in CUSTOM.items():
            status, body, _ = ask(
                port_of(world.hubspot), "POST", PROPERTIES + "/calls",
                {"groupName": "call_information", "name": name, "label": name,
                 "type": kind, "fieldType": field, "options": [
                     {"label": o, "value": o} for o in options]})
            self.assertEqual(status, 201, body)

    def change_property(self, world, kind, prop, **fields):
        """HubSpot says something else of a property from now on."""
        world.hubspot.fault()
        answer = json.loads(ask(port_of(world.hubspot), "GET",
                                f"{PROPERTIES}/{kind}")[1])
        change(answer["results"], prop, fields)
        world.hubspot.fault({"path": f"{PROPERTIES}/{kind}", "code": 200,
                             "action": "status", "body": answer})

    def change_field(self, world, field, kind="Task", **fields):
        """Salesforce says something else of a field from now on."""
        world.salesforce.fault()
        port = port_of(world.salesforce)
        token = json.loads(exchange(
            port, "POST", "/services/oauth2/token", "&".join(
                f"{k}={v}" for k, v in SIGN_IN.items()),
            {"Content-Type": "application/x-www-form-urlencoded"})[1])
        path = f"{DATA}/sobjects/{kind}/describe"
        answer = json.loads(ask(port, "GET", path,
                                token=token["access_token"])[1])
        change(answer["fields"], field, fields)
        world.salesforce.fault({"path": path, "code": 200, "action": "status",
                                "body": answer})

    # -- all is well --------------------------------------------------------

    def test_the_shipped_mapping(self):
        world = self.check_world({"owners": {"sync": "on"}})
        lines = self.check(world)
        # Salesforce tells a third kind of call apart
        line = self.one([l for l in lines if l["state"] != "ok"], "warning")
        self.assertEqual(line["name"], "activity.call hs_call_direction")
        self.assertIn('"Internal"', line["detail"])
        names = [line["name"] for line in lines]
        for name in ("hubspot sign-in", "salesforce sign-in", "contacts match",
                     "salesforce Task external_id_field",
                     "salesforce Event external_id_field",
                     "activity.task mapping", "activity.email mapping",
                     "activity.meeting mapping", "activity.call unique id"):
            self.assertIn(name, names)

    def test_each_definition_is_read_once_and_nothing_is_changed(self):
        world = self.check_world()
        before = world.hubspot.dump("calls"), world.salesforce.dump("Task")
        world.run("check")
        hubspot, salesforce = [
            {(c["method"], c["path"]): c["n"] for c in s.calls()["calls"]}
            for s in (world.hubspot, world.salesforce)]
        self.assertEqual(set(hubspot.values()) | set(salesforce.values()), {1})
        # the definitions and the scopes; the objects, the versions, the
        # sign-in and what the user may
        self.assertEqual((len(hubspot), len(salesforce)), (13, 9))
        self.assertEqual(before, (world.hubspot.dump("calls"),
                                  world.salesforce.dump("Task")))

    def test_an_api_version_that_the_org_has_not(self):
        world = self.world(settings={"salesforce": {"api_version": "99.0"}})
        line, = [line for line in self.check(world, code=78)
                 if line["name"] == "salesforce api version"]
        self.assertRegex(line["detail"], r"this org has no API version 99\.0, "
                         r"but \d+\.0 to \d+\.0")
        self.assertIn("[salesforce] api_version", line["fix"])

    def test_only_what_is_on_is_asked_for(self):
        world = self.world(settings={"activity.task": {"sync": "on"}})
        names = {line["name"] for line in self.check(world)}
        self.assertIn("activity.task mapping", names)
        self.assertNotIn("activity.call mapping", names)
        self.assertNotIn("salesforce Event external_id_field", names)
        # the definitions of two types, and the scopes
        self.assertEqual(world.hubspot.calls()["total"], 10)

    def test_a_mapping_of_ones_own(self):
        world = self.check_world({"activity.call.mapping": {
            "my_day": "ReminderDateTime, to_hubspot, text",
            "hs_call_direction": ""}})
        self.make_properties(world)
        # an instant is no day
        self.assertIn("my_day in HubSpot is a day", self.one(
            self.check(world, 78))["detail"])
        world.write_conf(settings={**ALL_ON, "activity.call.mapping": {
            "my_day": "ActivityDate", "hs_timestamp": "",
            "my_rating": "CallDurationInSeconds, to_hubspot, number",
            "hs_call_duration": "", "hs_call_direction": ""}})
        self.assertEqual({line["state"] for line in self.check(world)},
                         {"ok"})

    def test_the_text_says_what_the_json_says(self):
        world = self.check_world({"activity.task.mapping": {
            "hs_task_reminders": "Ratng__c"}})
        world.env["HUBSPOT_TOKEN"] = "another-token"
        lines = self.check(world, 78)
        self.assertEqual({line["state"] for line in lines},
                         {"ok", "wrong", "unasked"})
        text = world.run("check", code=78).stdout
        for line in lines:
            self.assertRegex(text, f"(?m)^[a-zA-Z-]+ +{line['name']} ")
            if "api calls" not in line["name"]:  # those of check count, too
                self.assertIn(line["detail"], text)
            self.assertIn("to mend it: " + line.get("fix", ""), text)

    # -- what is wrong --------------------------------------------------------

    def told(self, world, line, state):
        """What is said of a line that is added to the mapping of calls; it
        takes the field from the shipped line that has it."""
        name, value = line.split(" = ")
        field = value.split(",")[0]
        shipped = {"CallType": "hs_call_direction",
                   "CallDurationInSeconds": "hs_call_duration",
                   "Description": "hs_call_body",
                   "ActivityDate": "hs_timestamp"}.get(field)
        own = {"hs_call_direction": "", name: value}
        if shipped:
            own = {shipped: ""} | own
        world.write_conf(settings={**ALL_ON, "activity.call.mapping": own})
        number = world.text("pipeline.conf").split("\n").index(line) + 1
        found = self.one(self.check(world, 78 if state == "wrong" else 0),
                         state)
        self.assertEqual(found["name"], "activity.call " + name)
        self.assertIn(f"pipeline.conf:{number}: ", found["detail"])
        return found

    def test_mistakes_in_the_config(self):
        world = self.check_world()
        self.make_properties(world)
        for state, mistakes in (("wrong", IN_THE_CONFIG),
                                ("warning", WARNINGS)):
            for name, (line, words, mend) in mistakes.items():
                with self.subTest(name):
                    found = self.told(world, line, state)
                    self.assertRegex(found["detail"], words)
                    self.assertIn(mend, found["fix"])

    def test_create_only_is_fine_when_no_changes_go_over(self):
        world = self.check_world({
            "activity.call": {"sync": "on", "updated_in_hubspot": "ignore"},
            "activity.call.mapping": {
                "hs_call_source": "CallObject, to_salesforce",
                "hs_call_direction": ""}})
        self.change_field(world, "CallObject", updateable=False, length=0)
        self.assertNotIn("wrong", [l["state"] for l in self.check(world)])

    def test_lists_of_salesforce(self):
        world = self.world(settings={"activity.task": {"sync": "on"}})
        for name, prop, inactive in (
                ("Status", "hs_task_status", "Completed"),
                ("Priority", "hs_task_priority", "Normal")):
            for restricted, state in ((True, "wrong"), (False, "warning")):
                with self.subTest(name, restricted=restricted):
                    self.change_field(
                        world, name, restrictedPicklist=restricted,
                        picklistValues=[
                            {"value": v, "active": v != inactive}
                            for v in LISTS[name]])
                    line = self.one(self.check(world, 78 if restricted else 0),
                                    state)
                    self.assertEqual(line["name"], "activity.task " + prop)
                    self.assertIn(f'has no "{inactive}"', line["detail"])

    def test_lists_of_hubspot(self):
        world = self.world(settings={"activity.task": {"sync": "on"}})
        self.change_property(world, "tasks", "hs_task_status", options=[
            {"value": v} for v in ("NOT_STARTED", "COMPLETED")])
        line = self.one(self.check(world, 78))
        self.assertIn('HubSpot has no "IN_PROGRESS", "WAITING", "DEFERRED"',
                      line["detail"])

    def test_what_salesforce_wants_filled(self):
        world = self.check_world()
        self.change_field(world, "Type", nillable=False)
        lines = [l for l in self.check(world, 78) if l["state"] == "wrong"]
        self.assertEqual([l["name"] for l in lines],
                         [f"activity.{k} mapping" for k in
                          ("task", "email", "call")])
        self.assertIn("has to have Type", lines[0]["detail"])

    def test_the_external_id(self):
        world = self.check_world()
        for fields, words in (({"unique": False}, "not unique"),
                              ({"externalId": False}, "no external id"),
                              ({"updateable": False}, "cannot be changed"),
                              ({"name": "Other__c"}, "has no field")):
            for kind in ("Task", "Event"):
                with self.subTest(kind, **fields):
                    self.change_field(world, "HubSpot_Id__c", kind, **fields)
                    line = self.one(self.check(world, 78))
                    self.assertEqual(line["name"],
                                     f"salesforce {kind} external_id_field")
                    self.assertIn(words, line["detail"])

    def test_an_account_that_nobody_has_prepared(self):
        world = self.world(sandbox=["--bare"])
        lines = self.check(world, 78)
        self.assertIn("Task has no field HubSpot_Id__c",
                      self.one(lines)["detail"])
        self.assertIn("match = email", self.one(lines, "warning")["fix"])

    def test_a_unique_id_in_hubspot_is_a_note(self):
        world = self.world(settings={"activity.task": {"sync": "on"}})

        def note():
            return next(l for l in self.check(world)
                        if l["name"] == "activity.task unique id")
        self.assertIn("no property", note()["detail"])
        for unique, words in ((False, "not unique"), (True, "and unique")):
            self.change_property(world, "tasks", "hs_task_reminders",
                                 name="crmpipe_salesforce_id",
                                 hasUniqueValue=unique)
            self.assertIn(words, note()["detail"])

    # -- who lets us in -------------------------------------------------------

    def test_a_token_that_is_refused(self):
        world = self.check_world()
        world.env["HUBSPOT_TOKEN"] = "another-token"
        lines = self.check(world, 78)
        line = self.one(lines)
        self.assertEqual(line["name"], "hubspot sign-in")
        self.assertIn("refuses the token", line["detail"])
        self.assertIn("[hubspot] token", line["fix"])
        self.assertNotIn("another-token", json.dumps(lines))
        # the other side is looked at all the same
        self.assertIn("salesforce Task external_id_field",
                      [l["name"] for l in lines if l["state"] == "ok"])

    def test_a_client_that_is_refused(self):
        world = self.check_world()
        world.env["SALESFORCE_CLIENT_SECRET"] = "another-secret"
        lines = self.check(world, 78)
        line = self.one(lines)
        self.assertEqual(line["name"], "salesforce sign-in")
        self.assertIn("sign-in refused", line["detail"])
        self.assertNotIn("another-secret", json.dumps(lines))
        self.assertEqual(len([l for l in lines if l["state"] == "unasked"]),
                         len(KINDS))

    def test_no_credentials(self):
        world = self.check_world()
        for name in ("HUBSPOT_TOKEN", "SALESFORCE_CLIENT_ID"):
            del world.env[name]
        lines = self.check(world, 78)
        wrong = [l["name"] for l in lines if l["state"] == "wrong"]
        self.assertEqual(wrong, ["hubspot token", "salesforce client_id"])
        for name in ("hubspot sign-in", "salesforce sign-in"):
            line = next(l for l in lines if l["name"] == name)
            self.assertEqual(line["state"], "unasked")
            self.assertIn("cannot be asked now", line["detail"])
        for service in (world.hubspot, world.salesforce):
            self.assertEqual(service.calls()["total"], 0)

    def test_scopes_and_rights_that_are_missing(self):
        world = self.check_world()
        world.hubspot.fault({
            "path": PROPERTIES + "/calls", "action": "status", "code": 403,
            "body": {"category": "MISSING_SCOPES", "message": "no", "errors": [
                {"context": {"requiredGranularScopes": ["one.read"]}}]}})
        line = self.one(self.check(world, 78))
        self.assertEqual(line["name"], "hubspot calls")
        self.assertIn("one.read", line["detail"])
        world.hubspot.fault()
        world.salesforce.fault({
            "path": "/sobjects/Event/describe", "action": "status",
            "code": 404, "body": [{"errorCode": "NOT_FOUND", "message": "no"}]})
        line = self.one(self.check(world, 78))
        self.assertEqual(line["name"], "salesforce Event")
        self.assertIn("Edit Events", line["fix"])

    def test_a_service_that_is_away(self):
        for service in ("hubspot", "salesforce"):
            for rule in ({"action": "status", "code": 503}, None,
                         {"action": "status", "code": 200, "body": "<html>"}):
                with self.subTest(service, rule=rule):
                    key = "api_base" if service == "hubspot" else "login_url"
                    world = self.check_world({} if rule else {service: {
                        key: f"http://127.0.0.1:{free_port()}"}})
                    if rule:
                        getattr(world, service).fault(rule)
                    line = self.one(self.check(world, 75), "away")
                    self.assertEqual(line["name"], service + " sign-in")
                    self.assertIn("cannot be asked now", line["detail"])

    def test_a_service_that_goes_away_meanwhile(self):
        world = self.check_world()
        world.hubspot.fault({"path": PROPERTIES + "/emails",
                             "action": "status", "code": 503})
        lines = self.check(world, 75)
        self.assertEqual(self.one(lines, "away")["name"], "hubspot emails")
        self.assertEqual([l["name"] for l in lines if l["state"] == "unasked"],
                         [f"activity.{k} mapping" for k in KINDS[1:]])

    def test_what_passes_by_is_tried_again(self):
        world = self.check_world()
        for service in (world.hubspot, world.salesforce):
            service.fault({"action": "status", "code": 503, "times": 1})
        world.run("check")

    def test_answers_that_make_no_sense(self):
        for body in ({}, [], {"results": 1, "fields": {}},
                     {"results": [1, {}], "fields": [None, {"name": 7}]}):
            with self.subTest(body=body):
                world = self.check_world()
                for service in (world.hubspot, world.salesforce):
                    service.fault({"path": "*[pb]*", "method": "GET",
                                   "action": "status", "code": 200,
                                   "body": body})
                said = json.loads(world.run("check", "--json",
                                            code=None).stdout)
                self.assertFalse(said["ok"])

    def test_offline(self):
        world = self.check_world()
        line = self.one(self.check(world, 0, "--offline"), "unasked")
        self.assertEqual(line["name"], "services")
        for service in (world.hubspot, world.salesforce):
            self.assertEqual(service.calls()["total"], 0)


if __name__ == "__main__":
    unittest.main()
