/* What all files are that no manifest names. */
#include "probes/bundle/recorded.h"

#include "engine/base/display.h"
#include "probes/bundle/recognise.h"
#include "probes/bundle/split.h"
#include "probes/formats/msgserver/queue_name.h"
#include "probes/source/stream.h"

#define TREES_MAX 64
#define NOTES_MAX 40
#define SPLIT_ALL                                                                                                      \
    (UINT64_C(256) << 20) /* bytes that are looked through, line by line, for several outputs in one file */

struct inventory {
    struct md_recorded *recorded;
    struct md_arena *arena; /* of the source */
    char *head;
    struct md_str trees[TREES_MAX]; /* copied queue folders, without final '/' */
    size_t n_trees;
    size_t n_unknown;
    uint64_t split; /* bytes looked through so far */
    struct {
        uint64_t size, hash;
        const char *name;
    } * seen; /* logs and listings, to find the same file under two names */
    size_t n_seen, seen_capacity;
};

static struct md_str parent(struct md_str path)
{
    ptrdiff_t slash = md_str_rfind_char(path, '/');

    return slash < 0 ? md_str("") : md_str_sub(path, 0, (size_t)slash);
}

static bool is_subdirectory_number(struct md_str name)
{
    return name.n == 3 && md_is_digit(name.p[0]) && md_is_digit(name.p[1]) && md_is_digit(name.p[2]);
}

/* The folder above the channels, from the path of a queue file. */
static bool tree_of(struct md_str path, struct md_str *ret)
{
    struct md_str folder = parent(path), above;

    /* the last folder called "queue" */
    for (above = folder; !md_str_is_empty(above); above = parent(above))
        if (md_str_is(md_item_name_base(above), "queue") && above.n < folder.n) {
            *ret = above;
            return true;
        }
    if (!is_subdirectory_number(md_item_name_base(folder)) || md_str_is_empty(parent(folder)))
        return false;
    *ret = parent(parent(folder));
    return true;
}

static bool is_inside(struct md_str path, struct md_str tree)
{
    return md_str_is_empty(tree) || (md_str_has_prefix(path, tree) && path.n > tree.n && path.p[tree.n] == '/');
}

static void note_tree(struct inventory *self, struct md_str tree)
{
    for (size_t i = 0; i < self->n_trees; i++)
        if (md_str_eq(self->trees[i], tree))
            return;
    if (self->n_trees < TREES_MAX)
        self->trees[self->n_trees++] = tree;
}

/* Trees of a copy of what somebody sent, which holds only samples of their files. */
static void note_listed_trees(struct inventory *self)
{
    const struct md_node *list = md_node_get(self->recorded->source->manifest, "trees");

    if (list == NULL || list->kind != MD_NODE_LIST || self->recorded->has_layout)
        return;
    for (const struct md_node *node = list->first; node != NULL; node = node->next)
        note_tree(self, md_node_text(node, "root"));
}

static bool is_queue_file_name(struct md_str path)
{
    struct md_queue_name name;

    return md_queue_name_parse(md_item_name_base(path), &name);
}

static void find_trees(struct inventory *self)
{
    const struct md_pack *pack = self->recorded->pack;
    struct md_str tree;

    for (size_t i = 0; i < pack->n; i++) {
        struct md_str name = pack->members[i].name, base = md_item_name_base(name);

        if (!pack->members[i].is_dir && is_queue_file_name(name) && tree_of(name, &tree))
            note_tree(self, tree);
        /* An empty queue is a queue. */
        else if (pack->members[i].is_dir && md_str_is(md_item_name_base(parent(name)), "queue") &&
                 (md_str_is(base, "tcp_local") || md_str_is(base, "ims-ms") || md_str_is(base, "reprocess")))
            note_tree(self, parent(name));
    }
}

/* The path that a file had on its host, where that can be told. */
static const char *original_path(struct inventory *self, const struct md_member *member)
{
    static const char *const roots[] = {"var/", "opt/", "etc/", "usr/"};
    struct md_str name = member->name;

    if (md_str_skip_prefix(&name, self->recorded->top) && self->recorded->has_layout &&
        md_str_skip_prefix(&name, MD_LIT("files/")))
        return md_display(self->arena, md_str(md_arena_printf(self->arena, "/%.*s", MD_STR_ARG(name))));
    name = member->name;
    if (member->inside != NULL)
        name = md_str_from(name, member->inside->name.n + 1);
    else
        (void)md_str_skip_prefix(&name, self->recorded->top);
    if (member->is_absolute || self->recorded->is_absolute)
        return md_display(self->arena, md_str(md_arena_printf(self->arena, "/%.*s", MD_STR_ARG(name))));
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
        if (md_str_has_prefix(name, md_str(roots[i])))
            return md_display(self->arena, md_str(md_arena_printf(self->arena, "/%.*s", MD_STR_ARG(name))));
    return NULL;
}

/* What the listing of the files says of a path, or NULL. */
static const struct md_recorded_stat *original(const struct md_recorded *recorded, const char *path)
{
    size_t from = 0, to = path != NULL ? recorded->n_stats : 0;

    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = md_str_cmp(recorded->stats[middle].path, md_str(path));

        if (order == 0)
            return &recorded->stats[middle];
        if (order < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return NULL;
}

/* What a bundle holds are copies; it lists times, modes and owners of the originals. */
static void set_original(const struct md_recorded *recorded, const struct md_member *member, struct md_item *item)
{
    const struct md_recorded_stat *stat = original(recorded, item->path);

    item->mtime = stat != NULL ? stat->mtime : recorded->has_layout ? MD_TIME_NONE : member->mtime;
    if (stat != NULL && stat->owner != NULL) {
        item->has_owner = true;
        item->mode = stat->mode;
        item->owner = stat->owner;
    }
}

static void complain(struct inventory *self, enum md_severity severity, const char *name, uint32_t line,
                     const char *what)
{
    if (++self->n_unknown <= NOTES_MAX)
        md_diags_add(self->recorded->source->diags, severity, (struct md_loc){name, line, 0}, "%s", what);
}

static struct md_item blank_for(struct inventory *self, enum md_item_kind kind, const struct md_member *member)
{
    struct md_item item = md_item_blank(kind, md_recorded_name(self->recorded, member));

    item.path = original_path(self, member);
    set_original(self->recorded, member, &item);
    return item;
}

static bool counts_twice(enum md_item_kind kind)
{
    return kind == MD_ITEM_MAIL_LOG || kind == MD_ITEM_CONNECTION_LOG || kind == MD_ITEM_NSLOG ||
           kind == MD_ITEM_LISTING;
}

/* The same log under two names (a link that was followed by tar) must not count twice. */
static bool is_seen(struct inventory *self, enum md_item_kind kind, const char *name, uint64_t size, struct md_str head)
{
    uint64_t hash;

    if (!counts_twice(kind) || size == 0 || size == UINT64_MAX || head.n == 0)
        return false;
    hash = md_str_hash(head);
    for (size_t i = 0; i < self->n_seen; i++)
        if (self->seen[i].size == size && self->seen[i].hash == hash) {
            md_diags_add(self->recorded->source->diags, MD_NOTE, (struct md_loc){name, 0, 0},
                         "the same file as %s; it is read once", self->seen[i].name);
            return true;
        }
    if (self->n_seen < 2000) {
        size_t n = self->n_seen;

        (void)md_arena_push(self->arena, &self->seen, &self->n_seen, &self->seen_capacity, sizeof *self->seen);
        self->seen[n].size = size;
        self->seen[n].hash = hash;
        self->seen[n].name = name;
    }
    return false;
}

/* One item for the whole file. */
static void add_whole(struct inventory *self, const struct md_member *member, const struct md_file_verdict *verdict,
                      struct md_str head)
{
    struct md_item item = blank_for(self, verdict->kind, member);
    struct md_item *own;

    if (is_seen(self, verdict->kind, item.name, member->size, head))
        return;
    if (verdict->kind == MD_ITEM_OTHER && head.n > 0)
        complain(self, MD_NOTE, item.name, 0, verdict->note != NULL ? verdict->note : "not understood");
    item.note = verdict->kind == MD_ITEM_OTHER ? verdict->note : NULL;
    if (verdict->kind == MD_ITEM_LISTING && !md_str_is_empty(verdict->root) && *verdict->root.p == '/')
        item.root = md_arena_cstr(self->arena, verdict->root);
    own = md_recorded_add(self->recorded, &item, member, verdict->clean);
    if (own != NULL)
        md_instant_find(own->kind, head, true, &self->recorded->entries[own->handle].first);
}

static void add_part(struct inventory *self, const struct md_member *member, const struct md_part *part, unsigned clean,
                     int64_t taken_at)
{
    struct md_item item = blank_for(self, part->kind, member);
    struct md_item *own;

    if (part->kind == MD_ITEM_OTHER && !part->is_text)
        complain(self, MD_NOTE, item.name, part->first_line, part->note != NULL ? part->note : "not understood");
    item.note = part->kind != MD_ITEM_OTHER ? NULL : part->is_text ? "text around outputs" : part->note;
    item.path = md_str_is_empty(part->file) || *part->file.p != '/' ? NULL : md_display(self->arena, part->file);
    if (!md_str_is_empty(part->file))
        item.base = md_display(self->arena, md_item_name_base(part->file));
    item.mtime = MD_TIME_NONE;
    item.command = md_str_is_empty(part->command) ? NULL : md_display(self->arena, part->command);
    item.offset = part->offset;
    item.size = part->size;
    item.first_line = part->first_line;
    item.root = md_str_is_empty(part->root) ? NULL : md_arena_cstr(self->arena, part->root);
    item.taken_at = taken_at;
    item.exit_code = part->exit_code;
    own = md_recorded_add(self->recorded, &item, member, clean);
    if (own != NULL && part->kind == MD_ITEM_DATE) {
        self->recorded->entries[own->handle].first.at = part->at;
        self->recorded->entries[own->handle].first.is_local = part->is_local;
    }
}

static size_t split(struct inventory *self, const struct md_member *member, struct md_str head, bool is_whole,
                    unsigned clean, const struct md_part **ret)
{
    struct md_splitter *splitter = md_splitter_new(self->arena, clean);
    struct md_stream *stream;
    enum { CHUNK = 65536 };
    char *chunk;
    ptrdiff_t got;

    if (is_whole) {
        md_splitter_feed(splitter, head.p, head.n);
        self->split += head.n;
        return md_splitter_end(&splitter, ret);
    }
    if (md_pack_stream(self->recorded->pack, member, &stream) == MD_OK) {
        chunk = md_xcalloc(CHUNK, 1);
        stream->interrupted = self->recorded->source->options.interrupted;
        while (self->split < SPLIT_ALL && (got = md_stream_read(stream, chunk, CHUNK)) > 0) {
            md_splitter_feed(splitter, chunk, (size_t)got);
            self->split += (uint64_t)got;
        }
        if (self->split >= SPLIT_ALL)
            complain(self, MD_WARNING, md_recorded_name(self->recorded, member), 0,
                     "more text than is looked through for outputs of commands; the rest of this file is left out");
        free(chunk);
        md_stream_close(&stream);
    }
    return md_splitter_end(&splitter, ret);
}

/* Several outputs in one file; false: it is one thing after all. */
static bool add_parts(struct inventory *self, const struct md_member *member, const struct md_file_verdict *verdict,
                      struct md_str head, bool is_whole)
{
    const struct md_part *parts;
    size_t n = split(self, member, head, is_whole, verdict->clean, &parts), understood = 0;
    int64_t taken_at = MD_TIME_NONE;

    for (size_t i = 0; i < n; i++) {
        understood += parts[i].kind != MD_ITEM_OTHER;
        if (parts[i].at != MD_TIME_NONE && !parts[i].is_local && taken_at == MD_TIME_NONE)
            taken_at = parts[i].at;
    }
    if (understood == 0 || (n == 1 && md_str_is_empty(parts[0].command)))
        return false;
    if (n == MD_SPLIT_PARTS_MAX)
        complain(self, MD_WARNING, md_recorded_name(self->recorded, member), 0,
                 "more outputs of commands than are read from one file; the last ones are left out");
    for (size_t i = 0; i < n; i++)
        add_part(self, member, &parts[i], verdict->clean, taken_at);
    return true;
}

static void add_member(struct inventory *self, const struct md_member *member)
{
    struct md_recorded *recorded = self->recorded;
    struct md_file_verdict verdict;
    bool is_whole = false;
    ptrdiff_t got = md_pack_head(recorded->pack, member, self->head, MD_RECOGNISE_HEAD, &is_whole);
    struct md_str head = md_str_n(self->head, got > 0 ? (size_t)got : 0);
    struct md_item item;

    if (got == MD_INTERRUPTED)
        return;
    if (got < 0) {
        struct md_item_name name;

        md_item_name_read(member->name, &name);
        item = blank_for(self, name.kind, member);
        item.status = (enum md_status)got;
        complain(self, MD_WARNING, item.name, 0, md_status_says(item.status));
        (void)md_recorded_add(recorded, &item, member, 0);
        return;
    }
    if (member->verdict != NULL)
        verdict = *member->verdict;
    else
        md_recognise_file(member->name, head, member->size, &verdict);
    /* Only at the top is it the manifest, and that one was looked at. */
    if (verdict.kind == MD_ITEM_MANIFEST)
        verdict.kind = MD_ITEM_OTHER;
    if (verdict.is_capture && self->split >= SPLIT_ALL)
        complain(self, MD_WARNING, md_recorded_name(recorded, member), 0,
                 "more text than is looked through for outputs of commands; this file is taken for one output");
    else if (verdict.is_capture && add_parts(self, member, &verdict, head, is_whole))
        return;
    add_whole(self, member, &verdict, head);
}

static void add_queue_file(struct inventory *self, const struct md_member *member)
{
    struct md_item item = blank_for(self, MD_ITEM_QUEUE_FILE, member);

    item.status = member->status;
    (void)md_recorded_add(self->recorded, &item, member, 0);
}

static void add_tree(struct inventory *self, struct md_str tree)
{
    struct md_recorded *recorded = self->recorded;
    const struct md_member *listing = md_recorded_tree_listing(recorded, tree);
    struct md_item item =
        md_item_blank(MD_ITEM_QUEUE_TREE, md_str_is_empty(tree) ? "." : md_display(self->arena, tree));
    struct md_item *own = md_recorded_add(recorded, &item, listing, 0);

    if (own != NULL) {
        recorded->entries[own->handle].tree = tree;
        recorded->entries[own->handle].is_listed = listing != NULL;
    }
    if (!recorded->pack->is_archive && listing == NULL)
        md_diags_add(recorded->source->diags, MD_NOTE, (struct md_loc){item.name, 0, 0},
                     "a copied queue folder: the times of its files are those of copying, so their ages are not known");
}

void md_recorded_inventory(struct md_recorded *recorded)
{
    struct inventory self = {.recorded = recorded, .arena = recorded->source->arena};
    const struct md_pack *pack = recorded->pack;
    const struct md_source_options *options = &recorded->source->options;

    self.head = md_xcalloc(MD_RECOGNISE_HEAD, 1);
    note_listed_trees(&self);
    find_trees(&self);
    for (size_t i = 0; i < pack->n && !md_source_is_interrupted(recorded->source); i++) {
        const struct md_member *member = &pack->members[i];
        bool is_in_tree = false;

        if (options->progress != NULL)
            options->progress(options->progress_ctx, "recognising files", i, pack->n);
        if (member->is_dir || member->is_opened || recorded->is_used[i])
            continue;
        for (size_t t = 0; t < self.n_trees && !is_in_tree; t++)
            is_in_tree = is_inside(member->name, self.trees[t]);
        if (is_in_tree && is_queue_file_name(member->name))
            add_queue_file(&self, member);
        else if (!is_in_tree || self.n_trees == 0 || md_str_is_empty(self.trees[0]))
            add_member(&self, member);
    }
    /* In a bundle the queue is listed, and what is under files/ is a sample. */
    for (size_t t = 0; t < self.n_trees && !recorded->has_layout; t++)
        add_tree(&self, self.trees[t]);
    if (recorded->source->all.n >= MD_SOURCE_ITEMS_MAX)
        md_diags_add(recorded->source->diags, MD_WARNING, (struct md_loc){recorded->source->name, 0, 0},
                     "more than %d files and outputs; the rest is not looked at", MD_SOURCE_ITEMS_MAX);
    if (self.n_unknown > NOTES_MAX)
        md_diags_add(recorded->source->diags, MD_NOTE, (struct md_loc){recorded->source->name, 0, 0},
                     "%zu more files or parts of files are not understood", self.n_unknown - NOTES_MAX);
    free(self.head);
}
