/*
 * Which rules a product gets: its own, what all share, what a site adds; never those of another one.
 */
#include "cli/rulebase.h"
#include "tests/unit/md_test.h"

static int setup(void **state)
{
    *state = md_arena_new();
    return 0;
}

static int teardown(void **state)
{
    struct md_arena *arena = *state;

    md_arena_free(&arena);
    return 0;
}

static const char catalogue[] = "scopes: { host: {} }\n"
                                "facts:\n"
                                "- { name: host.n, type: count, unit: things, means: \"a number\", probe: x.y }\n";
#define CAUSE(id)                                                                                                      \
    "cause \"" id "\" { title = \"t\", summary = \"s\", scope = \"host\", prior = \"rare\", links = {}, "              \
    "urgency = \"watch\", if_nothing = \"n\", remedies = {}, cites = \"c\" }\n"
static const char mail[] = CAUSE("mail.bad");
static const char dates[] = CAUSE("dates.bad");
static const char shared[] = CAUSE("any.bad");

static void open_base(struct md_rulebase *base, struct md_arena *arena, struct md_diags *diags)
{
    static const struct md_rule_file files[] = {
        {.path = "facts.yaml", .text = {catalogue, sizeof catalogue - 1}},
        {.path = "msgserver/topic.lua", .text = {mail, sizeof mail - 1}},
        {.path = "site/calendar/topic.lua", .text = {dates, sizeof dates - 1}},
        {.path = "system/topic.lua", .text = {shared, sizeof shared - 1}},
        {.path = "cases/some.cases.yaml", .text = {"[]\n", 3}},
        {.path = "calendar/some.cases.yaml", .text = {"[]\n", 3}},
    };

    *base = (struct md_rulebase){.arena = arena, .files = files, .n_files = MD_ROWS(files)};
    md_want_int("catalogue", md_catalogue_read_base(arena, files, MD_ROWS(files), diags, &base->catalogue), MD_OK);
}

static bool has(struct md_rulebase *base, const char *product, const char *id, struct md_diags *diags)
{
    const struct md_product *of = product == NULL ? NULL : md_product_find(md_str(product));

    return md_rules_find_cause(md_rulebase_rules(base, of, diags), md_str(id)) != NULL;
}

static void rules_are_of_a_product_and_shared(void **state)
{
    static const struct {
        const char *product, *id;
        bool has;
    } rows[] = {
        {"msgserver", "mail.bad", true}, {"msgserver", "dates.bad", false}, {"msgserver", "any.bad", true},
        {"calendar", "mail.bad", false}, {"calendar", "dates.bad", true},   {"calendar", "any.bad", true},
        {NULL, "mail.bad", true},        {NULL, "dates.bad", true},         {NULL, "any.bad", true},
    };
    struct md_diags *diags = md_diags_new(*state);
    struct md_rulebase base;

    open_base(&base, *state, diags);
    for (size_t i = 0; i < MD_ROWS(rows); i++) {
        md_test_case(i, rows[i].id);
        md_want_int(rows[i].product == NULL ? "all" : rows[i].product, has(&base, rows[i].product, rows[i].id, diags),
                    rows[i].has);
    }
    md_want_int("diagnostics", (long long)md_diags_count(diags), 0);
    md_rulebase_close(&base);
}

static void products_share_one_catalogue(void **state)
{
    struct md_diags *diags = md_diags_new(*state);
    struct md_rulebase base;

    open_base(&base, *state, diags);
    for (size_t i = 0; i < MD_PRODUCT_COUNT; i++)
        assert_ptr_equal(md_rules_catalogue(md_rulebase_rules(&base, md_product_at(i), diags)), base.catalogue);
    md_rulebase_close(&base);
}

static void cases_of_no_product_are_tried_once(void **state)
{
    struct md_diags *diags = md_diags_new(*state);
    struct md_rulebase base;

    open_base(&base, *state, diags);
    md_want_int("first", (long long)md_rules_case_file_count(md_rulebase_rules(&base, md_product_at(0), diags)), 1);
    md_want_int(
        "other",
        (long long)md_rules_case_file_count(md_rulebase_rules(&base, md_product_find(md_str("calendar")), diags)), 1);
    md_rulebase_close(&base);
}

static void products_are_those_that_facts_name(void **state)
{
    struct md_diags *diags = md_diags_new(*state);
    const struct md_catalogue *its = NULL;
    static const char yaml[] = "scopes: { host: {} }\n"
                               "facts:\n"
                               "- { name: host.product, type: text, means: \"one\", probe: x.y }\n"
                               "- { name: host.products, type: texts, means: \"all\", probe: x.y }\n";
    const struct md_str both[] = {MD_LIT("calendar"), MD_LIT("msgserver")};
    struct md_facts *facts;

    md_want_int("catalogue", md_catalogue_read(*state, "facts.yaml", md_str(yaml), diags, &its), MD_OK);
    facts = md_facts_new(*state, its);
    assert_null(md_product_first(facts));
    md_fact_text(facts, md_facts_root(facts), "host.product", MD_LIT("calendar"), NULL);
    md_want_str("of old facts", md_str(md_product_first(facts)->name), "calendar");
    md_fact_texts(facts, md_facts_root(facts), "host.products", both, 2, NULL);
    md_want_str("first of both", md_str(md_product_first(facts)->name), "msgserver");
    md_want_int("second", md_product_is_there(facts, md_product_find(md_str("calendar"))), true);
    assert_null(md_product_find(md_str("postfix, perhaps")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rules_are_of_a_product_and_shared, setup, teardown),
        cmocka_unit_test_setup_teardown(products_share_one_catalogue, setup, teardown),
        cmocka_unit_test_setup_teardown(cases_of_no_product_are_tried_once, setup, teardown),
        cmocka_unit_test_setup_teardown(products_are_those_that_facts_name, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
