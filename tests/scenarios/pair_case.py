"""Pairs of records that activity sync keeps equal, and their users."""
from harness import iso, now_ms
from records import Scenario

HOUR_MS = 3_600_000
KINDS = ("task", "email", "call", "meeting")
# the Salesforce record of a kind, as a user makes it
NATIVE = {
    "task": ("Task", {"TaskSubtype": "Task", "Status": "Not Started",
                      "Priority": "High"}),
    "email": ("Task", {"TaskSubtype": "Email", "Status": "Completed"}),
    "call": ("Task", {"TaskSubtype": "Call", "Status": "Completed",
                      "CallType": "Outbound", "CallDurationInSeconds": 65}),
    "meeting": ("Event", {})}
TITLE = {"task": "hs_task_subject", "email": "hs_email_subject",
         "call": "hs_call_title", "meeting": "hs_meeting_title"}
BODY = {"task": "hs_task_body", "email": "hs_email_html",
        "call": "hs_call_body", "meeting": "hs_meeting_body"}


class Pairs(Scenario):
    """A World with activity sync on for all kinds."""

    def pair_world(self, settings=None, **rules):
        """Its World and a tied contact; `rules` are of every kind."""
        world = self.world(settings={
            "salesforce": {"time_zone": "Europe/Berlin"},
            **{f"activity.{k}": {"sync": "on", **rules} for k in KINDS},
            **(settings or {})})
        return world, world.tied_contact()

    def hubspot(self, world, kind, number):
        """The properties of a HubSpot record."""
        return next(r["properties"] for r in world.hubspot.dump(kind + "s")
                    if r["id"] == number)

    def salesforce(self, world, kind, **fields):
        """The one Salesforce record with these fields."""
        found = [r for r in world.salesforce.dump(NATIVE[kind][0])
                 if fields.items() <= r.items()]
        self.assertEqual(len(found), 1, found)
        return found[0]

    def add_salesforce(self, world, kind, contact, **fields):
        """A user makes a record in Salesforce; its id."""
        name, plain = NATIVE[kind]
        if kind == "meeting":
            plain = {"StartDateTime": iso(now_ms()), "EndDateTime":
                     iso(now_ms() + HOUR_MS)}
        world.salesforce.load(**{name: [{
            **plain, "WhoId": world.people[contact].salesforce_id,
            **fields}]})
        return next(r["Id"] for r in world.salesforce.dump(name)
                    if r["Subject"] == fields["Subject"])

    def is_verified(self, world):
        """`verify` finds nothing."""
        done = world.run("verify", "--json", "--yes", code=None)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def is_quiet(self, world):
        """Two more passes write nothing, and both sides are equal."""
        for _ in range(2):
            summary = world.sync()
            self.assertEqual((summary["written"], summary["dead"]), (0, 0),
                             summary["log"][-4000:])
        self.is_verified(world)
