/* The files of Calendar Server on a made-up installation. */
#include "tests/unit/md_test.h"

#include "engine/base/diag.h"
#include "probes/source/calendar_layout.h"
#include "probes/source/source.h"
#include "tests/unit/probes/bundle/files.h"

static const char *without(const char *root, const char *path)
{
    return path == NULL ? "-" : path + strlen(root);
}

static void finds_the_installation(void **state)
{
    static const struct {
        const char *says, *conf, *text, *below, *want_csdb, *want_logs, *want_hot;
    } rows[] = {
        {"as installed on Solaris", "etc/opt/SUNWics5/config", "", "", "/var/opt/SUNWics5/csdb",
         "/var/opt/SUNWics5/logs", "-"},
        {"the other place of 6.x", "etc/opt/SUNWics5/cal/config", "", "", "/var/opt/SUNWics5/csdb",
         "/var/opt/SUNWics5/logs", "-"},
        {"a dot means the default", "etc/opt/SUNWics5/config",
         "caldb.berkeleydb.homedir.path = \".\"\nlogfile.logdir = \".\"\n", "", "/var/opt/SUNWics5/csdb",
         "/var/opt/SUNWics5/logs", "-"},
        {"as configured, the last line holds", "etc/opt/sun/calendar/config",
         "caldb.berkeleydb.homedir.path = \"/data/x\"\ncaldb.berkeleydb.homedir.path = \"/data/csdb/\"\n"
         "caldb.berkeleydb.hotbackup.path=\"/backup/hot\"\n",
         "", "/data/csdb", "/var/opt/SUNWics5/logs", "/backup/hot"},
        {"the folder of ics.conf itself", "etc/opt/SUNWics5/config", "", "/etc/opt/SUNWics5/config",
         "/var/opt/SUNWics5/csdb", "/var/opt/SUNWics5/logs", "-"},
        {"a place that is not there", "etc/opt/SUNWics5/config", "caldb.berkeleydb.homedir.path = \"/nowhere\"\n", "",
         "/var/opt/SUNWics5/csdb", "/var/opt/SUNWics5/logs", "-"},
    };

    for (size_t i = 0; i < MD_ROWS(rows); i++) {
        const char *root = files_folder(*state);
        struct md_calendar_layout layout;

        md_test_case(i, rows[i].says);
        files_write(*state, root, md_arena_printf(*state, "%s/ics.conf", rows[i].conf), md_str(rows[i].text));
        files_write(*state, root, "var/opt/SUNWics5/csdb/ics50events.db", MD_LIT("x"));
        files_write(*state, root, "var/opt/SUNWics5/logs/admin.log", MD_LIT("x\n"));
        files_write(*state, root, "data/csdb/ics50events.db", MD_LIT("x"));
        files_write(*state, root, "backup/hot/d1/ics50events.db", MD_LIT("x"));
        md_calendar_layout_find(*state, md_arena_printf(*state, "%s%s", root, rows[i].below), &layout);
        md_want_cstr("csdb", without(root, layout.csdb), rows[i].want_csdb);
        md_want_cstr("logs", without(root, layout.logs), rows[i].want_logs);
        md_want_cstr("hot", without(root, layout.hot), rows[i].want_hot);
        md_want_cstr("prefix", layout.prefix, root);
        files_remove(root);
    }
}

static void a_host_without_it_has_none(void **state)
{
    const char *root = files_folder(*state);
    struct md_calendar_layout layout;

    files_write(*state, root, "etc/hosts", MD_LIT("x\n"));
    md_calendar_layout_find(*state, root, &layout);
    md_want_true(layout.conf == NULL && layout.csdb == NULL);
    files_remove(root);
}

/* What probes get of it: files with their paths on the host, listings with owners. */
static void gives_its_files(void **state)
{
    const char *root = files_folder(*state);
    struct md_diags *diags = md_diags_new(*state);
    const struct md_source_options options = {.root = root, .at = INT64_MIN};
    struct md_source *source;
    const struct md_item *const *items;
    struct md_str text;
    size_t n;

    files_write(*state, root, "etc/opt/SUNWics5/config/ics.conf",
                MD_LIT("caldb.berkeleydb.hotbackup.path = \"/backup/hot\"\n"));
    files_write(*state, root, "var/opt/SUNWics5/csdb/ics50events.db", MD_LIT("x"));
    files_write(*state, root, "var/opt/SUNWics5/csdb/ics50events.db.bak", MD_LIT("x"));
    files_write(*state, root, "var/opt/SUNWics5/csdb/log.0000000003", MD_LIT("x"));
    files_write(*state, root, "var/opt/SUNWics5/csdb/__db.001", MD_LIT("x"));
    files_write(*state, root, "var/opt/SUNWics5/csdb/admin.log", MD_LIT("x\n"));
    files_write(*state, root, "var/opt/SUNWics5/logs/admin.log", MD_LIT("x\n"));
    files_write(*state, root, "var/opt/SUNWics5/logs/http.log.3.1180620000", MD_LIT("x\n"));
    files_write(*state, root, "backup/hot/d1/ics50events.db", MD_LIT("x"));
    assert_int_equal(md_source_open_live(&options, diags, &source), MD_OK);
    md_want_int("no complaint", md_diags_count(diags), 0);
    md_want_int("configuration", md_source_items(source, MD_ITEM_ICS_CONF, &items), 1);
    md_want_cstr("its path", items[0]->path, "/etc/opt/SUNWics5/config/ics.conf");
    md_want_int("both logs of tools and daemons", md_source_items(source, MD_ITEM_CALENDAR_LOG, &items), 3);
    md_want_int("files", md_source_items(source, MD_ITEM_CSDB_FILE, &items), 1);
    md_want_cstr("their path", items[0]->path, "/var/opt/SUNWics5/csdb/ics50events.db");
    md_want_int("logs", md_source_items(source, MD_ITEM_CSDB_LOG, &items), 1);
    md_want_int("regions", md_source_items(source, MD_ITEM_CSDB_REGION, &items), 1);
    n = md_source_items(source, MD_ITEM_LISTING, &items);
    md_want_int("listings", n, 2);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(md_source_read_all(source, items[i], *state, 65536, &text), MD_OK);
        if (strcmp(items[i]->root, "/backup/hot") == 0)
            md_want_true(md_str_find(text, MD_LIT("d1/ics50events.db\t1\t")) >= 0);
        else
            md_want_cstr("root", items[i]->root, "/var/opt/SUNWics5/csdb");
    }
    md_source_free(&source);
    files_remove(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(finds_the_installation), MD_TEST(a_host_without_it_has_none),
                                       MD_TEST(gives_its_files)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
