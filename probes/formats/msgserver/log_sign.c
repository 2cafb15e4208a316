#include "probes/formats/msgserver/log_sign.h"

#include <stdbool.h>

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
    uint32_t found = 0;

    text = md_str_sub(text, 0, TEXT_MAX);
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if ((found & MD_SIGN_BIT(signs[i].sign)) != 0)
            continue;
        if (md_str_find_nocase(text, signs[i].first) < 0)
            continue;
        if (signs[i].second.n == 0 || md_str_find_nocase(text, signs[i].second) >= 0)
            found |= MD_SIGN_BIT(signs[i].sign);
    }
    return found;
}
