/*
 * calendar_env FOLDER STEP...: makes a real environment of Berkeley DB as Calendar Server keeps one, for the tests.
 *
 * Settings, before all else: page=BYTES order=big|little log=BYTES (of a log file) cache=BYTES at=SECONDS (what the clock says, since 1970)
 * Steps, in their order:
 *   put:FILE:N     N records into ics50FILE.db (events, todos ...), each in a transaction of ten
 *   at:SECONDS     it is that late now
 *   checkpoint     the pages are written, as the server does every minute
 *   trim           the logs that are applied are removed (circular logging)
 *   busy:SECONDS   writes and makes checkpoints as the server does; says "ready" first
 *   panic          the environment is marked as broken, as by a thread that found it so
 *   crash          ends without closing anything: what is in the cache stays unwritten
 * Without crash or panic everything is closed, which leaves the regions, as the server's own processes do.
 */
#include <db.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define FILES 8
#define PER_TXN 10

static const char *const names[FILES] = {"calprops", "events",    "todos", "recurring",
                                         "alarms",   "deletelog", "gse",   "journals"};

struct maker {
    DB_ENV *env;
    DB *files[FILES];
    unsigned next[FILES]; /* number of the next record */
};

static void check(int error, const char *what)
{
    if (error != 0) {
        fprintf(stderr, "calendar_env: %s: %s\n", what, db_strerror(error));
        exit(EXIT_FAILURE);
    }
}

/* ---- the clock that the library sees: what it writes into regions and logs is to fit the made-up host ---- */

static time_t ahead; /* of the real one */

/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): those of the header are reserved */
int clock_gettime(clockid_t clock_id, struct timespec *tp)
{
    long result = syscall(SYS_clock_gettime, clock_id, tp);
    if (result == 0 && clock_id == CLOCK_REALTIME) {
        tp->tv_sec += ahead;
    }
    return (int)result;
}

/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): as above */
time_t time(time_t *timer)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_REALTIME, &now);
    if (timer != NULL) {
        *timer = now.tv_sec;
    }
    return now.tv_sec;
}

static void set_clock(unsigned long seconds)
{
    ahead += (time_t)seconds - time(NULL);
}

/* The files need not outlive a power cut, and waiting for the disk is most of the time. */
static int no_fsync(int fd)
{
    (void)fd;
    return 0;
}

static unsigned long number(const char *text)
{
    char *end;
    unsigned long n = strtoul(text, &end, 10);
    if (end == text || (*end != '\0' && *end != ':')) {
        fprintf(stderr, "calendar_env: %s is no number\n", text);
        exit(EXIT_FAILURE);
    }
    return n;
}

static unsigned file_of(const char *name, size_t n)
{
    for (unsigned i = 0; i < FILES; i++) {
        if (strlen(names[i]) == n && memcmp(names[i], name, n) == 0) {
            return i;
        }
    }
    fprintf(stderr, "calendar_env: no file %s\n", name);
    exit(EXIT_FAILURE);
}

/* Keys in no order, as component ids are, so that pages all over the tree are written. */
static void put(struct maker *m, unsigned file, unsigned long n)
{
    char key[64], value[512];
    for (unsigned long i = 0; i < n;) {
        DB_TXN *txn;
        check(m->env->txn_begin(m->env, NULL, &txn, 0), "txn_begin");
        for (unsigned k = 0; k < PER_TXN && i < n; k++, i++) {
            unsigned id = m->next[file]++;
            int n_key = snprintf(key, sizeof(key), "user%u:%08x%08x", id % 97, id * 2654435761u, id);
            int n_value = snprintf(value, sizeof(value),
                                   "BEGIN:V%s;UID:%08x-%u@cal.example.com;DTSTART:2007%02u%02uT%02u0000Z;"
                                   "SUMMARY:meeting number %u about the budget of room %u;%0*d",
                                   names[file], id * 40503u, id, 1 + id % 12, 1 + id % 28, id % 24, id, id % 50,
                                   (int)(20 + id * 7 % 180), 0);
            DBT k_dbt = {0}, v_dbt = {0};
            k_dbt.data = key;
            k_dbt.size = (u_int32_t)n_key;
            v_dbt.data = value;
            v_dbt.size = (u_int32_t)n_value;
            check(m->files[file]->put(m->files[file], txn, &k_dbt, &v_dbt, 0), "put");
        }
        check(txn->commit(txn, DB_TXN_WRITE_NOSYNC), "commit");
    }
}

static void busy(struct maker *m, unsigned long seconds)
{
    time_t end = time(NULL) + (time_t)seconds;
    printf("ready\n");
    fflush(stdout);
    for (unsigned round = 0; time(NULL) < end; round++) {
        put(m, 1, 40);
        put(m, round % FILES, 20);
        if (round % 8 == 7) {
            check(m->env->txn_checkpoint(m->env, 0, 0, 0), "checkpoint");
            check(m->env->log_archive(m->env, NULL, DB_ARCH_REMOVE), "log_archive");
        }
        const struct timespec pause = {.tv_nsec = 2000000};
        nanosleep(&pause, NULL);
    }
}

static void panic(struct maker *m)
{
    (void)m->env->set_flags(m->env, DB_PANIC_ENVIRONMENT, 1);
}

static void step(struct maker *m, const char *text)
{
    if (strncmp(text, "put:", 4) == 0) {
        const char *colon = strchr(text + 4, ':');
        if (colon == NULL) {
            fprintf(stderr, "calendar_env: put:FILE:N\n");
            exit(EXIT_FAILURE);
        }
        put(m, file_of(text + 4, (size_t)(colon - text - 4)), number(colon + 1));
    } else if (strncmp(text, "at:", 3) == 0) {
        set_clock(number(text + 3));
    } else if (strcmp(text, "checkpoint") == 0) {
        check(m->env->txn_checkpoint(m->env, 0, 0, DB_FORCE), "checkpoint");
    } else if (strcmp(text, "trim") == 0) {
        check(m->env->log_archive(m->env, NULL, DB_ARCH_REMOVE), "log_archive");
    } else if (strncmp(text, "busy:", 5) == 0) {
        busy(m, number(text + 5));
    } else if (strcmp(text, "panic") == 0) {
        panic(m);
        _exit(EXIT_SUCCESS);
    } else if (strcmp(text, "crash") == 0) {
        check(m->env->log_flush(m->env, NULL), "log_flush");
        _exit(EXIT_SUCCESS);
    } else {
        fprintf(stderr, "calendar_env: no step %s\n", text);
        exit(EXIT_FAILURE);
    }
}

static void open_all(struct maker *m, const char *folder, u_int32_t page, int order)
{
    const u_int32_t flags = DB_CREATE | DB_INIT_LOCK | DB_INIT_LOG | DB_INIT_MPOOL | DB_INIT_TXN | DB_THREAD;
    check(m->env->open(m->env, folder, flags, 0640), "open of the environment");
    for (unsigned i = 0; i < FILES; i++) {
        char name[64];
        snprintf(name, sizeof(name), "ics50%s.db", names[i]);
        check(db_create(&m->files[i], m->env, 0), "db_create");
        check(m->files[i]->set_pagesize(m->files[i], page), "set_pagesize");
        check(m->files[i]->set_lorder(m->files[i], order), "set_lorder");
        check(m->files[i]->open(m->files[i], NULL, name, NULL, DB_BTREE, DB_CREATE | DB_AUTO_COMMIT | DB_THREAD, 0640),
              name);
    }
}

int main(int argc, char **argv)
{
    struct maker m = {0};
    u_int32_t page = 4096;
    int order = 1234, at = 2;
    if (argc < 2) {
        fprintf(stderr, "usage: calendar_env FOLDER STEP...\n");
        return 2;
    }
    check(db_env_set_func_fsync(no_fsync), "db_env_set_func_fsync");
    check(db_env_create(&m.env, 0), "db_env_create");
    m.env->set_errfile(m.env, stderr);
    check(m.env->set_lg_max(m.env, 1 << 20), "set_lg_max");
    check(m.env->set_lg_bsize(m.env, 64 << 10), "set_lg_bsize");
    for (; at < argc && strchr(argv[at], '=') != NULL; at++) {
        const char *value = strchr(argv[at], '=') + 1;
        if (strncmp(argv[at], "page=", 5) == 0) {
            page = (u_int32_t)number(value);
        } else if (strncmp(argv[at], "order=", 6) == 0) {
            order = strcmp(value, "big") == 0 ? 4321 : 1234;
        } else if (strncmp(argv[at], "log=", 4) == 0) {
            check(m.env->set_lg_max(m.env, (u_int32_t)number(value)), "set_lg_max");
        } else if (strncmp(argv[at], "at=", 3) == 0) {
            set_clock(number(value));
        } else if (strncmp(argv[at], "cache=", 6) == 0) {
            check(m.env->set_cachesize(m.env, 0, (u_int32_t)number(value), 1), "set_cachesize");
        }
    }
    open_all(&m, argv[1], page, order);
    for (; at < argc; at++) {
        step(&m, argv[at]);
    }
    for (unsigned i = 0; i < FILES; i++) {
        check(m.files[i]->close(m.files[i], 0), "close");
    }
    check(m.env->close(m.env, 0), "close of the environment");
    return 0;
}
