"""usage: population.py MTADOCTOR healthy|broken COUNT [SEED]

Makes COUNT whole hosts (tests/generate) of all versions and roles and judges what mtadoctor says of each. A healthy host must give the
verdict `normal` and no fault of probability 0.5 or more; one that is broken in a known way its diagnosis. Ends with "N passed, N failed"."""
import json
import os
import shutil
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(HERE, "..", "generate"))

import files      # noqa: E402
import judge      # noqa: E402
import make       # noqa: E402
import program    # noqa: E402


def one(job):
    binary, kind, i, seed, keep = job
    h, expect, what = make.healthy(i, seed) + ("healthy",) if kind == "healthy" else make.faulty(i, seed)
    if kind == "healthy":
        expect = {"verdict": "normal", "max_probability": 0.5}
    shape = make.SHAPES[i % len(make.SHAPES) if kind == "healthy" else (i + i // len(make.faults.ALL)) % len(make.SHAPES)]
    name = f"{what}_{i:03d}_{h.version}_{h.roles.replace('+', '-')}_{shape}"
    top = tempfile.mkdtemp(prefix="mtadoctor-host-")
    try:
        src = files.write(h, top, shape)
        argv = [binary, "analyze", os.path.basename(src), "--at", h.now.astimezone(h.zone).isoformat()]
        if shape == "loose":
            argv += ["--timezone", h.zone.key]
        bad, said = judge.judge(argv, top, expect)
        bad += judge.asked_in_vain(json.loads(said[1])) if said else []
    except program.Wrong as e:
        bad = [str(e)]
    except Exception as e:      # a broken test is a failed test
        bad = [f"{type(e).__name__}: {e}"]
    if bad and keep:
        shutil.copytree(top, os.path.join(keep, name), dirs_exist_ok=True)
        with open(os.path.join(keep, name, "command"), "w", encoding="utf-8") as f:
            f.write(" ".join(argv) + "\n")
    shutil.rmtree(top)
    return name, bad


def main(argv):
    if len(argv) < 3:
        sys.exit(__doc__)
    binary, kind, count = os.path.abspath(argv[0]), argv[1], int(argv[2])
    base = int(argv[3]) if len(argv) > 3 else 1
    keep = os.environ.get("MD_KEEP")          # a folder for the hosts that failed
    jobs = [(binary, kind, i, base * 100003 + i, keep) for i in range(count)]
    return program.report(jobs, one, min(os.cpu_count() or 2, 8))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
