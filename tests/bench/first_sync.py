#!/usr/bin/python3
"""make first-sync: a large account under the services' real limits.

    tests/bench/first_sync.py [--activities 50000] [--contacts 500]
                              [--token-lifetime 20] [--both-ways]

The activities happen on both sides (HubSpot: tasks, e-mails, calls and meetings;
Salesforce: calls) and one `sync` brings them over: as tasks of the timeline, all
of them from HubSpot; or, --both-ways, each to the other side. The sandbox refuses what
comes faster than HubSpot allows, and ends each access token after that many seconds.
Prints what was asked of each limit, second by second at the busiest, and how much of
what is allowed that was; how many calls were refused for their rate, how often somebody
signed in, and whether any record is missing or doubled. Exit 1: one is, or a call was
refused, or a token was renewed that was good. Then one line of JSON.
"""
import argparse
import collections
import json
import os
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "scenarios"))
os.environ.setdefault("CRMPIPE_BUILD", os.path.join(HERE, "../../build"))
import records  # noqa: E402
from harness import iso, now_ms  # noqa: E402

ALLOWED = {"searches": (5, 1), "associations": (150, 10), "calls": (190, 10)}
EVERY_S = 0.25
RENEWED_AT = 0.9  # of a token's life
FEEDS = ("call", "email", "meeting", "task")
LOAD = 2000
OAUTH = {"client_id": "env:HUBSPOT_CLIENT_ID",
         "client_secret": "env:HUBSPOT_CLIENT_SECRET",
         "refresh_token": "env:HUBSPOT_REFRESH_TOKEN"}


def make_world(args):
    """An account with people on both sides, who are known already."""
    kinds = ("activity." + feed if args.both_ways else "timeline." + {
        "email": "sales_email_sent"}.get(feed, feed) for feed in FEEDS)
    world = records.World(
        sandbox=["--token-lifetime", str(args.token_lifetime)],
        settings={"hubspot": {"rate": 190, "association_rate": 150, **OAUTH},
                  "delivery": {"retry_min": "1s", "retry_max": "60s",
                               "resend_after": "60s"},
                  **{kind: {"sync": "on"} for kind in kinds}})
    world.env |= {"HUBSPOT_CLIENT_ID": "sandbox-client",
                  "HUBSPOT_CLIENT_SECRET": "sandbox-secret",
                  "HUBSPOT_REFRESH_TOKEN": "sandbox-refresh"}
    people = [f"person{i}@example.com" for i in range(args.contacts)]
    world.salesforce.load(Contact=[{"Email": email, "LastName": email}
                                   for email in people])
    ids = {c["LastName"]: c["Id"] for c in world.salesforce.dump("Contact")}
    world.hubspot.load(contacts=[
        {"id": str(500_000 + i), "properties": {
            "email": email, "salesforcecontactid": ids[email]}}
        for i, email in enumerate(people)])
    world.sync()
    return world, [(str(500_000 + i), ids[email])
                   for i, email in enumerate(people)]


def load_hubspot(world, people, n):
    """n records of HubSpot, of all kinds, now."""
    stamp = iso(now_ms())
    lists = collections.defaultdict(list)
    for i in range(n):
        feed = FEEDS[i % len(FEEDS)]
        kind, plain = records.ENGAGEMENTS[
            "sales_email_sent" if feed == "email" else feed]
        props = {**plain, "hs_timestamp": stamp, "hs_createdate": stamp}
        title = next(k for k in props if k.endswith(("title", "subject")))
        props[title] = f"there {i}"
        if feed == "meeting":
            props |= {"hs_meeting_start_time": stamp,
                      "hs_meeting_end_time": iso(now_ms() + 3_600_000)}
        lists[kind].append({
            "id": str(1_000_000 + i), "properties": props,
            "associations": {"contacts": [people[i % len(people)][0]]}})
    for kind, rows in lists.items():
        for start in range(0, len(rows), LOAD):
            world.hubspot.load(**{kind: rows[start:start + LOAD]})


def load_salesforce(world, people, n):
    """n calls of Salesforce."""
    rows = [{"TaskSubtype": "Call", "Subject": f"here {i}",
             "Status": "Completed", "WhoId": people[i % len(people)][1]}
            for i in range(n)]
    for start in range(0, n, LOAD):
        world.salesforce.load(Task=rows[start:start + LOAD])


def turn_of(call):
    """Which of HubSpot's limits a call counts in."""
    if call["path"].endswith("/search"):
        return "searches"
    return "associations" if "/associations/" in call["path"] else "calls"


def count(world):
    """How often each limit was used until now."""
    made = collections.Counter()
    for call in world.hubspot.calls()["calls"]:
        if "/oauth/" not in call["path"]:
            made[turn_of(call)] += call["n"]
    made["calls"] += made["associations"]  # they count there, too
    return made


def watch(world, stop, seen):
    """Samples of the counts, until the pass ends."""
    while True:
        seen.append((time.monotonic(), count(world)))
        if stop.wait(EVERY_S):
            seen.append((time.monotonic(), count(world)))
            return


def used(seen, name):
    """Over the stretch in which the limit was used: what a window has held, of
    what it may."""
    allowed, window_s = ALLOWED[name]
    moves = [i for i in range(1, len(seen))
             if seen[i][1][name] > seen[i - 1][1][name]]
    if not moves:
        return {"calls": 0, "seconds": 0.0, "used": 0.0}
    first, last = seen[moves[0] - 1], seen[moves[-1]]
    seconds, calls = last[0] - first[0], last[1][name] - first[1][name]
    return {"calls": calls, "seconds": round(seconds, 1),
            "used": round(calls * window_s / seconds / allowed, 3)}


def sign_ins(service):
    """How often somebody has asked for a token."""
    return sum(c["n"] for c in service.calls()["calls"]
               if c["path"].endswith("/token"))


def arrived(world, args):
    """How many of each record's twins are not exactly one."""
    wrong = collections.Counter()
    there = collections.Counter(
        r["Subject"].removeprefix("HubSpot call: ") for kind in
        ("Task", "Event") for r in world.salesforce.dump(kind))
    here = collections.Counter()
    for kind in ("calls", "emails", "meetings", "tasks"):
        for record in world.hubspot.dump(kind):
            props = record["properties"]
            here[next(props[k] for k in props if k.endswith(
                ("_title", "_subject")) and props[k])] += 1
    wrong["in Salesforce"] = sum(
        n != 1 for n in there.values()) + args.n_hubspot + \
        args.n_salesforce - len(there)
    if args.both_ways:
        wrong["in HubSpot"] = sum(
            n != 1 for n in here.values()) + args.n_hubspot + \
            args.n_salesforce - len(here)
    return wrong


def run(args):
    """One account, one pass; what it came to."""
    args.n_salesforce = args.activities // 2 if args.both_ways else 0
    args.n_hubspot = args.activities - args.n_salesforce
    began = time.monotonic()
    world, people = make_world(args)
    with world:
        load_hubspot(world, people, args.n_hubspot)
        load_salesforce(world, people, args.n_salesforce)
        seen, stop = [], threading.Event()
        watcher = threading.Thread(target=watch, args=(world, stop, seen))
        watcher.start()
        started = time.monotonic()
        summary = world.sync()
        seconds = time.monotonic() - started
        stop.set()
        watcher.join()
        refused = sum(c["n"] for c in world.hubspot.calls()["calls"]
                      if c["status"] == 429)
        lives = (time.monotonic() - began) / (RENEWED_AT *
                                              args.token_lifetime)
        tokens = {name: sign_ins(getattr(world, name))
                  for name in ("hubspot", "salesforce")}
        wrong = arrived(world, args)
    return {"activities": args.activities, "both_ways": args.both_ways,
            "seconds": round(seconds, 1), "written": summary["written"],
            "dead": summary["dead"], "api_calls": summary["api_calls"],
            "refused_for_rate": refused,
            "limits": {name: used(seen, name) for name in ALLOWED},
            "sign_ins": tokens, "token_lives": round(lives, 1),
            "missing_or_doubled": dict(wrong)}


def main():
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--activities", type=int, default=50_000)
    parser.add_argument("--contacts", type=int, default=500)
    parser.add_argument("--token-lifetime", type=int, default=20)
    parser.add_argument("--both-ways", action="store_true")
    args = parser.parse_args()
    result = run(args)
    print(f"{result['activities']:,} activities in {result['seconds']} s, "
          f"{result['written']:,} written, {result['dead']} dead")
    for name, limit in result["limits"].items():
        print(f"  {name:<14}{limit['calls']:8,} in {limit['seconds']:6.1f} s, "
              f"{limit['used']:7.1%} of {ALLOWED[name][0]} in "
              f"{ALLOWED[name][1]} s")
    print(f"  refused for rate {result['refused_for_rate']}, signed in "
          f"{result['sign_ins']} in {result['token_lives']} tokens' lives")
    print(f"  missing or doubled {result['missing_or_doubled']}")
    print(json.dumps(result))
    good = (result["refused_for_rate"] == 0 and result["dead"] == 0 and
            not any(result["missing_or_doubled"].values()) and
            max(result["sign_ins"].values()) <= result["token_lives"] + 1)
    sys.exit(not good)


if __name__ == "__main__":
    main()
