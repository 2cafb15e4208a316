/* Shared by tool_out.c (the reader, files and recovery), tool_stat.c (db_stat) and tool_product.c (csdb and the other tools of the product). */
#ifndef PROBES_FORMATS_CALENDAR_TOOL_OUT_PRIV_H
#define PROBES_FORMATS_CALENDAR_TOOL_OUT_PRIV_H

#include "probes/formats/calendar/tool_out.h"

struct md_tool_reader {
    struct md_arena *arena;
    const struct md_caldb_table *table;
    struct md_tool_out *out;
    /* the output being read */
    size_t n_outputs;
    enum md_tool tool;
    struct md_str command, name;
    int exit_code;
    uint32_t number;             /* of the line */
    uint64_t n_lines;            /* that are not blank */
    struct md_tool_file pending; /* complaints about pages whose file is named behind them */
    struct md_tool_file *current;
    bool rc_seen;
    bool by_lockers, by_objects; /* which table of locks is being read */
    bool has_locker_table;
    struct md_tool_locker *locker;
    bool is_rebuild_open, is_last_done, in_dump, dump_ended;
    uint64_t dump_lines;
    bool has_total; /* csschedule said how many entries there are */
};

struct md_tool_place md_tool_here(const struct md_tool_reader *reader);
void md_tool_see(const struct md_tool_reader *reader, struct md_tool_seen *seen);
bool md_tool_has(struct md_str text, const char *what); /* letter case ignored */
/* A number in front of the text. */
bool md_tool_number(struct md_str text, uint64_t *ret);
/* The file of this name; NULL: too many. */
struct md_tool_file *md_tool_file(struct md_tool_reader *reader, struct md_str name);
/* The file that the command line or the name of the output is about; empty where it is several or none. */
struct md_str md_tool_subject(const struct md_tool_reader *reader);
/* Adds a name once. */
void md_tool_name(struct md_tool_reader *reader, struct md_str *names, size_t *n, struct md_str name);

/* False: it is none of theirs. */
bool md_tool_stat_line(struct md_tool_reader *reader, struct md_str line);
void md_tool_product_line(struct md_tool_reader *reader, struct md_str line);
void md_tool_product_end(struct md_tool_reader *reader);

#endif
