/*
 * probes/formats/calendar/bdb_meta: the first page of a database file of Berkeley DB, which says what the file is.
 *
 * Pure, from the first MD_BDB_META bytes. What is impossible in them is a fault (static text); where the page size is
 * sound all the same the pages can still be walked.
 */
#ifndef PROBES_FORMATS_CALENDAR_BDB_META_H
#define PROBES_FORMATS_CALENDAR_BDB_META_H

#include "probes/formats/calendar/bdb.h"

#define MD_BDB_META 512 /* bytes: the smallest page, and all that the first page holds */
#define MD_BDB_PAGE_MAX 65536

enum md_bdb_method { MD_BDB_NONE, MD_BDB_BTREE, MD_BDB_RECNO, MD_BDB_HASH, MD_BDB_QUEUE, MD_BDB_HEAP };

struct md_bdb_meta {
    enum md_bdb_method method; /* NONE: the magic number is none */
    bool is_big;
    uint32_t version;   /* of the format of this method */
    uint32_t page_size; /* 0: impossible, the pages cannot be told apart */
    uint32_t last_page; /* number of the last page */
    uint32_t free_page; /* first of the list of free pages; 0: there is none */
    uint32_t root;      /* of a tree */
    struct md_bdb_lsn lsn;
    bool has_checksum;       /* each page has one */
    bool checksum_is_wrong;  /* that of this page */
    bool is_encrypted;       /* then nothing but the headers of pages can be read */
    bool has_several;        /* several databases in one file */
    bool has_duplicates;     /* several data of one key, which may have trees of their own */
    bool has_record_numbers; /* internal pages count the records below them */
    bool is_old; /* the libraries since 4.0 ask for an upgrade of the file; nothing below page_size but lsn is read */
    uint8_t uid[20];   /* which file it is, for logs; equal in a copy */
    const char *fault; /* NULL: nothing is impossible */
};

/* True where it is a database without a fault. `n`: bytes that there are; fewer than MD_BDB_META are a fault. */
bool md_bdb_meta_read(const uint8_t *head, size_t n, struct md_bdb_meta *ret);

const char *md_bdb_method_name(enum md_bdb_method method);

#endif
