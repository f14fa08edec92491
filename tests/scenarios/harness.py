"""What the scenarios stand on: a sandbox, a config in a folder of its own, and
run.sh, all as real processes. CRMPIPE_BUILD names the build to test; default:
build/san when it is there, else build. CRMPIPE_UNDER is put before each stage's
command ("valgrind -q")."""
import contextlib
import datetime
import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
KINDS = ("form_submission", "marketing_email_sent", "marketing_email_opened",
         "marketing_email_clicked", "sales_email_sent", "sales_email_opened",
         "sales_email_clicked", "meeting", "call", "note",
         "sales_content_viewed", "task", "integration_event")
STAGES = ("fetcher-salesforce", "fetcher-hubspot", "normalizer",
          "window-filter", "conflict-resolver", "writer")
PROGRAM = {name: name for name in STAGES} | {
    "fetcher-salesforce": "fetcher", "fetcher-hubspot": "fetcher"}
WAIT_S = 120   # how long an awaited condition may take on a busy machine
DAY_MS = 86_400_000
SECRETS = {"HUBSPOT_TOKEN": "sandbox-token",
           "SALESFORCE_CLIENT_ID": "sandbox-client",
           "SALESFORCE_CLIENT_SECRET": "sandbox-secret"}


def build_dir():
    """The folder of the programs under test, absolute."""
    sanitized = os.path.join(ROOT, "build", "san")
    default = sanitized if os.path.isdir(sanitized) else ROOT + "/build"
    return os.path.abspath(os.environ.get("CRMPIPE_BUILD", default))


def tools_dir():
    """The folder that run.sh takes its programs from. Named, so that it does
    not ask make each time whether they are up to date."""
    return os.environ.get("CRMPIPE_BUILD", os.path.join(ROOT, "build"))


def now_ms():
    """ms since 1970 UTC."""
    return time.time_ns() // 1_000_000


def iso(ms):
    """As HubSpot writes it: 2026-01-31T10:00:00.000Z."""
    at = datetime.datetime.fromtimestamp(ms // 1000, datetime.timezone.utc)
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{ms % 1000:03d}Z"


def free_port():
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(condition, what, seconds=WAIT_S):
    """Poll until the condition gives something true; return that."""
    until = time.monotonic() + seconds
    while True:
        got = condition()
        if got:
            return got
        if time.monotonic() > until:
            raise AssertionError(f"waited {seconds} s for {what}")
        time.sleep(0.05)


def openssl(*words):
    """Run it."""
    subprocess.run(["openssl", *map(str, words)], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Service:
    """One of the sandbox's two services through its control API."""

    def __init__(self, port):
        self.base = f"http://127.0.0.1:{port}"

    def call(self, path, body=None):
        """GET, or POST when there is a body."""
        request = urllib.request.Request(
            self.base + path, None if body is None else
            json.dumps(body).encode(), {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=300) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as bad:
            raise AssertionError(f"{path}: {bad.code} {bad.read()}") from bad

    def dump(self, kind):
        """All records of one type that are not deleted."""
        records = self.call(f"/__sandbox/dump?type={kind}").get(kind, [])
        return [r for r in records
                if not r.get("archived") and not r.get("IsDeleted")]

    def load(self, **records):
        """Put records in, as if users had made them."""
        answer = self.call("/__sandbox/load", records)
        if "error" in answer:
            raise AssertionError(f"load: {answer}")
        return answer

    def fault(self, *rules):
        """Set the fault rules; none: all is well again."""
        return self.call("/__sandbox/faults", {"rules": list(rules)})

    def use(self, calls):
        """All apps of the account have made so many calls in its day."""
        return self.call("/__sandbox/usage", {"calls": calls})

    def calls(self):
        """How often it was called, by anything but the control API."""
        return self.call("/__sandbox/stats")


class World:
    """A sandbox, a config and a state folder; a context manager."""

    def __init__(self, no_limits=False, conf="", sandbox=(), settings=None,
                 finds_leaks=False, tests_sandbox=False):
        self.ids = itertools.count(1)
        self.dir = tempfile.mkdtemp(prefix="crmpipe-scenario-")
        self.conf = os.path.join(self.dir, "pipeline.conf")
        self.stack = contextlib.ExitStack()
        self.stack.callback(shutil.rmtree, self.dir, ignore_errors=True)
        self.env = dict(os.environ, CRMPIPE_BUILD=tools_dir(), **SECRETS)
        # looking for leaks takes most of a short process's time
        if not finds_leaks:
            self.env["ASAN_OPTIONS"] = ":".join(filter(None, [
                self.env.get("ASAN_OPTIONS"), "detect_leaks=0"]))
        self.no_limits = no_limits
        # with sanitizers it would take a quarter of a scenario's time
        self.sandbox_dir = build_dir() if tests_sandbox else tools_dir()
        self.start_sandbox([*sandbox, *(["--no-limits"] if no_limits else [])])
        self.write_conf(conf, settings)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Stop what still runs, take everything away."""
        self.stack.close()

    # -- processes --------------------------------------------------------

    def start_sandbox(self, flags):
        """Start it on free ports; another one may be quicker, so try again."""
        if not any(f in ("--contacts", "--bare") for f in flags):
            flags = ["--contacts", "0", "--activities", "0", *flags]
        for _ in range(5):
            ports = free_port(), free_port()
            log = open(os.path.join(self.dir, "sandbox.log"), "wb")
            self.sandbox = subprocess.Popen(
                [os.path.join(self.sandbox_dir, "sandbox"), "--hubspot-port",
                 str(ports[0]), "--salesforce-port", str(ports[1]), *flags],
                stdout=subprocess.PIPE, stderr=log, stdin=subprocess.DEVNULL)
            log.close()
            ready = self.sandbox.stdout.readline()
            if ready.strip() == b"ready":
                break
            self.sandbox.wait()
        else:
            raise AssertionError("the sandbox does not start: " + self.text(
                "sandbox.log"))
        self.stack.callback(self.stop_sandbox)
        self.hubspot, self.salesforce = map(Service, ports)

    def stop_sandbox(self):
        """The sandbox has to end well, too: it runs under the sanitizers."""
        self.sandbox.terminate()
        code = self.sandbox.wait(WAIT_S)
        self.sandbox.stdout.close()
        log = self.text("sandbox.log")
        if "Sanitizer" in log or code not in (0, -signal.SIGTERM):
            raise AssertionError(f"the sandbox ended with {code}\n{log}")

    def command(self, *words, conf=None):
        """run.sh COMMAND --conf FILE ..."""
        return [os.path.join(ROOT, "run.sh"), words[0], "--conf",
                conf or self.conf, *words[1:]]

    def spawn(self, *words, **how):
        """A run.sh command in the background. Its own process group, so that
        nothing of it outlives a test."""
        how = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE,
               "stdin": subprocess.DEVNULL, "text": True, "env": self.env,
               "start_new_session": True} | how
        conf = how.pop("conf", None)
        return subprocess.Popen(self.command(*words, conf=conf), **how)

    def run(self, *words, code=0, conf=None, timeout=900):
        """A run.sh command to its end; its output. Another exit code than
        `code` (None: any) is a failure that shows everything."""
        process = self.spawn(*words, conf=conf)
        try:
            out, err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            out, err = process.communicate()
            raise AssertionError(
                f"{words} does not end\n{out}\n{err}\n{self.logs()}") from None
        done = subprocess.CompletedProcess(words, process.returncode, out, err)
        if code is not None and done.returncode != code:
            raise AssertionError(
                f"{words}: exit {done.returncode}, wanted {code}\n--- out\n"
                f"{out[-4000:]}\n--- err\n{err[-8000:]}\n{self.logs()}")
        if "Sanitizer" in err:
            raise AssertionError(f"{words}: {err}")
        return done

    def sync(self, *flags, code=0, conf=None):
        """One pass; its summary."""
        done = self.run("sync", "--json", *flags, code=code, conf=conf)
        try:
            summary = json.loads(done.stdout)
        except ValueError:
            raise AssertionError(f"no summary: {done.stdout!r}\n{done.stderr}"
                                 ) from None
        summary["log"] = done.stderr + self.logs()
        return summary

    # -- files ------------------------------------------------------------

    def text(self, name):
        """A file of the test's folder."""
        with contextlib.suppress(OSError):
            with open(os.path.join(self.dir, name), encoding="utf-8",
                      errors="replace") as file:
                return file.read()
        return ""

    def logs(self):
        """Whatever the chain logged into its state folder."""
        found = []
        for folder, _, names in os.walk(os.path.join(self.dir, "var")):
            found += [os.path.join(folder, n) for n in names
                      if n.endswith(".log")]
        return "\n".join(self.text(os.path.relpath(p, self.dir))[-20000:]
                         for p in sorted(found))

    def write_conf(self, more="", settings=None, path=None):
        """pipeline.conf: where the services are and how quick to be, the
        programs under test, and `settings` {section: {key: value}}."""
        sections = {
            "hubspot": {"api_base": self.hubspot.base,
                        "token": "env:HUBSPOT_TOKEN"},
            "salesforce": {"login_url": self.salesforce.base,
                           "client_id": "env:SALESFORCE_CLIENT_ID",
                           "client_secret": "env:SALESFORCE_CLIENT_SECRET"},
            "delivery": {"resend_after": "5s", "retry_min": "50ms",
                         "retry_max": "400ms", "sync_timeout": "10m"}}
        if self.no_limits:
            sections["hubspot"] |= {"search_rate": 1000, "rate": 100000,
                                    "association_rate": 100000,
                                    "daily_api_limit": 100000000}
            sections["salesforce"] |= {"daily_api_limit": 100000000}
        for stage in STAGES:
            sections[f"stage.{stage}"] = {
                "command": self.stage_command(stage)}
        for section, pairs in (settings or {}).items():
            sections.setdefault(section, {}).update(pairs)
        text = "\n".join(
            f"[{name}]\n" + "".join(f"{k} = {v}\n" for k, v in pairs.items())
            for name, pairs in sections.items())
        with open(path or self.conf, "w", encoding="utf-8") as out:
            out.write(text + "\n" + more)

    def stage_command(self, stage):
        """The command of a stage as it stands in a config."""
        command = os.path.join(build_dir(), PROGRAM[stage])
        if "CRMPIPE_UNDER" in os.environ:
            command = f"{os.environ['CRMPIPE_UNDER']} {command}"
        if stage.startswith("fetcher-"):
            command += " --service " + stage.removeprefix("fetcher-")
        return command


if __name__ == "__main__":
    sys.exit("a module for the scenarios")
