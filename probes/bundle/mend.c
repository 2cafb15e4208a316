/* Texts that were packed, coded or folded by a mailer or a word processor. */
#include "probes/bundle/pack.h"

#include <inttypes.h>

#include "engine/base/buf.h"
#include "engine/base/display.h"
#include "probes/bundle/folded.h"
#include "probes/bundle/recognise.h"
#include "probes/formats/common/markup.h"
#include "probes/formats/common/mime.h"
#include "probes/formats/common/transfer.h"
#include "probes/formats/msgserver/queue_name.h"
#include "probes/source/stream.h"

#define LOOK ((size_t)8192)            /* bytes by which it is told what a file is */
#define MESSAGE_MAX ((size_t)48 << 20) /* of a mail message with its attachments */
#define TEXT_MAX ((size_t)8 << 20)     /* of a text */
#define ALL_MAX ((size_t)160 << 20)    /* bytes read of all such files */
#define HOLE_MAX (UINT64_C(1) << 30)   /* zeros that are passed over */

enum damage { NONE, MESSAGE, QUOTED_PRINTABLE, HTML, WORD, RTF, RETURNS, HOLE, FOLDED };

struct mending {
    struct md_pack *pack;
    struct md_diags *diags;
    size_t taken;
};

static void say(struct mending *self, struct md_str name, enum md_severity severity, const char *what)
{
    md_diags_add(self->diags, severity, (struct md_loc){md_display_max(self->pack->arena, name, 300), 0, 0}, "%s",
                 what);
}

/* A log of which an entry goes on in the next line, as far as the first lines show. */
static bool may_be_folded(struct md_str head)
{
    struct md_str line;
    bool was_entry = false, is_header;

    while (md_str_next_line(&head, &line)) {
        bool is_entry;

        line = md_str_trim_right(line);
        /* quoted, as answers of mails are */
        while (line.n > 0 && (*line.p == '>' || *line.p == ' '))
            line = md_str_from(line, 1);
        is_entry = md_recognise_is_log(md_recognise_line(line, &is_header));
        if (was_entry && !is_entry && line.n > 0)
            return true;
        was_entry = is_entry && line.n <= 82;
    }
    return false;
}

/* What the first bytes of a file show. The order matters: of two the one that is undone first. */
static enum damage damage_of(struct md_str name, struct md_str head)
{
    static const char zeros[LOOK] = {0};
    struct md_item_name known;

    if (*head.p == '\0' && md_str_eq(head, md_str_n(zeros, head.n)))
        return HOLE;
    if (md_mime_is_message(head))
        return MESSAGE; /* attachments may be binary */
    if (md_str_find_char(head, '\0') >= 0)
        return NONE;
    if (md_str_find_char(head, '\r') >= 0 && md_str_find_char(head, '\n') < 0)
        return RETURNS;
    if (md_markup_is_rtf(head))
        return RTF;
    if (md_str_find(head, MD_LIT("<w:document")) >= 0 && md_str_has_prefix(head, MD_LIT("<?xml")))
        return WORD;
    if (md_markup_is_html(head))
        return HTML;
    md_item_name_read(name, &known);
    if (known.is_sure) /* a configuration file is not pasted */
        return NONE;
    if (md_transfer_is_quoted_printable(head))
        return QUOTED_PRINTABLE;
    return may_be_folded(head) ? FOLDED : NONE;
}

static void replace(struct mending *self, size_t i, struct md_str text)
{
    struct md_member *member = &self->pack->members[i];

    member->head = text;
    member->tail = (struct md_str){"", 0};
    member->size = text.n;
    member->is_held = true;
}

/* What was folded may be quoted, too. */
static void join_lines(struct mending *self, size_t i, struct md_str text)
{
    struct md_arena *arena = self->pack->arena;
    struct md_str name = self->pack->members[i].name, joined, line, rest = text;
    unsigned clean = md_recognise_cleaning(md_str_sub(text, 0, MD_RECOGNISE_HEAD));
    size_t width, n = 0;
    enum md_folded result;
    char *cleaned = NULL;

    if (clean != 0) {
        cleaned = md_xcalloc(text.n + 1, 1);
        while (md_str_next_line(&rest, &line)) {
            memcpy(cleaned + n, line.p, line.n);
            n += md_clean_line(cleaned + n, line.n, clean);
            cleaned[n++] = '\n';
        }
        text = md_str_n(cleaned, n);
    }
    result = md_folded_join(arena, text, &joined, &width);
    free(cleaned);
    if (result == MD_FOLDED_JOINED) {
        replace(self, i, joined);
        say(self, name, MD_NOTE,
            md_arena_printf(arena, "its long lines were broken at some %zu columns on the way; they are joined again",
                            width));
    } else if (result == MD_FOLDED_DOUBTFUL) {
        say(self, name, MD_WARNING,
            md_arena_printf(
                arena,
                "long lines seem to be broken at some %zu columns, and what belongs together is not certain: send "
                "the file itself, packed, not as text in a mail",
                width));
    }
}

static void open_message(struct mending *self, size_t i, struct md_str text)
{
    struct md_pack *pack = self->pack;
    const struct md_member message = pack->members[i];
    const struct md_mime_part *parts;
    bool is_cut;
    size_t n = md_mime_parts(pack->arena, text, &parts, &is_cut);

    if (is_cut)
        say(self, message.name, MD_WARNING,
            "a mail message with more parts, or deeper inside each other, than are read: save the attachments and give "
            "these");
    if (n == 0)
        return;
    for (size_t k = 0; k < n; k++) {
        struct md_member *member = md_pack_add(
            pack,
            md_str(md_arena_printf(pack->arena, "%.*s/%.*s", MD_STR_ARG(message.name), MD_STR_ARG(parts[k].name))));

        member->inside = message.inside;
        member->head = parts[k].bytes;
        member->size = parts[k].bytes.n;
        member->is_held = member->is_mended = true;
        if (may_be_folded(md_str_sub(member->head, 0, LOOK)))
            join_lines(self, pack->n - 1, member->head);
    }
    pack->members[i].is_opened = true;
    say(self, message.name, MD_NOTE, "a mail message: its texts and attachments are read as files");
}

/* Zeros in front are a hole: the file was emptied while a program went on writing where it was. */
static void skip_hole(struct mending *self, size_t i)
{
    struct md_pack *pack = self->pack;
    const struct md_str name = pack->members[i].name;
    struct md_stream *stream;
    struct md_str text = {"", 0};
    struct md_item_name known;
    char *chunk;
    ptrdiff_t got;
    uint64_t zeros = 0;
    size_t n = 0;

    if (md_pack_stream(pack, &pack->members[i], &stream) < 0)
        return;
    chunk = md_xcalloc(TEXT_MAX, 1);
    while (zeros < HOLE_MAX && (got = md_stream_read(stream, chunk, 65536)) > 0) {
        for (n = 0; n < (size_t)got && chunk[n] == '\0';)
            n++;
        zeros += n;
        if (n < (size_t)got) {
            memmove(chunk, chunk + n, (size_t)got - n);
            n = (size_t)got - n;
            got = md_stream_fill(stream, chunk + n, TEXT_MAX - n);
            text = md_str_n(chunk, n + (got > 0 ? (size_t)got : 0));
            break;
        }
    }
    md_stream_close(&stream);
    /* Of a log that is known by its name all is read, with a line of zeros. */
    md_item_name_read(name, &known);
    if (text.n > 0 && (text.n < TEXT_MAX || !md_recognise_is_log(known.kind))) {
        self->taken += text.n;
        replace(self, i, md_arena_str(pack->arena, text));
        say(self, name, text.n < TEXT_MAX ? MD_NOTE : MD_WARNING,
            md_arena_printf(pack->arena,
                            "begins with %" PRIu64 " zeros, as a log that was emptied while it was written: %s", zeros,
                            text.n < TEXT_MAX ? "what follows is read" : "the first 8 MiB of what follows are read"));
    }
    free(chunk);
}

static struct md_str with_line_ends(struct md_arena *arena, struct md_str text)
{
    char *out = md_arena_alloc(arena, text.n + 1);

    for (size_t i = 0; i < text.n; i++)
        out[i] = (char)(text.p[i] == '\r' ? '\n' : text.p[i]);
    return md_str_n(out, text.n);
}

/* The text of word/document.xml: a line for each paragraph; its tags and entities are like those of HTML, and its blanks count. */
static struct md_str of_word(struct md_arena *arena, struct md_str text)
{
    struct md_buf page = {0};
    ptrdiff_t body = md_str_find(text, MD_LIT("<w:body"));
    struct md_str plain;

    text = md_str_from(text, body > 0 ? (size_t)body : 0);
    md_buf_add(&page, MD_LIT("<html><body><pre>"));
    while (text.n > 0) {
        ptrdiff_t tag = md_str_find(text, MD_LIT("<"));
        size_t n = tag < 0 ? text.n : (size_t)tag;

        md_buf_add(&page, md_str_sub(text, 0, n));
        text = md_str_from(text, n);
        if (md_str_has_prefix(text, MD_LIT("</w:p>")) || md_str_has_prefix(text, MD_LIT("<w:br")))
            md_buf_add(&page, MD_LIT("\n"));
        else if (md_str_has_prefix(text, MD_LIT("<w:tab/>")))
            md_buf_add(&page, MD_LIT("\t"));
        tag = md_str_find_char(text, '>');
        text = tag < 0 ? md_str("") : md_str_from(text, (size_t)tag + 1);
    }
    md_buf_add(&page, MD_LIT("</pre></body></html>"));
    plain = md_markup_html(arena, md_str_n(page.p, page.n));
    md_buf_free(&page);
    return plain;
}

/* What a text is without its damage. */
static struct md_str undone(struct md_arena *arena, struct md_str text, enum damage damage, const char **ret_says)
{
    switch (damage) {
    case QUOTED_PRINTABLE:
        *ret_says = "text as mail codes it (quoted-printable): it is read decoded";
        return md_transfer_quoted_printable(arena, text);
    case HTML: *ret_says = "a page of HTML: the text in it is read"; return md_markup_html(arena, text);
    case WORD: *ret_says = "a document of a word processor (Word): the text in it is read"; return of_word(arena, text);
    case RTF:
        *ret_says = "a document of a word processor (RTF): the text in it is read";
        return md_markup_rtf(arena, text);
    case RETURNS:
        *ret_says = "its lines end with carriage returns only: they are read as lines";
        return with_line_ends(arena, text);
    case MESSAGE:
    case HOLE:
    case FOLDED:
    case NONE: break;
    }
    *ret_says = NULL;
    return text;
}

static void mend(struct mending *self, size_t i, enum damage damage)
{
    struct md_arena *arena = self->pack->arena;
    const struct md_member *member = &self->pack->members[i];
    const struct md_str name = member->name;
    const char *says;
    struct md_stream *stream;
    struct md_str text = {"", 0};
    enum md_status status;

    /* A large log was not pasted. */
    if ((damage == FOLDED && member->size != UINT64_MAX && member->size > TEXT_MAX) || self->taken >= ALL_MAX)
        return;
    if (damage == HOLE) {
        skip_hole(self, i);
        return;
    }
    status = md_pack_stream(self->pack, member, &stream);
    if (status < 0)
        return; /* whoever reads it says so */
    status = md_stream_read_all(stream, arena, damage == MESSAGE ? MESSAGE_MAX : TEXT_MAX, &text);
    md_stream_close(&stream);
    self->taken += text.n;
    if (status == MD_LIMIT && damage != FOLDED)
        say(self, name, MD_WARNING,
            damage == MESSAGE
                ? "a mail message of more than 48 MiB is not taken apart: save the attachments and give these"
                : "more than 8 MiB of text as a mailer or word processor saves it: send the file itself");
    if (status < 0)
        return;
    if (damage == MESSAGE) {
        open_message(self, i, text);
        return;
    }
    text = undone(arena, text, damage, &says);
    if (says != NULL) {
        replace(self, i, text);
        say(self, name, MD_NOTE, says);
    }
    if (damage == FOLDED || may_be_folded(md_str_sub(text, 0, LOOK)))
        join_lines(self, i, text);
}

void md_pack_mend(struct md_pack *pack, const struct md_source_options *options, struct md_diags *diags)
{
    struct mending self = {.pack = pack, .diags = diags};
    const size_t n = pack->n;
    char *head = md_xcalloc(LOOK, 1);

    for (size_t i = 0; i < n && (options->interrupted == NULL || *options->interrupted == 0); i++) {
        struct md_member *member = &pack->members[i];
        struct md_queue_name queue;
        bool is_whole;
        ptrdiff_t got;
        enum damage damage;

        if (member->is_dir || member->is_opened || member->is_mended || member->status < 0 || member->size == 0 ||
            md_queue_name_parse(md_item_name_base(member->name), &queue))
            continue;
        member->is_mended = true;
        got = md_pack_head(pack, member, head, LOOK, &is_whole);
        damage = got > 0 ? damage_of(member->name, md_str_n(head, (size_t)got)) : NONE;
        if (damage != NONE)
            mend(&self, i, damage);
    }
    free(head);
    if (pack->n > n)
        md_pack_sort(pack);
}
