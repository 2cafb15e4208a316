/*
 * cli/wizard/case_file: the lines of a case on disk.
 *
 * Append-only. Each line is written with one call and synced before the session goes on, so whatever was answered survives
 * whatever happens to the process, its terminal or its host. A last line that was cut off is dropped when the case is opened
 * again to go on with, and passed over when it is only read. One process at a time may write.
 */
#ifndef CLI_WIZARD_CASE_FILE_H
#define CLI_WIZARD_CASE_FILE_H

#include "cli/wizard/event.h"

#define MD_CASE_FILE_MAX ((size_t)512 << 20)
#define MD_CASE_EVENTS_MAX 10000 /* a session of a thousand questions; building it is quadratic */

struct md_case_file;

struct md_case_events {
    struct md_event *list;
    size_t n, capacity;
};

/* A new file, which must not be there yet. */
MD_MUST_CHECK enum md_status md_case_file_create(const char *path, struct md_arena *arena, struct md_diags *diags,
                                                 struct md_case_file **ret);
/* One that is there, to go on with; reads its events. */
MD_MUST_CHECK enum md_status md_case_file_open(const char *path, struct md_arena *arena, struct md_diags *diags,
                                               struct md_case_file **ret, struct md_case_events *ret_events);
/* Only to read. */
MD_MUST_CHECK enum md_status md_case_file_read(const char *path, struct md_arena *arena, struct md_diags *diags,
                                               struct md_case_events *ret_events);
/* The events of a case's text. *ret_good: bytes up to the end of the last whole line. The first event must be a start of a
 * version that is known. */
MD_MUST_CHECK enum md_status md_case_parse(struct md_arena *arena, const char *name, struct md_str text,
                                           struct md_diags *diags, struct md_case_events *ret_events, size_t *ret_good);
/* Adds a line (without its end). MD_IO: it may not be there; said in `diags` once. */
MD_MUST_CHECK enum md_status md_case_file_append(struct md_case_file *file, struct md_str line);
const char *md_case_file_path(const struct md_case_file *file);
/* NULL is fine. */
void md_case_file_close(struct md_case_file **file);

#endif
