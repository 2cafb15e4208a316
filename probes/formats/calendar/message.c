#include "probes/formats/calendar/message.h"

#include "engine/base/num.h"
#include "probes/formats/calendar/message_priv.h"

/* Where the words of the table are in a line. */
struct found {
    bool is_there[MD_FAILURE_WORDS_MAX];
    uint16_t first_until[MD_FAILURE_WORDS_MAX], last_from[MD_FAILURE_WORDS_MAX];
};

static void note_word(void *ctx, size_t id, size_t from, size_t until)
{
    struct found *found = ctx;

    if (!found->is_there[id])
        found->first_until[id] = (uint16_t)until;
    found->is_there[id] = true;
    found->last_from[id] = (uint16_t)from;
}

static bool holds(const struct found *found, const struct md_caldb_pattern *pattern)
{
    for (size_t i = 0; i < pattern->n; i++) {
        if (!found->is_there[pattern->piece[i]])
            return false;
        if (i > 0 && found->last_from[pattern->piece[i]] < found->first_until[pattern->piece[i - 1]])
            return false;
    }
    return pattern->n > 0;
}

static bool any_holds(const struct found *found, const struct md_caldb_patterns *patterns)
{
    for (size_t i = 0; i < patterns->n; i++)
        if (holds(found, &patterns->items[i]))
            return true;
    return false;
}

/* BDBnnnn in front of a message; 0: none. */
static uint32_t message_number(struct md_str text)
{
    ptrdiff_t at;

    while ((at = md_str_find(text, MD_LIT("BDB"))) >= 0) {
        struct md_str rest = md_str_from(text, (size_t)at + 3);
        size_t before = rest.n;
        uint64_t number;

        if (md_num_u64(&rest, 9999, &number) == MD_OK && before - rest.n == 4 &&
            (at == 0 || !md_is_alnum(text.p[at - 1])) && (rest.n == 0 || !md_is_alnum(*rest.p)))
            return (uint32_t)number;
        text = md_str_from(text, (size_t)at + 3);
    }
    return 0;
}

/* An error of the system, in words as all systems print it, or as a number behind "error". */
static const char *system_error(struct md_str text)
{
    static const struct {
        const char *words, *name;
    } errors[] = {
        {"No space left on device", "ENOSPC"},
        {"error 28", "ENOSPC"},
        {"Disc quota exceeded", "EDQUOT"},
        {"Disk quota exceeded", "EDQUOT"},
        {"Input/output error", "EIO"},
        {"I/O error", "EIO"},
        {"error 5", "EIO"},
        {"Permission denied", "EACCES"},
        {"error 13", "EACCES"},
        {"Read-only file system", "EROFS"},
        {"error 30", "EROFS"},
        {"Stale NFS file handle", "ESTALE"},
        {"Stale file handle", "ESTALE"},
        {"File too large", "EFBIG"},
        {"Too many open files", "EMFILE"},
        {"Not enough space", "ENOMEM"},
        {"Cannot allocate memory", "ENOMEM"},
    };

    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        struct md_str words = md_str(errors[i].words);
        ptrdiff_t at = md_str_find_nocase(text, words);

        if (at >= 0 && ((size_t)at + words.n == text.n || !md_is_alnum(text.p[(size_t)at + words.n])))
            return errors[i].name;
    }
    return NULL;
}

/* A return code: by its name, or as a number that is decoded with the version of the library. */
static const struct md_caldb_code *return_code(const struct md_caldb_table *table, struct md_str text,
                                               const char *library)
{
    struct md_str rest = text;
    ptrdiff_t at;

    for (size_t i = 0; i < table->n_codes; i++)
        if (md_str_find(text, md_str(table->codes[i].name)) >= 0)
            return &table->codes[i];
    while (library != NULL && (at = md_str_find(rest, MD_LIT("-30"))) >= 0) {
        struct md_str number = md_str_from(rest, (size_t)at);
        size_t before = number.n;
        int64_t value;
        bool is_code = md_num_i64(&number, -39999, 0, &value) == MD_OK && before - number.n == 6 &&
                       (number.n == 0 || !md_is_alnum(*number.p)) && (at == 0 || !md_is_alnum(rest.p[at - 1]));

        for (size_t i = 0; is_code && i < table->n_codes; i++)
            for (size_t k = 0; k < table->codes[i].n; k++)
                if (strcmp(table->codes[i].at[k].library, library) == 0 && table->codes[i].at[k].value == value)
                    return &table->codes[i];
        rest = md_str_from(rest, (size_t)at + 3);
    }
    return NULL;
}

static const struct md_caldb_row *row_of_number(const struct md_caldb_table *table, uint32_t number)
{
    for (size_t i = 0; i < table->n_rows; i++)
        for (size_t k = 0; k < table->rows[i].n_numbers; k++)
            if (number >= table->rows[i].numbers[k].from && number <= table->rows[i].numbers[k].until)
                return &table->rows[i];
    return NULL;
}

static const struct md_caldb_row *row_of_words(const struct md_caldb_table *table, const struct found *found,
                                               bool has_error)
{
    for (size_t i = 0; i < table->n_rows; i++)
        if ((has_error || !table->rows[i].needs_errno) && any_holds(found, &table->rows[i].text))
            return &table->rows[i];
    return NULL;
}

static void set_class(const struct md_caldb_table *table, int class_index, struct md_caldb_message *ret)
{
    ret->class_index = class_index;
    if (class_index < 0)
        return;
    ret->follows = table->follows[class_index];
    ret->is_quiet = table->is_quiet[class_index];
}

static bool is_of_process(const struct md_caldb_sign_row *row, struct md_str process)
{
    for (size_t i = 0; i < row->n_processes; i++)
        if (md_str_eq(row->processes[i], process))
            return true;
    return row->n_processes == 0;
}

static uint32_t signs_of(const struct md_caldb_table *table, const struct md_caldb_query *query,
                         const struct found *found)
{
    uint32_t signs = 0;

    for (size_t i = 0; i < table->n_signs; i++) {
        const struct md_caldb_sign_row *row = &table->signs[i];

        if (row->level != MD_NSLOG_OTHER && query->level < row->level)
            continue;
        if (is_of_process(row, query->process) && any_holds(found, &row->text) &&
            (row->with.n == 0 || any_holds(found, &row->with)) && !any_holds(found, &row->without))
            signs |= MD_CALDB_BIT(row->sign);
    }
    return signs;
}

struct md_str md_caldb_file_in(struct md_str text)
{
    ptrdiff_t at = md_str_find(text, MD_LIT(".db")), from;

    while (at >= 0) {
        struct md_str behind = md_str_from(text, (size_t)at + 3);

        from = at;
        while (from > 0 && (md_is_alnum(text.p[from - 1]) || text.p[from - 1] == '_' || text.p[from - 1] == '-'))
            from--;
        if (from < at && (behind.n == 0 || !(md_is_alnum(*behind.p) || *behind.p == '.')))
            return md_str_sub(text, (size_t)from, (size_t)(at - from) + 3);
        text = behind;
        at = md_str_find(text, MD_LIT(".db"));
    }
    return md_str("");
}

void md_caldb_message_read(const struct md_caldb_table *table, const struct md_caldb_query *query,
                           struct md_caldb_message *ret)
{
    struct md_str text = md_str_sub(query->text, 0, MD_CALDB_LINE_MAX);
    struct found found = {.is_there = {false}};
    const struct md_caldb_row *row = NULL;
    const struct md_caldb_code *code;

    *ret = (struct md_caldb_message){.class_index = -1, .file = {"", 0}};
    md_failure_words_scan(table->words, text, note_word, &found);
    ret->number = message_number(text);
    ret->error = system_error(text);
    ret->file = md_caldb_file_in(text);
    code = return_code(table, text, query->library);
    ret->code = code != NULL ? code->name : NULL;
    if (ret->number > 0)
        row = row_of_number(table, ret->number);
    if (row == NULL)
        row = row_of_words(table, &found, ret->error != NULL);
    if (row != NULL)
        set_class(table, (int)row->class_index, ret);
    else if (code != NULL)
        set_class(table, code->class_index, ret);
    ret->signs = signs_of(table, query, &found);
}
