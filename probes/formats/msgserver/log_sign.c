#include "probes/formats/msgserver/log_sign.h"

#define TEXT_MAX 4096

static const struct {
    enum md_log_sign sign;
    struct md_str first, second;
} signs[] = {
#define MD_LOG_SIGN(id, first, second) {MD_SIGN_##id, {(first), sizeof(first) - 1}, {(second), sizeof(second) - 1}},
#include "probes/formats/msgserver/log_sign.def"
#undef MD_LOG_SIGN
};

uint32_t md_log_signs(struct md_str text)
{
    char lower[TEXT_MAX];
    struct md_str folded = {lower, text.n < TEXT_MAX ? text.n : TEXT_MAX};
    uint32_t found = 0;

    /* The texts of the table are in lower case: folding once is cheaper than at every comparison. */
    for (size_t i = 0; i < folded.n; i++)
        lower[i] = md_lower(text.p[i]);
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if ((found & MD_SIGN_BIT(signs[i].sign)) != 0 || md_str_find(folded, signs[i].first) < 0)
            continue;
        if (signs[i].second.n == 0 || md_str_find(folded, signs[i].second) >= 0)
            found |= MD_SIGN_BIT(signs[i].sign);
    }
    return found;
}
