/*
 * cli/report/text_priv: the parts of the text report, for its own files.
 */
#ifndef CLI_REPORT_TEXT_PRIV_H
#define CLI_REPORT_TEXT_PRIV_H

#include "cli/report/layout.h"
#include "cli/report/report.h"

/* What stands behind the diagnoses: problems, probes that were skipped, files, what to send also. */
void md_report_text_end(const struct md_layout *layout, const struct md_report *report);

#endif
