#include "probes/formats/msgserver/qm_jobs.h"

#include "engine/base/num.h"
#include "engine/base/status.h"

#define COUNT_MAX UINT64_C(1000000000000)

/* Growing lists of the parse; the job under construction keeps its own hosts. */
struct reader {
    struct md_arena *arena;
    struct md_qm_job *jobs;
    size_t n_jobs, cap_jobs;
    struct md_str *channels;
    size_t n_channels, cap_channels;
    struct md_str *hosts;
    size_t n_hosts, cap_hosts;
    struct md_str channel;
    uint64_t listed; /* message lines of the present job */
};

static void close_job(struct reader *r)
{
    if (r->n_jobs > 0) {
        struct md_qm_job *job = &r->jobs[r->n_jobs - 1];

        if (job->hosts == NULL) {
            job->hosts = r->hosts;
            job->n_hosts = r->n_hosts;
        }
        if (job->messages < r->listed)
            job->messages = r->listed;
    }
    r->hosts = NULL;
    r->n_hosts = r->cap_hosts = 0;
    r->listed = 0;
}

static bool word_is(struct md_str word, const char *singular)
{
    size_t n = md_str(singular).n;

    if (word.n > 0 && word.p[word.n - 1] == ':')
        word.n--;
    return md_str_is_nocase(word, singular) ||
           (word.n == n + 1 && md_lower(word.p[n]) == 's' && md_str_is_nocase(md_str_sub(word, 0, n), singular));
}

/* The number behind the colon of "processed messages: 118". */
static bool number_behind_colon(struct md_str line, uint64_t *ret)
{
    ptrdiff_t at = md_str_find_char(line, ':');
    struct md_str rest;

    if (at < 0)
        return false;
    rest = md_str_trim(md_str_from(line, (size_t)at + 1));
    return md_num_u64(&rest, COUNT_MAX, ret) == MD_OK;
}

/* "<n> MESSAGES BEING PROCESSES BY JOB <pid>", "<n> JOBS ACTIVE FOR CHANNEL x", "<n> ACTIVE CHANNELS". */
static bool read_total(struct reader *r, struct md_str line, struct md_qm_jobs *out)
{
    uint64_t value;
    struct md_str first;

    if (md_num_all_u64(md_str_next_word(&line), COUNT_MAX, &value) != MD_OK)
        return false;
    first = md_str_next_word(&line);
    if (word_is(first, "host") && md_str_find_nocase(line, MD_LIT("being process")) >= 0)
        return true;
    if (word_is(first, "message") && md_str_find_nocase(line, MD_LIT("being process")) >= 0) {
        if (r->n_jobs > 0)
            r->jobs[r->n_jobs - 1].messages = value;
        return true;
    }
    if (word_is(first, "job") && md_str_find_nocase(line, MD_LIT("active")) >= 0)
        return true;
    if (md_str_is_nocase(first, "active") && md_str_find_nocase(line, MD_LIT("channel")) >= 0) {
        out->has_total = true;
        out->active_channels = value;
        out->is_recognised = true;
        return true;
    }
    return false;
}

static bool read_job_line(struct reader *r, struct md_str line, uint32_t number, struct md_qm_jobs *out)
{
    struct md_str rest = line;
    struct md_str first = md_str_next_word(&rest);
    struct md_str value = md_str_next_word(&rest);
    struct md_qm_job *job = r->n_jobs > 0 ? &r->jobs[r->n_jobs - 1] : NULL;
    uint64_t pid;

    if (word_is(first, "channel") && value.n > 0 && md_str_is_empty(md_str_trim(rest))) {
        close_job(r);
        r->channel = value;
        if (r->n_channels < MD_QM_ROWS_MAX)
            *(struct md_str *)md_arena_push(r->arena, &r->channels, &r->n_channels, &r->cap_channels, sizeof value) =
                value;
        return true;
    }
    if (word_is(first, "job") && md_num_all_u64(value, UINT32_MAX, &pid) == MD_OK &&
        md_str_is_empty(md_str_trim(rest))) {
        close_job(r);
        if (r->n_jobs < MD_QM_ROWS_MAX) {
            job = md_arena_push(r->arena, &r->jobs, &r->n_jobs, &r->cap_jobs, sizeof *job);
            job->line = number;
            job->channel = r->channel;
            job->pid = pid;
        }
        out->is_recognised = true;
        return true;
    }
    if (job == NULL || r->n_jobs == MD_QM_ROWS_MAX)
        return false;
    if (word_is(first, "host") && value.n > 0) {
        if (r->n_hosts < MD_QM_ROWS_MAX)
            *(struct md_str *)md_arena_push(r->arena, &r->hosts, &r->n_hosts, &r->cap_hosts, sizeof value) = value;
        return true;
    }
    if (word_is(first, "message") && value.n > 0) {
        r->listed++;
        return true;
    }
    if (md_str_has_prefix_nocase(first, MD_LIT("processed")) && number_behind_colon(line, &job->processed)) {
        job->has_processed = true;
        return true;
    }
    if (md_str_is_nocase(first, "failed") && number_behind_colon(line, &job->failed)) {
        job->has_failed = true;
        return true;
    }
    return false;
}

void md_qm_jobs_parse(struct md_arena *arena, struct md_str text, struct md_qm_jobs *ret)
{
    struct md_qm_jobs out = {0};
    struct reader r = {.arena = arena};
    struct md_str line;
    uint32_t number = 0;

    while (md_str_next_line(&text, &line)) {
        number++;
        line = md_str_trim(line);
        if (line.n > 0 && !read_total(&r, line, &out) && !read_job_line(&r, line, number, &out))
            out.other_lines++;
    }
    close_job(&r);
    out.jobs = r.jobs;
    out.n = r.n_jobs;
    out.channels = r.channels;
    out.n_channels = r.n_channels;
    *ret = out;
}

/* "tcp_local" of "# imsimta qm messages tcp_local"; empty where the line is no such command. */
static struct md_str channel_of_command(struct md_str line)
{
    ptrdiff_t at = md_str_find_nocase(line, MD_LIT(" mess"));
    struct md_str rest;

    if (at < 0 || md_str_find_nocase(line, MD_LIT("qm")) < 0 || md_str_find_nocase(line, MD_LIT("active")) >= 0)
        return md_str_sub(line, 0, 0);
    rest = md_str_from(line, (size_t)at + 1);
    (void)md_str_next_word(&rest);
    return md_str_next_word(&rest);
}

static bool is_heading(struct md_str line)
{
    return md_str_find_nocase(line, MD_LIT("active")) >= 0 && md_str_find_nocase(line, MD_LIT("delayed")) >= 0;
}

/* "host active delayed" or "active delayed". */
static bool read_host(struct md_str line, struct md_qm_host *ret)
{
    struct md_str words[4];
    size_t n = 0;

    for (; n < 4; n++) {
        words[n] = md_str_next_word(&line);
        if (words[n].n == 0)
            break;
    }
    if (n < 2 || n > 3)
        return false;
    ret->host = n == 3 ? words[0] : md_str_sub(words[0], 0, 0);
    return md_num_all_u64(words[n - 2], COUNT_MAX, &ret->active) == MD_OK &&
           md_num_all_u64(words[n - 1], COUNT_MAX, &ret->delayed) == MD_OK;
}

void md_qm_messages_parse(struct md_arena *arena, struct md_str text, struct md_qm_messages *ret,
                          struct md_str *ret_rest)
{
    struct md_qm_messages out = {0};
    struct md_qm_host *hosts = NULL;
    size_t cap = 0;
    struct md_str line, before = text;
    uint32_t number = 0;

    while (md_str_next_line(&text, &line)) {
        struct md_qm_host host = {0};
        struct md_str channel = channel_of_command(line);

        number++;
        if (channel.n > 0) {
            if (out.is_recognised) {
                text = before;
                break;
            }
            out.channel = channel;
        } else if (is_heading(line)) {
            if (out.is_recognised) {
                text = before;
                break;
            }
            out.is_recognised = true;
        } else if (out.is_recognised && out.n < MD_QM_ROWS_MAX && read_host(line, &host)) {
            host.line = number;
            out.active += host.active;
            out.delayed += host.delayed;
            *(struct md_qm_host *)md_arena_push(arena, &hosts, &out.n, &cap, sizeof host) = host;
        }
        before = text;
    }
    out.hosts = hosts;
    *ret = out;
    if (ret_rest != NULL)
        *ret_rest = text;
}
