/*
 * probes/msgserver/mta_config: the MTA as configured, whether from text files or from the Unified Configuration.
 *
 * Built once from parsed files; answers what holds: channels with their effective keywords, pools, programs, options,
 * values of configutil, paths, rewrite rules. Defaults of the product fill what nobody set; then is_default is true and
 * there is no place.
 *
 * Ownership  everything lives in the arena and borrows from the parsed files.
 * Units      durations in seconds, delivery times in minutes of the day, counts as they are.
 * Errors     none; what is not known is said by `has_...`, NULL or is_known.
 * Limits     MD_MTA_CHANNELS_MAX channels, the first ones; n_dropped counts the others.
 * Not here   reading items (mta_config_load.h), facts.
 */
#ifndef PROBES_MSGSERVER_MTA_CONFIG_H
#define PROBES_MSGSERVER_MTA_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/loc.h"
#include "engine/base/str.h"
#include "probes/formats/msgserver/config_xml.h"
#include "probes/formats/msgserver/imta_cnf.h"
#include "probes/formats/msgserver/mail_log.h"
#include "probes/formats/msgserver/option_file.h"
#include "probes/formats/msgserver/value_out.h"

#define MD_MTA_STEPS_MAX 8
#define MD_MTA_CHANNELS_MAX 32768

/* A value somebody set, with its place. */
struct md_mta_setting {
    struct md_str value;
    struct md_loc loc;
};

/* Ages of notices or steps of backoff. */
struct md_mta_steps {
    double seconds[MD_MTA_STEPS_MAX];
    size_t n;
    struct md_loc loc; /* of the keyword; no file where is_default */
    bool is_default;
};

enum md_mta_priority { MD_MTA_URGENT, MD_MTA_NORMAL, MD_MTA_NONURGENT, MD_MTA_PRIORITIES };

struct md_mta_count {
    uint64_t value;
    struct md_loc loc;
    bool is_known, is_default;
};

struct md_mta_channel {
    struct md_str name;
    struct md_loc loc;
    const struct md_imta_host *hosts; /* the first is the official host; may be none */
    size_t n_hosts;
    const struct md_imta_keyword **keywords; /* effective, in reading order */
    size_t n_keywords;
    struct md_mta_steps notices[MD_MTA_PRIORITIES], backoff[MD_MTA_PRIORITIES];
    struct md_str pool;                                         /* empty: not known */
    struct md_loc pool_loc;                                     /* no file: the default pool */
    struct md_mta_count maxjobs, threaddepth, subdirs, threads; /* threads: per process */
    struct md_mta_count holdlimit;                              /* is_known: there is one */
    bool is_smtp, is_lmtp, logging, loopcheck;
    bool runs_master; /* false: "slave", no delivery is ever started */
};

struct md_mta_pool {
    struct md_str name;
    struct md_loc loc;
    struct md_mta_count job_limit;
};

/* What the job controller runs for channels of a name or pattern. */
struct md_mta_class {
    struct md_str pattern;
    struct md_loc loc;
    struct md_mta_setting master;                     /* empty value: none; "NULL" counts as none */
    struct md_mta_setting windows[MD_MTA_PRIORITIES]; /* "08:00-20:00", empty: always */
    struct md_mta_count max_life_s, max_life_conns;
};

/* The files it is built from; each may be NULL. */
struct md_mta_files {
    const struct md_imta_cnf *imta_cnf;
    const struct md_option_file *option_dat, *job_controller, *dispatcher, *tailor;
    const struct md_option_file **channel_options; /* the name of the channel is channel_names[i] */
    const struct md_str *channel_names;
    size_t n_channel_options;
    const struct md_values **values; /* configutil, msg.conf; the first that has a name wins */
    size_t n_values;
    const struct md_values **msconfig; /* Unified Configuration as text */
    size_t n_msconfig;
    const struct md_config_xml **config_xml; /* as read; their values are in msconfig where no output of msconfig is */
    size_t n_config_xml;
    const struct md_keywords *keywords;
    int version_major, version_minor; /* 0, 0: not known */
};

struct md_mta_config {
    struct md_mta_files files;
    bool is_unified;   /* channels were read from the Unified Configuration */
    bool has_channels; /* a channel configuration was read at all */
    bool has_pools;    /* the job controller's configuration was read */
    bool has_options;  /* option.dat or the mta group was read, so what is not set has its default */
    bool hours;        /* RETURN_UNITS=1: notices count hours */
    struct md_mta_channel *channels;
    size_t n_channels;
    size_t n_dropped; /* channels beyond the limit */
    struct md_mta_pool *pools;
    size_t n_pools;
    struct md_mta_class *classes;
    size_t n_classes;
    /* The channels as blocks, with the keywords that stand in them; those of the Unified Configuration begin with its defaults. The
     * i-th of kind MD_IMTA_CHANNEL is that of the i-th channel. */
    const struct md_imta_block *blocks;
    size_t n_blocks;
    const struct md_imta_cnf *rewrite; /* rules; of imta.cnf or made from the rewrite group; NULL: none read */
    struct md_mta_count max_messages;
};

struct md_mta_config *md_mta_config_new(struct md_arena *arena, const struct md_mta_files *files);

const struct md_mta_channel *md_mta_config_channel(const struct md_mta_config *config, struct md_str name);
/* The channel that has this official or additional host, or NULL. */
const struct md_mta_channel *md_mta_config_tag(const struct md_mta_config *config, struct md_str tag);
/* Effective keyword by its name in lower case, or NULL. */
const struct md_imta_keyword *md_mta_channel_keyword(const struct md_mta_channel *channel, const char *name);
/* First argument of an effective keyword; empty where it is not set. */
struct md_str md_mta_channel_arg(const struct md_mta_channel *channel, const char *name);
/* The mx keyword in force, by name; "defaultmx" where none is set. */
struct md_str md_mta_channel_mx(const struct md_mta_channel *channel, struct md_loc *ret_loc);
/* The one host that all mail of the channel goes to; empty: none. */
struct md_str md_mta_channel_smarthost(const struct md_mta_channel *channel, struct md_loc *ret_loc);

const struct md_mta_pool *md_mta_config_pool(const struct md_mta_config *config, struct md_str name);
/* Exact name first, else the pattern with the longest text before "*"; NULL: none matches. */
const struct md_mta_class *md_mta_config_class_for(const struct md_mta_config *config, struct md_str channel);
/* Processes that a channel may have: the lesser of maxjobs and its pool's limit. */
struct md_mta_count md_mta_config_jobs_max(const struct md_mta_config *config, const struct md_mta_channel *channel);

/* MTA option (option.dat, mta group) by its name in option.dat. False: not set. */
bool md_mta_config_option(const struct md_mta_config *config, const char *name, struct md_mta_setting *ret);
int64_t md_mta_config_option_int(const struct md_mta_config *config, const char *name, int64_t otherwise);
/* Option of a channel (its option file, channel:<name>.options). False: not set. */
bool md_mta_config_channel_option(const struct md_mta_config *config, struct md_str channel, const char *name,
                                  struct md_mta_setting *ret);
/* Option of the job controller's global part, by its name in job_controller.cnf. False: not set. */
bool md_mta_config_jc_option(const struct md_mta_config *config, const char *name, struct md_mta_setting *ret);
/* Value of configutil by its old name ("local.store.overquotastatus"); also looked for under its names in other
 * releases and in the Unified Configuration. False: not set. */
bool md_mta_config_value(const struct md_mta_config *config, const char *name, struct md_mta_setting *ret);
/* All named values that were read, of configutil and of the Unified Configuration, until `each` says false (then false). */
bool md_mta_config_each_value(const struct md_mta_config *config,
                              bool (*each)(void *ctx, const struct md_named_value *value), void *ctx);
/* "store.partition.NAME.path" of configutil, "partition:NAME.path" of the Unified Configuration: where a partition of the store is. */
bool md_mta_names_partition(struct md_str name);
/* Whether any list of values was read, so that what is not set has its default. */
bool md_mta_config_has_values(const struct md_mta_config *config);
/* Path of imta_tailor, without a final '/'. False: not set. */
bool md_mta_config_path(const struct md_mta_config *config, const char *name, struct md_mta_setting *ret);

/* Options that shape the transaction log; what is not set stays not known. Whether the rest has its defaults says has_options. */
void md_mta_config_log_options(const struct md_mta_config *config, struct md_mail_log_options *ret);

/* First rewrite rule for a domain, see md_imta_cnf_rule_for. */
const struct md_imta_rule *md_mta_config_rule_for(const struct md_mta_config *config, struct md_str domain,
                                                  bool with_default);

/* A number with its place; not known where the text is no number from 0. */
struct md_mta_count md_mta_count_of(struct md_str value, struct md_loc loc);

/* Whether a text of delivery times ("08:00-20:00", several with commas) allows a minute of the day. Text without a
 * time: true. */
bool md_mta_window_is_open(struct md_str window, int minute);

#endif
