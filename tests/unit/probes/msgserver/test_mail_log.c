#include "tests/unit/probes/probe_fixture.h"

#include "engine/base/arena.h"
#include "probes/msgserver/census.h"
#include "probes/msgserver/log_pipe.h"
#include "probes/msgserver/traffic.h"

extern const struct md_probe md_probe_msgserver_mail_log;

/* 2026-11-24 12:00:00 UTC, which is also the zone of the logs. */
#define NOW (INT64_C(1795521600) * MD_SECOND)

/* ---- making a log ---- */

struct log {
    char *text;
    size_t n, room;
};

/* An entry so many seconds before now. */
static void add(struct log *log, int64_t ago_s, const char *format, ...) MD_PRINTF(3, 4);
static void add(struct log *log, int64_t ago_s, const char *format, ...)
{
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct md_civil c;
    va_list args;

    if (log->room - log->n < 2048) {
        log->room = log->room * 2 + 65536;
        log->text = md_xrealloc(log->text, log->room);
    }
    md_time_to_civil(NOW - ago_s * MD_SECOND, &c);
    log->n += (size_t)snprintf(log->text + log->n, 64, "%02d-%s-%04d %02d:%02d:%02d.00 ", c.day, months[c.month - 1],
                               c.year, c.hour, c.minute, c.second);
    va_start(args, format);
    log->n += (size_t)vsnprintf(log->text + log->n, 1900, format, args);
    va_end(args);
    log->text[log->n++] = '\n';
    log->text[log->n] = '\0';
}

#define FILE_OF(channel, unique) "/q/queue/" channel "/001/ZZ" unique ".00"

static void arrival(struct log *log, int64_t ago_s, const char *from, const char *to, const char *unique)
{
    add(log, ago_s, "tcp_intranet tcp_local    EE 1 %s rfc822;%s %s /q/queue/tcp_local/001/ZZ%s.00 <%s@x>", from, to,
        to, unique, unique);
}

static void delivery(struct log *log, int64_t ago_s, const char *to, const char *generation, const char *unique)
{
    add(log, ago_s,
        "tcp_local                 DE 1 a@example.com rfc822;%s %s /q/queue/tcp_local/001/%s%s.00 <%s@x> dns;mx.host "
        "smtp;250 OK",
        to, to, generation, unique, unique);
}

static void deferral(struct log *log, int64_t ago_s, const char *to, const char *generation, const char *unique,
                     const char *text)
{
    add(log, ago_s, "tcp_local                 Q 0 a@example.com rfc822;%s %s /q/queue/tcp_local/001/%s%s.00 <%s@x> %s",
        to, to, generation, unique, unique, text);
}

static void box(struct log *log, int64_t ago_s, const char *code, const char *user, const char *generation,
                const char *unique, const char *text)
{
    add(log, ago_s,
        "ims-ms                    %s 1 a@example.net rfc822;%s@example.com %s@ims-ms-daemon "
        "/q/queue/ims-ms/001/%s%s.00 <%s@x>%s%s",
        code, user, user, generation, unique, unique, text[0] != '\0' ? " " : "", text);
}

struct test {
    struct md_probe_test t;
    struct log log;
};

static struct test begin(void **state)
{
    return (struct test){.t = md_probe_test_new(*state, NOW)};
}

static void run(struct test *test)
{
    if (test->log.n > 0)
        md_fake_add(test->t.source, MD_ITEM_MAIL_LOG, "log/mail.log_current", test->log.text);
    md_want_int("status", md_probe_test_run(&test->t, &md_probe_msgserver_mail_log), MD_OK);
}

static void end(struct test *test)
{
    md_probes_end(&test->t.ctx);
    md_probe_test_end(&test->t);
    free(test->log.text);
}

static struct md_instance *place(struct test *test, const char *scope, const char *channel, const char *name)
{
    struct md_instance *at = md_facts_instance(test->t.facts, "channel", md_str(channel), md_facts_root(test->t.facts));
    const struct md_scope_def *def = md_catalogue_scope(md_facts_catalogue(test->t.facts), md_str(scope));
    struct md_instance *found = md_facts_find_instance(test->t.facts, def, md_str(name), at);

    if (found == NULL)
        MD_TEST_FAIL_AT(__FILE__, __LINE__, "there is no %s %s", scope, name);
    return found;
}

static const struct md_fact *known(struct test *test, struct md_instance *at, const char *name, int line)
{
    const struct md_fact *fact = md_fact_by_name(test->t.facts, at, name);

    if (fact == NULL || !fact->is_known)
        MD_TEST_FAIL_AT(__FILE__, line, "%s is not known: %s", name, fact != NULL ? fact->why : "never set");
    return fact;
}

#define want_count_at(test, at, name, want)                                                                            \
    md_want_int(name, known((test), (at), (name), __LINE__)->value.u.count, want)

static uint64_t class_count(const struct md_fact *fact, const char *class)
{
    for (size_t i = 0; i < fact->value.u.counts.n; i++)
        if (md_str_is(fact->value.u.counts.items[i].name, class))
            return fact->value.u.counts.items[i].count;
    return 0;
}

/* ---- the probe ---- */

static void counts_by_channel_and_window(void **state)
{
    struct test test = begin(state);

    arrival(&test.log, 90000, "a@example.com", "j@one.example", "f0aaaaaaaaa");
    delivery(&test.log, 89990, "j@one.example", "ZZ", "f0aaaaaaaaa");
    arrival(&test.log, 7200, "a@example.com", "j@one.example", "f0bbbbbbbbb");
    delivery(&test.log, 7190, "j@one.example", "ZZ", "f0bbbbbbbbb");
    arrival(&test.log, 600, "a@example.com", "j@two.example", "f0ccccccccc");
    deferral(&test.log, 590, "j@two.example", "ZZ", "f0ccccccccc",
             "TCP active open: Failed connect() 192.0.2.7:2525  Error: Connection refused");
    run(&test);
    md_want_fact_bool(&test.t, NULL, "host.log_seen", true);
    md_want_fact_count(&test.t, NULL, "host.arrived", 2);
    md_want_fact_count(&test.t, NULL, "host.arrived_1h", 1);
    md_want_fact_count(&test.t, NULL, "host.left", 1);
    md_want_fact_count(&test.t, "tcp_local", "channel.arrived", 2);
    md_want_fact_count(&test.t, "tcp_local", "channel.delivered", 1);
    md_want_fact_count(&test.t, "tcp_local", "channel.delivered_1h", 0);
    md_want_fact_count(&test.t, "tcp_local", "channel.deferred", 1);
    md_want_fact_count(&test.t, "tcp_local", "channel.tried_destinations_4h", 2);
    md_want_fact_count(&test.t, "tcp_local", "channel.failing_destinations_4h", 1);
    md_want_fact_text(&test.t, "tcp_local", "channel.kind", "smtp");
    md_want_int("failures", class_count(MD_KNOWN(&test.t, "tcp_local", "channel.failures"), "connect-refused"), 1);
    /* The failure is read in line 6. */
    md_want_int("line", MD_KNOWN(&test.t, "tcp_local", "channel.failures")->origins[0].line, 6);
    want_count_at(&test, place(&test, "destination", "tcp_local", "two.example"), "destination.connect_failed_4h", 1);
    want_count_at(&test, place(&test, "destination", "tcp_local", "two.example"), "destination.port", 2525);
    md_want_str("next hop",
                known(&test, place(&test, "destination", "tcp_local", "two.example"), "destination.next_hop", __LINE__)
                    ->value.u.text,
                "192.0.2.7");
    md_want_int("problems", md_diags_count(test.t.diags), 0);
    end(&test);
}

static void a_run_of_failures_begins_after_the_last_delivery(void **state)
{
    struct test test = begin(state);
    struct md_instance *at;

    deferral(&test.log, 20000, "j@x.example", "ZZ", "f0aaaaaaaaa",
             "TCP active open: Failed connect() Error: No route to host");
    delivery(&test.log, 9000, "j@x.example", "ZY", "f0aaaaaaaaa");
    deferral(&test.log, 8000, "j@x.example", "ZZ", "f0bbbbbbbbb",
             "TCP active open: Failed connect() Error: No route to host");
    deferral(&test.log, 4000, "j@x.example", "ZY", "f0bbbbbbbbb",
             "TCP active open: Failed connect() Error: No route to host");
    run(&test);
    at = place(&test, "destination", "tcp_local", "x.example");
    md_want_int("onset", (NOW - known(&test, at, "destination.first_failure", __LINE__)->value.u.time) / MD_SECOND,
                8000);
    md_want_int("last delivery",
                (NOW - known(&test, at, "destination.last_delivery", __LINE__)->value.u.time) / MD_SECOND, 9000);
    want_count_at(&test, at, "destination.attempts_4h", 3);
    end(&test);
}

static void without_an_attempt_in_four_hours_the_latest_one_counts(void **state)
{
    struct test test = begin(state);
    struct md_instance *at;

    deferral(&test.log, 20000, "j@x.example", "ZZ", "f0aaaaaaaaa",
             "TCP active open: Failed connect() Error: No route to host");
    delivery(&test.log, 60, "j@other.example", "ZZ", "f0bbbbbbbbb");
    run(&test);
    at = place(&test, "destination", "tcp_local", "x.example");
    want_count_at(&test, at, "destination.attempts_4h", 1);
    want_count_at(&test, at, "destination.connect_failed_4h", 1);
    end(&test);
}

static void destinations_that_share_a_dead_hop_count_together(void **state)
{
    struct test test = begin(state);

    deferral(&test.log, 900, "a@one.example", "ZZ", "f0aaaaaaaaa",
             "TCP active open: Failed connect() 192.0.2.7:25  Error: Connection refused");
    deferral(&test.log, 800, "b@two.example", "ZZ", "f0bbbbbbbbb",
             "TCP active open: Failed connect() 192.0.2.7:25  Error: Connection refused");
    deferral(&test.log, 700, "c@other.example", "ZZ", "f0ccccccccc",
             "TCP active open: Failed connect() 192.0.2.8:25  Error: Connection refused");
    run(&test);
    want_count_at(&test, place(&test, "destination", "tcp_local", "one.example"), "destination.hop_destinations", 2);
    want_count_at(&test, place(&test, "destination", "tcp_local", "two.example"), "destination.hop_destinations", 2);
    want_count_at(&test, place(&test, "destination", "tcp_local", "other.example"), "destination.hop_destinations", 1);
    end(&test);
}

static void a_host_that_does_not_answer_is_known_though_another_takes_the_mail(void **state)
{
    struct test test = begin(state);

    add(&test.log, 900,
        "tcp_local    -            Y TCP|192.0.2.10|0|192.0.2.81|25 SMTP/two.example/mx1.two.example Failed connect()");
    delivery(&test.log, 890, "j@two.example", "ZZ", "f0aaaaaaaaa");
    run(&test);
    md_want_str("next hop",
                known(&test, place(&test, "destination", "tcp_local", "two.example"), "destination.next_hop", __LINE__)
                    ->value.u.text,
                "mx1.two.example");
    want_count_at(&test, place(&test, "destination", "tcp_local", "two.example"), "destination.deferred", 0);
    md_want_int("hops",
                known(&test, place(&test, "destination", "tcp_local", "two.example"), "destination.hops", __LINE__)
                    ->value.u.counts.n,
                1);
    end(&test);
}

static void who_of_a_domain_over_quota_still_gets_mail(void **state)
{
    struct test test = begin(state);

    box(&test.log, 9000, "D", "ann", "ZZ", "f0aaaaaaaaa", "");
    box(&test.log, 8000, "Q", "bob", "ZZ", "f0bbbbbbbbb", "Over quota");
    box(&test.log, 7000, "D", "ann", "ZZ", "f0ccccccccc", "");
    box(&test.log, 6000, "D", "cal", "ZZ", "f0ddddddddd", "");
    run(&test);
    md_want_fact_count(&test.t, "ims-ms", "channel.over_quota_domains_delivered", 2);
    end(&test);
}

static void what_is_put_off_may_be_bounces(void **state)
{
    struct test test = begin(state);

    for (int i = 0; i < 3; i++)
        add(&test.log, 900 - i,
            "tcp_local                 Q 0  rfc822;v%d@x.example v%d@x.example Failed connect() Error: Connection "
            "refused",
            i, i);
    deferral(&test.log, 700, "c@other.example", "ZZ", "f0ccccccccc", "Failed connect() Error: Connection refused");
    run(&test);
    md_want_fact_number(&test.t, "tcp_local", "channel.deferred_empty_sender_share", 0.75);
    end(&test);
}

static void what_a_channel_puts_into_others_is_counted(void **state)
{
    struct test test = begin(state);

    add(&test.log, 1200, "tcp_intranet reprocess    E 1 a@example.com rfc822;all@example.com all@example.com");
    for (int i = 0; i < 4; i++)
        add(&test.log, 900 - i, "reprocess    ims-ms       E 1 a@example.com rfc822;u%d@example.com u%d@ims-ms-daemon",
            i, i);
    run(&test);
    md_want_fact_count(&test.t, "reprocess", "channel.submitted_1h", 4);
    end(&test);
}

static void a_queue_that_falls_since_a_quarter_of_an_hour_does_not_grow(void **state)
{
    struct test test = begin(state);
    char unique[32];

    arrival(&test.log, 14400, "a@example.com", "j@x.example", "f0aaaaaaaaa");
    for (int i = 0; i < 200; i++) {
        snprintf(unique, sizeof unique, "f0b%08d", i);
        arrival(&test.log, 3000 - i, "a@example.com", "j@x.example", unique);
    }
    for (int i = 0; i < 60; i++) {
        snprintf(unique, sizeof unique, "f0b%08d", i);
        delivery(&test.log, 600 - i, "j@x.example", "ZZ", unique);
    }
    run(&test);
    md_want_fact_bool(&test.t, "tcp_local", "channel.growing", false);
    md_want_fact_number(&test.t, "tcp_local", "channel.left_per_h", 240);
    md_want_fact_number(&test.t, "tcp_local", "channel.arrived_per_h", 0);
    end(&test);
}

static void greylisting_ends_with_acceptance(void **state)
{
    struct test test = begin(state);
    struct md_instance *at;

    deferral(&test.log, 3000, "j@grey.example", "ZZ", "f0aaaaaaaaa",
             "dns;mx.grey.example smtp;451 4.7.1 Greylisting in action, please come back later");
    delivery(&test.log, 1200, "j@grey.example", "ZY", "f0aaaaaaaaa");
    deferral(&test.log, 1000, "k@grey.example", "ZZ", "f0bbbbbbbbb",
             "dns;mx.grey.example smtp;451 4.7.1 Greylisting in action, please come back later");
    deferral(&test.log, 900, "l@grey.example", "ZZ", "f0ccccccccc",
             "dns;mx.grey.example smtp;451 4.7.1 Greylisting in action, please come back later");
    deferral(&test.log, 100, "l@grey.example", "ZY", "f0ccccccccc",
             "dns;mx.grey.example smtp;451 4.7.1 Greylisting in action, please come back later");
    run(&test);
    at = place(&test, "destination", "tcp_local", "grey.example");
    want_count_at(&test, at, "destination.greylisted_accepted", 1);
    want_count_at(&test, at, "destination.first_try_deferred", 3);
    want_count_at(&test, at, "destination.repeat_deferred", 1);
    md_want_fact_count(&test.t, "tcp_local", "channel.greylisted_accepted", 1);
    end(&test);
}

static void busy_mailboxes_recover_or_stay(void **state)
{
    struct test test = begin(state);
    struct md_instance *at;

    box(&test.log, 5000, "Q", "ann", "ZZ", "f0aaaaaaaaa", "Mailbox is busy");
    box(&test.log, 4900, "D", "ann", "ZY", "f0aaaaaaaaa", "");
    box(&test.log, 3000, "Q", "bob", "ZZ", "f0bbbbbbbbb", "Mailbox is busy");
    box(&test.log, 2400, "Q", "bob", "ZY", "f0bbbbbbbbb", "Mailbox is busy");
    box(&test.log, 1800, "Q", "bob", "ZX", "f0bbbbbbbbb", "Mailbox is busy");
    box(&test.log, 1000, "Q", "cyd", "ZZ", "f0ccccccccc", "Over quota");
    run(&test);
    md_want_fact_count(&test.t, "ims-ms", "channel.busy_recovered", 1);
    md_want_fact_count(&test.t, "ims-ms", "channel.busy_mailboxes", 2);
    md_want_fact_count(&test.t, "ims-ms", "channel.over_quota_mailboxes", 1);
    md_want_fact_count(&test.t, "ims-ms", "channel.failing_mailboxes", 2);
    md_want_int("domain", class_count(MD_KNOWN(&test.t, "ims-ms", "channel.over_quota_domains"), "example.com"), 1);
    at = place(&test, "mailbox", "ims-ms", "bob@ims-ms-daemon");
    want_count_at(&test, at, "mailbox.busy_generations", 3);
    want_count_at(&test, at, "mailbox.attempts_max", 3);
    md_want_double("gap", known(&test, at, "mailbox.retry_gap_s", __LINE__)->value.u.number, 600, 1);
    end(&test);
}

static void queue_files_get_what_the_log_knows(void **state)
{
    struct test test = begin(state);
    struct md_census_options options = {.now = NOW};
    struct md_instance *at;

    test.t.world->census = md_census_new(&options);
    md_census_add(test.t.world->census, MD_LIT("tcp_local/001/ZYf0aaaaaaaaa.00"), false, 100, NOW - 500 * MD_SECOND);
    md_census_add(test.t.world->census, MD_LIT("tcp_local/001/ZZf0bbbbbbbbb.00"), false, 100, NOW - 400 * MD_SECOND);
    md_census_add(test.t.world->census, MD_LIT("tcp_local/001/ZZf0notlogged.00"), false, 100, NOW - 400 * MD_SECOND);
    arrival(&test.log, 7000, "a@example.com", "j@dead.example", "f0aaaaaaaaa");
    deferral(&test.log, 500, "j@dead.example", "ZZ", "f0aaaaaaaaa",
             "TCP active open: Failed connect() Error: Connection timed out");
    add(&test.log, 400,
        "process      tcp_local    E 1  rfc822;k@dead.example k@dead.example " FILE_OF("tcp_local",
                                                                                       "f0bbbbbbbbb") " <n@x>,<o@x>");
    arrival(&test.log, 300, "a@example.com", "j@fine.example", "f0ccccccccc");
    delivery(&test.log, 299, "j@fine.example", "ZZ", "f0ccccccccc");
    run(&test);
    md_want_fact_bool(&test.t, NULL, "host.log_joined", true);
    md_want_int("stuck", class_count(MD_KNOWN(&test.t, "tcp_local", "channel.stuck_destinations"), "dead.example"), 2);
    md_want_fact_number(&test.t, "tcp_local", "channel.stuck_empty_sender_share", 0.5);
    md_want_fact_number(&test.t, "tcp_local", "channel.stuck_from_process_share", 0.5);
    md_want_int("class", class_count(MD_KNOWN(&test.t, "tcp_local", "channel.stuck_failures"), "connect-timeout"), 1);
    at = place(&test, "destination", "tcp_local", "dead.example");
    want_count_at(&test, at, "destination.files", 2);
    want_count_at(&test, at, "destination.untried", 1);
    md_want_double("oldest", known(&test, at, "destination.oldest_s", __LINE__)->value.u.number, 7000, 1);
    md_want_fact_count(&test.t, NULL, "host.channels_with_files", 1);
    md_want_fact_count(&test.t, NULL, "host.channels_silent", 0);
    end(&test);
}

static void a_log_of_another_host_is_used_for_rates_only(void **state)
{
    struct test test = begin(state);
    struct md_census_options options = {.now = NOW};

    test.t.world->census = md_census_new(&options);
    md_census_add(test.t.world->census, MD_LIT("tcp_local/001/ZZf0zzzzzzzzz.00"), false, 100, NOW - 400 * MD_SECOND);
    arrival(&test.log, 7000, "a@example.com", "j@dead.example", "f0aaaaaaaaa");
    arrival(&test.log, 60, "a@example.com", "j@dead.example", "f0bbbbbbbbb");
    run(&test);
    md_want_fact_bool(&test.t, NULL, "host.log_joined", false);
    md_want_fact_unknown(&test.t, "tcp_local", "channel.stuck_destinations");
    md_want_int("said", md_diags_count_at_least(test.t.diags, MD_WARNING), 1);
    end(&test);
}

static void without_names_of_files_arrivals_less_what_left_are_queued(void **state)
{
    struct test test = begin(state);

    for (int i = 0; i < 5; i++)
        add(&test.log, 1000 - i, "tcp_intranet tcp_local    EE 1 a@example.com rfc822;j@dead.example j@dead.example");
    add(&test.log, 900,
        "tcp_local                 DE 1 a@example.com rfc822;j@dead.example j@dead.example dns;mx smtp;250 OK");
    run(&test);
    md_want_fact_unknown(&test.t, NULL, "host.log_joined");
    md_want_int("queued", class_count(MD_KNOWN(&test.t, "tcp_local", "channel.stuck_destinations"), "dead.example"), 4);
    end(&test);
}

static void refusals_and_connections_count_by_class(void **state)
{
    struct test test = begin(state);

    for (int i = 0; i < 3; i++)
        add(&test.log, 100,
            "tcp_local                 JE 0 p@example.net rfc822; b@new.example 550 5.7.1 Relaying not permitted: "
            "b@new.example");
    add(&test.log, 90,
        "tcp_local                 JE 0 p@example.net rfc822; b@new.example 452 4.3.1 insufficient system storage");
    add(&test.log, 80,
        "tcp_local    -            Y TCP|192.0.2.10|0|198.51.100.25|25 SMTP/example.net/mx.example.net TCP active "
        "open: Failed connect() 198.51.100.25:25  Error: Connection refused");
    run(&test);
    md_want_int("denied", class_count(MD_KNOWN(&test.t, NULL, "host.refused"), "access-denied"), 3);
    md_want_int("full", class_count(MD_KNOWN(&test.t, NULL, "host.refused_1h"), "disk-full"), 1);
    md_want_int("connections", class_count(MD_KNOWN(&test.t, NULL, "host.connections_refused"), "connect-refused"), 1);
    end(&test);
}

static void overlapping_logs_count_once(void **state)
{
    struct test test = begin(state);
    struct log older = {0}, all = {0};

    arrival(&older, 50000, "a@example.com", "j@x.example", "f0aaaaaaaaa");
    arrival(&older, 40000, "a@example.com", "j@x.example", "f0bbbbbbbbb");
    arrival(&all, 50000, "a@example.com", "j@x.example", "f0aaaaaaaaa");
    arrival(&all, 40000, "a@example.com", "j@x.example", "f0bbbbbbbbb");
    arrival(&all, 30000, "a@example.com", "j@x.example", "f0ccccccccc");
    arrival(&test.log, 100, "a@example.com", "j@x.example", "f0ddddddddd");
    md_fake_add(test.t.source, MD_ITEM_MAIL_LOG, "log/mail.log", older.text);
    md_fake_add(test.t.source, MD_ITEM_MAIL_LOG, "log/mail.log_yesterday", all.text);
    run(&test);
    md_want_fact_count(&test.t, NULL, "host.arrived", 4);
    free(older.text);
    free(all.text);
    end(&test);
}

static void problems_have_a_place(void **state)
{
    struct test test = begin(state);
    struct md_str text;
    size_t at;

    arrival(&test.log, 100, "a@example.com", "j@x.example", "f0aaaaaaaaa");
    add(&test.log, 90, "this is dated and no entry of any kind");
    arrival(&test.log, 80, "a@example.com", "j@x?.example", "f0bbbbbbbbb");
    add(&test.log, 70, "x");
    text = md_str_n(test.log.text, test.log.n);
    at = (size_t)md_str_find_char(text, '?');
    test.log.text[at] = '\0';
    /* A line that begins with no date, and a last one without an end. */
    memcpy(test.log.text + test.log.n, "garbage that is long enough to be an entry of the log\ncut", 57);
    test.log.n += 57;
    md_fake_add_bytes(test.t.source, MD_ITEM_MAIL_LOG, "log/mail.log_current", md_str_n(test.log.text, test.log.n));
    test.log.n = 0;
    run(&test);
    md_want_fact_count(&test.t, NULL, "host.arrived", 2);
    md_want_int("problems", md_diags_count(test.t.diags), 4);
    md_want_int("no entry: line", md_diags_at(test.t.diags, 0)->loc.line, 2);
    md_want_int("no date: line", md_diags_at(test.t.diags, 1)->loc.line, 5);
    md_want_int("NUL: line", md_diags_at(test.t.diags, 2)->loc.line, 3);
    md_want_int("no end: line", md_diags_at(test.t.diags, 3)->loc.line, 6);
    end(&test);
}

static void a_line_of_a_million_characters_is_cut_and_said(void **state)
{
    struct test test = begin(state);
    size_t long_line = 1000000;

    arrival(&test.log, 100, "a@example.com", "j@x.example", "f0aaaaaaaaa");
    test.log.text = md_xrealloc(test.log.text, test.log.n + long_line + 4096);
    test.log.room = test.log.n + long_line + 4096;
    memset(test.log.text + test.log.n, 'x', long_line);
    test.log.n += long_line;
    test.log.text[test.log.n++] = '\n';
    arrival(&test.log, 90, "a@example.com", "j@x.example", "f0bbbbbbbbb");
    run(&test);
    md_want_fact_count(&test.t, NULL, "host.arrived", 2);
    md_want_int("problems", md_diags_count(test.t.diags), 2);
    md_want_int("line", md_diags_at(test.t.diags, 1)->loc.line, 2);
    md_want_int("line of the entry behind it", MD_KNOWN(&test.t, NULL, "host.arrived")->origins[0].line, 3);
    end(&test);
}

static void look_ups_that_fail_together_have_an_onset(void **state)
{
    struct test test = begin(state);

    for (int i = 0; i < 10; i++) {
        char to[32], unique[32];

        snprintf(to, sizeof to, "j@d%d.example", i);
        snprintf(unique, sizeof unique, "f0aaaaaaa%02d", i);
        delivery(&test.log, 12000 - i, to, "ZZ", unique);
    }
    for (int i = 0; i < 10; i++) {
        char to[32], unique[32];

        snprintf(to, sizeof to, "j@d%d.example", i);
        snprintf(unique, sizeof unique, "f0bbbbbbb%02d", i);
        deferral(&test.log, 3600 - i * 10, to, "ZZ", unique,
                 "TCP active open: Failed gethostbyname() on d.example, resolver errno = 2");
    }
    run(&test);
    md_want_fact_count(&test.t, NULL, "host.dns_failing_destinations_4h", 10);
    md_want_fact_number(&test.t, NULL, "host.dns_failing_share_4h", 1);
    md_want_int("onset", (NOW - MD_KNOWN(&test.t, NULL, "host.dns_onset")->value.u.time) / MD_SECOND, 3600);
    md_want_double("spread", MD_KNOWN(&test.t, NULL, "host.dns_onset_spread_s")->value.u.number, 80, 1);
    end(&test);
}

static void one_submitter_stands_out(void **state)
{
    struct test test = begin(state);

    for (int i = 0; i < 90; i++)
        add(&test.log, 3000 - i,
            "tcp_submit   tcp_local    EESA 1 s@example.com rfc822;j@d%d.example j@d%d.example "
            "/q/queue/tcp_local/001/ZZf0aaaaaaa%02d.00 <%d@x> *spammer",
            i, i, i, i);
    for (int i = 0; i < 10; i++)
        arrival(&test.log, 2000 - i, "other@example.com", "j@x.example", "f0bbbbbbbbb");
    run(&test);
    md_want_fact_text(&test.t, NULL, "host.top_submitter", "spammer");
    md_want_fact_number(&test.t, NULL, "host.top_submitter_share", 0.9);
    md_want_double("domains", (double)MD_KNOWN(&test.t, NULL, "host.top_submitter_domains")->value.u.count, 90, 20);
    end(&test);
}

static void no_log_is_no_answer(void **state)
{
    struct test test = begin(state);

    md_want_int("status", md_probe_test_run(&test.t, &md_probe_msgserver_mail_log), MD_NOT_FOUND);
    md_want_fact_bool(&test.t, NULL, "host.log_seen", false);
    md_want_fact_unknown(&test.t, NULL, "host.arrived");
    md_want_true(md_probe_test_fact(&test.t, NULL, "host.arrived") != NULL);
    end(&test);
}

static void reading_that_fails_is_said(void **state)
{
    /* 1: the look at the beginning, 2: the reading. */
    for (uint64_t n = 1; n <= 4; n++) {
        struct test test = begin(state);

        arrival(&test.log, 100, "a@example.com", "j@x.example", "f0aaaaaaaaa");
        md_fake_add(test.t.source, MD_ITEM_MAIL_LOG, "log/mail.log_current", test.log.text);
        md_fake_fail(test.t.source, n, MD_IO);
        (void)!md_probe_test_run(&test.t, &md_probe_msgserver_mail_log);
        if (n <= 2)
            md_want_true(md_diags_count_at_least(test.t.diags, MD_WARNING) > 0);
        end(&test);
    }
}

/* ---- the pipe ---- */

struct feed {
    struct md_str rest;
    uint64_t random;
    uint64_t lines, sum;
};

static ptrdiff_t feed_some(void *ctx, void *buffer, size_t size)
{
    struct feed *feed = ctx;
    size_t n = md_test_random(&feed->random) % 50000 + 1;

    n = n < size ? n : size;
    n = n < feed->rest.n ? n : feed->rest.n;
    if (n > 0)
        memcpy(buffer, feed->rest.p, n);
    feed->rest = md_str_from(feed->rest, n);
    return (ptrdiff_t)n;
}

static bool take_block(void *ctx, const struct md_log_block *block)
{
    struct feed *feed = ctx;

    for (size_t i = 0; i < block->count; i++)
        feed->sum = feed->sum * 31 + (feed->lines + block->lines[i].number) * 7 + block->lines[i].place;
    feed->lines += block->newlines;
    return true;
}

static void the_result_does_not_depend_on_threads(void **state)
{
    struct md_arena *arena = *state;
    const struct md_failure_table *table = NULL;
    const struct md_node *root = NULL;
    struct md_diags *diags = md_diags_new(arena);
    struct log log = {0};
    uint64_t want = 0;

    assert_int_equal(
        md_yaml_read(arena, "t", MD_LIT("failures:\n- { row: 1, any: true, class: other, label: X }\n"), diags, &root),
        MD_OK);
    assert_int_equal(md_failure_compile(arena, root, diags, &table), MD_OK);
    for (int i = 0; i < 20000; i++)
        add(&log, 30000 - i, "tcp_local    ims-ms       E 1 a@x rfc822;u%d@example.com u%d@ims-ms-daemon",
            i * 7919 % 10007, i * 7919 % 10007);
    for (int threads = 0; threads <= 3; threads++) {
        const struct md_log_options options = {.zone = md_zone_utc(), .failures = table};
        struct md_log_pipe *pipe = md_log_pipe_new(&options, threads);
        struct md_log_pipe_result result;
        struct feed feed = {.rest = md_str_n(log.text, log.n), .random = (uint64_t)threads + 1};

        md_test_case((size_t)threads, "threads");
        md_want_int("status", md_log_pipe_run(pipe, feed_some, take_block, &feed, &result), MD_OK);
        md_want_int("lines", result.lines, 20000);
        md_want_int("bytes", result.bytes, log.n);
        if (threads == 0)
            want = feed.sum;
        md_want_true(feed.sum == want);
        md_log_pipe_free(&pipe);
    }
    free(log.text);
}

/* ---- merging ---- */

static struct md_traffic *traffic_at(void **state, struct md_str text, int64_t now)
{
    struct md_arena *arena = *state;
    const struct md_traffic_options options = {.now = now, .since_s = 86400};
    struct md_traffic *traffic = md_traffic_new(&options);
    const struct md_failure_table *table = NULL;
    const struct md_node *root = NULL;
    struct md_diags *diags = md_diags_new(arena);
    struct md_log_options parsing = {.zone = md_zone_utc()};
    struct md_log_block block = {.text = md_arena_alloc(arena, 2 * MD_LOG_BLOCK),
                                 .lines =
                                     md_arena_array(arena, MD_LOG_BLOCK / MD_LOG_LINE_MIN + 1, sizeof *block.lines)};

    assert_int_equal(
        md_yaml_read(arena, "t", MD_LIT("failures:\n- { row: 1, any: true, class: other, label: X }\n"), diags, &root),
        MD_OK);
    assert_int_equal(md_failure_compile(arena, root, diags, &table), MD_OK);
    parsing.failures = table;
    assert_true(text.n < MD_LOG_BLOCK);
    memcpy(block.text, text.p, text.n);
    block.size = text.n;
    md_log_block_parse(md_log_parser_new(arena, &parsing), &block);
    for (size_t i = 0; i < block.count; i++)
        md_traffic_add(traffic, &block, &block.lines[i], (struct md_traffic_spot){block.lines[i].number + 1, 0});
    return traffic;
}

static struct md_traffic *traffic_of(void **state, struct md_str text)
{
    return traffic_at(state, text, NOW);
}

/* Where nothing says when a log was taken, all of it is of the window (and the sanitizers see no overflow). */
static void a_log_of_which_now_is_not_known_counts_whole(void **state)
{
    struct log log = {0};
    struct md_traffic *traffic;

    arrival(&log, 20000, "a@example.com", "j@d1.example", "f0aaaaaaa01");
    traffic = traffic_at(state, md_str_n(log.text, log.n), MD_TIME_NONE);
    md_want_int("before", md_traffic_host(traffic)->out_before, 0);
    md_traffic_free(&traffic);
    free(log.text);
}

static void two_halves_make_the_whole(void **state)
{
    struct log first = {0}, second = {0}, both = {0};
    struct md_traffic *a, *b, *whole;

    for (int i = 0; i < 100; i++) {
        struct log *half = i < 50 ? &first : &second;
        char to[32], unique[32];

        snprintf(to, sizeof to, "j@d%d.example", i % 7);
        snprintf(unique, sizeof unique, "f0aaaaaaa%02d", i);
        arrival(half, 20000 - i * 100, "a@example.com", to, unique);
        if (i % 3 != 0)
            delivery(half, 19990 - i * 100, to, "ZZ", unique);
        else
            deferral(half, 19990 - i * 100, to, "ZZ", unique, "Mystery");
        if (i == 49 || i == 99) {
            both.text = md_xrealloc(both.text, both.n + half->n + 1);
            memcpy(both.text + both.n, half->text, half->n);
            both.n += half->n;
        }
    }
    a = traffic_of(state, md_str_n(first.text, first.n));
    b = traffic_of(state, md_str_n(second.text, second.n));
    whole = traffic_of(state, md_str_n(both.text, both.n));
    md_traffic_merge(a, b);
    md_want_int("entries", md_traffic_host(a)->entries, md_traffic_host(whole)->entries);
    md_want_int("channels", md_traffic_channel_count(a), md_traffic_channel_count(whole));
    md_want_int("places", md_traffic_place_count(a), md_traffic_place_count(whole));
    for (size_t i = 0; i < md_traffic_channel_count(a); i++) {
        const struct md_traffic_channel *x = md_traffic_channel_at(a, i), *y = md_traffic_channel(whole, x->name);

        md_want_int("arrived", x->arrived.window, y->arrived.window);
        md_want_int("delivered 1h", x->delivered.h1, y->delivered.h1);
        md_want_int("deferred", x->deferred.window, y->deferred.window);
        md_want_true(x->last_delivery == y->last_delivery && x->first == y->first);
        md_want_true(memcmp(x->quarters, y->quarters, sizeof x->quarters) == 0);
    }
    for (size_t i = 0; i < md_traffic_place_count(a); i++) {
        const struct md_place *x = md_traffic_place_at(a, i), *y = NULL;

        for (size_t k = 0; k < md_traffic_place_count(whole); k++)
            if (md_traffic_place_at(whole, k)->name_hash == x->name_hash)
                y = md_traffic_place_at(whole, k);
        assert_non_null(y);
        md_want_int("deferred", x->deferred, y->deferred);
        md_want_int("last failure", x->last_failure, y->last_failure);
        md_want_int("run", x->run, y->run);
        md_want_int("delivered", md_traffic_seen(a, x)->delivered, md_traffic_seen(whole, y)->delivered);
    }
    md_traffic_free(&a);
    md_traffic_free(&b);
    md_traffic_free(&whole);
    free(first.text);
    free(second.text);
    free(both.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MD_TEST(counts_by_channel_and_window),
        MD_TEST(a_run_of_failures_begins_after_the_last_delivery),
        MD_TEST(without_an_attempt_in_four_hours_the_latest_one_counts),
        MD_TEST(destinations_that_share_a_dead_hop_count_together),
        MD_TEST(a_host_that_does_not_answer_is_known_though_another_takes_the_mail),
        MD_TEST(who_of_a_domain_over_quota_still_gets_mail),
        MD_TEST(what_is_put_off_may_be_bounces),
        MD_TEST(what_a_channel_puts_into_others_is_counted),
        MD_TEST(a_queue_that_falls_since_a_quarter_of_an_hour_does_not_grow),
        MD_TEST(greylisting_ends_with_acceptance),
        MD_TEST(busy_mailboxes_recover_or_stay),
        MD_TEST(queue_files_get_what_the_log_knows),
        MD_TEST(a_log_of_another_host_is_used_for_rates_only),
        MD_TEST(without_names_of_files_arrivals_less_what_left_are_queued),
        MD_TEST(refusals_and_connections_count_by_class),
        MD_TEST(overlapping_logs_count_once),
        MD_TEST(problems_have_a_place),
        MD_TEST(a_line_of_a_million_characters_is_cut_and_said),
        MD_TEST(look_ups_that_fail_together_have_an_onset),
        MD_TEST(one_submitter_stands_out),
        MD_TEST(no_log_is_no_answer),
        MD_TEST(reading_that_fails_is_said),
        MD_TEST(the_result_does_not_depend_on_threads),
        MD_TEST(a_log_of_which_now_is_not_known_counts_whole),
        MD_TEST(two_halves_make_the_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
