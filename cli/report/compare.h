/*
 * cli/report/compare: two results of one host, an old and a new one: which facts changed, and how that moved each diagnosis.
 *
 * Facts are matched by name and scope, diagnoses by id and scope. A diagnosis moved by what the lines of its evidence gained or lost, in
 * decibans; a change of a line is shared out equally among the changed facts that the line reads. Facts are ranked by how much they
 * moved diagnoses in all, then in the order of the facts. A diagnosis that one result does not list has no probability there (null).
 * Pure; both runs must still be open.
 */
#ifndef CLI_REPORT_COMPARE_H
#define CLI_REPORT_COMPARE_H

#include "cli/report/report.h"

/* New reference: mtadoctor.comparison/1, see docs/analyze.md. */
json_t *md_compare_json(const struct md_report *before, const struct md_report *after);
void md_compare_text(const struct md_report *before, const struct md_report *after, struct md_buf *out);

#endif
