"""Tables of what the users of both services do to a pair of records, and what
has to come of it; and the runner. The tables are in pairs/, one file a family.

All rows of a table live in one World under the same settings, each with a
contact of its own: step 1 of all rows, a sync, step 2 of all rows, a sync, and
so on. In the end two more syncs change nothing."""
import contextlib
import os
import sqlite3
import types

from harness import iso, now_ms, wait_for
from records import ENGAGEMENTS, World

HOUR_MS = 3_600_000
ALL = ("task", "email", "call", "meeting")
DELETED = "deleted"    # as a step's side: the user deletes it
RESTORED = "restored"  # ... and takes it out of the bin
NOTHING = None         # as what there is in the end: no record
# words for what each kind has: HubSpot's property, Salesforce's field
TITLE = {"task": "hs_task_subject", "email": "hs_email_subject",
         "call": "hs_call_title", "meeting": "hs_meeting_title"}
BODY = {"task": "hs_task_body", "email": "hs_email_html",
        "call": "hs_call_body", "meeting": "hs_meeting_body"}
WORDS = {"title": (TITLE, "Subject"), "body": (BODY, "Description")}
OBJECT = {"task": "Task", "email": "Task", "call": "Task", "meeting": "Event"}
SUBTYPE = {"task": "Task", "email": "Email", "call": "Call"}


def table(what, rules=None, settings=None, later=None, before=None, rows=(),
          verified=True):
    """One World. `rules` are of all kinds, {"sync": "off"} too; `settings` are
    of other sections; `later` {step from 0: such settings} come before that
    step; `before(world)` puts in what the rows refer to; `verified`: in the
    end `verify` finds nothing."""
    return types.SimpleNamespace(
        what=what, rules=rules or {}, settings=settings or {},
        later=later or {}, before=before, rows=rows, verified=verified)


def row(what, kinds, *steps):
    """What happens to a pair of records of each of these kinds."""
    kinds = (kinds,) if isinstance(kinds, str) else kinds
    return types.SimpleNamespace(what=what, kinds=kinds, steps=steps)


def step(**more):
    """A step of a row: what users do, and what there is after a sync.

    hubspot, salesforce        values that a user sets there: of a new record
                               if there is none; or DELETED, RESTORED
    both                       values in words, in the end on both sides
    in_hubspot, in_salesforce  values in the end; NOTHING: there is no record
    written                    events that ended so
    conflicts                  [(property, kept, lost, side kept)]
    ends                       {side: "outcome reason"} of that record's event
    """
    known = {"hubspot", "salesforce", "both", "in_hubspot", "in_salesforce",
             "written", "conflicts", "ends"}
    if more.keys() - known:
        raise ValueError(f"a step has no {more.keys() - known}")
    return types.SimpleNamespace(**{"written": 0, "conflicts": (),
                                    "ends": {}} | more)


def names(kind, side, values):
    """Words become the side's own names."""
    return {(WORDS[k][0][kind] if side == "hubspot" else WORDS[k][1])
            if k in WORDS else k: v for k, v in values.items()}


def plain(value):
    """Null, absent and empty are one."""
    return "" if value is None else value


class Pair:
    """A row of one kind: its contact and what there is of it."""

    def __init__(self, the_row, kind):
        self.row, self.kind = the_row, kind
        self.contact = self.person = None
        self.hubspot = self.salesforce = None  # its records
        self.seen = {}                         # the ids it ever had

    def __str__(self):
        return f"{self.row.what} ({self.kind})"

    def keys(self):
        """Its events' keys by side."""
        return {"hubspot": f"hubspot:{self.kind}:{self.seen.get('hubspot')}",
                "salesforce": f"salesforce:{OBJECT[self.kind]}:"
                              f"{self.seen.get('salesforce')}"}

    def step(self, at):
        """Its step, or nothing."""
        return self.row.steps[at] if at < len(self.row.steps) else step()


class Run:
    """A table in its World. `check(condition, text)` takes what is wrong."""

    def __init__(self, the_table, check):
        self.table, self.check = the_table, check
        self.pairs = [Pair(r, kind) for r in the_table.rows
                      for kind in r.kinds]
        self.world = World(no_limits=True)
        self.outcomes, self.n_conflicts = {}, 0

    def close(self):
        """Take its World away."""
        self.world.close()

    def run(self):
        """All steps, then quiet."""
        self.configure({})
        if self.table.before:
            self.table.before(self.world)
        self.people()
        self.world.sync()
        for at in range(max(len(p.row.steps) for p in self.pairs)):
            if at in self.table.later:
                # Salesforce tells a change's second only: one of this second
                # may be of before or after
                second = now_ms() // 1000
                wait_for(lambda now=second: now_ms() // 1000 > now, "a second")
                self.configure(self.table.later[at])
            self.act(at)
            self.judge(at, self.world.sync())
        self.quiet()

    def configure(self, more):
        """Write pipeline.conf."""
        settings = {"salesforce": {"time_zone": "Europe/Berlin"}}
        for kind in ALL:
            settings[f"activity.{kind}"] = {"sync": "on", **self.table.rules}
        for section, values in [*self.table.settings.items(), *more.items()]:
            settings.setdefault(section, {}).update(values)
        self.world.write_conf(settings=settings)

    def people(self):
        """A contact for each pair, tied to a person."""
        for i, pair in enumerate(self.pairs):
            pair.contact = str(10_000 + i)
        self.world.salesforce.load(Contact=[
            {"LastName": p.contact, "Email": f"p{p.contact}@example.com"}
            for p in self.pairs])
        ids = {c["LastName"]: c["Id"]
               for c in self.world.salesforce.dump("Contact")}
        self.world.hubspot.load(contacts=[{"id": p.contact, "properties": {
            "email": f"p{p.contact}@example.com", "lastname": p.contact,
            "salesforcecontactid": ids[p.contact]}} for p in self.pairs])
        for pair in self.pairs:
            pair.person = ids[pair.contact]
            self.world.people[pair.contact] = types.SimpleNamespace(
                email=f"p{pair.contact}@example.com",
                salesforce_id=pair.person)

    # -- what users do ----------------------------------------------------

    def act(self, at):
        """Step `at` of all rows."""
        for side, put in (("hubspot", self.put_hubspot),
                          ("salesforce", self.put_salesforce)):
            records = {}
            for pair in self.pairs:
                what = getattr(pair.step(at), side, None)
                if what is not None:
                    kind, record = put(pair, what)
                    records.setdefault(kind, []).append(record)
            if records:
                getattr(self.world, side).load(**records)

    def put_hubspot(self, pair, what):
        """A record to be loaded."""
        if what in (DELETED, RESTORED):
            return pair.kind + "s", {"id": pair.seen["hubspot"],
                                     "archived": what == DELETED}
        values = names(pair.kind, "hubspot", what)
        if pair.hubspot:
            return pair.kind + "s", {"id": pair.hubspot["id"],
                                     "properties": values}
        _, props = ENGAGEMENTS["sales_email_sent" if pair.kind == "email"
                               else pair.kind]
        now = now_ms()
        props = {**props, "hs_timestamp": iso(now)}
        if pair.kind == "meeting":
            props |= {"hs_meeting_start_time": iso(now),
                      "hs_meeting_end_time": iso(now + HOUR_MS)}
        pair.seen["hubspot"] = str(self.world.number())
        return pair.kind + "s", {"id": pair.seen["hubspot"],
                                 "properties": props | values,
                                 "associations": {"contacts": [pair.contact]}}

    def put_salesforce(self, pair, what):
        """A record to be loaded."""
        if what in (DELETED, RESTORED):
            return OBJECT[pair.kind], {"Id": pair.seen["salesforce"],
                                       "IsDeleted": what == DELETED}
        values = names(pair.kind, "salesforce", what)
        if pair.salesforce:
            return OBJECT[pair.kind], {"Id": pair.salesforce["Id"]} | values
        fields = {"WhoId": pair.person}
        if pair.kind == "meeting":
            fields |= {"StartDateTime": iso(now_ms()),
                       "EndDateTime": iso(now_ms() + HOUR_MS)}
        else:
            fields |= {"TaskSubtype": SUBTYPE[pair.kind]}
        return OBJECT[pair.kind], fields | values

    # -- what has come of it ----------------------------------------------

    def look(self):
        """Find each pair's records: they hang on its contact."""
        found = {}
        for kind in ALL:
            for record in self.world.hubspot.dump(kind + "s"):
                for contact in record["associations"].get("contacts", []):
                    found.setdefault((kind, contact), []).append(record)
        for name in ("Task", "Event"):
            for record in self.world.salesforce.dump(name):
                found.setdefault((name, record["WhoId"]), []).append(record)
        for pair in self.pairs:
            for side, key in (("hubspot", (pair.kind, pair.contact)),
                              ("salesforce", (OBJECT[pair.kind],
                                              pair.person))):
                records = found.get(key, [])
                self.check(len(records) < 2,
                           f"{pair}: doubled in {side}: {records}")
                record = records[0] if records else None
                setattr(pair, side, record)
                if record:
                    pair.seen[side] = record.get("id") or record["Id"]

    def state(self, sql):
        """Rows of the state."""
        path = os.path.join(self.world.dir, "var/state.db")
        with contextlib.closing(sqlite3.connect(path)) as db:
            return db.execute(sql).fetchall()

    def ended(self):
        """How events have ended since the last look, {key: [outcome]}."""
        now = {i: (key, f"{outcome} {reason}".strip()) for
               i, key, outcome, reason in self.state(
                   "SELECT id, key, outcome, reason FROM outcome")}
        new, self.outcomes = now.items() - self.outcomes.items(), now
        ends = {}
        for _, (key, how) in new:
            ends.setdefault(key, []).append(how)
        return ends

    def conflicts(self):
        """Those since the last look, {link: [(property, kept, lost, side)]}."""
        rows = self.state("SELECT number, key, property, kept, lost, "
                          "kept_side FROM conflict ORDER BY number")
        new = [r for r in rows if r[0] > self.n_conflicts]
        self.n_conflicts = max([self.n_conflicts, *(r[0] for r in rows)])
        found = {}
        for _, key, *rest in new:
            found.setdefault(key, []).append(tuple(rest))
        return found

    def judge(self, at, summary):
        """After the sync of a step."""
        self.look()
        ends, conflicts = self.ended(), self.conflicts()
        written = n_conflicts = 0
        for pair in self.pairs:
            want, keys = pair.step(at), pair.keys()
            where = f"{pair}, step {at + 1}"
            got = sum(how.startswith("written")
                      for key in keys.values() for how in ends.get(key, []))
            self.check(got == want.written,
                       f"{where}: {got} written, wanted {want.written}: "
                       f"{[ends.get(k) for k in keys.values()]}")
            self.judge_values(where, pair, want)
            for side, how in want.ends.items():
                self.check(how in ends.get(keys[side], []),
                           f"{where}: in {side} {ends.get(keys[side])}, "
                           f"wanted {how}")
            named = [(names(pair.kind, "hubspot", {c[0]: 0}).popitem()[0],
                      *c[1:]) for c in want.conflicts]
            self.check(conflicts.get(keys["hubspot"], []) == named,
                       f"{where}: conflicts {conflicts.get(keys['hubspot'])}, "
                       f"wanted {named}")
            written, n_conflicts = written + got, n_conflicts + len(named)
        figures = summary["written"], summary["conflicts"], summary["dead"]
        self.check(figures == (written, n_conflicts, 0),
                   f"step {at + 1}: written, conflicts, dead {figures}, "
                   f"wanted {written, n_conflicts, 0}\n"
                   + summary["log"][-3000:])

    def judge_values(self, where, pair, want):
        """What the records say."""
        for side in ("hubspot", "salesforce"):
            record = getattr(pair, side)
            values = dict(getattr(want, "both", {}))
            here = getattr(want, f"in_{side}", {})
            if here is NOTHING:
                self.check(record is None, f"{where}: in {side} {record}")
                continue
            values = names(pair.kind, side, values | here)
            if record is None:
                self.check(not values, f"{where}: nothing in {side}")
                continue
            has = record.get("properties", record)
            got = {k: plain(has.get(k)) for k in values}
            values = {k: plain(v) for k, v in values.items()}
            self.check(got == values,
                       f"{where}: in {side} {got}, wanted {values}")

    def quiet(self):
        """Two more syncs change nothing on either side, and both are equal."""
        before = self.everything()
        for n in (1, 2):
            summary = self.world.sync()
            wrote = {k: how for k, how in self.ended().items()
                     if any(h.startswith(("written", "dead")) for h in how)}
            self.check((summary["written"], summary["dead"]) == (0, 0),
                       f"quiet sync {n} wrote: {wrote}")
        after = self.everything()
        changed = [r for r in after if r not in before]
        self.check(len(before) == len(after) and not changed,
                   f"quiet syncs changed {changed}")
        done = self.world.run("verify", "--json", "--yes", code=None)
        self.check(done.returncode == 0 or not self.table.verified,
                   f"verify: {done.stdout}")

    def everything(self):
        """All activities of both sides, with their stamps."""
        return [r for service, feeds in (
            (self.world.hubspot, [k + "s" for k in ALL]),
            (self.world.salesforce, ("Task", "Event")))
                for feed in feeds for r in service.dump(feed)]
