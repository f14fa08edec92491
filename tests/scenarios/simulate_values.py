"""The values that the users of a simulation write, and what of them is equal:
a view of its own, so that it does not repeat the program's mistakes."""
import datetime
import html
import re
import zoneinfo

KINDS = ("task", "email", "call", "meeting")
SIDES = ("hubspot", "salesforce")
ZONE = zoneinfo.ZoneInfo("Europe/Berlin")
END_THERE = "2031-01-01T00:00:00.000+0000"


# ---- what is equal ----

def text(value):
    """Trimmed, and cut to what a Subject holds."""
    return (value or "").strip()[:255].strip()


def plain(value):
    """Salesforce's text."""
    return (value or "").replace("\r\n", "\n").strip()


def from_html(value):
    """HubSpot's HTML, as far as the users write it."""
    value = re.sub(r"<br>", "\n", value or "")
    return html.unescape(re.sub(r"<[^>]*>", "", value)).strip()


def seconds(value):
    """A length of HubSpot."""
    return str(int(value) // 1000) if value else ""


def number(value):
    """A number of Salesforce."""
    return "" if value is None else str(value)


def moment(value):
    """A time of either side, to the second."""
    return (value or "")[:19]


def from_ms(value):
    """A time as it stands in a conflict."""
    at = datetime.datetime.fromtimestamp(int(value) // 1000,
                                         datetime.timezone.utc)
    return at.strftime("%Y-%m-%dT%H:%M:%S")


def day(value):
    """The day in the org's zone of a HubSpot time."""
    at = datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
    return at.astimezone(ZONE).date().isoformat()


def words(pairs, default=""):
    """A picklist's words in Salesforce's."""
    labels = dict(pairs) | {label: label for _, label in pairs}
    return lambda value: labels[value] if value else default


TASK_STATUS = words([
    ("NOT_STARTED", "Not Started"), ("IN_PROGRESS", "In Progress"),
    ("WAITING", "Waiting on someone else"), ("COMPLETED", "Completed"),
    ("DEFERRED", "Deferred")], "Not Started")
PRIORITY = words([("LOW", "Low"), ("MEDIUM", "Normal"), ("HIGH", "High")],
                 "Normal")
EMAIL_STATUS = words([("SENT", "Completed"), ("SCHEDULED", "Not Started")],
                     "Completed")
CALL_STATUS = words([("COMPLETED", "Completed"), ("QUEUED", "Not Started"),
                     ("IN_PROGRESS", "In Progress")], "Completed")
DIRECTION = words([("INBOUND", "Inbound"), ("OUTBOUND", "Outbound")])


# ---- what users write: (HubSpot's value, Salesforce's) ----

def new_text(rand, name):
    """A title: of its own, so that it is known wherever it turns up."""
    kind = rand.randrange(8)
    value = {0: name + " 😀", 1: name + " " + "x" * 300,
             2: name + " <i>&amp;"}.get(kind, name)
    return (f"  {value} " if kind == 3 else value), value[:255]


def new_body(rand, name):
    """Some lines."""
    lines = [name, "a & b", "Grüße <x>", "end"][:rand.randrange(1, 5)]
    return ("<p>" + "<br>".join(map(html.escape, lines)) + "</p>",
            rand.choice(("\n", "\r\n")).join(lines))


def new_time(rand, _):
    """A time in 2030."""
    at = f"2030-{rand.randrange(1, 13):02d}-{rand.randrange(1, 29):02d}" \
         f"T{rand.randrange(24):02d}:{rand.randrange(60):02d}:00.000"
    return at + "Z", at + "+0000"


def new_day(rand, name):
    """A day in 2030."""
    at, _ = new_time(rand, name)
    return at, day(at)


def new_length(rand, _):
    """Some seconds."""
    n = rand.randrange(1, 5000)
    return str(n * 1000 + rand.randrange(400)), n


def one_of(canon, *pairs):
    """Of a picklist."""
    del canon
    return lambda rand, _: rand.choice(pairs)


# kind: (HubSpot's property, Salesforce's field, how each is read, what is new)
DATE = ("hs_timestamp", "ActivityDate", day, number, new_day)
MAPPING = {
    "task": [
        ("hs_task_subject", "Subject", text, text, new_text),
        ("hs_task_body", "Description", from_html, plain, new_body),
        ("hs_task_status", "Status", TASK_STATUS, TASK_STATUS, one_of(
            TASK_STATUS, ("WAITING", "Waiting on someone else"),
            ("IN_PROGRESS", "In Progress"), ("COMPLETED", "Completed"))),
        ("hs_task_priority", "Priority", PRIORITY, PRIORITY, one_of(
            PRIORITY, ("LOW", "Low"), ("HIGH", "High"))), DATE],
    "email": [
        ("hs_email_subject", "Subject", text, text, new_text),
        ("hs_email_html", "Description", from_html, plain, new_body),
        ("hs_email_status", "Status", EMAIL_STATUS, EMAIL_STATUS, one_of(
            EMAIL_STATUS, ("SENT", "Completed"),
            ("SCHEDULED", "Not Started"))), DATE],
    "call": [
        ("hs_call_title", "Subject", text, text, new_text),
        ("hs_call_body", "Description", from_html, plain, new_body),
        ("hs_call_status", "Status", CALL_STATUS, CALL_STATUS, one_of(
            CALL_STATUS, ("COMPLETED", "Completed"),
            ("IN_PROGRESS", "In Progress"), ("QUEUED", "Not Started"))),
        ("hs_call_direction", "CallType", DIRECTION, DIRECTION, one_of(
            DIRECTION, ("INBOUND", "Inbound"), ("OUTBOUND", "Outbound"))),
        ("hs_call_duration", "CallDurationInSeconds", seconds, number,
         new_length), DATE],
    "meeting": [
        ("hs_meeting_title", "Subject", text, text, new_text),
        ("hs_meeting_body", "Description", from_html, plain, new_body),
        ("hs_meeting_location", "Location", text, text, new_text),
        ("hs_meeting_start_time", "StartDateTime", moment, moment, new_time),
        ("hs_meeting_end_time", "EndDateTime", moment, moment, lambda *_: (
            "2031-01-01T00:00:00.000Z", END_THERE))]}


def new_value(rand, pair, name, side):
    """What is written there; now and then nothing."""
    is_cleared = rand.randrange(12) == 0 and pair[4] in (new_text, new_body)
    new = pair[4](rand, name)[SIDES.index(side)]
    return new if not is_cleared else "" if side == "hubspot" else None


def read(kind, side, record):
    """A record's values as they are compared, by HubSpot's names."""
    i = SIDES.index(side)
    values = record["properties"] if side == "hubspot" else record
    return {p[0]: p[2 + i](values.get(p[i])) for p in MAPPING[kind]}
