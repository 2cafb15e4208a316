#include "engine/base/sha256.h"

static const uint32_t constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotate(uint32_t x, unsigned n)
{
    return (x >> n) | (x << (32 - n));
}

static void add_block(struct md_sha256 *sum, const unsigned char *bytes)
{
    uint32_t w[64], a, b, c, d, e, f, g, h;
    size_t i;

    for (i = 0; i < 16; i++)
        w[i] = (uint32_t)bytes[4 * i] << 24 | (uint32_t)bytes[4 * i + 1] << 16 | (uint32_t)bytes[4 * i + 2] << 8 |
               (uint32_t)bytes[4 * i + 3];
    for (; i < 64; i++) {
        uint32_t s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ (w[i - 15] >> 3);
        uint32_t s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ (w[i - 2] >> 10);

        w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
    a = sum->state[0], b = sum->state[1], c = sum->state[2], d = sum->state[3];
    e = sum->state[4], f = sum->state[5], g = sum->state[6], h = sum->state[7];
    for (i = 0; i < 64; i++) {
        uint32_t s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
        uint32_t t1 = h + s1 + ((e & f) ^ (~e & g)) + constants[i] + w[i];
        uint32_t s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
        uint32_t t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));

        h = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
    }
    sum->state[0] += a, sum->state[1] += b, sum->state[2] += c, sum->state[3] += d;
    sum->state[4] += e, sum->state[5] += f, sum->state[6] += g, sum->state[7] += h;
}

void md_sha256_init(struct md_sha256 *sum)
{
    *sum = (struct md_sha256){
        .state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}};
}

void md_sha256_add(struct md_sha256 *sum, struct md_str bytes)
{
    size_t filled = (size_t)(sum->length % 64);

    sum->length += bytes.n;
    while (bytes.n > 0) {
        size_t n = 64 - filled;

        if (filled == 0 && bytes.n >= 64) {
            add_block(sum, (const unsigned char *)bytes.p);
            bytes = md_str_from(bytes, 64);
            continue;
        }
        if (n > bytes.n)
            n = bytes.n;
        memcpy(sum->block + filled, bytes.p, n);
        filled += n;
        bytes = md_str_from(bytes, n);
        if (filled == 64) {
            add_block(sum, sum->block);
            filled = 0;
        }
    }
}

void md_sha256_digest(struct md_sha256 *sum, unsigned char ret[MD_SHA256_BYTES])
{
    unsigned char tail[72] = {0x80}, *p = tail;
    uint64_t bits = sum->length * 8;
    size_t zeros = (size_t)((119 - sum->length % 64) % 64);

    p += zeros + 1;
    for (size_t i = 0; i < 8; i++)
        p[i] = (unsigned char)(bits >> (56 - 8 * i));
    md_sha256_add(sum, md_str_n((const char *)tail, zeros + 9));
    for (size_t i = 0; i < MD_SHA256_BYTES; i++)
        ret[i] = (unsigned char)(sum->state[i / 4] >> (24 - 8 * (i % 4)));
}

void md_sha256_hex(struct md_sha256 *sum, char ret_hex[MD_SHA256_HEX])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char digest[MD_SHA256_BYTES];

    md_sha256_digest(sum, digest);
    for (size_t i = 0; i < MD_SHA256_HEX - 1; i++)
        ret_hex[i] = digits[digest[i / 2] >> (i % 2 == 0 ? 4 : 0) & 15];
    ret_hex[MD_SHA256_HEX - 1] = '\0';
}
