#include "probes/calendar/history.h"

#include "engine/base/time.h"
#include "probes/item_text.h"

/* A simple command of a line: its verb, and what it is given. */
struct simple {
    bool is_move;
    struct md_str operands;
};

/* The next command of the line that removes or moves files; false: there is none. */
static bool next_removal(struct md_str *rest, struct simple *ret)
{
    while (rest->n > 0) {
        struct md_str command, word;
        size_t n = 0;

        while (n < rest->n && strchr(";&|", rest->p[n]) == NULL)
            n++;
        command = md_str_sub(*rest, 0, n);
        *rest = md_str_from(*rest, n + 1);
        /* Behind a number of the history, a prompt, sudo. */
        for (int before = 0; before < 4 && (word = md_str_next_word(&command)).n > 0; before++) {
            ptrdiff_t slash = md_str_rfind_char(word, '/');

            word = md_str_from(word, (size_t)(slash + 1));
            ret->is_move = md_str_is(word, "mv");
            ret->operands = command;
            if (ret->is_move || md_str_is(word, "rm") || md_str_is(word, "unlink"))
                return true;
        }
    }
    return false;
}

/* "__db.*", "log.0000000041", "log.[0-9]*", but no "log.txt". Of a move the last operand is where they go. */
static bool names(const struct simple *simple, const char *prefix)
{
    struct md_str rest = simple->operands, word = md_str_next_word(&rest), next;

    for (; word.n > 0; word = next) {
        ptrdiff_t slash = md_str_rfind_char(word, '/');
        struct md_str base = md_str_from(word, (size_t)(slash + 1));

        next = md_str_next_word(&rest);
        if (simple->is_move && next.n == 0)
            return false;
        if (md_str_skip_prefix(&base, md_str(prefix)) && base.n > 0 &&
            (md_is_digit(*base.p) || strchr("*?[", *base.p) != NULL))
            return true;
    }
    return false;
}

struct seen {
    bool is_recovered, has_regions, has_logs;
    struct md_origin regions, logs;
};

static void look(struct seen *seen, struct md_str line, const struct md_item *item, uint32_t number)
{
    struct md_str rest = line;
    struct simple simple;

    if (md_str_find(line, MD_LIT("db_recover")) >= 0 || md_str_find(line, MD_LIT("csdb recover")) >= 0)
        seen->is_recovered = true;
    else if (md_str_find(line, MD_LIT("start-cal")) >= 0)
        seen->is_recovered = false;
    while (next_removal(&rest, &simple)) {
        if (!seen->has_regions && !seen->is_recovered && names(&simple, "__db.")) {
            seen->has_regions = true;
            seen->regions = md_item_origin(item, number);
        }
        if (!seen->has_logs && names(&simple, "log.")) {
            seen->has_logs = true;
            seen->logs = md_item_origin(item, number);
        }
    }
}

void md_calendar_history(struct md_probe_ctx *ctx)
{
    const struct md_item *const *items;
    size_t n = md_source_items(ctx->source, MD_ITEM_SHELL_HISTORY, &items);
    struct seen seen = {.has_logs = false};

    for (size_t i = 0; i < n; i++) {
        struct md_lines *lines;
        struct md_str line;
        uint32_t number;

        if (items[i]->command != NULL)
            look(&seen, md_str(items[i]->command), items[i], 0);
        if (items[i]->status != MD_OK || (lines = md_lines_open(ctx, items[i])) == NULL)
            continue;
        while (md_lines_next(lines, &line, &number))
            look(&seen, line, items[i], number);
        md_lines_close(&lines);
    }
    if (seen.has_regions)
        md_fact_bool(ctx->facts, md_facts_root(ctx->facts), "host.cal_regions_removed", true, &seen.regions);
    if (seen.has_logs)
        md_fact_bool(ctx->facts, md_facts_root(ctx->facts), "host.cal_logs_removed", true, &seen.logs);
}
