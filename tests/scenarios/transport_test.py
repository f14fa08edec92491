"""How calls travel: TLS that is verified, through a proxy or past it, compressed,
over connections that are kept."""
import contextlib
import gzip
import http.client
import http.server
import os
import socket
import ssl
import threading
import unittest

from harness import openssl
from records import Scenario


def serve(test, handler, context=None, **facts):
    """A server of that kind, with `facts` for its handler; its port."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # refused certificates
    for name, value in facts.items():
        setattr(server, name, value)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True,
                                            do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    test.addCleanup(server.server_close)
    test.addCleanup(server.shutdown)
    return server.server_address[1]


class Front(http.server.BaseHTTPRequestHandler):
    """TLS in front of one of the sandbox's ports, as the real services answer:
    compressed for whom that is welcome, and the connection is kept."""

    protocol_version = "HTTP/1.1"

    def setup(self):
        super().setup()
        self.server.seen["connections"] += 1

    def forward(self):
        self.server.seen["requests"] += 1
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        inner = http.client.HTTPConnection("127.0.0.1", self.server.to)
        inner.request(self.command, self.path, body or None,
                      dict(self.headers.items()))
        answer = inner.getresponse()
        data = answer.read()
        if self.path.endswith("/oauth2/token"):  # instance_url
            data = data.replace(b"http://", b"https://")
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("content-length", "connection",
                                    "transfer-encoding", "server", "date"):
                self.send_header(name, value)
        if "gzip" in self.headers.get("Accept-Encoding", "") and data:
            self.server.seen["compressed"] += 1
            data = gzip.compress(data)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
        inner.close()

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = forward

    def log_message(self, *_):
        pass


class Proxy(http.server.BaseHTTPRequestHandler):
    """CONNECT, and nothing else."""

    def do_CONNECT(self):
        self.server.seen.append(self.path)
        host, port = self.path.rsplit(":", 1)
        with socket.create_connection((host, int(port))) as outer:
            self.send_response(200)
            self.end_headers()
            back = threading.Thread(target=self.copy,
                                    args=(outer, self.connection), daemon=True)
            back.start()
            self.copy(self.connection, outer)
            back.join()

    @staticmethod
    def copy(source, to):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                to.sendall(data)
        with contextlib.suppress(OSError):
            to.shutdown(socket.SHUT_WR)

    def log_message(self, *_):
        pass


class Transport(Scenario):
    """A sandbox behind servers that stand for the world outside."""

    def certificate(self, world, name, *flags):
        """A certificate for 127.0.0.1 by a CA of this world."""
        path = os.path.join(world.dir, name)
        ca = os.path.join(world.dir, "ca")
        if not os.path.exists(ca + ".pem"):
            openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout",
                    ca + ".key", "-out", ca + ".pem", "-subj", "/CN=CA",
                    "-days", 2)
        openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout",
                path + ".key", "-out", path + ".csr", "-subj", "/CN=x")
        with open(path + ".ext", "w") as file:
            file.write("subjectAltName=IP:127.0.0.1\n")
        openssl("x509", "-req", "-in", path + ".csr", "-CA", ca + ".pem",
                "-CAkey", ca + ".key", "-CAcreateserial", "-extfile",
                path + ".ext", "-out", path + ".pem", *flags)
        world.env["SSL_CERT_FILE"] = ca + ".pem"
        return path

    def front(self, path, service, seen=None):
        """The https:// address that stands for a service."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path + ".pem", path + ".key")
        port = serve(self, Front, context, to=int(service.base.rsplit(":")[-1]),
                     seen=seen if seen is not None else {
                         "connections": 0, "requests": 0, "compressed": 0})
        return f"https://127.0.0.1:{port}"

    def test_tls_is_verified(self):
        world = self.world(settings={"activity.call": {"sync": "on"}})
        good = self.certificate(world, "good", "-days", "2")
        expired = self.certificate(world, "expired", "-days", "-1")
        alone = os.path.join(world.dir, "alone")
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout",
                alone + ".key", "-out", alone + ".pem", "-subj", "/CN=x",
                "-addext", "subjectAltName=IP:127.0.0.1")
        for section, key in (("hubspot", "api_base"),
                             ("salesforce", "login_url")):
            for path, words in ((good, None), (expired, "expired"),
                                (alone, "self-signed")):
                base = self.front(path, getattr(world, section))
                world.write_conf(settings={section: {key: base}})
                done = world.run("check", "--json", code=None)
                if words is None:
                    self.assertEqual(done.returncode, 0,
                                     done.stdout + done.stderr)
                else:
                    self.assertNotEqual(done.returncode, 0)
                    self.assertRegex(done.stdout + done.stderr,
                                     "certificate.*" + words)

    def test_the_world_outside(self):
        """A whole sync over TLS, first past a proxy and then through it."""
        world = self.world()
        path = self.certificate(world, "good", "-days", "2")
        seen = {name: {"connections": 0, "requests": 0, "compressed": 0}
                for name in ("hubspot", "salesforce")}
        world.write_conf(settings={
            "hubspot": {"api_base": self.front(path, world.hubspot,
                                               seen["hubspot"])},
            "salesforce": {"login_url": self.front(path, world.salesforce,
                                                   seen["salesforce"])},
            "activity.call": {"sync": "on"}})
        asked = []
        world.env["https_proxy"] = "http://127.0.0.1:" + str(
            serve(self, Proxy, seen=asked))
        world.env["no_proxy"] = "127.0.0.1"
        contact = world.tied_contact()
        self.brings(world, contact, 1)
        self.assertEqual(asked, [])
        for figures in seen.values():
            self.assertGreater(figures["requests"], figures["connections"])
            self.assertGreater(figures["compressed"],
                               figures["requests"] * 0.9)
        del world.env["no_proxy"]
        before = {name: figures["requests"] for name, figures in seen.items()}
        self.brings(world, contact, 2)
        self.assertGreater(len(asked), 1)
        for name, figures in seen.items():
            self.assertGreater(figures["requests"], before[name])

    def brings(self, world, contact, n):
        """One call more each way; n there are then of each."""
        world.load_calls(contact, 1)
        world.salesforce.load(Task=[{
            "TaskSubtype": "Call", "Subject": "here", "Status": "Completed",
            "WhoId": world.people[contact].salesforce_id}])
        self.assertEqual(world.sync()["written"], 2)
        self.assertEqual(len(world.hubspot.dump("calls")), 2 * n)
        self.assertEqual(len(world.salesforce.dump("Task")), 2 * n)


if __name__ == "__main__":
    unittest.main()
