/* What goes into a bundle. */
#include "probes/bundle/collect_priv.h"

#include "engine/base/display.h"
#include "probes/bundle/recognise.h"
#include "probes/formats/msgserver/queue_name.h"
#include "probes/source/item_name.h"
#include "probes/source/stream.h"

#define SAMPLES_MAX 200 /* queue files of one channel */
#define TEXT_HEAD 8192  /* bytes that say whether a file is text */

struct md_collect_entry *md_collect_add(struct md_collect *self, enum md_collect_sort sort, enum md_item_kind kind,
                                        struct md_str name)
{
    struct md_collect_entry *entry =
        md_arena_push(self->arena, &self->entries, &self->n_entries, &self->entries_capacity, sizeof *entry);

    entry->sort = sort;
    entry->kind = kind;
    entry->name = name;
    entry->text = md_str("");
    entry->size = UINT64_MAX;
    entry->mtime = MD_TIME_NONE;
    return entry;
}

void md_collect_leave_out(struct md_collect *self, const char *name, const char *why)
{
    struct md_collect_left_out *one =
        md_arena_push(self->arena, &self->left_out, &self->n_left_out, &self->left_out_capacity, sizeof *one);

    one->name = name;
    one->why = why;
}

static struct md_str name_of(struct md_collect *self, const char *prefix, const char *path)
{
    return md_str(md_arena_printf(self->arena, "%s%s", prefix, path));
}

static void add_listing(struct md_collect *self, struct md_str root, struct md_str file, bool is_complete, bool is_tree)
{
    struct md_collect_listing *listing =
        md_arena_push(self->arena, &self->listings, &self->n_listings, &self->listings_capacity, sizeof *listing);

    *listing = (struct md_collect_listing){root, file, is_complete, is_tree};
}

/* ---- trees ---- */

static bool write_walked(void *ctx, const struct md_dir_entry *entry)
{
    md_collect_note_entry(ctx, entry);
    return true;
}

/* The recorded walk of the queue, or one of our own where no probe made it. */
static void plan_tree(struct md_collect *self, const struct md_item *item, struct md_str root, struct md_str file)
{
    struct md_collect_entry *entry;

    if (self->walked != item || !self->is_walk_ended) {
        md_spool_free(&self->walk);
        self->walk = md_spool_new(self->folder, MD_BUNDLE_LIMIT);
        self->walked = item;
        self->is_walk_whole = false;
        self->is_walk_ended = true;
        if (md_source_walk(self->source, item, NULL, write_walked, self) == MD_OK)
            self->is_walk_whole = true;
    }
    entry = md_collect_add(self, MD_COLLECT_LISTING, MD_ITEM_LISTING, file);
    entry->spool = self->walk;
    entry->size = md_spool_size(self->walk);
    add_listing(self, root, file, self->is_walk_whole, md_recorded_of(self->source) != NULL);
    self->walked = NULL; /* the spool has gone to the entry */
    self->walk = NULL;
}

/* ---- this host ---- */

static void plan_command(struct md_collect *self, const struct md_item *item)
{
    struct md_collect_command *command;
    struct md_collect_entry *entry;

    if (item->status == MD_UNSUPPORTED) {
        md_collect_leave_out(self, item->name, "it costs too much without --allow expensive");
        return;
    }
    if (item->kind == MD_ITEM_PS && item->status == MD_OK) {
        md_collect_add(self, MD_COLLECT_OUTPUT, item->kind, md_str("processes.txt"))->item = item;
        return;
    }
    command = md_arena_push(self->arena, &self->commands, &self->n_commands, &self->commands_capacity, sizeof *command);
    command->item = item;
    command->out = md_str(md_arena_printf(self->arena, "commands/%02zu.out", self->n_commands));
    entry = md_collect_add(self, MD_COLLECT_OUTPUT, item->kind, command->out);
    if (item->status == MD_OK)
        entry->item = item;
    entry->mtime = item->taken_at;
    if (item->errors.n > 0) {
        command->err = md_str(md_arena_printf(self->arena, "commands/%02zu.err", self->n_commands));
        entry = md_collect_add(self, MD_COLLECT_OUTPUT, MD_ITEM_OTHER, command->err);
        entry->text = item->errors;
        entry->size = item->errors.n;
        entry->mtime = item->taken_at;
    }
}

/* The calendars of users, or lists of them, in which nothing tells a name from another word. */
static bool holds_entries(enum md_item_kind kind)
{
    switch ((int)kind) {
    case MD_ITEM_CSDB_FILE:
    case MD_ITEM_CSDB_LOG:
    case MD_ITEM_CSDB_REGION:
    case MD_ITEM_CSDB_CHECK:
    case MD_ITEM_DB_DUMP:
    case MD_ITEM_SHELL_HISTORY:
    case MD_ITEM_CSSCHEDULE:
    case MD_ITEM_DBRIG:
    case MD_ITEM_CSCAL:
    case MD_ITEM_CSCOMPONENTS: return true;
    default: return false;
    }
}

/* What can be said of the state of the database is in its facts and in its listing. */
static bool withhold(struct md_collect *self, enum md_item_kind kind, struct md_str name)
{
    if (!holds_entries(kind))
        return false;
    if (md_str_is_empty(self->withheld)) {
        self->withheld = md_arena_str(self->arena, name);
        md_collect_leave_out(self, md_display(self->arena, name),
                             "this and files like it hold the entries of users; their facts are kept");
    }
    self->is_withheld[kind] = true;
    return true;
}

/* Outputs in one file with others: it is left out with all of them. */
static bool withhold_member(struct md_collect *self, const struct md_item_list *items, struct md_str name)
{
    bool is_withheld = false;

    for (size_t i = 0; i < items->n; i++)
        is_withheld |= withhold(self, items->list[i]->kind, name);
    for (size_t i = 0; i < items->n && is_withheld; i++)
        self->is_withheld[items->list[i]->kind] = true;
    return is_withheld;
}

/* "listings/csdb.tsv"; folders of one name get a number. */
static struct md_str listing_name(struct md_collect *self, const char *base)
{
    struct md_str name = md_str(md_arena_printf(self->arena, "listings/%s.tsv", base));
    size_t same = 1;

    for (size_t i = 0; i < self->n_listings; i++)
        if (md_str_eq(self->listings[i].file, name))
            name = md_str(md_arena_printf(self->arena, "listings/%s-%zu.tsv", base, ++same));
    return name;
}

static void plan_file(struct md_collect *self, const struct md_item *item)
{
    enum md_collect_sort sort = item->kind == MD_ITEM_QUEUE_FILE  ? MD_COLLECT_SAMPLE
                                : md_recognise_is_log(item->kind) ? MD_COLLECT_LOG
                                                                  : MD_COLLECT_FILE;
    struct md_collect_entry *entry;

    if (item->status < 0) {
        *(const struct md_item **)md_arena_push(self->arena, &self->unread, &self->n_unread, &self->unread_capacity,
                                                sizeof *self->unread) = item;
        md_collect_leave_out(self, item->name, md_status_says(item->status));
        return;
    }
    if (withhold(self, item->kind, name_of(self, "files", item->path)))
        return;
    entry = md_collect_add(self, sort, item->kind, name_of(self, "files", item->path));
    entry->size = item->kind == MD_ITEM_CONFIG_IMAGE ? 0 : item->size;
    entry->mtime = item->mtime;
    if (item->kind != MD_ITEM_CONFIG_IMAGE) /* only its time counts */
        entry->item = item;
}

static void plan_host_item(struct md_collect *self, const struct md_item *item)
{
    struct md_str name;

    if (item->kind == MD_ITEM_QUEUE_TREE) {
        plan_tree(self, item, md_str(item->root), md_str("listings/queue.tsv"));
    } else if (item->command != NULL) {
        plan_command(self, item);
    } else if (item->kind == MD_ITEM_LISTING) {
        name = listing_name(self, item->base);
        add_listing(self, md_str(item->root), name, item->is_complete, false);
        md_collect_add(self, MD_COLLECT_LISTING, item->kind, name)->item = item;
    } else if (item->kind == MD_ITEM_PS) {
        md_collect_add(self, MD_COLLECT_OUTPUT, item->kind, md_str("processes.txt"))->item = item;
    } else if (item->path != NULL && *item->path == '/') {
        plan_file(self, item);
    }
}

/* ---- what was sent ---- */

/* Items of one member stand together, by their places in it. */
static int by_place(const void *a, const void *b)
{
    const struct md_item *x = *(const struct md_item *const *)a, *y = *(const struct md_item *const *)b;

    return (x->offset > y->offset) - (x->offset < y->offset);
}

struct sent {
    struct md_collect *self;
    struct md_recorded *recorded;
    struct md_item_list *items; /* by member */
    size_t samples[64];         /* queue files taken, by a hash of their channel */
};

static void find_items(struct sent *sent)
{
    const struct md_item_list *all = &sent->self->source->all;

    sent->items = md_arena_array(sent->self->arena, sent->recorded->pack->n + 1, sizeof *sent->items);
    for (size_t i = 0; i < all->n; i++) {
        const struct md_recorded_entry *entry = &sent->recorded->entries[all->list[i]->handle];
        struct md_item_list *list;

        if (entry->member == NULL)
            continue;
        list = &sent->items[entry->member - sent->recorded->pack->members];
        *(const struct md_item **)md_arena_push(sent->self->arena, &list->list, &list->n, &list->capacity,
                                                sizeof *list->list) = all->list[i];
    }
    for (size_t i = 0; i < sent->recorded->pack->n; i++)
        if (sent->items[i].n > 1)
            qsort(sent->items[i].list, sent->items[i].n, sizeof *sent->items[i].list, by_place);
}

static bool is_text(struct md_str head)
{
    size_t odd = 0;

    for (size_t i = 0; i < head.n; i++) {
        unsigned char c = (unsigned char)head.p[i];

        if (c == 0)
            return false;
        odd += c < 0x20 && !md_is_space(head.p[i]) && c != 0x1b && c != '\b';
    }
    return odd * 20 <= head.n;
}

/* One file has one name, whether it is compressed or not; the archive compresses anew. */
static struct md_str unpacked_name(struct sent *sent, const struct md_member *member)
{
    struct md_str name = member->name, shorter;

    if (!md_pack_is_compressed(sent->recorded->pack, member))
        return name;
    shorter = md_item_name_unpacked(name);
    return md_pack_find(sent->recorded->pack, shorter) == NULL ? shorter : name;
}

/* Of the files of one channel so many are kept. Channels that share a number share what it allows. */
static bool takes_sample(struct sent *sent, struct md_str path)
{
    struct md_queue_path place;

    md_queue_path_parse_any(path, &place);
    return sent->samples[md_str_hash(place.channel) % 64]++ < SAMPLES_MAX;
}

static void take_parts(struct sent *sent, const struct md_item_list *items, struct md_collect_entry *entry)
{
    struct md_collect_part *parts = md_arena_array(sent->self->arena, items->n + 1, sizeof *parts);

    for (size_t i = 0; i < items->n; i++)
        if (items->list[i]->kind != MD_ITEM_QUEUE_TREE)
            parts[entry->n_parts++] = (struct md_collect_part){items->list[i]->kind, items->list[i]->offset};
    entry->parts = parts;
}

static void plan_member(struct sent *sent, const struct md_member *member, const struct md_item_list *items)
{
    struct md_collect *self = sent->self;
    const char *shown = md_display(self->arena, member->name);
    enum md_item_kind kind = items->n > 0 ? items->list[0]->kind : MD_ITEM_OTHER;
    bool is_understood = false, is_whole;
    struct md_collect_entry *entry;
    struct md_str name = unpacked_name(sent, member);
    char head[TEXT_HEAD];
    ptrdiff_t got = md_pack_head(sent->recorded->pack, member, head, sizeof head, &is_whole);

    if (got < 0) {
        md_collect_leave_out(self, shown, md_status_says((enum md_status)got));
        return;
    }
    for (size_t i = 0; i < items->n; i++)
        is_understood |= items->list[i]->kind != MD_ITEM_OTHER;
    if (kind == MD_ITEM_MANIFEST || kind == MD_ITEM_QUEUE_TREE)
        return; /* written anew */
    if (withhold_member(self, items, name))
        return;
    if (kind != MD_ITEM_CONFIG_IMAGE && !is_text(md_str_n(head, (size_t)got)) && !is_understood) {
        md_collect_leave_out(self, shown, "it is no text and is not understood");
        return;
    }
    if (kind == MD_ITEM_QUEUE_FILE && !takes_sample(sent, member->name))
        return;
    if (sent->recorded->has_layout)
        md_str_skip_prefix(&name, sent->recorded->top);
    if (md_source_facts(self->source) != NULL) { /* all that there is */
        kind = MD_ITEM_FACTS;
        name = MD_LIT("facts.json");
    }
    entry = md_collect_add(self,
                           kind == MD_ITEM_QUEUE_FILE  ? MD_COLLECT_SAMPLE
                           : md_recognise_is_log(kind) ? MD_COLLECT_LOG
                           : kind == MD_ITEM_LISTING   ? MD_COLLECT_LISTING
                                                       : MD_COLLECT_FILE,
                           kind, name);
    entry->mtime = member->mtime;
    entry->size = kind == MD_ITEM_CONFIG_IMAGE ? 0 : member->size;
    if (kind != MD_ITEM_CONFIG_IMAGE)
        entry->member = member;
    take_parts(sent, items, entry);
}

/* Members of copied queue folders that are no queue files may be messages. */
static bool is_in_tree(const struct sent *sent, struct md_str name)
{
    const struct md_item_list *trees = &sent->self->source->by_kind[MD_ITEM_QUEUE_TREE];

    for (size_t i = 0; i < trees->n; i++) {
        struct md_str tree = sent->recorded->entries[trees->list[i]->handle].tree;

        if (tree.n > 0 && md_str_has_prefix(name, tree) && name.n > tree.n && name.p[tree.n] == '/')
            return true;
    }
    return false;
}

static void plan_sent(struct md_collect *self, struct md_recorded *recorded)
{
    struct sent sent = {.self = self, .recorded = recorded};
    const struct md_item_list *trees = &self->source->by_kind[MD_ITEM_QUEUE_TREE];

    find_items(&sent);
    for (size_t i = 0; i < recorded->pack->n; i++) {
        const struct md_member *member = &recorded->pack->members[i];

        /* Of an archive or message that was taken apart its parts are taken: coded as it is, nothing in it could be hidden. */
        if (!member->is_dir && !member->is_opened && (sent.items[i].n > 0 || !is_in_tree(&sent, member->name)))
            plan_member(&sent, member, &sent.items[i]);
    }
    for (size_t i = 0; i < trees->n; i++)
        plan_tree(self, trees->list[i], recorded->entries[trees->list[i]->handle].tree,
                  md_str(md_arena_printf(self->arena, "mtadoctor/tree-%zu.tsv", i + 1)));
}

/* ---- both ---- */

void md_collect_plan(struct md_collect *collect)
{
    struct md_recorded *recorded = md_recorded_of(collect->source);
    const struct md_item_list *all = &collect->source->all;
    struct md_buf dns = {0};

    md_source_record(collect->source, NULL); /* what is asked from now on is asked by us */
    if (recorded != NULL)
        plan_sent(collect, recorded);
    for (size_t i = 0; recorded == NULL && i < all->n; i++)
        plan_host_item(collect, all->list[i]);
    if (recorded == NULL && collect->n_answers > 0) {
        md_collect_dns(collect, &dns);
        md_collect_add(collect, MD_COLLECT_OUTPUT, MD_ITEM_DNS_ANSWERS, md_str("dns.json"))->text =
            md_arena_str(collect->arena, md_str_n(dns.p, dns.n));
        md_buf_free(&dns);
    }
}

struct md_collect_sum md_collect_sum(const struct md_collect *collect, enum md_collect_sort sort)
{
    struct md_collect_sum sum = {0, 0};

    for (size_t i = 0; i < collect->n_entries; i++)
        if (collect->entries[i].sort == sort) {
            sum.n++;
            if (collect->entries[i].size != UINT64_MAX)
                sum.bytes += collect->entries[i].size;
        }
    return sum;
}

const char *md_collect_sort_says(enum md_collect_sort sort)
{
    static const char *const says[MD_COLLECT_SORTS] = {
        [MD_COLLECT_FILE] = "configuration and other files",
        [MD_COLLECT_OUTPUT] = "outputs of commands, processes, answers about names",
        [MD_COLLECT_SAMPLE] = "queue files without their messages",
        [MD_COLLECT_LISTING] = "listings",
        [MD_COLLECT_LOG] = "logs",
    };

    return says[sort];
}

size_t md_collect_left_out(const struct md_collect *collect, const struct md_collect_left_out **ret)
{
    *ret = collect->left_out;
    return collect->n_left_out;
}
