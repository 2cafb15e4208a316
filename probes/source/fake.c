#include "probes/source/fake.h"

#include "probes/source/dns_answers.h"
#include "probes/source/source_priv.h"
#include "probes/source/stream.h"

#define PORTS_MAX 16
#define PROGRAMS_MAX 16

struct fake {
    struct md_str *texts; /* by handle */
    size_t n_texts, texts_capacity;
    struct md_dir_entry *entries;
    size_t n_entries, entries_capacity;
    struct {
        uint16_t number;
        const char *greeting;
        double seconds;
    } ports[PORTS_MAX];
    size_t n_ports;
    struct {
        const char *path;
        bool is_runnable;
    } programs[PROGRAMS_MAX];
    size_t n_programs;
    uint64_t calls, fail_at;
    enum md_status fail_with;
};

static struct fake *fake_of(const struct md_source *source)
{
    return source->self;
}

/* Counts a call; the status with which it must fail, or MD_OK. */
static enum md_status called(struct md_source *source)
{
    struct fake *fake = fake_of(source);

    fake->calls++;
    return fake->calls == fake->fail_at ? fake->fail_with : MD_OK;
}

static enum md_status fake_open(struct md_source *source, const struct md_item *item, struct md_stream **ret)
{
    enum md_status status = called(source);
    struct md_stream *stream;

    if (status < 0)
        return status;
    stream = md_stream_memory(fake_of(source)->texts[item->handle]);
    return md_stream_part(stream, item->offset, item->size, ret);
}

static enum md_status fake_walk(struct md_source *source, const struct md_item *item, struct md_diags *diags,
                                md_dir_fn *fn, void *ctx)
{
    struct fake *fake = fake_of(source);
    enum md_status status = called(source);

    (void)item;
    (void)diags;
    for (size_t i = 0; status == MD_OK && i < fake->n_entries; i++)
        if (!fn(ctx, &fake->entries[i]))
            status = MD_INTERRUPTED;
    return status;
}

static enum md_status fake_command(struct md_source *source, enum md_item_kind kind, const char *const *argv,
                                   const struct md_item **ret)
{
    enum md_status status = called(source);
    const char *line = md_source_command_line(source->arena, argv);

    if (status < 0)
        return status;
    for (size_t i = 0; i < source->by_kind[kind].n; i++)
        if (source->by_kind[kind].list[i]->command != NULL &&
            strcmp(source->by_kind[kind].list[i]->command, line) == 0) {
            *ret = source->by_kind[kind].list[i];
            return MD_OK;
        }
    return MD_NOT_FOUND;
}

static size_t fake_resolve(struct md_source *source, struct md_arena *arena, const struct md_dns_query *queries,
                           size_t n, const struct md_dns_answer **ret)
{
    *ret = NULL;
    return called(source) < 0 ? 0 : md_dns_answers_find(source, arena, queries, n, ret);
}

static enum md_status fake_connect(struct md_source *source, uint16_t port)
{
    struct fake *fake = fake_of(source);
    enum md_status status = called(source);

    if (status < 0)
        return status;
    for (size_t i = 0; i < fake->n_ports; i++)
        if (fake->ports[i].number == port)
            return MD_OK;
    return MD_NOT_FOUND;
}

static enum md_status fake_greeting(struct md_source *source, uint16_t port, struct md_arena *arena, struct md_str *ret,
                                    double *ret_s)
{
    struct fake *fake = fake_of(source);
    enum md_status status = called(source);

    if (status < 0)
        return status;
    for (size_t i = 0; i < fake->n_ports; i++)
        if (fake->ports[i].number == port) {
            if (fake->ports[i].greeting == NULL)
                return MD_TIMEOUT;
            *ret = md_arena_str(arena, md_str(fake->ports[i].greeting));
            *ret_s = fake->ports[i].seconds;
            return MD_OK;
        }
    return MD_NOT_FOUND;
}

static enum md_status fake_program(struct md_source *source, struct md_str program)
{
    struct fake *fake = fake_of(source);
    enum md_status status = called(source);

    if (status < 0)
        return status;
    for (size_t i = 0; i < fake->n_programs; i++)
        if (md_str_is(program, fake->programs[i].path))
            return fake->programs[i].is_runnable ? MD_OK : MD_BAD_INPUT;
    return fake->n_programs > 0 ? MD_NOT_FOUND : MD_UNSUPPORTED;
}

static const struct md_source_ops fake_ops = {.open = fake_open,
                                              .walk_tree = fake_walk,
                                              .command = fake_command,
                                              .resolve = fake_resolve,
                                              .connect_local = fake_connect,
                                              .greeting = fake_greeting,
                                              .program = fake_program};

struct md_source *md_fake_new(struct md_diags *diags, int64_t at)
{
    const struct md_source_options options = {.at = at};
    struct md_source *source = md_source_new(MD_SOURCE_FAKE, "fake", &options, &fake_ops, diags);

    source->self = md_arena_alloc(source->arena, sizeof(struct fake));
    source->own_prefix = "";
    return source;
}

struct md_item *md_fake_add_bytes(struct md_source *source, enum md_item_kind kind, const char *name,
                                  struct md_str bytes)
{
    struct fake *fake = fake_of(source);
    struct md_item item = md_item_blank(kind, md_arena_cstr(source->arena, md_str(name)));
    struct md_str *text =
        md_arena_push(source->arena, &fake->texts, &fake->n_texts, &fake->texts_capacity, sizeof *text);

    *text = md_arena_str(source->arena, bytes);
    item.handle = fake->n_texts - 1;
    return md_source_add(source, &item);
}

struct md_item *md_fake_add(struct md_source *source, enum md_item_kind kind, const char *name, const char *text)
{
    return md_fake_add_bytes(source, kind, name, md_str(text));
}

struct md_item *md_fake_add_command(struct md_source *source, enum md_item_kind kind, const char *command,
                                    const char *text)
{
    struct md_item *item = md_fake_add(source, kind, command, text);

    if (item != NULL) {
        item->command = item->name;
        item->exit_code = 0;
        item->taken_at = source->now;
    }
    return item;
}

static void add_entry(struct md_source *source, const struct md_dir_entry *entry)
{
    struct fake *fake = fake_of(source);
    struct md_dir_entry *own =
        md_arena_push(source->arena, &fake->entries, &fake->n_entries, &fake->entries_capacity, sizeof *own);

    *own = *entry;
    own->path = md_arena_str(source->arena, entry->path);
    if (source->by_kind[MD_ITEM_QUEUE_TREE].n == 0) {
        struct md_item *item = md_fake_add(source, MD_ITEM_QUEUE_TREE, "/var/opt/SUNWmsgsr/queue", "");

        item->path = item->root = item->name;
        item->is_complete = true;
    }
}

void md_fake_add_entry(struct md_source *source, const char *path, uint64_t size, int64_t mtime)
{
    add_entry(source, &(struct md_dir_entry){.path = md_str(path), .size = size, .mtime = mtime});
}

void md_fake_add_folder(struct md_source *source, const char *path)
{
    add_entry(source, &(struct md_dir_entry){.path = md_str(path), .is_dir = true, .mtime = MD_TIME_NONE});
}

void md_fake_add_answer(struct md_source *source, const char *name, enum md_dns_type type, enum md_dns_status status,
                        const char *data, const char *resolver)
{
    struct md_dns_answer answer = {.name = md_str(name),
                                   .type = type,
                                   .status = status,
                                   .resolver = md_arena_str(source->arena, md_str(resolver))};
    struct md_str rest = md_arena_str(source->arena, md_str(data)), word;
    struct md_dns_record *records = md_arena_array(source->arena, rest.n + 1, sizeof *records);

    while (!md_str_is_empty(word = md_str_next_word(&rest))) {
        records[answer.n_records].data = md_dns_name(source->arena, word);
        records[answer.n_records].preference = type == MD_DNS_MX ? (uint32_t)(10 * (answer.n_records + 1)) : 0;
        answer.n_records++;
    }
    answer.records = records;
    md_dns_answers_add(source, &answer);
}

void md_fake_set_host(struct md_source *source, const char *host, const char *zone)
{
    source->host = host != NULL ? md_arena_cstr(source->arena, md_str(host)) : NULL;
    source->zone_name = zone != NULL ? md_arena_cstr(source->arena, md_str(zone)) : NULL;
}

void md_fake_open_port_greeting(struct md_source *source, uint16_t port, const char *greeting, double seconds)
{
    struct fake *fake = fake_of(source);

    if (fake->n_ports == PORTS_MAX)
        return;
    fake->ports[fake->n_ports].number = port;
    fake->ports[fake->n_ports].greeting = greeting != NULL ? md_arena_cstr(source->arena, md_str(greeting)) : NULL;
    fake->ports[fake->n_ports++].seconds = seconds;
}

void md_fake_open_port(struct md_source *source, uint16_t port)
{
    md_fake_open_port_greeting(source, port, NULL, 0);
}

void md_fake_add_program(struct md_source *source, const char *path, bool is_runnable)
{
    struct fake *fake = fake_of(source);

    if (fake->n_programs == PROGRAMS_MAX)
        return;
    fake->programs[fake->n_programs].path = md_arena_cstr(source->arena, md_str(path));
    fake->programs[fake->n_programs++].is_runnable = is_runnable;
}

void md_fake_fail(struct md_source *source, uint64_t nth, enum md_status status)
{
    struct fake *fake = fake_of(source);

    fake->fail_at = nth == 0 ? 0 : fake->calls + nth;
    fake->fail_with = status;
}

uint64_t md_fake_calls(const struct md_source *source)
{
    return fake_of(source)->calls;
}
