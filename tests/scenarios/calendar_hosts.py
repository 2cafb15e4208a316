"""usage: calendar_hosts.py MTADOCTOR [ROUNDS [SEED [PART_OF_A_NAME]]]

Whole Calendar Server hosts (tests/generate/calendar_*.py), each broken in one known way or sound, in every form in which it shows: a bundle, a tar,
a folder of copies with real databases, really damaged; the files alone; text alone. A healthy one must give the verdict `normal` and no fault of
probability 0.5 or more. MD_KEEP names a folder for the inputs that failed. Ends with "N passed, N failed"."""
import os
import random
import shutil
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(HERE, "..", "generate"))

import calendar_env as env          # noqa: E402
import calendar_faults as faults    # noqa: E402
import calendar_files as files      # noqa: E402
import calendar_host as hosts       # noqa: E402
import judge                        # noqa: E402
import program                      # noqa: E402

FORMS_OF = {"whole": ["bundle", "tar", "folder"], "text": ["text"], "files": ["files"]}


def make(function, seed):
    rng = random.Random(seed)
    versions = faults.VERSIONS.get(function, ["6.3", "6.2", "6.1", "6.0"])
    h = hosts.Host(seed, version=rng.choice(versions), kind=faults.KINDS.get(function))
    expect, shows = function(h)
    return h, expect, shows


def judge_product(d):
    return [] if d["source"]["product"] == "calendar" else [f"the product is {d['source']['product']}"]


def one(job):
    binary, function, form, seed, keep = job
    h, expect, _ = make(function, seed)
    name = f"{function.__name__}_{form}_{h.version}_{h.system}_{seed}"
    case = tempfile.mkdtemp(prefix="mtadoctor-calendar-")
    argv = []
    try:
        source = files.write(h, case, form)
        argv = [binary, "analyze", source, "--at", h.now.astimezone(h.zone).isoformat(), "--timezone", h.zone.key]
        bad, said = judge.judge(argv, case, expect, again=False)
        if said and said[1]:
            d, _ = judge.read_json(said[1])
            bad += judge_product(d) if "source" in d else ["more than one result"]
    except program.Wrong as e:
        bad = [str(e)]
    except Exception as e:      # a broken test is a failed test
        bad = [f"{type(e).__name__}: {e}"]
    if bad and keep:
        shutil.copytree(case, os.path.join(keep, name), dirs_exist_ok=True)
        with open(os.path.join(keep, name, "command"), "w", encoding="utf-8") as f:
            f.write(" ".join(argv) + "\n")
    shutil.rmtree(case)
    return name, bad


def jobs_of(binary, rounds, base, part, keep):
    jobs = []
    for n in range(rounds):
        for i, function in enumerate(faults.ALL + faults.HEALTHY):
            seed = base * 100003 + n * 1009 + i
            _, _, shows = make(function, seed)
            for kind in sorted(shows):
                forms = FORMS_OF[kind]
                jobs.append((binary, function, forms[(n + i) % len(forms)], seed, keep))
    return [j for j in jobs if part in f"{j[1].__name__}_{j[2]}"]


def main(argv):
    if not argv:
        sys.exit(__doc__)
    if not env.is_possible():
        print("no Berkeley DB to make databases with: skipped")
        return 0
    rounds = int(argv[1]) if len(argv) > 1 else 1
    base = int(argv[2]) if len(argv) > 2 else 1
    jobs = jobs_of(os.path.abspath(argv[0]), rounds, base, argv[3] if len(argv) > 3 else "", os.environ.get("MD_KEEP"))
    return program.report(jobs, one, 2)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
