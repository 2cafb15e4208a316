/*
 * tests/unit/probes/calendar/calendar_fixture: all calendar probes on a source in memory, and their facts as a table.
 */
#ifndef TESTS_UNIT_PROBES_CALENDAR_CALENDAR_FIXTURE_H
#define TESTS_UNIT_PROBES_CALENDAR_CALENDAR_FIXTURE_H

#include "tests/unit/probes/fact_shown.h"

#include "probes/calendar/world.h"

#define NOW (INT64_C(1180612800) * MD_SECOND) /* 2007-05-31T12:00:00Z */
#define STAMP(clock) "[31/May/2007:" clock " +0000] cal1 "

/* In the order of probes.def. */
static inline void run_calendar(struct md_probe_test *t)
{
    for (size_t i = 0; i < md_probe_count(); i++)
        if (md_str_has_prefix(md_str(md_probe_at(i)->name), MD_LIT("calendar.")))
            (void)md_probe_test_run(t, md_probe_at(i));
}

/* "csadmind csstored" */
static inline const char *shown_texts(struct md_probe_test *t, const char *name)
{
    const struct md_fact *fact = md_fact_by_name(t->facts, md_facts_root(t->facts), name);
    const char *text = "";

    if (fact == NULL || !fact->is_known)
        return fact == NULL ? "-" : "?";
    for (size_t i = 0; i < fact->value.u.texts.n; i++)
        text =
            md_arena_printf(t->ctx.arena, "%s%s%.*s", text, i > 0 ? " " : "", MD_STR_ARG(fact->value.u.texts.items[i]));
    return text;
}

#endif
