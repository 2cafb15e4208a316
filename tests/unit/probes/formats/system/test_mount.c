#include "tests/unit/md_test.h"

#include "probes/formats/system/mount.h"

static const struct {
    const char *says, *in, *path, *mount, *type; /* mount NULL: none */
    bool is_network;
} rows[] = {
    {"GNU mount", "/dev/sda1 on / type ext4 (rw,relatime)\nnas:/vol/cal on /var/opt type nfs4 (rw,vers=4.1)\n",
     "/var/opt/SUNWics5/csdb", "/var/opt", "nfs4", true},
    {"mount of Solaris does not say the type of what is local",
     "/ on /dev/dsk/c0t0d0s0 read/write/setuid/devices on Mon May 28 10:00:00 2007\n"
     "/var/opt on /dev/dsk/c0t1d0s0 read/write/setuid on Mon May 28 10:00:00 2007\n",
     "/var/opt/SUNWics5/csdb", "/var/opt", "", false},
    {"mount of Solaris, from another machine",
     "/ on /dev/dsk/c0t0d0s0 read/write on Mon May 28 10:00:00 2007\n"
     "/var/opt on filer:/export/cal remote/read/write/setuid/rsize=32768/dev=4b80001 on Mon May 28 10:00:00 2007\n",
     "/var/opt/SUNWics5/csdb", "/var/opt", "nfs", true},
    {"mnttab", "/dev/dsk/c0t0d0s0\t/\tufs\trw,intr\t1180346400\nfiler:/x\t/var/opt/SUNWics5\tnfs\trw\t1180346400\n",
     "/var/opt/SUNWics5/csdb", "/var/opt/SUNWics5", "nfs", true},
    {"/proc/mounts", "proc /proc proc rw 0 0\n/dev/sda1 / ext4 rw 0 0\n", "/var/opt/sun/calendar/csdb", "/", "ext4",
     false},
    {"mount -p", "/dev/dsk/c0t0d0s0 - / ufs - no rw\nfiler:/x - /var nfs - no rw,bg\n", "/var/opt", "/var", "nfs",
     true},
    {"df -n", "/                  : ufs\n/var/opt/SUNWics5 : nfs\n", "/var/opt/SUNWics5/csdb", "/var/opt/SUNWics5",
     "nfs", true},
    {"the last one of the same place covers the others", "/dev/a /var ufs rw 0\nfiler:/v /var nfs rw 0\n", "/var/x",
     "/var", "nfs", true},
    {"a name that begins alike is another folder", "/dev/a on / type ext4 (rw)\n/dev/b on /var type xfs (rw)\n",
     "/variant", "/", "ext4", false},
    {"noise", "total 3\nhello world\n: :\non on on\n", "/var", NULL, "", false},
    {"nothing", "", "/var", NULL, "", false},
};

static void forms_of_mount(void **state)
{
    for (size_t i = 0; i < MD_ROWS(rows); i++) {
        struct md_mounts mounts;
        const struct md_mount_row *row;

        md_mounts_parse(*state, md_str(rows[i].in), &mounts);
        row = md_mounts_find(&mounts, md_str(rows[i].path));
        md_test_case(i, rows[i].says);
        md_want_true((row == NULL) == (rows[i].mount == NULL));
        if (row == NULL)
            continue;
        md_want_str("mount", row->mount, rows[i].mount);
        md_want_str("type", row->type, rows[i].type);
        md_want_int("network", md_mount_is_network(row->type), rows[i].is_network);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(forms_of_mount)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
