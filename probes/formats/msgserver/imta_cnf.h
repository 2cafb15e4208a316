/*
 * probes/formats/msgserver/imta_cnf: imta.cnf, the rewrite rules and the channel blocks.
 *
 * The first blank line of the file ends the rewrite rules, every later one a channel block; "!" in column 1 is a
 * comment, "<" in column 1 includes a file (spliced in through the caller's function), "\" continues a line. Every node
 * keeps file, line and column. Recovery: a rewrite rule after a blank line, a block without a blank line before it and
 * a block torn by a blank line are read as they were meant and noted as faults, so that one mistake is one fault: after
 * a stray blank line the rules go on until the next one.
 *
 * Ownership  the tree lives in the arena and borrows from `text` and from included texts, which must live as long.
 * Limits     MD_IMTA_CNF_MAX rules, channels and hosts in all; three levels of includes.
 */
#ifndef PROBES_FORMATS_MSGSERVER_IMTA_CNF_H
#define PROBES_FORMATS_MSGSERVER_IMTA_CNF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/loc.h"
#include "engine/base/str.h"
#include "probes/formats/msgserver/cnf_line.h"
#include "probes/formats/msgserver/keywords.h"

#define MD_IMTA_CNF_MAX 500000
#define MD_IMTA_EFFECTIVE_MAX 1024 /* distinct keywords on one channel */

struct md_imta_word {
    struct md_str text; /* without quotation marks */
    struct md_loc loc;
    bool is_quoted;
};

/* A keyword as set on a name line, a defaults line or in Unified Configuration. */
struct md_imta_keyword {
    struct md_str name;           /* as written */
    const struct md_keyword *def; /* NULL: unknown; the product takes the word as the name of a group id */
    struct md_loc loc;
    const struct md_imta_word *args;
    size_t n_args;
    bool is_short; /* an argument is missing */
};

/* A condition or other control of a template that has an argument: $M $N $Q $C $T $V $Z $?, or $1M $1N. */
struct md_imta_control {
    char letter; /* 'M', '?' ... */
    int number;  /* between "$" and the letter, -1: none */
    struct md_str arg;
    struct md_loc loc;
};

/* Something in a template: an unknown "$x" or the table of a "${TABLE,...}". */
struct md_imta_ref {
    struct md_str text;
    struct md_loc loc;
};

struct md_imta_rule {
    struct md_str pattern, template;
    struct md_loc loc, template_loc;
    struct md_str user, domain; /* before the first "%" or "@", and from there to the next; with their controls */
    struct md_str tag;          /* channel tag behind the last "@"; empty: the template rewrites again */
    struct md_loc tag_loc;
    bool tag_is_computed; /* it contains substitutions */
    const struct md_imta_control *controls;
    size_t n_controls;
    const struct md_imta_ref *unknown; /* sequences that the product does not know, with their "$" */
    size_t n_unknown;
    const struct md_imta_ref *mappings; /* tables that are probed */
    size_t n_mappings;
    unsigned n_ats;      /* "@" that separate */
    bool rewrites_again; /* "A%B" without "@" */
    bool has_no_user;    /* nothing before the first "%" or "@" stands for a local part */
    bool only_envelope, only_header, only_forward, only_backward; /* $E $B $F $R */
};

struct md_imta_host {
    struct md_str name, alias; /* alias: the second word, or empty */
    struct md_loc loc;
    bool is_after_comment; /* a comment stands right before it */
};

enum md_imta_block_kind { MD_IMTA_CHANNEL, MD_IMTA_DEFAULTS, MD_IMTA_NODEFAULTS };

struct md_imta_block {
    enum md_imta_block_kind kind;
    struct md_str name;
    struct md_loc loc;
    struct md_imta_keyword *keywords;
    size_t n_keywords, keywords_capacity;
    struct md_imta_host *hosts; /* the first is the official host */
    size_t n_hosts, hosts_capacity;
    bool dangles; /* its name line ends with a "\" in front of a blank line: that is why its hosts may be missing */
};

struct md_imta_comment {
    struct md_str text;
    struct md_loc loc;
};

struct md_imta_cnf {
    const char *name;
    struct md_imta_rule *rules;
    size_t n_rules;
    struct md_imta_block *blocks; /* in input order */
    size_t n_blocks;
    struct md_cnf_include *includes;
    size_t n_includes;
    struct md_imta_comment *comments;
    size_t n_comments;
    struct md_cnf_faults faults;
};

typedef md_cnf_include_fn md_imta_include_fn;

/* Never fails. `include` may be NULL: nothing is spliced in. */
struct md_imta_cnf *md_imta_cnf_parse(struct md_arena *arena, const char *name, struct md_str text, uint32_t first_line,
                                      const struct md_keywords *keywords, md_imta_include_fn *include,
                                      void *include_ctx);

/* Reads keywords with their arguments from words; shared with Unified Configuration. Appends to the block. */
void md_imta_keywords_read(struct md_arena *arena, const struct md_keywords *keywords, const struct md_imta_word *words,
                           size_t n, struct md_imta_block *block);
/* Splits a line into words; `line` gives the places. */
struct md_imta_word *md_imta_words(struct md_arena *arena, const struct md_cnf_line *line, struct md_str text,
                                   struct md_cnf_faults *faults, size_t *ret_n);

/* Drops unknown words and what later members of the list replace; returns the new length, at most
 * MD_IMTA_EFFECTIVE_MAX. */
size_t md_imta_keywords_settle(const struct md_imta_keyword **list, size_t n);

/* Keywords that hold on each channel: what the defaults lines above it set, then its own line; of those that replace
 * each other only the last, in reading order. Goes through the channels in input order: md_imta_effective_init(&it,
 * cnf); while (md_imta_effective_next(&it, arena, &block, &list, &n)) ... */
struct md_imta_effective {
    const struct md_imta_cnf *cnf;
    size_t next; /* block to look at */
    const struct md_imta_keyword *defaults[MD_IMTA_EFFECTIVE_MAX];
    size_t n_defaults;
};
void md_imta_effective_init(struct md_imta_effective *it, const struct md_imta_cnf *cnf);
bool md_imta_effective_next(struct md_imta_effective *it, struct md_arena *arena,
                            const struct md_imta_block **ret_block, const struct md_imta_keyword ***ret_list,
                            size_t *ret_n);

/* The first rule that matches a domain in the order in which the product looks patterns up, without the percent, bang,
 * tag and
 * "$*" patterns; with_default: the rule "." too. NULL: none. */
const struct md_imta_rule *md_imta_cnf_rule_for(const struct md_imta_cnf *cnf, struct md_str domain, bool with_default);

#endif
