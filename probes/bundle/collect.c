#include "probes/bundle/collect.h"

#include <inttypes.h>
#include <string.h>

#include "engine/base/display.h"
#include "probes/bundle/collect_priv.h"
#include "probes/source/dns_answers.h"
#include "probes/source/stream.h"

#define KEPT_FOR_REST (UINT64_C(256) * 1024) /* of the limit: manifest, listing, the end of the archive */
#define FACTS_PACK 6                         /* facts pack so many times at least, also with pseudonyms */
#define LEAST_LOG (UINT64_C(4) * 1024)       /* a smaller piece of a log is not worth its place */
#define CUT_TRIES 5                          /* at a log that does not fit; each reads it once */
/* Percent of the room, which is told by another compression than the archive's. */
#define CUT_AIM 92
#define CUT_ENOUGH 86
#define ASKED_MAX 10000

/* ---- recording ---- */

void md_collect_note_entry(struct md_collect *self, const struct md_dir_entry *entry)
{
    struct md_buf line = {0};
    char stat[64] = "-\t-\t-";

    if (entry->has_stat)
        (void)snprintf(stat, sizeof stat, "%04o\t%lu\t%lu", (unsigned)entry->mode, (unsigned long)entry->uid,
                       (unsigned long)entry->gid);
    md_collect_stat_line(&line, entry->path, entry->is_dir, entry->size, entry->mtime, stat);
    (void)!md_spool_add(self->walk, md_str_n(line.p, line.n)); /* a spool that failed says so when it is opened */
    md_buf_free(&line);
}

static void note_entry(void *ctx, const struct md_item *item, const struct md_dir_entry *entry)
{
    struct md_collect *self = ctx;

    if (self->walked == NULL) {
        self->walked = item;
        self->walk = md_spool_new(self->folder, MD_BUNDLE_LIMIT);
    }
    if (self->walked != item || self->is_walk_ended)
        return; /* the first walk is the one that facts came from */
    md_collect_note_entry(self, entry);
}

static void note_walked(void *ctx, const struct md_item *item, bool is_whole)
{
    struct md_collect *self = ctx;

    if (self->walked != item || self->is_walk_ended)
        return;
    self->is_walk_ended = true;
    self->is_walk_whole = is_whole;
}

static void note_answers(void *ctx, const struct md_dns_answer *answers, size_t n)
{
    struct md_collect *self = ctx;

    for (size_t i = 0; i < n && self->n_answers < MD_DNS_ANSWERS_MAX; i++) {
        struct md_dns_record *records;
        struct md_dns_answer *own;

        if (answers[i].status == MD_DNS_NOT_ASKED)
            continue;
        own = md_arena_push(self->arena, &self->answers, &self->n_answers, &self->answers_capacity, sizeof *own);
        *own = answers[i];
        own->name = md_arena_str(self->arena, answers[i].name);
        own->resolver = md_arena_str(self->arena, answers[i].resolver);
        records = md_arena_array(self->arena, own->n_records + 1, sizeof *records);
        for (size_t k = 0; k < own->n_records; k++) {
            records[k] = answers[i].records[k];
            records[k].data = md_arena_str(self->arena, answers[i].records[k].data);
        }
        own->records = records;
    }
}

static void note_connected(void *ctx, uint16_t port, enum md_status status)
{
    struct md_collect *self = ctx;

    if (self->n_ports < ASKED_MAX)
        *(struct md_collect_port *)md_arena_push(self->arena, &self->ports, &self->n_ports, &self->ports_capacity,
                                                 sizeof *self->ports) =
            (struct md_collect_port){.port = port, .status = status};
}

static void note_greeted(void *ctx, uint16_t port, enum md_status status, struct md_str line, double seconds)
{
    struct md_collect *self = ctx;

    if (self->n_greetings < ASKED_MAX)
        *(struct md_collect_port *)md_arena_push(self->arena, &self->greetings, &self->n_greetings,
                                                 &self->greetings_capacity, sizeof *self->greetings) =
            (struct md_collect_port){port, status, md_arena_str(self->arena, line), seconds};
}

static void note_program(void *ctx, struct md_str program, enum md_status status)
{
    struct md_collect *self = ctx;

    for (size_t i = 0; i < self->n_programs; i++)
        if (md_str_eq(self->programs[i].program, program))
            return;
    if (self->n_programs < ASKED_MAX)
        *(struct md_collect_program *)md_arena_push(self->arena, &self->programs, &self->n_programs,
                                                    &self->programs_capacity, sizeof *self->programs) =
            (struct md_collect_program){md_arena_str(self->arena, program), status};
}

struct md_collect *md_collect_new(struct md_arena *arena, struct md_source *source, struct md_diags *diags,
                                  const char *folder)
{
    struct md_collect *self = md_arena_alloc(arena, sizeof *self);
    const struct md_recorder recorder = {.ctx = self,
                                         .entry = note_entry,
                                         .walked = note_walked,
                                         .resolved = note_answers,
                                         .connected = note_connected,
                                         .greeted = note_greeted,
                                         .looked_for = note_program};

    self->arena = arena;
    self->source = source;
    self->diags = diags;
    self->folder = md_arena_cstr(arena, md_str(folder));
    if (md_recorded_of(source) == NULL)
        md_source_record(source, &recorder);
    return self;
}

void md_collect_free(struct md_collect **collect)
{
    struct md_collect *self = *collect;

    if (self == NULL)
        return;
    md_source_record(self->source, NULL);
    for (size_t i = 0; i < self->n_entries; i++)
        md_spool_free(&self->entries[i].spool);
    md_spool_free(&self->walk);
    md_buf_free(&self->stats);
    *collect = NULL;
}

/* ---- writing ---- */

static enum md_status emit_stream(struct md_collect *self, struct md_str name, int64_t mtime, uint64_t size,
                                  struct md_stream *stream)
{
    enum md_status status = md_bundle_begin(self->bundle, name, size, mtime);
    ptrdiff_t got = 0;

    while (status == MD_OK && (got = md_stream_read(stream, self->chunk, MD_COLLECT_CHUNK)) > 0)
        status = md_bundle_add(self->bundle, md_str_n(self->chunk, (size_t)got));
    if (status == MD_OK && got < 0)
        status = (enum md_status)got;
    return status == MD_OK ? md_bundle_end(self->bundle) : status;
}

static enum md_status emit_text(struct md_collect *self, const char *name, struct md_str text)
{
    enum md_status status = md_bundle_begin(self->bundle, md_str(name), text.n, self->options->now);

    if (status == MD_OK)
        status = md_bundle_add(self->bundle, text);
    return status == MD_OK ? md_bundle_end(self->bundle) : status;
}

/* What the listing of the files says of one. */
static void note_stat(struct md_collect *self, const struct md_collect_entry *entry, struct md_str name, uint64_t size)
{
    const struct md_item *item = entry->item;
    const char *owner = "-";

    if (md_recorded_of(self->source) != NULL || !md_str_has_prefix(name, MD_LIT("files/")))
        return;
    if (item != NULL && item->has_owner)
        owner = md_display(self->arena, md_redact_word(self->options->redactor, self->arena, md_str(item->owner)));
    md_collect_stat_line(&self->stats, name, false, entry->size != UINT64_MAX ? entry->size : size, entry->mtime,
                         item != NULL && item->has_owner
                             ? md_arena_printf(self->arena, "%04o\t%s\t-", (unsigned)item->mode, owner)
                             : "-\t-\t-");
}

static enum md_status emit(struct md_collect *self, const struct md_collect_entry *entry, struct md_spool *spool)
{
    struct md_str name = md_redact_path(self->options->redactor, self->arena, entry->name);
    struct md_stream *stream;
    enum md_status status = md_spool_open(spool, &stream);

    if (status < 0)
        return status;
    note_stat(self, entry, name, md_spool_size(spool));
    if (self->hidden_lines > 0)
        md_collect_leave_out(self, md_display(self->arena, entry->name),
                             md_arena_printf(self->arena,
                                             "%" PRIu64 " line%s, in which names cannot be told from other text",
                                             self->hidden_lines, self->hidden_lines == 1 ? "" : "s"));
    status = emit_stream(self, name, entry->mtime, md_spool_size(spool), stream);
    md_stream_close(&stream);
    return status;
}

static uint64_t room(const struct md_collect *self)
{
    uint64_t left = md_bundle_left(self->bundle);

    return left > KEPT_FOR_REST + self->kept_for_facts ? left - KEPT_FOR_REST - self->kept_for_facts : 0;
}

/* Something that may not be left out for want of room. */
static enum md_status write_entry(struct md_collect *self, const struct md_collect_entry *entry)
{
    struct md_spool *spool = NULL;
    enum md_status status = md_collect_redact(self, entry, 0, room(self), &spool, NULL);

    if (status == MD_OK) {
        status = emit(self, entry, spool);
    } else if (status != MD_LIMIT && status != MD_INTERRUPTED) {
        /* gone or changed meanwhile, or no queue file */
        md_collect_leave_out(self, md_display(self->arena, entry->name),
                             status == MD_END ? "it has no envelope, so its message cannot be told"
                                              : md_status_says(status));
        status = MD_OK;
    } else if (status == MD_LIMIT) {
        md_diags_add(self->diags, MD_ERROR, (struct md_loc){md_display(self->arena, entry->name), 0, 0},
                     "does not fit into the bundle (--limit) or into its file system");
    }
    md_spool_free(&spool);
    return status;
}

static void note_partial(struct md_collect *self, const struct md_collect_entry *entry, const char *why)
{
    struct md_str *name =
        md_arena_push(self->arena, &self->partial, &self->n_partial, &self->partial_capacity, sizeof *name);

    *name = md_redact_path(self->options->redactor, self->arena, entry->name);
    self->is_partial[entry->kind] = true;
    md_collect_leave_out(self, md_display(self->arena, entry->name), why);
}

/* The newest part of a log of `size` bytes that fits, as large as can be told in a few tries: from how far one came that was too much,
 * and from how much room one left. `raw`: bytes of its front that fit. */
static enum md_status cut_to_fit(struct md_collect *self, const struct md_collect_entry *entry, uint64_t size,
                                 uint64_t most, uint64_t raw, struct md_spool **ret)
{
    uint64_t fits = raw / 100 * CUT_AIM, best = 0, too_much = size;
    enum md_status status = MD_LIMIT;

    for (int tries = 0; tries < CUT_TRIES && fits > 0; tries++) {
        struct md_spool *spool = NULL;

        status = md_collect_redact(self, entry, size > fits ? size - fits : 0, most, &spool, &raw);
        if (status == MD_OK) {
            uint64_t packed = md_spool_packed(spool);

            md_spool_free(ret);
            *ret = spool;
            best = fits;
            if (packed == 0 || packed >= most / 100 * CUT_ENOUGH)
                break;
            fits = (uint64_t)((double)best / (double)packed * (double)most * CUT_AIM / 100);
        } else {
            md_spool_free(&spool);
            if (status != MD_LIMIT)
                break;
            too_much = fits;
            /* Packed bytes come late, so what was read until there were too many is rather more than fits. */
            fits = best > 0 ? (best + fits) / 2 : (raw < fits / 4 * 3 ? raw : fits / 4 * 3) / 100 * CUT_AIM;
        }
        if (fits >= too_much)
            fits = best + (too_much - best) / 2;
        if (best > 0 && fits - best < best / 50)
            break;
    }
    return best > 0 && status == MD_LIMIT ? MD_OK : status;
}

/* A log is cut where it does not fit: at `since`, else so that its newest part fits, going by how it packs. */
static enum md_status write_log(struct md_collect *self, const struct md_collect_entry *entry)
{
    struct md_spool *spool = NULL;
    uint64_t most = room(self), raw = 0, from = 0, size = 0;
    enum md_status status = most >= LEAST_LOG ? md_collect_redact(self, entry, 0, most, &spool, &raw) : MD_LIMIT;

    if (status == MD_LIMIT && most >= LEAST_LOG) {
        const uint64_t front = raw;

        status = md_collect_find_since(self, entry, &from, &size);
        md_spool_free(&spool);
        if (status == MD_OK && from != UINT64_MAX && from > 0)
            status = md_collect_redact(self, entry, from, most, &spool, &raw);
        else if (status == MD_OK)
            status = MD_LIMIT;
        if (status == MD_LIMIT) {
            md_spool_free(&spool);
            status = cut_to_fit(self, entry, size, most, front, &spool);
        }
        if (status == MD_OK)
            note_partial(self, entry, "too large for the limit; only its newest part is in the bundle");
    }
    if (status == MD_LIMIT) { /* not even a piece of it */
        md_spool_free(&spool);
        note_partial(self, entry, "there was no room left for it");
        return MD_OK;
    }
    if (status == MD_OK)
        status = emit(self, entry, spool);
    md_spool_free(&spool);
    if (status == MD_NOT_FOUND || status == MD_NO_ACCESS) {
        md_collect_leave_out(self, md_display(self->arena, entry->name), md_status_says(status));
        return MD_OK;
    }
    return status;
}

static int newest_first(const void *a, const void *b)
{
    const struct md_collect_entry *x = *(const struct md_collect_entry *const *)a,
                                  *y = *(const struct md_collect_entry *const *)b;

    if (x->mtime != y->mtime)
        return x->mtime > y->mtime ? -1 : 1;
    return (x > y) - (x < y);
}

static void progress(const struct md_collect *self, const char *what, size_t done)
{
    if (self->options->progress != NULL)
        self->options->progress(self->options->progress_ctx, what, done, self->n_entries);
}

/* The logs come last and take what there is; behind them come the facts of those that did not fit, which on a busy host are many. */
static void keep_room_for_facts(struct md_collect *self)
{
    bool is_partial[MD_ITEM_KIND_COUNT] = {false};
    struct md_buf text = {0};

    for (size_t i = 0; i < self->n_entries; i++)
        if (self->entries[i].sort == MD_COLLECT_LOG)
            is_partial[self->entries[i].kind] = true;
    if (self->options->facts != NULL)
        self->options->facts(self->options->facts_ctx, is_partial, &text);
    self->kept_for_facts = text.n / FACTS_PACK;
    md_buf_free(&text);
}

static enum md_status write_entries(struct md_collect *self)
{
    const struct md_collect_entry **logs = md_arena_array(self->arena, self->n_entries + 1, sizeof *logs);
    size_t n_logs = 0, done = 0;
    enum md_status status = MD_OK;

    for (size_t i = 0; i < self->n_entries && status == MD_OK; i++) {
        if (self->entries[i].sort == MD_COLLECT_LOG) {
            logs[n_logs++] = &self->entries[i];
            continue;
        }
        progress(self, "writing", done++);
        status = write_entry(self, &self->entries[i]);
    }
    keep_room_for_facts(self);
    if (n_logs > 1)
        qsort(logs, n_logs, sizeof(const struct md_collect_entry *), newest_first);
    for (size_t i = 0; i < n_logs && status == MD_OK; i++) {
        progress(self, "writing", done++);
        status = write_log(self, logs[i]);
    }
    return status;
}

static enum md_status learn(struct md_collect *self)
{
    enum md_status status = MD_OK;

    for (size_t i = 0; i < self->n_entries && status != MD_INTERRUPTED; i++) {
        progress(self, "reading", i);
        status = md_collect_learn(self, &self->entries[i]); /* what cannot be read is said when it is written */
    }
    return status == MD_INTERRUPTED ? status : MD_OK;
}

static enum md_status write_facts(struct md_collect *self)
{
    struct md_buf text = {0}, out = {0};
    struct md_redaction *redaction;
    enum md_status status = MD_OK;

    if (!md_str_is_empty(self->withheld)) {
        *(struct md_str *)md_arena_push(self->arena, &self->partial, &self->n_partial, &self->partial_capacity,
                                        sizeof *self->partial) =
            md_redact_path(self->options->redactor, self->arena, self->withheld);
        for (size_t i = 0; i < MD_ITEM_KIND_COUNT; i++)
            self->is_partial[i] |= self->is_withheld[i];
    }
    if (self->n_partial == 0 || self->options->facts == NULL)
        return MD_OK;
    self->options->facts(self->options->facts_ctx, self->is_partial, &text);
    redaction = md_redaction_new(self->options->redactor, MD_ITEM_FACTS, MD_LIT("facts.json"));
    md_redaction_feed(redaction, md_str_n(text.p, text.n), &out);
    md_redaction_end(&redaction, &out);
    if (out.n > 0)
        status = emit_text(self, "facts.json", md_str_n(out.p, out.n));
    md_buf_free(&text);
    md_buf_free(&out);
    return status;
}

static enum md_status write_all(struct md_collect *self, uint64_t most)
{
    struct md_buf manifest = {0};
    enum md_status status;

    self->raw_left = most;
    status = write_entries(self);
    if (status == MD_OK)
        status = write_facts(self);
    if (status == MD_OK && self->stats.n > 0)
        status = emit_text(self, "listings/files.tsv", md_str_n(self->stats.p, self->stats.n));
    if (status == MD_OK) {
        md_collect_manifest(self, &manifest);
        status = emit_text(self, "manifest.json", md_str_n(manifest.p, manifest.n));
    }
    md_buf_free(&manifest);
    return status;
}

static enum md_status write_once(struct md_collect *self, uint64_t most, struct md_diags *leaks)
{
    const char *temporary = NULL;
    enum md_status status = write_all(self, most);

    if (status == MD_OK)
        status = md_bundle_close(self->bundle, &temporary);
    return status == MD_OK && self->options->is_leak_checked ? md_collect_scan(self, temporary, leaks) : status;
}

/* Once more, without the lines in which the scan found names that were to be hidden. */
static enum md_status write_again(struct md_collect *self, uint64_t most)
{
    enum md_status status = md_bundle_restart(self->bundle);

    self->n_left_out = self->n_left_out_planned;
    self->n_partial = 0;
    self->stats.n = 0;
    memset(self->is_partial, 0, sizeof self->is_partial);
    md_collect_leave_out(self, "some lines",
                         "the leak scan found names in them that were to be hidden, so they are "
                         "hidden as a whole (please tell us: a mistake of ours)");
    md_redactor_write_again(self->options->redactor);
    return status == MD_OK ? write_once(self, most, self->diags) : status;
}

enum md_status md_collect_write(struct md_collect *collect, const struct md_collect_options *options,
                                struct md_bundle **bundle)
{
    const uint64_t most = MD_COLLECT_RAW_TIMES * md_bundle_left(*bundle);
    enum md_status status;

    collect->options = options;
    collect->bundle = *bundle;
    collect->chunk = md_xcalloc(MD_COLLECT_CHUNK, 1);
    collect->n_left_out_planned = collect->n_left_out;
    collect->raw_left = most;
    status = learn(collect);
    if (status == MD_OK)
        status = write_once(collect, most, NULL);
    if (status == MD_BAD_INPUT)
        status = write_again(collect, most);
    free(collect->chunk);
    collect->chunk = NULL;
    if (status == MD_OK)
        return md_bundle_publish(bundle);
    md_bundle_discard(bundle);
    return status;
}
