"""Random runs with real processes: the users of many seeds in one World, each
with people and accounts of its own, while the chain syncs, fails, is killed and
starts again. When it is quiet, both sides are equal and nothing is lost or
doubled.

CRMPIPE_SEEDS="17 99" runs these seeds alone; each does the same again."""
import contextlib
import os
import re
import signal
import sqlite3
import unittest

from harness import STAGES, now_ms, wait_for
from records import Scenario
from simulate_users import OBJECT, Users
from simulate_values import KINDS, SIDES

SEEDS = os.environ.get("CRMPIPE_SEEDS", " ".join(map(str, range(1, 31))))
QUIET_MAX = 6  # passes until one writes nothing
SETTINGS = {
    "hubspot": {"poll_interval": "200ms", "search_lag": "3s"},
    "salesforce": {"poll_interval": "200ms", "time_zone": "Europe/Berlin"},
    "delivery": {"resend_after": "2s", "retry_min": "50ms",
                 "retry_max": "400ms", "sync_timeout": "2m"},
    "stage.normalizer": {"capture": "var/capture/normalizer.events"}}
PREFER = {"task": "hubspot", "email": "hubspot", "call": "salesforce",
          "meeting": "salesforce"}
REFUSED = {"action": "status", "code": 503}
FAULTS = {
    "hubspot": [
        {"path": "*/batch/create", "times": 1, "action": "commit-then-cut"},
        {"path": "*/batch/update", "times": 1, "action": "commit-then-cut"},
        {"path": "*/batch/update", "times": 1, **REFUSED},
        {"path": "*/search", "times": 2, **REFUSED},
        {"path": "*/batch/read", "times": 1, "action": "cut"}],
    "salesforce": [
        {"method": "PATCH", "times": 1, "action": "commit-then-cut"},
        {"method": "PATCH", "times": 1, "action": "partial", "rows": 3},
        {"method": "PATCH", "times": 1, **REFUSED},
        {"path": "*/queryAll*", "times": 1, **REFUSED},
        {"method": "PATCH", "times": 1, "action": "expire-token"}]}
LAG = [{"action": "lag", "ms": 1500}]


def short(words):
    """Without the long values' tails."""
    return re.sub(r"x{20,}", "x...", words)


class Simulate(Scenario):
    """All seeds at once."""

    def setUp(self):
        self.seeds = [Users(int(s)) for s in SEEDS.split()]
        self.ends, self.said = {}, ""
        self.w = self.world(settings=SETTINGS | {
            f"activity.{k}": {"sync": "on", "prefer": PREFER[k]}
            for k in KINDS})
        for side in SIDES[::-1]:
            rows = {}
            for users in self.seeds:
                for what, row in users.ties.rows(side):
                    rows.setdefault(what, []).append(row)
            getattr(self.w, side).load(**rows)
        self.w.sync()

    # -- users ------------------------------------------------------------

    def act(self, n):
        """n acts of each seed, all at once."""
        self.find()
        self.carry_out([(u, a) for u in self.seeds for a in u.plan(n)])

    def carry_out(self, acts):
        """One load a side. Of a record only one act: the last one would hide
        the others' `before`."""
        for side in SIDES:
            mine = [(u, a) for u, a in acts if a.side == side]
            while mine:
                taken, left, ids = [], [], set()
                for users, act in mine:
                    key = act.record.key(side)
                    (left if key in ids else taken).append((users, act))
                    ids.add(key)
                self.load(side, taken)
                mine = left

    def load(self, side, acts):
        """What was there before is told in the same moment."""
        rows = {}
        for users, act in acts:
            rows.setdefault(act.record.feed(side), []).append(
                users.load_row(act))
        answer = getattr(self.w, side).call("/__sandbox/load?before=1", rows)
        self.assertNotIn("error", answer)
        before = {(feed, r.get("id") or r["Id"]): r
                  for feed, records in answer["before"].items()
                  for r in records}
        now = now_ms()
        for users, act in acts:
            record = act.record
            users.done(act, before.get((record.feed(side), record.id[side])),
                       now)

    def find(self):
        """What was made of records on the other side meanwhile."""
        pairs = {}
        for key, target in self.state("SELECT key, target FROM link"):
            pairs[key], pairs[target] = target, key
        for users in self.seeds:
            for record in users.records:
                for side, other in (SIDES, SIDES[::-1]):
                    made = pairs.get(record.key(side))
                    if record.id[other] is None and made:
                        record.id[other] = made.rsplit(":", 1)[1]

    # -- what happens -----------------------------------------------------

    def fault(self, rules=None):
        """On both sides; None: all is well."""
        for side in SIDES:
            getattr(self.w, side).fault(*(rules or {}).get(side, []))

    def sync_while(self, *batches):
        """A pass, during which users act."""
        process = self.w.spawn("sync", "--json")
        for n in batches:
            self.act(n)
        out, err = process.communicate(timeout=300)
        self.assertEqual(process.returncode, 0, out + err + self.w.logs())
        self.assertNotIn("Sanitizer", err)
        self.said += err

    def sync_that_dies(self):
        """All of it is killed in the middle of a pass."""
        process = self.w.spawn("sync", "--json")
        calls = self.writes()
        wait_for(lambda: self.writes() > calls or process.poll() is not None,
                 "the first write")
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        self.w.kill_all()

    def writes(self):
        """Calls that write, so far."""
        return sum(c["n"] for s in SIDES
                   for c in getattr(self.w, s).calls()["calls"]
                   if c["method"] == "PATCH" or c["path"].endswith(
                       ("batch/create", "batch/update", "batch/upsert")))

    def chain_with_kills(self):
        """A chain in the background; each stage is killed in turn."""
        self.w.start()
        for stage in STAGES:
            self.act(1)
            pid = self.w.pid(stage)
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            self.w.pid(stage, but=pid)
        self.act(1)
        self.w.stop()

    def replay(self):
        """All that the normalizer has ever sent, once more."""
        self.remember()
        self.w.run("replay", self.w.dir + "/var/capture/normalizer.events",
                   "--at", "window-filter")

    def run_all(self):
        """The same for all seeds."""
        self.act(3)
        self.w.sync()
        self.act(2)
        self.sync_while(1, 1)
        self.fault(dict.fromkeys(SIDES, LAG))
        self.act(2)
        self.sync_while(1)
        self.fault(FAULTS)
        self.act(3)
        self.sync_while(1)
        self.fault()
        self.chain_with_kills()
        self.act(2)
        self.sync_that_dies()
        self.act(1)
        self.sync_while(1)
        self.replay()
        self.find()
        self.carry_out([(u, a) for u in self.seeds for a in u.settle()])

    # -- in the end -------------------------------------------------------

    def state(self, sql):
        """Rows of the state."""
        path = os.path.join(self.w.dir, "var/state.db")
        with contextlib.closing(sqlite3.connect(path, timeout=30)) as db:
            return db.execute(sql).fetchall()

    def remember(self):
        """How events have ended; a replay makes them end again."""
        for key, at, *how in self.state("SELECT key, at, id, outcome, reason "
                                        "FROM outcome"):
            end = at, " ".join(how)
            if end not in self.ends.setdefault(key, []):
                self.ends[key].append(end)

    def wait_for_quiet(self):
        """Passes until one writes nothing, and one more."""
        for _ in range(QUIET_MAX):
            summary = self.w.sync()
            self.assertEqual(summary["dead"], 0, summary["log"][-4000:])
            if summary["written"] == 0:
                break
        else:
            self.fail(f"not quiet after {QUIET_MAX} passes")
        self.assertEqual(self.w.sync()["written"], 0)
        self.w.run("verify", "--json", "--yes")

    def test_seeds(self):
        self.run_all()
        self.wait_for_quiet()
        self.find()
        conflicts, there = {}, self.there()
        for key, *rest in self.state("SELECT key, property, kept, lost "
                                     "FROM conflict"):
            conflicts.setdefault(key, []).append(tuple(rest))
        self.remember()
        for users in self.seeds:
            mine = {s: self.of(users, s, there[s]) for s in SIDES}
            wrong = list(users.judge(mine, conflicts, self.ends))
            with self.subTest(f"CRMPIPE_SEEDS={users.seed}"):
                if wrong:
                    self.fail("\n".join(map(short, wrong + self.told(wrong))))
        self.assertEqual(there, {s: {} for s in SIDES}, "nobody's")

    def there(self):
        """All records of each side, by their keys."""
        return {
            "hubspot": {f"hubspot:{kind}:{r['id']}": r for kind in KINDS
                        for r in self.w.hubspot.dump(kind + "s")},
            "salesforce": {f"salesforce:{name}:{r['Id']}": r
                           for name in sorted(set(OBJECT.values()))
                           for r in self.w.salesforce.dump(name)}}

    @staticmethod
    def of(users, side, there):
        """The records of a seed, taken out of all: those that its users know,
        and what else hangs on its people."""
        known = {r.key(side) for r in users.records}
        return {key: there.pop(key) for key, r in list(there.items())
                if key in known or users.has(side, r)}

    def told(self, wrong):
        """What the stages have logged of the records that are wrong."""
        ids = set(re.findall(r"(?m)^(hubspot:\S+) (salesforce:\S+)",
                             "\n".join(wrong)))
        keys = [key for pair in ids for key in pair]
        return [line for line in (self.said + self.w.logs()).splitlines()
                if any(key in line for key in keys)]


if __name__ == "__main__":
    unittest.main()
