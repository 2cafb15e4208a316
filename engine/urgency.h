/*
 * engine/urgency: how soon something must be done; also the verdict of a run. Ordered: later ones are more urgent.
 */
#ifndef ENGINE_URGENCY_H
#define ENGINE_URGENCY_H

#include <stdbool.h>

#include "engine/base/str.h"

enum md_urgency {
#define MD_URGENCY(id, name, meaning) MD_URGENCY_##id,
#include "engine/urgency.def"
#undef MD_URGENCY
    MD_URGENCY_COUNT
};

const char *md_urgency_name(enum md_urgency urgency);
bool md_urgency_parse(struct md_str name, enum md_urgency *ret);

#endif
