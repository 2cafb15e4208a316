#include "probes/formats/msgserver/recipe.h"

#include "probes/formats/msgserver/value_out.h"

struct scanner {
    struct md_arena *arena;
    struct md_recipe *recipe;
    const char *file;
    struct md_str text;
    size_t at;
    /* of the line that the last place was in */
    uint32_t line;
    size_t line_start, counted;
};

static const struct {
    const char *command, *function;
} verbs[] = {
#define MD_RECIPE_VERB(id, command, function) {command, function},
#include "probes/formats/msgserver/recipe_verb.def"
#undef MD_RECIPE_VERB
};

const char *md_recipe_verb_name(enum md_recipe_verb verb)
{
    return verb < MD_RECIPE_VERBS ? verbs[verb].command : "";
}

bool md_recipe_is_split_value(const struct md_recipe_statement *statement)
{
    return !statement->is_function && statement->verb == MD_RECIPE_SET && statement->n_args + statement->n_dropped > 1;
}

static char peek(const struct scanner *s, size_t ahead)
{
    return s->at + ahead < s->text.n ? s->text.p[s->at + ahead] : '\0';
}

static bool is_end(const struct scanner *s)
{
    return s->at >= s->text.n;
}

/* Places are asked for in rising order. */
static struct md_loc place(struct scanner *s, size_t at)
{
    for (; s->counted < at; s->counted++) {
        if (s->text.p[s->counted] == '\n') {
            s->line += s->line < UINT32_MAX;
            s->line_start = s->counted + 1;
        }
    }
    at = at > s->line_start ? at - s->line_start : 0;
    return (struct md_loc){s->file, s->line, at < UINT32_MAX ? (uint32_t)at + 1 : UINT32_MAX};
}

static void skip_line(struct scanner *s)
{
    while (!is_end(s) && s->text.p[s->at] != '\n')
        s->at++;
}

/* "\" before the end of a line, which joins the next one; returns its length or 0. */
static size_t joint(const struct scanner *s)
{
    if (peek(s, 0) != '\\')
        return 0;
    if (peek(s, 1) == '\n')
        return 2;
    return peek(s, 1) == '\r' && peek(s, 2) == '\n' ? 3 : 0;
}

static void skip_blanks(struct scanner *s, bool with_line_ends)
{
    while (!is_end(s)) {
        size_t n = joint(s);

        if (n > 0)
            s->at += n;
        else if (md_is_space(s->text.p[s->at]) && (with_line_ends || s->text.p[s->at] != '\n'))
            s->at++;
        else
            return;
    }
}

static bool is_word_char(char c)
{
    return md_is_alnum(c) || c == '_';
}

static struct md_str word(struct scanner *s)
{
    size_t from = s->at;

    while (!is_end(s) && is_word_char(s->text.p[s->at]))
        s->at++;
    return md_str_sub(s->text, from, s->at - from);
}

/* A quoted text, which the scanner stands at; an open one ends with the line, or with the text where lines do not count. */
static struct md_str quoted(struct scanner *s, bool over_lines)
{
    char quote = s->text.p[s->at];
    size_t from = ++s->at;
    struct md_str text;

    while (!is_end(s) && s->text.p[s->at] != quote && (over_lines || s->text.p[s->at] != '\n'))
        s->at += s->text.p[s->at] == '\\' && peek(s, 1) != '\0' && peek(s, 1) != '\n' && peek(s, 1) != '\r' ? 2 : 1;
    if (s->at > s->text.n)
        s->at = s->text.n;
    text = md_str_sub(s->text, from, s->at - from);
    if (is_end(s) || s->text.p[s->at] != quote)
        md_cnf_fault_add(&s->recipe->faults, MD_CNF_OPEN_QUOTE, place(s, from - 1), text);
    else
        s->at++;
    return text;
}

static struct md_recipe_statement *new_statement(struct scanner *s, size_t verb, struct md_str name, struct md_loc loc)
{
    struct md_recipe *recipe = s->recipe;
    struct md_recipe_statement *statement;

    if (recipe->n >= MD_RECIPE_MAX) {
        recipe->n_dropped++;
        return NULL;
    }
    statement = md_arena_push(s->arena, &recipe->items, &recipe->n, &recipe->capacity, sizeof *statement);
    statement->verb = (enum md_recipe_verb)verb;
    statement->word = name;
    statement->loc = loc;
    return statement;
}

struct args {
    struct md_recipe_arg items[MD_RECIPE_ARGS_MAX + 1]; /* with the path */
    size_t n, n_dropped;
};

static void add_arg(struct args *args, struct md_str text, struct md_loc loc, bool is_quoted)
{
    if (args->n > MD_RECIPE_ARGS_MAX) {
        args->n_dropped++;
        return;
    }
    args->items[args->n++] = (struct md_recipe_arg){text, loc, is_quoted};
}

static bool wants_path(size_t verb)
{
    return verb <= MD_RECIPE_DELETE || verb == MD_RECIPE_REPLACE || verb == MD_RECIPE_APPEND;
}

static void finish(struct scanner *s, struct md_recipe_statement *statement, const struct args *args)
{
    size_t first = 0;

    if (wants_path(statement->verb)) {
        if (args->n == 0) {
            md_cnf_fault_add(&s->recipe->faults, MD_CNF_MISSING_PATH, statement->loc, statement->word);
            return;
        }
        statement->path = md_msconfig_plain_path(args->items[0].text, &statement->is_instance);
        statement->path_loc = args->items[0].loc;
        first = 1;
    }
    /* "set a.b = c", as it stands in the output of show */
    if (args->n > first && !statement->is_function && md_str_is(args->items[first].text, "="))
        first++;
    statement->n_args = args->n - first;
    statement->n_dropped = args->n_dropped;
    statement->args = md_arena_array(s->arena, statement->n_args + 1, sizeof *statement->args);
    for (size_t i = 0; i < statement->n_args; i++)
        statement->args[i] = args->items[first + i];
}

/* Words up to the end of the line. Switches ("-remark=...") are no arguments. */
static void command(struct scanner *s, struct md_recipe_statement *statement)
{
    struct args args = {0};

    for (skip_blanks(s, false); !is_end(s) && s->text.p[s->at] != '\n'; skip_blanks(s, false)) {
        size_t from = s->at;
        struct md_loc loc = place(s, from);

        if (s->text.p[from] == '"') {
            add_arg(&args, quoted(s, false), loc, true);
            continue;
        }
        while (!is_end(s) && !md_is_space(s->text.p[s->at]) && joint(s) == 0) {
            /* quoted instances and values belong to their word: mapping:"IN HOUSE".rule */
            if (s->text.p[s->at] == '"')
                (void)quoted(s, false);
            else
                s->at++;
        }
        if (s->text.p[from] != '-' || args.n > 0)
            add_arg(&args, md_str_sub(s->text, from, s->at - from), loc, false);
    }
    if (statement != NULL)
        finish(s, statement, &args);
}

/* What is between parentheses: texts and words on the outermost level are arguments, expressions are taken as written. */
static void function(struct scanner *s, struct md_recipe_statement *statement)
{
    struct args args = {0};
    size_t depth = 1, from = 0;
    bool in_arg = false, is_text = false;

    s->at++;
    for (skip_blanks(s, true); !is_end(s) && depth > 0; skip_blanks(s, true)) {
        char c = s->text.p[s->at];

        if (depth == 1 && (c == ',' || c == ')') && in_arg && !is_text)
            add_arg(&args, md_str_trim(md_str_sub(s->text, from, s->at - from)), place(s, from), false);
        if (depth == 1 && (c == ',' || c == ')'))
            in_arg = is_text = false;
        else if (!in_arg)
            from = s->at;
        if (c == '"') {
            struct md_loc loc = place(s, s->at);
            struct md_str text = quoted(s, true);

            if (depth == 1 && !in_arg) {
                add_arg(&args, text, loc, true);
                is_text = true;
            }
            in_arg = true;
            continue;
        }
        depth += c == '(';
        depth -= c == ')';
        in_arg |= c != ',' && c != ')';
        s->at++;
    }
    if (statement != NULL)
        finish(s, statement, &args);
}

static size_t verb_of(struct md_str name, bool is_function)
{
    for (size_t i = 0; i < MD_RECIPE_VERBS; i++) {
        const char *known = is_function ? verbs[i].function : verbs[i].command;

        if (known != NULL && md_str_is_nocase(name, known))
            return i;
    }
    return MD_RECIPE_VERBS;
}

/* A shell prompt and the program, as in "$ /opt/sun/comms/messaging64/bin/msconfig set ..."; returns whether the line calls it. */
static bool skip_program(struct scanner *s)
{
    size_t at = s->at, end, from;
    struct md_str name;

    if ((peek(s, 0) == '$' || peek(s, 0) == '#' || peek(s, 0) == '%') && peek(s, 1) == ' ')
        at += 2;
    for (from = end = at; end < s->text.n && !md_is_space(s->text.p[end]); end++)
        if (s->text.p[end] == '/')
            from = end + 1;
    name = md_str_sub(s->text, from, end - from);
    if (!md_str_is_nocase(name, "msconfig"))
        return false;
    s->at = end;
    skip_blanks(s, false);
    return true;
}

static bool skip_prompt(struct scanner *s)
{
    struct md_str rest = md_str_from(s->text, s->at), line;

    if (!md_str_next_line(&rest, &line) || md_msconfig_skip_prompt(&line) == '\0')
        return false;
    s->at = line.p != NULL ? (size_t)(line.p - s->text.p) : s->at;
    return true;
}

static bool is_comment(const struct scanner *s)
{
    char c = peek(s, 0);

    return c == '!' || c == '#' || c == ';' || (c == '/' && peek(s, 1) == '/');
}

/* The rest of a line in the recipe language: functions that set something, wherever they stand. */
static void expression(struct scanner *s)
{
    while (!is_end(s) && s->text.p[s->at] != '\n') {
        char c = s->text.p[s->at];

        if (c == '"') {
            (void)quoted(s, true);
        } else if (c == '#') {
            skip_line(s);
        } else if (is_word_char(c)) {
            size_t from = s->at, verb;
            struct md_str name = word(s);

            skip_blanks(s, false);
            verb = peek(s, 0) == '(' ? verb_of(name, true) : MD_RECIPE_VERBS;
            if (verb < MD_RECIPE_VERBS) {
                struct md_recipe_statement *statement = new_statement(s, verb, name, place(s, from));

                if (statement != NULL)
                    statement->is_function = true;
                function(s, statement);
            }
        } else {
            s->at++;
        }
    }
}

static void line(struct scanner *s, bool only_prompts)
{
    size_t from, verb;
    bool has_prompt = skip_prompt(s), is_called = false;
    struct md_str name;

    if (!has_prompt)
        is_called = skip_program(s);
    if ((only_prompts && !has_prompt && !is_called) || is_comment(s)) {
        skip_line(s);
        return;
    }
    from = s->at;
    name = word(s);
    verb = verb_of(name, false);
    skip_blanks(s, false);
    /* of the recipe language: a function or a variable that is called like a command */
    if (peek(s, 0) == '(' || (peek(s, 0) == ':' && peek(s, 1) == '='))
        verb = MD_RECIPE_VERBS;
    if (verb < MD_RECIPE_VERBS) {
        command(s, new_statement(s, verb, name, place(s, from)));
        return;
    }
    s->at = from;
    if (only_prompts)
        skip_line(s);
    else
        expression(s);
}

struct md_recipe *md_recipe_read(struct md_arena *arena, const char *name, struct md_str text, uint32_t first_line,
                                 bool only_prompts)
{
    struct md_recipe *recipe = md_arena_alloc(arena, sizeof *recipe);
    struct scanner s = {.arena = arena, .recipe = recipe, .file = name, .text = text};

    s.line = first_line > 0 ? first_line : 1;
    recipe->faults.arena = arena;
    for (skip_blanks(&s, true); !is_end(&s); skip_blanks(&s, true))
        line(&s, only_prompts);
    return recipe;
}
