#include "tests/unit/md_test.h"

#include "engine/base/sha256.h"

static void gives_the_sums_of_the_standard(void **state)
{
    static const struct {
        const char *says, *in, *want;
        size_t times;
    } cases[] = {
        {"nothing", "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", 1},
        {"three letters", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", 1},
        {"one more than fits with its length", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1", 1},
        {"a million letters", "aaaaaaaaaa", "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0", 100000},
    };
    size_t i, j;

    (void)state;
    for (i = 0; i < MD_ROWS(cases); i++) {
        struct md_sha256 sum;
        char hex[MD_SHA256_HEX];

        md_test_case(i, cases[i].says);
        md_sha256_init(&sum);
        for (j = 0; j < cases[i].times; j++)
            md_sha256_add(&sum, md_str(cases[i].in));
        md_sha256_hex(&sum, hex);
        md_want_cstr("sum", hex, cases[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(gives_the_sums_of_the_standard)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
