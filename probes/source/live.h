/*
 * probes/source/live: the source that is this host. Private to probes/source; the door is md_source_open_live.
 *
 *   live.c           items and reading
 *   live_commands.c  the commands that may be run, and running them
 *   live_host.c      clock, zone, name, process table without ps
 *   live_folders.c   listings of small folders of the store
 *   live_ports.c     connecting to local ports
 *   live_sample.c    a sample of queue files
 *   live_calendar.c  the files of Calendar Server
 */
#ifndef PROBES_SOURCE_LIVE_H
#define PROBES_SOURCE_LIVE_H

#include "probes/source/calendar_layout.h"
#include "probes/source/msgserver_layout.h"
#include "probes/source/source_priv.h"

struct md_live_entry {
    const char *path;   /* a file; NULL: text */
    struct md_str text; /* what a command printed */
};

struct md_live {
    struct md_source *source;
    struct md_msgserver_layout layout;
    struct md_calendar_layout calendar;
    const char *etc; /* what stands for "/" for the files of the system */
    struct md_live_entry *entries;
    size_t n_entries, entries_capacity;
    bool has_run[MD_ITEM_KIND_COUNT];
    struct md_map *timeouts; /* program -> times that it did not end in time */
    bool has_complained;     /* of what this user may not read */
};

/* A file of this host, if it is there; `prefix`: what stands for "/" in its path. */
bool md_live_add_path(struct md_live *live, enum md_item_kind kind, const char *prefix, const char *path);
/* Files of a folder that their names make something of: logs, or files of configuration. */
void md_live_add_folder(struct md_live *live, const char *prefix, const char *path, bool is_log);
/* Copies the item, with its bytes. */
struct md_item *md_live_add_file(struct md_live *live, const struct md_item *item, const char *path);
struct md_item *md_live_add_text(struct md_live *live, const struct md_item *item, struct md_str text);

/* Says once, with all that is closed to this user; nothing where nothing is. */
void md_live_complain_of_access(struct md_live *live);

/* Runs the command of a kind, if it has one and may run. */
void md_live_run_kind(struct md_live *live, enum md_item_kind kind);
MD_MUST_CHECK enum md_status md_live_command(struct md_source *source, enum md_item_kind kind, const char *const *argv,
                                             const struct md_item **ret);
/* Whether argv is one of the read-only commands with arguments that may be run for this kind. */
bool md_live_is_listed(enum md_item_kind kind, const char *const *argv);

int64_t md_live_clock(void);
const char *md_live_host_name(struct md_arena *arena);
/* The name of the zone that the files of the system say, or NULL. */
const char *md_live_zone(struct md_arena *arena, const char *etc);
/* A process table in the layout of `ps -ef`, from /proc; empty where there is none. */
struct md_str md_live_proc_table(struct md_arena *arena);

void md_live_sample_queue(struct md_live *live);
void md_live_list_store(struct md_live *live);
/* ics.conf, logs and the files of the database; folders of the database and its backups as listings. */
void md_live_add_calendar(struct md_live *live);
void md_live_list_calendar(struct md_live *live);
enum md_status md_live_connect(struct md_source *source, uint16_t port);
enum md_status md_live_greeting(struct md_source *source, uint16_t port, struct md_arena *arena, struct md_str *ret,
                                double *ret_s);
enum md_status md_live_program(struct md_source *source, struct md_str program);

#endif
