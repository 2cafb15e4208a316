"""usage: wizard.py MTADOCTOR [PART_OF_A_NAME ...]

The wizard: by a file of answers, and in front of a terminal of 80x24. Each test is a function whose name is a sentence. Ends with "N passed, N failed"."""
import difflib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import inputs     # noqa: E402
import program    # noqa: E402
import schema     # noqa: E402
import terminal   # noqa: E402

SCHEMAS = os.path.join(HERE, "..", "..", "cli", "report", "schema")
SPEC = {"host": {"seed": 3, "version": "6.3"}, "fault": "job_controller_down", "shape": "loose"}
RIGHT = "jobcontroller.not-running"
ANSWERS = """symptom: queue-grows
answers:
  look:queue.listing: { file: down/input/queue-ls-lR.txt }
  "look:*log*": { file: down/input/mail.log_current }
  "look:*process*": { file: down/input/output.txt }
"""


def check(is_good, says):
    if not is_good:
        raise AssertionError(says)


class Bench:
    def __init__(self, binary):
        self.binary = binary
        self.top = tempfile.mkdtemp(prefix="mtadoctor-wizard-")
        _, self.at = inputs.build(SPEC, os.path.join(self.top, "down"))
        self.put("down.yaml", ANSWERS)
        self.log = self.get("down/input/mail.log_current")
        self.listing = self.get("down/input/queue-ls-lR.txt")
        self.n = 0

    def close(self):
        shutil.rmtree(self.top, ignore_errors=True)

    def put(self, name, text):
        with open(os.path.join(self.top, name), "w", encoding="utf-8") as f:
            f.write(text)

    def get(self, name):
        with open(os.path.join(self.top, name), encoding="utf-8") as f:
            return f.read()

    def run(self, *words):
        return program.run([self.binary, *words], cwd=self.top)

    def case(self):
        self.n += 1
        return f"case-{self.n}.jsonl"

    def events(self, case):
        return [json.loads(line) for line in self.get(case).splitlines()]

    def answer(self, case, *words, answers="down.yaml"):
        return self.run("wizard", "-", "--answers", answers, "--case", case, *self.at, *words)

    def replay(self, case, *words):
        r = self.run("wizard", "--replay", case, *words)
        check(r.status in (0, 1), f"replay ends with {r.status}: {r.err_text}")
        return r.out

    def sit_down(self, case, *words):
        return terminal.Terminal([self.binary, "wizard", "-", "--case", case, *self.at, *words], cwd=self.top)

    def resume(self, case, *words):
        return terminal.Terminal([self.binary, "wizard", "--resume", case, *words], cwd=self.top)


def steps(b, case):
    return [(e["event"], e.get("inquiry"), len(e.get("text", ""))) for e in b.events(case) if e["event"] in ("symptom", "input", "answer", "unknown", "skip", "tried", "undone")]


def first(raw):
    return json.loads(raw)["diagnoses"][0]["id"]


def begin(b, case, *words):
    """Up to the first look."""
    t = b.sit_down(case, *words)
    t.wait("[1]> ")
    t.type("queue-grows")
    t.wait("[2]> ")
    return t


# ---- by a file of answers


def a_file_of_answers_leads_to_the_diagnosis_and_the_case_replays_to_the_same_report(b):
    case = b.case()
    r = b.answer(case, "--format", "json")
    check(r.status == 1, f"status {r.status}: {r.err_text}")
    check(first(r.out) == RIGHT, f"first is {first(r.out)}")
    schema.validate(json.loads(r.out), schema.load(os.path.join(SCHEMAS, "diagnosis.schema.json")))
    check(b.replay(case, "--format", "json") == r.out, "the replayed JSON differs")
    text = b.replay(case)
    check(b.answer(b.case()).out.endswith(text), "the replayed text differs from what was printed")
    one = schema.load(os.path.join(SCHEMAS, "case.schema.json"))
    for event in b.events(case):
        schema.validate(event, one)


def a_case_becomes_a_rule_case_that_passes(b):
    case = b.case()
    b.answer(case)
    r = b.run("rules", "case-from", case)
    check(r.status == 0, r.err_text)
    rules = os.path.join(b.top, "rules")
    shutil.copytree(os.path.join(HERE, "..", "..", "rules"), rules)
    b.put("rules/msgserver/cases/of-the-wizard.cases.yaml", r.out.decode())
    r = b.run("rules", "test", "--rules", rules, "of-the-wizard")
    check(r.status == 0 and b"1 passed" in r.out, r.out.decode() + r.err_text)


def a_folder_that_shows_everything_needs_few_answers(b):
    b.put("none.yaml", "symptom: queue-grows\n")
    r = b.run("wizard", "down/input", "--answers", "none.yaml", "--format", "json", *b.at)
    check(first(r.out) == RIGHT, f"first is {first(r.out)}")
    check(json.loads(r.out)["source"]["kind"] == "directory", "of another kind of source")


def a_remedy_that_helped_closes_the_case_and_one_that_did_not_goes_on(b):
    b.put("helps.yaml", ANSWERS + "remedies: { '*': worked }\n")
    case = b.case()
    check(b.answer(case, answers="helps.yaml").status == 0, "something is left to do")
    check(b.events(case)[-1]["id"] == "solved", "not solved")
    b.put("fails.yaml", ANSWERS + "remedies: { '*': failed }\n")
    case = b.case()
    b.answer(case, answers="fails.yaml")
    tried = [e for e in b.events(case) if e["event"] == "tried"]
    check(len(tried) >= 1 and tried[0]["stale"], "nothing became stale")
    check(len(tried) == len({(e["id"], str(e["scope"])) for e in tried}) or len(tried) < 20, "one remedy is proposed again and again")
    b.replay(case)


def only_the_report_is_on_standard_output_where_it_is_json(b):
    r = b.answer(b.case(), "--format", "json")
    json.loads(r.out)
    check("Question 1" in r.err_text, "the dialogue is nowhere")
    check(b.answer(b.case(), "--format", "json", "--quiet").err_text == "", "it is not quiet")


def what_cannot_be_is_said(b):
    b.put("bad.yaml", "answer: {}\n")
    b.put("bad.jsonl", "garbage\n")
    check(b.run("wizard", "--resume", "nowhere.jsonl").status == 3, "a case that is not there")
    check(b.run("wizard", "--replay", "bad.jsonl").status == 3, "a case that is none")
    check(b.run("wizard", "-", "--answers", "bad.yaml").status == 3, "answers that are none")
    b.put("unknown.yaml", "symptom: no-such-thing\n")
    check(b.run("wizard", "-", "--answers", "unknown.yaml").status == 3, "a symptom that there is not")
    check(b.run("wizard", "nowhere", "--answers", "down.yaml").status == 3, "a source that is not there")
    check(b.run("wizard", "--replay", "bad.jsonl", "--answers", "down.yaml").status == 2, "two things at once")
    check(b.run("wizard", "--from-nothing", "down/input").status == 2, "nothing and something")
    case = b.case()
    b.answer(case)
    check(b.answer(case).status == 3, "a case was written over")


def what_was_asked_for_in_vain_is_not_asked_for_again_in_the_report(b):
    case = b.case()
    b.put("nothing.yaml", "symptom: queue-grows\n")
    b.answer(case, answers="nothing.yaml")
    short, whole = b.replay(case).decode(), b.replay(case, "--verbose").decode()
    check("that you were asked for (--verbose)" in short, short[-2000:])
    check(short.count("(not observed") < whole.count("(not observed"), "the short report names as much as the whole one")
    check("that you were asked for" not in whole, "the whole report leaves something out")


def a_live_host_is_looked_at_and_not_written_into(b):
    root = os.path.join(b.top, "root")
    spec = {k: v for k, v in SPEC.items() if k != "shape"}
    inputs.build({**spec, "shape": "root"}, os.path.join(b.top, "live"))
    root = os.path.join(b.top, "live", "input")
    before = sorted(os.path.join(f, n) for f, _, names in os.walk(root) for n in names)
    b.put("live.yaml", "symptom: queue-grows\nanswers: { 'look:*': { run: true } }\n")
    case = b.case()
    r = b.run("wizard", "--root", root, "--answers", "live.yaml", "--case", case, "--format", "json", *b.at)
    check(json.loads(r.out)["source"]["kind"] == "live", "of another kind of source")
    check(first(r.out) == RIGHT, f"first is {first(r.out)}: {r.err_text[-500:]}")
    check(b.replay(case, "--format", "json") == r.out, "the replayed report differs")
    check(before == sorted(os.path.join(f, n) for f, _, names in os.walk(root) for n in names), "something was written")


# ---- at a terminal


def a_person_gets_from_the_symptom_to_the_remedy(b):
    case = b.case()
    t = begin(b, case)
    t.paste(b.log)
    check("Understood: mail-log" in t.wait("[3]> "), "the log was not understood")
    t.type("./down/input/queue-ls-lR.txt")
    shown = t.wait("> ")
    check("Understood: listing" in shown and RIGHT in shown, "the listing says nothing")
    t.type("plan")
    shown = t.wait("[plan]> ")
    check("Start the job controller" in shown and "$ " in shown and "It worked if" in shown, shown)
    longest = max((line for line in shown.split("\n") if not line.strip().startswith("$ ")), key=len)
    check(len(longest) <= 80, f"too long: {longest}")
    t.type("1")
    t.wait("The case is closed")
    check(t.end() == 0, "something is left to do")
    check(first(b.replay(case, "--format", "json")) == RIGHT, "another diagnosis")


def commands_explain_and_change_nothing(b):
    case = b.case()
    t = begin(b, case)
    t.paste(b.log)
    t.wait("[3]> ")
    for line, want in (("why", "This is asked because"), ("why not dns.resolver-down", "stands at"), ("what if process.count@job_controller=0", "nothing is changed"),
                       ("explain jobcontroller.not-running", "shows itself by"), ("show", "Steps so far"), ("help", "At any question"), ("save", case),
                       ("why not no.such", "There is no cause"), ("what if x", "FACT=VALUE"), ("change 77", "There is no step"), ("run", "not the host in question")):
        t.type(line)
        check(want in t.wait("[3]> "), f"{line}: {want} is not said")
    t.send("expl\t")
    t.type("jobcontroller.not-running")
    check("explain jobcontroller" in t.wait("[3]> "), "nothing was completed")
    t.type("quit")
    check(t.end() in (0, 1), "it did not end well")
    check([s[0] for s in steps(b, case)] == ["symptom", "input"], f"steps: {steps(b, case)}")


def a_step_is_taken_back_and_changed(b):
    case = b.case()
    t = begin(b, case)
    t.paste(b.listing)
    t.wait("[3]> ")
    t.type("back")
    check("Taken back" in t.wait("[4]> "), "not taken back")
    t.paste(b.log)
    t.wait("[5]> ")
    t.type("change 1")
    check("What do you see" in t.wait("[6]> "), "the symptom is not asked again")
    t.type("mail-is-late")
    check("hours late" in t.wait("[7]> "), "not changed")
    t.type("quit")
    t.end()
    b.replay(case)


def ctrl_c_leaves_the_line_and_then_the_session(b):
    case = b.case()
    t = begin(b, case)
    t.send("abc")
    t.wait("abc")
    t.send("\x03")
    t.wait("[2]> ")
    t.send("\x03")
    shown = t.wait(f"--resume {case}")
    check("To go on" in shown, shown)
    check(t.end() in (0, 1), "it did not end well")


def ctrl_d_saves_and_leaves(b):
    case = b.case()
    t = begin(b, case)
    t.send("\x04")
    t.wait(f"--resume {case}")
    check(t.end() in (0, 1), "it did not end well")
    check(b.events(case)[-1]["id"] == "quit", "no end was noted")
    t = b.resume(case)
    check("the queue is growing" in t.wait("> "), "what was answered is gone")
    t.type("quit")
    t.end()


def a_window_that_changes_is_no_matter(b):
    t = begin(b, b.case())
    t.send("wh")
    t.wait("wh")
    t.resize(60, 20)
    t.kill(signal.SIGWINCH)
    t.type("y")
    t.wait("This is asked because")    # the line that was begun is drawn anew, and goes on
    t.type("quit")
    t.end()


def megabytes_may_be_pasted(b):
    big = b.log * (2 * 1024 * 1024 // len(b.log) + 1)
    case = b.case()
    t = begin(b, case)
    t.paste(big)
    t.wait("[3]> ", 60)
    t.type("quit")
    t.end()
    check(("input", "look", len(big)) in [(e, i.split(":")[0], n) for e, i, n in steps(b, case)], f"not whole: {steps(b, case)}")


def a_paste_without_marks_ends_with_a_dot_and_not_with_an_empty_line_inside(b):
    case = b.case()
    text = b.listing.replace("total", "\n\ntotal")
    t = begin(b, case)
    t.send(text.replace("\n", "\r") + ".\r")
    t.wait("[3]> ")
    t.type("quit")
    t.end()
    kept = [e for e in b.events(case) if e["event"] == "input"]
    check(len(kept) == 1 and kept[0]["text"] == text, f"not whole: {steps(b, case)}, of {len(text)}; it ends {kept[0]['text'][-80:]!r}")


def a_killed_session_goes_on_as_if_nothing_had_been(b):
    whole, torn = b.case(), b.case()
    for case in (whole, torn):
        t = begin(b, case)
        t.paste(b.log)
        t.wait("[3]> ")
        if case == torn:
            t.kill(signal.SIGKILL)
            check(t.end() == -signal.SIGKILL, "it lives")
            with open(os.path.join(b.top, torn), "a", encoding="utf-8") as f:
                f.write('{"n": 99, "at": "20')
            t = b.resume(torn)
            t.wait("> ")
        t.paste(b.listing)
        t.wait("> ")
        t.type("quit")
        t.end()
    a, c = (names_aside(b.replay(case, "--format", "json")) for case in (whole, torn))
    check(a == c, "the reports differ:\n" + "\n".join(difflib.unified_diff(a.decode().splitlines(), c.decode().splitlines(), lineterm="", n=0))[:2000])


def names_aside(text):
    """Without the numbers of what was given, which count the questions, too."""
    return re.sub(rb"given-\d+/", b"given/", text)


def a_terminal_that_is_gone_loses_nothing(b):
    case = b.case()
    t = begin(b, case)
    t.paste(b.log)
    t.wait("[3]> ")
    t.hang_up()
    check([s[0] for s in steps(b, case)][:2] == ["symptom", "input"], f"steps: {steps(b, case)}")
    b.replay(case)


def plain_is_free_of_tricks(b):
    t = b.sit_down(b.case(), "--plain")
    t.wait("[1]> ")
    t.type("queue-grows")
    t.wait("[2]> ")
    t.type("?")
    t.wait("[3]> ")
    t.type("quit")
    t.end()
    check("\x1b" not in t.seen, "a terminal sequence was sent")
    check("percent:" in t.seen, "no sentence")


def a_pipe_is_a_person_too(b):
    case = b.case()
    text = "queue-grows\n" + b.log + ".\nquit\n"
    r = subprocess.run([b.binary, "wizard", "-", "--case", case, *b.at], cwd=b.top, input=text.encode(), capture_output=True, env=program.environment(),
                       timeout=program.LIMIT_S * program.SLOWNESS, check=False)
    check(r.returncode in (0, 1), f"status {r.returncode}: {r.stderr.decode()}")
    check([s[0] for s in steps(b, case)] == ["symptom", "input"], f"steps: {steps(b, case)}")


def main(argv):
    return program.run_tests(argv, __doc__, globals(), ("Bench", "check", "main", "begin", "steps", "first", "names_aside"), Bench)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
