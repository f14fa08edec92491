"""The sandbox's Salesforce side: the control API's records, also many of
them."""
import time
import unittest

from harness import DAY_MS, iso, now_ms
from sandbox_case import ROWS, SalesforceCase


class Load(SalesforceCase):
    """The control API."""

    def test_ids(self):
        self.load(Contact=[{"Id": "00300000000aBcD", "LastName": "Short"}])
        one = self.query("SELECT Id FROM Contact WHERE LastName = 'Short'")
        self.assertEqual(one["records"][0]["Id"], "00300000000aBcDAAU")
        self.load(Contact=[{"Id": "00300000000aBcDAAU", "LastName": "Long"}])
        self.assertEqual(self.get("00300000000aBcD", "Contact")["LastName"],
                         "Long")

    def test_what_is_no_id(self):
        for bad in ("x", "00T-00000077777", "00T0000000777770"):
            with self.assertRaises(AssertionError):
                self.load(Task=[{"Id": bad}])

    def test_given(self):
        at = "2020-01-02T03:04:05.000+0000"
        self.load(Task=[{"Id": "00T000000077777", "Subject": "x",
                         "CreatedDate": at, "SystemModstamp": at}])
        got = self.get("00T000000077777")
        self.assertEqual((got["CreatedDate"], got["SystemModstamp"]), (at, at))
        self.assertEqual(self.query(
            "SELECT COUNT() FROM Task WHERE SystemModstamp = "
            "2020-01-02T03:04:05Z")["totalSize"], 1)

    def test_the_recycle_bin_is_emptied(self):
        task = self.upsert({"HubSpot_Id__c": "P:1"})[0]["id"]
        count = f"SELECT COUNT() FROM Task WHERE Id = '{task}'"
        self.load(Task=[{"Id": task, "IsDeleted": True}])
        self.assertEqual(self.query(count, what="queryAll")["totalSize"], 1)
        self.load(Task=[{"Id": task, "IsPurged": True}])
        self.assertEqual(self.query(count, what="queryAll")["totalSize"], 0)
        self.assertNotEqual(self.upsert({"HubSpot_Id__c": "P:1"})[0]["id"],
                            task)

    def test_what_was_dumped_can_be_loaded(self):
        self.upsert({"HubSpot_Id__c": "G:1", "Status": "Completed"})
        before = self.salesforce.call("/__sandbox/dump")
        self.load(**before)
        self.assertEqual(self.salesforce.call("/__sandbox/dump"), before)


class Many(SalesforceCase):
    """As large an org as the sandbox has to bear."""

    def test_many(self):
        n = 50_000
        self.load(Task=[{"Subject": f"S{i}", "HubSpot_Id__c": f"M:{i}"}
                        for i in range(n)],
                  Contact=[{"LastName": "M", "Email": f"m{i}@x.test"}
                           for i in range(n)])
        at = iso(now_ms() + DAY_MS)[:19] + "Z"
        took = []
        for work in (
                lambda: self.query("SELECT Id FROM Task WHERE SystemModstamp "
                                   f"> {at} ORDER BY SystemModstamp, Id"),
                lambda: self.upsert(*({"HubSpot_Id__c": f"M:{i * 7}",
                                       "Subject": "x"} for i in range(200))),
                lambda: self.ask("PATCH", ROWS + "/Contact/Email", {
                    "records": [{"attributes": {"type": "Contact"},
                                 "Email": f"m{i}@x.test"}
                                for i in range(0, n, n // 200)]})):
            started = time.monotonic()
            work()
            took.append(time.monotonic() - started)
        self.assertLess(max(took), 2, took)  # sanitizers and a busy machine


if __name__ == "__main__":
    unittest.main()
