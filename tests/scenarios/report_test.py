"""report: how many activities there were, from the state: its figures add up
to the outcomes, on the days of the config's time zone."""
import calendar
import datetime
import os
import unittest

from harness import DAY_MS, WAIT_S, now_ms
from report_case import BAR, FIGURES, NONE, Report


def ms(text):
    """2024-03-30T23:00 UTC in ms since 1970."""
    at = datetime.datetime.fromisoformat(text)
    return calendar.timegm(at.timetuple()) * 1000


class ByPeriod(Report):
    """Days, weeks and months."""

    def counts(self, report, *names):
        """{(the row's values of `names`): its figures that are not 0}."""
        return {tuple(r[n] for n in names): {f: r[f] for f in FIGURES if r[f]}
                for r in report["rows"]}

    def both_ways(self):
        """A World after passes in both directions: records of three ends, one
        changed after it had come over."""
        world, contact = self.pair_world()
        calls = world.load_calls(contact, 3)
        stranger = world.untied_contact()
        world.load_engagements("note", [stranger], 2)
        self.add_salesforce(world, "call", contact, Subject="From Salesforce")
        self.add_salesforce(world, "task", contact, Subject="To do")
        world.sync()
        world.change(calls[0], hs_call_title="Changed")
        world.sync()
        world.sync()
        return world

    def test_figures_add_up(self):
        world = self.both_ways()
        for by in ("day", "week", "month"):
            report = self.report(world, "--by", by)
            self.adds_up(world, report)
            self.assertEqual(self.csv_rows(world, "--by", by), report["rows"])
            self.assertEqual((report["by"], report["time_zone"],
                              report["since"], report["until"]),
                             (by, "Europe/Berlin", None, None))
        got = {}
        for row in report["rows"]:
            of = got.setdefault((row["kind"], row["source"]), dict(NONE))
            of.update({f: of[f] + row[f] for f in FIGURES})
        calls = got["call", "hubspot"]
        # Three of HubSpot's, the one that was changed twice, and Salesforce's
        # that comes back.
        self.assertEqual((calls["activities"], calls["written"]), (4, 4))
        self.assertEqual(got["note", "hubspot"],
                         NONE | {"activities": 2, "dropped": 2})
        for kind, echoes in (("call", 3), ("task", 0)):
            made = got[kind, "salesforce"]
            self.assertEqual((made["activities"], made["written"]),
                             (1 + echoes, 1), made)

    def test_kinds_and_the_table(self):
        world = self.both_ways()
        report = self.report(world, "--kind", "note", "--kind", "task")
        self.assertEqual({r["kind"] for r in report["rows"]}, {"note", "task"})
        self.assertEqual(self.report(world, "--kind", "email")["rows"], [])
        self.assertEqual(world.run("report", "--kind", "email").stdout,
                         "no activities\n")
        for words in ((), ("--kind", "note", "--kind", "task")):
            report = self.report(world, *words)
            said = world.run("report", *words).stdout
            self.assertNotIn(BAR, said)
            self.assertNotIn("\x1b", said)
            head, *rows, total, days = [line.split()
                                        for line in said.splitlines()]
            self.assertEqual(head, ["day", "kind", "source", *FIGURES[:-1]])
            self.assertEqual(rows, [
                [r["period"] or "-", r["kind"] or "-", r["source"],
                 *(str(r[f]) for f in FIGURES[:-1])] for r in report["rows"]])
            self.assertEqual(total, ["all", *(str(report["total"][f])
                                              for f in FIGURES[:-1])])
            self.assertEqual(days, ["days", "in", "Europe/Berlin"])

    def night(self, zone):
        """A World with calls around the nights that Berlin's clocks change,
        from before the contact's sync."""
        world = self.world(settings={"salesforce": {"time_zone": zone}})
        contact = world.tied_contact()
        for at in ("2024-03-30T22:59", "2024-03-30T23:00", "2024-03-31T21:59",
                   "2024-03-31T22:00", "2024-10-27T22:59", "2024-10-27T23:00"):
            world.load_engagements("call", [contact], at=ms(at))
        world.sync()
        return world

    def test_days_of_the_zone(self):
        world = self.night("Europe/Berlin")
        self.assertEqual(
            self.counts(self.report(world), "period"),
            {(day,): {"activities": n, "dropped": n} for day, n in (
                ("2024-03-30", 1), ("2024-03-31", 2), ("2024-04-01", 1),
                ("2024-10-27", 1), ("2024-10-28", 1))})
        self.assertEqual(
            {k[0]: v["activities"] for k, v in self.counts(
                self.report(world, "--by", "week"), "period").items()},
            {"2024-03-25": 3, "2024-04-01": 1, "2024-10-21": 1,
             "2024-10-28": 1})
        self.assertEqual(
            {k[0]: v["activities"] for k, v in self.counts(
                self.report(world, "--by", "month"), "period").items()},
            {"2024-03": 3, "2024-04": 1, "2024-10": 2})

    def test_the_day_of_a_task(self):
        """Salesforce says no more than the day, which no zone moves."""
        for zone in ("America/Los_Angeles", "UTC", "Pacific/Auckland"):
            world, contact = self.pair_world({"salesforce":
                                              {"time_zone": zone}})
            for day in ("2024-05-06", "2024-05-07"):
                self.add_salesforce(world, "call", contact, Subject=day,
                                    ActivityDate=day)
            world.sync()
            self.assertEqual(
                [(r["period"], r["source"], r["activities"])
                 for r in self.report(world)["rows"]],
                [(day, source, 1) for day in ("2024-05-06", "2024-05-07")
                 for source in ("hubspot", "salesforce")], zone)

    def test_days_of_utc_and_bounds(self):
        world = self.night("auto")
        report = self.report(world)
        self.assertEqual(report["time_zone"], "UTC")
        self.assertEqual([(r["period"], r["activities"])
                          for r in report["rows"]],
                         [("2024-03-30", 2), ("2024-03-31", 2),
                          ("2024-10-27", 2)])
        for words, days in (
                (("--since", "2024-03-31"), ("2024-03-31", "2024-10-27")),
                (("--until", "2024-03-31"), ("2024-03-30", "2024-03-31")),
                (("--since", "2024-03-31", "--until", "2024-03-31"),
                 ("2024-03-31",)),
                (("--since", "2024-11-01"), ()), (("--since", "7d"), ())):
            report = self.report(world, *words)
            self.assertEqual(tuple(r["period"] for r in report["rows"]), days)
            bounds = dict(zip(words[::2], words[1::2]))
            self.assertEqual(report["until"], bounds.get("--until"))
            if words[1] != "7d":
                self.assertEqual(report["since"], bounds.get("--since"))

    def test_since_a_duration(self):
        world = self.world()
        contact = world.tied_contact()
        world.load_engagements("call", [contact], at=now_ms() - 3 * DAY_MS)
        world.load_engagements("call", [contact], at=now_ms() - 20 * DAY_MS)
        world.sync()
        for since, n in (("2d", 0), ("100h", 1), ("10d", 1), ("30d", 2)):
            total = self.report(world, "--since", since)["total"]
            self.assertEqual(total["activities"], n, since)

    def test_what_is_not_known(self):
        """An end of a stage of the user's own; a record without a time."""
        world = self.both_ways()
        self.outcomes(world, "UPDATE outcome SET occurred_at = 0, kind = '', "
                             "outcome = 'parked' WHERE kind = 'note'")
        report = self.report(world)
        self.adds_up_with_other(report)
        self.assertEqual(report["rows"][-1], NONE | {
            "period": None, "kind": None, "source": "hubspot",
            "activities": 2, "other": 2})
        self.assertEqual(self.csv_rows(world), report["rows"])
        *_, row, _, _ = world.run("report").stdout.splitlines()
        self.assertEqual(row.split(),
                         ["-", "-", "hubspot", "2", "0", "0", "0", "0", "2"])
        self.assertEqual(self.report(world, "--since", "2000-01-01")["total"]
                         ["other"], 0)

    def adds_up_with_other(self, report):
        """The sums are those of the rows."""
        self.assertEqual(report["total"], {
            f: sum(r[f] for r in report["rows"]) for f in FIGURES})

    def test_no_state(self):
        world = self.world()
        self.assertEqual(world.run("report").stdout, "no activities\n")
        self.assertEqual(world.run("report", "--csv").stdout,
                         ",".join(("period", "kind", "source", *FIGURES))
                         + "\n")
        self.assertEqual(self.report(world), {
            "by": "day", "time_zone": "UTC", "since": None, "until": None,
            "rows": [], "total": NONE})
        self.assertEqual(
            self.report(world, "--by", "contact", "--contact", "a@b.example"),
            {"by": "contact", "time_zone": "UTC", "since": None,
             "until": None, "contact": "a@b.example", "rows": [],
             "total": NONE})
        self.assertFalse(os.path.exists(os.path.join(world.dir, "var")))
        world.sync()
        self.assertEqual(self.report(world)["rows"], [])

    def test_wrong_words(self):
        world = self.world()
        for words, said in (
                (("--by", "year"), "day, week, month or contact"),
                (("--contact", "Ann"), "neither an id"),
                (("--contact", ""), "neither an id"),
                (("--contact", "512", "--create"), "--create goes with"),
                (("--by",), "incomplete"), (("today",), "today"),
                (("--since", "soon"), "soon"),
                (("--since", "2024-02-30"), "2024-02-30"),
                (("--since", "2024-02-01T10:00Z"), "2024-02-01T10:00Z"),
                (("--until", "7d"), "7d"),
                (("--since", "2024-02-02", "--until", "2024-02-01"),
                 "before"),
                (("--kind", "cal"), "do you mean call?"),
                (("--kind", ""), "there is no kind"),
                (("--csv", "--json"), "not both"), (("--what",), "--what")):
            done = world.run("report", *words, code=64)
            self.assertIn(said, done.stderr)
            self.assertIn("usage: report", done.stderr)
            self.assertEqual(done.stdout, "")
        self.assertIn("usage: report", world.run("report", "--help").stdout)
        self.assertEqual(world.run("report", "--since", "9999999d",
                                   code=65).stdout, "")

    def test_nowhere_to_write(self):
        world = self.world()
        with open("/dev/full", "wb") as full:
            for words in ((), ("--csv",), ("--json",)):
                process = world.spawn("report", *words, stdout=full)
                said = process.communicate(timeout=WAIT_S)[1]
                self.assertEqual(process.returncode, 74, said)
                self.assertIn("cannot be written", said)

    def test_bars_on_a_terminal(self):
        world = self.night("Europe/Berlin")
        plain = world.run("report").stdout
        for columns, longest in ((200, 50), (40, 26), (1, 1)):
            said = self.on_terminal(world, columns)
            self.assertEqual(said[:len(plain)], plain)
            bars = [line.split()
                    for line in said[len(plain) + 1:].splitlines()]
            self.assertEqual([(day, n) for day, _, n in bars],
                             [("2024-03-30", "1"), ("2024-03-31", "2"),
                              ("2024-04-01", "1"), ("2024-10-27", "1"),
                              ("2024-10-28", "1")])
            self.assertEqual({bar.strip(BAR) for _, bar, _ in bars}, {""})
            half = max(longest // 2, 1)
            self.assertEqual([len(bar) for _, bar, _ in bars],
                             [half, longest, half, half, half])
        for flag in ("--csv", "--json"):
            self.assertNotIn(BAR, self.on_terminal(world, 80, flag))


if __name__ == "__main__":
    unittest.main()
