#include "probes/formats/system/listing.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/arena.h"
#include "probes/formats/system/listing_line.h"

enum bad_reason { BAD_FORM, BAD_LENGTH, BAD_DATE, BAD_FOLDER, BAD_REASONS };

struct text {
    size_t n;
    char p[MD_LISTING_PATH_MAX];
};

struct md_listing {
    struct md_listing_options options;
    md_listing_fn *fn;
    void *ctx;
    struct md_listing_clock clock;

    uint32_t line_number;
    bool is_overlong;    /* of the line being collected: the rest of it is skipped */
    bool is_after_empty; /* the line before was empty, or there was none */
    bool is_structured;  /* lines with sizes or modes came: bare words are no paths then */
    bool is_stopped;

    uint64_t entries;
    uint64_t bad[BAD_REASONS];
    uint32_t first_bad[BAD_REASONS];

    size_t line_n;
    char line[MD_LISTING_LINE_MAX];
    struct text root;
    struct text folder; /* of the last header */
    bool has_folder;
    struct text path; /* of the entry being given */
    struct text unescaped;
    struct text pending; /* a bare path that waits for the next line, which may lie below it */
    uint32_t pending_line;
};

static struct md_str text_str(const struct text *t)
{
    return md_str_n(t->p, t->n);
}

static bool text_set(struct text *t, struct md_str s)
{
    if (s.n > sizeof(t->p))
        return false;
    if (s.n > 0)
        memmove(t->p, s.p, s.n);
    t->n = s.n;
    return true;
}

static bool text_join(struct text *t, struct md_str folder, struct md_str name)
{
    if (folder.n + 1 + name.n > sizeof(t->p) || !text_set(t, folder))
        return false;
    t->p[t->n++] = '/';
    memcpy(t->p + t->n, name.p, name.n);
    t->n += name.n;
    return true;
}

static struct md_str without_slashes(struct md_str s)
{
    while (s.n > 0 && s.p[s.n - 1] == '/')
        s.n--;
    return s;
}

struct md_listing *md_listing_new(const struct md_listing_options *options, md_listing_fn *fn, void *ctx)
{
    struct md_listing *l = md_xcalloc(1, sizeof *l);

    l->options = *options;
    l->fn = fn;
    l->ctx = ctx;
    l->clock.reference = options->reference;
    l->clock.zone = options->zone != NULL ? options->zone : md_zone_utc();
    l->line_number = options->first_line > 0 ? options->first_line : 1;
    l->is_after_empty = true;
    (void)text_set(&l->root, without_slashes(options->root));
    l->options.root = text_str(&l->root);
    return l;
}

void md_listing_free(struct md_listing **listing)
{
    free(*listing);
    *listing = NULL;
}

uint64_t md_listing_entries(const struct md_listing *listing)
{
    return listing->entries;
}

uint64_t md_listing_bad_lines(const struct md_listing *listing)
{
    return listing->bad[BAD_FORM] + listing->bad[BAD_LENGTH];
}

static void note_bad(struct md_listing *l, enum bad_reason reason)
{
    if (l->bad[reason]++ == 0)
        l->first_bad[reason] = l->line_number;
}

/* ---- paths ---- */

static struct md_str without_start(struct md_str path)
{
    for (;;) {
        if (path.n > 0 && path.p[0] == '/')
            path = md_str_from(path, 1);
        else if (path.n > 1 && path.p[0] == '.' && path.p[1] == '/')
            path = md_str_from(path, 2);
        else
            return path;
    }
}

/* "queue/hold" under the root "/var/opt/SUNWmsgsr/queue": ls was called in the folder above. */
static bool begins_with_base(struct md_str root, struct md_str path)
{
    struct md_str base = md_str_from(root, (size_t)(md_str_rfind_char(root, '/') + 1));

    return base.n > 0 && md_str_has_prefix(path, base) && (path.n == base.n || path.p[base.n] == '/');
}

/* As the header says: relative to the root, or without the first '/'. Empty: the root itself. */
static struct md_str relative(const struct md_listing *l, struct md_str path, bool is_below_header)
{
    struct md_str root = l->options.root;

    path = without_slashes(path);
    if (root.n > 0 && md_str_has_prefix(path, root) && (path.n == root.n || path.p[root.n] == '/'))
        return without_start(md_str_from(path, root.n));
    if (path.n == 1 && path.p[0] == '.')
        return md_str_n(path.p, 0);
    if (path.n > 0 && path.p[0] != '/' && is_below_header && begins_with_base(root, path))
        return without_start(md_str_from(path, root.n - (size_t)(md_str_rfind_char(root, '/') + 1)));
    return without_start(path);
}

static void give(struct md_listing *l, struct md_str path, struct md_listing_entry *entry, bool is_below_header)
{
    if (path.n > 1 && path.p[path.n - 1] == '/')
        entry->is_dir = true;
    entry->path = relative(l, path, is_below_header);
    if (entry->path.n == 0 || l->is_stopped)
        return;
    if (!l->fn(l->ctx, entry))
        l->is_stopped = true;
}

/* ---- bare paths ---- */

static bool has_no_dot(struct md_str path)
{
    struct md_str base = md_str_from(path, (size_t)(md_str_rfind_char(path, '/') + 1));

    return md_str_find_char(base, '.') < 0;
}

static void give_pending(struct md_listing *l, struct md_str next)
{
    struct md_str path = without_slashes(text_str(&l->pending));
    struct md_listing_entry entry = {.mtime = MD_TIME_NONE, .line = l->pending_line};

    if (l->pending.n == 0)
        return;
    entry.is_dir = has_no_dot(path) || (md_str_has_prefix(next, path) && next.n > path.n && next.p[path.n] == '/');
    l->entries++;
    give(l, text_str(&l->pending), &entry, l->has_folder);
    l->pending.n = 0;
}

/* Below a header any name, else only what looks like a path. */
static bool is_bare_path(const struct md_listing *l, struct md_str line)
{
    bool has_blank = md_str_find_char(line, ' ') >= 0;

    if (l->is_structured || line.n > MD_LISTING_PATH_MAX / 2)
        return false;
    for (size_t i = 0; i < line.n; i++)
        if ((unsigned char)line.p[i] < 0x20 || line.p[i] == 0x7f)
            return false;
    if (line.p[0] == '/' || md_str_has_prefix(line, MD_LIT("./")))
        return true;
    if (has_blank)
        return false;
    return l->has_folder || md_str_find_char(line, '/') > 0;
}

static void take_bare_path(struct md_listing *l, struct md_str line)
{
    bool is_joined = l->has_folder && md_str_find_char(line, '/') < 0;

    if (!(is_joined ? text_join(&l->path, text_str(&l->folder), line) : text_set(&l->path, line))) {
        note_bad(l, BAD_LENGTH);
        return;
    }
    give_pending(l, text_str(&l->path));
    (void)text_set(&l->pending, text_str(&l->path));
    l->pending_line = l->line_number;
}

/* ---- lines ---- */

static void take_header(struct md_listing *l, struct md_str folder)
{
    struct md_listing_entry entry = {.is_dir = true, .mtime = MD_TIME_NONE, .line = l->line_number};

    folder = folder.n > 1 ? without_slashes(folder) : folder;
    give_pending(l, folder);
    if (!text_set(&l->folder, folder)) {
        note_bad(l, BAD_LENGTH);
        return;
    }
    l->has_folder = true;
    give(l, folder, &entry, true);
}

static void take_entry(struct md_listing *l, const struct md_listing_line *line)
{
    struct md_listing_entry entry = {.is_dir = line->is_dir,
                                     .has_size = line->has_size,
                                     .size = line->size,
                                     .mtime = line->mtime,
                                     .has_mode = line->has_mode,
                                     .mode = line->mode & 07777,
                                     .owner = line->owner,
                                     .line = l->line_number};
    struct md_str path = md_listing_unescape(line->escape, line->path, l->unescaped.p, sizeof(l->unescaped.p));
    bool is_joined = line->form == MD_LISTING_LS && l->has_folder && md_str_find_char(without_slashes(path), '/') < 0;

    l->is_structured = true;
    give_pending(l, MD_LIT(""));
    if (line->form == MD_LISTING_LS && (md_str_is(path, ".") || md_str_is(path, "..")))
        return;
    if (!(is_joined ? text_join(&l->path, text_str(&l->folder), path) : text_set(&l->path, path))) {
        note_bad(l, BAD_LENGTH);
        return;
    }
    if (line->mtime == MD_TIME_NONE && line->form != MD_LISTING_TSV)
        note_bad(l, BAD_DATE);
    l->entries++;
    give(l, text_str(&l->path), &entry, is_joined);
}

static void take_line(struct md_listing *l, struct md_str line)
{
    struct md_listing_line parsed;
    struct md_str folder;
    bool is_after_empty = l->is_after_empty;

    if (line.n > 0 && line.p[line.n - 1] == '\r')
        line.n--;
    l->is_after_empty = line.n == 0;
    if (line.n == 0)
        return;
    md_listing_line_parse(&l->clock, line, &parsed);
    if (parsed.form != MD_LISTING_NONE) {
        take_entry(l, &parsed);
        return;
    }
    if (md_listing_is_total(line)) {
        l->is_structured = true;
        return;
    }
    if (md_listing_is_error(line)) {
        note_bad(l, BAD_FOLDER);
        return;
    }
    folder = md_listing_header(line, is_after_empty);
    if (folder.n > 0) {
        take_header(l, folder);
        return;
    }
    if (md_listing_is_command(line, &folder)) {
        l->is_after_empty = true;
        if (folder.n > 0)
            take_header(l, folder);
        return;
    }
    if (is_bare_path(l, line)) {
        take_bare_path(l, line);
        return;
    }
    note_bad(l, BAD_FORM);
}

static void end_line(struct md_listing *l, struct md_str line)
{
    if (l->is_overlong || line.n > MD_LISTING_LINE_MAX) {
        note_bad(l, BAD_LENGTH);
        l->is_after_empty = false;
    } else {
        take_line(l, line);
    }
    l->is_overlong = false;
    l->line_n = 0;
    if (l->line_number < UINT32_MAX)
        l->line_number++;
}

enum md_status md_listing_feed(struct md_listing *listing, const char *bytes, size_t n)
{
    while (n > 0 && !listing->is_stopped) {
        const char *lf = memchr(bytes, '\n', n);
        size_t part = lf != NULL ? (size_t)(lf - bytes) : n;

        if (lf != NULL && listing->line_n == 0) {
            end_line(listing, md_str_n(bytes, part));
        } else {
            if (listing->line_n + part > sizeof(listing->line)) {
                listing->is_overlong = true;
            } else if (!listing->is_overlong) {
                memcpy(listing->line + listing->line_n, bytes, part);
                listing->line_n += part;
            }
            if (lf != NULL)
                end_line(listing, md_str_n(listing->line, listing->line_n));
        }
        bytes += lf != NULL ? part + 1 : part;
        n -= lf != NULL ? part + 1 : part;
    }
    return listing->is_stopped ? MD_INTERRUPTED : MD_OK;
}

static void report(struct md_listing *l, enum bad_reason reason, enum md_severity severity, const char *says)
{
    const struct md_loc loc = {.file = l->options.name, .line = l->first_bad[reason]};

    if (l->bad[reason] > 0 && l->options.diags != NULL)
        md_diags_add(l->options.diags, severity, loc, "%" PRIu64 " line%s of this listing %s", l->bad[reason],
                     l->bad[reason] == 1 ? "" : "s", says);
}

enum md_status md_listing_end(struct md_listing *listing)
{
    if (!listing->is_stopped && (listing->line_n > 0 || listing->is_overlong))
        end_line(listing, md_str_n(listing->line, listing->line_n));
    give_pending(listing, MD_LIT(""));
    report(listing, BAD_FORM, MD_WARNING, "could not be understood and did not count");
    report(listing, BAD_LENGTH, MD_WARNING, "had an impossible length and did not count");
    report(listing, BAD_DATE, MD_NOTE, "had a date that could not be understood: their ages are not known");
    report(listing, BAD_FOLDER, MD_WARNING,
           "said that a folder or file could not be read: the counts are lower bounds");
    return listing->is_stopped ? MD_INTERRUPTED : MD_OK;
}
