// One-time codes by time: RFC 6238 with HMAC-SHA-1, six digits, steps of 30 s, which is
// what the authenticators of phones know.
//
// Threads: all functions may run in parallel.
#ifndef WF_ACCESS_ACCOUNTS_TOTP_H
#define WF_ACCESS_ACCOUNTS_TOTP_H

#include "base/text.h"
#include "base/time.h"

#define WF_TOTP_SECRET_BYTES 20
#define WF_TOTP_SECRET_DIGITS 32 // of base32, without padding
#define WF_TOTP_STEP_S 30
#define WF_TOTP_DIGITS 6

// A fresh secret in base32, ended by NUL.
void wf_totp_new(char ret[WF_TOTP_SECRET_DIGITS + 1]);

// The code of a step, ended by NUL. False when `secret` is not base32 of 16 to 64 bytes.
bool wf_totp_code(wf_text secret, int64_t step, char ret[WF_TOTP_DIGITS + 1]);

int64_t wf_totp_step(weft_time now);

// The step of which `code` is, of the one at `now`, the one before and the one after,
// later than `used`; −1: of none. Takes as long for every code.
int64_t wf_totp_check(wf_text secret, wf_text code, weft_time now, int64_t used);

#endif
