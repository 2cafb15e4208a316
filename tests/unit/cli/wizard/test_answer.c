/* What a person types. */
#include "cli/wizard/answer.h"
#include "cli/wizard/answers.h"
#include "engine/base/time.h"
#include "tests/unit/cli/wizard/wizard_fixture.h"

#define NOW INT64_C(1700000000000000)

static const struct {
    const char *says, *fact, *line;
    enum md_said_kind kind;
    long long want; /* choice, verb, or value */
} cases[] = {
    {"nothing", "host.files", "  ", MD_SAID_NOTHING, 0},
    {"a letter", "host.files", "b", MD_SAID_CHOICE, 1},
    {"a name", "host.files", "MANY", MD_SAID_CHOICE, 1},
    {"the beginning of a name", "host.files", "ma", MD_SAID_CHOICE, 1},
    {"a number is a value", "host.files", "2", MD_SAID_VALUE, 2},
    {"thousands", "host.files", "12,345 files", MD_SAID_VALUE, 12345},
    {"k", "host.files", "12k", MD_SAID_VALUE, 12000},
    {"half a file", "host.files", "1.5", MD_SAID_OTHER, 0},
    {"less than none", "host.files", "-3", MD_SAID_OTHER, 0},
    {"a comma that is none", "host.files", "1,23", MD_SAID_OTHER, 0},
    {"hours", "host.age_s", "2 hours", MD_SAID_VALUE, 7200},
    {"minutes", "host.age_s", "90min", MD_SAID_VALUE, 5400},
    {"two units", "host.age_s", "1h 30 min", MD_SAID_VALUE, 5400},
    {"days", "host.age_s", "3 days", MD_SAID_VALUE, 259200},
    {"a unit that is none", "host.age_s", "3 bananas", MD_SAID_OTHER, 0},
    {"ago", "host.last", "2h ago", MD_SAID_VALUE, -7200},
    {"yes", "channel.stopped", "y", MD_SAID_CHOICE, 0},
    {"no", "channel.stopped", "No", MD_SAID_CHOICE, 1},
    {"by number", "channel.stopped", "2", MD_SAID_CHOICE, 1},
    {"a number that is no choice", "channel.stopped", "3", MD_SAID_OTHER, 0},
    {"don't know", "channel.stopped", "don't know", MD_SAID_UNKNOWN, 0},
    {"?", "host.files", "?", MD_SAID_UNKNOWN, 0},
    {"run", "host.files", "!", MD_SAID_RUN, 0},
    {"no shell", "host.files", "!ls", MD_SAID_OTHER, 0},
    {"why", "host.files", "why", MD_SAID_COMMAND, MD_VERB_WHY},
    {"why not", "host.files", "why not toy.flood", MD_SAID_COMMAND, MD_VERB_WHY_NOT},
    {"why with too much", "host.files", "why is this", MD_SAID_OTHER, 0},
    {"change what?", "host.files", "change", MD_SAID_OTHER, 0},
    {"save", "host.files", "save", MD_SAID_COMMAND, MD_VERB_SAVE},
    {"save elsewhere", "host.files", "save /tmp/x", MD_SAID_COMMAND, MD_VERB_SAVE},
    {"no command", "host.files", "saved", MD_SAID_OTHER, 0},
    {"a path", "host.files", "/var/log/x", MD_SAID_FILE, 0},
    {"a path of here", "channel.stopped", "./x y", MD_SAID_FILE, 0},
};

static long long value_of(const struct md_said *said)
{
    switch (said->value.type) {
    case MD_TYPE_COUNT: return (long long)said->value.u.count;
    case MD_TYPE_DURATION: return (long long)said->value.u.number;
    case MD_TYPE_TIME: return (said->value.u.time - NOW) / MD_SECOND;
    default: return -1;
    }
}

static void reads_lines(void **state)
{
    static const char *const numbers[] = {"few", "many"}, *const yes_no[] = {"yes", "no"};
    struct wizard_fixture f;
    fixture_open(&f, *state);
    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        const struct md_fact_def *fact = md_catalogue_fact(md_rules_catalogue(f.rules), md_str(cases[i].fact));
        bool is_bool = fact->type == MD_TYPE_BOOL;
        const struct md_choice_list list = {
            .names = is_bool ? yes_no : numbers, .says = is_bool ? yes_no : numbers, .n = 2, .fact = fact, .now = NOW};
        struct md_said said;
        md_test_case(i, cases[i].says);
        md_said_read(f.arena, md_str(cases[i].line), &list, &said);
        md_want_int("kind", said.kind, cases[i].kind);
        if (said.kind == MD_SAID_CHOICE) {
            md_want_int("choice", said.choice, cases[i].want);
        } else if (said.kind == MD_SAID_COMMAND) {
            md_want_int("verb", said.verb, cases[i].want);
        } else if (said.kind == MD_SAID_VALUE) {
            md_want_int("value", value_of(&said), cases[i].want);
        }
    }
    fixture_close(&f);
}

static void fits_patterns(void **state)
{
    (void)state;
    md_want_true(md_answers_fits(md_str("look:*"), md_str("look:queue")));
    md_want_true(md_answers_fits(md_str("*"), md_str("")));
    md_want_true(md_answers_fits(md_str("fact:*@tcp*l"), md_str("fact:channel.stopped@tcp_local")));
    md_want_true(!md_answers_fits(md_str("fact:*@tcp"), md_str("fact:channel.stopped@tcp_local")));
    md_want_true(!md_answers_fits(md_str(""), md_str("x")));
}

static const struct {
    const char *says, *yaml;
    bool is_good;
} files[] = {
    {"nothing to say", "{}", true},
    {"all of it",
     "symptom: { id: grows, name: x }\nanswers: { \"fact:*\": \"?\", \"look:a\": { file: a.txt }, \"look:b\": { text: "
     "b }, \"look:c\": { run: true } }\nremedies: { toy.empty: worked }\n",
     true},
    {"no map", "- 1", false},
    {"a key that is none", "answer: {}", false},
    {"an answer that is none", "answers: { a: [1] }", false},
    {"two ways at once", "answers: { a: { file: x, text: y } }", false},
    {"an outcome that is none", "remedies: { a: perhaps }", false},
    {"no YAML", "a: b: c: {", false},
};

static void reads_files(void **state)
{
    struct md_arena *arena = *state;
    struct md_answers answers;
    for (size_t i = 0; i < MD_ROWS(files); i++) {
        struct md_diags *diags = md_diags_new(arena);
        md_test_case(i, files[i].says);
        enum md_status status = md_answers_read(arena, "/a/b.yaml", md_str(files[i].yaml), diags, &answers);
        md_want_true((status == MD_OK) == files[i].is_good);
        md_want_true(files[i].is_good || md_diags_count(diags) > 0);
    }
    md_want_int("status", md_answers_read(arena, "/a/b.yaml", md_str(files[1].yaml), md_diags_new(arena), &answers),
                MD_OK);
    struct md_answer answer;
    md_answers_find(arena, &answers, "look:a", &answer);
    md_want_int("kind", answer.kind, MD_ANSWER_FILE);
    md_want_str("path", answer.text, "/a/a.txt");
    md_answers_find(arena, &answers, "fact:anything", &answer);
    md_want_int("kind", answer.kind, MD_ANSWER_LINE);
    md_answers_find(arena, &answers, "look:z", &answer);
    md_want_int("kind", answer.kind, MD_ANSWER_NONE);
    md_want_cstr("remedy", md_answers_remedy(&answers, "toy.empty"), "worked");
    md_want_true(md_answers_remedy(&answers, "toy.start") == NULL);
    md_want_str("symptom", answers.symptom, "grows");
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(reads_lines), MD_TEST(fits_patterns), MD_TEST(reads_files)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
