/*
 * probes/formats/calendar/message: what a line of Calendar Server or of its database library says.
 *
 * The knowledge is rules/calendar/messages.yaml, compiled once per run: classes of library messages by number or by words, return codes by
 * version of the library, signs of the product. A line may be of any program and of any form: what stands before the message (a stamp, the
 * name of a program or file) does no harm.
 *
 * Ownership  the table is in the arena it was compiled into; slices of a message borrow from the line, names from the table.
 * Limits     MD_CALDB_CLASSES_MAX classes; of a line the first MD_CALDB_LINE_MAX bytes are looked at.
 */
#ifndef PROBES_FORMATS_CALENDAR_MESSAGE_H
#define PROBES_FORMATS_CALENDAR_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/diag.h"
#include "engine/base/node.h"
#include "engine/base/status.h"
#include "engine/base/str.h"
#include "probes/formats/msgserver/nslog.h"

#define MD_CALDB_CLASSES_MAX 48
#define MD_CALDB_LINE_MAX 4096

enum md_caldb_sign {
#define MD_CALDB_SIGN(id, name) MD_CALDB_SIGN_##id,
#include "probes/formats/calendar/caldb_sign.def"
#undef MD_CALDB_SIGN
    MD_CALDB_SIGNS
};

#define MD_CALDB_BIT(sign) (UINT32_C(1) << (sign))

struct md_caldb_table;

/* Errors go to `diags`; MD_BAD_INPUT: the table cannot be used. */
MD_MUST_CHECK enum md_status md_caldb_table_compile(struct md_arena *arena, const struct md_node *root,
                                                    struct md_diags *diags, const struct md_caldb_table **ret);
size_t md_caldb_class_count(const struct md_caldb_table *table);
/* "page_damage"; lives as long as the table. */
const char *md_caldb_class_name(const struct md_caldb_table *table, size_t class_index);

struct md_caldb_query {
    struct md_str text;
    struct md_str process;     /* who says it; empty: not known */
    enum md_nslog_level level; /* MD_NSLOG_OTHER: not known */
    const char *library;       /* version of the library, "4.2"; NULL: not known, and no bare number is decoded */
};

struct md_caldb_message {
    int class_index;    /* -1: no message of the library that is known */
    bool follows;       /* it follows another one and is no cause */
    bool is_quiet;      /* normal, or good news */
    uint32_t number;    /* BDBnnnn; 0: none was printed */
    const char *code;   /* return code by name, decoded or in words; NULL: none */
    const char *error;  /* error of the system that it names ("ENOSPC"), or NULL */
    struct md_str file; /* database file that it names ("ics50events.db"), without its path; else empty */
    uint32_t signs;     /* MD_CALDB_BIT of enum md_caldb_sign */
};

void md_caldb_message_read(const struct md_caldb_table *table, const struct md_caldb_query *query,
                           struct md_caldb_message *ret);

/* The name of a database file in a text, without its path; empty where there is none. */
struct md_str md_caldb_file_in(struct md_str text);

#endif
