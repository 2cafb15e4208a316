#include <stdlib.h>
#include <string.h>

#include "engine/base/arena.h"
#include "probes/msgserver/traffic_priv.h"

static size_t slot_of(const struct md_traffic_messages *messages, uint64_t key)
{
    size_t i = (size_t)(key >> 7) & (messages->size - 1);

    while (messages->slots[i].key != 0 && messages->slots[i].key != key)
        i = (i + 1) & (messages->size - 1);
    return i;
}

void md_messages_prefetch(const struct md_traffic_messages *messages, uint64_t key)
{
#if defined(__GNUC__) || defined(__clang__)
    __builtin_prefetch(&messages->slots[(size_t)(key >> 7) & (messages->size - 1)]);
#else
    (void)messages;
    (void)key;
#endif
}

struct md_traffic_message *md_messages_find(const struct md_traffic_messages *messages, uint64_t key)
{
    struct md_traffic_message *message;

    if (messages->count == 0)
        return NULL;
    message = &messages->slots[slot_of(messages, key)];
    return message->key != 0 ? message : NULL;
}

/* Into the other of two tables, so that a busy log does not cost an allocation now and then. */
static void rebuild(struct md_traffic_messages *messages, size_t size, int64_t from)
{
    struct md_traffic_message *old = messages->slots;
    const size_t old_size = messages->size;

    if (messages->spare_size == size)
        memset(messages->spare, 0, size * sizeof *messages->spare);
    else {
        free(messages->spare);
        messages->spare = md_xcalloc(size, sizeof *messages->spare);
    }
    messages->slots = messages->spare;
    messages->size = size;
    messages->count = 0;
    for (size_t i = 0; i < old_size; i++)
        if (old[i].key != 0 && old[i].last_failure >= from) {
            messages->slots[slot_of(messages, old[i].key)] = old[i];
            messages->count++;
        }
    messages->spare = old;
    messages->spare_size = old_size;
}

#define SAMPLE 512

static int by_time(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* Forgets about half of them, those that failed longest ago; a sample tells where the middle is. */
static void prune(struct md_traffic_messages *messages)
{
    const size_t step = messages->size / SAMPLE + 1;
    int64_t times[SAMPLE];
    size_t n = 0;

    for (size_t i = 0; i < messages->size && n < SAMPLE; i += step)
        if (messages->slots[i].key != 0)
            times[n++] = messages->slots[i].last_failure;
    qsort(times, n, sizeof *times, by_time);
    rebuild(messages, messages->size, n > 0 ? times[n / 2] + 1 : INT64_MAX);
}

struct md_traffic_message *md_messages_get(struct md_traffic_messages *messages, uint64_t key)
{
    struct md_traffic_message *message;

    if (messages->size == 0)
        rebuild(messages, 256, MD_TIME_NONE);
    message = &messages->slots[slot_of(messages, key)];
    if (message->key != 0)
        return message;
    if (messages->count >= MD_TRAFFIC_MESSAGES_MAX)
        prune(messages);
    else if (messages->count * 2 >= messages->size)
        rebuild(messages, messages->size * 2, MD_TIME_NONE);
    message = &messages->slots[slot_of(messages, key)];
    *message = (struct md_traffic_message){.key = key, .last_failure = MD_TIME_NONE, .first_class = MD_FAILURE_CLASSES};
    messages->count++;
    return message;
}

void md_messages_remove(struct md_traffic_messages *messages, struct md_traffic_message *message)
{
    size_t hole = (size_t)(message - messages->slots), i = hole;

    /* What was put behind it because its own place was taken moves up. */
    messages->slots[hole].key = 0;
    messages->count--;
    for (;;) {
        size_t home;

        i = (i + 1) & (messages->size - 1);
        if (messages->slots[i].key == 0)
            return;
        home = (size_t)(messages->slots[i].key >> 7) & (messages->size - 1);
        if (((i - home) & (messages->size - 1)) >= ((i - hole) & (messages->size - 1))) {
            messages->slots[hole] = messages->slots[i];
            messages->slots[i].key = 0;
            hole = i;
        }
    }
}
