/*
 * Which rewrite rule covers a domain: patterns from the most to the least special, as the product looks them up.
 */
#include "probes/formats/msgserver/imta_cnf.h"

#define LABELS_MAX 64

/* Whether a pattern is `stars` times "*." and then `rest`; without rest "*.*.*". */
static bool is_wildcard(struct md_str pattern, size_t stars, struct md_str rest)
{
    for (size_t i = 0; i < stars; i++) {
        if (!md_str_skip_prefix(&pattern, MD_LIT("*")))
            return false;
        if ((i + 1 < stars || rest.n > 0) && !md_str_skip_prefix(&pattern, MD_LIT(".")))
            return false;
    }
    return md_str_eq_nocase(pattern, rest);
}

static bool is_below(struct md_str pattern, struct md_str rest)
{
    return pattern.n == rest.n + 1 && pattern.p[0] == '.' && md_str_eq_nocase(md_str_from(pattern, 1), rest);
}

static const struct md_imta_rule *find_wildcard(const struct md_imta_cnf *cnf, size_t stars, struct md_str rest)
{
    for (size_t i = 0; i < cnf->n_rules; i++)
        if (is_wildcard(cnf->rules[i].pattern, stars, rest))
            return &cnf->rules[i];
    return NULL;
}

static const struct md_imta_rule *find_below(const struct md_imta_cnf *cnf, struct md_str rest)
{
    for (size_t i = 0; i < cnf->n_rules; i++)
        if (is_below(cnf->rules[i].pattern, rest))
            return &cnf->rules[i];
    return NULL;
}

/* "[192.0.2.5]", "[192.0.2.]", "[192.0.]", "[192.]", "[]" */
static const struct md_imta_rule *find_literal(const struct md_imta_cnf *cnf, struct md_str inner)
{
    for (;;) {
        ptrdiff_t dot;

        for (size_t i = 0; i < cnf->n_rules; i++) {
            struct md_str p = cnf->rules[i].pattern;

            if (p.n == inner.n + 2 && p.p[0] == '[' && p.p[p.n - 1] == ']' &&
                md_str_eq_nocase(md_str_sub(p, 1, inner.n), inner))
                return &cnf->rules[i];
        }
        if (inner.n == 0)
            return NULL;
        dot = md_str_rfind_char(md_str_sub(inner, 0, inner.n - 1), '.');
        inner = md_str_sub(inner, 0, (size_t)(dot + 1));
    }
}

const struct md_imta_rule *md_imta_cnf_rule_for(const struct md_imta_cnf *cnf, struct md_str domain, bool with_default)
{
    const struct md_imta_rule *rule;
    struct md_str rest = domain;
    size_t stars = 0;

    if (domain.n == 0)
        return NULL;
    if (domain.n >= 2 && domain.p[0] == '[' && domain.p[domain.n - 1] == ']')
        return find_literal(cnf, md_str_sub(domain, 1, domain.n - 2));
    if ((rule = find_wildcard(cnf, 0, rest)) != NULL)
        return rule;
    while (rest.n > 0 && stars < LABELS_MAX) {
        ptrdiff_t dot = md_str_find_char(rest, '.');

        rest = dot >= 0 ? md_str_from(rest, (size_t)dot + 1) : (struct md_str){0};
        stars++;
        if ((rule = find_wildcard(cnf, stars, rest)) != NULL)
            return rule;
        if (rest.n > 0 && (rule = find_below(cnf, rest)) != NULL)
            return rule;
    }
    return with_default ? find_below(cnf, (struct md_str){0}) : NULL;
}
