/*
 * The second half of engine/cases: how far probabilities can be believed when facts are missing and findings are wrong.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/cases_priv.h"

#define MOST_KNOCKED_OUT .5 /* share of facts made unknown: 0 to this, drawn anew for each run */
#define FLIPPED .05         /* share of known findings turned round */
#define RESAMPLES 1000
#define BINS MD_RELIABILITY_BINS

/* splitmix64: small, good enough, the same everywhere. */
static uint64_t next(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static double uniform(uint64_t *state)
{
    return (double)(next(state) >> 11) / 9007199254740992.;
}

/* What one case said in all its runs. */
struct tally {
    size_t n[BINS];
    double said[BINS], held[BINS];
    double squares;
};

static void knock_out(struct md_facts *facts, uint64_t *random)
{
    const struct md_catalogue *catalogue = md_facts_catalogue(facts);
    double share = uniform(random) * MOST_KNOCKED_OUT;

    for (size_t i = 0; i < md_facts_instance_count(facts); i++) {
        struct md_instance *at = md_facts_instance_at(facts, i);

        for (size_t f = 0; f < md_catalogue_fact_count(catalogue); f++) {
            const struct md_fact_def *def = md_catalogue_fact_at(catalogue, f);
            const struct md_fact *fact = def->scope == at->scope ? md_fact_get(facts, at, def) : NULL;

            if (fact == NULL || !fact->is_known || uniform(random) >= share)
                continue;
            md_fact_replace(facts, at, def->name);
            md_fact_unknown(facts, at, def->name, "knocked out");
        }
    }
}

static void flip(void *ctx, struct md_observation *o)
{
    if (o->truth != MD_UNKNOWN && uniform(ctx) < FLIPPED)
        o->truth = o->truth == MD_PRESENT ? MD_ABSENT : MD_PRESENT;
}

static bool is_benign(const struct md_rules *rules, struct md_str id)
{
    const struct md_cause *cause = md_rules_find_cause(rules, id);

    return cause != NULL && cause->is_benign;
}

static bool expects_fault(const struct md_rules *rules, const struct md_case *c)
{
    const struct md_node *first = md_node_get(c->expect, "first");

    if (first != NULL && first->kind == MD_NODE_LIST)
        first = first->first;
    return first != NULL && !is_benign(rules, first->text);
}

static void say(const struct md_rules *rules, const struct md_case *c, const char *id, double p, struct tally *tally)
{
    bool is_true = md_case_expects(c, "first", id) || md_case_expects(c, "present", id), is_judged = is_true;
    size_t bin = (size_t)fmin(p * BINS, BINS - 1);

    if (md_case_expects(c, "absent", id))
        is_judged = true;
    else if (md_node_get(c->expect, "first") != NULL)
        is_judged = is_true || !(is_benign(rules, md_str(id)) && expects_fault(rules, c));
    if (!is_judged)
        return;
    tally->n[bin]++;
    tally->said[bin] += p;
    tally->held[bin] += is_true ? 1 : 0;
    tally->squares += (p - (is_true ? 1 : 0)) * (p - (is_true ? 1 : 0));
}

static void run_once(struct md_rules *rules, const struct md_cases_options *options, const struct md_case *c,
                     uint64_t random, struct tally *tally, struct md_cases_report *ret)
{
    struct md_diagnose_options diagnose = {.fallback_normal = options->fallback_normal,
                                           .fallback_unknown = options->fallback_unknown,
                                           .temperature = 1,
                                           .override = flip,
                                           .override_ctx = &random};
    struct md_arena *arena = md_arena_new();
    struct md_diags *diags = md_diags_new(arena);
    struct md_facts *facts = md_case_facts(rules, c, arena, diags);
    struct md_result result;
    size_t rank;

    knock_out(facts, &random);
    md_diagnose(rules, facts, &diagnose, arena, diags, &result);
    for (size_t i = 0; i < result.n_diagnoses; i++)
        if (options->fallback_unknown == NULL || strcmp(result.diagnoses[i].id, options->fallback_unknown) != 0)
            say(rules, c, result.diagnoses[i].id, result.diagnoses[i].probability, tally);
    for (size_t i = 0; i < result.n_considered; i++)
        if (result.considered[i].explained_by == NULL)
            say(rules, c, result.considered[i].id, result.considered[i].probability, tally);
    rank = md_case_rank(c, &result);
    ret->n_runs++;
    if (md_node_get(c->expect, "first") != NULL) {
        ret->n_run_first++;
        ret->n_run_top1 += rank == 1;
        ret->n_run_top3 += rank >= 1 && rank <= 3;
    }
    md_arena_free(&arena);
}

static void add(struct tally *sum, const struct tally *one)
{
    for (size_t b = 0; b < BINS; b++) {
        sum->n[b] += one->n[b];
        sum->said[b] += one->said[b];
        sum->held[b] += one->held[b];
    }
    sum->squares += one->squares;
}

static size_t total(const struct tally *t)
{
    size_t n = 0;

    for (size_t b = 0; b < BINS; b++)
        n += t->n[b];
    return n;
}

static double brier(const struct tally *t)
{
    size_t n = total(t);

    return n > 0 ? t->squares / (double)n : 0;
}

static double calibration_error(const struct tally *t)
{
    size_t n = total(t);
    double sum = 0;

    for (size_t b = 0; b < BINS; b++)
        sum += fabs(t->said[b] - t->held[b]);
    return n > 0 ? sum / (double)n : 0;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

static struct md_interval interval(double value, double *samples)
{
    qsort(samples, RESAMPLES, sizeof *samples, by_value);
    return (struct md_interval){value, samples[RESAMPLES * 25 / 1000], samples[RESAMPLES * 975 / 1000 - 1]};
}

static void bootstrap(const struct tally *tallies, size_t n, const struct tally *sum, struct md_cases_report *ret)
{
    double *briers = md_xcalloc(RESAMPLES, sizeof *briers), *errors = md_xcalloc(RESAMPLES, sizeof *errors);
    uint64_t random = 1;

    for (size_t r = 0; r < RESAMPLES && n > 0; r++) {
        struct tally drawn = {.squares = 0};

        for (size_t i = 0; i < n; i++)
            add(&drawn, &tallies[next(&random) % n]);
        briers[r] = brier(&drawn);
        errors[r] = calibration_error(&drawn);
    }
    ret->brier = interval(brier(sum), briers);
    ret->calibration_error = interval(calibration_error(sum), errors);
    free(briers);
    free(errors);
}

void md_calibrate(struct md_rules *rules, const struct md_cases_options *options, const struct md_case *cases, size_t n,
                  struct md_cases_report *ret)
{
    struct tally *tallies = md_xcalloc(n, sizeof *tallies), sum = {.squares = 0};

    for (size_t i = 0; i < n; i++) {
        /* Of the case alone, so that another one more or less changes nothing for it. */
        uint64_t seed = md_str_hash(cases[i].name);

        for (uint64_t k = 0; k < MD_KNOCK_OUT_RUNS; k++)
            run_once(rules, options, &cases[i], seed + k * UINT64_C(0xd1342543de82ef95), &tallies[i], ret);
        add(&sum, &tallies[i]);
    }
    ret->has_knock_out = true;
    ret->n_said = total(&sum);
    for (size_t b = 0; b < BINS; b++)
        ret->bins[b] = (struct md_reliability_bin){sum.n[b], sum.n[b] > 0 ? sum.said[b] / (double)sum.n[b] : 0,
                                                   sum.n[b] > 0 ? sum.held[b] / (double)sum.n[b] : 0};
    bootstrap(tallies, n, &sum, ret);
    free(tallies);
}
