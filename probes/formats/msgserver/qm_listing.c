#include "probes/formats/msgserver/qm_listing.h"

#include "engine/base/num.h"
#include "engine/base/status.h"
#include "engine/base/time.h"
#include "probes/formats/common/clock.h"

#define COUNT_MAX UINT64_C(1000000000000)

static struct md_str without_prompt(struct md_str line)
{
    static const char *const prompts[] = {"qm.maint>", "qm maint>", "qm>"};

    for (size_t i = 0; i < sizeof prompts / sizeof *prompts; i++) {
        while (md_str_skip_prefix(&line, md_str(prompts[i]))) {
            while (line.n > 0 && line.p[0] == ' ')
                line = md_str_from(line, 1);
        }
    }
    return line;
}

static bool is_rule(struct md_str line)
{
    size_t dashes = 0;

    for (size_t i = 0; i < line.n; i++) {
        if (line.p[i] == '-' || line.p[i] == '=')
            dashes++;
        else if (!md_is_space(line.p[i]))
            return false;
    }
    return dashes >= 3;
}

struct lists {
    struct md_arena *arena;
    struct md_qm_channel *channels;
    size_t n_channels, cap_channels;
    struct md_qm_file *files;
    size_t n_files, cap_files;
};

static struct md_qm_channel *push_channel(struct lists *lists, struct md_str name, uint32_t line)
{
    struct md_qm_channel *channel;

    if (lists->n_channels == MD_QM_FILES_MAX)
        return NULL;
    channel = md_arena_push(lists->arena, &lists->channels, &lists->n_channels, &lists->cap_channels, sizeof *channel);
    channel->channel = name;
    channel->line = line;
    return channel;
}

/* "   1 ZZ0A1B200C03DEFG.00   1 04-Sep-2007 08:41:10"; size and date may be missing. */
static bool read_file(struct md_str line, struct md_qm_file *ret)
{
    struct md_qm_file file = {.local = MD_TIME_NONE};
    struct md_civil civil;
    struct md_str word, before;
    uint64_t number;

    if (md_num_all_u64(md_str_next_word(&line), COUNT_MAX, &number) != MD_OK)
        return false;
    file.name = md_str_next_word(&line);
    if (file.name.n < 4 || md_str_find_char(file.name, '.') < 0)
        return false;
    before = line;
    word = md_str_next_word(&line);
    if (md_num_all_u64(word, COUNT_MAX, &number) != MD_OK)
        line = before;
    line = md_str_trim(line);
    if (md_clock_read_stamp(&line, &civil) == MD_OK && md_time_from_civil(&civil, &file.local) != MD_OK)
        file.local = MD_TIME_NONE;
    *ret = file;
    return true;
}

void md_qm_directory_parse(struct md_arena *arena, struct md_str text, struct md_qm_listing *ret)
{
    struct md_qm_listing out = {.taken_at = MD_TIME_NONE};
    struct lists lists = {.arena = arena};
    struct md_qm_channel *channel = NULL;
    struct md_str line;
    uint32_t number = 0;

    while (md_str_next_line(&text, &line)) {
        struct md_qm_file file;
        struct md_str rest;

        number++;
        line = md_str_trim(without_prompt(line));
        rest = line;
        if (md_str_has_prefix_nocase(line, MD_LIT("data gathered from the queue"))) {
            out.is_recognised = true;
            out.is_database = md_str_find_nocase(line, MD_LIT("tree")) < 0;
        } else if (md_str_has_prefix_nocase(line, MD_LIT("data gathered from"))) {
            out.is_recognised = out.is_database = true;
        } else if (md_str_skip_prefix(&rest, MD_LIT("Channel:"))) {
            channel = push_channel(&lists, md_str_next_word(&rest), number);
            out.is_recognised = true;
        } else if (out.taken_at == MD_TIME_NONE && md_clock_read_rfc822(&rest, &out.taken_at) == MD_OK) {
            continue;
        } else if (md_str_has_prefix_nocase(line, MD_LIT("total size")) ||
                   md_str_has_prefix_nocase(line, MD_LIT("grand total"))) {
            continue;
        } else if (channel != NULL && read_file(line, &file)) {
            channel->messages++;
            out.messages++;
            file.line = number;
            file.channel = lists.n_channels - 1;
            if (lists.n_files < MD_QM_FILES_MAX)
                *(struct md_qm_file *)md_arena_push(arena, &lists.files, &lists.n_files, &lists.cap_files,
                                                    sizeof file) = file;
        }
    }
    out.channels = lists.channels;
    out.n_channels = lists.n_channels;
    out.files = lists.files;
    out.n_files = lists.n_files;
    *ret = out;
}

/* A channel's name: no more than 40 characters of those that names are made of. */
static bool is_channel_name(struct md_str word)
{
    if (word.n == 0 || word.n > 40 || !md_is_alpha(word.p[0]))
        return false;
    for (size_t i = 0; i < word.n; i++) {
        if (!md_is_alnum(word.p[i]) && md_str_find_char(MD_LIT("_-.$"), word.p[i]) < 0)
            return false;
    }
    return true;
}

void md_qm_summarize_parse(struct md_arena *arena, struct md_str text, struct md_qm_listing *ret)
{
    struct md_qm_listing out = {.taken_at = MD_TIME_NONE};
    struct lists lists = {.arena = arena};
    struct md_str line;
    uint32_t number = 0;

    while (md_str_next_line(&text, &line)) {
        struct md_qm_channel *channel;
        struct md_str rest, name, word;
        uint64_t messages;

        number++;
        rest = md_str_trim(without_prompt(line));
        if (is_rule(rest))
            continue;
        name = md_str_next_word(&rest);
        if (name.n > 0 && name.p[name.n - 1] == ':')
            name.n--;
        word = md_str_next_word(&rest);
        if (!is_channel_name(name) || md_num_all_u64(word, COUNT_MAX, &messages) != MD_OK)
            continue;
        if (md_str_is_nocase(name, "total") || md_str_is_nocase(name, "totals"))
            continue;
        channel = push_channel(&lists, name, number);
        if (channel == NULL)
            break;
        channel->messages = messages;
        channel->has_size = md_num_all_double(md_str_next_word(&rest), &channel->size) == MD_OK;
        out.messages += messages;
        out.is_recognised = true;
    }
    out.channels = lists.channels;
    out.n_channels = lists.n_channels;
    *ret = out;
}

void md_qm_history_parse(struct md_arena *arena, struct md_str text, struct md_qm_history *ret)
{
    struct md_qm_history out = {0};
    struct md_qm_attempt *attempts = NULL;
    struct md_str *files = NULL;
    size_t cap = 0, cap_files = 0;
    struct md_qm_attempt next = {.at = MD_TIME_NONE};
    struct md_str line;
    uint32_t number = 0;

    while (md_str_next_line(&text, &line)) {
        struct md_str rest;
        int64_t at;

        number++;
        line = md_str_trim(without_prompt(line));
        rest = line;
        if (md_str_skip_prefix(&rest, MD_LIT("Filename:"))) {
            next.file = md_str_trim(rest);
            next.at = MD_TIME_NONE;
            if (out.n_files < MD_QM_FILES_MAX)
                *(struct md_str *)md_arena_push(arena, &files, &out.n_files, &cap_files, sizeof next.file) = next.file;
        } else if (md_clock_read_rfc822(&rest, &at) == MD_OK) {
            next.at = at;
        } else if (line.n > 0 && next.at != MD_TIME_NONE && out.n < MD_QM_FILES_MAX) {
            next.line = number;
            next.text = line;
            *(struct md_qm_attempt *)md_arena_push(arena, &attempts, &out.n, &cap, sizeof next) = next;
            next.at = MD_TIME_NONE;
        }
    }
    out.attempts = attempts;
    out.files = files;
    *ret = out;
}

static bool is_upper_word(struct md_str s, size_t *ret_n)
{
    size_t n = 0;

    while (n < s.n && ((s.p[n] >= 'A' && s.p[n] <= 'Z') || md_is_digit(s.p[n]) || s.p[n] == '_'))
        n++;
    *ret_n = n;
    return n > 0;
}

/* "%QM-E-NOTSTOPPED, text" anywhere near the front of a line. */
static bool read_reply(struct md_str line, struct md_qm_reply *ret)
{
    struct md_qm_reply reply = {0};
    size_t n;

    line = md_str_trim(without_prompt(md_str_trim(line)));
    md_str_skip_prefix(&line, MD_LIT("%"));
    if (!is_upper_word(line, &n) || n < 2)
        return false;
    reply.facility = md_str_sub(line, 0, n);
    line = md_str_from(line, n);
    if (line.n < 4 || line.p[0] != '-' || line.p[2] != '-' || md_str_find_char(MD_LIT("SIWEF"), line.p[1]) < 0)
        return false;
    reply.severity = line.p[1];
    line = md_str_from(line, 3);
    if (!is_upper_word(line, &n))
        return false;
    reply.ident = md_str_sub(line, 0, n);
    line = md_str_from(line, n);
    if (line.n > 0 && line.p[0] != ',')
        return false;
    reply.text = md_str_trim(md_str_from(line, 1));
    *ret = reply;
    return true;
}

bool md_qm_reply_next(struct md_str *rest, uint32_t *line, struct md_qm_reply *ret)
{
    struct md_str text;

    while (md_str_next_line(rest, &text)) {
        ++*line;
        if (read_reply(text, ret)) {
            ret->line = *line;
            return true;
        }
    }
    return false;
}

/* The channel named in a text about stopping: behind "channel", else the last word of a command "qm stop X". */
static struct md_str named_channel(struct md_str text)
{
    struct md_str word;

    while ((word = md_str_next_word(&text)).n > 0) {
        struct md_str rest = text;
        struct md_str name;

        if (!md_str_is_nocase(word, "channel") && !md_str_is_nocase(word, "channel:"))
            continue;
        name = md_str_next_word(&rest);
        while (name.n > 0 && (!md_is_alnum(name.p[name.n - 1])))
            name.n--;
        while (name.n > 0 && !md_is_alnum(name.p[0]))
            name = md_str_from(name, 1);
        if (is_channel_name(name) && !md_str_is_nocase(name, "is") && !md_str_is_nocase(name, "has") &&
            !md_str_is_nocase(name, "was") && !md_str_is_nocase(name, "already"))
            return name;
    }
    return md_str_sub(text, 0, 0);
}

/* "qm stop tcp_local" or "qm.maint> stop tcp_local". */
static struct md_str channel_of_command(struct md_str line, bool *ret_stop)
{
    ptrdiff_t qm = md_str_find(line, MD_LIT("qm"));
    struct md_str rest, word;
    static const char *const verbs[] = {"stop", "start"};

    if (qm < 0)
        return md_str_sub(line, 0, 0);
    rest = md_str_from(line, (size_t)qm + 2);
    if (md_str_has_prefix(rest, MD_LIT(".maint>")) || md_str_has_prefix(rest, MD_LIT(" maint>")))
        rest = md_str_from(rest, 7);
    word = md_str_next_word(&rest);
    for (size_t i = 0; i < 2; i++) {
        if (md_str_is(word, verbs[i])) {
            *ret_stop = i == 0;
            word = md_str_next_word(&rest);
            return is_channel_name(word) && md_str_is_empty(md_str_trim(rest)) ? word : md_str_sub(line, 0, 0);
        }
    }
    return md_str_sub(line, 0, 0);
}

struct stopped {
    struct md_arena *arena;
    struct md_qm_stopped *list;
    size_t n, cap;
    struct md_str channel; /* of the present command */
    uint32_t line;
    bool is_stop, is_answered;
};

static void push_stopped(struct stopped *s, struct md_str channel, uint32_t line, bool is_stopped)
{
    struct md_qm_stopped *one;

    if (s->n == MD_QM_FILES_MAX)
        return;
    one = md_arena_push(s->arena, &s->list, &s->n, &s->cap, sizeof *one);
    one->channel = channel;
    one->line = line;
    one->is_stopped = is_stopped;
}

/* A command that nothing answered worked. */
static void close_command(struct stopped *s)
{
    if (s->channel.n > 0 && !s->is_answered)
        push_stopped(s, s->channel, s->line, s->is_stop);
    s->channel.n = 0;
}

static bool open_command(struct stopped *s, struct md_str line, uint32_t number)
{
    bool is_stop = false;
    struct md_str channel = channel_of_command(line, &is_stop);

    if (channel.n == 0)
        return false;
    close_command(s);
    s->channel = channel;
    s->line = number;
    s->is_stop = is_stop;
    s->is_answered = false;
    return true;
}

/* An answer: an error leaves the channel as it was, which is not known; words about another state win over the
 * command. */
static void read_answer(struct stopped *s, struct md_str line, uint32_t number)
{
    struct md_qm_reply reply = {.severity = 0};
    struct md_str text = read_reply(line, &reply) ? reply.text : line;
    struct md_str channel = named_channel(text);
    bool says_stopped = md_str_find_nocase(text, MD_LIT("stopped")) >= 0;
    bool says_started = md_str_find_nocase(text, MD_LIT("started")) >= 0;
    bool is_failed = reply.severity == 'E' || reply.severity == 'F' || md_str_find_nocase(text, MD_LIT("unable")) >= 0;

    if (channel.n == 0)
        channel = s->channel;
    if (is_failed) {
        s->is_answered = true;
        return;
    }
    if (channel.n == 0 || (!says_stopped && !says_started))
        return;
    s->is_answered = s->is_answered || md_str_eq(channel, s->channel);
    if (s->channel.n > 0 && md_str_eq(channel, s->channel) && !s->is_stop)
        says_stopped = false;
    if (md_str_find_nocase(text, MD_LIT("not stopped")) >= 0)
        says_stopped = false;
    push_stopped(s, channel, number, says_stopped);
}

size_t md_qm_stopped_parse(struct md_arena *arena, struct md_str command, struct md_str text,
                           const struct md_qm_stopped **ret)
{
    struct stopped s = {.arena = arena};
    struct md_str line;
    uint32_t number = 0;

    (void)open_command(&s, md_str_trim(command), 0);
    while (md_str_next_line(&text, &line)) {
        number++;
        line = md_str_trim(line);
        if (line.n > 0 && !open_command(&s, line, number))
            read_answer(&s, line, number);
    }
    close_command(&s);
    *ret = s.list;
    return s.n;
}
