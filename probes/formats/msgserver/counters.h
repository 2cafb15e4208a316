/*
 * probes/formats/msgserver/counters: channel counters (`imsimta counters -show`, `imsimta qm counters show`).
 *
 * A channel's name stands in the first column, its rows are indented: a name and up to three signed numbers (messages,
 * recipients, blocks). A gauge may be negative after a reset.
 */
#ifndef PROBES_FORMATS_MSGSERVER_COUNTERS_H
#define PROBES_FORMATS_MSGSERVER_COUNTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/str.h"

#define MD_COUNTERS_MAX 10000

enum md_counter {
    MD_COUNTER_RECEIVED,
    MD_COUNTER_STORED,
    MD_COUNTER_DELIVERED,
    MD_COUNTER_SUBMITTED,
    MD_COUNTER_ATTEMPTED,
    MD_COUNTER_REJECTED,
    MD_COUNTER_FAILED,
    MD_COUNTER_COUNT
};

struct md_counter_channel {
    struct md_str channel;
    uint32_t line; /* of the name */
    bool has[MD_COUNTER_COUNT];
    int64_t messages[MD_COUNTER_COUNT];
    uint32_t lines[MD_COUNTER_COUNT];
};

struct md_counters {
    const struct md_counter_channel *channels;
    size_t n;
    bool is_recognised;
};

void md_counters_parse(struct md_arena *arena, struct md_str text, struct md_counters *ret);

#endif
