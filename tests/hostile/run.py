"""usage: run.py MTADOCTOR [--archives FOLDER] [NAME...]      FOLDER: where make_archives.py wrote them before

Gives each archive of make_archives.py to `mtadoctor analyze` and looks that it ends in time, within bounded memory, without a crash and without
writing anything anywhere, that it says which limit was hit, and that what was readable was still analyzed."""
import json
import multiprocessing
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "scenarios"))

from program import SANITIZER, SHARE, SLOWNESS, Wrong, environment, run  # noqa: E402

LIMIT_S = 40
RSS_MIB = 400 if SLOWNESS == 1 else 2500  # a sanitizer keeps what was freed
WATCHED = ("/tmp/escaped_by_mtadoctor", "/tmp/evil", "/etc/cron.d/evil")
CONTROL = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")


def everything_below(folder):
    return sorted(os.path.join(top, name) for top, folders, files in os.walk(folder) for name in folders + files)


def complaints(case, program, archive, scratch):
    """What is wrong with what comes of one archive."""
    work, tmp = os.path.join(scratch, "cwd"), os.path.join(scratch, "tmp")
    env = environment(TMPDIR=tmp, HOME=work, COLUMNS="80")
    try:
        out = run([program, "analyze", "--verbose", archive], cwd=work, env=env, limit_s=LIMIT_S)
    except Wrong as wrong:
        yield str(wrong)
        return
    text = (out.out + out.err).decode("utf-8", "replace")
    flat = " ".join(text.split())
    if out.status not in case["status"]:
        yield f"ended with {out.status}: {text[-600:]}"
    if any(word in text for word in SANITIZER):
        yield f"a sanitizer complained: {text[-3000:]}"
    if out.max_rss_kib > RSS_MIB * 1024:
        yield f"{out.max_rss_kib // 1024} MiB resident"
    if CONTROL.search(out.out + out.err):
        yield "control characters reach the terminal"
    if case["good"] and case["known"] not in text:
        yield f"{case['known']} was readable and did not come out:\n{text[-2500:]}"
    if case["message"] and not re.search(case["message"], flat):
        yield f"does not say {case['message']!r}:\n{text[-2500:]}"
    found = everything_below(scratch)
    if found != [work, tmp]:
        yield f"wrote {found}"
    for path in WATCHED:
        if os.path.lexists(path):
            yield f"wrote {path}"


def look(job):
    case, program, folder, top = job
    scratch = tempfile.mkdtemp(dir=top)
    for part in ("cwd", "tmp"):
        os.makedirs(os.path.join(scratch, part))
    return case, list(complaints(case, program, os.path.join(folder, case["file"]), scratch))


def main():
    program, names = os.path.abspath(sys.argv[1]), sys.argv[2:]
    ready = os.path.abspath(names[1]) if names[:1] == ["--archives"] else None
    names = names[2:] if ready else names
    bad = 0
    with tempfile.TemporaryDirectory() as top:
        folder = ready or os.path.join(top, "archives")
        if ready is None:
            subprocess.run([sys.executable, "-B", os.path.join(HERE, "make_archives.py"), folder], check=True)
        with open(os.path.join(folder, "cases.json"), encoding="ascii") as file:
            cases = [case for case in json.load(file) if not names or case["file"] in names]
        cases = cases if names else cases[::SHARE]
        with multiprocessing.Pool(2) as pool:
            for case, said in pool.imap_unordered(look, [(case, program, folder, top) for case in cases]):
                for complaint in said:
                    bad += 1
                    print(f"{case['file']} ({case['says']}): {complaint}", flush=True)
    print(f"{len(cases)} hostile archives, {bad} complaints")
    sys.exit(bad > 0 or len(cases) == 0)


if __name__ == "__main__":
    main()
