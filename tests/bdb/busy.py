#!/usr/bin/env python3
"""An environment that is written to while it is looked at, as a host itself: nothing of it may be called damaged. The caches are small, so that pages
are written and read back all the time, and there are a dozen checkpoints a second.

usage: busy.py PROGRAM MAKE_ENVIRONMENT [SECONDS]"""
import json
import os
import subprocess
import sys
import tempfile

PROGRAM, MAKE = (os.path.abspath(p) for p in sys.argv[1:3])
SECONDS = int(sys.argv[3]) if len(sys.argv) > 3 else 20

SOUND = {"database.meta_ok": True, "database.multiple_ok": True, "database.last_page_ok": True, "database.links_ok": True,
         "database.pages_bad": 0, "database.pages_zeroed": 0, "database.checksum_bad": 0, "host.csdb_lsn_ahead": 0,
         "host.csdb_log_bad_headers": 0, "host.csdb_log_newest_headless": False, "host.csdb_log_gaps": 0,
         "host.csdb_region_panic": False, "host.csdb_log_restarted": False}


def look(root):
    run = subprocess.run([PROGRAM, "facts", "--root", root, "--format", "json"], capture_output=True, text=True, check=False)
    return json.loads(run.stdout)["facts"]


def main():
    wrong = looks = files = 0
    with tempfile.TemporaryDirectory() as root:
        csdb = os.path.join(root, "var/opt/SUNWics5/csdb")
        config = os.path.join(root, "etc/opt/SUNWics5/config")
        os.makedirs(csdb)
        os.makedirs(config)
        os.makedirs(os.path.join(root, "opt/SUNWics5/cal/sbin"))
        with open(os.path.join(config, "ics.conf"), "w", encoding="ascii") as file:
            file.write('caldb.berkeleydb.homedir.path = "/var/opt/SUNWics5/csdb"\n')
        for page in ("4096", "16384"):
            settings = [f"page={page}", "cache=262144", "log=524288"]
            with subprocess.Popen([MAKE, csdb, *settings, "put:events:3000", f"busy:{SECONDS // 2}"], stdout=subprocess.PIPE) as maker:
                maker.stdout.readline()
                while maker.poll() is None:
                    facts = look(root)
                    looks += 1
                    for fact in facts:
                        files += fact["name"] == "database.pages"
                        if fact["state"] == "known" and fact["name"] in SOUND and fact["value"] != SOUND[fact["name"]]:
                            wrong += 1
                            print(f"{fact['scope']} {fact['name']} is {fact['value']}")
            for name in os.listdir(csdb):
                os.remove(os.path.join(csdb, name))
    print(f"{looks} looks at {files} files that are written to: {wrong} false alarms")
    sys.exit(1 if wrong or files < 8 else 0)


if __name__ == "__main__":
    main()
