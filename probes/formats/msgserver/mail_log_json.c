/*
 * The JSON forms: one object a line whose keys are the two-letter names, at the top or in an object inside it that may
 * be called by the element ("en", "co", "he"). Read by hand, because a log of gigabytes must not cost an allocation per
 * value.
 */
#include <string.h>

#include "engine/base/num.h"
#include "probes/formats/msgserver/mail_log_priv.h"

#define DEPTH_MAX 4

struct reader {
    struct md_mail_log_parser *parser;
    struct md_mail_log_record *record;
    struct md_str rest;
    bool is_connection, is_header, has_time;
};

static void skip_blanks(struct reader *in)
{
    while (in->rest.n > 0 && md_is_space(in->rest.p[0]))
        in->rest = md_str_from(in->rest, 1);
}

static bool take(struct reader *in, char c)
{
    skip_blanks(in);
    if (in->rest.n == 0 || in->rest.p[0] != c)
        return false;
    in->rest = md_str_from(in->rest, 1);
    return true;
}

static struct md_str unescape(struct md_mail_log_parser *parser, struct md_str value)
{
    static const char from[] = "nrtbf", to[] = "\n\r\t\b\f";
    char *out, *p;

    if (md_str_find_char(value, '\\') < 0)
        return value;
    p = out = md_mail_log_scratch(parser, value.n);
    if (out == NULL)
        return value;
    while (value.n > 0) {
        const char *special;
        struct md_str hex = md_str_sub(value, 2, 4);
        uint64_t code;

        if (value.p[0] != '\\' || value.n < 2) {
            *p++ = value.p[0];
            value = md_str_from(value, 1);
        } else if (value.p[1] == 'u' && hex.n == 4 && md_num_hex(&hex, 0xffff, &code) == MD_OK && hex.n == 0) {
            p += md_mail_log_put_utf8(code, p); /* halves of a surrogate pair stay apart, as invalid bytes */
            value = md_str_from(value, 6);
        } else {
            special = value.p[1] != '\0' ? strchr(from, value.p[1]) : NULL;
            *p++ = special != NULL ? to[special - from] : value.p[1];
            value = md_str_from(value, 2);
        }
    }
    return md_str_n(out, (size_t)(p - out));
}

/* Behind the opening quote, up to behind the closing one. */
static struct md_str read_string(struct reader *in)
{
    size_t i = 0;
    struct md_str raw;

    while (i < in->rest.n && in->rest.p[i] != '"')
        i += in->rest.p[i] == '\\' ? 2 : 1;
    if (i >= in->rest.n) {
        in->record->is_cut = true;
        i = in->rest.n;
    }
    raw = md_str_sub(in->rest, 0, i);
    in->rest = md_str_from(in->rest, i + 1);
    return raw;
}

/* Skips an array with all in it. */
static void skip_array(struct reader *in)
{
    size_t depth = 1;

    while (in->rest.n > 0 && depth > 0) {
        char c = in->rest.p[0];

        in->rest = md_str_from(in->rest, 1);
        if (c == '"')
            (void)read_string(in);
        else if (c == '[' || c == '{')
            depth++;
        else if (c == ']' || c == '}')
            depth--;
    }
}

static bool read_object(struct reader *in, unsigned depth);

static bool read_member(struct reader *in, unsigned depth)
{
    struct md_str name, value;
    size_t i = 0;

    if (!take(in, '"'))
        return false;
    name = read_string(in);
    if (!take(in, ':'))
        return false;
    if (take(in, '{')) {
        in->is_connection = in->is_connection || md_str_is(name, "co");
        in->is_header = in->is_header || md_str_is(name, "he");
        return depth < DEPTH_MAX && read_object(in, depth + 1);
    }
    if (take(in, '[')) {
        skip_array(in);
        return true;
    }
    if (take(in, '"'))
        value = unescape(in->parser, read_string(in));
    else {
        while (i < in->rest.n && in->rest.p[i] != ',' && in->rest.p[i] != '}' && !md_is_space(in->rest.p[i]))
            i++;
        value = md_str_sub(in->rest, 0, i);
        in->rest = md_str_from(in->rest, i);
        if (value.n == 0 || md_str_is(value, "null"))
            return value.n > 0;
    }
    if (md_str_is(name, "ts"))
        in->has_time = md_mail_log_iso_time(in->parser, value, &in->record->local_at) == MD_OK;
    else if (md_str_is(value, "co") || md_str_is(value, "he")) {
        /* An element name as a value tells the kind, whatever its key is called. */
        in->is_connection = in->is_connection || value.p[0] == 'c';
        in->is_header = in->is_header || value.p[0] == 'h';
    } else
        md_mail_log_set(in->record, name, value);
    return true;
}

static bool read_object(struct reader *in, unsigned depth)
{
    if (take(in, '}'))
        return true;
    do {
        if (!read_member(in, depth))
            return false;
    } while (take(in, ','));
    return take(in, '}');
}

enum md_status md_mail_log_json(struct md_mail_log_parser *parser, struct md_str line,
                                struct md_mail_log_record *record)
{
    struct reader in = {.parser = parser, .record = record, .rest = line};

    record->form = MD_MAIL_LOG_JSON;
    if (!take(&in, '{'))
        return MD_NOT_FOUND;
    if (!read_object(&in, 0)) {
        /* What was read before the place where it broke is good if it holds the essential fields. */
        record->is_cut = true;
    }
    return md_mail_log_finish(record, in.is_connection, in.is_header, in.has_time);
}
