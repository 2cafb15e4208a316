"""Makes the input of a scenario from its `make` line: {"host": {...}, "fault": NAME, "shape": SHAPE, "spoil": [[NAME, ARGUMENT...], ...]}.

host      arguments of hosts.Host: seed, version, roles, zone, per_hour, log_format; and hours, options, unified
fault     a function of tests/generate/faults.py, or nothing: a healthy host
shape     bundle (default), loose, tar, zip, root (a fake installation for --root), facts is made by the test of forms
sample    true: the sample of examples/
spoil     functions of spoil.py, called in turn with the input's folder, before it is packed
Without `host` the input begins as an empty folder."""
import os
import shutil
import stat
import sys
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "generate"))

import faults     # noqa: E402
import files      # noqa: E402
import hosts      # noqa: E402
import make       # noqa: E402
import spoil      # noqa: E402


def host(spec, fault=None):
    spec = dict(spec)
    options, hours, unified = spec.pop("options", {}), spec.pop("hours", 27), spec.pop("unified", None)
    function = getattr(faults, fault) if fault else None
    if function and "roles" not in spec:
        spec["roles"] = "frontend" if fault == "lmtp_backend_down" else "relay+store"
    h = hosts.Host(**{"seed": 1, "per_hour": 20, "log_format": 1, **spec})
    h.options.update({"LOG_FILENAME": 1, **options})
    if unified is not None:
        h.is_unified = unified
    h.turnover(20)
    if function:
        function(h)
    h.traffic(hours)
    h.default_processes()
    return h


def arguments(h):
    return ["--at", h.now.astimezone(h.zone).isoformat(), "--timezone", h.zone.key]


def executable(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    os.chmod(path, stat.S_IRWXU | stat.S_IRGRP | stat.S_IXGRP | stat.S_IROTH | stat.S_IXOTH)


def fake_command(path, answers):
    """A script that prints the answer to its arguments; answers: arguments -> text."""
    folder = os.path.dirname(path)
    cases = []
    for i, (words, text) in enumerate(answers.items()):
        name = f".{os.path.basename(path)}.{i}"
        files.put(folder, name, text)
        cases.append(f'  "{words}") cat "{folder}/{name}" ;;')
    executable(path, "#!/bin/sh\ncase \"$*\" in\n" + "\n".join(cases) + "\n  *) echo \"no such thing: $*\" >&2; exit 1 ;;\nesac\n")


def queue_file(h, size):
    """The envelope's first lines, padded to the size; what matters is name, size and time."""
    text = f"0;200;rfc822\nf;{h.domain}\n"
    return (text + "x" * size)[:size]


def write_root(h, top, nameserver="192.0.2.53"):
    """A fake installation: configuration, logs, queue with real times, commands that print what a real one would. `top` stands for "/"."""
    for name, text in files.configuration(h).items():
        files.put(top, h.config_root.lstrip("/") + "/" + name, text)
    for name, text in files.logs(h).items():
        files.put(top, h.log_root.lstrip("/") + "/" + name, text)
    for path, text in h.extra_files.items():
        if path.startswith("/"):
            files.put(top, path.lstrip("/"), text)
    for channel in files.CHANNELS[h.roles]:
        os.makedirs(top + h.queue_root + "/" + channel, exist_ok=True)
    for path, size, when in h.queue:
        whole = top + h.queue_root + "/" + path
        files.put(top, (h.queue_root + "/" + path).lstrip("/"), queue_file(h, size))
        os.utime(whole, (when.timestamp(), when.timestamp()))
    files.put(top, "etc/resolv.conf", f"nameserver {nameserver}\n")
    by_program = {}
    for argv, text in files.commands(h) + [(["ps", "-ef"], files.ps(h))]:
        by_program.setdefault(argv[0], {})[" ".join(argv[1:])] = text
    for program, answers in by_program.items():
        folder = "/usr/bin" if program in ("ps", "df", "uptime") else h.root + ("/sbin" if h.version != "5.2" else "")
        fake_command(top + folder + "/" + program, answers)


def pack_zip(top, archive):
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as z:
        for folder, _, names in sorted(os.walk(top)):
            for name in sorted(names):
                path = os.path.join(folder, name)
                z.write(path, os.path.join("f\u00fcr den Support", os.path.relpath(path, top)))   # in UTF-8, as most programs write it


def build(spec, case):
    """Writes the input below `case`. Returns the input's name there and the arguments that go with it."""
    top = os.path.join(case, "input")
    os.makedirs(top, exist_ok=True)
    shape = spec.get("shape", "bundle")
    args, h = [], None
    if spec.get("sample"):
        shutil.copytree(os.path.join(HERE, "..", "..", "examples", "sample-bundle"), top, dirs_exist_ok=True)
    if "host" in spec:
        h = host(spec["host"], spec.get("fault"))
        args = arguments(h)
        if shape == "root":
            write_root(h, top)
        else:
            (files.write_loose if shape == "loose" else files.write_bundle)(h, top)
    name = "input"
    for step in spec.get("spoil", []):
        name = getattr(spoil, step[0])(h, top, *step[1:]) or name
    if shape == "zip":
        name = "input.zip"
        pack_zip(top, os.path.join(case, name))
    if shape == "tar":
        name = "input.tar.gz"
        spoil.pack_tar(top, os.path.join(case, name))
    return name, args
