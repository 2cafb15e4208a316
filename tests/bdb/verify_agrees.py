#!/usr/bin/env python3
"""What the page walk says of a database file agrees with what db_verify says of it, for sound files of many forms and for hundreds of
random damages.

usage: verify_agrees.py MAKE VERDICT VERIFY [DAMAGES [SEED]]

Never may the walk call bad what db_verify passes. What db_verify alone finds must be of the few things the walk does not look at: the
order of keys, which needs the product's own comparison, counts of records, levels in trees of duplicates, and what hangs together in files
whose links are not followed. Pages behind the last one are noted and no damage: nothing uses them."""
import concurrent.futures
import json
import os
import random
import subprocess
import sys
import tempfile

FORMS = [
    # method, page, settings, records, longest
    ("btree", 512, "-", 300, 60), ("btree", 4096, "-", 1500, 200), ("btree", 8192, "-", 900, 400),
    ("btree", 4096, "b", 900, 200), ("btree", 65536, "-", 2000, 300), ("btree", 4096, "c", 900, 200),
    ("btree", 8192, "cb", 900, 200), ("btree", 4096, "x", 3000, 200), ("btree", 2048, "x", 400, 3000),
    ("btree", 4096, "d", 900, 100), ("btree", 4096, "u", 900, 100), ("btree", 2048, "dx", 2000, 60),
    ("btree", 4096, "n", 1500, 100), ("btree", 1024, "c", 300, 2000), ("btree", 4096, "-", 0, 10),
    ("btree", 4096, "-", 5, 10), ("recno", 4096, "-", 1500, 100), ("recno", 4096, "x", 500, 6000),
    ("hash", 4096, "-", 900, 100), ("hash", 4096, "c", 300, 3000), ("hash", 2048, "x", 900, 100),
    ("hash", 4096, "u", 900, 100), ("btree", 4096, "s", 900, 100), ("btree", 4096, "xb", 3000, 300),
]

# What the walk does not look at; words of db_verify.
UNSEEN = ("out-of-order key", "sorted greater than parent entry", "sorted less than", "entries listing",
          "out-of-order", "items incorrectly sorted", "unsorted", "not in sorted order", "misordered",
          "recno level incorrect", "record count", "Encrypted", "Btree level incorrect: got 0")  # the last: of a page that was already complained of
# In files whose links are not followed: hash databases, several databases in one file.
UNSEEN_LINKS = ("referenced", "Subdatabase", "free list", "linked", "overflow", "totally zeroed", "leaf", "parent", "level",
                "inappropriate type", "incorrect type")


class Db:
    def __init__(self, path, form):
        self.path, self.form = path, form
        with open(path, "rb") as file:
            self.bytes = bytearray(file.read())
        self.page = form[1]
        self.pages = len(self.bytes) // self.page


def zero_page(db, b, r):
    p = r.randrange(db.pages)
    b[p * db.page:(p + 1) * db.page] = bytes(db.page)


def garbage_page(db, b, r):
    p = r.randrange(db.pages)
    b[p * db.page:(p + 1) * db.page] = r.randbytes(db.page)


def other_page(db, b, r):
    p, q = r.randrange(db.pages), r.randrange(db.pages)
    b[p * db.page:(p + 1) * db.page] = db.bytes[q * db.page:(q + 1) * db.page]


def swapped_pages(db, b, r):
    p, q = r.randrange(db.pages), r.randrange(db.pages)
    b[p * db.page:(p + 1) * db.page] = db.bytes[q * db.page:(q + 1) * db.page]
    b[q * db.page:(q + 1) * db.page] = db.bytes[p * db.page:(p + 1) * db.page]


def header_byte(db, b, r):
    p = r.randrange(db.pages)
    b[p * db.page + 8 + r.randrange(18)] ^= 1 << r.randrange(8)


def index_byte(db, b, r):
    p = r.randrange(db.pages)
    b[p * db.page + 26 + r.randrange(min(60, db.page - 26))] ^= 1 << r.randrange(8)


def any_bytes(db, b, r):
    n = r.choice((1, 4, 16, 64, 512))
    at = r.randrange(max(1, len(b) - n))
    b[at:at + n] = r.randbytes(n)


def block_of_zeros(db, b, r):
    at = r.randrange(len(b)) // 512 * 512
    b[at:at + 512] = bytes(min(512, len(b) - at))


def cut_at_page(db, b, r):
    del b[r.randrange(db.pages) * db.page:]


def cut_anywhere(db, b, r):
    del b[r.randrange(len(b)):]


def longer(db, b, r):
    b += bytes(db.page * r.randrange(1, 4)) if r.random() < .5 else r.randbytes(r.randrange(1, 3 * db.page))


def meta_byte(db, b, r):
    b[r.randrange(96)] ^= 1 << r.randrange(8)


DAMAGES = [zero_page, garbage_page, other_page, swapped_pages, header_byte, index_byte, any_bytes, block_of_zeros,
           cut_at_page, cut_anywhere, longer, meta_byte]


def verify(tool, path):
    try:
        run = subprocess.run([tool, path], capture_output=True, text=True, errors="replace", timeout=20, check=False)
    except subprocess.TimeoutExpired:  # pages that point at each other in a circle
        return False, ""
    return run.returncode == 0, run.stderr


def unseen(form, words):
    lines = [line for line in words.splitlines() if "Page " in line or "page " in line]
    if form[0] == "hash" or "Encrypted database" in words:
        return True
    if "s" in form[2]:
        return all(any(u in line for u in UNSEEN + UNSEEN_LINKS) for line in lines)
    return all(any(u in line for u in UNSEEN) for line in lines)


def main():
    make, verdict, tool = sys.argv[1:4]
    damages = int(sys.argv[4]) if len(sys.argv) > 4 else 600
    r = random.Random(int(sys.argv[5]) if len(sys.argv) > 5 else 1)
    wrong = agreed_bad = agreed_good = only_verify = noted = unused = 0
    with tempfile.TemporaryDirectory() as folder:
        dbs = []
        for i, form in enumerate(FORMS):
            path = os.path.join(folder, f"form{i}.db")
            subprocess.run([make, path] + [str(x) for x in form], check=True)
            dbs.append(Db(path, form))
        cases = [(db, None) for db in dbs] + [(r.choice(dbs), r.choice(DAMAGES)) for _ in range(damages)]
        paths = []
        for i, (db, damage) in enumerate(cases):
            path = os.path.join(folder, f"case{i}.db")
            b = bytearray(db.bytes)
            if damage is not None:
                damage(db, b, r)
            with open(path, "wb") as file:
                file.write(b)
            paths.append(path)
        said = subprocess.run([verdict] + paths, capture_output=True, text=True, check=True).stdout.splitlines()
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            theirs = list(pool.map(lambda path: verify(tool, path), paths))
        for (db, damage), path, line, (good, words) in zip(cases, paths, said, theirs, strict=True):
            ours = json.loads(line)
            name = f"{damage.__name__ if damage else 'sound'} of {db.form}"
            if good == ours["good"]:
                agreed_good += good
                agreed_bad += not good
            elif good and db.form[0] == "hash" and damage in (header_byte, index_byte, other_page, swapped_pages):
                unused += 1  # a page that nothing uses is damaged all the same
            elif ours["good"] and ours["beyond"] > 0 and "last_pgno is not correct" in words:
                noted += 1
            elif ours["good"] and unseen(db.form, words):
                only_verify += 1
            else:
                wrong += 1
                if wrong <= 25:
                    print(f"{name}: db_verify says {'good' if good else 'bad'}\n  ours: {line}\n  "
                          + "\n  ".join(words.splitlines()[:6]))
                    if os.environ.get("KEEP"):
                        os.system(f"cp {path} {os.environ['KEEP']}")
    print(f"{len(cases)} files: both say good of {agreed_good}, bad of {agreed_bad}; of {noted} that they are too long; only db_verify "
          f"sees {only_verify}; only the walk {unused} in unused pages; {wrong} are judged otherwise")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
