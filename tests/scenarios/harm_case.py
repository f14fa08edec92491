"""What the scenarios of harm share: users on both sides of one chain, and that
nothing of what they made is lost or doubled."""
import collections
import os
import signal

from harness import iso, now_ms
from records import Scenario


class Harm(Scenario):
    """One World with activity sync of calls."""

    settings = {}

    def setUp(self):
        self.w = self.open_world()
        self.contact = self.w.tied_contact()
        self.titles = []

    def open_world(self):
        """With the settings of the class."""
        return self.world(settings=self.settings)

    def log_text(self):
        """All that the chain has logged."""
        return self.w.text("var/log/crmpipe.log")

    def work(self, at=None, changes=True):
        """A call is made on either side, a note in HubSpot; now, or `at`. An
        earlier call is changed."""
        n, at = len(self.titles), at or now_ms()
        here, there = f"From here {n}", f"From there {n}"
        self.w.load_engagements("call", [self.contact], at=at,
                                hs_call_title=here)
        self.w.salesforce.load(Task=[{
            "TaskSubtype": "Call", "Status": "Completed", "Subject": there,
            "CallType": "Outbound", "CallDurationInSeconds": 65,
            "WhoId": self.w.people[self.contact].salesforce_id,
            "ActivityDate": iso(at)[:10]}])
        self.w.load_activity("note", self.contact, at)
        self.titles += [here, there]
        if changes:
            self.change(n)

    def change(self, n):
        """A user changes the first call that was made in Salesforce."""
        first, = [t for t in self.w.salesforce.dump("Task")
                  if t["Subject"] == "From there 0"]
        self.words = f"Words {n}"
        self.w.salesforce.load(Task=[{"Id": first["Id"],
                                      "Description": self.words}])

    def has_words(self):
        """Has the change arrived?"""
        return any(self.words in (c["properties"].get("hs_call_body") or "")
                   for c in self.w.hubspot.dump("calls")
                   if c["properties"]["hs_call_title"] == "From there 0")

    def on_both_sides(self):
        """How often each title is there: on each side."""
        return [collections.Counter(titles) for titles in (
            [c["properties"]["hs_call_title"]
             for c in self.w.hubspot.dump("calls")],
            [t["Subject"] for t in self.w.salesforce.dump("Task")
             if t.get("TaskSubtype") == "Call"])]

    def has_arrived(self):
        """Is all there, and all well?"""
        want = set(self.titles)
        return all(want <= c.keys() for c in self.on_both_sides()) \
            and len(self.notes()) == len(self.titles) // 2 \
            and self.has_words() and self.w.status()["ok"]

    def notes(self):
        """The tasks of notes."""
        return [t for t in self.w.salesforce.dump("Task")
                if ":note:" in (t.get("HubSpot_Id__c") or "")]

    def reload(self):
        """As a person does who has mended something."""
        os.kill(self.w.status()["pid"], signal.SIGHUP)

    def nothing_is_lost_or_doubled(self):
        """Both stores hold all, once."""
        self.w.stop()
        want = collections.Counter(self.titles)
        self.assertEqual(self.on_both_sides(), [want, want])
        self.assertEqual(len({t["HubSpot_Id__c"] for t in self.notes()}),
                         len(self.titles) // 2)
        summary = self.w.sync()
        self.assertEqual((summary["written"], summary["dead"]), (0, 0),
                         summary["log"][-4000:])
        done = self.w.run("verify", "--json", "--yes", code=None)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
