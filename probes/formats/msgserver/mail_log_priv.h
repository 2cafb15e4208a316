/*
 * probes/formats/msgserver/mail_log_priv: shared by the readers of the single forms; see mail_log.h.
 */
#ifndef PROBES_FORMATS_MSGSERVER_MAIL_LOG_PRIV_H
#define PROBES_FORMATS_MSGSERVER_MAIL_LOG_PRIV_H

#include <string.h>

#include "engine/base/scan.h"
#include "probes/formats/msgserver/mail_log.h"

/* Where the first blank is, or n. */
static inline size_t md_mail_log_blank(const char *p, size_t n)
{
    return md_scan_char(p, n, ' ');
}

/* How many blanks are at the front. */
static inline size_t md_mail_log_blanks(const char *p, size_t n)
{
    size_t i = 0;

    for (; i + 8 <= n; i += 8) {
        uint64_t word;

        memcpy(&word, p + i, 8);
        word ^= UINT64_C(0x2020202020202020);
        if (word == 0)
            continue;
#if (defined(__GNUC__) || defined(__clang__)) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
        return i + (size_t)__builtin_ctzll(word) / 8;
#else
        break;
#endif
    }
    while (i < n && p[i] == ' ')
        i++;
    return i;
}

/* `rest` begins behind date and time; the record has local_at. */
enum md_status md_mail_log_text(const struct md_mail_log_parser *parser, struct md_str rest,
                                struct md_mail_log_record *record);
/* What follows the current To in columns. */
void md_mail_log_optionals(const struct md_mail_log_layout *layout, struct md_str rest,
                           struct md_mail_log_record *record);
/* What follows the size in counted fields. */
void md_mail_log_counted(const struct md_mail_log_layout *layout, struct md_str rest,
                         struct md_mail_log_record *record);
enum md_status md_mail_log_xml(struct md_mail_log_parser *parser, struct md_str line,
                               struct md_mail_log_record *record);
enum md_status md_mail_log_json(struct md_mail_log_parser *parser, struct md_str line,
                                struct md_mail_log_record *record);

/* Action and modifiers of record->code. */
void md_mail_log_decode(struct md_mail_log_record *record);
/* A field by its two-letter name; unknown names are passed over. Of elements "dr" is the direction. */
void md_mail_log_set(struct md_mail_log_record *record, struct md_str name, struct md_str value);
/* "2014-06-02T09:45:50.29"; a zone behind it is not looked at. */
enum md_status md_mail_log_iso_time(struct md_mail_log_parser *parser, struct md_str text, int64_t *ret);
/* Ends a record that was filled by names: kind, action, form. */
enum md_status md_mail_log_finish(struct md_mail_log_record *record, bool is_connection, bool is_header, bool has_time);
/* Without "rfc822;" or another type. */
struct md_str md_mail_log_bare_address(struct md_str address);
bool md_mail_log_is_number(struct md_str s);
/* "550 " or "421-" at the front: the beginning of a reply. */
bool md_mail_log_starts_reply(struct md_str s);
/* Takes a number with a blank before it off the end of *rest, if there is one. */
void md_mail_log_final_number(struct md_str *rest, int64_t *ret);
/* A code point (at most 0x10ffff) as UTF-8; `out` has room for 4 bytes. Returns how many. */
size_t md_mail_log_put_utf8(uint64_t code, char *out);
/* Room for `n` bytes of unescaped text, or NULL. */
char *md_mail_log_scratch(struct md_mail_log_parser *parser, size_t n);

#endif
