"""The loop of a stage in Python that stands between two built-in ones: for the
stages that break something on purpose."""
import os
import signal

import msgpack
import zmq


def run(flags, following, pass_on, answer, sources=(), hello=None):
    """Until SIGTERM. Its sockets lie where the built-in stages' ones do.
    `pass_on(bytes)` gives what goes on to the stage that follows; `answer
    (request)` is for the control socket; `hello(source)` is sent to each
    source's fetcher first."""
    where = os.path.join(os.path.dirname(flags["--conf"]), "var/run")
    stop, context = [], zmq.Context()
    signal.signal(signal.SIGTERM, lambda *_: stop.append(1))
    pull, push, control = map(context.socket, (zmq.PULL, zmq.PUSH, zmq.REP))
    pull.bind(f"ipc://{where}/{flags['--name']}.in")
    push.connect(f"ipc://{where}/{following}.in")
    control.bind(f"ipc://{where}/{flags['--name']}.ctl")
    for source in sources:
        back = context.socket(zmq.PUSH)
        back.connect(f"ipc://{where}/fetcher-{source}.outcomes")
        back.send(msgpack.packb(hello(source)), zmq.DONTWAIT)
    while not stop:
        if pull.poll(20):
            events = b"".join(pass_on(pull.recv()))
            if events:
                push.send(events)
        while control.poll(0):
            control.send(msgpack.packb(answer(msgpack.unpackb(
                control.recv()))))
    context.destroy(linger=1000)
