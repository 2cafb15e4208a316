/*
 * cli/collect: the command `collect`.
 */
#include <stdio.h>

#include "cli/collect_script.h"
#include "cli/options.h"
#include "cli/run.h"

static int print_script(const struct md_options *options)
{
    struct md_buf out = {0};

    md_collect_script(&out);
    int exit_status = md_output_write(options, &out);
    md_buf_free(&out);
    return exit_status;
}

int md_command_collect(const struct md_options *options, struct md_arena *arena)
{
    (void)arena;
    if (options->wants_script)
        return print_script(options);
    fprintf(stderr, "mtadoctor: collect knows only --script in this version\n");
    return MD_EXIT_USAGE;
}
