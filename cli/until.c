#include "cli/until.h"

#include <string.h>

#include "engine/base/time.h"

enum md_status md_until_parse(struct md_str until, int64_t *ret)
{
    if (until.n == 10) {
        char text[32];
        memcpy(text, until.p, 10);
        memcpy(text + 10, "T23:59:59Z", 11);
        return md_time_parse_rfc3339(md_str(text), ret, NULL);
    }
    return md_time_parse_rfc3339(until, ret, NULL);
}
