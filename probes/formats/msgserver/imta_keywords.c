/*
 * Keywords with their arguments, and which of them hold in the end.
 */
#include "engine/base/num.h"
#include "engine/base/time.h"
#include "probes/formats/msgserver/imta_cnf.h"

static bool is_int(struct md_str s)
{
    int64_t value;

    return md_num_all_i64(s, INT64_MIN, INT64_MAX, &value) == MD_OK;
}

static bool is_ip(struct md_str s)
{
    bool has_digit = false;

    for (size_t i = 0; i < s.n; i++) {
        if (!md_is_digit(s.p[i]) && s.p[i] != '.' && s.p[i] != ':' &&
            !(md_lower(s.p[i]) >= 'a' && md_lower(s.p[i]) <= 'f'))
            return false;
        has_digit |= md_is_digit(s.p[i]);
    }
    return has_digit && (md_str_find_char(s, '.') >= 0 || md_str_find_char(s, ':') >= 0);
}

static bool is_duration(struct md_str s)
{
    double seconds;

    return s.n > 0 && md_lower(s.p[0]) == 'p' && md_duration_parse(s, &seconds) == MD_OK;
}

/* Whether a word has the form of one more argument, where that is what decides. */
static bool fits(enum md_keyword_args args, struct md_str word)
{
    switch (args) {
    case MD_ARGS_INT: return is_int(word);
    case MD_ARGS_IP: return is_ip(word);
    case MD_ARGS_DURATION: return is_duration(word);
    case MD_ARGS_HOST: return md_str_find_char(word, '.') >= 0;
    case MD_ARGS_WORD:
    case MD_ARGS_CHANNEL:
    case MD_ARGS_TEXT: return true;
    case MD_ARGS_NONE:
    case MD_ARGS_COUNT: break;
    }
    return false;
}

/* A word that the keyword needs but that is a keyword itself was not meant as its argument. */
static bool is_argument(const struct md_keywords *keywords, const struct md_keyword *def,
                        const struct md_imta_word *word, size_t have)
{
    bool is_keyword = !word->is_quoted && md_keywords_find(keywords, word->text) != NULL;

    if (have < def->args_min)
        return !is_keyword || (fits(def->args, word->text) && def->args == MD_ARGS_INT);
    return !is_keyword && fits(def->args, word->text);
}

void md_imta_keywords_read(struct md_arena *arena, const struct md_keywords *keywords, const struct md_imta_word *words,
                           size_t n, struct md_imta_block *block)
{
    size_t at = 0;

    while (at < n) {
        struct md_imta_keyword *keyword =
            md_arena_push(arena, &block->keywords, &block->n_keywords, &block->keywords_capacity, sizeof *keyword);
        const struct md_keyword *def = words[at].is_quoted ? NULL : md_keywords_find(keywords, words[at].text);

        keyword->name = words[at].text;
        keyword->loc = words[at].loc;
        keyword->def = def;
        at++;
        if (def == NULL)
            continue;
        keyword->args = words + at;
        while (at < n && keyword->n_args < def->args_max && is_argument(keywords, def, &words[at], keyword->n_args)) {
            keyword->n_args++;
            at++;
        }
        keyword->is_short = keyword->n_args < def->args_min;
    }
}

size_t md_imta_keywords_settle(const struct md_imta_keyword **list, size_t n)
{
    size_t kept = n; /* list[kept..n) stays, in order; all distinct, so it is short */

    for (size_t i = n; i-- > 0;) {
        bool is_replaced = list[i]->def == NULL || n - kept >= MD_IMTA_EFFECTIVE_MAX;

        for (size_t k = kept; k < n && !is_replaced; k++)
            is_replaced = md_keyword_replaces(list[k]->def, list[i]->def);
        if (!is_replaced)
            list[--kept] = list[i];
    }
    for (size_t k = kept; k < n; k++)
        list[k - kept] = list[k];
    return n - kept;
}

void md_imta_effective_init(struct md_imta_effective *it, const struct md_imta_cnf *cnf)
{
    *it = (struct md_imta_effective){.cnf = cnf};
}

/* The defaults so far and then the block's own keywords, settled. */
static size_t merge(const struct md_imta_effective *it, struct md_arena *arena, const struct md_imta_block *block,
                    const struct md_imta_keyword ***ret)
{
    const struct md_imta_keyword **list;
    size_t n = 0;

    list = md_arena_array(arena, it->n_defaults + block->n_keywords + 1, sizeof(struct md_imta_keyword *));
    for (size_t k = 0; k < it->n_defaults; k++)
        list[n++] = it->defaults[k];
    for (size_t k = 0; k < block->n_keywords; k++)
        list[n++] = &block->keywords[k];
    *ret = list;
    return md_imta_keywords_settle(list, n);
}

bool md_imta_effective_next(struct md_imta_effective *it, struct md_arena *arena,
                            const struct md_imta_block **ret_block, const struct md_imta_keyword ***ret_list,
                            size_t *ret_n)
{
    while (it->next < it->cnf->n_blocks) {
        const struct md_imta_block *block = &it->cnf->blocks[it->next++];
        const struct md_imta_keyword **list;
        size_t n;

        switch (block->kind) {
        case MD_IMTA_CHANNEL:
            *ret_block = block;
            *ret_n = merge(it, arena, block, ret_list);
            return true;
        case MD_IMTA_NODEFAULTS: it->n_defaults = 0; break;
        case MD_IMTA_DEFAULTS:
            n = merge(it, arena, block, &list);
            for (size_t k = 0; k < n; k++)
                it->defaults[k] = list[k];
            it->n_defaults = n;
            break;
        }
    }
    return false;
}
