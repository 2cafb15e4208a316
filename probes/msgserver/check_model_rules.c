/*
 * Rewrite rules: each with the channel it leads to, and the collections that checks of them look at.
 */
#include "probes/msgserver/check_model_priv.h"

struct known_rule {
    const struct md_imta_rule *rule;
    const struct md_node *node; /* NULL: it comes later */
};

struct rules {
    struct md_check_build *build;
    struct md_map *general; /* lower-case pattern -> its first rule that always applies */
    struct md_map *by_text; /* hash of the template and pattern -> the first rule that reads so */
    struct md_map *lost;    /* (what, lower-case name) -> struct lost: names that lead nowhere */
};

enum { LOST_TAG, LOST_TABLE };

/* A name that leads nowhere. Where many rules share it, one mistake is the cause. */
struct lost {
    size_t n;
    bool is_told;
};

/* Whether a template holds anything that can make it fail, or stop: then later rules with the same pattern count. */
static bool is_conditional(const struct md_imta_rule *rule)
{
    struct md_str t = rule->template;

    if (rule->only_envelope || rule->only_header || rule->only_forward || rule->only_backward)
        return true;
    for (size_t i = 0; i < rule->n_controls; i++)
        if (rule->controls[i].letter != '?')
            return true;
    for (size_t at = 0; at + 1 < t.n; at++) {
        if (t.p[at] != '$')
            continue;
        at++;
        if (strchr("]({[AaPpSsXx", t.p[at]) != NULL && t.p[at] != '\0')
            return true;
    }
    return false;
}

static void add_controls(struct md_check_build *build, const struct md_imta_rule *rule)
{
    if (rule->n_controls == 0)
        return;
    md_check_list(build, "controls", rule->template_loc);
    for (size_t i = 0; i < rule->n_controls; i++) {
        const struct md_imta_control *control = &rule->controls[i];
        const struct md_mta_channel *channel = md_check_channel_named(build, md_check_lower(build, control->arg));

        md_check_map(build, NULL, control->loc);
        md_check_text(build, "letter", md_arena_str(build->arena, md_str_n(&control->letter, 1)), control->loc);
        if (control->number >= 0)
            md_check_number(build, "number", control->number, control->loc);
        md_check_text(build, "arg", control->arg, control->loc);
        if (channel != NULL && control->letter != '?')
            md_check_text(build, "channel", channel->name, control->loc);
        (void)md_check_end(build);
    }
    (void)md_check_end(build);
}

static const struct md_node *add_rule(struct md_check_build *build, const struct md_imta_rule *rule, size_t position,
                                      const struct md_mta_channel *channel, bool conditional)
{
    md_check_begin(build, "rule", rule->loc);
    md_check_text(build, "pattern", rule->pattern, rule->loc);
    md_check_text(build, "template", rule->template, rule->template_loc);
    md_check_text(build, "tag", rule->tag, rule->tag_loc);
    md_check_flag(build, "tag_is_computed", rule->tag_is_computed, rule->tag_loc);
    if (channel != NULL)
        md_check_text(build, "channel", channel->name, rule->tag_loc);
    add_controls(build, rule);
    md_check_flag(build, "is_conditional", conditional, rule->loc);
    md_check_flag(build, "only_envelope", rule->only_envelope, rule->loc);
    md_check_flag(build, "only_header", rule->only_header, rule->loc);
    md_check_number(build, "position", (int64_t)position, rule->loc);
    return md_check_end(build);
}

/* The first node of a lost name says how many others there are, the later ones that they are not the first. */
static void add_lost(struct rules *rules, uint64_t what, struct md_str name, struct md_loc loc)
{
    struct lost *lost = md_map_find(rules->lost, what, md_check_lower(rules->build, name));

    if (lost == NULL)
        return;
    md_check_flag(rules->build, "is_again", lost->is_told, loc);
    if (!lost->is_told && lost->n > 1)
        md_check_number(rules->build, "others", (int64_t)lost->n - 1, loc);
    lost->is_told = true;
}

static void count_lost(struct rules *rules, uint64_t what, struct md_str name)
{
    struct md_str key = md_check_lower(rules->build, name);
    struct lost *lost = md_map_find(rules->lost, what, key);

    if (lost == NULL) {
        lost = md_arena_alloc(rules->build->arena, sizeof *lost);
        *lost = (struct lost){0};
        md_map_set(rules->lost, what, key, lost);
    }
    lost->n++;
}

static bool has_own_tag(const struct md_imta_rule *rule)
{
    return rule->tag.n > 0 && !rule->tag_is_computed;
}

static bool is_table(const struct md_check_build *build, struct md_str upper)
{
    return md_check_indexed(build, "tables", upper) != NULL;
}

static void count_lost_of(struct rules *rules, const struct md_imta_rule *rule)
{
    struct md_check_build *build = rules->build;

    if (has_own_tag(rule) && md_check_channel_of_tag(build, rule->tag) == NULL)
        count_lost(rules, LOST_TAG, rule->tag);
    for (size_t i = 0; i < rule->n_mappings; i++)
        if (!is_table(build, md_check_upper(build, rule->mappings[i].text)))
            count_lost(rules, LOST_TABLE, rule->mappings[i].text);
}

static void add_unresolved(struct rules *rules, const struct md_imta_rule *rule, const struct md_node *node)
{
    struct md_check_build *build = rules->build;
    const struct md_mta_channel *named = md_check_channel_named(build, md_check_lower(build, rule->tag));

    md_check_begin(build, "rule.unresolved", rule->tag_loc);
    md_check_text(build, "tag", rule->tag, rule->tag_loc);
    md_check_flag(build, "is_channel_name", named != NULL, rule->tag_loc);
    if (named != NULL && named->n_hosts > 0)
        md_check_text(build, "official_host", named->hosts[0].name, named->hosts[0].loc);
    md_check_text(build, "pattern", rule->pattern, rule->loc);
    add_lost(rules, LOST_TAG, rule->tag, rule->tag_loc);
    md_check_ref(build, "rule", node);
    (void)md_check_end(build);
}

static void add_with_channel(struct rules *rules, const struct md_imta_rule *rule, const struct md_node *node)
{
    struct md_check_build *build = rules->build;
    const struct known_rule *general;

    if (rule->n_controls == 0)
        return;
    general = md_map_find(rules->general, 0, md_check_lower(build, rule->pattern));
    for (size_t i = 0; i < rule->n_controls; i++) {
        const struct md_imta_control *control = &rule->controls[i];
        const struct md_mta_channel *tagged;

        if (strchr("MNQC", control->letter) == NULL || control->arg.n == 0)
            continue;
        tagged = md_check_channel_of_tag(build, control->arg);
        md_check_begin(build, "rule.with_channel", control->loc);
        md_check_text(build, "letter", md_arena_str(build->arena, md_str_n(&control->letter, 1)), control->loc);
        md_check_text(build, "arg", control->arg, control->loc);
        md_check_flag(build, "is_channel", md_check_channel_named(build, md_check_lower(build, control->arg)) != NULL,
                      control->loc);
        md_check_flag(build, "is_tag", tagged != NULL, control->loc);
        if (tagged != NULL)
            md_check_text(build, "channel", tagged->name, control->loc);
        if (general != NULL)
            md_check_text(build, "general_tag", general->rule->tag, general->rule->tag_loc);
        md_check_ref(build, "rule", node);
        (void)md_check_end(build);
    }
}

/* "${TABLE,argument}" */
static void add_with_mapping(struct rules *rules, const struct md_imta_rule *rule, const struct md_node *node)
{
    struct md_check_build *build = rules->build;

    for (size_t i = 0; i < rule->n_mappings; i++) {
        const struct md_imta_ref *mapping = &rule->mappings[i];
        struct md_str table = md_check_upper(build, mapping->text);

        md_check_begin(build, "rule.with_mapping", mapping->loc);
        md_check_text(build, "table", table, mapping->loc);
        md_check_flag(build, "is_defined", is_table(build, table), mapping->loc);
        add_lost(rules, LOST_TABLE, table, mapping->loc);
        md_check_ref(build, "rule", node);
        (void)md_check_end(build);
    }
}

static struct known_rule *know(struct rules *rules, struct md_map *map, uint64_t kind, struct md_str key,
                               const struct md_imta_rule *rule, const struct md_node *node)
{
    struct known_rule *known = md_arena_alloc(rules->build->arena, sizeof *known);

    *known = (struct known_rule){rule, node};
    md_map_set(map, kind, key, known);
    return known;
}

/* A rule that comes behind one that always applies, or behind the same once more, has no effect. */
static void add_shadowed(struct rules *rules, const struct md_imta_rule *rule, const struct md_node *node)
{
    struct md_check_build *build = rules->build;
    struct md_str pattern = md_check_lower(build, rule->pattern);
    uint64_t hash = md_str_hash(rule->template);
    struct known_rule *general = md_map_find(rules->general, 0, pattern);
    struct known_rule *same = md_map_find(rules->by_text, hash, pattern), *by;

    if (same == NULL)
        (void)know(rules, rules->by_text, hash, pattern, rule, node);
    else if (!md_str_eq(same->rule->template, rule->template))
        same = NULL;
    if (general != NULL && general->rule == rule)
        general->node = node;
    by = same != NULL ? same : general != NULL && general->rule != rule && general->node != NULL ? general : NULL;
    if (by == NULL)
        return;
    md_check_begin(build, "rule.shadowed", rule->loc);
    md_check_text(build, "pattern", rule->pattern, rule->loc);
    md_check_text(build, "template", rule->template, rule->template_loc);
    md_check_flag(build, "is_same", same != NULL, rule->loc);
    md_check_ref(build, "by", by->node);
    md_check_ref(build, "rule", node);
    (void)md_check_end(build);
}

static void add_faulty(struct md_check_build *build, struct md_loc loc, const char *what, struct md_str text)
{
    md_check_begin(build, "rule.faulty", loc);
    md_check_text(build, "what", md_str(what), loc);
    md_check_text(build, "sequence", text, loc);
    (void)md_check_end(build);
}

/* What the parser noted about the form of rules. */
static void add_faults(struct md_check_build *build, const struct md_cnf_faults *faults)
{
    for (size_t i = 0; i < faults->n; i++) {
        const struct md_cnf_fault *fault = &faults->items[i];

        if (fault->kind == MD_CNF_RULE_WITHOUT_TEMPLATE)
            add_faulty(build, fault->loc, "no-template", fault->text);
        else if (fault->kind == MD_CNF_RULE_WITH_BLANKS)
            add_faulty(build, fault->loc, "blanks", fault->text);
    }
}

/* What a template lacks or holds that nobody knows. */
static void add_faulty_template(struct md_check_build *build, const struct md_imta_rule *rule)
{
    for (size_t i = 0; i < rule->n_unknown; i++)
        add_faulty(build, rule->unknown[i].loc, "unknown-sequence", rule->unknown[i].text);
    if (rule->has_no_user)
        add_faulty(build, rule->template_loc, "no-user", (struct md_str){0});
}

void md_check_part_rules(struct md_check_build *build)
{
    const struct md_imta_cnf *rewrite = build->config->rewrite;
    struct rules rules = {.build = build,
                          .general = md_map_new(build->arena),
                          .by_text = md_map_new(build->arena),
                          .lost = md_map_new(build->arena)};

    if (rewrite == NULL)
        return;
    for (size_t i = 0; i < rewrite->n_rules; i++) {
        const struct md_imta_rule *rule = &rewrite->rules[i];
        struct md_str pattern = md_check_lower(build, rule->pattern);

        if (!is_conditional(rule) && md_map_find(rules.general, 0, pattern) == NULL)
            (void)know(&rules, rules.general, 0, pattern, rule, NULL);
        count_lost_of(&rules, rule);
    }
    for (size_t i = 0; i < rewrite->n_rules; i++) {
        const struct md_imta_rule *rule = &rewrite->rules[i];
        bool has_tag = has_own_tag(rule);
        const struct md_mta_channel *channel = has_tag ? md_check_channel_of_tag(build, rule->tag) : NULL;
        const struct md_node *node = add_rule(build, rule, i + 1, channel, is_conditional(rule));

        (void)md_check_index(build, "rules", md_check_lower(build, rule->pattern), node);
        if (has_tag && channel == NULL && build->config->has_channels)
            add_unresolved(&rules, rule, node);
        add_with_channel(&rules, rule, node);
        add_with_mapping(&rules, rule, node);
        add_shadowed(&rules, rule, node);
        add_faulty_template(build, rule);
    }
    add_faults(build, &rewrite->faults);
}
