#include "probes/formats/msgserver/failure_words.h"

#include <string.h>

#include "engine/base/bug.h"

#define STATES_MAX 65534
#define NONE UINT16_MAX

struct md_failure_words {
    struct md_arena *arena;
    struct md_str words[MD_FAILURE_WORDS_MAX];
    size_t count;
    bool is_built;
    unsigned char column[256]; /* of a byte; 0: in no word */
    size_t columns;
    uint16_t *next;    /* state * columns + column; a whole table, so that a step is one look-up */
    uint16_t *ends;    /* of a state: the word that ends there, or NONE */
    uint16_t *shorter; /* of a state: the next one on the way back where a word ends, 0: none */
};

struct md_failure_words *md_failure_words_new(struct md_arena *arena)
{
    struct md_failure_words *words = md_arena_alloc(arena, sizeof *words);

    words->arena = arena;
    return words;
}

int md_failure_words_add(struct md_failure_words *words, struct md_str word)
{
    struct md_str copy;
    char *p;

    if (words->is_built)
        MD_BUG("a word is added to an automaton that is built");
    if (word.n == 0)
        return -1;
    for (size_t i = 0; i < words->count; i++)
        if (md_str_eq_nocase(words->words[i], word))
            return (int)i;
    if (words->count == MD_FAILURE_WORDS_MAX)
        return -1;
    p = md_arena_cstr(words->arena, word);
    copy = md_str_n(p, word.n);
    for (size_t i = 0; i < copy.n; i++)
        p[i] = md_lower(p[i]);
    words->words[words->count] = copy;
    return (int)words->count++;
}

struct md_str md_failure_words_at(const struct md_failure_words *words, size_t id)
{
    return id < words->count ? words->words[id] : (struct md_str){0};
}

static void number_columns(struct md_failure_words *words)
{
    words->columns = 1;
    for (size_t w = 0; w < words->count; w++)
        for (size_t i = 0; i < words->words[w].n; i++) {
            unsigned char c = (unsigned char)words->words[w].p[i];

            if (words->column[c] == 0)
                words->column[c] = (unsigned char)words->columns++;
        }
    for (int c = 'A'; c <= 'Z'; c++)
        words->column[c] = words->column[c - 'A' + 'a'];
}

void md_failure_words_build(struct md_failure_words *words)
{
    size_t room = 1, states = 1, queued = 0, done = 0;
    uint16_t *queue, *back;

    number_columns(words);
    for (size_t w = 0; w < words->count; w++)
        room += words->words[w].n;
    if (room > STATES_MAX)
        MD_BUG("the words need more than %d states", STATES_MAX);
    words->next = md_arena_array(words->arena, room * words->columns, sizeof *words->next);
    words->ends = md_arena_array(words->arena, room, sizeof *words->ends);
    words->shorter = md_arena_array(words->arena, room, sizeof *words->shorter);
    back = md_arena_array(words->arena, room, sizeof *back);
    queue = md_arena_array(words->arena, room, sizeof *queue);
    memset(words->ends, 0xff, room * sizeof *words->ends);

    /* The tree of all words; 0 is both the root and "no such child". */
    for (size_t w = 0; w < words->count; w++) {
        uint16_t state = 0;

        for (size_t i = 0; i < words->words[w].n; i++) {
            uint16_t *child = &words->next[state * words->columns + words->column[(unsigned char)words->words[w].p[i]]];

            if (*child == 0)
                *child = (uint16_t)states++;
            state = *child;
        }
        words->ends[state] = (uint16_t)w;
    }
    /* Breadth first: where no child is, go on where the longest shorter beginning does. */
    for (size_t c = 0; c < words->columns; c++)
        if (words->next[c] != 0)
            queue[queued++] = words->next[c];
    while (done < queued) {
        const uint16_t state = queue[done++];

        for (size_t c = 0; c < words->columns; c++) {
            uint16_t *child = &words->next[state * words->columns + c];
            const uint16_t other = words->next[back[state] * words->columns + c];

            if (*child == 0) {
                *child = other;
                continue;
            }
            back[*child] = other;
            words->shorter[*child] = words->ends[other] != NONE ? other : words->shorter[other];
            queue[queued++] = *child;
        }
    }
    words->is_built = true;
}

void md_failure_words_scan(const struct md_failure_words *words, struct md_str text, md_failure_words_fn *fn, void *ctx)
{
    uint16_t state = 0;

    for (size_t i = 0; i < text.n; i++) {
        state = words->next[state * words->columns + words->column[(unsigned char)text.p[i]]];
        for (uint16_t at = words->ends[state] != NONE ? state : words->shorter[state]; at != 0;
             at = words->shorter[at]) {
            const size_t id = words->ends[at];

            fn(ctx, id, i + 1 - words->words[id].n, i + 1);
        }
    }
}
