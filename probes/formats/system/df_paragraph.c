/* File systems of System V: a mount point, a device in parentheses, and figures each followed by what they count. */
#include "probes/formats/system/df_priv.h"

#include "engine/base/num.h"
#include "engine/base/status.h"

/* In bytes, inodes or percent. */
enum figure { TOTAL, FREE, AVAIL, USED, USED_PCT, INODES_FREE, INODES_TOTAL, BLOCK_SIZE };

/* Of two that fit, the first. */
static const struct {
    const char *says;
    enum figure figure;
    uint64_t unit;
} labels[] = {
    {"total allocated Kb", TOTAL, 1024}, {"free allocated Kb", AVAIL, 1024}, {"used allocated Kb", USED, 1024},
    {"% allocation used", USED_PCT, 1},  {"total blocks", TOTAL, 512},       {"free blocks", FREE, 512},
    {"available", AVAIL, 512},           {"total files", INODES_TOTAL, 1},   {"free files", INODES_FREE, 1},
    {"total i-nodes", INODES_TOTAL, 1},  {"free i-nodes", INODES_FREE, 1},   {"file system block size", BLOCK_SIZE, 1},
    {"Kbytes free", AVAIL, 1024},        {"kilobytes", AVAIL, 1024},         {"blocks", AVAIL, 512},
    {"files", INODES_FREE, 1},           {"i-nodes", INODES_FREE, 1},
};

/* The next figure with a label that we know, taken off the line. */
static bool next_figure(struct md_str *line, uint64_t *ret, size_t *ret_label)
{
    while (!md_str_is_empty(*line = md_str_trim(*line))) {
        struct md_str word = md_str_next_word(line), rest = md_str_trim(*line);

        if (md_num_all_u64(word, UINT64_MAX / 1024, ret) != MD_OK)
            continue;
        for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
            struct md_str says = md_str(labels[i].says);

            if (md_str_has_prefix_nocase(rest, says) && (rest.n == says.n || !md_is_alnum(rest.p[says.n]))) {
                *line = md_str_from(rest, says.n);
                *ret_label = i;
                return true;
            }
        }
    }
    return false;
}

static bool knows(const struct md_df_paragraph *self, enum figure figure)
{
    return (self->known & 1U << figure) != 0;
}

static void fill(const struct md_df_paragraph *self, struct md_df_row *row)
{
    const uint64_t *figures = self->figures;
    const uint64_t total = figures[TOTAL], free = knows(self, FREE) ? figures[FREE] : figures[AVAIL];
    bool has_used =
        knows(self, USED) || (knows(self, TOTAL) && total >= free && (knows(self, FREE) || knows(self, AVAIL)));

    row->total = total;
    row->avail = knows(self, AVAIL) ? figures[AVAIL] : figures[FREE];
    row->used = knows(self, USED) ? figures[USED] : has_used ? total - free : 0;
    row->has_avail = knows(self, AVAIL) || knows(self, FREE);
    row->has_bytes = knows(self, TOTAL) && has_used && row->has_avail;
    row->has_used_pct = knows(self, USED_PCT) && figures[USED_PCT] <= 1000;
    row->used_pct = row->has_used_pct ? (double)figures[USED_PCT] : 0;
    row->has_inodes =
        knows(self, INODES_FREE) && knows(self, INODES_TOTAL) && figures[INODES_TOTAL] >= figures[INODES_FREE];
    row->has_inodes_pct = false;
    if (row->has_inodes) {
        row->inodes_free = figures[INODES_FREE];
        row->inodes_used = figures[INODES_TOTAL] - figures[INODES_FREE];
    }
    md_df_row_shares(row, has_used);
    if (self->is_unit_unknown) {
        row->has_bytes = row->has_avail = false;
        row->total = row->used = row->avail = 0;
    }
}

void md_df_paragraph_goes_on(struct md_str line, struct md_df_paragraph *self, struct md_df_row *row)
{
    /* "total: 41292242 blocks 2509056 files" of df -t */
    const bool is_total = md_str_has_prefix(md_str_trim(line), MD_LIT("total:"));
    uint64_t value;
    size_t i;

    while (next_figure(&line, &value, &i)) {
        enum figure figure = labels[i].figure;

        if (is_total && figure == AVAIL)
            figure = TOTAL;
        else if (is_total && figure == INODES_FREE)
            figure = INODES_TOTAL;
        self->is_unit_unknown |= figure == BLOCK_SIZE; /* HP-UX does not say what `df -g` counts in */
        self->figures[figure] = value * labels[i].unit;
        self->known |= 1U << figure;
    }
    fill(self, row);
}

bool md_df_paragraph_begins(struct md_str line, struct md_df_paragraph *self, struct md_df_row *ret)
{
    struct md_df_row row = {0};
    ptrdiff_t open = md_str_find(line, MD_LIT("(")), close = md_str_rfind_char(line, ')');
    struct md_str rest;

    if (line.n == 0 || *line.p != '/' || open <= 0 || close <= open)
        return false;
    rest = md_str_trim(md_str_from(line, (size_t)close + 1));
    if (!md_str_skip_prefix(&rest, MD_LIT(":")))
        return false;
    row.mount = md_str_trim(md_str_sub(line, 0, (size_t)open));
    row.device = md_str_trim(md_str_sub(line, (size_t)open + 1, (size_t)(close - open - 1)));
    *self = (struct md_df_paragraph){.known = 0};
    md_df_paragraph_goes_on(rest, self, &row);
    if (self->known == 0 && md_str_find(rest, MD_LIT("block size")) < 0)
        return false;
    *ret = row;
    return true;
}
