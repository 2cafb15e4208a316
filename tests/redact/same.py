"""usage: same.py MTADOCTOR REDACT_FOLDER FOLDER... | --made COUNT

Redacts each folder below the given ones that holds an `input` folder (or itself) and compares what `analyze` says of both: ids, order,
probabilities, evidence; every fourth one also by the strict policy. Then leaks.py looks for what was to be hidden. With --made: COUNT hosts of tests/generate. Ends with "N passed, N failed"."""
import json
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "scenarios")]

import leaks      # noqa: E402
import program    # noqa: E402


def said(binary, folder, options):
    p = subprocess.run([binary, "analyze", folder, "--format", "json"] + options, capture_output=True, check=False)
    if p.returncode > 1:
        return None, p.stderr.decode("utf-8", "replace")
    d = json.loads(p.stdout)
    rows = []
    for one in d.get("results", [d]):
        rows.append([one["verdict"], one["no_fault"], one["source"]["version"], one["source"]["product"], one["source"]["observed_at"],
                     [(c["channel"], c["files"], c["untried"], c["held"], c["oldest_s"]) for c in one["overview"]["channels"]],
                     sorted((x["channel"] or "", x["files"] or 0, sorted((x["failures"] or {}).items())) for x in one["overview"]["destinations"])])
        for x in one["diagnoses"]:
            rows.append([x["id"], x["probability"], x["decibans"], x["certainty"], x["urgency"], len(x["members"]), x["impact"], x["since"],
                         [(e["id"], e["finding"], e["decibans"]) for e in x["evidence"]]])
        # equal probabilities may stand in any order
        rows.append(sorted((x["id"], x["probability"]) for x in one["considered"]))
        rows.append(sorted(x["fact"] for x in one["unknown"]))
    return rows, None


def one(job):
    binary, redact, folder, i = job
    case = os.path.dirname(folder) if os.path.basename(folder) == "input" else folder
    options = []
    try:
        with open(os.path.join(case, "expect.json"), encoding="utf-8") as f:
            expect = json.load(f)
        options += ["--at", expect["at"]] if "at" in expect else []
        options += ["--timezone", expect["timezone"]] if "timezone" in expect else []
    except (OSError, ValueError):
        pass
    bad = []
    temp = tempfile.mkdtemp(prefix="mtadoctor-redact-")
    try:
        for strict in ([], ["--strict"]) if i % 4 == 0 else ([],):
            to = os.path.join(temp, "input" + "".join(strict))
            p = subprocess.run([redact] + strict + [folder, to, "a key of tests"], capture_output=True, check=False)
            if p.returncode != 0:
                bad.append(f"status {p.returncode}: " + p.stderr.decode("utf-8", "replace")[:600])
            raw, wrong = said(binary, folder, options)
            redacted, wrong_too = said(binary, to, options)
            if (raw is None) != (redacted is None):
                bad.append(f"only one of both can be analyzed: {wrong} {wrong_too}")
            elif raw != redacted:
                bad += [f"raw {a}\n    red {b}" for a, b in zip(raw, redacted) if a != b][:4]
                if len(raw) != len(redacted):
                    bad.append(f"{len(raw)} rows raw, {len(redacted)} redacted")
            bad += leaks.find(folder, to)[:5]
    finally:
        shutil.rmtree(temp)
    return case, bad


def folders(tops):
    for top in tops:
        inputs = [os.path.join(path, "input") for path, names, _ in os.walk(top) if "input" in names]
        yield from sorted(inputs) if inputs else [top]


def main(argv):
    if len(argv) < 3:
        sys.exit(__doc__)
    if argv[2] == "--made":
        return made(os.path.abspath(argv[0]), os.path.abspath(argv[1]), argv[3])
    jobs = [(os.path.abspath(argv[0]), os.path.abspath(argv[1]), x, i) for i, x in enumerate(folders(argv[2:]))]
    return program.report(jobs, one)


def made(binary, redact, count):
    temp = tempfile.mkdtemp(prefix="mtadoctor-redact-")
    try:
        generate = os.path.join(HERE, "..", "generate", "make.py")
        subprocess.run([sys.executable, generate, "faulty", count, temp, "3"], check=True)
        return program.report([(binary, redact, x, i) for i, x in enumerate(folders([temp]))], one)
    finally:
        shutil.rmtree(temp)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
