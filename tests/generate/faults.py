"""Breaks a made-up host in one known way and says what must be said about it. Each function returns the expectation of the case, in the
form of an acceptance case: first (acceptable first diagnoses), verdict, absent, present, listed, remedies."""
from datetime import timedelta


def dead_domains(h):
    n, r = h.rng.choice([120, 400, 1200]), h.rng
    for d in r.sample(["dead.example", "void.example", "nowhere.example"], r.choice([1, 2])):
        h.resolves(d)
        ip = h.ip_of(d)
        text = r.choice([f"TCP active open: Failed connect() {ip}:25  Error: no route to host", f"TCP active open: Failed connect() to TCP port 25 of {ip}    Error: Connection timed out",
                         "TCP active open: Failed connect()    Error: Connection refused"])
        for _ in range(n):
            m = h.enqueue(h.at(hours=r.uniform(1, 25)), "tcp_intranet", h.smtp, h.user(), f"r{r.randint(1, 500)}@{d}")
            h.retry(m, text)
    return {"first": ["destination.unreachable"], "verdict": ["watch", "normal"], "absent": ["jobcontroller.not-running", "dns.resolver-down"], "remedies": ["destination.new-channel", "queue.wait"]}


def over_quota(h):
    users = [f"full{i}@{h.domain}" for i in range(h.rng.choice([3, 9, 20]))]
    for _ in range(h.rng.choice([60, 250, 800])):
        m = h.enqueue(h.at(hours=h.rng.uniform(1, 26)), h.smtp, "ims-ms", h.peer(), h.rng.choice(users))
        h.retry(m, "Over quota")
    return {"first": ["ims-ms.over-quota"], "verdict": ["watch"], "absent": ["ims-ms.master-hung", "ims-ms.mailbox-corrupt"], "remedies": ["quota.inform-users", "quota.shorten-grace"]}


def job_controller_down(h):
    h.stopped_at["*"] = h.at(minutes=h.rng.choice([75, 150, 400]))
    h.missing |= {"job_controller", "ims_master", "tcp_smtp_client", "smtp_client", "tcp_lmtp_client"}
    return {"first": ["jobcontroller.not-running"], "verdict": ["act"], "absent": ["destination.unreachable", "ims-ms.master-hung", "channel.stopped"], "remedies": ["jobcontroller.restart"]}


def channel_stopped(h):
    channel = h.rng.choice([h.smtp, "tcp_intranet"] if h.local == "tcp_intranet" else [h.smtp])
    h.stopped_at[channel] = h.at(minutes=h.rng.choice([120, 300, 700]))
    if h.version in ("6.3", "7.0", "8.0", "8.1"):
        other = h.local if channel != h.local else h.smtp
        h.commands.append((["imsimta", "qm", "jobs"], f"channel {other}\n        job 13997\n          processed messages: 69\n          failed processing attempts: 0\n          0 MESSAGES BEING PROCESSES BY JOB 13997\n         1 JOBS ACTIVE FOR CHANNEL {other}\n       1 ACTIVE CHANNELS\n"))
    return {"first": ["channel.stopped"], "verdict": ["act"], "absent": ["jobcontroller.not-running", "destination.unreachable"], "remedies": ["channel.start"]}


def ims_master_hung(h):
    since = h.at(minutes=h.rng.choice([120, 240, 360]))
    h.stopped_at["ims-ms"] = since
    h.nslog = [(t, l) for t, l in h.nslog if t < since]
    h.processes["ims_master"] = [since - timedelta(minutes=20)]
    return {"first": ["ims-ms.master-hung"], "verdict": ["act"], "absent": ["ims-ms.over-quota", "jobcontroller.not-running"], "remedies": ["process.investigate-hang"]}


def resolver_down(h):
    since = h.at(minutes=h.rng.choice([60, 130, 300]))
    for i in range(h.rng.choice([40, 120, 300])):
        d = f"site{h.rng.randint(0, 60)}.example"
        h.resolves(d, "TIMEOUT")
        m = h.enqueue(since + timedelta(minutes=h.rng.uniform(0, (h.now - since).total_seconds() / 60 - 2)), "tcp_intranet", h.smtp, h.user(), f"r{i}@{d}")
        h.retry(m, f"TCP active open: Failed gethostbyname() on {d}, resolver errno = 2")
    for d in list(h.dns):
        h.dns[d] = "TIMEOUT"
    h.after.append(lambda: h.stopped_at.update({h.smtp: since}))    # nothing else leaves either
    return {"first": ["dns.resolver-down"], "verdict": ["act"], "absent": ["destination.unreachable", "dns.nonexistent-domain"], "remedies": ["dns.fix-resolver"]}


def queue_disk_full(h):
    h.df["/mtaq"] = 100
    h.df_mounts["/mtaq"] = h.queue_root
    for _ in range(h.rng.choice([40, 160])):
        h.log(h.at(minutes=h.rng.uniform(0, 70)), h.smtp, "", "J" if h.version in ("5.2", "6.2") else "JE", 0, h.peer(), "", h.user(), None, None, diagnostic="452 4.3.1 insufficient system storage")
    h.silent_arrivals = h.at(minutes=70)
    return {"first": ["disk.queue-full"], "verdict": ["act"], "absent": ["destination.unreachable", "jobcontroller.not-running"], "remedies": ["disk.free-space"]}


def nonexistent_domain(h):
    d = h.rng.choice(["no-such.example", "typo-domain.example"])
    h.resolves(d, "NXDOMAIN")
    for i in range(h.rng.choice([8, 30, 90])):
        when = h.at(hours=h.rng.uniform(0.1, 20))
        m = h.enqueue(when, "tcp_intranet", h.smtp, h.user(), f"r{i}@{d}")
        h.bounce(m, when + timedelta(seconds=2), "Illegal host/domain name found" + h.rng.choice(["", " (Too many failures to this host during this run; skipping this host: No such host/domain)"]))
    return {"first": ["dns.nonexistent-domain"], "verdict": ["normal", "watch"], "absent": ["dns.resolver-down", "destination.unreachable"]}


def hold_channel(h):
    for i in range(h.rng.choice([12, 90, 300])):
        m = h.enqueue(h.at(hours=h.rng.uniform(1, 24)), h.smtp, "hold", h.peer(), f"moving{i % 5}@{h.domain}")
        h.keep(m, held=True)
    return {"first": ["normal.hold-channel"], "verdict": ["normal", "watch"], "absent": ["held.loop-own-name-unknown", "held.loop-routing", "held.loop-user-forward"]}


def loop_own_domain(h):
    d = h.rng.choice(["newbrand.example", "merged.example"])
    h.resolves(d, "mail exchanger " + h.host)
    for i in range(h.rng.choice([30, 180])):
        m = h.enqueue(h.at(hours=h.rng.uniform(0.5, 20)), h.smtp, h.smtp, h.peer(), f"b{i % 60}@{d}")
        h.keep(m, held=True)
    return {"first": ["held.loop-own-name-unknown"], "verdict": ["act"], "absent": ["normal.hold-channel", "held.loop-user-forward"], "remedies": ["loop.loopcheck", "held.release"]}


def mailbox_corrupt(h):
    users = [f"broken{i}@{h.domain}" for i in range(h.rng.choice([1, 2]))]
    for _ in range(h.rng.choice([12, 44])):
        u = h.rng.choice(users)
        m = h.enqueue(h.at(hours=h.rng.uniform(0.5, 12)), h.smtp, "ims-ms", h.peer(), u)
        h.retry(m, "Mailbox has an invalid format")
    for i in range(20):
        h.say(h.at(minutes=30 * i + 1), "ims_master", 14680, "Store Error", "Mailbox corrupted, missing fixed headers: user/" + h.rng.choice(users).split("@")[0])
    return {"first": ["ims-ms.mailbox-corrupt"], "verdict": ["act"], "absent": ["ims-ms.over-quota", "store.partition-full"], "remedies": ["mailbox.reconstruct"]}


def backscatter(h):
    for i in range(h.rng.choice([300, 1300])):
        d = f"spam{h.rng.randint(1, 200)}.example"
        h.resolves(d)
        m = h.enqueue(h.at(hours=h.rng.uniform(0.5, 24)), "process", h.smtp, "", f"forged{i}@{d}")
        h.retry(m, f"TCP active open: Failed connect() {h.ip_of(d)}:25  Error: " + h.rng.choice(["Connection timed out", "Connection refused", "no route to host"]))
    return {"first": ["backscatter.dsn-flood"], "verdict": ["act"], "absent": ["dns.resolver-down"], "remedies": ["notification.separate-channel"]}


def rate_limited(h):
    d = "bigmail.example"
    h.resolves(d)
    text = h.rng.choice(["421 4.7.0 Too many connections from your IP, try again later", "451 4.7.1 rate limit exceeded, slow down", "450 4.2.1 too many messages, try again later"])
    for i in range(h.rng.choice([150, 600])):
        when = h.at(hours=h.rng.uniform(0.2, 20))
        m = h.enqueue(when, "tcp_intranet", h.smtp, h.user(), f"r{i}@{d}")
        if h.rng.random() < 0.5:
            h.deliver(m, when + timedelta(seconds=2))
            continue
        step, t = 0, when + timedelta(seconds=3)
        while t < h.now and h.rng.random() < 0.75:
            h.fail(m, t, h.reply(d, text))
            t += timedelta(minutes=60)
            step += 1
        if t < h.now:
            h.deliver(m, t)
        else:
            h.keep(m)
    return {"first": ["destination.rate-limited"], "verdict": ["watch"], "absent": ["destination.unreachable"]}


def greylisting(h):
    d = "grey.example"
    h.resolves(d)
    for i in range(h.rng.choice([10, 30])):
        when = h.at(hours=h.rng.uniform(0.1, 12))
        m = h.enqueue(when, "tcp_intranet", h.smtp, h.user(), f"r{i}@{d}")
        h.fail(m, when + timedelta(seconds=2), h.reply(d, h.rng.choice(["451 4.7.1 Greylisting in action, please come back later", "450 4.7.1 <r@grey.example>: Recipient address rejected: Greylisted"])))
        later = when + timedelta(minutes=61)
        if later < h.now:
            h.deliver(m, later)
        else:
            h.keep(m)
    return {"first": ["normal.greylisting", "queue.healthy", "normal.store-and-forward"], "listed": ["normal.greylisting"], "verdict": ["normal"], "absent": ["destination.reputation-block", "destination.unreachable"]}


def restarts(h):
    h.nslog.clear()
    h.turnover(per_day=h.rng.choice([100, 260]))
    return {"first": ["queue.healthy", "normal.store-and-forward", "normal.master-turnover"], "listed": ["normal.master-turnover"], "verdict": ["normal"], "absent": ["ims-ms.master-hung", "ims-ms.master-not-starting"]}


def mailbox_busy(h):
    for i in range(h.rng.choice([6, 25])):
        when = h.at(hours=h.rng.uniform(0.2, 20))
        m = h.enqueue(when, h.smtp, "ims-ms", h.peer(), f"heavy{i % 6}@{h.domain}")
        h.fail(m, when + timedelta(seconds=2), "Mailbox is busy", size=m["size"])
        h.deliver(m, min(when + timedelta(minutes=3), h.at(seconds=30)))
    return {"first": ["normal.mailbox-busy", "queue.healthy", "normal.store-and-forward"], "listed": ["normal.mailbox-busy"], "verdict": ["normal"], "absent": ["ims-ms.orphan-lock", "ims-ms.mailbox-locked"]}


def partition_full(h):
    h.df["/store"] = 100
    for i in range(60):
        m = h.enqueue(h.at(hours=h.rng.uniform(0.2, 5)), h.smtp, "ims-ms", h.peer(), h.user())
        h.retry(m, h.rng.choice(["mail system storage has been exceeded", "No space left on device"]))
    h.say(h.at(hours=4), "stored", 2202, "Store Warning", "partition primary is locked: disk usage is above the threshold")
    return {"first": ["store.partition-full"], "verdict": ["act"], "absent": ["ims-ms.over-quota"], "remedies": ["disk.free-space"]}


def lmtp_backend_down(h):
    store = "store9." + h.domain
    for i in range(h.rng.choice([120, 500])):
        m = h.enqueue(h.at(hours=h.rng.uniform(0.2, 5)), h.smtp, "tcp_lmtpcs", h.peer(), f"u{i}@{h.domain}", current=f"u{i}@{store}")
        h.retry(m, f"TCP active open: Failed connect() {h.ip_of(store)}:225  Error: Connection refused")
    return {"first": ["lmtp.backend-down"], "verdict": ["act"], "absent": ["destination.unreachable"]}


def undefined_pool(h):
    h.channel_pool[h.smtp] = "SMTP_POOOL"
    h.stopped_at[h.smtp] = h.at(hours=5)
    return {"first": ["channel.undefined-pool"], "verdict": ["act"], "absent": ["jobcontroller.not-running", "channel.stopped"], "remedies": ["channel.fix-pool"]}


def dispatcher_down(h):
    h.missing |= {"dispatcher", "tcp_smtp_server"}
    h.silent_arrivals = h.at(hours=3)
    return {"first": ["dispatcher.not-running"], "verdict": ["act"], "absent": ["jobcontroller.not-running"], "remedies": ["dispatcher.restart"]}


def stored_down(h):
    h.missing |= {"stored", "imapd", "popd", "mshttpd", "ims_master"}
    h.stopped_at["ims-ms"] = h.at(hours=3)
    return {"first": ["store.stored-down"], "verdict": ["act"], "absent": ["jobcontroller.not-running"], "remedies": ["store.restart-services"]}


def locked_mailbox(h):
    u = f"busy1@{h.domain}"
    for i in range(h.rng.choice([5, 14])):
        when = h.at(hours=h.rng.uniform(1, 5))
        m = h.enqueue(when, h.smtp, "ims-ms", h.peer(), u)
        t = when + timedelta(seconds=3)
        while t < h.now:
            h.fail(m, t, "Mailbox is busy", size=m["size"])
            t += timedelta(minutes=h.rng.uniform(9, 16))
        h.keep(m)
    return {"first": ["ims-ms.mailbox-locked", "ims-ms.orphan-lock"], "verdict": ["watch", "act"], "absent": ["ims-ms.over-quota"]}


def reputation_block(h):
    for d in ("bigmail.example", "freemail.example", "webmail.example"):
        h.resolves(d)
        for i in range(60):
            m = h.enqueue(h.at(hours=h.rng.uniform(0.2, 20)), "tcp_intranet", h.smtp, h.user(), f"r{i}@{d}")
            h.retry(m, h.reply(d, "421 4.7.0 [TS01] Messages from 192.0.2.10 temporarily deferred due to user complaints"))
    return {"first": ["destination.reputation-block"], "verdict": ["act", "watch"], "absent": ["destination.unreachable", "destination.rate-limited"]}


def index_limit(h):
    u = f"archive@{h.domain}"
    for i in range(24):
        m = h.enqueue(h.at(hours=h.rng.uniform(0.5, 12)), h.smtp, "ims-ms", h.peer(), u)
        h.retry(m, "System I/O error. Administrator, check server log for details. System I/O error.")
        h.say(h.at(minutes=25 * i + 1), "ims_master", 14680, "Store Error", "Unable to append cache for user/archive: File too large")
    return {"first": ["ims-ms.mailbox-index-limit"], "verdict": ["act"], "absent": ["store.io-error", "ims-ms.mailbox-corrupt", "store.partition-full"]}


def compromised_account(h):
    h.options["LOG_USERNAME"] = 1
    for i in range(max(1500, h.per_hour * 6)):
        d = f"victim{h.rng.randint(1, 150)}.example"
        when = h.at(hours=h.rng.uniform(0.01, 2.5))
        m = h.enqueue(when, "tcp_auth", h.smtp, f"amy@{h.domain}", f"x{i}@{d}")
        if h.rng.random() < 0.4:
            h.bounce(m, when + timedelta(seconds=4), h.reply(d, "550 5.1.1 User unknown"))
        elif h.rng.random() < 0.5:
            h.fail(m, when + timedelta(seconds=5), h.reply(d, "421 4.7.0 too many messages from you"))
            h.keep(m)
        else:
            h.deliver(m, when + timedelta(seconds=5))
    return {"first": ["spam.outbound-compromise"], "verdict": ["act"], "absent": ["destination.unreachable"], "remedies": ["spam.stop-source"]}


def ldap_down(h):
    for i in range(120):
        when = h.at(minutes=h.rng.uniform(1, 80))
        h.log(when, h.smtp, "", "J" if h.version in ("5.2", "6.2") else "JE", 0, h.peer(), "", h.user(), None, None, diagnostic="452 4.4.3 Temporary lookup failure: " + h.user())
        if i % 4 == 0:
            h.say(when, "tcp_smtp_server", 9567, "LDAP Error", "ldap_simple_bind: Can't contact LDAP server")
    return {"first": ["ldap.unreachable"], "verdict": ["act"], "absent": ["disk.queue-full"], "remedies": ["ldap.fix"]}


def orphaned_queue(h):
    for i in range(40):
        m = h.enqueue(h.at(days=3, hours=h.rng.uniform(0, 20)), "tcp_intranet", "tcp_partner", h.user(), f"r{i}@partner.example")
        h.events.pop()
        h.keep(m)
    return {"first": ["channel.orphaned-queue"], "verdict": ["act"], "absent": ["channel.stopped", "jobcontroller.not-running"]}


def endless_retries(h):
    """Mail to many dead domains is kept for weeks: the retry times make the load. Not in ALL: what comes first depends on the domains."""
    h.channel_extra[h.smtp] = 'notices 10 20 30 backoff "pt30m"'
    for i in range(150):
        d = f"gone{i}.example"
        h.resolves(d)
        m = h.enqueue(h.at(hours=h.rng.uniform(100, 300)), "tcp_intranet", h.smtp, h.user(), f"r@{d}")
        h.retry(m, "TCP active open: Failed connect()    Error: Connection timed out")
    return {"present": ["config.notices-backoff"]}


STORE = {over_quota, ims_master_hung, mailbox_corrupt, restarts, mailbox_busy, partition_full, stored_down, locked_mailbox, index_limit}
LEGACY = {undefined_pool, orphaned_queue}                # needs imta.cnf in the input
ALL = [dead_domains, over_quota, job_controller_down, channel_stopped, ims_master_hung, resolver_down, queue_disk_full, nonexistent_domain, hold_channel, loop_own_domain, mailbox_corrupt,
       backscatter, rate_limited, greylisting, restarts, mailbox_busy, partition_full, lmtp_backend_down, undefined_pool, dispatcher_down, stored_down, locked_mailbox, reputation_block,
       index_limit, compromised_account, ldap_down, orphaned_queue]
NEEDS_FILENAMES = {loop_own_domain, backscatter}


def roles_for(fault, rng):
    if fault in STORE:
        return rng.choice(["relay+store", "store"])
    if fault is lmtp_backend_down:
        return "frontend"
    return None
