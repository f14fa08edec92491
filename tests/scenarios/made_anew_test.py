"""A HubSpot record that was made anew, since its pair was wanted after all; and
then the one that it stands for is restored."""
import unittest

from deletes_test import BOTH, Deletes


class MadeAnew(Deletes):
    """Which of the two the pair is of."""

    def made_anew(self):
        """Its World, the key of the first record and its Salesforce id."""
        world, contact = self.pair_world(**BOTH)
        (key, sf_id), = self.pairs(world, contact, "call").items()
        self.delete_hubspot(world, key)
        world.salesforce.load(Task=[{"Id": sf_id, "Subject": "Kept"}])
        self.assertEqual(world.sync()["conflicts"], 1)
        return world, key, sf_id

    def titles(self, world):
        """What the records are called, by their ids."""
        return {r["id"]: r["properties"]["hs_call_title"]
                for r in world.hubspot.dump("calls")}

    def test_the_first_one_is_restored(self):
        world, key, sf_id = self.made_anew()
        new, = self.titles(world)
        old, = self.ids([key])
        self.delete_hubspot(world, key, archived=False)
        summary = world.sync()
        self.assertEqual((summary["written"], summary["dropped"]),
                         (0, {"made-anew": 1}), summary["log"][-6000:])
        task, = world.salesforce.dump("Task")
        self.assertEqual((task["Id"], task["Subject"]), (sf_id, "Kept"))
        self.assertEqual(self.titles(world), {new: "Kept", old: "Quarterly"})
        self.is_quiet(world)
        self.assertIn(f"hubspot:call:{new}", world.run("explain", key).stdout)

    def test_the_first_one_is_deleted_once_more(self):
        world, key, sf_id = self.made_anew()
        self.delete_hubspot(world, key, archived=False)
        world.sync()
        self.delete_hubspot(world, key)
        self.is_over(world)
        self.assertEqual(self.in_salesforce(world, "call"), {sf_id})
        self.assertEqual(len(self.titles(world)), 1)


if __name__ == "__main__":
    unittest.main()
