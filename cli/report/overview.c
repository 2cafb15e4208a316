#include "cli/report/overview.h"

#include <stdlib.h>

#define MAX_DESTINATIONS 20

static struct md_maybe number(const struct md_facts *facts, const struct md_instance *at, const char *name)
{
    const struct md_fact *fact = md_fact_by_name(facts, at, name);
    if (fact == NULL || !fact->is_known) {
        return (struct md_maybe){0};
    }
    double value = fact->value.type == MD_TYPE_COUNT ? (double)fact->value.u.count : fact->value.u.number;
    return (struct md_maybe){.is_known = true, .is_exact = !fact->has_bounds, .value = value};
}

static double or_zero(struct md_maybe m)
{
    return m.is_known ? m.value : 0;
}

/* Sorting keeps the order of first appearance for equal counts: the index is the last key. */
struct ranked {
    double files;
    size_t index;
};

static int by_files(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->files != y->files) {
        return x->files < y->files ? 1 : -1;
    }
    return x->index < y->index ? -1 : x->index > y->index;
}

static struct ranked *rank(struct md_arena *arena, size_t n)
{
    return md_arena_array(arena, n == 0 ? 1 : n, sizeof(struct ranked));
}

void md_overview_make(struct md_arena *arena, const struct md_facts *facts, struct md_overview *ret)
{
    const struct md_catalogue *catalogue = md_facts_catalogue(facts);
    const struct md_scope_def *channel_scope = md_catalogue_scope(catalogue, MD_LIT("channel"));
    const struct md_scope_def *destination_scope = md_catalogue_scope(catalogue, MD_LIT("destination"));
    size_t n = md_facts_instance_count(facts);
    struct md_overview_channel *channels = md_arena_array(arena, n, sizeof(*channels));
    struct md_overview_destination *destinations = md_arena_array(arena, n, sizeof(*destinations));
    size_t n_channels = 0, n_destinations = 0;
    for (size_t i = 0; i < n; i++) {
        const struct md_instance *at = md_facts_instance_at(facts, i);
        if (at->scope == channel_scope) {
            struct md_overview_channel *c = &channels[n_channels];
            c->name = at->name;
            c->files = number(facts, at, "channel.files");
            c->untried = number(facts, at, "channel.untried");
            c->held = number(facts, at, "channel.held");
            c->oldest_s = number(facts, at, "channel.oldest_s");
            c->arrived_per_h = number(facts, at, "channel.arrived_per_h");
            c->left_per_h = number(facts, at, "channel.left_per_h");
            c->drained_in_s = number(facts, at, "channel.drained_in_s");
            /* a channel that is only configured says nothing about the queue */
            if (c->files.is_known || c->arrived_per_h.is_known) {
                n_channels++;
            }
        } else if (at->scope == destination_scope) {
            struct md_overview_destination *d = &destinations[n_destinations];
            d->name = at->name;
            d->channel = at->parent->name;
            d->files = number(facts, at, "destination.files");
            const struct md_fact *failures = md_fact_by_name(facts, at, "destination.failures");
            d->failures = failures != NULL && failures->is_known ? &failures->value.u.counts : NULL;
            if (or_zero(d->files) > 0) {
                n_destinations++;
            }
        }
    }
    struct md_overview_channel *sorted = md_arena_array(arena, n_channels + 1, sizeof(*sorted));
    struct ranked *order = rank(arena, n_channels);
    for (size_t i = 0; i < n_channels; i++) {
        order[i] = (struct ranked){.files = or_zero(channels[i].files), .index = i};
    }
    qsort(order, n_channels, sizeof(*order), by_files);
    for (size_t i = 0; i < n_channels; i++) {
        sorted[i] = channels[order[i].index];
    }
    struct md_overview_destination *top = md_arena_array(arena, MAX_DESTINATIONS, sizeof(*top));
    order = rank(arena, n_destinations);
    for (size_t i = 0; i < n_destinations; i++) {
        order[i] = (struct ranked){.files = or_zero(destinations[i].files), .index = i};
    }
    qsort(order, n_destinations, sizeof(*order), by_files);
    size_t n_top = n_destinations < MAX_DESTINATIONS ? n_destinations : MAX_DESTINATIONS;
    for (size_t i = 0; i < n_top; i++) {
        top[i] = destinations[order[i].index];
    }
    *ret = (struct md_overview){
        .channels = sorted, .n_channels = n_channels, .destinations = top, .n_destinations = n_top};
}
