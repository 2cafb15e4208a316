#include "probes/formats/msgserver/config_xml.h"

#include <expat.h>

#include "engine/base/buf.h"

#define DEPTH_MAX 64

/* An element that is open. */
struct frame {
    size_t path_bytes; /* of the path before this element */
    bool has_elements;
    bool is_dropped;  /* it is no part of the path */
    bool is_instance; /* in <instance> */
    bool has_value;   /* by attribute */
    struct md_str value;
    struct md_loc loc, value_loc;
};

struct reader {
    struct md_arena *arena;
    struct md_config_xml *ret;
    const char *file;
    struct md_str source;
    XML_Parser parser;
    struct frame frames[DEPTH_MAX];
    size_t depth;
    char path[MD_VALUE_NAME_MAX + 1];
    size_t path_n;    /* larger than the buffer: too long, nothing is added */
    bool has_stopped; /* calls may still come */
    struct md_buf text;
    struct md_loc text_loc;
    /* where the place of a byte was asked last */
    size_t at, line_start;
    uint32_t line;
};

static bool is_one_of(struct md_str name, const char *const *words)
{
    for (; *words != NULL; words++)
        if (md_str_is_nocase(name, *words))
            return true;
    return false;
}

static bool is_general(struct md_str name)
{
    static const char *const words[] = {"option", "opt",      "setting", "param",    "parameter", "property", "group",
                                        "entry",  "node",     "element", "item",     "attribute", "section",  "object",
                                        "key",    "variable", "values",  "optgroup", NULL};

    return is_one_of(name, words);
}

static bool is_wrapper(struct md_str name)
{
    static const char *const words[] = {"config", "configuration", "msconfig", "unified",   "roles", "instances",
                                        "groups", "settings",      "options",  "messaging", NULL};

    return is_one_of(name, words);
}

/* Bytes are only ever asked for in rising order; an earlier one gets the last place. */
static struct md_loc place(struct reader *r, size_t byte)
{
    if (byte > r->source.n)
        byte = r->source.n;
    for (; r->at < byte; r->at++) {
        if (r->source.p[r->at] == '\n') {
            r->line += r->line < UINT32_MAX;
            r->line_start = r->at + 1;
        }
    }
    if (byte < r->line_start)
        byte = r->line_start;
    byte -= r->line_start;
    return (struct md_loc){r->file, r->line, byte < UINT32_MAX ? (uint32_t)byte + 1 : UINT32_MAX};
}

static size_t here(const struct reader *r)
{
    XML_Index index = XML_GetCurrentByteIndex(r->parser);

    return index >= 0 ? (size_t)index : r->at;
}

static void fail(struct reader *r, enum md_cnf_fault_kind kind, struct md_str text)
{
    md_cnf_fault_add(&r->ret->faults, kind, place(r, here(r)), md_arena_str(r->arena, text));
    r->has_stopped = true;
    (void)XML_StopParser(r->parser, XML_FALSE);
}

static struct md_str local_name(const char *name)
{
    struct md_str s = md_str(name);
    ptrdiff_t colon = md_str_rfind_char(s, ':');

    return colon >= 0 ? md_str_from(s, (size_t)colon + 1) : s;
}

static struct md_str attribute(const char **attributes, const char *const *names)
{
    for (; *names != NULL; names++)
        for (size_t i = 0; attributes[i] != NULL; i += 2)
            if (md_str_is_nocase(local_name(attributes[i]), *names))
                return md_str(attributes[i + 1]);
    return (struct md_str){0};
}

static void append(struct reader *r, struct md_str part)
{
    if (r->path_n > MD_VALUE_NAME_MAX || part.n > MD_VALUE_NAME_MAX - r->path_n) {
        r->path_n = MD_VALUE_NAME_MAX + 1;
        return;
    }
    for (size_t i = 0; i < part.n; i++)
        r->path[r->path_n++] = md_is_space(part.p[i]) && part.p[i] != ' ' ? ' ' : part.p[i];
}

static void append_component(struct reader *r, struct md_str name, struct md_str instance)
{
    if (r->path_n > 0)
        append(r, MD_LIT("."));
    append(r, name);
    if (instance.n > 0) {
        append(r, MD_LIT(":"));
        append(r, instance);
    }
}

/* The value of an attribute, "pattern template" where a rule has both as attributes. */
static void take_value_attribute(struct reader *r, struct frame *frame, const char **attributes, struct md_str tag)
{
    static const char *const value_names[] = {"value", "val", "v", NULL}, *const pattern_names[] = {"pattern", NULL},
                             *const template_names[] = {"template", NULL};
    struct md_str value = attribute(attributes, value_names), pattern = attribute(attributes, pattern_names);
    size_t at = here(r);
    ptrdiff_t found;

    if (value.p == NULL && pattern.n > 0)
        value = md_str(md_arena_printf(r->arena, "%.*s %.*s", MD_STR_ARG(pattern),
                                       MD_STR_ARG(attribute(attributes, template_names))));
    if (value.p == NULL)
        return;
    frame->value = md_arena_str(r->arena, value);
    frame->has_value = true;
    found = value.n > 0 ? md_str_find(tag, pattern.n > 0 ? pattern : value) : -1;
    frame->value_loc = found >= 0 ? place(r, at + (size_t)found) : frame->loc;
}

/* Adds what the element says about the path; false: nothing. */
static bool extend_path(struct reader *r, struct frame *frame, struct md_str element, const char **attributes)
{
    static const char *const path_names[] = {"path", "fullname", "fullpath", NULL},
                             *const name_names[] = {"name", "id", "key", NULL},
                             *const instance_names[] = {"instance", "instancename", "instance-name", NULL};
    struct md_str path = attribute(attributes, path_names), name = attribute(attributes, name_names);
    struct md_str instance = attribute(attributes, instance_names);
    bool is_top = r->path_n == 0, is_instance;

    if (path.n > 0 || (is_top && (md_str_has_prefix_nocase(name, MD_LIT("role.")) ||
                                  md_str_has_prefix_nocase(name, MD_LIT("instance."))))) {
        path = md_msconfig_plain_path(path.n > 0 ? path : name, &is_instance);
        frame->is_instance |= is_instance;
        r->path_n = 0;
        append(r, path);
        return true;
    }
    if (is_top && is_general(element) && (md_str_is_nocase(name, "role") || md_str_is_nocase(name, "instance"))) {
        element = name;
        name = (struct md_str){0};
    }
    if (is_top && (md_str_is_nocase(element, "role") || md_str_is_nocase(element, "instance"))) {
        frame->is_instance |= md_str_is_nocase(element, "instance");
        return false;
    }
    if (is_general(element) && name.n > 0) {
        append_component(r, name, instance);
        return true;
    }
    if (r->depth == 1 || (is_top && is_wrapper(element)))
        return false;
    append_component(r, element, name.n > 0 ? name : instance);
    return true;
}

static void XMLCALL on_start(void *p, const XML_Char *name, const XML_Char **attributes)
{
    struct reader *r = p;
    struct frame *parent = r->depth > 0 ? &r->frames[r->depth - 1] : NULL, *frame;
    size_t at = here(r);
    int bytes = XML_GetCurrentByteCount(r->parser);
    struct md_str element = local_name(name);

    if (r->has_stopped)
        return;
    if (r->depth == DEPTH_MAX) {
        fail(r, MD_CNF_XML_TOO_DEEP, element);
        return;
    }
    if (parent == NULL)
        r->ret->root = md_arena_str(r->arena, element);
    else
        parent->has_elements = true;
    if (md_str_trim(md_str_n(r->text.p, r->text.n)).n > 0)
        r->ret->values.n_other++; /* text between elements */
    r->text.n = 0;
    frame = &r->frames[r->depth++];
    *frame = (struct frame){.path_bytes = r->path_n, .is_instance = parent != NULL && parent->is_instance};
    frame->loc = place(r, at + 1);
    frame->is_dropped = !extend_path(r, frame, element, attributes);
    take_value_attribute(r, frame, attributes,
                         md_str_sub(md_str_from(r->source, at), 0, bytes > 0 ? (size_t)bytes : 0));
}

static void add_value(struct reader *r, const struct frame *frame, struct md_str text)
{
    struct md_named_value *entry;

    if (r->path_n > MD_VALUE_NAME_MAX) {
        r->ret->values.n_dropped++;
        return;
    }
    if (md_str_find_char(md_str_n(r->path, r->path_n), '.') <= 0) {
        r->ret->values.n_other++;
        return;
    }
    if ((entry = md_values_add(r->arena, &r->ret->values)) == NULL)
        return;
    entry->name = md_arena_str(r->arena, md_str_n(r->path, r->path_n));
    entry->is_instance = frame->is_instance;
    entry->loc = frame->loc;
    entry->has_value = frame->has_value || text.n > 0;
    entry->value = frame->has_value ? frame->value : md_arena_str(r->arena, text);
    entry->value_loc = frame->has_value ? frame->value_loc : text.n > 0 ? r->text_loc : frame->loc;
    entry->is_suppressed = md_str_is_nocase(entry->value, "(suppressed)");
    if (entry->is_suppressed) {
        entry->has_value = false;
        entry->value = (struct md_str){0};
    }
}

static void XMLCALL on_end(void *p, const XML_Char *name)
{
    struct reader *r = p;
    struct frame *frame;
    struct md_str text = md_str_trim(md_str_n(r->text.p, r->text.n));

    (void)name;
    if (r->depth == 0 || r->has_stopped)
        return;
    frame = &r->frames[r->depth - 1];
    if (!frame->is_dropped && (frame->has_value || !frame->has_elements))
        add_value(r, frame, text);
    else if (text.n > 0)
        r->ret->values.n_other++;
    r->path_n = frame->path_bytes;
    r->text.n = 0;
    r->depth--;
}

static void XMLCALL on_text(void *p, const XML_Char *text, int n)
{
    struct reader *r = p;
    struct md_str part = md_str_n(text, n > 0 ? (size_t)n : 0);

    if (r->text.n == 0) {
        size_t blanks = 0;

        while (blanks < part.n && md_is_space(part.p[blanks]))
            blanks++;
        if (blanks == part.n)
            return; /* leading blanks do not count, and most text between elements is no more */
        r->text_loc = place(r, here(r) + blanks);
        part = md_str_from(part, blanks);
    }
    md_buf_add(&r->text, part);
}

static void XMLCALL on_entity(void *p, const XML_Char *name, int is_parameter, const XML_Char *value, int n,
                              const XML_Char *base, const XML_Char *system, const XML_Char *public,
                              const XML_Char *notation)
{
    (void)is_parameter, (void)value, (void)n, (void)base, (void)system, (void)public, (void)notation;
    fail(p, MD_CNF_XML_ENTITIES, md_str(name));
}

/* Setting it keeps expat from replacing the entities of a document type. */
static void XMLCALL on_other(void *p, const XML_Char *text, int n)
{
    (void)p, (void)text, (void)n;
}

static void parse(struct reader *r)
{
    enum XML_Status status;

    XML_SetUserData(r->parser, r);
    XML_SetElementHandler(r->parser, on_start, on_end);
    XML_SetCharacterDataHandler(r->parser, on_text);
    XML_SetEntityDeclHandler(r->parser, on_entity);
    XML_SetDefaultHandler(r->parser, on_other);
    status = XML_Parse(r->parser, r->source.p, (int)r->source.n, XML_TRUE);
    if (status == XML_STATUS_ERROR && XML_GetErrorCode(r->parser) != XML_ERROR_ABORTED)
        md_cnf_fault_add(&r->ret->faults, MD_CNF_XML_MALFORMED, place(r, here(r)),
                         md_str(XML_ErrorString(XML_GetErrorCode(r->parser))));
}

struct md_config_xml *md_config_xml_read(struct md_arena *arena, const char *name, struct md_str text,
                                         uint32_t first_line)
{
    struct md_config_xml *ret = md_arena_alloc(arena, sizeof *ret);
    struct reader r = {.arena = arena, .ret = ret, .file = name, .source = text};

    r.line = first_line > 0 ? first_line : 1;
    ret->name = name;
    ret->faults.arena = arena;
    if (text.n > MD_CONFIG_XML_BYTES_MAX)
        md_cnf_fault_add(&ret->faults, MD_CNF_TOO_LARGE, place(&r, 0), (struct md_str){0});
    else if ((r.parser = XML_ParserCreate(NULL)) == NULL)
        md_oom(0);
    else
        parse(&r);
    if (r.parser != NULL)
        XML_ParserFree(r.parser);
    md_buf_free(&r.text);
    md_values_index(arena, &ret->values);
    return ret;
}
