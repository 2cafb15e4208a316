/*
 * engine/base/loc: places in the input.
 *
 * A place is the name of an input (a file as named in the source, a command, a listing) with 1-based line and column, 0
 * where there is none. The name is borrowed and lives as long as the arena of the run.
 */
#ifndef ENGINE_BASE_LOC_H
#define ENGINE_BASE_LOC_H

#include <stdint.h>

struct md_loc {
    const char *file; /* NULL: no place */
    uint32_t line;    /* from 1; 0: none */
    uint32_t column;  /* from 1; 0: none */
};

#endif
