/* Headings that name a file, and the fences around texts in tickets and wikis. */
#include "probes/bundle/recognise.h"

#define NAME_MAX_HEADING 200
#define MORE_COLONS 14

static const char decoration[] = "=-*#+:[]_`~\"' ";

/* "==> mail.log_current <==" of head and tail, which nothing else prints. */
static bool heading_of_tail(struct md_str line, struct md_str *ret_name)
{
    if (!md_str_skip_prefix(&line, MD_LIT("==> ")) || !md_str_has_suffix(line, MD_LIT(" <==")))
        return false;
    *ret_name = md_str_trim(md_str_sub(line, 0, line.n - 4));
    return ret_name->n > 0;
}

static bool skip_lead(struct md_str *text)
{
    static const char *const leads[] = {
        "file: ",      "file ",      "filename: ", "contents of ", "content of ", "datei: ",     "datei ",
        "inhalt von ", "fichier : ", "fichier: ",  "fichier ",     "contenu de ", "attachment: "};

    if (text->n > 4 && *text->p == 'h' && md_is_digit(text->p[1]) && text->p[2] == '.' && text->p[3] == ' ') {
        *text = md_str_trim(md_str_from(*text, 4)); /* of Jira and Confluence */
        return true;
    }
    for (size_t i = 0; i < sizeof leads / sizeof *leads; i++)
        if (md_str_has_prefix_nocase(*text, md_str(leads[i]))) {
            *text = md_str_trim(md_str_from(*text, strlen(leads[i])));
            return true;
        }
    return false;
}

bool md_recognise_file_heading(struct md_str line, struct md_str *ret_name)
{
    struct md_str text = md_str_trim(line);
    struct md_item_name name;
    size_t before = text.n, in_front = 0, behind = 0;
    bool has_lead;
    char sign;

    if (text.n == 0 || text.n > NAME_MAX_HEADING + 60)
        return false;
    if (heading_of_tail(text, ret_name))
        return true;
    sign = *text.p;
    for (; text.n > 0 && strchr(decoration, *text.p) != NULL && *text.p != '\0'; in_front++)
        text = md_str_from(text, 1);
    has_lead = skip_lead(&text);
    for (; text.n > 0 && strchr(decoration, *text.p) != NULL && *text.p != '\0';)
        text = md_str_from(text, 1);
    for (; text.n > 0 && strchr(decoration, text.p[text.n - 1]) != NULL && text.p[text.n - 1] != '\0'; behind++)
        text.n--;
    if (text.n == 0 || text.n > NAME_MAX_HEADING || text.n == before || md_str_find_char(text, ' ') >= 0 ||
        md_str_find_char(text, '=') >= 0 || md_str_find_char(text, '\t') >= 0)
        return false;
    /* "--- imta.cnf" is of a difference; "/q/aliases:" and "./imta:" of a listing. */
    if (!has_lead && behind == 0 && (sign == '-' || sign == '+'))
        return false;
    if (!has_lead && in_front == 0 && (behind < 2 && md_str_find_char(text, '/') >= 0))
        return false;
    md_item_name_read(text, &name);
    if (name.kind == MD_ITEM_OTHER && !name.is_old_copy)
        return false;
    /* "aliases" and "default" are words, too: these need more than one sign. */
    if (!has_lead && in_front + behind < 2) {
        struct md_str base = md_item_name_base(text);

        if (md_str_find_char(base, '.') <= 0 && md_str_find_char(base, '_') <= 0)
            return false;
    }
    *ret_name = text;
    return true;
}

bool md_recognise_fence(struct md_str line)
{
    static const char *const tags[] = {"{noformat}", "{code}", "[code]", "[/code]",
                                       "<pre>",      "</pre>", "<code>", "</code>"};
    struct md_str text = md_str_trim(line);

    if (md_str_skip_prefix(&text, MD_LIT("```")) || md_str_skip_prefix(&text, MD_LIT("~~~"))) {
        for (size_t i = 0; i < text.n; i++)
            if (!md_is_alnum(text.p[i]))
                return false;
        return text.n <= 20;
    }
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (md_str_is_nocase(text, tags[i]))
            return true;
    return (md_str_has_prefix(text, MD_LIT("{code:")) || md_str_has_prefix(text, MD_LIT("{noformat:"))) &&
           md_str_find_char(text, '}') == (ptrdiff_t)text.n - 1;
}

bool md_recognise_more_rule(struct md_str line)
{
    for (size_t i = 0; i < line.n; i++)
        if (line.p[i] != ':')
            return false;
    return line.n == MORE_COLONS;
}
