#include "access/accounts/totp.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/sha1.h"
#include "keys/seal.h"

enum { secret_bytes_min = 16, secret_bytes_max = 64, drift_steps = 1 };

static const char digits32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

void wf_totp_new(char ret[WF_TOTP_SECRET_DIGITS + 1])
{
    unsigned char secret[WF_TOTP_SECRET_BYTES];
    wf_random_bytes(secret, sizeof secret);
    for (size_t i = 0; i < WF_TOTP_SECRET_DIGITS; i++) {
        unsigned value = 0;
        for (size_t bit = 5 * i; bit < 5 * i + 5; bit++)
            value = value << 1 | (secret[bit / 8] >> (7 - bit % 8) & 1U);
        ret[i] = digits32[value];
    }
    ret[WF_TOTP_SECRET_DIGITS] = '\0';
    sodium_memzero(secret, sizeof secret);
}

// 0: it is none.
static size_t decode(wf_text text, unsigned char ret[secret_bytes_max])
{
    size_t size = text.size * 5 / 8;
    if (size < secret_bytes_min || size > secret_bytes_max)
        return 0;
    memset(ret, 0, secret_bytes_max);
    for (size_t i = 0; i < text.size; i++) {
        const char *digit = memchr(digits32, text.bytes[i], sizeof digits32 - 1);
        if (digit == NULL)
            return 0;
        unsigned value = (unsigned)(digit - digits32);
        for (size_t bit = 5 * i; bit < 5 * i + 5 && bit < 8 * size; bit++)
            if ((value >> (4 - (bit - 5 * i)) & 1) != 0)
                ret[bit / 8] |= (unsigned char)(0x80U >> bit % 8);
    }
    return size;
}

// RFC 4226 §5.3.
bool wf_totp_code(wf_text secret, int64_t step, char ret[WF_TOTP_DIGITS + 1])
{
    unsigned char key[secret_bytes_max], message[8], hash[WF_SHA1_BYTES];
    size_t size = decode(secret, key);
    if (size == 0)
        return false;
    for (int i = 0; i < 8; i++)
        message[i] = (unsigned char)((uint64_t)step >> (56 - 8 * i));
    wf_hmac_sha1(key, size, message, sizeof message, hash);
    const unsigned char *at = hash + (hash[WF_SHA1_BYTES - 1] & 0x0F);
    uint32_t cut = (uint32_t)(at[0] & 0x7F) << 24 | (uint32_t)at[1] << 16 |
                   (uint32_t)at[2] << 8 | at[3];
    snprintf(ret, WF_TOTP_DIGITS + 1, "%06u", cut % 1000000U);
    sodium_memzero(key, sizeof key);
    return true;
}

int64_t wf_totp_step(weft_time now)
{
    return now.us / WF_US_PER_S / WF_TOTP_STEP_S;
}

int64_t wf_totp_check(wf_text secret, wf_text code, weft_time now, int64_t used)
{
    int64_t found = -1, step = wf_totp_step(now);
    char right[WF_TOTP_DIGITS + 1];
    if (code.size != WF_TOTP_DIGITS)
        return -1;
    for (int64_t at = step - drift_steps; at <= step + drift_steps; at++)
        if (wf_totp_code(secret, at, right) &&
            sodium_memcmp(right, code.bytes, WF_TOTP_DIGITS) == 0 && at > used)
            found = at;
    return found;
}
