"""A record is deleted in Salesforce, which is ignored by default, and comes
back."""
from pairs_table import (ALL, DELETED, NOTHING, RESTORED, row, step, table)

START = step(hubspot={"title": "One"}, both={"title": "One"}, written=1)
GONE = step(salesforce=DELETED, in_hubspot={"title": "One"},
            in_salesforce=NOTHING)

TABLES = [table("deleted_in_salesforce = ignore", rows=[
    row("deleted and restored", ALL, START, GONE,
        step(salesforce=RESTORED, both={"title": "One"})),
    row("changed in HubSpot meanwhile", ALL, START, GONE,
        step(hubspot={"title": "Two"}, in_hubspot={"title": "Two"},
             in_salesforce=NOTHING,
             ends={"hubspot": "unchanged other-side-deleted"}),
        step(salesforce=RESTORED, both={"title": "Two"}, written=1)),
    row("deleted and changed at once", ALL, START,
        step(hubspot={"title": "Two"}, salesforce=DELETED,
             in_hubspot={"title": "Two"}, in_salesforce=NOTHING),
        step(salesforce=RESTORED, both={"title": "Two"}, written=1)),
    row("never comes back", ALL, START, GONE,
        step(hubspot={"title": "Two"}, in_hubspot={"title": "Two"},
             in_salesforce=NOTHING)),
])]
