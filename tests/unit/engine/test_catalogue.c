#include "tests/unit/engine/facts_fixture.h"

static void reads_scopes_and_facts(void **state)
{
    struct md_arena *arena = *state;
    struct md_diags *diags = md_diags_new(arena);
    const struct md_catalogue *c = fixture_read(arena, diags);
    const struct md_scope_def *box = md_catalogue_scope(c, MD_LIT("box"));
    const struct md_fact_def *things = md_catalogue_fact(c, MD_LIT("shelf.things"));

    md_test_case(0, "the catalogue of the tests");
    fixture_no_diags(diags);
    md_want_int("scopes", md_catalogue_scope_count(c), 3);
    md_want_int("facts", md_catalogue_fact_count(c), 12);
    md_want_int("depth", box->depth, 2);
    md_want_int("singly", box->singly, 20);
    md_want_cstr("singly_by", box->singly_by, "box.weight");
    md_want_true(box->parent == md_catalogue_scope_at(c, 1) && box->parent->parent->parent == NULL);
    md_want_int("type", things->type, MD_TYPE_COUNT);
    md_want_cstr("field", things->field, "things");
    md_want_cstr("unit", things->unit, "things");
    md_want_cstr("privacy", things->privacy, "public");
    md_want_true(things->ask != NULL && md_node_get(things->ask, "outcomes")->count == 2);
    md_want_true(md_catalogue_field(c, things->scope, MD_LIT("things")) == things);
    md_want_true(md_catalogue_field(c, box, MD_LIT("things")) == NULL);
    md_want_true(md_catalogue_fact(c, MD_LIT("shelf.nothing")) == NULL);
}

static void a_mistake_has_its_place_and_leaves_the_rest(void **state)
{
    static const char head[] = "scopes: { house: {}, shelf: { parent: house } }\nfacts:\n";
    static const char good[] = "- { name: house.size, type: count, means: size, probe: things.house }\n";
    static const struct {
        const char *says, *fact, *words;
    } cases[] = {
        {"a name without a scope", "- { name: size, type: count, means: m, probe: p }", "<scope>.<field>"},
        {"a name in camel case", "- { name: house.mySize, type: count, means: m, probe: p }", "<scope>.<field>"},
        {"an unknown scope", "- { name: garden.size, type: count, means: m, probe: p }", "does not begin with a scope"},
        {"an unknown type", "- { name: house.length, type: metres, means: m, probe: p }", "has no type"},
        {"no meaning", "- { name: house.length, type: count, probe: p }", "what it means"},
        {"no probe", "- { name: house.length, type: count, means: m }", "which probe"},
        {"an unknown privacy", "- { name: house.length, type: count, means: m, probe: p, privacy: top }", "privacy"},
        {"a question without a question",
         "- { name: house.length, type: count, means: m, probe: p, ask: { minutes: 2 } }", "question"},
        {"twice the same", "- { name: house.size, type: count, means: m, probe: p }", "twice"},
        {"an unknown property", "- { name: house.length, type: count, means: m, probe: p, colour: red }",
         "no such property of a fact: colour"},
        {"a fact that is no map", "- house.length", "a map"},
    };
    struct md_arena *arena = *state;
    size_t i;

    for (i = 0; i < MD_ROWS(cases); i++) {
        struct md_diags *diags = md_diags_new(arena);
        const char *yaml = md_arena_printf(arena, "%s%s%s\n", head, good, cases[i].fact);
        const struct md_catalogue *c;

        md_test_case(i, cases[i].says);
        md_want_int("status", md_catalogue_read(arena, "rules/facts.yaml", md_str(yaml), diags, &c), MD_OK);
        fixture_one_diag(diags, "rules/facts.yaml", 4, cases[i].words);
        md_want_true(md_catalogue_fact(c, MD_LIT("house.size")) != NULL);
    }
}

static void further_parts_add_facts_to_the_first(void **state)
{
    static const char first[] = "scopes: { house: {} }\nfacts:\n"
                                "- { name: house.size, type: count, means: size, probe: p }\n";
    static const struct {
        const char *says, *path, *yaml;
        enum md_status want;
        bool has_more;
        const char *words;
    } cases[] = {
        {"a part with a fact", "facts_shed.yaml", "facts:\n- { name: house.more, type: count, means: m, probe: p }",
         MD_OK, true, NULL},
        {"another YAML file is no part", "other.yaml", "facts: []", MD_OK, false, NULL},
        {"nor is one in a folder", "shed/facts_shed.yaml", "facts: {}", MD_OK, false, NULL},
        {"a fact that the first part has", "facts_shed.yaml",
         "facts:\n- { name: house.size, type: count, means: m, probe: p }", MD_OK, false, "twice"},
        {"a part with scopes of its own", "facts_shed.yaml", "scopes: { garden: {} }\nfacts: []", MD_BAD_INPUT, false,
         "without `scopes`"},
        {"a part without facts", "facts_shed.yaml", "{}", MD_BAD_INPUT, false, "a list `facts`"},
    };
    struct md_arena *arena = *state;
    size_t i;

    for (i = 0; i < MD_ROWS(cases); i++) {
        struct md_diags *diags = md_diags_new(arena);
        /* the further part first: the order of the files does not matter */
        const struct md_rule_file files[] = {{.path = cases[i].path, .text = md_str(cases[i].yaml)},
                                             {.path = "facts.yaml", .text = md_str(first)}};
        const struct md_catalogue *c = NULL;

        md_test_case(i, cases[i].says);
        md_want_int("status", md_catalogue_read_base(arena, files, 2, diags, &c), cases[i].want);
        if (cases[i].want == MD_OK)
            md_want_true((md_catalogue_fact(c, MD_LIT("house.more")) != NULL) == cases[i].has_more);
        if (cases[i].words != NULL)
            fixture_one_diag(diags, "rules/facts_shed.yaml", cases[i].want == MD_OK ? 2 : 1, cases[i].words);
        else
            fixture_no_diags(diags);
        md_want_int("without the first part", md_catalogue_read_base(arena, files, 1, diags, &c), MD_NOT_FOUND);
    }
}

static void what_is_no_catalogue_is_refused(void **state)
{
    static const struct {
        const char *says, *yaml, *words;
        unsigned line;
    } cases[] = {
        {"nothing", "", "", 0},
        {"no facts", "scopes: { house: {} }", "a catalogue is", 1},
        {"no scopes", "scopes: {}\nfacts: []", "no scope", 1},
        {"no YAML", "scopes: [", "YAML", 0},
        {"facts that are a map", "scopes: { house: {} }\nfacts: {}", "a catalogue is", 1},
    };
    struct md_arena *arena = *state;
    const struct md_catalogue *c;
    size_t i;

    for (i = 0; i < MD_ROWS(cases); i++) {
        struct md_diags *diags = md_diags_new(arena);

        md_test_case(i, cases[i].says);
        md_want_true(md_catalogue_read(arena, "f", md_str(cases[i].yaml), diags, &c) < 0);
        md_want_true(md_diags_count(diags) > 0);
        if (cases[i].line > 0)
            fixture_one_diag(diags, "f", cases[i].line, cases[i].words);
    }
}

static void scopes_form_one_tree(void **state)
{
    static const struct {
        const char *says, *scopes, *words;
    } cases[] = {
        {"a parent must stand before", "{ house: {}, box: { parent: shelf }, shelf: { parent: house } }",
         "does not stand before"},
        {"there is one root", "{ house: {}, garden: {} }", "only the first"},
        {"singly is a number", "{ house: {}, box: { parent: house, singly: many } }", "singly is a number"},
        {"what ranks them must exist", "{ house: {}, box: { parent: house, singly_by: box.size } }", "singly_by"},
        {"names are in snake case", "{ house: {}, Box: { parent: house } }", "snake_case"},
    };
    struct md_arena *arena = *state;
    const struct md_catalogue *c;
    size_t i;

    for (i = 0; i < MD_ROWS(cases); i++) {
        struct md_diags *diags = md_diags_new(arena);
        const char *yaml = md_arena_printf(arena, "scopes: %s\nfacts: []\n", cases[i].scopes);

        md_test_case(i, cases[i].says);
        md_want_int("status", md_catalogue_read(arena, "f", md_str(yaml), diags, &c), MD_OK);
        fixture_one_diag(diags, "f", 1, cases[i].words);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(reads_scopes_and_facts),
        MD_TEST(a_mistake_has_its_place_and_leaves_the_rest),
        MD_TEST(further_parts_add_facts_to_the_first),
        MD_TEST(what_is_no_catalogue_is_refused),
        MD_TEST(scopes_form_one_tree),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
