/*
 * probes/formats/msgserver/queue_name: what the name and the place of a queue file say.
 *
 * A queue file is named <2 characters: attempts><unique part>.<extension>. The two characters count the failed attempts
 * in complemented base 36 (ZZ none, ZY one, ZA 25, Z9 26, Z0 35, YZ 36, 00 1295). The unique part keeps its letter case
 * and stays the same from attempt to attempt; copies of one submission differ in extension or channel. HELD (or held)
 * as extension: not eligible for delivery. Anything else in a queue folder is foreign. Pure: slices in, slices of the
 * input out; survives any bytes.
 */
#ifndef PROBES_FORMATS_MSGSERVER_QUEUE_NAME_H
#define PROBES_FORMATS_MSGSERVER_QUEUE_NAME_H

#include <stdbool.h>

#include "engine/base/str.h"

#define MD_QUEUE_ATTEMPTS_MAX 1295
#define MD_QUEUE_UNIQUE_MIN 6
#define MD_QUEUE_UNIQUE_MAX 40
#define MD_QUEUE_SUBDIR_MAX 999

struct md_queue_name {
    unsigned attempts;       /* failed ones, 0..MD_QUEUE_ATTEMPTS_MAX */
    struct md_str unique;    /* borrowed from the name */
    struct md_str extension; /* without the dot */
    bool is_held;
    bool is_held_lower; /* spelled .held, which is unusual */
};

/* The file name alone. False: foreign; *ret is then undefined. */
bool md_queue_name_parse(struct md_str name, struct md_queue_name *ret);
/* The two characters for a number of attempts, upper case. */
void md_queue_name_generation(unsigned attempts, char ret[2]);

struct md_queue_path {
    struct md_str channel; /* empty: directly under the queue root, or not known */
    unsigned subdir;       /* 0..999 of a numbered folder, 0 also where there is none */
    struct md_str inner;   /* further folders between the channel and the name ("spool"), empty: none */
    struct md_str name;    /* last component */
};

/* `path` relative to the queue root: channel[/NNN][/folders]/name. Empty components and "." are skipped. */
void md_queue_path_parse(struct md_str path, struct md_queue_path *ret);
/* As above for a path from anywhere (a log, a listing without a known root): what follows the last folder called
 * "queue", else the tail of the path: name, numbered folder, channel. A path of one component has no channel. */
void md_queue_path_parse_any(struct md_str path, struct md_queue_path *ret);

/* The number of a folder of three digits below a channel; false: it is none. */
bool md_queue_subdir_parse(struct md_str name, unsigned *ret);

/* A queue file that a failed submission or an unfinished job left in a private folder ("x.data-failed"). */
bool md_queue_name_is_leftover(struct md_str name);

#endif
