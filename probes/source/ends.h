/*
 * probes/source/ends: the beginning and the end of what a stream gives, for files whose middle does not matter.
 */
#ifndef PROBES_SOURCE_ENDS_H
#define PROBES_SOURCE_ENDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/status.h"
#include "engine/base/str.h"
#include "probes/source/source.h"

/* Of a queue file: its envelope and header stand in front, its history at the end. */
#define MD_ENDS_HEAD ((size_t)128 * 1024)
#define MD_ENDS_TAIL ((size_t)32 * 1024)
#define MD_ENDS_FILE ((uint64_t)4 * 1024 * 1024) /* beyond that the end is not read */

struct md_ends {
    char *head, *tail; /* buffers of the caller, of MD_ENDS_HEAD and MD_ENDS_TAIL bytes */
    size_t head_n;
    size_t tail_n;  /* 0: the head is all that there is, or the end was not read */
    bool is_whole;  /* the end of the file was seen */
    uint64_t bytes; /* that were read */
};

MD_MUST_CHECK enum md_status md_ends_read(struct md_stream *stream, struct md_ends *ends);

#endif
