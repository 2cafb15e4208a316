#include "tests/unit/engine/rules_fixture.h"

#define FACTS                                                                                                          \
    "house: { people: 4, is_open: true, rooms: [hall, attic] }\n"                                                      \
    "shelf:\n"                                                                                                         \
    "  a: { kind: wooden, things: 1200, load: 0.5, oldest_s: 7200, last_visit: 1h ago, colours: { red: 6, blue: 3, "   \
    "grey: 1 },\n"                                                                                                     \
    "       box: { one: { weight: 4, is_open: true }, two: { weight: ~ } } }\n"                                        \
    "  b: { kind: iron, colours: {} }\n"                                                                               \
    "  c: { things: { value: 10, low: 8, high: 14 }, load: { value: 2, low: 1, high: 4 } }\n"

static struct md_instance *shelf(struct rules_fixture *f, const char *name)
{
    return md_facts_find_instance(f->facts, md_catalogue_scope(md_rules_catalogue(f->rules), MD_LIT("shelf")),
                                  md_str(name), md_facts_root(f->facts));
}

/* Loads one finding about shelves whose test is the body of a function of `s`. */
static void load_test(struct rules_fixture *f, struct md_arena *arena, const char *body)
{
    rules_fixture_load(
        f, arena,
        md_arena_printf(arena,
                        "finding 'shelf.x' { scope = 'shelf', group = 'g', leak = 'rarely', says = 's',\n"
                        "test = function(s) %s end }\n",
                        body));
    fixture_no_diags(f->diags);
    rules_fixture_bind(f, FACTS);
}

static void findings_are_true_false_or_unknown(void **state)
{
    static const struct {
        const char *says, *test, *on;
        enum md_truth want;
        const char *missing; /* of unknown */
    } cases[] = {
        {"a count against a threshold", "return s.things > thresholds.many", "a", MD_PRESENT, NULL},
        {"a plain threshold", "return s.things > thresholds.plain", "a", MD_PRESENT, NULL},
        {"a text is a plain string", "return s.kind == 'wooden'", "a", MD_PRESENT, NULL},
        {"and another text", "return s.kind == 'wooden'", "b", MD_ABSENT, NULL},
        {"a whole number is written without a point", "return s.things .. '' == '1200'", "a", MD_PRESENT, NULL},
        {"a duration is seconds", "return s.oldest_s == 7200", "a", MD_PRESENT, NULL},
        {"a time is an age", "return s.last_visit == 3600", "a", MD_PRESENT, NULL},
        {"a fact of the house", "return s.house.is_open and s.house.people == 4", "a", MD_PRESENT, NULL},
        {"its own scope by name", "return s.shelf.kind == s.kind and s.name == 'a'", "a", MD_PRESENT, NULL},
        {"the kind of scope", "return scope_name(s) == 'shelf' and scope_name(s.house) == 'house'", "a", MD_PRESENT,
         NULL},
        {"the total of counts", "return s.colours.total == 10 and s.colours.distinct == 3", "a", MD_PRESENT, NULL},
        {"one count", "return s.colours:count('red') == 6 and s.colours:count('pink') == 0", "a", MD_PRESENT, NULL},
        {"a share", "return s.colours:share('red', 'grey') == 0.7", "a", MD_PRESENT, NULL},
        {"a share of nothing is unknown", "return s.colours:share('red') == 0", "b", MD_UNKNOWN, "shelf.colours"},
        {"the top", "local t = s.colours:top(2) return #t == 2 and t[1].name == 'red' and t[2].count == 3", "a",
         MD_PRESENT, NULL},
        {"the share of the top", "return s.colours:top_share(1) == 0.6", "a", MD_PRESENT, NULL},
        {"all names in order",
         "local t = '' for n, c in s.colours:each() do t = t .. n .. c end return t == 'red6blue3grey1'", "a",
         MD_PRESENT, NULL},
        {"a set of texts", "local r = s.house.rooms return r:has('attic') and not r:has('cellar') and r.n == 2", "a",
         MD_PRESENT, NULL},
        {"the texts in order", "local t = '' for n in s.house.rooms:each() do t = t .. n end return t == 'hallattic'",
         "a", MD_PRESENT, NULL},
        {"instances below", "local t = '' for b in s:each('box') do t = t .. b.name end return t == 'onetwo'", "a",
         MD_PRESENT, NULL},
        {"no instances below say nothing", "for b in s:each('box') do return true end return false", "b", MD_UNKNOWN,
         NULL},
        {"no instances below, but another fact", "for b in s:each('box') do return true end return s.kind == 'x'", "b",
         MD_ABSENT, NULL},
        {"instances two levels below", "local n = 0 for b in s.house:each('box') do n = n + 1 end return n == 2", "b",
         MD_PRESENT, NULL},
        {"an instance by name", "return s:box('one').weight == 4", "a", MD_PRESENT, NULL},
        {"an instance that is not there", "return s:box('three').weight == 4", "a", MD_UNKNOWN, "box.weight"},
        {"its enclosing instances", "return s:box('three').shelf.name == 'a'", "a", MD_PRESENT, NULL},
        {"one two levels below", "return s.house:box('three').shelf.name == ''", "a", MD_PRESENT, NULL},
        {"an unknown fact", "return s.things > 3", "b", MD_UNKNOWN, "shelf.things"},
        {"a fact that is known to be unknown", "return s:box('two').weight > 3", "a", MD_UNKNOWN, "box.weight"},
        {"known", "return known(s, 'kind', 'colours')", "b", MD_PRESENT, NULL},
        {"not known", "return known(s, 'kind', 'things')", "b", MD_ABSENT, NULL},
        {"the name is always known", "return known(s, 'name')", "b", MD_PRESENT, NULL},
        {"value of a known fact", "return value(s, 'things', 7) == 1200", "a", MD_PRESENT, NULL},
        {"value of an unknown fact", "return value(s, 'things', 7) == 7", "b", MD_PRESENT, NULL},
        {"any: one is true",
         "return any { function() return s.things > 1 end, function() return s.kind == 'iron' end }", "b", MD_PRESENT,
         NULL},
        {"any: none is true, one is unknown",
         "return any { function() return s.kind == 'x' end, function() return s.things > 1 end }", "b", MD_UNKNOWN,
         "shelf.things"},
        {"any: the first unknown is told",
         "return any { function() return s.load > 1 end, function() return s.things > 1 end }", "b", MD_UNKNOWN,
         "shelf.load"},
        {"any: all are false", "return any { function() return s.kind == 'x' end, function() return false end }", "b",
         MD_ABSENT, NULL},
        {"all: one is false", "return all { function() return s.things > 1 end, function() return s.kind == 'x' end }",
         "b", MD_ABSENT, NULL},
        {"all: one is unknown",
         "return all { function() return s.things > 1 end, function() return s.kind == 'iron' end }", "b", MD_UNKNOWN,
         "shelf.things"},
        {"all are true", "return all { function() return true end, function() return s.kind == 'iron' end }", "b",
         MD_PRESENT, NULL},
        {"any within all",
         "return all { function() return any { function() return s.things > 1 end, function() return true end } end }",
         "b", MD_PRESENT, NULL},
        {"a sort does not catch it",
         "local t = {2, 1} table.sort(t, function(a, b) return s.things > 1 end) return true", "b", MD_UNKNOWN,
         "shelf.things"},
        {"a replacement does not catch it", "('x'):gsub('x', function() return s.things end) return true", "b",
         MD_UNKNOWN, "shelf.things"},
        {"both ends agree", "return s.things > thresholds.plain", "c", MD_PRESENT, NULL},
        {"both ends agree that not", "return s.things > 100", "c", MD_ABSENT, NULL},
        {"the ends differ", "return s.things > thresholds.many", "c", MD_UNKNOWN, NULL},
        {"two facts whose ends differ only in opposite directions", "return s.things > 7 * s.load", "c", MD_UNKNOWN,
         NULL},
        {"one end needs a fact that is unknown", "if s.things > 9 then return s.kind == 'x' end return false", "c",
         MD_UNKNOWN, NULL},
        {"library of the base", "return shared.twice(2) == 4 and #shared.list == 2", "a", MD_PRESENT, NULL},
    };
    size_t i;

    for (i = 0; i < MD_ROWS(cases); i++) {
        struct rules_fixture f;
        struct md_observation o;

        md_test_case(i, cases[i].says);
        load_test(&f, *state, cases[i].test);
        md_eval_finding(f.rules, f.arena, md_rules_finding(f.rules, 0), shelf(&f, cases[i].on), &o);
        fixture_no_diags(f.diags);
        md_want_int("truth", o.truth, cases[i].want);
        if (cases[i].want == MD_UNKNOWN)
            md_want_true(o.why != NULL);
        if (cases[i].missing != NULL) {
            md_want_true(o.missing != NULL);
            md_want_cstr("missing", o.missing->def->name, cases[i].missing);
        }
        md_rules_free(&f.rules);
    }
}

static void a_rule_that_fails_is_unknown_and_told(void **state)
{
    static const struct {
        const char *says, *test, *words;
    } cases[] = {
        {"a fact that does not exist", "return s.thinsg > 1", "a shelf has no thinsg"},
        {"a fact of another scope", "return s.people > 1", "a shelf has no people"},
        {"a method called with a point", "return s.colours.count('red') > 1", "called with a colon"},
        {"an unknown part of a collection", "return s.colours.sum > 1", "no sum"},
        {"a scope that is not below", "for x in s:each('house') do return true end return false",
         "no scope house below a shelf"},
        {"a result that is no truth", "return s.things", "it gives number"},
        {"no result", "local x = s.things", "it gives nothing"},
        {"an assignment to a fact", "s.things = 3 return true", "read-only"},
        {"a threshold that is changed", "thresholds.many = 1 return true", "read-only"},
        {"known of a misspelt fact", "return known(s, 'thinsg')", "no fact thinsg"},
        {"any of values", "return any { true, false }", "no function"},
        {"an endless test", "while true do end", "does not end"},
        {"a declaration in a test", "finding 'a.b' {} return true", "top of a file"},
        {"comparing a collection", "return s.colours > 3", "attempt to compare"},
        {"a metatable", "return getmetatable(s) == nil", "not available"},
    };
    size_t i;

    for (i = 0; i < MD_ROWS(cases); i++) {
        struct rules_fixture f;
        struct md_observation o;

        md_test_case(i, cases[i].says);
        load_test(&f, *state, cases[i].test);
        md_eval_finding(f.rules, f.arena, md_rules_finding(f.rules, 0), shelf(&f, "a"), &o);
        md_want_int("truth", o.truth, MD_UNKNOWN);
        /* A result of the wrong type is no line's fault: it is told at the declaration. */
        fixture_one_diag(f.diags, "rules/house/things.lua", strncmp(cases[i].words, "it gives", 8) == 0 ? 1 : 2,
                         cases[i].words);
        md_rules_free(&f.rules);
    }
}

static void reads_are_logged_once_in_order(void **state)
{
    struct rules_fixture f;
    struct md_observation o;

    md_test_case(0, "four facts, one twice");
    load_test(&f, *state, "return s.things > 3 and s.house.people > 1 and s.things > 4 and s:box('three').is_open");
    md_eval_finding(f.rules, f.arena, md_rules_finding(f.rules, 0), shelf(&f, "a"), &o);
    md_want_int("reads", o.n_reads, 3);
    md_want_cstr("first", o.reads[0].def->name, "shelf.things");
    md_want_cstr("second", o.reads[1].def->name, "house.people");
    md_want_cstr("third", o.reads[2].def->name, "box.is_open");
    md_want_true(o.reads[0].fact != NULL && o.reads[2].fact == NULL);
    md_want_str("at", o.reads[2].at->name, "three");
    md_want_true(o.missing != NULL && o.missing->def == o.reads[2].def);
    md_rules_free(&f.rules);

    md_test_case(1, "a thousand boxes");
    load_test(&f, *state, "local n = 0 for b in s:each('box') do n = n + b.weight + b.weight end return n > 0");
    for (size_t i = 0; i < 1000; i++)
        md_fact_count(f.facts,
                      md_facts_instance(f.facts, "box", md_str(md_arena_printf(f.arena, "%zu", i)), shelf(&f, "b")),
                      "box.weight", i, NULL);
    md_eval_finding(f.rules, f.arena, md_rules_finding(f.rules, 0), shelf(&f, "b"), &o);
    md_want_int("truth", o.truth, MD_PRESENT);
    md_want_int("reads", o.n_reads, 1000);
    md_rules_free(&f.rules);
}

static void inexact_collections_have_two_ends(void **state)
{
    static const struct {
        const char *says, *test;
        enum md_truth want;
    } cases[] = {
        {"a count within its error", "return s.colours:count('red') > 80", MD_UNKNOWN},
        {"a count beyond its error", "return s.colours:count('red') > 60", MD_PRESENT},
        {"a name that is not listed may be there", "return s.colours:count('pink') > 5", MD_UNKNOWN},
        {"but not more than the least that is", "return s.colours:count('pink') > 30", MD_ABSENT},
        {"more names than are listed", "return s.colours.distinct > 50", MD_UNKNOWN},
        {"a share", "return s.colours:share('red') > 0.3", MD_PRESENT},
        {"the total is exact", "return s.colours.total == 200", MD_PRESENT},
    };
    static const struct md_count_item items[] = {{.name = {"red", 3}, .count = 90, .error = 20},
                                                 {.name = {"blue", 4}, .count = 30}};
    size_t i;

    for (i = 0; i < MD_ROWS(cases); i++) {
        struct rules_fixture f;
        struct md_observation o;

        md_test_case(i, cases[i].says);
        load_test(&f, *state, cases[i].test);
        md_fact_counts(f.facts, shelf(&f, "c"), "shelf.colours", items, 2, 200, false, NULL);
        md_eval_finding(f.rules, f.arena, md_rules_finding(f.rules, 0), shelf(&f, "c"), &o);
        fixture_no_diags(f.diags);
        md_want_int("truth", o.truth, cases[i].want);
        md_rules_free(&f.rules);
    }
}

static void handles_are_of_one_store(void **state)
{
    struct rules_fixture f;
    struct md_observation o;
    static const char text[] = "local kept\n"
                               "finding 'shelf.x' { scope = 'shelf', group = 'g', leak = 'rarely', says = 's',\n"
                               "test = function(s) kept = kept or s return kept.things > 3 end }\n";

    md_test_case(0, "a handle that a rule kept");
    rules_fixture_load(&f, *state, text);
    rules_fixture_bind(&f, FACTS);
    md_eval_finding(f.rules, f.arena, md_rules_finding(f.rules, 0), shelf(&f, "a"), &o);
    md_want_int("first store", o.truth, MD_PRESENT);
    rules_fixture_bind(&f, FACTS);
    md_eval_finding(f.rules, f.arena, md_rules_finding(f.rules, 0), shelf(&f, "a"), &o);
    md_want_int("second store", o.truth, MD_UNKNOWN);
    fixture_one_diag(f.diags, "rules/house/things.lua", 3, "handle of other facts");
    md_rules_free(&f.rules);
}

static void where_says_what_takes_part(void **state)
{
    struct rules_fixture f;
    struct md_observation o;
    static const char text[] =
        "local function wooden(s) return s.kind == 'wooden' end\n"
        "finding 'shelf.x' { scope = 'shelf', group = 'g', leak = 'rarely', says = 's', where = wooden, test = "
        "function(s) return true end }\n"
        "cause 'c.y' { title = 't', summary = 's', scope = 'shelf', prior = 'rare', where = wooden, links = { "
        "['shelf.x'] = 'often' },\n"
        "  urgency = function(s) if s.things > 3 then return 'act' end return 'normal' end, usual_urgency = 'watch',\n"
        "  since = function(s) return s.last_visit end, messages = function(s) return s.things end }\n";
    const struct md_cause *cause;
    double x = 0;

    rules_fixture_load(&f, *state, text);
    rules_fixture_bind(&f, FACTS);
    fixture_no_diags(f.diags);
    cause = md_rules_cause(f.rules, 0);
    md_test_case(0, "it holds");
    md_eval_finding(f.rules, f.arena, md_rules_finding(f.rules, 0), shelf(&f, "a"), &o);
    md_want_int("finding", o.truth, MD_PRESENT);
    md_want_int("its reads are not evidence", o.n_reads, 0);
    md_want_int("cause", md_eval_where(f.rules, cause, shelf(&f, "a")), MD_PRESENT);
    md_want_int("urgency", md_eval_urgency(f.rules, cause, shelf(&f, "a")), MD_URGENCY_ACT);
    md_want_true(md_eval_number(f.rules, cause->since, shelf(&f, "a"), &x));
    md_want_double("since", x, 3600, 1e-6);
    md_test_case(1, "it does not");
    md_eval_finding(f.rules, f.arena, md_rules_finding(f.rules, 0), shelf(&f, "b"), &o);
    md_want_int("finding", o.truth, MD_UNKNOWN);
    md_want_true(o.why == NULL);
    md_want_int("cause", md_eval_where(f.rules, cause, shelf(&f, "b")), MD_ABSENT);
    md_want_int("unknown urgency", md_eval_urgency(f.rules, cause, shelf(&f, "b")), MD_URGENCY_WATCH);
    md_want_true(!md_eval_number(f.rules, cause->messages, shelf(&f, "b"), &x));
    md_want_true(!md_eval_number(f.rules, cause->mailboxes, shelf(&f, "b"), &x));
    md_test_case(2, "it is not known");
    md_eval_finding(f.rules, f.arena, md_rules_finding(f.rules, 0), shelf(&f, "c"), &o);
    md_want_int("finding", o.truth, MD_UNKNOWN);
    md_want_true(o.why != NULL && o.missing != NULL);
    md_want_int("cause", md_eval_where(f.rules, cause, shelf(&f, "c")), MD_UNKNOWN);
    fixture_no_diags(f.diags);
    md_rules_free(&f.rules);
}

static void texts_are_filled_in_and_displayable(void **state)
{
    static const struct {
        const char *says, *text, *on, *want;
    } cases[] = {
        {"a plain text", "'nothing to fill in'", "a", "nothing to fill in"},
        {"a count with separators", "'{things} things'", "a", "1,200 things"},
        {"a duration", "'old for {oldest_s}, seen {last_visit} ago'", "a", "old for 2 h, seen 1 h ago"},
        {"a share", "'{load:%} used'", "a", "50 % used"},
        {"a name and that of the house", "'{name} of {house.people} people'", "a", "a of 4 people"},
        {"an unknown fact", "'{things} things'", "b", NULL},
        {"braces that are no fact", "'{sn} {'", "a", "{sn} {"},
        {"a function", "function(s) return 'kind ' .. s.kind end", "a", "kind wooden"},
        {"a function that needs what is unknown", "function(s) return 'n ' .. s.things end", "b", NULL},
        {"a function that gives nothing", "function(s) return nil end", "b", NULL},
        {"pct, num and dur", "function(s) return pct(0.123) .. ' ' .. num(1234567.5) .. ' ' .. dur(60) end", "a",
         "12 % 1,234,567.5 1 min"},
        {"shares near the ends",
         "function(s) return pct(0.0004) .. ' ' .. pct(0.999) .. ' ' .. pct(0.99) .. ' ' .. pct(0) end", "a",
         "under 0.1 % 99.9 % 99 % 0 %"},
        {"small numbers", "function(s) return num(0.25) .. ' ' .. num(-1200) end", "a", "0.25 -1,200"},
        {"an escape becomes harmless", "function(s) return text('x\\27[31m') .. '\\7' end", "a", "x\\x1B[31m\\x07"},
        {"a command", "function(s) return command('tool show %s -n %s', s.name, s.things) end", "a",
         "tool show a -n 1200"},
        {"a command of a value that is not plain",
         "function(s) return command('tool show %s', 'a; rm -rf') or 'none' end", "a", "none"},
        {"a command of a value that is an option", "function(s) return command('tool show %s', '-x') or 'none' end",
         "a", "none"},
        {"a command with a number", "function(s) return command('wait %d', 2.0) end", "a", "wait 2"},
        {"a command with a text for a number", "function(s) return command('wait %d', '2') or 'none' end", "a", "none"},
        {"a command with a percent sign", "function(s) return command('date +%%s') end", "a", "date +%s"},
    };
    size_t i;

    for (i = 0; i < MD_ROWS(cases); i++) {
        struct rules_fixture f;
        const char *got;

        md_test_case(i, cases[i].says);
        rules_fixture_load(
            &f, *state,
            md_arena_printf(*state,
                            "finding 'shelf.x' { scope = 'shelf', group = 'g', leak = 'rarely', says = %s,\n"
                            "test = function(s) return true end }\n",
                            cases[i].text));
        rules_fixture_bind(&f, FACTS);
        got = md_eval_text(f.rules, f.arena, md_rules_finding(f.rules, 0)->says, shelf(&f, cases[i].on));
        fixture_no_diags(f.diags);
        if (cases[i].want == NULL)
            md_want_true(got == NULL);
        else
            md_want_cstr("text", got, cases[i].want);
        md_rules_free(&f.rules);
    }
}

static void probes_that_failed_can_be_asked_for(void **state)
{
    static const struct {
        const char *says, *test;
        enum md_truth want;
    } cases[] = {
        {"it failed for that reason", "return failed('things.shelves', 'No Answer')", MD_PRESENT},
        {"it failed for any reason", "return failed('things.shelves')", MD_PRESENT},
        {"it failed for another reason", "return failed('things.shelves', 'denied')", MD_ABSENT},
        {"it went well", "return failed('things.boxes')", MD_ABSENT},
        {"it did not run", "return failed('things.garden')", MD_ABSENT},
    };
    size_t i;

    for (i = 0; i < MD_ROWS(cases); i++) {
        struct rules_fixture f;
        struct md_observation o;

        md_test_case(i, cases[i].says);
        load_test(&f, *state, cases[i].test);
        md_facts_note_probe(
            f.facts, &(struct md_probe_note){"things.shelves", "cheap", "no answer in time", MD_PROBE_FAILED, 5});
        md_facts_note_probe(f.facts, &(struct md_probe_note){"things.boxes", "free", NULL, MD_PROBE_OK, 5});
        md_eval_finding(f.rules, f.arena, md_rules_finding(f.rules, 0), shelf(&f, "a"), &o);
        md_want_int("truth", o.truth, cases[i].want);
        md_rules_free(&f.rules);
    }
}

static void remedies_are_advice_for_an_instance(void **state)
{
    static const char text[] =
        "remedy 'r.a' { title = 't', risk = 'low', minutes = 5, risk_minutes = 1, needs = 'hands', undo = 'put {name} "
        "back', verify = 'look',\n"
        "  steps = function(s) return { 'look at it', { 'move it', command('move %s', s.name) }, { 'no command', "
        "command('x %s', '$(x)') } } end,\n"
        "  warnings = { 'it is heavy' }, withheld = function(s) if s.kind == 'iron' then return 'it would rust' end "
        "end }\n"
        "remedy 'r.b' { title = 't', risk = 'low', steps = { 'one' }, warnings = function(s) return 'hot' end,\n"
        "  withheld = function(s) return s.things > 3 and 'too many' or nil end }\n";
    struct md_advice a;
    struct rules_fixture f;

    rules_fixture_load(&f, *state, text);
    rules_fixture_bind(&f, FACTS);
    md_test_case(0, "it may be done");
    md_eval_remedy(f.rules, f.arena, &(struct md_cure){0, .6}, shelf(&f, "a"), &a);
    md_want_true(a.withheld == NULL);
    md_want_int("steps", a.n_steps, 3);
    md_want_cstr("text", a.steps[0].text, "look at it");
    md_want_true(a.steps[0].command == NULL && a.steps[2].command == NULL);
    md_want_cstr("command", a.steps[1].command, "move a");
    md_want_cstr("undo", a.undo, "put a back");
    md_want_int("warnings", a.n_warnings, 1);
    md_want_true(a.reference == NULL);
    md_test_case(1, "it must not be done");
    md_eval_remedy(f.rules, f.arena, &(struct md_cure){0, .6}, shelf(&f, "b"), &a);
    md_want_cstr("withheld", a.withheld, "it would rust");
    md_test_case(2, "whether it may be done is not known");
    md_eval_remedy(f.rules, f.arena, &(struct md_cure){1, .6}, shelf(&f, "b"), &a);
    md_want_true(a.withheld == NULL);
    md_want_int("warnings", a.n_warnings, 2);
    md_want_cstr("the other", a.warnings[1], "hot");
    fixture_no_diags(f.diags);
    md_rules_free(&f.rules);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(findings_are_true_false_or_unknown),
        MD_TEST(a_rule_that_fails_is_unknown_and_told),
        MD_TEST(reads_are_logged_once_in_order),
        MD_TEST(inexact_collections_have_two_ends),
        MD_TEST(handles_are_of_one_store),
        MD_TEST(where_says_what_takes_part),
        MD_TEST(texts_are_filled_in_and_displayable),
        MD_TEST(probes_that_failed_can_be_asked_for),
        MD_TEST(remedies_are_advice_for_an_instance),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
