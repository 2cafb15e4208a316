#include "probes/formats/calendar/bdb_walk.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/arena.h"

struct sums {
    uint64_t is_target, points, is_leveled, points_leveled, edges_on, edges_back, overflow_bytes, overflow_said;
    bool has_duplicate_tree, is_shared;
};

struct md_bdb_walk {
    struct md_bdb_walk_options options;
    struct md_bdb_file file;
    uint32_t last; /* page that may be pointed at */
    bool has_meta;
    struct sums sums;
    uint64_t zeros; /* pages since the last one that shows when they were made */
    uint32_t last_zero;
    uint32_t
        made; /* page that was made before the checkpoint, and all before it, as a page says that was not changed since */
    struct md_bdb_fault zero_faults[MD_BDB_FAULTS_MAX];
    size_t n_zero_faults;
    uint8_t root_type;
    size_t n_rest; /* bytes of a page that is not whole yet */
    uint8_t rest[MD_BDB_PAGE_MAX];
};

struct md_bdb_walk *md_bdb_walk_new(const struct md_bdb_walk_options *options)
{
    struct md_bdb_walk *walk = md_xcalloc(1, sizeof *walk);

    walk->options = *options;
    return walk;
}

void md_bdb_walk_free(struct md_bdb_walk **walk)
{
    free(*walk);
    *walk = NULL;
}

static void note_fault(struct md_bdb_file *file, const struct md_bdb_fault *fault)
{
    if (file->n_faults < MD_BDB_FAULTS_MAX)
        file->faults[file->n_faults++] = *fault;
}

static bool is_settled(const struct md_bdb_walk *walk, struct md_bdb_lsn lsn)
{
    return !walk->options.is_open ||
           (lsn.file > 0 && walk->options.settled.file > 0 && !md_bdb_lsn_is_later(lsn, walk->options.settled));
}

/* ---- pages of zeros ---- */

/*
 * Pages are made one after the other. So where a later page shows a change that a checkpoint has covered, the ones before it were made before
 * that checkpoint and written by it.
 */
static void zeros_are_damage(struct md_bdb_walk *walk)
{
    for (size_t i = 0; i < walk->n_zero_faults; i++)
        note_fault(&walk->file, &walk->zero_faults[i]);
    walk->file.zeroed += walk->zeros;
    walk->zeros = 0;
    walk->n_zero_faults = 0;
}

/* At the end: those that a settled page points at, or beyond. */
static void judge_zeros(struct md_bdb_walk *walk)
{
    struct md_bdb_file *file = &walk->file;
    uint64_t damage = 0;

    /* The first page tells how many pages were made; where a checkpoint covers that, no later page needs to. */
    if (is_settled(walk, file->meta.lsn) || walk->last_zero <= walk->made) {
        zeros_are_damage(walk);
        return;
    }
    for (size_t i = 0; i < walk->n_zero_faults && walk->zero_faults[i].page <= walk->made; i++) {
        note_fault(file, &walk->zero_faults[i]);
        damage++;
    }
    file->zeroed += damage;
    file->unwritten = walk->zeros - damage;
}

static void take_zeros(struct md_bdb_walk *walk, uint32_t number)
{
    const struct md_bdb_meta *meta = &walk->file.meta;

    if (meta->method == MD_BDB_HASH || meta->method == MD_BDB_QUEUE || meta->has_several)
        return; /* made in advance */
    if (!meta->is_old && meta->fault == NULL && number > meta->last_page)
        return; /* not used yet; counted as beyond the end */
    walk->zeros++;
    walk->last_zero = number;
    if (walk->n_zero_faults < MD_BDB_FAULTS_MAX)
        walk->zero_faults[walk->n_zero_faults++] = (struct md_bdb_fault){number, MD_BDB_ZEROED, "it is all zeros"};
}

/* ---- pages ---- */

static void add_sums(struct sums *sums, const struct md_bdb_page *page)
{
    sums->is_target += page->is_target;
    sums->points += page->points;
    sums->is_leveled += page->is_leveled;
    sums->points_leveled += page->points_leveled;
    sums->edges_on += page->edges_on;
    sums->edges_back += page->edges_back;
    sums->overflow_bytes += page->overflow_bytes;
    sums->overflow_said += page->overflow_said;
    sums->has_duplicate_tree |= page->has_duplicate_tree;
    sums->is_shared |= page->is_shared;
}

static void note_lsn(struct md_bdb_file *file, struct md_bdb_lsn lsn, uint32_t page)
{
    if (lsn.file > 0 && md_bdb_lsn_is_later(lsn, file->lsn)) {
        file->lsn = lsn;
        file->lsn_page = page;
    }
}

/* What a settled page points at was made before the checkpoint, which wrote the first page, too, with the number of the last one. */
static bool points_too_far(const struct md_bdb_walk *walk, const struct md_bdb_page *page)
{
    const struct md_bdb_meta *meta = &walk->file.meta;

    return walk->options.is_open && !meta->is_old && meta->fault == NULL && page->furthest > meta->last_page &&
           is_settled(walk, page->lsn);
}

static void take_page(struct md_bdb_walk *walk, const uint8_t *bytes)
{
    struct md_bdb_file *file = &walk->file;
    uint32_t number = file->pages < UINT32_MAX ? (uint32_t)file->pages : UINT32_MAX;
    struct md_bdb_page page;

    file->pages++;
    if (number == 0) {
        note_lsn(file, file->meta.lsn, 0);
        return;
    }
    md_bdb_page_check(&file->meta, number, walk->last, bytes, &page);
    if (number == file->meta.root)
        walk->root_type = page.type;
    if (page.verdict == MD_BDB_GOOD && points_too_far(walk, &page)) {
        page.verdict = MD_BDB_DAMAGED;
        page.fault = "it points at a page that cannot be";
    }
    switch (page.verdict) {
    case MD_BDB_GOOD:
        file->types[page.type]++;
        note_lsn(file, page.lsn, number);
        add_sums(&walk->sums, &page);
        if (is_settled(walk, page.lsn)) {
            walk->made = page.furthest > walk->made ? page.furthest : walk->made;
            zeros_are_damage(walk);
        }
        return;
    case MD_BDB_ZEROED: take_zeros(walk, number); return;
    case MD_BDB_DAMAGED: file->damaged++; break;
    case MD_BDB_SUM_WRONG: file->sum_wrong++; break;
    }
    note_fault(file, &(struct md_bdb_fault){number, page.verdict, page.fault});
}

static void take_meta(struct md_bdb_walk *walk)
{
    struct md_bdb_file *file = &walk->file;
    const struct md_bdb_meta *meta = &file->meta;
    uint64_t size = walk->options.size;

    (void)md_bdb_meta_read(walk->rest, walk->n_rest, &file->meta);
    walk->has_meta = true;
    walk->last = meta->is_old ? 0 : meta->last_page;
    /* What is in use grows while it is read. */
    if (size == UINT64_MAX || meta->page_size == 0 || walk->options.is_open || meta->fault != NULL)
        walk->last = UINT32_MAX;
    else if (size / meta->page_size > walk->last)
        walk->last = (uint32_t)(size / meta->page_size <= UINT32_MAX ? size / meta->page_size - 1 : UINT32_MAX);
}

void md_bdb_walk_feed(struct md_bdb_walk *walk, const void *bytes, size_t n)
{
    const uint8_t *p = bytes;
    size_t page, take;

    walk->file.bytes += n;
    while (n > 0 && !walk->has_meta) {
        take = MD_BDB_META - walk->n_rest < n ? MD_BDB_META - walk->n_rest : n;
        memcpy(walk->rest + walk->n_rest, p, take);
        walk->n_rest += take;
        p += take;
        n -= take;
        if (walk->n_rest == MD_BDB_META)
            take_meta(walk);
    }
    page = walk->file.meta.page_size;
    if (page == 0)
        return;
    while (n > 0 || walk->n_rest == page) {
        if (walk->n_rest == 0 && n >= page) { /* in place */
            take_page(walk, p);
            p += page;
            n -= page;
            continue;
        }
        take = page - walk->n_rest < n ? page - walk->n_rest : n;
        memcpy(walk->rest + walk->n_rest, p, take);
        walk->n_rest += take;
        p += take;
        n -= take;
        if (walk->n_rest < page)
            return;
        take_page(walk, walk->rest);
        walk->n_rest = 0;
    }
}

/* ---- the whole file ---- */

static void judge_end(struct md_bdb_walk *walk)
{
    struct md_bdb_file *file = &walk->file;
    const struct md_bdb_meta *meta = &file->meta;

    file->is_multiple = meta->page_size != 0 && file->bytes % meta->page_size == 0;
    if (meta->page_size == 0 || meta->is_old || meta->fault != NULL || meta->method == MD_BDB_QUEUE ||
        meta->method == MD_BDB_HEAP)
        return;
    if (file->pages > (uint64_t)meta->last_page + 1)
        file->beyond = file->pages - meta->last_page - 1;
    if (file->pages > meta->last_page)
        file->ends_where_said = MD_BDB_YES;
    else if ((is_settled(walk, meta->lsn) || file->pages <= walk->made) &&
             (meta->method != MD_BDB_HASH || !file->is_multiple)) /* empty buckets need no page */
        file->ends_where_said = MD_BDB_NO;
}

/* Nothing in it was changed since the checkpoint that wrote it. */
static bool is_at_rest(const struct md_bdb_walk *walk)
{
    return !walk->options.is_open || is_settled(walk, walk->file.lsn);
}

static void judge_links(struct md_bdb_walk *walk)
{
    struct md_bdb_file *file = &walk->file;
    const struct md_bdb_meta *meta = &file->meta;
    const struct sums *s = &walk->sums;
    bool is_tree = meta->method == MD_BDB_BTREE || meta->method == MD_BDB_RECNO;
    uint64_t points;

    if (!is_tree || meta->fault != NULL || meta->is_old || meta->has_several || meta->is_encrypted ||
        !is_at_rest(walk) || file->damaged + file->zeroed + file->sum_wrong > 0 ||
        file->ends_where_said != MD_BDB_YES || file->beyond > 0)
        return;
    points = s->points + (meta->free_page != 0 ? md_bdb_pointer(meta->free_page) : 0);
    file->hangs_together = MD_BDB_NO;
    if (walk->root_type == MD_BDB_PAGE_FREE || walk->root_type == MD_BDB_PAGE_OVERFLOW)
        return;
    if (points != s->is_target || s->edges_on != s->edges_back)
        return;
    if (!s->has_duplicate_tree && s->points_leveled != s->is_leveled)
        return;
    if (!s->is_shared && s->overflow_bytes != s->overflow_said)
        return;
    file->hangs_together = MD_BDB_YES;
}

const struct md_bdb_file *md_bdb_walk_end(struct md_bdb_walk *walk)
{
    struct md_bdb_file *file = &walk->file;

    if (!walk->has_meta)
        (void)md_bdb_meta_read(walk->rest, walk->n_rest, &file->meta);
    judge_zeros(walk);
    judge_end(walk);
    judge_links(walk);
    return file;
}
