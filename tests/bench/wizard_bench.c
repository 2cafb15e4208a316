/*
 * The wizard against a scripted person, for many hosts: wizard_bench [-v] [-e] [-n ROUNDS] [-p POLICY] [-o PART] [-c] [FACTS.json ...]
 *
 * Each facts file (`mtadoctor facts --format json`), and with -c each case of the rule base, is a whole host. The wizard begins with nothing and
 * is answered truthfully from the full facts: the symptom is the one whose causes name the true diagnosis most strongly; a look gives every
 * fact that it can tell and that is known in full; a question the outcome that the fact falls in, else "don't know". In the end its first
 * diagnosis is compared with that of the full facts, and its plan is followed until the true cause is mended.
 *
 * With -e one answer in ten is wrong or "don't know" (fixed seeds; ROUNDS of them); where that led elsewhere than true answers do, what was
 * wrong or not known is then changed, as `change N` does, and the session goes on: does it come to what true answers come to?
 * -v: what is asked and answered of each host. -o PART: only hosts with that in their name (before -c and files). -p POLICY: one of them.
 */
#include <stdio.h>
#include <time.h>

#include "engine/advise.h"
#include "engine/base/buf.h"
#include "engine/base/display.h"
#include "engine/base/num.h"
#include "engine/base/time.h"
#include "engine/cases_priv.h"
#include "engine/choice.h"
#include "engine/embedded.h"
#include "engine/facts_json.h"
#include "engine/wizard_rules.h"

#define MOST_QUESTIONS 80
#define NOT_NAMED "(not named)"

static const char *const policies[] = {"value", "playbook", "information"};

static struct md_rules *rules;
static struct md_wizard_rules *wizard;
static const struct md_diagnose_options options = {
    .fallback_normal = "queue.healthy", .fallback_unknown = "unknown.cause", .temperature = 1};
static bool is_verbose;
static uint64_t rounds = 1;
static const char *only; /* part of the names of the hosts that are tried */

/* ---- hosts ---- */

struct subject {
    const char *name;
    struct md_facts *facts;
    const char *truth; /* id of the first diagnosis of the full facts */
    struct md_instance *at;
    const struct md_cause *cause;
    struct md_result result;
};

struct subjects {
    struct subject *list;
    size_t n, capacity;
    struct md_arena *arena;
};

static void add_subject(struct subjects *all, const char *name, struct md_facts *facts)
{
    struct md_diags *diags = md_diags_new(all->arena);
    struct subject *s;

    if (only != NULL && strstr(name, only) == NULL)
        return;
    s = md_arena_push(all->arena, &all->list, &all->n, &all->capacity, sizeof *s);

    s->name = name;
    s->facts = facts;
    md_diagnose(rules, facts, &options, all->arena, diags, &s->result);
    if (s->result.n_diagnoses == 0) {
        all->n--;
        return;
    }
    s->truth = s->result.diagnoses[0].id;
    s->at = s->result.diagnoses[0].at;
    s->cause = s->result.diagnoses[0].cause;
}

static struct md_str read_file(struct md_arena *arena, const char *path)
{
    FILE *f = fopen(path, "rb");
    struct md_buf text = {0};
    char some[16384];
    struct md_str ret;

    for (size_t n; f != NULL && (n = fread(some, 1, sizeof some, f)) > 0;)
        md_buf_add(&text, md_str_n(some, n));
    if (f != NULL)
        (void)fclose(f);
    ret = md_arena_str(arena, md_str_n(text.n > 0 ? text.p : "", text.n));
    md_buf_free(&text);
    return ret;
}

static void add_file(struct subjects *all, const char *path)
{
    struct md_diags *diags = md_diags_new(all->arena);
    struct md_facts *facts = md_facts_new(all->arena, md_rules_catalogue(rules));
    const struct md_node *node;
    int64_t now;

    if (md_json_read(all->arena, path, read_file(all->arena, path), diags, &node) != MD_OK ||
        md_node_get(node, "facts") == NULL) {
        (void)fprintf(stderr, "%s: no facts\n", path);
        return;
    }
    if (md_time_parse_rfc3339(md_node_text(md_node_get(node, "source"), "observed_at"), &now, NULL) == MD_OK)
        md_facts_set_now(facts, now);
    if (md_facts_from_list(facts, md_node_get(node, "facts"), diags) == MD_OK)
        add_subject(all, path, facts);
}

static void add_cases(struct subjects *all)
{
    for (size_t f = 0; f < md_rules_case_file_count(rules); f++) {
        const struct md_node *file = md_rules_case_file(rules, f), *defaults = NULL;

        for (const struct md_node *n = file != NULL ? file->first : NULL; n != NULL; n = n->next) {
            struct md_case c = {.node = n, .name = md_node_text(n, "name"), .expect = md_node_get(n, "expect")};

            if (md_node_get(n, "defaults") != NULL) {
                defaults = md_node_get(n, "defaults");
                continue;
            }
            c.defaults = defaults;
            add_subject(all, md_display(all->arena, c.name),
                        md_case_facts(rules, &c, all->arena, md_diags_new(all->arena)));
        }
    }
}

/* ---- chance ---- */

static uint64_t chance_state;

static double chance(void)
{
    chance_state = chance_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(chance_state >> 11) / 9007199254740992.;
}

/* ---- a session ---- */

struct answer {
    const char *id;
    enum { ANSWER_TRUE, ANSWER_WRONG, ANSWER_DONT_KNOW } kind;
};

struct session {
    const struct subject *subject;
    struct md_arena *arena;
    struct md_facts *facts;
    const struct md_symptom *symptom;
    struct md_instance *symptom_at;
    const char *closed[MOST_QUESTIONS];
    struct answer answers[MOST_QUESTIONS];
    size_t n;
    double cost, repair;
    const char *first; /* id of the diagnosis that it came to */
    bool is_right, is_conclusive, is_wrong_conclusive;
    double *times;
    size_t n_times;
};

static struct md_instance *same_in(struct md_facts *facts, const struct md_instance *at, bool makes)
{
    struct md_instance *parent;

    if (at->parent == NULL)
        return md_facts_root(facts);
    parent = same_in(facts, at->parent, makes);
    if (parent == NULL)
        return NULL;
    return makes ? md_facts_instance(facts, at->scope->name, at->name, parent)
                 : md_facts_find_instance(facts, at->scope, at->name, parent);
}

static void set_value(struct md_facts *facts, struct md_instance *at, const struct md_fact_def *def,
                      const struct md_value *v, const struct md_origin *origin)
{
    switch (v->type) {
    case MD_TYPE_BOOL: md_fact_bool(facts, at, def->name, v->u.b, origin); return;
    case MD_TYPE_COUNT: md_fact_count(facts, at, def->name, v->u.count, origin); return;
    case MD_TYPE_NUMBER: md_fact_number(facts, at, def->name, v->u.number, origin); return;
    case MD_TYPE_DURATION: md_fact_duration(facts, at, def->name, v->u.number, origin); return;
    case MD_TYPE_TIME: md_fact_time(facts, at, def->name, v->u.time, origin); return;
    case MD_TYPE_TEXT: md_fact_text(facts, at, def->name, v->u.text, origin); return;
    case MD_TYPE_COUNTS:
        md_fact_counts(facts, at, def->name, v->u.counts.items, v->u.counts.n, v->u.counts.total, v->u.counts.is_exact,
                       origin);
        return;
    case MD_TYPE_TEXTS: md_fact_texts(facts, at, def->name, v->u.texts.items, v->u.texts.n, origin); return;
    case MD_TYPE_COUNT_OF: return;
    }
}

static void copy_fact(struct session *s, const struct md_fact *fact)
{
    struct md_instance *at = same_in(s->facts, fact->at, true);
    const struct md_fact *there = md_fact_get(s->facts, at, fact->def), *now;

    if (there != NULL && there->is_known) /* what was told gives way to what is seen */
        md_fact_replace(s->facts, at, fact->def->name);
    set_value(s->facts, at, fact->def, &fact->value, fact->n_origins > 0 ? &fact->origins[0] : NULL);
    now = md_fact_get(s->facts, at, fact->def);
    if (fact->has_bounds)
        md_fact_bounds((struct md_fact *)(uintptr_t)now, fact->low, fact->high);
}

static void answer_look(struct session *s, const struct md_look *look)
{
    const struct md_facts *full = s->subject->facts;
    const struct md_catalogue *catalogue = md_facts_catalogue(full);

    for (size_t i = 0; i < md_facts_instance_count(full); i++)
        for (size_t f = 0; f < md_catalogue_fact_count(catalogue); f++) {
            const struct md_fact_def *def = md_catalogue_fact_at(catalogue, f);
            const struct md_instance *at = md_facts_instance_at(full, i);
            const struct md_fact *fact = def->scope == at->scope ? md_fact_get(full, at, def) : NULL;

            if (fact != NULL && fact->is_known && md_look_gives(look, def))
                copy_fact(s, fact);
        }
}

static bool encloses(const struct md_instance *above, const struct md_instance *below)
{
    while (below != NULL && below != above)
        below = below->parent;
    return below != NULL;
}

/* The instance of the full facts that is meant; of a nameless one that of the true diagnosis, else the first that knows it. */
static const struct md_fact *full_fact(const struct session *s, const struct md_inquiry *q)
{
    struct md_facts *full = s->subject->facts;
    bool has_name = true;

    for (const struct md_instance *at = q->at; at->parent != NULL; at = at->parent)
        has_name &= at->name.n > 0 && !md_str_is(at->name, NOT_NAMED);
    if (has_name) {
        const struct md_instance *at = same_in(full, q->at, false);

        return at != NULL ? md_fact_get(full, at, q->fact) : NULL;
    }
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < md_facts_instance_count(full); i++) {
            const struct md_instance *at = md_facts_instance_at(full, i);
            const struct md_fact *fact = at->scope == q->fact->scope ? md_fact_get(full, at, q->fact) : NULL;

            if (fact != NULL && fact->is_known &&
                (round > 0 || encloses(at, s->subject->at) || encloses(s->subject->at, at)))
                return fact;
        }
    return NULL;
}

static void answer_fact(struct session *s, const struct md_inquiry *q, bool is_wrong)
{
    static const struct md_origin person = {.kind = MD_ORIGIN_PERSON};
    const struct md_fact *fact = full_fact(s, q);
    size_t choice =
        fact != NULL && fact->is_known ? md_choice_of(q->fact, &fact->value, md_facts_now(s->facts)) : SIZE_MAX;
    struct md_instance *at = q->at;
    struct md_value value;

    s->answers[s->n - 1].kind = choice == SIZE_MAX ? ANSWER_DONT_KNOW : is_wrong ? ANSWER_WRONG : ANSWER_TRUE;
    if (choice == SIZE_MAX)
        return;
    if (is_wrong)
        choice = (choice + 1 + (size_t)(chance() * (double)(md_choice_count(q->fact) - 1))) % md_choice_count(q->fact);
    if (!md_choice_value(s->arena, q->fact, choice, md_facts_now(s->facts), &value))
        return;
    at = at->index != SIZE_MAX ? at : same_in(s->facts, fact->at, true);
    set_value(s->facts, at, q->fact, &value, &person);
    if (is_verbose)
        printf("      = %.*s\n", MD_STR_ARG(md_choice_name(q->fact, choice)));
}

/* The symptom that names the cause most strongly; of several or none "the queue grows". */
static const struct md_symptom *true_symptom(const struct subject *subject)
{
    const struct md_symptom *best = md_wizard_find_symptom(wizard, MD_LIT("queue-grows"));
    double most = 0;
    bool is_one = true;

    if (strcmp(subject->truth, options.fallback_normal) == 0) {
        best = md_wizard_find_symptom(wizard, MD_LIT("just-checking"));
        return best != NULL ? best : md_wizard_symptom(wizard, 0);
    }
    for (size_t i = 0; i < md_wizard_symptom_count(wizard) && subject->cause != NULL; i++) {
        const struct md_symptom *symptom = md_wizard_symptom(wizard, i);
        double strength = md_symptom_strength(symptom, subject->cause);

        if (strength <= symptom->leak)
            continue;
        is_one = strength != most || most == 0;
        if (strength > most) {
            most = strength;
            best = symptom;
        }
    }
    if (!is_one)
        best = md_wizard_find_symptom(wizard, MD_LIT("queue-grows"));
    return best != NULL ? best : md_wizard_symptom(wizard, 0);
}

static void answer_symptom(struct session *s, bool is_wrong)
{
    s->symptom = true_symptom(s->subject);
    if (is_wrong)
        s->symptom = md_wizard_symptom(wizard, (size_t)(chance() * (double)md_wizard_symptom_count(wizard)));
    s->answers[s->n - 1].kind = is_wrong ? ANSWER_WRONG : ANSWER_TRUE;
    for (const struct md_instance *at = s->subject->at; at != NULL && s->symptom->scope != NULL; at = at->parent)
        if (at->scope == s->symptom->scope && at->parent != NULL) {
            struct md_instance *parent = md_facts_root(s->facts);

            /* who sees it knows the domain, and seldom the channel */
            if (at->parent->parent != NULL)
                parent = md_facts_instance(s->facts, at->parent->scope->name, MD_LIT(NOT_NAMED), parent);
            s->symptom_at = md_facts_instance(s->facts, at->scope->name, at->name, parent);
        }
    if (is_verbose)
        printf("      = %s\n", s->symptom->id);
}

static void answer(struct session *s, const struct md_inquiry *q, double errors)
{
    bool is_wrong = false, is_unknown = false;

    s->closed[s->n] = md_arena_cstr(s->arena, md_str(q->id));
    s->answers[s->n].id = s->closed[s->n];
    s->answers[s->n].kind = ANSWER_TRUE;
    s->n++;
    s->cost += q->cost_minutes;
    if (errors > 0 && chance() < errors) {
        is_wrong = q->kind != MD_INQUIRY_LOOK && chance() < .5;
        is_unknown = !is_wrong;
    }
    if (is_unknown) {
        s->answers[s->n - 1].kind = ANSWER_DONT_KNOW;
        return;
    }
    if (q->kind == MD_INQUIRY_LOOK)
        answer_look(s, q->look);
    else if (q->kind == MD_INQUIRY_FACT)
        answer_fact(s, q, is_wrong);
    else
        answer_symptom(s, is_wrong);
}

/* Of the processor: what else the machine does is no matter. Nothing is waited for. */
static double seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Minutes until the true cause is mended when the plan is followed. */
static double repair(const struct subject *subject, const struct md_advise *advise)
{
    double left = 1, sum = 0;
    bool is_fault =
        strcmp(subject->truth, options.fallback_normal) != 0 && (subject->cause == NULL || !subject->cause->is_benign);
    for (size_t i = 0; i < advise->n_plan; i++) {
        const struct md_action *action = &advise->plan[i];

        sum += left * action->minutes;
        if (strcmp(action->id, "escalate") == 0 || (strcmp(action->id, "wait") == 0 && !is_fault))
            return sum;
        for (size_t k = 0; subject->cause != NULL && k < subject->cause->n_cures; k++)
            if (action->remedy == md_rules_remedy(rules, subject->cause->cures[k].remedy))
                left *= 1 - subject->cause->cures[k].fixes;
    }
    return sum;
}

static bool is_among(const struct md_result *result, const char *id)
{
    size_t i = 0;

    while (i < result->n_diagnoses && strcmp(result->diagnoses[i].id, id) != 0)
        i++;
    return i < result->n_diagnoses;
}

static void show(const struct md_advise *advise)
{
    printf("    [%.0f min] ", advise->expected_minutes);
    for (size_t i = 0; i < advise->result.n_diagnoses && i < 3; i++)
        printf("%s %.3f ", advise->result.diagnoses[i].id, advise->result.diagnoses[i].probability);
    for (size_t i = 0; i < advise->result.n_considered && i < 3; i++)
        printf("(%s %.3f) ", advise->result.considered[i].id, advise->result.considered[i].probability);
    printf("\n");
    for (size_t i = 0; i < advise->n_inquiries && i < 4; i++)
        printf("    %s%s %+.1f: %s\n", i < advise->n_worth ? "? " : "- ", advise->inquiries[i].id,
               advise->inquiries[i].value, advise->inquiries[i].why);
}

static void run(struct session *s, enum md_policy policy, double errors, size_t most)
{
    for (;;) {
        struct md_arena *arena = md_arena_new();
        struct md_diags *diags = md_diags_new(arena);
        struct md_advise_input input = {rules,     wizard, s->facts, &options, s->symptom, s->symptom_at,
                                        s->closed, s->n,   NULL,     0,        policy};
        struct md_advise advise;
        double before = seconds();

        md_advise(&input, arena, diags, &advise);
        s->times[s->n_times++] = seconds() - before;
        if (is_verbose)
            show(&advise);
        for (size_t i = 0; i < md_diags_count(diags) && is_verbose; i++)
            printf("    ! %s\n", md_diags_at(diags, i)->what);
        if (advise.n_worth == 0 || s->n == most || s->n_times == MOST_QUESTIONS) {
            const struct md_diagnosis *first = &advise.result.diagnoses[0];

            s->first = md_arena_cstr(s->arena, md_str(first->id));
            s->is_right = strcmp(first->id, s->subject->truth) == 0;
            s->is_conclusive = first->certainty == MD_CERTAINTY_CONCLUSIVE;
            s->is_wrong_conclusive = s->is_conclusive && !is_among(&s->subject->result, first->id);
            s->repair = repair(s->subject, &advise);
            if (is_verbose || (errors <= 0 && !s->is_right))
                printf("  %s %s: %s, in truth %s (%zu asked, %.0f + %.0f min)\n", s->is_right ? "right" : "WRONG",
                       s->subject->name, first->id, s->subject->truth, s->n, s->cost, s->repair);
            md_arena_free(&arena);
            return;
        }
        answer(s, &advise.inquiries[0], errors);
        md_arena_free(&arena);
    }
}

static void begin(struct session *s, const struct subject *subject)
{
    *s = (struct session){.subject = subject, .arena = md_arena_new()};
    s->facts = md_facts_new(s->arena, md_rules_catalogue(rules));
    md_facts_set_now(s->facts, md_facts_now(subject->facts));
    s->times = md_arena_array(s->arena, MOST_QUESTIONS + 1, sizeof *s->times);
}

/* The same questions again; what was wrong or not known is answered as it is, and the wizard goes on from there. */
static void put_right(struct session *again, const struct session *was, enum md_policy policy, size_t most)
{
    begin(again, was->subject);
    for (size_t i = 0; i < was->n; i++) {
        struct md_arena *arena = md_arena_new();
        struct md_advise_input input = {
            rules,         wizard,   again->facts, &options, again->symptom, again->symptom_at,
            again->closed, again->n, NULL,         0,        policy};
        struct md_advise advise;
        const struct md_inquiry *q = NULL;

        md_advise(&input, arena, md_diags_new(arena), &advise);
        for (size_t k = 0; k < advise.n_inquiries && q == NULL; k++)
            if (strcmp(advise.inquiries[k].id, was->answers[i].id) == 0)
                q = &advise.inquiries[k];
        if (q != NULL)
            answer(again, q, 0);
        md_arena_free(&arena);
    }
    run(again, policy, 0, most);
}

/* ---- figures ---- */

static int by_number(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

static double quantile(double *list, size_t n, double q)
{
    if (n == 0)
        return 0;
    qsort(list, n, sizeof *list, by_number);
    return list[(size_t)((double)(n - 1) * q + .5)];
}

struct figures {
    double *asked, *times, minutes, repairs;
    size_t n, n_times, right, wrong_conclusive, astray, came_back;
};

static void count_session(struct figures *f, const struct session *s)
{
    f->asked[f->n++] = (double)s->n;
    f->minutes += s->cost;
    f->repairs += s->repair;
    f->right += s->is_right;
    f->wrong_conclusive += s->is_wrong_conclusive;
    for (size_t k = 0; k < s->n_times; k++)
        f->times[f->n_times++] = s->times[k] * 1e3;
}

/* Errors led elsewhere than true answers do: are they mended by changing them? */
static void try_to_mend(struct figures *f, const struct session *s, enum md_policy policy, size_t most)
{
    struct session truthful, again;

    begin(&truthful, s->subject);
    run(&truthful, policy, 0, most);
    if (strcmp(truthful.first, s->first) != 0) {
        put_right(&again, s, policy, most);
        f->astray++;
        f->came_back += strcmp(again.first, truthful.first) == 0;
        if (strcmp(again.first, truthful.first) != 0)
            printf("  NOT MENDED %s: %s, then %s, with true answers %s\n", s->subject->name, s->first, again.first,
                   truthful.first);
        md_arena_free(&again.arena);
    }
    md_arena_free(&truthful.arena);
}

static void try_policy(const struct subjects *all, enum md_policy policy, double errors, size_t most)
{
    size_t tries = all->n * (errors > 0 ? rounds : 1);
    struct figures f = {.asked = md_arena_array(all->arena, tries + 1, sizeof(double)),
                        .times = md_arena_array(all->arena, tries * (MOST_QUESTIONS + 1) + 1, sizeof(double))};
    double n = (double)tries;

    for (size_t i = 0; i < tries; i++) {
        struct session s;

        chance_state = i * UINT64_C(7919) + 17;
        begin(&s, &all->list[i % all->n]);
        if (is_verbose)
            printf("%s (%s)\n", s.subject->name, s.subject->truth);
        run(&s, policy, errors, most);
        count_session(&f, &s);
        if (errors > 0)
            try_to_mend(&f, &s, policy, most);
        md_arena_free(&s.arena);
    }
    printf("%-11s %5zu hosts: right first %5.1f %%, questions %2.0f (median) %2.0f (90 %%), %5.1f min asked + %5.1f "
           "min repair = %5.1f",
           policies[policy], tries, 100. * (double)f.right / n, quantile(f.asked, f.n, .5), quantile(f.asked, f.n, .9),
           f.minutes / n, f.repairs / n, (f.minutes + f.repairs) / n);
    printf("; a question %.1f ms (median) %.1f ms (most)\n", quantile(f.times, f.n_times, .5),
           quantile(f.times, f.n_times, 1));
    if (errors > 0)
        printf("            one in %.0f answers wrong or not known: wrong and conclusive %.1f %%; %zu went astray, %zu "
               "of them came back when it was changed\n",
               1 / errors, 100. * (double)f.wrong_conclusive / n, f.astray, f.came_back);
}

static void load(struct md_arena *arena)
{
    struct md_rule_file *files = md_arena_array(arena, md_embedded_rules_count, sizeof *files);
    struct md_diags *diags = md_diags_new(arena);
    struct md_rules_input input = {.files = files};

    for (size_t i = 0; i < md_embedded_rules_count; i++)
        if (!md_str_has_prefix(md_str(md_embedded_rules[i].path), MD_LIT("calendar/")))
            files[input.n++] = (struct md_rule_file){
                md_embedded_rules[i].path, md_str_n(md_embedded_rules[i].text, md_embedded_rules[i].size),
                md_str_n(md_embedded_rules[i].code, md_embedded_rules[i].code_size)};
    if (md_rules_load(&input, diags, &rules) != MD_OK || md_wizard_rules_load(rules, &input, diags, &wizard) != MD_OK)
        exit(2);
    for (size_t i = 0; i < md_diags_count(diags); i++)
        (void)fprintf(stderr, "%s:%u: %s\n", md_diags_at(diags, i)->loc.file, md_diags_at(diags, i)->loc.line,
                      md_diags_at(diags, i)->what);
}

int main(int argc, char **argv)
{
    struct subjects all = {.arena = md_arena_new()};
    const size_t most = 60;
    double errors = 0;
    int policy = -1, i;

    load(all.arena);
    for (i = 1; i < argc; i++) {
        if (strcmp(argv[i], "-v") == 0)
            is_verbose = true;
        else if (strcmp(argv[i], "-e") == 0)
            errors = .1;
        else if (strcmp(argv[i], "-n") == 0 && i + 1 < argc &&
                 md_num_all_u64(md_str(argv[i + 1]), 1000, &rounds) == MD_OK)
            i++;
        else if (strcmp(argv[i], "-o") == 0 && i + 1 < argc)
            only = argv[++i];
        else if (strcmp(argv[i], "-c") == 0)
            add_cases(&all);
        else if (strcmp(argv[i], "-p") == 0 && i + 1 < argc)
            policy = argv[++i][0] == 'v' ? 0 : argv[i][0] == 'p' ? 1 : 2;
        else
            add_file(&all, argv[i]);
    }
    for (int p = 0; p < 3; p++)
        if (policy < 0 || policy == p)
            try_policy(&all, (enum md_policy)p, errors, most);
    md_rules_free(&rules);
    md_arena_free(&all.arena);
    return 0;
}
