/* How this host's SMTP server greets: what somebody saw with telnet, or, on a live host, asked now. */
#include "probes/formats/system/greeting.h"
#include "probes/item_text.h"
#include "probes/msgserver/commands.h"
#include "probes/msgserver/world.h"

#define SMTP_PORT 25
#define TEXT_MAX (1u << 20)

static void set_greeting(struct md_probe_ctx *ctx, struct md_str word, const struct md_origin *origin)
{
    md_fact_text(ctx->facts, md_facts_root(ctx->facts), "host.dispatcher_banner", word, origin);
}

/* The first label, which a short name and a full one share. */
static struct md_str label(struct md_str name)
{
    ptrdiff_t dot = md_str_find_char(name, '.');

    return dot > 0 ? md_str_sub(name, 0, (size_t)dot) : name;
}

static bool is_this_host(const struct md_probe_ctx *ctx, struct md_str name)
{
    const char *host = md_source_host(ctx->source);

    if (md_str_is_nocase(name, "localhost") || md_str_has_prefix(name, MD_LIT("127.")) || md_str_is(name, "::1") ||
        md_str_is(name, "0"))
        return true;
    return (ctx->msgserver->host.n > 0 && md_str_eq_nocase(label(name), label(ctx->msgserver->host))) ||
           (host != NULL && md_str_eq_nocase(label(name), label(md_str(host))));
}

/* Whom "telnet localhost 25" calls; empty where it is not the port of SMTP. */
static struct md_str called(const char *command)
{
    struct md_str rest = md_str(command), word, host = {"", 0};

    (void)md_str_next_word(&rest);
    while ((word = md_str_next_word(&rest)).n > 0) {
        if (md_str_is(word, "25") || md_str_is(word, "smtp"))
            return host;
        if (word.p[0] != '-')
            host = word;
    }
    return md_str("");
}

/* What somebody pasted. Without its command only a reply of SMTP tells that it was the port of SMTP. */
static bool read_recorded(struct md_probe_ctx *ctx)
{
    const struct md_item *const *items;
    size_t n = md_source_items(ctx->source, MD_ITEM_GREETING, &items);

    for (size_t i = n; i > 0; i--) {
        const struct md_item *item = items[i - 1];
        struct md_greeting greeting;
        struct md_origin origin;
        struct md_str text;

        if (!md_item_text(ctx, item, TEXT_MAX, &text) || md_greeting_parse(text, &greeting) != MD_OK)
            continue;
        if (item->command == NULL && greeting.outcome != MD_GREETING_CODE)
            continue;
        if (!is_this_host(ctx, item->command != NULL ? called(item->command) : greeting.peer))
            continue;
        origin = md_item_origin(item, greeting.line);
        set_greeting(ctx,
                     greeting.outcome == MD_GREETING_CODE     ? greeting.code
                     : greeting.outcome == MD_GREETING_SILENT ? md_str("none")
                                                              : md_str("refused"),
                     &origin);
        return true;
    }
    return false;
}

static bool ask(struct md_probe_ctx *ctx)
{
    struct md_instance *root = md_facts_root(ctx->facts);
    const struct md_fact *product = md_fact_by_name(ctx->facts, root, "host.product");
    struct md_origin origin = {.kind = MD_ORIGIN_COMMAND, .name = "connect to port 25 of this host"};
    struct md_str line = {"", 0}, code;
    double seconds = MD_SOURCE_GREETING_S;
    struct md_fact *delay;
    enum md_status status;

    if (product == NULL || !product->is_known)
        return false;
    status = md_source_greeting(ctx->source, SMTP_PORT, ctx->arena, &line, &seconds);
    if (status == MD_NOT_FOUND) {
        set_greeting(ctx, md_str("refused"), &origin);
        return true;
    }
    if (status != MD_OK && status != MD_TIMEOUT) {
        if (status != MD_UNSUPPORTED)
            md_diags_add(ctx->diags, MD_WARNING, (struct md_loc){origin.name, 0, 0}, "failed: %s",
                         md_status_says(status));
        return false;
    }
    code = md_greeting_code(line);
    set_greeting(ctx, code.n > 0 ? code : md_str("none"), &origin);
    delay = md_fact_duration(ctx->facts, root, "host.banner_delay_s", seconds, &origin);
    if (status == MD_TIMEOUT)
        md_fact_bounds(delay, seconds, 10 * MD_SOURCE_GREETING_S); /* it was not waited for any longer */
    return true;
}

bool md_commands_greeting(struct md_probe_ctx *ctx)
{
    if (read_recorded(ctx) || ask(ctx))
        return true;
    md_fact_unknown(ctx->facts, md_facts_root(ctx->facts), "host.dispatcher_banner",
                    "our SMTP greeting was not asked for; telnet localhost 25 shows it");
    return false;
}
