#include "tests/unit/md_test.h"

#include "probes/formats/common/mime.h"

#define TOP "From: a@b.c\nTo: d@e.f\nSubject: x\nDate: Tue, 24 Nov 2026 10:00:00 +0100\n"
#define MIXED TOP "Content-Type: multipart/mixed;\n boundary=\"xx\"\n\nfor old programs\n"

/* Parts as "name=bytes" with "|" between. */
static const char *shown(struct md_arena *arena, struct md_str text, bool *ret_is_cut)
{
    const struct md_mime_part *parts;
    size_t n = md_mime_parts(arena, text, &parts, ret_is_cut);
    const char *out = "";

    for (size_t i = 0; i < n; i++)
        out = md_arena_printf(arena, "%s%s%.*s=%.*s", out, i > 0 ? "|" : "", MD_STR_ARG(parts[i].name),
                              MD_STR_ARG(parts[i].bytes));
    return out;
}

static void takes_messages_apart(void **state)
{
    static const struct {
        const char *says, *in, *want;
    } cases[] = {
        {"one text", TOP "\nhello\n", "text=hello\n"},
        {"a mailbox file's line in front, CR LF",
         "From a@b.c Tue Nov 24 10:00:00 2026\r\nFrom: a@b.c\r\nTo: x\r\nSubject: y\r\n\r\nhello\r\n",
         "text=hello\r\n"},
        {"quoted-printable", TOP "Content-Transfer-Encoding: Quoted-Printable\n\na =3D =\nb\n", "text=a = b\n"},
        {"an attachment in base64",
         MIXED "--xx\nContent-Type: text/plain\n\nsee there\n--xx\nContent-Type: application/octet-stream; name=\"x\"\n"
               "Content-Transfer-Encoding: base64\nContent-Disposition: "
               "attachment;\n\tfilename=\"mail.log_current\"\n\nbWFpbA==\n"
               "--xx--\nbehind it\n",
         "text=see there\n|mail.log_current=mail"},
        {"plain text and the same as a page",
         TOP "Content-Type: multipart/alternative; boundary=xx\n\n--xx\nContent-Type: text/plain\n\nplain\n--xx\n"
             "Content-Type: text/html\n\n<p>page</p>\n--xx--\n",
         "text=plain\n"},
        {"a page alone", TOP "Content-Type: text/html\n\n<p>a &lt; b</p>\n", "text=a < b\n"},
        {"lines that flow", TOP "Content-Type: text/plain; format=flowed; delsp=no\n\none \ntwo\n", "text=one two\n"},
        {"an attached message with an attachment",
         MIXED "--xx\nContent-Type: message/rfc822\n\nFrom: x\nContent-Type: multipart/mixed; boundary=yy\n\n--yy\n"
               "Content-Disposition: attachment; filename=a.txt\n\nA\n--yy--\n--xx\nContent-Disposition: attachment; "
               "filename=a.txt\n\nB\n"
               "--xx--\n",
         "a.txt=A\n|2-a.txt=B\n"},
        {"names of other alphabets, with paths and control characters",
         MIXED
         "--xx\nContent-Disposition: attachment; filename*=utf-8''mail%2Elog%07\n\nA\n--xx\n"
         "Content-Disposition: attachment; filename=\"=?utf-8?B?YS9iLnR4dA==?=\"\n\nB\n--xx\n"
         "Content-Disposition: attachment; filename=\"..\\\\..\\\\C.LOG\"\n\nC\n--xx\nContent-Disposition: attachment; "
         "filename=\"../..\"\n\nD\n--xx--\n",
         "mail.log=A\n|b.txt=B\n|C.LOG=C\n|text=D\n"},
        {"a boundary that begins like another one", MIXED "--xxy\n\nno\n--xx\n\nyes\n--xx--\n", "text=yes\n"},
        {"a message that breaks off", MIXED "--xx\n\nthe rest is gone", "text=the rest is gone"},
        {"no boundary", TOP "Content-Type: multipart/mixed\n\nx\n", "text=x\n"},
        {"empty parts", MIXED "--xx\n\n--xx\n\n \n--xx--\n", ""},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        bool is_cut;

        md_test_case(i, cases[i].says);
        md_want_true(md_mime_is_message(md_str(cases[i].in)));
        md_want_cstr("parts", shown(*state, md_str(cases[i].in), &is_cut), cases[i].want);
        md_want_true(!is_cut);
    }
}

static void bounds_depth_and_number(void **state)
{
    const char *deep = TOP, *many = MIXED;
    const struct md_mime_part *parts;
    bool is_cut;

    for (int i = 0; i < MD_MIME_DEPTH_MAX + 3; i++)
        deep = md_arena_printf(*state, "%sContent-Type: message/rfc822\n\n", deep);
    (void)shown(*state, md_str(md_arena_printf(*state, "%s\nx\n", deep)), &is_cut);
    md_want_true(is_cut);
    for (int i = 0; i < MD_MIME_PARTS_MAX + 3; i++)
        many = md_arena_printf(*state, "%s--xx\n\nx\n", many);
    md_want_int("parts", md_mime_parts(*state, md_str(many), &parts, &is_cut), MD_MIME_PARTS_MAX);
    md_want_true(is_cut);
}

static void tells_messages_from_other_text(void **state)
{
    static const struct {
        const char *says, *in;
    } cases[] = {
        {"two fields only", "From: a\nTo: b\n\nx\n"},
        {"an output", "mail1# df -k\nFrom: a\nTo: b\nSubject: x\n\n"},
        {"a queue file",
         "u;JDOE\nc;tcp_intranet\nm;jdoe@example.com\nBoundary_(ID_aBc)\nFrom: J\nTo: x\nSubject: y\n\n"},
        {"settings with colons", "hosts: files dns\nfrom: x\n"},
        {"nothing", ""},
    };

    (void)state;
    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        md_test_case(i, cases[i].says);
        md_want_true(!md_mime_is_message(md_str(cases[i].in)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(takes_messages_apart), MD_TEST(bounds_depth_and_number),
                                       MD_TEST(tells_messages_from_other_text)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
