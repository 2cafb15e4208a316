#include "tests/unit/md_test.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probes/source/resolve.h"

#define HEADER(flags, answers) "\x12\x34" flags "\x00\x01\x00" answers "\x00\x00\x00\x00"
#define QUESTION                                                                                                       \
    "\x01"                                                                                                             \
    "a\x04test\x00\x00\x0f\x00\x01"
#define MX(preference, target) "\xc0\x0c\x00\x0f\x00\x01\x00\x00\x00\x3c\x00\x05\x00" preference target "\xc0\x0c"

static const struct {
    const char *says, *bytes;
    size_t n;
    enum md_status want;
    enum md_dns_status status;
    size_t records;
} messages[] = {
#define ROW(bytes) bytes, sizeof(bytes) - 1
    {"an answer", ROW(HEADER("\x81\x80", "\x01") QUESTION MX("\x0a", "\x01m")), MD_OK, MD_DNS_NOERROR, 1},
    {"no such name", ROW(HEADER("\x81\x83", "\x00") QUESTION), MD_OK, MD_DNS_NXDOMAIN, 0},
    {"the server fails", ROW(HEADER("\x81\x82", "\x00") QUESTION), MD_OK, MD_DNS_SERVFAIL, 0},
    {"the server refuses", ROW(HEADER("\x81\x85", "\x00") QUESTION), MD_OK, MD_DNS_REFUSED, 0},
    {"a question is no answer", ROW(HEADER("\x01\x00", "\x00") QUESTION), MD_BAD_INPUT, MD_DNS_NOERROR, 0},
    {"too short", ROW("\x12\x34\x81\x80"), MD_BAD_INPUT, MD_DNS_NOERROR, 0},
    {"fewer records than said", ROW(HEADER("\x81\x80", "\x05") QUESTION MX("\x0a", "\x01m")), MD_OK, MD_DNS_NOERROR, 1},
    {"a record cut off",
     ROW(HEADER("\x81\x80", "\x01") QUESTION "\xc0\x0c\x00\x0f\x00\x01\x00\x00\x00\x3c\x00\xff\x00"), MD_OK,
     MD_DNS_NOERROR, 0},
    {"a name that points at itself", ROW(HEADER("\x81\x80", "\x01") "\xc0\x0c\x00\x0f\x00\x01"), MD_BAD_INPUT,
     MD_DNS_NOERROR, 0},
#undef ROW
};

static void reads_messages(void **state)
{
    for (size_t i = 0; i < MD_ROWS(messages); i++) {
        struct md_dns_answer answer = {.status = MD_DNS_NOERROR};

        md_test_case(i, messages[i].says);
        md_want_int(
            "result",
            md_resolve_parse(*state, MD_DNS_MX, (const unsigned char *)messages[i].bytes, messages[i].n, &answer),
            messages[i].want);
        md_want_int("status", answer.status, messages[i].status);
        md_want_int("records", answer.n_records, messages[i].records);
        if (answer.n_records > 0) {
            md_want_str("exchange", answer.records[0].data, "m.a.test");
            md_want_int("preference", answer.records[0].preference, 10);
        }
    }
}

/* A name server of three minds: "s..." fails, "t..." is never answered, all else does not exist. */
static pid_t serve(uint16_t *ret_port)
{
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t n = sizeof address;
    pid_t pid;

    assert_true(fd >= 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &n), 0);
    *ret_port = ntohs(address.sin_port);
    pid = fork();
    if (pid == 0) {
        unsigned char packet[512];
        struct sockaddr_in from;

        for (;;) {
            socklen_t from_n = sizeof from;
            ssize_t got = recvfrom(fd, packet, sizeof packet, 0, (struct sockaddr *)&from, &from_n);

            if (got < 14 || packet[13] == 't')
                continue;
            packet[2] |= 0x80;
            packet[3] = packet[13] == 's' ? 2 : 3;
            (void)sendto(fd, packet, (size_t)got, 0, (struct sockaddr *)&from, from_n);
        }
    }
    close(fd);
    return pid;
}

static void asks_each_resolver_for_itself(void **state)
{
    const struct md_dns_query queries[] = {
        {MD_LIT("nothing.test"), MD_DNS_MX}, {MD_LIT("silent.test"), MD_DNS_A}, {MD_LIT("timeout.test"), MD_DNS_MX}};
    uint16_t port;
    pid_t pid = serve(&port);
    const struct md_str resolvers[] = {md_str(md_arena_printf(*state, "127.0.0.1:%u", (unsigned)port)),
                                       MD_LIT("127.0.0.1:1")};
    const struct md_dns_answer *answers;
    struct timespec before, after;

    (void)clock_gettime(CLOCK_MONOTONIC, &before);
    md_want_int("an answer of each for each", md_resolve_with(*state, resolvers, 2, queries, 3, 1, NULL, &answers), 6);
    (void)clock_gettime(CLOCK_MONOTONIC, &after);
    md_want_int("no such name", answers[0].status, MD_DNS_NXDOMAIN);
    md_want_int("the server fails", answers[1].status, MD_DNS_SERVFAIL);
    md_want_int("no answer", answers[2].status, MD_DNS_TIMEOUT);
    md_want_str_n("by the first", answers[0].resolver, resolvers[0]);
    for (size_t i = 3; i < 6; i++) {
        md_want_int("nothing listens", answers[i].status, MD_DNS_TIMEOUT);
        md_want_str_n("by the second", answers[i].resolver, resolvers[1]);
    }
    md_want_true(after.tv_sec - before.tv_sec <= 2);
    (void)kill(pid, SIGKILL);
    (void)waitpid(pid, NULL, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(reads_messages), MD_TEST(asks_each_resolver_for_itself)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
