"""Bundles of which the manifest is the hostile part."""
import json

from parts import LOG, case, good, member, tgz


def bundle(manifest, *more):
    text = manifest if isinstance(manifest, bytes) else json.dumps(manifest).encode()
    return tgz(member(b"manifest.json", text), *more, good(b"files/var/opt/SUNWmsgsr/log/mail.log_current"))


def base(**more):
    return {"schema": "mtadoctor.bundle/1", "created": "2026-11-24T08:00:00Z", "timezone": "UTC", "host": "mail1.example.com",
            "tool": {"name": "mtadoctor", "version": "1"}, "products": [{"name": "msgserver", "version": "6.3", "root": "/opt/SUNWmsgsr"}],
            "commands": [], "listings": [], **more}


def command(out, argv=("imsimta", "version"), **more):
    return {"argv": list(argv), "exit": 0, "stdout": out, "stderr": None, "started": "2026-11-24T08:00:00Z", "ms": 1, **more}


WAYS_OUT = ["/etc/passwd", "../../etc/passwd", "commands/../../../etc/shadow", "//etc/passwd", "C:\\boot.ini", "", ".", "..", "commands/", "\x00", "a\nb", "x" * 100000]
WRONG = [None, True, -1, 1e400, [], {}, [[]], "\ud800", "\u0000", {"a": {"b": []}}]


def wrong_types():
    """Each member of the manifest as each wrong type, in one bundle after another inside of lists."""
    return base(created={}, timezone=[], host=17, tool="x", products={"name": 1}, commands={"argv": "x"}, listings="x", dns=[], redactions=7)


def wrong_members():
    return base(commands=[command(w) for w in WRONG if w != "\ud800"] + [command("x", argv=[w]) for w in WRONG if w != "\ud800"] + [7, None, [], "x"],
                listings=[{"root": w, "file": w, "complete": w} for w in WRONG if w != "\ud800"] + [7, None])


def cases():
    yield case("manifest_ways_out.tar.gz", bundle(base(commands=[command(p) for p in WAYS_OUT], listings=[{"root": "/var", "file": p, "complete": True} for p in WAYS_OUT], dns="../../etc/passwd")),
               "a manifest whose paths lead out of the bundle")
    yield case("manifest_same_file_twice.tar.gz", bundle(base(commands=[command("commands/01.out", argv=["ps", "-ef"])] * 500 + [command("commands/01.out", argv=["df", "-k"])],
               listings=[{"root": "/var/opt/SUNWmsgsr/queue", "file": "commands/01.out", "complete": True}] * 50), member(b"commands/01.out", b"UID PID PPID C STIME TTY TIME CMD\n")),
               "a manifest that names one file again and again, as different things")
    yield case("manifest_wrong_types.tar.gz", bundle(wrong_types()), "a manifest of wrong types", good=None)
    yield case("manifest_wrong_members.tar.gz", bundle(wrong_members()), "commands and listings of wrong types")
    yield case("manifest_deep.tar.gz", bundle(b'{"schema":"mtadoctor.bundle/1","commands":' + b"[" * 200000 + b"]" * 200000 + b"}"), "a manifest 200,000 levels deep", good=None)
    yield case("manifest_large.tar.gz", bundle(json.dumps(base(commands=[command("commands/%d.out" % i) for i in range(300000)])).encode()), "a manifest of 300,000 commands", message="more than 16 MiB")
    yield case("manifest_long_text.tar.gz", bundle(base(host="h" * (48 << 20), timezone="z" * (1 << 20))), "a host name of 48 MiB", good=None)
    yield case("manifest_duplicate_keys.tar.gz", bundle(b'{"schema":"mtadoctor.bundle/1","schema":"x","host":"a","host":"b","commands":[],"commands":[{}]}'), "keys that occur twice", good=None)
    yield case("manifest_no_json.tar.gz", bundle(b"\xff\xfe{not json"), "a manifest that is no JSON", good=None)
    yield case("manifest_empty.tar.gz", bundle(b""), "a manifest of no bytes", good=None)
    yield case("manifest_twice.tar.gz", tgz(member(b"manifest.json", json.dumps(base(host="first.example")).encode()), member(b"manifest.json", json.dumps(base(host="second.example")).encode()),
               good(b"files/var/opt/SUNWmsgsr/log/mail.log_current")), "two manifests", message="occurs twice")
    yield case("manifest_future.tar.gz", bundle(base(created="9999-12-31T23:59:59Z", timezone="Mars/Olympus", host="a\u001b[2Jb\nc")), "a manifest of the year 9999", good=None)
    yield case("manifest_newer.tar.gz", bundle(base(schema="mtadoctor.bundle/99")), "a version that is not there yet", good=None)
    yield case("hostile_dns.tar.gz", bundle(base(dns="dns.json"), member(b"dns.json", b'{"schema":"mtadoctor.dns/1","answers":' + json.dumps(
        [{"name": w, "type": w, "status": w, "records": w, "resolver": w, "ms": w} for w in WRONG if w != "\ud800"]).encode() + b"}")), "DNS answers of wrong types")
    yield case("hostile_facts.tar.gz", bundle(base(), member(b"facts.json", b'{"schema":"mtadoctor.facts/1","facts":' + json.dumps(
        [{"name": w, "value": w, "scope": w, "state": w, "sources": w} for w in WRONG if w != "\ud800"]).encode() + b"}")), "facts of wrong types")
    yield case("hostile_listing.tar.gz", bundle(base(listings=[{"root": "/var/opt/SUNWmsgsr/queue", "file": "listings/queue.tsv", "complete": True}]),
               member(b"listings/queue.tsv", b"".join(b"%s\t%s\t%s\n" % (p, s, t) for p in (b"../../x/ZZf0.00", b"tcp_local/000/" + b"Z" * 5000, b"\xff\xfe", b"\\x00", b"tcp_local/ZZf0B0w0.00")
               for s in (b"-1", b"99999999999999999999", b"", b"1e9") for t in (b"-1", b"99999999999999999999", b"", b"0")))), "a listing that lies", good=None)
