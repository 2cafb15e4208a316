#include "probes/bundle/recorded.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/display.h"
#include "probes/bundle/recognise.h"
#include "probes/formats/system/listing.h"
#include "probes/source/stream.h"
#include "probes/source/walk.h"

#define FACTS_MAX ((size_t)256 << 20)

struct md_item *md_recorded_add(struct md_recorded *self, const struct md_item *item, const struct md_member *member,
                                unsigned clean)
{
    struct md_recorded_entry *entry =
        md_arena_push(self->source->arena, &self->entries, &self->n_entries, &self->entries_capacity, sizeof *entry);
    struct md_item *own;

    entry->member = member;
    entry->clean = clean;
    entry->first.at = MD_TIME_NONE;
    own = md_source_add(self->source, item);
    if (own == NULL)
        self->n_entries--;
    else
        own->handle = self->n_entries - 1;
    return own;
}

const char *md_recorded_name(struct md_recorded *self, const struct md_member *member)
{
    return md_display(self->source->arena, member->name);
}

static void recorded_free(struct md_source *source)
{
    struct md_recorded *self = source->self;

    if (self != NULL)
        md_pack_close(self->pack);
}

static enum md_status recorded_open(struct md_source *source, const struct md_item *item, struct md_stream **ret)
{
    struct md_recorded *self = source->self;
    const struct md_recorded_entry *entry = &self->entries[item->handle];
    struct md_stream *stream;
    enum md_status status;

    if (entry->member == NULL || item->kind == MD_ITEM_QUEUE_TREE)
        return MD_UNSUPPORTED;
    /* What is compressed has no short way to a part of it. */
    if (item->offset > 0 && md_pack_is_compressed(self->pack, entry->member) &&
        (status = md_pack_pass_over(self->pack, item->offset)) < 0)
        return status;
    status = md_pack_stream(self->pack, entry->member, &stream);
    if (status == MD_OK)
        status = md_stream_part(stream, item->offset, item->size, &stream);
    if (status < 0)
        return status;
    *ret = entry->clean != 0 ? md_stream_cleaned(stream, entry->clean) : stream;
    return MD_OK;
}

/* Times of copies are no times of queue files. */
struct copied {
    md_dir_fn *fn;
    void *ctx;
};

static bool without_time(void *ctx, const struct md_dir_entry *entry)
{
    struct copied *copied = ctx;
    struct md_dir_entry copy = *entry;

    copy.mtime = MD_TIME_NONE;
    return copied->fn(copied->ctx, &copy);
}

static enum md_status walk_members(struct md_recorded *self, struct md_str tree, md_dir_fn *fn, void *ctx)
{
    for (size_t i = 0; i < self->pack->n; i++) {
        const struct md_member *member = &self->pack->members[i];
        struct md_dir_entry entry = {.path = member->name,
                                     .is_dir = member->is_dir,
                                     .size = member->is_dir ? 0 : member->size,
                                     .mtime = member->mtime};

        if (!md_str_is_empty(tree)) {
            if (!md_str_skip_prefix(&entry.path, tree) || !md_str_skip_prefix(&entry.path, MD_LIT("/")))
                continue;
        }
        if (!fn(ctx, &entry))
            return MD_INTERRUPTED;
    }
    return MD_OK;
}

static bool give_listed(void *ctx, const struct md_listing_entry *entry)
{
    const struct copied *copied = ctx;
    const struct md_dir_entry as_dir = {
        .path = entry->path, .is_dir = entry->is_dir, .size = entry->size, .mtime = entry->mtime};

    return copied->fn(copied->ctx, &as_dir);
}

/* A tree that was written down. */
static enum md_status walk_listed(struct md_recorded *self, const struct md_item *item, struct md_diags *diags,
                                  struct copied *copied)
{
    const struct md_listing_options options = {
        .root = md_str(""), .reference = MD_TIME_NONE, .name = item->name, .diags = diags};
    struct md_listing *listing;
    struct md_stream *stream;
    char chunk[4096];
    ptrdiff_t got = 0;
    enum md_status status = md_pack_stream(self->pack, self->entries[item->handle].member, &stream);

    if (status < 0)
        return status;
    stream->interrupted = self->source->options.interrupted;
    listing = md_listing_new(&options, give_listed, copied);
    while (status == MD_OK && (got = md_stream_read(stream, chunk, sizeof chunk)) > 0)
        status = md_listing_feed(listing, chunk, (size_t)got);
    if (status == MD_OK)
        status = md_listing_end(listing);
    if (status == MD_OK && got < 0)
        status = (enum md_status)got;
    md_listing_free(&listing);
    md_stream_close(&stream);
    return status;
}

static enum md_status recorded_walk_tree(struct md_source *source, const struct md_item *item, struct md_diags *diags,
                                         md_dir_fn *fn, void *ctx)
{
    struct md_recorded *self = source->self;
    struct md_str tree = self->entries[item->handle].tree;
    struct copied copied = {fn, ctx};
    struct md_walk_options options = {.interrupted = source->options.interrupted,
                                      .progress = source->options.progress,
                                      .progress_ctx = source->options.progress_ctx,
                                      .what = "queue files"};

    if (self->entries[item->handle].is_listed)
        return walk_listed(self, item, diags, &copied);
    if (self->pack->is_archive)
        return walk_members(self, tree, fn, ctx);
    options.root = md_str_is_empty(tree)
                       ? self->pack->path
                       : md_arena_printf(source->arena, "%s/%.*s", self->pack->path, MD_STR_ARG(tree));
    return md_walk(&options, diags, without_time, &copied);
}

/* Same words, whatever the folder of the program. */
static bool is_same_command(struct md_str a, struct md_str b)
{
    bool is_first = true;

    for (;;) {
        struct md_str x = md_str_next_word(&a), y = md_str_next_word(&b);

        if (is_first) {
            x = md_item_name_base(x);
            y = md_item_name_base(y);
        }
        is_first = false;
        if (!md_str_eq(x, y))
            return false;
        if (md_str_is_empty(x))
            return true;
    }
}

static enum md_status recorded_command(struct md_source *source, enum md_item_kind kind, const char *const *argv,
                                       const struct md_item **ret)
{
    struct md_str wanted = md_str(md_source_command_line(source->arena, argv));

    for (size_t i = 0; i < source->by_kind[kind].n; i++)
        if (source->by_kind[kind].list[i]->command != NULL &&
            is_same_command(md_str(source->by_kind[kind].list[i]->command), wanted)) {
            *ret = source->by_kind[kind].list[i];
            return MD_OK;
        }
    return MD_NOT_FOUND;
}

static const struct md_source_ops recorded_ops = {.free = recorded_free,
                                                  .open = recorded_open,
                                                  .walk_tree = recorded_walk_tree,
                                                  .command = recorded_command,
                                                  .connect_local = md_replay_connect,
                                                  .greeting = md_replay_greeting,
                                                  .program = md_replay_program};

struct md_recorded *md_recorded_of(const struct md_source *source)
{
    return source->ops == &recorded_ops ? source->self : NULL;
}

/* manifest.json at the top, or in the one folder that all files are in. */
static const struct md_member *find_manifest(struct md_recorded *self)
{
    const struct md_pack *pack = self->pack;
    const struct md_member *manifest = md_pack_find(pack, MD_LIT("manifest.json"));
    struct md_str top;
    ptrdiff_t slash;

    if (manifest != NULL || pack->n == 0)
        return manifest;
    slash = md_str_find_char(pack->members[pack->n - 1].name, '/');
    if (slash < 0)
        return NULL;
    top = md_str_sub(pack->members[pack->n - 1].name, 0, (size_t)slash + 1);
    for (size_t i = 0; i < pack->n; i++)
        if (!md_str_has_prefix(pack->members[i].name, top) &&
            !(pack->members[i].is_dir && md_str_eq(pack->members[i].name, md_str_sub(top, 0, top.n - 1))))
            return NULL;
    manifest = md_pack_find(pack, md_str(md_arena_printf(self->source->arena, "%.*smanifest.json", MD_STR_ARG(top))));
    if (manifest != NULL)
        self->top = top;
    return manifest;
}

static enum md_status open_facts(struct md_source *source, struct md_recorded *self)
{
    struct md_stream *stream;
    struct md_str text;
    enum md_status status = md_pack_stream(self->pack, &self->pack->members[0], &stream);

    if (status < 0)
        return status;
    stream->total = self->pack->members[0].size != UINT64_MAX ? self->pack->members[0].size : 0;
    status = md_stream_read_all(stream, source->arena, FACTS_MAX, &text);
    md_stream_close(&stream);
    if (status == MD_OK)
        status = md_json_read(source->arena, source->name, text, source->diags, &source->facts);
    if (status == MD_OK) {
        const struct md_node *about = md_node_get(source->facts, "source");
        struct md_str host = md_node_text(about, "host"), zone = md_node_text(about, "timezone");
        int64_t at;

        source->kind = MD_SOURCE_FACTS;
        source->is_first_hand = md_str_is(md_node_text(about, "kind"), "live");
        source->host = md_str_is_empty(host) ? NULL : md_arena_cstr(source->arena, host);
        source->zone_name = md_str_is_empty(zone) ? NULL : md_arena_cstr(source->arena, zone);
        if (source->now == MD_TIME_NONE &&
            md_time_parse_rfc3339(md_node_text(about, "observed_at"), &at, NULL) == MD_OK)
            source->now = at;
    }
    return status;
}

static bool is_facts(struct md_str head)
{
    return md_str_has_prefix(md_str_trim(head), MD_LIT("{")) && md_str_find(head, MD_LIT("\"mtadoctor.facts/")) >= 0;
}

static enum md_status open_file(struct md_source *source, struct md_recorded *self, const char *path,
                                bool *ret_is_facts)
{
    enum md_status status = md_pack_open_file(source->arena, path, &self->pack);
    bool is_whole;
    char *head;
    ptrdiff_t got;

    if (status < 0)
        return status;
    head = md_xcalloc(MD_RECOGNISE_HEAD, 1);
    got = md_pack_head(self->pack, &self->pack->members[0], head, MD_RECOGNISE_HEAD, &is_whole);
    if (got >= 0 && is_facts(md_str_n(head, (size_t)got))) {
        *ret_is_facts = true;
        status = open_facts(source, self);
    } else {
        struct md_pack *archive;

        status = md_pack_open_archive(source->arena, path, &source->options, source->diags, &archive);
        if (status == MD_OK) {
            md_pack_close(self->pack);
            self->pack = archive;
        } else if (status == MD_BAD_INPUT && got >= 0) {
            status = MD_OK; /* a single file, then */
        } else if (got < 0) {
            status = (enum md_status)got;
        }
    }
    free(head);
    return status;
}

enum md_status md_source_open_path(const char *path, const struct md_source_options *options, struct md_diags *diags,
                                   struct md_source **ret)
{
    struct md_source *source;
    struct md_recorded *self;
    const struct md_member *manifest;
    struct stat st;
    enum md_status status;
    bool has_facts = false;

    source = md_source_new(MD_SOURCE_DIRECTORY, path, options, &recorded_ops, diags);
    self = md_arena_alloc(source->arena, sizeof *self);
    source->self = self;
    self->source = source;
    self->top = md_str("");
    if (stat(path, &st) != 0)
        status = errno == EACCES ? MD_NO_ACCESS : MD_NOT_FOUND;
    else if (S_ISDIR(st.st_mode))
        status = md_pack_open_directory(source->arena, path, options, diags, &self->pack);
    else if (S_ISREG(st.st_mode))
        status = open_file(source, self, path, &has_facts);
    else
        status = MD_UNSUPPORTED;
    if (status < 0) {
        md_diags_add(diags, MD_ERROR, (struct md_loc){md_display(source->arena, md_str(path)), 0, 0}, "%s",
                     md_status_says(status));
        md_source_free(&source);
        return status;
    }
    if (!has_facts) {
        self->is_used = md_arena_array(source->arena, self->pack->n + 1, sizeof *self->is_used);
        manifest = find_manifest(self);
        if (manifest != NULL)
            md_recorded_manifest(self, manifest);
        md_recorded_inventory(self);
        md_recorded_when(self);
        md_recorded_sort(self);
    }
    *ret = source;
    return MD_OK;
}
