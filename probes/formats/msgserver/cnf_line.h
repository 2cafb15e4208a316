/*
 * probes/formats/msgserver/cnf_line: logical lines of the MTA's text files, with the place of every byte.
 *
 * A logical line is one physical line or several that "\" as last character joins. Whether a physical line is a comment
 * is asked of each one by itself, as the product does: a comment between continued lines is skipped. A blank line after
 * a "\" ends the logical line here (the product joins it, too, and loses the end of a block; both count as the same one
 * mistake). CR before LF is dropped and noted once. Where only "!" begins a comment, lines that were meant as one ("#",
 * "//", "!" behind blanks) are faults and then comments.
 *
 * Ownership  text of one physical line is borrowed from the input, joined text lives in the arena.
 * Limits     none of its own: memory is proportional to the input. Faults: MD_CNF_FAULTS_MAX, further ones are counted;
 *            long lines: MD_CNF_LONG_LINES_MAX, further ones are left out.
 */
#ifndef PROBES_FORMATS_MSGSERVER_CNF_LINE_H
#define PROBES_FORMATS_MSGSERVER_CNF_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/diag.h"
#include "engine/base/loc.h"
#include "engine/base/str.h"

#define MD_CNF_FAULTS_MAX 1000
#define MD_CNF_LONG_LINES_MAX 1000
#define MD_CNF_INCLUDES_MAX 3
/* Of most files; longer ones (aliases 1024, mappings 4096) are for whoever judges the list to except. */
#define MD_CNF_LINE_MAX 252

enum md_cnf_fault_kind {
#define MD_CNF_FAULT(id, severity, says) MD_CNF_##id,
#include "probes/formats/msgserver/cnf_fault.def"
#undef MD_CNF_FAULT
    MD_CNF_FAULT_COUNT
};

struct md_cnf_fault {
    enum md_cnf_fault_kind kind;
    struct md_loc loc;
    struct md_str text; /* what stands there; may be empty */
};

/* A physical line of more than MD_CNF_LINE_MAX characters. */
struct md_cnf_long_line {
    struct md_loc loc; /* of the first character beyond */
    size_t length;
    bool is_comment;
};

struct md_cnf_faults {
    struct md_arena *arena;
    struct md_cnf_fault *items;
    size_t n, capacity;
    uint64_t dropped;
    struct md_cnf_long_line *long_lines; /* in reading order */
    size_t n_long_lines, long_lines_capacity;
};

void md_cnf_fault_add(struct md_cnf_faults *faults, enum md_cnf_fault_kind kind, struct md_loc loc, struct md_str text);
enum md_severity md_cnf_fault_severity(enum md_cnf_fault_kind kind);
const char *md_cnf_fault_says(enum md_cnf_fault_kind kind);
/* One diagnostic for each fault of at least `severity`. */
void md_cnf_faults_report(const struct md_cnf_faults *faults, enum md_severity severity, struct md_diags *diags);

enum md_cnf_line_kind { MD_CNF_TEXT, MD_CNF_BLANK, MD_CNF_COMMENT };

struct md_cnf_piece {
    size_t at; /* where in the text this physical line begins */
    uint32_t line;
    uint32_t column; /* of its first byte here, from 0 */
};

struct md_cnf_line {
    enum md_cnf_line_kind kind;
    struct md_str text; /* without line ends and without the "\" */
    const char *file;
    uint32_t line;                     /* of the first physical line */
    const struct md_cnf_piece *pieces; /* the further physical lines */
    size_t n_pieces;
    bool dangles; /* a "\" at its end had nothing to join */
};

struct md_cnf_reader {
    struct md_arena *arena;
    const char *file;
    const char *comment_chars; /* in column 1: "!" or "!#;" */
    struct md_str rest;
    uint32_t line; /* number of the next physical line, from 1 */
    struct md_cnf_faults *faults;
    bool saw_cr, saw_bytes;
    bool only_bang;   /* set by the caller: "#" and "//" in column 1 were meant as comments */
    bool no_indent;   /* set by the caller: so was "!" behind blanks */
    bool has_clauses; /* set by the caller: a "comment" between continued lines may be a lost clause */
};

void md_cnf_reader_init(struct md_cnf_reader *reader, struct md_arena *arena, const char *file,
                        const char *comment_chars, struct md_str text, uint32_t first_line,
                        struct md_cnf_faults *faults);
/* False at the end. Text is never blank: a "\" that joins nothing to nothing is passed over. */
bool md_cnf_next(struct md_cnf_reader *reader, struct md_cnf_line *ret);
/* Place of a byte of the text. */
struct md_loc md_cnf_loc(const struct md_cnf_line *line, size_t offset);
/* Place of a slice of the text; `part` must be a part of line->text. */
struct md_loc md_cnf_loc_of(const struct md_cnf_line *line, struct md_str part);

struct md_cnf_include {
    struct md_str path; /* as written */
    struct md_loc loc;
    unsigned depth; /* of the file that holds it, 0: the first one */
    bool is_read;
};

/* Gives name (as a report shows it) and text of an included file; false: it cannot be read. */
typedef bool md_cnf_include_fn(void *ctx, struct md_str path, const char **ret_name, struct md_str *ret_text);

struct md_cnf_includes {
    struct md_arena *arena;
    struct md_cnf_include *items;
    size_t n, capacity;
    md_cnf_include_fn *fn; /* NULL: nothing is read */
    void *ctx;
};

/* Notes the include that a line beginning with "<" asks for. False where it cannot be had: that is a fault by now. */
bool md_cnf_include_open(struct md_cnf_includes *includes, const struct md_cnf_line *line, unsigned depth,
                         struct md_cnf_faults *faults, const char **ret_name, struct md_str *ret_text);

#endif
