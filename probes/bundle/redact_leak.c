/*
 * The leak scan. One pass over the bundle: what looks like a name is looked up among the originals, so the time does not
 * depend on how many there are.
 */
#include <stdlib.h>
#include <string.h>

#include "probes/bundle/redact_priv.h"

#define SHOWN_MAX 5                       /* leaks that are told one by one */
#define LABELS_TRIED 12                   /* components of a word */
#define TAIL_MAX (4 * MD_REDACT_LINE_MAX) /* more than is ever redacted at once */

struct md_leak_scan {
    struct md_redactor *redactor;
    struct md_buf tail; /* an unfinished line */
    struct md_str name;
    uint64_t leaks, line;
    struct {
        const char *class;
        struct md_str masked, name;
        uint64_t line;
    } shown[SHOWN_MAX];
    struct md_arena *arena;
};

struct md_leak_scan *md_leak_scan_new(struct md_redactor *redactor, struct md_arena *arena)
{
    struct md_leak_scan *self = md_xcalloc(1, sizeof *self);

    self->redactor = redactor;
    self->arena = arena;
    return self;
}

/* Too common to say anything, or what something else became. */
static bool says_nothing(const struct md_redactor *redactor, enum md_redact_class class, struct md_str text)
{
    if (md_map_find(redactor->pseudonyms, (uint64_t) class, text) != NULL)
        return true;
    if (md_str_find_char(text, '.') >= 0)
        return false;
    switch (class) {
    case MD_REDACT_USER: /* only where it was learned may a bare word be one */
        return md_map_find(redactor->words, MD_REDACT_MAILBOX_USER, text) == NULL ||
               md_redact_knows(redactor, MD_REDACT_VOCABULARY, text);
    case MD_REDACT_HOST: return md_map_find(redactor->words, MD_REDACT_SHORT_HOST, text) == NULL;
    case MD_REDACT_SECRET: return md_map_find(redactor->words, MD_REDACT_SECRET_WORD, text) == NULL;
    case MD_REDACT_ADDRESS:
    case MD_REDACT_IP:
    case MD_REDACT_LINE:
    case MD_REDACT_MESSAGE_ID:
    case MD_REDACT_COMMENT:
    case MD_REDACT_PERSON:
    case MD_REDACT_KEY:
    case MD_REDACT_SUBJECT:
    case MD_REDACT_CLASS_COUNT: break;
    }
    return class == MD_REDACT_PERSON || class == MD_REDACT_SUBJECT;
}

static bool try(struct md_leak_scan *self, enum md_redact_class class, struct md_str text)
{
    char buffer[MD_REDACT_NAME_MAX], *masked;
    struct md_str low;

    if (text.n < 3 || !md_redact_lower(text, buffer, &low) ||
        md_map_find(self->redactor->names, (uint64_t) class, low) == NULL || says_nothing(self->redactor, class, low))
        return false;
    if (self->leaks < SHOWN_MAX) {
        masked = md_arena_alloc(self->arena, low.n + 1);
        for (size_t i = 0; i < low.n; i++)
            masked[i] = i == 0 || !md_is_alnum(low.p[i]) ? low.p[i] : '*';
        self->shown[self->leaks].class = md_redactor_class((size_t) class);
        self->shown[self->leaks].masked = md_str_n(masked, low.n);
        self->shown[self->leaks].name = self->name;
        self->shown[self->leaks].line = self->line;
    }
    self->leaks++;
    return true;
}

/* A dotted word: any stretch of its components. */
static bool try_parts(struct md_leak_scan *self, struct md_str word)
{
    size_t from[LABELS_TRIED + 1], n = 0;

    from[n++] = 0;
    for (size_t i = 0; i < word.n && n < LABELS_TRIED; i++)
        if (word.p[i] == '.')
            from[n++] = i + 1;
    for (size_t a = 0; a < n; a++) {
        struct md_str rest = md_str_from(word, from[a]);

        if (try(self, MD_REDACT_HOST, rest))
            return true;
        for (size_t b = a + 1; b < n; b++)
            if (try(self, MD_REDACT_HOST, md_str_sub(word, from[a], from[b] - 1 - from[a])))
                return true;
    }
    return false;
}

static void scan_word(struct md_leak_scan *self, struct md_str word)
{
    size_t from = 0;

    while (word.n > 0 && !md_is_alnum(word.p[0]) && (unsigned char)word.p[0] < 0x80)
        word = md_str_from(word, 1);
    while (word.n > 0 && !md_is_alnum(word.p[word.n - 1]) && (unsigned char)word.p[word.n - 1] < 0x80)
        word.n--;
    if (word.n < 3)
        return;
    if (try(self, MD_REDACT_SECRET, word) || try(self, MD_REDACT_USER, word))
        return;
    if (md_str_find_char(word, '.') >= 0) {
        if (!try(self, MD_REDACT_IP, word))
            (void)try_parts(self, word);
        return;
    }
    if (try(self, MD_REDACT_HOST, word) || md_redact_is_channel(word))
        return;
    for (size_t i = 0; i <= word.n; i++)
        if (i == word.n || word.p[i] == '-' || word.p[i] == '_') {
            if (i - from < word.n && try(self, MD_REDACT_HOST, md_str_sub(word, from, i - from)))
                return;
            from = i + 1;
        }
}

static bool is_local(char c)
{
    return md_redact_is_name_char(c) || c == '+' || c == '~';
}

static void scan_address(struct md_leak_scan *self, struct md_str line, size_t sign, size_t n_sign)
{
    char buffer[MD_REDACT_NAME_MAX];
    size_t from = sign, end = sign + n_sign, n;

    while (from > 0 && is_local(line.p[from - 1]))
        from--;
    while (end < line.n && md_redact_is_name_char(line.p[end]))
        end++;
    while (end > sign + n_sign && !md_is_alnum(line.p[end - 1]))
        end--;
    n = (sign - from) + 1 + (end - sign - n_sign);
    if (from == sign || end == sign + n_sign || n > sizeof buffer)
        return;
    memcpy(buffer, line.p + from, sign - from);
    buffer[sign - from] = '@';
    memcpy(buffer + (sign - from) + 1, line.p + sign + n_sign, end - sign - n_sign);
    if (!try(self, MD_REDACT_ADDRESS, md_str_n(buffer, n)))
        (void)try(self, MD_REDACT_MESSAGE_ID, md_str_n(buffer, n));
}

static void scan_line(struct md_leak_scan *self, struct md_str line)
{
    const uint64_t before = self->leaks;

    self->line++;
    for (size_t i = 0; i < line.n;) {
        size_t end = i, n;

        if ((n = md_redact_at_sign(line, i)) > 0) {
            scan_address(self, line, i, n);
            i += n;
            continue;
        }
        if (line.p[i] == ':' || md_is_digit(line.p[i]) || (md_lower(line.p[i]) >= 'a' && md_lower(line.p[i]) <= 'f')) {
            n = i == 0 || (!md_is_alnum(line.p[i - 1]) && line.p[i - 1] != ':')
                    ? md_redact_ipv6_at(md_str_from(line, i))
                    : 0;
            if (n > 0) {
                (void)try(self, MD_REDACT_IP, md_str_sub(line, i, n));
                i += n;
                continue;
            }
        }
        while (end < line.n && md_redact_is_name_char(line.p[end]))
            end++;
        if (end == i) {
            i++;
            continue;
        }
        scan_word(self, md_str_sub(line, i, end - i));
        i = end;
    }
    if (self->leaks > before)
        md_redact_note_leak(self->redactor, line);
}

static void flush(struct md_leak_scan *self)
{
    if (self->tail.n > 0)
        scan_line(self, md_str_n(self->tail.p, self->tail.n));
    self->tail.n = 0;
}

void md_leak_scan_feed(struct md_leak_scan *scan, struct md_str name, struct md_str bytes)
{
    ptrdiff_t end;

    if (!md_str_eq(name, scan->name)) {
        flush(scan);
        scan->name = md_arena_str(scan->arena, name);
        scan->line = 0;
    }
    while ((end = md_str_find_char(bytes, '\n')) >= 0) {
        struct md_str line = md_str_sub(bytes, 0, (size_t)end);

        bytes = md_str_from(bytes, (size_t)end + 1);
        if (scan->tail.n > 0) {
            md_buf_add(&scan->tail, line);
            flush(scan);
        } else
            scan_line(scan, line);
    }
    md_buf_add(&scan->tail, bytes);
    if (scan->tail.n > TAIL_MAX) { /* on at a blank, so that no name is cut */
        size_t n = scan->tail.n;

        while (n > 0 && scan->tail.p[n - 1] != ' ' && scan->tail.p[n - 1] != '\t')
            n--;
        if (n == 0)
            n = scan->tail.n;
        scan_line(scan, md_str_n(scan->tail.p, n));
        scan->line--;
        memmove(scan->tail.p, scan->tail.p + n, scan->tail.n - n);
        scan->tail.n -= n;
    }
}

uint64_t md_leak_scan_end(struct md_leak_scan **scan, struct md_diags *diags)
{
    struct md_leak_scan *self = *scan;
    uint64_t leaks;

    flush(self);
    leaks = self->leaks;
    for (size_t i = 0; diags != NULL && i < SHOWN_MAX && i < leaks; i++) {
        struct md_loc loc = {.file = md_arena_cstr(self->arena, self->shown[i].name),
                             .line = (uint32_t)self->shown[i].line};

        md_diags_add(diags, MD_ERROR, loc, "a %s was to be hidden but still stands here: %.*s", self->shown[i].class,
                     MD_STR_ARG(self->shown[i].masked));
    }
    md_buf_free(&self->tail);
    free(self);
    *scan = NULL;
    return leaks;
}
