"""Breaks a made-up Calendar Server host (calendar_host.Host) in one known way and says what must be said about it: first (acceptable first
diagnoses), verdict, absent, listed, remedies, withheld. The forms in which it shows: "whole" (logs, databases, tools), "text" (logs and what was
pasted, no databases), "files" (configuration, databases and listings alone). Damage to the databases and at the store's logs."""
from datetime import timedelta

import calendar_env as env

DAMAGE = {"calendar.page-corrupt", "calendar.metadata-corrupt", "calendar.file-truncated", "calendar.silent-hole"}
TOUCHED = {"calendar.logs-removed", "calendar.log-gap", "calendar.newest-log-headless"}
OTHERS = {"calendar.disk-full", "calendar.wrong-owner", "calendar.library-mismatch", "calendar.database-on-nfs", "calendar.not-this-product"}


def expect(first, verdict=("act",), absent=(), **more):
    firsts = [first] if isinstance(first, str) else list(first)
    return {"first": ["calendar." + f for f in firsts], "verdict": list(verdict), "absent": sorted(set(absent) - {"calendar." + f for f in firsts}), **more}


def crash(h, minutes):
    """The host went down without warning and came up again some minutes ago."""
    when = h.at(minutes=minutes)
    h.boot = when + timedelta(minutes=4)
    h.silent_since(when)
    h.restarted = h.boot + timedelta(minutes=3)
    h.ran(["who", "-b"], "   .       system boot  %s\n" % h.boot.astimezone(h.zone).strftime("%b %e %H:%M"))
    h.texts["messages"] = "".join(f"{t.astimezone(h.zone).strftime('%b %e %H:%M:%S')} {h.name} {line}\n" for t, line in [
        (when - timedelta(hours=5), "sshd[288]: [ID 800047 auth.info] Accepted publickey for root"),
        (h.boot, "genunix: [ID 540533 kern.notice] SunOS Release 5.10 Version Generic_118833-36 64-bit"),
        (h.boot + timedelta(seconds=9), "savecore: [ID 570001 auth.error] reboot after panic: BAD TRAP: type=31")])
    return when


# ---------------------------------------------------------------- S1: the environment
def panic_data_intact(h):
    when = h.at(minutes=h.rng.choice([25, 70, 200]))
    h.ordinary(until=when)
    victim = h.rng.choice([d for d in ("cshttpd", "csadmind") if d in h.daemons()])
    h.say(when, victim, "General Critical", "received signal 9, exiting abnormally")
    if h.version == "6.3":
        h.say(when, "watcher", "General Error", f"{victim} ({h.pid(victim)}) died, killed by signal 9")
    h.panics(when + timedelta(seconds=4))
    h.silent_since(when)
    h.damage.append(env.panic)
    h.wants_verify = h.is_recovered_copy = True
    return expect("panic-data-intact", absent=DAMAGE | TOUCHED | OTHERS, remedies=["calendar.restart-clean"], withheld=["calendar.rebuild", "calendar.salvage"]), {"whole", "text", "files"}


def crash_not_recovered(h):
    """After a power cut a copy of the databases looks bad until recovery has replayed the logs: no damage."""
    when = crash(h, 20)
    h.ordinary(until=when)
    h.recipe = ["cache=262144", "put:calprops:60", "put:events:1500", "put:todos:300", "checkpoint", "put:events:400", "crash"]
    h.regions = (h.started, 3)
    h.start(h.boot + timedelta(minutes=3), [d for d in h.daemons() if d in ("enpd", "watcher")])
    for i, d in enumerate(d for d in h.daemons() if d in ("csstored", "csadmind", "cshttpd")):
        h.library(h.boot + timedelta(minutes=3, seconds=i), d, "DB_ENV->open: recovery is needed")
    h.missing |= {"csadmind", "cshttpd", "csstored"}
    h.wants_verify = h.is_recovered_copy = True
    return expect(["panic-data-intact"], absent=DAMAGE | TOUCHED | OTHERS, remedies=["calendar.restart-clean"], withheld=["calendar.rebuild", "calendar.salvage"]), {"whole", "text"}


def tools_run_while_up(h):
    when = h.at(minutes=h.rng.choice([12, 50]))
    h.ordinary(until=when)
    local = when.astimezone(h.zone)
    h.texts["csdb/admin.log"] = f"{h.stamp(when)} {h.name} csdb[9911]: General Notice: csdb recover {h.csdb} started\n{h.stamp(when + timedelta(seconds=3))} {h.name} csdb[9911]: General Notice: csdb recover finished\n"
    h.extra_processes.append(("root", 9800, 1, h.at(minutes=80), "-sh"))
    h.ran(["tail", "-3", "/var/adm/sulog"], f"SU {local.strftime('%m/%d %H:%M')} + pts/2 root-icsuser\n")
    h.panics(when + timedelta(seconds=2))
    h.silent_since(when)
    h.damage.append(env.panic)
    h.wants_verify = h.is_recovered_copy = True
    return expect("tools-run-while-up", absent=DAMAGE | TOUCHED | OTHERS, remedies=["calendar.restart-clean"]), {"whole", "text"}


def orphan_lock(h):
    pids = [h.pid(d) for d in h.daemons() if d in ("cshttpd", "csadmind")]
    h.ordinary(until=h.at(minutes=50))
    text = ("Default locking region information:\n2147483774    Last allocated locker ID\n9    Number of lock modes\n10000    Maximum number of locks possible\n"
            "Locks grouped by lockers:\nLocker   Mode      Count Status  ----------------- Object ---------------\n"
            f"8000000e dd=12 locks held 2    write locks 1    pid/thread 3999/1\n8000000e WRITE         1 HELD    ics50events.db            page        182\n8000000e READ          1 HELD    ics50events.db            page        3\n"
            f"80000023 dd= 5 locks held 0    write locks 0    pid/thread {pids[0]}/7\n80000023 READ          1 WAIT    ics50events.db            page        182\n"
            f"80000025 dd= 4 locks held 0    write locks 0    pid/thread {pids[-1]}/3\n80000025 WRITE         1 WAIT    ics50events.db            page        182\n")
    h.ran([h.bdb("db_stat"), "-CA", "-h", h.csdb], text)
    h.ran([h.sbin + "/cstool", "-p", "80", "-h", h.host, "ping", "http"], "cstool: http server: no response within 120 seconds (timed out)\n", 1)
    h.say(h.at(minutes=41), "cshttpd", "General Warning", "request timed out: database operation did not complete")
    return expect("orphan-lock", absent=DAMAGE | TOUCHED | OTHERS | {"calendar.deadlock"}, remedies=["calendar.restart-clean"]), {"whole", "text"}


def deadlock(h):
    h.conf["local.caldb.deadlock.autodetect"] = "no"
    h.conf["service.admin.deadlock"] = "no"
    h.ordinary(until=h.at(minutes=40))
    a, b = h.pid("cshttpd"), h.pid("csadmind")
    text = ("Locks grouped by lockers:\nLocker   Mode      Count Status  ----------------- Object ---------------\n"
            f"80000010 dd=15 locks held 1    write locks 1    pid/thread {a}/4\n80000010 WRITE         1 HELD    ics50events.db            page         91\n80000010 WRITE         1 WAIT    ics50alarms.db            page         12\n"
            f"80000011 dd=14 locks held 1    write locks 1    pid/thread {b}/2\n80000011 WRITE         1 HELD    ics50alarms.db            page         12\n80000011 WRITE         1 WAIT    ics50events.db            page         91\n")
    h.ran([h.bdb("db_stat"), "-CA", "-h", h.csdb], text)
    h.ran([h.sbin + "/cstool", "-p", "80", "-h", h.host, "ping", "http"], "cstool: http server: no response within 120 seconds (timed out)\n", 1)
    return expect("deadlock", absent=DAMAGE | TOUCHED | OTHERS | {"calendar.orphan-lock"}), {"whole", "text"}


def library_mismatch(h):
    when = h.at(minutes=90)
    h.ordinary(until=when)
    h.stop(when)
    h.start(when + timedelta(minutes=6))
    for i, d in enumerate(d for d in h.daemons() if d in ("csstored", "csadmind", "cshttpd", "csdwpd")):
        h.library(when + timedelta(minutes=6, seconds=20 + i), d, "Program version 4.2 doesn't match environment version 4.6")
        h.library(when + timedelta(minutes=6, seconds=20 + i), d, "DB_ENV->open: DB_VERSION_MISMATCH: Database environment version mismatch")
    h.missing |= {"csadmind", "cshttpd", "csstored", "csdwpd"}
    return expect("library-mismatch", absent=DAMAGE | TOUCHED | {"calendar.changes-lost"}), {"text"}


def regions_too_small(h):
    h.conf["caldb.berkeleydb.mempoolsizemb"] = "4"
    h.ordinary()
    for k in range(h.rng.choice([14, 60])):
        h.library(h.at(minutes=3 + 7 * k % 300), h.rng.choice(["cshttpd", "csadmind"]), h.rng.choice([
            "Lock table is out of available locks", "Lock table is out of available object entries", "unable to allocate memory for mutex; resize mutex region",
            "Unable to allocate 8252 bytes from mpool shared region: Cannot allocate memory"]))
    return expect("regions-too-small", verdict=["watch", "act"], absent=DAMAGE | TOUCHED | OTHERS | {"calendar.orphan-lock"}), {"whole", "text"}


# ---------------------------------------------------------------- S4 and S5: pages
def damage_found(h, first, damage, name, text, pids="cshttpd", **more):
    when = h.at(hours=h.rng.choice([1, 3]))
    h.ordinary(until=when)
    if text is not None:
        h.library(when, pids, text)
        h.library(when, pids, "PANIC: Invalid argument")
        h.panics(when + timedelta(seconds=1))
        h.silent_since(when)
    h.damage.append(damage)
    h.wants_verify = h.is_recovered_copy = True
    return expect(first, absent=(DAMAGE | TOUCHED | OTHERS | {"calendar.panic-data-intact", "calendar.tools-run-while-up"}), **more)


def page_corrupt(h):
    name = h.rng.choice(["events", "todos"])
    return damage_found(h, "page-corrupt", env.garbage_page(name), name, h.rng.choice([f"ics50{name}.db: page 50: illegal page type or format", f"ics50{name}.db: pgin failed for page 50"]),
                        remedies=["calendar.restore-hot-backup", "calendar.read-only"]), {"whole", "text", "files"}


def page_corrupt_without_backup(h):
    h.no_backups()
    return damage_found(h, "page-corrupt", env.garbage_page("events"), "events", "ics50events.db: page 50: illegal page type or format",
                        remedies=["calendar.salvage"], withheld=["calendar.rebuild", "calendar.restore-hot-backup"]), {"whole", "text"}


def metadata_corrupt(h):
    damage, text = h.rng.choice([(env.zero_meta("events"), "__db_meta_setup: ics50events.db: unexpected file type or format"),
                                 (env.empty("events"), "fop_read_meta: ics50events.db: unexpected file type or format")])
    return damage_found(h, "metadata-corrupt", damage, "events", text), {"whole", "text", "files"}


def file_truncated(h):
    return damage_found(h, "file-truncated", env.cut("events"), "events", "ics50events.db: file size not a multiple of the pagesize"), {"whole", "text", "files"}


def silent_hole(h):
    return damage_found(h, "silent-hole", env.zero_page("events"), "events", None), {"whole", "text", "files"}


def alarms_corrupt(h):
    answer = damage_found(h, "alarm-database-corrupt", env.garbage_page("alarms"), "alarms", "ics50alarms.db: page 12: illegal page type or format", pids="csadmind",
                          remedies=["calendar.rebuild-alarms"])
    return {**answer, "absent": [a for a in answer["absent"] if a != "calendar.page-corrupt"]}, {"whole", "text", "files"}


def recurring_broken(h):
    answer = damage_found(h, "recurring-chain-broken", env.garbage_page("recurring"), "recurring", "ics50recurring.db: page 9: illegal page type or format")
    return {**answer, "first": answer["first"] + ["calendar.page-corrupt"], "listed": ["calendar.recurring-chain-broken"]}, {"whole", "text"}


def deletelog_bloated(h):
    h.database_bytes["deletelog"] = 9 * h.database_bytes["events"]
    h.recipe = [s for s in h.recipe if "events" not in s and "deletelog" not in s]
    h.recipe[1:1] = ["put:events:200", "put:deletelog:6000"]
    h.ordinary()
    return expect("deletelog-bloated", verdict=["watch", "act", "normal"], absent=DAMAGE | TOUCHED | OTHERS), {"whole", "files"}


# ---------------------------------------------------------------- S2: logs
def logs_removed(h):
    when = h.at(minutes=95)
    h.ordinary(until=when)
    h.stop(when)
    h.start(when + timedelta(minutes=5))
    for i, d in enumerate(d for d in h.daemons() if d in ("csstored", "csadmind", "cshttpd")):
        t = when + timedelta(minutes=5, seconds=15 + i)
        for text in ("file ics50events.db has LSN 412/5548123, past end of log at 1/28", "Commonly caused by moving a database from one database environment",
                     "to another without clearing the database LSNs, or by removing all of", "the log files from a database environment", "PANIC: Invalid argument"):
            h.library(t, d, text)
    h.missing |= {"csadmind", "cshttpd", "csstored"}
    h.csdb_logs = [(1, 1048576, when + timedelta(minutes=5))]
    h.damage.append(lambda folder, rng: env.remove_logs(folder, rng, (when + timedelta(minutes=5)).timestamp()))
    h.regions = (when + timedelta(minutes=5), 5)
    h.wants_verify = True
    return expect("logs-removed", absent=DAMAGE | OTHERS | {"calendar.panic-data-intact", "calendar.log-gap"}, withheld=["calendar.restart-clean"]), {"whole", "text", "files"}


def log_gap(h):
    when = h.at(minutes=140)
    h.ordinary(until=when)
    h.csdb_logs = [(409, 10485760, h.at(hours=7)), (410, 10485760, h.at(hours=5)), (412, 10485760, h.at(hours=3)), (413, 10485760, when)]
    h.recipe = ["put:calprops:60", "put:events:3000", "checkpoint", "put:events:3000", "checkpoint", "put:todos:3000", "checkpoint"]
    t = when + timedelta(minutes=4)
    h.ran([h.bdb("db_recover"), "-c", "-v", "-h", h.csdb + ".SAVE"], f"db_recover: Finding last valid log LSN: file: 413 offset 7351022\ndb_recover: Log file 411 not found\ndb_recover: {h.csdb}.SAVE/log.0000000411: No such file or directory\ndb_recover: DB_ENV->open: No such file or directory\n", 1)
    h.library(t, "csadmind", "DB_ENV->log_get: log.0000000411: No such file or directory")
    h.panics(t)
    h.damage.append(env.log_gap)
    return expect("log-gap", absent=DAMAGE | OTHERS | {"calendar.logs-removed"}, withheld=["calendar.restart-clean"]), {"whole", "text"}


def newest_log_headless(h):
    when = crash(h, 30)
    h.ordinary(until=when)
    t = h.boot + timedelta(minutes=3)
    h.csdb_logs.append((414, 10485760, when + timedelta(seconds=1)))
    for i, d in enumerate(d for d in h.daemons() if d in ("csstored", "csadmind", "cshttpd")):
        for text in (f"Ignoring log file: {h.csdb}/log.0000000414: magic number 0, not 40988", "Invalid log file: log.0000000414: Invalid argument", "PANIC: Invalid argument"):
            h.library(t + timedelta(seconds=i), d, text)
    h.missing |= {"csadmind", "cshttpd", "csstored"}
    h.damage.append(env.headless_log)
    return expect("newest-log-headless", absent=DAMAGE | OTHERS | {"calendar.logs-removed", "calendar.log-gap"}), {"whole", "text"}


def changes_lost(h):
    """After a crash somebody removed the regions and started: what was committed and not yet written is gone."""
    when = crash(h, 300)
    h.ordinary(until=when)
    made = h.boot + timedelta(minutes=22)
    h.texts["sh_history"] = f"cd {h.csdb}\nls -l\nrm __db.*\ncd {h.sbin}\n./start-cal\n"
    h.start(made + timedelta(minutes=1))
    h.regions = (made + timedelta(minutes=1), 5)
    h.csdb_logs = [(411, 10485760, when - timedelta(hours=2)), (412, 10485760, when), (413, 10485760, h.at(minutes=1))]
    h.wants_verify = True
    h.recipe = h.recipe[:-1]
    return expect(["changes-lost"], verdict=["act", "watch"], absent=DAMAGE | OTHERS | TOUCHED | {"calendar.panic-data-intact"}), {"whole"}


# ---------------------------------------------------------------- disks, owners, places
def disk_full(h):
    h.full["/var"] = 100
    when = h.at(minutes=45)
    h.ordinary(until=when)
    for k in range(6):
        t = when + timedelta(seconds=20 * k)
        h.library(t, h.rng.choice(["csadmind", "cshttpd"]), "write: 0xfe3a2010, 8192: No space left on device")
        h.library(t, "csadmind", "ics50events.db: unwritable page 1201 remaining in the cache after error 28")
    h.library(when + timedelta(minutes=3), "csadmind", "txn_checkpoint: failed to flush the buffer cache: No space left on device")
    return expect("disk-full", absent=DAMAGE | TOUCHED, remedies=["calendar.free-space"]), {"whole", "text"}


def backup_disk_full(h):
    h.full["/backup"] = 99
    h.backup_ages_h = {"hot": [92, 116], "archive": [92, 116, 140]}
    h.ordinary()
    for age in (68, 44, 20):
        for text in ("Creating snapshot of the calendar database in /backup/cal/archive", "snapshot failed: write to /backup/cal/archive: No space left on device"):
            h.say(h.at(hours=age), "csstored", "General Error" if "failed" in text else "General Notice", text)
    return expect("backup-disk-full", verdict=["watch", "act"], absent=DAMAGE | TOUCHED | {"calendar.disk-full"}), {"whole", "text"}


def wrong_owner(h):
    when = h.at(minutes=80)
    h.ordinary(until=when)
    h.stop(when)
    for name in ("ics50events.db", "ics50alarms.db", "__db.001", "__db.002", "log.new"):
        h.owner[name] = "root"
    for i, d in enumerate(d for d in h.daemons() if d in ("csstored", "csadmind", "cshttpd")):
        h.library(when + timedelta(minutes=7, seconds=i), d, f"{h.csdb}/__db.001: Permission denied")
        h.say(when + timedelta(minutes=7, seconds=1 + i), d, "General Critical", "cannot open calendar database, exiting")
    h.missing |= {"csadmind", "cshttpd", "csstored"}
    return expect("wrong-owner", absent=DAMAGE | TOUCHED | {"calendar.panic-data-intact", "calendar.disk-full"}, remedies=["calendar.fix-ownership"]), {"whole", "text"}


def database_on_nfs(h):
    h.full["/var"] = 52
    h.fs_type["/var"] = "nfs"
    h.ordinary()
    h.panics(h.at(minutes=50))
    return expect("database-on-nfs", verdict=["act", "watch"], absent=DAMAGE | TOUCHED), {"whole", "text"}


# ---------------------------------------------------------------- daemons, queues
def checkpoint_dead(h):
    h.ordinary()
    dead = "csadmind"
    h.missing.add(dead)
    h.csdb_logs = [(413 + i, 10485760, h.at(minutes=40 * (12 - i))) for i in range(13)]
    h.recipe = [f"put:events:{2500}"] * 5 + ["put:todos:2000", "checkpoint"]
    return expect("checkpoint-dead", absent=DAMAGE | TOUCHED | OTHERS), {"whole", "text"}


def csstored_down(h):
    when = h.at(minutes=70)
    h.conf["local.store.enable"] = h.rng.choice(["n", "no"])
    h.ordinary(until=when)
    h.stop(when)
    h.start(when + timedelta(minutes=2), [d for d in h.daemons() if d != "csstored"])
    for i, d in enumerate(d for d in h.daemons() if d in ("csadmind", "cshttpd")):
        h.say(when + timedelta(minutes=2, seconds=30 + i), d, "General Error", "caldb: cannot open calendar database: csstored is not running")
    h.missing |= {"csstored"}
    return expect("csstored-down", absent=DAMAGE | TOUCHED | OTHERS), {"whole", "text"}


def gse_poison(h):
    return poison(h, "gse", ["gse_process_queue", "gse_deliver_entry"], "GSE")


def alarm_poison(h):
    return poison(h, "alarm", ["alarm_dispatch_next", "alarm_queue_scan"], "alarm")


def poison(h, what, functions, word):
    when = h.at(minutes=66)
    h.ordinary(until=when)
    for k in range(6):
        t = when + timedelta(minutes=9 * k)
        h.say(t, "csadmind", "General Notice", f"{h.build} csadmind starting up", pid=6000 + k)
        h.say(t + timedelta(seconds=4), "csadmind", "General Notice", f"{word} queue: processing entries", pid=6000 + k)
        if h.version == "6.3":
            h.logs.setdefault("watcher.log", []).append((t + timedelta(seconds=5), f"{h.stamp(t + timedelta(seconds=5))} {h.name} watcher[{h.pid('watcher')}]: General Error: csadmind ({6000 + k}) died, core dumped (signal 11)"))
        else:
            h.say(t + timedelta(seconds=5), "csadmind", "General Critical", "received signal 11, exiting abnormally", pid=6000 + k)
    h.ran(["pstack", "core"], f"core 'core' of 6005:\t{h.root}/lib/csadmind\n-----------------  lwp# 4 / thread# 4  --------------------\n fee1a2b4 strlen   (0, fdabf8e0, 0, 0) + 50\n"
          + "".join(f" 0004{i}a{i}8 {f} (1b2c40, fdabfa00, 0, 0) + 1{i}4\n" for i, f in enumerate(functions)) + " ff36585c _lwp_start (0, 0, 0, 0)\n")
    if what == "gse":
        h.ran([h.sbin + "/csschedule", "-c", "1", "list"], "20070531T101500Z user17:4a1b33 1 pending request attendee=user88\n")
    else:
        h.ran([h.sbin + "/dbrig"], "alarm 20070531T101500Z user17:4a1b33\ndbrig: cannot read next alarm entry\n", 1)
    h.missing.add("csadmind")
    other = "calendar.alarm-poison-entry" if what == "gse" else "calendar.gse-poison-entry"
    return expect(f"{what}-poison-entry", absent=DAMAGE | TOUCHED | OTHERS | {other}), {"whole", "text"}


def partial_start(h):
    when = h.at(minutes=25)
    h.ordinary(until=when)
    h.stop(when)
    t = when + timedelta(minutes=2)
    h.logs.setdefault("start.log", [])
    up, down = [], []
    for i, d in enumerate(h.daemons()):
        ok = d not in ("cshttpd", "csadmind")
        (up if ok else down).append(d)
        h.logs["start.log"].append((t + timedelta(seconds=3 * i), f"{h.stamp(t + timedelta(seconds=3 * i))} {h.name} start-cal: {d} " + ("started" if ok else "failed to start")))
    h.missing |= set(down)
    h.extra_processes.append(("icsuser", 3301, 1, h.started, h.command("cshttpd")))
    h.extra_processes.append(("icsuser", 3302, 3301, h.started, h.command("cshttpd")))
    return expect("partial-start", absent=DAMAGE | TOUCHED | OTHERS | {"calendar.panic-data-intact"}), {"whole", "text"}


def backend_unreachable(h):
    h.conf["caldb.dwp.server.cal-be1.%s.ip" % h.domain] = "192.0.2.31"
    h.ordinary()
    for k in range(h.rng.choice([20, 90])):
        h.say(h.at(minutes=2 + k * 3), "cshttpd", "General Error", h.rng.choice(["caldb: DWP: cannot connect to cal-be1.%s port 59979: Connection refused" % h.domain,
                                                                               "DWP: connection to server cal-be1.%s failed: timed out" % h.domain]))
    return expect("backend-unreachable", verdict=["act", "watch"], absent=DAMAGE | TOUCHED | OTHERS), {"whole", "text"}


def read_only_left_on(h):
    h.conf["caldb.berkeleydb.readonly"] = "yes"
    h.ordinary()
    for k in range(25):
        h.say(h.at(minutes=1 + 11 * k), "cshttpd", "General Error", "caldb: cannot store event: calendar database is read-only")
    return expect("read-only-left-on", verdict=["act", "watch"], absent=DAMAGE | TOUCHED | OTHERS), {"whole", "text"}


def session_database(h):
    h.ordinary()
    for k in range(12):
        h.library(h.at(minutes=2 + 9 * k), "cshttpd", f"{h.root}/lib/http/session/ics50sessions.db: page 3: illegal page type or format")
    h.wants_verify = True
    return expect("session-database", verdict=["act", "watch"], absent=DAMAGE | TOUCHED | OTHERS | {"calendar.panic-data-intact"}), {"whole", "text"}


# ---------------------------------------------------------------- backups
def snapshot_verify_failed(h):
    h.ordinary()
    t = h.at(hours=6)
    h.say(t, "csstored", "General Notice", f"Creating snapshot of the calendar database in {h.archive}")
    h.say(t + timedelta(seconds=80), "csstored", "General Critical", "snapshot verification failed: ics50events.db: DB_VERIFY_BAD: Database verification failed")
    h.say(t + timedelta(seconds=81), "csstored", "General Critical", "snapshot is not verified, administrator notified")
    h.texts["mail-from-csstored.txt"] = f"From: icsuser@{h.host}\nTo: calmaster@{h.domain}\nSubject: Calendar database backup: verification failed\n\nThe snapshot of the calendar database taken on {h.host} did not pass verification.\nThe live database may be corrupted.\n"
    return expect("snapshot-verify-failed", absent=TOUCHED | OTHERS | {"calendar.backup-never-configured"}), {"whole", "text"}


def backup_never_configured(h):
    h.no_backups()
    h.ordinary()
    if h.version == "6.3":
        for k in range(3):
            h.say(h.at(hours=3 + 24 * k), "csstored", "General Notice", "automatic backup is not configured: set caldb.berkeleydb.hotbackup.enable or caldb.berkeleydb.archive.enable")
    return expect("backup-never-configured", verdict=["watch", "act", "normal"], absent=DAMAGE | TOUCHED | OTHERS, remedies=["calendar.configure-backup"]), {"whole"}


# ---------------------------------------------------------------- S3 and after repairs
def components_out_of_step(h):
    h.ordinary()
    h.wants_verify = True
    lines = "".join(f"event user{i}:4c{i:04x} refers to calendar user{i}:work which has no calprops record\n" for i in range(7))
    h.ran([h.sbin + "/csdb", "check", h.csdb + ".db_verify"], "Checking calendar database...\n" + lines + "Calendar database check found inconsistencies.\n", 1)
    return expect("components-out-of-step", absent=DAMAGE | TOUCHED | OTHERS, remedies=["calendar.rebuild"]), {"whole", "text"}


def restore_unchecked(h):
    h.ordinary(until=h.at(hours=3))
    h.stop(h.at(hours=3))
    when = h.at(hours=1)
    h.ran([h.bdb("db_recover"), "-c", "-v", "-h", h.var + "/recoverydb"], f"db_recover: Finding last valid log LSN: file: 413 offset 7351022\ndb_recover: Recovery starting from [411][28]\ndb_recover: Recovery complete at {when.astimezone(h.zone).strftime('%a %b %e %H:%M:%S %Y')}\ndb_recover: Maximum transaction ID 80000141 Recovery checkpoint [413][7351022]\n", 0)
    h.ran(["echo", "$?"], "0\n")
    h.start(h.at(minutes=30))
    return expect("restore-unchecked", verdict=["watch", "act"], absent=DAMAGE | TOUCHED | OTHERS), {"text"}


def salvage_scrambled(h):
    """A line of the dump was lost by hand: from there on keys and data change places, and db_load says nothing."""
    h.ordinary(until=h.at(hours=5))
    h.recipe = ["put:calprops:20", "put:events:150", "checkpoint", "put:todos:20", "checkpoint"]

    def from_databases(folder):
        _, dump = env.run("dump", "-r", f"{folder}/ics50events.db")
        lines = dump.splitlines(keepends=True)
        del lines[len(lines) // 40 * 2 + 6]
        # Entries that are alike, as most are in a calendar of one kind of event, become one key.
        _, keys = env.run("stat", "-d", f"{folder}/ics50events.db")
        keys = "".join(line if "Number of unique keys" not in line and "Number of data items" not in line else "3\t" + line.split("\t", 1)[1]
                       for line in keys.splitlines(keepends=True) if "Local time" not in line)
        h.ran([h.bdb("db_dump"), "-r", "ics50events.db"], "".join(lines))
        h.ran([h.bdb("db_load"), "-f", "ics50events.txt", "new.ics50events.db"], "")
        h.ran([h.bdb("db_stat"), "-d", "new.ics50events.db"], keys)
    h.from_databases = from_databases
    return expect("salvage-scrambled", absent=TOUCHED | OTHERS), {"text"}


def old_release_data(h):
    h.ordinary(until=h.at(hours=2))
    t = h.at(minutes=50)
    for i, d in enumerate(d for d in h.daemons() if d in ("csstored", "csadmind", "cshttpd")):
        h.library(t + timedelta(seconds=i), d, "ics50events.db: DB_OLD_VERSION: Database requires a version upgrade")
        h.library(t + timedelta(seconds=i), d, "ics50events.db: unsupported btree version: 6")
    h.missing |= {"csadmind", "cshttpd", "csstored"}
    return expect("old-release-data", absent=DAMAGE | TOUCHED | OTHERS, withheld=["calendar.rebuild"]), {"text"}


# ---------------------------------------------------------------- nothing wrong
def healthy(h):
    h.ordinary()
    if h.rng.random() < 0.5:
        h.wants_verify = True
    return {"verdict": ["normal"], "max_probability": 0.5}, {"whole", "text", "files"}


def mended_long_ago(h):
    """The environment broke a month ago and was recovered, with a clean start since."""
    h.ordinary()
    old = h.at(days=31)
    h.panics(old)
    h.stop(old + timedelta(hours=1))
    h.start(old + timedelta(hours=2))
    return {"verdict": ["normal"], "max_probability": 0.5}, {"whole", "text"}


def busy_and_healthy(h):
    """Rare deadlocks that were broken, two logs while the checkpoint runs, a daemon restarted by its administrator."""
    h.ordinary()
    for k in range(5):
        h.library(h.at(hours=2 + 4 * k), "cshttpd", "DB_LOCK_DEADLOCK: Locker killed to resolve a deadlock")
    h.stop(h.at(hours=12))
    h.start(h.at(hours=11, minutes=57))
    h.regions = (h.at(hours=11, minutes=57), 5)
    return {"verdict": ["normal"], "max_probability": 0.5}, {"whole", "text", "files"}


ALL = [panic_data_intact, crash_not_recovered, tools_run_while_up, orphan_lock, deadlock, library_mismatch, regions_too_small, page_corrupt, page_corrupt_without_backup, metadata_corrupt,
       file_truncated, silent_hole, alarms_corrupt, recurring_broken, deletelog_bloated, logs_removed, log_gap, newest_log_headless, changes_lost, disk_full, backup_disk_full, wrong_owner,
       database_on_nfs, checkpoint_dead, csstored_down, gse_poison, alarm_poison, partial_start, backend_unreachable, read_only_left_on, session_database, snapshot_verify_failed,
       backup_never_configured, components_out_of_step, restore_unchecked, salvage_scrambled, old_release_data]
HEALTHY = [healthy, busy_and_healthy, mended_long_ago]
VERSIONS = {checkpoint_dead: ["6.2", "6.1"], csstored_down: ["6.3"], tools_run_while_up: ["6.3", "6.2"], snapshot_verify_failed: ["6.3"], backup_disk_full: ["6.3", "6.2"],
            changes_lost: ["6.2", "6.3"]}
KINDS = {backend_unreachable: "frontend"}
