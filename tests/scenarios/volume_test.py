"""More records than a search can page through: of one contact, of one
account, of one and the same time of change. All arrive, each once."""
import unittest

from harness import iso, now_ms
from records import ENGAGEMENTS, Scenario

N = 12_000
CONTACTS = 100
OF_ONE_CONTACT = 10_000
OF_THE_ACCOUNT = 50_000


class Volume(Scenario):
    """Each in a World of its own."""

    def contacts(self, world, n):
        """n tied contacts, known by a sync; their HubSpot ids."""
        names = [f"Person {i}" for i in range(n)]
        world.salesforce.load(Contact=[{"LastName": name} for name in names])
        ids = {r["LastName"]: r["Id"] for r in world.salesforce.dump("Contact")}
        world.hubspot.load(contacts=[
            {"id": str(500 + i), "properties": {
                "email": f"p{i}@example.com",
                "salesforcecontactid": ids[name]}}
            for i, name in enumerate(names)])
        world.sync()
        return [str(500 + i) for i in range(n)]

    def test_50000_activities_of_an_account_10000_of_one_contact(self):
        world = self.world(settings={"salesforce": {"time_zone": "UTC"}})
        contacts = self.contacts(world, CONTACTS)
        busy, others = contacts[0], contacts[1:]
        at, keys = now_ms(), {}
        for kind in ENGAGEMENTS:
            for key in world.load_engagements(
                    kind, [busy], OF_ONE_CONTACT // len(ENGAGEMENTS), at):
                keys[key] = busy
            rest = (OF_THE_ACCOUNT - OF_ONE_CONTACT) // len(ENGAGEMENTS)
            for i, contact in enumerate(others):
                n = rest // len(others) + (i < rest % len(others))
                for key in world.load_engagements(kind, [contact], n, at):
                    keys[key] = contact
        self.assertEqual(len(keys), OF_THE_ACCOUNT)
        self.figures(world.sync(), fetched=len(keys), written=len(keys))
        tasks = world.tasks()
        self.assertEqual(tasks.keys(), keys.keys())
        person = {c["id"]: c["properties"]["salesforcecontactid"]
                  for c in world.hubspot.dump("contacts")}
        self.assertEqual([k for k, c in keys.items()
                          if tasks[k]["WhoId"] != person[c]], [])
        self.figures(world.sync())

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
