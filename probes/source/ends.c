#include "probes/source/ends.h"

#include <string.h>

static void keep_tail(struct md_ends *ends, const char *chunk, size_t n)
{
    if (ends->tail_n + n > MD_ENDS_TAIL) {
        size_t keep = n < MD_ENDS_TAIL ? MD_ENDS_TAIL - n : 0;

        keep = keep < ends->tail_n ? keep : ends->tail_n;
        memmove(ends->tail, ends->tail + ends->tail_n - keep, keep);
        ends->tail_n = keep;
    }
    memcpy(ends->tail + ends->tail_n, chunk, n);
    ends->tail_n += n;
}

enum md_status md_ends_read(struct md_stream *stream, struct md_ends *ends)
{
    char chunk[16384];

    ends->head_n = ends->tail_n = 0;
    ends->is_whole = false;
    ends->bytes = 0;
    while (ends->bytes < MD_ENDS_FILE) {
        ptrdiff_t got = md_stream_read(stream, chunk, sizeof chunk);
        size_t n, in_head = 0;

        if (got < 0)
            return (enum md_status)got;
        if (got == 0) {
            ends->is_whole = true;
            break;
        }
        n = (size_t)got;
        ends->bytes += n;
        if (ends->head_n < MD_ENDS_HEAD) {
            in_head = n < MD_ENDS_HEAD - ends->head_n ? n : MD_ENDS_HEAD - ends->head_n;
            memcpy(ends->head + ends->head_n, chunk, in_head);
            ends->head_n += in_head;
        }
        /* The end also when it is still in the head, so that it is one piece. */
        keep_tail(ends, chunk, n);
    }
    if (ends->bytes <= MD_ENDS_HEAD || !ends->is_whole)
        ends->tail_n = 0;
    return MD_OK;
}
