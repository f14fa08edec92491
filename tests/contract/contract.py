#!/usr/bin/python3
"""The stage contract (design 4) against any middle stage, from outside.

    tests/contract/contract.py [--without capture,tap,stats] -- COMMAND...

COMMAND is started as `COMMAND --conf FILE --name NAME [--in URI] [--out URI]`.
The events are calls of a tied contact, which every stage lets pass, and some of
contacts that are tied to nobody.
"""
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import msgpack
import zmq

WAIT_S = 30  # how long an awaited condition may take on a busy machine
NOW_MS = 1_780_000_000_000
FIELDS = ("v", "id", "key", "source", "seq", "contact", "modified_at")


def event(seq, tied=True, **more):
    """One call as a fetcher sends it, with what later stages add."""
    contact = {"hubspot_id": "101", "email": "ada@example.com"}
    if tied:
        contact |= {"salesforce_id": "003000000000001AAA",
                    "salesforce_type": "Contact",
                    "synced_at": NOW_MS - 1000, "matches": 1}
    properties = {
        "hs_timestamp": "2026-05-28T20:26:40.000Z", "hs_call_title": "Hi",
        "hs_call_body": "<p>Grüße &amp; <b>mehr</b></p>",
        "hs_call_direction": "OUTBOUND", "hs_call_status": "COMPLETED",
        "hs_lastmodifieddate": "2026-05-28T20:26:41.000Z"}
    return {"v": 1, "id": f"hubspot:call:{seq}@{NOW_MS + 1000}",
            "key": f"hubspot:call:{seq}", "source": "hubspot", "seq": seq,
            "op": "upsert", "kind": "call", "occurred_at": NOW_MS,
            "modified_at": NOW_MS + 1000, "contact": contact,
            "native": {"id": str(seq), "properties": properties},
            "props": {"title": "Hi", "subject": "Call: Hi",
                      "description": "Grüße", "status": "COMPLETED"}} | more


def pack(*events):
    """Some events as one message."""
    return b"".join(msgpack.packb(e) for e in events)


def unpack(data):
    """All values in some bytes."""
    unpacker = msgpack.Unpacker(unicode_errors="surrogateescape",
                                strict_map_key=False)
    unpacker.feed(data)
    return list(unpacker)


def nested(levels):
    """A map so many levels deep."""
    value = {}
    for _ in range(levels - 1):
        value = {"m": value}
    return value


class StageContract(unittest.TestCase):
    """Subclasses set `command`; `without` names the parts it does not have."""

    command = None
    without = ()

    def setUp(self):
        self.dir = tempfile.mkdtemp(prefix="crmpipe-contract-")
        self.addCleanup(shutil.rmtree, self.dir, ignore_errors=True)
        self.run_dir = os.path.join(self.dir, "var", "run")
        os.makedirs(self.run_dir, 0o700)
        self.zmq = zmq.Context()
        self.addCleanup(self.zmq.destroy, linger=0)
        self.name = os.path.basename(self.command[-1]).replace(".py", "")
        self.name = self.name.replace("_", "-")
        self.conf = os.path.join(self.dir, "pipeline.conf")
        self.write_conf()
        self.messages = []  # what the stage sent, as it came
        self.push = self.pull = self.back = self.stage = None

    # -- the test bench ---------------------------------------------------

    def uri(self, name):
        """A wire in the test's folder."""
        return f"ipc://{self.run_dir}/{name}"

    def write_conf(self, more="", **wiring):
        """The config with the stage's wiring."""
        wiring = {"input": self.uri("t.in"), "output": self.uri("t.out"),
                  "outcomes": self.uri("fetcher-{source}.outcomes")} | wiring
        lines = [f"{key} = {value}" for key, value in wiring.items()]
        with open(self.conf, "w", encoding="utf-8") as out:
            out.write("[state]\nurl = sqlite:var/state.db\n"
                      f"[stage.{self.name}]\ncommand = {self.command[0]}\n"
                      + "\n".join(lines) + "\n" + more)

    def start(self, *flags, **how):
        """Start the stage. Its log goes to a file, which a crash shows up in."""
        log = open(os.path.join(self.dir, "log"), "ab")
        self.addCleanup(log.close)
        command = list(self.command) + ["--conf", self.conf,
                                        "--name", self.name, *flags]
        how = {"stdin": subprocess.DEVNULL, "stdout": log} | how
        stage = subprocess.Popen(command, stderr=log, **how)
        self.addCleanup(self.end, stage)
        return stage

    def end(self, stage):
        """Leave nothing behind; a stage that died by itself shows its log."""
        if stage.poll() is None:
            stage.kill()
        stage.wait()
        for pipe in (stage.stdin, stage.stdout):
            if pipe:
                pipe.close()

    def log(self):
        """What the stage wrote on standard error."""
        with open(os.path.join(self.dir, "log"), encoding="utf-8",
                  errors="replace") as file:
            return file.read()

    def exit_code(self, stage):
        """Wait for the end. A crash or a sanitizer's report is a failure."""
        try:
            code = stage.wait(WAIT_S)
        except subprocess.TimeoutExpired:
            self.fail(f"did not end\n{self.log()}")
        self.assertNotIn("Sanitizer", self.log())
        self.assertGreaterEqual(code, 0, f"killed by a signal\n{self.log()}")
        return code

    def wire(self, start=True, **flags):
        """Start the stage with all its sockets around it."""
        self.pull = self.zmq.socket(zmq.PULL)
        self.pull.bind(self.uri("t.out"))
        self.back = self.zmq.socket(zmq.PULL)
        self.back.bind(self.uri("fetcher-hubspot.outcomes"))
        self.push = self.zmq.socket(zmq.PUSH)
        self.push.connect(self.uri("t.in"))
        if start:
            self.stage = self.start(**flags)

    def receive(self, n, outcomes=0):
        """Wait for n events and so many outcomes; then both as lists."""
        passed, ended, until = [], [], time.monotonic() + WAIT_S
        poller = zmq.Poller()
        poller.register(self.pull, zmq.POLLIN)
        poller.register(self.back, zmq.POLLIN)
        while len(passed) < n or len(ended) < outcomes:
            if time.monotonic() > until:
                self.fail(f"{len(passed)} of {n} events, {len(ended)} of "
                          f"{outcomes} outcomes came\n{self.log()}")
            ready = dict(poller.poll(200))
            if self.pull in ready:
                self.messages.append(self.pull.recv())
                passed += unpack(self.messages[-1])
            if self.back in ready:
                ended += [o for o in unpack(self.back.recv())
                          if o["outcome"] != "started"]
        return passed, ended

    def receive_any(self, n):
        """Wait for n ends of events, whatever they are; then both as lists."""
        passed, ended, until = [], [], time.monotonic() + WAIT_S
        while len(passed) + len(ended) < n:
            if time.monotonic() > until:
                self.fail(f"{len(passed)} events and {len(ended)} outcomes of "
                          f"{n} came\n{self.log()}")
            if self.pull.poll(50):
                passed += unpack(self.pull.recv())
            if self.back.poll(0):
                ended += [o for o in unpack(self.back.recv())
                          if o["outcome"] != "started"]
        return passed, ended

    def ask(self, request):
        """One request over the control socket."""
        ctl = self.zmq.socket(zmq.REQ)
        ctl.setsockopt(zmq.RCVTIMEO, WAIT_S * 1000)
        ctl.connect(self.uri(self.name + ".ctl"))
        ctl.send(msgpack.packb(request))
        answer = msgpack.unpackb(ctl.recv())
        ctl.close(0)
        return answer

    def assert_alive(self, seq=9000):
        """After whatever was sent, an event still flows. ZeroMQ may lose what
        is under way when a peer breaks the line: it is sent again."""
        until = time.monotonic() + WAIT_S
        while time.monotonic() < until:
            self.assertIsNone(self.stage.poll(), f"it ended\n{self.log()}")
            self.push.send(pack(event(seq)))
            while self.pull.poll(2000):
                if seq in [e["seq"] for e in unpack(self.pull.recv())]:
                    return
        self.fail(f"no event flows any more\n{self.log()}")

    def need(self, part):
        """Skip what this stage does not claim to have."""
        if part in self.without:
            self.skipTest(f"the stage has no {part}")

    def stop(self):
        """SIGTERM; the exit code is 0."""
        self.stage.send_signal(signal.SIGTERM)
        self.assertEqual(self.exit_code(self.stage), 0, self.log())

    # -- events -----------------------------------------------------------

    def test_each_event_is_passed_or_ended_once(self):
        self.wire()
        untied = set(range(3, 300, 3))
        for seq in range(1, 300):
            self.push.send(pack(event(seq, tied=seq not in untied)))
        passed, ended = self.receive_any(299)
        self.stop()
        while self.pull.poll(200):
            passed += unpack(self.pull.recv())
        while self.back.poll(200):
            ended += [o for o in unpack(self.back.recv())
                      if o["outcome"] != "started"]
        seqs = [e["seq"] for e in passed + ended]
        self.assertEqual(sorted(seqs), list(range(1, 300)))
        self.assertLessEqual({e["seq"] for e in ended}, untied)

    def test_order_is_kept(self):
        self.wire()
        for seq in range(200):
            self.push.send(pack(event(seq)))
        passed, _ = self.receive(200)
        self.assertEqual([e["seq"] for e in passed], list(range(200)))

    def test_unknown_fields_pass_untouched(self):
        self.wire()
        more = {"x_new": {"deep": [1, -2.5, None, True, b"\x00\xff", "ü"]},
                "zz": 18446744073709551615, "": "empty name",
                "ext": msgpack.ExtType(5, b"abc")}
        self.push.send(pack(event(1, **more)))
        passed, _ = self.receive(1)
        self.assertEqual({k: passed[0].get(k) for k in more}, more)

    def test_the_fetchers_fields_stay(self):
        self.wire()
        sent = event(7)
        self.push.send(pack(sent))
        passed, _ = self.receive(1)
        self.assertEqual({k: passed[0].get(k) for k in FIELDS},
                         {k: sent[k] for k in FIELDS})

    def test_several_events_in_a_message(self):
        self.wire()
        self.push.send(pack(*[event(seq) for seq in range(500)]))
        passed, _ = self.receive(500)
        self.assertEqual([e["seq"] for e in passed], list(range(500)))

    def test_an_outcome_says_what_where_and_why(self):
        self.wire()
        self.push.send(pack(event(5, tied=False)))
        until = time.monotonic() + WAIT_S
        while not self.back.poll(50) and not self.pull.poll(50):
            self.assertLess(time.monotonic(), until, self.log())
        if not self.back.poll(0):
            self.skipTest("this stage lets it pass")
        _, ended = self.receive_any(1)
        if not ended:
            self.skipTest("this stage lets the event pass")
        got = {k: ended[0].get(k) for k in
               ("source", "seq", "id", "outcome", "reason", "stage")}
        self.assertEqual(got, {
            "source": "hubspot", "seq": 5, "id": event(5)["id"],
            "outcome": "dropped", "reason": "contact-not-synced",
            "stage": self.name})

    # -- wiring -----------------------------------------------------------

    def test_flags_override_the_wiring(self):
        self.write_conf(input=self.uri("other.in"),
                        output=self.uri("other.out"))
        self.wire(start=False)
        self.stage = self.start("--in", self.uri("t.in"),
                                "--out", self.uri("t.out"))
        self.push.send(pack(event(1)))
        self.receive(1)

    def test_from_file_to_file(self):
        source, target = self.dir + "/a.events", self.dir + "/b.events"
        with open(source, "wb") as out:
            out.write(pack(*[event(seq) for seq in range(300)]))
        stage = self.start("--in", "file:" + source, "--out", "file:" + target)
        self.assertEqual(self.exit_code(stage), 0, self.log())
        with open(target, "rb") as made:
            seqs = [e["seq"] for e in unpack(made.read())]
        self.assertEqual(seqs, list(range(300)))

    def test_from_pipe_to_pipe(self):
        stage = self.start("--in", "-", "--out", "-", stdin=subprocess.PIPE,
                           stdout=subprocess.PIPE)
        made, _ = stage.communicate(pack(event(1), event(2)), WAIT_S)
        self.assertEqual(self.exit_code(stage), 0, self.log())
        self.assertEqual([e["seq"] for e in unpack(made)], [1, 2])

    def test_an_empty_file_is_no_error(self):
        stage = self.start("--in", "-", "--out", "-", stdin=subprocess.PIPE,
                           stdout=subprocess.PIPE)
        made, _ = stage.communicate(b"", WAIT_S)
        self.assertEqual((self.exit_code(stage), made), (0, b""), self.log())

    def test_a_capture_is_what_was_sent(self):
        self.need("capture")
        path = self.dir + "/c.events"
        self.write_conf(capture=path)
        self.wire()
        self.push.send(pack(*[event(seq) for seq in range(100)]))
        self.push.send(pack(event(100)))
        self.receive(101)
        self.stop()
        with open(path, "rb") as capture:
            self.assertEqual(capture.read(), b"".join(self.messages))

    # -- control ----------------------------------------------------------

    def test_ping(self):
        self.wire()
        self.assertIs(self.ask("ping")["ok"], True)

    def test_stats_count(self):
        self.need("stats")
        self.wire()
        self.push.send(pack(*[event(seq) for seq in range(20)]))
        self.receive(20)
        stats = self.ask("stats")
        self.assertEqual((stats["ok"], stats["in"], stats["out"],
                          stats["stage"], stats["pid"]),
                         (True, 20, 20, self.name, self.stage.pid))

    def test_log_level(self):
        self.wire()
        self.assertIs(self.ask(["log", "debug"])["ok"], True)
        self.assertIs(self.ask(["log", "shout"])["ok"], False)

    def test_an_unknown_request_is_refused(self):
        self.wire()
        for request in ("dance", 5, {}, [[[]]], None):
            self.assertIs(self.ask(request)["ok"], False)
        self.assert_alive()

    def test_tap(self):
        self.need("tap")
        self.wire()
        self.assertTrue(self.ask("ping")["ok"])
        tap = self.zmq.socket(zmq.SUB)
        tap.connect(self.uri(self.name + ".tap"))
        tap.subscribe(b"")
        seen, seq, until = [], 0, time.monotonic() + WAIT_S
        while not seen and time.monotonic() < until:
            seq += 1
            self.push.send(pack(event(seq)))
            self.receive(1)
            if tap.poll(200):
                seen = unpack(tap.recv())
        self.assertIn("hubspot:call:", seen[0]["key"])

    # -- signals ----------------------------------------------------------

    def test_sigterm_finishes_what_is_in_hand(self):
        """The next stage is away when it comes; nothing may be lost."""
        self.wire()
        self.assertTrue(self.ask("ping")["ok"])
        self.pull.close(0)
        self.push.send(pack(*[event(seq) for seq in range(2000)]))
        until = time.monotonic() + WAIT_S
        while "stats" not in self.without and time.monotonic() < until:
            if self.ask("stats")["in"] > 0:
                break
        self.stage.send_signal(signal.SIGTERM)
        self.pull = self.zmq.socket(zmq.PULL)
        self.pull.bind(self.uri("t.out"))
        passed, _ = self.receive(2000)
        self.assertEqual([e["seq"] for e in passed], list(range(2000)))
        self.assertEqual(self.exit_code(self.stage), 0, self.log())

    def test_sigterm_when_idle(self):
        self.wire()
        self.assertTrue(self.ask("ping")["ok"])
        self.stop()

    def test_sighup_with_a_good_config(self):
        self.wire()
        self.assertTrue(self.ask("ping")["ok"])
        self.stage.send_signal(signal.SIGHUP)
        self.assert_alive()

    def test_sighup_with_a_bad_config_keeps_the_old_one(self):
        self.wire()
        self.assertTrue(self.ask("ping")["ok"])
        with open(self.conf, "w", encoding="utf-8") as out:
            out.write("[stage\nwhat is this\n")
        before = len(self.log())
        self.stage.send_signal(signal.SIGHUP)
        self.assert_alive()
        until = time.monotonic() + WAIT_S
        while "pipeline.conf" not in self.log()[before:]:
            self.assertLess(time.monotonic(), until, "no error was logged")
            self.assertIs(self.ask("ping")["ok"], True)

    def test_a_second_instance_refuses(self):
        self.wire()
        self.assertTrue(self.ask("ping")["ok"])
        second = self.start()
        self.assertEqual(self.exit_code(second), 75, self.log())
        self.assert_alive()

    def test_starts_again_after_kill(self):
        self.wire()
        self.assertTrue(self.ask("ping")["ok"])
        self.stage.kill()
        self.stage.wait()
        self.stage = self.start()
        self.assert_alive()

    # -- what should not come ---------------------------------------------

    def check_bad(self, *messages):
        """Each message leaves an error in the log and the stage alive."""
        self.wire()
        for n, message in enumerate(messages):
            before = len(self.log())
            self.push.send(message)
            self.assert_alive(9000 + n)
            self.assertGreater(len(self.log()), before,
                               f"no word about {message[:40]!r}")
        self.stop()

    def test_bytes_that_are_no_events(self):
        self.check_bad(b"\xc1\xc1\xc1", b"\x81", b"\x05", b"\xa3abc",
                       b"hello, world", b"\xdf\xff\xff\xff\xff",
                       b"\x80", os.urandom(5) + b"\xc1")

    def test_an_event_without_id_or_seq(self):
        for_id, for_seq = event(1), event(2)
        del for_id["id"], for_seq["seq"]
        self.check_bad(pack(for_id), pack(for_seq), pack(event(3) | {"seq": "x"}))

    def test_an_event_of_another_version(self):
        self.check_bad(pack(event(1) | {"v": 99}))

    def test_a_map_40_deep(self):
        self.check_bad(pack(event(1, x=nested(40))))

    def test_16_mib(self):
        self.check_bad(pack(event(1, x=b"\0" * (16 << 20))))

    def test_an_event_over_4_mib(self):
        self.check_bad(pack(event(1, x=b"\0" * (5 << 20))))

    def test_good_events_before_bad_bytes_count(self):
        self.wire()
        self.push.send(pack(event(1), event(2)) + b"\xc1")
        passed, _ = self.receive(2)
        self.assertEqual([e["seq"] for e in passed], [1, 2])

    def test_a_truncated_file(self):
        source, target = self.dir + "/a.events", self.dir + "/b.events"
        with open(source, "wb") as out:
            out.write(pack(event(1), event(2))[:-20])
        stage = self.start("--in", "file:" + source, "--out", "file:" + target)
        self.assertEqual(self.exit_code(stage), 65, self.log())
        self.assertTrue(self.log())
        with open(target, "rb") as made:
            self.assertEqual([e["seq"] for e in unpack(made.read())], [1])

    def test_a_file_that_is_not_there(self):
        stage = self.start("--in", f"file:{self.dir}/none", "--out", "-")
        self.assertIn(self.exit_code(stage), (66, 78), self.log())

    def test_a_bad_config(self):
        bad = {"no file": None, "no ini": "[stage\nwhat\n", "no such stage": "",
               "unknown scheme": f"[stage.{self.name}]\ninput = pigeon://x\n"
                                 "output = -\noutcomes = ipc:///tmp/o\n"}
        for why, text in bad.items():
            with self.subTest(why):
                if text is None:
                    os.unlink(self.conf)
                else:
                    with open(self.conf, "w", encoding="utf-8") as out:
                        out.write(text)
                name = self.name
                if why == "no such stage":
                    self.name = "nobody"
                stage = self.start()
                self.name = name
                self.assertEqual(self.exit_code(stage), 78, self.log())
                self.assertIn("pipeline.conf", self.log())


def main():
    """Run the contract against the command line behind `--`."""
    if "--" not in sys.argv:
        sys.exit(__doc__)
    at = sys.argv.index("--")
    flags = dict(zip(sys.argv[1:at:2], sys.argv[2:at:2]))
    StageContract.command = sys.argv[at + 1:]
    StageContract.without = flags.get("--without", "").split(",")
    unittest.main(argv=sys.argv[:1])


if __name__ == "__main__":
    main()
