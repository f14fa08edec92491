"""Harm to a running chain: processes are killed and stopped, the services and
what lies before them fail. What counts is what really happened: a fault that a
call has met, a process that has died."""
import collections
import contextlib
import os
import random
import signal
import subprocess
import time

from driver import SIDES, state
from harness import STAGES, wait_for

# A step and the passing at which to die: from, up to. A stage that dies at one
# of its first outcomes or checkpoints has never started.
STEPS = (("before-call", 1, 8), ("after-call", 1, 8), ("before-commit", 1, 8),
         ("after-commit", 1, 8), ("before-outcome", 5, 60),
         ("after-outcome", 4, 20), ("before-checkpoint", 20, 80),
         ("after-checkpoint", 20, 80))
PROGRESS_S = 2  # at most, until something moves
START_S = 30


def status(code, message="chaos", headers=None, body=None, **where):
    """A rule: an error status, with words of our own."""
    if body is None:
        body = {"status": "error", "message": message}
    return {"action": "status", "code": code, "body": body,
            **({"headers": headers} if headers else {}), **where}


def sf_error(code, name, message="chaos", **where):
    """The same in Salesforce's form."""
    return status(code, body=[{"errorCode": name, "message": message}],
                  **where)


def policy(name, words, headers=None, **where):
    """HubSpot's 429."""
    return status(429, headers=headers, body={
        "status": "error", "category": "RATE_LIMITS", "policyName": name,
        "message": f"chaos: You have reached your {words} limit."}, **where)


HTML = "<html><body>chaos: Bad Gateway</body></html>"
HALF_JSON = '{"results": [{"id": "1", "proper'
SOON = {"Retry-After": "1"}
WRITES = [{"path": f"*/batch/{verb}"} for verb in ("create", "update",
                                                   "upsert")]
SEARCH, READ = {"path": "*/search"}, {"path": "*/batch/read"}
TASKS, QUERY = {"method": "PATCH"}, {"path": "*/query*"}
HTTP = [lambda **w: status(500, **w), lambda **w: status(504, **w),
        lambda **w: status(502, body=HTML, **w),
        lambda **w: status(503, body=HTML, headers=SOON, **w),
        lambda **w: status(200, body=HTML, **w),
        lambda **w: status(200, body=HALF_JSON, headers={
            "Content-Type": "text/plain"}, **w),
        lambda **w: {"action": "cut", **w},
        lambda **w: {"action": "delay", "ms": 700, **w}]
FAULTS = {
    "hubspot": [
        *[make(**at) for make in HTTP for at in (SEARCH, READ, *WRITES)],
        *[{"action": "commit-then-cut", "half": half, **at}
          for at in WRITES for half in (True, False)],
        *[{"action": "partial", "rows": [0, 2], "code": "CHAOS",
           "message": "chaos", **at} for at in WRITES],
        *[{"action": "partial", "rows": [1], "code": "VALIDATION_ERROR",
           "message": "chaos", **at} for at in WRITES],
        policy("SECONDLY", "secondly", **SEARCH),
        policy("TEN_SECONDLY_ROLLING", "ten_secondly_rolling", SOON),
        status(423, **WRITES[1]), status(477, headers=SOON),
        *[status(code, **at) for code in (403, 404, 409) for at in WRITES]],
    "salesforce": [
        *[make(**at) for make in HTTP for at in (TASKS, TASKS, QUERY)],
        *[{"action": "commit-then-cut", "half": half, **TASKS}
          for half in (True, False)],
        *[{"action": "partial", "rows": [0, 1, 4], "message": "chaos",
           **TASKS} for _ in range(2)],
        {"action": "partial", "rows": [2], "message": "chaos",
         "code": "FIELD_CUSTOM_VALIDATION_EXCEPTION", **TASKS},
        {"action": "expire-token"},
        sf_error(401, "INVALID_SESSION_ID", **TASKS),
        sf_error(403, "REQUEST_LIMIT_EXCEEDED",
                 "chaos: ConcurrentRequests Limit exceeded"),
        sf_error(403, "INSUFFICIENT_ACCESS", **TASKS),
        sf_error(404, "NOT_FOUND", **TASKS),
        sf_error(409, "UNABLE_TO_LOCK_ROW", **TASKS),
        status(429, headers=SOON), status(423, body=HTML)]}
# What a stage waits long for, or a person has to mend: a restart ends it.
LONG = {
    "hubspot": [status(401), policy("DAILY", "daily"),
                policy("TEN_SECONDLY_ROLLING", "ten_secondly_rolling"),
                status(403, **SEARCH)],
    "salesforce": [sf_error(403, "REQUEST_LIMIT_EXCEEDED",
                            "chaos: TotalRequests Limit exceeded."),
                   sf_error(403, "API_CURRENTLY_DISABLED")]}
LAG = {"action": "lag", "ms": 1200}  # of the search index; late commits


def is_gone(pid):
    """Has it ended? A zombie has."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rsplit(")", 1)[1].split()[0] in "ZX"
    except OSError:
        return True


class Harm:
    """To one World, decided by a seed."""

    def __init__(self, world, seed):
        self.world, self.rand = world, random.Random(f"harm {seed}")
        self.counts = collections.Counter()

    # -- services ---------------------------------------------------------

    def services_fail(self, n, is_long=False):
        """n kinds of faults a side, each a few times."""
        self.count_faults()
        for side in SIDES:
            rules = [rule | {"times": self.rand.randrange(1, 4)}
                     for rule in self.rand.sample(FAULTS[side], n)]
            if is_long:
                rules.insert(0, self.rand.choice(LONG[side]) | {
                    "times": 1, "skip": self.rand.randrange(6)})
            if self.rand.random() < 0.5:
                rules.append(LAG)
            getattr(self.world, side).fault(*rules)
            getattr(self.world, f"{side}_relay").plan(
                reset=self.rand.randrange(4), drip=self.rand.randrange(4))

    def services_are_well(self):
        """The harm stops."""
        self.count_faults()
        for side in SIDES:
            getattr(self.world, side).fault()
            getattr(self.world, f"{side}_relay").plan()

    def count_faults(self):
        """Those that the present rules have met."""
        for side in SIDES:
            service = getattr(self.world, side)
            for rule in service.call("/__sandbox/faults")["rules"]:
                self.counts["faults"] += rule["fired"]
            relay = getattr(self.world, f"{side}_relay")
            with relay.lock:
                self.counts["faults"] += sum(relay.hit.values())
                relay.hit = dict.fromkeys(relay.hit, 0)

    def service_refuses(self):
        """Nobody listens, until the chain has seen it."""
        side = self.rand.choice(SIDES)
        relay = getattr(self.world, f"{side}_relay")
        relay.refuse()
        is_seen = self.until(lambda: state(
            self.world, "SELECT 1 FROM feed WHERE status = 'failing' AND "
            f"feed LIKE '{side}.%' AND detail LIKE '%connect%'"))
        relay.allow()
        self.counts["faults"] += bool(is_seen)

    def clock_jumps(self):
        """Forward: what is behind a checkpoint would not be seen."""
        self.world.hubspot.call("/__sandbox/clock", {
            "advance_ms": self.rand.randrange(2_000, 20_000)})
        self.counts["faults"] += 1

    # -- processes --------------------------------------------------------

    def start(self, *steps):
        """The chain, which is to die at these steps."""
        self.world.env.pop("CRMPIPE_DIE_AT", None)
        if steps:
            self.world.env["CRMPIPE_DIE_AT"] = ",".join(
                f"{name}:{self.rand.randrange(least, most)}"
                for name, least, most in steps)
            # it waits for all to live at once, which they may never do
            self.world.spawn("start", stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
            wait_for(lambda: "supervisor" in self.world.chain(), "a start")
            return
        said = []

        def try_it():
            done = self.world.run("start", code=None)
            said[:] = [done.stdout + done.stderr]
            return done.returncode == 0
        if not self.until(try_it, START_S):
            raise AssertionError(f"no start: {said}\n"
                                 f"{self.world.log_text()[-4000:]}")

    def pid(self, stage):
        """Of a stage that runs now; None: it does not."""
        return self.world.chain().get(stage)

    def kill_stage(self):
        """kill -9 of one."""
        stage = self.rand.choice(STAGES)
        pid = self.pid(stage)
        if pid:
            self.kill([pid])

    def kill(self, pids):
        """kill -9; how many have died of it. Of a single stage the supervisor
        tells, as of those that die at a step."""
        pids = [pid for pid in pids if not is_gone(pid)]
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for pid in pids:
            wait_for(lambda p=pid: is_gone(p), f"the end of {pid}")
        return len(pids)

    def stop_stage(self):
        """SIGSTOP, and after a while SIGCONT."""
        pid = self.pid(self.rand.choice([*STAGES, "supervisor"]))
        if not pid:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
            self.hold(0.2 + self.rand.random())
            os.kill(pid, signal.SIGCONT)
            self.counts["stops"] += 1

    def kill_supervisor(self):
        """Its stages die with it."""
        pids = self.world.chain()
        self.counts["whole"] += self.kill(self.world.supervisors()) > 0
        for stage, one in pids.items():
            wait_for(lambda p=one: is_gone(p), f"the end of {stage}")

    def kill_everything(self):
        """At once."""
        self.counts["whole"] += self.kill(self.world.processes()) > 0

    # -- waiting ----------------------------------------------------------

    def until(self, condition, seconds=PROGRESS_S):
        """Until something happens, or for so long; what happened."""
        with contextlib.suppress(AssertionError):
            return wait_for(condition, "progress", seconds)
        return None

    @staticmethod
    def hold(seconds):
        """The harm is that this lasts."""
        time.sleep(seconds)

    def progress(self, n):
        """Until n more events have ended."""
        def ended():
            return state(self.world, "SELECT count(*) FROM outcome")[0][0]
        before = ended()
        return self.until(lambda: ended() >= before + n)
