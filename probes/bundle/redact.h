/*
 * probes/bundle/redact: hides in a bundle who and where, and keeps what a diagnosis rests on.
 *
 * Two passes over every text. The first learns which words are hosts, users and secrets: the domain of an address makes
 * its host known everywhere. The second replaces them. A name has one pseudonym in all texts of a bundle, whatever its
 * letter case; it is made of the name and the key alone (HMAC-SHA-256), so the order of the texts does not count:
 *
 *   address      user "@" host; what follows "+" is a user of its own
 *   host         label by label: equal labels are equal, depth stays, the top level and "-daemon" names stay
 *   ip           bit by bit, keeping common prefixes (Xu et al., "Crypto-PAn"): subnets stay subnets, private addresses
 *                private, public ones public; loopback, unspecified and multicast addresses stay
 *   message-id   like an address        user, person, subject, secret       a word
 *
 * STRICT also hides top levels that are not common, and comments in files of configuration. docs/redaction.md says what is found where and what is not. Structure stays: counted fields of logs are counted again,
 * quotes and separators stand where they stood, owners in columns are padded.
 *
 * Pure: no files, no clock, no randomness but the key. Any bytes; nothing is trusted. The redactor lives in its arena;
 * key and names in it are secrets, wiped by nobody. Limits: MD_REDACT_NAMES_MAX names are remembered (each at most
 * MD_REDACT_NAME_MAX bytes); further ones get their pseudonyms all the same but are neither in the map nor in the leak
 * scan, and hosts and users among them are found only where their place says what they are. Of a line beyond
 * MD_REDACT_LINE_MAX each piece up to a blank is treated alone; a word as long as that is left out.
 */
#ifndef PROBES_BUNDLE_REDACT_H
#define PROBES_BUNDLE_REDACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/buf.h"
#include "engine/base/diag.h"
#include "engine/base/str.h"
#include "probes/source/source.h"

#define MD_REDACT_NAMES_MAX 2000000
#define MD_REDACT_NAME_MAX 320
#define MD_REDACT_LINE_MAX ((size_t)262144)

enum md_redact_policy { MD_REDACT_NONE, MD_REDACT_DEFAULT, MD_REDACT_STRICT };

struct md_redactor;
struct md_redaction;

/* `key`: 32 random bytes of this bundle, copied. NONE copies texts unchanged. */
struct md_redactor *md_redactor_new(struct md_arena *arena, enum md_redact_policy policy, const unsigned char key[32]);
/* Not to be hidden: a host or address, or a domain with all below it (".example.com"). Before the first pass. */
void md_redactor_keep(struct md_redactor *redactor, struct md_str name);

/* First pass: each text, in pieces of whole lines. `kind` as far as it is known, `name`: of the file, as in the source. */
void md_redactor_learn(struct md_redactor *redactor, enum md_item_kind kind, struct md_str name,
                       struct md_str whole_lines);

/* Second pass. In the arena of the redactor but for buffers: end each one. */
struct md_redaction *md_redaction_new(struct md_redactor *redactor, enum md_item_kind kind, struct md_str name);
/* Chunks of any size; appends to `out` what can be said, and keeps an unfinished line. */
void md_redaction_feed(struct md_redaction *redaction, struct md_str bytes, struct md_buf *out);
/* The rest; frees and clears the pointer. */
void md_redaction_end(struct md_redaction **redaction, struct md_buf *out);

/* Single texts of a second pass; the result is in `arena`. A path stays a path: no component becomes empty. */
struct md_str md_redact_path(struct md_redactor *redactor, struct md_arena *arena, struct md_str path);
struct md_str md_redact_word(struct md_redactor *redactor, struct md_arena *arena, struct md_str text);

/* How often something of a class was replaced; classes count from 0, NULL behind the last one. */
const char *md_redactor_class(size_t class);
uint64_t md_redactor_count(const struct md_redactor *redactor, size_t class);
/* Lines that were hidden as a whole, because names in them could not be told. */
uint64_t md_redactor_hidden_lines(const struct md_redactor *redactor);
/* Before everything is redacted once more: counts begin anew, names stay, and lines that a leak scan found fault with are hidden. */
void md_redactor_write_again(struct md_redactor *redactor);
/* All that was replaced and remembered, in the order in which it was first replaced, until `each` says false (then
 * false). */
bool md_redactor_map(const struct md_redactor *redactor,
                     bool (*each)(void *ctx, const char *class, struct md_str original, struct md_str pseudonym),
                     void *ctx);

/*
 * The leak scan: are there originals left in the finished bundle? Looks for all that was replaced and remembered, in any
 * letter case, standing alone between characters that are no letters or digits; addresses also with %40, =40 or &#64; for
 * the "@". Not looked for: what is encoded otherwise (base64, compressed), and words so common that they say nothing.
 */
struct md_leak_scan;

/* The lines with leaks are noted in the redactor (up to a number), for md_redactor_write_again. */
struct md_leak_scan *md_leak_scan_new(struct md_redactor *redactor, struct md_arena *arena);
/* The texts of a member must be fed one after another, in chunks of any size. */
void md_leak_scan_feed(struct md_leak_scan *scan, struct md_str name, struct md_str bytes);
/* The number of leaks; the first ones go to `diags` (may be NULL), masked. Clears the pointer. */
uint64_t md_leak_scan_end(struct md_leak_scan **scan, struct md_diags *diags);

#endif
