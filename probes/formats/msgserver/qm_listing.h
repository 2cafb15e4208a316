/*
 * probes/formats/msgserver/qm_listing: `imsimta qm directory`, `held`, `summarize`, `history`, and the replies of
 * `imsimta qm`.
 *
 * Directory and history have a documented layout; that of summarize is not published, so its rows are taken as they
 * come: a name, then numbers, then perhaps a date. Prompts ("qm.maint>") in front of a line are dropped. Output in
 * `arena`; texts borrow from the input. Limits: MD_QM_FILES_MAX entries; further ones are counted only.
 */
#ifndef PROBES_FORMATS_MSGSERVER_QM_LISTING_H
#define PROBES_FORMATS_MSGSERVER_QM_LISTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/str.h"

#define MD_QM_FILES_MAX 1000000

struct md_qm_channel {
    uint32_t line;
    struct md_str channel;
    uint64_t messages;
    bool has_size;
    double size; /* directory: blocks; summarize: as printed */
};

/* One file of `qm directory`. */
struct md_qm_file {
    uint32_t line;
    struct md_str name; /* "003/ZZ...00" */
    size_t channel;     /* index in channels */
    int64_t local;      /* "queued since" as printed, counted as if UTC; MD_TIME_NONE: not printed */
};

struct md_qm_listing {
    int64_t taken_at; /* date of the first line; MD_TIME_NONE */
    bool is_database; /* as the job controller knows it, not the folders */
    bool is_recognised;
    const struct md_qm_channel *channels;
    size_t n_channels;
    const struct md_qm_file *files;
    size_t n_files;
    uint64_t messages; /* sum of the channels */
};
void md_qm_directory_parse(struct md_arena *arena, struct md_str text, struct md_qm_listing *ret);
/* Rows only; a totals line and headings are passed over. `is_database` is not set: only the command line tells. */
void md_qm_summarize_parse(struct md_arena *arena, struct md_str text, struct md_qm_listing *ret);

/* An attempt of `qm history`. */
struct md_qm_attempt {
    uint32_t line;      /* of its text */
    struct md_str file; /* path */
    int64_t at;
    struct md_str text; /* first line of the diagnostic */
};
struct md_qm_history {
    const struct md_qm_attempt *attempts;
    size_t n;
    const struct md_str *files; /* that were asked about, with or without attempts */
    size_t n_files;
};
void md_qm_history_parse(struct md_arena *arena, struct md_str text, struct md_qm_history *ret);

/* "%QM-E-NOTSTOPPED, unable to stop the channel": the facility is QM or another of the MTA. */
struct md_qm_reply {
    uint32_t line;
    struct md_str facility, ident, text;
    char severity; /* S I W E F */
};
/* The next reply at or behind *rest; *line counts the lines taken. False: none. */
bool md_qm_reply_next(struct md_str *rest, uint32_t *line, struct md_qm_reply *ret);

/* What `imsimta qm stop` and `start` say about channels. A command without an error in its answer did what it says. */
struct md_qm_stopped {
    struct md_str channel;
    uint32_t line;   /* 0: the command itself, which is not part of the text */
    bool is_stopped; /* false: it was started or is said not to be stopped */
};
/* `command`: the command line that the text answers, or empty; further ones may stand in the text behind prompts. */
size_t md_qm_stopped_parse(struct md_arena *arena, struct md_str command, struct md_str text,
                           const struct md_qm_stopped **ret);

#endif
