/*
 * engine/base/sha256: the SHA-256 of bytes (FIPS 180-4), to tell one text from another.
 *
 * Not for secrets: nothing is wiped.
 */
#ifndef ENGINE_BASE_SHA256_H
#define ENGINE_BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/str.h"

#define MD_SHA256_BYTES 32
#define MD_SHA256_HEX 65 /* 64 digits and a NUL */

struct md_sha256 {
    uint32_t state[8];
    uint64_t length; /* bytes so far */
    unsigned char block[64];
};

void md_sha256_init(struct md_sha256 *sum);
void md_sha256_add(struct md_sha256 *sum, struct md_str bytes);
/* `sum` is used up. */
void md_sha256_digest(struct md_sha256 *sum, unsigned char ret[MD_SHA256_BYTES]);
/* The same as lower-case hex digits. */
void md_sha256_hex(struct md_sha256 *sum, char ret_hex[MD_SHA256_HEX]);

#endif
