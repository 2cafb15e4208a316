/*
 * cli/wizard/gather: looks at the base of a session and at what was given beside it, and makes a `facts` event of what the probes
 * found.
 *
 * Base and texts are one world wherever that is possible: texts are recognised and taken apart together with the files of a folder or a
 * bundle (so a pasted imta.cnf explains the listing of the bundle), join what a live host shows, or stand alone. Of a facts
 * file the recorded facts fill in what the texts do not tell.
 */
#ifndef CLI_WIZARD_GATHER_H
#define CLI_WIZARD_GATHER_H

#include "cli/run.h"
#include "cli/wizard/session.h"

/* MD_OK with a new reference of the event in *ret (without number), also where no product was recognised; *ret_has_product says that.
 * `at`: the time of the event.
 * Else why the base cannot be looked at, said in `diags`. */
MD_MUST_CHECK enum md_status md_gather(const struct md_session *session, const struct md_state *state,
                                       const struct md_options *options, struct md_rulebase *base, int64_t at,
                                       struct md_diags *diags, json_t **ret, bool *ret_has_product);

/* The name that a text gets as a file: `base` is what it was called ("imta.cnf", or NULL where it was pasted), `look` what was asked for. */
const char *md_gather_name(struct md_arena *arena, uint64_t n, const char *base, const struct md_look *look);
/* The kind of raw material of this name; MD_ITEM_KIND_COUNT: there is none. */
enum md_item_kind md_gather_kind(const char *name);

#endif
