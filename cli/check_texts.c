#include "cli/check_texts.h"

#include "engine/base/map.h"

#define TEXT_MAX UINT32_MAX /* places in it are kept in 4 bytes */

struct text {
    struct md_str bytes;
    uint32_t first_line, n_lines;
    uint32_t *starts;  /* of the lines; NULL: no index yet */
    struct text *next; /* of the same file */
};

struct md_check_texts {
    struct md_arena *arena;
    struct md_map *by_name;
};

struct md_check_texts *md_check_texts_new(struct md_arena *arena)
{
    struct md_check_texts *texts = md_arena_alloc(arena, sizeof(*texts));
    *texts = (struct md_check_texts){.arena = arena, .by_name = md_map_new(arena)};
    return texts;
}

void md_check_texts_add(struct md_check_texts *texts, const char *name, uint32_t first_line, struct md_str text)
{
    struct text *entry = md_arena_alloc(texts->arena, sizeof(*entry));
    *entry = (struct text){.bytes = md_str_sub(text, 0, TEXT_MAX - 1),
                           .first_line = first_line == 0 ? 1 : first_line,
                           .next = md_map_find(texts->by_name, 0, md_str(name))};
    md_map_set(texts->by_name, 0, md_str(name), entry);
}

static void make_index(struct md_check_texts *texts, struct text *text)
{
    uint32_t n = 0;
    for (size_t i = 0; i < text->bytes.n; i++) {
        n += text->bytes.p[i] == '\n';
    }
    text->starts = md_arena_array(texts->arena, (size_t)n + 1, sizeof(*text->starts));
    for (size_t i = 0; i < text->bytes.n; i++) {
        if (text->bytes.p[i] == '\n') {
            text->starts[++text->n_lines] = (uint32_t)i + 1;
        }
    }
    text->n_lines += text->bytes.n > text->starts[text->n_lines]; /* the last one may lack its end */
}

static struct md_str line_of(const struct text *text, uint32_t index)
{
    struct md_str rest = md_str_from(text->bytes, text->starts[index]), line = {0};
    return md_str_next_line(&rest, &line) ? line : (struct md_str){0};
}

bool md_check_texts_line(void *ctx, const char *name, uint32_t line, struct md_str *ret)
{
    struct md_check_texts *texts = ctx;
    for (struct text *t = md_map_find(texts->by_name, 0, md_str(name)); t != NULL; t = t->next) {
        if (t->starts == NULL) {
            make_index(texts, t);
        }
        if (line >= t->first_line && line - t->first_line < t->n_lines) {
            *ret = line_of(t, line - t->first_line);
            return true;
        }
    }
    return false;
}

/* The line that holds a byte. */
static uint32_t line_at(const struct text *text, size_t at)
{
    uint32_t low = 0, high = text->n_lines;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (text->starts[middle] <= at) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

uint32_t md_check_texts_find(struct md_check_texts *texts, const char *name, uint32_t from, struct md_str what)
{
    uint32_t found = 0;
    for (struct text *t = md_map_find(texts->by_name, 0, md_str(name)); t != NULL; t = t->next) {
        if (t->starts == NULL) {
            make_index(texts, t);
        }
        uint32_t skip = from > t->first_line ? from - t->first_line : 0;
        if (skip >= t->n_lines) {
            continue;
        }
        ptrdiff_t at = md_str_find(md_str_from(t->bytes, t->starts[skip]), what);
        if (at >= 0) {
            uint32_t line = t->first_line + line_at(t, t->starts[skip] + (size_t)at);
            found = found == 0 || line < found ? line : found;
        }
    }
    return found;
}
