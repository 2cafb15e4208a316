/*
 * Queue files: envelope, header and attempt history matter; the message itself never does and is left out, and of the
 * header all but what says where a message came from.
 */
#include <string.h>

#include "probes/bundle/redact_priv.h"

static bool is_boundary(struct md_str line)
{
    return md_str_has_prefix(line, MD_LIT("Boundary_(ID_")) || md_str_is(line, "\001\001") ||
           md_str_is(line, "\001\001\001\001\001");
}

static bool is_kept_header(struct md_str name)
{
    static const char *const names[] = {
        "received",    "date",        "message-id", "from",           "to",         "cc",           "sender",
        "reply-to",    "return-path", "subject",    "auto-submitted", "precedence", "mime-version", "content-type",
        "resent-from", "resent-to",   "errors-to"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (md_str_is_nocase(name, names[i]))
            return true;
    return false;
}

enum md_redact_fate md_redact_queue_line(struct md_redact_text *text, struct md_str line)
{
    ptrdiff_t colon;

    switch (text->phase) {
    case MD_QUEUE_ENVELOPE:
        if (is_boundary(line))
            text->phase = MD_QUEUE_HEADER;
        return MD_FATE_REDACT;
    case MD_QUEUE_HEADER:
        if (line.n == 0) {
            text->phase = MD_QUEUE_BODY;
            return MD_FATE_REDACT;
        }
        if (is_boundary(line)) {
            text->phase = MD_QUEUE_HISTORY;
            return MD_FATE_REDACT;
        }
        if (md_is_space(line.p[0]))
            return text->is_left_out ? MD_FATE_DROP : MD_FATE_REDACT;
        colon = md_str_find_char(line, ':');
        text->is_left_out = colon <= 0 || !is_kept_header(md_str_trim(md_str_sub(line, 0, (size_t)colon)));
        return text->is_left_out ? MD_FATE_DROP : MD_FATE_REDACT;
    case MD_QUEUE_BODY:
        if (!is_boundary(line))
            return MD_FATE_DROP;
        text->phase = MD_QUEUE_HISTORY;
        return MD_FATE_REDACT;
    case MD_QUEUE_HISTORY: break;
    }
    return MD_FATE_REDACT;
}

/* "u;JDOE", "f;bob" */
void md_redact_mark_envelope(struct md_redact_line *line)
{
    struct md_str text = line->line;

    if (line->text->phase != MD_QUEUE_ENVELOPE || text.n < 3 || text.p[1] != ';' ||
        strchr("ufmjo", text.p[0]) == NULL || md_str_find_char(text, '@') >= 0 || md_str_find_char(text, ' ') >= 0 ||
        md_str_find_char(md_str_from(text, 2), ';') >= 0 || md_str_is_nocase(md_str_from(text, 2), "rfc822"))
        return;
    md_redact_mark(line, 2, text.n, MD_MARK_USER);
}
