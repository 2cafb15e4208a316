#include "tests/unit/md_test.h"

#include "engine/check_cases.h"
#include "engine/check_lint.h"

struct fixture {
    struct md_arena *arena;
    struct md_diags *diags;
    struct md_checks *checks;
};

/* The double of a product's model: the file tree.yaml is the tree, and each further file is noted in it. */
static const struct md_node *build(void *ctx, struct md_arena *arena, const struct md_check_case_config *config,
                                   struct md_diags *diags)
{
    const char *files = "";
    struct md_str text = {NULL, 0};
    const struct md_node *tree;
    size_t i;

    (void)ctx;
    for (i = 0; i < config->n; i++) {
        if (strcmp(config->files[i].path, "tree.yaml") == 0)
            text = config->files[i].text;
        files = md_arena_printf(arena, "%s%s%s: true", files, i > 0 ? ", " : "", config->files[i].path);
    }
    text = md_str(md_arena_printf(arena, "%.*sread: { %s }\nversion: { text: '%s' }\n", (int)text.n, text.p, files,
                                  config->version != NULL ? config->version : ""));
    return md_yaml_read(arena, "config/tree.yaml", text, diags, &tree) == MD_OK ? tree : NULL;
}

#define HEAD "title = 't', why = 'w', fix = 'f', cites = '[doc] d', bad = 'b', good = 'g', over = 'thing', "
static const char checks[] =
    "check 'thing.red' { " HEAD "severity = 'error', test = function(x, config)\n"
    "  if x.colour == (config.facts and config.facts.wrong or 'red') then found(x, 'red') end end }\n"
    "check 'thing.big' { " HEAD "severity = 'warning', since = '6.2', test = function(x, config)\n"
    "  if x.size > 10 then found(x, 'big') if x.size > 100 then found(x, 'very big') end end end }\n"
    "check 'thing.named' { " HEAD
    "severity = 'info', needs = { 'names' }, test = function(x) if x.name then found(x, 'named') end end }\n";

static const char tree_yaml[] = "collections: [thing]\ninputs: [names, tree.yaml]\n";

static const char base[] = "version: '6.3'\n"
                           "files:\n"
                           "  names: one\n"
                           "  tree.yaml: |\n"
                           "    thing:\n"
                           "      - { colour: blue, size: 1 }\n"
                           "      - { colour: green, size: 2 }\n";

static void load(struct fixture *f, struct md_arena *arena, const char *lua, const char *cases)
{
    static const char small[] = "extends: plain\nversion: '5.2'\nfiles:\n  names: ~\n";
    static const char unsound[] =
        "extends: plain\nfiles:\n  tree.yaml: |\n    thing:\n      - { colour: red, size: 1 }\n";
    const struct md_rule_file files[] = {
        {.path = "house/check/base/plain.yaml", .text = md_str(base)},
        {.path = "house/check/base/small.yaml", .text = md_str(small)},
        {.path = "house/check/base/unsound.yaml", .text = md_str(unsound)},
        {.path = "house/check/things.checks.yaml", .text = md_str(cases)},
        {.path = "house/check/things.lua", .text = md_str(lua)},
        {.path = "house/check/tree.yaml", .text = md_str(tree_yaml)},
    };
    const struct md_rules_input input = {.files = files, .n = MD_ROWS(files)};

    *f = (struct fixture){.arena = arena, .diags = md_diags_new(arena)};
    md_want_int("load", md_checks_load(&input, f->diags, &f->checks), MD_OK);
    md_want_int("diagnostics", md_diags_count(f->diags), 0);
}

static void run(struct fixture *f, const char *only, struct md_check_cases_report *ret)
{
    const struct md_check_cases_options options = {.build = build, .only = &only, .n_only = only != NULL};

    md_check_cases_run(f->checks, &options, f->arena, ret);
}

static void cases_pass(void **state)
{
    static const char *const cases[] = {
        "replace: 'colour: blue', with: 'colour: red'",
        "append: '  - { colour: red, size: 1 }'",
        "edits: [ { file: tree.yaml, replace: blue, with: 'red' }, { file: tree.yaml, prepend: '# a line' } ]",
        "replace: 'blue', with: 'red, size: 1 } # more'",
        "replace: \"blue, size: 1 }\\n\", with: \"blue, size: 1 }\\n  - { colour: red, size: 1 }\\n  # more\\n\"",
        "new: \"thing:\\n  - { colour: red, size: 1 }\\n\"",
        "replace: 'blue, size: 1', with: 'red, size: 11', also: thing.big",
        "replace: 'blue, size: 1', with: 'red, size: 11', also: [thing.big]",
        "replace: 'thing:', with: 'thing: # x', edits: [ { file: tree.yaml, replace: blue, with: red } ]",
        ("replace: 'blue, size: 1', with: 'blue, size: 1, name: a', tree: { thing: { a: { colour: red } }, more: 1 }, "
         "facts: { x: 1 }"),
        "edits: [ { file: names, new: x }, { file: tree.yaml, replace: blue, with: red } ], at: 'colour: red'",
    };
    size_t i;

    for (i = 0; i < MD_ROWS(cases); i++) {
        struct md_check_cases_report report;
        struct fixture f;
        size_t k;

        md_test_case(i, cases[i]);
        load(&f, *state, checks,
             md_arena_printf(*state,
                             "- check: thing.red\n  base: plain\n  fires:\n    - { %s%s }\n  silent: [ {}, { file: "
                             "tree.yaml, replace: blue, with: "
                             "pink } ]\n",
                             md_str_has_prefix(md_str(cases[i]), MD_LIT("edits")) ? "" : "file: tree.yaml, ",
                             cases[i]));
        run(&f, NULL, &report);
        for (k = 0; k < report.n_failures; k++)
            print_error("%u: %s: %s\n", (unsigned)report.failures[k].loc.line, report.failures[k].name,
                        report.failures[k].what);
        md_want_int("failures", report.n_failures, 0);
        md_want_int("cases: the base and three", report.n_cases, 4);
        md_want_int("passed", report.n_passed, 4);
        md_checks_free(&f.checks);
    }
}

static void cases_fail_for_a_reason(void **state)
{
    static const struct {
        const char *says, *text, *words;
        unsigned line;
    } cases[] = {
        {"not found", "check: thing.red, base: plain, fires: [ { file: tree.yaml, replace: blue, with: pink } ]",
         "not found in tree.yaml, line 2", 1},
        {"found elsewhere",
         "check: thing.red, base: plain, fires: [ { edits: [ { file: tree.yaml, replace: blue, with: red }, { file: "
         "tree.yaml, replace: green, with: red } ], at: 'size: 1' } ]",
         "found in another place, too", 1},
        {"two findings",
         "check: thing.big, base: plain, fires: [ { file: tree.yaml, replace: 'size: 1', with: 'size: 111' } ]",
         "one mistake, but 2 findings", 1},
        {"another check speaks",
         "check: thing.red, base: plain, fires: [ { file: tree.yaml, replace: 'blue, size: 1', with: 'red, size: 11' } "
         "]",
         "another check speaks: thing.big at config/tree.yaml:2: big", 1},
        {"wrongly found", "check: thing.red, base: plain, silent: [ { file: tree.yaml, replace: blue, with: red } ]",
         "wrongly found: thing.red", 1},
        {"skipped",
         "check: thing.named, base: small, fires: [ { file: tree.yaml, replace: 'size: 1', with: 'size: 1, name: a' } "
         "]",
         "it was skipped", 1},
        {"not of this version",
         "check: thing.big, base: small, fires: [ { file: tree.yaml, replace: 'size: 1', with: 'size: 11' } ]",
         "not found", 1},
        {"nothing to replace",
         "check: thing.red, base: plain, fires: [ { file: tree.yaml, replace: brown, with: red } ]",
         "tree.yaml does not hold \"brown\"", 1},
        {"a file that is not there",
         "check: thing.red, base: plain, fires: [ { file: other, replace: brown, with: red } ]",
         "the base has no file other", 1},
        {"an edit of nothing", "check: thing.red, base: plain, fires: [ { file: tree.yaml } ]", "an edit has `replace`",
         1},
        {"a tree that cannot be made", "check: thing.red, base: plain, fires: [ { file: tree.yaml, new: '{' } ]",
         "there is no tree", 1},
        {"an unknown key",
         "check: thing.red, base: plain, fires: [ { file: tree.yaml, replace: blue, with: red, to: x } ]",
         "an edit knows no \"to\"", 1},
        {"an unknown key of a case", "check: thing.red, base: plain, fire: []", "a case of a check knows no \"fire\"",
         1},
        {"an unknown check", "check: thing.rde, base: plain", "the check thing.rde, which does not exist", 1},
        {"an unknown base", "check: thing.red, base: plane", "there is no base plane in house/check/base", 1},
        {"a base that is not sound",
         "check: thing.red, base: unsound, silent: [ { file: tree.yaml, replace: red, with: blue } ]",
         "it is not sound: thing.red", 1},
    };
    size_t i;

    for (i = 0; i < MD_ROWS(cases); i++) {
        struct md_check_cases_report report;
        struct fixture f;
        size_t k;

        md_test_case(i, cases[i].says);
        load(&f, *state, checks, md_arena_printf(*state, "- { %s }\n", cases[i].text));
        run(&f, NULL, &report);
        if (report.n_failures != 1)
            for (k = 0; k < report.n_failures; k++)
                print_error("%u: %s: %s\n", (unsigned)report.failures[k].loc.line, report.failures[k].name,
                            report.failures[k].what);
        md_want_int("failures", report.n_failures, 1);
        if (md_str_find(md_str(report.failures[0].what), md_str(cases[i].words)) < 0)
            md_want_cstr("what", report.failures[0].what, cases[i].words);
        md_want_int("line", report.failures[0].loc.line, cases[i].line);
        md_checks_free(&f.checks);
    }
}

static void some_cases_can_be_chosen(void **state)
{
    static const char cases[] = "- { check: thing.red, base: plain, silent: [ {} ] }\n"
                                "- { check: thing.big, base: small, silent: [ {}, {} ] }\n";
    struct md_check_cases_report report;
    struct fixture f;

    md_test_case(0, "by id, by file");
    load(&f, *state, checks, cases);
    run(&f, "thing.big", &report);
    md_want_int("of an id, with its base", report.n_cases, 3);
    run(&f, "check/things", &report);
    md_want_int("of a file", report.n_cases, 5);
    run(&f, "nothing", &report);
    md_want_int("of none", report.n_cases, 0);
    md_checks_free(&f.checks);
}

/* ---- lint ---- */

static const char complete[] = "- { check: thing.red, base: plain, fires: [ {} ], silent: [ {} ] }\n"
                               "- { check: thing.big, base: plain, fires: [ {} ], silent: [ {} ] }\n"
                               "- { check: thing.named, base: plain, fires: [ {} ], silent: [ {} ] }\n";

static void sound_checks_pass_lint(void **state)
{
    struct fixture f;
    size_t i;

    md_test_case(0, "nothing to complain about");
    load(&f, *state, checks, complete);
    md_checks_lint(f.checks, f.arena, f.diags);
    for (i = 0; i < md_diags_count(f.diags); i++)
        print_error("%s\n", md_diags_at(f.diags, i)->what);
    md_want_int("diagnostics", md_diags_count(f.diags), 0);
    md_checks_free(&f.checks);
}

static void lint_tells_what_is_missing(void **state)
{
    static const struct {
        const char *says, *check, *cases, *words;
        enum md_severity severity;
    } rows[] = {
        {"no why", "title = 't', severity = 'info', over = 'thing', fix = 'f', cites = 'c', bad = 'b', good = 'g'", "",
         "does not say why", MD_ERROR},
        {"no fix", "title = 't', severity = 'info', over = 'thing', why = 'w', cites = 'c', bad = 'b', good = 'g'", "",
         "does not say how to fix it", MD_ERROR},
        {"no source", "title = 't', severity = 'info', over = 'thing', why = 'w', fix = 'f', bad = 'b', good = 'g'", "",
         "cites no source", MD_ERROR},
        {"no bad example",
         "title = 't', severity = 'info', over = 'thing', why = 'w', fix = 'f', cites = 'c', good = 'g'", "",
         "has no bad example", MD_ERROR},
        {"no good example",
         "title = 't', severity = 'info', over = 'thing', why = 'w', fix = 'f', cites = 'c', bad = 'b'", "",
         "has no good example", MD_ERROR},
        {"an error without documentation",
         "title = 't', severity = 'error', over = 'thing', why = 'w', fix = 'f', cites = '[seen]', bad = 'b', good = "
         "'g'",
         "", "cites no [doc ...]", MD_WARNING},
        {"hides what is not there", HEAD "severity = 'info', hides = { 'x.y' }", "", "hides x.y, which does not exist",
         MD_ERROR},
        {"hides itself", HEAD "severity = 'info', hides = { 'a.b' }", "", "hides itself", MD_ERROR},
        {"an unknown collection",
         "title = 't', severity = 'info', over = 'thnig', why = 'w', fix = 'f', cites = 'c', bad = 'b', good = 'g'", "",
         "goes over thnig", MD_ERROR},
        {"an unknown input", HEAD "severity = 'info', needs = { 'nmaes' }", "", "needs nmaes, which is no input",
         MD_ERROR},
        {"no case where it fires", HEAD "severity = 'info'", "- { check: a.b, base: plain, silent: [ {} ] }\n",
         "has no case where it fires", MD_ERROR},
        {"no case where it is silent", HEAD "severity = 'info'", "- { check: a.b, base: plain, fires: [ {} ] }\n",
         "has no case where it must not fire", MD_ERROR},
        {"a case of another check", HEAD "severity = 'info'",
         "- { check: a.b, base: plain, fires: [ {} ], silent: [ {} ] }\n- { check: a.c, base: plain }\n",
         "a.c, which does not exist", MD_ERROR},
    };
    size_t i, k;

    for (i = 0; i < MD_ROWS(rows); i++) {
        const char *sound_case = "- { check: a.b, base: plain, fires: [ {} ], silent: [ {} ] }\n";
        struct fixture f;

        md_test_case(i, rows[i].says);
        load(&f, *state, md_arena_printf(*state, "check 'a.b' { %s, test = function() end }\n", rows[i].check),
             rows[i].cases[0] != '\0' ? rows[i].cases : sound_case);
        md_checks_lint(f.checks, f.arena, f.diags);
        for (k = 0; k < md_diags_count(f.diags); k++)
            if (md_str_find(md_str(md_diags_at(f.diags, k)->what), md_str(rows[i].words)) < 0)
                md_want_cstr("what", md_diags_at(f.diags, k)->what, rows[i].words);
        md_want_int("diagnostics", md_diags_count(f.diags), 1);
        md_want_int("severity", md_diags_at(f.diags, 0)->severity, rows[i].severity);
        md_checks_free(&f.checks);
    }
}

static void lint_tells_what_hides_each_other(void **state)
{
    struct fixture f;

    md_test_case(0, "a circle of two");
    load(&f, *state,
         "check 'thing.red' { " HEAD "severity = 'error', hides = { 'thing.big' }, test = function() end }\n"
         "check 'thing.big' { " HEAD "severity = 'error', hides = { 'thing.red' }, test = function() end }\n"
         "check 'thing.named' { " HEAD "severity = 'error', over = 'config', test = function() end }\n",
         complete);
    md_checks_lint(f.checks, f.arena, f.diags);
    md_want_int("diagnostics", md_diags_count(f.diags), 2);
    md_want_true(md_str_find(md_str(md_diags_at(f.diags, 0)->what), MD_LIT("hide each other")) >= 0);
    md_checks_free(&f.checks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(cases_pass),
        MD_TEST(cases_fail_for_a_reason),
        MD_TEST(some_cases_can_be_chosen),
        MD_TEST(sound_checks_pass_lint),
        MD_TEST(lint_tells_what_is_missing),
        MD_TEST(lint_tells_what_hides_each_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
