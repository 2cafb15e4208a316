/* Option files of the MTA: every place must point into the text. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "probes/formats/msgserver/option_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct md_arena *arena = md_arena_new();
    struct md_option_file *file = md_option_file_parse(arena, "fuzz", md_str_n((const char *)data, size), 1);
    uint32_t lines = 1;
    int64_t number;
    bool on;

    for (size_t i = 0; i < size; i++)
        lines += data[i] == '\n';
    for (size_t i = 0; i < file->n_options; i++) {
        const struct md_option *option = &file->options[i];

        if (option->loc.line < 1 || option->loc.line > lines || option->loc.column < 1 ||
            option->section >= file->n_sections || option->name.n == 0)
            abort();
        if (md_option_int(option->value, &number) == MD_OK && md_option_bool(option->value, &on) == MD_OK &&
            number != on)
            abort();
    }
    md_arena_free(&arena);
    return 0;
}
