/*
 * probes/bundle/recognise: says what a file is that somebody sent, from its name and its first bytes.
 *
 * Three witnesses, each a pure function over bounded text: the name (probes/source/item_name), the content (first 64
 * KiB), and the command line that made it (of a manifest, a prompt or a heading). md_recognise_file weighs name against
 * content: the name of a configuration file counts unless the content is plainly something else; the content of logs,
 * listings and outputs counts unless it says nothing. Files with several outputs, one after another, are split by
 * md_splitter (probes/bundle/split.h). A kind is MD_ITEM_OTHER where nothing is recognised. Nothing is allocated;
 * slices are borrowed from the arguments.
 */
#ifndef PROBES_BUNDLE_RECOGNISE_H
#define PROBES_BUNDLE_RECOGNISE_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/str.h"
#include "probes/source/item_name.h"
#include "probes/source/source.h"

#define MD_RECOGNISE_HEAD ((size_t)65536)

/* ---- by content ---- */

/* `ret_root` (may be NULL): of a listing, the folder that it lists, else empty. */
enum md_item_kind md_recognise_content(struct md_str head, struct md_str *ret_root);
/* A line that can stand in the middle of other text and still says what begins or stands here; MD_ITEM_OTHER: nothing
 * special. `ret_is_header`: it is the first line of such an output (a heading of columns, a banner). */
enum md_item_kind md_recognise_line(struct md_str line, bool *ret_is_header);
/* The same for what is Calendar Server's or its database library's (recognise_calendar.c): files of the database by their bytes, a line
 * of a server log, any other line. */
enum md_item_kind md_recognise_database(struct md_str head);
bool md_recognise_is_calendar_log(struct md_str line);
enum md_item_kind md_recognise_calendar_line(struct md_str line, bool *ret_is_header);
/* An output that only says that the command could not be run. */
bool md_recognise_is_failure(struct md_str output);
/* How the text must be cleaned before it is parsed (enum md_clean). */
unsigned md_recognise_cleaning(struct md_str head);

/* Kinds that grow line by line, and have times in them. */
bool md_recognise_is_log(enum md_item_kind kind);

/* ---- by command ---- */

struct md_command_verdict {
    enum md_item_kind kind;
    bool is_known;        /* the first word is a command that we know, even where its output is of no use */
    struct md_str file;   /* the file that it shows (cat FILE), else empty */
    struct md_str folder; /* the folder that it lists (ls -lR FOLDER) or enters (cd FOLDER), else empty */
    bool is_cd;
};
void md_recognise_command(struct md_str line, struct md_command_verdict *ret);
/* "qm-jobs.txt" may be the output of "qm jobs". */
enum md_item_kind md_recognise_words_of_name(struct md_str name);
struct md_prompt {
    struct md_str text;    /* the prompt itself, with its sign; empty: a heading */
    struct md_str program; /* whose prompt it is, "imsimta qm" or "msconfig"; empty: a shell's */
    struct md_str command; /* may be empty */
};
/* A line with a prompt and a command, or a heading that is a command ("==== df -k ===="). A prompt whose command is not
 * known counts only where it equals `seen` (an earlier prompt; may be empty). */
bool md_recognise_prompt(struct md_str line, struct md_str seen, struct md_prompt *ret);

/* ---- headings ---- */

/* A line that only names the file whose text follows: "==> NAME <==" with any name, or one that we know with signs around it ("### imta.cnf",
 * "**mail.log_current**", "option.dat:"). */
bool md_recognise_file_heading(struct md_str line, struct md_str *ret_name);
/* A line that begins or ends a text in a ticket or wiki: "```", "{noformat}", "[code]". */
bool md_recognise_fence(struct md_str line);
/* The line above and below of the name with which `more` begins each of several files. */
bool md_recognise_more_rule(struct md_str line);

/* ---- all together ---- */

struct md_file_verdict {
    enum md_item_kind kind;
    bool is_capture;    /* may hold several outputs: split it */
    unsigned clean;     /* enum md_clean */
    struct md_str root; /* of a listing */
    const char *note;   /* why it is left out, static, or NULL */
};
/* `size`: of the file in bytes as far as known, else UINT64_MAX. */
void md_recognise_file(struct md_str path, struct md_str head, uint64_t size, struct md_file_verdict *ret);

#endif
