"""check: whatever is taken away from the token or from the user, one thing at a
time, has a line that names it and says which screen gives it back."""
import json
import unittest

from records import Scenario

KINDS = ("task", "email", "call", "meeting")
# everything that asks for something is on
SETTINGS = {
    **{f"activity.{kind}": {"sync": "on"} for kind in KINDS},
    "activity.meeting": {"sync": "on", "related_to": "opportunity"},
    "activity.call.mapping": {"hs_call_duration": "Seconds__c, both, ms_to_s",
                              "hs_call_direction": ""},
    "contacts": {"match": "email"}, "owners": {"sync": "on"},
    "salesforce": {"eac": "sync", "ical_uid_field": "UID__c"},
    "timeline.call": {"task_type": "Call"},
    "timeline.note": {"only": "list:Good"}}

SCOPE = "Service keys > the key > Add new scope"
SYSTEM = r"Permission Sets > .* > System Permissions > Edit > tick "
OBJECT = r"Permission Sets > .* > Object Settings > %s > Edit > tick Read"
FIELD = (r"Permission Sets > .* > Object Settings > %s > Edit > "
         r"Field Permissions.*: tick %s")
SEE, EDIT = "Read Access", "(Read Access and )?Edit Access"

# scope: the line (None: "hubspot scope NAME"), what it is for, state
SCOPES = {
    "crm.objects.contacts.read": (None, "calls, meetings, notes and tasks"),
    "crm.objects.contacts.write": (None, "no activity can be written"),
    "crm.objects.companies.read": (None, "no task is tied to an account"),
    "crm.objects.owners.read": (None, "nobody's owner goes over"),
    "sales-email-read": (None, "logged e-mails cannot be read"),
    "forms": (None, "what was sent with them cannot be read"),
    "content": (None, "marketing e-mail events cannot be read"),
    "crm.lists.read": ("hubspot list Good", "crm.lists.read"),
    "behavioral_events.event_definitions.read_write": (
        "hubspot event occurrences", "no events of integrations", "warning")}

# of Salesforce: the line, what it says, how it is mended, state
RIGHTS = {
    "ApiEnabled": ("API", "API_DISABLED_FOR_ORG", SYSTEM + '"API Enabled"'),
    "ActivitiesAccess": ("Task", "may not see Tasks",
                         SYSTEM + '"Access Activities"'),
    "EditTask": ("Task", '"Edit Tasks" is missing', SYSTEM + '"Edit Tasks"'),
    "EditEvent": ("Event", '"Edit Events" is missing',
                  SYSTEM + '"Edit Events"'),
    "ViewAllData": ("sharing", "what sharing shows it",
                    SYSTEM + '"View All Data"', "warning"),
    "Contact": ("Contact", "may not see Contacts", OBJECT % "Contacts"),
    "Lead": ("Lead", "may not see Leads", OBJECT % "Leads"),
    "Account": ("Account", "may not see Accounts", OBJECT % "Accounts"),
    "Opportunity": ("Opportunity", "may not see Opportunities",
                    OBJECT % "Opportunities"),
    "User": ("User", "may not see Users", SYSTEM + '"View All Users"'),
    "EmailMessage": ("EmailMessage", "may not see Email Messages",
                     SYSTEM + '"Access Activities"'),
    "Task.HubSpot_Id__c": ("Task external_id_field", "no field HubSpot_Id__c",
                           FIELD % ("Tasks", SEE)),
    "Task.HubSpot_Id__c.edit": (
        "Task external_id_field", "HubSpot_Id__c of Task cannot be",
        FIELD % ("Tasks", EDIT)),
    "Event.UID__c": ("ical_uid_field", "no field UID__c",
                     FIELD % ("Events", SEE)),
    "Contact.Email": ("Contact.Email", "may not see .* Email",
                      FIELD % ("Contacts", SEE)),
    "Lead.Email": ("Lead.Email", "may not see .* Email",
                   FIELD % ("Leads", SEE)),
    "Opportunity.AccountId": ("Opportunity.AccountId", "may not see",
                              FIELD % ("Opportunities", SEE)),
    **{f"EmailMessage.{name}": (
        f"EmailMessage.{name}", "may not see", FIELD % ("Email Messages", SEE))
       for name in ("ActivityId", "MessageIdentifier", "Source")}}

# fields of Task and Event, read and written whatever is mapped
ALWAYS = {"Task": ("Description", "ActivityDate", "TaskSubtype", "WhoId",
                   "WhatId", "Type", "CallType", "CallDisposition"),
          "Event": ("WhoId", "WhatId")}
# by a mapping: the kind and its property
MAPPED = {
    "Task.Description": "task hs_task_body",
    "Task.ActivityDate": "task hs_timestamp",
    "Task.CallDisposition": "call hs_call_disposition",
    "Task.Seconds__c": "call hs_call_duration",
    "Event.Description": "meeting hs_meeting_body",
    "Event.Location": "meeting hs_meeting_location",
    "Event.StartDateTime": "meeting hs_meeting_start_time",
    "Event.EndDateTime": "meeting hs_meeting_end_time"}


def rows():
    """(service, what is taken, the line's name, detail, mend, state)."""
    for scope, (line, words, *state) in SCOPES.items():
        mend = (r"tick \S+: " if scope in ("crm.lists.read",)
                or line is None else "") + ".*" + SCOPE
        yield ("hubspot", scope, line or "hubspot scope " + scope, words, mend,
               *(state or ["wrong"]))
    for name, (line, words, mend, *state) in RIGHTS.items():
        yield ("salesforce", name, "salesforce " + line, words, mend,
               *(state or ["wrong"]))
    for kind, names in ALWAYS.items():
        for name in names:
            line = f"salesforce {kind}.{name}"
            yield ("salesforce", f"{kind}.{name}", line, "may not see the field"
                   f" .*{name}", FIELD % (kind + "s", EDIT), "wrong")
            yield ("salesforce", f"{kind}.{name}.edit", line, "may not edit the"
                   f" field .*{name}", FIELD % (kind + "s", EDIT), "wrong")
        yield ("salesforce", kind + ".AccountId", f"salesforce {kind}.AccountId",
               "may not see", FIELD % (kind + "s", SEE), "wrong")
    for field, line in MAPPED.items():
        kind, name = field.split(".")
        for edit, words in (("", f"no field {name} that crmpipe may see"),
                            (".edit", f"{name} in Salesforce is read-only")):
            yield ("salesforce", field + edit, "activity." + line, words,
                   FIELD % (kind + "s", EDIT), "wrong")


class Rights(Scenario):
    """An account that setup has made ready, and what is then taken away."""

    def lines(self, world, code):
        """What check says."""
        return json.loads(world.run("check", "--json", code=code).stdout)[
            "checks"]

    def green(self, world):
        """Nothing is wrong, and nothing lacks."""
        self.assertEqual([line for line in self.lines(world, 0)
                          if line["state"] != "ok"], [])

    def test_each_is_named_with_its_screen(self):
        world = self.world(sandbox=["--bare"], settings=SETTINGS)
        world.hubspot.load(lists=[{"listId": "7", "name": "Good"}])
        world.run("setup", "--yes")
        self.green(world)
        for service, name, line, words, mend, state in rows():
            with self.subTest(name):
                permit = getattr(world, service).call
                permit("/__sandbox/permissions", {name: False})
                found = self.lines(world, 78 if state == "wrong" else 0)
                permit("/__sandbox/permissions", {name: True})
                self.assertNotIn("away", [l["state"] for l in found])
                told = [l for l in found if l["name"] == line]
                self.assertEqual({l["state"] for l in told}, {state}, found)
                self.assertRegex(told[0]["detail"], words)
                self.assertRegex(told[0]["fix"], mend)
                self.green(world)


if __name__ == "__main__":
    unittest.main()
