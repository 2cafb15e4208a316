#include "probes/source/archive_lib.h"

#include <stdbool.h>
#include <stddef.h>

#ifdef MD_ARCHIVE_NAME

#include <dlfcn.h>
#include <string.h>

/* An object pointer as a function pointer, which ISO C has no cast for and POSIX promises to work. */
static bool find(void *library, const char *name, void *ret_function)
{
    void *found = dlsym(library, name);

    memcpy(ret_function, &found, sizeof found);
    return found != NULL;
}

static bool load(struct md_archive_lib *lib)
{
    void *library = dlopen(MD_ARCHIVE_NAME, RTLD_NOW | RTLD_LOCAL);

    if (library == NULL)
        return false;
#define MD_ARCHIVE_FIND(name)                                                                                          \
    if (!find(library, "archive_" #name, &lib->name))                                                                  \
        return false;
    MD_ARCHIVE_FUNCTIONS(MD_ARCHIVE_FIND)
#undef MD_ARCHIVE_FIND
    return true;
}

#else

static bool load(struct md_archive_lib *lib)
{
#define MD_ARCHIVE_TAKE(name) lib->name = archive_##name;
    MD_ARCHIVE_FUNCTIONS(MD_ARCHIVE_TAKE)
#undef MD_ARCHIVE_TAKE
    return true;
}

#endif

const struct md_archive_lib *md_archive_lib(void)
{
    static struct md_archive_lib lib;
    static enum { UNTRIED, LOADED, MISSING } state;

    if (state == UNTRIED)
        state = load(&lib) ? LOADED : MISSING;
    return state == LOADED ? &lib : NULL;
}
