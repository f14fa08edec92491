"""report --by contact: its figures are those of the records that the services
hang on a contact themselves."""
import collections
import os
import unittest

from report_case import FIGURES, Report


class ByContact(Report):
    """Contacts, and one alone."""

    def hanging(self):
        """A World after passes in both directions, with records of several
        contacts, of one of Salesforce's whom HubSpot does not have, of two at
        once, and of nobody; its tied contact, its tied lead, its untied one
        and Salesforce's."""
        world, ann = self.pair_world()
        bob, carl = world.tied_lead(), world.untied_contact()
        world.salesforce.load(Contact=[{"LastName": "Dana",
                                        "Email": "dana@example.com"}])
        dana = next(r["Id"] for r in world.salesforce.dump("Contact")
                    if r["LastName"] == "Dana")
        calls = world.load_calls(ann, 3)
        world.load_calls(bob, 2)
        world.load_engagements("note", [carl], 2)
        world.load_engagements("call", [carl, bob], 4)
        world.load_engagements("note", [], 1)
        self.add_salesforce(world, "call", ann, Subject="Ann's")
        self.add_salesforce(world, "meeting", bob, Subject="Bob's")
        self.add_salesforce(world, "task", ann, WhoId=dana, Subject="Dana's")
        self.add_salesforce(world, "task", ann, WhoId=None, Subject="Nobody's")
        world.sync()
        world.change(calls[0], hs_call_title="Changed")
        world.sync()
        world.sync()
        return world, ann, bob, carl, dana

    def by_hand(self, world):
        """(contact, service) of the records that the services have."""
        tied = {p.salesforce_id: c for c, p in world.people.items()
                if p.salesforce_id}
        found = collections.Counter()
        for feed in ("calls", "emails", "meetings", "notes", "tasks"):
            for record in world.hubspot.dump(feed):
                contacts = record["associations"].get("contacts", [])
                on = [c for c in contacts if c in tied.values()] + contacts
                found[on[0] if on else None, "hubspot"] += 1
        for name in ("Task", "Event"):
            for record in world.salesforce.dump(name):
                who = record["WhoId"]
                found[tied.get(who, who), "salesforce"] += 1
        return found

    def by_report(self, report):
        """The same, of the rows of a report by contact."""
        found = collections.Counter()
        for row in report["rows"]:
            found[row["contact"], row["source"]] += row["activities"]
        return found

    def test_by_contact(self):
        world, ann, bob, carl, dana = self.hanging()
        report = self.report(world, "--by", "contact")
        self.adds_up(world, report)
        self.assertEqual(report["by"], "contact")
        self.assertNotIn("contact", report)
        counted = self.by_hand(world)
        self.assertEqual(self.by_report(report), counted)
        self.assertEqual({c for c, _ in counted}, {ann, bob, carl, dana, None})
        for row in report["rows"]:
            person = world.people.get(row["contact"])
            self.assertEqual(row["email"], person and person.email)
            self.assertNotIn("period", row)
        # The most active first; then by kind and service; nobody last.
        total = collections.Counter()
        for (contact, _), n in counted.items():
            total[contact] += n
        self.assertEqual(report["rows"], sorted(
            report["rows"], key=lambda r: (
                r["contact"] is None, -total[r["contact"]], r["contact"],
                r["kind"], r["source"])))
        calls, = [r for r in report["rows"] if r["contact"] == ann
                  and (r["kind"], r["source"]) == ("call", "hubspot")]
        self.assertEqual((calls["activities"], calls["written"]), (4, 4))
        self.assertEqual(self.csv_rows(world, "--by", "contact"),
                         report["rows"])

    def test_the_table_of_contacts(self):
        world, *_ = self.hanging()
        report = self.report(world, "--by", "contact")
        head, *rows, total = [
            line.split() for line in
            world.run("report", "--by", "contact").stdout.splitlines()]
        self.assertEqual(head, ["contact", "email", "kind", "source",
                                *FIGURES[:-1]])
        self.assertEqual(rows, [
            [r["contact"] or "-", r["email"] or "-", r["kind"], r["source"],
             *(str(r[f]) for f in FIGURES[:-1])] for r in report["rows"]])
        self.assertEqual(total, ["all", *(str(report["total"][f])
                                          for f in FIGURES[:-1])])
        *_, days = world.run("report", "--by", "contact", "--since",
                             "9d").stdout.splitlines()
        self.assertEqual(days, "days in Europe/Berlin")
        plain = world.run("report", "--by", "contact").stdout
        said = self.on_terminal(world, 80, "--by", "contact")
        bars = [line.split() for line in said[len(plain) + 1:].splitlines()]
        of = collections.Counter()
        for row in report["rows"]:
            of[row["contact"] or "-"] += row["activities"]
        self.assertEqual([(c, int(n)) for c, _, n in bars], list(of.items()))

    def test_one_contact(self):
        """By each of its names, with what else can be asked for."""
        world, ann, bob, carl, dana = self.hanging()
        whole = self.report(world, "--by", "contact")
        who = world.people[ann]
        for contact, names in (
                (ann, (ann, who.salesforce_id, who.salesforce_id[:15],
                       who.email, who.email.upper())),
                (bob, (world.people[bob].email,)), (carl, (carl,)),
                (dana, (dana,))):
            rows = [r for r in whole["rows"] if r["contact"] == contact]
            for name in names:
                report = self.report(world, "--by", "contact",
                                     "--contact", name)
                self.assertEqual((report["contact"], report["rows"]),
                                 (contact, rows), name)
                for by in ("day", "week", "month"):
                    report = self.report(world, "--by", by, "--contact", name)
                    self.assertEqual(report["contact"], contact)
                    self.assertEqual(
                        report["total"],
                        {f: sum(r[f] for r in rows) for f in FIGURES})
        self.assertIn(f"of contact {ann}\n", world.run(
            "report", "--contact", who.email).stdout)
        calls = self.report(world, "--contact", ann, "--kind", "call")
        self.assertEqual({r["kind"] for r in calls["rows"]}, {"call"})
        self.assertEqual(calls["total"]["activities"], 8)
        for words, n in ((("--since", "2d"), 8), (("--until", "2020-01-01"), 0)):
            got = self.report(world, "--contact", ann, "--kind", "call", *words)
            self.assertEqual(got["total"]["activities"], n)
        self.assertEqual(self.report(world, "--contact", "999")["rows"], [])
        done = world.run("report", "--contact", "who@example.com", code=65)
        self.assertIn("who@example.com", done.stderr)
        self.assertEqual(done.stdout, "")

    def test_a_tie_that_comes_later(self):
        """What hung on somebody in Salesforce hangs on the contact then."""
        world, ann, bob, carl, dana = self.hanging()
        world.hubspot.load(contacts=[{"id": carl, "properties": {
            "salesforcecontactid": dana}}])
        world.people[carl].salesforce_id = dana
        world.sync()
        world.sync()
        counted = self.by_hand(world)
        report = self.report(world, "--by", "contact")
        self.assertNotIn((dana, "salesforce"), counted)
        self.assertGreater(counted[carl, "salesforce"], 0)
        self.assertEqual(self.by_report(report), counted)
        self.assertEqual(
            self.report(world, "--by", "contact", "--contact", dana)["rows"],
            [r for r in report["rows"] if r["contact"] == carl])

    def test_the_address_of_a_stranger(self):
        """Everybody's is known where contacts are matched by it."""
        world, ann = self.pair_world({"contacts": {"match": "email"}})
        world.salesforce.load(Contact=[{"LastName": "Dana",
                                        "Email": "Dana@example.com"}])
        dana = next(r["Id"] for r in world.salesforce.dump("Contact")
                    if r["LastName"] == "Dana")
        self.add_salesforce(world, "task", ann, WhoId=dana, Subject="Dana's")
        world.sync()
        for words in ((), ("--contact", "dana@example.com")):
            row, = self.report(world, "--by", "contact", *words)["rows"]
            self.assertEqual((row["contact"], row["email"], row["dropped"]),
                             (dana, "dana@example.com", 1))

    def test_outcomes_from_before_contacts_were_kept(self):
        world, ann, *_ = self.hanging()
        whole = self.report(world, "--by", "contact")["total"]
        self.outcomes(world, "UPDATE outcome SET contact = ''")
        report = self.report(world, "--by", "contact")
        self.assertEqual({(r["contact"], r["email"]) for r in report["rows"]},
                         {(None, None)})
        self.assertEqual(report["total"], whole)
        self.assertEqual(self.report(world, "--contact", ann)["rows"], [])
        keys = world.load_calls(ann, 2)
        call = next(r for r in world.hubspot.dump("calls")
                    if r["associations"]["contacts"] == [ann])
        world.change(f"hubspot:call:{call['id']}", hs_call_title="Again")
        world.sync()
        report = self.report(world, "--by", "contact", "--kind", "call")
        self.assertEqual(
            {(r["contact"], r["source"]): r["activities"]
             for r in report["rows"] if r["contact"]},
            {(ann, "hubspot"): len(keys) + 1})
        self.assertIsNone(report["rows"][-1]["contact"])

    def test_a_replay_tells_the_contact(self):
        capture = "var/capture/fetcher-hubspot.events"
        world = self.world(
            settings={"stage.fetcher-hubspot": {"capture": capture}})
        ann = world.tied_contact()
        world.load_calls(ann, 2)
        world.sync()
        row, = self.report(world, "--by", "contact")["rows"]
        self.assertEqual((row["contact"], row["activities"]), (ann, 2))
        self.outcomes(world, "UPDATE outcome SET contact = ''")
        world.run("replay", os.path.join(world.dir, capture))
        again, = self.report(world, "--by", "contact")["rows"]
        self.assertEqual((again["contact"], again["activities"]), (ann, 2))


if __name__ == "__main__":
    unittest.main()
