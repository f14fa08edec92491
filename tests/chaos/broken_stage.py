#!/usr/bin/python3
"""A stage that passes events on and breaks the contract in one way, so that it
can be seen whether the judge notices. --break:

  lose     the first copy of every tenth event is lost, as in a process that
           died: no harm where the fetcher sends again, and only there
  rename   what comes a second time gets another key: a resend is a new record
  swallow  one event in a thousand goes nowhere, whenever it comes"""
import os
import sys

import msgpack

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "scenarios"))
import python_stage  # noqa: E402

flags = dict(zip(sys.argv[1::2], sys.argv[2::2]))
how, seen = flags["--break"], {}


def pass_on(data):
    """The events of a message that go on, broken."""
    unpacker = msgpack.Unpacker()
    unpacker.feed(data)
    for event in unpacker:
        mine = seen.setdefault(event["source"], {})
        first = event["id"] not in mine
        n = mine.setdefault(event["id"], len(mine) + 1)
        if how == "lose" and first and n % 10 == 0:
            continue
        if how == "swallow" and n % 1000 == 0:
            continue
        if how == "rename" and not first:
            event["key"] += "9"
        yield msgpack.packb(event)


def answer(_):
    """On the control socket, whatever is asked."""
    return {"ok": True, "pid": os.getpid(), "stage": flags["--name"]}


python_stage.run(flags, "normalizer", pass_on, answer)
