"""Owners: matched by e-mail, if [owners] sync = on; the fallback."""
from pairs_table import ALL, row, step, table

ANN, BEN, ONLY_HERE, BOSS = "11", "12", "13", "14"
# their ids in Salesforce; who crmpipe signs in as; one whom HubSpot has not
USERS = {"ann": "005000000000011AAA", "ben": "005000000000012AAA",
         "boss": "005000000000014AAA", "there": "005000000000015AAA"}
ANN_THERE, BEN_THERE, BOSS_THERE, ONLY_THERE = USERS.values()
ME = "005000000000001AAA"


def people(world):
    """Who is who."""
    world.hubspot.load(owners=[
        {"id": ANN, "email": "Ann@example.com"},
        {"id": BEN, "email": "ben@example.com"},
        {"id": ONLY_HERE, "email": "here@example.com"},
        {"id": BOSS, "email": "boss@example.com"}])
    world.salesforce.load(User=[
        {"Id": number, "Username": f"{name}@example.com", "LastName": name,
         "Email": f"{name}@Example.com", "IsActive": True,
         "UserType": "Standard"} for name, number in USERS.items()])


def owned(here, there):
    """Whose the records are in the end."""
    return {"in_hubspot": {"hubspot_owner_id": here},
            "in_salesforce": {"OwnerId": there}}


TABLES = [
    table("[owners] sync = on", settings={"owners": {"sync": "on"}},
          before=people, rows=[
        row("made in HubSpot, then another's on either side", ALL,
            step(hubspot={"hubspot_owner_id": ANN}, written=1,
                 **owned(ANN, ANN_THERE)),
            step(salesforce={"OwnerId": BEN_THERE}, written=1,
                 **owned(BEN, BEN_THERE)),
            step(hubspot={"hubspot_owner_id": ANN}, written=1,
                 **owned(ANN, ANN_THERE))),
        row("made in Salesforce", ALL,
            step(salesforce={"OwnerId": ANN_THERE}, written=1,
                 **owned(ANN, ANN_THERE))),
        row("made in HubSpot by one whom Salesforce has not", ALL,
            step(hubspot={"hubspot_owner_id": ONLY_HERE}, written=1,
                 **owned(ONLY_HERE, ME)),
            step(hubspot={"title": "New"}, both={"title": "New"}, written=1,
                 **owned(ONLY_HERE, ME))),
        row("made in Salesforce by one whom HubSpot has not", ALL,
            step(salesforce={"OwnerId": ONLY_THERE}, written=1,
                 **owned("", ONLY_THERE)),
            step(salesforce={"title": "New"}, both={"title": "New"},
                 written=1, **owned("", ONLY_THERE)),
            step(hubspot={"hubspot_owner_id": ANN}, written=1,
                 **owned(ANN, ANN_THERE))),
        row("to one whom Salesforce has not: it stays whose it was", ALL,
            step(hubspot={"hubspot_owner_id": ANN}, written=1,
                 **owned(ANN, ANN_THERE)),
            step(hubspot={"hubspot_owner_id": ONLY_HERE},
                 **owned(ONLY_HERE, ANN_THERE))),
        row("nobody's in HubSpot", ALL,
            step(hubspot={"hubspot_owner_id": ""}, written=1,
                 **owned("", ME))),
        row("no longer anybody's in HubSpot", ALL,
            step(hubspot={"hubspot_owner_id": ANN}, written=1,
                 **owned(ANN, ANN_THERE)),
            step(hubspot={"hubspot_owner_id": ""}, **owned("", ANN_THERE))),
        row("on both sides to different ones", ALL,
            step(hubspot={"hubspot_owner_id": ANN}, written=1,
                 **owned(ANN, ANN_THERE)),
            step(hubspot={"hubspot_owner_id": BOSS},
                 salesforce={"OwnerId": BEN_THERE}, written=1,
                 conflicts=[("hubspot_owner_id", "ben@example.com",
                             "boss@example.com", "salesforce")],
                 **owned(BEN, BEN_THERE))),
    ]),
    table("[owners] fallback", before=people, settings={
        "owners": {"sync": "on", "fallback": "BOSS@example.com"}}, rows=[
        row("made in HubSpot by one whom Salesforce has not", ALL,
            step(hubspot={"hubspot_owner_id": ONLY_HERE}, written=1,
                 **owned(ONLY_HERE, BOSS_THERE)),
            step(hubspot={"title": "New"}, both={"title": "New"}, written=1,
                 **owned(ONLY_HERE, BOSS_THERE))),
        row("made in Salesforce by one whom HubSpot has not", ALL,
            step(salesforce={"OwnerId": ONLY_THERE}, written=1,
                 **owned(BOSS, ONLY_THERE))),
        row("nobody's in HubSpot", ALL,
            step(hubspot={"hubspot_owner_id": ""}, written=1,
                 **owned("", BOSS_THERE))),
        row("who is matched is not replaced", ALL,
            step(hubspot={"hubspot_owner_id": ANN}, written=1,
                 **owned(ANN, ANN_THERE))),
    ]),
    table("[owners] sync = off", before=people, rows=[
        row("each side has its own", ALL,
            step(hubspot={"hubspot_owner_id": ANN}, written=1,
                 **owned(ANN, ME)),
            step(hubspot={"hubspot_owner_id": BEN},
                 salesforce={"OwnerId": BOSS_THERE},
                 **owned(BEN, BOSS_THERE))),
        row("made in Salesforce", ALL,
            step(salesforce={"OwnerId": ANN_THERE}, written=1,
                 **owned("", ANN_THERE))),
    ]),
]
