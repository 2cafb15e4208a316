#include "tests/unit/md_test.h"

#include <lauxlib.h>

#include "engine/base/buf.h"
#include "engine/embedded.h"

static int append(lua_State *L, const void *bytes, size_t n, void *dump)
{
    (void)L;
    md_buf_add(dump, md_str_n(bytes, n));
    return 0;
}

static void is_sorted_and_as_in_the_tree(void **state)
{
    struct md_arena *arena = *state;

    md_test_case(0, "there are rules");
    md_want_true(md_embedded_rules_count > 0);
    for (size_t i = 0; i < md_embedded_rules_count; i++) {
        const struct md_embedded_file *file = &md_embedded_rules[i];
        FILE *in = fopen(md_arena_printf(arena, "%s/rules/%s", MD_TEST_ROOT, file->path), "rb");

        md_test_case(i, file->path);
        md_want_true(i == 0 || strcmp(md_embedded_rules[i - 1].path, file->path) < 0);
        md_want_true(in != NULL);
        for (size_t k = 0; k < file->size; k++)
            md_want_int("byte", (unsigned char)file->text[k], getc(in));
        md_want_int("end", getc(in), EOF);
        md_want_int("NUL", file->text[file->size], 0);
        fclose(in);
    }
}

/* What was compiled at build time does what the text does: both give the same chunk, with the same names and lines. */
static void code_is_that_of_the_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < md_embedded_rules_count; i++) {
        const struct md_embedded_file *file = &md_embedded_rules[i];
        lua_State *L = luaL_newstate();
        struct md_buf dump = {0};

        md_test_case(i, file->path);
        md_want_true(file->code == NULL || md_str_has_suffix(md_str(file->path), MD_LIT(".lua")));
        if (file->code != NULL) {
            lua_pushfstring(L, "@rules/%s", file->path);
            md_want_int("loads", luaL_loadbufferx(L, file->text, file->size, lua_tostring(L, -1), "t"), LUA_OK);
            lua_dump(L, append, &dump, 0);
            md_want_str_n("code", md_str_n(file->code, file->code_size), md_str_n(dump.p, dump.n));
        }
        md_buf_free(&dump);
        lua_close(L);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(is_sorted_and_as_in_the_tree), MD_TEST(code_is_that_of_the_text)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
