#include "probes/bundle/recorded.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/display.h"
#include "probes/bundle/hosts.h"
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

static enum md_status open_part(struct md_recorded *self, const struct md_member *member, const struct md_item *item,
                                struct md_stream **ret)
{
    enum md_status status = MD_OK;

    /* What is compressed has no short way to a part of it. */
    if (item->offset > 0 && md_pack_is_compressed(self->pack, member))
        status = md_pack_pass_over(self->pack, item->offset);
    if (status == MD_OK)
        status = md_pack_stream(self->pack, member, ret);
    return status == MD_OK ? md_stream_part(*ret, item->offset, item->size, ret) : status;
}

static enum md_status recorded_open(struct md_source *source, const struct md_item *item, struct md_stream **ret)
{
    struct md_recorded *self = source->self;
    const struct md_recorded_entry *entry = &self->entries[item->handle];
    struct md_stream *stream;
    enum md_status status;

    if (entry->member == NULL || item->kind == MD_ITEM_QUEUE_TREE)
        return MD_UNSUPPORTED;
    status = open_part(self, entry->member, item, &stream);
    if (status == MD_LIMIT)
        md_diags_add(source->diags, MD_WARNING, (struct md_loc){item->name, item->first_line, 0},
                     "to get to it, more than %" PRIu64 " MiB of the archive would have to be unpacked in all",
                     md_pack_pass_over_most(self->pack) >> 20);
    if (status != MD_OK)
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

/* A folder in an archive inside of a directory. */
static bool is_in_archive(const struct md_pack *pack, struct md_str tree)
{
    for (size_t i = 0; i < pack->n; i++)
        if (pack->members[i].inside != NULL && md_str_has_prefix(pack->members[i].name, tree))
            return true;
    return false;
}

/* A tree that was written down. */
static enum md_status walk_listed(struct md_recorded *self, const struct md_item *item, struct md_diags *diags,
                                  md_dir_fn *fn, void *ctx)
{
    const struct md_listing_options options = {
        .root = md_str(""), .reference = MD_TIME_NONE, .name = item->name, .diags = diags};
    struct md_stream *stream;
    enum md_status status = md_pack_stream(self->pack, self->entries[item->handle].member, &stream);

    if (status < 0)
        return status;
    stream->interrupted = self->source->options.interrupted;
    status = md_source_feed_listing(stream, &options, fn, ctx);
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
        return walk_listed(self, item, diags, fn, ctx);
    if (self->pack->is_archive || is_in_archive(self->pack, tree))
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

static bool is_manifest_of_bundle(struct md_recorded *self, const struct md_member *member, char *buffer)
{
    bool is_whole;
    ptrdiff_t got;

    if (member->is_dir || !md_str_is(md_item_name_base(member->name), "manifest.json"))
        return false;
    got = md_pack_head(self->pack, member, buffer, MD_RECOGNISE_HEAD, &is_whole);
    return got > 0 && md_str_find(md_str_n(buffer, (size_t)got), MD_LIT("\"mtadoctor.bundle/")) >= 0;
}

/* manifest.json at the top, else the one that is a bundle's, wherever it is. (Where there are several, hosts.c has parted them.) */
static const struct md_member *find_manifest(struct md_recorded *self)
{
    const struct md_pack *pack = self->pack;
    const struct md_member *manifest = md_pack_find(pack, MD_LIT("manifest.json"));
    char *buffer;

    if (manifest != NULL) {
        self->top = md_str("");
        return manifest;
    }
    buffer = md_xcalloc(MD_RECOGNISE_HEAD, 1);
    for (size_t i = 0; i < pack->n && manifest == NULL; i++)
        if (is_manifest_of_bundle(self, &pack->members[i], buffer))
            manifest = &pack->members[i];
    free(buffer);
    if (manifest != NULL)
        self->top = md_str_sub(manifest->name, 0, manifest->name.n - strlen("manifest.json"));
    return manifest;
}

static enum md_status read_facts(struct md_arena *arena, struct md_pack *pack, const char *name, struct md_diags *diags,
                                 const struct md_node **ret)
{
    struct md_stream *stream;
    struct md_str text;
    enum md_status status = md_pack_stream(pack, &pack->members[0], &stream);

    if (status < 0)
        return status;
    stream->total = pack->members[0].size != UINT64_MAX ? pack->members[0].size : 0;
    status = md_stream_read_all(stream, arena, FACTS_MAX, &text);
    md_stream_close(&stream);
    return status == MD_OK ? md_json_read(arena, name, text, diags, ret) : status;
}

/* Makes it a source of these facts. */
static void use_facts(struct md_source *source, const struct md_node *facts)
{
    const struct md_node *about = md_node_get(facts, "source");
    struct md_str host = md_node_text(about, "host"), zone = md_node_text(about, "timezone");
    int64_t at;

    source->facts = facts;
    source->kind = MD_SOURCE_FACTS;
    source->is_first_hand = md_str_is(md_node_text(about, "kind"), "live");
    source->host = md_str_is_empty(host) ? NULL : md_arena_cstr(source->arena, host);
    source->zone_name = md_str_is_empty(zone) ? NULL : md_arena_cstr(source->arena, zone);
    if (source->now == MD_TIME_NONE && md_time_parse_rfc3339(md_node_text(about, "observed_at"), &at, NULL) == MD_OK)
        source->now = at;
}

static bool is_facts(struct md_str head)
{
    return md_str_has_prefix(md_str_trim(head), MD_LIT("{")) && md_str_find(head, MD_LIT("\"mtadoctor.facts/")) >= 0;
}

/* Archives may be attached to messages, and hold texts that need mending. */
static void open_what_is_packed(struct md_pack *pack, const struct md_source_options *options, struct md_diags *diags)
{
    md_pack_mend(pack, options, diags);
    md_pack_open_nested(pack, options, diags);
    md_pack_mend(pack, options, diags);
}

/* The files of a path, or *ret_is_facts: it is a facts file, the only member. */
static enum md_status open_pack(struct md_arena *arena, const char *path, const struct md_source_options *options,
                                struct md_diags *diags, struct md_pack **ret, bool *ret_is_facts)
{
    struct stat st;
    enum md_status status;
    bool is_whole;
    char *head;
    ptrdiff_t got;

    *ret_is_facts = false;
    if (stat(path, &st) != 0)
        return errno == EACCES ? MD_NO_ACCESS : MD_NOT_FOUND;
    if (S_ISDIR(st.st_mode)) {
        status = md_pack_open_directory(arena, path, options, diags, ret);
        if (status == MD_OK && options->opens_archives)
            open_what_is_packed(*ret, options, diags);
        return status;
    }
    if (!S_ISREG(st.st_mode))
        return MD_UNSUPPORTED;
    status = md_pack_open_file(arena, path, ret);
    if (status < 0)
        return status;
    head = md_xcalloc(MD_RECOGNISE_HEAD, 1);
    got = md_pack_head(*ret, &(*ret)->members[0], head, MD_RECOGNISE_HEAD, &is_whole);
    *ret_is_facts = got >= 0 && is_facts(md_str_n(head, (size_t)got));
    free(head);
    if (!*ret_is_facts) {
        struct md_pack *archive;

        status = md_pack_open_archive(arena, path, options, diags, &archive);
        if (status == MD_OK) {
            md_pack_close(*ret);
            *ret = archive;
        } else if (status == MD_BAD_INPUT && got >= 0) {
            status = MD_OK; /* a single file, then */
        } else if (got < 0) {
            status = (enum md_status)got;
        }
        if (status == MD_OK && options->opens_archives)
            open_what_is_packed(*ret, options, diags);
    }
    if (status < 0) {
        md_pack_close(*ret);
        *ret = NULL;
    }
    return status;
}

static struct md_recorded *new_source(const char *path, const struct md_source_options *options, struct md_diags *diags)
{
    struct md_source *source = md_source_new(MD_SOURCE_DIRECTORY, path, options, &recorded_ops, diags);
    struct md_recorded *self = md_arena_alloc(source->arena, sizeof *self);

    source->self = self;
    self->source = source;
    self->top = md_str("");
    return self;
}

static enum md_status fail(const char *path, struct md_arena *arena, struct md_diags *diags, enum md_status status)
{
    md_diags_add(diags, MD_ERROR, (struct md_loc){md_display(arena, md_str(path)), 0, 0}, "%s", md_status_says(status));
    return status;
}

/* `self` lives in the source. */
static void give_up(struct md_recorded *self)
{
    struct md_source *source = self->source;

    md_source_free(&source);
}

/* Recognises what is in self->pack and the texts that join it. */
static void take_stock(struct md_recorded *self)
{
    const struct md_source_options *options = &self->source->options;
    const struct md_member *manifest;

    md_pack_join_texts(self->pack, options->texts, options->n_texts);
    if (options->n_texts > 0)
        md_pack_mend(self->pack, options, self->source->diags);
    self->is_used = md_arena_array(self->source->arena, self->pack->n + 1, sizeof *self->is_used);
    manifest = find_manifest(self);
    if (manifest != NULL)
        md_recorded_manifest(self, manifest);
    md_recorded_inventory(self);
    md_recorded_when(self);
    md_recorded_sort(self);
}

enum md_status md_source_open_path(const char *path, const struct md_source_options *options, struct md_diags *diags,
                                   struct md_source **ret)
{
    struct md_recorded *self = new_source(path, options, diags);
    bool is_facts_file;
    enum md_status status = open_pack(self->source->arena, path, options, diags, &self->pack, &is_facts_file);

    if (status < 0)
        self->pack = NULL;
    else if (is_facts_file)
        status = read_facts(self->source->arena, self->pack, path, diags, &self->source->facts);
    if (status < 0) {
        (void)fail(path, self->source->arena, diags, status);
        give_up(self);
        return status;
    }
    if (is_facts_file)
        use_facts(self->source, self->source->facts);
    else
        take_stock(self);
    *ret = self->source;
    return MD_OK;
}

enum md_status md_source_open_texts(const char *name, const struct md_source_options *options, struct md_diags *diags,
                                    struct md_source **ret)
{
    struct md_recorded *self = new_source(name, options, diags);

    self->pack = md_pack_new_texts(self->source->arena, name, NULL, 0);
    take_stock(self);
    *ret = self->source;
    return MD_OK;
}

/* ---- several hosts ---- */

struct md_source_set {
    struct md_arena *arena;
    const char *path;
    struct md_diags *diags; /* of all of it */
    struct md_pack *pack;
    const struct md_node *facts; /* a facts file, or NULL */
    const struct md_host_part *parts;
    size_t n;
};

enum md_status md_source_set_open(const char *path, const struct md_source_options *options, struct md_diags *diags,
                                  struct md_source_set **ret)
{
    struct md_arena *arena = md_arena_new_large();
    struct md_source_set *set = md_arena_alloc(arena, sizeof *set);
    enum md_status status;
    bool is_facts_file;

    set->arena = arena;
    set->path = md_arena_cstr(arena, md_str(path));
    set->diags = md_diags_new(arena);
    status = open_pack(arena, path, options, set->diags, &set->pack, &is_facts_file);
    if (status == MD_OK && is_facts_file)
        status = read_facts(arena, set->pack, path, set->diags, &set->facts);
    if (status < 0) {
        for (size_t i = 0; i < md_diags_count(set->diags); i++)
            md_diags_take(diags, md_diags_at(set->diags, i), md_diags_at(set->diags, i)->loc.file);
        (void)fail(path, arena, diags, status);
        md_pack_close(set->pack);
        md_arena_free(&arena);
        return status;
    }
    if (is_facts_file) {
        const struct md_node *several = md_node_get(set->facts, "results");

        set->n = several != NULL && several->kind == MD_NODE_LIST && several->count > 0 ? several->count : 1;
    } else {
        set->n = md_hosts_find(arena, set->pack, options, set->diags, &set->parts);
    }
    *ret = set;
    return MD_OK;
}

size_t md_source_set_count(const struct md_source_set *set)
{
    return set->n;
}

const char *md_source_set_folder(const struct md_source_set *set, size_t i)
{
    return set->facts != NULL ? "" : set->parts[i].folder;
}

/* A problem in a folder of another host is none of this one. */
static bool concerns(const struct md_source_set *set, size_t one, const struct md_diag *diag)
{
    struct md_str place = md_str(diag->loc.file);

    for (size_t i = 0; i < set->n; i++)
        if (i != one && set->parts[i].top.n > 0 && md_str_has_prefix(place, set->parts[i].top))
            return false;
    return true;
}

enum md_status md_source_set_open_one(struct md_source_set *set, size_t i, const struct md_source_options *options,
                                      struct md_diags *diags, struct md_source **ret)
{
    const struct md_host_part *part;
    struct md_recorded *self;
    enum md_status status = MD_OK;

    for (size_t k = 0; k < md_diags_count(set->diags); k++)
        if (set->facts != NULL || concerns(set, i, md_diags_at(set->diags, k)))
            md_diags_take(diags, md_diags_at(set->diags, k), md_diags_at(set->diags, k)->loc.file);
    self = new_source(set->path, options, diags);
    if (set->facts != NULL) {
        static const size_t file[] = {0};
        const struct md_node *facts = set->facts, *several = md_node_get(facts, "results");

        /* The file itself is of one host only where it holds no other. */
        if (set->n == 1)
            status = md_pack_view(self->source->arena, set->pack, file, 1, &self->pack);
        if (several != NULL && several->kind == MD_NODE_LIST && several->count > 0)
            for (facts = several->first; facts != NULL && i > 0; i--)
                facts = facts->next;
        use_facts(self->source, facts);
    } else {
        part = &set->parts[i];
        self->source->host_hint = part->hint;
        if (set->n > 1)
            self->top = part->top;
        status = md_pack_view(self->source->arena, set->pack, part->members, part->n_members, &self->pack);
        if (status == MD_OK)
            take_stock(self);
    }
    if (status < 0) {
        (void)fail(set->path, self->source->arena, diags, status);
        give_up(self);
        return status;
    }
    *ret = self->source;
    return MD_OK;
}

void md_source_set_free(struct md_source_set **set)
{
    if (*set == NULL)
        return;
    md_pack_close((*set)->pack);
    struct md_arena *arena = (*set)->arena;
    *set = NULL;
    md_arena_free(&arena);
}
