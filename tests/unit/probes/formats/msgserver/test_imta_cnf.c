#include "tests/unit/probes/formats/msgserver/keywords_fixture.h"

#include "probes/formats/msgserver/imta_cnf.h"

static const char stock[] = "! VERSION=1.1\n"
                            "<IMTA_TABLE:internet.rules\n"
                            "$*                      $A$E$F$U%$H$V$H@relay.example.org\n"
                            "relay.example.org       $U%$D@relay.example.org\n"
                            "example.org             $U%$D@relay.example.org\n"
                            ".example.org            $U%$H$D@tcp_intranet-daemon\n"
                            "[]                      $E$R${INTERNAL_IP,$L}$U%[$L]@tcp_intranet-daemon\n"
                            ".                       $U%$H@tcp_dsn-daemon$Mprocess_dsn\n"
                            ".                       $U%$H@tcp-daemon\n"
                            "\n"
                            "! part II\n"
                            "defaults logging notices 1 2 4 7 maxjobs 7 defaulthost example.org example.org \\\n"
                            " immnonurgent\n"
                            "\n"
                            "l subdirs 20 viaaliasrequired pool LOCAL_POOL\n"
                            "relay.example.org\n"
                            "\n"
                            "ims-ms defragment notices 1 7 14 21 28 \\\n"
                            "  backoff \"pt5m\" \"pt1h\" \\\n"
                            "  maxjobs 2 pool IMS_POOL fileinto $U+$S@$D\n"
                            "ims-ms-daemon\n"
                            "\n"
                            "tcp_local smtp mx nomx threadeph 20 nologging loopcheck\n"
                            "tcp-daemon\n"
                            "tcp-alias proper\n"
                            "\n"
                            "process\n"
                            "process-daemon\n";

static struct md_imta_cnf *parse(struct md_arena *arena, const char *text)
{
    return md_imta_cnf_parse(arena, "imta.cnf", md_str(text), 1, md_test_keywords(arena), NULL, NULL);
}

static const struct md_imta_block *block_named(const struct md_imta_cnf *cnf, const char *name)
{
    for (size_t i = 0; i < cnf->n_blocks; i++)
        if (md_str_is(cnf->blocks[i].name, name))
            return &cnf->blocks[i];
    fail_msg("no block %s", name);
    return NULL;
}

static const struct md_imta_keyword **effective(struct md_arena *arena, const struct md_imta_cnf *cnf, const char *name,
                                                size_t *ret_n)
{
    const struct md_imta_block *block;
    const struct md_imta_keyword **list;
    struct md_imta_effective it;

    md_imta_effective_init(&it, cnf);
    while (md_imta_effective_next(&it, arena, &block, &list, ret_n))
        if (md_str_is(block->name, name))
            return list;
    fail_msg("no channel %s", name);
    return NULL;
}

static void a_stock_file_reads_whole(void **state)
{
    struct md_imta_cnf *cnf = parse(*state, stock);
    const struct md_imta_block *block;

    md_want_int("rules", cnf->n_rules, 7);
    md_want_int("blocks", cnf->n_blocks, 5);
    md_want_int("includes", cnf->n_includes, 1);
    md_want_str("include as written", cnf->includes[0].path, "IMTA_TABLE:internet.rules");
    md_want_int("only the include is missing", cnf->faults.n, 1);
    md_want_int("kind", cnf->faults.items[0].kind, MD_CNF_INCLUDE_NOT_READ);
    md_want_int("defaults", cnf->blocks[0].kind, MD_IMTA_DEFAULTS);
    block = block_named(cnf, "ims-ms");
    md_want_int("line of the block", block->loc.line, 18);
    md_want_int("keywords", block->n_keywords, 6);
    md_want_int("ages", block->keywords[1].n_args, 5);
    md_want_int("steps", block->keywords[2].n_args, 2);
    md_want_str("quotation marks are dropped", block->keywords[2].args[0].text, "pt5m");
    md_want_int("a continued line has its own number", block->keywords[2].loc.line, 19);
    md_want_int("and column", block->keywords[2].loc.column, 3);
    md_want_int("pool on the third line", block->keywords[4].loc.line, 20);
    block = block_named(cnf, "tcp_local");
    md_want_int("hosts", block->n_hosts, 2);
    md_want_str("official host", block->hosts[0].name, "tcp-daemon");
    md_want_str("proper name", block->hosts[1].alias, "proper");
}

static void an_unknown_keyword_is_seen(void **state)
{
    struct md_imta_cnf *cnf = parse(*state, stock);
    const struct md_imta_block *block = block_named(cnf, "tcp_local");
    size_t unknown = 0;

    for (size_t i = 0; i < block->n_keywords; i++) {
        if (block->keywords[i].def == NULL) {
            md_want_str("unknown", block->keywords[i].name, unknown == 0 ? "threadeph" : "20");
            unknown++;
        }
    }
    md_want_int("unknown words", unknown, 2);
}

static void the_last_member_of_a_group_holds(void **state)
{
    struct md_imta_cnf *cnf = parse(*state, stock);
    const struct md_imta_keyword **list;
    size_t n;

    list = effective(*state, cnf, "tcp_local", &n);
    for (size_t k = 0; k < n; k++) {
        md_want_true(!md_str_is(list[k]->name, "mx"));
        md_want_true(!md_str_is(list[k]->name, "logging")); /* of the defaults, replaced by nologging */
    }
    list = effective(*state, cnf, "ims-ms", &n);
    for (size_t k = 0; k < n; k++) {
        if (md_str_is(list[k]->name, "notices"))
            md_want_int("the channel's own ages beat the defaults", list[k]->n_args, 5);
        if (md_str_is(list[k]->name, "maxjobs"))
            md_want_str("the channel's own maxjobs", list[k]->args[0].text, "2");
    }
}

static void keywords_take_their_arguments(void **state)
{
    static const struct {
        const char *says, *line;
        size_t n_keywords;
        size_t at, n_args; /* of keyword `at` */
        bool is_short;
    } cases[] = {
        {"a keyword with one argument", "tcp_x smtp maxjobs 7 pool P", 3, 1, 1, false},
        {"a keyword in place of the argument leaves it missing", "tcp_x smtp maxjobs pool SMTP_POOL", 3, 1, 0, true},
        {"the line ends before the argument", "tcp_x smtp maxjobs", 2, 1, 0, true},
        {"ages are read while they are numbers", "tcp_x notices 1 2 4 7 smtp", 2, 0, 4, false},
        {"no more ages than five", "tcp_x notices 1 2 3 4 5 6", 2, 0, 5, false},
        {"durations in either letter case", "tcp_x backoff \"pt5m\" PT1H smtp", 2, 0, 2, false},
        {"one default host", "tcp_x defaulthost example.org smtp", 2, 0, 1, false},
        {"two default hosts", "tcp_x defaulthost example.org example.net smtp", 2, 0, 2, false},
        {"addresses of name servers", "tcp_x nameservers 192.0.2.1 2001:db8::1 mx", 2, 0, 2, false},
        {"letter case does not matter", "tcp_x SMTP MaxJobs 3", 2, 1, 1, false},
        {"a quoted word is an argument even if it is a keyword", "tcp_x description \"smtp\" mx", 2, 0, 1, false},
        {"a wrong number is still the argument", "tcp_x maxjobs many mx", 2, 0, 1, false},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        char *text = md_arena_printf(*state, "a.example $U@tcp-x\n\n%s\ntcp-x\n", cases[i].line);
        struct md_imta_cnf *cnf = parse(*state, text);

        md_test_case(i, cases[i].says);
        md_want_int("blocks", cnf->n_blocks, 1);
        md_want_int("keywords", cnf->blocks[0].n_keywords, cases[i].n_keywords);
        md_want_int("arguments", cnf->blocks[0].keywords[cases[i].at].n_args, cases[i].n_args);
        md_want_int("short", cnf->blocks[0].keywords[cases[i].at].is_short, cases[i].is_short);
    }
}

static void one_mistake_of_form_is_one_fault(void **state)
{
    static const struct {
        const char *says, *in;
        int fault;
        uint32_t line;
        size_t n_rules, n_channels;
    } cases[] = {
        {"a blank first line", "\na.example $U@d\n\nl logging\nd\n", MD_CNF_LEADING_BLANK_LINE, 1, 1, 1},
        {"a blank line among the rules", "a.example $U@d\n\nb.example $U@d\n\nl logging\nd\n",
         MD_CNF_RULE_AFTER_BLANK_LINE, 3, 2, 1},
        {"no blank line between rules and channels", "a.example $U@d\nl logging\nd\n", MD_CNF_MISSING_BLANK_LINE, 2, 1,
         1},
        {"no blank line between blocks", "a.example $U@d\n\nl logging\nd\ntcp_x smtp\ntcp-x\n",
         MD_CNF_MISSING_BLANK_LINE, 5, 1, 2},
        {"a comment for a blank line", "a.example $U@d\n\nl logging\nd.example\n!\nprocess\nprocess-daemon\n",
         MD_CNF_COMMENT_AS_SEPARATOR, 6, 1, 2},
        {"a comment for a blank line before keywords", "a.example $U@d\n\nl logging\nd\n!\n! x\ntcp_x smtp\ntcp-x\n",
         MD_CNF_COMMENT_AS_SEPARATOR, 7, 1, 2},
        {"a bare channel with a host of its own", "a.example $U@d\n\nl logging\nd\nprocess\nprocess.example\n",
         MD_CNF_MISSING_BLANK_LINE, 5, 1, 2},
        {"a comment alone between rules and channels", "a.example $U@d\n! channels\nl logging\nd\n",
         MD_CNF_MISSING_BLANK_LINE, 3, 1, 1},
        {"many rules behind one blank line", "a.example $U@d\n\nb.example $U@d\nc.example $U@d\n\nl logging\nd\n",
         MD_CNF_RULE_AFTER_BLANK_LINE, 3, 3, 1},
        {"a blank first line and no rules", "\nl logging\nd\n", MD_CNF_LEADING_BLANK_LINE, 1, 0, 1},
        {"a comment with the wrong character", "# old\na.example $U@d\n\nl logging\nd\n", MD_CNF_MISSPELT_COMMENT, 1, 1,
         1},
        {"a comment with slashes in a block", "a.example $U@d\n\nl logging\n// old\nd\n", MD_CNF_MISSPELT_COMMENT, 4, 1,
         1},
        {"a comment that is indented", "a.example $U@d\n  ! old\n\nl logging\nd\n", MD_CNF_MISSPELT_COMMENT, 2, 1, 1},
        {"a wrong comment between continued lines", "a.example $U@d\n\nl logging \\\n# smtp mx\n nomx\nd\n",
         MD_CNF_MISSPELT_COMMENT, 4, 1, 1},
        {"a blank line inside a block", "a.example $U@d\n\nl logging\nd\n\ntcp_x smtp\n\ntcp_x-daemon\n",
         MD_CNF_BLANK_LINE_IN_BLOCK, 8, 1, 2},
        {"no official host", "a.example $U@d\n\nl logging\nd\n\ntcp_x smtp\n\nprocess\nprocess-daemon\n",
         MD_CNF_NO_OFFICIAL_HOST, 6, 1, 3},
        {"a rule without template", "a.example\n\nl logging\nd\n", MD_CNF_RULE_WITHOUT_TEMPLATE, 1, 1, 1},
        {"a rule with a blank", "a.example $U@ d\n\nl logging\nd\n", MD_CNF_RULE_WITH_BLANKS, 1, 1, 1},
        {"hosts after defaults", "a.example $U@d\n\ndefaults logging\nl subdirs 20\nd\n", MD_CNF_DEFAULTS_WITH_HOSTS, 4,
         1, 1},
        {"a continuation before a blank line", "a.example $U@d\n\nl logging \\\n\ntcp_x smtp\ntcp-x\n",
         MD_CNF_DANGLING_CONTINUATION, 3, 1, 2},
        {"a continuation that tears a block", "a.example $U@d\n\nl logging \\\n\nl-daemon\n\ntcp_x smtp\ntcp-x\n",
         MD_CNF_DANGLING_CONTINUATION, 3, 1, 2},
        {"a quotation mark left open", "a.example $U@d\n\nl logging description \"x\nd\n", MD_CNF_OPEN_QUOTE, 3, 1, 1},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_imta_cnf *cnf = parse(*state, cases[i].in);
        size_t channels = 0;

        md_test_case(i, cases[i].says);
        md_want_int("faults", cnf->faults.n, 1);
        md_want_int("fault", cnf->faults.items[0].kind, cases[i].fault);
        md_want_int("line", cnf->faults.items[0].loc.line, cases[i].line);
        md_want_int("rules", cnf->n_rules, cases[i].n_rules);
        for (size_t k = 0; k < cnf->n_blocks; k++)
            channels += cnf->blocks[k].kind == MD_IMTA_CHANNEL;
        md_want_int("channels", channels, cases[i].n_channels);
    }
}

static void templates_name_their_channel(void **state)
{
    static const struct {
        const char *says, *template, *tag;
        char control; /* letter of the first one, 0: none */
        const char *arg;
        bool is_computed;
    } cases[] = {
        {"a plain one", "$U%$D@tcp-daemon", "tcp-daemon", 0, "", false},
        {"without a domain", "$U@ims-ms-daemon", "ims-ms-daemon", 0, "", false},
        {"a condition behind the tag", "$U%$H@tcp_dsn-daemon$Mprocess_dsn", "tcp_dsn-daemon", 'M', "process_dsn",
         false},
        {"a condition in front", "$Mtcp_local$U%$D@x", "x", 'M', "tcp_local", false},
        {"a domain of the directory", "$A$E$F$U%$H$V$H@mail.example.org", "mail.example.org", 'V', "$H", false},
        {"a mapping", "$E$R${INTERNAL_IP,$L}$U%[$L]@tcp_intranet-daemon", "tcp_intranet-daemon", 0, "", false},
        {"a literal @ is no separator", "$U$@x%$D@tag", "tag", 0, "", false},
        {"rewritten again", "$U%b.example.org", "", 0, "", false},
        {"a source route", "$U@$D@hop@tag", "tag", 0, "", false},
        {"a computed tag", "$U%$D@$H-daemon", "$H-daemon", 0, "", true},
        {"an error text", "$?no such host$U@x", "", '?', "no", false},
        {"an unclosed mapping is survived", "$U%$D@x${TABLE", "x${TABLE", 0, "", true},
        {"a final dollar is survived", "$U%$D@x$", "x$", 0, "", true},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        char *text = md_arena_printf(*state, "a.example %s\n\n", cases[i].template);
        struct md_imta_cnf *cnf = parse(*state, text);

        md_test_case(i, cases[i].says);
        md_want_int("rules", cnf->n_rules, 1);
        md_want_str("tag", cnf->rules[0].tag, cases[i].tag);
        md_want_int("computed", cnf->rules[0].tag_is_computed, cases[i].is_computed);
        md_want_int("controls", cnf->rules[0].n_controls > 0, cases[i].control != 0);
        if (cases[i].control != 0) {
            md_want_int("letter", cnf->rules[0].controls[0].letter, cases[i].control);
            md_want_str("argument", cnf->rules[0].controls[0].arg, cases[i].arg);
        }
    }
}

static void domains_find_their_rule(void **state)
{
    static const char rules[] = ". $U%$H@tcp-daemon\n"
                                "a.b.example.org $U@x1\n"
                                "*.b.example.org $U@x2\n"
                                ".b.example.org $U@x3\n"
                                "*.*.example.org $U@x4\n"
                                ".example.org $U@x5\n"
                                "EXAMPLE.net $U@x6\n"
                                "*.*.* $U@x7\n"
                                "[192.0.2.] $U@x8\n"
                                "[] $U@x9\n\n";
    static const struct {
        const char *says, *domain, *tag;
    } cases[] = {
        {"the whole name", "a.b.example.org", "x1"},
        {"a star for one component", "z.b.example.org", "x2"},
        {"any host below", "y.z.b.example.org", "x3"},
        {"two stars", "a.c.example.org", "x4"},
        {"below the site", "a.b.c.example.org", "x5"},
        {"a host of the site", "c.example.org", "x5"},
        {"letter case does not matter", "Example.NET", "x6"},
        {"stars alone", "a.example.com", "x7"},
        {"everything else", "example.com", "tcp-daemon"},
        {"an address of the network", "[192.0.2.5]", "x8"},
        {"any address", "[198.51.100.1]", "x9"},
    };
    struct md_imta_cnf *cnf = parse(*state, rules);

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        const struct md_imta_rule *rule = md_imta_cnf_rule_for(cnf, md_str(cases[i].domain), true);

        md_test_case(i, cases[i].says);
        md_want_true(rule != NULL);
        md_want_str("tag", rule->tag, cases[i].tag);
    }
    md_test_case(0, NULL);
    md_want_true(md_imta_cnf_rule_for(cnf, md_str("example.com"), false) == NULL);
    md_want_true(md_imta_cnf_rule_for(cnf, md_str(""), true) == NULL);
}

static void templates_show_what_they_lack(void **state)
{
    static const struct {
        const char *says, *template;
        const char *unknown, *mapping; /* the first one, or NULL */
        const char *user, *domain;
        bool has_no_user, rewrites_again;
        unsigned n_ats;
    } cases[] = {
        {"an ordinary one", "$U%$D@tcp-daemon", NULL, NULL, "$U", "$D", false, false, 1},
        {"an unknown sequence", "$K@tcp-daemon", "$K", NULL, "$K", "tcp-daemon", false, false, 1},
        {"an unknown one in the tag", "$U%$D@x$,", "$,", NULL, "$U", "$D", false, false, 1},
        {"a dollar at the end", "$U%$D@x$", "$", NULL, "$U", "$D", false, false, 1},
        {"a mapping table", "$E$R${INTERNAL_IP,$L}$U%[$L]@x", NULL, "INTERNAL_IP", "$E$R${INTERNAL_IP,$L}$U", "[$L]",
         false, false, 1},
        {"a computed table is none", "${$H,x}$U@x", NULL, NULL, "${$H,x}$U", "x", false, false, 1},
        {"no user", "%new.example@tcp-daemon", NULL, NULL, "", "new.example", true, false, 1},
        {"controls are no user", "$E$F$Mtcp_local%new.example@x", NULL, NULL, "$E$F$Mtcp_local", "new.example", true,
         false, 1},
        {"a literal user", "postmaster%$D@x", NULL, NULL, "postmaster", "$D", false, false, 1},
        {"a part of the user", "$0U%$D@x", NULL, NULL, "$0U", "$D", false, false, 1},
        {"the database", "$(key)%$D@x", NULL, NULL, "$(key)", "$D", false, false, 1},
        {"rewritten again", "$U%b.example", NULL, NULL, "$U", "b.example", false, true, 0},
        {"a source route", "$U@$D@hop@tag", NULL, NULL, "$U", "$D", false, false, 3},
        {"parts of the host", "$U%$1D$&0$!1$*2$#3@x", NULL, NULL, "$U", "$1D$&0$!1$*2$#3", false, false, 1},
        {"letter case and literals", "$\\$U$_$$$%%$^$D@x", NULL, NULL, "$\\$U$_$$$%", "$^$D", false, false, 1},
        {"a directory", "$]ldap:///$D?a[%$H@x", NULL, NULL, "$]ldap:///$D?a[", "$H", false, false, 1},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        char *text = md_arena_printf(*state, "a.example %s\n\n", cases[i].template);
        const struct md_imta_rule *rule = parse(*state, text)->rules;

        md_test_case(i, cases[i].says);
        md_want_int("unknown ones", rule->n_unknown, cases[i].unknown != NULL);
        if (cases[i].unknown != NULL)
            md_want_str("unknown", rule->unknown[0].text, cases[i].unknown);
        md_want_int("mappings", rule->n_mappings, cases[i].mapping != NULL);
        if (cases[i].mapping != NULL)
            md_want_str("mapping", rule->mappings[0].text, cases[i].mapping);
        md_want_str("user", rule->user, cases[i].user);
        md_want_str("domain", rule->domain, cases[i].domain);
        md_want_int("no user", rule->has_no_user, cases[i].has_no_user);
        md_want_int("rewrites again", rule->rewrites_again, cases[i].rewrites_again);
        md_want_int("separating @", rule->n_ats, cases[i].n_ats);
    }
}

static void places_in_a_template_hold_on_continued_lines(void **state)
{
    struct md_imta_cnf *cnf = parse(*state, "[] $E$R\\\n${INTERNAL,$L}$U%\\\n$K@x\n\nl logging\nd\n");
    const struct md_imta_rule *rule = cnf->rules;

    md_want_int("faults", cnf->faults.n, 0);
    md_want_int("line of the mapping", rule->mappings[0].loc.line, 2);
    md_want_int("column of the mapping", rule->mappings[0].loc.column, 3);
    md_want_int("line of the unknown one", rule->unknown[0].loc.line, 3);
    md_want_int("column of the unknown one", rule->unknown[0].loc.column, 1);
    md_want_int("column of the tag", rule->tag_loc.column, 4);
}

static void a_template_with_a_stray_blank_is_read_as_meant(void **state)
{
    static const struct {
        const char *says, *in, *tag;
        uint32_t column;
    } cases[] = {
        {"in front of the tag", "a.example $U%$D@ x-daemon\n\nl logging\nd\n", "x-daemon", 18},
        {"behind the user", "a.example $U %$D@x-daemon\n\nl logging\nd\n", "x-daemon", 18},
        {"a comment behind the rule", "a.example $U@x-daemon ! why\n\nl logging\nd\n", "x-daemon", 14},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_imta_cnf *cnf = parse(*state, cases[i].in);

        md_test_case(i, cases[i].says);
        md_want_int("faults", cnf->faults.n, 1);
        md_want_int("fault", cnf->faults.items[0].kind, MD_CNF_RULE_WITH_BLANKS);
        md_want_str("tag", cnf->rules[0].tag, cases[i].tag);
        md_want_int("column of the tag", cnf->rules[0].tag_loc.column, cases[i].column);
    }
    md_want_int("an error text may hold blanks",
                parse(*state, "a.example $U@x-daemon$1?no such host\n\nl logging\nd\n")->faults.n, 0);
}

static bool include_itself(void *ctx, struct md_str path, const char **ret_name, struct md_str *ret_text)
{
    (void)path;
    *ret_name = "loop.rules";
    *ret_text = md_str("<loop.rules\nin.example $U@tcp-daemon\n");
    ++*(int *)ctx;
    return true;
}

static void includes_are_spliced_in_and_bounded(void **state)
{
    int calls = 0;
    struct md_imta_cnf *cnf =
        md_imta_cnf_parse(*state, "imta.cnf", md_str("<loop.rules\na.example $U@d\n\nl logging\nd\n"), 1,
                          md_test_keywords(*state), include_itself, &calls);

    md_want_int("three levels", calls, 3);
    md_want_int("rules", cnf->n_rules, 4);
    md_want_cstr("place of an included rule", cnf->rules[0].loc.file, "loop.rules");
    md_want_int("line of an included rule", cnf->rules[0].loc.line, 2);
    md_want_int("the fourth level is refused", cnf->faults.items[0].kind, MD_CNF_INCLUDE_TOO_DEEP);
    md_want_int("channels", cnf->n_blocks, 1);
}

static void nodefaults_forgets(void **state)
{
    struct md_imta_cnf *cnf =
        parse(*state, "a.example $U@d\n\ndefaults logging maxjobs 3\n\nl\nd\n\nnodefaults\n\ntcp_x smtp\ntcp-x\n");
    size_t n;

    effective(*state, cnf, "l", &n);
    md_want_int("before", n, 2);
    effective(*state, cnf, "tcp_x", &n);
    md_want_int("after", n, 1);
}

static void large_and_foreign_input_is_survived(void **state)
{
    size_t n = 1000000;
    char *text = md_arena_alloc(*state, n + 1);
    uint64_t seed = 88172645463325252u;
    struct md_imta_cnf *cnf;
    size_t kept;

    for (size_t i = 0; i < n; i++)
        text[i] = i % 5 == 4 ? ' ' : "smtp"[i % 5];
    text[0] = '\n';
    cnf = md_imta_cnf_parse(*state, "long", md_str_n(text, n), 1, md_test_keywords(*state), NULL, NULL);
    md_want_int("one channel on a line of a million characters", cnf->n_blocks, 1);
    effective(*state, cnf, "mtp", &kept);
    md_want_int("equal keywords count once", kept, 1);
    for (size_t i = 0; i < n; i++)
        text[i] = (char)md_test_random(&seed);
    cnf = md_imta_cnf_parse(*state, "garbage", md_str_n(text, n), 1, md_test_keywords(*state), NULL, NULL);
    md_want_true(cnf->faults.n <= MD_CNF_FAULTS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(a_stock_file_reads_whole),
        MD_TEST(an_unknown_keyword_is_seen),
        MD_TEST(the_last_member_of_a_group_holds),
        MD_TEST(keywords_take_their_arguments),
        MD_TEST(one_mistake_of_form_is_one_fault),
        MD_TEST(templates_name_their_channel),
        MD_TEST(templates_show_what_they_lack),
        MD_TEST(places_in_a_template_hold_on_continued_lines),
        MD_TEST(a_template_with_a_stray_blank_is_read_as_meant),
        MD_TEST(domains_find_their_rule),
        MD_TEST(includes_are_spliced_in_and_bounded),
        MD_TEST(nodefaults_forgets),
        MD_TEST(large_and_foreign_input_is_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
