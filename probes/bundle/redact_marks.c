/*
 * What words in front of a name say about it: "user/amy", "uid=amy", "rfc822;amy", "login [192.0.2.1:4] amy",
 * "cn=Amy Smith,ou=people". All words are looked for in one pass over the line.
 */
#include <string.h>

#include "probes/bundle/redact_priv.h"

#define FOLDERS_MAX 12 /* components of one folder's name */

typedef void mark_fn(struct md_redact_line *line, size_t from, size_t until);

void md_redact_mark(struct md_redact_line *line, size_t from, size_t until, enum md_redact_mark_kind kind)
{
    if (until <= from)
        return;
    if (line->n_marks >= MD_REDACT_MARKS_MAX) {
        if (line->cut == 0 || from < line->cut)
            line->cut = from;
        return;
    }
    line->marks[line->n_marks++] = (struct md_redact_mark){from, until, kind};
}

static char at(const struct md_redact_line *line, size_t i)
{
    return i < line->line.n ? line->line.p[i] : '\0';
}

static char before(const struct md_redact_line *line, size_t from)
{
    return from > 0 ? line->line.p[from - 1] : ' ';
}

static bool is_user_char(char c)
{
    return md_redact_is_name_char(c) || c == '+' || c == '~';
}

static size_t user_end(const struct md_redact_line *line, size_t from)
{
    size_t end = from;

    while (end < line->line.n && is_user_char(line->line.p[end]))
        end++;
    while (end > from && line->line.p[end - 1] == '.')
        end--;
    return end;
}

/* A user's name; where it is part of an address its user is learned and the scan does the rest. */
static size_t mark_user(struct md_redact_line *line, size_t from)
{
    size_t end = user_end(line, from);

    if (end == from)
        return from;
    if (md_redact_at_sign(line->line, end) > 0) {
        if (line->out == NULL)
            md_redact_note(line->redactor, MD_REDACT_MAILBOX_USER, md_str_sub(line->line, from, end - from));
    } else
        md_redact_mark(line, from, end, MD_MARK_USER);
    return end;
}

/* ---- mailboxes ---- */

static void mark_folders(struct md_redact_line *line, size_t i)
{
    /* the domain of a name in a hosted domain is none of the folders */
    if (md_redact_at_sign(line->line, i) > 0)
        while (i < line->line.n && at(line, i) != '/' && !md_is_space(at(line, i)))
            i++;
    for (size_t n = 0; n < FOLDERS_MAX && at(line, i) == '/'; n++) {
        size_t from = i + 1, end;

        if (at(line, from) == '=')
            from++;
        for (end = from;
             end < line->line.n && !md_is_space(at(line, end)) && strchr("/\"',;:<>()|", at(line, end)) == NULL;)
            end++;
        if (end == from)
            break;
        if (!md_redact_knows(line->redactor, MD_REDACT_FOLDERS, md_str_sub(line->line, from, end - from)) &&
            md_str_find(md_str_sub(line->line, from, end - from), MD_LIT("store.")) != 0)
            md_redact_mark(line, from, end, MD_MARK_FOLDER);
        i = end;
    }
}

/* user/amy/folder; and the user before it in "append:amy:user/amy:659". */
static void on_mailbox(struct md_redact_line *line, size_t from, size_t until)
{
    size_t end;

    if (md_redact_is_name_char(before(line, from)) || before(line, from) == '/' || before(line, from) == '=')
        return;
    end = mark_user(line, until);
    if (end > until)
        mark_folders(line, end);
    if (from > 1 && before(line, from) == ':') {
        size_t begin = from - 1;

        while (begin > 0 && is_user_char(line->line.p[begin - 1]))
            begin--;
        if (begin > 0 && (line->line.p[begin - 1] == ':' || md_is_space(line->line.p[begin - 1])))
            (void)mark_user(line, begin);
    }
}

/* .../=user/3a/51/=amy/=Sent/00/ */
static void on_store_path(struct md_redact_line *line, size_t from, size_t until)
{
    size_t i = until;

    (void)from;
    while (i + 1 < line->line.n && !md_is_space(at(line, i)) && !(at(line, i) == '/' && at(line, i + 1) == '='))
        i++;
    if (at(line, i) != '/')
        return;
    i = mark_user(line, i + 2);
    if (at(line, i) == '%') /* a hosted domain */
        i = user_end(line, i + 1);
    for (size_t n = 0; n < FOLDERS_MAX && at(line, i) == '/' && at(line, i + 1) == '='; n++) {
        size_t end = i + 2;

        while (end < line->line.n && at(line, end) != '/' && !md_is_space(at(line, end)))
            end++;
        if (!md_redact_knows(line->redactor, MD_REDACT_FOLDERS, md_str_sub(line->line, i + 2, end - i - 2)))
            md_redact_mark(line, i + 2, end, MD_MARK_FOLDER);
        i = end;
    }
}

/* ---- users ---- */

/* "LOG_USERNAME=1", "user=no" */
static bool is_switch(struct md_str value)
{
    static const char *const words[] = {"yes", "no", "on", "off", "true", "false"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (md_str_is_nocase(value, words[i]))
            return true;
    return value.n <= 2 && value.n > 0 && md_is_digit(value.p[0]) && md_is_digit(value.p[value.n - 1]);
}

/* uid=amy, user="amy"; templates ("uid=%U") are none */
static void on_user_key(struct md_redact_line *line, size_t from, size_t until)
{
    if (md_is_alnum(before(line, from)))
        return;
    if (at(line, until) == '"' || at(line, until) == '\'')
        until++;
    if (!is_switch(md_str_sub(line->line, until, user_end(line, until) - until)))
        (void)mark_user(line, until);
}

static void on_quoted_user(struct md_redact_line *line, size_t from, size_t until)
{
    if (md_is_alnum(before(line, from)))
        return;
    if (at(line, until) == '*')
        until++;
    (void)mark_user(line, until);
}

static void on_rfc822(struct md_redact_line *line, size_t from, size_t until)
{
    (void)from;
    (void)mark_user(line, until);
}

/* login [192.0.2.64:40718] amy plaintext ...; badlogin: host [192.0.2.64:40718] plaintext amy failure */
static void on_login(struct md_redact_line *line, size_t from, size_t until)
{
    size_t i = until, limit = until + 80;

    (void)from;
    if (at(line, i) != ':' && at(line, i) != ' ')
        return;
    while (i < line->line.n && i < limit && at(line, i) != '[')
        i++;
    while (i < line->line.n && i < limit && at(line, i) != ']')
        i++;
    if (at(line, i) != ']')
        return;
    i++;
    for (;;) {
        size_t end;

        while (at(line, i) == ' ' || at(line, i) == ':')
            i++;
        end = user_end(line, i);
        if (end == i)
            return;
        if (!md_redact_knows(line->redactor, MD_REDACT_MECHANISMS, md_str_sub(line->line, i, end - i))) {
            (void)mark_user(line, i);
            return;
        }
        i = end;
    }
}

/* ldap://user:password@host */
static void on_url(struct md_redact_line *line, size_t from, size_t until)
{
    size_t i = until, sign = 0, colon = 0;

    (void)from;
    for (; i < line->line.n && strchr("/ \t\"'<>|", at(line, i)) == NULL; i++) {
        if (at(line, i) == '@')
            sign = i;
        else if (at(line, i) == ':' && colon == 0 && sign == 0)
            colon = i;
    }
    if (sign == 0)
        return;
    if (colon > 0 && colon < sign) {
        md_redact_mark(line, until, colon, MD_MARK_USER);
        md_redact_mark(line, colon + 1, sign, MD_MARK_SECRET);
    } else
        md_redact_mark(line, until, sign, MD_MARK_USER);
}

/* ---- directories ---- */

static bool is_separator(char c)
{
    return c == ',' || c == '"' || c == '\'' || c == '(' || c == '=' || c == '/' || c == '?' || c == ';' || c == '<' ||
           c == '|' || c == ':' || md_is_space(c);
}

/* Where the value of an attribute ends. */
static size_t value_end(const struct md_redact_line *line, size_t from)
{
    size_t end = from;

    while (end < line->line.n && strchr(",\"')<>;|?/+", at(line, end)) == NULL)
        end += at(line, end) == '\\' && end + 1 < line->line.n ? 2 : 1;
    return end;
}

/* A short key such as "o=" only counts where the neighbours are attributes as well. */
static bool is_in_name(const struct md_redact_line *line, size_t from, size_t end)
{
    size_t i = from;

    while (i > 0 && (at(line, i - 1) == ' '))
        i--;
    if (i > 0 && at(line, i - 1) == ',')
        return true;
    if (at(line, end) != ',')
        return false;
    i = end + 1;
    while (at(line, i) == ' ')
        i++;
    end = i;
    while (md_is_alpha(at(line, end)))
        end++;
    return end > i && at(line, end) == '=';
}

static void on_attribute(struct md_redact_line *line, size_t from, size_t until)
{
    size_t end = value_end(line, until);
    struct md_str value = md_str_trim(md_str_sub(line->line, until, end - until));
    struct md_str host;

    if (!is_separator(before(line, from)) || value.n == 0 || value.n > MD_REDACT_NAME_MAX ||
        strchr("%$*[{", value.p[0]) != NULL || md_redact_knows(line->redactor, MD_REDACT_DIRECTORY, value))
        return;
    if (until - from <= 3 && !is_in_name(line, from, end) && before(line, from) != '(')
        return;
    /* "o=example.com" is a host, "cn=amy@example.com" an address: the scan sees them */
    if (md_str_find_char(value, '@') >= 0 ||
        (md_redact_is_dotted(value) && md_redact_find_host(line->redactor, value, &host) && host.n == value.n))
        return;
    end = (size_t)(value.p - line->line.p) + value.n;
    md_redact_mark(line, (size_t)(value.p - line->line.p), end, MD_MARK_PERSON);
}

/* dc=example,dc=com: the components of a host name. */
static void on_component(struct md_redact_line *line, size_t from, size_t until)
{
    size_t end = until;
    bool is_last;

    if (!is_separator(before(line, from)))
        return;
    while (end < line->line.n && (md_is_alnum(at(line, end)) || at(line, end) == '-'))
        end++;
    is_last = !md_str_has_prefix_nocase(md_str_trim(md_str_from(line->line, end + 1)), MD_LIT("dc="));
    md_redact_mark(line, until, end, is_last ? MD_MARK_TOP : MD_MARK_LABEL);
}

/* ---- others ---- */

static void on_subject(struct md_redact_line *line, size_t from, size_t until)
{
    size_t i = from, end;

    if (at(line, until) == '"' && at(line, until + 1) == ':' && at(line, until + 2) == '"')
        until += 2; /* of JSON */
    else if (at(line, until) != ':' && !(at(line, until) == '=' && at(line, until + 1) == '"'))
        return;
    if (at(line, until) == '"' || at(line, until) == '=') {
        for (end = until + 2; end < line->line.n && at(line, end) != '"';)
            end += at(line, end) == '\\' ? 2 : 1;
        md_redact_mark(line, until + (at(line, until) == '=' ? 2 : 1), end < line->line.n ? end : line->line.n,
                       MD_MARK_SUBJECT);
        return;
    }
    while (i > 0 && (md_is_space(at(line, i - 1)) || at(line, i - 1) == '>' || at(line, i - 1) == '"'))
        i--;
    if (i > 0)
        return;
    for (i = until + 1; md_is_space(at(line, i));)
        i++;
    for (end = line->line.n; end > i && md_is_space(at(line, end - 1));)
        end--;
    md_redact_mark(line, i, end, MD_MARK_SUBJECT);
}

/* "AUTH PLAIN AGFteQBz": what the client said */
static void on_auth(struct md_redact_line *line, size_t from, size_t until)
{
    size_t end = until;

    (void)from;
    while (end < line->line.n && (md_is_alnum(at(line, end)) || strchr("+/=", at(line, end)) != NULL))
        end++;
    if (end - until >= 4)
        md_redact_mark(line, until, end, MD_MARK_SECRET);
}

/* ...host = name, ...domain = name: names without dots are known by the key alone */
static void on_host_key(struct md_redact_line *line, size_t from, size_t until)
{
    size_t i = until;

    (void)from;
    while (at(line, i) == ' ' || at(line, i) == '\t' || at(line, i) == '"')
        i++;
    if (at(line, i) != '=' && !(at(line, i) == ':' && at(line, until) == '"'))
        return;
    for (i++; i < line->line.n && i < until + 1000;) {
        size_t end;

        while (at(line, i) == ' ' || at(line, i) == '"' || at(line, i) == ',' || at(line, i) == '\t')
            i++;
        end = user_end(line, i);
        if (end == i || !md_is_alpha(at(line, i)) || at(line, end) == '/' || at(line, end) == '@' ||
            md_str_find_char(md_str_sub(line->line, i, end - i), '_') >= 0)
            return;
        if (end - i > 3 || md_str_find_char(md_str_sub(line->line, i, end - i), '.') >= 0)
            if (!md_redact_knows(line->redactor, MD_REDACT_VOCABULARY, md_str_sub(line->line, i, end - i)) ||
                line->out != NULL)
                md_redact_mark(line, i, end, MD_MARK_HOST);
        i = end;
        if (at(line, i) != ' ' && at(line, i) != ',')
            return;
    }
}

/* ldapsearch -D "cn=..." -w password */
static void on_bind_option(struct md_redact_line *line, size_t from, size_t until)
{
    size_t end = until;

    if (md_str_find_nocase(md_str_sub(line->line, 0, from), MD_LIT("ldap")) < 0)
        return;
    while (end < line->line.n && !md_is_space(at(line, end)))
        end++;
    md_redact_mark(line, until, end, MD_MARK_SECRET);
}

/* "Internal (Software) Token:password" of sslpassword.conf */
static void on_token(struct md_redact_line *line, size_t from, size_t until)
{
    size_t end = until;

    while (end < line->line.n && !md_is_space(at(line, end)))
        end++;
    if (from > 0 && md_is_space(before(line, from)) && end - until > 2)
        md_redact_mark(line, until, end, MD_MARK_SECRET);
}

static void on_secret(struct md_redact_line *line, size_t from, size_t until)
{
    md_redact_mark_secret(line, from, until);
}

/* In the order of their ids. */
static const struct {
    const char *word;
    mark_fn *fn;
} needles[] = {
    {"user/", on_mailbox},        {"=user/", on_store_path},
    {"uid=", on_user_key},        {"user=", on_user_key},
    {"userid=", on_user_key},     {"username=", on_user_key},
    {"user_name=", on_user_key},  {"owner=", on_user_key},
    {"login=", on_user_key},      {"us=\"", on_quoted_user},
    {"us\":\"", on_quoted_user},  {"rfc822;", on_rfc822},
    {"login", on_login},          {"logout", on_login},
    {"close", on_login},          {"://", on_url},
    {"cn=", on_attribute},        {"sn=", on_attribute},
    {"ou=", on_attribute},        {"o=", on_attribute},
    {"givenname=", on_attribute}, {"displayname=", on_attribute},
    {"dc=", on_component},        {"subject", on_subject},
    {"auth plain ", on_auth},     {"auth login ", on_auth},
    {"auth xoauth2 ", on_auth},   {"auth oauthbearer ", on_auth},
    {"host", on_host_key},        {"hostname", on_host_key},
    {"hosts", on_host_key},       {"domain", on_host_key},
    {"servername", on_host_key},  {"passw", on_secret},
    {"passphrase", on_secret},    {"keyphrase", on_secret},
    {"secret", on_secret},        {"credential", on_secret},
    {"bindcred", on_secret},      {"bindpw", on_secret},
    {"rootpw", on_secret},        {"adminpw", on_secret},
    {"pwd", on_secret},           {"apikey", on_secret},
    {"api_key", on_secret},       {"private_key", on_secret},
    {" -w ", on_bind_option},     {"token:", on_token},
    {"admincred", on_secret},     {".cred", on_secret},
};

void md_redact_needles(struct md_redactor *self)
{
    self->needles = md_failure_words_new(self->arena);
    for (size_t i = 0; i < sizeof needles / sizeof *needles; i++)
        if (md_failure_words_add(self->needles, md_str(needles[i].word)) != (int)i)
            MD_BUG("the words before names do not fit");
    md_failure_words_build(self->needles);
}

static void found(void *ctx, size_t id, size_t from, size_t until)
{
    needles[id].fn(ctx, from, until);
}

void md_redact_mark_words(struct md_redact_line *line)
{
    md_failure_words_scan(line->redactor->needles, line->line, found, line);
}
