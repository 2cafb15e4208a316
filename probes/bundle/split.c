#include "probes/bundle/split.h"

#include "engine/base/num.h"
#include "probes/bundle/instants.h"
#include "probes/bundle/recognise.h"
#include "probes/source/stream.h"

#define SAMPLE_MAX ((size_t)16384)

struct md_splitter {
    struct md_arena *arena;
    unsigned clean;
    struct md_part *parts;
    size_t n, capacity;

    char line[MD_SPLIT_LINE_MAX];
    size_t line_n;
    uint64_t line_start, offset;      /* of the line being read; of the next byte */
    uint32_t line_no;                 /* of the line being read, from 1 */
    bool was_blank;                   /* the line before */
    enum { PLAIN, RULE, NAMED } more; /* how much of a heading of `more` was there */
    struct md_str more_name;

    struct md_str seen_prompt, cwd;
    bool has_part;
    struct md_part part;
    struct md_command_verdict verdict; /* of part.command */
    enum md_item_kind content;         /* of the lines so far */
    bool has_text;                     /* the part has a line that is not blank */
    char *sample;
    size_t sample_n;
};

struct md_splitter *md_splitter_new(struct md_arena *arena, unsigned clean)
{
    struct md_splitter *self = md_xcalloc(1, sizeof *self);

    self->arena = arena;
    self->clean = clean;
    self->line_no = 1;
    self->was_blank = true;
    self->sample = md_xcalloc(SAMPLE_MAX, 1);
    return self;
}

/* An absolute path, or empty where the folder of a relative one is not known. */
static struct md_str absolute(struct md_splitter *self, struct md_str path)
{
    if (md_str_is_empty(path) || *path.p == '/')
        return path;
    if (md_str_is_empty(self->cwd))
        return md_str("");
    if (md_str_is(path, "."))
        return self->cwd;
    return md_str(md_arena_printf(self->arena, "%.*s/%.*s", MD_STR_ARG(self->cwd), MD_STR_ARG(path)));
}

static struct md_str without_last_slash(struct md_str path)
{
    while (path.n > 1 && path.p[path.n - 1] == '/')
        path.n--;
    return path;
}

/* What the part is, from its command and the sample of its text. */
static void judge(struct md_splitter *self)
{
    struct md_part *part = &self->part;
    struct md_str sample = md_str_n(self->sample, self->sample_n), root = {"", 0};
    struct md_file_verdict file;
    struct md_instant instant;

    part->kind = self->verdict.kind;
    if (!md_str_is_empty(self->verdict.file)) {
        part->file = absolute(self, self->verdict.file);
        md_recognise_file(self->verdict.file, sample, self->sample_n, &file);
        part->kind = file.kind;
        part->note = file.note;
        root = file.root;
    } else if (part->kind == MD_ITEM_OTHER) {
        part->kind = md_recognise_content(sample, &root);
    }
    /* That a name or a file was not found is an answer of dig or db_verify, not a command that is not there. */
    if (!md_str_is_empty(part->command) && md_recognise_is_failure(sample) &&
        md_recognise_content(sample, NULL) != part->kind) {
        part->kind = MD_ITEM_OTHER;
        part->note = "the command could not be run";
    }
    if (part->kind == MD_ITEM_LISTING) {
        if (md_str_is_empty(root) && self->verdict.kind == MD_ITEM_LISTING)
            (void)md_recognise_content(sample, &root);
        if (md_str_is_empty(root) || *root.p != '/')
            root = absolute(self, md_str_is_empty(self->verdict.folder) ? md_str(".") : self->verdict.folder);
        part->root = md_arena_str(self->arena, without_last_slash(root));
    }
    part->at = MD_TIME_NONE;
    if (part->kind == MD_ITEM_DATE) {
        md_instant_find(MD_ITEM_DATE, sample, false, &instant);
        part->at = instant.at;
        part->is_local = instant.is_local;
        if (instant.at == MD_TIME_NONE)
            part->kind = MD_ITEM_OTHER;
    }
    part->is_text =
        part->kind == MD_ITEM_OTHER && part->note == NULL && (self->verdict.is_known || md_str_is_empty(part->command));
}

/* "echo $?" and "echo rc=$?" tell how the command before ended. */
static void note_exit_code(struct md_splitter *self)
{
    struct md_str shown = md_str_trim(md_str_n(self->sample, self->sample_n));
    ptrdiff_t equals = md_str_rfind_char(shown, '=');
    uint64_t code;

    if (self->n > 0 && md_num_all_u64(md_str_from(shown, (size_t)(equals + 1)), 255, &code) == MD_OK)
        self->parts[self->n - 1].exit_code = (int)code;
}

static void close_part(struct md_splitter *self, uint64_t end)
{
    struct md_part *slot;
    bool is_answer;

    if (!self->has_part)
        return;
    self->has_part = false;
    self->part.size = end - self->part.offset;
    /* No output can be an answer (no jobs), but not of what must print something. */
    is_answer = self->verdict.kind == MD_ITEM_QM_JOBS || self->verdict.kind == MD_ITEM_QM_MESSAGES ||
                self->verdict.kind == MD_ITEM_QM_DIRECTORY || self->verdict.kind == MD_ITEM_CSDB_CHECK ||
                self->verdict.kind == MD_ITEM_DB_VERIFY || self->verdict.kind == MD_ITEM_DB_RECOVER ||
                self->verdict.kind == MD_ITEM_DB_ARCHIVE || self->verdict.kind == MD_ITEM_SHELL_HISTORY;
    if ((!self->has_text && !is_answer) || self->n >= MD_SPLIT_PARTS_MAX)
        return;
    judge(self);
    if (md_str_has_prefix(self->part.command, MD_LIT("echo")) && md_str_find(self->part.command, MD_LIT("$?")) > 0) {
        note_exit_code(self);
        return;
    }
    slot = md_arena_push(self->arena, &self->parts, &self->n, &self->capacity, sizeof *slot);
    *slot = self->part;
}

static void open_part(struct md_splitter *self, uint64_t offset, uint32_t line)
{
    self->has_part = true;
    self->part = (struct md_part){.kind = MD_ITEM_OTHER,
                                  .exit_code = -1,
                                  .offset = offset,
                                  .first_line = line,
                                  .command = {"", 0},
                                  .file = {"", 0},
                                  .root = {"", 0}};
    self->verdict = (struct md_command_verdict){.kind = MD_ITEM_OTHER};
    self->content = MD_ITEM_OTHER;
    self->has_text = false;
    self->sample_n = 0;
}

static void open_command(struct md_splitter *self, const struct md_prompt *prompt)
{
    struct md_str command = prompt->command;

    if (!md_str_is_empty(prompt->program) && !md_str_is_empty(command))
        command = md_str(md_arena_printf(self->arena, "%.*s %.*s", MD_STR_ARG(prompt->program), MD_STR_ARG(command)));
    command = md_arena_str(self->arena, command);
    open_part(self, self->offset, self->line_no + 1);
    self->part.command = command;
    md_recognise_command(command, &self->verdict);
    if (self->verdict.is_cd)
        self->cwd = md_arena_str(self->arena, without_last_slash(absolute(self, self->verdict.folder)));
    if (!md_str_is_empty(prompt->text))
        self->seen_prompt = md_arena_str(self->arena, prompt->text);
}

static void open_file(struct md_splitter *self, struct md_str name)
{
    struct md_item_name by_name;

    open_part(self, self->offset, self->line_no + 1);
    self->part.command = self->verdict.file = md_arena_str(self->arena, name);
    md_item_name_read(self->part.command, &by_name);
    self->verdict.kind = by_name.is_old_copy ? MD_ITEM_OTHER : by_name.kind;
    self->verdict.is_known = true;
}

/* Lines that stand around a file in a text of several; they belong to none. */
static bool is_frame(struct md_splitter *self, struct md_str line)
{
    struct md_str name;

    if (self->more == RULE) {
        self->more_name = md_arena_str(self->arena, line);
        self->more = NAMED;
        return true;
    }
    if (md_recognise_more_rule(line)) {
        close_part(self, self->line_start);
        if (self->more == NAMED)
            open_file(self, self->more_name);
        self->more = self->more == NAMED ? PLAIN : RULE;
        return true;
    }
    self->more = PLAIN;
    if (md_recognise_file_heading(line, &name)) {
        close_part(self, self->line_start);
        open_file(self, name);
        return true;
    }
    if (!md_recognise_fence(line))
        return false;
    if (self->has_part && !self->has_text) { /* between the heading and the text */
        self->part.offset = self->offset;
        self->part.first_line = self->line_no + 1;
    } else {
        close_part(self, self->line_start);
    }
    return true;
}

static bool belong_together(enum md_item_kind a, enum md_item_kind b)
{
    static const enum md_item_kind pairs[][2] = {
        {MD_ITEM_MAIL_LOG, MD_ITEM_CONNECTION_LOG},
        {MD_ITEM_PS, MD_ITEM_IMSIMTA_PROCESS},
        {MD_ITEM_DF, MD_ITEM_DF_INODES},
        {MD_ITEM_UPTIME, MD_ITEM_DATE},
        {MD_ITEM_QM_SUMMARIZE, MD_ITEM_COUNTERS},
        {MD_ITEM_WATCHER_LOG, MD_ITEM_NSLOG},
        {MD_ITEM_QM_HISTORY, MD_ITEM_QM_DIRECTORY},
        {MD_ITEM_CALENDAR_LOG, MD_ITEM_NSLOG},
        {MD_ITEM_CALENDAR_LOG, MD_ITEM_CALENDAR_TEXT},
        {MD_ITEM_CALENDAR_LOG, MD_ITEM_CALENDAR_START},
        {MD_ITEM_ICS_CONF, MD_ITEM_CONFIGUTIL},
    };

    if (a == b)
        return true;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if ((pairs[i][0] == a && pairs[i][1] == b) || (pairs[i][0] == b && pairs[i][1] == a))
            return true;
    return false;
}

/* Kinds of which a line in the middle of another output cannot be. */
static bool starts_anywhere(enum md_item_kind kind)
{
    switch ((int)kind) {
    case MD_ITEM_MAIL_LOG:
    case MD_ITEM_NSLOG:
    case MD_ITEM_CALENDAR_LOG:
    case MD_ITEM_LISTING:
    case MD_ITEM_CONFIGUTIL:
    case MD_ITEM_MSCONFIG: return true;
    default: return false;
    }
}

/* Outputs in which no line is an entry of a transaction log. */
static bool holds_no_log(enum md_item_kind kind)
{
    switch ((int)kind) {
    case MD_ITEM_DF:
    case MD_ITEM_DF_INODES:
    case MD_ITEM_PS:
    case MD_ITEM_IMSIMTA_PROCESS:
    case MD_ITEM_IMSIMTA_VERSION:
    case MD_ITEM_UPTIME:
    case MD_ITEM_DATE:
    case MD_ITEM_CPUS:
    case MD_ITEM_LISTING:
    case MD_ITEM_CONFIGUTIL:
    case MD_ITEM_MSCONFIG: return true;
    default: return false;
    }
}

/* Whether another output begins with this line. */
static bool begins_output(struct md_splitter *self, struct md_str line)
{
    bool is_header;
    enum md_item_kind kind = md_recognise_line(line, &is_header);
    enum md_item_kind current = self->verdict.kind != MD_ITEM_OTHER ? self->verdict.kind : self->content;
    bool begins;

    if (kind == MD_ITEM_OTHER)
        return false;
    if (current == MD_ITEM_OTHER) {
        /* Words before an output are no part of it; what a command that we do not know printed is one thing. */
        begins = self->has_text && is_header && md_str_is_empty(self->part.command);
        if (!begins && md_str_is_empty(self->part.command))
            self->content = kind;
        return begins;
    }
    if (belong_together(current, kind))
        return false;
    if (!md_str_is_empty(self->part.command) && kind == MD_ITEM_MAIL_LOG && holds_no_log(self->verdict.kind))
        return true;
    if (!md_str_is_empty(self->part.command))
        return is_header && self->was_blank && self->has_text && kind != MD_ITEM_DATE && kind != MD_ITEM_LISTING;
    return is_header || starts_anywhere(kind);
}

/* Rows of a large listing, told quickly. */
static bool is_plain_row(const struct md_splitter *self, struct md_str line)
{
    if (!self->has_part || (self->content != MD_ITEM_LISTING && self->verdict.kind != MD_ITEM_LISTING) || line.n < 12)
        return false;
    if (line.p[0] == '/')
        return md_str_find_char(line, ' ') < 0;
    return ((line.p[0] == '-' || line.p[0] == 'd') && (line.p[1] == 'r' || line.p[1] == '-')) ||
           md_str_find_char(line, '\t') > 0;
}

static void take_sample(struct md_splitter *self, struct md_str line)
{
    size_t n = line.n < SAMPLE_MAX - self->sample_n ? line.n : SAMPLE_MAX - self->sample_n;

    memcpy(self->sample + self->sample_n, line.p, n);
    self->sample_n += n;
    if (self->sample_n < SAMPLE_MAX)
        self->sample[self->sample_n++] = '\n';
}

static void take_line(struct md_splitter *self)
{
    struct md_str line = md_str_n(self->line, self->line_n);
    struct md_prompt prompt;
    bool is_blank;

    if (self->clean != 0)
        line.n = md_clean_line(self->line, self->line_n, self->clean);
    line = md_str_trim_right(line);
    is_blank = md_str_is_empty(line);
    if (!is_blank && !is_plain_row(self, line)) {
        if (md_str_has_prefix(line, MD_LIT("Script started on ")) ||
            md_str_has_prefix(line, MD_LIT("Script done on ")) || md_str_has_prefix(line, MD_LIT("script done on "))) {
            close_part(self, self->line_start);
            self->was_blank = true;
            return;
        }
        if (is_frame(self, line)) {
            self->was_blank = true;
            return;
        }
        if (md_recognise_prompt(line, self->seen_prompt, &prompt)) {
            close_part(self, self->line_start);
            open_command(self, &prompt);
            self->was_blank = true;
            return;
        }
        if (self->has_part && begins_output(self, line)) {
            close_part(self, self->line_start);
            open_part(self, self->line_start, self->line_no);
        }
    }
    if (!self->has_part)
        open_part(self, self->line_start, self->line_no);
    if (!is_blank && md_str_is_empty(self->part.command) && self->content == MD_ITEM_OTHER) {
        bool is_header;

        self->content = md_recognise_line(line, &is_header);
    }
    self->has_text |= !is_blank;
    self->was_blank = is_blank;
    if (self->sample_n < SAMPLE_MAX)
        take_sample(self, line);
}

static void end_line(struct md_splitter *self)
{
    take_line(self);
    self->line_n = 0;
    self->line_no++;
    self->line_start = self->offset;
}

void md_splitter_feed(struct md_splitter *self, const char *bytes, size_t n)
{
    while (n > 0) {
        const char *lf = memchr(bytes, '\n', n);
        size_t piece = lf != NULL ? (size_t)(lf - bytes) : n;
        size_t kept = piece < sizeof self->line - self->line_n ? piece : sizeof self->line - self->line_n;

        memcpy(self->line + self->line_n, bytes, kept);
        self->line_n += kept;
        self->offset += piece + (lf != NULL);
        bytes += piece + (lf != NULL);
        n -= piece + (lf != NULL);
        if (lf != NULL)
            end_line(self);
    }
}

size_t md_splitter_end(struct md_splitter **splitter, const struct md_part **ret)
{
    struct md_splitter *self = *splitter;
    size_t n;

    if (self->line_n > 0)
        end_line(self);
    close_part(self, self->offset);
    n = self->n;
    *ret = self->parts;
    free(self->sample);
    free(self);
    *splitter = NULL;
    return n;
}
