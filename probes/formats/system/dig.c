#include "probes/formats/system/dig.h"

#include <string.h>

#include "engine/base/num.h"
#include "engine/base/status.h"

struct reader {
    struct md_arena *arena;
    struct md_dig_answer *list;
    size_t n, cap;
    size_t first_of_output; /* answers of the present output begin here */
    struct md_str status;   /* of dig's header, for the question that follows */
    struct md_str resolver;
    struct md_str nslookup_name;
    bool in_answer, in_server, in_server_of_host;
    uint32_t line;
};

static struct md_str without_dot(struct md_str name)
{
    if (name.n > 1 && name.p[name.n - 1] == '.')
        name.n--;
    return name;
}

static struct md_str until_separator(struct md_str word, char separator)
{
    ptrdiff_t at = md_str_find_char(word, separator);

    return at >= 0 ? md_str_sub(word, 0, (size_t)at) : word;
}

static bool is_type(struct md_str word)
{
    static const char *const types[] = {"MX", "A", "AAAA", "CNAME", "NS", "SOA", "PTR"};

    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (md_str_is(word, types[i]))
            return true;
    }
    return false;
}

/* The answer for a name and type in the present output; made where there is none. NULL: too many. */
static struct md_dig_answer *answer_for(struct reader *r, struct md_str name, struct md_str type)
{
    struct md_dig_answer *answer;

    name = without_dot(name);
    for (size_t i = r->first_of_output; i < r->n; i++) {
        if (md_str_eq_nocase(r->list[i].name, name) && md_str_eq(r->list[i].type, type))
            return &r->list[i];
    }
    if (r->n == MD_DIG_ANSWERS_MAX)
        return NULL;
    answer = md_arena_push(r->arena, &r->list, &r->n, &r->cap, sizeof *answer);
    answer->name = name;
    answer->type = type;
    answer->status = MD_LIT("NOERROR");
    answer->resolver = r->resolver;
    answer->line = r->line;
    return answer;
}

static void add_record(struct reader *r, struct md_dig_answer *answer, uint64_t preference, struct md_str data)
{
    if (answer == NULL || answer->n == MD_DIG_RECORDS_MAX)
        return;
    if (answer->records == NULL)
        answer->records = md_arena_array(r->arena, MD_DIG_RECORDS_MAX, sizeof *answer->records);
    answer->records[answer->n++] = (struct md_dig_record){(uint32_t)preference, without_dot(data)};
}

static void begin_output(struct reader *r)
{
    r->first_of_output = r->n;
    r->status.n = 0;
    r->resolver.n = 0;
    r->nslookup_name.n = 0;
    r->in_answer = r->in_server = r->in_server_of_host = false;
}

static void set_resolver(struct reader *r, struct md_str address)
{
    address = until_separator(address, '#');
    r->resolver = address;
    for (size_t i = r->first_of_output; i < r->n; i++)
        r->list[i].resolver = address;
}

/* "example.net.  3600  IN  MX  10 mx.example.net." */
static bool read_record(struct reader *r, struct md_str line)
{
    struct md_str name = md_str_next_word(&line);
    struct md_str type;
    uint64_t ttl, preference = 0;

    if (md_num_all_u64(md_str_next_word(&line), UINT32_MAX, &ttl) != MD_OK || !md_str_is(md_str_next_word(&line), "IN"))
        return false;
    type = md_str_next_word(&line);
    if (!is_type(type))
        return false;
    if (md_str_is(type, "MX") && md_num_all_u64(md_str_next_word(&line), 65535, &preference) != MD_OK)
        return false;
    add_record(r, answer_for(r, name, type), preference, md_str_next_word(&line));
    return true;
}

/* A line of dig that begins with a semicolon. */
static void read_comment(struct reader *r, struct md_str line)
{
    ptrdiff_t at;
    struct md_str rest, word;
    uint64_t ms;

    if (md_str_find(line, MD_LIT("->>HEADER<<-")) >= 0 && (at = md_str_find(line, MD_LIT("status: "))) >= 0) {
        struct md_str resolver = r->resolver;

        begin_output(r);
        r->resolver = resolver;
        rest = md_str_from(line, (size_t)at + 8);
        r->status = until_separator(md_str_next_word(&rest), ',');
    } else if (md_str_find(line, MD_LIT("connection timed out")) >= 0 ||
               md_str_find(line, MD_LIT("no servers could be reached")) >= 0) {
        /* The name that was asked stands in the banner "; <<>> DiG 9.3 <<>> example.net mx". */
        for (size_t i = r->first_of_output; i < r->n; i++)
            r->list[i].status = MD_LIT("TIMEOUT");
    } else if (md_str_has_prefix(line, MD_LIT("; <<>> DiG"))) {
        struct md_str name = {NULL, 0}, type = MD_LIT("A");
        static const char *const lower[] = {"mx", "a", "aaaa", "cname", "ns", "soa", "ptr"};
        static const struct md_str upper[] = {{"MX", 2}, {"A", 1},   {"AAAA", 4}, {"CNAME", 5},
                                              {"NS", 2}, {"SOA", 3}, {"PTR", 3}};
        struct md_dig_answer *answer;

        begin_output(r);
        at = md_str_find(md_str_from(line, 6), MD_LIT("<<>>"));
        rest = at >= 0 ? md_str_from(line, (size_t)at + 10) : md_str_sub(line, 0, 0);
        while ((word = md_str_next_word(&rest)).n > 0) {
            bool is_known = false;

            for (size_t i = 0; i < sizeof lower / sizeof *lower && !is_known; i++) {
                if (md_str_is_nocase(word, lower[i])) {
                    type = upper[i];
                    is_known = true;
                }
            }
            if (word.p[0] == '@')
                r->resolver = md_str_from(word, 1);
            else if (!is_known && word.p[0] != '+' && word.p[0] != '-' && md_str_find_char(word, '.') >= 0)
                name = word;
        }
        if (name.n == 0)
            return;
        answer = answer_for(r, name, type);
        if (answer != NULL)
            answer->status = MD_LIT("TIMEOUT");
    } else if (md_str_has_prefix(line, MD_LIT(";; SERVER:"))) {
        rest = md_str_from(line, 10);
        set_resolver(r, md_str_next_word(&rest));
    } else if (md_str_has_prefix(line, MD_LIT(";; Query time:"))) {
        rest = md_str_from(line, 14);
        if (md_num_all_u64(md_str_next_word(&rest), UINT32_MAX, &ms) != MD_OK)
            return;
        for (size_t i = r->first_of_output; i < r->n; i++) {
            r->list[i].has_ms = true;
            r->list[i].ms = (uint32_t)ms;
        }
    } else if (line.n > 1 && line.p[1] != ';' && line.p[1] != ' ' && r->status.n > 0) {
        /* The question: ";example.net.   IN   MX" */
        struct md_dig_answer *answer;

        rest = md_str_from(line, 1);
        word = md_str_next_word(&rest);
        if (!md_str_is(md_str_next_word(&rest), "IN"))
            return;
        rest = md_str_next_word(&rest);
        if (!is_type(rest))
            return;
        /* The banner has made an answer for the case that nobody replies; this is the reply. */
        if (r->first_of_output > 0) {
            struct md_dig_answer *last = &r->list[r->first_of_output - 1];

            if (md_str_is(last->status, "TIMEOUT") && last->n == 0 && md_str_eq_nocase(last->name, without_dot(word)) &&
                md_str_eq(last->type, rest))
                r->first_of_output--;
        }
        answer = answer_for(r, word, rest);
        if (answer != NULL)
            answer->status = r->status;
    } else {
        r->in_answer = md_str_has_prefix(line, MD_LIT(";; ANSWER SECTION"));
    }
}

/* "(3(NXDOMAIN))" or "NXDOMAIN" or the words of old tools. */
static struct md_str status_in(struct md_str line)
{
    static const struct {
        const char *words;
        struct md_str status;
    } texts[] = {
        {"nxdomain", {"NXDOMAIN", 8}},      {"servfail", {"SERVFAIL", 8}},
        {"refused", {"REFUSED", 7}},        {"non-existent", {"NXDOMAIN", 8}},
        {"server failed", {"SERVFAIL", 8}}, {"timed out", {"TIMEOUT", 7}},
        {"no response", {"TIMEOUT", 7}},    {"no answer", {"NOERROR", 7}},
        {"not found", {"NXDOMAIN", 8}},     {"no servers could be reached", {"TIMEOUT", 7}},
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (md_str_find_nocase(line, md_str(texts[i].words)) >= 0)
            return texts[i].status;
    }
    return md_str(NULL);
}

static void set_status(struct reader *r, struct md_str name, struct md_str type, struct md_str status)
{
    struct md_dig_answer *answer = name.n > 0 && status.n > 0 ? answer_for(r, name, type) : NULL;

    if (answer != NULL)
        answer->status = status;
}

/* Lines of `host`: "X mail is handled by 10 Y.", "X has address Y", "Host X not found: 3(NXDOMAIN)". */
static bool read_host(struct reader *r, struct md_str line)
{
    struct md_str rest = line;
    struct md_str name = md_str_next_word(&rest);
    uint64_t preference;

    rest = md_str_trim(rest);
    if (md_str_is(name, "Host") && md_str_find(rest, MD_LIT("not found")) > 0) {
        name = md_str_next_word(&rest);
        set_status(r, name, MD_LIT("MX"), status_in(rest));
        set_status(r, name, MD_LIT("A"), status_in(rest));
        return true;
    }
    if (md_str_skip_prefix(&rest, MD_LIT("mail is handled by")) ||
        md_str_skip_prefix(&rest, MD_LIT("mail is handled (pri="))) {
        struct md_str word = md_str_next_word(&rest);

        while (word.n > 0 && !md_is_digit(word.p[word.n - 1]))
            word.n--;
        if (md_num_all_u64(word, 65535, &preference) != MD_OK)
            return false;
        word = md_str_next_word(&rest);
        if (md_str_is(word, "by"))
            word = md_str_next_word(&rest);
        add_record(r, answer_for(r, name, MD_LIT("MX")), preference, word);
        return true;
    }
    if (md_str_skip_prefix(&rest, MD_LIT("has address"))) {
        add_record(r, answer_for(r, name, MD_LIT("A")), 0, md_str_next_word(&rest));
        return true;
    }
    if (md_str_skip_prefix(&rest, MD_LIT("has IPv6 address"))) {
        add_record(r, answer_for(r, name, MD_LIT("AAAA")), 0, md_str_next_word(&rest));
        return true;
    }
    if (md_str_skip_prefix(&rest, MD_LIT("is an alias for"))) {
        add_record(r, answer_for(r, name, MD_LIT("CNAME")), 0, md_str_next_word(&rest));
        return true;
    }
    if (md_str_has_prefix(rest, MD_LIT("has no MX record"))) {
        (void)answer_for(r, name, MD_LIT("MX"));
        return true;
    }
    if (md_str_has_prefix(rest, MD_LIT("has no A record"))) {
        (void)answer_for(r, name, MD_LIT("A"));
        return true;
    }
    return false;
}

/* "X mail exchanger = 10 Y", "X preference = 10, mail exchanger = Y", "** server can't find X: NXDOMAIN", "Name:" and
 * "Address:". */
static void read_nslookup(struct reader *r, struct md_str line)
{
    struct md_str rest = line;
    struct md_str word = md_str_next_word(&rest);
    ptrdiff_t at;
    uint64_t preference = 0;

    if (md_str_is(word, "Server:") || md_str_has_prefix(line, MD_LIT("Using domain server:"))) {
        begin_output(r);
        r->in_server = true;
        r->in_server_of_host = md_str_is(word, "Using");
    } else if (md_str_is(word, "Name:") && r->in_server_of_host) {
        r->in_server_of_host = false; /* of whom host asks */
    } else if (md_str_is(word, "Name:")) {
        r->nslookup_name = md_str_next_word(&rest);
        r->in_server = false;
    } else if (md_str_is(word, "Address:") || md_str_is(word, "Addresses:")) {
        word = md_str_next_word(&rest);
        if (r->in_server || r->nslookup_name.n == 0) {
            set_resolver(r, word);
            r->in_server = false;
            return;
        }
        for (; word.n > 0; word = md_str_next_word(&rest)) {
            if (word.p[word.n - 1] == ',')
                word.n--;
            add_record(r,
                       answer_for(r, r->nslookup_name, md_str_find_char(word, ':') >= 0 ? MD_LIT("AAAA") : MD_LIT("A")),
                       0, word);
        }
    } else if ((at = md_str_find(line, MD_LIT("mail exchanger = "))) >= 0) {
        struct md_str tail = md_str_from(line, (size_t)at + 17);
        struct md_str target = md_str_next_word(&tail);

        if (md_num_all_u64(target, 65535, &preference) == MD_OK) {
            target = md_str_next_word(&tail);
        } else if ((at = md_str_find(line, MD_LIT("preference = "))) >= 0) {
            tail = md_str_from(line, (size_t)at + 13);
            if (md_num_u64(&tail, 65535, &preference) != MD_OK)
                preference = 0;
        }
        add_record(r, answer_for(r, word, MD_LIT("MX")), preference, target);
    } else if ((at = md_str_find(line, MD_LIT("can't find "))) >= 0) {
        rest = md_str_from(line, (size_t)at + 11);
        word = until_separator(md_str_next_word(&rest), ':');
        set_status(r, word, MD_LIT("MX"), status_in(rest));
        set_status(r, word, MD_LIT("A"), status_in(rest));
    }
}

/* ---- what only the command says ---- */

struct question {
    bool is_getent;
    struct md_str name, type, resolver;
};

static struct md_str upper_type(struct md_str word)
{
    static const struct md_str types[] = {MD_LIT_INIT("MX"),    MD_LIT_INIT("A"),  MD_LIT_INIT("AAAA"),
                                          MD_LIT_INIT("CNAME"), MD_LIT_INIT("NS"), MD_LIT_INIT("SOA"),
                                          MD_LIT_INIT("PTR")};

    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (md_str_eq_nocase(types[i], word))
            return types[i];
    return md_str("");
}

/* "nslookup -type=MX NAME RESOLVER", "host -t MX NAME RESOLVER", "getent hosts NAME". False: another command, or none. */
static bool read_question(const char *command, struct question *ret)
{
    struct md_str rest = md_str(command), word = md_str_next_word(&rest);
    ptrdiff_t slash = md_str_rfind_char(word, '/');
    bool is_host;

    *ret = (struct question){.type = MD_LIT("A"), .name = MD_LIT(""), .resolver = MD_LIT("")};
    word = md_str_from(word, (size_t)(slash + 1));
    is_host = md_str_is(word, "host");
    ret->is_getent = md_str_is(word, "getent");
    if (!is_host && !md_str_is(word, "nslookup") && !ret->is_getent)
        return false;
    if (ret->is_getent && !md_str_is(md_str_next_word(&rest), "hosts"))
        return false;
    while ((word = md_str_next_word(&rest)).n > 0) {
        if (word.p[0] != '-') {
            if (ret->name.n == 0)
                ret->name = without_dot(word);
            else if (ret->resolver.n == 0)
                ret->resolver = word;
        } else if (is_host && word.n == 2 && strchr("cmNpRtW", word.p[1]) != NULL) {
            struct md_str value = md_str_next_word(&rest);

            if (word.p[1] == 't')
                ret->type = upper_type(value);
        } else if (md_str_skip_prefix(&word, MD_LIT("-type=")) || md_str_skip_prefix(&word, MD_LIT("-querytype=")) ||
                   md_str_skip_prefix(&word, MD_LIT("-query=")) || md_str_skip_prefix(&word, MD_LIT("-q="))) {
            ret->type = upper_type(word);
        }
    }
    return ret->name.n > 0 && ret->type.n > 0;
}

/* "198.51.100.7  www.example.net": addresses only, from whom the system asks; where there is none, it does not say why. */
static void read_getent(struct reader *r, const struct question *question, struct md_str text)
{
    struct md_str line;

    while (md_str_next_line(&text, &line)) {
        struct md_str word = md_str_next_word(&line);
        bool is_v6 = md_str_find_char(word, ':') >= 0;

        if (word.n > 0 && (is_v6 || (md_is_digit(word.p[0]) && md_is_digit(word.p[word.n - 1]))))
            add_record(r, answer_for(r, question->name, is_v6 ? MD_LIT("AAAA") : MD_LIT("A")), 0, word);
    }
}

/* Of nslookup and host, which do not print what was asked where nobody answers, or where there is no such record. */
static void complete(struct reader *r, const struct question *question, struct md_str text)
{
    struct md_str status = status_in(text);
    bool is_there = false;

    for (size_t i = 0; i < r->n; i++) {
        if (r->list[i].resolver.n == 0)
            r->list[i].resolver = question->resolver;
        is_there = is_there ||
                   (md_str_eq_nocase(r->list[i].name, question->name) && md_str_eq(r->list[i].type, question->type));
    }
    if (is_there)
        return;
    if (status.n == 0 &&
        (md_str_find(text, MD_LIT("Server:")) >= 0 || md_str_find(text, MD_LIT("Using domain server")) >= 0))
        status = MD_LIT("NOERROR");
    r->first_of_output = 0;
    r->resolver = question->resolver;
    set_status(r, question->name, question->type, status);
}

size_t md_dig_parse(struct md_arena *arena, const char *command, struct md_str text, const struct md_dig_answer **ret)
{
    struct reader r = {.arena = arena};
    struct md_str whole = text, line;
    struct question question;

    while (md_str_next_line(&text, &line)) {
        r.line++;
        line = md_str_trim(line);
        if (line.n == 0) {
            r.in_answer = false;
            continue;
        }
        if (line.p[0] == ';') {
            read_comment(&r, line);
        } else if (read_record(&r, line)) {
            continue;
        } else if (!read_host(&r, line)) {
            read_nslookup(&r, line);
        }
    }
    if (command != NULL && read_question(command, &question)) {
        if (question.is_getent)
            read_getent(&r, &question, whole);
        else
            complete(&r, &question, whole);
    }
    *ret = r.list;
    return r.n;
}

void md_resolv_parse(struct md_str text, struct md_resolv *ret)
{
    struct md_resolv out = {.n_search = 0};
    struct md_str line;
    uint32_t number = 0;

    while (md_str_next_line(&text, &line)) {
        struct md_str word = md_str_next_word(&line);
        bool is_domain = md_str_is(word, "domain");

        number++;
        if (!is_domain && !md_str_is(word, "search"))
            continue;
        out.n_search = 0;
        out.search_line = number;
        while (out.n_search < (is_domain ? 1 : MD_RESOLV_SEARCH_MAX) && (word = md_str_next_word(&line)).n > 0) {
            if (word.p[0] == '#' || word.p[0] == ';')
                break;
            word = md_str_trim(without_dot(word));
            if (word.n > 0)
                out.search[out.n_search++] = word;
        }
    }
    *ret = out;
}
