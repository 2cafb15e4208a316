#include "tests/unit/md_test.h"

#include "engine/base/node.h"
#include "probes/formats/msgserver/failure.h"
#include "probes/formats/msgserver/failure_words.h"

static struct md_str read_file(struct md_arena *arena, const char *path)
{
    FILE *in = fopen(path, "rb");
    size_t room = (size_t)1 << 20, n;
    char *text = md_arena_alloc(arena, room);

    if (in == NULL)
        fail_msg("%s cannot be opened", path);
    n = fread(text, 1, room, in);
    fclose(in);
    assert_true(n > 0 && n < room);
    return md_str_n(text, n);
}

static const struct md_node *read_rows(struct md_arena *arena, struct md_diags *diags)
{
    static const char path[] = MD_TEST_ROOT "/rules/msgserver/failures.yaml";
    const struct md_node *root = NULL;

    assert_int_equal(md_yaml_read(arena, "failures.yaml", read_file(arena, path), diags, &root), MD_OK);
    return root;
}

static const struct md_failure_table *the_table(struct md_arena *arena)
{
    struct md_diags *diags = md_diags_new(arena);
    const struct md_failure_table *table = NULL;
    enum md_status status = md_failure_compile(arena, read_rows(arena, diags), diags, &table);

    for (size_t i = 0; i < md_diags_count(diags); i++)
        print_error("%u: %s\n", md_diags_at(diags, i)->loc.line, md_diags_at(diags, i)->what);
    assert_int_equal(status, MD_OK);
    assert_int_equal(md_diags_count(diags), 0);
    return table;
}

static enum md_failure_source source_by_name(const char *name)
{
    static const char *const names[] = {"store", "lmtp", "smtp", "process", "other", "log"};

    for (size_t i = 0; i < MD_ROWS(names); i++)
        if (strcmp(name, names[i]) == 0)
            return (enum md_failure_source)i;
    fail_msg("no such source: %s", name);
    return MD_FAILURE_SMTP;
}

/* ---- every row, by its own samples ---- */

static void each_sample_ends_in_its_row(void **state)
{
    struct md_arena *arena = *state;
    const struct md_failure_table *table = the_table(arena);
    const struct md_node *rows = md_node_get(read_rows(arena, md_diags_new(arena)), "failures");
    struct md_failure_cache *cache = md_failure_cache_new(arena);
    size_t rank = 0, samples = 0;

    for (const struct md_node *row = rows->first; row != NULL; row = row->next, rank++) {
        const struct md_node *list = md_node_get(row, "eg");

        if (list == NULL) {
            md_want_str("only the row of file names has no sample", md_node_text(row, "row"), "175");
            continue;
        }
        for (const struct md_node *sample = list->first; sample != NULL; sample = sample->next, samples++) {
            const struct md_node *text = sample->first, *source = text->next;
            struct md_failure_query query = {
                .source = MD_FAILURE_SMTP, .entry = 'Q', .is_unsent = true, .text = text->text};
            struct md_failure got, again;

            if (source != NULL) {
                query.source = source_by_name(md_arena_cstr(arena, source->text));
                if (source->next != NULL)
                    query.entry = source->next->text.p[0];
                else if (query.source == MD_FAILURE_LOG)
                    query.entry = 0;
            }
            md_test_case(
                rank, md_arena_printf(arena, "\"%s\" (line %u)", md_arena_cstr(arena, text->text), sample->loc.line));
            got = md_failure_classify(table, &query);
            md_want_str_n("row", md_str(got.row), md_node_text(row, "row"));
            md_want_int("place of the row", got.rank, rank);
            again = md_failure_classify_cached(table, cache, &query);
            md_want_int("class from the cache", again.class, got.class);
            again = md_failure_classify_cached(table, cache, &query);
            md_want_int("class from the cache at the second time", again.class, got.class);
        }
    }
    md_want_true(samples > 215);
}

/* ---- classes, circumstances, precedence, hazards ---- */

static void classes_depend_on_circumstances(void **state)
{
    static const struct {
        const char *says, *source;
        char entry;
        const char *text, *class;
    } cases[] = {
        {"over quota in our own store", "store", 'Q', "Over quota", "over-quota"},
        {"over quota in the store of another host of ours", "lmtp", 'Q', "dns;store1 smtp;422 4.2.2 Over quota",
         "over-quota-remote"},
        {"over quota at a peer", "smtp", 'R', "dns;mx smtp;552 5.2.2 user is over quota", "over-quota-remote"},
        {"552 alone", "smtp", 'Q', "dns;mx smtp;552 Requested action aborted", "over-quota-remote"},
        {"552 with words about size", "smtp", 'R', "dns;mx smtp;552 Message size exceeds maximum", "size-limit"},
        {"552 with the code for size", "smtp", 'R', "dns;mx smtp;552 5.3.4 No", "size-limit"},
        {"no such domain, returned", "smtp", 'R', "Illegal host/domain name found", "dns-nonexistent"},
        {"no such domain, to be tried again", "smtp", 'Q', "Illegal host/domain name found", "dns-temporary"},
        {"no such domain in the cache of the run", "smtp", 'R',
         "Illegal host/domain name found (Too many failures to this host during this run; skipping this host: No such "
         "host/domain)",
         "dns-nonexistent"},
        {"skipped", "smtp", 'Q', "Too many failures to this host during this run; skipping this host", "host-skipped"},
        {"our disk, at the door", "smtp", 'J', "452 4.3.1 insufficient system storage", "disk-full"},
        {"the peer's disk", "smtp", 'Q', "dns;mx smtp;452 4.3.1 insufficient system storage", "peer-busy"},
        {"the disk of our store host", "lmtp", 'Q', "dns;store1 smtp;452 4.3.1 insufficient system storage",
         "disk-full"},
        {"our directory, at the door", "smtp", 'J', "450 4.3.0 Temporary lookup failure", "ldap"},
        {"the peer's directory", "smtp", 'Q', "dns;mx smtp;451 4.3.0 Temporary lookup failure", "smtp-4xx"},
        {"our directory, in reprocess", "process", 'Q', "Temporary lookup failure", "ldap"},
        {"an access mapping", "smtp", 'J', "550 5.7.1 unknown host or domain: a@b.example", "access-denied"},
        {"no rewrite rule", "smtp", 'J', "550 5.1.2 unknown host or domain: a@b.example", "domain-unknown"},
        {"a mailbox that is busy is told by words only on store channels", "smtp", 'Q',
         "dns;mx smtp;450 4.2.1 Mailbox is busy", "mailbox-busy"},
        {"words of the store said by a peer", "smtp", 'R', "dns;mx smtp;550 Mailbox does not exist", "smtp-5xx"},
        {"permission denied on our side", "store", 'Q', "Permission denied", "permission"},
        {"permission denied by a peer", "smtp", 'R', "dns;mx smtp;550 Permission denied", "access-denied"},
        {"the peer's descriptors", "smtp", 'Q', "dns;mx smtp;451 Too many open files", "peer-busy"},
        {"nothing sent and nothing said", "smtp", 'Q', "", "connect-failed"},
        {"nothing said by the store", "store", 'Q', "", "other"},
        {"nothing said about a return", "smtp", 'R', "", "other"},
    };
    struct md_arena *arena = *state;
    const struct md_failure_table *table = the_table(arena);

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_failure_query query = {.source = source_by_name(cases[i].source),
                                         .entry = cases[i].entry,
                                         .is_unsent = true,
                                         .text = md_str(cases[i].text)};

        md_test_case(i, cases[i].says);
        md_want_cstr("class", md_failure_name(md_failure_classify(table, &query).class), cases[i].class);
    }
}

static void the_precedence_holds(void **state)
{
    static const struct {
        const char *says, *text, *label;
    } cases[] = {
        {"vague codes wait for words", "smtp;421 4.7.0 [TS01] deferred due to user complaints", "BLOCKLISTED"},
        {"421 waits for words", "smtp;421 Too many concurrent sessions", "PEER_THROTTLE"},
        {"greylisting by its word", "smtp;450 4.7.1 <a@b.example>: Recipient address rejected: Greylisted", "GREYLIST"},
        {"x.7.1 and words that say user unknown", "smtp;550 5.7.1 550 User Unknown", "USER_UNKNOWN"},
        {"an enhanced code beats words of the directory", "smtp;450 4.4.1 LDAP server timed out", "CONN_TIMEOUT"},
        {"words of the directory without a code", "LDAP server timed out", "LDAP_SLOW"},
        {"an exact code beats the bare reply 421", "smtp;421 4.7.5 no", "TLS_FAIL"},
        {"encryption is wanted", "smtp;530 5.7.0 Must issue a STARTTLS command first", "TLS_REQUIRED"},
        {"authentication is wanted", "smtp;530 5.7.0 Authentication needed", "AUTH_REQUIRED"},
        {"too many recipients", "smtp;452 4.5.3 too many recipients", "RCPT_LIMIT"},
        {"the errno text before the action", "Unable to append cache: No space left on device", "DISK_FULL"},
        {"the first of two codes", "smtp;550 5.1.1 said: 550 5.7.1 blocked", "USER_UNKNOWN"},
        {"an address is no code", "smtp;550 host 5.1.1.7 not welcome", "REMOTE_REJECT"},
        {"a version is no code", "smtp;550 product 15.1.1 says no", "REMOTE_REJECT"},
        {"a reply of several lines", "smtp;550-5.1.1 The account\\550 5.1.1 does not exist", "USER_UNKNOWN"},
    };
    struct md_arena *arena = *state;
    const struct md_failure_table *table = the_table(arena);

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_failure_query query = {.source = MD_FAILURE_SMTP, .entry = 'Q', .text = md_str(cases[i].text)};

        md_test_case(i, cases[i].says);
        if (strncmp(cases[i].text, "Unable", 6) == 0)
            query.source = MD_FAILURE_STORE;
        md_want_cstr("label", md_failure_classify(table, &query).label, cases[i].label);
    }
}

static void short_words_do_not_mislead(void **state)
{
    static const struct {
        const char *says, *text, *label;
    } cases[] = {
        {"spam in an address", "550 5.7.1 Relaying not permitted: al@spam.example", "RELAY_DENIED"},
        {"spam in an address of an answer", "smtp;550 5.1.1 <spam@example.net>: no", "USER_UNKNOWN"},
        {"spam in a host name", "smtp;550 mx.spam.example says no", "REMOTE_REJECT"},
        {"spam in the banner", "dns;mx (TCP|1|2|3|4) (mx ESMTP no spam, listed in SPF) smtp;550 No", "REMOTE_REJECT"},
        {"spam inside a word", "smtp;550 spammers", "REMOTE_REJECT"},
        {"spam as a word", "smtp;550 looks like spam.", "CONTENT_SPAM"},
        {"SPF as a word", "smtp;550 SPF: no", "AUTH_POLICY_SPF"},
        {"SPF inside a word", "smtp;550 XSPFX", "REMOTE_REJECT"},
        {"rbl inside a word", "smtp;550 marble", "REMOTE_REJECT"},
        {"deferred in a refusal for good", "smtp;550 deferred", "REMOTE_REJECT"},
        {"deferred in a refusal for the time being", "smtp;450 deferred", "GREYLIST_OR_BUSY"},
        {"policy words outside an answer", "listed in the log", "UNKNOWN_TEMP"},
    };
    struct md_arena *arena = *state;
    const struct md_failure_table *table = the_table(arena);

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_failure_query query = {.source = MD_FAILURE_SMTP, .entry = 'Q', .text = md_str(cases[i].text)};

        md_test_case(i, cases[i].says);
        md_want_cstr("label", md_failure_classify(table, &query).label, cases[i].label);
    }
}

static void reasons_count_where_the_answer_is_silent(void **state)
{
    struct md_arena *arena = *state;
    const struct md_failure_table *table = the_table(arena);
    struct md_failure_query query = {
        .source = MD_FAILURE_SMTP, .entry = 'R', .text = MD_LIT("dns;mx smtp;550 No"), .reason = MD_LIT("Over quota")};

    md_want_cstr("the reason tells more", md_failure_classify(table, &query).label, "OVER_QUOTA_REMOTE");
    query.text = MD_LIT("dns;mx smtp;550 5.1.1 No");
    md_want_cstr("the answer tells enough", md_failure_classify(table, &query).label, "USER_UNKNOWN");
    query.reason = MD_LIT("");
    query.text = MD_LIT("host/domain does not accept mail dns;mx smtp;550 No");
    md_want_cstr("a reason in the same text", md_failure_classify(table, &query).label, "DNS_NULL_MX");
}

static void tells_whether_it_lasts(void **state)
{
    struct md_arena *arena = *state;
    const struct md_failure_table *table = the_table(arena);
    struct md_failure_query query = {.source = MD_FAILURE_STORE, .entry = 'Q', .text = MD_LIT("Over quota")};

    md_want_int("a deferral", md_failure_classify(table, &query).lasts, MD_FAILURE_TEMPORARY);
    query.entry = 'R';
    md_want_int("a return", md_failure_classify(table, &query).lasts, MD_FAILURE_PERMANENT);
    query.text = MD_LIT("Mailbox is busy");
    md_want_int("busy is always for the time being", md_failure_classify(table, &query).lasts, MD_FAILURE_TEMPORARY);
}

static void held_files_are_told_by_name(void **state)
{
    struct md_arena *arena = *state;
    const struct md_failure_table *table = the_table(arena);
    struct md_failure_query query = {.source = MD_FAILURE_SMTP, .file = MD_LIT("/q/tcp_local/ZZf0aaaaaaaaa.HELD")};

    md_want_cstr("class", md_failure_name(md_failure_classify(table, &query).class), "held");
}

static void the_cache_keeps_apart_what_differs(void **state)
{
    struct md_arena *arena = *state;
    const struct md_failure_table *table = the_table(arena);
    struct md_failure_cache *cache = md_failure_cache_new(arena);
    static const char *const texts[] = {
        "TCP active open: Failed gethostbyname() on a.example, resolver errno = 1",
        "TCP active open: Failed gethostbyname() on a.example, resolver errno = 2",
        "smtp;550 5.1.1 no",
        "smtp;550 5.7.1 no",
        "smtp;450 5.7.1 no",
        "dns;a smtp;452 4.2.2 joe@example.net",
        "dns;b smtp;452 4.2.2 amy@example.net",
        "smtp;550 192.0.2.10 listed at sorbs",
        "smtp;550 192.0.2.77 listed at sorbs",
        "Over quota",
        "",
    };

    for (size_t round = 0; round < 2; round++)
        for (size_t i = 0; i < MD_ROWS(texts); i++)
            for (unsigned source = 0; source < MD_FAILURE_SOURCES; source++) {
                struct md_failure_query query = {
                    .source = (enum md_failure_source)source, .entry = 'Q', .text = md_str(texts[i])};

                md_test_case(i, texts[i]);
                md_want_cstr("row", md_failure_classify_cached(table, cache, &query).row,
                             md_failure_classify(table, &query).row);
            }
}

static void channels_have_sources(void **state)
{
    static const struct {
        const char *channel;
        enum md_failure_source want;
    } cases[] = {
        {"ims-ms", MD_FAILURE_STORE},           {"ims-ms_2", MD_FAILURE_STORE},     {"tcp_lmtpcs", MD_FAILURE_LMTP},
        {"tcp_lmtpcs_store2", MD_FAILURE_LMTP}, {"tcp_local", MD_FAILURE_SMTP},     {"tcp_intranet", MD_FAILURE_SMTP},
        {"reprocess", MD_FAILURE_PROCESS},      {"process", MD_FAILURE_PROCESS},    {"conversion", MD_FAILURE_PROCESS},
        {"l", MD_FAILURE_OTHER_CHANNEL},        {"hold", MD_FAILURE_OTHER_CHANNEL},
    };

    (void)state;
    for (size_t i = 0; i < MD_ROWS(cases); i++)
        md_want_int(cases[i].channel, md_failure_source_of(md_str(cases[i].channel)), cases[i].want);
}

static void classes_have_names(void **state)
{
    (void)state;
    for (int i = 0; i < MD_FAILURE_CLASSES; i++)
        md_want_int(md_failure_name((enum md_failure_class)i),
                    md_failure_by_name(md_str(md_failure_name((enum md_failure_class)i))), i);
    md_want_int("no class", md_failure_by_name(MD_LIT("bad-luck")), MD_FAILURE_CLASSES);
}

static void mistakes_in_the_table_have_a_place(void **state)
{
    static const struct {
        const char *says, *yaml;
        unsigned line;
    } cases[] = {
        {"no list", "rows: []\n", 1},
        {"an unknown key", "failures:\n- { row: 1, class: other, label: X, txt: [a] }\n", 2},
        {"an unknown class", "failures:\n- { row: 1, text: [a], class: bad-luck, label: X }\n", 2},
        {"a code that is none", "failures:\n- { row: 1, code: [\"5.7\"], class: other, label: X }\n", 2},
        {"a reply that is none", "failures:\n- { row: 1, reply: [\"55\"], class: other, label: X }\n", 2},
        {"an unknown kind of channel",
         "failures:\n- { row: 1, any: true, class: other, label: X }\n- { row: 2, on: [mars], any: true, class: other, "
         "label: X }\n",
         3},
        {"nothing to hold on to", "failures:\n- { row: 1, class: other, label: X }\n", 2},
    };
    struct md_arena *arena = *state;

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_diags *diags = md_diags_new(arena);
        const struct md_failure_table *table = NULL;
        const struct md_node *root = NULL;

        md_test_case(i, cases[i].says);
        assert_int_equal(md_yaml_read(arena, "t.yaml", md_str(cases[i].yaml), diags, &root), MD_OK);
        md_want_int("status", md_failure_compile(arena, root, diags, &table), MD_BAD_INPUT);
        md_want_true(md_diags_count(diags) > 0);
        md_want_int("line", md_diags_at(diags, 0)->loc.line, cases[i].line);
    }
}

/* ---- the automaton ---- */

struct heard {
    char text[256];
    size_t n;
};

static void hear(void *ctx, size_t id, size_t from, size_t until)
{
    struct heard *heard = ctx;

    heard->n +=
        (size_t)snprintf(heard->text + heard->n, sizeof heard->text - heard->n, "%zu:%zu-%zu ", id, from, until);
}

static void words_are_found_inside_each_other(void **state)
{
    struct md_arena *arena = *state;
    struct md_failure_words *words = md_failure_words_new(arena);
    struct heard heard = {.n = 0};

    md_want_int("he", md_failure_words_add(words, MD_LIT("he")), 0);
    md_want_int("she", md_failure_words_add(words, MD_LIT("she")), 1);
    md_want_int("hers", md_failure_words_add(words, MD_LIT("hers")), 2);
    md_want_int("the same again", md_failure_words_add(words, MD_LIT("SHE")), 1);
    md_want_int("nothing", md_failure_words_add(words, MD_LIT("")), -1);
    md_failure_words_build(words);
    md_failure_words_scan(words, MD_LIT("usHERS"), hear, &heard);
    md_want_cstr("found", heard.text, "1:1-4 0:2-4 2:2-6 ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(each_sample_ends_in_its_row),
        MD_TEST(classes_depend_on_circumstances),
        MD_TEST(the_precedence_holds),
        MD_TEST(short_words_do_not_mislead),
        MD_TEST(reasons_count_where_the_answer_is_silent),
        MD_TEST(tells_whether_it_lasts),
        MD_TEST(held_files_are_told_by_name),
        MD_TEST(the_cache_keeps_apart_what_differs),
        MD_TEST(channels_have_sources),
        MD_TEST(classes_have_names),
        MD_TEST(mistakes_in_the_table_have_a_place),
        MD_TEST(words_are_found_inside_each_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
