/*
 * Fuzz target of the parsers of what the product's own commands print. The first byte chooses the parser.
 */
#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "probes/formats/msgserver/counters.h"
#include "probes/formats/msgserver/qm_jobs.h"
#include "probes/formats/msgserver/qm_listing.h"
#include "probes/formats/msgserver/qm_top.h"
#include "probes/formats/msgserver/store_out.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_listings(struct md_arena *arena, struct md_str text)
{
    struct md_qm_listing listing;
    struct md_qm_history history;
    const struct md_qm_stopped *stopped;
    struct md_qm_reply reply;
    struct md_str rest = text;
    uint32_t line = 0;

    md_qm_directory_parse(arena, text, &listing);
    md_qm_summarize_parse(arena, text, &listing);
    md_qm_history_parse(arena, text, &history);
    (void)md_qm_stopped_parse(arena, md_str("imsimta qm stop tcp_local"), text, &stopped);
    while (md_qm_reply_next(&rest, &line, &reply))
        continue;
}

static void read_jobs(struct md_arena *arena, struct md_str text)
{
    struct md_qm_jobs jobs;
    struct md_qm_messages messages;
    const struct md_qm_top_row *rows;
    struct md_str rest = text, channel;

    (void)md_qm_top_parse(arena, text, &rows);
    (void)md_qm_top_command(text, &channel);
    md_qm_jobs_parse(arena, text, &jobs);
    for (size_t i = 0; i < 100; i++) {
        md_qm_messages_parse(arena, rest, &messages, &rest);
        if (!messages.is_recognised)
            break;
    }
}

static void read_store(struct md_arena *arena, struct md_str text)
{
    const struct md_quota_row *quota;
    const struct md_session_row *sessions;
    const struct md_folder_row *folders;
    struct md_counters counters;
    struct md_db_stats stats;
    struct md_state_file state;
    size_t without;

    (void)md_quota_parse(arena, text, &quota, &without);
    (void)md_sessions_parse(arena, text, &sessions);
    (void)md_folders_parse(arena, text, &folders);
    md_counters_parse(arena, text, &counters);
    if (md_db_stats_parse(text, &stats) != MD_OK && md_state_file_parse(text, &state) != MD_OK)
        return;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct md_arena *arena;
    struct md_str text;

    if (size == 0)
        return 0;
    arena = md_arena_new();
    text = md_str_n((const char *)data + 1, size - 1);
    if (data[0] == 'l')
        read_listings(arena, text);
    else if (data[0] == 'j')
        read_jobs(arena, text);
    else
        read_store(arena, text);
    md_arena_free(&arena);
    return 0;
}
