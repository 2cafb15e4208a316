#include "cli/report/send.h"

#include <string.h>

#include "engine/ask.h"
#include "engine/base/display.h"

#define CAUSES_MAX 8

struct row {
    const char *facts;
    unsigned from, to; /* versions; 0: no bound */
    const char *command;
};

static const struct row rows[] = {
#define MD_SEND(facts, from, to, command) {facts, from, to, command},
#include "cli/report/send.def"
#undef MD_SEND
};

static bool begins(const char *name, const char *prefix)
{
    return name != NULL && strncmp(name, prefix, strlen(prefix)) == 0;
}

/* Version 0: not known. NULL: nothing is to be sent for it. */
static const struct row *row_of(const struct md_fact_def *def, unsigned version)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct row *row = &rows[i];
        bool fits = version == 0 || (version >= row->from && (row->to == 0 || version <= row->to));
        if (fits && (begins(def->name, row->facts) || begins(def->probe, row->facts))) {
            return row;
        }
    }
    return NULL;
}

static bool is_of_calendar(const struct md_fact_def *def)
{
    return begins(def->probe, "calendar.");
}

static unsigned version_by(struct md_facts *facts, const char *name)
{
    const struct md_fact *fact = md_fact_by_name(facts, md_facts_root(facts), name);
    return fact != NULL && fact->is_known && fact->value.u.number > 0 && fact->value.u.number < 100000
               ? (unsigned)fact->value.u.number
               : 0;
}

/* Of the product that the fact is of; 0: not known. */
static unsigned version_of(struct md_facts *facts, const struct md_fact_def *def)
{
    return version_by(facts, is_of_calendar(def) ? "host.cal_version_num" : "host.version_num");
}

/* Of the other commands one answer is all there is. */
static bool is_about_one(const struct row *row)
{
    return strstr(row->command, "{channel}") != NULL || strstr(row->command, "{destination}") != NULL ||
           strstr(row->command, "{user of mailbox}") != NULL;
}

/* Which rows were answered: a fact of theirs was read somewhere. (That nothing was seen is no answer.) */
static void find_answered(struct md_facts *facts, bool *ret)
{
    struct md_fact_walk walk = {0};
    const struct md_fact *fact;
    while ((fact = md_facts_next(facts, &walk)) != NULL) {
        if (!fact->is_known || fact->n_origins == 0 || (fact->def->type == MD_TYPE_BOOL && !fact->value.u.b)) {
            continue;
        }
        const struct row *row = row_of(fact->def, version_of(facts, fact->def));
        if (row != NULL) {
            ret[row - rows] = true;
        }
    }
    /* Rows of one command are one. */
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        for (size_t k = 0; k < i; k++) {
            if (strcmp(rows[i].command, rows[k].command) == 0) {
                ret[i] = ret[k] = ret[i] || ret[k];
            }
        }
    }
}

/* The folders of a version, where they usually are. */
static const char *folder(struct md_arena *arena, unsigned version, struct md_str name)
{
    const char *base = version == 0    ? "<base folder of the server>"
                       : version < 600 ? "<server root>/msg-<instance>"
                       : version < 700 ? "/opt/SUNWmsgsr"
                                       : "/opt/sun/comms/messaging64";
    bool is_old = version > 0 && version < 600;
    static const struct {
        const char *name, *old, *below;
    } folders[] = {{"base", "", ""},
                   {"data", "", "/data"},
                   {"log", "/log/imta", "/data/log"},
                   {"queue", "/imta/queue", "/data/queue"},
                   {"config", "/imta/config", "/config"}};
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        if (md_str_is(name, folders[i].name)) {
            return md_arena_printf(arena, "%s%s", base, is_old ? folders[i].old : folders[i].below);
        }
    }
    return NULL;
}

/* Those of Calendar Server as rules/lib/calendar.lua has them; csdb where ics.conf has it, if that is a plain path. */
static const char *calendar_folder(struct md_arena *arena, const struct md_facts *facts, unsigned version,
                                   struct md_str name)
{
    const struct md_fact *csdb = md_fact_by_name(facts, md_facts_root(facts), "host.cal_csdb_path");
    const char *own = csdb != NULL && csdb->is_known ? md_arena_cstr(arena, csdb->value.u.text) : "";
    bool is_old = version > 0 && version < 600, is_linux = strstr(own, "/opt/sun/calendar") != NULL;
    static const struct {
        const char *name, *old, *solaris, *on_linux;
    } folders[] = {
        {"csdb", "<server root>/cal/csdb", "/var/opt/SUNWics5/csdb", "/var/opt/sun/calendar/csdb"},
        {"cal.log", "<server root>/cal/logs", "/var/opt/SUNWics5/logs", "/var/opt/sun/calendar/logs"},
        {"cal.config", "<server root>/cal/bin/config", "/etc/opt/SUNWics5/config", "/etc/opt/sun/calendar/config"},
        {"cal.sbin", "<server root>/cal/bin", "/opt/SUNWics5/cal/sbin", "/opt/sun/calendar/cal/sbin"},
        {"cal.tools", "<server root>/cal/bin", "/opt/SUNWics5/cal/tools/unsupported/bin",
         "/opt/sun/calendar/cal/tools/unsupported/bin"}};
    if (md_str_is(name, "csdb") && own[0] == '/' &&
        own[strspn(own, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._-")] == '\0') {
        return own;
    }
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        if (md_str_is(name, folders[i].name)) {
            return is_old ? folders[i].old : is_linux ? folders[i].on_linux : folders[i].solaris;
        }
    }
    return NULL;
}

/* With the folders put in, and then the names. */
static const char *command_of(struct md_arena *arena, const struct row *row, const struct md_facts *facts,
                              unsigned version, const struct md_instance *at)
{
    struct md_str rest = md_str(row->command);
    const char *text = "";
    ptrdiff_t open;
    while ((open = md_str_find_char(rest, '{')) >= 0) {
        ptrdiff_t close = md_str_find_char(rest, '}');
        struct md_str name = md_str_sub(rest, (size_t)open + 1, (size_t)(close - open - 1));
        const char *where = folder(arena, version, name);
        struct md_str whole = md_str_sub(rest, (size_t)open, (size_t)(close - open + 1));
        where = where != NULL ? where : calendar_folder(arena, facts, version, name);
        text = md_arena_printf(arena, "%s%.*s", text, (int)open, rest.p);
        text = where != NULL ? md_arena_printf(arena, "%s%s", text, where)
                             : md_arena_printf(arena, "%s%s", text, md_ask_text(arena, whole, at));
        rest = md_str_from(rest, (size_t)close + 1);
    }
    return md_arena_printf(arena, "%s%.*s", text, MD_STR_ARG(rest));
}

static void add_causes(struct md_arena *arena, struct md_send *send, const struct md_unknown *u)
{
    const char **ids = md_arena_array(arena, CAUSES_MAX, sizeof(*ids));
    size_t n = 0;
    for (size_t i = 0; i < send->n_would_change; i++) {
        ids[n++] = send->would_change[i];
    }
    for (size_t i = 0; i < u->n_would_change && n < CAUSES_MAX; i++) {
        bool is_new = true;
        for (size_t k = 0; k < n; k++) {
            is_new &= strcmp(ids[k], u->would_change[i]) != 0;
        }
        if (is_new) {
            ids[n++] = u->would_change[i];
        }
    }
    send->would_change = ids;
    send->n_would_change = n;
}

size_t md_send_find(struct md_arena *arena, const struct md_result *result, const struct md_send **ret)
{
    const struct md_catalogue *catalogue = md_facts_catalogue(result->facts);
    struct md_send *list = md_arena_array(arena, MD_SEND_MAX, sizeof(*list));
    bool *answered = md_arena_array(arena, sizeof(rows) / sizeof(rows[0]), sizeof(*answered));
    size_t n = 0;
    find_answered(result->facts, answered);
    for (size_t i = 0; i < result->n_unknown; i++) {
        const struct md_unknown *u = &result->unknown[i];
        const struct md_fact_def *def = md_catalogue_fact(catalogue, md_str(u->fact));
        unsigned version = def == NULL ? 0 : version_of(result->facts, def);
        const struct row *row = def == NULL ? NULL : row_of(def, version);
        if (row == NULL || (answered[row - rows] && !is_about_one(row))) {
            continue;
        }
        const char *command = command_of(arena, row, result->facts, version, u->at);
        size_t k = 0;
        while (k < n && strcmp(list[k].command, command) != 0) {
            k++;
        }
        if (k == n && n == MD_SEND_MAX) {
            continue;
        }
        list[k].command = command;
        n += k == n;
        add_causes(arena, &list[k], u);
    }
    *ret = list;
    return n;
}
