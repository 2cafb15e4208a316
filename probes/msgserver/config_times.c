/*
 * Times: of configuration files against the compiled image, and of the scheduler's jobs.
 */
#include "engine/base/num.h"
#include "engine/base/time.h"
#include "probes/item_text.h"
#include "probes/msgserver/config.h"
#include "probes/msgserver/world.h"

#define IMAGE "config_data"
#define LISTING_BYTES_MAX ((uint64_t)4 << 20) /* a longer one is of the queue or the store */

static const enum md_item_kind compiled[] = {MD_ITEM_IMTA_CNF, MD_ITEM_MTA_RULES, MD_ITEM_OPTION_DAT, MD_ITEM_MAPPINGS,
                                             MD_ITEM_ALIASES};
static const char *const compiled_names[] = {"imta.cnf", "option.dat",  "mappings",
                                             "aliases",  "conversions", "internet.rules"};

struct newest {
    int64_t source, image;
    struct md_origin source_origin, image_origin;
    const struct md_item *listing;
};

static void take(int64_t mtime, struct md_origin origin, int64_t *ret, struct md_origin *ret_origin)
{
    if (mtime != MD_TIME_NONE && (*ret == MD_TIME_NONE || mtime > *ret)) {
        *ret = mtime;
        *ret_origin = origin;
    }
}

static bool take_entry(void *p, const struct md_dir_entry *entry)
{
    struct newest *newest = p;
    ptrdiff_t slash = md_str_rfind_char(entry->path, '/');
    struct md_str base = md_str_from(entry->path, (size_t)(slash + 1));

    if (entry->is_dir)
        return true;
    if (md_str_is(base, IMAGE))
        take(entry->mtime, md_origin_item(newest->listing, 0), &newest->image, &newest->image_origin);
    for (size_t i = 0; i < sizeof compiled_names / sizeof *compiled_names; i++)
        if (md_str_is(base, compiled_names[i]))
            take(entry->mtime, md_origin_item(newest->listing, 0), &newest->source, &newest->source_origin);
    return true;
}

static bool may_list_configuration(const struct md_item *item)
{
    struct md_str root = md_str(item->root);

    return item->status == MD_OK && item->size < LISTING_BYTES_MAX && md_str_find(root, MD_LIT("/queue")) < 0 &&
           md_str_find(root, MD_LIT("/store")) < 0;
}

void md_config_set_times(struct md_probe_ctx *ctx)
{
    struct md_instance *root = md_facts_root(ctx->facts);
    struct newest newest = {.source = MD_TIME_NONE, .image = MD_TIME_NONE};
    const struct md_item *const *items;
    size_t n;

    for (size_t k = 0; k < sizeof compiled / sizeof *compiled; k++) {
        n = md_source_items(ctx->source, compiled[k], &items);
        for (size_t i = 0; i < n; i++)
            take(items[i]->mtime, md_origin_item(items[i], 0), &newest.source, &newest.source_origin);
    }
    n = md_source_items(ctx->source, MD_ITEM_CONFIG_IMAGE, &items);
    for (size_t i = 0; i < n; i++)
        take(items[i]->mtime, md_origin_item(items[i], 0), &newest.image, &newest.image_origin);
    n = md_source_items(ctx->source, MD_ITEM_LISTING, &items);
    for (size_t i = 0; i < n; i++) {
        enum md_status st;

        newest.listing = items[i];
        if (!may_list_configuration(items[i]))
            continue;
        /* Whoever walks it for its own sake reports its lines. */
        st = md_source_walk(ctx->source, items[i], NULL, take_entry, &newest);
        if (st < 0)
            md_diags_add(ctx->diags, MD_WARNING, (struct md_loc){.file = items[i]->name}, "cannot be read: %s",
                         md_status_says(st));
    }

    if (newest.source == MD_TIME_NONE) {
        md_fact_unknown(ctx->facts, root, "host.config_changed",
                        "the source does not tell when configuration files were changed");
        md_fact_unknown(ctx->facts, root, "host.config_newer_by_s",
                        "the source does not tell when configuration files were changed");
        return;
    }
    md_fact_time(ctx->facts, root, "host.config_changed", newest.source, &newest.source_origin);
    if (newest.image == MD_TIME_NONE) {
        md_fact_unknown(ctx->facts, root, "host.config_newer_by_s",
                        "the source does not tell when the configuration was compiled");
    } else {
        double by = newest.source > newest.image ? (double)(newest.source - newest.image) / (double)MD_SECOND : 0;
        struct md_fact *fact = md_fact_duration(ctx->facts, root, "host.config_newer_by_s", by, &newest.source_origin);

        md_fact_origin(ctx->facts, fact, &newest.image_origin);
    }
}

/* One field of a crontab: "*", "5", "1-5", "0,30", "*" with "/10". Marks what it names of 0..max-1. */
static bool read_field(struct md_str field, unsigned max, bool *marks)
{
    struct md_str part;

    while (md_str_split(&field, ',', &part)) {
        uint64_t from = 0, to = max - 1, step = 1;

        if (!md_str_skip_prefix(&part, MD_LIT("*"))) {
            if (md_num_u64(&part, max - 1, &from) < 0)
                return false;
            to = from;
            if (md_str_skip_prefix(&part, MD_LIT("-")) && md_num_u64(&part, max - 1, &to) < 0)
                return false;
        }
        if (md_str_skip_prefix(&part, MD_LIT("/")) && (md_num_u64(&part, max, &step) < 0 || step == 0))
            return false;
        if (part.n > 0)
            return false;
        for (uint64_t i = from; i <= to; i += step)
            marks[i] = true;
    }
    return true;
}

size_t md_crontab_minutes(struct md_str line, int *ret, size_t max)
{
    bool minutes[60] = {false}, hours[24] = {false};
    size_t n = 0;

    if (!read_field(md_str_next_word(&line), 60, minutes) || !read_field(md_str_next_word(&line), 24, hours))
        return 0;
    for (int h = 0; h < 24; h++)
        for (int m = 0; m < 60; m++)
            if (hours[h] && minutes[m] && n < max)
                ret[n++] = h * 60 + m;
    return n;
}
