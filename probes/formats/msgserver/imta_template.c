/*
 * The right side of a rewrite rule: where its channel tag stands and what conditions it carries.
 */
#include "probes/formats/msgserver/imta_template.h"

#include <string.h>

#define CONTROLS_MAX 64

struct scan {
    struct md_arena *arena;
    const struct md_cnf_line *line;
    struct md_imta_rule *rule;
    struct md_imta_control *controls;
    size_t n, capacity;
    struct md_imta_ref *unknown, *mappings;
    size_t unknown_capacity, mappings_capacity;
};

static void add_ref(struct scan *s, struct md_imta_ref **list, size_t *n, size_t *capacity, size_t from, size_t to)
{
    struct md_imta_ref *ref;

    if (*n >= CONTROLS_MAX)
        return;
    ref = md_arena_push(s->arena, list, n, capacity, sizeof *ref);
    ref->text = md_str_sub(s->rule->template, from, to - from);
    ref->loc = md_cnf_loc_of(s->line, md_str_from(s->rule->template, from));
}

static void add_unknown(struct scan *s, size_t from, size_t to)
{
    add_ref(s, &s->unknown, &s->rule->n_unknown, &s->unknown_capacity, from, to);
}

/* "${TABLE,argument}", `at` behind the "{": the name of the table. */
static void add_mapping(struct scan *s, size_t at, size_t end)
{
    size_t to = at;

    while (to < end && s->rule->template.p[to] != ',' && s->rule->template.p[to] != '}')
        to++;
    if (to > at && md_str_find_char(md_str_sub(s->rule->template, at, to - at), '$') < 0)
        add_ref(s, &s->mappings, &s->rule->n_mappings, &s->mappings_capacity, at, to);
}

/* Whether a sequence without an own effect here is one that the product has: it inserts text or sets the case. */
static bool inserts_text(char upper)
{
    return upper != '\0' && strchr("UDHLW&!*#$%@\\^_=.", upper) != NULL;
}

/* End of "$]url[", "$(text)", "${mapping,arg}", "$[routine]": the offset behind the closing character, or the end. */
static size_t skip_group(struct md_str t, size_t at, char close)
{
    while (at < t.n && t.p[at] != close)
        at++;
    return at < t.n ? at + 1 : at;
}

static void add_control(struct scan *s, char letter, int number, struct md_str arg, size_t offset)
{
    struct md_imta_control *control;

    if (s->n >= CONTROLS_MAX)
        return;
    control = md_arena_push(s->arena, &s->controls, &s->n, &s->capacity, sizeof *control);
    control->letter = letter;
    control->number = number;
    control->arg = arg;
    control->loc = md_cnf_loc_of(s->line, md_str_from(s->rule->template, offset));
}

/* The argument of a control: up to "@", "%" or "$" ($V and $Z take substitutions), for "?" the rest. */
static size_t skip_arg(struct md_str t, size_t at, char letter)
{
    if (letter == '?')
        return t.n;
    while (at < t.n && t.p[at] != '@' && t.p[at] != '%' && (t.p[at] != '$' || letter == 'V' || letter == 'Z')) {
        if (t.p[at] == '$' && at + 1 < t.n && md_str_find_char(MD_LIT("MNCQT?"), t.p[at + 1]) >= 0)
            break;
        at++;
    }
    return at;
}

/* Reads the sequence that begins with the "$" at `at`; returns the offset behind it. *ret_inserts: it stands for
 * text. */
static size_t read_sequence(struct scan *s, size_t at, bool *ret_inserts)
{
    struct md_str t = s->rule->template;
    size_t dollar = at++;
    int number = -1;
    char c;

    *ret_inserts = true;
    while (at < t.n && md_is_digit(t.p[at])) {
        number = number < 0 ? t.p[at] - '0' : number < 1000 ? number * 10 + (t.p[at] - '0') : number;
        at++;
    }
    if (at >= t.n) {
        add_unknown(s, dollar, at);
        return at;
    }
    c = t.p[at++];
    switch (c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c) {
    case ']': return skip_group(t, at, '[');
    case '(': return skip_group(t, at, ')');
    case '{': {
        size_t end = skip_group(t, at, '}');

        add_mapping(s, at, end);
        return end;
    }
    case '[': return skip_group(t, at, ']');
    case 'E': s->rule->only_envelope = true; break;
    case 'B': s->rule->only_header = true; break;
    case 'F': s->rule->only_forward = true; break;
    case 'R': s->rule->only_backward = true; break;
    case 'A': /* with a number it inserts a character, else it is a condition */
    case 'X': *ret_inserts = number >= 0; return at;
    case 'P':
    case 'S':
    case '~': break;
    case 'M':
    case 'N':
    case 'Q':
    case 'C':
    case 'T':
    case 'V':
    case 'Z':
    case '?': {
        char letter = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
        bool has_arg = !((letter == 'M' || letter == 'N') && number >= 0);
        size_t end = has_arg ? skip_arg(t, at, letter) : at;

        add_control(s, letter, number, md_str_sub(t, at, end - at), dollar);
        *ret_inserts = false;
        return end;
    }
    default:
        if (!inserts_text(c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c))
            add_unknown(s, dollar, at);
        return at;
    }
    *ret_inserts = false;
    return at;
}

void md_imta_template_read(struct md_arena *arena, const struct md_cnf_line *line, struct md_imta_rule *rule)
{
    struct scan s = {.arena = arena, .line = line, .rule = rule};
    struct md_str t = rule->template;
    size_t at = 0, tag_from = 0, tag_to = 0, separators[2] = {t.n, t.n}, n_separators = 0;
    bool in_tag = false, tag_ended = false, computed = false, has_user = false;

    while (at < t.n) {
        bool inserts = true;
        size_t next = at + 1;

        if (t.p[at] == '$') {
            next = read_sequence(&s, at, &inserts);
            if (in_tag && !inserts)
                tag_ended = true;
            else if (in_tag && !tag_ended)
                computed = true;
        } else if (t.p[at] == '@') {
            in_tag = true;
            tag_ended = computed = false;
            tag_from = tag_to = next;
            rule->n_ats++;
        }
        if (t.p[at] == '@' || t.p[at] == '%') {
            if (n_separators < 2)
                separators[n_separators++] = at;
        } else if (n_separators == 0 && (t.p[at] != '$' || inserts)) {
            has_user = true;
        }
        if (in_tag && !tag_ended && t.p[at] != '@')
            tag_to = next;
        at = next;
    }
    rule->controls = s.controls;
    rule->n_controls = s.n;
    rule->unknown = s.unknown;
    rule->mappings = s.mappings;
    rule->user = md_str_sub(t, 0, separators[0]);
    rule->domain =
        md_str_sub(t, separators[0] + 1, separators[1] > separators[0] ? separators[1] - separators[0] - 1 : 0);
    rule->has_no_user = n_separators > 0 && !has_user;
    rule->rewrites_again = n_separators > 0 && rule->n_ats == 0;
    if (in_tag) {
        rule->tag = md_str_sub(t, tag_from, tag_to - tag_from);
        rule->tag_loc = md_cnf_loc_of(line, md_str_from(t, tag_from));
        rule->tag_is_computed = computed;
    }
}
