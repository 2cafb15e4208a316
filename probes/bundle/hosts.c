#include "probes/bundle/hosts.h"

#include "engine/base/display.h"
#include "probes/bundle/recognise.h"
#include "probes/formats/msgserver/queue_name.h"

#define CANDIDATES_MAX 400 /* in one folder are weighed against each other */
#define LEFT_OUT_SHOWN 20

/* Files that are of one host as far as was seen: a folder, a file, or several of them. */
struct group {
    struct md_str label, stem; /* name of the folder or file, and what may be a host's of it */
    bool is_file;
    struct md_host_signs signs;
    size_t *members;
    size_t n, capacity;
};

struct groups {
    struct group **list;
    size_t n, capacity;
};

struct parting {
    struct md_arena *arena;
    const struct md_pack *pack;
    struct md_host_signs *signs; /* by member */
    bool *is_left;               /* by member: nobody's */
};

static struct group *new_group(struct parting *self, struct groups *groups, struct md_str label, bool is_file)
{
    struct group *group = md_arena_alloc(self->arena, sizeof *group);

    group->label = label;
    group->is_file = is_file;
    group->signs.is_shared = true;
    *(struct group **)md_arena_push(self->arena, &groups->list, &groups->n, &groups->capacity, sizeof group) = group;
    return group;
}

static void add_member(struct parting *self, struct group *group, size_t member)
{
    *(size_t *)md_arena_push(self->arena, &group->members, &group->n, &group->capacity, sizeof member) = member;
    if (!self->pack->members[member].is_dir)
        md_host_signs_join(&group->signs, &self->signs[member]);
}

static void join(struct parting *self, struct group *into, const struct group *from)
{
    for (size_t i = 0; i < from->n; i++)
        add_member(self, into, from->members[i]);
    if (md_str_is_empty(into->stem) || (into->is_file && !from->is_file)) {
        into->stem = from->stem;
        into->label = from->label;
        into->is_file = from->is_file;
    }
}

static bool have_common(const struct md_str *a, size_t n_a, const struct md_str *b, size_t n_b)
{
    for (size_t i = 0; i < n_a; i++)
        for (size_t k = 0; k < n_b; k++)
            if (md_host_is_same(a[i], b[k]))
                return true;
    return false;
}

static bool is_called_after(struct md_str label, const struct md_str *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (md_host_is_named(label, names[i]))
            return true;
    return false;
}

/* mta1 and mta2: the same letters, another number. */
static bool is_numbered_like(struct md_str a, struct md_str b)
{
    size_t i = 0;

    while (i < a.n && i < b.n && a.p[i] == b.p[i])
        i++;
    if (i == 0 || (i == a.n && i == b.n))
        return false;
    for (size_t k = i; k < a.n; k++)
        if (!md_is_digit(a.p[k]))
            return false;
    for (size_t k = i; k < b.n; k++)
        if (!md_is_digit(b.p[k]))
            return false;
    return true;
}

/* Names with a domain in the configuration. */
static bool are_whole(const struct md_host_signs *signs)
{
    bool is_whole = signs->n_config > 0;

    for (size_t i = 0; i < signs->n_config; i++)
        is_whole &= md_str_find_char(signs->config[i], '.') > 0;
    return is_whole;
}

enum relation { UNRELATED, SAME, DIFFERENT };

static enum relation by_names(const struct group *a, const struct group *b, bool holds_twice)
{
    const struct md_host_signs *x = &a->signs, *y = &b->signs;
    bool is_called =
        is_called_after(a->label, x->system, x->n_system) || is_called_after(b->label, y->system, y->n_system) ||
        is_called_after(a->label, x->config, x->n_config) || is_called_after(b->label, y->config, y->n_config);

    /* ms1 of one domain is not ms1 of another one. */
    if (holds_twice && are_whole(x) && are_whole(y) && !have_common(x->config, x->n_config, y->config, y->n_config))
        return DIFFERENT;
    if (x->n_system > 0 && y->n_system > 0) {
        if (have_common(x->system, x->n_system, y->system, y->n_system))
            return SAME;
        return holds_twice || is_called ? DIFFERENT : UNRELATED;
    }
    if (have_common(x->system, x->n_system, y->config, y->n_config) ||
        have_common(x->config, x->n_config, y->system, y->n_system))
        return SAME;
    if (x->n_config == 0 || y->n_config == 0)
        return UNRELATED;
    if (have_common(x->config, x->n_config, y->config, y->n_config))
        return holds_twice && is_numbered_like(a->stem, b->stem) ? DIFFERENT : SAME;
    return holds_twice || is_called ? DIFFERENT : UNRELATED;
}

static enum relation relation(const struct group *a, const struct group *b)
{
    const struct md_host_signs *x = &a->signs, *y = &b->signs;
    bool holds_twice = (x->singles & y->singles) != 0, have_stems = a->stem.n > 0 && b->stem.n > 0;
    enum relation by_name;

    if (x->is_bundle && y->is_bundle)
        return DIFFERENT;
    /* config/mta1 and logs/mta1, whatever one of them calls its host. */
    if (have_stems && md_str_eq(a->stem, b->stem) && !holds_twice)
        return SAME;
    by_name = by_names(a, b, holds_twice);
    if (by_name != UNRELATED)
        return by_name;
    if ((have_stems && md_str_eq(a->stem, b->stem)) || is_called_after(a->label, y->system, y->n_system) ||
        is_called_after(b->label, x->system, x->n_system) || is_called_after(a->label, y->config, y->n_config) ||
        is_called_after(b->label, x->config, x->n_config) || md_host_is_named(a->label, b->stem) ||
        md_host_is_named(b->label, a->stem))
        return SAME;
    return holds_twice && have_stems && !a->is_file && !b->is_file ? DIFFERENT : UNRELATED;
}

/* A folder called as a host may be, with something of a mail product, stands for one where the others do. */
static bool stands_alone(const struct group *group)
{
    return !group->is_file && group->stem.n > 0 && group->signs.is_product;
}

static bool take_in(struct parting *self, struct groups *hosts, const struct group *group)
{
    for (size_t i = 0; i < hosts->n; i++)
        if (relation(hosts->list[i], group) == SAME) {
            join(self, hosts->list[i], group);
            return true;
        }
    return false;
}

/* Of groups that lie side by side: those of one host become one. Adds to `out`. */
static void settle(struct parting *self, const struct groups *groups, struct groups *out)
{
    size_t n = groups->n < CANDIDATES_MAX ? groups->n : CANDIDATES_MAX;
    bool *is_host = md_arena_array(self->arena, groups->n + 1, sizeof *is_host), has_hosts = false;
    struct groups hosts = {0};

    for (size_t i = 0; i < n; i++)
        for (size_t k = i + 1; k < n; k++)
            if (relation(groups->list[i], groups->list[k]) == DIFFERENT)
                is_host[i] = is_host[k] = has_hosts = true;
    for (size_t i = 0; i < groups->n; i++) {
        const struct group *group = groups->list[i];

        if (!has_hosts && hosts.n > 0)
            join(self, hosts.list[0], group);
        else if ((!has_hosts || is_host[i]) && (!has_hosts || !take_in(self, &hosts, group)))
            join(self, new_group(self, &hosts, group->label, group->is_file), group);
    }
    for (size_t i = 0; i < groups->n && has_hosts; i++) {
        const struct group *group = groups->list[i];

        if (is_host[i] || take_in(self, &hosts, group))
            continue;
        if (stands_alone(group)) {
            join(self, new_group(self, &hosts, group->label, group->is_file), group);
            continue;
        }
        for (size_t k = 0; k < group->n; k++)
            self->is_left[group->members[k]] = true;
    }
    for (size_t i = 0; i < hosts.n; i++)
        *(struct group **)md_arena_push(self->arena, &out->list, &out->n, &out->capacity, sizeof(struct group *)) =
            hosts.list[i];
}

static bool is_bundle(const struct parting *self, struct md_str folder)
{
    const struct md_member *manifest =
        md_pack_find(self->pack, md_str(md_arena_printf(self->arena, "%.*smanifest.json", MD_STR_ARG(folder))));

    return manifest != NULL && self->signs[manifest - self->pack->members].is_bundle;
}

/* A file that says something is weighed by itself, the others of a folder together. */
static void add_file(struct parting *self, struct groups *groups, struct group **rest, size_t member)
{
    const struct md_host_signs *signs = &self->signs[member];
    struct md_str base = md_item_name_base(self->pack->members[member].name);
    struct group *group = *rest;

    if ((signs->n_system > 0 || signs->n_config > 0 || signs->singles != 0) && groups->n < CANDIDATES_MAX) {
        group = new_group(self, groups, base, true);
    } else if (group == NULL) {
        group = *rest = new_group(self, groups, md_str(""), true);
    }
    add_member(self, group, member);
}

/* The hosts among members [from, to), all of them in `folder` (with a final '/', or empty). */
static void part_folder(struct parting *self, size_t from, size_t to, struct md_str folder, struct groups *out)
{
    struct groups groups = {0};
    struct group *rest = NULL;

    if (is_bundle(self, folder)) {
        struct group *all = new_group(self, out, md_str(""), false);

        for (size_t i = from; i < to; i++)
            add_member(self, all, i);
        return;
    }
    for (size_t i = from; i < to;) {
        struct md_str name = self->pack->members[i].name, below = md_str_from(name, folder.n), label, stem;
        ptrdiff_t slash = md_str_find_char(below, '/');
        size_t end = i + 1, first = groups.n;

        if (slash < 0) {
            add_file(self, &groups, &rest, i++);
            continue;
        }
        name = md_str_sub(name, 0, folder.n + (size_t)slash + 1);
        while (end < to && md_str_has_prefix(self->pack->members[end].name, name))
            end++;
        part_folder(self, i, end, name, &groups);
        label = md_str_sub(below, 0, (size_t)slash);
        stem = md_host_stem(self->arena, label);
        if (groups.n == first + 1) {
            groups.list[first]->label = label;
            if (stem.n > 0)
                groups.list[first]->stem = stem;
        }
        /* As one folder they are weighed, even if they all were files of it. */
        for (size_t k = first; k < groups.n; k++)
            groups.list[k]->is_file &= groups.n > first + 1;
        i = end;
    }
    settle(self, &groups, out);
}

/* ---- the result ---- */

static int by_number(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;

    return (x > y) - (x < y);
}

static struct md_str common_folder(const struct parting *self, const struct group *group)
{
    struct md_str top = {"", 0};
    bool is_first = true;

    for (size_t i = 0; i < group->n; i++) {
        const struct md_member *member = &self->pack->members[group->members[i]];
        ptrdiff_t slash;

        if (member->is_dir)
            continue;
        if (is_first)
            top = member->name;
        is_first = false;
        while (top.n > 0 && !md_str_has_prefix(member->name, top))
            top.n--;
        slash = md_str_rfind_char(top, '/');
        top.n = slash < 0 ? 0 : (size_t)slash + 1;
    }
    return top;
}

static void fill(struct parting *self, const struct group *group, bool is_one_of_many, struct md_host_part *ret)
{
    const struct md_host_signs *signs = &group->signs;
    struct md_str hint = {0}, folder;

    if (signs->n_system == 1 || (is_one_of_many && signs->n_system > 0))
        hint = signs->system[0];
    else if (is_one_of_many && signs->n_config > 0)
        hint = signs->config[0];
    else if (is_one_of_many)
        hint = group->stem.n > 0 ? group->stem : group->label;
    ret->hint = hint.n > 0 ? md_display(self->arena, hint) : NULL;
    ret->top = common_folder(self, group);
    folder = ret->top.n > 0 ? md_str_sub(ret->top, 0, ret->top.n - 1)
             : group->n > 0 ? self->pack->members[group->members[0]].name
                            : md_str("");
    ret->folder = md_display(self->arena, folder);
    if (ret->top.n == 0 && group->n > 1)
        ret->folder = md_arena_printf(self->arena, "%s, ...", ret->folder);
    ret->members = group->members;
    ret->n_members = group->n;
}

static size_t all_of_it(struct parting *self, const struct md_host_part **ret)
{
    struct groups groups = {0};
    struct group *all = new_group(self, &groups, md_str(""), false);
    struct md_host_part *part = md_arena_alloc(self->arena, sizeof *part);

    for (size_t i = 0; i < self->pack->n; i++)
        add_member(self, all, i);
    fill(self, all, false, part);
    part->folder = "";
    *ret = part;
    return 1;
}

/* What nobody has: shared, or said to be left out. */
static void share(struct parting *self, struct groups *hosts, struct md_diags *diags)
{
    size_t left_out = 0;

    for (size_t i = 0; i < self->pack->n; i++) {
        const struct md_member *member = &self->pack->members[i];

        if (!self->is_left[i] || member->is_dir || member->is_opened)
            continue;
        if (self->signs[i].is_shared) {
            for (size_t k = 0; k < hosts->n; k++)
                *(size_t *)md_arena_push(self->arena, &hosts->list[k]->members, &hosts->list[k]->n,
                                         &hosts->list[k]->capacity, sizeof i) = i;
        } else if (++left_out <= LEFT_OUT_SHOWN) {
            md_diags_add(diags, MD_WARNING, (struct md_loc){md_display_max(self->arena, member->name, 300), 0, 0},
                         "it cannot be told of which of the %zu hosts this is; put it into the folder of its host",
                         hosts->n);
        }
    }
    if (left_out > LEFT_OUT_SHOWN)
        md_diags_add(diags, MD_WARNING, (struct md_loc){self->pack->path, 0, 0},
                     "%zu more files of which it cannot be told of which host they are", left_out - LEFT_OUT_SHOWN);
}

static void read_signs(struct parting *self, struct md_pack *pack, const struct md_source_options *options)
{
    char *buffer = md_xcalloc(MD_RECOGNISE_HEAD, 1);

    for (size_t i = 0; i < pack->n && (options->interrupted == NULL || *options->interrupted == 0); i++) {
        struct md_queue_name name;

        if (pack->members[i].is_dir || pack->members[i].is_opened || pack->members[i].status < 0 ||
            pack->members[i].size == 0)
            continue;
        if (md_queue_name_parse(md_item_name_base(pack->members[i].name), &name))
            self->signs[i].is_product = true;
        else
            md_host_signs_read(self->arena, pack, &pack->members[i], buffer, &self->signs[i]);
        if (options->progress != NULL)
            options->progress(options->progress_ctx, "telling hosts apart", i, pack->n);
    }
    free(buffer);
}

size_t md_hosts_find(struct md_arena *arena, struct md_pack *pack, const struct md_source_options *options,
                     struct md_diags *diags, const struct md_host_part **ret)
{
    struct parting self = {.arena = arena, .pack = pack};
    struct groups groups = {0}, hosts = {0};
    struct md_host_part *parts;

    self.signs = md_arena_array(arena, pack->n + 1, sizeof *self.signs);
    self.is_left = md_arena_array(arena, pack->n + 1, sizeof *self.is_left);
    read_signs(&self, pack, options);
    part_folder(&self, 0, pack->n, md_str(""), &groups);
    /* A host of which nothing belongs to a mail product (the directory server's process table) is none to diagnose. */
    for (size_t i = 0; i < groups.n; i++) {
        struct group *group = groups.list[i];

        if (group->signs.is_product && hosts.n < MD_HOSTS_MAX)
            *(struct group **)md_arena_push(arena, &hosts.list, &hosts.n, &hosts.capacity, sizeof group) = group;
        else
            for (size_t k = 0; k < group->n; k++)
                self.is_left[group->members[k]] = true;
    }
    if (hosts.n < 2)
        return all_of_it(&self, ret);
    share(&self, &hosts, diags);
    parts = md_arena_array(arena, hosts.n, sizeof *parts);
    for (size_t i = 0; i < hosts.n; i++) {
        fill(&self, hosts.list[i], true, &parts[i]);
        qsort(hosts.list[i]->members, hosts.list[i]->n, sizeof(size_t), by_number);
    }
    *ret = parts;
    return hosts.n;
}
