"""What the tests of the sandbox share: a call over HTTP, a sandbox as a
process, and test cases that have one sandbox for a class of tests."""
import http.client
import json
import re
import signal
import subprocess
import sys
import time
import unittest
import urllib.parse

from harness import World, build_dir, iso, now_ms

OBJECTS = "/crm/objects/2026-09"
NOTES = OBJECTS + "/notes"
DATA = "/services/data/v67.0"
TASK = DATA + "/sobjects/Task"
ROWS = DATA + "/composite/sobjects"
UPSERT = ROWS + "/Task/HubSpot_Id__c"
SIGN_IN = {"grant_type": "client_credentials", "client_id": "sandbox-client",
           "client_secret": "sandbox-secret"}


def exchange(port, method, path, body=None, headers=None, timeout=60):
    """(status, body's bytes, headers) of one call; what breaks the connection
    is an exception. What is neither text nor bytes is sent as JSON."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    headers = dict(headers or {})
    if isinstance(body, str):
        body = body.encode()
    elif body is not None and not isinstance(body, bytes):
        body = json.dumps(body).encode()
        headers.setdefault("Content-Type", "application/json")
    try:
        line.request(method, path, body, headers)
        answer = line.getresponse()
        return answer.status, answer.read(), answer.headers
    finally:
        line.close()


def port_of(service):
    """Where a service of a World listens."""
    return urllib.parse.urlsplit(service.base).port


def ask(port, method, path, body=None, token="sandbox-token", timeout=20):
    """exchange() with a token, None: without."""
    headers = {"Authorization": "Bearer " + token} if token else {}
    return exchange(port, method, path, body, headers, timeout)


class Process:
    """A sandbox on ports of its own choice; a context manager."""

    def __init__(self, *flags):
        self.process = subprocess.Popen(
            [build_dir() + "/sandbox", "--hubspot-port", "0",
             "--salesforce-port", "0", *flags], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        found = re.fullmatch(r"hubspot=(\d+) salesforce=(\d+)\n", line)
        if not found or self.process.stdout.readline() != "ready\n":
            raise AssertionError(line + self.process.communicate()[1])
        self.ports = int(found[1]), int(found[2])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end(signal.SIGTERM)

    def end(self, signum):
        """It has to end well, and the sanitizers have nothing to say."""
        if self.process.poll() is None:
            self.process.send_signal(signum)
        _, err = self.process.communicate(timeout=60)
        if self.process.returncode != 0 or err:
            raise AssertionError(f"exit {self.process.returncode}: {err}")

    def dump(self, side=0):
        """All records of a side."""
        return json.loads(ask(self.ports[side], "GET", "/__sandbox/dump")[1])


class Case(unittest.TestCase):
    """One sandbox for a class of tests; each test loads what it needs."""

    flags = ()
    no_limits = True

    @classmethod
    def setUpClass(cls):
        cls.world = World(no_limits=cls.no_limits, sandbox=cls.flags,
                          tests_sandbox=True)
        cls.addClassCleanup(cls.world.close)
        cls.hubspot, cls.salesforce = cls.world.hubspot, cls.world.salesforce
        cls.ports = [port_of(s) for s in (cls.hubspot, cls.salesforce)]


# -- HubSpot ---------------------------------------------------------------


def rule(name, operator, value=None, **more):
    """A search's filter."""
    if value is not None:
        more["value"] = value
    return {"propertyName": name, "operator": operator, **more}


class HubspotCase(Case):
    """Of the HubSpot side."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.load = cls.hubspot.load

    def call(self, method, path, body=None, token="sandbox-token", form=False):
        """(status, answer, headers)."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        headers["Content-Type"] = ("application/x-www-form-urlencoded" if form
                                   else "application/json")
        status, text, got = exchange(self.ports[0], method, path, body,
                                     headers)
        return status, json.loads(text) if text else None, got

    def ask(self, method, path, body=None, want=200, **how):
        """The answer of a call that has to have this status."""
        status, answer, _ = self.call(method, path, body, **how)
        self.assertEqual(status, want, answer)
        return answer

    def refused(self, method, path, body=None, want=400,
                category="VALIDATION_ERROR", **how):
        """An error body's message."""
        answer = self.ask(method, path, body, want, **how)
        self.assertEqual(answer["status"], "error")
        self.assertEqual(answer["category"], category)
        self.assertTrue(answer["correlationId"])
        return answer

    def new(self, kind, **properties):
        """A record made over the API; its id."""
        if kind not in ("contacts", "companies", "deals"):
            properties.setdefault("hs_timestamp", "2026-01-01T00:00:00Z")
        return self.ask("POST", f"{OBJECTS}/{kind}",
                        {"properties": properties}, 201)["id"]

    def search(self, kind, filters=(), **body):
        """A search's answer."""
        body["filterGroups"] = [{"filters": list(filters)}]
        return self.ask("POST", f"{OBJECTS}/{kind}/search", body)


# -- Salesforce ------------------------------------------------------------


def salesforce_call(world, method, path, body=None, headers=None):
    """(status, answer, headers); a header None: not sent."""
    headers = {"Content-Type": "application/json"} | (headers or {})
    status, text, got = exchange(
        port_of(world.salesforce), method, path, body,
        {k: v for k, v in headers.items() if v})
    return status, json.loads(text) if text else None, got


def sign_in(world, **fields):
    """The answer of the token endpoint."""
    headers = {"Content-Type": "application/x-www-form-urlencoded",
               "Authorization": fields.pop("Authorization", None)}
    return salesforce_call(world, "POST", "/services/oauth2/token",
                           urllib.parse.urlencode(fields), headers)


def task(**fields):
    """A row of a collection."""
    return {"attributes": {"type": "Task"}, **fields}


class SalesforceCase(Case):
    """Of the Salesforce side, signed in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.load = cls.salesforce.load
        cls.get_token()

    @classmethod
    def get_token(cls):
        """Sign in."""
        cls.token = sign_in(cls.world, **SIGN_IN)[1]["access_token"]

    def call(self, method, path, body=None, **headers):
        """(status, answer, headers), signed in."""
        return salesforce_call(
            self.world, method, path, body,
            {"Authorization": "Bearer " + self.token}
            | {k.replace("_", "-"): v for k, v in headers.items()})

    def ask(self, method, path, body=None, want=200, **headers):
        """The answer of a call that has to have this status."""
        status, answer, _ = self.call(method, path, body, **headers)
        self.assertEqual(status, want, answer)
        return answer

    def refused(self, code, method, path, body=None, want=400):
        """The one error in an error body."""
        answer = self.ask(method, path, body, want)
        self.assertEqual(len(answer), 1)
        self.assertEqual(answer[0]["errorCode"], code, answer)
        return answer[0]

    def query(self, soql, want=200, what="query", **headers):
        """The answer of a query."""
        return self.ask("GET", f"{DATA}/{what}?q=" + urllib.parse.quote(soql),
                        want=want, **headers)

    def person(self, kind="Contact", **fields):
        """Somebody whom a user made; the id."""
        fields = {"LastName": "Test"} | fields
        if kind == "Lead":
            fields.setdefault("Company", "Acme")
        before = {r["Id"] for r in self.salesforce.dump(kind)}
        self.load(**{kind: [fields]})
        return next(r["Id"] for r in self.salesforce.dump(kind)
                    if r["Id"] not in before)

    def upsert(self, *rows, **more):
        """The results of an upsert."""
        return self.ask("PATCH", UPSERT, {
            "allOrNone": False, "records": [task(**r) for r in rows]} | more)

    def codes(self, results):
        """Of each row: the error code, or None."""
        for row in results:
            self.assertEqual(row["success"], not row["errors"])
        return [r["errors"][0]["statusCode"] if r["errors"] else None
                for r in results]

    def row_error(self, code, fields=None, **row):
        """An upsert of one row that fails like that; its error."""
        results = self.upsert({"HubSpot_Id__c": f"E:{time.time_ns()}"} | row)
        self.assertEqual(self.codes(results), [code], results)
        if fields is not None:
            self.assertEqual(results[0]["errors"][0]["fields"], fields)
        return results[0]["errors"][0]["message"]

    def get(self, one, kind="Task"):
        """A record."""
        return self.ask("GET", f"{DATA}/sobjects/{kind}/{one}")


# -- both ------------------------------------------------------------------


class SandboxCase(Case):
    """Of what lies around the two services."""

    flags = ("--contacts", "20", "--activities", "0")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sf_token = sign_in(cls.world, **SIGN_IN)[1]["access_token"]

    def tearDown(self):
        self.hubspot.fault()
        self.salesforce.fault()

    def get_notes(self, **how):
        """A call of HubSpot's that is good when nothing is wrong."""
        return ask(self.ports[0], "GET", NOTES, **how)

    def new_note(self, **how):
        """One that makes a record."""
        return ask(self.ports[0], "POST", NOTES, {"properties": {
            "hs_timestamp": iso(now_ms()), "hs_note_body": "x"}}, **how)

    def new_tasks(self, n):
        """A batch of Salesforce's; its rows."""
        status, answer, _ = ask(
            self.ports[1], "POST", ROWS, {"allOrNone": False, "records": [
                {"attributes": {"type": "Task"}, "Subject": f"T{i}"}
                for i in range(n)]}, token=self.sf_token)
        self.assertEqual(status, 200, answer)
        return json.loads(answer)

    def n_notes(self):
        """How many there are."""
        return len(self.hubspot.dump("notes"))

    def control(self, method, what, body=None, port=0):
        """(status, answer) of the control API."""
        status, answer, _ = ask(self.ports[port], method, "/__sandbox/" + what,
                                body, token=None)
        return status, json.loads(answer)

    def refused(self, what, body, word="", status=400):
        """A POST that is no good."""
        got, answer = self.control("POST", what, body)
        self.assertEqual(got, status, answer)
        self.assertIn(word, answer["error"])

    def fired(self):
        """How often each rule was met."""
        return [r["fired"] for r in self.hubspot.call("/__sandbox/faults")[
            "rules"]]


if __name__ == "__main__":
    sys.exit("a module for the tests of the sandbox")
