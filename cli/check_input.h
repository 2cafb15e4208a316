/*
 * cli/check_input: one path of `check` (a directory, a file, an archive, or NULL: this host) as the tree that checks look at.
 *
 * Names   every file is shown as it is reached from where the user stands: the path as given, "/" and the name below it. Files of the one
 *         archive that is checked keep the names that they have in it; of a host, files have absolute paths.
 * Ownership  inputs stay open until md_check_inputs_close: trees and texts borrow from them.
 */
#ifndef CLI_CHECK_INPUT_H
#define CLI_CHECK_INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/check_texts.h"
#include "cli/options.h"
#include "cli/rulebase.h"
#include "probes/probe.h"

struct md_check_input {
    const char *shown;  /* the path as given, or "this host" */
    const char *prefix; /* what names of its files begin with: "conf/", or "" */
    const char *folder; /* on disk, which the names are below of; NULL: archive or host */
    bool is_whole;      /* a tree, not a single file */
    const struct md_node *tree;
    const char *const *names; /* of what was read, as shown */
    size_t n_names;
    const char *version;                         /* of the product, or NULL */
    bool is_calendar;                            /* of all files that were read, none is of Messaging Server */
    const struct md_node *suppressions;          /* .mtadoctor.yaml, or NULL */
    const struct md_diags *suppression_problems; /* what is wrong with its form, or NULL */
    const char *suppressions_root;               /* the folder that holds it, as a prefix of names */
    /* its own */
    struct md_source *source;
    struct md_probe_ctx ctx;
    struct md_check_input *next;
};

struct md_check_inputs {
    const struct md_options *options;
    struct md_arena *arena;
    const struct md_catalogue *catalogue;
    const struct md_probe_table *tables;
    size_t n_tables;
    const struct md_zone *zone;
    struct md_check_input *open; /* the last one first */
};

MD_MUST_CHECK enum md_status md_check_inputs_init(struct md_check_inputs *inputs, const struct md_options *options,
                                                  const struct md_rulebase *base, struct md_arena *arena,
                                                  struct md_diags *diags);
/* Adds the texts of its files to `texts`. MD_BAD_INPUT: nothing in it is understood; else why it could not be read (said in `diags`). */
MD_MUST_CHECK enum md_status md_check_input_open(struct md_check_inputs *inputs, const char *path,
                                                 struct md_check_texts *texts, struct md_diags *diags,
                                                 struct md_check_input **ret);
/* The name that a file of the tree is shown under; NULL of NULL. */
const char *md_check_input_shown(struct md_check_inputs *inputs, const struct md_check_input *input, const char *name);
/* Whether this is the name of a file in it, read or not. */
bool md_check_input_has(const struct md_check_input *input, const char *name);
void md_check_inputs_close(struct md_check_inputs *inputs);

#endif
