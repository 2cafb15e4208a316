/* Lines on disk: written, torn, read again. */
#include <fcntl.h>
#include <unistd.h>

#include "cli/wizard/case_file.h"
#include "tests/unit/md_test.h"

#define START "{\"n\":1,\"at\":\"2026-11-25T12:00:00Z\",\"event\":\"start\",\"schema\":\"mtadoctor.case/1\"}\n"
#define SKIP "{\"n\":2,\"at\":\"2026-11-25T12:00:01Z\",\"event\":\"skip\",\"inquiry\":\"look:queue\"}\n"

static const struct {
    const char *says, *text;
    enum md_status status;
    size_t events;
} cases[] = {
    {"a start alone", START, MD_OK, 1},
    {"two events", START SKIP, MD_OK, 2},
    {"nothing", "", MD_BAD_INPUT, 0},
    {"no start", SKIP, MD_BAD_INPUT, 1},
    {"a torn last line", START "{\"n\":2,\"at\":\"2026-11-2", MD_OK, 1},
    {"a last line without its end is whole", START "{\"n\":2,\"event\":\"end\",\"id\":\"quit\"}", MD_OK, 2},
    {"garbage in the middle", START "garbage\n" SKIP, MD_BAD_INPUT, 1},
    {"numbers that fall", START SKIP SKIP, MD_BAD_INPUT, 2},
    {"an event that is none", START "{\"n\":2,\"event\":\"dance\"}\n", MD_BAD_INPUT, 1},
    {"an event that lacks something", START "{\"n\":2,\"event\":\"undone\"}\n", MD_BAD_INPUT, 1},
    {"another version", "{\"n\":1,\"event\":\"start\",\"schema\":\"mtadoctor.case/9\"}\n", MD_UNSUPPORTED, 1},
};

static void reads_lines(void **state)
{
    struct md_arena *arena = *state;
    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_case_events events;
        size_t good;
        md_test_case(i, cases[i].says);
        md_want_int("status", md_case_parse(arena, "case", md_str(cases[i].text), md_diags_new(arena), &events, &good),
                    cases[i].status);
        md_want_int("events", events.n, cases[i].events);
    }
}

static void survives_a_torn_line(void **state)
{
    struct md_arena *arena = *state;
    struct md_diags *diags = md_diags_new(arena);
    const char *path = md_arena_printf(arena, "/tmp/mtadoctor-test-%ld.case.jsonl", (long)getpid());
    struct md_case_file *file;
    struct md_case_events events;
    (void)unlink(path);
    md_want_int("create", md_case_file_create(path, arena, diags, &file), MD_OK);
    md_want_int("append", md_case_file_append(file, md_str_n(START, strlen(START) - 1)), MD_OK);
    md_want_int("append", md_case_file_append(file, md_str_n(SKIP, strlen(SKIP) - 1)), MD_OK);
    md_case_file_close(&file);
    md_want_int("not twice", md_case_file_create(path, arena, diags, &file), MD_IO);
    int fd = open(path, O_WRONLY | O_APPEND);
    md_want_int("torn", write(fd, "{\"n\":3,\"ev", 10), 10);
    close(fd);
    md_want_int("read", md_case_file_read(path, arena, diags, &events), MD_OK);
    md_want_int("events", events.n, 2);
    md_want_int("open", md_case_file_open(path, arena, diags, &file, &events), MD_OK);
    md_want_int("append", md_case_file_append(file, md_str("{\"n\":3,\"event\":\"end\",\"id\":\"quit\"}")), MD_OK);
    md_case_file_close(&file);
    md_want_int("read again", md_case_file_read(path, arena, diags, &events), MD_OK);
    md_want_int("events", events.n, 3);
    (void)unlink(path);
}

static void any_bytes_become_text(void **state)
{
    struct md_arena *arena = *state;
    md_want_str("latin", md_event_text(arena, md_str_n("a\xe9\0b", 4)),
                "a\xc3\xa9"
                "b");
    md_want_str("utf-8", md_event_text(arena, md_str("gr\xc3\xbc\xc3\x9f")), "gr\xc3\xbc\xc3\x9f");
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(reads_lines), MD_TEST(survives_a_torn_line),
                                       MD_TEST(any_bytes_become_text)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
