/* Texts that were coded, folded or packed on the way are read as they were. */
#include "tests/unit/md_test.h"

#include "engine/base/diag.h"
#include "probes/bundle/folded.h"
#include "tests/unit/probes/bundle/files.h"

#define STAMP "24-Nov-2026 03:30:06.94 "
#define PATH "/opt/sun/comms/messaging/data/queue/tcp_local/014/ZZf0aBcDeFgH1.00"
/* Each of them breaks where the next word has no more room. */
#define FOLDED1 STAMP "tcp_local                 Q 47 amy@example.com\n"
#define FOLDED2 "rfc822;robert.longname@example.org robert.longname@example.org\n"
#define FOLDED3 PATH " \n"
#define FOLDED4 "<0JX300C01ABCDE00@mail1.example.com> mailsrv TCP active open: Failed\n"
#define FOLDED5 "connect() Error: Connection refused\n"
#define FOLDED FOLDED1 FOLDED2 FOLDED3 FOLDED4 FOLDED5
#define JOINED                                                                                                         \
    STAMP "tcp_local                 Q 47 amy@example.com rfc822;robert.longname@example.org "                         \
          "robert.longname@example.org " PATH " <0JX300C01ABCDE00@mail1.example.com> mailsrv TCP active open: Failed " \
          "connect() Error: Connection refused\n"

static void long_lines_are_joined_where_it_is_certain(void **state)
{
    static const struct {
        const char *says, *in;
        enum md_folded want;
        const char *text;
    } cases[] = {
        {"all entries broken", FOLDED FOLDED, MD_FOLDED_JOINED, JOINED "\n\n\n\n" JOINED "\n\n\n\n"},
        {"words around it", "Hello,\n\n" FOLDED "\nRegards\nJoe\n", MD_FOLDED_JOINED,
         "Hello,\n\n" JOINED "\n\n\n\n\nRegards\nJoe\n"},
        {"a prompt behind it", FOLDED "mail1# uptime\n", MD_FOLDED_JOINED, JOINED "\n\n\n\nmail1# uptime\n"},
        {"a line that would have had room on the one before", FOLDED STAMP "tcp_local  Q 47\nshort\n",
         MD_FOLDED_DOUBTFUL, NULL},
        {"words straight behind it", FOLDED "Joe\n", MD_FOLDED_DOUBTFUL, NULL},
        {"a log with lines as long as they are", JOINED "rest of something else that is of no entry\n", MD_FOLDED_NOT,
         NULL},
        {"entries that are short", STAMP "x Q 1 a@b.c\n" STAMP "x Q 1 a@b.c\n", MD_FOLDED_NOT, NULL},
        {"nothing", "", MD_FOLDED_NOT, NULL},
        /* in the same column, in the middle of words; where a blank stood there, the line is one shorter */
        {"a terminal of eighty columns",
         STAMP "tcp_local                 Q 47 amy@example.com rfc822;bo\nb@example.org bob@example.org "
               "/q/tcp_local/014/ZZf0aBcDeFgH1.00 "
               "<1@mail1.example\n.com> mailsrv TCP active open: Failed connect()    Error: Connection refused by\nthe "
               "host\n" STAMP "tcp_local                 Q 47 amy@example.com rfc822;bo\nb@example.org x\n",
         MD_FOLDED_JOINED,
         STAMP "tcp_local                 Q 47 amy@example.com rfc822;bob@example.org bob@example.org "
               "/q/tcp_local/014/ZZf0aBcDeFgH1.00 "
               "<1@mail1.example.com> mailsrv TCP active open: Failed connect()    Error: Connection refused by the "
               "host\n\n\n\n" STAMP "tcp_local                 Q 47 amy@example.com rfc822;bob@example.org x\n\n"},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_str got = {"", 0};
        size_t width;

        md_test_case(i, cases[i].says);
        md_want_int("result", md_folded_join(*state, md_str(cases[i].in), &got, &width), cases[i].want);
        if (cases[i].text != NULL)
            md_want_str("text", got, cases[i].text);
    }
}

#define DF "Filesystem            kbytes    used   avail capacity  Mounted on\n/dev/a 1 1 0 50% /\n"
#define TOP "From: a@b.c\nTo: d@e.f\nSubject: x\n"
#define BYTES(text)                                                                                                    \
    {                                                                                                                  \
        (text), sizeof(text) - 1                                                                                       \
    }

static void files_are_read_as_they_were(void **state)
{
    static const struct {
        const char *says, *name;
        struct md_str bytes;
        enum md_item_kind kind;
        const char *want, *complaint; /* the text of that kind, NULL: there is none */
    } cases[] = {
        {"quoted-printable", "a.txt",
         BYTES("mail1# df -k\nFilesystem            kbytes    used   avail capacity  Mounte=\nd on\n/dev/a 1 1 0 50% "
               "/\n"),
         MD_ITEM_DF, DF, "quoted-printable"},
        {"a page", "a.html", BYTES("<html><body><pre>mail1# df -k\n" DF "</pre></body></html>\n"), MD_ITEM_DF, DF,
         "HTML"},
        {"a document", "a.rtf",
         BYTES("{\\rtf1 mail1# df -k\\par Filesystem            kbytes    used   avail capacity  Mounted on\\par "
               "/dev/a 1 1 0 50% /\\par}"),
         MD_ITEM_DF, DF, "RTF"},
        {"a document of Word", "document.xml",
         BYTES("<?xml version=\"1.0\"?><w:document xmlns:w=\"x\"><w:body><w:p><w:r><w:t>mail1# df "
               "</w:t></w:r><w:r><w:t>-k</w:t></w:r></w:p>"
               "<w:p><w:t xml:space=\"preserve\">Filesystem            kbytes    used   avail capacity  Mounted "
               "on</w:t></w:p>"
               "<w:p><w:t>/dev/a 1 1 0 50% /</w:t></w:p></w:body></w:document>"),
         MD_ITEM_DF, DF, "Word"},
        {"a document with a folded log", "a.rtf",
         BYTES("{\\rtf1 24-Nov-2026 03:30:06.94 tcp_local                 Q 47 amy@example.com\\par "
               "rfc822;robert.longname@example.org robert.longname@example.org\\par }"),
         MD_ITEM_MAIL_LOG,
         STAMP "tcp_local                 Q 47 amy@example.com rfc822;robert.longname@example.org "
               "robert.longname@example.org\n\n",
         "joined"},
        {"returns for line ends", "a.txt",
         BYTES("mail1# df -k\rFilesystem            kbytes    used   avail capacity  Mounted on\r/dev/a 1 1 0 50% /\r"),
         MD_ITEM_DF, DF, "carriage returns"},
        {"zeros before a prompt", "a.txt", BYTES("\0\0\0mail1# df -k\n" DF), MD_ITEM_DF, DF, NULL},
        {"a folded log", "mail.log", BYTES(FOLDED), MD_ITEM_MAIL_LOG, JOINED "\n\n\n\n", "joined"},
        {"a folded log, quoted", "a.txt",
         BYTES("> " FOLDED1 "> " FOLDED2 "> " FOLDED3 "> " FOLDED4 "> " FOLDED5 "> " FOLDED1 "> " FOLDED2),
         MD_ITEM_MAIL_LOG,
         JOINED "\n\n\n\n" STAMP "tcp_local                 Q 47 amy@example.com rfc822;robert.longname@example.org "
                "robert.longname@example.org\n\n",
         "joined"},
        {"a log that may be folded", "mail.log", BYTES(FOLDED "short\n"), MD_ITEM_MAIL_LOG, FOLDED "short\n",
         "not certain"},
        {"a message with its text", "a.eml", BYTES(TOP "\nmail1# df -k\n" DF), MD_ITEM_DF, DF, "a mail message"},
        {"a message with a folded log", "a.eml", BYTES(TOP "\n" FOLDED), MD_ITEM_MAIL_LOG, JOINED "\n\n\n\n", "joined"},
        {"a queue file is no message", "ZZf0aBcDeFgH1.00", BYTES(TOP "\nmail1# df -k\n" DF), MD_ITEM_QUEUE_FILE, NULL,
         NULL},
    };
    struct md_arena *arena = *state;

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        const char *folder = files_folder(arena), *text;
        struct md_diags *diags = md_diags_new(arena);
        struct md_source_options options = {.at = MD_TIME_NONE, .opens_archives = true};
        struct md_source *source;
        const struct md_item *const *items;

        md_test_case(i, cases[i].says);
        files_write(arena, folder, cases[i].name, cases[i].bytes);
        assert_int_equal(
            md_source_open_path(md_arena_printf(arena, "%s/%s", folder, cases[i].name), &options, diags, &source),
            MD_OK);
        text = md_source_items(source, cases[i].kind, &items) > 0 ? files_text(arena, source, cases[i].kind, 0) : NULL;
        md_want_int("there", text != NULL, cases[i].want != NULL);
        if (text != NULL && cases[i].want != NULL)
            md_want_cstr("text", text, cases[i].want);
        if (cases[i].complaint != NULL)
            md_want_true(files_complained(diags, cases[i].complaint));
        md_source_free(&source);
        files_remove(folder);
    }
}

static void attachments_are_files(void **state)
{
    static const char head[] = TOP "Content-Type: multipart/mixed; boundary=xx\n\n--xx\n"
                                   "Content-Disposition: attachment; filename=logs.tar\n\n";
    struct md_arena *arena = *state;
    const char *folder = files_folder(arena), *tar = md_arena_printf(arena, "%s/a.tar", folder);
    struct archive *archive = files_archive(tar, ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_NONE);
    struct md_diags *diags = md_diags_new(arena);
    struct md_source_options options = {.at = MD_TIME_NONE, .opens_archives = true};
    struct md_source *source;
    char *message;
    size_t n;
    FILE *in;

    files_entry(archive, "logs/mail.log_current", AE_IFREG, NULL, md_str(JOINED));
    files_close(archive);
    message = md_arena_alloc(arena, 100000);
    n = sizeof head - 1;
    memcpy(message, head, n);
    in = fopen(tar, "rb");
    assert_non_null(in);
    n += fread(message + n, 1, 60000, in);
    fclose(in);
    assert_int_equal(unlink(tar), 0);
    memcpy(message + n, "\n--xx--\n", 8);
    files_write(arena, folder, "in/report.eml", md_str_n(message, n + 8));
    assert_int_equal(md_source_open_path(folder, &options, diags, &source), MD_OK);
    md_want_cstr("files", files_inventory(arena, source), "mail-log in/report.eml/logs.tar/logs/mail.log_current");
    md_source_free(&source);
    files_remove(folder);
}

/* The log that was emptied while the program wrote on. */
static void a_hole_in_front_is_passed_over(void **state)
{
    struct md_arena *arena = *state;
    const char *folder = files_folder(arena);
    const size_t zeros = 200000;
    const struct md_str log = md_str(JOINED JOINED);
    char *bytes = md_arena_alloc(arena, zeros + log.n);
    struct md_diags *diags = md_diags_new(arena);
    struct md_source_options options = {.at = MD_TIME_NONE, .opens_archives = true};
    struct md_source *source;

    memcpy(bytes + zeros, log.p, log.n);
    files_write(arena, folder, "today.txt", md_str_n(bytes, zeros + log.n));
    assert_int_equal(md_source_open_path(folder, &options, diags, &source), MD_OK);
    md_want_cstr("text", files_text(arena, source, MD_ITEM_MAIL_LOG, 0), JOINED JOINED);
    md_want_true(files_complained(diags, "200000 zeros"));
    md_source_free(&source);
    files_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(long_lines_are_joined_where_it_is_certain),
                                       MD_TEST(files_are_read_as_they_were), MD_TEST(attachments_are_files),
                                       MD_TEST(a_hole_in_front_is_passed_over)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
