/*
 * probes/formats/system/greeting: how an SMTP server greeted a client that somebody started by hand (`telnet localhost 25`,
 * `nc`).
 */
#ifndef PROBES_FORMATS_SYSTEM_GREETING_H
#define PROBES_FORMATS_SYSTEM_GREETING_H

#include <stdint.h>

#include "engine/base/status.h"
#include "engine/base/str.h"

enum md_greeting_outcome {
    MD_GREETING_CODE,    /* it greeted */
    MD_GREETING_SILENT,  /* it took the connection and said nothing */
    MD_GREETING_REFUSED, /* nobody listens */
};

struct md_greeting {
    enum md_greeting_outcome outcome;
    struct md_str code; /* "220", else empty; borrowed */
    struct md_str peer; /* who was called, as the client says it, else empty; borrowed */
    uint32_t line;
};

/* The first connection that the text shows; MD_NOT_FOUND: it shows none. */
MD_MUST_CHECK enum md_status md_greeting_parse(struct md_str text, struct md_greeting *ret);
/* "220 host ..." or "220-host ...": the code; empty where the line is no reply of SMTP. */
struct md_str md_greeting_code(struct md_str line);

#endif
