/* What the tools of the calendar and of its database print, and what its logs say: the first byte says which tool. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "engine/base/time.h"
#include "engine/embedded.h"
#include "probes/bundle/recognise.h"
#include "probes/calendar/log_tally.h"
#include "probes/formats/calendar/tool_out.h"
#include "probes/formats/calendar/version.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Compiled once: it is the same for every input. */
static const struct md_caldb_table *table_of(void)
{
    static const struct md_caldb_table *table;
    static struct md_arena *arena;
    const struct md_node *root;

    if (table != NULL)
        return table;
    arena = md_arena_new();
    for (size_t i = 0; i < md_embedded_rules_count; i++) {
        const struct md_embedded_file *file = &md_embedded_rules[i];

        if (md_str_is(md_str(file->path), "calendar/messages.yaml") &&
            (md_yaml_read(arena, file->path, md_str_n(file->text, file->size), md_diags_new(arena), &root) != MD_OK ||
             md_caldb_table_compile(arena, root, md_diags_new(arena), &table) != MD_OK))
            abort();
    }
    if (table == NULL)
        abort();
    return table;
}

static void feed_logs(struct md_arena *arena, struct md_str text)
{
    static const struct md_item item = {.name = "fuzz", .base = "fuzz"};
    struct md_callog *log =
        md_callog_new(arena, table_of(), "4.2", md_zone_utc(), INT64_C(1180612800) * MD_SECOND, 86400);
    struct md_callog_incident incident;
    struct md_str line;
    uint32_t number = 0;

    md_callog_begin(log);
    while (md_str_next_line(&text, &line)) {
        if (number % 7 == 6)
            md_callog_text(log, line, MD_TIME_NONE, &item, ++number);
        else
            (void)md_callog_event(log, line, &item, ++number);
    }
    md_callog_incident(log, &incident);
    /* A cause is a message that has a class and is no mere follower. */
    if (incident.first_cause != NULL && (incident.first_cause->follows || incident.first_cause->class_index < 0 ||
                                         (size_t)incident.first_cause->class_index >= md_caldb_class_count(table_of())))
        abort();
    if (log->n_events > MD_CALLOG_EVENTS_MAX || log->n_files > MD_CALLOG_FILES_MAX)
        abort();
}

static void feed_tools(struct md_arena *arena, enum md_tool tool, struct md_str text)
{
    struct md_tool_reader *reader = md_tool_reader_new(arena, table_of());
    const struct md_tool_out *out = md_tool_result(reader);
    struct md_str line, rest = text;
    uint32_t number = 0;

    if (!md_str_next_line(&rest, &line))
        return;
    (void)md_tool_begin(reader, tool, line, md_str("fuzz"), tool % 2 == 0 ? -1 : 1);
    while (md_str_next_line(&rest, &line)) {
        struct md_calendar_version version;
        bool is_header;

        md_tool_line(reader, line, ++number);
        (void)md_recognise_line(line, &is_header);
        if (md_calendar_version_find(line, true, &version) && version.major < 4)
            abort();
        (void)md_calendar_library_find(line, &version);
    }
    md_tool_end(reader);
    if (out->n_files > MD_TOOL_FILES_MAX || out->n_lockers > MD_TOOL_LOCKERS_MAX)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct md_arena *arena = md_arena_new();
    struct md_str text = md_str_n((const char *)data, size);

    if (size > 0 && (data[0] & 31U) <= MD_TOOL_OTHER)
        feed_tools(arena, (enum md_tool)(data[0] & 31U), md_str_from(text, 1));
    else
        feed_logs(arena, md_str_from(text, 1));
    (void)md_recognise_database(text);
    md_arena_free(&arena);
    return 0;
}
