"""usage: make_archives.py FOLDER

Writes hostile archives into FOLDER, and cases.json: what must come of each. Always the same bytes, with nothing but Python's own library.

Most hold a small log of a known diagnosis (KNOWN) beside what is hostile: where it can be read, that diagnosis must come out."""
import json
import os
import sys

import bombs
import links_and_names
import manifests
import nested
import wreckage

MODULES = (links_and_names, bombs, wreckage, manifests, nested)


def main():
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    cases = []
    for module in MODULES:
        for case in module.cases():
            with open(os.path.join(folder, case["file"]), "wb") as out:
                for chunk in case.pop("bytes"):
                    out.write(chunk)
            cases.append(case)
    names = [case["file"] for case in cases]
    assert len(names) == len(set(names)), "two cases of one name"
    with open(os.path.join(folder, "cases.json"), "w", encoding="ascii") as out:
        json.dump(cases, out, indent=1)
    print(f"{len(cases)} archives in {folder}")


if __name__ == "__main__":
    main()
