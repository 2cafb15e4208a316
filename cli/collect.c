/*
 * cli/collect: the command `collect`: a support bundle of this host, or of what somebody already has (--from).
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/collect_facts.h"
#include "cli/collect_script.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/report/report.h"
#include "cli/run.h"
#include "engine/base/display.h"
#include "engine/base/time.h"
#include "probes/bundle/collect.h"
#include "probes/site.h"

#define LEFT_OUT_SHOWN 10

static const char *const policy_names[] = {
    [MD_REDACT_NONE] = "none", [MD_REDACT_DEFAULT] = "default", [MD_REDACT_STRICT] = "strict"};

static const char *size_text(struct md_arena *arena, uint64_t bytes)
{
    if (bytes < 10240) {
        return md_arena_printf(arena, "%llu bytes", (unsigned long long)bytes);
    }
    return bytes < (UINT64_C(10) << 20) ? md_arena_printf(arena, "%llu KiB", (unsigned long long)(bytes >> 10))
                                        : md_arena_printf(arena, "%llu MiB", (unsigned long long)(bytes >> 20));
}

/* ---- what is said ---- */

static void say_plan(const struct md_run *run, const struct md_collect *collect)
{
    fprintf(stderr, "mtadoctor: %s from %s, redaction: %s\n", run->options->is_dry_run ? "would collect" : "collecting",
            md_display(run->arena, md_str(md_source_name(run->source))), policy_names[run->options->redact]);
    for (enum md_collect_sort sort = 0; sort < MD_COLLECT_SORTS; sort++) {
        struct md_collect_sum sum = md_collect_sum(collect, sort);
        if (sum.n > 0) {
            fprintf(stderr, "  %6zu %s%s%s\n", sum.n, md_collect_sort_says(sort), sum.bytes > 0 ? ", " : "",
                    sum.bytes > 0 ? size_text(run->arena, sum.bytes) : "");
        }
    }
}

static void say_left_out(const struct md_run *run, const struct md_collect *collect)
{
    const struct md_collect_left_out *list;
    size_t n = md_collect_left_out(collect, &list);
    size_t shown = run->options->is_verbose || n < LEFT_OUT_SHOWN ? n : LEFT_OUT_SHOWN;
    for (size_t i = 0; i < shown; i++) {
        fprintf(stderr, "  left out: %s: %s\n", md_display(run->arena, md_str(list[i].name)), list[i].why);
    }
    if (shown < n) {
        fprintf(stderr, "  left out: %zu more (--verbose names them)\n", n - shown);
    }
}

/* ---- redaction ---- */

static bool read_key(unsigned char key[32])
{
    FILE *f = fopen("/dev/urandom", "rbe");
    bool is_good = f != NULL && fread(key, 1, 32, f) == 32;
    if (f != NULL) {
        fclose(f);
    }
    return is_good;
}

static struct md_redactor *new_redactor(const struct md_run *run)
{
    unsigned char key[32];
    if (!read_key(key)) {
        fprintf(stderr, "mtadoctor: there are no random numbers here (/dev/urandom), so nothing can be redacted\n");
        return NULL;
    }
    struct md_redactor *redactor = md_redactor_new(run->arena, run->options->redact, key);
    md_redactor_keep(redactor, MD_LIT("localhost"));
    for (size_t i = 0; run->site != NULL && i < run->site->keep.n; i++) {
        md_redactor_keep(redactor, run->site->keep.items[i].name);
    }
    return redactor;
}

struct mapping {
    json_t *list;
    struct md_arena *arena;
};

static bool add_mapping(void *ctx, const char *class, struct md_str original, struct md_str pseudonym)
{
    const struct mapping *mapping = ctx;
    json_t *original_json = json_string(md_display(mapping->arena, original));
    json_t *pseudonym_json = json_string(md_display(mapping->arena, pseudonym));
    json_array_append_new(mapping->list, json_pack("{s:s, s:o, s:o}", "class", class, "original", original_json,
                                                   "pseudonym", pseudonym_json));
    return true;
}

/* The file that undoes the redaction: for this user only, never over a file that is there. */
static int write_map(const struct md_run *run, const struct md_redactor *redactor)
{
    struct mapping mapping = {.list = json_array(), .arena = run->arena};
    struct md_buf out = {0};
    int fd = open(run->options->map, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
    FILE *f = fd < 0 ? NULL : fdopen(fd, "wb");
    md_redactor_map(redactor, add_mapping, &mapping);
    json_t *all = json_pack("{s:s, s:o}", "schema", "mtadoctor.map/1", "names", mapping.list);
    md_json_print(all, &out);
    json_decref(all);
    bool is_good = f != NULL && fwrite(out.p, 1, out.n, f) == out.n;
    int error = errno;
    if (f != NULL && fclose(f) != 0) {
        is_good = false;
    }
    md_buf_free(&out);
    if (!is_good) {
        fprintf(stderr, "mtadoctor: the map %s cannot be written: %s; the bundle is there\n", run->options->map,
                strerror(error));
    }
    return is_good ? MD_EXIT_OK : MD_EXIT_FAILED;
}

/* ---- one bundle ---- */

static const char *text_fact(const struct md_run *run, const char *name)
{
    const struct md_fact *fact =
        run->facts == NULL ? NULL : md_fact_by_name(run->facts, md_facts_root(run->facts), name);
    return fact == NULL || !fact->is_known ? NULL : md_arena_cstr(run->arena, fact->value.u.text);
}

static enum md_status write_bundle(struct md_run *run, struct md_collect *collect, struct md_redactor *redactor,
                                   struct md_bundle **bundle)
{
    struct md_collect_product products[MD_PRODUCT_COUNT];
    size_t n_products = 0;
    for (size_t i = 0; run->facts != NULL && i < MD_PRODUCT_COUNT; i++) {
        const struct md_product *product = md_product_at(i);
        if (md_product_is_there(run->facts, product)) {
            products[n_products++] =
                (struct md_collect_product){.name = product->name, .version = text_fact(run, product->version_fact)};
        }
    }
    const char *host = text_fact(run, "host.name");
    int64_t now = md_facts_now(run->facts);
    const struct md_collect_options options = {
        .redactor = redactor,
        .policy = policy_names[run->options->redact],
        .now = now,
        .since = md_time_ago(now, (int64_t)(run->options->since_s * (double)MD_SECOND)),
        .zone = run->zone,
        .host = host != NULL ? host : md_source_host(run->source),
        .products = products,
        .n_products = n_products,
        .tool_version = MD_TOOL_VERSION,
        .is_leak_checked = run->options->redact != MD_REDACT_NONE,
        .facts = md_collect_facts,
        .facts_ctx = run,
        .progress = md_progress_show,
        .progress_ctx = &run->progress,
    };
    return md_collect_write(collect, &options, bundle);
}

static int finish(struct md_run *run, struct md_collect *collect)
{
    struct md_bundle *bundle = NULL;
    struct md_redactor *redactor = new_redactor(run);
    struct stat st;
    if (redactor == NULL) {
        return MD_EXIT_FAILED;
    }
    bundle = run->bundle;
    run->bundle = NULL;
    enum md_status status = write_bundle(run, collect, redactor, &bundle);
    md_progress_clear(&run->progress);
    if (status != MD_OK) {
        md_problems_print(run->diags, MD_ERROR);
        fprintf(stderr, "mtadoctor: no bundle was written: %s\n",
                status == MD_BAD_INPUT ? "it would have shown what was to be hidden" : md_status_says(status));
        return MD_EXIT_FAILED;
    }
    if (!run->options->is_quiet) {
        say_left_out(run, collect);
        bool has_size = stat(run->options->output, &st) == 0 && st.st_size > 0;
        fprintf(stderr, "mtadoctor: %s%s%s\n", run->options->output, has_size ? ", " : "",
                has_size ? size_text(run->arena, (uint64_t)st.st_size) : "");
    }
    return run->options->map == NULL ? MD_EXIT_OK : write_map(run, redactor);
}

/* The archive is begun first: a name or a place that will not do is said before anything is run. */
static enum md_status begin(struct md_run *run)
{
    struct md_bundle_options options = {
        .path = run->options->output, .limit = run->options->limit, .interrupted = md_tty_catch_interrupt_and_pipe()};
    (void)signal(SIGXFSZ, SIG_IGN); /* a limit on files (ulimit -f) fails a write, and ends nothing half-way */
    options.n_forbidden = md_source_own_folders(run->source, &options.forbidden);
    return run->options->is_dry_run ? MD_OK : md_bundle_create(run->arena, &options, run->diags, &run->bundle);
}

/* Where queue, store and logs are configured to be is known when the configuration was read. */
static enum md_status forbid_configured(struct md_run *run)
{
    const char *const *folders;
    size_t n = md_source_own_folders(run->source, &folders);
    return run->bundle == NULL ? MD_OK : md_bundle_forbid(run->bundle, folders, n);
}

static int collect_one(struct md_run *run)
{
    struct md_collect *collect;
    int exit_status = MD_EXIT_OK;
    enum md_status status = begin(run);
    if (status != MD_OK) {
        md_problems_print(run->diags, MD_ERROR);
        return MD_EXIT_FAILED;
    }
    collect = md_collect_new(run->arena, run->source, run->diags,
                             run->bundle != NULL ? md_bundle_folder(run->bundle) : "/tmp");
    status = md_run_gather(run);
    md_progress_clear(&run->progress);
    if (forbid_configured(run) != MD_OK) {
        md_problems_print(run->diags, MD_ERROR);
        exit_status = MD_EXIT_FAILED;
    } else if (*md_tty_catch_interrupt() != 0) {
        fprintf(stderr, "mtadoctor: interrupted; no bundle was written\n");
        exit_status = MD_EXIT_FAILED;
    } else if (status != MD_OK && run->options->from == NULL) {
        md_problems_print(run->diags, MD_WARNING);
        fprintf(stderr, "mtadoctor: %s\n", md_run_why(run, status));
        exit_status = MD_EXIT_FAILED;
    } else {
        md_collect_plan(collect);
        if (!run->options->is_quiet) {
            say_plan(run, collect);
        }
        exit_status = run->options->is_dry_run ? MD_EXIT_OK : finish(run, collect);
    }
    md_collect_free(&collect);
    md_bundle_discard(&run->bundle);
    return exit_status;
}

/* NULL, or what is wrong with the options together. */
static const char *wrong_options(const struct md_options *options)
{
    struct stat map;
    if (options->output == NULL && !options->is_dry_run) {
        return "collect: where to? usage: mtadoctor collect -o NAME.tar.gz";
    }
    if (options->map != NULL && options->redact == MD_REDACT_NONE) {
        return "--map: without redaction there is nothing to map";
    }
    if (options->map != NULL &&
        (lstat(options->map, &map) == 0 || (options->output != NULL && strcmp(options->map, options->output) == 0))) {
        return "--map: the file is there already; a map is never written over a file";
    }
    return NULL;
}

/* ---- of several hosts one bundle each ---- */

/* "mail.tar.gz" becomes "mail-2.tar.gz": a host's name in it would tell what is to be hidden. */
static const char *numbered(struct md_arena *arena, const char *path, size_t i)
{
    if (path == NULL) {
        return NULL;
    }
    struct md_str text = md_str(path);
    ptrdiff_t slash = md_str_rfind_char(text, '/');
    ptrdiff_t dot = md_str_rfind_char(text, '.');
    if (dot <= slash + 1) {
        dot = (ptrdiff_t)text.n;
    }
    if (dot >= 4 && md_str_has_suffix(md_str_sub(text, 0, (size_t)dot), MD_LIT(".tar"))) {
        dot -= 4;
    }
    return md_arena_printf(arena, "%.*s-%zu%s", (int)dot, path, i + 1, path + dot);
}

static int collect_of(struct md_run *run, enum md_status status)
{
    int exit_status = MD_EXIT_FAILED;
    if (status == MD_OK) {
        exit_status = collect_one(run);
    } else {
        md_problems_print(run->diags, MD_NOTE);
    }
    md_run_close(run);
    return exit_status;
}

static int collect_from(const struct md_options *options, struct md_rulebase *base, struct md_arena *arena)
{
    struct md_source_set *set = NULL;
    struct md_run run;
    enum md_status status = md_run_open_set(&run, options, base, options->from, &set);
    if (status != MD_OK) {
        return collect_of(&run, status);
    }
    md_run_close(&run);
    int exit_status = MD_EXIT_OK;
    size_t n = md_source_set_count(set);
    if (n > 1) {
        fprintf(stderr, "mtadoctor: %s holds %zu hosts; each gets a bundle of its own\n", options->from, n);
    }
    for (size_t i = 0; i < n && *md_tty_catch_interrupt() == 0; i++) {
        struct md_options of_host = *options;
        if (n > 1) {
            of_host.output = numbered(arena, options->output, i);
            of_host.map = numbered(arena, options->map, i);
        }
        const char *wrong = wrong_options(&of_host);
        if (wrong != NULL) {
            fprintf(stderr, "mtadoctor: %s\n", wrong);
            exit_status = MD_EXIT_USAGE;
            break;
        }
        if (n > 1 && !options->is_quiet) {
            fprintf(stderr, "mtadoctor: %s: %s\n", of_host.output != NULL ? of_host.output : "no bundle",
                    md_source_set_folder(set, i));
        }
        status = md_run_open_one(&run, &of_host, base, set, i);
        if (status == MD_OK && n > 1 && md_source_facts(run.source) != NULL) {
            md_diags_add(run.diags, MD_ERROR, (struct md_loc){md_display(arena, md_str(options->from)), 0, 0},
                         "a facts file of several hosts is not taken apart; collect from what it was made of");
            status = MD_UNSUPPORTED;
        }
        int one = collect_of(&run, status);
        exit_status = one > exit_status ? one : exit_status;
    }
    md_source_set_free(&set);
    return *md_tty_catch_interrupt() == 0 ? exit_status : MD_EXIT_FAILED;
}

static int print_script(const struct md_options *options)
{
    struct md_buf out = {0};
    md_collect_script(&out);
    int exit_status = md_output_write(options, &out);
    md_buf_free(&out);
    return exit_status;
}

int md_command_collect(const struct md_options *options, struct md_arena *arena)
{
    struct md_diags *diags = md_diags_new(arena);
    struct md_rulebase base;
    struct md_run run;
    if (options->wants_script) {
        return print_script(options);
    }
    const char *wrong = wrong_options(options);
    if (wrong != NULL) {
        fprintf(stderr, "mtadoctor: %s\n", wrong);
        return MD_EXIT_USAGE;
    }
    if (md_rulebase_open(options, options->from == NULL, arena, diags, &base) != MD_OK) {
        md_problems_print(diags, MD_NOTE);
        return MD_EXIT_FAILED;
    }
    int exit_status;
    if (options->from != NULL) {
        exit_status = collect_from(options, &base, arena);
    } else {
        exit_status = collect_of(&run, md_run_open(&run, options, &base, NULL));
    }
    md_rulebase_close(&base);
    return exit_status;
}
