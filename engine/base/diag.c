#include "engine/base/diag.h"

#include <stdio.h>
#include <string.h>

#include "engine/base/display.h"

#define TEXT_MAX 1000
#define SLOTS 1024 /* a power of two, more than twice MD_DIAGS_MAX */

struct md_diags {
    struct md_arena *arena;
    struct md_diag list[MD_DIAGS_MAX];
    struct md_str raw[MD_DIAGS_MAX]; /* the texts as they were given, to compare with */
    size_t count;
    uint64_t dropped;
    uint16_t slots[SLOTS]; /* index + 1 into list by hash of file and text, probed linearly */
};

struct md_diags *md_diags_new(struct md_arena *arena)
{
    struct md_diags *diags = md_arena_alloc(arena, sizeof *diags);

    diags->arena = arena;
    return diags;
}

static bool is_same(const struct md_diags *diags, size_t i, const char *file, struct md_str text)
{
    return md_str_eq(diags->raw[i], text) && md_str_eq(md_str(diags->list[i].loc.file), md_str(file));
}

/* The slot of this file and text, or the empty one where it belongs. */
static uint16_t *find_slot(struct md_diags *diags, const char *file, struct md_str text)
{
    size_t at = (size_t)(md_str_hash(text) ^ md_str_hash(md_str(file))) % SLOTS;

    while (diags->slots[at] != 0 && !is_same(diags, diags->slots[at] - 1U, file, text))
        at = (at + 1) % SLOTS;
    return &diags->slots[at];
}

void md_diags_add(struct md_diags *diags, enum md_severity severity, struct md_loc loc, const char *fmt, ...)
{
    char buffer[TEXT_MAX + 1];
    struct md_diag *diag;
    struct md_str text;
    uint16_t *slot;
    va_list args;
    int n;

    va_start(args, fmt);
    n = vsnprintf(buffer, sizeof buffer, fmt, args);
    va_end(args);
    if (n < 0)
        MD_BUG("format \"%s\" cannot be printed", fmt);
    text = md_str_n(buffer, (size_t)n < TEXT_MAX ? (size_t)n : TEXT_MAX);

    slot = find_slot(diags, loc.file, text);
    if (*slot != 0) {
        diag = &diags->list[*slot - 1];
        diag->count++;
        if (severity > diag->severity)
            diag->severity = severity;
        return;
    }
    if (diags->count == MD_DIAGS_MAX) {
        diags->dropped++;
        return;
    }
    diags->raw[diags->count] = md_arena_str(diags->arena, text);
    diag = &diags->list[diags->count++];
    *slot = (uint16_t)diags->count;
    diag->severity = severity;
    diag->loc = loc;
    if (loc.file != NULL) /* it may belong to a source that ends before the report is made */
        diag->loc.file = md_arena_cstr(diags->arena, md_str(loc.file));
    diag->what = md_display_max(diags->arena, text, TEXT_MAX);
    diag->count = 1;
}

void md_diags_take(struct md_diags *diags, const struct md_diag *from, const char *file)
{
    struct md_loc loc = from->loc;
    uint16_t *slot;

    loc.file = file;
    md_diags_add(diags, from->severity, loc, "%s", from->what);
    slot = find_slot(diags, file, md_str(from->what));
    if (*slot != 0)
        diags->list[*slot - 1].count += from->count - 1;
}

size_t md_diags_count(const struct md_diags *diags)
{
    return diags->count;
}

size_t md_diags_count_at_least(const struct md_diags *diags, enum md_severity severity)
{
    size_t i, n = 0;

    for (i = 0; i < diags->count; i++)
        n += diags->list[i].severity >= severity;
    return n;
}

const struct md_diag *md_diags_at(const struct md_diags *diags, size_t i)
{
    if (i >= diags->count)
        MD_BUG("diagnostic %zu of %zu", i, diags->count);
    return &diags->list[i];
}

uint64_t md_diags_dropped(const struct md_diags *diags)
{
    return diags->dropped;
}
