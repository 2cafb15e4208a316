/*
 * probes/calendar/database: the probe calendar.database.
 *
 * Sets what is known of the folder of the database, of its logs and regions, and of each database file: from their bytes where they are there
 * (probes/calendar/csdb_read), else from a listing. Nothing is opened for writing, nothing is locked, no library is attached to it.
 */
#include <stdio.h>

#include "engine/base/display.h"
#include "probes/calendar/csdb_disk.h"
#include "probes/calendar/csdb_read.h"
#include "probes/calendar/world.h"

#define PAGES_SAID 5        /* by number, of one file */
#define LOGS_MEANWHILE 100U /* that a busy server may begin while we read */

static const char in_use[] =
    "the database is in use, or was not recovered after a crash: its cache and logs may hold what is not in the file";
static const char only_listed[] = "the file is only listed";
static const char not_a_database[] = "its first page cannot be read";

/* Where the facts go. */
struct target {
    struct md_probe_ctx *ctx;
    const struct md_csdb_set *set;
    const struct md_csdb_reading *reading;
    struct md_instance *at;
    struct md_origin origin;
};

static void set_bool(const struct target *t, const char *name, bool value)
{
    md_fact_bool(t->ctx->facts, t->at, name, value, &t->origin);
}

static void set_count(const struct target *t, const char *name, uint64_t value)
{
    md_fact_count(t->ctx->facts, t->at, name, value, &t->origin);
}

static void set_number(const struct target *t, const char *name, double value)
{
    md_fact_number(t->ctx->facts, t->at, name, value, &t->origin);
}

static void set_time(const struct target *t, const char *name, int64_t value)
{
    if (value != MD_TIME_NONE)
        md_fact_time(t->ctx->facts, t->at, name, value, &t->origin);
}

static void set_unknown(const struct target *t, const char *name, const char *why)
{
    md_fact_unknown(t->ctx->facts, t->at, name, why);
}

/* ---- database files ---- */

static void say_pages(const struct target *t, const struct md_csdb_database *database)
{
    const struct md_bdb_file *file = &database->file;
    const struct md_loc loc = {database->entry->bytes->name, 0, 0};

    if (file->meta.fault != NULL)
        md_diags_add(t->ctx->diags, MD_NOTE, loc, "%s", file->meta.fault);
    for (size_t i = 0; i < file->n_faults && i < PAGES_SAID; i++)
        md_diags_add(t->ctx->diags, MD_NOTE, loc, "page %u: %s", file->faults[i].page, file->faults[i].says);
    if (file->n_faults > PAGES_SAID) {
        const unsigned long long all = file->damaged + file->zeroed + file->sum_wrong;

        md_diags_add(t->ctx->diags, MD_NOTE, loc, "%llu pages in all are damaged", all);
    }
    if (file->hangs_together == MD_BDB_NO)
        md_diags_add(
            t->ctx->diags, MD_NOTE, loc,
            "its pages do not hang together: one is pointed at by none or by several, or a chain does not lead back");
}

static void set_pages(const struct target *t, const struct md_bdb_file *file)
{
    set_count(t, "database.pages", file->pages);
    set_count(t, "database.pages_bad", file->damaged);
    set_count(t, "database.pages_zeroed", file->zeroed);
    if (file->meta.has_checksum && !file->meta.is_encrypted)
        set_count(t, "database.checksum_bad", file->sum_wrong);
    else
        set_unknown(t, "database.checksum_bad",
                    file->meta.is_encrypted ? "the file is encrypted" : "its pages have no checksums");
    if (file->hangs_together == MD_BDB_UNKNOWN)
        set_unknown(t, "database.links_ok", in_use);
    else
        set_bool(t, "database.links_ok", file->hangs_together == MD_BDB_YES);
    if (file->lsn.file > 0)
        set_number(t, "database.lsn_file", file->lsn.file);
    else
        set_unknown(t, "database.lsn_file", "no page has the number of a log");
}

static void set_bytes(const struct target *t, const struct md_csdb_database *database)
{
    const struct md_bdb_file *file = &database->file;

    set_bool(t, "database.meta_ok", file->meta.fault == NULL);
    if (file->meta.method != MD_BDB_NONE)
        set_bool(t, "database.is_old_format", file->meta.is_old);
    if (file->meta.page_size == 0) {
        static const char *const of_pages[] = {"database.multiple_ok", "database.last_page_ok", "database.pages",
                                               "database.pages_bad",   "database.pages_zeroed", "database.checksum_bad",
                                               "database.lsn_file",    "database.links_ok"};

        for (size_t i = 0; i < sizeof of_pages / sizeof *of_pages; i++)
            set_unknown(t, of_pages[i], not_a_database);
        return;
    }
    set_bool(t, "database.multiple_ok", file->is_multiple);
    if (file->ends_where_said == MD_BDB_UNKNOWN)
        set_unknown(t, "database.last_page_ok", in_use);
    else
        set_bool(t, "database.last_page_ok", file->ends_where_said == MD_BDB_YES);
    set_pages(t, file);
}

static void set_database(const struct target *host, const struct md_csdb_database *database, uint64_t total)
{
    const struct md_csdb_entry *entry = database->entry;
    struct target t = *host;
    uint64_t bytes = database->is_read ? database->file.bytes : entry->size;

    t.at = md_facts_instance(t.ctx->facts, "database", entry->name, md_facts_root(t.ctx->facts));
    t.origin = md_origin_item(database->is_read ? entry->bytes : entry->from, 0);
    set_bool(&t, "database.is_calendar", true);
    set_time(&t, "database.modified", entry->mtime);
    if (database->is_read || entry->has_size) {
        set_count(&t, "database.bytes", bytes);
        set_bool(&t, "database.empty", bytes == 0);
        if (total > 0)
            set_number(&t, "database.share", (double)bytes / (double)total);
    }
    if (database->is_read) {
        set_bytes(&t, database);
        say_pages(&t, database);
    } else if (entry->bytes == NULL) {
        set_unknown(&t, "database.meta_ok", only_listed);
        set_unknown(&t, "database.pages_bad", only_listed);
    }
}

static void set_databases(const struct target *host)
{
    uint64_t total = 0;

    for (size_t i = 0; i < host->reading->n_databases; i++) {
        const struct md_csdb_database *database = &host->reading->databases[i];

        total += database->is_read ? database->file.bytes : database->entry->size;
    }
    for (size_t i = 0; i < host->reading->n_databases; i++)
        set_database(host, &host->reading->databases[i], total);
}

/* A set without one of these is broken; the others came with later releases. */
static void set_file_missing(const struct target *t, const char *name)
{
    struct target file = *t;

    if (strcmp(name, "ics50events.db") != 0 && strcmp(name, "ics50todos.db") != 0 &&
        strcmp(name, "ics50calprops.db") != 0 && strcmp(name, "ics50alarms.db") != 0)
        return;
    file.at = md_facts_instance(t->ctx->facts, "database", md_str(name), t->at);
    set_bool(&file, "database.missing", true);
}

static void set_missing(const struct target *t)
{
    static const char *const files[] = {"ics50calprops.db", "ics50events.db", "ics50todos.db",    "ics50recurring.db",
                                        "ics50alarms.db",   "ics50gse.db",    "ics50deletelog.db"};
    enum { FILES = sizeof files / sizeof *files };
    struct md_str missing[FILES];
    size_t n = 0;

    if (!t->set->has_all_databases) {
        set_unknown(t, "host.csdb_missing", "not all of the folder was seen");
        return;
    }
    for (size_t f = 0; f < FILES; f++) {
        bool is_there = false;

        for (size_t i = 0; i < t->reading->n_databases && !is_there; i++)
            is_there = md_str_is(t->reading->databases[i].entry->name, files[f]);
        if (!is_there)
            missing[n++] = md_str(files[f]);
        /* what was not copied along may be there */
        if (!is_there && t->reading->n_databases > 0 && t->set->from != NULL && t->set->from->kind == MD_ITEM_LISTING)
            set_file_missing(t, files[f]);
    }
    md_fact_texts(t->ctx->facts, t->at, "host.csdb_missing", missing, n, &t->origin);
}

/* ---- owners ---- */

static uint64_t owned_by(const struct md_csdb_set *set, struct md_str owner)
{
    uint64_t n = 0;

    for (size_t i = 0; i < set->n; i++)
        n += md_str_eq(set->entries[i].owner, owner);
    return n;
}

/* The owner of most files; of equally many, the one that is not root. */
static void set_owners(const struct target *t)
{
    const struct md_csdb_set *set = t->set;
    struct md_str most = {0};
    uint64_t n_most = 0, known = 0;

    for (size_t i = 0; i < set->n; i++) {
        struct md_str owner = set->entries[i].owner;
        uint64_t n;

        if (md_str_is_empty(owner))
            continue;
        known++;
        if (md_str_eq(owner, most))
            continue;
        n = owned_by(set, owner);
        if (n > n_most || (n == n_most && (md_str_is(most, "root") || md_str_is(most, "0")))) {
            most = owner;
            n_most = n;
        }
    }
    if (known == 0) {
        set_unknown(t, "host.csdb_foreign_owner", "the owners of the files are not known");
        return;
    }
    md_fact_text(t->ctx->facts, t->at, "host.csdb_owner", most, &t->origin);
    set_count(t, "host.csdb_foreign_owner", known - n_most);
}

/* ---- logs ---- */

/* Records that end before the file does are the end of the newest log, and damage of the others. */
static bool is_damaged(const struct md_csdb_log *log, bool is_newest)
{
    if (!log->is_read || !log->log.has_header)
        return false;
    return log->log.is_followed && !log->is_head && (log->log.bad > 0 || (!is_newest && log->log.is_broken_off));
}

/* The head of a log says where the last record of the log before it began. */
static bool follows(const struct md_csdb_log *before, const struct md_csdb_log *log)
{
    if (before->entry->number + 1 != log->entry->number || !before->is_read || !log->is_read || before->is_head ||
        !before->log.is_followed || !log->log.is_followed || before->log.is_broken_off)
        return true; /* nothing says otherwise */
    return log->log.before == before->log.last;
}

static void say_log(const struct target *t, const struct md_csdb_log *log, const char *what)
{
    md_diags_add(t->ctx->diags, MD_NOTE, (struct md_loc){log->entry->bytes->name, 0, 0}, "%s", what);
}

static void set_log_bytes(const struct target *t)
{
    const struct md_csdb_log *logs = t->reading->logs;
    size_t n = t->reading->n_logs, n_read = 0;
    uint64_t bad = 0;
    bool newest_is_headless, did_follow = true;

    for (size_t i = 0; i < n; i++) {
        bool is_newest = i + 1 == n, does_follow = i == 0 || follows(&logs[i - 1], &logs[i]);

        n_read += logs[i].is_read;
        if (logs[i].is_read && !logs[i].log.has_header) {
            bad += !is_newest;
            say_log(t, &logs[i], "the transaction log has no header");
        } else if (is_damaged(&logs[i], is_newest)) {
            bad++;
            say_log(t, &logs[i], "records of the transaction log are damaged");
        } else if (!does_follow && did_follow) { /* the one after a foreign log does not follow it either */
            bad++;
            say_log(t, &logs[i],
                    "the transaction log does not continue the one before it: it is of another database, or a copy "
                    "under another number");
        }
        did_follow = does_follow;
    }
    if (n_read == 0)
        return;
    set_count(t, "host.csdb_log_bad_headers", bad);
    newest_is_headless = logs[n - 1].is_read && !logs[n - 1].log.has_header;
    if (logs[n - 1].is_read)
        set_bool(t, "host.csdb_log_newest_headless", newest_is_headless);
}

static void set_log_times(const struct target *t)
{
    int64_t newest = MD_TIME_NONE;

    for (size_t i = 0; i < t->reading->n_logs; i++) {
        int64_t at = t->reading->logs[i].entry->mtime;

        if (at != MD_TIME_NONE && (newest == MD_TIME_NONE || at > newest))
            newest = at;
    }
    set_time(t, "host.csdb_log_newest", newest);
    set_time(t, "host.csdb_log_oldest", t->reading->logs[0].entry->mtime);
}

static void set_logs(const struct target *t)
{
    const struct md_csdb_reading *r = t->reading;
    uint64_t bytes = 0, gaps = 0;

    if (r->n_logs == 0 && !t->set->has_all_logs) {
        set_unknown(t, "host.csdb_logs", "not all of the folder was seen");
        return;
    }
    set_count(t, "host.csdb_logs", r->n_logs);
    if (r->n_logs == 0)
        return;
    set_number(t, "host.csdb_log_first", r->logs[0].entry->number);
    set_number(t, "host.csdb_log_last", r->logs[r->n_logs - 1].entry->number);
    for (size_t i = 0; i < r->n_logs; i++) {
        bytes += r->logs[i].is_read && !r->logs[i].is_head ? r->logs[i].log.bytes : r->logs[i].entry->size;
        gaps += i > 0 && r->logs[i].entry->number > r->logs[i - 1].entry->number + 1;
    }
    set_count(t, "host.csdb_log_gaps", gaps);
    set_count(t, "host.csdb_log_bytes", bytes);
    set_log_times(t);
    set_log_bytes(t);
    if (r->checkpoint_at != MD_TIME_NONE)
        set_time(t, "host.csdb_checkpoint", r->checkpoint_at);
}

/* Pages later than the end of the logs: logs were removed, or the files are of another database. */
static void set_ahead(const struct target *t)
{
    const struct md_csdb_reading *r = t->reading;
    struct md_bdb_lsn latest = {0, 0};
    uint64_t ahead = 0;
    size_t n_read = 0;
    bool has_end = r->end.file > 0 || t->set->has_all_logs;

    for (size_t i = 0; i < r->n_databases; i++) {
        const struct md_bdb_file *file = &r->databases[i].file;

        if (!r->databases[i].is_read)
            continue;
        n_read++;
        ahead += md_bdb_lsn_is_later(file->lsn, r->end);
        if (md_bdb_lsn_is_later(file->lsn, latest))
            latest = file->lsn;
    }
    if (n_read == 0 || !has_end) {
        set_unknown(t, "host.csdb_lsn_ahead",
                    n_read == 0 ? "the database files were not read" : "the logs were not seen");
        return;
    }
    if (ahead > 0 && r->has_later_logs && latest.file - r->end.file <= LOGS_MEANWHILE) {
        set_unknown(t, "host.csdb_lsn_ahead", "logs were begun while the files were read");
        return;
    }
    set_count(t, "host.csdb_lsn_ahead", ahead);
    set_bool(t, "host.csdb_log_restarted",
             ahead > 0 && r->n_logs > 0 && r->logs[0].entry->number == 1 && latest.file > r->end.file);
    /* Of a copy whose logs end just before its pages, the logs were copied first, while more was written. */
    if (ahead > 0 && r->n_logs > 0 && md_source_kind(t->ctx->source) != MD_SOURCE_LIVE &&
        latest.file - r->end.file <= 1 && r->end.file > 1)
        set_bool(t, "host.csdb_copied_live", true);
}

/* ---- regions and versions ---- */

/* All are made at once and changed at any time after it. */
static int64_t earliest_region(const struct md_csdb_set *set)
{
    int64_t earliest = MD_TIME_NONE;

    for (size_t i = 0; i < set->n; i++) {
        int64_t at = set->entries[i].mtime;

        if (set->entries[i].kind == MD_CSDB_REGION && at != MD_TIME_NONE && (earliest == MD_TIME_NONE || at < earliest))
            earliest = at;
    }
    return earliest;
}

static void set_regions(const struct target *t)
{
    const struct md_csdb_reading *r = t->reading;

    if (r->n_regions > 0 || t->set->has_all_logs)
        set_count(t, "host.csdb_regions", r->n_regions);
    if (r->n_regions == 0)
        return;
    set_time(t, "host.csdb_region_made",
             r->has_region && r->region.made != MD_TIME_NONE ? r->region.made : earliest_region(t->set));
    if (!r->has_region)
        return;
    set_bool(t, "host.csdb_region_panic", r->region.has_panic);
    md_fact_text(t->ctx->facts, t->at, "host.csdb_region_version",
                 md_str(md_arena_printf(t->ctx->arena, "%u.%u", r->region.major, r->region.minor)), &t->origin);
}

static void set_version(const struct target *t)
{
    const struct md_csdb_reading *r = t->reading;
    const char *library = NULL;

    for (size_t i = r->n_logs; i-- > 0 && library == NULL;)
        if (r->logs[i].is_read && r->logs[i].log.has_header)
            library = md_bdb_library_of_log(r->logs[i].log.version);
    if (library == NULL)
        return;
    if (md_calendar_load(t->ctx)->library == NULL)
        md_calendar_load(t->ctx)->library = library;
    md_fact_text(t->ctx->facts, t->at, "host.csdb_bdb_version", md_str(library), &t->origin);
}

static enum md_status run(struct md_probe_ctx *ctx)
{
    struct md_csdb_set set;
    struct md_csdb_reading reading;
    struct target t = {.ctx = ctx, .set = &set, .reading = &reading, .at = md_facts_root(ctx->facts)};

    if (!md_csdb_find(ctx, &set)) {
        const struct md_calendar_world *world = md_calendar_load(ctx);

        /* Where it lies may be known all the same, and with it its disk. */
        if (world->is_there && (world->is_csdb_configured || world->csdb_named_in != NULL))
            md_csdb_disk_facts(ctx, md_str(""));
        return MD_NOT_FOUND;
    }
    md_csdb_read(ctx, &set, &reading);
    t.origin = md_origin_item(set.from, 0);
    set_bool(&t, "host.csdb_seen", true);
    set_missing(&t);
    set_owners(&t);
    set_logs(&t);
    set_ahead(&t);
    set_regions(&t);
    set_version(&t);
    set_databases(&t);
    md_csdb_disk_facts(ctx, set.folder);
    return reading.status;
}

static const enum md_item_kind reads[] = {MD_ITEM_CSDB_FILE, MD_ITEM_CSDB_LOG, MD_ITEM_CSDB_REGION, MD_ITEM_CALDB_CONF,
                                          MD_ITEM_LISTING,   MD_ITEM_DF,       MD_ITEM_MOUNT,       MD_ITEM_KIND_COUNT};

const struct md_probe md_probe_calendar_database = {
    .name = "calendar.database",
    .says = "reads the files of the calendar database page by page, their logs and regions, without attaching to it",
    .cost = MD_COST_CHEAP,
    .reads = reads,
    .joins = true,
    .run = run,
};
