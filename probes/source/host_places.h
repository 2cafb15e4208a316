/*
 * probes/source/host_places: where the things of a host are, as tables: for the source that is this host, and for the
 * script that collects where mtadoctor cannot run (cli/collect_script), so that both look at the same.
 *
 * Lists end with NULL and live for ever. Folders "below" are relative to the product's folder.
 */
#ifndef PROBES_SOURCE_HOST_PLACES_H
#define PROBES_SOURCE_HOST_PLACES_H

#include "probes/source/source.h"

struct md_host_places {
    const char *const *bases;        /* usual folders of the product, absolute */
    const char *const *server_roots; /* 5.x: an instance msg-NAME is below one of them */
    const char *const *signs;        /* below: one of them is in the folder of a product */
    const char *const *config, *const *log, *const *commands, *const *proc, *const *queue; /* below */
    const char *const *images;     /* below: the compiled configuration; beside "config_data" in a folder of commands */
    const char *const *store_list; /* below, also below the folder of data: small folders of the store to be listed */
    const char *const *calendar_bases;                       /* usual folders of Calendar Server, absolute */
    const char *const *calendar_config;                      /* where its ics.conf is */
    const char *const *calendar_data;                        /* where csdb and logs are as installed */
    const char *const *programs;                             /* folders of the system's commands, absolute */
    const char *const *never_kill;                           /* programs that hold locks of the store */
    const char *const *df_inodes, *const *df_inodes_solaris; /* argv */
};
extern const struct md_host_places md_host_places;

/* Files of the system; the list ends with a NULL path. */
struct md_host_file {
    enum md_item_kind kind;
    const char *path;
};
extern const struct md_host_file md_host_files[];

/* Bounds of the sample of queue files. */
#define MD_SAMPLE_CHANNELS_MAX 500
#define MD_SAMPLE_PER_CHANNEL 200
#define MD_SAMPLE_LOOK 20000 /* names that are looked at in one folder */

#define MD_HOST_FOLDER_FILES_MAX 5000 /* of one folder of configuration or logs */

#endif
