#include "cli/wizard/answers.h"

#include <stddef.h>

#include "engine/base/display.h"

static const char *const results[] = {"worked", "failed", "unsure"};

bool md_answers_fits(struct md_str pattern, struct md_str text)
{
    /* where the last * was, and what it has taken so far: going back to it is enough */
    size_t p = 0, t = 0, star = SIZE_MAX, taken = 0;
    while (t < text.n) {
        if (p < pattern.n && pattern.p[p] == '*') {
            star = p++;
            taken = t;
        } else if (p < pattern.n && pattern.p[p] == text.p[t]) {
            p++;
            t++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            t = ++taken;
        } else {
            return false;
        }
    }
    while (p < pattern.n && pattern.p[p] == '*') {
        p++;
    }
    return p == pattern.n;
}

static void wrong(struct md_diags *diags, const struct md_node *node, const char *what)
{
    md_diags_add(diags, MD_ERROR, node->loc, "%s", what);
}

static bool is_answer(const struct md_node *node)
{
    if (node->kind == MD_NODE_SCALAR || node->kind == MD_NODE_NULL) {
        return true;
    }
    const struct md_node *only = node->kind == MD_NODE_MAP && node->count == 1 ? node->first : NULL;
    bool runs = false;
    if (only == NULL || only->kind != MD_NODE_SCALAR) {
        return false;
    }
    return md_str_is(only->key, "file") || md_str_is(only->key, "text") ||
           (md_str_is(only->key, "run") && md_node_bool(only, &runs) == MD_OK && runs);
}

static const char *remedy_of(const struct md_node *node)
{
    for (size_t i = 0; i < sizeof(results) / sizeof(results[0]); i++) {
        if (node->kind == MD_NODE_SCALAR && md_str_is(node->text, results[i])) {
            return results[i];
        }
    }
    return NULL;
}

/* Everything is looked at, so that all mistakes are said at once. */
static bool check(const struct md_node *root, struct md_diags *diags)
{
    size_t before = md_diags_count_at_least(diags, MD_ERROR);
    for (const struct md_node *node = root->first; node != NULL; node = node->next) {
        if (md_str_is(node->key, "symptom")) {
            if (node->kind != MD_NODE_SCALAR && (node->kind != MD_NODE_MAP || md_node_text(node, "id").n == 0)) {
                wrong(diags, node, "`symptom` is the id of one, or a map of `id` and `name`");
            }
        } else if (md_str_is(node->key, "answers") || md_str_is(node->key, "remedies")) {
            bool is_answers = md_str_is(node->key, "answers");
            if (node->kind != MD_NODE_MAP && node->kind != MD_NODE_NULL) {
                wrong(diags, node, is_answers ? "`answers` is a map of inquiries" : "`remedies` is a map of remedies");
            }
            for (const struct md_node *one = node->first; node->kind == MD_NODE_MAP && one != NULL; one = one->next) {
                if (is_answers && !is_answer(one)) {
                    wrong(diags, one, "an answer is a line, or one of `file`, `text`, and `run: true`");
                } else if (!is_answers && remedy_of(one) == NULL) {
                    wrong(diags, one, "what became of a remedy is worked, failed or unsure");
                }
            }
        } else {
            wrong(diags, node, "there is no such key; it is symptom, answers or remedies");
        }
    }
    return md_diags_count_at_least(diags, MD_ERROR) == before;
}

enum md_status md_answers_read(struct md_arena *arena, const char *name, struct md_str yaml, struct md_diags *diags,
                               struct md_answers *ret)
{
    enum md_status status = md_yaml_read(arena, name, yaml, diags, &ret->root);
    ptrdiff_t slash = md_str_rfind_char(md_str(name), '/');
    *ret = (struct md_answers){.root = ret->root,
                               .folder = slash < 0    ? "."
                                         : slash == 0 ? "/"
                                                      : md_arena_cstr(arena, md_str_n(name, (size_t)slash))};
    if (status != MD_OK) {
        return status;
    }
    if (ret->root == NULL || ret->root->kind != MD_NODE_MAP) {
        md_diags_add(diags, MD_ERROR, (struct md_loc){.file = name}, "is no map of symptom, answers and remedies");
        return MD_BAD_INPUT;
    }
    if (!check(ret->root, diags)) {
        return MD_BAD_INPUT;
    }
    const struct md_node *symptom = md_node_get(ret->root, "symptom");
    if (symptom != NULL && symptom->kind == MD_NODE_MAP) {
        ret->symptom = md_node_text(symptom, "id");
        ret->symptom_name = md_node_text(symptom, "name");
    } else if (symptom != NULL) {
        ret->symptom = symptom->text;
    }
    return MD_OK;
}

void md_answers_find(struct md_arena *arena, const struct md_answers *answers, const char *inquiry,
                     struct md_answer *ret)
{
    const struct md_node *list = md_node_get(answers->root, "answers");
    const struct md_node *node = list != NULL && list->kind == MD_NODE_MAP ? list->first : NULL;
    *ret = (struct md_answer){.kind = MD_ANSWER_NONE};
    while (node != NULL && !md_answers_fits(node->key, md_str(inquiry))) {
        node = node->next;
    }
    if (node == NULL || node->kind == MD_NODE_NULL) {
        return;
    }
    if (node->kind == MD_NODE_SCALAR) {
        *ret = (struct md_answer){MD_ANSWER_LINE, node->text};
    } else if (md_str_is(node->first->key, "text")) {
        *ret = (struct md_answer){MD_ANSWER_TEXT, node->first->text};
    } else if (md_str_is(node->first->key, "run")) {
        *ret = (struct md_answer){MD_ANSWER_RUN, md_str("!")};
    } else {
        struct md_str path = node->first->text;
        const char *whole = path.n > 0 && path.p[0] == '/'
                                ? md_arena_cstr(arena, path)
                                : md_arena_printf(arena, "%s/%.*s", answers->folder, MD_STR_ARG(path));
        *ret = (struct md_answer){MD_ANSWER_FILE, md_str(whole)};
    }
}

const char *md_answers_remedy(const struct md_answers *answers, const char *remedy)
{
    const struct md_node *list = md_node_get(answers->root, "remedies");
    const struct md_node *node = list != NULL && list->kind == MD_NODE_MAP ? list->first : NULL;
    while (node != NULL && !md_answers_fits(node->key, md_str(remedy))) {
        node = node->next;
    }
    return node == NULL ? NULL : remedy_of(node);
}
