"""What must hold for any answer, and whether an answer is the expected one. Each function returns a list of complaints."""
import json
import os
import re
import unicodedata

import program
import schema

HERE = os.path.dirname(os.path.abspath(__file__))
SCHEMA = schema.load(os.path.join(HERE, "..", "..", "cli", "report", "schema", "diagnosis.schema.json"))
WIDTH = 80
UNBREAKABLE = 60        # a word longer than this (a path, an address) may stand out
NOT_FAULTS = ("normal.", "queue.", "unknown.", "calendar.healthy")
URGENCIES = ["normal", "watch", "act"]
# What steers a terminal or hides text: C0 and C1 controls, directional overrides and isolates, separators of lines.
STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
KEYS_OF_EXPECT = {"first", "verdict", "present", "absent", "listed", "remedies", "withheld", "max_probability", "unknown", "problems", "commands_lack",
                  "probability", "host", "version"}


def columns(line):
    wide = sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in line)
    return wide


def judge_text(raw):
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as e:
        return [f"the text is not UTF-8 at byte {e.start}: {raw[max(0, e.start - 20):e.start + 20]!r}"]
    if not text.strip():
        return ["the text report is empty"]
    bad = []
    if not text.endswith("\n"):
        bad.append("the text does not end with a line")
    for number, line in enumerate(text.split("\n"), 1):
        steering = STEERING.search(line)
        if steering:
            bad.append(f"line {number} of the text holds {steering.group()!r}")
        if columns(line) > WIDTH and not line.lstrip().startswith("$ ") and not any(len(w) > UNBREAKABLE for w in line.split()):
            bad.append(f"line {number} of the text is {columns(line)} columns wide: {line}")
        if line != line.rstrip():
            bad.append(f"line {number} of the text ends with a blank: {line!r}")
    return bad[:5]


def strings_of(value, at="$"):
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, list):
        for i, v in enumerate(value):
            yield from strings_of(v, f"{at}[{i}]")
    elif isinstance(value, dict):
        for k, v in value.items():
            yield at, k
            yield from strings_of(v, f"{at}.{k}")


def no_duplicates(pairs):
    d = dict(pairs)
    if len(d) != len(pairs):
        raise ValueError("a key appears twice: " + ", ".join(k for k, _ in pairs))
    return d


def read_json(raw):
    """Returns the value and complaints about its form."""
    try:
        value = json.loads(raw.decode("utf-8"), object_pairs_hook=no_duplicates, parse_constant=lambda c: float("nan"))
    except (UnicodeDecodeError, ValueError) as e:
        return None, [f"the JSON cannot be read: {e}"]
    bad = schema.validate(value, SCHEMA)
    bad += [f"{at} holds {STEERING.search(s).group()!r}" for at, s in strings_of(value) if STEERING.search(s)]
    for d in value["results"] if "results" in value else [value]:
        bad += [] if bad else judge_sense(d)
    return value, bad[:6]


def is_fault(d):
    return not d["id"].startswith(NOT_FAULTS)


def judge_sense(d):
    """What the contract says beyond the form."""
    bad = []
    dx = d["diagnoses"]
    if [x["rank"] for x in dx] != list(range(1, len(dx) + 1)):
        bad.append("the ranks are not 1, 2, ...")
    kinds = [is_fault(x) or x["id"] == "unknown.cause" for x in dx]
    if True in kinds and False in kinds and kinds.index(False) < len(kinds) - 1 - kinds[::-1].index(True):
        bad.append("a normal state precedes a fault")
    if d["verdict"] != max((x["urgency"] for x in dx), key=URGENCIES.index):
        bad.append(f"the verdict is {d['verdict']}, not the highest urgency among the diagnoses")
    for x in dx:
        if is_fault(x) and x["probability"] < 0.5:
            bad.append(f"{x['id']} is a diagnosis at {x['probability']}")
        if is_fault(x) and x["urgency"] == "act" and x["probability"] < 0.7:
            bad.append(f"{x['id']} says act at {x['probability']}")
        if is_fault(x) and not any(e["finding"] == "supports" for e in x["evidence"]):
            bad.append(f"{x['id']} has no evidence")
        if is_fault(x) and not x["remedies"]:
            bad.append(f"{x['id']} has no remedy")
        for e in x["evidence"]:
            if e["finding"] == "supports" and not e["sources"]:
                bad.append(f"{x['id']}: {e['id']} says not where it was read")
    return bad


def asked_in_vain(d):
    """Questions about the messages of channels in which none waits. (What is known of a destination from the log is another matter.)"""
    empty = {c["channel"] for c in d["overview"]["channels"] if c["files"] == 0}
    return [f"{u['fact']} of {u['scope']['channel']} is asked for, where nothing waits" for u in d["unknown"] if set(u["scope"]) == {"channel"} and u["scope"]["channel"] in empty]


def offered(d):
    return {r["id"] for x in d["diagnoses"] for r in x["remedies"] if r["withheld"] is None}


def names_problem(want, problems):
    """want: {where, line, what}: each a part of what is reported; line may be true (any)."""
    for p in problems:
        if want.get("where", "") not in (p["where"] or "") or want.get("what", "").lower() not in p["what"].lower():
            continue
        line = want.get("line")
        if line is None or (line is True and p["line"]) or line == p["line"]:
            return True
    return False


def judge_expected(e, d):
    """e: the expectation of a scenario, of a rule case or of a generated host."""
    bad = []
    ids = [x["id"] for x in d["diagnoses"]]
    probable = {}
    for x in d["diagnoses"]:
        probable[x["id"]] = max(x["probability"], probable.get(x["id"], 0))
    listed = set(ids) | {x["id"] for x in d["considered"]}
    as_list = lambda v: [v] if isinstance(v, str) else v
    said = ", ".join(f"{x['id']} {x['probability']}" for x in d["diagnoses"][:3])
    if "first" in e and ids[0] not in as_list(e["first"]):
        bad.append(f"first is {ids[0]}, not {' or '.join(as_list(e['first']))} (said: {said})")
    if "verdict" in e and d["verdict"] not in as_list(e["verdict"]):
        bad.append(f"the verdict is {d['verdict']}, not {' or '.join(as_list(e['verdict']))} (said: {said})")
    bad += [f"{i} is not among the diagnoses" for i in e.get("present", []) if i not in ids]
    bad += [f"{i} is wrongly among the diagnoses" for i in e.get("absent", []) if i in ids]
    bad += [f"{i} is nowhere listed" for i in e.get("listed", []) if i not in listed]
    bad += [f"the remedy {r} is not offered" for r in e.get("remedies", []) if r not in offered(d)]
    bad += [f"the remedy {r} is offered although it must not be done now" for r in e.get("withheld", []) if r in offered(d)]
    bad += [f"{x['id']} is claimed at {x['probability']}" for x in d["diagnoses"] if is_fault(x) and x["probability"] >= e.get("max_probability", 2)]
    bad += [f"no problem like {json.dumps(p)}; there are: {json.dumps(d['problems'])[:700]}" for p in e.get("problems", []) if not names_problem(p, d["problems"])]
    if e.get("unknown") and not d["unknown"]:
        bad.append("nothing is said to be unknown")
    for key in ("host", "version"):
        if key in e and d["source"][key] != e[key]:
            bad.append(f"the {key} is {d['source'][key]!r}, not {e[key]!r}")
    commands = [s["command"] for x in d["diagnoses"] for r in x["remedies"] for s in r["steps"] if s["command"]] + [u["ask"] or "" for u in d["unknown"]]
    bad += [f"a command holds {t!r}: {c}" for t in e.get("commands_lack", []) for c in commands if t in c]
    for name, least in e.get("probability", {}).items():
        if probable.get(name, 0) < least:
            bad.append(f"{name} has {probable.get(name, 0)}, less than {least}")
    return bad


def judge_status(status, d, fail_on="act"):
    results = d["results"] if "results" in d else [d]
    worst = max(URGENCIES.index(r["verdict"]) for r in results)
    want = int(fail_on != "never" and worst >= URGENCIES.index(fail_on))
    return [] if status == want else [f"exit status {status} with the verdict {URGENCIES[worst]}"]


def judge(argv, cwd, e, want_status=None, max_rss_mib=None, again=True):
    """Runs `argv` (without --format) as JSON in two zones and locales and as text. Returns complaints and, for golden files, what was said."""
    first = program.run(argv + ["--format", "json"], cwd=cwd)
    bad = []
    if max_rss_mib is not None and program.SLOWNESS == 1 and first.max_rss_kib > max_rss_mib * 1024:
        bad.append(f"{first.max_rss_kib // 1024} MiB resident, more than {max_rss_mib}")
    if first.status >= 2:
        if want_status != first.status:
            return bad + [f"exit status {first.status}: {first.err_text[-400:]}"], None
        if first.out:
            bad.append("something was written to standard output although the work was not done")
        if not first.err_text.strip():
            bad.append("nothing says why the work was not done")
        if STEERING.search(first.err_text.replace("\n", "")):
            bad.append("standard error holds what steers a terminal")
        bad += [f"standard error does not name {p}" for p in e.get("stderr", []) if p not in first.err_text]
        return bad, (b"", b"")
    d, wrong = read_json(first.out)
    bad += wrong
    if d is None or wrong:
        return bad, None
    bad += judge_status(first.status, d) if want_status is None else [] if want_status == first.status else [f"exit status {first.status}, not {want_status}"]
    if "results" in d:
        bad += [c for want, got in zip(e.get("results", []), d["results"]) for c in judge_expected(want, got)]
    else:
        bad += judge_expected(e, d)
    if first.err:
        bad.append(f"standard error is not empty: {first.err_text[:300]!r}")
    text = program.run(argv + ["--color", "never"], cwd=cwd, env=program.environment("UTC", "C.UTF-8"))
    bad += judge_text(text.out)
    if again:
        other = program.run(argv + ["--format", "json"], cwd=cwd, env=program.environment("Pacific/Kiritimati", "C.UTF-8"))
        if other.out != first.out:
            bad.append("another time zone or locale gives another answer")
    return bad, (text.out, first.out)
