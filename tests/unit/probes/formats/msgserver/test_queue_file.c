#include "tests/unit/md_test.h"

#include "engine/base/time.h"
#include "probes/formats/msgserver/queue_file.h"

#define B "Boundary_(ID_aBcDeFgHiJkLmNoPqRsTuV)\n"
#define ENVELOPE                                                                                                       \
    "u;JDOE\nc;tcp_intranet\ns;mail.example.com\ni;01AB@mail.example.com\nh;<01AB@mail.example.com>\n"                 \
    "m;jdoe@example.com\nj;rfc822\nf;rsmith@example.net\nrsmith@mx1.example.net\nf;ann@example.org\nann@ims-ms-"       \
    "daemon\n"
#define HEADER                                                                                                         \
    "Received: from a.example.com (a.example.com [192.0.2.1]) by b.example.com\n (x 1) id <1>; Tue,\n 04 Sep 2012\n"   \
    "received: from b.example.com\n by a.example.com; Tue\nSubject: Received: not this\n\n"
#define HISTORY                                                                                                        \
    "Fri, 07 Sep 2007 13:30:27 +0200 (CEST)\ntcp_local\nTCP active open: Failed connect() to 192.0.2.10    Error: "    \
    "Connection timed out\n\nFri, 07 Sep 2007 15:30:27 +0200\ntcp_local\nsmtp;451 4.7.1 later\nplease\n"

static const struct {
    const char *says, *head, *tail;
    enum md_status status;
    const char *sender;
    unsigned recipients, received, attempts;
    bool is_ended;
} cases[] = {
    {"a whole file", ENVELOPE B HEADER "body\n" B HISTORY, "", MD_OK, "jdoe@example.com", 2, 2, 2, true},
    {"a file never tried", ENVELOPE B HEADER "body\n" B, "", MD_OK, "jdoe@example.com", 2, 2, 0, true},
    {"an inner boundary does not end it", ENVELOPE B HEADER "--" B "Boundary_(ID_x)\nbody\n" B, "", MD_OK,
     "jdoe@example.com", 2, 2, 0, true},
    {"still being written", ENVELOPE B HEADER "bo", "", MD_OK, "jdoe@example.com", 2, 2, 0, false},
    {"cut off in the header", ENVELOPE B "Received: from a by b\nSubj", "", MD_OK, "jdoe@example.com", 2, 1, 0, false},
    {"cut off in the envelope", "m;a@example.com\nb@exam", "", MD_BAD_INPUT, "", 0, 0, 0, false},
    {"the middle left out", ENVELOPE B HEADER "bod", "y\n" B HISTORY, MD_OK, "jdoe@example.com", 2, 2, 2, true},
    {"a history longer than the end that was read", ENVELOPE B HEADER "bod", HISTORY, MD_OK, "jdoe@example.com", 2, 2,
     0, false},
    {"the old form with control characters",
     "m;\na@example.com\n\001\001\nReceived: from x by y\n\nbody\n\001\001\001\001\001\n" HISTORY, "", MD_OK, "", 1, 1,
     2, true},
    {"an empty sender", "m;<>\na@example.com\n" B "\n" B, "", MD_OK, "", 1, 0, 0, true},
    {"CR LF", "m;x@example.com\r\na@example.com\r\n\001\001\r\nA: b\r\n\r\nbody\r\n\001\001\001\001\001\r\n", "", MD_OK,
     "x@example.com", 1, 0, 0, true},
    {"envelope and history only", ENVELOPE B HISTORY, "", MD_OK, "jdoe@example.com", 2, 0, 2, true},
    {"envelope, header and history only", ENVELOPE B HEADER B HISTORY, "", MD_OK, "jdoe@example.com", 2, 2, 2, true},
    {"a header that the end of the message follows", ENVELOPE B "Received: from x by y\n" B HISTORY, "", MD_OK,
     "jdoe@example.com", 2, 1, 2, true},
    {"records of a newer release", "z;1\n7;x\nm;a@example.com\nb@example.com\n" B "\n" B, "", MD_OK, "a@example.com", 1,
     0, 0, true},
    {"a mail of the user is no queue file", "From: a@example.com\nSubject: x\n\nbody\n", "", MD_BAD_INPUT, "", 0, 0, 0,
     false},
    {"garbage is none",
     "\x7f"
     "ELF\x02\x01\n" B,
     "", MD_BAD_INPUT, "", 0, 0, 0, false},
    {"an empty file is none", "", "", MD_BAD_INPUT, "", 0, 0, 0, false},
};

static void reads_envelope_and_history(void **state)
{
    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_queue_file got;

        md_test_case(i, cases[i].says);
        md_want_int("status", md_queue_file_parse(*state, md_str(cases[i].head), md_str(cases[i].tail), &got),
                    cases[i].status);
        if (cases[i].status != MD_OK)
            continue;
        md_want_true(got.has_sender);
        md_want_str("sender", got.sender, cases[i].sender);
        md_want_int("recipients", got.recipients_total, cases[i].recipients);
        md_want_int("Received lines", got.received_total, cases[i].received);
        md_want_int("attempts", got.attempts_total, cases[i].attempts);
        md_want_int("ended", got.is_ended, cases[i].is_ended);
    }
}

static void keeps_the_details(void **state)
{
    struct md_queue_file got;

    md_want_int("status", md_queue_file_parse(*state, md_str(cases[0].head), md_str(""), &got), MD_OK);
    md_want_str("channel", got.source_channel, "tcp_intranet");
    md_want_str("host", got.source_host, "mail.example.com");
    md_want_str("recipient", got.recipients[0].address, "rsmith@mx1.example.net");
    md_want_str("as given", md_queue_recipient_address(&got.recipients[0]), "rsmith@example.net");
    md_want_str("domain", md_queue_recipient_domain(&got.recipients[0]), "mx1.example.net");
    md_want_str("domain behind an internal name", md_queue_recipient_domain(&got.recipients[1]), "example.org");
    md_want_str("from", got.received[0].from, "a.example.com");
    md_want_str("by", got.received[0].by, "b.example.com");
    md_want_str("by, folded", got.received[1].by, "a.example.com");
    md_want_cstr("first attempt", md_time_rfc3339(*state, got.attempts[0].at), "2007-09-07T11:30:27Z");
    md_want_str("its channel", got.attempts[0].channel, "tcp_local");
    md_want_str("its reason", got.attempts[0].reason,
                "TCP active open: Failed connect() to 192.0.2.10    Error: Connection timed out");
    md_want_int("its line", got.attempts[0].line, 22);
    md_want_str("a reason of two lines", got.attempts[1].reason, "smtp;451 4.7.1 later\nplease");
}

static void bounds_what_it_keeps(void **state)
{
    char *text = md_arena_printf(*state, "m;a@example.com\n");
    struct md_queue_file got;
    size_t n = strlen(text);
    char *all = md_arena_alloc(*state, 200000);

    memcpy(all, text, n);
    for (size_t i = 0; i < 3000; i++)
        n += (size_t)snprintf(all + n, 64, "user%zu@example.com\n", i);
    n += (size_t)snprintf(all + n, 64, B);
    for (size_t i = 0; i < 500; i++)
        n += (size_t)snprintf(all + n, 64, "Received: from a by b\n");
    n += (size_t)snprintf(all + n, 64, "\n" B);
    for (size_t i = 0; i < 300; i++)
        n += (size_t)snprintf(all + n, 64, "Fri, 07 Sep 2007 13:30:27 +0200\nl\nno\n");
    md_want_int("status", md_queue_file_parse(*state, md_str_n(all, n), md_str(""), &got), MD_OK);
    md_want_int("recipients", got.recipients_total, 3000);
    md_want_int("kept", got.n_recipients, MD_QUEUE_FILE_RECIPIENTS_MAX);
    md_want_int("Received lines", got.received_total, 500);
    md_want_int("kept", got.n_received, MD_QUEUE_FILE_RECEIVED_MAX);
    md_want_int("attempts", got.attempts_total, 300);
    md_want_int("kept", got.n_attempts, MD_QUEUE_FILE_ATTEMPTS_MAX);
}

/* What is kept is read as the whole file is, and holds no word of the message. */
static void leaves_out_the_message(void **state)
{
    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_queue_file whole, kept;
        struct md_buf out = {0};

        md_test_case(i, cases[i].says);
        md_want_int("status", md_queue_file_without_message(md_str(cases[i].head), md_str(cases[i].tail), &out),
                    cases[i].status);
        if (cases[i].status == MD_OK) {
            struct md_str text = md_arena_str(*state, md_str_n(out.p, out.n));

            md_want_int("whole", md_queue_file_parse(*state, md_str(cases[i].head), md_str(cases[i].tail), &whole),
                        MD_OK);
            md_want_int("kept", md_queue_file_parse(*state, text, md_str(""), &kept), MD_OK);
            md_want_str_n("sender", kept.sender, whole.sender);
            md_want_int("recipients", kept.recipients_total, whole.recipients_total);
            md_want_int("Received lines", kept.received_total, whole.received_total);
            md_want_int("attempts", kept.attempts_total, whole.attempts_total);
            md_want_int("ended", kept.is_ended, whole.is_ended);
            md_want_true(md_str_find(text, MD_LIT("bod")) < 0);
            md_want_true(md_str_find(text, MD_LIT("Subj")) < 0);
        }
        md_buf_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(reads_envelope_and_history), MD_TEST(keeps_the_details),
                                       MD_TEST(bounds_what_it_keeps), MD_TEST(leaves_out_the_message)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
