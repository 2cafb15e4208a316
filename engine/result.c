#include "engine/result.h"

const char *md_certainty_name(enum md_certainty certainty)
{
    static const char *const names[] = {
#define MD_CERTAINTY(id, name) [MD_CERTAINTY_##id] = (name),
#include "engine/certainty.def"
#undef MD_CERTAINTY
    };

    return names[certainty];
}

const char *md_evidence_kind_name(enum md_evidence_kind kind)
{
    switch (kind) {
    case MD_EVIDENCE_SUPPORTS: return "supports";
    case MD_EVIDENCE_CONTRADICTS: return "contradicts";
    case MD_EVIDENCE_UNKNOWN: return "unknown";
    case MD_EVIDENCE_PRIOR: return "prior";
    }
    return "unknown";
}
