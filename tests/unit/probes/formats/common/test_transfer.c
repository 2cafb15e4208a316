#include "tests/unit/md_test.h"

#include "probes/formats/common/transfer.h"

static void decodes(void **state)
{
    enum way { BASE64, PRINTABLE, FLOWED, DELETED };
    static const struct {
        const char *says;
        enum way way;
        const char *in, *want;
    } cases[] = {
        {"base64", BASE64, "bWFpbDEj", "mail1#"},
        {"base64 over lines, with padding", BASE64, "bWFp\r\nbDE=\r\n", "mail1"},
        {"base64 that breaks off", BASE64, "bWFpb", "mai"},
        {"base64 with what is none", BASE64, "bW!Fp", "mai"},
        {"nothing", BASE64, "", ""},

        {"a sign and a fold", PRINTABLE, "a=3D1 =\nb\n", "a=1 b\n"},
        {"a fold with CR LF and blanks behind", PRINTABLE, "a= \r\nb", "ab"},
        {"small letters", PRINTABLE, "=c3=bc", "\xc3\xbc"},
        {"what is no code stays", PRINTABLE, "a=zz=4", "a=zz=4"},
        {"a fold at the very end", PRINTABLE, "a=", "a"},

        {"lines that go on", FLOWED, "one \ntwo\nthree\n", "one two\nthree\n"},
        {"quoted ones of the same depth", FLOWED, "> one \n> two\n>> x \n> y\n", "> one two\n>> x \n> y\n"},
        {"a stuffed line", FLOWED, " From here\n", "From here\n"},
        {"a signature is no line that goes on", FLOWED, "-- \nname\n", "-- \nname\n"},
        {"blanks that are not there", DELETED, "/var/opt/SUN \nWmsgsr\n", "/var/opt/SUNWmsgsr\n"},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        const struct md_str in = md_str(cases[i].in);
        struct md_str got = {"", 0};

        md_test_case(i, cases[i].says);
        switch (cases[i].way) {
        case BASE64: got = md_transfer_base64(*state, in); break;
        case PRINTABLE: got = md_transfer_quoted_printable(*state, in); break;
        case FLOWED:
        case DELETED: got = md_transfer_flowed(*state, in, cases[i].way == DELETED); break;
        }
        md_want_str("text", got, cases[i].want);
    }
}

static void tells_quoted_printable_from_settings(void **state)
{
    static const struct {
        const char *says, *in;
        bool want;
    } cases[] = {
        {"a fold", "24-Nov-2026 03:00:06.94 tcp_local  Q 47 amy@example.com rfc822;bob@exampl=\ne.org\n", true},
        {"a coded sign", "store.quotaenforcement =3D on\n", true},
        {"letters with marks alone are not enough", "J=FCrgen\n", false},
        {"settings", "LOG_CONNECTION=255\nIMTA_QUEUE=/x\n", false},
        {"settings whose values are hexadecimal", "MASK=3f\nX=25\n", false},
        {"a setting without a value beside one that has", "A=\nB=x\n", false},
        {"lines too long for mail",
         "a=3D1\n"
         "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n",
         false},
        {"a heading", "==== df -k ====\n", false},
        {"a rule", "=\n=====\n", false},
        {"nothing", "", false},
    };

    (void)state;
    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        md_test_case(i, cases[i].says);
        md_want_int("is", md_transfer_is_quoted_printable(md_str(cases[i].in)), cases[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(decodes), MD_TEST(tells_quoted_printable_from_settings)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
