"""A few chaos seeds; and proof that the judge sees what it is there for: each
of four breaks of the chain is caught, and nothing is said without them."""
import json
import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "scenarios")]
from chaos import Run, run_seed  # noqa: E402
from driver import state  # noqa: E402
from harness import wait_for  # noqa: E402
from judge import judge  # noqa: E402

SEEDS = os.environ.get("CHAOS_SEEDS", "1 2").split()
SHORT = {"kills": 8, "faults": 40, "resends": 1, "duplicates": 1}
GIVE_UP_S = 6  # nothing is under way after so long but what is lost
TASKS = {"method": "PATCH"}


def broken(how):
    """The config with a broken stage before the normalizer."""
    return {
        "stage.broken": {
            "command": f"{sys.executable} {HERE}/broken_stage.py "
                       f"--break {how}",
            "input": "ipc://var/run/broken.in",
            "output": "ipc://var/run/normalizer.in"},
        **{f"stage.fetcher-{side}": {"output": "ipc://var/run/broken.in"}
           for side in ("hubspot", "salesforce")}}


class Seeds(unittest.TestCase):
    """Short runs."""

    def check(self, seed):
        """The judge objects to nothing."""
        seen = run_seed(seed, episodes=2, wanted=SHORT)
        self.assertEqual(judge(seen), [], f"again: tests/chaos/run {seed}")


for _seed in SEEDS:
    setattr(Seeds, f"test_seed_{_seed}",
            lambda self, seed=_seed: self.check(seed))


class Breaks(unittest.TestCase):
    """The judge objects when the chain is broken."""

    def run_with(self, *breaks, more=None):
        """A world whose chain has that break."""
        change = more or {}
        for how in breaks:
            change = broken(how) | change
        run = Run("breaks", change)
        self.addCleanup(run.world.close)
        return run

    def verdict(self, run):
        """What the judge says in the end."""
        run.settle(GIVE_UP_S)
        return judge(run.see({}))

    def objects(self, run, *words):
        """Objections with all of these words."""
        found = self.verdict(run)
        for word in words:
            self.assertTrue([f for f in found if word in f], found[:20])

    def lossy(self, **delivery):
        """Notes through a stage that loses some, once."""
        run = self.run_with("lose", more={"delivery": delivery})
        run.harm.start()
        run.users.burst(40, 0, "note")
        return run

    def test_losses_are_made_good_by_resends(self):
        self.assertEqual(self.verdict(self.lossy()), [])

    def test_without_resends(self):
        self.objects(self.lossy(resend_after="1h"),
                     "has no outcome, it was sent 1 times",
                     "is 0 times in salesforce, not 1")

    def test_without_idempotency(self):
        run = self.run_with("rename")
        run.harm.start(("after-call", 1, 2))
        run.users.burst(20, 0, "note")
        wait_for(lambda: "killed by signal 9" in run.world.log_text(),
                 "a writer that dies before it has told")
        self.objects(run, "is 2 times in salesforce, not 1")

    def test_without_the_checkpoint_rule(self):
        """A checkpoint that goes along with what was sent."""
        run = self.run_with()
        run.world.salesforce.fault(
            TASKS | {"action": "status", "code": 503})
        run.harm.start()
        run.users.burst(20, 0, "note")
        wait_for(lambda: len(run.sent()) >= 15, "events under way")
        run.harm.kill_everything()
        run.audit()
        self.forward(run, "hubspot.notes")
        run.audit()
        self.objects(run, "the checkpoint of hubspot.notes went from")

    @staticmethod
    def forward(run, feed):
        """As if all that was read had ended."""
        (cursor,), = state(run.world, "SELECT cursor FROM checkpoint "
                                      f"WHERE feed = '{feed}'")
        moved = json.loads(cursor) | {"t": run.users.now() + 60_000}
        moved["seen_at"] = moved["looked_at"] = moved["t"] + 60_000
        state(run.world, f"UPDATE checkpoint SET cursor = '"
                         f"{json.dumps(moved)}' WHERE feed = '{feed}'")

    def test_one_in_a_thousand_is_swallowed(self):
        run = self.run_with("swallow")
        run.harm.start()
        run.users.burst(1050, 0, "note")
        found = self.verdict(run)
        self.assertTrue([f for f in found if "has no outcome" in f], found)
        self.assertTrue([f for f in found if "is 0 times" in f], found)
        self.assertLess(len(found), 6, found)


if __name__ == "__main__":
    unittest.main()
