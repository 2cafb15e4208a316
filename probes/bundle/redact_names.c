/*
 * Pseudonyms of names. A pseudonym is a letter that says what it is and nine characters of the name's HMAC, from an
 * alphabet without vowels: no word of a failure text, no number, no name of a queue file comes out.
 */
#include <string.h>

#include "probes/bundle/redact_priv.h"

#define PSEUDONYM_LENGTH 10

void md_redact_hmac(const struct md_redactor *self, char purpose, struct md_str text,
                    unsigned char ret[MD_SHA256_BYTES])
{
    struct md_sha256 sum = self->inner;

    md_sha256_add(&sum, md_str_n(&purpose, 1));
    md_sha256_add(&sum, text);
    md_sha256_digest(&sum, ret);
    sum = self->outer;
    md_sha256_add(&sum, md_str_n((const char *)ret, MD_SHA256_BYTES));
    md_sha256_digest(&sum, ret);
}

bool md_redact_lower(struct md_str text, char *buffer, struct md_str *ret)
{
    if (text.n > MD_REDACT_NAME_MAX)
        return false;
    for (size_t i = 0; i < text.n; i++)
        buffer[i] = md_lower(text.p[i]);
    *ret = md_str_n(buffer, text.n);
    return true;
}

/* ---- lists ---- */

static void load(struct md_redactor *self, unsigned list, char separator, const char *words)
{
    struct md_str rest = md_str(words), word;

    while (md_str_split(&rest, separator, &word))
        md_map_set(self->words, list, word, self);
}

void md_redact_words_load(struct md_redactor *self)
{
#define MD_REDACT_WORDS(list, words) load(self, MD_REDACT_##list, ' ', words);
#define MD_REDACT_NAMES(list, names) load(self, MD_REDACT_##list, '|', names);
#include "probes/bundle/redact_words.def"
#undef MD_REDACT_WORDS
#undef MD_REDACT_NAMES
}

bool md_redact_knows(const struct md_redactor *self, unsigned list, struct md_str word)
{
    char buffer[MD_REDACT_NAME_MAX];
    struct md_str low;

    return word.n > 0 && md_redact_lower(word, buffer, &low) && md_map_find(self->words, list, low) != NULL;
}

void md_redact_note(struct md_redactor *self, enum md_redact_learned list, struct md_str word)
{
    char buffer[MD_REDACT_NAME_MAX];
    struct md_str low;

    if (word.n == 0 || !md_redact_lower(word, buffer, &low) || self->n_learned >= MD_REDACT_NAMES_MAX ||
        md_map_find(self->words, list, low) != NULL)
        return;
    self->n_learned++;
    md_map_set(self->words, list, md_arena_str(self->arena, low), self);
}

bool md_redact_is_kept_user(const struct md_redactor *self, struct md_str user)
{
    return md_redact_knows(self, MD_REDACT_USERS, user);
}

bool md_redact_is_kept_host(const struct md_redactor *self, struct md_str host)
{
    if (md_str_has_suffix(host, MD_LIT("-daemon")) || md_redact_knows(self, MD_REDACT_HOSTS, host) ||
        md_redact_knows(self, MD_REDACT_KEPT, host) || md_redact_knows(self, MD_REDACT_KEPT_DOMAIN, host))
        return true;
    for (ptrdiff_t dot; (dot = md_str_find_char(host, '.')) >= 0;) {
        host = md_str_from(host, (size_t)dot + 1);
        if (md_redact_knows(self, MD_REDACT_KEPT_DOMAIN, host))
            return true;
    }
    return false;
}

/* ---- what was replaced ---- */

struct md_str md_redact_recall(struct md_redactor *self, enum md_redact_class class, struct md_str original)
{
    const struct md_redact_name *name = md_map_find(self->names, (uint64_t) class, original);

    if (name == NULL)
        return md_str_n(NULL, 0);
    self->counts[class]++;
    return name->pseudonym;
}

struct md_str md_redact_remember(struct md_redactor *self, enum md_redact_class class, struct md_str original,
                                 struct md_str pseudonym)
{
    struct md_redact_name *name;

    self->counts[class]++;
    if (self->n_list >= MD_REDACT_NAMES_MAX || original.n > MD_REDACT_NAME_MAX)
        return pseudonym;
    name = md_arena_alloc(self->arena, sizeof *name);
    name->class = class;
    name->original = md_arena_str(self->arena, original);
    name->pseudonym = md_arena_str(self->arena, pseudonym);
    md_map_set(self->names, (uint64_t) class, name->original, name);
    md_map_set(self->pseudonyms, (uint64_t) class, name->pseudonym, name);
    *(struct md_redact_name **)md_arena_push(self->arena, &self->list, &self->n_list, &self->list_capacity,
                                             sizeof(struct md_redact_name *)) = name;
    return name->pseudonym;
}

static struct md_str word_of(const struct md_redactor *self, char letter, struct md_str text,
                             char buffer[PSEUDONYM_LENGTH])
{
    static const char alphabet[] = "bcdfghjkmnpqrstvwxz2345679";
    const uint64_t base = sizeof alphabet - 1;
    unsigned char digest[MD_SHA256_BYTES];
    uint64_t number = 0;

    md_redact_hmac(self, letter, text, digest);
    for (size_t i = 0; i < sizeof number; i++)
        number = number << 8 | digest[i];
    buffer[0] = letter;
    for (size_t i = 1; i < PSEUDONYM_LENGTH; i++) {
        buffer[i] = alphabet[number % base];
        number /= base;
    }
    return md_str_n(buffer, PSEUDONYM_LENGTH);
}

/* Lower case, or the bytes as they are where the name is longer than any. */
static struct md_str folded(struct md_str text, char *buffer)
{
    struct md_str low;

    return md_redact_lower(text, buffer, &low) ? low : text;
}

static void put_class(struct md_redactor *self, struct md_buf *out, enum md_redact_class class, char letter,
                      struct md_str text)
{
    char buffer[MD_REDACT_NAME_MAX], made[PSEUDONYM_LENGTH];
    struct md_str low = folded(text, buffer), pseudonym = md_redact_recall(self, class, low);

    if (pseudonym.n == 0)
        pseudonym = md_redact_remember(self, class, low, word_of(self, letter, low, made));
    md_buf_add(out, pseudonym);
}

void md_redact_put_word(struct md_redactor *self, struct md_buf *out, enum md_redact_class class, struct md_str text)
{
    char letter = 'p';

    switch (class) {
    case MD_REDACT_SECRET: letter = 's'; break;
    case MD_REDACT_SUBJECT: letter = 't'; break;
    case MD_REDACT_ADDRESS:
    case MD_REDACT_COMMENT:
    case MD_REDACT_HOST:
    case MD_REDACT_IP:
    case MD_REDACT_LINE:
    case MD_REDACT_MESSAGE_ID:
    case MD_REDACT_PERSON:
    case MD_REDACT_KEY:
    case MD_REDACT_USER:
    case MD_REDACT_CLASS_COUNT: break;
    }
    put_class(self, out, class, letter, text);
}

/* ---- users ---- */

/* One part of a local part, not counted: that is up to the address. */
static void add_user_part(struct md_redactor *self, struct md_buf *out, struct md_str part)
{
    char buffer[MD_REDACT_NAME_MAX], made[PSEUDONYM_LENGTH];

    if (part.n == 0 || md_redact_is_kept_user(self, part))
        md_buf_add(out, part);
    else
        md_buf_add(out, word_of(self, 'u', folded(part, buffer), made));
}

/* "amy+lists": each part of its own. */
static void add_local(struct md_redactor *self, struct md_buf *out, struct md_str local)
{
    struct md_str part;
    bool is_first = true;

    while (md_str_split(&local, '+', &part)) {
        if (!is_first)
            md_buf_add(out, MD_LIT("+"));
        is_first = false;
        add_user_part(self, out, part);
    }
}

void md_redact_put_user(struct md_redactor *self, struct md_buf *out, struct md_str user)
{
    struct md_str part;
    bool is_first = true;

    while (md_str_split(&user, '+', &part)) {
        if (!is_first)
            md_buf_add(out, MD_LIT("+"));
        is_first = false;
        if (part.n == 0 || md_redact_is_kept_user(self, part))
            md_buf_add(out, part);
        else
            put_class(self, out, MD_REDACT_USER, 'u', part);
    }
}

/* ---- hosts ---- */

void md_redact_put_label(struct md_redactor *self, struct md_buf *out, struct md_str label)
{
    char buffer[MD_REDACT_NAME_MAX], made[PSEUDONYM_LENGTH];

    if (label.n == 0 || label.p[0] == '_' || md_redact_knows(self, MD_REDACT_LABELS, label) ||
        md_str_has_suffix(label, MD_LIT("-daemon")))
        md_buf_add(out, label);
    else
        md_buf_add(out, word_of(self, 'h', folded(label, buffer), made));
}

size_t md_redact_top(const struct md_redactor *self, struct md_str host)
{
    ptrdiff_t dot = md_str_rfind_char(host, '.'), second;
    struct md_str top;
    bool is_country;

    if (dot < 0)
        return 0;
    top = md_str_from(host, (size_t)dot + 1);
    is_country = top.n == 2 && md_is_alpha(top.p[0]) && md_is_alpha(top.p[1]);
    if (!is_country && !md_redact_knows(self, MD_REDACT_TOPS, top))
        return 0;
    if (self->policy == MD_REDACT_STRICT && !md_redact_knows(self, MD_REDACT_STRONG_TOPS, top))
        return 0;
    host = md_str_sub(host, 0, (size_t)dot);
    second = md_str_rfind_char(host, '.');
    if (is_country && second >= 0 && md_redact_knows(self, MD_REDACT_SECONDS, md_str_from(host, (size_t)second + 1)))
        return top.n + 1 + host.n - (size_t)second;
    return top.n + 1;
}

/* Not remembered and not counted. */
static void add_host(struct md_redactor *self, struct md_buf *out, struct md_str host)
{
    size_t top = md_redact_top(self, host);
    struct md_str rest = md_str_sub(host, 0, host.n - top), label;
    bool is_first = true;

    while (md_str_split(&rest, '.', &label)) {
        if (!is_first)
            md_buf_add(out, MD_LIT("."));
        is_first = false;
        md_redact_put_label(self, out, label);
    }
    md_buf_add(out, md_str_from(host, host.n - top));
}

/* `n`: where the pseudonym begins in `out`. */
static void remember_made(struct md_redactor *self, enum md_redact_class class, struct md_str low, struct md_str text,
                          struct md_buf *out, size_t n)
{
    struct md_str made = md_str_n(out->p + n, out->n - n);

    if (!md_str_eq_nocase(made, text))
        (void)md_redact_remember(self, class, low, made);
}

void md_redact_put_host(struct md_redactor *self, struct md_buf *out, struct md_str host)
{
    char buffer[MD_REDACT_NAME_MAX];
    struct md_str low = folded(host, buffer), pseudonym;
    size_t n = out->n;

    if (host.n == 0)
        return;
    if (md_redact_is_kept_host(self, low)) {
        md_buf_add(out, host);
        return;
    }
    pseudonym = md_redact_recall(self, MD_REDACT_HOST, low);
    if (pseudonym.n > 0) {
        md_buf_add(out, pseudonym);
        return;
    }
    add_host(self, out, low);
    remember_made(self, MD_REDACT_HOST, low, host, out, n);
}

/* ---- addresses ---- */

void md_redact_put_address(struct md_redactor *self, struct md_buf *out, struct md_str local, struct md_str sign,
                           struct md_str host, bool is_id)
{
    enum md_redact_class class = is_id ? MD_REDACT_MESSAGE_ID : MD_REDACT_ADDRESS;
    char buffer[MD_REDACT_NAME_MAX];
    struct md_str low = {0}, pseudonym;
    size_t n = out->n, n_local;

    if (local.n + 1 + host.n <= MD_REDACT_NAME_MAX) {
        memcpy(buffer, local.p, local.n);
        buffer[local.n] = '@';
        memcpy(buffer + local.n + 1, host.p, host.n);
        low = md_str_n(buffer, local.n + 1 + host.n);
        (void)md_redact_lower(low, buffer, &low);
        if (md_redact_knows(self, MD_REDACT_KEPT, low)) {
            md_buf_add(out, local);
            md_buf_add(out, sign);
            md_buf_add(out, host);
            return;
        }
        pseudonym = md_redact_recall(self, class, low);
        if (pseudonym.n > 0) {
            size_t at = (size_t)md_str_find_char(pseudonym, '@');

            md_buf_add(out, md_str_sub(pseudonym, 0, at));
            md_buf_add(out, sign);
            md_buf_add(out, md_str_from(pseudonym, at + 1));
            return;
        }
    }
    add_local(self, out, local);
    n_local = out->n - n;
    if (low.n == 0) {
        self->counts[class]++;
        md_buf_add(out, sign);
        md_redact_put_host(self, out, host);
        return;
    }
    md_buf_add(out, MD_LIT("@"));
    md_redact_put_host(self, out, host);
    remember_made(self, class, low, low, out, n);
    if (!md_str_is(sign, "@")) { /* put the sign that stood there */
        char tail[MD_REDACT_NAME_MAX * 12];
        size_t from = n + n_local + 1, length = out->n - from;

        if (length <= sizeof tail) {
            memcpy(tail, out->p + from, length);
            out->n = from - 1;
            md_buf_add(out, sign);
            md_buf_add(out, md_str_n(tail, length));
        }
    }
}
