#!/usr/bin/env python3
"""Writes a realistic mixed transaction log of about so many bytes to standard output, the same for the same seed.

usage: gen_mail_log.py BYTES [SEED]

One day of a busy host: arrivals, store deliveries, outbound deliveries, retries for some dead hosts, over-quota and busy mailboxes,
returns, refusals at the door, connection records. LOG_FILENAME=1, LOG_MESSAGE_ID=1, LOG_CONNECTION=3.
"""
import random
import sys

CHARS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"
DAY_CENTISECONDS = 24 * 3600 * 100
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
FAILURES = (
    ("Q", 0, "TCP active open: Failed connect() 203.0.113.{n}:25  Error: Connection timed out"),
    ("Q", 0, "TCP active open: Failed connect() 203.0.113.{n}:25  Error: Connection refused"),
    ("Q", 0, "TCP active open: Failed gethostbyname() on {domain}, resolver errno = 2"),
    ("Q", 0, "Too many failures to this host during this run; skipping this host"),
    ("QE", 0, "dns;mx.{domain} (TCP|192.0.2.10|{port}|203.0.113.{n}|25) (mx.{domain} ESMTP) smtp;451 4.7.1 Greylisting in action, please come back later"),
    ("QE", 0, "dns;mx.{domain} (TCP|192.0.2.10|{port}|203.0.113.{n}|25) (mx.{domain} ESMTP) smtp;421 4.7.0 Too many connections from your IP, try again later"),
    ("QE", 3, "dns;mx.{domain} (TCP|192.0.2.10|{port}|203.0.113.{n}|25) (mx.{domain} ESMTP) smtp;452 4.2.2 <{to}>: mailbox full"),
    ("RE", 3, "dns;mx.{domain} (TCP|192.0.2.10|{port}|203.0.113.{n}|25) (mx.{domain} ESMTP) smtp;550 5.1.1 <{to}>: Recipient address rejected: User unknown"),
)


def main():
    want = int(float(sys.argv[1]))
    rng = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    pick, number = rng.choice, rng.randrange
    domains = ["d%d.example" % i for i in range(4000)]
    bad = ["dead%d.example" % i for i in range(60)]
    users = ["user%d" % i for i in range(20000)]
    # Text of a part of the file, repeated with new names: generating each name anew would take hours in Python.
    ids = ["".join(rng.choices(CHARS, k=9)) for _ in range(60000)]
    mean = 180
    step = DAY_CENTISECONDS / (want / mean)
    now, written, out = 0.0, 0, []
    write = sys.stdout.write

    def stamp():
        cs = min(int(now), DAY_CENTISECONDS - 1)
        return "24-Nov-2026 %02d:%02d:%02d.%02d" % (cs // 360000, cs // 6000 % 60, cs // 100 % 60, cs % 100)

    while written < want:
        kind = number(100)
        at = stamp()
        queue = "f0" + pick(ids)
        ident = "<0%s%X@mail1.example.com>" % (pick(ids), number(1 << 24))
        size = number(60) + 1
        if kind < 50:                      # from outside to a mailbox
            sender, user = "p%d@%s" % (number(5000), pick(domains)), pick(users)
            name = "/var/opt/SUNWmsgsr/queue/ims-ms/%03d/ZZ%s.00" % (number(20) + 1, queue)
            host = sender[sender.index("@") + 1:]
            tail = "%s rfc822;%s@example.com %s@ims-ms-daemon %s %s" % (sender, user, user, name, ident)
            ip = "198.51.100.%d" % number(255)
            if kind < 20:
                out.append("%s tcp_local    +            O TCP|192.0.2.10|25|%s|%d SMTP\n" % (at, ip, number(60000) + 1024))
            out.append("%s tcp_local    ims-ms       EE %d %s mx.%s (mx.%s [%s])\n" % (at, size, tail, host, host, ip))
            fate = number(100)
            if fate < 3:
                out.append("%s ims-ms                    Q %d %s %s\n" % (at, size, tail, "Over quota" if fate else "Mailbox is busy"))
            else:
                out.append("%s ims-ms                    D %d %s\n" % (at, size, tail))
            if kind < 20:
                out.append("%s tcp_local    +            C TCP|192.0.2.10|25|%s|%d SMTP\n" % (at, ip, number(60000) + 1024))
        elif kind < 85:                    # from us to outside
            domain = pick(domains)
            to = "r%d@%s" % (number(500), domain)
            tail = "%s@example.com rfc822;%s %s /var/opt/SUNWmsgsr/queue/tcp_local/%03d/ZZ%s.00 %s" % (pick(users), to, to, number(20) + 1, queue, ident)
            out.append("%s tcp_intranet tcp_local    EE %d %s\n" % (at, size, tail))
            out.append("%s tcp_local                 DE %d %s mx.%s dns;mx.%s (TCP|192.0.2.10|%d|198.51.100.%d|25) (mx.%s ESMTP) smtp;250 2.0.0 OK\n"
                       % (at, size, tail, domain, domain, number(60000) + 1024, number(255), domain))
        elif kind < 97:                    # attempts that fail
            domain = pick(bad)
            code, sent, text = pick(FAILURES)
            to = "r%d@%s" % (number(500), domain)
            out.append("%s tcp_local                 %s %d %s@example.com rfc822;%s %s /var/opt/SUNWmsgsr/queue/tcp_local/%03d/Z%s%s.0%d %s %s\n"
                       % (at, code, sent, pick(users), to, to, number(20) + 1, pick("ZYXWVU"), queue, number(2), ident,
                          text.format(n=number(255), domain=domain, port=number(60000) + 1024, to=to)))
        else:                              # refused at the door
            out.append("%s tcp_local                 JE 0 p%d@%s rfc822; b%d@newbrand.example   mx.%s (mx.%s [198.51.100.25]) 550 5.7.1 Relaying not permitted: b%d@newbrand.example\n"
                       % (at, number(500), pick(domains), number(99), pick(domains), pick(domains), number(99)))
        now += step * 1.9
        if len(out) > 20000:
            text = "".join(out)
            write(text)
            written += len(text)
            out.clear()


main()
