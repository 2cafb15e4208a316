#include "cli/options.h"

#include <string.h>

#include "cli/product.h"
#include "cli/report/layout.h"
#include "engine/base/buf.h"
#include "engine/base/display.h"
#include "engine/base/num.h"
#include "engine/base/time.h"
#include "engine/base/zone.h"

enum option_id {
#define MD_OPTION(id, name, letter, value, says, commands) OPTION_##id,
#define MD_OPTION_OF(id, commands, says)
#include "cli/options.def"
#undef MD_OPTION_OF
#undef MD_OPTION
    OPTION_COUNT
};

struct option {
    const char *name;
    char letter;
    const char *value;
    const char *says;
    const char *commands;
};

static const struct option options[] = {
#define MD_OPTION(id, name, letter, value, says, commands) {name, letter, value, says, commands},
#define MD_OPTION_OF(id, commands, says)
#include "cli/options.def"
#undef MD_OPTION_OF
#undef MD_OPTION
};

/* What an option does for some commands. */
static const struct {
    enum option_id id;
    const char *commands, *says;
} option_texts[] = {
#define MD_OPTION(id, name, letter, value, says, commands)
#define MD_OPTION_OF(id, commands, says) {OPTION_##id, commands, says},
#include "cli/options.def"
#undef MD_OPTION_OF
#undef MD_OPTION
};

struct command {
    const char *name, *arguments, *says;
    char letter;
    md_command_fn *run;
};

static const struct command commands[] = {
#define MD_COMMAND(id, letter, name, arguments, says, run) {name, arguments, says, letter, run},
#include "cli/commands.def"
#undef MD_COMMAND
};

static const struct {
    const char *name;
    const char *commands;
} formats[] = {
#define MD_FORMAT(id, name, commands) {name, commands},
#include "cli/report/formats.def"
#undef MD_FORMAT
};

const char *md_command_name(enum md_command command)
{
    return commands[command].name;
}

md_command_fn *md_command_function(enum md_command command)
{
    return commands[command].run;
}

static enum option_id find_option(struct md_str word)
{
    for (enum option_id id = 0; id < OPTION_COUNT; id++) {
        bool is_letter = word.n == 2 && options[id].letter != 0 && word.p[1] == options[id].letter && word.p[1] != '-';
        if (is_letter || md_str_is(word, options[id].name)) {
            return id;
        }
    }
    return OPTION_COUNT;
}

static enum md_command find_command(struct md_str word)
{
    for (enum md_command c = 0; c < MD_COMMAND_COUNT; c++) {
        if (md_str_is(word, commands[c].name)) {
            return c;
        }
    }
    return MD_COMMAND_COUNT;
}

static const char *parse_when(struct md_str value, enum md_when *ret)
{
    static const char *const names[] = {"auto", "always", "never"};
    for (size_t i = 0; i < 3; i++) {
        if (md_str_is(value, names[i])) {
            *ret = (enum md_when)i;
            return NULL;
        }
    }
    return "is auto, always or never";
}

static bool is_among(const char *letters, enum md_command command)
{
    return letters[0] == '*' || strchr(letters, commands[command].letter) != NULL;
}

static bool takes(enum md_command command, enum option_id id)
{
    return is_among(options[id].commands, command);
}

/* "text, json and sarif": the formats of a command. */
static const char *formats_of(struct md_arena *arena, enum md_command command, const char *last)
{
    const char *out = "";
    size_t n = 0, total = 0;
    for (size_t i = 0; i < MD_FORMAT_COUNT; i++) {
        total += is_among(formats[i].commands, command);
    }
    for (size_t i = 0; i < MD_FORMAT_COUNT; i++) {
        if (is_among(formats[i].commands, command)) {
            n++;
            out = md_arena_printf(arena, "%s%s%s", out, n == 1 ? "" : n == total ? last : ", ", formats[i].name);
        }
    }
    return out;
}

static const char *parse_format(struct md_arena *arena, struct md_str value, enum md_command command,
                                enum md_format *ret)
{
    for (size_t i = 0; i < MD_FORMAT_COUNT; i++) {
        if (!md_str_is(value, formats[i].name)) {
            continue;
        }
        if (formats[i].commands[0] == '\0') {
            return md_arena_printf(arena, "%s is not available in this version; %s are", formats[i].name,
                                   formats_of(arena, command, " and "));
        }
        if (!is_among(formats[i].commands, command)) {
            return md_arena_printf(arena, "%s is a format of check; %s has %s", formats[i].name,
                                   md_command_name(command), formats_of(arena, command, " and "));
        }
        *ret = (enum md_format)i;
        return NULL;
    }
    return md_arena_printf(arena, "is %s", formats_of(arena, command, " or "));
}

static const char *parse_fail_on(struct md_str value, struct md_options *ret)
{
    ret->is_fail_never = md_str_is(value, "never");
    if (ret->command != MD_COMMAND_CHECK) {
        return ret->is_fail_never || md_urgency_parse(value, &ret->fail_on) ? NULL : "is normal, watch, act or never";
    }
    for (enum md_check_severity s = MD_CHECK_INFO; s <= MD_CHECK_ERROR; s++) {
        if (md_str_is(value, md_check_severity_name(s))) {
            ret->fail_on_severity = s;
            return NULL;
        }
    }
    return ret->is_fail_never ? NULL : "is info, warning, error or never";
}

static const char *parse_allow(struct md_str value, struct md_options *ret)
{
    struct md_str part;
    while (md_str_split(&value, ',', &part)) {
        if (md_str_is(part, "expensive")) {
            ret->allow_expensive = true;
        } else if (md_str_is(part, "network")) {
            ret->allow_network = true;
        } else {
            return "is a list of expensive and network";
        }
    }
    return NULL;
}

static const char *parse_redact(struct md_str value, struct md_options *ret)
{
    static const char *const names[] = {
        [MD_REDACT_NONE] = "none", [MD_REDACT_DEFAULT] = "default", [MD_REDACT_STRICT] = "strict"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (md_str_is(value, names[i])) {
            ret->redact = (enum md_redact_policy)i;
            return NULL;
        }
    }
    return "is default, strict or none";
}

/* "200M", "1G", "65536": in powers of 1024. */
static const char *parse_size(struct md_str value, uint64_t *ret)
{
    static const char *const wrong = "is a size such as 50M or 1G, 1M at least";
    unsigned shift = 0;
    uint64_t number;
    if (md_num_u64(&value, UINT64_C(1) << 40, &number) < 0) {
        return wrong;
    }
    if (value.n == 1) {
        char unit = md_lower(value.p[0]);
        shift = unit == 'k' ? 10 : unit == 'm' ? 20 : unit == 'g' ? 30 : 0;
    }
    if (value.n != (shift > 0 ? 1U : 0U) || number << shift < (1 << 20) || number << shift > UINT64_C(1) << 50) {
        return wrong;
    }
    *ret = number << shift;
    return NULL;
}

/* NULL, or what the value must be. */
static const char *apply(struct md_arena *arena, enum option_id id, const char *text, struct md_options *ret)
{
    struct md_str value = md_str(text);
    const struct md_zone *zone = NULL;
    switch (id) {
    case OPTION_FORMAT: return parse_format(arena, value, ret->command, &ret->format);
    case OPTION_OUTPUT: ret->output = text; return value.n > 0 ? NULL : "is the name of a file";
    case OPTION_PRODUCT:
        ret->product = text;
        return md_product_find(value) != NULL ? NULL : md_arena_printf(arena, "is one of %s", md_product_names(arena));
    case OPTION_ROOT: ret->root = text; return value.n > 0 ? NULL : "is a directory";
    case OPTION_SINCE:
        return md_duration_parse(value, &ret->since_s) == MD_OK && ret->since_s > 0 ? NULL
                                                                                    : "is a duration such as 24h or 2d";
    case OPTION_ALLOW: return parse_allow(value, ret);
    case OPTION_FAIL_ON: return parse_fail_on(value, ret);
    case OPTION_CHANGED_SINCE:
        ret->changed_since = text;
        return value.n > 0 && value.p[0] != '-' ? NULL : "is a revision of git such as HEAD~1 or main";
    case OPTION_RULES: ret->rules = text; return NULL;
    case OPTION_SITE_RULES: ret->has_site_rules = true; return NULL;
    case OPTION_SITE: ret->site = text; return NULL;
    case OPTION_AT:
        return md_time_parse_rfc3339(value, &ret->at, &ret->at_offset_s) == MD_OK
                   ? NULL
                   : "is a time such as 2026-11-25T19:42:00Z";
    case OPTION_TIMEZONE:
        ret->timezone = text;
        return md_zone_load(arena, value, &zone) == MD_OK ? NULL
                                                          : "is no zone known here, such as America/New_York or +02:00";
    case OPTION_COLOR: return parse_when(value, &ret->colour);
    case OPTION_PROGRESS: return parse_when(value, &ret->progress);
    case OPTION_QUIET: ret->is_quiet = true; return NULL;
    case OPTION_VERBOSE: ret->is_verbose = true; return NULL;
    case OPTION_COMPARE: ret->compares = true; return NULL;
    case OPTION_KNOCK_OUT: ret->has_knock_out = true; return NULL;
    case OPTION_FROM: ret->from = text; return value.n > 0 ? NULL : "is a bundle, an archive, a folder or a facts file";
    case OPTION_REDACT: return parse_redact(value, ret);
    case OPTION_LIMIT: return parse_size(value, &ret->limit);
    case OPTION_MAP: ret->map = text; return value.n > 0 ? NULL : "is the name of a file";
    case OPTION_DRY_RUN: ret->is_dry_run = true; return NULL;
    case OPTION_SCRIPT: ret->wants_script = true; return NULL;
    case OPTION_RESUME: ret->resume = text; return value.n > 0 ? NULL : "is a case file";
    case OPTION_REPLAY: ret->replay = text; return value.n > 0 ? NULL : "is a case file";
    case OPTION_ANSWERS: ret->answers = text; return value.n > 0 ? NULL : "is a file of answers";
    case OPTION_CASE: ret->case_file = text; return value.n > 0 ? NULL : "is the name of a file";
    case OPTION_FROM_NOTHING: ret->from_nothing = true; return NULL;
    case OPTION_PLAIN: ret->is_plain = true; return NULL;
    case OPTION_HELP: ret->wants_help = true; return NULL;
    case OPTION_VERSION: ret->wants_version = true; return NULL;
    case OPTION_COUNT: break;
    }
    return NULL;
}

/* The command may stand behind these. */
static bool depends_on_command(enum option_id id)
{
    return id == OPTION_FORMAT || id == OPTION_FAIL_ON;
}

static bool take_value(struct md_arena *arena, enum option_id id, const char *value, struct md_options *ret,
                       const char **ret_error)
{
    const char *wrong = apply(arena, id, value, ret);
    if (wrong != NULL) {
        *ret_error = md_arena_printf(arena, "%s %s: %s", options[id].name, md_display(arena, md_str(value)), wrong);
    }
    return wrong == NULL;
}

static enum md_status wrong_arguments(struct md_arena *arena, const struct md_options *o, const char **ret_error)
{
    static const struct {
        enum md_command command;
        size_t least, most;
    } counts[] = {{MD_COMMAND_DIAGNOSE, 0, 0},     {MD_COMMAND_ANALYZE, 1, SIZE_MAX}, {MD_COMMAND_FACTS, 0, 1},
                  {MD_COMMAND_CHECK, 0, SIZE_MAX}, {MD_COMMAND_EXPLAIN, 1, 1},        {MD_COMMAND_RULES, 1, SIZE_MAX},
                  {MD_COMMAND_PROBES, 0, 0},       {MD_COMMAND_COLLECT, 0, 0},        {MD_COMMAND_WIZARD, 0, 1}};
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        if (counts[i].command != o->command) {
            continue;
        }
        if (o->n_arguments < counts[i].least) {
            *ret_error = md_arena_printf(arena, "%s: what? usage: mtadoctor %s %s", md_command_name(o->command),
                                         md_command_name(o->command), commands[o->command].arguments);
            return MD_BAD_INPUT;
        }
        if (o->n_arguments > counts[i].most) {
            *ret_error = md_arena_printf(arena, "%s: too many arguments, from %s on", md_command_name(o->command),
                                         md_display(arena, md_str(o->arguments[counts[i].most])));
            return MD_BAD_INPUT;
        }
    }
    if (o->compares && o->n_arguments != 2) {
        *ret_error = "analyze --compare: wants two sources of one host, the old one first";
        return MD_BAD_INPUT;
    }
    bool has_case = o->resume != NULL || o->replay != NULL;
    if ((o->resume != NULL && o->replay != NULL) ||
        (has_case && (o->n_arguments > 0 || o->from_nothing || o->case_file != NULL)) ||
        (o->replay != NULL && o->answers != NULL) || (o->from_nothing && o->n_arguments > 0)) {
        *ret_error = "wizard: begin with one thing: this host, SRC, --from-nothing, --resume FILE or --replay FILE";
        return MD_BAD_INPUT;
    }
    return MD_OK;
}

enum md_status md_options_parse(struct md_arena *arena, int argc, char **argv, struct md_options *ret,
                                const char **ret_error)
{
    *ret = (struct md_options){.command = MD_COMMAND_COUNT,
                               .since_s = 86400,
                               .at = MD_TIME_NONE,
                               .fail_on = MD_URGENCY_ACT,
                               .fail_on_severity = MD_CHECK_ERROR,
                               .redact = MD_REDACT_DEFAULT};
    const char **arguments = md_arena_array(arena, (size_t)argc + 1, sizeof(*arguments));
    const char *given[OPTION_COUNT] = {NULL}; /* the value, "" of an option without */
    bool only_arguments = false;
    for (int i = 1; i < argc; i++) {
        struct md_str word = md_str(argv[i]);
        if (only_arguments || word.n < 2 || word.p[0] != '-') {
            if (ret->command == MD_COMMAND_COUNT && ret->n_arguments == 0 && !only_arguments) {
                ret->command = find_command(word);
                if (ret->command != MD_COMMAND_COUNT) {
                    continue;
                }
                *ret_error =
                    md_arena_printf(arena,
                                    "there is no command %s (mtadoctor --help lists them); to diagnose what was "
                                    "sent: mtadoctor analyze %s",
                                    md_display(arena, word), md_display(arena, word));
                return MD_BAD_INPUT;
            }
            arguments[ret->n_arguments++] = argv[i];
            continue;
        }
        if (md_str_is(word, "--")) {
            only_arguments = true;
            continue;
        }
        /* --name=value or --name value */
        const char *value = NULL;
        ptrdiff_t equals = word.p[1] == '-' ? md_str_find_char(word, '=') : -1;
        if (equals > 0) {
            value = argv[i] + equals + 1;
            word = md_str_sub(word, 0, (size_t)equals);
        }
        enum option_id id = find_option(word);
        if (id == OPTION_COUNT) {
            *ret_error = md_arena_printf(arena, "there is no option %s; see mtadoctor --help", md_display(arena, word));
            return MD_BAD_INPUT;
        }
        if (options[id].value != NULL && value == NULL) {
            if (i + 1 >= argc) {
                *ret_error = md_arena_printf(arena, "%s wants a value: %s", options[id].name, options[id].value);
                return MD_BAD_INPUT;
            }
            value = argv[++i];
        } else if (options[id].value == NULL && value != NULL) {
            *ret_error = md_arena_printf(arena, "%s takes no value", options[id].name);
            return MD_BAD_INPUT;
        }
        given[id] = value == NULL ? "" : value;
        if (!depends_on_command(id) && !take_value(arena, id, given[id], ret, ret_error)) {
            return MD_BAD_INPUT;
        }
    }
    ret->arguments = arguments;
    if (ret->command == MD_COMMAND_COUNT) {
        ret->command = MD_COMMAND_DIAGNOSE;
    }
    for (enum option_id id = 0; id < OPTION_COUNT; id++) {
        if (given[id] != NULL && depends_on_command(id) && !take_value(arena, id, given[id], ret, ret_error)) {
            return MD_BAD_INPUT;
        }
    }
    if (commands[ret->command].run == NULL) {
        *ret_error = md_arena_printf(arena, "%s is not available in this version", md_command_name(ret->command));
        return MD_BAD_INPUT;
    }
    if (ret->wants_help || ret->wants_version) {
        return MD_OK;
    }
    for (enum option_id id = 0; id < OPTION_COUNT; id++) {
        if (given[id] != NULL && !takes(ret->command, id)) {
            *ret_error =
                md_arena_printf(arena, "%s does not go with %s", options[id].name, md_command_name(ret->command));
            return MD_BAD_INPUT;
        }
    }
    return wrong_arguments(arena, ret, ret_error);
}

static const char *option_says(enum md_command command, enum option_id id)
{
    for (size_t i = 0; command != MD_COMMAND_COUNT && i < sizeof(option_texts) / sizeof(option_texts[0]); i++) {
        if (option_texts[i].id == id && is_among(option_texts[i].commands, command)) {
            return option_texts[i].says;
        }
    }
    return options[id].says;
}

/* Column 28 is where the words begin. */
static void help_option(struct md_arena *arena, struct md_buf *b, enum md_command command, enum option_id id)
{
    const struct option *o = &options[id];
    const struct md_layout layout = {.out = b};
    const char *name = o->letter != 0 ? md_arena_printf(arena, "  -%c, %s", o->letter, o->name)
                                      : md_arena_printf(arena, "      %s", o->name);
    const char *whole = o->value == NULL ? name : md_arena_printf(arena, "%s %s", name, o->value);
    md_layout_paragraph(&layout, md_arena_printf(arena, "%-27s ", whole), md_arena_printf(arena, "%28s", ""),
                        option_says(command, id), MD_STYLE_PLAIN);
}

char *md_options_help(struct md_arena *arena, enum md_command command)
{
    struct md_buf b = {0};
    const struct md_layout layout = {.out = &b};
    if (command == MD_COMMAND_COUNT) {
        md_buf_puts(&b, "usage: mtadoctor [COMMAND] [OPTION...] [ARGUMENT...]\n\ncommands:\n");
        for (enum md_command c = 0; c < MD_COMMAND_COUNT; c++) {
            if (commands[c].run != NULL) {
                const char *gap = commands[c].arguments[0] == '\0' ? "" : " ";
                md_buf_printf(&b, "  %s%s%s\n", commands[c].name, gap, commands[c].arguments);
                md_layout_paragraph(&layout, "      ", "      ", commands[c].says, MD_STYLE_PLAIN);
            }
        }
    } else {
        const char *gap = commands[command].arguments[0] == '\0' ? "" : " ";
        md_buf_printf(&b, "usage: mtadoctor %s [OPTION...]%s%s\n", commands[command].name, gap,
                      commands[command].arguments);
        md_layout_paragraph(&layout, "", "", commands[command].says, MD_STYLE_PLAIN);
    }
    md_buf_puts(&b, "\noptions:\n");
    for (enum option_id id = 0; id < OPTION_COUNT; id++) {
        if (command == MD_COMMAND_COUNT || takes(command, id)) {
            help_option(arena, &b, command, id);
        }
    }
    md_buf_puts(&b, "\n");
    md_layout_paragraph(&layout, "", "  ",
                        "exit status: 0 nothing at or above --fail-on, 1 something, 2 the command line is wrong, 3 the "
                        "work could not be done",
                        MD_STYLE_PLAIN);
    char *text = md_arena_cstr(arena, (struct md_str){b.p, b.n});
    md_buf_free(&b);
    return text;
}
