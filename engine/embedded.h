/*
 * engine/embedded: the rule base as it was compiled into the program.
 *
 * Every *.lua and *.yaml under rules/ as text, sorted by path (byte order). The path is relative to rules/. The text is
 * followed by a NUL that `size` does not count. Where the program holds its own copy of Lua, rules are there compiled by it,
 * too: that is read in a tenth of the time. Generated at build time by cmake/md_embed.c.
 */
#ifndef ENGINE_EMBEDDED_H
#define ENGINE_EMBEDDED_H

#include <stddef.h>

struct md_embedded_file {
    const char *path;
    const char *text;
    size_t size;
    const char *code; /* NULL: none */
    size_t code_size;
};

/* The parts of the collecting script (cli/collect_script/), in order; no code. */
extern const struct md_embedded_file md_embedded_script[];
extern const size_t md_embedded_script_count;

extern const struct md_embedded_file md_embedded_rules[];
extern const size_t md_embedded_rules_count;

#endif
