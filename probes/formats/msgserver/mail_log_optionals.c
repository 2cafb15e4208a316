/*
 * The optional fields behind the current To of a line in columns, in the order in which the MTA writes them. A field
 * whose option is on and that is empty leaves its blank, so N empty ones are N+1 blanks in a row. Shapes decide first,
 * since options change over the life of a log; the layout tells apart what has no shape of its own (user names,
 * envelope ids, priorities).
 */
#include <string.h>

#include "engine/base/num.h"
#include "probes/formats/msgserver/mail_log_priv.h"

static inline struct md_str peek_word(struct md_str rest)
{
    return md_str_n(rest.p, md_mail_log_blank(rest.p, rest.n));
}

static void drop(struct md_str *rest, size_t n)
{
    *rest = md_str_from(*rest, n + (n < rest->n)); /* and the blank behind it */
}

static void skip_blanks(struct md_str *rest)
{
    while (rest->n > 0 && rest->p[0] == ' ') {
        rest->p++;
        rest->n--;
    }
}

/* True where the field has to be looked for at *rest; takes the blank that stands for an empty one. */
static bool is_next(int8_t on, struct md_str *rest)
{
    if (on == 0 || rest->n == 0)
        return false;
    if (rest->p[0] != ' ')
        return true;
    if (on == 1) {
        rest->p++;
        rest->n--;
        return false;
    }
    skip_blanks(rest);
    return rest->n > 0;
}

/* Where a field that may be missing is missing, the blanks before it belong to the fields that follow. */
static void put_back(int8_t on, struct md_str before, bool is_taken, struct md_str *rest)
{
    if (on == -1 && !is_taken)
        *rest = before;
}

static bool starts_diagnostic(struct md_str s)
{
    return md_mail_log_starts_reply(s) || md_str_has_prefix(s, MD_LIT("dns;")) ||
           md_str_has_prefix(s, MD_LIT("smtp;")) || md_str_has_prefix(s, MD_LIT("TCP")) ||
           (s.n > 0 && (s.p[0] == '(' || s.p[0] == '\''));
}

static bool looks_like_file(struct md_str word)
{
    return word.n > 2 && (word.p[0] == '/' || (md_is_alpha(word.p[0]) && word.p[1] == ':' && word.p[2] == '\\') ||
                          md_str_find(word, MD_LIT("/queue/")) >= 0 || md_str_find(word, MD_LIT("QUEUE:")) >= 0);
}

static void take_notary(int8_t on, struct md_str *rest, struct md_mail_log_record *record)
{
    struct md_str word = peek_word(*rest);
    struct md_str after = md_str_from(*rest, word.n + 1);
    uint64_t flags;

    if (!md_is_digit(rest->p[0]) || md_num_all_u64(word, 65535, &flags) != MD_OK)
        return;
    /* Not the code of a reply. */
    if (on != 1 && after.n > 0 && after.p[0] != '/' && after.p[0] != '<' && after.p[0] != '*' && after.p[0] != ' ' &&
        !looks_like_file(peek_word(after)))
        return;
    if (on == 1 && md_mail_log_starts_reply(*rest) &&
        (record->action == 'J' || record->action == 'B' || record->action == 'V'))
        return;
    record->notary = (int32_t)flags;
    drop(rest, word.n);
}

/* "<id>" or "<new>,<old>"; an id that holds blanks goes on to its bracket. */
static size_t message_id_length(struct md_str rest)
{
    struct md_str word = peek_word(rest);

    if (word.n == 0 || word.p[0] != '<')
        return 0;
    while (word.p[word.n - 1] != '>') {
        const char *end = memchr(word.p + word.n, '>', rest.n - word.n);

        if (end == NULL || end - word.p > 512)
            return peek_word(rest).n;
        word.n = (size_t)(end - word.p) + 1;
        if (word.n < rest.n && rest.p[word.n] != ' ')
            word.n += peek_word(md_str_from(rest, word.n)).n;
    }
    return word.n;
}

/* Where two characters stand side by side, or -1. */
static ptrdiff_t find_pair(struct md_str s, char first, char second)
{
    const char *p = s.p, *end = s.p + s.n;

    while (end - p >= 2 && (p = memchr(p, first, (size_t)(end - p) - 1)) != NULL) {
        if (p[1] == second)
            return p - s.p;
        p++;
    }
    return -1;
}

/* Length of "name (name [ip])" or "[ip] ([ip])" at the front; *ret_user: length of a user name before it, else 0. */
static size_t system_length(struct md_str rest, size_t *ret_user)
{
    ptrdiff_t end, bracket;
    struct md_str name;
    size_t first;

    *ret_user = 0;
    if (starts_diagnostic(rest))
        return 0;
    end = find_pair(md_str_sub(rest, 0, 1024), ']', ')');
    if (end < 0)
        return 0;
    /* "dns;" or "smtp;" before it: that was a banner. */
    bracket = find_pair(md_str_sub(rest, 0, (size_t)end), ' ', '(');
    if (bracket < 0 || memchr(rest.p, ';', (size_t)end) != NULL)
        return 0;
    name = md_str_sub(rest, 0, (size_t)bracket);
    first = peek_word(name).n;
    if (first < name.n && md_str_find_char(md_str_from(name, first + 1), ' ') < 0)
        *ret_user = first; /* two words: a user and a host, or a host name with a blank in it */
    return (size_t)end + 2;
}

static void take_username_and_system(const struct md_mail_log_layout *layout, struct md_str *rest,
                                     struct md_mail_log_record *record)
{
    size_t user, length;
    struct md_str word, after, before = *rest;

    if (is_next(layout->username, rest)) {
        word = peek_word(*rest);
        if (word.p[0] == '*' || (layout->username == 1 && !starts_diagnostic(*rest) && word.p[0] != '[')) {
            record->username = word;
            drop(rest, word.n);
        }
    }
    put_back(layout->username, before, record->username.n > 0, rest);
    before = *rest;
    if (!is_next(layout->system, rest)) {
        put_back(layout->system, before, false, rest);
        return;
    }
    length = system_length(*rest, &user);
    if (length > 0) {
        if (user > 0 && layout->username == -1 && record->username.n == 0) {
            record->username = md_str_sub(*rest, 0, user);
            drop(rest, user);
            length -= user + 1;
        }
        record->system = md_str_sub(*rest, 0, length);
        drop(rest, length);
        return;
    }
    /* "mx.example.net dns;mx.example.net ..." */
    word = peek_word(*rest);
    after = md_str_from(*rest, word.n + 1);
    if (md_str_has_prefix(after, MD_LIT("dns;")) && !starts_diagnostic(*rest)) {
        record->system = word;
        drop(rest, word.n);
        return;
    }
    put_back(layout->system, before, false, rest);
}

/* Where "TCP|" stands as a word, or -1; "(TCP|" is part of a diagnostic. */
static ptrdiff_t find_transport(struct md_str s)
{
    const char *p = s.p, *end = s.p + s.n;

    while (end - p >= 4 && (p = memchr(p, 'T', (size_t)(end - p) - 3)) != NULL) {
        if (memcmp(p, "TCP|", 4) == 0 && (p == s.p || p[-1] == ' '))
            return p - s.p;
        p++;
    }
    return -1;
}

/* Reason, diagnostic, remote MTA, transport, application, queue time. */
static void take_tail(const struct md_mail_log_layout *layout, struct md_str rest, struct md_mail_log_record *record)
{
    ptrdiff_t at;

    if (layout->queue_time == 1)
        md_mail_log_final_number(&rest, &record->queue_time_s);
    if (layout->transport != 0 || layout->application != 0) {
        at = find_transport(rest);
        if (at >= 0) {
            struct md_str tail = md_str_trim(md_str_from(rest, (size_t)at));

            record->transport = peek_word(tail);
            drop(&tail, record->transport.n);
            record->application = peek_word(tail);
            drop(&tail, record->application.n);
            if (record->queue_time_s < 0)
                md_mail_log_final_number(&tail, &record->queue_time_s);
            rest = md_str_sub(rest, 0, (size_t)at);
        }
    }
    rest = md_str_trim(rest);
    if (layout->remote_mta == 1 && (at = md_str_rfind_char(rest, ' ')) > 0 &&
        md_str_has_prefix(md_str_from(rest, (size_t)at + 1), MD_LIT("dns;"))) {
        record->remote_mta = md_str_from(rest, (size_t)at + 1);
        rest = md_str_trim_right(md_str_sub(rest, 0, (size_t)at));
    }
    if ((record->action == 'R' || record->action == 'K' || layout->reason == 1) &&
        (at = md_str_find(rest, MD_LIT(" dns;"))) > 0) {
        record->reason = md_str_trim_right(md_str_sub(rest, 0, (size_t)at));
        rest = md_str_from(rest, (size_t)at + 1);
    }
    record->diagnostic = rest;
}

/* The diagnostic where it begins with "dns;", without a look at what is before it. */
static void take_dns(struct md_str rest, struct md_mail_log_record *record)
{
    const char *semicolon = rest.n > 0 ? memchr(rest.p, ';', rest.n) : NULL;
    const size_t at = semicolon != NULL ? (size_t)(semicolon - rest.p) : 0;

    if (at >= 3 && memcmp(semicolon - 3, "dns", 3) == 0)
        record->diagnostic = md_str_from(rest, at - 3);
}

void md_mail_log_optionals(const struct md_mail_log_layout *layout, struct md_str rest,
                           struct md_mail_log_record *record)
{
    struct md_str word, before = rest;
    size_t n;

    if (is_next(layout->notary, &rest))
        take_notary(layout->notary, &rest, record);
    put_back(layout->notary, before, record->notary >= 0, &rest);
    before = rest;
    if (is_next(layout->file, &rest)) {
        word = peek_word(rest);
        if (looks_like_file(word)) {
            record->file = word;
            drop(&rest, word.n);
        }
    }
    put_back(layout->file, before, record->file.n > 0, &rest);
    if (layout->is_brief && record->action == 'D' && record->file.n > 0) {
        take_dns(rest, record);
        return;
    }
    if (layout->envelope_id == 1 && is_next(1, &rest) && !starts_diagnostic(rest)) {
        record->envelope_id = peek_word(rest);
        drop(&rest, record->envelope_id.n);
    }
    before = rest;
    if (is_next(layout->message_id, &rest) && (n = message_id_length(rest)) > 0) {
        record->message_id = md_str_sub(rest, 0, n);
        drop(&rest, n);
        if (layout->envelope_id == -1 && rest.n > 0 && rest.p[0] == '<' && (n = message_id_length(rest)) > 0) {
            record->envelope_id = record->message_id;
            record->message_id = md_str_sub(rest, 0, n);
            drop(&rest, n);
        }
    }
    put_back(layout->message_id, before, record->message_id.n > 0, &rest);
    take_username_and_system(layout, &rest, record);
    if (layout->sensitivity == 1 && is_next(1, &rest) && md_is_digit(rest.p[0]) && peek_word(rest).n == 1) {
        record->sensitivity = rest.p[0] - '0';
        drop(&rest, 1);
    }
    if (layout->priority == 1 && is_next(1, &rest) && !starts_diagnostic(rest) && peek_word(rest).n <= 10) {
        record->priority = peek_word(rest);
        drop(&rest, record->priority.n);
    }
    for (int8_t i = 0; i < layout->intermediates; i++)
        if (is_next(1, &rest) && !starts_diagnostic(rest)) {
            word = peek_word(rest);
            if (i == 0)
                record->intermediate = word;
            drop(&rest, word.n);
        }
    if (is_next(layout->filter, &rest) && rest.p[0] == '\'') {
        ptrdiff_t end = md_str_find(md_str_from(rest, 1), MD_LIT("' "));

        n = end >= 0 ? (size_t)end + 2 : rest.n;
        record->filter = md_str_sub(rest, 0, n);
        drop(&rest, n);
    }
    skip_blanks(&rest);
    if (rest.n > 0)
        take_tail(layout, rest, record);
}
