"""usage: make.py healthy|faulty COUNT FOLDER [SEED]

Writes COUNT made-up hosts as cases (input and expect.json) below FOLDER: healthy ones of all versions and roles, or each broken in one way."""
import json
import os
import random
import sys

import faults
import files
import hosts

SHAPES = ["bundle", "bundle", "tar", "loose"]


def healthy(i, seed):
    h = hosts.Host(seed, version=list(hosts.PRODUCTS)[i % len(hosts.PRODUCTS)])
    h.traffic()
    if "relay" in h.roles or h.roles == "frontend" or h.rng.random() < 0.5:
        h.dead_letters(h.rng.choice([0, 2, 6, 15]))
    h.turnover(h.rng.choice([12, 30, 80]))
    h.default_processes()
    if h.local == "ims-ms" and h.rng.random() < 0.3:
        faults.mailbox_busy(h)
    if h.rng.random() < 0.3:
        faults.greylisting(h)
    return h, {"verdict": ["normal"], "max_probability": 0.5}


def faulty(i, seed):
    fault = faults.ALL[i % len(faults.ALL)]
    rng = random.Random(seed)
    versions = list(hosts.PRODUCTS)
    h = hosts.Host(seed, version=versions[(i // len(faults.ALL) + i) % len(versions)], roles=faults.roles_for(fault, rng))
    if fault in faults.NEEDS_FILENAMES:
        h.options["LOG_FILENAME"] = 1
    if fault in faults.LEGACY:
        h.is_unified = False
    h.turnover(h.rng.choice([12, 30]))
    expect = fault(h)
    h.traffic()
    if "relay" in h.roles and fault is not faults.resolver_down:
        h.dead_letters(h.rng.choice([0, 3, 8]))
    h.default_processes()
    return h, expect, fault.__name__


def main():
    kind, count, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    base = int(sys.argv[4]) if len(sys.argv) > 4 else 1
    for i in range(count):
        seed = base * 100003 + i
        name = f"healthy_{i:03d}"
        if kind == "healthy":
            h, expect = healthy(i, seed)
        else:
            h, expect, what = faulty(i, seed)
            name = f"{what}_{i:03d}"
        shape = SHAPES[i % len(SHAPES)] if kind == "healthy" else SHAPES[(i + i // len(faults.ALL)) % len(SHAPES)]
        case = os.path.join(folder, f"{name}_{h.version}_{h.roles.replace('+', '-')}_{shape}")
        files.write(h, case, shape)
        local = h.now.astimezone(h.zone)
        expect["at"] = local.isoformat()
        expect["timezone"] = h.zone.key
        if shape == "loose":
            expect["options"] = ["--timezone", h.zone.key]
        with open(os.path.join(case, "expect.json"), "w") as f:
            json.dump(expect, f, indent=1)


if __name__ == "__main__":
    main()
