"""import: what is there already comes on request, each once, and what is on
both sides already is paired."""
import contextlib
import json
import os
import signal
import sqlite3
import unittest

from harness import DAY_MS, iso, now_ms, wait_for
from pair_case import BODY, KINDS, NATIVE, TITLE, Pairs

HOUR_MS = 3_600_000
OLD_MS = 40 * DAY_MS  # older than a first look
N = 12_000


def day(ms):
    """The date of a moment, as the World's org has it at noon."""
    return iso(ms)[:10]


class Import(Pairs):
    """Activity sync is on for all kinds; what is there is old."""

    def imported(self, world, *flags, code=0):
        """The summary of an import."""
        done = world.run("import", "--json", *flags, code=code)
        return json.loads(done.stdout) | {"log": done.stderr}

    def old(self):
        """A moment long before any sync: noon, so that no zone moves it into
        another day."""
        return (now_ms() - OLD_MS) // DAY_MS * DAY_MS + 12 * HOUR_MS

    def old_engagement(self, world, kind, contact, at=None, n=1, **props):
        """Records in HubSpot that were made and changed long ago; their
        keys."""
        at = at or self.old()
        return world.load_engagements(kind, [contact], n, at,
                                      hs_lastmodifieddate=iso(at), **props)

    def old_salesforce(self, world, kind, contact, at=None, **fields):
        """A record in Salesforce that was made long ago; its id."""
        at = at or self.old()
        name, plain = NATIVE[kind]
        when = {"StartDateTime": iso(at), "EndDateTime": iso(at + HOUR_MS)} \
            if kind == "meeting" else {"ActivityDate": day(at)}
        before = {r["Id"] for r in world.salesforce.dump(name)}
        world.salesforce.load(**{name: [{
            **plain, "WhoId": world.people[contact].salesforce_id,
            "CreatedDate": iso(at), "SystemModstamp": iso(at),
            "LastModifiedDate": iso(at), **when, **fields}]})
        new, = {r["Id"] for r in world.salesforce.dump(name)} - before
        return new

    def counts(self, world):
        """How many records there are on both sides."""
        return {side: sum(len(service.dump(t)) for t in types)
                for side, service, types in (
                    ("hubspot", world.hubspot, [k + "s" for k in KINDS]),
                    ("salesforce", world.salesforce, ["Task", "Event"]))}

    # -- what comes -------------------------------------------------------

    def test_from_hubspot_all_kinds(self):
        world, contact = self.pair_world()
        keys = {kind: self.old_engagement(
            world, kind, contact, **{TITLE[kind]: f"Old {kind}"})[0]
                for kind in KINDS}
        self.figures(world.sync())
        summary = self.imported(world)
        self.figures(summary, fetched=4, written=4)
        self.assertEqual(summary["conflicts"], 0)
        for kind, key in keys.items():
            record = self.salesforce(world, kind, HubSpot_Id__c=key)
            self.assertEqual(record["Subject"], f"Old {kind}")
            self.assertEqual(record["WhoId"],
                             world.people[contact].salesforce_id)
        self.figures(self.imported(world), fetched=4, unchanged=4)
        self.is_quiet(world)
        world.change(keys["call"], hs_call_title="New")  # they are linked
        self.assertEqual(world.sync()["written"], 1)

    def test_from_salesforce_all_kinds(self):
        world, contact = self.pair_world()
        for kind in KINDS:
            self.old_salesforce(world, kind, contact, Subject=f"Old {kind}")
        self.figures(world.sync())
        self.figures(self.imported(world, "--from", "salesforce"),
                     fetched=4, written=4)
        for kind in KINDS:
            record, = world.hubspot.dump(kind + "s")
            self.assertEqual(record["properties"][TITLE[kind]], f"Old {kind}")
            self.assertEqual(record["associations"]["contacts"], [contact])
        self.figures(self.imported(world, "--from", "salesforce"),
                     fetched=4, unchanged=4)
        self.is_quiet(world)

    def test_contacts_that_no_sync_has_seen(self):
        for side in ("hubspot", "salesforce"):
            world = self.pair_world()[0]
            contact = world.tied_contact(sync=False)
            if side == "hubspot":
                self.old_engagement(world, "call", contact)
            else:
                self.old_salesforce(world, "call", contact, Subject="Old")
            self.figures(self.imported(world, "--from", side),
                         fetched=1, written=1)

    def test_who_is_not_tied(self):
        world, _ = self.pair_world()
        self.old_engagement(world, "call", world.untied_contact())
        self.figures(self.imported(world), fetched=1,
                     dropped={"contact-not-synced": 1})

    def test_kind_and_since(self):
        world, contact = self.pair_world()
        for kind in KINDS:
            self.old_engagement(world, kind, contact)
        late = self.old() + DAY_MS
        keys = {kind: self.old_engagement(world, kind, contact, late)[0]
                for kind in KINDS}
        self.figures(self.imported(world, "--kind", "call", "--since",
                                   day(late)), fetched=1, written=1)
        self.salesforce(world, "call", HubSpot_Id__c=keys["call"])
        self.figures(self.imported(world, "--kind", "task", "--kind", "email",
                                   "--since", iso(late)), fetched=2, written=2)
        self.figures(self.imported(world, "--kind", "meeting", "--since",
                                   iso(late + 1)))
        self.figures(self.imported(world, "--kind", "meeting"), fetched=2,
                     written=2)
        self.is_verified(world)

    def test_since_in_salesforce(self):
        world, contact = self.pair_world()
        late = self.old() + DAY_MS
        for kind in KINDS:
            self.old_salesforce(world, kind, contact, Subject="Old")
            self.old_salesforce(world, kind, contact, late,
                                Subject="Late " + kind)
        self.old_salesforce(world, "task", contact, Subject="No day",
                            ActivityDate=None)
        self.figures(self.imported(world, "--from", "salesforce", "--since",
                                   day(late)), fetched=4, written=4)
        for kind in KINDS:
            record, = world.hubspot.dump(kind + "s")
            self.assertEqual(record["properties"][TITLE[kind]], "Late " + kind)
        self.is_verified(world)

    def test_what_a_sync_has_dropped_comes(self):
        world, contact = self.pair_world(created_in_hubspot="ignore")
        at = now_ms() - DAY_MS
        world.load_engagements("call", [contact], 1, at,
                               hs_lastmodifieddate=iso(at))
        world.load_calls(contact, 1)
        self.figures(world.sync(), fetched=2, dropped={
            "before-contact-sync": 1, "creation-ignored": 1})
        self.figures(self.imported(world, "--kind", "call"), fetched=2,
                     written=2)
        self.is_verified(world)

    def test_the_timeline(self):
        world = self.world()
        contact = world.tied_contact()
        for kind in ("call", "note", "sales_email_sent"):
            world.load_engagements(kind, [contact], 1, self.old())
        self.figures(self.imported(world, "--kind", "note"), fetched=1,
                     written=1)
        self.figures(self.imported(world), fetched=3, written=2, unchanged=1)
        self.assertEqual(len(world.tasks()), 3)
        self.is_verified(world)

    # -- what is on both sides --------------------------------------------

    def test_pairs_that_are_alike(self):
        for side in ("hubspot", "salesforce"):
            world, contact = self.pair_world()
            other = world.tied_contact()
            keys, ids = {}, {}
            for kind in KINDS:
                title = {TITLE[kind]: "One thing  ", BODY[kind]: "<p>x</p>"}
                keys[kind], = self.old_engagement(world, kind, contact, **title)
                ids[kind] = self.old_salesforce(
                    world, kind, contact, Subject="One thing",
                    Description="x")
                # each is something else: another contact, day, subject
                for who, at, subject in (
                        (other, self.old(), "One thing"),
                        (contact, self.old() + DAY_MS, "One thing"),
                        (contact, self.old(), "One thing more")):
                    if side == "hubspot":
                        self.old_salesforce(world, kind, who, at,
                                            Subject=subject + " ",
                                            Description="other")
                    else:
                        self.old_engagement(world, kind, who, at,
                                            **{TITLE[kind]: subject})
            before = self.counts(world)
            flags = ["--from", side]
            summary = self.imported(world, *flags)
            self.assertEqual(summary["fetched"], 4, summary)
            self.assertEqual((summary["dropped"], summary["dead"]), ({}, 0))
            self.assertEqual(self.counts(world), before)
            for kind in KINDS:  # they are linked
                world.change(keys[kind], **{TITLE[kind]: "Another"})
            self.assertEqual(world.sync()["written"], 4)
            for kind in KINDS:
                self.assertEqual(self.salesforce(
                    world, kind, Id=ids[kind])["Subject"], "Another")
            self.figures(self.imported(world, *flags), fetched=4, unchanged=4)
            self.is_verified(world)

    def test_what_differs_in_a_pair(self):
        world, contact = self.pair_world(prefer="hubspot")
        key, = self.old_engagement(
            world, "call", contact, hs_call_title="One",
            hs_call_body="<p>Ours</p>", hs_call_duration=None)
        task = self.old_salesforce(world, "call", contact, Subject="One",
                                   Description="Theirs")
        summary = self.imported(world)
        self.figures(summary, fetched=1, written=1)
        self.assertGreater(summary["conflicts"], 0)
        self.assertEqual(self.salesforce(world, "call", Id=task)[
            "Description"], "Ours")
        self.assertEqual(self.hubspot(world, "call", key.split(":")[-1])[
            "hs_call_duration"], "65000")
        self.is_quiet(world)

    def test_pairs_by_the_external_id(self):
        for side in ("hubspot", "salesforce"):
            world, contact = self.pair_world()
            keys = {}
            for kind in KINDS:
                keys[kind], = self.old_engagement(world, kind, contact,
                                                  **{TITLE[kind]: "One"})
                # as alike as can be, but it is not the one that is named
                self.old_salesforce(world, kind, contact, Subject="One")
                self.old_salesforce(world, kind, contact,
                                    self.old() + 9 * DAY_MS, Subject="Else",
                                    HubSpot_Id__c=keys[kind])
            before = self.counts(world)
            summary = self.imported(world, "--from", side)
            self.assertEqual((summary["dropped"], summary["dead"]), ({}, 0))
            # from Salesforce the alike one is something new to HubSpot
            self.assertEqual(self.counts(world), before | {
                "hubspot": 4 if side == "hubspot" else 8})
            for kind, key in keys.items():
                world.change(key, **{TITLE[kind]: "Another"})
            self.assertEqual(world.sync()["written"], 4)
            for kind, key in keys.items():
                self.assertEqual(self.salesforce(
                    world, kind, HubSpot_Id__c=key)["Subject"], "Another")
            self.is_verified(world)

    def test_two_candidates(self):
        world, contact = self.pair_world()
        key, = self.old_engagement(world, "call", contact, hs_call_title="One")
        ids = [self.old_salesforce(world, "call", contact, Subject="One")
               for _ in range(2)]
        self.figures(self.imported(world, "--kind", "call"), fetched=1,
                     dropped={"ambiguous-pair": 1})
        said = world.run("explain", key).stdout
        for one in ids:
            self.assertIn(one, said)
        world.salesforce.load(Task=[{"Id": ids[0], "Subject": "Three"}])
        self.figures(self.imported(world, "--kind", "call"), fetched=1,
                     written=1)
        self.is_verified(world)

    def test_one_candidate_for_two(self):
        for side in ("hubspot", "salesforce"):
            world, contact = self.pair_world()
            if side == "hubspot":
                self.old_engagement(world, "call", contact, n=3,
                                    hs_call_title="One")
                self.old_salesforce(world, "call", contact, Subject="One")
            else:
                for _ in range(3):
                    self.old_salesforce(world, "call", contact, Subject="One")
                self.old_engagement(world, "call", contact,
                                    hs_call_title="One")
            summary = self.imported(world, "--from", side)
            self.assertEqual((summary["fetched"], summary["dropped"],
                              summary["dead"]), (3, {}, 0), summary)
            self.assertEqual(self.counts(world),
                             {"hubspot": 3, "salesforce": 3})
            self.is_quiet(world)

    def test_after_the_state_was_lost(self):
        for side in ("hubspot", "salesforce"):
            world, contact = self.pair_world()
            for kind in KINDS:
                world.load_engagements(kind, [contact],
                                       **{TITLE[kind]: f"Here {kind}"})
                self.add_salesforce(world, kind, contact,
                                    Subject=f"There {kind}")
            self.assertEqual(world.sync()["written"], 8)
            before = self.counts(world)
            for name in os.listdir(world.dir + "/var"):
                if name.startswith("state.db"):
                    os.unlink(f"{world.dir}/var/{name}")
            for record in world.salesforce.dump("Task"):
                if record["HubSpot_Id__c"] is not None:  # the id will do
                    world.salesforce.load(Task=[{"Id": record["Id"],
                                                 "Subject": "Changed"}])
            summary = self.imported(world, "--from", side)
            self.assertEqual((summary["fetched"], summary["dropped"],
                              summary["dead"]), (8, {}, 0), summary)
            self.assertEqual(self.counts(world), before)
            self.is_quiet(world)

    # -- how it goes ------------------------------------------------------

    def test_dry_run(self):
        world, contact = self.pair_world()
        key, = self.old_engagement(world, "call", contact)
        pair, = self.old_engagement(world, "task", contact,
                                    hs_task_subject="One",
                                    hs_task_body=None)
        task = self.old_salesforce(world, "task", contact, Subject="One")
        self.old_salesforce(world, "task", contact, Subject="Two")
        before = world.salesforce.dump("Task")
        said = world.run("import", "--dry-run").stdout
        self.assertIn(f"call {key.split(':')[2]} \"Quarterly\" -> Salesforce "
                      "Task created (new in HubSpot):", said)
        self.assertIn(f"task {pair.split(':')[2]} -> nothing: unchanged, "
                      f"no-difference (a pair with salesforce:Task:{task})", said)
        self.assertEqual(world.salesforce.dump("Task"), before)
        summary = self.imported(world, "--dry-run")
        self.assertTrue(summary["dry_run"])
        self.assertEqual(summary["fetched"], 2)
        self.figures(self.imported(world), fetched=2, written=1, unchanged=1)
        self.is_verified(world)

    def test_bad_arguments(self):
        world, _ = self.pair_world()
        for words, says in (
                (["--kind", "fax"], 'no kind "fax"'),
                (["--kind", "form_submission"], "lookback"),
                (["--kind", "sales_email_opened"], "moments"),
                (["--kind", "sales_email_sent"], "--kind email"),
                (["--kind", "note", "--from", "salesforce"], "only task"),
                (["--kind"], "incomplete"),
                (["--since", "yesterday"], "no date"),
                (["--since", "2025"], "no date"),
                (["--from", "excel"], "hubspot or salesforce"),
                (["everything"], "not clear"),
                (["--fast"], "unknown")):
            done = world.run("import", *words, code=64)
            self.assertIn(says, done.stderr)
        self.assertIn("import's", world.run("sync", "--kind", "call",
                                            code=64).stderr)
        world.write_conf(settings={"timeline.note": {"sync": "off"}})
        for words in (["--kind", "note"], ["--kind", "email"],
                      ["--from", "salesforce"],
                      ["--kind", "call", "--from", "salesforce"]):
            self.assertIn("is switched o", world.run(
                "import", *words, code=78).stderr.replace(
                    "sync is off", "is switched off"))

    def test_not_beside_a_running_chain(self):
        world, _ = self.pair_world()
        world.start()
        self.assertIn("running", world.run("import", code=75).stderr)
        world.stop()
        self.figures(self.imported(world))

    def kept(self, world):
        """How many of the ends the state knows."""
        with contextlib.closing(sqlite3.connect(
                os.path.join(world.dir, "var/state.db"), timeout=60)) as db:
            return db.execute("SELECT count(*) FROM outcome").fetchone()[0]

    def test_killed_in_the_middle(self):
        """Goes on where it was, and nothing is doubled."""
        for side in ("hubspot", "salesforce"):
            world, contact = self.pair_world()
            at, n = self.old(), 3000
            if side == "hubspot":
                self.old_engagement(world, "call", contact, n=n)
                there = lambda: len(world.salesforce.dump("Task"))
            else:
                who = world.people[contact].salesforce_id
                world.salesforce.load(Task=[{
                    **NATIVE["call"][1], "WhoId": who, "Subject": f"S {i}",
                    "ActivityDate": day(at), "CreatedDate": iso(at),
                    "SystemModstamp": iso(at)} for i in range(n)])
                there = lambda: len(world.hubspot.dump("calls"))
            flags = ["--kind", "call", "--from", side]
            process = world.spawn("import", "--json", *flags)
            wait_for(lambda: self.kept(world) > n // 3, "a third of it")
            for pid in world.processes():
                os.kill(pid, signal.SIGKILL)
            process.communicate()
            self.assertLess(there(), n)
            summary = self.imported(world, *flags)
            self.assertLess(summary["fetched"], n)
            self.assertEqual(summary["dead"], 0)
            self.assertEqual(there(), n)
            self.figures(self.imported(world, *flags), fetched=n, unchanged=n)

    def test_stopped_in_the_middle(self):
        world, contact = self.pair_world()
        self.old_engagement(world, "call", contact, n=3000)
        process = world.spawn("import", "--json", "--kind", "call")
        wait_for(lambda: len(world.salesforce.dump("Task")) > 500, "some")
        os.kill(process.pid, signal.SIGINT)
        out, _ = process.communicate()
        self.assertIn("goes on from there", json.loads(out)["error"])
        summary = self.imported(world, "--kind", "call")
        self.assertLess(summary["fetched"], 3000)
        self.assertEqual(len(world.salesforce.dump("Task")), 3000)

    def test_past_the_cap_of_a_search(self):
        world = self.world(settings={"salesforce": {"time_zone": "UTC"}})
        contact = world.tied_contact()
        world.load_engagements(
            "note", [contact], N, self.old(), hs_note_body="x",
            hs_lastmodifieddate=iso(self.old()))
        summary = self.imported(world, "--kind", "note", "--since",
                                day(self.old()))
        self.figures(summary, fetched=N, written=N)
        self.assertEqual(len(world.tasks()), N)


if __name__ == "__main__":
    unittest.main()
