/* The prompt in front of a pipe. */
#include <signal.h>
#include <unistd.h>

#include "cli/tty.h"
#include "cli/wizard/prompt.h"
#include "tests/unit/md_test.h"

struct sitting {
    struct md_arena *arena;
    struct md_prompt *prompt;
    FILE *in, *out;
    int writes;
    char *shown;
    size_t n_shown;
};

static void sit_down(struct sitting *s, const char *typed)
{
    const struct md_prompt_hooks hooks = {.ctx = NULL};
    int ends[2];
    *s = (struct sitting){.arena = md_arena_new()};
    assert_int_equal(pipe(ends), 0);
    s->writes = ends[1];
    assert_int_equal(write(s->writes, typed, strlen(typed)), strlen(typed));
    s->in = fdopen(ends[0], "r");
    s->out = open_memstream(&s->shown, &s->n_shown);
    assert_non_null(s->in);
    assert_non_null(s->out);
    s->prompt = md_prompt_open(s->in, s->out, true, &hooks);
}

static void stand_up(struct sitting *s)
{
    md_prompt_close(&s->prompt);
    (void)fclose(s->in);
    (void)fclose(s->out);
    free(s->shown);
    (void)close(s->writes);
    md_arena_free(&s->arena);
}

/* A program in the background begins with Ctrl-C ignored, and stays deaf to it. */
static void catch_signals(void)
{
    (void)signal(SIGINT, SIG_DFL);
    (void)signal(SIGTERM, SIG_DFL);
    (void)md_tty_catch_interrupt();
}

static void test_ctrl_c_before_the_question_leaves_nothing(void **state)
{
    struct sitting s;
    struct md_str line;
    bool is_cut;

    (void)state;
    sit_down(&s, "yes\n");
    catch_signals();
    assert_int_equal(raise(SIGINT), 0);
    assert_int_equal(md_prompt_read(s.prompt, "> ", s.arena, &line, &is_cut), MD_PROMPT_LINE);
    assert_true(md_str_is(line, "yes"));
    assert_int_equal(*md_tty_catch_interrupt(), 0);
    fflush(s.out);
    assert_non_null(strstr(s.shown, "`quit` leaves"));
    stand_up(&s);
}

/* Who ends the program from outside means it, whenever that is. */
static void test_sigterm_before_the_question_ends_it(void **state)
{
    struct sitting s;
    struct md_str line;
    bool is_cut;

    (void)state;
    sit_down(&s, "yes\n");
    catch_signals();
    assert_int_equal(raise(SIGTERM), 0);
    assert_int_equal(md_prompt_read(s.prompt, "> ", s.arena, &line, &is_cut), MD_PROMPT_STOP);
    md_tty_forget_interrupt();
    stand_up(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ctrl_c_before_the_question_leaves_nothing),
        cmocka_unit_test(test_sigterm_before_the_question_ends_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
