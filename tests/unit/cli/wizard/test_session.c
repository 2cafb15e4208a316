/* What follows from the events of a case. */
#include "tests/unit/cli/wizard/wizard_fixture.h"

static void build(struct wizard_fixture *f, struct md_state *ret)
{
    md_session_build(&f->session, NULL, 0, f->arena, f->session.diags, ret);
}

static bool is_closed(const struct md_state *state, const char *id)
{
    for (size_t i = 0; i < state->n_closed; i++) {
        if (strcmp(state->closed[i], id) == 0) {
            return true;
        }
    }
    return false;
}

static void measured_facts_count_where_their_inputs_do(void **state)
{
    struct wizard_fixture f;
    struct md_state s;
    fixture_open(&f, *state);
    fixture_start(&f);
    build(&f, &s);
    md_want_true(!s.wants_facts && s.seen == NULL && s.n_steps == 0);
    const struct md_event *first =
        fixture_add(&f, MD_EVENT_INPUT, "{\"inquiry\": \"look:queue\", \"name\": \"a\", \"text\": \"x\"}");
    md_want_int("number", first->n, 2);
    build(&f, &s);
    md_want_true(s.wants_facts && is_closed(&s, "look:queue"));
    fixture_measured(&f, "[2]", 60);
    build(&f, &s);
    md_want_true(!s.wants_facts);
    md_want_int("files", fixture_fact(&s, "host.files")->value.u.count, 60);
    md_want_int("probes", md_facts_probe_count(s.facts), 1);
    /* another one for the same look replaces it ... */
    (void)fixture_add(&f, MD_EVENT_INPUT, "{\"inquiry\": \"look:queue\", \"name\": \"b\", \"text\": \"y\"}");
    build(&f, &s);
    md_want_true(s.wants_facts);
    md_want_int("inputs", s.n_inputs, 1);
    fixture_measured(&f, "[4]", 7);
    build(&f, &s);
    md_want_int("files", fixture_fact(&s, "host.files")->value.u.count, 7);
    /* ... and taken back, the first one counts again, without looking again */
    (void)fixture_add(&f, MD_EVENT_UNDONE, "{\"of\": 4}");
    build(&f, &s);
    md_want_true(!s.wants_facts);
    md_want_int("files", fixture_fact(&s, "host.files")->value.u.count, 60);
    fixture_close(&f);
}

static void what_is_told_fills_what_is_not_known(void **state)
{
    struct wizard_fixture f;
    struct md_state s;
    fixture_open(&f, *state);
    fixture_start(&f);
    const struct md_event *told = fixture_files(&f, 3, false);
    uint64_t n = told->n;
    build(&f, &s);
    md_want_int("told", fixture_fact(&s, "host.files")->value.u.count, 3);
    md_want_int("by a person", fixture_fact(&s, "host.files")->origins[0].kind, MD_ORIGIN_PERSON);
    md_want_int("contradictions", s.n_contradictions, 0);
    (void)fixture_add(&f, MD_EVENT_INPUT, "{\"name\": \"a\", \"text\": \"x\"}");
    fixture_measured(&f, "[3]", 6000);
    build(&f, &s);
    md_want_int("what was read counts", fixture_fact(&s, "host.files")->value.u.count, 6000);
    md_want_int("contradictions", s.n_contradictions, 1);
    md_want_true(s.contradictions[0].step->n == n);
    (void)fixture_add(&f, MD_EVENT_UNDONE, "{\"of\": 2}");
    (void)fixture_files(&f, 5, true);
    build(&f, &s);
    md_want_int("changed: it counts", fixture_fact(&s, "host.files")->value.u.count, 5);
    md_want_int("contradictions", s.n_contradictions, 0);
    fixture_close(&f);
}

static void values_of_one_outcome_do_not_contradict(void **state)
{
    struct wizard_fixture f;
    struct md_state s;
    fixture_open(&f, *state);
    fixture_start(&f);
    (void)fixture_files(&f, 200, false);
    (void)fixture_add(&f, MD_EVENT_INPUT, "{\"name\": \"a\", \"text\": \"x\"}");
    fixture_measured(&f, "[3]", 6000);
    build(&f, &s);
    md_want_int("contradictions", s.n_contradictions, 0);
    fixture_close(&f);
}

static void a_remedy_makes_stale_what_spoke_for_it(void **state)
{
    struct wizard_fixture f;
    struct md_state s;
    fixture_open(&f, *state);
    fixture_start(&f);
    (void)fixture_add(&f, MD_EVENT_INPUT, "{\"inquiry\": \"look:queue\", \"name\": \"a\", \"text\": \"x\"}");
    fixture_measured(&f, "[2]", 60);
    (void)fixture_add(&f, MD_EVENT_TRIED,
                      "{\"id\": \"toy.empty\", \"result\": \"failed\", \"scope\": {}, \"scope_name\": \"host\", "
                      "\"stale\": [{\"name\": \"host.files\", \"scope\": {}}]}");
    build(&f, &s);
    md_want_int("tried", s.n_tried, 1);
    md_want_true(!is_closed(&s, "look:queue"));
    md_want_int("inputs", s.n_inputs, 0);
    const struct md_fact *files = fixture_fact(&s, "host.files");
    md_want_true(files == NULL || !files->is_known);
    (void)fixture_files(&f, 1, false);
    build(&f, &s);
    md_want_int("told since", fixture_fact(&s, "host.files")->value.u.count, 1);
    (void)fixture_add(&f, MD_EVENT_TRIED, "{\"id\": \"toy.empty\", \"result\": \"worked\", \"scope\": {}}");
    build(&f, &s);
    md_want_true(s.worked != NULL);
    fixture_close(&f);
}

static void a_symptom_may_name_an_instance(void **state)
{
    struct wizard_fixture f;
    struct md_state s;
    fixture_open(&f, *state);
    fixture_start(&f);
    (void)fixture_add(&f, MD_EVENT_SYMPTOM, "{\"id\": \"one-stands\", \"name\": \"tcp_local\"}");
    build(&f, &s);
    md_want_true(s.symptom != NULL && s.symptom_at != NULL && is_closed(&s, "symptom"));
    md_want_str("channel", s.symptom_at->name, "tcp_local");
    (void)fixture_add(&f, MD_EVENT_SYMPTOM, "{\"id\": \"no-such-thing\"}");
    build(&f, &s);
    md_want_true(s.symptom == NULL);
    fixture_close(&f);
}

static void what_if_changes_nothing(void **state)
{
    struct wizard_fixture f;
    struct md_state s;
    fixture_open(&f, *state);
    fixture_start(&f);
    (void)fixture_files(&f, 3, false);
    struct md_event extra = *fixture_files(&f, 500, true);
    f.session.events.n--;
    md_session_build(&f.session, &extra, 1, f.arena, f.session.diags, &s);
    md_want_int("if", fixture_fact(&s, "host.files")->value.u.count, 500);
    build(&f, &s);
    md_want_int("but", fixture_fact(&s, "host.files")->value.u.count, 3);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(measured_facts_count_where_their_inputs_do),
        MD_TEST(what_is_told_fills_what_is_not_known),
        MD_TEST(values_of_one_outcome_do_not_contradict),
        MD_TEST(a_remedy_makes_stale_what_spoke_for_it),
        MD_TEST(a_symptom_may_name_an_instance),
        MD_TEST(what_if_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
