#include "cli/check_diff.h"

#include "engine/base/buf.h"
#include "engine/base/map.h"

#define DIGITS_MAX 9

struct range {
    uint32_t first, count;
};

struct file {
    bool is_whole;
    struct range *ranges;
    size_t n, capacity;
};

struct md_check_diff {
    struct md_arena *arena;
    struct md_map *files;
};

static struct file *file_of(struct md_check_diff *diff, struct md_str name)
{
    struct file *file = md_map_find(diff->files, 0, name);
    if (file == NULL) {
        file = md_arena_alloc(diff->arena, sizeof(*file));
        md_map_set(diff->files, 0, name, file);
    }
    return file;
}

/* The escapes of C in which git writes what is no plain ASCII. */
static struct md_str unquoted(struct md_arena *arena, struct md_str s)
{
    static const char letters[] = "abtnvfr\"\\", bytes[] = "\a\b\t\n\v\f\r\"\\";
    struct md_buf b = {0};
    for (size_t i = 1; i < s.n && s.p[i] != '"'; i++) {
        char c = s.p[i];
        if (c == '\\' && i + 1 < s.n) {
            c = s.p[++i];
            const char *letter = memchr(letters, c, sizeof(letters) - 1);
            if (letter != NULL) {
                c = bytes[letter - letters];
            } else if (c >= '0' && c <= '3' && i + 2 < s.n) {
                c = (char)(unsigned char)(((s.p[i] - '0') & 3) << 6 | ((s.p[i + 1] - '0') & 7) << 3 |
                                          ((s.p[i + 2] - '0') & 7));
                i += 2;
            }
        }
        md_buf_add(&b, md_str_n(&c, 1));
    }
    struct md_str out = md_arena_str(arena, md_str_n(b.p, b.n));
    md_buf_free(&b);
    return out;
}

/* Name behind "--- " or "+++ "; false: /dev/null. */
static bool read_name(struct md_arena *arena, struct md_str s, struct md_str *ret)
{
    if (s.n > 0 && s.p[0] == '"') {
        s = unquoted(arena, s);
    } else {
        /* git puts a tab behind a name with blanks */
        ptrdiff_t tab = md_str_find_char(s, '\t');
        s = tab >= 0 ? md_str_sub(s, 0, (size_t)tab) : s;
    }
    if (md_str_is(s, "/dev/null") || s.n < 3 || s.p[1] != '/') {
        return false;
    }
    *ret = md_str_from(s, 2);
    return true;
}

static bool read_number(struct md_str *s, uint32_t *ret)
{
    uint32_t value = 0;
    size_t n = 0;
    for (; n < s->n && md_is_digit(s->p[n]); n++) {
        if (n >= DIGITS_MAX) {
            return false;
        }
        value = value * 10 + (uint32_t)(s->p[n] - '0');
    }
    *s = md_str_from(*s, n);
    *ret = value;
    return n > 0;
}

/* "12" or "12,3" */
static bool read_range(struct md_str *s, struct range *ret)
{
    ret->count = 1;
    return read_number(s, &ret->first) && (!md_str_skip_prefix(s, MD_LIT(",")) || read_number(s, &ret->count));
}

/* "@@ -12,3 +12,4 @@ ..." */
static bool read_hunk(struct md_str s, struct range *ret_old, struct range *ret_new)
{
    return md_str_skip_prefix(&s, MD_LIT("@@ -")) && read_range(&s, ret_old) && md_str_skip_prefix(&s, MD_LIT(" +")) &&
           read_range(&s, ret_new) && md_str_has_prefix(s, MD_LIT(" @@"));
}

struct md_check_diff *md_check_diff_parse(struct md_arena *arena, struct md_str text, struct md_str folder)
{
    struct md_check_diff *diff = md_arena_alloc(arena, sizeof(*diff));
    *diff = (struct md_check_diff){.arena = arena, .files = md_map_new(arena)};
    struct file *file = NULL;
    struct md_str line, old = {0};
    uint64_t body = 0; /* lines of the hunk still to come: they may look like anything */
    while (md_str_next_line(&text, &line)) {
        struct range before, after;
        if (body > 0 && line.n > 0 && (line.p[0] == '+' || line.p[0] == '-' || line.p[0] == ' ')) {
            body--;
        } else if (md_str_has_prefix(line, MD_LIT("diff "))) {
            file = NULL;
            body = 0;
            old = (struct md_str){0};
        } else if (md_str_skip_prefix(&line, MD_LIT("--- "))) {
            if (!read_name(arena, line, &old)) {
                old = (struct md_str){0};
            }
        } else if (md_str_skip_prefix(&line, MD_LIT("+++ "))) {
            struct md_str name = old;
            (void)read_name(arena, line, &name);
            file = md_str_skip_prefix(&name, folder) && name.n > 0 ? file_of(diff, name) : NULL;
        } else if (file != NULL && read_hunk(line, &before, &after)) {
            body = (uint64_t)before.count + after.count;
            if (after.count > 0) {
                struct range *range =
                    md_arena_push(arena, &file->ranges, &file->n, &file->capacity, sizeof(*file->ranges));
                *range = after;
            }
        }
    }
    return diff;
}

void md_check_diff_add_whole(struct md_check_diff *diff, struct md_str file)
{
    file_of(diff, file)->is_whole = true;
}

bool md_check_diff_has(const struct md_check_diff *diff, struct md_str name, uint32_t line)
{
    const struct file *file = md_map_find(diff->files, 0, name);
    if (file == NULL || file->is_whole || line == 0) {
        return file != NULL;
    }
    /* git gives the hunks in order */
    size_t low = 0, high = file->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (file->ranges[middle].first <= line) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low > 0 && line - file->ranges[low - 1].first < file->ranges[low - 1].count;
}

size_t md_check_diff_count(const struct md_check_diff *diff)
{
    return md_map_count(diff->files);
}
