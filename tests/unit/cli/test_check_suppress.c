#include "cli/check_suppress.h"

#include "engine/base/time.h"
#include "tests/unit/md_test.h"

static const struct md_check wrong = {.id = "a.wrong", .severity = MD_CHECK_ERROR}, odd = {.id = "b.odd"};

struct place {
    const struct md_check *check;
    const char *file;
    uint32_t line;
};

struct trial {
    const char *yaml;          /* of .mtadoctor.yaml, or NULL */
    const char *text;          /* of conf/imta.cnf */
    const struct place *found; /* ends with a NULL check */
    bool is_part;              /* not the whole tree was looked at */
    const struct md_check *skipped;
};

/* "id@line" of what is found afterwards, then "|" and of what is silenced. */
static const char *outcome(struct md_arena *arena, const struct trial *trial)
{
    const char *const names[] = {"conf/imta.cnf"};
    struct md_check_found found[8] = {0};
    struct md_diags *problems = md_diags_new(arena);
    const struct md_node *file = NULL;
    struct md_check_suppressed out;
    size_t n = 0;
    for (; trial->found[n].check != NULL; n++) {
        found[n] = (struct md_check_found){.check = trial->found[n].check,
                                           .severity = trial->found[n].check->severity,
                                           .loc = {trial->found[n].file, trial->found[n].line, 1},
                                           .message = "x"};
    }
    if (trial->yaml != NULL &&
        md_yaml_read(arena, "conf/.mtadoctor.yaml", md_str(trial->yaml), problems, &file) != MD_OK) {
        file = NULL;
    }
    struct md_check_texts *texts = md_check_texts_new(arena);
    md_check_texts_add(texts, names[0], 1, md_str(trial->text));
    const struct md_check_suppress in = {.arena = arena,
                                         .findings = found,
                                         .n_findings = n,
                                         .file = file,
                                         .file_problems = problems,
                                         .root = MD_LIT("conf/"),
                                         .is_whole = !trial->is_part,
                                         .texts = texts,
                                         .names = names,
                                         .n_names = 1,
                                         .skipped = &trial->skipped,
                                         .n_skipped = trial->skipped != NULL,
                                         .today = INT64_C(1790000000) * MD_SECOND}; /* 2026-09-21 */
    md_check_suppress(&in, &out);
    const char *shown = "";
    for (size_t i = 0; i < out.n_findings; i++) {
        shown =
            md_arena_printf(arena, "%s%s@%u ", shown, out.findings[i].check->id, (unsigned)out.findings[i].loc.line);
    }
    shown = md_arena_printf(arena, "%s|", shown);
    for (size_t i = 0; i < out.n_silenced; i++) {
        md_want_true(out.silenced[i].because != NULL && out.silenced[i].because[0] != '\0');
        shown = md_arena_printf(arena, "%s %s@%u", shown, out.silenced[i].found.check->id,
                                (unsigned)out.silenced[i].found.loc.line);
    }
    return shown;
}

#define IMTA "conf/imta.cnf"

static void the_file_of_suppressions(void **state)
{
    static const struct place one[] = {{&wrong, IMTA, 3}, {NULL, NULL, 0}},
                              without_line[] = {{&wrong, IMTA, 0}, {NULL, NULL, 0}};
    static const struct {
        const char *says, *yaml, *want;
    } cases[] = {
        {"by id and path", "suppress: [{id: a.wrong, file: imta.cnf, because: x}]", "| a.wrong@3"},
        {"by id alone", "suppress: [{id: a.wrong, because: x}]", "| a.wrong@3"},
        {"by a glob", "suppress: [{id: a.wrong, file: '*.cnf', because: x}]", "| a.wrong@3"},
        {"of another file", "suppress: [{id: a.wrong, file: mappings, because: x}]",
         "suppression.unused@1 a.wrong@3 |"},
        {"another id", "suppress: [{id: a.wron, because: x}]", "suppression.unused@1 a.wrong@3 |"},
        {"an id is no glob", "suppress: [{id: 'a.*', because: x}]", "suppression.unused@1 a.wrong@3 |"},
        {"without a reason", "suppress: [{id: a.wrong}]", "suppression.no-reason@1 a.wrong@3 |"},
        {"with an empty reason", "suppress: [{id: a.wrong, because: ''}]", "suppression.no-reason@1 a.wrong@3 |"},
        {"until a day to come", "suppress: [{id: a.wrong, because: x, until: 2026-09-22}]", "| a.wrong@3"},
        {"until this very day", "suppress: [{id: a.wrong, because: x, until: 2026-09-21}]", "| a.wrong@3"},
        {"until yesterday", "suppress: [{id: a.wrong, because: x, until: 2026-09-20}]",
         "suppression.expired@1 a.wrong@3 |"},
        {"until some day", "suppress: [{id: a.wrong, because: x, until: soon}]", "suppression.malformed@1 a.wrong@3 |"},
        {"a key that is misspelled", "suppress: [{id: a.wrong, because: x, files: y}]",
         "suppression.malformed@1 a.wrong@3 |"},
        {"no id", "suppress: [{because: x}]", "suppression.malformed@1 a.wrong@3 |"},
        {"no entry", "suppress: [a.wrong]", "suppression.malformed@1 a.wrong@3 |"},
        {"no list", "suppress: {id: a.wrong}", "suppression.malformed@1 a.wrong@3 |"},
        {"another key", "supress: []", "suppression.malformed@1 a.wrong@3 |"},
        {"no map", "- a", "suppression.malformed@1 suppression.malformed@1 a.wrong@3 |"},
        {"nothing in it", "suppress:\n", "a.wrong@3 |"},
        {"an empty file", "", "a.wrong@3 |"},
        {"no file", NULL, "a.wrong@3 |"},
    };
    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        const struct trial trial = {.yaml = cases[i].yaml, .text = "a\nb\nc\n", .found = one};
        md_test_case(i, cases[i].says);
        const char *got = outcome(*state, &trial);
        if (strcmp(cases[i].says, "no map") == 0) { /* how often is told is no matter */
            md_want_true(strstr(got, "suppression.malformed@1") != NULL && strstr(got, "a.wrong@3 |") != NULL);
        } else {
            md_want_cstr("outcome", got, cases[i].want);
        }
    }
    const struct trial whole_file = {
        .yaml = "suppress: [{id: a.wrong, file: imta.cnf, because: x}]", .text = "", .found = without_line};
    md_want_cstr("a finding of the whole file", outcome(*state, &whole_file), "| a.wrong@0");
}

static void broken_yaml_is_told_with_its_line(void **state)
{
    static const struct place none[] = {{NULL, NULL, 0}};
    const struct trial trial = {.yaml = "suppress:\n  - [\n", .text = "", .found = none};
    md_want_true(strstr(outcome(*state, &trial), "suppression.malformed@") != NULL);
}

static void what_was_not_looked_at_is_not_unused(void **state)
{
    static const struct place none[] = {{NULL, NULL, 0}};
    struct trial trial = {.yaml = "suppress:\n- {id: a.wrong, because: x}\n- {id: b.odd, file: mappings, because: x}\n",
                          .text = "",
                          .found = none};
    md_want_cstr("the whole tree", outcome(*state, &trial), "suppression.unused@2 suppression.unused@3 |");
    trial.is_part = true;
    md_want_cstr("a file of it", outcome(*state, &trial), "|");
    trial.is_part = false;
    trial.skipped = &wrong;
    md_want_cstr("a check that was skipped", outcome(*state, &trial), "suppression.unused@3 |");
}

static void comments_above_a_statement(void **state)
{
    static const struct {
        const char *says, *text;
        struct place found[3];
        const char *want;
    } cases[] = {
        {"in the line above",
         "! mtadoctor: ignore a.wrong because of history\nx\n",
         {{&wrong, IMTA, 2}},
         "| a.wrong@2"},
        {"with #", "# mtadoctor: ignore a.wrong because x\nx\n", {{&wrong, IMTA, 2}}, "| a.wrong@2"},
        {"with ;, without a blank", ";mtadoctor:ignore a.wrong because x\nx\n", {{&wrong, IMTA, 2}}, "| a.wrong@2"},
        {"of XML", "  <!-- mtadoctor: ignore a.wrong because x -->\n<x/>\n", {{&wrong, IMTA, 2}}, "| a.wrong@2"},
        {"two ids",
         "! mtadoctor: ignore a.wrong, b.odd because x\nx\n",
         {{&wrong, IMTA, 2}, {&odd, IMTA, 2}},
         "| a.wrong@2 b.odd@2"},
        {"two comments",
         "! mtadoctor: ignore a.wrong because x\n! mtadoctor: ignore b.odd because y\nx\n",
         {{&wrong, IMTA, 3}, {&odd, IMTA, 3}},
         "| a.wrong@3 b.odd@3"},
        {"another id",
         "! mtadoctor: ignore b.odd because x\nx\n",
         {{&wrong, IMTA, 2}},
         "suppression.unused@1 a.wrong@2 |"},
        {"one id of two is of no use",
         "! mtadoctor: ignore a.wrong b.odd because x\nx\n",
         {{&wrong, IMTA, 2}},
         "suppression.unused@1 | a.wrong@2"},
        {"two lines above",
         "! mtadoctor: ignore a.wrong because x\n\nx\n",
         {{&wrong, IMTA, 3}},
         "suppression.unused@1 a.wrong@3 |"},
        {"below",
         "x\n! mtadoctor: ignore a.wrong because x\n",
         {{&wrong, IMTA, 1}},
         "a.wrong@1 suppression.unused@2 |"},
        {"without a reason",
         "! mtadoctor: ignore a.wrong\nx\n",
         {{&wrong, IMTA, 2}},
         "suppression.no-reason@1 a.wrong@2 |"},
        {"with nothing behind because",
         "! mtadoctor: ignore a.wrong because\nx\n",
         {{&wrong, IMTA, 2}},
         "suppression.no-reason@1 a.wrong@2 |"},
        {"without an id",
         "! mtadoctor: ignore because x\nx\n",
         {{&wrong, IMTA, 2}},
         "suppression.malformed@1 a.wrong@2 |"},
        {"another verb", "! mtadoctor: skip a.wrong\nx\n", {{&wrong, IMTA, 2}}, "suppression.malformed@1 a.wrong@2 |"},
        {"no comment", "x mtadoctor: ignore a.wrong because x\nx\n", {{&wrong, IMTA, 2}}, "a.wrong@2 |"},
        {"! in another column is no comment",
         " ! mtadoctor: ignore a.wrong because x\nx\n",
         {{&wrong, IMTA, 2}},
         "a.wrong@2 |"},
        {"above a statement of three lines",
         "! mtadoctor: ignore a.wrong because x\na \\\nb \\\nc\n",
         {{&wrong, IMTA, 4}},
         "| a.wrong@4"},
        {"above it, with a comment between",
         "! mtadoctor: ignore a.wrong because x\na \\\n! b\nc\n",
         {{&wrong, IMTA, 4}},
         "| a.wrong@4"},
        {"between its lines", "a \\\n! mtadoctor: ignore a.wrong because x\nb\n", {{&wrong, IMTA, 3}}, "| a.wrong@3"},
        {"above the statement before",
         "! mtadoctor: ignore a.wrong because x\na\nb\n",
         {{&wrong, IMTA, 3}},
         "suppression.unused@1 a.wrong@3 |"},
    };
    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        const struct trial trial = {.text = cases[i].text, .found = cases[i].found};
        md_test_case(i, cases[i].says);
        md_want_cstr("outcome", outcome(*state, &trial), cases[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(the_file_of_suppressions),
        MD_TEST(broken_yaml_is_told_with_its_line),
        MD_TEST(what_was_not_looked_at_is_not_unused),
        MD_TEST(comments_above_a_statement),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
