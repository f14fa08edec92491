#!/usr/bin/python3
"""A window-filter of its own: a stage needs ZeroMQ and MessagePack, no more."""
import configparser, fcntl, os, signal, sys, time
import msgpack, zmq

DAYS = {"form_submission": 365, "marketing_email_sent": 30,
        "marketing_email_opened": 30, "marketing_email_clicked": 30}
KNOWN = ["ping", "stats"] + [["log", x] for x in ("debug", "info", "warn", "error")]
flags = dict(zip(sys.argv[1::2], sys.argv[2::2]))
counts = {"stage": flags["--name"], "pid": os.getpid(), "in": 0, "out": 0}
stop, began = [], time.monotonic_ns() // 1_000_000

def log(what):
    print(f"level=error stage={flags['--name']} msg={str(what)!r}", file=sys.stderr, flush=True)

def settings():  # [stage.NAME], and the folder of the control sockets
    ini = configparser.ConfigParser(inline_comment_prefixes=";", interpolation=None)
    ini.read_file(open(flags["--conf"]))
    own, url = ini["stage." + flags["--name"]], ini.get("state", "url")[len("sqlite:"):]
    state = os.path.dirname(os.path.join(os.path.dirname(flags["--conf"]), url))
    return (flags.get("--in", own["input"]), flags.get("--out", own["output"]),
            own["outcomes"].replace("{source}", "hubspot"), f"ipc://{state}/run/{flags['--name']}.ctl")

def reason(ev):  # the rule: why it is out of scope, or None
    who, days = ev.get("contact") or {}, DAYS.get(ev.get("kind"), 0)
    if not who.get("salesforce_id"):
        return "contact-not-synced" if who else "no-contact"
    if ev.get("import") is not True and ev.get("occurred_at", 0) < who["synced_at"] - days * 86400000:
        return "before-lookback" if days else "before-contact-sync"

def depth(v):
    inner = v.values() if isinstance(v, dict) else v if isinstance(v, list) else ()
    return 1 + max(map(depth, inner), default=0)

def judge(data, passed, ended):  # sort one message's events, their bytes untouched
    at, unpacker = 0, msgpack.Unpacker(unicode_errors="surrogateescape", max_buffer_size=8 << 20)
    try:
        unpacker.feed(data)
        while at < len(data):
            ev, start, at = unpacker.unpack(), at, unpacker.tell()
            if at - start > 4 << 20 or depth(ev) > 32 or ev["v"] != 1 or not isinstance(ev["seq"], int):
                raise ValueError("event too large, too deep, or of another kind")
            end = {k: ev[k] for k in ("source", "seq", "id")} | {
                "outcome": "dropped", "reason": reason(ev), "stage": flags["--name"]}
            (ended if end["reason"] else passed).append(end if end["reason"] else data[start:at])
    except Exception as bad:
        return log(f"no event: {bad!r}") or 65
    return 0

def run_files(source, target):
    passed = []
    code = judge(open(source[5:] or 0, "rb").read(), passed, [])
    open(target[5:] or 1, "wb").write(b"".join(passed))
    return code

def run_sockets(source, target, outcomes, control):
    fcntl.flock(lock := open(source[6:] + ".lock", "w"), fcntl.LOCK_EX | fcntl.LOCK_NB)
    ctx = zmq.Context()
    pull, push, back, ctl = map(ctx.socket, (zmq.PULL, zmq.PUSH, zmq.PUSH, zmq.REP))
    pull.bind(source), push.connect(target), back.connect(outcomes), ctl.bind(control)
    back.send(msgpack.packb({"outcome": "started", "stage": flags["--name"], "seq": began, "id": "", "source": "hubspot"}))
    while pull.poll(0 if stop else 50) or not stop:
        if ctl.poll(0):
            ctl.send(msgpack.packb(counts | {"ok": msgpack.unpackb(ctl.recv()) in KNOWN}))
        if pull.poll(0):
            passed, ended = [], []
            judge(pull.recv(), passed, ended)
            counts["in"], counts["out"] = counts["in"] + len(passed + ended), counts["out"] + len(passed)
            for wire, values in ((push, passed), (back, list(map(msgpack.packb, ended)))):
                wire.send(b"".join(values)) if values else None
    ctx.destroy(linger=5000)
    return lock.close() or 0

def guarded(what, *args):  # an exit code for what goes wrong
    try:
        return what(*args)
    except Exception as bad:
        log(f"{flags['--conf']}: {bad!r}")
        sys.exit(75 if isinstance(bad, BlockingIOError) else 66 if isinstance(bad, OSError) and what is run_files else 78)

def reload(*_):  # a bad config is refused, the old one stays
    try:
        settings()
    except Exception as bad:
        log(f"{flags['--conf']} refused: {bad!r}")

signal.signal(signal.SIGTERM, lambda *_: stop.append(1))
signal.signal(signal.SIGHUP, reload)
wiring = guarded(settings)
sys.exit(guarded(run_sockets, *wiring) if wiring[0].startswith("ipc://") else guarded(run_files, *wiring[:2]))
