/*
 * engine/base/status: the one result type of fallible functions.
 *
 * 0 is success, every failure is negative. Results travel in `ret_*` parameters that are set only on success; messages
 * for a person go to a `struct md_diags`.
 */
#ifndef ENGINE_BASE_STATUS_H
#define ENGINE_BASE_STATUS_H

#include "engine/base/bug.h"

enum md_status {
#define MD_STATUS(id, number, says) MD_##id = (number),
#include "engine/base/status.def"
#undef MD_STATUS
};

/* A sentence without a full stop; static. */
const char *md_status_says(enum md_status status);

#endif
