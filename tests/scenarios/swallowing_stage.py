#!/usr/bin/python3
"""A window-filter that passes everything on, but not the event whose id has
SWALLOW in its environment. --stats no: an older one, whose control socket knows
nothing but ping. --version N: it sends events of that version."""
import os
import sys
import time

import msgpack
import python_stage

flags = dict(zip(sys.argv[1::2], sys.argv[2::2]))
marks = [m for m in os.environ.get("SWALLOW", "").split(",") if m]
name, counts = flags["--name"], {"in": 0, "out": 0}
began = time.monotonic_ns() // 1_000_000


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


def hello(source):
    """That it has started."""
    return {"source": source, "seq": began, "id": "", "outcome": "started",
            "reason": "", "stage": name}


python_stage.run(flags, "conflict-resolver", pass_on, answer,
                 ("hubspot", "salesforce"), hello)
