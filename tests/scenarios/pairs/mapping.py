"""Every pair of the shipped mapping in both directions, pairs of one's own,
and pairs that are taken away."""
from pairs_table import row, step, table

CONNECTED = "f240bbac-87c9-4f6e-bf70-924b57d47db7"
BUSY = "9d9162e7-6cf3-4944-bf63-4dff82258764"
TITLE = [("One", "One"), ("Zwei ½", "Zwei ½")]
BODY = [("<p>a &amp; b</p>", "a & b"), ("<p>a<br>b</p>", "a\nb")]
DATES = [("2030-07-01T10:00:00.000Z", "2030-07-01"),
         ("2030-12-24T11:00:00.000Z", "2030-12-24")]
TIMES = [("2030-07-01T10:00:00.000Z", "2030-07-01T10:00:00.000+0000"),
         ("2030-07-01T10:30:00.000Z", "2030-07-01T10:30:00.000+0000")]
# kind: HubSpot's property, Salesforce's field, values that stand for each other
# both ways, and what only goes over one way
MAPPED = {
    "task": [
        ("hs_task_subject", "Subject", TITLE, [], []),
        ("hs_task_body", "Description", BODY, [], []),
        ("hs_task_status", "Status",
         [("NOT_STARTED", "Not Started"), ("IN_PROGRESS", "In Progress"),
          ("WAITING", "Waiting on someone else"), ("COMPLETED", "Completed"),
          ("DEFERRED", "Deferred")], [], []),
        ("hs_task_priority", "Priority",
         [("HIGH", "High"), ("MEDIUM", "Normal"), ("LOW", "Low")],
         [("NONE", "Normal")], []),
        ("hs_timestamp", "ActivityDate", DATES,
         [("2030-06-30T22:30:00.000Z", "2030-07-01")], [])],
    "email": [
        ("hs_email_subject", "Subject", TITLE, [], []),
        ("hs_email_html", "Description", BODY, [], []),
        ("hs_email_status", "Status",
         [("SENT", "Completed"), ("SCHEDULED", "Not Started")],
         [("BOUNCED", "Completed"), ("FAILED", "Completed"),
          ("SENDING", "Not Started")],
         [("SCHEDULED", "In Progress"), ("SCHEDULED", "Deferred"),
          ("SCHEDULED", "Waiting on someone else")]),
        ("hs_timestamp", "ActivityDate", DATES, [], [])],
    "call": [
        ("hs_call_title", "Subject", TITLE, [], []),
        ("hs_call_body", "Description", BODY, [], []),
        ("hs_call_status", "Status",
         [("COMPLETED", "Completed"), ("IN_PROGRESS", "In Progress"),
          ("QUEUED", "Not Started")],
         [("BUSY", "Completed"), ("FAILED", "Completed"),
          ("NO_ANSWER", "Completed"), ("MISSED", "Completed"),
          ("CANCELED", "Completed"), ("CONNECTING", "In Progress"),
          ("RINGING", "In Progress"), ("CALLING_CRM_USER", "In Progress")],
         [("IN_PROGRESS", "Waiting on someone else"),
          ("QUEUED", "Deferred")]),
        ("hs_call_direction", "CallType",
         [("INBOUND", "Inbound"), ("OUTBOUND", "Outbound"), ("", None)],
         [], []),
        ("hs_call_duration", "CallDurationInSeconds",
         [("90000", 90), ("0", 0), ("", None)],
         [("90499", 90), ("90500", 91)], []),
        ("hs_call_disposition", "CallDisposition",
         [(CONNECTED, "Connected"), (BUSY, "Busy"), ("", None)],
         [], [(CONNECTED, "connected")]),
        ("hs_timestamp", "ActivityDate", DATES, [], [])],
    "meeting": [
        ("hs_meeting_title", "Subject", TITLE, [], []),
        ("hs_meeting_body", "Description", BODY, [], []),
        ("hs_meeting_location", "Location",
         [("Bonn", "Bonn"), ("Köln", "Köln"), ("", None)], [], []),
        ("hs_meeting_start_time", "StartDateTime", TIMES,
         [("2030-07-01T10:00:00.999Z", "2030-07-01T10:00:00.000+0000")], []),
        ("hs_meeting_end_time", "EndDateTime",
         [("2030-07-01T11:00:00.000Z", "2030-07-01T11:00:00.000+0000"),
          ("2030-07-01T11:30:00.000Z", "2030-07-01T11:30:00.000+0000")],
         [], [])]}
HERE = {"hs_meeting_start_time": "2030-07-01T10:00:00.000Z",
        "hs_meeting_end_time": "2030-07-01T12:00:00.000Z"}
THERE = {"StartDateTime": "2030-07-01T10:00:00.000+0000",
         "EndDateTime": "2030-07-01T12:00:00.000+0000"}


def pair_rows(kind, prop, field, equal, there_only, here_only):
    """Each value from each side, when a record is made and when changed."""
    here = HERE if kind == "meeting" else {}
    there = THERE if kind == "meeting" else {}
    for a, b in equal + there_only:
        yield row(f"{prop} = {a!r}", kind, step(
            hubspot=here | {prop: a}, in_salesforce={field: b}, written=1))
    for a, b in equal + here_only:
        yield row(f"{field} = {b!r}", kind, step(
            salesforce=there | {field: b}, in_hubspot={prop: a}, written=1))
    (a, b), (c, d) = equal[:2]
    both = {"in_hubspot": {prop: c}, "in_salesforce": {field: d}}
    yield row(f"{prop} from {a!r} to {c!r}", kind,
              step(hubspot=here | {prop: a}, in_salesforce={field: b},
                   written=1),
              step(hubspot={prop: c}, written=1, **both))
    yield row(f"{field} from {b!r} to {d!r}", kind,
              step(salesforce=there | {field: b}, in_hubspot={prop: a},
                   written=1),
              step(salesforce={field: d}, written=1, **both))
    if ("", None) in equal:
        none = {"in_hubspot": {prop: ""}, "in_salesforce": {field: None}}
        yield row(f"{prop} is cleared", kind,
                  step(hubspot={prop: a}, written=1),
                  step(hubspot={prop: ""}, written=1, **none))
        yield row(f"{field} is cleared", kind,
                  step(salesforce={field: b}, written=1),
                  step(salesforce={field: None}, written=1, **none))


ONE_WAY = {"activity.task.mapping": {
    "hs_task_subject": "Subject, to_salesforce",
    "hs_task_body": "Description, to_hubspot, html",
    "hs_task_priority": "",
    "hs_task_type": "Type",
    "note_to_self": "CallObject, to_salesforce, text"},
    "activity.call.mapping": {
        "hs_call_duration": "CallDurationInSeconds, to_hubspot, ms_to_s",
        "wants_reminder": "IsReminderSet, both, bool"}}

TABLES = [
    table("the shipped mapping", rows=[
        r for kind, pairs in MAPPED.items() for p in pairs
        for r in pair_rows(kind, *p)]),
    table("pairs of one's own, one way, and taken away", settings=ONE_WAY,
          rows=[
        row("to Salesforce only", "task",
            step(hubspot={"title": "One"}, both={"title": "One"}, written=1),
            step(salesforce={"title": "Two"}, in_hubspot={"title": "One"},
                 in_salesforce={"title": "Two"}),
            step(hubspot={"title": "Three"}, both={"title": "Three"},
                 written=1)),
        row("to Salesforce only, made in Salesforce", "task",
            step(salesforce={"title": "One"}, in_hubspot={"title": ""},
                 written=1),
            step(hubspot={"title": "Two"}, both={"title": "Two"},
                 written=1)),
        row("to HubSpot only", "task",
            step(hubspot={"body": "<p>One</p>"}, in_salesforce={"body": ""},
                 written=1),
            step(salesforce={"body": "Two"},
                 in_hubspot={"body": "<p>Two</p>"}, written=1),
            step(hubspot={"body": "<p>Three</p>"},
                 in_hubspot={"body": "<p>Three</p>"},
                 in_salesforce={"body": "Two"})),
        row("both change what goes one way: no conflict", "task",
            step(hubspot={"title": "One"}, both={"title": "One"}, written=1),
            step(hubspot={"title": "Here"}, salesforce={"title": "There"},
                 both={"title": "Here"}, written=1)),
        row("taken away", "task",
            step(hubspot={"hs_task_priority": "HIGH"},
                 in_salesforce={"Priority": "Normal"}, written=1),
            step(salesforce={"Priority": "Low"},
                 in_hubspot={"hs_task_priority": "HIGH"},
                 ends={"salesforce": "unchanged no-difference"})),
        row("of one's own, both ways", "task",
            step(hubspot={"hs_task_type": "CALL"},
                 in_salesforce={"Type": "CALL"}, written=1),
            step(salesforce={"Type": "EMAIL"},
                 in_hubspot={"hs_task_type": "EMAIL"}, written=1)),
        row("of one's own, to Salesforce only", "task",
            step(hubspot={"note_to_self": "a"},
                 in_salesforce={"CallObject": "a"}, written=1),
            step(salesforce={"CallObject": "b"},
                 in_hubspot={"note_to_self": "a"})),
        row("of one's own, true and false", "call",
            step(hubspot={"wants_reminder": "true"},
                 in_salesforce={"IsReminderSet": True}, written=1),
            step(salesforce={"IsReminderSet": False},
                 in_hubspot={"wants_reminder": "false"}, written=1)),
        row("another direction than shipped", "call",
            step(hubspot={"hs_call_duration": "5000"},
                 in_salesforce={"CallDurationInSeconds": None}, written=1),
            step(salesforce={"CallDurationInSeconds": 7},
                 in_hubspot={"hs_call_duration": "7000"}, written=1)),
    ]),
    table("a property that is led to another field", settings={
        "activity.call.mapping": {"my_rating": "CallObject"}},
        later={1: {"activity.call.mapping": {"my_rating": "Type"}}}, rows=[
        row("what was agreed on with the first field is not lost", "call",
            step(hubspot={"my_rating": "Call"},
                 in_salesforce={"CallObject": "Call"}, written=1),
            step(hubspot={"title": "New"}, both={"title": "New"},
                 in_hubspot={"my_rating": "Call"},
                 in_salesforce={"CallObject": "Call", "Type": "Call"},
                 written=1)),
        row("nor is what changes then", "call",
            step(hubspot={"my_rating": "Call"},
                 in_salesforce={"CallObject": "Call"}, written=1),
            step(hubspot={"my_rating": "Email"},
                 in_salesforce={"CallObject": "Call", "Type": "Email"},
                 written=1)),
    ]),
]
