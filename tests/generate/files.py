"""Writes a made-up host (hosts.Host) as a version 1 bundle, a tar.gz of it, or a pile of loose files with pasted command output."""
import json
import os
import tarfile
from datetime import timedelta

from hosts import MONTHS

CHANNELS = {"relay+store": ["l", "tcp_local", "tcp_intranet", "tcp_submit", "tcp_auth", "ims-ms", "process", "reprocess", "defragment", "bitbucket", "hold"],
            "store": ["l", "tcp_local", "tcp_intranet", "ims-ms", "process", "reprocess", "defragment", "bitbucket", "hold"],
            "relay": ["l", "tcp_local", "tcp_intranet", "tcp_submit", "process", "reprocess", "defragment", "bitbucket", "hold"],
            "frontend": ["l", "tcp_local", "tcp_intranet", "tcp_submit", "tcp_lmtpcs", "process", "reprocess", "defragment", "bitbucket", "hold"]}
OFFICIAL = {"l": "{host}", "tcp_local": "tcp-daemon"}
KEYWORDS = {
    "l": "subdirs 20 viaaliasrequired maxjobs 7 pool {pool}",
    "tcp_local": "smtp mx single_sys remotehost inner switchchannel identnonenumeric subdirs 20 maxjobs 7 pool {pool} maytlsserver maysaslserver saslswitchchannel tcp_auth missingrecipientpolicy 0 loopcheck",
    "tcp_intranet": "smtp mx single_sys subdirs 20 dequeue_removeroute maxjobs 7 pool {pool} maytlsserver allowswitchchannel saslswitchchannel tcp_auth missingrecipientpolicy 4 loopcheck",
    "tcp_submit": "submit smtp mx single_sys mustsaslserver maytlsserver missingrecipientpolicy 4 loopcheck",
    "tcp_auth": "smtp mx single_sys mustsaslserver noswitchchannel missingrecipientpolicy 4 loopcheck",
    "tcp_lmtpcs": "lmtp multigate subdirs 20 maxjobs 10 pool {pool} dequeue_removeroute",
    "ims-ms": 'defragment subdirs 20 notices 1 7 14 21 28 backoff "pt5m" "pt10m" "pt30m" "pt1h" "pt2h" "pt4h" maxjobs 2 pool {pool} fileinto $U+$S@$D',
    "hold": "slave",
}
POOL = {"l": "LOCAL_POOL", "tcp_local": "SMTP_POOL", "tcp_intranet": "SMTP_POOL", "ims-ms": "IMS_POOL", "tcp_lmtpcs": "SMTP_POOL"}
MASTER = {"l": "l_master", "ims-ms": "ims_master", "process": "reprocess", "reprocess": "reprocess", "defragment": "defragment", "bitbucket": "bitbucket", "hold": "reprocess"}


def imta_cnf(h):
    rules = [f"! imta.cnf of {h.host}", f"$*  $A$E$F$U%$H$V$H@{h.host}", f"{h.host}  $U%$D@{h.host}", f"{h.domain}  $U%$D@{h.host}",
             f".{h.domain}  $U%$H$D@tcp_intranet-daemon", "process  $U%process.{0}@process-daemon".format(h.host), "[]  $E$U%[$L]@tcp-daemon", ".  $U%$H@tcp-daemon", ""]
    out = ["defaults logging notices 1 2 4 7 nowarnpost nosendpost postheadonly noswitchchannel \\", f" immnonurgent maxjobs 7 defaulthost {h.domain} {h.domain}", ""]
    for c in CHANNELS[h.roles]:
        if c in h.left_out:
            continue
        words = KEYWORDS.get(c, "").format(pool=h.channel_pool.get(c, POOL.get(c, "DEFAULT")))
        out += [f"{c} {words} {h.channel_extra.get(c, '')}".strip(), OFFICIAL.get(c, c + "-daemon").format(host=h.host), ""]
    return "\n".join(rules + out) + "\n"


def job_controller_cnf(h):
    out = ["! job controller", "tcp_port=27442", "secret=s3cr3tw0rd", "slave_command=NULL", "max_life_age=3600"]
    if h.max_messages:
        out.append(f"max_messages={h.max_messages}")
    for pool, limit in h.pools.items():
        out += ["!", f"[POOL={pool}]", f"job_limit={limit}"]
    for c in CHANNELS[h.roles]:
        if not c.startswith("tcp_"):
            out += ["!", f"[CHANNEL={c}]", f"master_command=IMTA_BIN:{MASTER[c]}"]
    if h.roles == "frontend":
        out += ["!", "[CHANNEL=tcp_lmtp*]", "master_command=IMTA_BIN:tcp_lmtp_client"]
    out += ["!", "[CHANNEL=tcp_*]", "anon_host=0", "master_command=IMTA_BIN:tcp_smtp_client"]
    return "\n".join(out) + "\n"


def configuration(h):
    files = {"imta_tailor": f"IMTA_QUEUE={h.queue_root}/\nIMTA_LOG={h.log_root}/\nIMTA_ROOT={h.root}/\nIMTA_TABLE={h.config_root}/\nIMTA_BIN={h.root}/lib/\n",
             "aliases": f"! aliases\npostmaster: root@{h.host}\n", "mappings": "PORT_ACCESS\n\n  *  $YEXTERNAL\n"}
    if h.is_unified:
        return files
    files["imta.cnf"] = imta_cnf(h)
    files["job_controller.cnf"] = job_controller_cnf(h)
    options = dict(h.options)
    if h.log_format != 1:
        options["LOG_FORMAT"] = h.log_format
    files["option.dat"] = "".join(f"{k}={v}\n" for k, v in options.items() if v)
    files["dispatcher.cnf"] = "! dispatcher\nMIN_PROCS=1\nMAX_PROCS=5\n!\n[SERVICE=SMTP]\nPORT=25\nIMAGE=IMTA_BIN:tcp_smtp_server\n"
    return files


def msconfig(h):
    out = [f"role.mta.{k.lower()} = {v}" for k, v in h.options.items() if v]
    if h.log_format != 1:
        out.append(f"role.mta.log_format = {h.log_format}")
    for c in CHANNELS[h.roles]:
        words = KEYWORDS.get(c, "").format(pool=h.channel_pool.get(c, POOL.get(c, "DEFAULT"))).replace('"', "").split()
        out.append(f"role.channel:{c}.official_host_name = " + OFFICIAL.get(c, c + "-daemon").format(host=h.host))
        out.append(f"role.channel:{c}.logging (novalue)")
        i = 0
        while i < len(words):
            if words[i] in ("subdirs", "maxjobs", "pool", "fileinto", "saslswitchchannel", "missingrecipientpolicy"):
                out.append(f"role.channel:{c}.{words[i]} = {words[i + 1]}")
                i += 2
            elif words[i] in ("notices", "backoff"):
                j = i + 1
                while j < len(words) and (words[j].isdigit() or words[j].startswith("pt")):
                    j += 1
                out.append(f"role.channel:{c}.{words[i]} = " + " ".join(w.upper() for w in words[i + 1:j]))
                i = j
            else:
                out.append(f"role.channel:{c}.{words[i].replace('dequeue_removeroute', 'dequeueremoveroute')} (novalue)")
                i += 1
    for pool, limit in h.pools.items():
        out.append(f"role.job_controller.job_pool:{pool}.job_limit = {limit}")
    for pattern, program in [("l", "l_master"), ("ims-ms*", "ims_master"), ("tcp_lmtp*", "tcp_lmtp_client"), ("tcp_*", "smtp_client"), ("process", "reprocess"), ("reprocess", "reprocess"),
                             ("defragment", "defragment"), ("bitbucket", "bitbucket"), ("hold", "reprocess")]:
        out.append(f"role.job_controller.channel_class:{pattern}.master_command = IMTA_BIN:{program}")
    out.append("role.schedule.task:return_job.crontab = 30 0 * * * lib/return_job")
    out += [f"role.store.{k[6:]} = {v}" for k, v in h.configutil.items() if k.startswith("store.")]
    return "\n".join(out) + "\n"


def started(h, when, style):
    local = when.astimezone(h.zone)
    today = h.now.astimezone(h.zone).date()
    if local.date() == today or h.now - when < timedelta(hours=24):
        return local.strftime("%H:%M:%S" if style != "linux" else "%H:%M")
    return ("%s_%02d" if style == "imsimta" else "%s %02d" if style == "solaris" else "%s%02d") % (MONTHS[local.month - 1], local.day)


def imsimta_process(h):
    out = ["USER      PID S VSZ    RSS   STIME    TIME     COMMAND"]
    pid = 3000
    for program in ("job_controller", "dispatcher", "tcp_smtp_server", "tcp_smtp_client", "smtp_client", "tcp_lmtp_client", "ims_master"):
        for when in h.processes.get(program, []):
            pid += 7
            out.append("mailsrv  %5d S 18416  9368  %-9s  0:0%d  %s/lib/%s" % (pid, started(h, when, "imsimta"), pid % 10, h.root, program))
    return "\n".join(out) + "\n"


def ps(h):
    linux = h.version in ("8.0", "8.1") or h.rng.random() < 0.2
    out = ["UID        PID  PPID  C STIME TTY          TIME CMD" if linux else "     UID   PID  PPID   C    STIME TTY         TIME CMD"]
    rows = [("root", 1, "/sbin/init", h.at(days=41)), ("root", 412, "/usr/lib/ssh/sshd", h.at(days=41))]
    pid = 3000
    for program, starts in h.processes.items():
        for when in starts:
            pid += 7
            rows.append(("mailsrv", pid, f"{h.root}/lib/{program}" + (" -d" if program == "stored" else ""), when))
    for user, pid, cmd, when in rows:
        s = started(h, when, "linux" if linux else "solaris")
        out.append(f"{user:<8} {pid:>5}     1  0 {s:<5} ?        00:00:0{pid % 10} {cmd}" if linux else f"{user:>8} {pid:>5}     1   0 {s:>8} ?            0:0{pid % 10} {cmd}")
    return "\n".join(out) + "\n"


def df(h):
    out = ["Filesystem            kbytes    used   avail capacity  Mounted on"]
    for i, (key, pct) in enumerate(h.df.items()):
        total = 41294242
        out.append(f"/dev/dsk/c0t{i}d0s3    {total} {total * pct // 100} {total * (100 - pct) // 100}    {pct}%    {h.df_mounts[key]}")
    return "\n".join(out) + "\n"


def uptime(h):
    local = h.now.astimezone(h.zone)
    return "  %s  up 41 day(s),  2:10,  1 user,  load average: %.2f, %.2f, %.2f\n" % (local.strftime("%I:%M%p").lower().lstrip("0"), h.load, h.load * 0.9, h.load * 0.95)


def logs(h):
    """mail.log_current begins at half past midnight, local time, as the return job leaves it."""
    local = h.now.astimezone(h.zone)
    roll = local.replace(hour=0, minute=30, second=0, microsecond=0)
    if roll > local:
        roll -= timedelta(days=1)
    current, yesterday = [], []
    for when, line in sorted(h.events, key=lambda e: e[0]):
        (current if when.astimezone(h.zone) >= roll else yesterday).append(line)
    files = {"mail.log_current": "\n".join(current) + "\n", "mail.log_yesterday": "\n".join(yesterday) + "\n"}
    if h.nslog:
        files["imta"] = "\n".join(line for _, line in sorted(h.nslog, key=lambda e: e[0])) + "\n"
    files.update({k: v for k, v in h.extra_files.items() if not k.startswith("/")})
    return files


def commands(h):
    out = [(["imsimta", "version"], h.build + "\n")]
    out.append((["msconfig", "show", "*"], msconfig(h)) if h.is_unified else (["configutil"], "".join(f"{k} = {v}\n" for k, v in sorted(h.configutil.items()))))
    return out + [(["imsimta", "process"], imsimta_process(h)), (["uptime"], uptime(h)), (["df", "-k"], df(h))] + h.commands


def dns_json(h):
    answers = []
    add = lambda name, kind, status, records: answers.append({"name": name, "type": kind, "status": status, "records": records, "resolver": "192.0.2.53", "ms": 5000 if status == "TIMEOUT" else 8})
    for domain, status in h.dns.items():
        if status in ("NXDOMAIN", "TIMEOUT", "SERVFAIL"):
            add(domain, "MX", status, [])
            add(domain, "A", status, [])
            continue
        mx = status[len("mail exchanger "):] if status.startswith("mail exchanger ") else "mx." + domain
        add(domain, "MX", "NOERROR", [{"preference": 10, "exchange": mx}])
        add(mx, "A", "NOERROR", [{"address": h.ip if mx == h.host else h.ip_of(domain)}])
    return json.dumps({"schema": "mtadoctor.dns/1", "answers": answers})


def listing_tsv(h):
    return "".join(f"{p}\t{s}\t{int(t.timestamp())}\n" for p, s, t in h.queue)


def listing_ls(h):
    folders = {c: {} for c in CHANNELS[h.roles]}
    for path, size, when in h.queue:
        folder, name = path.rsplit("/", 1)
        folders.setdefault(folder, {})[name] = (size, when)
        folders.setdefault(folder.split("/")[0], {})
    def line(mode, size, when, name):
        local = when.astimezone(h.zone)
        old = h.now - when > timedelta(days=180)
        stamp = "%s %2d %s" % (MONTHS[local.month - 1], local.day, " %d" % local.year if old else local.strftime("%H:%M"))
        return f"{mode}   1 mailsrv  mail     {size:>8} {stamp} {name}"
    out = []
    for folder in [""] + sorted(folders):
        rows = [line("drwxrwx---", 512, h.at(days=13), c) for c in sorted({f.split("/")[0] for f in folders})] if folder == "" else \
            [line("drwxrwx---", 512, h.at(days=13), f.split("/")[1]) for f in sorted(folders) if f.startswith(folder + "/")] + \
            [line("-rw-------", s, t, n) for n, (s, t) in sorted(folders[folder].items())]
        out += [f"{h.queue_root}{'/' if folder else ''}{folder}:", f"total {2 * len(rows)}"] + rows + [""]
    return "\n".join(out) + "\n"


def put(top, path, text):
    path = os.path.join(top, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def write_bundle(h, top):
    for name, text in configuration(h).items():
        put(top, f"files{h.config_root}/{name}", text)
    for name, text in logs(h).items():
        put(top, f"files{h.log_root}/{name}", text)
    for path, text in h.extra_files.items():
        if path.startswith("/"):
            put(top, "files" + path, text)
    put(top, "files/etc/resolv.conf", "nameserver 192.0.2.53\n")
    put(top, "listings/queue.tsv", listing_tsv(h))
    put(top, "processes.txt", ps(h))
    put(top, "dns.json", dns_json(h))
    stamp = h.now.strftime("%Y-%m-%dT%H:%M:%SZ")
    entries = []
    for i, (argv, text) in enumerate(commands(h)):
        put(top, f"commands/{i + 1:02d}.out", text)
        entries.append({"argv": argv, "exit": 0, "stdout": f"commands/{i + 1:02d}.out", "started": stamp, "ms": 100})
    put(top, "manifest.json", json.dumps({"schema": "mtadoctor.bundle/1", "created": stamp, "timezone": h.zone.key, "host": h.host, "tool": {"name": "mtadoctor", "version": "0.1.0"},
        "products": [{"name": "msgserver", "version": h.version, "root": h.root}], "commands": entries,
        "listings": [{"root": h.queue_root, "file": "listings/queue.tsv", "complete": True}], "dns": "dns.json", "redactions": {"policy": "none", "counts": {}}}, indent=1))


def write_loose(h, top):
    for name, text in list(configuration(h).items()) + list(logs(h).items()):
        put(top, name, text)
    put(top, "queue-ls-lR.txt", listing_ls(h))
    prompt = h.name + "# "
    local = h.now.astimezone(h.zone)
    date = "%s %s %2d %s %s %d\n" % ("Mon Tue Wed Thu Fri Sat Sun".split()[local.weekday()], MONTHS[local.month - 1], local.day, local.strftime("%H:%M:%S"), local.tzname(), local.year)
    out = [(["date"], date)] + commands(h) + [(["ps", "-ef"], ps(h))]
    put(top, "output.txt", "".join(prompt + " ".join(argv) + "\n" + text for argv, text in out))


def write(h, case, shape):
    """shape: bundle, tar, loose. Returns the input's path."""
    top = os.path.join(case, "input")
    os.makedirs(top, exist_ok=True)
    (write_loose if shape == "loose" else write_bundle)(h, top)
    if shape != "tar":
        return top
    archive = os.path.join(case, "input.tar.gz")
    with tarfile.open(archive, "w:gz", compresslevel=1) as t:
        t.add(top, arcname="bundle")
    for d, _, names in os.walk(top, topdown=False):
        for n in names:
            os.unlink(os.path.join(d, n))
        os.rmdir(d)
    return archive
