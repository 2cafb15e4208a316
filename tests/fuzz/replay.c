/*
 * Replays inputs through a fuzz target without libFuzzer: the empty input, then every file given and every file of the
 * folders given. Succeeds if the target survives them all; a folder that does not exist holds no inputs.
 */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned long replayed;

static void replay(const uint8_t *data, size_t size)
{
    /* A heap block of just this size, so that a sanitizer sees the first byte read beyond it. */
    uint8_t *copy = malloc(size > 0 ? size : 1);

    if (copy == NULL)
        abort();
    if (size > 0)
        memcpy(copy, data, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
    replayed++;
}

static int replay_file(const char *path)
{
    FILE *in = fopen(path, "rb");
    uint8_t *data = NULL;
    size_t size = 0, capacity = 0, got;

    if (in == NULL) {
        fprintf(stderr, "%s: cannot be opened\n", path);
        return 1;
    }
    do {
        if (size == capacity) {
            capacity = capacity == 0 ? 4096 : 2 * capacity;
            if ((data = realloc(data, capacity)) == NULL)
                abort();
        }
        got = fread(data + size, 1, capacity - size, in);
        size += got;
    } while (got > 0);
    fclose(in);
    replay(data, size);
    free(data);
    return 0;
}

static int replay_path(const char *path)
{
    struct stat st;
    struct dirent *entry;
    char name[4096];
    DIR *folder;
    int failed = 0;

    if (stat(path, &st) != 0)
        return errno == ENOENT ? 0 : 1;
    if (!S_ISDIR(st.st_mode))
        return replay_file(path);
    if ((folder = opendir(path)) == NULL)
        return 1;
    while ((entry = readdir(folder)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        if (snprintf(name, sizeof name, "%s/%s", path, entry->d_name) < (int)sizeof name)
            failed |= replay_path(name);
    }
    closedir(folder);
    return failed;
}

int main(int argc, char **argv)
{
    int failed = 0;
    int i;

    replay((const uint8_t *)"", 0);
    for (i = 1; i < argc; i++)
        failed |= replay_path(argv[i]);
    printf("%lu inputs survived\n", replayed);
    return failed;
}
