/* The tree that checks look at: what is resolved in it, and how large it may be. */
#include "tests/unit/md_test.h"

#include <time.h>

#include "probes/msgserver/check_model.h"
#include "tests/unit/probes/bundle/files.h"

#define IMTA                                                                                                           \
    "! rules\n"                                                                                                        \
    "<IMTA_TABLE:internet.rules\n"                                                                                     \
    "$*  $A$E$F$U%$H$V$H@mail.example.com\n"                                                                           \
    "mail.example.com  $U%$D@mail.example.com\n"                                                                       \
    ".example.com  $U%$H$D@tcp_intranet-daemon\n"                                                                      \
    "partner.example  $U%$D@TCP_Slow-Daemon\n"                                                                         \
    "old.example  $U%$D@tcp_slow\n"                                                                                    \
    ".  $U%$H@tcp-daemon\n"                                                                                            \
    ".  $U%$H@tcp_slow-daemon$Mprocess\n"                                                                              \
    ".  $U%$H@tcp-daemon\n"                                                                                            \
    "[]  $E$R${INTERNAL_IP,$L}$U%[$L]@tcp_intranet-daemon\n"                                                           \
    "\n"                                                                                                               \
    "defaults notices 1 2 4 7 maxjobs 7\n"                                                                             \
    "\n"                                                                                                               \
    "l pool LOCAL_POOL\n"                                                                                              \
    "mail.example.com alias.example.com\n"                                                                             \
    "\n"                                                                                                               \
    "tcp_local smtp mx single single_sys threadeph 20 pool smtp_pool saslswitchchannel tcp_auth\n"                     \
    "tcp-daemon\n"                                                                                                     \
    "\n"                                                                                                               \
    "tcp_intranet smtp notices 1 3 backoff \"pt5m\" \"pt1h\"\n"                                                        \
    "tcp_intranet-daemon\n"                                                                                            \
    "\n"                                                                                                               \
    "tcp_slow smtp maxjobs\n"                                                                                          \
    "tcp_slow-daemon\n"                                                                                                \
    "\n"                                                                                                               \
    "tcp_auth smtp\n"                                                                                                  \
    "tcp_auth-daemon\n"                                                                                                \
    "\n"                                                                                                               \
    "process\n"                                                                                                        \
    "process-daemon\n"

#define INTERNET_RULES ".com  $U%$H$D@tcp_slow-daemon\n"

#define CONTROLLER                                                                                                     \
    "secret=x\nmax_messages=5\n[POOL=SMTP_POOL]\njob_limit=10\njob_limit=12\n[POOL=LOCAL_POOL]\njob_limit=2\n"         \
    "[POOL=smtp_pool]\n[CHANNEL=tcp_*]\nanon_host=0\n[CHANNEL=tcp_l*]\nanon_host=1\n[CHANNEL=l]\n"

static const struct md_check_file files[] = {
    {"imta.cnf", MD_LIT_INIT(IMTA)},
    {"internet.rules", MD_LIT_INIT(INTERNET_RULES)},
    {"job_controller.cnf", MD_LIT_INIT(CONTROLLER)},
    {"option.dat", MD_LIT_INIT("log_connection=255\n#x\nnonsense\nLOG_CONNECTION=16%f\n")},
    {"tcp_slow_option", MD_LIT_INIT("MAX_CLIENT_THREADS=3\n")},
};

static const struct md_node *build(struct md_arena *arena, const struct md_check_file *list, size_t n)
{
    const struct md_check_tables tables = {.version = "6.3"};

    return md_check_model_of_files(arena, list, n, &tables, md_diags_new(arena));
}

/* The first node of a collection whose field has this value. */
static const struct md_node *where(const struct md_node *root, const char *collection, const char *key,
                                   const char *value)
{
    const struct md_node *list = md_node_get(root, collection);

    for (const struct md_node *node = list != NULL ? list->first : NULL; node != NULL; node = node->next)
        if (md_str_is(md_node_text(node, key), value))
            return node;
    fail_msg("no node of %s has %s = %s", collection, key, value);
    return NULL;
}

static size_t count(const struct md_node *root, const char *path)
{
    const struct md_node *node = md_node_path(root, path);

    return node != NULL ? node->count : 0;
}

static bool flag(const struct md_node *node, const char *key)
{
    bool value = false;

    return md_node_bool(md_node_get(node, key), &value) == MD_OK && value;
}

static void resolves_channels(void **state)
{
    const struct md_node *root = build(*state, files, MD_ROWS(files));
    static const struct {
        const char *channel;
        bool faces_internet, is_target, is_referenced, is_stock, is_smtp;
    } rows[] = {
        {"l", false, true, true, true, false},           {"tcp_local", true, true, true, true, true},
        {"tcp_intranet", false, true, true, true, true}, {"tcp_slow", true, true, true, false, true},
        {"tcp_auth", false, true, true, true, true},     {"process", false, false, true, true, false},
    };

    md_want_int("channels", count(root, "channel"), MD_ROWS(rows));
    for (size_t i = 0; i < MD_ROWS(rows); i++) {
        const struct md_node *channel = where(root, "channel", "name", rows[i].channel);

        md_test_case(i, rows[i].channel);
        md_want_int("faces the Internet", flag(channel, "is_internet_facing"), rows[i].faces_internet);
        md_want_int("target", flag(channel, "is_target"), rows[i].is_target);
        md_want_int("referenced", flag(channel, "is_referenced"), rows[i].is_referenced);
        md_want_int("stock", flag(channel, "is_stock"), rows[i].is_stock);
        md_want_int("smtp", flag(channel, "is_smtp"), rows[i].is_smtp);
        md_want_str("scope", md_node_path(channel, "scope/channel")->text, rows[i].channel);
        md_want_true(md_node_path(md_node_get(root, "channels"), rows[i].channel) != NULL);
    }
}

/* Which of these rules lead to a domain that is not under that of the local channel, mail.example.com. */
static void knows_domains_of_others(void **state)
{
    static const struct {
        const char *rule;
        bool is_foreign;
    } rows[] = {
        {"partner.example  $U%$D@x-daemon", true},
        {".slow.example.net  $U%$H$D@x-daemon", true},
        {"notexample.com  $U%$D@x-daemon", true},
        {"example.com  $U%$D@x-daemon", false},
        {".lists.example.com  $U%$H$D@x-daemon", false},
        {"mail.example.com  $U%$D@x-daemon", false},
        {"[192.0.2.1]  $U%$D@x-daemon", false},
        {"192.0.2.1  $U%$D@x-daemon", false},
        {"x-daemon  $U%$D@x-daemon", false},
        {".example  $U%$H$D@x-daemon", false},
    };

    for (size_t i = 0; i < MD_ROWS(rows); i++) {
        const char *text =
            md_arena_printf(*state, "%s\n\nl\nmail.example.com\n\ntcp_x smtp mx\nx-daemon\n", rows[i].rule);
        const struct md_check_file file = {"imta.cnf", md_str(text)};

        md_test_case(i, rows[i].rule);
        md_want_int("foreign", flag(where(build(*state, &file, 1), "channel", "name", "tcp_x"), "is_foreign_target"),
                    rows[i].is_foreign);
    }
}

static void gives_what_holds_on_a_channel(void **state)
{
    const struct md_node *root = build(*state, files, MD_ROWS(files)), *local, *intranet, *slow;

    local = where(root, "channel", "name", "tcp_local");
    intranet = where(root, "channel", "name", "tcp_intranet");
    slow = where(root, "channel", "name", "tcp_slow");
    md_want_str("pool", md_node_text(local, "pool"), "SMTP_POOL");
    md_want_str("as written", md_node_path(local, "set/pool/arg")->text, "smtp_pool");
    md_want_str("keyword of defaults", md_node_path(local, "set/maxjobs/from")->text, "defaults");
    md_want_true(md_node_path(local, "own/maxjobs") == NULL);
    md_want_true(md_node_path(local, "set/single") == NULL); /* single_sys replaces it */
    md_want_str("class", md_node_path(local, "class/pattern")->text, "tcp_l*");
    md_want_str("class", md_node_path(slow, "class/pattern")->text, "tcp_*");
    md_want_true(md_node_path(where(root, "channel", "name", "process"), "class") == NULL);
    md_want_int("notices", count(intranet, "notices"), 2);
    md_want_str("backoff", md_node_text(md_node_get(intranet, "backoff")->first, "seconds"), "300");
    md_want_str("option", md_node_path(slow, "options/MAX_CLIENT_THREADS/number")->text, "3");
    md_want_str("official host", md_node_text(local, "official_host"), "tcp-daemon");
}

static void gives_keywords_as_written(void **state)
{
    const struct md_node *root = build(*state, files, MD_ROWS(files)), *keyword;

    keyword = where(root, "keyword", "name", "threadeph");
    md_want_true(!flag(keyword, "is_known"));
    md_want_int("line", keyword->loc.line, 18);
    md_want_int("column", keyword->loc.column, 37);
    md_want_str("channel", md_node_text(keyword, "channel"), "tcp_local");
    keyword = where(root, "keyword", "name", "single");
    md_want_str("replaced", md_node_path(keyword, "replaced_by/name")->text, "single_sys");
    keyword = md_node_path(where(root, "channel", "name", "tcp_intranet"), "own/notices");
    md_want_str("of the defaults", md_node_path(keyword, "overrides/on")->text, "defaults");
    md_want_int("arguments", count(keyword, "args"), 2);
    md_want_str("definition", md_node_path(keyword, "def/max")->text, "5");
    keyword = md_node_path(where(root, "channel", "name", "tcp_slow"), "own/maxjobs");
    md_want_true(flag(keyword, "is_short"));
    md_want_str("from", md_node_path(root, "keyword_names/threaddepth/low")->text, "1");
    md_want_int("blocks", count(root, "block"), 7);
    md_want_int("keywords of a block", count(where(root, "block", "name", "tcp_local"), "keywords"), 8);
}

/* Of many channels that are alike checks look at few. */
static void picks_notable_channels(void **state)
{
    static const struct md_check_file list[] = {
        {"imta.cnf", MD_LIT_INIT(".  $U%$H@a-daemon\n\ndefaults logging maxjobs 7\n\n"
                                 "tcp_a smtp mx pool P\na-daemon\n\n"
                                 "tcp_b smtp mx pool P maxjobs 2\nb-daemon\n\n"
                                 "tcp_c smtp mx pool P slave\nc-daemon\n\n"
                                 "tcp_d mx pool P\nd-daemon\n\n"
                                 "tcp_e smtp mx\ne-daemon\n\n"
                                 "process pool P\nprocess-daemon\n")},
    };
    static const char *const names[] = {"tcp_a", "tcp_c", "tcp_d", "tcp_e", "process"};
    const struct md_node *root = build(*state, list, MD_ROWS(list)), *node = md_node_get(root, "notable_channel");

    md_want_int("all but tcp_b", node->count, MD_ROWS(names));
    node = node->first;
    for (size_t i = 0; i < MD_ROWS(names) && node != NULL; i++, node = node->next)
        md_want_str("in input order", md_node_text(node, "name"), names[i]);
    md_want_int("maxjobs of tcp_b", count(root, "keyword.overriding"), 1);
}

/* What one line makes void, and what got lost with a misspelt word. */
static void tells_what_lines_contradict_and_lose(void **state)
{
    static const struct md_check_file list[] = {
        {"imta.cnf", MD_LIT_INIT("a.example  $U%$D@tcp-daemon\n\n"
                                 "defaults loging\n\n"
                                 "l\nmail.example.com\n\n"
                                 "tcp_local smtp mx nomx notices 1 2, 4 saslswitchchannel tcp_auth\ntcp-daemon\n\n"
                                 "tcp_auth smtp\nTCP-Daemon\n\n"
                                 "tcp_auth smtp\ntcp_auth-daemon\n")},
    };
    const struct md_node *root = build(*state, list, MD_ROWS(list)), *node;

    md_want_str("earlier one of the line", md_node_text(where(root, "keyword", "name", "nomx"), "contradicts"), "mx");
    md_want_true(md_node_get(where(root, "keyword", "name", "mx"), "contradicts") == NULL);
    node = where(root, "keyword", "name", "notices");
    md_want_str("what does not fit", md_node_path(node, "rest/text")->text, "2,");
    md_want_str("behind", md_node_text(where(root, "keyword", "name", "4"), "behind"), "notices");
    md_want_true(flag(where(root, "keyword", "name", "4"), "after_unknown"));
    md_want_true(!flag(where(root, "keyword", "name", "2,"), "after_unknown"));
    node = md_node_get(where(root, "channel", "name", "tcp_local"), "unknown");
    md_want_int("its own words and those of the defaults", node->count, 3);
    md_want_str("of the defaults", node->first->text, "loging");
    md_want_true(flag(where(root, "channel", "name", "tcp_local"), "is_rewrite_target"));
    md_want_true(!flag(where(root, "channel", "name", "tcp_auth"), "is_rewrite_target"));
    md_want_true(flag(where(root, "channel", "name", "tcp_auth"), "is_target"));
    md_want_int("doubtful: three unknown, void, contradiction", count(root, "keyword.doubtful"), 5);
    md_want_int("names a channel", count(root, "keyword.naming"), 1);
    md_want_int("may have several arguments", count(root, "keyword.list"), 1);
    md_want_int("notable, for want of logging", count(root, "notable_channel"), 4);
    node = where(root, "block", "name", "tcp_auth");
    md_want_true(!flag(node, "is_repeated"));
    md_want_str("channel with that host", md_node_text(md_node_get(node, "hosts")->first, "is_of"), "tcp_local");
    md_want_true(flag(node->next, "is_repeated"));
    md_want_true(md_node_get(md_node_get(node->next, "hosts")->first, "is_of") == NULL);
}

static void resolves_rules(void **state)
{
    const struct md_node *root = build(*state, files, MD_ROWS(files)), *node;

    md_want_int("rules, the included one too", count(root, "rule"), 10);
    md_want_str("tag in any letter case", md_node_text(where(root, "rule", "pattern", "partner.example"), "channel"),
                "tcp_slow");
    node = md_node_get(root, "rule.unresolved");
    md_want_int("unresolved", node->count, 1);
    md_want_str("tag", md_node_text(node->first, "tag"), "tcp_slow");
    md_want_true(flag(node->first, "is_channel_name"));
    md_want_int("line", node->first->loc.line, 7);
    node = md_node_get(root, "rule.shadowed");
    md_want_int("behind the general rule", node->count, 2);
    md_want_true(!flag(node->first, "is_same"));
    md_want_true(flag(node->first->next, "is_same"));
    md_want_int("by", md_node_get(node->first, "by")->loc.line, 8);
    node = where(root, "rule.with_channel", "letter", "M");
    md_want_str("argument", md_node_text(node, "arg"), "process");
    md_want_str("of the general rule", md_node_text(node, "general_tag"), "tcp-daemon");
    md_want_true(flag(node, "is_channel") && !flag(node, "is_tag"));
    node = where(root, "rule.with_mapping", "table", "INTERNAL_IP");
    md_want_int("column of the table", node->loc.column, 11);
    md_want_true(!flag(node, "is_defined"));
    md_want_true(flag(where(root, "rule", "pattern", "[]"), "is_conditional"));
    md_want_true(!flag(where(root, "rule", "pattern", "."), "is_conditional"));
}

static void counts_names_that_lead_nowhere(void **state)
{
    static const struct md_check_file list[] = {
        {"imta.cnf",
         MD_LIT_INIT("a.example  $U%$D@TCP-Deamon\nb.example  ${SITES,$U}$U%$D@tcp-deamon\nc.example  "
                     "${sites,$U}$U%$D@tcp-deamon\n<IMTA_TABLE:internet.rules\n<other.rules\n\nl logging\nd\n")},
    };
    const struct md_node *root = build(*state, list, MD_ROWS(list)), *node = md_node_get(root, "rule.unresolved");

    md_want_int("unresolved", node->count, 3);
    md_want_str("others", md_node_text(node->first, "others"), "2");
    md_want_true(!flag(node->first, "is_again"));
    md_want_true(flag(node->first->next, "is_again") && flag(node->first->next->next, "is_again"));
    node = md_node_get(root, "rule.with_mapping");
    md_want_int("tables", node->count, 2);
    md_want_str("others", md_node_text(node->first, "others"), "1");
    md_want_true(flag(node->first->next, "is_again"));
    md_want_true(flag(where(root, "include", "path", "IMTA_TABLE:internet.rules"), "is_absolute"));
    md_want_true(!flag(where(root, "include", "path", "other.rules"), "is_absolute"));
}

static void gives_options_and_sections(void **state)
{
    const struct md_node *root = build(*state, files, MD_ROWS(files)), *node;

    md_want_str("the last holds", md_node_path(root, "options/LOG_CONNECTION/number")->text, "15");
    md_want_int("repeated", md_node_path(root, "options/LOG_CONNECTION/repeated")->loc.line, 1);
    md_want_str("global", md_node_path(root, "jc/MAX_MESSAGES/number")->text, "5");
    md_want_int("pools", count(root, "pool"), 3);
    md_want_int("by name", count(root, "pools"), 2);
    node = where(root, "pool", "name", "SMTP_POOL");
    md_want_int("set", count(node, "set"), 1);
    md_want_str("the last holds", md_node_path(node, "set/JOB_LIMIT/number")->text, "12");
    node = where(root, "pool", "as_written", "smtp_pool");
    md_want_int("repeated", md_node_get(node, "repeated")->loc.line, 3);
    md_want_int("classes", count(root, "class"), 3);
    md_want_true(flag(where(root, "class", "pattern", "tcp_*"), "is_wildcard"));
    md_want_str("fault", md_node_text(where(root, "fault", "kind", "no-option"), "file_kind"), "option.dat");
}

static void says_what_was_read(void **state)
{
    struct md_arena *arena = *state;
    const struct md_node *root = build(arena, files, MD_ROWS(files));
    static const char *const kinds[] = {"imta.cnf", "job_controller.cnf", "option.dat", "channel_option"};

    for (size_t i = 0; i < MD_ROWS(kinds); i++)
        md_want_true(md_node_get(md_node_get(root, "read"), kinds[i]) != NULL);
    md_want_true(md_node_path(root, "read/mappings") == NULL);
    md_want_true(flag(root, "is_whole"));
    md_want_true(!flag(root, "has_modes") && !flag(root, "unified"));
    md_want_str("version", md_node_path(root, "version/number")->text, "603");
    md_want_int("files", count(root, "file"), 5);
    md_want_true(flag(md_node_get(root, "include")->first, "is_read"));
    md_want_true(!flag(build(arena, files, 1), "is_whole"));
    root = build(arena, files, 0);
    md_want_int("nothing was read", count(root, "read"), 0);
    md_want_true(md_node_get(root, "rule.shadowed") != NULL);
}

static void notes_long_lines(void **state)
{
    struct md_arena *arena = *state;
    char *text = md_arena_alloc(arena, 400);
    struct md_check_file file = {"option.dat", {text, 399}};
    const struct md_node *line;

    memset(text, 'x', 399);
    text[0] = text[50] = '\n';
    line = md_node_get(build(arena, &file, 1), "long_line")->first;
    md_want_int("line", line->loc.line, 3);
    md_want_str("length", md_node_text(line, "length"), "348");
    md_want_true(!flag(line, "is_comment"));
    text[51] = '!';
    md_want_true(flag(md_node_get(build(arena, &file, 1), "long_line")->first, "is_comment"));
}

static void reads_the_unified_configuration(void **state)
{
    static const struct md_check_file unified[] = {
        {"msconfig.txt", MD_LIT_INIT("role.channel:l.official_host_name = mail.example.com\n"
                                     "role.channel:tcp_local.official_host_name = tcp-daemon\n"
                                     "role.channel:tcp_local.smtp (novalue)\n"
                                     "role.channel:tcp_local.pool = SMTP_POOL\n"
                                     "role.channel:tcp_local.options.max_client_threads = 4\n"
                                     "role.defaults.maxjobs = 7\n"
                                     "role.rewrite.rule = . $U%$H@tcp-daemon\n"
                                     "role.job_controller.job_pool:SMTP_POOL.job_limit = 10\n"
                                     "role.job_controller.channel_class:tcp_*.max_life_time = 60\n"
                                     "role.job_controller.max_cache_messages = 1000\n"
                                     "role.dispatcher.service:SMTP.max_procs = 5\n"
                                     "role.dispatcher.service:SMTP.tcp_ports = 25\n"
                                     "role.dispatcher.service:SMTP.ssl_ports = 465\n"
                                     "role.job_controller.tcp_ports = 27442\n"
                                     "role.mta.log_connection = 3\n")}};
    const struct md_node *root = build(*state, unified, 1), *channel;

    channel = where(root, "channel", "name", "tcp_local");
    md_want_true(flag(root, "unified"));
    md_want_str("from", md_node_path(channel, "set/pool/from")->text, "unified");
    md_want_str("defaults", md_node_path(channel, "set/maxjobs/on")->text, "defaults");
    md_want_str("class", md_node_path(channel, "class/set/MAX_LIFE_AGE/number")->text, "60");
    md_want_str("option", md_node_path(channel, "options/MAX_CLIENT_THREADS/number")->text, "4");
    md_want_true(flag(channel, "is_internet_facing"));
    md_want_str("pool", md_node_path(root, "pools/SMTP_POOL/set/JOB_LIMIT/number")->text, "10");
    md_want_str("global", md_node_path(root, "jc/MAX_MESSAGES/number")->text, "1000");
    md_want_str("service", md_node_path(where(root, "service", "name", "SMTP"), "set/MAX_PROCS/number")->text, "5");
    md_want_str("option", md_node_path(root, "options/LOG_CONNECTION/number")->text, "3");
    md_want_str("port", md_node_path(where(root, "service", "name", "SMTP"), "set/PORT/number")->text, "25");
    md_want_str("port of TLS", md_node_path(where(root, "service", "name", "SMTP"), "set/TLS_PORT/number")->text,
                "465");
    md_want_str("port of the controller", md_node_path(root, "jc/TCP_PORT/number")->text, "27442");
    md_want_true(flag(md_node_get(root, "read"), "option.dat")); /* options outside of sections stand for it, too */
}

/* A file or folder, as somebody names it on the command line. */
static const struct md_node *build_of_path(struct md_arena *arena, const char *path, struct md_source **ret_source)
{
    struct md_diags *diags = md_diags_new(arena);
    const struct md_source_options options = {.at = MD_TIME_NONE};
    struct md_probe_ctx ctx = {.diags = diags, .arena = arena, .now = MD_TIME_NONE, .zone = md_zone_utc()};

    assert_int_equal(md_source_open_path(path, &options, diags, ret_source), MD_OK);
    ctx.source = *ret_source;
    return md_check_model_build(&ctx);
}

static void finds_a_configuration_where_it_is(void **state)
{
    struct md_arena *arena = *state;
    static const struct {
        const char *says, *place, *path;
        size_t files;
        bool is_whole;
    } rows[] = {
        {"the folder itself", "", "", 5, true},
        {"a tree that holds it", "site/mail/config/", "", 5, true},
        {"a bundle's copy", "files/opt/SUNWmsgsr/config/", "", 5, true},
        {"one file", "", "/job_controller.cnf", 1, false},
        {"one channel option file", "", "/tcp_slow_option", 1, false},
    };

    for (size_t i = 0; i < MD_ROWS(rows); i++) {
        const char *folder = files_folder(arena);
        const struct md_node *root;
        struct md_source *source = NULL;

        md_test_case(i, rows[i].says);
        for (size_t k = 0; k < MD_ROWS(files); k++)
            files_write(arena, folder, md_arena_printf(arena, "%s%s", rows[i].place, files[k].path), files[k].text);
        files_write(arena, folder, md_arena_printf(arena, "%smappings", rows[i].place), MD_LIT("T\n\n  * $Y\n"));
        root = build_of_path(arena, md_arena_printf(arena, "%s%s", folder, rows[i].path), &source);
        md_want_true(count(root, "file") >= rows[i].files && count(root, "file") <= rows[i].files + 1);
        md_want_int("whole", flag(root, "is_whole"), rows[i].is_whole);
        md_want_true(!flag(root, "has_modes"));
        md_source_free(&source);
        files_remove(folder);
    }
}

static double now(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* An imta.cnf of n rules and n / 3 channels, 2 n lines. */
static struct md_check_file large_file(struct md_arena *arena, int n)
{
    size_t size = (size_t)n * 160, at = 0;
    char *text = md_arena_alloc(arena, size);

    for (int i = 0; i < n; i++)
        at += (size_t)snprintf(text + at, size - at, "host%d.example.com  $U%%$D@tcp%d-daemon\n", i, i % (n / 3));
    text[at++] = '\n';
    for (int i = 0; i < n / 3; i++)
        at += (size_t)snprintf(text + at, size - at,
                               "tcp_%d smtp mx single_sys pool SMTP_POOL maytlsserver notices 1 2\ntcp%d-daemon\n\n", i,
                               i);
    return (struct md_check_file){"imta.cnf", {text, at}};
}

static double seconds_for(int n)
{
    struct md_arena *arena = md_arena_new();
    struct md_check_file file = large_file(arena, n);
    double begin = now(), end;
    const struct md_node *root = build(arena, &file, 1);

    end = now();
    md_want_int("rules", count(root, "rule"), n);
    md_want_int("channels", count(root, "channel"), n / 3);
    md_want_int("unresolved", count(root, "rule.unresolved"), 0);
    print_message("%d lines: %.0f ms, %zu MB\n", 2 * n, 1000 * (end - begin), md_arena_used(arena) >> 20);
    md_arena_free(&arena);
    return end - begin;
}

/* Five times the lines may take fifteen times as long, on a bad day; what is not linear takes twenty-five times. */
static void stays_linear(void **state)
{
    bool is_linear = false;

    (void)state;
    for (int attempt = 0; attempt < 3 && !is_linear; attempt++)
        is_linear = seconds_for(25000) < 15 * seconds_for(5000);
    md_want_true(is_linear);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(resolves_channels),
        MD_TEST(knows_domains_of_others),
        MD_TEST(gives_what_holds_on_a_channel),
        MD_TEST(gives_keywords_as_written),
        MD_TEST(tells_what_lines_contradict_and_lose),
        MD_TEST(picks_notable_channels),
        MD_TEST(resolves_rules),
        MD_TEST(counts_names_that_lead_nowhere),
        MD_TEST(gives_options_and_sections),
        MD_TEST(says_what_was_read),
        MD_TEST(notes_long_lines),
        MD_TEST(reads_the_unified_configuration),
        MD_TEST(finds_a_configuration_where_it_is),
        MD_TEST(stays_linear),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
