/*
 * probes/msgserver/identity: which product of which version this is, the host's name and its roles.
 *
 * The version is taken from the best witness there is: `imsimta version`, the manifest, the start lines of server logs
 * (the newest one), the Received line of a queue file. Roles come from the configuration, see probes/msgserver/roles.h.
 */
#include "engine/base/num.h"
#include "probes/formats/msgserver/queue_name.h"
#include "probes/formats/msgserver/version.h"
#include "probes/formats/system/ps.h"
#include "probes/item_text.h"
#include "probes/msgserver/mta_config_load.h"
#include "probes/msgserver/roles.h"
#include "probes/msgserver/world.h"
#include "probes/probe.h"
#include "probes/product.h"

#define SMALL_ITEM_MAX ((size_t)4 << 20)
#define LOG_LINES_MAX 20000 /* read from a server log in search of a start line */
#define LOG_ITEMS_MAX 8
#define QUEUE_FILES_MAX 20
#define HEAD_LINES_MAX 200 /* of a queue file */
#define WALK_MAX 5000      /* entries of a listing */

static const enum md_item_kind reads[] = {
    MD_ITEM_IMSIMTA_VERSION, MD_ITEM_MANIFEST, MD_ITEM_NSLOG,       MD_ITEM_QUEUE_FILE,         MD_ITEM_PS,
    MD_ITEM_IMSIMTA_PROCESS, MD_ITEM_IMTA_CNF, MD_ITEM_IMTA_TAILOR, MD_ITEM_JOB_CONTROLLER_CNF, MD_ITEM_DISPATCHER_CNF,
    MD_ITEM_CONFIGUTIL,      MD_ITEM_MSG_CONF, MD_ITEM_MSCONFIG,    MD_ITEM_CONFIG_XML,         MD_ITEM_LISTING,
    MD_ITEM_KIND_COUNT,
};

/* Kinds that only Messaging Server has; one is enough to know the product. */
static const enum md_item_kind own_kinds[] = {
    MD_ITEM_MAIL_LOG,
    MD_ITEM_CONNECTION_LOG,
    MD_ITEM_NSLOG,
    MD_ITEM_WATCHER_LOG,
    MD_ITEM_JOB_CONTROLLER_LOG,
    MD_ITEM_IMTA_CNF,
    MD_ITEM_JOB_CONTROLLER_CNF,
    MD_ITEM_DISPATCHER_CNF,
    MD_ITEM_IMTA_TAILOR,
    MD_ITEM_OPTION_DAT,
    MD_ITEM_CONFIG_XML,
    MD_ITEM_QUEUE_FILE,
    MD_ITEM_QUEUE_TREE,
    MD_ITEM_IMSIMTA_VERSION,
    MD_ITEM_IMSIMTA_PROCESS,
    MD_ITEM_CONFIGUTIL,
    MD_ITEM_MSCONFIG,
    MD_ITEM_COUNTERS,
    MD_ITEM_QM_MESSAGES,
    MD_ITEM_QM_JOBS,
    MD_ITEM_QM_SUMMARIZE,
    MD_ITEM_QM_DIRECTORY,
    MD_ITEM_QM_HISTORY,
    MD_ITEM_QM_TOP,
    MD_ITEM_QM_STATUS,
    MD_ITEM_IMSCONNUTIL,
    MD_ITEM_IMQUOTACHECK,
    MD_ITEM_MBOXUTIL,
    MD_ITEM_IMCHECK,
    MD_ITEM_STORED_STATUS,
    MD_ITEM_TEST_REWRITE,
    MD_ITEM_COUNTERUTIL,
};

struct search {
    struct md_probe_ctx *ctx;
    struct md_version version;
    struct md_origin origin;
    bool found;
};

static const struct md_item *usable(struct md_probe_ctx *ctx, enum md_item_kind kind)
{
    const struct md_item *const *items;
    size_t n = md_source_items(ctx->source, kind, &items);

    for (size_t i = 0; i < n; i++)
        if (items[i]->status == MD_OK)
            return items[i];
    return NULL;
}

/* ---- version ---- */

static void take(struct search *s, const struct md_version *version, const struct md_item *item, uint32_t line)
{
    s->version = *version;
    s->version.build = md_arena_str(s->ctx->arena, version->build);
    s->origin = md_origin_item(item, line);
    s->found = true;
}

static void search_command(struct search *s)
{
    const struct md_item *const *items;
    size_t n = md_source_items(s->ctx->source, MD_ITEM_IMSIMTA_VERSION, &items);

    for (size_t i = 0; i < n && !s->found; i++) {
        struct md_str text, line;
        struct md_version version;
        uint32_t number = items[i]->first_line;

        if (items[i]->status == MD_NOT_FOUND || !md_item_text(s->ctx, items[i], SMALL_ITEM_MAX, &text))
            continue;
        for (; !s->found && md_str_next_line(&text, &line); number++)
            if (md_version_find(line, &version))
                take(s, &version, items[i], number);
    }
}

static void search_manifest(struct search *s)
{
    const struct md_node *products = md_node_get(md_source_manifest(s->ctx->source), "products");

    for (const struct md_node *p = products != NULL ? products->first : NULL; p != NULL && !s->found; p = p->next) {
        struct md_version version;

        if (!md_str_is(md_node_text(p, "name"), "msgserver") || !md_version_parse(md_node_text(p, "version"), &version))
            continue;
        s->version = version;
        s->origin = (struct md_origin){.kind = MD_ORIGIN_FILE, .name = "manifest.json", .line = p->loc.line};
        s->found = true;
    }
}

/* The last start line near the beginning of the newest log that has one. */
static void search_logs(struct search *s)
{
    const struct md_item *const *items;
    size_t n = md_source_items(s->ctx->source, MD_ITEM_NSLOG, &items), tried = 0;

    for (size_t i = n; i-- > 0 && tried < LOG_ITEMS_MAX && !s->found; tried++) {
        struct md_lines *lines = items[i]->status == MD_OK ? md_lines_open(s->ctx, items[i]) : NULL;
        struct md_str line;
        uint32_t number;

        for (size_t k = 0; lines != NULL && k < LOG_LINES_MAX && md_lines_next(lines, &line, &number); k++) {
            struct md_version version;

            if (md_version_find(line, &version))
                take(s, &version, items[i], number);
        }
        md_lines_close(&lines);
    }
}

/* The newest Received line of a queue file is this host's own. */
static void search_queue_files(struct search *s)
{
    const struct md_item *const *items;
    size_t n = md_source_items(s->ctx->source, MD_ITEM_QUEUE_FILE, &items);

    for (size_t i = 0; i < n && i < QUEUE_FILES_MAX && !s->found; i++) {
        struct md_lines *lines = items[i]->status == MD_OK ? md_lines_open(s->ctx, items[i]) : NULL;
        size_t received = 0;
        struct md_str line;
        uint32_t number;

        for (size_t k = 0; lines != NULL && k < HEAD_LINES_MAX && md_lines_next(lines, &line, &number); k++) {
            struct md_version version;

            received += md_str_has_prefix_nocase(line, MD_LIT("Received:"));
            if (received > 1)
                break;
            if (received == 1 && md_version_find(line, &version)) {
                take(s, &version, items[i], number);
                break;
            }
        }
        md_lines_close(&lines);
    }
}

static void set_version(struct md_probe_ctx *ctx)
{
    struct search s = {.ctx = ctx};
    struct md_instance *root = md_facts_root(ctx->facts);
    const char *text;

    search_command(&s);
    if (!s.found)
        search_manifest(&s);
    if (!s.found)
        search_logs(&s);
    if (!s.found)
        search_queue_files(&s);
    if (!s.found) {
        static const char *const names[] = {"host.version", "host.version_num", "host.build"};

        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
            md_fact_unknown(ctx->facts, root, names[i], "nothing in the source says which version this is");
        return;
    }
    text = md_arena_printf(ctx->arena, "%d.%d", s.version.major, s.version.minor);
    ctx->msgserver->version_major = s.version.major;
    ctx->msgserver->version_minor = s.version.minor;
    ctx->msgserver->version = md_str(text);
    md_fact_text(ctx->facts, root, "host.version", md_str(text), &s.origin);
    md_fact_number(ctx->facts, root, "host.version_num", s.version.major * 100.0 + s.version.minor, &s.origin);
    md_fact_text(ctx->facts, root, "host.build", s.version.build, &s.origin);
}

/* ---- product ---- */

struct walk {
    size_t seen;
    bool is_in_queue; /* all of the listing */
    bool found;
};

static bool look_for_queue_file(void *p, const struct md_dir_entry *entry)
{
    struct walk *walk = p;
    struct md_queue_name name;
    ptrdiff_t slash = md_str_rfind_char(entry->path, '/');

    if (!entry->is_dir && (slash > 0 || walk->is_in_queue) &&
        md_queue_name_parse(md_str_from(entry->path, (size_t)slash + 1), &name))
        walk->found = true;
    return !walk->found && ++walk->seen < WALK_MAX;
}

static bool lists_a_queue(struct md_probe_ctx *ctx)
{
    const struct md_item *const *items;
    size_t n = md_source_items(ctx->source, MD_ITEM_LISTING, &items);
    struct walk walk = {0};

    for (size_t i = 0; i < n; i++) {
        walk.seen = 0;
        walk.is_in_queue = md_str_find(md_str(items[i]->root), MD_LIT("/queue/")) >= 0;
        /* The probe that walks it whole reports what is wrong with it. */
        if (md_source_walk(ctx->source, items[i], NULL, look_for_queue_file, &walk) == MD_INTERRUPTED && walk.found)
            return true;
    }
    return false;
}

/* Whether a process runs one of the programs: by the path that it was started by. Arguments do not count: an editor or a search of
 * somebody else may have any path among them. */
static bool shows_program(struct md_probe_ctx *ctx, enum md_item_kind kind, const char *const *programs, size_t n)
{
    const struct md_item *const *items;
    size_t count = md_source_items(ctx->source, kind, &items);

    for (size_t i = 0; i < count; i++) {
        struct md_str text;
        struct md_ps table;

        if (items[i]->status != MD_OK || !md_item_text(ctx, items[i], SMALL_ITEM_MAX, &text))
            continue;
        md_ps_parse(ctx->arena, text, &table);
        for (size_t row = 0; row < table.n; row++) {
            struct md_str command = table.rows[row].command, path = md_str_next_word(&command);

            for (size_t k = 0; k < n; k++)
                if (md_str_find(path, md_str(programs[k])) >= 0)
                    return true;
        }
    }
    return false;
}

/* Logs of watcher and notification server, and settings of such names, are those of a Calendar Server where it has files of its own. */
static bool may_be_of_calendar(struct md_probe_ctx *ctx, enum md_item_kind kind)
{
    static const enum md_item_kind calendar[] = {MD_ITEM_ICS_CONF, MD_ITEM_CALENDAR_LOG, MD_ITEM_CALENDAR_START};

    if (kind != MD_ITEM_NSLOG && kind != MD_ITEM_WATCHER_LOG && kind != MD_ITEM_CONFIGUTIL)
        return false;
    for (size_t i = 0; i < sizeof calendar / sizeof *calendar; i++)
        if (usable(ctx, calendar[i]) != NULL)
            return true;
    return false;
}

static bool set_product(struct md_probe_ctx *ctx)
{
    /* Names that only this product's programs and folders have. */
    static const char *const programs[] = {"/job_controller",       "/tcp_smtp_server",   "/ims_master",
                                           "SUNWmsgsr/lib/",        "sun/messaging/lib/", "comms/messaging/lib/",
                                           "comms/messaging64/lib/"};
    struct md_instance *root = md_facts_root(ctx->facts);
    const struct md_node *products = md_node_get(md_source_manifest(ctx->source), "products");
    struct md_origin origin = {.kind = MD_ORIGIN_FILE, .name = "manifest.json"};
    bool is_known = false;

    for (const struct md_node *p = products != NULL ? products->first : NULL; p != NULL; p = p->next)
        is_known |= md_str_is(md_node_text(p, "name"), "msgserver");
    for (size_t i = 0; i < sizeof own_kinds / sizeof *own_kinds && !is_known; i++) {
        const struct md_item *item = usable(ctx, own_kinds[i]);

        if (item != NULL && !may_be_of_calendar(ctx, own_kinds[i])) {
            origin = md_origin_item(item, 0);
            is_known = true;
        }
    }
    if (!is_known && lists_a_queue(ctx)) {
        origin = md_origin_item(usable(ctx, MD_ITEM_LISTING), 0);
        is_known = true;
    }
    if (!is_known && shows_program(ctx, MD_ITEM_PS, programs, sizeof programs / sizeof *programs)) {
        origin = md_origin_item(usable(ctx, MD_ITEM_PS), 0);
        is_known = true;
    }
    if (is_known)
        md_product_found(ctx, "msgserver", &origin);
    else
        md_fact_unknown(ctx->facts, root, "host.product", "nothing of a known product is in the source");
    return is_known;
}

/* ---- name of the host ---- */

/* Second word of the line that `imsimta version` takes from uname. */
static struct md_str name_from_version_item(struct md_probe_ctx *ctx, struct md_origin *origin)
{
    const struct md_item *item = usable(ctx, MD_ITEM_IMSIMTA_VERSION);
    struct md_str text, line;
    uint32_t number = item != NULL ? item->first_line : 0;

    if (item == NULL || !md_item_text(ctx, item, SMALL_ITEM_MAX, &text))
        return (struct md_str){0};
    for (; md_str_next_line(&text, &line); number++) {
        struct md_str system = md_str_next_word(&line);

        if (!md_str_is(system, "SunOS") && !md_str_is(system, "Linux") && !md_str_is(system, "AIX") &&
            !md_str_is(system, "HP-UX"))
            continue;
        *origin = md_origin_item(item, number);
        return md_str_next_word(&line);
    }
    return (struct md_str){0};
}

static void set_name(struct md_probe_ctx *ctx)
{
    const struct md_mta_config *config = md_mta_config_load(ctx);
    const struct md_mta_channel *local = md_mta_config_channel(config, MD_LIT("l"));
    struct md_instance *root = md_facts_root(ctx->facts);
    struct md_str name = md_str(md_source_host(ctx->source));
    struct md_mta_setting setting;
    struct md_origin origin = {.kind = MD_ORIGIN_FILE,
                               .name = md_source_manifest(ctx->source) != NULL ? "manifest.json"
                                                                               : md_source_name(ctx->source)};

    if (name.n == 0 && md_mta_config_value(config, "local.hostname", &setting) && setting.value.n > 0) {
        name = setting.value;
        origin = md_mta_config_origin(ctx, setting.loc);
    }
    if (name.n == 0 && local != NULL && local->n_hosts > 0) {
        name = local->hosts[0].name;
        origin = md_mta_config_origin(ctx, local->hosts[0].loc);
    }
    if (name.n == 0)
        name = name_from_version_item(ctx, &origin);
    if (name.n == 0)
        name = md_str(md_source_host_hint(ctx->source));
    if (name.n == 0) {
        md_fact_unknown(ctx->facts, root, "host.name", "nothing in the source names the host");
        return;
    }
    name = md_arena_str(ctx->arena, name);
    ctx->msgserver->host = name;
    md_facts_name_root(ctx->facts, name);
    md_fact_text(ctx->facts, root, "host.name", name, &origin);
}

/* ---- roles ---- */

static bool has_store_log(struct md_probe_ctx *ctx)
{
    static const char *const logs[] = {"imap", "pop", "http"};
    const struct md_item *const *items;
    size_t n = md_source_items(ctx->source, MD_ITEM_NSLOG, &items);

    for (size_t i = 0; i < n; i++) {
        struct md_str base = md_str(items[i]->base);
        ptrdiff_t dot = md_str_find_char(base, '.');

        if (dot > 0)
            base = md_str_sub(base, 0, (size_t)dot);
        for (size_t k = 0; k < sizeof logs / sizeof *logs; k++)
            if (md_str_is(base, logs[k]))
                return true;
    }
    return false;
}

static void set_roles(struct md_probe_ctx *ctx)
{
    static const char *const store[] = {"/stored", "/imapd", "/popd", "/mshttpd", "ims_master"};
    static const char *const lmtp[] = {"tcp_lmtp_server"};
    static const char *const proxy[] = {"ImapProxy", "PopProxy", "SmtpProxy", "/AService"};
    const struct md_mta_config *config = md_mta_config_load(ctx);
    struct md_instance *root = md_facts_root(ctx->facts);
    struct md_str names[MD_ROLE_COUNT];
    struct md_role_signs signs = {0};
    struct md_roles roles;
    struct md_fact *fact;
    size_t n = 0;

    signs.store_runs = has_store_log(ctx) || usable(ctx, MD_ITEM_STORED_STATUS) != NULL ||
                       shows_program(ctx, MD_ITEM_PS, store, sizeof store / sizeof *store) ||
                       shows_program(ctx, MD_ITEM_IMSIMTA_PROCESS, store, sizeof store / sizeof *store);
    signs.lmtp_server_runs =
        shows_program(ctx, MD_ITEM_PS, lmtp, 1) || shows_program(ctx, MD_ITEM_IMSIMTA_PROCESS, lmtp, 1);
    signs.proxy_runs = shows_program(ctx, MD_ITEM_PS, proxy, sizeof proxy / sizeof *proxy);
    md_roles_find(config, &signs, &roles);
    if (!roles.is_known) {
        md_fact_unknown(ctx->facts, root, "host.roles", "no configuration of channels in the source");
        return;
    }
    for (size_t i = 0; i < MD_ROLE_COUNT; i++)
        if (roles.has[i])
            names[n++] = md_str(md_role_name((enum md_role)i));
    fact = md_fact_texts(ctx->facts, root, "host.roles", names, n, NULL);
    for (size_t i = 0; i < MD_ROLE_COUNT; i++) {
        struct md_origin origin = md_mta_config_origin(ctx, roles.loc[i]);

        if (roles.has[i] && roles.loc[i].file != NULL)
            md_fact_origin(ctx->facts, fact, &origin);
    }
}

static void set_unified(struct md_probe_ctx *ctx)
{
    const struct md_mta_config *config = md_mta_config_load(ctx);
    const struct md_item *item = usable(ctx, MD_ITEM_CONFIG_XML);
    struct md_instance *root = md_facts_root(ctx->facts);
    struct md_origin origin;

    if (item == NULL && config->files.n_msconfig > 0)
        item = usable(ctx, MD_ITEM_MSCONFIG);
    if (item != NULL) {
        origin = md_origin_item(item, 0);
        md_fact_bool(ctx->facts, root, "host.is_unified", true, &origin);
    } else if (config->has_channels) {
        origin = md_mta_config_origin(ctx, config->channels[0].loc);
        md_fact_bool(ctx->facts, root, "host.is_unified", false, &origin);
    } else {
        md_fact_unknown(ctx->facts, root, "host.is_unified", "no configuration in the source");
    }
}

static enum md_status identity_run(struct md_probe_ctx *ctx)
{
    if (!set_product(ctx))
        return MD_NOT_FOUND;
    set_version(ctx); /* before the configuration, whose defaults depend on it */
    set_name(ctx);
    set_roles(ctx);
    set_unified(ctx);
    return MD_OK;
}

const struct md_probe md_probe_msgserver_identity = {
    .name = "msgserver.identity",
    .says = "tells product, version, host name and roles from version output, logs and configuration",
    .cost = MD_COST_FREE,
    .reads = reads,
    .run = identity_run,
};
