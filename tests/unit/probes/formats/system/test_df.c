#include "tests/unit/md_test.h"

#include "probes/formats/system/df.h"

/* A slice for a static table. */
#define TEXT(literal)                                                                                                  \
    {                                                                                                                  \
        (literal), sizeof(literal) - 1                                                                                 \
    }

#define MIB (UINT64_C(1) << 20)

static void reads_the_layouts(void **state)
{
    static const struct {
        const char *says, *text;
        size_t rows;
        uint32_t line; /* of the last row */
        const char *mount, *device;
        double used_pct; /* -1: not known */
        uint64_t avail;
        double inodes_pct; /* -1: not known */
    } cases[] = {
        {"Solaris df -k",
         "Filesystem            kbytes    used   avail capacity  Mounted on\n"
         "/dev/dsk/c0t0d0s0    20646121 6193836 14245824    31%    /\n"
         "/dev/dsk/c1t0d0s4    41294242 41294242       0   100%    /var/opt/SUNWmsgsr/queue\n",
         2, 3, "/var/opt/SUNWmsgsr/queue", "/dev/dsk/c1t0d0s4", 100, 0, -1},
        {"Linux df -k with a wrapped device and CR LF",
         "Filesystem           1K-blocks      Used Available Use% Mounted on\r\n"
         "/dev/mapper/VolGroup00-LogVol_with_a_long_name\r\n"
         "                      10079084   9460620    106464  99% /var/spool with blank\r\n",
         1, 3, "/var/spool with blank", "/dev/mapper/VolGroup00-LogVol_with_a_long_name", 99, UINT64_C(106464) * 1024,
         -1},
        {"df -h", "Filesystem      Size  Used Avail Use% Mounted on\n/dev/sda1        20G   15G  4.5M  77% /\n", 1, 2,
         "/", "/dev/sda1", 77, 4 * MIB + MIB / 2, -1},
        {"df -i",
         "Filesystem      Inodes  IUsed   IFree IUse% Mounted on\n/dev/sda1      1310720 1310720       0  100% /var\n",
         1, 2, "/var", "/dev/sda1", -1, 0, 100},
        {"Solaris df -o i",
         "Filesystem             iused   ifree  %iused  Mounted on\n/dev/dsk/c0t0d0s3     900000  100000    90%   "
         "/var\n",
         1, 2, "/var", "/dev/dsk/c0t0d0s3", -1, 0, 90},
        {"AIX df -k",
         "Filesystem    1024-blocks      Free %Used    Iused %Iused Mounted on\n/dev/hd4           131072     65536   "
         "50%     2000     8% /\n",
         1, 2, "/", "/dev/hd4", 50, UINT64_C(65536) * 1024, 8},
        {"a dash instead of a figure", "Filesystem 1K-blocks Used Available Use% Mounted on\nproc 0 0 0 - /proc\n", 1,
         2, "/proc", "proc", -1, 0, -1},
        {"filled beyond what users may use",
         "Filesystem kbytes used avail capacity Mounted on\n/dev/x 100 105 -5 105% /x\n", 1, 2, "/x", "/dev/x", 105, 0,
         -1},
        {"plain df of Solaris", "/var               (/dev/dsk/c0t0d0s3 ): 4096 blocks   812 files\n", 1, 1, "/var",
         "/dev/dsk/c0t0d0s3", -1, 2 * MIB, -1},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_df df;
        const struct md_df_row *row;

        md_test_case(i, cases[i].says);
        md_df_parse(*state, md_str(cases[i].text), &df);
        md_want_int("rows", df.n, cases[i].rows);
        md_want_int("bad lines", df.bad_lines, 0);
        row = &df.rows[df.n - 1];
        md_want_int("line", row->line, cases[i].line);
        md_want_str("mount", row->mount, cases[i].mount);
        md_want_str("device", row->device, cases[i].device);
        md_want_double("used", row->has_used_pct ? row->used_pct : -1, cases[i].used_pct, 0.01);
        md_want_int("avail", row->avail, cases[i].avail);
        md_want_double("inodes", row->has_inodes_pct ? row->inodes_pct : -1, cases[i].inodes_pct, 0.01);
    }
}

static void finds_the_file_system_of_a_path(void **state)
{
    static const char text[] = "Filesystem kbytes used avail capacity Mounted on\n"
                               "a 1 1 1 1% /\n"
                               "b 1 1 1 1% /var/opt\n"
                               "c 1 1 1 1% /var/opt/SUNW\n";
    static const struct {
        const char *says, *path, *want;
    } cases[] = {
        {"the mount point itself", "/var/opt/SUNW", "/var/opt/SUNW"},
        {"below it", "/var/opt/SUNW/queue", "/var/opt/SUNW"},
        {"a name that only begins alike", "/var/opt/SUNWmsgsr/queue", "/var/opt"},
        {"only the root holds it", "/opt", "/"},
        {"no absolute path", "opt", NULL},
    };
    struct md_df df;

    md_df_parse(*state, md_str(text), &df);
    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        const struct md_df_row *row = md_df_find(&df, md_str(cases[i].path));

        md_test_case(i, cases[i].says);
        md_want_int("found", row != NULL, cases[i].want != NULL);
        if (row != NULL)
            md_want_str("mount", row->mount, cases[i].want);
    }
}

static void survives_what_is_no_table(void **state)
{
    static const struct {
        const char *says;
        struct md_str text;
        size_t rows;
        uint32_t bad;
    } cases[] = {
        {"nothing", {"", 0}, 0, 0},
        {"bytes", {"\0\xff\n\0/\r\n(", 8}, 0, 0},
        {"a row cut off", TEXT("Filesystem kbytes used avail capacity Mounted on\n/dev/x 100 5"), 0, 1},
        {"words for figures", TEXT("Filesystem kbytes used avail capacity Mounted on\n/dev/x some few none % /x\n"), 0,
         1},
        {"a device name at the very end", TEXT("Filesystem kbytes used avail capacity Mounted on\n/dev/x"), 0, 0},
        {"a message between",
         TEXT("Filesystem kbytes used avail capacity Mounted on\ndf: cannot statvfs /mnt: I/O error\na 1 1 1 1% /\n"),
         1, 1},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_df df;

        md_test_case(i, cases[i].says);
        md_df_parse(*state, cases[i].text, &df);
        md_want_int("rows", df.n, cases[i].rows);
        md_want_int("bad", df.bad_lines, cases[i].bad);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(reads_the_layouts), MD_TEST(finds_the_file_system_of_a_path),
                                       MD_TEST(survives_what_is_no_table)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
