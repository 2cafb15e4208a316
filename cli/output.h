/*
 * cli/output: where the answer of a command goes.
 *
 * A file of --output is whole or as it was before: the text is written beside it under a temporary name that then
 * becomes its own. What is no ordinary file (a link, a pipe, /dev/null), and a file in a folder in which none can be made,
 * is written to as it is.
 */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include "cli/options.h"
#include "engine/base/buf.h"

/* Writes the text to --output or standard output; says on standard error what went wrong. Returns an exit status. */
int md_output_write(const struct md_options *options, const struct md_buf *text);

#endif
