"""Runs the program under test once and says what came of it. Never through a shell, never through a pipe of other programs."""
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time

# What a sanitizer adds to the time; ctest sets it for builds that have one.
SLOWNESS = float(os.environ.get("MD_SLOWNESS", "1"))
# Of a long list of like cases every so many-th is tried; 1: all of them.
SHARE = int(os.environ.get("MD_SHARE", "1"))
LIMIT_S = 60
SANITIZER = ("AddressSanitizer", "LeakSanitizer", "runtime error:", "UndefinedBehaviorSanitizer")


class Wrong(Exception):
    """The program did what it must never do: crashed, or did not end in time."""


class Outcome:
    def __init__(self, status, out, err, max_rss_kib):
        self.status = status
        self.out = out
        self.err = err
        self.max_rss_kib = max_rss_kib

    @property
    def err_text(self):
        return self.err.decode("utf-8", "replace")


def environment(zone="UTC", locale="C", **more):
    env = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "LANG", "LANGUAGE") and not k.startswith("LC_")}
    env.update(TZ=zone, LC_ALL=locale, TERM="xterm")
    env.setdefault("ASAN_OPTIONS", "detect_leaks=1:abort_on_error=0:exitcode=99")
    env.setdefault("UBSAN_OPTIONS", "print_stacktrace=1")
    env.update(more)
    return env


def report(jobs, one, processes=2):
    """`one` of each job, several at a time, gives a name and what is wrong; that is printed, with "N passed, N failed". Returns an exit status."""
    failed = 0
    with multiprocessing.Pool(processes) as pool:
        for name, bad in pool.imap_unordered(one, jobs):
            if bad:
                failed += 1
                print(f"FAILED {name}: " + "\n  ".join(bad), flush=True)
    print(f"{len(jobs) - failed} passed, {failed} failed")
    return 1 if failed or not jobs else 0


def interrupt_when_open(child, name, number):
    folder = f"/proc/{child.pid}/fd"
    while child.returncode is None:
        try:
            if any(os.path.basename(os.readlink(os.path.join(folder, fd))).startswith(name) for fd in os.listdir(folder)):
                time.sleep(0.05)
                os.kill(child.pid, number)
                return
        except OSError:
            pass
        time.sleep(0.002)


def run(argv, cwd=None, env=None, limit_s=LIMIT_S, interrupt_at=None, interrupt_by=signal.SIGINT, preexec_fn=None):
    """`interrupt_at`: how the name of a file begins; the signal comes when the program has it open. Raises Wrong."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=out, stderr=err, cwd=cwd, env=env or environment(),
                                 preexec_fn=preexec_fn)
        is_late = threading.Event()

        def give_up():
            is_late.set()
            child.kill()

        timers = [threading.Timer(limit_s * SLOWNESS, give_up)]
        if interrupt_at is not None:
            timers.append(threading.Timer(0, interrupt_when_open, (child, interrupt_at, interrupt_by)))
        for t in timers:
            t.start()
        try:
            _, status, usage = os.wait4(child.pid, 0)
        finally:
            for t in timers:
                t.cancel()
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        result = Outcome(child.returncode, out.read(), err.read(), usage.ru_maxrss)
    if is_late.is_set():
        raise Wrong(f"no answer in {limit_s * SLOWNESS:.0f} s")
    if result.status < 0:
        raise Wrong(f"ended by signal {-result.status}: {result.err_text[-300:]}")
    if any(s in result.err_text for s in SANITIZER):
        raise Wrong("sanitizer: " + result.err_text[-3000:])
    if result.status not in (0, 1, 2, 3):
        raise Wrong(f"exit status {result.status}: {result.err_text[-300:]}")
    return result


def run_tests(argv, doc, functions, helpers, make):
    """The functions of a file of tests (its globals()) but the helpers, those with a part of a name in argv[1:]; make(binary): what each gets."""
    if not argv:
        sys.exit(doc)
    tests = [f for n, f in functions.items() if callable(f) and getattr(f, "__module__", None) == functions["__name__"] and n not in helpers]
    tests = [f for f in tests if not argv[1:] or any(p in f.__name__ for p in argv[1:])]
    bench, failed = make(os.path.abspath(argv[0])), 0
    try:
        for test in tests:
            try:
                test(bench)
            except (Wrong, AssertionError, OSError, ValueError, KeyError, IndexError, StopIteration, subprocess.SubprocessError) as e:
                failed += 1
                print(f"FAILED {test.__name__.replace('_', ' ')}: {type(e).__name__} {e}", flush=True)
    finally:
        bench.close()
    print(f"{len(tests) - failed} passed, {failed} failed")
    return 1 if failed else 0
