/*
 * probes/msgserver/envelopes: the probe msgserver.envelopes.
 *
 * Reads a bounded sample of queue files (envelope, Received lines, attempt history; the message is passed over) and the
 * output of `imsimta qm history`. Which files are sampled is the source's choice: all that were sent, or at most 200 a
 * channel of a live host.
 */
#include <stdlib.h>
#include <string.h>

#include "probes/formats/msgserver/qm_listing.h"
#include "probes/formats/msgserver/queue_name.h"
#include "probes/item_text.h"
#include "probes/msgserver/census.h"
#include "probes/msgserver/envelope_tally.h"
#include "probes/msgserver/failure_rules.h"
#include "probes/msgserver/mta_config.h"
#include "probes/msgserver/traffic.h"
#include "probes/msgserver/world.h"
#include "probes/source/ends.h"

#define ALL_MAX (UINT64_C(256) * 1024 * 1024) /* of all files */
#define CHANNELS_MAX 1000
#define HISTORY_MAX (16 * 1024 * 1024)

struct sampling {
    struct md_probe_ctx *ctx;
    const struct md_failure_table *table;
    struct md_envelope_tally **tallies;
    size_t n, capacity;
    uint64_t bytes; /* read so far */
    uint64_t without_channel;
    uint64_t odd; /* of a live host: being written, empty or no queue file */
    const struct md_item *first_odd;
    struct md_arena *arena; /* of one file */
    struct md_ends ends;
};

static struct md_envelope_tally *tally_of(struct sampling *s, struct md_str channel)
{
    struct md_envelope_tally *tally;

    for (size_t i = 0; i < s->n; i++)
        if (md_str_eq(s->tallies[i]->channel, channel))
            return s->tallies[i];
    if (s->n >= CHANNELS_MAX)
        return NULL;
    tally = md_arena_alloc(s->ctx->arena, sizeof *tally);
    md_envelope_tally_init(tally, md_arena_str(s->ctx->arena, channel));
    *(struct md_envelope_tally **)md_arena_push(s->ctx->arena, &s->tallies, &s->n, &s->capacity,
                                                sizeof(struct md_envelope_tally *)) = tally;
    return tally;
}

/* On a live host files come and go while we look, so that a few that cannot be used are nothing special. */
static void say_odd(struct sampling *s, const struct md_item *item, const char *what)
{
    if (md_source_kind(s->ctx->source) != MD_SOURCE_LIVE) {
        md_diags_add(s->ctx->diags, MD_WARNING, (struct md_loc){item->name, 0, 0}, "%s", what);
        return;
    }
    if (s->odd++ == 0)
        s->first_odd = item;
}

/* ---- reading one file ---- */

static bool is_known_channel(const struct sampling *s, struct md_str channel)
{
    const struct md_msgserver_world *world = s->ctx->msgserver;

    return (world->census != NULL && md_census_channel(world->census, channel) != NULL) ||
           (world->config != NULL && md_mta_config_channel(world->config, channel) != NULL);
}

/* The channel of a queue file: by its path, by who tried it, or by the census, where the same file is counted. */
static struct md_str channel_of(const struct sampling *s, const struct md_item *item, const struct md_queue_file *file)
{
    struct md_census *census = s->ctx->msgserver->census;
    struct md_str place = md_str(item->path != NULL ? item->path : item->name);
    struct md_queue_name name;
    struct md_queue_path path;

    md_queue_path_parse_any(place, &path);
    if (path.channel.n > 0 && (md_str_find(place, MD_LIT("queue/")) >= 0 || is_known_channel(s, path.channel)))
        return path.channel;
    for (size_t i = 0; i < file->n_attempts; i++)
        if (file->attempts[i].channel.n > 0)
            return file->attempts[i].channel;
    if (census != NULL && md_queue_name_parse(md_str(item->base), &name))
        for (size_t i = 0; i < md_census_channel_count(census); i++)
            if (md_census_find(census, md_census_channel_at(census, i)->name, name.unique) != NULL)
                return md_census_channel_at(census, i)->name;
    return (struct md_str){0};
}

static void add_file(struct sampling *s, const struct md_item *item, const struct md_queue_file *file)
{
    struct md_str channel = channel_of(s, item, file);
    struct md_envelope_tally *tally = channel.n > 0 ? tally_of(s, channel) : NULL;
    struct md_queue_name name;

    if (tally == NULL) {
        s->without_channel++;
        return;
    }
    if (tally->sampled >= MD_ENVELOPE_SAMPLE_MAX)
        return;
    md_envelope_tally_add(tally, item, file, md_queue_name_parse(md_str(item->base), &name) && name.is_held,
                          s->ctx->msgserver->host);
    for (size_t i = 0; i < file->n_attempts; i++)
        md_envelope_tally_add_attempt(tally, s->table, item, file->attempts[i].reason, file->attempts[i].line);
}

static void read_file(struct sampling *s, const struct md_item *item)
{
    bool is_live = md_source_kind(s->ctx->source) == MD_SOURCE_LIVE;
    struct md_queue_file file;
    struct md_stream *stream;
    enum md_status st = md_source_open(s->ctx->source, item, &stream);

    if (st != MD_OK) {
        /* On a live host a file may be delivered while we look. */
        if (!is_live || st != MD_NOT_FOUND)
            md_item_say_unread(s->ctx, item, "cannot be read", st);
        return;
    }
    st = md_ends_read(stream, &s->ends);
    s->bytes += s->ends.bytes;
    md_stream_close(&stream);
    if (st != MD_OK) {
        md_diags_add(s->ctx->diags, MD_WARNING, (struct md_loc){item->name, 0, 0}, "cannot be read: %s",
                     md_status_says(st));
        return;
    }
    md_arena_clear(s->arena);
    if (md_queue_file_parse(s->arena, md_str_n(s->ends.head, s->ends.head_n), md_str_n(s->ends.tail, s->ends.tail_n),
                            &file) != MD_OK) {
        say_odd(s, item, "is no queue file, or is cut off in its envelope");
        return;
    }
    if (!file.is_ended && s->ends.is_whole)
        say_odd(s, item, "has no end: the file is cut off or was still being written, its history is not known");
    add_file(s, item, &file);
}

/* ---- qm history ---- */

static void read_qm_history(struct sampling *s, const struct md_item *item)
{
    struct md_qm_history history;
    struct md_str text;

    if (!md_item_text(s->ctx, item, HISTORY_MAX, &text))
        return;
    md_arena_clear(s->arena);
    md_qm_history_parse(s->arena, text, &history);
    for (size_t i = 0; i < history.n; i++) {
        struct md_queue_path path;
        struct md_envelope_tally *tally;

        md_queue_path_parse_any(history.attempts[i].file, &path);
        tally = path.channel.n > 0 ? tally_of(s, path.channel) : NULL;
        if (tally != NULL)
            md_envelope_tally_add_attempt(tally, s->table, item, history.attempts[i].text,
                                          item->first_line + history.attempts[i].line - 1);
    }
}

/* ---- the log ---- */

static struct md_str name_of(const struct md_traffic *traffic, uint32_t number)
{
    return number > 1 ? md_traffic_name(traffic, number - 1) : (struct md_str){0};
}

/* Held files whose envelope is not at hand: the log has seen them enqueued. */
static void join_log(struct sampling *s)
{
    struct md_census *census = s->ctx->msgserver->census;
    const struct md_traffic *traffic = s->ctx->msgserver->traffic;
    const struct md_item *const *logs;
    size_t n_logs = md_source_items(s->ctx->source, MD_ITEM_MAIL_LOG, &logs), cursor = 0;
    const struct md_stuck *slot;

    if (census == NULL || traffic == NULL || n_logs == 0)
        return;
    while ((slot = md_census_next(census, &cursor)) != NULL) {
        struct md_str recipient = name_of(traffic, slot->recipient), place = name_of(traffic, slot->destination),
                      domain = {0};
        struct md_envelope_tally *tally;
        ptrdiff_t at = md_str_rfind_char(recipient, '@');

        if (!slot->is_held || (recipient.n == 0 && place.n == 0))
            continue;
        tally = tally_of(s, md_census_channel_at(census, slot->channel)->name);
        if (tally == NULL || tally->held > 0)
            continue;
        if (at >= 0)
            domain = md_str_from(recipient, (size_t)at + 1);
        if (md_str_find_char(domain, '.') < 0 && md_str_find_char(place, '@') < 0)
            domain = place;
        tally->log = logs[n_logs - 1];
        md_envelope_tally_add_logged(tally, domain, recipient, slot->copies * md_census_stuck_factor(census));
    }
}

static bool is_stopped(const struct sampling *s)
{
    return s->ctx->interrupted != NULL && *s->ctx->interrupted != 0;
}

static enum md_status run(struct md_probe_ctx *ctx)
{
    struct sampling s = {.ctx = ctx};
    const struct md_item *const *files, *const *histories;
    size_t n_files = md_source_items(ctx->source, MD_ITEM_QUEUE_FILE, &files);
    size_t n_histories = md_source_items(ctx->source, MD_ITEM_QM_HISTORY, &histories);

    bool has_log = ctx->msgserver->traffic != NULL && ctx->msgserver->census != NULL;

    if (n_files == 0 && n_histories == 0 && !has_log)
        return MD_NOT_FOUND;
    s.table = md_failure_rules_load(ctx);
    s.arena = md_arena_new();
    s.ends.head = md_xcalloc(1, MD_ENDS_HEAD);
    s.ends.tail = md_xcalloc(1, MD_ENDS_TAIL);
    for (size_t i = 0; i < n_files && s.bytes < ALL_MAX && !is_stopped(&s); i++)
        read_file(&s, files[i]);
    for (size_t i = 0; i < n_histories && !is_stopped(&s); i++)
        read_qm_history(&s, histories[i]);
    join_log(&s);
    if (s.odd > 0)
        md_diags_add(ctx->diags, MD_NOTE, (struct md_loc){s.first_odd->name, 0, 0},
                     "%llu of the sampled queue files could not be used (being written, empty or of another form)",
                     (unsigned long long)s.odd);
    if (s.without_channel > 0)
        md_diags_add(ctx->diags, MD_NOTE, (struct md_loc){0}, "%llu queue files do not say which channel they are of",
                     (unsigned long long)s.without_channel);
    for (size_t i = 0; i < s.n; i++) {
        md_envelope_tally_set(s.tallies[i], ctx);
        md_envelope_tally_free(s.tallies[i]);
    }
    free(s.ends.head);
    free(s.ends.tail);
    md_arena_free(&s.arena);
    if (n_files == 0 && n_histories == 0 && s.n == 0)
        return MD_NOT_FOUND;
    return is_stopped(&s) ? MD_INTERRUPTED : MD_OK;
}

static const enum md_item_kind reads[] = {MD_ITEM_QUEUE_FILE, MD_ITEM_QM_HISTORY, MD_ITEM_KIND_COUNT};

const struct md_probe md_probe_msgserver_envelopes = {
    .name = "msgserver.envelopes",
    .says = "reads envelopes, Received lines and attempt histories of a bounded sample of queue files",
    .cost = MD_COST_CHEAP,
    .reads = reads,
    .joins = true,
    .run = run,
};
