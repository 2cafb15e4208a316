/*
 * engine/base/diag: what went wrong with the input or with ourselves (the `problems` of a report).
 *
 * A diagnostic carries its place in the input and one sentence in an administrator's words. Library code adds to the
 * list and prints nothing. Equal kinds at one input are counted, not repeated: of each (file, text) pair the first
 * place is kept with a count; beyond MD_DIAGS_MAX entries further ones only raise md_diags_dropped. Texts may hold
 * bytes of the input; they are made displayable when they are added.
 */
#ifndef ENGINE_BASE_DIAG_H
#define ENGINE_BASE_DIAG_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/bug.h"
#include "engine/base/loc.h"

#define MD_DIAGS_MAX 500

enum md_severity { MD_NOTE, MD_WARNING, MD_ERROR };

struct md_diag {
    enum md_severity severity;
    struct md_loc loc;
    const char *what; /* a sentence without a full stop; displayable */
    uint64_t count;   /* 1 or more */
};

struct md_diags;

struct md_diags *md_diags_new(struct md_arena *arena);
void md_diags_add(struct md_diags *diags, enum md_severity severity, struct md_loc loc, const char *fmt, ...)
    MD_PRINTF(4, 5);
/* Adds a diagnostic of another list with all that it counts, as one about `file` (may be NULL). */
void md_diags_take(struct md_diags *diags, const struct md_diag *from, const char *file);
size_t md_diags_count(const struct md_diags *diags);
size_t md_diags_count_at_least(const struct md_diags *diags, enum md_severity severity);
const struct md_diag *md_diags_at(const struct md_diags *diags, size_t i); /* in the order of first appearance */
uint64_t md_diags_dropped(const struct md_diags *diags);

#endif
