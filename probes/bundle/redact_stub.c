/* Stands in until redaction is there: copies everything. */
#include "probes/bundle/redact.h"

struct md_redactor {
    struct md_arena *arena;
};
struct md_redaction {
    struct md_redactor *redactor;
};
struct md_leak_scan {
    const struct md_redactor *redactor;
};

struct md_redactor *md_redactor_new(struct md_arena *arena, enum md_redact_policy policy, const unsigned char key[32])
{
    struct md_redactor *self = md_arena_alloc(arena, sizeof *self);

    (void)policy;
    (void)key;
    self->arena = arena;
    return self;
}
void md_redactor_keep(struct md_redactor *redactor, struct md_str name)
{
    (void)redactor;
    (void)name;
}
void md_redactor_learn(struct md_redactor *redactor, enum md_item_kind kind, struct md_str name,
                       struct md_str whole_lines)
{
    (void)redactor;
    (void)kind;
    (void)name;
    (void)whole_lines;
}
struct md_redaction *md_redaction_new(struct md_redactor *redactor, enum md_item_kind kind, struct md_str name)
{
    struct md_redaction *self = md_arena_alloc(redactor->arena, sizeof *self);

    (void)kind;
    (void)name;
    return self;
}
void md_redaction_feed(struct md_redaction *redaction, struct md_str bytes, struct md_buf *out)
{
    (void)redaction;
    md_buf_add(out, bytes);
}
void md_redaction_end(struct md_redaction **redaction, struct md_buf *out)
{
    (void)out;
    *redaction = NULL;
}
struct md_str md_redact_path(struct md_redactor *redactor, struct md_arena *arena, struct md_str path)
{
    (void)redactor;
    return md_arena_str(arena, path);
}
struct md_str md_redact_word(struct md_redactor *redactor, struct md_arena *arena, struct md_str text)
{
    (void)redactor;
    return md_arena_str(arena, text);
}
const char *md_redactor_class(size_t class)
{
    return class == 0 ? "address" : NULL;
}
uint64_t md_redactor_count(const struct md_redactor *redactor, size_t class)
{
    (void)redactor;
    (void)class;
    return 0;
}
bool md_redactor_map(const struct md_redactor *redactor,
                     bool (*each)(void *ctx, const char *class, struct md_str original, struct md_str pseudonym),
                     void *ctx)
{
    (void)redactor;
    (void)each;
    (void)ctx;
    return true;
}
struct md_leak_scan *md_leak_scan_new(const struct md_redactor *redactor, struct md_arena *arena)
{
    struct md_leak_scan *self = md_arena_alloc(arena, sizeof *self);

    self->redactor = redactor;
    return self;
}
void md_leak_scan_feed(struct md_leak_scan *scan, struct md_str name, struct md_str bytes)
{
    (void)scan;
    (void)name;
    (void)bytes;
}
uint64_t md_leak_scan_end(struct md_leak_scan **scan, struct md_diags *diags)
{
    (void)diags;
    *scan = NULL;
    return 0;
}
