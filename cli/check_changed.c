#include "cli/check_changed.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/display.h"
#include "probes/source/command.h"

#define FILES_MAX 1000 /* of one command line; where there are more, the whole folder is asked for */
#define WORDS_MAX 28   /* of it beside the files */

struct git {
    struct md_arena *arena;
    const char *folder;
    const volatile sig_atomic_t *interrupted;
};

/* env(1) gives git what it needs of the user's environment (where the settings are that allow a folder of another owner), which commands
 * of md_command_run otherwise do not get. */
static enum md_status run(const struct git *git, const char *const *words, const struct md_str *files, size_t n,
                          struct md_command_output *ret)
{
    static const char *const passed[] = {"PATH", "HOME", "XDG_CONFIG_HOME"};
    const struct md_command_options options = {.interrupted = git->interrupted};
    const char **argv = md_arena_array(git->arena, WORDS_MAX + n + 1, sizeof(*argv));
    size_t k = 0;
    argv[k++] = "/usr/bin/env";
    for (size_t i = 0; i < sizeof(passed) / sizeof(passed[0]); i++) {
        const char *value = getenv(passed[i]);
        if (value != NULL) {
            argv[k++] = md_arena_printf(git->arena, "%s=%s", passed[i], value);
        }
    }
    const char *const common[] = {"git",
                                  "--no-pager",
                                  "--no-optional-locks",
                                  "--literal-pathspecs",
                                  "-c",
                                  "core.fsmonitor=false",
                                  "-c",
                                  "diff.relative=false",
                                  "-C",
                                  git->folder};
    for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++) {
        argv[k++] = common[i];
    }
    while (*words != NULL && k < WORDS_MAX - 1) {
        argv[k++] = *words++;
    }
    if (n > 0) {
        argv[k++] = "--";
    }
    for (size_t i = 0; i < n; i++) {
        argv[k++] = md_arena_cstr(git->arena, files[i]);
    }
    return md_command_run(git->arena, argv, &options, ret);
}

/* The first line that git wrote to standard error, without its "fatal: ". */
static const char *complaint(const struct git *git, const struct md_command_output *out)
{
    struct md_str rest = out->err, line = {0};
    (void)md_str_next_line(&rest, &line);
    (void)md_str_skip_prefix(&line, MD_LIT("fatal: "));
    return md_display_max(git->arena, line, 200);
}

static enum md_status say(const struct git *git, struct md_diags *diags, enum md_status status, const char *what,
                          const struct md_command_output *out)
{
    const char *why = status != MD_OK         ? md_status_says(status)
                      : out->exit_code == 127 ? "there is no git"
                                              : complaint(git, out);
    md_diags_add(diags, MD_ERROR, (struct md_loc){.file = git->folder}, "--changed-since: %s%s%s", what,
                 why[0] == '\0' ? "" : ": ", why);
    return status != MD_OK ? status : MD_NOT_FOUND;
}

/* "../" for each component of `prefix`: how the top of the work tree is reached. */
static const char *way_up(struct md_arena *arena, struct md_str prefix)
{
    const char *up = "";
    for (size_t i = 0; i < prefix.n; i++) {
        up = prefix.p[i] == '/' ? md_arena_printf(arena, "%s../", up) : up;
    }
    return up;
}

static bool is_wanted(const struct md_str *files, size_t n, struct md_str name)
{
    for (size_t i = 0; i < n; i++) {
        if (md_str_eq(files[i], name) || md_str_is(files[i], ".")) {
            return true;
        }
    }
    return false;
}

/* The files and what those that were renamed were called before: git sees a rename only where it may look at both names. */
static enum md_status with_old_names(const struct git *git, const char *commit, struct md_str prefix,
                                     const struct md_str **files, size_t *n, struct md_command_output *out)
{
    const char *const renames[] = {"diff", "--name-status", "-z", "--find-renames", "--diff-filter=R", commit, NULL};
    enum md_status status = run(git, renames, NULL, 0, out);
    if (status != MD_OK || out->exit_code != 0) {
        return status;
    }
    struct md_str *all = md_arena_array(git->arena, *n + FILES_MAX, sizeof(*all));
    size_t k = *n;
    memcpy(all, *files, *n * sizeof(*all));
    struct md_str rest = out->out, letter, old, name;
    const char *up = way_up(git->arena, prefix);
    while (k < *n + FILES_MAX && md_str_split(&rest, '\0', &letter) && md_str_split(&rest, '\0', &old) &&
           md_str_split(&rest, '\0', &name)) {
        if (md_str_skip_prefix(&name, prefix) && is_wanted(*files, *n, name)) {
            all[k++] = md_str(md_arena_printf(git->arena, "%s%.*s", up, MD_STR_ARG(old)));
        }
    }
    *files = all;
    *n = k;
    return MD_OK;
}

static const char *unknown_revision(const struct git *git, const char *rev)
{
    const char *const shallow[] = {"rev-parse", "--is-shallow-repository", NULL};
    struct md_command_output out = {0};
    bool is_shallow = run(git, shallow, NULL, 0, &out) == MD_OK && md_str_has_prefix(out.out, MD_LIT("true"));
    return md_arena_printf(git->arena, "git knows no revision %s here%s", md_display(git->arena, md_str(rev)),
                           is_shallow ? "; the clone is shallow: fetch more of its history (git fetch --unshallow)"
                                      : "");
}

enum md_status md_check_changed(struct md_arena *arena, const char *folder, const char *rev, const struct md_str *files,
                                size_t n, const volatile sig_atomic_t *interrupted, struct md_diags *diags,
                                struct md_check_diff **ret)
{
    char here[PATH_MAX];
    bool is_relative = folder[0] != '/' && getcwd(here, sizeof(here)) != NULL; /* commands run in "/" */
    const struct git git = {.arena = arena,
                            .folder = is_relative ? md_arena_printf(arena, "%s/%s", here, folder) : folder,
                            .interrupted = interrupted};
    const struct md_str whole = MD_LIT(".");
    struct md_command_output out = {0};
    if (n > FILES_MAX) {
        files = &whole;
        n = 1;
    }

    const char *const inside[] = {"rev-parse", "--is-inside-work-tree", "--show-prefix", NULL};
    enum md_status status = run(&git, inside, NULL, 0, &out);
    struct md_str commit, prefix = {0}, is_inside = {0}, rest = out.out;
    if (status != MD_OK || out.exit_code != 0 || !md_str_next_line(&rest, &is_inside) ||
        !md_str_is(is_inside, "true")) {
        return say(&git, diags, status, "this is no work tree of git", &out);
    }
    (void)md_str_next_line(&rest, &prefix);
    const char *const verify[] = {"rev-parse", "--verify", "--quiet", md_arena_printf(arena, "%s^{commit}", rev), NULL};
    status = run(&git, verify, NULL, 0, &out);
    rest = out.out;
    if (status != MD_OK || out.exit_code != 0 || !md_str_next_line(&rest, &commit)) {
        return say(&git, diags, status, unknown_revision(&git, rev), &out);
    }
    const char *since = md_arena_cstr(arena, commit);
    if (n == 0) {
        *ret = md_check_diff_parse(arena, (struct md_str){0}, prefix);
        return MD_OK;
    }
    const struct md_str *both = files;
    size_t n_both = n;
    status = with_old_names(&git, since, prefix, &both, &n_both, &out);
    if (status != MD_OK || out.exit_code != 0) {
        return say(&git, diags, status, "git diff fails", &out);
    }
    const char *const diff[] = {"diff",
                                "--unified=0",
                                "--no-color",
                                "--no-ext-diff",
                                "--no-textconv",
                                "--find-renames",
                                "--text",
                                "--src-prefix=a/",
                                "--dst-prefix=b/",
                                since,
                                NULL};
    status = run(&git, diff, both, n_both, &out);
    if (status != MD_OK || out.exit_code != 0) {
        return say(&git, diags, status, "git diff fails", &out);
    }
    *ret = md_check_diff_parse(arena, out.out, prefix);
    const char *const others[] = {"ls-files", "--others", "-z", NULL};
    status = run(&git, others, files, n, &out);
    if (status != MD_OK || out.exit_code != 0) {
        return say(&git, diags, status, "git ls-files fails", &out);
    }
    struct md_str name;
    rest = out.out;
    while (md_str_split(&rest, '\0', &name)) {
        if (name.n > 0) {
            md_check_diff_add_whole(*ret, name);
        }
    }
    return MD_OK;
}
