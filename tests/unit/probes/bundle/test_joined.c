/* Texts that a person gave: alone, beside a folder, beside this host. */
#include "tests/unit/md_test.h"

#include "engine/base/diag.h"
#include "tests/unit/probes/bundle/files.h"

#define DF "Filesystem            kbytes    used   avail capacity  Mounted on\n/dev/a 1 1 0 50% /\n"
#define LISTING "/var/spool/q:\ntotal 3\n-rw------- 1 mail mail 5 Nov 24 03:30 a\n"

static const struct md_source_text texts[] = {
    {"given-001/pasted.txt", MD_LIT_INIT("mail1# df -k\n" DF "mail1# date\nTue Nov 24 03:30:06 UTC 2026\n")},
    {"given-002/option.dat", MD_LIT_INIT("LOG_FILENAME=1\n")},
};

static void want_text(struct md_source *source, enum md_item_kind kind, size_t n, const char *want)
{
    const struct md_item *const *items;
    struct md_arena *arena = md_arena_new();
    struct md_str text = {"", 0};

    md_want_int(md_item_kind_name(kind), md_source_items(source, kind, &items), n);
    md_want_int("read", md_source_read_all(source, items[n - 1], arena, 1000, &text), MD_OK);
    md_want_str("text", text, want);
    md_arena_free(&arena);
}

static void texts_stand_alone(void **state)
{
    struct md_diags *diags = md_diags_new(*state);
    const struct md_source_options none = {.at = MD_TIME_NONE},
                                   options = {.at = MD_TIME_NONE, .texts = texts, .n_texts = MD_ROWS(texts)};
    struct md_source *source;
    const struct md_item *const *items;

    md_want_int("open", md_source_open_texts("told", &none, diags, &source), MD_OK);
    md_want_int("nothing", md_source_inventory(source, &items), 0);
    md_source_free(&source);
    md_want_int("open", md_source_open_texts("told", &options, diags, &source), MD_OK);
    want_text(source, MD_ITEM_DF, 1, DF);
    want_text(source, MD_ITEM_OPTION_DAT, 1, "LOG_FILENAME=1\n");
    md_want_cstr("name", md_source_name(source), "told");
    md_want_true(md_source_now(source, NULL) != MD_TIME_NONE);
    md_source_free(&source);
}

static void texts_join_a_folder(void **state)
{
    struct md_arena *arena = *state;
    struct md_diags *diags = md_diags_new(arena);
    const char *folder = files_folder(arena);
    const struct md_source_options options = {.at = MD_TIME_NONE, .texts = texts, .n_texts = MD_ROWS(texts)};
    struct md_source_set *set;
    struct md_source *source;

    files_write(arena, folder, "q.txt", md_str(LISTING));
    md_want_int("open", md_source_open_path(folder, &options, diags, &source), MD_OK);
    want_text(source, MD_ITEM_LISTING, 1, LISTING);
    want_text(source, MD_ITEM_DF, 1, DF);
    md_source_free(&source);
    /* as one of the hosts of a set, too, which is not changed by it */
    md_want_int("set", md_source_set_open(folder, &options, diags, &set), MD_OK);
    md_want_int("hosts", md_source_set_count(set), 1);
    md_want_int("one", md_source_set_open_one(set, 0, &options, diags, &source), MD_OK);
    want_text(source, MD_ITEM_LISTING, 1, LISTING);
    want_text(source, MD_ITEM_OPTION_DAT, 1, "LOG_FILENAME=1\n");
    md_source_free(&source);
    md_source_set_free(&set);
    files_remove(folder);
}

static void a_text_of_the_same_name_counts(void **state)
{
    struct md_arena *arena = *state;
    struct md_diags *diags = md_diags_new(arena);
    const char *folder = files_folder(arena);
    static const struct md_source_text text = {"option.dat", MD_LIT_INIT("LOG_FILENAME=1\n")};
    const struct md_source_options options = {.at = MD_TIME_NONE, .texts = &text, .n_texts = 1};
    struct md_source *source;

    files_write(arena, folder, "option.dat", md_str("LOG_FILENAME=0\n"));
    md_want_int("open", md_source_open_path(folder, &options, diags, &source), MD_OK);
    want_text(source, MD_ITEM_OPTION_DAT, 1, "LOG_FILENAME=1\n");
    md_source_free(&source);
    files_remove(folder);
}

static void texts_join_a_host_that_is_not_asked_for_the_same(void **state)
{
    struct md_arena *arena = *state;
    struct md_diags *diags = md_diags_new(arena);
    const char *folder = files_folder(arena);
    const struct md_source_options options = {
        .root = folder, .at = MD_TIME_NONE, .texts = texts, .n_texts = MD_ROWS(texts)};
    struct md_source *source;

    md_want_int("open", md_source_open_live_with(&options, diags, &source), MD_OK);
    md_want_int("kind", md_source_kind(source), MD_SOURCE_LIVE);
    want_text(source, MD_ITEM_DF, 1, DF);
    want_text(source, MD_ITEM_OPTION_DAT, 1, "LOG_FILENAME=1\n");
    md_source_free(&source);
    files_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(texts_stand_alone),
        MD_TEST(texts_join_a_folder),
        MD_TEST(a_text_of_the_same_name_counts),
        MD_TEST(texts_join_a_host_that_is_not_asked_for_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
