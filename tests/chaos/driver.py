"""What users do on both sides of a chaos run. Each value can be told from its
record's number and its version, so that nobody has to remember more than the
last version of each.

A pair's title is changed in HubSpot and its body in Salesforce only: whose
value is the last one is then beyond doubt, whatever the harm."""
import contextlib
import dataclasses
import os
import random
import sqlite3

from harness import DAY_MS, iso
from pair_case import BODY, NATIVE, TITLE
from records import ENGAGEMENTS, HOUR_MS

PAIR_KINDS = ("task", "email", "call", "meeting")
OBJECT = {kind: NATIVE[kind][0] for kind in PAIR_KINDS}
SIDES = ("hubspot", "salesforce")
FORM = "f-1"


@dataclasses.dataclass
class Record:
    """One activity, or a pair of records that is one."""
    n: int
    kind: str
    mode: str  # pair; timeline: a task is made of it; out: of scope
    side: str  # where a user has made it
    contact: str  # HubSpot's id
    ids: dict  # side: id, as far as it is known
    last: dict = dataclasses.field(
        default_factory=lambda: {"title": 0, "body": 0})

    def key(self, side):
        """Its key in events."""
        name = self.kind if side == "hubspot" else OBJECT[self.kind]
        return f"{side}:{name}:{self.ids[side]}"

    def text(self, field, version=None):
        """A value of it; the last one if no version is named."""
        version = self.last[field] if version is None else version
        return f"r{self.n} {field} v{version}"


def state(world, sql):
    """Rows of the state, which may be in use."""
    path = os.path.join(world.dir, "var/state.db")
    with contextlib.closing(sqlite3.connect(path, timeout=30)) as db:
        rows = db.execute(sql).fetchall()
        db.commit()
        return rows


class Driver:
    """All users. `kinds` are kept equal both ways, the others are timeline."""

    def __init__(self, world, seed, kinds=PAIR_KINDS):
        self.world, self.kinds = world, kinds
        self.rand = random.Random(f"users {seed}")
        self.records = []
        self.tied = [world.tied_contact(sync=False) for _ in range(3)]
        self.tied.append(world.tied_lead(sync=False))
        self.untied = world.untied_contact()
        world.hubspot.load(forms=[{"id": FORM, "name": "Contact us",
                                   "formType": "hubspot"}])

    def now(self):
        """The services' clock, ms."""
        return self.world.hubspot.call("/__sandbox/clock")["now"]

    # -- what they do -----------------------------------------------------

    def burst(self, n_new, n_edits, kind=None):
        """So many records are made, of any kind or of one; so many edits."""
        made = [self.new(kind) for _ in range(n_new)]
        now = self.now()
        rows = [self.row(record, now) for record in made]
        self.load(rows)
        self.find()
        self.load(self.edits(n_edits))

    def load(self, rows):
        """[(side, where it lies, row)], a load a side."""
        for side in SIDES:
            lists = {}
            for at, name, row in rows:
                if at == side:
                    lists.setdefault(name, []).append(row)
            if lists:
                getattr(self.world, side).load(**lists)

    def new(self, kind):
        """A record that is to be made."""
        rand, n = self.rand, len(self.records) + 1
        kind = kind or rand.choice([*PAIR_KINDS, "note", "note",
                                    "form_submission"])
        out = rand.random() < 0.1 and kind != "form_submission"
        mode = ("out" if out else "pair" if kind in self.kinds
                else "timeline")
        side = rand.choice(SIDES) if mode == "pair" else "hubspot"
        # a pair's or a task's window is when it was changed or made
        contact = self.untied if out and (
            kind in self.kinds or kind == "task" or rand.random() < 0.5) \
            else rand.choice(self.tied)
        ids = {"hubspot": str(5_000_000 + n)} if side == "hubspot" else {
            "salesforce": ("00U" if kind == "meeting" else "00T")
            + f"9{n:011d}EAA"}
        if kind == "form_submission":
            ids = {"hubspot": f"{FORM}:c-{n}"}
        record = Record(n, kind, mode, side, contact, ids)
        self.records.append(record)
        return record

    def row(self, record, now):
        """What is to be loaded to make it."""
        if record.kind == "form_submission":
            return "hubspot", "form_submissions", self.form(record, now)
        if record.side == "salesforce":
            return self.salesforce_row(record, now)
        # out of scope: nobody's in Salesforce, or from before the tie
        at = now if record.mode != "out" or record.contact == self.untied \
            else now - 2 * DAY_MS
        kind = "sales_email_sent" if record.kind == "email" else record.kind
        feed, plain = ENGAGEMENTS[kind]
        props = plain | self.texts(record) | {
            "hs_timestamp": iso(at), "hs_createdate": iso(at)}
        props.pop("hs_email_text", None)  # it would hide the body
        if record.kind == "meeting":
            props |= {"hs_meeting_start_time": iso(at),
                      "hs_meeting_end_time": iso(at + HOUR_MS)}
        return "hubspot", feed, {
            "id": record.ids["hubspot"], "properties": props,
            "associations": {"contacts": [record.contact]}}

    @staticmethod
    def texts(record):
        """Title and body, as HubSpot has them."""
        body = f"<p>{record.text('body')}</p>"
        if record.kind == "note":
            return {"hs_note_body": body}
        return {TITLE[record.kind]: record.text("title"),
                BODY[record.kind]: body}

    def form(self, record, now):
        """A submission, which nobody changes."""
        return {"formId": FORM, "conversionId": f"c-{record.n}",
                "submittedAt": now, "pageUrl": "https://a.example/form",
                "values": [
                    {"name": "email",
                     "value": self.world.people[record.contact].email},
                    {"name": "city", "value": record.text("body")}]}

    def salesforce_row(self, record, now):
        """A pair's record that is made there."""
        name, plain = NATIVE[record.kind]
        if record.kind == "meeting":
            plain = {"StartDateTime": iso(now),
                     "EndDateTime": iso(now + HOUR_MS)}
        return "salesforce", name, plain | {
            "Id": record.ids["salesforce"],
            "WhoId": self.world.people[record.contact].salesforce_id,
            "Subject": record.text("title"),
            "Description": record.text("body")}

    def edits(self, n):
        """Rows of n edits, each of another record."""
        able = [r for r in self.records if r.kind != "form_submission"]
        return [row for record in self.rand.sample(able, min(n, len(able)))
                for row in self.edit(record)]

    def edit(self, record):
        """The title in HubSpot; the body where its users are."""
        field = self.rand.choice(("title", "body"))
        if record.kind == "note":
            field = "body"
        side = "salesforce" if record.mode == "pair" and field == "body" \
            else "hubspot"
        if side not in record.ids:
            return []  # it has not come over yet
        record.last[field] += 1
        if side == "salesforce":
            return [(side, OBJECT[record.kind], {
                "Id": record.ids[side], "Description": record.text("body")})]
        name = TITLE[record.kind] if field == "title" \
            else BODY.get(record.kind, "hs_note_body")
        return [(side, record.kind + "s", {
            "id": record.ids[side],
            "properties": {name: self.texts(record)[name]}})]

    def find(self):
        """The other records of pairs that have come over."""
        pairs = {}
        for key, target in state(self.world, "SELECT key, target FROM link"):
            pairs[key], pairs[target] = target, key
        for record in self.records:
            for side, other in (SIDES, SIDES[::-1]):
                if record.mode == "pair" and other not in record.ids:
                    made = pairs.get(record.key(side))
                    if made:
                        record.ids[other] = made.rsplit(":", 1)[1]
