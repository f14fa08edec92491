"""In scope, or why not: the window, the ties, the kinds, and explain."""
import json
import re
import unittest

from harness import DAY_MS, KINDS, now_ms
from records import HOUR_MS, Scenario

# records that are no activity of ours: kind, properties, why
NOT_OURS = (
    ("sales_email_sent", {"hs_email_direction": "INCOMING_EMAIL"},
     "incoming-email"),
    ("sales_email_sent", {"hs_email_direction": "DRAFT_EMAIL"}, "not-sent"),
    ("sales_email_sent", {"hs_email_status": "FAILED"}, "not-sent"),
    ("marketing_email_opened", {"filteredEvent": True}, "filtered-event"),
    ("marketing_email_sent", {"obsoletedBy": {"id": "m-0", "created": 1}},
     "obsoleted"))


class Scope(Scenario):
    """One rule a test."""

    def test_before_contact_sync(self):
        world = self.world()
        contact = world.tied_contact(sync=False)
        for kind in KINDS:
            if not re.match("marketing|form|.*_(opened|clicked|viewed)|int",
                            kind):
                world.load_activity(kind, contact)
        self.figures(world.sync(), fetched=5,
                     dropped={"before-contact-sync": 5})
        self.assertEqual(world.tasks(), {})

    def test_a_new_contacts_look_back(self):
        world = self.world()
        contact, now = world.untied_contact(), now_ms()
        reach = dict.fromkeys([k for k in KINDS if "marketing" in k], 30)
        reach["form_submission"] = 365
        young = {world.load_activity(k, contact, now - d * DAY_MS + HOUR_MS)
                 for k, d in reach.items()}
        for kind, days in reach.items():
            world.load_activity(kind, contact, now - days * DAY_MS - HOUR_MS)
        world.sync()
        self.assertEqual(world.tasks(), {})
        tied = world.tied_contact(sync=False)
        world.hubspot.load(contacts=[{"id": contact, "properties": {
            "salesforcecontactid": world.people[tied].salesforce_id}}])
        summary = world.sync()
        self.assertEqual(world.tasks().keys(), young, summary["log"])
        self.assertEqual({t["WhoId"] for t in world.tasks().values()},
                         {world.people[tied].salesforce_id})
        self.assertEqual(world.sync()["written"], 0)

    def test_the_look_back_is_a_setting(self):
        world = self.world(settings={
            "timeline.form_submission": {"lookback": "10d"},
            "timeline.marketing_email_sent": {"lookback": "60d"}})
        contact, now = world.tied_contact(sync=False), now_ms()
        world.load_activity("form_submission", contact, now - 11 * DAY_MS)
        keys = [world.load_activity("form_submission", contact,
                                    now - 9 * DAY_MS),
                world.load_activity("marketing_email_sent", contact,
                                    now - 59 * DAY_MS)]
        world.sync()
        self.assertEqual(sorted(world.tasks()), sorted(keys))

    def test_many_new_contacts_at_once(self):
        world = self.world()
        contacts = [world.tied_contact(sync=False) for _ in range(40)]
        at = now_ms() - 9 * DAY_MS
        who = {world.load_activity(kind, c, at): world.people[c].salesforce_id
               for c in contacts
               for kind in ("form_submission", "marketing_email_clicked")}
        world.sync()
        self.assertEqual({k: t["WhoId"] for k, t in world.tasks().items()},
                         who)

    def test_a_kind_that_is_off(self):
        world = self.world(settings={"timeline.call": {"sync": "off"}})
        contact = world.tied_contact()
        note = world.load_activity("note", contact)
        call, = world.load_calls(contact, 1)
        self.figures(world.sync(), fetched=2, written=1,
                     dropped={"kind-off": 1})
        self.assertEqual(list(world.tasks()), [note])
        world.write_conf()  # switched on: imports nothing ...
        self.figures(world.sync())
        world.change(call, hs_call_title="Changed")  # ... but what changes
        self.figures(world.sync(), fetched=1, written=1)
        self.assertIn(call, world.tasks())

    def test_contact_that_is_not_synced(self):
        world = self.world()
        contact = world.untied_contact()
        tied = world.tied_contact()
        call, = world.load_calls(contact, 1)
        world.load_engagements("note", [])
        self.figures(world.sync(), fetched=2, dropped={
            "contact-not-synced": 1, "no-contact": 1})
        world.hubspot.load(contacts=[{"id": contact, "properties": {
            "salesforcecontactid": world.people[tied].salesforce_id}}])
        world.sync()
        world.change(call, hs_call_title="Changed")
        self.figures(world.sync(), fetched=1,
                     dropped={"before-contact-sync": 1})
        later, = world.load_calls(contact, 1)
        world.sync()
        self.assertEqual(list(world.tasks()), [later])

    def test_who_is_tied_to_nobody_is_not_asked_for_at_each_poll(self):
        """The newest record comes with each poll, however old it is."""
        world = self.world()
        world.load_calls(world.untied_contact(), 1)

        def asked():
            before = self.n_associations(world)
            world.sync()
            return self.n_associations(world) - before
        self.assertEqual(asked(), 2)
        self.assertEqual(asked(), 2)  # within the overlap
        world.hubspot.call("/__sandbox/clock", {"advance": "10m"})
        asked()
        self.assertEqual(asked(), 0)
        world.hubspot.call("/__sandbox/clock", {"advance": "1h"})
        self.assertEqual(asked(), 2)  # a second look
        asked()
        self.assertEqual(asked(), 0)

    def n_associations(self, world):
        """How often it was asked what hangs on what."""
        return sum(c["n"] for c in world.hubspot.calls()["calls"]
                   if "/associations/" in c["path"])

    def test_match_by_email(self):
        world = self.world(settings={"contacts": {"match": "email"}})
        world.salesforce.load(
            Contact=[{"LastName": "One", "Email": "Only@Example.com"},
                     {"LastName": "Two", "Email": "twin@example.com"},
                     {"LastName": "Three", "Email": "twin@example.com"}])
        only = world.untied_contact(email="only@example.com")
        twin = world.untied_contact(email="twin@example.com")
        world.sync()
        key, = world.load_calls(only, 1)
        world.load_calls(twin, 1)
        self.figures(world.sync(), fetched=2, written=1,
                     dropped={"contact-ambiguous": 1})
        who = world.tasks()[key]["WhoId"]
        self.assertEqual([r["LastName"] for r in
                          world.salesforce.dump("Contact")
                          if r["Id"] == who], ["One"])

    def test_records_that_are_no_activity(self):
        world = self.world()
        contact, want = world.tied_contact(), {}
        for kind, more, why in NOT_OURS:
            world.load_activity(kind, contact, **more)
            want[why] = want.get(why, 0) + 1
        self.figures(world.sync(), fetched=len(NOT_OURS), dropped=want)
        self.assertEqual(world.tasks(), {})

    def test_a_call_of_several_contacts(self):
        world = self.world()
        untied, tied = world.untied_contact(), world.tied_contact()
        key, = world.load_engagements("call", [untied, tied])
        self.figures(world.sync(), fetched=1, written=1)
        self.assertEqual(world.tasks()[key]["WhoId"],
                         world.people[tied].salesforce_id)

    def test_explain_of_repeats(self):
        world = self.world(settings={"timeline.marketing_email_opened": {
            "deduplicate": "on"}})
        contact = world.tied_contact()
        opens = [world.load_activity("marketing_email_opened", contact, at)
                 for at in range(now_ms() - 3000, now_ms() - 500, 1000)]
        self.figures(world.sync(), fetched=len(opens), written=1,
                     dropped={"duplicate": len(opens) - 1})
        task, = world.tasks().values()
        for key in opens:
            found = json.loads(world.run("explain", key, "--json").stdout)
            record, = found["records"]
            self.assertEqual(record["key"], key)
            self.assertEqual(record["link"]["target"],
                             "salesforce:Task:" + task["Id"])

    def test_explain(self):
        world = self.world(settings={"timeline.note": {"sync": "off"}})
        contact = world.tied_contact()
        call, = world.load_calls(contact, 1)
        note = world.load_activity("note", contact)
        world.sync()
        said = world.run("explain", call).stdout
        self.assertRegex(said,
                         "(?s)it was written.*" + world.tasks()[call]["Id"])
        for name in (note, note.split(":")[-1]):
            said = world.run("explain", name).stdout
            self.assertRegex(said, "(?s)kind-off.*switched off")
        found = json.loads(world.run("explain", note, "--json").stdout)
        version, = found["records"][0]["versions"]
        self.assertEqual((version["outcome"], version["reason"],
                          version["stage"]),
                         ("dropped", "kind-off", "window-filter"))
        said = world.run("explain", world.people[contact].email).stdout
        self.assertIn(world.people[contact].salesforce_id, said)
        said = world.run("explain", "hubspot:call:4711", code=1).stdout
        self.assertIn("Nothing is known", said)


if __name__ == "__main__":
    unittest.main()
