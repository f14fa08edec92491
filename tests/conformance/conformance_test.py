"""The vendors' own clients cannot tell the sandbox from the services, and what
they make is synced. Skipped where node or npm is not there."""
import os
import shutil
import sys
import tempfile
import unittest
from unittest import mock

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import openapi_suite  # noqa: E402
from conformance import (HERE, LOCK, SUITES, Unavailable,  # noqa: E402
                         install, node_there, run_suite)


class Clients(unittest.TestCase):
    """Each suite is a test."""

    @classmethod
    def setUpClass(cls):
        try:
            install()
        except Unavailable as why:
            raise unittest.SkipTest(str(why)) from None

    def run_all(self, name):
        """All tests of a suite pass."""
        code, output = run_suite(name)
        self.assertEqual(code, 0, output)
        self.assertRegex(output, r"(?m)^[1-9]\d* passed, 0 failed$")
        self.assertRegex(output, r"(?m)^# [1-9]\d* calls of the clients$")

    def test_hubspot(self):
        self.run_all("hubspot")

    def test_hubspot_limits(self):
        self.run_all("hubspot_limits")

    def test_salesforce(self):
        self.run_all("salesforce")

    def test_both_ways(self):
        self.run_all("both_ways")


class OpenApi(unittest.TestCase):
    """HubSpot's documents know each call and each answer. Skipped where they
    are not."""

    def test_openapi(self):
        try:
            openapi_suite.prepare()
        except Unavailable as why:
            self.skipTest(str(why))
        code, output = openapi_suite.run()
        self.assertEqual(code, 0, output)
        for version in openapi_suite.VERSIONS:
            self.assertRegex(output, rf"(?m)^# {version}: \d\d+ exchanges "
                             r"checked, [1-9]\d* past")


class Files(unittest.TestCase):
    """What needs no client."""

    def test_every_script_is_run(self):
        names = {f + ".js" for files, _ in SUITES.values() for f in files}
        rest = {"runner.js", "tests.js", "clients.js"}
        self.assertEqual(names | rest, {
            f for f in os.listdir(HERE) if f.endswith(".js")})

    def test_the_lock_names_the_public_registry_alone(self):
        for folder in HERE, openapi_suite.SOURCE:
            with open(os.path.join(folder, LOCK), encoding="ascii") as lock:
                for line in lock:
                    if '"resolved"' in line:
                        self.assertIn('"https://registry.npmjs.org/', line)

    def test_no_node(self):
        with tempfile.TemporaryDirectory() as empty, \
                mock.patch.dict(os.environ, {"PATH": empty}):
            self.assertIsNone(shutil.which("node"))
            with self.assertRaisesRegex(Unavailable, "node is not installed"):
                node_there()


if __name__ == "__main__":
    unittest.main()
