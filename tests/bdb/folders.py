#!/usr/bin/env python3
"""What calendar.database says of whole database folders: real environments of Berkeley DB, in use, crashed, recovered, and damaged in each way
that is told apart. The folders are looked at as directories.

usage: folders.py PROGRAM MAKE_ENVIRONMENT RECOVER"""
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

PAGE = 4096
PROGRAM, MAKE, RECOVER = (os.path.abspath(p) for p in sys.argv[1:4])
FAILED = []


def facts(folder):
    run = subprocess.run([PROGRAM, "facts", folder, "--format", "json"], capture_output=True, text=True, check=False)
    known = {}
    for fact in json.loads(run.stdout)["facts"]:
        name = fact["name"]
        if name.startswith("database."):
            name = f"{fact['scope']['database']}:{name[len('database.'):]}"
        elif name.startswith("host."):
            name = name[len("host."):]
        known[name] = fact["value"] if fact["state"] == "known" else None
    return known


def want(what, folder, **expected):
    known = facts(folder)
    for name, value in expected.items():
        name = name.replace("events__", "ics50events.db:").replace("todos__", "ics50todos.db:")
        if known.get(name) != value:
            FAILED.append(what)
            print(f"{what}: {name} is {known.get(name)!r}, expected {value!r}")


SOUND = {"events__pages_bad": 0, "events__pages_zeroed": 0, "events__meta_ok": True, "events__multiple_ok": True,
         "events__empty": False, "csdb_missing": [], "csdb_log_gaps": 0, "csdb_log_bad_headers": 0,
         "csdb_log_newest_headless": False, "csdb_lsn_ahead": 0, "csdb_log_restarted": False}


def but(**other):
    return {**SOUND, **other}


def make(folder, *steps):
    os.makedirs(folder)
    with open(os.path.join(folder, "ics50caldb.conf"), "w", encoding="ascii") as file:
        file.write("caldb.version=3.5\n")
    subprocess.run([MAKE, folder, *steps], check=True, stdout=subprocess.DEVNULL)


def copy(base, name):
    folder = os.path.join(os.path.dirname(os.path.dirname(base)), name, "csdb")
    shutil.copytree(base, folder)
    return folder


def events(folder):
    return os.path.join(folder, "ics50events.db")


def logs(folder):
    return sorted(os.path.join(folder, f) for f in os.listdir(folder) if f.startswith("log."))


def write(path, at, data):
    with open(path, "r+b") as file:
        file.seek(at)
        file.write(data)


def pages(path):
    return os.path.getsize(path) // PAGE


def damages(base, kind):
    """Each damage of a sound environment, whether it is closed, in use or crashed."""
    r = random.Random(5)

    folder = copy(base, f"{kind}-garbage")
    write(events(folder), 33 * PAGE, r.randbytes(PAGE))
    want(f"{kind}: a page of garbage", folder, **but(events__pages_bad=1, todos__pages_bad=0))

    folder = copy(base, f"{kind}-type")
    write(events(folder), 20 * PAGE + 25, b"\x63")
    want(f"{kind}: a page of no type", folder, **but(events__pages_bad=1))

    folder = copy(base, f"{kind}-number")
    write(events(folder), 20 * PAGE + 8, b"\x99\x99")
    want(f"{kind}: a page with the number of another", folder, **but(events__pages_bad=1))

    folder = copy(base, f"{kind}-zero")
    write(events(folder), 50 * PAGE, bytes(PAGE))
    want(f"{kind}: a page of zeros", folder, **but(events__pages_zeroed=1, events__pages_bad=0))

    folder = copy(base, f"{kind}-cut")
    os.truncate(events(folder), 60 * PAGE)
    want(f"{kind}: cut between pages", folder, **but(events__last_page_ok=False, events__pages=60))

    folder = copy(base, f"{kind}-cut-within")
    os.truncate(events(folder), 60 * PAGE + 100)
    want(f"{kind}: cut within a page", folder, **but(events__last_page_ok=False, events__multiple_ok=False))

    folder = copy(base, f"{kind}-no-meta")
    write(events(folder), 0, bytes(512))
    want(f"{kind}: the first page is zeros", folder, **but(
        events__meta_ok=False, events__pages_bad=None, events__pages_zeroed=None, events__multiple_ok=None))

    folder = copy(base, f"{kind}-empty")
    os.truncate(events(folder), 0)
    want(f"{kind}: an empty file", folder, **but(
        events__meta_ok=False, events__empty=True, events__pages_bad=None, events__pages_zeroed=None,
        events__multiple_ok=None))

    folder = copy(base, f"{kind}-missing")
    os.remove(events(folder))
    want(f"{kind}: a file is missing", folder, csdb_missing=["ics50events.db"], csdb_lsn_ahead=0)

    folder = copy(base, f"{kind}-logs-removed")
    for path in logs(folder):
        os.remove(path)
    want(f"{kind}: all logs are removed", folder, csdb_logs=0, events__pages_bad=0, events__pages_zeroed=0)
    if (facts(folder).get("csdb_lsn_ahead") or 0) < 2:
        FAILED.append(f"{kind}: all logs are removed: no page is past their end")

    folder = copy(base, f"{kind}-gap")
    os.remove(logs(folder)[2])
    want(f"{kind}: a gap in the logs", folder, **but(csdb_log_gaps=1))

    folder = copy(base, f"{kind}-foreign")
    shutil.copy(logs(folder)[4], logs(folder)[2])
    want(f"{kind}: a log under the number of another", folder, **but(csdb_log_bad_headers=1))

    folder = copy(base, f"{kind}-log-damaged")
    write(logs(folder)[3], 70000, r.randbytes(64))
    want(f"{kind}: a damaged log", folder, **but(csdb_log_bad_headers=1))

    folder = copy(base, f"{kind}-headless-within")
    write(logs(folder)[3], 0, bytes(64))
    want(f"{kind}: a log without its header", folder, **but(csdb_log_bad_headers=1))

    folder = copy(base, f"{kind}-headless")
    write(logs(folder)[-1], 0, bytes(64))
    want(f"{kind}: the newest log has no header", folder, csdb_log_newest_headless=True, csdb_log_bad_headers=0,
         csdb_lsn_ahead=0, csdb_log_restarted=False)


def check(base):
    made = os.path.join(base, "made", "csdb")
    fill = ("log=262144", "put:events:2000", "put:todos:500", "put:calprops:60", "checkpoint", "put:events:200",
            "put:todos:100")
    make(made, *fill, "crash")
    want("crashed", made, **but(csdb_regions=3, csdb_region_panic=False, csdb_region_version="5.3", csdb_bdb_version="5.3",
                                csdb_logs=len(logs(made)), csdb_log_first=1))
    damages(made, "crashed")

    folder = copy(made, "recovered")
    subprocess.run([RECOVER, "-h", folder], check=True)
    want("recovered", folder, **but(csdb_regions=0, events__links_ok=True, events__last_page_ok=True, todos__links_ok=True))
    damages(folder, "recovered")

    closed = os.path.join(base, "closed", "csdb")
    make(closed, *fill)
    want("closed", closed, **SOUND)
    damages(closed, "closed")

    # The regions are removed without recovery: the end of the file was never written.
    folder = copy(made, "regions-removed")
    for name in os.listdir(folder):
        if name.startswith("__db."):
            os.remove(os.path.join(folder, name))
    want("regions removed", folder, **but(csdb_regions=0))

    panicked = os.path.join(base, "panicked", "csdb")
    make(panicked, *fill, "panic")
    want("panicked", panicked, **but(csdb_region_panic=True))

    # Logs that begin anew beside files whose pages know far later ones.
    folder = copy(made, "restarted")
    for path in logs(folder):
        os.remove(path)
    other = os.path.join(base, "other", "csdb")
    make(other, "put:events:10", "checkpoint")
    shutil.copy(logs(other)[0], folder)
    want("the logs begin anew", folder, csdb_log_restarted=True, csdb_log_last=1, events__pages_bad=0)

    # A big-endian machine.
    sparc = os.path.join(base, "sparc", "csdb")
    make(sparc, "order=big", "page=8192", *fill)
    want("files of a big-endian machine", sparc, **SOUND)

    # A listing alone.
    folder = os.path.join(base, "listed")
    os.makedirs(folder)
    with open(os.path.join(folder, "ls.txt"), "w", encoding="ascii") as file:
        file.write("cal1# ls -l /var/opt/SUNWics5/csdb\ntotal 300\n")
        for name, owner, size in (("ics50events.db", "icsuser", 900000), ("ics50todos.db", "root", 0),
                                  ("ics50calprops.db", "icsuser", 8192), ("ics50alarms.db", "icsuser", 8192),
                                  ("ics50gse.db", "icsuser", 8192), ("ics50deletelog.db", "icsuser", 8192),
                                  ("ics50caldb.conf", "icsuser", 20), ("log.0000000007", "icsuser", 10485759),
                                  ("log.0000000009", "icsuser", 10485759), ("__db.001", "icsuser", 16384)):
            file.write(f"-rw-r-----   1 {owner:8} icsgroup {size:8} May 31  2007 {name}\n")
    want("a listing alone", folder, csdb_seen=True, csdb_missing=["ics50recurring.db"], csdb_owner="icsuser",
         csdb_foreign_owner=1, csdb_logs=2, csdb_log_first=7, csdb_log_last=9, csdb_log_gaps=1, csdb_log_bytes=20971518,
         csdb_regions=1, todos__empty=True, events__empty=False, events__bytes=900000)


def main():
    with tempfile.TemporaryDirectory() as base:
        check(base)
    print(f"{len(set(FAILED))} folders are judged wrongly" if FAILED else "all folders are judged rightly")
    sys.exit(1 if FAILED else 0)


if __name__ == "__main__":
    main()
