/*
 * Which dotted words are hosts. A word is one if its place says so (behind "@", in DNS answers), if a domain that it lies in
 * was learned in such a place, or if it ends in a top level domain; names of settings, files and versions are none.
 */
#include "probes/bundle/redact_priv.h"

#define LABELS_MAX 32

struct labels {
    struct md_str word;
    size_t from[LABELS_MAX + 1]; /* from[n]: one behind the last dot that would follow */
    size_t n;
};

static bool split(struct md_str word, struct labels *ret)
{
    ret->word = word;
    ret->n = 0;
    ret->from[0] = 0;
    for (size_t i = 0; i <= word.n; i++) {
        if (i < word.n && word.p[i] != '.')
            continue;
        if (i == ret->from[ret->n] || ret->n == LABELS_MAX)
            return false;
        ret->from[++ret->n] = i + 1;
    }
    return ret->n >= 2;
}

static struct md_str part(const struct labels *labels, size_t from, size_t until)
{
    return md_str_sub(labels->word, labels->from[from], labels->from[until] - 1 - labels->from[from]);
}

static bool is_number(struct md_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!md_is_digit(s.p[i]))
            return false;
    return s.n > 0;
}

bool md_redact_is_dotted(struct md_str word)
{
    struct labels labels;

    return split(word, &labels) && !is_number(part(&labels, labels.n - 1, labels.n));
}

bool md_redact_is_channel(struct md_str word)
{
    return md_str_has_prefix_nocase(word, MD_LIT("tcp_")) || md_str_has_prefix_nocase(word, MD_LIT("ims-ms_")) ||
           md_str_has_suffix(word, MD_LIT("-daemon"));
}

/* "Later.It" is no host: letters of a host are of one case, or begin with a capital throughout. */
static bool is_of_one_case(struct md_str s)
{
    bool has_lower = false, has_upper = false;

    for (size_t i = 0; i < s.n; i++) {
        has_lower = has_lower || (s.p[i] >= 'a' && s.p[i] <= 'z');
        has_upper = has_upper || (s.p[i] >= 'A' && s.p[i] <= 'Z');
    }
    return !has_lower || !has_upper;
}

/* By its last component alone. */
static bool ends_in_top(const struct md_redactor *self, const struct labels *labels, size_t until)
{
    struct md_str top = part(labels, until - 1, until), first = part(labels, 0, 1);
    bool is_country = top.n == 2 && md_is_alpha(top.p[0]) && md_is_alpha(top.p[1]);

    /* "role.channel:tcp_local.mx" */
    if ((is_number(part(labels, until - 2, until - 1)) && until == 2) || md_str_find_char(labels->word, '_') > 0 ||
        md_redact_knows(self, MD_REDACT_CHANNELS, first))
        return false;
    if (md_redact_knows(self, MD_REDACT_STRONG_TOPS, top))
        return is_of_one_case(top);
    if (is_country && is_of_one_case(top) && is_of_one_case(part(labels, until - 2, until - 1))) {
        if (!md_redact_knows(self, MD_REDACT_NO_TOPS, top))
            return true;
        return until > 2 && !md_redact_knows(self, MD_REDACT_ROOTS, first);
    }
    return md_redact_knows(self, MD_REDACT_TOPS, top) && is_of_one_case(top) &&
           !md_redact_knows(self, MD_REDACT_ROOTS, first) && !md_redact_knows(self, MD_REDACT_ENDINGS, top);
}

static bool is_learned(const struct md_redactor *self, const struct labels *labels, size_t from, size_t until)
{
    if (md_redact_knows(self, MD_REDACT_HOST_NAME, part(labels, from, until)))
        return true;
    for (size_t i = from; i + 1 < until; i++)
        if (md_redact_knows(self, MD_REDACT_DOMAIN, part(labels, i, until)))
            return true;
    return false;
}

bool md_redact_find_host(const struct md_redactor *self, struct md_str word, struct md_str *ret_host)
{
    struct labels labels;
    size_t from = 0;

    if (!split(word, &labels))
        return false;
    for (size_t until = labels.n; until >= 2; until--) {
        if (!is_number(part(&labels, until - 1, until)) &&
            (is_learned(self, &labels, 0, until) || ends_in_top(self, &labels, until))) {
            /* words of file names in front of a host that is known: "mail.log.mail1.example.com" */
            for (size_t i = 1; i + 1 < until && from == 0; i++)
                if ((i > 1 || until < labels.n) && md_redact_knows(self, MD_REDACT_VOCABULARY, part(&labels, 0, 1)) &&
                    md_redact_knows(self, MD_REDACT_HOST_NAME, part(&labels, i, until)) &&
                    !md_redact_knows(self, MD_REDACT_HOST_NAME, part(&labels, 0, until)))
                    from = i;
            *ret_host = part(&labels, from, until);
            return true;
        }
        if (!md_redact_knows(self, MD_REDACT_ENDINGS, part(&labels, until - 1, until)) &&
            !is_number(part(&labels, until - 1, until)))
            return false;
    }
    return false;
}

void md_redact_learn_host(struct md_redactor *self, struct md_str host)
{
    struct labels labels;
    size_t top, dots = 0;
    struct md_str site;
    ptrdiff_t dot;

    if (!split(host, &labels) || is_number(part(&labels, labels.n - 1, labels.n)) || md_redact_is_kept_host(self, host))
        return;
    md_redact_note(self, MD_REDACT_HOST_NAME, host);
    /* The site's domain: one component more than what everybody shares. */
    top = md_redact_top(self, host);
    if (top > 0 && top < host.n) {
        site = md_str_sub(host, 0, host.n - top);
        dot = md_str_rfind_char(site, '.');
        md_redact_note(self, MD_REDACT_DOMAIN, md_str_from(host, (size_t)(dot + 1)));
        return;
    }
    for (size_t i = host.n; i > 0; i--)
        if (host.p[i - 1] == '.' && ++dots == 2) {
            md_redact_note(self, MD_REDACT_DOMAIN, md_str_from(host, i));
            return;
        }
    md_redact_note(self, MD_REDACT_DOMAIN, host);
}

void md_redact_learn_short(struct md_redactor *self, struct md_str host)
{
    if (md_str_find_char(host, '.') >= 0) {
        struct md_str label = host;

        md_redact_learn_host(self, host);
        if (!md_redact_is_kept_host(self, host) && md_str_split(&host, '.', &label) && !md_redact_is_dotted(label))
            md_redact_learn_short(self, label);
        return;
    }
    if (host.n >= 3 && !is_number(host) && !md_redact_is_kept_host(self, host) &&
        !md_redact_knows(self, MD_REDACT_VOCABULARY, host) && !md_redact_knows(self, MD_REDACT_LABELS, host) &&
        !md_redact_knows(self, MD_REDACT_CHANNELS, host))
        md_redact_note(self, MD_REDACT_SHORT_HOST, host);
}
