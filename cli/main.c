/*
 * mtadoctor: finds out why mail does not move.
 */
#include <stdio.h>

#include "cli/options.h"
#include "cli/report/report.h"

int main(int argc, char **argv)
{
    struct md_arena *arena = md_arena_new_large();
    struct md_options options;
    const char *error = NULL;
    int exit_status = MD_EXIT_USAGE;
    if (md_options_parse(arena, argc, argv, &options, &error) != MD_OK) {
        fprintf(stderr, "mtadoctor: %s\n", error);
    } else if (options.wants_help) {
        bool is_general = argc < 3;
        fputs(md_options_help(arena, is_general ? MD_COMMAND_COUNT : options.command), stdout);
        exit_status = MD_EXIT_OK;
    } else if (options.wants_version) {
        printf("%s %s\n", MD_TOOL_NAME, MD_TOOL_VERSION);
        exit_status = MD_EXIT_OK;
    } else {
        exit_status = md_command_function(options.command)(&options, arena);
    }
    md_arena_free(&arena);
    return exit_status;
}
