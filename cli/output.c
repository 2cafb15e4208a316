#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A new file beside `path`; NULL: there can be none. *ret_name: its name, to be freed. */
static FILE *open_beside(const char *path, mode_t mode, char **ret_name)
{
    const char *slash = strrchr(path, '/');
    struct md_buf name = {0};
    if (slash != NULL) {
        md_buf_add(&name, md_str_n(path, (size_t)(slash - path) + 1));
    }
    md_buf_printf(&name, ".%s.XXXXXX", slash != NULL ? slash + 1 : path);
    int fd = mkstemp(name.p);
    FILE *f = fd < 0 ? NULL : fdopen(fd, "wb");
    if (f == NULL) {
        if (fd >= 0) {
            close(fd);
            (void)unlink(name.p);
        }
        md_buf_free(&name);
        return NULL;
    }
    (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
    (void)fchmod(fd, mode);
    *ret_name = name.p; /* the buffer's memory */
    return f;
}

static bool write_all(FILE *f, const struct md_buf *text)
{
    return (text->n == 0 || fwrite(text->p, 1, text->n, f) == text->n) && fflush(f) == 0;
}

/* 0 or what errno said. Closes the file, unless it is standard output. */
static int write_and_close(FILE *f, const struct md_buf *text)
{
    int error = write_all(f, text) ? 0 : errno;
    if (f != stdout && fclose(f) != 0 && error == 0) {
        error = errno;
    }
    return error;
}

static int write_directly(const char *path, const struct md_buf *text)
{
    FILE *f = fopen(path, "wbe");
    return f == NULL ? errno : write_and_close(f, text);
}

static int write_file(const char *path, const struct md_buf *text)
{
    struct stat st;
    const bool is_there = lstat(path, &st) == 0;
    if (is_there && !S_ISREG(st.st_mode)) {
        return write_directly(path, text);
    }
    /* A file of somebody who may not write to it stays as it is. */
    if (is_there && access(path, W_OK) != 0) {
        return errno;
    }
    mode_t mask = umask(0);
    (void)umask(mask);
    char *temporary = NULL;
    FILE *f = open_beside(path, is_there ? st.st_mode & 07777 : 0666 & ~mask, &temporary);
    int error = f == NULL ? write_directly(path, text) : write_and_close(f, text);
    if (f != NULL && error == 0 && rename(temporary, path) != 0) {
        error = errno;
    }
    if (f != NULL && error != 0) {
        (void)unlink(temporary);
    }
    free(temporary);
    return error;
}

int md_output_write(const struct md_options *options, const struct md_buf *text)
{
    int error = options->output == NULL ? write_and_close(stdout, text) : write_file(options->output, text);
    if (error != 0) {
        fprintf(stderr, "mtadoctor: %s cannot be written: %s\n",
                options->output == NULL ? "standard output" : options->output, strerror(error));
        return MD_EXIT_FAILED;
    }
    return MD_EXIT_OK;
}
