#include "probes/formats/msgserver/failure.h"

#include <string.h>

#include "probes/formats/msgserver/failure_priv.h"

#define TEXT_MAX 8192

static const struct {
    const char *name, *says;
} classes[] = {
#define MD_FAILURE_CLASS(id, name, says) {name, says},
#include "probes/formats/msgserver/failure_class.def"
#undef MD_FAILURE_CLASS
};

const char *md_failure_name(enum md_failure_class class)
{
    return class < MD_FAILURE_CLASSES ? classes[class].name : "";
}

const char *md_failure_says(enum md_failure_class class)
{
    return class < MD_FAILURE_CLASSES ? classes[class].says : "";
}

enum md_failure_class md_failure_by_name(struct md_str name)
{
    for (size_t i = 0; i < MD_FAILURE_CLASSES; i++)
        if (md_str_is(name, classes[i].name))
            return (enum md_failure_class)i;
    return MD_FAILURE_CLASSES;
}

enum md_failure_source md_failure_source_of(struct md_str channel)
{
    static const char *const process[] = {"process",        "reprocess", "conversion", "defragment",
                                          "filter_discard", "bitbucket", "bsout"};

    if (md_str_has_prefix(channel, MD_LIT("ims-ms")))
        return MD_FAILURE_STORE;
    if (md_str_has_prefix(channel, MD_LIT("tcp_lmtp")))
        return MD_FAILURE_LMTP;
    if (md_str_has_prefix(channel, MD_LIT("tcp_")))
        return MD_FAILURE_SMTP;
    for (size_t i = 0; i < sizeof process / sizeof *process; i++)
        if (md_str_has_prefix(channel, md_str(process[i])))
            return MD_FAILURE_PROCESS;
    return MD_FAILURE_OTHER_CHANNEL;
}

/* ---- codes ---- */

static bool starts_with_reply(struct md_str s)
{
    return s.n >= 3 && s.p[0] >= '2' && s.p[0] <= '5' && md_is_digit(s.p[1]) && md_is_digit(s.p[2]) &&
           (s.n == 3 || s.p[3] == ' ' || s.p[3] == '-');
}

struct md_str md_failure_answer(struct md_str text)
{
    struct md_str trimmed = md_str_trim(text);

    for (size_t i = text.n; i >= 5; i--)
        if (text.p[i - 1] == ';' &&
            (memcmp(text.p + i - 5, "smtp;", 5) == 0 || memcmp(text.p + i - 5, "lmtp;", 5) == 0))
            return md_str_trim(md_str_from(text, i));
    return starts_with_reply(trimmed) ? trimmed : (struct md_str){0};
}

/* Digits at the front of *rest, at most three. */
static bool take_number(struct md_str *rest, uint16_t *ret)
{
    size_t n = 0;
    unsigned value = 0;

    while (n < rest->n && n < 4 && md_is_digit(rest->p[n]))
        value = value * 10 + (unsigned)(rest->p[n++] - '0');
    if (n == 0 || n > 3)
        return false;
    *rest = md_str_from(*rest, n);
    *ret = (uint16_t)value;
    return true;
}

/* "5.7.1" at the front, and no longer number (an address, a version). */
static bool take_enhanced(struct md_str s, struct md_failure_codes *codes)
{
    uint16_t class, subject, detail;

    if (!take_number(&s, &class) || class < 2 || class > 5 || !md_str_skip_prefix(&s, MD_LIT(".")) ||
        !take_number(&s, &subject) || !md_str_skip_prefix(&s, MD_LIT(".")) || !take_number(&s, &detail))
        return false;
    if (s.n > 0 && (md_is_alnum(s.p[0]) || (s.p[0] == '.' && s.n > 1 && md_is_digit(s.p[1]))))
        return false;
    codes->class = (uint8_t) class;
    codes->subject = subject;
    codes->detail = detail;
    return true;
}

static struct md_failure_codes codes_of(struct md_str text, struct md_str answer)
{
    struct md_failure_codes codes = {0};

    if (answer.n == 0) {
        (void)take_enhanced(md_str_trim(text), &codes);
        return codes;
    }
    if (starts_with_reply(answer))
        codes.reply = (uint16_t)((answer.p[0] - '0') * 100 + (answer.p[1] - '0') * 10 + (answer.p[2] - '0'));
    for (size_t i = 0; i < answer.n && i < TEXT_MAX; i++) {
        const char before = i > 0 ? answer.p[i - 1] : ' ';

        if (answer.p[i] >= '4' && answer.p[i] <= '5' && i + 1 < answer.n && answer.p[i + 1] == '.' &&
            !md_is_alnum(before) && before != '.' && before != '@' && take_enhanced(md_str_from(answer, i), &codes))
            break;
    }
    return codes;
}

struct md_failure_codes md_failure_codes(struct md_str text)
{
    return codes_of(text, md_failure_answer(text));
}

static bool has_pattern(const struct md_failure_pattern *patterns, size_t n, unsigned a, unsigned b, unsigned c)
{
    for (size_t i = 0; i < n; i++)
        if ((patterns[i].part[0] == MD_FAILURE_ANY || patterns[i].part[0] == a) &&
            (patterns[i].part[1] == MD_FAILURE_ANY || patterns[i].part[1] == b) &&
            (patterns[i].part[2] == MD_FAILURE_ANY || patterns[i].part[2] == c))
            return true;
    return false;
}

static bool has_code(const struct md_failure_pattern *patterns, size_t n, const struct md_failure_codes *codes)
{
    return codes->class != 0 && has_pattern(patterns, n, codes->class, codes->subject, codes->detail);
}

static bool has_reply(const struct md_failure_pattern *patterns, size_t n, const struct md_failure_codes *codes)
{
    return codes->reply != 0 &&
           has_pattern(patterns, n, codes->reply / 100u, codes->reply / 10u % 10u, codes->reply % 10u);
}

/* ---- words ---- */

struct found {
    struct md_str text;
    bool is_answer;
    struct md_failure_set anywhere; /* in the text, but not inside a mail address */
    struct md_failure_set alone;    /* of these, those that stand alone in an answer and in no host name */
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '(' || c == ')' || c == ',' || c == '"' || c == '\'';
}

static void note(void *ctx, size_t id, size_t from, size_t until)
{
    struct found *found = ctx;
    const struct md_str text = found->text;
    const uint64_t bit = UINT64_C(1) << (id % 64);
    size_t start = from, end = until;

    /* The word of the text around it: nothing is told by addresses, and short words not by names of hosts. */
    while (start > 0 && !is_blank(text.p[start - 1]))
        start--;
    while (end < text.n && !is_blank(text.p[end]))
        end++;
    if (memchr(text.p + start, '@', end - start) != NULL)
        return;
    found->anywhere.bits[id / 64] |= bit;
    if (!found->is_answer || (from > 0 && md_is_alnum(text.p[from - 1])) ||
        (until < text.n && md_is_alnum(text.p[until])))
        return;
    for (size_t i = start + 1; i + 1 < end; i++)
        if (text.p[i] == '.' && md_is_alnum(text.p[i - 1]) && md_is_alpha(text.p[i + 1]))
            return;
    found->alone.bits[id / 64] |= bit;
}

static bool meets(const struct md_failure_set *a, const struct md_failure_set *b)
{
    uint64_t both = 0;

    for (size_t i = 0; i < MD_FAILURE_WORDS_MAX / 64; i++)
        both |= a->bits[i] & b->bits[i];
    return both != 0;
}

/* ---- rows ---- */

enum { BY_WORDS = 1, BY_CODE = 2, BY_REPLY = 4, BY_OTHER = 8 };

static bool fits(const struct md_failure_condition *condition, const struct md_failure_query *query, bool is_answer)
{
    if (condition->sources != 0 && (condition->sources & (1u << query->source)) == 0)
        return false;
    if (condition->entries != 0 &&
        (query->entry < 'A' || query->entry > 'Z' || (condition->entries & (UINT32_C(1) << (query->entry - 'A'))) == 0))
        return false;
    return condition->where == MD_FAILURE_ANYWHERE || (condition->where == MD_FAILURE_IN_ANSWER) == is_answer;
}

static bool has_file(const struct md_failure_row *row, struct md_str file)
{
    for (size_t i = 0; i < row->n_files; i++)
        if (md_str_has_suffix(file, row->files[i]))
            return true;
    return false;
}

/* How a row holds; 0: it does not. */
static unsigned how(const struct md_failure_row *row, const struct md_failure_query *query, const struct found *found,
                    const struct md_failure_codes *codes)
{
    unsigned by = 0;

    if (!fits(&row->condition, query, found->is_answer) || (row->is_unsent && !query->is_unsent))
        return 0;
    if ((row->has_texts && meets(&row->texts, &found->anywhere)) ||
        (row->has_words && meets(&row->words, &found->alone)))
        by |= BY_WORDS;
    if (has_code(row->codes, row->n_codes, codes))
        by |= BY_CODE;
    if (has_reply(row->replies, row->n_replies, codes))
        by |= BY_REPLY;
    if ((row->is_empty && found->text.n == 0) || row->is_any || (row->n_files > 0 && has_file(row, query->file)))
        by |= BY_OTHER;
    if (by == 0 || (row->has_with && !meets(&row->with, &found->anywhere)) ||
        (row->has_without && meets(&row->without, &found->anywhere)) ||
        (row->n_with_codes > 0 && !has_code(row->with_codes, row->n_with_codes, codes)) ||
        (row->n_with_replies > 0 && !has_reply(row->with_replies, row->n_with_replies, codes)))
        return 0;
    /* A code with a further condition says as much as words. */
    if (row->has_with || row->n_with_replies > 0)
        by |= BY_WORDS;
    return by;
}

static bool is_policy_group(char group)
{
    return group >= 'F' && group <= 'I';
}

/* Place of the row that decides. The last row of the table is to hold always. */
static size_t decide(const struct md_failure_table *table, const struct md_failure_query *query, struct md_str text,
                     bool is_answer, const struct md_failure_codes *codes)
{
    struct found found = {.text = md_str_sub(text, 0, TEXT_MAX), .is_answer = is_answer};
    uint8_t by[MD_FAILURE_ROWS_MAX];
    bool has_words = false, has_exact_code = false;

    md_failure_words_scan(table->words, found.text, note, &found);
    for (size_t i = 0; i < table->count; i++) {
        const struct md_failure_row *row = &table->rows[i];

        by[i] = (uint8_t)how(row, query, &found, codes);
        if (row->is_vague || by[i] == 0)
            continue;
        has_words = has_words || (is_policy_group(row->group) && (by[i] & BY_WORDS) != 0);
        has_exact_code = has_exact_code || (by[i] & BY_CODE) != 0;
    }
    for (size_t i = 0; i < table->count; i++) {
        const struct md_failure_row *row = &table->rows[i];

        if (by[i] == 0 || (row->is_vague && has_words) ||
            (is_policy_group(row->group) && by[i] == BY_REPLY && has_exact_code) ||
            (row->group == 'J' && by[i] == BY_WORDS && has_exact_code))
            continue;
        return i;
    }
    return table->count;
}

struct md_failure md_failure_classify(const struct md_failure_table *table, const struct md_failure_query *query)
{
    const struct md_str answer = md_failure_answer(query->text);
    const struct md_failure_codes codes = codes_of(query->text, answer);
    const bool is_answer = answer.n > 0;
    const struct md_str text = is_answer ? answer : md_str_trim(query->text);
    struct md_failure failure = {.class = MD_FAILURE_OTHER, .label = "", .row = "", .rank = table->count};
    const struct md_failure_row *row;
    size_t rank = decide(table, query, text, is_answer, &codes);

    /* What stands before the answer counts where the answer says nothing. */
    if (rank >= table->count || table->rows[rank].is_fallback) {
        const struct md_failure_codes none = {0};
        const struct md_str before = is_answer && answer.p > query->text.p
                                         ? md_str_n(query->text.p, (size_t)(answer.p - query->text.p))
                                         : (struct md_str){0};
        const size_t dns =
            md_str_has_prefix(before, MD_LIT("dns;")) ? before.n : (size_t)md_str_find(before, MD_LIT("dns;"));
        const struct md_str parts[2] = {query->reason, md_str_sub(before, 0, dns < before.n ? dns : 0)};

        for (size_t i = 0; i < 2; i++) {
            size_t other = parts[i].n > 0 ? decide(table, query, md_str_trim(parts[i]), false, &none) : table->count;

            if (other < rank)
                rank = other;
        }
    }
    if (rank >= table->count)
        return failure;
    row = &table->rows[rank];
    failure = (struct md_failure){
        .class = row->class, .label = row->label, .row = row->number, .lasts = row->lasts, .rank = rank};
    for (size_t i = 0; i < row->n_variants; i++)
        if (fits(&row->variants[i].condition, query, is_answer)) {
            failure.class = row->variants[i].class;
            failure.label = row->variants[i].label;
            break;
        }
    if (row->lasts_by_entry)
        failure.lasts = query->entry == 'Q' || query->entry == 'Z' || query->entry == 'W' ? MD_FAILURE_TEMPORARY
                        : codes.reply >= 400 && codes.reply < 500                         ? MD_FAILURE_TEMPORARY
                                                                                          : MD_FAILURE_PERMANENT;
    return failure;
}

/* ---- the cache ---- */

#define CACHE_SIZE 4096 /* a power of two */

struct md_failure_cache {
    struct {
        uint64_t hash;
        struct md_failure failure;
    } slots[CACHE_SIZE];
};

struct md_failure_cache *md_failure_cache_new(struct md_arena *arena)
{
    return md_arena_alloc(arena, sizeof(struct md_failure_cache));
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ (hash >> 29);
}

/* Hash of a text in which numbers and addresses are all alike. A single digit counts ("errno = 2"), and so do the
 * codes, which are hashed beside it. */
static uint64_t masked_hash(uint64_t hash, struct md_str text)
{
    size_t n = text.n < TEXT_MAX ? text.n : TEXT_MAX, i = 0;

    while (i < n) {
        size_t start = i;
        uint64_t word = UINT64_C(14695981039346656037);
        bool is_address = false;

        for (; i < n && !is_blank(text.p[i]); i++) {
            char c = text.p[i];

            if (md_is_digit(c) &&
                ((i > start && md_is_digit(text.p[i - 1])) || (i + 1 < n && md_is_digit(text.p[i + 1])))) {
                if (i > start && md_is_digit(text.p[i - 1]))
                    continue;
                c = '0';
            }
            is_address = is_address || c == '@';
            word = (word ^ (unsigned char)md_lower(c)) * UINT64_C(1099511628211);
        }
        hash = mix(hash, is_address ? '@' : word);
        if (i < n) {
            hash = mix(hash, (unsigned char)text.p[i]);
            i++;
        }
    }
    return hash;
}

struct md_failure md_failure_classify_cached(const struct md_failure_table *table, struct md_failure_cache *cache,
                                             const struct md_failure_query *query)
{
    const struct md_str answer = md_failure_answer(query->text);
    const struct md_failure_codes codes = codes_of(query->text, answer);
    uint64_t hash = mix(0, ((uint64_t)query->source << 32) | ((uint64_t)(unsigned char)query->entry << 16) |
                               ((uint64_t)query->is_unsent << 8) | (uint64_t)(answer.n > 0) |
                               ((uint64_t)md_str_has_suffix(query->file, MD_LIT(".HELD")) << 9));
    size_t slot;

    hash = mix(hash, ((uint64_t)codes.reply << 40) | ((uint64_t)codes.class << 32) | ((uint64_t)codes.subject << 16) |
                         codes.detail);
    hash = masked_hash(hash, answer.n > 0 ? answer : query->text);
    if (query->reason.n > 0)
        hash = masked_hash(hash, query->reason);
    if (answer.n > 0 && !md_str_has_prefix(query->text, MD_LIT("dns;")) && answer.p > query->text.p)
        hash = masked_hash(hash, md_str_n(query->text.p, (size_t)(answer.p - query->text.p)));
    hash |= 1; /* 0 is an empty slot */
    slot = (size_t)(hash >> 1) & (CACHE_SIZE - 1);
    if (cache->slots[slot].hash != hash) {
        cache->slots[slot].hash = hash;
        cache->slots[slot].failure = md_failure_classify(table, query);
    }
    return cache->slots[slot].failure;
}
