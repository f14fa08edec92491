"""Activity sync: the contact and the account that a record hangs on."""
import unittest

from harness import iso, now_ms, wait_for
from pair_case import NATIVE, Pairs


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

    def contacts(self, world, key):
        """The contacts that a record of HubSpot hangs on."""
        _, kind, number = key.split(":")
        return next(r["associations"].get("contacts", [])
                    for r in world.hubspot.dump(kind + "s")
                    if r["id"] == number)

    def change_title(self, world, key):
        """A user of HubSpot changes something else."""
        world.change(key, hs_call_title="Another")
        world.sync()

    def reads(self, world):
        """How many calls have read which companies records hang on."""
        return sum(c["n"] for c in world.hubspot.calls()["calls"]
                   if c["path"].endswith("/calls/companies/batch/read"))

    def updates(self, world):
        """How many calls have changed properties in HubSpot."""
        return sum(c["n"] for c in world.hubspot.calls()["calls"]
                   if c["path"].endswith("/batch/update"))

    def test_a_change_in_hubspot(self):
        world, (ann, bob), (one, two) = self.setting()
        keys = [self.linked(world, [ann], [one], kind)[0] for kind in NATIVE]
        for key in keys:
            self.has(world, key, who=self.who(world, ann),
                     what=world.accounts[one])
            self.hang(world, key, contacts=[bob], companies=[two])
        self.assertEqual(world.sync()["written"], len(keys))
        for key in keys:
            self.has(world, key, [bob], [two], self.who(world, bob),
                     world.accounts[two])
            self.hang(world, key, contacts=[], companies=[])
        self.assertEqual(world.sync()["written"], len(keys))
        for key in keys:
            self.has(world, key, [], [], "", "")
        self.is_quiet(world)

    def test_a_change_in_salesforce(self):
        world, (ann, bob), (one, two) = self.setting()
        pairs = [self.linked(world, [ann], [one], kind) for kind in NATIVE]
        updates = self.updates(world)
        for _, sf_id in pairs:
            self.hang_salesforce(world, sf_id, WhoId=self.who(world, bob),
                                 WhatId=world.accounts[two])
        self.assertEqual(world.sync()["written"], len(pairs))
        for key, sf_id in pairs:
            self.has(world, key, [bob], [two], self.who(world, bob),
                     world.accounts[two])
            self.hang_salesforce(world, sf_id, WhoId=None, WhatId=None)
        self.assertEqual(world.sync()["written"], len(pairs))
        for key, _ in pairs:
            self.has(world, key, [], [], "", "")
        self.assertEqual(self.updates(world), updates)
        self.is_quiet(world)

    def test_each_direction(self):
        for way, there, back in (("to_salesforce", True, False),
                                 ("to_hubspot", False, True),
                                 ("off", False, False)):
            world, (ann, bob), (one, two) = self.setting(
                contact_association=way, account_association=way)
            key, sf_id = self.linked(world, [ann], [one])
            self.has(world, key, who=self.who(world, ann) if there else "",
                     what=world.accounts[one] if there else "")
            self.add_salesforce(world, "call", ann, Subject="Made",
                                WhatId=world.accounts[one])
            world.sync()
            made = next(c["associations"] for c in world.hubspot.dump("calls")
                        if c["properties"]["hs_call_title"] == "Made")
            self.assertEqual(made.get("contacts", []), [ann] if back else [])
            self.assertEqual(made.get("companies", []), [one] if back else [])
            self.hang(world, key, contacts=[bob], companies=[two])
            world.sync()
            self.has(world, key, [bob], [two],
                     self.who(world, bob) if there else "",
                     world.accounts[two] if there else "")
            self.hang_salesforce(world, sf_id, WhoId=self.who(world, ann),
                                 WhatId=world.accounts[one])
            world.sync()
            self.has(world, key, [ann] if back else [bob],
                     [one] if back else [two])
            self.is_quiet(world)

    def test_one_of_both_is_off(self):
        world, (ann, bob), (one, two) = self.setting(
            account_association="off")
        key, sf_id = self.linked(world, [ann], [one])
        self.has(world, key, who=self.who(world, ann), what="")
        before = self.reads(world)
        self.hang_salesforce(world, sf_id, WhoId=self.who(world, bob),
                             WhatId=world.accounts[two])
        world.sync()
        self.has(world, key, [bob], [one], self.who(world, bob),
                 world.accounts[two])
        self.assertEqual(self.reads(world), before)
        self.is_quiet(world)

    def test_both_have_changed(self):
        for prefer in ("salesforce", "hubspot"):
            world, (ann, bob), (one, two) = self.setting(prefer=prefer)
            cat = world.tied_contact()
            key, sf_id = self.linked(world, [ann], [one])
            self.hang(world, key, contacts=[bob], companies=[two])
            self.hang_salesforce(world, sf_id, WhoId=self.who(world, cat))
            summary = world.sync()
            self.assertEqual(summary["conflicts"], 1)
            wins = cat if prefer == "salesforce" else bob
            self.has(world, key, sorted({bob, wins}), [two],
                     self.who(world, wins), world.accounts[two])
            self.is_quiet(world)

    def test_never_an_account_with_a_lead(self):
        world, (ann, _), (one, two) = self.setting()
        lead = world.tied_lead()
        key, _ = self.linked(world, [lead], [one])
        self.has(world, key, who=self.who(world, lead), what="")
        self.is_quiet(world)
        self.hang(world, key, contacts=[lead], companies=[two])
        world.sync()
        self.has(world, key, [lead], [two], self.who(world, lead), "")
        key, _ = self.linked(world, [ann], [one])
        self.hang(world, key, contacts=[lead], companies=[one])
        self.assertEqual(world.sync()["written"], 1)
        self.has(world, key, [lead], [one], self.who(world, lead), "")
        self.is_quiet(world)

    def test_an_account_waits_until_the_lead_goes(self):
        world, (ann, _), (one, two) = self.setting()
        lead = world.tied_lead()
        key, _ = self.linked(world, [lead], [one])
        self.hang(world, key, contacts=[ann])
        world.sync()
        self.has(world, key, [ann], [one], self.who(world, ann),
                 world.accounts[one])
        self.hang(world, key, contacts=[lead])
        world.sync()
        self.has(world, key, [lead], [one], self.who(world, lead), "")
        self.is_quiet(world)
        key, sf_id = self.linked(world, [lead], [one, two])
        self.hang_salesforce(world, sf_id, WhoId=self.who(world, ann))
        self.assertEqual(world.sync()["conflicts"], 0)
        self.has(world, key, [ann], [one, two], self.who(world, ann),
                 world.accounts[one])
        self.is_quiet(world)
        self.hang_salesforce(world, sf_id, WhoId=self.who(world, lead),
                             WhatId=None)
        world.sync()
        self.has(world, key, [lead], [one, two], self.who(world, lead), "")
        self.is_quiet(world)

    def test_a_converted_lead(self):
        world, (ann, bob), _ = self.setting()
        lead = world.tied_lead()
        key, sf_id = self.linked(world, [lead])
        became = self.who(world, bob)
        world.salesforce.load(Lead=[{
            "Id": self.who(world, lead), "IsConverted": True,
            "ConvertedContactId": became}])
        self.hang_salesforce(world, sf_id, WhoId=became)
        self.assertEqual(world.sync()["dead"], 0)
        self.has(world, key, [lead], who=became)
        self.is_quiet(world)
        self.hang(world, key, contacts=[ann, lead])
        world.sync()
        self.has(world, key, [ann, lead], who=became)

    def test_a_version_once_more(self):
        events = "var/capture/normalizer.events"
        world, (ann, bob), (one, two) = self.setting(
            settings={"stage.normalizer": {"capture": events}})
        key, sf_id = self.linked(world, [ann], [one])
        number = key.rsplit(":", 1)[1]
        world.hubspot.load(calls=[{"id": number, "associations": {
            "contacts": [bob], "companies": [two]}}])
        self.hang_salesforce(world, sf_id, WhoId=self.who(world, bob),
                             WhatId=world.accounts[two])
        world.sync()
        world.run("replay", f"{world.dir}/{events}")
        self.has(world, key, [bob], [two], self.who(world, bob),
                 world.accounts[two])
        self.is_quiet(world)

    def test_a_version_that_is_read_before_its_contacts_are_written(self):
        world, (ann, bob), _ = self.setting(settings={
            "hubspot": {"poll_interval": "200ms"},
            "salesforce": {"poll_interval": "200ms"}})
        key, sf_id = self.linked(world, [ann])
        world.hubspot.fault({"path": "*/associations/*/batch/create",
                             "times": 4, "action": "status", "code": 503})
        self.hang_salesforce(world, sf_id, WhoId=self.who(world, bob),
                             Subject="Another")
        world.start()
        wait_for(lambda: self.contacts(world, key) == [bob], "its contact")
        world.stop()
        world.sync()
        self.has(world, key, [bob], who=self.who(world, bob))
        self.is_quiet(world)

    def test_several_contacts(self):
        world, (ann, bob), _ = self.setting()
        cat, untied = world.tied_contact(), world.untied_contact()
        key, sf_id = self.linked(world, [untied, bob, ann])
        first = min(ann, bob)
        self.has(world, key, who=self.who(world, first))
        self.hang(world, key, contacts=[untied, bob, ann, cat])
        world.sync()
        self.has(world, key, [untied, bob, ann, cat],
                 who=self.who(world, first))
        self.hang_salesforce(world, sf_id, WhoId=self.who(world, cat))
        world.sync()
        rest = {untied, bob, ann, cat} - {first}
        self.has(world, key, sorted(rest), who=self.who(world, cat))
        self.hang_salesforce(world, sf_id, WhoId=None)
        world.sync()
        self.has(world, key, sorted(rest - {cat}), who="")
        self.is_quiet(world)

    def test_nobody_on_the_other_side(self):
        world, (ann, bob), (one, _) = self.setting()
        key, sf_id = self.linked(world, [ann], [one])
        world.salesforce.load(Contact=[{"LastName": "Stranger"}],
                              Account=[{"Name": "Strange"}])
        stranger, strange = (
            next(r["Id"] for r in world.salesforce.dump(kind)
                 if r[name] == value)
            for kind, name, value in (("Contact", "LastName", "Stranger"),
                                      ("Account", "Name", "Strange")))
        self.hang_salesforce(world, sf_id, WhoId=stranger, WhatId=strange)
        self.figures(world.sync(), fetched=1, unchanged=1)
        self.has(world, key, [ann], [one], stranger, strange)
        self.is_quiet(world)
        self.hang(world, key, contacts=[world.untied_contact()])
        self.assertEqual(world.sync()["conflicts"], 0)
        self.has(world, key, who=stranger)
        self.hang(world, key, contacts=[bob])
        summary = world.sync()
        self.assertEqual((summary["written"], summary["conflicts"]), (1, 0))
        self.has(world, key, [bob], [one], self.who(world, bob), strange)
        self.is_quiet(world)

    def test_a_record_that_goes_before_it_is_tied(self):
        world, (ann, bob), _ = self.setting()
        key, sf_id = self.linked(world, [ann])
        self.goes_meanwhile(world, key, sf_id, "create", bob)
        self.has(world, key, [bob], who=self.who(world, bob))
        self.is_quiet(world)
        self.goes_meanwhile(world, key, sf_id, "archive", None)
        self.has(world, key, [], who="")
        self.is_quiet(world)

    def goes_meanwhile(self, world, key, sf_id, call, person):
        """A user of Salesforce hangs a record on a person; before the call
        that follows in HubSpot the record is deleted there, and restored
        later."""
        number = key.split(":")[2]
        self.hang_salesforce(world, sf_id, WhoId=self.who(world, person))
        world.hubspot.fault({"path": "*/associations/*/batch/" + call,
                             "action": "delay", "ms": 3000})
        process = world.spawn("sync", "--json")
        wait_for(lambda: world.hubspot.call("/__sandbox/faults")["rules"][0]
                 ["fired"], "the call that ties it")
        world.hubspot.load(calls=[{"id": number, "archived": True}])
        _, err = process.communicate(timeout=300)
        self.assertEqual(process.returncode, 0, err)
        world.hubspot.fault()
        world.hubspot.load(calls=[{"id": number, "archived": False}])
        world.sync()

    def test_a_contact_that_is_gone_from_hubspot(self):
        world, (ann, bob), _ = self.setting()
        key, sf_id = self.linked(world, [ann])
        world.hubspot.load(contacts=[{"id": bob, "archived": True}])
        self.hang_salesforce(world, sf_id, WhoId=self.who(world, bob))
        self.assertEqual(world.sync()["dead"], 0)
        self.has(world, key, [], who=self.who(world, bob))
        self.change_title(world, key)
        self.has(world, key, [], who=self.who(world, bob))
        self.is_quiet(world)

    def test_something_else_than_an_account(self):
        for related_to, stays in (("account", False), ("opportunity", True)):
            world, (ann, _), (one, two) = self.setting(related_to=related_to)
            world.salesforce.load(Opportunity=[{
                "Name": "Deal", "AccountId": world.accounts[one],
                "StageName": "Open", "CloseDate": "2030-01-01"}])
            deal, = world.salesforce.dump("Opportunity")
            key, sf_id = self.linked(world, [ann], [one])
            self.hang_salesforce(world, sf_id, WhatId=deal["Id"])
            world.sync()
            self.has(world, key, [ann], [one], what=deal["Id"])
            self.hang(world, key, contacts=[ann], companies=[two])
            world.sync()
            self.has(world, key, [ann], [two], what=deal["Id"] if stays
                     else world.accounts[two])
            self.is_quiet(world)

    def deal(self, world, company, person, **fields):
        """The Salesforce id of an opportunity in which a person has a role."""
        name = f"Deal {world.number()}"
        world.salesforce.load(Opportunity=[{
            "Name": name, "AccountId": world.accounts[company],
            "StageName": "Prospecting", "CloseDate": "2030-01-01"} | fields])
        deal = next(d["Id"] for d in world.salesforce.dump("Opportunity")
                    if d["Name"] == name)
        world.salesforce.load(OpportunityContactRole=[{
            "OpportunityId": deal, "ContactId": self.who(world, person)}])
        return deal

    def test_the_opportunity_of_a_new_record(self):
        world, (ann, bob), (one, two) = self.setting(related_to="opportunity")
        lead = world.tied_lead()
        newest = self.deal(world, one, ann, CreatedDate=iso(now_ms() - 1000))
        self.deal(world, one, ann, CreatedDate=iso(now_ms() - 9_000_000))
        self.deal(world, one, ann, StageName="Closed Won")
        self.deal(world, two, bob, StageName="Closed Lost")
        self.deal(world, one, bob)
        want = {}
        for people, companies, what in (
                ([ann], [one], newest), ([ann], [two], world.accounts[two]),
                ([bob], [two], world.accounts[two]), ([ann], [], ""),
                ([lead], [one], "")):
            key, = world.load_engagements("call", people, companies=companies)
            want[key] = (people, companies, what)
        self.assertEqual(world.sync()["written"], len(want))
        for key, (people, companies, what) in want.items():
            self.has(world, key, people, companies,
                     self.who(world, people[0]), what)
        self.is_quiet(world)


if __name__ == "__main__":
    unittest.main()
