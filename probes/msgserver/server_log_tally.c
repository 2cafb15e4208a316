#include "probes/msgserver/server_log_tally.h"

#include <string.h>

#include "engine/base/time.h"

#define USERS_MAX 1024

struct md_log_tally *md_log_tally_new(struct md_arena *arena, md_log_classify_fn *classify, void *classify_ctx,
                                      const struct md_zone *zone, int64_t now, double since_s)
{
    struct md_log_tally *tally = md_arena_alloc(arena, sizeof *tally);

    tally->arena = arena;
    tally->classify = classify;
    tally->classify_ctx = classify_ctx;
    tally->zone = zone;
    tally->now = now;
    tally->since = md_time_ago(now, (int64_t)(since_s * (double)MD_SECOND));
    tally->programs = md_arena_array(arena, md_program_count(), sizeof *tally->programs);
    for (size_t i = 0; i < md_program_count(); i++) {
        tally->programs[i].last = MD_TIME_NONE;
        tally->programs[i].last_start = MD_TIME_NONE;
        tally->programs[i].last_exit = MD_TIME_NONE;
    }
    tally->mailboxes = md_arena_array(arena, MD_LOG_MAILBOXES_MAX, sizeof *tally->mailboxes);
    tally->partitions = md_arena_array(arena, MD_LOG_PARTITIONS_MAX, sizeof *tally->partitions);
    tally->permission_users = md_topk_new(USERS_MAX);
    tally->start_failures = md_topk_new(USERS_MAX);
    tally->last_ldap = MD_TIME_NONE;
    return tally;
}

void md_log_tally_end(struct md_log_tally *tally)
{
    md_topk_free(&tally->permission_users);
    md_topk_free(&tally->start_failures);
    for (size_t i = 0; i < tally->n_partitions; i++)
        md_topk_free(&tally->partitions[i].users);
}

void md_log_tally_begin(struct md_log_tally *tally)
{
    tally->has_event = false;
    tally->last_ldap = MD_TIME_NONE;
}

/* Where a line is, and when. */
struct spot {
    const struct md_item *item;
    uint32_t line;
    int64_t at; /* MD_TIME_NONE: not known */
    bool in_window, in_hour;
};

static struct spot make_spot(const struct md_log_tally *tally, const struct md_item *item, uint32_t line, int64_t at,
                             bool is_recent)
{
    struct spot spot = {item, line, at, is_recent, false};

    if (at != MD_TIME_NONE) {
        spot.in_window = at >= tally->since && at <= tally->now + MD_HOUR;
        spot.in_hour = spot.in_window && at >= md_time_ago(tally->now, MD_HOUR);
    }
    return spot;
}

static void add(struct md_log_lines *lines, const struct spot *spot)
{
    if (lines->n++ == 0) {
        lines->item = spot->item;
        lines->line = spot->line;
    }
}

/* Index of a class name, which is kept; -1: none, or too many. */
static int class_index(struct md_log_tally *tally, struct md_str name)
{
    if (name.n == 0)
        return -1;
    for (size_t i = 0; i < tally->n_classes; i++) {
        if (md_str_eq(tally->class_names[i], name))
            return (int)i;
    }
    if (tally->n_classes == MD_LOG_CLASSES_MAX)
        return -1;
    tally->class_names[tally->n_classes] = md_arena_str(tally->arena, name);
    return (int)tally->n_classes++;
}

static struct md_log_mailbox *mailbox_of(struct md_log_tally *tally, struct md_str user)
{
    for (size_t i = 0; i < tally->n_mailboxes; i++) {
        if (md_str_eq(tally->mailboxes[i].user, user))
            return &tally->mailboxes[i];
    }
    if (tally->n_mailboxes == MD_LOG_MAILBOXES_MAX) {
        tally->dropped_mailboxes++;
        return NULL;
    }
    tally->mailboxes[tally->n_mailboxes].user = md_arena_str(tally->arena, user);
    return &tally->mailboxes[tally->n_mailboxes++];
}

/* The absolute path in a text, for finding its file system. */
static struct md_str path_in(struct md_str text)
{
    ptrdiff_t at = md_str_find(text, MD_LIT("/partition/"));
    size_t from, until;

    if (at < 0)
        return md_str_sub(text, 0, 0);
    for (from = (size_t)at;
         from > 0 && !md_is_space(text.p[from - 1]) && text.p[from - 1] != '\'' && text.p[from - 1] != '"'; from--)
        continue;
    for (until = (size_t)at; until < text.n && !md_is_space(text.p[until]) && text.p[until] != ':'; until++)
        continue;
    return text.p[from] == '/' ? md_str_sub(text, from, until - from) : md_str_sub(text, 0, 0);
}

static struct md_log_partition *partition_of(struct md_log_tally *tally, struct md_str name)
{
    struct md_log_partition *found;

    for (size_t i = 0; i < tally->n_partitions; i++) {
        if (md_str_eq(tally->partitions[i].name, name))
            return &tally->partitions[i];
    }
    if (tally->n_partitions == MD_LOG_PARTITIONS_MAX)
        return NULL;
    found = &tally->partitions[tally->n_partitions++];
    found->name = md_arena_str(tally->arena, name);
    found->users = md_topk_new(USERS_MAX);
    return found;
}

static void add_store_io(struct md_log_tally *tally, struct md_str text, struct md_str user, const struct spot *spot)
{
    struct md_log_partition *partition = partition_of(tally, md_nslog_partition(text));
    struct md_str path = path_in(text);

    if (partition == NULL)
        return;
    add(&partition->io, spot);
    if (partition->path.n == 0 && path.n > 0)
        partition->path = md_arena_str(tally->arena, path);
    if (user.n > 0)
        md_topk_add(partition->users, user, 1, spot->at);
}

static void add_ldap(struct md_log_tally *tally, uint32_t signs, const struct spot *spot)
{
    add(&tally->signs[MD_SIGN_LDAP], spot);
    if ((signs & MD_SIGN_BIT(MD_SIGN_LDAP_DOWN)) != 0)
        add(&tally->ldap_down, spot);
    else if ((signs & MD_SIGN_BIT(MD_SIGN_LDAP_SLOW)) != 0)
        add(&tally->ldap_slow, spot);
    if (spot->at == MD_TIME_NONE)
        return;
    if (tally->last_ldap != MD_TIME_NONE && spot->at > tally->last_ldap && tally->n_pauses < MD_LOG_PAUSES_MAX)
        tally->pauses[tally->n_pauses++] = (double)(spot->at - tally->last_ldap) / (double)MD_SECOND;
    tally->last_ldap = spot->at;
}

/* Who meets a lack of permission: a mailbox, or the channel whose folder it is. */
static void add_permission_subject(struct md_log_tally *tally, struct md_str text, struct md_str user,
                                   const struct spot *spot)
{
    ptrdiff_t at = md_str_find(text, MD_LIT("/queue/"));
    struct md_str rest, channel;

    if (user.n > 0) {
        md_topk_add(tally->permission_users, user, 1, spot->at);
    } else if (at >= 0) {
        rest = md_str_from(text, (size_t)at + 7);
        if (md_str_split(&rest, '/', &channel) && channel.n > 0)
            md_topk_add(tally->permission_users, channel, 1, spot->at);
    }
}

/* Programs that work on the store and can leave a lock behind when they are killed. */
static bool is_of_the_store(const struct md_program *program)
{
    static const char *const names[] = {"stored",      "imapd",    "popd",         "mshttpd",
                                        "ims_master",  "imexpire", "imsbackup",    "imsrestore",
                                        "reconstruct", "mboxutil", "imquotacheck", "tcp_lmtp_server"};

    for (size_t i = 0; program != NULL && i < sizeof names / sizeof *names; i++) {
        if (md_str_is(md_str(program->name), names[i]))
            return true;
    }
    return false;
}

/* "Killed process 4711 (stored)", "'imapd' exited abnormally": whether it is a program of the store. */
static bool names_program_of_the_store(struct md_str text)
{
    struct md_str word;

    while ((word = md_str_next_word(&text)).n > 0) {
        while (word.n > 0 && !md_is_alnum(word.p[0]))
            word = md_str_from(word, 1);
        while (word.n > 0 && !md_is_alnum(word.p[word.n - 1]))
            word.n--;
        if (word.n > 0 && is_of_the_store(md_program_find(word)))
            return true;
    }
    return false;
}

/* The signs of a text, at a place. LDAP needs the category or the word; a lock word alone needs the store or the
 * database. */
static void add_signs(struct md_log_tally *tally, uint32_t signs, struct md_str category, struct md_str text,
                      struct md_str user, bool is_serious, const struct spot *spot)
{
    bool is_ldap_category = md_str_is_nocase(category, "LDAP");

    if ((signs & MD_SIGN_BIT(MD_SIGN_KILLED)) != 0 && !names_program_of_the_store(text))
        signs &= ~MD_SIGN_BIT(MD_SIGN_KILLED);
    for (size_t i = 0; i < MD_SIGN_COUNT; i++) {
        if ((signs & MD_SIGN_BIT(i)) == 0)
            continue;
        add(&tally->signs_ever[i], spot);
        if (!spot->in_window || i == MD_SIGN_LDAP)
            continue;
        add(&tally->signs[i], spot);
    }
    if (!spot->in_window)
        return;
    if ((is_serious && is_ldap_category) || (signs & MD_SIGN_BIT(MD_SIGN_LDAP)) != 0)
        add_ldap(tally, signs, spot);
    if ((signs & MD_SIGN_BIT(MD_SIGN_PERMISSION)) != 0)
        add_permission_subject(tally, text, user, spot);
}

/* What a start failure is about: a channel or program that the text names, else its last path component. */
static struct md_str start_subject(struct md_str text)
{
    struct md_str rest = text;
    struct md_str word, path = {NULL, 0};

    while ((word = md_str_next_word(&rest)).n > 0) {
        ptrdiff_t slash;

        while (word.n > 0 && !md_is_alnum(word.p[word.n - 1]))
            word.n--;
        while (word.n > 0 && !md_is_alnum(word.p[0]) && word.p[0] != '/')
            word = md_str_from(word, 1);
        if (md_str_is_nocase(word, "channel") && rest.n > 0) {
            word = md_str_next_word(&rest);
            while (word.n > 0 && !md_is_alnum(word.p[word.n - 1]))
                word.n--;
            while (word.n > 0 && !md_is_alnum(word.p[0]))
                word = md_str_from(word, 1);
            if (word.n > 0)
                return word;
            continue;
        }
        slash = md_str_rfind_char(word, '/');
        if (slash >= 0 && (size_t)slash + 1 < word.n)
            path = md_str_from(word, (size_t)slash + 1);
        else if (md_program_find(word) != NULL && path.n == 0 && !md_str_is(word, "process") &&
                 !md_str_is(word, "return"))
            path = word;
    }
    return path;
}

static void add_start_failure(struct md_log_tally *tally, struct md_str text, const struct spot *spot)
{
    struct md_str subject = start_subject(text);

    md_topk_add(tally->start_failures, subject.n > 0 ? subject : MD_LIT("(not named)"), 1, spot->at);
}

static struct md_log_program *program_of(struct md_log_tally *tally, const struct md_program *program)
{
    return program != NULL ? &tally->programs[md_program_index(program)] : NULL;
}

static void drop_open(struct md_log_program *program, size_t i)
{
    memmove(&program->open[i], &program->open[i + 1], (program->n_open - i - 1) * sizeof *program->open);
    program->n_open--;
}

static void add_life(struct md_log_program *program, enum md_nslog_life life, uint64_t pid, const struct spot *spot)
{
    for (size_t i = 0; i < program->n_open; i++) {
        if (program->open[i].pid != pid)
            continue;
        /* The number came again: the first one ended without a word. */
        if (life == MD_NSLOG_LIFE_START && spot->in_window)
            add(&program->lost, spot);
        drop_open(program, i);
        break;
    }
    if (life == MD_NSLOG_LIFE_END) {
        if (spot->in_window)
            add(&program->ends, spot);
        return;
    }
    if (program->last_start == MD_TIME_NONE || spot->at > program->last_start)
        program->last_start = spot->at;
    if (!spot->in_window)
        return;
    add(&program->starts, spot);
    if (spot->in_hour)
        add(&program->starts_1h, spot);
    if (program->n_open == MD_LOG_OPEN_STARTS_MAX)
        drop_open(program, 0);
    program->open[program->n_open++] = (struct md_log_open_start){pid, spot->at};
}

static void add_error(struct md_log_tally *tally, struct md_log_program *program, struct md_str text,
                      struct md_str user, uint32_t signs, const struct spot *spot)
{
    int class = spot->in_window ? class_index(tally, tally->classify(tally->classify_ctx, text)) : -1;

    if (!spot->in_window)
        return;
    if (program != NULL) {
        add(&program->errors, spot);
        if (spot->in_hour)
            add(&program->errors_1h, spot);
        if ((signs & (MD_SIGN_BIT(MD_SIGN_MM_INIT) | MD_SIGN_BIT(MD_SIGN_INIT))) != 0)
            add(&program->init_errors, spot);
    }
    if (class < 0)
        return;
    if (md_str_is(tally->class_names[class], "store-io"))
        add_store_io(tally, text, user, spot);
    add(&tally->classes[class], spot);
    if (spot->in_hour)
        add(&tally->classes_1h[class], spot);
    if (program != NULL)
        add(&program->classes[class], spot);
    if (user.n > 0) {
        struct md_log_mailbox *mailbox = mailbox_of(tally, user);

        if (mailbox != NULL)
            add(&mailbox->classes[class], spot);
    }
}

static bool is_job_controller(const struct md_program *program)
{
    return program != NULL && md_str_is(md_str(program->name), "job_controller");
}

/* What no program writes into a log on purpose. */
static bool has_controls(struct md_str line)
{
    for (size_t i = 0; i < line.n; i++)
        if ((unsigned char)line.p[i] < ' ' && line.p[i] != '\t' && line.p[i] != '\r')
            return true;
    return false;
}

bool md_log_tally_event(struct md_log_tally *tally, struct md_str line, const struct md_item *item, uint32_t number)
{
    struct md_nslog_line event;
    struct md_log_program *program;
    struct spot spot;
    struct md_str user;
    enum md_nslog_life life;
    uint32_t signs;
    bool is_new = md_nslog_parse(line, &event) == MD_OK;
    bool is_serious;

    if (is_new) {
        tally->event_at = event.has_offset ? event.local - event.offset_s * MD_SECOND
                                           : md_zone_to_utc(tally->zone, event.local, &tally->zone_cache);
        tally->event_program = md_program_find(event.process);
        tally->event = event;
        tally->has_event = true;
        tally->seen = true;
        if (tally->seen_in == NULL)
            tally->seen_in = item;
    } else {
        if (!tally->has_event || md_str_is_empty(md_str_trim(line))) {
            tally->other_lines += !md_str_is_empty(md_str_trim(line));
            return md_str_is_empty(md_str_trim(line));
        }
        if (has_controls(line))
            return false;
        /* More of the event before: only its signs count, its level is that of the first line. */
        event = tally->event;
        event.text = md_str_trim(line);
    }
    program = program_of(tally, tally->event_program);
    spot = make_spot(tally, item, number, tally->event_at, false);
    if (is_new && program != NULL) {
        program->lines++;
        if (program->last == MD_TIME_NONE || spot.at >= program->last) {
            program->last = spot.at;
            program->last_item = item;
            program->last_line = number;
        }
    }
    life = is_new ? md_nslog_life(event.text) : MD_NSLOG_LIFE_NONE;
    if (life != MD_NSLOG_LIFE_NONE) {
        if (program != NULL && life != MD_NSLOG_LIFE_LOG_CREATED)
            add_life(program, life, event.pid, &spot);
        if (program != NULL && life == MD_NSLOG_LIFE_START)
            md_log_versions_add(tally->arena, program, event.text, spot.at, item, number);
        return true;
    }
    /* Sessions, traces and statistics are many and say nothing here. */
    if (event.level == MD_NSLOG_INFORMATION || event.level == MD_NSLOG_DEBUG)
        return true;
    is_serious = event.level == MD_NSLOG_ERROR || event.level == MD_NSLOG_CRITICAL;
    if (event.level == MD_NSLOG_NOTICE && md_str_is_nocase(event.category, "Account"))
        return true;
    signs = md_log_signs(event.text);
    user = md_nslog_user(event.text);
    add_signs(tally, signs, event.category, event.text, user, is_serious || event.level == MD_NSLOG_WARNING, &spot);
    if (is_serious && is_new)
        add_error(tally, program, event.text, user, signs, &spot);
    if (is_job_controller(tally->event_program)) {
        if ((signs & MD_SIGN_BIT(MD_SIGN_START_FAILED)) != 0 && spot.in_window)
            add_start_failure(tally, event.text, &spot);
        if (spot.in_window && (is_serious || (signs & MD_SIGN_BIT(MD_SIGN_ERROR_WORDS)) != 0))
            add(&tally->jc_errors, &spot);
    }
    return true;
}

void md_log_tally_plain(struct md_log_tally *tally, struct md_str line, const struct md_program *program,
                        bool is_recent, const struct md_item *item, uint32_t number)
{
    struct md_nslog_line event;
    struct spot spot;
    struct md_str text = md_str_trim(line);
    struct md_log_program *counts = program_of(tally, program);
    uint32_t signs;

    if (md_str_is_empty(text))
        return;
    /* With USE_NSLOG these logs have the layout of the others. */
    if (tally->has_event || md_nslog_parse(line, &event) == MD_OK) {
        (void)md_log_tally_event(tally, line, item, number);
        return;
    }
    spot = make_spot(tally, item, number, MD_TIME_NONE, is_recent);
    signs = md_log_signs(text);
    if ((signs & MD_SIGN_BIT(MD_SIGN_ERROR_WORDS)) == 0 && (signs & MD_SIGN_BIT(MD_SIGN_START_FAILED)) == 0)
        return;
    add_signs(tally, signs, md_str(NULL), text, md_nslog_user(text), true, &spot);
    add_error(tally, counts, text, md_str(NULL), signs, &spot);
    if (!is_job_controller(program) || !is_recent)
        return;
    add(&tally->jc_errors, &spot);
    if ((signs & MD_SIGN_BIT(MD_SIGN_START_FAILED)) != 0)
        add_start_failure(tally, text, &spot);
}

void md_log_tally_watcher(struct md_log_tally *tally, const struct md_watcher_line *line, int64_t at,
                          const struct md_item *item, uint32_t number)
{
    const struct md_program *program = md_program_find(line->program);
    struct md_log_program *counts = program_of(tally, program);
    struct spot spot = make_spot(tally, item, number, at, false);

    if (line->kind != MD_WATCHER_EXIT)
        return;
    if (is_of_the_store(program)) {
        add(&tally->signs_ever[MD_SIGN_KILLED], &spot);
        if (spot.in_window || at == MD_TIME_NONE)
            add(&tally->signs[MD_SIGN_KILLED], &spot);
    }
    if (counts == NULL)
        return;
    add(&counts->crashes, &spot);
    if (at != MD_TIME_NONE && (counts->last_exit == MD_TIME_NONE || at > counts->last_exit))
        counts->last_exit = at;
}

void md_log_tally_system(struct md_log_tally *tally, struct md_str line, int64_t at, const struct md_item *item,
                         uint32_t number)
{
    static const enum md_log_sign wanted[] = {MD_SIGN_DISK_ERROR, MD_SIGN_DISK_FULL};
    uint32_t signs = md_log_signs(line);
    struct spot spot = make_spot(tally, item, number, at, false);

    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        if ((signs & MD_SIGN_BIT(wanted[i])) == 0)
            continue;
        add(&tally->signs_ever[wanted[i]], &spot);
        if (spot.in_window)
            add(&tally->signs[wanted[i]], &spot);
    }
    if ((signs & MD_SIGN_BIT(MD_SIGN_KILLED)) != 0 && names_program_of_the_store(line)) {
        add(&tally->signs_ever[MD_SIGN_KILLED], &spot);
        if (spot.in_window)
            add(&tally->signs[MD_SIGN_KILLED], &spot);
    }
}
