#include "probes/formats/common/markup.h"

#include "engine/base/num.h"
#include "engine/base/status.h"
#include "engine/base/utf8.h"

#define GROUPS_MAX 64

/* ---- HTML ---- */

bool md_markup_is_html(struct md_str head)
{
    static const char *const starts[] = {"<!doctype html", "<html", "<head",  "<body", "<pre",
                                         "<meta",          "<div",  "<table", "<p>"};

    (void)md_str_skip_prefix(&head, MD_LIT("\xef\xbb\xbf"));
    head = md_str_trim(head);
    if (md_str_has_prefix_nocase(head, MD_LIT("<?xml")) || md_str_has_prefix_nocase(head, MD_LIT("<!--")))
        return md_str_find_nocase(head, MD_LIT("<html")) >= 0;
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (md_str_has_prefix_nocase(head, md_str(starts[i])))
            return true;
    return false;
}

struct html {
    char *out;
    size_t n;
    bool is_pre; /* blanks and ends of lines count */
};

static void put_blank(struct html *self)
{
    if (self->n > 0 && self->out[self->n - 1] != ' ' && self->out[self->n - 1] != '\n')
        self->out[self->n++] = ' ';
}

static void end_line(struct html *self, bool is_forced)
{
    while (!self->is_pre && self->n > 0 && self->out[self->n - 1] == ' ')
        self->n--;
    if (is_forced || (self->n > 0 && self->out[self->n - 1] != '\n'))
        self->out[self->n++] = '\n';
}

/* "&lt;", "&#62;", "&#x3e;": written out; returns its length, 0 where it is none. */
static size_t entity(struct html *self, struct md_str text)
{
    static const struct {
        const char *name;
        char c;
    } names[] = {{"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}, {"nbsp", ' '}};
    ptrdiff_t end = md_str_find_char(md_str_sub(text, 0, 12), ';');
    struct md_str name;
    uint64_t code = 0;

    if (end < 2)
        return 0;
    name = md_str_sub(text, 1, (size_t)end - 1);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (md_str_is_nocase(name, names[i].name)) {
            self->out[self->n++] = names[i].c;
            return (size_t)end + 1;
        }
    if (!md_str_skip_prefix(&name, MD_LIT("#")))
        return 0;
    if (md_str_has_prefix_nocase(name, MD_LIT("x"))) {
        for (size_t i = 1; i < name.n && i < 7; i++) {
            const char c = md_lower(name.p[i]);

            if (!md_is_digit(c) && (c < 'a' || c > 'f'))
                return 0;
            code = code * 16 + (uint64_t)(md_is_digit(c) ? c - '0' : c - 'a' + 10);
        }
    } else if (md_num_all_u64(name, 0x10ffff, &code) != MD_OK) {
        return 0;
    }
    self->n += md_utf8_put(self->out + self->n, (uint32_t)code);
    return (size_t)end + 1;
}

static bool is_tag(struct md_str tag, const char *name)
{
    return md_str_is_nocase(tag, name);
}

static void take_tag(struct html *self, struct md_str tag)
{
    static const char *const blocks[] = {"p",  "div", "tr", "li", "ul", "ol",    "table", "h1",   "h2",
                                         "h3", "h4",  "dt", "dd", "hr", "tbody", "body",  "head", "title"};
    const bool is_end = md_str_skip_prefix(&tag, MD_LIT("/"));
    size_t n = 0;

    while (n < tag.n && md_is_alnum(tag.p[n]))
        n++;
    tag.n = n;
    if (is_tag(tag, "pre") || is_tag(tag, "textarea") || is_tag(tag, "xmp")) {
        end_line(self, false);
        self->is_pre = !is_end;
    } else if (is_tag(tag, "br")) {
        end_line(self, true);
    } else if (is_tag(tag, "td") || is_tag(tag, "th")) {
        put_blank(self);
    } else {
        for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
            if (is_tag(tag, blocks[i]))
                end_line(self, false);
    }
}

/* Length of what stands at a "<": a comment, a style or script with all in it, or a tag. */
static size_t skip_markup(struct html *self, struct md_str text)
{
    static const char *const hidden[] = {"style", "script"};
    ptrdiff_t end;

    if (md_str_has_prefix(text, MD_LIT("<!--"))) {
        end = md_str_find(text, MD_LIT("-->"));
        return end < 0 ? text.n : (size_t)end + 3;
    }
    for (size_t i = 0; i < 2; i++) {
        const size_t n = md_str(hidden[i]).n;

        if (!md_str_has_prefix_nocase(md_str_from(text, 1), md_str(hidden[i])) || text.n <= n + 1 ||
            md_is_alnum(text.p[n + 1]))
            continue;
        end = md_str_find_nocase(text, i == 0 ? MD_LIT("</style") : MD_LIT("</script"));
        text = end < 0 ? text : md_str_sub(text, 0, (size_t)end);
        return text.n;
    }
    end = md_str_find_char(text, '>');
    if (end < 0)
        return text.n;
    take_tag(self, md_str_sub(text, 1, (size_t)end - 1));
    return (size_t)end + 1;
}

struct md_str md_markup_html(struct md_arena *arena, struct md_str text)
{
    struct html self = {.out = md_arena_alloc(arena, text.n + 8)};

    while (text.n > 0) {
        const char c = *text.p;
        size_t taken = 1;

        /* "<" of an address in plain text that was saved as a page is no tag */
        if (c == '<' && text.n > 1 &&
            (md_is_alpha(text.p[1]) || text.p[1] == '/' || text.p[1] == '!' || text.p[1] == '?'))
            taken = skip_markup(&self, text);
        else if (c == '&' && (taken = entity(&self, text)) == 0)
            self.out[self.n++] = text.p[(taken = 1) - 1];
        else if (c == '&')
            ;
        else if (!self.is_pre && (c == ' ' || c == '\t' || c == '\r' || c == '\n'))
            put_blank(&self);
        else if (c != '\r')
            self.out[self.n++] = c;
        text = md_str_from(text, taken);
    }
    return md_str_n(self.out, self.n);
}

/* ---- RTF ---- */

bool md_markup_is_rtf(struct md_str head)
{
    return md_str_has_prefix(head, MD_LIT("{\\rtf"));
}

struct rtf {
    char *out;
    size_t n;
    bool is_hidden[GROUPS_MAX]; /* by group: fonts, colours, pictures, the author */
    size_t depth;               /* may be more than GROUPS_MAX */
};

static bool is_hidden(const struct rtf *self)
{
    return self->is_hidden[self->depth < GROUPS_MAX ? self->depth : GROUPS_MAX - 1];
}

static void put(struct rtf *self, char c)
{
    if (!is_hidden(self))
        self->out[self->n++] = c;
}

static int nibble(char c)
{
    c = md_lower(c);
    return md_is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* What follows a backslash; returns its length. */
static size_t control(struct rtf *self, struct md_str text)
{
    static const char *const hidden[] = {"fonttbl", "colortbl", "stylesheet", "info",
                                         "pict",    "header",   "footer",     "listtable"};
    struct md_str word;
    size_t n = 0, end;

    if (text.n == 0)
        return 0;
    if (*text.p == '\'') {
        if (text.n < 3 || nibble(text.p[1]) < 0 || nibble(text.p[2]) < 0)
            return 1;
        put(self, (char)(nibble(text.p[1]) * 16 + nibble(text.p[2])));
        return 3;
    }
    if (!md_is_alpha(*text.p)) {
        if (*text.p == '*' && self->depth < GROUPS_MAX)
            self->is_hidden[self->depth] = true;
        else if (*text.p == '\n' || *text.p == '\r')
            put(self, '\n');
        else if (*text.p == '~' || *text.p == '_')
            put(self, *text.p == '~' ? ' ' : '-');
        else if (*text.p != '-')
            put(self, *text.p);
        return 1;
    }
    while (n < text.n && md_is_alpha(text.p[n]))
        n++;
    word = md_str_sub(text, 0, n);
    end = n;
    if (end < text.n && text.p[end] == '-')
        end++;
    while (end < text.n && md_is_digit(text.p[end]))
        end++;
    end += end < text.n && text.p[end] == ' ';
    if (md_str_is(word, "par") || md_str_is(word, "line") || md_str_is(word, "row"))
        put(self, '\n');
    else if (md_str_is(word, "tab") || md_str_is(word, "cell"))
        put(self, '\t');
    else if (md_str_is(word, "endash") || md_str_is(word, "emdash"))
        put(self, '-');
    else if (md_str_is(word, "lquote") || md_str_is(word, "rquote"))
        put(self, '\'');
    else if (md_str_is(word, "ldblquote") || md_str_is(word, "rdblquote"))
        put(self, '"');
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden && self->depth < GROUPS_MAX; i++)
        if (md_str_is(word, hidden[i]))
            self->is_hidden[self->depth] = true;
    return end;
}

struct md_str md_markup_rtf(struct md_arena *arena, struct md_str text)
{
    struct rtf self = {.out = md_arena_alloc(arena, text.n + 1)};

    while (text.n > 0) {
        const char c = *text.p;

        text = md_str_from(text, 1);
        if (c == '{') {
            const bool hides = is_hidden(&self);

            if (++self.depth < GROUPS_MAX)
                self.is_hidden[self.depth] = hides;
        } else if (c == '}') {
            self.depth -= self.depth > 0;
        } else if (c == '\\') {
            text = md_str_from(text, control(&self, text));
        } else if (c != '\r' && c != '\n') {
            put(&self, c);
        }
    }
    return md_str_n(self.out, self.n);
}
