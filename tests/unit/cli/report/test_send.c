#include "cli/report/send.h"
#include "tests/unit/md_test.h"

#include "engine/base/time.h"

/* Facts as the table send.def knows them. */
static const char catalogue_text[] =
    "scopes:\n"
    "  host: {}\n"
    "  channel: { parent: host }\n"
    "facts:\n"
    "- { name: host.version_num, type: number, means: version, probe: msgserver.identity }\n"
    "- { name: host.jobs_running, type: count, unit: jobs, means: jobs, probe: msgserver.commands }\n"
    "- { name: host.jc_answers, type: bool, means: it answers, probe: msgserver.commands }\n"
    "- { name: host.quota_on, type: bool, means: quota, probe: msgserver.config }\n"
    "- { name: host.weather, type: text, means: nothing that can be sent, probe: none }\n"
    "- { name: channel.files, type: count, unit: files, means: files, probe: msgserver.queue }\n"
    "- { name: channel.delayed, type: count, unit: files, means: delayed ones, probe: msgserver.commands }\n"
    "- { name: host.cal_version_num, type: number, means: version, probe: calendar.identity }\n"
    "- { name: host.cal_csdb_path, type: text, means: folder, probe: calendar.config }\n"
    "- { name: host.csdb_logs, type: count, unit: files, means: logs, probe: calendar.database }\n"
    "- { name: host.cal_readonly, type: bool, means: only read, probe: calendar.config }\n"
    "- { name: channel.active, type: count, unit: files, means: active ones, probe: msgserver.commands }\n";

struct sending {
    struct md_arena *arena;
    struct md_facts *facts;
    struct md_instance *channel;
    struct md_unknown unknown[20];
    struct md_result result;
};

static struct sending begin(struct md_arena *arena, double version)
{
    struct sending s = {.arena = arena};
    struct md_diags *diags = md_diags_new(arena);
    const struct md_catalogue *catalogue = NULL;
    const struct md_origin origin = {.kind = MD_ORIGIN_FILE, .name = "x"};
    md_want_int("catalogue", md_catalogue_read(arena, "facts.yaml", md_str(catalogue_text), diags, &catalogue), MD_OK);
    s.facts = md_facts_new(arena, catalogue);
    s.channel = md_facts_instance(s.facts, "channel", MD_LIT("tcp_local"), md_facts_root(s.facts));
    if (version > 0) {
        md_fact_number(s.facts, md_facts_root(s.facts), "host.version_num", version, &origin);
    }
    return s;
}

static void add_unknown(struct sending *s, const char *fact, const char *cause, const char *other)
{
    const char **causes = md_arena_array(s->arena, 2, sizeof *causes);
    causes[0] = cause;
    causes[1] = other;
    s->unknown[s->result.n_unknown++] = (struct md_unknown){
        .fact = fact,
        .at = strncmp(fact, "channel.", 8) == 0 ? s->channel : md_facts_root(s->facts),
        .would_change = causes,
        .n_would_change = other == NULL ? 1 : 2,
    };
}

static size_t find(struct sending *s, const struct md_send **ret)
{
    s->result.facts = s->facts;
    s->result.unknown = s->unknown;
    return md_send_find(s->arena, &s->result, ret);
}

static void the_command_fits_the_version(void **state)
{
    static const struct {
        const char *says;
        double version;
        const char *fact, *want; /* NULL: nothing is to be sent */
    } cases[] = {
        {"a command that came with 6.3", 603, "host.jobs_running", "imsimta qm jobs"},
        {"is not asked for before", 602, "host.jobs_running", NULL},
        {"nothing is known about the version", 0, "host.jobs_running", "imsimta qm jobs"},
        {"one that went with 6.3", 602, "channel.delayed", "imsimta qm messages tcp_local"},
        {"a folder of 5.x", 502, "channel.files", "ls -lR <server root>/msg-<instance>/imta/queue"},
        {"a folder of 6.x", 603, "channel.files", "ls -lR /opt/SUNWmsgsr/data/queue"},
        {"a folder of 8.x", 801, "channel.files", "ls -lR /opt/sun/comms/messaging64/data/queue"},
        {"configutil", 700, "host.quota_on", "configutil"},
        {"its successor", 800, "host.quota_on", "msconfig show '*'"},
        {"what nobody can send", 603, "host.weather", NULL},
        {"what is in no catalogue", 603, "host.nothing", NULL},
    };
    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct sending s = begin(*state, cases[i].version);
        const struct md_send *list;
        md_test_case(i, cases[i].says);
        add_unknown(&s, cases[i].fact, "a.cause", NULL);
        md_want_int("commands", find(&s, &list), cases[i].want == NULL ? 0 : 1);
        if (cases[i].want != NULL) {
            md_want_cstr("command", list[0].command, cases[i].want);
        }
    }
}

static void folders_of_the_calendar_are_its_own(void **state)
{
    static const struct {
        const char *says;
        double version;
        const char *csdb, *fact, *want; /* csdb NULL: not known */
    } cases[] = {
        {"the usual folder", 0, NULL, "host.csdb_logs", "ls -l /var/opt/SUNWics5/csdb"},
        {"that of ics.conf", 603, "/data/csdb_1", "host.csdb_logs", "ls -l /data/csdb_1"},
        {"no path goes into a command that a shell would read otherwise", 603, "/data/$(reboot)", "host.csdb_logs",
         "ls -l /var/opt/SUNWics5/csdb"},
        {"none that is not absolute", 603, "csdb", "host.csdb_logs", "ls -l /var/opt/SUNWics5/csdb"},
        {"Linux, as csdb shows", 603, "/var/opt/sun/calendar/csdb", "host.cal_readonly",
         "cat /etc/opt/sun/calendar/config/ics.conf"},
        {"5.x", 501, NULL, "host.cal_readonly", "cat <server root>/cal/bin/config/ics.conf"},
        {"6.x", 602, NULL, "host.cal_readonly", "cat /etc/opt/SUNWics5/config/ics.conf"},
    };
    const struct md_origin origin = {.kind = MD_ORIGIN_FILE, .name = "x"};

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct sending s = begin(*state, 801); /* a Messaging Server beside it has another version */
        const struct md_send *list;
        md_test_case(i, cases[i].says);
        if (cases[i].version > 0) {
            md_fact_number(s.facts, md_facts_root(s.facts), "host.cal_version_num", cases[i].version, &origin);
        }
        if (cases[i].csdb != NULL) {
            md_fact_text(s.facts, md_facts_root(s.facts), "host.cal_csdb_path", md_str(cases[i].csdb), NULL);
        }
        add_unknown(&s, cases[i].fact, "a.cause", NULL);
        md_want_int("commands", find(&s, &list), 1);
        md_want_cstr("command", list[0].command, cases[i].want);
    }
}

static void each_command_is_asked_for_once(void **state)
{
    struct sending s = begin(*state, 603);
    const struct md_send *list;
    add_unknown(&s, "host.jobs_running", "one", "two");
    add_unknown(&s, "channel.files", "three", NULL);
    add_unknown(&s, "host.jc_answers", "two", "four");
    md_want_int("commands", find(&s, &list), 2);
    /* in the order of the result, with all that they would change */
    md_want_cstr("first", list[0].command, "imsimta qm jobs");
    md_want_int("causes", list[0].n_would_change, 3);
    md_want_cstr("one", list[0].would_change[0], "one");
    md_want_cstr("two", list[0].would_change[1], "two");
    md_want_cstr("four", list[0].would_change[2], "four");
    md_want_true(strncmp(list[1].command, "ls -lR ", 7) == 0);
}

static void what_was_sent_is_not_asked_for_again(void **state)
{
    static const struct {
        const char *says;
        bool is_known, has_origin, value;
        size_t want;
    } cases[] = {
        {"its command answered another fact", true, true, true, 0},
        {"that nothing was seen is no answer", true, true, false, 1},
        {"what follows from others is no answer", true, false, true, 1},
        {"not known", false, false, false, 1},
    };
    const struct md_origin origin = {.kind = MD_ORIGIN_COMMAND, .name = "imsimta qm jobs"};
    const struct md_send *list;
    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct sending s = begin(*state, 603);
        md_test_case(i, cases[i].says);
        if (cases[i].is_known) {
            md_fact_bool(s.facts, md_facts_root(s.facts), "host.jc_answers", cases[i].value,
                         cases[i].has_origin ? &origin : NULL);
        } else {
            md_fact_unknown(s.facts, md_facts_root(s.facts), "host.jc_answers", "it was not run");
        }
        add_unknown(&s, "host.jobs_running", "a.cause", NULL);
        md_want_int("commands", find(&s, &list), cases[i].want);
    }
    /* but of a command about one channel an answer about another one is none */
    struct sending s = begin(*state, 602);
    md_fact_count(s.facts, md_facts_instance(s.facts, "channel", MD_LIT("l"), md_facts_root(s.facts)), "channel.active",
                  1, &origin);
    add_unknown(&s, "channel.delayed", "a.cause", NULL);
    md_want_int("commands", find(&s, &list), 1);
}

static void the_list_is_bounded(void **state)
{
    struct sending s = begin(*state, 602);
    const struct md_send *list;
    for (size_t i = 0; i < MD_SEND_MAX + 4; i++) {
        add_unknown(&s, "channel.delayed", "a.cause", NULL);
        s.unknown[i].at = md_facts_instance(s.facts, "channel", md_str(md_arena_printf(s.arena, "tcp_%zu", i)),
                                            md_facts_root(s.facts));
    }
    md_want_int("commands", find(&s, &list), MD_SEND_MAX);
    md_want_cstr("the first ones", list[MD_SEND_MAX - 1].command, "imsimta qm messages tcp_7");
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(the_command_fits_the_version),
                                       MD_TEST(folders_of_the_calendar_are_its_own),
                                       MD_TEST(each_command_is_asked_for_once),
                                       MD_TEST(what_was_sent_is_not_asked_for_again), MD_TEST(the_list_is_bounded)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
