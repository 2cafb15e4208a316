/*
 * cli/compare: `analyze --compare OLD NEW`: what changed between two looks at one host, or at each of several.
 */
#include "cli/compare.h"

#include <stdio.h>

#include "cli/output.h"
#include "cli/report/compare.h"
#include "cli/report/layout.h"
#include "cli/report/pair.h"
#include "cli/run.h"
#include "engine/base/display.h"

/* One product of one host of one of the two sources. */
struct look {
    const struct md_product *product; /* NULL: the host could not be read, which was said */
    struct md_run_place place;
    struct md_result result;
    struct md_report report;
};

struct side {
    const char *says; /* "old" */
    const char *path;
    struct md_source_set *set;
    struct md_run *runs; /* one for each host, open until the comparison is made */
    size_t n_runs;
    struct look *looks;
    size_t n;
};

struct comparing {
    const struct md_options *options;
    struct md_rulebase *base;
    struct md_arena *arena;
    struct side sides[2];
    size_t *pairs; /* partner among the new ones of each old one */
    size_t n_pairs;
    bool is_interrupted;
};

static void diagnose(struct comparing *c, struct side *side, struct md_run *run, const struct md_run_place *place,
                     const struct md_product *product)
{
    struct look *look = &side->looks[side->n++];
    look->product = product;
    look->place = *place;
    md_run_diagnose(run, product);
    md_run_report(run, md_tty_use_colour(c->options->colour, c->options->output != NULL), &look->report);
    look->result = run->result;
    look->report.result = &look->result;
    look->report.source.folder = place->folder[0] == '\0' ? NULL : place->folder;
}

static void open_host(struct comparing *c, struct side *side, size_t i)
{
    struct md_run *run = &side->runs[i];
    const struct md_run_place place = {side->path, side->n_runs > 1 ? md_source_set_folder(side->set, i) : ""};
    enum md_status status = md_run_open_one(run, c->options, c->base, side->set, i);
    if (status == MD_OK) {
        status = md_run_gather(run);
    }
    md_progress_clear(&run->progress);
    c->is_interrupted |= run->is_interrupted || *md_tty_catch_interrupt() != 0;
    if (status != MD_OK) {
        md_run_complain(run, &place, status);
        side->looks[side->n++].place = place;
        return;
    }
    for (size_t p = 0; p < MD_PRODUCT_COUNT; p++) {
        if (md_run_has(run, md_product_at(p))) {
            diagnose(c, side, run, &place, md_product_at(p));
        }
    }
}

/* False: nothing of it can be compared. */
static bool open_side(struct comparing *c, struct side *side)
{
    struct md_run run;
    bool is_any_good = false;
    enum md_status status = md_run_open_set(&run, c->options, c->base, side->path, &side->set);
    if (status != MD_OK) {
        const struct md_run_place place = {side->path, ""};
        md_run_complain(&run, &place, status);
    }
    md_run_close(&run);
    if (status != MD_OK) {
        return false;
    }
    side->n_runs = md_source_set_count(side->set);
    side->runs = md_arena_array(c->arena, side->n_runs, sizeof *side->runs);
    side->looks = md_arena_array(c->arena, side->n_runs * MD_PRODUCT_COUNT, sizeof *side->looks);
    for (size_t i = 0; i < side->n_runs && !c->is_interrupted; i++) {
        open_host(c, side, i);
    }
    for (size_t i = 0; i < side->n; i++) {
        is_any_good |= side->looks[i].product != NULL;
    }
    return is_any_good;
}

static void close_side(struct side *side)
{
    for (size_t i = 0; i < side->n_runs; i++) {
        if (side->runs[i].arena != NULL) {
            md_run_close(&side->runs[i]);
        }
    }
    md_source_set_free(&side->set);
}

/* The looks of a product: their places in the side and the names of their hosts. */
static size_t of_product(struct comparing *c, const struct side *side, const struct md_product *product,
                         size_t **ret_at, const char ***ret_names)
{
    size_t n = 0;
    *ret_at = md_arena_array(c->arena, side->n + 1, sizeof **ret_at);
    *ret_names = md_arena_array(c->arena, side->n + 1, sizeof **ret_names);
    for (size_t i = 0; i < side->n; i++) {
        if (side->looks[i].product == product) {
            (*ret_at)[n] = i;
            (*ret_names)[n++] = side->looks[i].report.source.host;
        }
    }
    return n;
}

/* By the names of the hosts, product by product; what cannot be read has no partner. */
static void pair(struct comparing *c)
{
    c->pairs = md_arena_array(c->arena, c->sides[0].n + 1, sizeof *c->pairs);
    for (size_t i = 0; i < c->sides[0].n; i++) {
        c->pairs[i] = MD_NO_PARTNER;
    }
    for (size_t p = 0; p < MD_PRODUCT_COUNT; p++) {
        size_t *at[2];
        const char **names[2];
        size_t n_before = of_product(c, &c->sides[0], md_product_at(p), &at[0], &names[0]);
        size_t n_after = of_product(c, &c->sides[1], md_product_at(p), &at[1], &names[1]);
        size_t *pairs = md_arena_array(c->arena, n_before + 1, sizeof *pairs);
        md_pair_hosts(names[0], n_before, names[1], n_after, pairs);
        for (size_t i = 0; i < n_before; i++) {
            if (pairs[i] != MD_NO_PARTNER) {
                c->pairs[at[0][i]] = at[1][pairs[i]];
                c->n_pairs++;
            }
        }
    }
}

/* Calls `each` for what has no partner: nothing is passed over in silence. */
static void each_alone(struct comparing *c,
                       void (*each)(struct comparing *c, void *ctx, const struct side *side, const struct look *look),
                       void *ctx)
{
    for (size_t s = 0; s < 2; s++) {
        const struct side *side = &c->sides[s];
        for (size_t i = 0; i < side->n; i++) {
            if (s == 0 ? c->pairs[i] == MD_NO_PARTNER : !md_pair_has(c->pairs, c->sides[0].n, i)) {
                each(c, ctx, side, &side->looks[i]);
            }
        }
    }
}

static const char *place_text(struct comparing *c, const struct md_run_place *place)
{
    return md_arena_printf(c->arena, "%s%s%s", md_display(c->arena, md_str(place->path)),
                           place->folder[0] == '\0' ? "" : ": ", place->folder);
}

static const char *host_text(struct comparing *c, const struct look *look)
{
    const char *host = look->report.source.host;
    return host == NULL ? "a host without a name" : md_display(c->arena, md_str(host));
}

/* ---- what is said ---- */

static void add_alone_json(struct comparing *c, void *ctx, const struct side *side, const struct look *look)
{
    const char *host = look->report.source.host;
    json_array_append_new(ctx, json_pack("{s:s, s:o, s:s, s:b}", "in", side->says, "host",
                                         host == NULL ? json_null() : json_string(host_text(c, look)), "source",
                                         place_text(c, &look->place), "readable", (int)(look->product != NULL)));
}

static void add_alone_text(struct comparing *c, void *ctx, const struct side *side, const struct look *look)
{
    const struct md_layout *layout = ctx;
    md_layout_paragraph(layout, "  ", "    ",
                        md_arena_printf(c->arena, "%s (%s) is only in the %s source%s", host_text(c, look),
                                        place_text(c, &look->place), side->says,
                                        look->product != NULL ? "" : ", or could not be read"),
                        MD_STYLE_PLAIN);
}

static void say_json(struct comparing *c, struct md_buf *out)
{
    json_t *results = json_array();
    json_t *all;
    for (size_t i = 0; i < c->sides[0].n; i++) {
        if (c->pairs[i] != MD_NO_PARTNER) {
            json_array_append_new(
                results, md_compare_json(&c->sides[0].looks[i].report, &c->sides[1].looks[c->pairs[i]].report));
        }
    }
    if (c->sides[0].n == 1 && c->sides[1].n == 1) {
        all = json_incref(json_array_get(results, 0));
    } else {
        json_t *alone = json_array();
        each_alone(c, add_alone_json, alone);
        all = json_pack("{s:s, s:O, s:o}", "schema", "mtadoctor.comparisons/1", "results", results, "alone", alone);
    }
    md_json_print(all, out);
    json_decref(all);
    json_decref(results);
}

static void say_text(struct comparing *c, struct md_buf *out)
{
    const struct md_layout layout = {.out = out,
                                     .use_colour = md_tty_use_colour(c->options->colour, c->options->output != NULL)};
    const bool is_one = c->sides[0].n == 1 && c->sides[1].n == 1;
    for (size_t i = 0; i < c->sides[0].n; i++) {
        if (c->pairs[i] == MD_NO_PARTNER) {
            continue;
        }
        const struct look *before = &c->sides[0].looks[i], *after = &c->sides[1].looks[c->pairs[i]];
        if (!is_one) {
            md_layout_paragraph(&layout, "", "   ",
                                md_arena_printf(c->arena, "== %s on %s (%s -> %s)", after->product->title,
                                                host_text(c, after), place_text(c, &before->place),
                                                place_text(c, &after->place)),
                                MD_STYLE_BOLD);
            md_buf_puts(out, "\n");
        }
        md_compare_text(&before->report, &after->report, out);
        md_buf_puts(out, is_one ? "" : "\n");
    }
    if (c->n_pairs < c->sides[0].n || c->n_pairs < c->sides[1].n) {
        md_layout_paragraph(&layout, "", "   ", "== Without a partner", MD_STYLE_BOLD);
        md_buf_puts(out, "\n");
        each_alone(c, add_alone_text, (void *)(uintptr_t)&layout);
    }
}

/* That of the worst new result that was compared. */
static int exit_status_of(const struct comparing *c)
{
    for (size_t i = 0; i < c->sides[0].n; i++) {
        if (c->pairs[i] != MD_NO_PARTNER && !c->options->is_fail_never &&
            c->sides[1].looks[c->pairs[i]].result.verdict >= c->options->fail_on) {
            return MD_EXIT_FOUND;
        }
    }
    return c->is_interrupted ? MD_EXIT_FAILED : MD_EXIT_OK;
}

static int compare(struct comparing *c)
{
    struct md_buf out = {0};
    pair(c);
    if (c->n_pairs == 0) {
        fprintf(stderr, "mtadoctor: no host of %s is in %s, so nothing can be compared\n",
                md_display(c->arena, md_str(c->sides[0].path)), md_display(c->arena, md_str(c->sides[1].path)));
        return MD_EXIT_FAILED;
    }
    if (c->options->format == MD_FORMAT_JSON) {
        say_json(c, &out);
    } else {
        say_text(c, &out);
    }
    int exit_status = md_output_write(c->options, &out);
    md_buf_free(&out);
    return exit_status == MD_EXIT_OK ? exit_status_of(c) : exit_status;
}

int md_compare_run(const struct md_options *options, struct md_rulebase *base, const char *before, const char *after)
{
    struct comparing c = {.options = options,
                          .base = base,
                          .arena = md_arena_new(),
                          .sides = {{.says = "old", .path = before}, {.says = "new", .path = after}}};
    int exit_status = MD_EXIT_FAILED;
    if (open_side(&c, &c.sides[0]) && open_side(&c, &c.sides[1])) {
        exit_status = compare(&c);
    }
    close_side(&c.sides[0]);
    close_side(&c.sides[1]);
    md_arena_free(&c.arena);
    return exit_status;
}
