#include "cli/run.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/accepted.h"
#include "cli/collect_facts.h"
#include "cli/site_file.h"
#include "engine/base/display.h"
#include "engine/base/time.h"
#include "engine/facts_json.h"

#define MAX_FILES 5000 /* that are listed */

/* --timezone, else what the source says, else the offset of --at, else UTC with a note. */
static const struct md_zone *find_zone(struct md_run *run)
{
    const struct md_zone *zone = NULL;
    const char *name = run->options->timezone;
    if (name == NULL) {
        name = md_source_zone(run->source);
    }
    if (name != NULL) {
        if (md_zone_load(run->arena, md_str(name), &zone) == MD_OK) {
            return zone;
        }
        md_diags_add(run->diags, MD_WARNING, (struct md_loc){0}, "the time zone %s is not known here",
                     md_display(run->arena, md_str(name)));
    }
    if (run->options->at != MD_TIME_NONE) {
        return md_zone_fixed(run->arena, run->options->at_offset_s);
    }
    md_diags_add(run->diags, MD_WARNING, (struct md_loc){0},
                 "nothing says the time zone of local times: UTC is taken (--timezone says another)");
    return md_zone_utc();
}

static void begin(struct md_run *run, const struct md_options *options, struct md_rulebase *base)
{
    *run = (struct md_run){.options = options, .base = base, .arena = md_arena_new_large(), .now_else = MD_TIME_NONE};
    run->diags = md_diags_new(run->arena);
    md_progress_init(&run->progress, options->progress);
}

static struct md_source_options source_options(struct md_run *run)
{
    const struct md_options *options = run->options;

    return (struct md_source_options){
        .root = options->root,
        .at = options->at,
        .allow_expensive = options->allow_expensive,
        .allow_network = options->allow_network,
        .opens_archives = true,
        .interrupted = md_tty_catch_interrupt(),
        .progress = md_progress_show,
        .progress_ctx = &run->progress,
    };
}

/* What follows once the source is open. */
static void settle(struct md_run *run, bool is_live)
{
    run->site = md_site_file_open(run->arena, run->options->site, is_live, run->diags);
    run->zone = find_zone(run);
    md_source_set_zone(run->source, run->zone);
}

enum md_status md_run_open(struct md_run *run, const struct md_options *options, struct md_rulebase *base,
                           const char *path)
{
    begin(run, options, base);
    const struct md_source_options how = source_options(run);
    enum md_status status = path == NULL ? md_source_open_live(&how, run->diags, &run->source)
                                         : md_source_open_path(path, &how, run->diags, &run->source);
    if (status == MD_OK) {
        settle(run, path == NULL);
    }
    return status;
}

enum md_status md_run_open_one(struct md_run *run, const struct md_options *options, struct md_rulebase *base,
                               struct md_source_set *set, size_t i)
{
    begin(run, options, base);
    const struct md_source_options how = source_options(run);
    enum md_status status = md_source_set_open_one(set, i, &how, run->diags, &run->source);
    if (status == MD_OK) {
        settle(run, false);
    }
    return status;
}

/* The one host of a path. */
static enum md_status open_alone(struct md_run *run, const char *path, const struct md_source_options *how)
{
    enum md_status status = md_source_set_open(path, how, run->diags, &run->set);
    if (status == MD_OK && md_source_set_count(run->set) > 1) {
        md_diags_add(run->diags, MD_ERROR, (struct md_loc){.file = path},
                     "holds %zu hosts (%s, %s ...): give one of them", md_source_set_count(run->set),
                     md_source_set_folder(run->set, 0), md_source_set_folder(run->set, 1));
        return MD_LIMIT;
    }
    return status == MD_OK ? md_source_set_open_one(run->set, 0, how, run->diags, &run->source) : status;
}

enum md_status md_run_open_given(struct md_run *run, const struct md_options *options, struct md_rulebase *base,
                                 const struct md_run_given *given)
{
    begin(run, options, base);
    struct md_source_options how = source_options(run);
    enum md_status status = MD_OK;
    how.texts = given->texts;
    how.n_texts = given->n_texts;
    how.allowed_kinds = given->allowed_kinds;
    run->now_else = given->now;
    switch (given->of) {
    case MD_RUN_OF_HOST: status = md_source_open_live_with(&how, run->diags, &run->source); break;
    case MD_RUN_OF_PATH: status = open_alone(run, given->path, &how); break;
    case MD_RUN_OF_TEXTS: status = md_source_open_texts(given->path, &how, run->diags, &run->source); break;
    }
    if (status == MD_OK) {
        settle(run, given->of == MD_RUN_OF_HOST);
    }
    return status;
}

enum md_status md_run_open_set(struct md_run *run, const struct md_options *options, struct md_rulebase *base,
                               const char *path, struct md_source_set **ret)
{
    begin(run, options, base);
    const struct md_source_options how = source_options(run);
    enum md_status status = md_source_set_open(path, &how, run->diags, ret);
    md_progress_clear(&run->progress);
    return status;
}

/* What was opened is gathered and given on; false: it was interrupted. */
static bool finish_one(struct md_run *run, const struct md_run_place *place, enum md_status status, md_run_fn *each,
                       void *ctx)
{
    if (status == MD_OK) {
        status = md_run_gather(run);
    }
    md_progress_clear(&run->progress);
    each(ctx, run, place, status);
    md_run_close(run);
    return *md_tty_catch_interrupt() == 0;
}

static bool each_of_path(const struct md_options *options, struct md_rulebase *base, const char *path, md_run_fn *each,
                         void *ctx)
{
    struct md_run_place place = {path, ""};
    struct md_source_set *set;
    struct md_run run;
    enum md_status status = md_run_open_set(&run, options, base, path, &set);
    if (status != MD_OK) {
        return finish_one(&run, &place, status, each, ctx);
    }
    md_run_close(&run);
    bool goes_on = true;
    size_t n = md_source_set_count(set);
    for (size_t i = 0; i < n && goes_on; i++) {
        place.folder = n > 1 ? md_source_set_folder(set, i) : "";
        status = md_run_open_one(&run, options, base, set, i);
        goes_on = finish_one(&run, &place, status, each, ctx);
    }
    md_source_set_free(&set);
    return goes_on;
}

void md_run_each(const struct md_options *options, struct md_rulebase *base, const char *const *paths, size_t n,
                 md_run_fn *each, void *ctx)
{
    bool goes_on = true;
    for (size_t i = 0; i < n && goes_on; i++) {
        if (paths[i] == NULL) {
            const struct md_run_place place = {NULL, ""};
            struct md_run run;
            enum md_status status = md_run_open(&run, options, base, NULL);
            goes_on = finish_one(&run, &place, status, each, ctx);
        } else {
            goes_on = each_of_path(options, base, paths[i], each, ctx);
        }
    }
}

/* NULL: none was said. */
static const char *first_error(const struct md_diags *diags)
{
    for (size_t i = 0; i < md_diags_count(diags); i++) {
        if (md_diags_at(diags, i)->severity == MD_ERROR) {
            return md_diags_at(diags, i)->what;
        }
    }
    return NULL;
}

const char *md_run_why(const struct md_run *run, enum md_status status)
{
    const struct md_product *wanted =
        run->options->product == NULL ? NULL : md_product_find(md_str(run->options->product));
    const char *error = first_error(run->diags);
    return error != NULL            ? error
           : status != MD_NOT_FOUND ? md_status_says(status)
           : wanted == NULL         ? "nothing of a known mail product was found"
                                    : md_arena_printf(run->arena, "nothing of %s was found", wanted->title);
}

void md_run_complain(const struct md_run *run, const struct md_run_place *place, enum md_status status)
{
    md_problems_print(run->diags, MD_NOTE);
    if (first_error(run->diags) == NULL) {
        fprintf(stderr, "mtadoctor: %s%s%s: %s\n",
                place->path == NULL ? "this host" : md_display(run->arena, md_str(place->path)),
                place->folder[0] == '\0' ? "" : ", ", place->folder, md_run_why(run, status));
    }
}

bool md_run_has(const struct md_run *run, const struct md_product *product)
{
    return (run->options->product == NULL || strcmp(run->options->product, product->name) == 0) &&
           md_product_is_there(run->facts, product);
}

static bool is_product_known(const struct md_run *run)
{
    for (size_t i = 0; i < MD_PRODUCT_COUNT; i++) {
        if (md_run_has(run, md_product_at(i))) {
            return true;
        }
    }
    return false;
}

enum md_status md_run_gather(struct md_run *run)
{
    bool is_local = false;
    int64_t now = md_source_now(run->source, &is_local);
    if (is_local && now != MD_TIME_NONE) {
        now = md_zone_to_utc(run->zone, now, NULL);
    }
    if (now == MD_TIME_NONE) {
        now = run->now_else;
    }
    if (now == MD_TIME_NONE) {
        md_diags_add(run->diags, MD_WARNING, (struct md_loc){0},
                     "nothing in the source says when it was taken: ages cannot be told (--at says it)");
    }
    run->facts = md_facts_new(run->arena, run->base->catalogue);
    md_facts_set_now(run->facts, now);
    const struct md_node *recorded = md_source_facts(run->source);
    if (recorded != NULL) {
        const struct md_node *list = md_node_get(recorded, "facts");
        if (list == NULL) {
            md_diags_add(run->diags, MD_ERROR, (struct md_loc){.file = md_source_name(run->source)}, "holds no facts");
            return MD_NOT_FOUND;
        }
        enum md_status status = md_facts_from_list(run->facts, list, run->diags);
        run->has_product = status == MD_OK && is_product_known(run);
        return status != MD_OK ? status : run->has_product ? MD_OK : MD_NOT_FOUND;
    }
    md_recorded_facts_read(run, true);
    struct md_probe_ctx ctx = {
        .tables = run->base->tables,
        .n_tables = run->base->n_files,
        .source = run->source,
        .facts = run->facts,
        .diags = run->diags,
        .arena = run->arena,
        .now = now,
        .zone = run->zone,
        .since_s = run->options->since_s,
        .site = run->site,
        .allow_expensive = run->options->allow_expensive,
        .allow_network = run->options->allow_network,
        .interrupted = md_tty_catch_interrupt(),
    };
    enum md_status status = md_probes_run(&ctx, run->options->allow_expensive ? MD_COST_EXPENSIVE : MD_COST_CHEAP);
    md_probes_end(&ctx);
    md_recorded_facts_read(run, false);
    md_progress_clear(&run->progress);
    run->is_interrupted = status == MD_INTERRUPTED || *md_tty_catch_interrupt() != 0;
    if (run->is_interrupted) {
        md_diags_add(run->diags, MD_WARNING, (struct md_loc){0}, "interrupted: what was read until then is reported");
        status = MD_OK;
    }
    run->has_product = is_product_known(run);
    return run->has_product ? status : MD_NOT_FOUND;
}

void md_run_diagnose(struct md_run *run, const struct md_product *product)
{
    struct md_diags *of_loading = md_diags_new(run->arena);
    struct md_rules *rules = md_rulebase_rules(run->base, product, of_loading);
    struct md_diagnose_options options = md_product_diagnose_options(product);
    md_problems_print(of_loading, MD_NOTE);
    md_rules_bind(rules, run->facts, run->diags);
    options.is_routine = md_source_is_first_hand(run->source);
    run->product = product;
    md_diagnose(rules, run->facts, &options, run->arena, run->diags, &run->result);
    md_accepted_apply(run);
}

static const char *text_fact(const struct md_run *run, const char *name)
{
    const struct md_fact *fact = md_fact_by_name(run->facts, md_facts_root(run->facts), name);
    return fact == NULL || !fact->is_known ? NULL : md_arena_cstr(run->arena, fact->value.u.text);
}

/* Copied queue files are many and alike: of each folder's one stands for all. */
static bool is_counted_with(const struct md_report_file *file, const struct md_item *item)
{
    struct md_str a = md_str(file->name), b = md_str(item->name);
    ptrdiff_t slash = md_str_rfind_char(a, '/');
    return item->kind == MD_ITEM_QUEUE_FILE && strcmp(file->kind, md_item_kind_name(item->kind)) == 0 &&
           slash == md_str_rfind_char(b, '/') &&
           md_str_eq(md_str_sub(a, 0, (size_t)(slash + 1)), md_str_sub(b, 0, (size_t)(slash + 1)));
}

static void list_files(const struct md_run *run, struct md_report *report)
{
    const struct md_item *const *items;
    size_t n = report->is_sent ? md_source_inventory(run->source, &items) : 0, count = 0;
    struct md_report_file *files = md_arena_array(run->arena, n + 1, sizeof(*files));
    for (size_t i = 0; i < n && count < MAX_FILES; i++) {
        const struct md_item *item = items[i];
        if (count > 0 && is_counted_with(&files[count - 1], item)) {
            files[count - 1].count++;
            continue;
        }
        files[count++] =
            (struct md_report_file){.name = item->name,
                                    .line = item->first_line,
                                    .command = item->command,
                                    .kind = md_item_kind_name(item->kind),
                                    .taken_as = md_item_kind_says(item->kind),
                                    .note = item->status != MD_OK ? md_status_says(item->status) : item->note,
                                    .count = 1};
    }
    report->files = files;
    report->n_files = count;
}

void md_run_report(const struct md_run *run, bool use_colour, struct md_report *ret)
{
    static const char *const kinds[] = {[MD_SOURCE_LIVE] = "live",
                                        [MD_SOURCE_DIRECTORY] = "directory",
                                        [MD_SOURCE_BUNDLE] = "bundle",
                                        [MD_SOURCE_FACTS] = "facts",
                                        [MD_SOURCE_FAKE] = "fake"};
    const char *host = text_fact(run, "host.name");
    const struct md_product *product = run->product != NULL ? run->product : md_product_first(run->facts);
    *ret = (struct md_report){
        .source = {.kind = kinds[md_source_kind(run->source)],
                   .name = md_source_name(run->source),
                   .host = host != NULL ? host : md_source_host(run->source),
                   .product = product == NULL ? NULL : product->name,
                   .product_title = product == NULL ? NULL : product->title,
                   .version = product == NULL ? NULL : text_fact(run, product->version_fact),
                   .roles = product == NULL
                                ? NULL
                                : md_fact_by_name(run->facts, md_facts_root(run->facts), product->roles_fact),
                   .observed_at = md_facts_now(run->facts),
                   .zone = run->zone},
        .result = &run->result,
        .is_sent = md_source_kind(run->source) != MD_SOURCE_LIVE,
        .problems = run->diags,
        .is_verbose = run->options->is_verbose,
        .is_quiet = run->options->is_quiet,
        .use_colour = use_colour,
        .arena = run->arena,
    };
    list_files(run, ret);
}

void md_run_close(struct md_run *run)
{
    md_progress_clear(&run->progress);
    md_source_free(&run->source);
    if (run->set != NULL) {
        md_source_set_free(&run->set);
    }
    md_arena_free(&run->arena);
}

void md_problems_print(const struct md_diags *diags, enum md_severity least)
{
    for (size_t i = 0; i < md_diags_count(diags); i++) {
        const struct md_diag *d = md_diags_at(diags, i);
        if (d->severity < least) {
            continue;
        }
        struct md_arena *a = md_arena_new();
        if (d->loc.file != NULL && d->loc.line > 0) {
            fprintf(stderr, "mtadoctor: %s:%u: %s\n", md_display(a, md_str(d->loc.file)), (unsigned)d->loc.line,
                    d->what);
        } else if (d->loc.file != NULL) {
            fprintf(stderr, "mtadoctor: %s: %s\n", md_display(a, md_str(d->loc.file)), d->what);
        } else {
            fprintf(stderr, "mtadoctor: %s\n", d->what);
        }
        md_arena_free(&a);
    }
}
