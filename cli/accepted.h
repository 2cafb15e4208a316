/*
 * cli/accepted: diagnoses that a site has accepted (`accept:` of the site file: id, optional channel or destination,
 * because, until).
 *
 * An accepted diagnosis stays in the report but no longer counts towards the verdict. An entry without `because`, past
 * its `until`, or with an id that does not exist has no effect and is a problem with its line.
 */
#ifndef CLI_ACCEPTED_H
#define CLI_ACCEPTED_H

struct md_run;

void md_accepted_apply(struct md_run *run);

#endif
