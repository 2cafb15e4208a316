"""Few bytes that become many: of data, of entries, of headers."""
import bz2
import gzip
import lzma
import struct
import zlib

from parts import (LOG, END, case, good, header, member, octal, pax, tar, tgz, zip_central, zip_end, zip_local, zstd_frame)

GIB = 1 << 30
NOTHING_SIZE = 64 << 20
NOTHING = gzip.compress(bytes(NOTHING_SIZE), 9, mtime=0)
FAR = "more than 250 times its size"


def repeat_gzip(before, zeros):
    """gzip of much nothing: members of gzip may stand behind each other, so that one is made and repeated."""
    return [gzip.compress(before, mtime=0)] + [NOTHING] * (zeros // NOTHING_SIZE)


def bzip2_bomb():
    """Streams of bzip2 may stand behind each other."""
    return [bz2.compress(good() + header(b"zeros", 40 * GIB))] + [bz2.compress(bytes(45 << 20))] * 900


def xz_bomb():
    return [lzma.compress(good() + header(b"zeros", 40 * GIB))] + [lzma.compress(bytes(64 << 20))] * 640


def overlapping_entries(count, size):
    """(name, crc, packed, size, local header) of entries that share one body: what an entry unpacks to is the header of the next one, as a
    block that is not compressed, and then all of the next one's data."""
    data = bytes(size)
    kernel = zlib_raw(data)
    crc, packed, entries = zlib.crc32(data), len(kernel), []
    for i in reversed(range(count)):
        name = b"f%03d.txt" % i
        head = struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 0, 8, 0x4000, 0x5d78, crc, packed, size, len(name), 0) + name
        entries.append((name, crc, packed, size, head))
        crc, packed, size = crc32_of(head, crc, size), packed + 5 + len(head), size + len(head)
    return entries[::-1], kernel


def crc32_of(front, crc, size):
    """Of two things of which the second is known by its sum only, as zlib's crc32_combine."""
    def times(matrix, vector):
        total = 0
        for row in matrix:
            if vector & 1:
                total ^= row
            vector >>= 1
        return total

    def square(matrix):
        return [times(matrix, row) for row in matrix]

    odd = [0xedb88320] + [1 << i for i in range(31)]
    step = square(square(odd))
    one = zlib.crc32(front)
    while size:
        step = square(step)
        if size & 1:
            one = times(step, one)
        size >>= 1
    return one ^ crc


def overlapping_zip():
    log = zlib_raw(LOG)
    out = zip_local(b"log/mail.log_current", log, zlib.crc32(LOG), len(LOG)) + log
    central = zip_central(b"log/mail.log_current", 0, len(log), len(LOG), zlib.crc32(LOG))
    entries, kernel = overlapping_entries(300, 50 << 20)
    for i, (name, crc, packed, size, head) in enumerate(entries):
        if i > 0:
            out += struct.pack("<BHH", 0, len(head), len(head) ^ 0xffff)
        central += zip_central(name, len(out), packed, size, crc)
        out += head
    out += kernel
    return out + central + zip_end(len(entries) + 1, len(central), len(out))


def zlib_raw(data):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def same_body_zip():
    """2,000 entries of the central directory that all point at one body."""
    data = bytes(20 << 20)
    packed = zlib_raw(data)
    crc = zlib.crc32(data)
    log = zlib_raw(LOG)
    body = zip_local(b"log/mail.log_current", log, zlib.crc32(LOG), len(LOG)) + log
    at = len(body)
    body += zip_local(b"f0000.txt", packed, crc, len(data)) + packed
    central = zip_central(b"log/mail.log_current", 0, len(log), len(LOG), zlib.crc32(LOG))
    for i in range(2000):
        central += zip_central(b"f%04d.txt" % i, at, len(packed), len(data), crc)
    return body + central + zip_end(2001, len(central), len(body))


def many_entries(count):
    """Names that are all different."""
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    yield packer.compress(good())
    template = bytearray(header(b"n/0000000.txt"))
    template[148:156] = b" " * 8
    rest = sum(template) - 7 * ord("0")
    for start in range(0, count, 5000):
        chunk = bytearray()
        for i in range(start, start + 5000):
            name = b"%07d" % i
            template[2:9] = name
            template[148:156] = b"%06o\0 " % (rest + sum(name))
            chunk += template
        yield packer.compress(bytes(chunk))
    yield packer.compress(END) + packer.flush()


def zip_of_nothing():
    """Forty entries of 100 MiB."""
    size = 100 << 20
    packed, crc, log = zlib_raw(bytes(size)), zlib.crc32(bytes(size)), zlib_raw(LOG)
    out = [zip_local(b"log/mail.log_current", log, zlib.crc32(LOG), len(LOG)) + log]
    central = [zip_central(b"log/mail.log_current", 0, len(log), len(LOG), zlib.crc32(LOG))]
    at = len(out[0])
    for i in range(40):
        name = b"z%02d.txt" % i
        out.append(zip_local(name, packed, crc, size) + packed)
        central.append(zip_central(name, at, len(packed), size, crc))
        at += len(out[-1])
    return out + central + [zip_end(len(central), sum(map(len, central)), at)]


def many_empty_entries():
    """Millions of one name, which is the least that a compressor can make of an entry."""
    block = header(b"x") * 2048
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    yield packer.compress(good())
    for _ in range(1500):
        yield packer.compress(block)
    yield packer.compress(END) + packer.flush()


def many_pax_headers():
    one = pax([(b"comment", b"c" * 300)], kind=b"g")
    return tgz(good(), *([one] * 60000), member(b"behind", b"x\n"))


def sparse(size):
    """A hole of that size in the old form of GNU tar, four bytes of data."""
    block = bytearray(header(b"log/sparse.log", 512, kind=b"S", magic=b"ustar  \0"))
    block[386:398] = octal(size - 512, 12)
    block[398:410] = octal(512, 12)
    block[483:495] = octal(size, 12)
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block) + b"x" * 512


def pax_sparse(size):
    text = b"%d\n" % size
    records = [(b"GNU.sparse.major", b"1"), (b"GNU.sparse.minor", b"0"), (b"GNU.sparse.name", b"log/holes.log"), (b"GNU.sparse.realsize", text[:-1])]
    data = (b"1\n%d\n512\n" % (size - 512)).ljust(512, b"\0") + b"y" * 512
    return pax(records) + member(b"GNUSparseFile.0/holes.log", data)


def cases():
    yield case("bomb.tar.gz", repeat_gzip(good() + header(b"zeros.txt", 12 * GIB), 12 * GIB), "12 GiB of nothing in gzip", message=FAR)
    yield case("bomb_named_log.tar.gz", repeat_gzip(good() + header(b"log/mail.log_yesterday", 3 * GIB), 3 * GIB), "3 GiB of nothing under the name of a log", message=FAR)
    yield case("bomb.tar.zst", zstd_frame([good() + header(b"zeros.txt", 60 * GIB), (b"\0", 60 * GIB)]), "60 GiB in zstd", message=FAR)
    yield case("bomb.tar.xz", xz_bomb(), "40 GiB in xz", message=FAR)
    yield case("bomb.tar.bz2", bzip2_bomb(), "40 GiB in bzip2", message=FAR)
    yield case("bomb.zip", zip_of_nothing(), "4 GB in a zip", message=FAR)
    yield case("overlapping.zip", overlapping_zip(), "entries that overlap: 300 headers quoted in each other, one body", message=FAR)
    yield case("same_body.zip", same_body_zip(), "2,000 entries of one body", message="lists 2001 entries, of which 2 could be read")
    yield case("bomb.log.gz", repeat_gzip(LOG, 8 * GIB), "a single compressed log that is a bomb", message=FAR)
    yield case("bomb_inside_member.tar", [tar(good(), member(b"log/mail.log_yesterday.gz", b"".join(repeat_gzip(LOG, 3 * GIB))))], "a compressed log in an archive that is a bomb", message=FAR)
    yield case("huge_window.tar.zst", zstd_frame([tar(good())], window_exponent=31), "zstd that wants a window of 2 TiB", good=None)
    yield case("large_window.tar.zst", zstd_frame([tar(good())], window_exponent=17), "zstd that wants a window of 128 MiB", good=None)
    yield case("many_entries.tar.gz", many_entries(400000), "400,000 entries", message="more than 300000 entries")
    yield case("millions_of_one_name.tar.gz", many_empty_entries(), "three million entries of one name", message="more than 300000 entries")
    yield case("many_global_headers.tar.gz", many_pax_headers(), "60,000 headers before a file")
    yield case("sparse.tar", tar(good(), sparse(1 << 40)), "a sparse file of 1 TiB")
    yield case("sparse_pax.tar", tar(good(), pax_sparse(1 << 50)), "a sparse file of 1 PiB")
    yield case("enormous_size.tar", tar(good(), header(b"log/big.log", (1 << 62)), end=b"x" * 100000), "a size of 4 EiB", message="cut off or damaged")
    yield case("negative_size.tar", tar(good(), header(b"log/negative.log", size_field=b"\xff" * 12), member(b"after", b"x\n")), "a size below nothing", good=None)
    yield case("pax_size_lies.tar", tar(good(), pax([(b"size", b"99999999999999999999")]), member(b"log/x.log", b"x\n")), "a size that is no number of ours", good=None)
    yield case("pax_enormous_value.tar.gz", tgz(good(), pax([(b"path", b"p" * (64 << 20))]), member(b"x", b"x\n"), member(b"y", b"y\n")), "a name of 64 MiB")
    yield case("pax_length_lies.tar", tar(good(), member(b"PaxHeader", b"4000000000 path=x\n", kind=b"x"), member(b"x", b"x\n")), "a length of a pax record that lies", good=None)
