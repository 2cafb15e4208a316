/* Recipes and sessions of msconfig. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "probes/formats/msgserver/recipe.h"

static void check(const struct md_recipe *recipe)
{
    for (size_t i = 0; i < recipe->n; i++) {
        const struct md_recipe_statement *statement = &recipe->items[i];

        if (statement->loc.line < 1 || statement->loc.column < 1 || statement->n_args > MD_RECIPE_ARGS_MAX + 1 ||
            statement->verb >= MD_RECIPE_VERBS)
            abort();
        for (size_t k = 0; k < statement->n_args; k++)
            if (statement->args[k].loc.line < statement->loc.line)
                abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct md_arena *arena = md_arena_new();
    struct md_str text = md_str_n((const char *)data, size);

    check(md_recipe_read(arena, "fuzz", text, 1, false));
    check(md_recipe_read(arena, "fuzz", text, 1, true));
    md_arena_free(&arena);
    return 0;
}
