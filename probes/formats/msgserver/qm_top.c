#include "probes/formats/msgserver/qm_top.h"

#include <stdbool.h>

#include "engine/base/num.h"

#define COUNT_MAX UINT64_C(1000000000)

static bool is_verb(struct md_str word)
{
    ptrdiff_t slash = md_str_rfind_char(word, '/');

    word = md_str_from(word, (size_t)(slash + 1));
    return md_str_is_nocase(word, "top") || md_str_is_nocase(word, "qtop");
}

static enum md_qm_top_field field_of(struct md_str option)
{
    if (md_str_has_prefix_nocase(option, MD_LIT("-dom")))
        return MD_QM_TOP_DOMAIN_TO;
    if (md_str_is_nocase(option, "-to"))
        return MD_QM_TOP_TO;
    return md_str_is_nocase(option, "-from") || md_str_is_nocase(option, "-fro") ? MD_QM_TOP_FROM : MD_QM_TOP_NONE;
}

enum md_qm_top_field md_qm_top_command(struct md_str command, struct md_str *ret_channel)
{
    enum md_qm_top_field field = MD_QM_TOP_NONE;
    bool is_behind_verb = false;
    struct md_str word;

    *ret_channel = md_str("");
    while ((word = md_str_next_word(&command)).n > 0) {
        enum md_qm_top_field one = field_of(word);

        if (!is_behind_verb) {
            is_behind_verb = is_verb(word);
            continue;
        }
        if (strchr("|>;&", word.p[0]) != NULL)
            break;
        if (one != MD_QM_TOP_NONE && field != MD_QM_TOP_NONE)
            return MD_QM_TOP_NONE;
        if (one != MD_QM_TOP_NONE)
            field = one;
        else if (md_str_has_prefix_nocase(word, MD_LIT("-sub")) || md_str_has_prefix_nocase(word, MD_LIT("-con")))
            return MD_QM_TOP_NONE;
        else if (word.p[0] != '-')
            *ret_channel = word;
    }
    return field;
}

static struct md_str bare(struct md_str word)
{
    static const char *const pairs[] = {"\"\"", "''", "<>"};

    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (word.n >= 2 && word.p[0] == pairs[i][0] && word.p[word.n - 1] == pairs[i][1])
            return md_str_sub(word, 1, word.n - 2);
    return word;
}

size_t md_qm_top_parse(struct md_arena *arena, struct md_str text, const struct md_qm_top_row **ret)
{
    struct md_qm_top_row *rows = NULL;
    size_t n = 0, capacity = 0;
    uint32_t number = 0;
    struct md_str line;

    while (n < MD_QM_TOP_MAX && md_str_next_line(&text, &line)) {
        struct md_qm_top_row row = {.line = ++number};
        struct md_str rest = md_str_trim(line), count = md_str_next_word(&rest);

        rest = md_str_trim(rest);
        if (md_num_all_u64(count, COUNT_MAX, &row.count) != MD_OK || row.count == 0)
            continue;
        row.text = bare(rest);
        if (row.text.n == 0 || md_str_find_char(row.text, ' ') >= 0 || md_str_find_char(row.text, '\t') >= 0)
            continue;
        *(struct md_qm_top_row *)md_arena_push(arena, &rows, &n, &capacity, sizeof row) = row;
    }
    *ret = rows;
    return n;
}
