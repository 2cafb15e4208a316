/*
 * engine/rule_file: one file of the rule base, as it is handed to whoever reads it.
 *
 * Ownership: all of it is borrowed.
 */
#ifndef ENGINE_RULE_FILE_H
#define ENGINE_RULE_FILE_H

#include "engine/base/str.h"

/* Path relative to the top of the rule base, and its text. */
struct md_rule_file {
    const char *path;
    struct md_str text;
    struct md_str code; /* the same as this build compiled it (engine/embedded.h); else empty */
};

#endif
