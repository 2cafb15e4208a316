#include "engine/ask.h"

#include "engine/base/display.h"

#include <string.h>

/* The name of the scope's instance that is `at` or encloses it; empty where there is none. */
static struct md_str name_of(const struct md_instance *at, struct md_str scope)
{
    for (; at != NULL; at = at->parent)
        if (md_str_is(scope, at->scope->name))
            return at->name;
    return (struct md_str){0};
}

static struct md_str first_part(struct md_str name)
{
    size_t n = 0;

    while (n < name.n && name.p[n] != '@' && name.p[n] != '+')
        n++;
    return md_str_n(name.p, n);
}

/* What stands for the placeholder without its braces. */
static const char *word_for(struct md_arena *arena, struct md_str placeholder, const struct md_instance *at)
{
    static const char of[] = " of ";
    struct md_str shown = placeholder, name;
    const char *word;
    size_t i = 0;

    while (i + sizeof of - 1 < placeholder.n && memcmp(placeholder.p + i, of, sizeof of - 1) != 0)
        i++;
    if (i + sizeof of - 1 < placeholder.n) {
        shown = md_str_n(placeholder.p, i);
        i += sizeof of - 1;
        name = first_part(name_of(at, md_str_n(placeholder.p + i, placeholder.n - i)));
    } else {
        name = name_of(at, placeholder);
    }
    word = name.n > 0 ? md_shell_word(arena, name) : NULL;
    return word != NULL ? word : md_arena_printf(arena, "<%s>", md_display(arena, shown));
}

const char *md_ask(struct md_arena *arena, const struct md_fact_def *def, const struct md_instance *at)
{
    struct md_str how = md_node_text(def->ask, "how");

    if (how.n == 0)
        how = md_node_text(def->ask, "question");
    return how.n == 0 ? NULL : md_ask_text(arena, how, at);
}

const char *md_ask_text(struct md_arena *arena, struct md_str how, const struct md_instance *at)
{
    const char *text = "";

    while (how.n > 0) {
        ptrdiff_t open = md_str_find_char(how, '{'), close = md_str_find_char(how, '}');
        size_t before = open >= 0 && close > open ? (size_t)open : how.n;

        text = md_arena_printf(arena, "%s%s", text, md_display(arena, md_str_n(how.p, before)));
        how = md_str_n(how.p + before, how.n - before);
        if (how.n == 0)
            break;
        text =
            md_arena_printf(arena, "%s%s", text, word_for(arena, md_str_n(how.p + 1, (size_t)(close - open) - 1), at));
        before = (size_t)(close - open) + 1;
        how = md_str_n(how.p + before, how.n - before);
    }
    return text;
}

bool md_ask_is_command(struct md_str how)
{
    return how.n > 0 && (*how.p < 'A' || *how.p > 'Z');
}
