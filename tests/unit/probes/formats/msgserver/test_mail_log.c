#include "tests/unit/md_test.h"

#include "engine/base/time.h"
#include "probes/formats/msgserver/mail_log.h"

/* What a line says; members that are not given are empty. */
struct want {
    const char *code, *source, *destination;
    const char *from, *original_to, *to;
    const char *file, *message_id, *username, *system, *filter, *reason, *diagnostic, *transport, *application,
        *process, *node;
    uint64_t size;
    char direction;
};

enum { FILENAME = 1, MESSAGE_ID = 2, USERNAME = 4, SYSTEM = 8, FILTER = 16, PROCESS = 32, REASON = 64, NODE = 128 };

static const struct row {
    const char *says;
    unsigned on;      /* options that are set, all others are off */
    const char *line; /* LOG_FORMAT 1 */
    struct want want;
} rows[] = {
    {"an arrival without options",
     0,
     "06-Mar-2007 10:00:01.10 tcp_local    ims-ms       EE 4 ann@example.net rfc822;bob@example.com bob@ims-ms-daemon",
     {.code = "EE",
      .source = "tcp_local",
      .destination = "ims-ms",
      .size = 4,
      .from = "ann@example.net",
      .original_to = "bob@example.com",
      .to = "bob@ims-ms-daemon"}},
    {"a delivery to the store",
     0,
     "06-Mar-2007 10:00:01.44 ims-ms                    D 4 ann@example.net rfc822;bob@example.com bob@ims-ms-daemon",
     {.code = "D",
      .source = "ims-ms",
      .size = 4,
      .from = "ann@example.net",
      .original_to = "bob@example.com",
      .to = "bob@ims-ms-daemon"}},
    {"a delivery with banner and transport",
     0,
     "06-Mar-2007 10:00:05.61 tcp_local                 DE 1 amy@example.com rfc822;joe@example.net joe@example.net "
     "dns;mx.example.net (TCP|192.0.2.10|2788|198.51.100.25|25) (mx.example.net ESMTP) smtp;250 2.1.5 joe@example.net "
     "OK.",
     {.code = "DE",
      .source = "tcp_local",
      .size = 1,
      .from = "amy@example.com",
      .original_to = "joe@example.net",
      .to = "joe@example.net",
      .diagnostic = "dns;mx.example.net (TCP|192.0.2.10|2788|198.51.100.25|25) (mx.example.net ESMTP) smtp;250 2.1.5 "
                    "joe@example.net OK."}},
    {"a delivery with process, file, message id and the remote name",
     PROCESS | FILENAME | MESSAGE_ID | SYSTEM,
     "06-Mar-2007 10:00:05.61 409f.7.2 tcp_local                 DE 1 amy@example.com rfc822;joe@example.net "
     "joe@example.net "
     "/opt/SUNWmsgsr/data/queue/tcp_local/002/ZZf0r4i0Wdy51.01 <0JDJ00D02IBWDX00@example.com> mx.example.net "
     "dns;mx.example.net "
     "(TCP|192.0.2.10|2788|198.51.100.25|25) (mx.example.net ESMTP) smtp;250 2.1.5 OK",
     {.code = "DE",
      .process = "409f.7.2",
      .source = "tcp_local",
      .size = 1,
      .from = "amy@example.com",
      .original_to = "joe@example.net",
      .to = "joe@example.net",
      .file = "/opt/SUNWmsgsr/data/queue/tcp_local/002/ZZf0r4i0Wdy51.01",
      .message_id = "<0JDJ00D02IBWDX00@example.com>",
      .system = "mx.example.net",
      .diagnostic =
          "dns;mx.example.net (TCP|192.0.2.10|2788|198.51.100.25|25) (mx.example.net ESMTP) smtp;250 2.1.5 OK"}},
    {"a submission with authentication and encryption",
     USERNAME,
     "06-Mar-2007 10:00:01.10 tcp_submit   tcp_local    EESA 2 amy@example.com rfc822;joe@example.net joe@example.net "
     "*amy",
     {.code = "EESA",
      .source = "tcp_submit",
      .destination = "tcp_local",
      .size = 2,
      .from = "amy@example.com",
      .original_to = "joe@example.net",
      .to = "joe@example.net",
      .username = "*amy"}},
    {"no route, older text",
     0,
     "15-Jan-2003 10:31:10.37 tcp_local                 Q 3 amy@example.com rfc822;u@example.org u@example.org TCP "
     "active open: Failed connect()    Error: no route to host",
     {.code = "Q",
      .source = "tcp_local",
      .size = 3,
      .from = "amy@example.com",
      .original_to = "u@example.org",
      .to = "u@example.org",
      .diagnostic = "TCP active open: Failed connect()    Error: no route to host"}},
    {"no route, text of 6.3",
     0,
     "15-Jan-2007 10:31:10.37 tcp_local                 Q 1 amy@example.com rfc822;u@example.org u@example.org TCP "
     "active open: Failed connect() 192.0.2.77:25  Error: no route to host",
     {.code = "Q",
      .source = "tcp_local",
      .size = 1,
      .from = "amy@example.com",
      .original_to = "u@example.org",
      .to = "u@example.org",
      .diagnostic = "TCP active open: Failed connect() 192.0.2.77:25  Error: no route to host"}},
    {"timed out, text of 7.0.5",
     FILENAME | MESSAGE_ID,
     "15-Jan-2007 10:31:10.37 tcp_local                 Q 0 amy@example.com rfc822;u@example.org u@example.org "
     "/q/queue/tcp_local/ZZf0aaaaaaaaa.00 <a@b> TCP active open: Failed connect() to TCP port 25 of 192.0.2.77    "
     "Error: Connection timed out",
     {.code = "Q",
      .source = "tcp_local",
      .size = 0,
      .from = "amy@example.com",
      .original_to = "u@example.org",
      .to = "u@example.org",
      .file = "/q/queue/tcp_local/ZZf0aaaaaaaaa.00",
      .message_id = "<a@b>",
      .diagnostic = "TCP active open: Failed connect() to TCP port 25 of 192.0.2.77    Error: Connection timed out"}},
    {"a look-up that failed for the time being",
     0,
     "15-Jan-2007 10:31:10.37 tcp_local                 Q 0 amy@example.com rfc822;u@example.org u@example.org TCP "
     "active open: Failed gethostbyname() on mx.example.org, resolver errno = 2",
     {.code = "Q",
      .source = "tcp_local",
      .size = 0,
      .from = "amy@example.com",
      .original_to = "u@example.org",
      .to = "u@example.org",
      .diagnostic = "TCP active open: Failed gethostbyname() on mx.example.org, resolver errno = 2"}},
    {"a host that does not exist",
     REASON,
     "15-Jan-2007 10:31:10.37 tcp_local                 R 1 amy@example.com rfc822;u@no-such.example u@no-such.example "
     "Illegal host/domain name found",
     {.code = "R",
      .source = "tcp_local",
      .size = 1,
      .from = "amy@example.com",
      .original_to = "u@no-such.example",
      .to = "u@no-such.example",
      .diagnostic = "Illegal host/domain name found"}},
    {"a remote refusal for the time being",
     0,
     "15-Jan-2007 10:31:10.37 tcp_local                 QE 0 amy@example.com rfc822;joe@example.net joe@example.net "
     "dns;mx.example.net (TCP|192.0.2.10|40312|198.51.100.25|25) (mx.example.net ESMTP) smtp;451 4.7.1 Greylisting in "
     "action, please come back later",
     {.code = "QE",
      .source = "tcp_local",
      .size = 0,
      .from = "amy@example.com",
      .original_to = "joe@example.net",
      .to = "joe@example.net",
      .diagnostic = "dns;mx.example.net (TCP|192.0.2.10|40312|198.51.100.25|25) (mx.example.net ESMTP) smtp;451 4.7.1 "
                    "Greylisting in action, please come back later"}},
    {"a reason before the reply",
     REASON,
     "15-Jan-2007 10:31:10.37 tcp_local                 R 1 amy@example.com rfc822;j@example.net j@example.net Remote "
     "SMTP server has rejected address dns;mx.example.net smtp; 553 unknown or illegal user: nonesuch@example.net",
     {.code = "R",
      .source = "tcp_local",
      .size = 1,
      .from = "amy@example.com",
      .original_to = "j@example.net",
      .to = "j@example.net",
      .reason = "Remote SMTP server has rejected address",
      .diagnostic = "dns;mx.example.net smtp; 553 unknown or illegal user: nonesuch@example.net"}},
    {"over quota in the store, with process and message id",
     PROCESS | MESSAGE_ID,
     "06-Oct-2006 00:24:03.66 501d.0b.9 ims-ms                    Q 5 ann@example.net rfc822;bob@example.com "
     "bob@ims-ms-daemon <00ce01c38bda@example.net> Over quota",
     {.code = "Q",
      .process = "501d.0b.9",
      .source = "ims-ms",
      .size = 5,
      .from = "ann@example.net",
      .original_to = "bob@example.com",
      .to = "bob@ims-ms-daemon",
      .message_id = "<00ce01c38bda@example.net>",
      .diagnostic = "Over quota"}},
    {"a store error",
     0,
     "05-Oct-2005 16:09:09.63 ims-ms                    Q 7 ann@example.net rfc822;bob@example.com bob@ims-ms-daemon "
     "System I/O error. Administrator, check server log for details. System I/O error.",
     {.code = "Q",
      .source = "ims-ms",
      .size = 7,
      .from = "ann@example.net",
      .original_to = "bob@example.com",
      .to = "bob@ims-ms-daemon",
      .diagnostic = "System I/O error. Administrator, check server log for details. System I/O error."}},
    {"over quota through LMTP, a source route and brackets in the banner",
     0,
     "05-Oct-2005 16:09:09.63 tcp_lmtpcs                R 2 ann@example.net rfc822;bob@example.com "
     "@store.example.com:bob+INBOX@store.example.com dns;store.example.com (store.example.com -- Server LMTP [Sun ONE "
     "[built Jan 28 2005]]) smtp;522 5.2.0 Delivery failed: Over quota",
     {.code = "R",
      .source = "tcp_lmtpcs",
      .size = 2,
      .from = "ann@example.net",
      .original_to = "bob@example.com",
      .to = "@store.example.com:bob+INBOX@store.example.com",
      .diagnostic = "dns;store.example.com (store.example.com -- Server LMTP [Sun ONE [built Jan 28 2005]]) smtp;522 "
                    "5.2.0 Delivery failed: Over quota"}},
    {"refused at the door, a bare rfc822;",
     0,
     "26-Feb-2007 14:10:06.89 tcp_local                 JE 0 hal@example.org rfc822; al@example.net 550 5.7.1 Relaying "
     "not allowed: al@example.net",
     {.code = "JE",
      .source = "tcp_local",
      .size = 0,
      .from = "hal@example.org",
      .to = "al@example.net",
      .diagnostic = "550 5.7.1 Relaying not allowed: al@example.net"}},
    {"refused at the door, with empty optional fields and a source system",
     FILENAME | MESSAGE_ID | SYSTEM,
     "26-Feb-2007 14:10:06.89 tcp_local                 JE 0 hal@example.org rfc822; al@example.net   mx.example.net "
     "(mx.example.net [198.51.100.25]) 550 5.7.1 Relaying not permitted: al@example.net",
     {.code = "JE",
      .source = "tcp_local",
      .size = 0,
      .from = "hal@example.org",
      .to = "al@example.net",
      .system = "mx.example.net (mx.example.net [198.51.100.25])",
      .diagnostic = "550 5.7.1 Relaying not permitted: al@example.net"}},
    {"a notification: empty sender and two ids",
     FILENAME | MESSAGE_ID,
     "20-Feb-2007 14:17:08.10 tcp_local    process      E 1  rfc822;amy@example.com amy@example.com "
     "/opt/SUNWmsgsr/data/queue/process/ZZf0r9i2_CS50.00 <0JDR00D01@example.com>,<0JDR00C02@example.com>",
     {.code = "E",
      .source = "tcp_local",
      .destination = "process",
      .size = 1,
      .original_to = "amy@example.com",
      .to = "amy@example.com",
      .file = "/opt/SUNWmsgsr/data/queue/process/ZZf0r9i2_CS50.00",
      .message_id = "<0JDR00D01@example.com>,<0JDR00C02@example.com>"}},
    {"the notification leaves",
     0,
     "20-Feb-2007 14:17:08.90 process                   D 3  rfc822;amy@example.com amy@example.com",
     {.code = "D", .source = "process", .size = 3, .original_to = "amy@example.com", .to = "amy@example.com"}},
    {"a warning to the sender",
     0,
     "20-Feb-2007 14:17:08.90 tcp_local                 W 1 amy@example.com rfc822;u@example.org u@example.org unable "
     "to deliver this message after 1 day",
     {.code = "W",
      .source = "tcp_local",
      .size = 1,
      .from = "amy@example.com",
      .original_to = "u@example.org",
      .to = "u@example.org",
      .diagnostic = "unable to deliver this message after 1 day"}},
    {"a partial success",
     0,
     "20-Feb-2007 14:17:08.90 tcp_local                 Z 3 amy@example.com rfc822;b@example.net b@example.net "
     "dns;mx.example.net smtp;452 4.5.3 too many recipients",
     {.code = "Z",
      .source = "tcp_local",
      .size = 3,
      .from = "amy@example.com",
      .original_to = "b@example.net",
      .to = "b@example.net",
      .diagnostic = "dns;mx.example.net smtp;452 4.5.3 too many recipients"}},
    {"deleted by hand",
     0,
     "20-Feb-2007 14:17:08.90 tcp_local                 K 1 amy@example.com rfc822;u@example.org u@example.org",
     {.code = "K",
      .source = "tcp_local",
      .size = 1,
      .from = "amy@example.com",
      .original_to = "u@example.org",
      .to = "u@example.org"}},
    {"an aborted transaction: user, system and an empty filter",
     FILENAME | MESSAGE_ID | USERNAME | SYSTEM | FILTER,
     "20-Feb-2007 14:17:08.90 tcp_local    ims-ms       VEA 0 ann@example.com rfc822;bob bob@ims-ms-daemon   "
     "*ann@example.com [198.51.100.9] ([198.51.100.9]) '' data/big_smtp_read Error reading SMTP packet",
     {.code = "VEA",
      .source = "tcp_local",
      .destination = "ims-ms",
      .size = 0,
      .from = "ann@example.com",
      .original_to = "bob",
      .to = "bob@ims-ms-daemon",
      .username = "*ann@example.com",
      .system = "[198.51.100.9] ([198.51.100.9])",
      .filter = "''",
      .diagnostic = "data/big_smtp_read Error reading SMTP packet"}},
    {"a refused command in the recipient's place",
     0,
     "20-Feb-2007 14:17:08.90 tcp_local                 BE 0  rfc822; XYZZY 500 5.5.1 Unknown command \"XYZZY\" "
     "specified",
     {.code = "BE",
      .source = "tcp_local",
      .size = 0,
      .to = "XYZZY",
      .diagnostic = "500 5.5.1 Unknown command \"XYZZY\" specified"}},
    {"a refused command of several words",
     0,
     "20-Feb-2007 14:17:08.90 tcp_local                 BE 0  rfc822; GET / HTTP/1.0 500 5.5.1 Unknown command \"GET\" "
     "specified",
     {.code = "BE",
      .source = "tcp_local",
      .size = 0,
      .to = "GET / HTTP/1.0",
      .diagnostic = "500 5.5.1 Unknown command \"GET\" specified"}},
    {"a hop through the conversion channel",
     0,
     "20-Feb-2007 14:17:08.90 tcp_local    conversion   E 2 a@example.net rfc822;b@example.com b@example.com",
     {.code = "E",
      .source = "tcp_local",
      .destination = "conversion",
      .size = 2,
      .from = "a@example.net",
      .original_to = "b@example.com",
      .to = "b@example.com"}},
    {"channel names longer than their column",
     0,
     "20-Feb-2007 14:17:08.90 tcp_lmtpcs_store2 tcp_intranet_bulk E 2 a@example.net rfc822;b@example.com b@example.com",
     {.code = "E",
      .source = "tcp_lmtpcs_store2",
      .destination = "tcp_intranet_bulk",
      .size = 2,
      .from = "a@example.net",
      .original_to = "b@example.com",
      .to = "b@example.com"}},
    {"a long source channel and no destination",
     0,
     "20-Feb-2007 14:17:08.90 tcp_lmtpcs_store2              D 2 a@example.net rfc822;b@example.com b@example.com",
     {.code = "D",
      .source = "tcp_lmtpcs_store2",
      .size = 2,
      .from = "a@example.net",
      .original_to = "b@example.com",
      .to = "b@example.com"}},
    {"the channel l is no code",
     0,
     "20-Feb-2007 14:17:08.90 tcp_local    l            E 2 a@example.net rfc822;b@example.com b",
     {.code = "E",
      .source = "tcp_local",
      .destination = "l",
      .size = 2,
      .from = "a@example.net",
      .original_to = "b@example.com",
      .to = "b"}},
    {"a node and a process",
     NODE | PROCESS,
     "20-Feb-2007 14:17:08.90 mail1 409f.7.3 tcp_local    ims-ms       E 2 a@example.net rfc822;b@example.com "
     "b@ims-ms-daemon",
     {.code = "E",
      .node = "mail1",
      .process = "409f.7.3",
      .source = "tcp_local",
      .destination = "ims-ms",
      .size = 2,
      .from = "a@example.net",
      .original_to = "b@example.com",
      .to = "b@ims-ms-daemon"}},
    {"a quoted local part with a blank",
     MESSAGE_ID,
     "20-Feb-2007 14:17:08.90 tcp_local    ims-ms       E 2 \"john doe\"@example.net rfc822;\"b c\"@example.com \"b "
     "c\"@ims-ms-daemon <x@y>",
     {.code = "E",
      .source = "tcp_local",
      .destination = "ims-ms",
      .size = 2,
      .from = "\"john doe\"@example.net",
      .original_to = "\"b c\"@example.com",
      .to = "\"b c\"@ims-ms-daemon",
      .message_id = "<x@y>"}},
    {"an IPv6 address in the transport",
     SYSTEM,
     "20-Feb-2007 14:17:08.90 tcp_local                 DE 1 a@example.com rfc822;j@example.net j@example.net "
     "dns;mx.example.net (TCP|2001:db8::10|2788|2001:db8:1::25|25) smtp;250 OK",
     {.code = "DE",
      .source = "tcp_local",
      .size = 1,
      .from = "a@example.com",
      .original_to = "j@example.net",
      .to = "j@example.net",
      .diagnostic = "dns;mx.example.net (TCP|2001:db8::10|2788|2001:db8:1::25|25) smtp;250 OK"}},
    {"a host name with a blank",
     SYSTEM,
     "20-Feb-2007 14:17:08.90 tcp_intranet ims-ms       EE 2 a@example.net rfc822;b@example.com b@ims-ms-daemon my pc "
     "(pc9.example.com [10.1.4.9])",
     {.code = "EE",
      .source = "tcp_intranet",
      .destination = "ims-ms",
      .size = 2,
      .from = "a@example.net",
      .original_to = "b@example.com",
      .to = "b@ims-ms-daemon",
      .system = "my pc (pc9.example.com [10.1.4.9])"}},
};

static struct md_mail_log_layout layout_of(unsigned on)
{
    struct md_mail_log_options options;

    md_mail_log_options_init(&options);
    options.value[MD_MAIL_LOG_OPTION_FILENAME] = (on & FILENAME) != 0;
    options.value[MD_MAIL_LOG_OPTION_MESSAGE_ID] = (on & MESSAGE_ID) != 0;
    options.value[MD_MAIL_LOG_OPTION_USERNAME] = (on & USERNAME) != 0;
    options.value[MD_MAIL_LOG_OPTION_CONNECTION] = (on & SYSTEM) != 0 ? 3 : 0;
    options.value[MD_MAIL_LOG_OPTION_FILTER] = (on & FILTER) != 0;
    options.value[MD_MAIL_LOG_OPTION_PROCESS] = (on & PROCESS) != 0;
    options.value[MD_MAIL_LOG_OPTION_REASON] = (on & REASON) != 0;
    options.value[MD_MAIL_LOG_OPTION_NODE] = (on & NODE) != 0;
    return md_mail_log_layout(&options, true);
}

static void want_record(const struct md_mail_log_record *got, const struct want *want)
{
    md_want_str("code", got->code, want->code);
    md_want_int("action", got->action, want->code[0]);
    md_want_int("direction", got->direction, want->direction);
    md_want_str("node", got->node, want->node);
    md_want_str("process", got->process, want->process);
    md_want_str("source channel", got->source, want->source);
    md_want_str("destination channel", got->destination, want->destination);
    md_want_int("size", got->size, want->size);
    md_want_str("from", got->from, want->from);
    md_want_str("original to", got->original_to, want->original_to);
    md_want_str("to", got->to, want->to);
    md_want_str("file", got->file, want->file);
    md_want_str("message id", got->message_id, want->message_id);
    md_want_str("user name", got->username, want->username);
    md_want_str("source system", got->system, want->system);
    md_want_str("filter", got->filter, want->filter);
    md_want_str("reason", got->reason, want->reason);
    md_want_str("diagnostic", got->diagnostic, want->diagnostic);
    md_want_str("transport", got->transport, want->transport);
    md_want_str("application", got->application, want->application);
}

/* ---- the same entry in the other forms ---- */

struct text {
    char p[4096];
    size_t n;
};

static void put(struct text *to, const char *format, ...) MD_PRINTF(2, 3);
static void put(struct text *to, const char *format, ...)
{
    va_list args;
    int n;

    va_start(args, format);
    n = vsnprintf(to->p + to->n, sizeof to->p - to->n, format, args);
    va_end(args);
    assert_true(n >= 0 && (size_t)n < sizeof to->p - to->n);
    to->n += (size_t)n;
}

static const char *or_empty(const char *s)
{
    return s != NULL ? s : "";
}

static void put_counted(struct text *to, const char *before, const char *s)
{
    put(to, " %zu:%s%s", strlen(before) + strlen(or_empty(s)), before, or_empty(s));
}

static void put_attribute(struct text *to, const char *name, const char *before, const char *s)
{
    put(to, " %s=\"%s", name, before);
    for (s = or_empty(s); *s != '\0'; s++) {
        if (*s == '<')
            put(to, "&lt;");
        else if (*s == '>')
            put(to, "&gt;");
        else if (*s == '&')
            put(to, "&amp;");
        else if (*s == '"')
            put(to, "&#34;");
        else if (*s == '\'')
            put(to, "&#x27;");
        else
            put(to, "%c", *s);
    }
    put(to, "\"");
}

static void put_json(struct text *to, const char *name, const char *before, const char *s)
{
    put(to, ",\"%s\":\"%s", name, before);
    for (s = or_empty(s); *s != '\0'; s++) {
        if (*s == '"' || *s == '\\')
            put(to, "\\%c", *s);
        else if (*s == '/')
            put(to, "\\u002f");
        else
            put(to, "%c", *s);
    }
    put(to, "\"");
}

/* LOG_FORMAT 2 and 3 have the columns of 1 up to the size. */
static struct text in_columns(const struct row *row)
{
    const struct want *w = &row->want;
    struct text out = {.n = 0};
    const char *size = strstr(row->line, w->code);

    while (size != NULL && (size[-1] != ' ' || size[strlen(w->code)] != ' '))
        size = strstr(size + 1, w->code);
    assert_non_null(size);
    put(&out, "%.*s %d", (int)(size + strlen(w->code) - row->line), row->line, (int)w->size);
    return out;
}

static struct text in_format_2(const struct row *row)
{
    const struct want *w = &row->want;
    struct text out = in_columns(row);

    put(&out, " %s rfc822;%s %s", w->from != NULL ? w->from : "<>", or_empty(w->original_to), or_empty(w->to));
    if ((row->on & FILENAME) != 0)
        put(&out, " %s", or_empty(w->file));
    if ((row->on & MESSAGE_ID) != 0)
        put(&out, " %s", or_empty(w->message_id));
    if ((row->on & USERNAME) != 0)
        put(&out, " %s", or_empty(w->username));
    if ((row->on & SYSTEM) != 0 && w->system != NULL)
        put(&out, " %s", w->system);
    if ((row->on & FILTER) != 0)
        put(&out, " %s", or_empty(w->filter));
    if (w->reason != NULL)
        put(&out, " %s", w->reason);
    if (w->diagnostic != NULL)
        put(&out, " %s", w->diagnostic);
    return out;
}

static struct text in_format_3(const struct row *row)
{
    const struct want *w = &row->want;
    struct text out = in_columns(row);

    put_counted(&out, "", w->from);
    put_counted(&out, "rfc822;", w->original_to);
    put_counted(&out, "", w->to);
    if ((row->on & FILENAME) != 0)
        put_counted(&out, "", w->file);
    if ((row->on & MESSAGE_ID) != 0)
        put_counted(&out, "", w->message_id);
    if ((row->on & USERNAME) != 0)
        put_counted(&out, "", w->username);
    if ((row->on & SYSTEM) != 0)
        put_counted(&out, "", w->system);
    if ((row->on & FILTER) != 0)
        put_counted(&out, "", w->filter);
    if ((row->on & REASON) != 0)
        put_counted(&out, "", w->reason);
    put_counted(&out, "", w->diagnostic);
    return out;
}

static struct text in_names(const struct row *row,
                            void (*each)(struct text *to, const char *name, const char *before, const char *s))
{
    const struct want *w = &row->want;
    struct text out = {.n = 0};
    char size[24];

    snprintf(size, sizeof size, "%d", (int)w->size);
    each(&out, "sc", "", w->source);
    each(&out, "dc", "", w->destination);
    each(&out, "ac", "", w->code);
    each(&out, "sz", "", size);
    each(&out, "so", "", w->from);
    each(&out, "od", "rfc822;", w->original_to);
    each(&out, "de", "", w->to);
    each(&out, "zz", "", "a name that nobody knows");
    if (w->process != NULL)
        each(&out, "pi", "", w->process);
    if (w->node != NULL)
        each(&out, "no", "", w->node);
    if (w->file != NULL)
        each(&out, "fi", "", w->file);
    if (w->message_id != NULL)
        each(&out, "mi", "", w->message_id);
    if (w->username != NULL)
        each(&out, "us", "", w->username);
    if (w->system != NULL)
        each(&out, "ss", "", w->system);
    if (w->filter != NULL)
        each(&out, "fl", "", w->filter);
    if (w->reason != NULL)
        each(&out, "re", "", w->reason);
    if (w->diagnostic != NULL)
        each(&out, "di", "", w->diagnostic);
    return out;
}

static void parse(struct md_mail_log_parser *parser, struct md_str line, enum md_mail_log_form form,
                  const struct want *want)
{
    struct md_mail_log_record got;

    md_want_int("status", md_mail_log_parse(parser, line, &got), MD_OK);
    md_want_int("kind", got.kind, MD_MAIL_LOG_MESSAGE);
    md_want_int("form", got.form, form);
    md_want_true(!got.is_cut);
    want_record(&got, want);
}

static void reads_entries_of_format_1_with_the_layout(void **state)
{
    for (size_t i = 0; i < MD_ROWS(rows); i++) {
        struct md_mail_log_layout layout = layout_of(rows[i].on);
        struct md_mail_log_parser parser;

        md_test_case(i, rows[i].says);
        md_mail_log_parser_init(&parser, &layout, *state);
        parse(&parser, md_str(rows[i].line), MD_MAIL_LOG_COLUMNS, &rows[i].want);
    }
}

static void reads_entries_of_format_1_by_shape_alone(void **state)
{
    struct md_mail_log_parser parser;

    md_mail_log_parser_init(&parser, NULL, *state);
    for (size_t i = 0; i < MD_ROWS(rows); i++) {
        struct want want = rows[i].want;

        md_test_case(i, rows[i].says);
        if (strcmp(or_empty(want.system), "my pc (pc9.example.com [10.1.4.9])") == 0) {
            /* Without the layout the first of two words is taken as the user. */
            want.username = "my";
            want.system = "pc (pc9.example.com [10.1.4.9])";
        }
        parse(&parser, md_str(rows[i].line), MD_MAIL_LOG_COLUMNS, &want);
    }
}

static void reads_entries_with_squeezed_blanks(void **state)
{
    struct md_mail_log_parser parser;

    md_mail_log_parser_init(&parser, NULL, *state);
    for (size_t i = 0; i < MD_ROWS(rows); i++) {
        char line[2048];
        size_t n = 0;

        md_test_case(i, rows[i].says);
        if (strstr(rows[i].line, "Error:") != NULL || strstr(rows[i].line, " my pc ") != NULL)
            continue; /* their texts hold runs of blanks */
        for (const char *p = rows[i].line; *p != '\0'; p++)
            if (*p != ' ' || n == 0 || line[n - 1] != ' ')
                line[n++] = *p;
        parse(&parser, md_str_n(line, n), MD_MAIL_LOG_COLUMNS, &rows[i].want);
    }
}

static void reads_entries_of_formats_2_to_6(void **state)
{
    for (size_t i = 0; i < MD_ROWS(rows); i++) {
        struct md_mail_log_layout layout = layout_of(rows[i].on);
        struct md_mail_log_parser parser;
        struct text text;
        struct text line = {.n = 0};

        md_test_case(i, rows[i].says);
        md_mail_log_parser_init(&parser, &layout, *state);
        text = in_format_2(&rows[i]);
        parse(&parser, md_str_n(text.p, text.n), MD_MAIL_LOG_COLUMNS, &rows[i].want);
        text = in_format_3(&rows[i]);
        parse(&parser, md_str_n(text.p, text.n), MD_MAIL_LOG_COUNTED, &rows[i].want);
        text = in_names(&rows[i], put_attribute);
        put(&line, "<en ts=\"2007-02-26T14:38:16.70\"%.*s/>", (int)text.n, text.p);
        parse(&parser, md_str_n(line.p, line.n), MD_MAIL_LOG_XML, &rows[i].want);
        text = in_names(&rows[i], put_json);
        line.n = 0;
        put(&line, "{\"ts\":\"2007-02-26T14:38:16.70\"%.*s}", (int)text.n, text.p);
        parse(&parser, md_str_n(line.p, line.n), MD_MAIL_LOG_JSON, &rows[i].want);
        line.n = 0;
        put(&line, "{\"v\":[1,{\"a\":\"]\"}],\"en\":{\"ts\":\"2007-02-26T14:38:16.70\"%.*s}}", (int)text.n, text.p);
        parse(&parser, md_str_n(line.p, line.n), MD_MAIL_LOG_JSON, &rows[i].want);
    }
}

static void reads_connections(void **state)
{
    static const struct {
        const char *says, *line;
        struct want want;
    } cases[] = {
        {"an inbound session opens",
         "28-Feb-2007 11:50:59.10 tcp_local    +            O TCP|192.0.2.10|25|198.51.100.7|1244 SMTP",
         {.code = "O",
          .source = "tcp_local",
          .direction = '+',
          .transport = "TCP|192.0.2.10|25|198.51.100.7|1244",
          .application = "SMTP"}},
        {"an outbound session closes",
         "28-Feb-2007 09:13:31.02 409f.7.3 tcp_local    -            C TCP|192.0.2.10|5900|198.51.100.9|25 "
         "SMTP/hostb.example.com/mailhub.example.com",
         {.code = "C",
          .process = "409f.7.3",
          .source = "tcp_local",
          .direction = '-',
          .transport = "TCP|192.0.2.10|5900|198.51.100.9|25",
          .application = "SMTP/hostb.example.com/mailhub.example.com"}},
        {"a refused session",
         "28-Feb-2007 09:13:31.02 tcp_local    +            X TCP|192.0.2.10|25|203.0.113.5|4711 SMTP 500 Bulk mailers "
         "not allowed",
         {.code = "X",
          .source = "tcp_local",
          .direction = '+',
          .transport = "TCP|192.0.2.10|25|203.0.113.5|4711",
          .application = "SMTP",
          .diagnostic = "500 Bulk mailers not allowed"}},
        {"a failed connection",
         "28-Feb-2007 09:13:31.02 tcp_local    -            Y TCP|192.0.2.10|0|198.51.100.25|25 "
         "SMTP/example.net/mx.example.net TCP active open: Failed connect() 198.51.100.25:25  Error: Connection "
         "refused",
         {.code = "Y",
          .source = "tcp_local",
          .direction = '-',
          .transport = "TCP|192.0.2.10|0|198.51.100.25|25",
          .application = "SMTP/example.net/mx.example.net",
          .diagnostic = "TCP active open: Failed connect() 198.51.100.25:25  Error: Connection refused"}},
        {"an authentication that failed",
         "28-Feb-2007 09:13:31.02 tcp_local    +            U TCP|192.0.2.10|25|198.51.100.44|59762 SMTP Bad password "
         "amy 535 5.7.8 Bad username or password (Authentication failed).",
         {.code = "U",
          .source = "tcp_local",
          .direction = '+',
          .transport = "TCP|192.0.2.10|25|198.51.100.44|59762",
          .application = "SMTP",
          .message_id = "Bad password",
          .username = "amy",
          .diagnostic = "535 5.7.8 Bad username or password (Authentication failed)."}},
        {"IPv6 and a port of LMTP",
         "28-Feb-2007 09:13:31.02 tcp_lmtpss   +            O TCP|2001:db8::1|225|2001:db8::2|40000 LMTP",
         {.code = "O",
          .source = "tcp_lmtpss",
          .direction = '+',
          .transport = "TCP|2001:db8::1|225|2001:db8::2|40000",
          .application = "LMTP"}},
        {"an XML element",
         "<co ts=\"2014-06-02T09:45:50.29\" pi=\"123f.3f8.4397\" sc=\"tcp_local\" dr=\"+\" ac=\"U\" "
         "tr=\"TCP|192.0.2.10|25|198.51.100.44|59762\" ap=\"SMTP\" mi=\"Bad password\" us=\"amy\" di=\"535 5.7.8 Bad "
         "username or password (Authentication failed).\"/>",
         {.code = "U",
          .process = "123f.3f8.4397",
          .source = "tcp_local",
          .direction = '+',
          .transport = "TCP|192.0.2.10|25|198.51.100.44|59762",
          .application = "SMTP",
          .message_id = "Bad password",
          .username = "amy",
          .diagnostic = "535 5.7.8 Bad username or password (Authentication failed)."}},
        {"a JSON object",
         "{\"co\":{\"ts\":\"2014-06-02T09:45:50.29\",\"sc\":\"tcp_local\",\"dr\":\"+\",\"ac\":\"O\",\"tr\":\"TCP|192.0."
         "2.10|25|198.51.100.44|5\",\"ap\":\"SMTP\"}}",
         {.code = "O",
          .source = "tcp_local",
          .direction = '+',
          .transport = "TCP|192.0.2.10|25|198.51.100.44|5",
          .application = "SMTP"}},
    };
    struct md_mail_log_parser parser;

    md_mail_log_parser_init(&parser, NULL, *state);
    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_mail_log_record got;

        md_test_case(i, cases[i].says);
        md_want_int("status", md_mail_log_parse(&parser, md_str(cases[i].line), &got), MD_OK);
        md_want_int("kind", got.kind, MD_MAIL_LOG_CONNECTION);
        want_record(&got, &cases[i].want);
    }
}

#define ENTRY " tcp_local    ims-ms       E 4 a@example.net rfc822;b@example.com b@ims-ms-daemon"

static void reads_dates_and_prefixes(void **state)
{
    static const struct {
        const char *says, *line;
        enum md_status want;
        const char *at;
    } cases[] = {
        {"centiseconds", "06-Mar-2007 10:00:01.10" ENTRY, MD_OK, "2007-03-06T10:00:01Z"},
        {"upper-case month without a fraction", "20-JAN-1998 13:11:05" ENTRY, MD_OK, "1998-01-20T13:11:05Z"},
        {"a day padded with a blank", " 2-JAN-1998 13:11:05.01" ENTRY, MD_OK, "1998-01-02T13:11:05Z"},
        {"the name of the file as grep prints it", "mail.log_current:06-Mar-2007 10:00:01.10" ENTRY, MD_OK,
         "2007-03-06T10:00:01Z"},
        {"a prefix of syslog", "Mar  6 10:00:02 mail1 dequeue[99]: [ID 1 mail.info] 06-Mar-2007 10:00:01.10" ENTRY,
         MD_OK, "2007-03-06T10:00:01Z"},
        {"an element behind a prefix", "mail.log_current:<en ts=\"2007-03-06T10:00:01.1\" sc=\"a\" ac=\"E\" sz=\"1\"/>",
         MD_OK, "2007-03-06T10:00:01Z"},
        {"the end of the line as DOS writes it", "06-Mar-2007 10:00:01.10" ENTRY "\r", MD_OK, "2007-03-06T10:00:01Z"},
        {"the repeated hour has no other look", "04-Nov-2007 01:30:00.00" ENTRY, MD_OK, "2007-11-04T01:30:00Z"},
        {"no such day", "31-Feb-2007 10:00:01.10" ENTRY, MD_NOT_FOUND, NULL},
        {"no such hour", "06-Mar-2007 25:00:01.10" ENTRY, MD_NOT_FOUND, NULL},
        {"no such month", "06-Mai-2007 10:00:01.10" ENTRY, MD_NOT_FOUND, NULL},
        {"a continuation", "    and the remote side said more", MD_NOT_FOUND, NULL},
        {"nothing", "", MD_NOT_FOUND, NULL},
        {"an XML declaration", "<?xml version=\"1.0\"?>", MD_NOT_FOUND, NULL},
        {"a date and no entry", "06-Mar-2007 10:00:01.10 nothing to see here", MD_BAD_INPUT, NULL},
        {"a date alone", "06-Mar-2007 10:00:01.10", MD_BAD_INPUT, NULL},
        {"JSON without a time", "{\"ac\":\"E\"}", MD_BAD_INPUT, NULL},
        {"JSON that is none", "{]", MD_BAD_INPUT, NULL},
    };
    struct md_arena *arena = *state;
    struct md_mail_log_parser parser;

    md_mail_log_parser_init(&parser, NULL, arena);
    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_mail_log_record got;

        md_test_case(i, cases[i].says);
        md_want_int("status", md_mail_log_parse(&parser, md_str(cases[i].line), &got), cases[i].want);
        if (cases[i].want == MD_OK) {
            md_want_cstr("time", md_time_rfc3339(arena, got.local_at), cases[i].at);
            md_want_str("code", got.code, "E");
        }
    }
}

static void keeps_fractions(void **state)
{
    struct md_mail_log_parser parser;
    struct md_mail_log_record got;
    int64_t second;

    md_mail_log_parser_init(&parser, NULL, *state);
    md_want_int("status", md_mail_log_parse(&parser, MD_LIT("06-Mar-2007 10:00:01.17" ENTRY), &got), MD_OK);
    md_want_int("fraction", got.local_at % MD_SECOND, 170000);
    second = got.local_at / MD_SECOND;
    md_want_int("status", md_mail_log_parse(&parser, MD_LIT("<en ts=\"2007-03-06T10:00:01.17\" ac=\"E\"/>"), &got),
                MD_OK);
    md_want_int("fraction", got.local_at % MD_SECOND, 170000);
    md_want_int("second", got.local_at / MD_SECOND, second);
}

static void tells_header_lines(void **state)
{
    struct md_mail_log_parser parser;
    struct md_mail_log_record got;

    md_mail_log_parser_init(&parser, NULL, *state);
    md_want_int("status", md_mail_log_parse(&parser, MD_LIT("16-Feb-2007 14:54:13.72 Subject: hello"), &got), MD_OK);
    md_want_int("kind", got.kind, MD_MAIL_LOG_HEADER);
    md_want_str("header", got.header, "Subject: hello");
    md_want_int(
        "status",
        md_mail_log_parse(
            &parser, MD_LIT("<he ts=\"2007-02-28T11:51:02.41\" pi=\"1074b3.61.281\" va=\"Subject: hello\"/>"), &got),
        MD_OK);
    md_want_int("kind", got.kind, MD_MAIL_LOG_HEADER);
    md_want_str("header", got.header, "Subject: hello");
}

static void takes_the_fields_of_a_full_layout(void **state)
{
    struct md_mail_log_options options;
    struct md_mail_log_layout layout;
    struct md_mail_log_parser parser;
    struct md_mail_log_record got;

    for (size_t i = 0; i < MD_MAIL_LOG_OPTIONS; i++)
        options.value[i] = 1;
    options.value[MD_MAIL_LOG_OPTION_CONNECTION] = 1 + 2 + 32 + 64;
    options.value[MD_MAIL_LOG_OPTION_INTERMEDIATE] = 3;
    layout = md_mail_log_layout(&options, true);
    md_mail_log_parser_init(&parser, &layout, *state);
    md_want_int("status",
                md_mail_log_parse(&parser,
                                  MD_LIT("16-Feb-2007 14:54:13.72 mail1.example.com 409f.3.1 tcp_local                 "
                                         "R 7 a@example.com rfc822;b@example.net "
                                         "b@example.net 22 /q/queue/tcp_local/ZYf0aaaaaaaaa.00 0JE1@example.com "
                                         "<m1@example.com> *amy pc (pc [10.0.0.1]) 2 N i@x j@x "
                                         "'keep' Remote SMTP server has rejected address dns;mx.example.net smtp;550 "
                                         "5.1.1 no dns;mx2.example.net "
                                         "TCP|192.0.2.10|2788|198.51.100.25|25 SMTP/example.net/mx.example.net 93"),
                                  &got),
                MD_OK);
    md_want_true(!got.is_guessed);
    md_want_str("node", got.node, "mail1.example.com");
    md_want_str("process", got.process, "409f.3.1");
    md_want_int("notary", got.notary, 22);
    md_want_str("file", got.file, "/q/queue/tcp_local/ZYf0aaaaaaaaa.00");
    md_want_str("envelope id", got.envelope_id, "0JE1@example.com");
    md_want_str("message id", got.message_id, "<m1@example.com>");
    md_want_str("user", got.username, "*amy");
    md_want_str("system", got.system, "pc (pc [10.0.0.1])");
    md_want_int("sensitivity", got.sensitivity, 2);
    md_want_str("priority", got.priority, "N");
    md_want_str("intermediate", got.intermediate, "i@x");
    md_want_str("filter", got.filter, "'keep'");
    md_want_str("reason", got.reason, "Remote SMTP server has rejected address");
    md_want_str("diagnostic", got.diagnostic, "dns;mx.example.net smtp;550 5.1.1 no");
    md_want_str("remote MTA", got.remote_mta, "dns;mx2.example.net");
    md_want_str("transport", got.transport, "TCP|192.0.2.10|2788|198.51.100.25|25");
    md_want_str("application", got.application, "SMTP/example.net/mx.example.net");
    md_want_int("queue time", got.queue_time_s, 93);
}

static void tells_optional_fields_without_a_layout(void **state)
{
    struct md_mail_log_parser parser;
    struct md_mail_log_record got;

    md_mail_log_parser_init(&parser, NULL, *state);
    md_want_int("status",
                md_mail_log_parse(&parser,
                                  MD_LIT("16-Feb-2007 14:54:13.72 tcp_submit   tcp_local    EESA 7 a@example.com "
                                         "rfc822;b@example.net b@example.net 22 "
                                         "imta/queue/tcp_local/ZZ01ABCDEFGHIJ10K15L.00 <e1@example.com> "
                                         "<m1@example.com> amy pc (pc [10.0.0.1]) '' "
                                         "TCP|192.0.2.10|25|10.0.0.1|2788 SMTP 0"),
                                  &got),
                MD_OK);
    md_want_true(got.is_guessed);
    md_want_int("notary", got.notary, 22);
    md_want_str("file", got.file, "imta/queue/tcp_local/ZZ01ABCDEFGHIJ10K15L.00");
    md_want_str("envelope id", got.envelope_id, "<e1@example.com>");
    md_want_str("message id", got.message_id, "<m1@example.com>");
    md_want_str("user", got.username, "amy");
    md_want_str("system", got.system, "pc (pc [10.0.0.1])");
    md_want_str("filter", got.filter, "''");
    md_want_str("transport", got.transport, "TCP|192.0.2.10|25|10.0.0.1|2788");
    md_want_str("application", got.application, "SMTP");
    md_want_int("queue time", got.queue_time_s, 0);
    md_want_true((got.modifiers & MD_MAIL_LOG_MODIFIER('S')) != 0 && (got.modifiers & MD_MAIL_LOG_MODIFIER('A')) != 0);
}

static void passes_over_what_a_brief_reader_does_not_want(void **state)
{
    struct md_mail_log_parser parser;
    struct md_mail_log_record got;

    md_mail_log_parser_init(&parser, NULL, *state);
    parser.layout.is_brief = true;
    md_want_int(
        "status",
        md_mail_log_parse(&parser,
                          MD_LIT("06-Mar-2007 10:00:05.61 tcp_local                 DE 1 a@x rfc822;j@y j@y "
                                 "/q/queue/tcp_local/ZZf0aaaaaaaaa.00 <i@x> mx.y dns;mx.y (banner) smtp;250 OK"),
                          &got),
        MD_OK);
    md_want_str("file", got.file, "/q/queue/tcp_local/ZZf0aaaaaaaaa.00");
    md_want_str("message id", got.message_id, "");
    md_want_str("host", md_mail_log_remote_host(&got), "mx.y");
    md_want_int(
        "status",
        md_mail_log_parse(
            &parser,
            MD_LIT(
                "06-Mar-2007 10:00:05.61 tcp_local                 DE 1 a@x rfc822;j@y j@y <i@x> dns;mx.y smtp;250 OK"),
            &got),
        MD_OK);
    md_want_str("message id where no file is named", got.message_id, "<i@x>");
}

/* Options that a configuration does not name may be on or off; the blank of an empty user name is not theirs. */
static void an_empty_user_name_keeps_its_blank_where_an_option_is_not_known(void **state)
{
    struct md_mail_log_options options;
    struct md_mail_log_layout layout;
    struct md_mail_log_parser parser;
    struct md_mail_log_record got;

    md_mail_log_options_init(&options);
    options.value[MD_MAIL_LOG_OPTION_FILENAME] = 1;
    options.value[MD_MAIL_LOG_OPTION_USERNAME] = 1;
    layout = md_mail_log_layout(&options, false);
    md_mail_log_parser_init(&parser, &layout, *state);
    md_want_int("status",
                md_mail_log_parse(&parser,
                                  MD_LIT("14-Jan-2009 00:31:20.50 ims-ms                    Q 9 a@x rfc822;p@y p@y "
                                         "/q/queue/ims-ms/011/ZRf0aaaaaaaaa.01  Over quota"),
                                  &got),
                MD_OK);
    md_want_str("user", got.username, "");
    md_want_str("diagnostic", got.diagnostic, "Over quota");
}

static void knows_options_by_name(void **state)
{
    struct md_mail_log_options options;
    struct md_mail_log_layout layout;

    (void)state;
    md_want_int("upper case", md_mail_log_option_by_name(MD_LIT("LOG_FILENAME")), MD_MAIL_LOG_OPTION_FILENAME);
    md_want_int("unified", md_mail_log_option_by_name(MD_LIT("log_queue_time")), MD_MAIL_LOG_OPTION_QUEUE_TIME);
    md_want_int("another", md_mail_log_option_by_name(MD_LIT("HELD_SNDOPR")), MD_MAIL_LOG_OPTIONS);
    md_mail_log_options_init(&options);
    layout = md_mail_log_layout(&options, false);
    md_want_int("nothing known", layout.file, -1);
    layout = md_mail_log_layout(&options, true);
    md_want_int("default", layout.file, 0);
    md_want_int("diagnostics are on by default", layout.diagnostic, 1);
}

static void finds_hosts_and_domains(void **state)
{
    static const struct {
        const char *address, *domain;
    } cases[] = {
        {"joe@example.net", "example.net"},
        {"@store1.example.com:joe+inbox@x", "store1.example.com"},
        {"joe", ""},
        {"", ""},
        {"\"a@b\"@c.example", "c.example"},
    };
    struct md_mail_log_record record = {.diagnostic = MD_LIT("dns;mx.example.net (TCP|1|2|3|4) smtp;250 OK")};

    (void)state;
    for (size_t i = 0; i < MD_ROWS(cases); i++)
        md_want_str(cases[i].address, md_mail_log_domain(md_str(cases[i].address)), cases[i].domain);
    md_want_str("of the diagnostic", md_mail_log_remote_host(&record), "mx.example.net");
    record = (struct md_mail_log_record){.application = MD_LIT("SMTP/example.net/mx2.example.net")};
    md_want_str("of the application", md_mail_log_remote_host(&record), "mx2.example.net");
    md_want_str("port", md_mail_log_transport(MD_LIT("TCP|192.0.2.1|25|198.51.100.1|2525"), 4), "2525");
    md_want_str("missing", md_mail_log_transport(MD_LIT("TCP|192.0.2.1"), 4), "");
}

static void survives_cut_lines_and_any_bytes(void **state)
{
    struct md_mail_log_layout layout = layout_of(FILENAME | MESSAGE_ID | SYSTEM | USERNAME | FILTER);
    struct md_mail_log_parser parser;
    struct md_mail_log_record got;
    uint64_t seed = 88172645463325252u;

    md_mail_log_parser_init(&parser, &layout, *state);
    for (size_t i = 0; i < MD_ROWS(rows); i++) {
        struct text xml = in_names(&rows[i], put_attribute), json = in_names(&rows[i], put_json), line = {.n = 0};
        struct text counted = in_format_3(&rows[i]);
        const char *lines[4];
        size_t lengths[4];

        md_test_case(i, rows[i].says);
        put(&line, "<en ts=\"2007-02-26T14:38:16.70\"%.*s/>", (int)xml.n, xml.p);
        xml = line;
        line.n = 0;
        put(&line, "{\"ts\":\"2007-02-26T14:38:16.70\"%.*s}", (int)json.n, json.p);
        lines[0] = rows[i].line, lengths[0] = strlen(rows[i].line);
        lines[1] = xml.p, lengths[1] = xml.n;
        lines[2] = line.p, lengths[2] = line.n;
        lines[3] = counted.p, lengths[3] = counted.n;
        for (size_t form = 0; form < 4; form++) {
            for (size_t n = 0; n <= lengths[form]; n++) {
                /* A block of its own, so that a sanitizer sees a byte read beyond it. */
                char *copy = malloc(n + 1);

                assert_non_null(copy);
                memcpy(copy, lines[form], n);
                (void)!md_mail_log_parse(&parser, md_str_n(copy, n), &got);
                for (size_t k = 0; k < 3 && n > 0; k++)
                    copy[md_test_random(&seed) % n] = (char)(md_test_random(&seed) & 0xff);
                (void)!md_mail_log_parse(&parser, md_str_n(copy, n), &got);
                free(copy);
            }
        }
    }
}

static void reads_a_diagnostic_of_8_kilobytes(void **state)
{
    static const char start[] = "06-Mar-2007 10:00:05.61 tcp_local                 QE 1 a@example.com "
                                "rfc822;j@example.net j@example.net dns;mx.example.net smtp;451 ";
    struct md_arena *arena = *state;
    char *line = md_arena_alloc(arena, sizeof start + 8192);
    struct md_mail_log_parser parser;
    struct md_mail_log_record got;

    memcpy(line, start, sizeof start - 1);
    memset(line + sizeof start - 1, 'x', 8192);
    md_mail_log_parser_init(&parser, NULL, arena);
    md_want_int("status", md_mail_log_parse(&parser, md_str_n(line, sizeof start - 1 + 8192), &got), MD_OK);
    md_want_int("length", got.diagnostic.n, strlen("dns;mx.example.net smtp;451 ") + 8192);
}

static void reports_a_counted_field_that_is_cut(void **state)
{
    struct md_mail_log_parser parser;
    struct md_mail_log_record got;

    md_mail_log_parser_init(&parser, NULL, *state);
    md_want_int("status",
                md_mail_log_parse(
                    &parser,
                    MD_LIT("16-Feb-2007 14:54:13.72 tcp_local    ims-ms       EE 1 15:amy@example.com 99:rfc822;bob"),
                    &got),
                MD_OK);
    md_want_true(got.is_cut);
    md_want_str("what is there", got.original_to, "bob");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(reads_entries_of_format_1_with_the_layout),
        MD_TEST(reads_entries_of_format_1_by_shape_alone),
        MD_TEST(reads_entries_with_squeezed_blanks),
        MD_TEST(reads_entries_of_formats_2_to_6),
        MD_TEST(reads_connections),
        MD_TEST(reads_dates_and_prefixes),
        MD_TEST(keeps_fractions),
        MD_TEST(tells_header_lines),
        MD_TEST(takes_the_fields_of_a_full_layout),
        MD_TEST(tells_optional_fields_without_a_layout),
        MD_TEST(passes_over_what_a_brief_reader_does_not_want),
        MD_TEST(an_empty_user_name_keeps_its_blank_where_an_option_is_not_known),
        MD_TEST(knows_options_by_name),
        MD_TEST(finds_hosts_and_domains),
        MD_TEST(survives_cut_lines_and_any_bytes),
        MD_TEST(reads_a_diagnostic_of_8_kilobytes),
        MD_TEST(reports_a_counted_field_that_is_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
