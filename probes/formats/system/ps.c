#include "probes/formats/system/ps.h"

#include "engine/base/num.h"
#include "engine/base/status.h"
#include "engine/base/time.h"
#include "probes/formats/common/clock.h"

#define COLUMNS_MAX 32

enum column {
    COLUMN_OTHER,
    COLUMN_USER,
    COLUMN_PID,
    COLUMN_PPID,
    COLUMN_START,
    COLUMN_LONG_START,
    COLUMN_TIME,
    COLUMN_ELAPSED,
    COLUMN_PCPU,
    COLUMN_COMMAND,
};

struct layout {
    enum column columns[COLUMNS_MAX];
    size_t n;
    size_t sizes; /* where SZ and RSS stand, side by side; 0: they do not */
    enum md_ps_form form;
};

static enum column column_by_name(struct md_str word)
{
    static const struct {
        const char *name;
        enum column column;
    } names[] = {
        {"UID", COLUMN_USER},     {"USER", COLUMN_USER},          {"RUSER", COLUMN_USER},
        {"PID", COLUMN_PID},      {"PPID", COLUMN_PPID},          {"STIME", COLUMN_START},
        {"START", COLUMN_START},  {"STARTED", COLUMN_LONG_START}, {"TIME", COLUMN_TIME},
        {"CPUTIME", COLUMN_TIME}, {"ELAPSED", COLUMN_ELAPSED},    {"%CPU", COLUMN_PCPU},
        {"CMD", COLUMN_COMMAND},  {"COMMAND", COLUMN_COMMAND},    {"ARGS", COLUMN_COMMAND},
        {"COMD", COLUMN_COMMAND},
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (md_str_is(word, names[i].name))
            return names[i].column;
    }
    return COLUMN_OTHER;
}

static bool read_heading(struct md_str line, struct layout *ret)
{
    struct layout layout = {.form = MD_PS_FULL};
    bool has_pid = false;
    bool has_vsz = false;
    bool has_stime = false;
    bool has_parent_or_terminal = false;
    bool was_size = false;

    for (;;) {
        struct md_str word = md_str_next_word(&line);
        enum column column;

        if (md_str_is_empty(word) || layout.n == COLUMNS_MAX)
            return false;
        column = column_by_name(word);
        has_pid = has_pid || column == COLUMN_PID;
        has_vsz = has_vsz || md_str_is(word, "VSZ");
        has_stime = has_stime || md_str_is(word, "STIME");
        has_parent_or_terminal = has_parent_or_terminal || column == COLUMN_PPID || column == COLUMN_PCPU ||
                                 md_str_is(word, "TTY") || md_str_is(word, "TT");
        if (md_str_is(word, "RSS") && was_size)
            layout.sizes = layout.n - 1;
        was_size = md_str_is(word, "SZ");
        layout.columns[layout.n++] = column;
        if (column == COLUMN_COMMAND)
            break;
    }
    /* Nothing may follow the command, and a heading without a number column is some other text. */
    if (!has_pid || !md_str_is_empty(md_str_trim(line)))
        return false;
    if (has_vsz && has_stime && !has_parent_or_terminal)
        layout.form = MD_PS_IMSIMTA;
    *ret = layout;
    return true;
}

static bool is_number(struct md_str word)
{
    uint64_t value;

    return md_num_all_u64(word, UINT32_MAX, &value) == MD_OK;
}

/* A row without a heading: the two layouts that are seen so are told apart by their third word. */
static bool guess_layout(struct md_str line, struct layout *ret)
{
    static const struct layout full = {
        .columns = {COLUMN_USER, COLUMN_PID, COLUMN_PPID, COLUMN_OTHER, COLUMN_START, COLUMN_OTHER, COLUMN_TIME,
                    COLUMN_COMMAND},
        .n = 8,
        .form = MD_PS_FULL,
    };
    static const struct layout imsimta = {
        .columns = {COLUMN_USER, COLUMN_PID, COLUMN_OTHER, COLUMN_OTHER, COLUMN_OTHER, COLUMN_START, COLUMN_TIME,
                    COLUMN_COMMAND},
        .n = 8,
        .form = MD_PS_IMSIMTA,
    };
    struct md_str words[5];

    for (size_t i = 0; i < 5; i++)
        words[i] = md_str_next_word(&line);
    if (md_str_is_empty(words[4]) || md_is_digit(words[0].p[0]) || !is_number(words[1]))
        return false;
    if (is_number(words[2]) && is_number(words[3])) {
        *ret = full;
        return true;
    }
    if (words[2].n <= 2 && md_is_alpha(words[2].p[0]) && is_number(words[3]) && is_number(words[4])) {
        *ret = imsimta;
        return true;
    }
    return false;
}

bool md_ps_read_duration(struct md_str s, double *ret_seconds)
{
    uint64_t days = 0;
    uint64_t parts[3] = {0};
    double fraction = 0;
    size_t n = 0;
    ptrdiff_t dash = md_str_find_char(s, '-');

    if (dash > 0) {
        if (md_num_all_u64(md_str_sub(s, 0, (size_t)dash), 100000, &days) != MD_OK)
            return false;
        s = md_str_from(s, (size_t)dash + 1);
    }
    for (;;) {
        if (n == 3 || md_num_u64(&s, 100000000, &parts[n]) != MD_OK)
            return false;
        n++;
        if (s.n == 0 || s.p[0] != ':')
            break;
        s = md_str_from(s, 1);
    }
    if (s.n > 1 && (s.p[0] == '.' || s.p[0] == ',')) {
        double unit = 0.1;

        for (s = md_str_from(s, 1); s.n > 0 && md_is_digit(s.p[0]); s = md_str_from(s, 1)) {
            fraction += unit * (s.p[0] - '0');
            unit /= 10;
        }
    }
    if (s.n != 0 || (n == 1 && days == 0))
        return false;
    *ret_seconds = (double)days * 86400 + fraction;
    if (n == 1)
        *ret_seconds += (double)parts[0] * 3600;
    else if (n == 2)
        *ret_seconds += (double)parts[0] * 60 + (double)parts[1];
    else
        *ret_seconds += (double)parts[0] * 3600 + (double)parts[1] * 60 + (double)parts[2];
    return true;
}

/* "02:39", "02:39:00", "Oct 14", "Oct14", "Nov_12", "14Oct", "2025"; takes the second word where it belongs to it. */
static bool read_start(struct md_str word, struct md_str *line, struct md_ps_start *ret)
{
    struct md_ps_start start = {0};
    struct md_civil civil = {0};
    struct md_str s = word;
    uint64_t day;
    size_t letters = 0;
    int month;

    if (md_clock_read_time(&s, &civil) == MD_OK && s.n == 0) {
        start.kind = MD_PS_START_CLOCK;
        start.hour = civil.hour;
        start.minute = civil.minute;
        start.second = civil.second;
        *ret = start;
        return true;
    }
    if (word.n == 4 && is_number(word)) {
        if (md_num_all_u64(word, 9999, &day) != MD_OK || day < 1970)
            return false;
        start.kind = MD_PS_START_YEAR;
        start.year = (int)day;
        *ret = start;
        return true;
    }
    while (letters < word.n && !md_is_digit(word.p[letters]) && word.p[letters] != '_' && word.p[letters] != '-')
        letters++;
    month = md_month_from_any_name(md_str_sub(word, 0, letters));
    if (month == 0)
        return false;
    s = md_str_from(word, letters);
    if (s.n == 0) {
        struct md_str rest = *line;

        s = md_str_next_word(&rest);
        if (md_num_all_u64(s, 31, &day) != MD_OK)
            return false;
        *line = rest;
    } else {
        if (s.p[0] == '_' || s.p[0] == '-')
            s = md_str_from(s, 1);
        if (md_num_all_u64(s, 31, &day) != MD_OK)
            return false;
    }
    if (day == 0)
        return false;
    start.kind = MD_PS_START_DAY;
    start.month = month;
    start.day = (int)day;
    *ret = start;
    return true;
}

/* "Tue Sep  4 06:00:11 2007", as lstart prints, else a short start. */
static bool read_long_start(struct md_str *line, struct md_ps_start *ret)
{
    struct md_str rest = *line;
    struct md_civil civil;

    while (rest.n > 0 && md_is_space(rest.p[0]))
        rest = md_str_from(rest, 1);
    if (md_clock_read_ctime(&rest, &civil, NULL) == MD_OK) {
        *ret = (struct md_ps_start){.kind = MD_PS_START_EXACT,
                                    .year = civil.year,
                                    .month = civil.month,
                                    .day = civil.day,
                                    .hour = civil.hour,
                                    .minute = civil.minute,
                                    .second = civil.second};
        *line = rest;
        return true;
    }
    rest = *line;
    if (!read_start(md_str_next_word(&rest), &rest, ret))
        return false;
    *line = rest;
    return true;
}

struct md_str md_ps_program(struct md_str command)
{
    struct md_str word = md_str_next_word(&command);
    ptrdiff_t slash;

    if (word.n >= 2 && word.p[0] == '<' && word.p[word.n - 1] == '>')
        return md_str_sub(word, 1, word.n - 2);
    slash = md_str_rfind_char(word, '/');
    if (slash >= 0)
        word = md_str_from(word, (size_t)slash + 1);
    if (word.n > 1 && word.p[word.n - 1] == ':')
        word.n--;
    return word;
}

static bool read_column(enum column column, struct md_str *line, struct md_ps_row *row)
{
    struct md_str word;

    if (column == COLUMN_LONG_START)
        return read_long_start(line, &row->start);
    word = md_str_next_word(line);
    if (md_str_is_empty(word))
        return false;
    switch (column) {
    case COLUMN_USER: row->user = word; return true;
    case COLUMN_PID: return md_num_all_u64(word, UINT32_MAX, &row->pid) == MD_OK;
    case COLUMN_PPID: row->has_ppid = md_num_all_u64(word, UINT32_MAX, &row->ppid) == MD_OK; return row->has_ppid;
    case COLUMN_START: return read_start(word, line, &row->start);
    case COLUMN_TIME: row->has_cpu = md_ps_read_duration(word, &row->cpu_s); return row->has_cpu;
    case COLUMN_ELAPSED: row->start.kind = MD_PS_START_ELAPSED; return md_ps_read_duration(word, &row->start.elapsed_s);
    case COLUMN_PCPU: row->has_pcpu = md_num_all_double(word, &row->pcpu) == MD_OK; return true;
    case COLUMN_OTHER:
    case COLUMN_LONG_START:
    case COLUMN_COMMAND: return true;
    }
    return true;
}

/* `lost`: so many columns have run into the one before, from SZ on. */
static bool read_columns(const struct layout *layout, size_t lost, struct md_str line, struct md_ps_row *ret)
{
    struct md_ps_row row = {0};

    for (size_t i = 0; i < layout->n; i++) {
        if (i >= layout->sizes && i < layout->sizes + lost)
            continue;
        if (layout->columns[i] == COLUMN_COMMAND) {
            row.command = md_str_trim(line);
            break;
        }
        if (!read_column(layout->columns[i], &line, &row))
            return false;
    }
    if (md_str_is_empty(row.command))
        return false;
    row.program = md_ps_program(row.command);
    *ret = row;
    return true;
}

/* /usr/ucb/ps of Solaris puts nothing between %MEM, SZ and RSS, so that those of a large process run together:
 * "0.318416 9368", "1.2129888102400". */
static bool read_row(const struct layout *layout, struct md_str line, struct md_ps_row *ret)
{
    const size_t most = layout->sizes > 0 ? 2 : 0;

    for (size_t lost = 0; lost <= most; lost++)
        if (read_columns(layout, lost, line, ret))
            return true;
    return false;
}

/* A row that a terminal or a mailer has broken: the pieces were that long, and what follows is no row by itself. */
#define BROKEN_MIN 60

struct rows {
    struct md_ps_row *at;
    size_t n, capacity;
    struct md_str before; /* the line before, if it was long and a row or nothing; else empty */
    size_t width;         /* of the longest line */
    bool was_row;         /* the line before */
};

/* Whether the first words are those of a row, as they are not of arguments such as "-d 5 -D 6". */
static bool begins_row(const struct layout *layout, struct md_str line)
{
    struct md_ps_row row = {0};

    for (size_t i = 0; i < layout->n && i < 3; i++)
        if (!read_column(layout->columns[i], &line, &row) || (layout->columns[i] == COLUMN_PCPU && !row.has_pcpu))
            return false;
    return md_str_is_empty(row.user) || md_is_alnum(row.user.p[0]);
}

/* Whether the line goes on with the row in `before`: that row is then all of it. A terminal breaks where its width ends,
 * a mailer between words. */
static bool continue_row(struct md_arena *arena, const struct layout *layout, struct rows *rows, struct md_str line)
{
    const bool is_full = rows->before.n + 1 >= rows->width && !md_is_space(line.p[0]) && line.p[0] != '-';

    if (md_str_is_empty(rows->before) || begins_row(layout, line) || rows->before.n + line.n > MD_PS_LINE_MAX)
        return false;
    for (int glued = is_full; glued >= 0; glued--) {
        struct md_ps_row row;
        struct md_str whole = md_str(
            md_arena_printf(arena, "%.*s%s%.*s", MD_STR_ARG(rows->before), glued != 0 ? "" : " ", MD_STR_ARG(line)));

        if (!read_row(layout, whole, &row))
            continue;
        if (rows->was_row) {
            row.line = rows->at[rows->n - 1].line;
            rows->at[rows->n - 1] = row;
        } else {
            *(struct md_ps_row *)md_arena_push(arena, &rows->at, &rows->n, &rows->capacity, sizeof row) = row;
        }
        rows->before = whole;
        rows->was_row = true;
        return true;
    }
    return false;
}

static size_t longest_line(struct md_str text)
{
    struct md_str line;
    size_t longest = 0;

    while (md_str_next_line(&text, &line)) {
        line = md_str_trim_right(line);
        longest = line.n > longest ? line.n : longest;
    }
    return longest;
}

void md_ps_parse(struct md_arena *arena, struct md_str text, struct md_ps *ret)
{
    struct md_ps ps = {0};
    struct rows rows = {.width = longest_line(text)};
    struct layout layout = {.n = 0};
    struct md_str line;
    uint32_t number = 0;
    bool has_root = false;

    while (md_str_next_line(&text, &line)) {
        struct md_ps_row row;

        number++;
        line = md_str_trim_right(line);
        if (md_str_is_empty(line)) {
            rows.before.n = 0;
            continue;
        }
        if (read_heading(line, &layout)) {
            ps.has_heading = true;
            ps.form = layout.form;
            rows.before.n = 0;
            continue;
        }
        if (layout.n == 0) {
            if (!guess_layout(line, &layout))
                continue;
            ps.form = layout.form;
        }
        /* The rows of ended processes have no start and no terminal on some systems: they are none of ours
         * either way. */
        if (md_str_find(line, MD_LIT("<defunct>")) >= 0) {
            rows.before.n = 0;
            continue;
        }
        if (!read_row(&layout, line, &row)) {
            const bool was_row = rows.was_row;

            if (continue_row(arena, &layout, &rows, line)) {
                if (!was_row) { /* the line before was bad only because it was broken */
                    rows.at[rows.n - 1].line = number - 1;
                    has_root = has_root || rows.at[rows.n - 1].pid <= 1;
                    ps.bad_lines--;
                    if (ps.first_bad == number - 1)
                        ps.first_bad = 0;
                }
                continue;
            }
            ps.bad_lines++;
            if (ps.first_bad == 0)
                ps.first_bad = number;
        } else {
            if (rows.n == MD_PS_ROWS_MAX) {
                ps.is_cut = true;
                break;
            }
            row.line = number;
            has_root = has_root || row.pid <= 1;
            *(struct md_ps_row *)md_arena_push(arena, &rows.at, &rows.n, &rows.capacity, sizeof row) = row;
        }
        rows.was_row = rows.n > 0 && rows.at[rows.n - 1].line == number;
        rows.before = line.n >= BROKEN_MIN ? line : md_str("");
    }
    ps.rows = rows.at;
    ps.n = rows.n;
    ps.is_complete = ps.has_heading && has_root && !ps.is_cut;
    *ret = ps;
}

/* So many days later by the calendar, which are not always 24 hours. */
static bool local_to_utc(const struct md_zone *zone, const struct md_civil *civil, int days, int64_t *ret)
{
    int64_t local;

    if (md_time_from_civil(civil, &local) != MD_OK)
        return false;
    *ret = md_zone_to_utc(zone, local + days * MD_DAY, NULL);
    return true;
}

bool md_ps_start_range(const struct md_ps_start *start, int64_t taken_at, const struct md_zone *zone, int64_t *ret_from,
                       int64_t *ret_to)
{
    struct md_civil today, civil = {0};
    int64_t from = 0, to = 0;

    if (start->kind == MD_PS_START_NONE)
        return false;
    civil.year = start->year;
    civil.month = start->month;
    civil.day = start->day;
    civil.hour = start->hour;
    civil.minute = start->minute;
    civil.second = start->second;
    if (start->kind == MD_PS_START_EXACT) {
        if (!local_to_utc(zone, &civil, 0, ret_from))
            return false;
        *ret_to = *ret_from;
        return true;
    }
    if (taken_at == MD_TIME_NONE)
        return false;
    if (start->kind == MD_PS_START_ELAPSED) {
        *ret_from = *ret_to = taken_at - (int64_t)(start->elapsed_s * (double)MD_SECOND);
        return true;
    }
    md_time_to_civil(taken_at + md_zone_offset_at(zone, taken_at) * MD_SECOND, &today);
    switch (start->kind) {
    case MD_PS_START_CLOCK:
        civil.year = today.year;
        civil.month = today.month;
        civil.day = today.day;
        if (!local_to_utc(zone, &civil, 0, &from))
            return false;
        /* A clock reading later than the table itself is yesterday's; a minute is for clocks and rounding. */
        if (from > taken_at + MD_MINUTE && !local_to_utc(zone, &civil, -1, &from))
            return false;
        to = from;
        break;
    case MD_PS_START_DAY:
        civil.year = today.year;
        if (civil.month > today.month || (civil.month == today.month && civil.day > today.day))
            civil.year--;
        if (!local_to_utc(zone, &civil, 0, &from) || !local_to_utc(zone, &civil, 1, &to))
            return false;
        to--;
        break;
    case MD_PS_START_YEAR:
        civil.month = 1;
        civil.day = 1;
        if (!local_to_utc(zone, &civil, 0, &from))
            return false;
        civil.year++;
        if (!local_to_utc(zone, &civil, 0, &to))
            return false;
        to--;
        break;
    case MD_PS_START_NONE:
    case MD_PS_START_EXACT:
    case MD_PS_START_ELAPSED: return false;
    }
    *ret_from = from;
    *ret_to = to < taken_at ? to : taken_at;
    if (*ret_to < *ret_from)
        *ret_to = *ret_from;
    return true;
}
