/*
 * What its place in a line says a word is: the host of a log line, the owner of a file or process, the users of the
 * store's commands, the names in a header of mail, hosts in files of hosts and of rewrite rules.
 */
#include <string.h>

#include "probes/bundle/recognise.h"
#include "probes/bundle/redact_priv.h"
#include "probes/formats/msgserver/store_out.h"

/* The word at or behind `from`; returns where it ends, `ret_from` where it begins. */
static size_t word_at(struct md_str line, size_t from, size_t *ret_from)
{
    size_t end;

    while (from < line.n && (line.p[from] == ' ' || line.p[from] == '\t'))
        from++;
    for (end = from; end < line.n && line.p[end] != ' ' && line.p[end] != '\t';)
        end++;
    *ret_from = from;
    return end;
}

static bool is_host_word(struct md_str word)
{
    for (size_t i = 0; i < word.n; i++)
        if (!md_redact_is_name_char(word.p[i]) || word.p[i] == '_')
            return false;
    return word.n > 0 && md_is_alnum(word.p[0]) && !md_is_digit(word.p[word.n - 1])
               ? true
               : word.n > 0 && md_is_alpha(word.p[0]);
}

static void mark_host(struct md_redact_line *line, size_t from, size_t end)
{
    if (is_host_word(md_str_sub(line->line, from, end - from)))
        md_redact_mark(line, from, end, MD_MARK_HOST);
}

static void mark_owner(struct md_redact_line *line, size_t from, size_t end)
{
    struct md_str word = md_str_sub(line->line, from, end - from);

    if (word.n > 0 && md_is_alpha(word.p[0]) && !md_redact_is_kept_user(line->redactor, word))
        md_redact_mark(line, from, end, MD_MARK_OWNER);
}

/* ---- logs ---- */

/* "[24/Nov/2026:03:21:00 -0500] mail1 ims_master[12980]: ..." */
static void mark_server_log(struct md_redact_line *line)
{
    struct md_str text = line->line;
    size_t from = 0, end;
    ptrdiff_t close;

    if (text.p[0] == '[') {
        close = md_str_find_char(md_str_sub(text, 0, 48), ']');
        if (close < 12 || text.p[3] != '/' || text.p[7] != '/')
            return;
        from = (size_t)close + 1;
    } else if (text.n > 27 && text.p[2] == '/' && text.p[6] == '/' && text.p[11] == ':')
        end = word_at(text, 20, &from), from = end;
    else
        return;
    end = word_at(text, from, &from);
    mark_host(line, from, end);
}

static bool is_month(struct md_str s)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

    for (size_t i = 0; s.n >= 4 && i + 3 < sizeof months; i += 3)
        if (memcmp(s.p, months + i, 3) == 0 && s.p[3] == ' ')
            return true;
    return false;
}

/* "Nov 24 03:21:00 mail1 sendmail[123]: ..." */
static void mark_system_log(struct md_redact_line *line)
{
    struct md_str text = line->line;
    size_t from, end;

    if (text.n < 20 || !is_month(text) || text.p[9] != ':' || text.p[12] != ':' || text.p[15] != ' ' ||
        !md_is_digit(text.p[14]))
        return;
    end = word_at(text, 16, &from);
    if (end < text.n && !md_is_digit(text.p[from]))
        mark_host(line, from, end);
}

/* "SunOS mail1 5.10 Generic", "Linux mail1 5.4.17-2136" */
static void mark_system_name(struct md_redact_line *line)
{
    static const char *const systems[] = {"SunOS ", "Linux ", "AIX ", "HP-UX "};
    size_t from, end, next;

    for (size_t i = 0; i < sizeof systems / sizeof *systems; i++) {
        if (!md_str_has_prefix(line->line, md_str(systems[i])))
            continue;
        end = word_at(line->line, strlen(systems[i]), &from);
        (void)word_at(line->line, end, &next);
        if (next < line->line.n && md_is_digit(line->line.p[next]))
            mark_host(line, from, end);
    }
}

/* "Debug output enabled, system mail1, process 1a2b.0" */
static void mark_debug_log(struct md_redact_line *line)
{
    ptrdiff_t at = md_str_find(line->line, MD_LIT("enabled, system "));
    size_t from, end;

    if (at < 0)
        return;
    from = (size_t)at + 16;
    for (end = from; end < line->line.n && md_redact_is_name_char(line->line.p[end]);)
        end++;
    mark_host(line, from, end);
}

/* "*amy": the user of an entry of the transaction log; of a counted one the field is the whole text */
static void mark_entry_user(struct md_redact_line *line)
{
    struct md_str text = line->line;

    for (size_t i = text.n > 0 && text.p[0] == '*' ? 0 : 24; i + 1 < text.n; i++) {
        size_t end;

        if (text.p[i] != '*' || (i > 0 && text.p[i - 1] != ' ' && text.p[i - 1] != ':'))
            continue;
        for (end = i + 1; end < text.n && (md_redact_is_name_char(text.p[end]) || text.p[end] == '+');)
            end++;
        if (end > i + 1 && (end == text.n || text.p[end] == ' '))
            md_redact_mark(line, i + 1, end, MD_MARK_USER);
    }
}

/* ---- listings and tables ---- */

/* "-rw-rw----   1 mailsrv  mail  6210 Nov 24 ...", in find -ls behind two numbers */
static void mark_listing(struct md_redact_line *line)
{
    size_t from = 0, end = 0;

    for (size_t i = 0; i < 3; i++) {
        struct md_str word;

        end = word_at(line->line, end, &from);
        word = md_str_sub(line->line, from, end - from);
        if (word.n >= 10 && word.n <= 12 && strchr("-dlbcpsD", word.p[0]) != NULL && strchr("r-", word.p[1]) != NULL &&
            strchr("w-", word.p[2]) != NULL && strchr("xsS-", word.p[3]) != NULL && strchr("r-", word.p[4]) != NULL)
            break;
        if (i == 2 || word.n == 0 || !md_is_digit(word.p[0]))
            return;
    }
    end = word_at(line->line, end, &from);
    if (end == from || !md_is_digit(line->line.p[from]))
        return;
    for (size_t i = 0; i < 2; i++) {
        end = word_at(line->line, end, &from);
        mark_owner(line, from, end);
    }
}

/* path, size, mtime, mode, owner, group */
static void mark_table_listing(struct md_redact_line *line)
{
    size_t column = 0, from = 0;

    for (size_t i = 0; i <= line->line.n; i++) {
        if (i < line->line.n && line->line.p[i] != '\t')
            continue;
        if (column == 4 || column == 5)
            mark_owner(line, from, i);
        column++;
        from = i + 1;
    }
}

static void mark_process(struct md_redact_line *line)
{
    size_t from, end = word_at(line->line, 0, &from), next, next_end;
    struct md_str word = md_str_sub(line->line, from, end - from);

    if (word.n == 0) {
        line->text->in_ps = false;
        return;
    }
    if (md_str_is(word, "UID") || md_str_is(word, "USER") || md_str_is(word, "RUSER")) {
        line->text->in_ps = md_str_find(line->line, MD_LIT("PID")) >= 0;
        return;
    }
    if (!line->text->in_ps)
        return;
    next_end = word_at(line->line, end, &next);
    if (next_end == next || !md_is_digit(line->line.p[next])) {
        line->text->in_ps = false;
        return;
    }
    mark_owner(line, from, end);
}

static void mark_slice(struct md_redact_line *line, struct md_str slice)
{
    size_t from = (size_t)(slice.p - line->line.p);

    if (slice.n == 0)
        return;
    if (md_str_find_char(slice, '@') < 0)
        md_redact_mark(line, from, from + slice.n, MD_MARK_USER);
    else if (line->out == NULL)
        md_redact_note(line->redactor, MD_REDACT_MAILBOX_USER,
                       md_str_sub(slice, 0, (size_t)md_str_find_char(slice, '@')));
}

/* Rows of imquotacheck and imsconnutil, as their parsers see them. */
static void mark_store_rows(struct md_redact_line *line)
{
    struct md_arena *arena = md_arena_new();
    const struct md_quota_row *quotas;
    const struct md_session_row *sessions;
    size_t without, from, end;

    if (line->text->kind == MD_ITEM_IMSCONNUTIL) {
        if (md_sessions_parse(arena, line->line, &sessions) == 1)
            mark_slice(line, sessions[0].user);
    } else if (md_quota_parse(arena, line->line, &quotas, &without) == 1)
        mark_slice(line, quotas[0].user);
    else if (without == 1) { /* a user without a quota stands in front or at the end */
        end = word_at(line->line, 0, &from);
        mark_slice(line, md_str_sub(line->line, from, end - from));
        for (from = end = md_str_trim_right(line->line).n; from > 0 && !md_is_space(line->line.p[from - 1]);)
            from--;
        mark_slice(line, md_str_sub(line->line, from, end - from));
    }
    md_arena_free(&arena);
}

/* ---- files of hosts ---- */

static void mark_hosts(struct md_redact_line *line)
{
    struct md_str text = line->line;
    size_t from, end = word_at(text, 0, &from);
    bool is_names = line->text->kind == MD_ITEM_HOSTS_FILE;

    if (from < text.n && text.p[from] == '#')
        return;
    if (!is_names) {
        struct md_str key = md_str_sub(text, from, end - from);

        if (!md_str_is(key, "search") && !md_str_is(key, "domain"))
            return;
    }
    while (end < text.n) {
        end = word_at(text, end, &from);
        if (from < text.n && text.p[from] == '#')
            return;
        mark_host(line, from, end);
    }
}

/* A rewrite rule for a name without dots; the official name of a host alone on its line. */
static void mark_imta_cnf(struct md_redact_line *line)
{
    struct md_str text = md_str_trim_right(line->line), word;
    size_t from, end = word_at(text, 0, &from);
    bool is_rule;

    word = md_str_sub(text, from, end - from);
    if (word.n == 0 || from > 0 || word.p[0] == '!' || md_redact_knows(line->redactor, MD_REDACT_LABELS, word) ||
        md_redact_knows(line->redactor, MD_REDACT_CHANNELS, word) || md_str_has_suffix(word, MD_LIT("-daemon")))
        return;
    is_rule = end < text.n && md_str_find_char(md_str_from(text, end), '$') >= 0 &&
              md_str_find_char(md_str_from(text, end), '@') >= 0;
    if ((is_rule || end == text.n) && md_str_find_char(word, '.') < 0) /* with dots: the scan sees them */
        mark_host(line, from, end);
}

/* ---- prompts ---- */

/* "mail1# imsimta version", "[root@mail1 log]$ df -k" */
static void mark_prompt(struct md_redact_line *line)
{
    struct md_redact_text *text = line->text;
    struct md_prompt prompt;
    struct md_command_verdict verdict;
    size_t from, end;

    if (!md_recognise_prompt(line->line, md_str_n(text->prompt, text->n_prompt), &prompt))
        return;
    text->in_ps = false;
    if (prompt.command.n > 0) {
        md_recognise_command(prompt.command, &verdict);
        text->kind = verdict.kind;
    }
    if (prompt.text.n == 0 || prompt.program.n > 0)
        return;
    if (prompt.text.n <= sizeof text->prompt) {
        memcpy(text->prompt, prompt.text.p, prompt.text.n);
        text->n_prompt = prompt.text.n;
    }
    from = (size_t)(prompt.text.p - line->line.p);
    while (from < line->line.n && (line->line.p[from] == '[' || line->line.p[from] == ' ' || line->line.p[from] == '('))
        from++;
    for (end = from; end < line->line.n && (md_redact_is_name_char(line->line.p[end]));)
        end++;
    if (end < line->line.n && line->line.p[end] == '@') {
        mark_owner(line, from, end);
        from = end + 1;
        for (end = from; end < line->line.n && md_redact_is_name_char(line->line.p[end]);)
            end++;
    }
    if (md_str_is_nocase(md_str_sub(line->line, from, end - from), "bash"))
        return;
    mark_host(line, from, end);
}

static bool may_have_prompts(enum md_item_kind kind)
{
    return kind >= MD_ITEM_IMSIMTA_VERSION; /* OTHER is the last one */
}

/* ---- headers of mail ---- */

/* From: "Amy Smith" <amy@example.com>, bob@example.com (Bob Jones) */
static void mark_header(struct md_redact_line *line)
{
    static const char *const names[] = {"From:",
                                        "To:",
                                        "Cc:",
                                        "Bcc:",
                                        "Sender:",
                                        "Reply-To:",
                                        "Resent-From:",
                                        "Resent-To:",
                                        "Errors-To:",
                                        "Return-Path:",
                                        "Disposition-Notification-To:"};
    struct md_str text = line->line;
    size_t i = 0, from, end;
    bool is_header = line->text->in_header && text.n > 0 && (text.p[0] == ' ' || text.p[0] == '\t');

    for (size_t name = 0; name < sizeof names / sizeof *names && !is_header; name++)
        if (md_str_has_prefix_nocase(text, md_str(names[name]))) {
            is_header = true;
            i = strlen(names[name]);
        }
    line->text->in_header = is_header;
    while (is_header && i < text.n) {
        while (i < text.n && (md_is_space(text.p[i]) || text.p[i] == ',' || text.p[i] == '"'))
            i++;
        for (from = end = i; i < text.n && text.p[i] != '<' && text.p[i] != ',' && text.p[i] != '(';)
            if (!md_is_space(text.p[i++]))
                end = i;
        if (i < text.n && text.p[i] == '<') {
            while (end > from && text.p[end - 1] == '"')
                end--;
            md_redact_mark(line, from, end, MD_MARK_PERSON);
            while (i < text.n && text.p[i] != ',')
                i++;
        } else if (i < text.n && text.p[i] == '(') {
            from = i + 1;
            while (i < text.n && text.p[i] != ')')
                i++;
            md_redact_mark(line, from, i, MD_MARK_PERSON);
        }
    }
}

/* A file of passwords only: all values between tags and in value="...". */
static void mark_passwords(struct md_redact_line *line)
{
    struct md_str text = line->line;

    for (size_t i = 0; i < text.n; i++) {
        size_t end;

        if (text.p[i] != '>' && text.p[i] != '"')
            continue;
        for (end = i + 1; end < text.n && text.p[end] != '<' && text.p[end] != '"';)
            end++;
        if (text.p[i] == '"' ? i > 6 && md_str_has_suffix(md_str_sub(text, 0, i), MD_LIT("value=")) : true)
            if (md_str_trim(md_str_sub(text, i + 1, end - i - 1)).n > 0)
                md_redact_mark(line, i + 1, end, MD_MARK_SECRET);
        if (text.p[i] == '"')
            i = end;
    }
}

void md_redact_mark_columns(struct md_redact_line *line)
{
    if (line->line.n == 0) {
        line->text->in_ps = line->text->in_header = false;
        return;
    }
    if (may_have_prompts(line->text->kind) || line->text->n_prompt > 0)
        mark_prompt(line);
    if (line->text->is_xpass)
        mark_passwords(line);
    switch (line->text->kind) {
    case MD_ITEM_HOSTS_FILE:
    case MD_ITEM_RESOLV_CONF: mark_hosts(line); return;
    case MD_ITEM_IMTA_CNF:
    case MD_ITEM_MTA_RULES: mark_imta_cnf(line); return;
    case MD_ITEM_IMQUOTACHECK:
    case MD_ITEM_IMSCONNUTIL: mark_store_rows(line); break;
    case MD_ITEM_MAIL_LOG: mark_entry_user(line); return;
    case MD_ITEM_LISTING: mark_table_listing(line); break;
    case MD_ITEM_QUEUE_FILE: md_redact_mark_envelope(line); break;
    default: break;
    }
    mark_server_log(line);
    mark_system_log(line);
    mark_system_name(line);
    mark_debug_log(line);
    mark_listing(line);
    mark_process(line);
    mark_header(line);
}
