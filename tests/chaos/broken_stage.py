#!/usr/bin/python3
"""A stage that passes events on and breaks the contract in one way, so that it
can be seen whether the judge notices. --break:

  lose     the first copy of every tenth event is lost, as in a process that
           died: no harm where the fetcher sends again, and only there
  rename   what comes a second time gets another key: a resend is a new record
  swallow  one event in a thousand goes nowhere, whenever it comes"""
import os
import signal
import sys

import msgpack
import zmq

flags = dict(zip(sys.argv[1::2], sys.argv[2::2]))
how, seen, stop = flags["--break"], {}, []


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


def main():
    """Its sockets lie where the built-in stages' ones do."""
    run = os.path.join(os.path.dirname(flags["--conf"]), "var/run")
    zmq_context = zmq.Context()
    pull, push, control = map(zmq_context.socket,
                              (zmq.PULL, zmq.PUSH, zmq.REP))
    pull.bind(f"ipc://{run}/{flags['--name']}.in")
    push.connect(f"ipc://{run}/normalizer.in")
    control.bind(f"ipc://{run}/{flags['--name']}.ctl")
    while not stop:
        if pull.poll(20):
            events = b"".join(pass_on(pull.recv()))
            if events:
                push.send(events)
        if control.poll(0):
            control.recv()
            control.send(msgpack.packb({"ok": True, "pid": os.getpid(),
                                        "stage": flags["--name"]}))
    zmq_context.destroy(linger=1000)


signal.signal(signal.SIGTERM, lambda *_: stop.append(1))
main()
