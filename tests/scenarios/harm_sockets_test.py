"""Harm to the sockets and the processes: bytes of a stranger, a stage of another
version, a stage that swallows events, a writer that stands still, all killed at
once. What a person sees of it, and that nothing is lost or doubled."""
import contextlib
import os
import re
import signal
import socket
import time
import unittest

import msgpack
import zmq

from harness import ROOT, STAGES, wait_for
from records import Scenario

QUICK = {"hubspot": {"poll_interval": "200ms"},
         "salesforce": {"poll_interval": "200ms"}}
BEHIND = ("normalizer", "window-filter", "conflict-resolver", "writer")
STOP_S = float(os.environ.get("CRMPIPE_STOP_S", "15"))
SWALLOWING = os.path.join(ROOT, "tests/scenarios/swallowing_stage.py")
TOLD_MAX = 200  # lines of a stage in a minute
MIB = 1 << 20
GOOD = {"v": 1, "id": "hubspot:call:1@1", "key": "hubspot:call:1",
        "source": "nobody", "seq": 0, "op": "upsert"}
GARBAGE = {
    "no MessagePack": b"\xc1\xc1", "half a map": b"\x85\xa1v\x01",
    "a number": b"\x05", "no event": msgpack.packb({"hello": "there"}),
    "an older version": msgpack.packb(GOOD | {"v": 0}),
    "a newer version": msgpack.packb(GOOD | {"v": 99}),
    "no version": msgpack.packb({k: GOOD[k] for k in GOOD if k != "v"}),
    "no key": msgpack.packb({k: GOOD[k] for k in GOOD if k != "key"}),
    "too large": b"\xc6" + (9 * MIB).to_bytes(4, "big") + b"x" * (9 * MIB)}


class Sockets(Scenario):
    """A chain that others talk to."""

    def chain(self, settings=None, env=None):
        """A World whose chain runs, and a tied contact."""
        world = self.world(settings=QUICK | (settings or {}))
        world.env.update(env or {})
        # what a sanitizer keeps back is not the stage's
        world.env["ASAN_OPTIONS"] += ":quarantine_size_mb=1"
        contact = world.tied_contact()
        world.start()
        world.arrived(world.load_calls(contact, 1))
        return world, contact

    def nothing_is_lost_or_doubled(self, world, keys):
        """Once the harm has ended."""
        world.arrived(keys)
        world.stop()
        self.figures(world.sync())
        self.assertEqual(len(world.tasks()), len(keys) + 1)

    def log_has(self, world, *patterns):
        """Wait until it has these."""
        for pattern in patterns:
            wait_for(lambda p=pattern: re.search(p, world.logs()),
                     f"{pattern}\n{world.logs()[-6000:]}")

    @contextlib.contextmanager
    def stranger(self, world, stage, messages):
        """One that speaks ZeroMQ, and stays: of what a full socket has not
        read, the end is lost with its connection."""
        with zmq.Context() as context, context.socket(zmq.PUSH) as push:
            push.linger = 10_000
            push.connect(f"ipc://{world.dir}/var/run/{stage}.in")
            for message in messages:
                push.send(message)
            yield

    def send(self, world, stage, messages):
        """One that goes again."""
        with self.stranger(world, stage, messages):
            pass

    def test_bytes_of_a_stranger(self):
        world, contact = self.chain()
        pids = [world.pid(stage) for stage in STAGES]
        for stage in BEHIND:
            self.send(world, stage, GARBAGE.values())
            for raw in (b"GET / HTTP/1.1\r\n\r\n", bytes(range(256)), b""):
                with socket.socket(socket.AF_UNIX) as wire:
                    wire.connect(f"{world.dir}/var/run/{stage}.in")
                    with contextlib.suppress(OSError):
                        wire.sendall(raw)
        self.send(world, "writer", [msgpack.packb(GOOD | {"x": b"x" * 40 * MIB})])
        n = len(GARBAGE)
        for stage in BEHIND:
            wait_for(lambda s=stage: world.status()["stages"][s].get("bad", 0)
                     >= n, f"all to be refused by {stage}\n{world.logs()}")
        self.log_has(world, "input refused.*value is", "too large",
                     "event version 99 is not one that this stage knows",
                     "event version 0 .*run stages of one release",
                     "event without a usable id, key or source")
        shown = world.run("status").stdout
        for stage in BEHIND:
            self.assertRegex(shown, rf"{stage} .* \d+ refused that were no "
                                    "events: see the log")
        keys = world.load_calls(contact, 20)
        world.arrived(keys)
        self.assertEqual([world.pid(stage) for stage in STAGES], pids)
        self.nothing_is_lost_or_doubled(world, keys)

    def test_a_flood_of_a_stranger(self):
        world, contact = self.chain()
        with self.stranger(world, "normalizer", [b"\xc1"] * 5000):
            wait_for(lambda: world.status()["stages"]["normalizer"].get("bad")
                     == 5000, "all to be refused")
        lines = world.logs().splitlines()
        self.assertLessEqual(sum("input refused" in s for s in lines), TOLD_MAX)
        self.log_has(world, "only counted.*find out who sends it")
        self.nothing_is_lost_or_doubled(world, world.load_calls(contact, 5))

    def swallowing(self, flags="", **env):
        """A chain with such a window-filter."""
        return self.chain({
            "delivery": {"resend_after": "500ms"},
            "stage.window-filter": {
                "command": f"/usr/bin/python3 {SWALLOWING} {flags}"}}, env)

    def stuck(self, world):
        """What the status says of it."""
        return wait_for(lambda: world.status()["stuck"], "a stuck event")

    def test_a_stage_swallows_an_event(self):
        world, contact = self.swallowing(SWALLOW=":call:666@")
        key = "hubspot:call:666"
        world.hubspot.load(calls=[{"id": "666", "properties": {
            "hs_timestamp": str(int(time.time() * 1000)), "hs_call_title": "x"},
            "associations": {"contacts": [contact]}}])
        keys = world.load_calls(contact, 5)
        world.arrived(keys)
        stuck, = self.stuck(world)
        self.assertTrue(stuck["id"].startswith(key + "@"))
        self.assertEqual((stuck["stage"], stuck["why"]),
                         ("window-filter", "swallowed"))
        self.assertGreaterEqual(stuck["sent"], 3)
        self.assertFalse(world.status()["ok"])
        self.assertRegex(world.run("status").stdout, (
            r"STUCK        hubspot:call:666@\d+ has no outcome since 20.*\n.*"
            "in window-filter, which neither passed on nor ended"))
        self.log_has(world, "no outcome though it was sent again.*"
                            "run.sh status.*id=hubspot:call:666@.*since=")
        world.write_conf(settings=QUICK | {"delivery": {
            "resend_after": "500ms"}})
        world.run("stop")
        world.start()
        self.nothing_is_lost_or_doubled(world, keys + [key])

    def test_an_older_stage_tells_no_figures(self):
        world, contact = self.swallowing("--stats no", SWALLOW=":call:667@")
        world.hubspot.load(calls=[{"id": "667", "properties": {
            "hs_timestamp": str(int(time.time() * 1000)), "hs_call_title": "x"},
            "associations": {"contacts": [contact]}}])
        stuck, = self.stuck(world)
        self.assertEqual((stuck["stage"], stuck["why"]),
                         ("window-filter", "tells-no-figures"))
        self.assertRegex(world.run("status").stdout, "in window-filter, which "
                         "does not tell what it passes on")
        world.run("stop")

    def test_the_writer_has_it_in_hand(self):
        """No stage is at fault when a service is away."""
        world, contact = self.chain({"delivery": {"resend_after": "500ms"}})
        world.salesforce.fault({"method": "PATCH", "action": "status",
                                "code": 503})
        keys = world.load_calls(contact, 20)
        stuck, = self.stuck(world)
        self.assertEqual((stuck["stage"], stuck["why"]), ("writer", "in-hand"))
        self.assertRegex(world.run("status").stdout, "in writer, which has it "
                         "in hand: it waits for its service")
        world.salesforce.fault()
        self.nothing_is_lost_or_doubled(world, keys)

    def test_a_stage_of_another_version(self):
        """Its events are kept as dead letters, and can be tried again."""
        world = self.world(settings=QUICK | {"stage.window-filter": {
            "command": f"/usr/bin/python3 {SWALLOWING} --version 2"}})
        contact = world.tied_contact()
        world.start()
        keys = world.load_calls(contact, 3)
        wait_for(lambda: world.status()["dead"] == 3, "three dead letters")
        self.log_has(world, "given up.*event version 2 is not one that this "
                            "stage knows.*run stages of one release")
        self.assertRegex(world.run("status").stdout, "dead letters 3")
        self.assertIn("bad-event", world.run("dead").stdout)
        world.run("stop")
        world.write_conf(settings=QUICK)
        world.start()
        world.run("dead", "retry", "--all")
        world.arrived(keys)
        world.stop()
        self.figures(world.sync())
        self.assertEqual(len(world.tasks()), 3)


class Processes(Sockets):
    """Those of the chain. The tests above are not inherited."""

    def rss_kib(self, world):
        """{stage: its resident memory}"""
        found = {}
        for stage in STAGES:
            with open(f"/proc/{self.pids[stage]}/status",
                      encoding="utf-8") as file:
                found[stage] = int(re.search(r"VmRSS:\s+(\d+)",
                                             file.read())[1])
        return found

    def test_the_writer_stands_still_under_load(self):
        world, contact = self.chain({"delivery": {"resend_after": "3s",
                                                  "max_in_flight": "512"}})
        keys = world.load_calls(contact, 1000)
        world.arrived(keys)  # at their working size
        self.pids = {stage: world.pid(stage) for stage in STAGES}
        before = self.rss_kib(world)
        os.kill(self.pids["writer"], signal.SIGSTOP)
        try:
            until = time.monotonic() + STOP_S
            keys += world.load_calls(contact, 2000)
            stuck, = self.stuck(world)
            self.assertEqual((stuck["stage"], stuck["why"]),
                             ("writer", "does-not-answer"))
            self.assertRegex(world.run("status").stdout, (
                r"writer .* does not answer(.*\n)*STUCK .*\n.*in writer, which "
                "does not answer"))
            time.sleep(max(0, until - time.monotonic()))  # so long it lasts
            during = self.rss_kib(world)
        finally:
            os.kill(self.pids["writer"], signal.SIGCONT)
        self.report(before, during)
        for stage, kib in during.items():
            self.assertLess(kib, before[stage] + 16 * 1024, stage)
        world.arrived(keys)
        wait_for(lambda: not world.status()["stuck"], "nothing to be stuck")
        self.log_has(world, "events have outcomes again")
        self.assertEqual({s: world.pid(s) for s in STAGES}, self.pids)
        self.nothing_is_lost_or_doubled(world, keys)

    @staticmethod
    def report(before, during):
        """For who runs it for long."""
        for stage, kib in during.items():
            print(f"# {stage}: {before[stage]} KiB before, {kib} KiB after "
                  f"{STOP_S:.0f} s")

    def test_all_are_killed_at_once(self):
        world, contact = self.chain()
        world.salesforce.fault({"method": "PATCH", "action": "delay",
                                "ms": 300})
        keys = world.load_calls(contact, 600)
        wait_for(lambda: len(world.tasks()) > 1, "the first tasks")
        pids = world.processes()
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        wait_for(lambda: not world.processes(), "the end of all")
        self.assertRegex(world.run("status", code=3).stdout, "not running")
        self.assertLess(len(world.tasks()), 601)
        world.salesforce.fault()
        world.start()
        self.nothing_is_lost_or_doubled(world, keys)


for _name in [n for n in vars(Sockets) if n.startswith("test_")]:
    setattr(Processes, _name, None)


if __name__ == "__main__":
    unittest.main()
