/*
 * usage: redact_folder [--strict] FROM TO KEY
 *
 * Redacts the files of a folder into a new one, for the tests: reads as a bundle is read, so files are taken for the same
 * kinds. KEY: any text. Exit status 1: the leak scan found something.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "probes/bundle/pack.h"
#include "probes/bundle/recognise.h"
#include "probes/bundle/redact.h"
#include "probes/source/stream.h"

static _Noreturn void die(const char *what, const char *name)
{
    (void)fprintf(stderr, "redact_folder: %s: %s\n", what, name);
    exit(2);
}

static struct md_str read_member(struct md_arena *arena, struct md_pack *pack, const struct md_member *member)
{
    struct md_buf all = {0};
    struct md_stream *stream;
    char chunk[65536];
    ptrdiff_t n;
    struct md_str text;

    if (md_pack_stream(pack, member, &stream) != MD_OK)
        die("cannot read", member->name.p);
    while ((n = md_stream_read(stream, chunk, sizeof chunk)) > 0)
        md_buf_add(&all, md_str_n(chunk, (size_t)n));
    md_stream_close(&stream);
    text = md_arena_str(arena, md_str_n(all.p, all.n));
    md_buf_free(&all);
    return text;
}

static void write_file(const char *folder, struct md_str name, struct md_str text)
{
    char path[8192];
    FILE *f;

    (void)snprintf(path, sizeof path, "%s/%.*s", folder, MD_STR_ARG(name));
    for (char *p = path + strlen(folder) + 1; *p != '\0'; p++)
        if (*p == '/') {
            *p = '\0';
            if (mkdir(path, 0755) != 0 && errno != EEXIST)
                die("cannot make", path);
            *p = '/';
        }
    f = fopen(path, "wb");
    if (f == NULL || fwrite(text.p, 1, text.n, f) != text.n || fclose(f) != 0)
        die("cannot write", path);
}

int main(int argc, char **argv)
{
    struct md_arena *arena = md_arena_new();
    struct md_diags *diags = md_diags_new(arena);
    const bool is_strict = argc > 1 && strcmp(argv[1], "--strict") == 0;
    unsigned char key[32] = {0};
    struct md_source_options options = {0};
    struct md_redactor *redactor;
    struct md_leak_scan *scan;
    struct md_pack *pack;
    uint64_t leaks;

    argc -= is_strict;
    argv += is_strict;
    if (argc != 4)
        die("usage", "redact_folder [--strict] FROM TO KEY");
    for (size_t i = 0; argv[3][i] != '\0'; i++)
        key[i % sizeof key] ^= (unsigned char)argv[3][i];
    if (md_pack_open_directory(arena, argv[1], &options, diags, &pack) != MD_OK)
        die("cannot open", argv[1]);
    if (mkdir(argv[2], 0755) != 0 && errno != EEXIST)
        die("cannot make", argv[2]);
    redactor = md_redactor_new(arena, is_strict ? MD_REDACT_STRICT : MD_REDACT_DEFAULT, key);
    scan = md_leak_scan_new(redactor, arena);
    for (int pass = 0; pass < 3; pass++)
        for (size_t i = 0; i < pack->n; i++) {
            const struct md_member *member = &pack->members[i];
            struct md_file_verdict verdict;
            struct md_arena *mine = md_arena_new();
            struct md_str text, name;
            struct md_redaction *redaction;
            struct md_buf out = {0};

            if (member->is_dir || member->status != MD_OK) {
                md_arena_free(&mine);
                continue;
            }
            text = read_member(mine, pack, member);
            md_recognise_file(member->name, md_str_sub(text, 0, MD_RECOGNISE_HEAD), text.n, &verdict);
            if (pass == 0)
                md_redactor_learn(redactor, verdict.kind, member->name, text);
            else {
                name = md_redact_path(redactor, mine, member->name);
                redaction = md_redaction_new(redactor, verdict.kind, member->name);
                md_redaction_feed(redaction, text, &out);
                md_redaction_end(&redaction, &out);
                if (pass == 1)
                    write_file(argv[2], name, md_str_n(out.p, out.n));
                else {
                    md_leak_scan_feed(scan, name, name);
                    md_leak_scan_feed(scan, name, md_str_n("\n", 1));
                    md_leak_scan_feed(scan, name, md_str_n(out.p, out.n));
                }
            }
            md_buf_free(&out);
            md_arena_free(&mine);
        }
    leaks = md_leak_scan_end(&scan, diags);
    for (size_t i = 0; i < md_diags_count(diags); i++)
        (void)fprintf(stderr, "%s:%u: %s\n", md_diags_at(diags, i)->loc.file, md_diags_at(diags, i)->loc.line,
                      md_diags_at(diags, i)->what);
    md_pack_close(pack);
    md_arena_free(&arena);
    return leaks > 0 ? 1 : 0;
}
