"""What the tests of `report` share: its answers, and what the state says."""
import contextlib
import csv
import fcntl
import io
import json
import os
import pty
import sqlite3
import struct
import termios

from harness import WAIT_S
from pair_case import Pairs

FIGURES = ("activities", "written", "unchanged", "dropped", "dead", "other")
BAR = "\u2588"
NONE = dict.fromkeys(FIGURES, 0)


class Report(Pairs):
    """A state that a sync has made, or none."""

    def report(self, world, *words):
        """The report as JSON: one object, and nothing beside it."""
        done = world.run("report", *words, "--json")
        self.assertEqual(done.stderr, "")
        return json.loads(done.stdout)

    def csv_rows(self, world, *words):
        """The same as CSV, as the rows of JSON."""
        text = world.run("report", *words, "--csv").stdout
        return [{k: int(v) if k in FIGURES else v or None
                 for k, v in row.items()}
                for row in csv.DictReader(io.StringIO(text, newline=""),
                                          strict=True)]

    def outcomes(self, world, sql):
        """What the state itself says."""
        path = os.path.join(world.dir, "var/state.db")
        with contextlib.closing(sqlite3.connect(path, timeout=30)) as db, db:
            return db.execute(sql).fetchall()

    def adds_up(self, world, report):
        """Every outcome is counted, and every record once."""
        total = {f: sum(r[f] for r in report["rows"]) for f in FIGURES}
        ends = dict(self.outcomes(
            world, "SELECT outcome, count(*) FROM outcome GROUP BY outcome"))
        records, = self.outcomes(
            world, "SELECT count(DISTINCT key) FROM outcome")
        self.assertEqual(total, NONE | ends | {"activities": records[0]})
        self.assertEqual(report["total"], total)

    def on_terminal(self, world, columns, *words):
        """What it writes on a terminal so wide."""
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ,
                    struct.pack("HHHH", 24, columns, 0, 0))
        process = world.spawn("report", *words, stdout=slave)
        os.close(slave)
        said = b""
        # The terminal is gone with its last writer, which is an error here.
        with contextlib.suppress(OSError):
            while True:
                said += os.read(master, 65536)
        os.close(master)
        err = process.communicate(timeout=WAIT_S)[1]
        self.assertEqual(process.returncode, 0, err)
        return said.decode().replace("\r\n", "\n")
