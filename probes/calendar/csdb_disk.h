/*
 * probes/calendar/csdb_disk: the file system on which the calendar database lies, from `df` and the table of mounts.
 */
#ifndef PROBES_CALENDAR_CSDB_DISK_H
#define PROBES_CALENDAR_CSDB_DISK_H

#include "probes/probe.h"

/* `folder`: of the database; where it is not absolute, as configured or as installed. Sets host.csdb_fs_type, csdb_is_network_fs, csdb_disk_*
 * and csdb_backup_same_disk, as far as there is something that says it. */
void md_csdb_disk_facts(struct md_probe_ctx *ctx, struct md_str folder);

#endif
