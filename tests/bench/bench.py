#!/usr/bin/python3
"""make bench: what the chain costs, beside a plain relay of the same bytes.

    tests/bench/bench.py [--events 200000] [--activities 2000]

1. normalizer -> window-filter -> conflict-resolver, three processes over ipc,
   from a file of captured events to nowhere; then three relays that do not look
   at the bytes, over the same file.
2. A real sync against the sandbox: API calls per 1,000 tasks written.
Prints a table, then one line of JSON. Uses the optimised build, not the one with
sanitizers.
"""
import argparse
import contextlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time

import msgpack
import zmq

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "scenarios"))
os.environ.setdefault("CRMPIPE_BUILD", os.path.join(HERE, "../../build"))
import harness  # noqa: E402
import records  # noqa: E402

CHAIN = ("normalizer", "window-filter", "conflict-resolver")
NOW_MS = 1_780_000_000_000
WORDS = ("Angebot call quarter renewal pricing Grüße follow-up budget demo 東京 "
         "meeting review contract security rollout next week Søren team").split()


def captured_call(rng, seq):
    """A call as the fetcher sends it: about 1 KB, a short HTML body."""
    at = NOW_MS + seq * 1000
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(at // 1000))
    body = " ".join(rng.choice(WORDS) for _ in range(18))
    properties = {
        "hs_timestamp": stamp, "hs_createdate": stamp, "hs_object_id": str(seq),
        "hs_lastmodifieddate": stamp, "hs_call_title": "Call about " + body[:20],
        "hs_call_body": f"<div><p>{body}</p><p>&amp; <b>more</b></p></div>",
        "hs_call_duration": str(rng.randrange(3_600_000)),
        "hs_call_direction": "OUTBOUND", "hs_call_status": "COMPLETED",
        "hs_call_disposition": "f240bbac-87c9-4f6e-bf70-924b57d47db7",
        "hs_call_from_number": "+49 30 1234567", "hs_call_to_number": None,
        "hubspot_owner_id": "41629779"}
    return {
        "v": 1, "id": f"hubspot:call:{seq}@{at}", "key": f"hubspot:call:{seq}",
        "source": "hubspot", "seq": seq, "op": "upsert", "modified_at": at,
        "contact": {"hubspot_id": str(seq % 500), "email": "ada@example.com",
                    "salesforce_id": "003000000000001AAA", "matches": 1,
                    "salesforce_type": "Contact", "synced_at": NOW_MS - 1},
        "companies": [{"hubspot_id": "77", "salesforce_id": "001000000000001AAA"}],
        "native": {"id": str(seq), "properties": properties, "createdAt": stamp,
                   "updatedAt": stamp, "archived": False,
                   "owner": {"id": "41629779", "email": "owner@example.com",
                             "firstName": "Olga", "lastName": "Owner"},
                   "disposition_label": "Connected"}}


def generate(path, events):
    """The same captured events each time."""
    rng = random.Random(1)
    with open(path, "wb") as out:
        for seq in range(1, events + 1):
            out.write(msgpack.packb(captured_call(rng, seq)))
    return os.path.getsize(path)


def wait_all(children):
    """What each of them has cost."""
    while any([child.runs() for child in children]):
        time.sleep(0.01)
    return [child.wait() for child in children]


class Child:
    """A process whose cost is measured at its end, its memory until then."""

    def __init__(self, name, command, env=None):
        self.name = name
        self.peak_kb = 0
        self.pid = os.posix_spawn(command[0], command, env or os.environ)

    def look(self):
        """Its peak memory so far. (ru_maxrss would count what it had before
        exec, which is Python's.)"""
        with contextlib.suppress(OSError, StopIteration):
            with open(f"/proc/{self.pid}/status", encoding="utf-8") as file:
                peak = next(line for line in file if line.startswith("VmHWM"))
            self.peak_kb = max(self.peak_kb, int(peak.split()[1]))

    def runs(self):
        """Has it not ended yet? Then its memory is looked at."""
        self.look()
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT
                         | os.WNOHANG) is None

    def wait(self):
        """CPU seconds and peak memory; a failure ends the benchmark."""
        _, status, usage = os.wait4(self.pid, 0)
        if status != 0:
            sys.exit(f"{self.name} ended with {status}")
        return {"name": self.name, "cpu_s": usage.ru_utime + usage.ru_stime,
                "peak_kb": self.peak_kb}


def ask(context, path, request):
    """The answer of a control socket, or None when nobody is there."""
    with context.socket(zmq.REQ) as ctl:
        ctl.linger = 0
        ctl.rcvtimeo = 2000
        ctl.connect("ipc://" + path)
        ctl.send(msgpack.packb(request))
        try:
            return msgpack.unpackb(ctl.recv())
        except zmq.Again:
            return None


def chain(folder, source, events):
    """Events per second and the cost of each stage."""
    conf, run = folder + "/pipeline.conf", folder + "/var/run"
    os.makedirs(run, 0o700)
    with open(conf, "w", encoding="utf-8") as out:
        out.write("[state]\nurl = sqlite:var/state.db\n[log]\nlevel = warn\n")
    wires = ["file:" + source, f"ipc://{run}/b", f"ipc://{run}/c", "null:"]
    context = zmq.Context()
    children = []
    for n in (2, 1, 0):
        name = CHAIN[n]
        if n == 0:
            started = time.monotonic()
        children.insert(0, Child(name, [
            os.path.join(harness.build_dir(), name), "--conf", conf, "--name",
            name, "--in", wires[n], "--out", wires[n + 1]]))
        while n > 0 and not ask(context, f"{run}/{name}.ctl", "ping"):
            time.sleep(0.01)
    seen = 0
    while seen < events:
        time.sleep(0.02)
        for child in children:
            child.look()
        seen = ask(context, f"{run}/{CHAIN[2]}.ctl", "stats")["in"]
    seconds = time.monotonic() - started
    stats = ask(context, f"{run}/{CHAIN[2]}.ctl", "stats")
    for child in children[1:]:
        os.kill(child.pid, 15)
    context.destroy(linger=0)
    result = wait_all(children)
    if stats["out"] != events:
        sys.exit(f"only {stats['out']} of {events} events were passed: {stats}")
    return seconds, result


def relay(folder, source):
    """The same bytes through as many processes that do not look at them."""
    wires = ["file:" + source, f"ipc://{folder}/r1", f"ipc://{folder}/r2",
             "null:"]
    program = os.path.join(harness.build_dir(), "relay")
    quiet = os.path.join(folder, "relay.log")
    children = []
    for n in (2, 1, 0):
        if n == 0:
            started = time.monotonic()
        children.insert(0, Child(f"relay {n + 1}", [
            "/bin/sh", "-c", f"exec '{program}' '{wires[n]}' '{wires[n + 1]}'"
            f" >>'{quiet}'"]))
        time.sleep(0.3 if n else 0)
    result = wait_all(children)
    return time.monotonic() - started, result


def peak_memory(root_pid, stop, peaks):
    """Follow the peak memory of all processes below one, by program."""
    while not stop.wait(0.02):
        parents = {}
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/status", encoding="utf-8") as file:
                    status = dict(line.split(":\t", 1) for line in file
                                  if ":\t" in line)
                with open(f"/proc/{pid}/cmdline", encoding="utf-8") as file:
                    command = file.read().split("\0")
            except (OSError, ValueError):
                continue
            parents[int(pid)] = (int(status["PPid"]), status, command)
        for pid, (_, status, command) in parents.items():
            above = pid
            while above in parents and above != root_pid:
                above = parents[above][0]
            if above == root_pid and "VmHWM" in status:
                name = os.path.basename(command[0])
                if "--service" in command:
                    name += " " + command[command.index("--service") + 1]
                peak = int(status["VmHWM"].split()[0])
                peaks[name] = max(peaks.get(name, 0), peak)


def sync(activities):
    """A real sync; what it asked of the two services."""
    with records.World(no_limits=True) as world:
        contact = world.tied_contact()
        world.load_calls(contact, activities)
        peaks, stop = {}, threading.Event()
        started = time.monotonic()
        process = world.spawn("sync", "--json")
        watcher = threading.Thread(target=peak_memory,
                                   args=(process.pid, stop, peaks))
        watcher.start()
        out, err = process.communicate()
        stop.set()
        watcher.join()
        if process.returncode != 0:
            sys.exit(f"sync ended with {process.returncode}\n{err}")
        summary = json.loads(out)
        if summary["written"] != activities:
            sys.exit(f"not all was written: {summary}")
    calls = {service: round(n * 1000 / activities, 1)
             for service, n in summary["api_calls"].items()}
    return {"tasks": activities, "seconds": time.monotonic() - started,
            "calls_per_1000_tasks": calls, "peak_kb": peaks}


def table(title, seconds, children, events, size):
    """One readable block."""
    print(f"\n{title}: {events / seconds:,.0f} events/s, "
          f"{size / seconds / 1e6:,.0f} MB/s, {seconds:.2f} s")
    for child in children:
        print(f"  {child['name']:<20} {child['cpu_s'] * 1e6 / events:8.2f} us "
              f"CPU/event  {child['peak_kb'] / 1024:8.1f} MB peak")


def as_json(seconds, children, events):
    """The same for the last line."""
    return {"events_per_s": round(events / seconds), "stages": {
        c["name"]: {"cpu_us_per_event": round(c["cpu_s"] * 1e6 / events, 3),
                    "peak_kb": c["peak_kb"]} for c in children}}


def main():
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--activities", type=int, default=2000)
    args = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="crmpipe-bench-")
    try:
        source = folder + "/captured.events"
        size = generate(source, args.events)
        print(f"{args.events:,} events, {size / args.events:,.0f} bytes each")
        chained = chain(folder, source, args.events)
        table("chain of 3 stages", *chained, args.events, size)
        relayed = relay(folder, source)
        table("3 plain relays", *relayed, args.events, size)
    finally:
        shutil.rmtree(folder)
    ratio = relayed[0] / chained[0]
    print(f"\nthe chain reaches {ratio:.3f} of the plain relay's rate")
    synced = sync(args.activities)
    print(f"\nsync of {synced['tasks']:,} tasks in {synced['seconds']:.1f} s")
    for service, calls in synced["calls_per_1000_tasks"].items():
        print(f"  {service:<20} {calls:8.1f} API calls per 1,000 tasks")
    for name, peak in sorted(synced["peak_kb"].items()):
        print(f"  {name:<20} {peak / 1024:8.1f} MB peak")
    print(json.dumps({
        "events": args.events, "bytes_per_event": size // args.events,
        "chain": as_json(*chained, args.events),
        "relay": as_json(*relayed, args.events),
        "chain_to_relay": round(ratio, 4), "sync": synced}))


if __name__ == "__main__":
    main()
