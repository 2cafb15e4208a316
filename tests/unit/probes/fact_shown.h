/*
 * tests/unit/probes/fact_shown: a fact as one line of text, so that a table of expectations reads like a report.
 *
 *   "3"  "true"  "0.31"  "2026-11-24T08:00:00Z"  "ready"  "over-quota=3 mailbox-busy=1"  "?" (unknown)  "-" (never set)
 *   With bounds: "4 [3..5]".
 */
#ifndef TESTS_UNIT_PROBES_FACT_SHOWN_H
#define TESTS_UNIT_PROBES_FACT_SHOWN_H

#include "tests/unit/probes/probe_fixture.h"

/* An instance below the host by "scope/name", or below a channel by "channel/destination/name" ("channel/mailbox/name"). NULL: the host. */
static inline struct md_instance *md_shown_instance(struct md_probe_test *t, const char *path)
{
    struct md_str rest = md_str(path);
    struct md_str first, second, third;
    struct md_instance *root = md_facts_root(t->facts);

    if (path == NULL)
        return root;
    if (!md_str_split(&rest, '/', &first) || rest.p == NULL)
        fail_msg("no path of an instance: %s", path);
    if (md_str_is(first, "partition") || md_str_is(first, "process") || md_str_is(first, "database") ||
        md_str_is(first, "channel"))
        return md_facts_find_instance(t->facts, md_catalogue_scope(md_facts_catalogue(t->facts), first), rest, root);
    second = rest;
    (void)md_str_split(&second, '/', &third);
    root = md_facts_find_instance(t->facts, md_catalogue_scope(md_facts_catalogue(t->facts), MD_LIT("channel")), first,
                                  root);
    return root != NULL
               ? md_facts_find_instance(t->facts, md_catalogue_scope(md_facts_catalogue(t->facts), third), second, root)
               : NULL;
}

static inline const char *md_shown(struct md_probe_test *t, const char *path, const char *name)
{
    struct md_instance *at = md_shown_instance(t, path);
    const struct md_fact *fact = at != NULL ? md_fact_by_name(t->facts, at, name) : NULL;
    struct md_arena *arena = t->ctx.arena;
    const char *text = "";

    if (fact == NULL)
        return "-";
    if (!fact->is_known)
        return "?";
    switch (fact->value.type) {
    case MD_TYPE_BOOL: text = fact->value.u.b ? "true" : "false"; break;
    case MD_TYPE_COUNT: text = md_arena_printf(arena, "%llu", (unsigned long long)fact->value.u.count); break;
    case MD_TYPE_NUMBER:
    case MD_TYPE_DURATION: text = md_arena_printf(arena, "%.10g", fact->value.u.number); break;
    case MD_TYPE_TIME: text = md_time_rfc3339(arena, fact->value.u.time); break;
    case MD_TYPE_TEXT: text = md_arena_cstr(arena, fact->value.u.text); break;
    case MD_TYPE_COUNTS:
        for (size_t i = 0; i < fact->value.u.counts.n; i++)
            text = md_arena_printf(arena, "%s%s%.*s=%llu", text, i > 0 ? " " : "",
                                   MD_STR_ARG(fact->value.u.counts.items[i].name),
                                   (unsigned long long)fact->value.u.counts.items[i].count);
        break;
    case MD_TYPE_TEXTS:
    case MD_TYPE_COUNT_OF: break;
    }
    if (fact->has_bounds)
        text = md_arena_printf(arena, "%s [%.10g..%.10g]", text, fact->low, fact->high);
    return text;
}

/* Where a fact was read first: "ps:3", or "" where it has no origin. */
static inline const char *md_shown_origin(struct md_probe_test *t, const char *path, const char *name)
{
    struct md_instance *at = md_shown_instance(t, path);
    const struct md_fact *fact = at != NULL ? md_fact_by_name(t->facts, at, name) : NULL;

    if (fact == NULL || fact->n_origins == 0)
        return "";
    return md_arena_printf(t->ctx.arena, "%s:%u", fact->origins[0].name, (unsigned)fact->origins[0].line);
}

struct md_shown_row {
    const char *path, *name, *want;
};

/* Each row is one fact; the row's number and name stand in the message. */
#define md_want_shown(t, rows)                                                                                         \
    do {                                                                                                               \
        for (size_t shown = 0; shown < MD_ROWS(rows); shown++) {                                                       \
            md_test_case(shown, (rows)[shown].name);                                                                   \
            md_want_cstr((rows)[shown].path != NULL ? (rows)[shown].path : "host",                                     \
                         md_shown((t), (rows)[shown].path, (rows)[shown].name), (rows)[shown].want);                   \
        }                                                                                                              \
    } while (0)

#endif
