/* imta.cnf with a table of a few keywords; effective keywords and look-ups of everything that was read. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "probes/formats/msgserver/imta_cnf.h"

static const char table[] =
    "plain: [smtp, mx, nomx, logging, nologging]\n"
    "with_arguments: { notices: { args: \"int 1..5\", resets: [urgentnotices] }, urgentnotices: { args: \"int 1..5\" "
    "},\n"
    "  backoff: { args: \"duration 1..8\" }, pool: { args: word }, defaulthost: { args: \"host 1..2\" },\n"
    "  nameservers: { args: \"ip 1..4\" }, maxjobs: { args: int } }\n"
    "groups: { mx: [mx, nomx], logging: [logging, nologging] }\n";

struct include {
    const uint8_t *data;
    size_t size;
};

static bool include_the_same(void *ctx, struct md_str path, const char **ret_name, struct md_str *ret_text)
{
    const struct include *include = ctx;

    (void)path;
    *ret_name = "included";
    *ret_text = md_str_n((const char *)include->data, include->size);
    return include->size < 4096;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct md_arena *arena = md_arena_new();
    struct include include = {data, size};
    const struct md_keywords *keywords = NULL;
    const struct md_imta_block *block;
    const struct md_imta_keyword **list;
    struct md_imta_effective effective;
    struct md_imta_cnf *cnf;
    size_t n;

    if (md_keywords_read(arena, "table", md_str_n(table, sizeof table - 1), md_diags_new(arena), &keywords) < 0)
        abort();
    cnf = md_imta_cnf_parse(arena, "fuzz", md_str_n((const char *)data, size), 1, keywords, include_the_same, &include);
    for (size_t i = 0; i < cnf->n_rules; i++) {
        const struct md_imta_rule *rule = &cnf->rules[i];

        if (rule->loc.line < 1 || rule->loc.column < 1 || rule->tag.n > rule->template.n)
            abort();
        if (i < 16)
            md_imta_cnf_rule_for(cnf, rule->pattern, true);
    }
    md_imta_effective_init(&effective, cnf);
    while (md_imta_effective_next(&effective, arena, &block, &list, &n))
        for (size_t k = 0; k < n; k++)
            if (list[k]->def == NULL || list[k]->n_args > list[k]->def->args_max)
                abort();
    md_arena_free(&arena);
    return 0;
}
