#!/bin/sh
# Reading and classifying a large mail.log_current (mtadoctor facts on it) against mawk counting one column of the same file, warm cache,
# both in this run, best of several.
#
# usage: tests/bench/mail_log.sh [BUILD_DIR [BYTES [LOG]]]
# wanted: at most 0.6 of mawk's time and 64 MiB resident; exit status 1 where it is more
set -eu
build=${1:-build/release}
bytes=${2:-1e9}
log=${3:-}
rounds=5

cd "$(dirname "$0")/../.."
cmake --build "$build" --target mtadoctor >/dev/null
work=$(mktemp -d "${TMPDIR:-/tmp}/mail_log.XXXXXX")
trap 'rm -rf "$work"' EXIT INT TERM
if [ -n "$log" ]; then
  cp "$log" "$work/mail.log_current"
else
  python3 tests/bench/gen_mail_log.py "$bytes" >"$work/mail.log_current"
fi

python3 - "$work" "$build/mtadoctor" "$rounds" <<'PYTHON'
import os, subprocess, sys, time

work, program, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
log = os.path.join(work, "mail.log_current")


def run(command):
    start = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    if status != 0:
        sys.exit("%s failed" % command[0])
    return time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


ours, theirs = [], []
for _ in range(rounds + 1):    # the first one warms the cache
    theirs.append(run(["mawk", "{c[$4]++} END{for(k in c)print k,c[k]}", log]))
    ours.append(run([program, "facts", work]))
mine, other = min(ours[1:]), min(theirs[1:])
rss = max(x[2] for x in ours)
print("%.2f GB: mtadoctor %.2f s (%.2f s of processors), mawk %.2f s (%.2f s), ratio %.2f (wanted 0.60), resident %.0f MiB (wanted 64)"
      % (os.path.getsize(log) / 1e9, mine[0], mine[1], other[0], other[1], mine[0] / other[0], rss))
sys.exit(mine[0] > 0.6 * other[0] or rss > 64)
PYTHON
