/*
 * probes/site: what a site says about itself (mtadoctor.yaml).
 *
 *   ordinary: { tcp_local: 2000, ims-ms: 300 }     messages that may ordinarily be queued, by channel
 *   slow_destinations: [slow.example]              known to be slow or often away
 *   own_domains: [example.com]                     of this site, beside those that the configuration names
 *   keep: [mail1.example.com]                      names that redaction leaves as they are
 *   accept: [{ id: ..., because: ..., until: ... }]   known and accepted diagnoses (cli/accepted.h)
 *
 * All of it is optional. Unknown keys, other forms and names that are given twice are problems with file and line; what is well
 * formed counts nevertheless. Ownership: everything lives in the arena and borrows from the tree that was read into it.
 */
#ifndef PROBES_SITE_H
#define PROBES_SITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/diag.h"
#include "engine/base/loc.h"
#include "engine/base/node.h"
#include "engine/base/status.h"
#include "engine/base/str.h"

struct md_site_entry {
    struct md_str name;
    uint64_t count; /* of `ordinary`, else 0 */
    struct md_loc loc;
};

struct md_site_list {
    const struct md_site_entry *items;
    size_t n;
    struct md_loc loc; /* of the key; of the file where the key is not there */
};

struct md_site {
    struct md_site_list ordinary, slow_destinations, own_domains, keep;
    const struct md_node *accept; /* a list of maps, or NULL */
};

/* MD_OK also where there are problems; MD_BAD_INPUT or MD_LIMIT where it is no YAML or no map (then nothing of it counts). */
MD_MUST_CHECK enum md_status md_site_read(struct md_arena *arena, const char *name, struct md_str yaml,
                                          struct md_diags *diags, const struct md_site **ret);
/* By name, letter case ignored; NULL: it is not in the list. */
const struct md_site_entry *md_site_find(const struct md_site_list *list, struct md_str name);

#endif
