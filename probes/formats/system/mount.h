/*
 * probes/formats/system/mount: mounted file systems and their types, whatever printed them.
 *
 * Forms, told from each other line by line: "DEVICE on MOUNT type TYPE (options)" (mount of GNU), "MOUNT on DEVICE options" (mount of
 * Solaris, where the type is not said unless the device or an option shows it), "DEVICE MOUNT TYPE options ..." (/proc/mounts, /etc/mnttab,
 * mount -p), and "MOUNT : TYPE" (df -n). A type that is not said is "nfs" where the device is HOST:/PATH or an option is one of NFS alone.
 *
 * Slices are borrowed from the text. Limits  MD_MOUNT_ROWS_MAX rows; further ones are left out. Pure.
 */
#ifndef PROBES_FORMATS_SYSTEM_MOUNT_H
#define PROBES_FORMATS_SYSTEM_MOUNT_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/arena.h"
#include "engine/base/str.h"

#define MD_MOUNT_ROWS_MAX 10000

struct md_mount_row {
    uint32_t line;
    struct md_str device, mount, type; /* type: empty where it is not known */
};

struct md_mounts {
    const struct md_mount_row *rows;
    size_t n;
};

void md_mounts_parse(struct md_arena *arena, struct md_str text, struct md_mounts *ret);
/* The row whose mount point is the longest prefix of `path`, by whole components; of equal ones the last, which covers the others. NULL: none. */
const struct md_mount_row *md_mounts_find(const struct md_mounts *mounts, struct md_str path);
/* Whether files of this type lie on another machine. */
bool md_mount_is_network(struct md_str type);

#endif
