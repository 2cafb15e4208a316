#include "tests/unit/md_test.h"

#include "probes/formats/msgserver/queue_name.h"

static void reads_names_of_all_eras(void **state)
{
    static const struct {
        const char *says, *name;
        bool is_queue;
        unsigned attempts;
        const char *unique, *extension;
        bool is_held;
    } cases[] = {
        {"a ZZ name has not been tried yet", "ZZf0a1b2Cde34.00", true, 0, "f0a1b2Cde34", "00", false},
        {"the counter goes down: ZY is one", "ZYf0a1b2Cde34.01", true, 1, "f0a1b2Cde34", "01", false},
        {"ZA is 25", "ZAf0a1b2Cde34.00", true, 25, "f0a1b2Cde34", "00", false},
        {"digits come after letters: Z9 is 26", "Z9f0a1b2Cde34.00", true, 26, "f0a1b2Cde34", "00", false},
        {"Z0 is 35", "Z0f0a1b2Cde34.00", true, 35, "f0a1b2Cde34", "00", false},
        {"the second digit carries: YZ is 36", "YZf0a1b2Cde34.00", true, 36, "f0a1b2Cde34", "00", false},
        {"YV is what twelve days give", "YVf0a1b2Cde34.00", true, 40, "f0a1b2Cde34", "00", false},
        {"00 is the last", "00f0a1b2Cde34.00", true, 1295, "f0a1b2Cde34", "00", false},
        {"a held message keeps its counter", "ZYf0a1b2Cde34.HELD", true, 1, "f0a1b2Cde34", "HELD", true},
        {"lower case held counts too", "ZZf0a1b2Cde34.held", true, 0, "f0a1b2Cde34", "held", true},
        {"an underscore is part of the unique part", "ZZf0s690kN_y0.00", true, 0, "f0s690kN_y0", "00", false},
        {"the long names of 5.x", "ZZ01ABCDEFGHIJ10K15L.00", true, 0, "01ABCDEFGHIJ10K15L", "00", false},
        {"the padded names of late SIMS", "ZX0A1B200C03DEFG.00", true, 2, "0A1B200C03DEFG", "00", false},
        {"a file released by hand has a high extension", "ZZf0a1b2Cde34.06", true, 0, "f0a1b2Cde34", "06", false},
        {"an extension may have letters", "ZZf0a1b2Cde34.A0", true, 0, "f0a1b2Cde34", "A0", false},
        {"lost+found is foreign", "lost+found", false, 0, NULL, NULL, false},
        {"the counter is never lower case", "zzf0a1b2Cde34.00", false, 0, NULL, NULL, false},
        {"two dots are foreign", "ZZf0a1b2.Cde34.00", false, 0, NULL, NULL, false},
        {"no extension is foreign", "ZZf0a1b2Cde34", false, 0, NULL, NULL, false},
        {"a long extension is foreign", "ZZf0a1b2Cde34.data", false, 0, NULL, NULL, false},
        {"too short a unique part is foreign", "ZZf0a1.00", false, 0, NULL, NULL, false},
        {"an editor's copy is foreign", "ZZf0a1b2Cde34.00~", false, 0, NULL, NULL, false},
        {"a temporary name is foreign", "$f0a1b2Cde34.00", false, 0, NULL, NULL, false},
        {"nothing is foreign", "", false, 0, NULL, NULL, false},
        {"a unique part without bound is foreign", "ZZ00000000001111111111222222222233333333334.00", false, 0, NULL,
         NULL, false},
    };
    (void)state;

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_queue_name got;

        md_test_case(i, cases[i].says);
        md_want_int("is a queue file", md_queue_name_parse(md_str(cases[i].name), &got), cases[i].is_queue);
        if (!cases[i].is_queue)
            continue;
        md_want_int("attempts", got.attempts, cases[i].attempts);
        md_want_str("unique part", got.unique, cases[i].unique);
        md_want_str("extension", got.extension, cases[i].extension);
        md_want_int("held", got.is_held, cases[i].is_held);
    }
}

static void writes_what_it_reads(void **state)
{
    (void)state;

    for (unsigned n = 0; n <= MD_QUEUE_ATTEMPTS_MAX; n++) {
        char name[] = "..abcdef.00";
        struct md_queue_name got;

        md_test_case(n, "every number of attempts comes back");
        md_queue_name_generation(n, name);
        md_want_true(md_queue_name_parse(md_str(name), &got));
        md_want_int("attempts", got.attempts, n);
    }
}

static void finds_channels_in_paths(void **state)
{
    static const struct {
        const char *says;
        bool is_any;
        const char *path, *channel;
        unsigned subdir;
        const char *inner, *name;
    } cases[] = {
        {"a file in a numbered folder", false, "tcp_local/003/ZZa.00", "tcp_local", 3, "", "ZZa.00"},
        {"a file in the channel itself", false, "hold/ZZa.HELD", "hold", 0, "", "ZZa.HELD"},
        {"a file in the root", false, "core", "", 0, "", "core"},
        {"a private folder", false, "tcp_local/spool/x.data-failed", "tcp_local", 0, "spool", "x.data-failed"},
        {"two private folders", false, "l/a/b/x", "l", 0, "a/b", "x"},
        {"a folder below a numbered one", false, "l/001/b/x", "l", 1, "b", "x"},
        {"only the first folder may be a number", false, "l/a/002/x", "l", 0, "a/002", "x"},
        {"dots and doubled slashes do not count", false, "./l//001/./x", "l", 1, "", "x"},
        {"the channel's own folder", false, "ims-ms", "", 0, "", "ims-ms"},
        {"nothing", false, "", "", 0, "", ""},
        {"an absolute path of 6.x", true, "/opt/SUNWmsgsr/data/queue/tcp_local/001/ZZa.00", "tcp_local", 1, "",
         "ZZa.00"},
        {"an absolute path of 5.x", true, "/usr/iplanet/server5/msg-mail1/imta/queue/ims-ms/ZZa.00", "ims-ms", 0, "",
         "ZZa.00"},
        {"the last folder called queue counts", true, "/queue/old/queue/l/ZZa.00", "l", 0, "", "ZZa.00"},
        {"a root of another name", true, "/mta/q/tcp_local/012/ZZa.00", "tcp_local", 12, "", "ZZa.00"},
        {"a root of another name without numbers", true, "/mta/q/hold/ZZa.HELD", "hold", 0, "", "ZZa.HELD"},
        {"a root of another name and a spool folder", true, "/mta/q/l/spool/x-failed", "l", 0, "spool", "x-failed"},
        {"a Windows path", true, "C:\\iPlanet\\Server5\\msg-m\\imta\\queue\\tcp_local\\ZZa.00", "tcp_local", 0, "",
         "ZZa.00"},
        {"a bare name has no channel", true, "ZZa.00", "", 0, "", "ZZa.00"},
    };
    (void)state;

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_queue_path got;

        md_test_case(i, cases[i].says);
        (cases[i].is_any ? md_queue_path_parse_any : md_queue_path_parse)(md_str(cases[i].path), &got);
        md_want_str("channel", got.channel, cases[i].channel);
        md_want_int("folder", got.subdir, cases[i].subdir);
        md_want_str("inner", got.inner, cases[i].inner);
        md_want_str("name", got.name, cases[i].name);
    }
}

static void knows_leftovers(void **state)
{
    (void)state;
    md_want_true(md_queue_name_is_leftover(MD_LIT("ZZf0a1b2Cde34.data-failed")));
    md_want_true(!md_queue_name_is_leftover(MD_LIT("ZZf0a1b2Cde34.data")));
    md_want_true(!md_queue_name_is_leftover(MD_LIT("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(reads_names_of_all_eras), MD_TEST(writes_what_it_reads),
                                       MD_TEST(finds_channels_in_paths), MD_TEST(knows_leftovers)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
