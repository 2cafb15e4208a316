#include "probes/source/calendar_layout.h"

#include <sys/stat.h>

#include "probes/formats/calendar/ics_conf.h"
#include "probes/source/host_places.h"
#include "probes/source/small_file.h"

#define CONF_MAX ((size_t)4 << 20)
#define CONF_NAME "ics.conf"

static bool is_file(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

static bool is_folder(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Below a prefix in one of the usual folders. */
static bool find_usual(struct md_arena *arena, const char *prefix, struct md_calendar_layout *ret)
{
    const char *const *folders = md_host_places.calendar_config;

    for (size_t i = 0; folders[i] != NULL; i++) {
        const char *path = md_arena_printf(arena, "%s%s/" CONF_NAME, prefix, folders[i]);

        if (!is_file(path))
            continue;
        ret->prefix = prefix;
        ret->conf = path;
        return true;
    }
    return false;
}

/* "/copy/etc/opt/SUNWics5/config" -> "/copy": what stands for "/" where a folder has one of the usual names. */
static const char *prefix_of(struct md_arena *arena, struct md_str folder, const char *const *usual)
{
    for (size_t i = 0; usual[i] != NULL; i++)
        if (md_str_has_suffix(folder, md_str(usual[i])))
            return md_arena_cstr(arena, md_str_sub(folder, 0, folder.n - strlen(usual[i])));
    return NULL;
}

static void find_conf(struct md_arena *arena, const char *root, struct md_calendar_layout *ret)
{
    static const char *const below[] = {"", "/config", "/bin/config"};
    const char *prefix;
    struct md_str path;

    if (root == NULL) {
        (void)find_usual(arena, "", ret);
        return;
    }
    path = md_str(root);
    while (path.n > 1 && path.p[path.n - 1] == '/')
        path.n--;
    root = path.n == 1 && *path.p == '/' ? "" : md_arena_cstr(arena, path);
    if (find_usual(arena, root, ret))
        return;
    prefix = prefix_of(arena, path, md_host_places.calendar_bases);
    if (prefix != NULL && find_usual(arena, prefix, ret))
        return;
    for (size_t i = 0; i < sizeof below / sizeof *below; i++) {
        const char *conf = md_arena_printf(arena, "%s%s/" CONF_NAME, root, below[i]);

        if (!is_file(conf))
            continue;
        prefix =
            prefix_of(arena, md_str(md_arena_printf(arena, "%s%s", root, below[i])), md_host_places.calendar_config);
        ret->conf = conf;
        ret->prefix = prefix != NULL ? prefix : "";
        return;
    }
}

/* A folder that ics.conf names, below the prefix; NULL where it names none that is there. */
static const char *configured(struct md_arena *arena, const struct md_calendar_layout *layout,
                              const struct md_ics_conf *conf, const char *name)
{
    const struct md_ics_parameter *parameter = md_ics_conf_find(conf, md_str(name));
    struct md_str value = parameter != NULL ? md_str_trim(parameter->value) : md_str("");
    const char *path;

    while (value.n > 1 && value.p[value.n - 1] == '/')
        value.n--;
    if (value.n < 2 || *value.p != '/' || md_str_find_char(value, '\0') >= 0)
        return NULL;
    path = md_arena_printf(arena, "%s%.*s", layout->prefix, MD_STR_ARG(value));
    return is_folder(path) ? path : NULL;
}

/* As installed: below the folder of data that goes with the place of ics.conf. */
static const char *usual(struct md_arena *arena, const struct md_calendar_layout *layout, const char *name)
{
    const char *const *data = md_host_places.calendar_data;

    for (size_t i = 0; data[i] != NULL; i++) {
        const char *path = md_arena_printf(arena, "%s%s/%s", layout->prefix, data[i], name);

        if (is_folder(path))
            return path;
    }
    return NULL;
}

void md_calendar_layout_find(struct md_arena *arena, const char *root, struct md_calendar_layout *ret)
{
    struct md_ics_conf *conf;

    *ret = (struct md_calendar_layout){.prefix = ""};
    find_conf(arena, root, ret);
    if (ret->conf == NULL)
        return;
    conf = md_ics_conf_read(arena, ret->conf, md_small_file_read(arena, ret->conf, CONF_MAX), 1);
    ret->csdb = configured(arena, ret, conf, "caldb.berkeleydb.homedir.path");
    if (ret->csdb == NULL)
        ret->csdb = usual(arena, ret, "csdb");
    ret->logs = configured(arena, ret, conf, "logfile.logdir");
    if (ret->logs == NULL)
        ret->logs = usual(arena, ret, "logs");
    ret->hot = configured(arena, ret, conf, "caldb.berkeleydb.hotbackup.path");
    ret->archive = configured(arena, ret, conf, "caldb.berkeleydb.archive.path");
}

const char *md_calendar_layout_places(struct md_arena *arena)
{
    const char *const *folders = md_host_places.calendar_config;
    const char *text = "";

    for (size_t i = 0; folders[i] != NULL; i++)
        text = md_arena_printf(arena, "%s%s%s", text, i > 0 ? ", " : "", folders[i]);
    return text;
}
