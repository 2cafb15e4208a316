#include "engine/choice.h"

#include <math.h>

#include "engine/base/display.h"
#include "engine/base/num.h"
#include "engine/base/time.h"

#define MOST_ITEMS 16 /* names in an outcome of counts */

/* ---- outcomes ---- */

static const struct md_node *outcomes(const struct md_fact_def *def)
{
    const struct md_node *node = def->ask != NULL ? md_node_get(def->ask, "outcomes") : NULL;

    return node != NULL && node->kind == MD_NODE_MAP ? node : NULL;
}

size_t md_choice_count(const struct md_fact_def *def)
{
    const struct md_node *node = outcomes(def);

    return node != NULL ? node->count : 0;
}

static const struct md_node *outcome(const struct md_fact_def *def, size_t i)
{
    const struct md_node *node = outcomes(def);

    for (node = node != NULL ? node->first : NULL; node != NULL && i > 0; i--)
        node = node->next;
    return node;
}

struct md_str md_choice_name(const struct md_fact_def *def, size_t i)
{
    const struct md_node *node = outcome(def, i);

    return node != NULL ? node->key : MD_LIT("");
}

const char *md_choice_says(struct md_arena *arena, const struct md_fact_def *def, size_t i)
{
    struct md_str name = md_choice_name(def, i);
    const struct md_node *says = def->ask != NULL ? md_node_get(def->ask, "says") : NULL;
    char *words;

    for (says = says != NULL ? says->first : NULL; says != NULL; says = says->next)
        if (md_str_eq(says->key, name))
            return md_display(arena, says->text);
    words = md_arena_printf(arena, "%s", md_display(arena, name));
    for (char *p = words; *p != '\0'; p++)
        if (*p == '-')
            *p = ' ';
    return words;
}

/* ---- numbers ---- */

/* "0", "1..99", "100..", "..5" */
static bool read_range(struct md_str text, double *ret_low, double *ret_high)
{
    ptrdiff_t dots = md_str_find(text, MD_LIT(".."));
    struct md_str low = dots >= 0 ? md_str_sub(text, 0, (size_t)dots) : text,
                  high = dots >= 0 ? md_str_from(text, (size_t)dots + 2) : text;

    *ret_low = -HUGE_VAL;
    *ret_high = HUGE_VAL;
    if (low.n == 0 && high.n == 0)
        return false;
    return (low.n == 0 || md_num_all_double(low, ret_low) == MD_OK) &&
           (high.n == 0 || md_num_all_double(high, ret_high) == MD_OK) && *ret_low <= *ret_high;
}

/* Within the range, and neither at its edge nor out of all proportion. */
static double typical(double low, double high, bool is_whole)
{
    double x = low;

    if (isinf(low) && !isinf(high))
        x = high > 0 ? high / 2 : high;
    else if (isinf(high))
        x = low > 0 ? 2 * low : 1;
    else if (low < high)
        x = low > 0 ? sqrt(low * high) : (low + high) / 2;
    if (is_whole && floor(x) >= low)
        x = floor(x);
    return x;
}

static bool number_of(const struct md_value *value, int64_t now, double *ret)
{
    switch (value->type) {
    case MD_TYPE_COUNT: *ret = (double)value->u.count; return true;
    case MD_TYPE_NUMBER:
    case MD_TYPE_DURATION: *ret = value->u.number; return true;
    case MD_TYPE_TIME: *ret = ((double)now - (double)value->u.time) / (double)MD_SECOND; return now != MD_TIME_NONE;
    case MD_TYPE_BOOL:
    case MD_TYPE_TEXT:
    case MD_TYPE_COUNTS:
    case MD_TYPE_TEXTS:
    case MD_TYPE_COUNT_OF: break;
    }
    return false;
}

static bool number_value(enum md_type type, double low, double high, int64_t now, struct md_value *ret)
{
    double x = typical(low, high, type == MD_TYPE_COUNT);

    ret->type = type;
    switch (type) {
    case MD_TYPE_COUNT: ret->u.count = x > 0 && x < 1e18 ? (uint64_t)x : 0; return true;
    case MD_TYPE_NUMBER:
    case MD_TYPE_DURATION: ret->u.number = x; return true;
    case MD_TYPE_TIME:
        ret->u.time = now - (int64_t)(x * (double)MD_SECOND);
        return now != MD_TIME_NONE && fabs(x) < 1e10;
    case MD_TYPE_BOOL:
    case MD_TYPE_TEXT:
    case MD_TYPE_COUNTS:
    case MD_TYPE_TEXTS:
    case MD_TYPE_COUNT_OF: break;
    }
    return false;
}

/* ---- names ---- */

/* "name=number,name=number"; of texts the numbers may be left out. At most `max`; false: malformed. */
static bool read_items(struct md_str text, struct md_count_item *ret, size_t max, size_t *ret_n)
{
    *ret_n = 0;
    while (text.n > 0) {
        ptrdiff_t comma = md_str_find_char(text, ',');
        struct md_str item = comma >= 0 ? md_str_sub(text, 0, (size_t)comma) : text;
        ptrdiff_t equals = md_str_find_char(item, '=');

        text = comma >= 0 ? md_str_from(text, (size_t)comma + 1) : MD_LIT("");
        if (*ret_n == max)
            return false;
        ret[*ret_n] = (struct md_count_item){.name = item, .count = 1};
        if (equals >= 0) {
            ret[*ret_n].name = md_str_sub(item, 0, (size_t)equals);
            if (md_num_all_u64(md_str_from(item, (size_t)equals + 1), UINT64_MAX, &ret[*ret_n].count) != MD_OK)
                return false;
        }
        if (ret[(*ret_n)++].name.n == 0)
            return false;
    }
    return true;
}

static bool has_item(const struct md_count_item *items, size_t n, struct md_str name)
{
    for (size_t i = 0; i < n; i++)
        if (md_str_eq(items[i].name, name))
            return true;
    return false;
}

/* The most frequent name of the value; empty: it is empty. */
static struct md_str main_name(const struct md_value *value)
{
    if (value->type == MD_TYPE_COUNTS)
        return value->u.counts.n > 0 && value->u.counts.total > 0 ? value->u.counts.items[0].name : MD_LIT("");
    return value->u.texts.n > 0 ? value->u.texts.items[0] : MD_LIT("");
}

static bool items_hold(struct md_str text, const struct md_value *value, bool takes_others)
{
    struct md_count_item items[MOST_ITEMS];
    struct md_str name = main_name(value);
    size_t n;

    if (!read_items(text, items, MOST_ITEMS, &n))
        return false;
    if (name.n == 0)
        return n == 0;
    return has_item(items, n, takes_others ? MD_LIT("other") : name);
}

static bool items_value(struct md_arena *arena, enum md_type type, struct md_str text, struct md_value *ret)
{
    struct md_count_item *items = md_arena_array(arena, MOST_ITEMS, sizeof *items);
    struct md_str *texts = md_arena_array(arena, MOST_ITEMS, sizeof *texts);
    size_t n;

    if (!read_items(text, items, MOST_ITEMS, &n))
        return false;
    ret->type = type;
    if (type == MD_TYPE_TEXTS) {
        for (size_t i = 0; i < n; i++)
            texts[i] = items[i].name;
        ret->u.texts.items = texts;
        ret->u.texts.n = n;
        return true;
    }
    ret->u.counts = (struct md_counts){.items = items, .n = n, .distinct = n, .is_exact = true};
    for (size_t i = 0; i < n; i++)
        ret->u.counts.total += items[i].count;
    return true;
}

/* ---- values ---- */

static bool is_number(enum md_type type)
{
    return type == MD_TYPE_COUNT || type == MD_TYPE_NUMBER || type == MD_TYPE_DURATION || type == MD_TYPE_TIME;
}

bool md_choice_value(struct md_arena *arena, const struct md_fact_def *def, size_t i, int64_t now, struct md_value *ret)
{
    const struct md_node *node = outcome(def, i);
    double low, high;

    *ret = (struct md_value){.type = def->type};
    if (node == NULL || node->kind != MD_NODE_SCALAR)
        return false;
    if (is_number(def->type))
        return read_range(node->text, &low, &high) && number_value(def->type, low, high, now, ret);
    if (def->type == MD_TYPE_COUNTS || def->type == MD_TYPE_TEXTS)
        return items_value(arena, def->type, node->text, ret);
    if (def->type == MD_TYPE_TEXT) {
        ret->u.text = md_str_is(node->text, "*") ? MD_LIT("other") : node->text;
        return true;
    }
    ret->u.b = md_str_is(node->text, "true");
    return def->type == MD_TYPE_BOOL && (ret->u.b || md_str_is(node->text, "false"));
}

/* `takes_others`: what is meant for every value that no other outcome is for. */
static bool holds(const struct md_fact_def *def, struct md_str text, const struct md_value *value, int64_t now,
                  bool takes_others)
{
    double low, high, x;

    if (is_number(def->type))
        return number_of(value, now, &x) && read_range(text, &low, &high) && x >= low && x <= high;
    if (def->type == MD_TYPE_COUNTS || def->type == MD_TYPE_TEXTS)
        return items_hold(text, value, takes_others);
    if (def->type == MD_TYPE_TEXT)
        return takes_others ? md_str_is(text, "*") : md_str_eq(text, value->u.text);
    return md_str_is(text, value->u.b ? "true" : "false");
}

size_t md_choice_of(const struct md_fact_def *def, const struct md_value *value, int64_t now)
{
    size_t n = md_choice_count(def);

    for (int takes_others = 0; takes_others <= 1 && value->type == def->type; takes_others++)
        for (size_t i = 0; i < n; i++)
            if (holds(def, outcome(def, i)->text, value, now, takes_others != 0))
                return i;
    return SIZE_MAX;
}

struct md_fact *md_choice_fact(struct md_arena *arena, const struct md_fact_def *def, struct md_instance *at,
                               const struct md_value *value)
{
    static const struct md_origin person = {.kind = MD_ORIGIN_PERSON};
    struct md_fact *fact = md_arena_alloc(arena, sizeof *fact);

    *fact =
        (struct md_fact){.def = def, .at = at, .is_known = true, .value = *value, .origins = &person, .n_origins = 1};
    return fact;
}

/* ---- lint ---- */

/* Whole numbers lie one apart. What values a plain number takes, a version for instance, only its author knows. */
static bool is_beside(const struct md_fact_def *def, double high, double low)
{
    bool is_part = strcmp(def->unit, "share") == 0 || strcmp(def->unit, "percent") == 0;

    return low <= high || (def->type == MD_TYPE_NUMBER ? !is_part || low - high <= .11 : low - high <= 1);
}

static const char *range_gap(struct md_arena *arena, const struct md_fact_def *def)
{
    size_t n = md_choice_count(def);
    double reached = HUGE_VAL, low, high;
    bool moves = true;

    for (size_t i = 0; i < n; i++) { /* less than the least does not occur */
        if (!read_range(outcome(def, i)->text, &low, &high))
            return md_arena_printf(arena, "%s is no number and no range", md_choice_says(arena, def, i));
        reached = fmin(reached, fmax(low, 0));
    }
    while (moves && !isinf(reached)) {
        moves = false;
        for (size_t i = 0; i < n; i++)
            if (read_range(outcome(def, i)->text, &low, &high) && high > reached && is_beside(def, reached, low)) {
                reached = high;
                moves = true;
            }
    }
    /* A share and a percentage end; a number without a unit is a name (of a version). */
    if (isinf(reached) || (def->type == MD_TYPE_NUMBER && *def->unit == '\0') || strcmp(def->unit, "share") == 0 ||
        strcmp(def->unit, "percent") == 0)
        return NULL;
    return md_arena_printf(arena, "nothing is said of values over %g", reached);
}

const char *md_choice_gap(struct md_arena *arena, const struct md_fact_def *def)
{
    size_t n = md_choice_count(def);
    bool has_true = false, has_false = false;

    if (n < 2)
        return "it has fewer than two outcomes";
    if (is_number(def->type))
        return range_gap(arena, def);
    for (size_t i = 0; i < n; i++) {
        struct md_value value;

        if (!md_choice_value(arena, def, i, 0, &value))
            return md_arena_printf(arena, "%s is no value of it", md_choice_says(arena, def, i));
        has_true |= value.type == MD_TYPE_BOOL && value.u.b;
        has_false |= value.type == MD_TYPE_BOOL && !value.u.b;
    }
    if (def->type == MD_TYPE_BOOL && !(has_true && has_false))
        return "one of true and false is missing";
    /* Texts and names need not be complete: where nothing fits a person says "don't know". */
    return NULL;
}
