#include "tests/unit/md_test.h"

#include "engine/base/display.h"

static void shows_any_bytes(void **state)
{
    struct md_arena *arena = *state;
    static const struct {
        const char *says;
        struct md_str in;
        const char *want;
    } cases[] = {
        {"plain text", MD_LIT_INIT("plain text"), "plain text"},
        {"a backslash stays", MD_LIT_INIT("a\\x41"), "a\\x41"},
        {"control characters", MD_LIT_INIT("a\nb\tc\x1b[2J\x7f"), "a\\x0Ab\\x09c\\x1B[2J\\x7F"},
        {"a NUL", {"a\0b", 3}, "a\\x00b"},
        {"valid UTF-8", MD_LIT_INIT("Gr\xc3\xbc\xc3\x9f \xe4\xb8\xad \xf0\x9f\x93\xab"),
         "Gr\xc3\xbc\xc3\x9f \xe4\xb8\xad \xf0\x9f\x93\xab"},
        {"Latin-1", MD_LIT_INIT("Gr\xfc\xdf"), "Gr\\xFC\\xDF"},
        {"a character cut off at the end", MD_LIT_INIT("a\xe4\xb8"), "a\\xE4\\xB8"},
        {"an overlong slash", MD_LIT_INIT("\xc0\xaf"), "\\xC0\\xAF"},
        {"overlong in three bytes", MD_LIT_INIT("\xe0\x80\xaf"), "\\xE0\\x80\\xAF"},
        {"a surrogate", MD_LIT_INIT("\xed\xa0\x80"), "\\xED\\xA0\\x80"},
        {"beyond Unicode", MD_LIT_INIT("\xf4\x90\x80\x80"), "\\xF4\\x90\\x80\\x80"},
        {"a C1 control", MD_LIT_INIT("\xc2\x85"), "\\xC2\\x85"},
        {"text that is turned around", MD_LIT_INIT("\xe2\x80\xae"), "\\xE2\\x80\\xAE"},
        {"an isolate", MD_LIT_INIT("\xe2\x81\xa6"), "\\xE2\\x81\\xA6"},
        {"a line separator", MD_LIT_INIT("\xe2\x80\xa8"), "\\xE2\\x80\\xA8"},
        {"a dash beside the forbidden ones", MD_LIT_INIT("\xe2\x80\x94"), "\xe2\x80\x94"},
        {"nothing", MD_LIT_INIT(""), ""},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        md_test_case(i, cases[i].says);
        md_want_cstr("text", md_display(arena, cases[i].in), cases[i].want);
    }
}

static void cuts_at_characters(void **state)
{
    struct md_arena *arena = *state;
    static const struct {
        const char *says, *in;
        size_t max;
        const char *want;
    } cases[] = {
        {"it fits", "abcdef", 6, "abcdef"},
        {"one too long", "abcdefg", 6, "abc..."},
        {"not inside a character", "ab\xc3\xbcxxx", 6, "ab..."},
        {"not inside an escape", "a\n\nb", 8, "a\\x0A..."},
        {"an escape that just fits", "a\n", 5, "a\\x0A"},
        {"no room for a character", "abcdef", 3, "..."},
        {"no room for the dots", "abcdef", 2, ".."},
        {"no room at all", "abcdef", 0, ""},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        md_test_case(i, cases[i].says);
        md_want_cstr("text", md_display_max(arena, md_str(cases[i].in), cases[i].max), cases[i].want);
    }
}

/* Whatever comes in, what goes out is printable UTF-8: shown again it does not change. */
static void is_stable_on_random_bytes(void **state)
{
    struct md_arena *arena = *state;
    uint64_t seed = 42;
    char bytes[40];

    md_test_case(0, "random bytes");
    for (int round = 0; round < 20000; round++) {
        size_t n = md_test_random(&seed) % sizeof bytes;
        char *once;

        for (size_t i = 0; i < n; i++)
            bytes[i] =
                (char)(md_test_random(&seed) % 3 == 0 ? md_test_random(&seed) : 0x80 | (md_test_random(&seed) & 0x7f));
        once = md_display(arena, md_str_n(bytes, n));
        for (const char *p = once; *p != '\0'; p++)
            md_want_true((unsigned char)*p >= 0x20 && *p != 0x7f);
        md_want_cstr("again", md_display(arena, md_str(once)), once);
        md_want_true(strlen(md_display_max(arena, md_str_n(bytes, n), 20)) <= 20);
        if (round % 1000 == 0)
            md_arena_clear(arena);
    }
}

static void measures_width(void **state)
{
    (void)state;
    md_test_case(0, "columns on a terminal");
    md_want_int("ASCII", md_display_width(MD_LIT("abc")), 3);
    md_want_int("umlaut", md_display_width(MD_LIT("\xc3\xbc")), 1);
    md_want_int("combining", md_display_width(MD_LIT("u\xcc\x88")), 1);
    md_want_int("Chinese", md_display_width(MD_LIT("\xe4\xb8\xad\xe6\x96\x87")), 4);
    md_want_int("no UTF-8", md_display_width(MD_LIT("\xff\xfe")), 2);
}

static void quotes_for_a_shell(void **state)
{
    struct md_arena *arena = *state;
    static const struct {
        const char *says, *in, *want;
    } cases[] = {
        {"a host name", "mx1.example.com", "mx1.example.com"},
        {"an address", "a.b@example.com", "a.b@example.com"},
        {"a pattern is quoted", "/q/tcp_*/[0-9]", "'/q/tcp_*/[0-9]'"},
        {"an option", "-rf", NULL},
        {"a command", "a;rm", NULL},
        {"a quote", "a'b", NULL},
        {"a blank", "a b", NULL},
        {"a substitution", "$(x)", NULL},
        {"a line end", "a\n", NULL},
        {"nothing", "", NULL},
    };
    char longest[256];

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        md_test_case(i, cases[i].says);
        md_want_cstr("word", md_shell_word(arena, md_str(cases[i].in)), cases[i].want);
        md_want_true((md_shell_word(arena, md_str(cases[i].in)) == NULL) == (cases[i].want == NULL));
    }
    memset(longest, 'a', sizeof longest);
    md_want_true(md_shell_word(arena, md_str_n(longest, 255)) != NULL);
    md_want_true(md_shell_word(arena, md_str_n(longest, 256)) == NULL);
    md_want_true(md_shell_word(arena, md_str_n("a\0b", 3)) == NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(shows_any_bytes), MD_TEST(cuts_at_characters), MD_TEST(is_stable_on_random_bytes),
        MD_TEST(measures_width),  MD_TEST(quotes_for_a_shell),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
