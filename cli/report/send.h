/*
 * cli/report/send: what to ask those who sent something to send also, so that the answer becomes surer.
 *
 * From the facts that are not known, in the order of the result (what could change the answer most first), by the table send.def: the
 * command of the version at hand, each once. Left out is what was sent already: where a fact of the same row was read somewhere.
 */
#ifndef CLI_REPORT_SEND_H
#define CLI_REPORT_SEND_H

#include "engine/base/arena.h"
#include "engine/result.h"

#define MD_SEND_MAX 8

struct md_send {
    const char *command;
    const char *const *would_change; /* ids of causes, most likely to change first; without repetition */
    size_t n_would_change;
};

/* The list lives in the arena. */
size_t md_send_find(struct md_arena *arena, const struct md_result *result, const struct md_send **ret);

#endif
