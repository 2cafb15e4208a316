"""What hostile archives are made of: a good log, headers of tar that say anything, frames of zstd by hand, zip files, and cases."""
import gzip
import io
import struct
import zipfile
from datetime import datetime, timedelta

KNOWN = "ims-ms.over-quota"
DATE = (2026, 11, 24, 8, 0, 0)
STAMP = 1795507200  # the same


def good_log():
    """400 messages of which a quarter waits because six people are over quota."""
    when = datetime(2026, 11, 24, 2, 0, 0)
    out = []
    for i in range(400):
        when += timedelta(seconds=53)
        stamp = when.strftime("%d-%b-%Y %H:%M:%S.00")
        to = f"office@partner.example rfc822;u{i % 20}@harbour.example u{i % 20}@ims-ms-daemon"
        out.append(f"{stamp} tcp_intranet ims-ms       E 4 {to}")
        if i % 4:
            out.append(f"{stamp} ims-ms                    D 4 {to}")
        for k in range(3):
            user = f"full{(i + k) % 6}"
            out.append(f"{stamp} ims-ms                    Q 4 office@partner.example rfc822;{user}@harbour.example {user}@ims-ms-daemon Over quota")
    return ("\n".join(out) + "\n").encode("ascii")


LOG = good_log()


def case(file, data, says, good=True, message=None, status=(0, 1)):
    """`data`: bytes or chunks of them. `good`: the diagnosis must be there; None: it may. `message`: a pattern that the output must match."""
    if not good:
        status = (0, 1, 3)
    return {"file": file, "bytes": [data] if isinstance(data, bytes) else data, "says": says, "good": good, "known": KNOWN,
            "message": message, "status": list(status)}


# ---- tar

def octal(value, width):
    """Octal digits and a NUL; larger values in the base 256 of GNU tar."""
    if 0 <= value < 8 ** (width - 1):
        return b"%0*o\0" % (width - 1, value)
    return bytes([0x80]) + value.to_bytes(width - 1, "big")


def header(name, size=0, kind=b"0", link=b"", mode=0o644, magic=b"ustar\0" + b"00", prefix=b"", checksum=None, size_field=None):
    block = bytearray(512)
    block[0:100] = name[:100].ljust(100, b"\0")
    block[100:108] = octal(mode, 8)
    block[108:116] = octal(0, 8)
    block[116:124] = octal(0, 8)
    block[124:136] = octal(size, 12) if size_field is None else size_field
    block[136:148] = octal(STAMP, 12)
    block[148:156] = b" " * 8
    block[156:157] = kind
    block[157:257] = link[:100].ljust(100, b"\0")
    block[257:265] = magic
    block[345:500] = prefix[:155].ljust(155, b"\0")
    total = sum(block) if checksum is None else checksum
    block[148:156] = b"%06o\0 " % total
    return bytes(block)


def padded(data):
    return data + b"\0" * (-len(data) % 512)


def member(name, data=b"", **more):
    return header(name, len(data), **more) + padded(data)


def pax_record(key, value):
    body = b" " + key + b"=" + value + b"\n"
    n = len(body) + 1
    while len(str(n)) + len(body) != n:
        n = len(str(n)) + len(body)
    return str(n).encode() + body


def pax(records, kind=b"x"):
    return member(b"PaxHeader", b"".join(pax_record(k, v) for k, v in records), kind=kind)


END = b"\0" * 1024


def good(name=b"log/mail.log_current"):
    return member(name, LOG)


def tar(*members, end=END):
    return b"".join(members) + end


def tgz(*members, end=END, level=6):
    return gzip.compress(tar(*members, end=end), level, mtime=0)


# ---- zstd, by hand: blocks of one byte repeated and blocks as they are, so that no compressor is needed

BLOCK = 128 << 10


def zstd_frame(parts, window_exponent=10, window_mantissa=0):
    """`parts`: bytes, or (byte, times)."""
    out = [b"\x28\xb5\x2f\xfd", bytes([0, window_exponent << 3 | window_mantissa])]

    def block(kind, size, data):
        out.append(struct.pack("<I", kind << 1 | size << 3)[:3] + data)

    for part in parts:
        if isinstance(part, bytes):
            for i in range(0, len(part), BLOCK):
                piece = part[i:i + BLOCK]
                block(0, len(piece), piece)
        else:
            byte, left = part
            whole, rest = divmod(left, BLOCK)
            out.append((struct.pack("<I", 1 << 1 | BLOCK << 3)[:3] + byte) * whole)
            if rest:
                block(1, rest, byte)
    out.append(struct.pack("<I", 1)[:3])
    return b"".join(out)


# ---- zip

def zipped(*entries, compression=zipfile.ZIP_DEFLATED):
    """entries: (name, bytes) or (ZipInfo, bytes)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as z:
        for name, data in entries:
            info = name if isinstance(name, zipfile.ZipInfo) else zipfile.ZipInfo(name, DATE)
            info.compress_type = compression
            z.writestr(info, data)
    return out.getvalue()


def zip_local(name, data, crc, size, method=8, flags=0):
    return struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, flags, method, 0x4000, 0x5d78, crc, len(data), size, len(name), 0) + name


def zip_central(name, offset, packed, size, crc, method=8, flags=0):
    return struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, 20, flags, method, 0x4000, 0x5d78, crc, packed, size, len(name), 0, 0, 0, 0, 0o644 << 16, offset) + name


def zip_end(count, size, offset):
    return struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, count, count, size, offset, 0)
