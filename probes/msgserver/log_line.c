#include "probes/msgserver/log_line.h"

#include <string.h>

#include "engine/base/num.h"
#include "engine/base/time.h"
#include "probes/formats/msgserver/queue_name.h"
#include "probes/msgserver/channel_kind.h"

#define CHANNELS 64 /* a power of two */
#define CHANNEL_MAX 64

struct md_log_parser {
    struct md_log_options options;
    struct md_mail_log_parser parser;
    struct md_mail_log_record
        record; /* of the line at hand; here, since zeroing half a kilobyte twice a line is felt */
    struct md_failure_cache *cache;
    struct md_zone_cache zone;
    struct {
        uint64_t hash;
        enum md_log_kind kind;
    } channels[CHANNELS];
};

struct md_log_parser *md_log_parser_new(struct md_arena *arena, const struct md_log_options *options)
{
    struct md_log_parser *parser = md_arena_alloc(arena, sizeof *parser);

    parser->options = *options;
    md_mail_log_parser_init(&parser->parser, options->layout, arena);
    parser->parser.layout.is_brief = true;
    parser->cache = md_failure_cache_new(arena);
    return parser;
}

uint64_t md_log_hash(struct md_str name)
{
    /* The bit that tells upper from lower case is set everywhere: cheaper than folding, and what else becomes alike by
     * that does not occur in names. */
    const uint64_t fold = UINT64_C(0x2020202020202020), factor = UINT64_C(0x9fb21c651e98df25);
    uint64_t hash = name.n * factor, word;
    size_t i = 0;

    if (name.n == 0)
        return 0;
    for (; i + 8 <= name.n; i += 8) {
        memcpy(&word, name.p + i, 8);
        hash = (hash ^ (word | fold)) * factor;
        hash ^= hash >> 32;
    }
    if (i < name.n) {
        if (name.n >= 8)
            memcpy(&word, name.p + name.n - 8, 8); /* overlaps: cheaper than a copy of unknown length */
#if (defined(__GNUC__) || defined(__clang__)) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
        else if (name.n >= 4) {
            /* The same word as below, of two halves that overlap. */
            uint32_t low, high;

            memcpy(&low, name.p, 4);
            memcpy(&high, name.p + name.n - 4, 4);
            word = low | (uint64_t)high << (8 * (name.n - 4));
        }
#endif
        else {
            /* By hand: a copy of unknown length is a call. */
            for (word = 0; i < name.n; i++)
                word |= (uint64_t)(unsigned char)name.p[i] << (8 * i);
        }
        hash = (hash ^ (word | fold)) * factor;
    }
    hash ^= hash >> 29;
    hash *= UINT64_C(0xff51afd7ed558ccd);
    hash ^= hash >> 32;
    return hash != 0 ? hash : 1;
}

enum md_log_kind md_log_kind_of(const struct md_mta_config *config, struct md_str channel)
{
    static const char *const names[] = {"store", "lmtp", "smtp", "process", "hold", "local"};
    const struct md_str kind = md_str(md_channel_kind(config, channel));

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (md_str_is(kind, names[i]))
            return (enum md_log_kind)i;
    return MD_LOG_OTHER;
}

static enum md_log_kind kind_of(struct md_log_parser *parser, struct md_str channel, uint64_t hash)
{
    const size_t slot = (size_t)hash & (CHANNELS - 1);

    if (parser->channels[slot].hash != hash) {
        parser->channels[slot].hash = hash;
        parser->channels[slot].kind = md_log_kind_of(parser->options.config, channel);
    }
    return parser->channels[slot].kind;
}

static enum md_failure_source failure_source(enum md_log_kind kind)
{
    switch (kind) {
    case MD_LOG_STORE: return MD_FAILURE_STORE;
    case MD_LOG_LMTP: return MD_FAILURE_LMTP;
    case MD_LOG_SMTP: return MD_FAILURE_SMTP;
    case MD_LOG_PROCESS_CHANNEL: return MD_FAILURE_PROCESS;
    case MD_LOG_HOLD:
    case MD_LOG_LOCAL:
    case MD_LOG_OTHER: break;
    }
    return MD_FAILURE_OTHER_CHANNEL;
}

struct md_str md_log_word(const struct md_log_block *block, const struct md_log_line *line, enum md_log_word word)
{
    return md_str_n(block->text + line->offset[word], line->length[word]);
}

struct md_str md_log_system(const struct md_log_block *block, const struct md_log_line *line)
{
    const struct md_str system = md_log_word(block, line, MD_LOG_SYSTEM);
    const char *bracket = system.n > 0 ? memchr(system.p, '(', system.n) : NULL;

    if (bracket == NULL || bracket == system.p || bracket[-1] != ' ' || system.p[system.n - 1] != ')')
        return system;
    return md_str_sub(md_str_from(system, (size_t)(bracket - system.p) + 1), 0,
                      system.n - (size_t)(bracket - system.p) - 2);
}

uint64_t md_log_message(const struct md_log_block *block, const struct md_log_line *line)
{
    /* Letter case matters in names of queue files. */
    if (line->length[MD_LOG_UNIQUE] > 0)
        return md_str_hash(md_log_word(block, line, MD_LOG_UNIQUE)) | 1;
    return md_log_hash(md_log_word(block, line, MD_LOG_MESSAGE_ID));
}

static void keep(const struct md_log_block *block, struct md_log_line *line, enum md_log_word word, struct md_str text)
{
    line->offset[word] = text.n > 0 ? (uint32_t)(text.p - block->text) : 0;
    line->length[word] = (uint16_t)(text.n < UINT16_MAX ? text.n : UINT16_MAX);
}

/* The port in "(TCP|..|..|..|25)", "192.0.2.77:25  Error" or "TCP port 25 of". */
static int32_t port_of(const struct md_mail_log_record *record)
{
    struct md_str transport = record->transport, digits;
    uint64_t port;
    ptrdiff_t at;

    if (transport.n == 0 && (at = md_str_find(md_str_sub(record->diagnostic, 0, 300), MD_LIT("(TCP|"))) >= 0)
        transport = md_str_from(record->diagnostic, (size_t)at + 1);
    digits = md_mail_log_transport(transport, 4);
    if (digits.n == 0 && (at = md_str_find(record->diagnostic, MD_LIT("TCP port "))) >= 0)
        digits = md_str_from(record->diagnostic, (size_t)at + 9);
    else if (digits.n == 0 && (at = md_str_find(record->diagnostic, MD_LIT("Failed connect() "))) >= 0) {
        digits = md_str_from(record->diagnostic, (size_t)at + 17);
        at = md_str_find_char(digits, ' ');
        if (at > 0)
            digits = md_str_sub(digits, 0, (size_t)at);
        digits = md_str_from(digits, (size_t)(md_str_rfind_char(digits, ':') + 1));
    }
    return md_num_u64(&digits, 65535, &port) == MD_OK ? (int32_t)port : -1;
}

/* The address that a connection failed at, where no host is named. */
static struct md_str address_of(struct md_str text)
{
    ptrdiff_t at = md_str_find(text, MD_LIT("Failed connect() ")), end;

    if (at < 0)
        return (struct md_str){0};
    text = md_str_from(text, (size_t)at + 17);
    if (md_str_has_prefix(text, MD_LIT("to TCP port "))) {
        at = md_str_find(text, MD_LIT(" of "));
        text = at >= 0 ? md_str_from(text, (size_t)at + 4) : md_str_n(text.p, 0);
    }
    end = md_str_find_char(text, ' ');
    text = md_str_sub(text, 0, end >= 0 ? (size_t)end : text.n);
    end = md_str_rfind_char(text, ':');
    /* "192.0.2.77:25"; an IPv6 address has more colons. */
    if (end > 0 && md_str_find_char(text, ':') == end)
        text = md_str_sub(text, 0, (size_t)end);
    return text;
}

static void add_file(struct md_log_block *block, struct md_log_line *line, struct md_str file)
{
    const struct md_str name = md_str_from(file, (size_t)(md_str_rfind_char(file, '/') + 1));
    struct md_queue_name parsed = {0};

    if (name.n >= 2 + MD_QUEUE_UNIQUE_MIN + 3 && name.n <= 2 + MD_QUEUE_UNIQUE_MAX + 3 && name.p[0] == 'Z' &&
        name.p[1] == 'Z' && name.p[name.n - 3] == '.' && md_is_digit(name.p[name.n - 1]))
        parsed.unique = md_str_sub(name, 2, name.n - 5); /* never tried: by far the most */
    else if (!md_queue_name_parse(name, &parsed))
        return;
    keep(block, line, MD_LOG_UNIQUE, parsed.unique);
    line->attempts = (uint16_t)(parsed.attempts < UINT16_MAX ? parsed.attempts : UINT16_MAX);
}

static void classify(struct md_log_parser *parser, struct md_log_line *line, const struct md_mail_log_record *record,
                     enum md_log_kind kind)
{
    const struct md_failure_query query = {
        .source = failure_source(kind),
        .entry = record->action,
        .is_unsent = record->has_size && record->size == 0,
        .text = record->diagnostic,
        .reason = record->reason,
    };

    line->failure = (uint8_t)md_failure_classify_cached(parser->options.failures, parser->cache, &query).class;
}

/* Of a connection that was not made the domain that was asked for and the host that did not answer: "SMTP/domain/host". */
static void add_asked_for(struct md_log_block *block, struct md_log_line *line, const struct md_mail_log_record *record)
{
    const ptrdiff_t first = md_str_find_char(record->application, '/');
    const ptrdiff_t last = md_str_rfind_char(record->application, '/');

    if (first < 0 || last <= first + 1)
        return;
    keep(block, line, MD_LOG_PLACE, md_str_sub(record->application, (size_t)first + 1, (size_t)(last - first - 1)));
    line->place = md_log_hash(md_log_word(block, line, MD_LOG_PLACE));
    keep(block, line, MD_LOG_HOST, md_str_from(record->application, (size_t)last + 1));
}

/* Key of a message on its way to a recipient. */
static uint64_t message_key(const struct md_log_block *block, const struct md_log_line *line)
{
    uint64_t key = md_log_message(block, line);

    if (line->length[MD_LOG_UNIQUE] == 0)
        key ^= md_log_hash(md_log_word(block, line, MD_LOG_TO)) * UINT64_C(0x9E3779B97F4A7C15);
    return key != 0 ? key : 1;
}

static void fill(struct md_log_parser *parser, struct md_log_block *block, const struct md_mail_log_record *record)
{
    struct md_log_line *line = &block->lines[block->count++];
    const bool is_connection = record->kind == MD_MAIL_LOG_CONNECTION;
    enum md_log_kind kind;

    memset(line, 0, sizeof *line);
    line->local_at = record->local_at;
    line->at = md_zone_to_utc(parser->options.zone, record->local_at, &parser->zone);
    line->number = block->newlines;
    line->action = record->action;
    line->direction = record->direction;
    line->is_connection = is_connection;
    line->is_guessed = record->is_guessed;
    line->attempts = UINT16_MAX;
    line->failure = MD_FAILURE_CLASSES;
    line->port = -1;
    keep(block, line, MD_LOG_SOURCE, record->source);
    line->source = md_log_hash(record->source);
    if (is_connection) {
        if (record->action == 'X' || record->action == 'Y' || record->action == 'U') {
            keep(block, line, MD_LOG_TEXT, record->diagnostic);
            keep(block, line, MD_LOG_USERNAME, record->username);
            classify(parser, line, record, kind_of(parser, record->source, line->source));
        }
        if (record->action == 'Y' && record->direction == '-')
            add_asked_for(block, line, record);
        return;
    }
    keep(block, line, MD_LOG_TO, record->to);
    keep(block, line, MD_LOG_FROM, record->from);
    line->from = md_log_hash(record->from);
    add_file(block, line, record->file);
    if (line->length[MD_LOG_UNIQUE] == 0)
        keep(block, line, MD_LOG_MESSAGE_ID, record->message_id);
    if (record->action == 'E') {
        keep(block, line, MD_LOG_DESTINATION, record->destination);
        keep(block, line, MD_LOG_USERNAME, record->username);
        keep(block, line, MD_LOG_SYSTEM, record->system);
        line->system = md_log_hash(md_log_system(block, line));
        keep(block, line, MD_LOG_MESSAGE_ID, record->message_id);
        line->destination = md_log_hash(record->destination);
        kind = kind_of(parser, record->destination, line->destination);
    } else
        kind = kind_of(parser, record->source, line->source);
    line->channel_kind = (uint8_t)kind;
    keep(block, line, MD_LOG_PLACE, kind == MD_LOG_STORE ? record->to : md_mail_log_domain(record->to));
    line->place = md_log_hash(md_log_word(block, line, MD_LOG_PLACE));
    if (record->process.n > 0)
        keep(block, line, MD_LOG_PROCESS, record->process);

    switch (record->action) {
    case 'E': break;
    case 'D':
        if (line->attempts != 0)
            line->message = message_key(block, line);
        if (kind == MD_LOG_SMTP || kind == MD_LOG_LMTP)
            keep(block, line, MD_LOG_HOST, md_mail_log_remote_host(record));
        else if (kind == MD_LOG_STORE)
            keep(block, line, MD_LOG_ORIGINAL_TO, record->original_to);
        break;
    default: {
        struct md_str host = md_mail_log_remote_host(record);

        line->message = message_key(block, line);
        keep(block, line, MD_LOG_ORIGINAL_TO, record->original_to);
        keep(block, line, MD_LOG_TEXT, record->diagnostic.n > 0 ? record->diagnostic : record->reason);
        if (host.n == 0)
            host = address_of(record->diagnostic);
        keep(block, line, MD_LOG_HOST, host);
        line->port = port_of(record);
        classify(parser, line, record, kind);
        break;
    }
    }
}

static void count(struct md_log_count *what, uint32_t line)
{
    if (what->count++ == 0)
        what->first = line;
}

static bool is_blank(struct md_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!md_is_space(s.p[i]))
            return false;
    return true;
}

static void parse_line(struct md_log_parser *parser, struct md_log_block *block, struct md_str line, bool may_hold_nul)
{
    struct md_mail_log_record *record = &parser->record;

    if (may_hold_nul && line.n > 0 && memchr(line.p, '\0', line.n) != NULL)
        count(&block->with_nul, block->newlines);
    if (line.n < MD_LOG_LINE_MIN) {
        if (!is_blank(line))
            count(md_mail_log_parse(&parser->parser, line, record) == MD_NOT_FOUND ? &block->undated : &block->bad,
                  block->newlines);
        return;
    }
    switch (md_mail_log_parse(&parser->parser, line, record)) {
    case MD_OK:
        /* What was unescaped stays until the block is done with. */
        parser->parser.scratch += parser->parser.scratch_used;
        parser->parser.scratch_size -= parser->parser.scratch_used;
        parser->parser.scratch_used = 0;
        if (record->is_cut)
            count(&block->cut, block->newlines);
        if (record->kind == MD_MAIL_LOG_HEADER)
            block->headers++;
        else
            fill(parser, block, record);
        break;
    case MD_NOT_FOUND: count(&block->undated, block->newlines); break;
    default: count(&block->bad, block->newlines); break;
    }
}

void md_log_block_parse(struct md_log_parser *parser, struct md_log_block *block)
{
    const char *p = block->text, *end = block->text + block->size;
    const bool may_hold_nul = block->size > 0 && memchr(p, '\0', block->size) != NULL;

    block->count = 0;
    block->newlines = 0;
    block->headers = 0;
    block->bad = block->undated = block->with_nul = block->cut = (struct md_log_count){0};
    parser->parser.scratch = block->text + MD_LOG_BLOCK;
    parser->parser.scratch_size = MD_LOG_BLOCK;
    while (p < end) {
        const char *newline = memchr(p, '\n', (size_t)(end - p));
        const char *stop = newline != NULL ? newline : end;

        parse_line(parser, block, md_str_n(p, (size_t)(stop - p)), may_hold_nul);
        block->newlines += newline != NULL;
        p = stop + 1;
    }
}
