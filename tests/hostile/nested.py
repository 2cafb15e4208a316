"""Archives in archives."""
import gzip

from bombs import repeat_gzip
from parts import LOG, case, good, header, member, tar, tgz, zipped, zstd_frame

GIB = 1 << 30


def levels(n):
    inner = tgz(good())
    for i in range(n):
        inner = tgz(member(b"level%d.tar.gz" % i, inner))
    return inner


def quine_like():
    """Each level holds the next sixteen times: 16 to the 5th in all."""
    inner = zipped(("zeros.txt", bytes(1 << 20)))
    for _ in range(5):
        inner = zipped(*(("n%02d.zip" % i, inner) for i in range(16)))
    return inner


def cases():
    yield case("nested_1.tar.gz", levels(1), "an archive in an archive", good=True)
    yield case("nested_2.tar.gz", levels(2), "an archive in an archive in an archive", good=None, message="archive")
    yield case("nested_9.tar.gz", levels(9), "nine levels", good=None, message="archive")
    yield case("nested_bomb.tar.gz", tgz(good(), member(b"inner.tar.gz", b"".join(repeat_gzip(header(b"zeros.txt", 5 * GIB), 5 * GIB)))), "a bomb in an archive")
    yield case("nested_bomb.zip", zipped(("log/mail.log_current", LOG), ("inner.tar.zst", zstd_frame([header(b"z", 60 * GIB), (b"\0", 60 * GIB)]))), "a bomb of zstd in a zip")
    yield case("nested_zips.zip", zipped(("log/mail.log_current", LOG), ("a.zip", quine_like())), "zips in zips in zips")
    yield case("many_nested.tar.gz", tgz(good(), *(member(b"n/%d.tar.gz" % i, tgz(member(b"x%d.txt" % i, b"x\n"))) for i in range(3000))), "3,000 small archives in one")
    yield case("nested_ways_out.tar.gz", tgz(good(), member(b"inner.tar", tar(member(b"../../evil", b"x\n"), header(b"l", kind=b"2", link=b"/etc"), member(b"l/evil", b"x\n")))), "an archive in an archive that leads out")
    yield case("nested_cut.tar.gz", tgz(good(), member(b"inner.tar.gz", tgz(good())[:2000])), "an archive in an archive that breaks off")
