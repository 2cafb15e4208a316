/* What the wizard asks for, as the rule base has it: whatever it tells a person to type only reads, every fault has a symptom, and the
 * answers of a question differ in what they show. */
#include "tests/unit/md_test.h"

#include "engine/ask.h"
#include "engine/cases_priv.h"
#include "engine/choice.h"
#include "engine/embedded.h"
#include "engine/footprint.h"
#include "engine/wizard_rules.h"
#include "probes/source/live.h"
#include "probes/source/source.h"

#define WORDS_MAX 32
#define OUTCOMES_MAX 24

/* ---- the rule base that is compiled in ---- */

struct base {
    struct md_arena *arena;
    struct md_diags *diags;
    struct md_rules *rules;
    struct md_wizard_rules *wizard;
    struct md_rules_input input;
};

/* Each product is served by its own rules and those of the system: what stands in the folder of the other one is left out. */
static const struct {
    const char *name, *other;
    double versions[8];
    size_t n_versions;
    const char *version; /* the fact that says which */
} products[] = {
    {"msgserver", "calendar/", {0, 502, 600, 602, 603, 700, 705, 800}, 8, "host.version_num"},
    {"calendar", "msgserver/", {0, 500, 600, 601, 602, 603, 700}, 7, "host.cal_version_num"},
};

static void load(struct base *b, struct md_arena *arena, size_t of)
{
    struct md_rule_file *files = md_arena_array(arena, md_embedded_rules_count, sizeof *files);
    size_t n = 0;

    *b = (struct base){.arena = arena, .diags = md_diags_new(arena)};
    for (size_t i = 0; i < md_embedded_rules_count; i++)
        if (!md_str_has_prefix(md_str(md_embedded_rules[i].path), md_str(products[of].other)))
            files[n++] = (struct md_rule_file){.path = md_embedded_rules[i].path,
                                               .text = md_str_n(md_embedded_rules[i].text, md_embedded_rules[i].size)};
    b->input = (struct md_rules_input){.files = files, .n = n};
    md_want_int("rules", md_rules_load(&b->input, b->diags, &b->rules), MD_OK);
    md_want_int("wizard", md_wizard_rules_load(b->rules, &b->input, b->diags, &b->wizard), MD_OK);
    md_want_int("diagnostics", (long long)md_diags_count(b->diags), 0);
}

/* ---- commands ---- */

/* Programs of the system that only read, whatever stands behind them, but for the words of `not_with`. */
static const struct {
    const char *name, *not_with, *why;
} plain[] = {
    {"awk", "system", "prints fields"},
    {"cat", NULL, "shows a file"},
    {"cd", NULL, "goes to a folder"},
    {"crontab", "-e -r", "-l lists what is scheduled"},
    {"date", "-s", "shows the time"},
    {"df", NULL, "counts blocks and inodes"},
    {"dig", NULL, "asks a name server"},
    {"find", "-exec -execdir -ok -delete -fprint", "lists names"},
    {"grep", NULL, "shows lines"},
    {"head", NULL, "shows lines"},
    {"iostat", NULL, "shows counters"},
    {"last", NULL, "shows logins and restarts"},
    {"ls", NULL, "lists names, sizes and times"},
    {"metastat", NULL, "shows the state of volumes"},
    {"netstat", NULL, "shows counters"},
    {"nproc", NULL, "counts processors"},
    {"nslookup", NULL, "asks a name server"},
    {"prstat", NULL, "shows processes"},
    {"ps", NULL, "shows processes"},
    {"psrinfo", NULL, "counts processors"},
    {"tail", NULL, "shows lines"},
    {"telnet", NULL, "connects as any client; nothing is sent"},
    {"time", NULL, "measures the telnet behind it"},
    {"top", NULL, "shows processes"},
    {"uptime", NULL, "shows the load"},
    {"wc", NULL, "counts lines"},
    {"ldapsearch", NULL, "reads entries"},
    {"zpool", "offline detach scrub destroy", "status shows the state of volumes"},
};

/* Of the product, beyond what the program itself may run (probes/source/items.def and the list of source/live): a beginning. */
static const struct {
    const char *begin, *why;
} product[] = {
    {"imsimta qm", "opens the prompt; what is typed there stands below"},
    {"imsimta qm top -domain_to -ignore_zz -top=20 ", "counts names in queue files; costly, so it needs consent"},
    {"imsimta test -rewrite ", "shows a route; nothing is sent"},
    {"imsimta qm messages ", "asks the job controller"},
    {"imsimta qm directory -held -nofile_info ", "lists held files"},
    {"directory -nofile_info ", "lists queue files, at the prompt of qm"},
    {"history ", "shows what became of messages, at the prompt of qm"},
    {"msconfig show '*'", "shows the configuration"},
    {"configutil -o ", "shows one setting (with -v it would set it)"},
    {"imquotacheck -u ", "shows usage and quota of a user"},
    {"quotacheck", "the same in 5.x"},
    {"imsconnutil -c -s imap -u ", "lists sessions (-k would end them)"},
    {"stored -t -v", "tests the state; other options repair"},
    {"csdb version", "shows the version (create, delete, recover, rebuild change)"},
    {"csdb check ", "reads the folder that it is given: a copy"},
    {"davadmin version", "shows the version"},
    {"db_verify -h ", "reads the folder that it is given: a copy"},
    {"db_stat -e -h ", "shows counters of the environment"},
    {"db_stat -t -h ", "shows transactions"},
    {"db_stat -Co -h ", "shows locks by object"},
    {"db_stat -CA -h ", "shows all locks"},
    {"db_stat -d ", "counts the keys of a file"},
    {"cstool ping ", "asks a service for an answer"},
    {"csschedule list", "lists the queue (delete changes it)"},
    {"dbrig", "lists the queue of alarms"},
    {"cscal list", "lists calendars"},
    {"pstack ", "shows the stack of a process"},
};

/* Words that change something where a tool of the product is told them. */
static const char *const changes[] = {
    "-v ",     "-k ",     "-delete", "-exec",   "restart",   "start-msg", "stop-msg", "release", "submit",
    "-sync",   "-change", "refresh", "cnbuild", "kill ",     "rm ",       "mv ",      "cp ",     "reconstruct",
    "return ", "sudo ",   "chmod ",  "chown ",  "imexpire ", "-clear",    "-f ",      "purge",
};

static bool is_exactly_listed(struct md_arena *arena, struct md_str line)
{
    const char *argv[WORDS_MAX + 1] = {NULL};
    struct md_str rest = line;

    for (int kind = 0; kind < MD_ITEM_KIND_COUNT; kind++) {
        const char *command = md_item_kind_command((enum md_item_kind)kind);

        if (command != NULL && md_str_is(line, *command == '@' ? command + 1 : command))
            return true;
    }
    for (size_t n = 0; n < WORDS_MAX; n++) {
        struct md_str word = md_str_next_word(&rest);

        if (word.n == 0)
            break;
        argv[n] = md_arena_cstr(arena, word);
    }
    for (int kind = 0; kind < MD_ITEM_KIND_COUNT; kind++)
        if (md_live_is_listed((enum md_item_kind)kind, argv))
            return true;
    return false;
}

static bool is_plain(struct md_arena *arena, struct md_str line)
{
    struct md_str rest = line, name = md_str_next_word(&rest);

    for (size_t i = 0; i < MD_ROWS(plain); i++) {
        struct md_str words = md_str(plain[i].not_with != NULL ? plain[i].not_with : "");

        if (!md_str_is(name, plain[i].name))
            continue;
        for (struct md_str word = md_str_next_word(&words); word.n > 0; word = md_str_next_word(&words))
            if (md_str_find(line, md_str(md_arena_printf(arena, " %.*s", MD_STR_ARG(word)))) >= 0)
                return false;
        return true;
    }
    return false;
}

/* NULL: it only reads. Else why not. */
static const char *why_not(struct md_arena *arena, struct md_str line)
{
    struct md_str rest = line, name = md_str_next_word(&rest);
    ptrdiff_t slash;

    if (md_str_has_prefix(name, MD_LIT("LD_LIBRARY_PATH="))) { /* the library of the tool behind it */
        line = md_str_trim(rest);
        name = md_str_next_word(&rest);
    }
    slash = md_str_rfind_char(name, '/');
    if (slash >= 0)
        line = md_str_from(line, (size_t)slash + 1);
    if (md_str_find(line, MD_LIT(" >")) >= 0 || md_str_find(line, MD_LIT("$(")) >= 0 ||
        md_str_find_char(line, '`') >= 0)
        return "it writes a file or runs something else";
    if (is_exactly_listed(arena, line) || is_plain(arena, line))
        return NULL;
    for (size_t i = 0; i < MD_ROWS(changes); i++)
        if (md_str_find(line, md_str(changes[i])) >= 0)
            return md_arena_printf(arena, "`%s` may change something", changes[i]);
    for (size_t i = 0; i < MD_ROWS(product); i++)
        if (md_str_is(line, product[i].begin) || (md_str_has_prefix(line, md_str(product[i].begin)) &&
                                                  md_str_has_suffix(md_str(product[i].begin), MD_LIT(" "))))
            return NULL;
    return "it is on no list of what only reads";
}

/* Parts of a line joined by ";", "|" or "&&" outside of quotes. */
static void check_line(struct md_arena *arena, const char *of, struct md_str line)
{
    size_t from = 0;
    char quote = '\0';

    for (size_t i = 0; i <= line.n; i++) {
        char c = i < line.n ? line.p[i] : ';';

        if (quote != '\0') {
            quote = c == quote ? '\0' : quote;
        } else if (i < line.n && (c == '\'' || c == '"')) {
            quote = c;
        } else if (c == ';' || c == '|' || (c == '&' && i + 1 < line.n && line.p[i + 1] == '&')) {
            struct md_str part = md_str_trim(md_str_sub(line, from, i - from));
            const char *why = why_not(arena, part);

            if (why != NULL)
                print_error("%s: %.*s: %s\n", of, MD_STR_ARG(part), why);
            md_want_true(why == NULL);
            i += c == '&';
            from = i + 1;
        }
    }
    md_want_true(quote == '\0');
}

static void looks_only_read_of(struct md_arena *arena, size_t of)
{
    struct base b;

    load(&b, arena, of);
    md_want_true(md_wizard_look_count(b.wizard) > 0);
    for (size_t v = 0; v < products[of].n_versions; v++) {
        double version = products[of].versions[v];
        struct md_facts *facts = md_facts_new(b.arena, md_rules_catalogue(b.rules));
        struct md_instance *root = md_facts_root(facts);

        if (version > 0) {
            md_fact_number(facts, root, products[of].version, version, NULL);
            md_fact_bool(facts, root, "host.is_unified", version > 700, NULL);
        }
        md_rules_bind(b.rules, facts, b.diags);
        for (size_t i = 0; i < md_wizard_look_count(b.wizard); i++) {
            const struct md_look *look = md_wizard_look(b.wizard, i);
            size_t n, n_commands = 0;
            const struct md_step *steps = md_look_steps(b.rules, b.arena, look, root, &n);

            md_test_case(v, look->id);
            for (size_t s = 0; s < n; s++) {
                if (steps[s].command == NULL)
                    continue;
                n_commands++;
                check_line(b.arena, look->id, md_str(steps[s].command));
            }
            md_want_true(n == 0 || n_commands > 0);
            md_want_true(strlen(md_look_asks(b.rules, b.arena, look, root)) > 0);
        }
    }
    md_want_int("diagnostics", (long long)md_diags_count(b.diags), 0);
    md_rules_free(&b.rules);
}

static void looks_only_read(void **state)
{
    for (size_t p = 0; p < MD_ROWS(products); p++)
        looks_only_read_of(*state, p);
}

/* A look that costs the machine or reads mail is never taken for granted. */
static void costly_looks_need_consent_of(struct md_arena *arena, size_t of)
{
    struct base b;

    load(&b, arena, of);
    for (size_t i = 0; i < md_wizard_look_count(b.wizard); i++) {
        const struct md_look *look = md_wizard_look(b.wizard, i);

        md_test_case(i, look->id);
        md_want_true(look->needs_consent || look->load_minutes + look->risk_minutes <= 1);
        for (size_t k = 0; k < look->n_items; k++) {
            for (int kind = 0; kind < MD_ITEM_KIND_COUNT; kind++)
                if (strcmp(look->items[k], md_item_kind_name((enum md_item_kind)kind)) == 0)
                    md_want_true(look->needs_consent ||
                                 md_item_kind_cost((enum md_item_kind)kind) != MD_COST_EXPENSIVE);
        }
    }
    md_rules_free(&b.rules);
}

static void costly_looks_need_consent(void **state)
{
    for (size_t p = 0; p < MD_ROWS(products); p++)
        costly_looks_need_consent_of(*state, p);
}

/* Every look gives a fact that a finding reads. */
static void looks_give_what_is_read_of(struct md_arena *arena, size_t of)
{
    struct base b;
    const struct md_footprints *footprints;
    const struct md_catalogue *catalogue;

    load(&b, arena, of);
    footprints = md_footprints_learn(b.rules);
    catalogue = md_rules_catalogue(b.rules);
    for (size_t i = 0; i < md_wizard_look_count(b.wizard); i++) {
        const struct md_look *look = md_wizard_look(b.wizard, i);

        md_test_case(i, look->id);
        for (size_t g = 0; g < look->n_gives; g++) {
            struct md_look one = {.gives = &look->gives[g], .n_gives = 1};
            bool is_known = false;

            for (size_t k = 0; k < md_catalogue_fact_count(catalogue); k++)
                is_known = is_known || md_look_gives(&one, md_catalogue_fact_at(catalogue, k));
            if (!is_known)
                print_error("%s gives %s, which is nothing\n", look->id, look->gives[g]);
            md_want_true(is_known);
        }
        bool is_read = false;
        for (size_t k = 0; k < md_catalogue_fact_count(catalogue); k++)
            for (size_t f = 0; f < md_rules_finding_count(b.rules) && !is_read; f++)
                is_read = md_look_gives(look, md_catalogue_fact_at(catalogue, k)) &&
                          md_footprint_reads(md_footprints_of(footprints, md_rules_finding(b.rules, f)),
                                             md_catalogue_fact_at(catalogue, k));
        /* those of the system are there for either product */
        md_want_true(is_read || md_str_has_prefix(md_str(look->loc.file), MD_LIT("rules/system/")));
    }
    md_rules_free(&b.rules);
}

static void looks_give_what_is_read(void **state)
{
    for (size_t p = 0; p < MD_ROWS(products); p++)
        looks_give_what_is_read_of(*state, p);
}

static void questions_only_read_of(struct md_arena *arena, size_t of)
{
    struct base b;
    const struct md_catalogue *catalogue;

    load(&b, arena, of);
    catalogue = md_rules_catalogue(b.rules);
    for (size_t i = 0; i < md_catalogue_fact_count(catalogue); i++) {
        const struct md_fact_def *def = md_catalogue_fact_at(catalogue, i);
        struct md_str how = md_node_text(def->ask, "how");

        md_test_case(i, def->name);
        if (def->ask == NULL)
            continue;
        md_want_true(how.n > 0);
        if (md_ask_is_command(how))
            check_line(b.arena, def->name, how);
    }
    md_rules_free(&b.rules);
}

static void questions_only_read(void **state)
{
    for (size_t p = 0; p < MD_ROWS(products); p++)
        questions_only_read_of(*state, p);
}

static void every_fault_has_a_symptom_of(struct md_arena *arena, size_t of)
{
    struct base b;

    load(&b, arena, of);
    for (size_t i = 0; i < md_rules_cause_count(b.rules); i++) {
        const struct md_cause *cause = md_rules_cause(b.rules, i);
        bool has_one = cause->is_benign || strcmp(cause->id, "unknown.cause") == 0;

        for (size_t k = 0; k < md_wizard_symptom_count(b.wizard) && !has_one; k++) {
            const struct md_symptom *symptom = md_wizard_symptom(b.wizard, k);

            has_one = md_symptom_strength(symptom, cause) > symptom->leak;
        }
        md_test_case(i, cause->id);
        md_want_true(has_one);
    }
    md_rules_free(&b.rules);
}

static void every_fault_has_a_symptom(void **state)
{
    for (size_t p = 0; p < MD_ROWS(products); p++)
        every_fault_has_a_symptom_of(*state, p);
}

/* ---- answers ---- */

/* Of one question: which answers were seen to differ. */
struct question {
    const struct md_fact_def *def;
    size_t n;
    bool differ[OUTCOMES_MAX][OUTCOMES_MAX];
};

/* A finding that reads a fact in the situation of a case. */
struct reader {
    const struct md_fact_def *def;
    const struct md_instance *of;
    const struct md_finding *finding;
    struct md_instance *at;
};

struct readers {
    struct reader *list;
    size_t n, capacity;
};

static void note(struct readers *readers, struct md_arena *arena, const struct md_observation *o,
                 const struct md_read *read)
{
    if (read->def == NULL || read->def->ask == NULL)
        return;
    *(struct reader *)md_arena_push(arena, &readers->list, &readers->n, &readers->capacity, sizeof(struct reader)) =
        (struct reader){read->def, read->at, o->finding, o->at};
}

static void find_readers(struct base *b, struct md_facts *facts, struct md_arena *arena, struct readers *ret)
{
    *ret = (struct readers){0};
    for (size_t f = 0; f < md_rules_finding_count(b->rules); f++)
        for (size_t i = 0; i < md_facts_instance_count(facts); i++) {
            struct md_observation o;

            if (md_facts_instance_at(facts, i)->scope != md_rules_finding(b->rules, f)->scope)
                continue;
            md_eval_finding(b->rules, arena, md_rules_finding(b->rules, f), md_facts_instance_at(facts, i), &o);
            for (size_t r = 0; r < o.n_reads; r++)
                note(ret, arena, &o, &o.reads[r]);
            if (o.missing != NULL)
                note(ret, arena, &o, o.missing);
        }
}

/* What one finding says under each answer. */
static void compare(struct base *b, struct question *q, const struct reader *reader, struct md_facts *facts,
                    struct md_arena *arena)
{
    enum md_truth seen[OUTCOMES_MAX];

    for (size_t i = 0; i < q->n; i++) {
        struct md_observation o;
        struct md_value value;

        md_want_true(md_choice_value(arena, q->def, i, md_facts_now(facts), &value));
        md_rules_suppose(b->rules, md_choice_fact(arena, q->def,
                                                  md_facts_instance(facts, reader->of->scope->name, reader->of->name,
                                                                    reader->of->parent),
                                                  &value));
        md_eval_finding(b->rules, arena, reader->finding, reader->at, &o);
        md_rules_suppose(b->rules, NULL);
        seen[i] = o.truth;
    }
    for (size_t i = 0; i < q->n; i++)
        for (size_t k = 0; k < q->n; k++)
            q->differ[i][k] = q->differ[i][k] || seen[i] != seen[k];
}

/* Neighbours of a range show different things; of other answers each differs from some other one. */
static bool is_idle(const struct question *q, size_t i)
{
    bool is_range = q->def->type == MD_TYPE_COUNT || q->def->type == MD_TYPE_NUMBER ||
                    q->def->type == MD_TYPE_DURATION || q->def->type == MD_TYPE_TIME;
    bool differs = false;

    if (is_range)
        return i > 0 && !q->differ[i][i - 1];
    for (size_t k = 0; k < q->n; k++)
        differs = differs || q->differ[i][k];
    return !differs;
}

/* Questions whose answers change how things are done or which causes take part, but no finding. */
static bool is_about_more(const struct md_fact_def *def)
{
    static const char *const names[] = {"host.version_num", "host.is_unified", "host.roles", "channel.kind",
                                        "host.cal_version_num"};

    for (size_t i = 0; i < MD_ROWS(names); i++)
        if (strcmp(def->name, names[i]) == 0)
            return true;
    return false;
}

/* What the findings of one product say in the situations of its cases. */
static void compare_answers(struct base *b, struct question *questions)
{
    for (size_t f = 0; f < md_rules_case_file_count(b->rules); f++) {
        const struct md_node *file = md_rules_case_file(b->rules, f), *defaults = NULL;

        for (const struct md_node *node = file->first; node != NULL; node = node->next) {
            struct md_case c = {.node = node, .defaults = defaults};
            struct md_arena *arena;
            struct md_facts *facts;
            struct readers readers;

            if (md_node_get(node, "defaults") != NULL) {
                defaults = md_node_get(node, "defaults");
                continue;
            }
            arena = md_arena_new();
            facts = md_case_facts(b->rules, &c, arena, b->diags);
            md_rules_bind(b->rules, facts, b->diags);
            find_readers(b, facts, arena, &readers);
            for (size_t r = 0; r < readers.n; r++)
                compare(b, &questions[readers.list[r].def->index], &readers.list[r], facts, arena);
            md_arena_free(&arena);
        }
    }
}

/* Every answer shows something that another one does not, in the situation of some case of either product. */
static void answers_differ(void **state)
{
    struct question *questions = NULL; /* by index of the fact, which is the same for every product */
    size_t n_bad = 0, n = 0;

    for (size_t p = 0; p < MD_ROWS(products); p++) {
        const struct md_catalogue *catalogue;
        struct base b;

        load(&b, *state, p);
        catalogue = md_rules_catalogue(b.rules);
        if (questions == NULL)
            questions = md_arena_array(b.arena, md_catalogue_fact_count(catalogue), sizeof *questions);
        n = md_catalogue_fact_count(catalogue);
        for (size_t i = 0; i < n; i++) {
            const struct md_fact_def *def = md_catalogue_fact_at(catalogue, i);

            md_test_case(i, def->name);
            questions[i].def = def;
            questions[i].n = is_about_more(def) ? 0 : md_choice_count(def);
            md_want_true(def->ask == NULL || (md_choice_count(def) >= 2 && md_choice_count(def) <= OUTCOMES_MAX));
            md_want_true(def->ask == NULL || md_choice_gap(b.arena, def) == NULL);
        }
        compare_answers(&b, questions);
        for (size_t q = 0; p + 1 == MD_ROWS(products) && q < n; q++)
            for (size_t i = 0; i < questions[q].n; i++)
                if (is_idle(&questions[q], i)) {
                    struct md_str name = md_choice_name(questions[q].def, i);

                    print_error("%s: `%.*s` shows nothing of its own\n", questions[q].def->name, MD_STR_ARG(name));
                    n_bad++;
                }
        md_rules_free(&b.rules);
    }
    md_want_int("answers that show nothing of their own", (long long)n_bad, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(looks_only_read),     MD_TEST(costly_looks_need_consent), MD_TEST(looks_give_what_is_read),
        MD_TEST(questions_only_read), MD_TEST(every_fault_has_a_symptom), MD_TEST(answers_differ),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
