#include "tests/unit/md_test.h"

#include "engine/base/diag.h"
#include "engine/base/time.h"
#include "probes/bundle/recorded.h"
#include "probes/source/source.h"
#include "tests/unit/probes/bundle/files.h"

#define LOG(hour) "24-Nov-2026 " hour ":30:06.94 tcp_local                 D 47 a@b.c rfc822;d@e.f d@e.f\n"
#define NSLOG(hour) "[24/Nov/2026:" hour ":01:50 -0500] mail1 ims_master[1]: General Notice: shutting down\n"
#define MANIFEST                                                                                                       \
    "{\"schema\": \"mtadoctor.bundle/1\", \"created\": \"2026-11-24T08:12:00Z\", \"timezone\": "                       \
    "\"America/New_York\",\n"                                                                                          \
    " \"host\": \"mail1.example.com\",\n"                                                                              \
    " \"commands\": [ {\"argv\": [\"imsimta\", \"process\"], \"exit\": 0, \"stdout\": \"commands/01.out\", "           \
    "\"stderr\": \"commands/01.err\",\n"                                                                               \
    "   \"started\": \"2026-11-24T08:11:00Z\"}, {\"argv\": [\"uptime\"], \"exit\": 1, \"stdout\": "                    \
    "\"commands/02.out\"} ],\n"                                                                                        \
    " \"listings\": [ {\"root\": \"/q/queue/\", \"file\": \"listings/queue.tsv\", \"complete\": true} ], \"dns\": "    \
    "\"dns.json\"}\n"

static void reads_loose_files(void **state)
{
    struct md_arena *arena = *state;
    struct md_diags *diags = md_diags_new(arena);
    const char *folder = files_folder(arena);
    struct md_source *source;
    const struct md_item *const *items;

    files_write(arena, folder, "log/mail.log_current", md_str(LOG("02") LOG("03")));
    files_write(arena, folder, "log/mail.log_yesterday", md_str(LOG("01")));
    files_write(arena, folder, "imta", md_str(NSLOG("01")));
    files_write(arena, folder, "imta.cnf", md_str("! x\n"));
    files_write(arena, folder, "imta.cnf.old", md_str("! y\n"));
    files_write(arena, folder, "readme", md_str("hello there\n"));
    files_write(
        arena, folder, "out.txt",
        md_str("mail1# date\nTue Nov 24 03:12:00 EST 2026\nmail1# uptime\n 3:12am up 1 day, load average: 1, 2, 3\n"));
    assert_int_equal(symlink("/etc/passwd", md_arena_printf(arena, "%s/aliases", folder)), 0);

    assert_int_equal(mkfifo(md_arena_printf(arena, "%s/pipe.log", folder), 0600), 0);
    source = files_open(folder, diags);
    assert_non_null(source);
    md_want_int("kind", md_source_kind(source), MD_SOURCE_DIRECTORY);
    md_want_cstr("inventory", files_inventory(arena, source),
                 "nslog imta, imta-cnf imta.cnf, other imta.cnf.old, mail-log log/mail.log_current, mail-log "
                 "log/mail.log_yesterday, "
                 "date out.txt, uptime out.txt, other readme");
    md_want_int("two logs", md_source_items(source, MD_ITEM_MAIL_LOG, &items), 2);
    md_want_cstr("the older log comes first", items[0]->base, "mail.log_yesterday");
    md_want_cstr("text of a part", files_text(arena, source, MD_ITEM_UPTIME, 0),
                 " 3:12am up 1 day, load average: 1, 2, 3\n");
    md_want_cstr("zone", md_source_zone(source), "-05:00");
    md_want_cstr("host", md_source_host(source), "mail1");
    md_want_cstr("now is the newest of log, server log and date", md_time_rfc3339(arena, md_source_now(source, NULL)),
                 "2026-11-24T08:30:06Z");
    md_want_true(files_complained(diags, "not understood"));
    md_want_true(files_complained(diags, "a saved copy"));
    md_want_true(files_complained(diags, "symbolic link is not followed"));
    md_want_true(files_complained(diags, "a pipe is not read"));
    md_source_free(&source);
    files_remove(folder);
}

static void write_bundle(struct md_arena *arena, const char *folder, const char *top)
{
    static const struct {
        const char *name, *text;
    } files[] = {
        {"manifest.json", MANIFEST},
        {"commands/01.out", "mailsrv  4410 S 18420  9372  03:10:07  0:00  /l/dispatcher\n"},
        {"commands/01.err", "nothing\n"},
        {"listings/queue.tsv", "l/ZZf0a1b2Cde34.00\t12\t1795501576\nl/\t0\t1795501576\t755\tm\tm\tdir\n"},
        {"listings/files.tsv",
         "/etc/resolv.conf\t22\t1700000000\t100640\troot\t-\n/q/queue/l/ZYf0a1b2Cde35.00\t9\t1700000000\t-\t-\t-\n"},
        {"files/etc/resolv.conf", "nameserver 192.0.2.53\nnameserver 192.0.2.54\n"},
        {"files/q/queue/l/ZYf0a1b2Cde35.00", "m;a@b.c\nd@e.f\nBoundary_(ID_x)\n"},
        {"dns.json", "{\"schema\": \"mtadoctor.dns/1\", \"answers\": [\n"
                     " {\"name\": \"Example.NET.\", \"type\": \"MX\", \"status\": \"NOERROR\", \"records\": "
                     "[{\"preference\": 10, \"exchange\": "
                     "\"mx.example.net\"}], \"resolver\": \"192.0.2.53\", \"ms\": 12},\n"
                     " {\"name\": \"example.net\", \"type\": \"MX\", \"status\": \"SERVFAIL\", \"records\": [], "
                     "\"resolver\": \"192.0.2.54\"}]}\n"},
        {"processes.txt", "UID PID PPID C STIME TTY TIME CMD\nroot 1 0 0 Oct_14 ? 0:07 init\n"},
    };

    for (size_t i = 0; i < MD_ROWS(files); i++)
        files_write(arena, folder, md_arena_printf(arena, "%s%s", top, files[i].name), md_str(files[i].text));
}

struct seen {
    const char *text;
    struct md_arena *arena;
};

static bool see(void *ctx, const struct md_dir_entry *entry)
{
    struct seen *seen = ctx;

    seen->text = md_arena_printf(seen->arena, "%s%.*s %llu %lld;", seen->text, MD_STR_ARG(entry->path),
                                 (unsigned long long)entry->size,
                                 entry->mtime == MD_TIME_NONE ? -1LL : (long long)(entry->mtime / MD_SECOND));
    return true;
}

static void check_bundle(struct md_arena *arena, const char *path, const char *top)
{
    struct md_diags *diags = md_diags_new(arena);
    struct md_source *source = files_open(path, diags);
    const struct md_item *const *items;
    const struct md_dns_answer *answers;
    const struct md_dns_query query = {MD_LIT("EXAMPLE.net"), MD_DNS_MX};
    const struct md_str *resolvers;
    static const char *const argv[] = {"imsimta", "process", NULL};
    const struct md_item *item;
    struct seen seen = {"", arena};

    assert_non_null(source);
    md_want_int("kind", md_source_kind(source), MD_SOURCE_BUNDLE);
    md_want_cstr("host", md_source_host(source), "mail1.example.com");
    md_want_cstr("zone", md_source_zone(source), "America/New_York");
    md_want_cstr("now", md_time_rfc3339(arena, md_source_now(source, NULL)), "2026-11-24T08:12:00Z");

    md_want_int("command", md_source_command(source, MD_ITEM_IMSIMTA_PROCESS, argv, &item), MD_OK);
    md_want_cstr("its name", item->name, md_arena_printf(arena, "%scommands/01.out", top));
    md_want_cstr("its line", item->command, "imsimta process");
    md_want_int("its exit", item->exit_code, 0);
    md_want_cstr("when it ran", md_time_rfc3339(arena, item->taken_at), "2026-11-24T08:11:00Z");

    md_want_int("one listing", md_source_items(source, MD_ITEM_LISTING, &items), 1);
    md_want_cstr("its root", items[0]->root, "/q/queue");
    md_want_true(items[0]->is_complete);
    md_want_int("walk", md_source_walk(source, items[0], diags, see, &seen), MD_OK);
    md_want_true(strstr(seen.text, "l/ZZf0a1b2Cde34.00 12 1795501576;") != NULL);

    md_want_int("one resolv.conf", md_source_items(source, MD_ITEM_RESOLV_CONF, &items), 1);
    md_want_cstr("its path", items[0]->path, "/etc/resolv.conf");
    md_want_int("its time is that of the original", items[0]->mtime / MD_SECOND, 1700000000);
    md_want_true(items[0]->has_owner);
    md_want_int("so is its mode", items[0]->mode, 0640);
    md_want_cstr("and its owner", items[0]->owner, "root");
    if (md_source_items(source, MD_ITEM_QUEUE_FILE, &items) > 0)
        md_want_true(!items[0]->has_owner);
    md_want_int("resolvers", md_source_resolvers(source, &resolvers), 2);
    md_want_str("the second", resolvers[1], "192.0.2.54");

    md_want_int("answers", md_source_resolve(source, arena, &query, 1, &answers), 2);
    md_want_int("status of one", answers[0].status, MD_DNS_NOERROR);
    md_want_str("exchange", answers[0].records[0].data, "mx.example.net");
    md_want_int("status of the other", answers[1].status, MD_DNS_SERVFAIL);

    md_want_int("a sampled queue file", md_source_items(source, MD_ITEM_QUEUE_FILE, &items), 1);
    md_want_int("but no queue tree", md_source_items(source, MD_ITEM_QUEUE_TREE, &items), 0);
    md_want_int("processes", md_source_items(source, MD_ITEM_PS, &items), 1);
    md_want_true(files_complained(diags, "output of \"uptime\" is not in the bundle"));
    md_want_int("nothing else to say", md_diags_count(diags), 1);
    md_source_free(&source);
}

static void reads_bundles(void **state)
{
    struct md_arena *arena = *state;
    const char *folder = files_folder(arena);

    write_bundle(arena, folder, "");
    check_bundle(arena, folder, "");
    files_remove(folder);
}

static void reads_bundles_below_a_top_folder(void **state)
{
    struct md_arena *arena = *state;
    const char *folder = files_folder(arena);

    write_bundle(arena, folder, "case-4711/");
    check_bundle(arena, folder, "case-4711/");
    files_remove(folder);
}

/* The files of a folder, packed. */
static void pack_folder(struct archive *archive, struct md_arena *arena, const char *folder, const char *below)
{
    DIR *dir = opendir(md_arena_printf(arena, "%s/%s", folder, below));
    struct dirent *entry;

    assert_non_null(dir);
    while ((entry = readdir(dir)) != NULL) {
        const char *name = md_arena_printf(arena, "%s%s%s", below, *below != '\0' ? "/" : "", entry->d_name);
        const char *path = md_arena_printf(arena, "%s/%s", folder, name);
        char bytes[4096];
        struct stat st;
        FILE *in;

        if (entry->d_name[0] == '.')
            continue;
        assert_int_equal(stat(path, &st), 0);
        if (S_ISDIR(st.st_mode)) {
            files_entry(archive, name, AE_IFDIR, NULL, md_str(""));
            pack_folder(archive, arena, folder, name);
            continue;
        }
        in = fopen(path, "rb");
        assert_non_null(in);
        files_entry(archive, md_arena_printf(arena, "./%s", name), AE_IFREG, NULL,
                    md_str_n(bytes, fread(bytes, 1, sizeof bytes, in)));
        (void)fclose(in);
    }
    closedir(dir);
}

static void reads_archives(void **state)
{
    static const struct {
        const char *says;
        int format, filter;
    } rows[] = {
        {"tar", ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_NONE},
        {"tar.gz", ARCHIVE_FORMAT_TAR_PAX_RESTRICTED, ARCHIVE_FILTER_GZIP},
        {"tar.xz", ARCHIVE_FORMAT_TAR_GNUTAR, ARCHIVE_FILTER_XZ},
        {"tar.bz2", ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_BZIP2},
        {"tar.zst", ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_ZSTD},
        {"zip", ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE},
    };
    struct md_arena *arena = *state;

    for (size_t i = 0; i < MD_ROWS(rows); i++) {
        const char *folder = files_folder(arena), *other = files_folder(arena);
        const char *path = md_arena_printf(arena, "%s/bundle", other);
        struct archive *archive = files_archive(path, rows[i].format, rows[i].filter);

        md_test_case(i, rows[i].says);
        write_bundle(arena, folder, "top/");
        pack_folder(archive, arena, folder, "");
        files_close(archive);
        check_bundle(arena, path, "top/");
        files_remove(folder);
        files_remove(other);
    }
}

static void large_members_are_read_by_streaming(void **state)
{
    struct md_arena *arena = *state;
    struct md_diags *diags = md_diags_new(arena);
    const char *folder = files_folder(arena), *path = md_arena_printf(arena, "%s/a.tar.gz", folder);
    struct archive *archive = files_archive(path, ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_GZIP);
    const size_t line = strlen(LOG("03")), lines = (MD_PACK_HELD_EACH + 100000) / line;
    char *text = malloc(lines * line);
    struct md_source *source;
    const struct md_item *const *items;
    struct md_stream *stream;
    static char chunk[70000];
    size_t total = 0;
    ptrdiff_t got;

    assert_non_null(text);
    for (size_t i = 0; i < lines; i++)
        memcpy(text + i * line, i + 1 == lines ? LOG("05") : LOG("03"), line);
    files_entry(archive, "mail.log_current", AE_IFREG, NULL, md_str_n(text, lines * line));
    files_entry(archive, "imta", AE_IFREG, NULL, md_str(NSLOG("01")));
    files_close(archive);
    source = files_open(path, diags);
    assert_non_null(source);
    md_want_int("one log", md_source_items(source, MD_ITEM_MAIL_LOG, &items), 1);
    md_want_cstr("its last stamp counts", md_time_rfc3339(arena, md_source_now(source, NULL)), "2026-11-24T10:30:06Z");
    md_want_int("time of the original", items[0]->mtime / MD_SECOND, 1795500000);
    for (int round = 0; round < 2; round++) {
        total = 0;
        md_want_int("open", md_source_open(source, items[0], &stream), MD_OK);
        while ((got = md_stream_read(stream, chunk, sizeof chunk)) > 0) {
            if (memcmp(chunk, text + total, (size_t)got) != 0)
                fail_msg("other bytes at %zu", total);
            total += (size_t)got;
        }
        md_stream_close(&stream);
        md_want_int("end", got, 0);
        md_want_int("all of it", total, lines * line);
    }
    md_source_free(&source);
    free(text);
    files_remove(folder);
}

static void compressed_logs_are_read_unpacked(void **state)
{
    struct md_arena *arena = *state;
    struct md_diags *diags = md_diags_new(arena);
    const char *folder = files_folder(arena), *path = md_arena_printf(arena, "%s/mail.log_current.1.gz", folder);
    struct archive *archive = files_archive(path, ARCHIVE_FORMAT_RAW, ARCHIVE_FILTER_GZIP);
    struct md_source *source;

    files_entry(archive, "x", AE_IFREG, NULL, md_str(LOG("02") LOG("03")));
    files_close(archive);
    source = files_open(folder, diags);
    assert_non_null(source);
    md_want_cstr("inventory", files_inventory(arena, source), "mail-log mail.log_current.1.gz");
    md_want_cstr("text", files_text(arena, source, MD_ITEM_MAIL_LOG, 0), LOG("02") LOG("03"));
    md_want_cstr("last stamp", md_time_rfc3339(arena, md_source_now(source, NULL)), "2026-11-24T03:30:06Z");
    md_source_free(&source);

    /* The same file alone. */
    source = files_open(path, diags);
    assert_non_null(source);
    md_want_cstr("inventory", files_inventory(arena, source), "mail-log mail.log_current.1.gz");
    md_source_free(&source);
    files_remove(folder);
}

static void a_copied_queue_is_walked(void **state)
{
    struct md_arena *arena = *state;
    struct md_diags *diags = md_diags_new(arena);
    const char *folder = files_folder(arena), *path = md_arena_printf(arena, "%s.tar", folder);
    struct md_source *source;
    const struct md_item *const *items;
    struct seen seen = {"", arena};
    struct archive *archive;

    files_write(arena, folder, "copy/queue/tcp_local/001/ZZf0a1b2Cde34.00",
                md_str("m;a@b.c\nd@e.f\nBoundary_(ID_x)\n"));
    files_write(arena, folder, "copy/queue/tcp_local/lost", md_str("x\n"));
    source = files_open(folder, diags);
    assert_non_null(source);
    md_want_cstr("inventory", files_inventory(arena, source),
                 "queue-tree copy/queue, queue-file copy/queue/tcp_local/001/ZZf0a1b2Cde34.00");
    (void)md_source_items(source, MD_ITEM_QUEUE_TREE, &items);
    md_want_int("walk", md_source_walk(source, items[0], diags, see, &seen), MD_OK);
    md_want_true(strstr(seen.text, "tcp_local/001/ZZf0a1b2Cde34.00 30 -1;") != NULL);
    md_want_true(strstr(seen.text, "tcp_local/lost 2 -1;") != NULL);
    md_want_true(files_complained(diags, "ages are not known"));
    md_source_free(&source);

    /* In an archive the times are those of the originals. */
    archive = files_archive(path, ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_NONE);
    pack_folder(archive, arena, folder, "");
    files_close(archive);
    diags = md_diags_new(arena);
    seen.text = "";
    source = files_open(path, diags);
    assert_non_null(source);
    (void)md_source_items(source, MD_ITEM_QUEUE_TREE, &items);
    md_want_int("walk", md_source_walk(source, items[0], diags, see, &seen), MD_OK);
    md_want_true(strstr(seen.text, "tcp_local/001/ZZf0a1b2Cde34.00 30 1795500000;") != NULL);
    md_want_int("nothing to say", md_diags_count(diags), 0);
    md_source_free(&source);
    (void)unlink(path);
    files_remove(folder);
}

static void the_same_log_counts_once(void **state)
{
    struct md_arena *arena = *state;
    struct md_diags *diags = md_diags_new(arena);
    const char *folder = files_folder(arena);
    struct md_source *source;
    const struct md_item *const *items;

    files_write(arena, folder, "opt/log/mail.log_current", md_str(LOG("02")));
    files_write(arena, folder, "var/log/mail.log_current", md_str(LOG("02")));
    source = files_open(folder, diags);
    assert_non_null(source);
    md_want_int("one log", md_source_items(source, MD_ITEM_MAIL_LOG, &items), 1);
    md_want_cstr("its path", items[0]->path, "/opt/log/mail.log_current");
    md_want_true(files_complained(diags, "the same file as"));
    md_want_cstr("no zone is known", md_source_zone(source) != NULL ? "one" : "none", "none");
    {
        bool is_local = false;

        (void)md_source_now(source, &is_local);
        md_want_true(is_local);
    }
    md_source_free(&source);
    files_remove(folder);
}

static void reads_facts_files(void **state)
{
    struct md_arena *arena = *state;
    struct md_diags *diags = md_diags_new(arena);
    const char *folder = files_folder(arena), *path = md_arena_printf(arena, "%s/f.json", folder);
    struct md_source *source;

    files_write(arena, folder, "f.json",
                md_str("{\"schema\": \"mtadoctor.facts/1\", \"source\": {\"host\": \"m\", \"observed_at\": "
                       "\"2026-11-24T08:12:00Z\"}, \"facts\": []}"));
    source = files_open(path, diags);
    assert_non_null(source);
    md_want_int("kind", md_source_kind(source), MD_SOURCE_FACTS);
    md_want_true(md_source_facts(source) != NULL);
    md_want_cstr("host", md_source_host(source), "m");
    md_want_cstr("now", md_time_rfc3339(arena, md_source_now(source, NULL)), "2026-11-24T08:12:00Z");
    md_source_free(&source);
    files_remove(folder);
}

static void says_why_not(void **state)
{
    struct md_arena *arena = *state;
    struct md_diags *diags = md_diags_new(arena);
    struct md_source_options options = {.at = MD_TIME_NONE};
    struct md_source *source = NULL;

    md_want_int("nothing there", md_source_open_path("/nowhere/at/all", &options, diags, &source), MD_NOT_FOUND);
    md_want_int("no file", md_source_open_path("/dev/null", &options, diags, &source), MD_UNSUPPORTED);
    md_want_int("each is said", md_diags_count(diags), 2);
}

static void a_broken_manifest_leaves_loose_files(void **state)
{
    struct md_arena *arena = *state;
    struct md_diags *diags = md_diags_new(arena);
    const char *folder = files_folder(arena);
    struct md_source *source;

    files_write(arena, folder, "manifest.json", md_str("{\"schema\": \"mtadoctor.bundle/1\", \"commands\": [ "));
    files_write(arena, folder, "processes.txt",
                md_str("UID PID PPID C STIME TTY TIME CMD\nroot 1 0 0 Oct_14 ? 0:07 init\n"));
    source = files_open(folder, diags);
    assert_non_null(source);
    md_want_int("kind", md_source_kind(source), MD_SOURCE_DIRECTORY);
    md_want_cstr("inventory", files_inventory(arena, source), "manifest manifest.json, ps processes.txt");
    md_want_true(files_complained(diags, "the manifest cannot be understood"));
    md_source_free(&source);
    files_remove(folder);
}

/* ls leaves out the year of what is younger than six months. */
static void a_listing_alone_says_its_year(void **state)
{
    static const struct {
        const char *says, *lines, *want;
    } cases[] = {
        {"the year after the one that stands there",
         "-rw-r--r-- 1 a b 5 Jun  3  2007 x\n-rw-r--r-- 1 a b 5 Mar 12 07:58 y\n-rw-r--r-- 1 a b 5 Mar 11 04:00 z\n",
         "2008-03-12T07:58:00Z"},
        {"the same year", "-rw-r--r-- 1 a b 5 Jan  3  2007 x\n-rw-r--r-- 1 a b 5 Aug 30 07:58 y\n",
         "2007-08-30T07:58:00Z"},
        {"across New Year: the newest is the one before the longest gap",
         "-rw-r--r-- 1 a b 5 Jan  3  2007 x\n-rw-r--r-- 1 a b 5 Dec 30 07:58 y\n-rw-r--r-- 1 a b 5 Jan  2 01:00 z\n",
         "2008-01-02T01:00:00Z"},
        {"files of up to six months before the newest",
         "-rw-r--r-- 1 a b 5 Jun  3  2007 x\n-rw-r--r-- 1 a b 5 Jul  1 07:58 y\n-rw-r--r-- 1 a b 5 Dec 10 01:00 z\n",
         "2007-12-10T01:00:00Z"},
        {"dates without a year all over it: of several times",
         "-rw-r--r-- 1 a b 5 Jun  3  2007 w\n-rw-r--r-- 1 a b 5 Jan  1 07:58 x\n-rw-r--r-- 1 a b 5 May 10 01:00 y\n"
         "-rw-r--r-- 1 a b 5 Sep 10 01:00 z\n",
         "2007-06-03T00:00:00Z"},
        {"all with a year", "-rw-r--r-- 1 a b 5 Jun  3  2007 x\n-rw-r--r-- 1 a b 5 Jun  3  2006 y\n",
         "2007-06-03T00:00:00Z"},
    };
    struct md_arena *arena = *state;

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        const char *folder = files_folder(arena);
        struct md_source *source;

        md_test_case(i, cases[i].says);
        files_write(arena, folder, "ls.txt", md_str(md_arena_printf(arena, "/q:\ntotal 3\n%s", cases[i].lines)));
        source = files_open(folder, md_diags_new(arena));
        assert_non_null(source);
        md_want_cstr("now", md_time_rfc3339(arena, md_source_now(source, NULL)), cases[i].want);
        md_source_free(&source);
        files_remove(folder);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(reads_loose_files),
                                       MD_TEST(reads_bundles),
                                       MD_TEST(reads_bundles_below_a_top_folder),
                                       MD_TEST(reads_archives),
                                       MD_TEST(large_members_are_read_by_streaming),
                                       MD_TEST(compressed_logs_are_read_unpacked),
                                       MD_TEST(a_copied_queue_is_walked),
                                       MD_TEST(the_same_log_counts_once),
                                       MD_TEST(reads_facts_files),
                                       MD_TEST(says_why_not),
                                       MD_TEST(a_broken_manifest_leaves_loose_files),
                                       MD_TEST(a_listing_alone_says_its_year)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
