#include "probes/formats/system/mount.h"

#include "probes/formats/system/df.h"

static bool is_path(struct md_str s)
{
    return s.n > 0 && s.p[0] == '/';
}

/* "server:/export/cal" */
static bool is_remote(struct md_str device)
{
    ptrdiff_t colon = md_str_find(device, MD_LIT(":/"));

    return colon > 0 && md_str_find_char(md_str_sub(device, 0, (size_t)colon), '/') < 0;
}

static bool is_type(struct md_str s)
{
    if (s.n == 0 || s.n > 24)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!md_is_alpha(s.p[i]) && !md_is_digit(s.p[i]) && s.p[i] != '.' && s.p[i] != '_' && s.p[i] != '-')
            return false;
    return md_is_alpha(s.p[0]);
}

/* Options that only a file system of another machine has. */
static bool has_remote_option(struct md_str options)
{
    static const char *const words[] = {"rsize=", "wsize=", "xattr/dev=remote", "proto=tcp", "vers=3", "vers=4"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (md_str_find(options, md_str(words[i])) >= 0)
            return true;
    return false;
}

static bool parse_line(struct md_str line, struct md_mount_row *ret)
{
    struct md_str rest = line, first = md_str_next_word(&rest), second = md_str_next_word(&rest),
                  third = md_str_next_word(&rest), fourth = md_str_next_word(&rest), fifth = md_str_next_word(&rest);

    if (md_str_is(second, "on") && third.n > 0) {
        bool is_solaris = is_path(first) && !md_str_is(fourth, "type");

        ret->mount = is_solaris ? first : third;
        ret->device = is_solaris ? third : first;
        if (md_str_is(fourth, "type") && is_type(fifth))
            ret->type = fifth;
        else if (is_remote(ret->device) || has_remote_option(fourth))
            ret->type = MD_LIT("nfs");
        return is_path(ret->mount);
    }
    /* "/var  : ufs", "/var : nfs" */
    if (is_path(first) && md_str_is(second, ":") && is_type(third) && fourth.n == 0) {
        ret->mount = first;
        ret->type = third;
        return true;
    }
    if (md_str_is(third, "-")) /* mount -p: device - mount type */
        return false;
    if (md_str_is(second, "-") && is_path(third) && is_type(fourth)) {
        ret->device = first;
        ret->mount = third;
        ret->type = fourth;
        return true;
    }
    if (is_path(second) && is_type(third) && fourth.n > 0) {
        ret->device = first;
        ret->mount = second;
        ret->type = third;
        return true;
    }
    return false;
}

void md_mounts_parse(struct md_arena *arena, struct md_str text, struct md_mounts *ret)
{
    struct md_mount_row *rows = NULL;
    size_t n = 0, capacity = 0;
    struct md_str line;

    for (uint32_t number = 1; n < MD_MOUNT_ROWS_MAX && md_str_next_line(&text, &line); number++) {
        struct md_mount_row row = {.line = number};

        if (parse_line(line, &row))
            *(struct md_mount_row *)md_arena_push(arena, &rows, &n, &capacity, sizeof *rows) = row;
    }
    ret->rows = rows;
    ret->n = n;
}

const struct md_mount_row *md_mounts_find(const struct md_mounts *mounts, struct md_str path)
{
    const struct md_mount_row *found = NULL;

    for (size_t i = 0; i < mounts->n; i++)
        if (md_df_is_below(mounts->rows[i].mount, path) && (found == NULL || mounts->rows[i].mount.n >= found->mount.n))
            found = &mounts->rows[i];
    return found;
}

bool md_mount_is_network(struct md_str type)
{
    static const char *const types[] = {"nfs",       "nfs2",       "nfs3", "nfs4",    "cifs",      "smbfs",
                                        "smb",       "smb3",       "afs",  "ncpfs",   "9p",        "lustre",
                                        "glusterfs", "fuse.sshfs", "ceph", "cachefs", "autofs-nfs"};

    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (md_str_is_nocase(type, types[i]))
            return true;
    return false;
}
