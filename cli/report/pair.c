#include "cli/report/pair.h"

#include "engine/base/str.h"

static struct md_str first_label(struct md_str name)
{
    ptrdiff_t dot = md_str_find_char(name, '.');
    return dot < 0 ? name : md_str_sub(name, 0, (size_t)dot);
}

/* One of them is short: "mta1" may be any of "mta1.example.com" and "mta1.example.net", these two are two hosts. */
static bool is_short_of_other(struct md_str a, struct md_str b)
{
    return md_str_eq_nocase(first_label(a), first_label(b)) &&
           (md_str_find_char(a, '.') < 0 || md_str_find_char(b, '.') < 0);
}

bool md_pair_has(const size_t *pairs, size_t n, size_t after)
{
    for (size_t i = 0; i < n; i++) {
        if (pairs[i] == after) {
            return true;
        }
    }
    return false;
}

static void pair_by_name(const char *const *before, size_t n_before, const char *const *after, size_t n_after,
                         size_t *ret)
{
    for (size_t i = 0; i < n_before; i++) {
        for (size_t k = 0; k < n_after && before[i] != NULL && ret[i] == MD_NO_PARTNER; k++) {
            if (after[k] != NULL && !md_pair_has(ret, n_before, k) &&
                md_str_eq_nocase(md_str(before[i]), md_str(after[k]))) {
                ret[i] = k;
            }
        }
    }
}

/* The only one of those without a partner that goes with a name; MD_NO_PARTNER: none or several. */
static size_t only_one(const char *name, const char *const *others, size_t n, const size_t *pairs, size_t n_pairs,
                       bool others_are_old)
{
    size_t found = MD_NO_PARTNER;
    for (size_t i = 0; i < n; i++) {
        bool is_free = others_are_old ? pairs[i] == MD_NO_PARTNER : !md_pair_has(pairs, n_pairs, i);
        if (others[i] == NULL || !is_free || !is_short_of_other(md_str(name), md_str(others[i]))) {
            continue;
        }
        if (found != MD_NO_PARTNER) {
            return MD_NO_PARTNER;
        }
        found = i;
    }
    return found;
}

void md_pair_hosts(const char *const *before, size_t n_before, const char *const *after, size_t n_after, size_t *ret)
{
    for (size_t i = 0; i < n_before; i++) {
        ret[i] = MD_NO_PARTNER;
    }
    if (n_before == 1 && n_after == 1) {
        ret[0] = 0;
        return;
    }
    pair_by_name(before, n_before, after, n_after, ret);
    for (size_t i = 0; i < n_before; i++) {
        if (before[i] == NULL || ret[i] != MD_NO_PARTNER) {
            continue;
        }
        size_t k = only_one(before[i], after, n_after, ret, n_before, false);
        if (k != MD_NO_PARTNER && only_one(after[k], before, n_before, ret, n_before, true) == i) {
            ret[i] = k;
        }
    }
}
