#include <string.h>

#include "engine/base/num.h"
#include "probes/bundle/recognise.h"
#include "probes/bundle/redact_priv.h"
#include "probes/source/typography.h"
#include "probes/source/item_name.h"

struct md_redaction {
    struct md_redactor *redactor;
    struct md_redact_text text;
    struct md_buf line; /* without its end so far */
};

/* ---- the redactor ---- */

struct md_redactor *md_redactor_new(struct md_arena *arena, enum md_redact_policy policy, const unsigned char key[32])
{
    struct md_redactor *self = md_arena_alloc(arena, sizeof *self);
    char pad[64];

    self->arena = arena;
    self->policy = policy;
    self->names = md_map_new(arena);
    self->pseudonyms = md_map_new(arena);
    self->words = md_map_new(arena);
    md_sha256_init(&self->inner);
    md_sha256_init(&self->outer);
    for (size_t i = 0; i < sizeof pad; i++)
        pad[i] = (char)((i < 32 ? key[i] : 0) ^ 0x36);
    md_sha256_add(&self->inner, md_str_n(pad, sizeof pad));
    for (size_t i = 0; i < sizeof pad; i++)
        pad[i] = (char)((i < 32 ? key[i] : 0) ^ 0x5c);
    md_sha256_add(&self->outer, md_str_n(pad, sizeof pad));
    md_redact_words_load(self);
    md_redact_needles(self);
    md_redact_hide_init(self);
    return self;
}

void md_redactor_keep(struct md_redactor *redactor, struct md_str name)
{
    if (md_str_skip_prefix(&name, MD_LIT(".")))
        md_redact_note(redactor, MD_REDACT_KEPT_DOMAIN, name);
    else
        md_redact_note(redactor, MD_REDACT_KEPT, name);
}

const char *md_redactor_class(size_t class)
{
    static const char *const names[] = {
#define MD_REDACT_CLASS(id, name) name,
#include "probes/bundle/redact_class.def"
#undef MD_REDACT_CLASS
    };

    return class < sizeof names / sizeof *names ? names[class] : NULL;
}

uint64_t md_redactor_count(const struct md_redactor *redactor, size_t class)
{
    return class < MD_REDACT_CLASS_COUNT ? redactor->counts[class] : 0;
}

bool md_redactor_map(const struct md_redactor *redactor,
                     bool (*each)(void *ctx, const char *class, struct md_str original, struct md_str pseudonym),
                     void *ctx)
{
    for (size_t i = 0; i < redactor->n_list; i++) {
        const struct md_redact_name *name = redactor->list[i];

        if (!each(ctx, md_redactor_class((size_t)name->class), name->original, name->pseudonym))
            return false;
    }
    return true;
}

/* ---- lines ---- */

static void text_begin(struct md_redact_text *text, enum md_item_kind kind, struct md_str name)
{
    *text = (struct md_redact_text){.kind = kind};
    text->is_xpass = md_str_find_nocase(md_item_name_base(name), MD_LIT("xpass")) == 0;
}

static void do_text(struct md_redactor *self, struct md_redact_text *text, struct md_str line, struct md_buf *out)
{
    struct md_redact_line it;

    /* the marks need no zeros */
    it.redactor = self;
    it.text = text;
    it.line = line;
    it.out = out;
    it.n_marks = 0;
    it.cut = 0;
    md_redact_mark_columns(&it);
    md_redact_mark_words(&it);
    md_redact_line_do(&it);
}

/* "24-Nov-2026 00:30:13.53 ..." */
static bool is_entry(struct md_str line)
{
    return line.n > 24 && line.p[2] == '-' && line.p[6] == '-' && line.p[11] == ' ' && line.p[14] == ':' &&
           md_is_digit(line.p[0]);
}

/* "15:amy@example.com" at the front, followed by a blank or the end. */
static bool counted_field(struct md_str text, size_t *ret_front, size_t *ret_n)
{
    struct md_str rest = text;
    uint64_t n;

    if (!md_is_digit(text.n > 0 ? text.p[0] : ' ') || md_num_u64(&rest, UINT32_MAX, &n) != MD_OK ||
        !md_str_skip_prefix(&rest, MD_LIT(":")) || n > rest.n || (n < rest.n && rest.p[n] != ' '))
        return false;
    *ret_front = text.n - rest.n;
    *ret_n = (size_t)n;
    return true;
}

/* Where the counted fields begin: two of them in a row behind a number and a blank, the size. 0: nowhere. */
static size_t counted_from(struct md_str line)
{
    for (size_t i = 26; i < line.n && i < 400; i++) {
        size_t front, n, next;

        if (line.p[i - 1] == ' ' && counted_field(md_str_from(line, i), &front, &n)) {
            next = i + front + n + 1;
            if (counted_field(md_str_from(line, next), &front, &n))
                return i;
        }
    }
    return 0;
}

/* Each field of its own, counted again. */
static void do_counted(struct md_redactor *self, struct md_redact_text *text, struct md_str line, size_t from,
                       struct md_buf *out)
{
    struct md_buf field = {0};

    do_text(self, text, md_str_sub(line, 0, from), out);
    while (from < line.n) {
        struct md_str rest = md_str_from(line, from);
        size_t front, n;

        field.n = 0;
        if (counted_field(rest, &front, &n)) {
            do_text(self, text, md_str_sub(rest, front, n), out != NULL ? &field : NULL);
            if (out != NULL) {
                md_buf_printf(out, "%zu:", field.n);
                md_buf_add(out, md_str_n(field.p, field.n));
            }
            from += front + n;
        } else {
            ptrdiff_t blank = md_str_find_char(rest, ' ');

            n = blank >= 0 ? (size_t)blank : rest.n;
            do_text(self, text, md_str_sub(rest, 0, n), out);
            from += n;
        }
        if (from < line.n && out != NULL)
            md_buf_add(out, MD_LIT(" "));
        from++;
    }
    md_buf_free(&field);
}

/* A comment of a file of configuration: what a site writes to itself. */
static bool is_comment(enum md_item_kind kind, struct md_str line)
{
    return line.n > 1 && (line.p[0] == '!' || line.p[0] == '#') &&
           ((kind >= MD_ITEM_IMTA_CNF && kind <= MD_ITEM_MSG_CONF) || kind == MD_ITEM_MTA_RULES ||
            kind == MD_ITEM_ICS_CONF || kind == MD_ITEM_RESOLV_CONF || kind == MD_ITEM_NSSWITCH_CONF ||
            kind == MD_ITEM_HOSTS_FILE);
}

static void do_line(struct md_redactor *self, struct md_redact_text *text, struct md_str line, struct md_buf *out)
{
    size_t from;

    if (text->in_key ||
        (md_str_find(line, MD_LIT("-----BEGIN ")) >= 0 && md_str_find(line, MD_LIT("PRIVATE KEY")) >= 0)) {
        const bool is_edge = md_str_find(line, MD_LIT("-----")) >= 0;
        const bool is_end = md_str_find(line, MD_LIT("-----END ")) >= 0;

        if (out != NULL && !text->in_key)
            self->counts[MD_REDACT_KEY]++;
        if (out != NULL)
            md_buf_add(out, !is_edge ? MD_LIT("(private key)")
                            : is_end ? MD_LIT("-----END PRIVATE KEY-----")
                                     : MD_LIT("-----BEGIN PRIVATE KEY-----"));
        text->in_key = !is_end;
        return;
    }
    if (self->policy == MD_REDACT_STRICT && is_comment(text->kind, line)) {
        if (out != NULL) {
            self->counts[MD_REDACT_COMMENT]++;
            md_buf_add(out, md_str_sub(line, 0, 1));
            md_buf_add(out, MD_LIT(" (comment)"));
        }
        return;
    }
    if ((text->kind == MD_ITEM_MAIL_LOG || text->kind == MD_ITEM_CONNECTION_LOG || text->kind == MD_ITEM_OTHER) &&
        is_entry(line) && (from = counted_from(line)) > 0) {
        do_counted(self, text, line, from, out);
        return;
    }
    do_text(self, text, line, out);
}

/* A line of any length: a long one in pieces up to a blank. */
static void do_long_line(struct md_redactor *self, struct md_redact_text *text, struct md_str line, struct md_buf *out)
{
    while (line.n > MD_REDACT_LINE_MAX) {
        size_t n = MD_REDACT_LINE_MAX;

        while (n > 0 && line.p[n - 1] != ' ' && line.p[n - 1] != '\t')
            n--;
        if (n == 0) { /* one word of this length says nothing */
            while (n < line.n && line.p[n] != ' ' && line.p[n] != '\t')
                n++;
            if (out != NULL)
                md_buf_printf(out, "(%zu bytes left out)", n);
        } else
            do_line(self, text, md_str_sub(line, 0, n), out);
        line = md_str_from(line, n);
    }
    do_line(self, text, line, out);
}

/* A line of an attachment in base64 or uuencode; what is coded cannot be seen. The last one is shorter than the others. */
static bool is_coded(struct md_redact_text *text, struct md_str line)
{
    bool is_uu = line.n == 61 && *line.p == 'M', is_base64 = line.n >= (text->in_code ? 4 : 60) && line.n % 4 == 0;

    for (size_t i = 0; i < line.n && (is_uu || is_base64); i++) {
        is_base64 = is_base64 && (md_is_alnum(line.p[i]) || line.p[i] == '+' || line.p[i] == '/' || line.p[i] == '=');
        is_uu = is_uu && line.p[i] >= ' ' && line.p[i] <= '`';
    }
    text->in_code = text->kind == MD_ITEM_OTHER && !text->in_key && (is_uu || is_base64);
    return text->in_code;
}

/* Its end stays as it is. */
static void do_plain_line(struct md_redactor *self, struct md_redact_text *text, struct md_str line, struct md_buf *out)
{
    const size_t from = out != NULL ? out->n : 0;
    size_t n = line.n;

    while (n > 0 && (line.p[n - 1] == '\n' || line.p[n - 1] == '\r'))
        n--;
    if (text->kind == MD_ITEM_QUEUE_FILE && md_redact_queue_line(text, md_str_sub(line, 0, n)) == MD_FATE_DROP)
        return;
    if (!is_coded(text, md_str_sub(line, 0, n)) && !md_redact_is_scrap(self, text, md_str_sub(line, 0, n))) {
        do_long_line(self, text, md_str_sub(line, 0, n), out);
        if (out != NULL && md_redact_is_hidden(self, text, md_str_n(out->p + from, out->n - from))) {
            out->n = from;
            md_redact_hide_line(self, out, n);
        }
    } else if (out != NULL)
        md_redact_hide_line(self, out, n);
    if (out != NULL)
        md_buf_add(out, md_str_from(line, n));
}

/* Blanks and quotes of mailers and word processors stick to names and are none of their letters: they become plain ones, as where the text
 * is read. */
static void do_whole_line(struct md_redactor *self, struct md_redact_text *text, struct md_str line, struct md_buf *out)
{
    struct md_buf plain = {0};

    if (!md_typography_is(line)) {
        do_plain_line(self, text, line, out);
        return;
    }
    md_buf_add(&plain, line);
    plain.n = md_typography_plain(plain.p, plain.n);
    do_plain_line(self, text, md_str_n(plain.p, plain.n), out);
    md_buf_free(&plain);
}

/* ---- passes ---- */

void md_redactor_learn(struct md_redactor *redactor, enum md_item_kind kind, struct md_str name,
                       struct md_str whole_lines)
{
    struct md_redact_text text;
    struct md_str line;

    if (redactor->policy == MD_REDACT_NONE)
        return;
    text_begin(&text, kind, name);
    while (md_str_next_line(&whole_lines, &line))
        do_whole_line(redactor, &text, line, NULL);
}

struct md_redaction *md_redaction_new(struct md_redactor *redactor, enum md_item_kind kind, struct md_str name)
{
    struct md_redaction *self = md_xcalloc(1, sizeof *self);

    self->redactor = redactor;
    text_begin(&self->text, kind, name);
    return self;
}

void md_redaction_feed(struct md_redaction *redaction, struct md_str bytes, struct md_buf *out)
{
    ptrdiff_t end;

    if (redaction->redactor->policy == MD_REDACT_NONE) {
        md_buf_add(out, bytes);
        return;
    }
    while ((end = md_str_find_char(bytes, '\n')) >= 0) {
        struct md_str line = md_str_sub(bytes, 0, (size_t)end + 1);

        bytes = md_str_from(bytes, line.n);
        if (redaction->line.n > 0) {
            md_buf_add(&redaction->line, line);
            line = md_str_n(redaction->line.p, redaction->line.n);
            redaction->line.n = 0;
        }
        do_whole_line(redaction->redactor, &redaction->text, line, out);
    }
    md_buf_add(&redaction->line, bytes);
    /* what is said already need not wait: up to the last blank */
    if (redaction->line.n > 2 * MD_REDACT_LINE_MAX) {
        size_t n = redaction->line.n;
        struct md_str front;

        while (n > 0 && redaction->line.p[n - 1] != ' ' && redaction->line.p[n - 1] != '\t')
            n--;
        if (n == 0) { /* keeps only that there is such a word */
            redaction->line.n = MD_REDACT_LINE_MAX + 1;
            return;
        }
        front = md_str_n(redaction->line.p, n);
        do_long_line(redaction->redactor, &redaction->text, front, out);
        memmove(redaction->line.p, redaction->line.p + n, redaction->line.n - n);
        redaction->line.n -= n;
    }
}

void md_redaction_end(struct md_redaction **redaction, struct md_buf *out)
{
    struct md_redaction *self = *redaction;

    if (self->line.n > 0)
        do_whole_line(self->redactor, &self->text, md_str_n(self->line.p, self->line.n), out);
    md_buf_free(&self->line);
    free(self);
    *redaction = NULL;
}

/* ---- single texts ---- */

struct md_str md_redact_word(struct md_redactor *redactor, struct md_arena *arena, struct md_str text)
{
    struct md_redaction *redaction = md_redaction_new(redactor, MD_ITEM_IMSIMTA_PROCESS, md_str_n("", 0));
    struct md_buf out = {0};
    struct md_str made;

    md_redaction_feed(redaction, text, &out);
    md_redaction_end(&redaction, &out);
    made = md_arena_str(arena, md_str_n(out.p, out.n));
    md_buf_free(&out);
    return made;
}

struct md_str md_redact_path(struct md_redactor *redactor, struct md_arena *arena, struct md_str path)
{
    return md_redact_word(redactor, arena, path);
}
