/*
 * What is hidden wherever it stands in a line: addresses, hosts, IP addresses, and the words that were learned. One scan
 * from left to right; what the marks of the line cover is replaced as a whole.
 */
#include <string.h>

#include "engine/base/num.h"
#include "probes/bundle/redact_priv.h"

struct scan {
    struct md_redact_line *line;
    struct md_redactor *redactor;
    const char *p;
    size_t until;        /* of the gap between two marks */
    size_t no_sign_till; /* there is no "@" that belongs to what begins before here */
};

bool md_redact_is_name_char(char c)
{
    return md_is_alnum(c) || c == '.' || c == '_' || c == '-' || (unsigned char)c >= 0x80;
}

/* What may stand in the part before "@" besides; also what may stand between a key or a path and an address. */
static bool is_local_char(char c)
{
    return md_redact_is_name_char(c) || (c != '\0' && strchr("+~=/!#$%&'*?^{}|", c) != NULL);
}

static bool is_piece_char(char c)
{
    return md_redact_is_name_char(c) || c == '+' || c == '~';
}

static void put(struct scan *scan, struct md_str text)
{
    if (scan->line->out != NULL)
        md_buf_add(scan->line->out, text);
}

static struct md_str between(const struct scan *scan, size_t from, size_t until)
{
    return md_str_n(scan->p + from, until - from);
}

size_t md_redact_at_sign(struct md_str text, size_t at)
{
    static const char *const signs[] = {"%40", "=40", "&#64;", "&#x40;"};

    if (at >= text.n)
        return 0;
    if (text.p[at] == '@')
        return 1;
    if (text.p[at] != '%' && text.p[at] != '=' && text.p[at] != '&')
        return 0;
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (md_str_has_prefix_nocase(md_str_from(text, at), md_str(signs[i])))
            return strlen(signs[i]);
    return 0;
}

static size_t name_end(const struct scan *scan, size_t from)
{
    while (from < scan->until && md_redact_is_name_char(scan->p[from]))
        from++;
    return from;
}

/* Without the dots and dashes of a sentence at its end. */
static size_t host_end(const struct scan *scan, size_t from)
{
    size_t end = name_end(scan, from);

    while (end > from && !md_is_alnum(scan->p[end - 1]) && (unsigned char)scan->p[end - 1] < 0x80)
        end--;
    return end;
}

static bool is_numeric(struct md_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!md_is_digit(s.p[i]) && s.p[i] != '.')
            return false;
    return s.n > 0;
}

/* ---- words ---- */

/* A word without dots, or a part of one: is it one that was learned? */
static bool do_learned(struct scan *scan, struct md_str word, bool is_whole)
{
    struct md_redactor *self = scan->redactor;
    bool is_common;

    if (word.n < 3 || scan->line->out == NULL)
        return false;
    if (md_redact_knows(self, MD_REDACT_SHORT_HOST, word)) {
        md_redact_put_host(self, scan->line->out, word);
        return true;
    }
    if (!is_whole)
        return false;
    is_common = md_redact_knows(self, MD_REDACT_VOCABULARY, word) || is_numeric(word);
    if (md_redact_knows(self, MD_REDACT_SECRET_WORD, word)) {
        md_redact_put_word(self, scan->line->out, MD_REDACT_SECRET, word);
        return true;
    }
    if (!is_common && md_redact_knows(self, MD_REDACT_MAILBOX_USER, word) && !md_redact_is_kept_user(self, word)) {
        md_redact_put_user(self, scan->line->out, word);
        return true;
    }
    return false;
}

static void do_word(struct scan *scan, struct md_str word)
{
    size_t from = 0;

    if (scan->line->out == NULL || do_learned(scan, word, true))
        return;
    if (md_redact_is_channel(word)) {
        put(scan, word);
        return;
    }
    for (size_t i = 0; i <= word.n; i++) {
        if (i < word.n && (md_is_alnum(word.p[i]) || (unsigned char)word.p[i] >= 0x80))
            continue;
        if (i - from == word.n || !do_learned(scan, md_str_sub(word, from, i - from), false))
            put(scan, md_str_sub(word, from, i - from));
        put(scan, md_str_sub(word, i, 1));
        from = i + 1;
    }
}

static void do_host(struct scan *scan, struct md_str host)
{
    if (scan->line->out != NULL)
        md_redact_put_host(scan->redactor, scan->line->out, host);
    else if (md_str_find_char(host, '.') >= 0)
        md_redact_learn_host(scan->redactor, host);
    else
        md_redact_learn_short(scan->redactor, host);
}

/* "Server 7.0.5.29", "version 8.0.1.1", "8.0.2.3 (built" are no addresses. */
static bool is_version(const struct scan *scan, size_t from, size_t until)
{
    static const char *const before[] = {"version ", "server ", "release ", "version: ", "ver ", "messaging "};
    struct md_str front = md_str_n(scan->p, from), behind = between(scan, until, scan->until);

    if (md_str_has_prefix(behind, MD_LIT(" (built")) || scan->line->text->kind == MD_ITEM_IMSIMTA_VERSION)
        return true;
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        size_t n = strlen(before[i]);

        if (front.n >= n && md_str_is_nocase(md_str_from(front, front.n - n), before[i]) &&
            (front.n == n || !md_is_alnum(front.p[front.n - n - 1])))
            return true;
    }
    return false;
}

/* "/24" behind an address. */
static unsigned network_bits(const struct scan *scan, size_t at, unsigned all)
{
    struct md_str rest = between(scan, at, scan->until);
    uint64_t bits;

    if (!md_str_skip_prefix(&rest, MD_LIT("/")) || md_num_u64(&rest, all, &bits) != MD_OK ||
        (rest.n > 0 && md_is_alnum(rest.p[0])))
        return all;
    return (unsigned)bits;
}

static bool has_socket_state(struct md_str line)
{
    static const char *const states[] = {"ESTABLISHED", "LISTEN", "_WAIT", "SYN_",
                                         "LAST_ACK",    "IDLE",   "BOUND", "CLOSING"};

    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (md_str_find(line, md_str(states[i])) >= 0)
            return true;
    return false;
}

/* Digits and dots. */
static bool do_numeric(struct scan *scan, size_t from, size_t until)
{
    struct md_str word = between(scan, from, until);
    struct md_buf *out = scan->line->out;
    unsigned char octets[4];
    ptrdiff_t dot;

    if (md_redact_ipv4_parse(word, octets)) {
        if (is_version(scan, from, until))
            return false;
        if (out != NULL)
            md_redact_put_ipv4(scan->redactor, out, octets, network_bits(scan, until, 32));
        return true;
    }
    /* the port behind a dot, as netstat of Solaris prints it */
    dot = md_str_rfind_char(word, '.');
    if (dot > 0 && md_redact_ipv4_parse(md_str_sub(word, 0, (size_t)dot), octets) &&
        has_socket_state(scan->line->line)) {
        if (out != NULL)
            md_redact_put_ipv4(scan->redactor, out, octets, 32);
        put(scan, md_str_from(word, (size_t)dot));
        return true;
    }
    return false;
}

/* "10.2." before "*" in a pattern. */
static bool do_pattern(struct scan *scan, size_t from, size_t until)
{
    unsigned char octets[4];
    struct md_str rest = between(scan, from, until);
    size_t n = 0;
    uint64_t value;

    if (until >= scan->until || (scan->p[until] != '*' && scan->p[until] != '%') || rest.n == 0 ||
        rest.p[rest.n - 1] != '.')
        return false;
    while (rest.n > 0) {
        if (n == 3 || md_num_u64(&rest, 255, &value) != MD_OK || !md_str_skip_prefix(&rest, MD_LIT(".")))
            return false;
        octets[n++] = (unsigned char)value;
    }
    if (scan->line->out != NULL) {
        md_redact_put_ipv4_front(scan->redactor, scan->line->out, octets, n);
        md_buf_add(scan->line->out, MD_LIT("."));
    }
    return true;
}

/* "25.2.0.192.in-addr.arpa", "25.2.0.192.zen.spamhaus.org" */
static bool do_reversed(struct scan *scan, struct md_str word)
{
    unsigned char octets[4];
    size_t at = 0, dots = 0;

    while (at < word.n && dots < 4)
        dots += word.p[at++] == '.';
    if (dots < 4 || !md_redact_ipv4_parse(md_str_sub(word, 0, at - 1), octets) ||
        !md_redact_is_dotted(md_str_from(word, at)))
        return false;
    if (scan->line->out != NULL) {
        md_redact_put_ipv4_reversed(scan->redactor, scan->line->out, octets);
        md_buf_add(scan->line->out, MD_LIT("."));
    }
    do_host(scan, md_str_from(word, at));
    return true;
}

static void do_parts(struct scan *scan, size_t begin, struct md_str word)
{
    for (size_t from = 0, end; from <= word.n; from = end + 1) {
        struct md_str part;

        end = md_redact_part_end(word, from);
        part = md_str_sub(word, from, end - from);
        if (!is_numeric(part))
            do_word(scan, part);
        else if (!do_numeric(scan, begin + from, begin + end))
            put(scan, part);
        put(scan, md_str_sub(word, end, 1));
    }
}

/* A run of name characters that is no part of an address. */
static void do_run(struct scan *scan, size_t from, size_t until)
{
    struct md_str word, host;
    size_t end, begin = from;

    if (do_pattern(scan, from, until))
        return;
    while (begin < until && !md_is_alnum(scan->p[begin]) && (unsigned char)scan->p[begin] < 0x80)
        begin++;
    for (end = until; end > begin && !md_is_alnum(scan->p[end - 1]) && (unsigned char)scan->p[end - 1] < 0x80;)
        end--;
    put(scan, between(scan, from, begin));
    word = between(scan, begin, end);
    if (memchr(word.p, '.', word.n) == NULL)
        do_word(scan, word);
    else if (is_numeric(word)) {
        if (!do_numeric(scan, begin, end))
            put(scan, word);
    } else if (md_is_digit(word.p[0]) && do_reversed(scan, word))
        ;
    else if (scan->line->out != NULL && do_learned(scan, word, true))
        ;
    else if (md_redact_find_host(scan->redactor, word, &host)) {
        size_t front = (size_t)(host.p - word.p);

        if (front > 0)
            do_word(scan, md_str_sub(word, 0, front));
        do_host(scan, host);
        put(scan, md_str_from(word, front + host.n));
    } else if (md_redact_has_ipv4_part(word))
        do_parts(scan, begin, word);
    else
        do_word(scan, word);
    put(scan, between(scan, end, until));
}

/* ---- addresses ---- */

/* Where the "@" stands that what begins at `from` runs into; 0: nowhere. */
static size_t find_sign(struct scan *scan, size_t from, size_t *ret_n)
{
    const struct md_str text = md_str_n(scan->p, scan->until);

    if (from < scan->no_sign_till)
        return 0;
    for (size_t i = from; i < scan->until; i++) {
        size_t n = md_redact_at_sign(text, i);

        if (n > 0 && i > from) {
            size_t end = host_end(scan, i + n);

            if (n == 1 ? end > i + n || (i + n < scan->until && text.p[i + n] == '[')
                       : md_redact_is_dotted(between(scan, i + n, end))) {
                *ret_n = n;
                return i;
            }
        }
        if (!is_local_char(scan->p[i])) {
            scan->no_sign_till = i;
            return 0;
        }
    }
    scan->no_sign_till = scan->until;
    return 0;
}

/* The pieces before the last one of what stands before "@": keys, paths, patterns, routes. */
static void do_front(struct scan *scan, size_t from, size_t until)
{
    size_t i = from;

    while (i < until) {
        size_t end = i;
        struct md_str piece, host;
        char before = i > 0 ? scan->p[i - 1] : ' ', behind;

        while (end < until && is_piece_char(scan->p[end]))
            end++;
        if (end == i) {
            put(scan, between(scan, i, i + 1));
            i++;
            continue;
        }
        piece = between(scan, i, end);
        behind = end < until ? scan->p[end] : ' ';
        if (before == '$' && piece.n == 1)
            put(scan, piece);
        else if (md_redact_is_dotted(piece) && md_redact_find_host(scan->redactor, piece, &host) && host.n == piece.n)
            do_host(scan, piece);
        else if ((before == '=' || behind == '%' || behind == '!') && before != '$' && scan->line->out != NULL)
            md_redact_put_user(scan->redactor, scan->line->out, piece);
        else
            do_run(scan, i, end);
        i = end;
    }
}

static bool is_id(struct md_str local, char before)
{
    size_t digits = 0;

    for (size_t i = 0; i < local.n; i++)
        digits += md_is_digit(local.p[i]);
    return before == '<' && local.n >= 10 && digits >= 4;
}

/* "amy@example.com", with what runs into it from the left; returns where it ends. */
static size_t do_address(struct scan *scan, size_t from, size_t sign, size_t n_sign)
{
    size_t last = sign, end = host_end(scan, sign + n_sign);
    struct md_str local, host = between(scan, sign + n_sign, end);
    char before;

    while (last > from && is_piece_char(scan->p[last - 1]))
        last--;
    do_front(scan, from, last);
    local = between(scan, last, sign);
    before = last > 0 ? scan->p[last - 1] : ' ';
    if (before == '$' && local.n > 0) { /* $U of a template, and what may follow it: "$H.example.com" */
        put(scan, md_str_sub(local, 0, 1));
        do_run(scan, last + 1, sign);
        local = md_str_sub(local, 0, 0);
    }
    if (scan->line->out == NULL) {
        if (before == '%')
            do_host(scan, local);
        else if (md_str_is_nocase(host, "ims-ms-daemon") && !is_id(local, before))
            md_redact_note(scan->redactor, MD_REDACT_MAILBOX_USER, local);
        if (host.n > 0 && !is_numeric(host))
            do_host(scan, host);
        return end;
    }
    if (host.n == 0 || is_numeric(host)) { /* "[192.0.2.1]" is met next */
        md_redact_put_user(scan->redactor, scan->line->out, local);
        put(scan, between(scan, sign, sign + n_sign));
        return sign + n_sign;
    }
    if (before == '%' && local.n > 0) {
        do_host(scan, local); /* amy%example.com@gateway, $U%example.com@gateway */
        put(scan, between(scan, sign, sign + n_sign));
        do_host(scan, host);
    } else if (local.n == 0) {
        put(scan, between(scan, sign, sign + n_sign));
        do_host(scan, host);
    } else
        md_redact_put_address(scan->redactor, scan->line->out, local, between(scan, sign, sign + n_sign), host,
                              is_id(local, before));
    return end;
}

/* "amy smith"@example.com: the name in quotes. */
static size_t do_quoted(struct scan *scan, size_t at)
{
    size_t end = at + 1;

    while (end < scan->until && scan->p[end] != '"' && end - at < 128)
        end++;
    if (end + 1 >= scan->until || scan->p[end] != '"' || scan->p[end + 1] != '@' || end == at + 1)
        return at;
    put(scan, MD_LIT("\""));
    if (scan->line->out != NULL)
        md_redact_put_user(scan->redactor, scan->line->out, between(scan, at + 1, end));
    put(scan, MD_LIT("\""));
    return end + 1;
}

/* "\u003c" and, in JSON, "\n": letters that are none of the word behind them. */
static size_t escape_length(const struct scan *scan, size_t at)
{
    struct md_str rest = between(scan, at, scan->until);

    if (at == 0 || scan->p[at - 1] != '\\' || rest.n == 0)
        return 0;
    if (rest.p[0] == 'u' && rest.n >= 5) {
        struct md_str hex = md_str_sub(rest, 1, 4);
        uint64_t value;

        if (md_num_hex(&hex, UINT32_MAX, &value) == MD_OK && hex.n == 0)
            return 5;
    }
    return scan->line->line.p[0] == '{' && memchr("nrt", rest.p[0], 3) != NULL ? 1 : 0;
}

static void do_gap(struct scan *scan, size_t from)
{
    size_t i = from;

    scan->no_sign_till = 0;
    while (i < scan->until) {
        char c = scan->p[i];
        size_t n, sign;

        if (c == '"' && (n = do_quoted(scan, i)) > i) {
            i = n;
            continue;
        }
        if (c == '@' && host_end(scan, i + 1) > i + 1) { /* a route, or behind a name that was replaced */
            size_t end = host_end(scan, i + 1);

            put(scan, MD_LIT("@"));
            if (!is_numeric(between(scan, i + 1, end))) {
                do_host(scan, between(scan, i + 1, end));
                i = end;
            } else
                i++;
            continue;
        }
        if (!md_redact_is_name_char(c) && c != ':' && !(c == '+' || c == '~')) {
            size_t end = i + 1;

            while (end < scan->until && !is_piece_char(scan->p[end]) && scan->p[end] != ':' && scan->p[end] != '"' &&
                   scan->p[end] != '@')
                end++;
            put(scan, between(scan, i, end));
            i = end;
            continue;
        }
        if ((n = escape_length(scan, i)) > 0) {
            put(scan, between(scan, i, i + n));
            i += n;
            continue;
        }
        if ((i == 0 || (!md_is_alnum(scan->p[i - 1]) && scan->p[i - 1] != ':')) &&
            (n = md_redact_ipv6_at(between(scan, i, scan->until))) > 0) {
            if (scan->line->out != NULL)
                md_redact_put_ipv6(scan->redactor, scan->line->out, between(scan, i, i + n),
                                   network_bits(scan, i + n, 128));
            i += n;
            continue;
        }
        if (c == ':' || c == '+' || c == '~') {
            if (c == ':' || (sign = find_sign(scan, i, &n)) == 0) {
                put(scan, between(scan, i, i + 1));
                i++;
                continue;
            }
        } else
            sign = find_sign(scan, i, &n);
        if (sign > 0)
            i = do_address(scan, i, sign, n);
        else {
            size_t end = name_end(scan, i);

            do_run(scan, i, end);
            i = end;
        }
    }
}

/* ---- marks ---- */

static void sort_marks(struct md_redact_line *line)
{
    for (size_t i = 1; i < line->n_marks; i++) {
        struct md_redact_mark mark = line->marks[i];
        size_t at = i;

        for (; at > 0 && (line->marks[at - 1].from > mark.from ||
                          (line->marks[at - 1].from == mark.from && line->marks[at - 1].until < mark.until));
             at--)
            line->marks[at] = line->marks[at - 1];
        line->marks[at] = mark;
    }
}

static void do_mark(struct scan *scan, const struct md_redact_mark *mark)
{
    struct md_redactor *self = scan->redactor;
    struct md_buf *out = scan->line->out;
    struct md_str text = between(scan, mark->from, mark->until);
    size_t n;

    if (out == NULL) {
        if (mark->kind == MD_MARK_USER)
            md_redact_note(self, MD_REDACT_MAILBOX_USER, text);
        else if (mark->kind == MD_MARK_HOST)
            md_redact_learn_short(self, text);
        else if (mark->kind == MD_MARK_SECRET && text.n >= 6 && !md_redact_knows(self, MD_REDACT_VOCABULARY, text))
            md_redact_note(self, MD_REDACT_SECRET_WORD, text);
        return;
    }
    n = out->n;
    switch (mark->kind) {
    case MD_MARK_USER:
    case MD_MARK_FOLDER: md_redact_put_user(self, out, text); break;
    case MD_MARK_HOST: md_redact_put_host(self, out, text); break;
    case MD_MARK_LABEL: md_redact_put_label(self, out, text); break;
    case MD_MARK_TOP:
        if (text.n == 2 || md_redact_knows(self, MD_REDACT_TOPS, text))
            md_buf_add(out, text);
        else
            md_redact_put_label(self, out, text);
        break;
    case MD_MARK_OWNER:
        md_redact_put_user(self, out, text);
        if (out->n - n < text.n)
            md_buf_fill(out, ' ', text.n - (out->n - n));
        break;
    case MD_MARK_PERSON: md_redact_put_word(self, out, MD_REDACT_PERSON, text); break;
    case MD_MARK_SECRET: md_redact_put_word(self, out, MD_REDACT_SECRET, text); break;
    case MD_MARK_SUBJECT: md_redact_put_word(self, out, MD_REDACT_SUBJECT, text); break;
    }
}

void md_redact_line_do(struct md_redact_line *line)
{
    struct scan scan = {.line = line, .redactor = line->redactor, .p = line->line.p};
    const size_t end = line->cut > 0 ? line->cut : line->line.n;
    size_t at = 0;

    sort_marks(line);
    for (size_t i = 0; i < line->n_marks; i++) {
        const struct md_redact_mark *mark = &line->marks[i];

        if (mark->from < at || mark->until > end)
            continue;
        scan.until = mark->from;
        do_gap(&scan, at);
        do_mark(&scan, mark);
        at = mark->until;
    }
    scan.until = end;
    do_gap(&scan, at);
}
