/*
 * The text of functions, read as a person would: which fields stand behind the parameter, behind what a loop or an assignment makes
 * of it, and which numbers stand there. A reader of tokens, no parser: what it does not understand it leaves alone.
 */
#include <lauxlib.h>

#include "engine/base/num.h"
#include "engine/lint_priv.h"

#define VARIABLES_MAX 32

enum token_kind { TOKEN_END, TOKEN_NAME, TOKEN_NUMBER, TOKEN_STRING, TOKEN_SYMBOL };

struct token {
    enum token_kind kind;
    struct md_str text; /* of a string without its quotes */
    uint32_t line;
};

struct tokens {
    struct token *items;
    size_t n, capacity;
};

struct variable {
    struct md_str name;
    const struct md_scope_def *scope; /* NULL: something else */
};

struct scan {
    const struct md_lint *lint;
    const char *file;
    struct tokens tokens;
    struct variable variables[VARIABLES_MAX];
    size_t n_variables;
};

/* ---- tokens ---- */

static bool is_name_char(char c)
{
    return md_is_alnum(c) || c == '_';
}

/* Bytes of a comment or long string in front of the text, 0 where there is none. */
static size_t long_bracket(struct md_str text)
{
    ptrdiff_t end;

    if (!md_str_has_prefix(text, MD_LIT("[[")))
        return 0;
    end = md_str_find(text, MD_LIT("]]"));
    return end < 0 ? text.n : (size_t)end + 2;
}

static size_t comment_length(struct md_str text)
{
    ptrdiff_t end;
    size_t n;

    if (!md_str_has_prefix(text, MD_LIT("--")))
        return 0;
    n = long_bracket(md_str_from(text, 2));
    if (n > 0)
        return n + 2;
    end = md_str_find_char(text, '\n');
    return end < 0 ? text.n : (size_t)end;
}

static size_t string_length(struct md_str text)
{
    size_t i;

    for (i = 1; i < text.n && text.p[i] != text.p[0]; i++)
        if (text.p[i] == '\\')
            i++;
    return i < text.n ? i + 1 : text.n;
}

static void split(struct md_arena *arena, struct md_str text, uint32_t line, struct tokens *ret)
{
    while (text.n > 0) {
        char c = text.p[0];
        size_t n = comment_length(text), i;
        struct token token = {TOKEN_END, text, line};

        if (n == 0 && (c == '"' || c == '\'')) {
            n = string_length(text);
            token.kind = TOKEN_STRING;
            token.text = md_str_sub(text, 1, n >= 2 ? n - 2 : 0);
        } else if (n == 0 && long_bracket(text) > 0) {
            n = long_bracket(text);
            token.kind = TOKEN_STRING;
            token.text = md_str_sub(text, 2, n >= 4 ? n - 4 : 0);
        } else if (n == 0 && is_name_char(c)) {
            token.kind = md_is_digit(c) ? TOKEN_NUMBER : TOKEN_NAME;
            for (n = 1; n < text.n && (is_name_char(text.p[n]) || (token.kind == TOKEN_NUMBER && text.p[n] == '.'));
                 n++)
                ;
            token.text = md_str_sub(text, 0, n);
        } else if (n == 0) {
            n = 1;
            token.kind = md_is_space(c) ? TOKEN_END : TOKEN_SYMBOL;
            token.text = md_str_sub(text, 0, 1);
        }
        if (token.kind != TOKEN_END) {
            struct token *entry = md_arena_push(arena, &ret->items, &ret->n, &ret->capacity, sizeof *entry);

            *entry = token;
        }
        for (i = 0; i < n; i++)
            line += text.p[i] == '\n';
        text = md_str_from(text, n);
    }
}

static struct token token_at(const struct scan *scan, size_t i)
{
    return i < scan->tokens.n ? scan->tokens.items[i] : (struct token){TOKEN_END, {"", 0}, 0};
}

static bool is_text(const struct scan *scan, size_t i, const char *text)
{
    struct token token = token_at(scan, i);

    return (token.kind == TOKEN_NAME || token.kind == TOKEN_SYMBOL) && md_str_is(token.text, text);
}

/* ---- variables that hold instances ---- */

static void set_variable(struct scan *scan, struct md_str name, const struct md_scope_def *scope)
{
    size_t i;

    for (i = 0; i < scan->n_variables && !md_str_eq(scan->variables[i].name, name); i++)
        ;
    if (i == VARIABLES_MAX)
        return;
    if (i == scan->n_variables)
        scan->n_variables++;
    scan->variables[i] = (struct variable){name, scope};
}

static const struct md_scope_def *scope_of(const struct scan *scan, struct md_str name)
{
    size_t i;

    for (i = 0; i < scan->n_variables; i++)
        if (md_str_eq(scan->variables[i].name, name))
            return scan->variables[i].scope;
    return NULL;
}

static bool is_above(const struct md_scope_def *scope, const struct md_scope_def *below)
{
    for (; below != NULL; below = below->parent)
        if (below == scope)
            return true;
    return false;
}

static void note_field(const struct scan *scan, const struct md_scope_def *scope, struct token token)
{
    const struct md_fact_def *def = md_catalogue_field(scan->lint->rules->catalogue, scope, token.text);

    if (def != NULL)
        scan->lint->is_read[def->index] = true;
    else if (!md_str_is(token.text, "name"))
        md_diags_add(scan->lint->diags, MD_ERROR, (struct md_loc){scan->file, token.line, 0}, "a %s has no fact %.*s",
                     scope->name, MD_STR_ARG(token.text));
}

/* Behind the bracket that closes the one at i. */
static size_t skip_brackets(const struct scan *scan, size_t i)
{
    size_t depth = 0;

    if (!is_text(scan, i, "("))
        return i;
    for (; i < scan->tokens.n; i++) {
        if (is_text(scan, i, "("))
            depth++;
        else if (is_text(scan, i, ")") && --depth == 0)
            return i + 1;
    }
    return i;
}

/*
 * Follows x.host.load or x:box("a").weight from the name at i. Returns the index behind; *ret_scope is that of the instance where it
 * ends in one, else NULL.
 */
static size_t follow(const struct scan *scan, size_t i, const struct md_scope_def **ret_scope)
{
    const struct md_catalogue *catalogue = scan->lint->rules->catalogue;
    const struct md_scope_def *scope = scope_of(scan, token_at(scan, i).text), *other;

    for (i++; scope != NULL; i += 2) {
        struct token name = token_at(scan, i + 1);

        if (name.kind != TOKEN_NAME)
            break;
        other = md_catalogue_scope(catalogue, name.text);
        if (is_text(scan, i, ".") && !is_text(scan, i + 1, ".")) {
            if (other != NULL && is_above(other, scope)) {
                scope = other;
                continue;
            }
            note_field(scan, scope, name);
            scope = NULL;
        } else if (is_text(scan, i, ":")) {
            if (other == NULL || !is_above(scope, other) || other == scope) {
                scope = NULL;
                continue;
            }
            scope = other;
            i = skip_brackets(scan, i + 2) - 2;
        } else {
            break;
        }
    }
    *ret_scope = scope;
    return i;
}

/* for v in x:each("scope") do: v is of that scope. Other loops: their variables are something else. */
static void take_loop(struct scan *scan, size_t i)
{
    const struct md_scope_def *scope = NULL;
    size_t at, in;

    for (in = i + 1;
         in < scan->tokens.n && !is_text(scan, in, "in") && !is_text(scan, in, "do") && !is_text(scan, in, "="); in++)
        ;
    for (at = in; at < scan->tokens.n && !is_text(scan, at, "do"); at++)
        if (is_text(scan, at, "each") && is_text(scan, at + 1, "(") && token_at(scan, at + 2).kind == TOKEN_STRING)
            scope = md_catalogue_scope(scan->lint->rules->catalogue, token_at(scan, at + 2).text);
    for (at = i + 1; at < in; at++)
        if (token_at(scan, at).kind == TOKEN_NAME)
            set_variable(scan, token_at(scan, at).text, scope);
}

/* known(x, "a", "b") and value(x, "a", default): texts behind the instance are fields. */
static void take_names(const struct scan *scan, size_t i, bool has_default)
{
    const struct md_scope_def *scope;

    i = follow(scan, i + 2, &scope);
    while (scope != NULL && is_text(scan, i, ",") && token_at(scan, i + 1).kind == TOKEN_STRING) {
        note_field(scan, scope, token_at(scan, i + 1));
        i += 2;
        if (has_default)
            break;
    }
}

static void check_number(const struct scan *scan, struct token token)
{
    double x;

    if (md_num_all_double(token.text, &x) == MD_OK && (x <= 0 || (x >= 1 && x <= 1) || (x >= 2 && x <= 2)))
        return;
    md_diags_add(scan->lint->diags, MD_WARNING, (struct md_loc){scan->file, token.line, 0},
                 "the number %.*s stands in a predicate: give it a name, a meaning and a source in lib/thresholds.lua",
                 MD_STR_ARG(token.text));
}

static void scan_tokens(struct scan *scan, bool has_numbers)
{
    const struct md_scope_def *scope;
    size_t i = 0;

    while (i < scan->tokens.n) {
        struct token token = token_at(scan, i);

        if (token.kind == TOKEN_NUMBER && has_numbers)
            check_number(scan, token);
        if (token.kind != TOKEN_NAME || is_text(scan, i - (i > 0), ".")) {
            i++;
        } else if (is_text(scan, i, "for")) {
            take_loop(scan, i);
            while (i < scan->tokens.n && !is_text(scan, i, "in") && !is_text(scan, i, "do") && !is_text(scan, i, "="))
                i++; /* names of variables are no reads */
        } else if (is_text(scan, i, "local") && token_at(scan, i + 1).kind == TOKEN_NAME) {
            follow(scan, i + 3, &scope);
            set_variable(scan, token_at(scan, i + 1).text, is_text(scan, i + 2, "=") ? scope : NULL);
            i += 2;
        } else if ((is_text(scan, i, "known") || is_text(scan, i, "value")) && is_text(scan, i + 1, "(")) {
            take_names(scan, i, is_text(scan, i, "value"));
            i++;
        } else {
            i = follow(scan, i, &scope);
        }
    }
}

/* ---- functions ---- */

static struct md_str lines_of(struct md_str text, int first, int last)
{
    struct md_str rest = text, line, found = {NULL, 0};
    int number;

    for (number = 1; number <= last && md_str_next_line(&rest, &line); number++) {
        if (number == first)
            found.p = line.p;
        if (found.p != NULL)
            found.n = (size_t)(line.p + line.n - found.p);
    }
    return found;
}

/* From `function` of its first line: what stands before belongs to other functions. */
static struct md_str from_function(struct md_str lines)
{
    ptrdiff_t at = md_str_find(lines, MD_LIT("function"));

    return at > 0 ? md_str_from(lines, (size_t)at) : lines;
}

void md_lint_function(const struct md_lint *lint, struct md_lua_ref ref, const struct md_scope_def *scope,
                      bool has_numbers)
{
    lua_State *L = md_sandbox_lua(lint->rules->sandbox);
    struct scan scan = {.lint = lint};
    const char *parameter = NULL;
    lua_Debug ar = {0};
    size_t i;

    if (ref.ref == 0 || lua_rawgeti(L, LUA_REGISTRYINDEX, ref.ref) != LUA_TFUNCTION) {
        if (ref.ref != 0)
            lua_pop(L, 1);
        return;
    }
    lua_pushvalue(L, -1);
    lua_getinfo(L, ">S", &ar);
    parameter = lua_getlocal(L, NULL, 1); /* of the function at the top */
    for (i = 0; i < lint->rules->n_files && ar.source[0] == '@'; i++) {
        const struct md_rule_file *file = &lint->rules->files[i];

        if (strcmp(file->path, ar.source + 1) != 0)
            continue;
        scan.file = file->path;
        split(lint->arena, from_function(lines_of(file->text, ar.linedefined, ar.lastlinedefined)),
              (uint32_t)ar.linedefined, &scan.tokens);
    }
    if (parameter != NULL)
        set_variable(&scan, md_str(parameter), scope);
    lua_pop(L, 1);
    scan_tokens(&scan, has_numbers);
}

void md_lint_mark_names(const struct md_lint *lint, struct md_str text)
{
    const struct md_catalogue *catalogue = lint->rules->catalogue;
    struct tokens tokens = {0};
    size_t i, j;

    split(lint->arena, text, 1, &tokens);
    for (i = 0; i < tokens.n; i++) {
        if (tokens.items[i].kind != TOKEN_NAME && tokens.items[i].kind != TOKEN_STRING)
            continue;
        for (j = 0; j < md_catalogue_scope_count(catalogue); j++) {
            const struct md_fact_def *def =
                md_catalogue_field(catalogue, md_catalogue_scope_at(catalogue, j), tokens.items[i].text);

            if (def != NULL)
                lint->is_read[def->index] = true;
        }
    }
}
