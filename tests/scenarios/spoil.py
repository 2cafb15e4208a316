"""A zoo of wrong inputs. Each function takes the made host (or None), the folder of a good input and its own arguments, and spoils it.
It may return the name, beside the folder, of the input to give instead."""
import glob
import io
import json
import os
import tarfile
from datetime import timedelta

import files


def path_of(h, top, name):
    """Where a file of the input is: log/NAME, config/NAME, or a path in the bundle."""
    kind, _, rest = name.partition("/")
    roots = {"log": h.log_root, "config": h.config_root} if h else {}
    if kind in roots:
        for path in (os.path.join(top, "files" + roots[kind], rest), os.path.join(top, rest), top + roots[kind] + "/" + rest):
            if glob.glob(path):
                return path
    return os.path.join(top, name)


def read(path):
    with open(path, "rb") as f:
        return f.read()


def write(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(data if isinstance(data, bytes) else data.encode("utf-8"))


def pack_tar(top, archive, mode="w:gz", arcname="bundle"):
    with tarfile.open(archive, mode, **({"compresslevel": 1} if mode == "w:gz" else {})) as t:
        t.add(top, arcname=arcname)


# ------------------------------------------------------------------ whole files
def remove(h, top, *names):
    for name in names:
        found = glob.glob(path_of(h, top, name))
        if not found:
            raise AssertionError(f"{name} is not there: the scenario says nothing")
        for path in found:
            os.unlink(path)


def empty(h, top, *names):
    for name in names:
        write(path_of(h, top, name), b"")


def truncate(h, top, name, keep):
    """Keeps that share of the bytes."""
    path = path_of(h, top, name)
    data = read(path)
    write(path, data[:int(len(data) * keep)])


def put(h, top, name, *lines):
    write(path_of(h, top, name), "".join(line + "\n" for line in lines))


def append(h, top, name, *lines):
    path = path_of(h, top, name)
    write(path, (read(path) if os.path.exists(path) else b"") + "".join(line + "\n" for line in lines).encode("utf-8", "surrogateescape"))


def only(h, top, *patterns):
    """Keeps only the files that match."""
    keep = {os.path.realpath(p) for pattern in patterns for p in glob.glob(path_of(h, top, pattern))}
    for folder, _, names in os.walk(top, topdown=False):
        for n in names:
            if os.path.realpath(os.path.join(folder, n)) not in keep:
                os.unlink(os.path.join(folder, n))
        if folder != top and not os.listdir(folder):
            os.rmdir(folder)


def binary(h, top, name, size=20000):
    """Bytes of every value, always the same ones."""
    state, out = 12345, bytearray()
    for _ in range(size):
        state = (1103515245 * state + 12345) % 2147483648
        out.append(state >> 16 & 255)
    path = path_of(h, top, name)
    lines = read(path).split(b"\n") if os.path.exists(path) else []
    middle = len(lines) // 2
    write(path, b"\n".join(lines[:middle] + [bytes(out)] + lines[middle:]))


def insert_bytes(h, top, name, hexadecimal, times=1, at=0.5):
    """A line of these bytes, repeated, in the middle."""
    path = path_of(h, top, name)
    lines = read(path).split(b"\n")
    k = int(len(lines) * at)
    write(path, b"\n".join(lines[:k] + [bytes.fromhex(hexadecimal) * times] + lines[k:]))


def long_line(h, top, name, length=1000000, beginning=""):
    path = path_of(h, top, name)
    lines = read(path).split(b"\n") if os.path.exists(path) else [b""]
    k = len(lines) // 2
    write(path, b"\n".join(lines[:k] + [beginning.encode() + b"A" * length] + lines[k:]))


def cut_last_line(h, top, name):
    path = path_of(h, top, name)
    lines = read(path).rstrip(b"\n").split(b"\n")
    write(path, b"\n".join(lines[:-1] + [lines[-1][:len(lines[-1]) // 2]]))


def crlf(h, top, *names):
    for name in names:
        path = path_of(h, top, name)
        write(path, read(path).replace(b"\n", b"\r\n"))


def no_final_newline(h, top, *names):
    for name in names:
        path = path_of(h, top, name)
        write(path, read(path).rstrip(b"\n"))


def latin1(h, top, name):
    """Every second line gets names of another alphabet, in Latin-1."""
    path = path_of(h, top, name)
    lines = read(path).split(b"\n")
    write(path, b"\n".join(l.replace(b"user1", b"J\xfcrgen.M\xe5rtensson") if i % 2 else l for i, l in enumerate(lines)))


def replace(h, top, name, old, new):
    path = path_of(h, top, name)
    data = read(path)
    if old.encode() not in data:
        raise AssertionError(f"{old!r} is not in {name}: the scenario says nothing")
    write(path, data.replace(old.encode(), new.encode("utf-8", "surrogateescape")))


# ------------------------------------------------------------------ hostile contents
def hostile_address(h, top, address, text="Connection timed out", count=60):
    """Messages that wait for a destination with such a name; every attempt failed."""
    log = path_of(h, top, "log/mail.log_current")
    listing = path_of(h, top, "listings/queue.tsv")
    local = lambda t: t.astimezone(h.zone)
    lines, rows = [], []
    for i in range(count):
        at = h.now - timedelta(minutes=170 - i)
        stamp = lambda t: local(t).strftime("%d-%b-%Y %H:%M:%S.00")
        name = f"tcp_local/001/ZZf0hostile{i:05d}.00"
        lines.append((stamp(at), f"tcp_intranet tcp_local EE 3 user1@{h.domain} rfc822;x{i}@{address} x{i}@{address} {h.queue_root}/{name} <m{i}@{h.host}>"))
        lines.append((stamp(at), f"tcp_local  QE 3 user1@{h.domain} rfc822;x{i}@{address} x{i}@{address} {h.queue_root}/{name} <m{i}@{h.host}> TCP active open: Failed connect() 198.51.100.9:25  Error: {text}"))
        rows.append(f"tcp_local/001/ZYf0hostile{i:05d}.01\t3000\t{int(at.timestamp())}\n")
    data = read(log) + "".join(f"{s} {l}\n" for s, l in lines).encode("utf-8", "surrogateescape")
    write(log, data)
    write(listing, read(listing) + "".join(rows).encode())


def many_destinations(h, top, count=100000):
    log = path_of(h, top, "log/mail.log_current")
    stamp = (h.now - timedelta(minutes=50)).astimezone(h.zone).strftime("%d-%b-%Y %H:%M:%S.00")
    with open(log, "ab") as f:
        for i in range(count):
            d = f"r@site{i}.example"
            f.write(f"{stamp} tcp_local  QE 3 user1@{h.domain} rfc822;{d} {d} {h.queue_root}/tcp_local/001/ZZf0m{i:08d}.00 <m{i}@x.example> TCP active open: Failed connect() 198.51.100.9:25  Error: Connection timed out\n".encode())


def odd_times(h, top):
    """Lines of the year 9999, of no day, of hour 25, and of the hour that a clock change repeats."""
    append(h, top, "log/mail.log_current", *[f"{when} tcp_local  QE 3 a@{h.domain} rfc822;b@c.example b@c.example  <m@x.example> TCP active open: Failed connect()    Error: Connection refused"
        for when in ("31-Dec-9999 23:59:59.99", "00-Jan-2026 10:00:00.00", "31-Feb-2026 10:00:00.00", "12-Mar-2026 25:61:61.00", "01-Nov-2026 01:30:00.00", "01-Nov-2026 01:30:00.00", "12-Xyz-2026 10:00:00.00", "01-Jan-0000 00:00:00.00")])


def future_files(h, top):
    path = path_of(h, top, "listings/queue.tsv")
    write(path, read(path) + b"tcp_local/001/ZZf0future0001.00\t3000\t253402300799\ntcp_local/001/ZZf0future0002.00\t3000\t-5\n"
          b"tcp_local/001/ZZf0future0003.00\t3000\t99999999999999999999999\ntcp_local/001/ZZf0future0004.00\t-1\t1\nnot a row\n\t\t\n")


# ------------------------------------------------------------------ archives
def archive(h, top, mode="w:gz", name="input.tar.gz"):
    pack_tar(top, os.path.join(os.path.dirname(top), name), mode)
    return name


def cut_archive(h, top, keep=0.6):
    name = archive(h, top)
    truncate(None, os.path.dirname(top), name, keep)
    return name


def corrupt_archive(h, top):
    name = archive(h, top)
    path = os.path.join(os.path.dirname(top), name)
    data = bytearray(read(path))
    for i in range(len(data) // 2, len(data) // 2 + 200):
        data[i] ^= 0x5A
    write(path, bytes(data))
    return name


def escaping_archive(h, top):
    """Beside the good files: a path upwards, an absolute path, links out, a device and a pipe."""
    name = os.path.join(os.path.dirname(top), "input.tar")
    with tarfile.open(name, "w") as t:
        t.add(top, arcname="bundle")
        def add(path, data=b"owned\n", **more):
            info = tarfile.TarInfo(path)
            info.size = len(data) if not more else 0
            for k, v in more.items():
                setattr(info, k, v)
            t.addfile(info, io.BytesIO(data) if not more else None)
        add("../../escaped.txt")
        add("/tmp/mtadoctor-escaped.txt")
        add("bundle/files/etc/passwd", type=tarfile.SYMTYPE, linkname="/etc/passwd")
        add("bundle/files/etc/shadow", type=tarfile.LNKTYPE, linkname="../../../../etc/shadow")
        add("bundle/dev", type=tarfile.CHRTYPE)
        add("bundle/pipe", type=tarfile.FIFOTYPE)
    return "input.tar"


def bomb(h, top, mebibytes=700):
    """A small archive whose one file is large: the bytes are made while they are packed."""
    class Zeros:
        left = mebibytes << 20
        def read(self, n):
            n = min(n, self.left)
            self.left -= n
            return b"0" * n
    name = os.path.join(os.path.dirname(top), "input.tar.gz")
    with tarfile.open(name, "w:gz", compresslevel=9) as t:
        t.add(top, arcname="bundle")
        info = tarfile.TarInfo("bundle/files" + h.log_root + "/mail.log")
        info.size = mebibytes << 20
        t.addfile(info, Zeros())
    return "input.tar.gz"


def nested_archive(h, top, levels=40):
    data = b"nothing"
    for i in range(levels):
        b = io.BytesIO()
        with tarfile.open(fileobj=b, mode="w:gz") as t:
            info = tarfile.TarInfo(f"level{i}.tar.gz")
            info.size = len(data)
            t.addfile(info, io.BytesIO(data))
        data = b.getvalue()
    write(os.path.join(top, "more.tar.gz"), data)


def as_file(h, top, name):
    """Gives one file of the input instead of its folder."""
    return os.path.join(os.path.basename(top), name)


def missing(h, top):
    return "nowhere"


def link_loop(h, top):
    os.symlink("..", os.path.join(top, "up"))
    os.symlink("self", os.path.join(top, "self"))


def special_files(h, top):
    os.mkfifo(os.path.join(top, "mail.log"))
    os.symlink("/dev/zero", os.path.join(top, "mail.log_yesterday"))


def many_levels(h, top, levels=300):
    os.makedirs(os.path.join(top, *["d"] * levels))


def many_files(h, top, count=3000):
    for i in range(count):
        write(os.path.join(top, "many", f"f{i}"), b"")


def unreadable(h, top, *names):
    for name in names:
        os.chmod(path_of(h, top, name), 0)


# ------------------------------------------------------------------ structured inputs
def manifest(h, top, **changes):
    path = os.path.join(top, "manifest.json")
    with open(path, encoding="utf-8") as f:
        m = json.load(f)
    m.update(changes)
    write(path, json.dumps(m))


def manifest_points_astray(h, top):
    manifest(h, top, listings=[{"root": h.queue_root, "file": "listings/absent.tsv", "complete": True}, {"root": "x", "file": "../../../etc/passwd", "complete": True}],
             dns="absent.json", commands=[{"argv": ["imsimta", "process"], "exit": 0, "stdout": "commands/absent.out"}, {"argv": [], "exit": "x"}, 7])


def manifest_of_other_types(h, top):
    manifest(h, top, created=17, timezone=["UTC"], host={"a": 1}, products="msgserver", commands={"a": "b"}, listings=None)


def deep_json(h, top, name, depth=100000):
    write(path_of(h, top, name), b"[" * depth)


def huge_numbers(h, top, name):
    write(path_of(h, top, name), json.dumps({"schema": "mtadoctor.facts/1", "source": {"host": "x"}, "facts": [
        {"name": "host.product", "value": "msgserver", "unit": "", "scope": {}, "state": "known"},
        {"name": "queue.files", "value": 1e308, "unit": "files", "scope": {}, "state": "known"},
        {"name": "channel.files", "value": -5, "unit": "files", "scope": {"channel": "tcp_local"}, "state": "known"},
        {"name": "channel.files", "value": "many", "unit": "files", "scope": {"channel": "tcp_x"}, "state": "known"},
        {"name": "no.such_fact", "value": 1, "unit": "", "scope": {}, "state": "known"},
        {"name": "channel.files", "value": 1, "unit": "files", "scope": {"planet": "mars"}, "state": "known"},
        {"name": "channel.files", "value": 1, "unit": "files", "scope": {"channel": "\u202egpj.\u0007evil"}, "state": "known"},
        {"name": "channel.oldest_s", "value": 99999999999999999999, "unit": "s", "scope": {"channel": "tcp_local"}, "state": "known"},
        "not a fact", None, []]}))
