#include "probes/system/dns_book.h"

#include "engine/base/num.h"
#include "probes/formats/system/dig.h"
#include "probes/item_text.h"
#include "probes/source/dns_answers.h"

#define TEXT_MAX (16u << 20)
#define QUERIES_MAX 1000

struct md_dns_book {
    struct md_probe_ctx *ctx;
    struct md_dns_answer *answers;
    size_t n, cap;
    struct md_dns_query *queries; /* wanted; the first `n_asked` have been asked */
    size_t n_queries, cap_queries, n_asked;
};

bool md_dns_is_address(struct md_str text)
{
    size_t dots = 0, colons = 0, digits = 0;

    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '.')
            dots++;
        else if (text.p[i] == ':')
            colons++;
        else if (md_is_digit(text.p[i]))
            digits++;
        else if (colons == 0 && md_str_find_char(text, ':') < 0)
            return false;
        else if (!md_is_alnum(text.p[i]))
            return false;
    }
    return (dots == 3 && colons == 0 && digits > 3) || colons >= 2;
}

bool md_dns_is_domain(struct md_str name)
{
    size_t label = 0;
    bool has_dot = false;

    if (name.n == 0 || name.n > 253 || md_dns_is_address(name))
        return false;
    for (size_t i = 0; i < name.n; i++) {
        unsigned char c = (unsigned char)name.p[i];

        if (c == '.') {
            if (label == 0)
                return false;
            has_dot = has_dot || i + 1 < name.n;
            label = 0;
        } else if (md_is_alnum((char)c) || c == '-' || c == '_') {
            label++;
        } else {
            return false;
        }
        if (label > 63)
            return false;
    }
    return has_dot;
}

bool md_dns_is_private(struct md_str address)
{
    uint64_t part[4] = {0};
    struct md_str rest = address;

    if (md_str_find_char(address, ':') >= 0) {
        static const char *const prefixes[] = {"fc", "fd", "fe8", "fe9", "fea", "feb", "ff"};

        if (md_str_is(address, "::1") || md_str_is(address, "::"))
            return true;
        for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
            if (md_str_has_prefix_nocase(address, md_str(prefixes[i])))
                return true;
        }
        return false;
    }
    for (size_t i = 0; i < 4; i++) {
        struct md_str one;

        if (!md_str_split(&rest, '.', &one) || md_num_all_u64(one, 255, &part[i]) != MD_OK)
            return false;
    }
    return part[0] == 0 || part[0] == 10 || part[0] == 127 || part[0] >= 224 ||
           (part[0] == 172 && part[1] >= 16 && part[1] < 32) || (part[0] == 192 && part[1] == 168) ||
           (part[0] == 169 && part[1] == 254) || (part[0] == 100 && part[1] >= 64 && part[1] < 128);
}

static void add_answer(struct md_dns_book *book, const struct md_dns_answer *answer)
{
    *(struct md_dns_answer *)md_arena_push(book->ctx->arena, &book->answers, &book->n, &book->cap, sizeof *answer) =
        *answer;
}

static bool type_by_name(struct md_str name, enum md_dns_type *ret)
{
    for (int i = MD_DNS_MX; i <= MD_DNS_PTR; i++) {
        if (md_str_is_nocase(name, md_dns_type_name((enum md_dns_type)i))) {
            *ret = (enum md_dns_type)i;
            return true;
        }
    }
    return false;
}

static enum md_dns_status status_by_name(struct md_str name)
{
    for (int i = MD_DNS_NOERROR; i < MD_DNS_NOT_ASKED; i++) {
        if (md_str_is_nocase(name, md_dns_status_name((enum md_dns_status)i)))
            return (enum md_dns_status)i;
    }
    return MD_DNS_SERVFAIL;
}

/* Whether an answer of this resolver is there already: the source may read the same output. */
static bool has_answer(const struct md_dns_book *book, const struct md_dns_answer *answer)
{
    for (size_t i = 0; i < book->n; i++) {
        const struct md_dns_answer *one = &book->answers[i];

        if (one->type == answer->type && md_str_eq(one->name, answer->name) &&
            md_str_eq(one->resolver, answer->resolver))
            return true;
    }
    return false;
}

static void read_dig(struct md_dns_book *book)
{
    const struct md_item *const *items;
    size_t n = md_source_items(book->ctx->source, MD_ITEM_DIG, &items);

    for (size_t i = 0; i < n; i++) {
        const struct md_dig_answer *list;
        struct md_str text;
        size_t n_list;

        if (!md_item_text(book->ctx, items[i], TEXT_MAX, &text))
            continue;
        n_list = md_dig_parse(book->ctx->arena, items[i]->command, text, &list);
        for (size_t j = 0; j < n_list; j++) {
            struct md_dns_answer answer = {.resolver = list[j].resolver, .ms = list[j].ms, .from = items[i]->name};
            struct md_dns_record *records;

            if (!type_by_name(list[j].type, &answer.type))
                continue;
            answer.name = md_dns_name(book->ctx->arena, list[j].name);
            answer.status = status_by_name(list[j].status);
            records = md_arena_array(book->ctx->arena, list[j].n + 1, sizeof *records);
            for (size_t k = 0; k < list[j].n; k++)
                records[k] = (struct md_dns_record){.data = list[j].records[k].data,
                                                    .preference = list[j].records[k].preference};
            answer.records = records;
            answer.n_records = list[j].n;
            if (!has_answer(book, &answer))
                add_answer(book, &answer);
        }
    }
}

struct md_dns_book *md_dns_book_new(struct md_probe_ctx *ctx)
{
    struct md_dns_book *book = md_arena_alloc(ctx->arena, sizeof *book);

    book->ctx = ctx;
    return book;
}

void md_dns_book_want(struct md_dns_book *book, struct md_str name, enum md_dns_type type)
{
    struct md_dns_query *query;

    if (!md_dns_is_domain(name) || book->n_queries == QUERIES_MAX)
        return;
    name = md_dns_name(book->ctx->arena, name);
    for (size_t i = 0; i < book->n_queries; i++) {
        if (book->queries[i].type == type && md_str_eq(book->queries[i].name, name))
            return;
    }
    query = md_arena_push(book->ctx->arena, &book->queries, &book->n_queries, &book->cap_queries, sizeof *query);
    query->name = name;
    query->type = type;
}

void md_dns_book_ask(struct md_dns_book *book)
{
    const struct md_dns_answer *answers;
    size_t n;

    if (book->n_asked == book->n_queries)
        return;
    n = md_source_resolve(book->ctx->source, book->ctx->arena, book->queries + book->n_asked,
                          book->n_queries - book->n_asked, &answers);
    for (size_t i = 0; i < n; i++) {
        struct md_dns_answer answer = answers[i];

        if (answer.status == MD_DNS_NOT_ASKED)
            continue;
        answer.name = md_dns_name(book->ctx->arena, answer.name);
        add_answer(book, &answer);
    }
    if (book->n_asked == 0)
        read_dig(book);
    book->n_asked = book->n_queries;
}

size_t md_dns_book_count(const struct md_dns_book *book)
{
    return book->n;
}

const struct md_dns_answer *md_dns_book_at(const struct md_dns_book *book, size_t i)
{
    return &book->answers[i];
}

static enum md_dns_says says_of(const struct md_dns_answer *answer)
{
    switch (answer->status) {
    case MD_DNS_NOERROR: return answer->n_records > 0 ? MD_DNS_SAYS_RECORDS : MD_DNS_SAYS_NO_DATA;
    case MD_DNS_NXDOMAIN: return MD_DNS_SAYS_NO_NAME;
    case MD_DNS_SERVFAIL:
    case MD_DNS_REFUSED:
    case MD_DNS_TIMEOUT: return MD_DNS_SAYS_FAILED;
    case MD_DNS_NOT_ASKED: return MD_DNS_SAYS_NOTHING;
    }
    return MD_DNS_SAYS_NOTHING;
}

struct md_dns_view md_dns_book_view(const struct md_dns_book *book, struct md_str name, enum md_dns_type type)
{
    struct md_dns_view view = {.says = MD_DNS_SAYS_NOTHING};

    name = md_dns_name(book->ctx->arena, name);
    for (size_t i = 0; i < book->n; i++) {
        const struct md_dns_answer *answer = &book->answers[i];
        enum md_dns_says says;

        if (answer->type != type || !md_str_eq(answer->name, name))
            continue;
        says = says_of(answer);
        if (says == MD_DNS_SAYS_FAILED)
            view.n_failed++;
        else if (says != MD_DNS_SAYS_NOTHING)
            view.n_answered++;
        if (view.best == NULL || (says != MD_DNS_SAYS_NOTHING && says < view.says)) {
            view.best = answer;
            view.says = says;
        }
    }
    if (view.best != NULL)
        view.origin = (struct md_origin){
            .kind = MD_ORIGIN_DNS,
            .name = md_arena_printf(book->ctx->arena, "%.*s %s", MD_STR_ARG(name), md_dns_type_name(type))};
    return view;
}
