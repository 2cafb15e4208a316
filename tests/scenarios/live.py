"""usage: live.py MTADOCTOR [ROUNDS [SEED]]

Each fault of tests/generate on a live host (a fake installation for --root, with a resolver of its own) and in a bundle of the same host: the
first diagnosis and the verdict must be the same, whatever the prior of a run that nobody asked for; and the fault is what was made. A round is
every fault once and one healthy host. Ends with "N passed, N failed"."""
import os
import shutil
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import inputs     # noqa: E402
import judge      # noqa: E402
import program    # noqa: E402
import resolver   # noqa: E402

files, make = inputs.files, inputs.make


def answer(binary, args, expect):
    p = program.run([binary, *args, "--format", "json"])
    if p.status > 1:
        raise program.Wrong(f"{args[0]}: exit status {p.status}: {p.err_text[-300:]}")
    d, wrong = judge.read_json(p.out)
    if d is None or wrong:
        raise program.Wrong(f"{args[0]}: {'; '.join(wrong)}")
    return d, [f"{args[0]}: {w}" for w in judge.judge_expected(expect, d)]


def compare(binary, h, expect, case):
    source = files.write(h, os.path.join(case, "bundle"), "bundle")
    at = inputs.arguments(h)
    with resolver.Resolver(h) as address:
        root = os.path.join(case, "root")
        inputs.write_root(h, root, nameserver=address)
        live, bad = answer(binary, ["diagnose", "--root", root, *at], expect)
    sent, more = answer(binary, ["analyze", source, *at], expect)
    said = [[(x["id"], x["probability"]) for x in d["diagnoses"][:2]] + [d["verdict"]] for d in (live, sent)]
    if live["diagnoses"][0]["id"] != sent["diagnoses"][0]["id"] or live["verdict"] != sent["verdict"]:
        bad.append(f"the live host is said to have {said[0]}, its bundle {said[1]}")
    return bad + more


def one(job):
    binary, i, seed = job
    if i % (len(make.faults.ALL) + 1) == len(make.faults.ALL):
        h, expect = make.healthy(i, seed)
        what = "healthy"
    else:
        h, expect, what = make.faulty(i - i // (len(make.faults.ALL) + 1), seed)
    case = tempfile.mkdtemp(prefix="mtadoctor-live-")
    try:
        bad = compare(binary, h, expect, case)
    except program.Wrong as e:
        bad = [str(e)]
    finally:
        shutil.rmtree(case)
    return f"{what} {h.version} {h.roles} (seed {seed})", bad


def main(argv):
    if not argv:
        sys.exit(__doc__)
    binary, rounds = os.path.abspath(argv[0]), int(argv[1]) if len(argv) > 1 else 1
    base = int(argv[2]) if len(argv) > 2 else 1
    jobs = [(binary, i, base * 100003 + i) for i in range(rounds * (len(make.faults.ALL) + 1))]
    return program.report(jobs, one, 4)      # most of the time is waiting for resolvers that do not answer


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
