/*
 * Redaction of any bytes. The first two bytes say kind, policy and size of chunks; the rest is the text. What comes out
 * must not depend on the chunks, and it must be possible to scan it and to redact it again.
 */
#include "engine/base/arena.h"
#include "engine/base/bug.h"
#include "probes/bundle/redact.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void redact(struct md_redactor *redactor, enum md_item_kind kind, struct md_str text, size_t chunk,
                   struct md_buf *out)
{
    struct md_redaction *redaction = md_redaction_new(redactor, kind, md_str("xpass.xml"));

    for (size_t at = 0; at < text.n; at += chunk)
        md_redaction_feed(redaction, md_str_sub(text, at, chunk), out);
    md_redaction_end(&redaction, out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const unsigned char key[32] = {1, 2, 3}, other_key[32] = {4};
    struct md_arena *arena;
    struct md_redactor *redactor, *again;
    struct md_str text;
    struct md_buf whole = {0}, pieces = {0}, twice = {0};
    struct md_leak_scan *scan;
    enum md_item_kind kind;
    enum md_redact_policy policy;

    if (size < 2)
        return 0;
    arena = md_arena_new();
    kind = (enum md_item_kind)(data[0] % MD_ITEM_KIND_COUNT);
    policy = data[1] % 2 == 0 ? MD_REDACT_DEFAULT : MD_REDACT_STRICT;
    text = md_str_n((const char *)data + 2, size - 2);
    redactor = md_redactor_new(arena, policy, key);
    md_redactor_learn(redactor, kind, md_str("xpass.xml"), text);
    redact(redactor, kind, text, size, &whole);
    redact(redactor, kind, text, data[1] / 2U + 1, &pieces);
    if (!md_str_eq(md_str_n(whole.p, whole.n), md_str_n(pieces.p, pieces.n)))
        MD_BUG("what is redacted depends on how it comes");
    (void)md_redact_word(redactor, arena, text);
    scan = md_leak_scan_new(redactor, arena);
    md_leak_scan_feed(scan, md_str("x"), md_str_n(whole.p, whole.n));
    (void)md_leak_scan_end(&scan, NULL);
    again = md_redactor_new(arena, policy, other_key);
    md_redactor_learn(again, kind, md_str("xpass.xml"), md_str_n(whole.p, whole.n));
    redact(again, kind, md_str_n(whole.p, whole.n), size, &twice);
    md_buf_free(&whole);
    md_buf_free(&pieces);
    md_buf_free(&twice);
    md_arena_free(&arena);
    return 0;
}
