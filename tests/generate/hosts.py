"""Whole Messaging Server hosts, made up: what a support bundle or a pile of loose files of one would hold.

A Host is a random but reproducible (seeded) installation with a day and a bit of traffic. `faults.py` breaks one. Layouts of logs,
listings and command outputs follow the product's documented forms; names, addresses and numbers are invented.
"""
import json
import os
import random
import tarfile
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
PRODUCTS = {
    "5.2": ("iPlanet Messaging Server 5.2 HotFix 1.21 (built Sep  8 2003)", "/usr/iplanet/server5/msg-mail1", "/usr/iplanet/server5/msg-mail1/imta/queue", "/usr/iplanet/server5/msg-mail1/log/imta", "/usr/iplanet/server5/msg-mail1/imta/config"),
    "6.2": ("Sun Java(tm) System Messaging Server 6.2-7.05 (built Sep  5 2006)", "/opt/SUNWmsgsr", "/var/opt/SUNWmsgsr/queue", "/var/opt/SUNWmsgsr/log", "/var/opt/SUNWmsgsr/config"),
    "6.3": ("Sun Java(tm) System Messaging Server 6.3-6.03 (built Mar 14 2008; 32bit)", "/opt/SUNWmsgsr", "/var/opt/SUNWmsgsr/queue", "/var/opt/SUNWmsgsr/log", "/var/opt/SUNWmsgsr/config"),
    "7.0": ("Sun Java(tm) System Messaging Server 7.0-3.01 64bit (built Dec  8 2008)", "/opt/sun/comms/messaging64", "/var/opt/sun/comms/messaging64/queue", "/var/opt/sun/comms/messaging64/log", "/var/opt/sun/comms/messaging64/config"),
    "8.0": ("Oracle Communications Messaging Server 8.0.2.2.20180830 64bit (built Aug 30 2018)", "/opt/sun/comms/messaging64", "/var/opt/sun/comms/messaging64/queue", "/var/opt/sun/comms/messaging64/log", "/var/opt/sun/comms/messaging64/config"),
    "8.1": ("Oracle Communications Messaging Server 8.1.0.21.20220923 64bit (built Sep 23 2022)", "/opt/oracle/comms/messaging64", "/var/opt/oracle/comms/messaging64/queue", "/var/opt/oracle/comms/messaging64/log", "/var/opt/oracle/comms/messaging64/config"),
}
ZONES = ["America/New_York", "Europe/Berlin", "Asia/Kolkata", "Australia/Adelaide", "America/Sao_Paulo", "Asia/Tokyo", "UTC", "America/Los_Angeles"]
PEERS = ["alpha.example", "beta.example", "gamma.example", "delta.example", "epsilon.example", "zeta.example", "eta.example", "theta.example"]
STEPS = [60, 120, 120, 240, 240, 240, 480]          # minutes, normal priority, the last repeats
B36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def generation(attempts):
    v = 1295 - attempts
    return B36[v // 36] + B36[v % 36]


class Host:
    def __init__(self, seed, version=None, roles=None, zone=None, per_hour=None, log_format=None):
        self.rng = r = random.Random(seed)
        self.version = version or r.choice(list(PRODUCTS))
        self.build, self.root, self.queue_root, self.log_root, self.config_root = PRODUCTS[self.version]
        self.roles = roles or r.choice(["relay+store", "relay+store", "relay", "store", "frontend"])
        self.zone = ZoneInfo(zone or r.choice(ZONES))
        self.now = datetime(2026, r.randint(1, 12), r.randint(2, 27), r.randint(3, 22), r.randint(0, 59), 0, tzinfo=self.zone).astimezone(timezone.utc)
        self.per_hour = per_hour or r.choice([20, 60, 150, 400])
        self.domain = r.choice(["corp.example.com", "example.org", "mail.example.net", "univ.example.edu"])
        self.name = r.choice(["mail1", "ms2", "mx-a", "smtp7"])
        self.host = f"{self.name}.{self.domain}"
        self.ip = "192.0.2.%d" % r.randint(2, 250)
        self.is_unified = self.version in ("8.0", "8.1") and r.random() < 0.6
        self.log_format = log_format or (r.choice([1, 1, 1, 3, 4]) if self.version not in ("5.2", "6.2") else r.choice([1, 1, 3]))
        self.options = {"LOG_FILENAME": r.choice([1, 1, 1, 0]), "LOG_MESSAGE_ID": 1, "LOG_CONNECTION": r.choice([0, 1, 3]),
                        "LOG_PROCESS": r.choice([0, 0, 1]), "LOG_USERNAME": r.choice([0, 0, 1])}
        self.short_names = self.version != "5.2"
        self.smtp = "tcp_local"
        self.local = {"relay+store": "ims-ms", "store": "ims-ms", "relay": "tcp_intranet", "frontend": "tcp_lmtpcs"}[self.roles]
        self.events = []                                  # (time, text) of mail.log
        self.nslog = []                                   # (time, line) of imta
        self.queue = []                                   # (path, size, mtime)
        self.processes = {}                               # program -> list of started
        self.dns = {}
        self.df = {"/": 31, "/var/opt": 37, "/store": 52}
        self.df_mounts = {"/": "/", "/var/opt": os.path.dirname(self.queue_root), "/store": os.path.dirname(self.queue_root) + "/store"}
        self.load = 0.3 + r.random() * 0.3
        self.extra_files = {}
        self.commands = []                                # (argv, output)
        self.configutil = {"local.autorestart": "no", "local.hostname": self.host, "local.schedule.return_job": "30 0 * * * lib/return_job",
                           "local.schedule.expire": "0 23 * * * sbin/imexpire", "local.store.checkdiskusage": "yes", "local.store.diskusagethreshold": "99",
                           "local.ugldaphost": "ldap1." + self.domain, "store.quotaenforcement": "on", "store.quotagraceperiod": "120",
                           "store.quotanotification": "on", "service.imap.enable": "yes"}
        self.pools = {"DEFAULT": 10, "LOCAL_POOL": 10, "IMS_POOL": 4, "SMTP_POOL": 15}
        self.channel_pool = {}
        self.channel_extra = {}
        self.left_out = set()                             # channel blocks to leave out
        self.max_messages = None
        self.stopped_at = {}                              # channel -> instant from which nothing is tried
        self.missing = set()                              # programs that are not there
        self.after = []                                   # done once the fault is made, before the traffic
        self.silent_arrivals = None                       # from this instant nothing arrives
        for d in PEERS:
            self.resolves(d)
        self.resolves(self.domain, "mail exchanger " + self.host)

    # ------------------------------------------------------------ small helpers
    def ip_of(self, name):
        return "198.51.100.%d" % (1 + sum(name.encode()) % 250)

    def resolves(self, domain, status="NOERROR"):
        self.dns[domain] = status

    def unique(self):
        r = self.rng
        if self.short_names:
            return "f0" + "".join(r.choice("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") for _ in range(9))
        return "01" + "".join(r.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") for _ in range(16))

    def message_id(self):
        return "<0" + "".join(self.rng.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") for _ in range(12)) + f"@{self.host}>"

    def file(self, channel, unique, attempts, ext="00"):
        sub = f"{1 + sum(unique.encode()) % 20:03d}/" if channel not in ("process", "reprocess", "hold") else ""
        return f"{channel}/{sub}{generation(attempts)}{unique}.{ext}"

    def at(self, **ago):
        return self.now - timedelta(**ago)

    # ------------------------------------------------------------ log lines
    def log(self, when, source, dest, code, size, frm, to, current, path=None, mid=None, extra="", diagnostic=""):
        local = when.astimezone(self.zone)
        o = self.options
        if self.log_format == 4:
            esc = lambda s: s.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
            a = [("ts", local.strftime("%Y-%m-%dT%H:%M:%S.") + "%02d" % (local.microsecond // 10000)), ("pi", "409f.7.2"), ("sc", source), ("dc", dest), ("ac", code),
                 ("sz", str(size)), ("so", frm), ("od", "rfc822;" + to), ("de", current)]
            if o["LOG_FILENAME"] and path:
                a.append(("fi", f"{self.queue_root}/{path}"))
            if mid:
                a.append(("mi", mid))
            if diagnostic:
                a.append(("di", diagnostic))
            self.events.append((when, "<en " + " ".join(f'{k}="{esc(v)}"' for k, v in a) + "/>"))
            return
        counted = self.log_format == 3
        f = (lambda s: f"{len(s)}:{s}") if counted else (lambda s: s)
        line = "%02d-%s-%d %s.%02d" % (local.day, MONTHS[local.month - 1], local.year, local.strftime("%H:%M:%S"), local.microsecond // 10000)
        if o["LOG_PROCESS"]:
            line += " 409f.7.%d" % self.rng.randint(1, 99)
        line += f" {source:<12} {dest:<12} {code} {size} {f(frm)} {f('rfc822;' + to)} {f(current)}"
        if o["LOG_FILENAME"]:
            line += " " + f(f"{self.queue_root}/{path}" if path else "")
        if o["LOG_MESSAGE_ID"]:
            line += " " + f(mid or "")
        if o["LOG_USERNAME"]:
            line += " " + f("mailsrv" if not extra.startswith("*") else extra)
        if o["LOG_CONNECTION"] & 1 and (code[0] in "EJ" or diagnostic.startswith("dns;")):
            name = diagnostic[4:].split(" ")[0] if diagnostic.startswith("dns;") else "pc{0}.{1} (pc{0}.{1} [10.1.2.{0}])".format(self.rng.randint(1, 200), self.domain)
            line += " " + f(name)
        if diagnostic:
            line += " " + f(diagnostic)
        self.events.append((when, line))

    def connection(self, when, channel, direction, code, peer, port=25, app="SMTP"):
        if not self.options["LOG_CONNECTION"] & 2 or self.log_format != 1:
            return
        local = when.astimezone(self.zone)
        line = "%02d-%s-%d %s.%02d" % (local.day, MONTHS[local.month - 1], local.year, local.strftime("%H:%M:%S"), local.microsecond // 10000)
        if self.options["LOG_PROCESS"]:
            line += " 409f.7.1"
        ends = (self.ip, port, peer, 40000 + self.rng.randint(0, 9999)) if direction == "+" else (self.ip, 40000 + self.rng.randint(0, 9999), peer, port)
        self.events.append((when, f"{line} {channel:<12} {direction:<12} {code} TCP|{ends[0]}|{ends[1]}|{ends[2]}|{ends[3]} {app}"))

    def reply(self, domain, text):
        mx = "mx." + domain
        return f"dns;{mx} (TCP|{self.ip}|{self.rng.randint(30000, 60000)}|{self.ip_of(domain)}|25) ({mx} ESMTP) smtp;{text}"

    # ------------------------------------------------------------ messages
    def enqueue(self, when, source, channel, frm, to, size=None, current=None):
        u, mid = self.unique(), self.message_id()
        if current is None:
            current = to
            if channel.startswith("ims-ms"):
                current = to.split("@")[0] + "@ims-ms-daemon"
            elif channel.startswith("tcp_lmtp"):
                current = to.split("@")[0] + "@store1." + self.domain
        m = {"u": u, "mid": mid, "frm": frm, "to": to, "cur": current, "ch": channel, "size": size or self.rng.randint(1, 60), "at": when, "tries": 0, "ext": "00", "last": when}
        code = "E" if self.version in ("5.2", "6.2") else "EE"
        self.log(when, source, channel, code, m["size"], frm, to, current, self.file(channel, u, 0), mid)
        return m

    def deliver(self, m, when, text=None):
        channel = m["ch"]
        domain = m["cur"].split("@")[-1]
        code = "D" if channel.startswith("ims-ms") or self.version in ("5.2", "6.2") else "DE"
        diagnostic = ""
        if channel.startswith("tcp_"):
            self.connection(when - timedelta(seconds=1), channel, "-", "O", self.ip_of(domain), app=f"SMTP/{domain}/mx.{domain}")
            diagnostic = self.reply(domain, text or "250 2.1.5 OK")
        self.log(when, channel, "", code, m["size"], m["frm"], m["to"], m["cur"], self.file(channel, m["u"], m["tries"], m["ext"]), m["mid"], diagnostic=diagnostic)
        m["done"] = True

    def fail(self, m, when, text, size=0):
        self.log(when, m["ch"], "", "Q" if not text.startswith("dns;") or self.version in ("5.2", "6.2") else "QE", size, m["frm"], m["to"], m["cur"],
                 self.file(m["ch"], m["u"], m["tries"], m["ext"]), m["mid"], diagnostic=text)
        m["tries"] += 1
        m["ext"] = "01"
        m["last"] = when

    def bounce(self, m, when, text):
        self.log(when, m["ch"], "process", "E", 2, "", m["frm"], m["frm"], self.file("process", self.unique(), 0), f"{self.message_id()},{m['mid']}")
        self.log(when + timedelta(milliseconds=100), m["ch"], "", "R", m["size"], m["frm"], m["to"], m["cur"], self.file(m["ch"], m["u"], m["tries"], m["ext"]), m["mid"], diagnostic=text)
        m["done"] = True

    def keep(self, m, held=False):
        """The message is still in the queue."""
        ext = "HELD" if held else m["ext"]
        self.queue.append((self.file(m["ch"], m["u"], m["tries"], ext), m["size"] * 1000 + self.rng.randint(0, 900), m["last"]))

    def retry(self, m, text, until=None):
        """Tried by schedule, failing each time, until now; then kept."""
        when = m["at"] + timedelta(seconds=self.rng.uniform(1, 8))
        step = 0
        stopped = self.stopped_at.get(m["ch"]) or self.stopped_at.get("*") or self.now
        while when < min(until or self.now, stopped):
            self.fail(m, when, text(m) if callable(text) else text)
            when += timedelta(minutes=STEPS[min(step, len(STEPS) - 1)], seconds=self.rng.uniform(0, 90))
            step += 1
        self.keep(m)

    def user(self):
        return f"user{self.rng.randint(1, 900)}@{self.domain}"

    def peer(self):
        return f"p{self.rng.randint(1, 400)}@{self.rng.choice(PEERS)}"

    # ------------------------------------------------------------ a day and a bit
    def is_stopped(self, channel, when):
        limit = self.stopped_at.get(channel) or self.stopped_at.get("*")
        return limit is not None and when >= limit

    def traffic(self, hours=27):
        r = self.rng
        for change in self.after:
            change()
        begin = self.at(hours=hours)
        total = int(self.per_hour * hours)
        moments = sorted(begin + timedelta(hours=hours * r.random()) for _ in range(total))
        for when in moments:
            if self.silent_arrivals and when >= self.silent_arrivals:
                break
            kind = r.random()
            self.connection(when - timedelta(milliseconds=600), self.smtp, "+", "O", self.ip_of("x%d" % r.randint(0, 50)))
            if kind < 0.52:
                channel, m = self.local, None
                m = self.enqueue(when, self.smtp, channel, self.peer(), self.user())
            elif kind < 0.93:
                m = self.enqueue(when, "tcp_intranet", self.smtp, self.user(), self.peer())
            elif kind < 0.96:
                self.log(when, self.smtp, "", "JE" if self.version not in ("5.2", "6.2") else "J", 0, self.peer(), "", self.user().replace("user", "nobody"), None, None,
                         diagnostic="550 5.1.1 unknown or illegal alias: nobody")
                continue
            else:
                m = self.enqueue(when, "tcp_intranet", self.smtp, self.user(), self.peer())
                if r.random() < 0.3 and not self.is_stopped(self.smtp, when):
                    self.bounce(m, when + timedelta(seconds=3), self.reply(m["to"].split("@")[1], "550 5.1.1 User unknown"))
                    continue
            self.connection(when + timedelta(milliseconds=600), self.smtp, "+", "C", self.ip_of("x"))
            done = when + timedelta(seconds=r.uniform(0.3, 6))
            if self.is_stopped(m["ch"], done) or done >= self.now:
                self.keep(m)
                continue
            if m["ch"].startswith("tcp_") and r.random() < 0.004:      # now and then a connection fails and the next try works
                self.fail(m, done, "TCP active open: Failed connect() %s:25  Error: Connection timed out" % self.ip_of("z"))
                later = done + timedelta(minutes=60)
                if later >= self.now or self.is_stopped(m["ch"], later):
                    self.keep(m)
                else:
                    self.deliver(m, later)
                continue
            self.deliver(m, done)

    def dead_letters(self, count):
        """The standing population of messages to dead hosts that every relay has."""
        for _ in range(count):
            d = "gone%d.example" % self.rng.randint(1, 40)
            self.resolves(d)
            m = self.enqueue(self.at(hours=self.rng.uniform(1, 26)), "tcp_intranet", self.smtp, self.user(), "someone@" + d)
            self.retry(m, "TCP active open: Failed connect() %s:25  Error: %s" % (self.ip_of(d), self.rng.choice(["Connection refused", "Connection timed out", "no route to host"])))

    def turnover(self, per_day=30):
        if self.local != "ims-ms":
            return
        when = self.at(hours=24)
        self.say(when, "ims_master", 999, "General Notice", "Log created (%d)" % when.timestamp())
        pid = 2000
        while True:
            life = timedelta(seconds=self.rng.uniform(0.5, 1.2) * 86400 / per_day)
            if when + life > self.now:
                self.say(when, "ims_master", pid, "General Notice", f"{self.build_of('ims_master')} starting up")
                self.processes["ims_master"] = [when]
                return
            self.say(when, "ims_master", pid, "General Notice", f"{self.build_of('ims_master')} starting up")
            self.say(when + life, "ims_master", pid, "General Notice", f"{self.build_of('ims_master')} shutting down")
            when += life + timedelta(seconds=self.rng.uniform(5, 20))
            pid += self.rng.randint(20, 200)

    def build_of(self, program):
        head, _, tail = self.build.partition(" Messaging Server ")
        return f"{head} Messaging Server {program} {tail}"

    def say(self, when, program, pid, level, text):
        local = when.astimezone(self.zone)
        self.nslog.append((when, "[%02d/%s/%d:%s %s] %s %s[%d]: %s: %s" % (local.day, MONTHS[local.month - 1], local.year, local.strftime("%H:%M:%S"), local.strftime("%z"), self.name, program, pid, level, text)))

    def default_processes(self):
        boot = self.at(days=13)
        p = {"watcher": [boot], "job_controller": [boot], "dispatcher": [boot], "tcp_smtp_server": [self.at(hours=9), self.at(hours=4)], "imsched": [boot],
             "tcp_smtp_client": [self.at(minutes=31)]}
        if self.version in ("7.0", "8.0", "8.1"):
            p["smtp_client"] = p.pop("tcp_smtp_client")
        if self.version == "5.2":
            del p["watcher"], p["imsched"]
        if "store" in self.roles:
            p.update({"stored": [boot], "imapd": [boot], "popd": [boot], "mshttpd": [boot], "enpd": [boot]})
        if self.roles == "frontend":
            p["tcp_lmtp_client"] = [self.at(minutes=20)]
        p.update(self.processes)
        self.processes = {k: v for k, v in p.items() if k not in self.missing}
