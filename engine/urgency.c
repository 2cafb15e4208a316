#include "engine/urgency.h"

#include <stddef.h>

static const char *const names[] = {
#define MD_URGENCY(id, name, meaning) [MD_URGENCY_##id] = (name),
#include "engine/urgency.def"
#undef MD_URGENCY
};

const char *md_urgency_name(enum md_urgency urgency)
{
    return names[urgency];
}

bool md_urgency_parse(struct md_str name, enum md_urgency *ret)
{
    size_t i;

    for (i = 0; i < sizeof names / sizeof *names; i++) {
        if (md_str_is(name, names[i])) {
            *ret = (enum md_urgency)i;
            return true;
        }
    }
    return false;
}
