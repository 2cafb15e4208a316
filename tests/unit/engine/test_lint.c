#include "tests/unit/engine/rules_fixture.h"

#include "engine/lint.h"

/* A base with nothing to complain about, in parts that a row may replace. */
static const char finding[] =
    "finding 'shelf.full' { scope = 'shelf', group = 'g', leak = 'rarely', cites = 'c',\n"
    "  test = function(s) return s.things > thresholds.many end, says = '{things} things' }\n";
static const char cause[] =
    "cause 'shelf.crowded' { title = 't', summary = 's', scope = 'shelf', prior = 'common', cites = 'c',\n"
    "  links = { ['shelf.full'] = 'often' }, urgency = 'watch', if_nothing = 'n', remedies = { { 'r.a', 'often' } } }\n"
    "cause 'shelf.heavy' { title = 't', summary = 's', scope = 'shelf', prior = 'common', cites = 'c',\n"
    "  links = { ['shelf.full'] = 'often' }, urgency = 'watch', if_nothing = 'n', remedies = { { 'r.a', 'often' } } "
    "}\n";
static const char remedy[] = "remedy 'r.a' { title = 't', steps = { 'one' }, risk = 'low', minutes = 5, undo = 'u', "
                             "verify = 'v', needs = 'n', cites = 'c' }\n";
static const char cases[] = "- name: a full shelf\n"
                            "  facts: { shelf: { a: { things: 20 } } }\n"
                            "  expect: { first: shelf.crowded, present: [shelf.heavy] }\n"
                            "- name: an empty one\n"
                            "  facts: { shelf: { a: { things: 2 } } }\n"
                            "  expect: { absent: [shelf.crowded, shelf.heavy] }\n";

static void run_lint(struct rules_fixture *f, struct md_arena *arena, const char *rules, const char *case_text)
{
    static const char thresholds[] = "return { many = { value = 10, means = 'm', source = 's' } }\n";
    struct md_rule_file files[] = {
        {.path = "facts.yaml", .text = md_str(fixture_catalogue)},
        {.path = "lib/thresholds.lua", .text = md_str(thresholds)},
        {.path = "house/things.lua", .text = md_str(rules)},
        {.path = "house/things.cases.yaml", .text = md_str(case_text)},
    };
    struct md_rules_input input = {.files = files, .n = MD_ROWS(files)};

    *f = (struct rules_fixture){.arena = arena, .diags = md_diags_new(arena)};
    md_want_int("load", md_rules_load(&input, f->diags, &f->rules), MD_OK);
    fixture_no_diags(f->diags);
    md_rules_lint(f->rules, arena, f->diags);
}

static void want_told(const struct md_diags *diags, enum md_severity severity, unsigned line, const char *words)
{
    size_t i;

    for (i = 0; i < md_diags_count(diags); i++) {
        const struct md_diag *d = md_diags_at(diags, i);

        if (md_str_find(md_str(d->what), md_str(words)) >= 0 && d->severity == severity &&
            (line == 0 || d->loc.line == line))
            return;
    }
    for (i = 0; i < md_diags_count(diags); i++)
        print_error("%s:%u: %s\n", md_diags_at(diags, i)->loc.file, (unsigned)md_diags_at(diags, i)->loc.line,
                    md_diags_at(diags, i)->what);
    md_want_cstr("what is told", "", words);
}

static void a_sound_base_passes(void **state)
{
    struct rules_fixture f;

    md_test_case(0, "nothing to complain about");
    run_lint(&f, *state, md_arena_printf(*state, "%s%s%s", finding, cause, remedy), cases);
    if (md_diags_count_at_least(f.diags, MD_WARNING) > 0)
        want_told(f.diags, MD_NOTE, 0, "no complaint");
    want_told(f.diags, MD_NOTE, 0, "no rule reads house.people");
    want_told(f.diags, MD_NOTE, 0, "scope shelf: P(no fault | no evidence) is 0.619");
    md_rules_free(&f.rules);
}

static void what_is_unsound_is_told(void **state)
{
    static const struct {
        const char *says, *finding, *cause, *remedy, *cases;
        enum md_severity severity;
        unsigned line;
        const char *words;
    } rows[] = {
        {"a misspelt fact",
         "finding 'shelf.full' { scope = 'shelf', group = 'g', leak = 'rarely', cites = 'c',\n"
         "  test = function(s)\n  if s.kind == 'x' then return s.thinsg > 1 end return s.things > 10 end, says = 's' "
         "}\n",
         NULL, NULL, NULL, MD_ERROR, 3, "a shelf has no fact thinsg"},
        {"a misspelt fact of a loop's variable",
         "finding 'shelf.full' { scope = 'shelf', group = 'g', leak = 'rarely', cites = 'c',\n"
         "  test = function(s) for b in s:each('box') do if b.things then return true end end return s.things > 2 end, "
         "says = 's' }\n",
         NULL, NULL, NULL, MD_ERROR, 2, "a box has no fact things"},
        {"a misspelt fact of the house",
         "finding 'shelf.full' { scope = 'shelf', group = 'g', leak = 'rarely', cites = 'c',\n"
         "  test = function(s) local h = s.house return s.things > 2 or h.load > 1 end, says = 's' }\n",
         NULL, NULL, NULL, MD_ERROR, 2, "a house has no fact load"},
        {"a misspelt fact of an instance by name",
         "finding 'shelf.full' { scope = 'shelf', group = 'g', leak = 'rarely', cites = 'c',\n"
         "  test = function(s) return s.things > 2 or s:box('one').size > 1 end, says = 's' }\n",
         NULL, NULL, NULL, MD_ERROR, 2, "a box has no fact size"},
        {"a misspelt fact in known",
         "finding 'shelf.full' { scope = 'shelf', group = 'g', leak = 'rarely', cites = 'c',\n"
         "  test = function(s) return s.things > 2 or known(s.house, 'people', 'rooms', 'roofs') end, says = 's' }\n",
         NULL, NULL, NULL, MD_ERROR, 2, "a house has no fact roofs"},
        {"a number in a predicate",
         "finding 'shelf.full' { scope = 'shelf', group = 'g', leak = 'rarely', cites = 'c',\n"
         "  test = function(s) return s.things > 17 end, -- not 18\n says = function(s) return 'over 19' end }\n",
         NULL, NULL, NULL, MD_WARNING, 2, "the number 17"},
        {"a function that raises with typical values",
         "finding 'shelf.full' { scope = 'shelf', group = 'g', leak = 'rarely', cites = 'c',\n"
         "  test = function(s) return s.things > 2 and s.colours > 1 end, says = 's' }\n",
         NULL, NULL, NULL, MD_ERROR, 2, "the rule shelf.full failed"},
        {"a finding without a source",
         "finding 'shelf.full' { scope = 'shelf', group = 'g', leak = 'rarely', test = function(s) return s.things > 2 "
         "end, says = 's' }\n",
         NULL, NULL, NULL, MD_ERROR, 1, "shelf.full cites no source"},
        {"an urgency without a usual one", NULL,
         "cause 'shelf.crowded' { title = 't', summary = 's', scope = 'shelf', prior = 'common', cites = 'c',\n"
         "  links = { ['shelf.full'] = 'often' }, urgency = function() return 'act' end }\n"
         "cause 'shelf.heavy' { title = 't', summary = 's', scope = 'shelf', prior = 'common', cites = 'c', links = "
         "{}, urgency = 'act' }\n",
         NULL, NULL, MD_ERROR, 0, "no usual_urgency"},
        {"a remedy without minutes", NULL, NULL,
         "remedy 'r.a' { title = 't', steps = { 'one' }, risk = 'low', undo = 'u', verify = 'v', needs = 'n', cites = "
         "'c' }\n",
         NULL, MD_ERROR, 0, "how many minutes"},
        {"a remedy without undo", NULL, NULL,
         "remedy 'r.a' { title = 't', steps = { 'one' }, risk = 'low', minutes = 5, verify = 'v', needs = 'n', cites = "
         "'c' }\n",
         NULL, MD_ERROR, 0, "how to undo"},
        {"a remedy without a check", NULL, NULL,
         "remedy 'r.a' { title = 't', steps = { 'one' }, risk = 'low', minutes = 5, undo = 'u', needs = 'n', cites = "
         "'c' }\n",
         NULL, MD_ERROR, 0, "how to check"},
        {"a remedy whose steps need facts", NULL, NULL,
         "remedy 'r.a' { title = 't', steps = function(s) return { 'of ' .. s.kind } end, risk = 'low', minutes = 5, "
         "undo = 'u', verify = 'v',\n"
         "  needs = 'n', cites = 'c' }\n",
         NULL, MD_ERROR, 0, "r.a has no steps for a shelf of which little is known"},
        {"a finding that is never tried", NULL, NULL, NULL, "[]", MD_ERROR, 1, "finding shelf.full holds in no case"},
        {"a cause that is never tried", NULL, NULL, NULL, "[]", MD_ERROR, 3,
         "cause shelf.crowded has no case in which it is expected"},
        {"a cause without a look-alike", NULL, NULL, NULL,
         "- name: full\n  facts: { shelf: { a: { things: 20 } } }\n  expect: { first: shelf.crowded, present: "
         "[shelf.heavy] }\n",
         MD_ERROR, 3, "cause shelf.crowded has no case of a look-alike"},
        {"an id that does not exist", NULL, NULL, NULL,
         "- name: full\n  facts: {}\n  expect: { first: shelf.missing }\n", MD_ERROR, 3,
         "shelf.missing, which does not exist"},
        {"a case with a fact that does not exist", NULL, NULL, NULL,
         "- name: full\n  facts: { shelf: { a: { size: 1 } } }\n  expect: {}\n", MD_ERROR, 2,
         "a shelf has no fact size"},
        {"cases that are no YAML", NULL, NULL, NULL, "- name: [\n", MD_ERROR, 0, "YAML"},
        {"a host that is sick from the start", NULL,
         "for i = 1, 9 do cause('shelf.c' .. i) { title = 't', summary = 's', scope = 'shelf', prior = 'common', cites "
         "= 'c', urgency = 'act',\n"
         "links = { ['shelf.full'] = 'often' } } end\n",
         NULL, NULL, MD_ERROR, 0, "below 0.4"},
    };
    size_t i;

    for (i = 0; i < MD_ROWS(rows); i++) {
        struct rules_fixture f;

        md_test_case(i, rows[i].says);
        run_lint(&f, *state,
                 md_arena_printf(*state, "%s%s%s", rows[i].finding != NULL ? rows[i].finding : finding,
                                 rows[i].cause != NULL ? rows[i].cause : cause,
                                 rows[i].remedy != NULL ? rows[i].remedy : remedy),
                 rows[i].cases != NULL ? rows[i].cases : cases);
        want_told(f.diags, rows[i].severity, rows[i].line, rows[i].words);
        md_rules_free(&f.rules);
    }
}

static void comments_texts_and_other_variables_are_no_reads(void **state)
{
    static const char harmless[] =
        "finding 'shelf.full' { scope = 'shelf', group = 'g', leak = 'rarely', cites = 'c',\n"
        "  test = function(s) -- s.nothing > 99\n"
        "    local t, x = { nothing = 1 }, 's.nothing' --[[ s.nothing ]]\n"
        "    for name, n in s.colours:each() do if name.nothing then return true end end\n"
        "    for i = 1, 2 do if t.nothing == x then return true end end\n"
        "    return s.things > thresholds.many and s.colours:share('s.nothing') >= 0 end, says = \"[s.nothing]\" }\n";
    struct rules_fixture f;
    size_t i;

    md_test_case(0, "nothing that is said is a fact");
    run_lint(&f, *state, md_arena_printf(*state, "%s%s%s", harmless, cause, remedy), cases);
    for (i = 0; i < md_diags_count(f.diags); i++)
        md_want_true(md_str_find(md_str(md_diags_at(f.diags, i)->what), MD_LIT("has no fact")) < 0 &&
                     md_str_find(md_str(md_diags_at(f.diags, i)->what), MD_LIT("stands in a predicate")) < 0);
    md_rules_free(&f.rules);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(a_sound_base_passes),
        MD_TEST(what_is_unsound_is_told),
        MD_TEST(comments_texts_and_other_variables_are_no_reads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
