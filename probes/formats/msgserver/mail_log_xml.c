#include <string.h>

#include "engine/base/num.h"
#include "probes/formats/msgserver/mail_log_priv.h"

/* Attributes of one element; more are not looked at. */
#define ATTRIBUTES_MAX 100

/* One entity at the front of *rest (which starts with '&'); its bytes go to `out` (room for 4). Returns how many, 0
 * where it is none. */
static size_t read_entity(struct md_str *rest, char *out)
{
    static const struct {
        const char *name;
        char is;
    } named[] = {{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&apos;", '\''}};
    struct md_str number;
    uint64_t code;
    enum md_status status;

    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (md_str_skip_prefix(rest, md_str(named[i].name))) {
            *out = named[i].is;
            return 1;
        }
    number = *rest;
    if (!md_str_skip_prefix(&number, MD_LIT("&#")))
        return 0;
    if (md_str_skip_prefix(&number, MD_LIT("x")))
        status = md_num_hex(&number, 0x10ffff, &code);
    else
        status = md_num_u64(&number, 0x10ffff, &code);
    if (status != MD_OK || !md_str_skip_prefix(&number, MD_LIT(";")))
        return 0;
    *rest = number;
    return md_mail_log_put_utf8(code, out);
}

static struct md_str unescape(struct md_mail_log_parser *parser, struct md_str value)
{
    char *out, *p;

    if (md_str_find_char(value, '&') < 0)
        return value;
    /* An entity is longer than what it stands for, so the result is never longer than the text. */
    p = out = md_mail_log_scratch(parser, value.n + 4);
    if (out == NULL)
        return value;
    while (value.n > 0) {
        size_t n = value.p[0] == '&' ? read_entity(&value, p) : 0;

        if (n == 0) {
            *p++ = value.p[0];
            value = md_str_from(value, 1);
        } else
            p += n;
    }
    return md_str_n(out, (size_t)(p - out));
}

static struct md_str skip_blanks(struct md_str s)
{
    while (s.n > 0 && md_is_space(s.p[0]))
        s = md_str_from(s, 1);
    return s;
}

enum md_status md_mail_log_xml(struct md_mail_log_parser *parser, struct md_str line, struct md_mail_log_record *record)
{
    const struct md_str element = md_str_sub(line, 1, 2);
    const bool is_connection = md_str_is(element, "co"), is_header = md_str_is(element, "he");
    struct md_str rest = md_str_from(line, 3);
    bool has_time = false;

    if (line.n < 5 || (!is_connection && !is_header && !md_str_is(element, "en")) || !md_is_space(rest.p[0]))
        return MD_NOT_FOUND; /* a declaration, a comment, the element around all */
    record->form = MD_MAIL_LOG_XML;
    for (size_t n = 0; n < ATTRIBUTES_MAX; n++) {
        struct md_str name, value;
        ptrdiff_t end;
        char quote;

        rest = skip_blanks(rest);
        end = md_str_find_char(rest, '=');
        if (rest.n == 0 || rest.p[0] == '/' || rest.p[0] == '>' || end < 0)
            break;
        name = md_str_trim(md_str_sub(rest, 0, (size_t)end));
        rest = skip_blanks(md_str_from(rest, (size_t)end + 1));
        if (rest.n == 0 || (rest.p[0] != '"' && rest.p[0] != '\'')) {
            record->is_cut = true;
            break;
        }
        quote = rest.p[0];
        rest = md_str_from(rest, 1);
        end = md_str_find_char(rest, quote);
        if (end < 0) {
            record->is_cut = true;
            end = (ptrdiff_t)rest.n;
        }
        value = unescape(parser, md_str_sub(rest, 0, (size_t)end));
        rest = md_str_from(rest, (size_t)end + 1);
        if (md_str_is(name, "ts"))
            has_time = md_mail_log_iso_time(parser, value, &record->local_at) == MD_OK;
        else
            md_mail_log_set(record, name, value);
    }
    return md_mail_log_finish(record, is_connection, is_header, has_time);
}
