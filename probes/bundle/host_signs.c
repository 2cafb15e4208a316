/* What a file says about the host that it comes from. */
#include "probes/bundle/hosts.h"

#include "probes/bundle/instants.h"
#include "probes/bundle/recognise.h"

#define NAME_MAX_BYTES 253

/* Of two hosts each has its own of these. */
static const struct {
    enum md_item_kind kind;
    const char *base; /* only under this name; NULL: any */
} singles[] = {
    {MD_ITEM_IMTA_CNF, NULL},           {MD_ITEM_OPTION_DAT, NULL},  {MD_ITEM_CONFIG_XML, NULL},
    {MD_ITEM_JOB_CONTROLLER_CNF, NULL}, {MD_ITEM_IMTA_TAILOR, NULL}, {MD_ITEM_DISPATCHER_CNF, NULL},
    {MD_ITEM_MSG_CONF, NULL},           {MD_ITEM_CONFIGUTIL, NULL},  {MD_ITEM_MSCONFIG, NULL},
    {MD_ITEM_IMSIMTA_VERSION, NULL},    {MD_ITEM_PS, NULL},          {MD_ITEM_IMSIMTA_PROCESS, NULL},
    {MD_ITEM_MAIL_LOG, "current"},      {MD_ITEM_UPTIME, NULL},      {MD_ITEM_QM_JOBS, NULL},
    {MD_ITEM_RESOLV_CONF, NULL},
};

/* Everybody has them, or anybody may have made them. */
static bool is_common(enum md_item_kind kind)
{
    return kind == MD_ITEM_PS || kind == MD_ITEM_DF || kind == MD_ITEM_DF_INODES || kind == MD_ITEM_UPTIME ||
           kind == MD_ITEM_CPUS || kind == MD_ITEM_DATE || kind == MD_ITEM_NETSTAT || kind == MD_ITEM_RESOLV_CONF ||
           kind == MD_ITEM_NSSWITCH_CONF || kind == MD_ITEM_HOSTS_FILE || kind == MD_ITEM_DIG ||
           kind == MD_ITEM_SYSTEM_LOG || kind == MD_ITEM_MOUNT || kind == MD_ITEM_DNS_ANSWERS ||
           kind == MD_ITEM_PROC_TREE || kind == MD_ITEM_OTHER;
}

/* The name in lower case; empty where it is no name of a host. */
static struct md_str name_of(struct md_arena *arena, struct md_str name)
{
    /* what prompts show beside host names */
    static const char *const words[] = {"bash",      "sh",      "ksh",      "csh",    "tcsh",       "zsh",
                                        "root",      "su",      "mysql",    "sql",    "ftp",        "telnet",
                                        "localhost", "none",    "user",     "admin",  "prompt",     "host",
                                        "hostname",  "server",  "unknown",  "cmd",    "ldap",       "console",
                                        "sqlplus",   "mailsrv", "inetmail", "nobody", "mailserver", "mail-daemon"};
    char lower[NAME_MAX_BYTES + 1];
    size_t n = 0, label;
    bool has_letter = false;

    while (n < name.n && n < NAME_MAX_BYTES &&
           (md_is_alnum(name.p[n]) || name.p[n] == '-' || name.p[n] == '_' || name.p[n] == '.')) {
        lower[n] = md_lower(name.p[n]);
        n++;
    }
    while (n > 0 && lower[n - 1] == '.')
        n--;
    for (label = 0; label < n && lower[label] != '.'; label++)
        has_letter |= md_is_alpha(lower[label]);
    if (!has_letter || lower[0] == '-')
        return md_str("");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (md_str_is(md_str_n(lower, label), words[i]))
            return md_str("");
    if (md_str_has_prefix(md_str_n(lower, n), MD_LIT("bash-")) || md_str_has_prefix(md_str_n(lower, n), MD_LIT("sh-")))
        return md_str("");
    return md_arena_str(arena, md_str_n(lower, n));
}

static struct md_str first_label(struct md_str name)
{
    ptrdiff_t dot = md_str_find_char(name, '.');

    return dot < 0 ? name : md_str_sub(name, 0, (size_t)dot);
}

bool md_host_is_same(struct md_str a, struct md_str b)
{
    struct md_str x = first_label(a), y = first_label(b);

    return x.n < a.n && y.n < b.n ? md_str_eq(a, b) : md_str_eq(x, y);
}

static void note(struct md_str *names, size_t *n, struct md_str name)
{
    if (md_str_is_empty(name))
        return;
    for (size_t i = 0; i < *n; i++)
        if (md_str_eq(names[i], name))
            return;
    if (*n < MD_SIGN_NAMES)
        names[(*n)++] = name;
}

void md_host_signs_join(struct md_host_signs *into, const struct md_host_signs *from)
{
    for (size_t i = 0; i < from->n_system; i++)
        note(into->system, &into->n_system, from->system[i]);
    for (size_t i = 0; i < from->n_config; i++)
        note(into->config, &into->n_config, from->config[i]);
    into->singles |= from->singles;
    into->is_bundle |= from->is_bundle;
    into->is_product |= from->is_product;
    into->is_shared &= from->is_shared;
}

/* The host in "root@mail1:/var#", "[root@mail1 ~]$", "mail1#", "mail1:/opt>". */
static struct md_str host_of_prompt(struct md_arena *arena, struct md_str prompt)
{
    ptrdiff_t at = md_str_find_char(prompt, '@');
    size_t n = 0;

    if (prompt.n > 0)
        prompt.n--; /* the sign */
    prompt = md_str_trim(prompt);
    if (at >= 0)
        prompt = md_str_from(prompt, (size_t)at + 1);
    else
        while (md_str_skip_prefix(&prompt, MD_LIT("[")))
            ;
    while (n < prompt.n && (md_is_alnum(prompt.p[n]) || prompt.p[n] == '-' || prompt.p[n] == '.' || prompt.p[n] == '_'))
        n++;
    /* what follows must be a folder */
    if (n < prompt.n && prompt.p[n] != ':' && prompt.p[n] != ' ' && prompt.p[n] != ']' && prompt.p[n] != '/')
        return md_str("");
    return name_of(arena, md_str_sub(prompt, 0, n));
}

/* "SunOS mail1 5.10 Generic ...", also as `imsimta version` prints it. */
static struct md_str host_of_uname(struct md_arena *arena, struct md_str line)
{
    struct md_str system = md_str_next_word(&line), name = md_str_next_word(&line), release = md_str_next_word(&line);

    if (!md_str_is(system, "SunOS") && !md_str_is(system, "Linux") && !md_str_is(system, "AIX") &&
        !md_str_is(system, "HP-UX"))
        return md_str("");
    return release.n > 0 && md_is_digit(*release.p) ? name_of(arena, name) : md_str("");
}

static void read_lines(struct md_arena *arena, struct md_str head, struct md_host_signs *ret)
{
    struct md_str line;
    struct md_prompt prompt;
    bool asks_name = false;

    while (md_str_next_line(&head, &line)) {
        if (asks_name && !md_str_is_empty(md_str_trim(line))) {
            note(ret->system, &ret->n_system, name_of(arena, md_str_trim(line)));
            asks_name = false;
            continue;
        }
        note(ret->system, &ret->n_system, host_of_uname(arena, line));
        if (!md_recognise_prompt(line, md_str(""), &prompt))
            continue;
        asks_name = md_str_is(prompt.command, "hostname") || md_str_is(prompt.command, "uname -n");
        if (md_str_is_empty(prompt.program) && !md_str_is_empty(prompt.text))
            note(ret->system, &ret->n_system, host_of_prompt(arena, prompt.text));
    }
}

/* The official host of the local channel: the line below "l ...". */
static struct md_str host_of_local_channel(struct md_arena *arena, struct md_str head)
{
    struct md_str line;
    bool is_start = false, is_local = false;

    while (md_str_next_line(&head, &line)) {
        struct md_str text = md_str_trim(line), word = md_str_next_word(&line);

        if (md_str_has_prefix(text, MD_LIT("!")))
            continue;
        if (is_local && !md_str_is_empty(text) && text.p[text.n - 1] != '\\')
            return name_of(arena, word);
        is_local |= is_start && md_str_is(word, "l");
        is_start = md_str_is_empty(text);
    }
    return md_str("");
}

/* The value of `key` in "key = value" lines. */
static struct md_str host_of_setting(struct md_arena *arena, struct md_str head, const char *key)
{
    struct md_str line;

    while (md_str_next_line(&head, &line)) {
        struct md_str text = md_str_trim(line);

        (void)md_str_skip_prefix(&text, MD_LIT("role."));
        if (!md_str_skip_prefix(&text, md_str(key)))
            continue;
        text = md_str_trim(text);
        if (!md_str_skip_prefix(&text, MD_LIT("=")))
            continue;
        text = md_str_trim(text);
        if (text.n > 1 && *text.p == '"')
            text = md_str_sub(text, 1, text.n - 2);
        return name_of(arena, text);
    }
    return md_str("");
}

static bool is_manifest(struct md_str head)
{
    return md_str_find(head, MD_LIT("\"mtadoctor.bundle/")) >= 0;
}

/* "host": "..." of a manifest. */
static struct md_str host_of_manifest(struct md_arena *arena, struct md_str head)
{
    ptrdiff_t at = md_str_find(head, MD_LIT("\"host\""));

    if (at < 0)
        return md_str("");
    head = md_str_trim(md_str_from(head, (size_t)at + 6));
    if (!md_str_skip_prefix(&head, MD_LIT(":")))
        return md_str("");
    head = md_str_trim(head);
    if (!md_str_skip_prefix(&head, MD_LIT("\"")))
        return md_str("");
    at = md_str_find_char(head, '"');
    return at > 0 ? name_of(arena, md_str_sub(head, 0, (size_t)at)) : md_str("");
}

/* Kept for the inventory of the host. */
static void keep_verdict(struct md_arena *arena, struct md_member *member, const struct md_file_verdict *verdict)
{
    struct md_file_verdict *copy = md_arena_alloc(arena, sizeof *copy);

    *copy = *verdict;
    copy->root = md_arena_str(arena, verdict->root);
    member->verdict = copy;
}

void md_host_signs_read(struct md_arena *arena, struct md_pack *pack, struct md_member *member, char *buffer,
                        struct md_host_signs *ret)
{
    bool is_whole;
    ptrdiff_t got = md_pack_head(pack, member, buffer, MD_RECOGNISE_HEAD, &is_whole);
    struct md_str head = md_str_n(buffer, got > 0 ? (size_t)got : 0), base = md_item_name_base(member->name);
    struct md_file_verdict verdict;
    struct md_instant instant;

    *ret = (struct md_host_signs){.n_system = 0};
    if (head.n == 0)
        return;
    if (md_str_is(base, "manifest.json") && is_manifest(head)) {
        ret->is_bundle = ret->is_product = true;
        note(ret->system, &ret->n_system, host_of_manifest(arena, head));
        return;
    }
    md_recognise_file(member->name, head, member->size, &verdict);
    keep_verdict(arena, member, &verdict);
    ret->is_product = !is_common(verdict.kind);
    ret->is_shared = verdict.kind == MD_ITEM_DNS_ANSWERS || verdict.kind == MD_ITEM_DIG;
    for (size_t i = 0; i < sizeof singles / sizeof *singles; i++)
        if (singles[i].kind == verdict.kind &&
            (singles[i].base == NULL || md_str_find(base, md_str(singles[i].base)) >= 0))
            ret->singles |= UINT32_C(1) << i;
    switch ((int)verdict.kind) {
    case MD_ITEM_NSLOG:
    case MD_ITEM_CALENDAR_LOG:
        md_instant_find(verdict.kind, head, true, &instant);
        note(ret->system, &ret->n_system, name_of(arena, instant.host));
        break;
    case MD_ITEM_IMTA_CNF: note(ret->config, &ret->n_config, host_of_local_channel(arena, head)); break;
    case MD_ITEM_CONFIGUTIL:
    case MD_ITEM_MSG_CONF: note(ret->config, &ret->n_config, host_of_setting(arena, head, "local.hostname")); break;
    case MD_ITEM_MSCONFIG: note(ret->config, &ret->n_config, host_of_setting(arena, head, "base.hostname")); break;
    default: break;
    }
    if (verdict.is_capture || verdict.kind == MD_ITEM_IMSIMTA_VERSION)
        read_lines(arena, head, ret);
}

/* ---- names of folders ---- */

/* Words of which no host is called. */
static bool is_layout_word(struct md_str word)
{
    static const char *const words[] = {
        "config",   "configs",  "configuration", "conf",     "cnf",       "cfg",       "etc",
        "log",      "logs",     "logfiles",      "data",     "queue",     "queues",    "var",
        "opt",      "usr",      "home",          "tmp",      "files",     "file",      "listing",
        "listings", "command",  "commands",      "cmds",     "output",    "outputs",   "out",
        "txt",      "text",     "store",         "mboxlist", "partition", "primary",   "bin",
        "sbin",     "lib",      "imta",          "msg",      "messaging", "server",    "sunwmsgsr",
        "sun",      "comms",    "oracle",        "product",  "products",  "ims",       "system",
        "sys",      "os",       "info",          "misc",     "other",     "docs",      "dns",
        "network",  "net",      "bundle",        "bundles",  "support",   "case",      "sr",
        "tt",       "explorer", "dump",          "collect",  "collected", "mtadoctor", "backup",
        "bak",      "old",      "orig",          "original", "save",      "saved",     "prev",
        "previous", "new",      "current",       "before",   "after",     "today",     "yesterday",
        "copy",     "archive",  "archives",      "tar",      "gz",        "tgz",       "zip",
        "zst",      "xz",       "bz2",           "tbz",      "txz",       "taz",       "7z",
        "z",        "first",    "second",        "third",    "good",      "bad",       "test",
        "jan",      "feb",      "mar",           "apr",      "may",       "jun",       "jul",
        "aug",      "sep",      "oct",           "nov",      "dec",       "mon",       "tue",
        "wed",      "thu",      "fri",           "sat",      "sun",       "of",        "from",
        "the",      "and",      "input",         "in",       "instance",  "default",   "msconfig",
        "legacy",   "tcp",      "local",         "intranet", "am",        "pm",        "utc",
    };
    bool has_letter = false;

    for (size_t i = 0; i < word.n; i++)
        has_letter |= md_is_alpha(word.p[i]);
    if (!has_letter)
        return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (md_str_is(word, words[i]))
            return true;
    return false;
}

struct md_str md_host_stem(struct md_arena *arena, struct md_str name)
{
    char *stem = md_arena_alloc(arena, name.n + 1);
    size_t n = 0, from = 0;

    /* "mail1.example.com" is the host "mail1"; "mail1.tar.gz" as well */
    for (size_t i = 0; i <= name.n; i++) {
        size_t word = n;

        if (i < name.n && md_is_alnum(name.p[i]))
            continue;
        if (word > 0)
            stem[word++] = '-';
        for (size_t k = from; k < i; k++)
            stem[word + (k - from)] = md_lower(name.p[k]);
        /* A number belongs to the word before it: mta-01. */
        if (i > from && (!is_layout_word(md_str_n(stem + word, i - from)) ||
                         (n > 0 && from > 0 && i - from <= 2 && md_is_digit(name.p[from]))))
            n = word + (i - from);
        if (i < name.n && name.p[i] == '.' && n > 0)
            break;
        from = i + 1;
    }
    return md_str_n(stem, n);
}

bool md_host_is_named(struct md_str folder, struct md_str name)
{
    name = first_label(name);
    for (size_t i = 0; i + name.n <= folder.n && name.n > 0; i++) {
        bool is_start = i == 0 || !md_is_alnum(folder.p[i - 1]);
        bool is_end = i + name.n == folder.n || !md_is_alnum(folder.p[i + name.n]);

        if (is_start && is_end && md_str_eq_nocase(md_str_sub(folder, i, name.n), name))
            return true;
    }
    return false;
}
