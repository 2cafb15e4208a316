/* What probes/formats/calendar/message_table.c compiles and message.c reads. */
#ifndef PROBES_FORMATS_CALENDAR_MESSAGE_PRIV_H
#define PROBES_FORMATS_CALENDAR_MESSAGE_PRIV_H

#include "probes/formats/calendar/message.h"
#include "probes/formats/msgserver/failure_words.h"

#define MD_CALDB_PIECES_MAX 4
#define MD_CALDB_VERSIONS_MAX 8

/* Pieces that stand behind one another in a line. */
struct md_caldb_pattern {
    uint16_t piece[MD_CALDB_PIECES_MAX]; /* ids of words */
    size_t n;
};

struct md_caldb_patterns {
    const struct md_caldb_pattern *items;
    size_t n;
};

struct md_caldb_numbers {
    uint32_t from, until; /* both included */
};

struct md_caldb_row {
    size_t class_index;
    const struct md_caldb_numbers *numbers;
    size_t n_numbers;
    struct md_caldb_patterns text;
    bool needs_errno, follows, is_quiet;
};

struct md_caldb_code {
    const char *name;
    int class_index; /* -1: none */
    size_t n;
    struct {
        const char *library;
        int value;
    } at[MD_CALDB_VERSIONS_MAX];
};

struct md_caldb_sign_row {
    enum md_caldb_sign sign;
    enum md_nslog_level level; /* at least; MD_NSLOG_OTHER: any */
    const struct md_str *processes;
    size_t n_processes;
    struct md_caldb_patterns text, with, without;
};

struct md_caldb_table {
    struct md_failure_words *words;
    const char *names[MD_CALDB_CLASSES_MAX];
    bool follows[MD_CALDB_CLASSES_MAX], is_quiet[MD_CALDB_CLASSES_MAX];
    size_t n_names;
    const struct md_caldb_row *rows;
    size_t n_rows;
    const struct md_caldb_code *codes;
    size_t n_codes;
    const struct md_caldb_sign_row *signs;
    size_t n_signs;
};

#endif
