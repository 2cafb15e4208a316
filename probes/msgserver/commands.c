#include "probes/msgserver/commands.h"

#include "engine/base/diag.h"
#include "engine/base/num.h"
#include "probes/formats/msgserver/counters.h"
#include "probes/formats/msgserver/qm_jobs.h"
#include "probes/formats/msgserver/qm_listing.h"
#include "probes/item_text.h"
#include "probes/msgserver/instances.h"
#include "probes/msgserver/mta_config.h"
#include "probes/msgserver/world.h"
#include "probes/source/dns_answers.h"

#define HOSTS_MAX 64

/* What the commands together say about the job controller. */
struct answers {
    bool is_any; /* something was read */
    bool answered, refused;
    struct md_origin answered_origin, refused_origin;
    bool has_known;
    uint64_t known;
    struct md_origin known_origin;
};

static void note_answer(struct answers *answers, const struct md_item *item)
{
    if (!answers->answered)
        answers->answered_origin = md_item_origin(item, 0);
    answers->answered = true;
    answers->is_any = true;
}

/* A command that failed, or whose text says that nobody is there. */
static void note_refusal(struct answers *answers, const struct md_item *item, struct md_str text)
{
    static const char *const words[] = {"connect",   "contact", "no response", "not respond",
                                        "timed out", "timeout", "not running"};
    struct md_qm_reply reply;
    struct md_str rest = text;
    uint32_t line = 0;
    bool is_refused = false;

    while (!is_refused && md_qm_reply_next(&rest, &line, &reply)) {
        for (size_t i = 0; i < sizeof words / sizeof *words && !is_refused; i++)
            is_refused = (reply.severity == 'E' || reply.severity == 'F') &&
                         md_str_find_nocase(reply.text, md_str(words[i])) >= 0;
    }
    if (!is_refused)
        return;
    if (!answers->refused)
        answers->refused_origin = md_item_origin(item, line);
    answers->refused = true;
    answers->is_any = true;
}

/* NULL: too many. */
static struct md_instance *channel_instance(struct md_probe_ctx *ctx, struct md_str name, const struct md_item *item)
{
    return md_instances_get(ctx, "channel", name, md_facts_root(ctx->facts), item);
}

static bool has_word(const char *command, const char *word)
{
    struct md_str rest = md_str(command);
    struct md_str one;

    while ((one = md_str_next_word(&rest)).n > 0) {
        if (md_str_has_prefix_nocase(one, md_str(word)))
            return true;
    }
    return false;
}

/* Sums of the jobs of one channel. */
struct job_sums {
    struct md_count_item hosts[HOSTS_MAX];
    size_t n_hosts;
    uint64_t jobs, processed, failed, busy, hosts_in_all;
    bool has_processed, has_failed;
    uint32_t line; /* of the first */
};

static void add_job(struct job_sums *sums, const struct md_qm_job *job)
{
    if (sums->jobs++ == 0)
        sums->line = job->line;
    sums->processed += job->processed;
    sums->failed += job->failed;
    sums->busy += job->messages;
    sums->has_processed = sums->has_processed || job->has_processed;
    sums->has_failed = sums->has_failed || job->has_failed;
    for (size_t h = 0; h < job->n_hosts; h++) {
        size_t k;

        sums->hosts_in_all++;
        for (k = 0; k < sums->n_hosts && !md_str_eq(sums->hosts[k].name, job->hosts[h]); k++)
            continue;
        if (k == HOSTS_MAX)
            continue;
        if (k == sums->n_hosts)
            sums->hosts[sums->n_hosts++] = (struct md_count_item){.name = job->hosts[h]};
        sums->hosts[k].count++;
    }
}

/* `sums` NULL: no job runs. */
static void set_jobs_of_channel(struct md_probe_ctx *ctx, struct md_instance *at, const struct job_sums *sums,
                                const struct md_item *item)
{
    struct md_origin origin = md_item_origin(item, sums != NULL ? sums->line : 0);

    md_fact_count(ctx->facts, at, "channel.jobs", sums != NULL ? sums->jobs : 0, &origin);
    if (sums == NULL)
        return;
    if (sums->has_processed)
        md_fact_count(ctx->facts, at, "channel.job_processed", sums->processed, &origin);
    if (sums->has_failed)
        md_fact_count(ctx->facts, at, "channel.job_failed", sums->failed, &origin);
    md_fact_count(ctx->facts, at, "channel.job_busy_messages", sums->busy, &origin);
    md_fact_counts(ctx->facts, at, "channel.job_hosts", sums->hosts, sums->n_hosts, sums->hosts_in_all,
                   sums->n_hosts < HOSTS_MAX, &origin);
}

static void set_jobs(struct md_probe_ctx *ctx, const struct md_qm_jobs *jobs, const struct md_item *item)
{
    const struct md_scope_def *scope = md_catalogue_scope(md_facts_catalogue(ctx->facts), MD_LIT("channel"));
    struct job_sums **sums; /* by index of the channel */
    struct md_instance *at = NULL;

    for (size_t i = 0; i < jobs->n_channels; i++)
        (void)channel_instance(ctx, jobs->channels[i], item);
    sums = md_arena_array(ctx->arena, md_facts_instance_count(ctx->facts), sizeof(struct job_sums *));
    for (size_t i = 0; i < jobs->n; i++) {
        at = md_facts_find_instance(ctx->facts, scope, jobs->jobs[i].channel, md_facts_root(ctx->facts));
        if (at == NULL)
            continue;
        if (sums[at->index] == NULL)
            sums[at->index] = md_arena_alloc(ctx->arena, sizeof **sums);
        add_job(sums[at->index], &jobs->jobs[i]);
    }
    at = NULL;
    while ((at = md_instances_next(md_facts_root(ctx->facts), "channel", at)) != NULL)
        set_jobs_of_channel(ctx, at, sums[at->index], item);
}

static void read_jobs(struct md_probe_ctx *ctx, struct answers *answers)
{
    const struct md_item *const *items;
    size_t n = md_source_items(ctx->source, MD_ITEM_QM_JOBS, &items);

    /* The last one that is understood is the newest. */
    for (size_t i = n; i > 0; i--) {
        const struct md_item *item = items[i - 1];
        struct md_origin origin = md_item_origin(item, 0);
        struct md_qm_jobs jobs;
        struct md_str text;

        if (!md_item_text(ctx, item, MD_COMMAND_TEXT_MAX, &text))
            continue;
        md_qm_jobs_parse(ctx->arena, text, &jobs);
        if (!jobs.is_recognised) {
            note_refusal(answers, item, text);
            continue;
        }
        note_answer(answers, item);
        md_fact_count(ctx->facts, md_facts_root(ctx->facts), "host.jobs_running", jobs.n, &origin);
        set_jobs(ctx, &jobs, item);
        return;
    }
}

static void add_known(struct answers *answers, uint64_t messages, const struct md_item *item)
{
    if (!answers->has_known)
        answers->known_origin = md_item_origin(item, 0);
    answers->has_known = true;
    answers->known += messages;
}

/* The last word of "imsimta qm messages tcp_local". */
static struct md_str channel_of_command(const struct md_item *item)
{
    struct md_str rest = md_str(item->command);
    struct md_str word, last = {NULL, 0}, before = {NULL, 0};

    while ((word = md_str_next_word(&rest)).n > 0) {
        before = last;
        last = word;
    }
    return md_str_has_prefix_nocase(before, MD_LIT("mess")) ? last : md_str(NULL);
}

static uint32_t lines_of(struct md_str text)
{
    uint32_t n = 0;

    for (size_t i = 0; i < text.n; i++)
        n += text.p[i] == '\n';
    return n;
}

/* The hosts of a channel as destinations. */
static void set_destinations(struct md_probe_ctx *ctx, struct md_instance *channel,
                             const struct md_qm_messages *messages, const struct md_item *item, uint32_t lines_before)
{
    for (size_t i = 0; i < messages->n; i++) {
        const struct md_qm_host *host = &messages->hosts[i];
        struct md_origin origin = md_item_origin(item, lines_before + host->line);
        struct md_instance *at;

        if (host->host.n == 0)
            continue;
        at = md_instances_get(ctx, "destination", md_dns_name(ctx->arena, host->host), channel, item);
        if (at == NULL)
            return;
        md_fact_count(ctx->facts, at, "destination.active", host->active, &origin);
        md_fact_count(ctx->facts, at, "destination.delayed", host->delayed, &origin);
        md_fact_count(ctx->facts, at, "destination.weight", host->active + host->delayed, &origin);
    }
}

static void read_messages(struct md_probe_ctx *ctx, struct answers *answers)
{
    const struct md_item *const *items;
    size_t n = md_source_items(ctx->source, MD_ITEM_QM_MESSAGES, &items);

    for (size_t i = n; i > 0; i--) {
        const struct md_item *item = items[i - 1];
        struct md_str text, rest;
        uint32_t before_table = 0;
        bool is_understood = false;

        if (!md_item_text(ctx, item, MD_COMMAND_TEXT_MAX, &text))
            continue;
        rest = text;
        for (;; before_table += lines_of(md_str_sub(text, 0, text.n - rest.n))) {
            struct md_qm_messages messages;
            struct md_str name;
            struct md_instance *at;
            const struct md_fact *before;
            struct md_origin origin;

            text = rest;
            md_qm_messages_parse(ctx->arena, text, &messages, &rest);
            if (!messages.is_recognised)
                break;
            is_understood = true;
            name = messages.channel.n > 0 ? messages.channel : channel_of_command(item);
            if (name.n == 0)
                continue;
            at = channel_instance(ctx, name, item);
            if (at == NULL)
                break;
            before = md_fact_by_name(ctx->facts, at, "channel.active");
            if (before != NULL && before->is_known)
                continue;
            origin = md_item_origin(item, messages.n > 0 ? before_table + messages.hosts[0].line : 0);
            md_fact_count(ctx->facts, at, "channel.active", messages.active, &origin);
            md_fact_count(ctx->facts, at, "channel.delayed", messages.delayed, &origin);
            md_fact_count(ctx->facts, at, "channel.known", messages.active + messages.delayed, &origin);
            add_known(answers, messages.active + messages.delayed, item);
            set_destinations(ctx, at, &messages, item, before_table);
        }
        if (is_understood)
            note_answer(answers, item);
        else
            note_refusal(answers, item, text);
    }
}

/* A listing that the job controller made itself: for all channels that it lists, 0 for the others where it lists
 * all. */
static void set_listing(struct md_probe_ctx *ctx, struct answers *answers, const struct md_qm_listing *listing,
                        const struct md_item *item, bool is_whole)
{
    struct md_origin origin = md_item_origin(item, 0);
    struct md_instance *at = NULL;

    answers->has_known = true;
    answers->known = listing->messages;
    answers->known_origin = origin;
    for (size_t i = 0; i < listing->n_channels; i++) {
        struct md_origin line = md_item_origin(item, listing->channels[i].line);

        at = channel_instance(ctx, listing->channels[i].channel, item);
        if (at == NULL)
            continue;
        md_fact_replace(ctx->facts, at, "channel.known");
        md_fact_count(ctx->facts, at, "channel.known", listing->channels[i].messages, &line);
    }
    at = NULL;
    while (is_whole && (at = md_instances_next(md_facts_root(ctx->facts), "channel", at)) != NULL)
        md_fact_count(ctx->facts, at, "channel.known", 0, &origin);
}

static void read_listings(struct md_probe_ctx *ctx, struct answers *answers)
{
    static const enum md_item_kind kinds[] = {MD_ITEM_QM_SUMMARIZE, MD_ITEM_QM_DIRECTORY};
    bool is_done = false;

    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        const struct md_item *const *items;
        size_t n = md_source_items(ctx->source, kinds[k], &items);

        for (size_t i = n; i > 0; i--) {
            const struct md_item *item = items[i - 1];
            struct md_qm_listing listing;
            struct md_str text;

            if (!md_item_text(ctx, item, MD_COMMAND_TEXT_MAX, &text))
                continue;
            if (kinds[k] == MD_ITEM_QM_SUMMARIZE) {
                md_qm_summarize_parse(ctx->arena, text, &listing);
                listing.is_database = item->command != NULL && has_word(item->command, "-data");
            } else {
                md_qm_directory_parse(ctx->arena, text, &listing);
            }
            if (!listing.is_recognised) {
                note_refusal(answers, item, text);
                continue;
            }
            if (!listing.is_database || is_done)
                continue;
            note_answer(answers, item);
            set_listing(ctx, answers, &listing, item, kinds[k] == MD_ITEM_QM_SUMMARIZE);
            is_done = true;
        }
    }
}

static void read_stopped(struct md_probe_ctx *ctx, struct answers *answers)
{
    const struct md_item *const *items;
    size_t n = md_source_items(ctx->source, MD_ITEM_QM_STATUS, &items);
    struct md_instance *at = NULL;

    for (size_t i = n; i > 0; i--) {
        const struct md_item *item = items[i - 1];
        const struct md_qm_stopped *list;
        struct md_str text;
        size_t n_list;

        if (!md_item_text(ctx, item, MD_COMMAND_TEXT_MAX, &text))
            continue;
        n_list = md_qm_stopped_parse(ctx->arena, md_str(item->command), text, &list);
        if (n_list > 0)
            answers->is_any = true;
        for (size_t j = n_list; j > 0; j--) {
            struct md_origin origin = md_item_origin(item, list[j - 1].line);
            struct md_instance *channel = channel_instance(ctx, list[j - 1].channel, item);

            if (channel != NULL)
                md_fact_bool(ctx->facts, channel, "channel.stopped", list[j - 1].is_stopped, &origin);
        }
    }
    while ((at = md_instances_next(md_facts_root(ctx->facts), "channel", at)) != NULL)
        md_fact_unknown(ctx->facts, at, "channel.stopped", "nothing that was read says whether it was stopped");
}

static void read_counters(struct md_probe_ctx *ctx, struct answers *answers)
{
    const struct md_item *const *items;
    size_t n = md_source_items(ctx->source, MD_ITEM_COUNTERS, &items);
    const struct md_scope_def *scope = md_catalogue_scope(md_facts_catalogue(ctx->facts), MD_LIT("channel"));

    for (size_t i = n; i > 0; i--) {
        struct md_counters counters;
        struct md_str text;

        if (!md_item_text(ctx, items[i - 1], MD_COMMAND_TEXT_MAX, &text))
            continue;
        md_counters_parse(ctx->arena, text, &counters);
        for (size_t c = 0; c < counters.n; c++) {
            const struct md_counter_channel *one = &counters.channels[c];
            struct md_origin origin = md_item_origin(items[i - 1], one->lines[MD_COUNTER_STORED]);
            struct md_instance *at = md_facts_find_instance(ctx->facts, scope, one->channel, md_facts_root(ctx->facts));

            answers->is_any = true;
            /* Counters know many channels that nothing else speaks of. */
            if (at != NULL && one->has[MD_COUNTER_STORED])
                md_fact_number(ctx->facts, at, "channel.counter_stored", (double)one->messages[MD_COUNTER_STORED],
                               &origin);
        }
    }
}

static uint16_t controller_port(const struct md_probe_ctx *ctx)
{
    const struct md_mta_config *config = ctx->msgserver != NULL ? ctx->msgserver->config : NULL;
    struct md_mta_setting setting;
    uint64_t port = MD_JOB_CONTROLLER_PORT;

    if (config != NULL &&
        (md_mta_config_jc_option(config, "tcp_port", &setting) ||
         md_mta_config_jc_option(config, "tcp_ports", &setting)) &&
        md_num_all_u64(setting.value, 65535, &port) != MD_OK)
        port = MD_JOB_CONTROLLER_PORT;
    return (uint16_t)port;
}

static void set_host(struct md_probe_ctx *ctx, struct answers *answers)
{
    struct md_instance *root = md_facts_root(ctx->facts);
    const struct md_fact *jobs = md_fact_by_name(ctx->facts, root, "host.jobs_running");

    if (answers->has_known)
        md_fact_count(ctx->facts, root, "host.jc_known", answers->known, &answers->known_origin);
    else
        md_fact_unknown(ctx->facts, root, "host.jc_known",
                        "no command says how many messages the job controller knows");
    if (jobs == NULL)
        md_fact_unknown(ctx->facts, root, "host.jobs_running", "no output of imsimta qm jobs was found");
    if (answers->answered) {
        md_fact_bool(ctx->facts, root, "host.jc_answers", true, &answers->answered_origin);
    } else if (answers->refused) {
        md_fact_bool(ctx->facts, root, "host.jc_answers", false, &answers->refused_origin);
    } else {
        uint16_t port = controller_port(ctx);
        enum md_status status = md_source_connect_local(ctx->source, port);
        struct md_origin origin = {.kind = MD_ORIGIN_COMMAND,
                                   .name =
                                       md_arena_printf(ctx->arena, "connect to port %u of this host", (unsigned)port)};

        if (status == MD_OK || status == MD_NOT_FOUND || status == MD_TIMEOUT) {
            md_fact_bool(ctx->facts, root, "host.jc_answers", status == MD_OK, &origin);
            answers->is_any = true;
        } else if (status == MD_UNSUPPORTED) {
            md_fact_unknown(ctx->facts, root, "host.jc_answers", "no command that asks the job controller was run");
        } else {
            md_diags_add(ctx->diags, MD_WARNING, (struct md_loc){origin.name, 0, 0}, "failed: %s",
                         md_status_says(status));
            md_fact_unknown(ctx->facts, root, "host.jc_answers", "the port of the job controller could not be tried");
        }
    }
}

static enum md_status run(struct md_probe_ctx *ctx)
{
    struct answers answers = {.is_any = false};
    bool is_store;

    read_jobs(ctx, &answers);
    read_messages(ctx, &answers);
    read_listings(ctx, &answers);
    read_stopped(ctx, &answers);
    read_counters(ctx, &answers);
    set_host(ctx, &answers);
    answers.is_any |= md_commands_top(ctx);
    answers.is_any |= md_commands_greeting(ctx);
    is_store = md_commands_store(ctx);
    return answers.is_any || is_store ? MD_OK : MD_NOT_FOUND;
}

static const enum md_item_kind reads[] = {
    MD_ITEM_QM_JOBS,   MD_ITEM_QM_MESSAGES, MD_ITEM_QM_SUMMARIZE,  MD_ITEM_QM_DIRECTORY,
    MD_ITEM_QM_STATUS, MD_ITEM_COUNTERS,    MD_ITEM_IMQUOTACHECK,  MD_ITEM_IMSCONNUTIL,
    MD_ITEM_MBOXUTIL,  MD_ITEM_IMCHECK,     MD_ITEM_STORED_STATUS, MD_ITEM_PID_FILE,
    MD_ITEM_QM_TOP,    MD_ITEM_GREETING,    MD_ITEM_LISTING,       MD_ITEM_KIND_COUNT};

const struct md_probe md_probe_msgserver_commands = {
    .name = "msgserver.commands",
    .says =
        "reads what the product's own commands say about jobs, messages, counters, quota, sessions and the database; "
        "connects to the ports of the job controller and of SMTP on this host",
    .cost = MD_COST_CHEAP,
    .reads = reads,
    .run = run,
};
