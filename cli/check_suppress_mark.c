#include <string.h>

#include "cli/check_suppress_priv.h"
#include "engine/base/display.h"

#define STATEMENT_LINES_MAX 1000

/* What follows the sign of a comment at the beginning of a line; false: it is no comment. */
static bool comment_text(struct md_str line, struct md_str *ret)
{
    struct md_str s = md_str_trim(line);
    if (md_str_skip_prefix(&s, MD_LIT("<!--"))) {
        *ret = md_str_has_suffix(s, MD_LIT("-->")) ? md_str_sub(s, 0, s.n - 3) : s;
        return true;
    }
    /* only in the first column it is one for all of the product's files */
    if (line.n == 0 || strchr("!#;", line.p[0]) == NULL || line.p[0] == '\0') {
        return false;
    }
    size_t n = 0;
    while (n < s.n && s.p[n] == line.p[0]) {
        n++;
    }
    *ret = md_str_from(s, n);
    return true;
}

static bool is_comment(struct md_str line)
{
    struct md_str text;
    return comment_text(line, &text);
}

bool md_check_mark_parse(struct md_arena *arena, struct md_str line, struct md_check_mark *ret)
{
    struct md_str s;
    *ret = (struct md_check_mark){0};
    if (!comment_text(line, &s)) {
        return false;
    }
    s = md_str_trim(s);
    if (!md_str_skip_prefix(&s, MD_LIT("mtadoctor:"))) {
        return false;
    }
    if (!md_str_is(md_str_next_word(&s), "ignore")) {
        ret->because = "";
        ret->wrong = "behind \"mtadoctor:\" stands ignore ID because ...";
        return true;
    }
    struct md_str word;
    bool has_because = false;
    while (!has_because && (word = md_str_next_word(&s)).n > 0) {
        struct md_str id;
        has_because = md_str_is(word, "because");
        while (!has_because && md_str_split(&word, ',', &id)) {
            if (id.n > 0 && ret->n_ids < MD_CHECK_MARK_IDS_MAX) {
                ret->ids[ret->n_ids++] = id;
            }
        }
    }
    s = md_str_trim(s);
    if (ret->n_ids == 0) {
        ret->because = "";
        ret->wrong = "the comment names no check";
    } else if (!has_because || s.n == 0) {
        ret->wrong = md_arena_printf(arena, "the suppression of %s gives no reason, so it has no effect",
                                     md_display_max(arena, ret->ids[0], 60));
    } else {
        ret->because = md_display_max(arena, s, 300);
    }
    return true;
}

void md_check_marks_read(const struct md_check_suppress *in, struct md_check_marks *ret)
{
    *ret = (struct md_check_marks){0};
    for (size_t i = 0; i < in->n_names && in->texts != NULL; i++) {
        const char *name = in->names[i];
        struct md_str line;
        struct md_check_mark mark;
        for (uint32_t at = 0; (at = md_check_texts_find(in->texts, name, at + 1, MD_LIT("mtadoctor:"))) != 0;) {
            if (ret->n < MD_CHECK_MARKS_MAX && md_check_texts_line(in->texts, name, at, &line) &&
                md_check_mark_parse(in->arena, line, &mark)) {
                mark.loc = (struct md_loc){.file = name, .line = at, .column = 1};
                struct md_check_mark *kept =
                    md_arena_push(in->arena, &ret->list, &ret->n, &ret->capacity, sizeof(*ret->list));
                *kept = mark;
            }
        }
    }
    if (ret->n > 0) {
        ret->places = md_map_new(in->arena);
    }
    for (size_t i = 0; i < ret->n; i++) {
        md_map_set(ret->places, ret->list[i].loc.line, md_str(ret->list[i].loc.file), &ret->list[i]);
    }
}

/* Marks in the lines right above `line`: several may stand there. */
static struct md_check_mark *mark_above(struct md_check_marks *marks, const struct md_check_found *found, uint32_t line)
{
    for (uint32_t above = line - 1; above > 0; above--) {
        struct md_check_mark *mark = md_map_find(marks->places, above, md_str(found->loc.file));
        if (mark == NULL) {
            return NULL;
        }
        for (size_t i = 0; mark->wrong == NULL && i < mark->n_ids; i++) {
            if (md_str_is(mark->ids[i], found->check->id)) {
                mark->is_used[i] = true;
                return mark;
            }
        }
    }
    return NULL;
}

/* The physical line that `line` continues, over comments in between; 0: it begins its statement. */
static uint32_t continued_from(const struct md_check_suppress *in, const char *file, uint32_t line)
{
    struct md_str text;
    for (uint32_t above = line - 1; above > 0 && line - above < STATEMENT_LINES_MAX; above--) {
        if (!md_check_texts_line(in->texts, file, above, &text)) {
            return 0;
        }
        if (!is_comment(text)) {
            return md_str_has_suffix(text, MD_LIT("\\")) ? above : 0;
        }
    }
    return 0;
}

const struct md_check_mark *md_check_marks_for(const struct md_check_suppress *in, struct md_check_marks *marks,
                                               const struct md_check_found *found)
{
    if (marks->n == 0 || found->loc.file == NULL || found->loc.line == 0) {
        return NULL;
    }
    uint32_t line = found->loc.line;
    struct md_check_mark *mark = mark_above(marks, found, line);
    for (size_t i = 0; mark == NULL && i < STATEMENT_LINES_MAX; i++) {
        line = continued_from(in, found->loc.file, line);
        if (line == 0) {
            break;
        }
        mark = mark_above(marks, found, line);
    }
    return mark;
}
