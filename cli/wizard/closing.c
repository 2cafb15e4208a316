/* The report of a session as it stands: the same whether it was just talked through or is replayed. */
#include <string.h>

#include "cli/report/report.h"
#include "cli/tty.h"
#include "cli/wizard/gather.h"
#include "cli/wizard/wizard.h"
#include "engine/base/display.h"
#include "engine/base/time.h"

static const char *known_text(const struct md_wizard *w, const struct md_node *node, const char *key)
{
    const struct md_node *child = md_node_get(node, key);
    return child == NULL || !child->is_quoted ? NULL : md_arena_cstr(w->turn, child->text);
}

/* What a person told may name host and product, too. */
static const char *fact_text(const struct md_wizard *w, const char *name)
{
    const struct md_fact *fact = md_fact_by_name(w->state.facts, md_facts_root(w->state.facts), name);
    return fact == NULL || !fact->is_known ? NULL : md_arena_cstr(w->turn, fact->value.u.text);
}

static uint64_t number_of(const struct md_node *node, const char *key)
{
    uint64_t n;
    return md_node_u64(md_node_get(node, key), &n) == MD_OK ? n : 0;
}

static void add_problems(const struct md_wizard *w, struct md_diags *problems)
{
    const struct md_node *list = w->state.seen == NULL ? NULL : md_node_get(w->state.seen->node, "problems");
    for (const struct md_node *one = list != NULL ? list->first : NULL; one != NULL; one = one->next) {
        const char *file = known_text(w, one, "where");
        uint64_t severity = number_of(one, "severity");
        const struct md_diag diag = {.severity = severity > MD_ERROR ? MD_ERROR : (enum md_severity)severity,
                                     .loc = {.file = file, .line = (uint32_t)number_of(one, "line")},
                                     .what = md_display(w->turn, md_node_text(one, "what")),
                                     .count = number_of(one, "count") > 0 ? number_of(one, "count") : 1};
        md_diags_take(problems, &diag, file);
    }
    for (size_t i = 0; i < w->state.n_contradictions; i++) {
        const struct md_contradiction *c = &w->state.contradictions[i];
        md_diags_add(problems, MD_WARNING, (struct md_loc){0},
                     "a person said %s of %s, but something else was read; what was read counts", c->told,
                     c->read->def->name);
    }
    if (w->session.events.n > 0) {
        struct md_str made_by = md_node_text(md_node_get(w->session.events.list[0].node, "tool"), "rules");
        if (made_by.n > 0 && !md_str_is(made_by, md_rules_hash(w->session.rules))) {
            md_diags_add(problems, MD_NOTE, (struct md_loc){0}, "the case was made with another rule base");
        }
    }
}

static void add_files(const struct md_wizard *w, struct md_report *report)
{
    const struct md_node *list = w->state.seen == NULL ? NULL : md_node_get(w->state.seen->node, "files");
    struct md_report_file *files = md_arena_array(w->turn, (list == NULL ? 0 : list->count) + 1, sizeof(*files));
    for (const struct md_node *one = list != NULL ? list->first : NULL; one != NULL; one = one->next) {
        const char *kind = known_text(w, one, "kind");
        enum md_item_kind known = kind == NULL ? MD_ITEM_KIND_COUNT : md_gather_kind(kind);
        known = known == MD_ITEM_KIND_COUNT ? MD_ITEM_OTHER : known;
        const char *name = known_text(w, one, "name");
        files[report->n_files++] = (struct md_report_file){.name = name == NULL ? "" : name,
                                                           .line = (uint32_t)number_of(one, "line"),
                                                           .command = known_text(w, one, "command"),
                                                           .kind = md_item_kind_name(known),
                                                           .taken_as = md_item_kind_says(known),
                                                           .note = known_text(w, one, "note"),
                                                           .count = number_of(one, "count")};
    }
    report->files = files;
}

/* An inquiry that was answered, passed over or not known is about the fact. */
static bool is_asked_for(const struct md_wizard *w, const char *name)
{
    const struct md_fact_def *def = md_catalogue_fact(md_facts_catalogue(w->state.facts), md_str(name));
    for (size_t i = 0; i < w->state.n_closed && def != NULL; i++) {
        struct md_str id = md_str(w->state.closed[i]), of;
        if (md_str_skip_prefix(&id, MD_LIT("look:"))) {
            const struct md_look *look = md_wizard_find_look(w->rules, id);
            if (look != NULL && md_look_gives(look, def)) {
                return true;
            }
        } else if (md_str_skip_prefix(&id, MD_LIT("fact:")) && md_str_split(&id, '@', &of) && md_str_is(of, name)) {
            return true;
        }
    }
    return false;
}

static const bool *asked_for(const struct md_wizard *w)
{
    const struct md_result *r = &w->advise.result;
    bool *list = md_arena_array(w->turn, r->n_unknown, sizeof(*list));
    for (size_t i = 0; i < r->n_unknown; i++) {
        list[i] = is_asked_for(w, r->unknown[i].fact);
    }
    return list;
}

void md_wizard_report(struct md_wizard *w, struct md_buf *out)
{
    const struct md_node *source = w->state.seen == NULL ? NULL : md_node_get(w->state.seen->node, "source");
    struct md_str zone = md_node_text(source, "timezone");
    const struct md_zone *loaded = NULL;
    if (zone.n == 0 || md_zone_load(w->turn, zone, &loaded) != MD_OK) {
        loaded = md_zone_utc();
    }
    const char *kind = known_text(w, source, "kind"), *name = known_text(w, source, "name");
    const char *host = known_text(w, source, "host");
    bool is_seen = md_product_is_there(w->state.facts, w->product);
    struct md_diags *problems = md_diags_new(w->turn);
    add_problems(w, problems);
    struct md_report report = {
        .source = {.kind = kind == NULL ? "person" : kind,
                   .name = name == NULL ? "what was told" : name,
                   .host = host,
                   .product = is_seen ? w->product->name : NULL,
                   .product_title = is_seen ? w->product->title : NULL,
                   .version = fact_text(w, w->product->version_fact),
                   .roles = md_fact_by_name(w->state.facts, md_facts_root(w->state.facts), w->product->roles_fact),
                   .observed_at = md_facts_now(w->state.facts),
                   .zone = loaded},
        .result = &w->advise.result,
        .problems = problems,
        .is_sent = strcmp(md_session_base(&w->session), "live") != 0,
        .is_asked = asked_for(w),
        .is_verbose = w->options->is_verbose,
        .is_quiet = w->options->is_quiet,
        .use_colour = md_tty_use_colour(w->options->colour, w->options->output != NULL),
        .arena = w->turn,
    };
    add_files(w, &report);
    if (w->options->format == MD_FORMAT_JSON) {
        md_report_json(&report, out);
    } else {
        md_report_text(&report, out);
    }
}
