/* Opening an archive for reading with libarchive; private to pack_archive.c and pack_pass.c. */
#ifndef PROBES_BUNDLE_PACK_DOOR_H
#define PROBES_BUNDLE_PACK_DOOR_H

#include "probes/bundle/pack.h"
#include "probes/source/archive_lib.h"
#include "probes/source/stream.h"

/* What libarchive reads from: a file that we close, what is held, or a stream of what is not. */
struct md_pack_door {
    struct archive *archive;
    int fd; /* or -1 */
    struct md_stream *stored;
    char *chunk;
};

/* `inside`: the member that is the archive; NULL: the pack itself. The door must stay where it is until it is closed. */
MD_MUST_CHECK enum md_status md_pack_door_open(struct md_pack *pack, const struct md_member *inside,
                                               struct md_pack_door *ret);
void md_pack_door_close(struct md_pack_door *door);
/* Says so where the directory of a zip lists more entries than were read: those that lie in others are left out by the library. */
void md_pack_zip_compare(const struct md_pack_door *door, struct md_str held, size_t entries, const char *path,
                         struct md_diags *diags);

#endif
