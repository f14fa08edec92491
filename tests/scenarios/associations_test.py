"""Activity sync: the contact and the account that a record hangs on."""
import unittest

from harness import iso, now_ms
from pairs import NATIVE, Pairs


class Associations(Pairs):
    """A World with two people and two accounts on both sides."""

    def setting(self, **rules):
        """Its World, people and accounts by their HubSpot ids; `rules` are of
        every kind."""
        world, first = self.pair_world(**rules)
        people = [first, world.tied_contact(sync=False)]
        companies = [self.account(world, name) for name in ("One", "Two")]
        world.sync()
        return world, people, companies

    def account(self, world, name):
        """The HubSpot id of a company with a Salesforce account."""
        world.salesforce.load(Account=[{"Name": name}])
        sf_id = next(a["Id"] for a in world.salesforce.dump("Account")
                     if a["Name"] == name)
        company = world.company(salesforceaccountid=sf_id)
        world.accounts = getattr(world, "accounts", {}) | {company: sf_id}
        return company

    def who(self, world, person):
        """The Salesforce id of a person."""
        return person and world.people[person].salesforce_id

    def linked(self, world, contacts, companies=(), kind="call"):
        """A record that is on both sides: its HubSpot key, Salesforce id."""
        key, = world.load_engagements(kind, contacts, companies=companies)
        self.assertEqual(world.sync()["written"], 1)
        record = self.salesforce(world, kind, HubSpot_Id__c=key)
        return key, record["Id"]

    def hang(self, world, key, **associations):
        """A user of HubSpot changes what a record hangs on, and so that it is
        noticed another property."""
        _, kind, number = key.split(":")
        world.hubspot.load(**{kind + "s": [{
            "id": number, "properties": {"hs_timestamp": iso(now_ms())},
            "associations": associations}]})

    def hang_salesforce(self, world, sf_id, **fields):
        """A user of Salesforce does."""
        name = "Event" if sf_id.startswith("00U") else "Task"
        world.salesforce.load(**{name: [{"Id": sf_id, **fields}]})

    def has(self, world, key, contacts=None, companies=None, who=None,
            what=None):
        """What it hangs on now, on both sides."""
        _, kind, number = key.split(":")
        record = next(r for r in world.hubspot.dump(kind + "s")
                      if r["id"] == number)["associations"]
        native = next(r for r in world.salesforce.dump(NATIVE[kind][0])
                      if r["HubSpot_Id__c"] == key)
        for want, got in (
                (contacts, sorted(record.get("contacts", []))),
                (companies, sorted(record.get("companies", []))),
                (who, native["WhoId"] or ""), (what, native["WhatId"] or "")):
            if want is not None:
                self.assertEqual(got, sorted(want) if isinstance(want, list)
                                 else want)

    def updates(self, world):
        """How many calls have changed properties in HubSpot."""
        return sum(c["n"] for c in world.hubspot.calls()["calls"]
                   if c["path"].endswith("/batch/update"))

    def test_a_change_in_hubspot(self):
        world, (ann, bob), (one, two) = self.setting()
        for kind in NATIVE:
            key, _ = self.linked(world, [ann], [one], kind)
            self.has(world, key, who=self.who(world, ann),
                     what=world.accounts[one])
            self.hang(world, key, contacts=[bob], companies=[two])
            self.assertEqual(world.sync()["written"], 1)
            self.has(world, key, [bob], [two], self.who(world, bob),
                     world.accounts[two])
            self.is_quiet(world)
            self.hang(world, key, contacts=[], companies=[])
            self.assertEqual(world.sync()["written"], 1)
            self.has(world, key, [], [], "", "")
            self.is_quiet(world)

    def test_a_change_in_salesforce(self):
        world, (ann, bob), (one, two) = self.setting()
        for kind in NATIVE:
            key, sf_id = self.linked(world, [ann], [one], kind)
            updates = self.updates(world)
            self.hang_salesforce(world, sf_id, WhoId=self.who(world, bob),
                                 WhatId=world.accounts[two])
            summary = world.sync()
            self.assertEqual(summary["written"], 1, summary["log"][-4000:])
            self.assertEqual(self.updates(world), updates)
            self.has(world, key, [bob], [two], self.who(world, bob),
                     world.accounts[two])
            self.is_quiet(world)
            self.hang_salesforce(world, sf_id, WhoId=None, WhatId=None)
            self.assertEqual(world.sync()["written"], 1)
            self.has(world, key, [], [], "", "")
            self.is_quiet(world)


if __name__ == "__main__":
    unittest.main()
