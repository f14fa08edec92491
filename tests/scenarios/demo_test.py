"""The demo does what it says, both ways."""
import json
import os
import subprocess
import unittest

import harness
from harness import KINDS, ROOT


class Demo(unittest.TestCase):
    """./run.sh demo, whole."""

    def test_demo(self):
        done = subprocess.run(
            [ROOT + "/run.sh", "demo", "--json"], check=False, text=True,
            capture_output=True,
            env=dict(os.environ, CRMPIPE_BUILD=harness.build_dir()))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        told = json.loads(done.stdout)
        self.assertEqual(told["written"], told["tasks_in_salesforce"])
        self.assertEqual(sorted(told["by_kind"]), sorted(KINDS))
        both = told["both_ways"]
        self.assertEqual(sorted(r["kind"] for r in both["records"]),
                         ["call", "email", "meeting", "task"])
        self.assertEqual((both["conflicts"], both["findings"]), (1, 0))


if __name__ == "__main__":
    unittest.main()
