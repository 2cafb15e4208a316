/* What is shown: whole, at 80 columns, from made-up advice. */
#include "cli/wizard/screen.h"
#include "tests/unit/cli/wizard/wizard_fixture.h"

static const struct md_step steps[] = {{"List it, with times and sizes, in the folder where it waits", "ls -lR queue"}};
static const struct md_outcome outcomes[] = {{.name = "few", .says = "few"}, {.name = "many", .says = "many of them"}};
static const struct md_standing leading[] = {
    {"toy.flood", "Too much of it", "", .75, .25},
    {"toy.stopped", "Somebody stopped it", "channel tcp_local", .4, .6},
    {"toy.third", "A third one", "channel tcp_local, destination a-name-that-is-really-too-long.example.net", .05, -1},
};

struct scene {
    struct wizard_fixture f;
    struct md_state state;
    struct md_advise advise;
    struct md_inquiry inquiry;
    struct md_screen screen;
};

static void set(struct scene *s, struct md_arena *arena, bool is_plain)
{
    fixture_open(&s->f, arena);
    fixture_start(&s->f);
    (void)fixture_add(&s->f, MD_EVENT_SYMPTOM,
                      "{\"inquiry\": \"symptom\", \"id\": \"one-stands\", \"name\": \"tcp_local\"}");
    (void)fixture_add(&s->f, MD_EVENT_UNKNOWN, "{\"inquiry\": \"look:queue\"}");
    (void)fixture_files(&s->f, 3, false);
    md_session_build(&s->f.session, NULL, 0, arena, s->f.session.diags, &s->state);
    s->advise = (struct md_advise){.n_inquiries = 0};
    s->inquiry = (struct md_inquiry){.kind = MD_INQUIRY_FACT,
                                     .id = "fact:host.files",
                                     .fact = md_catalogue_fact(md_rules_catalogue(s->f.rules), md_str("host.files")),
                                     .at = md_facts_root(s->state.facts),
                                     .asks = "How many files are there?",
                                     .safe = "it only lists",
                                     .how = steps,
                                     .n_how = MD_ROWS(steps),
                                     .outcomes = outcomes,
                                     .n_outcomes = MD_ROWS(outcomes),
                                     .why = "it separates this from that; it is expected to save 18 min for 2 min"};
    s->screen = (struct md_screen){.arena = arena,
                                   .session = &s->f.session,
                                   .state = &s->state,
                                   .advise = &s->advise,
                                   .leading = leading,
                                   .n_leading = MD_ROWS(leading),
                                   .number = 4,
                                   .is_plain = is_plain};
}

static void want_text(const char *what, struct md_buf *out, const char *want)
{
    md_want_str_n(what, md_str_n(out->p, out->n), md_str(want));
    md_buf_free(out);
}

static void bars_move(void **state)
{
    struct scene s;
    struct md_buf out = {0};
    set(&s, *state, false);
    md_screen_status(&s.screen, &out);
    want_text("status", &out,
              "Seen: one channel stands (channel tcp_local)\n"
              " 2. A list of what waits: not known\n"
              " 3. host.files: 3 files\n"
              "What it may be            now   before\n"
              "  [#####++++++++++.....]  75 % (was 25) toy.flood\n"
              "  [########----........]  40 % (was 60) toy.stopped (channel tcp_local)\n"
              "  [#...................]   5 %          toy.third (destination a-name-that-is...\n");
    fixture_close(&s.f);
}

static void plain_has_sentences(void **state)
{
    struct scene s;
    struct md_buf out = {0};
    set(&s, *state, true);
    md_screen_status(&s.screen, &out);
    want_text("status", &out,
              "Seen: one channel stands (channel tcp_local)\n"
              " 2. A list of what waits: not known\n"
              " 3. host.files: 3 files\n"
              "What it may be:\n"
              "  75 percent, was 25 percent: toy.flood, Too much of it\n"
              "  40 percent, was 60 percent: toy.stopped (channel tcp_local), Somebody stopped\n"
              "    it\n"
              "  5 percent: toy.third (channel tcp_local, destination\n"
              "    a-name-that-is-really-too-long.example.net), A third one\n");
    fixture_close(&s.f);
}

static void a_question_says_why_and_how(void **state)
{
    struct scene s;
    struct md_buf out = {0};
    set(&s, *state, false);
    md_screen_inquiry(&s.screen, &s.inquiry, &out);
    want_text("question", &out,
              "\nQuestion 4: How many files are there?\n"
              "  Why: it separates this from that; it is expected to save 18 min for 2 min\n"
              "  - List it, with times and sizes, in the folder where it waits\n"
              "    $ ls -lR queue\n"
              "  Safe: it only lists\n"
              "  a) few\n"
              "  b) many of them\n"
              "Choose by letter or name, or give the value in files. ? = don't know; why, back,\n"
              "  skip, help.\n");
    s.inquiry.needs_consent = true;
    s.inquiry.cost_minutes = 20;
    md_screen_inquiry(&s.screen, &s.inquiry, &out);
    md_want_true(md_str_find(md_str_n(out.p, out.n), md_str("Costly: it counts as 20 minutes")) > 0);
    md_buf_free(&out);
    fixture_close(&s.f);
}

static void hostile_text_is_shown_as_text(void **state)
{
    struct scene s;
    struct md_buf out = {0};
    set(&s, *state, false);
    (void)fixture_add(&s.f, MD_EVENT_INPUT, "{\"name\": \"a\\u001b[2J\", \"text\": \"\\u001b[2J\"}");
    (void)fixture_add(&s.f, MD_EVENT_SYMPTOM, "{\"id\": \"one-stands\", \"name\": \"\\u001b[2J\\nx\"}");
    md_session_build(&s.f.session, NULL, 0, *state, s.f.session.diags, &s.state);
    md_screen_steps(&s.screen, true, &out);
    md_screen_status(&s.screen, &out);
    md_want_true(md_str_find_char(md_str_n(out.p, out.n), '\033') < 0);
    md_buf_free(&out);
    fixture_close(&s.f);
}

/* All that is shown fits; only commands are never broken. */
static void lines_fit(void **state)
{
    struct scene s;
    struct md_buf out = {0};
    struct md_str rest, line;
    set(&s, *state, false);
    md_screen_help(&s.screen, &out);
    md_screen_welcome(&s.screen, "/a/path/that/is/rather/long/mtadoctor-20261125-120000.case.jsonl", &out);
    md_screen_status(&s.screen, &out);
    md_screen_inquiry(&s.screen, &s.inquiry, &out);
    md_screen_steps(&s.screen, true, &out);
    md_screen_compare(&s.screen, "If it were so:", &out);
    rest = md_str_n(out.p, out.n);
    while (md_str_next_line(&rest, &line)) {
        md_want_true(line.n <= 80 || md_str_has_prefix(md_str_trim(line), md_str("$ ")));
    }
    md_buf_free(&out);
    fixture_close(&s.f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(bars_move), MD_TEST(plain_has_sentences),
                                       MD_TEST(a_question_says_why_and_how), MD_TEST(hostile_text_is_shown_as_text),
                                       MD_TEST(lines_fit)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
