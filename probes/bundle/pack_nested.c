/* Archives inside of what was given: one level of them is opened. */
#include "probes/bundle/pack.h"

#include "engine/base/display.h"
#include "probes/formats/msgserver/queue_name.h"
#include "probes/source/item_name.h"

#define OPENED_MAX 200 /* archives inside */
#define HEAD_MAX 512   /* the header of tar */

/* The sum in a header of tar, which also those have that came before "ustar". */
static bool is_old_tar(struct md_str head)
{
    struct md_str digits = md_str_trim(md_str_sub(head, 148, 8));
    unsigned long want = 0, sum = 0;

    if (head.n < HEAD_MAX || *head.p == '\0')
        return false;
    for (size_t i = 0; i < digits.n && digits.p[i] >= '0' && digits.p[i] <= '7'; i++)
        want = want * 8 + (unsigned long)(digits.p[i] - '0');
    for (size_t i = 0; i < HEAD_MAX; i++)
        sum += i >= 148 && i < 156 ? ' ' : (unsigned char)head.p[i];
    return want == sum;
}

bool md_pack_is_archive_head(struct md_str head)
{
    return md_str_eq(md_str_sub(head, 257, 5), MD_LIT("ustar")) || md_str_has_prefix(head, MD_LIT("PK\003\004")) ||
           md_str_has_prefix(head, MD_LIT("7z\xbc\xaf\x27\x1c")) || md_str_has_prefix(head, MD_LIT("070701")) ||
           md_str_has_prefix(head, MD_LIT("070707")) || is_old_tar(head);
}

/* Documents and programs that are zip files. */
static bool is_other_zip(struct md_str name)
{
    static const char *const ends[] = {".jar", ".war", ".ear", ".docx", ".xlsx", ".pptx", ".odt", ".ods"};

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (name.n > 5 && md_str_eq_nocase(md_str_from(name, name.n - strlen(ends[i])), md_str(ends[i])))
            return true;
    return false;
}

static bool is_archive(struct md_pack *pack, const struct md_member *member)
{
    struct md_str base = md_item_name_base(member->name);
    struct md_queue_name queue;
    struct md_item_name name;
    char head[HEAD_MAX];
    bool is_whole;
    ptrdiff_t got;

    if (member->is_dir || member->status < 0 || member->size == 0 || member->inside != NULL || is_other_zip(base) ||
        md_queue_name_parse(base, &queue))
        return false;
    md_item_name_read(base, &name);
    if (name.is_old_copy)
        return false;
    got = md_pack_head(pack, member, head, sizeof head, &is_whole);
    return got > 0 && md_pack_is_archive_head(md_str_n(head, (size_t)got));
}

void md_pack_open_nested(struct md_pack *pack, const struct md_source_options *options, struct md_diags *diags)
{
    size_t n = pack->n, opened = 0;
    const struct md_member **found = NULL;
    size_t n_found = 0, capacity = 0;

    for (size_t i = 0; i < n && (options->interrupted == NULL || *options->interrupted == 0); i++)
        if (is_archive(pack, &pack->members[i])) {
            struct md_member *copy;

            if (++opened > OPENED_MAX)
                break;
            pack->members[i].is_opened = true;
            copy = md_arena_alloc(pack->arena, sizeof *copy);
            *copy = pack->members[i];
            *(const struct md_member **)md_arena_push(pack->arena, &found, &n_found, &capacity, sizeof *found) = copy;
        }
    if (opened > OPENED_MAX)
        md_diags_add(diags, MD_WARNING, (struct md_loc){pack->path, 0, 0},
                     "more than %d archives inside; the others are not opened", OPENED_MAX);
    /* Members move while others are added; the copies stay. */
    for (size_t i = 0; i < n_found; i++) {
        enum md_status status = md_pack_index_inside(pack, found[i], options, diags);
        struct md_member *member;

        if (status == MD_OK)
            continue;
        member = &pack->members[md_pack_find(pack, found[i]->name) - pack->members];
        member->is_opened = false;
        member->status = status == MD_BAD_INPUT ? MD_OK : status;
        md_diags_add(diags, MD_WARNING, (struct md_loc){md_display_max(pack->arena, found[i]->name, 300), 0, 0},
                     "an archive that cannot be opened: %s", md_status_says(status));
    }
}
