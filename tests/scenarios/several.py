"""usage: several.py MTADOCTOR

What was sent, in the forms in which people send it: archives inside of archives and folders, several hosts in one source, facts files, an old and a
new look at one host. Each test is a function whose name is a sentence. Ends with "N passed, N failed"."""
import bz2
import gzip
import io
import json
import lzma
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import inputs     # noqa: E402
import files      # noqa: E402
import judge      # noqa: E402
import program    # noqa: E402

HOSTS = {"mta1": ({"seed": 21, "version": "6.3"}, "over_quota", "ims-ms.over-quota"), "mta2": ({"seed": 22, "version": "7.0"}, "dead_domains", "destination.unreachable")}


def check(is_good, says):
    if not is_good:
        raise AssertionError(says)


def said(d):
    return [(x["id"], x["scope"], x["members"], x["probability"], x["decibans"], x["urgency"], x["since"], x["impact"], x["evidence"], x["remedies"]) for x in d["diagnoses"]]


class Bench:
    def __init__(self, binary):
        self.binary = binary
        self.case = tempfile.mkdtemp(prefix="mtadoctor-several-")
        self.names = {}
        for name, (spec, fault, _) in HOSTS.items():
            h = inputs.host({"roles": "relay+store", "zone": "America/New_York", "per_hour": 20, **spec}, fault)
            self.names[h.name] = name       # the folder is not called after the host
            for shape, write in (("loose", files.write_loose), ("bundle", files.write_bundle)):
                os.makedirs(os.path.join(self.case, shape, name))
                write(h, os.path.join(self.case, shape, name))

    def path(self, *parts):
        return os.path.join(self.case, *parts)

    def run(self, *args, **more):
        return program.run([self.binary, *args], cwd=self.case, **more)

    def json(self, *args):
        p = self.run("analyze", *args, "--format", "json")
        check(p.status in (0, 1), f"{args}: exit status {p.status}, {p.err_text[:300]}")
        return json.loads(p.out)

    def copy(self, shape, name, *where):
        os.makedirs(os.path.dirname(self.path(*where)), exist_ok=True)
        shutil.copytree(self.path(shape, name), self.path(*where))

    def tar(self, name, mode, what, arcname):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with tarfile.open(self.path(name), mode) as t:
            t.add(self.path(what), arcname)

    def both(self, d):
        """Two results, each of its own host, its evidence from its own folder."""
        check(d.get("schema") == "mtadoctor.diagnoses/1", f"one result: {d.get('source')}, {[x['id'] for x in d.get('diagnoses', [])]}")
        check(len(d["results"]) == 2, f"{len(d['results'])} results: {[r['source'] for r in d['results']]}")
        for r in d["results"]:
            name = self.names.get(r["source"]["host"].split(".")[0])
            check(name in HOSTS, f"a host {r['source']['host']}")
            check(r["diagnoses"][0]["id"] == HOSTS[name][2], f"{name}: {r['diagnoses'][0]['id']}")
            named = {s["file"] for x in r["diagnoses"] for e in x["evidence"] for s in e["sources"] if "file" in s}
            other = next(n for n in HOSTS if n != name)
            check(not any(other in f for f in named), f"{name}: evidence from {sorted(named)}")
        check(len({r["source"]["host"] for r in d["results"]}) == 2, "one host twice")
        return d

    def close(self):
        shutil.rmtree(self.case)


# ------------------------------------------------------------------ several hosts
def folders_of_two_hosts_give_two_results(b):
    b.both(b.json("loose"))
    b.both(b.json("bundle"))


def an_archive_of_two_hosts_gives_two_results(b):
    b.tar("two.tar.gz", "w:gz", "loose", "case-1234/sent")
    b.both(b.json("two.tar.gz"))
    text = b.run("analyze", "two.tar.gz", "--color", "never")
    bad = judge.judge_text(text.out)
    check(not bad, f"{bad}")
    check(text.out.decode().startswith("== ") and "beside each other" in text.out.decode(), "no headings")


def folders_by_kind_and_then_by_host_go_together(b):
    for name in HOSTS:
        for file in os.listdir(b.path("loose", name)):
            kind = "logs" if "log" in file or file == "imta" else "config"
            os.makedirs(b.path("turned", kind, name), exist_ok=True)
            shutil.copy(b.path("loose", name, file), b.path("turned", kind, name))
    b.both(b.json("turned"))


def folders_called_after_host_and_kind_go_together(b):
    for name in HOSTS:
        for file in os.listdir(b.path("loose", name)):
            kind = "logs" if "log" in file or file == "imta" else "config"
            os.makedirs(b.path("mixed", f"{name}-{kind}"), exist_ok=True)
            shutil.copy(b.path("loose", name, file), b.path("mixed", f"{name}-{kind}"))
    b.both(b.json("mixed"))


def what_is_of_no_host_is_left_out_with_a_word(b):
    b.copy("loose", "mta1", "stray", "mta1")
    b.copy("loose", "mta2", "stray", "mta2")
    shutil.copy(b.path("loose", "mta1", "mail.log_current"), b.path("stray", "mail.log_current"))
    d = b.both(b.json("stray"))
    check(all(any("which of the 2 hosts" in p["what"] for p in r["problems"]) for r in d["results"]), "nothing is said")


def one_host_in_many_folders_is_one_host(b):
    whole = b.json("loose/mta1")
    for file in os.listdir(b.path("loose", "mta1")):
        folder = "logs" if "log" in file else "first look" if "output" in file else "config 2026-11-24"
        os.makedirs(b.path("one", folder), exist_ok=True)
        shutil.copy(b.path("loose", "mta1", file), b.path("one", folder))
    d = b.json("one")
    check(d["schema"] == "mtadoctor.diagnosis/1", f"{len(d.get('results', []))} results")
    check([x["id"] for x in d["diagnoses"]] == [x["id"] for x in whole["diagnoses"]], "another answer")


def two_looks_at_one_host_in_a_folder_of_old_copies_are_one_host(b):
    b.copy("loose", "mta1", "backups", "config")
    os.makedirs(b.path("backups", "config", "backup"))
    shutil.copy(b.path("loose", "mta1", "imta.cnf"), b.path("backups", "config", "backup", "imta.cnf"))
    check(b.json("backups")["schema"] == "mtadoctor.diagnosis/1", "a saved configuration became a host")


def several_sources_of_which_one_cannot_be_read_still_answer(b):
    p = b.run("analyze", "loose/mta1", "nowhere", "--format", "json")
    d = json.loads(p.out)
    check(p.status in (0, 1) and len(d["results"]) == 1 and len(d["failed"]) == 1, f"status {p.status}, {d.get('failed')}")
    check(b.run("analyze", "nowhere", "neither").status == 3, "nothing was read and the status is not 3")


def a_comparison_says_what_all_share_and_what_differs(b):
    c = b.json("bundle")["comparison"]
    check(any(r["what"] == "version" and r["values"] == ["6.3", "7.0"] for r in c["differs"]), f"{c['differs'][:3]}")
    check(any(r["what"] == "product" and r["value"] == "msgserver" for r in c["shared"]), f"{c['shared'][:3]}")
    check({r["id"] for r in c["diagnoses"]} >= {"ims-ms.over-quota", "destination.unreachable"}, f"{c['diagnoses']}")


# ------------------------------------------------------------------ archives inside
def an_archive_inside_is_read_whatever_its_form(b):
    want = said(b.json("bundle/mta1"))
    top = "nested"
    for form, mode in (("tar", "w"), ("tar.gz", "w:gz"), ("tar.bz2", "w:bz2"), ("tar.xz", "w:xz")):
        b.tar(f"{top}-{form}/mta1.{form}", mode, "bundle/mta1", "mta1")
        b.tar(f"{top}.{form}.tar.gz", "w:gz", f"{top}-{form}", "outer")
    os.makedirs(b.path(top + "-zip"))
    with zipfile.ZipFile(b.path(top + "-zip", "mta1.zip"), "w", zipfile.ZIP_DEFLATED) as z:
        for folder, _, names in sorted(os.walk(b.path("bundle", "mta1"))):
            for name in names:
                z.write(os.path.join(folder, name), os.path.relpath(os.path.join(folder, name), b.path("bundle")))
    sources = [f"{top}-{f}" for f in ("tar", "tar.gz", "tar.bz2", "tar.xz", "zip")] + [f"{top}.{f}.tar.gz" for f in ("tar", "tar.gz", "tar.bz2", "tar.xz")]
    if shutil.which("zstd"):
        os.makedirs(b.path(top + "-zst"))
        subprocess.run(["zstd", "-q", b.path(f"{top}-tar", "mta1.tar"), "-o", b.path(top + "-zst", "mta1.tar.zst")], check=True)
        sources.append(top + "-zst")
    for source in sources:
        d = b.json(source)
        check(d["source"]["kind"] == "bundle", f"{source}: {d['source']}")
        check([x[:7] for x in said(d)] == [x[:7] for x in want], f"{source}: another answer")


def bundles_of_two_hosts_inside_give_two_results(b):
    for name in HOSTS:
        b.tar(f"two-inside/{name}.tar.gz", "w:gz", f"bundle/{name}", "bundle")
    b.both(b.json("two-inside"))
    b.tar("two-inside.tar", "w", "two-inside", "from-the-customer")
    b.both(b.json("two-inside.tar"))


def an_archive_two_levels_down_is_named(b):
    b.tar("deep/a.tar.gz", "w:gz", "loose/mta1", "mta1")
    b.tar("deeper/b.tar", "w", "deep", "deep")
    b.copy("loose", "mta2", "deeper", "mta2")
    d = b.json("deeper")
    results = d.get("results", [d])
    check(any("a.tar.gz" in (p["where"] or "") and "archive" in p["what"] for r in results for p in r["problems"]), "the inner one is not named")


def a_single_compressed_file_is_read(b):
    b.copy("loose", "mta1", "packed")
    name = b.path("packed", "mail.log_current")
    with open(name, "rb") as f:
        data = f.read()
    want = [x["id"] for x in b.json("loose/mta1")["diagnoses"]]
    os.remove(name)
    for pack, end in ((gzip.compress, "gz"), (bz2.compress, "bz2"), (lzma.compress, "xz")):
        with open(f"{name}.{end}", "wb") as f:
            f.write(pack(data))
        check([x["id"] for x in b.json("packed")["diagnoses"]] == want, end)
        os.remove(f"{name}.{end}")


def a_damaged_archive_inside_is_named_and_the_rest_counts(b):
    b.copy("loose", "mta1", "damaged")
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as t:
        t.add(b.path("loose", "mta2"), "x")
    with open(b.path("damaged", "more.tar.gz"), "wb") as f:
        f.write(buffer.getvalue()[:3000])
    d = b.json("damaged")
    results = d.get("results", [d])
    check(any("more.tar.gz" in (p["where"] or "") for r in results for p in r["problems"]), f"{[r['problems'] for r in results]}")
    check(results[0]["diagnoses"][0]["id"] == "ims-ms.over-quota", "the rest does not count")


# ------------------------------------------------------------------ facts
def a_facts_file_gives_the_same_answer_as_its_source(b):
    for source in ("loose/mta1", "loose/mta2", "bundle/mta1", "bundle/mta2"):
        p = b.run("facts", source, "--format", "json", "-o", "facts.json")
        check(p.status == 0, p.err_text[:200])
        one, other = b.json(source), b.json("facts.json")
        check(said(one) == said(other), f"{source}: the facts file says something else")
        for key in ("overview", "verdict", "summary", "no_fault", "considered", "unknown", "send_also"):
            check(one[key] == other[key], f"{source}: {key} differs")


def facts_of_two_hosts_give_both_answers(b):
    p = b.run("facts", "loose", "--format", "json", "-o", "both.json")
    check(p.status == 0, p.err_text[:200])
    d = b.json("both.json")
    check([said(r) for r in d["results"]] == [said(r) for r in b.json("loose")["results"]], "another answer")


# ------------------------------------------------------------------ files, and what to send
def each_file_is_named_with_what_it_was_taken_for(b):
    with open(b.path("loose", "mta1", "photo.png"), "wb") as f:
        f.write(b"\x89PNG\r\n\x1a\n" + bytes(200))
    try:
        d = b.json("loose/mta1")
        kinds = {f["name"]: f["kind"] for f in d["files"]}
        check(kinds.get("mail.log_current") == "mail-log" and kinds.get("imta.cnf") == "imta-cnf" and kinds.get("photo.png") == "other", f"{kinds}")
        text = b.run("analyze", "loose/mta1", "--verbose", "--color", "never")
        check(not judge.judge_text(text.out) and b"What each file was taken for" in text.out, f"{judge.judge_text(text.out)}")
    finally:
        os.remove(b.path("loose", "mta1", "photo.png"))


def what_to_send_also_fits_the_version_and_what_was_sent(b):
    os.makedirs(b.path("poor"))
    for name in ("imta.cnf", "queue-ls-lR.txt"):
        shutil.copy(b.path("loose", "mta2", name), b.path("poor", name))
    d = b.json("poor")
    commands = [s["command"] for s in d["send_also"]]
    check(commands and len(commands) == len(set(commands)), f"{commands}")
    check(any("mail.log_current" in c for c in commands), f"no log is asked for: {commands}")
    check(not any(c.startswith("ls -lR") for c in commands), f"the listing is asked for again: {commands}")
    whole = [s["command"] for s in b.json("bundle/mta1")["send_also"]]
    check(not any("qm messages" in c or "msconfig" in c for c in whole), f"commands of another version: {whole}")


# ------------------------------------------------------------------ two looks
def a_comparison_of_two_looks_names_what_moved(b):
    b.copy("bundle", "mta1", "later")
    healthy = inputs.host({"roles": "relay+store", "zone": "America/New_York", "per_hour": 20, "seed": 21, "version": "6.3"})
    shutil.rmtree(b.path("later"))
    os.makedirs(b.path("later"))
    files.write_bundle(healthy, b.path("later"))
    p = b.run("analyze", "--compare", "bundle/mta1", "later", "--format", "json")
    check(p.status == 0, f"status {p.status} {p.err_text[:200]}")
    d = json.loads(p.out)
    check(d["schema"] == "mtadoctor.comparison/1", d["schema"])
    moved = next(x for x in d["diagnoses"] if x["id"] == "ims-ms.over-quota")
    check(moved["before"] > .8 and (moved["after"] is None or moved["after"] < .2) and moved["evidence"], f"{moved}")
    check(d["facts"][0]["moved"] > 0 and "ims-ms.over-quota" in d["facts"][0]["diagnoses"], f"{d['facts'][0]}")
    check([f["moved"] for f in d["facts"]] == sorted((f["moved"] for f in d["facts"]), reverse=True), "not by how much they moved")
    text = b.run("analyze", "--compare", "bundle/mta1", "later", "--color", "never")
    check(not judge.judge_text(text.out), f"{judge.judge_text(text.out)}")


def the_same_source_twice_is_no_change(b):
    d = json.loads(b.run("analyze", "--compare", "bundle/mta1", "bundle/mta1", "--format", "json").out)
    check(d["facts"] == [] and all(x["before"] == x["after"] and not x["evidence"] for x in d["diagnoses"]), f"{d['facts'][:2]}")


def a_comparison_wants_two_sources(b):
    for args in (["loose/mta1"], ["loose/mta1", "loose/mta2", "later"]):
        check(b.run("analyze", "--compare", *args).status == 2, f"{args}")


def hosts_are_compared_with_themselves_by_name(b):
    one = json.loads(b.run("analyze", "--compare", "bundle/mta1", "loose/mta1", "--format", "json").out)
    d = json.loads(b.run("analyze", "--compare", "bundle", "loose", "--format", "json").out)
    check(d["schema"] == "mtadoctor.comparisons/1" and d["alone"] == [] and len(d["results"]) == 2, f"{d['schema']} {d['alone']}")
    for r in d["results"]:
        check(r["old"]["source"]["host"].split(".")[0] == r["new"]["source"]["host"].split(".")[0], f"{r['old']['source']} {r['new']['source']}")
    same = next(r for r in d["results"] if b.names[r["new"]["source"]["host"].split(".")[0]] == "mta1")
    check(same["diagnoses"] == one["diagnoses"], "another answer than of one host alone")
    text = b.run("analyze", "--compare", "bundle", "loose", "--color", "never")
    check(not judge.judge_text(text.out) and text.out.count(b"How the diagnoses moved") == 2, f"{judge.judge_text(text.out)}")


def a_host_without_a_partner_is_named(b):
    for old, new, where in (("loose", "loose/mta1", "old"), ("loose/mta1", "loose", "new")):
        p = b.run("analyze", "--compare", old, new, "--format", "json")
        d = json.loads(p.out)
        check(len(d["results"]) == 1 and len(d["alone"]) == 1 and d["results"][0]["facts"] == [], f"{old} {new}: {d['alone']}")
        alone = d["alone"][0]
        check(b.names[alone["host"].split(".")[0]] == "mta2" and alone["in"] == where and alone["readable"], f"{alone}")
        check(f"is only in the {where} source" in " ".join(b.run("analyze", "--compare", old, new).out.decode().split()), "nothing is said")
    check(b.run("analyze", "--compare", "bundle", "nowhere").status == 3, "nothing was compared and the status is not 3")


def main(argv):
    return program.run_tests(argv, __doc__, globals(), ("Bench", "check", "said", "main"), Bench)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
