#include "probes/formats/system/cpus.h"

#include <stdbool.h>

#include "engine/base/num.h"

#define CPUS_MAX 65536

/* A form that is counted line by line. */
struct counter {
    uint64_t n;
    uint32_t line;
};

static void count_line(struct counter *counter, uint32_t line)
{
    if (counter->n++ == 0)
        counter->line = line;
}

static bool is_number(struct md_str word, uint64_t *ret)
{
    return md_num_all_u64(word, CPUS_MAX, ret) == MD_OK;
}

/* "CPU(s):  16" of lscpu, "Number Of Processors: 4" of AIX, "# processors    : 2" of a mainframe. */
static bool read_named(struct md_str line, uint64_t *ret)
{
    static const char *const names[] = {"CPU(s)", "Number Of Processors", "# processors"};
    ptrdiff_t colon = md_str_find_char(line, ':');
    struct md_str name = md_str_trim(md_str_sub(line, 0, colon > 0 ? (size_t)colon : 0));

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (md_str_is_nocase(name, names[i]))
            return is_number(md_str_trim(md_str_from(line, (size_t)colon + 1)), ret) && *ret > 0;
    return false;
}

/* "Linux 5.15.0 (mail1)  11/24/26  _x86_64_  (4 CPU)": what mpstat, iostat and sar begin with. */
static bool read_heading(struct md_str line, uint64_t *ret)
{
    ptrdiff_t open = md_str_rfind_char(line, '(');
    struct md_str rest;

    if (open < 0 || !md_str_has_prefix(line, MD_LIT("Linux ")))
        return false;
    rest = md_str_from(line, (size_t)open + 1);
    return md_num_u64(&rest, CPUS_MAX, ret) == MD_OK && *ret > 0 && md_str_has_prefix(rest, MD_LIT(" CPU)"));
}

/* "processor       : 3" of /proc/cpuinfo, "processor 0: version = FF" of a mainframe. */
static bool is_cpuinfo(struct md_str line)
{
    if (!md_str_skip_prefix(&line, MD_LIT("processor")))
        return false;
    line = md_str_trim(line);
    return line.n > 0 && (line.p[0] == ':' || md_is_digit(line.p[0])) && md_str_find_char(line, ':') >= 0;
}

/* "0       on-line   since 11/20/2006 03:12:00": one that takes work. */
static bool is_psrinfo(struct md_str line)
{
    uint64_t number;
    struct md_str state;

    if (!is_number(md_str_next_word(&line), &number))
        return false;
    state = md_str_next_word(&line);
    return (md_str_is(state, "on-line") || md_str_is(state, "no-intr")) && md_str_is(md_str_next_word(&line), "since");
}

/* "The physical processor has 2 cores and 16 virtual processors (0-15)" */
static bool read_chip(struct md_str line, uint64_t *ret)
{
    ptrdiff_t at = md_str_find(line, MD_LIT(" virtual processor"));
    struct md_str before;

    if (at < 0 || !md_str_has_prefix(md_str_trim(line), MD_LIT("The physical processor has ")))
        return false;
    before = md_str_sub(line, 0, (size_t)at);
    return is_number(md_str_from(before, (size_t)(md_str_rfind_char(before, ' ') + 1)), ret);
}

/* "    cpu (driver not attached)", "    cpu, instance #0", "    SUNW,UltraSPARC-IIIi, instance #1 (driver not attached)" */
static bool is_device(struct md_str line)
{
    struct md_str node = md_str_trim(line);

    if (line.n == 0 || !md_is_space(line.p[0]))
        return false;
    if (md_str_has_prefix(node, MD_LIT("SUNW,UltraSPARC")) || md_str_has_prefix(node, MD_LIT("FJSV,SPARC64")))
        return true;
    return md_str_skip_prefix(&node, MD_LIT("cpu")) &&
           (md_str_has_prefix(node, MD_LIT(" (driver")) || md_str_has_prefix(node, MD_LIT(", instance #")));
}

enum md_status md_cpus_parse(struct md_str text, struct md_cpus *ret)
{
    struct counter cpuinfo = {0}, psrinfo = {0}, chips = {0}, devices = {0}, mpstat = {0};
    const struct counter *const all[] = {&cpuinfo, &psrinfo, &chips, &devices, &mpstat};
    struct md_cpus alone = {0};
    size_t lines = 0, headings = 0;
    uint32_t number = 0;
    struct md_str line;

    while (md_str_next_line(&text, &line)) {
        uint64_t value;
        struct md_str trimmed = md_str_trim(line), rest = trimmed;

        number++;
        if (trimmed.n == 0)
            continue;
        if (read_named(trimmed, &value) || read_heading(trimmed, &value)) {
            *ret = (struct md_cpus){value, number};
            return MD_OK;
        }
        if (lines++ == 0 && is_number(trimmed, &value))
            alone = (struct md_cpus){value, number};
        if (md_str_has_prefix(trimmed, MD_LIT("CPU minf ")))
            headings++;
        else if (headings == 1 && is_number(md_str_next_word(&rest), &value) && rest.n > 0)
            count_line(&mpstat, number); /* later reports repeat the rows */
        else if (is_cpuinfo(trimmed))
            count_line(&cpuinfo, number);
        else if (is_psrinfo(trimmed))
            count_line(&psrinfo, number);
        else if (is_device(line))
            count_line(&devices, number);
        else if (read_chip(line, &value)) {
            if (chips.n == 0)
                chips.line = number;
            chips.n += value;
        }
    }
    if (lines == 1 && alone.count > 0) {
        *ret = alone;
        return MD_OK;
    }
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i]->n > 0) {
            *ret = (struct md_cpus){all[i]->n, all[i]->line};
            return MD_OK;
        }
    return MD_NOT_FOUND;
}
