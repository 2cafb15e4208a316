#include <stdlib.h>

#include "engine/base/bug.h"
#include "probes/formats/system/listing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool look(void *ctx, const struct md_listing_entry *entry)
{
    uint64_t *left = ctx;

    if (entry->path.n == 0 || entry->path.n > MD_LISTING_PATH_MAX || entry->path.p[0] == '/')
        MD_BUG("a path of %zu bytes", entry->path.n);
    return --*left > 0;
}

/* The first byte says in which pieces the rest is fed and when to stop. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct md_listing_options options = {.root = MD_LIT("/q"), .reference = INT64_C(1795507920) * MD_SECOND};
    struct md_str text, root;
    struct md_listing *listing;
    enum md_status st = MD_OK;
    uint64_t left;
    size_t piece;

    if (size == 0)
        return 0;
    piece = data[0] % 64 + 1u;
    left = data[0] < 128 ? UINT64_MAX : data[0];
    text = md_str_n((const char *)data + 1, size - 1);
    listing = md_listing_new(&options, look, &left);
    for (size_t at = 0; at < text.n && st == MD_OK; at += piece)
        st = md_listing_feed(listing, text.p + at, text.n - at < piece ? text.n - at : piece);
    st = md_listing_end(listing);
    (void)st;
    md_listing_free(&listing);
    (void)md_listing_recognise(text, &root);
    if (root.n > text.n)
        MD_BUG("a root outside the text");
    return 0;
}
