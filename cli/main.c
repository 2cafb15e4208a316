/*
 * mtadoctor: finds out why mail does not move.
 */
#include <stdio.h>

#include "cli/options.h"
#include "cli/output.h"
#include "cli/report/report.h"
#include "cli/run.h"

/* To standard output, wherever --output points. */
static int say(const char *text)
{
    const struct md_options plain = {.output = NULL};
    struct md_buf out = {0};
    md_buf_puts(&out, text);
    int exit_status = md_output_write(&plain, &out);
    md_buf_free(&out);
    return exit_status;
}

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
        exit_status = say(md_options_help(arena, is_general ? MD_COMMAND_COUNT : options.command));
    } else if (options.wants_version) {
        exit_status = say(MD_TOOL_NAME " " MD_TOOL_VERSION "\n");
    } else {
        exit_status = md_command_function(options.command)(&options, arena);
    }
    md_arena_free(&arena);
    return exit_status;
}
