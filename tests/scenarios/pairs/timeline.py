"""Activity sync silences the timeline sync of the same thing, and takes over
what that has made."""
from pairs_table import ALL, TITLE, row, step, table

TASKS = ("task", "email", "call")
OFF = {f"activity.{kind}": {"sync": "off"} for kind in ALL}
ON = {f"activity.{kind}": {"sync": "on"} for kind in ALL}
NO_TIMELINE = {f"timeline.{kind}": {"sync": "off"} for kind in (
    "task", "call", "meeting", "sales_email_sent")}


def timeline(kind):
    """How the timeline sync calls it."""
    return {"task": "HubSpot task: One", "call": "HubSpot call: One",
            "email": "HubSpot sales email sent: One"}[kind]


def off_and_on(later):
    """Settings of all kinds by step."""
    return {at: ON if is_on else OFF for at, is_on in later.items()}


TABLES = [
    table("both are on: only activity sync writes", rows=[
        row("made in HubSpot", ALL,
            step(hubspot={"title": "One"}, both={"title": "One"},
                 written=1))]),
    table("activity sync is switched on later", later=off_and_on(
        {0: False, 2: True}), rows=[
        *(row("a timeline task is taken over when it changes", kind,
              step(hubspot={"title": "One", "body": "<p>Text</p>"}, written=1,
                   in_salesforce={"title": timeline(kind)}),
              step(),
              step(hubspot={"title": "Two"},
                   both={"title": "Two"}, in_salesforce={"body": "Text"},
                   written=1),
              step(salesforce={"title": "Three"}, both={"title": "Three"},
                   written=1)) for kind in TASKS),
        *(row("what a user has made of it meanwhile goes over", kind,
              step(hubspot={"title": "One"}, written=1),
              step(salesforce={"title": "Mine"},
                   in_hubspot={"title": "One"}),
              step(),
              step(salesforce={"body": "Too"}, both={"title": "Mine"},
                   in_salesforce={"body": "Too"}, written=1))
          for kind in TASKS),
        *(row("against a change of HubSpot it is a conflict", kind,
              step(hubspot={"title": "One"}, written=1),
              step(salesforce={"title": "Mine"}),
              step(hubspot={"title": "Two"}, both={"title": "Mine"},
                   written=1, conflicts=[(TITLE[kind], "Mine", "Two",
                                          "salesforce")]))
          for kind in TASKS),
    ]),
    table("activity sync is switched off later", later=off_and_on(
        {0: True, 1: False, 2: True}), settings=NO_TIMELINE, rows=[
        row("nothing goes over meanwhile; what changes after that does", ALL,
            step(hubspot={"title": "One"}, both={"title": "One"}, written=1),
            step(hubspot={"title": "Two"}, in_salesforce={"title": "One"}),
            step(hubspot={"body": "<p>Three</p>"}, both={"title": "Two"},
                 in_salesforce={"body": "Three"}, written=1)),
    ]),
]
