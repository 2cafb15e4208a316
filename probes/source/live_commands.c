/* The commands of this host that may be run, and running them. All are read-only; there are no others. */
#include "probes/source/live.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "engine/base/display.h"
#include "engine/base/map.h"
#include "probes/source/command.h"
#include "probes/source/host_places.h"

#define WORDS_MAX 16
#define TIMEOUTS_MAX 2   /* a program that hung so often is not asked again */
#define FOLDER_LOOK 1000 /* entries of a program folder */

/* With arguments, for md_source_command: "*" is one word of plain characters that is no option. */
static const struct {
    enum md_item_kind kind;
    const char *command;
} listed[] = {
    {MD_ITEM_QM_MESSAGES, "imsimta qm messages *"},
    {MD_ITEM_QM_JOBS, "imsimta qm jobs"},
    {MD_ITEM_QM_SUMMARIZE, "imsimta qm summarize -database -noheading -notrailing"},
    {MD_ITEM_QM_DIRECTORY, "imsimta qm directory -database -nofile_info *"},
    {MD_ITEM_QM_DIRECTORY, "imsimta qm directory -held -nofile_info *"},
    {MD_ITEM_COUNTERS, "imsimta qm counters show"},
    {MD_ITEM_TEST_REWRITE, "imsimta test -rewrite *"},
    {MD_ITEM_CONFIGUTIL, "configutil -o *"},
    {MD_ITEM_MSCONFIG, "msconfig show *"},
    {MD_ITEM_STORED_STATUS, "stored -t -v"},
    {MD_ITEM_COUNTERUTIL, "counterutil -o * -i 1 -n 1"},
    {MD_ITEM_IMQUOTACHECK, "imquotacheck -u *"},
    {MD_ITEM_IMCHECK, "imcheck -m *"},
    {MD_ITEM_IMSCONNUTIL, "imsconnutil -a"},
};

static bool must_not_be_killed(struct md_str program)
{
    for (const char *const *name = md_host_places.never_kill; *name != NULL; name++)
        if (md_str_is(program, *name))
            return true;
    return false;
}

static bool is_plain_word(struct md_str word)
{
    if (word.n == 0 || word.n > 255 || *word.p == '-')
        return false;
    for (size_t i = 0; i < word.n; i++)
        if (!md_is_alnum(word.p[i]) && strchr("._@:/+=,%*-", word.p[i]) == NULL)
            return false;
    return true;
}

bool md_live_is_listed(enum md_item_kind kind, const char *const *argv)
{
    for (size_t i = 0; i < sizeof listed / sizeof *listed; i++) {
        struct md_str rest = md_str(listed[i].command);
        size_t word = 0;
        bool fits = listed[i].kind == kind;

        for (struct md_str want = md_str_next_word(&rest); fits && !md_str_is_empty(want);
             want = md_str_next_word(&rest), word++)
            fits = argv[word] != NULL &&
                   (md_str_is(want, "*") ? is_plain_word(md_str(argv[word])) : md_str_is(want, argv[word]));
        if (fits && argv[word] == NULL)
            return true;
    }
    return false;
}

static bool is_runnable(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

/* Where only some files of a host were copied, one that is missing says nothing. */
static bool holds_programs(const char *path)
{
    DIR *folder = opendir(path);
    struct dirent *entry;
    char below[4096];
    size_t looked = 0;
    bool is_any = false;

    while (folder != NULL && !is_any && looked++ < FOLDER_LOOK && (entry = readdir(folder)) != NULL) {
        int n = snprintf(below, sizeof below, "%s/%s", path, entry->d_name);

        is_any = n > 0 && (size_t)n < sizeof below && is_runnable(below);
    }
    if (folder != NULL)
        closedir(folder);
    return is_any;
}

enum md_status md_live_program(struct md_source *source, struct md_str program)
{
    struct md_live *live = source->self;
    struct md_arena *arena = source->arena;
    const char *path;
    ptrdiff_t slash = md_str_rfind_char(program, '/');
    struct stat st;

    if (live->layout.base == NULL || program.n == 0 || md_str_find_char(program, '\0') >= 0)
        return MD_UNSUPPORTED;
    if (program.p[0] != '/') {
        path = slash < 0 ? md_msgserver_layout_command(arena, &live->layout, program) : NULL;
        if (path == NULL)
            return MD_UNSUPPORTED; /* its folder is not known for sure */
    } else {
        path = md_arena_printf(arena, "%s%.*s", live->layout.prefix, MD_STR_ARG(program));
    }
    if (stat(path, &st) != 0) {
        if (errno != ENOENT && errno != ENOTDIR)
            return MD_UNSUPPORTED;
        return holds_programs(md_arena_printf(arena, "%s%.*s", live->layout.prefix,
                                              MD_STR_ARG(md_str_sub(program, 0, (size_t)slash))))
                   ? MD_NOT_FOUND
                   : MD_UNSUPPORTED;
    }
    return S_ISREG(st.st_mode) && (st.st_mode & (S_IXUSR | S_IXGRP | S_IXOTH)) != 0 ? MD_OK : MD_BAD_INPUT;
}

/* The absolute path of a command, or NULL. */
static const char *find_program(struct md_live *live, struct md_str name, bool is_product)
{
    const char *const *folders = md_host_places.programs;
    struct md_arena *arena = live->source->arena;
    const char *const prefixes[] = {live->layout.prefix, ""};

    if (is_product)
        return live->layout.base != NULL ? md_msgserver_layout_command(arena, &live->layout, name) : NULL;
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; folders[i] != NULL; i++) {
            const char *path = md_arena_printf(arena, "%s%s/%.*s", prefixes[k], folders[i], MD_STR_ARG(name));

            if (is_runnable(path))
                return path;
        }
    return NULL;
}

/* A program that waits for something dead would take a minute for each of its commands. */
static uintptr_t timeouts_of(const struct md_live *live, const char *program)
{
    return live->timeouts != NULL ? (uintptr_t)md_map_find(live->timeouts, 0, md_str(program)) : 0;
}

static void note_timeout(struct md_live *live, const char *program)
{
    if (live->timeouts == NULL)
        live->timeouts = md_map_new(live->source->arena);
    md_map_set(live->timeouts, 0, md_str(program), (void *)(timeouts_of(live, program) + 1));
}

/* Runs it and adds its item. NULL: there is no such program. */
static struct md_item *run(struct md_live *live, enum md_item_kind kind, const char *const *argv, bool is_product)
{
    struct md_arena *arena = live->source->arena;
    struct md_command_options options = {.never_kill = must_not_be_killed(md_str(argv[0])),
                                         .seconds = live->source->options.command_seconds,
                                         .interrupted = live->source->options.interrupted};
    struct md_command_output output = {.exit_code = -1};
    const char *line = md_display(arena, md_str(md_source_command_line(arena, argv)));
    const char *words[WORDS_MAX + 1] = {find_program(live, md_str(argv[0]), is_product)};
    struct md_item item = md_item_blank(kind, line);
    const char *first_error;
    struct md_str errors, error_line = {"", 0};

    if (words[0] == NULL)
        return NULL;
    item.command = line;
    if (timeouts_of(live, argv[0]) >= TIMEOUTS_MAX) {
        md_diags_add(live->source->diags, MD_WARNING, (struct md_loc){line, 0, 0},
                     "the command was not run: %s did not end in time twice", argv[0]);
        item.status = MD_TIMEOUT;
        return md_live_add_text(live, &item, md_str(""));
    }
    for (size_t i = 1; argv[i] != NULL && i < WORDS_MAX; i++)
        words[i] = argv[i];
    if (live->source->options.progress != NULL)
        live->source->options.progress(live->source->options.progress_ctx, line, 0, 0);
    item.taken_at = md_live_clock();
    item.status = md_command_run(arena, words, &options, &output);
    item.ms = (uint32_t)((md_live_clock() - item.taken_at) / (MD_SECOND / 1000));
    item.exit_code = output.exit_code;
    item.errors = errors = output.err;
    (void)md_str_next_line(&errors, &error_line);
    first_error = md_display_max(arena, md_str_trim(error_line), 200);
    if (item.status == MD_TIMEOUT)
        note_timeout(live, argv[0]);
    if (item.status == MD_TIMEOUT || item.status == MD_LIMIT) {
        md_diags_add(live->source->diags, MD_WARNING, (struct md_loc){line, 0, 0}, "%s; what it printed so far is used",
                     item.status == MD_TIMEOUT ? "the command did not end in time"
                                               : "the command printed more than is read");
        if (!md_str_is_empty(output.out))
            item.status = MD_OK;
    } else if (item.status < 0) {
        md_diags_add(live->source->diags, MD_WARNING, (struct md_loc){line, 0, 0}, "the command could not be run: %s",
                     md_status_says(item.status));
    } else if (output.exit_code != 0) {
        md_diags_add(live->source->diags, MD_NOTE, (struct md_loc){line, 0, 0}, "the command ended with status %d%s%s",
                     output.exit_code, *first_error != '\0' ? ": " : "", first_error);
    }
    return md_live_add_text(live, &item, output.out);
}

static bool is_allowed(struct md_live *live, enum md_item_kind kind)
{
    const struct md_source_options *options = &live->source->options;

    return md_item_kind_cost(kind) != MD_COST_EXPENSIVE || options->allow_expensive ||
           (options->allowed_kinds != NULL && options->allowed_kinds[kind]);
}

/* An item that says that the command was not run. */
static void add_refused(struct md_live *live, enum md_item_kind kind, const char *line)
{
    struct md_item item = md_item_blank(kind, line);

    item.command = line;
    item.status = MD_UNSUPPORTED;
    (void)md_live_add_text(live, &item, md_str(""));
}

static void run_ps_or_proc(struct md_live *live)
{
    static const char *const argv[] = {"ps", "-ef", NULL};
    struct md_item item = md_item_blank(MD_ITEM_PS, "/proc");
    struct md_str table;

    if (run(live, MD_ITEM_PS, argv, false) != NULL)
        return;
    table = md_live_proc_table(live->source->arena);
    item.taken_at = md_live_clock();
    if (!md_str_is_empty(table))
        (void)md_live_add_text(live, &item, table);
}

static void run_df_inodes(struct md_live *live)
{
    struct utsname names;

    (void)run(live, MD_ITEM_DF_INODES,
              uname(&names) >= 0 && md_str_is(md_str(names.sysname), "SunOS") ? md_host_places.df_inodes_solaris
                                                                              : md_host_places.df_inodes,
              false);
}

void md_live_run_kind(struct md_live *live, enum md_item_kind kind)
{
    const char *command = md_item_kind_command(kind);
    struct md_str rest, word;
    const char *argv[WORDS_MAX + 1] = {NULL};
    bool is_product;

    if (kind == MD_ITEM_PS) {
        run_ps_or_proc(live);
        return;
    }
    if (kind == MD_ITEM_DF_INODES) {
        run_df_inodes(live);
        return;
    }
    if (command == NULL || md_source_is_interrupted(live->source))
        return;
    rest = md_str(command);
    is_product = md_str_skip_prefix(&rest, MD_LIT("@"));
    if (is_product && live->layout.base == NULL)
        return;
    for (size_t i = 0; i < WORDS_MAX && !md_str_is_empty(word = md_str_next_word(&rest)); i++)
        argv[i] = md_arena_cstr(live->source->arena, word);
    if (find_program(live, md_str(argv[0]), is_product) == NULL)
        return;
    if (is_allowed(live, kind))
        (void)run(live, kind, argv, is_product);
    else
        add_refused(live, kind, md_source_command_line(live->source->arena, argv));
}

enum md_status md_live_command(struct md_source *source, enum md_item_kind kind, const char *const *argv,
                               const struct md_item **ret)
{
    struct md_live *live = source->self;
    const char *line = md_display(source->arena, md_str(md_source_command_line(source->arena, argv)));
    const struct md_item_list *list = &source->by_kind[kind];

    for (size_t i = 0; i < list->n; i++) /* once is enough */
        if (list->list[i]->command != NULL && strcmp(list->list[i]->command, line) == 0) {
            *ret = list->list[i];
            return MD_OK;
        }
    if (!md_live_is_listed(kind, argv) || !is_allowed(live, kind) || live->layout.base == NULL)
        return MD_UNSUPPORTED;
    *ret = run(live, kind, argv, true);
    return *ret != NULL ? MD_OK : MD_NOT_FOUND;
}
