"""More records of one and the same time of change than a search can page
through: all arrive, each once."""
import unittest

from harness import iso, now_ms
from records import Scenario

N = 12_000


class Volume(Scenario):
    """One instant, many records."""

    def test_12000_calls_of_one_instant(self):
        world = self.world(settings={"salesforce": {"time_zone": "UTC"}})
        contact = world.tied_contact()
        at = now_ms()
        keys = world.load_calls(contact, N, hs_lastmodifieddate=iso(at))
        summary = world.sync()
        self.assertEqual(world.tasks().keys(), set(keys))
        self.figures(summary, fetched=N, written=N)
        # 60 pages of 200, and 60 calls with 200 rows each
        self.assertLess(summary["api_calls"]["hubspot"], 350)
        self.assertLess(summary["api_calls"]["salesforce"], 120)
        self.figures(world.sync())


if __name__ == "__main__":
    unittest.main()
