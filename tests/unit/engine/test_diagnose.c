#include "tests/unit/md_test.h"

#include <math.h>
#include <time.h>

#include "engine/base/time.h"
#include "engine/diagnose.h"
#include "engine/facts_json.h"
#include "tests/unit/engine/toy_rules.h"

#define NOW (INT64_C(1767225600) * MD_SECOND)

struct toy_run {
    struct md_rules *rules;
    struct md_diags *diags;
    struct md_facts *facts;
    struct md_result result;
};

static struct md_diagnose_options options(void)
{
    return (struct md_diagnose_options){
        .fallback_normal = "all.well", .fallback_unknown = "unknown.cause", .temperature = 1};
}

/* Diagnoses the facts of a case in YAML. The rules must be freed by the caller (toy_end). */
static void toy_begin(struct toy_run *t, struct md_arena *arena, const char *yaml, const struct md_diagnose_options *o)
{
    const struct md_node *node = NULL;

    t->rules = toy_rules(arena, &t->diags);
    t->facts = md_facts_new(arena, md_rules_catalogue(t->rules));
    md_facts_set_now(t->facts, NOW);
    assert_int_equal(md_yaml_read(arena, "case.yaml", md_str(yaml), t->diags, &node), MD_OK);
    assert_int_equal(md_facts_from_case(t->facts, node, t->diags), MD_OK);
    md_diagnose(t->rules, t->facts, o, arena, t->diags, &t->result);
    for (size_t i = 0; i < md_diags_count(t->diags); i++)
        print_error("%s\n", md_diags_at(t->diags, i)->what);
    md_want_int("diagnostics", md_diags_count(t->diags), 0);
}

static void toy_end(struct toy_run *t)
{
    md_rules_free(&t->rules);
}

/* The diagnosis of that id; fails the test where there is none. */
static const struct md_diagnosis *diagnosis(const struct md_result *r, const char *id)
{
    size_t i = 0;

    while (i < r->n_diagnoses && strcmp(r->diagnoses[i].id, id) != 0)
        i++;
    md_want_true(i < r->n_diagnoses);
    return &r->diagnoses[i];
}

static const struct md_evidence *line_of(const struct md_diagnosis *d, const char *id)
{
    size_t i = 0;

    while (i < d->n_evidence && strcmp(d->evidence[i].id, id) != 0)
        i++;
    md_want_true(i < d->n_evidence);
    return &d->evidence[i];
}

static const char broken_fuse[] = "site: { power: true, stormy: false }\n"
                                  "room:\n"
                                  "  kitchen: { dark: true, lamps: 3, people: 2, fuse_broken: true, switched_on: true, "
                                  "humming: false, growing: true,\n"
                                  "             oldest_s: 7200, since: 2h ago }\n"
                                  "  cellar: { dark: false, fuse_broken: false, switched_on: true }\n";

static void explains_a_clear_fault(void **state)
{
    struct md_diagnose_options o = options();
    const struct md_diagnosis *d;
    struct toy_run t;

    toy_begin(&t, *state, broken_fuse, &o);
    md_want_int("one diagnosis", t.result.n_diagnoses, 1);
    d = &t.result.diagnoses[0];
    md_want_cstr("id", d->id, "fuse.blown");
    md_want_int("rank", d->rank, 1);
    md_want_cstr("summary", d->summary, "The fuse of kitchen is blown");
    md_want_true(d->probability > .9 && d->probability == floor(d->probability * 1000 + .5) / 1000);
    md_want_int("certainty", d->certainty, MD_CERTAINTY_CONCLUSIVE);
    md_want_int("urgency", d->urgency, MD_URGENCY_ACT);
    md_want_int("verdict", t.result.verdict, MD_URGENCY_ACT);
    md_want_int("scope", d->n_scope, 1);
    md_want_cstr("scope", d->scope[0].scope, "room");
    md_want_cstr("name", d->scope[0].name, "kitchen");
    md_want_true(d->has_messages && d->messages == 2 && !d->has_mailboxes);
    md_want_true(d->growing == 1 && d->has_oldest && d->oldest_s == 7200);
    md_want_true(d->since == NOW - 2 * MD_HOUR);
    md_want_cstr("if nothing", d->if_nothing, "it stays dark");
    md_want_true(t.result.no_fault < .1);
    md_want_cstr("summary", t.result.summary, "A fuse is blown (room kitchen, 2 messages)");
    toy_end(&t);
}

static void lines_add_up_and_say_where_they_were_read(void **state)
{
    struct md_diagnose_options o = options();
    const struct md_diagnosis *d;
    struct toy_run t;
    double sum = 0, last = 1e9;

    toy_begin(&t, *state, broken_fuse, &o);
    d = diagnosis(&t.result, "fuse.blown");
    for (size_t i = 0; i < d->n_evidence; i++) {
        const struct md_evidence *e = &d->evidence[i];

        sum += e->decibans;
        md_want_true(e->decibans == 0 || fabs(e->decibans) >= .05);
        if (e->kind == MD_EVIDENCE_SUPPORTS)
            md_want_true(e->decibans > 0 && e->n_origins > 0 && e->origins[0].line >= 2 && e->n_reads > 0);
        if (e->kind != MD_EVIDENCE_PRIOR) {
            md_want_true(fabs(e->decibans) <= last);
            last = fabs(e->decibans);
        }
    }
    md_want_double("sum of the lines", sum, d->decibans, 1e-6);
    md_want_cstr("the prior is the last", d->evidence[d->n_evidence - 1].id, "prior");
    md_want_cstr("present", line_of(d, "room.dark")->because, "3 lamps are dark");
    md_want_int("explains", d->n_explains, 2);
    md_want_cstr("rival", d->rather_than.id, "wiring.missing");
    md_want_true(d->rather_than.decibans > 0 && d->rather_than.n_because > 0);
    md_want_cstr("because", d->rather_than.because[0], "the fuse is broken");
    toy_end(&t);
}

static void what_is_absent_speaks_too(void **state)
{
    struct md_diagnose_options o = options();
    const struct md_evidence *e;
    struct toy_run t;

    toy_begin(&t, *state, "{ site: { power: false, stormy: false } }", &o);
    md_want_cstr("first", t.result.diagnoses[0].id, "power.out");
    md_want_int("no name: no scope", t.result.diagnoses[0].n_scope, 0);
    e = line_of(&t.result.diagnoses[0], "site.stormy");
    md_want_true(e->kind == MD_EVIDENCE_CONTRADICTS && e->decibans < 0);
    md_want_cstr("because", e->because, "it is not so that a storm is about");
    toy_end(&t);
}

/* Calling the power company takes a minute, but hardly ever cures a fuse. */
static void remedies_go_by_worth_and_withheld_ones_last(void **state)
{
    struct md_diagnose_options o = options();
    const struct md_diagnosis *d;
    struct toy_run t;

    toy_begin(&t, *state, broken_fuse, &o);
    d = diagnosis(&t.result, "fuse.blown");
    md_want_int("remedies", d->n_remedies, 3);
    md_want_cstr("first", d->remedies[0].remedy->id, "fuse.replace");
    md_want_cstr("second", d->remedies[1].remedy->id, "power.call");
    md_want_cstr("withheld", d->remedies[2].remedy->id, "room.rewire");
    md_want_cstr("why", d->remedies[2].withheld, "the wires are live");
    toy_end(&t);
}

static void a_normal_state_is_a_diagnosis_and_shields_the_faults(void **state)
{
    struct md_diagnose_options o = options();
    struct toy_run t;

    toy_begin(&t, *state,
              "site: { power: true, stormy: false }\n"
              "room: { kitchen: { dark: true, lamps: 1, people: 2, fuse_broken: false, switched_on: false } }\n",
              &o);
    md_want_int("one diagnosis", t.result.n_diagnoses, 1);
    md_want_cstr("first", t.result.diagnoses[0].id, "switch.off");
    md_want_int("verdict", t.result.verdict, MD_URGENCY_NORMAL);
    md_want_true(t.result.no_fault > .5);
    toy_end(&t);
}

/* "All is well" is said as well, and first, unless a normal state says what becomes of something that waits. */
static void a_normal_state_that_concerns_nothing_follows_all_is_well(void **state)
{
    struct md_diagnose_options o = options();
    struct toy_run t;

    toy_begin(&t, *state,
              "site: { power: true, stormy: false }\n"
              "room: { kitchen: { dark: true, lamps: 1, people: 0, fuse_broken: false, switched_on: false } }\n",
              &o);
    md_want_int("two diagnoses", t.result.n_diagnoses, 2);
    md_want_cstr("first", t.result.diagnoses[0].id, "all.well");
    md_want_cstr("second", t.result.diagnoses[1].id, "switch.off");
    md_want_int("verdict", t.result.verdict, MD_URGENCY_NORMAL);
    toy_end(&t);
}

static void a_normal_state_never_precedes_a_fault(void **state)
{
    static const struct {
        const char *says, *yaml;
    } rows[] = {
        {"however much it concerns",
         "site: { power: true, stormy: false }\n"
         "room:\n"
         "  hall: { dark: true, lamps: 1, fuse_broken: false, switched_on: false, people: 900 }\n"
         "  kitchen: { dark: true, lamps: 3, people: 0, fuse_broken: true, switched_on: true }\n"},
        {"and all is not well where it concerns nothing",
         "site: { power: true, stormy: false }\n"
         "room:\n"
         "  hall: { dark: true, lamps: 1, fuse_broken: false, switched_on: false, people: 0 }\n"
         "  kitchen: { dark: true, lamps: 3, people: 0, fuse_broken: true, switched_on: true }\n"},
    };
    struct md_diagnose_options o = options();

    for (size_t i = 0; i < MD_ROWS(rows); i++) {
        struct toy_run t;

        md_test_case(i, rows[i].says);
        toy_begin(&t, *state, rows[i].yaml, &o);
        md_want_int("two diagnoses", t.result.n_diagnoses, 2);
        md_want_cstr("first", t.result.diagnoses[0].id, "fuse.blown");
        md_want_cstr("second", t.result.diagnoses[1].id, "switch.off");
        toy_end(&t);
    }
}

static void a_cause_above_explains_what_lies_below(void **state)
{
    struct md_diagnose_options o = options();
    const struct md_diagnosis *d;
    struct toy_run t;

    toy_begin(&t, *state,
              "site: { power: false, stormy: true }\n"
              "room: { kitchen: { dark: true, lamps: 3, people: 4, switched_on: true } }\n",
              &o);
    md_want_int("one diagnosis", t.result.n_diagnoses, 1);
    d = &t.result.diagnoses[0];
    md_want_cstr("first", d->id, "power.out");
    md_want_int("explains", d->n_explains, 3);
    md_want_cstr("also below", d->explains[2], "room.dark");
    toy_end(&t);
}

static void a_root_absorbs_what_it_brings(void **state)
{
    struct md_diagnose_options o = options();
    const struct md_diagnosis *d;
    struct toy_run t;
    bool is_considered = false;

    toy_begin(&t, *state,
              "site: { power: false, stormy: true }\n"
              "room:\n"
              "  kitchen: { dark: true, lamps: 3, people: 4, fuse_broken: true, switched_on: true, since: 3h ago }\n"
              "  hall: { dark: true, lamps: 3, people: 5, fuse_broken: true, switched_on: true }\n",
              &o);
    md_want_int("one diagnosis", t.result.n_diagnoses, 1);
    d = &t.result.diagnoses[0];
    md_want_cstr("first", d->id, "power.out");
    md_want_int("absorbs", d->n_absorbs, 1);
    md_want_cstr("absorbs", d->absorbs[0], "fuse.blown");
    md_want_int("urgency passes to the root", d->urgency, MD_URGENCY_ACT);
    md_want_true(d->has_messages && d->messages == 9);
    md_want_true(d->since == NOW - 3 * MD_HOUR);
    for (size_t i = 0; i < t.result.n_considered; i++)
        if (strcmp(t.result.considered[i].id, "fuse.blown") == 0) {
            is_considered = true;
            md_want_cstr("explained by", t.result.considered[i].explained_by, "power.out");
        }
    md_want_true(is_considered);
    toy_end(&t);
}

static void instances_alike_are_merged_and_limited(void **state)
{
    struct md_diagnose_options o = options();
    const struct md_result *r;
    struct toy_run t;

    toy_begin(&t, *state,
              "site: { power: true, stormy: false }\n"
              "room:\n"
              "  hall:\n"
              "    dark: false\n"
              "    fuse_broken: false\n"
              "    switched_on: true\n"
              "    lamp:\n"
              "      a: { dark: true, weight: 10, maker: acme }\n"
              "      b: { dark: true, weight: 20, maker: acme }\n"
              "      c: { dark: true, weight: 5 }\n"
              "      d: { dark: true, weight: 60, maker: zeta }\n"
              "      e: { dark: true, weight: 2 }\n"
              "      f: { dark: true, weight: 1 }\n"
              "      g: { dark: false, weight: 1 }\n",
              &o);
    r = &t.result;
    md_want_int("diagnoses", r->n_diagnoses, 4);
    for (size_t i = 0; i < r->n_diagnoses; i++)
        md_want_cstr("id", r->diagnoses[i].id, "bulb.dead");
    md_want_cstr("most messages first", r->diagnoses[0].scope[1].name, "d");
    md_want_int("single", r->diagnoses[0].n_members, 0);
    md_want_cstr("merged", r->diagnoses[1].scope[1].name, "acme");
    md_want_int("messages summed", r->diagnoses[1].messages, 30);
    md_want_int("members", r->diagnoses[1].n_members, 2);
    md_want_cstr("members", r->diagnoses[1].members[0], "b");
    md_want_cstr("third", r->diagnoses[2].scope[1].name, "c");
    md_want_int("the rest", r->diagnoses[3].n_members, 2);
    md_want_int("has the scope of its room", r->diagnoses[3].n_scope, 1);
    md_want_cstr("rest", r->diagnoses[3].members[0], "e");
    toy_end(&t);
}

static void only_so_many_instances_take_part(void **state)
{
    struct md_diagnose_options o = options();
    char yaml[4096];
    struct toy_run t;
    int n = snprintf(yaml, sizeof yaml,
                     "site: { power: true, stormy: false }\nroom:\n  hall:\n    dark: false\n    lamp:\n");
    size_t members = 0;

    for (int i = 0; i < 30; i++)
        n += snprintf(yaml + n, sizeof yaml - (size_t)n, "      l%02d: { dark: true, weight: %d }\n", i, i);
    toy_begin(&t, *state, yaml, &o);
    for (size_t i = 0; i < t.result.n_diagnoses; i++)
        members += t.result.diagnoses[i].n_members > 0 ? t.result.diagnoses[i].n_members : 1;
    md_want_int("lamps", members, 8);
    md_want_cstr("the weightiest", t.result.diagnoses[0].scope[1].name, "l29");
    toy_end(&t);
}

static void says_all_is_well_only_where_it_has_looked(void **state)
{
    static const struct {
        const char *says, *yaml, *first;
        enum md_urgency verdict;
    } rows[] = {
        {"all was looked at",
         "{ site: { power: true, stormy: false }, room: { hall: { dark: false, fuse_broken: false } } }", "all.well",
         MD_URGENCY_NORMAL},
        {"nothing is known", "{ site: { } }", "unknown.cause", MD_URGENCY_WATCH},
        {"something is wrong that nothing explains",
         "{ site: { power: true, stormy: false }, room: { hall: { dark: true, lamps: 1, fuse_broken: false, "
         "switched_on: true } } }",
         "unknown.cause", MD_URGENCY_WATCH},
    };
    struct md_diagnose_options o = options();

    for (size_t i = 0; i < MD_ROWS(rows); i++) {
        struct toy_run t;
        const struct md_diagnosis *d;
        double sum = 0;

        md_test_case(i, rows[i].says);
        toy_begin(&t, *state, rows[i].yaml, &o);
        d = &t.result.diagnoses[0];
        md_want_cstr("first", d->id, rows[i].first);
        md_want_int("verdict", t.result.verdict, rows[i].verdict);
        md_want_int("one", t.result.n_diagnoses, 1);
        for (size_t k = 0; k < d->n_evidence; k++)
            sum += d->evidence[k].decibans;
        md_want_true(d->n_evidence > 1);
        md_want_double("sum", sum, d->decibans, 1e-6);
        toy_end(&t);
    }
}

static void what_is_unknown_is_said_with_what_it_would_change(void **state)
{
    struct md_diagnose_options o = options();
    const struct md_unknown *fuse = NULL;
    struct toy_run t;

    toy_begin(&t, *state,
              "site: { power: true, stormy: false }\n"
              "room: { kitchen: { dark: true, lamps: 1, switched_on: true, fuse_broken: ~ } }\n",
              &o);
    for (size_t i = 0; i < t.result.n_unknown; i++)
        if (strcmp(t.result.unknown[i].fact, "room.fuse_broken") == 0)
            fuse = &t.result.unknown[i];
    md_want_true(fuse != NULL);
    md_want_cstr("ask", fuse->ask, "Is the fuse broken?");
    md_want_cstr("would change", fuse->would_change[0], "fuse.blown");
    md_want_cstr("scope", fuse->scope[0].name, "kitchen");
    md_want_true(fuse->why != NULL);
    toy_end(&t);
}

static void an_uncertain_alarm_is_to_be_watched(void **state)
{
    struct md_diagnose_options o = options();
    struct toy_run t;
    const struct md_diagnosis *d;

    toy_begin(&t, *state,
              "site: { power: true, stormy: false }\n"
              "room: { kitchen: { dark: true, lamps: 1, switched_on: true } }\n",
              &o);
    d = diagnosis(&t.result, "fuse.blown");
    md_want_true(d->probability < .7);
    md_want_int("urgency", d->urgency, MD_URGENCY_WATCH);
    md_want_int("certainty", d->certainty, MD_CERTAINTY_LIKELY);
    toy_end(&t);
}

static void where_nothing_is_seen_a_routine_run_doubts_more(void **state)
{
    struct md_diagnose_options reported = options(), routine = options();
    struct toy_run a, b;

    routine.is_routine = true;
    toy_begin(&a, *state, "{ site: { power: true, stormy: false } }", &reported);
    toy_begin(&b, *state, "{ site: { power: true, stormy: false } }", &routine);
    md_want_true(b.result.no_fault > a.result.no_fault);
    toy_end(&a);
    toy_end(&b);
}

/* What is seen has the same prior, whoever asked. */
static void a_routine_run_sees_a_fault_as_a_reported_one(void **state)
{
    struct md_diagnose_options reported = options(), routine = options();
    const struct md_diagnosis *x, *y;
    struct toy_run a, b;

    routine.is_routine = true;
    toy_begin(&a, *state, broken_fuse, &reported);
    toy_begin(&b, *state, broken_fuse, &routine);
    x = diagnosis(&a.result, "fuse.blown");
    y = diagnosis(&b.result, "fuse.blown");
    md_want_double("the prior", y->evidence[y->n_evidence - 1].decibans, x->evidence[x->n_evidence - 1].decibans, .05);
    md_want_double("probability", y->probability, x->probability, .005);
    md_want_int("verdict", b.result.verdict, a.result.verdict);
    toy_end(&a);
    toy_end(&b);
}

static void flip_storm(void *ctx, struct md_observation *o)
{
    if (strcmp(o->finding->id, ctx) == 0)
        o->truth = MD_PRESENT;
}

static void truth_can_be_overridden(void **state)
{
    struct md_diagnose_options o = options();
    char id[] = "site.no-power";
    struct toy_run t;

    o.override = flip_storm;
    o.override_ctx = id;
    toy_begin(&t, *state, "{ site: { power: true, stormy: true } }", &o);
    md_want_cstr("first", t.result.diagnoses[0].id, "power.out");
    toy_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(explains_a_clear_fault),
        MD_TEST(lines_add_up_and_say_where_they_were_read),
        MD_TEST(what_is_absent_speaks_too),
        MD_TEST(remedies_go_by_worth_and_withheld_ones_last),
        MD_TEST(a_normal_state_is_a_diagnosis_and_shields_the_faults),
        MD_TEST(a_normal_state_that_concerns_nothing_follows_all_is_well),
        MD_TEST(a_normal_state_never_precedes_a_fault),
        MD_TEST(a_cause_above_explains_what_lies_below),
        MD_TEST(a_root_absorbs_what_it_brings),
        MD_TEST(instances_alike_are_merged_and_limited),
        MD_TEST(only_so_many_instances_take_part),
        MD_TEST(says_all_is_well_only_where_it_has_looked),
        MD_TEST(what_is_unknown_is_said_with_what_it_would_change),
        MD_TEST(an_uncertain_alarm_is_to_be_watched),
        MD_TEST(where_nothing_is_seen_a_routine_run_doubts_more),
        MD_TEST(a_routine_run_sees_a_fault_as_a_reported_one),
        MD_TEST(truth_can_be_overridden),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
