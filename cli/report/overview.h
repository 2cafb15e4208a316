/*
 * cli/report/overview: the numbers of each channel and of the largest destinations, read from the facts by name.
 */
#ifndef CLI_REPORT_OVERVIEW_H
#define CLI_REPORT_OVERVIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/fact.h"

/* A number that may be unknown, or known within bounds only. */
struct md_maybe {
    bool is_known;
    bool is_exact;
    double value;
};

struct md_overview_channel {
    struct md_str name;
    struct md_maybe files, untried, held, oldest_s, arrived_per_h, left_per_h, drained_in_s;
};

struct md_overview_destination {
    struct md_str name, channel;
    struct md_maybe files;
    const struct md_counts *failures; /* or NULL */
};

struct md_overview {
    const struct md_overview_channel *channels; /* by files falling, then first seen; all of them */
    size_t n_channels;
    const struct md_overview_destination *destinations; /* by files falling; at most 20 */
    size_t n_destinations;
};

void md_overview_make(struct md_arena *arena, const struct md_facts *facts, struct md_overview *ret);

#endif
