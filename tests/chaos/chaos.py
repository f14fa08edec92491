"""One chaos run: a chain between two services, users, harm for a while, then
time to become quiet, and what the judge is to see. All of it is chosen by the
seed; when exactly a kill hits is the machine's."""
import collections
import contextlib
import json
import os
import random
import subprocess
import sys
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "scenarios")]
import harness  # noqa: E402
import records  # noqa: E402
from driver import OBJECT, PAIR_KINDS, SIDES, Driver, state  # noqa: E402
from harm import STEPS, Harm  # noqa: E402
from judge import Audit, Seen  # noqa: E402
from relay import Relay  # noqa: E402

WANTED = {"kills": 20, "faults": 100, "resends": 1, "duplicates": 1}
PAGES = 250  # records: more than one page of anything
MORE_EPISODES = 3  # at most, when too little has happened
SETTLE_S = 60  # without anything that moves
CAPTURES = ("fetcher-hubspot", "fetcher-salesforce", "window-filter")
UNIQUE = "crmpipe_salesforce_id"


class World(records.World):
    """With a relay before each service and captures behind some stages."""

    def start_sandbox(self, flags):
        super().start_sandbox(flags)
        for side in SIDES:
            port = int(getattr(self, side).base.rsplit(":", 1)[1])
            setattr(self, f"{side}_relay", Relay(port))
            self.stack.callback(getattr(self, f"{side}_relay").close)

    def write_conf(self, more="", settings=None, path=None):
        for section, key in (("hubspot", "api_base"),
                             ("salesforce", "login_url")):
            port = getattr(self, f"{section}_relay").port
            settings[section] = {key: f"http://127.0.0.1:{port}"
                                 } | settings.get(section, {})
        super().write_conf(more, settings, path)

    def commands(self):
        """{pid: its command line} of what runs now."""
        found = {}
        for pid in self.processes():
            with contextlib.suppress(OSError):  # it has just gone
                with open(f"/proc/{pid}/cmdline", "rb") as file:
                    found[pid] = file.read().decode().split("\0")
        return found

    def chain(self):
        """{stage or "supervisor": pid} of what runs now."""
        found = {}
        for pid, words in self.commands().items():
            if "--name" in words:
                found[words[words.index("--name") + 1]] = pid
            elif words[0].endswith("supervisor"):
                found["supervisor"] = pid
        return found

    def supervisors(self):
        """The one, and a `start` that may still wait for all to live."""
        return [pid for pid, words in self.commands().items()
                if words[0].endswith("supervisor")]

    def log_text(self):
        """All that the chain has logged."""
        return self.text("var/log/crmpipe.log")

    def copies(self, stage):
        """{event id: how often the stage has sent it}"""
        path = os.path.join(self.dir, f"var/capture/{stage}.events")
        if not os.path.exists(path):
            return collections.Counter()
        shown = subprocess.run(
            [os.path.join(harness.build_dir(), "show"), path],
            capture_output=True, text=True, check=False).stdout
        return collections.Counter(
            json.loads(line)["id"] for line in shown.splitlines())


def settings_of(rand, kinds):
    """The config: quick, and different for each seed where it matters."""
    return {
        "hubspot": {"poll_interval": "200ms", "search_lag": "3s",
                    "overlap": "5s", "second_look": "15s"},
        "salesforce": {"poll_interval": "200ms",
                       "time_zone": "Europe/Berlin"},
        "delivery": {"resend_after": "1s", "retry_min": "50ms",
                     "retry_max": "400ms", "max_tries": "20",
                     "drain_timeout": "3s", "sync_timeout": "2m",
                     "max_in_flight": rand.choice((50, 1024))},
        **{f"stage.{s}": {"capture": f"var/capture/{s}.events"}
           for s in CAPTURES},
        **{f"activity.{k}": {"sync": "on", "prefer": rand.choice(SIDES)}
           for k in kinds}}


class Run:
    """Of one seed. `change` {section: {key: value}} goes into the config."""

    def __init__(self, seed, change=None):
        rand = random.Random(f"run {seed}")
        self.rand, self.seed, self.audits, self.died = rand, seed, [], []
        kinds = rand.sample(PAIR_KINDS, 3)
        settings = settings_of(rand, kinds)
        for section, pairs in (change or {}).items():
            settings.setdefault(section, {}).update(pairs)
        self.world = World(no_limits=True, settings=settings)
        try:
            self.harm = Harm(self.world, seed)
            self.users = Driver(self.world, seed, kinds)
            if rand.random() < 0.5:
                self.add_unique_property(kinds)
            self.world.sync()
        except BaseException:
            self.world.close()
            raise
        self.world.stack.callback(self.world.kill_all)

    def add_unique_property(self, kinds):
        """HubSpot then knows a record that is made twice."""
        for kind in kinds:
            urllib.request.urlopen(urllib.request.Request(
                f"{self.world.hubspot.base}/crm/v3/properties/{kind}s",
                json.dumps({
                    "name": UNIQUE, "label": "Salesforce id",
                    "type": "string", "fieldType": "text",
                    "hasUniqueValue": True,
                    "groupName": f"{kind}_information"}).encode(),
                {"Content-Type": "application/json",
                 "Authorization": "Bearer sandbox-token"})).close()

    # -- the harm ---------------------------------------------------------

    def episode(self, number, rounds=2):
        """A life of the chain that ends badly."""
        steps = [*STEPS[2 * number % len(STEPS):][:1],
                 *STEPS[(2 * number + 3) % len(STEPS):][:1]]
        self.harm.start(*steps)
        if number == 0:  # pages that change while they are read
            self.users.burst(PAGES, 0, "note")
            self.users.burst(0, 40)
        for i in range(rounds):
            self.harm.services_fail(14, is_long=i == rounds - 1)
            self.users.burst(12, 8)
            self.harm.progress(3)
            self.one_harm()
            self.users.burst(4, 8)
            self.harm.kill_stage()
            self.harm.kill_stage()
            self.harm.progress(3)
            self.one_harm()
        self.rand.choice((self.harm.kill_everything,
                          self.harm.kill_supervisor))()
        self.harm.services_are_well()
        self.audit()

    def one_harm(self):
        """Of those that take their time."""
        self.rand.choice((self.harm.kill_stage, self.harm.kill_stage,
                          self.harm.stop_stage, self.harm.service_refuses,
                          self.harm.clock_jumps))()

    def audit(self):
        """What the checkpoints say, while nothing runs."""
        cursors = {}
        for feed, text in state(self.world,
                                "SELECT feed, cursor FROM checkpoint"):
            cursors[feed] = json.loads(text).get("t", 0)
        self.audits.append(Audit(
            cursors, set(self.sent()),
            {row[0] for row in state(self.world, "SELECT id FROM outcome")}))

    def sent(self):
        """{event id: copies} of both fetchers."""
        return self.world.copies("fetcher-hubspot") \
            + self.world.copies("fetcher-salesforce")

    # -- becoming quiet ---------------------------------------------------

    def settle(self, seconds=SETTLE_S):
        """All is well now: until nothing is under way any more, or nothing
        moves for so long. What died of faults is tried again."""
        self.harm.services_are_well()
        if "supervisor" not in self.world.chain():
            self.harm.start()
        self.wait_for_quiet(seconds)
        self.died = self.dead()
        if self.died:
            self.world.run("dead", "retry", "--all")
            self.wait_for_quiet(seconds)
        self.world.run("stop")

    def dead(self):
        """Dead letters."""
        return state(self.world, "SELECT id, reason, detail FROM dead")

    def wait_for_quiet(self, seconds):
        """Nothing is under way, and two looks say the same."""
        before, last = None, self.look()
        while before != last or not self.is_idle():
            before = last
            changed = self.harm.until(
                lambda seen=last: self.look() != seen,
                3 if self.is_idle() else seconds)
            last = self.look()
            if not changed and not self.is_idle():
                return  # the judge will say what is missing

    def look(self):
        """What changes as long as something is going on."""
        return (state(self.world, "SELECT count(*), max(at) FROM outcome"),
                state(self.world, "SELECT count(*), sum(version) FROM link"),
                state(self.world, "SELECT count(*), sum(is_retrying) "
                                  "FROM dead"))

    def is_idle(self):
        """Nothing is in flight, nor waits to be tried again."""
        stages = self.world.status()["stages"]
        return not any(
            stages.get(f"fetcher-{side}", {}).get("in_flight", 1)
            for side in SIDES) and not state(
                self.world, "SELECT 1 FROM dead WHERE is_retrying = 1")

    # -- what there is to see ---------------------------------------------

    def counts(self, sent):
        """What really happened."""
        counts = self.harm.counts
        came = self.world.copies("window-filter")
        died = self.world.log_text().count("killed by signal 9")
        return {"kills": died + counts["whole"],
                "stops": counts["stops"], "faults": counts["faults"],
                "resends": sum(sent.values()) - len(sent),
                "duplicates": sum(came.values()) - len(came),
                "conflicts": state(self.world, "SELECT count(*) FROM "
                                   "conflict")[0][0]}

    def falls_short(self, wanted):
        """Has less happened than is wanted?"""
        counts = self.counts(self.sent())
        return any(counts[what] < least for what, least in wanted.items())

    def see(self, wanted):
        """For the judge."""
        world, sent = self.world, self.sent()
        return Seen(
            self.users.records,
            {kind: world.hubspot.dump(kind + "s")
             for kind in (*PAIR_KINDS, "note")},
            {name: world.salesforce.dump(name)
             for name in sorted(set(OBJECT.values()))},
            state(world, "SELECT key, target FROM link"),
            state(world, "SELECT key, lost FROM conflict"),
            state(world, "SELECT id, key, outcome, reason FROM outcome"),
            self.dead(), self.died, sent, self.audits, self.counts(sent),
            wanted)


def run_seed(seed, episodes=4, wanted=None, change=None, keep=None):
    """A whole run; what the judge is to see. `keep`: a function that gets the
    World before it goes."""
    wanted = WANTED if wanted is None else wanted
    run = Run(seed, change)
    try:
        number = 0
        while number < episodes or (number < episodes + MORE_EPISODES
                                    and run.falls_short(wanted)):
            run.episode(number)
            number += 1
        run.settle()
        seen = run.see(wanted)
        if keep:
            keep(run.world, seen)
        return seen
    finally:
        run.world.close()
