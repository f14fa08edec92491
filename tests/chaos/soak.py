#!/usr/bin/python3
"""Does anything grow while the chain runs for long? tests/chaos/soak.py
[--minutes M] [--rate R] [--seed S]

A chain in the background, users on both sides who make R records a second and
change as many, faults now and then: refusals, cut answers, tokens that end, a
stage that is killed. Every few seconds it is looked at what the processes and
the state take. In the end a table, the first quarter of the time beside the
last, and what has grown from the second to the last; the last line is the
verdict. Exit 1: something grows.

All stages are killed in the first quarter, then one only, the victim, whose own
memory is not judged: a leak in it would go with it. How fast it goes is shown,
never judged."""
import argparse
import collections
import dataclasses
import os
import random
import signal
import statistics
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "scenarios")]
os.environ.setdefault("CRMPIPE_BUILD", os.path.join(ROOT, "build"))
from chaos import World  # noqa: E402
from driver import SIDES, Driver, state  # noqa: E402
from harm import (HTML, READ, SEARCH, SOON, TASKS, WRITES,  # noqa: E402
                  Harm, policy, status)
from harness import STAGES, wait_for  # noqa: E402

MB = 1 << 20
TICK_S, SAMPLE_S, FAULT_S, TELL_S = 1, 2, 10, 30
KILL_S = 70  # a stage that dies more often is started later and later
SETTLE_S = 120
LOG_MAX, LOG_KEEP = 16 << 10, 3
FAULTS = {
    "hubspot": [*[status(503, body=HTML, headers=SOON, **at)
                  for at in (SEARCH, READ, *WRITES)],
                *[{"action": "cut", **at} for at in (SEARCH, READ, *WRITES)],
                {"action": "commit-then-cut", **WRITES[0]},
                policy("SECONDLY", "secondly", **SEARCH)],
    "salesforce": [status(503, **TASKS), {"action": "cut", **TASKS},
                   {"action": "cut", "path": "*/query*"},
                   {"action": "commit-then-cut", **TASKS},
                   {"action": "expire-token"}, {"action": "expire-token"}]}
# What may change from the second quarter to the last.
MEMORY_SHARE, MEMORY_MORE = 1.10, 2 * MB  # medians
WAL_MORE = 4 * MB  # maxima; SQLite begins it anew at about this size
DATABASE_SHARE = 1.25  # bytes an event: the mix of events varies


@dataclasses.dataclass
class Process:
    """One at one moment."""
    pid: int
    rss: int  # bytes
    files: int
    threads: int


@dataclasses.dataclass
class Sample:
    """All of it at one moment."""
    at: float  # seconds since the load began
    processes: dict  # {stage or "supervisor": Process}
    database: int  # bytes of the state in use, the -wal counted too
    wal: int  # bytes of the -wal file
    logs: int  # bytes
    ended: int  # events that have ended so far
    in_flight: int


# ---- looking ----

def look_at_process(pid):
    """None: it has just ended."""
    try:
        with open(f"/proc/{pid}/status", encoding="utf-8") as file:
            lines = dict(line.split(":", 1) for line in file)
        return Process(pid, int(lines["VmRSS"].split()[0]) * 1024,
                       len(os.listdir(f"/proc/{pid}/fd")),
                       int(lines["Threads"]))
    except (OSError, KeyError):
        return None


def size_of(path):
    """Bytes of a file, or of all in a folder; 0: there is none."""
    if os.path.isdir(path):
        return sum(size_of(os.path.join(path, n)) for n in os.listdir(path))
    try:
        return os.stat(path).st_size
    except FileNotFoundError:
        return 0


def in_flight(world):
    """Of both fetchers together."""
    stages = world.status()["stages"]
    return sum(stages.get(f"fetcher-{side}", {}).get("in_flight", 0)
               for side in SIDES)


def look(world, began):
    """A Sample of now."""
    found = {name: look_at_process(pid)
             for name, pid in world.chain().items()}
    (pages, free, page), = state(
        world, "SELECT * FROM pragma_page_count, pragma_freelist_count, "
               "pragma_page_size")
    return Sample(
        time.monotonic() - began,
        {name: p for name, p in found.items() if p},
        (pages - free) * page,
        size_of(os.path.join(world.dir, "var/state.db-wal")),
        size_of(os.path.join(world.dir, "var/log")),
        state(world, "SELECT count(*) FROM outcome")[0][0],
        in_flight(world))


# ---- judging: values in, texts out ----

def quarters(samples):
    """Four lists, by time."""
    end = samples[-1].at
    parts = [[], [], [], []]
    for sample in samples:
        parts[min(3, int(4 * sample.at / end))].append(sample)
    return parts


def values(samples, name, field):
    """A figure of one process."""
    return [getattr(s.processes[name], field) for s in samples
            if name in s.processes]


def judge(samples, victim=None):
    """What has grown from the second quarter to the last, as texts."""
    _, before, _, last = quarters(samples)
    names = sorted({n for s in before + last for n in s.processes})
    return [*[text for name in names if name != victim
              for text in judge_process(name, before, last)],
            *judge_state(before, last)]


def judge_process(name, before, last):
    """Memory by the medians; files and threads if the least of the last
    quarter is more than the most before: growth that stays."""
    old, new = (values(part, name, "rss") for part in (before, last))
    if not old or not new:
        yield f"{name} did not run all the time"
        return
    if statistics.median(new) > \
            statistics.median(old) * MEMORY_SHARE + MEMORY_MORE:
        yield f"{name}: memory {mb(statistics.median(old))} -> " \
              f"{mb(statistics.median(new))} MB"
    for field in ("files", "threads"):
        old, new = (values(part, name, field) for part in (before, last))
        if min(new) > max(old):
            yield f"{name}: {field} {max(old)} -> {min(new)}"


def judge_state(before, last):
    """The state and the logs."""
    old, new = bytes_an_event(before), bytes_an_event(last)
    if new > old * DATABASE_SHARE:
        yield f"database: {old:.0f} -> {new:.0f} bytes an event"
    old, new = (max(s.wal for s in part) for part in (before, last))
    if new > old + WAL_MORE:
        yield f"-wal: {mb(old)} -> {mb(new)} MB"
    logs = max(s.logs for s in last)
    if logs > (LOG_KEEP + 1) * LOG_MAX:
        yield f"logs: {logs >> 10} KB, {LOG_KEEP + 1} files of " \
              f"{LOG_MAX >> 10} KB are allowed"


def bytes_an_event(samples):
    """By how much the state grew for each event that ended."""
    events = samples[-1].ended - samples[0].ended
    return (samples[-1].database - samples[0].database) / max(events, 1)


# ---- telling ----

def mb(n):
    """Bytes as MB."""
    return f"{n / MB:.1f}"


def speed(samples):
    """Events a second."""
    return (samples[-1].ended - samples[0].ended) / max(
        samples[-1].at - samples[0].at, 0.001)


def table(samples, victim=None):
    """Lines: medians of the first and the last quarter."""
    first, _, _, last = quarters(samples)
    yield f"{'':22}{'memory MB':>16}{'open files':>16}{'threads':>16}"
    for name in sorted({n for s in samples for n in s.processes}):
        cells = [shown(values(part, name, field), field)
                 for field in ("rss", "files", "threads")
                 for part in (first, last)]
        yield f"{name:22}" + "".join(
            f"{a + ' -> ' + b:>16}" for a, b in zip(cells[::2], cells[1::2])) \
            + ("   killed all the time" if name == victim else "")
    for what, value in (
            ("state.db MB", lambda part: mb(part[-1].database)),
            ("state.db bytes/event",
             lambda part: f"{bytes_an_event(part):.0f}"),
            ("state.db-wal MB", lambda part: mb(max(s.wal for s in part))),
            ("logs KB", lambda part: f"{max(s.logs for s in part) >> 10}"),
            ("in flight", lambda part: str(max(s.in_flight for s in part))),
            ("events/s", lambda part: f"{speed(part):.1f}")):
        yield f"{what:22}{value(first) + ' -> ' + value(last):>16}"


def shown(numbers, field):
    """The median; -: there is none."""
    if not numbers:
        return "-"
    median = statistics.median(numbers)
    return mb(median) if field == "rss" else f"{median:.0f}"


def tell(sample):
    """A line on the way."""
    memory = " ".join(f"{name}={mb(p.rss)}/{p.files}"
                      for name, p in sorted(sample.processes.items()))
    print(f"{sample.at:6.0f} s  ended={sample.ended} "
          f"in_flight={sample.in_flight} state={mb(sample.database)} "
          f"wal={mb(sample.wal)} logs={sample.logs >> 10}KB  {memory}", flush=True)


# ---- running ----

def settings():
    """Quick polls, small logs, all else as shipped."""
    return {
        "hubspot": {"poll_interval": "500ms", "search_lag": "3s",
                    "overlap": "5s", "second_look": "30s"},
        "salesforce": {"poll_interval": "500ms",
                       "time_zone": "Europe/Berlin"},
        "delivery": {"resend_after": "5s", "drain_timeout": "10s"},
        "log": {"max": f"{LOG_MAX >> 10}KB", "keep": LOG_KEEP,
                "level": "debug"},
        **{f"activity.{kind}": {"sync": "on"}
           for kind in ("task", "call", "meeting")}}


class Soak:
    """A chain under load for `seconds`."""

    def __init__(self, seconds, rate, seed):
        self.seconds, self.rate = seconds, rate
        self.rand = random.Random(seed)
        self.victim = self.rand.choice(STAGES)
        self.others = [s for s in STAGES if s != self.victim]
        self.world = World(no_limits=True, settings=settings())
        self.world.stack.callback(self.world.kill_all)
        self.harm = Harm(self.world, seed)
        self.users = Driver(self.world, seed, ("task", "call", "meeting"))
        self.samples, self.counts = [], collections.Counter()
        self.due = {}

    def is_due(self, what, every):
        """Once in so many seconds, the first time after that."""
        now = time.monotonic()
        is_due = now >= self.due.setdefault(what, now + every)
        if is_due:
            self.due[what] = now + every
        return is_due

    def run(self):
        """The samples."""
        self.world.sync()
        self.harm.start()
        began = time.monotonic()
        while time.monotonic() - began < self.seconds:
            wait_for(lambda: self.is_due("tick", TICK_S), "the next second")
            self.users.burst(self.rate, self.rate)
            if self.is_due("fault", FAULT_S):
                self.fault()
            self.kill_one(time.monotonic() - began)
            if self.is_due("sample", SAMPLE_S):
                self.samples.append(look(self.world, began))
            if self.samples and self.is_due("tell", TELL_S):
                tell(self.samples[-1])
        return self.samples

    def fault(self):
        """Each meets a few calls."""
        for side in SIDES:
            rule = self.rand.choice(FAULTS[side])
            getattr(self.world, side).fault(
                rule | {"times": self.rand.randrange(1, 4)})
            self.counts["faults"] += 1

    def kill_one(self, at):
        """If it is time: the others once each while it is early."""
        if at < self.seconds / 4:
            is_due = self.others and self.is_due(
                "early kill", self.seconds / 4 / len(STAGES))
            stage = self.others.pop() if is_due else None
        else:
            stage = self.victim if self.is_due("kill", KILL_S) else None
        pid = self.world.chain().get(stage)
        if pid:
            self.counts["kills"] += self.harm.kill([pid])

    def settle(self):
        """Does all end when the load does? What has not, as texts."""
        self.harm.services_are_well()
        try:
            wait_for(lambda: in_flight(self.world) == 0, "quiet", SETTLE_S)
        except AssertionError:
            yield f"{in_flight(self.world)} events in flight " \
                  f"{SETTLE_S} s after the load"
        self.world.run("stop")


def main():
    """One run."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--rate", type=int, default=4)
    parser.add_argument("--seed", default="1")
    args = parser.parse_args()
    if args.minutes < 1:
        parser.error("a quarter of less than a minute shows nothing")
    soak = Soak(args.minutes * 60, args.rate, args.seed)
    try:
        samples = soak.run()
        grown = [*judge(samples, soak.victim), *soak.settle()]
    finally:
        soak.world.close()
    print(*table(samples, soak.victim), sep="\n")
    counts = " ".join(f"{k}={v}" for k, v in soak.counts.items())
    print(f"{samples[-1].ended} events, {counts}")
    print("verdict: " + ("; ".join(grown) if grown else "flat"))
    return 1 if grown else 0


if __name__ == "__main__":
    sys.exit(main())
