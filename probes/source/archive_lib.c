#include "probes/source/archive_lib.h"

#include <locale.h>
#include <stdbool.h>
#include <stddef.h>

/* That the types are those of libarchive's header: assigning a function to a pointer of another type is an error. */
#if defined(__GNUC__)
#define MD_ARCHIVE_CHECK(type, name, parameters)                                                                       \
    _Static_assert(__builtin_types_compatible_p(__typeof__(archive_##name), type parameters), "archive_" #name);
MD_ARCHIVE_FUNCTIONS(MD_ARCHIVE_CHECK)
#undef MD_ARCHIVE_CHECK
#endif

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
#define MD_ARCHIVE_FIND(type, name, parameters)                                                                        \
    if (!find(library, "archive_" #name, &lib->name))                                                                  \
        return false;
    MD_ARCHIVE_FUNCTIONS(MD_ARCHIVE_FIND)
#undef MD_ARCHIVE_FIND
    return true;
}

#else

static bool load(struct md_archive_lib *lib)
{
#define MD_ARCHIVE_TAKE(type, name, parameters) lib->name = archive_##name;
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

/* The locale of names; what was in force before. */
static locale_t utf8(void)
{
    static locale_t names;
    static bool is_tried;

    if (!is_tried) {
        is_tried = true;
        names = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
        if (names == (locale_t)0)
            names = newlocale(LC_CTYPE_MASK, "en_US.UTF-8", (locale_t)0);
    }
    return uselocale(names); /* of no locale: only says which one is in force */
}

int md_archive_next_header(struct archive *archive, struct archive_entry **ret)
{
    locale_t before = utf8();
    int result = md_archive_lib()->read_next_header(archive, ret);

    (void)uselocale(before);
    return result;
}

void md_archive_names_are_bytes(struct archive *archive)
{
    locale_t before = utf8();

    (void)md_archive_lib()->read_set_option(archive, NULL, "hdrcharset", "BINARY");
    (void)uselocale(before);
}
