#include "engine/footprint.h"
#include "tests/unit/engine/toy_wizard.h"

struct toy {
    struct md_arena *arena;
    struct md_diags *diags;
    struct md_rules *rules;
    struct md_wizard_rules *wizard;
};

static struct toy open_toy(const char *extra)
{
    struct toy t = {.arena = md_arena_new()};

    t.diags = md_diags_new(t.arena);
    t.rules = toy_wizard_with(extra, t.diags, &t.wizard);
    return t;
}

static void close_toy(struct toy *t)
{
    md_rules_free(&t->rules);
    md_arena_free(&t->arena);
}

static bool is_said(const struct md_diags *diags, const char *part)
{
    for (size_t i = 0; i < md_diags_count(diags); i++)
        if (strstr(md_diags_at(diags, i)->what, part) != NULL)
            return true;
    return false;
}

static void test_looks_are_loaded_beside_the_rules(void **state)
{
    struct toy t = open_toy("");
    const struct md_look *look = md_wizard_find_look(t.wizard, MD_LIT("fuses"));

    (void)state;
    assert_int_equal(md_diags_count(t.diags), 0);
    assert_int_equal(md_wizard_look_count(t.wizard), 4);
    assert_non_null(look);
    assert_string_equal(look->after[0], "eyes");
    assert_true(look->needs_consent);
    assert_true(md_look_cost(look) == 7);
    assert_null(md_wizard_find_look(t.wizard, MD_LIT("nothing")));
    close_toy(&t);
}

static void test_a_look_gives_facts_by_probe_name_and_beginning(void **state)
{
    struct toy t = open_toy("");
    const struct md_catalogue *catalogue = md_rules_catalogue(t.rules);
    const struct md_look *eyes = md_wizard_find_look(t.wizard, MD_LIT("eyes")),
                         *fuses = md_wizard_find_look(t.wizard, MD_LIT("fuses"));

    (void)state;
    assert_true(md_look_gives(eyes, md_catalogue_fact(catalogue, MD_LIT("room.dark"))));
    assert_true(md_look_gives(eyes, md_catalogue_fact(catalogue, MD_LIT("room.switched_on"))));
    assert_false(md_look_gives(eyes, md_catalogue_fact(catalogue, MD_LIT("room.fuse_broken"))));
    assert_true(md_look_gives(fuses, md_catalogue_fact(catalogue, MD_LIT("room.fuse_broken"))));
    assert_false(md_look_gives(fuses, md_catalogue_fact(catalogue, MD_LIT("room.dark"))));
    close_toy(&t);
}

static void test_the_longest_name_tells_the_strength(void **state)
{
    struct toy t = open_toy("");
    const struct md_symptom *dark = md_wizard_find_symptom(t.wizard, MD_LIT("dark-room"));

    (void)state;
    assert_true(md_symptom_strength(dark, md_rules_find_cause(t.rules, MD_LIT("fuse.blown"))) == .6);
    assert_true(md_symptom_strength(dark, md_rules_find_cause(t.rules, MD_LIT("wiring.missing"))) == .6);
    assert_true(md_symptom_strength(dark, md_rules_find_cause(t.rules, MD_LIT("power.out"))) == .05);
    assert_string_equal(dark->scope->name, "room");
    close_toy(&t);
}

static void test_steps_know_the_host(void **state)
{
    struct toy t = open_toy("");
    struct md_facts *facts = md_facts_new(t.arena, md_rules_catalogue(t.rules));
    const struct md_look *eyes = md_wizard_find_look(t.wizard, MD_LIT("eyes"));
    const struct md_step *steps;
    size_t n;

    (void)state;
    md_facts_name_root(facts, MD_LIT("hall"));
    md_rules_bind(t.rules, facts, t.diags);
    steps = md_look_steps(t.rules, t.arena, eyes, md_facts_root(facts), &n);
    assert_int_equal(n, 2);
    assert_string_equal(steps[0].command, "open hall");
    assert_string_equal(md_look_asks(t.rules, t.arena, eyes, md_facts_root(facts)), "Which rooms of hall are dark?");
    md_look_steps(t.rules, t.arena, md_wizard_find_look(t.wizard, MD_LIT("weather")), md_facts_root(facts), &n);
    assert_int_equal(n, 0);
    close_toy(&t);
}

static void test_broken_declarations_are_left_out_and_told(void **state)
{
    struct toy t = open_toy(
        "look \"half\" { title = \"x\" }\n"
        "symptom \"odd\" { says = \"x\", leak = \"now and then\", causes = {} }\n"
        "look \"meter\" { title = \"again\", items = { \"meter\" }, gives = { \"meter\" }, how = {}, safe = \"x\",\n"
        "  asks = \"x\", minutes = 1 }\n");

    (void)state;
    assert_true(is_said(t.diags, "look half: items is missing"));
    assert_true(is_said(t.diags, "symptom odd: leak"));
    assert_true(is_said(t.diags, "meter is already declared"));
    assert_int_equal(md_wizard_look_count(t.wizard), 4);
    assert_int_equal(md_wizard_symptom_count(t.wizard), 2);
    close_toy(&t);
}

static void test_lint_follows_every_name(void **state)
{
    struct toy t = open_toy(
        "look \"lost\" { title = \"x\", items = { \"stone\" }, gives = { \"rooms.*\" }, after = { \"nobody\" },\n"
        "  how = function(s) return { s.colour } end, safe = \"x\", asks = \"x\", minutes = 0 }\n"
        "symptom \"lost\" { says = \"x\", scope = \"room\", leak = \"rarely\", causes = { [\"ghost.*\"] = \"often\" } "
        "}\n");
    static const char *const wanted[] = {
        "lost cites no source",
        "lost: there is no kind of raw material stone",
        "lost: rooms.* is no probe, no fact and the beginning of none",
        "lost: there is no look nobody",
        "lost does not say how many minutes it takes",
        "a site has no colour",
        "lost has a scope without a name",
        "lost: there is no cause ghost.*",
        "the question about site.power: it has fewer than two outcomes",
    };

    (void)state;
    assert_int_equal(md_diags_count(t.diags), 0);
    md_wizard_lint(t.rules, t.wizard, toy_is_item, t.arena, t.diags);
    for (size_t i = 0; i < MD_ROWS(wanted); i++)
        if (!is_said(t.diags, wanted[i]))
            fail_msg("lint does not say: %s", wanted[i]);
    close_toy(&t);
}

static void test_footprints_hold_what_is_read(void **state)
{
    struct toy t = open_toy("");
    const struct md_footprints *footprints = md_footprints_learn(t.rules);
    const struct md_catalogue *catalogue = md_rules_catalogue(t.rules);
    const struct md_footprint *dark = md_footprints_of(footprints, md_rules_find_finding(t.rules, MD_LIT("room.dark")));

    (void)state;
    assert_int_equal(dark->n, 1);
    assert_int_equal(dark->sets[0].n, 1);
    assert_true(md_footprint_reads(dark, md_catalogue_fact(catalogue, MD_LIT("room.dark"))));
    assert_false(md_footprint_reads(dark, md_catalogue_fact(catalogue, MD_LIT("room.lamps"))));
    close_toy(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_looks_are_loaded_beside_the_rules),
        cmocka_unit_test(test_a_look_gives_facts_by_probe_name_and_beginning),
        cmocka_unit_test(test_the_longest_name_tells_the_strength),
        cmocka_unit_test(test_steps_know_the_host),
        cmocka_unit_test(test_broken_declarations_are_left_out_and_told),
        cmocka_unit_test(test_lint_follows_every_name),
        cmocka_unit_test(test_footprints_hold_what_is_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
