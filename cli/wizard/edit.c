/* The line editor of the prompt: libedit, fed with our bytes so that signals and pastes are ours. */
#include "cli/wizard/prompt_priv.h"

#if MD_HAS_LIBEDIT

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "cli/wizard/edit_lib.h"
#include "engine/base/utf8.h"

#define WORDS_SHOWN 40
#define LABEL_MAX 64

struct md_edit {
    const struct md_edit_lib *lib;
    struct md_prompt *prompt;
    EditLine *line;
    HistoryW *history;
    wchar_t label[LABEL_MAX];
    enum md_read_end why; /* reading stopped */
    struct md_buf left;   /* what stood on the line when it was interrupted */
};

static struct md_edit *edit_of(EditLine *line)
{
    void *self = NULL;
    (void)md_edit_lib()->el_wget(line, EL_CLIENTDATA, &self);
    return self;
}

static wchar_t *label_of(EditLine *line)
{
    return edit_of(line)->label;
}

/* The bytes of a character, of which the first was read. */
static wchar_t character_of(struct md_term *term, int first)
{
    char bytes[4] = {(char)first};
    size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 1;
    uint32_t character;
    for (size_t i = 1; i < length; i++) {
        int byte = md_term_is_pending(term, 100) ? md_term_byte(term) : MD_TERM_END;
        bytes[i] = byte >= 0 ? (char)byte : '?';
    }
    return md_utf8_character(md_str_n(bytes, length), &character) == 0 ? L'?' : (wchar_t)character;
}

static void to_bytes(struct md_buf *to, const wchar_t *from, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char bytes[4];
        md_buf_add(to, md_str_n(bytes, md_utf8_put(bytes, (uint32_t)from[i])));
    }
}

static void note_left(struct md_edit *self)
{
    const LineInfoW *info = self->lib->el_wline(self->line);
    self->why = MD_READ_INTERRUPT;
    self->left.n = 0;
    to_bytes(&self->left, info->buffer, (size_t)(info->lastchar - info->buffer));
}

static int get_character(EditLine *line, wchar_t *ret)
{
    struct md_edit *self = edit_of(line);
    int byte = md_term_byte(&self->prompt->term);
    switch (byte) {
    case MD_TERM_END: self->why = MD_READ_END; return 0;
    case MD_TERM_INTERRUPT: note_left(self); return -1;
    case MD_TERM_PASTED:
        self->why = MD_READ_PASTED;
        *ret = L'\n';
        return 1;
    default: *ret = character_of(&self->prompt->term, byte); return 1;
    }
}

static void draw_anew(void *ctx)
{
    struct md_edit *self = ctx;
    self->lib->el_resize(self->line);
    /* a process that was stopped finds the terminal as the shell wants it */
    (void)self->lib->el_wset(self->line, EL_PREP_TERM, 0);
    (void)self->lib->el_wset(self->line, EL_PREP_TERM, 1);
    (void)self->lib->el_wset(self->line, EL_REFRESH);
}

/* ---- completion ---- */

static void insert(struct md_edit *self, struct md_str text)
{
    wchar_t wide[256];
    size_t n = 0;
    for (; n < text.n && n < 255; n++) {
        wide[n] = (wchar_t)(unsigned char)text.p[n]; /* names are ASCII */
    }
    wide[n] = L'\0';
    (void)self->lib->el_winsertstr(self->line, wide);
}

/* The candidates for what was begun; how many, and how much they have in common beyond it. */
static size_t candidates(const struct md_edit *self, struct md_str before, struct md_str begun,
                         struct md_str *ret_common, const char **ret_list)
{
    const struct md_prompt_hooks *hooks = &self->prompt->hooks;
    const char *word;
    size_t n = 0;
    for (size_t i = 0; (word = hooks->complete(hooks->ctx, before, i)) != NULL; i++) {
        if (!md_str_has_prefix(md_str(word), begun)) {
            continue;
        }
        struct md_str more = md_str_from(md_str(word), begun.n);
        if (n == 0) {
            *ret_common = more;
        }
        size_t same = 0;
        while (same < more.n && same < ret_common->n && more.p[same] == ret_common->p[same]) {
            same++;
        }
        ret_common->n = same;
        if (n < WORDS_SHOWN) {
            ret_list[n] = word;
        }
        n++;
    }
    return n;
}

static void show(const struct md_edit *self, const char *const *list, size_t n)
{
    size_t column = 0;
    fputs("\n", self->prompt->out);
    for (size_t i = 0; i < n && i < WORDS_SHOWN; i++) {
        size_t width = strlen(list[i]) + 2;
        if (column > 0 && column + width > 79) {
            fputs("\n", self->prompt->out);
            column = 0;
        }
        fprintf(self->prompt->out, "%s  ", list[i]);
        column += width;
    }
    fputs(n > WORDS_SHOWN ? "...\n" : "\n", self->prompt->out);
    fflush(self->prompt->out);
}

static unsigned char complete(EditLine *line, int key)
{
    struct md_edit *self = edit_of(line);
    const LineInfoW *info = self->lib->el_wline(line);
    struct md_buf text = {0};
    const char *list[WORDS_SHOWN];
    (void)key;
    if (self->prompt->hooks.complete == NULL) {
        return CC_ERROR;
    }
    to_bytes(&text, info->buffer, (size_t)(info->cursor - info->buffer));
    md_buf_add(&text, MD_LIT("")); /* so that there is something */
    struct md_str whole = md_str_n(text.p, text.n), common = md_str("");
    ptrdiff_t space = md_str_rfind_char(whole, ' ');
    struct md_str before = md_str_sub(whole, 0, space < 0 ? 0 : (size_t)space);
    size_t n = candidates(self, before, md_str_from(whole, (size_t)(space + 1)), &common, list);
    unsigned char result = CC_ERROR;
    if (common.n > 0) {
        insert(self, common);
        result = CC_REFRESH;
    }
    if (n == 1) {
        insert(self, md_str(" "));
        result = CC_REFRESH;
    } else if (n > 1 && common.n == 0) {
        show(self, list, n);
        result = CC_REDISPLAY;
    }
    md_buf_free(&text);
    return result;
}

/* ---- opening, reading ---- */

struct md_edit *md_edit_open(struct md_prompt *prompt)
{
    const struct md_edit_lib *lib = md_edit_lib();
    const char *term = getenv("TERM");
    HistEventW event;
    if (lib == NULL || !prompt->term.is_tty || prompt->term.out < 0 || term == NULL) {
        return NULL;
    }
    struct md_edit *self = md_xcalloc(1, sizeof(*self));
    self->lib = lib;
    self->prompt = prompt;
    self->line = lib->el_init_fd("mtadoctor", prompt->in, prompt->out, stderr, prompt->term.in, prompt->term.out, 2);
    if (self->line == NULL) {
        free(self);
        return NULL;
    }
    self->history = lib->history_winit();
    (void)lib->history_w(self->history, &event, H_SETSIZE, 500);
    (void)lib->history_w(self->history, &event, H_SETUNIQUE, 1);
    (void)lib->el_wset(self->line, EL_CLIENTDATA, self);
    (void)lib->el_wset(self->line, EL_SIGNAL, 0);
    (void)lib->el_wset(self->line, EL_EDITOR, L"emacs");
    (void)lib->el_wset(self->line, EL_PROMPT, label_of);
    (void)lib->el_wset(self->line, EL_HIST, lib->history_w, self->history);
    (void)lib->el_wset(self->line, EL_GETCFN, get_character);
    (void)lib->el_wset(self->line, EL_ADDFN, L"md-complete", L"complete a word", complete);
    (void)lib->el_wset(self->line, EL_BIND, L"^I", L"md-complete", NULL);
    (void)lib->el_wset(self->line, EL_BIND, L"^R", L"em-inc-search-prev", NULL);
    prompt->term.redraw = draw_anew;
    prompt->term.redraw_ctx = self;
    return self;
}

void md_edit_close(struct md_edit **edit)
{
    if (*edit != NULL) {
        (*edit)->lib->el_end((*edit)->line);
        (*edit)->lib->history_wend((*edit)->history);
        md_buf_free(&(*edit)->left);
        free(*edit);
        *edit = NULL;
    }
}

enum md_read_end md_edit_read(struct md_edit *edit, const char *label, struct md_buf *line)
{
    int n = 0;
    size_t i = 0;
    for (; label[i] != '\0' && i + 1 < LABEL_MAX; i++) {
        edit->label[i] = (wchar_t)(unsigned char)label[i];
    }
    edit->label[i] = L'\0';
    edit->why = MD_READ_LINE;
    edit->lib->el_resize(edit->line);
    const char *kind = getenv("TERM");
    md_term_pastes(&edit->prompt->term, kind != NULL && strcmp(kind, "dumb") != 0);
    /* before the prompt stands there and somebody types: else the terminal would still edit that line itself */
    (void)edit->lib->el_wset(edit->line, EL_PREP_TERM, 1);
    const wchar_t *text = edit->lib->el_wgets(edit->line, &n);
    md_term_pastes(&edit->prompt->term, false);
    if (edit->why == MD_READ_INTERRUPT) {
        md_buf_add(line, md_str_n(edit->left.p, edit->left.n));
        return MD_READ_INTERRUPT;
    }
    if (edit->why == MD_READ_PASTED) {
        return MD_READ_PASTED;
    }
    if (text == NULL || n <= 0) {
        return MD_READ_END;
    }
    size_t length = (size_t)n;
    while (length > 0 && (text[length - 1] == L'\n' || text[length - 1] == L'\r')) {
        length--;
    }
    to_bytes(line, text, length);
    if (length > 0) {
        HistEventW event;
        (void)edit->lib->history_w(edit->history, &event, H_ENTER, text);
    }
    return MD_READ_LINE;
}

#else

struct md_edit *md_edit_open(struct md_prompt *prompt)
{
    (void)prompt;
    return NULL;
}

void md_edit_close(struct md_edit **edit)
{
    (void)edit;
}

enum md_read_end md_edit_read(struct md_edit *edit, const char *label, struct md_buf *line)
{
    (void)edit;
    (void)label;
    (void)line;
    return MD_READ_END;
}

#endif
