#include "tests/unit/engine/facts_fixture.h"

#include <sys/wait.h>
#include <unistd.h>

static struct md_facts *new_store(struct md_arena *arena)
{
    struct md_facts *facts = md_facts_new(arena, fixture_read(arena, md_diags_new(arena)));

    md_facts_set_now(facts, FIXTURE_NOW);
    return facts;
}

static void instances_form_a_tree_in_order(void **state)
{
    struct md_arena *arena = *state;
    struct md_facts *facts = new_store(arena);
    struct md_instance *root = md_facts_root(facts);
    struct md_instance *a = md_facts_instance(facts, "shelf", MD_LIT("a"), root);
    struct md_instance *b = md_facts_instance(facts, "shelf", MD_LIT("b"), root);
    struct md_instance *a1 = md_facts_instance(facts, "box", MD_LIT("1"), a);
    struct md_instance *b1 = md_facts_instance(facts, "box", MD_LIT("1"), b);

    md_test_case(0, "a house with two shelves");
    md_want_true(a != b && a1 != b1);
    md_want_true(md_facts_instance(facts, "shelf", MD_LIT("a"), root) == a);
    md_want_int("instances", md_facts_instance_count(facts), 5);
    md_want_true(root->first_child == a && a->next_sibling == b && b->next_sibling == NULL);
    md_want_true(a->first_child == a1 && a1->parent == a);
    md_want_true(md_facts_find_instance(facts, a1->scope, MD_LIT("1"), b) == b1);
    md_want_true(md_facts_find_instance(facts, a1->scope, MD_LIT("2"), b) == NULL);
    md_want_true(md_facts_find_instance(facts, root->scope, MD_LIT(""), NULL) == root);
    md_facts_name_root(facts, MD_LIT("home"));
    md_want_str("name", root->name, "home");
}

static void the_first_known_value_wins(void **state)
{
    struct md_arena *arena = *state;
    struct md_facts *facts = new_store(arena);
    struct md_instance *root = md_facts_root(facts);
    struct md_origin origin = {MD_ORIGIN_FILE, "house.txt", 7, 2};
    const struct md_fact *fact;

    md_test_case(0, "never set");
    md_want_true(md_fact_by_name(facts, root, "house.people") == NULL);

    md_test_case(1, "unknown, then known, then again");
    md_fact_unknown(facts, root, "house.people", "nobody \033[1mopened");
    fact = md_fact_by_name(facts, root, "house.people");
    md_want_true(!fact->is_known);
    md_want_cstr("why", fact->why, "nobody \\x1B[1mopened");
    md_fact_count(facts, root, "house.people", 3, &origin);
    md_fact_bounds(md_fact_count(facts, root, "house.people", 4, NULL), 1, 9);
    md_fact_unknown(facts, root, "house.people", "too late");
    fact = md_fact_by_name(facts, root, "house.people");
    md_want_true(fact->is_known && !fact->has_bounds);
    md_want_int("value", fact->value.u.count, 3);
    md_want_int("origins", fact->n_origins, 1);
    md_want_cstr("origin", fact->origins[0].name, "house.txt");
    md_want_true(fact->observed_at == FIXTURE_NOW);

    md_test_case(2, "a better source replaces it once");
    md_fact_replace(facts, root, "house.people");
    md_fact_count(facts, root, "house.people", 5, NULL);
    md_fact_count(facts, root, "house.people", 6, NULL);
    md_want_int("value", md_fact_by_name(facts, root, "house.people")->value.u.count, 5);
    md_want_int("origins", md_fact_by_name(facts, root, "house.people")->n_origins, 0);
}

static void all_facts_are_met_once(void **state)
{
    struct md_diags *diags = md_diags_new(*state);
    struct md_facts *facts = md_facts_new(*state, fixture_read(*state, diags));
    struct md_instance *root = md_facts_root(facts), *shelf = md_facts_instance(facts, "shelf", MD_LIT("upper"), root);
    struct md_instance *box = md_facts_instance(facts, "box", MD_LIT("1"), shelf);
    static const char *const want[] = {"house.people", "house.is_open", "shelf.kind", "box.weight"};
    const struct md_fact *fact;
    struct md_fact_walk walk = {0};
    size_t n = 0;

    md_want_true(md_facts_next(facts, &walk) == NULL);
    md_fact_count(facts, box, "box.weight", 1, NULL);
    md_fact_unknown(facts, root, "house.is_open", "nobody looked");
    md_fact_text(facts, shelf, "shelf.kind", MD_LIT("oak"), NULL);
    md_fact_count(facts, root, "house.people", 3, NULL);
    (void)md_facts_instance(facts, "shelf", MD_LIT("empty"), root);
    walk = (struct md_fact_walk){0};
    while ((fact = md_facts_next(facts, &walk)) != NULL) {
        md_want_true(n < MD_ROWS(want));
        md_want_cstr("fact", fact->def->name, want[n]);
        n++;
    }
    md_want_int("facts", n, MD_ROWS(want));
    md_want_true(md_facts_next(facts, &walk) == NULL);
}

static void collections_are_sorted_by_count_then_order(void **state)
{
    static const struct md_count_item items[] = {
        {.name = {"red", 3}, .count = 2},
        {.name = {"blue", 4}, .count = 9},
        {.name = {"grey", 4}, .count = 2},
        {.name = {"", 0}, .count = 3},
    };
    static const char *const want[] = {"blue", "", "red", "grey"};
    struct md_arena *arena = *state;
    struct md_facts *facts = new_store(arena);
    struct md_instance *shelf = md_facts_instance(facts, "shelf", MD_LIT("a"), md_facts_root(facts));
    const struct md_counts *counts =
        &md_fact_counts(facts, shelf, "shelf.colours", items, 4, 0, true, NULL)->value.u.counts;
    size_t i;

    md_test_case(0, "four colours");
    for (i = 0; i < 4; i++)
        md_want_str("name", counts->items[i].name, want[i]);
    md_want_int("total", counts->total, 16);
    md_want_int("distinct", counts->distinct, 4);
    md_fact_replace(facts, shelf, "shelf.colours");
    counts = &md_fact_counts(facts, shelf, "shelf.colours", items, 4, 100, false, NULL)->value.u.counts;
    md_want_int("a larger total", counts->total, 100);
    md_fact_replace(facts, shelf, "shelf.colours");
    counts = &md_fact_counts(facts, shelf, "shelf.colours", NULL, 0, 0, true, NULL)->value.u.counts;
    md_want_int("an empty one", counts->total + counts->n, 0);
}

/* Our own mistakes end the process; each in a child. */
static void our_mistakes_are_bugs(void **state)
{
    static const char *const says[] = {"no such fact", "another scope", "another type", "another parent",
                                       "bounds of a text"};
    struct md_arena *arena = *state;
    struct md_facts *facts = new_store(arena);
    struct md_instance *root = md_facts_root(facts);
    struct md_fact *name = md_fact_text(facts, root, "house.name", MD_LIT("home"), NULL);
    size_t i;

    for (i = 0; i < MD_ROWS(says); i++) {
        int status = 0;
        pid_t child;

        md_test_case(i, says[i]);
        fflush(NULL);
        child = fork();
        if (child == 0) {
            fclose(stderr);
            switch (i) {
            case 0: md_fact_bool(facts, root, "house.nothing", true, NULL); break;
            case 1: md_fact_count(facts, root, "shelf.things", 1, NULL); break;
            case 2: md_fact_count(facts, root, "house.is_open", 1, NULL); break;
            case 3: md_facts_instance(facts, "box", MD_LIT("1"), root); break;
            default: md_fact_bounds(name, 0, 1); break;
            }
            _exit(0);
        }
        md_want_true(child > 0 && waitpid(child, &status, 0) == child);
        md_want_true(WIFSIGNALED(status));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(instances_form_a_tree_in_order), MD_TEST(the_first_known_value_wins),
        MD_TEST(all_facts_are_met_once),         MD_TEST(collections_are_sorted_by_count_then_order),
        MD_TEST(our_mistakes_are_bugs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
