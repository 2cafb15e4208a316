#include "probes/formats/msgserver/nslog.h"

#include <stddef.h>

#include "engine/base/num.h"
#include "engine/base/time.h"
#include "probes/formats/common/clock.h"

#define PID_MAX 4294967295u

static enum md_nslog_level level_by_name(struct md_str word)
{
    static const struct {
        const char *name;
        enum md_nslog_level level;
    } levels[] = {
        {"Notice", MD_NSLOG_NOTICE},      {"Information", MD_NSLOG_INFORMATION}, {"Error", MD_NSLOG_ERROR},
        {"Warning", MD_NSLOG_WARNING},    {"Critical", MD_NSLOG_CRITICAL},       {"Debug", MD_NSLOG_DEBUG},
        {"Emergency", MD_NSLOG_CRITICAL}, {"Alert", MD_NSLOG_CRITICAL},          {"Info", MD_NSLOG_INFORMATION},
    };

    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        if (md_str_is_nocase(word, levels[i].name))
            return levels[i].level;
    }
    return MD_NSLOG_OTHER;
}

/* "[30/Aug/2006:17:05:05 -0400]", or without the brackets. */
static bool read_stamp(struct md_str *rest, int64_t *ret_local, bool *ret_has_offset, int32_t *ret_offset)
{
    struct md_str s = *rest;
    struct md_civil civil;
    bool is_open = md_str_skip_prefix(&s, MD_LIT("["));

    if (md_clock_read_stamp(&s, &civil) != MD_OK || md_time_from_civil(&civil, ret_local) != MD_OK)
        return false;
    *ret_has_offset = false;
    if (s.n > 1 && s.p[0] == ' ') {
        struct md_str zone = md_str_from(s, 1);

        if (md_clock_read_offset(&zone, ret_offset) == MD_OK) {
            *ret_has_offset = true;
            s = zone;
        }
    }
    if (is_open && !md_str_skip_prefix(&s, MD_LIT("]")))
        return false;
    *rest = s;
    return true;
}

enum md_status md_nslog_parse(struct md_str line, struct md_nslog_line *ret)
{
    struct md_nslog_line event = {0};
    struct md_str rest = line;
    struct md_str word, after;
    ptrdiff_t open, colon;

    if (!read_stamp(&rest, &event.local, &event.has_offset, &event.offset_s))
        return MD_BAD_INPUT;
    event.host = md_str_next_word(&rest);
    word = md_str_next_word(&rest);
    open = md_str_rfind_char(word, '[');
    if (open <= 0 || md_str_is_empty(event.host))
        return MD_BAD_INPUT;
    event.process = md_str_sub(word, 0, (size_t)open);
    word = md_str_from(word, (size_t)open + 1);
    if (md_num_u64(&word, PID_MAX, &event.pid) != MD_OK || word.n < 2 || word.p[0] != ']' || word.p[1] != ':')
        return MD_BAD_INPUT;
    /* "Category Level: text"; where the two words are not there the rest is text. */
    rest = md_str_trim(rest);
    event.text = rest;
    colon = md_str_find_char(rest, ':');
    if (colon > 0) {
        word = md_str_sub(rest, 0, (size_t)colon);
        after = word;
        event.category = md_str_next_word(&after);
        after = md_str_trim(after);
        event.level = level_by_name(after);
        if (event.level != MD_NSLOG_OTHER)
            event.text = md_str_trim(md_str_from(rest, (size_t)colon + 1));
        else if (after.n == 0 || md_str_find_char(after, ' ') >= 0 || !md_str_is_nocase(after, "Nolog"))
            event.category.n = 0;
    }
    *ret = event;
    return MD_OK;
}

static bool has(struct md_str text, const char *what)
{
    return md_str_find_nocase(text, md_str(what)) >= 0;
}

enum md_nslog_life md_nslog_life(struct md_str text)
{
    if (md_str_has_suffix(text, MD_LIT("starting up")))
        return MD_NSLOG_LIFE_START;
    if (md_str_has_suffix(text, MD_LIT("shutting down")))
        return MD_NSLOG_LIFE_END;
    if (md_str_has_prefix(text, MD_LIT("Log created (")))
        return MD_NSLOG_LIFE_LOG_CREATED;
    /* Some services say a little more behind it. */
    if (has(text, "messaging server") && has(text, " starting up"))
        return MD_NSLOG_LIFE_START;
    if (has(text, "messaging server") && has(text, " shutting down"))
        return MD_NSLOG_LIFE_END;
    return MD_NSLOG_LIFE_NONE;
}

/* The run of characters of a name at the front. */
static struct md_str read_name(struct md_str s)
{
    size_t n = 0;

    while (n < s.n &&
           (md_is_alnum(s.p[n]) || md_str_find_char(MD_LIT("._-+@&="), s.p[n]) >= 0 || (unsigned char)s.p[n] >= 0x80))
        n++;
    while (n > 0 && s.p[n - 1] == '.')
        n--;
    return md_str_sub(s, 0, n);
}

struct md_str md_nslog_user(struct md_str text)
{
    struct md_str rest = text;
    ptrdiff_t at;

    while ((at = md_str_find(rest, MD_LIT("user/"))) >= 0) {
        struct md_str name = read_name(md_str_from(rest, (size_t)at + 5));
        bool is_word = at == 0 || !(md_is_alnum(rest.p[at - 1]) || rest.p[at - 1] == '/' || rest.p[at - 1] == '=');

        if (is_word && name.n > 0)
            return name;
        rest = md_str_from(rest, (size_t)at + 5);
    }
    /* In a path of the store: ".../=user/1a/2b/=jdoe/..." */
    at = md_str_find(text, MD_LIT("=user/"));
    if (at >= 0) {
        rest = md_str_from(text, (size_t)at + 6);
        at = md_str_find(rest, MD_LIT("/="));
        if (at >= 0)
            return read_name(md_str_from(rest, (size_t)at + 2));
    }
    return md_str_sub(text, 0, 0);
}

struct md_str md_nslog_partition(struct md_str text)
{
    static const char *const words[] = {"/partition/", "partition "};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        ptrdiff_t at = md_str_find_nocase(text, md_str(words[i]));
        struct md_str rest, name;

        if (at < 0)
            continue;
        rest = md_str_from(text, (size_t)at + md_str(words[i]).n);
        if (rest.n > 0 && (rest.p[0] == '\'' || rest.p[0] == '"' || rest.p[0] == '`'))
            rest = md_str_from(rest, 1);
        name = read_name(rest);
        if (name.n > 0 && !md_str_is(name, "is") && !md_str_is(name, "disk") && !md_str_is(name, "in"))
            return name;
    }
    return md_str_sub(text, 0, 0);
}

/* The first number behind `rest`; 0 where there is none. */
static uint64_t first_number(struct md_str rest)
{
    uint64_t value;

    while (rest.n > 0 && !md_is_digit(rest.p[0]))
        rest = md_str_from(rest, 1);
    return md_num_u64(&rest, PID_MAX, &value) == MD_OK ? value : 0;
}

/* A name in quotes, ASCII or typographic, or bare. */
static struct md_str read_quoted(struct md_str s)
{
    size_t from = 0, until;

    while (from < s.n && !md_is_alpha(s.p[from]))
        from++;
    for (until = from; until < s.n && (md_is_alnum(s.p[until]) || s.p[until] == '_' || s.p[until] == '-'); until++)
        continue;
    return md_str_sub(s, from, until - from);
}

void md_watcher_parse(struct md_str line, struct md_watcher_line *ret)
{
    struct md_watcher_line out = {0};
    struct md_str text = line;
    ptrdiff_t at;

    text = md_str_trim(text);
    out.has_time = read_stamp(&text, &out.local, &out.has_offset, &out.offset_s);
    if ((at = md_str_find_nocase(text, MD_LIT("watcher process "))) >= 0 && has(text, "started at")) {
        struct md_str date = md_str_from(text, (size_t)md_str_find_nocase(text, MD_LIT("started at")) + 10);
        struct md_civil civil;

        out.kind = MD_WATCHER_BEGIN;
        out.program = MD_LIT("watcher");
        out.pid = first_number(md_str_from(text, (size_t)at));
        date = md_str_trim(date);
        if (!out.has_time && md_clock_read_ctime(&date, &civil, NULL) == MD_OK)
            out.has_time = md_time_from_civil(&civil, &out.local) == MD_OK;
    } else if ((at = md_str_find_nocase(text, MD_LIT("watched "))) >= 0 && (has(text, "exited") || has(text, "died"))) {
        out.kind = MD_WATCHER_EXIT;
        out.program = read_quoted(md_str_from(text, (size_t)at + 8));
        at = md_str_find_nocase(text, MD_LIT("process "));
        if (at >= 0)
            out.pid = first_number(md_str_from(text, (size_t)at));
    } else if (has(text, "giving up") || has(text, "not be restarted") || has(text, "too many failures") ||
               has(text, "too many restarts")) {
        out.kind = MD_WATCHER_GIVE_UP;
    } else if ((at = md_str_find_nocase(text, MD_LIT("request to restart:"))) >= 0) {
        out.kind = MD_WATCHER_REQUEST;
        out.program = md_str_trim(md_str_from(text, (size_t)at + 19));
    } else if (md_str_has_prefix_nocase(text, MD_LIT("starting ")) && has(text, "server")) {
        out.kind = MD_WATCHER_START;
        out.program = read_quoted(md_str_from(text, 9));
        out.pid = first_number(md_str_from(text, 9));
    } else if (md_str_has_prefix_nocase(text, MD_LIT("stopping ")) && has(text, "server")) {
        out.kind = MD_WATCHER_STOP;
        out.program = read_quoted(md_str_from(text, 9));
        out.pid = first_number(md_str_from(text, 9));
    } else if (has(text, "server is not running")) {
        out.kind = MD_WATCHER_DOWN;
        out.program = read_quoted(text);
    } else if (has(text, "exited abnormally") || has(text, "core dumped")) {
        out.kind = MD_WATCHER_EXIT;
        out.program = read_quoted(text);
        out.pid = first_number(text);
    }
    *ret = out;
}
