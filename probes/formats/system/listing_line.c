#include "probes/formats/system/listing_line.h"

#include <string.h>

#include "engine/base/num.h"

#define MODE_CHARS 10
#define SIZE_COLUMNS 8      /* at most so many words between the mode and the size (owners may contain blanks) */
#define EPOCH_MIN 100000000 /* of a number that is taken for seconds since the epoch: 1973 */
#define EPOCH_MAX 99999999999

/* ---- numbers ---- */

static bool is_number(struct md_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!md_is_digit(s.p[i]))
            return false;
    return s.n > 0;
}

/* Seconds since the epoch with an optional fraction: the whole word. */
static bool parse_epoch(struct md_str word, bool is_any_second, int64_t *ret)
{
    uint64_t seconds, scale = MD_SECOND / 10;

    if (word.n > 1 && word.p[0] == '@')
        word = md_str_from(word, 1);
    if (md_num_u64(&word, EPOCH_MAX, &seconds) < 0 || (!is_any_second && seconds < EPOCH_MIN))
        return false;
    *ret = (int64_t)seconds * MD_SECOND;
    if (word.n == 0)
        return true;
    if (word.p[0] != '.' && word.p[0] != ',')
        return false;
    for (word = md_str_from(word, 1); word.n > 0 && md_is_digit(word.p[0]); word = md_str_from(word, 1), scale /= 10)
        *ret += (int64_t)((uint64_t)(word.p[0] - '0') * scale);
    return word.n == 0;
}

/* Bytes, also as ls -h says them ("1.2K"): the whole word. */
static bool parse_size(struct md_str word, uint64_t *ret)
{
    static const char units[] = "KMGTPE";
    uint64_t whole, factor = 1, tenths = 0;
    const char *unit;

    if (md_num_u64(&word, UINT64_MAX / 10, &whole) < 0)
        return false;
    *ret = whole;
    if (word.n == 0)
        return true;
    if (word.n >= 2 && (word.p[0] == '.' || word.p[0] == ',') && md_is_digit(word.p[1])) {
        tenths = (uint64_t)(word.p[1] - '0');
        word = md_str_from(word, 2);
    }
    unit = word.n == 1 ? memchr(units, word.p[0], sizeof(units) - 1) : NULL;
    if (unit == NULL)
        return false;
    for (size_t i = 0; i <= (size_t)(unit - units); i++)
        factor *= 1024;
    if (whole > UINT64_MAX / factor / 2)
        return false;
    *ret = whole * factor + tenths * factor / 10;
    return true;
}

/* ---- TSV ---- */

/* "0644", "100644" */
static bool parse_mode(struct md_str column, uint32_t *ret)
{
    uint32_t mode = 0;

    if (column.n == 0 || column.n > 7)
        return false;
    for (size_t i = 0; i < column.n; i++) {
        if (column.p[i] < '0' || column.p[i] > '7')
            return false;
        mode = mode * 8 + (uint32_t)(column.p[i] - '0');
    }
    *ret = mode;
    return true;
}

/* mode, owner, group, type; any of them may be missing or "-" */
static void parse_tsv_rest(struct md_str columns, struct md_listing_line *ret)
{
    struct md_str column;

    for (size_t i = 0; md_str_split(&columns, '\t', &column); i++) {
        if (i == 0)
            ret->has_mode = parse_mode(column, &ret->mode);
        else if (i == 1 && !md_str_is(column, "-"))
            ret->owner = column;
        else if (i == 3)
            ret->is_dir |= md_str_is_nocase(column, "d") || md_str_is_nocase(column, "dir") ||
                           md_str_is_nocase(column, "directory");
    }
    ret->is_dir |= ret->has_mode && (ret->mode & 0170000) == 0040000;
}

static bool parse_tsv(struct md_str line, struct md_listing_line *ret)
{
    struct md_str path, size, mtime;

    if (!md_str_split(&line, '\t', &path) || !md_str_split(&line, '\t', &size) || !md_str_split(&line, '\t', &mtime))
        return false;
    if (path.n == 0 || !is_number(size) || md_num_all_u64(size, UINT64_MAX, &ret->size) < 0)
        return false;
    if (!parse_epoch(mtime, true, &ret->mtime)) {
        if (mtime.n > 1 && mtime.p[0] != '-' && !md_is_digit(mtime.p[0]))
            return false;
        ret->mtime = MD_TIME_NONE;
    }
    ret->form = MD_LISTING_TSV;
    ret->path = path;
    ret->escape = MD_LISTING_HEX;
    ret->has_size = true;
    ret->is_dir = path.p[path.n - 1] == '/';
    parse_tsv_rest(line, ret);
    return true;
}

/* ---- ls -l and find -ls ---- */

static bool is_mode(struct md_str word)
{
    static const char kinds[] = "-dlbcpsDPCMn?";
    static const char bits[] = "-rwxsStTlL?";

    if (word.n < MODE_CHARS || word.n > MODE_CHARS + 1 || memchr(kinds, word.p[0], sizeof(kinds) - 1) == NULL)
        return false;
    for (size_t i = 1; i < MODE_CHARS; i++)
        if (memchr(bits, word.p[i], sizeof(bits) - 1) == NULL)
            return false;
    return word.n == MODE_CHARS || word.p[MODE_CHARS] == '+' || word.p[MODE_CHARS] == '@' || word.p[MODE_CHARS] == '.';
}

static struct md_str skip_blanks(struct md_str s)
{
    while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t'))
        s = md_str_from(s, 1);
    return s;
}

/* Finds the size and the date behind it: the columns before them vary with system and options. */
static bool find_size_and_date(struct md_listing_clock *clock, struct md_str rest, bool is_epoch,
                               struct md_listing_line *ret)
{
    struct md_str second = {0};

    for (int i = 0; i < SIZE_COLUMNS; i++) {
        struct md_str word = md_str_next_word(&rest), after = rest;
        uint64_t size;
        int64_t at;

        if (word.n == 0)
            return false;
        if (i == 1)
            second = word;
        if (!parse_size(word, &size))
            continue;
        if (is_epoch ? !parse_epoch(md_str_next_word(&after), false, &at) : md_listing_date(clock, &after, &at) < 0)
            continue;
        after = skip_blanks(after);
        if (after.n == 0)
            return false;
        ret->size = size;
        ret->has_size = true;
        ret->mtime = at;
        ret->path = after;
        if (i == 3) /* links, owner, group, size: with fewer words one of them is left out */
            ret->owner = second;
        return true;
    }
    return false;
}

/* A date in a language that we do not read: links, owner, group, size, three words of date, name. */
static bool guess_columns(struct md_str rest, struct md_listing_line *ret)
{
    struct md_str words[7];

    for (size_t i = 0; i < 7; i++) {
        words[i] = md_str_next_word(&rest);
        if (words[i].n == 0)
            return false;
    }
    rest = skip_blanks(rest);
    if (rest.n == 0 || !is_number(words[0]) || !parse_size(words[3], &ret->size))
        return false;
    if (!md_is_digit(words[6].p[0]) && !md_is_digit(words[5].p[0]))
        return false;
    ret->has_size = true;
    ret->mtime = MD_TIME_NONE;
    ret->path = rest;
    return true;
}

static bool parse_mode_line(struct md_listing_clock *clock, struct md_str line, struct md_listing_line *ret)
{
    struct md_str rest = line, word = md_str_next_word(&rest);
    int numbers = 0;
    uint64_t ignored;
    ptrdiff_t arrow;

    while (numbers < 2 && word.n > 0 && parse_size(word, &ignored)) {
        word = md_str_next_word(&rest);
        numbers++;
    }
    if (!is_mode(word))
        return false;
    if (!find_size_and_date(clock, rest, false, ret) && !find_size_and_date(clock, rest, true, ret) &&
        !guess_columns(rest, ret))
        return false;

    ret->is_dir = word.p[0] == 'd';
    if (word.p[0] == 'l') {
        arrow = md_str_find(ret->path, MD_LIT(" -> "));
        if (arrow > 0)
            ret->path = md_str_sub(ret->path, 0, (size_t)arrow);
    }
    ret->form = numbers == 2 && md_str_find_char(ret->path, '/') >= 0 ? MD_LISTING_FIND_LS : MD_LISTING_LS;
    ret->escape = ret->form == MD_LISTING_FIND_LS ? MD_LISTING_C : MD_LISTING_PLAIN;
    return true;
}

/* ---- find -printf and stat -c: numbers and a path, separated by blanks ---- */

static bool parse_printf(struct md_listing_clock *clock, struct md_str line, struct md_listing_line *ret)
{
    struct md_str rest = line, first = md_str_next_word(&rest), second = md_str_next_word(&rest);

    ret->form = MD_LISTING_FIND_PRINTF;
    ret->has_size = true;
    ret->path = skip_blanks(rest);
    if (ret->path.n > 0) {
        if (parse_epoch(first, false, &ret->mtime) && is_number(second) && parse_size(second, &ret->size))
            return true;
        if (is_number(first) && parse_size(first, &ret->size) && parse_epoch(second, false, &ret->mtime))
            return true;
        rest = line;
        if (md_listing_date(clock, &rest, &ret->mtime) == MD_OK) {
            first = md_str_next_word(&rest);
            ret->path = skip_blanks(rest);
            if (ret->path.n > 0 && is_number(first) && parse_size(first, &ret->size))
                return true;
        }
    }
    /* The path in front. */
    line = md_str_trim_right(line);
    for (int i = 0; i < 2; i++) {
        ptrdiff_t blank = md_str_rfind_char(line, ' ');

        if (blank <= 0)
            return false;
        second = first;
        first = md_str_from(line, (size_t)blank + 1);
        line = md_str_trim_right(md_str_sub(line, 0, (size_t)blank));
    }
    ret->path = line;
    if (parse_epoch(second, false, &ret->mtime) && is_number(first) && parse_size(first, &ret->size))
        return true;
    return parse_epoch(first, false, &ret->mtime) && is_number(second) && parse_size(second, &ret->size);
}

void md_listing_line_parse(struct md_listing_clock *clock, struct md_str line, struct md_listing_line *ret)
{
    const struct md_listing_line nothing = {.form = MD_LISTING_NONE, .mtime = MD_TIME_NONE};

    *ret = nothing;
    if (md_str_find_char(line, '\t') > 0 && parse_tsv(line, ret))
        return;
    *ret = nothing;
    if (parse_mode_line(clock, line, ret))
        return;
    *ret = nothing;
    if (parse_printf(clock, line, ret))
        return;
    *ret = nothing;
}

/* ---- lines that are no entries ---- */

bool md_listing_is_total(struct md_str line)
{
    struct md_str word = md_str_next_word(&line), number = md_str_next_word(&line);
    uint64_t ignored;

    if (word.n == 0 || word.n > 20 || word.p[0] == '/' || md_str_next_word(&line).n > 0)
        return false;
    if (!md_str_is_nocase(word, "total") && !md_str_is_nocase(word, "insgesamt") && !md_str_is_nocase(word, "gesamt") &&
        !md_str_is_nocase(word, "totale") && (unsigned char)word.p[0] < 0x80)
        return false;
    return parse_size(number, &ignored);
}

struct md_str md_listing_header(struct md_str line, bool is_start)
{
    const struct md_str none = {0};

    line = md_str_trim_right(line);
    if (line.n < 2 || line.p[line.n - 1] != ':' || line.p[line.n - 2] == ':')
        return none;
    line.n--;
    for (size_t i = 0; i < line.n; i++)
        if ((unsigned char)line.p[i] < 0x20)
            return none;
    if (line.p[0] == '/' || line.p[0] == '.')
        return line;
    return is_start || (md_str_find_char(line, ' ') < 0 && md_str_find_char(line, '/') > 0) ? line : none;
}

bool md_listing_is_command(struct md_str line, struct md_str *ret_folder)
{
    struct md_str rest = line, word, last = {0};
    bool is_command = false, may_begin = true;

    for (int i = 0; i < 64 && (word = md_str_next_word(&rest)).n > 0; i++) {
        if (is_command && word.p[0] == '/')
            last = word;
        else if (may_begin && (md_str_is(word, "ls") || md_str_is(word, "find") || md_str_is(word, "gfind") ||
                               md_str_has_suffix(word, MD_LIT("/ls")) || md_str_has_suffix(word, MD_LIT("/find"))))
            is_command = true;
        /* A command stands first or behind the end of a prompt. */
        may_begin = i < 3 && memchr("#$%>", word.p[word.n - 1], 4) != NULL;
    }
    if (is_command)
        *ret_folder = last;
    return is_command;
}

bool md_listing_is_error(struct md_str line)
{
    static const char *const reasons[] = {
        "permission denied",
        "no such file or directory",
        "cannot open directory",
        "cannot access",
        "input/output error",
        "i/o error",
        "stale",
        "not a directory",
        "not owner",
        "too many levels",
    };
    bool is_command = md_str_has_prefix(line, MD_LIT("ls:")) || md_str_has_prefix(line, MD_LIT("find:"));

    if (!is_command && md_str_find(line, MD_LIT(": ")) < 0)
        return false;
    for (size_t i = 0; i < sizeof(reasons) / sizeof *reasons; i++)
        if (md_str_find_nocase(line, md_str(reasons[i])) >= 0)
            return true;
    return is_command;
}

/* ---- escapes ---- */

static int hex_value(char c)
{
    if (md_is_digit(c))
        return c - '0';
    c = md_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Length of the escape that `s` begins with, 0: none. */
static size_t unescape_hex(struct md_str s, char *ret)
{
    int high, low;

    if (s.n < 4 || s.p[1] != 'x')
        return 0;
    high = hex_value(s.p[2]);
    low = hex_value(s.p[3]);
    if (high < 0 || low < 0)
        return 0;
    *ret = (char)(high * 16 + low);
    return 4;
}

static size_t unescape_c(struct md_str s, char *ret)
{
    static const char letters[] = "abfnrtv\\\" ";
    static const char values[] = "\a\b\f\n\r\t\v\\\" ";
    const char *letter;

    if (s.n < 2)
        return 0;
    if (s.n >= 4 && s.p[1] >= '0' && s.p[1] <= '3' && s.p[2] >= '0' && s.p[2] <= '7' && s.p[3] >= '0' &&
        s.p[3] <= '7') {
        *ret = (char)((s.p[1] - '0') * 64 + (s.p[2] - '0') * 8 + (s.p[3] - '0'));
        return 4;
    }
    letter = memchr(letters, s.p[1], sizeof(letters) - 1);
    if (letter == NULL)
        return 0;
    *ret = values[letter - letters];
    return 2;
}

struct md_str md_listing_unescape(enum md_listing_escape escape, struct md_str path, char *buffer, size_t max)
{
    size_t n = 0;

    if (escape == MD_LISTING_PLAIN || memchr(path.p, '\\', path.n) == NULL)
        return path;
    while (path.n > 0 && n < max) {
        char c = path.p[0];
        size_t taken = 0;

        if (c == '\\')
            taken = escape == MD_LISTING_HEX ? unescape_hex(path, &c) : unescape_c(path, &c);
        buffer[n++] = c;
        path = md_str_from(path, taken > 0 ? taken : 1);
    }
    return md_str_n(buffer, n);
}
