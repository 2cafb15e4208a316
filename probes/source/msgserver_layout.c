#include "probes/source/msgserver_layout.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "probes/source/host_places.h"
#include "probes/source/small_file.h"

#define TAILOR_MAX ((size_t)65536)

/* Keeps the first folder that may not be looked into: the one above `path` that hides it. */
static void note_closed(struct md_arena *arena, struct md_msgserver_layout *layout, const char *path)
{
    struct md_str rest = md_str(path);
    struct stat st;

    if (layout->closed != NULL)
        return;
    while (rest.n > 1 && stat(md_arena_cstr(arena, rest), &st) != 0) {
        ptrdiff_t slash = md_str_rfind_char(rest, '/');

        rest.n = slash > 0 ? (size_t)slash : 1;
    }
    layout->closed = md_arena_cstr(arena, rest);
}

static bool is_folder(struct md_arena *arena, struct md_msgserver_layout *layout, const char *path)
{
    struct stat st;

    if (stat(path, &st) == 0)
        return S_ISDIR(st.st_mode);
    if (errno == EACCES)
        note_closed(arena, layout, path);
    return false;
}

static bool exists(struct md_arena *arena, const char *folder, const char *name)
{
    struct stat st;

    return stat(md_arena_printf(arena, "%s/%s", folder, name), &st) == 0;
}

/* A base holds a configuration or at least the programs. One that may not be looked into is taken at its name. */
static bool is_base(struct md_arena *arena, struct md_msgserver_layout *layout, const char *path)
{
    const char *const *signs = md_host_places.signs;

    if (!is_folder(arena, layout, path))
        return false;
    if (access(path, X_OK) != 0) {
        note_closed(arena, layout, path);
        return true;
    }
    for (size_t i = 0; signs[i] != NULL; i++)
        if (exists(arena, path, signs[i]))
            return true;
    return false;
}

/* The first instance by name, so that two runs agree. */
static const char *find_instance(struct md_arena *arena, struct md_msgserver_layout *layout, const char *server_root)
{
    DIR *folder = opendir(server_root);
    struct dirent *entry;
    const char *best = NULL;

    if (folder == NULL) {
        if (errno == EACCES)
            note_closed(arena, layout, server_root);
        return NULL;
    }
    while ((entry = readdir(folder)) != NULL) {
        const char *path;

        if (!md_str_has_prefix(md_str(entry->d_name), MD_LIT("msg-")))
            continue;
        path = md_arena_printf(arena, "%s/%s", server_root, entry->d_name);
        if ((best == NULL || strcmp(path, best) < 0) && is_base(arena, layout, path))
            best = path;
    }
    closedir(folder);
    return best;
}

static const char *find_usual(struct md_arena *arena, struct md_msgserver_layout *layout, const char *prefix)
{
    const char *const *bases = md_host_places.bases, *const *server_roots = md_host_places.server_roots;

    for (size_t i = 0; bases[i] != NULL; i++) {
        const char *path = md_arena_printf(arena, "%s%s", prefix, bases[i]);

        if (is_base(arena, layout, path))
            return path;
    }
    for (size_t i = 0; server_roots[i] != NULL; i++) {
        const char *path = find_instance(arena, layout, md_arena_printf(arena, "%s%s", prefix, server_roots[i]));

        if (path != NULL)
            return path;
    }
    return NULL;
}

static void add_folder(struct md_arena *arena, struct md_msgserver_layout *layout, struct md_layout_folders *folders,
                       const char *path)
{
    struct stat st, other;

    if (path == NULL || folders->n == MD_LAYOUT_FOLDERS_MAX || !is_folder(arena, layout, path) || stat(path, &st) != 0)
        return;
    for (size_t i = 0; i < folders->n; i++)
        if (stat(folders->at[i], &other) == 0 && other.st_dev == st.st_dev && other.st_ino == st.st_ino)
            return;
    folders->at[folders->n++] = path;
}

static void add_below(struct md_arena *arena, struct md_msgserver_layout *layout, struct md_layout_folders *folders,
                      const char *base, const char *const *names)
{
    for (; *names != NULL; names++)
        add_folder(arena, layout, folders, md_arena_printf(arena, "%s/%s", base, *names));
}

/* The folder that imta_tailor gives for a name, below the prefix; NULL where it gives none that exists. */
static const char *tailored(struct md_arena *arena, struct md_msgserver_layout *layout, struct md_str tailor,
                            const char *name)
{
    struct md_str line;

    while (md_str_next_line(&tailor, &line)) {
        struct md_str key, value;
        ptrdiff_t equals = md_str_find_char(line, '=');
        const char *path;

        if (equals <= 0 || strchr("!#;", line.p[0]) != NULL)
            continue;
        key = md_str_trim(md_str_sub(line, 0, (size_t)equals));
        value = md_str_trim(md_str_from(line, (size_t)equals + 1));
        if (!md_str_is_nocase(key, name))
            continue;
        if (value.n >= 2 && (*value.p == '"' || *value.p == '\'') && value.p[value.n - 1] == *value.p)
            value = md_str_sub(value, 1, value.n - 2);
        while (value.n > 1 && value.p[value.n - 1] == '/')
            value.n--;
        if (value.n == 0 || *value.p != '/' || md_str_find_char(value, '\0') >= 0)
            continue;
        path = md_arena_printf(arena, "%s%.*s", layout->prefix, MD_STR_ARG(value));
        if (is_folder(arena, layout, path))
            return path;
    }
    return NULL;
}

/* The data of /opt/NAME is under /var/opt/NAME; the links to it may lead out of a copied file system. */
static const char *data_folder(struct md_arena *arena, const struct md_msgserver_layout *layout)
{
    return md_arena_printf(arena, "%s/var%s", layout->prefix, layout->base + strlen(layout->prefix));
}

static void find_folders(struct md_arena *arena, struct md_msgserver_layout *layout)
{
    const char *const *queue = md_host_places.queue;
    static const char *const data_config[] = {"config", NULL}, *const data_log[] = {"log", NULL},
                             *const data_proc[] = {"proc", NULL};
    const char *const data = data_folder(arena, layout);
    struct md_str tailor = {"", 0};

    add_below(arena, layout, &layout->config, layout->base, md_host_places.config);
    add_below(arena, layout, &layout->config, data, data_config);
    for (size_t i = 0; i < layout->config.n && md_str_is_empty(tailor); i++)
        tailor = md_small_file_read(arena, md_arena_printf(arena, "%s/imta_tailor", layout->config.at[i]), TAILOR_MAX);
    add_folder(arena, layout, &layout->config, tailored(arena, layout, tailor, "IMTA_TABLE"));
    add_folder(arena, layout, &layout->log, tailored(arena, layout, tailor, "IMTA_LOG"));
    add_below(arena, layout, &layout->log, layout->base, md_host_places.log);
    add_below(arena, layout, &layout->log, data, data_log);
    add_below(arena, layout, &layout->commands, layout->base, md_host_places.commands);
    add_below(arena, layout, &layout->proc, layout->base, md_host_places.proc);
    add_below(arena, layout, &layout->proc, data, data_proc);
    layout->queue = tailored(arena, layout, tailor, "IMTA_QUEUE");
    for (size_t i = 0; queue[i] != NULL && layout->queue == NULL; i++) {
        const char *path = md_arena_printf(arena, "%s/%s", layout->base, queue[i]);

        if (is_folder(arena, layout, path))
            layout->queue = path;
    }
    if (layout->queue == NULL && is_folder(arena, layout, md_arena_printf(arena, "%s/queue", data)))
        layout->queue = md_arena_printf(arena, "%s/queue", data);
}

/* "/copy/opt/SUNWmsgsr" -> "/copy": what stands for "/" where a base has one of the usual names. */
static const char *prefix_of(struct md_arena *arena, const char *base)
{
    const char *const *bases = md_host_places.bases;

    for (size_t i = 0; bases[i] != NULL; i++)
        if (md_str_has_suffix(md_str(base), md_str(bases[i])))
            return md_arena_cstr(arena, md_str_sub(md_str(base), 0, strlen(base) - strlen(bases[i])));
    return "";
}

void md_msgserver_layout_find(struct md_arena *arena, const char *root, struct md_msgserver_layout *ret)
{
    *ret = (struct md_msgserver_layout){.prefix = ""};
    if (root == NULL) {
        ret->base = find_usual(arena, ret, "");
    } else {
        struct md_str path = md_str(root);

        while (path.n > 1 && path.p[path.n - 1] == '/')
            path.n--;
        root = md_arena_cstr(arena, path);
        if (is_base(arena, ret, root)) {
            ret->base = root;
            ret->prefix = prefix_of(arena, root);
        } else {
            ret->base = find_usual(arena, ret, root);
            if (ret->base == NULL)
                ret->base = find_instance(arena, ret, root);
            else
                ret->prefix = root;
        }
    }
    if (ret->base != NULL)
        find_folders(arena, ret);
}

const char *md_msgserver_layout_places(struct md_arena *arena)
{
    const char *const *bases = md_host_places.bases, *const *server_roots = md_host_places.server_roots;
    const char *text = "";

    for (size_t i = 0; bases[i] != NULL; i++)
        text = md_arena_printf(arena, "%s%s%s", text, i > 0 ? ", " : "", bases[i]);
    for (size_t i = 0; server_roots[i] != NULL; i++)
        text = md_arena_printf(arena, "%s, %s/msg-*", text, server_roots[i]);
    return text;
}

const char *md_msgserver_layout_command(struct md_arena *arena, const struct md_msgserver_layout *layout,
                                        struct md_str name)
{
    struct stat st;

    for (size_t i = 0; i < layout->commands.n; i++) {
        const char *path = md_arena_printf(arena, "%s/%.*s", layout->commands.at[i], MD_STR_ARG(name));

        if (stat(path, &st) == 0 && S_ISREG(st.st_mode))
            return path;
    }
    return NULL;
}
