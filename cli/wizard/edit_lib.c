#if MD_HAS_LIBEDIT

#include "cli/wizard/edit_lib.h"

#include <stdbool.h>

#ifdef MD_EDIT_NAME

#include <dlfcn.h>
#include <string.h>

static bool load(struct md_edit_lib *lib)
{
    void *library = dlopen(MD_EDIT_NAME, RTLD_NOW | RTLD_LOCAL);
    void *found;
    if (library == NULL) {
        return false;
    }
    /* an object pointer as a function pointer, which ISO C has no cast for and POSIX promises to work */
#define MD_EDIT_FIND(type, name, parameters)                                                                           \
    found = dlsym(library, #name);                                                                                     \
    memcpy(&lib->name, &found, sizeof(found));                                                                         \
    if (found == NULL) {                                                                                               \
        return false;                                                                                                  \
    }
    MD_EDIT_FUNCTIONS(MD_EDIT_FIND)
#undef MD_EDIT_FIND
    return true;
}

#else

static bool load(struct md_edit_lib *lib)
{
#define MD_EDIT_TAKE(type, name, parameters) lib->name = name;
    MD_EDIT_FUNCTIONS(MD_EDIT_TAKE)
#undef MD_EDIT_TAKE
    return true;
}

#endif

const struct md_edit_lib *md_edit_lib(void)
{
    static struct md_edit_lib lib;
    static enum { UNTRIED, LOADED, MISSING } state;
    if (state == UNTRIED) {
        state = load(&lib) ? LOADED : MISSING;
    }
    return state == LOADED ? &lib : NULL;
}

#else

typedef int md_edit_lib_is_not_built;

#endif
