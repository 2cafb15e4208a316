/*
 * Blocks, keywords and channels, from imta.cnf or from the Unified Configuration.
 */
#include "engine/base/num.h"
#include "probes/msgserver/check_model_priv.h"

#define SHORT_ARGUMENT 12 /* the least that any argument may be long */
#define FEW 64            /* keywords of a block that are compared with each other */

struct channels {
    struct md_check_build *build;
    struct md_map *nodes;                                          /* (address of a keyword of defaults) -> its node */
    const struct md_imta_block *block;                             /* at hand */
    const struct md_node **block_nodes;                            /* of its keywords */
    const struct md_imta_keyword *defaults[MD_IMTA_EFFECTIVE_MAX]; /* in force at this place */
    size_t n_defaults;
    const struct md_imta_keyword **unknown; /* words of the defaults in force that nobody knows */
    size_t n_unknown, unknown_capacity;
    bool is_first;                 /* below a line of defaults */
    struct md_map *named, *tagged; /* name, host in lower case -> the first block of that name, with that host */
    /* of the block at hand: what its keywords have in common; its hosts and keywords */
    const struct md_node *common, *hosts, *keywords;
    /* the default ages and waits made last */
    struct {
        const struct md_mta_steps *steps;
        const struct md_node *node;
    } last_steps[2];
};

/* ---- what keywords there are ---- */

static void add_bound(struct md_check_build *build, const char *key, const struct md_node *bound, struct md_loc loc)
{
    if (bound != NULL)
        md_check_number_of(build, key, bound->text, loc);
}

/* keyword_names[name] = { args min max low high since until default }, which keywords share as `def`. */
static const struct md_node *add_definition(struct md_check_build *build, const struct md_keyword *keyword)
{
    const struct md_mta_files *files = &build->config->files;
    const struct md_node *node = keyword->node, *range = md_node_get(node, "range");
    struct md_loc loc = node != NULL ? node->loc : (struct md_loc){0};
    struct md_str args = md_node_text(node, "args"), kind = md_str_next_word(&args);

    md_check_begin(build, "keyword_definition", loc);
    md_check_text(build, "name", keyword->name, loc);
    md_check_text(build, "args", kind.n > 0 ? kind : MD_LIT("none"), loc);
    md_check_number(build, "min", keyword->args_min, loc);
    md_check_number(build, "max", keyword->args_max, loc);
    add_bound(build, "low", range != NULL ? range->first : NULL, loc);
    add_bound(build, "high", range != NULL && range->first != NULL ? range->first->next : NULL, loc);
    md_check_text(build, "since", md_node_text(node, "since"), loc);
    md_check_text(build, "until", md_node_text(node, "until"), loc);
    md_check_text(build, "default", md_keyword_default(keyword, files->version_major, files->version_minor), loc);
    return md_check_end(build);
}

static void add_definitions(struct md_check_build *build)
{
    const struct md_keywords *keywords = build->config->files.keywords;

    for (size_t i = 0; keywords != NULL && i < md_keywords_count(keywords); i++) {
        const struct md_keyword *keyword = md_keywords_at(keywords, i);

        (void)md_check_index(build, "keyword_names", keyword->name, add_definition(build, keyword));
    }
}

/* ---- keywords as written ---- */

static const struct md_node *node_of(const struct channels *c, const struct md_imta_keyword *keyword)
{
    if (c->block != NULL && keyword >= c->block->keywords && keyword < c->block->keywords + c->block->n_keywords)
        return c->block_nodes[keyword - c->block->keywords];
    return md_map_find(c->nodes, (uint64_t)(uintptr_t)keyword, (struct md_str){0});
}

/* The keyword of `defaults` in force that this one makes void. */
static const struct md_imta_keyword *overridden(const struct channels *c, const struct md_imta_keyword *keyword)
{
    for (size_t i = c->n_defaults; keyword->def != NULL && i-- > 0;)
        if (md_keyword_replaces(keyword->def, c->defaults[i]->def))
            return c->defaults[i];
    return NULL;
}

/* A later one of the same line that makes keyword number `at` void. */
static const struct md_imta_keyword *replaced_by(const struct md_imta_block *block, size_t at)
{
    const struct md_keyword *def = block->keywords[at].def;
    size_t end = block->n_keywords - at > MD_IMTA_EFFECTIVE_MAX ? at + MD_IMTA_EFFECTIVE_MAX : block->n_keywords;

    for (size_t i = at + 1; def != NULL && i < end; i++)
        if (block->keywords[i].def != NULL && md_keyword_replaces(block->keywords[i].def, def))
            return &block->keywords[i];
    return NULL;
}

/* The nearest earlier one of the same line that keyword number `at` contradicts: another member of its group. */
static const struct md_imta_keyword *contradicted(const struct md_imta_block *block, size_t at)
{
    const struct md_keyword *def = block->keywords[at].def;
    size_t first = at > MD_IMTA_EFFECTIVE_MAX ? at - MD_IMTA_EFFECTIVE_MAX : 0;

    for (size_t i = at; def != NULL && def->group != 0 && i-- > first;) {
        const struct md_keyword *other = block->keywords[i].def;

        if (other != NULL && other != def && other->group == def->group)
            return &block->keywords[i];
    }
    return NULL;
}

/* The keyword that an unknown word stands behind, be it with some other unknown words between. */
static const struct md_imta_keyword *known_before(const struct md_imta_block *block, size_t at)
{
    size_t first = at > FEW ? at - FEW : 0;

    for (size_t i = at; block->keywords[at].def == NULL && i-- > first;)
        if (block->keywords[i].def != NULL)
            return &block->keywords[i];
    return NULL;
}

static void add_args(struct md_check_build *build, const struct md_imta_keyword *keyword)
{
    if (keyword->n_args == 0)
        return;
    md_check_list(build, "args", keyword->loc);
    for (size_t i = 0; i < keyword->n_args; i++) {
        md_check_map(build, NULL, keyword->args[i].loc);
        md_check_text(build, "text", keyword->args[i].text, keyword->args[i].loc);
        md_check_flag(build, "is_quoted", keyword->args[i].is_quoted, keyword->args[i].loc);
        (void)md_check_end(build);
    }
    (void)md_check_end(build);
}

/* An unknown word behind another one that looks like the argument of it: "threadeph 20" is one mistake. */
static bool is_value(const struct md_imta_block *block, size_t at)
{
    const struct md_imta_keyword *word = &block->keywords[at];
    size_t digits = 0;

    if (at == 0 || word->def != NULL || block->keywords[at - 1].def != NULL)
        return false;
    for (size_t i = 0; i < word->name.n; i++) {
        digits += md_is_digit(word->name.p[i]);
        if (!md_is_alnum(word->name.p[i]) || (word->name.p[i] >= 'A' && word->name.p[i] <= 'Z'))
            return true;
    }
    return digits > 0;
}

static bool is_within(const struct md_keyword *def, struct md_str text)
{
    const struct md_node *range = md_node_get(def->node, "range"), *low = range != NULL ? range->first : NULL;
    int64_t number, bound;

    if (md_num_all_i64(text, INT64_MIN, INT64_MAX, &number) != MD_OK)
        return false;
    if (low != NULL && md_num_all_i64(low->text, INT64_MIN, INT64_MAX, &bound) == MD_OK && number < bound)
        return false;
    return low == NULL || low->next == NULL || md_num_all_i64(low->next->text, INT64_MIN, INT64_MAX, &bound) != MD_OK ||
           number <= bound;
}

/* Whether anything about a keyword may be wrong by itself or by its neighbours: of thousands on a line of channels few are. */
static bool is_doubtful(const struct md_imta_keyword *keyword, bool is_replaced, bool contradicts)
{
    if (keyword->def == NULL || keyword->is_short || is_replaced || contradicts)
        return true;
    for (size_t i = 0; i < keyword->n_args; i++) {
        struct md_str text = keyword->args[i].text;

        if (text.n > SHORT_ARGUMENT || (keyword->def->args == MD_ARGS_INT && !is_within(keyword->def, text)))
            return true;
    }
    return false;
}

/* In which narrow collections a keyword is, too. */
static void sort_in(struct md_check_build *build, const struct md_imta_keyword *keyword, const struct md_node *node)
{
    const struct md_keyword *def = keyword->def;

    if (is_doubtful(keyword, md_node_get(node, "replaced_by") != NULL, md_node_get(node, "contradicts") != NULL))
        md_check_add(build, "keyword.doubtful", node);
    if (md_node_get(node, "overrides") != NULL)
        md_check_add(build, "keyword.overriding", node);
    if (def == NULL)
        return;
    if (def->args == MD_ARGS_CHANNEL || def->args == MD_ARGS_HOST)
        md_check_add(build, "keyword.naming", node);
    if (def->args_max > 1)
        md_check_add(build, "keyword.list", node);
}

/* What all keywords of a block say alike. */
static const struct md_node *common_of(struct channels *c, const struct md_imta_block *block)
{
    struct md_check_build *build = c->build;
    struct md_str on = block->kind == MD_IMTA_CHANNEL ? MD_LIT("channel") : MD_LIT("defaults");

    md_check_begin(build, "keyword_place", block->loc);
    md_check_text(build, "on", on, block->loc);
    md_check_text(build, "from", build->config->is_unified ? MD_LIT("unified") : on, block->loc);
    if (block->kind == MD_IMTA_CHANNEL) {
        md_check_text(build, "channel", block->name, block->loc);
        md_check_scope(build, "channel", block->name, block->loc);
    }
    return md_check_end(build);
}

static void add_keyword(struct channels *c, const struct md_imta_block *block, size_t at)
{
    struct md_check_build *build = c->build;
    const struct md_imta_keyword *keyword = &block->keywords[at], *later = replaced_by(block, at), *old;
    const struct md_imta_keyword *earlier = contradicted(block, at), *before = known_before(block, at);
    struct md_str name = keyword->def != NULL ? keyword->def->name : md_check_lower(build, keyword->name);
    const struct md_node *node;

    md_check_begin(build, "keyword", keyword->loc);
    md_check_text(build, "name", name, keyword->loc);
    if (!md_str_eq(name, keyword->name))
        md_check_text(build, "as_written", keyword->name, keyword->loc);
    add_args(build, keyword);
    if (keyword->n_args > 0)
        md_check_text(build, "arg", keyword->args[0].text, keyword->args[0].loc);
    md_check_number(build, "n_args", (int64_t)keyword->n_args, keyword->loc);
    md_check_flag(build, "is_known", keyword->def != NULL, keyword->loc);
    md_check_flag(build, "is_short", keyword->is_short, keyword->loc);
    md_check_flag(build, "is_value", is_value(block, at), keyword->loc);
    md_check_flag(build, "after_unknown", keyword->def == NULL && at > 0 && block->keywords[at - 1].def == NULL,
                  keyword->loc);
    if (keyword->def != NULL && at + 1 < block->n_keywords && block->keywords[at + 1].def == NULL) {
        md_check_map(build, "rest", block->keywords[at + 1].loc);
        md_check_text(build, "text", block->keywords[at + 1].name, block->keywords[at + 1].loc);
        (void)md_check_end(build);
    }
    if (earlier != NULL)
        md_check_text(build, "contradicts", earlier->def->name, keyword->loc);
    if (before != NULL)
        md_check_text(build, "behind", before->def->name, before->loc);
    if (block->kind == MD_IMTA_CHANNEL && (old = overridden(c, keyword)) != NULL)
        md_check_ref(build, "overrides", node_of(c, old));
    if (keyword->def != NULL) {
        if (keyword->def->group > 0)
            md_check_number(build, "group", (int64_t)keyword->def->group, keyword->loc);
        md_check_ref(build, "def", md_check_indexed(build, "keyword_names", keyword->def->name));
    }
    /* The later one has its node: those of a line are made from its end. */
    if (later != NULL)
        md_check_ref(build, "replaced_by", node_of(c, later));
    md_check_share(build, c->common);
    node = md_check_end(build);
    c->block_nodes[at] = node;
    if (node != NULL)
        sort_in(build, keyword, node);
    if (node != NULL && block->kind == MD_IMTA_DEFAULTS)
        md_map_set(c->nodes, (uint64_t)(uintptr_t)keyword, (struct md_str){0}, (void *)(uintptr_t)node);
}

/* ---- blocks ---- */

/* The first block in a map by name or host; this one where there is none yet. */
static const struct md_imta_block *first_with(struct channels *c, struct md_map *map, struct md_str name,
                                              const struct md_imta_block *block)
{
    struct md_str key = md_check_lower(c->build, name);
    const struct md_imta_block *first = md_map_find(map, 0, key);

    if (first == NULL)
        md_map_set(map, 0, key, (void *)(uintptr_t)block);
    return first != NULL ? first : block;
}

static const struct md_node *add_hosts(struct channels *c, const struct md_imta_block *block)
{
    struct md_check_build *build = c->build;

    md_check_list(build, "hosts", block->loc);
    for (size_t i = 0; i < block->n_hosts; i++) {
        const struct md_imta_host *host = &block->hosts[i];
        const struct md_imta_block *first = first_with(c, c->tagged, host->name, block);

        md_check_map(build, NULL, host->loc);
        md_check_text(build, "name", host->name, host->loc);
        md_check_text(build, "alias", host->alias, host->loc);
        if (first != block)
            md_check_text(build, "is_of", first->name, first->loc);
        (void)md_check_end(build);
    }
    return md_check_end(build);
}

static void add_block(struct channels *c, const struct md_imta_block *block, size_t number)
{
    static const char *const kinds[] = {"channel", "defaults", "nodefaults"};
    struct md_check_build *build = c->build;

    md_check_begin(build, "block", block->loc);
    md_check_text(build, "kind", md_str(kinds[block->kind]), block->loc);
    md_check_text(build, "name", block->name, block->loc);
    md_check_ref(build, "scope", md_node_get(c->common, "scope"));
    md_check_number(build, "index", (int64_t)number, block->loc);
    md_check_flag(build, "is_repeated",
                  block->kind == MD_IMTA_CHANNEL && first_with(c, c->named, block->name, block) != block, block->loc);
    c->hosts = add_hosts(c, block);
    md_check_list(build, "keywords", block->loc);
    for (size_t i = 0; i < block->n_keywords; i++) {
        const struct md_keyword *def = block->keywords[i].def;

        /* The names serve where the list is taken for a map, below. */
        md_check_ref_named(build, def != NULL ? def->name : (struct md_str){0}, node_of(c, &block->keywords[i]));
    }
    c->keywords = md_check_end(build);
    (void)md_check_end(build);
}

/* What holds for the blocks below a line of defaults. */
static void take_defaults(struct channels *c, const struct md_imta_block *block)
{
    const struct md_imta_keyword **list =
        md_arena_array(c->build->arena, c->n_defaults + block->n_keywords + 1, sizeof(struct md_imta_keyword *));
    size_t n = 0;

    for (size_t i = 0; i < c->n_defaults; i++)
        list[n++] = c->defaults[i];
    for (size_t i = 0; i < block->n_keywords; i++)
        list[n++] = &block->keywords[i];
    c->n_defaults = md_imta_keywords_settle(list, n);
    for (size_t i = 0; i < c->n_defaults; i++)
        c->defaults[i] = list[i];
}

/* Words of a line of defaults that nobody knows are not forgotten: what they may have meant is not in force. */
static void take_unknown(struct channels *c, const struct md_imta_block *block)
{
    for (size_t i = 0; i < block->n_keywords && c->n_unknown < FEW; i++)
        if (block->keywords[i].def == NULL)
            *(const struct md_imta_keyword **)md_arena_push(c->build->arena, &c->unknown, &c->n_unknown,
                                                            &c->unknown_capacity, sizeof *c->unknown) =
                &block->keywords[i];
}

/* ---- channels ---- */

static void add_unknown(const struct channels *c, const struct md_imta_block *block)
{
    struct md_check_build *build = c->build;
    size_t n = c->n_unknown;

    for (size_t i = 0; i < block->n_keywords; i++)
        n += block->keywords[i].def == NULL;
    if (n == 0)
        return;
    md_check_list(build, "unknown", block->loc);
    for (size_t i = 0; i < c->n_unknown; i++)
        md_check_text(build, NULL, c->unknown[i]->name, c->unknown[i]->loc);
    for (size_t i = 0; i < block->n_keywords; i++)
        if (block->keywords[i].def == NULL)
            md_check_text(build, NULL, block->keywords[i].name, block->keywords[i].loc);
    (void)md_check_end(build);
}

static bool is_stock(struct md_str name)
{
    static const char *const names[] = {"tcp_local", "tcp_intranet", "tcp_submit", "tcp_auth", "tcp_tas"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (md_str_is(name, names[i]))
            return true;
    if (md_str_has_prefix(name, MD_LIT("tcp_")))
        return md_str_has_prefix(name, MD_LIT("tcp_lmtp"));
    return md_check_is_reserved(name);
}

/* Whether a later keyword of the block has the same name. `last`: of each name the last, where there are many. */
static bool is_named_again(const struct md_imta_block *block, size_t at, const struct md_map *last)
{
    const struct md_keyword *def = block->keywords[at].def;

    if (last != NULL)
        return md_map_find(last, 0, def->name) != &block->keywords[at];
    for (size_t i = at + 1; i < block->n_keywords; i++)
        if (block->keywords[i].def == def)
            return true;
    return false;
}

/* Keywords of its own line, of equal names the last. */
static const struct md_node *add_own(const struct channels *c, const struct md_mta_channel *channel,
                                     const struct md_imta_block *block)
{
    struct md_map *last = block->n_keywords > FEW ? md_map_new(c->build->arena) : NULL;
    bool are_all = true;

    for (size_t i = 0; last != NULL && i < block->n_keywords; i++)
        if (block->keywords[i].def != NULL)
            md_map_set(last, 0, block->keywords[i].def->name, &block->keywords[i]);
    for (size_t i = 0; i < block->n_keywords && are_all; i++)
        are_all = block->keywords[i].def != NULL && !is_named_again(block, i, last);
    md_check_map(c->build, "own", channel->loc);
    if (are_all)
        md_check_share(c->build, c->keywords);
    for (size_t i = 0; i < block->n_keywords && !are_all; i++)
        if (block->keywords[i].def != NULL && !is_named_again(block, i, last))
            md_check_ref_named(c->build, block->keywords[i].def->name, node_of(c, &block->keywords[i]));
    return md_check_end(c->build);
}

/* What holds: mostly some of the defaults, and then all of its own line. */
static void add_set(const struct channels *c, const struct md_mta_channel *channel, const struct md_imta_block *block,
                    const struct md_node *own)
{
    size_t n = channel->n_keywords, shared = own != NULL ? own->count : 0;
    bool is_shared = shared == block->n_keywords && shared <= n;

    for (size_t i = 0; i < shared && is_shared; i++)
        is_shared = channel->keywords[n - shared + i] == &block->keywords[i];
    md_check_map(c->build, "set", channel->loc);
    for (size_t i = 0; i < (is_shared ? n - shared : n); i++)
        md_check_ref_named(c->build, channel->keywords[i]->def->name, node_of(c, channel->keywords[i]));
    if (is_shared)
        md_check_share(c->build, own);
    (void)md_check_end(c->build);
}

/* Whether a channel has more than what most channels have: a keyword of its own that is not usual, or it lacks one that all should have. */
static bool is_notable(const struct channels *c, const struct md_mta_channel *channel,
                       const struct md_imta_block *block)
{
    static const char *const usual[] = {
        "smtp",
        "mx",
        "single_sys",
        "subdirs",
        "maxjobs",
        "pool",
        "logging",
        "loopcheck",
        "threaddepth",
        "maytlsserver",
        "maytlsclient",
        "maytls",
        "maysaslserver",
        "switchchannel",
        "inner",
        "allowswitchchannel",
        "remotehost",
        "identnone",
        "noswitchchannel",
        "identnonenumeric",
        "saslswitchchannel",
    };
    bool has_pool = false, has_logging = false;

    if (is_stock(channel->name) || !md_str_has_prefix(channel->name, MD_LIT("tcp_")) ||
        (!channel->is_smtp && !channel->is_lmtp) || c->n_unknown > 0)
        return true;
    for (size_t i = 0; i < channel->n_keywords; i++) {
        has_pool |= md_str_is(channel->keywords[i]->def->name, "pool");
        has_logging |= md_str_is(channel->keywords[i]->def->name, "logging");
    }
    for (size_t i = 0; i < block->n_keywords; i++) {
        bool is_usual = false;

        for (size_t k = 0; block->keywords[i].def != NULL && k < sizeof usual / sizeof *usual && !is_usual; k++)
            is_usual = md_str_is(block->keywords[i].def->name, usual[k]);
        if (!is_usual)
            return true;
    }
    return !has_pool || !has_logging;
}

static bool is_same_default(const struct md_mta_steps *a, const struct md_mta_steps *b)
{
    bool is_same = a != NULL && a->is_default && b->is_default && a->n == b->n;

    for (size_t i = 0; is_same && i < a->n; i++)
        is_same = !(a->seconds[i] < b->seconds[i]) && !(a->seconds[i] > b->seconds[i]);
    return is_same;
}

static void add_steps(struct channels *c, const char *key, const struct md_mta_steps *steps, size_t which,
                      struct md_loc otherwise)
{
    struct md_check_build *build = c->build;
    struct md_loc loc = steps->loc.file != NULL ? steps->loc : otherwise;
    const struct md_node *node;

    if (is_same_default(c->last_steps[which].steps, steps)) {
        md_check_ref(build, key, c->last_steps[which].node);
        return;
    }
    md_check_list(build, key, loc);
    for (size_t i = 0; i < steps->n; i++) {
        md_check_map(build, NULL, loc);
        md_check_number(build, "seconds", (int64_t)steps->seconds[i], loc);
        (void)md_check_end(build);
    }
    node = md_check_end(build);
    if (steps->is_default) {
        c->last_steps[which].steps = steps;
        c->last_steps[which].node = node;
    }
}

static void add_channel(struct channels *c, const struct md_mta_channel *channel, const struct md_imta_block *block)
{
    struct md_check_build *build = c->build;
    const struct md_check_channel *state = &build->channels[channel - build->config->channels];
    struct md_loc loc = channel->loc;
    const struct md_node *node;

    md_check_begin(build, "channel", loc);
    md_check_text(build, "name", channel->name, loc);
    md_check_ref(build, "scope", md_node_get(c->common, "scope"));
    if (channel->n_hosts > 0)
        md_check_text(build, "official_host", channel->hosts[0].name, channel->hosts[0].loc);
    md_check_ref(build, "hosts", c->hosts);
    add_set(c, channel, block, add_own(c, channel, block));
    add_unknown(c, block);
    md_check_text(build, "pool", md_check_upper(build, channel->pool),
                  channel->pool_loc.file != NULL ? channel->pool_loc : loc);
    md_check_ref(build, "class", md_check_class_for(build, channel->name));
    md_check_flag(build, "is_tcp", md_str_has_prefix(channel->name, MD_LIT("tcp_")), loc);
    md_check_flag(build, "is_smtp", channel->is_smtp, loc);
    md_check_flag(build, "is_lmtp", channel->is_lmtp, loc);
    md_check_flag(build, "is_stock", is_stock(channel->name), loc);
    md_check_flag(build, "is_internet_facing", state->is_internet_facing, loc);
    md_check_flag(build, "is_foreign_target", state->is_foreign_target, loc);
    md_check_flag(build, "is_target", state->is_target, loc);
    md_check_flag(build, "is_rewrite_target", state->is_rewrite_target, loc);
    md_check_flag(build, "is_referenced", state->is_referenced, loc);
    add_steps(c, "notices", &channel->notices[MD_MTA_NORMAL], 0, loc);
    add_steps(c, "backoff", &channel->backoff[MD_MTA_NORMAL], 1, loc);
    md_check_channel_options(build, channel->name, loc);
    node = md_check_end(build);
    (void)md_check_index(build, "channels", channel->name, node);
    if (node != NULL && (c->is_first || is_notable(c, channel, block)))
        md_check_add(build, "notable_channel", node);
    c->is_first = false;
}

void md_check_part_channels(struct md_check_build *build)
{
    const struct md_mta_config *config = build->config;
    struct channels *c = md_arena_alloc(build->arena, sizeof *c);
    size_t number = 0;

    c->build = build;
    c->nodes = md_map_new(build->arena);
    c->named = md_map_new(build->arena);
    c->tagged = md_map_new(build->arena);
    add_definitions(build);
    for (size_t b = 0; b < config->n_blocks; b++) {
        const struct md_imta_block *block = &config->blocks[b];

        c->block = block;
        c->block_nodes = md_arena_array(build->arena, block->n_keywords + 1, sizeof(struct md_node *));
        c->common = common_of(c, block);
        for (size_t i = block->n_keywords; i-- > 0;)
            add_keyword(c, block, i);
        add_block(c, block, b + 1);
        if (block->kind == MD_IMTA_NODEFAULTS) {
            c->n_defaults = c->n_unknown = 0;
        } else if (block->kind == MD_IMTA_DEFAULTS) {
            take_defaults(c, block);
            take_unknown(c, block);
            c->is_first = true;
        } else if (number < config->n_channels) {
            add_channel(c, &config->channels[number++], block);
        }
    }
}
