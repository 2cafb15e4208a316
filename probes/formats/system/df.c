#include "probes/formats/system/df.h"

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
        {"iuse%", COLUMN_INODES_PCT},  {"%iused", COLUMN_INODES_PCT}, {"mounted", COLUMN_MOUNT},
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (md_str_is_nocase(word, names[i].name))
            return names[i].column;
    }
    return unit_by_name(word) != 0 ? COLUMN_TOTAL : COLUMN_OTHER;
}

static bool read_heading(struct md_str line, struct layout *ret)
{
    struct layout layout = {.unit = 1024};
    bool has_figures = false;

    for (;;) {
        struct md_str word = md_str_next_word(&line);
        enum column column;

        if (md_str_is_empty(word))
            break;
        if (layout.n == COLUMNS_MAX)
            return false;
        /* "file system" and "Mounted on" are two words, and so is "MB blocks". */
        if (layout.n == 0 && md_str_is_nocase(word, "file"))
            word = md_str_next_word(&line).n > 0 ? MD_LIT("filesystem") : word;
        column = column_by_name(word);
        if (layout.n == 0 && column != COLUMN_DEVICE)
            return false;
        if (column == COLUMN_TOTAL) {
            struct md_str rest = line;

            layout.unit = unit_by_name(word);
            if (md_str_is_nocase(md_str_next_word(&rest), "blocks"))
                line = rest;
        }
        has_figures =
            has_figures || column == COLUMN_AVAIL || column == COLUMN_INODES_PCT || column == COLUMN_INODES_USED;
        layout.columns[layout.n++] = column;
        if (column == COLUMN_MOUNT)
            break;
    }
    if (!has_figures || layout.columns[layout.n - 1] != COLUMN_MOUNT)
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

        if (layout->columns[i] == COLUMN_MOUNT) {
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
        case COLUMN_OTHER:
        case COLUMN_MOUNT: break;
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
    if (!row.has_used_pct && has_used && row.has_avail && row.used + row.avail > 0) {
        row.used_pct = 100.0 * (double)row.used / ((double)row.used + (double)row.avail);
        row.has_used_pct = true;
    }
    if (has_inodes_total && has_inodes_used && !has_inodes_free && inodes >= row.inodes_used) {
        row.inodes_free = inodes - row.inodes_used;
        has_inodes_free = true;
    }
    row.has_inodes = has_inodes_used && has_inodes_free;
    if (!row.has_inodes_pct && row.has_inodes && row.inodes_used + row.inodes_free > 0) {
        row.inodes_pct = 100.0 * (double)row.inodes_used / ((double)row.inodes_used + (double)row.inodes_free);
        row.has_inodes_pct = true;
    }
    *ret = row;
    return true;
}

/* "/var (/dev/dsk/c0t0d0s3 ): 1234567 blocks 45678 files": free blocks of 512 bytes and free inodes. */
static bool read_plain_row(struct md_str line, struct md_df_row *ret)
{
    struct md_df_row row = {0};
    ptrdiff_t open = md_str_find_char(line, '(');
    ptrdiff_t close = md_str_find(line, MD_LIT("):"));
    struct md_str rest;
    uint64_t blocks;

    if (line.n == 0 || line.p[0] != '/' || open <= 0 || close <= open)
        return false;
    row.mount = md_str_trim(md_str_sub(line, 0, (size_t)open));
    row.device = md_str_trim(md_str_sub(line, (size_t)open + 1, (size_t)(close - open - 1)));
    rest = md_str_from(line, (size_t)close + 2);
    if (md_num_all_u64(md_str_next_word(&rest), UINT64_MAX / 512, &blocks) != MD_OK ||
        !md_str_is(md_str_next_word(&rest), "blocks"))
        return false;
    row.avail = blocks * 512;
    row.has_avail = true;
    *ret = row;
    return true;
}

static bool is_single_word(struct md_str line)
{
    struct md_str word = md_str_next_word(&line);

    return word.n > 0 && md_str_is_empty(md_str_trim(line));
}

void md_df_parse(struct md_arena *arena, struct md_str text, struct md_df *ret)
{
    struct md_df df = {0};
    struct md_df_row *rows = NULL;
    size_t cap = 0;
    struct layout layout = {.n = 0};
    struct md_str line;
    struct md_str device = {NULL, 0};
    uint32_t number = 0;

    while (md_str_next_line(&text, &line)) {
        struct md_df_row row;
        bool ok;

        number++;
        line = md_str_trim_right(line);
        if (md_str_is_empty(md_str_trim(line))) {
            device.n = 0;
            continue;
        }
        if (read_heading(line, &layout)) {
            device.n = 0;
            continue;
        }
        if (layout.n == 0) {
            if (!read_plain_row(line, &row))
                continue;
            ok = true;
        } else if (device.n == 0 && is_single_word(line)) {
            device = md_str_trim(line);
            continue;
        } else if (device.n > 0) {
            struct layout tail = layout;

            for (size_t i = 1; i < layout.n; i++)
                tail.columns[i - 1] = layout.columns[i];
            tail.n--;
            ok = read_row(&tail, line, &row);
            row.device = device;
            if (!ok)
                ok = read_row(&layout, line, &row);
            device.n = 0;
        } else {
            ok = read_row(&layout, line, &row);
        }
        if (!ok) {
            df.bad_lines++;
            if (df.first_bad == 0)
                df.first_bad = number;
            continue;
        }
        if (df.n == MD_DF_ROWS_MAX)
            break;
        row.line = number;
        *(struct md_df_row *)md_arena_push(arena, &rows, &df.n, &cap, sizeof *rows) = row;
    }
    df.rows = rows;
    *ret = df;
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
