"""Timeline sync: what happens in HubSpot becomes tasks in Salesforce, once."""
import json
import unittest

import harness
from harness import DAY_MS, KINDS, World, iso, now_ms

SUBJECTS = {
    "form_submission": "HubSpot form submission: Ask us",
    "marketing_email_sent": "HubSpot marketing email sent: News!",
    "marketing_email_opened": "HubSpot marketing email opened: News!",
    "marketing_email_clicked": "HubSpot marketing email clicked: News!",
    "sales_email_sent": "HubSpot sales email sent: Offer",
    "meeting": "HubSpot meeting: Meet", "call": "HubSpot call: Ring",
    "note": "HubSpot note: Noted", "task": "HubSpot task: Do",
    "integration_event": "HubSpot integration event: contract signed"}


class Timeline(unittest.TestCase):
    """Each test has a world of its own."""

    def world(self, **how):
        """A world with one contact that has been synced."""
        world = World(**how)
        self.addCleanup(world.close)
        return world

    def test_every_kind_arrives_once(self):
        world = self.world()
        contact = world.tied_contact()
        ones = {kind: world.load_kind(kind, contact) for kind in KINDS}
        summary = world.sync()
        self.assertEqual(summary["written"], 13, summary)
        self.assertEqual(summary["dropped"], {}, summary)
        for kind, one in ones.items():
            with self.subTest(kind):
                task = world.task(one)
                self.assertIsNotNone(task)
                self.assertTrue(task["WhoId"].startswith("003"))
                self.assertEqual(task["Status"], "Not Started"
                                 if kind == "task" else "Completed")
                if kind in SUBJECTS:
                    self.assertEqual(task["Subject"], SUBJECTS[kind])
        call = world.task(ones["call"])
        self.assertEqual((call["TaskSubtype"], call["CallType"],
                          call["CallDurationInSeconds"]),
                         ("Call", "Inbound", 61))
        again = world.sync()
        self.assertEqual((again["fetched"], again["written"]), (0, 0), again)
        self.assertEqual(len(world.tasks()), 13)

    def test_only_what_is_new_comes(self):
        world = self.world()
        contact = world.tied_contact()
        world.load_calls(contact, 3)
        self.assertEqual(world.sync()["written"], 3)
        world.load_calls(contact, 2)
        second = world.sync()
        self.assertEqual((second["fetched"], second["written"]), (2, 2))
        self.assertEqual(len(world.tasks()), 5)

    def test_nothing_from_before_but_the_look_back(self):
        world = self.world()
        contact = world.contact()
        now = now_ms()
        kept = [world.load_kind("form_submission", contact, now - 300 * DAY_MS),
                world.load_kind("marketing_email_sent", contact,
                                now - 29 * DAY_MS)]
        old = [world.load_kind("form_submission", contact, now - 366 * DAY_MS),
               world.load_kind("marketing_email_opened", contact,
                               now - 31 * DAY_MS),
               world.load_kind("call", contact, now - 1000)]
        first = world.sync()
        self.assertEqual(first["written"], 0, first)
        self.assertEqual(first["dropped"].get("contact-not-synced"), 1, first)
        world.salesforce.load(Contact=[{"Id": "003000000099999",
                                        "LastName": "Late"}])
        world.hubspot.load(contacts=[{"id": contact, "properties": {
            "salesforcecontactid": "003000000099999"}}])
        second = world.sync()
        self.assertEqual(second["written"], 2, second)
        for one in kept:
            self.assertIsNotNone(world.task(one))
        for one in old:
            self.assertIsNone(world.task(one))

    def test_before_the_contacts_sync(self):
        world = self.world()
        contact = world.tied_contact()
        one = world.load_kind("note", contact, now_ms() - DAY_MS)
        self.assertEqual(world.sync()["dropped"], {"before-contact-sync": 1})
        done = world.run("explain", one)
        self.assertIn("before its contact's sync", done.stdout)
        self.assertEqual(json.loads(world.run("explain", one, "--json").stdout)
                         ["records"][0]["versions"][0]["reason"],
                         "before-contact-sync")

    def test_a_kind_that_is_off(self):
        world = self.world(settings={"timeline.note": {"sync": "off"}})
        contact = world.tied_contact()
        world.load_kind("note", contact)
        world.load_kind("call", contact)
        summary = world.sync()
        self.assertEqual(summary["dropped"], {"kind-off": 1})
        self.assertEqual(summary["written"], 1)

    def test_by_e_mail_several_people_are_nobody(self):
        world = self.world(settings={"contacts": {"match": "email"}})
        one, two, none = (world.contact() for _ in range(3))
        world.salesforce.load(
            Contact=[{"LastName": "A", "Email": world.email_of(one)},
                     {"LastName": "B", "Email": world.email_of(two)}],
            Lead=[{"LastName": "C", "Company": "X",
                   "Email": world.email_of(two)}])
        world.sync()
        ones = [world.load_kind("call", c) for c in (one, two, none)]
        summary = world.sync()
        self.assertEqual(summary["dropped"], {"contact-ambiguous": 1,
                                              "contact-not-synced": 1})
        self.assertIsNotNone(world.task(ones[0]))

    def test_a_lead_and_what_it_became(self):
        world = self.world()
        lead = world.tied_contact(kind="Lead", sync=False)
        world.hubspot.load(companies=[{"id": "77", "properties": {
            "salesforceaccountid": "001000000000077"}}])
        world.salesforce.load(Account=[{"Id": "001000000000077", "Name": "A"}])
        world.sync()
        world.hubspot.load(calls=[{
            "id": "1", "properties": {"hs_timestamp": iso(now_ms())},
            "associations": {"contacts": [lead], "companies": ["77"]}}])
        self.assertEqual(world.sync()["written"], 1)
        task = world.task("1")
        self.assertTrue(task["WhoId"].startswith("00Q"))
        self.assertIsNone(task["WhatId"])
        world.salesforce.load(Contact=[{"Id": "003000000000088",
                                        "LastName": "Now",
                                        "AccountId": "001000000000077"}],
                              Lead=[{"Id": task["WhoId"], "IsConverted": True,
                                     "ConvertedContactId": "003000000000088"}])
        world.hubspot.load(calls=[{
            "id": "2", "properties": {"hs_timestamp": iso(now_ms())},
            "associations": {"contacts": [lead], "companies": ["77"]}}])
        self.assertEqual(world.sync()["written"], 1)
        task = world.task("2")
        self.assertTrue(task["WhoId"].startswith("003000000000088"))
        self.assertTrue(task["WhatId"].startswith("001000000000077"))

    def test_an_edit_changes_the_one_task(self):
        world = self.world()
        one = world.load_calls(world.tied_contact())[0]
        world.sync()
        world.hubspot.load(calls=[{"id": one, "properties": {
            "hs_call_title": "New title"}}])
        self.assertEqual(world.sync()["written"], 1)
        self.assertEqual(world.task(one)["Subject"], "HubSpot call: New title")
        world.hubspot.load(calls=[{"id": one, "properties": {
            "hs_call_title": "New title"}}])
        self.assertEqual(world.sync()["unchanged"], 1)
        self.assertEqual(len(world.tasks()), 1)

    def test_each_open_is_a_task_unless_deduplicated(self):
        for on, wanted in (("off", 3), ("on", 1)):
            with self.subTest(deduplicate=on):
                world = self.world(settings={
                    "timeline.marketing_email_opened": {"deduplicate": on}})
                contact = world.tied_contact()
                for _ in range(3):
                    world.load_kind("marketing_email_opened", contact)
                self.assertEqual(world.sync()["written"], wanted)
                self.assertEqual(len(world.tasks()), wanted)

    def test_long_texts_and_templates(self):
        world = self.world(settings={
            "timeline.note": {"subject": "Note! {preview}",
                              "task_type": "Other"}})
        contact = world.tied_contact()
        one = world.load_kind("note", contact,
                              hs_note_body="<p>" + "Grüße " * 9000 + "</p>")
        self.assertEqual(world.sync()["written"], 1)
        task = world.task(one)
        self.assertTrue(task["Subject"].startswith("Note! Grüße"))
        self.assertEqual(task["Type"], "Other")
        self.assertLessEqual(len(task["Description"]), 32000)
        self.assertIn("cut here", task["Description"])
        self.assertTrue(task["Description"].endswith(f"[crmpipe hubspot:note:{one}]"))

    def test_a_dry_run_writes_nothing(self):
        world = self.world()
        one = world.load_calls(world.tied_contact())[0]
        done = world.run("sync", "--dry-run")
        self.assertIn(f"hubspot:call:{one}", done.stdout)
        self.assertEqual(world.tasks(), {})
        self.assertEqual(world.sync()["written"], 1)

    def test_two_configs_side_by_side(self):
        world = self.world()
        contact = world.tied_contact()
        other = world.dir + "/other.conf"
        world.write_conf("[state]\nurl = sqlite:other/state.db\n", path=other)
        world.sync(conf=other)
        world.load_calls(contact, 2)
        world.start()
        self.assertEqual(world.sync(conf=other)["fetched"], 2)
        harness.wait_for(lambda: len(world.tasks()) == 2, "the other chain")
        self.assertEqual(len(world.tasks()), 2)


if __name__ == "__main__":
    unittest.main()
