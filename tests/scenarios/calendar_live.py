"""usage: calendar_live.py MTADOCTOR [PART_OF_A_NAME ...]

A Calendar Server host as a fake installation for --root, with real databases: under writes, after a crash, on a full disk; what is said of it and
of its bundle; and that nothing of it is touched. Each test is a function whose name is a sentence. Ends with "N passed, N failed"."""
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from datetime import datetime, timedelta, timezone

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(HERE, "..", "generate"))

import calendar_env as env          # noqa: E402
import calendar_faults as faults    # noqa: E402
import calendar_files as files      # noqa: E402
import calendar_host as hosts       # noqa: E402
import inputs                       # noqa: E402
import judge                        # noqa: E402
import program                      # noqa: E402

# Whatever changes a database or the state of the server, or joins its environment, must never be run.
FORBIDDEN = ["db_recover", "db_verify", "db_stat", "db_load", "db_checkpoint", "db_deadlock", "db_archive", "db_dump", "start-cal", "stop-cal", "csbackup", "csrestore", "dbrig", "cscomponents"]


def check(is_good, says):
    if not is_good:
        raise AssertionError(says)


class Bench:
    def __init__(self, binary):
        self.binary = binary
        self.case = tempfile.mkdtemp(prefix="mtadoctor-calendar-live-")
        self.n = 0
        self.mounts = []

    def close(self):
        for path in self.mounts:
            subprocess.run(["umount", path], check=False)
        shutil.rmtree(self.case)

    def root(self, h):
        """A fake installation of the host. Returns its folder."""
        self.n += 1
        top = os.path.join(self.case, f"root{self.n}")
        files.put(top, h.config_root + "/ics.conf", h.ics_conf())
        for name, text in files.log_texts(h).items():
            files.put(top, h.log_root + "/" + name, text)
            last = max(when for when, line in h.logs[name.split(".log")[0] + ".log"] if line in text)
            os.utime(top + h.log_root + "/" + name, (last.timestamp(), last.timestamp()))
        answers = {"/usr/bin/ps": {"-ef": h.ps()}, "/usr/sbin/mount": {"": h.mount()}, "/usr/bin/df": {"-k": h.df()}, h.sbin + "/csdb": {"version": h.build + "\n"}}
        for path, texts in answers.items():
            inputs.fake_command(top + path, texts)
        for name in FORBIDDEN:
            folder = f"{h.root}/tools/unsupported/bin" if name.startswith("db_") else h.sbin
            inputs.executable(f"{top}{folder}/{name}", f'#!/bin/sh\necho "$0 $*" >> "{top}/calls"\nexit 0\n')
        return top

    def databases(self, h, top):
        files.make_databases(h, top + h.csdb)
        files.rows_of_real(h, top + h.csdb)

    def answer(self, *argv):
        p = program.run([self.binary, *argv, "--format", "json"])
        check(p.status in (0, 1), f"{argv[0]}: exit status {p.status}: {p.err_text[-400:]}")
        d, wrong = judge.read_json(p.out)
        check(not wrong, "; ".join(wrong))
        return d

    def diagnose(self, h, top):
        d = self.answer("diagnose", "--root", top, "--at", h.now.astimezone(h.zone).isoformat(), "--timezone", h.zone.key)
        check(not os.path.exists(top + "/calls"), "what must not be run was run")
        return d


def at_present(h):
    """On a live host it is now: processes and files say so, whatever --at does."""
    h.now = datetime.now(timezone.utc).replace(microsecond=0)
    h.boot, h.started = h.at(days=30), h.at(days=6)
    h.silent_since(h.at(seconds=20))
    h.regions = (h.started, 5)


def of(seed, **more):
    h = hosts.Host(seed, **more)
    at_present(h)
    h.has_old_headers = False
    return h


def fault_free(d):
    return [(x["id"], x["probability"]) for x in d["diagnoses"] if judge.is_fault(x) and x["probability"] >= 0.5]


def marks(folder):
    """What would show that somebody wrote there."""
    out = {}
    for base, _, names in os.walk(folder):
        out[base] = os.stat(base).st_mtime_ns
        for name in names:
            path = os.path.join(base, name)
            s = os.stat(path)
            with open(path, "rb") as f:
                out[path] = (s.st_mtime_ns, s.st_ctime_ns, s.st_mode, hashlib.sha256(f.read()).hexdigest())
    return out


def a_sound_host_is_well_and_not_touched(b):
    for seed, version, system in ((1, "6.3", "solaris"), (2, "6.2", "linux"), (3, "6.1", "solaris")):
        h = of(seed, version=version, system=system)
        h.ordinary()
        top = b.root(h)
        b.databases(h, top)
        before = marks(top + h.var)
        d = b.diagnose(h, top)
        check(d["source"]["product"] == "calendar" and d["source"]["version"] == version, f"{version}: {d['source']}")
        check(d["verdict"] == "normal" and not fault_free(d), f"{version}: {d['verdict']} {fault_free(d)}")
        check(marks(top + h.var) == before, "something below the server's data was changed")


def an_environment_under_writes_is_well(b):
    h = of(5, version="6.3", system="solaris")
    h.backup_ages_h = {"hot": [5, 29], "archive": [5, 29, 53]}
    h.ordinary()
    top = b.root(h)
    csdb = top + h.csdb
    env.make(csdb, ["cache=262144", "put:calprops:60", "put:events:4000", "put:todos:900", "checkpoint", "trim"])
    with subprocess.Popen([env.path_of_maker(), csdb, "cache=262144", "busy:60"], stdout=subprocess.PIPE) as writer:
        try:
            check(writer.stdout.readline() == b"ready\n", "the writer did not begin")
            runs, end = 0, time.monotonic() + 25
            while time.monotonic() < end and runs < 40 and writer.poll() is None:
                h.now = datetime.now(timezone.utc).replace(microsecond=0)
                d = b.diagnose(h, top)
                runs += 1
                check(not fault_free(d) and d["verdict"] == "normal", f"run {runs}: {d['verdict']} {fault_free(d)} {[e['because'] for x in d['diagnoses'] for e in x['evidence'] if e['finding'] == 'supports']}")
            check(writer.poll() is None and runs >= 3, f"{runs} runs, the writer said {writer.poll()}")
        finally:
            writer.kill()


def a_panicked_environment_is_told_from_damage(b):
    h = of(8, version="6.3", system="solaris")
    expect, _ = faults.panic_data_intact(h)
    top = b.root(h)
    b.databases(h, top)
    bad = judge.judge_expected({"first": expect["first"], "absent": expect["absent"]}, b.diagnose(h, top))
    check(not bad, "; ".join(bad))


def damage_is_found_on_the_host_itself(b):
    for seed, fault in enumerate((faults.page_corrupt, faults.metadata_corrupt, faults.file_truncated, faults.silent_hole, faults.logs_removed), 30):
        h = of(seed, version="6.3", system="solaris")
        expect, _ = fault(h)
        top = b.root(h)
        b.databases(h, top)
        bad = judge.judge_expected({"first": expect["first"], "absent": expect["absent"], "verdict": "act"}, b.diagnose(h, top))
        check(not bad, f"{fault.__name__}: {'; '.join(bad)}")


def a_bundle_of_the_host_says_the_same(b):
    for seed, fault in ((41, faults.page_corrupt), (42, faults.logs_removed), (43, faults.panic_data_intact), (44, None)):
        h = of(seed, version="6.3", system="solaris")
        if fault is None:
            h.ordinary()
        else:
            fault(h)
        h.conf["local.ugldapbindcred"] = "s3cr3t-of-ldap"
        top = b.root(h)
        b.databases(h, top)
        live = b.diagnose(h, top)
        archive = os.path.join(b.case, f"host{seed}.tar.gz")
        p = program.run([b.binary, "collect", "--root", top, "-o", archive, "--at", h.now.astimezone(h.zone).isoformat(), "--timezone", h.zone.key])
        check(p.status == 0, f"collect: {p.status} {p.err_text[-300:]}")
        with tarfile.open(archive) as t:
            names = t.getnames()
            text = b"".join(t.extractfile(m).read() for m in t.getmembers() if m.isfile())
        check(not [n for n in names if n.endswith(".db") or "/log.0" in n or "/__db." in n], f"databases went into the bundle: {names}")
        check(any(n.endswith("ics.conf") for n in names), f"ics.conf is not in the bundle: {names}")
        check(b"s3cr3t-of-ldap" not in text, "a secret of ics.conf is in the bundle")
        sent = b.answer("analyze", archive)
        said = [[(x["id"], x["probability"]) for x in d["diagnoses"]] + [d["verdict"]] for d in (live, sent)]
        check(said[0] == said[1], f"{fault and fault.__name__}: the host is said to have {said[0]}, its bundle {said[1]}")
        check(not os.path.exists(top + "/calls"), "what must not be run was run")


def what_the_script_collects_is_enough_where_no_page_is_damaged(b):
    """It takes no databases, but their listing, the logs, ics.conf and the outputs of commands."""
    script = os.path.join(b.case, "collect.sh")
    with open(script, "wb") as f:
        f.write(program.run([b.binary, "collect", "--script"]).out)
    for seed, fault in ((51, faults.panic_data_intact), (52, faults.disk_full), (53, faults.read_only_left_on), (54, None)):
        h = of(seed, version="6.3", system="solaris")
        if fault is None:
            h.ordinary()
            expect = {"first": ["calendar.healthy"], "verdict": "normal"}
        else:
            said, _ = fault(h)
            expect = {"first": said["first"], "absent": said["absent"]}
        h.conf["local.ugldapbindcred"] = "s3cr3t-of-ldap"
        top = b.root(h)
        b.databases(h, top)
        archive = os.path.join(b.case, f"script{seed}.tar.gz")
        p = program.run(["/bin/sh", script, "-r", top, "-o", archive, "-y"])
        check(p.status == 0, f"the script ended with {p.status}: {p.err_text[-300:]}")
        with tarfile.open(archive) as t:
            names = t.getnames()
            text = b"".join(t.extractfile(m).read() for m in t.getmembers() if m.isfile())
        check(not [n for n in names if n.endswith(".db") or "/log.0" in n or "/__db." in n], f"databases went into the bundle: {names}")
        check(b"s3cr3t-of-ldap" not in text, "a secret of ics.conf is in the bundle")
        d = b.answer("analyze", archive)
        check(d["source"]["product"] == "calendar", f"{d['source']}")
        bad = judge.judge_expected(expect, d)
        check(not bad, f"{fault and fault.__name__}: {'; '.join(bad)}")
        check(not os.path.exists(top + "/calls"), "what must not be run was run")


def a_full_disk_is_not_damage(b):
    """A small disk of its own that the databases fill; where none may be made, what `df` would say of it."""
    h = of(9, version="6.3", system="solaris")
    h.backup_ages_h = {"hot": [5, 29], "archive": [5, 29, 53]}
    h.full["/var"] = 100
    h.ordinary(until=h.at(minutes=9))
    for k in range(5):
        h.library(h.at(minutes=8) + timedelta(seconds=30 * k), "csadmind", "write: 0x7fff2a10, 4096: No space left on device")
    h.library(h.at(minutes=5), "csadmind", "txn_checkpoint: failed to flush the buffer cache: No space left on device")
    top = b.root(h)
    csdb = top + h.csdb
    os.makedirs(csdb)
    is_real = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", csdb], stderr=subprocess.DEVNULL, check=False).returncode == 0
    if is_real:
        b.mounts.append(csdb)
        inputs.executable(top + "/usr/bin/df", f'#!/bin/sh\ndf -k "{csdb}" | sed "s#{csdb}#{h.csdb}#"\ndf -k / | tail -1\n')
    env.make(csdb, ["log=262144", "put:calprops:60", "put:events:900", "put:todos:200", "checkpoint", "trim"])
    if is_real:
        p = subprocess.run([env.path_of_maker(), csdb, "log=262144", "put:events:90000", "checkpoint"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
        check(b"No space left" in p.stderr, f"the disk did not fill: {p.stderr[-300:]}")
    d = b.diagnose(h, top)
    bad = judge.judge_expected({"first": "calendar.disk-full", "verdict": "act", "absent": sorted(faults.DAMAGE | faults.TOUCHED), "remedies": ["calendar.free-space"]}, d)
    check(not bad, "; ".join(bad))


def a_check_of_a_bundle_sees_where_the_databases_lie(b):
    for is_bad in (True, False):
        h = of(12, version="6.3", system="solaris")
        h.ordinary()
        if is_bad:
            h.fs_type["/var"] = "nfs"
            h.conf["caldb.berkeleydb.hotbackup.path"] = h.hot = h.var + "/hot"
        case = os.path.join(b.case, f"check{is_bad}")
        os.makedirs(case)
        p = program.run([b.binary, "check", os.path.join(case, files.write(h, case, "bundle")), "--format", "json"])
        d = json.loads(p.out)
        found = {(x["id"], x["severity"]) for x in d["findings"] if x["severity"] != "info"}
        want = {("ics.dangerous-value", "error"), ("ics.backup-same-disk", "warning")} if is_bad else set()
        check(found == want and d["product"] == "calendar" and d["version"] == "6.3", f"{found} instead of {want}; {d['product']} {d['version']}")


def a_mail_host_beside_it_keeps_its_own_diagnosis(b):
    """Both products on one host: one result each, and what one says is not taken for the other's."""
    h = of(10, version="6.3", system="solaris")
    h.ordinary()
    top = b.root(h)
    b.databases(h, top)
    mail = inputs.host({"seed": 7, "version": "6.3", "roles": "relay+store", "zone": h.zone.key})
    spare = os.path.join(b.case, "mail")
    inputs.write_root(mail, spare)
    for folder in (mail.root, os.path.dirname(mail.config_root)):
        shutil.copytree(spare + folder, top + folder)
    d = b.answer("diagnose", "--root", top, "--at", h.now.astimezone(h.zone).isoformat(), "--timezone", h.zone.key)
    check("results" in d and [r["source"]["product"] for r in d["results"]] == ["msgserver", "calendar"] or
          "results" in d and [r["source"]["product"] for r in d["results"]] == ["calendar", "msgserver"], json.dumps(d.get("source") or [r["source"] for r in d["results"]]))
    mine = next(r for r in d["results"] if r["source"]["product"] == "calendar")
    check(not fault_free(mine), f"{fault_free(mine)}")
    only = b.answer("diagnose", "--root", top, "--product", "calendar", "--at", h.now.astimezone(h.zone).isoformat(), "--timezone", h.zone.key)
    check(only["source"]["product"] == "calendar", f"{only['source']}")


def main(argv):
    if not env.is_possible():
        print("no Berkeley DB to make databases with: skipped")
        return 0
    return program.run_tests(argv, __doc__, globals(), ("Bench", "check", "main", "at_present", "of", "fault_free", "marks"), Bench)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
