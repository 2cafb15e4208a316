/*
 * probes/formats/msgserver/version: the version as programs of Messaging Server print it.
 *
 * Finds it in a line of `imsimta version`, of a server log ("... Messaging Server ims_master 6.2-7.02 (built Jun 13
 * 2006) starting up"), in an SMTP banner or a Received header. Pure; slices borrow from the line.
 */
#ifndef PROBES_FORMATS_MSGSERVER_VERSION_H
#define PROBES_FORMATS_MSGSERVER_VERSION_H

#include <stdbool.h>

#include "engine/base/str.h"

struct md_version {
    int major, minor;    /* 7 Update 4 ("7u4") is 7, 0 */
    struct md_str build; /* "6.3-6.03 (built Mar 14 2008; 32bit)" */
};

/* False: the line names no version. */
bool md_version_find(struct md_str line, struct md_version *ret);
/* "6.3", "7.0.5", "7u4" and the like alone. */
bool md_version_parse(struct md_str text, struct md_version *ret);

#endif
