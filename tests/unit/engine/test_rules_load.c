#include "tests/unit/engine/rules_fixture.h"

static const char sound[] =
    "finding 'shelf.full' { scope = 'shelf', group = 'counts', leak = 'rarely',\n"
    "  test = function(s) return s.things > thresholds.many end, says = '{things} things', title = 'The shelf is "
    "full', cites = 'test' }\n"
    "finding 'box.open' { scope = 'box', group = 'boxes', leak = 0.1,\n"
    "  test = function(b) return b.is_open end, says = function(b) return 'box ' .. b.name .. ' is open' end }\n"
    "finding 'shelf.old' { scope = 'shelf', group = 'ages', leak = 'sometimes',\n"
    "  test = function(s) return s.oldest_s > 2 end, says = 'old' }\n"
    "cause 'shelf.crowded' { title = 'Crowded', summary = 'too much', scope = 'shelf', prior = 'common',\n"
    "  links = { ['shelf.old'] = 'usually', ['shelf.full'] = 'nearly always', ['box.open'] = 'sometimes' },\n"
    "  never = { 'shelf.old' }, brings = { ['shelf.messy'] = 'often' }, urgency = 'act',\n"
    "  about = { box = 'all' }, remedies = { { 'shelf.clear', 'often' }, { 'shelf.buy', 'usually' } }, since = 60, "
    "benign = false }\n"
    "cause 'shelf.messy' { title = 'Messy', summary = function(s) return s.name end, scope = 'shelf', prior = 'rare', "
    "benign = true,\n"
    "  links = { ['shelf.full'] = 'often' }, urgency = function(s) return 'normal' end, usual_urgency = 'normal',\n"
    "  remedies = { ['shelf.buy'] = 'rarely', ['shelf.clear'] = 'rarely' } }\n"
    "remedy 'shelf.clear' { title = 'Clear it', steps = { 'one', { 'two', 'clear --all' } }, risk = 'low', minutes = "
    "5, risk_minutes = 1,\n"
    "  undo = 'put back', verify = 'look', needs = 'hands', warnings = { 'heavy' }, reference = 'book' }\n"
    "remedy 'shelf.buy' { title = 'Buy another', steps = function() return {} end, risk = 'medium', restart = 'the "
    "house' }\n";

static void a_sound_base_is_read(void **state)
{
    struct rules_fixture f;
    const struct md_cause *crowded, *messy;
    const struct md_finding *full;
    const struct md_remedy *clear;

    md_test_case(0, "findings, causes and remedies");
    rules_fixture_load(&f, *state, sound);
    fixture_no_diags(f.diags);
    md_want_int("findings", md_rules_finding_count(f.rules), 3);
    md_want_int("causes", md_rules_cause_count(f.rules), 2);
    md_want_int("remedies", md_rules_remedy_count(f.rules), 2);
    full = md_rules_find_finding(f.rules, MD_LIT("shelf.full"));
    md_want_true(full == md_rules_finding(f.rules, 0) && full->index == 0);
    md_want_cstr("group", full->group, "counts");
    md_want_double("leak", full->leak, .05, 1e-9);
    md_want_cstr("file", full->loc.file, "rules/house/things.lua");
    md_want_int("line", full->loc.line, 1);
    md_want_cstr("says", md_rules_text(f.rules, full->says), "{things} things");
    md_want_true(md_rules_text(f.rules, md_rules_finding(f.rules, 1)->says) == NULL);
    md_want_double("leak as a number", md_rules_finding(f.rules, 1)->leak, .1, 1e-9);

    crowded = md_rules_find_cause(f.rules, MD_LIT("shelf.crowded"));
    messy = md_rules_find_cause(f.rules, MD_LIT("shelf.messy"));
    md_want_int("line of a cause", crowded->loc.line, 7);
    md_want_double("prior", crowded->prior, .18, 1e-9);
    md_want_int("links", crowded->n_links, 3);
    md_want_int("links in the order of findings", crowded->links[0].finding, 0);
    md_want_double("strength", crowded->links[0].strength, .97, 1e-9);
    md_want_true(!crowded->links[0].is_below && crowded->links[1].is_below && !crowded->links[2].is_below);
    md_want_int("never", crowded->n_never, 1);
    md_want_int("never which", crowded->never[0], 2);
    md_want_int("brings", crowded->n_brings, 1);
    md_want_int("brings which", crowded->brings[0].cause, messy->index);
    md_want_int("urgency", crowded->usual_urgency, MD_URGENCY_ACT);
    md_want_int("no function", crowded->urgency.ref, 0);
    md_want_cstr("about", crowded->about[1], "all");
    md_want_true(crowded->about[2] == NULL);
    md_want_int("cures: the likelier first", crowded->cures[0].remedy,
                md_rules_find_remedy(f.rules, MD_LIT("shelf.buy"))->index);
    md_want_true(messy->is_benign && messy->urgency.ref != 0);
    md_want_int("cures of a map by id", messy->cures[0].remedy,
                md_rules_find_remedy(f.rules, MD_LIT("shelf.buy"))->index);

    clear = md_rules_find_remedy(f.rules, MD_LIT("shelf.clear"));
    md_want_cstr("risk", clear->risk, "low");
    md_want_cstr("restart", clear->restart, "none");
    md_want_double("minutes", clear->minutes, 5, 1e-9);
    md_want_int("hash", strlen(md_rules_hash(f.rules)), 7 + 64);
    md_rules_free(&f.rules);
    md_want_true(f.rules == NULL);
}

#define FINDING                                                                                                        \
    "finding 'shelf.x' { scope = 'shelf', group = 'g', leak = 'rarely', test = function(s) return true end, says = "   \
    "'s' }\n"
#define CAUSE(more)                                                                                                    \
    "cause 'c.y' { title = 't', summary = 's', scope = 'shelf', prior = 'rare', urgency = 'watch', " more " }"

static void a_mistake_is_told_with_its_line(void **state)
{
    static const struct {
        const char *says, *text, *words;
        unsigned line;
    } cases[] = {
        {"a property that is missing", "\nfinding 'a.b' { scope = 'shelf', group = 'g', leak = 'rarely', says = 's' }",
         "finding a.b: test is missing", 2},
        {"a property that does not exist",
         FINDING
         "finding 'a.b' { scope = 'shelf', group = 'g', leak = 'rarely', tset = 1, test = function() end, says = 's' }",
         "finding a.b has no property tset", 2},
        {"an unknown scope",
         "finding 'a.b' { scope = 'garden', group = 'g', leak = 'rarely', test = function() end, says = 's' }",
         "scope is no scope", 1},
        {"an unknown word of frequency",
         "finding 'a.b' { scope = 'shelf', group = 'g', leak = 'seldom', test = function() end, says = 's' }",
         "none of rarely", 1},
        {"a leak that is no probability",
         "finding 'a.b' { scope = 'shelf', group = 'g', leak = 2, test = function() end, says = 's' }",
         "between 0 and 1", 1},
        {"a test that is no function",
         "finding 'a.b' { scope = 'shelf', group = 'g', leak = 'rarely', test = true, says = 's' }",
         "test is a function", 1},
        {"an id that is none", "\n\nfinding 'Box' { }", "Box is no id", 3},
        {"a file that raises", FINDING "error('stop')", "the rest of the file is left out: stop", 2},
        {"a syntax error", FINDING "\ncause = = 2", "the rest of the file is left out", 3},
        {"an endless file", "while true do end", "does not end", 1},
        {"twice the same id", FINDING FINDING, "already declared in rules/house/things.lua, line 1", 2},
        {"a link to nowhere", FINDING CAUSE("links = { ['shelf.z'] = 'often' }"), "links: there is no finding shelf.z",
         2},
        {"a link that is no word", FINDING CAUSE("links = { ['shelf.x'] = 0.5 }"), "links is a table of", 2},
        {"a remedy that is not there",
         FINDING CAUSE("links = { ['shelf.x'] = 'often' }, remedies = { { 'r.s', 'often' } }"),
         "there is no remedy r.s", 2},
        {"remedies without a word", FINDING CAUSE("links = { ['shelf.x'] = 'often' }, remedies = { 'r.s' }"),
         "remedies is a list of", 2},
        {"something brought that is not there",
         FINDING CAUSE("links = { ['shelf.x'] = 'often' }, brings = { ['c.z'] = 'often' }"),
         "brings: there is no cause c.z", 2},
        {"a circle of one", FINDING CAUSE("links = { ['shelf.x'] = 'often' }, brings = { ['c.y'] = 'often' }"),
         "in turn", 2},
        {"an unknown urgency",
         FINDING
         "cause 'c.y' { title = 't', summary = 's', scope = 'shelf', prior = 'rare', urgency = 'soon', links = {} }",
         "urgency is none of", 2},
        {"a link to a scope above",
         FINDING "cause 'c.y' { title = 't', summary = 's', scope = 'box', prior = 'rare', urgency = 'watch', links = "
                 "{ ['shelf.x'] = 'often' } }",
         "which is not below it", 2},
        {"about a scope that is none", FINDING CAUSE("links = {}, about = { garden = 'x' }"),
         "about is a table of scopes", 2},
        {"a remedy of unknown risk", "remedy 'r.s' { title = 't', steps = {}, risk = 'some' }",
         "none of low, medium, high", 1},
    };
    size_t i;

    for (i = 0; i < MD_ROWS(cases); i++) {
        struct rules_fixture f;

        md_test_case(i, cases[i].says);
        rules_fixture_load(&f, *state, cases[i].text);
        fixture_one_diag(f.diags, "rules/house/things.lua", cases[i].line, cases[i].words);
        md_rules_free(&f.rules);
    }
}

static void a_broken_declaration_leaves_the_others(void **state)
{
    struct rules_fixture f;

    md_test_case(0, "a finding before, a broken one, a finding behind");
    rules_fixture_load(&f, *state,
                       FINDING "finding 'a.b' { }\nfinding 'shelf.w' { scope = 'shelf', group = 'g', leak = 'often',\n"
                               "test = function() return true end, says = 's' }");
    md_want_int("findings", md_rules_finding_count(f.rules), 2);
    md_want_true(md_diags_count(f.diags) > 0);
    md_want_true(md_rules_find_finding(f.rules, MD_LIT("a.b")) == NULL);
    md_rules_free(&f.rules);
}

static void circles_are_broken(void **state)
{
    struct rules_fixture f;
    static const char text[] =
        FINDING "local function c(id, brings) cause(id) { title = 't', summary = 's', scope = 'shelf', prior = 'rare', "
                "urgency = 'watch',\n"
                "  links = { ['shelf.x'] = 'often' }, brings = brings } end\n"
                "c('a.a', { ['a.b'] = 'often' }) c('a.b', { ['a.c'] = 'often' }) c('a.c', { ['a.a'] = 'often' })\n";
    size_t i, n = 0;

    md_test_case(0, "a circle of three");
    rules_fixture_load(&f, *state, text);
    md_want_int("diagnostics", md_diags_count(f.diags), 1);
    for (i = 0; i < md_rules_cause_count(f.rules); i++)
        n += md_rules_cause(f.rules, i)->n_brings;
    md_want_int("what is left", n, 2);
    md_rules_free(&f.rules);
}

static void one_declaration_replaces_another(void **state)
{
    struct rules_fixture f;
    static const char text[] = FINDING "finding 'shelf.x' { scope = 'shelf', group = 'other', leak = 'rarely', test = "
                                       "function(s) return true end, says = 's', replaces = true }\n";

    md_test_case(0, "replaces = true");
    rules_fixture_load(&f, *state, text);
    fixture_no_diags(f.diags);
    md_want_int("findings", md_rules_finding_count(f.rules), 1);
    md_want_cstr("group", md_rules_finding(f.rules, 0)->group, "other");
    md_rules_free(&f.rules);
}

static void a_base_without_a_catalogue_is_refused(void **state)
{
    struct md_diags *diags = md_diags_new(*state);
    struct md_rule_file files[] = {{.path = "house/x.lua", .text = MD_LIT("return")}};
    struct md_rules_input input = {.files = files, .n = 1};
    struct md_rules *rules = NULL;

    md_test_case(0, "no facts.yaml");
    md_want_int("status", md_rules_load(&input, diags, &rules), MD_NOT_FOUND);
    md_want_int("diagnostics", md_diags_count(diags), 1);
    md_want_true(rules == NULL);
}

static void the_hash_is_of_paths_and_texts(void **state)
{
    struct rules_fixture f, g, h;

    md_test_case(0, "same, same, other");
    rules_fixture_load(&f, *state, FINDING);
    rules_fixture_load(&g, *state, FINDING);
    rules_fixture_load(&h, *state, FINDING "\n");
    md_want_cstr("same", md_rules_hash(f.rules), md_rules_hash(g.rules));
    md_want_true(strcmp(md_rules_hash(f.rules), md_rules_hash(h.rules)) != 0);
    md_rules_free(&f.rules);
    md_rules_free(&g.rules);
    md_rules_free(&h.rules);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(a_sound_base_is_read),
        MD_TEST(a_mistake_is_told_with_its_line),
        MD_TEST(a_broken_declaration_leaves_the_others),
        MD_TEST(circles_are_broken),
        MD_TEST(one_declaration_replaces_another),
        MD_TEST(a_base_without_a_catalogue_is_refused),
        MD_TEST(the_hash_is_of_paths_and_texts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
