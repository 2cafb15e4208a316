/* The catalogue of facts against the probes as they are written: no fact that nobody sets, no name that is not in it. */
#include "tests/unit/probes/probe_fixture.h"

#include <dirent.h>
#include <sys/stat.h>

#define SOURCE_MAX ((size_t)4 << 20)
#define FACTS_MAX 2000

struct scan {
    struct md_arena *arena;
    const struct md_catalogue *catalogue;
    bool is_set[FACTS_MAX]; /* by index of the fact */
    size_t n_files, n_names, n_strangers;
};

/* "<scope>.<field>" of a scope in the catalogue. */
static bool is_fact_name(const struct md_catalogue *catalogue, struct md_str text)
{
    ptrdiff_t dot = md_str_find_char(text, '.');

    if (dot <= 0 || (size_t)dot + 1 == text.n)
        return false;
    for (size_t i = 0; i < text.n; i++)
        if (!md_is_alnum(text.p[i]) && text.p[i] != '_' && text.p[i] != '.')
            return false;
    return md_catalogue_scope(catalogue, md_str_sub(text, 0, (size_t)dot)) != NULL;
}

/* Whether the text ends within the parentheses of a call of a function whose name ends so. */
static bool is_within(struct md_str statement, const char *call)
{
    ptrdiff_t at = md_str_find(statement, md_str(call));

    while (at >= 0) {
        struct md_str rest = md_str_from(statement, (size_t)at + strlen(call));

        if (md_str_find_char(rest, ')') < 0)
            return true;
        statement = rest;
        at = md_str_find(statement, md_str(call));
    }
    return false;
}

/* Whether the statement in which a literal stands only says that a fact is not known, or reads what another one set. */
static bool sets_nothing(struct md_str before)
{
    size_t from = before.n;

    while (from > 0 && strchr(";{}", before.p[from - 1]) == NULL)
        from--;
    before = md_str_from(before, from);
    return md_str_find(before, MD_LIT("unknown(")) >= 0 || is_within(before, "fact_by_name(");
}

/* The literals of a C text; comments are passed over. */
static void scan_text(struct scan *scan, const char *name, struct md_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        size_t begin = i + 1, end = begin;
        struct md_str literal;
        const struct md_fact_def *def;

        if (text.p[i] == '/' && i + 1 < text.n && text.p[i + 1] == '*') {
            ptrdiff_t close = md_str_find(md_str_from(text, i + 2), MD_LIT("*/"));

            if (close < 0)
                return;
            i += (size_t)close + 3;
            continue;
        }
        if (text.p[i] == '\'') {
            i += i + 1 < text.n && text.p[i + 1] == '\\' ? 3 : 2;
            continue;
        }
        if (text.p[i] != '"')
            continue;
        while (end < text.n && text.p[end] != '"')
            end += text.p[end] == '\\' ? 2 : 1;
        literal = md_str_sub(text, begin, end - begin);
        i = end;
        if (!is_fact_name(scan->catalogue, literal))
            continue;
        scan->n_names++;
        def = md_catalogue_fact(scan->catalogue, literal);
        if (def == NULL) {
            print_error("%s: %.*s is not in the catalogue\n", name, MD_STR_ARG(literal));
            scan->n_strangers++;
        } else if (!sets_nothing(md_str_sub(text, 0, begin - 1))) {
            scan->is_set[def->index] = true;
        }
    }
}

static void scan_file(struct scan *scan, const char *path)
{
    FILE *in = fopen(path, "rb");
    char *text;
    size_t n;

    assert_non_null(in);
    text = md_arena_alloc(scan->arena, SOURCE_MAX);
    n = fread(text, 1, SOURCE_MAX, in);
    fclose(in);
    assert_true(n < SOURCE_MAX);
    scan->n_files++;
    scan_text(scan, path, md_str_n(text, n));
}

static bool is_source(const char *name)
{
    struct md_str s = md_str(name);

    return md_str_has_suffix(s, MD_LIT(".c")) || md_str_has_suffix(s, MD_LIT(".def")) ||
           md_str_has_suffix(s, MD_LIT(".h"));
}

static void scan_folder(struct scan *scan, const char *path)
{
    DIR *folder = opendir(path);
    struct dirent *entry;

    assert_non_null(folder);
    while ((entry = readdir(folder)) != NULL) {
        const char *below = md_arena_printf(scan->arena, "%s/%s", path, entry->d_name);
        struct stat st;

        if (entry->d_name[0] == '.' || stat(below, &st) != 0)
            continue;
        if (S_ISDIR(st.st_mode))
            scan_folder(scan, below);
        else if (is_source(entry->d_name))
            scan_file(scan, below);
    }
    closedir(folder);
}

static bool is_of_a_person(const struct md_fact_def *def)
{
    return strcmp(def->probe, "person") == 0;
}

static void every_fact_is_served_and_every_name_is_known(void **state)
{
    struct md_probe_test t = md_probe_test_new(*state, 0);
    struct scan scan = {.arena = *state, .catalogue = md_facts_catalogue(t.facts)};
    size_t n = md_catalogue_fact_count(scan.catalogue), unserved = 0;

    assert_true(n > 0 && n <= FACTS_MAX);
    scan_folder(&scan, MD_TEST_ROOT "/probes");
    assert_true(scan.n_files > 50 && scan.n_names > n);
    for (size_t i = 0; i < n; i++) {
        const struct md_fact_def *def = md_catalogue_fact_at(scan.catalogue, i);

        if (!is_of_a_person(def) && !scan.is_set[def->index]) {
            print_error("%s is set nowhere in probes/\n", def->name);
            unserved++;
        }
        if (is_of_a_person(def) && def->ask == NULL) {
            print_error("%s is a person's to say but has no question\n", def->name);
            unserved++;
        }
    }
    md_want_int("facts that nobody sets", unserved, 0);
    md_want_int("names that are not in the catalogue", scan.n_strangers, 0);
    md_probe_test_end(&t);
}

static void every_probe_named_exists(void **state)
{
    struct md_probe_test t = md_probe_test_new(*state, 0);
    const struct md_catalogue *catalogue = md_facts_catalogue(t.facts);

    for (size_t i = 0; i < md_catalogue_fact_count(catalogue); i++) {
        const struct md_fact_def *def = md_catalogue_fact_at(catalogue, i);
        bool is_there = is_of_a_person(def);

        md_test_case(i, def->name);
        for (size_t k = 0; k < md_probe_count() && !is_there; k++)
            is_there = strcmp(md_probe_at(k)->name, def->probe) == 0;
        md_want_true(is_there);
    }
    md_probe_test_end(&t);
}

static void the_scan_tells_setting_from_giving_up(void **state)
{
    static const struct {
        const char *says, *text;
        bool is_set;
        size_t strangers;
    } cases[] = {
        {"a setter", "md_fact_count(f, at, \"channel.files\", 1, NULL);", true, 0},
        {"a reason why not", "md_fact_unknown(f, at, \"channel.files\", \"why\");", false, 0},
        {"a reason, then a setter", "md_fact_unknown(f, at, \"x\", 0); set(\"channel.files\");", true, 0},
        {"a read", "fact = md_fact_by_name(f, at, \"channel.files\");", false, 0},
        {"a read beside a setter", "set(f, md_fact_by_name(f, g(at), \"channel.held\"), \"channel.files\");", true, 0},
        {"a comment", "/* \"channel.files\" */ char c = '\"'; x();", false, 0},
        {"a name that is not there", "set(\"channel.fils\");", false, 1},
        {"another text with a dot", "open(\"imta.cnf\"); use(\"local.host\");", false, 0},
    };
    struct md_probe_test t = md_probe_test_new(*state, 0);
    const struct md_catalogue *catalogue = md_facts_catalogue(t.facts);
    const struct md_fact_def *files = md_catalogue_fact(catalogue, MD_LIT("channel.files"));

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct scan scan = {.arena = *state, .catalogue = catalogue};

        md_test_case(i, cases[i].says);
        scan_text(&scan, "text", md_str(cases[i].text));
        md_want_int("is set", scan.is_set[files->index], cases[i].is_set);
        md_want_int("strangers", scan.n_strangers, cases[i].strangers);
    }
    md_probe_test_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(every_fact_is_served_and_every_name_is_known),
                                       MD_TEST(every_probe_named_exists),
                                       MD_TEST(the_scan_tells_setting_from_giving_up)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
