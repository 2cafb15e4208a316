#include "probes/formats/calendar/version.h"

#include "engine/base/num.h"

#define MAJOR_MAX 9

/* "6.3-7.01", "6.3", "6 2005Q4", "6" at the front of the text. */
static bool read_number(struct md_str text, bool needs_minor, struct md_calendar_version *ret)
{
    static const struct {
        const char *release;
        int minor;
    } releases[] = {{"2003Q4", 0}, {"2004Q2", 1}, {"2004Q4", 1}, {"2005Q1", 2}, {"2005Q4", 2}};
    uint64_t major, minor = 0;

    text = md_str_trim(text);
    if (md_num_u64(&text, MAJOR_MAX, &major) != MD_OK || major < 4)
        return false;
    if (md_str_skip_prefix(&text, MD_LIT("."))) {
        if (md_num_u64(&text, 99, &minor) != MD_OK)
            return false;
    } else {
        struct md_str word = md_str_trim(text);
        bool is_release = false;

        for (size_t i = 0; i < sizeof releases / sizeof *releases; i++)
            if (md_str_has_prefix(word, md_str(releases[i].release))) {
                minor = (uint64_t)releases[i].minor;
                is_release = true;
            }
        if (needs_minor && !is_release)
            return false;
    }
    if (text.n > 0 && (md_is_alpha(*text.p) || *text.p == '/' || *text.p == ':'))
        return false;
    *ret = (struct md_calendar_version){(int)major, (int)minor};
    return true;
}

static ptrdiff_t behind(struct md_str line, const char *words)
{
    ptrdiff_t at = md_str_find_nocase(line, md_str(words));

    return at < 0 ? -1 : at + (ptrdiff_t)strlen(words);
}

bool md_calendar_library_find(struct md_str line, struct md_calendar_version *ret)
{
    ptrdiff_t at = behind(line, "Berkeley DB ");
    struct md_str rest;
    uint64_t major, minor;

    if (at < 0)
        return false;
    rest = md_str_from(line, (size_t)at);
    while (rest.n > 0 && !md_is_digit(*rest.p) && at++ < 4096)
        rest = md_str_from(rest, 1);
    if (md_num_u64(&rest, 99, &major) != MD_OK || !md_str_skip_prefix(&rest, MD_LIT(".")) ||
        md_num_u64(&rest, 99, &minor) != MD_OK)
        return false;
    *ret = (struct md_calendar_version){(int)major, (int)minor};
    return true;
}

bool md_calendar_version_find(struct md_str line, bool is_bare, struct md_calendar_version *ret)
{
    static const char *const names[] = {"Calendar Server version ", "Calendar Server release ", "Calendar Server ",
                                        "Version Detected:"};
    struct md_str rest = line, word;
    ptrdiff_t at;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if ((at = behind(line, names[i])) >= 0 && read_number(md_str_from(line, (size_t)at), false, ret))
            return true;
    if (!is_bare || behind(line, "Berkeley DB") >= 0)
        return false;
    while ((word = md_str_next_word(&rest)).n > 0) {
        while (word.n > 0 && !md_is_digit(*word.p))
            word = md_str_from(word, 1);
        if (read_number(word, true, ret))
            return true;
    }
    return false;
}
