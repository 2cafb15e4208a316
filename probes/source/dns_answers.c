#include "probes/source/dns_answers.h"

#include "probes/formats/system/dig.h"
#include "probes/source/source_priv.h"

#define TEXT_MAX ((size_t)16 << 20)

struct md_str md_dns_name(struct md_arena *arena, struct md_str name)
{
    char *copy;

    if (name.n > 0 && name.p[name.n - 1] == '.')
        name.n--;
    copy = md_arena_cstr(arena, name);
    for (size_t i = 0; i < name.n; i++)
        copy[i] = md_lower(copy[i]);
    return md_str_n(copy, name.n);
}

void md_dns_answers_add(struct md_source *source, const struct md_dns_answer *answer)
{
    struct md_dns_answer *own;

    if (source->n_answers >= MD_DNS_ANSWERS_MAX)
        return;
    own = md_arena_push(source->arena, &source->answers, &source->n_answers, &source->answers_capacity, sizeof *own);
    *own = *answer;
    own->name = md_dns_name(source->arena, answer->name);
}

static bool type_of(struct md_str text, enum md_dns_type *ret)
{
    for (enum md_dns_type type = MD_DNS_MX; type <= MD_DNS_PTR; type++)
        if (md_str_is_nocase(text, md_dns_type_name(type))) {
            *ret = type;
            return true;
        }
    return false;
}

static enum md_dns_status status_of(struct md_str text)
{
    for (enum md_dns_status status = MD_DNS_NOERROR; status <= MD_DNS_TIMEOUT; status++)
        if (md_str_is_nocase(text, md_dns_status_name(status)))
            return status;
    return MD_DNS_SERVFAIL; /* NOTIMP, FORMERR and the like: the server does not answer the question */
}

static uint32_t small_number(const struct md_node *node, const char *key)
{
    uint64_t number;

    return md_node_u64(md_node_get(node, key), &number) == MD_OK && number <= UINT32_MAX ? (uint32_t)number : 0;
}

static struct md_dns_record *read_records(struct md_source *source, const struct md_node *list, enum md_dns_type type,
                                          size_t *ret_n)
{
    const char *const key = type == MD_DNS_MX                         ? "exchange"
                            : type == MD_DNS_A || type == MD_DNS_AAAA ? "address"
                                                                      : "target";
    struct md_dns_record *records;

    *ret_n = 0;
    if (list == NULL || list->count == 0)
        return NULL;
    records = md_arena_array(source->arena, list->count, sizeof *records);
    for (const struct md_node *node = list->first; node != NULL; node = node->next) {
        struct md_str data = md_node_text(node, key);

        /* An MX of "." or "" says that the name takes no mail: it stays, as the empty exchange. */
        if (md_node_get(node, key) == NULL)
            continue;
        records[*ret_n].data = md_dns_name(source->arena, data);
        records[(*ret_n)++].preference = small_number(node, "preference");
    }
    return records;
}

enum md_status md_dns_answers_read_json(struct md_source *source, const char *from, struct md_str text)
{
    const struct md_node *root, *list;
    enum md_status status = md_json_read(source->arena, from, text, source->diags, &root);

    if (status < 0)
        return status;
    list = md_node_get(root, "answers");
    if (list == NULL || list->kind != MD_NODE_LIST) {
        md_diags_add(source->diags, MD_WARNING, (struct md_loc){from, 0, 0}, "there is no list of answers in it");
        return MD_BAD_INPUT;
    }
    for (const struct md_node *node = list->first; node != NULL; node = node->next) {
        struct md_dns_answer answer = {.name = md_node_text(node, "name"), .from = from};

        if (md_str_is_empty(answer.name) || !type_of(md_node_text(node, "type"), &answer.type)) {
            md_diags_add(source->diags, MD_NOTE, node->loc,
                         "an answer without a name or with a type that is not known");
            continue;
        }
        answer.status = status_of(md_node_text(node, "status"));
        answer.resolver = md_node_text(node, "resolver");
        answer.ms = small_number(node, "ms");
        answer.records = read_records(source, md_node_get(node, "records"), answer.type, &answer.n_records);
        md_dns_answers_add(source, &answer);
    }
    return MD_OK;
}

static void read_dig(struct md_source *source, const struct md_item *item, struct md_str text)
{
    const struct md_dig_answer *answers;
    size_t n = md_dig_parse(source->arena, item->command, text, &answers);

    for (size_t i = 0; i < n; i++) {
        struct md_dns_answer answer = {
            .name = answers[i].name, .resolver = answers[i].resolver, .ms = answers[i].ms, .from = item->name};
        struct md_dns_record *records;

        if (!type_of(answers[i].type, &answer.type))
            continue; /* TXT and the like */
        records = md_arena_array(source->arena, answers[i].n + 1, sizeof *records);
        for (size_t k = 0; k < answers[i].n; k++)
            records[k] = (struct md_dns_record){md_dns_name(source->arena, answers[i].records[k].data),
                                                answers[i].records[k].preference};
        answer.status = status_of(answers[i].status);
        answer.records = records;
        answer.n_records = answers[i].n;
        md_dns_answers_add(source, &answer);
    }
}

/* Reads all items of a kind. False: interrupted. */
static bool read_kind(struct md_source *source, enum md_item_kind kind)
{
    const struct md_item *const *items;
    struct md_str text;
    size_t n = md_source_items(source, kind, &items);

    for (size_t i = 0; i < n; i++) {
        enum md_status status = md_source_read_all(source, items[i], source->arena, TEXT_MAX, &text);

        if (status == MD_INTERRUPTED)
            return false;
        if (status < 0 && status != MD_LIMIT)
            md_diags_add(source->diags, MD_WARNING, (struct md_loc){items[i]->name, 0, 0}, "%s",
                         md_status_says(status));
        else if (kind == MD_ITEM_DIG)
            read_dig(source, items[i], text);
        else
            (void)!md_dns_answers_read_json(source, items[i]->name, text); /* it says what is wrong */
    }
    return true;
}

static void read_items(struct md_source *source)
{
    source->has_answers = true;
    if (read_kind(source, MD_ITEM_DNS_ANSWERS))
        (void)read_kind(source, MD_ITEM_DIG);
}

size_t md_dns_answers_find(struct md_source *source, struct md_arena *arena, const struct md_dns_query *queries,
                           size_t n, const struct md_dns_answer **ret)
{
    struct md_dns_answer *found = NULL;
    size_t n_found = 0, capacity = 0;

    if (!source->has_answers)
        read_items(source);
    for (size_t i = 0; i < n; i++) {
        struct md_str name = md_dns_name(arena, queries[i].name);

        for (size_t j = 0; j < source->n_answers; j++) {
            const struct md_dns_answer *answer = &source->answers[j];
            struct md_dns_answer *slot;

            if (answer->type != queries[i].type || !md_str_eq(answer->name, name))
                continue;
            slot = md_arena_push(arena, &found, &n_found, &capacity, sizeof *slot);
            *slot = *answer;
        }
    }
    *ret = found;
    return n_found;
}
