/*
 * probes/source/fake: a source built in memory, for tests and for the cases of rules and checks.
 *
 * Texts and names are copied. A walk of a QUEUE_TREE gives the entries that were added; a LISTING is parsed as usual.
 * DNS answers are those that were added, or DNS_ANSWERS items. To test what happens when something fails, the n-th call
 * that reads (open, walk, command, resolve, connect) can be made to fail.
 */
#ifndef PROBES_SOURCE_FAKE_H
#define PROBES_SOURCE_FAKE_H

#include "probes/source/source.h"

/* `diags` must outlive the source. at: "now", may be MD_TIME_NONE. */
struct md_source *md_fake_new(struct md_diags *diags, int64_t at);
/* An item with this name and text; fields of the result may be changed (path, mtime, root, ...). */
struct md_item *md_fake_add(struct md_source *source, enum md_item_kind kind, const char *name, const char *text);
struct md_item *md_fake_add_bytes(struct md_source *source, enum md_item_kind kind, const char *name,
                                  struct md_str bytes);
/* The output of a command; its name is the command line. */
struct md_item *md_fake_add_command(struct md_source *source, enum md_item_kind kind, const char *command,
                                    const char *text);
/* An entry of the queue tree; the first one makes the QUEUE_TREE item. */
void md_fake_add_entry(struct md_source *source, const char *path, uint64_t size, int64_t mtime);
void md_fake_add_folder(struct md_source *source, const char *path);
/* `data`: exchanges, addresses or targets, separated by blanks; MX preferences are 10, 20, ... */
void md_fake_add_answer(struct md_source *source, const char *name, enum md_dns_type type, enum md_dns_status status,
                        const char *data, const char *resolver);
void md_fake_set_host(struct md_source *source, const char *host, const char *zone);
/* A local port that accepts. */
void md_fake_open_port(struct md_source *source, uint16_t port);
/* The same, with what it greets with after so many seconds; NULL: nothing comes (MD_TIMEOUT). */
void md_fake_open_port_greeting(struct md_source *source, uint16_t port, const char *greeting, double seconds);
/* A program of the host. Without any, nothing is known about programs (MD_UNSUPPORTED); others are then missing. */
void md_fake_add_program(struct md_source *source, const char *path, bool is_runnable);
/* The n-th call from now, from 1, fails with the status; 0: none does. */
void md_fake_fail(struct md_source *source, uint64_t nth, enum md_status status);
/* Calls so far. */
uint64_t md_fake_calls(const struct md_source *source);

#endif
