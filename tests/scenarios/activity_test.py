"""Activity sync: tasks, e-mails, calls and meetings are the same on both sides."""
import unittest

from pair_case import BODY, KINDS, NATIVE, TITLE, Pairs


class Activity(Pairs):
    """What comes over, and which rules decide."""

    finds_leaks = True

    def test_created_in_hubspot(self):
        world, contact = self.pair_world()
        keys = {kind: world.load_engagements(kind, [contact], **{
            TITLE[kind]: f"From HubSpot {kind}",
            BODY[kind]: "<p>Grüße &amp; <b>more</b></p>"})[0]
                for kind in KINDS}
        summary = world.sync()
        self.assertEqual(summary["written"], len(KINDS), summary)
        for kind, key in keys.items():
            record = self.salesforce(world, kind, HubSpot_Id__c=key)
            self.assertEqual(record["Subject"], f"From HubSpot {kind}")
            self.assertEqual(record["Description"], "Grüße & more")
            self.assertEqual(record["WhoId"],
                             world.people[contact].salesforce_id)
        self.assertEqual(self.salesforce(
            world, "call", HubSpot_Id__c=keys["call"])["TaskSubtype"], "Call")
        self.is_quiet(world)

    def test_created_in_salesforce(self):
        world, contact = self.pair_world()
        for kind in KINDS:
            self.add_salesforce(world, kind, contact,
                                Subject=f"From Salesforce {kind}",
                                Description="Two\nlines & <more>")
        summary = world.sync()
        self.assertEqual(summary["written"], len(KINDS), summary)
        for kind in KINDS:
            record, = world.hubspot.dump(kind + "s")
            props = record["properties"]
            self.assertEqual(props[TITLE[kind]], f"From Salesforce {kind}")
            self.assertIn("&lt;more&gt;", props[BODY[kind]])
            self.assertEqual(record["associations"]["contacts"], [contact])
        call, = world.hubspot.dump("calls")
        self.assertEqual(call["properties"]["hs_call_duration"], "65000")
        self.is_quiet(world)

    def test_updated_on_either_side(self):
        world, contact = self.pair_world()
        for kind in KINDS:
            key, = world.load_engagements(kind, [contact],
                                          **{TITLE[kind]: "One"})
            world.sync()
            name = NATIVE[kind][0]
            record = self.salesforce(world, kind, HubSpot_Id__c=key)
            world.change(key, **{TITLE[kind]: "Two"})
            self.assertEqual(world.sync()["written"], 1)
            self.assertEqual(self.salesforce(
                world, kind, HubSpot_Id__c=key)["Subject"], "Two")
            world.salesforce.load(**{name: [{"Id": record["Id"],
                                             "Subject": "Three"}]})
            self.assertEqual(world.sync()["written"], 1)
            self.assertEqual(self.hubspot(world, kind, key.split(":")[-1])[
                TITLE[kind]], "Three")
            self.is_quiet(world)

    def test_both_changed_other_properties(self):
        world, contact = self.pair_world()
        key, = world.load_calls(contact, 1, hs_call_title="One")
        world.sync()
        record = self.salesforce(world, "call", HubSpot_Id__c=key)
        world.change(key, hs_call_body="<p>New body</p>")
        world.salesforce.load(Task=[{"Id": record["Id"], "Subject": "Two"}])
        world.sync()
        record = self.salesforce(world, "call", HubSpot_Id__c=key)
        self.assertEqual((record["Subject"], record["Description"]),
                         ("Two", "New body"))
        props = self.hubspot(world, "call", key.split(":")[-1])
        self.assertEqual(props["hs_call_title"], "Two")
        self.assertIn("New body", props["hs_call_body"])
        self.is_quiet(world)

    def test_both_changed_one_property(self):
        for prefer, wins in (("salesforce", "From there"),
                             ("hubspot", "From here")):
            world, contact = self.pair_world(prefer=prefer)
            key, = world.load_calls(contact, 1, hs_call_title="One")
            world.sync()
            record = self.salesforce(world, "call", HubSpot_Id__c=key)
            world.change(key, hs_call_title="From here")
            world.salesforce.load(Task=[{"Id": record["Id"],
                                         "Subject": "From there"}])
            self.assertEqual(world.sync()["conflicts"], 1)
            self.assertEqual(self.salesforce(
                world, "call", HubSpot_Id__c=key)["Subject"], wins)
            self.assertEqual(self.hubspot(world, "call", key.split(":")[-1])[
                "hs_call_title"], wins)
            self.is_quiet(world)

    def test_rules(self):
        world, contact = self.pair_world(created_in_hubspot="ignore",
                                         updated_in_salesforce="ignore")
        world.load_calls(contact, 1)
        self.figures(world.sync(), fetched=1,
                     dropped={"creation-ignored": 1})
        task = self.add_salesforce(world, "call", contact, Subject="One")
        world.sync()
        call = next(c for c in world.hubspot.dump("calls")
                    if c["properties"]["hs_call_title"] == "One")
        world.salesforce.load(Task=[{"Id": task, "Subject": "Two"}])
        self.assertEqual(world.sync()["written"], 0)
        world.change("hubspot:call:" + call["id"], hs_call_title="Three")
        self.assertEqual(world.sync()["written"], 1)
        self.assertEqual(self.salesforce(world, "call", Id=task)["Subject"],
                         "Three")

    def test_the_timeline_of_the_same_thing_is_silent(self):
        world, contact = self.pair_world()
        world.load_calls(contact, 1)
        note = world.load_activity("note", contact)
        self.assertEqual(world.sync()["written"], 2)
        self.assertEqual(len(world.salesforce.dump("Task")), 2)
        self.assertEqual(self.salesforce(
            world, "task", HubSpot_Id__c=note)["Subject"][:12], "HubSpot note")
        self.is_quiet(world)

    def test_who_is_not_tied(self):
        world, _ = self.pair_world()
        world.load_calls(world.untied_contact(), 1)
        world.salesforce.load(Task=[{"Subject": "Nobody",
                                     "TaskSubtype": "Call"}])
        self.figures(world.sync(), fetched=2, dropped={
            "contact-not-synced": 1, "no-contact": 1})


if __name__ == "__main__":
    unittest.main()
