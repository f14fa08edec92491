"""A record is changed on one side: updated_in_SIDE."""
from pairs_table import ALL, row, step, table

START = {"title": "One", "body": "First"}
HTML = {"title": "One", "body": "<p>First</p>"}


def made_in(side):
    """The first step: a pair that a user of that side has begun."""
    return step(**{side: HTML if side == "hubspot" else START},
                both={"title": "One"}, written=1)


def both_ways(what, *steps):
    """A row for pairs that began in either service."""
    return [row(f"{what}; made in {side}", ALL, made_in(side), *steps)
            for side in ("hubspot", "salesforce")]


TABLES = [
    table("updated_in_hubspot = update, updated_in_salesforce = update", rows=[
        *both_ways("HubSpot, Salesforce, HubSpot",
                   step(hubspot={"title": "Two"}, both={"title": "Two"},
                        written=1),
                   step(salesforce={"title": "Three"},
                        both={"title": "Three"}, written=1),
                   step(hubspot={"body": "<p>Four</p>"},
                        both={"title": "Three"},
                        in_salesforce={"body": "Four"}, written=1)),
        *both_ways("cleared in HubSpot, filled again in Salesforce",
                   step(hubspot={"title": "", "body": ""},
                        both={"title": "", "body": ""}, written=1),
                   step(salesforce={"title": "New", "body": "Newer"},
                        both={"title": "New"},
                        in_hubspot={"body": "<p>Newer</p>"}, written=1)),
        *both_ways("cleared in Salesforce, filled again in HubSpot",
                   step(salesforce={"title": None, "body": None},
                        both={"title": "", "body": ""}, written=1),
                   step(hubspot={"title": "New", "body": "<p>Newer</p>"},
                        both={"title": "New"},
                        in_salesforce={"body": "Newer"}, written=1)),
        *both_ways("what is not mapped, in HubSpot",
                   step(hubspot={"hs_attachment_ids": "7"},
                        both={"title": "One"},
                        ends={"hubspot": "unchanged no-difference"})),
        *both_ways("what is not mapped, in Salesforce",
                   step(salesforce={"Type": "Other"}, both={"title": "One"},
                        ends={"salesforce": "unchanged no-difference"})),
        *both_ways("there and back in two steps",
                   step(hubspot={"title": "Two"}, both={"title": "Two"},
                        written=1),
                   step(salesforce={"title": "One"}, both={"title": "One"},
                        written=1)),
    ]),
    table("updated_in_hubspot = ignore", {"updated_in_hubspot": "ignore"},
          rows=[
        *both_ways("HubSpot's stays there, until Salesforce's changes",
                   step(hubspot={"title": "Two"},
                        in_hubspot={"title": "Two"},
                        in_salesforce={"title": "One"}),
                   step(salesforce={"body": "Second"},
                        in_hubspot={"title": "Two",
                                    "body": "<p>Second</p>"},
                        in_salesforce={"title": "One", "body": "Second"},
                        written=1),
                   step(salesforce={"title": "Three"},
                        both={"title": "Three"}, written=1)),
        *both_ways("both at once: that is no conflict",
                   step(hubspot={"title": "Two"},
                        salesforce={"title": "Three"},
                        both={"title": "Three"}, written=1)),
    ]),
    table("updated_in_salesforce = ignore",
          {"updated_in_salesforce": "ignore"}, rows=[
        *both_ways("Salesforce's stays there, until HubSpot's changes",
                   step(salesforce={"title": "Two"},
                        in_salesforce={"title": "Two"},
                        in_hubspot={"title": "One"}),
                   step(hubspot={"body": "<p>Second</p>"},
                        in_salesforce={"title": "Two", "body": "Second"},
                        in_hubspot={"title": "One"}, written=1),
                   step(hubspot={"title": "Three"},
                        both={"title": "Three"}, written=1)),
        *both_ways("both at once: that is no conflict",
                   step(salesforce={"title": "Two"},
                        hubspot={"title": "Three"},
                        both={"title": "Three"}, written=1)),
    ]),
    table("neither is carried", {"updated_in_hubspot": "ignore",
                                 "updated_in_salesforce": "ignore"}, rows=[
        *both_ways("each stays where it is",
                   step(salesforce={"title": "Two"},
                        hubspot={"body": "<p>Second</p>"},
                        in_salesforce={"title": "Two", "body": "First"},
                        in_hubspot={"title": "One",
                                    "body": "<p>Second</p>"})),
    ]),
]
