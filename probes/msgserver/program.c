#include "probes/msgserver/program.h"

static const struct md_program programs[] = {
#define MD_PROGRAM(name, role, is_mta, is_always) {(name), MD_PROGRAM_##role, (is_mta), (is_always)},
#define MD_PROGRAM_ALIAS(alias, name)
#include "probes/msgserver/program.def"
#undef MD_PROGRAM
#undef MD_PROGRAM_ALIAS
};

static const struct {
    const char *alias, *name;
} aliases[] = {
#define MD_PROGRAM(name, role, is_mta, is_always)
#define MD_PROGRAM_ALIAS(alias, name) {(alias), (name)},
#include "probes/msgserver/program.def"
#undef MD_PROGRAM
#undef MD_PROGRAM_ALIAS
};

#define PROGRAMS (sizeof programs / sizeof *programs)
#define ALIASES (sizeof aliases / sizeof *aliases)

size_t md_program_count(void)
{
    return PROGRAMS;
}

const struct md_program *md_program_at(size_t i)
{
    return i < PROGRAMS ? &programs[i] : NULL;
}

size_t md_program_index(const struct md_program *program)
{
    return (size_t)(program - programs);
}

static const struct md_program *find_exact(struct md_str name)
{
    for (size_t i = 0; i < PROGRAMS; i++) {
        if (md_str_is_nocase(name, programs[i].name))
            return &programs[i];
    }
    return NULL;
}

const struct md_program *md_program_find(struct md_str name)
{
    const struct md_program *found = find_exact(name);

    for (size_t i = 0; found == NULL && i < ALIASES; i++) {
        if (md_str_is_nocase(name, aliases[i].alias))
            found = find_exact(md_str(aliases[i].name));
    }
    return found;
}

/* A command with a path is ours where it is below a folder that the product is installed in; one without is taken at
 * its word. */
static bool is_of_the_product(struct md_str command)
{
    static const char *const folders[] = {"msgsr", "messaging", "imta", "msg-", "msg_"};
    struct md_str path = md_str_next_word(&command);

    if (md_str_find_char(path, '/') < 0)
        return true;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        if (md_str_find_nocase(path, md_str(folders[i])) >= 0)
            return true;
    }
    /* A root of the site's own choice, but not what the system or another package installed. */
    return md_str_find(path, MD_LIT("/lib/")) > 0 && !md_str_has_prefix(path, MD_LIT("/usr/"));
}

const struct md_program *md_program_of_process(struct md_str program, struct md_str command)
{
    /* Aliases that name a service, not a program. */
    static const char *const services[] = {"httpd", "http", "imap", "pop", "store", "sched", "ens"};

    for (size_t i = 0; i < sizeof services / sizeof *services; i++) {
        if (md_str_is(program, services[i]))
            return NULL;
    }
    return is_of_the_product(command) ? md_program_find(program) : NULL;
}

const struct md_program *md_program_of_channel(struct md_str channel)
{
    static const struct {
        const char *prefix, *program;
    } kinds[] = {
        {"ims-ms", "ims_master"},     {"tcp_lmtp", "tcp_lmtp_client"}, {"tcp_", "tcp_smtp_client"},
        {"reprocess", "reprocess"},   {"process", "process"},          {"conversion", "conversion"},
        {"defragment", "defragment"}, {"pipe", "pipe_master"},         {"filter_discard", "filter_discard"},
        {"bitbucket", "bitbucket"},   {"autoreply", "autoreply"},
    };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (md_str_has_prefix(channel, md_str(kinds[i].prefix)))
            return find_exact(md_str(kinds[i].program));
    }
    return md_str_is(channel, "l") ? find_exact(MD_LIT("l_master")) : NULL;
}
