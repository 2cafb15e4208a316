#include "probes/msgserver/log_sizes.h"

#include "probes/source/source.h"

struct sizes {
    uint64_t bytes;
    bool is_any;
};

static bool see(void *ctx, const struct md_dir_entry *entry)
{
    static const char *const names[] = {"mail.log", "mail.log_yesterday", "mail.log_current"};
    struct sizes *sizes = ctx;
    ptrdiff_t slash = md_str_rfind_char(entry->path, '/');
    struct md_str base = md_str_from(entry->path, slash >= 0 ? (size_t)slash + 1 : 0);

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (entry->is_dir || !md_str_is(base, names[i]))
            continue;
        sizes->bytes += entry->size;
        sizes->is_any = true;
    }
    return true;
}

bool md_log_sizes(struct md_probe_ctx *ctx, uint64_t *ret_bytes, struct md_origin *ret_origin)
{
    const struct md_item *const *items;
    size_t n = md_source_items(ctx->source, MD_ITEM_LISTING, &items);
    bool is_any = false;

    for (size_t i = 0; i < n; i++) {
        struct sizes sizes = {0};

        if (items[i]->root == NULL || md_str_find(md_str(items[i]->root), MD_LIT("queue")) >= 0 ||
            md_source_walk(ctx->source, items[i], md_diags_new(ctx->arena), see, &sizes) != MD_OK || !sizes.is_any)
            continue;
        if (is_any && sizes.bytes <= *ret_bytes)
            continue;
        *ret_bytes = sizes.bytes;
        *ret_origin = md_origin_item(items[i], 0);
        is_any = true;
    }
    return is_any;
}
