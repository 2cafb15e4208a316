#!/bin/sh
# A large mail.log_current inside of a tar.zst, analyzed as it is, against unpacking it with zstd and analyzing the log as a plain file,
# warm cache, all in this run, best of several.
#
# usage: tests/bench/bundle.sh [BUILD_DIR [BYTES [LOG]]]
# wanted: at most 1.3 times the two together, 96 MiB resident and nothing written; exit status 1 where it is more
set -eu
build=${1:-build/release}
bytes=${2:-1.074e9}
log=${3:-}
rounds=3

cd "$(dirname "$0")/../.."
cmake --build "$build" --target mtadoctor >/dev/null
work=$(mktemp -d "${TMPDIR:-/tmp}/bundle.XXXXXX")
trap 'rm -rf "$work"' EXIT INT TERM
mkdir "$work/log" "$work/empty"
if [ -n "$log" ]; then
  ln "$log" "$work/log/mail.log_current" 2>/dev/null || cp "$log" "$work/log/mail.log_current"
else
  python3 tests/bench/gen_mail_log.py "$bytes" >"$work/log/mail.log_current"
fi
tar -cf - -C "$work" log | zstd -q -3 -o "$work/log.tar.zst"

python3 - "$work" "$build/mtadoctor" "$rounds" <<'PYTHON'
import os, subprocess, sys, time

work, program, rounds = sys.argv[1], os.path.abspath(sys.argv[2]), int(sys.argv[3])
log, archive, empty = (os.path.join(work, name) for name in ("log/mail.log_current", "log.tar.zst", "empty"))


def run(*command):
    start = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=empty, env=dict(os.environ, TMPDIR=empty))
    _, status, usage = os.wait4(child.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit("%s failed" % command[0])
    return time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


unpack, plain, packed = [], [], []
for _ in range(rounds + 1):    # the first one warms the cache
    unpack.append(run("zstd", "-q", "-dc", archive))
    plain.append(run(program, "analyze", log))
    packed.append(run(program, "analyze", archive))
theirs = [min(x[1:]) for x in (unpack, plain)]
mine, rss = min(packed[1:]), max(x[2] for x in packed)
ratio = mine[0] / (theirs[0][0] + theirs[1][0])
print("%.2f GB in %.2f GB: zstd %.2f s + plain %.2f s, mtadoctor on the archive %.2f s, ratio %.2f (wanted 1.30); processors %.2f + %.2f s against %.2f s; "
      "resident %.0f MiB (wanted 96); written: %s"
      % (os.path.getsize(log) / 1e9, os.path.getsize(archive) / 1e9, theirs[0][0], theirs[1][0], mine[0], ratio, theirs[0][1], theirs[1][1], mine[1], rss,
         ", ".join(os.listdir(empty)) or "nothing"))
sys.exit(ratio > 1.3 or rss > 96 or bool(os.listdir(empty)))
PYTHON
