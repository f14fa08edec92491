"""Answers that were recorded from the real services (shared/fixtures, not in
this repository) as a sandbox's records: all is understood."""
import glob
import json
import os
import unittest

from harness import ROOT
from records import Scenario

FIXTURES = os.path.join(ROOT, "..", "shared", "fixtures", "hubspot")


def results(value):
    """All records of {"results": [...]} anywhere in a recorded file."""
    if isinstance(value, list):
        for inner in value:
            yield from results(inner)
    elif isinstance(value, dict):
        found = value.get("results")
        yield from found if isinstance(found, list) else []
        for name, inner in value.items():
            if name != "results":
                yield from results(inner)


def recorded(pattern):
    """The records of the files that fit."""
    for path in sorted(glob.glob(os.path.join(FIXTURES, pattern))):
        with open(path, encoding="utf-8") as file:
            for record in results(json.load(file)):
                if isinstance(record, dict):
                    yield record


@unittest.skipUnless(os.path.isdir(FIXTURES), "no recorded answers here")
class Recorded(Scenario):
    """Recorded objects of HubSpot."""

    def test_recorded_tasks(self):
        world = self.world()
        contact = world.tied_contact()
        tasks = [{"id": r["id"], "properties": {
            k: v for k, v in r["properties"].items() if v is not None},
            "associations": {"contacts": [contact]}}
            for r in recorded("nango-tasks.json")]
        self.assertTrue(tasks)
        world.hubspot.load(tasks=tasks)
        # their times of change are long past: each is touched
        world.hubspot.load(tasks=[
            {"id": t["id"], "properties": {"hs_task_body": "<p>now</p>"}}
            for t in tasks])
        self.figures(world.sync(), fetched=len(tasks),
                     dropped={"before-contact-sync": len(tasks)})

    def test_recorded_occurrences(self):
        world = self.world(settings={"timeline.integration_event": {
            "event_types": "ae*_* e_visited_page", "lookback": "3650d"}})
        contact = world.tied_contact()
        events = [r | {"objectId": contact} for r in
                  recorded("amp-read-events-*.json")]
        self.assertTrue(events)
        world.hubspot.load(events=events)
        summary = world.sync()
        self.assertEqual(summary["dead"], 0, summary["log"])

    def test_recorded_contacts(self):
        world = self.world()
        contacts = [{"id": r["id"], "properties": {
            k: v for k, v in r["properties"].items() if v is not None}}
            for r in recorded("amp-read-via-search-contacts*.json")
            if "properties" in r]
        self.assertTrue(contacts)
        world.hubspot.load(contacts=contacts)
        self.figures(world.sync())


if __name__ == "__main__":
    unittest.main()
