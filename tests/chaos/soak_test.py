"""What the soak's verdict says, and of what it says nothing."""
import dataclasses
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from soak import MB, Process, Sample, judge, table  # noqa: E402

STAGES = ("supervisor", "writer")


def at(i, stage=None, **change):
    """The sample of second i; `change` of one stage or of all of it."""
    fields = {"pid": 1, "rss": 20 * MB, "files": 20 + i % 2, "threads": 3}
    processes = {
        name: Process(**fields | (change if name == stage else {}))
        for name in STAGES}
    sample = Sample(i, processes, 500 * i, 4 * MB + i, 1000, 10 * i, i % 7)
    return dataclasses.replace(sample, **{} if stage else change)


# (what it is, function of the second: the sample, words of the verdict)
CASES = (
    ("nothing", at, ()),
    ("memory", lambda i: at(i, "writer", rss=(20 * MB + i * MB // 5)),
     ("writer: memory 27.4 -> 37.5 MB",)),
    ("memory that is taken early and kept",
     lambda i: at(i, "writer", rss=20 * MB + min(i, 25) * MB), ()),
    ("a little memory",
     lambda i: at(i, "writer", rss=20 * MB + i * MB // 50), ()),
    ("open files", lambda i: at(i, "writer", files=20 + i // 20),
     ("writer: files 22 -> 23",)),
    ("open files for a moment",
     lambda i: at(i, "writer", files=20 + 9 * (i == 80)), ()),
    ("threads", lambda i: at(i, "supervisor", threads=3 + (i >= 70)),
     ("supervisor: threads 3 -> 4",)),
    ("a process that is not there any more",
     lambda i: at(i) if i < 75 else dataclasses.replace(
         at(i), processes={"writer": at(i).processes["writer"]}),
     ("supervisor did not run all the time",)),
    ("a process that is new",
     lambda i: at(i) if i > 75 else dataclasses.replace(
         at(i), processes={"writer": at(i).processes["writer"]}),
     ("supervisor did not run all the time",)),
    ("the database", lambda i: at(i, database=500 * i + 8 * i * i),
     ("database: 109 -> 190 bytes an event",)),
    ("the -wal", lambda i: at(i, wal=i * MB), ("-wal: 49.0 -> 100.0 MB",)),
    ("the logs", lambda i: at(i, logs=i * 1000),
     ("logs: 97 KB, 4 files of 16 KB are allowed",)))


class Verdict(unittest.TestCase):
    """Of samples that are made up."""

    def test_what_grows(self):
        for name, sample, want in CASES:
            with self.subTest(name):
                found = judge([sample(i) for i in range(101)])
                self.assertEqual(found, list(want))

    def test_the_victim_is_not_judged(self):
        grown = [at(i, "writer", rss=i * MB) for i in range(101)]
        self.assertTrue(judge(grown))
        self.assertEqual(judge(grown, "writer"), [])

    def test_the_table(self):
        lines = list(table([at(i) for i in range(101)], "writer"))
        self.assertIn("20.0 -> 20.0", lines[1])
        self.assertIn("killed all the time", lines[2])


if __name__ == "__main__":
    unittest.main()
