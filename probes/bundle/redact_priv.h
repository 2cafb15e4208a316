/*
 * The parts of the redactor. Private to probes/bundle/redact*.c.
 *
 *   redact.c          the two passes, texts in chunks, single texts
 *   redact_names.c    pseudonyms of names, what was learned, what is kept
 *   redact_ip.c       pseudonyms of IP addresses
 *   redact_host.c     which dotted words are hosts
 *   redact_line.c     what stands anywhere in a line: addresses, hosts, IP addresses, learned words
 *   redact_marks.c    what words before it say: users, secrets, subjects, names of a directory
 *   redact_secret.c   values of settings that must not be seen
 *   redact_columns.c  what its place in a line says: owners, host names of log lines, headers of mail
 *   redact_queue.c    which lines of a queue file are kept
 *   redact_hide.c     lines that are hidden as a whole
 *   redact_leak.c     the leak scan
 */
#ifndef PROBES_BUNDLE_REDACT_PRIV_H
#define PROBES_BUNDLE_REDACT_PRIV_H

#include "engine/base/map.h"
#include "engine/base/sha256.h"
#include "probes/bundle/redact.h"
#include "probes/formats/msgserver/failure_words.h"
#include "probes/formats/msgserver/mail_log.h"

enum md_redact_class {
#define MD_REDACT_CLASS(id, name) MD_REDACT_##id,
#include "probes/bundle/redact_class.def"
#undef MD_REDACT_CLASS
    MD_REDACT_CLASS_COUNT
};

/* Lists of words that are known beforehand (redact_words.def). */
enum md_redact_list {
    MD_REDACT_VOCABULARY, /* words of texts and configurations: never replaced where only the word itself speaks for it */
    MD_REDACT_USERS,      /* accounts of systems and roles of mail */
    MD_REDACT_LABELS,     /* the product's own components of host names */
    MD_REDACT_HOSTS,      /* host names that say nothing, and public ones */
    MD_REDACT_TOPS,       /* top level domains of more than two letters */
    MD_REDACT_STRONG_TOPS, /* those of them that end nothing but host names */
    MD_REDACT_SECONDS,     /* second levels below country codes that are no site's own */
    MD_REDACT_NO_TOPS,     /* endings of file names that are top level domains as well */
    MD_REDACT_ROOTS,       /* first components of names of settings and of packages */
    MD_REDACT_ENDINGS,     /* endings of file names */
    MD_REDACT_FOLDERS,     /* folders that every mailbox has */
    MD_REDACT_DIRECTORY,   /* names in a directory that every site has */
    MD_REDACT_MECHANISMS,  /* of authentication */
    MD_REDACT_CHANNELS,    /* the product's channels */
    MD_REDACT_LIST_COUNT
};

/* What the first pass learned. */
enum md_redact_learned {
    MD_REDACT_HOST_NAME = MD_REDACT_LIST_COUNT, /* a whole host name */
    MD_REDACT_DOMAIN,                           /* all below it are hosts */
    MD_REDACT_SHORT_HOST,
    MD_REDACT_MAILBOX_USER,
    MD_REDACT_SECRET_WORD,
    MD_REDACT_KEPT, /* host or address */
    MD_REDACT_KEPT_DOMAIN,
};

struct md_redact_name {
    enum md_redact_class class;
    struct md_str original, pseudonym; /* the original in lower case where case does not count */
};

struct md_redactor {
    struct md_arena *arena;
    enum md_redact_policy policy;
    struct md_sha256 inner, outer; /* of HMAC, with the key's block taken in */
    struct md_map *names;          /* class, original -> struct md_redact_name */
    struct md_redact_name **list;
    size_t n_list, list_capacity;
    struct md_map *pseudonyms; /* class, pseudonym */
    struct md_map *words;      /* enum md_redact_list or md_redact_learned, word */
    size_t n_learned;
    struct md_failure_words *needles;
    uint64_t counts[MD_REDACT_CLASS_COUNT];
    struct md_mail_log_parser log_parser;
    char *cleaned;         /* a line of a log, for it */
    struct md_map *hidden; /* hashes of redacted lines that a leak scan found fault with */
};

/* A stretch of a line that is replaced as a whole. */
struct md_redact_mark {
    size_t from, until;
    enum md_redact_mark_kind {
        MD_MARK_USER,   /* a user's name */
        MD_MARK_HOST,   /* a host's, with or without dots */
        MD_MARK_LABEL,  /* one component of a host name */
        MD_MARK_TOP,    /* the last component of one */
        MD_MARK_OWNER,  /* a user's in a column: padded */
        MD_MARK_FOLDER, /* of a mailbox */
        MD_MARK_PERSON, /* a name of a person or organisation */
        MD_MARK_SECRET,
        MD_MARK_SUBJECT,
    } kind;
};

#define MD_REDACT_MARKS_MAX 200 /* of a line; what comes behind them is left out of it */

/* One line on its way. */
struct md_redact_line {
    struct md_redactor *redactor;
    struct md_redact_text *text;
    struct md_str line;
    struct md_buf *out; /* NULL: the first pass */
    struct md_redact_mark marks[MD_REDACT_MARKS_MAX];
    size_t n_marks;
    size_t cut; /* marks were left out from here on: so is the line */
};

/* What is known from the lines before. */
struct md_redact_text {
    enum md_item_kind kind; /* of the part of the file that this is */
    bool is_xpass;          /* a file of passwords only */
    bool in_key;            /* inside a private key */
    bool in_code;           /* among lines of base64 or uuencode */
    bool in_ps;             /* below a heading of a process table whose first column is the user */
    bool in_header;         /* a header line of mail goes on */
    enum { MD_QUEUE_ENVELOPE, MD_QUEUE_HEADER, MD_QUEUE_BODY, MD_QUEUE_HISTORY } phase; /* of a queue file */
    bool is_left_out; /* a header line of a message, with those that go on with it */
    char prompt[64];
    size_t n_prompt;
};

/* ---- redact_names.c ---- */

void md_redact_hmac(const struct md_redactor *self, char purpose, struct md_str text,
                    unsigned char ret[MD_SHA256_BYTES]);
bool md_redact_knows(const struct md_redactor *self, unsigned list, struct md_str word); /* any letter case */
void md_redact_note(struct md_redactor *self, enum md_redact_learned list, struct md_str word);
bool md_redact_is_kept_user(const struct md_redactor *self, struct md_str user);
bool md_redact_is_kept_host(const struct md_redactor *self, struct md_str host);
/* Length of the part of a host name that stays: ".com", ".co.uk", or 0. */
size_t md_redact_top(const struct md_redactor *self, struct md_str host);
/* Append the pseudonym, or the text itself where it is kept. */
void md_redact_put_user(struct md_redactor *self, struct md_buf *out, struct md_str user);
void md_redact_put_host(struct md_redactor *self, struct md_buf *out, struct md_str host);
void md_redact_put_label(struct md_redactor *self, struct md_buf *out, struct md_str label);
void md_redact_put_address(struct md_redactor *self, struct md_buf *out, struct md_str local, struct md_str sign,
                           struct md_str host, bool is_id);
void md_redact_put_word(struct md_redactor *self, struct md_buf *out, enum md_redact_class class, struct md_str text);
/* Remembers and counts. */
struct md_str md_redact_remember(struct md_redactor *self, enum md_redact_class class, struct md_str original,
                                 struct md_str pseudonym);
/* What was remembered, counted; empty where there is none. */
struct md_str md_redact_recall(struct md_redactor *self, enum md_redact_class class, struct md_str original);
void md_redact_words_load(struct md_redactor *self);
/* Into a buffer of MD_REDACT_NAME_MAX bytes; false: too long. */
bool md_redact_lower(struct md_str text, char *buffer, struct md_str *ret);

/* ---- redact_hide.c ---- */

void md_redact_hide_init(struct md_redactor *self);
/* A line of a log of mail that is no entry. */
bool md_redact_is_scrap(struct md_redactor *self, const struct md_redact_text *text, struct md_str line);
/* Says in its place how many bytes it had, and counts. */
void md_redact_hide_line(struct md_redactor *self, struct md_buf *out, size_t n);
/* Whether a leak scan found something in a redacted line. Facts are no lines. */
bool md_redact_is_hidden(const struct md_redactor *self, const struct md_redact_text *text, struct md_str line);
void md_redact_note_leak(struct md_redactor *self, struct md_str line);

/* ---- redact_ip.c ---- */

/* "192.0.2.1" and nothing else. */
bool md_redact_ipv4_parse(struct md_str text, unsigned char ret[4]);
/* An address of version 6 at the front, as long as it goes; 0: none. */
size_t md_redact_ipv6_at(struct md_str text);
/* `bits`: of the network (32 or 128: an address); the others become 0 where they were 0. */
void md_redact_put_ipv4(struct md_redactor *self, struct md_buf *out, const unsigned char address[4], unsigned bits);
void md_redact_put_ipv4_reversed(struct md_redactor *self, struct md_buf *out, const unsigned char address[4]);
void md_redact_put_ipv4_front(struct md_redactor *self, struct md_buf *out, const unsigned char *octets, size_t n);
void md_redact_put_ipv6(struct md_redactor *self, struct md_buf *out, struct md_str text, unsigned bits);

/* Of "192.0.2.1-192.0.2.9" and "mail.log_192.0.2.1": where the part that begins at `from` ends, and whether one is an address. */
size_t md_redact_part_end(struct md_str word, size_t from);
bool md_redact_has_ipv4_part(struct md_str word);

/* ---- redact_host.c ---- */

/* A dotted word that is a host, and where it begins and ends in it: "mail.log.mail1.example.com.gz". */
bool md_redact_find_host(const struct md_redactor *self, struct md_str word, struct md_str *ret_host);
void md_redact_learn_host(struct md_redactor *self, struct md_str host);
/* Learns a name without dots; common words are only hidden where their place says what they are. */
void md_redact_learn_short(struct md_redactor *self, struct md_str host);
/* "tcp_hub7", "tcp_hub7-daemon": names of channels stay, also what in them may be the name of a host. */
bool md_redact_is_channel(struct md_str word);
/* Is a host name with at least two components, the last of which is no number. */
bool md_redact_is_dotted(struct md_str word);

/* ---- the parts of a line ---- */

bool md_redact_is_name_char(char c);
void md_redact_mark(struct md_redact_line *line, size_t from, size_t until, enum md_redact_mark_kind kind);
void md_redact_mark_columns(struct md_redact_line *line);
void md_redact_mark_words(struct md_redact_line *line);
void md_redact_mark_secret(struct md_redact_line *line, size_t from, size_t until);
void md_redact_needles(struct md_redactor *self);
/* Of a line of a queue file. */
enum md_redact_fate { MD_FATE_REDACT, MD_FATE_DROP };
enum md_redact_fate md_redact_queue_line(struct md_redact_text *text, struct md_str line);
void md_redact_mark_envelope(struct md_redact_line *line);
/* The whole line: learns, or appends to line->out. */
void md_redact_line_do(struct md_redact_line *line);
/* The length of a sign that stands for "@" at `at`, or 0. */
size_t md_redact_at_sign(struct md_str text, size_t at);

#endif
