/* What mailers and word processors do to texts, undone, of any bytes. The first byte says which. */
#include <stdlib.h>

#include "engine/base/bug.h"
#include "probes/bundle/folded.h"
#include "probes/formats/common/markup.h"
#include "probes/formats/common/mime.h"
#include "probes/formats/common/transfer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct md_str text, size_t most)
{
    if (text.n > most)
        MD_BUG("more text than there may be");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct md_arena *arena = md_arena_new();
    struct md_str text, joined = {"", 0};
    const struct md_mime_part *parts;
    size_t width;
    bool is_cut;

    if (size == 0) {
        md_arena_free(&arena);
        return 0;
    }
    text = md_str_n((const char *)data + 1, size - 1);
    switch (data[0]) {
    case 'b': check(md_transfer_base64(arena, text), text.n); break;
    case 'q':
        (void)md_transfer_is_quoted_printable(text);
        check(md_transfer_quoted_printable(arena, text), text.n);
        break;
    case 'f': check(md_transfer_flowed(arena, text, text.n % 2 != 0), text.n + 1); break;
    case 'h':
        (void)md_markup_is_html(text);
        check(md_markup_html(arena, text), text.n + 1);
        break;
    case 'r':
        (void)md_markup_is_rtf(text);
        check(md_markup_rtf(arena, text), text.n);
        break;
    case 'l':
        if (md_folded_join(arena, text, &joined, &width) == MD_FOLDED_JOINED)
            check(joined, 2 * text.n + 2);
        break;
    default:
        (void)md_mime_is_message(text);
        for (size_t i = md_mime_parts(arena, text, &parts, &is_cut); i-- > 0;)
            if (parts[i].name.n == 0 || md_str_find_char(parts[i].name, '/') >= 0)
                MD_BUG("a part without a name of its own");
    }
    md_arena_free(&arena);
    return 0;
}
