#include "tests/unit/md_test.h"

#include "probes/formats/msgserver/version.h"

static void versions_in_lines(void **state)
{
    static const struct {
        const char *says, *line;
        int major, minor;
        const char *build;
    } cases[] = {
        {"imsimta version of 6.3", "Sun Java(tm) System Messaging Server 6.3-6.03 (built Mar 14 2008; 32bit)", 6, 3,
         "6.3-6.03 (built Mar 14 2008; 32bit)"},
        {"a start line of a program",
         "[04/Sep/2007:09:05:05 +0200] mail1 ims_master[5101]: General Notice: Sun Java(tm) System Messaging Server "
         "ims_master 6.2-7.02 "
         "(built Jun 13 2006) starting up",
         6, 2, "6.2-7.02 (built Jun 13 2006)"},
        {"5.2 with a hot fix", "iPlanet Messaging Server 5.2 HotFix 1.21 (built Sep  8 2003)", 5, 2,
         "5.2 HotFix 1.21 (built Sep  8 2003)"},
        {"an old one", "iMS V5.0", 5, 0, "5.0"},
        {"8.0", "Oracle Communications Messaging Server 8.0.2.3.20180619 64bit (built Jun 19 2018)", 8, 0,
         "8.0.2.3.20180619 64bit (built Jun 19 2018)"},
        {"8.1", "Oracle Communications Messaging Server 8.1.0.1.20180802 64bit", 8, 1, "8.1.0.1.20180802"},
        {"7 Update 4", "(Oracle Communications Messaging Exchange Server 7u4-22.01 64bit (built Apr 21 2011))", 7, 0,
         "7u4-22.01 64bit (built Apr 21 2011)"},
        {"7.0.5", "Oracle Communications Messaging Server 7.0.5.31.0 64bit (built May  5 2014)", 7, 0,
         "7.0.5.31.0 64bit (built May  5 2014)"},
        {"an SMTP banner",
         "220 mx.example.org -- Server ESMTP (Sun Java System Messaging Server 6.2-3.04 (built Jul 15 2005))", 6, 2,
         "6.2-3.04 (built Jul 15 2005)"},
        {"the library alone", "libimta.so 6.3-6.03 (built 19:31:13, Mar 14 2008; 32bit)", 6, 3,
         "6.3-6.03 (built 19:31:13, Mar 14 2008; 32bit)"},
        {"a line about something else", "Messaging Server is running", 0, 0, ""},
        {"another product", "ESMTP Postfix 3.5.25", 0, 0, ""},
        {"an address is no version", "the messaging server 192.0.2.1 refused", 0, 0, ""},
        {"nothing", "", 0, 0, ""},
    };

    (void)state;
    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_version version = {0};
        bool found = md_version_find(md_str(cases[i].line), &version);

        md_test_case(i, cases[i].says);
        md_want_int("found", found, cases[i].major > 0);
        if (found) {
            md_want_int("major", version.major, cases[i].major);
            md_want_int("minor", version.minor, cases[i].minor);
            md_want_str("build", version.build, cases[i].build);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(versions_in_lines)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
