"""usage: collect_trouble.py MTADOCTOR

`collect` where something comes between: Ctrl-C while it reads and while it writes, a file system that is nearly full, files that may not grow.
Whatever it is, no file is left, the source is as it was, and the exit status and a sentence say that there is no bundle. Each test is a
function whose name is a sentence. Ends with "N passed, N failed"."""
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import inputs     # noqa: E402
import program    # noqa: E402

files = inputs.files
ENTRY = "{day:02}-Nov-2026 {hour:02}:{minute:02}:{second:02}.00 tcp_local    E {size} u{a}@site{b}.example rfc822;v{c}@host{d}.example v{c}@host{d}.example\n"
LINES = 200000      # of the log: so much that a signal comes in the middle


class Case:
    def __init__(self, binary):
        self.binary = binary
        self.folder = tempfile.mkdtemp(prefix="mtadoctor-trouble-")
        self.source = os.path.join(self.folder, "source")
        self.out = os.path.join(self.folder, "out")
        os.makedirs(self.out)
        files.write_loose(inputs.host({"seed": 5, "version": "6.3", "roles": "relay+store"}), self.source)
        dice = random.Random(5)
        with open(os.path.join(self.source, "mail.log_current"), "a", encoding="utf-8") as f:
            f.writelines(ENTRY.format(day=1 + i * 20 // LINES, hour=i * 480 // LINES % 24, minute=i // 60 % 60, second=i % 60, size=dice.randrange(999),
                                      a=dice.randrange(10 ** 6), b=dice.randrange(10 ** 4), c=dice.randrange(10 ** 9), d=dice.randrange(10 ** 5))
                         for i in range(LINES))
        self.before = self.snapshot()

    def snapshot(self):
        return sorted((d, n, os.lstat(os.path.join(d, n)).st_mtime_ns) for d, _, names in os.walk(self.source) for n in names)

    def argv(self, name, *more):
        return [self.binary, "collect", "--from", self.source, "-o", name, *more]

    def collect(self, *more, **how):
        return program.run(self.argv(os.path.join(self.out, "b.tar.gz"), *more), cwd=self.folder, limit_s=120, **how)

    def nothing_left(self, p, says):
        """What is wrong with a run that must not have made a bundle."""
        bad = []
        if p.status != 3 or says not in p.err_text or p.out:
            bad.append(f"status {p.status}, {p.out[:100]!r}, {p.err_text[-300:]}")
        if os.listdir(self.out):
            bad.append(f"there is {os.listdir(self.out)}")
        if self.snapshot() != self.before:
            bad.append("the source was changed")
        return bad


def a_signal_while_it_reads_leaves_nothing(case):
    return [x for number in (signal.SIGINT, signal.SIGTERM)
            for x in case.nothing_left(case.collect(interrupt_at="mail.log_current", interrupt_by=number), "interrupted")]


def a_signal_while_it_writes_leaves_nothing(case):
    return [x for number in (signal.SIGINT, signal.SIGTERM)
            for x in case.nothing_left(case.collect(interrupt_at=".b.tar.gz.", interrupt_by=number), "interrupted")]


def what_was_there_stays_after_a_signal(case):
    whole = os.path.join(case.out, "b.tar.gz")
    with open(whole, "wb") as f:
        f.write(b"an older bundle")
    p = case.collect(interrupt_at=".b.tar.gz.")
    with open(whole, "rb") as f:
        is_same = f.read() == b"an older bundle"
    return [] if p.status == 3 and is_same and os.listdir(case.out) == ["b.tar.gz"] else [f"status {p.status}, {os.listdir(case.out)}, the same: {is_same}"]


def files_that_may_not_grow_leave_nothing(case):
    bad = []
    for n in (2000, 100000, 1500000):      # standard error is a file as well
        p = case.collect(preexec_fn=lambda most=n: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)))
        bad += [f"{n} bytes: {x}" for x in case.nothing_left(p, "no bundle was written")]
    return bad


def in_a_small_file_system(case, size_mib, *more):
    """The outcome, what is left, and the bytes that are free then; None where this user may not mount."""
    small = os.path.join(case.folder, "small")
    os.makedirs(small, exist_ok=True)
    enter = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-r", "-m"]
    if shutil.which("unshare") is None or subprocess.run(enter + ["mount", "-t", "tmpfs", "none", small], capture_output=True, check=False).returncode != 0:
        print("not tried: this user may not mount a file system", flush=True)
        return None
    script = 'mount -t tmpfs -o size="$1"m none "$2" || exit 99; left=$2; shift 2; "$@"; status=$?; ls -A "$left"; df -Pk "$left" | tail -1; exit $status'
    p = program.run(enter + ["sh", "-c", script, "sh", str(size_mib), small, *case.argv(os.path.join(small, "b.tar.gz"), *more)], cwd=case.folder, limit_s=120)
    *left, df = p.out.decode().splitlines()
    return p, left, int(df.split()[3])


def too_little_room_is_said_before_anything_is_done(case):
    outcome = in_a_small_file_system(case, 70)
    if outcome is None:
        return []
    p, left, _ = outcome
    return [] if p.status == 3 and not left and "not enough room" in p.err_text and "collecting" not in p.err_text else [f"status {p.status}, {left}, {p.err_text[-300:]}"]


def a_file_system_is_never_filled(case):
    """Between what was free and the reserve of 64 MiB there is less room than the bundle would take."""
    outcome = in_a_small_file_system(case, 66, "--limit", "8M")
    if outcome is None:
        return []
    p, left, free_kib = outcome
    if free_kib < 60 * 1024:
        return [f"{free_kib} KiB are left free"]
    good = ["b.tar.gz"] if p.status == 0 else []
    return [] if p.status in (0, 3) and left == good else [f"status {p.status}, {left}, {p.err_text[-300:]}"]


def files_that_grow_and_vanish_leave_a_whole_bundle(case):
    """Everything is read twice, first to learn the names; what comes in between must not be in it by name."""
    log = os.path.join(case.source, "mail.log_current")
    with open(log, encoding="utf-8") as f:
        lines = f.readlines()
    with open(log, "w", encoding="utf-8") as f:
        f.writelines(lines[-20000:])
    others = [os.path.join(d, n) for d, _, names in os.walk(case.source) for n in names if n.startswith("Z")]
    is_over = threading.Event()

    def change():
        for n in range(100000):
            if is_over.wait(0.002):
                return
            with open(log, "a", encoding="utf-8") as f:
                f.write(ENTRY.format(day=20, hour=1, minute=2, second=3, size=3, a=n, b=n, c=n, d=n).replace("host", "grown-"))
            if others and n % 20 == 0:
                os.unlink(others.pop())

    changer = threading.Thread(target=change)
    changer.start()
    try:
        p = case.collect()
    finally:
        is_over.set()
        changer.join()
    if p.status != 0 or os.listdir(case.out) != ["b.tar.gz"]:
        return [f"status {p.status}, {os.listdir(case.out)}, {p.err_text[-300:]}"]
    bad = []
    with tarfile.open(os.path.join(case.out, "b.tar.gz")) as bundle:
        for m in bundle:
            text = bundle.extractfile(m).read() if m.isfile() else b""
            bad += [f"{m.name}: names what was written meanwhile"] if b"grown-" in text else []
            bad += [f"{m.name}: ends within a line"] if "mail.log" in m.name and not text.endswith(b"\n") else []
    after = program.run([case.binary, "analyze", os.path.join(case.out, "b.tar.gz")], limit_s=120)
    return bad + ([f"analyze: status {after.status}"] if after.status > 1 else [])


TESTS = [a_signal_while_it_reads_leaves_nothing, a_signal_while_it_writes_leaves_nothing, what_was_there_stays_after_a_signal,
         files_that_may_not_grow_leave_nothing, too_little_room_is_said_before_anything_is_done, a_file_system_is_never_filled,
         files_that_grow_and_vanish_leave_a_whole_bundle]


def one(job):
    binary, test = job
    case = Case(binary)
    try:
        bad = test(case)
    except (program.Wrong, AssertionError, OSError, ValueError) as e:
        bad = [f"{type(e).__name__} {e}"]
    finally:
        shutil.rmtree(case.folder)
    return test.__name__.replace("_", " "), bad


def main(argv):
    if not argv:
        sys.exit(__doc__)
    return program.report([(os.path.abspath(argv[0]), t) for t in TESTS if not argv[1:] or any(p in t.__name__ for p in argv[1:])], one)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
