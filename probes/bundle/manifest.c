/* What the manifest of a bundle says about its files. */
#include "probes/bundle/recorded.h"

#include "engine/base/display.h"
#include "probes/bundle/recognise.h"
#include "probes/formats/system/listing.h"
#include "probes/source/stream.h"

#define MANIFEST_MAX ((size_t)16 << 20)
#define COMMAND_MAX 4096

static struct md_loc at(const char *name, const struct md_node *node)
{
    return (struct md_loc){name, node != NULL ? node->loc.line : 0, 0};
}

/* A member by the name that the manifest uses; marks it as used. */
static const struct md_member *take(struct md_recorded *self, struct md_str name)
{
    const struct md_member *member;

    md_str_skip_prefix(&name, MD_LIT("./"));
    member = md_pack_find(
        self->pack, md_str(md_arena_printf(self->source->arena, "%.*s%.*s", MD_STR_ARG(self->top), MD_STR_ARG(name))));
    if (member == NULL || member->is_dir)
        return NULL;
    self->is_used[member - self->pack->members] = true;
    return member;
}

static int64_t instant(const struct md_node *node, const char *key)
{
    int64_t at_time;

    return md_time_parse_rfc3339(md_node_text(node, key), &at_time, NULL) == MD_OK ? at_time : MD_TIME_NONE;
}

static struct md_str command_of(struct md_recorded *self, const struct md_node *argv)
{
    struct md_str line = {"", 0};

    if (argv == NULL)
        return line;
    if (argv->kind == MD_NODE_SCALAR)
        return argv->text;
    for (const struct md_node *word = argv->first; word != NULL && line.n < COMMAND_MAX; word = word->next)
        line = md_str(md_arena_printf(self->source->arena, "%.*s%s%.*s", MD_STR_ARG(line), line.n > 0 ? " " : "",
                                      MD_STR_ARG(md_str_sub(word->text, 0, COMMAND_MAX))));
    return line;
}

static enum md_item_kind kind_by_content(struct md_recorded *self, const struct md_member *member)
{
    char *head = md_xcalloc(MD_RECOGNISE_HEAD, 1);
    bool is_whole;
    ptrdiff_t got = md_pack_head(self->pack, member, head, MD_RECOGNISE_HEAD, &is_whole);
    enum md_item_kind kind = got > 0 ? md_recognise_content(md_str_n(head, (size_t)got), NULL) : MD_ITEM_OTHER;

    free(head);
    return kind;
}

/* Whoever ran the command may have known what it is. */
static enum md_item_kind kind_by_name(struct md_str name, enum md_item_kind otherwise)
{
    for (int kind = 0; kind < MD_ITEM_KIND_COUNT; kind++)
        if (md_str_is(name, md_item_kind_name((enum md_item_kind)kind)))
            return (enum md_item_kind)kind;
    return otherwise;
}

static void add_command(struct md_recorded *self, const char *name, const struct md_node *node)
{
    struct md_str line = command_of(self, md_node_get(node, "argv")), out = md_node_text(node, "stdout");
    const struct md_node *exit_node = md_node_get(node, "exit");
    struct md_command_verdict verdict;
    const struct md_member *member;
    struct md_item item;
    uint64_t number;

    md_recognise_command(line, &verdict);
    (void)take(self, md_node_text(node, "stderr"));
    member = md_str_is_empty(out) ? NULL : take(self, out);
    if (member == NULL) {
        md_diags_add(self->source->diags, MD_WARNING, at(name, node), "the output of \"%.*s\" is not in the bundle",
                     MD_STR_ARG(md_str_sub(line, 0, 200)));
        return;
    }
    if (!md_str_is_empty(verdict.file) && verdict.kind == MD_ITEM_OTHER)
        verdict.kind = kind_by_content(self, member);
    if (verdict.kind == MD_ITEM_OTHER)
        verdict.kind = kind_by_content(self, member);
    verdict.kind = kind_by_name(md_node_text(node, "kind"), verdict.kind);
    item = md_item_blank(verdict.kind, md_recorded_name(self, member));
    item.command = md_display(self->source->arena, line);
    if (!md_str_is_empty(verdict.file) && *verdict.file.p == '/')
        item.path = md_display(self->source->arena, verdict.file);
    if (verdict.kind == MD_ITEM_LISTING && !md_str_is_empty(verdict.folder) && *verdict.folder.p == '/')
        item.root = md_arena_cstr(self->source->arena, verdict.folder);
    if (md_node_u64(exit_node, &number) == MD_OK && number <= 255)
        item.exit_code = (int)number;
    item.taken_at = instant(node, "started");
    if (md_str_is(md_node_text(node, "status"), "timeout"))
        item.status = MD_TIMEOUT;
    (void)md_recorded_add(self, &item, member, 0);
}

static void add_listing(struct md_recorded *self, const char *name, const struct md_node *node)
{
    const struct md_member *member = take(self, md_node_text(node, "file"));
    struct md_str root = md_node_text(node, "root");
    struct md_item item;

    if (member == NULL) {
        md_diags_add(self->source->diags, MD_WARNING, at(name, node), "the listing \"%.*s\" is not in the bundle",
                     MD_STR_ARG(md_str_sub(md_node_text(node, "file"), 0, 200)));
        return;
    }
    while (root.n > 1 && root.p[root.n - 1] == '/')
        root.n--;
    item = md_item_blank(MD_ITEM_LISTING, md_recorded_name(self, member));
    item.root = md_str_is_empty(root) ? NULL : md_arena_cstr(self->source->arena, root);
    item.taken_at = instant(self->source->manifest, "created");
    if (md_node_bool(md_node_get(node, "complete"), &item.is_complete) < 0)
        item.is_complete = false;
    (void)md_recorded_add(self, &item, member, 0);
}

/* ---- listings/files.tsv: what the originals of what is under files/ were ---- */

static bool keep_stat(void *ctx, const struct md_listing_entry *entry)
{
    struct md_recorded *self = ctx;
    struct md_str path = entry->path;
    struct md_recorded_stat *stat;

    if (entry->is_dir || (entry->mtime == MD_TIME_NONE && !entry->has_mode) || self->n_stats >= MD_SOURCE_ITEMS_MAX)
        return true;
    md_str_skip_prefix(&path, MD_LIT("files/"));
    while (md_str_skip_prefix(&path, MD_LIT("/")))
        ;
    stat = md_arena_push(self->source->arena, &self->stats, &self->n_stats, &self->stats_capacity, sizeof *stat);
    stat->path = md_str(md_arena_printf(self->source->arena, "/%.*s", MD_STR_ARG(path)));
    stat->mtime = entry->mtime;
    if (entry->has_mode && entry->owner.n > 0) {
        stat->owner = md_display(self->source->arena, entry->owner);
        stat->mode = entry->mode;
    }
    return true;
}

static int by_path(const void *a, const void *b)
{
    return md_str_cmp(((const struct md_recorded_stat *)a)->path, ((const struct md_recorded_stat *)b)->path);
}

static void read_stats(struct md_recorded *self)
{
    const struct md_member *member = take(self, MD_LIT("listings/files.tsv"));
    struct md_listing_options options = {.reference = MD_TIME_NONE, .diags = self->source->diags};
    struct md_listing *listing;
    struct md_stream *stream;
    char chunk[4096];
    ptrdiff_t got;
    enum md_status status;

    if (member == NULL || md_pack_stream(self->pack, member, &stream) < 0)
        return;
    options.name = md_recorded_name(self, member);
    options.root = md_str("");
    listing = md_listing_new(&options, keep_stat, self);
    status = MD_OK;
    while (status == MD_OK && (got = md_stream_read(stream, chunk, sizeof chunk)) > 0)
        status = md_listing_feed(listing, chunk, (size_t)got);
    if (status == MD_OK)
        status = md_listing_end(listing);
    (void)status; /* its lines are reported; what was read counts */
    md_listing_free(&listing);
    md_stream_close(&stream);
    if (self->n_stats > 1)
        qsort(self->stats, self->n_stats, sizeof *self->stats, by_path);
}

static void add_plain(struct md_recorded *self, enum md_item_kind kind, struct md_str name)
{
    const struct md_member *member = take(self, name);
    struct md_item item;

    if (member == NULL)
        return;
    item = md_item_blank(kind, md_recorded_name(self, member));
    item.taken_at = instant(self->source->manifest, "created");
    (void)md_recorded_add(self, &item, member, 0);
}

const struct md_member *md_recorded_tree_listing(struct md_recorded *self, struct md_str tree)
{
    const struct md_node *list = self->has_layout ? NULL : md_node_get(self->source->manifest, "trees");

    for (const struct md_node *node = list != NULL ? list->first : NULL; node != NULL; node = node->next)
        if (md_str_eq(md_node_text(node, "root"), tree))
            return take(self, md_node_text(node, "file"));
    return NULL;
}

/* Trees are added later, when all of them are known; their listings are no listings of their own. */
static void take_tree_listings(struct md_recorded *self)
{
    const struct md_node *list = md_node_get(self->source->manifest, "trees");

    for (const struct md_node *node = list != NULL ? list->first : NULL; node != NULL; node = node->next)
        (void)take(self, md_node_text(node, "file"));
}

/* Files of the host that whoever made the bundle could not read. */
static void add_unread(struct md_recorded *self)
{
    const struct md_node *list = md_node_get(self->source->manifest, "unread");

    for (const struct md_node *node = list != NULL ? list->first : NULL; node != NULL; node = node->next) {
        const char *path = md_display(self->source->arena, md_node_text(node, "path"));
        struct md_item item = md_item_blank(kind_by_name(md_node_text(node, "kind"), MD_ITEM_OTHER), path);

        if (*path != '/')
            continue;
        item.path = path;
        item.status = MD_NO_ACCESS;
        (void)md_recorded_add(self, &item, NULL, 0);
    }
}

static const char *text_or_null(struct md_recorded *self, const char *key)
{
    struct md_str text = md_node_text(self->source->manifest, key);

    return md_str_is_empty(text) ? NULL : md_display(self->source->arena, text);
}

static void apply(struct md_recorded *self, const char *name)
{
    const struct md_node *manifest = self->source->manifest, *list;
    struct md_str dns = md_node_text(manifest, "dns");

    self->source->host = text_or_null(self, "host");
    self->source->zone_name = text_or_null(self, "timezone");
    if (self->source->now == MD_TIME_NONE)
        self->source->now = instant(manifest, "created");
    if (md_node_bool(md_node_get(manifest, "recorded"), &self->source->is_first_hand) < 0)
        self->source->is_first_hand = false;
    if (!self->has_layout) {
        if (md_node_bool(md_node_get(manifest, "absolute"), &self->is_absolute) < 0)
            self->is_absolute = false;
        take_tree_listings(self);
        return;
    }
    list = md_node_get(manifest, "commands");
    for (const struct md_node *node = list != NULL ? list->first : NULL; node != NULL; node = node->next)
        add_command(self, name, node);
    list = md_node_get(manifest, "listings");
    for (const struct md_node *node = list != NULL ? list->first : NULL; node != NULL; node = node->next)
        add_listing(self, name, node);
    add_plain(self, MD_ITEM_DNS_ANSWERS, md_str_is_empty(dns) ? MD_LIT("dns.json") : dns);
    add_plain(self, MD_ITEM_PS, MD_LIT("processes.txt"));
    add_plain(self, MD_ITEM_FACTS, MD_LIT("facts.json"));
    add_unread(self);
    read_stats(self);
}

void md_recorded_manifest(struct md_recorded *self, const struct md_member *member)
{
    const char *name = md_recorded_name(self, member);
    struct md_item item = md_item_blank(MD_ITEM_MANIFEST, name);
    const struct md_item *own = md_recorded_add(self, &item, member, 0);
    struct md_str text;
    enum md_status status;
    bool is_loose = false;

    self->is_used[member - self->pack->members] = true;
    if (own == NULL)
        return;
    status = md_source_read_all(self->source, own, self->source->arena, MANIFEST_MAX, &text);
    if (status == MD_OK)
        status = md_json_read(self->source->arena, name, text, self->source->diags, &self->source->manifest);
    else if (status == MD_LIMIT)
        md_diags_add(self->source->diags, MD_WARNING, at(name, NULL), "a manifest of more than %zu MiB is not read",
                     MANIFEST_MAX >> 20);
    else
        md_diags_add(self->source->diags, MD_WARNING, at(name, NULL), "%s", md_status_says(status));
    if (status < 0 || self->source->manifest->kind != MD_NODE_MAP) {
        md_diags_add(self->source->diags, MD_WARNING, at(name, NULL),
                     "the manifest cannot be understood; the files are recognised by name and content");
        self->source->manifest = NULL;
        return;
    }
    if (!md_str_has_prefix(md_node_text(self->source->manifest, "schema"), MD_LIT("mtadoctor.bundle/"))) {
        /* Other programs write a manifest.json too. */
        md_diags_add(self->source->diags, MD_NOTE, at(name, NULL), "this is no manifest of a support bundle");
        self->source->manifest = NULL;
        return;
    }
    if (!md_str_is(md_node_text(self->source->manifest, "schema"), "mtadoctor.bundle/1"))
        md_diags_add(self->source->diags, MD_WARNING, at(name, NULL),
                     "a bundle of a later version; it is read as version 1");
    if (md_node_bool(md_node_get(self->source->manifest, "loose"), &is_loose) < 0)
        is_loose = false;
    self->has_layout = !is_loose;
    self->source->kind = is_loose ? MD_SOURCE_DIRECTORY : MD_SOURCE_BUNDLE;
    apply(self, name);
}
