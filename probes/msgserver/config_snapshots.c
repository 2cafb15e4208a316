/*
 * When snapshots and backups are scheduled, and which of them fall together.
 */
#include <stdlib.h>

#include "probes/msgserver/config.h"
#include "probes/msgserver/mta_config_load.h"

#define JOBS_MAX 32
#define TIMES_MAX 96     /* of a job and of all of them */
#define APART_MINUTES 30 /* less is a clash */
#define DAY_MINUTES (24 * 60)

struct job {
    struct md_str name, days; /* days: the fields of the crontab behind minute and hour */
    int minutes[TIMES_MAX];
    size_t n;
    struct md_origin origin;
};

static int by_minute(const void *a, const void *b)
{
    int x = *(const int *)a, y = *(const int *)b;

    return (x > y) - (x < y);
}

/* Jobs that write a snapshot or a backup; to verify one only reads it. */
static bool is_snapshot(struct md_str name)
{
    return md_str_find_nocase(name, MD_LIT("schedule.")) >= 0 && md_str_find_nocase(name, MD_LIT("enable")) < 0 &&
           md_str_find_nocase(name, MD_LIT("verify")) < 0 &&
           (md_str_find_nocase(name, MD_LIT("snapshot")) >= 0 || md_str_find_nocase(name, MD_LIT("backup")) >= 0);
}

static struct md_str days_of(struct md_str line)
{
    struct md_str rest = line, day, month, weekday;

    (void)md_str_next_word(&rest);
    (void)md_str_next_word(&rest);
    day = md_str_next_word(&rest);
    month = md_str_next_word(&rest);
    weekday = md_str_next_word(&rest);
    if (weekday.n == 0 || (md_str_is(day, "*") && md_str_is(month, "*") && md_str_is(weekday, "*")))
        return md_str("");
    return md_str_n(day.p, (size_t)(weekday.p - day.p) + weekday.n);
}

static size_t find_jobs(struct md_probe_ctx *ctx, const struct md_mta_config *config, struct job *jobs)
{
    size_t n = 0;

    for (size_t i = 0; i < config->files.n_values + config->files.n_msconfig; i++) {
        const struct md_values *values =
            i < config->files.n_values ? config->files.values[i] : config->files.msconfig[i - config->files.n_values];

        for (size_t k = 0; k < values->n && n < JOBS_MAX; k++) {
            const struct md_named_value *value = &values->items[k];
            bool is_known = false;

            for (size_t j = 0; j < n && !is_known; j++)
                is_known = md_str_eq_nocase(jobs[j].name, value->name);
            if (is_known || !is_snapshot(value->name))
                continue;
            jobs[n] = (struct job){.name = value->name, .days = days_of(value->value)};
            jobs[n].n = md_crontab_minutes(value->value, jobs[n].minutes, TIMES_MAX);
            jobs[n].origin = md_mta_config_origin(ctx, value->loc);
            n += jobs[n].n > 0;
        }
    }
    return n;
}

static int apart(int a, int b)
{
    int d = a > b ? a - b : b - a;

    return d < DAY_MINUTES - d ? d : DAY_MINUTES - d;
}

/* Two jobs that ever run within half an hour of each other, as far as times of day tell. */
static bool clash(const struct job *a, const struct job *b)
{
    if (a->days.n > 0 && b->days.n > 0 && !md_str_eq(a->days, b->days))
        return false;
    for (size_t i = 0; i < a->n; i++)
        for (size_t k = 0; k < b->n; k++)
            if (apart(a->minutes[i], b->minutes[k]) < APART_MINUTES)
                return true;
    return false;
}

static void set_minutes(struct md_probe_ctx *ctx, const struct job *jobs, size_t n_jobs)
{
    struct md_str texts[TIMES_MAX];
    int minutes[TIMES_MAX];
    size_t n = 0;
    struct md_fact *fact;

    for (size_t j = 0; j < n_jobs; j++)
        for (size_t i = 0; i < jobs[j].n && n < TIMES_MAX; i++)
            minutes[n++] = jobs[j].minutes[i];
    qsort(minutes, n, sizeof *minutes, by_minute);
    for (size_t i = 0; i < n; i++)
        texts[i] = md_str(md_arena_printf(ctx->arena, "%02d:%02d", minutes[i] / 60, minutes[i] % 60));
    fact = md_fact_texts(ctx->facts, md_facts_root(ctx->facts), "host.snapshot_minutes", texts, n, &jobs[0].origin);
    for (size_t j = 1; j < n_jobs; j++)
        md_fact_origin(ctx->facts, fact, &jobs[j].origin);
}

void md_config_set_snapshots(struct md_probe_ctx *ctx, const struct md_mta_config *config)
{
    static const char none[] = "no snapshot or backup stands in the schedule read";
    struct md_instance *root = md_facts_root(ctx->facts);
    struct job *jobs = md_arena_array(ctx->arena, JOBS_MAX, sizeof *jobs);
    size_t n = find_jobs(ctx, config, jobs), clashes = 0;
    const struct job *first = &jobs[0], *second = NULL;
    struct md_fact *fact;

    if (n == 0) {
        md_fact_unknown(ctx->facts, root, "host.snapshot_minutes", none);
        md_fact_unknown(ctx->facts, root, "host.snapshot_clashes", none);
        return;
    }
    set_minutes(ctx, jobs, n);
    for (size_t i = 0; i < n; i++)
        for (size_t k = i + 1; k < n; k++) {
            if (!clash(&jobs[i], &jobs[k]))
                continue;
            if (clashes++ == 0) {
                first = &jobs[i];
                second = &jobs[k];
            }
        }
    fact = md_fact_count(ctx->facts, root, "host.snapshot_clashes", clashes, &first->origin);
    if (second != NULL)
        md_fact_origin(ctx->facts, fact, &second->origin);
}
