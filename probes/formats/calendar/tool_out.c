#include "probes/formats/calendar/tool_out_priv.h"

#include "engine/base/num.h"
#include "probes/formats/common/clock.h"

/* What a check of an environment says when it cannot even open it: nothing about the file. */
static bool is_of_environment(const char *class)
{
    static const char *const classes[] = {"panic_generic", "panic_cause",   "env_mismatch", "log_missing",
                                          "log_damage",    "lsn_ahead",     "log_version",  "lock_limits",
                                          "io_error",      "needs_recovery"};

    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (strcmp(class, classes[i]) == 0)
            return true;
    return false;
}

struct md_tool_place md_tool_here(const struct md_tool_reader *reader)
{
    return (struct md_tool_place){reader->n_outputs, reader->number};
}

void md_tool_see(const struct md_tool_reader *reader, struct md_tool_seen *seen)
{
    if (seen->n++ == 0)
        seen->place = md_tool_here(reader);
}

bool md_tool_has(struct md_str text, const char *what)
{
    return md_str_find_nocase(text, md_str(what)) >= 0;
}

bool md_tool_number(struct md_str text, uint64_t *ret)
{
    struct md_str rest = md_str_trim(text);

    return md_num_u64(&rest, UINT64_MAX / 2, ret) == MD_OK && (rest.n == 0 || !md_is_alnum(*rest.p));
}

void md_tool_name(struct md_tool_reader *reader, struct md_str *names, size_t *n, struct md_str name)
{
    for (size_t i = 0; i < *n; i++)
        if (md_str_eq(names[i], name))
            return;
    if (*n < MD_TOOL_NAMES_MAX && name.n > 0)
        names[(*n)++] = md_arena_str(reader->arena, name);
}

struct md_tool_file *md_tool_file(struct md_tool_reader *reader, struct md_str name)
{
    struct md_tool_out *out = reader->out;

    for (size_t i = 0; i < out->n_files; i++)
        if (md_str_eq(out->files[i].name, name))
            return &out->files[i];
    if (out->n_files == MD_TOOL_FILES_MAX) {
        out->is_cut = true;
        return NULL;
    }
    out->files[out->n_files].name = md_arena_str(reader->arena, name);
    return &out->files[out->n_files++];
}

/* "events" and "ics50events" of a loop over the files, "new.ics50events.db": the name of the file; empty where it is none. */
static struct md_str full_name(struct md_arena *arena, struct md_str word)
{
    static const char *const names[] = {"alarms", "calprops", "deletelog", "events",
                                        "gse",    "journals", "recurring", "todos"};
    struct md_str file = md_caldb_file_in(word);

    if (file.n > 0)
        return file;
    while (word.n > 0 && (word.p[word.n - 1] == ':' || word.p[word.n - 1] == ','))
        word.n--;
    (void)md_str_skip_prefix(&word, MD_LIT("ics50"));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (md_str_is(word, names[i]))
            return md_str(md_arena_printf(arena, "ics50%s.db", names[i]));
    return md_str("");
}

struct md_str md_tool_subject(const struct md_tool_reader *reader)
{
    const struct md_str texts[] = {reader->command, reader->name};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct md_str rest = texts[i], file = md_caldb_file_in(rest), word;
        size_t n = 0;

        /* A loop has a variable in it. */
        if (file.n == 0 || md_str_find_char(texts[i], '$') >= 0)
            continue;
        while ((word = md_str_next_word(&rest)).n > 0)
            n += md_caldb_file_in(word).n > 0;
        if (n == 1)
            return file;
    }
    return md_str("");
}

/* ---- db_verify ---- */

/* Complaints that waited for their file's name. */
static void settle(struct md_tool_reader *reader, struct md_tool_file *file)
{
    struct md_tool_file *pending = &reader->pending;

    if (file == NULL || pending->n_complaints == 0)
        return;
    if (file->n_complaints == 0 && file->verdict == MD_TOOL_UNKNOWN)
        file->place = pending->place;
    for (size_t i = 0; i < MD_CALDB_CLASSES_MAX; i++)
        file->complaints[i] += pending->complaints[i];
    file->n_complaints += pending->n_complaints;
    *pending = (struct md_tool_file){.name = {"", 0}};
}

static void complain(struct md_tool_reader *reader, struct md_tool_file *file, int class_index)
{
    if (file->n_complaints++ == 0 && file->verdict == MD_TOOL_UNKNOWN)
        file->place = md_tool_here(reader);
    file->complaints[class_index]++;
}

static void decide(struct md_tool_reader *reader, struct md_tool_file *file, enum md_tool_verdict verdict)
{
    if (file == NULL || file->verdict == MD_TOOL_BAD)
        return;
    file->verdict = verdict;
    file->place = md_tool_here(reader);
}

static bool speaks_of_pages(const struct md_tool_reader *reader, const struct md_tool_file *file)
{
    for (size_t i = 0; i < md_caldb_class_count(reader->table); i++)
        if (file->complaints[i] > 0 && !is_of_environment(md_caldb_class_name(reader->table, i)))
            return true;
    return false;
}

/* An exit status by itself: a check that failed to open the environment has said nothing about the file. */
static void decide_by_status(struct md_tool_reader *reader, struct md_tool_file *file, uint64_t status)
{
    settle(reader, file);
    if (file == NULL || file->verdict != MD_TOOL_UNKNOWN)
        return;
    if (status == 0)
        decide(reader, file, MD_TOOL_GOOD);
    else if (file->n_complaints == 0 || speaks_of_pages(reader, file))
        decide(reader, file, MD_TOOL_BAD);
}

static bool is_class(const struct md_tool_reader *reader, const struct md_caldb_message *message, const char *class)
{
    return message->class_index >= 0 &&
           strcmp(md_caldb_class_name(reader->table, (size_t)message->class_index), class) == 0;
}

static void verify_line(struct md_tool_reader *reader, struct md_str line, const struct md_caldb_message *message)
{
    bool is_good = md_tool_has(line, "verification of ") && md_tool_has(line, " succeeded");
    bool is_bad = md_tool_has(line, "DB_VERIFY_BAD") || md_tool_has(line, "database verification failed") ||
                  (md_tool_has(line, "verification of ") && md_tool_has(line, " failed"));
    struct md_str name = message->file;
    struct md_tool_file *file;

    if (!is_good && !is_bad && (message->class_index < 0 || message->is_quiet || is_class(reader, message, "noise")))
        return;
    if (name.n == 0 && (is_good || is_bad))
        name = md_tool_subject(reader);
    if (is_good || is_bad) {
        file = md_tool_file(reader, name);
        settle(reader, file);
        decide(reader, file, is_good ? MD_TOOL_GOOD : MD_TOOL_BAD);
        reader->current = file;
        return;
    }
    if (is_class(reader, message, "verify_verdict"))
        return;
    /* "Page 5: ..." names no file; the verdict behind it does. */
    file = name.n > 0 ? md_tool_file(reader, name) : &reader->pending;
    if (file != NULL)
        complain(reader, file, message->class_index);
    reader->current = name.n > 0 ? file : reader->current;
}

/* "events rc=1", "rc=0", "exit status 1", "ics50events.db: 0" */
static bool status_line(struct md_tool_reader *reader, struct md_str line)
{
    static const char *const marks[] = {
        "rc=", "rc = ", "rc: ", "exit=", "exit status ", "exit code ", "status=", "returned "};
    struct md_str name = {"", 0};
    struct md_tool_file *file;
    uint64_t status = 0;
    bool is_status = false;

    if (line.n > 120)
        return false;
    for (size_t i = 0; i < sizeof marks / sizeof *marks && !is_status; i++) {
        ptrdiff_t at = md_str_find_nocase(line, md_str(marks[i]));
        struct md_str rest, first;

        if (at < 0 || !md_tool_number(md_str_from(line, (size_t)at + strlen(marks[i])), &status) || status > 255)
            continue;
        rest = md_str_sub(line, 0, (size_t)at);
        first = md_str_next_word(&rest);
        is_status = true;
        name = full_name(reader->arena, first);
    }
    if (!is_status)
        return false;
    reader->rc_seen = true;
    if (name.n == 0 && (reader->tool == MD_TOOL_RECOVER || md_tool_has(line, "recover"))) {
        reader->out->recover_rc = (int)status;
        return true;
    }
    if (reader->tool != MD_TOOL_VERIFY && name.n == 0) {
        if (reader->tool != MD_TOOL_OTHER)
            reader->exit_code = (int)status;
        return true;
    }
    if (name.n == 0)
        name = md_tool_subject(reader);
    file = name.n > 0 ? md_tool_file(reader, name) : reader->current;
    decide_by_status(reader, file, status);
    return true;
}

/* An output without a word: db_verify of before 5.2 says nothing of a good file. */
static void verify_end(struct md_tool_reader *reader)
{
    struct md_str rest = reader->command, word;
    struct md_str subject = md_tool_subject(reader);

    if (subject.n > 0 && (reader->exit_code >= 0 || reader->n_lines == 0) && !reader->rc_seen) {
        decide_by_status(reader, md_tool_file(reader, subject), reader->exit_code > 0 ? 1 : 0);
    } else if (reader->n_lines == 0 && reader->exit_code <= 0 && md_str_find_char(rest, '$') < 0) {
        while ((word = md_str_next_word(&rest)).n > 0)
            if (md_caldb_file_in(word).n > 0)
                decide(reader, md_tool_file(reader, md_caldb_file_in(word)), MD_TOOL_GOOD);
    }
    if (reader->pending.n_complaints > 0)
        settle(reader, subject.n > 0             ? md_tool_file(reader, subject)
                       : reader->current != NULL ? reader->current
                                                 : md_tool_file(reader, md_str("")));
    if (subject.n > 0) {
        struct md_tool_file *file = md_tool_file(reader, subject);

        if (file != NULL && file->verdict == MD_TOOL_UNKNOWN && speaks_of_pages(reader, file))
            file->verdict = MD_TOOL_BAD;
    }
}

/* ---- recovery ---- */

static void recover_line(struct md_tool_reader *reader, struct md_str line, const struct md_caldb_message *message)
{
    struct md_tool_out *out = reader->out;
    ptrdiff_t at = md_str_find_nocase(line, MD_LIT("recovery complete at "));
    struct md_civil civil = {0};

    if (at >= 0) {
        struct md_str date = md_str_from(line, (size_t)at + 21);

        md_tool_see(reader, &out->recover_done);
        if (reader->tool != MD_TOOL_RECOVER && out->recover.n == 0)
            md_tool_see(reader, &out->recover);
        if (md_clock_read_ctime(&date, &civil, NULL) != MD_OK ||
            md_time_from_civil(&civil, &out->recover_local) != MD_OK)
            out->recover_local = MD_TIME_NONE;
        return;
    }
    if (is_class(reader, message, "recovery_failed") || md_tool_has(line, "recovery failed"))
        md_tool_see(reader, &out->recover_failed);
    else if (reader->tool == MD_TOOL_RECOVER &&
             (is_class(reader, message, "log_damage") || is_class(reader, message, "log_header") ||
              is_class(reader, message, "log_missing") || is_class(reader, message, "lsn_mismatch") ||
              is_class(reader, message, "lsn_ahead") || md_tool_has(line, "DB_ENV->open: ") ||
              is_class(reader, message, "panic_generic") || is_class(reader, message, "panic_cause") ||
              is_class(reader, message, "env_mismatch")))
        md_tool_see(reader, &out->recover_failed);
}

static void recover_end(struct md_tool_reader *reader)
{
    struct md_tool_out *out = reader->out;

    if (reader->exit_code >= 0 && !reader->rc_seen)
        out->recover_rc = reader->exit_code;
    if (out->recover_rc > 0 && (reader->exit_code > 0 || reader->rc_seen))
        md_tool_see(reader, &out->recover_failed);
}

/* ---- db_archive, db_dump ---- */

static void archive_line(struct md_tool_reader *reader, struct md_str line)
{
    ptrdiff_t slash = md_str_rfind_char(line, '/');
    struct md_str name = md_str_from(line, (size_t)(slash + 1));
    uint64_t number;

    if (md_str_skip_prefix(&name, MD_LIT("log.")) && name.n == 10 &&
        md_num_all_u64(name, UINT64_C(9999999999), &number) == MD_OK)
        reader->out->logs++;
}

/* Behind HEADER=END every line of data begins with a blank: key and data in turn. */
static void dump_line(struct md_tool_reader *reader, struct md_str line)
{
    if (md_str_is(line, "HEADER=END"))
        reader->in_dump = true;
    else if (md_str_is(line, "DATA=END"))
        reader->dump_ended = true;
    else if (reader->in_dump && !reader->dump_ended && line.n > 0 && *line.p == ' ')
        reader->dump_lines++;
}

static void dump_end(struct md_tool_reader *reader)
{
    struct md_tool_file *file;

    if (!reader->in_dump || md_tool_subject(reader).n == 0 ||
        (file = md_tool_file(reader, md_tool_subject(reader))) == NULL)
        return;
    file->has_pairs = true;
    file->pairs = reader->dump_lines / 2;
    file->pairs_place = md_tool_here(reader);
}

/* ---- the reader ---- */

struct md_tool_reader *md_tool_reader_new(struct md_arena *arena, const struct md_caldb_table *table)
{
    struct md_tool_reader *reader = md_arena_alloc(arena, sizeof *reader);

    reader->arena = arena;
    reader->table = table;
    reader->out = md_arena_alloc(arena, sizeof *reader->out);
    reader->out->recover_rc = -1;
    reader->out->recover_local = reader->out->checkpoint = reader->out->reboot_local = MD_TIME_NONE;
    return reader;
}

size_t md_tool_begin(struct md_tool_reader *reader, enum md_tool tool, struct md_str command, struct md_str name,
                     int exit_code)
{
    struct md_tool_reader fresh = {.arena = reader->arena,
                                   .table = reader->table,
                                   .out = reader->out,
                                   .n_outputs = reader->n_outputs + 1,
                                   .tool = tool,
                                   .command = md_arena_str(reader->arena, command),
                                   .name = md_arena_str(reader->arena, name),
                                   .exit_code = exit_code,
                                   .pending = {.name = {"", 0}}};

    *reader = fresh;
    if (tool == MD_TOOL_CHECK)
        md_tool_see(reader, &reader->out->check);
    else if (tool == MD_TOOL_LIST)
        md_tool_see(reader, &reader->out->list);
    else if (tool == MD_TOOL_RECOVER)
        md_tool_see(reader, &reader->out->recover);
    else if (tool == MD_TOOL_ARCHIVE)
        md_tool_see(reader, &reader->out->archive);
    return reader->n_outputs;
}

void md_tool_line(struct md_tool_reader *reader, struct md_str line, uint32_t number)
{
    struct md_caldb_query query = {.text = line};
    struct md_caldb_message message;
    struct md_str text = md_str_trim(line);

    reader->number = number;
    if (text.n == 0)
        return;
    reader->n_lines++;
    if (reader->tool == MD_TOOL_DUMP && reader->in_dump) {
        dump_line(reader, line);
        return;
    }
    if (status_line(reader, text))
        return;
    if (reader->tool == MD_TOOL_DUMP)
        dump_line(reader, text);
    query.library = reader->out->library[0] != '\0' ? reader->out->library : NULL;
    md_caldb_message_read(reader->table, &query, &message);
    if (message.class_index >= 0)
        md_tool_see(reader, &reader->out->classes[message.class_index]);
    if (reader->tool == MD_TOOL_ARCHIVE)
        archive_line(reader, text);
    if (md_tool_stat_line(reader, line))
        return;
    if (reader->tool != MD_TOOL_RECOVER)
        verify_line(reader, text, &message);
    recover_line(reader, text, &message);
    md_tool_product_line(reader, text);
}

void md_tool_end(struct md_tool_reader *reader)
{
    if (reader->tool == MD_TOOL_VERIFY || reader->pending.n_complaints > 0)
        verify_end(reader);
    if (reader->tool == MD_TOOL_RECOVER)
        recover_end(reader);
    if (reader->tool == MD_TOOL_DUMP)
        dump_end(reader);
    md_tool_product_end(reader);
}

const struct md_tool_out *md_tool_result(const struct md_tool_reader *reader)
{
    return reader->out;
}
