#!/usr/bin/env python3
"""md_layers.py ROOT LAYERS: fails where a source file reaches into a layer that it may not know.

LAYERS is written by CMake from the md_library() calls: "folder target uses..." a line. Checked are
  1. every #include "folder/file.h": the folder must be the file's own or among what its target uses, directly or not; of
     engine/ probes may know the facts only, and reports what a result consists of;
  2. words of the mail domain in engine/ and its tests, comments too: the engine knows nothing about mail;
  3. ids of diagnoses (the causes under rules/) in probes/: a probe reports facts and draws no conclusion.
"""
import os
import re
import sys

# "mailboxes" is no such word: the contract's `impact` counts them, as it does messages.
DOMAIN = re.compile(
    r"(?<![a-z])(e?mail|queue|channel|smtp|esmtp|imap|pop3|lmtp|mta|imta|postfix|sendmail|msgserver|imsimta"
    r"|bounce|dequeue|enqueue|recipient|sender|envelope)s?(?![a-z])")
# What of engine/ itself (engine/base is a layer of its own) is open to the folders that may not know how it infers.
ENGINE = {
    "probes": {"fact.h", "facts_json.h", "catalogue.h", "embedded.h"},
    "cli/report": {"ask.h", "check.h", "fact.h", "facts_json.h", "catalogue.h", "result.h", "urgency.h"},
}
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"')
CAUSE = re.compile(r"""^\s*cause\s*\(?\s*["']([a-z0-9.-]+)["']""", re.M)
FACT = re.compile(r"^\s*- (?:\{\s*)?name:\s*([a-z0-9_.]+)", re.M)
ID = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)+")


def sources(root, folder, ends=(".c", ".h", ".def")):
    for place, folders, files in os.walk(os.path.join(root, folder)):
        folders.sort()
        for name in sorted(files):
            if name.endswith(ends):
                yield os.path.relpath(os.path.join(place, name), root)


def lines(root, path):
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as f:
        return f.read().splitlines()


def folder_of(path, folders):
    while path and path not in folders:
        path = os.path.dirname(path)
    return path


def is_open(path, header):
    folder, name = os.path.split(header)
    return folder != "engine" or all(name in headers for top, headers in ENGINE.items() if path.startswith(top + "/"))


def main():
    root, layers = sys.argv[1], sys.argv[2]
    faults = []
    target_of, uses_of = {}, {}
    with open(layers, encoding="utf-8") as f:
        for line in f:
            folder, target, *uses = line.split()
            target_of[folder] = target
            uses_of[target] = uses

    def reachable(target, seen):
        if target in uses_of and target not in seen:
            seen.add(target)
            for use in uses_of[target]:
                reachable(use, seen)
        return seen

    checked = 0
    for top in ("engine", "probes", "cli"):
        for path in sources(root, top):
            own = folder_of(os.path.dirname(path), target_of)
            allowed = reachable(target_of.get(own, ""), set())
            checked += 1
            for number, line in enumerate(lines(root, path), 1):
                found = INCLUDE.match(line)
                if not found:
                    continue
                target = target_of.get(folder_of(os.path.dirname(found[1]), target_of))
                if target is None:
                    faults.append(f"{path}:{number}: \"{found[1]}\" is not a path from the root")
                elif target not in allowed or not is_open(path, found[1]):
                    faults.append(f"{path}:{number}: {own} must not include {found[1]}")

    for top in ("engine", "tests/unit/engine"):
        for path in sources(root, top):
            for number, line in enumerate(lines(root, path), 1):
                found = DOMAIN.search(line.lower())
                if found:
                    faults.append(f"{path}:{number}: the engine must not speak of \"{found[0]}\"")

    causes = set()
    for path in sources(root, "rules", (".lua",)):
        causes.update(CAUSE.findall("\n".join(lines(root, path))))
    # A fact may be called as a diagnosis is ("channel.stopped"), and facts are what probes name.
    for path in sources(root, "rules", (".yaml",)):
        if re.fullmatch(r"rules/facts(_\w+)?\.yaml", path):
            causes.difference_update(FACT.findall("\n".join(lines(root, path))))
    for path in sources(root, "probes"):
        for number, line in enumerate(lines(root, path), 1):
            for word in ID.findall(line):
                if word in causes:
                    faults.append(f"{path}:{number}: a probe must not name the diagnosis \"{word}\"")

    print("\n".join(faults) if faults else f"{checked} files keep to the layers")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
