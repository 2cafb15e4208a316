/* Recognition and splitting of any bytes. The first byte says how it is cleaned and in which chunks it comes. */
#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/base/bug.h"
#include "probes/bundle/instants.h"
#include "probes/bundle/recognise.h"
#include "probes/bundle/split.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"x.txt",       "mail.log", "imta.cnf",       "default",
                                        "qm-jobs.txt", "hosts",    "data/proc/store"};
    struct md_arena *arena = md_arena_new();
    struct md_str text = md_str_n((const char *)data, size), line, rest;
    const struct md_part *parts;
    struct md_splitter *splitter;
    struct md_file_verdict verdict;
    unsigned how = size > 0 ? data[0] : 0U;
    size_t chunk = how % 7 + 1, n;
    uint64_t end = 0;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        md_recognise_file(md_str(names[i]), text, size, &verdict);
    md_recognise_file(text, text, size, &verdict);
    splitter = md_splitter_new(arena, how & 7U);
    for (size_t at = 0; at < size; at += chunk) {
        struct md_str piece = md_str_sub(text, at, chunk);

        md_splitter_feed(splitter, piece.p, piece.n);
    }
    n = md_splitter_end(&splitter, &parts);
    for (size_t i = 0; i < n; i++) {
        if (parts[i].offset < end || parts[i].size > size - parts[i].offset)
            MD_BUG("a part that is not inside its file, or before the end of the one before");
        end = parts[i].offset + parts[i].size;
    }
    for (rest = text; md_str_next_line(&rest, &line);) {
        struct md_command_verdict command;
        struct md_prompt prompt;
        struct md_instant instant;

        md_recognise_command(line, &command);
        (void)md_recognise_prompt(line, line, &prompt);
        (void)md_instant_of_date(line, &instant);
    }
    for (int kind = 0; kind < MD_ITEM_KIND_COUNT; kind++) {
        struct md_instant instant;

        md_instant_find((enum md_item_kind)kind, text, false, &instant);
    }
    md_arena_free(&arena);
    return 0;
}
