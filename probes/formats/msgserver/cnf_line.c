#include "probes/formats/msgserver/cnf_line.h"

#include <string.h>

/* The longest physical line of any of the files, that of mappings; most end at 252. */
#define PHYSICAL_MAX 4096

static const struct {
    enum md_severity severity;
    const char *says;
} fault_table[] = {
#define MD_CNF_FAULT(id, severity, says) {MD_##severity, says},
#include "probes/formats/msgserver/cnf_fault.def"
#undef MD_CNF_FAULT
};

enum md_severity md_cnf_fault_severity(enum md_cnf_fault_kind kind)
{
    return fault_table[kind].severity;
}

const char *md_cnf_fault_says(enum md_cnf_fault_kind kind)
{
    return fault_table[kind].says;
}

void md_cnf_fault_add(struct md_cnf_faults *faults, enum md_cnf_fault_kind kind, struct md_loc loc, struct md_str text)
{
    struct md_cnf_fault *fault;

    if (faults->n >= MD_CNF_FAULTS_MAX) {
        faults->dropped++;
        return;
    }
    fault = md_arena_push(faults->arena, &faults->items, &faults->n, &faults->capacity, sizeof *fault);
    fault->kind = kind;
    fault->loc = loc;
    fault->text = text;
}

void md_cnf_faults_report(const struct md_cnf_faults *faults, enum md_severity severity, struct md_diags *diags)
{
    for (size_t i = 0; i < faults->n; i++) {
        const struct md_cnf_fault *fault = &faults->items[i];

        if (fault_table[fault->kind].severity >= severity)
            md_diags_add(diags, fault_table[fault->kind].severity, fault->loc, "%s", fault_table[fault->kind].says);
    }
    if (faults->dropped > 0)
        md_diags_add(diags, MD_WARNING, (struct md_loc){0}, "further mistakes in configuration files are not listed");
}

void md_cnf_reader_init(struct md_cnf_reader *reader, struct md_arena *arena, const char *file,
                        const char *comment_chars, struct md_str text, uint32_t first_line,
                        struct md_cnf_faults *faults)
{
    *reader = (struct md_cnf_reader){
        .arena = arena,
        .file = file,
        .comment_chars = comment_chars,
        .rest = text,
        .line = first_line > 0 ? first_line : 1,
        .faults = faults,
    };
}

static struct md_loc loc_at(const struct md_cnf_reader *reader, uint32_t line, size_t offset)
{
    uint32_t column = offset < UINT32_MAX ? (uint32_t)offset + 1 : UINT32_MAX;

    return (struct md_loc){reader->file, line, column};
}

static bool is_comment(const struct md_cnf_reader *reader, struct md_str physical)
{
    return physical.n > 0 && physical.p[0] != '\0' && strchr(reader->comment_chars, physical.p[0]) != NULL;
}

/* What was meant as a comment but is none to the product. */
static bool is_misspelt_comment(const struct md_cnf_reader *reader, struct md_str physical)
{
    struct md_str trimmed = md_str_trim(physical);

    if (!reader->only_bang || trimmed.n == 0)
        return false;
    if (trimmed.p != physical.p)
        return reader->no_indent && trimmed.p[0] == '!';
    return trimmed.p[0] == '#' || md_str_has_prefix(trimmed, MD_LIT("//"));
}

/* Whether a comment between continued lines says something that was meant: "#hold=...,". Prose begins with a blank. */
static bool is_lost_clause(const struct md_cnf_reader *reader, struct md_str physical)
{
    struct md_str said = md_str_trim_right(md_str_from(physical, 1));

    return reader->has_clauses && said.n > 0 && !md_is_space(said.p[0]) &&
           (md_str_find_char(said, '=') > 0 || said.p[said.n - 1] == ',' || said.p[said.n - 1] == '\\');
}

static void note_length(struct md_cnf_reader *reader, struct md_str physical)
{
    struct md_cnf_faults *faults = reader->faults;
    struct md_cnf_long_line *line;

    if (physical.n <= MD_CNF_LINE_MAX || faults->n_long_lines >= MD_CNF_LONG_LINES_MAX)
        return;
    line = md_arena_push(faults->arena, &faults->long_lines, &faults->n_long_lines, &faults->long_lines_capacity,
                         sizeof *line);
    line->loc = loc_at(reader, reader->line, MD_CNF_LINE_MAX);
    line->length = physical.n;
    line->is_comment = is_comment(reader, physical);
}

/* The next physical line without its end. Unlike md_str_next_line it tells about CR. */
static bool next_physical(struct md_cnf_reader *reader, struct md_str *ret)
{
    const char *end;
    size_t n;

    if (reader->rest.n == 0)
        return false;
    end = memchr(reader->rest.p, '\n', reader->rest.n);
    n = end != NULL ? (size_t)(end - reader->rest.p) : reader->rest.n;
    *ret = md_str_n(reader->rest.p, n);
    reader->rest = md_str_from(reader->rest, n + (end != NULL));
    if (n > 0 && ret->p[n - 1] == '\r') {
        ret->n--;
        if (!reader->saw_cr) {
            reader->saw_cr = true;
            md_cnf_fault_add(reader->faults, MD_CNF_CARRIAGE_RETURNS, loc_at(reader, reader->line, n - 1), MD_LIT(""));
        }
    }
    note_length(reader, *ret);
    if (n > PHYSICAL_MAX)
        md_cnf_fault_add(reader->faults, MD_CNF_LONG_LINE, loc_at(reader, reader->line, PHYSICAL_MAX), MD_LIT(""));
    if (reader->line < UINT32_MAX)
        reader->line++;
    return true;
}

static void note_bytes(struct md_cnf_reader *reader, struct md_str physical, uint32_t line)
{
    if (reader->saw_bytes)
        return;
    for (size_t i = 0; i < physical.n; i++) {
        unsigned char c = (unsigned char)physical.p[i];

        if (c >= 0x7f || (c < 0x20 && c != '\t' && c != '\f')) {
            reader->saw_bytes = true;
            md_cnf_fault_add(reader->faults, MD_CNF_STRANGE_BYTES, loc_at(reader, line, i), MD_LIT(""));
            return;
        }
    }
}

static bool ends_with_backslash(struct md_cnf_reader *reader, struct md_str physical, uint32_t line)
{
    struct md_str trimmed = md_str_trim_right(physical);

    if (trimmed.n == 0 || trimmed.p[trimmed.n - 1] != '\\')
        return false;
    if (trimmed.n == physical.n)
        return true;
    md_cnf_fault_add(reader->faults, MD_CNF_BLANK_AFTER_BACKSLASH, loc_at(reader, line, trimmed.n - 1), MD_LIT(""));
    return false;
}

static bool begins_with_blank(struct md_str text)
{
    return text.n > 0 && (text.p[0] == ' ' || text.p[0] == '\t');
}

struct joined_part {
    struct md_str text;
    uint32_t line;
};

/* Reads on after a first physical line that ends with "\". */
static void join(struct md_cnf_reader *reader, struct md_str first, struct md_cnf_line *ret)
{
    struct joined_part *parts = NULL;
    struct md_cnf_piece *pieces;
    size_t n_parts = 0, capacity = 0, total = first.n, at;
    char *text;

    for (;;) {
        struct md_cnf_reader before = *reader;
        size_t n_long_lines = reader->faults->n_long_lines;
        uint32_t line = reader->line;
        struct md_str physical;
        struct joined_part *part;
        bool goes_on;

        if (!next_physical(reader, &physical) || md_str_is_empty(md_str_trim(physical))) {
            /* The blank line is left for the next call, so that the end of a block is not lost with it. */
            before.saw_cr = reader->saw_cr;
            *reader = before;
            reader->faults->n_long_lines = n_long_lines;
            ret->dangles = true;
            md_cnf_fault_add(reader->faults, MD_CNF_DANGLING_CONTINUATION,
                             loc_at(reader, n_parts > 0 ? parts[n_parts - 1].line : ret->line,
                                    n_parts > 0 ? parts[n_parts - 1].text.n : first.n),
                             MD_LIT(""));
            break;
        }
        if (is_comment(reader, physical) && is_lost_clause(reader, physical)) {
            md_cnf_fault_add(reader->faults, MD_CNF_CLAUSE_READ_AS_COMMENT, loc_at(reader, line, 0), physical);
            /* It was meant to go on only if it says so, or if what follows can be nothing else. */
            if (physical.p[physical.n - 1] != '\\' && !begins_with_blank(reader->rest))
                break;
            continue;
        }
        if (is_comment(reader, physical)) {
            md_cnf_fault_add(reader->faults, MD_CNF_COMMENT_IN_CONTINUATION, loc_at(reader, line, 0), physical);
            continue;
        }
        if (is_misspelt_comment(reader, physical)) {
            md_cnf_fault_add(reader->faults, MD_CNF_MISSPELT_COMMENT, loc_at(reader, line, 0), physical);
            continue;
        }
        note_bytes(reader, physical, line);
        goes_on = ends_with_backslash(reader, physical, line);
        part = md_arena_push(reader->arena, &parts, &n_parts, &capacity, sizeof *part);
        part->text = goes_on ? md_str_sub(physical, 0, physical.n - 1) : physical;
        part->line = line;
        total += part->text.n;
        if (!goes_on)
            break;
    }

    text = md_arena_alloc(reader->arena, total + 1);
    pieces = md_arena_array(reader->arena, n_parts > 0 ? n_parts : 1, sizeof *pieces);
    if (first.n > 0)
        memcpy(text, first.p, first.n);
    at = first.n;
    for (size_t i = 0; i < n_parts; i++) {
        pieces[i].at = at;
        pieces[i].line = parts[i].line;
        if (parts[i].text.n > 0)
            memcpy(text + at, parts[i].text.p, parts[i].text.n);
        at += parts[i].text.n;
    }
    ret->text = md_str_n(text, total);
    ret->pieces = pieces;
    ret->n_pieces = n_parts;
}

/* One logical line; one without anything but "\" has an empty text. */
static bool next_logical(struct md_cnf_reader *reader, struct md_cnf_line *ret)
{
    uint32_t line = reader->line;
    struct md_str physical;

    if (!next_physical(reader, &physical))
        return false;
    *ret = (struct md_cnf_line){.text = physical, .file = reader->file, .line = line};
    if (is_comment(reader, physical)) {
        ret->kind = MD_CNF_COMMENT;
        return true;
    }
    if (md_str_is_empty(md_str_trim(physical))) {
        if (physical.n > 0)
            md_cnf_fault_add(reader->faults, MD_CNF_BLANKS_IN_EMPTY_LINE, loc_at(reader, line, 0), MD_LIT(""));
        ret->kind = MD_CNF_BLANK;
        return true;
    }
    if (is_misspelt_comment(reader, physical)) {
        md_cnf_fault_add(reader->faults, MD_CNF_MISSPELT_COMMENT, loc_at(reader, line, 0), physical);
        ret->kind = MD_CNF_COMMENT;
        return true;
    }
    ret->kind = MD_CNF_TEXT;
    note_bytes(reader, physical, line);
    if (ends_with_backslash(reader, physical, line))
        join(reader, md_str_sub(physical, 0, physical.n - 1), ret);
    return true;
}

bool md_cnf_next(struct md_cnf_reader *reader, struct md_cnf_line *ret)
{
    while (next_logical(reader, ret))
        if (ret->kind != MD_CNF_TEXT || !md_str_is_empty(md_str_trim(ret->text)))
            return true;
    return false;
}

struct md_loc md_cnf_loc(const struct md_cnf_line *line, size_t offset)
{
    uint32_t number = line->line;
    size_t begin = 0, column = 0, low = 0, high = line->n_pieces;

    while (low < high) { /* the last piece that begins at or before the offset */
        size_t middle = low + (high - low) / 2;

        if (line->pieces[middle].at <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    if (low > 0) {
        number = line->pieces[low - 1].line;
        begin = line->pieces[low - 1].at;
        column = line->pieces[low - 1].column;
    }
    offset = offset - begin + column;
    return (struct md_loc){line->file, number, offset < UINT32_MAX ? (uint32_t)offset + 1 : UINT32_MAX};
}

struct md_loc md_cnf_loc_of(const struct md_cnf_line *line, struct md_str part)
{
    return md_cnf_loc(line, part.n > 0 || part.p != NULL ? (size_t)(part.p - line->text.p) : 0);
}

bool md_cnf_include_open(struct md_cnf_includes *includes, const struct md_cnf_line *line, unsigned depth,
                         struct md_cnf_faults *faults, const char **ret_name, struct md_str *ret_text)
{
    struct md_cnf_include *include =
        md_arena_push(includes->arena, &includes->items, &includes->n, &includes->capacity, sizeof *include);

    include->path = md_str_trim(md_str_from(line->text, 1));
    include->loc = md_cnf_loc(line, 0);
    include->depth = depth;
    if (depth >= MD_CNF_INCLUDES_MAX) {
        md_cnf_fault_add(faults, MD_CNF_INCLUDE_TOO_DEEP, include->loc, include->path);
        return false;
    }
    if (includes->fn == NULL || !includes->fn(includes->ctx, include->path, ret_name, ret_text)) {
        md_cnf_fault_add(faults, MD_CNF_INCLUDE_NOT_READ, include->loc, include->path);
        return false;
    }
    include->is_read = true;
    return true;
}
