"""The users of one seed: what they do on both sides, all of it decided by the
seed alone, and whether all of it is kept in the end. It has a view of its own
of what values are equal, so that it does not repeat the program's mistakes."""
import datetime
import html
import random
import re
import zoneinfo

HOUR_MS = 3_600_000
KINDS = ("task", "email", "call", "meeting")
OBJECT = {"task": "Task", "email": "Task", "call": "Task", "meeting": "Event"}
SUBTYPE = {"task": "Task", "email": "Email", "call": "Call"}
SIDES = ("hubspot", "salesforce")
ZONE = zoneinfo.ZoneInfo("Europe/Berlin")
# Where users delete and restore, and what cannot be brought back.
DELETES = ("salesforce", "hubspot")
FOR_EVER = [("hubspot", "email")]
END_THERE = "2031-01-01T00:00:00.000+0000"
RACE_MS = 2_500  # a write this soon after a user's may not have seen it


# ---- what is equal ----

def text(value):
    """Trimmed, and cut to what a Subject holds."""
    return (value or "").strip()[:255].strip()


def plain(value):
    """Salesforce's text."""
    return (value or "").replace("\r\n", "\n").strip()


def from_html(value):
    """HubSpot's HTML, as far as the users write it."""
    value = re.sub(r"<br>", "\n", value or "")
    return html.unescape(re.sub(r"<[^>]*>", "", value)).strip()


def seconds(value):
    """A length of HubSpot."""
    return str(int(value) // 1000) if value else ""


def number(value):
    """A number of Salesforce."""
    return "" if value is None else str(value)


def moment(value):
    """A time of either side, to the second."""
    return (value or "")[:19]


def from_ms(value):
    """A time as it stands in a conflict."""
    at = datetime.datetime.fromtimestamp(int(value) // 1000,
                                         datetime.timezone.utc)
    return at.strftime("%Y-%m-%dT%H:%M:%S")


def day(value):
    """The day in the org's zone of a HubSpot time."""
    at = datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
    return at.astimezone(ZONE).date().isoformat()


def words(pairs, default=""):
    """A picklist's words in Salesforce's."""
    labels = dict(pairs) | {label: label for _, label in pairs}
    return lambda value: labels[value] if value else default


TASK_STATUS = words([
    ("NOT_STARTED", "Not Started"), ("IN_PROGRESS", "In Progress"),
    ("WAITING", "Waiting on someone else"), ("COMPLETED", "Completed"),
    ("DEFERRED", "Deferred")], "Not Started")
PRIORITY = words([("LOW", "Low"), ("MEDIUM", "Normal"), ("HIGH", "High")],
                 "Normal")
EMAIL_STATUS = words([("SENT", "Completed"), ("SCHEDULED", "Not Started")],
                     "Completed")
CALL_STATUS = words([("COMPLETED", "Completed"), ("QUEUED", "Not Started"),
                     ("IN_PROGRESS", "In Progress")], "Completed")
DIRECTION = words([("INBOUND", "Inbound"), ("OUTBOUND", "Outbound")])


# ---- what users write: (HubSpot's value, Salesforce's) ----

def new_text(rand, name):
    """A title: of its own, so that it is known wherever it turns up."""
    kind = rand.randrange(8)
    value = {0: name + " 😀", 1: name + " " + "x" * 300,
             2: name + " <i>&amp;"}.get(kind, name)
    return (f"  {value} " if kind == 3 else value), value[:255]


def new_body(rand, name):
    """Some lines."""
    lines = [name, "a & b", "Grüße <x>", "end"][:rand.randrange(1, 5)]
    return ("<p>" + "<br>".join(map(html.escape, lines)) + "</p>",
            rand.choice(("\n", "\r\n")).join(lines))


def new_time(rand, _):
    """A time in 2030."""
    at = f"2030-{rand.randrange(1, 13):02d}-{rand.randrange(1, 29):02d}" \
         f"T{rand.randrange(24):02d}:{rand.randrange(60):02d}:00.000"
    return at + "Z", at + "+0000"


def new_day(rand, name):
    """A day in 2030."""
    at, _ = new_time(rand, name)
    return at, day(at)


def new_length(rand, _):
    """Some seconds."""
    n = rand.randrange(1, 5000)
    return str(n * 1000 + rand.randrange(400)), n


def one_of(canon, *pairs):
    """Of a picklist."""
    del canon
    return lambda rand, _: rand.choice(pairs)


# kind: (HubSpot's property, Salesforce's field, how each is read, what is new)
DATE = ("hs_timestamp", "ActivityDate", day, number, new_day)
MAPPING = {
    "task": [
        ("hs_task_subject", "Subject", text, text, new_text),
        ("hs_task_body", "Description", from_html, plain, new_body),
        ("hs_task_status", "Status", TASK_STATUS, TASK_STATUS, one_of(
            TASK_STATUS, ("WAITING", "Waiting on someone else"),
            ("IN_PROGRESS", "In Progress"), ("COMPLETED", "Completed"))),
        ("hs_task_priority", "Priority", PRIORITY, PRIORITY, one_of(
            PRIORITY, ("LOW", "Low"), ("HIGH", "High"))), DATE],
    "email": [
        ("hs_email_subject", "Subject", text, text, new_text),
        ("hs_email_html", "Description", from_html, plain, new_body),
        ("hs_email_status", "Status", EMAIL_STATUS, EMAIL_STATUS, one_of(
            EMAIL_STATUS, ("SENT", "Completed"),
            ("SCHEDULED", "Not Started"))), DATE],
    "call": [
        ("hs_call_title", "Subject", text, text, new_text),
        ("hs_call_body", "Description", from_html, plain, new_body),
        ("hs_call_status", "Status", CALL_STATUS, CALL_STATUS, one_of(
            CALL_STATUS, ("COMPLETED", "Completed"),
            ("IN_PROGRESS", "In Progress"), ("QUEUED", "Not Started"))),
        ("hs_call_direction", "CallType", DIRECTION, DIRECTION, one_of(
            DIRECTION, ("INBOUND", "Inbound"), ("OUTBOUND", "Outbound"))),
        ("hs_call_duration", "CallDurationInSeconds", seconds, number,
         new_length), DATE],
    "meeting": [
        ("hs_meeting_title", "Subject", text, text, new_text),
        ("hs_meeting_body", "Description", from_html, plain, new_body),
        ("hs_meeting_location", "Location", text, text, new_text),
        ("hs_meeting_start_time", "StartDateTime", moment, moment, new_time),
        ("hs_meeting_end_time", "EndDateTime", moment, moment, lambda *_: (
            "2031-01-01T00:00:00.000Z", END_THERE))]}


class Record:
    """A pair of records, of which a user has made one."""

    def __init__(self, kind, side, ids):
        self.kind, self.side = kind, side
        self.id = {"hubspot": None, "salesforce": None} | ids
        self.is_deleted = dict.fromkeys(SIDES, False)
        # by property: what users wrote [(side, value, when)], what they
        # overwrote
        self.written, self.overwritten = {}, {}

    def key(self, side):
        """Its key in events."""
        name = self.kind if side == "hubspot" else OBJECT[self.kind]
        return f"{side}:{name}:{self.id[side]}"

    def feed(self, side):
        """Where it lies."""
        return self.kind + "s" if side == "hubspot" else OBJECT[self.kind]


class Users:
    """All that the users of a seed do."""

    def __init__(self, seed):
        self.seed, self.n_acts = seed, 0
        self.records, self.log, self.batch = [], [], 0
        self.contact = str(1_000_000 + seed)
        self.person = None

    def plan(self, n):
        """The next n acts: [(record, side, new values by property or None,
        "create" | "edit" | "delete" | "restore")]. The same for a seed, but
        for the edits of a record that is not there yet."""
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
        if what < 0.3 or not self.records:
            return [self.create(rand, kind, side, name)]
        record = rand.choice(self.records)
        if what < 0.4:
            return self.toggle(record, rand.choice(DELETES))
        sides = SIDES if what < 0.6 else (side,)
        pairs = rand.sample(MAPPING[record.kind], rand.randrange(1, 3))
        acts = []
        for i, at in enumerate(sides):
            values = {p[0]: self.value(rand, p, f"{name}{'ab'[i]}",
                                       SIDES.index(at)) for p in pairs}
            if record.id[at] and not record.is_deleted[at]:
                acts.append((record, at, values, "edit"))
        return acts

    @staticmethod
    def value(rand, pair, name, side):
        """What is written there; now and then nothing."""
        is_cleared = rand.randrange(12) == 0 and pair[4] in (new_text,
                                                             new_body)
        new = pair[4](rand, name)[side]
        return (None if side else "") if is_cleared else new

    def create(self, rand, kind, side, name):
        """A record with all its values."""
        n = self.seed * 1000 + len(self.records)
        ids = {"hubspot": str(5_000_000 + n)} if side == "hubspot" else {
            "salesforce": ("00U" if kind == "meeting" else "00T")
            + f"9{n:011d}EAA"}
        record = Record(kind, side, ids)
        self.records.append(record)
        return record, side, {p[0]: p[4](rand, name)[SIDES.index(side)]
                              for p in MAPPING[kind]}, "create"

    @staticmethod
    def toggle(record, side):
        """Delete it there, or take it out of the bin."""
        if not record.id[side] or (side, record.kind) in FOR_EVER:
            return []
        is_deleted = record.is_deleted[side]
        record.is_deleted[side] = not is_deleted
        return [(record, side, {}, "restore" if is_deleted else "delete")]

    def restore(self):
        """Everything out of the bin."""
        return [act for r in self.records for side in SIDES
                if r.is_deleted[side] for act in self.toggle(r, side)]

    # -- carrying out -----------------------------------------------------

    def load_row(self, act):
        """What is to be loaded."""
        record, side, values, what = act
        if side == "hubspot":
            row = {"id": record.id[side], "properties": dict(values)}
            if what in ("delete", "restore"):
                row["archived"] = what == "delete"
            if what == "create":
                row["associations"] = {"contacts": [self.contact]}
                if record.kind == "email":
                    row["properties"]["hs_email_direction"] = "EMAIL"
            return row
        fields = {p[1]: values[p[0]] for p in MAPPING[record.kind]
                  if p[0] in values}
        row = {"Id": record.id[side], **fields}
        if "StartDateTime" in fields:  # alone it would move the end
            row["EndDateTime"] = END_THERE
        if what == "create":
            row |= {"WhoId": self.person}
            if record.kind != "meeting":
                row |= {"TaskSubtype": SUBTYPE[record.kind]}
        if what in ("delete", "restore"):
            row["IsDeleted"] = what == "delete"
        return row

    def done(self, act, before, now):
        """It is loaded; `before` is the record as it was just then."""
        record, side, values, what = act
        i = SIDES.index(side)
        self.log.append((now, record.key(side), what, values))
        for pair in MAPPING[record.kind]:
            if pair[0] not in values:
                continue
            if before:
                old = read(record.kind, side, before)[pair[0]]
                record.overwritten.setdefault(pair[0], set()).add(old)
            record.written.setdefault(pair[0], []).append(
                (side, pair[2 + i](values[pair[0]]), now))

    # -- judging ----------------------------------------------------------

    def judge(self, there, conflicts, ends):
        """What is wrong in the end. `there` {side: {key: record}} has what
        hangs on the contact; `conflicts` {link: [(property, kept, lost)]};
        `ends` {key: [(ms, how)]} are events that have ended."""
        written = {key: [at for at, how in some if " written" in how]
                   for key, some in ends.items()}
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
                wrong = list(self.judge_record(record, there, conflicts,
                                               written))
                yield from wrong + (self.story(record, ends) if wrong else [])

    def story(self, record, ends):
        """What became of a record, in order."""
        keys = [record.key(s) for s in SIDES]
        acts = [(at, f"{key} {what} {values}")
                for at, key, what, values in self.log if key in keys]
        acts += [e for key in keys for e in ends.get(key, [])]
        return [f"    {at % 10 ** 7} {what}" for at, what in sorted(acts)]

    @staticmethod
    def judge_record(record, there, conflicts, written):
        """Equal, and nothing lost."""
        here, over = (read(record.kind, s, there[s][record.key(s)])
                      for s in SIDES)
        found = conflicts.get(record.key("hubspot"), [])
        for pair in MAPPING[record.kind]:
            name = pair[0]
            where = f"{record.key('hubspot')} {record.key('salesforce')} " \
                    f"{name}"
            users = record.written.get(name, [])
            if here[name] != over[name]:
                yield f"{where}: {here[name]!r} | {over[name]!r}"
            if here[name] not in [v for _, v, _ in users]:
                yield f"{where}: {here[name]!r} is nobody's: {users}"
            lost = {from_ms(c[2]) if pair[2] is moment else c[2]
                    for c in found if c[0] == name}
            kept = {here[name], over[name], *lost,
                    *record.overwritten.get(name, ())}
            for side, value, at in users:
                if value not in kept and not is_race(
                        record, side, at, written):
                    yield f"{where}: {value!r} of {side} is lost: {users}, " \
                          f"in the end {here[name]!r}, overwritten " \
                          f"{record.overwritten.get(name)}, conflicts {found}"


def is_race(record, side, at, written):
    """Was the other side's change written so soon after the user's that the
    writer cannot have seen it? Neither service has a conditional write."""
    return any(0 <= end - at <= RACE_MS
               for s in SIDES for end in written.get(record.key(s), ())
               if s != side)


def read(kind, side, record):
    """A record's values as they are compared, by HubSpot's names."""
    i = SIDES.index(side)
    values = record["properties"] if side == "hubspot" else record
    return {p[0]: p[2 + i](values.get(p[i])) for p in MAPPING[kind]}
