#include "tests/unit/md_test.h"

#include "probes/formats/system/cpus.h"

static void counts_processors(void **state)
{
    static const struct {
        const char *says, *in;
        enum md_status want;
        uint64_t count;
        uint32_t line;
    } cases[] = {
        {"psrinfo, one off line",
         "0\ton-line   since 11/20/2006 03:12:00\n1\ton-line   since 11/20/2006 03:12:01\n"
         "2\toff-line  since 11/20/2006 03:12:01\n3\tno-intr   since 11/20/2006 03:12:01\n",
         MD_OK, 3, 1},
        {"psrinfo -pv",
         "The physical processor has 2 cores and 16 virtual processors (0-15)\n  UltraSPARC-T1 (cpuid 0 clock 1000 "
         "MHz)\n"
         "The physical processor has 8 virtual processors (16-23)\n",
         MD_OK, 24, 1},
        {"nproc", "4\n", MD_OK, 4, 1},
        {"nproc behind a blank line, CR LF", "\r\n16\r\n", MD_OK, 16, 2},
        {"lscpu",
         "Architecture:        x86_64\nOn-line CPU(s) list: 0-7\nCPU(s):              8\nNUMA node0 CPU(s):   0-7\n",
         MD_OK, 8, 3},
        {"/proc/cpuinfo",
         "processor\t: 0\nvendor_id\t: GenuineIntel\nmodel name\t: Xeon\n\nprocessor\t: 1\nmodel name\t: Xeon\n", MD_OK,
         2, 1},
        {"/proc/cpuinfo of a mainframe", "vendor_id       : IBM/S390\n# processors    : 2\nprocessor 0: version = FF\n",
         MD_OK, 2, 2},
        {"prtconf of a PC",
         "System Configuration:  Sun Microsystems  i86pc\n    cpus (driver not attached)\n        cpu, instance #0 "
         "(driver not "
         "attached)\n        cpu, instance #1\n",
         MD_OK, 2, 3},
        {"prtconf of a SPARC",
         "    SUNW,UltraSPARC-IIIi, instance #0 (driver not attached)\n    memory-controller, instance #0\n"
         "    SUNW,UltraSPARC-IIIi, instance #1 (driver not attached)\n",
         MD_OK, 2, 1},
        {"prtconf of AIX", "Processor Type: PowerPC_POWER5\nNumber Of Processors: 4\n", MD_OK, 4, 2},
        {"mpstat, Solaris, two reports",
         "CPU minf mjf xcal  intr ithr\n  0    1   0    0   345  134\n  1    1   0    0   345  134\n"
         "CPU minf mjf xcal  intr ithr\n  0    1   0    0   345  134\n  1    1   0    0   345  134\n",
         MD_OK, 2, 2},
        {"mpstat, Linux", "Linux 5.15.0-91 (mail1) \t11/24/26 \t_x86_64_\t(4 CPU)\n\n03:12:01  CPU  %usr\n", MD_OK, 4,
         1},
        {"a number among other lines", "4\nsome words\n", MD_NOT_FOUND, 0, 0},
        {"zero", "0\n", MD_NOT_FOUND, 0, 0},
        {"words", "psrinfo: not found\n", MD_NOT_FOUND, 0, 0},
        {"nothing", "", MD_NOT_FOUND, 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < MD_ROWS(cases); i++) {
        struct md_cpus cpus = {0};

        md_test_case(i, cases[i].says);
        md_want_int("status", md_cpus_parse(md_str(cases[i].in), &cpus), cases[i].want);
        md_want_int("count", cpus.count, cases[i].count);
        md_want_int("line", cpus.line, cases[i].line);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {MD_TEST(counts_processors)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
