/*
 * probes/msgserver/log_line: a block of the transaction log -> its entries in compact form.
 *
 * The first stage of reading a log, which several threads may do at once for different blocks, each with a parser of
 * its own. Here is done what needs no memory of other lines: splitting, parsing, the instant, the failure class, hashes
 * of the names that the second stage (traffic.h) looks up. Names stay where they are in the block.
 *
 * Ownership  the caller's block; lines point into it. Limits: MD_LOG_BLOCK bytes of text a block.
 */
#ifndef PROBES_MSGSERVER_LOG_LINE_H
#define PROBES_MSGSERVER_LOG_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/str.h"
#include "engine/base/zone.h"
#include "probes/formats/msgserver/failure.h"
#include "probes/formats/msgserver/mail_log.h"

struct md_mta_config;

#define MD_LOG_BLOCK ((size_t)512 * 1024)
/* An entry is at least so long, shorter lines are none. */
#define MD_LOG_LINE_MIN 40

/* The parts of an entry that are kept as text. */
enum md_log_word {
    MD_LOG_SOURCE,
    MD_LOG_DESTINATION,
    MD_LOG_FROM,
    MD_LOG_TO,
    MD_LOG_ORIGINAL_TO,
    MD_LOG_PLACE,  /* what the channel delivers to: a mailbox (store) or a domain */
    MD_LOG_UNIQUE, /* part of the queue file's name that stays */
    MD_LOG_MESSAGE_ID,
    MD_LOG_USERNAME,
    MD_LOG_SYSTEM,
    MD_LOG_HOST, /* the host that was connected to */
    MD_LOG_PROCESS,
    MD_LOG_TEXT, /* diagnostic of what did not succeed */
    MD_LOG_WORDS
};

enum md_log_kind {
    MD_LOG_STORE,
    MD_LOG_LMTP,
    MD_LOG_SMTP,
    MD_LOG_PROCESS_CHANNEL,
    MD_LOG_HOLD,
    MD_LOG_LOCAL,
    MD_LOG_OTHER
};

struct md_log_line {
    int64_t at;                                /* an instant */
    int64_t local_at;                          /* civil time as written */
    uint64_t source, destination, place, from; /* md_log_hash of these words; 0: empty */
    uint64_t system;                           /* md_log_hash of md_log_system; 0: empty */
    uint64_t
        message; /* key of a message on its way to a recipient, of attempts; 0: it needs none, as it never failed */
    uint32_t offset[MD_LOG_WORDS];
    uint16_t length[MD_LOG_WORDS];
    uint32_t number;        /* of the line in its block, from 0 */
    int32_t port;           /* that was connected to; -1: not logged */
    uint16_t attempts;      /* failed attempts before, by the file name; UINT16_MAX: not known */
    uint8_t failure;        /* enum md_failure_class; MD_FAILURE_CLASSES where nothing failed */
    uint8_t channel_kind;   /* enum md_log_kind of the channel it is about */
    char action, direction; /* as in the record */
    bool is_connection, is_guessed;
};

struct md_log_count {
    uint64_t count;
    uint32_t first; /* line in the block */
};

struct md_log_block {
    char *text; /* room for 2 * MD_LOG_BLOCK: text, then what was unescaped */
    size_t size;
    bool is_end;               /* of the item: the last line may have no end */
    bool is_long;              /* one line that is cut off */
    struct md_log_line *lines; /* room for MD_LOG_BLOCK / MD_LOG_LINE_MIN */
    size_t count;
    uint32_t newlines;
    uint64_t headers;
    struct md_log_count bad, undated, with_nul, cut;
};

struct md_log_options {
    const struct md_mail_log_layout *layout; /* or NULL */
    const struct md_zone *zone;
    const struct md_failure_table *failures;
    const struct md_mta_config *config; /* or NULL; only read */
};

struct md_log_parser;

struct md_log_parser *md_log_parser_new(struct md_arena *arena, const struct md_log_options *options);
void md_log_block_parse(struct md_log_parser *parser, struct md_log_block *block);

struct md_str md_log_word(const struct md_log_block *block, const struct md_log_line *line, enum md_log_word word);
/* The source system without the name that the client gave itself ("HELO-name (name [ip])"); that may be anything. */
struct md_str md_log_system(const struct md_log_block *block, const struct md_log_line *line);
/* Hash of the message by the name of its queue file, where it is logged, else by its id. */
uint64_t md_log_message(const struct md_log_block *block, const struct md_log_line *line);
/* Hash of a name with ASCII letters of either case alike; never 0 for a name that is not empty. */
uint64_t md_log_hash(struct md_str name);
enum md_log_kind md_log_kind_of(const struct md_mta_config *config, struct md_str channel);

#endif
