/*
 * Values of configutil, msg.conf and of the Unified Configuration (collection `setting`), and what is to run when (`task`).
 *
 * A value that holds is found in config.settings by its name in lower case, and by the name that the other of the two configurations has
 * for it, so that checks need not care which one they look at.
 */
#include "probes/msgserver/check_model_table.h"

struct list {
    const char *source;
    bool is_unified;
    const struct md_values *values;
};

struct task {
    struct md_str name, crontab, command, value;
    struct md_loc loc, crontab_loc, command_loc;
    bool is_off;
};

struct settings {
    struct md_check_build *build;
    const struct md_option_table *table;
    struct task **tasks;
    size_t n_tasks, tasks_capacity;
    struct md_map *by_name;
};

static const struct md_option_def *definition(const struct settings *s, const struct list *list, struct md_str name,
                                              struct md_str *ret_renamed)
{
    const struct md_str file = MD_LIT("configutil");
    const struct md_option_def *by_name, *by_path;

    if (s->table == NULL)
        return NULL;
    by_name = md_option_table_find(s->table, file, name);
    by_path = md_option_table_find_path(s->table, name);
    if (list->is_unified ? by_path != NULL && !by_path->is_family : by_name != NULL && !by_name->is_family)
        return list->is_unified ? by_path : by_name;
    /* The name of the other world, which means nothing in this one. */
    if (list->is_unified && by_name != NULL && !by_name->is_family) {
        *ret_renamed = by_name->path;
        return by_name;
    }
    if (!list->is_unified && by_path != NULL && !by_path->is_family && md_str_is(by_path->file, "configutil")) {
        *ret_renamed = by_path->name;
        return by_path;
    }
    return list->is_unified ? by_path : by_name;
}

static void add_number(struct md_check_build *build, const struct md_named_value *value)
{
    int64_t number;
    bool flag;

    if (md_option_int(value->value, &number) == MD_OK) {
        md_check_number(build, "number", number, value->value_loc);
        if (number == 1)
            md_check_flag(build, "flag", true, value->value_loc);
    } else if (md_option_bool(value->value, &flag) == MD_OK) {
        md_check_number(build, "number", flag, value->value_loc);
        md_check_flag(build, "flag", flag, value->value_loc);
    }
}

static void add_setting(const struct settings *s, const struct list *list, const struct md_named_value *value)
{
    struct md_check_build *build = s->build;
    struct md_str name = md_check_lower(build, value->name), renamed = {0}, plain = name, misprint;
    const struct md_option_def *def = definition(s, list, value->name, &renamed);
    ptrdiff_t language = md_str_find_char(name, ';');
    const struct md_node *node;

    md_check_begin(build, "setting", value->loc);
    md_check_text(build, "name", name, value->loc);
    if (!md_str_eq(name, value->name))
        md_check_text(build, "as_written", value->name, value->loc);
    if (language >= 0) {
        plain = md_str_sub(name, 0, (size_t)language);
        md_check_text(build, "language", md_str_from(name, (size_t)language + 1), value->loc);
    }
    md_check_text(build, "value", value->value, value->value_loc);
    add_number(build, value);
    md_check_text(build, "source", md_str(list->source), value->loc);
    md_check_flag(build, "is_instance", value->is_instance, value->loc);
    md_check_flag(build, "is_suppressed", value->is_suppressed, value->loc);
    md_check_flag(build, "is_overridden", md_values_find(list->values, value->name) != value, value->loc);
    if (s->table != NULL) {
        misprint = md_option_table_misprint(s->table, MD_LIT("configutil"), plain);
        md_check_text(build, "misprint_of", misprint, value->loc);
    }
    md_check_text(build, "renamed", renamed, value->loc);
    if (renamed.n > 0) {
        const struct md_option_rename *rename =
            md_option_table_rename(s->table, MD_LIT("configutil"), list->is_unified ? plain : renamed);

        md_check_flag(build, "has_own_check", rename != NULL && rename->has_own_check, value->loc);
    }
    md_check_ref(build, "def", md_check_definition(build, def, (struct md_str){0}));
    node = md_check_end(build);
    if (node == NULL || md_values_find(list->values, value->name) != value)
        return;
    (void)md_check_index(build, "settings", name, node);
    if (def != NULL && !def->is_family && renamed.n == 0 && language < 0 && md_str_is(def->file, "configutil")) {
        (void)md_check_index(build, "settings", md_check_lower(build, def->name), node);
        (void)md_check_index(build, "settings", md_check_lower(build, def->path), node);
    }
}

/* ---- tasks ---- */

static struct task *task_named(struct settings *s, struct md_str name, struct md_loc loc)
{
    struct md_str lower = md_check_lower(s->build, name);
    struct task *task = md_map_find(s->by_name, 0, lower);

    if (task == NULL) {
        struct task **slot =
            md_arena_push(s->build->arena, &s->tasks, &s->n_tasks, &s->tasks_capacity, sizeof(struct task *));

        *slot = task = md_arena_alloc(s->build->arena, sizeof *task);
        task->name = lower;
        task->loc = loc;
        md_map_set(s->by_name, 0, lower, task);
    }
    return task;
}

/* The first five words say when, the rest what. Names of days and months are words of their own, a shorthand ("@daily") is one. */
static void set_when(struct task *task, const struct md_named_value *value)
{
    struct md_str rest = value->value, word = {0};
    size_t n = rest.n > 0 && rest.p[0] == '@' ? 1 : 5;

    if (task->value.n > 0)
        return; /* the first source that has it holds */
    task->value = value->value;
    task->loc = value->loc;
    task->crontab_loc = task->command_loc = value->value_loc;
    while (n-- > 0 && (word = md_str_next_word(&rest)).n > 0) {
        task->crontab.p = task->crontab.p == NULL ? word.p : task->crontab.p;
        task->crontab.n = (size_t)(word.p + word.n - task->crontab.p);
    }
    task->command = md_str_trim(rest);
    if (task->command.n > 0 && task->command_loc.column > 0)
        task->command_loc.column += (uint32_t)(task->command.p - value->value.p);
}

static void look_for_task(struct settings *s, const struct list *list, const struct md_named_value *value)
{
    struct md_str rest = value->name;
    bool flag;

    if (md_values_find(list->values, value->name) != value)
        return;
    if (!md_str_has_prefix_nocase(rest, list->is_unified ? MD_LIT("schedule.task:") : MD_LIT("local.schedule.")))
        return;
    rest = md_str_from(rest, list->is_unified ? 14 : 15);
    if (md_str_has_suffix(rest, MD_LIT(".enable"))) {
        struct task *task = task_named(s, md_str_sub(rest, 0, rest.n - 7), value->loc);

        task->is_off = md_option_bool(value->value, &flag) == MD_OK && !flag;
    } else if (!list->is_unified && md_str_find_char(rest, '.') < 0) {
        set_when(task_named(s, rest, value->loc), value);
    } else if (list->is_unified && md_str_has_suffix(rest, MD_LIT(".crontab"))) {
        set_when(task_named(s, md_str_sub(rest, 0, rest.n - 8), value->loc), value);
    }
}

static void add_tasks(const struct settings *s)
{
    struct md_check_build *build = s->build;

    for (size_t i = 0; i < s->n_tasks; i++) {
        const struct task *task = s->tasks[i];

        md_check_begin(build, "task", task->loc);
        md_check_text(build, "name", task->name, task->loc);
        md_check_text(build, "value", task->value, task->crontab_loc);
        md_check_text(build, "crontab", task->crontab, task->crontab_loc);
        md_check_text(build, "command", task->command, task->command_loc);
        md_check_flag(build, "is_enabled", !task->is_off, task->loc);
        (void)md_check_index(build, "tasks", task->name, md_check_end(build));
    }
}

static void add_list(struct settings *s, const struct list *list)
{
    for (size_t i = 0; i < list->values->n; i++) {
        add_setting(s, list, &list->values->items[i]);
        look_for_task(s, list, &list->values->items[i]);
    }
}

static bool is_xml(const struct md_mta_files *files, const struct md_values *values)
{
    for (size_t i = 0; i < files->n_config_xml; i++)
        if (&files->config_xml[i]->values == values)
            return true;
    return false;
}

void md_check_part_settings(struct md_check_build *build)
{
    const struct md_mta_files *files = &build->config->files;
    struct settings s = {.build = build, .by_name = md_map_new(build->arena)};

    s.table = md_check_option_table(build);
    md_check_index_make(build, "tasks");
    for (size_t i = 0; i < files->n_values; i++)
        add_list(&s, &(struct list){"configutil", false, files->values[i]});
    for (size_t i = 0; i < files->n_msconfig; i++) {
        const char *source = is_xml(files, files->msconfig[i]) ? "config.xml" : "msconfig";

        add_list(&s, &(struct list){source, true, files->msconfig[i]});
        if (files->msconfig[i]->n > 0)
            md_check_note_read(build, "configutil"); /* its groups stand for what configutil holds */
    }
    for (size_t i = 0; i < files->n_config_xml; i++) {
        md_check_file_of(build, files->config_xml[i]->name, "config.xml");
        md_check_faults(build, &files->config_xml[i]->faults, "config.xml");
    }
    add_tasks(&s);
}
