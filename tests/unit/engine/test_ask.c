#include "tests/unit/engine/facts_fixture.h"

#include "engine/ask.h"

static const struct md_fact_def *fact_of(const struct md_catalogue *catalogue, const char *name)
{
    const struct md_fact_def *def = md_catalogue_fact(catalogue, md_str(name));

    md_want_true(def != NULL);
    return def;
}

static void names_what_it_is_about(void **state)
{
    static const struct {
        const char *label, *shelf, *box, *want;
    } cases[] = {
        {"plain names", "upper", "ann@attic.example", "lift ann@attic.example on upper; call ann; <attic>"},
        {"what stands behind a plus is no part of the owner", "upper", "ann+toys@x",
         "lift ann+toys@x on upper; call ann; <attic>"},
        {"a name without an @ is the owner", "upper", "ann", "lift ann on upper; call ann; <attic>"},
        {"no owner", "upper", "@x", "lift @x on upper; call <owner>; <attic>"},
        {"what would be a command never gets into one", "$(reboot)", "a;b@x",
         "lift <box> on <shelf>; call <owner>; <attic>"},
        {"an option neither", "-rf", "-f@x", "lift <box> on <shelf>; call <owner>; <attic>"},
    };
    struct md_arena *arena = *state;
    const struct md_catalogue *catalogue = fixture_read(arena, md_diags_new(arena));

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct md_facts *facts = md_facts_new(arena, catalogue);
        struct md_instance *shelf = md_facts_instance(facts, "shelf", md_str(cases[i].shelf), md_facts_root(facts));
        struct md_instance *box = md_facts_instance(facts, "box", md_str(cases[i].box), shelf);

        md_test_case(i, cases[i].label);
        md_want_cstr("ask", md_ask(arena, fact_of(catalogue, "box.is_open"), box), cases[i].want);
    }
}

static void without_an_instance_it_says_what_to_put_in(void **state)
{
    struct md_arena *arena = *state;
    const struct md_catalogue *catalogue = fixture_read(arena, md_diags_new(arena));

    md_want_cstr("ask", md_ask(arena, fact_of(catalogue, "box.is_open"), NULL),
                 "lift <box> on <shelf>; call <owner>; <attic>");
    md_want_cstr("nothing to put in", md_ask(arena, fact_of(catalogue, "shelf.things"), NULL), "count them");
    md_want_true(md_ask(arena, fact_of(catalogue, "box.weight"), NULL) == NULL);
}

static void tells_commands_from_words(void **state)
{
    (void)state;
    md_want_true(md_ask_is_command(md_str("ls -l <config>; date")));
    md_want_true(md_ask_is_command(md_str("/sbin/df")));
    md_want_true(!md_ask_is_command(md_str("Ask the network people")));
    md_want_true(!md_ask_is_command(md_str("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(names_what_it_is_about),
        MD_TEST(without_an_instance_it_says_what_to_put_in),
        MD_TEST(tells_commands_from_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
