/*
 * bdb_make FILE METHOD PAGE SETTINGS RECORDS LONGEST: a real database file of Berkeley DB, for the tests. METHOD: btree, recno or hash; SETTINGS: letters
 * c (checksums), d (sorted duplicates), u (unsorted duplicates), n (record numbers), b (big endian), x (every second record
 * is deleted again, so that there are free pages), s (two databases in one file), "-": none. Keys and data are the same in each run.
 */
#include <db.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check(int error, const char *what)
{
    if (error != 0) {
        fprintf(stderr, "bdb_make: %s: %s\n", what, db_strerror(error));
        exit(EXIT_FAILURE);
    }
}

static u_int32_t next_number(void)
{
    static u_int32_t state = 2463534242U;

    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

static int has(const char *settings, char letter)
{
    return strchr(settings, letter) != NULL;
}

static u_int32_t flags_of(const char *settings)
{
    u_int32_t flags = has(settings, 'c') ? DB_CHKSUM : 0;

    if (has(settings, 'd'))
        flags |= DB_DUP | DB_DUPSORT;
    if (has(settings, 'u'))
        flags |= DB_DUP;
    if (has(settings, 'n'))
        flags |= DB_RECNUM;
    return flags;
}

static void fill(DB *db, int is_recno, const char *settings, unsigned long records, unsigned long longest)
{
    char key[4096], *data = malloc(longest + 64);
    int has_duplicates = has(settings, 'd') || has(settings, 'u');

    for (unsigned long i = 0; i < records && data != NULL; i++) {
        db_recno_t recno = (db_recno_t)(i + 1);
        DBT k = {0}, v = {0};
        unsigned long n = 16 + next_number() % (longest + 1);
        unsigned long id = has_duplicates ? i % 7 : i;
        /* A long key now and then. */
        int width = next_number() % 50 == 0 && !has_duplicates ? 200 + (int)(next_number() % 3000) : 8;

        k.size = (u_int32_t)snprintf(key, sizeof key, "k%0*lu-%08x", width, id, (unsigned)(id * 2654435761UL));
        k.data = key;
        if (is_recno) {
            k.data = &recno;
            k.size = sizeof recno;
        }
        memset(data, 'a' + (int)(i % 26), n);
        v.size = (u_int32_t)n;
        memcpy(data, &i, sizeof i); /* so that duplicates differ */
        v.data = data;
        check(db->put(db, NULL, &k, &v, 0), "put");
    }
    free(data);
}

static void empty(DB *db)
{
    DBC *cursor;
    DBT k = {0}, v = {0};
    unsigned long i = 0;
    int error;

    check(db->cursor(db, NULL, &cursor, 0), "cursor");
    while ((error = cursor->get(cursor, &k, &v, DB_NEXT)) == 0)
        if ((i++ / 200) % 2 == 0) /* in runs, so that pages become empty */
            check(cursor->del(cursor, 0), "del");
    if (error != DB_NOTFOUND)
        check(error, "get");
    check(cursor->close(cursor), "close of the cursor");
}

static void make(char **argv, const char *name)
{
    const char *settings = argv[4];
    DBTYPE type = strcmp(argv[2], "btree") == 0 ? DB_BTREE : strcmp(argv[2], "recno") == 0 ? DB_RECNO : DB_HASH;
    DB *db;

    check(db_create(&db, NULL, 0), "db_create");
    check(db->set_pagesize(db, (u_int32_t)strtoul(argv[3], NULL, 10)), "set_pagesize");
    check(db->set_cachesize(db, 0, 32U << 20, 1), "set_cachesize");
    if (has(settings, 'b'))
        check(db->set_lorder(db, 4321), "set_lorder");
    check(db->set_flags(db, flags_of(settings)), "set_flags");
    check(db->open(db, NULL, argv[1], name, type, DB_CREATE, 0600), "open");
    fill(db, type == DB_RECNO, settings, strtoul(argv[5], NULL, 10), strtoul(argv[6], NULL, 10));
    if (has(settings, 'x'))
        empty(db);
    check(db->close(db, 0), "close");
}

int main(int argc, char **argv)
{
    if (argc != 7) {
        fprintf(stderr, "usage: bdb_make FILE METHOD PAGE SETTINGS RECORDS LONGEST\n");
        return 2;
    }
    if (has(argv[4], 's')) {
        make(argv, "one");
        make(argv, "two");
    } else {
        make(argv, NULL);
    }
    return 0;
}
