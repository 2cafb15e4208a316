"""usage: collect.py MTADOCTOR [ROUNDS [SEED [FOLDER]]]

Round trips: what is said of a host must be said of its bundle, raw and redacted, in any archive; and what is said of files that somebody sent
must be said of what `collect --from` makes of them: the same diagnoses in the same order with the same probabilities.

hosts    each fault of tests/generate as a live installation: diagnose, collect, analyze; then collect --from of the raw bundle
sent     the same hosts as a bundle, loose files, tar, zip and facts file; the inputs of the scenarios; FOLDER: cases with input/ or input.tar.gz
         and expect.json (at, timezone)
Ends with "N passed, N failed"."""
import base64
import email.message
import json
import os
import random
import re
import shutil
import sys
import tarfile
import tempfile
from datetime import timedelta

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import inputs     # noqa: E402
import program    # noqa: E402
import resolver   # noqa: E402
import spoil      # noqa: E402

files, make = inputs.files, inputs.make
ARCHIVES = ["tar.zst", "tar.gz", "zip"]
SLOW_ARCHIVES = ["tar.xz", "tar.bz2", "tar"]       # for small hosts
LIMIT_S = 180       # of those that read a large input three times
SHAPES = ["bundle", "loose", "tar", "zip", "facts", "mail"]


def said(p):
    """What must not change. Names do where they are hidden, and with them the order of what is equally probable."""
    if p.status > 1:
        raise program.Wrong(f"exit status {p.status}: {p.err_text[-400:]}")
    d = json.loads(p.out)
    return {"verdict": d["verdict"], "no_fault": d["no_fault"], "observed_at": d["source"]["observed_at"], "timezone": d["source"]["timezone"],
            "diagnoses": [(x["id"], x["probability"], x["decibans"], x["certainty"], x["urgency"], x["since"], x["impact"], len(x["members"]))
                          for x in d["diagnoses"]],
            "considered": sorted((x["id"], x["probability"]) for x in d["considered"])}


def findings(p):
    """What a check finds about modes, owners and times of files."""
    if p.status > 1:
        raise program.Wrong(f"check: exit status {p.status}: {p.err_text[-400:]}")
    return {x["id"] for x in json.loads(p.out)["findings"] if x["id"].startswith(("file.", "files."))}


def differences(what, want, got):
    return [f"{what}: {key} was {want[key]}, is {got[key]}" for key in want if want[key] != got[key]]


class Trip:
    def __init__(self, binary, case, number):
        self.binary, self.case, self.number = binary, case, number
        self.bad = []
        self.n = 0

    def call(self, *argv):
        return program.run([self.binary, *argv], cwd=self.case, limit_s=LIMIT_S)

    def analyze(self, name, *more):
        return said(self.call("analyze", name, "--format", "json", *more))

    def collect(self, what, *argv):
        self.n += 1
        kinds = ARCHIVES + SLOW_ARCHIVES if what == "host" else ARCHIVES
        name = f"b{self.n}.{kinds[(self.number + self.n) % len(kinds)]}"
        p = self.call("collect", "-o", name, *argv)
        left = [x for x in os.listdir(self.case) if x.startswith(".")]
        if p.status != 0 or p.out or left:
            raise program.Wrong(f"{what}: collect {' '.join(argv)}: status {p.status}, leaves {left}: {p.err_text[-400:]}")
        if "a mistake of ours" in p.err_text:
            self.bad.append(f"{what}: collect {' '.join(argv)} hides what should have a pseudonym: {p.err_text[-400:]}")
        if os.stat(os.path.join(self.case, name)).st_mode & 0o077:
            self.bad.append(f"{what}: others may read the bundle")
        return name

    def again(self, what, want, name):
        """Of what a bundle or a pile of files becomes."""
        for policy in ("none", "default"):
            self.bad += differences(f"{what}, from, {policy}", want, self.analyze(self.collect(what, "--from", name, "--redact", policy)))

    def host(self, h):
        at = inputs.arguments(h)
        with resolver.Resolver(h) as address:
            inputs.write_root(h, os.path.join(self.case, "root"), nameserver=address)
            add_envelopes(h, os.path.join(self.case, "root"))
            if self.number % 3 == 0:        # modes and owners are in the bundle's listing
                os.chmod(os.path.join(self.case, "root" + h.config_root, "imta.cnf"), 0o666)
            checked = findings(self.call("check", "--root", "root", "--format", "json"))
            if ("file.world-writable" in checked) != (self.number % 3 == 0):
                self.bad.append(f"check of the host: {sorted(checked)}")
            live = said(self.call("diagnose", "--root", "root", "--format", "json", *at))
            raw = self.collect("host", "--root", "root", "--redact", "none", *at)
            hidden = self.collect("host", "--root", "root", *at)
        self.bad += differences("raw", live, self.analyze(raw))
        for what, name in (("raw", raw), ("redacted", hidden)):
            again = findings(self.call("check", name, "--format", "json"))
            if again != checked:
                self.bad.append(f"check, {what}: was {sorted(checked)}, is {sorted(again)}")
        self.bad += differences("redacted", live, self.analyze(hidden))
        self.again("bundle", live, raw)

    def limited(self, h):
        """A log that is larger than the limit: what the bundle lacks of it is in its facts."""
        at = inputs.arguments(h)
        with resolver.Resolver(h) as address:
            inputs.write_root(h, os.path.join(self.case, "root"), nameserver=address)
            add_old_log(h, os.path.join(self.case, "root" + h.log_root, "mail.log_yesterday"))
            live = said(self.call("diagnose", "--root", "root", "--format", "json", *at))
            for policy in ("none", "default"):
                name = self.collect("host", "--root", "root", "--redact", policy, "--limit", "1M", *at)
                self.bad += differences(f"limited, {policy}", live, self.analyze(name))
                if os.stat(os.path.join(self.case, name)).st_size > 1 << 20:
                    self.bad.append(f"limited, {policy}: larger than the limit")
                if "facts.json" not in self.call("analyze", name, "--verbose").out.decode():
                    self.bad.append(f"limited, {policy}: the whole log is there")

    def manners(self, h):
        """Of a host: where a bundle may lie, what is left where there is none, and who may read what undoes the redaction."""
        root = os.path.join(self.case, "root")
        inputs.write_root(h, root)
        base = ["collect", "--root", root, *inputs.arguments(h)]
        queue, link = root + h.queue_root, os.path.join(self.case, "link")
        os.symlink(queue, link)
        partition, logs = root + "/export/part2", root + "/export/logs"
        for folder in (partition + "/deep", logs):
            os.makedirs(folder)
        os.symlink(partition, os.path.join(self.case, "part"))
        with open(root + h.config_root + "/msg.conf", "a", encoding="utf-8") as f:
            f.write("store.partition.second.path = /export/part2\nlogfile.imap.logdir = /export/logs\n")
        before = snapshot(root)
        for place in (queue, root + h.config_root, root + h.log_root, link + "/tcp_local", partition, partition + "/deep", partition + "/deep/..", logs,
                      os.path.join(self.case, "part/deep"), "root/export/part2"):
            p = self.call(*base, "-o", place + "/b.tar.gz")
            if p.status != 3 or "does not belong" not in p.err_text:
                self.bad.append(f"a bundle in {place}: status {p.status}, {p.err_text[-200:]}")
        p = self.call(*base, "--dry-run")
        if p.status != 0 or "would collect" not in p.err_text:
            self.bad.append(f"dry run: status {p.status}, {p.err_text[-200:]}")
        p = self.call(*base, "-o", "small.tar.gz", "--limit", "1M", "--map", "map.json", "--quiet")
        if p.status != 0 or p.err or os.stat(os.path.join(self.case, "map.json")).st_mode & 0o7777 != 0o600:
            self.bad.append(f"map: status {p.status}, {p.err_text[-200:]}")
        p = self.call(*base, "-o", "again.tar.gz", "--map", "map.json")
        if p.status != 2 or os.path.exists(os.path.join(self.case, "again.tar.gz")):
            self.bad.append(f"a map over a file: status {p.status}")
        for name in ("no-host.tar.gz", "file.txt"):
            os.makedirs(os.path.join(self.case, "empty"), exist_ok=True)
            p = self.call("collect", "--root", os.path.join(self.case, "empty"), "-o", name)
            if p.status != 3:
                self.bad.append(f"{name}: status {p.status}")
        left = sorted(os.listdir(self.case))
        if left != ["empty", "link", "map.json", "part", "root", "small.tar.gz"]:
            self.bad.append(f"there are {left}")
        if snapshot(root) != before:
            self.bad.append("the host was changed")

    def sent(self, what, name, args):
        """`args`: what must be said in the first place."""
        want = self.analyze(name, *args)
        for policy in ("none", "default"):
            made = self.collect(what, "--from", name, "--redact", policy, *args)
            self.bad += differences(f"{what}, {policy}", want, self.analyze(made))

    def shape(self, h, shape):
        folder = os.path.join(self.case, shape)
        os.makedirs(folder)
        args = inputs.arguments(h)
        (files.write_loose if shape in ("loose", "mail") else files.write_bundle)(h, os.path.join(folder, "input"))
        name = f"{shape}/input"
        if shape == "zip":
            inputs.pack_zip(os.path.join(folder, "input"), os.path.join(folder, "input.zip"))
            name += ".zip"
        elif shape == "tar":
            spoil.pack_tar(os.path.join(folder, "input"), os.path.join(folder, "input.tar.gz"))
            name += ".tar.gz"
        elif shape == "mail":
            pack_mail(os.path.join(folder, "input"), os.path.join(folder, "input.eml"))
            name += ".eml"
        elif shape == "facts":
            self.call("facts", name, "--format", "json", "--output", "facts.json", *args)
            name = "facts.json"
        self.sent(shape, name, args)
        if shape == "mail":
            self.coded(h, name, args)

    def coded(self, h, name, args):
        """What a mail message holds in base64 is no less hidden."""
        p = self.call("collect", "--from", name, "-o", "coded.tar", *args)
        if p.status != 0:
            raise program.Wrong(f"mail, coded: status {p.status}: {p.err_text[-400:]}")
        with tarfile.open(os.path.join(self.case, "coded.tar")) as archive:
            for member in archive:
                text = archive.extractfile(member).read()
                for block in re.findall(rb"(?:[A-Za-z0-9+/]{60,}\r?\n)+[A-Za-z0-9+/=]*", text):
                    if h.domain.encode() in base64.b64decode(re.sub(rb"\s", b"", block) + b"=="):
                        self.bad.append(f"mail, coded: {member.name} holds the domain in base64")


def pack_mail(top, path):
    message = email.message.EmailMessage()
    message["From"], message["Subject"] = "admin@customer.example", "the queue"
    message.set_content("see the files\n")
    for name in sorted(os.listdir(top)):
        with open(os.path.join(top, name), "rb") as f:
            message.add_attachment(f.read(), maintype="application", subtype="octet-stream", filename=name)
    with open(path, "wb") as f:
        f.write(message.as_bytes())


ENVELOPE = """u;mailsrv
c;tcp_intranet
m;sender@{domain}
f;user{n}@elsewhere.example
user{n}@elsewhere.example
\x01\x01
Received: from client.{domain} by mail.{domain}; Mon, 24 Aug 2026 08:00:00 -0400
Subject: nobody else is to read this
From: sender@{domain}

The body of the message stays where it is.
\x01\x01\x01\x01\x01
"""


def add_envelopes(h, root):
    """Some queue files are given an envelope and a message; size and time stay, because they count."""
    n = 0
    for path, size, when in h.queue:
        whole = root + h.queue_root + "/" + path
        text = ENVELOPE.format(domain=h.domain, n=n % 7)
        if size > len(text) + 10 and n < 50:
            n += 1
            padded = text.replace("stays where", "stays" + " " * (size - len(text) - 1) + "where")
            with open(whole, "w", encoding="utf-8") as f:
                f.write(padded)
            os.utime(whole, (when.timestamp(), when.timestamp()))


def add_old_log(h, path):
    """Three days ago, of domains and a channel that nothing else names."""
    dice, begin = random.Random(h.domain), h.now.astimezone(h.zone) - timedelta(days=3)
    with open(path, "a", encoding="utf-8") as f:
        for i in range(40000):
            when = (begin + timedelta(seconds=i)).strftime("%d-%b-%Y %H:%M:%S.00")
            a, b, c = (dice.randrange(10 ** 6) for _ in range(3))
            f.write(f"{when} tcp_local    tcp_retired  E 3 a{a}@x{b % 5000}.example rfc822;b{c}@y{b % 7}.example b{c}@y{b % 7}.example\n")


def snapshot(root):
    return sorted((d, name, os.lstat(os.path.join(d, name)).st_mtime_ns) for d, folders, names in os.walk(root) for name in folders + names)


def host_of(i, seed):
    if i % (len(make.faults.ALL) + 1) == len(make.faults.ALL):
        return make.healthy(i, seed)[0], "healthy"
    h, _, what = make.faulty(i - i // (len(make.faults.ALL) + 1), seed)
    return h, what


def one(job):
    binary, kind, argument, number = job
    case = tempfile.mkdtemp(prefix="mtadoctor-collect-")
    name = str(argument)
    trip = Trip(binary, case, number)
    try:
        if kind == "host":
            h, name = host_of(*argument)
            trip.host(h)
        elif kind == "manners":
            trip.manners(host_of(*argument)[0])
        elif kind == "limited":
            h, name = host_of(*argument)
            trip.limited(h)
        elif kind == "shape":
            h, what = host_of(*argument)
            shape = SHAPES[number % len(SHAPES)]
            name = f"{what} as {shape}"
            trip.shape(h, shape)
        elif kind == "scenario":
            with open(os.path.join(argument, "test.json"), encoding="utf-8") as f:
                test = json.load(f)
            source, more = inputs.build(test["make"], case) if "make" in test else (os.path.join(argument, "input"), [])
            name = os.path.basename(argument)
            if trip.call("analyze", source, *more).status <= 1:
                trip.sent(name, source, more)
        else:
            with open(os.path.join(argument, "expect.json"), encoding="utf-8") as f:
                expect = json.load(f)
            name = os.path.basename(argument)
            source = next(p for p in (os.path.join(argument, n) for n in ("input", "input.tar.gz", "input.zip")) if os.path.exists(p))
            args = [w for key in ("at", "timezone") if expect.get(key) for w in ("--" + key, expect[key])]
            if '"mtadoctor.diagnoses/1"' not in trip.call("analyze", source, "--format", "json", *args).out.decode()[:200]:
                trip.sent(name, source, args)
        bad = trip.bad
    except (program.Wrong, AssertionError) as e:
        bad = [str(e)]
    finally:
        for d, _, _ in os.walk(case):
            os.chmod(d, 0o700)
        if os.environ.get("MD_KEEP"):
            print("kept", name, case, flush=True)
        else:
            shutil.rmtree(case)
    return f"{kind} {name}", bad


def scenarios():
    for product in sorted(os.listdir(HERE)):
        root = os.path.join(HERE, product)
        for name in sorted(os.listdir(root)) if os.path.isdir(root) else []:
            path = os.path.join(root, name, "test.json")
            if not os.path.exists(path):
                continue
            with open(path, encoding="utf-8") as f:
                test = json.load(f)
            # those that are about a command of their own or a user without rights are not about what was sent
            # (nor is a bomb, which no bundle takes over, or a line beyond all limits, which is shorter when its one word has a pseudonym)
            if any(spoilt[0] in ("bomb", "long_line") for spoilt in test.get("make", {}).get("spoil", [])):
                continue
            if "command" not in test and "user" not in test and test.get("make", {}).get("shape") != "root":
                yield os.path.join(root, name)


def main(argv):
    if not argv:
        sys.exit(__doc__)
    binary, rounds = os.path.abspath(argv[0]), int(argv[1]) if len(argv) > 1 else 1
    base = int(argv[2]) if len(argv) > 2 else 1
    folder = argv[3] if len(argv) > 3 else None
    hosts = [(i, base * 100003 + i) for i in range(rounds * (len(make.faults.ALL) + 1))][::program.SHARE]
    jobs = [("manners", hosts[0], 0)] + [("limited", x, i) for i, x in enumerate(hosts[1::8])] + [("host", x, i) for i, x in enumerate(hosts)] + [("shape", x, i) for i, x in enumerate(hosts)]
    jobs += [("scenario", x, i) for i, x in enumerate(list(scenarios())[::program.SHARE])]
    for i, name in enumerate(sorted(os.listdir(folder)) if folder else []):
        if os.path.exists(os.path.join(folder, name, "expect.json")):
            jobs.append(("case", os.path.join(os.path.abspath(folder), name), i))
    only = os.environ.get("MD_ONLY")      # for whoever looks into one failure
    jobs = [(binary, *job) for job in jobs if not only or re.search(only, f"{job[0]} {job[1]}")]
    return program.report(jobs, one)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
