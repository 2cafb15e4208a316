#include "probes/formats/system/df_priv.h"

#include "engine/base/num.h"
#include "engine/base/status.h"

#define COLUMNS_MAX 16

enum column {
    COLUMN_OTHER,
    COLUMN_DEVICE,
    COLUMN_TOTAL,
    COLUMN_USED,
    COLUMN_AVAIL,
    COLUMN_PCT,
    COLUMN_INODES,
    COLUMN_INODES_USED,
    COLUMN_INODES_FREE,
    COLUMN_INODES_PCT,
    COLUMN_MOUNT,
};

struct layout {
    enum column columns[COLUMNS_MAX];
    size_t n;
    uint64_t unit; /* bytes of a plain number */
};

/* What the first word of a size column says about its unit; 0 where it is no size column. */
static uint64_t unit_by_name(struct md_str word)
{
    static const struct {
        const char *name;
        uint64_t unit;
    } units[] = {
        {"kbytes", 1024},      {"1k-blocks", 1024},
        {"1024-blocks", 1024}, {"k-blocks", 1024},
        {"1kb-blocks", 1024},  {"512-blocks", 512},
        {"blocks", 512},       {"1m-blocks", 1 << 20},
        {"mb", 1 << 20},       {"1048576-blocks", 1 << 20},
        {"gb", 1 << 30},       {"1g-blocks", 1 << 30},
        {"size", 1},           {"1b-blocks", 1},
        {"1-blocks", 1},
    };

    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (md_str_is_nocase(word, units[i].name))
            return units[i].unit;
    }
    return 0;
}

static enum column column_by_name(struct md_str word)
{
    static const struct {
        const char *name;
        enum column column;
    } names[] = {
        {"filesystem", COLUMN_DEVICE}, {"used", COLUMN_USED},         {"avail", COLUMN_AVAIL},
        {"available", COLUMN_AVAIL},   {"free", COLUMN_AVAIL},        {"capacity", COLUMN_PCT},
        {"use%", COLUMN_PCT},          {"%used", COLUMN_PCT},         {"used%", COLUMN_PCT},
        {"inodes", COLUMN_INODES},     {"iused", COLUMN_INODES_USED}, {"ifree", COLUMN_INODES_FREE},
        {"iuse%", COLUMN_INODES_PCT},  {"%iused", COLUMN_INODES_PCT}, {"%iuse", COLUMN_INODES_PCT},
        {"iused%", COLUMN_INODES_PCT}, {"mounted", COLUMN_MOUNT},     {"mount", COLUMN_MOUNT},
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (md_str_is_nocase(word, names[i].name))
            return names[i].column;
    }
    return unit_by_name(word) != 0 ? COLUMN_TOTAL : COLUMN_OTHER;
}

/* The column that a heading names next. "File system", "Mounted on", "Mount Dir" and "MB blocks" are two words. */
static enum column next_column(struct md_str *line, bool is_first, uint64_t *unit)
{
    struct md_str word = md_str_next_word(line), rest = *line, second = md_str_next_word(&rest);
    enum column column = column_by_name(word);
    bool is_two = false;

    if (is_first && md_str_is_nocase(word, "file")) {
        column = COLUMN_DEVICE;
        is_two = md_str_is_nocase(second, "system");
    } else if (column == COLUMN_MOUNT) {
        is_two = md_str_is_nocase(second, "on") || md_str_is_nocase(second, "dir");
    } else if (column == COLUMN_TOTAL) {
        *unit = unit_by_name(word);
        is_two = md_str_is_nocase(second, "blocks");
    }
    if (is_two)
        *line = rest;
    return column;
}

static bool read_heading(struct md_str line, struct layout *ret)
{
    const unsigned figures = 1U << COLUMN_AVAIL | 1U << COLUMN_INODES_PCT | 1U << COLUMN_INODES_USED;
    const unsigned names = 1U << COLUMN_MOUNT | 1U << COLUMN_DEVICE;
    struct layout layout = {.unit = 1024};
    unsigned seen = 0;

    for (line = md_str_trim(line); line.n > 0; line = md_str_trim(line)) {
        enum column column = next_column(&line, layout.n == 0, &layout.unit);

        if (layout.n == COLUMNS_MAX || (layout.n == 0 && column != COLUMN_DEVICE && column != COLUMN_MOUNT))
            return false;
        layout.columns[layout.n++] = column;
        seen |= 1U << column;
    }
    if ((seen & names) != names || (seen & figures) == 0)
        return false;
    *ret = layout;
    return true;
}

/* "20646121", "19G", "1.5T", "-": false where it is none of them; *ret_known false for a dash. */
static bool read_size(struct md_str word, uint64_t unit, uint64_t *ret, bool *ret_known, bool *ret_rounded)
{
    static const char suffixes[] = "KMGTPE";
    uint64_t plain;
    double value;

    *ret_known = true;
    if (md_str_is(word, "-")) {
        *ret_known = false;
        return true;
    }
    if (md_num_all_u64(word, UINT64_MAX / (1 << 30), &plain) == MD_OK) {
        *ret = plain * unit;
        return true;
    }
    /* A negative figure is a file system that root has filled beyond what others may use. */
    if (word.n > 1 && word.p[0] == '-' &&
        md_num_all_u64(md_str_from(word, 1), UINT64_MAX / (1 << 30), &plain) == MD_OK) {
        *ret = 0;
        return true;
    }
    /* "2.38" below "GB blocks" */
    if (unit > 1 && md_num_all_double(word, &value) == MD_OK && value >= 0 && value <= 1e12) {
        value *= (double)unit;
        *ret = value < 1e19 ? (uint64_t)value : UINT64_MAX;
        *ret_rounded = true;
        return true;
    }
    if (word.n < 2)
        return false;
    if (word.n > 2 && (word.p[word.n - 1] == 'B' || word.p[word.n - 1] == 'b') && md_is_alpha(word.p[word.n - 2]))
        word.n--;
    if (word.n > 2 && word.p[word.n - 1] == 'i' && md_is_alpha(word.p[word.n - 2]))
        word.n--;
    if (md_num_all_double(md_str_sub(word, 0, word.n - 1), &value) != MD_OK || value < 0 || value > 1e6)
        return false;
    for (size_t i = 0; i < sizeof suffixes - 1; i++) {
        if (md_lower(word.p[word.n - 1]) != md_lower(suffixes[i]))
            continue;
        for (size_t j = 0; j <= i; j++)
            value *= 1024;
        *ret = value < 1e19 ? (uint64_t)value : UINT64_MAX;
        *ret_rounded = true;
        return true;
    }
    if (word.p[word.n - 1] == 'B' || word.p[word.n - 1] == 'b') {
        *ret = (uint64_t)value;
        return true;
    }
    return false;
}

static bool read_pct(struct md_str word, double *ret, bool *ret_known)
{
    if (md_str_is(word, "-")) {
        *ret_known = false;
        return true;
    }
    if (word.n > 0 && word.p[word.n - 1] == '%')
        word.n--;
    *ret_known = md_num_all_double(word, ret) == MD_OK && *ret >= 0 && *ret <= 1000;
    return *ret_known;
}

static bool read_row(const struct layout *layout, struct md_str line, struct md_df_row *ret)
{
    struct md_df_row row = {0};
    bool has_total = false, has_used = false, has_inodes_used = false, has_inodes_free = false,
         has_inodes_total = false;
    uint64_t inodes = 0;

    for (size_t i = 0; i < layout->n; i++) {
        struct md_str word;
        bool ok = true;
        bool rounded = false;

        if (layout->columns[i] == COLUMN_MOUNT && i + 1 == layout->n) { /* it may have blanks */
            row.mount = md_str_trim(line);
            break;
        }
        word = md_str_next_word(&line);
        if (md_str_is_empty(word))
            return false;
        switch (layout->columns[i]) {
        case COLUMN_DEVICE: row.device = word; break;
        case COLUMN_TOTAL: ok = read_size(word, layout->unit, &row.total, &has_total, &row.is_rounded); break;
        case COLUMN_USED: ok = read_size(word, layout->unit, &row.used, &has_used, &row.is_rounded); break;
        case COLUMN_AVAIL: ok = read_size(word, layout->unit, &row.avail, &row.has_avail, &row.is_rounded); break;
        case COLUMN_PCT: ok = read_pct(word, &row.used_pct, &row.has_used_pct); break;
        case COLUMN_INODES: ok = read_size(word, 1, &inodes, &has_inodes_total, &rounded); break;
        case COLUMN_INODES_USED: ok = read_size(word, 1, &row.inodes_used, &has_inodes_used, &rounded); break;
        case COLUMN_INODES_FREE: ok = read_size(word, 1, &row.inodes_free, &has_inodes_free, &rounded); break;
        case COLUMN_INODES_PCT: ok = read_pct(word, &row.inodes_pct, &row.has_inodes_pct); break;
        case COLUMN_MOUNT: row.mount = word; break;
        case COLUMN_OTHER: break;
        }
        if (!ok)
            return false;
    }
    if (row.mount.n == 0 || row.mount.p[0] != '/')
        return false;
    if (!has_used && has_total && row.has_avail && row.total >= row.avail) {
        row.used = row.total - row.avail;
        has_used = true;
    }
    row.has_bytes = has_total && has_used && row.has_avail;
    if (has_inodes_total && has_inodes_used && !has_inodes_free && inodes >= row.inodes_used) {
        row.inodes_free = inodes - row.inodes_used;
        has_inodes_free = true;
    }
    row.has_inodes = has_inodes_used && has_inodes_free;
    md_df_row_shares(&row, has_used);
    *ret = row;
    return true;
}

void md_df_row_shares(struct md_df_row *row, bool has_used)
{
    if (!row->has_used_pct && has_used && row->has_avail && row->used + row->avail > 0) {
        row->used_pct = 100.0 * (double)row->used / ((double)row->used + (double)row->avail);
        row->has_used_pct = true;
    }
    if (!row->has_inodes_pct && row->has_inodes && row->inodes_used + row->inodes_free > 0) {
        row->inodes_pct = 100.0 * (double)row->inodes_used / ((double)row->inodes_used + (double)row->inodes_free);
        row->has_inodes_pct = true;
    }
}

/* ---- the columns of GNU and Solaris below a heading that we cannot read, or none ---- */

struct bare {
    bool is_inodes;
    uint64_t unit; /* 0: not known */
};

/* What a heading in another language says: "Dateisystem 1K-Bl\xc3\xb6cke Benutzt ...", "Sys. de fichiers Inodes IUtil. ILibre ...". The words of
 * all translations that count inodes begin with a capital I and another capital, or hold "nod". */
static void read_foreign_heading(struct md_str line, struct bare *ret)
{
    struct bare bare = {.is_inodes = false};
    size_t words = 0;

    for (struct md_str word; !md_str_is_empty(word = md_str_next_word(&line)); words++) {
        if (md_str_find_nocase(word, MD_LIT("nod")) >= 0 || md_str_find(word, MD_LIT("n\xc5\x93ud")) >= 0 ||
            (word.n > 2 && word.p[0] == 'I' && word.p[1] >= 'A' && word.p[1] <= 'Z'))
            bare.is_inodes = true;
        else if (md_str_has_prefix_nocase(word, MD_LIT("1k")) || md_str_has_prefix(word, MD_LIT("1024")))
            bare.unit = 1024;
        else if (md_str_has_prefix(word, MD_LIT("512")))
            bare.unit = 512;
    }
    if (words >= 5) /* a prompt with its command has fewer */
        *ret = bare;
}

/* "/dev/sda1 [ext4] 1310720 200000 1110720 16% /var": the share must fit to the figures. */
static bool read_bare_row(struct md_str line, struct md_str device, const struct bare *how, struct md_df_row *ret)
{
    struct md_df_row row = {.device = device};
    uint64_t figures[3] = {0};
    bool is_known = true, is_rounded = false;
    double fits;

    if (md_str_is_empty(device))
        row.device = md_str_next_word(&line);
    for (size_t i = 0; i < 3; i++) {
        struct md_str word = md_str_next_word(&line);

        /* the type of the file system */
        if (i == 0 && word.n > 0 && md_is_alpha(*word.p))
            word = md_str_next_word(&line);
        if (md_str_is_empty(word) || !md_is_digit(*word.p) || !read_size(word, 1, &figures[i], &is_known, &is_rounded))
            return false;
    }
    if (md_str_find_char(line, '%') < 0 || !read_pct(md_str_next_word(&line), &row.used_pct, &row.has_used_pct) ||
        !row.has_used_pct)
        return false;
    row.mount = md_str_trim(line);
    if (row.mount.n == 0 || *row.mount.p != '/' || row.device.n == 0)
        return false;
    fits = figures[1] + figures[2] > 0 ? 100.0 * (double)figures[1] / ((double)figures[1] + (double)figures[2]) : 0;
    if (!is_rounded && (row.used_pct < fits - 1.01 || row.used_pct > fits + 1.01))
        return false;
    if (how->is_inodes) {
        row.has_inodes = row.has_inodes_pct = true;
        row.inodes_pct = row.used_pct;
        row.inodes_used = figures[1];
        row.inodes_free = figures[2];
        row.has_used_pct = false;
        row.used_pct = 0;
    } else if (is_rounded || how->unit > 0) {
        const uint64_t unit = is_rounded ? 1 : how->unit;

        for (size_t i = 0; i < 3; i++)
            figures[i] = figures[i] < UINT64_MAX / unit ? figures[i] * unit : UINT64_MAX;
        row.has_bytes = row.has_avail = true;
        row.total = figures[0];
        row.used = figures[1];
        row.avail = figures[2];
        row.is_rounded = is_rounded;
    }
    *ret = row;
    return true;
}

enum md_df_line md_df_line(struct md_str line)
{
    static const struct bare any = {.unit = 1024};
    struct md_df_paragraph paragraph;
    struct md_df_row row;
    struct layout layout;

    line = md_str_trim(line);
    if (line.n == 0)
        return MD_DF_LINE_NONE;
    if (strchr("FfMm", *line.p) != NULL && read_heading(line, &layout))
        return MD_DF_LINE_HEADING;
    if (*line.p == '/' && md_df_paragraph_begins(line, &paragraph, &row))
        return MD_DF_LINE_PARAGRAPH;
    return md_str_find(line, MD_LIT("% ")) > 0 && read_bare_row(line, md_str(""), &any, &row) ? MD_DF_LINE_ROW
                                                                                              : MD_DF_LINE_NONE;
}

static bool is_single_word(struct md_str line)
{
    struct md_str word = md_str_next_word(&line);

    return word.n > 0 && md_str_is_empty(md_str_trim(line));
}

/* The row in a line of a table with a heading; `device`: of the line before, or empty. */
static bool read_table_row(const struct layout *layout, struct md_str device, struct md_str line, struct md_df_row *ret)
{
    struct layout tail = *layout;

    if (device.n == 0 || layout->columns[0] != COLUMN_DEVICE)
        return read_row(layout, line, ret);
    tail.n--;
    for (size_t i = 0; i < tail.n; i++)
        tail.columns[i] = layout->columns[i + 1];
    if (!read_row(&tail, line, ret))
        return read_row(layout, line, ret);
    ret->device = device;
    return true;
}

struct parsing {
    struct md_arena *arena;
    struct md_df df;
    struct md_df_row *rows;
    size_t cap;
    struct layout layout; /* n == 0: no heading that we can read */
    struct bare bare;
    struct md_str device; /* that stands alone on the line before, or empty */
    struct md_df_paragraph paragraph;
    bool is_in_paragraph; /* the last row, which lines may go on with */
    uint32_t number;
};

static bool add(struct parsing *self, const struct md_df_row *row)
{
    struct md_df_row *own;

    if (self->df.n == MD_DF_ROWS_MAX)
        return false;
    own = md_arena_push(self->arena, &self->rows, &self->df.n, &self->cap, sizeof *own);
    *own = *row;
    own->line = self->number;
    return true;
}

static void take_line(struct parsing *self, struct md_str line)
{
    struct md_str device = self->device;
    struct md_df_row row;

    self->device.n = 0;
    if (md_str_is_empty(md_str_trim(line))) {
        self->is_in_paragraph = false;
        return;
    }
    if (read_heading(line, &self->layout)) {
        self->is_in_paragraph = false;
        return;
    }
    if (md_df_paragraph_begins(line, &self->paragraph, &row)) {
        self->layout.n = 0;
        self->is_in_paragraph = add(self, &row);
        return;
    }
    if (self->is_in_paragraph) {
        md_df_paragraph_goes_on(line, &self->paragraph, &self->rows[self->df.n - 1]);
        return;
    }
    if (is_single_word(line) && device.n == 0) {
        self->device = md_str_trim(line);
        return;
    }
    if (self->layout.n == 0) {
        if (read_bare_row(line, device, &self->bare, &row) || read_bare_row(line, md_str(""), &self->bare, &row))
            (void)add(self, &row);
        else
            read_foreign_heading(line, &self->bare);
        return;
    }
    if (read_table_row(&self->layout, device, line, &row)) {
        (void)add(self, &row);
        return;
    }
    self->df.bad_lines++;
    if (self->df.first_bad == 0)
        self->df.first_bad = self->number;
}

void md_df_parse(struct md_arena *arena, struct md_str text, bool is_inodes, struct md_df *ret)
{
    struct parsing self = {.arena = arena, .bare = {.is_inodes = is_inodes}, .device = {"", 0}};
    struct md_str line;

    while (md_str_next_line(&text, &line)) {
        self.number++;
        take_line(&self, md_str_trim_right(line));
    }
    self.df.rows = self.rows;
    *ret = self.df;
}

bool md_df_is_below(struct md_str mount, struct md_str path)
{
    if (mount.n == 0 || mount.p[0] != '/')
        return false;
    while (mount.n > 1 && mount.p[mount.n - 1] == '/')
        mount.n--;
    if (mount.n == 1)
        return path.n > 0 && path.p[0] == '/';
    return md_str_has_prefix(path, mount) && (path.n == mount.n || path.p[mount.n] == '/');
}

const struct md_df_row *md_df_find(const struct md_df *df, struct md_str path)
{
    const struct md_df_row *best = NULL;

    for (size_t i = 0; i < df->n; i++) {
        if (md_df_is_below(df->rows[i].mount, path) && (best == NULL || df->rows[i].mount.n > best->mount.n))
            best = &df->rows[i];
    }
    return best;
}
