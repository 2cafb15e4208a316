/*
 * probes/formats/msgserver/option_file: the grammar that option.dat, job_controller.cnf, dispatcher.cnf, channel option
 * files and imta_tailor share.
 *
 * NAME=value lines, "!" "#" ";" comments in column 1, sections [TYPE=name], "<file" includes (kept as nodes, not read),
 * continuation by "\". Names compare without case. Of equal names in one section the last wins; all are kept.
 *
 * Ownership  the tree lives in the arena and borrows from `text`, which must live as long.
 * Errors     mistakes of form are in `faults`, with their places; the parser goes on with the next line.
 * Limits     MD_OPTION_FILE_MAX entries; what is beyond is one fault.
 */
#ifndef PROBES_FORMATS_MSGSERVER_OPTION_FILE_H
#define PROBES_FORMATS_MSGSERVER_OPTION_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/loc.h"
#include "engine/base/status.h"
#include "engine/base/str.h"
#include "probes/formats/msgserver/cnf_line.h"

#define MD_OPTION_FILE_MAX 200000

struct md_option {
    struct md_str name, value; /* trimmed; the value without enclosing double quotes */
    struct md_loc loc, value_loc;
    size_t section; /* index in sections; 0: before the first one */
};

struct md_option_section {
    struct md_str type, name; /* "POOL", "SMTP_POOL"; both empty for the first, which holds what is global */
    struct md_loc loc;
    size_t first, n; /* its options */
};

struct md_option_comment {
    struct md_str text; /* with its comment character */
    struct md_loc loc;
};

struct md_option_file {
    const char *name;
    struct md_option *options;
    size_t n_options;
    struct md_option_section *sections; /* at least one */
    size_t n_sections;
    struct md_option_comment *comments, *includes; /* includes: the text after "<" */
    size_t n_comments, n_includes;
    struct md_cnf_faults faults;
};

/* Never fails; `first_line` is the number of the first line of `text` in its file. */
struct md_option_file *md_option_file_parse(struct md_arena *arena, const char *name, struct md_str text,
                                            uint32_t first_line);

/* Section by type and name, both without case; NULL: none. */
const struct md_option_section *md_option_file_section(const struct md_option_file *file, const char *type,
                                                       struct md_str name);
/* The one that holds: the last of this name in the section, else in the global part. `section` NULL: only the global
 * part. */
const struct md_option *md_option_file_find(const struct md_option_file *file, const struct md_option_section *section,
                                            const char *name);

/* Integers: decimal with optional sign, or "base%digits" (16%ff). */
MD_MUST_CHECK enum md_status md_option_int(struct md_str value, int64_t *ret);
/* It is written "base%digits", whether or not the digits are of that base: then it was meant as an integer. */
bool md_option_is_based(struct md_str value);
/* 0/1, yes/no, on/off, true/false in any letter case. */
MD_MUST_CHECK enum md_status md_option_bool(struct md_str value, bool *ret);

#endif
