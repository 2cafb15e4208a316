"""usage: command_line.py MTADOCTOR [PART_OF_A_NAME ...]

The command line as it is seen from outside: usage errors, formats, exit status, colour, several sources, interruption. Each test is a function
whose name is a sentence. Ends with "N passed, N failed"."""
import gzip
import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import inputs     # noqa: E402
import judge      # noqa: E402
import program    # noqa: E402

RESERVED = ["html", "markdown", "prometheus", "nagios"]


class Bench:
    """A place with one host that wants an act, one that is to be watched and one that is healthy."""

    def __init__(self, binary):
        self.binary = binary
        self.case = tempfile.mkdtemp(prefix="mtadoctor-cli-")
        host = {"seed": 5, "version": "7.0", "roles": "relay+store", "zone": "Europe/Berlin", "per_hour": 20, "hours": 26}
        for name, fault in (("act", "job_controller_down"), ("watch", "over_quota"), ("normal", None)):
            inputs.build({"host": host, "fault": fault}, os.path.join(self.case, name))

    def run(self, *args, **more):
        return program.run([self.binary, *args], cwd=self.case, **more)

    def usage_error(self, *args, says):
        p = self.run(*args)
        check(p.status == 2, f"{args}: exit status {p.status}")
        check(not p.out, f"{args}: standard output is not empty")
        check(says in p.err_text, f"{args}: {p.err_text!r} does not say {says!r}")
        check(p.err_text.startswith("mtadoctor: "), f"{args}: {p.err_text!r} does not say who speaks")

    def json(self, *args, status=0):
        p = self.run(*args, "--format", "json")
        check(p.status == status, f"{args}: exit status {p.status}, {p.err_text[:200]}")
        return json.loads(p.out)

    def close(self):
        shutil.rmtree(self.case)


def check(is_good, says):
    if not is_good:
        raise AssertionError(says)


# ------------------------------------------------------------------ the tests
def a_path_in_place_of_a_command_suggests_analyze(b):
    b.usage_error("act/input", says="analyze act/input")
    b.usage_error("diagnoze", says="there is no command diagnoze")


def what_is_not_known_is_a_usage_error(b):
    b.usage_error("analyze", "act/input", "--bogus", says="no option --bogus")
    b.usage_error("analyze", "act/input", "-Z", says="no option -Z")
    b.usage_error("analyze", says="analyze: what?")
    b.usage_error("explain", says="explain: what?")
    b.usage_error("probes", "act/input", says="too many arguments")
    b.usage_error("rules", "frobnicate", says="frobnicate")


def an_option_without_its_value_is_a_usage_error(b):
    for option in ("--format", "--output", "-o", "--at", "--timezone", "--fail-on", "--since", "--rules", "--root", "--allow", "--color", "--progress", "--product", "--site"):
        b.usage_error("analyze", "act/input", option, says="wants a value")
    b.usage_error("analyze", "act/input", "--quiet=yes", says="takes no value")


def a_wrong_value_says_what_is_right(b):
    b.usage_error("analyze", "act/input", "--format", "yaml", says="text or json")
    b.usage_error("analyze", "act/input", "--fail-on", "panic", says="never")
    b.usage_error("analyze", "act/input", "--at", "yesterday", says="2026-11-25T19:42:00Z")
    b.usage_error("analyze", "act/input", "--since", "-5m", says="24h")
    b.usage_error("analyze", "act/input", "--since", "0s", says="24h")
    b.usage_error("analyze", "act/input", "--color", "mauve", says="never")
    b.usage_error("analyze", "act/input", "--allow", "everything", says="expensive")
    b.usage_error("analyze", "act/input", "--product", "sendmail", says="msgserver")
    b.usage_error("analyze", "act/input", "--format", "\x1b[31m", says="\\x1B[31m")


def an_option_of_another_command_is_a_usage_error(b):
    b.usage_error("explain", "queue.wait", "--fail-on", "act", says="does not go with explain")
    b.usage_error("analyze", "act/input", "--knock-out", says="does not go with analyze")


def formats_to_come_say_so(b):
    for name in RESERVED:
        b.usage_error("analyze", "act/input", "--format", name, says="not available in this version")


def collect_says_what_is_missing(b):
    b.usage_error("collect", says="where to?")
    b.usage_error("collect", "-o", "x.tar.gz", "--limit", "little", says="is a size")
    b.usage_error("collect", "-o", "x.tar.gz", "--redact", "some", says="is default, strict or none")
    b.usage_error("collect", "-o", "x.tar.gz", "--redact", "none", "--map", "m", says="nothing to map")
    b.usage_error("collect", "act/input", says="too many arguments")
    b.usage_error("analyze", "act/input", "--redact", "none", says="does not go with analyze")


def help_and_version(b):
    p = b.run("--help")
    check(p.status == 0 and not p.err, "--help fails")
    for word in ("diagnose", "analyze", "check", "facts", "explain", "rules", "probes", "--format", "--at", "--fail-on", "exit status"):
        check(word in p.out.decode(), f"--help does not name {word}")
    for command in ("diagnose", "analyze", "check", "facts", "explain", "rules", "probes"):
        p = b.run(command, "--help")
        check(p.status == 0 and p.out.decode().startswith(f"usage: mtadoctor {command}"), f"{command} --help: {p.out[:80]!r}")
        wide = [l for l in p.out.decode().split("\n") if len(l) > 100]
        check(not wide, f"{command} --help has long lines: {wide}")
    p = b.run("--version")
    check(p.status == 0 and re.fullmatch(rb"mtadoctor \d+\.\d+\.\d+\n", p.out), f"--version: {p.out!r}")


def the_exit_status_follows_fail_on(b):
    table = {"act": {"act": 1, "watch": 1, "normal": 1, "never": 0}, "watch": {"act": 0, "watch": 1, "normal": 1, "never": 0},
             "normal": {"act": 0, "watch": 0, "normal": 1, "never": 0}}
    for verdict, row in table.items():
        for level, want in row.items():
            p = b.run("analyze", f"{verdict}/input", "--fail-on", level)
            check(p.status == want, f"{verdict} with --fail-on {level}: exit status {p.status}")
        p = b.run("analyze", f"{verdict}/input")
        check(p.status == row["act"], f"{verdict}: exit status {p.status}")


def quiet_says_the_verdict_and_the_titles(b):
    whole, quiet = b.run("analyze", "act/input").out.decode(), b.run("analyze", "act/input", "--quiet").out.decode()
    check("jobcontroller.not-running" in quiet and "ACT" in quiet, f"--quiet: {quiet!r}")
    check("$ " not in quiet and len(quiet) < len(whole) / 3, "--quiet is not quiet")
    check(not judge.judge_text(quiet.encode()), f"--quiet: {judge.judge_text(quiet.encode())}")


def verbose_says_more_and_fits_the_terminal(b):
    whole, verbose = b.run("analyze", "watch/input").out, b.run("analyze", "watch/input", "--verbose").out
    check(len(verbose) > len(whole), "--verbose says no more")
    check(not judge.judge_text(verbose), f"--verbose: {judge.judge_text(verbose)}")
    d = b.json("analyze", "watch/input", "--verbose")
    check(all("ms" in p for p in d["probes"]), "--verbose tells no times of probes")


def output_goes_to_the_file(b):
    p = b.run("analyze", "watch/input", "--output", "report.txt")
    with open(os.path.join(b.case, "report.txt"), "rb") as f:
        text = f.read()
    check(p.status == 0 and not p.out and not p.err, f"--output: {p.status} {p.out[:80]!r} {p.err_text}")
    check(text == b.run("analyze", "watch/input").out, "the file holds another report")
    p = b.run("analyze", "watch/input", "-o", "no/such/folder/report.txt")
    check(p.status == 3 and not p.out and "no/such/folder" in p.err_text, f"-o: {p.status} {p.err_text}")
    with open("/dev/full", "wb") as full:
        p = subprocess.run([b.binary, "analyze", "watch/input"], cwd=b.case, stdout=full, stderr=subprocess.PIPE, timeout=60)
    check(p.returncode == 3 and p.stderr, f"a full disk: exit status {p.returncode}")


def a_file_of_the_output_is_whole_or_as_it_was(b):
    path = os.path.join(b.case, "kept.txt")
    with open(path, "w", encoding="utf-8") as f:
        f.write("before")
    os.chmod(path, 0o640)
    reader = open(path, encoding="utf-8")
    p = b.run("analyze", "watch/input", "-o", "kept.txt")
    check(p.status == 0 and reader.read() == "before", "what had been opened before was written over")
    reader.close()
    check(os.stat(path).st_mode & 0o777 == 0o640, "the file has other rights than before")
    os.symlink("kept.txt", os.path.join(b.case, "link.txt"))
    b.run("analyze", "normal/input", "-o", "link.txt")
    check(os.path.islink(os.path.join(b.case, "link.txt")), "a link became a file")
    p = b.run("analyze", "nowhere", "-o", "kept.txt")
    check(p.status == 3 and os.path.getsize(path) > 6, "a run without a report wrote over the file")
    check(not [name for name in os.listdir(b.case) if name.startswith(".")], f"left behind: {os.listdir(b.case)}")


def why_a_source_is_not_read_is_said_once(b):
    with open(os.path.join(b.case, "deep.log.gz"), "wb") as f:
        data = b"nothing"
        for _ in range(200):
            data = gzip.compress(data)
        f.write(data)
    with open(os.path.join(b.case, "empty.txt"), "wb"):
        pass
    for source, says in (("nowhere", "no such file"), ("deep.log.gz", "compressed"), ("empty.txt", "nothing of a known mail product")):
        p = b.run("analyze", source)
        lines = [line for line in p.err_text.splitlines() if source in line]
        check(p.status == 3 and len(lines) == 1 and says in lines[0], f"{source}: {p.status} {p.err_text}")
        d = b.run("analyze", source, "watch/input", "--format", "json")
        check(says in json.loads(d.out)["failed"][0]["why"], f"{source}: {d.out[-300:]!r}")


class NoTerminal(Exception):
    """Here is no way to have one: a root of chroot(8) without /dev/pts, for instance."""


def on_a_terminal(b, *args, **env):
    """What a terminal would receive."""
    try:
        mine, theirs = pty.openpty()
    except OSError as e:
        raise NoTerminal(e) from e
    child = subprocess.Popen([b.binary, *args], cwd=b.case, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, env=program.environment(**env))
    os.close(theirs)
    out = b""
    try:
        while True:
            data = os.read(mine, 65536)
            if not data:
                break
            out += data
    except OSError:     # the other side was closed
        pass
    os.close(mine)
    child.wait(60)
    return out


def colour_only_where_it_is_wanted(b):
    check(b"\x1b[" in on_a_terminal(b, "analyze", "act/input"), "no colour on a terminal")
    check(b"\x1b[" not in on_a_terminal(b, "analyze", "act/input", NO_COLOR="1"), "NO_COLOR is not honoured")
    check(b"\x1b[" not in on_a_terminal(b, "analyze", "act/input", "--color", "never"), "--color never gives colour")
    check(b"\x1b[" not in on_a_terminal(b, "analyze", "act/input", TERM="dumb"), "colour on a dumb terminal")
    check(b"\x1b[" not in on_a_terminal(b, "analyze", "act/input", "--format", "json"), "colour in JSON")
    check(b"\x1b[" not in b.run("analyze", "act/input").out, "colour in a pipe")
    always = b.run("analyze", "act/input", "--color", "always").out
    check(b"\x1b[" in always, "--color always gives no colour")
    plain = re.sub(rb"\x1b\[[0-9;]*m", b"", always)
    check(plain == b.run("analyze", "act/input").out, "colour changes more than colour")


def progress_only_on_a_terminal(b):
    check(not b.run("analyze", "act/input").err, "something on standard error without a terminal")
    check(not b.run("analyze", "act/input", "--progress", "never").err, "progress though never")


def several_sources_make_one_list(b):
    p = b.run("analyze", "act/input", "normal/input", "--format", "json")
    d, wrong = judge.read_json(p.out)
    check(not wrong, f"{wrong}")
    check(p.status == 1 and d["schema"] == "mtadoctor.diagnoses/1" and [r["verdict"] for r in d["results"]] == ["act", "normal"], f"status {p.status}")
    text = b.run("analyze", "act/input", "normal/input")
    check("act/input" in text.out.decode() and "normal/input" in text.out.decode(), "the text does not tell the sources apart")
    check(not judge.judge_text(text.out), f"{judge.judge_text(text.out)}")


def of_several_sources_one_may_fail(b):
    p = b.run("analyze", "nowhere", "normal/input", "--format", "json")
    check(p.status == 0 and "nowhere" in p.err_text, f"status {p.status}, {p.err_text!r}")
    check(len(json.loads(p.out)["results"]) == 1, "a result of nothing")
    p = b.run("analyze", "nowhere", "neither", "--format", "json")
    check(p.status == 3 and not p.out, f"status {p.status} where none could be read")


def a_host_without_a_product_is_no_result(b):
    p = b.run("diagnose", "--root", b.case)
    check(p.status == 3 and not p.out and p.err, f"status {p.status}, {p.err_text!r}")
    p = b.run("--root", os.path.join(b.case, "absent"))
    check(p.status == 3 and not p.out and p.err, f"status {p.status}, {p.err_text!r}")


def everything_that_is_listed_can_be_explained(b):
    listed = b.json("rules", "list")
    rows = [row for kind in ("diagnoses", "findings", "remedies") for row in listed[kind]]
    check(len(rows) > 300, f"only {len(rows)} things are listed")
    for row in rows[::program.SHARE]:
        p = b.run("explain", row["id"])
        wrong = [] if p.status == 0 else [f"exit status {p.status}"]
        wrong += judge.judge_text(p.out) if p.out else ["nothing"]
        check(not wrong and row["id"] in p.out.decode(), f"explain {row['id']}: {wrong}")
    one = b.json("explain", listed["diagnoses"][0]["id"])
    check(one["entries"][0]["id"] == listed["diagnoses"][0]["id"], "explain as JSON is about something else")


def what_does_not_exist_cannot_be_explained(b):
    p = b.run("explain", "no.such-thing")
    check(p.status in (2, 3) and not p.out and "no.such-thing" in p.err_text, f"{p.status} {p.err_text!r}")


def probes_say_what_they_read_and_run(b):
    d = b.json("probes")
    check(d["schema"] == "mtadoctor.probes/1" and len(d["probes"]) >= 8, "few probes")
    for p in d["probes"]:
        check(p["cost"] in ("free", "cheap", "expensive") and p["says"] and p["reads"] is not None, f"{p['name']} says too little")
    text = b.run("probes")
    check(text.status == 0 and not judge.judge_text(text.out), f"{judge.judge_text(text.out)}")


def the_rule_base_can_be_listed_and_linted(b):
    text = b.run("rules", "list")
    check(text.status == 0 and b"ims-ms.over-quota" in text.out and not judge.judge_text(text.out), f"{judge.judge_text(text.out)}")
    lint = b.run("rules", "lint")
    check(lint.status == 0 and b" 0 errors" in lint.out, f"{lint.out[-300:]!r}")
    d = b.json("rules", "lint")
    check(d["schema"] == "mtadoctor.lint/1" and d["summary"]["error"] == 0, f"{d['summary']}")
    check(len(d["findings"]) == sum(d["summary"].values()), "the summary does not count the findings")


def cases_of_the_rule_base_run_by_parts_of_their_names(b):
    one, two, both = (b.json("rules", "test", *parts) for parts in (["quota"], ["held"], ["quota", "held"]))
    check(one["schema"] == "mtadoctor.cases/1" and one["passed"] == one["cases"] > 0 and not one["failures"], f"{one}")
    check(max(one["cases"], two["cases"]) < both["cases"] <= one["cases"] + two["cases"], "several parts are not a union")
    b.usage_error("rules", "test", "no-such-case", says="no case has no-such-case")


def the_rule_base_has_one_folder(b):
    for verb in ("list", "lint"):
        b.usage_error("rules", verb, "one", "two", says="one folder of rules")
        b.usage_error("rules", verb, "one", "--rules", "two", says="one folder of rules")


def a_zone_that_is_not_known_is_a_usage_error(b):
    b.usage_error("analyze", "watch/input", "--timezone", "Mars/Olympus", says="no zone known here")


def facts_and_help_fit_the_terminal(b):
    for args in (["--help"], ["analyze", "--help"], ["collect", "--help"], ["rules", "--help"], ["facts", "watch/input"]):
        p = b.run(*args)
        check(p.status == 0 and not judge.judge_text(p.out), f"{args}: {judge.judge_text(p.out)}")


def help_that_cannot_be_written_is_an_error(b):
    with open("/dev/full", "wb") as full:
        for option in ("--help", "--version"):
            p = subprocess.run([b.binary, option], stdout=full, stderr=subprocess.PIPE)
            check(p.returncode == 3 and b"cannot be written" in p.stderr, f"{option}: {p.returncode} {p.stderr!r}")


def a_facts_file_of_no_known_time_has_no_onsets(b):
    path = os.path.join(b.case, "timeless.json")
    gathered = b.json("facts", "watch/input")
    gathered["source"]["observed_at"] = None
    with open(path, "w") as f:
        json.dump(gathered, f)
    d = b.json("analyze", path)
    check(all(row["since"] is None for row in d["diagnoses"]), "an onset without a clock")


def a_facts_file_cannot_speak_to_the_terminal(b):
    path = os.path.join(b.case, "loud.json")
    gathered = b.json("facts", "watch/input")
    for row in gathered["facts"]:
        row["why"] = row["why"] and "\033]0;loud\007\r\n\u202e"
        row["value"] = 1e300 if row["unit"] == "messages per hour" else row["value"]
    with open(path, "w") as f:
        json.dump(gathered, f)
    for args in (["analyze", "--verbose"], ["facts"]):
        p = b.run(*args, path)
        check(p.status == 0 and not judge.judge_text(p.out), f"{args}: {judge.judge_text(p.out)}")
        check(b"loud" in p.out, f"{args}: the reasons are not shown at all")


def a_rule_base_that_does_not_load_is_told_with_its_place(b):
    os.makedirs(os.path.join(b.case, "rules", "msgserver"), exist_ok=True)
    with open(os.path.join(b.case, "rules", "msgserver", "broken.lua"), "w", encoding="utf-8") as f:
        f.write("finding 'a.b' {\n  scope = 'channel',\n")
    p = b.run("analyze", "normal/input", "--rules", "rules")
    check(p.status == 3 and not p.out, f"status {p.status}")
    p = b.run("analyze", "normal/input", "--rules", "absent")
    check(p.status == 3 and not p.out and "absent" in p.err_text, f"status {p.status}, {p.err_text!r}")


def at_since_and_timezone_are_taken(b):
    d = b.json("analyze", "normal/input", "--at", "2001-02-03T04:05:06+02:00")
    check(d["source"]["observed_at"] == "2001-02-03T02:05:06Z", d["source"]["observed_at"])
    d = b.json("analyze", "normal/input", "--timezone", "Asia/Tokyo")
    check(d["source"]["timezone"] == "Asia/Tokyo", d["source"]["timezone"])
    p = b.run("analyze", "normal/input", "--since", "1h")
    check(p.status == 0, f"--since 1h: {p.status}")


def the_site_file_accepts_a_diagnosis(b):
    with open(os.path.join(b.case, "site.yaml"), "w", encoding="utf-8") as f:
        f.write("accept:\n  - id: ims-ms.over-quota\n    because: the students will not delete anything\n  - id: no.such\n    because: x\n")
    d = b.json("analyze", "watch/input", "--site", "site.yaml")
    check(d["verdict"] == "normal" and "students" in d["diagnoses"][0]["summary"], f"{d['verdict']}: {d['diagnoses'][0]['summary']}")
    check(any(p["line"] and "no.such" in p["what"] for p in d["problems"]), "an id that does not exist is not told")
    with open(os.path.join(b.case, "site.yaml"), "w", encoding="utf-8") as f:
        f.write("accept: [\n")
    d = b.json("analyze", "watch/input", "--site", "site.yaml")
    check(d["verdict"] == "watch" and any("site.yaml" in (p["where"] or "") for p in d["problems"]), "a broken site file is not told")


def an_interrupted_scan_still_reports(b):
    source = os.path.join(b.case, "normal", "input")
    case = os.path.join(b.case, "large")
    shutil.copytree(source, os.path.join(case, "input"))
    for folder, _, names in os.walk(os.path.join(case, "input")):
        if "mail.log_current" in names:
            path = os.path.join(folder, "mail.log_current")
            with open(path, "rb") as f:
                data = f.read()
            with open(path, "wb") as f:
                f.writelines([data] * int(700000000 / program.SLOWNESS / len(data)))    # seconds of reading, whatever the build
    whole = os.path.getsize(path)
    p = b.run("analyze", "large/input", "--format", "json", interrupt_at="mail.log_current")
    shutil.rmtree(case)
    d, wrong = judge.read_json(p.out)
    check(not wrong, f"{wrong}")
    # never 0: what was not read may be what matters
    check(p.status == (1 if d["verdict"] == "act" else 3), f"exit status {p.status}, {p.err_text[:200]}")
    check("interrupted" in p.err_text, f"standard error does not say so: {p.err_text[:200]}")
    check(any("interrupted" in x["what"] for x in d["problems"]), f"nothing says that a scan of {whole} bytes was interrupted: {d['problems']}")
    check(any(x["status"] == "partial" for x in d["probes"]), "no probe says that it saw only a part")


def of_several_hosts_each_gets_a_bundle(b):
    for i, name in enumerate(("normal", "watch")):
        shutil.copytree(os.path.join(b.case, name, "input"), os.path.join(b.case, "site", f"mta{i + 1}"))
    p = b.run("collect", "--from", "site", "-o", "site.b.tar.gz", "--map", "site.map")
    check(p.status == 0 and "holds 2 hosts" in p.err_text, f"status {p.status}: {p.err_text[:300]}")
    made = sorted(x for x in os.listdir(b.case) if x.startswith("site") and x.endswith((".map", ".gz")))
    check(made == ["site-1.map", "site-2.map", "site.b-1.tar.gz", "site.b-2.tar.gz"], made)
    sent, given = b.json("analyze", "site"), b.json("analyze", "site.b-1.tar.gz", "site.b-2.tar.gz")
    said = [[[(x["id"], x["probability"]) for x in r["diagnoses"]] for r in d["results"]] for d in (sent, given)]
    check(said[0] == said[1], f"of the folder {said[0]}, of the bundles {said[1]}")
    with open(os.path.join(b.case, "site.json"), "wb") as f:
        f.write(b.run("facts", "site", "--format", "json").out)
    p = b.run("collect", "--from", "site.json", "-o", "facts.tar.gz")
    check(p.status == 3 and "of several hosts" in p.err_text and not [x for x in os.listdir(b.case) if x.startswith("facts")],
          f"facts of several hosts: status {p.status}: {p.err_text[:300]}")
    p = b.run("collect", "--from", "site", "-o", "again.tar.gz", "--map", "site.map")
    check(p.status == 2 and not os.path.exists(os.path.join(b.case, "again-1.tar.gz")), f"a map over a file: {p.status}")


def whoever_hangs_up_leaves_no_bundle(b):
    folder = os.path.join(b.case, "hangup")
    os.mkdir(folder)
    argv = [b.binary, "collect", "--from", os.path.join(b.case, "watch", "input"), "-o", os.path.join(folder, "b.tar.xz")]
    for number in (signal.SIGHUP, signal.SIGPIPE, signal.SIGQUIT):
        child = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=program.environment())
        while child.poll() is None and not os.listdir(folder):
            time.sleep(0.002)
        child.send_signal(number)
        check(child.wait(program.LIMIT_S) == 3, f"{number.name}: exit status {child.returncode}")
        check(not os.listdir(folder), f"{number.name} leaves {os.listdir(folder)}")


def the_order_of_options_does_not_matter(b):
    one = b.run("--format=json", "analyze", "watch/input").out
    check(one == b.run("analyze", "--format", "json", "--", "watch/input").out == b.run("analyze", "watch/input", "-f", "json").out, "it matters")


def main(argv):
    if not argv:
        sys.exit(__doc__)
    tests = [(name.replace("_", " "), f) for name, f in globals().items()
             if callable(f) and getattr(f, "__module__", None) == __name__ and name not in ("Bench", "NoTerminal", "check", "main", "on_a_terminal")]
    tests = [(name, f) for name, f in tests if not argv[1:] or any(p in f.__name__ for p in argv[1:])]
    bench = Bench(os.path.abspath(argv[0]))
    failed = skipped = 0
    try:
        for name, test in tests:
            try:
                test(bench)
            except NoTerminal as e:
                skipped += 1
                print(f"skipped {name}: there is no terminal: {e}", flush=True)
            except (program.Wrong, AssertionError, OSError, ValueError, KeyError, IndexError, subprocess.TimeoutExpired) as e:
                failed += 1
                print(f"FAILED {name}: {type(e).__name__} {e}", flush=True)
    finally:
        bench.close()
    print(f"{len(tests) - failed - skipped} passed, {failed} failed")
    return 1 if failed or not tests else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
