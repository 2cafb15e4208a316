/*
 * Counted fields (LOG_FORMAT 3): "N:text", N characters, for everything of variable length; numbers stand bare. The
 * only form in columns that is not ambiguous about where a field ends; which field it is, shapes and the layout tell.
 */
#include <string.h>

#include "engine/base/num.h"
#include "probes/formats/msgserver/mail_log_priv.h"

/* Fields after the current To; more are not looked at. */
#define FIELDS_MAX 40

/* A counted field or a bare word. */
static bool next_field(struct md_str *rest, struct md_str *ret, bool *ret_is_counted, bool *ret_is_cut)
{
    struct md_str at = *rest;
    uint64_t n = 0;

    if (rest->n == 0)
        return false;
    *ret_is_counted = md_num_u64(&at, UINT32_MAX, &n) == MD_OK && md_str_skip_prefix(&at, MD_LIT(":"));
    if (*ret_is_counted) {
        if (n > at.n) {
            *ret_is_cut = true;
            n = at.n;
        }
        *ret = md_str_sub(at, 0, (size_t)n);
        at = md_str_from(at, (size_t)n);
    } else {
        ptrdiff_t blank = md_str_find_char(*rest, ' ');

        *ret = md_str_sub(*rest, 0, blank >= 0 ? (size_t)blank : rest->n);
        at = md_str_from(*rest, ret->n);
    }
    md_str_skip_prefix(&at, MD_LIT(" "));
    *rest = at;
    return true;
}

static bool has_suffix(struct md_str s, const char *suffix)
{
    return md_str_has_suffix(s, md_str(suffix));
}

/* A text that is not told by its shape: by what has been filled already, in the order of writing. */
static void put_plain(const struct md_mail_log_layout *layout, struct md_str text, struct md_mail_log_record *record)
{
    const bool is_word = md_str_find_char(text, ' ') < 0;

    if (is_word && layout->envelope_id == 1 && record->envelope_id.n == 0 && record->message_id.n == 0)
        record->envelope_id = text;
    else if (is_word && layout->system != 0 && record->action != 'E' && record->system.n == 0 &&
             record->diagnostic.n == 0 && md_str_find_char(text, '.') > 0 && md_str_find_char(text, '@') < 0)
        record->system = text; /* on its way out: the bare name of the host that took or refused it */
    else if (is_word && layout->username != 0 && record->username.n == 0 && record->system.n == 0 &&
             record->filter.n == 0 && record->diagnostic.n == 0)
        record->username = text;
    else if (is_word && layout->remote_mta == 1 && record->diagnostic.n > 0 && record->remote_mta.n == 0)
        record->remote_mta = text;
    else if (record->diagnostic.n == 0)
        record->diagnostic = text;
    else if (record->reason.n == 0 && (record->action == 'R' || record->action == 'K')) {
        record->reason = record->diagnostic;
        record->diagnostic = text;
    }
}

static void put_counted(const struct md_mail_log_layout *layout, struct md_str text, struct md_mail_log_record *record)
{
    if (text.n == 0)
        return;
    if ((text.p[0] == '/' || md_str_find(text, MD_LIT("/queue/")) >= 0) && record->file.n == 0 &&
        record->transport.n == 0)
        record->file = text;
    else if (text.p[0] == '<' && has_suffix(text, ">")) {
        if (record->message_id.n > 0)
            record->envelope_id = record->message_id;
        record->message_id = text;
    } else if (text.p[0] == '*' && record->username.n == 0)
        record->username = text;
    else if (text.p[0] == '\'' && has_suffix(text, "'"))
        record->filter = text;
    else if (md_str_has_prefix(text, MD_LIT("TCP|")))
        record->transport = text;
    else if (record->transport.n > 0 && record->application.n == 0)
        record->application = text;
    else if (has_suffix(text, "])") && record->system.n == 0 && record->diagnostic.n == 0 &&
             md_str_find(text, MD_LIT("dns;")) < 0)
        record->system = text;
    else if (md_str_has_prefix(text, MD_LIT("dns;")) && record->diagnostic.n > 0 && md_str_find_char(text, ' ') < 0)
        record->remote_mta = text;
    else
        put_plain(layout, text, record);
}

void md_mail_log_counted(const struct md_mail_log_layout *layout, struct md_str rest, struct md_mail_log_record *record)
{
    struct md_str field = {0};
    bool is_counted = false;
    uint64_t number;

    if (next_field(&rest, &record->from, &is_counted, &record->is_cut))
        record->from = md_mail_log_bare_address(record->from);
    if (next_field(&rest, &record->original_to, &is_counted, &record->is_cut))
        record->original_to = md_mail_log_bare_address(record->original_to);
    if (next_field(&rest, &record->to, &is_counted, &record->is_cut))
        record->to = md_mail_log_bare_address(record->to);
    for (size_t i = 0; i < FIELDS_MAX && next_field(&rest, &field, &is_counted, &record->is_cut); i++) {
        if (is_counted)
            put_counted(layout, field, record);
        else if (md_num_all_u64(field, INT32_MAX, &number) == MD_OK) {
            if (i == 0 && layout->notary != 0)
                record->notary = (int32_t)number;
            else if (rest.n == 0)
                record->queue_time_s = (int64_t)number;
            else if (layout->sensitivity == 1 && record->sensitivity < 0)
                record->sensitivity = (int32_t)number;
            else
                record->priority = field;
        } else if (field.n > 0)
            record->priority = field;
    }
}
