/*
 * probes/system/dns: what DNS says about the destinations that mail waits for, and whether our own resolvers work.
 *
 * Each resolver counts by itself. Names that must resolve (this site's own, and domains that took mail) tell "their DNS" from "our
 * resolver". In a bundle only recorded answers count; what nobody asked stays unknown.
 */
#include <stdlib.h>

#include "probes/formats/system/dig.h"
#include "probes/item_text.h"
#include "probes/msgserver/instances.h"
#include "probes/system/dns_book.h"
#include "probes/system/dns_targets.h"

#define HOPS_MAX 16
#define RESOLVERS_MAX 16
#define DEAD_NAMES_MIN 5 /* names without an answer that make a resolver dead where no control was asked */

struct dns {
    struct md_probe_ctx *ctx;
    struct md_dns_book *book;
    struct md_dns_targets targets;
    struct md_str own_address[MD_DNS_OWN_MAX];
    size_t n_own_address;
    struct md_resolv resolv;
    const struct md_item *resolv_item;
};

static bool is_null_mx(const struct md_dns_answer *mx)
{
    return mx->n_records == 1 && (mx->records[0].data.n == 0 || md_str_is(mx->records[0].data, "."));
}

/* What follows from the MX of a name: its targets, or the name itself. */
static void want_addresses(struct dns *dns, struct md_str name)
{
    struct md_dns_view mx = md_dns_book_view(dns->book, name, MD_DNS_MX);

    if (mx.says == MD_DNS_SAYS_NO_DATA) {
        md_dns_book_want(dns->book, name, MD_DNS_A);
        md_dns_book_want(dns->book, name, MD_DNS_AAAA);
    }
    if (mx.says != MD_DNS_SAYS_RECORDS || is_null_mx(mx.best))
        return;
    for (size_t i = 0; i < mx.best->n_records && i < HOPS_MAX; i++) {
        md_dns_book_want(dns->book, mx.best->records[i].data, MD_DNS_A);
        md_dns_book_want(dns->book, mx.best->records[i].data, MD_DNS_AAAA);
        md_dns_book_want(dns->book, mx.best->records[i].data, MD_DNS_CNAME);
    }
}

/* "nosuch.example" + search domain: resolves only through the search list or a wildcard there. */
static struct md_str searched(struct dns *dns, struct md_str name, struct md_str domain)
{
    return md_str(md_arena_printf(dns->ctx->arena, "%.*s.%.*s", MD_STR_ARG(name), MD_STR_ARG(domain)));
}

static void want_searched(struct dns *dns)
{
    for (size_t s = 0; s < dns->resolv.n_search; s++) {
        md_dns_book_want(dns->book, searched(dns, MD_LIT(MD_DNS_NEVER_MADE), dns->resolv.search[s]), MD_DNS_MX);
        md_dns_book_want(dns->book, searched(dns, MD_LIT(MD_DNS_NEVER_MADE), dns->resolv.search[s]), MD_DNS_A);
        for (size_t i = 0; i < dns->targets.n_stuck; i++) {
            struct md_str name = dns->targets.stuck[i];

            if (md_dns_book_view(dns->book, name, MD_DNS_MX).says == MD_DNS_SAYS_NO_NAME)
                md_dns_book_want(dns->book, searched(dns, name, dns->resolv.search[s]), MD_DNS_MX);
        }
    }
}

static void read_resolv_conf(struct dns *dns)
{
    const struct md_item *const *items;
    size_t n = md_source_items(dns->ctx->source, MD_ITEM_RESOLV_CONF, &items);

    for (size_t i = 0; i < n && dns->resolv_item == NULL; i++) {
        struct md_str text;

        if (!md_item_text(dns->ctx, items[i], 1u << 16, &text))
            continue;
        md_resolv_parse(text, &dns->resolv);
        dns->resolv_item = items[i];
    }
}

static void ask(struct dns *dns)
{
    const struct md_dns_targets *targets = &dns->targets;

    for (size_t i = 0; i < targets->n_controls; i++)
        md_dns_book_want(dns->book, targets->controls[i], MD_DNS_MX);
    for (size_t i = 0; i < targets->n_own_hosts; i++)
        md_dns_book_want(dns->book, targets->own_hosts[i], MD_DNS_A);
    for (size_t i = 0; i < targets->n_stuck; i++)
        md_dns_book_want(dns->book, targets->stuck[i], MD_DNS_MX);
    for (size_t i = 0; i < targets->n_held; i++)
        md_dns_book_want(dns->book, targets->held[i], MD_DNS_MX);
    md_dns_book_ask(dns->book);
    for (size_t i = 0; i < targets->n_stuck; i++)
        want_addresses(dns, targets->stuck[i]);
    for (size_t i = 0; i < targets->n_held; i++)
        want_addresses(dns, targets->held[i]);
    want_searched(dns);
    md_dns_book_ask(dns->book);
    for (size_t i = 0; i < targets->n_own_hosts; i++) {
        struct md_dns_view a = md_dns_book_view(dns->book, targets->own_hosts[i], MD_DNS_A);

        for (size_t r = 0;
             a.says == MD_DNS_SAYS_RECORDS && r < a.best->n_records && dns->n_own_address < MD_DNS_OWN_MAX; r++)
            dns->own_address[dns->n_own_address++] = a.best->records[r].data;
    }
}

/* What is known of one MX target. */
struct target {
    struct md_str name;
    uint32_t preference;
    bool is_self, is_private, is_bad_form, has_address, is_dead; /* dead: it certainly has no address */
    struct md_str address;
};

static void look_at_addresses(const struct dns *dns, const struct md_dns_view *view, struct target *target)
{
    if (view->says != MD_DNS_SAYS_RECORDS)
        return;
    target->has_address = true;
    if (target->address.n == 0)
        target->address = view->best->records[0].data;
    for (size_t i = 0; i < view->best->n_records; i++) {
        struct md_str address = view->best->records[i].data;

        target->is_private = target->is_private || md_dns_is_private(address);
        for (size_t k = 0; k < dns->n_own_address; k++)
            target->is_self = target->is_self || md_str_eq(dns->own_address[k], address);
    }
}

static bool is_gone(const struct md_dns_view *view)
{
    return view->says == MD_DNS_SAYS_NO_NAME || view->says == MD_DNS_SAYS_NO_DATA;
}

static struct target look_at_target(struct dns *dns, const struct md_dns_record *record)
{
    struct target target = {.name = record->data, .preference = record->preference};
    struct md_dns_view a = md_dns_book_view(dns->book, record->data, MD_DNS_A);
    struct md_dns_view aaaa = md_dns_book_view(dns->book, record->data, MD_DNS_AAAA);
    struct md_dns_view cname = md_dns_book_view(dns->book, record->data, MD_DNS_CNAME);

    target.is_self = md_dns_targets_is_own(&dns->targets, record->data);
    target.is_bad_form = md_dns_is_address(record->data) || cname.says == MD_DNS_SAYS_RECORDS;
    target.is_private = md_str_is_nocase(record->data, "localhost") ||
                        (md_dns_is_address(record->data) && md_dns_is_private(record->data));
    look_at_addresses(dns, &a, &target);
    look_at_addresses(dns, &aaaa, &target);
    target.is_dead = !target.has_address && is_gone(&a) && (is_gone(&aaaa) || aaaa.says == MD_DNS_SAYS_NOTHING);
    return target;
}

/* Whether the log shows attempts that fail at the best MX while another one takes the mail. */
static void set_best_mx_dead(struct dns *dns, struct md_instance *at, const struct target *targets, size_t n,
                             const struct md_origin *origin)
{
    const struct md_fact *hop = md_fact_by_name(dns->ctx->facts, at, "destination.next_hop");
    const struct md_fact *hops = md_fact_by_name(dns->ctx->facts, at, "destination.hops");
    const struct md_fact *delivered = md_fact_by_name(dns->ctx->facts, at, "destination.delivered");
    size_t best = 0;
    bool fails_at_best, another_accepts = false;

    for (size_t i = 1; i < n; i++) {
        if (targets[i].preference < targets[best].preference)
            best = i;
    }
    if (n < 2) {
        md_fact_bool(dns->ctx->facts, at, "destination.best_mx_dead", false, origin);
        return;
    }
    if (hops == NULL || !hops->is_known || delivered == NULL || !delivered->is_known) {
        md_fact_unknown(dns->ctx->facts, at, "destination.best_mx_dead",
                        "the log does not say which hosts were connected to");
        return;
    }
    fails_at_best = hop != NULL && hop->is_known &&
                    (md_str_eq_nocase(hop->value.u.text, targets[best].name) ||
                     (targets[best].address.n > 0 && md_str_eq(hop->value.u.text, targets[best].address)));
    for (size_t k = 0; k < hops->value.u.counts.n; k++) {
        struct md_str name = hops->value.u.counts.items[k].name;

        for (size_t i = 0; i < n; i++) {
            if (i != best && (md_str_eq_nocase(name, targets[i].name) ||
                              (targets[i].address.n > 0 && md_str_eq(name, targets[i].address))))
                another_accepts = true;
        }
    }
    md_fact_bool(dns->ctx->facts, at, "destination.best_mx_dead",
                 fails_at_best && another_accepts && delivered->value.u.count > 0, origin);
}

static void set_mx(struct dns *dns, struct md_instance *at, const struct md_dns_view *mx)
{
    struct md_facts *facts = dns->ctx->facts;
    struct target targets[HOPS_MAX];
    size_t n = mx->best->n_records < HOPS_MAX ? mx->best->n_records : HOPS_MAX;
    size_t dead = 0, with_address = 0;
    bool is_self = false, is_private = false, is_bad_form = false;

    for (size_t i = 0; i < n; i++) {
        targets[i] = look_at_target(dns, &mx->best->records[i]);
        dead += targets[i].is_dead;
        with_address += targets[i].has_address;
        is_self = is_self || targets[i].is_self;
        is_private = is_private || targets[i].is_private;
        is_bad_form = is_bad_form || targets[i].is_bad_form;
    }
    md_fact_text(facts, at, "destination.mx", dead == n ? MD_LIT("unusable") : MD_LIT("ok"), &mx->origin);
    md_fact_bool(facts, at, "destination.mx_is_self", is_self, &mx->origin);
    md_fact_bool(facts, at, "destination.mx_is_private", is_private, &mx->origin);
    md_fact_bool(facts, at, "destination.mx_bad_form", is_bad_form, &mx->origin);
    if (with_address > 0 || dead == n)
        md_fact_count(facts, at, "destination.mx_hosts", with_address, &mx->origin);
    set_best_mx_dead(dns, at, targets, n, &mx->origin);
}

/* No MX: the domain's own addresses count. */
static void set_implicit(struct dns *dns, struct md_instance *at, struct md_dns_view *mx)
{
    struct md_facts *facts = dns->ctx->facts;
    struct md_dns_record self = {.data = at->name};
    struct md_dns_view a = md_dns_book_view(dns->book, at->name, MD_DNS_A);
    struct target target = look_at_target(dns, &self);

    if (target.has_address) {
        md_fact_text(facts, at, "destination.mx", MD_LIT("implicit"), &mx->origin);
        md_fact_bool(facts, at, "destination.mx_is_self", target.is_self, &a.origin);
        md_fact_bool(facts, at, "destination.mx_is_private", target.is_private, &a.origin);
        md_fact_bool(facts, at, "destination.mx_bad_form", false, &mx->origin);
        md_fact_count(facts, at, "destination.mx_hosts", 1, &a.origin);
    } else if (target.is_dead) {
        md_fact_text(facts, at, "destination.mx", MD_LIT("nodata"), &mx->origin);
        md_fact_count(facts, at, "destination.mx_hosts", 0, &mx->origin);
    } else if (a.says == MD_DNS_SAYS_FAILED) {
        md_fact_text(facts, at, "destination.mx", MD_LIT("failed"), &a.origin);
    } else {
        md_fact_unknown(facts, at, "destination.mx", "it has no MX, and nobody asked for its address");
    }
}

static void set_destination(struct dns *dns, struct md_instance *at, const char *not_asked)
{
    struct md_facts *facts = dns->ctx->facts;
    struct md_dns_view mx = md_dns_book_view(dns->book, at->name, MD_DNS_MX);

    switch (mx.says) {
    case MD_DNS_SAYS_NOTHING:
        md_fact_unknown(facts, at, "destination.mx", not_asked);
        md_fact_unknown(facts, at, "destination.mx_is_self", not_asked);
        return;
    case MD_DNS_SAYS_RECORDS:
        if (is_null_mx(mx.best))
            md_fact_text(facts, at, "destination.mx", MD_LIT("null-mx"), &mx.origin);
        else
            set_mx(dns, at, &mx);
        break;
    case MD_DNS_SAYS_NO_DATA: set_implicit(dns, at, &mx); break;
    case MD_DNS_SAYS_NO_NAME: md_fact_text(facts, at, "destination.mx", MD_LIT("nxdomain"), &mx.origin); break;
    case MD_DNS_SAYS_FAILED: md_fact_text(facts, at, "destination.mx", MD_LIT("failed"), &mx.origin); break;
    }
    md_fact_bool(facts, at, "destination.resolves_on_some_only", mx.n_answered > 0 && mx.n_failed > 0, &mx.origin);
}

static void set_destinations(struct dns *dns, const char *not_asked)
{
    struct md_instance *channel = NULL;

    while ((channel = md_instances_next(md_facts_root(dns->ctx->facts), "channel", channel)) != NULL) {
        const struct md_fact *top = md_fact_by_name(dns->ctx->facts, channel, "channel.held_domain_top");

        if (md_dns_uses_names(dns->ctx, channel)) {
            for (struct md_instance *at = NULL; (at = md_instances_next(channel, "destination", at)) != NULL;) {
                if (md_dns_is_domain(at->name))
                    set_destination(dns, at, not_asked);
            }
        }
        if (top != NULL && top->is_known) {
            struct md_dns_view mx = md_dns_book_view(dns->book, top->value.u.text, MD_DNS_MX);
            bool is_ours = false;

            for (size_t i = 0; mx.says == MD_DNS_SAYS_RECORDS && i < mx.best->n_records; i++)
                is_ours = is_ours || look_at_target(dns, &mx.best->records[i]).is_self;
            if (mx.says == MD_DNS_SAYS_NOTHING || mx.says == MD_DNS_SAYS_FAILED)
                md_fact_unknown(dns->ctx->facts, channel, "channel.held_domain_is_ours", not_asked);
            else
                md_fact_bool(dns->ctx->facts, channel, "channel.held_domain_is_ours", is_ours, &mx.origin);
        }
    }
}

/* One resolver's answers. */
struct resolver {
    struct md_str address;
    size_t answered, failed, controls_failed;
    uint32_t *ms;
    size_t n_ms;
};

static int compare_ms(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;

    return x < y ? -1 : x > y;
}

static bool is_control(const struct dns *dns, struct md_str name)
{
    for (size_t i = 0; i < dns->targets.n_controls; i++) {
        if (md_str_eq(dns->targets.controls[i], name))
            return true;
    }
    return false;
}

static struct resolver *resolver_of(struct resolver *list, size_t *n, struct md_str address)
{
    for (size_t i = 0; i < *n; i++) {
        if (md_str_eq(list[i].address, address))
            return &list[i];
    }
    if (*n == RESOLVERS_MAX)
        return NULL;
    list[*n] = (struct resolver){.address = address};
    return &list[(*n)++];
}

static bool is_dead(const struct resolver *resolver)
{
    return resolver->answered == 0 && (resolver->controls_failed > 0 || resolver->failed >= DEAD_NAMES_MIN);
}

static void set_resolvers(struct dns *dns)
{
    static const char none[] = "no answer of a resolver was asked for or recorded";
    struct md_facts *facts = dns->ctx->facts;
    struct md_instance *root = md_facts_root(facts);
    struct resolver list[RESOLVERS_MAX];
    const struct md_str *configured;
    size_t n_configured = md_source_resolvers(dns->ctx->source, &configured);
    size_t n = 0, dead = 0;
    bool another_answers = false;
    struct md_origin origin = {.kind = MD_ORIGIN_DNS, .name = "answers of the configured resolvers"};

    for (size_t i = 0; i < n_configured; i++)
        (void)resolver_of(list, &n, configured[i]);
    for (size_t i = 0; i < md_dns_book_count(dns->book); i++) {
        const struct md_dns_answer *answer = md_dns_book_at(dns->book, i);
        struct resolver *resolver = answer->resolver.n > 0 ? resolver_of(list, &n, answer->resolver) : NULL;

        if (resolver == NULL)
            continue;
        if (resolver->ms == NULL)
            resolver->ms = md_arena_array(dns->ctx->arena, md_dns_book_count(dns->book), sizeof *resolver->ms);
        if (answer->status != MD_DNS_TIMEOUT || answer->ms > 0) /* tools do not say how long they waited in vain */
            resolver->ms[resolver->n_ms++] = answer->ms;
        if (answer->status == MD_DNS_NOERROR || answer->status == MD_DNS_NXDOMAIN) {
            resolver->answered++;
        } else {
            resolver->failed++;
            resolver->controls_failed += is_control(dns, answer->name);
        }
    }
    if (n == 0) {
        md_fact_unknown(facts, root, "host.dns_resolvers", "resolv.conf was not found");
        md_fact_unknown(facts, root, "host.dns_resolvers_dead", none);
        md_fact_unknown(facts, root, "host.dns_first_dead", none);
        md_fact_unknown(facts, root, "host.dns_slow_ms", none);
        return;
    }
    if (n_configured > 0 && dns->resolv_item != NULL) {
        struct md_origin file = md_item_origin(dns->resolv_item, 0);

        md_fact_count(facts, root, "host.dns_resolvers", n_configured, &file);
    } else {
        md_fact_count(facts, root, "host.dns_resolvers", n_configured > 0 ? n_configured : n, &origin);
    }
    for (size_t i = 0; i < n; i++) {
        dead += is_dead(&list[i]);
        another_answers = another_answers || (i > 0 && list[i].answered > 0);
    }
    if (md_dns_book_count(dns->book) == 0) {
        md_fact_unknown(facts, root, "host.dns_resolvers_dead", none);
        md_fact_unknown(facts, root, "host.dns_first_dead", none);
        md_fact_unknown(facts, root, "host.dns_slow_ms", none);
        return;
    }
    md_fact_count(facts, root, "host.dns_resolvers_dead", dead, &origin);
    md_fact_bool(facts, root, "host.dns_first_dead", is_dead(&list[0]) && another_answers, &origin);
    if (list[0].n_ms > 0) {
        qsort(list[0].ms, list[0].n_ms, sizeof *list[0].ms, compare_ms);
        md_fact_number(facts, root, "host.dns_slow_ms", (double)list[0].ms[list[0].n_ms / 2], &origin);
    } else {
        md_fact_unknown(facts, root, "host.dns_slow_ms", "no answer of the first resolver is there");
    }
}

/* The best that is said about a name under any type that was asked: an answer about its MX, else its address. */
static struct md_dns_view any_view(const struct dns *dns, struct md_str name)
{
    struct md_dns_view view = md_dns_book_view(dns->book, name, MD_DNS_MX);

    return view.says == MD_DNS_SAYS_NOTHING ? md_dns_book_view(dns->book, name, MD_DNS_A) : view;
}

static void set_shares(struct dns *dns)
{
    struct md_facts *facts = dns->ctx->facts;
    struct md_instance *root = md_facts_root(facts);
    struct md_count_item items[3] = {
        {.name = MD_LIT("ok")}, {.name = MD_LIT("failed")}, {.name = MD_LIT("nonexistent")}};
    uint64_t controls = 0, stuck = 0, stuck_failed = 0, names = 0;
    struct md_origin origin = {.kind = MD_ORIGIN_DNS, .name = "names that must resolve"};
    struct md_origin asked_origin = {.kind = MD_ORIGIN_DNS, .name = "all names"};
    struct md_origin stuck_origin = {.kind = MD_ORIGIN_DNS, .name = "stuck destinations"};

    for (size_t i = 0; i < dns->targets.n_controls; i++) {
        struct md_dns_view view = any_view(dns, dns->targets.controls[i]);

        if (view.says == MD_DNS_SAYS_NOTHING)
            continue;
        controls++;
        items[view.says == MD_DNS_SAYS_FAILED ? 1 : view.says == MD_DNS_SAYS_NO_NAME ? 2 : 0].count++;
    }
    for (size_t i = 0; i < dns->targets.n_stuck; i++) {
        struct md_dns_view view = any_view(dns, dns->targets.stuck[i]);

        stuck += view.says != MD_DNS_SAYS_NOTHING;
        stuck_failed += view.says == MD_DNS_SAYS_FAILED;
    }
    for (size_t i = 0; i < md_dns_book_count(dns->book); i++) {
        size_t k;

        for (k = 0; k < i && !md_str_eq(md_dns_book_at(dns->book, k)->name, md_dns_book_at(dns->book, i)->name); k++)
            continue;
        names += k == i;
    }
    if (names > 0)
        md_fact_count(facts, root, "host.dns_asked", names, &asked_origin);
    else
        md_fact_unknown(facts, root, "host.dns_asked", "no name was asked for or recorded");
    if (controls > 0) {
        md_fact_counts(facts, root, "host.dns_controls", items, 3, controls, true, &origin);
        md_fact_number(facts, root, "host.dns_controls_failed_share", (double)items[1].count / (double)controls,
                       &origin);
    } else {
        md_fact_unknown(facts, root, "host.dns_controls", "no name that must resolve was asked for or recorded");
        md_fact_unknown(facts, root, "host.dns_controls_failed_share",
                        "no name that must resolve was asked for or recorded");
    }
    if (stuck > 0)
        md_fact_number(facts, root, "host.dns_stuck_failed_share", (double)stuck_failed / (double)stuck, &stuck_origin);
    else
        md_fact_unknown(facts, root, "host.dns_stuck_failed_share", "no stuck destination was asked for or recorded");
}

static void set_search_trap(struct dns *dns)
{
    struct md_facts *facts = dns->ctx->facts;
    struct md_instance *root = md_facts_root(facts);
    struct md_origin origin = {0};
    bool is_asked = false;

    if (dns->resolv_item == NULL) {
        md_fact_unknown(facts, root, "host.dns_search_trap", "resolv.conf was not found");
        return;
    }
    origin = md_item_origin(dns->resolv_item, dns->resolv.search_line);
    for (size_t s = 0; s < dns->resolv.n_search; s++) {
        for (size_t i = 0; i <= dns->targets.n_stuck; i++) {
            struct md_str name = i < dns->targets.n_stuck ? dns->targets.stuck[i] : MD_LIT(MD_DNS_NEVER_MADE);
            struct md_dns_view view;

            if (i < dns->targets.n_stuck && md_dns_book_view(dns->book, name, MD_DNS_MX).says != MD_DNS_SAYS_NO_NAME)
                continue;
            view = any_view(dns, searched(dns, name, dns->resolv.search[s]));
            is_asked = is_asked || view.says != MD_DNS_SAYS_NOTHING;
            if (view.says != MD_DNS_SAYS_RECORDS)
                continue;
            md_fact_origin(facts, md_fact_bool(facts, root, "host.dns_search_trap", true, &view.origin), &origin);
            return;
        }
    }
    if (dns->resolv.n_search == 0 || is_asked)
        md_fact_bool(facts, root, "host.dns_search_trap", false, &origin);
    else
        md_fact_unknown(facts, root, "host.dns_search_trap",
                        "nobody asked whether wrong names resolve through the search list");
}

static enum md_status run(struct md_probe_ctx *ctx)
{
    struct dns *dns = md_arena_alloc(ctx->arena, sizeof *dns);
    bool is_live = md_source_is_first_hand(ctx->source);

    dns->ctx = ctx;
    dns->book = md_dns_book_new(ctx);
    md_dns_targets_find(ctx, &dns->targets);
    read_resolv_conf(dns);
    ask(dns);
    set_destinations(dns, is_live ? "it is not among the names that were asked for"
                                  : "no answer about it is recorded: not measured");
    set_resolvers(dns);
    set_shares(dns);
    set_search_trap(dns);
    return md_dns_book_count(dns->book) > 0 || dns->resolv_item != NULL ? MD_OK : MD_NOT_FOUND;
}

static const enum md_item_kind reads[] = {MD_ITEM_RESOLV_CONF, MD_ITEM_DNS_ANSWERS, MD_ITEM_DIG, MD_ITEM_KIND_COUNT};

const struct md_probe md_probe_system_dns = {
    .name = "system.dns",
    .says =
        "asks each configured resolver about the destinations that mail waits for and about names that must resolve",
    .cost = MD_COST_CHEAP,
    .reads = reads,
    .run = run,
};
