/* manifest.json, dns.json and the listing of the files. */
#include "probes/bundle/collect_priv.h"

#include <jansson.h>

#include "engine/base/display.h"

#define BUNDLE_SCHEMA "mtadoctor.bundle/1"

/* ---- listings ---- */

static bool is_plain(unsigned char c)
{
    return c >= 0x20 && c != 0x7f && c != '\\';
}

void md_collect_stat_line(struct md_buf *out, struct md_str path, bool is_dir, uint64_t size, int64_t mtime,
                          const char *rest)
{
    for (size_t i = 0; i < path.n; i++) {
        unsigned char c = (unsigned char)path.p[i];

        if (is_plain(c))
            md_buf_add(out, md_str_n(path.p + i, 1));
        else
            md_buf_printf(out, "\\x%02x", c);
    }
    md_buf_printf(out, "\t%llu\t", (unsigned long long)size);
    if (mtime == MD_TIME_NONE || mtime < 0)
        md_buf_puts(out, "-");
    else if (mtime % MD_SECOND == 0)
        md_buf_printf(out, "%lld", (long long)(mtime / MD_SECOND));
    else
        md_buf_printf(out, "%lld.%06lld", (long long)(mtime / MD_SECOND), (long long)(mtime % MD_SECOND));
    md_buf_printf(out, "\t%s\t%c\n", rest, is_dir ? 'd' : 'f');
}

/* ---- JSON ---- */

static int append(const char *bytes, size_t n, void *out)
{
    md_buf_add(out, md_str_n(bytes, n));
    return 0;
}

static void print(json_t *value, struct md_buf *out)
{
    json_dump_callback(value, append, out, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
    md_buf_puts(out, "\n");
    json_decref(value);
}

static json_t *slice(struct md_collect *self, struct md_str text)
{
    return json_string(md_display(self->arena, text));
}

static json_t *word(struct md_collect *self, struct md_str text)
{
    return slice(self, md_redact_word(self->options->redactor, self->arena, text));
}

static json_t *path(struct md_collect *self, struct md_str text)
{
    return slice(self, text.n > 0 ? md_redact_path(self->options->redactor, self->arena, text) : text);
}

static json_t *word_or_null(struct md_collect *self, const char *text)
{
    return text != NULL ? word(self, md_str(text)) : json_null();
}

static json_t *text_or_null(const char *text)
{
    return text != NULL ? json_string(text) : json_null();
}

static json_t *instant(struct md_collect *self, int64_t at)
{
    int64_t fraction = at == MD_TIME_NONE ? 0 : at % MD_SECOND;
    char *text;

    if (at == MD_TIME_NONE)
        return json_null();
    text = md_time_rfc3339(self->arena, at);
    if (fraction > 0) /* ages are to come out alike */
        text = md_arena_printf(self->arena, "%.*s.%06dZ", (int)strlen(text) - 1, text, (int)fraction);
    return json_string(text);
}

void md_collect_dns(struct md_collect *self, struct md_buf *out)
{
    json_t *list = json_array();

    for (size_t i = 0; i < self->n_answers; i++) {
        const struct md_dns_answer *answer = &self->answers[i];
        const char *key = answer->type == MD_DNS_MX                                 ? "exchange"
                          : answer->type == MD_DNS_A || answer->type == MD_DNS_AAAA ? "address"
                                                                                    : "target";
        json_t *records = json_array();

        for (size_t k = 0; k < answer->n_records; k++) {
            json_t *record = json_object();

            if (answer->type == MD_DNS_MX)
                json_object_set_new(record, "preference", json_integer(answer->records[k].preference));
            json_object_set_new(record, key, slice(self, answer->records[k].data));
            json_array_append_new(records, record);
        }
        json_array_append_new(list, json_pack("{s:o, s:s, s:s, s:o, s:o, s:I}", "name", slice(self, answer->name),
                                              "type", md_dns_type_name(answer->type), "status",
                                              md_dns_status_name(answer->status), "records", records, "resolver",
                                              slice(self, answer->resolver), "ms", (json_int_t)answer->ms));
    }
    print(json_pack("{s:s, s:o}", "schema", "mtadoctor.dns/1", "answers", list), out);
}

/* ---- what a host said ---- */

static json_t *command_json(struct md_collect *self, const struct md_collect_command *command)
{
    struct md_str line = md_str(command->item->command), next;
    json_t *argv = json_array(), *out = json_object();

    while (!md_str_is_empty(next = md_str_next_word(&line)))
        json_array_append_new(argv, word(self, next));
    json_object_set_new(out, "argv", argv);
    json_object_set_new(out, "kind", json_string(md_item_kind_name(command->item->kind)));
    json_object_set_new(out, "exit",
                        command->item->exit_code >= 0 ? json_integer(command->item->exit_code) : json_null());
    if (command->item->status == MD_TIMEOUT)
        json_object_set_new(out, "status", json_string("timeout"));
    json_object_set_new(out, "stdout", slice(self, command->out));
    json_object_set_new(out, "stderr", command->err.n > 0 ? slice(self, command->err) : json_null());
    json_object_set_new(out, "started", instant(self, command->item->taken_at));
    json_object_set_new(out, "ms", json_integer(command->item->ms));
    return out;
}

static const char *result_name(enum md_status status)
{
    for (size_t i = 0; i < MD_REPLAY_RESULTS; i++)
        if (md_replay_results[i].status == status)
            return md_replay_results[i].name;
    return NULL; /* nothing was said */
}

static json_t *ports_json(struct md_collect *self, const struct md_collect_port *ports, size_t n, bool is_greeting)
{
    json_t *list = json_array();

    for (size_t i = 0; i < n; i++) {
        json_t *one = json_object();

        json_object_set_new(one, "port", json_integer(ports[i].port));
        json_object_set_new(one, "result", text_or_null(result_name(ports[i].status)));
        if (is_greeting) {
            json_object_set_new(one, "line", word(self, ports[i].line));
            json_object_set_new(one, "s", json_real(ports[i].seconds));
        }
        json_array_append_new(list, one);
    }
    return list;
}

static json_t *asked_json(struct md_collect *self)
{
    json_t *programs = json_array();

    for (size_t i = 0; i < self->n_programs; i++)
        json_array_append_new(programs, json_pack("{s:o, s:o}", "program", path(self, self->programs[i].program),
                                                  "result", text_or_null(result_name(self->programs[i].status))));
    return json_pack("{s:o, s:o, s:o}", "ports", ports_json(self, self->ports, self->n_ports, false), "greetings",
                     ports_json(self, self->greetings, self->n_greetings, true), "programs", programs);
}

static json_t *unread_json(struct md_collect *self)
{
    json_t *list = json_array();

    for (size_t i = 0; i < self->n_unread; i++)
        json_array_append_new(list, json_pack("{s:o, s:s, s:s}", "path", path(self, md_str(self->unread[i]->path)),
                                              "kind", md_item_kind_name(self->unread[i]->kind), "why",
                                              md_status_says(self->unread[i]->status)));
    return list;
}

static json_t *listings_json(struct md_collect *self, bool are_trees)
{
    json_t *list = json_array();

    for (size_t i = 0; i < self->n_listings; i++) {
        const struct md_collect_listing *one = &self->listings[i];

        if (one->is_tree == are_trees)
            json_array_append_new(list, json_pack("{s:o, s:o, s:b}", "root", path(self, one->root), "file",
                                                  slice(self, one->file), "complete", (int)one->is_complete));
    }
    return list;
}

/* ---- what a manifest said that is written anew ---- */

static json_t *copy_of(struct md_collect *self, const struct md_node *node, bool is_word)
{
    json_t *out;
    double number;
    bool truth;

    if (node == NULL || node->kind == MD_NODE_NULL)
        return json_null();
    if (node->kind == MD_NODE_SCALAR) {
        if (node->is_quoted)
            return is_word ? word(self, node->text) : slice(self, node->text);
        if (md_node_bool(node, &truth) == MD_OK)
            return json_boolean(truth);
        if (md_node_double(node, &number) < 0)
            return slice(self, node->text);
        return number == (double)(json_int_t)number ? json_integer((json_int_t)number) : json_real(number);
    }
    out = node->kind == MD_NODE_LIST ? json_array() : json_object();
    for (const struct md_node *child = node->first; child != NULL; child = child->next) {
        /* Names of files and folders are redacted as such, what was typed or said as text; the rest is ours. */
        bool is_path = md_str_is(child->key, "root") || md_str_is(child->key, "file") ||
                       md_str_is(child->key, "stdout") || md_str_is(child->key, "stderr") ||
                       md_str_is(child->key, "program") || md_str_is(child->key, "path");
        bool is_text = is_word || md_str_is(child->key, "argv") || md_str_is(child->key, "line");
        json_t *value = is_path && child->is_quoted ? path(self, child->text) : copy_of(self, child, is_text);

        if (node->kind == MD_NODE_LIST)
            json_array_append_new(out, value);
        else
            json_object_set_new(out, md_display(self->arena, child->key), value);
    }
    return out;
}

static void put_copies(struct md_collect *self, json_t *out, const struct md_node *manifest)
{
    static const char *const keys[] = {"products", "commands", "listings", "dns",      "recorded",
                                       "asked",    "unread",   "loose",    "absolute", "trees"};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (md_node_get(manifest, keys[i]) != NULL)
            json_object_set_new(out, keys[i], copy_of(self, md_node_get(manifest, keys[i]), false));
}

/* ---- the manifest ---- */

static json_t *products_json(struct md_collect *self)
{
    json_t *list = json_array();

    for (size_t i = 0; i < self->options->n_products; i++) {
        const struct md_collect_product *product = &self->options->products[i];

        json_array_append_new(list, json_pack("{s:s, s:o, s:n}", "name", product->name, "version",
                                              text_or_null(product->version), "root"));
    }
    return list;
}

static json_t *redactions_json(struct md_collect *self)
{
    json_t *counts = json_object();

    for (size_t i = 0; md_redactor_class(i) != NULL; i++) {
        uint64_t n = md_redactor_count(self->options->redactor, i);

        if (n > 0)
            json_object_set_new(counts, md_redactor_class(i), json_integer((json_int_t)n));
    }
    return json_pack("{s:s, s:o}", "policy", self->options->policy, "counts", counts);
}

static json_t *partial_json(struct md_collect *self, const struct md_node *manifest)
{
    const struct md_node *before = md_node_get(manifest, "partial");
    json_t *list = json_array();

    for (const struct md_node *node = before != NULL ? before->first : NULL; node != NULL; node = node->next)
        json_array_append_new(list, path(self, node->text));
    for (size_t i = 0; i < self->n_partial; i++)
        json_array_append_new(list, slice(self, self->partial[i]));
    return list;
}

static bool is_any_absolute(const struct md_recorded *recorded)
{
    for (size_t i = 0; i < recorded->pack->n; i++)
        if (recorded->pack->members[i].is_absolute)
            return true;
    return false;
}

void md_collect_manifest(struct md_collect *self, struct md_buf *out)
{
    const struct md_collect_options *options = self->options;
    const struct md_recorded *recorded = md_recorded_of(self->source);
    const struct md_node *before = md_source_manifest(self->source);
    json_t *all = json_object();

    json_object_set_new(all, "schema", json_string(BUNDLE_SCHEMA));
    json_object_set_new(all, "created", instant(self, options->now));
    json_object_set_new(all, "timezone", text_or_null(options->zone != NULL ? md_zone_name(options->zone) : NULL));
    json_object_set_new(all, "host", word_or_null(self, options->host));
    json_object_set_new(all, "tool", json_pack("{s:s, s:s}", "name", "mtadoctor", "version", options->tool_version));
    if (recorded == NULL) {
        json_t *commands = json_array();

        for (size_t i = 0; i < self->n_commands; i++)
            json_array_append_new(commands, command_json(self, &self->commands[i]));
        json_object_set_new(all, "products", products_json(self));
        json_object_set_new(all, "commands", commands);
        json_object_set_new(all, "listings", listings_json(self, false));
        json_object_set_new(all, "dns", self->n_answers > 0 ? json_string("dns.json") : json_null());
        json_object_set_new(all, "recorded", json_boolean(md_source_is_first_hand(self->source)));
        json_object_set_new(all, "asked", asked_json(self));
        json_object_set_new(all, "unread", unread_json(self));
    } else if (before != NULL) {
        put_copies(self, all, before);
    } else {
        json_object_set_new(all, "loose", json_boolean(md_source_facts(self->source) == NULL));
        json_object_set_new(all, "absolute", json_boolean(is_any_absolute(recorded)));
        json_object_set_new(all, "recorded", json_boolean(md_source_is_first_hand(self->source)));
    }
    if (recorded != NULL && !recorded->has_layout)
        json_object_set_new(all, "trees", listings_json(self, true));
    json_object_set_new(all, "partial", partial_json(self, before));
    json_object_set_new(all, "redactions", redactions_json(self));
    print(all, out);
}
