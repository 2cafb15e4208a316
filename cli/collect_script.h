/*
 * cli/collect_script: the shell script that collects a bundle where mtadoctor cannot run.
 *
 * Its text stands in cli/collect_script/ and is compiled in; what it takes and runs comes from the tables that the source of
 * this host uses (probes/source/items.def, host_places, item_name), so that nothing is listed twice.
 */
#ifndef CLI_COLLECT_SCRIPT_H
#define CLI_COLLECT_SCRIPT_H

#include "engine/base/buf.h"

void md_collect_script(struct md_buf *out);

#endif
