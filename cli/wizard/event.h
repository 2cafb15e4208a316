/*
 * cli/wizard/event: one line of a case file.
 *
 * A session is a list of events and nothing else: what is known, asked and believed follows from them (cli/wizard/session). An
 * event is made as a JSON object, written, and read back from what was written, so that a session that goes on and one that
 * is replayed see the same bytes. docs/wizard.md has the format.
 *
 * Ownership   events and their texts live in the arena they were read into. Errors are said in `diags`.
 */
#ifndef CLI_WIZARD_EVENT_H
#define CLI_WIZARD_EVENT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/diag.h"
#include "engine/base/node.h"
#include "engine/base/status.h"

#define MD_CASE_SCHEMA "mtadoctor.case/1"

enum md_event_kind {
#define MD_EVENT(id, name, is_step) MD_EVENT_##id,
#include "cli/wizard/event.def"
#undef MD_EVENT
    MD_EVENT_KIND_COUNT
};

struct md_event {
    enum md_event_kind kind;
    uint64_t n;          /* number in the case, from 1, rising */
    int64_t at;          /* when */
    const char *inquiry; /* that it answers, or NULL: none */
    const char *id;   /* of the product, the symptom, the remedy, the outcome of an answer; how it ended; NULL: none */
    const char *name; /* of the instance of a symptom or remedy, the file of an input; NULL: none */
    struct md_str text;         /* input: what was given */
    const char *path;           /* input: a file too large to be kept here; or NULL */
    uint64_t of;                /* undone: the number of the step */
    bool insists;               /* answer: it counts against what was read, too */
    bool runs;                  /* input: the look's commands are run here */
    const char *result;         /* tried: worked, failed, unsure; or NULL */
    const struct md_node *node; /* all of it */
};

/* MD_BAD_INPUT: it is no event. `file` and `line` are for diagnostics. */
MD_MUST_CHECK enum md_status md_event_read(struct md_arena *arena, const char *file, uint32_t line, struct md_str text,
                                           struct md_diags *diags, struct md_event *ret);
/* New reference: an event of this kind with its number and time; more is put into it by the caller. */
json_t *md_event_new(enum md_event_kind kind, uint64_t n, int64_t at);
/* One line without its end, in the arena; takes the reference. */
struct md_str md_event_write(struct md_arena *arena, json_t *event);

const char *md_event_kind_name(enum md_event_kind kind);
bool md_event_is_step(enum md_event_kind kind);

/* What may stand in JSON: bytes that are no UTF-8 are taken for Latin-1, NUL is left out. In the arena. */
struct md_str md_event_text(struct md_arena *arena, struct md_str bytes);

#endif
