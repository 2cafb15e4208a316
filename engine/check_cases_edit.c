/*
 * What a case changes in its base, and on which lines of the result something is expected.
 */
#include "engine/base/buf.h"
#include "engine/base/display.h"
#include "engine/check_cases_priv.h"

/* A text that was put in: bytes [from, to) of a file. */
struct put_in {
    const char *file; /* NULL: nowhere, its file was removed */
    size_t from, to;
    bool is_whole;
};

struct editing {
    struct md_arena *arena;
    struct check_edited *edited;
    struct put_in put_in[CHECK_CASE_EDITS];
    size_t n;
    const char *why;
};

static struct md_check_case_file *find_file(const struct check_edited *edited, struct md_str path)
{
    size_t i;

    for (i = 0; i < edited->n; i++)
        if (md_str_is(path, edited->files[i].path))
            return &edited->files[i];
    return NULL;
}

static bool fail(struct editing *e, const char *why)
{
    e->why = why;
    return false;
}

static struct md_str join(struct md_arena *arena, struct md_str a, struct md_str b, struct md_str c)
{
    char *text = md_arena_alloc(arena, a.n + b.n + c.n + 1);

    if (a.n > 0)
        memcpy(text, a.p, a.n);
    if (b.n > 0)
        memcpy(text + a.n, b.p, b.n);
    if (c.n > 0)
        memcpy(text + a.n + b.n, c.p, c.n);
    return md_str_n(text, a.n + b.n + c.n);
}

/* Puts `text` in the place of `old_n` bytes at `from`; what was put in before moves along. */
static void put(struct editing *e, struct md_check_case_file *file, size_t from, size_t old_n, struct md_str text)
{
    size_t i;

    for (i = 0; i < e->n; i++) {
        struct put_in *before = &e->put_in[i];

        if (before->file == NULL || strcmp(before->file, file->path) != 0 || before->from < from)
            continue;
        before->from = before->from - old_n + text.n;
        before->to = before->to - old_n + text.n;
    }
    file->text = join(e->arena, md_str_sub(file->text, 0, from), text, md_str_from(file->text, from + old_n));
    e->put_in[e->n++] = (struct put_in){file->path, from, from + text.n, false};
}

static struct md_str whole_lines(struct md_arena *arena, struct md_str text)
{
    return text.n == 0 || text.p[text.n - 1] == '\n' ? text : join(arena, text, MD_LIT("\n"), MD_LIT(""));
}

static struct md_check_case_file *add_file(struct editing *e, struct md_str path)
{
    struct check_edited *edited = e->edited;
    struct md_check_case_file *file =
        md_arena_push(e->arena, &edited->files, &edited->n, &edited->capacity, sizeof *file);

    file->path = md_arena_cstr(e->arena, path);
    return file;
}

static bool replace(struct editing *e, struct md_check_case_file *file, const struct md_node *edit)
{
    struct md_str old = md_node_text(edit, "replace"), name = md_node_text(edit, "file");
    ptrdiff_t at;

    if (file == NULL)
        return fail(e, md_arena_printf(e->arena, "the base has no file %s", md_display(e->arena, name)));
    at = old.n > 0 ? md_str_find(file->text, old) : -1;
    if (at < 0)
        return fail(
            e, md_arena_printf(e->arena, "%s does not hold \"%s\"", file->path, md_display_max(e->arena, old, 100)));
    if (md_node_get(edit, "with") == NULL)
        return fail(e, "`replace` without `with`");
    put(e, file, (size_t)at, old.n, md_node_text(edit, "with"));
    return true;
}

static bool edit_one(struct editing *e, const struct md_node *edit)
{
    struct md_str name = md_node_text(edit, "file");
    struct md_check_case_file *file = find_file(e->edited, name);

    if (e->n == CHECK_CASE_EDITS)
        return fail(e, "too many edits");
    if (name.n == 0)
        return fail(e, "an edit without `file`");
    if (md_node_get(edit, "replace") != NULL)
        return replace(e, file, edit);
    if (md_node_get(edit, "remove") != NULL) {
        if (file == NULL)
            return fail(e, md_arena_printf(e->arena, "the base has no file %s", md_display(e->arena, name)));
        *file = e->edited->files[--e->edited->n];
        e->put_in[e->n++] = (struct put_in){NULL, 0, 0, true};
        return true;
    }
    if (file == NULL)
        file = add_file(e, name);
    if (md_node_get(edit, "append") != NULL) {
        file->text = whole_lines(e->arena, file->text);
        put(e, file, file->text.n, 0, whole_lines(e->arena, md_node_text(edit, "append")));
    } else if (md_node_get(edit, "prepend") != NULL) {
        put(e, file, 0, 0, whole_lines(e->arena, md_node_text(edit, "prepend")));
    } else if (md_node_get(edit, "new") != NULL) {
        file->text = md_node_text(edit, "new");
        e->put_in[e->n++] = (struct put_in){file->path, 0, file->text.n, true};
    } else {
        return fail(e, "an edit has `replace` and `with`, `append`, `prepend`, `new` or `remove`");
    }
    return true;
}

/* ---- where ---- */

static uint32_t line_of(struct md_str text, size_t offset)
{
    uint32_t line = 1;
    size_t i;

    for (i = 0; i < offset && i < text.n; i++)
        line += text.p[i] == '\n';
    return line;
}

static void add_place(struct editing *e, const char *file, uint32_t first, uint32_t last)
{
    if (e->edited->n_places < CHECK_CASE_EDITS)
        e->edited->places[e->edited->n_places++] = (struct check_place){file, first, last};
}

static bool find_at(struct editing *e, const struct md_check_case_file *file, struct md_str at)
{
    ptrdiff_t offset = file != NULL ? md_str_find(file->text, at) : -1;

    if (offset < 0)
        return false;
    add_place(e, file->path, line_of(file->text, (size_t)offset), line_of(file->text, (size_t)offset + at.n - 1));
    return true;
}

/* `at`: the first line with that text, in the files that were edited, then in the others. */
static bool place_at(struct editing *e, struct md_str at)
{
    size_t i;

    for (i = 0; at.n > 0 && i < e->n; i++)
        if (e->put_in[i].file != NULL && find_at(e, find_file(e->edited, md_str(e->put_in[i].file)), at))
            return true;
    for (i = 0; at.n > 0 && i < e->edited->n; i++)
        if (find_at(e, &e->edited->files[i], at))
            return true;
    return fail(e, md_arena_printf(e->arena, "no file holds \"%s\" (`at`)", md_display_max(e->arena, at, 100)));
}

static void place_edits(struct editing *e)
{
    size_t i;

    for (i = 0; i < e->n; i++) {
        const struct put_in *p = &e->put_in[i];
        const struct md_check_case_file *file = p->file != NULL ? find_file(e->edited, md_str(p->file)) : NULL;

        if (file == NULL)
            add_place(e, NULL, 0, 0);
        else if (p->is_whole)
            add_place(e, p->file, 0, 0);
        else
            add_place(e, p->file, line_of(file->text, p->from),
                      line_of(file->text, p->to > p->from ? p->to - 1 : p->from));
    }
}

bool md_check_cases_edit(const struct check_base *base, const struct md_node *edit, struct md_arena *arena,
                         struct check_edited *ret, const char **ret_why)
{
    struct editing e = {.arena = arena, .edited = ret};
    const struct md_node *list = md_node_get(edit, "edits"), *one;
    bool is_right = true;
    size_t i;

    *ret = (struct check_edited){0};
    for (i = 0; i < base->config.n; i++)
        *(struct md_check_case_file *)md_arena_push(arena, &ret->files, &ret->n, &ret->capacity, sizeof *ret->files) =
            base->config.files[i];
    if (md_node_get(edit, "file") != NULL)
        is_right = edit_one(&e, edit);
    for (one = list != NULL ? list->first : NULL; one != NULL && is_right; one = one->next)
        is_right = edit_one(&e, one);
    if (is_right && md_node_get(edit, "at") != NULL)
        is_right = place_at(&e, md_node_text(edit, "at"));
    else if (is_right)
        place_edits(&e);
    *ret_why = e.why;
    return is_right;
}
