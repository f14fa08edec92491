"""An account whose users and whose pipeline make each sort of call to HubSpot
that the pipeline knows, through a proxy that looks at them."""
import json
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))), "scenarios"))
from harness import KINDS, iso, now_ms  # noqa: E402
from pair_case import NATIVE, TITLE  # noqa: E402
from records import HOUR_MS, World  # noqa: E402

PAIRS = tuple(NATIVE)
# of the timeline; the others are kept equal
EVENTS = [k for k in KINDS if k not in (
    "sales_email_sent", "meeting", "call", "task")]
OWNER = "ann@example.com"
LIST = {"listId": 12, "name": "Good ones"}
FORBIDDEN = {"status": "error", "category": "MISSING_SCOPES",
             "correlationId": "c0ffee00-0000-4000-8000-000000000000",
             "message": "This app hasn't been granted all required scopes to"
             " make this call."}
SECRETS = {"HUBSPOT_CLIENT_ID": "sandbox-client",
           "HUBSPOT_CLIENT_SECRET": "sandbox-secret",
           "HUBSPOT_REFRESH_TOKEN": "sandbox-refresh"}


def settings(version, base):
    """Its config: HubSpot's API is at `base`."""
    return {
        "hubspot": {"api_base": base, "api_version": version,
                    "client_id": "env:HUBSPOT_CLIENT_ID",
                    "client_secret": "env:HUBSPOT_CLIENT_SECRET",
                    "refresh_token": "env:HUBSPOT_REFRESH_TOKEN",
                    "delete_sweep": "0", "search_lag": "1s"},
        "salesforce": {"time_zone": "UTC"},
        "owners": {"sync": "on"},
        "timeline.note": {"only": f'list:"{LIST["name"]}"'},
        **{f"activity.{kind}": {"sync": "on", "deleted_in_hubspot": "delete",
                                "deleted_in_salesforce": "delete"}
           for kind in PAIRS}}


class Account:
    """Two people with an account each, and an owner, on both sides."""

    def __init__(self, version, world, base):
        self.world = world
        world.env |= SECRETS
        del world.env["HUBSPOT_TOKEN"]
        world.write_conf(settings=settings(version, base))
        self.people = [world.tied_contact(sync=False),
                       world.tied_contact(sync=False)]
        self.companies = [self.company(name) for name in ("One", "Two")]
        world.hubspot.load(
            owners=[{"id": "41", "email": OWNER, "userId": 9}],
            lists=[LIST | {"members": self.people}])
        world.salesforce.load(User=[{
            "Username": OWNER, "Email": OWNER, "LastName": "Ann",
            "IsActive": True, "UserType": "Standard"}])
        self.user = self.salesforce_id("User", Email=OWNER)
        self.here = {}   # kind: keys of records made in HubSpot
        self.there = {}  # kind: ids of records made in Salesforce

    def salesforce_id(self, name, **fields):
        """The one record with these fields."""
        found, = (r["Id"] for r in self.world.salesforce.dump(name)
                  if fields.items() <= r.items())
        return found

    def company(self, name):
        """A company of HubSpot and its account: both ids."""
        self.world.salesforce.load(Account=[{"Name": name}])
        account = self.salesforce_id("Account", Name=name)
        return self.world.company(salesforceaccountid=account), account

    def pass_over(self, **figures):
        """One pass, after which nothing is dead; it has these figures."""
        summary = self.world.sync()
        got = {name: summary[name] for name in figures}
        if summary["dead"] or got != figures:
            raise AssertionError(
                f"wanted {figures}\n{json.dumps(summary, indent=1)[:6000]}")

    def who(self, contact):
        """The Salesforce id of a contact."""
        return self.world.people[contact].salesforce_id

    def made_in_hubspot(self, n):
        """Users make n records of each kind that is kept equal."""
        for kind in PAIRS:
            self.here[kind] = self.world.load_engagements(
                kind, self.people[:1], n, companies=[self.companies[0][0]],
                hubspot_owner_id="41")

    def made_in_salesforce(self, n):
        """The same there."""
        for kind in PAIRS:
            name, fields = NATIVE[kind]
            if name == "Event":
                fields = {"StartDateTime": iso(now_ms()),
                          "EndDateTime": iso(now_ms() + HOUR_MS)}
            before = {r["Id"] for r in self.world.salesforce.dump(name)}
            self.world.salesforce.load(**{name: [{
                **fields, "Subject": f"There {kind} {i}",
                "WhoId": self.who(self.people[0]), "OwnerId": self.user,
                "WhatId": self.companies[0][1]} for i in range(n)]})
            self.there[kind] = sorted(
                {r["Id"] for r in self.world.salesforce.dump(name)} - before)

    def change(self, kind, key, **record):
        """A user changes a record of HubSpot."""
        self.world.hubspot.load(**{kind + "s": [
            {"id": key.split(":")[-1], **record}]})

    def change_salesforce(self, kind, sf_id, **fields):
        """A user changes one of Salesforce."""
        self.world.salesforce.load(**{NATIVE[kind][0]: [
            {"Id": sf_id, **fields}]})

    # -- what happens -------------------------------------------------------

    def first_pass(self):
        """The people become known: what happens from now on comes over. Not
        so the companies: these are read by their ids, then."""
        self.world.hubspot.fault({
            "path": "*/companies/search", "action": "status", "code": 403,
            "body": FORBIDDEN})
        self.pass_over(written=0)

    def created(self):
        """On both sides; and the timeline's kinds, and a stranger's form."""
        self.made_in_hubspot(3)
        self.made_in_salesforce(3)
        for kind in EVENTS:
            self.world.load_activity(kind, self.people[0])
        self.world.load_activity(
            "form_submission", self.people[0], values=[
                {"name": "email", "value": "stranger@example.com"}])
        self.pass_over(written=6 * len(PAIRS) + len(EVENTS))
        self.world.hubspot.fault()

    def changed(self):
        """Words, a title that is taken away, contact and company."""
        for kind in PAIRS:
            one, two, _ = self.here[kind]
            self.change(kind, one, properties={TITLE[kind]: "Changed"})
            self.change(kind, two, properties={
                "hs_timestamp": iso(now_ms() + 1000)}, associations={
                    "contacts": self.people[1:],
                    "companies": [self.companies[1][0]]})
            one, two, three = self.there[kind]
            self.change_salesforce(kind, one, Subject="Changed there")
            self.change_salesforce(kind, two, WhatId=self.companies[1][1],
                                   WhoId=self.who(self.people[1]))
            self.change_salesforce(kind, three, Description=None, WhatId=None)
        self.pass_over()

    def lost(self):
        """Records are made, but the answer gets lost: it is looked for
        them."""
        self.made_in_salesforce(1)
        self.world.hubspot.fault({
            "method": "POST", "path": "*/calls/batch/create", "times": 1,
            "action": "commit-then-cut"})
        self.pass_over(written=len(PAIRS))
        self.world.hubspot.fault()

    def set_up(self):
        """The property that holds the Salesforce id, unique: records are
        made by it from now on."""
        self.world.run("setup", "--yes")
        self.made_in_salesforce(3)
        self.pass_over(written=3 * len(PAIRS))

    def unknown_contact(self):
        """A record whose contact goes away meanwhile is refused in a batch:
        what HubSpot says of errors."""
        gone = self.world.tied_contact(sync=False)
        self.pass_over()
        call = dict(NATIVE["call"][1], Subject="Of nobody",
                    WhoId=self.who(gone))
        self.world.hubspot.load(contacts=[{"id": gone, "archived": True}])
        self.world.salesforce.load(Task=[call])
        self.world.sync()

    def deleted(self):
        """On both sides."""
        for kind in PAIRS:
            self.change(kind, self.here[kind][2], archived=True)
            self.change_salesforce(kind, self.there[kind][2], IsDeleted=True)
        self.pass_over()
        self.pass_over()  # an e-mail leaves no trace: looked for once more

    def imported(self):
        """What is there is looked for on both sides, and is equal."""
        for side in ("hubspot", "salesforce"):
            self.world.run("import", "--json", "--from", side)
        self.world.run("check")
        self.world.run("verify", "--json", "--yes")

    def quiet(self):
        """Then nothing is left to do."""
        self.pass_over(written=0)


STEPS = ("first_pass", "created", "changed", "lost", "set_up",
         "unknown_contact", "deleted", "imported", "quiet")


def live(version, world, base):
    """All that happens; {step: why it failed, or None, and how long it took,
    s}. The first that fails is the last."""
    account = Account(version, world, base)
    for step in STEPS:
        began = time.monotonic()
        try:
            getattr(account, step)()
            failure = None
        except AssertionError as error:
            failure = str(error)
        yield step, failure, time.monotonic() - began
        if failure:
            return


if __name__ == "__main__":
    sys.exit("a module for the suite openapi")
