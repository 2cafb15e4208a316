#include <stdlib.h>

#include "engine/base/bug.h"
#include "probes/formats/msgserver/queue_name.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct md_str text = md_str_n((const char *)data, size);
    struct md_queue_name name;
    struct md_queue_path path;

    if (md_queue_name_parse(text, &name) &&
        (name.attempts > MD_QUEUE_ATTEMPTS_MAX || name.unique.n + name.extension.n + 3 != size))
        MD_BUG("a name does not add up");
    md_queue_path_parse(text, &path);
    if (path.channel.n + path.inner.n + path.name.n > size)
        MD_BUG("a path grew");
    md_queue_path_parse_any(text, &path);
    (void)md_queue_name_is_leftover(path.name);
    return 0;
}
