#include "probes/bundle/recognise.h"

#include "engine/base/arena.h"
#include "probes/bundle/pack.h"
#include "probes/formats/system/listing.h"
#include "probes/source/stream.h"

#define SPLIT_MAX ((uint64_t)256 << 20)   /* larger files hold one thing */
#define SPLIT_LOG_MAX ((uint64_t)4 << 20) /* a log that is larger was not pasted */

bool md_recognise_is_log(enum md_item_kind kind)
{
    switch ((int)kind) {
    case MD_ITEM_MAIL_LOG:
    case MD_ITEM_CONNECTION_LOG:
    case MD_ITEM_NSLOG:
    case MD_ITEM_CALENDAR_LOG:
    case MD_ITEM_WATCHER_LOG:
    case MD_ITEM_JOB_CONTROLLER_LOG:
    case MD_ITEM_DISPATCHER_LOG:
    case MD_ITEM_MTA_DEBUG_LOG:
    case MD_ITEM_SYSTEM_LOG: return true;
    default: return false;
    }
}

/* Kinds that one file holds whole, never beside other outputs. */
static bool is_whole_file(enum md_item_kind kind)
{
    switch ((int)kind) {
    case MD_ITEM_QUEUE_FILE:
    case MD_ITEM_CONFIG_XML:
    case MD_ITEM_CSDB_FILE:
    case MD_ITEM_CSDB_LOG:
    case MD_ITEM_CSDB_REGION:
    case MD_ITEM_MANIFEST:
    case MD_ITEM_DNS_ANSWERS:
    case MD_ITEM_FACTS:
    case MD_ITEM_PID_FILE: return true;
    default: return false;
    }
}

static bool is_binary_kind(enum md_item_kind kind)
{
    return kind == MD_ITEM_CONFIG_IMAGE || kind == MD_ITEM_CSDB_FILE || kind == MD_ITEM_CSDB_LOG ||
           kind == MD_ITEM_CSDB_REGION;
}

/* What a sure name cannot hide. */
static bool overrules_name(enum md_item_kind content)
{
    return md_recognise_is_log(content) || content == MD_ITEM_QUEUE_FILE || content == MD_ITEM_LISTING ||
           content == MD_ITEM_PS || content == MD_ITEM_DF || content == MD_ITEM_MANIFEST ||
           content == MD_ITEM_DNS_ANSWERS;
}

static enum md_item_kind weigh(const struct md_item_name *name, enum md_item_kind content, bool is_empty)
{
    if (content == MD_ITEM_OTHER) {
        /* "default", "pop", "http" and hints from words are too weak to stand alone, but for an empty log. */
        if ((name->kind == MD_ITEM_NSLOG || name->kind == MD_ITEM_CALENDAR_LOG) && !is_empty)
            return MD_ITEM_OTHER;
        return name->kind;
    }
    if (name->kind == MD_ITEM_OTHER || name->kind == content)
        return content;
    if (content == MD_ITEM_MAIL_LOG || content == MD_ITEM_CONNECTION_LOG)
        return name->kind == MD_ITEM_MAIL_LOG || name->kind == MD_ITEM_CONNECTION_LOG ? name->kind : content;
    /* All programs can be told to log in the form of the server logs. */
    if (content == MD_ITEM_CALENDAR_LOG || (content == MD_ITEM_NSLOG && name->kind == MD_ITEM_CALENDAR_LOG))
        return MD_ITEM_CALENDAR_LOG;
    if (content == MD_ITEM_NSLOG || content == MD_ITEM_MTA_DEBUG_LOG)
        return name->kind != MD_ITEM_MAIL_LOG && md_recognise_is_log(name->kind) ? name->kind : content;
    if (md_recognise_is_log(name->kind) && !md_recognise_is_log(content) && content != MD_ITEM_LISTING &&
        content != MD_ITEM_QUEUE_FILE)
        return name->kind; /* one line of a log may look like anything */
    /* df -i of some systems prints blocks and inodes under one heading; the name says which was meant. */
    if (name->kind == MD_ITEM_DF_INODES && content == MD_ITEM_DF)
        return name->kind;
    return content;
}

/* Programs, libraries and core files hold words of everything. */
static bool is_machine_code(struct md_str head)
{
    return md_str_has_prefix(head, MD_LIT("\177ELF")) || md_str_has_prefix(head, MD_LIT("\xcf\xfa\xed\xfe")) ||
           (md_str_has_prefix(head, MD_LIT("MZ")) && md_str_find_char(head, '\0') >= 0);
}

static void decide(struct md_str path, struct md_str head, uint64_t size, struct md_file_verdict *ret)
{
    struct md_item_name name;
    enum md_item_kind content;
    struct md_prompt prompt;
    struct md_str rest = head, line = {"", 0};
    bool is_binary = md_str_find_char(head, '\0') >= 0, has_prompt;

    md_item_name_read(path, &name);
    if (name.kind == MD_ITEM_OTHER)
        name.kind = md_recognise_words_of_name(md_item_name_unpacked(md_item_name_base(path)));
    if (name.is_old_copy) {
        ret->note = "a saved copy, not what the server reads";
        return;
    }
    if (md_pack_is_archive_head(head)) {
        ret->note = "an archive that is not opened: inside another one, or damaged at its beginning; give it by itself";
        return;
    }
    content = md_recognise_content(head, &ret->root);
    if (name.is_sure) {
        ret->kind = overrules_name(content) ? content : name.kind;
        if (is_binary && ret->kind == name.kind && !is_binary_kind(name.kind)) {
            ret->kind = MD_ITEM_OTHER;
            ret->note = "binary data under the name of a text file";
        }
        if (ret->kind == name.kind || content != MD_ITEM_LISTING)
            return;
    } else {
        ret->kind = weigh(&name, content, md_str_is_empty(md_str_trim(head)));
    }
    if (is_whole_file(ret->kind) || size > SPLIT_MAX || md_str_is_empty(head))
        return;
    /* Made by a program, not pasted. */
    if (ret->kind == MD_ITEM_LISTING && md_listing_recognise(head, NULL) == MD_LISTING_TSV)
        return;
    while (md_str_is_empty(md_str_trim(line)) && md_str_next_line(&rest, &line))
        ;
    has_prompt = md_recognise_prompt(line, md_str(""), &prompt);
    if (md_recognise_is_log(ret->kind))
        ret->is_capture = has_prompt || (!md_recognise_is_log(name.kind) && size <= SPLIT_LOG_MAX && !is_binary);
    else
        ret->is_capture = !is_binary || has_prompt;
}

void md_recognise_file(struct md_str path, struct md_str head, uint64_t size, struct md_file_verdict *ret)
{
    struct md_item_name name;
    struct md_str line, rest = head;
    char *cleaned;
    size_t n = 0;

    *ret = (struct md_file_verdict){.kind = MD_ITEM_OTHER, .root = {"", 0}};
    if (is_machine_code(head)) {
        ret->note = "a program, not what one printed";
        return;
    }
    md_item_name_read(path, &name);
    /* The zeros of an archive are not left by a terminal. */
    ret->clean = name.is_sure || md_recognise_is_log(name.kind) || md_pack_is_archive_head(head)
                     ? 0U
                     : md_recognise_cleaning(head);
    if (ret->clean == 0) {
        decide(path, head, size, ret);
        return;
    }
    /* Look at the text as it will be read. */
    cleaned = md_xcalloc(head.n + 1, 1);
    while (md_str_next_line(&rest, &line)) {
        memcpy(cleaned + n, line.p, line.n);
        n += md_clean_line(cleaned + n, line.n, ret->clean);
        cleaned[n++] = '\n';
    }
    decide(path, md_str_n(cleaned, n <= head.n ? n : head.n), size, ret);
    if (!md_str_is_empty(ret->root)) { /* it must be a slice of the argument */
        ptrdiff_t at = md_str_find(head, ret->root);

        ret->root = at < 0 ? md_str("") : md_str_sub(head, (size_t)at, ret->root.n);
    }
    free(cleaned);
}
