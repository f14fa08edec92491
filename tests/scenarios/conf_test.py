"""Every kind of mistake in pipeline.conf: exit 78, FILE:LINE, and a way out."""
import os
import re
import shutil
import subprocess
import unittest

import harness

# name, the line that is wrong (behind `section`), what the error has to say
MISTAKES = (
    ("unknown section", "hubspot", "token = env:T", "hubspot"),
    ("unknown kind", "timeline.phonecall", "sync = on", r"timeline\."),
    ("section without a name", "stage.", "command = x", "stage"),
    ("unknown key", "hubspot", "api_bse = https://a.example", "api_base"),
    ("key of another section", "hubspot", "login_url = https://a.b", "key"),
    ("event_types of a kind without", "timeline.note", "event_types = x",
     "event_types"),
    ("neither key nor section", "log", "what is this", ""),
    ("bad bool", "timeline.note", "sync = perhaps", "on"),
    ("empty bool", "timeline.note", "sync =", "on"),
    ("bad duration", "delivery", "resend_after = soon", r"\d+s|10m|30d"),
    ("duration without unit", "delivery", "resend_after = 60", "60"),
    ("negative duration", "delivery", "resend_after = -5s", "-5s"),
    ("duration out of range", "timeline.note", "lookback = 9999d", "9999d"),
    ("duration that overflows", "timeline.note",
     "lookback = 99999999999999999999d", "9999"),
    ("bad size", "stage.writer", "capture_max = huge", "MB"),
    ("size out of range", "stage.writer", "capture_max = 1", ""),
    ("bad number", "delivery", "max_in_flight = many", "many"),
    ("number below its range", "delivery", "max_in_flight = 0", "0"),
    ("number above its range", "delivery", "max_tries = 5000", "5000"),
    ("number that goes on", "delivery", "max_tries = 5x", "5x"),
    ("bad choice", "contacts", "match = emial", "email"),
    ("bad auth", "salesforce", "auth = password", "client_credentials"),
    ("bad level", "log", "level = loud", "debug"),
    ("bad URL", "hubspot", "api_base = api.hubapi.com", "http"),
    ("http beyond loopback", "hubspot", "api_base = http://api.hubapi.com",
     "loopback"),
    ("http to a name that looks local", "salesforce",
     "login_url = http://localhost.evil.example", "loopback"),
    ("URL with a password", "hubspot", "api_base = https://me:pw@a.example", ""),
    ("bad HubSpot version", "hubspot", "api_version = yesterday", "v3|2026"),
    ("bad Salesforce version", "salesforce", "api_version = v67", r"\.0"),
    ("bad field name", "salesforce", "external_id_field = a b; drop", ""),
    ("bad time zone", "salesforce", "time_zone = Mars/Olympus", "Mars"),
    ("unknown store", "state", "url = oracle:x", "sqlite"),
    ("empty store path", "state", "url = sqlite:", "sqlite"),
    ("unknown wire", "stage.writer", "input = pigeon://coop", "ipc"),
    ("tcp beyond loopback", "stage.writer", "input = tcp://10.1.2.3:5555",
     "loopback"),
    ("secret in another form", "hubspot", "token = env:", "env"),
    ("unknown placeholder", "timeline.call", "subject = {titel}",
     r"subject: \{titel\}.*nearest known one is \{title\}"),
    ("unknown placeholder in a further line", "timeline.note",
     "description =\n  {body}\n  {bdoy}", r"description: \{bdoy\}.*\{body\}"),
    ("brace that is not closed", "timeline.call",
     "description = {title} {body", r"not closed.*\{\{"),
    ("brace that closes nothing", "timeline.call", "subject = title}",
     r"closes nothing.*\}\}"),
    ("empty subject", "timeline.meeting", "subject =", "needs a subject"),
    ("subject of two lines", "timeline.meeting", "subject = a\n  b",
     "one line"),
    ("set twice", "log", "level = info\nlevel = warn", "twice"),
)
# the same for what only shows when secrets are read
SECRET_MISTAKES = (
    ("variable that is not set", "token = env:NO_SUCH_VARIABLE_HERE",
     "NO_SUCH_VARIABLE_HERE"),
    ("empty variable", "token = env:EMPTY_VARIABLE", "EMPTY_VARIABLE"),
    ("file that is not there", "token = file:/nonexistent/token",
     "/nonexistent/token"),
    ("literal in a world-readable file", "token = pat-eu1-literal-secret",
     "env:|chmod|0600|world"),
)


class BadConfig(unittest.TestCase):
    """The config of a World with one mistake in it."""

    @classmethod
    def setUpClass(cls):
        cls.world = harness.World()
        cls.addClassCleanup(cls.world.close)
        cls.world.env["EMPTY_VARIABLE"] = ""

    def refused(self, section, lines, hint):
        """Write the config, run `check`; where and how it was refused."""
        world, last = self.world, lines.split("\n")[-1]
        key = lines.split(" ")[0]
        world.write_conf()
        text = world.text("pipeline.conf").split("\n")
        if f"[{section}]" in text:
            at = text.index(f"[{section}]") + 1
            end = next((n for n in range(at, len(text))
                        if text[n].startswith("[")), len(text))
            text[at:end] = [t for t in text[at:end]
                            if not t.startswith(f"{key} =")]
            text[at:at] = lines.split("\n")
        else:
            text += [f"[{section}]", *lines.split("\n")]
        with open(world.conf, "w", encoding="utf-8") as out:
            out.write("\n".join(text) + "\n")
        os.chmod(world.conf, 0o644)
        line = max(n for n, t in enumerate(text, 1) if t == last)
        done = world.run("check", code=78)
        said = done.stdout + done.stderr
        self.assertRegex(said, rf"pipeline\.conf:{line}\b")
        self.assertRegex(said, re.compile(hint, re.I))
        self.assertNotIn("literal-secret", said)
        self.assertNotIn(":pw@", said)

    def test_secrets_are_looked_at_before_anything_starts(self):
        for name, line, hint in SECRET_MISTAKES:
            with self.subTest(name):
                self.refused("hubspot", line, hint)

    def test_sync_and_start_refuse_too(self):
        self.world.write_conf("[log]\nlevel = loud\n")
        for command in ("sync", "start"):
            done = self.world.run(command, code=78)
            self.assertRegex(done.stderr, r"pipeline\.conf:\d+")

    def test_a_config_that_is_not_there(self):
        done = self.world.run("check", conf=self.world.dir + "/none.conf",
                              code=78)
        self.assertIn("none.conf", done.stdout + done.stderr)

    def test_a_good_config_is_good(self):
        self.world.write_conf()
        self.world.run("check")

    def test_the_shipped_config_is_good(self):
        path = os.path.join(self.world.dir, "shipped.conf")
        shutil.copy(os.path.join(harness.ROOT, "pipeline.conf"), path)
        done = subprocess.run(
            [os.path.join(harness.build_dir(), "window-filter"), "--conf",
             path, "--in", "-", "--out", "-"], stdin=subprocess.DEVNULL,
            check=False, capture_output=True)
        self.assertEqual(done.returncode, 0, done.stderr)


def mistake_test(section, lines, hint):
    """One test method of the table."""
    return lambda self: self.refused(section, lines, hint)


for _name, _section, _lines, _hint in MISTAKES:
    setattr(BadConfig, "test_" + re.sub(r"\W+", "_", _name),
            mistake_test(_section, _lines, _hint))

if __name__ == "__main__":
    unittest.main()
