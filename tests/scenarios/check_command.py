"""usage: check_command.py MTADOCTOR [PART_OF_A_NAME ...]

`mtadoctor check` as it is seen from outside: formats, exit status, suppressions, changes since a revision, names of files. The checks are three
of its own, so that nothing here depends on what the rule base holds. Each test is a function whose name is a sentence. Ends with
"N passed, N failed"."""
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import xml.etree.ElementTree as ElementTree

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.join(HERE, "..", "..")
sys.path.insert(0, HERE)

import judge      # noqa: E402
import program    # noqa: E402
import run        # noqa: E402
import schema     # noqa: E402

CHECK_SCHEMA = schema.load(os.path.join(TOP, "cli", "report", "schema", "check.schema.json"))
SARIF_SCHEMA = schema.load(os.path.join(HERE, "sarif.schema.json"))

CHECKS = """
local common = { why = "it *does* not work", fix = "mend it", cites = "[doc]", bad = "bad", good = "good" }
local function with(more)
  for name, value in pairs(common) do more[name] = value end
  return more
end
check "test.wrong" (with {
  title = "an option is wrong", severity = "error", over = "option",
  test = function(option) if option.name == "WRONG" then found(option, "the option is wrong") end end,
})
check "test.odd" (with {
  title = "an option is odd", severity = "warning", over = "option",
  test = function(option) if option.name == "ODD" or option.name == "SECRET" then found(option, "odd: " .. text(option.value)) end end,
})
check "test.note" (with {
  title = "an option is told", severity = "info", over = "option",
  test = function(option) if option.name == "NOTE" then found(option, "told") end end,
})
"""

IMTA = """! rewrite rules
$*  $E$F$U%$H$V$H@host.example.com
host.example.com  $U%$D@tcp_local

defaults logging
l maxjobs 7 pool SMTP_POOL
host.example.com

tcp_local smtp mx pool SMTP_POOL
tcp-daemon
"""
JC = "secret=hunter2-hunter2\n\n[POOL=SMTP_POOL]\njob_limit=10\n"


class Bench:
    def __init__(self, binary):
        self.binary = binary
        self.case = tempfile.mkdtemp(prefix="mtadoctor-check-")
        rules = os.path.join(self.case, "rules")
        shutil.copytree(os.path.join(TOP, "rules"), rules, ignore=shutil.ignore_patterns("check", "*.cases.yaml", "CMakeLists.txt"))
        self.write("rules/msgserver/check/test.lua", CHECKS)

    def write(self, name, text):
        path = os.path.join(self.case, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8", newline="") as f:
            f.write(text)

    def tree(self, name, options, **more):
        """A configuration directory `name`/config whose option.dat is given."""
        folder = os.path.join(self.case, name)
        shutil.rmtree(folder, ignore_errors=True)
        for file, text in {"imta.cnf": IMTA, "job_controller.cnf": JC, "option.dat": options, **more}.items():
            self.write(f"{name}/config/{file}", text)
        return name

    def run(self, *args, cwd=None):
        return program.run([self.binary, "check", "--rules", os.path.join(self.case, "rules"), *args], cwd=cwd or self.case)

    def json(self, *args, status, cwd=None):
        p = self.run(*args, "--format", "json", cwd=cwd)
        check(p.status == status, f"{args}: exit status {p.status}, {p.err_text[:300]}")
        d = json.loads(p.out)
        wrong = schema.validate(d, CHECK_SCHEMA)
        check(not wrong, f"{args}: {wrong[:3]}")
        order = [(f["file"] or "", f["line"] or 0, f["id"]) for f in d["findings"]]
        check(order == sorted(order), f"not sorted: {order}")
        return d

    def git(self, folder, *args):
        subprocess.run(["git", "-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "init.defaultBranch=main", "-C", folder, *args], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=dict(os.environ, HOME=self.case), timeout=60)

    def close(self):
        shutil.rmtree(self.case)


def check(is_good, says):
    if not is_good:
        raise AssertionError(says)


def ids(d):
    return [f"{f['id']}@{f['line']}" for f in d["findings"]]


# ------------------------------------------------------------------ the tests
def the_exit_status_follows_fail_on(b):
    table = {"WRONG=1\n": [1, 1, 1, 0], "ODD=1\n": [1, 1, 0, 0], "NOTE=1\n": [1, 0, 0, 0], "FINE=1\n": [0, 0, 0, 0]}
    for options, row in table.items():
        b.tree("exit", "MAX_LOCAL_RECEIVED_LINES=10\n" + options, **{"job_controller.cnf": "[POOL=SMTP_POOL]\njob_limit=1\n"})
        for level, want in zip(("info", "warning", "error", "never"), row):
            p = b.run("exit", "--fail-on", level)
            check(p.status == want, f"{options!r} with --fail-on {level}: exit status {p.status} {p.err_text}")
        check(b.run("exit").status == row[2], f"{options!r}: the default is not error")
        check(b.run("exit", "--fail-on=never").status == 0, "--fail-on=never")


def wrong_command_lines_say_what_is_right(b):
    for args, says in ((("--fail-on", "act"), "info, warning, error or never"), (("--format", "yaml"), "text, json, sarif, junit or github"),
                       (("--format", "html"), "not available in this version"), (("--changed-since", "--output=x"), "revision"),
                       (("--since", "1h"), "does not go with check")):
        p = b.run("exit", *args)
        check(p.status == 2 and says in p.err_text and not p.out, f"{args}: {p.status} {p.err_text!r}")
    for format_ in ("sarif", "junit", "github"):
        for args in (("analyze", "x", "--format", format_), ("--format", format_, "analyze", "x"), ("--format", format_)):
            p = program.run([b.binary, *args], cwd=b.case)
            check(p.status == 2 and "format of check" in p.err_text, f"{args}: {p.status} {p.err_text!r}")
    p = program.run([b.binary, "--fail-on", "warning", "check", "nowhere"], cwd=b.case)
    check(p.status == 3, f"the option before the command: {p.status} {p.err_text!r}")


def what_is_not_understood_is_exit_status_3(b):
    b.write("strange/readme.txt", "nothing of interest\n")
    for paths in (["strange"], ["strange/readme.txt"], ["nowhere"], ["strange", "nowhere"]):
        p = b.run(*paths)
        check(p.status == 3 and not p.out and p.err, f"{paths}: {p.status} {p.out[:100]!r}")
    b.tree("half", "WRONG=1\n")
    p = b.run("strange", "half")
    check(p.status == 1 and "strange" in p.err_text, f"one of two: {p.status} {p.err_text!r}")


def text_shows_the_line_and_fits_the_terminal(b):
    b.tree("text", "A=1\nWRONG=1 " + "x" * 300 + "\nODD=\x1b[31m\xe4\n")
    for more in ([], ["--verbose"]):
        p = b.run("text", *more)
        wrong = judge.judge_text(p.out)
        check(not wrong, f"{wrong}")
        check("text/config/option.dat:2:1: error: the option is wrong" in p.out.decode(), p.out.decode())
        check("\n    2 | WRONG=1 xxx" in p.out.decode() and "\n      | ^\n" in p.out.decode(), p.out.decode())
        check("hunter2" not in p.out.decode(), "a secret is shown")
    quiet = b.run("text", "--quiet").out.decode().splitlines()
    check(len(quiet) == 3 and all(line.startswith("text/config/") and line.endswith("]") for line in quiet), f"{quiet}")


def files_are_named_as_they_are_reached(b):
    b.tree("names", "WRONG=1\n")
    config = os.path.join(b.case, "names", "config")
    for path, cwd, want in (("names", None, "names/config/option.dat"), ("./names/", None, "names/config/option.dat"), (".", config, "option.dat"),
                            ("names/config", None, "names/config/option.dat"), ("names/config/option.dat", None, "names/config/option.dat"),
                            (config, None, config + "/option.dat")):
        d = b.json(path, status=1, cwd=cwd)
        check([f["file"] for f in d["findings"] if f["id"] == "test.wrong"] == [want], f"{path}: {d['findings']}")
        check(want in d["files"], f"{path}: {d['files']}")
    with tarfile.open(os.path.join(b.case, "names.tar.gz"), "w:gz") as tar:
        tar.add(os.path.join(b.case, "names", "config"), "config")
    d = b.json("names.tar.gz", status=1)
    check(any(f["file"] == "config/option.dat" for f in d["findings"]), f"{d['findings']}")


def several_paths_make_one_report(b):
    b.tree("one", "WRONG=1\n")
    b.tree("two", "FINE=1\nWRONG=1\n")
    d = b.json("two", "one", status=1)
    check([f["file"] for f in d["findings"] if f["id"] == "test.wrong"] == ["one/config/option.dat", "two/config/option.dat"], f"{d['findings']}")
    again = b.json("one", "one", status=1)
    check(ids(again).count("test.wrong@1") == 1, "a path that is given twice is told twice")


def sarif_is_valid_and_its_fingerprints_stay(b):
    def results(options):
        b.tree("sarif", options)
        p = b.run("sarif", "--format", "sarif")
        d = json.loads(p.out)
        wrong = schema.validate(d, SARIF_SCHEMA)
        check(p.status == 1 and not wrong, f"{p.status} {wrong[:3]}")
        run = d["runs"][0]
        rules = run["tool"]["driver"]["rules"]
        check({"test.wrong", "test.odd", "test.note"} <= {r["id"] for r in rules}, "a rule is missing")
        for r in run["results"]:
            check(rules[r["ruleIndex"]]["id"] == r["ruleId"], f"index of {r['ruleId']}")
            check(not r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].startswith("/"), "an absolute path")
        return run["results"]
    before, after = results("WRONG=1\nWRONG=2\nODD=1\n"), results("! moved\nFINE=1\n\nWRONG=1\n WRONG=1\nWRONG=2\nODD=1\n")
    prints = [{json.dumps(r["partialFingerprints"]) for r in rs} for rs in (before, after)]
    check(len(prints[0]) == len(before) and prints[0] <= prints[1], f"{prints}")


def junit_can_be_read(b):
    b.tree("junit", "WRONG=<&\"'>]]>\n")
    p = b.run("junit", "--format", "junit")
    top = ElementTree.fromstring(p.out.decode())
    suites = {s.get("name"): s for s in top}
    bad = suites["junit/config/option.dat"]
    check(p.status == 1 and bad.get("failures") == "1" and bad.find("testcase").get("name") == "test.wrong", p.out.decode())
    clean = suites["junit/config/imta.cnf"]
    check(clean.get("failures") == "0" and len(clean) == 1 and len(clean[0]) == 0, p.out.decode())
    check(int(top.get("tests")) == sum(len(s) for s in top), "the sum of tests")


def annotations_point_at_the_line(b):
    b.tree("github", "A=1\nWRONG=1\n")
    p = b.run("github", "--format", "github")
    check("::error file=github/config/option.dat,line=2,col=1,title=test.wrong::the option is wrong%0Afix: mend it\n" in p.out.decode(), p.out.decode())
    check(all(line.startswith("::") for line in p.out.decode().splitlines()), "something that is no annotation")


def suppressions_need_a_reason_and_a_finding(b):
    options = "WRONG=1\n! mtadoctor: ignore test.odd because it was always so\nODD=1\n"
    b.tree("calm", options, **{"job_controller.cnf": "[POOL=SMTP_POOL]\njob_limit=1\n"})
    b.write("calm/.mtadoctor.yaml", "suppress:\n  - {id: test.wrong, file: config/option.dat, because: known, until: 2026-12-31}\n")
    d = b.json("calm", "--at", "2026-12-31T12:00:00Z", status=0)
    check(not d["findings"] and d["summary"]["suppressed"] == 2, f"{d['findings']} {d['summary']}")
    sarif = json.loads(b.run("calm", "--at", "2026-12-31T12:00:00Z", "--format", "sarif").out)["runs"][0]["results"]
    check(sorted(r["suppressions"][0]["kind"] for r in sarif) == ["external", "inSource"], f"{sarif}")
    d = b.json("calm", "--at", "2027-01-01T00:00:00Z", status=1)
    check(ids(d) == ["suppression.expired@2", "test.wrong@1"], f"past its day: {ids(d)}")
    b.write("calm/.mtadoctor.yaml", "suppress:\n  - {id: test.wrong}\n  - {id: test.note, because: x}\n")
    d = b.json("calm", status=1)
    check(ids(d) == ["suppression.no-reason@2", "suppression.unused@3", "test.wrong@1"], f"{ids(d)}")


def only_changed_lines_are_told(b):
    if shutil.which("git") is None:
        return
    folder = os.path.join(b.case, "repo")
    b.tree("repo", "WRONG=1\nODD=1\n")
    p = b.run("repo", "--changed-since", "HEAD")
    check(p.status == 3 and not p.out and "no work tree of git" in p.err_text, f"{p.status} {p.err_text!r}")
    b.git(folder, "init", "-q")
    b.git(folder, "add", "-A")
    b.git(folder, "commit", "-q", "-m", "one")
    check(not b.json("repo", "--changed-since", "HEAD", status=0)["findings"], "nothing changed")
    b.write("repo/config/option.dat", "NOTE=1\nWRONG=1\nODD=2\n")
    b.write("repo/config/tcp_local_option", "WRONG=1\n")
    for path, cwd in (("repo", None), (".", folder), (folder, None), (os.path.join("repo", "config"), None)):
        d = b.json(path, "--changed-since", "HEAD", status=1, cwd=cwd)
        got = [f"{os.path.basename(f['file'])}:{f['line']}:{f['id']}" for f in d["findings"]]
        check(got == ["option.dat:1:test.note", "option.dat:3:test.odd", "tcp_local_option:1:test.wrong"], f"{path}: {got}")
    d = b.json("repo/config/option.dat", "--changed-since", "HEAD", status=0)
    check(ids(d) == ["test.note@1", "test.odd@3"], f"{ids(d)}")
    b.git(folder, "add", "-A")
    b.git(folder, "commit", "-q", "-m", "two")
    b.git(folder, "mv", "config", "etc")
    for path, cwd in (("repo", None), (".", folder), (os.path.join("repo", "etc"), None), ("option.dat", os.path.join(folder, "etc"))):
        check(not b.json(path, "--changed-since", "HEAD", status=0, cwd=cwd)["findings"], f"{path}: a renamed folder has the lines that it had")
    b.write("repo/etc/option.dat", "NOTE=1\nWRONG=2\nODD=2\n")
    for path, cwd in (("repo", None), (os.path.join("repo", "etc"), None), ("option.dat", os.path.join(folder, "etc"))):
        check(ids(b.json(path, "--changed-since", "HEAD", status=1, cwd=cwd)) == ["test.wrong@2"], f"{path}: one line of a renamed file")
    b.git(b.case, "clone", "-q", "--depth", "1", "file://" + folder, "shallow")
    p = b.run("shallow", "--changed-since", "HEAD~1")
    check(p.status == 3 and "shallow" in p.err_text and len(p.err_text.splitlines()) == 2, f"{p.err_text!r}")
    for rev in ("nonsense", "HEAD~7", "HEAD:config", "$(touch x)"):
        p = b.run("repo", "--changed-since", rev)
        check(p.status == 3 and not p.out and "no revision" in p.err_text, f"{rev}: {p.status} {p.err_text!r}")


def what_cannot_be_read_is_told_and_is_not_missing(b):
    shutil.copytree(os.path.join(HERE, "check", "sound", "b_relay-6.3"), os.path.join(b.case, "unread"))
    path = os.path.join(b.case, "unread", "job_controller.cnf")
    os.chmod(path, 0)
    prefix, binary = run.as_nobody(b.binary, b.case)
    if prefix is None:
        return
    for more in ([], ["--quiet"], ["--verbose"]):
        p = program.run(prefix + [binary, "check", "unread", *more], cwd=b.case)
        check(p.status == 0 and "unread/job_controller.cnf: " in p.out.decode() and "file.missing" not in p.out.decode(), p.out.decode())
    d = json.loads(program.run(prefix + [binary, "check", "unread", "--format", "json"], cwd=b.case).out)
    check(any(x["where"] == "unread/job_controller.cnf" for x in d["problems"]), f"{d['problems']}")


def help_and_explanations_fit_the_terminal(b):
    commands = [["check", "--help"], ["explain", "--help"], ["--help"], ["explain", "suppression.expired"], ["explain", "channel.pool-undefined"]]
    listed = json.loads(program.run([b.binary, "rules", "list", "--format", "json"], cwd=b.case).out)
    commands += [["explain", c["id"]] for c in listed["checks"][::7]]
    for args in commands:
        p = program.run([b.binary, *args], cwd=b.case)
        wrong = judge.judge_text(p.out)
        check(p.status == 0 and not wrong, f"{args}: {p.status} {wrong}")
    said = program.run([b.binary, "check", "--help"], cwd=b.case).out.decode()
    check("sarif, junit or github" in said and "normal, watch" not in said, said)
    d = json.loads(program.run([b.binary, "explain", "suppression.unused", "--format", "json"], cwd=b.case).out)
    check([e["kind"] for e in d["entries"]] == ["check"], f"{d}")


def the_built_in_checks_are_there(b):
    b.tree("stock", "MAX_LOCAL_RECEIVED_LINES=10\n")
    p = program.run([b.binary, "check", "stock", "--format", "json"], cwd=b.case)
    d = json.loads(p.out)
    check(p.status in (0, 1) and not schema.validate(d, CHECK_SCHEMA) and len(d["files"]) == 3, f"{p.status} {p.err_text} {d['files']}")


def sound_configurations_have_no_error_and_no_warning(b):
    top = os.path.join(HERE, "check", "sound")
    for name in sorted(os.listdir(top)):
        p = program.run([b.binary, "check", os.path.join(top, name), "--format", "json", "--fail-on", "never"], cwd=b.case)
        told = [f"{f['id']}@{os.path.basename(f['file'])}:{f['line']}" for f in json.loads(p.out)["findings"] if f["severity"] != "info"]
        check(p.status == 0 and not told, f"{name}: {told} {p.err_text}")


def main(argv):
    if not argv:
        sys.exit(__doc__)
    bench = Bench(os.path.abspath(argv[0]))
    mine = [(n, f) for n, f in globals().items() if hasattr(f, "__code__") and f.__code__.co_varnames[:f.__code__.co_argcount] == ("b",)]
    tests = [(n, f) for n, f in mine if not argv[1:] or any(part in n for part in argv[1:])]
    failed = 0
    try:
        for name, test in tests:
            try:
                test(bench)
            except (program.Wrong, AssertionError, OSError, ValueError, KeyError, IndexError, ElementTree.ParseError, subprocess.SubprocessError) as e:
                failed += 1
                print(f"FAILED {name}: {type(e).__name__} {e}", flush=True)
    finally:
        bench.close()
    print(f"{len(tests) - failed} passed, {failed} failed")
    return 1 if failed or not tests else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
