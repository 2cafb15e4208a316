"""Real databases of a made-up Calendar Server (calendar_host.Host), by the maker calendar_env, and damage to them as it happens.

What damages gets the folder and the host's generator of random numbers, and may return what stands for what in the texts of the host that the
numbers of the real files shall agree with. Byte offsets are those of Berkeley DB's files as its tools see them."""
import glob
import os
import re
import shutil
import struct
import subprocess

PAGE = 4096
LOG_MAGIC = 0x00040988
REGION_MAGIC = 0x00120897


def path_of_maker():
    """Where the build has put it (the test says so), or None."""
    path = os.environ.get("MD_CALENDAR_ENV") or shutil.which("calendar_env")
    return path if path and os.path.exists(path) else None


def tool(name):
    return shutil.which("db5.3_" + name) or shutil.which("db_" + name)


def is_possible():
    return path_of_maker() is not None and tool("verify") is not None


def make(folder, steps):
    os.makedirs(folder, exist_ok=True)
    subprocess.run([path_of_maker(), folder, f"page={PAGE}", *steps], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120)


def logs_of(folder):
    return sorted(glob.glob(os.path.join(glob.escape(folder), "log.*")))


def number_of(log):
    return int(log.rsplit(".", 1)[1])


def regions_of(folder):
    return sorted(glob.glob(os.path.join(glob.escape(folder), "__db.*")))


def patch(path, at, data):
    with open(path, "r+b") as f:
        f.seek(at)
        f.write(data)


# ---------------------------------------------------------------- pages
def pages_of(path):
    return os.path.getsize(path) // PAGE


def leaf_in_the_middle(path):
    with open(path, "rb") as f:
        data = f.read()
    leaves = [n for n in range(1, len(data) // PAGE) if data[n * PAGE + 25] == 5 and data[n * PAGE + 24] == 1]
    return leaves[len(leaves) // 2]


def garbage_page(name):
    def damage(folder, rng):
        path = os.path.join(folder, f"ics50{name}.db")
        patch(path, leaf_in_the_middle(path) * PAGE, rng.randbytes(PAGE))
    return damage


def zero_page(name):
    def damage(folder, rng):
        path = os.path.join(folder, f"ics50{name}.db")
        patch(path, leaf_in_the_middle(path) * PAGE, bytes(PAGE))
    return damage


def zero_meta(name):
    return lambda folder, rng: patch(os.path.join(folder, f"ics50{name}.db"), 0, bytes(PAGE))


def empty(name):
    return lambda folder, rng: open(os.path.join(folder, f"ics50{name}.db"), "wb").close()


def cut(name, odd=True):
    def damage(folder, rng):
        path = os.path.join(folder, f"ics50{name}.db")
        os.truncate(path, pages_of(path) * 2 // 5 * PAGE + (rng.randint(1, PAGE - 1) if odd else 0))
    return damage


# ---------------------------------------------------------------- logs and regions
def remove_regions(folder, rng):
    for path in regions_of(folder):
        os.unlink(path)


def remove_logs(folder, rng, restarted=None):
    """All logs and regions; the server was started once more (seconds since 1970) and began a log anew."""
    for path in logs_of(folder) + regions_of(folder):
        os.unlink(path)
    fresh = folder + ".fresh"
    made = int(os.stat(folder).st_mtime) if restarted is None else int(restarted)
    make(fresh, [f"at={made}", "checkpoint"])
    for path in logs_of(fresh)[:1] + regions_of(fresh):
        shutil.copy2(path, folder)
    shutil.rmtree(fresh)


def log_gap(folder, rng):
    logs = logs_of(folder)
    gone = logs[len(logs) // 2]
    os.unlink(gone)
    return {"0000000411": os.path.basename(gone)[4:], "file 411": f"file {number_of(gone)}", "file: 413": f"file: {number_of(logs[-1])}"}


def headless_log(folder, rng):
    """The newest log was created when the system went down: its first block was never written."""
    last = logs_of(folder)[-1]
    size = os.path.getsize(last)
    new = "%s.%010d" % (last.rsplit(".", 1)[0], number_of(last) + 1)
    with open(new, "wb") as f:
        f.truncate(size)
    return {"0000000414": os.path.basename(new)[4:]}


def panic(folder, rng):
    """The panic flag of the primary region, as a process sets it that finds the environment broken."""
    path = regions_of(folder)[0]
    with open(path, "rb") as f:
        head = f.read(256)
    at = head.find(struct.pack("<I", REGION_MAGIC))
    patch(path, at + 4, struct.pack("<I", 1))


# ---------------------------------------------------------------- as the library 4.2 writes it
def hash4(data):
    h = 0
    for c in data:
        h = (h * 33 + c) & 0xFFFFFFFF
    return h


def log_as_42(path):
    """The header's version, and checksums over the data alone, which took in the head of a record only later."""
    with open(path, "rb") as f:
        data = bytearray(f.read())
    if len(data) < 28 or struct.unpack_from("<I", data, 12)[0] != LOG_MAGIC:
        return
    struct.pack_into("<I", data, 16, 8)
    at = 0
    while at + 12 <= len(data):
        before, length, total = struct.unpack_from("<III", data, at)
        if length < 12 or at + length > len(data):
            break
        struct.pack_into("<I", data, at + 8, hash4(data[12:length]) if at == 0 else total ^ before ^ length)
        at += length
    with open(path, "wb") as f:
        f.write(data)


def as_42(folder):
    """Logs and regions as library 4.2 has them, by public descriptions; pages of a btree did not change between the two."""
    for path in logs_of(folder):
        log_as_42(path)
    for path in regions_of(folder)[:1]:
        with open(path, "rb") as f:
            data = f.read()
        if struct.unpack_from("<I", data, 0)[0] == REGION_MAGIC:
            head = struct.pack("<I", REGION_MAGIC) + data[4:8] + struct.pack("<III", 4, 2, 52)
            with open(path, "wb") as f:          # a mutex comes first
                f.write(bytes([1, 0, 0, 0]) + bytes(28) + head + bytes(len(data) - 32 - len(head)))


# ---------------------------------------------------------------- tools
def plain(text):
    """As older libraries say it: without the numbers of messages, and under the tool's plain name."""
    return re.sub(r"\bdb5\.3_", "db_", re.sub(r"BDB\d{4} ", "", text))


def run(name, *words):
    p = subprocess.run([tool(name), *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60, check=False)
    return p.returncode, plain(p.stdout.decode("utf-8", "replace"))


def copy(folder):
    to = folder + ".db_verify"
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(folder, to)
    return to


def recover(folder):
    """On a copy that stays. Returns its name, the status and what was said."""
    to = copy(folder)
    status, text = run("recover", "-v", "-h", to)
    return to, status, text


def verify(folder, names):
    """Of each file the status and what db_verify says, without an environment, as on a copy."""
    return {n: run("verify", os.path.join(folder, f"ics50{n}.db")) for n in names}
