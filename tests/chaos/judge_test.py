"""The judge on worlds made by hand: it is content with a good one, and with no
other."""
import copy
import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "scenarios")]
from driver import Record  # noqa: E402
from judge import Audit, Seen, judge  # noqa: E402

PAIR, NOTE, OUT = "salesforce:Task:1", "salesforce:Task:2", "hubspot:call:9"


def call(number, n, title, body):
    """HubSpot's."""
    return {"id": number, "properties": {
        "hs_call_title": f"r{n} title v{title}",
        "hs_call_body": f"<p>r{n} body v{body}</p>"}}


def task(number, subject, description):
    """Salesforce's."""
    return {"Id": number, "Subject": subject, "Description": description}


def good():
    """A pair, a note and a call out of scope, all as it should be."""
    pair = Record(1, "call", "pair", "salesforce", "7",
                  {"salesforce": "1", "hubspot": "5"}, {"title": 2, "body": 1})
    note = Record(2, "note", "timeline", "hubspot", "7", {"hubspot": "6"})
    out = Record(3, "call", "out", "hubspot", "8", {"hubspot": "9"})
    return Seen(
        [pair, note, out],
        {"call": [call("5", 1, 2, 1), call("9", 3, 0, 0)],
         "note": [{"id": "6", "properties": {"hs_note_body": "r2 body v0"}}]},
        {"Task": [task("1", "r1 title v2", "r1 body v1"),
                  task("2", "HubSpot note: r2 body v0", "r2 body v0")],
         "Event": []},
        [("hubspot:call:5", PAIR), ("hubspot:note:6", NOTE)], [],
        [(f"{PAIR}@1", PAIR, "written", ""), (f"{PAIR}@2", PAIR, "unchanged",
                                             "no-difference"),
         ("hubspot:note:6@3", "hubspot:note:6", "written", ""),
         (f"{OUT}@4", OUT, "dropped", "contact-not-synced")],
        sent={f"{PAIR}@1": 2, f"{PAIR}@2": 1, "hubspot:note:6@3": 1,
              f"{OUT}@4": 1},
        audits=[Audit({"hubspot.notes": 2}, {"hubspot:note:6@3"}, set()),
                Audit({"hubspot.notes": 5}, {"hubspot:note:6@3"},
                      {"hubspot:note:6@3"})],
        counts={"kills": 3}, wanted={"kills": 3})


def tasks(seen):
    """Salesforce's, to be changed."""
    return seen.salesforce["Task"]


# what is done to it, what the judge is to say ("": nothing)
ROWS = {
    "all is well": (lambda s: None, ""),
    "a task is missing": (lambda s: tasks(s).pop(), "record 2 (timeline note"
                          " of hubspot) is 0 times in salesforce, not 1"),
    "a task is there twice": (
        lambda s: tasks(s).append(task("3", "", "r2 body v0")),
        "is 2 times in salesforce, not 1"),
    "what is out of scope came over": (
        lambda s: tasks(s).append(task("3", "r3 title v0", "r3 body v0")),
        "record 3 (out call of hubspot) is 1 times in salesforce, not 0"),
    "somebody else's": (lambda s: tasks(s).append(task("3", "Hello", None)),
                        "salesforce has what nobody asked for"),
    "a number that nobody has": (
        lambda s: tasks(s).append(task("3", "r77 title v0", None)),
        "a record 77, which nobody made"),
    "two records in one": (
        lambda s: tasks(s)[1].update(Subject="r1 title v0"),
        "salesforce has what nobody asked for"),
    "an old value": (lambda s: tasks(s)[0].update(Subject="r1 title v1"),
                     "title of record 1 (pair of salesforce) is v[1]"),
    "an old value on its own side": (
        lambda s: s.hubspot["call"].__setitem__(0, call("5", 1, 0, 1)),
        "is v[0] in hubspot, last was v2"),
    "no value": (lambda s: tasks(s)[0].update(Description=None),
                 "body of record 1 (pair of salesforce) is v[]"),
    "an old value that lost a conflict on record": (
        lambda s: (tasks(s)[0].update(Subject="r1 title v1"),
                   s.conflicts.append(("hubspot:call:5", "r1 title v2"))), ""),
    "a conflict about another value": (
        lambda s: (tasks(s)[0].update(Subject="r1 title v1"),
                   s.conflicts.append(("hubspot:call:5", "r1 title v0"))),
        "title of record 1"),
    "no link": (lambda s: s.links.pop(), "record 2 is linked with []"),
    "a link elsewhere": (
        lambda s: s.links.__setitem__(1, ("hubspot:note:6", PAIR)),
        "2 links to salesforce:Task:1"),
    "a link of nobody's": (lambda s: s.links.append(("hubspot:call:4", "x")),
                           "a link of nobody's: hubspot:call:4"),
    "an event without an outcome": (
        lambda s: s.sent.update({"hubspot:note:6@9": 4}),
        "hubspot:note:6@9 has no outcome, it was sent 4 times"),
    "one that a later version has overtaken": (
        lambda s: s.sent.update({"hubspot:note:6@1": 4}), ""),
    "two outcomes": (lambda s: s.outcomes.append(s.outcomes[0]),
                     "salesforce:Task:1@1 has 2 outcomes"),
    "an end that nobody knows": (
        lambda s: s.outcomes.append(("hubspot:note:6@5", "hubspot:note:6",
                                     "again", "")), "ended as again"),
    "dropped though in scope": (
        lambda s: s.outcomes.__setitem__(2, (
            "hubspot:note:6@3", "hubspot:note:6", "dropped", "kind-off")),
        "record 2 (timeline note of hubspot) has no good outcome"),
    "written though out of scope": (
        lambda s: s.outcomes.__setitem__(3, (f"{OUT}@4", OUT, "written", "")),
        "record 3 is out of scope and ended as ('written', '')"),
    "dead of a fault": (
        lambda s: s.died.append(("e@1", "CONFLICT", "chaos")), ""),
    "dead of something else": (
        lambda s: s.died.append(("e@1", "bad-event", "no kind")),
        "e@1 died of bad-event: no kind, which was no fault"),
    "dead for ever": (
        lambda s: s.dead.append(("e@1", "CONFLICT", "chaos")),
        "e@1 is still dead"),
    "a checkpoint past an event": (
        lambda s: s.audits[1].ended.clear(),
        "the checkpoint of hubspot.notes went from 2 to 5, past "
        "hubspot:note:6@3"),
    "a checkpoint past one that has changed since": (
        lambda s: (s.audits[1].ended.clear(),
                   s.sent.update({"hubspot:note:6@7": 1}),
                   s.outcomes.append(("hubspot:note:6@7", "hubspot:note:6",
                                      "written", ""))), ""),
    "a checkpoint before an event": (
        lambda s: (s.audits[1].ended.clear(),
                   s.audits[1].cursors.update({"hubspot.notes": 3})), ""),
    "too little harm": (lambda s: s.counts.update(kills=2),
                        "only 2 kills, 3 are wanted"),
}


class Judge(unittest.TestCase):
    """Row by row."""

    def check(self, change, want):
        """The objection is made, or none."""
        seen = copy.deepcopy(good())
        seen.died, seen.dead = [], []
        change(seen)
        found = judge(seen)
        if want:
            self.assertTrue([f for f in found if want in f], found)
        else:
            self.assertEqual(found, [])


for _name, _row in ROWS.items():
    setattr(Judge, "test_" + _name.replace(" ", "_").replace("'", ""),
            lambda self, row=_row: self.check(*row))

if __name__ == "__main__":
    unittest.main()
