/*
 * cli/probes: the command `probes`: what each probe reads or runs, and its cost. From the tables alone.
 */
#include "cli/options.h"
#include "cli/output.h"
#include "cli/report/layout.h"
#include "cli/report/report.h"
#include "cli/run.h"
#include "probes/probe.h"

static json_t *reads_json(const struct md_probe *probe)
{
    json_t *out = json_array();
    for (const enum md_item_kind *kind = probe->reads; kind != NULL && *kind != MD_ITEM_KIND_COUNT; kind++) {
        json_t *row = json_object();
        json_object_set_new(row, "item", json_string(md_item_kind_name(*kind)));
        json_object_set_new(row, "says", json_string(md_item_kind_says(*kind)));
        const char *command = md_item_kind_command(*kind);
        json_object_set_new(row, "command",
                            command == NULL ? json_null() : json_string(command[0] == '@' ? command + 1 : command));
        json_object_set_new(row, "cost", json_string(md_cost_name(md_item_kind_cost(*kind))));
        json_array_append_new(out, row);
    }
    return out;
}

static void text(struct md_buf *out, struct md_arena *arena)
{
    const struct md_layout layout = {.out = out};
    for (size_t i = 0; i < md_probe_count(); i++) {
        const struct md_probe *probe = md_probe_at(i);
        md_buf_printf(out, "%s%s (%s)\n", i == 0 ? "" : "\n", probe->name, md_cost_name(probe->cost));
        md_layout_paragraph(&layout, "  ", "  ", probe->says, MD_STYLE_PLAIN);
        for (const enum md_item_kind *kind = probe->reads; kind != NULL && *kind != MD_ITEM_KIND_COUNT; kind++) {
            const char *command = md_item_kind_command(*kind);
            md_layout_paragraph(&layout, "    reads ", "      ", md_item_kind_says(*kind), MD_STYLE_PLAIN);
            if (command != NULL) {
                md_layout_command(&layout, "    ",
                                  md_arena_printf(arena, "%s   (%s)", command[0] == '@' ? command + 1 : command,
                                                  md_cost_name(md_item_kind_cost(*kind))));
            }
        }
    }
}

int md_command_probes(const struct md_options *options, struct md_arena *arena)
{
    struct md_buf out = {0};
    if (options->format == MD_FORMAT_JSON) {
        json_t *list = json_array();
        for (size_t i = 0; i < md_probe_count(); i++) {
            const struct md_probe *probe = md_probe_at(i);
            json_t *row = json_pack("{s:s, s:s, s:s, s:o}", "name", probe->name, "says", probe->says, "cost",
                                    md_cost_name(probe->cost), "reads", reads_json(probe));
            json_array_append_new(list, row);
        }
        json_t *all = json_pack("{s:s, s:o}", "schema", "mtadoctor.probes/1", "probes", list);
        md_json_print(all, &out);
        json_decref(all);
    } else {
        text(&out, arena);
    }
    int exit_status = md_output_write(options, &out);
    md_buf_free(&out);
    return exit_status;
}
