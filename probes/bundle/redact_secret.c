/*
 * Values that must not be seen, by the names of their keys, in all formats of configuration: "key = value", "set key value",
 * set_option("key", "value"), <key>value</key>, <option name="key">value</option>, "key": "value", -w value. In the
 * sentences of logs ("Bad username or password (Authentication failed)") there is no such value.
 */
#include <string.h>

#include "probes/bundle/redact_priv.h"

static char at(const struct md_redact_line *line, size_t i)
{
    return i < line->line.n ? line->line.p[i] : '\0';
}

static bool is_key_char(char c)
{
    return md_is_alnum(c) || c == '_' || c == '-' || c == '.' || c == ':' || c == '*';
}

static size_t skip_blanks(const struct md_redact_line *line, size_t i)
{
    while (at(line, i) == ' ' || at(line, i) == '\t')
        i++;
    return i;
}

/* Says nothing: a switch, a sample that is printed in the manual, what was hidden already. */
static bool is_harmless(struct md_str value, bool is_more_than_key)
{
    static const char *const words[] = {
        "yes",        "no",           "on",         "off",     "true", "false",     "0", "1", "null",     "none",
        "never mind", "(suppressed)", "suppressed", "default", "\"\"", "(not set)", "*", "x", "required", "optional"};
    size_t digits = 0;

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (md_str_is_nocase(value, words[i]))
            return true;
    for (size_t i = 0; i < value.n; i++)
        digits += md_is_digit(value.p[i]) || value.p[i] == '-';
    /* "passwordexpiry = 30" is a number, "password = 30" is not */
    return value.n == 0 || (is_more_than_key && digits == value.n);
}

/* The value in quotes, or up to what ends it. */
static void mark_value(struct md_redact_line *line, size_t from, const char *ends, bool is_more)
{
    size_t end;
    char quote = at(line, from);
    struct md_str value;

    if (quote == '"' || quote == '\'') {
        from++;
        for (end = from; end < line->line.n && at(line, end) != quote;)
            end += at(line, end) == '\\' ? 2 : 1;
        if (end > line->line.n)
            end = line->line.n;
    } else
        for (end = from; end < line->line.n && strchr(ends, at(line, end)) == NULL;)
            end++;
    value = md_str_trim(md_str_sub(line->line, from, end - from));
    if (!is_harmless(value, is_more))
        md_redact_mark(line, (size_t)(value.p - line->line.p), (size_t)(value.p - line->line.p) + value.n,
                       MD_MARK_SECRET);
}

/* Is the word that ends at `until` the first of the line, or behind "set", "msconfig set", "configutil -o"? */
static bool is_setting(const struct md_redact_line *line, size_t from, bool *ret_is_set)
{
    static const char *const verbs[] = {"set", "set_option", "replace_option", "-o"};
    struct md_str front = md_str_trim(md_str_sub(line->line, 0, from));

    *ret_is_set = false;
    if (front.n == 0 || md_str_is(front, "\"") || md_str_is(front, "{") || md_str_is(front, "{\""))
        return true;
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        size_t n = strlen(verbs[i]);

        if (front.n >= n && md_str_is_nocase(md_str_from(front, front.n - n), verbs[i]) &&
            (front.n == n || !md_is_alnum(front.p[front.n - n - 1]))) {
            *ret_is_set = true;
            return true;
        }
    }
    return false;
}

static bool is_configuration(enum md_item_kind kind)
{
    return kind != MD_ITEM_MAIL_LOG && kind != MD_ITEM_NSLOG && kind != MD_ITEM_CALENDAR_LOG &&
           kind != MD_ITEM_CONNECTION_LOG && kind != MD_ITEM_SYSTEM_LOG && kind != MD_ITEM_MTA_DEBUG_LOG &&
           kind != MD_ITEM_WATCHER_LOG;
}

void md_redact_mark_secret(struct md_redact_line *line, size_t from, size_t until)
{
    size_t begin = from, end = until, i;
    char quote = '\0';
    bool is_more, is_set, is_first;
    struct md_str rest;

    while (begin > 0 && is_key_char(line->line.p[begin - 1]))
        begin--;
    while (is_key_char(at(line, end)) && at(line, end) != ':')
        end++;
    rest = md_str_sub(line->line, until, end - until);
    if (md_str_has_prefix_nocase(rest, MD_LIT("ord")))
        rest = md_str_from(rest, 3);
    else if (md_str_has_prefix_nocase(rest, MD_LIT("d")))
        rest = md_str_from(rest, 1);
    is_more = rest.n > 1;
    /* of files and names: "passwordfile", "secretname" */
    if (md_str_find_nocase(rest, MD_LIT("file")) >= 0 || md_str_find_nocase(rest, MD_LIT("attr")) >= 0 ||
        md_str_find_nocase(rest, MD_LIT("policy")) >= 0)
        return;
    i = end;
    if (at(line, i) == '"' || at(line, i) == '\'')
        quote = at(line, i++);
    is_first = is_setting(
        line, begin > 0 && (line->line.p[begin - 1] == '"' || line->line.p[begin - 1] == '\'') ? begin - 1 : begin,
        &is_set);
    i = skip_blanks(line, i);
    switch (at(line, i)) {
    case '=':
        i = skip_blanks(line, i + 1);
        /* in a log a value is a word, in a configuration a line */
        mark_value(line, i, is_first && is_configuration(line->text->kind) ? "<" : " \t&;,)>\"'", is_more);
        return;
    case '|':
        if (is_first)
            mark_value(line, i + 1, "", is_more);
        return;
    case ',':
        if (quote != '\0')
            mark_value(line, skip_blanks(line, i + 1), ")", is_more);
        return;
    case ':':
        if (quote != '\0' || (is_first && is_configuration(line->text->kind)))
            mark_value(line, skip_blanks(line, i + 1), quote != '\0' ? ",}" : "", is_more);
        return;
    case '>': mark_value(line, i + 1, "<", is_more); return;
    default: break;
    }
    /* What follows are forms of configuration; in a log such a word may be a part of any name, "ZZf0PaP0pWDRO.00". */
    if (!is_configuration(line->text->kind))
        return;
    if (quote != '\0' && md_str_has_prefix_nocase(md_str_from(line->line, i), MD_LIT("value="))) {
        mark_value(line, i + 6, " />", is_more);
        return;
    }
    if (quote != '\0') { /* <option name="key" ... >value< */
        ptrdiff_t close = md_str_find_char(md_str_from(line->line, i), '>');

        if (close >= 0 && md_str_find_char(md_str_sub(line->line, 0, begin), '<') >= 0)
            mark_value(line, i + (size_t)close + 1, "<", is_more);
        else if (is_set)
            mark_value(line, i, "", is_more);
        return;
    }
    /* "set base.ugldapbindcred value", "bindpw value" */
    if (i > end && (is_set || (is_first && end - begin > 5 &&
                               (line->text->kind == MD_ITEM_OPTION_DAT || line->text->kind == MD_ITEM_OTHER) &&
                               md_str_find_char(md_str_from(line->line, i), ' ') < 0))) {
        if (md_str_has_prefix(md_str_from(line->line, i), MD_LIT("-v ")))
            i = skip_blanks(line, i + 2);
        mark_value(line, i, "", is_more);
    }
}
