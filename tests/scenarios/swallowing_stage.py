#!/usr/bin/python3
"""A window-filter that passes everything on, but not the event whose id has
SWALLOW in its environment. --stats no: an older one, whose control socket knows
nothing but ping. --version N: it sends events of that version."""
import os
import signal
import sys
import time

import msgpack
import zmq

flags = dict(zip(sys.argv[1::2], sys.argv[2::2]))
marks = [m for m in os.environ.get("SWALLOW", "").split(",") if m]
name, counts = flags["--name"], {"in": 0, "out": 0}
began, stop = time.monotonic_ns() // 1_000_000, []


def pass_on(data):
    """The events of a message that go on."""
    unpacker = msgpack.Unpacker()
    unpacker.feed(data)
    for event in unpacker:
        counts["in"] += 1
        if any(mark in event["id"] for mark in marks):
            continue
        counts["out"] += 1
        event["v"] = int(flags.get("--version", 1))
        yield msgpack.packb(event)


def answer(request):
    """On the control socket."""
    own = {"ok": True, "stage": name, "pid": os.getpid()}
    if request == "stats":
        if flags.get("--stats") == "no":
            return {"ok": False, "stage": name, "error": "known: ping"}
        return own | counts | {"ended": {}}
    return own


def main():
    """Its sockets lie where the built-in stages' ones do."""
    run = os.path.join(os.path.dirname(flags["--conf"]), "var/run")
    context = zmq.Context()
    pull, push, control, *backs = [context.socket(kind) for kind in (
        zmq.PULL, zmq.PUSH, zmq.REP, zmq.PUSH, zmq.PUSH)]
    pull.bind(f"ipc://{run}/{name}.in")
    push.connect(f"ipc://{run}/conflict-resolver.in")
    control.bind(f"ipc://{run}/{name}.ctl")
    for back, source in zip(backs, ("hubspot", "salesforce")):
        back.connect(f"ipc://{run}/fetcher-{source}.outcomes")
        back.send(msgpack.packb({
            "source": source, "seq": began, "id": "", "outcome": "started",
            "reason": "", "stage": name}), zmq.DONTWAIT)
    while not stop:
        if pull.poll(20):
            events = b"".join(pass_on(pull.recv()))
            if events:
                push.send(events)
        while control.poll(0):
            control.send(msgpack.packb(answer(msgpack.unpackb(
                control.recv()))))
    context.destroy(linger=1000)


signal.signal(signal.SIGTERM, lambda *_: stop.append(1))
main()
