"""usage: forms.py MTADOCTOR

The same host in every form in which it may come: a live installation, a bundle as folder, tar.gz, zip, facts file, loose files. What is said
must be the same, or, of the poorer forms, begin the same. Ends with "N passed, N failed"."""
import os
import shutil
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import inputs     # noqa: E402
import judge      # noqa: E402
import program    # noqa: E402

# version, fault or None, what must be first
HOSTS = [("6.3", "over_quota"), ("6.2", "dead_domains"), ("7.0", "job_controller_down"), ("8.1", "queue_disk_full"), ("5.2", "mailbox_corrupt"), ("8.0", None)]


def said(d):
    return [(x["id"], x["scope"], x["members"], x["probability"]) for x in d["diagnoses"]]


class Forms:
    def __init__(self, binary, case, version, fault):
        self.binary, self.case = binary, case
        self.host = {"seed": 11, "version": version, "roles": "relay+store", "zone": "America/New_York", "per_hour": 20}
        self.fault = fault
        self.bad = []

    def answer(self, form, *more, command="analyze"):
        """Judged on its own; returns the JSON."""
        folder = os.path.join(self.case, form)
        os.makedirs(folder)
        shape = "bundle" if form == "facts" else form
        name, args = inputs.build({"host": self.host, "fault": self.fault, "shape": shape}, folder)
        if form == "facts":
            p = program.run([self.binary, "facts", name, "--format", "json", "--output", "facts.json"] + args, cwd=folder)
            if p.status != 0 or p.out or p.err:
                self.bad.append(f"facts: status {p.status}, {p.out[:80]!r} {p.err_text[:200]}")
            name = "facts.json"
        if form == "root":
            # a process table of this machine must not count, and the clock is not the host's
            argv = [self.binary, "diagnose", "--root", os.path.join(folder, name)] + args
        else:
            argv = [self.binary, command, name] + args
        # answers of resolvers are not recorded in a live run, and the output holds the name of a temporary folder
        p = program.run(argv + ["--format", "json"], cwd=folder)
        if p.status > 1:
            raise AssertionError(f"{form}: exit status {p.status}: {p.err_text[-300:]}")
        d, wrong = judge.read_json(p.out)
        self.bad += [f"{form}: {w}" for w in wrong]
        if d is None:
            raise AssertionError(f"{form}: no JSON")
        if form == "root":      # its resolver does not answer, which takes time enough once
            return d
        text = program.run(argv + ["--color", "never"], cwd=folder, env=program.environment("Pacific/Kiritimati", "C.UTF-8"))
        self.bad += [f"{form}: {w}" for w in judge.judge_text(text.out)]
        return d

    def compare(self):
        whole = self.answer("bundle")
        kinds = {"bundle": "bundle", "tar": "bundle", "zip": "bundle", "facts": "facts", "loose": "directory", "root": "live"}
        answers = {form: self.answer(form) for form in ("tar", "zip", "facts", "loose", "root")}
        for form, d in {"bundle": whole, **answers}.items():
            if d["source"]["kind"] != kinds[form]:
                self.bad.append(f"{form}: the kind of the source is {d['source']['kind']}")
            if d["source"]["version"] != self.host["version"]:
                self.bad.append(f"{form}: the version is {d['source']['version']}")
        for form in ("tar", "zip", "facts"):
            if said(answers[form]) != said(whole):
                self.bad.append(f"{form} says {said(answers[form])}, the folder says {said(whole)}")
        for form in ("loose", "root"):
            if said(answers[form])[0][:1] != said(whole)[0][:1]:
                self.bad.append(f"{form} says {said(answers[form])[:2]} first, the bundle says {said(whole)[:2]}")
        for form in ("tar", "zip"):
            if answers[form]["overview"] != whole["overview"]:
                self.bad.append(f"{form}: another overview")
        return self.bad


def one(job):
    binary, version, fault = job
    case = tempfile.mkdtemp(prefix="mtadoctor-forms-")
    try:
        bad = Forms(binary, case, version, fault).compare()
    except (program.Wrong, AssertionError) as e:
        bad = [str(e)]
    finally:
        shutil.rmtree(case)
    return f"{version} {fault or 'healthy'}", bad


def main(argv):
    if len(argv) < 1:
        sys.exit(__doc__)
    binary = os.path.abspath(argv[0])
    hosts = HOSTS[:int(argv[1])] if len(argv) > 1 else HOSTS
    return program.report([(binary, version, fault) for version, fault in hosts], one, 3)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
