"""usage: run.py [--update] [--keep FOLDER] MTADOCTOR [PART_OF_A_NAME ...]

Runs the scenarios: each a folder <product>/<sentence_as_name> with test.json and, where it is not made, input/. Keys of test.json:
  make      how the input is made (inputs.py)
  arguments added to `analyze INPUT`; command: in place of it, "INPUT" stands for the input
  exit      the exit status, where it does not follow from the verdict
  expect    first, verdict, present, absent, listed, remedies, withheld, max_probability, unknown, problems, ... (judge.py); stderr: parts of
            what standard error says
  points    diagnosis -> [name of a file, text]: its evidence names a line of that file of the input, and the line holds the text
  text      has, lacks: parts of the text report
  rss_mib   most memory that it may take
  user      number of the user to run as, where the runner is root; needs "unprivileged"
Golden reports: expect.txt and expect.json beside it, compared whole (the hash of the rules is masked); --update writes those that exist.
Ends with "N passed, N failed"."""
import difflib
import json
import os
import re
import shutil
import stat
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import inputs     # noqa: E402
import judge      # noqa: E402
import program    # noqa: E402

KEYS = {"make", "arguments", "command", "exit", "expect", "points", "text", "rss_mib", "user", "why"}
NOBODY = 65534


def mask(raw):
    return re.sub(rb"sha256:[0-9a-f]{64}", b"sha256:(the rules)", raw)


def compare_golden(folder, name, raw, update):
    path = os.path.join(folder, name)
    if not os.path.exists(path):
        return []
    if update:
        with open(path, "wb") as f:
            f.write(mask(raw))
        return []
    with open(path, encoding="utf-8") as f:
        want = f.read()
    got = mask(raw).decode("utf-8", "replace")
    if got == want:
        return []
    diff = list(difflib.unified_diff(want.splitlines(), got.splitlines(), name, "said", lineterm="", n=1))
    return [f"{name} differs (run.py --update after reading the difference):\n    " + "\n    ".join(diff[:60])]


def let_others_in(folder):
    """A user without rights must get as far as the input."""
    while folder != "/" and os.stat(folder).st_uid == os.getuid():
        os.chmod(folder, os.stat(folder).st_mode | stat.S_IXOTH | stat.S_IROTH)
        folder = os.path.dirname(folder)


def as_nobody(binary, case):
    """The words before a command that take the rights away, or None where that cannot be done; and the binary where it can be run."""
    if os.getuid() != 0:
        return [], binary
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        return None, binary
    copy = os.path.join(case, "mtadoctor")
    shutil.copy(binary, copy)
    let_others_in(case)
    return [setpriv, f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"], copy


def line_of(path, number):
    with open(path, encoding="utf-8", errors="replace") as f:
        return next((line for i, line in enumerate(f, 1) if i == number), "")


def does_not_point(points, raw, top):
    """Diagnoses whose evidence names no such line."""
    bad = []
    for name, (base, text) in points.items():
        sources = [s for x in json.loads(raw)["diagnoses"] if x["id"] == name for e in x["evidence"] for s in e["sources"]]
        lines = [(s["file"], s["line"]) for s in sources if s.get("line") and os.path.basename(s["file"]) == base]
        if not any(text in line_of(os.path.join(top, file), number) for file, number in lines):
            bad.append(f"{name} points at no line of {base} with {text!r}, but at {lines or sources}")
    return bad


def one(binary, folder, update):
    with open(os.path.join(folder, "test.json"), encoding="utf-8") as f:
        test = json.load(f)
    expect = test.get("expect", {})
    strange = set(test) - KEYS | set(expect) - judge.KEYS_OF_EXPECT - {"stderr", "results"}
    if strange:
        return [f"test.json has unknown keys: {sorted(strange)}"]
    case = tempfile.mkdtemp(prefix="mtadoctor-scenario-")
    try:
        if "make" in test:
            name, more = inputs.build(test["make"], case)
            cwd = case
        else:
            name, more, cwd = "input", [], folder
        argv = [binary] + [name if w == "INPUT" else w for w in test.get("command", ["analyze", "INPUT"])] + more + test.get("arguments", [])
        if test.get("user") == "unprivileged":
            prefix, argv[0] = as_nobody(binary, case)
            if prefix is None:
                return []
            argv = prefix + argv
        bad, said = judge.judge(argv, cwd, expect, test.get("exit"), test.get("rss_mib"))
        if said is not None:
            text = said[0].decode("utf-8", "replace")
            bad += [f"the text lacks {t!r}" for t in test.get("text", {}).get("has", []) if t not in " ".join(text.split())]
            bad += [f"the text has {t!r}" for t in test.get("text", {}).get("lacks", []) if t in text]
            bad += does_not_point(test.get("points", {}), said[1], os.path.join(cwd, name))
            bad += compare_golden(folder, "expect.txt", said[0], update) + compare_golden(folder, "expect.json", said[1], update)
        for outside in (os.path.join(case, "escaped.txt"), os.path.join(os.path.dirname(case), "escaped.txt"), "/tmp/mtadoctor-escaped.txt"):
            if os.path.exists(outside):
                bad.append(f"{outside} was written")
        return bad
    except program.Wrong as e:
        return [str(e)]
    finally:
        if KEEP:
            shutil.rmtree(os.path.join(KEEP, os.path.basename(folder)), ignore_errors=True)
            shutil.copytree(case, os.path.join(KEEP, os.path.basename(folder)), symlinks=True, copy_function=copy_plain)
        for d, _, _ in os.walk(case):
            os.chmod(d, 0o700)
        shutil.rmtree(case)


def copy_plain(src, dst):
    if stat.S_ISREG(os.lstat(src).st_mode):
        shutil.copy2(src, dst)
    return dst


KEEP = None


def main(argv):
    global KEEP
    update = "--update" in argv
    argv = [a for a in argv if a != "--update"]
    if argv[:1] == ["--keep"]:
        KEEP, argv = argv[1], argv[2:]
    if not argv:
        sys.exit(__doc__)
    binary = os.path.abspath(argv[0])
    passed = failed = 0
    for product in sorted(os.listdir(HERE)):
        root = os.path.join(HERE, product)
        for name in sorted(os.listdir(root)) if os.path.isdir(root) else []:
            folder = os.path.join(root, name)
            if not os.path.exists(os.path.join(folder, "test.json")) or (argv[1:] and not any(p in f"{product}/{name}" for p in argv[1:])):
                continue
            try:
                bad = one(binary, folder, update)
            except Exception as e:      # a broken test is a failed test
                bad = [f"{type(e).__name__}: {e}"]
            if bad:
                failed += 1
                print(f"FAILED {product}/{name}: " + "\n  ".join(bad), flush=True)
            else:
                passed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
