#include "cli/collect_script.h"

#include <string.h>

#include "cli/report/report.h"
#include "engine/embedded.h"
#include "probes/msgserver/commands.h"
#include "probes/source/command.h"
#include "probes/source/host_places.h"
#include "probes/source/item_name.h"
#include "probes/system/dns_targets.h"

#define COMMAND_KIB 8192 /* of the output of one command; a bundle of a whole host is packed within the limit of one */
#define TABLES_BEFORE "30_" /* the part of the script that the tables come before */

/* A word of the shell. The tables hold no quotes. */
static void put_word(struct md_buf *out, const char *word)
{
    md_buf_printf(out, strpbrk(word, "*?[]$ ") != NULL ? "'%s'" : "%s", word);
}

static void put_list(struct md_buf *out, const char *name, const char *const *list)
{
    md_buf_printf(out, "%s='", name);
    for (size_t i = 0; list[i] != NULL; i++)
        md_buf_printf(out, "%s%s", i > 0 ? " " : "", list[i]);
    md_buf_puts(out, "'\n");
}

/* One alternative of a "case". */
static void put_pattern(void *ctx, const char *pattern)
{
    struct md_buf *out = ctx;

    md_buf_printf(out, "%s%s", out->n > 0 && out->p[out->n - 1] == '\n' ? "        " : " | ", pattern);
}

static void put_names(struct md_buf *out, const char *function, bool is_log)
{
    md_buf_printf(out, "%s() {\n    case $1 in\n", function);
    md_item_name_patterns(is_log, put_pattern, out);
    md_buf_puts(out, ") return 0 ;;\n    esac\n    return 1\n}\n");
}

static void put_may_kill(struct md_buf *out)
{
    md_buf_puts(out, "may_kill() {\n    case $1 in\n");
    for (const char *const *name = md_host_places.never_kill; *name != NULL; name++)
        put_pattern(out, *name);
    md_buf_puts(out, ") return 1 ;;\n    esac\n    return 0\n}\n");
}

static void put_argv(struct md_buf *out, enum md_item_kind kind, const char *const *argv)
{
    md_buf_printf(out, "command_of %s system %s", md_cost_name(md_item_kind_cost(kind)), md_item_kind_name(kind));
    for (; *argv != NULL; argv++) {
        md_buf_puts(out, " ");
        put_word(out, *argv);
    }
    md_buf_puts(out, "\n");
}

/* Every kind of item that has a command; inodes have one of their own on Solaris. */
static void put_commands(struct md_buf *out, struct md_arena *arena)
{
    md_buf_puts(out, "all_commands() {\n");
    for (int i = 0; i < MD_ITEM_KIND_COUNT; i++) {
        enum md_item_kind kind = (enum md_item_kind)i;
        const char *command = md_item_kind_command(kind);
        struct md_str rest = md_str(command != NULL ? command : ""), word;
        bool is_product = md_str_skip_prefix(&rest, MD_LIT("@"));

        if (command == NULL)
            continue;
        md_buf_printf(out, "    command_of %s %s %s", md_cost_name(md_item_kind_cost(kind)),
                      is_product ? "product" : "system", md_item_kind_name(kind));
        while (!md_str_is_empty(word = md_str_next_word(&rest))) {
            md_buf_puts(out, " ");
            put_word(out, md_arena_cstr(arena, word));
        }
        md_buf_puts(out, "\n");
    }
    md_buf_puts(out, "    case $system in\n        SunOS) ");
    put_argv(out, MD_ITEM_DF_INODES, md_host_places.df_inodes_solaris);
    md_buf_puts(out, "            ;;\n        *) ");
    put_argv(out, MD_ITEM_DF_INODES, md_host_places.df_inodes);
    md_buf_puts(out, "            ;;\n    esac\n}\n");
}

static void put_tables(struct md_buf *out, struct md_arena *arena)
{
    const struct md_host_places *places = &md_host_places;

    md_buf_printf(out, "\n# ---- the tables of mtadoctor " MD_TOOL_VERSION " ----\n\nVERSION=" MD_TOOL_VERSION "\n");
    put_list(out, "BASES", places->bases);
    put_list(out, "SERVER_ROOTS", places->server_roots);
    put_list(out, "SIGNS", places->signs);
    put_list(out, "CONFIG_BELOW", places->config);
    put_list(out, "LOG_BELOW", places->log);
    put_list(out, "COMMANDS_BELOW", places->commands);
    put_list(out, "PROC_BELOW", places->proc);
    put_list(out, "QUEUE_BELOW", places->queue);
    put_list(out, "IMAGES", places->images);
    put_list(out, "STORE_BELOW", places->store_list);
    put_list(out, "CALENDAR_CONFIG", places->calendar_config);
    put_list(out, "CALENDAR_DATA", places->calendar_data);
    put_list(out, "PROGRAMS", places->programs);
    md_buf_puts(out, "SYSTEM_FILES='");
    for (const struct md_host_file *file = md_host_files; file->path != NULL; file++)
        md_buf_printf(out, "%s%s", file > md_host_files ? " " : "", file->path);
    md_buf_printf(out, "'\nSAMPLE_CHANNELS=%d\nSAMPLE_PER_CHANNEL=%d\nSAMPLE_LOOK=%d\nFOLDER_FILES=%d\n",
                  MD_SAMPLE_CHANNELS_MAX, MD_SAMPLE_PER_CHANNEL, MD_SAMPLE_LOOK, MD_HOST_FOLDER_FILES_MAX);
    md_buf_printf(out,
                  "COMMAND_SECONDS=%d\nGRACE_SECONDS=%d\nCOMMAND_KIB=%d\nDNS_STUCK=%d\nDNS_CONTROLS=%d\n"
                  "CONTROLLER_PORT=%d\nGREETING_SECONDS=%d\nNEVER_MADE=%s\n",
                  MD_COMMAND_SECONDS, MD_COMMAND_GRACE_SECONDS, COMMAND_KIB, MD_DNS_STUCK_MAX, MD_DNS_CONTROLS_MAX,
                  MD_JOB_CONTROLLER_PORT, MD_SOURCE_GREETING_S, MD_DNS_NEVER_MADE);
    put_list(out, "DNS_PUBLIC", md_dns_public_names);
    md_buf_puts(out, "\n");
    put_names(out, "is_config_name", false);
    put_names(out, "is_log_name", true);
    put_may_kill(out);
    put_commands(out, arena);
}

void md_collect_script(struct md_buf *out)
{
    struct md_arena *arena = md_arena_new();

    for (size_t i = 0; i < md_embedded_script_count; i++) {
        const struct md_embedded_file *part = &md_embedded_script[i];

        if (md_str_has_prefix(md_str(part->path), MD_LIT(TABLES_BEFORE)))
            put_tables(out, arena);
        md_buf_add(out, md_str_n(part->text, part->size));
    }
    md_arena_free(&arena);
}
