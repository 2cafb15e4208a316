"""usage: leaks.py RAW REDACTED

Collects, by regular expressions of its own, the mail addresses, host names, IP addresses, users of mailboxes and values of secret-looking settings
of the folder RAW and looks for each of them in the folder REDACTED, in the names of files too. Says what it finds and ends with 1."""
import ipaddress
import os
import re
import sys

KEPT_HOST = re.compile(r"(^|\.)(localhost|localdomain|[\w-]*-daemon|in-addr\.arpa|nosuch\.example|spamhaus\.org|spamcop\.net|iana\.org|ietf\.org|wikipedia\.org)$", re.I)
KEPT_USERS = {"postmaster", "root", "mailer-daemon", "nobody", "abuse", "admin", "noreply", "no-reply", "daemon", "mailsrv"}
ADDRESS = re.compile(rb"[A-Za-z0-9._+~-]+(?:@|%40|=40)[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
QUAD = re.compile(rb"(?<![\w.-])\d{1,3}(?:\.\d{1,3}){3}(?![\w.]\d|\.\d|\w)")
DOTTED = re.compile(rb"(?<![A-Za-z0-9._-])[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+")
MAILBOX = re.compile(rb"\buser/([A-Za-z0-9._-]{3,})")
SECRET = re.compile(rb"""^[ \t"]*(?:set |set_option\(")?["\w.:*-]*(?:passw|secret|bindcred|credential|bindpw)[\w.-]*["']?[ \t]*(?:[=:,]|[ \t])[ \t]*["']?([^"'\r\n<]+)""", re.I | re.M)
# the private networks themselves
KEPT_IPS = {"10.0.0.0", "172.16.0.0", "192.168.0.0", "169.254.0.0", "100.64.0.0"}
KEPT_SECRETS = {b"never mind", b"yes", b"no", b"true", b"false", b"0", b"1", b"on", b"off", b"(suppressed)", b"suppressed"}


def texts(folder):
    for path, _, names in os.walk(folder):
        for name in names:
            full = os.path.join(path, name)
            with open(full, "rb") as f:
                yield os.path.relpath(full, folder), os.path.relpath(full, folder).encode("utf-8", "replace") + b"\n" + f.read()


def site(host):
    """The part of a host name that belongs to one site."""
    labels = host.split(".")
    n = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in ("co", "com", "ac", "gov", "org", "net", "edu") else 2
    return ".".join(labels[-n:])


def is_kept(host):
    return KEPT_HOST.search(host) is not None


def collect(folder):
    """What must not be seen: lower-case texts with their class."""
    found, sites = {}, set()
    whole = list(texts(folder))
    for _, text in whole:
        for m in ADDRESS.findall(text):
            local, host = re.split("@|%40|=40", m.decode().lower(), maxsplit=1)
            host = host.rstrip(".-")
            if is_kept(host) or host.replace(".", "").isdigit():
                continue
            sites.add(site(host))
            if local not in KEPT_USERS:
                found[f"{local}@{host}"] = "address"
        for m in QUAD.findall(text):
            try:
                ip = ipaddress.ip_address(m.decode())
            except ValueError:
                continue
            if not (ip.is_loopback or m.split(b".")[0] == b"0" or int(m.split(b".")[0]) >= 224 or str(ip) in KEPT_IPS):
                found[str(ip)] = "ip"
        for m in MAILBOX.findall(text):
            if m.decode().lower() not in KEPT_USERS:
                found["user/" + m.decode().lower().rstrip(".")] = "mailbox"
        for m in SECRET.findall(text):
            value = m.strip()
            if len(value) > 4 and value.lower() not in KEPT_SECRETS and b" " not in value and not value.isdigit():
                found[value.decode("latin-1").lower()] = "secret"
    for _, text in whole:
        for m in DOTTED.findall(text):
            host = m.decode().lower().strip(".-")
            if any(host == s or host.endswith("." + s) for s in sites) and not is_kept(host):
                found[host] = "host"
    for s in sites:
        found[s] = "host"
    return found


def find(raw, redacted):
    hidden = collect(raw)
    bad = []
    # one pass: split at what can be in no name
    word = re.compile(rb"[A-Za-z0-9._+~/@%=-]+")
    for name, text in texts(redacted):
        low = text.lower()
        seen = set()
        for m in word.findall(low):
            m = m.decode()
            for piece in {m, m.strip(".-"), *re.split(r"[/=%@]", m), *re.split(r"[/=%]", m)}:
                seen.add(piece.strip(".-"))
            i = m.find("user/")
            if i >= 0:
                seen.add("/".join(m[i:].split("/")[:2]))
        for s in list(seen):
            if "." in s:
                labels = s.split(".")
                seen.update(".".join(labels[i:]) for i in range(1, len(labels) - 1))
        for s in seen & hidden.keys():
            bad.append(f"{name}: the {hidden[s]} {s} is still there")
        for s, kind in hidden.items():
            if kind == "secret" and s not in seen and s.encode("latin-1") in low:
                bad.append(f"{name}: the secret {s} is still there")
    return bad


def main(argv):
    if len(argv) != 2:
        sys.exit(__doc__)
    bad = find(argv[0], argv[1])
    for line in bad:
        print(line)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
