#include "probes/msgserver/instances.h"

#include "engine/base/diag.h"
#include "probes/item_text.h"
#include "probes/msgserver/channel_kind.h"

struct md_instance *md_instances_next(const struct md_instance *parent, const char *scope,
                                      const struct md_instance *after)
{
    struct md_instance *at = after == NULL ? parent->first_child : after->next_sibling;

    while (at != NULL && !md_str_is(md_str(at->scope->name), scope))
        at = at->next_sibling;
    return at;
}

struct md_instance *md_instances_get(struct md_probe_ctx *ctx, const char *scope, struct md_str name,
                                     struct md_instance *parent, const struct md_item *item)
{
    const struct md_scope_def *def = md_catalogue_scope(md_facts_catalogue(ctx->facts), md_str(scope));
    struct md_instance *found = md_facts_find_instance(ctx->facts, def, name, parent);

    if (found != NULL)
        return found;
    if (parent->n_children >= MD_INSTANCES_EACH || md_facts_instance_count(ctx->facts) >= MD_INSTANCES_ALL) {
        md_diags_add(ctx->diags, MD_WARNING, md_item_loc(item, 0),
                     "more %ss are named than are looked at; the rest is left out", scope);
        return NULL;
    }
    return md_facts_instance(ctx->facts, scope, name, parent);
}

struct md_instance *md_instances_store_channel(struct md_facts *facts)
{
    struct md_instance *first = NULL;
    struct md_instance *at = NULL;

    while ((at = md_instances_next(md_facts_root(facts), "channel", at)) != NULL) {
        const struct md_fact *fact = md_fact_by_name(facts, at, "channel.kind");
        struct md_str kind =
            fact != NULL && fact->is_known ? fact->value.u.text : md_str(md_channel_kind(NULL, at->name));

        if (!md_str_is(kind, "store"))
            continue;
        if (at->first_child != NULL)
            return at;
        if (first == NULL)
            first = at;
    }
    return first;
}

bool md_instances_is_mailbox_of(const struct md_instance *mailbox, struct md_str user)
{
    ptrdiff_t at = md_str_find_char(mailbox->name, '@');

    return md_str_eq_nocase(mailbox->name, user) ||
           (at > 0 && md_str_eq_nocase(md_str_sub(mailbox->name, 0, (size_t)at), user));
}
