#include "probes/source/resolve.h"

#include <sys/select.h> /* ares.h needs it */
#include <sys/types.h>

#include <ares.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include "probes/source/dns_answers.h"
#include "probes/source/source_priv.h"

#define RECORDS_MAX 100 /* of one answer */
#define HEADER 12
#define CLASS_IN 1
#define POLL_MS 100

static const int type_numbers[] = {
    [MD_DNS_MX] = 15, [MD_DNS_A] = 1,   [MD_DNS_AAAA] = 28, [MD_DNS_CNAME] = 5,
    [MD_DNS_NS] = 2,  [MD_DNS_SOA] = 6, [MD_DNS_PTR] = 12,
};

static unsigned u16(const unsigned char *p)
{
    return (unsigned)p[0] << 8 | p[1];
}

static enum md_dns_status status_of_code(unsigned code)
{
    switch (code) {
    case 0: return MD_DNS_NOERROR;
    case 3: return MD_DNS_NXDOMAIN;
    case 5: return MD_DNS_REFUSED;
    default: return MD_DNS_SERVFAIL;
    }
}

/* A name at `at`; advances it. False: broken. */
static bool read_name(struct md_arena *arena, const unsigned char *message, size_t n, size_t *at, struct md_str *ret)
{
    char *name = NULL;
    long length = 0;

    if (*at >= n || ares_expand_name(message + *at, message, (int)n, &name, &length) != ARES_SUCCESS)
        return false;
    *ret = md_dns_name(arena, md_str(name));
    ares_free_string(name);
    *at += (size_t)length;
    return *at <= n;
}

static bool read_data(struct md_arena *arena, enum md_dns_type type, const unsigned char *message, size_t n, size_t at,
                      size_t length, struct md_dns_record *ret)
{
    char text[INET6_ADDRSTRLEN];

    switch (type) {
    case MD_DNS_A:
    case MD_DNS_AAAA:
        if (length != (type == MD_DNS_A ? 4U : 16U) ||
            inet_ntop(type == MD_DNS_A ? AF_INET : AF_INET6, message + at, text, sizeof text) == NULL)
            return false;
        ret->data = md_arena_str(arena, md_str(text));
        return true;
    case MD_DNS_MX:
        if (length < 3)
            return false;
        ret->preference = u16(message + at);
        at += 2;
        return read_name(arena, message, n, &at, &ret->data);
    case MD_DNS_CNAME:
    case MD_DNS_NS:
    case MD_DNS_SOA: /* its first name, the primary server */
    case MD_DNS_PTR: return read_name(arena, message, n, &at, &ret->data);
    }
    return false;
}

enum md_status md_resolve_parse(struct md_arena *arena, enum md_dns_type type, const unsigned char *message, size_t n,
                                struct md_dns_answer *ret)
{
    struct md_dns_record *records;
    size_t at = HEADER, questions, answers, n_records = 0;
    struct md_str name;

    if (n < HEADER || n > 65535 || (message[2] & 0x80) == 0)
        return MD_BAD_INPUT;
    ret->status = status_of_code(message[3] & 0x0fU);
    questions = u16(message + 4);
    answers = u16(message + 6);
    records = md_arena_array(arena, RECORDS_MAX, sizeof *records);
    for (size_t i = 0; i < questions; i++) {
        if (!read_name(arena, message, n, &at, &name) || n - at < 4)
            return MD_BAD_INPUT;
        at += 4;
    }
    for (size_t i = 0; i < answers && n_records < RECORDS_MAX; i++) {
        unsigned number, class;
        size_t length;

        if (!read_name(arena, message, n, &at, &name) || n - at < 10)
            break; /* cut off: what came counts */
        number = u16(message + at);
        class = u16(message + at + 2);
        length = u16(message + at + 8);
        at += 10;
        if (length > n - at)
            break;
        if (class == CLASS_IN && number == (unsigned)type_numbers[type] &&
            read_data(arena, type, message, n, at, length, &records[n_records]))
            n_records++;
        at += length;
    }
    ret->records = records;
    ret->n_records = n_records;
    return MD_OK;
}

/* ---- asking ---- */

struct pending {
    struct md_arena *arena;
    struct md_dns_answer *answer;
    int64_t started;
    size_t *n_left;
};

static int64_t monotonic(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * MD_SECOND + now.tv_nsec / 1000;
}

static void answered(void *ctx, int status, int timeouts, unsigned char *message, int n)
{
    struct pending *pending = ctx;

    (void)timeouts;
    (*pending->n_left)--;
    pending->answer->ms = (uint32_t)((monotonic() - pending->started) / 1000);
    if (message != NULL && n > 0 &&
        md_resolve_parse(pending->arena, pending->answer->type, message, (size_t)n, pending->answer) == MD_OK)
        return;
    pending->answer->status = status == ARES_ESERVFAIL || status == ARES_EBADRESP ? MD_DNS_SERVFAIL
                              : status == ARES_ENOTFOUND                          ? MD_DNS_NXDOMAIN
                                                                                  : MD_DNS_TIMEOUT;
}

static bool open_channel(struct md_arena *arena, struct md_str resolver, double seconds, ares_channel *ret)
{
    struct ares_options options = {.flags = ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES | ARES_FLAG_NOCHECKRESP,
                                   .timeout =
                                       (int)(seconds * 1000 / 3), /* asked twice; the second time waits twice as long */
                                   .tries = 2};
    char lookups[] = "b";
    bool has_port = md_str_find_char(resolver, '.') >= 0 || (resolver.n > 0 && *resolver.p == '[');
    const char *server = md_arena_cstr(arena, resolver);

    options.lookups = lookups;
    if (ares_init_options(ret, &options, ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_LOOKUPS) !=
        ARES_SUCCESS)
        return false;
    if ((has_port ? ares_set_servers_ports_csv(*ret, server) : ares_set_servers_csv(*ret, server)) != ARES_SUCCESS) {
        ares_destroy(*ret);
        return false;
    }
    return true;
}

/* Waits for one round of sockets. */
static void turn(ares_channel *channels, size_t n)
{
    ares_socket_t sockets[ARES_GETSOCK_MAXNUM];
    struct pollfd *fds = md_xcalloc(n * ARES_GETSOCK_MAXNUM + 1, sizeof *fds);
    ares_channel *owners = md_xcalloc(n * ARES_GETSOCK_MAXNUM + 1, sizeof *owners);
    size_t m = 0;

    for (size_t i = 0; i < n; i++) {
        int mask = ares_getsock(channels[i], sockets, ARES_GETSOCK_MAXNUM);

        for (int k = 0; k < ARES_GETSOCK_MAXNUM; k++) {
            unsigned readable = (unsigned)mask >> k & 1U, writable = (unsigned)mask >> (k + ARES_GETSOCK_MAXNUM) & 1U;

            if (readable == 0 && writable == 0)
                continue;
            owners[m] = channels[i];
            fds[m++] = (struct pollfd){.fd = sockets[k],
                                       .events = (short)((readable != 0 ? POLLIN : 0) | (writable != 0 ? POLLOUT : 0))};
        }
    }
    (void)poll(fds, (nfds_t)m, POLL_MS);
    for (size_t i = 0; i < m; i++)
        if (fds[i].revents != 0)
            ares_process_fd(owners[i],
                            (fds[i].revents & (POLLIN | POLLERR | POLLHUP)) != 0 ? fds[i].fd : ARES_SOCKET_BAD,
                            (fds[i].revents & POLLOUT) != 0 ? fds[i].fd : ARES_SOCKET_BAD);
    for (size_t i = 0; i < n; i++) /* time-outs */
        ares_process_fd(channels[i], ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    free(fds);
    free(owners);
}

size_t md_resolve_with(struct md_arena *arena, const struct md_str *resolvers, size_t n_resolvers,
                       const struct md_dns_query *queries, size_t n, double seconds,
                       const volatile sig_atomic_t *interrupted, const struct md_dns_answer **ret)
{
    ares_channel *channels = md_xcalloc(n_resolvers + 1, sizeof *channels);
    struct md_dns_answer *answers;
    struct pending *pending;
    size_t n_channels = 0, n_answers = 0, n_left = 0;
    int64_t started = monotonic(), until = started + (int64_t)(seconds * MD_SECOND);

    if (n > MD_RESOLVE_QUERIES_MAX)
        n = MD_RESOLVE_QUERIES_MAX;
    answers = md_arena_array(arena, n_resolvers * n + 1, sizeof *answers);
    pending = md_arena_array(arena, n_resolvers * n + 1, sizeof *pending);
    (void)ares_library_init(ARES_LIB_INIT_ALL);
    for (size_t i = 0; i < n_resolvers; i++) {
        if (!open_channel(arena, resolvers[i], seconds, &channels[n_channels]))
            continue;
        for (size_t k = 0; k < n; k++) {
            struct md_dns_answer *answer = &answers[n_answers];
            struct md_str name = md_dns_name(arena, queries[k].name);

            *answer = (struct md_dns_answer){
                .name = name, .type = queries[k].type, .status = MD_DNS_TIMEOUT, .resolver = resolvers[i]};
            pending[n_answers] =
                (struct pending){.arena = arena, .answer = answer, .started = started, .n_left = &n_left};
            n_left++;
            /* With the final dot it is absolute. */
            ares_query(channels[n_channels], md_arena_printf(arena, "%.*s.", MD_STR_ARG(name)), CLASS_IN,
                       type_numbers[queries[k].type], answered, &pending[n_answers]);
            n_answers++;
        }
        n_channels++;
    }
    while (n_left > 0 && monotonic() < until && (interrupted == NULL || *interrupted == 0))
        turn(channels, n_channels);
    for (size_t i = 0; i < n_channels; i++)
        ares_destroy(channels[i]); /* answers what is open with a failure */
    ares_library_cleanup();
    free(channels);
    *ret = answers;
    return n_answers;
}

size_t md_resolve_now(struct md_source *source, struct md_arena *arena, const struct md_dns_query *queries, size_t n,
                      const struct md_dns_answer **ret)
{
    const struct md_str *resolvers;
    size_t n_resolvers = md_source_resolvers(source, &resolvers);

    if (source->options.progress != NULL && n > 0)
        source->options.progress(source->options.progress_ctx, "asking the resolvers", 0, n);
    return md_resolve_with(arena, resolvers, n_resolvers, queries, n, MD_RESOLVE_SECONDS, source->options.interrupted,
                           ret);
}
