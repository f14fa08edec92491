"""A dry run of activity sync says each write in a line, and writes nothing."""
import unittest

from pair_case import BODY, KINDS, NATIVE, TITLE, Pairs


class DryRun(Pairs):
    """What is said of a change before it goes over."""

    def lines(self, world):
        """The lines of a dry run, which has changed nothing."""
        services = world.hubspot, world.salesforce
        before = [s.call("/__sandbox/dump") for s in services]
        said = world.run("sync", "--dry-run").stdout
        self.assertEqual([s.call("/__sandbox/dump") for s in services], before)
        lines = [line for line in said.splitlines() if " -> " in line]
        summary = world.sync("--dry-run")
        # of a pair that has changed on both sides each has an event
        self.assertGreaterEqual(summary["written"], len(lines))
        self.assertEqual(summary["dead"], 0)
        self.assertEqual(len(set(lines)), len(lines), lines)
        self.assertEqual([s.call("/__sandbox/dump") for s in services], before)
        for line in lines:
            self.assertIn(line, summary["log"])
        return lines

    def pair(self, kind, **rules):
        """A World with a pair; its key, its Salesforce id, and what the lines
        call them."""
        world, contact = self.pair_world(**rules)
        key, = world.load_engagements(kind, [contact], **{TITLE[kind]: "One"})
        world.sync()
        sf_id = self.salesforce(world, kind, HubSpot_Id__c=key)["Id"]
        here = " ".join(key.split(":")[1:])
        return world, key, sf_id, here, f"{NATIVE[kind][0]} {sf_id}"

    def change_salesforce(self, world, kind, sf_id, **fields):
        """A user changes it there."""
        world.salesforce.load(**{NATIVE[kind][0]: [{"Id": sf_id} | fields]})

    def test_created(self):
        world, contact = self.pair_world()
        keys = {kind: world.load_engagements(kind, [contact], **{
            TITLE[kind]: f'From "{kind}"'})[0] for kind in KINDS}
        lines = self.lines(world)
        self.assertEqual(len(lines), len(KINDS), lines)
        for kind, key in keys.items():
            line, = [s for s in lines if s.startswith(kind)]
            number = key.split(":")[2]
            title = f'"From \\"{kind}\\""'
            self.assertTrue(line.startswith(
                f"{kind} {number} {title} -> Salesforce {NATIVE[kind][0]} "
                f"created (new in HubSpot): Subject: {title}, "), line)
        world.sync()
        made = {kind: self.add_salesforce(
            world, kind, contact, Subject=f"There {kind}",
            Description="Two\nlines") for kind in KINDS}
        lines = self.lines(world)
        self.assertEqual(len(lines), len(KINDS), lines)
        for kind, sf_id in made.items():
            line, = [s for s in lines if sf_id in s]
            self.assertTrue(line.startswith(
                f'{NATIVE[kind][0]} {sf_id} "There {kind}" -> HubSpot {kind} '
                f'created (new in Salesforce): {TITLE[kind]}: "There {kind}"'),
                            line)

    def test_updated(self):
        for kind in KINDS:
            world, key, sf_id, here, there = self.pair(kind)
            world.change(key, **{TITLE[kind]: "Two"})
            self.assertEqual(self.lines(world), [
                f'{here} "Two" -> Salesforce {there}: Subject: "One" -> "Two" '
                "(changed in HubSpot)"])
            world.sync()
            self.change_salesforce(world, kind, sf_id, Subject="Three" * 40)
            line, = self.lines(world)
            three = "Three" * 23 + "Thre…"
            self.assertEqual(
                line, f'{there} "{three}" -> HubSpot {here}: {TITLE[kind]}: '
                f'"Two" -> "{three}" (changed in Salesforce)')

    def test_both_changed(self):
        world, key, sf_id, here, there = self.pair("call", prefer="hubspot")
        world.change(key, hs_call_title="Here")
        self.change_salesforce(world, "call", sf_id, Subject="There",
                               Description="More")
        self.assertEqual(set(self.lines(world)), {
            f'{here} "Here" -> Salesforce {there}: Subject: "There" -> "Here" '
            "(conflict: HubSpot is preferred, Salesforce's \"There\" is lost)",
            f'{there} "Here" -> HubSpot {here}: {BODY["call"]}: '
            f'"<p>Hi</p>" -> "<p>More</p>" (changed in Salesforce)'})
        world.sync()
        self.assertEqual(self.salesforce(world, "call", Id=sf_id)["Subject"],
                         "Here")

    def test_conflict_won_by_salesforce(self):
        world, key, sf_id, here, there = self.pair("task")
        world.change(key, hs_task_subject="x")
        self.change_salesforce(world, "task", sf_id, Subject="y")
        self.assertEqual(set(self.lines(world)), {
            f'{there} "y" -> HubSpot {here}: hs_task_subject: "x" -> "y" '
            "(conflict: Salesforce is preferred, HubSpot's \"x\" is lost)"})

    def test_timeline(self):
        world, contact = self.pair_world()
        key = world.load_activity("note", contact)
        line, = self.lines(world)
        self.assertTrue(line.startswith(
            f"note {key.split(':')[2]} -> Salesforce Task created for "
            f"{world.people[contact].email} (new in HubSpot): Subject: "
            '"HubSpot note: Likes tea'), line)


if __name__ == "__main__":
    unittest.main()
