#include "tests/unit/md_test.h"

#include "engine/base/diag.h"
#include "probes/bundle/collect.h"
#include "probes/source/fake.h"
#include "probes/source/source_priv.h"
#include "tests/unit/probes/bundle/files.h"

#define NOW (INT64_C(1795500000) * MD_SECOND)

static const unsigned char key[32] = {1};

static bool keep_going(void *ctx, const struct md_dir_entry *entry)
{
    size_t *n = ctx;

    (void)entry;
    ++*n;
    return true;
}

static void facts(void *ctx, const bool *is_partial, struct md_buf *out)
{
    bool *seen = ctx;

    *seen = is_partial[MD_ITEM_MAIL_LOG] && !is_partial[MD_ITEM_NSLOG];
    md_buf_puts(out, "{\"schema\": \"mtadoctor.facts/1\", \"facts\": []}\n");
}

struct made {
    const char *folder, *path;
    struct md_diags *diags;
    struct md_source *source;
    struct md_collect *collect;
    bool has_facts;
};

static struct made begin(struct md_arena *arena)
{
    struct made made = {.folder = files_folder(arena), .diags = md_diags_new(arena)};

    made.path = md_arena_printf(arena, "%s/b.tar.gz", made.folder);
    made.source = md_fake_new(made.diags, NOW);
    made.collect = md_collect_new(arena, made.source, made.diags, made.folder);
    return made;
}

static enum md_status write_as(struct md_arena *arena, struct made *made, uint64_t limit, enum md_redact_policy policy)
{
    const struct md_bundle_options place = {.path = made->path, .limit = limit};
    const struct md_collect_options options = {.redactor = md_redactor_new(arena, policy, key),
                                               .policy = policy == MD_REDACT_NONE ? "none" : "default",
                                               .is_leak_checked = policy != MD_REDACT_NONE,
                                               .now = NOW,
                                               .since = MD_TIME_NONE,
                                               .zone = md_zone_utc(),
                                               .host = "mail1",
                                               .tool_version = "1",
                                               .facts = facts,
                                               .facts_ctx = &made->has_facts};
    struct md_bundle *bundle = NULL;
    enum md_status status;

    assert_int_equal(md_bundle_create(arena, &place, made->diags, &bundle), MD_OK);
    md_collect_plan(made->collect);
    status = md_collect_write(made->collect, &options, &bundle);
    assert_null(bundle);
    return status;
}

static enum md_status write_it(struct md_arena *arena, struct made *made, uint64_t limit)
{
    return write_as(arena, made, limit, MD_REDACT_NONE);
}

static struct md_source *finish(struct made *made)
{
    md_collect_free(&made->collect);
    md_source_free(&made->source);
    return files_open(made->path, made->diags);
}

static void add_file(struct md_source *source, enum md_item_kind kind, const char *path, const char *text)
{
    struct md_item *item = md_fake_add(source, kind, path, text);

    item->path = item->name;
    item->mtime = NOW - MD_SECOND / 2;
}

/* All that was asked of a host is asked of its bundle, with the same answers. */
static void records_and_replays(void **state)
{
    struct made made = begin(*state);
    const struct md_dns_query query = {MD_LIT("example.net"), MD_DNS_MX};
    static const char *const argv[] = {"imsimta", "qm", "jobs", NULL};
    const struct md_item *const *items, *item;
    const struct md_dns_answer *answers;
    struct md_source *bundle;
    struct md_str line;
    size_t n = 0, walked;
    double seconds = 0;

    add_file(made.source, MD_ITEM_IMTA_CNF, "/opt/SUNWmsgsr/config/imta.cnf", "! rules\n");
    md_fake_add_command(made.source, MD_ITEM_QM_JOBS, "imsimta qm jobs", "no jobs\n");
    md_fake_add_entry(made.source, "tcp_local/001/ZZ0JX0ABCDEFGHI.00", 1234, NOW - 3 * MD_SECOND / 2);
    md_fake_add_answer(made.source, "example.net", MD_DNS_MX, MD_DNS_NOERROR, "mx1.example.net", "192.0.2.53");
    md_fake_open_port_greeting(made.source, 25, "220 mail1", 1.5);
    md_fake_add_program(made.source, "/opt/SUNWmsgsr/lib/tcp_smtp_client", true);

    /* what probes do */
    assert_int_equal(md_source_items(made.source, MD_ITEM_QUEUE_TREE, &items), 1);
    ((struct md_item *)(uintptr_t)items[0])->root = "/opt/SUNWmsgsr/data/queue";
    assert_int_equal(md_source_walk(made.source, items[0], made.diags, keep_going, &n), MD_OK);
    assert_int_equal(md_source_resolve(made.source, *state, &query, 1, &answers), 1);
    assert_int_equal(md_source_greeting(made.source, 25, *state, &line, &seconds), MD_OK);
    assert_int_equal(md_source_connect_local(made.source, 27442), MD_NOT_FOUND);
    assert_int_equal(md_source_program(made.source, MD_LIT("/opt/SUNWmsgsr/lib/tcp_smtp_client")), MD_OK);
    made.source->is_first_hand = true;

    md_want_int("write", write_it(*state, &made, 0), MD_OK);
    bundle = finish(&made);
    md_want_true(bundle != NULL && md_source_is_first_hand(bundle));
    md_want_int("now", md_source_now(bundle, NULL), NOW);
    md_want_cstr("host", md_source_host(bundle), "mail1");

    md_want_int("files", md_source_items(bundle, MD_ITEM_IMTA_CNF, &items), 1);
    md_want_cstr("path", items[0]->path, "/opt/SUNWmsgsr/config/imta.cnf");
    md_want_int("time", items[0]->mtime, NOW - MD_SECOND / 2);
    md_want_int("command", md_source_command(bundle, MD_ITEM_QM_JOBS, argv, &item), MD_OK);
    md_want_cstr("output", files_text(*state, bundle, MD_ITEM_QM_JOBS, 0), "no jobs\n");
    md_want_int("listing", md_source_items(bundle, MD_ITEM_LISTING, &items), 1);
    md_want_true(items[0]->is_complete);
    md_want_cstr("root", items[0]->root, "/opt/SUNWmsgsr/data/queue");
    walked = 0;
    md_want_int("walk", md_source_walk(bundle, items[0], made.diags, keep_going, &walked), MD_OK);
    md_want_int("entries", walked, n);
    md_want_int("answers", md_source_resolve(bundle, *state, &query, 1, &answers), 1);
    md_want_str("exchange", answers[0].records[0].data, "mx1.example.net");
    md_want_int("greeting", md_source_greeting(bundle, 25, *state, &line, &seconds), MD_OK);
    md_want_str("line", line, "220 mail1");
    md_want_double("seconds", seconds, 1.5, 1e-6);
    md_want_int("refused", md_source_connect_local(bundle, 27442), MD_NOT_FOUND);
    md_want_int("not asked", md_source_connect_local(bundle, 27443), MD_UNSUPPORTED);
    md_want_int("program", md_source_program(bundle, MD_LIT("/opt/SUNWmsgsr/lib/tcp_smtp_client")), MD_OK);
    md_source_free(&bundle);
    files_remove(made.folder);
}

/* What a host does not let this user read is closed in its bundle too. */
static void says_what_was_closed(void **state)
{
    struct made made = begin(*state);
    const struct md_item *const *items;
    struct md_source *bundle;
    struct md_item *item = md_fake_add(made.source, MD_ITEM_MAIL_LOG, "/log/mail.log_current", "");

    item->path = item->name;
    item->status = MD_NO_ACCESS;
    md_want_int("write", write_it(*state, &made, 0), MD_OK);
    bundle = finish(&made);
    md_want_int("logs", md_source_items(bundle, MD_ITEM_MAIL_LOG, &items), 1);
    md_want_int("status", items[0]->status, MD_NO_ACCESS);
    md_source_free(&bundle);
    files_remove(made.folder);
}

/* Lines that compress badly, each with its number. */
static const char *numbered_lines(struct md_arena *arena, size_t n)
{
    enum { LINE = 200 };
    char *text = md_arena_alloc(arena, n * LINE + 1);
    uint64_t seed = 3;

    for (size_t i = 0; i < n; i++) {
        char *line = text + i * LINE;

        for (size_t k = 0; k < LINE - 1; k++)
            line[k] = (char)('!' + (md_test_random(&seed) >> 32) % 90);
        memcpy(line, md_arena_printf(arena, "%08zu ", i), 9);
        line[LINE - 1] = '\n';
    }
    return text;
}

static void cuts_the_log_that_does_not_fit(void **state)
{
    enum { LINES = 20000 };
    struct made made = begin(*state);
    const struct md_item *const *items;
    const struct md_node *partial;
    struct md_source *bundle;
    struct md_str text;
    struct stat st;

    add_file(made.source, MD_ITEM_MAIL_LOG, "/log/mail.log_current", numbered_lines(*state, LINES));
    add_file(made.source, MD_ITEM_NSLOG, "/log/imta",
             "[24/Nov/2026:08:00:00 -0500] mail1 imta[1]: General Notice: x\n");
    md_want_int("write", write_it(*state, &made, 1 << 20), MD_OK);
    md_want_true(made.has_facts);
    md_want_true(stat(made.path, &st) == 0 && st.st_size <= 1 << 20 && st.st_size > 1 << 18);
    bundle = finish(&made);
    partial = md_node_get(md_source_manifest(bundle), "partial");
    md_want_int("partial", partial->count, 1);
    md_want_str("partial", partial->first->text, "files/log/mail.log_current");
    md_want_int("facts", md_source_items(bundle, MD_ITEM_FACTS, &items), 1);
    /* its newest part, from the beginning of a line on */
    md_want_int("inventory", md_source_inventory(bundle, &items) > 0, true);
    for (size_t i = 0; md_source_inventory(bundle, &items) > i; i++)
        if (strcmp(items[i]->base, "mail.log_current") == 0) {
            md_want_int("read", md_source_read_all(bundle, items[i], *state, 8 << 20, &text), MD_OK);
            md_want_str("last line", md_str_sub(text, text.n - 200, 9), "00019999 ");
            md_want_true(text.n % 200 == 0 && text.n < (size_t)LINES * 200);
            /* nearly all of the room: the limit without what is kept for the rest */
            md_want_true(text.n > (size_t)(768 << 10) / 100 * 84);
        }
    md_source_free(&bundle);
    files_remove(made.folder);
}

/* What the leak scan finds is written once more, without the lines that it is in. */
static void hides_lines_that_leak(void **state)
{
    const struct md_collect_left_out *left_out;
    struct made made = begin(*state);
    struct md_source *bundle;
    const char *text;

    add_file(made.source, MD_ITEM_HOSTS_FILE, "/etc/hosts", "192.0.2.7 mail9\n");
    add_file(made.source, MD_ITEM_NSLOG, "/log/imta",
             "[24/Nov/2026:08:00:00 -0500] a imta[1]: General Notice: release 192.0.2.7 (built\n"
             "[24/Nov/2026:08:00:00 -0500] a imta[1]: General Notice: release 6.3 (built\n");
    md_want_int("write", write_as(*state, &made, 0, MD_REDACT_DEFAULT), MD_OK);
    md_want_int("left out", md_collect_left_out(made.collect, &left_out), 2);
    md_want_true(strstr(left_out[1].why, "1 line, ") == left_out[1].why);
    bundle = finish(&made);
    text = files_text(*state, bundle, MD_ITEM_NSLOG, 0);
    md_want_true(text != NULL && strstr(text, "bytes left out)\n[24/Nov/2026:08") != NULL);
    md_want_true(text != NULL && strstr(text, "192.0.2.7") == NULL);
    md_want_str("counted",
                md_node_get(md_node_get(md_node_get(md_source_manifest(bundle), "redactions"), "counts"), "line")->text,
                "1");
    md_source_free(&bundle);
    files_remove(made.folder);
}

static void keeps_no_message(void **state)
{
    struct made made = begin(*state);
    struct md_source *bundle;
    const char *text;

    add_file(made.source, MD_ITEM_QUEUE_FILE, "/q/queue/tcp_local/001/ZZ0JX0ABCDEFGHI.00",
             "m;a@example.com\nb@example.net\n\001\001\nSubject: secret\n\nbody\n\001\001\001\001\001\n");
    add_file(made.source, MD_ITEM_QUEUE_FILE, "/q/queue/tcp_local/001/ZZ0JX0ABCDEFGHJ.00", "Subject: no envelope\n");
    md_want_int("write", write_it(*state, &made, 0), MD_OK);
    bundle = finish(&made);
    text = files_text(*state, bundle, MD_ITEM_QUEUE_FILE, 0);
    md_want_true(text != NULL && strstr(text, "m;a@example.com") != NULL);
    md_want_true(strstr(text, "secret") == NULL && strstr(text, "body") == NULL);
    md_want_true(files_text(*state, bundle, MD_ITEM_QUEUE_FILE, 1) == NULL);
    md_source_free(&bundle);
    files_remove(made.folder);
}

/* Loose files stay loose: a copy is recognised as they are, in the same places. */
static void copies_what_was_sent(void **state)
{
    struct made made = begin(*state);
    const char *from = md_arena_printf(*state, "%s/from", made.folder);

    struct md_source *bundle;
    const char *before;

    files_write(*state, made.folder, "from/host/var/log/mail.log.1",
                MD_LIT("24-Nov-2026 08:00:00.00 tcp_local   E 1 a@example.com "
                       "rfc822; b@example.net b@example.net\n"));
    files_write(*state, made.folder, "from/host/blob", md_str_n("\0\1\2\3", 4));
    files_write(*state, made.folder, "from/queue/tcp_local/001/ZZ0JX0ABCDEFGHI.00",
                MD_LIT("m;a@example.com\nb@example.net\n\001\001\n\nbody\n\001\001\001\001\001\n"));
    files_write(*state, made.folder, "from/notes.txt", MD_LIT("it began on Tuesday\n"));
    md_collect_free(&made.collect);
    md_source_free(&made.source);
    made.source = files_open(from, made.diags);
    assert_non_null(made.source);
    before = files_inventory(*state, made.source);
    made.collect = md_collect_new(*state, made.source, made.diags, made.folder);
    md_want_int("write", write_it(*state, &made, 0), MD_OK);
    bundle = finish(&made);
    md_want_true(md_source_kind(bundle) == MD_SOURCE_DIRECTORY);
    md_want_true(strstr(before, "queue-tree queue") != NULL);
    md_want_true(strstr(before, "other host/blob, ") != NULL);
    /* but for what is no text, and with the manifest */
    md_want_true(strstr(files_inventory(*state, bundle), "blob") == NULL);
    md_want_true(strstr(files_inventory(*state, bundle), "queue-tree queue") != NULL);
    md_want_true(strstr(files_inventory(*state, bundle), "notes.txt") != NULL);
    md_source_free(&bundle);
    files_remove(made.folder);
}

static void note_kinds(void *ctx, const bool *is_partial, struct md_buf *out)
{
    bool *seen = ctx;

    *seen = is_partial[MD_ITEM_CSDB_FILE] && is_partial[MD_ITEM_CSCAL] && !is_partial[MD_ITEM_CALENDAR_LOG];
    md_buf_puts(out, "{\"schema\": \"mtadoctor.facts/1\", \"facts\": []}\n");
}

/* The database of the calendar holds what users wrote, and lists of calendars their names: their facts go along, not they. */
static void takes_no_entries_of_users(void **state)
{
    struct made made = begin(*state);
    const char *from = md_arena_printf(*state, "%s/from", made.folder);
    bool has_facts = false;
    const struct md_bundle_options place = {.path = made.path};
    const struct md_collect_options options = {.redactor = md_redactor_new(*state, MD_REDACT_NONE, key),
                                               .policy = "none",
                                               .now = NOW,
                                               .since = MD_TIME_NONE,
                                               .zone = md_zone_utc(),
                                               .tool_version = "1",
                                               .facts = note_kinds,
                                               .facts_ctx = &has_facts};
    struct md_bundle *bundle = NULL;
    struct md_source *source;
    const struct md_item *const *items;

    files_write(*state, made.folder, "from/csdb/ics50events.db", MD_LIT("not even a database"));
    files_write(*state, made.folder, "from/csdb/log.0000000001", MD_LIT("x"));
    files_write(*state, made.folder, "from/cscal-list.txt", MD_LIT("amy: owner=amy\n"));
    files_write(*state, made.folder, "from/logs/admin.log",
                MD_LIT("[31/May/2007:04:12:08 -0700] cal1 csadmind[1]: General Notice: x\n"));
    md_collect_free(&made.collect);
    md_source_free(&made.source);
    made.source = files_open(from, made.diags);
    assert_non_null(made.source);
    made.collect = md_collect_new(*state, made.source, made.diags, made.folder);
    assert_int_equal(md_bundle_create(*state, &place, made.diags, &bundle), MD_OK);
    md_collect_plan(made.collect);
    md_want_int("write", md_collect_write(made.collect, &options, &bundle), MD_OK);
    md_want_true(has_facts);
    source = finish(&made);
    md_want_int("database files", md_source_items(source, MD_ITEM_CSDB_FILE, &items), 0);
    md_want_int("their logs", md_source_items(source, MD_ITEM_CSDB_LOG, &items), 0);
    md_want_int("lists of calendars", md_source_items(source, MD_ITEM_CSCAL, &items), 0);
    md_want_int("logs of the server", md_source_items(source, MD_ITEM_CALENDAR_LOG, &items), 1);
    md_source_free(&source);
    files_remove(made.folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(records_and_replays),      MD_TEST(says_what_was_closed), MD_TEST(cuts_the_log_that_does_not_fit),
        MD_TEST(hides_lines_that_leak),    MD_TEST(keeps_no_message),     MD_TEST(copies_what_was_sent),
        MD_TEST(takes_no_entries_of_users)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
