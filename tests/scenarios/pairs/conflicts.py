"""A record is changed on both sides before a sync: prefer."""
from pairs_table import ALL, row, step, table

START = step(hubspot={"title": "One", "body": "<p>First</p>"},
             both={"title": "One"}, in_salesforce={"body": "First"},
             written=1)


def lost(word, here, there, side):
    """The conflict of a property, of which that side's value was kept."""
    kept, gone = (here, there) if side == "hubspot" else (there, here)
    return (word, kept, gone, side)


def rows(side):
    """With prefer = side."""
    wins = {"hubspot": "Here", "salesforce": "There"}[side]
    body = {"hubspot": "Here", "salesforce": "There"}[side]
    cleared = {"hubspot": "", "salesforce": "There"}[side]
    return [
        row("to different values", ALL, START,
            step(hubspot={"title": "Here"}, salesforce={"title": "There"},
                 both={"title": wins}, written=1,
                 conflicts=[lost("title", "Here", "There", side)])),
        row("two properties to different values", ALL, START,
            step(hubspot={"title": "Here", "body": "<p>Here</p>"},
                 salesforce={"title": "There", "body": "There"},
                 both={"title": wins}, in_salesforce={"body": body},
                 in_hubspot={"body": f"<p>{body}</p>"}, written=1,
                 conflicts=[lost("title", "Here", "There", side),
                            lost("body", "Here", "There", side)])),
        row("to the same value", ALL, START,
            step(hubspot={"title": "Same"}, salesforce={"title": "Same"},
                 both={"title": "Same"})),
        row("to the same value, and then on one side", ALL, START,
            step(hubspot={"title": "Same"}, salesforce={"title": "Same"},
                 both={"title": "Same"}),
            step(salesforce={"title": "Next"}, both={"title": "Next"},
                 written=1)),
        row("other properties", ALL, START,
            step(hubspot={"title": "Here"}, salesforce={"body": "There"},
                 both={"title": "Here"}, in_salesforce={"body": "There"},
                 in_hubspot={"body": "<p>There</p>"}, written=1)),
        row("one of two to the same value", ALL, START,
            step(hubspot={"title": "Same", "body": "<p>Here</p>"},
                 salesforce={"title": "Same"}, both={"title": "Same"},
                 in_salesforce={"body": "Here"}, written=1)),
        row("cleared in HubSpot, changed in Salesforce", ALL, START,
            step(hubspot={"title": ""}, salesforce={"title": "There"},
                 both={"title": cleared}, written=1,
                 conflicts=[lost("title", "", "There", side)])),
        row("cleared on both sides", ALL, START,
            step(hubspot={"title": ""}, salesforce={"title": None},
                 both={"title": ""})),
        row("again after a conflict", ALL, START,
            step(hubspot={"title": "Here"}, salesforce={"title": "There"},
                 both={"title": wins}, written=1,
                 conflicts=[lost("title", "Here", "There", side)]),
            step(hubspot={"title": "Mine"}, salesforce={"title": "Yours"},
                 both={"title": "Mine" if side == "hubspot" else "Yours"},
                 written=1,
                 conflicts=[lost("title", "Mine", "Yours", side)])),
        row("the loser is set once more", ALL, START,
            step(hubspot={"title": "Here"}, salesforce={"title": "There"},
                 both={"title": wins}, written=1,
                 conflicts=[lost("title", "Here", "There", side)]),
            step(**{"salesforce" if side == "hubspot" else "hubspot":
                    {"title": "There" if side == "hubspot" else "Here"}},
                 both={"title": "There" if side == "hubspot" else "Here"},
                 written=1)),
        row("one side back to what it was", ALL, START,
            step(hubspot={"title": "One"}, salesforce={"title": "There"},
                 both={"title": "There"}, written=1)),
    ]


TABLES = [
    table("prefer = salesforce", {"prefer": "salesforce"},
          rows=rows("salesforce")),
    table("prefer = hubspot", {"prefer": "hubspot"}, rows=rows("hubspot")),
]
