/*
 * probes/calendar/identity: whether the source is about Calendar Server, of which version, and what the host is for.
 *
 * The logs of both products have one layout, so a log counts only where its programs are those of Calendar Server; outputs of the database
 * library's tools count only where nothing else is there that has such a database.
 */
#include "probes/calendar/world.h"
#include "probes/formats/calendar/version.h"
#include "probes/formats/msgserver/nslog.h"
#include "probes/formats/system/ps.h"
#include "probes/item_text.h"
#include "probes/probe.h"
#include "probes/product.h"

#define SMALL_ITEM_MAX ((size_t)4 << 20)
#define LOG_LINES_MAX 20000
#define LOG_ITEMS_MAX 16
#define WALK_MAX 20000
#define CSDB_MAJOR_MAX 6 /* later versions keep their calendars elsewhere */

/* Kinds that only Calendar Server has; one is enough to know the product. */
static const enum md_item_kind own_kinds[] = {
    MD_ITEM_ICS_CONF,   MD_ITEM_CALENDAR_LOG, MD_ITEM_CALENDAR_START, MD_ITEM_CALENDAR_NOTICE,
    MD_ITEM_CALDB_CONF, MD_ITEM_CSDB_VERSION, MD_ITEM_CSDB_CHECK,     MD_ITEM_CSDB_REBUILD,
    MD_ITEM_CSDB_LIST,  MD_ITEM_CSDB_RECOVER, MD_ITEM_CSTOOL,         MD_ITEM_CSSCHEDULE,
    MD_ITEM_DBRIG,      MD_ITEM_CSCAL,        MD_ITEM_CSCOMPONENTS,   MD_ITEM_CSCAPTURE,
};

/* Kinds of the database library, which the message store has, too. */
static const enum md_item_kind library_kinds[] = {MD_ITEM_DB_VERIFY,  MD_ITEM_DB_RECOVER, MD_ITEM_DB_STAT,
                                                  MD_ITEM_DB_ARCHIVE, MD_ITEM_DB_DUMP,    MD_ITEM_CALENDAR_TEXT};

static const enum md_item_kind reads[] = {
    MD_ITEM_ICS_CONF,
    MD_ITEM_CALENDAR_LOG,
    MD_ITEM_CALENDAR_START,
    MD_ITEM_CALENDAR_NOTICE,
    MD_ITEM_CALENDAR_TEXT,
    MD_ITEM_CALDB_CONF,
    MD_ITEM_CSDB_FILE,
    MD_ITEM_CSDB_VERSION,
    MD_ITEM_CSDB_CHECK,
    MD_ITEM_CSDB_REBUILD,
    MD_ITEM_CSDB_LIST,
    MD_ITEM_CSDB_RECOVER,
    MD_ITEM_CSTOOL,
    MD_ITEM_CSSCHEDULE,
    MD_ITEM_DBRIG,
    MD_ITEM_CSCAL,
    MD_ITEM_CSCOMPONENTS,
    MD_ITEM_CSCAPTURE,
    MD_ITEM_PSTACK,
    MD_ITEM_DB_VERIFY,
    MD_ITEM_DB_STAT,
    MD_ITEM_DB_RECOVER,
    MD_ITEM_PS,
    MD_ITEM_LISTING,
    MD_ITEM_MANIFEST,
    MD_ITEM_KIND_COUNT,
};

/* ---- product ---- */

static const struct md_item *first_of(struct md_probe_ctx *ctx, enum md_item_kind kind)
{
    const struct md_item *const *items;
    size_t n = md_source_items(ctx->source, kind, &items);

    for (size_t i = 0; i < n; i++)
        if (items[i]->status == MD_OK)
            return items[i];
    return NULL;
}

static bool is_database_name(struct md_str path)
{
    ptrdiff_t slash = md_str_rfind_char(path, '/');
    struct md_str base = md_str_from(path, (size_t)(slash + 1));

    return md_str_has_prefix(base, MD_LIT("ics50")) &&
           (md_str_has_suffix(base, MD_LIT(".db")) || md_str_has_suffix(base, MD_LIT(".conf")));
}

struct walk {
    size_t seen;
    bool found;
};

static bool look_for_database(void *p, const struct md_dir_entry *entry)
{
    struct walk *walk = p;

    walk->found = !entry->is_dir && is_database_name(entry->path);
    return !walk->found && ++walk->seen < WALK_MAX;
}

static const struct md_item *listing_of_database(struct md_probe_ctx *ctx)
{
    const struct md_item *const *items;
    size_t n = md_source_items(ctx->source, MD_ITEM_LISTING, &items);

    for (size_t i = 0; i < n; i++) {
        struct walk walk = {0};
        enum md_status status = items[i]->status;

        /* The probe that walks it whole reports what is wrong with its lines. */
        if (status == MD_OK)
            status = md_source_walk(ctx->source, items[i], NULL, look_for_database, &walk);
        if (walk.found)
            return items[i];
        if (status < 0 && status != MD_INTERRUPTED)
            md_item_say_unread(ctx, items[i], "cannot be read", status);
    }
    return NULL;
}

/* By the path that a process was started by: an editor or a search of somebody else may have any path among its arguments. */
static const struct md_item *table_with_daemon(struct md_probe_ctx *ctx)
{
    static const char *const programs[] = {"cshttpd", "csadmind", "csstored", "csnotifyd", "csdwpd"};
    const struct md_item *const *items;
    size_t n = md_source_items(ctx->source, MD_ITEM_PS, &items);

    for (size_t i = 0; i < n; i++) {
        struct md_str text;
        struct md_ps table;

        if (items[i]->status != MD_OK || !md_item_text(ctx, items[i], SMALL_ITEM_MAX, &text))
            continue;
        md_ps_parse(ctx->arena, text, &table);
        for (size_t row = 0; row < table.n; row++) {
            struct md_str command = table.rows[row].command, path = md_str_next_word(&command);

            for (size_t k = 0; k < sizeof programs / sizeof *programs; k++)
                if (md_str_is(table.rows[row].program, programs[k]))
                    return items[i];
            if (md_str_find(path, MD_LIT("SUNWics5/")) >= 0 || md_str_find(path, MD_LIT("sun/calendar/")) >= 0)
                return items[i];
        }
    }
    return NULL;
}

static const struct md_item *database_file(struct md_probe_ctx *ctx)
{
    const struct md_item *const *items;
    size_t n = md_source_items(ctx->source, MD_ITEM_CSDB_FILE, &items);

    for (size_t i = 0; i < n; i++)
        if (is_database_name(md_str(items[i]->base)))
            return items[i];
    return NULL;
}

/* What the tools of the library say is of Calendar Server where a file of its is named, or nothing of another product is there. */
static const struct md_item *library_item(struct md_probe_ctx *ctx)
{
    const struct md_fact *product = md_fact_by_name(ctx->facts, md_facts_root(ctx->facts), "host.product");
    bool is_alone = product == NULL || !product->is_known;

    for (size_t k = 0; k < sizeof library_kinds / sizeof *library_kinds; k++) {
        const struct md_item *const *items;
        size_t n = md_source_items(ctx->source, library_kinds[k], &items);

        for (size_t i = 0; i < n; i++) {
            struct md_str text;

            if (items[i]->status != MD_OK)
                continue;
            if (is_alone || (md_item_text(ctx, items[i], SMALL_ITEM_MAX, &text) &&
                             (md_str_find(text, MD_LIT("ics50")) >= 0 || md_str_find(text, MD_LIT("csdb")) >= 0)))
                return items[i];
        }
    }
    return NULL;
}

static bool is_in_manifest(struct md_probe_ctx *ctx)
{
    const struct md_node *products = md_node_get(md_source_manifest(ctx->source), "products");

    for (const struct md_node *p = products != NULL ? products->first : NULL; p != NULL; p = p->next)
        if (md_str_is(md_node_text(p, "name"), "calendar"))
            return true;
    return false;
}

static bool find_product(struct md_probe_ctx *ctx)
{
    struct md_origin origin = {.kind = MD_ORIGIN_FILE, .name = "manifest.json"};
    const struct md_item *item = NULL;

    if (is_in_manifest(ctx)) {
        md_product_found(ctx, "calendar", &origin);
        return true;
    }
    for (size_t i = 0; i < sizeof own_kinds / sizeof *own_kinds && item == NULL; i++)
        item = first_of(ctx, own_kinds[i]);
    if (item == NULL)
        item = database_file(ctx);
    if (item == NULL)
        item = listing_of_database(ctx);
    if (item == NULL)
        item = table_with_daemon(ctx);
    if (item == NULL)
        item = library_item(ctx);
    if (item == NULL)
        return false;
    origin = md_item_origin(item, 0);
    md_product_found(ctx, "calendar", &origin);
    return true;
}

/* ---- version ---- */

struct search {
    struct md_probe_ctx *ctx;
    struct md_calendar_version version;
    struct md_origin origin;
    bool found;
};

static void search_items(struct search *s, enum md_item_kind kind, bool is_bare)
{
    const struct md_item *const *items;
    size_t n = md_source_items(s->ctx->source, kind, &items), tried = 0;

    /* Logs are in the order of time: the newest one says what runs now. */
    for (size_t i = n; i-- > 0 && tried < LOG_ITEMS_MAX && !s->found; tried++) {
        struct md_lines *lines = items[i]->status == MD_OK ? md_lines_open(s->ctx, items[i]) : NULL;
        struct md_str line;
        uint32_t number;

        for (size_t k = 0; lines != NULL && k < LOG_LINES_MAX && md_lines_next(lines, &line, &number); k++) {
            struct md_calendar_version version;

            if (!md_calendar_version_find(line, is_bare, &version))
                continue;
            s->version = version;
            s->origin = md_item_origin(items[i], number);
            s->found = true; /* the last start line counts: go on */
        }
        md_lines_close(&lines);
    }
}

static void search_manifest(struct search *s)
{
    const struct md_node *products = md_node_get(md_source_manifest(s->ctx->source), "products");

    for (const struct md_node *p = products != NULL ? products->first : NULL; p != NULL && !s->found; p = p->next)
        if (md_str_is(md_node_text(p, "name"), "calendar") &&
            md_calendar_version_find(md_node_text(p, "version"), true, &s->version)) {
            s->origin = (struct md_origin){.kind = MD_ORIGIN_FILE, .name = "manifest.json", .line = p->loc.line};
            s->found = true;
        }
}

static void set_version(struct md_probe_ctx *ctx, struct md_calendar_world *world)
{
    struct md_instance *root = md_facts_root(ctx->facts);
    struct search s = {.ctx = ctx};
    const char *text;

    search_items(&s, MD_ITEM_CSDB_VERSION, true);
    if (!s.found)
        search_items(&s, MD_ITEM_CSCAPTURE, false);
    if (!s.found)
        search_manifest(&s);
    if (!s.found)
        search_items(&s, MD_ITEM_CALENDAR_LOG, false);
    if (!s.found)
        search_items(&s, MD_ITEM_CALENDAR_START, false);
    if (!s.found)
        search_items(&s, MD_ITEM_ICS_CONF, false);
    if (!s.found)
        search_items(&s, MD_ITEM_CALENDAR_NOTICE, false);
    if (!s.found) {
        md_fact_unknown(ctx->facts, root, "host.cal_version", "nothing in the source says which version this is");
        md_fact_unknown(ctx->facts, root, "host.cal_version_num", "nothing in the source says which version this is");
        return;
    }
    text = md_arena_printf(ctx->arena, "%d.%d", s.version.major, s.version.minor);
    world->version_major = s.version.major;
    world->version_minor = s.version.minor;
    /* Berkeley DB is part of the product: 4.2 from 6.0 on. */
    if (s.version.major == CSDB_MAJOR_MAX && world->library == NULL)
        world->library = "4.2";
    md_fact_text(ctx->facts, root, "host.cal_version", md_str(text), &s.origin);
    md_fact_number(ctx->facts, root, "host.cal_version_num", s.version.major * 100.0 + s.version.minor, &s.origin);
}

/* Later versions are administered with davadmin and have no csdb. */
static void set_uses_csdb(struct md_probe_ctx *ctx, const struct md_calendar_world *world)
{
    struct md_instance *root = md_facts_root(ctx->facts);
    const struct md_item *const *items;
    size_t n = md_source_items(ctx->source, MD_ITEM_CSDB_VERSION, &items);
    const struct md_item *file = database_file(ctx);
    struct md_origin origin;

    for (size_t i = 0; i < n; i++)
        if (items[i]->command != NULL && md_str_find(md_str(items[i]->command), MD_LIT("davadmin")) >= 0 &&
            file == NULL) {
            origin = md_item_origin(items[i], 0);
            md_fact_bool(ctx->facts, root, "host.cal_uses_csdb", false, &origin);
            return;
        }
    if (world->version_major > 0) {
        const struct md_fact *version = md_fact_by_name(ctx->facts, root, "host.cal_version");

        md_fact_bool(ctx->facts, root, "host.cal_uses_csdb", world->version_major <= CSDB_MAJOR_MAX,
                     version != NULL && version->n_origins > 0 ? &version->origins[0] : NULL);
        return;
    }
    if (file == NULL)
        file = world->conf_item != NULL ? world->conf_item : listing_of_database(ctx);
    if (file != NULL) {
        origin = md_item_origin(file, 0);
        md_fact_bool(ctx->facts, root, "host.cal_uses_csdb", true, &origin);
        return;
    }
    md_fact_unknown(ctx->facts, root, "host.cal_uses_csdb", "neither the version nor a file of the database is known");
}

/* ---- host ---- */

static struct md_str name_from_log(struct md_probe_ctx *ctx, struct md_origin *origin)
{
    const struct md_item *item = first_of(ctx, MD_ITEM_CALENDAR_LOG);
    struct md_lines *lines = item != NULL ? md_lines_open(ctx, item) : NULL;
    struct md_str line, name = {"", 0};
    struct md_nslog_line event;
    uint32_t number;

    for (size_t k = 0; lines != NULL && k < 50 && name.n == 0 && md_lines_next(lines, &line, &number); k++)
        if (md_nslog_parse(line, &event) == MD_OK) {
            name = md_arena_str(ctx->arena, event.host);
            *origin = md_item_origin(item, number);
        }
    md_lines_close(&lines);
    return name;
}

static void set_name(struct md_probe_ctx *ctx, const struct md_calendar_world *world)
{
    struct md_instance *root = md_facts_root(ctx->facts);
    const struct md_fact *known = md_fact_by_name(ctx->facts, root, "host.name");
    struct md_origin origin = {.kind = MD_ORIGIN_FILE, .name = md_source_name(ctx->source)};
    struct md_str name = md_str(md_source_host(ctx->source));

    if (known != NULL && known->is_known)
        return;
    if (name.n == 0 && md_calendar_value(world, "local.hostname", &name))
        origin = md_item_origin(world->conf_item, 0);
    if (name.n == 0)
        name = name_from_log(ctx, &origin);
    if (name.n == 0)
        name = md_str(md_source_host_hint(ctx->source));
    if (name.n == 0) {
        md_fact_unknown(ctx->facts, root, "host.name", "nothing in the source names the host");
        return;
    }
    name = md_arena_str(ctx->arena, name);
    md_facts_name_root(ctx->facts, name);
    md_fact_text(ctx->facts, root, "host.name", name, &origin);
}

/* A front end has no calendars of its own, a back end no users. */
static void set_roles(struct md_probe_ctx *ctx, const struct md_calendar_world *world)
{
    struct md_instance *root = md_facts_root(ctx->facts);
    struct md_str roles[2], type;
    struct md_origin origin;
    size_t n = 0;
    bool is_spread, has_dwp, has_http;

    if (world->conf == NULL) {
        md_fact_unknown(ctx->facts, root, "host.cal_roles", "no ics.conf was found");
        return;
    }
    if (!md_calendar_knows(world, "service.dwp.enable") || !md_calendar_knows(world, "service.http.enable")) {
        md_fact_unknown(ctx->facts, root, "host.cal_roles", "the excerpt of ics.conf does not show it");
        return;
    }
    origin = md_item_origin(world->conf_item, 0);
    is_spread = md_calendar_value(world, "caldb.cld.type", &type) && md_str_is_nocase(type, "directory");
    has_dwp = md_calendar_flag(world, "service.dwp.enable", false);
    has_http = md_calendar_flag(world, "service.http.enable", true);
    if (has_dwp)
        roles[n++] = md_str("backend");
    if (has_http)
        roles[n++] = md_str(is_spread ? "frontend" : has_dwp ? "frontend" : "single");
    md_fact_texts(ctx->facts, root, "host.cal_roles", roles, n, &origin);
}

static enum md_status run(struct md_probe_ctx *ctx)
{
    struct md_calendar_world *world;

    if (!find_product(ctx))
        return MD_NOT_FOUND;
    world = md_calendar_load(ctx);
    world->is_there = true;
    set_version(ctx, world);
    set_uses_csdb(ctx, world);
    set_name(ctx, world);
    set_roles(ctx, world);
    return MD_OK;
}

const struct md_probe md_probe_calendar_identity = {
    .name = "calendar.identity",
    .says = "tells whether this is Calendar Server, its version, the host's name and what the host is for",
    .cost = MD_COST_FREE,
    .reads = reads,
    .run = run,
};
