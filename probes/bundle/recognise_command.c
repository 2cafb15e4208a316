/* Command lines, prompts and headings. */
#include "probes/bundle/recognise.h"

#define WORDS_MAX 24
#define PROMPT_MAX 80
#define LINE_MAX_COMMAND 400

struct words {
    struct md_str at[WORDS_MAX];
    size_t n;
};

/* Words of a simple command; quotes hold blanks together, and the slice stands without them. */
static void split_words(struct md_str line, struct words *ret)
{
    ret->n = 0;
    while (ret->n < WORDS_MAX) {
        size_t end;

        while (line.n > 0 && (*line.p == ' ' || *line.p == '\t'))
            line = md_str_from(line, 1);
        if (line.n == 0)
            return;
        if (*line.p == '\'' || *line.p == '"') {
            ptrdiff_t close = md_str_find_char(md_str_from(line, 1), *line.p);

            end = close < 0 ? line.n - 1 : (size_t)close;
            ret->at[ret->n++] = md_str_sub(line, 1, end);
            line = md_str_from(line, end + 2);
            continue;
        }
        for (end = 0; end < line.n && line.p[end] != ' ' && line.p[end] != '\t';)
            end++;
        ret->at[ret->n++] = md_str_sub(line, 0, end);
        line = md_str_from(line, end);
    }
}

static struct md_str base_of(struct md_str word)
{
    ptrdiff_t slash = md_str_rfind_char(word, '/');
    ptrdiff_t back = md_str_rfind_char(word, '\\');

    if (back > slash)
        slash = back;
    word = md_str_from(word, (size_t)(slash + 1));
    if (word.n > 4 && md_str_is_nocase(md_str_from(word, word.n - 4), ".exe"))
        word.n -= 4;
    return word;
}

static bool is_abbreviation(struct md_str word, const char *full, size_t at_least)
{
    return word.n >= at_least && word.n <= strlen(full) && md_str_has_prefix_nocase(md_str(full), word);
}

/* Words of `imsimta qm`; abbreviations are allowed there. */
static enum md_item_kind kind_of_qm(const struct words *words, size_t i)
{
    static const struct {
        const char *name;
        size_t at_least;
        enum md_item_kind kind;
    } verbs[] = {
        {"messages", 2, MD_ITEM_QM_MESSAGES},
        {"jobs", 1, MD_ITEM_QM_JOBS},
        {"summarize", 2, MD_ITEM_QM_SUMMARIZE},
        {"directory", 2, MD_ITEM_QM_DIRECTORY},
        {"held", 3, MD_ITEM_QM_DIRECTORY},
        {"history", 2, MD_ITEM_QM_HISTORY},
        {"top", 1, MD_ITEM_QM_TOP},
        {"counters", 2, MD_ITEM_COUNTERS},
        {"start", 3, MD_ITEM_QM_STATUS},
        {"stop", 3, MD_ITEM_QM_STATUS},
        {"release", 3, MD_ITEM_QM_STATUS},
        {"return", 3, MD_ITEM_QM_STATUS},
        {"hold", 4, MD_ITEM_QM_STATUS},
        {"delete", 3, MD_ITEM_QM_STATUS},
        {"clean", 2, MD_ITEM_QM_STATUS},
        {"version", 3, MD_ITEM_IMSIMTA_VERSION},
    };

    while (i < words->n && words->at[i].n > 0 && words->at[i].p[0] == '-')
        i++;
    if (i >= words->n)
        return MD_ITEM_OTHER;
    for (size_t k = 0; k < sizeof verbs / sizeof *verbs; k++)
        if (is_abbreviation(words->at[i], verbs[k].name, verbs[k].at_least))
            return verbs[k].kind;
    return MD_ITEM_OTHER;
}

static bool has_word(const struct words *words, size_t from, const char *word)
{
    for (size_t i = from; i < words->n; i++)
        if (md_str_is_nocase(words->at[i], word))
            return true;
    return false;
}

/* One of the letters stands in an option such as -lR. */
static bool has_flag(const struct words *words, size_t from, char flag)
{
    for (size_t i = from; i < words->n; i++)
        if (words->at[i].n > 1 && words->at[i].p[0] == '-' && words->at[i].p[1] != '-' &&
            md_str_find_char(words->at[i], flag) > 0)
            return true;
    return false;
}

static enum md_item_kind kind_of_imsimta(const struct words *words, size_t i)
{
    struct md_str verb = i < words->n ? words->at[i] : md_str("");

    if (is_abbreviation(verb, "version", 3))
        return MD_ITEM_IMSIMTA_VERSION;
    if (is_abbreviation(verb, "process", 4) && verb.n <= 7)
        return MD_ITEM_IMSIMTA_PROCESS;
    if (is_abbreviation(verb, "counters", 4))
        return MD_ITEM_COUNTERS;
    if (md_str_is_nocase(verb, "qm"))
        return kind_of_qm(words, i + 1);
    if (md_str_is_nocase(verb, "qtop"))
        return MD_ITEM_QM_TOP;
    if (md_str_is_nocase(verb, "qclean"))
        return MD_ITEM_QM_STATUS;
    if (md_str_is_nocase(verb, "test") && (has_word(words, i, "-rewrite") || has_word(words, i, "-rew")))
        return MD_ITEM_TEST_REWRITE;
    return MD_ITEM_OTHER;
}

static enum md_item_kind kind_of_csdb(const struct words *words, size_t i)
{
    static const struct {
        const char *verb;
        enum md_item_kind kind;
    } verbs[] = {{"check", MD_ITEM_CSDB_CHECK},
                 {"rebuild", MD_ITEM_CSDB_REBUILD},
                 {"list", MD_ITEM_CSDB_LIST},
                 {"version", MD_ITEM_CSDB_VERSION},
                 {"recover", MD_ITEM_CSDB_RECOVER}};

    for (size_t k = 0; k < sizeof verbs / sizeof *verbs; k++)
        if (has_word(words, i, verbs[k].verb))
            return verbs[k].kind;
    return MD_ITEM_OTHER;
}

/* Files of a database: "__db.001", "log.0000000041", "csdb/log.*". */
static bool removes_database(const struct words *words, size_t i)
{
    for (; i < words->n; i++) {
        struct md_str base = base_of(words->at[i]);
        bool is_region = md_str_skip_prefix(&base, MD_LIT("__db."));

        if (is_region || (md_str_skip_prefix(&base, MD_LIT("log.")) && base.n > 0 &&
                          (md_is_digit(*base.p) || strchr("*?[", *base.p) != NULL)))
            return true;
    }
    return false;
}

/* "db5.3_verify" and "db42_verify" of other packages are db_verify. */
static bool is_command(struct md_str name, const char *command)
{
    struct md_str rest = name;

    if (md_str_is(name, command))
        return true;
    if (!md_str_skip_prefix(&rest, MD_LIT("db")) || rest.n == 0 || !md_is_digit(*rest.p))
        return false;
    while (rest.n > 0 && (md_is_digit(*rest.p) || *rest.p == '.'))
        rest = md_str_from(rest, 1);
    return strncmp(command, "db_", 3) == 0 && md_str_is(rest, command + 2);
}

enum role {
    SIMPLE,
    IMSIMTA,
    QM,
    STORED,
    MBOXUTIL,
    DF,
    LS,
    FIND,
    SHOW,
    SEARCH,
    CD,
    MSCONFIG,
    PSRINFO,
    GETCONF,
    CALL,
    CSDB,
    ECHO,
    REMOVE,
    NOTHING
};

static const struct {
    const char *name;
    enum role role;
    enum md_item_kind kind;
} commands[] = {
#define MD_COMMAND(name, role, kind) {name, role, MD_ITEM_##kind},
#include "probes/bundle/command.def"
#undef MD_COMMAND
};

/* Last word that is no option, from `from` on; empty where there is none. */
static struct md_str last_operand(const struct words *words, size_t from)
{
    for (size_t i = words->n; i-- > from;)
        if (words->at[i].n > 0 && words->at[i].p[0] != '-' && words->at[i].p[0] != '>')
            return words->at[i];
    return md_str("");
}

static struct md_str first_operand(const struct words *words, size_t from)
{
    for (size_t i = from; i < words->n; i++)
        if (words->at[i].n > 0 && words->at[i].p[0] != '-')
            return words->at[i];
    return md_str("");
}

static void verdict_of_words(const struct words *all, size_t first, struct md_command_verdict *ret)
{
    const struct words *const words = all;
    struct md_str name = base_of(words->at[first]);
    size_t args = first + 1, k;

    if (md_str_is_empty(name))
        return;
    for (k = 0; k < sizeof commands / sizeof *commands; k++)
        if (commands[k].name[0] == *name.p && is_command(name, commands[k].name))
            break;
    if (k == sizeof commands / sizeof *commands)
        return;
    ret->is_known = true;
    ret->kind = commands[k].kind;
    switch (commands[k].role) {
    case SIMPLE: break;
    case REMOVE: ret->kind = removes_database(words, args) ? MD_ITEM_SHELL_HISTORY : MD_ITEM_OTHER; break;
    case ECHO:
    case NOTHING: break;
    case CSDB: ret->kind = kind_of_csdb(words, args); break;
    case IMSIMTA: ret->kind = kind_of_imsimta(words, args); break;
    case QM: ret->kind = kind_of_qm(words, args); break;
    case MSCONFIG:
        ret->kind = args >= words->n || has_word(words, args, "show") ? MD_ITEM_MSCONFIG : MD_ITEM_OTHER;
        break;
    case STORED:
        ret->kind = has_flag(words, args, 't') || has_flag(words, args, 'v') ? MD_ITEM_STORED_STATUS : MD_ITEM_OTHER;
        break;
    case PSRINFO: /* -p alone counts chips */
        ret->kind = has_flag(words, args, 'p') && !has_flag(words, args, 'v') ? MD_ITEM_OTHER : MD_ITEM_CPUS;
        break;
    case GETCONF: ret->kind = has_word(words, args, "_NPROCESSORS_ONLN") ? MD_ITEM_CPUS : MD_ITEM_OTHER; break;
    case CALL:
        ret->kind = has_word(words, args, "25") || has_word(words, args, "smtp") ? MD_ITEM_GREETING : MD_ITEM_OTHER;
        break;
    case MBOXUTIL: ret->kind = has_flag(words, args, 'l') ? MD_ITEM_MBOXUTIL : MD_ITEM_OTHER; break;
    case DF:
        if (has_flag(words, args, 'i') || (has_word(words, args, "-o") && has_word(words, args, "i")))
            ret->kind = MD_ITEM_DF_INODES;
        break;
    case LS: ret->folder = last_operand(words, args); break;
    case FIND: ret->folder = first_operand(words, args); break;
    case SHOW:
        ret->file = last_operand(words, args);
        if (!md_str_is_empty(ret->file)) {
            struct md_item_name by_name;

            md_item_name_read(ret->file, &by_name);
            ret->kind = by_name.is_old_copy ? MD_ITEM_OTHER : by_name.kind;
        }
        break;
    case SEARCH: break; /* what it found is told by its content */
    case CD:
        ret->is_cd = true;
        ret->folder = first_operand(words, args);
        break;
    }
}

/* Words that only run another command. */
static bool is_wrapper(struct md_str word)
{
    static const char *const wrappers[] = {"sudo",    "pfexec", "time",     "nice",   "env", "exec",
                                           "command", "nohup",  "LC_ALL=C", "LANG=C", "do",  "then"};

    for (size_t i = 0; i < sizeof wrappers / sizeof *wrappers; i++)
        if (md_str_is(word, wrappers[i]))
            return true;
    /* LD_LIBRARY_PATH=/opt/SUNWics5/cal/lib ./db_verify ... */
    return word.n > 1 && *word.p >= 'A' && *word.p <= 'Z' && md_str_find_char(word, '=') > 0;
}

/* Whether what a filter lets through of a process table is still all of the product. */
static bool filter_keeps_product(struct md_str filter)
{
    static const char *const words[] = {"msg",  "mess", "mail", "sun", "inet", "opt", "imta", "lib/", "sort",
                                        "head", "more", "less", "cat", "ics",  "cal", "enpd", "cs"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (md_str_find_nocase(filter, md_str(words[i])) >= 0)
            return true;
    return false;
}

static bool is_echo(const struct words *words, size_t first)
{
    return first < words->n && md_str_is(words->at[first], "echo");
}

void md_recognise_command(struct md_str line, struct md_command_verdict *ret)
{
    struct md_str rest = md_str_trim(line);

    *ret = (struct md_command_verdict){.kind = MD_ITEM_OTHER};
    if (rest.n > LINE_MAX_COMMAND)
        rest.n = LINE_MAX_COMMAND;
    /* The commands of a list, up to the first pipe of each; the last one that we know made the output. */
    while (rest.n > 0) {
        struct md_command_verdict one = {.kind = MD_ITEM_OTHER};
        struct words words;
        size_t end = 0, first = 0;
        bool is_pipe;
        char quote = 0;

        while (end < rest.n && (quote != 0 || (rest.p[end] != ';' && rest.p[end] != '|' && rest.p[end] != '&'))) {
            if (quote != 0)
                quote = rest.p[end] == quote ? 0 : quote;
            else if (rest.p[end] == '\'' || rest.p[end] == '"')
                quote = rest.p[end];
            end++;
        }
        split_words(md_str_sub(rest, 0, end), &words);
        while (first < words.n && is_wrapper(words.at[first]))
            first++;
        if (first < words.n)
            verdict_of_words(&words, first, &one);
        is_pipe = end < rest.n && rest.p[end] == '|' && (end + 1 >= rest.n || rest.p[end + 1] != '|');
        /* What follows only prints more: csdb check ...; echo rc=$? */
        if (one.is_known && !(is_echo(&words, first) && ret->kind != MD_ITEM_OTHER)) {
            struct md_str folder = ret->folder;

            *ret = one;
            if (md_str_is_empty(ret->folder) && one.kind == MD_ITEM_LISTING)
                ret->folder = folder; /* cd FOLDER; ls -lR */
        }
        rest = md_str_trim(md_str_from(rest, end));
        if (is_pipe && one.kind == MD_ITEM_PS && !filter_keeps_product(rest))
            ret->kind = MD_ITEM_OTHER;
        if (is_pipe) { /* filters keep the kind: look for the next command of the list */
            ptrdiff_t semi = md_str_find_char(rest, ';');

            rest = semi < 0 ? md_str("") : md_str_from(rest, (size_t)semi);
        }
        while (rest.n > 0 && (*rest.p == ';' || *rest.p == '&' || *rest.p == '|' || *rest.p == ' '))
            rest = md_str_from(rest, 1);
    }
}

/* ---- prompts ---- */

static bool is_prompt_char(char c)
{
    return md_is_alnum(c) || strchr("._@:~/{}()<>[]+-=,!", c) != NULL;
}

/* What stands before the sign of a prompt: at most three words of such characters. */
static bool is_prompt_text(struct md_str text)
{
    int blanks = 0;

    if (text.n > PROMPT_MAX)
        return false;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == ' ')
            blanks++;
        else if (text.p[i] == '\0' || !is_prompt_char(text.p[i]))
            return false;
    }
    return blanks <= 2;
}

/* "aux", "auxww", "-ef": letters without a dash are options of ps. */
static bool is_bsd_options(struct md_str word)
{
    for (size_t i = 0; i < word.n; i++)
        if (word.p[i] == '\0' || strchr("aeflmnrSuvwx", word.p[i]) == NULL)
            return false;
    return word.n > 0 && (md_str_find_char(word, 'a') >= 0 || md_str_find_char(word, 'x') >= 0) && word.n <= 8;
}

/* Whether a line without decoration can be a command at all: it begins with the name of one, or is a list of them. */
static bool may_be_command(struct md_str text)
{
    struct md_str rest = text, name;
    bool is_list = false;

    for (size_t i = 0; i < text.n && !is_list; i++)
        is_list = text.p[i] == ';' || text.p[i] == '|' || text.p[i] == '&';
    name = base_of(md_str_next_word(&rest));
    if (is_list || name.n == 0 || *name.p == '\'' || *name.p == '"' || is_wrapper(name))
        return true;
    for (size_t k = 0; k < sizeof commands / sizeof *commands; k++)
        if (commands[k].name[0] == *name.p && md_str_is(name, commands[k].name))
            return true;
    return false;
}

/* "pstack 4711", "db_verify ics50events.db", "ls ics50*", "grep dwp /etc/opt/SUNWics5/config/ics.conf": what it is done to is no word of a sentence. */
static bool has_plain_operand(const struct words *words)
{
    struct md_str last = words->at[words->n - 1];
    ptrdiff_t dot = md_str_find_char(last, '.');

    if (words->n == 2)
        return (dot > 0 && (size_t)dot + 1 < last.n) || md_str_find_char(last, '/') >= 0 ||
               md_str_find_char(last, '*') >= 0 || md_is_digit(*last.p);
    return words->n <= 4 && last.n > 1 && last.p[0] == '/';
}

/* Something behind a bare "# " or "$ " is a command only if it could be nothing else. */
static bool is_plain_command(struct md_str command)
{
    struct md_command_verdict verdict;
    struct words words;

    md_recognise_command(command, &verdict);
    if (!verdict.is_known)
        return false;
    split_words(command, &words);
    if (words.n <= 1)
        return true;
    /* A loop over files; files of a database are nothing that one would write about. */
    if (verdict.kind == MD_ITEM_SHELL_HISTORY ||
        (verdict.kind != MD_ITEM_OTHER && (md_str_is(words.at[0], "for") || md_str_is(words.at[0], "do"))))
        return true;
    return words.at[1].n > 0 &&
           (words.at[0].p[0] == '/' || md_str_has_prefix(words.at[0], MD_LIT("./")) ||
            (verdict.kind == MD_ITEM_PS && is_bsd_options(words.at[1])) ||
            strchr("-/+.~'\"|<>", words.at[1].p[0]) != NULL || verdict.kind == MD_ITEM_DIG || verdict.file.n > 0 ||
            has_plain_operand(&words) ||
            (verdict.kind != MD_ITEM_OTHER && (md_str_has_prefix(base_of(words.at[0]), MD_LIT("im")) ||
                                               md_str_has_prefix(base_of(words.at[0]), MD_LIT("cs")))));
}

static struct md_str program_of_prompt(struct md_str text)
{
    if (md_str_is_nocase(text, "qm.maint") || md_str_is_nocase(text, "qm maint"))
        return md_str("imsimta qm");
    return md_str(md_str_is(text, "msconfig") ? "msconfig" : "");
}

/* caldb.berkeleydb.homedir.path="/var/opt/SUNWics5/csdb": a setting, whatever program its value is called like. */
static bool is_assignment(struct md_str text)
{
    return md_is_alpha(*text.p) && md_str_find_char(text, '=') > 0 && md_str_find_char(text, ' ') < 0;
}

/* "==== df -k ====", "*** imsimta process ***", "Output of `df -k`:", "+ df -k" */
static bool heading(struct md_str line, struct md_str *ret_command)
{
    static const char *const leads[] = {"output of ", "command: ", "command ", "cmd: ", "running ", "executing "};
    struct md_str text = md_str_trim(line);
    size_t before = text.n;

    while (text.n > 0 && strchr("=-*#+:[]_`~\"' ", *text.p) != NULL)
        text = md_str_from(text, 1);
    while (text.n > 0 && strchr("=-*#+:[]_`~\"' ", text.p[text.n - 1]) != NULL)
        text.n--;
    for (size_t i = 0; i < sizeof leads / sizeof *leads; i++)
        if (md_str_has_prefix_nocase(text, md_str(leads[i])))
            text = md_str_trim(md_str_from(text, strlen(leads[i])));
    while (text.n > 0 && strchr("`\"'", *text.p) != NULL)
        text = md_str_from(text, 1);
    if (text.n == 0 || text.n > 120 || is_assignment(text) || !may_be_command(text) || !is_plain_command(text))
        return false;
    /* Undecorated, it must be a command with its options and nothing that a sentence could be. */
    if (text.n == before) {
        struct words words;

        split_words(text, &words);
        if (words.n == 1 ? !(md_str_is(text, "uptime") || md_str_is(text, "configutil") || md_str_is(text, "date"))
                         : words.at[1].p[0] != '-' && !md_str_has_prefix(text, MD_LIT("imsimta ")) &&
                               !(md_str_has_prefix(text, MD_LIT("ps ")) && is_bsd_options(words.at[1])))
            return false;
    }
    *ret_command = text;
    return true;
}

bool md_recognise_prompt(struct md_str line, struct md_str seen, struct md_prompt *ret)
{
    struct md_command_verdict verdict;
    bool is_windows;

    *ret = (struct md_prompt){.command = {"", 0}};
    line = md_str_trim_right(line);
    if (line.n == 0 || line.n > LINE_MAX_COMMAND)
        return false;
    is_windows = line.n > 3 && md_is_alpha(line.p[0]) && line.p[1] == ':' && line.p[2] == '\\';
    for (size_t i = 0; i < line.n && i <= PROMPT_MAX; i++) {
        const char c = line.p[i];
        struct md_str text;

        if (c != '#' && c != '$' && c != '%' && c != '>') {
            if (c != ' ' && c != '\t' && !is_windows && !is_prompt_char(c))
                break; /* of most lines the first characters say that there is none */
            continue;
        }
        text = md_str_trim(md_str_sub(line, 0, i));
        ret->text = md_str_sub(line, 0, i + 1);
        ret->command = md_str_trim(md_str_from(line, i + 1));
        ret->program = program_of_prompt(text);
        if (!md_str_is_empty(ret->program))
            return true;
        if ((!is_windows || c != '>' || i < 3) &&
            (!is_prompt_text(text) || (i + 1 < line.n && line.p[i + 1] != ' ' && line.p[i + 1] != '\t')))
            continue;
        if (md_str_is_empty(text)) {
            /* "> do ./db_verify ..." is the second line of a loop, all else behind such a sign a quotation */
            if ((line.p[i] == '>' && !md_str_has_prefix(ret->command, MD_LIT("do "))) ||
                !is_plain_command(ret->command))
                continue;
        } else if (!md_str_eq(ret->text, seen)) {
            md_recognise_command(ret->command, &verdict);
            if (!verdict.is_known)
                continue;
        }
        return true;
    }
    *ret = (struct md_prompt){.command = {"", 0}};
    return heading(line, &ret->command);
}

enum md_item_kind md_recognise_words_of_name(struct md_str name)
{
    struct md_command_verdict verdict;
    char words[128];
    ptrdiff_t dot = md_str_rfind_char(name, '.');

    if (dot > 0)
        name.n = (size_t)dot;
    /* "df-i" is df with an option, "qm-jobs" is two words. */
    for (int with_options = 1; with_options >= 0; with_options--) {
        size_t n = 0;

        for (size_t i = 0; i < name.n && n + 2 < sizeof words; i++) {
            /* The tools of the database library have it in their names. */
            bool is_word = md_is_alnum(name.p[i]) || (i == 2 && md_str_has_prefix(name, MD_LIT("db_")));

            if (is_word && with_options == 1 && n > 0 && words[n - 1] == ' ')
                words[n++] = '-';
            words[n++] = is_word ? name.p[i] : ' ';
        }
        md_recognise_command(md_str_n(words, n), &verdict);
        if (verdict.kind != MD_ITEM_OTHER)
            break;
    }
    return verdict.kind;
}
