#include "probes/formats/msgserver/imta_cnf.h"

#include <string.h>

#include "probes/formats/msgserver/imta_template.h"

#define NO_BLOCK SIZE_MAX

struct parse {
    struct md_arena *arena;
    struct md_imta_cnf *cnf;
    const struct md_keywords *keywords;
    struct md_cnf_includes includes;
    size_t rules_capacity, blocks_capacity, comments_capacity;
    bool in_rules;
    bool began_blank;   /* the file begins with a blank line: noted, and nothing has come since */
    bool after_comment; /* the last thing read was a comment */
    size_t open;        /* the block that host lines belong to, or NO_BLOCK */
    size_t torn;        /* a channel without host that a blank line closed just now, or NO_BLOCK */
    bool torn_dangles;  /* its "\\" is the mistake, and is noted */
};

struct md_imta_word *md_imta_words(struct md_arena *arena, const struct md_cnf_line *line, struct md_str text,
                                   struct md_cnf_faults *faults, size_t *ret_n)
{
    struct md_imta_word *words = NULL, *word;
    size_t n = 0, capacity = 0, at = 0;

    while (at < text.n) {
        size_t from = at;

        if (md_is_space(text.p[at])) {
            at++;
            continue;
        }
        word = md_arena_push(arena, &words, &n, &capacity, sizeof *word);
        word->loc = md_cnf_loc_of(line, md_str_from(text, from));
        if (text.p[at] == '"') {
            ptrdiff_t end = md_str_find_char(md_str_from(text, at + 1), '"');

            word->is_quoted = true;
            word->text = md_str_sub(text, at + 1, end >= 0 ? (size_t)end : text.n);
            if (end < 0)
                md_cnf_fault_add(faults, MD_CNF_OPEN_QUOTE, word->loc, MD_LIT(""));
            at = end >= 0 ? at + (size_t)end + 2 : text.n;
        } else {
            while (at < text.n && !md_is_space(text.p[at]))
                at++;
            word->text = md_str_sub(text, from, at - from);
        }
    }
    *ret_n = n;
    return words;
}

static bool is_too_large(struct parse *p, const struct md_cnf_line *line)
{
    if (p->cnf->n_rules + p->cnf->n_blocks + p->includes.n + p->cnf->n_comments < MD_IMTA_CNF_MAX)
        return false;
    md_cnf_fault_add(&p->cnf->faults, MD_CNF_TOO_LARGE, md_cnf_loc(line, 0), MD_LIT(""));
    return true;
}

static void add_comment(struct parse *p, const struct md_cnf_line *line)
{
    struct md_imta_comment *comment =
        md_arena_push(p->arena, &p->cnf->comments, &p->cnf->n_comments, &p->comments_capacity, sizeof *comment);

    comment->text = line->text;
    comment->loc = md_cnf_loc(line, 0);
}

static bool is_keyword(const struct parse *p, const struct md_imta_word *word)
{
    return !word->is_quoted && md_keywords_find(p->keywords, word->text) != NULL;
}

static bool is_defaults(struct md_str word)
{
    return md_str_is_nocase(word, "defaults") || md_str_is_nocase(word, "nodefaults");
}

/* "tcp_x smtp mx ..." or a defaults line: recognised where a blank line before it was forgotten. */
static bool looks_like_name_line(const struct parse *p, const struct md_imta_word *words, size_t n)
{
    return is_defaults(words[0].text) ||
           (n >= 2 && md_str_find_char(words[0].text, '.') < 0 && is_keyword(p, &words[1]));
}

static bool looks_like_rule(const struct parse *p, const struct md_imta_word *words, size_t n)
{
    return n == 2 && !is_keyword(p, &words[1]) &&
           (md_str_find_char(words[1].text, '$') >= 0 || md_str_find_char(words[1].text, '@') >= 0);
}

static bool looks_like_tag(const struct parse *p, const struct md_imta_word *words, size_t n)
{
    return (n == 1 || (n == 2 && !is_keyword(p, &words[1]))) &&
           (md_str_find_char(words[0].text, '.') >= 0 || md_str_has_suffix(words[0].text, MD_LIT("-daemon")));
}

/* "$U@ tcp-daemon", "$U %$D@x": a template that a stray blank cut in two. */
static bool belongs_together(struct md_str a, struct md_str b)
{
    char last = a.n > 0 ? a.p[a.n - 1] : '\0';

    return a.n > 0 && b.n > 0 &&
           (last == '@' || last == '%' || last == '$' || b.p[0] == '@' || b.p[0] == '%' || b.p[0] == '$');
}

/* The words without what is between them, as a line that still knows the places. */
static struct md_str join_words(struct md_arena *arena, const struct md_cnf_line *line,
                                const struct md_imta_word *words, size_t n, struct md_cnf_line *ret)
{
    struct md_cnf_piece *pieces = md_arena_array(arena, n, sizeof *pieces);
    size_t total = 0;
    char *text;

    for (size_t i = 0; i < n; i++)
        total += words[i].text.n;
    text = md_arena_alloc(arena, total + 1);
    total = 0;
    for (size_t i = 0; i < n; i++) {
        pieces[i] = (struct md_cnf_piece){total, words[i].loc.line, words[i].loc.column - 1};
        if (words[i].text.n > 0)
            memcpy(text + total, words[i].text.p, words[i].text.n);
        total += words[i].text.n;
    }
    *ret = *line;
    ret->text = md_str_n(text, total);
    ret->line = words[0].loc.line;
    ret->pieces = pieces;
    ret->n_pieces = n;
    return ret->text;
}

/* "$?no such host": an error text runs to the end of the line, blanks and all. */
static bool has_error_text(struct md_str template)
{
    for (size_t i = 0; i + 1 < template.n; i++) {
        size_t at = i + 1;

        if (template.p[i] != '$')
            continue;
        while (at < template.n && md_is_digit(template.p[at]))
            at++;
        if (at < template.n && template.p[at] == '?')
            return true;
        i = at;
    }
    return false;
}

static void add_rule(struct parse *p, const struct md_cnf_line *line, const struct md_imta_word *words, size_t n)
{
    struct md_imta_rule *rule =
        md_arena_push(p->arena, &p->cnf->rules, &p->cnf->n_rules, &p->rules_capacity, sizeof *rule);

    rule->pattern = words[0].text;
    rule->loc = words[0].loc;
    if (n < 2) {
        md_cnf_fault_add(&p->cnf->faults, MD_CNF_RULE_WITHOUT_TEMPLATE, rule->loc, rule->pattern);
        return;
    }
    if (n > 2 && !has_error_text(words[1].text))
        md_cnf_fault_add(&p->cnf->faults, MD_CNF_RULE_WITH_BLANKS, words[2].loc, words[2].text);
    rule->template = words[1].text;
    rule->template_loc = words[1].loc;
    if (n > 2 && belongs_together(words[1].text, words[2].text)) {
        struct md_cnf_line joined;

        rule->template = join_words(p->arena, line, words + 1, n - 1, &joined);
        md_imta_template_read(p->arena, &joined, rule);
    } else {
        md_imta_template_read(p->arena, line, rule);
    }
}

static size_t push_block(struct parse *p, enum md_imta_block_kind kind, struct md_str name, struct md_loc loc)
{
    struct md_imta_block *block =
        md_arena_push(p->arena, &p->cnf->blocks, &p->cnf->n_blocks, &p->blocks_capacity, sizeof *block);

    block->kind = kind;
    block->name = name;
    block->loc = loc;
    return p->cnf->n_blocks - 1;
}

static void push_host(struct parse *p, struct md_imta_block *block, struct md_str name, struct md_str alias,
                      struct md_loc loc)
{
    struct md_imta_host *host =
        md_arena_push(p->arena, &block->hosts, &block->n_hosts, &block->hosts_capacity, sizeof *host);

    host->name = name;
    host->alias = alias;
    host->loc = loc;
    host->is_after_comment = p->after_comment;
}

/* The blank line before a block is missing; a comment in its place is a mistake of its own. */
static void note_missing_blank(struct parse *p, bool after_comment, struct md_loc loc, struct md_str name)
{
    md_cnf_fault_add(&p->cnf->faults, after_comment ? MD_CNF_COMMENT_AS_SEPARATOR : MD_CNF_MISSING_BLANK_LINE, loc,
                     name);
}

/* Channels of every installation that need no keyword. */
static bool is_bare_channel(struct md_str name)
{
    static const char *const names[] = {"l",          "process", "reprocess", "defragment",
                                        "conversion", "hold",    "bitbucket", "filter_discard"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (md_str_is_nocase(name, names[i]))
            return true;
    return false;
}

/* "process" followed by a host ("process-daemon") among the hosts of another channel: a bare block whose blank line is
 * missing. */
static void split_swallowed(struct parse *p, size_t index)
{
    for (size_t i = 1; i + 1 < p->cnf->blocks[index].n_hosts; i++) {
        struct md_imta_block *block = &p->cnf->blocks[index];
        struct md_str name = block->hosts[i].name, tag = block->hosts[i + 1].name;
        struct md_imta_host *hosts = block->hosts;
        size_t n = block->n_hosts;

        if (!is_bare_channel(name) &&
            (tag.n != name.n + 7 || !md_str_has_prefix_nocase(tag, name) || !md_str_has_suffix(tag, MD_LIT("-daemon"))))
            continue;
        note_missing_blank(p, hosts[i].is_after_comment, hosts[i].loc, name);
        block->n_hosts = i;
        index = push_block(p, MD_IMTA_CHANNEL, name, hosts[i].loc);
        for (size_t k = i + 1; k < n; k++)
            push_host(p, &p->cnf->blocks[index], hosts[k].name, hosts[k].alias, hosts[k].loc);
        i = 0;
    }
}

static void close_block(struct parse *p)
{
    p->torn = NO_BLOCK;
    if (p->open == NO_BLOCK)
        return;
    if (p->cnf->blocks[p->open].kind == MD_IMTA_CHANNEL) {
        if (p->cnf->blocks[p->open].n_hosts == 0)
            p->torn = p->open;
        p->torn_dangles = p->cnf->blocks[p->open].dangles;
        split_swallowed(p, p->open);
    }
    p->open = NO_BLOCK;
}

static void open_block(struct parse *p, const struct md_cnf_line *line, const struct md_imta_word *words, size_t n)
{
    enum md_imta_block_kind kind = md_str_is_nocase(words[0].text, "defaults")     ? MD_IMTA_DEFAULTS
                                   : md_str_is_nocase(words[0].text, "nodefaults") ? MD_IMTA_NODEFAULTS
                                                                                   : MD_IMTA_CHANNEL;

    close_block(p);
    p->open = push_block(p, kind, words[0].text, words[0].loc);
    p->torn = NO_BLOCK;
    p->cnf->blocks[p->open].dangles = line->dangles;
    if (kind != MD_IMTA_NODEFAULTS)
        md_imta_keywords_read(p->arena, p->keywords, words + 1, n - 1, &p->cnf->blocks[p->open]);
}

/* "  pool SMTP_POOL maytlsserver" below the line of a channel or of defaults: its "\" was lost. */
static bool is_lost_continuation(const struct parse *p, const struct md_imta_block *block,
                                 const struct md_imta_word *words)
{
    return block->kind != MD_IMTA_NODEFAULTS && block->n_hosts == 0 && words[0].loc.column > 1 &&
           is_keyword(p, &words[0]);
}

static void read_channel_line(struct parse *p, const struct md_cnf_line *line, const struct md_imta_word *words,
                              size_t n)
{
    struct md_imta_block *block = p->open != NO_BLOCK ? &p->cnf->blocks[p->open] : NULL;

    if (block == NULL) {
        if (looks_like_rule(p, words, n)) {
            md_cnf_fault_add(&p->cnf->faults, MD_CNF_RULE_AFTER_BLANK_LINE, words[0].loc, words[0].text);
            add_rule(p, line, words, n);
            p->in_rules = true;
            return;
        }
        if (p->torn == NO_BLOCK || !looks_like_tag(p, words, n)) {
            open_block(p, line, words, n);
            return;
        }
        p->open = p->torn;
        p->torn = NO_BLOCK;
        block = &p->cnf->blocks[p->open];
        if (!p->torn_dangles)
            md_cnf_fault_add(&p->cnf->faults, MD_CNF_BLANK_LINE_IN_BLOCK, words[0].loc, words[0].text);
    } else if (is_lost_continuation(p, block, words)) {
        md_cnf_fault_add(&p->cnf->faults, MD_CNF_MISSING_CONTINUATION, words[0].loc, words[0].text);
        md_imta_keywords_read(p->arena, p->keywords, words, n, block);
        return;
    } else if (block->kind != MD_IMTA_CHANNEL) {
        md_cnf_fault_add(&p->cnf->faults, MD_CNF_DEFAULTS_WITH_HOSTS, words[0].loc, words[0].text);
        if (looks_like_name_line(p, words, n))
            open_block(p, line, words, n);
        return;
    } else if (looks_like_name_line(p, words, n)) {
        note_missing_blank(p, p->after_comment, words[0].loc, words[0].text);
        open_block(p, line, words, n);
        return;
    }
    push_host(p, block, words[0].text, n > 1 ? words[1].text : (struct md_str){0}, words[0].loc);
}

static void read_text(struct parse *p, const char *name, struct md_str text, uint32_t first_line, unsigned depth);

static void read_include(struct parse *p, const struct md_cnf_line *line, unsigned depth)
{
    const char *name = NULL;
    struct md_str text = {0};

    if (md_cnf_include_open(&p->includes, line, depth, &p->cnf->faults, &name, &text))
        read_text(p, name, text, 1, depth + 1);
}

static void read_blank(struct parse *p, const struct md_cnf_line *line, unsigned depth)
{
    if (p->in_rules && depth == 0 && line->line == 1) {
        md_cnf_fault_add(&p->cnf->faults, MD_CNF_LEADING_BLANK_LINE, md_cnf_loc(line, 0), MD_LIT(""));
        p->began_blank = true;
    } else if (p->in_rules && !p->began_blank) {
        p->in_rules = false;
    } else if (p->open != NO_BLOCK) {
        close_block(p);
    }
}

static void read_words(struct parse *p, const struct md_cnf_line *line, const struct md_imta_word *words, size_t n)
{
    if (p->in_rules && looks_like_name_line(p, words, n) && !looks_like_rule(p, words, n)) {
        if (!p->began_blank) /* else the blank line is there, and the mistake is that it is the first one */
            md_cnf_fault_add(&p->cnf->faults, MD_CNF_MISSING_BLANK_LINE, words[0].loc, words[0].text);
        p->in_rules = false;
    }
    p->began_blank = false;
    if (p->in_rules)
        add_rule(p, line, words, n);
    else
        read_channel_line(p, line, words, n);
}

static void read_text(struct parse *p, const char *name, struct md_str text, uint32_t first_line, unsigned depth)
{
    struct md_cnf_reader reader;
    struct md_cnf_line line;

    md_cnf_reader_init(&reader, p->arena, name, "!", text, first_line, &p->cnf->faults);
    reader.only_bang = reader.no_indent = true;
    while (md_cnf_next(&reader, &line)) {
        struct md_imta_word *words;
        size_t n;

        if (is_too_large(p, &line))
            return;
        if (line.kind == MD_CNF_COMMENT) {
            add_comment(p, &line);
            p->after_comment = true;
            continue;
        }
        if (line.kind == MD_CNF_BLANK) {
            p->after_comment = false;
            read_blank(p, &line, depth);
            continue;
        }
        if (line.text.p[0] == '<') {
            read_include(p, &line, depth);
            continue;
        }
        words = md_imta_words(p->arena, &line, line.text, &p->cnf->faults, &n);
        if (n == 0)
            continue;
        read_words(p, &line, words, n);
        p->after_comment = false;
    }
}

struct md_imta_cnf *md_imta_cnf_parse(struct md_arena *arena, const char *name, struct md_str text, uint32_t first_line,
                                      const struct md_keywords *keywords, md_imta_include_fn *include,
                                      void *include_ctx)
{
    struct parse p = {
        .arena = arena,
        .cnf = md_arena_alloc(arena, sizeof *p.cnf),
        .keywords = keywords,
        .includes = {.arena = arena, .fn = include, .ctx = include_ctx},
        .in_rules = true,
        .open = NO_BLOCK,
        .torn = NO_BLOCK,
    };

    p.cnf->name = name;
    p.cnf->faults.arena = arena;
    read_text(&p, name, text, first_line, 0);
    close_block(&p);
    p.cnf->includes = p.includes.items;
    p.cnf->n_includes = p.includes.n;
    for (size_t i = 0; i < p.cnf->n_blocks; i++) {
        const struct md_imta_block *block = &p.cnf->blocks[i];

        if (block->kind == MD_IMTA_CHANNEL && block->n_hosts == 0 && !block->dangles)
            md_cnf_fault_add(&p.cnf->faults, MD_CNF_NO_OFFICIAL_HOST, block->loc, block->name);
    }
    return p.cnf;
}
