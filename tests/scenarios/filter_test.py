"""Filters: `only` chooses which records of a kind come over."""
import json
import unittest

from pair_case import TITLE, Pairs

OWNERS = [{"id": "51", "email": "ann@example.com", "firstName": "Ann"},
          {"id": "52", "email": "bob@example.com", "firstName": "Bob"}]
USER = "005000000000077"


class Filter(Pairs):
    """A World with `only` in the sections of some kinds."""

    def filtered(self, activity=(), **only):
        """Its World; `activity`: kinds that are kept equal, the others are
        of the timeline. `only` is {KIND: TEXT}."""
        world = self.world(settings={
            "salesforce": {"time_zone": "Europe/Berlin"},
            **{f"activity.{k}": {"sync": "on"} for k in activity},
            **{("activity." if k in activity else "timeline.") + k:
               {"only": text} | ({"sync": "on"} if k in activity else {})
               for k, text in only.items()}})
        world.hubspot.load(owners=OWNERS)
        return world

    def reason(self, world, key):
        """The last outcome of a record, as explain has it."""
        told = json.loads(world.run("explain", key, "--json").stdout)
        text = json.dumps(told)
        self.assertIn('"filtered"', text)
        return text


class Timeline(Filter):
    """One way."""

    def test_owner_subject_and_company(self):
        world = self.filtered(
            call='owner:ann@example.com|52 subject:*DEMO* company:yes')
        contact, company = world.tied_contact(), world.company()
        good = [world.load_engagements(
            "call", [contact], companies=[company], hs_call_title=title,
            hubspot_owner_id=owner)[0]
                for title, owner in (("A demo", "51"), ("Demo!", "52"))]
        bad = {key: term for term, props, companies in (
            ("owner:ann@example.com|52", {}, [company]),
            ("subject:*DEMO*", {"hubspot_owner_id": "51",
                                "hs_call_title": "A tour"}, [company]),
            ("company:yes", {"hubspot_owner_id": "51"}, []))
               for key in world.load_engagements(
                   "call", [contact], companies=companies,
                   **{"hs_call_title": "A demo", **props})}
        self.figures(world.sync(), fetched=5, written=2,
                     dropped={"filtered": 3})
        self.assertEqual(set(world.tasks()), set(good))
        for key, term in bad.items():
            self.assertIn(json.dumps(term), self.reason(world, key))

    def test_contact_and_type(self):
        world = self.filtered(
            form_submission="contact:*@corp.example type:lead",
            marketing_email_opened='type:contact contact:"*@corp.example"')
        contact = world.tied_contact(email="joe@corp.example")
        lead = world.tied_lead(email="Sue@Corp.example")
        other = world.tied_lead(email="sue@else.example")
        came = [world.load_activity("form_submission", lead),
                world.load_activity("marketing_email_opened", contact)]
        for who in (contact, other):
            world.load_activity("form_submission", who)
        for who in (lead, other):
            world.load_activity("marketing_email_opened", who)
        self.figures(world.sync(), fetched=6, written=2,
                     dropped={"filtered": 4})
        self.assertEqual(set(world.tasks()), set(came))

    def test_what_has_come_over_goes_on(self):
        world = self.filtered(call="owner:ann@example.com")
        contact = world.tied_contact()
        key, = world.load_calls(contact, 1, hubspot_owner_id="51",
                                hs_call_title="One")
        late, = world.load_calls(contact, 1, hubspot_owner_id="52")
        self.figures(world.sync(), fetched=2, written=1,
                     dropped={"filtered": 1})
        world.change(key, hubspot_owner_id="52", hs_call_title="Two")
        world.change(late, hubspot_owner_id="51")
        self.figures(world.sync(), fetched=2, written=2)
        self.assertEqual(set(world.tasks()), {key, late})
        self.assertIn("Two", world.tasks()[key]["Subject"])


class Equal(Filter):
    """Both ways."""

    def test_from_hubspot(self):
        world = self.filtered(("call", "meeting"), call="owner:ann@example.com",
                              meeting="subject:\"*kick off*\"")
        contact = world.tied_contact()
        call, = world.load_calls(contact, 1, hubspot_owner_id="51")
        meeting, = world.load_engagements("meeting", [contact],
                                          hs_meeting_title="The Kick off")
        world.load_calls(contact, 2, hubspot_owner_id="52")
        world.load_engagements("meeting", [contact],
                               hs_meeting_title="Kick-off")
        summary = world.sync()
        self.assertEqual((summary["written"], summary["dropped"]),
                         (2, {"filtered": 3}), summary["log"][-4000:])
        self.salesforce(world, "call", HubSpot_Id__c=call)
        self.salesforce(world, "meeting", HubSpot_Id__c=meeting)
        self.is_quiet(world)

    def test_from_salesforce(self):
        world = self.filtered(("call", "task", "email"),
                              call="owner:*@sales.example",
                              task=f"owner:{USER}", email="company:yes")
        contact = world.tied_contact()
        world.salesforce.load(
            User=[{"Id": USER, "Username": "ann@sales.example",
                   "Email": "Ann@Sales.example", "LastName": "Ann",
                   "IsActive": True, "UserType": "Standard"}],
            Account=[{"Id": "001000000000009", "Name": "Corp"}])
        for kind in ("call", "task"):
            self.add_salesforce(world, kind, contact, Subject="Hers",
                                OwnerId=USER)
            self.add_salesforce(world, kind, contact, Subject="Ours")
        self.add_salesforce(world, "email", contact, Subject="Hers",
                            WhatId="001000000000009")
        self.add_salesforce(world, "email", contact, Subject="Ours")
        summary = world.sync()
        self.assertEqual((summary["written"], summary["dropped"]),
                         (3, {"filtered": 3}), summary["log"][-4000:])
        for kind in ("call", "task", "email"):
            record, = world.hubspot.dump(kind + "s")
            self.assertEqual(record["properties"][TITLE[kind]], "Hers")
        self.is_quiet(world)

    def test_a_pair_goes_on(self):
        world = self.filtered(("call",), call="subject:*demo*")
        contact = world.tied_contact()
        key, = world.load_calls(contact, 1, hs_call_title="A demo")
        self.assertEqual(world.sync()["written"], 1)
        task = self.salesforce(world, "call", HubSpot_Id__c=key)["Id"]
        world.change(key, hs_call_title="A tour")
        self.assertEqual(world.sync()["written"], 1)
        self.assertEqual(self.salesforce(world, "call", Id=task)["Subject"],
                         "A tour")
        world.salesforce.load(Task=[{"Id": task, "Subject": "A visit"}])
        self.assertEqual(world.sync()["written"], 1)
        self.assertEqual(self.hubspot(world, "call", key.split(":")[-1])[
            "hs_call_title"], "A visit")
        self.is_quiet(world)

    def test_it_comes_over_when_it_is_chosen(self):
        world = self.filtered(("task",), task="subject:*demo*")
        contact = world.tied_contact()
        key, = world.load_engagements("task", [contact])
        self.figures(world.sync(), fetched=1, dropped={"filtered": 1})
        world.change(key, hs_task_subject="A demo")
        self.assertEqual(world.sync()["written"], 1)
        self.salesforce(world, "task", Subject="A demo")
        self.is_quiet(world)

    def test_a_deletion_is_never_filtered(self):
        world = self.filtered(("call",), call="owner:51")
        contact = world.tied_contact()
        task = self.add_salesforce(world, "call", contact, Subject="A call")
        self.figures(world.sync(), fetched=1, dropped={"filtered": 1})
        world.salesforce.load(Task=[{"Id": task, "IsDeleted": True}])
        self.figures(world.sync(), fetched=1, dropped={"not-linked": 1})


class Config(Filter):
    """What is wrong is told at once."""

    def test_a_bad_term(self):
        world = self.filtered(call="subject:a demo")
        for words in (("check",), ("sync", "--json")):
            done = world.run(*words, code=78)
            told = done.stdout + done.stderr
            self.assertIn("pipeline.conf:", told)
            self.assertIn('only: "demo" is no term', told)


if __name__ == "__main__":
    unittest.main()
