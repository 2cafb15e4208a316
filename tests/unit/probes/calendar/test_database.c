#include "tests/unit/probes/calendar/calendar_fixture.h"
#include "tests/unit/probes/formats/calendar/bdb_made.h"

#include "probes/calendar/csdb_set.h"

extern const struct md_probe md_probe_calendar_database;

static void add_file(struct md_probe_test *t, enum md_item_kind kind, const char *folder, const char *base,
                     const uint8_t *bytes, size_t n, int64_t mtime)
{
    const char *path = md_arena_printf(t->ctx.arena, "%s/%s", folder, base);
    struct md_item *item = md_fake_add_bytes(t->source, kind, path, md_str_n((const char *)bytes, n));

    item->path = path;
    item->base = base;
    item->mtime = mtime;
}

static void add_tree(struct md_probe_test *t, const char *folder, const char *base, uint32_t n_leaves)
{
    struct bdb_made made = bdb_tree(t->ctx.arena, 4096, n_leaves, 9, true);

    add_file(t, MD_ITEM_CSDB_FILE, folder, base, made.bytes, made.page * made.n_pages, NOW);
}

static const struct md_fact *of_file(struct md_probe_test *t, const char *file, const char *name)
{
    return md_fact_by_name(t->facts, md_facts_instance(t->facts, "database", md_str(file), md_facts_root(t->facts)),
                           name);
}

static uint64_t pages_of(struct md_probe_test *t, const char *file)
{
    const struct md_fact *fact = of_file(t, file, "database.pages");

    return fact != NULL && fact->is_known ? fact->value.u.count : 0;
}

/* Of several folders with such files, which one is the database: its events have 12 pages. */
static const struct {
    const char *says, *live, *other, *ics_conf;
    bool has_regions;
} folders[] = {
    {"the one called csdb", "/var/opt/SUNWics5/csdb", "/backup/2007-05-30", NULL, false},
    {"the one that ics.conf names", "/cal/db", "/var/opt/SUNWics5/csdb",
     "caldb.berkeleydb.homedir.path = \"/cal/db\"\n", false},
    {"not the one that is called a copy", "csdb", "csdb.SAVE", NULL, false},
    {"not the one that is called a backup", "x/db", "x/hotbackup/db", NULL, false},
    {"the one with regions", "b/db", "a/db", NULL, true},
};

static void the_live_folder_is_found(void **state)
{
    for (size_t i = 0; i < MD_ROWS(folders); i++)
        for (int order = 0; order < 2; order++) {
            struct md_probe_test t = md_probe_test_new(*state, NOW);
            static const uint8_t region[64] = {0};

            if (folders[i].ics_conf != NULL)
                md_fake_add(t.source, MD_ITEM_ICS_CONF, "ics.conf", folders[i].ics_conf);
            for (int k = 0; k < 2; k++)
                add_tree(&t, (k == order) ? folders[i].live : folders[i].other, "ics50events.db", k == order ? 10 : 30);
            if (folders[i].has_regions)
                add_file(&t, MD_ITEM_CSDB_REGION, folders[i].live, "__db.001", region, sizeof region, NOW);
            md_want_int("status", md_probe_test_run(&t, &md_probe_calendar_database), MD_OK);
            md_test_case(i, folders[i].says);
            md_want_int("pages of the events", pages_of(&t, "ics50events.db"), 12);
            md_probe_test_end(&t);
        }
}

static void files_of_others_are_not_taken(void **state)
{
    struct md_probe_test t = md_probe_test_new(*state, NOW);
    uint8_t log[28 + 2 * 60];
    size_t n = bdb_log(log, 8, 0, 2, false, true);

    add_file(&t, MD_ITEM_CSDB_LOG, "/var/opt/SUNWmsgsr/store/mboxlist", "log.0000000001", log, n, NOW);
    md_fake_add(t.source, MD_ITEM_LISTING, "ls.txt", "-rw-------   1 mail mail 100 May 30 10:00 log.0000000001\n")
        ->root = "/var/opt/SUNWmsgsr/store/mboxlist";
    md_want_int("status", md_probe_test_run(&t, &md_probe_calendar_database), MD_NOT_FOUND);
    md_probe_test_end(&t);
}

/* What `ls` was asked for says what may be missing. */
static bool is_missing(struct md_probe_test *t, const char *name)
{
    const struct md_fact *fact = md_fact_by_name(
        t->facts, md_facts_instance(t->facts, "database", md_str(name), md_facts_root(t->facts)), "database.missing");

    return fact != NULL && fact->is_known && fact->value.u.b;
}

static void what_a_listing_leaves_out_is_not_missing(void **state)
{
    static const struct {
        const char *says, *in;
        bool knows_logs;
        uint64_t logs;
        const char *missing, *command;
    } rows[] = {
        {"the whole folder, without logs",
         "-rw-r-----   1 icsuser  icsgroup 8192 May 30 10:00 ics50events.db\n"
         "-rw-r-----   1 icsuser  icsgroup 8192 May 30 10:00 ics50calprops.db\n"
         "-rw-r-----   1 icsuser  icsgroup   20 May 30 10:00 ics50caldb.conf\n",
         true, 0, "ics50todos.db ics50recurring.db ics50alarms.db ics50gse.db ics50deletelog.db", NULL},
        {"ls -l *.db",
         "-rw-r-----   1 icsuser  icsgroup 8192 May 30 10:00 ics50events.db\n"
         "-rw-r-----   1 icsuser  icsgroup 8192 May 30 10:00 ics50calprops.db\n",
         false, 0, "ics50todos.db ics50recurring.db ics50alarms.db ics50gse.db ics50deletelog.db", NULL},
        {"ls -l log.*",
         "-rw-r-----   1 icsuser  icsgroup 10485759 May 30 10:00 log.0000000007\n"
         "-rw-r-----   1 icsuser  icsgroup 10485759 May 30 11:00 log.0000000008\n",
         true, 2, "?", NULL},
        {"the first lines of it",
         "total 90\n"
         "-rw-r-----   1 icsuser  icsgroup 10485759 May 30 10:00 log.0000000007\n"
         "-rw-r-----   1 icsuser  icsgroup 8192 May 30 10:00 ics50events.db\n"
         "-rw-r-----   1 icsuser  icsgroup 8192 May 30 10:00 ics50calprops.db\n",
         true, 1, "?", "ls -lt /var/opt/SUNWics5/csdb | head -4"},
        {"a page at a time",
         "-rw-r-----   1 icsuser  icsgroup 8192 May 30 10:00 ics50events.db\n"
         "-rw-r-----   1 icsuser  icsgroup 8192 May 30 10:00 ics50calprops.db\n"
         "-rw-r-----   1 icsuser  icsgroup   20 May 30 10:00 ics50caldb.conf\n",
         true, 0, "ics50todos.db ics50recurring.db ics50alarms.db ics50gse.db ics50deletelog.db", "ls -l csdb | more"},
        {"files that were asked for by name", "-rw-r-----   1 icsuser  icsgroup 8192 May 30 10:00 ics50events.db\n",
         false, 0, "?", "ls -l /var/opt/SUNWics5/csdb/ics50events.db"},
        {"a pattern that holds no log, and the version beside the databases",
         "-rw-r-----   1 icsuser  icsgroup 8192 May 30 10:00 ics50events.db\n"
         "-rw-r-----   1 icsuser  icsgroup   20 May 30 10:00 ics50caldb.conf\n"
         "-rw-r-----   1 icsuser  icsgroup 8192 May 30 10:00 ics50calprops.db\n",
         false, 0, "ics50todos.db ics50recurring.db ics50alarms.db ics50gse.db ics50deletelog.db",
         "ls -l /var/opt/SUNWics5/csdb/ics50*"},
        {"a single line that nobody says the command of",
         "-rw-r-----   1 icsuser  icsgroup 8192 May 30 10:00 ics50events.db\n", false, 0, "?", NULL},
        {"what somebody shortened",
         "-rw-r-----   1 icsuser  icsgroup 8192 May 30 10:00 ics50events.db\n"
         "[...]\n"
         "-rw-r-----   1 icsuser  icsgroup 8192 May 30 10:00 ics50recurring.db\n"
         "-rw-r-----   1 icsuser  icsgroup   20 May 30 10:00 ics50caldb.conf\n",
         false, 0, "?", NULL},
    };

    for (size_t i = 0; i < MD_ROWS(rows); i++) {
        struct md_probe_test t = md_probe_test_new(*state, NOW);
        struct md_item *listing = md_fake_add(t.source, MD_ITEM_LISTING, "ls.txt", rows[i].in);
        const struct md_fact *logs;

        listing->root = "/var/opt/SUNWics5/csdb";
        listing->command = rows[i].command;
        md_want_int("status", md_probe_test_run(&t, &md_probe_calendar_database), MD_OK);
        md_test_case(i, rows[i].says);
        logs = md_probe_test_fact(&t, NULL, "host.csdb_logs");
        md_want_int("knows the logs", logs != NULL && logs->is_known, rows[i].knows_logs);
        if (rows[i].knows_logs)
            md_want_int("logs", logs->value.u.count, rows[i].logs);
        md_want_cstr("missing", shown_texts(&t, "host.csdb_missing"), rows[i].missing);
        /* of the files that every release has; the others may never have been made */
        md_want_int("the tasks are missing", is_missing(&t, "ics50todos.db"), strstr(rows[i].missing, "todos") != NULL);
        md_want_int("the events are", is_missing(&t, "ics50events.db"), strstr(rows[i].missing, "events") != NULL);
        md_want_int("recurring events are", is_missing(&t, "ics50recurring.db"), false);
        md_probe_test_end(&t);
    }
}

static void owners_are_compared(void **state)
{
    struct md_probe_test t = md_probe_test_new(*state, NOW);

    md_fake_add(t.source, MD_ITEM_LISTING, "ls.txt",
                "-rw-r-----   1 root     root     8192 May 30 10:00 ics50events.db\n"
                "-rw-r-----   1 icsuser  icsgroup 8192 May 30 10:00 ics50calprops.db\n"
                "-rw-r-----   1 icsuser  icsgroup 8192 May 30 10:00 ics50todos.db\n"
                "-rw-r-----   1 root     other    8192 May 30 10:00 log.0000000001\n")
        ->root = "/var/opt/SUNWics5/csdb";
    md_want_int("status", md_probe_test_run(&t, &md_probe_calendar_database), MD_OK);
    md_want_fact_text(&t, NULL, "host.csdb_owner", "icsuser");
    md_want_fact_count(&t, NULL, "host.csdb_foreign_owner", 2);
    md_probe_test_end(&t);
}

/* The library of Calendar Server 6 on SPARC: logs of version 8, a mutex before the region's magic number. */
static void an_environment_of_library_4_2(void **state)
{
    static const char folder[] = "/var/opt/SUNWics5/csdb";
    struct md_probe_test t = md_probe_test_new(*state, NOW);
    uint8_t one[28 + 5 * 60], two[28 + 5 * 60], region[512] = {0};
    size_t n = bdb_log(one, 8, 0, 5, false, true);

    bdb_put32(region + 48, 0x120897, true);
    bdb_put32(region + 52, 1, true);
    bdb_put32(region + 56, 4, true);
    bdb_put32(region + 60, 2, true);
    bdb_put32(region + 64, 52, true);
    add_tree(&t, folder, "ics50events.db", 10);
    add_file(&t, MD_ITEM_CSDB_LOG, folder, "log.0000000002", one, n, NOW - 100 * MD_SECOND);
    n = bdb_log(two, 8, (uint32_t)(n - 60), 5, true, true);
    add_file(&t, MD_ITEM_CSDB_LOG, folder, "log.0000000003", two, n, NOW);
    add_file(&t, MD_ITEM_CSDB_REGION, folder, "__db.001", region, sizeof region, NOW - 50 * MD_SECOND);
    md_want_int("status", md_probe_test_run(&t, &md_probe_calendar_database), MD_OK);
    md_want_fact_text(&t, NULL, "host.csdb_bdb_version", "4.2");
    md_want_fact_text(&t, NULL, "host.csdb_region_version", "4.2");
    md_want_fact_bool(&t, NULL, "host.csdb_region_panic", true);
    md_want_fact_count(&t, NULL, "host.csdb_logs", 2);
    md_want_fact_count(&t, NULL, "host.csdb_log_bad_headers", 0);
    md_want_int("made", MD_KNOWN(&t, NULL, "host.csdb_region_made")->value.u.time, NOW - 50 * MD_SECOND);
    md_want_int("checkpoint", MD_KNOWN(&t, NULL, "host.csdb_checkpoint")->value.u.time, 1180000000 * MD_SECOND);
    /* Its pages know offsets up to 1100 of log 3, which ends at 328. */
    md_want_fact_count(&t, NULL, "host.csdb_lsn_ahead", 1);
    md_want_fact_bool(&t, NULL, "host.csdb_log_restarted", false);
    md_probe_test_end(&t);
}

static void a_foreign_log_counts_once(void **state)
{
    static const char folder[] = "/var/opt/SUNWics5/csdb";
    static const uint32_t before[] = {0, 268, 9999, 268, 268}; /* the third one was of another environment */
    struct md_probe_test t = md_probe_test_new(*state, NOW);
    uint8_t logs[5][28 + 7 * 60];

    add_tree(&t, folder, "ics50events.db", 10);
    for (unsigned i = 0; i < 5; i++) {
        size_t n = bdb_log(logs[i], 8, before[i], i == 2 ? 7 : 5, false, true);

        add_file(&t, MD_ITEM_CSDB_LOG, folder, md_arena_printf(*state, "log.%010u", i + 1), logs[i], n, NOW);
    }
    md_want_int("status", md_probe_test_run(&t, &md_probe_calendar_database), MD_OK);
    md_want_fact_count(&t, NULL, "host.csdb_log_bad_headers", 1);
    md_want_fact_count(&t, NULL, "host.csdb_log_gaps", 0);
    md_probe_test_end(&t);
}

static void names(void **state)
{
    static const struct {
        const char *name;
        int kind; /* -1: none of ours */
        uint32_t number;
    } rows[] = {
        {"ics50events.db", MD_CSDB_DATABASE, 0},
        {"log.0000000012", MD_CSDB_LOG, 12},
        {"__db.003", MD_CSDB_REGION, 3},
        {"ics50caldb.conf", MD_CSDB_VERSION_FILE, 0},
        {"caldb.conf", MD_CSDB_VERSION_FILE, 0},
        {"events.db", -1, 0},
        {"ics50events.db.bak", -1, 0},
        {"__db.1", -1, 0},
        {"__db.rep", -1, 0},
        {"log.1", -1, 0},
        {"admin.log", -1, 0},
        {"", -1, 0},
    };

    (void)state;
    for (size_t i = 0; i < MD_ROWS(rows); i++) {
        enum md_csdb_kind kind;
        uint32_t number;
        bool is_ours = md_csdb_name(md_str(rows[i].name), &kind, &number);

        md_test_case(i, rows[i].name);
        md_want_int("ours", is_ours, rows[i].kind >= 0);
        if (is_ours) {
            md_want_int("kind", kind, rows[i].kind);
            md_want_int("number", number, rows[i].number);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(the_live_folder_is_found),
        MD_TEST(files_of_others_are_not_taken),
        MD_TEST(what_a_listing_leaves_out_is_not_missing),
        MD_TEST(owners_are_compared),
        MD_TEST(an_environment_of_library_4_2),
        MD_TEST(a_foreign_log_counts_once),
        MD_TEST(names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
