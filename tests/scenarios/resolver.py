"""A resolver for a made-up host: answers on a local port what the host's `dns` says (tests/generate/hosts.py). Names that it does not know
are those of the rest of the world, which works."""
import socket
import struct
import threading

A, MX, AAAA = 1, 15, 28
CODES = {"NXDOMAIN": 3, "SERVFAIL": 2}


def encoded(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.rstrip(".").split(".") if label) + b"\0"


def question(message):
    """name, type and the bytes of the first question."""
    labels, at = [], 12
    while message[at]:
        labels.append(message[at + 1:at + 1 + message[at]].decode("ascii", "replace"))
        at += 1 + message[at]
    return ".".join(labels).lower(), struct.unpack_from("!H", message, at + 1)[0], message[12:at + 5]


class Resolver:
    """`with Resolver(host) as address:` gives what stands behind "nameserver"."""

    def __init__(self, host):
        self.host = host
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    def __enter__(self):
        self.socket.bind(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()
        return "127.0.0.1:%d" % self.socket.getsockname()[1]

    def __exit__(self, *_):
        self.socket.sendto(b"", self.socket.getsockname())     # an empty datagram is the end
        self.thread.join()
        self.socket.close()

    def serve(self):
        while True:
            message, peer = self.socket.recvfrom(4096)
            if not message:
                return
            answer = self.answer(message)
            if answer:
                self.socket.sendto(answer, peer)

    def answer(self, message):
        """The answer's bytes, None: there is none in time."""
        name, kind, asked = question(message)
        status = self.host.dns.get(name, "NOERROR")
        if status == "TIMEOUT":
            return None
        data = b"" if status in CODES else self.record(name, kind, status)
        head = message[:2] + struct.pack("!HHHHH", 0x8180 | CODES.get(status, 0), 1, int(bool(data)), 0, 0)
        return head + asked + (b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 3600, len(data)) + data if data else b"")

    def record(self, name, kind, status):
        exchange = status[len("mail exchanger "):] if status.startswith("mail exchanger ") else "mx." + name
        if kind == MX:
            return struct.pack("!H", 10) + encoded(exchange)
        if kind == A:
            domain = name[len("mx."):] if name.startswith("mx.") else name
            return socket.inet_aton(self.host.ip if name == self.host.host else self.host.ip_of(domain))
        return b""
