"""What a task looks like in Salesforce."""
import datetime
import unittest
import zoneinfo

from harness import DAY_MS, KINDS, iso, now_ms
from records import HOUR_MS, Scenario

SUBJECTS = {
    "form_submission": "form submission: Contact us",
    "marketing_email_sent": "marketing email sent: Spring news",
    "marketing_email_opened": "marketing email opened: Spring news",
    "marketing_email_clicked": "marketing email clicked: Spring news",
    "sales_email_sent": "sales email sent: An offer",
    "sales_email_opened": "sales email opened: An offer",
    "sales_email_clicked": "sales email clicked: An offer",
    "meeting": "meeting: Kick-off",
    "call": "call: Quarterly",
    "note": "note: Likes tea",
    "sales_content_viewed": "document viewed: Price list",
    "task": "task: Send it",
    "integration_event": "integration event: contract signed"}

UTC = {"salesforce": {"time_zone": "UTC"}}


def units(text):
    """As Salesforce counts characters: UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def day(ms, zone="UTC"):
    """The date in a zone."""
    at = datetime.datetime.fromtimestamp(ms / 1000, zoneinfo.ZoneInfo(zone))
    return at.date().isoformat()


class Tasks(Scenario):
    """Each kind's task."""

    def test_all_thirteen_kinds(self):
        world = self.world(settings=UTC)
        contact = world.tied_contact()
        at = now_ms()
        keys = {k: world.load_activity(k, contact, at) for k in KINDS}
        self.figures(world.sync(), fetched=13, written=13)
        tasks = world.tasks()
        self.assertEqual(sorted(tasks), sorted(keys.values()))
        for kind, key in keys.items():
            with self.subTest(kind):
                task = tasks[key]
                self.assertEqual(
                    {name: task[name] for name in (
                        "Subject", "Status", "Type", "WhoId", "ActivityDate",
                        "Priority", "TaskSubtype", "WhatId")},
                    {"Subject": "HubSpot " + SUBJECTS[kind],
                     "Status": "Not Started" if kind == "task"
                     else "Completed",
                     "Type": None, "ActivityDate": day(at), "WhatId": None,
                     "WhoId": world.people[contact].salesforce_id,
                     "Priority": "High" if kind == "task" else "Normal",
                     "TaskSubtype": {"call": "Call",
                                     "sales_email_sent": "Email"}.get(
                                         kind, "Task")})
                self.assertTrue(task["Description"].endswith(
                    f"[crmpipe {key}]"), task["Description"])
        self.figures(world.sync())
        self.assertEqual(world.tasks(), tasks)

    def test_a_call(self):
        world = self.world()
        key, = world.load_calls(
            world.tied_contact(), 1, hs_call_direction="INBOUND",
            hs_call_duration="90499", hs_call_body="<p>Gr&uuml;&szlig;e</p>"
            "<ul><li>one</li></ul><script>x()</script>",
            hs_call_disposition="f240bbac-87c9-4f6e-bf70-924b57d47db7")
        world.sync()
        task = world.tasks()[key]
        self.assertEqual((task["CallType"], task["CallDurationInSeconds"],
                          task["CallDisposition"]),
                         ("Inbound", 90, "Connected"))
        self.assertIn("Grüße", task["Description"])
        for markup in ("<p>", "&uuml;", "x()"):
            self.assertNotIn(markup, task["Description"])

    def test_a_meeting_to_come_and_a_done_task(self):
        world = self.world(settings=UTC)
        contact, later = world.tied_contact(), now_ms() + 9 * DAY_MS
        meeting = world.load_activity("meeting", contact, later,
                                      hs_meeting_outcome="SCHEDULED")
        task = world.load_activity(
            "task", contact, hs_task_status="COMPLETED",
            hs_timestamp=iso(later), hs_task_priority="LOW")
        world.sync()
        tasks = world.tasks()
        self.assertEqual([(tasks[k]["Status"], tasks[k]["ActivityDate"])
                          for k in (meeting, task)],
                         [("Not Started", day(later)),
                          ("Completed", day(later))])
        self.assertEqual(tasks[task]["Priority"], "Low")

    def test_the_day_is_that_of_the_org_or_the_config(self):
        for name in ("Pacific/Kiritimati", "Etc/GMT+12", "auto"):
            with self.subTest(name):
                world = self.world(settings={
                    "salesforce": {"time_zone": name}})
                at = now_ms()
                key, = world.load_engagements(
                    "call", [world.tied_contact()], at=at + 5 * HOUR_MS)
                world.sync()
                org, = world.salesforce.dump("Organization")
                zone = org["TimeZoneSidKey"] if name == "auto" else name
                self.assertEqual(world.tasks()[key]["ActivityDate"],
                                 day(at + 5 * HOUR_MS, zone))

    def test_lead_account_and_conversion(self):
        world = self.world()
        world.salesforce.load(Account=[{"Name": "Corp"}])
        account = world.salesforce.dump("Account")[-1]["Id"]
        company = world.company(salesforceaccountid=account)
        lead, contact = world.tied_lead(sync=False), world.tied_contact()
        key = {c: world.load_engagements("call", [c], companies=[company])[0]
               for c in (lead, contact)}
        world.sync()
        tasks = world.tasks()
        lead_id, contact_id = (world.people[c].salesforce_id
                               for c in (lead, contact))
        self.assertEqual((tasks[key[lead]]["WhoId"],
                          tasks[key[lead]]["WhatId"]), (lead_id, None))
        self.assertEqual((tasks[key[contact]]["WhoId"],
                          tasks[key[contact]]["WhatId"]),
                         (contact_id, account))
        world.salesforce.load(Lead=[{
            "Id": lead_id, "IsConverted": True,
            "ConvertedContactId": contact_id}])
        later, = world.load_calls(lead, 1)
        self.figures(world.sync(), fetched=1, written=1)
        self.assertEqual(world.tasks()[later]["WhoId"], contact_id)

    def test_each_open_is_a_task_of_its_own(self):
        world = self.world()
        contact = world.tied_contact()
        keys = [world.load_activity(kind, contact, now_ms() + n)
                for kind in ("marketing_email_opened", "sales_email_opened",
                             "sales_email_clicked") for n in range(3)]
        self.figures(world.sync(), fetched=9, written=9)
        self.assertEqual(sorted(world.tasks()), sorted(keys))

    def test_deduplicate_keeps_the_first(self):
        on = {"deduplicate": "on"}
        world = self.world(settings={"timeline.marketing_email_opened": on,
                                     "timeline.sales_email_opened": on})
        contact, other = world.tied_contact(sync=False), world.tied_contact()
        for n in range(3):
            for kind in ("marketing_email_opened", "sales_email_opened"):
                world.load_activity(kind, contact, now_ms() + n)
        world.load_activity("sales_email_opened", other)
        self.figures(world.sync(), fetched=7, written=3,
                     dropped={"duplicate": 4})
        world.load_activity("sales_email_opened", contact)
        world.load_activity("sales_email_opened", contact, hs_email_id="9")
        self.figures(world.sync(), fetched=2, written=1,
                     dropped={"duplicate": 1})
        self.assertEqual(len(world.tasks()), 4)

    def test_a_forwarded_mails_open_is_the_first_recipients(self):
        world = self.world()
        first, other = world.tied_contact(sync=False), world.tied_contact()
        key = world.load_activity(
            "sales_email_opened", other,
            hs_recipient=world.people[first].email.upper())
        world.sync()
        self.assertEqual(world.tasks()[key]["WhoId"],
                         world.people[first].salesforce_id)

    def test_long_texts_are_cut(self):
        world = self.world()
        contact = world.tied_contact()
        bodies = ("x" * 40_000, "😀" * 20_000, "<p>word</p>" * 5_900)
        keys = [world.load_calls(contact, 1, hs_call_body=body)[0]
                for body in bodies]
        title, = world.load_calls(contact, 1, hs_call_title="T😀" * 150)
        self.figures(world.sync(), fetched=4, written=4)
        tasks = world.tasks()
        for key in keys:
            text = tasks[key]["Description"]
            self.assertLessEqual(units(text), 32_000)
            self.assertIn("[cut here", text)
            self.assertTrue(text.endswith(f"[crmpipe {key}]"), text[-200:])
        self.assertGreater(units(tasks[keys[0]]["Description"]), 31_900)
        self.assertLessEqual(units(tasks[title]["Subject"]), 255)
        self.assertTrue(tasks[title]["Subject"].endswith("…"))
        self.figures(world.sync())

    def test_task_type_and_templates(self):
        world = self.world(settings={
            "timeline.call": {
                "task_type": "Call", "subject": "{direction}: {title} {{x}}",
                "description": "Said:\n  {body}\n  -- {owner_name}"},
            "timeline.form_submission": {"subject": "From {fields.city}",
                                         "description": ""}})
        world.hubspot.load(owners=[{
            "id": "900", "email": "olga@example.com", "firstName": "Olga",
            "lastName": "Owner"}])
        contact = world.tied_contact()
        call, = world.load_calls(contact, 1, hubspot_owner_id="900")
        form = world.load_activity("form_submission", contact)
        world.sync()
        tasks = world.tasks()
        self.assertEqual((tasks[call]["Type"], tasks[call]["Subject"]),
                         ("Call", "outbound: Quarterly {x}"))
        self.assertEqual(tasks[call]["Description"].splitlines()[:3],
                         ["Said:", "Hi", "-- Olga Owner"])
        self.assertEqual((tasks[form]["Type"], tasks[form]["Subject"]),
                         (None, "From Bonn"))
        self.assertEqual(tasks[form]["Description"], f"[crmpipe {form}]")


if __name__ == "__main__":
    unittest.main()
