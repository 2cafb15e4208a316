"""Archives that break off, are damaged, or are none behind the right first bytes."""
import bz2
import gzip
import lzma
import random
import struct
import zlib

from parts import (LOG, END, case, good, header, member, pax, tar, tgz, zip_central, zip_end, zip_local, zipped, zstd_frame)

NOISE = random.Random(4).randbytes(300000)


def whole():
    return tar(good(), member(b"noise.bin", NOISE), member(b"config/option.dat", b"LOG_FORMAT=1\n"))


def forms():
    yield "tar", whole()
    yield "tar.gz", gzip.compress(whole(), mtime=0)
    yield "tar.bz2", bz2.compress(whole(), 1)
    yield "tar.xz", lzma.compress(whole())
    yield "tar.zst", zstd_frame([whole()])
    yield "zip", zipped(("log/mail.log_current", LOG), ("noise.bin", NOISE), ("config/option.dat", b"LOG_FORMAT=1\n"))


def damaged(data, start):
    broken = bytearray(data)
    noise = random.Random(len(data))
    for _ in range(20):
        broken[noise.randrange(start, len(data))] ^= 1 << noise.randrange(8)
    return bytes(broken)


def encrypted_zip():
    """The old cipher; the password does not matter, since nobody has it."""
    packed = random.Random(5).randbytes(2000)
    log = zlib.compressobj(9, zlib.DEFLATED, -15)
    log = log.compress(LOG) + log.flush()
    out = zip_local(b"secret/imta.cnf", packed, 1, 5000, flags=1) + packed
    at = len(out)
    out += zip_local(b"log/mail.log_current", log, zlib.crc32(LOG), len(LOG)) + log
    central = zip_central(b"secret/imta.cnf", 0, len(packed), 5000, 1, flags=1) + zip_central(b"log/mail.log_current", at, len(log), len(LOG), zlib.crc32(LOG))
    return out + central + zip_end(2, len(central), len(out))


def descriptor_lies():
    """The sizes come behind the data, and say something else than the directory."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(LOG) + packer.flush()
    name = b"log/mail.log_current"
    out = zip_local(name, b"", 0, 0, flags=8) + packed + struct.pack("<4sIII", b"PK\7\x08", 0xdeadbeef, 7, 0xffffffff)
    central = zip_central(name, 0, len(packed), len(LOG), zlib.crc32(LOG), flags=8)
    return out + central + zip_end(1, len(central), len(out))


def sizes_lie():
    """The directory says another size than what the data unpack to, twice."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(LOG) + packer.flush()
    out = zip_local(b"log/mail.log_current", packed, zlib.crc32(LOG), 17) + packed
    central = zip_central(b"log/mail.log_current", 0, len(packed), 0xfffffff0, zlib.crc32(LOG))
    return out + central + zip_end(1, len(central), len(out))


def another_sum():
    """A member was damaged on its way: the sum is that of other bytes, in both headers."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(LOG) + packer.flush()
    out = zip_local(b"log/mail.log_current", packed, 0x1234, len(LOG)) + packed
    central = zip_central(b"log/mail.log_current", 0, len(packed), len(LOG), 0x1234)
    return out + central + zip_end(1, len(central), len(out))


def directory_lies():
    out = zipped(("log/mail.log_current", LOG))
    return out[:-22] + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 65535, 65535, 0xfffffff0, 0xfffffff0, 0)


def bad_checksum():
    return tar(good(), member(b"config/imta.cnf", b"x\n", checksum=1), member(b"config/option.dat", b"LOG_FORMAT=1\n"))


MAGICS = {"tar.gz": b"\x1f\x8b\x08\0\0\0\0\0\0\x03", "tar.xz": b"\xfd7zXZ\0\0\x04\xe6\xd6\xb4\x46", "tar.zst": b"\x28\xb5\x2f\xfd\x24\x20", "tar.bz2": b"BZh91AY&SY",
          "zip": b"PK\3\4", "7z": b"7z\xbc\xaf\x27\x1c\0\4", "cpio": b"070701", "tar.Z": b"\x1f\x9d\x90", "tar.lz": b"LZIP\x01\x0c", "tar.lz4": b"\x04\x22\x4d\x18\x64\x40\xa7"}


def cases():
    for form, data in forms():
        n = len(data)
        for part in (10, 50, 90, 99):
            # a zip that is cut off has no directory, and a compressed block that is cut off may give nothing
            must = True if form in ("tar", "tar.zst") and part >= 50 else None
            yield case(f"cut_at_{part}_of_100.{form}", data[:n * part // 100], f"{form} that breaks off at {part} %", good=must,
                       message="cut off or damaged" if must and part < 99 else None)
        yield case(f"damaged.{form}", damaged(data, n // 3), f"{form} with wrong bits behind the first third", good=None)
    for form, magic in MAGICS.items():
        yield case(f"garbage.{form}", magic + NOISE, f"garbage behind the first bytes of {form}", good=False)
    yield case("garbage_behind.tar", tar(good()) + NOISE, "garbage behind the end of a tar")
    yield case("garbage_behind.tar.gz", tgz(good()) + NOISE, "garbage behind the end of a gzip", good=None)
    yield case("no_end.tar", tar(good(), end=b""), "a tar without its end")
    yield case("encrypted.zip", encrypted_zip(), "a zip of which one member is encrypted", message="encrypted")
    yield case("descriptor_lies.zip", descriptor_lies(), "sizes behind the data that lie", good=None)
    yield case("sizes_lie.zip", sizes_lie(), "sizes in both headers that lie", good=None)
    yield case("directory_lies.zip", directory_lies(), "a directory that is nowhere", good=None)
    yield case("bad_checksum.tar", bad_checksum(), "a header with a wrong sum between good ones", message="cut off or damaged")
    yield case("wrong_sum.zip", another_sum(), "a member whose check sum is another one", message="check sum or size is not what the archive says")
    yield case("two_in_one.tar", tar(member(b"README", b"first part")) + tar(good()), "a tar behind the end of another one")
    yield case("junk_behind.tar", tar(good()) + b"\xa5" * 5000, "no tar behind the end of one", message="cut off or damaged")
    yield case("huge_size_first.tar", pax([(b"size", b"9" * 20)]) + tar(good()), "a size that is no number in front of all", good=False,
               message="damaged at its beginning")
