/*
 * probes/system/disk: file systems from `df`, and which of them hold the queue, the store and the logs.
 *
 * A path is on the file system whose mount point is its longest prefix. Below /opt the product's data folders are
 * symbolic links as installed; where the listing has the file system of their usual target, that one counts.
 */
#ifndef PROBES_SYSTEM_DISK_H
#define PROBES_SYSTEM_DISK_H

#include "engine/base/status.h"
#include "probes/probe.h"

MD_MUST_CHECK enum md_status md_disk_probe(struct md_probe_ctx *ctx);

#endif
