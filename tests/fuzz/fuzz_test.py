"""Every fuzz target for a short while: FUZZ_SECONDS each, 10 by default."""
import glob
import os
import subprocess
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BUILT = os.path.join(ROOT, "build", "fuzz", "tests", "fuzz")
SECONDS = os.environ.get("FUZZ_SECONDS", "10")


class Fuzz(unittest.TestCase):
    """One test a target's source."""

    def fuzz(self, name):
        """Run it; skipped when it is not built."""
        target = os.path.join(BUILT, name)
        if not os.access(target, os.X_OK):
            self.skipTest(f"{name} is not built: make fuzz builds it (it wants "
                          "clang and libclang-rt-14-dev)")
        done = subprocess.run(
            [os.path.join(HERE, "run"), SECONDS, target], text=True,
            stdin=subprocess.DEVNULL, capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertRegex(done.stdout, rf"{name}: [1-9]\d* runs, nothing found")


for _source in sorted(glob.glob(os.path.join(HERE, "*_fuzz.c"))):
    _name = os.path.basename(_source).removesuffix(".c")
    setattr(Fuzz, "test_" + _name, lambda self, name=_name: self.fuzz(name))

if __name__ == "__main__":
    unittest.main()
