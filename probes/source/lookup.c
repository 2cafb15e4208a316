#include "probes/source/lookup.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/arena.h"
#include "engine/base/time.h"

#define PORTION 16 /* names that a thread takes at once; the other one may wait for so many at the end of a batch */

struct md_lookup {
    pthread_t thread;
    bool has_thread;
    /* of the calling thread */
    struct md_lookup_batch *posted; /* NULL: none */
    int posted_fd;
    pthread_mutex_t mutex;
    pthread_cond_t work, done;
    /* under the mutex */
    int fd;
    struct md_lookup_batch *batch; /* for the other thread; NULL: nothing to do */
    bool is_ending, is_helping;
    atomic_size_t next; /* first name that nobody has taken */
};

static void look_up(int fd, struct md_lookup_batch *batch, struct md_lookup_entry *e)
{
    struct stat st;

    if (fstatat(fd, batch->names + e->name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
        e->error = errno;
        return;
    }
    e->error = 0;
    e->is_dir = S_ISDIR(st.st_mode);
    e->mode = (uint32_t)(st.st_mode & 07777);
    e->uid = (uint32_t)st.st_uid;
    e->gid = (uint32_t)st.st_gid;
    e->size = st.st_size > 0 ? (uint64_t)st.st_size : 0;
    e->mtime = (int64_t)st.st_mtim.tv_sec * MD_SECOND + st.st_mtim.tv_nsec / 1000;
}

/* Takes portions until none is left. */
static void take_part(struct md_lookup *l, int fd, struct md_lookup_batch *batch)
{
    size_t from;

    while ((from = atomic_fetch_add(&l->next, PORTION)) < batch->n)
        for (size_t i = from; i < from + PORTION && i < batch->n; i++)
            look_up(fd, batch, &batch->entries[i]);
}

static void *help(void *arg)
{
    struct md_lookup *l = arg;

    (void)pthread_mutex_lock(&l->mutex);
    for (;;) {
        struct md_lookup_batch *batch;
        int fd;

        while (l->batch == NULL && !l->is_ending)
            (void)pthread_cond_wait(&l->work, &l->mutex);
        if (l->is_ending)
            break;
        batch = l->batch;
        fd = l->fd;
        l->batch = NULL;
        l->is_helping = true;
        (void)pthread_mutex_unlock(&l->mutex);
        take_part(l, fd, batch);
        (void)pthread_mutex_lock(&l->mutex);
        l->is_helping = false;
        (void)pthread_cond_signal(&l->done);
    }
    (void)pthread_mutex_unlock(&l->mutex);
    return NULL;
}

static void start_thread(struct md_lookup *l)
{
    sigset_t all, before;

#ifdef _SC_NPROCESSORS_ONLN
    if (sysconf(_SC_NPROCESSORS_ONLN) < 2)
        return;
#endif
    /* The new thread inherits the mask. */
    (void)sigfillset(&all);
    if (pthread_sigmask(SIG_SETMASK, &all, &before) != 0)
        return;
    l->has_thread = pthread_create(&l->thread, NULL, help, l) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
}

struct md_lookup *md_lookup_new(void)
{
    struct md_lookup *l = md_xcalloc(1, sizeof *l);

    (void)pthread_mutex_init(&l->mutex, NULL);
    (void)pthread_cond_init(&l->work, NULL);
    (void)pthread_cond_init(&l->done, NULL);
    atomic_init(&l->next, 0);
    start_thread(l);
    return l;
}

void md_lookup_free(struct md_lookup **lookup)
{
    struct md_lookup *l = *lookup;

    if (l == NULL)
        return;
    md_lookup_finish(l);
    if (l->has_thread) {
        (void)pthread_mutex_lock(&l->mutex);
        l->is_ending = true;
        (void)pthread_cond_signal(&l->work);
        (void)pthread_mutex_unlock(&l->mutex);
        (void)pthread_join(l->thread, NULL);
    }
    (void)pthread_cond_destroy(&l->done);
    (void)pthread_cond_destroy(&l->work);
    (void)pthread_mutex_destroy(&l->mutex);
    free(l);
    *lookup = NULL;
}

void md_lookup_post(struct md_lookup *lookup, int fd, struct md_lookup_batch *batch)
{
    lookup->posted = batch;
    lookup->posted_fd = fd;
    atomic_store(&lookup->next, 0);
    if (!lookup->has_thread || batch->n <= PORTION)
        return;
    (void)pthread_mutex_lock(&lookup->mutex);
    lookup->fd = fd;
    lookup->batch = batch;
    (void)pthread_mutex_unlock(&lookup->mutex);
    (void)pthread_cond_signal(&lookup->work); /* not under the mutex, which the one that wakes takes at once */
}

void md_lookup_finish(struct md_lookup *lookup)
{
    if (lookup->posted == NULL)
        return;
    take_part(lookup, lookup->posted_fd, lookup->posted);
    lookup->posted = NULL;
    if (!lookup->has_thread)
        return;
    (void)pthread_mutex_lock(&lookup->mutex);
    lookup->batch = NULL; /* if the other thread has not even begun, it is too late now */
    while (lookup->is_helping)
        (void)pthread_cond_wait(&lookup->done, &lookup->mutex);
    (void)pthread_mutex_unlock(&lookup->mutex);
}
