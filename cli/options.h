/*
 * cli/options: the command line, by tables (options.def, commands.def).
 *
 * Parsing never exits and prints nothing: what is wrong comes back as one sentence for standard error, with the exit
 * status MD_EXIT_USAGE. Texts are borrowed from argv.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/status.h"
#include "engine/check.h"
#include "engine/urgency.h"
#include "probes/bundle/redact.h"

/* The documented exit statuses. */
enum md_exit { MD_EXIT_OK = 0, MD_EXIT_FOUND = 1, MD_EXIT_USAGE = 2, MD_EXIT_FAILED = 3 };

enum md_command {
#define MD_COMMAND(id, letter, name, arguments, says, run) MD_COMMAND_##id,
#include "cli/commands.def"
#undef MD_COMMAND
    MD_COMMAND_COUNT
};

enum md_format {
#define MD_FORMAT(id, name, commands) MD_FORMAT_##id,
#include "cli/report/formats.def"
#undef MD_FORMAT
    MD_FORMAT_COUNT
};

enum md_when { MD_WHEN_AUTO, MD_WHEN_ALWAYS, MD_WHEN_NEVER };

struct md_options {
    enum md_command command;
    const char *const *arguments;
    size_t n_arguments;
    enum md_format format;
    const char *output; /* NULL: standard output */
    const char *product, *root, *rules, *site, *timezone;
    double since_s;
    int64_t at; /* MD_TIME_NONE: not given */
    int32_t at_offset_s;
    bool allow_expensive, allow_network;
    bool is_fail_never;
    enum md_urgency fail_on;                 /* of a diagnosis */
    enum md_check_severity fail_on_severity; /* of check */
    const char *changed_since;               /* check: a revision of git, or NULL */
    const char *from, *map;                  /* collect */
    enum md_redact_policy redact;            /* collect */
    uint64_t limit;                          /* collect: bytes; 0: the usual one */
    bool is_dry_run;                         /* collect */
    bool has_site_rules, is_quiet, is_verbose, has_knock_out;
    bool compares;                                     /* analyze: two sources of one host */
    const char *resume, *replay, *answers, *case_file; /* wizard */
    bool from_nothing, is_plain;                       /* wizard */
    bool wants_script; /* collect: print the script that collects where mtadoctor cannot run */
    bool wants_help, wants_version;
    enum md_when colour, progress;
};

/* MD_OK, or MD_BAD_INPUT with a sentence in *ret_error (of the arena). */
MD_MUST_CHECK enum md_status md_options_parse(struct md_arena *arena, int argc, char **argv, struct md_options *ret,
                                              const char **ret_error);
/* Help of one command, or of all (MD_COMMAND_COUNT). */
char *md_options_help(struct md_arena *arena, enum md_command command);
const char *md_command_name(enum md_command command);

/* The commands. `options` have been parsed for them; they return an exit status. */
int md_command_diagnose(const struct md_options *options, struct md_arena *arena);
int md_command_analyze(const struct md_options *options, struct md_arena *arena);
int md_command_check(const struct md_options *options, struct md_arena *arena);
int md_command_collect(const struct md_options *options, struct md_arena *arena);
int md_command_wizard(const struct md_options *options, struct md_arena *arena);
int md_command_facts(const struct md_options *options, struct md_arena *arena);
int md_command_explain(const struct md_options *options, struct md_arena *arena);
int md_command_rules(const struct md_options *options, struct md_arena *arena);
int md_command_probes(const struct md_options *options, struct md_arena *arena);

typedef int md_command_fn(const struct md_options *options, struct md_arena *arena);
/* NULL: reserved for a later version. */
md_command_fn *md_command_function(enum md_command command);

#endif
