#include "tests/unit/engine/facts_fixture.h"

#include "engine/facts_json.h"

struct fixture {
    struct md_arena *arena;
    struct md_diags *diags;
    struct md_facts *facts;
};

static struct fixture fixture_of(void **state)
{
    struct fixture f = {.arena = *state};

    f.diags = md_diags_new(f.arena);
    f.facts = md_facts_new(f.arena, fixture_read(f.arena, f.diags));
    md_facts_set_now(f.facts, FIXTURE_NOW);
    return f;
}

static void read_case(struct fixture *f, const char *yaml)
{
    const struct md_node *node;

    md_want_int("yaml", md_yaml_read(f->arena, "box.cases.yaml", md_str(yaml), f->diags, &node), MD_OK);
    md_want_int("case", md_facts_from_case(f->facts, node, f->diags), MD_OK);
}

static char *dump(struct fixture *f)
{
    json_t *json = md_facts_to_json(f->facts);
    char *text = json_dumps(json, JSON_COMPACT), *copy = md_arena_cstr(f->arena, md_str(text));

    free(text);
    json_decref(json);
    return copy;
}

static const char *value_text(struct fixture *f, const struct md_fact *fact)
{
    json_t *json = fact->is_known ? md_value_to_json(f->facts, &fact->value) : json_null();
    char *text = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY), *copy = md_arena_cstr(f->arena, md_str(text));

    free(text);
    json_decref(json);
    return copy;
}

static void values_of_a_case(void **state)
{
    static const struct {
        const char *says, *field, *yaml, *want;
    } cases[] = {
        {"a count", "things", "12", "12"},
        {"a count with exponent", "things", "1e3", "1000"},
        {"a number", "load", "0.25", "0.25"},
        {"a duration in seconds", "oldest_s", "90", "90"},
        {"a duration in words", "oldest_s", "1d12h", "129600"},
        {"a time that is past", "last_visit", "2h ago", "\"1970-01-12T11:46:40Z\""},
        {"a time to come", "last_visit", "in 1h", "\"1970-01-12T14:46:40Z\""},
        {"a time by date", "last_visit", "\"1970-01-12T00:00:00Z\"", "\"1970-01-12T00:00:00Z\""},
        {"a text", "kind", "wooden", "\"wooden\""},
        {"a text that looks like a number", "kind", "7", "\"7\""},
        {"counts", "colours", "{ red: 3, blue: 5 }", "{\"blue\":5,\"red\":3}"},
        {"no counts", "colours", "{}", "{}"},
        {"unknown", "things", "~", "null"},
        {"a value with bounds", "things", "{ value: 5, low: 3, high: 9 }", "5"},
    };
    size_t i;

    for (i = 0; i < MD_ROWS(cases); i++) {
        struct fixture f = fixture_of(state);
        const struct md_fact *fact;

        md_test_case(i, cases[i].says);
        read_case(&f, md_arena_printf(f.arena, "shelf: { a: { %s: %s } }\n", cases[i].field, cases[i].yaml));
        fixture_no_diags(f.diags);
        fact = md_fact_by_name(f.facts, md_facts_instance_at(f.facts, 1),
                               md_arena_printf(f.arena, "shelf.%s", cases[i].field));
        md_want_true(fact != NULL);
        md_want_cstr("value", value_text(&f, fact), cases[i].want);
        if (i == MD_ROWS(cases) - 1)
            md_want_true(fact->has_bounds && fact->low >= 3 && fact->low <= 3 && fact->high >= 9);
        if (fact->is_known)
            md_want_int("line of its origin", fact->origins[0].line, 1);
    }
}

static void a_case_nests_scopes(void **state)
{
    struct fixture f = fixture_of(state);

    md_test_case(0, "boxes within shelves");
    read_case(&f, "house: { is_open: yes, rooms: [hall, attic] }\n"
                  "shelf:\n"
                  "  a: { kind: wooden, box: { '1': { weight: 4 }, '2': { weight: 5 } } }\n"
                  "  b: ~\n");
    fixture_no_diags(f.diags);
    md_want_int("instances", md_facts_instance_count(f.facts), 5);
    md_want_cstr("all", dump(&f),
                 "[{\"name\":\"house.is_open\",\"value\":true,\"unit\":null,\"scope\":{},\"state\":\"known\",\"why\":"
                 "null,\"bounds\":null,"
                 "\"sources\":[{\"file\":\"box.cases.yaml\",\"line\":1}],\"observed_at\":\"1970-01-12T13:46:40Z\"},"
                 "{\"name\":\"house.rooms\",\"value\":[\"hall\",\"attic\"],\"unit\":null,\"scope\":{},\"state\":"
                 "\"known\",\"why\":null,"
                 "\"bounds\":null,\"sources\":[{\"file\":\"box.cases.yaml\",\"line\":1}],\"observed_at\":\"1970-01-"
                 "12T13:46:40Z\"},"
                 "{\"name\":\"shelf.kind\",\"value\":\"wooden\",\"unit\":null,\"scope\":{\"shelf\":\"a\"},\"state\":"
                 "\"known\",\"why\":null,"
                 "\"bounds\":null,\"sources\":[{\"file\":\"box.cases.yaml\",\"line\":3}],\"observed_at\":\"1970-01-"
                 "12T13:46:40Z\"},"
                 "{\"name\":\"box.weight\",\"value\":4,\"unit\":\"kg\",\"scope\":{\"shelf\":\"a\",\"box\":\"1\"},"
                 "\"state\":\"known\",\"why\":null,"
                 "\"bounds\":null,\"sources\":[{\"file\":\"box.cases.yaml\",\"line\":3}],\"observed_at\":\"1970-01-"
                 "12T13:46:40Z\"},"
                 "{\"name\":\"box.weight\",\"value\":5,\"unit\":\"kg\",\"scope\":{\"shelf\":\"a\",\"box\":\"2\"},"
                 "\"state\":\"known\",\"why\":null,"
                 "\"bounds\":null,\"sources\":[{\"file\":\"box.cases.yaml\",\"line\":3}],\"observed_at\":\"1970-01-"
                 "12T13:46:40Z\"}]");
}

static void mistakes_of_a_case_are_placed(void **state)
{
    static const struct {
        const char *says, *yaml, *words;
        unsigned line;
    } cases[] = {
        {"an unknown fact", "house:\n  size: 3\n", "a house has no fact size", 2},
        {"an unknown scope", "garden: {}\n", "garden is no scope", 1},
        {"a scope in the wrong place", "box: { '1': {} }\n", "box is no scope that stands directly below", 1},
        {"a value of another form", "house:\n  people: many\n", "house.people is no count", 2},
        {"a negative count", "house:\n  people: -1\n", "house.people is no count", 2},
        {"a quoted number", "house:\n  people: '3'\n", "house.people is no count", 2},
        {"counts that are a list", "shelf: { a: { colours: [red] } }\n", "shelf.colours is no counts", 1},
        {"bounds the wrong way round", "house:\n  people: { value: 1, low: 5, high: 2 }\n", "bounds of house.people",
         2},
        {"facts that are no map", "house: 7\n", "no map", 1},
        {"a time that is none", "shelf: { a: { last_visit: yesterday } }\n", "is no time", 1},
    };
    size_t i;

    for (i = 0; i < MD_ROWS(cases); i++) {
        struct fixture f = fixture_of(state);

        md_test_case(i, cases[i].says);
        read_case(&f, cases[i].yaml);
        fixture_one_diag(f.diags, "box.cases.yaml", cases[i].line, cases[i].words);
    }
}

static void read_list(struct fixture *f, const char *text)
{
    const struct md_node *node;

    md_want_int("json", md_json_read(f->arena, "facts.json", md_str(text), f->diags, &node), MD_OK);
    md_want_int("list", md_facts_from_list(f->facts, node, f->diags), MD_OK);
}

static void what_is_written_is_read_again(void **state)
{
    struct md_count_item items[] = {{.name = {"red", 3}, .count = 7, .error = 2},
                                    {.name = {"\xff\x1b[m", 4}, .count = 3}};
    struct fixture f = fixture_of(state), again = fixture_of(state);
    struct md_instance *shelf = md_facts_instance(f.facts, "shelf", MD_LIT("a"), md_facts_root(f.facts));
    struct md_instance *box = md_facts_instance(f.facts, "box", MD_LIT("1"), shelf);
    struct md_origin origins[] = {{MD_ORIGIN_COMMAND, "count things", 0, 0}, {MD_ORIGIN_FILE, "a.log", 12, 812},
                                  {MD_ORIGIN_LISTING, "shelf.tsv", 0, 0},    {MD_ORIGIN_DNS, "example.net MX", 0, 0},
                                  {MD_ORIGIN_PROCESS, "ps.out", 0, 0},       {MD_ORIGIN_PERSON, NULL, 0, 0}};
    struct md_fact *fact;
    char *text;
    size_t i;

    md_test_case(0, "a store to JSON and back");
    md_fact_counts(f.facts, shelf, "shelf.colours", items, 2, 40, false, &origins[0]);
    md_fact_time(f.facts, shelf, "shelf.last_visit", FIXTURE_NOW - MD_HOUR, &origins[1]);
    fact = md_fact_duration(f.facts, shelf, "shelf.oldest_s", 12.5, NULL);
    for (i = 0; i < MD_ROWS(origins); i++)
        md_fact_origin(f.facts, fact, &origins[i]);
    md_fact_bounds(fact, 10, 20.25);
    md_fact_unknown(f.facts, box, "box.weight", "no scales");
    md_fact_bool(f.facts, box, "box.is_open", false, NULL);
    text = dump(&f);
    read_list(&again, text);
    fixture_no_diags(again.diags);
    md_want_cstr("the same again", dump(&again), text);
    md_want_true(strstr(text, "\\\\xFF\\\\x1B[m") != NULL || strstr(text, "\\\\xff\\\\x1b[m") != NULL);
    md_want_int(
        "total",
        md_fact_by_name(again.facts, md_facts_instance_at(again.facts, 1), "shelf.colours")->value.u.counts.total, 40);
}

static void a_facts_file_of_others_is_read_tolerantly(void **state)
{
    static const struct {
        const char *says, *json, *words;
        size_t known;
    } cases[] = {
        {"an unknown fact is left out",
         "[{\"name\":\"shelf.nothing\",\"value\":1},{\"name\":\"house.people\",\"value\":1}]",
         "not in the catalogue: shelf.nothing", 1},
        {"a scope without a name", "[{\"name\":\"shelf.things\",\"value\":1,\"scope\":{}}]", "names no shelf", 0},
        {"a value of another form", "[{\"name\":\"house.people\",\"value\":{},\"scope\":{}}]", "no count", 0},
        {"no value", "[{\"name\":\"house.people\",\"scope\":{}}]", "no count", 0},
        {"something that is no fact", "[7]", "not in the catalogue", 0},
    };
    size_t i;

    for (i = 0; i < MD_ROWS(cases); i++) {
        struct fixture f = fixture_of(state);

        md_test_case(i, cases[i].says);
        read_list(&f, cases[i].json);
        fixture_one_diag(f.diags, "facts.json", 1, cases[i].words);
        md_want_int("known", md_fact_by_name(f.facts, md_facts_root(f.facts), "house.people") != NULL, cases[i].known);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(values_of_a_case),
        MD_TEST(a_case_nests_scopes),
        MD_TEST(mistakes_of_a_case_are_placed),
        MD_TEST(what_is_written_is_read_again),
        MD_TEST(a_facts_file_of_others_is_read_tolerantly),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
