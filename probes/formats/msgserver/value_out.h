/*
 * probes/formats/msgserver/value_out: name and value lists as commands and stored configuration print them.
 *
 * md_configutil_read  configutil and configutil -i, msg.conf, local.conf, configdb: "name = value", "name=value", "name
 * = "value"", "name|value"; "!" and "#" comments; prompts and other lines are passed over and counted md_msconfig_read
 * msconfig show and export: "role.path = value", "instance.path = value", "path (novalue)", "(suppressed)"; prompts
 * "msconfig>" and "msconfig#" are dropped. Paths keep their dots and colons; the name of an instance may hold any
 * character ("mapping:PORT_ACCESS", "alias:a+b@example.com", "rewrite:[192.0.2.1]") and blanks where it is quoted.
 * What is typed at a prompt is no value; of the prompts it is kept whether the last one says that changes are not saved.
 *
 * Names are compared without case. Where one is given twice the last wins; "instance." wins over "role."
 * (md_values_find looks for the path without them). Ownership: borrows from `text`. Limits: MD_VALUES_MAX entries,
 * further ones raise `n_dropped`.
 */
#ifndef PROBES_FORMATS_MSGSERVER_VALUE_OUT_H
#define PROBES_FORMATS_MSGSERVER_VALUE_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/loc.h"
#include "engine/base/str.h"

#define MD_VALUES_MAX 200000
#define MD_VALUE_NAME_MAX 512

struct md_named_value {
    struct md_str name;  /* without "role." and "instance." */
    struct md_str value; /* without enclosing quotation marks; empty where there is none */
    struct md_loc loc, value_loc;
    bool is_instance;   /* "instance." */
    bool has_value;     /* false: (novalue) */
    bool is_suppressed; /* (suppressed): set, but not shown */
};

struct md_map;

struct md_values {
    struct md_named_value *items;
    size_t n, capacity;
    struct md_map *by_name; /* lower-case name -> the entry that holds */
    size_t n_other;         /* lines that are neither values nor comments nor empty */
    size_t n_dropped;
    size_t n_prompts; /* of msconfig */
    struct md_loc
        unsaved; /* of the last prompt, where it is "msconfig#" and nothing is written behind it; no file: none */
};

struct md_values *md_configutil_read(struct md_arena *arena, const char *name, struct md_str text, uint32_t first_line);
struct md_values *md_msconfig_read(struct md_arena *arena, const char *name, struct md_str text, uint32_t first_line);
/* "msconfig>" and "msconfig#" at the front of a line: returns that character and advances *line behind it and the blanks
 * that follow; '\0' where there is none. */
char md_msconfig_skip_prompt(struct md_str *line);
/* A path at the front of *rest ("channel:tcp_*.master_command"), advances it; empty where there is none. */
struct md_str md_msconfig_take_path(struct md_str *rest);
/* Drops "role." or "instance."; says which of the two it was. */
struct md_str md_msconfig_plain_path(struct md_str path, bool *ret_is_instance);
/* A new entry; NULL where there are too many. */
struct md_named_value *md_values_add(struct md_arena *arena, struct md_values *values);
/* Makes a list ready for md_values_find after entries were added by hand. */
void md_values_index(struct md_arena *arena, struct md_values *values);
/* The one that holds, or NULL. */
const struct md_named_value *md_values_find(const struct md_values *values, struct md_str name);

#endif
