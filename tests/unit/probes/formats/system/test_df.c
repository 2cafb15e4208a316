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
        bool inodes;       /* the command was `df -i` */
    } cases[] = {
        {"Solaris df -k",
         "Filesystem            kbytes    used   avail capacity  Mounted on\n"
         "/dev/dsk/c0t0d0s0    20646121 6193836 14245824    31%    /\n"
         "/dev/dsk/c1t0d0s4    41294242 41294242       0   100%    /var/opt/SUNWmsgsr/queue\n",
         2, 3, "/var/opt/SUNWmsgsr/queue", "/dev/dsk/c1t0d0s4", 100, 0, -1, false},
        {"Linux df -k with a wrapped device and CR LF",
         "Filesystem           1K-blocks      Used Available Use% Mounted on\r\n"
         "/dev/mapper/VolGroup00-LogVol_with_a_long_name\r\n"
         "                      10079084   9460620    106464  99% /var/spool with blank\r\n",
         1, 3, "/var/spool with blank", "/dev/mapper/VolGroup00-LogVol_with_a_long_name", 99, UINT64_C(106464) * 1024,
         -1, false},
        {"df -h", "Filesystem      Size  Used Avail Use% Mounted on\n/dev/sda1        20G   15G  4.5M  77% /\n", 1, 2,
         "/", "/dev/sda1", 77, 4 * MIB + MIB / 2, -1, false},
        {"df -i",
         "Filesystem      Inodes  IUsed   IFree IUse% Mounted on\n/dev/sda1      1310720 1310720       0  100% /var\n",
         1, 2, "/var", "/dev/sda1", -1, 0, 100, false},
        {"Solaris df -o i",
         "Filesystem             iused   ifree  %iused  Mounted on\n/dev/dsk/c0t0d0s3     900000  100000    90%   "
         "/var\n",
         1, 2, "/var", "/dev/dsk/c0t0d0s3", -1, 0, 90, false},
        {"AIX df -k",
         "Filesystem    1024-blocks      Free %Used    Iused %Iused Mounted on\n/dev/hd4           131072     65536   "
         "50%     2000     8% /\n",
         1, 2, "/", "/dev/hd4", 50, UINT64_C(65536) * 1024, 8, false},
        {"a dash instead of a figure", "Filesystem 1K-blocks Used Available Use% Mounted on\nproc 0 0 0 - /proc\n", 1,
         2, "/proc", "proc", -1, 0, -1, false},
        {"filled beyond what users may use",
         "Filesystem kbytes used avail capacity Mounted on\n/dev/x 100 105 -5 105% /x\n", 1, 2, "/x", "/dev/x", 105, 0,
         -1, false},
        {"plain df of Solaris", "/var               (/dev/dsk/c0t0d0s3 ): 4096 blocks   812 files\n", 1, 1, "/var",
         "/dev/dsk/c0t0d0s3", -1, 2 * MIB, -1, false},

        /* HP-UX */
        {"bdf, also wrapped",
         "Filesystem          kbytes    used   avail %used Mounted on\n"
         "/dev/vg00/lvol3     524288  322264  200544   62% /\n"
         "/dev/vg00/a_volume_with_a_long_name\n"
         "                   8912896 5014712 3868024   56% /var\n",
         2, 4, "/var", "/dev/vg00/a_volume_with_a_long_name", 56, UINT64_C(3868024) * 1024, -1, false},
        {"bdf -i",
         "Filesystem          kbytes    used   avail %used  iused  ifree %iuse Mounted on\n"
         "/dev/vg00/lvol8    8912896 5014712 3868024   56%  12000 108000   10% /var\n",
         1, 2, "/var", "/dev/vg00/lvol8", 56, UINT64_C(3868024) * 1024, 10, false},
        {"df -k of HP-UX",
         "/home                  (/dev/vg00/lvol5       ) :    19608 total allocated Kb\n"
         "                                                      8216 free allocated Kb\n"
         "                                                     11392 used allocated Kb\n"
         "                                                        58 % allocation used\n"
         "/tmp                   (/dev/vg00/lvol4       ) :  2044184 total allocated Kb\n"
         "                                                    630600 free allocated Kb\n"
         "                                                   1413584 used allocated Kb\n"
         "                                                        69 % allocation used\n",
         2, 5, "/tmp", "/dev/vg00/lvol4", 69, UINT64_C(630600) * 1024, -1, false},
        {"df of HP-UX", "/home                  (/dev/vg00/lvol5       ):    16432 blocks            2177 i-nodes\n", 1,
         1, "/home", "/dev/vg00/lvol5", -1, UINT64_C(16432) * 512, -1, false},
        {"df -b of HP-UX", "/stand (/dev/vg00/lvol1 ) :   206232 Kbytes free\n", 1, 1, "/stand", "/dev/vg00/lvol1", -1,
         UINT64_C(206232) * 1024, -1, false},
        {"df -g of HP-UX does not say what a block is",
         "/home (/dev/vg00/lvol5 ) :  8192 file system block size  1024 fragment size\n"
         "  19608 total blocks    9804 free blocks    9804 available blocks\n"
         "  1000 total i-nodes     250 free i-nodes\n",
         1, 1, "/home", "/dev/vg00/lvol5", 50, 0, 75, false},

        /* AIX */
        {"df -g",
         "Filesystem    GB blocks      Free %Used    Iused %Iused Mounted on\n"
         "/dev/hd4           0.09      0.05   50%     3024    22% /\n"
         "/dev/hd9var        2.00      0.50   75%      922     3% /var\n"
         "/proc                 -         -    -         -     -  /proc\n",
         3, 4, "/proc", "/proc", -1, 0, -1, false},
        {"df -g, of which figures have decimals",
         "Filesystem    GB blocks      Free %Used    Iused %Iused Mounted on\n"
         "/dev/hd9var        2.00      0.50   75%      922     3% /var\n",
         1, 2, "/var", "/dev/hd9var", 75, 512 * MIB, 3, false},
        {"df -m",
         "Filesystem    MB blocks      Free %Used    Iused %Iused Mounted on\n"
         "/dev/hd9var     2048.00    512.00   75%      922     3% /var\n",
         1, 2, "/var", "/dev/hd9var", 75, 512 * MIB, 3, false},
        {"df -M: the mount point in the middle",
         "Filesystem    512-blocks Mounted on       Free %Used    Iused %Iused\n"
         "/dev/hd9var      4194304 /var          1048576   75%      922     3%\n",
         1, 2, "/var", "/dev/hd9var", 75, 512 * MIB, 3, false},
        {"df -v",
         "Filesystem    1024-blocks      Used      Free %Used    Iused    Ifree %Iused Mounted on\n"
         "/dev/hd9var       2097152   1572864    524288   75%      922    29800     3% /var\n",
         1, 2, "/var", "/dev/hd9var", 75, 512 * MIB, 3, false},
        {"df -P of AIX",
         "Filesystem    512-blocks        Used   Available Capacity Mounted on\n"
         "/dev/hd9var      4194304     3145728     1048576      75% /var\n",
         1, 2, "/var", "/dev/hd9var", 75, 512 * MIB, -1, false},

        /* Solaris */
        {"df -h of Solaris",
         "Filesystem             size   used  avail capacity  Mounted on\n"
         "rpool/ROOT/s10          67G    33G   512M    99%    /\n",
         1, 2, "/", "rpool/ROOT/s10", 99, 512 * MIB, -1, false},
        {"df -g of Solaris",
         "/                  (/dev/dsk/c0t0d0s0 ):         8192 block size          1024 frag size  \n"
         "41292242 total blocks   28491200 free blocks 28078278 available        2509056 total files\n"
         " 1254528 free files     22282241 filesys id  \n"
         "     ufs fstype       0x00000004 flag             255 filename length\n\n",
         1, 1, "/", "/dev/dsk/c0t0d0s0", 100.0 * 12801042 / (12801042 + 28078278), UINT64_C(28078278) * 512, 50, false},
        {"df -t",
         "/var               (/dev/dsk/c0t0d0s3 ): 1024 blocks    300 files\n"
         "                                  total: 4096 blocks   1200 files\n",
         1, 1, "/var", "/dev/dsk/c0t0d0s3", 75, 512 * 1024, 75, false},
        {"df -v of Solaris",
         "Mount Dir  Filesystem           blocks      used      free  %used\n"
         "/var       /dev/dsk/c0t0d0s3   4194304   3145728   1048576    75%\n",
         1, 2, "/var", "/dev/dsk/c0t0d0s3", 75, 512 * MIB, -1, false},

        /* Linux */
        {"df -T",
         "Filesystem     Type     1K-blocks    Used Available Use% Mounted on\n"
         "/dev/sda3      ext4      20511312 5013816  14432532  26% /var\n",
         1, 2, "/var", "/dev/sda3", 26, UINT64_C(14432532) * 1024, -1, false},
        {"df -P of Linux with another server's file system",
         "Filesystem         1024-blocks      Used Available Capacity Mounted on\n"
         "nas1.example:/vol/m   20511312   5013816  14432532      26% /var\n",
         1, 2, "/var", "nas1.example:/vol/m", 26, UINT64_C(14432532) * 1024, -1, false},
        {"df -BM",
         "Filesystem     1M-blocks  Used Available Use% Mounted on\n/dev/sda3         20031M 4897M    14095M  26% "
         "/var\n",
         1, 2, "/var", "/dev/sda3", 26, 14095 * MIB, -1, false},

        /* another language, or no heading */
        {"German",
         "Dateisystem    1K-Bl\xc3\xb6"
         "cke Benutzt Verf\xc3\xbcgbar Verw% Eingeh\xc3\xa4ngt auf\n"
         "/dev/sda3       20511312 5013816  14432532   26% /var\n",
         1, 2, "/var", "/dev/sda3", 26, UINT64_C(14432532) * 1024, -1, false},
        {"German, inodes",
         "Dateisystem    Inodes IBenutzt  IFrei IUse% Eingeh\xc3\xa4ngt auf\n"
         "/dev/sda3     1310720   327680 983040   25% /var\n",
         1, 2, "/var", "/dev/sda3", -1, 0, 25, false},
        {"French, wrapped",
         "Sys. de fichiers blocs de 1K Utilis\xc3\xa9 Disponible Uti% Mont\xc3\xa9 sur\n"
         "/dev/mapper/vg-a_long_name\n                  20511312 5013816  14432532  26% /var\n",
         1, 3, "/var", "/dev/mapper/vg-a_long_name", 26, UINT64_C(14432532) * 1024, -1, false},
        {"Spanish, -hT",
         "S.ficheros     Tipo     Tama\xc3\xb1o Usados  Disp Uso% Montado en\n/dev/sda3      ext4        20G   4.8G   "
         "14G  "
         "26% /var\n",
         1, 2, "/var", "/dev/sda3", 26, 14 * 1024 * MIB, -1, false},
        {"the row that grep left of df -k", "/dev/dsk/c0t0d0s3    20646121 6193836 14245824    31%    /var\n", 1, 1,
         "/var", "/dev/dsk/c0t0d0s3", 31, 0, -1, false},
        {"the row that grep left of df -i", "/dev/sda3 1310720 327680 983040 25% /var\n", 1, 1, "/var", "/dev/sda3", -1,
         0, 25, true},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_df df;
        const struct md_df_row *row;

        md_test_case(i, cases[i].says);
        md_df_parse(*state, md_str(cases[i].text), cases[i].inodes, &df);
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

    md_df_parse(*state, md_str(text), false, &df);
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
        {"df -n: types only", TEXT("/                  : ufs     \n/var               : ufs     \n"), 0, 0},
        {"a paragraph that breaks off", TEXT("/var (/dev/x ) : 19608 total allocated Kb\n  12 fr"), 1, 0},
        {"figures without end",
         TEXT("/var (/dev/x ):99999999999999999999999999999 blocks 18446744073709551615 files\n"), 0, 0},
        {"a share that does not fit to the figures", TEXT("/dev/x 1000 500 500 97% /x\n"), 0, 0},
        {"a heading without end", TEXT("Filesystem a b c d e f g h i j k l m n o p q r s used avail Mounted on\n"), 0,
         0},
    };

    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_df df;

        md_test_case(i, cases[i].says);
        md_df_parse(*state, cases[i].text, false, &df);
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
