"""What a chain that runs for years must do: forget old outcomes, and nothing
else; rotate its log."""
import contextlib
import os
import sqlite3
import unittest

import zmq

from harness import now_ms, wait_for
from records import Scenario

QUICK = {"hubspot": {"poll_interval": "200ms"},
         "salesforce": {"poll_interval": "200ms"}}
YEAR_MS = 365 * 86_400_000
REFUSED = {"method": "PATCH", "path": "*/composite/sobjects/Task/*",
           "action": "partial", "rows": [3], "times": 1,
           "code": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "message": "No"}
# Outcomes of a year ago, of records that nobody has any more.
OLD = """
INSERT INTO outcome SELECT 'hubspot:note:' || n || '@{at}', 'hubspot:note:' || n,
 n, 'note', 'hubspot', 'dropped', 'kind-off', 'window-filter', '', '', 0,
 {at}, {at}, zeroblob(300), '' FROM (WITH RECURSIVE c(n) AS (SELECT 7000000 UNION
 ALL SELECT n + 1 FROM c LIMIT {n}) SELECT n FROM c)"""
KEEP = 20
BEHIND = ("normalizer", "window-filter", "conflict-resolver", "writer")
BAD = b"\xc1"
KEPT = ("SELECT * FROM link ORDER BY key", "SELECT * FROM dead",
        "SELECT * FROM conflict", "SELECT * FROM contact")


class Trimming(Scenario):
    """Of the state, by age."""

    def state(self, world, *statements):
        """Rows of the last one."""
        path = os.path.join(world.dir, "var/state.db")
        with contextlib.closing(sqlite3.connect(path, timeout=30)) as db:
            rows = [db.execute(s).fetchall() for s in statements]
            db.commit()
            return rows[-1]

    def grown_old(self, world, n):
        """All that has ended did so a year ago, and n other events."""
        at = now_ms() - YEAR_MS
        self.state(world, f"UPDATE outcome SET at = {at}",
                   OLD.format(at=at, n=n))

    def free_pages(self, world):
        """Of the state, free and all."""
        return self.state(world, "SELECT * FROM pragma_freelist_count, "
                                 "pragma_page_count")[0]

    def test_old_outcomes_go_and_nothing_else(self):
        world = self.world(settings=QUICK)
        contact = world.tied_contact()
        world.salesforce.fault(REFUSED)
        world.load_calls(contact, 10)
        self.figures(world.sync(), fetched=10, written=9, dead=1)
        tasks, kept = world.tasks(), [self.state(world, s) for s in KEPT]
        self.grown_old(world, 1700)  # of more than one batch
        world.start()
        new = world.load_calls(contact, 3)
        world.arrived(new)
        wait_for(lambda: self.state(
            world, "SELECT count(*) FROM outcome WHERE key LIKE "
                   "'hubspot:note:%'") == [(0,)], "no old outcomes")
        world.stop()
        self.assertEqual({k: v for k, v in world.tasks().items()
                          if k not in new}, tasks)  # none once more
        self.assertEqual([[row for row in self.state(world, s)
                           if row[0] not in new] for s in KEPT], kept)
        self.assertEqual(
            self.state(world, "SELECT count(*) FROM outcome, dead "
                              "WHERE outcome.id = dead.id"), [(1,)])

    def test_what_they_took_is_used_again(self):
        world = self.world(settings=QUICK)
        world.tied_contact()
        self.grown_old(world, 1700)
        world.sync()  # a batch a turn, at least two of them
        left, = self.state(world, "SELECT count(*) FROM outcome")[0]
        self.assertLessEqual(left, 1700 - 2 * 500)
        free, pages = self.free_pages(world)
        self.assertGreater(free, 100)
        young = now_ms()
        self.state(world, OLD.format(at=young, n=1000))
        self.assertLessEqual(self.free_pages(world)[1], pages)


class Log(Scenario):
    """Of a chain in the background."""

    def log_of(self, world):
        """{file: its lines}, the newest first."""
        path = os.path.join(world.dir, "var/log/crmpipe.log")
        found = {}
        for name in [path, *(f"{path}.{n}" for n in range(1, KEEP + 1))]:
            with contextlib.suppress(FileNotFoundError):
                with open(name, encoding="utf-8") as file:
                    found[name] = file.readlines()
        return found

    def complaints(self, world):
        """How many of BAD have been told."""
        return sum("level=error" in line and line.endswith("\n")
                   for lines in self.log_of(world).values() for line in lines)

    def pids(self, world):
        """{stage: process}"""
        return {name: s["pid"]
                for name, s in world.status()["stages"].items()}

    def provoke(self, world, n):
        """Each stage is sent what it has to complain of, n times."""
        with zmq.Context() as context:
            for stage in BEHIND:
                with context.socket(zmq.PUSH) as push:
                    push.linger = 3000
                    push.connect(f"ipc://{world.dir}/var/run/{stage}.in")
                    for _ in range(n):
                        push.send(BAD)

    def test_it_is_rotated_while_all_go_on(self):
        world = self.world(settings=QUICK | {
            "log": {"max": "16KB", "keep": KEEP}})
        world.start()
        pids = self.pids(world)
        self.provoke(world, 150)
        wait_for(lambda: self.complaints(world) == 150 * len(BEHIND),
                 "a line of each")
        files = self.log_of(world)
        self.assertGreater(len(files), 3)
        for name in files:
            self.assertLessEqual(os.stat(name).st_size, 16 << 10, name)
        os.rename(next(iter(files)), os.path.join(world.dir, "away"))
        self.provoke(world, 1)
        wait_for(lambda: os.path.exists(next(iter(files))), "a new log")
        self.assertEqual(self.pids(world), pids)
        world.stop()
        self.assertIn("chain stopped", self.log_of(world)[next(iter(files))][-1])


if __name__ == "__main__":
    unittest.main()
