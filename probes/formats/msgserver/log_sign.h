/*
 * probes/formats/msgserver/log_sign: texts of server logs that mean something of their own (log_sign.def).
 *
 * One pass over a text gives the set of its signs as bits. A sign is a hint in words; which level or category it needs
 * to count is the probe's decision.
 */
#ifndef PROBES_FORMATS_MSGSERVER_LOG_SIGN_H
#define PROBES_FORMATS_MSGSERVER_LOG_SIGN_H

#include <stdint.h>

#include "engine/base/str.h"

enum md_log_sign {
    MD_SIGN_FD_LIMIT,
    MD_SIGN_PERMISSION,
    MD_SIGN_VERSION_MISMATCH,
    MD_SIGN_TLS_INIT,
    MD_SIGN_MM_INIT,
    MD_SIGN_INIT,
    MD_SIGN_STRESS,
    MD_SIGN_FILTER,
    MD_SIGN_DB_PANIC,
    MD_SIGN_DB_LOCK,
    MD_SIGN_DB_RECOVERED,
    MD_SIGN_DB_LOGS,
    MD_SIGN_DISK_FULL,
    MD_SIGN_PARTITION_LOCKED,
    MD_SIGN_DISK_ERROR,
    MD_SIGN_KILLED,
    MD_SIGN_ALIAS_RECURSION,
    MD_SIGN_LDAP,
    MD_SIGN_LDAP_DOWN,
    MD_SIGN_LDAP_SLOW,
    MD_SIGN_ERROR_WORDS,
    MD_SIGN_START_FAILED,
    MD_SIGN_COUNT
};

#define MD_SIGN_BIT(sign) (UINT32_C(1) << (sign))

/* Looks at no more than the first 4096 bytes. */
uint32_t md_log_signs(struct md_str text);

#endif
