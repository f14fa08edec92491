"""A TCP relay in front of a service, for what goes wrong below HTTP: the port
refuses, an answer is reset in its middle, an answer comes in drops."""
import contextlib
import select
import socket
import struct
import threading

PIECE = 1 << 16
DROP_BYTES, DROP_S = 64, 0.004  # of a slow answer
DROPS_MAX = 300  # after so many the rest comes at once
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: close() sends a RST


class Relay:
    """Listens on a port of its own and passes on to another."""

    def __init__(self, to_port):
        self.to_port, self.port = to_port, 0
        self.lock = threading.Lock()
        self.todo = {"reset": 0, "drip": 0}  # answers that are to suffer
        self.hit = {"reset": 0, "drip": 0}
        self.listener, self.sockets = None, set()
        self.allow()

    def allow(self):
        """Listen (again)."""
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(("127.0.0.1", self.port))
        self.port = self.listener.getsockname()[1]
        self.listener.listen(64)
        threading.Thread(target=self.accept, args=(self.listener,),
                         daemon=True).start()

    def refuse(self):
        """Nobody listens, and what was connected is cut."""
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        with self.lock:
            for one in self.sockets:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def plan(self, reset=0, drip=0):
        """So many of the next answers are reset, or come slowly."""
        with self.lock:
            self.todo = {"reset": reset, "drip": drip}

    def close(self):
        """For good."""
        self.plan()
        self.refuse()

    def accept(self, listener):
        """Until it is closed."""
        while True:
            try:
                client, _ = listener.accept()
                server = socket.create_connection(("127.0.0.1", self.to_port))
            except OSError:
                return
            threading.Thread(target=self.carry, args=(client, server),
                             daemon=True).start()

    def carry(self, client, server):
        """Both ways, until one side ends."""
        ends = {client, server}
        with self.lock:
            self.sockets |= ends
        with contextlib.suppress(OSError):
            while all([self.pass_on(at, client, server) for at in
                       select.select(list(ends), [], [])[0]]):
                pass
        with self.lock:
            self.sockets -= ends
        for one in ends:
            one.close()

    def pass_on(self, at, client, server):
        """What has come; False: that was all."""
        data = at.recv(PIECE)
        if at is client:
            server.sendall(data)
        elif data and self.is_due("reset"):
            client.sendall(data[:len(data) // 2])
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            return False
        elif data and self.is_due("drip"):
            self.drip(client, data)
        else:
            client.sendall(data)
        return bool(data)

    def is_due(self, what):
        """Is it this answer's turn?"""
        with self.lock:
            is_due = self.todo[what] > 0
            self.todo[what] -= is_due
            self.hit[what] += is_due
            return is_due

    @staticmethod
    def drip(client, data):
        """Piece by piece."""
        pause = threading.Event()
        for at in range(0, DROPS_MAX * DROP_BYTES, DROP_BYTES):
            client.sendall(data[at:at + DROP_BYTES])
            if at + DROP_BYTES >= len(data):
                return
            pause.wait(DROP_S)
        client.sendall(data[DROPS_MAX * DROP_BYTES:])
