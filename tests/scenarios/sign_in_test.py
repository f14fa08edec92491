"""Signing in on both sides: what can be configured, that a token is shared and
renewed once."""
import contextlib
import json
import os
import sqlite3
import stat
import time
import unittest

from harness import openssl, wait_for
from records import Scenario

LIFETIME_S = 3
OAUTH = {"client_id": "env:HUBSPOT_CLIENT_ID",
         "client_secret": "env:HUBSPOT_CLIENT_SECRET",
         "refresh_token": "env:HUBSPOT_REFRESH_TOKEN"}


def sign_ins(service):
    """How often somebody has asked for a token."""
    return sum(c["n"] for c in service.calls()["calls"]
               if c["path"].endswith("/token"))


class SignIn(Scenario):
    """Worlds that sign in in other ways than the rest."""

    def oauth_world(self, *flags, **settings):
        """HubSpot by an OAuth app."""
        world = self.world(
            sandbox=flags, settings={
                "hubspot": {"poll_interval": "200ms", **OAUTH},
                "salesforce": {"poll_interval": "200ms",
                               "time_zone": "Europe/Berlin"},
                "activity.call": {"sync": "on"}, **settings})
        world.env |= {"HUBSPOT_CLIENT_ID": "sandbox-client",
                      "HUBSPOT_CLIENT_SECRET": "sandbox-secret",
                      "HUBSPOT_REFRESH_TOKEN": "sandbox-refresh"}
        del world.env["HUBSPOT_TOKEN"]
        return world

    def brings_over(self, world):
        """One call each way."""
        contact = world.tied_contact()
        world.load_calls(contact, 1, hs_call_title="there")
        world.salesforce.load(Task=[{
            "TaskSubtype": "Call", "Subject": "here", "Status": "Completed",
            "WhoId": world.people[contact].salesforce_id}])
        summary = world.sync()
        self.assertEqual(summary["dead"], 0, summary["log"])
        self.assertEqual(
            sorted(c["properties"]["hs_call_title"]
                   for c in world.hubspot.dump("calls")), ["here", "there"])
        self.assertEqual(sorted(t["Subject"] for t in
                                world.salesforce.dump("Task")),
                         ["here", "there"])

    # -- the ways -----------------------------------------------------------

    def test_an_app_of_hubspot(self):
        world = self.oauth_world()
        self.brings_over(world)
        self.assertEqual(sign_ins(world.hubspot), 1)
        self.assertEqual(sign_ins(world.salesforce), 1)
        self.brings_nothing_more(world)
        self.assertIn("hubspot refresh_token", world.run("check").stdout)
        world.env["HUBSPOT_REFRESH_TOKEN"] = "revoked"
        said = world.run("sync", code=78).stderr
        self.assertIn("HubSpot refuses the sign-in (400): refresh token is "
                      "invalid, expired or revoked; see [hubspot] client_id",
                      said)

    def brings_nothing_more(self, world):
        """The tokens stand in the state: nobody signs in, nobody else reads."""
        before = sign_ins(world.hubspot), sign_ins(world.salesforce)
        self.assertEqual(world.sync()["written"], 0)
        self.assertEqual((sign_ins(world.hubspot),
                          sign_ins(world.salesforce)), before)
        path = os.path.join(world.dir, "var/state.db")
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        with contextlib.closing(sqlite3.connect(path)) as db:
            self.assertEqual(db.execute("SELECT count(*) FROM token WHERE"
                                        " access <> ''").fetchone(), (2,))
        self.assertNotIn("sandbox-oauth-", world.logs())

    def jwt_world(self, **settings):
        """Salesforce by a signed assertion, with a key of its own."""
        settings = {"salesforce": {
            "auth": "jwt", "username": "sandbox@example.com",
            "private_key": "file:key.pem", "time_zone": "Europe/Berlin",
            **settings}, "activity.call": {"sync": "on"}}
        world = self.world(settings=settings)
        key = os.path.join(world.dir, "key.pem")
        openssl("genrsa", "-out", key, 2048)
        openssl("rsa", "-in", key, "-pubout", "-out", key + ".pub")
        world.stop_sandbox()
        world.start_sandbox(["--no-limits", "--jwt-key", key + ".pub"])
        world.write_conf(settings=settings)
        return world

    def test_an_assertion(self):
        world = self.jwt_world()
        self.brings_over(world)
        self.assertEqual(sign_ins(world.salesforce), 1)

    def test_check_wants_what_the_way_needs(self):
        world = self.jwt_world()
        for name in ("SALESFORCE_CLIENT_SECRET", "HUBSPOT_CLIENT_SECRET"):
            world.env.pop(name, None)
        said = json.loads(world.run("check", "--json").stdout)
        names = [line["name"] for line in said["checks"]]
        self.assertIn("salesforce private_key", names)
        self.assertNotIn("salesforce client_secret", names)
        world = self.jwt_world(username="")
        said = json.loads(world.run("check", "--json", code=78).stdout)
        self.assertEqual([line["name"] for line in said["checks"]
                          if line["state"] == "wrong"], ["salesforce username"])

    def test_an_assertion_that_is_refused(self):
        world = self.jwt_world(username="somebody@example.com")
        self.assertIn("sign-in refused (status 400): user hasn't approved this "
                      "consumer", world.run("sync", code=78).stderr)
        os.unlink(os.path.join(world.dir, "key.pem"))
        said = world.run("sync", code=78).stderr
        self.assertIn("[salesforce] private_key", said)
        self.assertIn("key.pem cannot be read", said)
        with open(os.path.join(world.dir, "key.pem"), "w") as file:
            file.write("hello\n")
        self.assertIn("[salesforce] private_key: is no private key",
                      world.run("sync", code=78).stderr)

    def test_a_refresh_token_that_is_good_for_one_token(self):
        """Whoever gets the next one keeps it for all the others, even where
        nothing else is kept."""
        world = self.world(sandbox=["--rotate"], settings={
            "salesforce": {"auth": "refresh_token",
                           "refresh_token": "env:SALESFORCE_REFRESH_TOKEN"},
            "activity.call": {"sync": "on"}})
        world.env["SALESFORCE_REFRESH_TOKEN"] = "sandbox-refresh"
        ways = [("check",), ("setup", "--dry-run"), ("sync", "--dry-run"),
                ("sync", "--json"), ("import", "--dry-run"),
                ("report", "--create", "--yes"), ("verify",)]
        for n, words in enumerate(ways, 1):
            with self.subTest(words):
                done = world.run(*words, code=None)
                self.assertNotIn("sign-in refused", done.stdout + done.stderr)
                self.assertEqual(sign_ins(world.salesforce), n)
                world.salesforce.call("/services/oauth2/revoke", {})
        self.brings_over(world)

    def test_calls_of_a_dry_run_count(self):
        world = self.world(settings={"activity.call": {"sync": "on"}})
        world.load_calls(world.tied_contact(), 1)
        world.sync()
        before = self.counted(world)
        world.run("sync", "--dry-run")
        after = self.counted(world)
        for name in ("hubspot", "salesforce"):
            self.assertGreater(after[name], before[name])
            self.assertEqual(after[name],
                             getattr(world, name).calls()["total"])

    def counted(self, world):
        done = world.run("status", "--json", code=3)
        return json.loads(done.stdout)["api_calls"]

    def test_a_refusal_that_no_sign_in_mends(self):
        """Of a session that expires for other reasons: once a call."""
        for words, code in (
                ("This session is not valid for use with the REST API", 78),
                ("Connected app is not attached to Agent", 78),
                ("Session expired or invalid", 75)):
            with self.subTest(words):
                world = self.world(settings={"activity.call": {"sync": "on"}})
                world.sync()
                before = sign_ins(world.salesforce)
                world.salesforce.fault(
                    {"path": "*/query*", "times": 100000, "action": "status",
                     "code": 401, "body": [{"errorCode": "INVALID_SESSION_ID",
                                            "message": words}]})
                said = world.run("sync", code=code).stderr
                self.assertIn(words, said)
                refused = sum(c["n"] for c in world.salesforce.calls()["calls"]
                              if c["status"] == 401)
                self.assertLessEqual(sign_ins(world.salesforce) - before,
                                     refused if code == 75 else 0)
                world.salesforce.fault()
                self.assertEqual(world.sync()["dead"], 0)

    # -- a token's end ------------------------------------------------------

    def test_tokens_that_live_for_seconds(self):
        """Nothing is lost or doubled, and none is renewed that is good."""
        world = self.oauth_world("--token-lifetime", str(LIFETIME_S))
        contact, began = world.tied_contact(), time.monotonic()
        world.start()
        keys = []
        for i in range(6):
            keys += world.load_calls(contact, 20)
            world.salesforce.load(Task=[{
                "TaskSubtype": "Call", "Subject": f"here {i}-{k}",
                "Status": "Completed",
                "WhoId": world.people[contact].salesforce_id}
                for k in range(20)])
            wait_for(lambda n=40 * (i + 1): min(
                len(world.hubspot.dump("calls")),
                len(world.salesforce.dump("Task"))) >= n, "this round")
            wait_for(lambda n=i: sign_ins(world.salesforce) > n,
                     "another token")
        world.stop()
        lives = (time.monotonic() - began) / (0.9 * LIFETIME_S)
        self.assertEqual(len(world.hubspot.dump("calls")), 240)
        self.assertEqual(len(world.salesforce.dump("Task")), 240)
        self.assertEqual(world.sync()["dead"], 0)
        for service in (world.hubspot, world.salesforce):
            self.assertLessEqual(sign_ins(service), lives + 1)


if __name__ == "__main__":
    unittest.main()
