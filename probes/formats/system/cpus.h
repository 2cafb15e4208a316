/*
 * probes/formats/system/cpus: how many processors a machine has, from what people and systems say about it.
 *
 * /proc/cpuinfo, `lscpu`, `nproc` and `getconf` (a number alone), `psrinfo` (those that are on line) and `psrinfo -pv`,
 * `prtconf` (Solaris: nodes of the device tree; AIX: a line), `mpstat` (Solaris: rows of the first report; Linux: the
 * heading). Processors are what the load average is set against: hardware threads, not chips.
 */
#ifndef PROBES_FORMATS_SYSTEM_CPUS_H
#define PROBES_FORMATS_SYSTEM_CPUS_H

#include <stdint.h>

#include "engine/base/status.h"
#include "engine/base/str.h"

struct md_cpus {
    uint64_t count;
    uint32_t line; /* that says it, or the first of those that are counted */
};

/* MD_NOT_FOUND: nothing of it says how many. */
MD_MUST_CHECK enum md_status md_cpus_parse(struct md_str text, struct md_cpus *ret);

#endif
