"""What the conformance suites stand on: the vendors' clients, installed into
build/conformance, and a sandbox for each suite."""
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "scenarios"))
from harness import ROOT, World  # noqa: E402

CLIENTS = os.path.join(ROOT, "build", "conformance")
LOCK = "package-lock.json"
NODE_MIN = 18
NPM_S = 600     # how long an installation may take on a slow line
SUITE_S = 300

SAMPLE = ("--contacts", "40", "--activities", "200", "--seed", "11")
# name: its files, how its World is made
SUITES = {
    "hubspot": (
        ("hubspot_records", "hubspot_search", "hubspot_things",
         "hubspot_feeds"),
        {"sandbox": SAMPLE, "no_limits": True}),
    "hubspot_limits": (("hubspot_limits",), {"sandbox": SAMPLE}),
    "salesforce": (
        ("salesforce_session", "salesforce_records", "salesforce_query"),
        {"sandbox": SAMPLE}),
    "both_ways": (("both_ways",), {"no_limits": True, "settings": {
        "hubspot": {"delete_sweep": "0"}, "salesforce": {"time_zone": "UTC"},
        **{f"activity.{kind}": {
            "sync": "on", "deleted_in_hubspot": "delete",
            "deleted_in_salesforce": "delete"}
           for kind in ("task", "email", "call", "meeting")}}})}


class Unavailable(Exception):
    """Why the clients cannot be run here, and what would help."""


def node_there():
    """Are node and npm there, and new enough? Unavailable tells what is not."""
    for name in ("node", "npm"):
        if shutil.which(name) is None:
            raise Unavailable(f"{name} is not installed: the vendors' clients "
                              f"need Node.js {NODE_MIN} or newer, with npm")
    version = subprocess.run(["node", "--version"], capture_output=True,
                             text=True, check=False).stdout.strip()
    found = re.match(r"v(\d+)\.", version)
    if not found or int(found[1]) < NODE_MIN:
        raise Unavailable(f"node is {version or 'broken'}: the vendors' "
                          f"clients need {NODE_MIN} or newer")


def lock_digest(source):
    """What tells one list of packages from another."""
    with open(os.path.join(source, LOCK), "rb") as lock:
        return hashlib.sha256(lock.read()).hexdigest()


def install(source=HERE, target=CLIENTS, what="the vendors' clients"):
    """Have the packages of the folder `source` in `target`, exactly those of
    its lock file; nothing is done when they are there. Unavailable: why they
    cannot be had."""
    node_there()
    stamp = os.path.join(target, "installed")
    digest = lock_digest(source)
    try:
        with open(stamp, encoding="ascii") as file:
            if file.read() == digest:
                return
    except FileNotFoundError:
        pass
    os.makedirs(target, exist_ok=True)
    for name in ("package.json", LOCK):
        shutil.copy(os.path.join(source, name), target)
    # scripts of packages are not run: none of these needs one
    try:
        done = subprocess.run(
            ["npm", "ci", "--prefix", target, "--ignore-scripts", "--no-audit",
             "--no-fund", "--no-update-notifier", "--loglevel", "error",
             "--prefer-offline", "--fetch-retry-mintimeout", "1000",
             "--fetch-retry-maxtimeout", "5000"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, timeout=NPM_S, check=False)
        failure = done.returncode and f"npm ends with {done.returncode}\n" \
            + done.stdout.strip()
    except subprocess.TimeoutExpired:
        failure = f"no end after {NPM_S} s"
    if failure:
        raise Unavailable(f"npm cannot install {what} (is its registry "
                          "within reach?):\n" +
                          "\n".join(failure.splitlines()[:5]))
    with open(stamp, "w", encoding="ascii") as file:
        file.write(digest)


def run_suite(name):
    """Run a suite's files with node on a sandbox of its own; (exit code, what
    it printed)."""
    files, how = SUITES[name]
    with World(tests_sandbox=True, **how) as world:
        env = dict(world.env, CONFORMANCE_CLIENTS=CLIENTS,
                   CONFORMANCE_HUBSPOT=world.hubspot.base,
                   CONFORMANCE_SALESFORCE=world.salesforce.base,
                   CONFORMANCE_SYNC=json.dumps(world.command("sync",
                                                             "--json")))
        code, output = run_node(files, env)
        return code, output + (world.logs() if code else "")


def run_node(files, env):
    """runner.js with these files; (exit code, what it printed)."""
    try:
        done = subprocess.run(
            ["node", "runner.js", *(f + ".js" for f in files)], cwd=HERE,
            env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, timeout=SUITE_S, check=False)
        code, output, late = done.returncode, done.stdout, ""
    except subprocess.TimeoutExpired as out_of_time:
        code, output = 1, out_of_time.stdout or b""
        late = f"\nno end after {SUITE_S} s\n"
    return code, output.decode("utf-8", "replace") + late


if __name__ == "__main__":
    sys.exit("a module for tests/conformance/run and its test")
