#include "probes/formats/msgserver/version.h"

#include "engine/base/num.h"

#define WORDS_MAX 4      /* between "Server" and the version, a program's name for one */
#define GAP_MAX 40       /* between "Messaging" and "Server" */
#define BUILD_GAP_MAX 60 /* between the version and "(built" */

bool md_version_parse(struct md_str text, struct md_version *ret)
{
    struct md_str rest = text;
    uint64_t major, minor = 0;

    if (md_num_u64(&rest, 9, &major) < 0 || major < 3)
        return false;
    if (md_str_skip_prefix(&rest, MD_LIT("."))) {
        if (md_num_u64(&rest, 99, &minor) < 0)
            return false;
    } else if (rest.n < 2 || md_lower(rest.p[0]) != 'u' || !md_is_digit(rest.p[1])) {
        return false;
    }
    if (rest.n > 0 && md_is_alpha(rest.p[0]) && md_lower(rest.p[0]) != 'u' && md_lower(rest.p[0]) != 'p')
        return false;
    *ret = (struct md_version){.major = (int)major, .minor = (int)minor, .build = text};
    return true;
}

/* From the version's word to the end of its "(built ...)" where there is one. */
static struct md_str build_text(struct md_str line, struct md_str word)
{
    size_t from = (size_t)(word.p - line.p);
    struct md_str rest = md_str_from(line, from);
    ptrdiff_t built = md_str_find(rest, MD_LIT("(built")), close;

    if (built < 0 || built > (ptrdiff_t)word.n + BUILD_GAP_MAX)
        return word;
    close = md_str_find_char(md_str_from(rest, (size_t)built), ')');
    return close >= 0 ? md_str_sub(rest, 0, (size_t)(built + close + 1)) : word;
}

static bool version_after(struct md_str line, size_t from, struct md_version *ret)
{
    struct md_str rest = md_str_from(line, from), word;

    for (int i = 0; i < WORDS_MAX && (word = md_str_next_word(&rest)).n > 0; i++) {
        while (word.n > 0 && (word.p[0] == '(' || word.p[0] == 'V' || word.p[0] == 'v'))
            word = md_str_from(word, 1);
        while (word.n > 0 && (word.p[word.n - 1] == ')' || word.p[word.n - 1] == ',' || word.p[word.n - 1] == ';'))
            word.n--;
        if (md_version_parse(word, ret)) {
            ret->build = build_text(line, word);
            return true;
        }
    }
    return false;
}

bool md_version_find(struct md_str line, struct md_version *ret)
{
    static const char *const others[] = {"libimta.so ", "iMS ", "SIMS "};
    size_t at = 0;

    for (;;) {
        ptrdiff_t messaging = md_str_find_nocase(md_str_from(line, at), MD_LIT("messaging")), server;

        if (messaging < 0)
            break;
        at += (size_t)messaging + 9;
        server = md_str_find_nocase(md_str_sub(line, at, GAP_MAX), MD_LIT("server"));
        if (server >= 0 && version_after(line, at + (size_t)server + 6, ret))
            return true;
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        ptrdiff_t found = md_str_find(line, md_str(others[i]));

        if (found >= 0 && version_after(line, (size_t)found + md_str(others[i]).n, ret))
            return true;
    }
    return false;
}
