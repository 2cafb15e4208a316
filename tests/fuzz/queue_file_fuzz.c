#include <stdlib.h>

#include "engine/base/bug.h"
#include "probes/formats/msgserver/queue_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte says how much of the rest is taken for the end of a file whose middle is left out. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct md_arena *arena;
    struct md_queue_file file;
    struct md_str head, tail = {0};

    if (size == 0)
        return 0;
    head = md_str_n((const char *)data + 1, size - 1);
    if (data[0] > 0) {
        tail = md_str_from(head, head.n * data[0] / 256);
        head.n -= tail.n;
    }
    arena = md_arena_new();
    if (md_queue_file_parse(arena, head, tail, &file) == MD_OK) {
        if (file.n_recipients > MD_QUEUE_FILE_RECIPIENTS_MAX || file.n_attempts > file.attempts_total)
            MD_BUG("a limit does not hold");
        for (size_t i = 0; i < file.n_recipients; i++)
            (void)md_queue_recipient_domain(&file.recipients[i]);
    }
    md_arena_free(&arena);
    return 0;
}
