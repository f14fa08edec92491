"""The suite openapi: HubSpot's OpenAPI documents, through Prism as a proxy
between the pipeline and the sandbox, compare each call and each answer. The
documents are not in this repository: CONFORMANCE_DOCUMENTS names their folder
(https://github.com/HubSpot/HubSpot-public-api-spec-collection), else they are
looked for beside the repository."""
import concurrent.futures
import contextlib
import json
import os
import re
import subprocess
import sys

from conformance import HERE, ROOT, Unavailable, install
from harness import Service, free_port, wait_for
from openapi_account import STEPS, World, live
from openapi_documents import AMENDMENTS, amend, join

DOCUMENTS = os.environ.get("CONFORMANCE_DOCUMENTS", os.path.join(
    ROOT, "..", "shared", "reference", "hubspot-openapi"))
SOURCE = os.path.join(HERE, "openapi")
TARGET = os.path.join(ROOT, "build", "conformance-openapi")
PRISM = os.path.join(TARGET, "node_modules", ".bin", "prism")

# api_version: the names of its documents
VERSIONS = {"2026-09": "*-2026-09*.json", "v3": "*-v[0-9].json"}
# what has to be called, in each version
CALLED = {
    "2026-09": (
        ("POST", "/crm/objects/2026-09/{objectType}",
         "search batch/read batch/create batch/update batch/upsert"
         " batch/archive"),
        ("GET", "/crm/objects/2026-09/{objectType}", "{objectId}"),
        ("POST",
         "/crm/associations/2026-09/{fromObjectType}/{toObjectType}/batch",
         "read create archive"),
        ("GET", "/crm/properties/2026-09", "{objectType}"
         " {objectType}/{propertyName}"),
        ("POST", "/crm/properties/2026-09", "{objectType}"),
        ("GET", "/crm/owners", "2026-09"),
        ("GET", "/events/event-occurrences", "2026-09 2026-09/event-types"),
        ("GET", "/marketing/forms", "2026-09-beta"),
        ("POST", "/oauth/2026-09", "token")),
    "v3": (
        *(("POST", f"/crm/v3/objects/{kind}s",
           "search batch/read batch/create batch/update batch/upsert"
           " batch/archive") for kind in ("call", "email", "meeting", "task")),
        ("POST", "/crm/v3/objects", "notes/search contacts/search"
         " contacts/batch/read companies/search companies/batch/read"),
        ("GET", "/crm/v3/objects/emails", "{emailId}"),
        ("POST", "/crm/v4/associations/{fromObjectType}/{toObjectType}/batch",
         "read create archive"),
        ("GET", "/crm/v3/properties", "{objectType}"
         " {objectType}/{propertyName}"),
        ("POST", "/crm/v3/properties", "{objectType}"),
        ("GET", "/crm/v3", "owners"),
        ("GET", "/events/v3/events", " event-types"),
        ("GET", "/marketing/v3", "forms"),
        ("POST", "/oauth/v1", "token"))}
# what has no document
PAST = ("GET /email/public/v1/events",
        r"GET /email/public/v1/campaigns/\d+",
        r"GET /form-integrations/v1/submissions/forms/[\w-]+",
        "GET /calling/v1/dispositions",
        r"(GET|POST) /crm/lists/2026-03/.*",
        r"(GET|POST) /crm/v3/lists/.*")


def prepare():
    """Have Prism, as the lock file says. Unavailable: why this cannot be run
    here."""
    if not os.path.isdir(DOCUMENTS):
        raise Unavailable("HubSpot's OpenAPI documents are not here; "
                          "CONFORMANCE_DOCUMENTS=FOLDER tells where they are")
    install(SOURCE, TARGET, "Prism")


@contextlib.contextmanager
def process(command, log, **how):
    """A process while the block runs."""
    with open(log, "ab") as out, subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stderr=out,
            **{"stdout": out} | how) as running:
        try:
            yield running
        finally:
            running.terminate()


def answers(port, running, log):
    """Wait until Prism listens."""
    def look():
        if running.poll() is not None:
            with open(log, encoding="utf-8", errors="replace") as text:
                raise AssertionError("Prism ends: " + text.read()[-4000:])
        with open(log, encoding="utf-8", errors="replace") as text:
            return "Prism is listening" in text.read()
    wait_for(look, f"Prism on port {port}")


def joined(version):
    """The file of a version's document, and what has been amended in it."""
    file = os.path.join(TARGET, f"hubspot-{version}.json")
    document = join(DOCUMENTS, VERSIONS[version])
    amended = amend(document)
    with open(file, "w", encoding="utf-8") as out:
        json.dump(document, out)
    return file, amended


@contextlib.contextmanager
def proxy(world, document):
    """Prism and the router in front of it; the router as a Service."""
    port, log = free_port(), os.path.join(world.dir, "prism.log")
    prism = [PRISM, "proxy", document, world.hubspot.base, "--host",
             "127.0.0.1", "--port", str(port)]
    router = ["node", os.path.join(SOURCE, "router.js"), document,
              f"http://127.0.0.1:{port}", world.hubspot.base]
    with process(prism, log) as running, process(
            router, log, stdout=subprocess.PIPE) as front:
        answers(port, running, log)
        yield Service(int(front.stdout.readline()))


def never_called(version, checked):
    """What of CALLED is not in the counts."""
    wanted = [f"{method} {base}/{tail}".removesuffix("/")
              for method, base, tails in CALLED[version]
              for tail in tails.split(" ")]
    return [name for name in wanted if name not in checked]


def told(violation):
    """A violation for a person."""
    return "{times} x {operation} ({status}) {location}: {message}\n" \
        "    {url}\n    > {request}\n    < {answer}".format(**violation)


class Suite:
    """The tests of one version, as TAP lines."""

    def __init__(self, version):
        self.version = version
        self.lines = []
        self.results = []

    def test(self, name, failure):
        """One result."""
        self.results.append(not failure)
        if failure:
            self.lines.append(failure)
        self.lines.append(f"{'not ok' if failure else 'ok'} "
                          f"{len(self.results)} - {self.version}: {name}")

    def lived(self, world, base):
        """What happens in the account, as a test each."""
        done = []
        for step, failure, seconds in live(self.version, world, base):
            self.test(f"{step} ({seconds:.1f} s)", failure)
            done.append(step)
        for step in STEPS[len(done):]:
            self.test(step, "not reached")

    def judge(self, seen):
        """What the router has seen."""
        checked, past = seen["checked"], seen["past"]
        self.lines += [f"# {n:5} {name}" for name, n in sorted(
            checked.items())]
        self.lines += [f"# {n:5} {name} (no document)"
                       for name, n in sorted(past.items())]
        self.test("all that the documents know is called",
                  "\n".join(never_called(self.version, checked)))
        self.test("nothing else goes past them", "\n".join(
            name for name in past
            if not any(re.fullmatch(p, name) for p in PAST)))
        # one was lost on purpose
        lost = [t for t in seen["troubles"] if "/batch/create" in t]
        self.test("all other calls are answered", "\n".join(
            t for t in seen["troubles"] if t not in lost[:1]))
        self.test("calls and answers are as the documents say",
                  "\n".join(map(told, seen["violations"])))
        self.lines.append(
            f"# {self.version}: {sum(checked.values())} exchanges checked, "
            f"{sum(past.values())} past the documents")


def run_version(version):
    """All of one version: its Suite, and what is amended."""
    suite = Suite(version)
    document, amended = joined(version)
    with World(no_limits=True, tests_sandbox=True) as world, \
            proxy(world, document) as router:
        suite.lived(world, router.base)
        suite.judge(router.call("/__router"))
    return suite, amended


def run():
    """All versions, at once; (exit code, what there is to say)."""
    with concurrent.futures.ThreadPoolExecutor(len(VERSIONS)) as pool:
        done = list(pool.map(run_version, VERSIONS))
    lines = [line for suite, _ in done for line in suite.lines]
    results = [good for suite, _ in done for good in suite.results]
    for amendment in AMENDMENTS:
        n = sum(amended[amendment] for _, amended in done)
        results.append(n > 0)
        lines.append(f"{'ok' if n else 'not ok'} {len(results)} - amended in "
                     f"{n} places: {amendment.why}")
    lines.append(f"{sum(results)} passed, {results.count(False)} failed")
    return (0 if all(results) else 1), "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit("a module for tests/conformance/run and its test")
