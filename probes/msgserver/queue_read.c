#include "probes/msgserver/queue_read.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/arena.h"
#include "probes/formats/msgserver/queue_name.h"
#include "probes/item_text.h"
#include "probes/msgserver/mta_config.h"
#include "probes/msgserver/world.h"

#define PATH_LONGEST 8192
#define TYPICAL_UNIQUE 9  /* least length of a unique part in a listing of we do not know what */
#define SHOWS_QUEUE_MIN 1 /* such files make a listing one of a queue */

enum place {
    PLACE_QUEUE,    /* the root is the queue */
    PLACE_BELOW,    /* the root is a channel or a folder in one */
    PLACE_ANYWHERE, /* not known: each path must say it */
};

struct candidate {
    const struct md_item *item;
    size_t order;   /* in the source */
    bool is_second; /* of folder and listing, the one that is less to be trusted */
    enum place place;
    struct md_str prefix; /* PLACE_BELOW: the root below the queue */
    bool is_listed_whole;
    bool is_named_after_channel; /* it does not say what it lists, but its name has a channel */
};

/* One listing being counted. */
struct feed {
    const struct candidate *candidate;
    struct md_census *census;
    uint64_t shows;    /* entries that only a queue has */
    bool is_wider;     /* it lists more than what lies below its root */
    uint64_t nameless; /* message files whose channel is not said */
    char path[PATH_LONGEST];
};

/* ---- where a listing lies ---- */

static struct md_str without_slash(struct md_str s)
{
    while (s.n > 1 && s.p[s.n - 1] == '/')
        s.n--;
    return s;
}

/* What is below `folder` in `path`; false: it is not below it. */
static bool below(struct md_str path, struct md_str folder, struct md_str *ret)
{
    if (folder.n == 0 || !md_str_has_prefix(path, folder) || path.n <= folder.n || path.p[folder.n] != '/')
        return false;
    *ret = md_str_from(path, folder.n + 1);
    return true;
}

/* What follows the last "queue/" that is a whole component. */
static bool below_any_queue(struct md_str path, struct md_str *ret)
{
    const struct md_str name = MD_LIT("queue/");
    struct md_str rest = path;
    bool is_found = false;
    ptrdiff_t at;

    while ((at = md_str_find(rest, name)) >= 0) {
        bool is_component = (rest.p == path.p && at == 0) || rest.p[at - 1] == '/';

        rest = md_str_from(rest, (size_t)at + name.n);
        if (is_component) {
            *ret = rest;
            is_found = true;
        }
    }
    return is_found;
}

/* A channel whose name stands in the name of the item ("ls-tcp_local.txt"), for a listing that does not say. */
static struct md_str channel_in_name(const struct md_probe_ctx *ctx, const struct md_item *item)
{
    static const char *const usual[] = {"tcp_local", "tcp_intranet", "ims-ms", "reprocess", "conversion", "hold"};
    const struct md_mta_config *config = ctx->msgserver->config;
    struct md_str base = md_str(item->base), best = {0};

    for (size_t i = 0; config != NULL && i < config->n_channels; i++)
        if (config->channels[i].name.n > 1 && config->channels[i].name.n > best.n &&
            md_str_find(base, config->channels[i].name) >= 0)
            best = config->channels[i].name;
    for (size_t i = 0; best.n == 0 && i < sizeof usual / sizeof *usual; i++)
        if (md_str_find(base, md_str(usual[i])) >= 0)
            best = md_str(usual[i]);
    return best;
}

static void place(const struct md_probe_ctx *ctx, struct candidate *c)
{
    struct md_str root = without_slash(md_str(c->item->root)), queue = without_slash(ctx->msgserver->queue_root);

    c->place = PLACE_QUEUE;
    if (c->item->kind == MD_ITEM_QUEUE_TREE)
        return;
    if (root.n > 0 && (md_str_eq(root, queue) || md_str_is(root, "queue") || md_str_has_suffix(root, MD_LIT("/queue"))))
        return;
    c->place = PLACE_BELOW;
    if (below(root, queue, &c->prefix) || below_any_queue(root, &c->prefix))
        return;
    c->place = PLACE_ANYWHERE;
    c->prefix = root.n == 0 ? channel_in_name(ctx, c->item) : root;
    c->is_named_after_channel = root.n == 0 && c->prefix.n > 0;
}

/* ---- counting one listing ---- */

static bool is_typical(struct md_str name)
{
    struct md_queue_name parsed;

    return md_queue_name_parse(name, &parsed) && name.p[0] >= 'T' && name.p[0] <= 'Z' &&
           parsed.unique.n >= TYPICAL_UNIQUE &&
           (parsed.is_held || (md_is_digit(parsed.extension.p[0]) && md_is_digit(parsed.extension.p[1])));
}

static struct md_str join(struct feed *feed, struct md_str folder, struct md_str path)
{
    if (folder.n == 0 || folder.n + 1 + path.n > sizeof feed->path)
        return path;
    memcpy(feed->path, folder.p, folder.n);
    feed->path[folder.n] = '/';
    memcpy(feed->path + folder.n + 1, path.p, path.n);
    return md_str_n(feed->path, folder.n + 1 + path.n);
}

static struct md_str base_name(struct md_str path)
{
    return md_str_from(path, (size_t)(md_str_rfind_char(path, '/') + 1));
}

/* The path below the queue of an entry of a listing of we do not know what; false: it is not of a queue. */
static bool find_place(struct feed *feed, const struct md_dir_entry *entry, struct md_str *ret)
{
    struct md_str path = join(feed, feed->candidate->prefix, entry->path);
    struct md_queue_path parsed;

    if (below_any_queue(path, ret))
        return ret->n > 0;
    if (entry->is_dir || !is_typical(base_name(path)))
        return false;
    md_queue_path_parse_any(path, &parsed);
    if (parsed.channel.n == 0) {
        feed->nameless++;
        return false;
    }
    *ret = md_str_n(parsed.channel.p, (size_t)(path.p + path.n - parsed.channel.p));
    return true;
}

static bool count(void *ctx, const struct md_dir_entry *entry)
{
    struct feed *feed = ctx;
    struct md_str path = entry->path;

    switch (feed->candidate->place) {
    case PLACE_QUEUE:
        /* A path outside the root is given whole: the queue may be reached by another way. */
        (void)below_any_queue(entry->path, &path);
        break;
    case PLACE_BELOW:
        /* find without the folder itself: its first files made one channel look like the root. */
        if (below_any_queue(entry->path, &path))
            feed->is_wider = true;
        else
            path = join(feed, feed->candidate->prefix, entry->path);
        break;
    case PLACE_ANYWHERE:
        if (!find_place(feed, entry, &path))
            return true;
        break;
    }
    if (!entry->is_dir)
        feed->shows += is_typical(base_name(path));
    md_census_add(feed->census, path, entry->is_dir, entry->size, entry->mtime);
    return true;
}

/* ---- schedules ---- */

static void fill_schedule(void *ctx, struct md_str channel, struct md_census_schedule *ret)
{
    const struct md_mta_config *config = ctx;
    const struct md_mta_channel *c = config != NULL ? md_mta_config_channel(config, channel) : NULL;

    if (c == NULL)
        return;
    for (size_t i = 0; i < c->backoff[MD_MTA_NORMAL].n && i < MD_CENSUS_BACKOFF_MAX; i++)
        ret->backoff_s[ret->n_backoff++] = c->backoff[MD_MTA_NORMAL].seconds[i];
    for (size_t i = 0; i < MD_MTA_PRIORITIES; i++) {
        const struct md_mta_steps *notices = &c->notices[i];

        if (notices->n > 0 && notices->seconds[notices->n - 1] + 86400 > ret->age_limit_s)
            ret->age_limit_s = notices->seconds[notices->n - 1] + 86400;
    }
}

/* ---- choosing ---- */

/* The better one first. */
static int by_worth(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;

    if (x->is_second != y->is_second)
        return x->is_second ? 1 : -1;
    if (x->place != y->place)
        return x->place < y->place ? -1 : 1;
    if (x->is_listed_whole != y->is_listed_whole)
        return x->is_listed_whole ? -1 : 1;
    if (x->item->taken_at != y->item->taken_at)
        return x->item->taken_at > y->item->taken_at ? -1 : 1;
    return x->order < y->order ? -1 : 1;
}

static size_t find_candidates(struct md_probe_ctx *ctx, struct candidate **ret)
{
    static const enum md_item_kind kinds[] = {MD_ITEM_QUEUE_TREE, MD_ITEM_LISTING};
    const bool is_live = md_source_kind(ctx->source) == MD_SOURCE_LIVE;
    struct candidate *list = NULL;
    size_t n = 0, capacity = 0;

    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        const struct md_item *const *items;
        size_t n_items = md_source_items(ctx->source, kinds[k], &items);

        for (size_t i = 0; i < n_items; i++) {
            struct candidate *c;

            /* What a bundle lists of its own files is a sample of the queue, not the queue. */
            if (md_str_is(md_str(items[i]->base), "files.tsv"))
                continue;
            c = md_arena_push(ctx->arena, &list, &n, &capacity, sizeof *list);
            c->item = items[i];
            c->order = n;
            c->is_second = (kinds[k] == MD_ITEM_QUEUE_TREE) != is_live;
            c->is_listed_whole = items[i]->kind == MD_ITEM_QUEUE_TREE || items[i]->is_complete;
            place(ctx, c);
        }
    }
    if (n > 1)
        qsort(list, n, sizeof *list, by_worth);
    *ret = list;
    return n;
}

static bool overlaps(const struct md_census *a, const struct md_census *b)
{
    for (size_t i = 0; i < md_census_channel_count(b); i++)
        if (md_census_channel(a, md_census_channel_at(b, i)->name) != NULL)
            return true;
    return false;
}

/* ---- reading ---- */

struct reading {
    struct md_queue_reading *ret;
    const struct md_item **items;
    size_t n_items, items_capacity;
    const struct md_item **item_of;
    size_t n_item_of, item_of_capacity;
};

static void note_item(struct md_probe_ctx *ctx, struct reading *r, const struct md_item *item)
{
    *(const struct md_item **)md_arena_push(ctx->arena, &r->items, &r->n_items, &r->items_capacity, sizeof *r->items) =
        item;
    while (r->n_item_of < md_census_channel_count(r->ret->census))
        *(const struct md_item **)md_arena_push(ctx->arena, &r->item_of, &r->n_item_of, &r->item_of_capacity,
                                                sizeof *r->item_of) = item;
}

/* A listing in a manifest says whether it is complete; of one that somebody pasted we only know if something went
 * wrong. */
static bool is_declared_partial(const struct md_probe_ctx *ctx, const struct candidate *c)
{
    return c->item->kind == MD_ITEM_LISTING && !c->item->is_complete && md_source_kind(ctx->source) == MD_SOURCE_BUNDLE;
}

static void say(struct md_probe_ctx *ctx, const struct candidate *c, enum md_severity severity, const char *what)
{
    md_diags_add(ctx->diags, severity, (struct md_loc){c->item->name, 0, 0}, "%s", what);
}

/* Counts one candidate and takes it over if it shows a queue that is not counted yet. */
static void read_one(struct md_probe_ctx *ctx, struct reading *r, const struct candidate *c)
{
    const struct md_census_options options = {ctx->now, fill_schedule, (void *)(uintptr_t)ctx->msgserver->config};
    struct feed *feed = md_xcalloc(1, sizeof *feed);
    size_t warnings = md_diags_count_at_least(ctx->diags, MD_WARNING);
    struct md_queue_reading *ret = r->ret;
    enum md_status st;
    bool is_queue;

    feed->candidate = c;
    feed->census = md_census_new(&options);
    st = md_source_walk(ctx->source, c->item, ctx->diags, count, feed);
    is_queue = c->place != PLACE_ANYWHERE || feed->shows >= SHOWS_QUEUE_MIN;
    if (st == MD_INTERRUPTED)
        ret->status = st;
    else if (st != MD_OK && (c->place != PLACE_ANYWHERE || st != MD_NOT_FOUND))
        md_item_say_unread(ctx, c->item, "the queue could not be listed", st);
    if (feed->nameless > 0 && !is_queue)
        say(ctx, c, MD_WARNING, "message files are listed without their folder, so their channel is not known");

    if (is_queue && (st == MD_OK || md_census_channel_count(feed->census) > 0) &&
        (ret->census == NULL || !overlaps(ret->census, feed->census))) {
        if (st != MD_OK || is_declared_partial(ctx, c) || md_diags_count_at_least(ctx->diags, MD_WARNING) > warnings)
            ret->is_exact = false;
        if (ret->census == NULL) {
            ret->census = feed->census;
            ret->is_whole_queue = (c->place != PLACE_BELOW || feed->is_wider) && !c->is_named_after_channel;
            feed->census = NULL;
        } else {
            md_census_merge(ret->census, feed->census);
        }
        note_item(ctx, r, c->item);
    } else if (is_queue && ret->census != NULL && md_census_channel_count(feed->census) > 0) {
        say(ctx, c, MD_NOTE, "a better listing of the same queue was used instead of this one");
    }
    md_census_free(&feed->census);
    free(feed);
}

void md_queue_read(struct md_probe_ctx *ctx, struct md_queue_reading *ret)
{
    struct reading r = {.ret = ret};
    struct candidate *candidates;
    size_t n;

    *ret = (struct md_queue_reading){.is_exact = true, .status = MD_OK};
    n = find_candidates(ctx, &candidates);
    for (size_t i = 0; i < n && ret->status == MD_OK; i++) {
        /* There is one queue on a host: another way to its root is not read again. */
        bool is_same = candidates[i].place == PLACE_QUEUE && ret->census != NULL && ret->is_whole_queue;

        if (!is_same)
            read_one(ctx, &r, &candidates[i]);
    }
    ret->items = r.items;
    ret->n_items = r.n_items;
    ret->item_of = r.item_of;
}
