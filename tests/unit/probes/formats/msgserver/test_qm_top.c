#include "tests/unit/md_test.h"

#include "probes/formats/msgserver/qm_top.h"

static void knows_what_a_command_counts(void **state)
{
    static const struct {
        const char *says, *command;
        enum md_qm_top_field field;
        const char *channel;
    } cases[] = {
        {"domains", "imsimta qm top -domain_to tcp_local", MD_QM_TOP_DOMAIN_TO, "tcp_local"},
        {"abbreviated, with another option", "/opt/SUNWmsgsr/sbin/imsimta qm top -ignore_zz -domain tcp_local",
         MD_QM_TOP_DOMAIN_TO, "tcp_local"},
        {"recipients, the other command", "imsimta qtop -to ims-ms | head", MD_QM_TOP_TO, "ims-ms"},
        {"inside qm", "top -from tcp_local", MD_QM_TOP_FROM, "tcp_local"},
        {"all channels", "imsimta qm top -from", MD_QM_TOP_FROM, ""},
        {"subjects", "imsimta qm top tcp_local", MD_QM_TOP_NONE, "tcp_local"},
        {"two fields", "imsimta qm top -to -from tcp_local", MD_QM_TOP_NONE, ""},
        {"a field and subjects", "imsimta qm top -to -subject tcp_local", MD_QM_TOP_NONE, ""},
        {"another command", "imsimta qm messages tcp_local", MD_QM_TOP_NONE, ""},
        {"nothing", "", MD_QM_TOP_NONE, ""},
    };

    (void)state;
    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_str channel;

        md_test_case(i, cases[i].says);
        md_want_int("field", md_qm_top_command(md_str(cases[i].command), &channel), cases[i].field);
        md_want_str("channel", channel, cases[i].channel);
    }
}

static void reads_counts_of_texts(void **state)
{
    static const char text[] = "Channel: tcp_local\n"
                               "   312 example.net\r\n"
                               "    44  <a@example.org>\n"
                               "\n"
                               "     7 \"odd.example\"\n"
                               "     6 make money fast\n"
                               "     0 none.example\n"
                               "     x y\n"
                               "99999999999999999999 big.example\n"
                               "     5";
    const struct md_qm_top_row *rows;

    md_want_int("rows", md_qm_top_parse(*state, md_str(text), &rows), 3);
    md_want_int("count", rows[0].count, 312);
    md_want_str("text", rows[0].text, "example.net");
    md_want_int("line", rows[0].line, 2);
    md_want_str("in brackets", rows[1].text, "a@example.org");
    md_want_str("in quotes", rows[2].text, "odd.example");
    md_want_int("nothing", md_qm_top_parse(*state, md_str(""), &rows), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(knows_what_a_command_counts), MD_TEST(reads_counts_of_texts)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
