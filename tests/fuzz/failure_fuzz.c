#include <stdint.h>
#include <stddef.h>
#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/base/node.h"
#include "probes/formats/msgserver/failure.h"

/* A table that has every kind of row. */
static const char table_yaml[] =
    "failures:\n"
    "- { row: 1, group: A, on: [store], text: [over quota, quota exceeded], class: over-quota, label: A, lasts: entry "
    "}\n"
    "- { row: 2, group: D, text: [tcp active open], without: [gethostbyname()], class: connect-failed, label: B, "
    "lasts: \"no\" }\n"
    "- { row: 3, group: F, text: [unknown], with_code: [5.7.1], class: access-denied, label: C, lasts: \"yes\" }\n"
    "- { row: 4, group: H, where: answer, word: [spam, spf], reply: [552], code: [5.7.x], class: smtp-5xx, label: D, "
    "lasts: \"yes\" }\n"
    "- { row: 5, group: H, vague: true, code: [4.7.1], with_reply: [4xx], class: smtp-4xx, label: E, lasts: \"no\" }\n"
    "- { row: 6, group: J, text: [ldap], with: [timeout], class: ldap, label: F, lasts: \"no\", but: [{ where: answer, "
    "class: smtp-4xx, label: G }] }\n"
    "- { row: 7, group: K, file: [.HELD], class: held, label: H, lasts: none }\n"
    "- { row: 8, group: L, fallback: true, any: true, class: other, label: I, lasts: entry }\n";

/* Source, entry and a length of the reason, then the text. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct md_arena *arena = md_arena_new();
    const struct md_node *root = NULL;
    const struct md_failure_table *table = NULL;
    struct md_diags *diags = md_diags_new(arena);
    struct md_failure_query query = {.source = MD_FAILURE_SMTP};
    struct md_failure plain, cached;

    if (md_yaml_read(arena, "table", md_str(table_yaml), diags, &root) != MD_OK ||
        md_failure_compile(arena, root, diags, &table) != MD_OK)
        abort();
    if (size >= 3) {
        const struct md_str text = md_str_n((const char *)data + 3, size - 3);

        query.source = (enum md_failure_source)(data[0] % MD_FAILURE_SOURCES);
        query.entry = (char)data[1];
        query.reason = md_str_sub(text, 0, data[2]);
        query.text = md_str_from(text, data[2]);
        query.file = query.reason;
    }
    plain = md_failure_classify(table, &query);
    cached = md_failure_classify_cached(table, md_failure_cache_new(arena), &query);
    if (plain.rank != cached.rank || plain.class != cached.class)
        abort();
    md_arena_free(&arena);
    return 0;
}
