/*
 * probes/msgserver/program: the programs of Messaging Server by the names that tables and logs give them.
 *
 * The list is probes/msgserver/program.def. Names of services in the watcher's log ("imap", "store") are among the
 * aliases; a process table must not be searched by those (md_program_of_process).
 */
#ifndef PROBES_MSGSERVER_PROGRAM_H
#define PROBES_MSGSERVER_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/str.h"

enum md_program_role { MD_PROGRAM_SERVICE, MD_PROGRAM_SERVER, MD_PROGRAM_WORKER, MD_PROGRAM_TOOL };

struct md_program {
    const char *name;
    enum md_program_role role;
    bool is_mta;    /* `imsimta process` shows it */
    bool is_always; /* an instance even where it does not run */
};

size_t md_program_count(void);
const struct md_program *md_program_at(size_t i);
/* By name or alias of a log or a service, letter case ignored; NULL: none of ours. */
const struct md_program *md_program_find(struct md_str name);
/* As md_program_find for the last component of a command's path, with the command line for names that others
 * use, too. */
const struct md_program *md_program_of_process(struct md_str program, struct md_str command);
/* The index for arrays of md_program_count() elements. */
size_t md_program_index(const struct md_program *program);
/* The program that usually works on a channel of this name; NULL: not known. */
const struct md_program *md_program_of_channel(struct md_str channel);

#endif
