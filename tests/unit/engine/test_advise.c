#include <math.h>

#include "engine/advise.h"
#include "tests/unit/engine/toy_wizard.h"

/* ---- a wizard at work ---- */

struct wizard {
    struct md_arena *arena;
    struct md_diags *diags;
    struct md_rules *rules;
    struct md_wizard_rules *knows;
    struct md_facts *facts;
    struct md_diagnose_options options;
    struct md_advise_input input;
    struct md_advise advise;
    const char *closed[16];
};

static void begin(struct wizard *w)
{
    w->facts = md_facts_new(w->arena, md_rules_catalogue(w->rules));
    w->options = (struct md_diagnose_options){
        .fallback_normal = "all.well", .fallback_unknown = "unknown.cause", .temperature = 1};
    w->input = (struct md_advise_input){
        .rules = w->rules, .wizard = w->knows, .facts = w->facts, .diagnose = &w->options, .closed = w->closed};
}

static void open_toy(struct wizard *w)
{
    *w = (struct wizard){.arena = md_arena_new()};
    w->diags = md_diags_new(w->arena);
    w->rules = toy_wizard_with("", w->diags, &w->knows);
    begin(w);
}

static void close_wizard(struct wizard *w)
{
    assert_int_equal(md_diags_count(w->diags), 0);
    md_rules_free(&w->rules);
    md_arena_free(&w->arena);
}

static void advise(struct wizard *w)
{
    md_advise(&w->input, w->arena, w->diags, &w->advise);
}

static void answer(struct wizard *w, const char *id)
{
    w->closed[w->input.n_closed++] = id;
}

static const struct md_inquiry *find(const struct wizard *w, const char *id)
{
    for (size_t i = 0; i < w->advise.n_inquiries; i++)
        if (strcmp(w->advise.inquiries[i].id, id) == 0)
            return &w->advise.inquiries[i];
    return NULL;
}

static const struct md_action *action(const struct wizard *w, const char *id)
{
    for (size_t i = 0; i < w->advise.n_plan; i++)
        if (strcmp(w->advise.plan[i].id, id) == 0)
            return &w->advise.plan[i];
    return NULL;
}

static double p_of(const struct md_result *result, const char *id)
{
    for (size_t i = 0; i < result->n_diagnoses; i++)
        if (strcmp(result->diagnoses[i].id, id) == 0)
            return result->diagnoses[i].probability;
    for (size_t i = 0; i < result->n_considered; i++)
        if (strcmp(result->considered[i].id, id) == 0)
            return result->considered[i].probability;
    return 0;
}

/* ---- the order of questions ---- */

static void test_the_symptom_comes_first_and_once(void **state)
{
    struct wizard w;

    (void)state;
    open_toy(&w);
    advise(&w);
    assert_string_equal(w.advise.inquiries[0].id, "symptom");
    assert_int_equal(w.advise.inquiries[0].n_outcomes, 2);
    assert_true(w.advise.n_worth >= 1);
    w.input.symptom = md_wizard_find_symptom(w.knows, MD_LIT("dark-everywhere"));
    advise(&w);
    assert_null(find(&w, "symptom"));
    close_wizard(&w);
}

static void test_looks_without_steps_and_closed_ones_are_not_offered(void **state)
{
    struct wizard w;

    (void)state;
    open_toy(&w);
    answer(&w, "look:meter");
    advise(&w);
    assert_null(find(&w, "look:weather"));
    assert_null(find(&w, "look:meter"));
    assert_non_null(find(&w, "look:eyes"));
    assert_true(find(&w, "look:fuses")->needs_consent);
    close_wizard(&w);
}

static void test_probabilities_of_outcomes_add_up_and_value_is_what_is_left(void **state)
{
    struct wizard w;

    (void)state;
    open_toy(&w);
    answer(&w, "symptom");
    md_facts_instance(w.facts, "room", MD_LIT("kitchen"), md_facts_root(w.facts));
    advise(&w);
    assert_true(w.advise.n_inquiries > 2);
    for (size_t i = 0; i < w.advise.n_inquiries; i++) {
        const struct md_inquiry *q = &w.advise.inquiries[i];
        double sum = 0;

        for (size_t o = 0; o < q->n_outcomes; o++)
            sum += q->outcomes[o].probability;
        assert_true(q->n_outcomes == 0 || fabs(sum - 1) < .01);
        assert_true(q->saves_minutes >= 0);
        assert_true(fabs(q->value - (q->saves_minutes - q->cost_minutes)) < 1e-9);
        assert_true(i == 0 || q->value <= q[-1].value);
        assert_non_null(q->why);
    }
    close_wizard(&w);
}

static void test_a_symptom_moves_the_odds_of_its_causes(void **state)
{
    struct wizard w;
    double before;

    (void)state;
    open_toy(&w);
    w.input.symptom_at = md_facts_instance(w.facts, "room", MD_LIT("kitchen"), md_facts_root(w.facts));
    answer(&w, "symptom");
    advise(&w);
    before = p_of(&w.advise.result, "fuse.blown");
    w.input.symptom = md_wizard_find_symptom(w.knows, MD_LIT("dark-room"));
    advise(&w);
    assert_true(p_of(&w.advise.result, "fuse.blown") > 2 * before);
    assert_true(p_of(&w.advise.result, "power.out") < .06);
    w.input.symptom = md_wizard_find_symptom(w.knows, MD_LIT("dark-everywhere"));
    advise(&w);
    assert_true(p_of(&w.advise.result, "fuse.blown") == before);
    assert_true(p_of(&w.advise.result, "power.out") > .15);
    close_wizard(&w);
}

/* It says that one room is dark, and which: another one is no darker for it. */
static void test_a_symptom_is_about_its_instance(void **state)
{
    struct wizard w;
    struct md_instance *kitchen, *cellar;
    double p[2] = {0, 0};

    (void)state;
    open_toy(&w);
    kitchen = md_facts_instance(w.facts, "room", MD_LIT("kitchen"), md_facts_root(w.facts));
    cellar = md_facts_instance(w.facts, "room", MD_LIT("cellar"), md_facts_root(w.facts));
    w.input.symptom = md_wizard_find_symptom(w.knows, MD_LIT("dark-room"));
    w.input.symptom_at = kitchen;
    for (int i = 0; i < 2; i++) {
        md_fact_bool(w.facts, i == 0 ? kitchen : cellar, "room.dark", true, NULL);
        md_fact_bool(w.facts, i == 0 ? kitchen : cellar, "room.switched_on", true, NULL);
    }
    advise(&w);
    for (size_t i = 0; i < w.advise.result.n_diagnoses; i++)
        if (strcmp(w.advise.result.diagnoses[i].id, "fuse.blown") == 0)
            p[w.advise.result.diagnoses[i].at == cellar] = w.advise.result.diagnoses[i].probability;
    assert_true(p[0] > .5);
    assert_true(p[1] < p[0]); /* 0: not even held */
    close_wizard(&w);
}

static void test_what_was_tried_in_vain_is_less_likely(void **state)
{
    struct wizard w;
    struct md_instance *kitchen;
    struct md_tried tried;
    double before;

    (void)state;
    open_toy(&w);
    kitchen = md_facts_instance(w.facts, "room", MD_LIT("kitchen"), md_facts_root(w.facts));
    md_fact_bool(w.facts, kitchen, "room.dark", true, NULL);
    md_fact_bool(w.facts, kitchen, "room.fuse_broken", true, NULL);
    answer(&w, "symptom");
    advise(&w);
    before = action(&w, "fuse.replace")->p;
    assert_string_equal(action(&w, "fuse.replace")->cause->id, "fuse.blown");
    tried = (struct md_tried){md_rules_find_remedy(w.rules, MD_LIT("fuse.replace")), kitchen};
    w.input.tried = &tried;
    w.input.n_tried = 1;
    advise(&w);
    assert_true(action(&w, "fuse.replace") == NULL || action(&w, "fuse.replace")->p < before);
    close_wizard(&w);
}

/* ---- the plan ---- */

static void test_the_plan_ends_with_escalation_and_waits_where_all_is_well(void **state)
{
    struct wizard w;
    struct md_instance *kitchen;

    (void)state;
    open_toy(&w);
    kitchen = md_facts_instance(w.facts, "room", MD_LIT("kitchen"), md_facts_root(w.facts));
    md_fact_bool(w.facts, kitchen, "room.dark", false, NULL);
    md_fact_bool(w.facts, kitchen, "room.fuse_broken", false, NULL);
    md_fact_bool(w.facts, kitchen, "room.switched_on", true, NULL);
    md_fact_bool(w.facts, md_facts_root(w.facts), "site.power", true, NULL);
    for (size_t i = 0; i < md_wizard_look_count(w.knows); i++)
        answer(&w, md_arena_printf(w.arena, "look:%s", md_wizard_look(w.knows, i)->id));
    answer(&w, "symptom");
    advise(&w);
    assert_string_equal(w.advise.plan[w.advise.n_plan - 1].id, "escalate");
    assert_non_null(action(&w, "wait"));
    assert_true(action(&w, "wait")->p > .5);
    close_wizard(&w);
}

static void test_a_step_of_high_risk_needs_a_likely_cause(void **state)
{
    struct wizard w;
    struct md_instance *kitchen;

    (void)state;
    open_toy(&w);
    kitchen = md_facts_instance(w.facts, "room", MD_LIT("kitchen"), md_facts_root(w.facts));
    answer(&w, "symptom");
    advise(&w);
    assert_null(action(&w, "room.rewire"));
    md_fact_bool(w.facts, kitchen, "room.dark", true, NULL);
    md_fact_bool(w.facts, kitchen, "room.fuse_broken", true, NULL);
    advise(&w);
    assert_non_null(action(&w, "room.rewire"));
    assert_string_equal(w.advise.plan[0].id, "room.rewire"); /* a minute of work */
    md_fact_bool(w.facts, kitchen, "room.humming", false, NULL);
    advise(&w);
    assert_null(action(&w, "room.rewire")); /* the wires are live */
    assert_non_null(action(&w, "fuse.replace"));
    close_wizard(&w);
}

/* ---- ghosts ---- */

/* It is among what it may be, without an instance. */
static bool is_leading_somewhere(const struct wizard *w, const char *id)
{
    for (size_t i = 0; i < w->advise.n_leading; i++)
        if (strcmp(w->advise.leading[i].cause->id, id) == 0)
            return w->advise.leading[i].at == NULL && w->advise.leading[i].probability > 0;
    return false;
}

/* Only rooms are seen by eye, and there is none yet. */
static void test_ghosts_are_in_the_advice_but_not_in_the_result(void **state)
{
    struct wizard w;

    (void)state;
    open_toy(&w);
    answer(&w, "symptom");
    advise(&w);
    assert_true(find(&w, "look:eyes")->saves_minutes > 0);
    assert_true(is_leading_somewhere(&w, "fuse.blown"));
    for (size_t i = 0; i < w.advise.result.n_diagnoses; i++)
        assert_true(w.advise.result.diagnoses[i].at->index != SIZE_MAX);
    assert_int_equal(md_facts_instance_count(w.facts), 1);
    answer(&w, "look:eyes");
    answer(&w, "look:fuses");
    advise(&w);
    assert_true(find(&w, "look:meter") != NULL); /* the rooms' causes are no longer thought of, the site's are */
    close_wizard(&w);
}

static void test_an_instance_is_made_real_by_its_names(void **state)
{
    struct wizard w;
    struct md_instance room, lamp;

    (void)state;
    open_toy(&w);
    room = (struct md_instance){.scope = md_catalogue_scope(md_rules_catalogue(w.rules), MD_LIT("room")),
                                .name = MD_LIT("attic"),
                                .parent = md_facts_root(w.facts),
                                .index = SIZE_MAX};
    lamp = (struct md_instance){
        .scope = md_catalogue_scope(md_rules_catalogue(w.rules), MD_LIT("lamp")), .parent = &room, .index = SIZE_MAX};
    assert_null(md_advise_instance(w.facts, &lamp));
    lamp.name = MD_LIT("left");
    assert_true(md_str_is(md_advise_instance(w.facts, &lamp)->parent->name, "attic"));
    assert_int_equal(md_facts_instance_count(w.facts), 3);
    close_wizard(&w);
}

/* ---- what a person tells ---- */

static void test_what_is_told_weighs_less_than_what_is_seen(void **state)
{
    static const struct md_origin person = {.kind = MD_ORIGIN_PERSON};
    double p[2];

    (void)state;
    for (int told = 0; told < 2; told++) {
        struct wizard w;
        struct md_instance *kitchen;

        open_toy(&w);
        kitchen = md_facts_instance(w.facts, "room", MD_LIT("kitchen"), md_facts_root(w.facts));
        md_fact_bool(w.facts, kitchen, "room.fuse_broken", true, told ? &person : NULL);
        answer(&w, "symptom");
        advise(&w);
        p[told] = p_of(&w.advise.result, "fuse.blown");
        close_wizard(&w);
    }
    assert_true(p[1] < p[0]);
    assert_true(p[1] > .1);
}

/* ---- the worked example of an ims-ms backlog ---- */

/* clang-format off */
static const char backlog_facts[] =
    "scopes:\n  host: {}\n"
    "facts:\n"
    "- { name: host.other_names, type: bool, means: \"most files do not begin with ZZ\", probe: listing }\n"
    "- { name: host.old_untried, type: bool, means: \"most are untried and old\", probe: listing }\n"
    "- { name: host.says_quota, type: bool, means: \"the history says over quota\", probe: history }\n"
    "- { name: host.says_busy, type: bool, means: \"it says busy\", probe: history }\n"
    "- { name: host.says_io, type: bool, means: \"it says I/O error\", probe: history }\n"
    "- { name: host.has_master, type: bool, means: \"ims_master runs\", probe: process,\n"
    "    ask: { question: \"Does ims_master run?\", minutes: 1, outcomes: { yes: \"true\", no: \"false\" } } }\n";
static const char backlog_rules[] =
    "local function seen(name) return function(h) return h[name] end end\n"
    "local function f(id, group, leak, field)\n"
    "  finding(id) { scope = \"host\", group = group, leak = leak, test = seen(field), says = id, cites = \"x\" } end\n"
    "f(\"other-names\", \"names\", \"rarely\", \"other_names\") f(\"old-untried\", \"names\", .03, \"old_untried\")\n"
    "f(\"says-quota\", \"texts\", .01, \"says_quota\") f(\"says-busy\", \"texts\", .02, \"says_busy\") f(\"says-io\", \"texts\", .01, \"says_io\")\n"
    "finding \"no-master\" { scope = \"host\", group = \"processes\", leak = .01, test = function(h) return not h.has_master end, says = \"x\", cites = \"x\" }\n"
    "local function c(id, prior, links, remedy)\n"
    "  cause(id) { title = id, summary = id, scope = \"host\", prior = prior, links = links, urgency = \"act\", remedies = { { remedy, \"nearly always\" } } } end\n"
    "c(\"over-quota\", \"common\", { [\"other-names\"] = \"usually\", [\"says-quota\"] = \"nearly always\" }, \"raise\")\n"
    "c(\"locked\", \"plausible\", { [\"other-names\"] = \"often\", [\"says-busy\"] = \"usually\" }, \"unlock\")\n"
    "c(\"corrupt\", \"plausible\", { [\"other-names\"] = \"often\", [\"says-io\"] = \"usually\" }, \"reconstruct\")\n"
    "c(\"master-down\", \"plausible\", { [\"old-untried\"] = \"usually\", [\"no-master\"] = \"usually\" }, \"start\")\n"
    "c(\"starved\", \"plausible\", { [\"old-untried\"] = \"usually\" }, \"widen\")\n"
    "local function r(id, minutes, risk)\n"
    "  remedy(id) { title = id, steps = { id }, risk = \"low\", undo = id, verify = id, minutes = minutes, risk_minutes = risk } end\n"
    "r(\"raise\", 10, 0) r(\"unlock\", 20, 10) r(\"reconstruct\", 60, 30) r(\"start\", 5, 0) r(\"widen\", 20, 5)\n";
/* What is complained of, and a normal state. */
static const char backlog_complaints[] =
    "symptom \"waits\" { says = \"it waits\", leak = \"rarely\", causes = { [\"over-quota\"] = \"nearly always\" }, cites = \"x\" }\n"
    "symptom \"locked-out\" { says = \"one user is locked out\", leak = \"rarely\", causes = { [\"locked\"] = \"nearly always\" }, cites = \"x\" }\n"
    "symptom \"late\" { says = \"it is late\", leak = \"rarely\", causes = { [\"turnover\"] = \"often\" }, cites = \"x\" }\n";
static const char backlog_turnover[] =
    "cause \"turnover\" { title = \"Turnover\", summary = \"It ends and starts\", scope = \"host\", prior = \"common\", benign = true,\n"
    "  links = { [\"no-master\"] = \"nearly always\" }, urgency = \"normal\", remedies = { { \"start\", \"often\" } } }\n";
static const char backlog_wizard[] =
    "local function l(id, title, probe, minutes)\n"
    "  look(id) { title = title, items = { id }, gives = { probe }, how = { title }, safe = \"x\", asks = title, minutes = minutes } end\n"
    "l(\"listing\", \"The names of the files\", \"listing\", 2) l(\"history\", \"The attempts of some\", \"history\", 3)\n";
/* clang-format on */

static void open_backlog(struct wizard *w, bool complains)
{
    const struct md_rule_file files[] = {
        {.path = "facts.yaml", .text = MD_LIT(backlog_facts)},
        {.path = "toy/all.lua", .text = MD_LIT(backlog_rules)},
        {.path = "toy/turnover.lua", .text = md_str(complains ? backlog_turnover : "")},
        {.path = "toy/wizard/all.lua", .text = MD_LIT(backlog_wizard)},
        {.path = "toy/wizard/complaints.lua", .text = md_str(complains ? backlog_complaints : "")},
    };
    const struct md_rules_input input = {.files = files, .n = MD_ROWS(files)};

    *w = (struct wizard){.arena = md_arena_new()};
    w->diags = md_diags_new(w->arena);
    assert_int_equal(md_rules_load(&input, w->diags, &w->rules), MD_OK);
    assert_int_equal(md_wizard_rules_load(w->rules, &input, w->diags, &w->knows), MD_OK);
    begin(w);
}

static void told(struct wizard *w, const char *name, bool value)
{
    md_fact_bool(w->facts, md_facts_root(w->facts), name, value, NULL);
}

/* "No fault" begins as favourite; the names bring three causes up; the history is then worth most and settles it. */
static void test_the_backlog_is_led_to_over_quota(void **state)
{
    struct wizard w;
    const struct md_inquiry *q;
    double before;

    (void)state;
    open_backlog(&w, false);
    advise(&w);
    before = w.advise.expected_minutes;
    assert_true(w.advise.n_worth > 0);
    told(&w, "host.other_names", true);
    told(&w, "host.old_untried", false);
    answer(&w, "look:listing");
    advise(&w);
    q = &w.advise.inquiries[0];
    assert_string_equal(q->id, "look:history");
    assert_true(q->value > 0);
    assert_string_equal(q->separates[0], "over-quota");
    /* ims_master tells only of causes that the names have ruled out */
    assert_true(find(&w, "fact:host.has_master")->value < q->value);
    told(&w, "host.says_quota", true);
    told(&w, "host.says_busy", false);
    told(&w, "host.says_io", false);
    answer(&w, "look:history");
    advise(&w);
    assert_int_equal(w.advise.n_worth, 0);
    assert_string_equal(w.advise.result.diagnoses[0].id, "over-quota");
    assert_string_equal(w.advise.plan[0].id, "raise");
    assert_true(w.advise.expected_minutes < before / 2);
    close_wizard(&w);
}

/* ECR of actions by p/C: the sum of minutes times the chance that none before helped, and escalation for what is left. */
static void test_expected_minutes_are_those_of_the_plan(void **state)
{
    struct wizard w;
    double left = 1, sum = 0;

    (void)state;
    open_backlog(&w, false);
    told(&w, "host.other_names", true);
    told(&w, "host.says_quota", true);
    told(&w, "host.says_busy", false);
    advise(&w);
    for (size_t i = 0; i < w.advise.n_plan; i++) {
        const struct md_action *a = &w.advise.plan[i];

        if (strcmp(a->id, "escalate") != 0 && i > 0 && strcmp(w.advise.plan[i - 1].id, "escalate") != 0)
            assert_true(a->p / a->minutes <= w.advise.plan[i - 1].p / w.advise.plan[i - 1].minutes + 1e-3);
        sum += left * a->minutes;
        left = fmax(left - a->p, 0);
    }
    assert_true(fabs(sum - w.advise.expected_minutes) < 1.5); /* what helps hardly is left out of the plan */
    close_wizard(&w);
}

/* ---- what is complained of ---- */

static void complain(struct wizard *w, const char *id)
{
    w->input.symptom = md_wizard_find_symptom(w->knows, md_str(id));
    assert_non_null(w->input.symptom);
    answer(w, "symptom");
    advise(w);
}

/* However strongly a symptom speaks for a cause, somebody only said so: it leads, but it is no diagnosis. */
static void test_nothing_is_held_for_a_symptom_alone(void **state)
{
    struct wizard w;

    (void)state;
    open_backlog(&w, true);
    complain(&w, "waits");
    assert_string_equal(w.advise.leading[0].cause->id, "over-quota");
    assert_true(p_of(&w.advise.result, "over-quota") > .3);
    for (size_t i = 0; i < w.advise.result.n_diagnoses; i++)
        assert_string_not_equal(w.advise.result.diagnoses[i].id, "over-quota");
    told(&w, "host.says_quota", true);
    advise(&w);
    assert_string_equal(w.advise.result.diagnoses[0].id, "over-quota");
    close_wizard(&w);
}

/* A fault that is there for sure, but is not what somebody complains of, is found and does not end the questions. */
static void test_a_fault_beside_the_complaint_does_not_end_it(void **state)
{
    static const char *const complaints[] = {"waits", "locked-out"};
    size_t worth[2];

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct wizard w;

        open_backlog(&w, true);
        told(&w, "host.other_names", true);
        told(&w, "host.says_quota", true);
        complain(&w, complaints[i]);
        assert_string_equal(w.advise.result.diagnoses[0].id, "over-quota");
        assert_int_equal(w.advise.result.diagnoses[0].certainty, MD_CERTAINTY_CONCLUSIVE);
        worth[i] = w.advise.n_worth;
        close_wizard(&w);
    }
    assert_int_equal(worth[0], 0);
    assert_true(worth[1] > 0);
}

/* A normal state is the answer to a complaint that it explains, though nothing is known of what waits; else "all is well" comes first. */
static void test_a_normal_state_answers_the_complaint_that_it_explains(void **state)
{
    static const char *const complaints[] = {"late", "locked-out"};
    double no_fault[2];

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct wizard w;

        open_backlog(&w, true);
        told(&w, "host.has_master", false);
        told(&w, "host.other_names", false);
        told(&w, "host.old_untried", false);
        complain(&w, complaints[i]);
        assert_true(p_of(&w.advise.result, "turnover") > .5);
        assert_string_equal(w.advise.result.diagnoses[0].id, i == 0 ? "turnover" : "all.well");
        no_fault[i] = w.advise.no_fault;
        close_wizard(&w);
    }
    assert_true(no_fault[0] > no_fault[1]);
}

static void test_baselines_go_on_until_it_is_conclusive(void **state)
{
    struct wizard w;

    (void)state;
    open_backlog(&w, false);
    w.input.policy = MD_POLICY_PLAYBOOK;
    advise(&w);
    assert_string_equal(w.advise.inquiries[0].id, "look:listing");
    assert_string_equal(w.advise.inquiries[1].id, "look:history");
    assert_int_equal(w.advise.n_worth, w.advise.n_inquiries);
    told(&w, "host.other_names", true);
    told(&w, "host.says_quota", true);
    advise(&w);
    assert_int_equal(w.advise.result.diagnoses[0].certainty, MD_CERTAINTY_CONCLUSIVE);
    assert_int_equal(w.advise.n_worth, 0);
    close_wizard(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_symptom_comes_first_and_once),
        cmocka_unit_test(test_looks_without_steps_and_closed_ones_are_not_offered),
        cmocka_unit_test(test_probabilities_of_outcomes_add_up_and_value_is_what_is_left),
        cmocka_unit_test(test_a_symptom_moves_the_odds_of_its_causes),
        cmocka_unit_test(test_a_symptom_is_about_its_instance),
        cmocka_unit_test(test_what_was_tried_in_vain_is_less_likely),
        cmocka_unit_test(test_the_plan_ends_with_escalation_and_waits_where_all_is_well),
        cmocka_unit_test(test_a_step_of_high_risk_needs_a_likely_cause),
        cmocka_unit_test(test_an_instance_is_made_real_by_its_names),
        cmocka_unit_test(test_ghosts_are_in_the_advice_but_not_in_the_result),
        cmocka_unit_test(test_what_is_told_weighs_less_than_what_is_seen),
        cmocka_unit_test(test_the_backlog_is_led_to_over_quota),
        cmocka_unit_test(test_expected_minutes_are_those_of_the_plan),
        cmocka_unit_test(test_nothing_is_held_for_a_symptom_alone),
        cmocka_unit_test(test_a_fault_beside_the_complaint_does_not_end_it),
        cmocka_unit_test(test_a_normal_state_answers_the_complaint_that_it_explains),
        cmocka_unit_test(test_baselines_go_on_until_it_is_conclusive),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
