/*
 * The forms in columns: the fixed fields up to the current To. What follows is told apart in mail_log_optionals.c,
 * counted fields in mail_log_counted.c.
 *
 * Channels are padded to 12 characters and followed by one blank; an absent destination channel is 13 blanks. Some
 * documents and log shippers squeeze runs of blanks, so where columns do not decide, the look of the next word does:
 * entry codes are upper case and followed by a number.
 */
#include <string.h>

#include "engine/base/num.h"
#include "probes/formats/msgserver/mail_log_priv.h"

#define CHANNEL_WIDTH 12

/* Up to the next blank, which is taken too. */
static inline struct md_str next_word(struct md_str *rest)
{
    const size_t n = md_mail_log_blank(rest->p, rest->n), used = n + (n < rest->n);
    const struct md_str word = {rest->p, n};

    rest->p += used;
    rest->n -= used;
    return word;
}

/* A word whose quoted part may hold blanks; a quote stands at its front or behind its type. */
static struct md_str next_address(struct md_str *rest)
{
    struct md_str word = next_word(rest);
    const char *quote = word.p, *end = rest->p + rest->n;

    if (word.n > 7 && word.p[0] == 'r' && word.p[7] == '"')
        quote = word.p + 7;
    else if (word.n == 0 || word.p[0] != '"')
        return word;
    /* The closing quote is the next one that is not escaped; without one, the quote is just a character. */
    for (const char *p = quote + 1; p < end; p++) {
        if (*p == '\\')
            p++;
        else if (*p == '"') {
            struct md_str longer = md_str_n(word.p, (size_t)(end - word.p));

            if (p < word.p + word.n)
                return word;
            while (p < end && *p != ' ')
                p++;
            *rest = md_str_from(longer, (size_t)(p - word.p) + 1);
            return md_str_sub(longer, 0, (size_t)(p - word.p));
        }
    }
    return word;
}

static inline size_t skip_blanks(struct md_str *rest)
{
    const size_t n = md_mail_log_blanks(rest->p, rest->n);

    rest->p += n;
    rest->n -= n;
    return n;
}

static bool is_code(struct md_str word)
{
    if (word.n == 0 || word.n > 16 || word.p[0] < 'A' || word.p[0] > 'Z')
        return false;
    for (size_t i = 1; i < word.n; i++)
        if (!(word.p[i] >= 'A' && word.p[i] <= 'Z') && !md_is_digit(word.p[i]))
            return false;
    return true;
}

/* "EE 4 ..." or, of a connection, "O TCP|...": what stands where no destination channel does. */
static bool is_code_and_size(struct md_str rest)
{
    return is_code(next_word(&rest)) && rest.n > 0 && md_is_digit(rest.p[0]) && md_mail_log_is_number(next_word(&rest));
}

/* "1e488.0", "501d.0b.9" */
static bool is_process(struct md_str word)
{
    size_t dots = 0;

    if (word.n < 3 || word.n > 40 || word.p[0] == '.' || word.p[word.n - 1] == '.')
        return false;
    for (size_t i = 0; i < word.n; i++) {
        const char c = word.p[i];

        if (c == '.')
            dots++;
        else if (!md_is_digit(c) && !(c >= 'a' && c <= 'f') && !(c >= 'A' && c <= 'F'))
            return false;
    }
    return dots == 1 || dots == 2;
}

/* Node and process, where they are there, and the source channel; *ret_blanks: blanks behind the channel. */
static bool read_source(const struct md_mail_log_layout *layout, struct md_str *rest, struct md_mail_log_record *record,
                        size_t *ret_blanks)
{
    struct md_str word;
    size_t blanks;

    skip_blanks(rest);
    for (unsigned n = 0; n < 3; n++) {
        word = next_word(rest);
        blanks = 1 + skip_blanks(rest);
        if (word.n == 0)
            return false;
        if (layout->process != 0 && record->process.n == 0 && is_process(word)) {
            record->process = word;
            continue;
        }
        /* A channel fills its column; a node is followed by one blank, and often has dots. */
        if (layout->node != 0 && record->node.n == 0 && record->process.n == 0 && blanks == 1 &&
            (layout->node == 1 || word.n < CHANNEL_WIDTH || memchr(word.p, '.', word.n) != NULL)) {
            struct md_str after = *rest;
            struct md_str second = next_word(&after);
            bool second_is_channel = second.n + 1 + skip_blanks(&after) > CHANNEL_WIDTH && !is_code_and_size(*rest) &&
                                     after.n > 0 && !is_code_and_size(after);

            if (layout->node == 1 || memchr(word.p, '.', word.n) != NULL || is_process(second) ||
                (second_is_channel && word.n < CHANNEL_WIDTH)) {
                record->node = word;
                continue;
            }
        }
        record->source = word;
        *ret_blanks = blanks;
        return true;
    }
    return false;
}

/* ---- connections ---- */

/* Where "535 " or "421-4.7.0" begins, or -1. */
static ptrdiff_t find_reply(struct md_str s)
{
    for (size_t i = 0; i + 4 <= s.n; i++)
        if ((i == 0 || s.p[i - 1] == ' ') && md_mail_log_starts_reply(md_str_from(s, i)))
            return (ptrdiff_t)i;
    return -1;
}

static enum md_status read_connection(const struct md_mail_log_layout *layout, struct md_str rest,
                                      struct md_mail_log_record *record)
{
    ptrdiff_t reply;

    record->kind = MD_MAIL_LOG_CONNECTION;
    if (md_str_has_prefix(rest, MD_LIT("TCP|")) || md_str_find_char(md_str_sub(rest, 0, 80), '|') >= 0)
        record->transport = next_word(&rest);
    skip_blanks(&rest);
    if (find_reply(rest) != 0)
        record->application = next_word(&rest);
    skip_blanks(&rest);
    if (layout->queue_time == 1)
        md_mail_log_final_number(&rest, &record->queue_time_s);
    reply = find_reply(rest);
    if (reply > 0) {
        /* Before the reply: what was tried and who tried it. */
        struct md_str before = md_str_trim(md_str_sub(rest, 0, (size_t)reply));
        ptrdiff_t blank = md_str_rfind_char(before, ' ');

        record->username = md_str_from(before, (size_t)(blank + 1));
        if (blank > 0)
            record->message_id = md_str_sub(before, 0, (size_t)blank);
        rest = md_str_from(rest, (size_t)reply);
    } else if (reply < 0 && rest.n > 0 && rest.p[0] == '*')
        record->username = next_word(&rest);
    record->diagnostic = md_str_trim(rest);
    return MD_OK;
}

/* ---- messages ---- */

static struct md_str without_brackets(struct md_str address)
{
    return md_str_is(address, "<>") ? md_str_n(address.p, 0) : address;
}

static bool has_type(struct md_str address)
{
    return address.n >= 7 && memcmp(address.p, "rfc822;", 7) == 0;
}

static void read_addresses(struct md_str *rest, struct md_mail_log_record *record)
{
    struct md_str from = next_address(rest);
    ptrdiff_t found;

    if (has_type(from)) {
        /* An empty sender whose blank was lost. */
        record->original_to = from;
        from = md_str_n(from.p, 0);
    } else {
        if (!has_type(*rest) && rest->n > 0 && (found = md_str_find(*rest, MD_LIT(" rfc822;"))) > 0 && found < 1024 &&
            !md_str_has_prefix(*rest, MD_LIT("<>"))) {
            /* A sender with blanks in it. */
            const char *start = from.p;

            *rest = md_str_from(*rest, (size_t)found + 1);
            from = md_str_n(start, (size_t)(rest->p - 1 - start));
        }
        record->original_to = next_address(rest);
    }
    record->from = without_brackets(from);
    record->original_to = md_mail_log_bare_address(record->original_to);

    if (record->action == 'B') {
        /* In place of a recipient stands a refused command of any number of words, up to our reply. */
        found = find_reply(*rest);
        record->to = found > 0 ? md_str_trim(md_str_sub(*rest, 0, (size_t)found)) : *rest;
        *rest = md_str_from(*rest, found > 0 ? (size_t)found : rest->n);
    } else
        record->to = md_mail_log_bare_address(next_address(rest));
}

static bool is_header(struct md_str rest)
{
    size_t i = 0;

    while (i < rest.n && i < 80 && (md_is_alnum(rest.p[i]) || rest.p[i] == '-' || rest.p[i] == '_'))
        i++;
    return i > 0 && i < rest.n && rest.p[i] == ':';
}

enum md_status md_mail_log_text(const struct md_mail_log_parser *parser, struct md_str rest,
                                struct md_mail_log_record *record)
{
    const struct md_mail_log_layout *layout = &parser->layout;
    const struct md_str whole = rest;
    struct md_str word, digits;
    size_t blanks = 0, pad;

    record->is_guessed = !layout->is_known;
    record->form = MD_MAIL_LOG_COLUMNS;
    if (!read_source(layout, &rest, record, &blanks))
        goto no_entry;
    pad = (record->source.n < CHANNEL_WIDTH ? CHANNEL_WIDTH - record->source.n : 0) + 1;
    if (blanks <= pad && !is_code_and_size(rest)) {
        word = next_word(&rest);
        if (word.n == 1 && (word.p[0] == '+' || word.p[0] == '-'))
            record->direction = word.p[0];
        else
            record->destination = word;
        skip_blanks(&rest);
    }
    record->code = next_word(&rest);
    if (!is_code(record->code))
        goto no_entry;
    md_mail_log_decode(record);
    if (record->direction != 0)
        return read_connection(layout, rest, record);

    skip_blanks(&rest);
    digits = word = next_word(&rest);
    if (md_num_u64(&digits, UINT64_MAX / 2, &record->size) != MD_OK || digits.n > 0)
        goto no_entry;
    record->kind = MD_MAIL_LOG_MESSAGE;
    record->has_size = true;

    /* Counted fields: "15:amy@example.com". */
    for (pad = 0; pad < rest.n && pad < 6 && md_is_digit(rest.p[pad]); pad++)
        ;
    if (pad > 0 && pad < rest.n && rest.p[pad] == ':') {
        record->form = MD_MAIL_LOG_COUNTED;
        md_mail_log_counted(layout, rest, record);
        return MD_OK;
    }
    if (rest.n == 0 && word.n > 0)
        record->is_cut = true;
    read_addresses(&rest, record);
    md_mail_log_optionals(layout, rest, record);
    return MD_OK;

no_entry:
    rest = whole;
    skip_blanks(&rest);
    if (!is_header(rest))
        return MD_BAD_INPUT;
    record->kind = MD_MAIL_LOG_HEADER;
    record->header = rest;
    return MD_OK;
}
