#include "probes/bundle/folded.h"

#include "probes/bundle/recognise.h"

#define WIDTH_LEAST 60
#define WIDTH_MOST 82
#define REST_LINES_MAX 40 /* of one entry */

struct reader {
    struct md_str rest, line;
    bool is_entry, is_other; /* the line begins an entry of a log; or something else, or nothing */
};

static bool next(struct reader *self)
{
    struct md_prompt prompt;
    bool is_header;

    if (!md_str_next_line(&self->rest, &self->line))
        return false;
    self->line = md_str_trim_right(self->line);
    self->is_entry = md_recognise_is_log(md_recognise_line(self->line, &is_header));
    self->is_other = !self->is_entry && (md_str_is_empty(self->line) || is_header || *self->line.p == '=' ||
                                         md_recognise_prompt(self->line, md_str(""), &prompt));
    return true;
}

static size_t first_word(struct md_str line)
{
    return md_str_next_word(&line).n;
}

struct layout {
    size_t width;            /* of the longest line of an entry that has several words */
    size_t broken, rests;    /* entries with a rest; lines that are rests */
    size_t shortest;         /* of the lines that go on in the next one */
    bool has_too_many_rests; /* for one entry */
};

/* How wide the lines of entries are. */
static void measure(struct md_str text, struct layout *ret)
{
    struct reader reader = {.rest = text};
    size_t before = 0, rests = 0;
    bool is_in_entry = false;

    *ret = (struct layout){.shortest = SIZE_MAX};
    while (next(&reader)) {
        const struct md_str line = reader.line;

        if (reader.is_entry || reader.is_other) {
            is_in_entry = reader.is_entry;
            rests = 0;
        } else if (is_in_entry) {
            ret->broken += rests == 0;
            ret->rests++;
            ret->has_too_many_rests |= ++rests > REST_LINES_MAX;
            if (before < ret->shortest)
                ret->shortest = before;
        }
        if (is_in_entry && first_word(line) < line.n && line.n > ret->width)
            ret->width = line.n;
        before = line.n;
    }
}

enum md_folded md_folded_join(struct md_arena *arena, struct md_str text, struct md_str *ret, size_t *ret_width)
{
    struct reader reader = {.rest = text};
    struct layout layout;
    struct md_str before = {"", 0};
    bool is_in_entry = false, is_cut_in_words;
    char *out;
    size_t n = 0, owed = 0; /* empty lines */

    measure(text, &layout);
    *ret_width = layout.width;
    if (layout.broken == 0 || layout.width < WIDTH_LEAST || layout.width > WIDTH_MOST)
        return MD_FOLDED_NOT;
    if (layout.has_too_many_rests)
        return MD_FOLDED_DOUBTFUL;
    /* A terminal breaks all lines in the same column, in the middle of words; a blank that stood there is lost. */
    is_cut_in_words = layout.rests >= 4 && layout.shortest + 1 >= layout.width;
    out = md_arena_alloc(arena, 2 * text.n + 2);
    while (next(&reader)) {
        const struct md_str line = reader.line;

        if (reader.is_entry || reader.is_other)
            is_in_entry = reader.is_entry;
        if (is_in_entry && !reader.is_entry) {
            if (before.n + 1 + first_word(line) <= layout.width)
                return MD_FOLDED_DOUBTFUL;
            n--; /* the end of the line before */
            if (!is_cut_in_words || before.n < layout.width)
                out[n++] = ' ';
            owed++;
        } else {
            memset(out + n, '\n', owed);
            n += owed;
            owed = 0;
        }
        memcpy(out + n, line.p, line.n);
        n += line.n;
        out[n++] = '\n';
        before = line;
    }
    memset(out + n, '\n', owed);
    *ret = md_str_n(out, n + owed);
    return MD_FOLDED_JOINED;
}
