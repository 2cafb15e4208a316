#include "engine/base/status.h"

const char *md_status_says(enum md_status status)
{
    switch (status) {
#define MD_STATUS(id, number, says)                                                                                    \
    case MD_##id:                                                                                                      \
        return says;
#include "engine/base/status.def"
#undef MD_STATUS
    }
    MD_BUG("status %d has no sentence", (int)status);
}
