"""Writes a made-up Calendar Server host (calendar_host.Host) as it may be sent: a bundle, a tar.gz of it, a folder of copies, files alone, or
nothing but text that was pasted."""
import json
import os
import shutil
import tarfile

import calendar_env as env
from calendar_host import DATABASES, MONTHS

PROMPTS = ["{name}# ", "$ ", "bash-3.00# ", "[root@{name} sbin]# "]


# ---------------------------------------------------------------- the databases
def make_databases(h, folder):
    """Real ones with the host's damage. Returns what in its texts stands for what."""
    settings = [s for s in h.recipe if "=" in s]
    steps = [s for s in h.recipe if "=" not in s]
    late = int(h.csdb_logs[-1][2].timestamp())
    env.make(folder, settings + [f"at={int(h.regions[0].timestamp())}"] + steps[:-3] + [f"at:{late - 40}"] + steps[-3:])
    if h.recipe[-1] != "crash" and not h.damage and h.rng.random() < 0.3:
        with open(os.path.join(folder, "ics50caldb.conf"), "w", encoding="utf-8") as f:
            f.write("caldb.version=\"3.8\"\n")
    changes = {}
    for damage in h.damage:
        changes.update(damage(folder, h.rng) or {})
    return changes


def verify_texts(h, folder):
    """As the cookbook runs it on a copy: of each file what was said and its status."""
    out = []
    copied = h.csdb + ".db_verify"
    if h.is_recovered_copy:
        folder, status, text = env.recover(folder)
        text = text.replace(folder, copied)
        said = [line if "Recovery complete at" not in line else "db_recover: Recovery complete at " + h.at(minutes=9).astimezone(h.zone).strftime("%a %b %e %H:%M:%S %Y") for line in text.splitlines()]
        out.append(([h.bdb("db_recover"), "-v", "-h", copied], "\n".join(said) + "\n", status))
    is_old = h.rng.random() < 0.5
    for name, (status, text) in env.verify(folder, DATABASES).items():
        text = text.replace(folder + "/", "")
        if is_old and status == 0:
            text = ""                       # before 5.0 it said nothing of a good file
        if not is_old:
            text = text.replace(f"Verification of ics50{name}.db", f"Verification of {copied}/ics50{name}.db")
        out.append(([h.bdb("db_verify"), "-h", copied, f"ics50{name}.db"], text, status))
    if folder.endswith(".db_verify"):
        shutil.rmtree(folder)
    return out


def rows_of_real(h, folder):
    """(name, bytes, time) of the files there, with the host's times, which they get, too."""
    logs, made = env.logs_of(folder), [when for _, _, when in h.csdb_logs]
    times = {os.path.basename(p): made[max(0, len(made) - len(logs) + i)] for i, p in enumerate(logs)}
    rows = []
    for name in sorted(os.listdir(folder)):
        when = times.get(name) or (h.regions[0] if name.startswith("__db") else h.csdb_logs[-1][2])
        path = os.path.join(folder, name)
        os.utime(path, (when.timestamp(), when.timestamp()))
        rows.append((name, os.path.getsize(path), when))
    return rows


def rows_of_told(h):
    when = h.csdb_logs[-1][2]
    rows = [(f"ics50{n}.db", h.database_bytes[n], when) for n in DATABASES] + [("ics50caldb.conf", 24, h.started)]
    rows += [("log.%010d" % n, size, t) for n, size, t in h.csdb_logs] + [("__db.%03d" % (i + 1), 24576 << i, h.regions[0]) for i in range(h.regions[1])]
    return sorted(rows)


def owner_of(h, name, newest_log):
    return h.owner.get("log.new" if name == newest_log else name, "icsuser")


def newest_log(rows):
    return max((n for n, _, _ in rows if n.startswith("log.")), default=None)


def stamp_of(h, when):
    local = when.astimezone(h.zone)
    if h.listing == "iso":
        return local.strftime("%Y-%m-%d %H:%M")
    if h.listing == "full":
        return local.strftime("%Y-%m-%d %H:%M:%S.000000000 %z")
    return "%s %2d %s" % (MONTHS[local.month - 1], local.day, local.strftime("%H:%M") if (h.now - when).days < 180 else " %d" % local.year)


def ls_l(h, rows):
    last = newest_log(rows)

    def line(name, size, when, kind="-rw-r-----"):
        owner = owner_of(h, name, last)
        return f"{kind}   1 {owner:<8} {'icsgroup' if owner != 'root' else 'other':<8} {size:>9} {stamp_of(h, when)} {name}"
    own = [line(".", 1024, h.csdb_logs[-1][2], "drwxr-x---"), line("..", 512, h.started, "drwxr-xr-x")] if h.listing == "all" else []
    return f"total {sum(s for _, s, _ in rows) // 512}\n" + "\n".join(own + [line(*r) for r in rows]) + "\n"


LISTINGS = {"plain": ["ls", "-l"], "all": ["ls", "-la"], "iso": ["ls", "-l", "--time-style=long-iso"], "full": ["ls", "-l", "--full-time"]}


def ls(h, folder, rows):
    return (LISTINGS[h.listing] + [folder], ls_l(h, rows), 0)


def backup_folders(h):
    """(folder, [(name, bytes, time)]) of each copy."""
    out = []
    for kind, root in (("hot", h.hot), ("archive", h.archive)):
        for age in (h.backup_ages_h or {}).get(kind, []):
            when = h.at(hours=age)
            rows = [(f"ics50{n}.db", h.database_bytes[n], when) for n in DATABASES] + [("ics50caldb.conf", 24, when), ("log.%010d" % (412 - int(age) // 24), 10485760, when)]
            out.append((f"{root}/{kind}backup_{when.astimezone(h.zone).strftime('%Y%m%d')}", sorted(rows)))
    return out


# ---------------------------------------------------------------- texts
def log_texts(h):
    """By name; what is older than half a day is in files that were rolled over."""
    out = {}
    for name, lines in h.logs.items():
        rolled = h.at(hours=12)
        parts = [(name, [x for x in lines if x[0] >= rolled or not h.rolls]), (f"{name}.{3 + len(name)}.{int(rolled.timestamp())}", [x for x in lines if x[0] < rolled and h.rolls])]
        out.update({n: "\n".join(line for _, line in sorted(part, key=lambda x: x[0])) + "\n" for n, part in parts if part})
    return out


def outputs(h):
    local = h.now.astimezone(h.zone)
    date = local.strftime("%a %b %e %H:%M:%S ") + local.tzname() + local.strftime(" %Y\n")
    return [(["date"], date, 0), ([h.sbin + "/csdb", "version"], h.build + "\n", 0), (["ps", "-ef"], h.ps(), 0), (["df", "-" + h.df_unit], h.df(), 0), (["mount"], h.mount(), 0)] + h.outputs


def put(top, path, text):
    path = os.path.join(top, path.lstrip("/"))
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def exchange(text, changes):
    for old, new in changes.items():
        text = text.replace(old, new)
    return text


def pasted(h, some, changes):
    prompt = h.rng.choice(PROMPTS).format(name=h.name)
    out = ""
    shows_status = h.rng.random() < 0.5
    for argv, text, status in some:
        out += prompt + " ".join(argv) + "\n" + text
        if shows_status and "db_verify" in argv[0] or (not text and "db_verify" in argv[0]):
            out += prompt + "echo rc=$?\n" + f"rc={status}\n"
    return exchange(out, changes)


# ---------------------------------------------------------------- forms
def write_bundle(h, top):
    files = os.path.join(top, "files")
    csdb = files + h.csdb
    changes = make_databases(h, csdb)
    verified = verify_texts(h, csdb) if h.wants_verify else []
    rows = rows_of_real(h, csdb)
    last = newest_log(rows)
    put(files, h.config_root + "/ics.conf", h.ics_conf())
    for name, text in log_texts(h).items():
        put(files, h.log_root + "/" + name, exchange(text, changes))
    for name, text in h.texts.items():
        put(files, h.csdb + name[4:] if name.startswith("csdb/") else "/var/adm/messages" if name == "messages" else "/root/" + name, text)
    listed = "".join(f"{h.csdb.lstrip('/')}/{n}\t{s}\t{int(t.timestamp())}\t0640\t{owner_of(h, n, last)}\ticsgroup\n" for n, s, t in rows)
    put(top, "listings/files.tsv", listed)
    put(top, "listings/csdb.tsv", "".join(f"{n}\t{s}\t{int(t.timestamp())}\t0640\t{owner_of(h, n, last)}\ticsgroup\n" for n, s, t in rows))
    listings = [{"root": h.csdb, "file": "listings/csdb.tsv", "complete": True}]
    for kind, root in (("hot", h.hot), ("archive", h.archive)):
        folders = [(f, r) for f, r in backup_folders(h) if f.startswith(root + "/")]
        if folders:
            put(top, f"listings/{kind}.tsv", "".join(f"{f[len(root) + 1:]}/{n}\t{s}\t{int(t.timestamp())}\n" for f, r in folders for n, s, t in r))
            listings.append({"root": root, "file": f"listings/{kind}.tsv", "complete": True})
    put(top, "processes.txt", h.ps())
    stamp = h.now.strftime("%Y-%m-%dT%H:%M:%SZ")
    entries = []
    for i, (argv, text, status) in enumerate([o for o in outputs(h) if o[0][0] != "ps"] + verified):
        put(top, f"commands/{i + 1:02d}.out", exchange(text, changes))
        entries.append({"argv": argv, "exit": status, "stdout": f"commands/{i + 1:02d}.out", "started": stamp, "ms": 100})
    put(top, "manifest.json", json.dumps({"schema": "mtadoctor.bundle/1", "created": stamp, "timezone": h.zone.key, "host": h.host, "tool": {"name": "mtadoctor", "version": "0.1.0"},
        "products": [{"name": "calendar", "version": h.version, "root": h.root}], "commands": entries, "listings": listings, "redactions": {"policy": "none", "counts": {}}}, indent=1))
    return csdb


def write_folder(h, top):
    """As somebody copies it together: folders under their own names and text files beside them."""
    csdb = os.path.join(top, "csdb")
    changes = make_databases(h, csdb)
    verified = verify_texts(h, csdb) if h.wants_verify else []
    rows = rows_of_real(h, csdb)
    put(top, "ics.conf", h.ics_conf())
    for name, text in log_texts(h).items():
        put(top, "logs/" + name, exchange(text, changes))
    for name, text in h.texts.items():
        put(top, name, text)
    put(top, "ps.txt", h.ps())
    listing = [ls(h, h.csdb, rows)] + [ls(h, f, r) for f, r in backup_folders(h)]
    put(top, "output.txt", pasted(h, [o for o in outputs(h) if o[0][0] != "ps"] + listing + verified, changes))
    return csdb


def write_files(h, top):
    csdb = os.path.join(top, "csdb")
    make_databases(h, csdb)
    rows = rows_of_real(h, csdb)
    put(top, "config/ics.conf", h.ics_conf())
    put(top, "ls-csdb.txt", "# " + " ".join(LISTINGS[h.listing]) + f" {h.csdb}\n" + ls_l(h, rows))
    return csdb


def write_text(h, top):
    """No byte of the databases: logs, and what was typed and pasted."""
    scratch = top + ".csdb"
    make_databases(h, scratch)
    verified = verify_texts(h, scratch) if h.wants_verify else []
    if h.from_databases is not None:
        h.from_databases(scratch)
    shutil.rmtree(scratch)
    listing = [ls(h, h.csdb, rows_of_told(h))] + [ls(h, f, r) for f, r in backup_folders(h)]
    if h.rng.random() < 0.6:
        put(top, "ics.conf", h.ics_conf())
    else:
        h.outputs.append((["cat", h.config_root + "/ics.conf"], h.ics_conf(), 0))
    for name, text in log_texts(h).items():
        put(top, name, text)
    for name, text in h.texts.items():
        put(top, name.replace("csdb/", "csdb-"), text)
    put(top, "output.txt", pasted(h, outputs(h) + listing + verified, {}))


def pack(top, archive):
    with tarfile.open(archive, "w:gz", compresslevel=1) as t:
        t.add(top, arcname=os.path.basename(top))


FORMS = {"bundle": write_bundle, "tar": write_bundle, "folder": write_folder, "files": write_files, "text": write_text}


def write(h, case, form):
    """Returns the name of the input below `case`."""
    top = os.path.join(case, "input")
    os.makedirs(top)
    csdb = FORMS[form](h, top)
    if csdb is not None and h.version != "5.1" and h.has_old_headers:
        times = {n: os.stat(os.path.join(csdb, n)) for n in os.listdir(csdb)}
        env.as_42(csdb)
        for n, s in times.items():
            os.utime(os.path.join(csdb, n), (s.st_mtime, s.st_mtime))
    if form != "tar":
        return "input"
    pack(top, top + ".tar.gz")
    shutil.rmtree(top)
    return "input.tar.gz"
