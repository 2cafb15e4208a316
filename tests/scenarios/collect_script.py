"""usage: collect_script.py MTADOCTOR [SEED]

`mtadoctor collect --script` under every shell that is installed, with all tools and with few: a fake installation is diagnosed, collected by
the script, and the bundle analyzed: the same diagnoses in the same order. Then what the script must never do: take a message, follow a link
out, leave anything behind. Ends with "N passed, N failed"."""
import json
import multiprocessing
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tarfile
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import inputs              # noqa: E402
import program             # noqa: E402
import resolver            # noqa: E402
import script_constructs   # noqa: E402
from stand_ins import ASKER, Listener   # noqa: E402

make = inputs.make
# The others are tried where they are installed (busybox mksh ksh93u+m yash posh gawk original-awk) and MD_SHARE is 1.
SHELLS = [["dash"], ["bash", "--posix"], ["busybox", "sh"], ["mksh"], ["ksh93"], ["yash", "--posixly-correct"], ["posh"]]
AWKS = ["mawk", "gawk", "gawk --posix", "gawk --traditional", "original-awk", "busybox awk"]
# Of the last digit that is printed.
TOLERANCE = 0.0011
LIMIT_S = 300
PATH = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"

BODY = "THIS-IS-OF-THE-MESSAGE"
TAIL = "Boundary_(ID_aBcDeFgHiJkLmNoPqRsTuV)"
HISTORY = "Fri, 07 Sep 2007 13:30:27 +0200 (CEST)\ntcp_local\nover quota\n"
ENVELOPE = "m;jdoe@example.com\nf;rsmith@example.net\nrsmith@mx1.example.net\n"
HEADER = f"Received: from a by b;\n Tue, 04 Sep 2012 09:12:31 -0400\nSubject: {BODY}\n\n"
# What queue files may look like, whole, broken or made to mislead; name -> text and whether its history must be there.
QUEUE_FILES = {
    "ZXf0a1b2Cde34.00": (f"{ENVELOPE}{TAIL}\n{HEADER}{BODY}\n{TAIL}\n{HISTORY}", True),
    "ZWf0a1b2Cde34.00": (f"{ENVELOPE}\1\1\n{HEADER}{BODY}\n\1\1\1\1\1\n{HISTORY}", True),
    "ZVf0a1b2Cde34.00": (f"{ENVELOPE}{TAIL}\n{HEADER}{BODY} without an end\n", False),
    "ZUf0a1b2Cde34.00": (f"{ENVELOPE}{TAIL}\n{HEADER}{TAIL}\n{BODY} after a false end\n", False),
    "ZTf0a1b2Cde34.00": (f"From: somebody\n\n{BODY}\n{TAIL}\n{BODY}\n{TAIL}\n{HISTORY}", False),
    "ZSf0a1b2Cde34.00": (f"{ENVELOPE}{TAIL}\n{HEADER}" + f"{BODY}\n" * 20000 + f"{TAIL}\n{HISTORY}", True),
    "ZRf0a1b2Cde34.00": (f"{ENVELOPE}{TAIL}\n{HEADER}\0{BODY}\r\n--{TAIL}\n\n{BODY}{'y' * 5000}\n{TAIL}\n{HISTORY}", True),
    "ZQf0a1b2Cde34.00": (BODY, False),
}


def links(folder, busybox=False, more="", awk=None, minutes=False):
    """A folder with few tools only; minutes: ls tells no seconds, and nothing else does."""
    os.makedirs(folder)
    for t in (TOOLS + " " + more).split():
        path = shutil.which("busybox") if busybox or minutes and t == "find" else shutil.which(t)
        if path:
            os.symlink(path, os.path.join(folder, t))
    if awk:
        os.unlink(os.path.join(folder, "awk"))
        inputs.executable(folder + "/awk", f'#!/bin/sh\nexec {shutil.which(awk.split()[0])} {" ".join(awk.split()[1:])} "$@"\n')
    if minutes:
        os.unlink(folder + "/ls")
        inputs.executable(folder + "/ls", f'#!/bin/sh\ncase "$*" in *--full-time* | *-E*) exit 2 ;; esac\nexec {shutil.which("ls")} "$@"\n')
    return folder


TOOLS = ("awk sed tr dd ls cat mkdir rm mv printf expr date sleep tar uname df grep egrep tail wc cut sort uniq xargs du env ps find gzip touch pwd "
         "cksum fold")


class Case:
    def __init__(self, binary, fault, seed):
        self.binary, self.top = binary, tempfile.mkdtemp(prefix="mtadoctor-script-")
        os.chmod(self.top, 0o755)
        self.h = make.faulty(fault, seed)[0]
        self.root, self.out = os.path.join(self.top, "root"), os.path.join(self.top, "out")
        os.mkdir(self.out)
        self.script = os.path.join(self.top, "collect.sh")
        with open(self.script, "wb") as f:
            f.write(program.run([binary, "collect", "--script"]).out)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.top, ignore_errors=True)

    def change(self, old, new):
        """In the script."""
        with open(self.script, encoding="ascii") as f:
            text = f.read()
        if old not in text:
            raise program.Wrong(f"the script has no {old!r}")
        with open(self.script, "w", encoding="ascii") as f:
            f.write(text.replace(old, new))

    def product_program(self, name, text):
        inputs.executable(f"{self.root}{self.h.root}/{'sbin/' if self.h.version != '5.2' else ''}{name}", text)

    def write(self, address="", asker="dig"):
        """Without an address nobody can be asked, which takes the longest, and not every test is about it or about a long queue."""
        if not address:
            self.h.queue = self.h.queue[::len(self.h.queue) // 200 + 1]
        inputs.write_root(self.h, self.root, nameserver=address)
        real = shutil.which(asker[len("real "):]) if asker.startswith("real ") else None
        text = f'#!/bin/sh\nexec {real} "$@"\n' if real else ASKER % {"perl": shutil.which("perl")}
        inputs.executable(f"{self.root}/usr/bin/{asker.split()[-1]}", text)
        for name, size, when in self.h.queue:
            path = f"{self.root}{self.h.queue_root}/{name}"
            text = f"{ENVELOPE}{TAIL}\n{HEADER}" + f"{BODY}\n" * (size // len(BODY)) + f"{TAIL}\n{HISTORY}"
            inputs.files.put(os.path.dirname(path), os.path.basename(path), text)
            os.utime(path, (when.timestamp(), when.timestamp()))

    def collect(self, shell, args=(), path=None, **more):
        env = dict(os.environ, TZ=self.h.zone.key, PATH=path or PATH)
        shell = [shutil.which(shell[0])] + shell[1:]
        child = subprocess.Popen([*shell, self.script, "-y", "-r", self.root, "-o", self.out, *args], env=env, cwd="/", start_new_session=True,
                                 stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **more)
        try:
            out, _ = child.communicate(timeout=LIMIT_S * program.SLOWNESS)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            raise
        return subprocess.CompletedProcess(child.args, child.returncode, out)

    def bundle(self):
        found = [os.path.join(self.out, n) for n in os.listdir(self.out)]
        if len(found) != 1 or ".tar" not in found[0]:
            raise program.Wrong(f"not one bundle, but {[os.path.basename(f) for f in found]}")
        return found[0]

    def answer(self, *args):
        p = program.run([self.binary, *args, *inputs.arguments(self.h), "--format", "json"])
        if p.status > 1:
            raise program.Wrong(f"{args[0]}: exit status {p.status}: {p.err_text[-300:]}")
        return json.loads(p.out)


def said(d):
    return [(x["id"], json.dumps(x["scope"]), x["probability"]) for x in d["diagnoses"]]


def same_ranking(case, shell, path=None, asker="dig"):
    if asker != "dig":
        case.change("for asker in dig nslookup host getent", "for asker in " + asker.split()[-1])
    with resolver.Resolver(case.h) as address:
        case.write(address, asker)
        live = case.answer("diagnose", "--root", case.root)
        p = case.collect(shell, path=path)
    if p.returncode != 0:
        return [f"exit status {p.returncode}: {p.stdout.decode(errors='replace')[-600:]}"]
    sent = case.answer("analyze", case.bundle())
    a, b = said(live), said(sent)
    bad = []
    if [x[:2] for x in a] != [x[:2] for x in b] or live["verdict"] != sent["verdict"]:
        bad.append(f"the host has {live['verdict']} {a}, its bundle {sent['verdict']} {b}")
    bad += [f"{x[0]}: {x[2]} on the host, {y[2]} in the bundle" for x, y in zip(a, b) if x[:2] == y[:2] and abs(x[2] - y[2]) > TOLERANCE]
    bad += same_answers(case.bundle())
    return bad + [f"{q['where']}: {q['what']}" for q in sent["problems"] if "manifest" in (q["where"] or "") or "cannot be parsed" in q["what"]]


def same_answers(bundle):
    """The output of a command is its own; what DNS says is of the name that was asked about."""
    held = contents(bundle)
    ran = json.loads(held["bundle/manifest.json"])["commands"]
    names = [c["stdout"] for c in ran]
    bad = [f"{n}: of more than one command" for n in set(names) if names.count(n) > 1]
    for c in ran:
        name = c["argv"][-2].encode() if c["kind"] == "dig" and c["argv"][0] == "dig" else b""
        text = held["bundle/" + c["stdout"]]
        if b"QUESTION" in text and name not in text:
            bad.append(f"{c['argv']}: the answer is to another question")
    return bad


def same_ranking_by_nslookup(case, shell, path=None):
    return same_ranking(case, shell, path, "nslookup")


def same_ranking_by_host(case, shell, path=None):
    return same_ranking(case, shell, path, "host")


def same_ranking_by_real_dig(case, shell, path=None):
    return same_ranking(case, shell, path, "real dig")


def same_ranking_by_real_nslookup(case, shell, path=None):
    return same_ranking(case, shell, path, "real nslookup")


def same_ranking_by_real_host(case, shell, path=None):
    return same_ranking(case, shell, path, "real host")


def contents(bundle):
    with tarfile.open(bundle) as t:
        return {m.name: t.extractfile(m).read() if m.isfile() else None for m in t}


def nothing_of_messages_links_or_secrets(case, shell, path=None):
    case.write()
    # In a channel of their own, as of a folder among many only some files are sampled.
    folder = f"{case.root}{case.h.queue_root}/tcp_special/007"
    for name, (text, _) in QUEUE_FILES.items():
        inputs.files.put(folder, name, text)
    logs = case.root + case.h.log_root
    outside = os.path.join(case.top, "outside")
    inputs.files.put(case.top, "outside", "NOT-OF-THE-PRODUCT\n")
    odd = ["mail.log it's \"odd\" $(touch pwned) `touch pwned`", "mail.log_\nnew\tline\\x", "-mail.log", "imta.1\n2"]
    for name in odd:
        inputs.files.put(logs, name, "odd\n")
    os.symlink(outside, logs + "/mail.log_out")
    os.symlink(outside, case.root + case.h.config_root + "/pidfile.out")
    os.symlink("mail.log_yesterday", logs + "/mail.log_beside")
    os.symlink(case.top, f"{case.root}{case.h.queue_root}/tcp_out")
    p = case.collect(shell, path=path)
    if p.returncode != 0:
        return [f"exit status {p.returncode}: {p.stdout.decode(errors='replace')[-600:]}"]
    if b"NOT redacted" not in p.stdout:
        return ["it does not say that the bundle is not redacted"]
    held = contents(case.bundle())
    bad = [f"{n} holds what it must not" for n, b in held.items() if b and (BODY.encode() in b or b"NOT-OF-THE-PRODUCT" in b or b"s3cr3tw0rd" in b)]
    for name, (text, has_history) in QUEUE_FILES.items():
        got = [b for n, b in held.items() if n.endswith("/" + name)]
        if has_history and (not got or b"over quota" not in got[0] or b"rsmith@example.net" not in got[0] or b"Received:" not in got[0]):
            bad.append(f"{name}: envelope, trace or history is missing")
        if not has_history and got and b"over quota" in got[0]:
            bad.append(f"{name}: has a history that is none")
    bad += [f"{n}: a member that it must not hold" for n in held if "pwned" in n and "odd" not in n or n.startswith("/") or ".." in n]
    if not any(n.endswith("/" + odd[0]) for n in held):
        bad.append("a log with quotes in its name is missing")
    listed = held["bundle/listings/queue.tsv"].decode()
    if sum(len(line.split("\t")) == 7 for line in listed.splitlines()) != len(listed.splitlines()):
        bad.append("lines of the listing have not seven columns")
    json.loads(held["bundle/manifest.json"])
    if any(os.path.exists(os.path.join(f, "pwned")) for f in ("/", logs, case.top)):
        bad.append("a name was run as a command")
    return bad


def folders_that_may_not_be_read(case, shell, path=None):
    if os.getuid() != 0:
        return []
    case.write()
    os.chmod(case.root + case.h.log_root, 0o700)
    os.chmod(case.root + case.h.queue_root + "/tcp_local", 0o700)
    os.chmod(case.out, 0o777)
    p = case.collect(shell, user=65534, group=65534, extra_groups=[], path=path)
    if p.returncode != 0:
        return [f"exit status {p.returncode}: {p.stdout.decode(errors='replace')[-600:]}"]
    m = json.loads(contents(case.bundle())["bundle/manifest.json"])
    bad = [] if any("may not be read" in n for n in m["notes"]) else ["it does not say what it may not read"]
    return bad + [] if not m["listings"][0]["complete"] else bad + ["a listing with a hole is called complete"]


def left_over(case):
    return [f"left: {os.listdir(case.out)}"] if os.listdir(case.out) else []


def files_that_may_not_grow(case, shell, path=None):
    case.write()
    bad = []
    for limit in (2048, 40960):
        p = case.collect(shell, path=path, preexec_fn=lambda n=limit: resource.setrlimit(resource.RLIMIT_FSIZE, (n, n)))
        if p.returncode != 0:
            bad += left_over(case)
        elif not any("could not be copied" in n for n in json.loads(contents(case.bundle())["bundle/manifest.json"])["notes"]):
            bad.append(f"with {limit} bytes a file it says that all is well")
    return bad


def a_full_disk(case, shell, path=None):
    case.write()
    if os.getuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", case.out], stderr=subprocess.DEVNULL).returncode != 0:
        return []
    try:
        p = case.collect(shell, path=path)
        return ([] if p.returncode == 1 and b"free space" in p.stdout else ["it does not say that there is no room"]) + left_over(case)
    finally:
        subprocess.run(["umount", case.out])


def an_interrupt(case, shell, path=None):
    case.write()
    case.product_program("imsimta", "#!/bin/sh\nsleep 61\n")
    shell = [shutil.which(shell[0])] + shell[1:]
    child = subprocess.Popen([*shell, case.script, "-y", "-r", case.root, "-o", case.out], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL, cwd="/",
                             preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))     # no shell can trap what was ignored before
    for _ in range(600):
        if any(os.path.exists(os.path.join(case.out, n, "bundle", "commands", "01.out")) for n in os.listdir(case.out)):
            break
        time.sleep(0.1)
    time.sleep(0.3)
    child.send_signal(signal.SIGINT)
    try:
        status = child.wait(timeout=30)
    except subprocess.TimeoutExpired:
        child.kill()
        return ["it does not end"]
    return ([] if status != 0 else ["it says that all is well"]) + left_over(case)


def places_that_it_must_not_write_to(case, shell, path=None):
    case.write()
    bad = []
    for folder in (case.h.queue_root, case.h.config_root, case.h.log_root, case.h.root):
        before = os.listdir(case.root + folder)
        p = case.collect(shell, args=["-o", case.root + folder], path=path)
        if p.returncode != 1 or os.listdir(case.root + folder) != before:
            bad.append(f"{folder}: exit status {p.returncode}")
    return bad


def a_small_limit(case, shell, path=None):
    case.write()
    log = f"{case.root}{case.h.log_root}/mail.log_current"
    line = "26-Nov-2026 02:10:00.12 tcp_local    ims-ms       E 3 a@example.com rfc822;b@example.net b@ims-ms-daemon\n"
    with open(log, "a", encoding="ascii") as f:
        f.write(line * 120000)
    p = case.collect(shell, args=["-l", "5"], path=path)
    if p.returncode != 0:
        return [f"exit status {p.returncode}: {p.stdout.decode(errors='replace')[-600:]}"]
    held = contents(case.bundle())
    got = [b for n, b in held.items() if n.endswith("/mail.log_current")]
    total = sum(len(b) for b in held.values() if b)
    bad = [] if total <= 5 << 20 else [f"{total} bytes with a limit of 5 MiB"]
    if not got or got[0].splitlines()[0] + b"\n" != line.encode() or not got[0].endswith(line.encode()):
        bad.append("the end of the current log is not there in whole lines")
    return bad if any("mail.log_current" in n for n in json.loads(held["bundle/manifest.json"])["partial"]) else bad + ["nothing says that the log is cut"]


def a_command_that_hangs(case, shell, path=None):
    case.write()
    case.change("\nCOMMAND_SECONDS=60\n", "\nCOMMAND_SECONDS=1\n")
    case.product_program("imsimta", "#!/bin/sh\necho begun\nsleep 301\n")
    p = case.collect(shell, path=path)
    if p.returncode != 0:
        return [f"exit status {p.returncode}: {p.stdout.decode(errors='replace')[-600:]}"]
    held = contents(case.bundle())
    late = [c for c in json.loads(held["bundle/manifest.json"])["commands"] if c.get("status") == "timeout"]
    bad = [] if len(late) == 2 else [f"{len(late)} commands are said to be late, not 2: whoever hangs twice is not asked again"]
    bad += [f"{c['argv']}: what it printed is lost" for c in late if held["bundle/" + c["stdout"]] != b"begun\n"]
    left = subprocess.run(["ps", "-ef"], stdout=subprocess.PIPE, check=True).stdout.decode(errors="replace")
    return bad + (["it is still running"] if case.top in left else [])


def a_command_of_many_words(case, shell, path=None):
    """It writes line by line, each of which is one piece in a pipe: all of it must be there, up to the limit; then whole lines are cut off."""
    case.write()
    case.product_program("imsimta", "#!/bin/sh\nn=0\nwhile [ $n -lt 9000 ]; do echo line $n; n=$((n + 1)); done\n")
    case.product_program("configutil", f"#!/bin/sh\nawk 'BEGIN {{ while (n < 300000) print \"{'x' * 40} = \", n++ }}'\n")
    p = case.collect(shell, path=path)
    if p.returncode != 0:
        return [f"exit status {p.returncode}: {p.stdout.decode(errors='replace')[-600:]}"]
    held = contents(case.bundle())
    m = json.loads(held["bundle/manifest.json"])
    by_name = {c["argv"][0]: held["bundle/" + c["stdout"]] for c in m["commands"]}
    bad = [] if by_name["imsimta"] == "".join(f"line {n}\n" for n in range(9000)).encode() else [f"{len(by_name['imsimta'])} bytes of many lines"]
    if len(by_name["configutil"]) != 8 << 20 or not any("more than is kept" in n for n in m["partial"]):
        bad.append(f"of a long output {len(by_name['configutil'])} bytes are kept, and it is said: {m['partial']}")
    return bad


# What the script may run by itself; and of these, what may write, and only to the folder that it writes to.
WRITERS = {"mkdir", "rm", "mv", "touch", "tar"}
READERS = set(TOOLS.split()) - WRITERS | {"perl", "bash", "nc", "telnet", "fold", "cksum"}


def tree(top):
    found = {}
    for folder, folders, names in os.walk(top):
        for n in folders + names:
            path = os.path.join(folder, n)
            st = os.lstat(path)
            found[path] = (st.st_mode, st.st_size if n in names else 0, st.st_mtime_ns, st.st_ino)
    return found


def only_listed_commands(case, shell, path=None):
    """Every tool and every command of the product notes how it was called."""
    with resolver.Resolver(case.h) as address:
        case.write(address)
        return listed_commands(case, shell)


def listed_commands(case, shell):
    stubs, log = case.top + "/stubs", case.top + "/calls"
    for t in sorted(READERS | WRITERS):
        if shutil.which(t):
            inputs.executable(f"{stubs}/{t}", f'#!/bin/sh\nprintf "%s\\n" "{t} $*" >>"{log}"\nexec {shutil.which(t)} "$@"\n')
    folder = case.root + case.h.root + ("/sbin" if case.h.version != "5.2" else "")
    for t in ("imsimta", "configutil", "msconfig", "stored", "imsconnutil", "imquotacheck", "mboxutil", "imcheck"):
        inputs.executable(f"{folder}/{t}", f'#!/bin/sh\nprintf "%s\\n" "PRODUCT {t} $*" >>"{log}"\n')
    before = tree(case.root)
    p = case.collect(shell, path=stubs)
    if p.returncode != 0:
        return [f"exit status {p.returncode}: {p.stdout.decode(errors='replace')[-600:]}"]
    bad = [f"{path}: was changed, made or removed" for path in set(before.items()) ^ set(tree(case.root).items())][:5]
    with open(case.script, encoding="ascii") as f:
        listed = {" ".join(w.strip("'") for w in line.split()[4:]) for line in f if line.strip().startswith(("command_of free product", "command_of cheap product"))}
    with open(log, encoding="utf-8", errors="replace") as f:
        calls = f.read().splitlines()
    ran = {c[len("PRODUCT "):].strip() for c in calls if c.startswith("PRODUCT ")}
    bad += [f"not listed, or expensive: {c}" for c in ran - listed]
    bad += [f"listed, and not run: {c}" for c in listed - ran]
    for c in calls:
        words = c.split()
        if words and words[0] in WRITERS and any(w.startswith("/") and not w.startswith(case.out) for w in words[1:]) or "of=/" in c and f"of={case.out}" not in c:
            bad.append(f"writes elsewhere: {c[:200]}")
    return bad


def odd_names(case, shell, path=None):
    """Names that a shell may trip over, in every folder that is read; the bundle's own folder has one, too."""
    case.write()
    odd = ["-rf", "--", "*", "a b", "it's", 'say "x"', "new\nline", "tab\there", "$(touch pwned)", "`touch pwned`", "back\\slash", ";", "&", "\x01"]
    for folder in (case.h.queue_root, case.h.queue_root + "/tcp_local", case.h.config_root, case.h.log_root):
        for name in odd:
            inputs.files.put(case.root + folder, name, "odd\n")
        os.makedirs(f"{case.root}{folder}/it's a \"folder\" & more", exist_ok=True)
        inputs.files.put(f"{case.root}{folder}/it's a \"folder\" & more", "ZXf0a1b2Cde34.00", QUEUE_FILES["ZXf0a1b2Cde34.00"][0])
    case.out = f"{case.top}/it's, \"odd\" & so"
    os.mkdir(case.out)
    p = case.collect(shell, path=path)
    if p.returncode != 0:
        return [f"exit status {p.returncode}: {p.stdout.decode(errors='replace')[-600:]}"]
    held = contents(case.bundle())
    json.loads(held["bundle/manifest.json"])
    bad = [] if any(n.endswith("/it's a \"folder\" & more/ZXf0a1b2Cde34.00") for n in held) else ["a queue file in a folder with an odd name is missing"]
    if any(os.path.exists(os.path.join(f, "pwned")) for f in ("/", case.top, case.root + case.h.log_root, case.root + case.h.queue_root)):
        bad.append("a name was run as a command")
    sent = case.answer("analyze", case.bundle())
    return bad + [f"{q['where']}: {q['what']}" for q in sent["problems"] if "listings/" in (q["where"] or "")]


DOOR_FACTS = ("host.jc_answers", "host.dispatcher_banner", "channel.master_missing")


def ports_and_programs(case, shell, path=None):
    """An installation in a place of its own stands for this host, so its ports are tried."""
    top = case.top + "/installed"
    make_files = inputs.files.configuration(case.h)
    if "imta.cnf" not in make_files:
        return []
    with Listener(b"") as open_port:
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            closed_port = s.getsockname()[1]
        for port, want in ((open_port, "ok"), (closed_port, "missing")):
            for name, text in make_files.items():
                inputs.files.put(top + "/config", name, text)
            inputs.files.put(top + "/config", "imta_tailor", f"IMTA_BIN={top}/lib/\n")
            inputs.files.put(top + "/config", "job_controller.cnf", f"tcp_port={port}\n[CHANNEL=l]\nmaster_command=IMTA_BIN:l_master\n"
                             f"[CHANNEL=ims-ms*]\nmaster_command=IMTA_BIN:ims_master\n[CHANNEL=tcp_*]\nmaster_command={top}/lib/tcp_smtp_client -x\n")
            os.makedirs(top + "/data/queue/tcp_local", exist_ok=True)
            inputs.files.put(top + "/data/queue/tcp_local", "ZZf0a1b2Cde34.00", QUEUE_FILES["ZXf0a1b2Cde34.00"][0])
            inputs.executable(top + "/lib/ims_master", "#!/bin/sh\n")
            inputs.files.put(top + "/lib", "tcp_smtp_client", "no program\n")
            case.root = top
            out = f"{case.out}/{port}.tar.gz"
            p = case.collect(shell, args=["-o", out], path=path)
            if p.returncode != 0:
                return [f"exit status {p.returncode}: {p.stdout.decode(errors='replace')[-600:]}"]
            m = json.loads(contents(out)["bundle/manifest.json"])
            if m["asked"]["ports"] != [{"port": port, "result": want}]:
                return [f"port {port}: {m['asked']['ports']}, not {want}; {m['notes']}"]
            live, sent = ({(f["name"], json.dumps(f["scope"])): f["value"] for f in json.loads(program.run([case.binary, "facts", *a, "--format", "json"]).out)["facts"]
                           if f["name"] in DOOR_FACTS and f["state"] == "known"} for a in (["--root", top], [out]))
            if live != sent or not any(n == "channel.master_missing" for n, _ in sent):
                return [f"the host says {live}, its bundle {sent}"]
    return []


def a_greeting(case, shell, path=None):
    """The function of the script that connects, with a port that is not 25."""
    with open(case.script, encoding="ascii") as f:
        text = f.read()
    begin, end = text.index("DOOR_PERL="), text.index("# try_ports:")
    wanted = [(b"220 mail1.example.com ESMTP\r\n", "ok", "220 mail1.example.com ESMTP"), (b"421 too many connections\r\n", "ok", "421 too many connections"), (b"", "ok", "")]
    bad = []
    head = text[:text.index("# ---- where things are")].replace("while [ $# -gt 0 ]; do", "while false; do")
    for line, result, shown in wanted:
        with Listener(line) as port:
            test = f"{case.top}/greeting.sh"
            with open(test, "w", encoding="ascii") as f:
                f.write(head + text[begin:end] + f'work="{case.out}"\nfind_door\ntry_port {port} 2\nprintf "%s|%s|%s|%s\\n" "$door" "$result" "$line" "$seconds"\n')
            p = subprocess.run([shutil.which(shell[0]), *shell[1:], test], env=dict(os.environ, PATH=path or os.environ["PATH"]), stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
        got = p.stdout.decode().strip().split("|")
        # Without perl it is counted in whole seconds.
        if got[1:3] != [result, shown] or shown and float(got[3]) > (1.5 if got[0] == "perl" else 3) or not shown and float(got[3]) < 1:
            bad.append(f"{line!r}: {got}")
    return bad


def only_old_constructs(case, shell, path=None):
    with open(case.script, encoding="ascii") as f:
        return script_constructs.misjudged() + script_constructs.forbidden(f.read())


def name_of(function, shell, path):
    return f"{function.__name__} {' '.join(shell)}{' with tools ' + os.path.basename(path) if path else ''}"


def one(job):
    binary, seed, i, function, shell, path = job
    fault = (i * 7 + seed) % len(make.faults.ALL)
    try:
        with Case(binary, fault, seed) as case:
            bad = function(case, shell, path=path)
    except (program.Wrong, subprocess.TimeoutExpired, ValueError, KeyError) as e:
        bad = [f"{type(e).__name__}: {e}"]
    return f"{name_of(function, shell, path)} (fault {fault})", bad


def main(argv):
    if not argv:
        sys.exit(__doc__)
    binary, seed = os.path.abspath(argv[0]), int(argv[1]) if len(argv) > 1 else 1
    shells = [s for s in SHELLS if shutil.which(s[0])]
    first = shells[0]
    tools = tempfile.mkdtemp(prefix="mtadoctor-tools-")
    os.chmod(tools, 0o755)
    jobs = [(f, first, None) for f in (same_ranking, nothing_of_messages_links_or_secrets, an_interrupt, places_that_it_must_not_write_to, a_small_limit,
                                       only_old_constructs, only_listed_commands, odd_names, ports_and_programs, a_greeting, a_command_that_hangs, a_command_of_many_words)]
    few = links(tools + "/few")
    jobs.append((same_ranking, first, few))
    if program.SHARE == 1:      # else in a hurry: one shell, and what matters most
        jobs += [(f, first, None) for f in (folders_that_may_not_be_read, files_that_may_not_grow, a_full_disk)]
        jobs += [(f, s, None) for s in shells[1:] for f in (same_ranking, an_interrupt, odd_names)]
        jobs += [(f, first, None) for f in (same_ranking_by_nslookup, same_ranking_by_host)]
        real = (("dig", same_ranking_by_real_dig), ("nslookup", same_ranking_by_real_nslookup), ("host", same_ranking_by_real_host))
        jobs += [(f, first, None) for tool, f in real if shutil.which(tool)]
        for awk in AWKS:
            if shutil.which(awk.split()[0]):
                jobs += [(f, first, links(f"{tools}/{awk.replace(' ', '')}{i}", awk=awk)) for i, f in enumerate((same_ranking, nothing_of_messages_links_or_secrets))]
            else:
                print(f"not tried, as it is not installed: {awk}")
        jobs += [(ports_and_programs, first, links(f"{tools}/{door}", more=door)) for door in ("bash", "nc", "telnet") if shutil.which(door)]
        jobs += [(a_greeting, first, f"{tools}/{door}") for door in ("bash", "nc", "telnet") if shutil.which(door)]
        if shutil.which("busybox"):
            jobs += [(f, ["busybox", "sh"], links(f"{tools}/busybox{i}", busybox=True)) for i, f in
                     enumerate((same_ranking, nothing_of_messages_links_or_secrets, odd_names))]
            jobs.append((same_ranking, first, links(tools + "/minutes", minutes=True)))
        for s in SHELLS:
            if s not in shells:
                print(f"not tried, as it is not installed: {s[0]}")
    wanted = argv[2:]
    named = [(binary, seed, i, f, shell, path) for i, (f, shell, path) in enumerate(jobs) if not wanted or any(w in name_of(f, shell, path) for w in wanted)]
    failed = 0
    with multiprocessing.Pool(4) as pool:      # they mostly wait
        for name, bad in pool.imap_unordered(one, named):
            if bad:
                failed += 1
                print(f"FAILED {name}: " + "\n  ".join(bad), flush=True)
    shutil.rmtree(tools)
    print(f"{len(named) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
