/* What the bytes say. */
#include "probes/bundle/recognise.h"

#include "probes/bundle/instants.h"
#include "probes/formats/msgserver/queue_name.h"
#include "probes/formats/system/df.h"
#include "probes/formats/system/listing.h"
#include "probes/source/stream.h"

#define LINES_MAX 60 /* non-empty ones that are looked at */
#define LINE_LOOK 2048
#define ENVELOPE_LINES 60

static bool has(struct md_str line, const char *what)
{
    return md_str_find(line, md_str(what)) >= 0;
}

static bool begins(struct md_str line, const char *what)
{
    return md_str_has_prefix(line, md_str(what));
}

static bool has_word(struct md_str line, const char *word)
{
    while (line.n > 0)
        if (md_str_is(md_str_next_word(&line), word))
            return true;
    return false;
}

static bool is_number(struct md_str word)
{
    for (size_t i = 0; i < word.n; i++)
        if (!md_is_digit(word.p[i]))
            return false;
    return word.n > 0;
}

/* "d" digit, "A" letter, all else itself. */
static bool looks_like(struct md_str text, const char *shape)
{
    size_t i = 0;

    for (; shape[i] != '\0'; i++) {
        if (i >= text.n)
            return false;
        if (shape[i] == 'd'   ? !md_is_digit(text.p[i])
            : shape[i] == 'A' ? !md_is_alpha(text.p[i])
                              : text.p[i] != shape[i])
            return false;
    }
    return true;
}

static bool is_stamp(struct md_str text)
{
    return looks_like(text, "dd-AAA-dddd dd:dd:dd") || looks_like(text, "d-AAA-dddd dd:dd:dd");
}

static enum md_item_kind transaction_line(struct md_str line)
{
    struct md_str rest = md_str_sub(line, 0, 120), word;
    ptrdiff_t at;

    while (rest.n > 0 && *rest.p == ' ')
        rest = md_str_from(rest, 1);
    if (!is_stamp(rest)) { /* "mail.log_current:24-Nov-..." of grep */
        at = md_str_find_char(rest, ':');
        if (at <= 0 || !is_stamp(rest = md_str_from(rest, (size_t)at + 1)))
            return MD_ITEM_OTHER;
    }
    (void)md_str_next_word(&rest);
    (void)md_str_next_word(&rest);
    for (int i = 0; i < 4; i++) {
        word = md_str_next_word(&rest);
        if (md_str_is_empty(word))
            return i >= 2 ? MD_ITEM_MAIL_LOG : MD_ITEM_OTHER;
        if (i >= 1 && (md_str_is(word, "+") || md_str_is(word, "-")))
            return MD_ITEM_CONNECTION_LOG;
    }
    return MD_ITEM_MAIL_LOG;
}

static enum md_item_kind log_line(struct md_str line)
{
    struct md_str rest;
    ptrdiff_t at;

    if (begins(line, "<en ") || begins(line, "<he "))
        return MD_ITEM_MAIL_LOG;
    if (begins(line, "<co "))
        return MD_ITEM_CONNECTION_LOG;
    if (begins(line, "{") && has(line, "\"ts\"") && has(line, "\"ac\""))
        return MD_ITEM_MAIL_LOG;
    if (looks_like(line, "[dd/AAA/dddd:dd:dd:dd ") || looks_like(line, "dd/AAA/dddd:dd:dd:dd "))
        return MD_ITEM_NSLOG;
    at = md_str_find_char(md_str_sub(line, 0, 80), '[');
    if (at > 0 && line.p[at - 1] == ':' && looks_like(md_str_from(line, (size_t)at), "[dd/AAA/dddd:dd:dd:dd "))
        return MD_ITEM_NSLOG;
    if (looks_like(line, "dd:dd:dd.dd: "))
        return MD_ITEM_MTA_DEBUG_LOG;
    if ((looks_like(line, "AAA dd dd:dd:dd ") || looks_like(line, "AAA  d dd:dd:dd ")) &&
        md_month_from_name(md_str_sub(line, 0, 3)) != 0) {
        rest = md_str_from(line, 16);
        (void)md_str_next_word(&rest);
        if (md_str_rfind_char(md_str_next_word(&rest), ':') > 0)
            return MD_ITEM_SYSTEM_LOG;
    }
    if (looks_like(line, "dddd-dd-ddTdd:dd:dd")) {
        rest = line;
        (void)md_str_next_word(&rest);
        (void)md_str_next_word(&rest);
        if (md_str_rfind_char(md_str_next_word(&rest), ':') > 0)
            return MD_ITEM_SYSTEM_LOG;
    }
    return transaction_line(line);
}

static bool is_mode(struct md_str word)
{
    if (word.n < 10 || word.n > 11 || strchr("-dlbcpsD", word.p[0]) == NULL)
        return false;
    for (size_t i = 1; i < 10; i++)
        if (strchr("-rwxsStTlL", word.p[i]) == NULL)
            return false;
    return true;
}

static bool is_queue_path(struct md_str path)
{
    struct md_queue_name name;

    return md_str_find_char(path, '/') >= 0 && md_queue_name_parse(md_item_name_base(path), &name);
}

static bool listing_line(struct md_str line, bool *ret_is_header)
{
    struct md_str rest = line, first = md_str_next_word(&rest), second = md_str_next_word(&rest);

    if (is_mode(first) && is_number(second))
        return true;
    if (is_number(first) && (is_mode(second) || (is_number(second) && is_mode(md_str_next_word(&rest)))))
        return true;
    if (md_str_is(first, "total") && is_number(second) && md_str_is_empty(rest))
        return true;
    /* "/var/opt/SUNWmsgsr/queue:" */
    if (line.n > 2 && line.p[line.n - 1] == ':' && (line.p[0] == '/' || begins(line, "./") || md_str_is(line, ".:")) &&
        !has(line, " ") && !has(line, "\t")) {
        *ret_is_header = true;
        return true;
    }
    if (md_str_is_empty(second) && is_queue_path(first))
        return true;
    return false;
}

static bool dig_line(struct md_str line, bool *ret_is_header)
{
    static const char *const texts[] = {" has address ",     " has IPv6 address ",      " mail is handled by ",
                                        ";; ->>HEADER<<-",   ";; connection timed out", "** server can't find ",
                                        "mail exchanger = ", ";; ANSWER SECTION",       " has no MX record",
                                        ";; global options", ";; QUESTION SECTION",     "*** Can't find "};

    if (begins(line, "; <<>> DiG ") || begins(line, ";; communications error") ||
        ((begins(line, "Server:\t") || begins(line, "Server: ")) && has(line, "."))) {
        *ret_is_header = true;
        return true;
    }
    if (begins(line, "Host ") && has(line, " not found: "))
        return true;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (has(line, texts[i]))
            return true;
    return false;
}

static bool setting_line(struct md_str line)
{
    static const char *const roots[] = {"local.",        "service.",    "store.",        "logfile.",
                                        "alarm.",        "gen.",        "encryption.",   "nsserversecurity.",
                                        "sasl.",         "mmp.",        "ens.",          "metermaid.",
                                        "pipeprograms.", "nsclassname", "notification.", "smime."};
    ptrdiff_t equals = md_str_find_char(line, '=');

    if (equals <= 0 || md_str_find_char(md_str_trim_right(md_str_sub(line, 0, (size_t)equals)), ' ') >= 0)
        return false;
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
        if (begins(line, roots[i]))
            return true;
    return false;
}

static bool unified_line(struct md_str line)
{
    return (begins(line, "role.") || begins(line, "instance.")) &&
           (md_str_find_char(line, '=') > 0 || has(line, "(novalue)") || has(line, "(suppressed)"));
}

/* The columns of a process table, of df and of other tables with a heading. */
static enum md_item_kind table_heading(struct md_str line)
{
    if (has_word(line, "PID") &&
        (has_word(line, "CMD") || has_word(line, "COMMAND") || has_word(line, "ARGS") || has_word(line, "COMD"))) {
        if (has_word(line, "PR") && has_word(line, "NI"))
            return MD_ITEM_OTHER; /* top: only the busiest ones */
        return has_word(line, "PPID") || !has_word(line, "S") || !has_word(line, "STIME") || !has_word(line, "RSS")
                   ? MD_ITEM_PS
                   : MD_ITEM_IMSIMTA_PROCESS;
    }
    if (md_df_line(line) == MD_DF_LINE_HEADING ||
        (md_str_has_prefix_nocase(line, MD_LIT("filesystem")) && (has(line, "apacity") || has_word(line, "iused")))) {
        bool has_inodes =
            has(line, "nodes") || has_word(line, "iused") || has_word(line, "IUsed") || has_word(line, "ifree");
        bool has_blocks = has(line, "blocks") || has(line, "bytes") || has_word(line, "Size") || has_word(line, "size");

        return has_inodes && !has_blocks ? MD_ITEM_DF_INODES : MD_ITEM_DF;
    }
    if (begins(line, "Channel") && has_word(line, "Messages") && has_word(line, "Recipients") &&
        has_word(line, "Blocks"))
        return MD_ITEM_COUNTERS;
    if (begins(line, "Channel") && has_word(line, "Queued") && has(line, "Size"))
        return MD_ITEM_QM_SUMMARIZE;
    if (begins(line, "Channel:") && has(line, "Queued since"))
        return MD_ITEM_QM_DIRECTORY;
    if (md_str_find_nocase(line, MD_LIT("active messages")) >= 0 &&
        md_str_find_nocase(line, MD_LIT("delayed messages")) >= 0)
        return MD_ITEM_QM_MESSAGES;
    if (has_word(line, "msgs") && has_word(line, "mailbox") &&
        (has_word(line, "partition") || has_word(line, "quotaroot")))
        return MD_ITEM_MBOXUTIL;
    if (line.n < 120 && md_str_find_char(line, '=') < 0 && line.n > 0 && *line.p != '[' &&
        md_str_find_nocase(line, MD_LIT("quota")) >= 0 &&
        (md_str_find_nocase(line, MD_LIT("usage")) >= 0 || has(line, "%")) &&
        (md_str_find_nocase(line, MD_LIT("user")) >= 0 || md_str_find_nocase(line, MD_LIT("name")) >= 0))
        return MD_ITEM_IMQUOTACHECK;
    return MD_ITEM_OTHER;
}

/* The first line of /proc/cpuinfo, lscpu, psrinfo, prtconf or mpstat. */
static bool is_cpus_heading(struct md_str line)
{
    struct md_str rest = line;

    if (begins(line, "processor") && md_str_has_prefix(md_str_trim(md_str_from(line, 9)), MD_LIT(": 0")))
        return true;
    if (begins(line, "Architecture:  ") || begins(line, "CPU minf mjf ") || begins(line, "The physical processor has "))
        return true;
    if (begins(line, "System Configuration:") && has(line, "Sun Microsystems"))
        return true;
    if (begins(line, "Linux ") && has(line, " CPU)"))
        return true;
    return md_str_is(md_str_next_word(&rest), "0") && md_str_is(md_str_next_word(&rest), "on-line") &&
           has(rest, "since");
}

static enum md_item_kind command_line_text(struct md_str line, bool *ret_is_header)
{
    struct md_instant instant;
    struct md_str rest = line;

    *ret_is_header = true;
    if (is_cpus_heading(line))
        return MD_ITEM_CPUS;
    if (begins(line, "Trying 127.") || begins(line, "Trying ::1") || begins(line, "Connected to localhost"))
        return MD_ITEM_GREETING;
    if (has(line, "load average") && (has(line, "up ") || has(line, "user")))
        return MD_ITEM_UPTIME;
    if ((has(line, "Messaging Server") && has(line, "(built ")) || begins(line, "libimta."))
        return MD_ITEM_IMSIMTA_VERSION;
    if (has(line, "Data gathered from the queue"))
        return MD_ITEM_QM_DIRECTORY;
    if (begins(line, "Message id: ") && is_number(md_str_from(line, 12)))
        return MD_ITEM_QM_HISTORY;
    if (begins(line, "Name: user/"))
        return MD_ITEM_IMCHECK;
    if (begins(line, "Listing registry"))
        return MD_ITEM_COUNTERUTIL;
    if (begins(line, "watcher process ") && has(line, " started at "))
        return MD_ITEM_WATCHER_LOG;
    if (begins(line, "Active Internet connections") || begins(line, "TCP: IPv4") || begins(line, "UDP: IPv4") ||
        begins(line, "RAWIP") || (begins(line, "TCP") && has(line, "tcpRtoAlgorithm")))
        return MD_ITEM_NETSTAT;
    if (begins(line, "channel ")) {
        (void)md_str_next_word(&rest);
        (void)md_str_next_word(&rest);
        if (md_str_is_empty(md_str_trim(rest)) && md_str_find_char(line, '=') < 0)
            return MD_ITEM_QM_JOBS;
    }
    if (md_instant_of_date(line, &instant))
        return MD_ITEM_DATE;
    *ret_is_header = false;
    if (has(line, "ACTIVE CHANNELS") || has(line, "JOBS ACTIVE FOR CHANNEL") || has(line, "BEING PROCESSED BY JOB"))
        return MD_ITEM_QM_JOBS;
    if (begins(line, "QM-") || begins(line, "%QM-"))
        return MD_ITEM_QM_STATUS;
    if (has(line, "numobjects ="))
        return MD_ITEM_COUNTERUTIL;
    if (begins(line, "channel official host") || begins(line, "channel description") ||
        begins(line, "forward channel "))
        return MD_ITEM_TEST_REWRITE;
    if (begins(line, "Watched '") && has(line, " exited "))
        return MD_ITEM_WATCHER_LOG;
    return MD_ITEM_OTHER;
}

/* A row of a process table without its heading (grep takes it away). */
static bool process_row(struct md_str line)
{
    static const char *const programs[] = {"/job_controller", "/dispatcher", "/tcp_smtp_server", "/stored",  "/imapd",
                                           "/watcher",        "/ims_master", "/mshttpd",         "/imsched", "/cshttpd",
                                           "/csadmind",       "/csstored",   "/csnotifyd",       "/csdwpd",  "/enpd"};
    struct md_str rest = line;

    (void)md_str_next_word(&rest);
    if (!is_number(md_str_next_word(&rest)))
        return false;
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++)
        if (has(rest, programs[i]))
            return true;
    return false;
}

enum md_item_kind md_recognise_line(struct md_str line, bool *ret_is_header)
{
    enum md_item_kind kind;
    enum md_df_line df;

    *ret_is_header = false;
    line = md_str_trim_right(md_str_sub(line, 0, LINE_LOOK));
    if ((kind = log_line(line)) != MD_ITEM_OTHER)
        return kind == MD_ITEM_NSLOG && md_recognise_is_calendar_log(line) ? MD_ITEM_CALENDAR_LOG : kind;
    if (listing_line(line, ret_is_header))
        return MD_ITEM_LISTING;
    if ((kind = md_recognise_calendar_line(line, ret_is_header)) != MD_ITEM_OTHER)
        return kind;
    if (unified_line(line))
        return MD_ITEM_MSCONFIG;
    if (setting_line(line))
        return MD_ITEM_CONFIGUTIL;
    if (dig_line(line, ret_is_header))
        return MD_ITEM_DIG;
    line = md_str_trim(line);
    if ((kind = table_heading(line)) != MD_ITEM_OTHER) {
        *ret_is_header = true;
        return kind;
    }
    if ((kind = command_line_text(line, ret_is_header)) != MD_ITEM_OTHER)
        return kind;
    if ((df = md_df_line(line)) != MD_DF_LINE_NONE) {
        *ret_is_header = df == MD_DF_LINE_PARAGRAPH;
        return MD_ITEM_DF;
    }
    return process_row(line) ? MD_ITEM_PS : MD_ITEM_OTHER;
}

/* Envelope records, then a boundary or two Ctrl-A. */
static bool is_queue_file(struct md_str head)
{
    struct md_str line;
    size_t records = 0;

    for (size_t i = 0; i < ENVELOPE_LINES && md_str_next_line(&head, &line); i++) {
        if (begins(line, "Boundary_(ID_") || md_str_is(line, "\001\001"))
            return records > 0;
        if (line.n >= 2 && line.p[1] == ';' && md_is_alnum(line.p[0]))
            records++;
        else if (line.n == 0 || line.n > 1000)
            return false;
    }
    return false;
}

static enum md_item_kind json_or_xml(struct md_str head)
{
    struct md_str text = md_str_trim(head);

    if (begins(text, "{")) {
        if (has(text, "\"mtadoctor.bundle/"))
            return MD_ITEM_MANIFEST;
        if (has(text, "\"mtadoctor.dns/"))
            return MD_ITEM_DNS_ANSWERS;
        if (has(text, "\"mtadoctor.facts/"))
            return MD_ITEM_FACTS;
    }
    if (begins(text, "<?xml") && (has(text, "<configlib") || has(text, "<config") || has(text, "<group")))
        return MD_ITEM_CONFIG_XML;
    return MD_ITEM_OTHER;
}

static bool is_mapping_name(struct md_str line)
{
    if (line.n < 5 || !md_is_alpha(line.p[0]))
        return false;
    for (size_t i = 0; i < line.n; i++)
        if (!md_is_digit(line.p[i]) && line.p[i] != '_' && line.p[i] != '-' && !(line.p[i] >= 'A' && line.p[i] <= 'Z'))
            return false;
    return md_str_find_char(line, '_') > 0;
}

/* Names of MTA options that are in nobody else's files. */
static bool is_mta_option(struct md_str line)
{
    static const char *const names[] = {"LOG_",
                                        "HELD_SNDOPR",
                                        "BLOCK_LIMIT",
                                        "BLOCK_SIZE",
                                        "MAX_RECEIVED_LINES",
                                        "MAX_LOCAL_RECEIVED_LINES",
                                        "SEPARATE_CONNECTION_LOG",
                                        "MISSING_RECIPIENT_POLICY",
                                        "HISTORY_TO_RETURN",
                                        "RETURN_DEBUG",
                                        "ALIAS_URL0",
                                        "DELIVERY_OPTIONS",
                                        "CHANNEL_TABLE_SIZE",
                                        "MM_DEBUG",
                                        "OVERQUOTA"};

    if (md_str_find_char(line, '=') <= 0)
        return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (md_str_has_prefix_nocase(line, md_str(names[i])))
            return true;
    return false;
}

/* Configuration files under another name than their own. */
static enum md_item_kind configuration(struct md_str head)
{
    struct md_str line, rest;
    size_t tailor = 0, rewrites = 0, options = 0, tables = 0, rows = 0, nameservers = 0;

    for (size_t i = 0; i < 400 && md_str_next_line(&head, &line); i++) {
        if (begins(line, "[POOL=") || begins(line, "[JOB_POOL=") || begins(line, "[CHANNEL=") ||
            begins(line, "[PERIODIC_JOB="))
            return MD_ITEM_JOB_CONTROLLER_CNF;
        if (begins(line, "[SERVICE="))
            return MD_ITEM_DISPATCHER_CNF;
        tailor += begins(line, "IMTA_") && md_str_find_char(line, '=') > 0;
        options += is_mta_option(line);
        nameservers += begins(line, "nameserver ") && has(line, ".");
        if (begins(line, "hosts:") && (has_word(line, "files") || has_word(line, "dns")))
            return MD_ITEM_NSSWITCH_CONF;
        if ((begins(line, "127.0.0.1") || begins(line, "::1")) && has_word(line, "localhost"))
            return MD_ITEM_HOSTS_FILE;
        tables += is_mapping_name(md_str_trim_right(line));
        rows += tables > 0 && line.n > 2 && (*line.p == ' ' || *line.p == '\t') && md_str_find_char(line, '$') > 0;
        rest = line;
        (void)md_str_next_word(&rest);
        rewrites += has(rest, "$U%") || (has(rest, "$U@") && has(rest, "-daemon"));
    }
    if (tailor >= 2)
        return MD_ITEM_IMTA_TAILOR;
    if (rewrites >= 2)
        return MD_ITEM_IMTA_CNF;
    if (tables >= 1 && rows >= 1)
        return MD_ITEM_MAPPINGS;
    if (options >= 1)
        return MD_ITEM_OPTION_DAT;
    return nameservers >= 1 ? MD_ITEM_RESOLV_CONF : MD_ITEM_OTHER;
}

static bool is_log(enum md_item_kind kind)
{
    return kind == MD_ITEM_MAIL_LOG || kind == MD_ITEM_CONNECTION_LOG || kind == MD_ITEM_NSLOG ||
           kind == MD_ITEM_CALENDAR_LOG || kind == MD_ITEM_SYSTEM_LOG || kind == MD_ITEM_MTA_DEBUG_LOG;
}

struct votes {
    size_t of[MD_ITEM_KIND_COUNT];
    size_t lines;
    enum md_item_kind first_header;
};

static void count_votes(struct md_str head, struct votes *votes)
{
    struct md_str line;

    *votes = (struct votes){.first_header = MD_ITEM_OTHER};
    while (votes->lines < LINES_MAX && md_str_next_line(&head, &line)) {
        enum md_item_kind kind;
        bool is_header;

        if (md_str_is_empty(md_str_trim(line)))
            continue;
        votes->lines++;
        kind = md_recognise_line(line, &is_header);
        votes->of[kind]++;
        if (is_header && votes->first_header == MD_ITEM_OTHER && kind != MD_ITEM_LISTING)
            votes->first_header = kind;
    }
}

/* Lines that both products have are of the one that has lines of its own. */
static void move_votes(struct votes *votes, enum md_item_kind own, enum md_item_kind common)
{
    if (votes->of[own] == 0)
        return;
    votes->of[own] += votes->of[common];
    votes->of[common] = 0;
}

static enum md_item_kind most_voted(const struct votes *votes, bool only_logs)
{
    enum md_item_kind best = MD_ITEM_OTHER;
    size_t most = 0;

    for (int kind = 0; kind < MD_ITEM_KIND_COUNT; kind++)
        if (kind != MD_ITEM_OTHER && votes->of[kind] > most && (!only_logs || is_log((enum md_item_kind)kind))) {
            most = votes->of[kind];
            best = (enum md_item_kind)kind;
        }
    return best;
}

enum md_item_kind md_recognise_content(struct md_str head, struct md_str *ret_root)
{
    struct votes votes;
    struct md_str root = {"", 0};
    enum md_item_kind kind;
    size_t of_kind;

    if (ret_root != NULL)
        *ret_root = root;
    if ((kind = md_recognise_database(head)) != MD_ITEM_OTHER || md_str_is_empty(md_str_trim(head)))
        return kind;
    count_votes(head, &votes);
    move_votes(&votes, MD_ITEM_CALENDAR_LOG, MD_ITEM_NSLOG);
    move_votes(&votes, MD_ITEM_ICS_CONF, MD_ITEM_CONFIGUTIL);
    kind = most_voted(&votes, true);
    if (kind == MD_ITEM_MAIL_LOG || kind == MD_ITEM_CONNECTION_LOG) {
        /* A few connection entries are in every transaction log. */
        if (votes.of[MD_ITEM_MAIL_LOG] > 0)
            kind = MD_ITEM_MAIL_LOG;
        of_kind = votes.of[MD_ITEM_MAIL_LOG] + votes.of[MD_ITEM_CONNECTION_LOG];
    } else {
        of_kind = votes.of[kind];
    }
    if (kind != MD_ITEM_OTHER && of_kind * 10 >= votes.lines * 4)
        return kind;
    if (is_queue_file(head))
        return MD_ITEM_QUEUE_FILE;
    if ((kind = json_or_xml(head)) != MD_ITEM_OTHER)
        return kind;
    if (votes.first_header != MD_ITEM_OTHER)
        return votes.first_header;
    if (md_listing_recognise(head, &root) != MD_LISTING_NONE) {
        if (ret_root != NULL)
            *ret_root = root;
        return MD_ITEM_LISTING;
    }
    kind = most_voted(&votes, false);
    if (kind != MD_ITEM_OTHER && kind != MD_ITEM_LISTING &&
        (votes.of[kind] * 10 >= votes.lines * 4 || votes.of[kind] >= 5))
        return kind;
    return configuration(head);
}

bool md_recognise_is_failure(struct md_str output)
{
    struct md_str text = md_str_trim(output);

    if (text.n == 0 || text.n > 300 || md_str_find_char(text, '\n') >= 0)
        return false;
    return md_str_find_nocase(text, MD_LIT("not found")) >= 0 ||
           md_str_find_nocase(text, MD_LIT("permission denied")) >= 0 ||
           md_str_find_nocase(text, MD_LIT("no such file")) >= 0 ||
           md_str_find_nocase(text, MD_LIT("not recognized")) >= 0 ||
           md_str_find_nocase(text, MD_LIT("must be root")) >= 0;
}
