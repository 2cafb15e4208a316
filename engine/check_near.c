#include "engine/check_priv.h"

#define LETTERS_MAX 64
#define SHORT_WORD 6 /* below it one mistake is much */
#define LEAST_WORD 3 /* below it every word is near another */

/* A bit for each letter and digit, so that most words are told apart without comparing them. */
static uint64_t letters(struct md_str word)
{
    uint64_t set = 0;
    size_t i;

    for (i = 0; i < word.n; i++)
        set |= UINT64_C(1) << ((unsigned char)md_lower(word.p[i]) % 64);
    return set;
}

static unsigned bits(uint64_t x)
{
    unsigned n = 0;

    for (; x != 0; x &= x - 1)
        n++;
    return n;
}

static unsigned least(unsigned a, unsigned b, unsigned c)
{
    a = a < b ? a : b;
    return a < c ? a : c;
}

unsigned md_checks_near_enough(struct md_str word)
{
    return word.n < LEAST_WORD ? 0 : word.n < SHORT_WORD ? 1 : 2;
}

unsigned md_checks_distance(struct md_str a, struct md_str b, unsigned max)
{
    unsigned rows[3][LETTERS_MAX + 1], *before = rows[0], *last = rows[1], *now = rows[2];
    size_t i, j;

    if (a.n > b.n + max || b.n > a.n + max || a.n > LETTERS_MAX || b.n > LETTERS_MAX)
        return max + 1;
    if (bits(letters(a) ^ letters(b)) > 2 * max)
        return max + 1;
    for (j = 0; j <= b.n; j++)
        last[j] = (unsigned)j;
    for (i = 1; i <= a.n; i++) {
        unsigned *spare = before, smallest = now[0] = (unsigned)i;
        char x = md_lower(a.p[i - 1]);

        for (j = 1; j <= b.n; j++) {
            char y = md_lower(b.p[j - 1]);

            now[j] = least(last[j] + 1, now[j - 1] + 1, last[j - 1] + (x != y));
            if (i > 1 && j > 1 && x == md_lower(b.p[j - 2]) && y == md_lower(a.p[i - 2]) && before[j - 2] + 1 < now[j])
                now[j] = before[j - 2] + 1;
            if (now[j] < smallest)
                smallest = now[j];
        }
        if (smallest > max)
            return max + 1;
        before = last;
        last = now;
        now = spare;
    }
    return last[b.n] <= max ? last[b.n] : max + 1;
}
