"""Whether all is well in the end: what both services hold, the links, the
outcomes, the dead letters, the checkpoints on the way. Pure: values in, a list
of objections out."""
import collections
import dataclasses
import html
import re

NAMED = re.compile(r"\br(\d+) (title|body) v(\d+)\b")
ENDS = {"written", "unchanged", "dropped", "dead"}
OUT_OF_SCOPE = {"contact-not-synced", "no-contact", "before-contact-sync"}
OBJECT = {"task": "Task", "email": "Task", "call": "Task", "meeting": "Event"}
INJECTED = "chaos"  # stands in the words of each refusal that was injected


@dataclasses.dataclass
class Audit:
    """The state between two lives of the chain."""
    cursors: dict  # feed: ms up to which it was read for good
    sent: set  # ids of all events that were sent so far
    ended: set  # ids that have an outcome


@dataclasses.dataclass
class Seen:
    """All that there is to see in the end."""
    records: list  # of driver.Record: what users have made
    hubspot: dict  # {kind: [record]}
    salesforce: dict  # {"Task": [record], "Event": [record]}
    links: list = ()  # [(key, target)]
    conflicts: list = ()  # [(link, lost value)]
    outcomes: list = ()  # [(id, key, outcome, reason)]
    dead: list = ()  # [(id, reason, detail)] that are left
    died: list = ()  # the same, before they were tried again
    sent: dict = dataclasses.field(default_factory=dict)  # {id: copies}
    audits: list = ()
    counts: dict = dataclasses.field(default_factory=dict)
    wanted: dict = dataclasses.field(default_factory=dict)


def judge(seen):
    """All objections, as texts."""
    there = {"hubspot": list(hubspot_texts(seen.hubspot)),
             "salesforce": list(salesforce_texts(seen.salesforce))}
    return [*judge_stores(seen, there), *judge_links(seen, there),
            *judge_events(seen), *judge_dead(seen),
            *judge_audits(seen.audits, seen.sent),
            *judge_counts(seen)]


# ---- what is there ----

def hubspot_texts(store):
    """(key, the texts in it)"""
    for kind, records in store.items():
        for record in records:
            yield f"hubspot:{kind}:{record['id']}", html.unescape(" | ".join(
                str(v) for v in record["properties"].values() if v))


def salesforce_texts(store):
    """The same of Salesforce."""
    for name, records in store.items():
        for record in records:
            yield f"salesforce:{name}:{record['Id']}", " | ".join(
                record.get(f) or "" for f in ("Subject", "Description"))


def by_record(texts):
    """{number: [(key, {field: versions})]}, and keys of nobody's."""
    found, strange = collections.defaultdict(list), []
    for key, text in texts:
        values = collections.defaultdict(set)
        numbers = set()
        for n, field, version in NAMED.findall(text):
            numbers.add(int(n))
            values[field].add(int(version))
        if len(numbers) == 1:
            found[numbers.pop()].append((key, values))
        else:
            strange.append(f"{key}: {text[:80]!r}")
    return found, strange


def wanted_on(record, side):
    """Does it belong there?"""
    if record.kind == "form_submission" and side == "hubspot":
        return False  # no store of records has it
    return record.mode != "out" or record.side == side


def fields_of(record):
    """What it has."""
    has_title = record.kind not in ("note", "form_submission")
    return {"title", "body"} if has_title else {"body"}


def judge_stores(seen, there):
    """Each record in scope once on each side, with its last values."""
    for side, texts in there.items():
        found, strange = by_record(texts)
        yield from (f"{side} has what nobody asked for: {s}" for s in strange)
        for record in seen.records:
            here = found.pop(record.n, [])
            want = wanted_on(record, side)
            if len(here) != want:
                yield f"record {record.n} ({record.mode} {record.kind} of " \
                      f"{record.side}) is {len(here)} times in {side}, not " \
                      f"{int(want)}: {[k for k, _ in here]}"
            for key, values in here[:1]:
                yield from judge_values(record, side, key, values,
                                        gave_way(seen, record))
        for n, here in found.items():
            yield f"{side} has a record {n}, which nobody made: {here}"


def gave_way(seen, record):
    """Fields whose last value is not there because it lost a conflict that is
    on record: nobody else changes the field, but to a chain that died between
    a write and its link its own value looks like a user's."""
    return {field for field in ("title", "body") for link, lost
            in seen.conflicts if record.text(field) in lost
            and link == f"hubspot:{record.kind}:{record.ids.get('hubspot')}"}


def judge_values(record, side, key, values, excused=()):
    """The last ones, and no other."""
    for field in sorted(fields_of(record) - set(excused)):
        last = {record.last[field]}
        if values[field] != last:
            yield f"{key}: {field} of record {record.n} ({record.mode} of " \
                  f"{record.side}) is v{sorted(values[field])} in {side}, " \
                  f"last was v{record.last[field]}"


# ---- links ----

def judge_links(seen, there):
    """One for each record that came over, from what there is to what there
    is; no other."""
    found = {side: by_record(texts)[0] for side, texts in there.items()}
    links = collections.Counter(key for key, _ in seen.links)
    targets = collections.Counter(target for _, target in seen.links)
    yield from (f"{n} links of {key}" for key, n in links.items() if n > 1)
    yield from (f"{n} links to {t}" for t, n in targets.items() if n > 1)
    target_of = dict(seen.links)
    for record in seen.records:
        tasks = found["salesforce"].get(record.n, [])
        keys = [k for k, _ in found["hubspot"].get(record.n, [])]
        if record.kind == "form_submission":
            keys = [f"hubspot:form_submission:{record.ids['hubspot']}"]
        mine = [target_of.pop(k) for k in keys if k in target_of]
        want = [] if record.mode == "out" else [k for k, _ in tasks]
        if mine != want:
            yield f"record {record.n} is linked with {mine}, there is {want}"
    yield from (f"a link of nobody's: {k} {t}" for k, t in target_of.items())


# ---- events ----

def version_of(event):
    """hubspot:call:7@1234: its key and 1234."""
    key, _, version = event.rpartition("@")
    return key, int(version)


def last_versions(events):
    """{key: the last of its versions}"""
    last = {}
    for key, version in map(version_of, events):
        last[key] = max(version, last.get(key, version))
    return last


def without_end(sent, ended):
    """Those that have no outcome, nor has a later version of their record: a
    fetcher that was killed finds the last version only."""
    last = last_versions(ended)
    return [e for e in sent if e not in ended
            and version_of(e)[1] >= last.get(version_of(e)[0], -1)]


def judge_events(seen):
    """Each that was sent has one outcome; what is out of scope was dropped
    for that, what is in scope was not."""
    ends = collections.Counter(o[0] for o in seen.outcomes)
    yield from (f"{event} has {n} outcomes" for event, n in ends.items()
                if n > 1)
    yield from (f"{event} has no outcome, it was sent {seen.sent[event]} times"
                for event in without_end(seen.sent, ends))
    by_key = collections.defaultdict(list)
    for event, key, outcome, reason in seen.outcomes:
        by_key[key].append((outcome, reason))
        if outcome not in ENDS:
            yield f"{event} ended as {outcome}"
    for record in seen.records:
        name = record.kind if record.side == "hubspot" \
            else OBJECT[record.kind]
        mine = by_key[f"{record.side}:{name}:{record.ids[record.side]}"]
        if record.mode == "out":
            yield from (f"record {record.n} is out of scope and ended as {o}"
                        for o in mine if o[0] != "dropped"
                        or o[1] not in OUT_OF_SCOPE)
        elif not any(o in ("written", "unchanged", "dead") for o, _ in mine):
            yield f"record {record.n} ({record.mode} {record.kind} of " \
                  f"{record.side}) has no good outcome: {mine}"


def judge_dead(seen):
    """Only what was refused by a fault dies, and not for ever."""
    for event, reason, detail in seen.died:
        if INJECTED not in detail:
            yield f"{event} died of {reason}: {detail}, which was no fault"
    for event, reason, detail in seen.dead:
        yield f"{event} is still dead of {reason}: {detail}"


# ---- checkpoints ----

def judge_audits(audits, sent):
    """No checkpoint goes past an event that was sent and has not ended, unless
    its record has changed since and lies before the checkpoint again."""
    last = last_versions(sent)
    for before, now in zip(audits, audits[1:]):
        for feed, cursor in now.cursors.items():
            old = before.cursors.get(feed, 0)
            for event in without_end(before.sent, now.ended):
                key, version = version_of(event)
                if key.lower().startswith(prefix_of(feed)) \
                        and old <= version < cursor > last.get(key, 0):
                    yield f"the checkpoint of {feed} went from {old} to " \
                          f"{cursor}, past {event}, which has no outcome"


def prefix_of(feed):
    """hubspot.calls: hubspot:call:"""
    service, _, name = feed.partition(".")
    return f"{service}:{name.removesuffix('s')}:"


# ---- was it a trial at all ----

def judge_counts(seen):
    """A run without harm shows nothing."""
    for what, least in seen.wanted.items():
        if seen.counts.get(what, 0) < least:
            yield f"only {seen.counts.get(what, 0)} {what}, {least} are wanted"
