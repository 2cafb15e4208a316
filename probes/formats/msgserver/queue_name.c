#include "probes/formats/msgserver/queue_name.h"

#define BASE 36

/* Value of a digit of the counter, -1: none. Lower case letters are no digits. */
static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'Z')
        return c - 'A' + 10;
    return -1;
}

static bool is_unique_char(char c)
{
    return md_is_alnum(c) || c == '_';
}

bool md_queue_name_parse(struct md_str name, struct md_queue_name *ret)
{
    int high, low;
    size_t dot = 2;

    if (name.n < 2 + MD_QUEUE_UNIQUE_MIN + 3)
        return false;
    high = digit_value(name.p[0]);
    low = digit_value(name.p[1]);
    if (high < 0 || low < 0)
        return false;
    while (dot < name.n && is_unique_char(name.p[dot]))
        dot++;
    if (dot == name.n || name.p[dot] != '.' || dot - 2 < MD_QUEUE_UNIQUE_MIN || dot - 2 > MD_QUEUE_UNIQUE_MAX)
        return false;

    *ret = (struct md_queue_name){
        .attempts = (unsigned)((BASE - 1 - high) * BASE + (BASE - 1 - low)),
        .unique = md_str_sub(name, 2, dot - 2),
        .extension = md_str_from(name, dot + 1),
    };
    if (md_str_is(ret->extension, "HELD")) {
        ret->is_held = true;
        return true;
    }
    if (md_str_is(ret->extension, "held")) {
        ret->is_held = ret->is_held_lower = true;
        return true;
    }
    return ret->extension.n == 2 && md_is_alnum(ret->extension.p[0]) && md_is_alnum(ret->extension.p[1]);
}

void md_queue_name_generation(unsigned attempts, char ret[2])
{
    static const char digits[BASE + 1] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    unsigned n = attempts > MD_QUEUE_ATTEMPTS_MAX ? MD_QUEUE_ATTEMPTS_MAX : attempts;

    ret[0] = digits[BASE - 1 - n / BASE];
    ret[1] = digits[BASE - 1 - n % BASE];
}

bool md_queue_name_is_leftover(struct md_str name)
{
    return md_str_has_suffix(name, MD_LIT(".data-failed")) || md_str_has_suffix(name, MD_LIT("-failed"));
}

bool md_queue_subdir_parse(struct md_str name, unsigned *ret)
{
    unsigned number = 0;

    if (name.n != 3)
        return false;
    for (size_t i = 0; i < name.n; i++) {
        if (!md_is_digit(name.p[i]))
            return false;
        number = number * 10 + (unsigned)(name.p[i] - '0');
    }
    *ret = number;
    return true;
}

/* The next component that is neither empty nor "."; false at the end. */
static bool next_component(struct md_str *rest, char sep, struct md_str *ret)
{
    while (md_str_split(rest, sep, ret))
        if (ret->n > 0 && !(ret->n == 1 && ret->p[0] == '.'))
            return true;
    return false;
}

static void parse(struct md_str path, char sep, struct md_queue_path *ret)
{
    struct md_str rest = path, part, previous = {0};
    size_t n = 0;
    const char *inner_from = NULL;

    *ret = (struct md_queue_path){0};
    /* Each component is looked at when the one after it is known, because the last one is the name. */
    while (next_component(&rest, sep, &part)) {
        if (n == 1)
            ret->channel = previous;
        else if (n >= 2 && !(n == 2 && md_queue_subdir_parse(previous, &ret->subdir))) {
            if (inner_from == NULL)
                inner_from = previous.p;
            ret->inner = md_str_n(inner_from, (size_t)(previous.p + previous.n - inner_from));
        }
        previous = part;
        n++;
    }
    ret->name = previous;
}

void md_queue_path_parse(struct md_str path, struct md_queue_path *ret)
{
    parse(path, '/', ret);
}

/* How many components at the end belong to the queue, where no folder is called so: the name, its numbered or private
 * folder, the channel. */
static struct md_str queue_tail(struct md_str path, char sep)
{
    size_t from = path.n, components = 0, wanted = 2;
    unsigned ignored;

    while (from > 0) {
        size_t start = from;
        struct md_str part;

        while (start > 0 && path.p[start - 1] != sep)
            start--;
        part = md_str_sub(path, start, from - start);
        if (part.n > 0) {
            components++;
            if (components == 2 && (md_queue_subdir_parse(part, &ignored) || md_str_is(part, "spool")))
                wanted = 3;
        }
        if (components == wanted)
            return md_str_from(path, start);
        from = start > 0 ? start - 1 : 0;
    }
    return path;
}

void md_queue_path_parse_any(struct md_str path, struct md_queue_path *ret)
{
    char sep = md_str_find_char(path, '/') < 0 && md_str_find_char(path, '\\') >= 0 ? '\\' : '/';
    struct md_str rest = path, part, below = {0};
    bool is_found = false;

    while (next_component(&rest, sep, &part)) {
        if (md_str_is(part, "queue")) {
            is_found = true;
            below = rest;
        }
    }
    parse(is_found ? below : queue_tail(path, sep), sep, ret);
}
