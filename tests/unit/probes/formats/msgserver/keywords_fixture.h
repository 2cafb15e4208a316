/*
 * The table of channel keywords as it stands in rules/, for tests of what is parsed with it.
 */
#ifndef TESTS_UNIT_KEYWORDS_FIXTURE_H
#define TESTS_UNIT_KEYWORDS_FIXTURE_H

#include "tests/unit/md_test.h"

#include "probes/formats/msgserver/keywords.h"

static inline struct md_str md_test_file(struct md_arena *arena, const char *path)
{
    FILE *in = fopen(path, "rb");
    size_t n = 0, got;
    char *text;

    if (in == NULL)
        fail_msg("cannot open %s", path);
    text = md_arena_alloc(arena, 1 << 20);
    while ((got = fread(text + n, 1, ((size_t)1 << 20) - n, in)) > 0)
        n += got;
    fclose(in);
    return md_str_n(text, n);
}

static inline const struct md_keywords *md_test_keywords(struct md_arena *arena)
{
    const struct md_keywords *keywords = NULL;
    struct md_diags *diags = md_diags_new(arena);
    struct md_str yaml = md_test_file(arena, MD_TEST_ROOT "/rules/msgserver/keywords.yaml");

    if (md_keywords_read(arena, "keywords.yaml", yaml, diags, &keywords) != MD_OK)
        fail_msg("keywords.yaml: %s", md_diags_count(diags) > 0 ? md_diags_at(diags, 0)->what : "?");
    return keywords;
}

#endif
