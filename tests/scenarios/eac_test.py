"""What Einstein Activity Capture has made in Salesforce: left alone, or kept
equal, and never doubled with what HubSpot has logged of the same mail."""
import unittest

from pair_case import Pairs
from harness import iso, now_ms

CAPTURED = "Einstein Activity Capture"
MINUTE_MS = 60_000


class Eac(Pairs):
    """A World with activity sync on, and a tied contact."""

    def eac_world(self, eac="sync", lag="0s", **salesforce):
        """`lag`: of HubSpot's searches, as the config has it."""
        world = self.world(settings=self.rules(eac, lag, **salesforce))
        return world, world.tied_contact()

    def rules(self, eac, lag="0s", **salesforce):
        """The settings of such a World."""
        return {"hubspot": {"search_lag": lag},
                "salesforce": {"time_zone": "Europe/Berlin", "eac": eac,
                               **salesforce},
                **{f"activity.{k}": {"sync": "on"}
                   for k in ("email", "meeting")}}

    def capture(self, world, contact, source=CAPTURED, **fields):
        """Salesforce captures a mail to the contact; the id of its Task."""
        subject = fields.setdefault("Subject", f"Mail {world.number()}")
        world.salesforce.load(EmailMessage=[{
            "Status": "3", "TextBody": "Dear all", "MessageDate": iso(now_ms()),
            "ToAddress": world.people[contact].email, "Source": source,
            **fields}])
        return self.salesforce(world, "email", Subject=subject)["Id"]

    def logged(self, world, contact, uid, **props):
        """HubSpot logs a mail; its key."""
        return world.load_engagements("email", [contact], **{
            "hs_email_message_id": uid, **props})[0]

    def outcome(self, world, want, **figures):
        """One pass ends so: reasons of what was dropped, and what was
        written."""
        summary = world.sync()
        self.assertEqual((summary["dropped"], summary["dead"]), (want, 0),
                         summary["log"][-4000:])
        for name, n in figures.items():
            self.assertEqual(summary[name], n, summary["log"][-4000:])

    def is_one_pair(self, world):
        """One mail here, one there, and all is quiet."""
        self.assertEqual(len(world.hubspot.dump("emails")), 1)
        self.assertEqual(len([t for t in world.salesforce.dump("Task")
                              if t["TaskSubtype"] == "Email"]), 1)
        self.is_quiet(world)


class Skip(Eac):
    """eac = skip."""

    def test_captured_mail_stays_where_it_is(self):
        world, contact = self.eac_world("skip")
        for source in (CAPTURED, CAPTURED + " Limited",
                       "Migrated Captured Email",
                       "Migrated Captured Email Header Only"):
            self.capture(world, contact, source)
        self.outcome(world, {"eac": 4}, written=0)
        self.assertEqual(world.hubspot.dump("emails"), [])

    def test_it_is_the_default(self):
        world = self.world(settings={"activity.email": {"sync": "on"}})
        self.capture(world, world.tied_contact())
        self.outcome(world, {"eac": 1}, written=0)

    def test_what_a_user_has_logged_comes(self):
        world, contact = self.eac_world("skip")
        self.capture(world, contact, "Email Integration App Manual")
        self.add_salesforce(world, "email", contact, Subject="By hand")
        self.outcome(world, {}, written=2)

    def test_an_org_without_email_messages(self):
        world, contact = self.eac_world("skip")
        world.salesforce.fault({
            "method": "GET", "path": "/services/data/{v}/query", "times": 100,
            "action": "status", "status": 400, "body": [{
                "errorCode": "INVALID_TYPE", "message":
                "sObject type 'EmailMessage' is not supported."}]})
        self.add_salesforce(world, "email", contact, Subject="By hand")
        self.outcome(world, {}, written=1)


class Sync(Eac):
    """eac = sync."""

    def test_captured_mail_comes_over(self):
        world, contact = self.eac_world()
        self.capture(world, contact, Subject="Only there",
                     MessageIdentifier="<a@mail.test>")
        self.outcome(world, {}, written=1)
        mail, = world.hubspot.dump("emails")
        self.assertEqual(mail["properties"]["hs_email_subject"], "Only there")
        self.is_one_pair(world)

    def test_hubspot_logs_what_is_captured(self):
        world, contact = self.eac_world(lag="1h")
        task = self.capture(world, contact, Subject="Both",
                            MessageIdentifier="<A@Mail.test>")
        key = self.logged(world, contact, "a@mail.test",
                          hs_email_subject="Both")
        self.outcome(world, {})
        self.is_one_pair(world)
        world.change(key, hs_email_subject="Changed")
        self.outcome(world, {}, written=1)
        self.assertEqual(self.salesforce(world, "email", Id=task)["Subject"],
                         "Changed")

    def test_salesforce_captures_what_is_logged(self):
        world, contact = self.eac_world()
        key = self.logged(world, contact, "<b@mail.test>")
        self.outcome(world, {}, written=1)
        ours = self.salesforce(world, "email", HubSpot_Id__c=key)["Id"]
        self.capture(world, contact, MessageIdentifier="b@mail.test")
        self.outcome(world, {"linked-elsewhere": 1}, written=0)
        self.assertEqual(len(world.hubspot.dump("emails")), 1)
        world.change(key, hs_email_subject="Changed")
        self.outcome(world, {}, written=1)
        self.assertEqual(self.salesforce(world, "email", Id=ours)["Subject"],
                         "Changed")

    def test_two_mailboxes_have_captured_it(self):
        world, contact = self.eac_world()
        for _ in range(2):
            self.logged(world, contact, "<c@mail.test>")
        self.capture(world, contact, MessageIdentifier="<c@mail.test>")
        world.sync()
        self.assertEqual(len([t for t in world.salesforce.dump("Task")
                              if t["TaskSubtype"] == "Email"]), 1)
        self.is_quiet(world)

    def test_an_index_that_lags(self):
        world, contact = self.eac_world(lag="8s")
        world.hubspot.fault({"method": "POST", "path":
                             "/crm/objects/2026-09/emails/search",
                             "times": 1000, "action": "lag", "ms": 5000})
        self.logged(world, contact, "<d@mail.test>", hs_email_subject="D")
        self.capture(world, contact, MessageIdentifier="<d@mail.test>",
                     Subject="D")
        world.sync()
        world.sync()
        self.is_one_pair(world)


class Asked(Eac):
    """What verify asks for once more says how it came, too."""

    def test_captured_mail_stays_where_it_is(self):
        for eac, code, mails in (("skip", 1, 0), ("sync", 0, 1)):
            with self.subTest(eac):
                world, contact = self.eac_world()
                self.capture(world, contact)
                self.outcome(world, {}, written=1)
                mail, = world.hubspot.dump("emails")
                world.hubspot.load(emails=[{"id": mail["id"], "gone": True}])
                world.write_conf(settings=self.rules(eac))
                world.run("verify", "--repair", code=code)
                self.assertEqual(len(world.hubspot.dump("emails")), mails)


class Meetings(Eac):
    """By their iCal UID, when a field of Event has it."""

    def events(self, world, contact, *starts, uid="u-1"):
        """Events of one series."""
        world.salesforce.load(Event=[{
            "Subject": "Series", "WhoId": world.people[contact].salesforce_id,
            "StartDateTime": iso(at), "EndDateTime": iso(at + 30 * MINUTE_MS),
            "ICal_UID__c": uid} for at in starts])

    def test_both_have_it(self):
        world, contact = self.eac_world(ical_uid_field="ICal_UID__c")
        at = now_ms() // 1000 * 1000
        self.events(world, contact, at)
        world.load_engagements("meeting", [contact], 1, at,
                               hs_i_cal_uid="u-1", hs_meeting_title="Series")
        world.sync()
        self.assertEqual((len(world.hubspot.dump("meetings")),
                          len(world.salesforce.dump("Event"))), (1, 1))
        self.is_quiet(world)

    def test_a_series(self):
        world, contact = self.eac_world(ical_uid_field="ICal_UID__c")
        first = now_ms() // 1000 * 1000
        second = first + 24 * 60 * MINUTE_MS
        self.events(world, contact, first, second)
        key, = world.load_engagements("meeting", [contact], 1, second,
                                      hs_i_cal_uid="u-1",
                                      hs_meeting_title="Series")
        world.sync()
        self.assertEqual((len(world.hubspot.dump("meetings")),
                          len(world.salesforce.dump("Event"))), (2, 2))
        self.is_quiet(world)
        world.change(key, hs_meeting_title="Moved on")
        world.sync()
        moved = self.salesforce(world, "meeting", Subject="Moved on")
        self.assertEqual(moved["StartDateTime"][:19], iso(second)[:19])


if __name__ == "__main__":
    unittest.main()
