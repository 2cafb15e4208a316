/*
 * Lines that are hidden as a whole: in which names cannot be told. Of a log of mail these are the lines that are no entries (bytes of a
 * damaged archive, the rest of a line that was cut in front): no diagnosis reads them, and their scraps of names are none that any scan
 * would know. In other texts they are the lines in which the leak scan found what was to be hidden.
 */
#include <string.h>

#include "probes/bundle/redact_priv.h"
#include "probes/source/stream.h"

#define PARSED_MAX ((size_t)65536)
#define HIDDEN_MAX 100000 /* of the lines with leaks */

/* Blank lines, and of XML and JSON what is no entry. */
static bool is_frame(struct md_str line)
{
    line = md_str_trim(line);
    return line.n == 0 || line.p[0] == '<' || line.p[0] == '{' || (line.n <= 2 && strchr("}],", line.p[0]) != NULL);
}

bool md_redact_is_scrap(struct md_redactor *self, const struct md_redact_text *text, struct md_str line)
{
    struct md_mail_log_record record;
    struct md_str cleaned;

    if ((text->kind != MD_ITEM_MAIL_LOG && text->kind != MD_ITEM_CONNECTION_LOG) || text->in_key || is_frame(line))
        return false;
    line = md_str_sub(line, 0, line.n < PARSED_MAX ? line.n : PARSED_MAX);
    if (md_mail_log_parse(&self->log_parser, line, &record) == MD_OK)
        return false;
    /* as it was pasted */
    memcpy(self->cleaned, line.p, line.n);
    cleaned = md_str_n(self->cleaned, md_clean_line(self->cleaned, line.n,
                                                    (unsigned)MD_CLEAN_QUOTES | (unsigned)MD_CLEAN_CONTROLS |
                                                        (unsigned)MD_CLEAN_NUMBERS));
    return !is_frame(cleaned) && md_mail_log_parse(&self->log_parser, cleaned, &record) != MD_OK;
}

void md_redact_hide_init(struct md_redactor *self)
{
    md_mail_log_parser_init(&self->log_parser, NULL, self->arena);
    self->cleaned = md_arena_alloc(self->arena, PARSED_MAX);
    self->hidden = md_map_new(self->arena);
}

/* The end of a line counts for none of it. */
static uint64_t hash_of(struct md_str line)
{
    while (line.n > 0 && line.p[line.n - 1] == '\r')
        line.n--;
    return md_str_hash(line);
}

void md_redact_hide_line(struct md_redactor *self, struct md_buf *out, size_t n)
{
    self->counts[MD_REDACT_LINE]++;
    md_buf_printf(out, "(%zu bytes left out)", n);
}

bool md_redact_is_hidden(const struct md_redactor *self, const struct md_redact_text *text, struct md_str line)
{
    return md_map_count(self->hidden) > 0 && text->kind != MD_ITEM_FACTS &&
           md_map_find(self->hidden, hash_of(line), md_str("")) != NULL;
}

void md_redact_note_leak(struct md_redactor *self, struct md_str line)
{
    if (md_map_count(self->hidden) < HIDDEN_MAX)
        md_map_set(self->hidden, hash_of(line), md_str(""), self);
}

uint64_t md_redactor_hidden_lines(const struct md_redactor *redactor)
{
    return redactor->counts[MD_REDACT_LINE];
}

void md_redactor_write_again(struct md_redactor *redactor)
{
    memset(redactor->counts, 0, sizeof redactor->counts);
}
