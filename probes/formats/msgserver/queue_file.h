/*
 * probes/formats/msgserver/queue_file: envelope, Received lines and attempt history of a queue file. Never the message
 * itself.
 *
 * A queue file is: envelope records, one a line ("m;sender", "f;recipient as given", a line without a tag is a
 * recipient of this copy); a terminator line (two Ctrl/A, or "Boundary_(ID_...)"); header and body; the terminator
 * again (five Ctrl/A, or the same boundary); and, appended after each failed attempt, a history: date, channel, reason.
 * The vendor calls the form private: unknown records are kept as such, and what is not understood is left out.
 *
 * Input    the beginning of a file and, where that is not all of it, its end; the middle (the body) is not needed.
 * Results  borrowed from the input, arrays in the arena.
 * Errors   MD_BAD_INPUT: no envelope, so it is no queue file. A file without its second terminator is cut off or was
 * still being written: is_ended is false and there is no history. Limits   MD_QUEUE_FILE_*_MAX; further ones are only
 * counted.
 */
#ifndef PROBES_FORMATS_MSGSERVER_QUEUE_FILE_H
#define PROBES_FORMATS_MSGSERVER_QUEUE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/buf.h"
#include "engine/base/bug.h"
#include "engine/base/status.h"
#include "engine/base/str.h"

#define MD_QUEUE_FILE_LINES_MAX 100000
#define MD_QUEUE_FILE_RECIPIENTS_MAX 200
#define MD_QUEUE_FILE_RECEIVED_MAX 120
#define MD_QUEUE_FILE_ATTEMPTS_MAX 100

struct md_queue_recipient {
    struct md_str address;  /* of this copy's envelope: "user@ims-ms-daemon", "user@host.example" */
    struct md_str given;    /* as first given (f;), or empty */
    struct md_str original; /* original recipient (j;) without its type, or empty */
};

struct md_queue_received {
    struct md_str from, by; /* host names as they stand, or empty */
};

struct md_queue_attempt {
    int64_t at;            /* instant */
    struct md_str channel; /* or empty */
    struct md_str reason;  /* may have several lines */
    uint32_t line;         /* of the date in what was given (of the end where there is one) */
};

struct md_queue_file {
    struct md_str owner, source_channel, source_host, envelope_id, message_id, sender;
    bool has_sender; /* an m; record is there; an empty sender is a notification's */
    const struct md_queue_recipient *recipients;
    size_t n_recipients; /* kept */
    uint64_t recipients_total;
    const struct md_queue_received *received; /* newest first, as they stand */
    size_t n_received;
    uint64_t received_total;
    bool is_header_whole;                    /* the header's end was seen */
    bool is_ended;                           /* the terminator after the message was seen */
    const struct md_queue_attempt *attempts; /* oldest first, as they stand */
    size_t n_attempts;
    uint64_t attempts_total;
};

/* `head`: from the beginning; `tail`: the end of the file where `head` is not all of it, else empty. */
MD_MUST_CHECK enum md_status md_queue_file_parse(struct md_arena *arena, struct md_str head, struct md_str tail,
                                                 struct md_queue_file *ret);

/* What may be kept of a file: its envelope, the Received lines of its header, its terminators and its history, from
 * which md_queue_file_parse makes the same. MD_BAD_INPUT as there. */
MD_MUST_CHECK enum md_status md_queue_file_without_message(struct md_str head, struct md_str tail, struct md_buf *out);

/* The domain that mail to a recipient is for: of the address as first given where the envelope has only an internal
 * name
 * ("ims-ms-daemon"); empty: none. Letter case as it stands. */
struct md_str md_queue_recipient_domain(const struct md_queue_recipient *recipient);
/* The address as first given, or the one of the envelope. */
struct md_str md_queue_recipient_address(const struct md_queue_recipient *recipient);

#endif
