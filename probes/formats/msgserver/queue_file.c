#include "probes/formats/msgserver/queue_file.h"

#include "probes/formats/common/clock.h"

#define CTRL_A '\001'
#define HOST_LONGEST 255
#define REASON_LONGEST 8192
#define DATE_SHORTEST 16
#define DATE_LONGEST 64

struct parse {
    struct md_arena *arena;
    struct md_queue_file *ret;
    struct md_queue_recipient *recipients;
    struct md_queue_received *received;
    struct md_queue_attempt *attempts;
    size_t recipients_capacity, received_capacity, attempts_capacity;
    struct md_queue_recipient pending; /* records that stand before their recipient */
    struct md_str terminator;          /* of the body */
};

/* ---- envelope ---- */

/* Whether a line ends the envelope; sets what ends the message. */
static bool ends_envelope(struct md_str line, struct md_str *ret_terminator)
{
    if (line.n == 2 && line.p[0] == CTRL_A && line.p[1] == CTRL_A) {
        *ret_terminator = MD_LIT("\001\001\001\001\001");
        return true;
    }
    if (md_str_has_prefix(line, MD_LIT("Boundary_(ID_"))) {
        *ret_terminator = line;
        return true;
    }
    return false;
}

static struct md_str without_type(struct md_str original)
{
    ptrdiff_t semicolon = md_str_find_char(original, ';');

    if (semicolon >= 0)
        return md_str_from(original, (size_t)semicolon + 1);
    return md_str_find_char(original, '@') >= 0 ? original : (struct md_str){0};
}

static void take_record(struct parse *p, char tag, struct md_str value)
{
    struct md_queue_file *f = p->ret;

    switch (md_lower(tag)) {
    case 'u': f->owner = value; break;
    case 'c': f->source_channel = value; break;
    case 's': f->source_host = value; break;
    case 'i': f->envelope_id = value; break;
    case 'h': f->message_id = value; break;
    case 'm':
        f->sender = md_str_is(value, "<>") ? (struct md_str){0} : value;
        f->has_sender = true;
        break;
    case 'f': p->pending.given = value; break;
    case 'j': p->pending.original = without_type(value); break;
    default: break; /* of a newer release */
    }
}

static void take_recipient(struct parse *p, struct md_str address)
{
    struct md_queue_recipient *r;

    p->ret->recipients_total++;
    if (p->ret->n_recipients < MD_QUEUE_FILE_RECIPIENTS_MAX) {
        r = md_arena_push(p->arena, &p->recipients, &p->ret->n_recipients, &p->recipients_capacity, sizeof *r);
        *r = p->pending;
        r->address = address;
    }
    p->pending = (struct md_queue_recipient){0};
}

static bool is_clean(struct md_str line)
{
    for (size_t i = 0; i < line.n; i++)
        if ((unsigned char)line.p[i] < 0x20 && line.p[i] != '\t')
            return false;
    return true;
}

/* True: the envelope is whole and *rest stands behind its terminator. */
static bool read_envelope(struct parse *p, struct md_str *rest)
{
    struct md_str line;

    for (size_t i = 0; i < MD_QUEUE_FILE_LINES_MAX && md_str_next_line(rest, &line); i++) {
        if (ends_envelope(line, &p->terminator))
            return p->ret->has_sender || p->ret->recipients_total > 0;
        if (line.n >= 2 && line.p[1] == ';' && md_is_alnum(line.p[0]))
            take_record(p, line.p[0], md_str_from(line, 2));
        else if (line.n > 0 && is_clean(line))
            take_recipient(p, line);
        else
            return false;
    }
    return false;
}

/* ---- header ---- */

/* The host behind a word ("from", "by") of a Received line. */
static struct md_str host_after(struct md_str text, struct md_str word)
{
    while (text.n > 0) {
        struct md_str token = md_str_trim(md_str_next_word(&text));

        if (token.n > 0 && token.p[0] == '(')
            continue;
        if (md_str_eq_nocase(token, word)) {
            token = md_str_trim(md_str_next_word(&text));
            while (token.n > 0 && (token.p[token.n - 1] == ';' || token.p[token.n - 1] == ','))
                token.n--;
            return token.n <= HOST_LONGEST ? token : (struct md_str){0};
        }
    }
    return (struct md_str){0};
}

static void take_received(struct parse *p, struct md_str text)
{
    struct md_queue_received *r;

    p->ret->received_total++;
    if (p->ret->n_received >= MD_QUEUE_FILE_RECEIVED_MAX)
        return;
    r = md_arena_push(p->arena, &p->received, &p->ret->n_received, &p->received_capacity, sizeof *r);
    r->from = host_after(text, MD_LIT("from"));
    r->by = host_after(text, MD_LIT("by"));
}

/* A field with its folded lines stays one slice, because nothing stands between them; blanks separate words there
 * anyway. */
static void read_header(struct parse *p, struct md_str *rest)
{
    const struct md_str name = MD_LIT("Received:");
    struct md_str line, field = {0}, before = *rest;

    while (md_str_next_line(rest, &line)) {
        bool is_folded = line.n > 0 && (line.p[0] == ' ' || line.p[0] == '\t');

        if (md_str_eq(line, p->terminator)) {
            *rest = before; /* no body; the terminator is looked for again */
            p->ret->is_header_whole = true;
            break;
        }
        if (is_folded && field.n > 0) {
            field.n = (size_t)(line.p + line.n - field.p);
            before = *rest;
            continue;
        }
        if (field.n > 0)
            take_received(p, md_str_from(field, name.n));
        field = md_str_has_prefix_nocase(line, name) ? line : (struct md_str){0};
        before = *rest;
        if (line.n == 0) {
            p->ret->is_header_whole = true;
            break;
        }
    }
    if (field.n > 0)
        take_received(p, md_str_from(field, name.n));
}

/* ---- history ---- */

/* A line that is a date and nothing else but a comment. */
static bool is_date(struct md_str line, int64_t *ret)
{
    struct md_str rest = md_str_trim(line);

    if (rest.n < DATE_SHORTEST || rest.n > DATE_LONGEST || md_clock_read_rfc822(&rest, ret) != MD_OK)
        return false;
    rest = md_str_trim(rest);
    return rest.n == 0 || (rest.p[0] == '(' && rest.p[rest.n - 1] == ')');
}

static bool is_channel(struct md_str line)
{
    if (line.n == 0 || line.n > 63)
        return false;
    for (size_t i = 0; i < line.n; i++)
        if (!md_is_alnum(line.p[i]) && line.p[i] != '_' && line.p[i] != '-' && line.p[i] != '.')
            return false;
    return true;
}

static void add_attempt(struct parse *p, const struct md_queue_attempt *attempt)
{
    struct md_queue_attempt *a;

    p->ret->attempts_total++;
    if (p->ret->n_attempts >= MD_QUEUE_FILE_ATTEMPTS_MAX)
        return;
    a = md_arena_push(p->arena, &p->attempts, &p->ret->n_attempts, &p->attempts_capacity, sizeof *a);
    *a = *attempt;
}

static void read_history(struct parse *p, struct md_str text, uint32_t line_number)
{
    struct md_queue_attempt attempt = {0};
    bool has_attempt = false;
    struct md_str line;

    for (size_t i = 0; i < MD_QUEUE_FILE_LINES_MAX && md_str_next_line(&text, &line); i++, line_number++) {
        int64_t at;

        line = md_str_trim(line);
        if (is_date(line, &at)) {
            if (has_attempt)
                add_attempt(p, &attempt);
            attempt = (struct md_queue_attempt){.at = at, .line = line_number};
            has_attempt = true;
        } else if (!has_attempt || line.n == 0) {
            continue;
        } else if (attempt.channel.n == 0 && attempt.reason.n == 0 && is_channel(line)) {
            attempt.channel = line;
        } else if (attempt.reason.n == 0) {
            attempt.reason = md_str_sub(line, 0, REASON_LONGEST);
        } else if ((size_t)(line.p + line.n - attempt.reason.p) <= REASON_LONGEST) {
            attempt.reason.n = (size_t)(line.p + line.n - attempt.reason.p);
        }
    }
    if (has_attempt)
        add_attempt(p, &attempt);
}

static uint32_t lines_before(struct md_str text, const char *end)
{
    uint32_t n = 1;

    for (const char *c = text.p; c < end; c++)
        n += *c == '\n';
    return n;
}

/* What follows the last line that is the terminator; false: there is no such line. */
static bool find_end(struct md_str text, struct md_str terminator, struct md_str *ret)
{
    size_t end = text.n;

    while (end > 0) {
        size_t start;
        struct md_str line;

        if (text.p[end - 1] == '\n')
            end--;
        start = end;
        while (start > 0 && text.p[start - 1] != '\n')
            start--;
        line = md_str_sub(text, start, end - start);
        if (line.n > 0 && line.p[line.n - 1] == '\r')
            line.n--;
        if (md_str_eq(line, terminator)) {
            *ret = md_str_from(text, end < text.n ? end + 1 : end);
            return true;
        }
        end = start;
    }
    return false;
}

enum md_status md_queue_file_parse(struct md_arena *arena, struct md_str head, struct md_str tail,
                                   struct md_queue_file *ret)
{
    struct parse p = {.arena = arena, .ret = ret};
    struct md_str rest = head, after_envelope, line, history;
    int64_t ignored;

    *ret = (struct md_queue_file){0};
    if (!read_envelope(&p, &rest))
        return MD_BAD_INPUT;
    after_envelope = rest;
    read_header(&p, &rest);
    ret->recipients = p.recipients;
    ret->received = p.received;

    if (find_end(tail.n > 0 ? tail : rest, p.terminator, &history)) {
        ret->is_ended = true;
        read_history(&p, history, lines_before(tail.n > 0 ? tail : head, history.p));
    } else if (md_str_next_line(&after_envelope, &line) && is_date(line, &ignored)) {
        /* A copy without the message: the history stands right behind the envelope. */
        ret->is_ended = true;
        read_history(&p, md_str_n(line.p, (size_t)(head.p + head.n - line.p)), lines_before(head, line.p));
    }
    ret->attempts = p.attempts;
    return MD_OK;
}

/* ---- without its message ---- */

/* The Received fields with their folded lines, and the empty line that ends the header. */
static void keep_header(struct md_str rest, struct md_str terminator, struct md_buf *out)
{
    struct md_str line;
    bool is_kept = false;

    while (md_str_next_line(&rest, &line) && !md_str_eq(line, terminator)) {
        if (line.n == 0) {
            md_buf_puts(out, "\n");
            return;
        }
        if (line.p[0] != ' ' && line.p[0] != '\t')
            is_kept = md_str_has_prefix_nocase(line, MD_LIT("Received:"));
        if (is_kept) {
            md_buf_add(out, line);
            md_buf_puts(out, "\n");
        }
    }
}

enum md_status md_queue_file_without_message(struct md_str head, struct md_str tail, struct md_buf *out)
{
    struct md_arena *arena = md_arena_new();
    struct md_queue_file file = {0};
    struct parse p = {.arena = arena, .ret = &file};
    struct md_str rest = head, copy = {0}, line, history;
    int64_t ignored;
    enum md_status status = read_envelope(&p, &rest) ? MD_OK : MD_BAD_INPUT;

    if (status == MD_OK) {
        md_buf_add(out, md_str_n(head.p, (size_t)(rest.p - head.p)));
        copy = rest;
        if (find_end(tail.n > 0 ? tail : rest, p.terminator, &history)) {
            keep_header(rest, p.terminator, out);
            md_buf_add(out, p.terminator);
            md_buf_puts(out, "\n");
            md_buf_add(out, history);
        } else if (md_str_next_line(&copy, &line) && is_date(line, &ignored)) {
            md_buf_add(out, rest);
        } else {
            keep_header(rest, p.terminator, out);
        }
    }
    md_arena_free(&arena);
    return status;
}

/* ---- recipients ---- */

static struct md_str domain_of(struct md_str address)
{
    ptrdiff_t at = md_str_rfind_char(address, '@');
    struct md_str domain = at >= 0 ? md_str_from(address, (size_t)at + 1) : (struct md_str){0};

    while (domain.n > 0 &&
           (domain.p[domain.n - 1] == '>' || domain.p[domain.n - 1] == '.' || md_is_space(domain.p[domain.n - 1])))
        domain.n--;
    return domain;
}

struct md_str md_queue_recipient_domain(const struct md_queue_recipient *recipient)
{
    const struct md_str addresses[] = {recipient->address, recipient->given, recipient->original};

    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        struct md_str domain = domain_of(addresses[i]);

        if (md_str_find_char(domain, '.') >= 0 && !md_str_has_suffix(domain, MD_LIT("-daemon")))
            return domain;
    }
    return domain_of(recipient->address);
}

struct md_str md_queue_recipient_address(const struct md_queue_recipient *recipient)
{
    return recipient->given.n > 0 ? recipient->given : recipient->address;
}
