#include <stdlib.h>

#include "engine/base/time.h"
#include "probes/formats/system/df.h"
#include "probes/item_text.h"
#include "probes/msgserver/instances.h"
#include "probes/msgserver/mta_config.h"
#include "probes/msgserver/processes.h"
#include "probes/msgserver/server_log_tally.h"
#include "probes/msgserver/server_logs.h"
#include "probes/msgserver/world.h"

/* Starts that an end may still follow count as lost only after this time where no process table says who lives. */
#define LIFE_MAX (6 * MD_HOUR)
#define PAUSES_MIN 3

static struct md_origin origin_of(const struct md_log_lines *lines)
{
    struct md_origin origin = md_item_origin(lines->item, lines->line);

    origin.count = lines->n;
    return origin;
}

static const char no_daemon_log[] = "no log of the daemons (default, imap, ...) was found";

/* A number of lines with one of them as its origin; none found has the whole log as its origin, as far as there
 * is one. */
static void set_lines(struct md_probe_ctx *ctx, const struct md_log_tally *tally, struct md_instance *at,
                      const char *name, const struct md_log_lines *lines)
{
    if (lines->n > 0) {
        struct md_origin origin = origin_of(lines);

        md_fact_count(ctx->facts, at, name, lines->n, &origin);
    } else { /* it is the log that says that there are none */
        struct md_origin origin = tally->seen_in != NULL ? md_item_origin(tally->seen_in, 0) : (struct md_origin){0};

        md_fact_count(ctx->facts, at, name, 0, tally->seen_in != NULL ? &origin : NULL);
    }
}

static void set_classes(struct md_probe_ctx *ctx, struct md_instance *at, const char *name,
                        const struct md_log_tally *tally, const struct md_log_lines *classes)
{
    struct md_count_item items[MD_LOG_CLASSES_MAX];
    struct md_origin origin = {0};
    bool has_origin = false;
    uint64_t total = 0;
    size_t n = 0;

    for (size_t i = 0; i < tally->n_classes; i++) {
        if (classes[i].n == 0)
            continue;
        items[n++] = (struct md_count_item){
            .name = tally->class_names[i], .count = classes[i].n, .origin = origin_of(&classes[i])};
        if (!has_origin || classes[i].n > origin.count)
            origin = origin_of(&classes[i]);
        has_origin = true;
        total += classes[i].n;
    }
    md_fact_counts(ctx->facts, at, name, items, n, total, true, has_origin ? &origin : NULL);
}

static int compare_pauses(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return x < y ? -1 : x > y;
}

static void set_ldap(struct md_probe_ctx *ctx, const struct md_log_tally *tally)
{
    struct md_instance *root = md_facts_root(ctx->facts);

    if (tally->signs[MD_SIGN_LDAP].n == 0 && !tally->saw_daemon_log) {
        md_fact_unknown(ctx->facts, root, "host.ldap_errors", no_daemon_log);
        md_fact_unknown(ctx->facts, root, "host.ldap_timeouts", no_daemon_log);
        md_fact_unknown(ctx->facts, root, "host.ldap_unreachable", no_daemon_log);
    } else {
        set_lines(ctx, tally, root, "host.ldap_errors", &tally->signs[MD_SIGN_LDAP]);
        set_lines(ctx, tally, root, "host.ldap_timeouts", &tally->ldap_slow);
        set_lines(ctx, tally, root, "host.ldap_unreachable", &tally->ldap_down);
    }
    if (tally->n_pauses >= PAUSES_MIN) {
        struct md_origin origin = origin_of(&tally->signs[MD_SIGN_LDAP]);
        double *pauses = md_arena_array(ctx->arena, tally->n_pauses, sizeof *pauses);

        for (size_t i = 0; i < tally->n_pauses; i++)
            pauses[i] = tally->pauses[i];
        qsort(pauses, tally->n_pauses, sizeof *pauses, compare_pauses);
        md_fact_duration(ctx->facts, root, "host.ldap_pause_s", pauses[tally->n_pauses / 2], &origin);
    } else {
        md_fact_unknown(ctx->facts, root, "host.ldap_pause_s",
                        "there are too few lines about the directory to tell a pause between them");
    }
}

static void set_upgraded(struct md_probe_ctx *ctx, const struct md_log_tally *tally)
{
    struct md_instance *root = md_facts_root(ctx->facts);
    struct md_log_version now;
    bool is_any;

    if (md_log_versions_changed(tally, &now, &is_any)) {
        struct md_origin origin = md_item_origin(now.item, now.line);

        md_fact_time(ctx->facts, root, "host.upgraded", now.first, &origin);
    } else {
        md_fact_unknown(ctx->facts, root, "host.upgraded",
                        is_any ? "the logs show one version only" : "no start line with a version was found");
    }
}

static void set_host(struct md_probe_ctx *ctx, const struct md_log_tally *tally)
{
    static const struct {
        const char *name;
        enum md_log_sign sign;
        bool is_ever;       /* counts in everything read, not only in the window */
        bool is_of_daemons; /* only the logs of the daemons can show that there is none */
    } facts[] = {
        {"host.fd_limit_lines", MD_SIGN_FD_LIMIT, true, true},
        {"host.permission_lines", MD_SIGN_PERMISSION, false, false},
        {"host.version_mismatch_lines", MD_SIGN_VERSION_MISMATCH, true, true},
        {"host.tls_init_lines", MD_SIGN_TLS_INIT, false, true},
        {"host.mm_init_lines", MD_SIGN_MM_INIT, true, false},
        {"host.stress_notices", MD_SIGN_STRESS, false, false},
        {"host.filter_lines", MD_SIGN_FILTER, false, true},
        {"host.db_panic_lines", MD_SIGN_DB_PANIC, false, true},
        {"host.disk_full_lines", MD_SIGN_DISK_FULL, false, false},
        {"host.partition_locked_lines", MD_SIGN_PARTITION_LOCKED, false, true},
        {"host.disk_error_lines", MD_SIGN_DISK_ERROR, false, false},
        {"host.killed_lines", MD_SIGN_KILLED, false, true},
        {"host.alias_recursion_lines", MD_SIGN_ALIAS_RECURSION, false, true},
    };
    struct md_instance *root = md_facts_root(ctx->facts);
    uint64_t users = md_topk_distinct(tally->permission_users);

    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        const struct md_log_lines *lines =
            facts[i].is_ever ? &tally->signs_ever[facts[i].sign] : &tally->signs[facts[i].sign];

        if (lines->n == 0 && facts[i].is_of_daemons && !tally->saw_daemon_log)
            md_fact_unknown(ctx->facts, root, facts[i].name, no_daemon_log);
        else
            set_lines(ctx, tally, root, facts[i].name, lines);
    }
    md_fact_count(ctx->facts, root, "host.permission_users", users, NULL);
    set_classes(ctx, root, "host.server_errors", tally, tally->classes);
    set_classes(ctx, root, "host.server_errors_1h", tally, tally->classes_1h);
    set_upgraded(ctx, tally);
    set_ldap(ctx, tally);
}

static void set_unknown_host(struct md_probe_ctx *ctx)
{
    static const char *const names[] = {
        "host.server_errors",          "host.server_errors_1h",       "host.ldap_errors",
        "host.ldap_timeouts",          "host.ldap_unreachable",       "host.ldap_pause_s",
        "host.fd_limit_lines",         "host.permission_lines",       "host.permission_users",
        "host.version_mismatch_lines", "host.tls_init_lines",         "host.mm_init_lines",
        "host.stress_notices",         "host.filter_lines",           "host.db_panic_lines",
        "host.disk_full_lines",        "host.partition_locked_lines", "host.disk_error_lines",
        "host.killed_lines",           "host.alias_recursion_lines",
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        md_fact_unknown(ctx->facts, md_facts_root(ctx->facts), names[i],
                        "no server log (imta, default, imap, ...) was found");
}

/* Counts of names in a table as a fact. */
static void set_table(struct md_probe_ctx *ctx, const char *name, const struct md_topk *table)
{
    const struct md_topk_entry *entries[MD_LOG_CLASSES_MAX];
    struct md_count_item items[MD_LOG_CLASSES_MAX];
    size_t n = md_topk_list(table, entries, MD_LOG_CLASSES_MAX);

    for (size_t i = 0; i < n; i++)
        items[i] =
            (struct md_count_item){.name = entries[i]->name, .count = entries[i]->count, .error = entries[i]->error};
    md_fact_counts(ctx->facts, md_facts_root(ctx->facts), name, items, n, md_topk_total(table), md_topk_is_exact(table),
                   NULL);
}

static bool is_there(struct md_probe_ctx *ctx, enum md_item_kind kind)
{
    const struct md_item *const *items;

    return md_source_items(ctx->source, kind, &items) > 0;
}

static void set_other_logs(struct md_probe_ctx *ctx, const struct md_log_tally *tally)
{
    struct md_instance *root = md_facts_root(ctx->facts);

    if (is_there(ctx, MD_ITEM_JOB_CONTROLLER_LOG) || tally->jc_errors.n > 0) {
        set_lines(ctx, tally, root, "host.jc_log_errors", &tally->jc_errors);
        set_table(ctx, "host.jc_start_failures", tally->start_failures);
    } else {
        md_fact_unknown(ctx->facts, root, "host.jc_log_errors", "no log of the job controller was found");
        md_fact_unknown(ctx->facts, root, "host.jc_start_failures", "no log of the job controller was found");
    }
    if (is_there(ctx, MD_ITEM_WATCHER_LOG)) {
        struct md_count_item items[MD_LOG_CLASSES_MAX];
        size_t n = 0;

        for (size_t i = 0; i < md_program_count() && n < MD_LOG_CLASSES_MAX; i++) {
            const struct md_log_lines *crashes = &tally->programs[i].crashes;

            if (crashes->n > 0)
                items[n++] = (struct md_count_item){
                    .name = md_str(md_program_at(i)->name), .count = crashes->n, .origin = origin_of(crashes)};
        }
        md_fact_counts(ctx->facts, root, "host.watcher_exits", items, n, 0, true, n > 0 ? &items[0].origin : NULL);
    } else {
        md_fact_unknown(ctx->facts, root, "host.watcher_exits", "no log of the watcher was found");
    }
}

static bool is_alive(const struct md_process_numbers *numbers, uint64_t pid)
{
    for (size_t i = 0; i < numbers->n; i++) {
        if (numbers->pids[i] == pid)
            return true;
    }
    return false;
}

/* Starts without an orderly end that another start followed, of processes that no longer live. */
static void set_unended(struct md_probe_ctx *ctx, struct md_instance *at, const struct md_log_tally *tally,
                        const struct md_log_program *program, const struct md_process_numbers *numbers)
{
    uint64_t unended = program->lost.n;
    struct md_origin origin = {0};
    bool has_origin = program->starts.n > 0;

    for (size_t i = 0; i + 1 < program->n_open; i++) {
        bool lives = is_alive(numbers, program->open[i].pid);

        if (!lives && (numbers->is_complete || program->open[i].at < md_time_ago(tally->now, LIFE_MAX)))
            unended++;
    }
    if (program->lost.n > 0)
        origin = md_item_origin(program->lost.item, program->lost.line);
    else if (has_origin)
        origin = md_item_origin(program->starts.item, program->starts.line);
    md_fact_count(ctx->facts, at, "process.unended_starts", unended,
                  has_origin || program->lost.n > 0 ? &origin : NULL);
}

static void set_program(struct md_probe_ctx *ctx, const struct md_log_tally *tally, size_t index,
                        const struct md_process_numbers *numbers)
{
    const struct md_program *def = md_program_at(index);
    const struct md_log_program *program = &tally->programs[index];
    bool is_silent_worker = tally->saw_delivery_log && md_str_is(md_str(def->name), "ims_master");
    struct md_instance *at;

    if (program->lines == 0 && program->crashes.n == 0 && program->errors.n == 0 && !is_silent_worker &&
        !def->is_always)
        return;
    at = md_facts_instance(ctx->facts, "process", md_str(def->name), md_facts_root(ctx->facts));
    if (program->crashes.n > 0) {
        struct md_origin origin = origin_of(&program->crashes);

        md_fact_count(ctx->facts, at, "process.crashes", program->crashes.n, &origin);
        if (program->last_exit != MD_TIME_NONE)
            md_fact_time(ctx->facts, at, "process.last_exit", program->last_exit, &origin);
        else
            md_fact_unknown(ctx->facts, at, "process.last_exit", "the watcher's log does not date it");
    } else if (is_there(ctx, MD_ITEM_WATCHER_LOG)) {
        md_fact_count(ctx->facts, at, "process.crashes", 0, NULL);
    } else {
        md_fact_unknown(ctx->facts, at, "process.crashes", "no log of the watcher was found");
    }
    if (program->lines == 0 && program->errors.n == 0 && !is_silent_worker) {
        md_fact_unknown(ctx->facts, at, "process.log_last",
                        "no line of this program is in the server logs that were read");
        return;
    }
    if (program->lines > 0) {
        struct md_origin origin = md_item_origin(program->last_item, program->last_line);

        md_fact_time(ctx->facts, at, "process.log_last", program->last, &origin);
    } else {
        md_fact_unknown(ctx->facts, at, "process.log_last",
                        "no line of this program is in the server logs that were read");
    }
    if (program->last_start != MD_TIME_NONE) {
        struct md_origin origin =
            program->starts.n > 0 ? md_item_origin(program->starts.item, 0) : (struct md_origin){0};

        md_fact_time(ctx->facts, at, "process.last_start", program->last_start, program->starts.n > 0 ? &origin : NULL);
    }
    set_lines(ctx, tally, at, "process.starts", &program->starts);
    set_lines(ctx, tally, at, "process.starts_1h", &program->starts_1h);
    set_lines(ctx, tally, at, "process.orderly_ends", &program->ends);
    set_lines(ctx, tally, at, "process.errors", &program->errors);
    set_lines(ctx, tally, at, "process.errors_1h", &program->errors_1h);
    set_lines(ctx, tally, at, "process.init_errors", &program->init_errors);
    set_classes(ctx, at, "process.error_classes", tally, program->classes);
    set_unended(ctx, at, tally, program, numbers);
}

static void set_mailboxes(struct md_probe_ctx *ctx, const struct md_log_tally *tally)
{
    struct md_instance *channel = md_instances_store_channel(ctx->facts);

    for (size_t i = 0; channel != NULL && i < tally->n_mailboxes; i++) {
        const struct md_log_mailbox *mailbox = &tally->mailboxes[i];
        struct md_instance *at = NULL;

        while ((at = md_instances_next(channel, "mailbox", at)) != NULL &&
               !md_instances_is_mailbox_of(at, mailbox->user))
            continue;
        if (at == NULL)
            at = md_facts_instance(ctx->facts, "mailbox", mailbox->user, channel);
        set_classes(ctx, at, "mailbox.store_errors", tally, mailbox->classes);
    }
}

/* The file system of a partition of the store: by a path in the text, by the configuration, or because there is but
 * one. */
static struct md_instance *file_system_of(struct md_probe_ctx *ctx, const struct md_log_partition *partition)
{
    const struct md_mta_config *config = ctx->msgserver != NULL ? ctx->msgserver->config : NULL;
    struct md_str path = partition->path;
    struct md_instance *best = NULL;
    struct md_instance *store = NULL;
    size_t n_store = 0;

    if (path.n == 0 && partition->name.n > 0 && config != NULL) {
        const char *name = md_arena_printf(ctx->arena, "store.partition.%.*s.path", MD_STR_ARG(partition->name));
        struct md_mta_setting setting;

        if (md_mta_config_value(config, name, &setting))
            path = setting.value;
    }
    for (struct md_instance *at = NULL; (at = md_instances_next(md_facts_root(ctx->facts), "partition", at)) != NULL;) {
        const struct md_fact *holds;

        if (path.n > 0 && md_df_is_below(at->name, path) && (best == NULL || at->name.n > best->name.n))
            best = at;
        holds = md_fact_by_name(ctx->facts, at, "partition.holds_store");
        if (holds != NULL && holds->is_known && holds->value.u.b) {
            store = at;
            n_store++;
        }
    }
    if (best != NULL)
        return best;
    if (n_store == 1)
        return store;
    return md_facts_instance(ctx->facts, "partition", partition->name.n > 0 ? partition->name : MD_LIT("store"),
                             md_facts_root(ctx->facts));
}

static void set_partitions(struct md_probe_ctx *ctx, const struct md_log_tally *tally)
{
    for (size_t i = 0; i < tally->n_partitions; i++) {
        const struct md_log_partition *partition = &tally->partitions[i];
        struct md_instance *at = file_system_of(ctx, partition);
        struct md_origin origin = origin_of(&partition->io);

        md_fact_count(ctx->facts, at, "partition.store_io_lines", partition->io.n, &origin);
        md_fact_count(ctx->facts, at, "partition.store_io_mailboxes", md_topk_distinct(partition->users), &origin);
    }
    if (!tally->seen)
        return;
    for (struct md_instance *at = NULL; (at = md_instances_next(md_facts_root(ctx->facts), "partition", at)) != NULL;) {
        md_fact_count(ctx->facts, at, "partition.store_io_lines", 0, NULL);
        md_fact_count(ctx->facts, at, "partition.store_io_mailboxes", 0, NULL);
    }
}

static void set_database(struct md_probe_ctx *ctx, const struct md_log_tally *tally)
{
    static const struct {
        const char *name;
        enum md_log_sign sign;
    } facts[] = {
        {"database.lock_lines", MD_SIGN_DB_LOCK},
        {"database.panic_lines", MD_SIGN_DB_PANIC},
        {"database.recovered_lines", MD_SIGN_DB_RECOVERED},
        {"database.log_lines", MD_SIGN_DB_LOGS},
    };
    struct md_instance *at;

    if (!tally->seen)
        return;
    at = md_facts_instance(ctx->facts, "database", MD_LIT("mboxlist"), md_facts_root(ctx->facts));
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        if (tally->signs[facts[i].sign].n == 0 && !tally->saw_daemon_log)
            md_fact_unknown(ctx->facts, at, facts[i].name, no_daemon_log);
        else
            set_lines(ctx, tally, at, facts[i].name, &tally->signs[facts[i].sign]);
    }
}

void md_server_log_facts(struct md_probe_ctx *ctx, const struct md_log_tally *tally)
{
    struct md_process_numbers numbers;

    md_processes_numbers(ctx, &numbers);
    md_fact_bool(ctx->facts, md_facts_root(ctx->facts), "host.server_log_seen", tally->seen, NULL);
    if (tally->seen || is_there(ctx, MD_ITEM_SYSTEM_LOG))
        set_host(ctx, tally);
    else
        set_unknown_host(ctx);
    set_other_logs(ctx, tally);
    for (size_t i = 0; i < md_program_count(); i++)
        set_program(ctx, tally, i, &numbers);
    set_database(ctx, tally);
    set_mailboxes(ctx, tally);
    set_partitions(ctx, tally);
}
