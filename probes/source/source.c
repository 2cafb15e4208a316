#include "probes/source/source.h"

#include "engine/base/bug.h"
#include "engine/base/num.h"
#include "probes/formats/system/listing.h"
#include "probes/source/dns_answers.h"
#include "probes/source/source_priv.h"
#include "probes/source/stream.h"

#define COMMAND_LINE_MAX 4096
#define RESOLV_CONF_MAX 65536
#define RESOLVERS_MAX 8
#define OWN_FOLDERS_MAX 1000

struct kind_info {
    const char *name, *says, *command;
    enum md_cost cost;
};

static const struct kind_info kinds[MD_ITEM_KIND_COUNT] = {
#define MD_ITEM(id, name, says, command, cost) [MD_ITEM_##id] = {(name), (says), (command), MD_COST_##cost},
#include "probes/source/items.def"
#undef MD_ITEM
};

struct md_source *md_source_new(enum md_source_kind kind, const char *name, const struct md_source_options *options,
                                const struct md_source_ops *ops, struct md_diags *diags)
{
    struct md_arena *arena = md_arena_new_large();
    struct md_source *source = md_arena_alloc(arena, sizeof *source);

    source->ops = ops;
    source->arena = arena;
    source->diags = diags;
    source->options = *options;
    source->kind = kind;
    source->name = md_arena_cstr(arena, md_str(name));
    if (options->root != NULL)
        source->options.root = md_arena_cstr(arena, md_str(options->root));
    source->now = options->at;
    return source;
}

void md_source_free(struct md_source **source)
{
    struct md_arena *arena;

    if (*source == NULL)
        return;
    if ((*source)->ops->free != NULL)
        (*source)->ops->free(*source);
    arena = (*source)->arena; /* the source itself lives in it */
    md_arena_free(&arena);
    *source = NULL;
}

static const char *last_component(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash != NULL && slash[1] != '\0' ? slash + 1 : path;
}

struct md_item md_item_blank(enum md_item_kind kind, const char *name)
{
    return (struct md_item){.kind = kind,
                            .name = name,
                            .first_line = 1,
                            .size = UINT64_MAX,
                            .mtime = MD_TIME_NONE,
                            .taken_at = MD_TIME_NONE,
                            .exit_code = -1,
                            .status = MD_OK};
}

static void list_push(struct md_arena *arena, struct md_item_list *list, const struct md_item *item)
{
    const struct md_item **slot = md_arena_push(arena, &list->list, &list->n, &list->capacity, sizeof *slot);

    *slot = item;
}

struct md_item *md_source_add(struct md_source *source, const struct md_item *item)
{
    struct md_item *own;

    if (source->all.n >= MD_SOURCE_ITEMS_MAX)
        return NULL;
    own = md_arena_alloc(source->arena, sizeof *own);
    *own = *item;
    if (own->base == NULL)
        own->base = last_component(own->path != NULL ? own->path : own->name);
    list_push(source->arena, &source->by_kind[own->kind], own);
    list_push(source->arena, &source->all, own);
    return own;
}

bool md_source_is_interrupted(const struct md_source *source)
{
    return source->options.interrupted != NULL && *source->options.interrupted != 0;
}

char *md_source_command_line(struct md_arena *arena, const char *const *argv)
{
    struct md_str line = {"", 0};

    for (size_t i = 0; argv[i] != NULL && line.n < COMMAND_LINE_MAX; i++)
        line = md_str(md_arena_printf(arena, "%.*s%s%s", MD_STR_ARG(line), i > 0 ? " " : "", argv[i]));
    return md_arena_cstr(arena, line);
}

void md_source_record(struct md_source *source, const struct md_recorder *recorder)
{
    source->recorder = recorder != NULL ? *recorder : (struct md_recorder){0};
}

bool md_source_is_first_hand(const struct md_source *source)
{
    return source->is_first_hand;
}

enum md_source_kind md_source_kind(const struct md_source *source)
{
    return source->kind;
}

const char *md_source_name(const struct md_source *source)
{
    return source->name;
}

const struct md_node *md_source_manifest(const struct md_source *source)
{
    return source->manifest;
}

const struct md_node *md_source_facts(const struct md_source *source)
{
    return source->facts;
}

int64_t md_source_now(const struct md_source *source, bool *ret_is_local)
{
    if (ret_is_local != NULL)
        *ret_is_local = source->now_is_local;
    return source->now;
}

const char *md_source_zone(const struct md_source *source)
{
    return source->zone_name;
}

void md_source_set_zone(struct md_source *source, const struct md_zone *zone)
{
    source->zone = zone;
}

const struct md_zone *md_source_zone_of_times(struct md_source *source)
{
    if (source->zone == NULL && source->zone_name != NULL &&
        md_zone_load(source->arena, md_str(source->zone_name), &source->zone) < 0)
        source->zone = NULL;
    return source->zone != NULL ? source->zone : md_zone_utc();
}

const char *md_source_host_hint(const struct md_source *source)
{
    return source->host_hint;
}

void md_source_note_own_folder(struct md_source *source, struct md_str path)
{
    while (path.n > 0 && path.p[path.n - 1] == '/')
        path.n--;
    if (source->own_prefix == NULL || path.n < 2 || path.p[0] != '/' || source->n_own_folders >= OWN_FOLDERS_MAX)
        return;
    *(const char **)md_arena_push(source->arena, &source->own_folders, &source->n_own_folders,
                                  &source->own_folders_capacity, sizeof *source->own_folders) =
        md_arena_printf(source->arena, "%s%.*s", source->own_prefix, MD_STR_ARG(path));
}

size_t md_source_own_folders(const struct md_source *source, const char *const **ret)
{
    *ret = source->own_folders;
    return source->n_own_folders;
}

const char *md_source_host(const struct md_source *source)
{
    return source->host;
}

size_t md_source_items(struct md_source *source, enum md_item_kind kind, const struct md_item *const **ret)
{
    if (source->ops->prepare != NULL)
        source->ops->prepare(source, kind);
    *ret = source->by_kind[kind].list;
    return source->by_kind[kind].n;
}

size_t md_source_inventory(struct md_source *source, const struct md_item *const **ret)
{
    *ret = source->all.list;
    return source->all.n;
}

enum md_status md_source_command(struct md_source *source, enum md_item_kind kind, const char *const *argv,
                                 const struct md_item **ret)
{
    char *line;
    enum md_status status = MD_NOT_FOUND;
    struct md_arena *scratch;

    if (source->ops->command != NULL)
        return source->ops->command(source, kind, argv, ret);
    scratch = md_arena_new();
    line = md_source_command_line(scratch, argv);
    for (size_t i = 0; i < source->by_kind[kind].n && status < 0; i++) {
        const struct md_item *item = source->by_kind[kind].list[i];

        if (item->command != NULL && md_str_is(md_str(item->command), line)) {
            *ret = item;
            status = MD_OK;
        }
    }
    md_arena_free(&scratch);
    return status;
}

enum md_status md_source_open(struct md_source *source, const struct md_item *item, struct md_stream **ret)
{
    enum md_status status;

    if (item->status < 0)
        return item->status;
    if (source->ops->open == NULL)
        return MD_UNSUPPORTED;
    status = source->ops->open(source, item, ret);
    if (source->recorder.opened != NULL)
        source->recorder.opened(source->recorder.ctx, item);
    if (status == MD_OK) {
        (*ret)->interrupted = source->options.interrupted;
        (*ret)->progress = source->options.progress;
        (*ret)->progress_ctx = source->options.progress_ctx;
        (*ret)->what = md_item_kind_name(item->kind);
        (*ret)->total = item->size != UINT64_MAX ? item->size : 0;
    }
    return status;
}

enum md_status md_source_read_all(struct md_source *source, const struct md_item *item, struct md_arena *arena,
                                  size_t max, struct md_str *ret)
{
    struct md_stream *stream;
    enum md_status status = md_source_open(source, item, &stream);

    if (status < 0)
        return status;
    status = md_stream_read_all(stream, arena, max, ret);
    md_stream_close(&stream);
    return status;
}

struct walk {
    md_dir_fn *fn;
    void *ctx;
};

static bool walk_entry(void *ctx, const struct md_listing_entry *entry)
{
    const struct walk *walk = ctx;
    const struct md_dir_entry as_dir = {.path = entry->path,
                                        .is_dir = entry->is_dir,
                                        .size = entry->size,
                                        .mtime = entry->mtime,
                                        .owner = entry->owner};

    return walk->fn(walk->ctx, &as_dir);
}

enum md_status md_source_feed_listing(struct md_stream *stream, const struct md_listing_options *options, md_dir_fn *fn,
                                      void *ctx)
{
    struct walk walk = {fn, ctx};
    struct md_listing *listing = md_listing_new(options, walk_entry, &walk);
    enum { CHUNK = 65536 };
    char *chunk = md_xcalloc(CHUNK, 1);
    ptrdiff_t got = 0;
    enum md_status status = MD_OK;

    while (status == MD_OK && (got = md_stream_read(stream, chunk, CHUNK)) > 0)
        status = md_listing_feed(listing, chunk, (size_t)got);
    if (status == MD_OK)
        status = md_listing_end(listing);
    if (status == MD_OK && got < 0)
        status = (enum md_status)got;
    md_listing_free(&listing);
    free(chunk);
    return status;
}

static enum md_status walk_listing(struct md_source *source, const struct md_item *item, struct md_diags *diags,
                                   md_dir_fn *fn, void *ctx)
{
    struct md_listing_options options = {.root = md_str(item->root),
                                         .reference = item->taken_at,
                                         .zone = md_source_zone_of_times(source),
                                         .name = item->name,
                                         .first_line = item->first_line,
                                         .diags = diags};
    struct md_stream *stream;
    enum md_status status = md_source_open(source, item, &stream);

    if (status < 0)
        return status;
    if (options.reference == MD_TIME_NONE && source->now != MD_TIME_NONE)
        options.reference = source->now_is_local ? md_zone_to_utc(options.zone, source->now, NULL) : source->now;
    status = md_source_feed_listing(stream, &options, fn, ctx);
    md_stream_close(&stream);
    return status;
}

struct recorded_walk {
    const struct md_recorder *recorder;
    const struct md_item *item;
    struct walk walk;
};

static bool record_entry(void *ctx, const struct md_dir_entry *entry)
{
    const struct recorded_walk *self = ctx;

    if (self->recorder->entry != NULL)
        self->recorder->entry(self->recorder->ctx, self->item, entry);
    return self->walk.fn(self->walk.ctx, entry);
}

static enum md_status walk_tree(struct md_source *source, const struct md_item *item, struct md_diags *diags,
                                const struct walk *walk)
{
    struct recorded_walk recorded = {&source->recorder, item, *walk};
    size_t warnings = diags != NULL ? md_diags_count_at_least(diags, MD_WARNING) : 0;
    enum md_status status;

    if (source->recorder.entry == NULL && source->recorder.walked == NULL)
        return source->ops->walk_tree(source, item, diags, walk->fn, walk->ctx);
    status = source->ops->walk_tree(source, item, diags, record_entry, &recorded);
    if (source->recorder.walked != NULL)
        source->recorder.walked(source->recorder.ctx, item,
                                status == MD_OK &&
                                    (diags == NULL || md_diags_count_at_least(diags, MD_WARNING) == warnings));
    return status;
}

enum md_status md_source_walk(struct md_source *source, const struct md_item *item, struct md_diags *diags,
                              md_dir_fn *fn, void *ctx)
{
    struct walk walk = {fn, ctx};

    if (item->status < 0)
        return item->status;
    if (item->kind == MD_ITEM_LISTING)
        return walk_listing(source, item, diags, fn, ctx);
    if (item->kind != MD_ITEM_QUEUE_TREE || source->ops->walk_tree == NULL)
        return MD_UNSUPPORTED;
    return walk_tree(source, item, diags, &walk);
}

static bool is_address(struct md_str word)
{
    if (word.n == 0 || word.n > 64)
        return false;
    for (size_t i = 0; i < word.n; i++)
        if (!md_is_alnum(word.p[i]) && word.p[i] != '.' && word.p[i] != ':' && word.p[i] != '%')
            return false;
    return md_str_find_char(word, '.') >= 0 || md_str_find_char(word, ':') >= 0;
}

static void read_resolvers(struct md_source *source)
{
    const struct md_item *const *items;
    size_t n = md_source_items(source, MD_ITEM_RESOLV_CONF, &items);
    struct md_str text, line, address;

    source->has_resolvers = true;
    source->resolvers = md_arena_array(source->arena, RESOLVERS_MAX, sizeof *source->resolvers);
    for (size_t i = 0; i < n && source->n_resolvers == 0; i++) {
        enum md_status status = md_source_read_all(source, items[i], source->arena, RESOLV_CONF_MAX, &text);

        if (status < 0 && status != MD_LIMIT)
            continue;
        while (source->n_resolvers < RESOLVERS_MAX && md_str_next_line(&text, &line)) {
            if (!md_str_is(md_str_next_word(&line), "nameserver"))
                continue;
            address = md_str_next_word(&line);
            if (is_address(address))
                source->resolvers[source->n_resolvers++] = md_arena_str(source->arena, address);
        }
    }
}

size_t md_source_resolvers(struct md_source *source, const struct md_str **ret)
{
    if (!source->has_resolvers)
        read_resolvers(source);
    *ret = source->resolvers;
    return source->n_resolvers;
}

size_t md_source_resolve(struct md_source *source, struct md_arena *arena, const struct md_dns_query *queries, size_t n,
                         const struct md_dns_answer **ret)
{
    size_t found = source->ops->resolve != NULL ? source->ops->resolve(source, arena, queries, n, ret)
                                                : md_dns_answers_find(source, arena, queries, n, ret);

    if (source->recorder.resolved != NULL)
        source->recorder.resolved(source->recorder.ctx, *ret, found);
    return found;
}

enum md_status md_source_connect_local(struct md_source *source, uint16_t port)
{
    enum md_status status =
        source->ops->connect_local != NULL ? source->ops->connect_local(source, port) : MD_UNSUPPORTED;

    if (source->recorder.connected != NULL)
        source->recorder.connected(source->recorder.ctx, port, status);
    return status;
}

enum md_status md_source_greeting(struct md_source *source, uint16_t port, struct md_arena *arena, struct md_str *ret,
                                  double *ret_s)
{
    enum md_status status =
        source->ops->greeting != NULL ? source->ops->greeting(source, port, arena, ret, ret_s) : MD_UNSUPPORTED;

    if (source->recorder.greeted != NULL)
        source->recorder.greeted(source->recorder.ctx, port, status, status == MD_OK ? *ret : md_str(""),
                                 status == MD_OK ? *ret_s : 0);
    return status;
}

enum md_status md_source_program(struct md_source *source, struct md_str program)
{
    enum md_status status = source->ops->program != NULL ? source->ops->program(source, program) : MD_UNSUPPORTED;

    if (source->recorder.looked_for != NULL)
        source->recorder.looked_for(source->recorder.ctx, program, status);
    return status;
}

const char *md_item_kind_name(enum md_item_kind kind)
{
    return kinds[kind].name;
}

const char *md_item_kind_says(enum md_item_kind kind)
{
    return kinds[kind].says;
}

const char *md_item_kind_command(enum md_item_kind kind)
{
    return kinds[kind].command;
}

enum md_cost md_item_kind_cost(enum md_item_kind kind)
{
    return kinds[kind].cost;
}

const char *md_cost_name(enum md_cost cost)
{
    static const char *const names[] = {"free", "cheap", "expensive"};

    return names[cost];
}

const char *md_dns_type_name(enum md_dns_type type)
{
    static const char *const names[] = {"MX", "A", "AAAA", "CNAME", "NS", "SOA", "PTR"};

    return names[type];
}

const char *md_dns_status_name(enum md_dns_status status)
{
    static const char *const names[] = {"NOERROR", "NXDOMAIN", "SERVFAIL", "REFUSED", "TIMEOUT", "NOT_ASKED"};

    return names[status];
}
