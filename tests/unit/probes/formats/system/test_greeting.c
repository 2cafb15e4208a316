#include "tests/unit/md_test.h"

#include "probes/formats/system/greeting.h"

static void reads_how_a_server_greets(void **state)
{
    static const struct {
        const char *says, *in;
        enum md_status want;
        enum md_greeting_outcome outcome;
        const char *code, *peer;
        uint32_t line;
    } cases[] = {
        {"telnet",
         "Trying 127.0.0.1...\nConnected to localhost.\nEscape character is '^]'.\n220 mail1.example.com -- Server "
         "ESMTP\n",
         MD_OK, MD_GREETING_CODE, "220", "127.0.0.1", 4},
        {"too busy, CR LF", "Trying 127.0.0.1...\r\nConnected to mail1.\r\n421 4.3.2 too many connections\r\n", MD_OK,
         MD_GREETING_CODE, "421", "127.0.0.1", 3},
        {"netcat", "220-mail1 ESMTP\n220 ready\n", MD_OK, MD_GREETING_CODE, "220", "", 1},
        {"closed without a word",
         "Trying ::1...\nConnected to localhost.\nEscape character is '^]'.\nConnection closed by foreign host.\n",
         MD_OK, MD_GREETING_SILENT, "", "::1", 2},
        {"refused, Solaris", "Trying 127.0.0.1...\ntelnet: Unable to connect to remote host: Connection refused\n",
         MD_OK, MD_GREETING_REFUSED, "", "127.0.0.1", 2},
        {"never connected", "Trying 192.0.2.7...\n", MD_NOT_FOUND, MD_GREETING_SILENT, "", "192.0.2.7", 0},
        {"no reply of SMTP", "2200 things\n22\n999 x\n", MD_NOT_FOUND, MD_GREETING_SILENT, "", "", 0},
        {"nothing", "", MD_NOT_FOUND, MD_GREETING_SILENT, "", "", 0},
    };

    (void)state;
    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_greeting greeting = {.line = 99};

        md_test_case(i, cases[i].says);
        md_want_int("status", md_greeting_parse(md_str(cases[i].in), &greeting), cases[i].want);
        md_want_int("outcome", greeting.outcome, cases[i].outcome);
        md_want_str("code", greeting.code, cases[i].code);
        md_want_str("peer", greeting.peer, cases[i].peer);
        md_want_int("line", greeting.line, cases[i].line);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(reads_how_a_server_greets)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
