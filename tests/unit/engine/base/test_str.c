#include "tests/unit/md_test.h"

static void finds(void **state)
{
    static const struct {
        const char *says, *in, *what;
        ptrdiff_t want, want_nocase;
    } cases[] = {
        {"the first of two places counts", "abcabc", "bc", 1, 1},
        {"at the very end", "abc", "c", 2, 2},
        {"the whole", "abc", "abc", 0, 0},
        {"longer than the text", "ab", "abc", -1, -1},
        {"a false start before the match", "aab", "ab", 1, 1},
        {"letter case only", "xABC", "abc", -1, 1},
        {"nothing is found at the front", "abc", "", 0, 0},
        {"in nothing", "", "a", -1, -1},
        {"folding touches letters only", "a[b", "A{B", -1, -1},
    };

    (void)state;
    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        md_test_case(i, cases[i].says);
        md_want_int("find", md_str_find(md_str(cases[i].in), md_str(cases[i].what)), cases[i].want);
        md_want_int("find_nocase", md_str_find_nocase(md_str(cases[i].in), md_str(cases[i].what)),
                    cases[i].want_nocase);
    }
    md_test_case(0, "a byte after a NUL");
    md_want_int("find_char", md_str_find_char(md_str_n("a\0b", 3), 'b'), 2);
    md_want_int("rfind_char", md_str_rfind_char(MD_LIT("a.b.c"), '.'), 3);
    md_want_int("rfind_char", md_str_rfind_char(MD_LIT("abc"), '.'), -1);
    md_test_case(1, "backwards over more than eight bytes: the last one counts, wherever it stands");
    md_want_int("rfind_char", md_str_rfind_char(MD_LIT("@@345678@@12345678abcdefgh"), '@'), 9);
    md_want_int("rfind_char", md_str_rfind_char(MD_LIT("@bcdefghijklmnopq"), '@'), 0);
    md_want_int("rfind_char", md_str_rfind_char(MD_LIT("a@cdefgh"), '@'), 1);
    md_want_int("rfind_char", md_str_rfind_char(MD_LIT("abcdefghijklmnop@"), '@'), 16);
    /* Neighbours by value, and with the high bit. */
    md_want_int("rfind_char", md_str_rfind_char(MD_LIT("abc@AA??\300\300\277\277\301\200\377\001"), '@'), 3);
    md_want_int("rfind_char", md_str_rfind_char(MD_LIT("AAA?\300\300\300\300AAAAAAAA"), '@'), -1);
    md_want_int("rfind_char", md_str_rfind_char(MD_LIT("12345\377\3767\377\376\376\376\376\376\376\376\376"), '\377'),
                8);
}

static void compares(void **state)
{
    (void)state;
    md_test_case(0, "order is by bytes, then length");
    md_want_int("less", md_str_cmp(MD_LIT("abc"), MD_LIT("abd")), -1);
    md_want_int("a prefix comes first", md_str_cmp(MD_LIT("ab"), MD_LIT("abc")), -1);
    md_want_int("bytes are unsigned", md_str_cmp(MD_LIT("\xff"), MD_LIT("a")), 1);
    md_want_int("equal", md_str_cmp(MD_LIT("x"), MD_LIT("x")), 0);
    md_test_case(0, "the empty slice without a pointer");
    md_want_true(md_str_eq(md_str(NULL), md_str_n("x", 0)));
    md_want_int("cmp", md_str_cmp(md_str(NULL), MD_LIT("")), 0);
    md_want_true(md_str_has_prefix(md_str(NULL), md_str(NULL)));
    md_test_case(0, "prefixes and suffixes");
    md_want_true(md_str_has_suffix(MD_LIT("a.HELD"), MD_LIT(".HELD")));
    md_want_true(!md_str_has_suffix(MD_LIT("HELD"), MD_LIT(".HELD")));
    md_want_true(md_str_has_prefix_nocase(MD_LIT("Received:"), MD_LIT("RECEIVED")));
    md_want_true(!md_str_is_nocase(MD_LIT("ab"), "abc"));
}

static void cuts(void **state)
{
    (void)state;
    md_test_case(0, "a slice is clipped to what there is");
    md_want_str("sub", md_str_sub(MD_LIT("abcdef"), 2, 3), "cde");
    md_want_str("beyond the end", md_str_sub(MD_LIT("abc"), 2, SIZE_MAX), "c");
    md_want_str("from beyond", md_str_from(MD_LIT("abc"), 9), "");
    md_want_str("trim", md_str_trim(MD_LIT(" \t\r\n a b \r\n")), "a b");
    md_want_str("only blanks", md_str_trim(MD_LIT("  ")), "");
    md_want_str("right", md_str_trim_right(MD_LIT(" a ")), " a");
}

/* Joins what a cursor gives with '|', so a case is one text. */
static void takes_lines(void **state)
{
    struct md_arena *arena = *state;
    static const struct {
        const char *says;
        struct md_str in;
        const char *want;
    } cases[] = {
        {"LF and CR LF end a line", {"a\nb\r\nc\n", 7}, "a|b|c|"},
        {"the last line may lack its end", {"a\nb", 3}, "a|b|"},
        {"empty lines are lines", {"\n\n", 2}, "||"},
        {"nothing has no line", {"", 0}, ""},
        {"a CR within stays", {"a\rb\n", 4}, "a\rb|"},
        {"a CR at the very end goes", {"a\r", 2}, "a|"},
        {"only CR LF", {"\r\n", 2}, "|"},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_str rest = cases[i].in, line;
        char *got = md_arena_cstr(arena, MD_LIT(""));

        while (md_str_next_line(&rest, &line))
            got = md_arena_printf(arena, "%s%.*s|", got, MD_STR_ARG(line));
        md_test_case(i, cases[i].says);
        md_want_cstr("lines", got, cases[i].want);
    }
}

static void takes_parts(void **state)
{
    struct md_arena *arena = *state;
    static const struct {
        const char *says, *in, *want_parts, *want_words;
    } cases[] = {
        {"n separators give n + 1 parts", "a,b,,c", "a|b||c|", "a,b,,c|"},
        {"a separator at the end", "a,", "a||", "a,|"},
        {"the empty text is one part and no word", "", "|", ""},
        {"blanks and tabs around words", "  a\t b  ", "  a\t b  |", "a|b|"},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_str rest = md_str(cases[i].in), part;
        char *got = md_arena_cstr(arena, MD_LIT(""));

        md_test_case(i, cases[i].says);
        while (md_str_split(&rest, ',', &part))
            got = md_arena_printf(arena, "%s%.*s|", got, MD_STR_ARG(part));
        md_want_cstr("parts", got, cases[i].want_parts);

        rest = md_str(cases[i].in);
        got = md_arena_cstr(arena, MD_LIT(""));
        while (!md_str_is_empty(part = md_str_next_word(&rest)))
            got = md_arena_printf(arena, "%s%.*s|", got, MD_STR_ARG(part));
        md_want_cstr("words", got, cases[i].want_words);
    }
}

static void hashes(void **state)
{
    uint64_t seen[600];
    char text[600] = {0};

    (void)state;
    md_test_case(0, "texts that differ in length only");
    for (size_t i = 0; i < MD_ROWS(seen); i++) {
        seen[i] = md_str_hash(md_str_n(text, i));
        for (size_t j = 0; j < i; j++)
            md_want_true(seen[i] != seen[j]);
    }
    md_want_true(md_str_hash(MD_LIT("abcdefgh1")) != md_str_hash(MD_LIT("abcdefgh2")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(finds), MD_TEST(compares), MD_TEST(cuts), MD_TEST(takes_lines), MD_TEST(takes_parts), MD_TEST(hashes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
