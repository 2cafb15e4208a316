#include "probes/formats/system/listing.h"
#include "probes/formats/system/listing_line.h"

#define FORMS (MD_LISTING_PATHS + 1)
#define LINES_MAX 2000

struct tally {
    size_t lines; /* that are not empty */
    size_t of[FORMS];
    size_t headers, totals, words;
    struct md_str root;
    bool has_root;
};

static struct md_str parent(struct md_str path)
{
    ptrdiff_t slash = md_str_rfind_char(path, '/');

    return slash > 0 ? md_str_sub(path, 0, (size_t)slash) : md_str_sub(path, 0, slash == 0 ? 1 : 0);
}

static bool is_at_or_below(struct md_str path, struct md_str root)
{
    return md_str_has_prefix(path, root) &&
           (path.n == root.n || path.p[root.n] == '/' || (root.n == 1 && root.p[0] == '/'));
}

/* Widens the root until it holds the folder. */
static void widen(struct tally *tally, struct md_str folder)
{
    if (folder.n == 0 || folder.p[0] != '/')
        return;
    if (!tally->has_root) {
        tally->root = folder;
        tally->has_root = true;
    }
    while (tally->root.n > 1 && !is_at_or_below(folder, tally->root))
        tally->root = parent(tally->root);
}

static bool is_path_line(struct md_str line)
{
    if (line.n > MD_LISTING_PATH_MAX || (line.p[0] != '/' && !md_str_has_prefix(line, MD_LIT("./"))))
        return false;
    for (size_t i = 0; i < line.n; i++)
        if ((unsigned char)line.p[i] <= 0x20 || line.p[i] == 0x7f)
            return false;
    return true;
}

static bool is_one_word(struct md_str line)
{
    for (size_t i = 0; i < line.n; i++)
        if ((unsigned char)line.p[i] <= 0x20 || line.p[i] == 0x7f)
            return false;
    return true;
}

static void count_line(struct tally *tally, struct md_str line, bool is_after_empty)
{
    struct md_listing_clock clock = {.reference = MD_TIME_NONE, .zone = md_zone_utc()};
    struct md_listing_line parsed;
    struct md_str folder;

    md_listing_line_parse(&clock, line, &parsed);
    if (parsed.form != MD_LISTING_NONE) {
        tally->of[parsed.form]++;
        if (parsed.form != MD_LISTING_TSV)
            widen(tally, parsed.is_dir && !tally->has_root ? parsed.path : parent(parsed.path));
        return;
    }
    if (md_listing_is_total(line)) {
        tally->totals++;
        return;
    }
    folder = md_listing_header(line, is_after_empty);
    if (folder.n > 0) {
        tally->headers++;
        widen(tally, folder);
    } else if (md_listing_is_command(line, &folder)) {
        tally->lines--;
        widen(tally, folder);
    } else if (is_path_line(line)) {
        /* The first folder of find is the root if the next line lies below it. */
        tally->of[MD_LISTING_PATHS]++;
        widen(tally, tally->has_root ? parent(line) : line);
    } else if (is_one_word(line)) {
        tally->words++;
    }
}

static enum md_listing_form verdict(const struct tally *t)
{
    size_t ls = t->of[MD_LISTING_LS];

    for (enum md_listing_form form = MD_LISTING_TSV; form <= MD_LISTING_FIND_PRINTF; form++)
        if (form != MD_LISTING_LS && t->of[form] * 10 > t->lines * 8)
            return form;
    /* A folder may be empty and garbage may stand between: more than half is enough where modes are so plain to see. */
    if (ls + t->headers + t->totals > t->lines / 2 && ls > 0)
        return MD_LISTING_LS;
    if (t->headers > 0 && t->totals >= t->headers && t->headers + t->totals == t->lines)
        return MD_LISTING_LS;
    if (t->of[MD_LISTING_PATHS] >= 2 && t->of[MD_LISTING_PATHS] * 10 > t->lines * 9)
        return MD_LISTING_PATHS;
    /* ls -R: headers, and only names below them. */
    if (t->headers >= 2 && t->totals == 0 && t->headers + t->words == t->lines)
        return MD_LISTING_PATHS;
    return MD_LISTING_NONE;
}

enum md_listing_form md_listing_recognise(struct md_str head, struct md_str *ret_root)
{
    struct tally tally = {0};
    struct md_str rest = head, line;
    ptrdiff_t last_lf = md_str_rfind_char(head, '\n');
    enum md_listing_form form;
    bool is_after_empty = true;

    if (last_lf > 0)
        rest.n = (size_t)last_lf; /* the last line may be cut */
    for (size_t i = 0; i < LINES_MAX && md_str_next_line(&rest, &line); i++) {
        if (line.n > MD_LISTING_LINE_MAX)
            continue;
        if (line.n > 0) {
            tally.lines++;
            count_line(&tally, line, is_after_empty);
        }
        is_after_empty = line.n == 0;
    }
    form = tally.lines > 0 ? verdict(&tally) : MD_LISTING_NONE;
    if (ret_root != NULL) {
        *ret_root = (struct md_str){0};
        if (form != MD_LISTING_NONE && tally.has_root && tally.root.n > 1)
            *ret_root = tally.root;
    }
    return form;
}
