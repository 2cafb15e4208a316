#!/bin/sh
# Walking all pages of a large calendar database against reading it with cat(1), warm cache, both in this run, best of several; and the memory
# in which it runs.
#
# usage: tests/bench/bdb.sh [BUILD_DIR [MIB]]     wanted: at most 1.5 of cat's time, in 8 MiB; exit status 1 where it is more
set -eu
build=${1:-build/release}
mib=${2:-1024}
rounds=5

cd "$(dirname "$0")/../.."
cmake --build "$build" --target bdb_verdict bdb_make >/dev/null
work=$(mktemp -d "${TMPDIR:-/tmp}/bdb.XXXXXX")
trap 'rm -rf "$work"' EXIT INT TERM
"$build/tests/bdb/bdb_make" "$work/small.db" btree 8192 - 20000 400

python3 - "$work" "$build/tests/bdb/bdb_verdict" "$mib" "$rounds" <<'PYTHON'
import json, os, struct, subprocess, sys, time

work, verdict, mib, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
PAGE = 8192
MEMORY = 8192  # KiB of address space, libraries and all
small, large = os.path.join(work, "small.db"), os.path.join(work, "large.db")

# The leaves of a real database, many times, each with the number of its place and its neighbours.
with open(small, "rb") as file:
    pages = file.read()
leaves = [bytearray(pages[at:at + PAGE]) for at in range(PAGE, len(pages), PAGE) if pages[at + 25] == 5]
n = mib * 1048576 // PAGE
with open(large, "wb") as file:
    meta = bytearray(pages[:PAGE])
    struct.pack_into("<I", meta, 32, n - 1)
    file.write(meta)
    for number in range(1, n):
        leaf = leaves[number % len(leaves)]
        struct.pack_into("<III", leaf, 8, number, number - 1 if number > 2 else 0, number + 1 if number + 1 < n else 0)
        file.write(leaf)


def best(command):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        out = subprocess.run(command, shell=True, capture_output=True, text=True, check=True).stdout
        times.append(time.perf_counter() - start)
    return min(times), out


def runs_in(kib, path):
    return subprocess.run(f"ulimit -v {kib}; exec {verdict} {path}", shell=True, capture_output=True, check=False).returncode == 0


best(f"cat {large} >/dev/null")
cat, _ = best(f"cat {large} >/dev/null")
walk, out = best(f"{verdict} {large}")
said = json.loads(out)
if said["pages"] != n or said["damaged"] or said["zeroed"]:
    sys.exit(f"the walk says {out}")
is_small = runs_in(MEMORY, small) and runs_in(MEMORY, large)
print(f"{mib} MiB, {n} pages: cat {cat:.3f} s, walk {walk:.3f} s, {walk / cat:.2f} of it; "
      f"{'runs' if is_small else 'does not run'} in {MEMORY} KiB of address space")
sys.exit(0 if walk <= 1.5 * cat and is_small else 1)
PYTHON
