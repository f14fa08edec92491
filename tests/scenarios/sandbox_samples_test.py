"""The sandbox's sample data: what it starts with, and what simulate adds."""
import datetime
import json
import re
import unittest

from harness import DAY_MS, iso, now_ms
from records import World
from sandbox_case import Process, SandboxCase

KINDS = {"e_opened_tracked_inbox_email_v8",
         "e_clicked_link_in_tracked_inbox_email_v8", "e_document_viewed_v2",
         "ae123456_contract_signed", "e_visited_page"}
ENGAGEMENTS = ("calls", "emails", "meetings", "notes", "tasks")


class Samples(unittest.TestCase):
    """What `--contacts N --activities M --seed S` gives."""

    @classmethod
    def setUpClass(cls):
        with Process() as sandbox:
            cls.hs, cls.sf = sandbox.dump(0), sandbox.dump(1)
            cls.now = now_ms()

    @staticmethod
    def timeless(dump):
        """Without what is counted from now."""
        text = re.sub(r'"\d{4}-\d\d-\d\d(T[\d:.]+(Z|\+0000))?"', '"T"',
                      json.dumps(dump))
        return re.sub(r'("created"|"submittedAt"): *\d+', "", text)

    def test_a_seed_repeats_itself(self):
        def both(*flags):
            with Process("--contacts", "20", "--activities", "60",
                         *flags) as sandbox:
                return [self.timeless(sandbox.dump(i)) for i in (0, 1)]
        seven = both("--seed", "7")
        self.assertEqual(seven, both("--seed", "7"))
        self.assertNotEqual(seven[0], both("--seed", "8")[0])
        self.assertEqual(both(), both("--seed", "1"))

    def test_counts(self):
        self.assertEqual(len(self.hs["contacts"]), 50)
        for kind in ENGAGEMENTS:
            self.assertGreater(len(self.hs[kind]), 30, kind)
        for flags, people in ((("--contacts", "0"), 0),
                              (("--contacts", "1", "--activities", "3"), 1),
                              (("--bare",), 0)):
            with Process(*flags) as sandbox:
                self.assertEqual(len(sandbox.dump()["contacts"]), people)

    def test_ties_lead_somewhere(self):
        people = {kind: {r["Id"]: r for r in self.sf[kind]}
                  for kind in ("Contact", "Lead", "Account")}
        ties = []
        for contact in self.hs["contacts"]:
            for kind in ("Contact", "Lead"):
                tie = contact["properties"].get(f"salesforce{kind.lower()}id")
                if tie:
                    self.assertTrue([i for i in people[kind]
                                     if i[:15] == tie[:15]], tie)
                    ties.append(kind)
        self.assertIn(len(ties), range(20, 31))
        self.assertGreater(ties.count("Lead"), 2)
        converted = [r for r in self.sf["Lead"] if r["IsConverted"]]
        self.assertTrue(converted)
        for lead in converted:
            self.assertIn(lead["ConvertedContactId"], people["Contact"])
        accounts = [c["properties"]["salesforceaccountid"]
                    for c in self.hs["companies"]
                    if c["properties"].get("salesforceaccountid")]
        self.assertTrue(accounts)
        self.assertLessEqual(set(accounts), people["Account"].keys())
        self.assertLessEqual({r["AccountId"] for r in self.sf["Contact"]
                              if r["AccountId"]}, people["Account"].keys())
        users = {u["Email"] for u in self.sf["User"]}
        self.assertGreater(
            len(users & {o["email"] for o in self.hs["owners"]}), 2)
        self.assertGreater(len({u["TimeZoneSidKey"]
                                for u in self.sf["User"]}), 2)

    def test_all_kinds(self):
        mails = [r["properties"] for r in self.hs["emails"]]
        self.assertLessEqual({"EMAIL", "INCOMING_EMAIL", "DRAFT_EMAIL"},
                             {m["hs_email_direction"] for m in mails})
        events = self.hs["email_events"]
        self.assertLessEqual({"SENT", "DELIVERED", "OPEN", "CLICK"},
                             {e["type"] for e in events})
        self.assertTrue(any(e.get("filteredEvent") for e in events))
        ids = {e["id"] for e in events}
        replaced = [e for e in events if "obsoletedBy" in e]
        self.assertTrue(replaced)
        self.assertLessEqual({e["obsoletedBy"]["id"] for e in replaced}, ids)
        self.assertEqual({e["eventType"] for e in self.hs["events"]}, KINDS)
        self.assertGreater(len({s["formId"]
                                for s in self.hs["form_submissions"]}), 2)
        self.assertTrue(self.sf["Task"] and self.sf["Event"])

    def test_texts(self):
        texts = json.dumps(self.hs, ensure_ascii=False)
        for word in ("ü", "山", "\U0001F680", "<script>", "&nbsp;", "<li>",
                     "href"):
            self.assertIn(word, texts)
        self.assertTrue(any(
            len(n["properties"].get("hs_note_body", "")) > 32_000
            for n in self.hs["notes"]))

    def test_times(self):
        at = [datetime.datetime.fromisoformat(
            c["properties"]["hs_timestamp"].replace("Z", "+00:00")).timestamp()
            * 1000 for kind in ENGAGEMENTS for c in self.hs[kind]]
        self.assertLess(max(at), self.now)
        self.assertGreater(min(at), self.now - 402 * DAY_MS)
        self.assertLess(min(at), self.now - 350 * DAY_MS)
        self.assertGreater(max(at), self.now - 50 * DAY_MS)


class Simulate(SandboxCase):
    """New activities as of now."""

    flags = ("--contacts", "20", "--activities", "40")

    def simulate(self, n):
        """What is new on the HubSpot side."""
        def ids(dump):
            return {kind: {r.get("id") or r["conversionId"] for r in records}
                    for kind, records in dump.items()}
        before = ids(self.hubspot.call("/__sandbox/dump"))
        answer = self.hubspot.call("/__sandbox/simulate", {"activities": n})
        self.assertEqual(answer, {"ok": True, "activities": n})
        dump = self.hubspot.call("/__sandbox/dump")
        return {kind: [r for r in records if (r.get("id") or
                                              r["conversionId"])
                       not in before[kind]] for kind, records in dump.items()}

    def test_all_kinds_now(self):
        started = now_ms()
        new = self.simulate(30)
        for kind in (*ENGAGEMENTS, "form_submissions"):
            self.assertGreaterEqual(len(new[kind]), 2, kind)
        for kind in ("SENT", "OPEN", "CLICK"):
            self.assertGreaterEqual(
                len([e for e in new["email_events"] if e["type"] == kind]), 2)
        for kind in KINDS:
            self.assertGreaterEqual(
                len([e for e in new["events"] if e["eventType"] == kind]), 2)
        self.assertFalse(new["contacts"])
        fresh = [r for kind in ENGAGEMENTS for r in new[kind]
                 if r["properties"]["hs_timestamp"] >= iso(started - 10)]
        self.assertGreater(len(fresh), 8)
        self.assertLessEqual(max(r["properties"]["hs_timestamp"]
                                 for r in fresh), iso(now_ms()))

    def test_some_of_it_is_out_of_scope(self):
        tied = {c["id"] for c in self.hubspot.dump("contacts")
                if c["properties"].get("salesforcecontactid")
                or c["properties"].get("salesforceleadid")}
        started = now_ms()
        new = self.simulate(120)
        records = [r for kind in ENGAGEMENTS for r in new[kind]]
        of = [set(r["associations"]["contacts"]) <= tied for r in records]
        self.assertIn(of.count(False), range(1, len(of) // 3))
        old = [r for r in records if
               r["properties"]["hs_timestamp"] < iso(started - DAY_MS)]
        self.assertIn(len(old), range(1, len(of) // 3))
        self.assertTrue(all(r["createdAt"] >= iso(started - 10) for r in old))

    def test_people_who_were_loaded(self):
        with World(no_limits=True, tests_sandbox=True) as world:
            answer = world.hubspot.call("/__sandbox/simulate",
                                        {"activities": 30})
            self.assertEqual(answer["activities"], 0)
            world.untied_contact(salesforcecontactid="003000000000123")
            answer = world.hubspot.call("/__sandbox/simulate", {})
            self.assertEqual(answer["activities"], 30)
            self.assertGreaterEqual(len(world.hubspot.dump("calls")), 2)
        with World(no_limits=True, sandbox=("--bare",),
                   tests_sandbox=True) as world:
            world.untied_contact()
            world.hubspot.call("/__sandbox/simulate", {"activities": 13})
            self.assertEqual(len(world.hubspot.dump("form_submissions")), 1)

    def test_refusals(self):
        for body in ('{"activities": -1}', '{"activities": "x"}',
                     '{"activities": 1e9}', "nonsense"):
            self.refused("simulate", body)
        status, answer = self.control("POST", "simulate", {}, port=1)
        self.assertEqual(status, 400)
        self.assertIn("HubSpot", answer["error"])


if __name__ == "__main__":
    unittest.main()
