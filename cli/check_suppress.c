#include "cli/check_suppress.h"

#include <fnmatch.h>
#include <string.h>

#include "cli/check_suppress_priv.h"
#include "cli/until.h"
#include "engine/base/display.h"
#include "engine/base/map.h"
#include "engine/base/time.h"

static const struct md_check rules[] = {
#define MD_SUPPRESS_RULE(name, id_, title_, why_, fix_)                                                                \
    {.id = (id_), .title = (title_), .severity = MD_CHECK_WARNING, .over = "suppression", .why = (why_), .fix = (fix_)},
#include "cli/check_suppress_rules.def"
#undef MD_SUPPRESS_RULE
};

size_t md_check_suppress_rules(const struct md_check **ret)
{
    *ret = rules;
    return sizeof(rules) / sizeof(rules[0]);
}

/* One entry of the file. */
struct entry {
    struct md_str id;
    const char *glob; /* NULL: every file */
    const char *because;
    struct md_loc loc;
    bool is_used;
};

struct work {
    const struct md_check_suppress *in;
    struct md_check_suppressed *out;
    size_t findings_capacity, silenced_capacity;
    struct entry *entries;
    size_t n_entries, entries_capacity;
    struct md_check_marks marks;
};

static void complain(struct work *work, enum md_suppress_rule rule, struct md_loc loc, const char *message)
{
    struct md_check_found *found = md_arena_push(work->in->arena, &work->out->findings, &work->out->n_findings,
                                                 &work->findings_capacity, sizeof(*work->out->findings));
    *found = (struct md_check_found){
        .check = &rules[rule], .severity = MD_CHECK_WARNING, .loc = loc, .message = message, .fix = rules[rule].fix};
}

static bool is_text(const struct md_node *node)
{
    return node != NULL && node->kind == MD_NODE_SCALAR && node->text.n > 0;
}

/* NULL, or what is wrong with the form of an entry. */
static const char *wrong_form(struct md_arena *arena, const struct md_node *entry)
{
    static const char *const known[] = {"id", "file", "because", "until"};
    if (entry->kind != MD_NODE_MAP) {
        return "this is no entry {id: ..., file: ..., because: ..., until: ...}";
    }
    for (const struct md_node *child = entry->first; child != NULL; child = child->next) {
        bool is_known = false;
        for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
            is_known = is_known || md_str_is(child->key, known[i]);
        }
        if (!is_known) {
            return md_arena_printf(arena, "there is no key %s", md_display_max(arena, child->key, 60));
        }
        if (child->kind != MD_NODE_SCALAR && child->kind != MD_NODE_NULL) {
            return md_arena_printf(arena, "%s is no text", md_display_max(arena, child->key, 60));
        }
    }
    return is_text(md_node_get(entry, "id")) ? NULL : "an entry has no id";
}

static void read_entry(struct work *work, const struct md_node *node)
{
    struct md_arena *a = work->in->arena;
    const char *wrong = wrong_form(a, node);
    if (wrong != NULL) {
        complain(work, MD_SUPPRESS_MALFORMED, node->loc, wrong);
        return;
    }
    struct md_str id = md_node_text(node, "id"), until = md_node_text(node, "until");
    const char *shown = md_display_max(a, id, 60);
    int64_t end = 0;
    if (!is_text(md_node_get(node, "because"))) {
        complain(work, MD_SUPPRESS_NO_REASON, node->loc,
                 md_arena_printf(a, "the suppression of %s gives no reason, so it has no effect", shown));
    } else if (md_node_get(node, "until") != NULL && md_until_parse(until, &end) != MD_OK) {
        complain(work, MD_SUPPRESS_MALFORMED, md_node_get(node, "until")->loc,
                 md_arena_printf(a, "%s is no date such as 2026-12-31", md_display_max(a, until, 60)));
    } else if (until.n > 0 && work->in->today != MD_TIME_NONE && end < work->in->today) {
        complain(work, MD_SUPPRESS_EXPIRED, node->loc,
                 md_arena_printf(a, "the suppression of %s ended on %s", shown, md_display_max(a, until, 60)));
    } else {
        struct entry *entry =
            md_arena_push(a, &work->entries, &work->n_entries, &work->entries_capacity, sizeof(*work->entries));
        *entry = (struct entry){
            .id = id,
            .glob = is_text(md_node_get(node, "file")) ? md_arena_cstr(a, md_node_text(node, "file")) : NULL,
            .because = md_display_max(a, md_node_text(node, "because"), 300),
            .loc = node->loc};
    }
}

static void read_file(struct work *work)
{
    const struct md_node *file = work->in->file;
    const struct md_diags *problems = work->in->file_problems;
    for (size_t i = 0; problems != NULL && i < md_diags_count(problems); i++) {
        const struct md_diag *problem = md_diags_at(problems, i);
        complain(work, MD_SUPPRESS_MALFORMED, problem->loc, problem->what);
    }
    if (file == NULL || file->kind == MD_NODE_NULL) {
        return;
    }
    const struct md_node *list = md_node_get(file, "suppress");
    for (const struct md_node *child = file->first; child != NULL; child = child->next) {
        if (file->kind != MD_NODE_MAP || !md_str_is(child->key, "suppress")) {
            complain(work, MD_SUPPRESS_MALFORMED, child->loc,
                     md_arena_printf(work->in->arena, "there is no key %s",
                                     md_display_max(work->in->arena, child->key, 60)));
        }
    }
    if (file->kind != MD_NODE_MAP || (list != NULL && list->kind != MD_NODE_LIST && list->kind != MD_NODE_NULL)) {
        complain(work, MD_SUPPRESS_MALFORMED, list != NULL ? list->loc : file->loc, "suppress: is a list of entries");
        return;
    }
    for (const struct md_node *node = list == NULL ? NULL : list->first; node != NULL; node = node->next) {
        read_entry(work, node);
    }
}

static const char *below_root(const struct md_check_suppress *in, const char *file)
{
    bool is_below = in->root.n > 0 && md_str_has_prefix(md_str(file), in->root);
    return is_below ? file + in->root.n : file;
}

/* "imta.cnf" is meant wherever it is; a path only there. */
static bool fits_file(const struct md_check_suppress *in, const struct entry *entry, const char *file)
{
    if (entry->glob == NULL || file == NULL) {
        return entry->glob == NULL;
    }
    const char *path = below_root(in, file);
    const char *slash = strrchr(path, '/');
    return fnmatch(entry->glob, path, 0) == 0 ||
           (slash != NULL && strchr(entry->glob, '/') == NULL && fnmatch(entry->glob, slash + 1, 0) == 0);
}

static struct entry *entry_for(struct work *work, const struct md_check_found *found)
{
    for (size_t i = 0; i < work->n_entries; i++) {
        struct entry *entry = &work->entries[i];
        if (md_str_is(entry->id, found->check->id) && fits_file(work->in, entry, found->loc.file)) {
            return entry;
        }
    }
    return NULL;
}

static void silence(struct work *work, const struct md_check_found *found, const char *because, struct md_loc by,
                    bool is_in_source)
{
    struct md_check_silenced *silenced = md_arena_push(work->in->arena, &work->out->silenced, &work->out->n_silenced,
                                                       &work->silenced_capacity, sizeof(*work->out->silenced));
    *silenced = (struct md_check_silenced){.found = *found, .because = because, .by = by, .is_in_source = is_in_source};
}

static bool was_skipped(const struct md_check_suppress *in, struct md_str id)
{
    for (size_t i = 0; i < in->n_skipped; i++) {
        if (md_str_is(id, in->skipped[i]->id)) {
            return true;
        }
    }
    return false;
}

static bool is_read(const struct work *work, const struct entry *entry)
{
    for (size_t i = 0; i < work->in->n_names; i++) {
        if (fits_file(work->in, entry, work->in->names[i])) {
            return true;
        }
    }
    return false;
}

static void complain_unused(struct work *work, struct md_str id, struct md_loc loc)
{
    struct md_arena *a = work->in->arena;
    const char *shown = md_display_max(a, id, 60);
    if (work->in->checks != NULL && md_checks_find(work->in->checks, id) == NULL) {
        complain(work, MD_SUPPRESS_UNUSED, loc, md_arena_printf(a, "there is no check %s", shown));
    } else if (!was_skipped(work->in, id)) {
        complain(work, MD_SUPPRESS_UNUSED, loc, md_arena_printf(a, "the suppression of %s matches nothing", shown));
    }
}

static void complain_of_entries(struct work *work)
{
    for (size_t i = 0; i < work->n_entries; i++) {
        const struct entry *entry = &work->entries[i];
        if (!entry->is_used && (work->in->is_whole || (entry->glob != NULL && is_read(work, entry)))) {
            complain_unused(work, entry->id, entry->loc);
        }
    }
}

static void complain_of_marks(struct work *work)
{
    for (size_t i = 0; i < work->marks.n; i++) {
        const struct md_check_mark *mark = &work->marks.list[i];
        if (mark->wrong != NULL) {
            complain(work, mark->because == NULL ? MD_SUPPRESS_NO_REASON : MD_SUPPRESS_MALFORMED, mark->loc,
                     mark->wrong);
        }
        for (size_t k = 0; mark->wrong == NULL && k < mark->n_ids; k++) {
            if (!mark->is_used[k]) {
                complain_unused(work, mark->ids[k], mark->loc);
            }
        }
    }
}

void md_check_suppress(const struct md_check_suppress *in, struct md_check_suppressed *ret)
{
    *ret = (struct md_check_suppressed){0};
    struct work work = {.in = in, .out = ret};
    read_file(&work);
    md_check_marks_read(in, &work.marks);
    for (size_t i = 0; i < in->n_findings; i++) {
        const struct md_check_found *found = &in->findings[i];
        struct entry *entry = entry_for(&work, found);
        const struct md_check_mark *mark = md_check_marks_for(in, &work.marks, found);
        if (entry != NULL) {
            entry->is_used = true;
            silence(&work, found, entry->because, entry->loc, false);
        } else if (mark != NULL) {
            silence(&work, found, mark->because, mark->loc, true);
        } else {
            struct md_check_found *kept = md_arena_push(in->arena, &ret->findings, &ret->n_findings,
                                                        &work.findings_capacity, sizeof(*ret->findings));
            *kept = *found;
        }
    }
    complain_of_entries(&work);
    complain_of_marks(&work);
    md_check_found_sort(ret->findings, ret->n_findings);
    md_check_silenced_sort(ret->silenced, ret->n_silenced);
}
