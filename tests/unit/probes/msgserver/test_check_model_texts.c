/* Mappings, aliases and conversions in the tree that checks look at, and what rules say of them. */
#include "tests/unit/md_test.h"

#include "probes/msgserver/check_model.h"

#define IMTA                                                                                                           \
    "[]  $E$R${INTERNAL_IP,$L}$U%[$L]@tcp-daemon\n"                                                                    \
    "a.example  $E$R\\\n${INTERNL_IP,$L}$U%$D@tcp-daemon\n"                                                            \
    "b.example  $K@tcp-daemon\n"                                                                                       \
    "c.example  %d.example@tcp-daemon\n"                                                                               \
    "\n"                                                                                                               \
    "l\n"                                                                                                              \
    "mail.example.com\n"                                                                                               \
    "\n"                                                                                                               \
    "tcp_local smtp\n"                                                                                                 \
    "tcp-daemon\n"

#define MAPPINGS                                                                                                       \
    "PORT_ACCESS\n\n  *|*|*|*|*  $C$|internal_ip;$3|$Y$E\n  *  $YEXTERNAL\n\n"                                         \
    "ORIG_SEND_ACCESS\n\n  tcp_locall|*|TCP_Local|*  $NRelaying$ not$ permitted\n  tcp_*|*|native|*  $N\n\n"           \
    "Internal_IP\n\n  $(192.0.2.0/24)  $Y\n  *  $N\n\n"                                                                \
    "</etc/more_mappings\n"                                                                                            \
    "INTERNAL_IP\n  * $Y\n"

#define MORE "CONVERSIONS\n\n  IN-CHAN=tcp_local;OUT-CHAN=*;CONVERT  Yes\n\n"

static const struct md_check_file files[] = {
    {"imta.cnf", MD_LIT_INIT(IMTA)},
    {"mappings", MD_LIT_INIT(MAPPINGS)},
    {"more_mappings", MD_LIT_INIT(MORE)},
    {"aliases", MD_LIT_INIT("Postmaster: root@x,\\\n :b@y\nstaff:\npostmaster : c@z\n")},
    {"conversions", MD_LIT_INIT("in-type=text; Out-Chan=l\n  command=\"x\"\n")},
};

static const struct md_node *at(const struct md_node *root, const char *path, size_t i)
{
    const struct md_node *list = md_node_path(root, path), *node;

    md_test_case(i, path);
    md_want_true(list != NULL && i < list->count);
    for (node = list->first; i > 0; i--)
        node = node->next;
    return node;
}

static bool flag(const struct md_node *node, const char *path)
{
    bool value = false;

    return md_node_bool(md_node_path(node, path), &value) == MD_OK && value;
}

static const struct md_node *where(const struct md_node *root, const char *collection, const char *key,
                                   const char *value)
{
    for (size_t i = 0; i < md_node_get(root, collection)->count; i++)
        if (md_str_is(md_node_text(at(root, collection, i), key), value))
            return at(root, collection, i);
    fail_msg("no node of %s has %s = %s", collection, key, value);
    return NULL;
}

static void tables_and_entries(void **state)
{
    const struct md_node *root = md_check_model_of_files(*state, files, MD_ROWS(files), NULL, md_diags_new(*state));
    const struct md_node *node;

    md_want_true(flag(root, "read/mappings"));
    md_want_int("tables", md_node_get(root, "table")->count, 5);
    md_want_int("by name", md_node_get(root, "tables")->count, 4);
    node = md_node_path(root, "tables/INTERNAL_IP");
    md_want_true(node != NULL && flag(node, "has_blank_after_name"));
    md_want_str("as written", md_node_text(node, "as_written"), "Internal_IP");
    md_want_int("entries", md_node_get(node, "entries")->count, 2);
    md_want_str("bits", md_node_text(md_node_get(at(node, "entries", 0), "prefix"), "bits"), "24");
    md_want_true(flag(at(node, "entries", 1), "is_catch_all") && flag(at(node, "entries", 1), "flags/N"));

    node = at(root, "table", 4);
    md_want_true(md_node_get(node, "repeated") != NULL && !flag(node, "has_blank_after_name"));
    md_want_int("the earlier one", md_node_get(node, "repeated")->loc.line, 11);

    node = at(root, "entry", 0);
    md_want_str("table", md_node_text(node, "table"), "PORT_ACCESS");
    md_want_str("bars", md_node_text(node, "probes"), "4");
    md_want_true(flag(node, "continues") && flag(node, "may_fail") && flag(node, "flags/Y"));
    md_want_str("a table that it names", md_node_text(at(node, "nested", 0), "name"), "INTERNAL_IP");
    md_want_int("its column", at(node, "nested", 0)->loc.column, 18);

    node = at(root, "entry", 2);
    md_want_str("position", md_node_text(node, "position"), "1");
    md_want_str("a source channel", md_node_text(at(node, "channels", 0), "name"), "tcp_locall");
    md_want_str("which side", md_node_text(at(node, "channels", 1), "side"), "target");
    md_want_str("in lower case", md_node_text(at(node, "channels", 1), "name"), "tcp_local");
    md_want_int("wildcards are none", md_node_get(at(root, "entry", 3), "channels")->count, 1);
    node = where(root, "entry", "table", "CONVERSIONS");
    md_want_str("channel of a clause", md_node_text(at(node, "channels", 0), "name"), "tcp_local");
    md_want_true(strcmp(node->loc.file, "more_mappings") == 0);
    md_want_true(flag(where(root, "include", "file_kind", "mappings"), "is_read"));
    md_want_int("fault", where(root, "fault", "kind", "no-blank-after-table-name")->loc.line, 17);
}

static void aliases_and_conversions(void **state)
{
    const struct md_node *root = md_check_model_of_files(*state, files, MD_ROWS(files), NULL, md_diags_new(*state));
    const struct md_node *node;

    md_want_int("aliases", md_node_get(root, "alias")->count, 3);
    node = md_node_path(root, "aliases/postmaster");
    md_want_true(node != NULL);
    md_want_int("addresses", md_node_get(node, "addresses")->count, 2);
    md_want_true(flag(at(node, "addresses", 1), "is_hidden"));
    md_want_int("line of a continued one", at(node, "addresses", 1)->loc.line, 2);
    md_want_int("no address", md_node_get(md_node_path(root, "aliases/staff"), "addresses")->count, 0);
    md_want_true(md_node_get(at(root, "alias", 2), "repeated") != NULL);
    md_want_int("fault", where(root, "fault", "kind", "space-before-colon")->loc.column, 11);

    md_want_int("conversions", md_node_get(root, "conversion")->count, 1);
    node = at(root, "conversion", 0);
    md_want_true(flag(node, "is_ended"));
    md_want_int("clauses", md_node_get(node, "clauses")->count, 3);
    md_want_str("name", md_node_text(at(node, "clauses", 1), "name"), "out-chan");
    md_want_str("value", md_node_text(at(node, "clauses", 2), "value"), "x");
    md_want_int("missing semicolon", where(root, "fault", "kind", "missing-semicolon")->loc.line, 1);
}

static void rules_know_the_tables(void **state)
{
    const struct md_node *root = md_check_model_of_files(*state, files, MD_ROWS(files), NULL, md_diags_new(*state));
    const struct md_node *node = where(root, "rule.with_mapping", "table", "INTERNL_IP");

    md_want_true(!flag(node, "is_defined"));
    md_want_int("line on a continued rule", node->loc.line, 3);
    md_want_int("column", node->loc.column, 3);
    md_want_true(flag(where(root, "rule.with_mapping", "table", "INTERNAL_IP"), "is_defined"));
    node = where(root, "rule.faulty", "what", "unknown-sequence");
    md_want_str("sequence", md_node_text(node, "sequence"), "$K");
    md_want_int("line", where(root, "rule.faulty", "what", "no-user")->loc.line, 5);
    md_want_int("two faulty ones", md_node_get(root, "rule.faulty")->count, 2);
}

static void without_the_files_they_are_not_read(void **state)
{
    const struct md_node *root = md_check_model_of_files(*state, files, 1, NULL, md_diags_new(*state));

    md_want_true(md_node_path(root, "read/mappings") == NULL);
    md_want_true(md_node_path(root, "read/aliases") == NULL);
    md_want_int("tables", md_node_get(root, "table")->count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(tables_and_entries),
        MD_TEST(aliases_and_conversions),
        MD_TEST(rules_know_the_tables),
        MD_TEST(without_the_files_they_are_not_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
