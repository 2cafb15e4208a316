#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "engine/base/display.h"
#include "engine/base/num.h"
#include "engine/base/time.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Instants, durations, numbers, display text: what takes a short text. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct md_str text = md_str_n((const char *)data, size);
    struct md_arena *arena = md_arena_new();
    int64_t at, again, number;
    int32_t offset;
    double real;
    char *shown;

    if (md_time_parse_rfc3339(text, &at, &offset) == MD_OK) {
        if (md_time_parse_rfc3339(md_str(md_time_rfc3339(arena, at)), &again, NULL) < 0 || again != at - at % MD_SECOND)
            abort();
    }
    if (md_duration_parse(text, &real) == MD_OK) {
        if (!(real >= 0) || md_duration_text(arena, real)[0] == '\0')
            abort();
    }
    if (md_num_all_double(text, &real) == MD_OK && !isfinite(real))
        abort();
    if (md_num_all_i64(text, -99, 99, &number) == MD_OK && (number < -99 || number > 99))
        abort();
    shown = md_display(arena, text);
    if (!md_str_is(md_str(md_display(arena, md_str(shown))), shown))
        abort();
    if (md_str(md_display_max(arena, text, 10)).n > 10)
        abort();
    (void)md_shell_word(arena, text);
    md_arena_free(&arena);
    return 0;
}
