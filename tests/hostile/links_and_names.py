"""Entries that lead elsewhere, that are no files, and names that are none."""
import zipfile

from parts import LOG, case, good, header, member, pax, tar, tgz, zipped

CNF = b"! a decoy\n"
ODD = [bytes([kind]) for kind in b"789ABMNSVZz"]


def through_links():
    """A link to a folder outside and a file written through it."""
    return tgz(header(b"log", kind=b"2", link=b"/tmp"), member(b"log/escaped_by_mtadoctor", b"x\n"), good(b"logs/mail.log_current"))


def chain():
    links = [header(b"link%d" % i, kind=b"2", link=b"link%d" % (i + 1)) for i in range(300)]
    return tgz(*links, header(b"link300", kind=b"2", link=b"link0"), header(b"self", kind=b"2", link=b"self"), good())


def hard_chain():
    links = [header(b"hard%d" % i, kind=b"1", link=b"hard%d" % (i + 1)) for i in range(300)]
    return tgz(*links, header(b"mail.log_current", kind=b"1", link=b"/etc/passwd"), good())


def specials():
    """A device of characters, one of blocks, a pipe."""
    return tgz(*(header(b"config/special%d" % i, kind=kind) for i, kind in enumerate((b"3", b"4", b"6"))), good())


def zip_with_links():
    link = zipfile.ZipInfo("log/imta", (2026, 11, 24, 8, 0, 0))
    link.create_system, link.external_attr = 3, 0o120777 << 16
    return zipped((link, b"/etc/shadow"), ("log/mail.log_current", LOG))


def odd_types():
    return tgz(*(member(b"odd-" + kind, b"x\n", kind=kind) for kind in ODD), good())


def case_only():
    return tgz(member(b"config/IMTA.CNF", CNF), member(b"config/imta.cnf", CNF), member(b"CONFIG/Imta.Cnf", CNF), good())


def file_and_folder():
    return tgz(member(b"log", b"a file\n"), header(b"log", kind=b"5"), good(), member(b"config/imta.cnf", CNF), member(b"config/imta.cnf/inside", b"x\n"))


def names_of_all_bytes():
    out = []
    for i in range(1, 256):
        if i != ord("/"):
            out.append(member(b"n/a" + bytes([i]) + b"b.txt", b"x\n"))
    return tgz(*out, good())


def long_names():
    return tgz(pax([(b"path", b"n" * 10000)]), member(b"n", b"x\n"), pax([(b"path", b"d/" * 5000 + b"f")]), member(b"n", b"x\n"), good())


def gnu_long_name_without_end():
    return tar(header(b"././@LongLink", 4096, kind=b"L", magic=b"ustar  \0"), b"x" * 4096, member(b"short", b"x\n", magic=b"ustar  \0"), good())


def a_thousand_copies():
    return tgz(*(member(b"log/mail.log_current", b"copy %d\n" % i) for i in range(1000)), good())


def cases():
    yield case("absolute_paths.tar.gz", tgz(member(b"/etc/cron.d/evil", b"x\n"), member(b"//tmp//evil", b"x\n"), good()), "absolute names")
    yield case("dot_dot.tar.gz", tgz(member(b"../../../../tmp/evil", b"x\n"), member(b"log/../../evil", b"x\n"), member(b"..", b"x\n"), good()),
               "names that lead out", message=r'\.\.')
    yield case("dot_dot.zip", zipped(("../../evil", b"x\n"), ("a/../../evil", b"x\n"), ("log/mail.log_current", LOG)), "the same in a zip", message=r"\.\.")
    yield case("backslashes.zip", zipped(("..\\..\\evil.txt", b"x\n"), ("C:\\windows\\evil.txt", b"x\n"), ("\\\\host\\share\\evil.txt", b"x\n"), ("log/mail.log_current", LOG)),
               "paths of Windows")
    yield case("drive.tar.gz", tgz(member(b"C:/windows/evil.txt", b"x\n"), member(b"c:evil.txt", b"x\n"), member(b"..\\evil.txt", b"x\n"), good()), "drives")
    yield case("symbolic_link_out.tar.gz", through_links(), "a file that would be written through a link", message="link in an archive")
    yield case("link_chain_and_loop.tar.gz", chain(), "links to links, a loop, and one to itself", message="link in an archive")
    yield case("hard_links.tar.gz", hard_chain(), "hard links to each other and out", message="link in an archive")
    yield case("links.zip", zip_with_links(), "a link in a zip", message="link in an archive")
    yield case("devices_and_pipes.tar.gz", specials(), "devices and pipes", message="device or pipe")
    yield case("types_of_nothing.tar.gz", odd_types(), "kinds of entries that few know", good=None)
    yield case("case_only.tar.gz", case_only(), "names that differ by case only")
    yield case("a_file_and_a_folder.tar.gz", file_and_folder(), "a file and a folder of one name, a configuration file that is a folder")
    yield case("every_byte_in_names.tar.gz", names_of_all_bytes(), "names with control characters, line ends and invalid UTF-8")
    yield case("terminal_in_names.tar.gz", tgz(member(b"\x1b]0;pwned\x07\x1b[2J\x1b[31mimta.cnf", CNF), member(b"a\n$ rm -rf /\nb", b"x\n"), member("\u202egnp.fnc".encode(), b"x\n"), good()),
               "names that would speak to a terminal")
    yield case("long_names.tar.gz", long_names(), "names of 10,000 characters and 5,000 folders", message="more than 4096 bytes or 40 folders")
    yield case("long_name_without_end.tar", gnu_long_name_without_end(), "a long name of GNU tar that has no end", good=None)
    yield case("one_name_a_thousand_times.tar.gz", a_thousand_copies(), "one name a thousand times, the last one good", message="occurs twice")
    yield case("only_folders.tar.gz", tgz(*(header(b"d%d/e/f" % i, kind=b"5") for i in range(5000))), "nothing but folders", good=False)
    yield case("empty.tar", b"\0" * 10240, "an empty tar", good=False)
    yield case("empty.zip", zipped(), "an empty zip", good=False)
    yield case("nothing.tar.gz", b"", "a file of no bytes", good=False)
