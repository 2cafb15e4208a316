/*
 * probes/formats/system/uptime: load averages and time since boot, as `uptime` and the first line of `w` print them.
 *
 * "  3:12am  up 41 day(s),  2:10,  1 user,  load average: 0.31, 0.28, 0.30", " 03:12:00 up 12 min, ...", "load
 * averages: 0,31 0,28 0,30"; a decimal comma is taken as a point.
 */
#ifndef PROBES_FORMATS_SYSTEM_UPTIME_H
#define PROBES_FORMATS_SYSTEM_UPTIME_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/status.h"
#include "engine/base/str.h"

struct md_uptime {
    uint32_t line;
    bool has_up;
    double up_s;
    double load[3]; /* over 1, 5 and 15 minutes */
};

/* The first line that has load averages; MD_NOT_FOUND: none. */
MD_MUST_CHECK enum md_status md_uptime_parse(struct md_str text, struct md_uptime *ret);

/* TCP counters of `netstat -s`, Solaris (tcpOutDataSegs) and Linux ("segments sent out"). */
struct md_netstat_tcp {
    uint32_t line;         /* of the retransmissions */
    uint64_t sent, resent; /* segments */
};
MD_MUST_CHECK enum md_status md_netstat_parse(struct md_str text, struct md_netstat_tcp *ret);

#endif
