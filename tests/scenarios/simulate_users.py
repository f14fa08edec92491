"""The users of one seed: what they do on both sides, all of it decided by the
seed alone, and whether all of it is kept in the end."""
import collections
import random

from simulate_ties import ACCOUNT, TIES, Ties, each
from simulate_values import (END_THERE, KINDS, MAPPING, SIDES, from_ms, moment,
                             new_value, read)

OBJECT = {"task": "Task", "email": "Task", "call": "Task", "meeting": "Event"}
SUBTYPE = {"task": "Task", "email": "Email", "call": "Call"}
# Where users delete and restore, and what cannot be brought back.
DELETES = ("salesforce", "hubspot")
FOR_EVER = [("hubspot", "email")]
RACE_MS = 2_500  # a write this soon after a user's may not have seen it


class Record:
    """A pair of records, of which a user has made one."""

    def __init__(self, kind, side, ids):
        self.kind, self.side = kind, side
        self.id = {"hubspot": None, "salesforce": None} | ids
        self.is_deleted = dict.fromkeys(SIDES, False)
        # by property: what users wrote [(side, value, when)], what they
        # overwrote; an association's value is the list of its ids
        self.written, self.overwritten = {}, {}
        # on what, as users know it: {name: [ids]}
        self.hangs = dict.fromkeys(TIES, [])
        # whom users of Salesforce have taken away: {name: {id: when}}
        self.left = {name: {} for name in TIES}
        # HubSpot does not tell when only this has changed
        self.is_untold = False

    def key(self, side):
        """Its key in events."""
        name = self.kind if side == "hubspot" else OBJECT[self.kind]
        return f"{side}:{name}:{self.id[side]}"

    def feed(self, side):
        """Where it lies."""
        return self.kind + "s" if side == "hubspot" else OBJECT[self.kind]


# what: "create" | "edit" | "delete" | "restore"; values: new ones by property;
# ties: what it is to hang on, {name: [ids]}
Act = collections.namedtuple("Act", "record side what values ties",
                             defaults=({}, {}))


class Users:
    """All that the users of a seed do."""

    def __init__(self, seed):
        self.seed, self.n_acts = seed, 0
        self.records, self.log, self.batch = [], [], 0
        self.ties = Ties(seed)

    def plan(self, n):
        """The next n acts. The same for a seed, but for the edits of a record
        that is not there yet and what follows from those."""
        rand = random.Random(f"{self.seed}:{self.batch}")
        self.batch += 1
        acts = []
        for _ in range(n):
            acts += self.act(rand)
        self.n_acts += len(acts)
        return acts

    def act(self, rand):
        """One act, or one on both sides."""
        what, side = rand.random(), rand.choice(SIDES)
        kind = rand.choice(KINDS)
        name = f"s{self.seed}b{self.batch}n{rand.randrange(10 ** 6)}"
        if what < 0.25 or not self.records:
            return [self.create(rand, kind, side, name)]
        record = rand.choice(self.records)
        if what < 0.35:
            return self.toggle(record, rand.choice(DELETES))
        return self.edit(rand, record, SIDES if what < 0.6 else (side,), name)

    def edit(self, rand, record, sides, name):
        """Of some properties, of an association, or of both; on both sides it
        is of the same."""
        pairs = rand.sample(MAPPING[record.kind], rand.randrange(1, 3))
        tie, how = rand.choice(list(TIES)), rand.random()
        had, acts = dict(record.hangs), []
        for i, side in enumerate(sides):
            values = {p[0]: new_value(rand, p, f"{name}{'ab'[i]}", side)
                      for p in pairs if how > 0.2}
            # Whoever hangs on nobody does not come over.
            ties = self.ties.change(rand, side, tie, had, all(
                record.id.values())) if how < 0.6 else {}
            if record.id[side] and not record.is_deleted[side]:
                acts.append(Act(record, side, "edit", values, ties))
                record.hangs |= ties
                if side == "hubspot" and not values:
                    record.is_untold = True
        return acts

    def create(self, rand, kind, side, name):
        """A record with all its values."""
        n = self.seed * 1000 + len(self.records)
        ids = {"hubspot": str(5_000_000 + n)} if side == "hubspot" else {
            "salesforce": ("00U" if kind == "meeting" else "00T")
            + f"9{n:011d}EAA"}
        record = Record(kind, side, ids)
        self.records.append(record)
        ties = self.ties.start(rand, side)
        record.hangs |= ties
        return Act(record, side, "create", {
            p[0]: p[4](rand, name)[SIDES.index(side)]
            for p in MAPPING[kind]}, ties)

    @staticmethod
    def toggle(record, side):
        """Delete it there, or take it out of the bin."""
        if not record.id[side] or (side, record.kind) in FOR_EVER:
            return []
        is_deleted = record.is_deleted[side]
        record.is_deleted[side] = not is_deleted
        return [Act(record, side, "restore" if is_deleted else "delete")]

    def settle(self):
        """Everything out of the bin, and an edit of what is untold."""
        acts = [act for r in self.records for side in SIDES
                if r.is_deleted[side] for act in self.toggle(r, side)]
        for i, record in enumerate(r for r in self.records if r.is_untold):
            title = MAPPING[record.kind][0][0]
            acts.append(Act(record, "hubspot", "edit",
                            {title: f"s{self.seed}settled{i}"}))
        self.n_acts += len(acts)
        return acts

    # -- carrying out -----------------------------------------------------

    def load_row(self, act):
        """What is to be loaded."""
        record, side, what, values, ties = act
        if side == "hubspot":
            row = {"id": record.id[side], **self.ties.native(side, ties)}
            if values:  # without, it stays the same version
                row["properties"] = dict(values)
            if what in ("delete", "restore"):
                row["archived"] = what == "delete"
            if what == "create" and record.kind == "email":
                row["properties"]["hs_email_direction"] = "EMAIL"
            return row
        fields = {p[1]: values[p[0]] for p in MAPPING[record.kind]
                  if p[0] in values}
        row = {"Id": record.id[side], **fields}
        if "StartDateTime" in fields:  # alone it would move the end
            row["EndDateTime"] = END_THERE
        if what == "create" and record.kind != "meeting":
            row |= {"TaskSubtype": SUBTYPE[record.kind]}
        if what in ("delete", "restore"):
            row["IsDeleted"] = what == "delete"
        return row | self.ties.native(side, ties)

    def done(self, act, before, now):
        """It is loaded; `before` is the record as it was just then."""
        record, side, what, values, ties = act
        i = SIDES.index(side)
        old = before and read(record.kind, side, before) | {
            name: each(ids)
            for name, ids in self.ties.read(side, before).items()}
        new = {p[0]: p[2 + i](values[p[0]]) for p in MAPPING[record.kind]
               if p[0] in values} | ties
        self.log.append((now, record.key(side), what, values | ties))
        for name, value in new.items():
            record.written.setdefault(name, []).append((side, value, now))
            if before:
                over = record.overwritten.setdefault(name, set())
                over |= old[name] if name in TIES else {old[name]}
            if before and name in TIES and side == "salesforce":
                record.left[name] |= dict.fromkeys(
                    old[name] - each(value), now)
        if before and side == "salesforce" and self.ties.takes_account(ties):
            record.overwritten.setdefault(ACCOUNT, set()).update(old[ACCOUNT])
            record.left[ACCOUNT].clear()

    # -- judging ----------------------------------------------------------

    def judge(self, there, conflicts, ends):
        """What is wrong in the end. `there` {side: {key: record}} has what is
        theirs; `conflicts` {link: [(property, kept, lost)]}; `ends` {key:
        [(ms, how)]} are events that have ended."""
        written = {key: [at for at, how in some if " written" in how]
                   for key, some in ends.items()}
        for record in self.records:
            for side, other in (SIDES, SIDES[::-1]):
                written.setdefault(record.key(other), []).extend(
                    self.not_theirs(record.key(side), ends))
        for side in SIDES:
            mine = {r.key(side) for r in self.records}
            if there[side].keys() != mine:
                yield f"{side} has {sorted(there[side].keys() - mine)} too, " \
                      f"and has not {sorted(mine - there[side].keys())}"
        n = len({how for r in self.records for s in SIDES
                 for _, how in ends.get(r.key(s), ()) if " written" in how})
        if n > self.n_acts + 2:
            yield f"{n} events were written after {self.n_acts} acts"
        for record in self.records:
            if all(record.key(s) in there[s] for s in SIDES):
                found = conflicts.get(record.key("hubspot"), [])
                both = [there[s][record.key(s)] for s in SIDES]
                wrong = [*self.judge_values(record, both, found, written),
                         *self.judge_ties(record, both, found, written)]
                keys = " ".join(map(record.key, SIDES))
                yield from [f"{keys} {line}" for line in wrong]
                yield from self.story(record, ends) if wrong else []

    def not_theirs(self, key, ends):
        """When a record got versions that no user has made: a process that
        has died had written them, and told nobody."""
        stamps = {int(how.split("@")[1].split()[0])
                  for _, how in ends.get(key, ())}
        tick = 999 if key.startswith("salesforce") else 0  # whole seconds
        acts = [at for at, one, *_ in self.log if one == key]
        return [ms + tick for ms in sorted(stamps)
                if not any(0 <= at - ms < 1000 for at in acts)]

    def has(self, side, record):
        """Does it hang on one of this seed's?"""
        return any(i in self.ties.ids[name].values()
                   for name, ids in self.ties.read(side, record).items()
                   for i in ids)

    def story(self, record, ends):
        """What became of a record, in order."""
        keys = [record.key(s) for s in SIDES]
        acts = [(at, f"{key} {what} {values}")
                for at, key, what, values in self.log if key in keys]
        acts += [e for key in keys for e in ends.get(key, [])]
        return [f"    {at % 10 ** 7} {what}" for at, what in sorted(acts)]

    @staticmethod
    def judge_values(record, both, found, written):
        """Equal, and nothing lost."""
        here, over = (read(record.kind, s, r) for s, r in zip(SIDES, both))
        for pair in MAPPING[record.kind]:
            name = pair[0]
            users = record.written.get(name, [])
            if here[name] != over[name]:
                yield f"{name}: {here[name]!r} | {over[name]!r}"
            if here[name] not in [v for _, v, _ in users]:
                yield f"{name}: {here[name]!r} is nobody's: {users}"
            lost = {from_ms(c[2]) if pair[2] is moment else c[2]
                    for c in found if c[0] == name}
            kept = {here[name], over[name], *lost,
                    *record.overwritten.get(name, ())}
            for side, value, at in users:
                if value not in kept and not is_race(
                        record, side, at, written):
                    yield f"{name}: {value!r} of {side} is lost: {users}, " \
                          f"in the end {here[name]!r}, overwritten " \
                          f"{record.overwritten.get(name)}, conflicts {found}"

    def judge_ties(self, record, both, found, written):
        """The same of what it hangs on."""
        here, over = (self.ties.read(s, r) for s, r in zip(SIDES, both))
        for name in TIES:
            users = record.written.get(name, [])
            told = {c[2] for c in found if c[0] == name}
            wrong = [*self.ties.judge(name, here, over, users), *(
                f"{i} is left in HubSpot" for i, when in
                record.left[name].items()
                if i in here[name] and i not in told.union(over[name]) and
                is_to_go(record, i, users, when, written))]
            yield from (f"{name}: {line}, users {users}, conflicts {found}"
                        for line in wrong)
            kept = {*each(here[name]), *each(over[name]), *told,
                    *record.overwritten.get(name, ())}
            for side, ids, at in users:
                if not each(ids) <= kept and not (
                        is_race(record, side, at, written) or
                        is_nothing_seen(record, name, ids, at, written)):
                    yield f"{name}: {ids} of {side} is lost: {users}, in " \
                          f"the end {here[name]} | {over[name]}, overwritten " \
                          f"{record.overwritten.get(name)}, conflicts {found}"


def is_race(record, side, at, written):
    """Was the other side's change written so soon after the user's that the
    writer cannot have seen it? Neither service has a conditional write."""
    return any(0 <= end - at <= RACE_MS
               for s in SIDES for end in written.get(record.key(s), ())
               if s != side)


def is_to_go(record, one, users, when, written):
    """Was the record hung on that one on both sides, when Salesforce's user left
    it, and no user of HubSpot has hung it on that one since? Nor so shortly
    before that it may not have gone over."""
    since = max((at for side, ids, at in users
                 if side == "salesforce" and one in ids and at < when),
                default=0)
    return any(since < end < when for s in SIDES
               for end in written.get(record.key(s), ())) and not any(
        side == "hubspot" and one in ids and at > when - 2 * RACE_MS
        for side, ids, at in users)


def is_nothing_seen(record, name, ids, at, written):
    """Was it hung on nothing in Salesforce, that went over, and a user of
    HubSpot has hung it on something then? In HubSpot others may have been left,
    so that nothing was not what that user saw."""
    return not ids and any(
        side == "hubspot" and at < end < when
        for side, _, when in record.written[name]
        for end in written.get(record.key("salesforce"), ()))
