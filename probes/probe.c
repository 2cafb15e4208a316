#include "probes/probe.h"

#include <time.h>

#include "engine/base/diag.h"
#include "engine/embedded.h"
#include "probes/msgserver/census.h"
#include "probes/msgserver/traffic.h"
#include "probes/msgserver/world.h"

#define MD_PROBE(symbol) extern const struct md_probe symbol; /* NOLINT(bugprone-macro-parentheses): a declarator */
#include "probes/probes.def"
#undef MD_PROBE

static const struct md_probe *const probes[] = {
#define MD_PROBE(symbol) &(symbol),
#include "probes/probes.def"
#undef MD_PROBE
};

size_t md_probe_count(void)
{
    return sizeof probes / sizeof *probes;
}

const struct md_probe *md_probe_at(size_t i)
{
    return probes[i];
}

struct md_origin md_origin_item(const struct md_item *item, uint32_t line)
{
    enum md_origin_kind kind = MD_ORIGIN_FILE;

    if (item->kind == MD_ITEM_LISTING || item->kind == MD_ITEM_QUEUE_TREE)
        kind = MD_ORIGIN_LISTING;
    else if (item->kind == MD_ITEM_PS || item->kind == MD_ITEM_PROC_TREE)
        kind = MD_ORIGIN_PROCESS;
    else if (item->command != NULL && line == 0)
        kind = MD_ORIGIN_COMMAND;
    return (struct md_origin){
        .kind = kind,
        .name = kind == MD_ORIGIN_COMMAND ? item->command : item->name,
        .line = line,
    };
}

static uint64_t milliseconds(void)
{
    struct timespec now;

    if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
        return 0;
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static bool is_noted(const struct md_facts *facts, const char *name)
{
    for (size_t i = 0; i < md_facts_probe_count(facts); i++)
        if (md_str_is(md_str(md_facts_probe_at(facts, i)->name), name))
            return true;
    return false;
}

/* The first message of a severity that came after the first `from` ones. */
static const char *first_message(const struct md_diags *diags, size_t from, enum md_severity severity)
{
    for (size_t i = from; i < md_diags_count(diags); i++)
        if (md_diags_at(diags, i)->severity >= severity)
            return md_diags_at(diags, i)->what;
    return NULL;
}

/* Why a probe found nothing: what it reads is not there, or is closed to this user. */
static const char *why_nothing(struct md_probe_ctx *ctx, const struct md_probe *probe)
{
    const struct md_item *const *items;
    size_t n = md_source_inventory(ctx->source, &items);

    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; probe->reads[k] != MD_ITEM_KIND_COUNT; k++)
            if (items[i]->kind == probe->reads[k] && items[i]->status == MD_NO_ACCESS)
                return md_status_says(MD_NO_ACCESS);
    return "nothing of what it reads is there";
}

static void run_one(struct md_probe_ctx *ctx, const struct md_probe *probe)
{
    struct md_probe_note note = {.name = probe->name, .cost = md_cost_name(probe->cost), .status = MD_PROBE_OK};
    size_t before = md_diags_count(ctx->diags);
    uint64_t begin = milliseconds();
    enum md_status st;

    if (ctx->interrupted != NULL && *ctx->interrupted) {
        note.status = MD_PROBE_SKIPPED;
        note.why = md_status_says(MD_INTERRUPTED);
        md_facts_note_probe(ctx->facts, &note);
        return;
    }
    st = probe->run(ctx);
    note.ms = milliseconds() - begin;
    switch (st) {
    case MD_OK:
        note.why = first_message(ctx->diags, before, MD_ERROR);
        if (note.why != NULL)
            note.status = MD_PROBE_PARTIAL;
        break;
    case MD_NOT_FOUND:
        note.status = MD_PROBE_SKIPPED;
        note.why = why_nothing(ctx, probe);
        break;
    case MD_LIMIT:
    case MD_BOMB:
    case MD_TIMEOUT:
    case MD_INTERRUPTED:
        note.status = MD_PROBE_PARTIAL;
        note.why = md_status_says(st);
        break;
    case MD_BAD_INPUT:
    case MD_NO_ACCESS:
    case MD_IO:
    case MD_UNSUPPORTED:
    case MD_END:
    case MD_PACKED:
        note.status = MD_PROBE_FAILED;
        note.why = first_message(ctx->diags, before, MD_WARNING);
        if (note.why == NULL)
            note.why = md_status_says(st);
        break;
    }
    md_facts_note_probe(ctx->facts, &note);
}

enum md_status md_probes_run(struct md_probe_ctx *ctx, enum md_cost cost)
{
    if (ctx->msgserver == NULL)
        ctx->msgserver = md_arena_alloc(ctx->arena, sizeof(*ctx->msgserver));
    for (size_t i = 0; i < md_probe_count(); i++)
        if (probes[i]->cost <= cost && !is_noted(ctx->facts, probes[i]->name))
            run_one(ctx, probes[i]);
    return ctx->interrupted != NULL && *ctx->interrupted ? MD_INTERRUPTED : MD_OK;
}

void md_probes_end(struct md_probe_ctx *ctx)
{
    if (ctx->msgserver == NULL)
        return;
    md_traffic_free(&ctx->msgserver->traffic);
    md_census_free(&ctx->msgserver->census);
}

const void *md_probe_table(struct md_probe_ctx *ctx, const char *path, md_table_fn *read)
{
    const void *table = NULL;

    for (size_t i = 0; i < ctx->n_tables; i++)
        if (md_str_is(md_str(ctx->tables[i].path), path) &&
            read(ctx->arena, path, ctx->tables[i].text, ctx->diags, &table) == MD_OK)
            return table;
    for (size_t i = 0; i < md_embedded_rules_count; i++) {
        const struct md_embedded_file *file = &md_embedded_rules[i];

        if (md_str_is(md_str(file->path), path) &&
            read(ctx->arena, path, md_str_n(file->text, file->size), ctx->diags, &table) == MD_OK)
            return table;
    }
    MD_BUG("the built-in table %s is missing or broken", path);
}
