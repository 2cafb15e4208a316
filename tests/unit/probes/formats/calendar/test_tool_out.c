#include "tests/unit/md_test.h"

#include "engine/embedded.h"
#include "probes/formats/calendar/tool_out.h"

static struct md_tool_reader *reader_of(struct md_arena *arena)
{
    const struct md_caldb_table *table = NULL;
    struct md_diags *diags = md_diags_new(arena);
    const struct md_node *root;

    for (size_t i = 0; i < md_embedded_rules_count; i++) {
        const struct md_embedded_file *file = &md_embedded_rules[i];

        if (strcmp(file->path, "calendar/messages.yaml") == 0 &&
            (md_yaml_read(arena, file->path, md_str_n(file->text, file->size), diags, &root) != MD_OK ||
             md_caldb_table_compile(arena, root, diags, &table) != MD_OK))
            fail_msg("%s", md_diags_at(diags, 0)->what);
    }
    assert_non_null(table);
    return md_tool_reader_new(arena, table);
}

static void feed(struct md_tool_reader *reader, enum md_tool tool, const char *command, int exit_code, const char *text)
{
    struct md_str rest = md_str(text), line;
    uint32_t number = 0;

    (void)md_tool_begin(reader, tool, md_str(command), md_str(""), exit_code);
    while (md_str_next_line(&rest, &line))
        md_tool_line(reader, line, ++number);
    md_tool_end(reader);
}

/* "events good, todos bad page_damage=2 page_zeroed=1" */
static const char *verdicts(struct md_arena *arena, const struct md_tool_reader *reader,
                            const struct md_caldb_table *table)
{
    static const char *const words[] = {"unknown", "good", "bad"};
    const struct md_tool_out *out = md_tool_result(reader);
    const char *text = "";

    for (size_t i = 0; i < out->n_files; i++) {
        text = md_arena_printf(arena, "%s%s%.*s %s", text, i > 0 ? ", " : "", MD_STR_ARG(out->files[i].name),
                               words[out->files[i].verdict]);
        for (size_t k = 0; k < md_caldb_class_count(table); k++)
            if (out->files[i].complaints[k] > 0)
                text = md_arena_printf(arena, "%s %s=%llu", text, md_caldb_class_name(table, k),
                                       (unsigned long long)out->files[i].complaints[k]);
    }
    return text;
}

static const struct md_caldb_table *table_again(struct md_arena *arena)
{
    const struct md_caldb_table *table = NULL;
    const struct md_node *root;

    for (size_t i = 0; i < md_embedded_rules_count; i++)
        if (strcmp(md_embedded_rules[i].path, "calendar/messages.yaml") == 0 &&
            (md_yaml_read(arena, "m", md_str_n(md_embedded_rules[i].text, md_embedded_rules[i].size),
                          md_diags_new(arena), &root) != MD_OK ||
             md_caldb_table_compile(arena, root, md_diags_new(arena), &table) != MD_OK))
            fail_msg("the table does not load");
    return table;
}

static void verdicts_of_db_verify(void **state)
{
    static const struct {
        const char *says, *command, *text;
        int exit_code;
        const char *want;
    } rows[] = {
        {"a good file of a new library", "db_verify -h /c ics50todos.db",
         "BDB5105 Verification of ics50todos.db succeeded.\n", -1, "ics50todos.db good"},
        {"a good file of an old one, which says nothing", "./db_verify -h /c ics50todos.db", "", -1,
         "ics50todos.db good"},
        {"several good files", "db_verify -h /c ics50todos.db ics50events.db", "", -1,
         "ics50todos.db good, ics50events.db good"},
        {"a bad file", "",
         "db_verify: Page 5: bad page number 1633841761\ndb_verify: Page 5: bad page type 97\n"
         "db_verify: DB->verify: ics50events.db: DB_VERIFY_BAD: Database verification failed\n",
         -1, "ics50events.db bad page_damage=2"},
        {"the verdict before the complaints", "",
         "BDB5105 Verification of ics50events.db failed.\ndb5.3_verify: BDB0536 Page 5: bad page number 9\n"
         "db5.3_verify: ics50events.db: BDB0090 DB_VERIFY_BAD: Database verification failed\n",
         -1, "ics50events.db bad page_damage=1"},
        {"a page of zeros", "db_verify -h /c ics50events.db", "db_verify: Page 9: totally zeroed page\n", 1,
         "ics50events.db bad page_zeroed=1"},
        {"a loop with statuses", "for f in events todos; do ./db_verify -h /c ics50$f.db; echo $f rc=$?; done",
         "db_verify: Page 9: totally zeroed page\nevents rc=1\ntodos rc=0\n", -1,
         "ics50events.db bad page_zeroed=1, ics50todos.db good"},
        {"statuses of full names without a command", "", "ics50events.db rc=0\nics50gse.db: rc=1\n", -1,
         "ics50events.db good, ics50gse.db bad"},
        {"a status alone", "db_verify -h /c ics50gse.db", "rc=0\n", -1, "ics50gse.db good"},
        {"an environment that cannot be opened says nothing of the file", "db_verify -h /c ics50gse.db",
         "db_verify: Program version 5.3 doesn't match environment version 4.2\ndb_verify: DB_ENV->open: "
         "DB_VERSION_MISMATCH: Database environment version mismatch\n",
         1, "ics50gse.db unknown env_mismatch=2"},
        {"nor does a panic", "db_verify -h /c ics50gse.db",
         "db_verify: PANIC: fatal region error detected; run recovery\n", 1, "ics50gse.db unknown panic_generic=1"},
        {"an empty file", "db_verify ics50events.db",
         "db_verify: __db_fop_read_meta: ics50events.db: unexpected file type or format\n", 1,
         "ics50events.db bad meta_damage=1"},
        {"a cut file", "",
         "db_verify: ics50todos.db: file size not a multiple of the pagesize\ndb_verify: ics50todos.db: DB_VERIFY_BAD: "
         "Database verification failed\n",
         -1, "ics50todos.db bad truncated=1"},
        {"prose", "", "I ran db_verify on everything and it looks fine\n", -1, ""},
    };

    for (size_t i = 0; i < MD_ROWS(rows); i++) {
        struct md_tool_reader *reader = reader_of(*state);

        md_test_case(i, rows[i].says);
        feed(reader, MD_TOOL_VERIFY, rows[i].command, rows[i].exit_code, rows[i].text);
        md_want_cstr("verdicts", verdicts(*state, reader, table_again(*state)), rows[i].want);
    }
}

static void reads_db_stat(void **state)
{
    static const char text[] = "Thu May 31 04:20:21 2007\tLocal time\n0x120897\tMagic number\n1\tPanic value\n"
                               "4.2.52\tEnvironment version\n"
                               "Thu May 31 03:02:09 2007\tCheckpoint timestamp.\n2\tActive transactions.\n"
                               "3\tNumber of deadlocks.\n"
                               "Locks grouped by lockers:\nLocker   Mode      Count Status  ----- Object -----\n"
                               "      1 dd= 0 locks held 1    write locks 0    pid/thread 4713/1 flags 10\n"
                               "      1 READ          1 HELD    ics50events.db            handle        0\n"
                               "80000005 dd= 0 locks held 1    write locks 1    pid/thread 4711/2 flags 0\n"
                               "80000005 WRITE         1 HELD    ics50todos.db             page         12\n"
                               "80000007 READ          1 WAIT    ics50todos.db             page         12\n"
                               "Locks grouped by object:\n"
                               "80000005 WRITE         1 HELD    ics50todos.db             page         12\n";
    struct md_tool_reader *reader = reader_of(*state);
    const struct md_tool_out *out = md_tool_result(reader);

    feed(reader, MD_TOOL_STAT, "db_stat -CA -h /c", -1, text);
    md_want_true(out->has_panic && out->is_panic);
    md_want_cstr("library", out->library, "4.2");
    md_want_int("checkpoint", out->checkpoint / MD_SECOND, 1180580529);
    md_want_int("active", out->active, 2);
    md_want_int("deadlocks", out->deadlocks, 3);
    md_want_int("lockers", out->n_lockers, 3);
    md_want_int("process", out->lockers[1].pid, 4711);
    md_want_int("held once", out->lockers[1].held, 1);
    md_want_int("waits", out->lockers[2].waits, 1);
    feed(reader, MD_TOOL_STAT, "db_stat -d ics50events.db", -1,
         "53162\tBtree magic number\n2983\tNumber of unique keys in the tree\n");
    md_want_int("keys", out->files[0].keys, 2983);
}

static void reads_recovery(void **state)
{
    static const struct {
        const char *says, *text;
        int exit_code, want_rc;
        uint64_t want_done, want_failed;
    } rows[] = {
        {"it went well",
         "Finding last valid log LSN: file: 1 offset 83\nRecovery complete at Thu May 31 04:21:22 2007\n", 0, 0, 1, 0},
        {"a status in the text", "Recovery complete at Thu May 31 04:21:22 2007\nrc=0\n", -1, 0, 1, 0},
        {"a foreign log", "db_recover: Log file corrupt at LSN: [3][100]\ndb_recover: DB_ENV->open: Invalid argument\n",
         1, 1, 0, 2},
        {"a failed pass", "Recovery function for LSN 3 4 failed on forward pass\n", -1, -1, 0, 1},
        {"without logs nothing was recovered", "No log files found\n", 0, 0, 0, 1},
    };

    for (size_t i = 0; i < MD_ROWS(rows); i++) {
        struct md_tool_reader *reader = reader_of(*state);
        const struct md_tool_out *out = md_tool_result(reader);

        md_test_case(i, rows[i].says);
        feed(reader, MD_TOOL_RECOVER, "db_recover -c -v -h /c", rows[i].exit_code, rows[i].text);
        md_want_int("runs", out->recover.n, 1);
        md_want_int("status", out->recover_rc, rows[i].want_rc);
        md_want_int("done", out->recover_done.n, rows[i].want_done);
        md_want_int("failed", out->recover_failed.n > 0, rows[i].want_failed > 0);
    }
}

static void reads_csdb(void **state)
{
    static const char rebuilt[] =
        "Building calprops based on component information.\nPlease be patient, this may take a while...\n"
        "Scanning events database...\n1204 events scanned\nScanning todos database...\n88 todos scanned\n"
        "Scanning events database...\n1204 events scanned\nScanning deletelog database...\n31 deletelog entries "
        "scanned\n"
        "Scanning gse database...\n6 gse entries scanned\nScanning recurring database...\n47 recurring entries "
        "scanned\n"
        "Successful components db scan\nCalendar database has been rebuilt\n"
        "Building components based on calprops information.\n63 calendars scanned\nSuccessful calprops db scan\n"
        "Calendar database has been rebuilt\n";
    struct md_tool_reader *reader = reader_of(*state);
    const struct md_tool_out *out = md_tool_result(reader);

    feed(reader, MD_TOOL_REBUILD, "./csdb rebuild /a /b", -1, rebuilt);
    md_want_int("runs", out->rebuild.n, 1);
    md_want_true(out->rebuild_is_last);
    md_want_int("events", out->count[MD_TOOL_EVENTS], 1204);
    md_want_int("recurring", out->count[MD_TOOL_RECURRING], 47);
    md_want_int("calendars", out->count[MD_TOOL_CALENDARS], 63);
    feed(reader, MD_TOOL_REBUILD, "./csdb rebuild /a2 /b", -1, "Building calprops based on component information.\n");
    md_want_int("runs", out->rebuild.n, 2);
    md_want_true(!out->rebuild_is_last);

    feed(reader, MD_TOOL_CHECK, "./csdb check /a", -1, "Checking calprops...\n1204 events scanned\nNo errors found\n");
    md_want_int("clean", out->check_lines.n, 0);
    feed(reader, MD_TOOL_CHECK, "./csdb check /a", -1,
         "Checking calprops...\ncalid amy has no properties\nevent 12 of calid bob is missing its calendar\n");
    md_want_int("complaints", out->check_lines.n, 2);
}

static void reads_the_other_tools(void **state)
{
    struct md_tool_reader *reader = reader_of(*state);
    const struct md_tool_out *out = md_tool_result(reader);

    feed(reader, MD_TOOL_PING, "./cstool -p 80 -h cal1 ping http", 0, "http service is listening\n");
    md_want_int("fine", out->n_ping_failed, 0);
    feed(reader, MD_TOOL_PING, "./cstool ping admin", 1, "");
    md_want_str("failed", out->ping_failed[0], "admin");
    feed(reader, MD_TOOL_SCHEDULE, "./csschedule -v list", -1, "entry one\nentry two\n");
    md_want_int("entries", out->schedule_entries, 2);
    feed(reader, MD_TOOL_CAPTURE, "", -1,
         "Machine Last Reboot: Thu May 31 04:00:00 2007\nServer Setup:\nCSHTTPD running 1 out of 2 processes!\n"
         "CSADMIND process not running!\n");
    md_want_int("reboot", out->reboot_local / MD_SECOND, 1180584000);
    md_want_str("not running", out->not_running[0], "csadmind");
    md_want_int("running", out->n_running, 1);
    feed(reader, MD_TOOL_STACK, "pstack 4711", -1,
         "4711:\t/opt/SUNWics5/cal/lib/csadmind\n-----------------  lwp# 2 / thread# 2  --------------------\n"
         " ff1a2b3c gse_process_entry (0, 1) + 14\n ff1a2b40 __lock_get (0, 1) + 14\n ff1a2b44 poll (0) + 4\n");
    md_want_int("gse", out->frames[MD_TOOL_FRAME_GSE].n, 1);
    md_want_int("lock", out->frames[MD_TOOL_FRAME_LOCK].n, 1);
    md_want_int("alarm", out->frames[MD_TOOL_FRAME_ALARM].n, 0);
    feed(reader, MD_TOOL_ALARMS, "./dbrig", -1, "alarm 1 ok\nalarm 2: error: invalid entry\n");
    md_want_int("stops", out->alarms_stop.n, 1);
    feed(reader, MD_TOOL_DUMP, "db_dump -r ics50events.db", -1,
         "VERSION=3\nformat=bytevalue\ntype=btree\nHEADER=END\n 61\n 6162\n 62\n 6263\nDATA=END\n");
    md_want_int("pairs", out->files[0].pairs, 2);
    feed(reader, MD_TOOL_ARCHIVE, "db_archive -l -h /c", -1, "log.0000000001\n/c/log.0000000002\n");
    md_want_int("logs", out->logs, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(verdicts_of_db_verify), MD_TEST(reads_db_stat), MD_TEST(reads_recovery),
                                       MD_TEST(reads_csdb), MD_TEST(reads_the_other_tools)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
