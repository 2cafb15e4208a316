#include "cli/check_input.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/check_suppress.h"
#include "cli/tty.h"
#include "engine/base/map.h"
#include "engine/base/time.h"
#include "probes/msgserver/check_model.h"

#define TEXT_MAX ((size_t)64 << 20)
#define SUPPRESSIONS_MAX ((size_t)1 << 20)

enum md_status md_check_inputs_init(struct md_check_inputs *inputs, const struct md_options *options,
                                    const struct md_rulebase *base, struct md_arena *arena, struct md_diags *diags)
{
    *inputs = (struct md_check_inputs){.options = options, .arena = arena, .zone = md_zone_utc()};
    enum md_status status = md_catalogue_read_base(arena, base->files, base->n_files, diags, &inputs->catalogue);
    if (status != MD_OK) {
        return status;
    }
    inputs->tables = base->tables;
    inputs->n_tables = base->n_files;
    if (options->timezone != NULL && md_zone_load(arena, md_str(options->timezone), &inputs->zone) != MD_OK) {
        inputs->zone = md_zone_utc();
        md_diags_add(diags, MD_WARNING, (struct md_loc){0}, "the time zone %s is not known here", options->timezone);
    }
    return MD_OK;
}

const char *md_check_input_shown(struct md_check_inputs *inputs, const struct md_check_input *input, const char *name)
{
    return name == NULL || input->prefix[0] == '\0' ? name
                                                    : md_arena_printf(inputs->arena, "%s%s", input->prefix, name);
}

bool md_check_input_has(const struct md_check_input *input, const char *name)
{
    const struct md_item *const *items = NULL;
    size_t n = md_source_inventory(input->source, &items);
    for (size_t i = 0; i < n && name != NULL; i++) {
        if (items[i]->command == NULL && strcmp(items[i]->name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* "./conf//" -> "conf"; "." -> "" */
static struct md_str plain_path(const char *path)
{
    struct md_str s = md_str(path);
    while (md_str_skip_prefix(&s, MD_LIT("./"))) {
        while (md_str_skip_prefix(&s, MD_LIT("/"))) {
        }
    }
    while (s.n > 1 && s.p[s.n - 1] == '/') {
        s.n--;
    }
    return md_str_is(s, ".") ? md_str_n(s.p, 0) : s;
}

static const char *as_prefix(struct md_arena *arena, struct md_str folder)
{
    return folder.n == 0                   ? ""
           : folder.p[folder.n - 1] == '/' ? md_arena_cstr(arena, folder)
                                           : md_arena_printf(arena, "%.*s/", MD_STR_ARG(folder));
}

static struct md_str folder_of(struct md_str path)
{
    ptrdiff_t slash = md_str_rfind_char(path, '/');
    return slash < 0 ? md_str_n(path.p, 0) : md_str_sub(path, 0, slash == 0 ? 1 : (size_t)slash);
}

/* A single file has one item or more, all of its own name. */
static bool is_single_file(struct md_source *source, struct md_str path)
{
    const struct md_item *const *items = NULL;
    size_t n = md_source_inventory(source, &items);
    struct md_str base = md_str_from(path, (size_t)(md_str_rfind_char(path, '/') + 1));
    for (size_t i = 0; i < n; i++) {
        if (!md_str_eq(md_str(items[i]->name), base)) {
            return false;
        }
    }
    return n > 0;
}

static void name_it(struct md_check_inputs *inputs, struct md_check_input *input, const char *path)
{
    struct stat st;
    input->prefix = "";
    input->is_whole = true;
    input->shown = path == NULL ? "this host" : path;
    if (path == NULL || stat(path, &st) != 0) {
        return;
    }
    struct md_str plain = plain_path(path);
    if (S_ISDIR(st.st_mode)) {
        input->folder = path;
        input->prefix = as_prefix(inputs->arena, plain);
    } else if (is_single_file(input->source, plain)) {
        struct md_str folder = folder_of(plain);
        input->folder = folder.n == 0 ? "." : md_arena_cstr(inputs->arena, folder);
        input->prefix = as_prefix(inputs->arena, folder);
        input->is_whole = false;
    } else if (inputs->options->n_arguments > 1) {
        input->prefix = as_prefix(inputs->arena, plain);
    }
}

static void gather_names(struct md_check_inputs *inputs, struct md_check_input *input)
{
    const struct md_node *files = md_node_get(input->tree, "file");
    struct md_map *seen = md_map_new(inputs->arena);
    const char **names = md_arena_array(inputs->arena, (files == NULL ? 0 : files->count) + 1, sizeof(const char *));
    for (const struct md_node *file = files == NULL ? NULL : files->first; file != NULL; file = file->next) {
        const char *name =
            file->loc.file != NULL ? file->loc.file : md_arena_cstr(inputs->arena, md_node_text(file, "name"));
        if (name[0] != '\0' && md_map_find(seen, 0, md_str(name)) == NULL) {
            md_map_set(seen, 0, md_str(name), input);
            names[input->n_names++] = md_check_input_shown(inputs, input, name);
        }
    }
    input->names = names;
}

/* Parts of one file have one name. What cannot be read has been told by whoever wanted it first. */
static void gather_texts(struct md_check_inputs *inputs, struct md_check_input *input, struct md_check_texts *texts)
{
    const struct md_item *const *items = NULL;
    size_t n = md_source_inventory(input->source, &items);
    struct md_map *wanted = md_map_new(inputs->arena);
    for (size_t i = 0; i < input->n_names; i++) {
        const char *name = input->names[i];
        md_map_set(wanted, 0, md_str_from(md_str(name), strlen(input->prefix)), (void *)(uintptr_t)name);
    }
    for (size_t i = 0; i < n; i++) {
        const char *shown = md_map_find(wanted, 0, md_str(items[i]->name));
        struct md_str text = {0};
        if (shown == NULL || items[i]->status != MD_OK) {
            continue;
        }
        enum md_status status = md_source_read_all(input->source, items[i], inputs->arena, TEXT_MAX, &text);
        if (status == MD_OK || status == MD_LIMIT) {
            md_check_texts_add(texts, shown, items[i]->first_line, text);
        }
    }
}

static void read_suppressions(struct md_check_inputs *inputs, struct md_check_input *input,
                              struct md_check_texts *texts, const char *shown, struct md_str text)
{
    md_check_texts_add(texts, shown, 1, text);
    struct md_diags *problems = md_diags_new(inputs->arena);
    if (md_yaml_read(inputs->arena, shown, text, problems, &input->suppressions) != MD_OK) {
        input->suppressions = NULL;
    }
    input->suppression_problems = problems;
    input->suppressions_root = as_prefix(inputs->arena, folder_of(md_str(md_arena_cstr(inputs->arena, md_str(shown)))));
}

static void suppressions_on_disk(struct md_check_inputs *inputs, struct md_check_input *input,
                                 struct md_check_texts *texts, const char *folder, struct md_diags *diags)
{
    const char *path = md_arena_printf(inputs->arena, "%s/%s", folder, MD_CHECK_SUPPRESS_FILE);
    const char *shown = md_arena_printf(inputs->arena, "%s%s", input->prefix, MD_CHECK_SUPPRESS_FILE);
    FILE *f = fopen(path, "rbe");
    if (f == NULL) {
        if (errno != ENOENT && errno != ENOTDIR) {
            md_diags_add(diags, MD_ERROR, (struct md_loc){.file = shown}, "cannot be opened: %s", strerror(errno));
        }
        return;
    }
    char *text = md_arena_alloc(inputs->arena, SUPPRESSIONS_MAX + 1);
    size_t n = fread(text, 1, SUPPRESSIONS_MAX + 1, f);
    bool is_bad = ferror(f) != 0;
    fclose(f);
    if (is_bad || n > SUPPRESSIONS_MAX) {
        md_diags_add(diags, MD_ERROR, (struct md_loc){.file = shown},
                     is_bad ? "cannot be read" : "is over 1 MiB and not looked at");
        return;
    }
    read_suppressions(inputs, input, texts, shown, md_str_n(text, n));
}

/* In an archive: the one nearest to its top. */
static void suppressions_in_archive(struct md_check_inputs *inputs, struct md_check_input *input,
                                    struct md_check_texts *texts)
{
    const struct md_item *const *items = NULL, *best = NULL;
    size_t n = md_source_inventory(input->source, &items);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(items[i]->base, MD_CHECK_SUPPRESS_FILE) == 0 &&
            (best == NULL || strlen(items[i]->name) < strlen(best->name))) {
            best = items[i];
        }
    }
    struct md_str text;
    if (best != NULL && md_source_read_all(input->source, best, inputs->arena, SUPPRESSIONS_MAX, &text) == MD_OK) {
        read_suppressions(inputs, input, texts, md_check_input_shown(inputs, input, best->name), text);
    }
}

/* A bundle and a host have facts that some checks look at; a checkout has none. */
static enum md_status run_probes(struct md_check_input *input)
{
    switch (md_source_kind(input->source)) {
    case MD_SOURCE_LIVE: return md_probes_run(&input->ctx, MD_COST_FREE);
    case MD_SOURCE_BUNDLE: return md_probes_run(&input->ctx, MD_COST_CHEAP);
    default: return MD_OK;
    }
}

static enum md_status build(struct md_check_inputs *inputs, struct md_check_input *input, struct md_diags *diags)
{
    bool is_local = false;
    int64_t now = md_source_now(input->source, &is_local);
    if (is_local && now != MD_TIME_NONE) {
        now = md_zone_to_utc(inputs->zone, now, NULL);
    }
    struct md_facts *facts = md_facts_new(inputs->arena, inputs->catalogue);
    md_facts_set_now(facts, now);
    input->ctx = (struct md_probe_ctx){
        .tables = inputs->tables,
        .n_tables = inputs->n_tables,
        .source = input->source,
        .facts = facts,
        .diags = diags,
        .arena = inputs->arena,
        .now = now,
        .zone = inputs->zone,
        .since_s = inputs->options->since_s,
        .interrupted = md_tty_catch_interrupt(),
    };
    enum md_status status = run_probes(input);
    if (status != MD_OK) {
        return status;
    }
    input->tree = md_check_model_build(&input->ctx);
    const struct md_node *read = md_node_get(input->tree, "read");
    return read == NULL || read->count == 0 ? MD_BAD_INPUT : MD_OK;
}

enum md_status md_check_input_open(struct md_check_inputs *inputs, const char *path, struct md_check_texts *texts,
                                   struct md_diags *diags, struct md_check_input **ret)
{
    const struct md_source_options options = {
        .root = inputs->options->root,
        .at = inputs->options->at,
        .interrupted = md_tty_catch_interrupt(),
    };
    struct md_source *source = NULL;
    enum md_status status = path == NULL ? md_source_open_live(&options, diags, &source)
                                         : md_source_open_path(path, &options, diags, &source);
    if (status != MD_OK) {
        return status == MD_BAD_INPUT ? MD_IO : status;
    }
    struct md_check_input *input = md_arena_alloc(inputs->arena, sizeof(*input));
    *input = (struct md_check_input){.source = source, .next = inputs->open, .suppressions_root = ""};
    inputs->open = input;
    md_source_set_zone(source, inputs->zone);
    name_it(inputs, input, path);
    if (md_source_facts(source) != NULL) {
        return MD_BAD_INPUT;
    }
    status = build(inputs, input, diags);
    if (status != MD_OK) {
        return status;
    }
    gather_names(inputs, input);
    gather_texts(inputs, input, texts);
    input->version = md_node_path(input->tree, "version/text") == NULL
                         ? NULL
                         : md_arena_cstr(inputs->arena, md_node_path(input->tree, "version/text")->text);
    const struct md_node *read = md_node_get(input->tree, "read");
    input->is_calendar = read != NULL && read->count == 1 && md_node_get(read, "ics.conf") != NULL;
    if (input->folder != NULL) {
        suppressions_on_disk(inputs, input, texts, input->folder, diags);
    } else if (path != NULL) {
        suppressions_in_archive(inputs, input, texts);
    } else if (inputs->options->root != NULL) {
        suppressions_on_disk(inputs, input, texts, inputs->options->root, diags);
    }
    *ret = input;
    return MD_OK;
}

void md_check_inputs_close(struct md_check_inputs *inputs)
{
    for (struct md_check_input *input = inputs->open; input != NULL; input = input->next) {
        if (input->ctx.source != NULL) {
            md_probes_end(&input->ctx);
        }
        md_source_free(&input->source);
    }
}
