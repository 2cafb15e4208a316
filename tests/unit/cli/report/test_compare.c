#include "cli/report/compare.h"
#include "tests/unit/engine/toy_rules.h"
#include "tests/unit/md_test.h"

#include "engine/base/time.h"

#define NOW (INT64_C(1767225600) * MD_SECOND)

/* Two results of the toy rule base, compared. */
struct looks {
    struct md_rules *rules[2];
    struct md_result results[2];
    struct md_report reports[2];
    json_t *json;
};

static void compare(struct looks *l, struct md_arena *arena, const char *before, const char *after)
{
    const struct md_diagnose_options options = {
        .fallback_normal = "all.well", .fallback_unknown = "unknown.cause", .temperature = 1};
    for (size_t i = 0; i < 2; i++) {
        const struct md_node *node = NULL;
        struct md_diags *diags;
        l->rules[i] = toy_rules(arena, &diags);
        struct md_facts *facts = md_facts_new(arena, md_rules_catalogue(l->rules[i]));
        md_facts_set_now(facts, NOW);
        assert_int_equal(md_yaml_read(arena, "case.yaml", md_str(i == 0 ? before : after), diags, &node), MD_OK);
        assert_int_equal(md_facts_from_case(facts, node, diags), MD_OK);
        md_diagnose(l->rules[i], facts, &options, arena, diags, &l->results[i]);
        l->reports[i] = (struct md_report){
            .source = {.kind = "facts", .name = i == 0 ? "old" : "new", .observed_at = NOW, .zone = md_zone_utc()},
            .result = &l->results[i],
            .arena = arena};
    }
    l->json = md_compare_json(&l->reports[0], &l->reports[1]);
}

static void done(struct looks *l)
{
    json_decref(l->json);
    md_rules_free(&l->rules[0]);
    md_rules_free(&l->rules[1]);
}

static json_t *row(struct looks *l, const char *list, const char *key, const char *name)
{
    size_t i;
    json_t *one;
    json_array_foreach (json_object_get(l->json, list), i, one) {
        if (strcmp(json_string_value(json_object_get(one, key)), name) == 0) {
            return one;
        }
    }
    return NULL;
}

#define DARK "room: { kitchen: { dark: true, lamps: 3, people: 2, fuse_broken: "
static const char blown[] = "{ " DARK "true, switched_on: true } } }",
                  off[] = "{ " DARK "false, switched_on: false } } }";

static void what_moved_is_named_with_what_moved_it(void **state)
{
    struct looks l;
    compare(&l, *state, blown, off);
    json_t *fuse = row(&l, "diagnoses", "id", "fuse.blown"), *light = row(&l, "diagnoses", "id", "switch.off");
    assert_non_null(fuse);
    assert_non_null(light);
    md_want_cstr("scope", json_string_value(json_object_get(fuse, "scope")), "room kitchen");
    md_want_true(json_real_value(json_object_get(fuse, "before")) > .8);
    md_want_true(json_is_null(json_object_get(fuse, "after")) || json_real_value(json_object_get(fuse, "after")) < .2);
    md_want_true(json_real_value(json_object_get(light, "after")) > .8);
    md_want_cstr("urgency", json_string_value(json_object_get(light, "urgency_after")), "normal");
    /* the line that did it, with the fact that it reads */
    json_t *line = json_array_get(json_object_get(fuse, "evidence"), 0);
    md_want_cstr("line", json_string_value(json_object_get(line, "id")), "room.fuse-broken");
    md_want_cstr("fact", json_string_value(json_object_get(json_array_get(json_object_get(line, "facts"), 0), "name")),
                 "room.fuse_broken");
    done(&l);
}

static void facts_that_changed_came_and_went(void **state)
{
    struct looks l;
    compare(&l, *state, "{ " DARK "true, switched_on: true }, hall: { humming: true } } }",
            "{ " DARK "false, switched_on: true, growing: true } } }");
    json_t *fuse = row(&l, "facts", "name", "room.fuse_broken"), *came = row(&l, "facts", "name", "room.growing"),
           *went = row(&l, "facts", "name", "room.humming");
    md_want_int("facts", json_array_size(json_object_get(l.json, "facts")), 3);
    assert_true(fuse != NULL && came != NULL && went != NULL);
    md_want_true(json_is_true(json_object_get(fuse, "before")) && json_is_false(json_object_get(fuse, "after")));
    md_want_true(json_is_null(json_object_get(came, "before")) && json_is_true(json_object_get(came, "after")));
    md_want_true(json_is_true(json_object_get(went, "before")) && json_is_null(json_object_get(went, "after")));
    md_want_cstr("where", json_string_value(json_object_get(went, "scope")), "room hall");
    /* what moved most comes first; what nothing reads moved nothing */
    md_want_true(json_array_get(json_object_get(l.json, "facts"), 0) == fuse);
    md_want_true(json_real_value(json_object_get(fuse, "moved")) > 3 &&
                 json_real_value(json_object_get(came, "moved")) < .01);
    md_want_cstr("moved", json_string_value(json_array_get(json_object_get(fuse, "diagnoses"), 0)), "fuse.blown");
    done(&l);
}

static void the_same_twice_is_no_change(void **state)
{
    struct looks l;
    compare(&l, *state, blown, blown);
    struct md_buf text = {0};
    json_t *one;
    size_t i;
    md_want_int("facts", json_array_size(json_object_get(l.json, "facts")), 0);
    json_array_foreach (json_object_get(l.json, "diagnoses"), i, one) {
        md_want_true(json_equal(json_object_get(one, "before"), json_object_get(one, "after")));
        md_want_int("lines", json_array_size(json_object_get(one, "evidence")), 0);
    }
    md_compare_text(&l.reports[0], &l.reports[1], &text);
    md_want_true(md_str_find(md_str_n(text.p, text.n), MD_LIT("No fact changed.")) > 0);
    md_buf_free(&text);
    done(&l);
}

static void the_text_says_the_same(void **state)
{
    struct looks l;
    compare(&l, *state, blown, off);
    struct md_buf text = {0};
    md_compare_text(&l.reports[0], &l.reports[1], &text);
    struct md_str all = md_str_n(text.p, text.n);
    md_want_true(md_str_has_prefix(all, MD_LIT("old: old")) && md_str_find(all, MD_LIT("\nnew: new")) > 0);
    md_want_true(md_str_find(all, MD_LIT("fuse.blown (")) > 0 && md_str_find(all, MD_LIT("room.fuse_broken (")) > 0);
    md_want_true(md_str_find(all, MD_LIT(": true -> false (")) > 0);
    for (struct md_str line; md_str_next_line(&all, &line);) {
        md_want_true(line.n <= 81);
    }
    md_buf_free(&text);
    done(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(what_moved_is_named_with_what_moved_it),
                                       MD_TEST(facts_that_changed_came_and_went), MD_TEST(the_same_twice_is_no_change),
                                       MD_TEST(the_text_says_the_same)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
