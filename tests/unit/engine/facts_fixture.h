/*
 * tests/unit/engine/facts_fixture: a small catalogue of boxes on shelves for the tests of the engine.
 */
#ifndef TESTS_UNIT_ENGINE_FACTS_FIXTURE_H
#define TESTS_UNIT_ENGINE_FACTS_FIXTURE_H

#include "tests/unit/md_test.h"

#include "engine/base/time.h"
#include "engine/fact.h"

#define FIXTURE_NOW (INT64_C(1000000) * MD_SECOND)

static const char fixture_catalogue[] =
    "scopes:\n"
    "  house: {}\n"
    "  shelf: { parent: house }\n"
    "  box: { parent: shelf, singly: 20, singly_by: box.weight }\n"
    "facts:\n"
    "- { name: house.name, type: text, means: name of the house, probe: things.house, privacy: name }\n"
    "- { name: house.people, type: count, unit: people, means: people in the house, probe: things.house }\n"
    "- { name: house.is_open, type: bool, means: the door is open, probe: things.house }\n"
    "- { name: house.rooms, type: texts, means: names of rooms, probe: things.house }\n"
    "- { name: shelf.kind, type: text, means: kind of shelf, probe: things.shelves }\n"
    "- { name: shelf.things, type: count, unit: things, means: things on it, probe: things.shelves,\n"
    "    ask: { question: How many things are on it?, how: count them, minutes: 2, outcomes: { few: 0..9, many: 10.. } "
    "} }\n"
    "- { name: shelf.load, type: number, means: load, probe: things.shelves }\n"
    "- { name: shelf.oldest_s, type: duration, unit: seconds, means: age of the oldest thing, probe: things.shelves }\n"
    "- { name: shelf.last_visit, type: time, means: last visit, probe: things.shelves }\n"
    "- { name: shelf.colours, type: counts, unit: things, means: things by colour, probe: things.shelves }\n"
    "- { name: box.weight, type: count, unit: kg, means: weight, probe: things.boxes }\n"
    "- { name: box.is_open, type: bool, means: the box is open, probe: things.boxes,\n"
    "    ask: { question: Is it open?, how: 'lift {box} on {shelf}; call {owner of box}; {attic}', minutes: 1, "
    "outcomes: { open: "
    "x } } }\n";

static inline const struct md_catalogue *fixture_read(struct md_arena *arena, struct md_diags *diags)
{
    const struct md_catalogue *catalogue = NULL;

    if (md_catalogue_read(arena, "rules/facts.yaml", md_str(fixture_catalogue), diags, &catalogue) < 0)
        fail_msg("the catalogue of the tests cannot be read");
    return catalogue;
}

/* Fails with the first diagnostic. */
static inline void fixture_no_diags(const struct md_diags *diags)
{
    if (md_diags_count(diags) > 0)
        fail_msg("%s:%u: %s", md_diags_at(diags, 0)->loc.file, (unsigned)md_diags_at(diags, 0)->loc.line,
                 md_diags_at(diags, 0)->what);
}

/* The only diagnostic must be at that line and contain those words. */
static inline void fixture_one_diag(const struct md_diags *diags, const char *file, unsigned line, const char *words)
{
    size_t i;

    if (md_diags_count(diags) != 1)
        for (i = 0; i < md_diags_count(diags); i++)
            print_error("%s:%u: %s\n", md_diags_at(diags, i)->loc.file, (unsigned)md_diags_at(diags, i)->loc.line,
                        md_diags_at(diags, i)->what);
    md_want_int("diagnostics", md_diags_count(diags), 1);
    if (md_str_find(md_str(md_diags_at(diags, 0)->what), md_str(words)) < 0)
        md_want_cstr("its text", md_diags_at(diags, 0)->what, words);
    md_want_cstr("its file", md_diags_at(diags, 0)->loc.file, file);
    md_want_int("its line", md_diags_at(diags, 0)->loc.line, line);
}

#endif
