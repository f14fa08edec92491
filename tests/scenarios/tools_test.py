"""The tools of a person, stages on files and pipes, and bytes that nobody
should send."""
import json
import os
import subprocess
import sys
import unittest

import msgpack
import zmq

import harness
from failure_test import QUICK, kill
from harness import DAY_MS, ROOT, build_dir, now_ms, wait_for
from records import Scenario

PYTHON_FILTER = os.path.join(ROOT, "tests", "contract", "window_filter.py")


def event(seq=1, **more):
    """A call of a tied contact, as a fetcher sends it."""
    at = now_ms()
    return msgpack.packb({
        "v": 1, "id": f"hubspot:call:{seq}@{at}", "key": f"hubspot:call:{seq}",
        "source": "hubspot", "seq": seq, "op": "upsert", "modified_at": at,
        "contact": {"hubspot_id": "1", "salesforce_id": "003000000000001AAA",
                    "salesforce_type": "Contact", "synced_at": at - DAY_MS,
                    "matches": 1},
        "native": {"id": str(seq), "properties": {
            "hs_timestamp": harness.iso(at), "hs_call_title": "Hi"}}} | more)


def nested(levels):
    """A map so many levels deep."""
    value = {}
    for _ in range(levels - 1):
        value = {"m": value}
    return value


BAD = {"bytes": b"\xc1\xc1", "no map": b"\x05", "cut": event()[:-9],
       "a map 40 deep": event(x=nested(40)),
       "16 MiB": event(x=b"\0" * (16 << 20)),
       "a length that lies": b"\xdf\xff\xff\xff\xff"}


class RunSh(Scenario):
    """What run.sh says."""

    def run_sh(self, *words, code=0):
        """run.sh from another folder."""
        done = subprocess.run([ROOT + "/run.sh", *words], cwd="/", check=False,
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def test_help(self):
        said = self.run_sh().stdout
        for word in ("demo", "sync", "explain", "dead", "replay", "tap"):
            self.assertIn(f"\n  {word}", said)
        for words in (("help",), ("-h",), ("--help",)):
            self.assertEqual(self.run_sh(*words).stdout, said)

    def test_unknown_words(self):
        self.assertIn('"dance"', self.run_sh("dance", code=64).stderr)
        for words in (("sync", "--what"), ("status", "x"), ("tap",),
                      ("explain",), ("dead", "dance"), ("replay",),
                      ("show", "a", "b"), ("sync", "--conf")):
            said = self.run_sh(*words, code=64)
            self.assertIn("usage", (said.stderr + said.stdout).lower(), words)

    def test_a_config_that_is_not_there(self):
        for word in ("sync", "start", "check", "status", "dead"):
            done = self.run_sh(word, "--conf", "/none/x.conf", code=78)
            self.assertIn("/none/x.conf", done.stdout + done.stderr)

    def test_before_the_first_sync(self):
        world = self.world()
        self.assertEqual(world.run("dead").stdout.strip(), "no dead letters")
        self.assertIn("not running", world.run("status", code=3).stdout)
        world.run("explain", "1", code=1)
        world.run("check")
        self.assertFalse(os.path.exists(world.dir + "/var/state.db"))

    def test_check_finds_what_is_wrong(self):
        for name in ("HUBSPOT_TOKEN", "SALESFORCE_CLIENT_SECRET"):
            world = self.world()
            del world.env[name]
            said = json.loads(world.run("check", "--json", code=78).stdout)
            bad, = [c for c in said["checks"] if not c["ok"]]
            self.assertIn(name, bad["detail"])
            self.assertTrue(bad["fix"])


class Captured(Scenario):
    """What went over a wire, and what can be done with it."""

    def captured(self, stage="fetcher-hubspot", n=5):
        """A World after a sync that was captured; the file, the keys."""
        path = "var/capture/x.events"
        world = self.world(settings={f"stage.{stage}": {"capture": path}})
        contact = world.tied_contact()
        keys = world.load_calls(contact, n)
        world.sync()
        return world, os.path.join(world.dir, path), keys

    def other_conf(self, world):
        """The same with a state of its own."""
        os.mkdir(world.dir + "/other")
        world.write_conf(path=world.dir + "/other/pipeline.conf")
        return world.dir + "/other/pipeline.conf"

    def delete_tasks(self, world):
        """Somebody deletes all tasks."""
        world.salesforce.load(Task=[{"Id": t["Id"], "IsDeleted": True}
                                    for t in world.tasks().values()])
        self.assertEqual(world.tasks(), {})

    def test_show(self):
        world, path, keys = self.captured()
        lines = world.run("show", path).stdout.splitlines()
        self.assertEqual({json.loads(s)["key"] for s in lines}, set(keys))
        with open(path, "rb") as file:
            piped = subprocess.run([build_dir() + "/show", "-"], stdin=file,
                                   check=True, capture_output=True, text=True)
        self.assertEqual(piped.stdout.splitlines(), lines)

    def test_replay(self):
        for stage, entry in (("fetcher-hubspot", None),
                             ("conflict-resolver", "writer")):
            with self.subTest(stage):
                world, path, keys = self.captured(stage)
                before = world.tasks()
                again = json.loads(world.run("replay", path, "--json").stdout)
                self.assertEqual((again["written"], again["dead"]), (0, 0))
                self.assertEqual(world.tasks(), before)
                conf = self.other_conf(world)
                self.delete_tasks(world)
                flags = ["--at", entry] if entry else []
                dry = world.run("replay", path, "--dry-run", *flags,
                                conf=conf).stdout
                record = keys[0].split(":")[2]
                self.assertIn(f"call {record} -> Salesforce Task created", dry)
                self.assertEqual(world.tasks(), {})
                world.run("replay", path, *flags, conf=conf)
                self.assertEqual(world.tasks().keys(), set(keys))

    def test_replay_of_what_is_none(self):
        world, path, keys = self.captured()
        world.run("replay", world.dir + "/none", code=66)
        with open(path, "rb") as file:
            whole = file.read()
        with open(path, "wb") as file:
            file.write(whole[:-20])
        conf = self.other_conf(world)
        self.delete_tasks(world)
        done = world.run("replay", path, code=65, conf=conf)
        unpacker = msgpack.Unpacker()
        unpacker.feed(whole)
        for _ in keys[1:]:
            unpacker.skip()
        self.assertIn(f"{path}: at byte {unpacker.tell()}: value is truncated",
                      done.stderr)
        self.assertEqual(len(world.tasks()), len(set(keys)) - 1)

    def test_files_and_pipes_as_the_readme_says(self):
        world, path, keys = self.captured()
        done = subprocess.run(
            f"B='{build_dir()}'; set -o pipefail; "
            f"$B/normalizer --in file:{path} --out - | "
            "$B/window-filter --in - --out - | $B/show -",
            shell=True, executable="/bin/bash", cwd=ROOT, check=False,
            env=world.env, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        shown = [json.loads(s) for s in done.stdout.splitlines()]
        self.assertEqual({e["key"] for e in shown}, set(keys))
        self.assertEqual({e["kind"] for e in shown}, {"call"})
        self.assertEqual([t[0] for t in shown[0]["trace"]],
                         ["normalizer", "window-filter"])

    def test_bad_files(self):
        world = self.world()
        path = world.dir + "/bad.events"
        for name, data in BAD.items():
            for tail in (b"", event(2)):
                with open(path, "wb") as file:
                    file.write(event(1) + data + tail)
                for program in ("normalizer", "window-filter", "show"):
                    with self.subTest(name, program=program):
                        words = [path] if program == "show" else [
                            "--conf", world.conf, "--in", "file:" + path,
                            "--out", "null:"]
                        done = subprocess.run(
                            [f"{build_dir()}/{program}", *words], check=False,
                            capture_output=True, timeout=60)
                        self.assertGreaterEqual(done.returncode, 0)
                        self.assertNotIn(b"Sanitizer", done.stderr)
                        self.assertIn(done.returncode, (0, 65))
                        # any values are good for show; a cut one takes
                        # bytes of the next
                        if program != "show" or name not in ("no map", "cut"):
                            self.assertTrue(done.stderr)


class Live(Scenario):
    """Beside a running chain."""

    def test_tap(self):
        world = self.world(settings=QUICK)
        contact = world.tied_contact()
        world.start()
        tap = world.spawn("tap", "normalizer", "--count", "3")
        keys = []

        def feed():
            keys.extend(world.load_calls(contact, 1))
            return tap.poll() is not None
        wait_for(feed, "three events")
        out, err = tap.communicate()
        self.assertEqual(tap.returncode, 0, err)
        seen = [json.loads(s) for s in out.splitlines()]
        self.assertEqual(len([e for e in seen if e.get("key") in keys]), 3)
        self.assertEqual({e["kind"] for e in seen if "key" in e}, {"call"})
        world.run("tap", "nobody", code=64)
        world.arrived(keys)
        world.stop()

    def test_bad_messages_into_a_running_chain(self):
        world = self.world(settings=QUICK)
        contact = world.tied_contact()
        world.start()
        with zmq.Context() as context:
            for stage in ("normalizer", "window-filter", "conflict-resolver",
                          "writer", "fetcher-hubspot"):
                end = ".outcomes" if stage.startswith("fetcher") else ".in"
                for data in BAD.values():
                    with context.socket(zmq.PUSH) as push:
                        push.linger = 3000
                        push.connect(f"ipc://{world.dir}/var/run/{stage}{end}")
                        push.send(data)
        keys = world.load_calls(contact, 20)
        self.assertEqual(world.arrived(keys).keys(), set(keys))
        stages = world.status()["stages"]
        self.assertEqual({s["restarts"] for s in stages.values()}, {0})
        self.assertIn("level=error", world.logs())
        world.stop()

    def python_filter(self):
        """A World whose window-filter is the one in Python."""
        world = self.world()
        run = f"ipc://{world.dir}/var/run/"
        world.write_conf(settings=QUICK | {
            "state": {"url": "sqlite:var/state.db"},
            "stage.window-filter": {
                "command": f"{sys.executable} {PYTHON_FILTER}",
                "input": run + "window-filter.in",
                "output": run + "conflict-resolver.in",
                "outcomes": run + "fetcher-{source}.outcomes"}})
        return world

    def test_a_filter_in_python_in_a_sync(self):
        world = self.python_filter()
        contact = world.tied_contact()
        keys = world.load_calls(contact, 30)
        world.load_calls(world.untied_contact(), 10)
        world.load_engagements("note", [contact], at=now_ms() - DAY_MS)
        self.figures(world.sync(), fetched=41, written=30, dropped={
            "contact-not-synced": 10, "before-contact-sync": 1})
        self.assertEqual(world.tasks().keys(), set(keys))

    def test_a_filter_in_python_in_a_running_chain(self):
        world = self.python_filter()
        contact = world.tied_contact()
        world.start()
        keys = world.load_calls(contact, 30)
        world.arrived(keys)
        pid = world.pid("window-filter")
        keys += world.load_calls(contact, 200)
        kill(pid)
        world.pid("window-filter", but=pid)
        self.assertEqual(world.arrived(keys).keys(), set(keys))
        world.stop()


if __name__ == "__main__":
    unittest.main()
