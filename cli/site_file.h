/*
 * cli/site_file: finds and reads the site file: --site FILE, else MD_SITE_FILE for the host that the program runs on.
 *
 * What cannot be opened, is too large or is no site file is a problem; the run goes on without it. The form is
 * probes/site.h.
 */
#ifndef CLI_SITE_FILE_H
#define CLI_SITE_FILE_H

#include <stdbool.h>

#include "probes/site.h"

/* NULL: there is none. `given`: of --site, or NULL. */
const struct md_site *md_site_file_open(struct md_arena *arena, const char *given, bool is_live,
                                        struct md_diags *diags);

#endif
