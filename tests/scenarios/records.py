"""What a scenario's users put into the two services, and what arrived."""
import contextlib
import json
import os
import signal
import types
import unittest

import harness
from harness import iso, now_ms, wait_for

HOUR_MS = 3_600_000

# of what each kind is made, and a plain one's properties
ENGAGEMENTS = {
    "call": ("calls", {"hs_call_title": "Quarterly", "hs_call_body": "<p>Hi</p>",
                       "hs_call_direction": "OUTBOUND",
                       "hs_call_status": "COMPLETED",
                       "hs_call_duration": "90000"}),
    "sales_email_sent": ("emails", {
        "hs_email_subject": "An offer", "hs_email_text": "Dear all",
        "hs_email_direction": "EMAIL", "hs_email_status": "SENT"}),
    "meeting": ("meetings", {"hs_meeting_title": "Kick-off",
                             "hs_meeting_outcome": "COMPLETED"}),
    "note": ("notes", {"hs_note_body": "<p>Likes tea</p><p>No milk</p>"}),
    "task": ("tasks", {"hs_task_subject": "Send it",
                       "hs_task_status": "NOT_STARTED",
                       "hs_task_priority": "HIGH", "hs_task_type": "TODO"})}
MAIL = {"marketing_email_sent": "SENT", "marketing_email_opened": "OPEN",
        "marketing_email_clicked": "CLICK"}
OCCURRENCES = {
    "sales_email_opened": ("e_opened_tracked_inbox_email_v8",
                           {"hs_email_subject": "An offer",
                            "hs_email_id": "77001"}),
    "sales_email_clicked": ("e_clicked_link_in_tracked_inbox_email_v8",
                            {"hs_email_subject": "An offer",
                             "hs_email_id": "77001",
                             "hs_clicked_url": "https://a.example/x"}),
    "sales_content_viewed": ("e_document_viewed_v2",
                             {"hs_document_name": "Price list"}),
    "integration_event": ("ae123456_contract_signed", {"amount": "12"})}


class World(harness.World):
    """What its users put in, what arrived, and a chain in the background."""

    def __init__(self, **how):
        self.people = {}  # HubSpot id -> its email and salesforce_id
        super().__init__(**how)

    def number(self):
        """A number that no other record of this World has."""
        return next(self.ids) + 1000

    def tied(self, sf_type, sync, sf, props):
        """A person in Salesforce and the HubSpot contact that is tied."""
        number = self.number()
        email = props.pop("email", f"person{number}@example.com")
        self.salesforce.load(**{sf_type: [
            {"Email": email, "LastName": f"Person {number}",
             **({"Company": "Corp"} if sf_type == "Lead" else {}), **sf}]})
        sf_id = next(r["Id"] for r in self.salesforce.dump(sf_type)
                     if r["LastName"] == f"Person {number}")
        tie = f"salesforce{sf_type.lower()}id"
        contact = self.untied_contact(email=email, **{tie: sf_id} | props)
        self.people[contact].salesforce_id = sf_id
        if sync:
            self.sync()
        return contact

    def tied_contact(self, sync=True, salesforce=None, **props):
        """The HubSpot id of a contact tied to a Contact; known by a sync
        unless sync=False. `people` tells its other ids."""
        return self.tied("Contact", sync, salesforce or {}, props)

    def tied_lead(self, sync=True, salesforce=None, **props):
        """The same with a Lead."""
        return self.tied("Lead", sync, salesforce or {}, props)

    def untied_contact(self, **props):
        """The HubSpot id of a contact that is tied to nobody."""
        number = self.number()
        props.setdefault("email", f"person{number}@example.com")
        self.hubspot.load(contacts=[{
            "id": str(number), "properties": {
                "firstname": "Person", "lastname": str(number), **props}}])
        self.people[str(number)] = types.SimpleNamespace(
            email=props["email"], salesforce_id=None)
        return str(number)

    def company(self, **props):
        """The HubSpot id of a company."""
        number = str(self.number())
        self.hubspot.load(companies=[{"id": number, "properties": {
            "name": "Corp " + number, **props}}])
        return number

    def load_engagements(self, kind, contacts, n=1, at=None, companies=(),
                         **props):
        """n records that happen now, or `at`; their keys."""
        feed, plain = ENGAGEMENTS[
            "sales_email_sent" if kind == "email" else kind]
        at = at or now_ms()
        stamp = {"hs_timestamp": iso(at), "hs_createdate": iso(at)}
        if kind == "meeting":
            stamp |= {"hs_meeting_start_time": iso(at),
                      "hs_meeting_end_time": iso(at + 3_600_000)}
        records = [{"id": str(self.number()),
                    "properties": {**plain, **stamp, **props},
                    "associations": {"contacts": list(contacts),
                                     "companies": list(companies)}}
                   for _ in range(n)]
        for start in range(0, n, 2000):
            self.hubspot.load(**{feed: records[start:start + 2000]})
        return [f"hubspot:{feed[:-1]}:{r['id']}" for r in records]

    def load_calls(self, contact, n, **props):
        """n calls of a contact that happen now; their keys."""
        return self.load_engagements("call", [contact], n, **props)

    def change(self, key, **props):
        """A user changes a record."""
        _, kind, number = key.split(":")
        self.hubspot.load(**{kind + "s": [{"id": number,
                                           "properties": props}]})

    def load_activity(self, kind, contact, at=None, **more):
        """One activity of any kind, now or `at`; its key. `more` goes into
        its properties, or into the event itself."""
        if kind in ENGAGEMENTS:
            return self.load_engagements(kind, [contact], 1, at, **more)[0]
        at, number = at or now_ms(), self.number()
        email = self.people[contact].email
        if kind == "form_submission":
            self.hubspot.load(
                forms=[{"id": "f-1", "name": "Contact us",
                        "formType": "hubspot"}],
                form_submissions=[{
                    "formId": "f-1", "conversionId": f"c-{number}",
                    "submittedAt": at, "pageUrl": "https://a.example/form",
                    "values": [{"name": "email", "value": email},
                               {"name": "city", "value": "Bonn"}]} | more])
            return f"hubspot:form_submission:f-1:c-{number}"
        if kind in MAIL:
            self.hubspot.load(
                email_campaigns=[{"id": 501, "appId": 20053, "name": "Spring",
                                  "subject": "Spring news"}],
                email_events=[{
                    "id": f"m-{number}", "created": at, "type": MAIL[kind],
                    "recipient": email, "emailCampaignId": 501,
                    "appId": 20053} | more])
            return f"hubspot:email_event:m-{number}"
        event_type, plain = OCCURRENCES[kind]
        self.hubspot.load(events=[{
            "id": f"o-{number}", "eventType": event_type,
            "objectType": "CONTACT", "objectId": contact,
            "occurredAt": iso(at), "properties": plain | more}])
        return f"hubspot:event:o-{number}"

    def tasks(self):
        """Salesforce's Tasks by their HubSpot_Id__c; none is there twice."""
        found = {}
        for task in self.salesforce.dump("Task"):
            key = task["HubSpot_Id__c"]
            if key in found:
                raise AssertionError(f"twice: {found[key]}\n{task}")
            found[key] = task
        return found

    # -- a chain in the background ----------------------------------------

    def start(self, conf=None):
        """Start the chain; whatever is left of it at the end is killed."""
        self.stack.callback(self.kill_all)
        return self.run("start", conf=conf)

    def stop(self, conf=None):
        """Stop it, draining."""
        return self.run("stop", conf=conf)

    def status(self, conf=None):
        """The chain's status as JSON."""
        return json.loads(self.run("status", "--json", code=None,
                                   conf=conf).stdout)

    def failing(self):
        """The feeds that fail, by name."""
        return {f["feed"]: f for f in self.status()["feeds"]
                if f["status"] == "failing"}

    def pid(self, stage, but=0):
        """The process of a stage that runs, and is not `but`."""
        def look():
            found = self.status()["stages"].get(stage, {})
            return found.get("state") == "running" and found["pid"] != but \
                and found["pid"]
        return wait_for(look, f"{stage} to run")

    def processes(self):
        """The processes that run with this World's config."""
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            with contextlib.suppress(OSError):
                with open(f"/proc/{pid}/cmdline", "rb") as file:
                    if self.dir.encode() in file.read():
                        found.append(int(pid))
        return found

    def kill_all(self):
        """Kill what still runs with this World's config. What a sanitizer
        has reported of it is a failure."""
        def all_gone():  # the supervisor may just be starting one
            left = self.processes()
            for pid in left:
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
            return not left
        wait_for(all_gone, "the processes to end")
        if "Sanitizer" in self.logs():
            raise AssertionError(self.logs())

    def arrived(self, keys):
        """Wait until there is a task of each key, once; the tasks."""
        want = set(keys)
        wait_for(lambda: want <= self.tasks().keys(),
                 f"{len(want)} tasks\n{self.logs()[-4000:]}")
        return self.tasks()


class Scenario(unittest.TestCase):
    """A World of its own for each test."""

    maxDiff = None
    finds_leaks = False  # at the end of each process

    def world(self, **how):
        """One without rate limits, unless said otherwise."""
        world = World(**{"no_limits": True, "finds_leaks": self.finds_leaks}
                      | how)
        self.addCleanup(world.close)
        return world

    def figures(self, summary, **want):
        """These figures of a summary; those not named are 0."""
        none = {"fetched": 0, "written": 0, "unchanged": 0, "dead": 0,
                "dropped": {}}
        self.assertEqual({k: summary[k] for k in none}, none | want,
                         summary["log"][-8000:])
