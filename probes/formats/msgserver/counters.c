#include "probes/formats/msgserver/counters.h"

#include "engine/base/num.h"
#include "engine/base/status.h"

#define VALUE_MAX INT64_C(1000000000000000)

static const char *const names[MD_COUNTER_COUNT] = {
    [MD_COUNTER_RECEIVED] = "received",   [MD_COUNTER_STORED] = "stored",       [MD_COUNTER_DELIVERED] = "delivered",
    [MD_COUNTER_SUBMITTED] = "submitted", [MD_COUNTER_ATTEMPTED] = "attempted", [MD_COUNTER_REJECTED] = "rejected",
    [MD_COUNTER_FAILED] = "failed",
};

static bool is_heading(struct md_str line)
{
    return md_str_find_nocase(line, MD_LIT("messages")) >= 0 && md_str_find_nocase(line, MD_LIT("recipients")) >= 0;
}

/* A name in the first column with nothing behind it but perhaps a colon. */
static bool is_channel_line(struct md_str line, struct md_str *ret)
{
    struct md_str word;

    if (line.n == 0 || !md_is_alpha(line.p[0]))
        return false;
    word = md_str_next_word(&line);
    if (!md_str_is_empty(md_str_trim(line)) || word.n > 64)
        return false;
    *ret = word;
    return true;
}

static bool read_row(struct md_str line, enum md_counter *ret_counter, int64_t *ret)
{
    struct md_str word = md_str_next_word(&line);

    for (int i = 0; i < MD_COUNTER_COUNT; i++) {
        if (!md_str_is_nocase(word, names[i]))
            continue;
        *ret_counter = (enum md_counter)i;
        return md_num_all_i64(md_str_next_word(&line), -VALUE_MAX, VALUE_MAX, ret) == MD_OK;
    }
    return false;
}

void md_counters_parse(struct md_arena *arena, struct md_str text, struct md_counters *ret)
{
    struct md_counters out = {0};
    struct md_counter_channel *channels = NULL;
    size_t cap = 0;
    struct md_str line;
    uint32_t number = 0;

    while (md_str_next_line(&text, &line)) {
        struct md_str name;
        enum md_counter counter;
        int64_t value;

        number++;
        line = md_str_trim_right(line);
        if (is_heading(line)) {
            out.is_recognised = true;
        } else if (is_channel_line(line, &name)) {
            struct md_counter_channel *channel;

            if (out.n == MD_COUNTERS_MAX)
                break;
            channel = md_arena_push(arena, &channels, &out.n, &cap, sizeof *channel);
            channel->channel = name;
            channel->line = number;
        } else if (out.n > 0 && line.n > 0 && md_is_space(line.p[0]) && read_row(line, &counter, &value)) {
            struct md_counter_channel *channel = &channels[out.n - 1];

            channel->has[counter] = true;
            channel->messages[counter] = value;
            channel->lines[counter] = number;
        }
    }
    out.channels = channels;
    *ret = out;
}
