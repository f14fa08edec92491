"""Every rule of the activity sync and each of its values, in both directions
and for all four kinds, by the tables in pairs/."""
import concurrent.futures
import importlib
import os
import pkgutil
import unittest

from pairs_table import Run

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pairs")
SIDE_BY_SIDE = 3


class Pairs(unittest.TestCase):
    """A test a family; a World a table. A sync waits more than it works, so a
    family's tables run side by side."""

    maxDiff = None

    def run_table(self, the_table):
        """All that is wrong with it."""
        wrong = []
        run = Run(the_table, lambda ok, text: ok or wrong.append(text))
        try:
            run.run()
        finally:
            run.close()
        return wrong

    def run_family(self, tables):
        """All that is wrong with a table is told at once."""
        with concurrent.futures.ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            jobs = [(t, pool.submit(self.run_table, t)) for t in tables]
        for the_table, job in jobs:
            with self.subTest(the_table.what):
                wrong = [w[:1500] for w in job.result()]
                if wrong:
                    self.fail("\n".join([f"{len(wrong)} wrong", *wrong[:40]]))


def add_test(family, tables):
    """A test method of a family."""
    def test(self):
        self.run_family(tables)
    setattr(Pairs, f"test_{family}", test)


for module in sorted(m.name for m in pkgutil.iter_modules([FOLDER])):
    add_test(module, importlib.import_module("pairs." + module).TABLES)


if __name__ == "__main__":
    unittest.main()
