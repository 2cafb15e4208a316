/*
 * probes/formats/calendar/version: the version as programs of Calendar Server print it.
 *
 * "Sun Java System Calendar Server 6.3-7.01 (built ...)", "Calendar Server 6 2005Q4", "Version Detected: 6.2". Pure.
 */
#ifndef PROBES_FORMATS_CALENDAR_VERSION_H
#define PROBES_FORMATS_CALENDAR_VERSION_H

#include <stdbool.h>

#include "engine/base/str.h"

struct md_calendar_version {
    int major, minor; /* 2004Q2 is 6.1, 2005Q1 and 2005Q4 are 6.2 */
};

/* `is_bare`: a number alone counts, too, as in the output of "csdb version". False: the line names no version. */
bool md_calendar_version_find(struct md_str line, bool is_bare, struct md_calendar_version *ret);
/* "4.2" of a line that names the version of Berkeley DB; false: it names none. */
bool md_calendar_library_find(struct md_str line, struct md_calendar_version *ret);

#endif
