#!/bin/sh
# A census with ages of a large queue against find(1) on the same tree, warm cache, both in this run, best of several.
#
# usage: tests/bench/census.sh [BUILD_DIR [FILES]]     wanted: at most 0.5 of find's time; exit status 1 where it is more
set -eu
build=${1:-build/dev}
files=${2:-300000}
rounds=5

cd "$(dirname "$0")/../.."
cmake --build "$build" --target census_bench >/dev/null
work=$(mktemp -d "${TMPDIR:-/tmp}/census.XXXXXX")
trap 'rm -rf "$work"' EXIT INT TERM

python3 - "$work/queue" "$files" <<'PYTHON'
import os, random, sys

root, files = sys.argv[1], int(sys.argv[2])
rnd = random.Random(1)
letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
channels = ["tcp_local", "tcp_local", "ims-ms", "tcp_intranet"]
for channel in set(channels):
    for n in range(1, 21):
        os.makedirs(f"{root}/{channel}/{n:03}")
for _ in range(files):
    unique = "f0" + "".join(rnd.choice(letters) for _ in range(9))
    name = f"{root}/{rnd.choice(channels)}/{rnd.randint(1, 20):03}/Z{rnd.choice('ZZYXW')}{unique}.{rnd.choice(['00', '01'])}"
    os.close(os.open(name, os.O_CREAT | os.O_WRONLY))
    at = 1795507920 - rnd.randint(0, 500000)
    os.utime(name, (at, at))
PYTHON

python3 - "$work/queue" "$build/bench/census_bench" "$rounds" <<'PYTHON'
import subprocess, sys, time

queue, bench, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])


def best(command):
    times = []
    for _ in range(rounds + 1):    # the first one warms the cache
        start = time.monotonic()
        subprocess.run(command, shell=True, check=True, stdout=subprocess.DEVNULL)
        times.append(time.monotonic() - start)
    return min(times[1:])


def shell(word):
    return "'" + word.replace("'", "'\\''") + "'"


find = best(f"find {shell(queue)} -type f -printf '%T@ %s\\n' | wc -l")
ours = best(f"{shell(bench)} {shell(queue)}")
print(subprocess.run([bench, queue], check=True, stdout=subprocess.PIPE, text=True).stdout.strip())
print(f"find {find:.3f} s, census {ours:.3f} s, ratio {ours / find:.2f} (wanted: at most 0.5)")
sys.exit(ours > 0.5 * find)
PYTHON
