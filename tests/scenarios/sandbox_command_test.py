"""The sandbox's command line: flags, ports, exit codes."""
import signal
import socket
import subprocess
import unittest

from harness import build_dir, free_port
from sandbox_case import Process


def run(*flags):
    """The sandbox with flags that end it at once."""
    return subprocess.run([build_dir() + "/sandbox", *flags], timeout=60,
                          capture_output=True, text=True, check=False)


class CommandLine(unittest.TestCase):
    """Flags, ports, exit codes."""

    def test_help(self):
        done = run("--help")
        self.assertEqual(done.returncode, 0)
        for flag in ("--hubspot-port", "--salesforce-port", "--contacts",
                     "--activities", "--seed", "--bare", "--no-limits"):
            self.assertIn(flag, done.stdout)

    def test_bad_flags(self):
        ports = ["--hubspot-port", "0", "--salesforce-port", "0"]
        for flags in ([], ports[:2], [*ports, "--nonsense"],
                      [*ports, "extra"], [*ports, "--contacts"],
                      [*ports, "--contacts", "-1"], [*ports, "--seed", "x"],
                      [*ports, "--activities", ""],
                      [*ports, "--activities", "99999999999999999999"],
                      ["--hubspot-port", "65536", *ports[2:]],
                      ["--hubspot-port", "80a", *ports[2:]]):
            with self.subTest(flags=flags):
                done = run(*flags)
                self.assertEqual((done.returncode, done.stdout), (64, ""))
                self.assertIn("usage:", done.stderr)

    def test_port_is_taken(self):
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            taken = str(other.getsockname()[1])
            for ports in ((taken, "0"), ("0", taken)):
                done = run("--hubspot-port", ports[0],
                           "--salesforce-port", ports[1])
                self.assertEqual((done.returncode, done.stdout), (75, ""))
                self.assertIn(taken, done.stderr)

    def test_ready_is_the_first_line(self):
        ports = str(free_port()), str(free_port())
        process = subprocess.Popen(
            [build_dir() + "/sandbox", "--bare", "--hubspot-port", ports[0],
             "--salesforce-port", ports[1]], stdout=subprocess.PIPE)
        self.assertEqual(process.stdout.readline(), b"ready\n")
        process.terminate()
        self.assertEqual(process.communicate(timeout=60)[0], b"")
        self.assertEqual(process.returncode, 0)

    def test_signals_end_it(self):
        for signum in (signal.SIGTERM, signal.SIGINT):
            Process("--contacts", "3", "--activities", "5").end(signum)

    def test_only_loopback(self):
        with Process("--bare") as sandbox:
            table = "/proc/%d/net/tcp" % sandbox.process.pid
            with open(table, encoding="ascii") as file:
                listening = [row.split()[1].split(":") for row in file
                             if row.split()[3] == "0A"]
            for port in sandbox.ports:
                self.assertEqual(
                    [host for host, p in listening if int(p, 16) == port],
                    ["0100007F"])


if __name__ == "__main__":
    unittest.main()
