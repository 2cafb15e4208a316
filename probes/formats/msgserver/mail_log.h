/*
 * probes/formats/msgserver/mail_log: one line of the MTA's transaction or connection log -> a record.
 *
 * Reads what LOG_FORMAT 1 to 3 (columns, columns with <>, counted fields), 4 (XML) and 5 and 6 (JSON) write, each line
 * recognised by itself, with or without a prefix (syslog, "mail.log_current:" of grep), dates of UNIX and of VMS. Which
 * optional fields a text line holds depends on the MTA's options: unambiguous ones are known by their shape, the others
 * by a layout made from the option values; without a layout the record is_guessed.
 *
 * Ownership   slices of a record point into the line or into the parser's scratch memory and are good until the next
 * call. Units       local_at: civil time of the MTA's zone counted as if it were UTC (md_zone_to_utc makes an instant
 * of it); size in blocks (or what the channel counts); queue_time_s seconds. Limits      values in XML and JSON that
 * need unescaping share 64 KiB, what is beyond stays escaped; JSON is read to a depth of 4. Not here    lines and files
 * (the caller splits), time zones, meaning of diagnostics (failure.h).
 */
#ifndef PROBES_FORMATS_MSGSERVER_MAIL_LOG_H
#define PROBES_FORMATS_MSGSERVER_MAIL_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/status.h"
#include "engine/base/str.h"

enum md_mail_log_option {
#define MD_MAIL_LOG_OPTION(id, name) MD_MAIL_LOG_OPTION_##id,
#include "probes/formats/msgserver/mail_log.def"
#undef MD_MAIL_LOG_OPTION
    MD_MAIL_LOG_OPTIONS
};

/* Values as configured; MD_MAIL_LOG_NOT_KNOWN where nobody could say. */
#define MD_MAIL_LOG_NOT_KNOWN (-1)
struct md_mail_log_options {
    int32_t value[MD_MAIL_LOG_OPTIONS];
};

/* Whether a field is written: 1, 0, or -1 for not known. */
struct md_mail_log_layout {
    int8_t node, process, notary, file, envelope_id, message_id, username, system, sensitivity, priority, filter,
        reason, diagnostic, remote_mta, transport, application, queue_time;
    int8_t intermediates; /* how many */
    bool is_known;
    bool
        is_brief; /* of successful dequeues whose file is named, the other optional fields but the diagnostic are passed
                      over: for who reads gigabytes */
};

enum md_mail_log_kind { MD_MAIL_LOG_MESSAGE, MD_MAIL_LOG_CONNECTION, MD_MAIL_LOG_HEADER };
enum md_mail_log_form { MD_MAIL_LOG_COLUMNS, MD_MAIL_LOG_COUNTED, MD_MAIL_LOG_XML, MD_MAIL_LOG_JSON };

/* Modifiers of an entry code: bit (letter - 'A'); bit 26 for any other character. */
#define MD_MAIL_LOG_MODIFIER(letter) (UINT32_C(1) << ((letter) - 'A'))

struct md_mail_log_record {
    enum md_mail_log_kind kind;
    enum md_mail_log_form form;
    bool is_guessed; /* optional fields were told by shape alone */
    bool has_size;
    bool is_cut;    /* the line ends inside a field */
    char action;    /* first letter of the code, upper case; '?' where it is no letter */
    char direction; /* of a connection: '+' inbound, '-' outbound; else 0 */
    uint32_t modifiers;
    int64_t local_at;
    uint64_t size;
    int64_t queue_time_s;      /* -1: not given. Of a connection: how long it was open */
    int32_t notary;            /* -1: not given */
    int32_t sensitivity;       /* -1: not given */
    struct md_str original_to; /* without its type ("rfc822;") */
    struct md_str header;      /* of a header line */
    struct md_str node, process, source, destination, code, from, to, file, envelope_id, message_id, username, system,
        priority, intermediate, filter, reason, diagnostic, remote_mta, transport, application;
};

struct md_mail_log_parser {
    struct md_mail_log_layout layout;
    char day[11]; /* the date seen last and its first instant */
    int64_t day_at;
    char minute[18]; /* date, hour and minute seen last ("dd-Mon-yyyy hh:mm:") and its first instant */
    int64_t minute_at;
    char *scratch;
    size_t scratch_size, scratch_used;
};

/* All options not known. */
void md_mail_log_options_init(struct md_mail_log_options *options);
/* Option by its name in option.dat ("LOG_FILENAME") or in the Unified Configuration ("log_filename");
 * MD_MAIL_LOG_OPTIONS: none such. */
enum md_mail_log_option md_mail_log_option_by_name(struct md_str name);
/* `rest_is_default`: options without a value have their default (the option file was read). */
struct md_mail_log_layout md_mail_log_layout(const struct md_mail_log_options *options, bool rest_is_default);

/* `layout` may be NULL. The scratch memory is taken from the arena. */
void md_mail_log_parser_init(struct md_mail_log_parser *parser, const struct md_mail_log_layout *layout,
                             struct md_arena *arena);

/* `line` without its end of line. MD_NOT_FOUND: no date, so the continuation of the line before, or foreign;
 * MD_BAD_INPUT: dated, but neither an entry nor a header line. The record is good only where MD_OK is returned. */
MD_MUST_CHECK enum md_status md_mail_log_parse(struct md_mail_log_parser *parser, struct md_str line,
                                               struct md_mail_log_record *ret);

/* The host that was connected to: "dns;HOST" of the diagnostic, the remote MTA, or the last part of the application.
 * Empty: none. */
struct md_str md_mail_log_remote_host(const struct md_mail_log_record *record);
/* Domain of an address: of a source route its first host, else what follows the last '@'; empty where there is none. */
struct md_str md_mail_log_domain(struct md_str address);
/* Part of a transport "TCP|local|port|remote|port" by its number (1 local address ... 4 remote port); empty where there
 * is none. */
struct md_str md_mail_log_transport(struct md_str transport, unsigned part);

#endif
