#!/bin/sh
# `mtadoctor check` from start to exit: a configuration as installed, and one whose imta.cnf has many lines; best wall and processor
# time of several runs and the most memory that each took.
#
# usage: tests/bench/check.sh [BUILD_DIR [LINES [RUNS]]]
# wanted: under 20 ms as installed, under 0.5 s with 50,000 lines; exit status 1 where it is more
set -eu
build=${1:-build/release}
lines=${2:-50000}
runs=${3:-10}

cd "$(dirname "$0")/../.."
cmake --build "$build" --target mtadoctor >/dev/null
work=$(mktemp -d "${TMPDIR:-/tmp}/check.XXXXXX")
trap 'rm -rf "$work"' EXIT INT TERM
cp -r tests/scenarios/check/sound/b_relay-6.3 "$work/stock"

python3 - "$build/mtadoctor" "$work" "$lines" "$runs" <<'PYTHON'
import os, shutil, subprocess, sys, time

program, work, lines, runs = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])


def find(top, name):
    return next(os.path.join(folder, name) for folder, _, files in os.walk(top) if name in files)


def replace(path, old, new):
    with open(path, encoding="utf-8") as f:
        text = f.read()
    with open(path, "w", encoding="utf-8") as f:
        f.write(text.replace(old, new))


def large(top):
    """Rewrite rules and, in 6,000 of 50,000 lines, blocks of channels that are as sound as the others; the mappings cover them."""
    path = find(top, "imta.cnf")
    with open(path, encoding="utf-8") as f:
        rules, blocks = f.read().split("\n\n", 1)
    channels = lines // 25
    rules = [rules] + [f"d{i}.example.net  $U%$D@tcp_c{i % channels}-daemon" for i in range(lines - 3 * channels)]
    blocks = [blocks.rstrip("\n"), ""]
    blocks += [f"tcp_c{i} smtp mx single_sys subdirs 20 maxjobs 7 pool SMTP_POOL loopcheck\ntcp_c{i}-daemon\n" for i in range(channels)]
    with open(path, "w", encoding="utf-8") as f:
        f.write("\n".join(rules) + "\n\n" + "\n".join(blocks))
    replace(find(top, "mappings"), "tcp_local|*|tcp_local|*", "tcp_local|*|tcp_*|*")
    with open(path, encoding="utf-8") as f:
        return sum(1 for _ in f)


def measure(what, folder, limit_s):
    times, cpu, peak = [], [], 0
    for _ in range(runs + 1):    # the first one warms the cache
        start = time.monotonic()
        child = subprocess.Popen([program, "check", folder, "--fail-on", "never"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        said = child.stderr.read()
        _, status, usage = os.wait4(child.pid, 0)
        times.append(time.monotonic() - start)
        cpu.append(usage.ru_utime + usage.ru_stime)
        peak = max(peak, usage.ru_maxrss)
        if status != 0:
            sys.exit(f"{what}: ended with {status}: {said.decode()[:300]}")
    best = min(times[1:])
    print(f"{what:<28} best {best * 1000:6.1f} ms (processor {min(cpu[1:]) * 1000:.0f}), {peak // 1024} MiB; wanted: under {limit_s * 1000:.0f} ms")
    return best > limit_s


stock, many = os.path.join(work, "stock"), os.path.join(work, "many")
shutil.copytree(stock, many)
n = large(many)
failed = measure("as installed", stock, 0.02)
failed |= measure(f"imta.cnf of {n} lines", many, 0.5 * max(lines, 50000) / 50000)
sys.exit(failed)
PYTHON
