#include "tests/unit/md_test.h"

#include "engine/embedded.h"
#include "probes/formats/calendar/message.h"

static const struct md_caldb_table *table_of(struct md_arena *arena)
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
    return table;
}

static const struct {
    const char *says, *line, *class, *file, *error;
} lines[] = {
    /* as libraries of before 5.2 print them */
    {"the consequence of a panic", "PANIC: fatal region error detected; run recovery", "panic_generic", "", NULL},
    {"the same as a return code", "DB_RUNRECOVERY: Fatal error, run database recovery", "panic_generic", "", NULL},
    {"what caused it", "csadmind: PANIC: Invalid argument", "panic_cause", "", NULL},
    {"a page", "ics50events.db: illegal page type or format", "page_damage", "ics50events.db", NULL},
    {"a page that could not be read", "/var/opt/SUNWics5/csdb/ics50todos.db: pgin failed for page 17", "page_damage",
     "ics50todos.db", NULL},
    {"a checksum", "checksum error: page 12: catastrophic recovery required", "page_damage", "", NULL},
    {"a page of zeros", "db_verify: Page 9: totally zeroed page", "page_zeroed", "", NULL},
    {"a first page", "__db_meta_setup: ics50gse.db: unexpected file type or format", "meta_damage", "ics50gse.db",
     NULL},
    {"a magic number of a database", "Page 0: bad magic number 0", "meta_damage", "", NULL},
    {"a magic number of a log", "Ignoring log file: /csdb/log.0000000009: magic number 0, not 40988", "log_header", "",
     NULL},
    {"a file cut off", "ics50events.db: file size not a multiple of the pagesize", "truncated", "ics50events.db", NULL},
    {"its last page", "Page 0: last_pgno is not correct: 180 != 72", "truncated", "", NULL},
    {"logs removed", "file ics50events.db has LSN 5/794205, past end of log at 1/28", "lsn_ahead", "ics50events.db",
     NULL},
    {"a foreign log", "Log sequence error: page LSN 3 44; previous LSN 2 88", "lsn_mismatch", "", NULL},
    {"a bad record", "Log file corrupt at LSN: [3][100]", "log_damage", "", NULL},
    {"no logs", "db_recover: No log files found", "log_missing", "", NULL},
    {"another library", "Program version 5.3 doesn't match environment version 4.2", "env_mismatch", "", NULL},
    {"an older file", "ics50events.db: DB_OLD_VERSION: Database requires a version upgrade", "old_format",
     "ics50events.db", NULL},
    {"a full disk", "write: 0xfe4c1000, 8192: No space left on device", "io_error", "", "ENOSPC"},
    {"and what it led to", "ics50events.db: unwritable page 4 remaining in the cache after error 28",
     "checkpoint_failed", "ics50events.db", "ENOSPC"},
    {"a disk error", "read: 0xfe4c1000, 8192: I/O error", "io_error", "", "EIO"},
    {"locks used up", "Lock table is out of available locker entries", "lock_limits", "", NULL},
    {"a deadlock", "DB_LOCK_DEADLOCK: Locker killed to resolve a deadlock", "deadlock", "", NULL},
    {"the verdict of a check", "ics50events.db: DB_VERIFY_BAD: Database verification failed", "verify_verdict",
     "ics50events.db", NULL},
    {"a file of the wrong owner", "ics50events.db: open: Permission denied", "io_error", "ics50events.db", "EACCES"},
    {"what follows a panic", "BDB1581 File handles still open at environment close", "noise", "", NULL},
    /* by number, whatever the words */
    {"a number decides", "BDB0061 xyz", "panic_cause", "", NULL},
    {"within a range", "csadmind: BDB2507 xyz", "lsn_ahead", "", NULL},
    {"a number that is not known leaves it to the words", "BDB9998 Log sequence error", "lsn_mismatch", "", NULL},
    {"no number", "XBDB0061 xyz", NULL, "", NULL},
    /* nothing of the library */
    {"a start", "Calendar Server starting up", NULL, "", NULL},
    {"the full disk of something else", "logfile: No space left on device", NULL, "", "ENOSPC"},
    {"a name that only begins so", "ics50events.dbx is no file", NULL, "", NULL},
};

static void classes_of_lines(void **state)
{
    const struct md_caldb_table *table = table_of(*state);

    for (size_t i = 0; i < MD_ROWS(lines); i++) {
        struct md_caldb_query query = {.text = md_str(lines[i].line)};
        struct md_caldb_message message;

        md_test_case(i, lines[i].says);
        md_caldb_message_read(table, &query, &message);
        md_want_cstr("class", message.class_index < 0 ? "-" : md_caldb_class_name(table, (size_t)message.class_index),
                     lines[i].class != NULL ? lines[i].class : "-");
        md_want_str("file", message.file, lines[i].file);
        md_want_cstr("error", message.error != NULL ? message.error : "-",
                     lines[i].error != NULL ? lines[i].error : "-");
    }
}

/* The same number is another error in another version, so without one it is none. */
static void numbers_of_errors_need_the_version(void **state)
{
    static const struct {
        const char *says, *line, *library, *code;
    } rows[] = {
        {"4.2", "caldb error -30978", "4.2", "DB_RUNRECOVERY"},
        {"the same number in 5.3", "caldb error -30978", "5.3", NULL},
        {"5.3", "caldb error -30973", "5.3", "DB_RUNRECOVERY"},
        {"the same number in 4.6", "caldb error (-30973)", "4.6", "DB_VERIFY_BAD"},
        {"no version", "caldb error -30978", NULL, NULL},
        {"a longer number", "offset -309781", "4.2", NULL},
        {"a range", "x3-30978", "4.2", NULL},
        {"a date", "2007-30-31", "4.2", NULL},
    };
    const struct md_caldb_table *table = table_of(*state);

    for (size_t i = 0; i < MD_ROWS(rows); i++) {
        struct md_caldb_query query = {.text = md_str(rows[i].line), .library = rows[i].library};
        struct md_caldb_message message;

        md_test_case(i, rows[i].says);
        md_caldb_message_read(table, &query, &message);
        md_want_cstr("code", message.code != NULL ? message.code : "-", rows[i].code != NULL ? rows[i].code : "-");
    }
}

static void signs_of_the_product(void **state)
{
    static const struct {
        const char *says, *process, *text;
        enum md_nslog_level level;
        uint32_t want;
    } rows[] = {
        {"a crash", "watcher", "Watched 'csadmind' process 4711 exited abnormally", MD_NSLOG_ERROR,
         MD_CALDB_BIT(MD_CALDB_SIGN_CRASH)},
        {"no backup", "csstored", "Automatic backups are not enabled", MD_NSLOG_NOTICE,
         MD_CALDB_BIT(MD_CALDB_SIGN_BACKUP_NOTICE)},
        {"a snapshot that is bad", "csstored", "Verification of the snapshot failed", MD_NSLOG_ERROR,
         MD_CALDB_BIT(MD_CALDB_SIGN_SNAPSHOT_FAILED) | MD_CALDB_BIT(MD_CALDB_SIGN_BACKUP_ERROR)},
        {"one that is good", "csstored", "Backup verified and completed", MD_NSLOG_NOTICE,
         MD_CALDB_BIT(MD_CALDB_SIGN_SNAPSHOT_OK)},
        {"a back end that is away", "cshttpd", "DWP: cannot connect to cal2.example.com", MD_NSLOG_ERROR,
         MD_CALDB_BIT(MD_CALDB_SIGN_DWP_ERROR)},
        {"a refusal", "cshttpd", "write refused: database is read-only", MD_NSLOG_NOTICE,
         MD_CALDB_BIT(MD_CALDB_SIGN_READONLY_REFUSAL)},
        {"the file system is another matter", "cshttpd", "open: Read-only file system", MD_NSLOG_ERROR, 0},
        {"sessions", "cshttpd", "/opt/SUNWics5/cal/lib/http/session/x.db: DB_RUNRECOVERY", MD_NSLOG_ERROR,
         MD_CALDB_BIT(MD_CALDB_SIGN_SESSION_ERROR)},
        {"the scheduling queue", "csadmind", "GSE: entry 12 cannot be processed", MD_NSLOG_ERROR,
         MD_CALDB_BIT(MD_CALDB_SIGN_GSE_ERROR)},
        {"it is running", "csadmind", "GSE thread started", MD_NSLOG_NOTICE, 0},
        {"several logs", "csadmind", "There is more than one transaction log file", MD_NSLOG_WARNING,
         MD_CALDB_BIT(MD_CALDB_SIGN_CHECKPOINT_WARNING)},
        {"nothing", "cshttpd", "login of amy", MD_NSLOG_NOTICE, 0},
    };
    const struct md_caldb_table *table = table_of(*state);

    for (size_t i = 0; i < MD_ROWS(rows); i++) {
        struct md_caldb_query query = {
            .text = md_str(rows[i].text), .process = md_str(rows[i].process), .level = rows[i].level};
        struct md_caldb_message message;

        md_test_case(i, rows[i].says);
        md_caldb_message_read(table, &query, &message);
        md_want_int("signs", message.signs, rows[i].want);
    }
}

static void a_wrong_table_is_refused(void **state)
{
    static const char *const texts[] = {
        "classes: []\ncodes: []\nsigns: []\n",
        "classes:\n- { class: x, texts: [a] }\ncodes:\n- { code: A, values: { \"4.2\": -30978 } }\nsigns:\n- { sign: "
        "crash, text: [a] }\n",
        "classes:\n- { class: x, text: [a] }\ncodes:\n- { code: A, class: y, values: { \"4.2\": -30978 } }\nsigns:\n- "
        "{ "
        "sign: crash, text: [a] }\n",
        "classes:\n- { class: x, text: [a] }\ncodes:\n- { code: A, values: { \"4.2\": -30978 } }\nsigns:\n- { sign: "
        "crush, text: [a] }\n",
        "classes:\n- { class: x, numbers: [9-3] }\ncodes:\n- { code: A, values: { \"4.2\": -30978 } }\nsigns:\n- { "
        "sign: "
        "crash, text: [a] }\n",
    };

    for (size_t i = 0; i < MD_ROWS(texts); i++) {
        struct md_diags *diags = md_diags_new(*state);
        const struct md_caldb_table *table;
        const struct md_node *root;

        md_test_case(i, texts[i]);
        md_want_int("yaml", md_yaml_read(*state, "m.yaml", md_str(texts[i]), diags, &root), MD_OK);
        md_want_int("status", md_caldb_table_compile(*state, root, diags, &table), MD_BAD_INPUT);
        md_want_true(md_diags_count(diags) > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(classes_of_lines), MD_TEST(numbers_of_errors_need_the_version),
                                       MD_TEST(signs_of_the_product), MD_TEST(a_wrong_table_is_refused)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
