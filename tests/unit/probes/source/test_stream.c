#include "tests/unit/md_test.h"

#include <fcntl.h>
#include <unistd.h>

#include "probes/source/source.h"
#include "probes/source/stream.h"
#include "tests/unit/probes/bundle/files.h"

static struct md_str drain(struct md_arena *arena, struct md_stream *stream, size_t chunk, enum md_status *ret_status)
{
    char *bytes = md_arena_alloc(arena, 1 << 20);
    size_t n = 0;
    ptrdiff_t got = 0;

    while (n + chunk <= 1 << 20 && (got = md_stream_read(stream, bytes + n, chunk)) > 0)
        n += (size_t)got;
    *ret_status = got < 0 ? (enum md_status)got : MD_OK;
    md_stream_close(&stream);
    return md_str_n(bytes, n);
}

static void cleans_lines(void **state)
{
    static const struct {
        const char *says, *line, *want;
        unsigned how;
    } rows[] = {
        {"one quote", "> a b", "a b", MD_CLEAN_QUOTES},
        {"three quotes", ">> > a", "a", MD_CLEAN_QUOTES},
        {"quote without a blank", ">a", "a", MD_CLEAN_QUOTES},
        {"only a quote", ">", "", MD_CLEAN_QUOTES},
        {"blanks stay", ">   a", "  a", MD_CLEAN_QUOTES},
        {"blanks and a dash of a mailer",
         "# ps\xc2\xa0\xe2\x80\x93"
         "ef\xe2\x80\x8b",
         "# ps -ef", MD_CLEAN_TYPOGRAPHY},
        {"blanks of Latin-1",
         "a\xa0\xa0"
         "b",
         "a  b", MD_CLEAN_TYPOGRAPHY},
        {"a letter that ends like a blank", "caf\xc3\xa0 \xe2\x82\xac", "caf\xc3\xa0 \xe2\x82\xac",
         MD_CLEAN_TYPOGRAPHY},
        {"blanks up to the width of a screen", "  a b     ", "  a b", MD_CLEAN_PADDING},
        {"two returns", "a b\r\r", "a b", MD_CLEAN_PADDING},
        {"colours", "\033[1;31mred\033[0m", "red", MD_CLEAN_CONTROLS},
        {"a title", "\033]0;root@h: ~\aprompt", "prompt", MD_CLEAN_CONTROLS},
        {"a title that ends otherwise", "\033]0;x\033\\p", "p", MD_CLEAN_CONTROLS},
        {"backspace", "abX\bc", "abc", MD_CLEAN_CONTROLS},
        {"backspace at the start", "\b\ba", "a", MD_CLEAN_CONTROLS},
        {"returns", "a\r\r", "a", MD_CLEAN_CONTROLS},
        {"overwritten", "10%\r20%", "20%", MD_CLEAN_CONTROLS},
        {"tabs stay", "a\tb", "a\tb", MD_CLEAN_CONTROLS},
        {"a sequence cut off", "a\033[", "a", MD_CLEAN_CONTROLS},
        {"escape at the end", "a\033", "a", MD_CLEAN_CONTROLS},
        {"both", "> \033[1ma", "a", MD_CLEAN_QUOTES | MD_CLEAN_CONTROLS},
    };

    for (size_t i = 0; i < MD_ROWS(rows); i++) {
        char *line = md_arena_cstr(*state, md_str(rows[i].line));

        md_test_case(i, rows[i].says);
        md_want_str("clean", md_str_n(line, md_clean_line(line, strlen(line), rows[i].how)), rows[i].want);
    }
}

static void cleaning_keeps_lines(void **state)
{
    static const char text[] = "> one\r\n> \n>two\nthree";
    enum md_status status;

    for (size_t chunk = 1; chunk < 64; chunk *= 3)
        md_want_str("cleaned",
                    drain(*state,
                          md_stream_cleaned(md_stream_memory(md_str(text)), MD_CLEAN_QUOTES | MD_CLEAN_CONTROLS), chunk,
                          &status),
                    "one\n\ntwo\nthree");
}

static void parts_are_cut_out(void **state)
{
    static const struct {
        const char *says;
        uint64_t offset, size;
        const char *want;
    } rows[] = {
        {"all", 0, UINT64_MAX, "0123456789"}, {"the middle", 3, 4, "3456"},   {"the rest", 8, UINT64_MAX, "89"},
        {"beyond the end", 20, 5, ""},        {"over the end", 8, 100, "89"}, {"nothing", 3, 0, ""},
    };

    for (size_t i = 0; i < MD_ROWS(rows); i++) {
        struct md_stream *stream;
        enum md_status status;

        md_test_case(i, rows[i].says);
        assert_int_equal(md_stream_part(md_stream_memory(MD_LIT("0123456789")), rows[i].offset, rows[i].size, &stream),
                         MD_OK);
        md_want_str("part", drain(*state, stream, 3, &status), rows[i].want);
    }
}

static void compressed_files_are_unpacked(void **state)
{
    static const int filters[] = {ARCHIVE_FILTER_GZIP, ARCHIVE_FILTER_BZIP2, ARCHIVE_FILTER_XZ, ARCHIVE_FILTER_ZSTD,
                                  ARCHIVE_FILTER_COMPRESS};
    const char *folder = files_folder(*state), *path = md_arena_printf(*state, "%s/x", folder);

    for (size_t i = 0; i < MD_ROWS(filters); i++) {
        struct archive *archive = files_archive(path, ARCHIVE_FORMAT_RAW, filters[i]);
        struct md_stream *stream;
        enum md_status status;
        struct stat st;
        int fd;

        md_test_case(i, archive_filter_name(archive, 0));
        files_entry(archive, "x", AE_IFREG, NULL, MD_LIT("hello, hello, hello\n"));
        files_close(archive);
        fd = open(path, O_RDONLY);
        assert_true(fd >= 0);
        assert_int_equal(md_stream_file(fd, &stream), MD_OK);
        md_want_str("text", drain(*state, stream, 7, &status), "hello, hello, hello\n");
        md_want_int("end", status, MD_OK);

        /* Cut off, it is an error, not a shorter file. */
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(truncate(path, st.st_size - (filters[i] == ARCHIVE_FILTER_COMPRESS ? 4 : 9)), 0);
        fd = open(path, O_RDONLY);
        status = md_stream_file(fd, &stream);
        if (status == MD_OK)
            (void)drain(*state, stream, 7, &status);
        md_want_true(status < 0 || filters[i] == ARCHIVE_FILTER_COMPRESS);
    }
    files_remove(folder);
}

static void an_interruption_ends_reading(void **state)
{
    volatile sig_atomic_t interrupted = 0;
    struct md_stream *stream = md_stream_memory(MD_LIT("abc"));
    char byte;

    (void)state;
    stream->interrupted = &interrupted;
    md_want_int("before", md_stream_read(stream, &byte, 1), 1);
    interrupted = 1;
    md_want_int("after", md_stream_read(stream, &byte, 1), MD_INTERRUPTED);
    md_stream_close(&stream);
    md_want_true(stream == NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(cleans_lines), MD_TEST(cleaning_keeps_lines), MD_TEST(parts_are_cut_out),
                                       MD_TEST(compressed_files_are_unpacked), MD_TEST(an_interruption_ends_reading)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
