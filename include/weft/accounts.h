// Accounts: tokens of devices and users, passwords of users. Devices and users themselves
// are facts (device.enrolled, user.added …; weft/facts.h), and the views
// register/devices, register/users and register/tokens list them.
//
// All of it is judged when it is made (docs/operating/decisions.md), durable and in force
// when the call returns.
#ifndef WEFT_ACCOUNTS_H
#define WEFT_ACCOUNTS_H

#include <stdbool.h>
#include <stddef.h>

#include "weft/city.h"

#define WEFT_TOKEN_BYTES 48
#define WEFT_TOKEN_ID_BYTES 64

typedef struct {
    const char *device; // who is to have it: a device, which is enrolled if it is new,
    const char *user;   // or a user; the other is NULL
    const char *role;   // NULL: that of the device or user, who has no other
    const char *grid;   // NULL: theirs
    const char *office; // of a device that is new; NULL: not said
    weft_time until;    // by the machine's clock; WEFT_TIME_NONE: until it is revoked
} weft_token_request;

typedef struct {
    char token[WEFT_TOKEN_BYTES + 1]; // to be shown once: nothing can give it again
    char id[WEFT_TOKEN_ID_BYTES + 1]; // by which it is listed and revoked
} weft_token_reply;

// Makes a token. WEFT_BAD_INPUT with the reason ("token.…", "device.…").
weft_status weft_token_issue(weft_city *city, const weft_token_request *request,
                             weft_token_reply *ret, weft_error *error) WEFT_MUST_CHECK;

// Revokes one token by its id or the first 8 or more digits of it, or all of a device or
// user; the others are NULL. None: WEFT_NOT_FOUND ("token.none"); several begin so:
// WEFT_BAD_INPUT ("token.several"). *ret_count: how many were revoked.
weft_status weft_token_revoke(weft_city *city, const char *id, const char *device,
                              const char *user, const char *reason, size_t *ret_count,
                              weft_error *error) WEFT_MUST_CHECK;

typedef struct {
    char password[33]; // that was made; "": it was given
    char totp[33];     // the secret of the one-time codes, for their authenticator, once
} weft_secret_reply;

// Sets a user's password, the first line of a file (10 to 256 bytes; NULL: one of 128
// random bits is made), and, where `with_codes` or for staff who have none, a new secret
// of one-time codes. Sessions end.
weft_status weft_user_secret(weft_city *city, const char *user, const char *password_file,
                             bool with_codes, weft_secret_reply *ret,
                             weft_error *error) WEFT_MUST_CHECK;

#endif
