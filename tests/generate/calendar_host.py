"""Whole Calendar Server hosts, made up: configuration, logs, processes, disks and what tools print, of 5.1 to 6.3.

A Host is a random but reproducible (seeded) installation that has run for some days. `calendar_faults.py` breaks one, `calendar_env.py` makes
its databases, `calendar_files.py` writes it down. Layouts follow the documented forms; names, addresses and numbers are invented.
"""
import random
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
BUILDS = {"5.1": "iPlanet Calendar Server 5.1.1 (built Nov  1 2002)", "6.0": "Sun ONE Calendar Server 6.0 (built Oct 31 2003)",
          "6.1": "Sun Java(tm) System Calendar Server 6 2004Q2 (built Apr 14 2004)", "6.2": "Sun Java(tm) System Calendar Server 6.2-9.01 (built Feb  7 2006)",
          "6.3": "Sun Java(tm) System Calendar Server 6.3-7.01 (built Mar 12 2008)"}
# (programs, variable data, configuration) by system
PLACES = {"solaris": ("/opt/SUNWics5/cal", "/var/opt/SUNWics5", "/etc/opt/SUNWics5/config"),
          "linux": ("/opt/sun/calendar", "/var/opt/sun/calendar", "/etc/opt/sun/calendar/config")}
ZONES = ["America/New_York", "Europe/Berlin", "Asia/Kolkata", "America/Los_Angeles", "UTC", "Asia/Tokyo"]
DATABASES = ["alarms", "calprops", "deletelog", "events", "gse", "journals", "recurring", "todos"]
LOG_OF = {"cshttpd": "http.log", "csadmind": "admin.log", "csstored": "store.log", "csdwpd": "dwp.log", "csnotifyd": "notify.log", "watcher": "watcher.log"}


def capital(level):
    return level if level[0].isupper() else level.capitalize()


class Host:
    def __init__(self, seed, version=None, system=None, kind=None, zone=None):
        self.rng = r = random.Random(seed)
        self.version = version or r.choice(["6.3", "6.3", "6.2", "6.1", "6.0"])
        self.system = system or ("solaris" if self.version in ("5.1", "6.0") else r.choice(["solaris", "solaris", "linux"]))
        self.kind = kind or "single"                       # single, backend, frontend
        self.build = BUILDS[self.version]
        self.root, self.var, self.config_root = PLACES[self.system]
        if self.version == "5.1":
            self.config_root = self.root + "/bin/config"
        self.sbin = self.root + ("/bin" if self.version == "5.1" else "/sbin")
        self.csdb, self.log_root = self.var + "/csdb", self.var + "/logs"
        self.zone = ZoneInfo(zone or r.choice(ZONES))
        self.now = datetime(2007, r.randint(1, 12), r.randint(3, 27), r.randint(9, 20), r.randint(0, 59), r.randint(0, 59), tzinfo=self.zone).astimezone(timezone.utc)
        self.domain = r.choice(["example.com", "corp.example.org", "univ.example.edu"])
        self.name = r.choice(["cal1", "ics2", "calendar", "kalender"])
        self.host = f"{self.name}.{self.domain}"
        self.boot = self.at(days=r.randint(20, 90))
        self.started = self.at(days=r.randint(5, 19), hours=r.randint(0, 20))
        self.restarted = None                              # of the daemons that run now, where it is not `started`
        self.logs = {}                                     # name of a file -> [(time, line)]
        self.pids = {}
        self.missing = set()                               # daemons that are not there
        self.extra_processes = []                          # (user, pid, ppid, started, command)
        self.owner = {}                                    # file of csdb -> owner, where it is not the server's
        self.outputs = []                                  # (argv, text, exit status)
        self.texts = {}                                    # name -> text: other files that were sent
        self.conf = self.default_conf()
        self.hot, self.archive = "/backup/cal/hot", "/backup/cal/archive"
        self.backup_ages_h = {"hot": [20, 44, 68], "archive": [20, 44, 68, 92]}      # of the copies; None: no such folder
        self.full = {}                                     # mount point -> percent used
        self.fs_type = {}                                  # mount point -> type
        self.database_bytes = {"alarms": 3301376, "calprops": 1212416, "deletelog": 892928, "events": 48037888, "gse": 16384, "journals": 8192, "recurring": 2146304,
                               "todos": 5152768}
        self.csdb_logs = [(412, 10485760, self.at(minutes=31)), (413, 10485760, self.at(seconds=20))]      # number, size, written
        self.regions = (self.started, 5)                   # when made, how many
        self.recipe = ["put:calprops:60", "put:events:900", "put:todos:200", "put:recurring:60", "put:alarms:200", "put:deletelog:60", "checkpoint", "put:events:60", "checkpoint", "trim"]
        self.damage = []                                   # functions of the folder of real databases, called in turn
        self.has_old_headers = r.random() < 0.5            # logs and regions of library 4.2 (the maker's own are of 5.3)
        self.listing = r.choice(["plain", "plain", "all"] + (["iso", "full"] if self.system == "linux" else []))
        self.df_unit = r.choice("kkh")
        self.rolls = r.random() < 0.4                      # logs are rolled over
        self.from_databases = None                         # what else the real databases are asked, called with their folder
        self.wants_verify = False                          # db_verify of a copy of each file is pasted
        self.is_recovered_copy = False                     # ... after db_recover on the copy

    def at(self, **ago):
        return self.now - timedelta(**ago)

    @property
    def pages(self):
        return self.database_bytes["events"] // 8192

    def silent_since(self, when):
        """Nothing was written to the databases from then on."""
        self.csdb_logs = [(412, 10485760, when - timedelta(minutes=31)), (413, 10485760, when)]

    # ------------------------------------------------------------ configuration
    def default_conf(self):
        c = {"local.hostname": self.host, "local.authldaphost": "ldap1." + self.domain, "local.ugldaphost": "ldap1." + self.domain, "local.ugldapbasedn": "o=example",
             "caldb.berkeleydb.homedir.path": self.rng.choice([".", self.csdb]), "caldb.berkeleydb.checkpointinterval": "60", "caldb.berkeleydb.circularlogging": "yes",
             "caldb.berkeleydb.deadlockinterval": "100", "caldb.berkeleydb.logfilesizemb": "10", "caldb.berkeleydb.mempoolsizemb": self.rng.choice(["4", "64", "256"]),
             "caldb.calmaster": "calmaster@" + self.domain, "logfile.loglevel": "NOTICE", "logfile.logdir": self.log_root, "local.serveruid": "icsuser", "local.servergid": "icsgroup",
             "service.http.port": "80", "service.http.enable": "yes", "service.admin.enable": "yes", "service.admin.checkpoint": "yes", "service.admin.deadlock": "yes",
             "service.admin.diskusage": "yes", "local.caldb.deadlock.autodetect": "yes", "service.ens.enable": "yes", "service.notify.enable": "yes",
             "caldb.cld.type": "local"}
        if self.version != "5.1":
            c.update({"caldb.berkeleydb.hotbackup.enable": "yes", "caldb.berkeleydb.hotbackup.path": "/backup/cal/hot", "caldb.berkeleydb.archive.enable": "yes",
                      "caldb.berkeleydb.archive.path": "/backup/cal/archive", "service.store.enable": "yes"})
        if self.version == "6.3":
            c.update({"local.store.enable": "y", "local.watcher.enable": "y", "local.autorestart": "y", "local.autorestart.timeout": "600"})
        if self.kind != "single":
            c.update({"caldb.cld.type": "directory", "service.dwp.enable": "yes", "service.dwp.port": "59979"})
            c["caldb.dwp.server.default"] = "cal-be1." + self.domain
            c["caldb.dwp.server.cal-be1.%s.ip" % self.domain] = "cal-be1." + self.domain
        if self.kind == "backend":
            c.update({"service.http.enable": "no", "caldb.serveralarms": "1"})
        return c

    def no_backups(self):
        for name in ("hotbackup", "archive"):
            self.conf.pop(f"caldb.berkeleydb.{name}.path", None)
            self.conf[f"caldb.berkeleydb.{name}.enable"] = "no"
        self.backup_ages_h = None

    def ics_conf(self):
        out = ["! ics.conf of " + self.host, "!", '!!caldb.berkeleydb.readonly = "yes"', '! caldb.counters.maxinstances = "50"', ""]
        gap = self.rng.choice([" = ", "=", " = "])
        return "\n".join(out + [f'{k}{gap}"{v}"' for k, v in self.conf.items()]) + "\n"

    # ------------------------------------------------------------ processes
    def daemons(self):
        all_of = {"6.3": ["watcher", "enpd", "csstored", "csnotifyd", "csadmind", "csdwpd", "cshttpd"]}.get(
            self.version, ["enpd", "csnotifyd", "csadmind", "csdwpd", "cshttpd"] + ([] if self.version == "5.1" or not self.backup_ages_h else ["csstored"]))
        absent = set() if self.kind != "single" else {"csdwpd"}
        if self.kind == "backend":
            absent.add("cshttpd")
        return [d for d in all_of if d not in absent]

    def pid(self, daemon):
        if daemon not in self.pids:
            self.pids[daemon] = 4700 + 11 * len(self.pids) + self.rng.randint(0, 9)
        return self.pids[daemon]

    def command(self, daemon):
        if daemon == "csstored" and self.version != "6.3":
            return f"/usr/bin/perl {self.root}/lib/csstored.pl"
        return f"{self.root}/lib/{daemon}" + (" -d 2" if daemon == "cshttpd" else "")

    def ps(self):
        def when(t):
            local = t.astimezone(self.zone)
            if self.now - t < timedelta(hours=24):
                return local.strftime("%H:%M:%S" if self.system == "solaris" else "%H:%M")
            return "%s %02d" % (MONTHS[local.month - 1], local.day) if self.system == "solaris" else "%s%02d" % (MONTHS[local.month - 1], local.day)
        rows = [("root", 1, 0, self.boot, "/sbin/init"), ("root", 288, 1, self.boot, "/usr/lib/ssh/sshd")]
        rows += [("icsuser", self.pid(d), 1, self.restarted or self.started, self.command(d)) for d in self.daemons() if d not in self.missing]
        rows += self.extra_processes
        if self.system == "linux":
            return "UID        PID  PPID  C STIME TTY          TIME CMD\n" + "".join(f"{u:<8} {p:>5} {pp:>5}  0 {when(t):<5} ?        00:00:{p % 60:02d} {c}\n" for u, p, pp, t, c in rows)
        return "     UID   PID  PPID   C    STIME TTY         TIME CMD\n" + "".join(f"{u:>8} {p:>5} {pp:>5}   0 {when(t):>8} ?           {p % 9}:{p % 60:02d} {c}\n" for u, p, pp, t, c in rows)

    # ------------------------------------------------------------ disks
    def mounts(self):
        return {"/": 41, "/var": 37, "/backup": 52, **self.full}

    def df(self):
        is_h = self.df_unit == "h"
        head = ("size   used  avail" if is_h else "kbytes    used   avail") if self.system == "solaris" else ("Size  Used Avail" if is_h else "1K-blocks      Used Available")
        out = [f"Filesystem             {head} {'capacity' if self.system == 'solaris' else 'Use%'}  Mounted on"]
        for i, (mount, pct) in enumerate(self.mounts().items()):
            total = 41294242
            used = total * pct // 100
            device = "filer1:/export/cal" if self.fs_type.get(mount, "").startswith("nfs") else f"/dev/dsk/c0t{i}d0s{i}"
            shown = [f"{n / 1048576:.0f}G" if is_h else str(n) for n in (total, used, total - used)]
            out.append(f"{device:<20} {shown[0]:>9} {shown[1]:>9} {shown[2]:>9} {pct:>5}%    {mount}")
        return "\n".join(out) + "\n"

    def mount(self):
        out = []
        for i, mount in enumerate(self.mounts()):
            kind = self.fs_type.get(mount, "ufs" if self.system == "solaris" else "ext3")
            device = "filer1:/export/cal" if kind.startswith("nfs") else f"/dev/dsk/c0t{i}d0s{i}"
            if self.system == "solaris":
                out.append(f"{mount} on {device} " + ("remote/read/write/setuid/hard/xattr/dev=4e40002" if kind.startswith("nfs") else "read/write/setuid/intr/largefiles/logging/xattr/onerror=panic/dev=800000") + " on Mon Jan  8 06:12:44 2007")
            else:
                out.append(f"{device} on {mount} type {kind} (rw" + (",hard,intr,addr=192.0.2.9" if kind.startswith("nfs") else "") + ")")
        return "\n".join(out) + "\n"

    # ------------------------------------------------------------ logs
    def stamp(self, when):
        local = when.astimezone(self.zone)
        return "[%02d/%s/%d:%s %s]" % (local.day, MONTHS[local.month - 1], local.year, local.strftime("%H:%M:%S"), local.strftime("%z"))

    def say(self, when, daemon, level, text, file=None, pid=None):
        line = f"{self.stamp(when)} {self.name} {daemon}[{pid or self.pid(daemon)}]: {level}: {text}"
        self.logs.setdefault(file or LOG_OF[daemon], []).append((when, line))

    def library(self, when, daemon, text, pid=None, file=None):
        """A message of the database library, as the daemon's log wraps it."""
        level = "General Error" if not text.startswith("PANIC") else self.rng.choice(["General Critical", "Store Critical", "General Error"])
        self.say(when, daemon, level, self.rng.choice(["caldb: ", "caldb: ", ""]) + text, pid=pid, file=file)

    def panics(self, when, daemons=None):
        """All that were attached find the environment broken, one after another."""
        for i, d in enumerate(daemons or [d for d in self.daemons() if d not in ("watcher", "enpd", "csnotifyd")]):
            for k in range(self.rng.randint(2, 6)):
                t = when + timedelta(seconds=2 + 7 * i + 31 * k)
                self.library(t, d, self.rng.choice(["PANIC: fatal region error detected; run recovery", "ics50events.db: DB_RUNRECOVERY: Fatal error, run database recovery"]))

    def start(self, when, daemons=None, pid_of=None):
        for i, d in enumerate(daemons or self.daemons()):
            t = when + timedelta(seconds=2 * i)
            if d in LOG_OF:
                self.say(t, d, "General Notice", f"{self.build} {d} starting up", pid=pid_of)
            self.logs.setdefault("start.log", []).append((t, f"{self.stamp(t)} {self.name} start-cal: {d} started"))

    def stop(self, when):
        for i, d in enumerate(reversed(self.daemons())):
            t = when + timedelta(seconds=i)
            if d in LOG_OF:
                self.say(t, d, "General Notice", f"{d} shutting down")
            self.logs.setdefault("stop.log", []).append((t, f"{self.stamp(t)} {self.name} stop-cal: {d} stopped"))

    def ordinary(self, hours=30, until=None):
        """What a day's logs hold where nothing is wrong."""
        r, end = self.rng, until or self.now
        self.start(self.started)
        if "cshttpd" in self.daemons():
            for _ in range(int(hours * 6)):
                when = end - timedelta(hours=hours * r.random())
                user = f"user{r.randint(1, 300)}"
                self.say(when, "cshttpd", "Account Information", r.choice([f"login [10.1.2.{r.randint(1, 250)}] {user} plaintext sid={r.getrandbits(48):012x}", f"logout [10.1.2.{r.randint(1, 250)}] {user} sid={r.getrandbits(48):012x}"]))
            self.say(end - timedelta(hours=3), "cshttpd", "Account Notice", f"badlogin: [10.1.2.7] user{r.randint(1, 300)} plaintext authentication failure")
        if "csadmind" in self.daemons():
            self.say(end - timedelta(hours=r.uniform(4, 20)), "csadmind", "General Notice", f"Log created ({int(end.timestamp()) - 50000})")
        if r.random() < 0.5 and "cshttpd" in self.daemons():
            self.library(end - timedelta(hours=r.uniform(2, 20)), "cshttpd", "DB_LOCK_DEADLOCK: Locker killed to resolve a deadlock")
        if self.backup_ages_h and self.version != "5.1":
            self.snapshots(end)

    def snapshots(self, end):
        for age in sorted(self.backup_ages_h["hot"], reverse=True):
            when = self.at(hours=age)
            if when < end:
                self.say(when, "csstored", "General Notice", f"Creating snapshot of the calendar database in {self.archive}")
                self.say(when + timedelta(seconds=95), "csstored", "General Notice", "Snapshot of the calendar database verified successfully")

    # ------------------------------------------------------------ what tools print
    def ran(self, argv, text, status=0):
        self.outputs.append((argv if isinstance(argv, list) else argv.split(), text, status))

    def bdb(self, tool):
        return f"{self.root}/tools/unsupported/bin/{tool}"
