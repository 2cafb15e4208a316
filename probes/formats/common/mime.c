#include "probes/formats/common/mime.h"

#include "probes/formats/common/markup.h"
#include "probes/formats/common/transfer.h"

#define FIELDS_LOOK 200 /* lines of a header that are looked at */
#define NAME_MAX_BYTES 120
#define LINE_MAX_HEADER 998

struct header {
    struct md_str type, encoding, disposition; /* unfolded values */
};

struct reading {
    struct md_arena *arena;
    struct md_mime_part *parts;
    size_t n, capacity;
    bool is_cut;
};

static bool is_field_name(struct md_str name)
{
    for (size_t i = 0; i < name.n; i++)
        if (!md_is_alnum(name.p[i]) && name.p[i] != '-')
            return false;
    return name.n > 0 && name.n < 60;
}

static void skip_from_line(struct md_str *text)
{
    struct md_str line, rest = *text;

    if (md_str_has_prefix(rest, MD_LIT("From ")) && md_str_next_line(&rest, &line))
        *text = rest;
}

bool md_mime_is_message(struct md_str head)
{
    static const char *const names[] = {"received",    "from",         "to",       "subject",     "date",
                                        "message-id",  "sender",       "cc",       "x-mailer",    "mime-version",
                                        "return-path", "content-type", "reply-to", "delivered-to"};
    struct md_str line;
    unsigned seen = 0, n_seen = 0;

    skip_from_line(&head);
    for (size_t i = 0; i < FIELDS_LOOK && md_str_next_line(&head, &line); i++) {
        ptrdiff_t colon = md_str_find_char(line, ':');

        if (line.n == 0)
            break;
        if (line.n > LINE_MAX_HEADER)
            return false;
        if (i > 0 && (*line.p == ' ' || *line.p == '\t'))
            continue;
        if (colon <= 0 || !is_field_name(md_str_sub(line, 0, (size_t)colon)))
            return false;
        for (size_t k = 0; k < sizeof names / sizeof *names; k++)
            if ((seen & 1U << k) == 0 && md_str_is_nocase(md_str_sub(line, 0, (size_t)colon), names[k])) {
                seen |= 1U << k;
                n_seen++;
            }
    }
    return n_seen >= 3;
}

/* Takes the header off the text. */
static void read_header(struct md_arena *arena, struct md_str *text, struct header *ret)
{
    struct md_str line;

    *ret = (struct header){.type = {"", 0}, .encoding = {"", 0}, .disposition = {"", 0}};
    skip_from_line(text);
    while (md_str_next_line(text, &line) && line.n > 0) {
        ptrdiff_t colon = md_str_find_char(line, ':');
        struct md_str name, *into;

        if (colon <= 0)
            continue;
        name = md_str_sub(line, 0, (size_t)colon);
        into = md_str_is_nocase(name, "content-type")                ? &ret->type
               : md_str_is_nocase(name, "content-transfer-encoding") ? &ret->encoding
               : md_str_is_nocase(name, "content-disposition")       ? &ret->disposition
                                                                     : NULL;
        line = md_str_trim(md_str_from(line, (size_t)colon + 1));
        /* folded */
        while (into != NULL && text->n > 0 && (*text->p == ' ' || *text->p == '\t') && line.n < LINE_MAX_HEADER) {
            struct md_str more;

            (void)md_str_next_line(text, &more);
            more = md_str_trim(more);
            line = md_str(md_arena_printf(arena, "%.*s %.*s", MD_STR_ARG(line), MD_STR_ARG(more)));
        }
        if (into != NULL)
            *into = line;
    }
}

/* The value of "; name=value" or `; name="value"`; empty: there is none. *ret_is_coded: "name*=", also "name*0=" ... of which the first counts. */
static struct md_str parameter(struct md_str field, const char *name, bool *ret_is_coded)
{
    const size_t n = md_str(name).n;

    *ret_is_coded = false;
    for (ptrdiff_t at; (at = md_str_find_char(field, ';')) >= 0;) {
        struct md_str value;

        field = md_str_trim(md_str_from(field, (size_t)at + 1));
        if (!md_str_has_prefix_nocase(field, md_str(name)))
            continue;
        value = md_str_from(field, n);
        while (value.n > 0 && (*value.p == '*' || md_is_digit(*value.p))) {
            *ret_is_coded |= *value.p == '*';
            value = md_str_from(value, 1);
        }
        value = md_str_trim(value);
        if (!md_str_skip_prefix(&value, MD_LIT("=")))
            continue;
        value = md_str_trim(value);
        if (md_str_skip_prefix(&value, MD_LIT("\""))) {
            at = md_str_find_char(value, '"');
            return at < 0 ? value : md_str_sub(value, 0, (size_t)at);
        }
        at = md_str_find_char(value, ';');
        return md_str_trim(at < 0 ? value : md_str_sub(value, 0, (size_t)at));
    }
    return md_str("");
}

/* "=?utf-8?Q?mail=2Elog?=", one word of it, and "utf-8''mail%2Elog". */
static struct md_str decode_name(struct md_arena *arena, struct md_str name, bool is_coded)
{
    struct md_str rest = name, charset, way, text;
    ptrdiff_t at;

    if (is_coded && (at = md_str_rfind_char(name, '\'')) >= 0) {
        char *plain = md_arena_cstr(arena, md_str_from(name, (size_t)at + 1));

        for (char *p = plain; *p != '\0'; p++)
            if (*p == '%')
                *p = '=';
        return md_transfer_quoted_printable(arena, md_str(plain));
    }
    if (!md_str_skip_prefix(&rest, MD_LIT("=?")) || !md_str_split(&rest, '?', &charset) ||
        !md_str_split(&rest, '?', &way) || !md_str_split(&rest, '?', &text))
        return name;
    return md_str_is_nocase(way, "b") ? md_transfer_base64(arena, text) : md_transfer_quoted_printable(arena, text);
}

static bool is_taken(const struct reading *self, struct md_str name)
{
    for (size_t i = 0; i < self->n; i++)
        if (md_str_eq(self->parts[i].name, name))
            return true;
    return false;
}

static struct md_str name_of(struct reading *self, const struct header *header, bool is_text)
{
    bool is_coded;
    struct md_str name = parameter(header->disposition, "filename", &is_coded), base;
    char *clean;
    size_t n = 0;

    if (md_str_is_empty(name))
        name = parameter(header->type, "name", &is_coded);
    name = decode_name(self->arena, name, is_coded);
    base = name;
    for (size_t i = 0; i < name.n; i++)
        if (name.p[i] == '/' || name.p[i] == '\\')
            base = md_str_from(name, i + 1);
    clean = md_arena_alloc(self->arena, base.n + 1);
    for (size_t i = 0; i < base.n && n < NAME_MAX_BYTES; i++)
        if ((unsigned char)base.p[i] >= 0x20 && base.p[i] != 0x7f)
            clean[n++] = base.p[i];
    name = md_str_trim(md_str_n(clean, n));
    if (md_str_is_empty(name) || md_str_is(name, ".") || md_str_is(name, ".."))
        name = md_str(is_text ? "text" : "attachment");
    base = name;
    for (size_t i = 2; is_taken(self, name); i++)
        name = md_str(md_arena_printf(self->arena, "%zu-%.*s", i, MD_STR_ARG(base)));
    return name;
}

static void add_leaf(struct reading *self, const struct header *header, struct md_str body)
{
    const bool is_html = md_str_has_prefix_nocase(header->type, MD_LIT("text/html"));
    const bool is_text = header->type.n == 0 || md_str_has_prefix_nocase(header->type, MD_LIT("text/")) ||
                         md_str_has_prefix_nocase(header->type, MD_LIT("multipart/"));
    struct md_mime_part *part;
    bool is_coded;

    if (self->n >= MD_MIME_PARTS_MAX) {
        self->is_cut = true;
        return;
    }
    if (md_str_is_nocase(header->encoding, "base64"))
        body = md_transfer_base64(self->arena, body);
    else if (md_str_is_nocase(header->encoding, "quoted-printable"))
        body = md_transfer_quoted_printable(self->arena, body);
    if (is_html)
        body = md_markup_html(self->arena, body);
    else if (is_text && md_str_is_nocase(parameter(header->type, "format", &is_coded), "flowed"))
        body =
            md_transfer_flowed(self->arena, body, md_str_is_nocase(parameter(header->type, "delsp", &is_coded), "yes"));
    if (md_str_is_empty(md_str_trim(body)))
        return;
    part = md_arena_push(self->arena, &self->parts, &self->n, &self->capacity, sizeof *part);
    self->n--; /* it has no name yet */
    part->name = name_of(self, header, is_text);
    part->bytes = body;
    self->n++;
}

/* The text up to the next line with the boundary, taken off with that line; *ret_is_last: it was the last one. */
static struct md_str up_to_boundary(struct md_str *text, struct md_str boundary, bool *ret_is_last)
{
    const char *const start = text->p;
    struct md_str line;

    *ret_is_last = true;
    while (text->n > 0) {
        const char *const at = text->p;

        (void)md_str_next_line(text, &line);
        if (!md_str_skip_prefix(&line, MD_LIT("--")) || !md_str_skip_prefix(&line, boundary))
            continue;
        line = md_str_trim(line);
        if (!md_str_is(line, "") && !md_str_is(line, "--"))
            continue;
        *ret_is_last = md_str_is(line, "--");
        return md_str_n(start, (size_t)(at - start));
    }
    return md_str_n(start, (size_t)(text->p - start));
}

/* Whether one of the parts is plain text. */
static bool has_plain(struct md_arena *arena, struct md_str body, struct md_str boundary)
{
    bool is_last = false;

    (void)up_to_boundary(&body, boundary, &is_last);
    while (!is_last) {
        struct md_str part = up_to_boundary(&body, boundary, &is_last);
        struct header header;

        read_header(arena, &part, &header);
        if (md_str_has_prefix_nocase(header.type, MD_LIT("text/plain")))
            return true;
    }
    return false;
}

static void read_entity(struct reading *self, struct md_str text, int depth)
{
    struct header header;
    struct md_str boundary;
    bool is_coded, is_last = false, skips_html;

    read_header(self->arena, &text, &header);
    boundary = parameter(header.type, "boundary", &is_coded);
    if (depth >= MD_MIME_DEPTH_MAX)
        self->is_cut = true;
    else if (md_str_has_prefix_nocase(header.type, MD_LIT("message/rfc822")) && header.encoding.n < 7)
        read_entity(self, text, depth + 1); /* 7bit, 8bit; it may not be coded itself */
    else if (!md_str_has_prefix_nocase(header.type, MD_LIT("multipart/")) || boundary.n == 0)
        add_leaf(self, &header, text);
    else {
        skips_html = md_str_has_prefix_nocase(header.type, MD_LIT("multipart/alternative")) &&
                     has_plain(self->arena, text, boundary);
        (void)up_to_boundary(&text, boundary, &is_last);
        while (!is_last && self->n < MD_MIME_PARTS_MAX) {
            struct md_str part = up_to_boundary(&text, boundary, &is_last), rest = part;
            struct header own;

            read_header(self->arena, &rest, &own);
            if (!skips_html || !md_str_has_prefix_nocase(own.type, MD_LIT("text/html")))
                read_entity(self, part, depth + 1);
        }
        self->is_cut |= !is_last && self->n >= MD_MIME_PARTS_MAX && text.n > 0;
    }
}

size_t md_mime_parts(struct md_arena *arena, struct md_str message, const struct md_mime_part **ret, bool *ret_is_cut)
{
    struct reading self = {.arena = arena};

    read_entity(&self, message, 0);
    *ret = self.parts;
    *ret_is_cut = self.is_cut;
    return self.n;
}
