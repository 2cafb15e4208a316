/*
 * cli/collect_facts: the facts that a bundle needs beside its files, and reading them back.
 *
 * A log that is not in a bundle whole would give other facts than the host's. Those that rest on it are written as a facts
 * file (facts.json); in the analysis they come before the probes, so that what the probes make of the rest of the log does not
 * count. A bundle whose manifest names no partial file has them as what nothing else says.
 */
#ifndef CLI_COLLECT_FACTS_H
#define CLI_COLLECT_FACTS_H

#include "cli/run.h"

/* `run`: the run whose facts are there. For md_collect_options.facts. */
void md_collect_facts(void *run, const bool *is_partial, struct md_buf *out);

/* Reads the facts files of a bundle into the facts of the run; where = true: before the probes (then only those of a bundle with partial
 * files are read). */
void md_recorded_facts_read(struct md_run *run, bool is_before_probes);

#endif
