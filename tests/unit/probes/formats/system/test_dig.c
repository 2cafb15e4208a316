#include "tests/unit/md_test.h"

#include "probes/formats/system/dig.h"

static const char dig_mx[] = "\r\n; <<>> DiG 9.3.4 <<>> example.net mx\r\n"
                             ";; global options:  printcmd\r\n"
                             ";; Got answer:\r\n"
                             ";; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 12345\r\n"
                             ";; flags: qr rd ra; QUERY: 1, ANSWER: 2, AUTHORITY: 1, ADDITIONAL: 1\r\n"
                             "\r\n"
                             ";; QUESTION SECTION:\r\n"
                             ";example.net.                   IN      MX\r\n"
                             "\r\n"
                             ";; ANSWER SECTION:\r\n"
                             "example.net.            3600    IN      MX      20 mx2.example.net.\r\n"
                             "example.net.            3600    IN      MX      10 mx.example.net.\r\n"
                             "\r\n"
                             ";; ADDITIONAL SECTION:\r\n"
                             "mx.example.net.         3600    IN      A       198.51.100.25\r\n"
                             "\r\n"
                             ";; Query time: 12 msec\r\n"
                             ";; SERVER: 192.0.2.53#53(192.0.2.53)\r\n";

static void reads_the_tools(void **state)
{
    static const struct {
        const char *says, *text;
        size_t answers, which;
        const char *name, *type, *status, *resolver, *data;
        size_t records;
        uint32_t preference;
    } cases[] = {
        {"dig, MX", dig_mx, 2, 0, "example.net", "MX", "NOERROR", "192.0.2.53", "mx2.example.net", 2, 20},
        {"dig, an address on the way", dig_mx, 2, 1, "mx.example.net", "A", "NOERROR", "192.0.2.53", "198.51.100.25", 1,
         0},
        {"dig, no such name",
         "; <<>> DiG 9.3.4 <<>> no-such.example mx\n;; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN, id: 1\n;; "
         "QUESTION SECTION:\n"
         ";no-such.example.  IN MX\n;; SERVER: 192.0.2.53#53(192.0.2.53)\n",
         1, 0, "no-such.example", "MX", "NXDOMAIN", "192.0.2.53", NULL, 0, 0},
        {"dig, nobody answers",
         "; <<>> DiG 9.3.4 <<>> @192.0.2.54 example.org MX\n;; global options: printcmd\n;; connection timed out; no "
         "servers could be reached\n",
         1, 0, "example.org", "MX", "TIMEOUT", "192.0.2.54", NULL, 0, 0},
        {"dig, a null MX",
         ";; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 1\n;nomail.example. IN MX\nnomail.example. 60 IN MX 0 "
         ".\n",
         1, 0, "nomail.example", "MX", "NOERROR", "", ".", 1, 0},
        {"host", "example.net mail is handled by 10 mx.example.net.\n", 1, 0, "example.net", "MX", "NOERROR", "",
         "mx.example.net", 1, 10},
        {"host, no such name", "Host no-such.example not found: 3(NXDOMAIN)\n", 2, 0, "no-such.example", "MX",
         "NXDOMAIN", "", NULL, 0, 0},
        {"host, a broken zone", "Host broken.example not found: 2(SERVFAIL)\n", 2, 0, "broken.example", "MX",
         "SERVFAIL", "", NULL, 0, 0},
        {"nslookup",
         "Server:         192.0.2.53\nAddress:        192.0.2.53#53\n\nNon-authoritative answer:\nexample.net     mail "
         "exchanger = 10 mx.example.net.\n",
         1, 0, "example.net", "MX", "NOERROR", "192.0.2.53", "mx.example.net", 1, 10},
        {"nslookup of old",
         "Server:  ns.example.com\nAddress:  192.0.2.53\n\nexample.net     preference = 10, mail exchanger = "
         "mx.example.net\n",
         1, 0, "example.net", "MX", "NOERROR", "192.0.2.53", "mx.example.net", 1, 10},
        {"nslookup, no such name",
         "Server:  192.0.2.53\nAddress: 192.0.2.53#53\n\n** server can't find no-such.example: NXDOMAIN\n", 2, 1,
         "no-such.example", "A", "NXDOMAIN", "192.0.2.53", NULL, 0, 0},
        {"nslookup, an address",
         "Server:  192.0.2.53\nAddress: 192.0.2.53#53\n\nName:   www.example.net\nAddress: 198.51.100.7\n", 1, 0,
         "www.example.net", "A", "NOERROR", "192.0.2.53", "198.51.100.7", 1, 0},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        const struct md_dig_answer *list, *answer;

        md_test_case(i, cases[i].says);
        md_want_int("answers", md_dig_parse(*state, NULL, md_str(cases[i].text), &list), cases[i].answers);
        answer = &list[cases[i].which];
        md_want_str("name", answer->name, cases[i].name);
        md_want_str("type", answer->type, cases[i].type);
        md_want_str("status", answer->status, cases[i].status);
        md_want_str("resolver", answer->resolver, cases[i].resolver);
        md_want_int("records", answer->n, cases[i].records);
        if (answer->n > 0) {
            md_want_str("data", answer->records[0].data, cases[i].data);
            md_want_int("preference", answer->records[0].preference, cases[i].preference);
        }
    }
}

/* nslookup and host do not repeat the question where nobody answers or there is nothing; getent never does. */
static void reads_what_the_command_says(void **state)
{
    static const char host_mx[] = "Using domain server:\nName: 192.0.2.53\nAddress: 192.0.2.53#53\nAliases: \n\n"
                                  "example.net mail is handled by 10 mx.example.net.\n";
    static const char no_answer[] = "Server:\t\t192.0.2.53\nAddress:\t192.0.2.53#53\n\n"
                                    "*** Can't find example.net: No answer\n";
    static const struct {
        const char *says, *command, *text;
        size_t answers;
        const char *name, *type, *status, *resolver, *data;
        size_t records;
    } cases[] = {
        {"host names whom it asks", "host -W 3 -t MX example.net. 192.0.2.53", host_mx, 1, "example.net", "MX",
         "NOERROR", "192.0.2.53", "mx.example.net", 1},
        {"and without its command", NULL, host_mx, 1, "example.net", "MX", "NOERROR", "192.0.2.53", "mx.example.net",
         1},
        {"nobody answers host", "/usr/bin/host -t MX example.net. 192.0.2.53",
         ";; connection timed out; no servers could be reached\n", 1, "example.net", "MX", "TIMEOUT", "192.0.2.53",
         NULL, 0},
        {"nobody answers nslookup", "nslookup -timeout=3 -type=MX example.net. 192.0.2.53",
         ";; connection timed out; no servers could be reached\n\n", 1, "example.net", "MX", "TIMEOUT", "192.0.2.53",
         NULL, 0},
        {"no such record", "nslookup -q=mx example.net 192.0.2.53", no_answer, 1, "example.net", "MX", "NOERROR",
         "192.0.2.53", NULL, 0},
        {"whose question is not known", NULL, no_answer, 0, NULL, NULL, NULL, NULL, NULL, 0},
        {"an address by getent", "getent hosts www.example.net.", "198.51.100.7    www.example.net\n", 1,
         "www.example.net", "A", "NOERROR", "", "198.51.100.7", 1},
        {"getent does not say why there is none", "getent hosts www.example.net.", "", 0, NULL, NULL, NULL, NULL, NULL,
         0},
        {"an error of another kind is no answer", "nslookup -type=MX example.net. 192.0.2.53",
         "nslookup: cannot execute\n", 0, NULL, NULL, NULL, NULL, NULL, 0},
        {"a command of another kind", "ls -t MX example.net", "connection timed out\n", 0, NULL, NULL, NULL, NULL, NULL,
         0},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        const struct md_dig_answer *list;
        size_t n = md_dig_parse(*state, cases[i].command, md_str(cases[i].text), &list);

        md_test_case(i, cases[i].says);
        md_want_int("answers", n, cases[i].answers);
        if (n == 0)
            continue;
        md_want_str("name", list->name, cases[i].name);
        md_want_str("type", list->type, cases[i].type);
        md_want_str("status", list->status, cases[i].status);
        md_want_str("resolver", list->resolver, cases[i].resolver);
        md_want_int("records", list->n, cases[i].records);
        if (list->n > 0)
            md_want_str("data", list->records[0].data, cases[i].data);
    }
}

static void reads_the_search_list(void **state)
{
    static const struct {
        const char *says, *text;
        size_t n;
        const char *first;
        uint32_t line;
    } cases[] = {
        {"a search line", "nameserver 192.0.2.53\nsearch example.com. sub.example.com # ours\n", 2, "example.com", 2},
        {"the last one counts", "domain example.org\r\nsearch example.com\r\n", 1, "example.com", 2},
        {"none", "nameserver 192.0.2.53\n# search example.com\n", 0, NULL, 0},
        {"nothing", "", 0, NULL, 0},
    };

    (void)state;
    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_resolv got;

        md_test_case(i, cases[i].says);
        md_resolv_parse(md_str(cases[i].text), &got);
        md_want_int("n", got.n_search, cases[i].n);
        md_want_int("line", got.search_line, cases[i].line);
        if (got.n_search > 0)
            md_want_str("first", got.search[0], cases[i].first);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(reads_the_tools), MD_TEST(reads_what_the_command_says),
                                       MD_TEST(reads_the_search_list)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
