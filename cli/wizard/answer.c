#include "cli/wizard/answer.h"

#include <math.h>

#include "engine/base/num.h"
#include "engine/base/time.h"
#include "engine/choice.h"

static const struct {
    struct md_str name;
    const char *argument, *says;
} verbs[MD_VERB_COUNT] = {
#define MD_VERB(id, name, argument, says) [MD_VERB_##id] = {MD_LIT_INIT(name), (argument), (says)},
#include "cli/wizard/verb.def"
#undef MD_VERB
};

const char *md_verb_name(enum md_verb verb)
{
    return verbs[verb].name.p;
}

const char *md_verb_argument(enum md_verb verb)
{
    return verbs[verb].argument;
}

const char *md_verb_says(enum md_verb verb)
{
    return verbs[verb].says;
}

bool md_said_is_number(const struct md_fact_def *fact)
{
    return fact != NULL && (fact->type == MD_TYPE_COUNT || fact->type == MD_TYPE_NUMBER ||
                            fact->type == MD_TYPE_DURATION || fact->type == MD_TYPE_TIME);
}

/* A command alone, or with the argument that it must have. */
static bool read_verb(struct md_str line, struct md_said *ret)
{
    for (enum md_verb verb = 0; verb < MD_VERB_COUNT; verb++) {
        if (!md_str_has_prefix_nocase(line, verbs[verb].name)) {
            continue;
        }
        struct md_str rest = md_str_from(line, verbs[verb].name.n), argument = md_str_trim(rest);
        bool has_argument = argument.n > 0, takes = verbs[verb].argument[0] != '\0';
        bool must = takes && verbs[verb].argument[0] != '[';
        if ((has_argument && (!takes || !md_is_space(rest.p[0]))) || (must && !has_argument)) {
            continue;
        }
        *ret = (struct md_said){.kind = MD_SAID_COMMAND, .verb = verb, .argument = argument};
        return true;
    }
    return false;
}

static bool is_unknown(struct md_str line)
{
    static const char *const words[] = {"?", "don't know", "dont know", "do not know", "unknown", "dunno", "no idea"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (md_str_is_nocase(line, words[i])) {
            return true;
        }
    }
    return false;
}

static bool is_file(struct md_str line, struct md_str *ret)
{
    static const char *const begins[] = {"/", "./", "../", "~/"};
    for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++) {
        if (md_str_has_prefix(line, md_str(begins[i])) && line.n > strlen(begins[i])) {
            *ret = line;
            return true;
        }
    }
    if (md_str_skip_prefix(&line, MD_LIT("file ")) && md_str_trim(line).n > 0) {
        *ret = md_str_trim(line);
        return true;
    }
    return false;
}

/* ---- values ---- */

static bool is_yes(struct md_str text)
{
    return md_str_is_nocase(text, "yes") || md_str_is_nocase(text, "y") || md_str_is_nocase(text, "true");
}

static bool is_no(struct md_str text)
{
    return md_str_is_nocase(text, "no") || md_str_is_nocase(text, "n") || md_str_is_nocase(text, "false");
}

/* A number at the front, with thousands parted by commas and with k, M or G behind; what follows stays in *rest. */
static bool take_number(struct md_arena *arena, struct md_str *rest, double *ret)
{
    char *digits = md_arena_alloc(arena, rest->n + 1);
    size_t n = 0, i = 0;
    for (; i < rest->n &&
           (md_is_digit(rest->p[i]) || rest->p[i] == '.' || rest->p[i] == ',' || (i == 0 && rest->p[i] == '-'));
         i++) {
        /* a comma parts thousands, or it is none that we know */
        if (rest->p[i] == ',' && (i + 3 >= rest->n || !md_is_digit(rest->p[i + 1]) || !md_is_digit(rest->p[i + 3]) ||
                                  (i + 4 < rest->n && md_is_digit(rest->p[i + 4])))) {
            return false;
        }
        if (rest->p[i] != ',') {
            digits[n++] = rest->p[i];
        }
    }
    if (n == 0 || md_num_all_double(md_str_n(digits, n), ret) != MD_OK) {
        return false;
    }
    *rest = md_str_from(*rest, i);
    if (rest->n > 0 && (rest->n == 1 || !md_is_alpha(rest->p[1]))) {
        double times = rest->p[0] == 'k' || rest->p[0] == 'K' ? 1e3
                       : rest->p[0] == 'M'                    ? 1e6
                       : rest->p[0] == 'G'                    ? 1e9
                                                              : 0;
        if (times > 0) {
            *ret *= times;
            *rest = md_str_from(*rest, 1);
        }
    }
    return true;
}

/* What may stand behind a number: nothing, a per cent sign, the unit, or one word that looks like one ("files"). */
static bool is_unit(struct md_str rest)
{
    rest = md_str_trim(rest);
    for (size_t i = 0; i < rest.n; i++) {
        if (!md_is_alpha(rest.p[i]) && rest.p[i] != '%' && rest.p[i] != '/' && rest.p[i] != ' ') {
            return false;
        }
    }
    return rest.n <= 40;
}

static bool read_duration(struct md_arena *arena, struct md_str text, double *ret)
{
    static const struct {
        const char *begins;
        double seconds;
    } units[] = {{"ms", 0.001}, {"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}, {"w", 604800}};
    double number, sum = 0;
    if (md_duration_parse(text, ret) == MD_OK) {
        return true;
    }
    do {
        struct md_str unit;
        if (!take_number(arena, &text, &number) || number < 0) {
            return false;
        }
        text = md_str_trim(text);
        unit = md_str_next_word(&text);
        double times = md_str_is_empty(unit) ? 1 : 0;
        for (size_t i = 0; i < sizeof(units) / sizeof(units[0]) && !(times > 0); i++) {
            times = md_lower(unit.p[0]) == units[i].begins[0] && md_str_has_prefix_nocase(unit, md_str(units[i].begins))
                        ? units[i].seconds
                        : 0;
        }
        if (!(times > 0)) {
            return false;
        }
        sum += number * times;
        text = md_str_trim(text);
    } while (text.n > 0);
    *ret = sum;
    return true;
}

static bool read_time(struct md_arena *arena, struct md_str text, int64_t now, int64_t *ret)
{
    double seconds;
    if (md_time_parse_rfc3339(text, ret, NULL) == MD_OK) {
        return true;
    }
    if (md_str_has_suffix(text, MD_LIT(" ago"))) {
        text = md_str_trim(md_str_sub(text, 0, text.n - 4));
    } else {
        return false;
    }
    if (now == MD_TIME_NONE || !read_duration(arena, text, &seconds) || seconds > 1e10) {
        return false;
    }
    *ret = now - (int64_t)(seconds * 1e6);
    return true;
}

bool md_said_value(struct md_arena *arena, const struct md_fact_def *fact, struct md_str text, int64_t now,
                   struct md_value *ret)
{
    double number;
    text = md_str_trim(text);
    *ret = (struct md_value){.type = fact->type};
    switch (fact->type) {
    case MD_TYPE_BOOL: ret->u.b = is_yes(text); return ret->u.b || is_no(text);
    case MD_TYPE_COUNT:
        if (!take_number(arena, &text, &number) || number < 0 || number > 1e15 || number != floor(number)) {
            return false;
        }
        ret->u.count = (uint64_t)number;
        return is_unit(text);
    case MD_TYPE_NUMBER: return take_number(arena, &text, &ret->u.number) && is_unit(text);
    case MD_TYPE_DURATION: return read_duration(arena, text, &ret->u.number);
    case MD_TYPE_TIME: return read_time(arena, text, now, &ret->u.time);
    case MD_TYPE_TEXT: ret->u.text = md_arena_str(arena, text); return text.n > 0 && text.n < 1000;
    case MD_TYPE_COUNTS:
    case MD_TYPE_TEXTS:
    case MD_TYPE_COUNT_OF: break;
    }
    return false;
}

/* ---- choices ---- */

/* SIZE_MAX: none, or more than one. */
static size_t find_choice(const struct md_choice_list *list, struct md_str line)
{
    uint64_t number;
    size_t found = SIZE_MAX, n_found = 0;
    if (line.n == 1 && md_is_alpha(line.p[0]) && (size_t)(md_lower(line.p[0]) - 'a') < list->n &&
        !((md_lower(line.p[0]) == 'y' || md_lower(line.p[0]) == 'n') && list->n < 14)) {
        return (size_t)(md_lower(line.p[0]) - 'a');
    }
    if (!md_said_is_number(list->fact) && md_num_all_u64(line, list->n, &number) == MD_OK && number > 0) {
        return (size_t)number - 1;
    }
    for (size_t i = 0; i < list->n; i++) {
        if (md_str_is_nocase(line, list->names[i]) || md_str_is_nocase(line, list->says[i]) ||
            (is_yes(line) && md_str_is_nocase(md_str(list->names[i]), "yes")) ||
            (is_no(line) && md_str_is_nocase(md_str(list->names[i]), "no"))) {
            return i;
        }
    }
    for (size_t i = 0; line.n >= 2 && i < list->n; i++) {
        if (md_str_has_prefix_nocase(md_str(list->names[i]), line) ||
            md_str_has_prefix_nocase(md_str(list->says[i]), line)) {
            found = i;
            n_found++;
        }
    }
    return n_found == 1 ? found : SIZE_MAX;
}

void md_said_read(struct md_arena *arena, struct md_str line, const struct md_choice_list *list, struct md_said *ret)
{
    line = md_str_trim(line);
    *ret = (struct md_said){.kind = MD_SAID_OTHER, .choice = SIZE_MAX, .argument = line};
    if (md_str_is_empty(line)) {
        ret->kind = MD_SAID_NOTHING;
    } else if (is_unknown(line)) {
        ret->kind = MD_SAID_UNKNOWN;
    } else if (md_str_is(line, "!")) {
        ret->kind = MD_SAID_RUN;
    } else if ((ret->choice = find_choice(list, line)) != SIZE_MAX) {
        ret->kind = MD_SAID_CHOICE;
    } else if (!read_verb(line, ret)) {
        ret->choice = SIZE_MAX;
        if (is_file(line, &ret->argument)) {
            ret->kind = MD_SAID_FILE;
        } else if (list->fact != NULL && md_said_value(arena, list->fact, line, list->now, &ret->value)) {
            ret->kind = MD_SAID_VALUE;
            ret->choice = md_choice_of(list->fact, &ret->value, list->now);
        }
    }
}

bool md_said_choice_value(struct md_arena *arena, const struct md_fact_def *fact, struct md_str text, int64_t now,
                          struct md_value *ret)
{
    for (size_t i = 0; i < md_choice_count(fact); i++) {
        if (md_str_eq_nocase(md_choice_name(fact, i), text) && md_choice_value(arena, fact, i, now, ret)) {
            return true;
        }
    }
    return md_said_value(arena, fact, text, now, ret);
}
