#include "probes/formats/msgserver/store_out.h"

#include "engine/base/num.h"
#include "engine/base/time.h"
#include "probes/formats/common/clock.h"

#define WORDS_MAX 16
#define COUNT_MAX UINT64_C(1000000000000000)

struct words {
    struct md_str list[WORDS_MAX];
    size_t n;
};

static void split_words(struct md_str line, struct words *ret)
{
    ret->n = 0;
    while (ret->n < WORDS_MAX) {
        struct md_str word = md_str_next_word(&line);

        if (word.n == 0)
            return;
        ret->list[ret->n++] = word;
    }
}

static bool is_number(struct md_str word)
{
    double value;

    return md_num_all_double(word, &value) == MD_OK;
}

static bool is_pct(struct md_str word, double *ret)
{
    return word.n > 1 && word.p[word.n - 1] == '%' &&
           md_num_all_double(md_str_sub(word, 0, word.n - 1), ret) == MD_OK && *ret >= 0;
}

/* A name of a user: no number, no rule, no word of a heading. */
static bool is_user(struct md_str word)
{
    static const char *const not_users[] = {"quota",    "user", "users", "domain", "domains", "size(K)", "diskquota",
                                            "msgquota", "msgs", "name",  "no",     "#",       "=",       "%"};

    if (word.n == 0 || word.n > 256 || !(md_is_alnum(word.p[0]) || (unsigned char)word.p[0] >= 0x80) ||
        is_number(word) || word.p[word.n - 1] == '%' || word.p[word.n - 1] == ':')
        return false;
    for (size_t i = 0; i < sizeof not_users / sizeof *not_users; i++) {
        if (md_str_is_nocase(word, not_users[i]))
            return false;
    }
    return true;
}

size_t md_quota_parse(struct md_arena *arena, struct md_str text, const struct md_quota_row **ret, size_t *ret_without)
{
    struct md_quota_row *rows = NULL;
    size_t n = 0, cap = 0, without = 0;
    uint32_t number = 0;
    struct md_str line;

    while (md_str_next_line(&text, &line) && n < MD_STORE_ROWS_MAX) {
        struct md_quota_row row = {0};
        struct words words;
        bool has_pct = false, is_without;

        number++;
        split_words(line, &words);
        if (words.n < 2)
            continue;
        is_without = md_str_find_nocase(line, MD_LIT("no quota")) >= 0;
        for (size_t i = 0; i < words.n && !has_pct; i++)
            has_pct = is_pct(words.list[i], &row.pct);
        /* The user stands at the end in some versions, in front in others. */
        if (is_user(words.list[words.n - 1]))
            row.user = words.list[words.n - 1];
        else if (is_user(words.list[0]))
            row.user = words.list[0];
        if (row.user.n == 0)
            continue;
        if (!has_pct && !is_without && words.n == 4 && md_str_eq(row.user, words.list[0]) && is_number(words.list[1]) &&
            is_number(words.list[2])) {
            /* user, quota, size, percent without its sign */
            has_pct = md_num_all_double(words.list[3], &row.pct) == MD_OK && row.pct >= 0;
        }
        if (!has_pct) {
            without += is_without;
            continue;
        }
        row.line = number;
        *(struct md_quota_row *)md_arena_push(arena, &rows, &n, &cap, sizeof row) = row;
    }
    *ret = rows;
    *ret_without = without;
    return n;
}

static bool is_address(struct md_str word)
{
    size_t separators = 0;

    for (size_t i = 0; i < word.n; i++) {
        if (word.p[i] == '.' || word.p[i] == ':')
            separators++;
        else if (!md_is_alnum(word.p[i]) && word.p[i] != '[' && word.p[i] != ']' && word.p[i] != '%')
            return false;
    }
    return separators >= 2;
}

size_t md_sessions_parse(struct md_arena *arena, struct md_str text, const struct md_session_row **ret)
{
    struct md_session_row *rows = NULL;
    size_t n = 0, cap = 0;
    uint32_t number = 0;
    struct md_str line;

    while (md_str_next_line(&text, &line) && n < MD_STORE_ROWS_MAX) {
        struct md_session_row row = {.local = MD_TIME_NONE};
        struct md_civil civil;
        struct words words;
        struct md_str date;

        number++;
        split_words(line, &words);
        if (words.n < 3)
            continue;
        date = words.list[1];
        if (md_clock_read_stamp(&date, &civil) != MD_OK || date.n != 0 || !is_address(words.list[2]))
            continue;
        row.user = words.list[0];
        row.from = words.list[2];
        row.line = number;
        if (md_time_from_civil(&civil, &row.local) != MD_OK)
            row.local = MD_TIME_NONE;
        *(struct md_session_row *)md_arena_push(arena, &rows, &n, &cap, sizeof row) = row;
    }
    *ret = rows;
    return n;
}

static struct md_str user_of(struct md_str mailbox)
{
    struct md_str user;

    if (!md_str_skip_prefix(&mailbox, MD_LIT("user/")) || !md_str_split(&mailbox, '/', &user))
        return md_str_sub(mailbox, 0, 0);
    return user;
}

size_t md_folders_parse(struct md_arena *arena, struct md_str text, const struct md_folder_row **ret)
{
    struct md_folder_row *rows = NULL;
    size_t n = 0, cap = 0;
    uint32_t number = 0, name_line = 0;
    struct md_str line, name = {NULL, 0};

    while (md_str_next_line(&text, &line) && n < MD_STORE_ROWS_MAX) {
        struct md_folder_row row = {0};
        struct words words;

        number++;
        line = md_str_trim(line);
        /* imcheck -m: "Name: user/jdoe", later "Partition: primary" */
        if (md_str_skip_prefix(&line, MD_LIT("Name:"))) {
            name = md_str_trim(line);
            name_line = number;
            continue;
        }
        if (name.n > 0 && md_str_skip_prefix(&line, MD_LIT("Partition:"))) {
            row.mailbox = name;
            row.partition = md_str_trim(line);
            row.line = name_line;
            name.n = 0;
        } else {
            split_words(line, &words);
            if (words.n < 4 || !md_str_has_prefix(words.list[words.n - 1], MD_LIT("user/")) ||
                !is_number(words.list[0]))
                continue;
            row.mailbox = words.list[words.n - 1];
            row.line = number;
            /* The partition is the only plain word before the mailbox; dates and figures begin with a digit or a
             * dash. */
            for (size_t i = 1; i + 1 < words.n && row.partition.n == 0; i++) {
                if (md_is_alpha(words.list[i].p[0]) && !md_str_is_nocase(words.list[i], "none") &&
                    md_month_from_name(words.list[i]) == 0)
                    row.partition = words.list[i];
            }
        }
        row.user = user_of(row.mailbox);
        if (row.user.n == 0 || row.partition.n == 0)
            continue;
        *(struct md_folder_row *)md_arena_push(arena, &rows, &n, &cap, sizeof row) = row;
    }
    *ret = rows;
    return n;
}

static bool has(struct md_str text, const char *what)
{
    return md_str_find_nocase(text, md_str(what)) >= 0;
}

/* "(97%)" in a line. */
static bool read_pct(struct md_str line, double *ret)
{
    ptrdiff_t close = md_str_find(line, MD_LIT("%"));
    size_t from;

    if (close <= 0)
        return false;
    for (from = (size_t)close; from > 0 && (md_is_digit(line.p[from - 1]) || line.p[from - 1] == '.'); from--)
        continue;
    return md_num_all_double(md_str_sub(line, from, (size_t)close - from), ret) == MD_OK && *ret <= 100;
}

/* The number of a statistic: in front of the words, or behind a colon or an equals sign. */
static bool read_stat(struct md_str line, uint64_t *ret)
{
    struct md_str rest = line;
    struct md_str word = md_str_next_word(&rest);
    ptrdiff_t at;

    if (md_num_u64(&word, COUNT_MAX, ret) == MD_OK)
        return true;
    at = md_str_rfind_char(line, ':');
    if (at < 0)
        at = md_str_rfind_char(line, '=');
    if (at < 0)
        return false;
    rest = md_str_trim(md_str_from(line, (size_t)at + 1));
    return md_num_u64(&rest, COUNT_MAX, ret) == MD_OK;
}

enum md_status md_db_stats_parse(struct md_str text, struct md_db_stats *ret)
{
    struct md_db_stats out = {0};
    uint32_t number = 0;
    struct md_str line;

    while (md_str_next_line(&text, &line)) {
        uint64_t value;

        number++;
        line = md_str_trim(line);
        if (!out.has_cache_hit && has(line, "found in the cache") && !has(line, "not found") &&
            read_pct(line, &out.cache_hit_pct)) {
            out.has_cache_hit = true;
            out.cache_hit_line = number;
        }
        if (!read_stat(line, &value))
            continue;
        if (!out.has_deadlocks && has(line, "deadlock") && !has(line, "detector") && !has(line, "timeout")) {
            out.has_deadlocks = true;
            out.deadlocks = value;
            out.deadlocks_line = number;
        } else if (has(line, "lock") &&
                   (has(line, "for which we waited") || has(line, "lock waits") || has(line, "lock conflicts") ||
                    has(line, "not immediately available") || has(line, "not available due to conflicts"))) {
            /* Waits for rows, objects and partitions come on lines of their own; region waits are short and of no
             * interest. */
            if (has(line, "region") || has(line, "did not wait"))
                continue;
            if (!out.has_lock_waits)
                out.lock_waits_line = number;
            out.has_lock_waits = true;
            out.lock_waits += value;
        } else if (!out.has_log_files && has(line, "log files") && !has(line, "size")) {
            out.has_log_files = true;
            out.log_files = value;
            out.log_files_line = number;
        }
    }
    if (!out.has_deadlocks && !out.has_lock_waits && !out.has_cache_hit && !out.has_log_files)
        return MD_NOT_FOUND;
    *ret = out;
    return MD_OK;
}

enum md_status md_state_file_parse(struct md_str text, struct md_state_file *ret)
{
    struct md_state_file out = {0};
    struct md_str rest = md_str_sub(text, 0, 4096);
    struct md_str word;

    while (rest.n > 0 && md_is_space(rest.p[0]))
        rest = md_str_from(rest, 1);
    if (md_num_u64(&rest, UINT32_MAX, &out.pid) != MD_OK || (rest.n > 0 && !md_is_space(rest.p[0])))
        return MD_BAD_INPUT;
    while (rest.n > 0 && md_is_space(rest.p[0]))
        rest = md_str_from(rest, 1);
    for (word = md_str_sub(rest, 0, 0); word.n < rest.n && md_is_alpha(rest.p[word.n]);)
        word.n++;
    out.state = word;
    *ret = out;
    return MD_OK;
}
