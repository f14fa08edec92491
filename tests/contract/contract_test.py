"""The stage contract against our own middle stages and against a stage in
Python that shares no code with them."""
import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "scenarios"))
from contract import StageContract  # noqa: E402
from harness import build_dir  # noqa: E402


class Normalizer(StageContract):
    command = [os.path.join(build_dir(), "normalizer")]


class WindowFilter(StageContract):
    command = [os.path.join(build_dir(), "window-filter")]


class ConflictResolver(StageContract):
    command = [os.path.join(build_dir(), "conflict-resolver")]


class PythonWindowFilter(StageContract):
    command = [sys.executable, os.path.join(HERE, "window_filter.py")]
    without = ("capture", "tap")


def load_tests(loader, _tests, _pattern):
    """All but the contract itself, which has no command."""
    classes = (Normalizer, WindowFilter, ConflictResolver, PythonWindowFilter)
    return unittest.TestSuite(map(loader.loadTestsFromTestCase, classes))
