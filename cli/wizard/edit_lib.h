/*
 * cli/wizard/edit_lib: libedit, loaded when the first prompt is shown, where the platform allows that (as libarchive is in
 * probes/source/archive_lib.h). Only for builds that have it (MD_HAS_LIBEDIT).
 */
#ifndef CLI_WIZARD_EDIT_LIB_H
#define CLI_WIZARD_EDIT_LIB_H

#include <stdio.h>
#include <wchar.h>

#include <histedit.h>

/* Type, name, parameters. */
#define MD_EDIT_FUNCTIONS(X)                                                                                           \
    X(EditLine *, el_init_fd, (const char *, FILE *, FILE *, FILE *, int, int, int))                                   \
    X(void, el_end, (EditLine *))                                                                                      \
    X(void, el_resize, (EditLine *))                                                                                   \
    X(int, el_wset, (EditLine *, int, ...))                                                                            \
    X(int, el_wget, (EditLine *, int, ...))                                                                            \
    X(const wchar_t *, el_wgets, (EditLine *, int *))                                                                  \
    X(const LineInfoW *, el_wline, (EditLine *))                                                                       \
    X(int, el_winsertstr, (EditLine *, const wchar_t *))                                                               \
    X(HistoryW *, history_winit, (void))                                                                               \
    X(int, history_w, (HistoryW *, HistEventW *, int, ...))                                                            \
    X(void, history_wend, (HistoryW *))

struct md_edit_lib {
/* NOLINTNEXTLINE(bugprone-macro-parentheses): a name and a list of parameters are declared with it */
#define MD_EDIT_MEMBER(type, name, parameters) type(*(name)) parameters;
    MD_EDIT_FUNCTIONS(MD_EDIT_MEMBER)
#undef MD_EDIT_MEMBER
};

/* NULL: it is not installed, or lacks a function. */
const struct md_edit_lib *md_edit_lib(void);

#endif
