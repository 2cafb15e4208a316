/*
 * cli/report/hosts: several results of one call beside each other: what all share and what differs.
 *
 * Of each run a summary is kept, copied to the arena of the list, so runs may end before the comparison is made. Compared are version,
 * roles, verdict, diagnoses (by id and scope, without the host), and the values of the configuration that are known of at least two
 * hosts. Values that stand in the evidence of a diagnosis come first; those that only move with the clock are left out.
 */
#ifndef CLI_REPORT_HOSTS_H
#define CLI_REPORT_HOSTS_H

#include "cli/report/report.h"

struct md_host_setting {
    const char *scope, *name, *value; /* "channel tcp_local" or "", "channel.pool", JSON */
    bool matters;                     /* it is evidence of a diagnosis */
};

struct md_host_diagnosis {
    const char *id, *scope, *urgency;
    double probability;
};

struct md_host_summary {
    const char *label; /* the source, and the folder in it */
    const char *name;  /* host, or the label */
    const char *product, *version, *roles, *verdict;
    struct md_host_diagnosis *diagnoses;
    size_t n_diagnoses;
    struct md_host_setting *settings;
    size_t n_settings, settings_capacity;
    struct md_str text; /* the report of the run; for the caller */
};

struct md_host_list {
    struct md_arena *arena;
    struct md_host_summary *hosts;
    size_t n, capacity;
};

/* The summary is valid until the next one is added. */
struct md_host_summary *md_host_list_add(struct md_host_list *list, const struct md_report *report, const char *label);
/* The reports, each under a heading; then the comparison, if there are several. */
void md_host_list_text(const struct md_host_list *list, bool use_colour, bool is_quiet, struct md_buf *out);
/* New reference: {"hosts", "shared", "differs", "diagnoses"}, see docs/analyze.md. */
json_t *md_host_list_json(const struct md_host_list *list);
/* "channel tcp_local, destination example.net": a scope without the host, which may have been renamed and is the same. */
const char *md_scope_below_host(struct md_arena *arena, const struct md_scope_pair *pairs, size_t n);

#endif
