#include "probes/msgserver/instances.h"

#include "probes/msgserver/channel_kind.h"

struct md_instance *md_instances_next(const struct md_instance *parent, const char *scope,
                                      const struct md_instance *after)
{
    struct md_instance *at = after == NULL ? parent->first_child : after->next_sibling;

    while (at != NULL && !md_str_is(md_str(at->scope->name), scope))
        at = at->next_sibling;
    return at;
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
