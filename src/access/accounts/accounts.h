// Who may come in: devices, users, tokens, assignments and custodies as the rows say,
// kept in memory, and the sessions of browsers (access/accounts/sessions.h).
//
// It follows the rows (store/records/records.h): a revocation holds from the slice that
// applies it, and at once when it was made in this process (wf_accounts_stop). Tokens and
// sessions end by the machine's clock, in drills too; assignments and custodies by the
// city's.
//
// A token is 256 random bits, written "weft_" and 43 characters of base64url. Only its
// hash under a key of the ring is kept, so that neither the folder nor the rows can be
// used to come in.
//
// Threads: all functions may run in parallel, also while the rows are written; a reader
// waits for the writer's some microseconds at the end of a slice.
#ifndef WF_ACCESS_ACCOUNTS_H
#define WF_ACCESS_ACCOUNTS_H

#include "access/accounts/actor.h"
#include "keys/ring.h"
#include "store/records/records.h"

typedef struct wf_accounts wf_accounts;
typedef struct wf_sessions wf_sessions; // access/accounts/sessions.h

weft_status wf_accounts_new(wf_keys *keys, wf_numbers numbers, wf_accounts **ret,
                            weft_error *error) WEFT_MUST_CHECK;
void wf_accounts_free(wf_accounts *accounts); // after the store is closed; NULL: nothing
// Keeps it up to date; lives as long as the accounts.
wf_follower wf_accounts_follower(wf_accounts *accounts);
wf_sessions *wf_accounts_sessions(wf_accounts *accounts);

// ---- tokens ----

#define WF_TOKEN_TEXT_BYTES 48
#define WF_TOKEN_HASH_DIGITS 64

// A fresh token and its hash in hex, both ended by NUL.
void wf_accounts_new_token(const wf_accounts *accounts, char ret[WF_TOKEN_TEXT_BYTES + 1],
                           char ret_hash[WF_TOKEN_HASH_DIGITS + 1]);

// Whose token it is, at `now` of the machine's clock. One that is unknown, over or
// revoked, or whose holder may not work, has another role or a smaller grid by now:
// WEFT_NOT_ALLOWED ("access.token"), the same for all. Some hundred ns beside the hash.
weft_status wf_accounts_bearer(wf_accounts *accounts, wf_text token, weft_time now,
                               wf_actor *ret, weft_error *error) WEFT_MUST_CHECK;

// The handle of a token by its hash: as wf_actor.token has it.
uint64_t wf_accounts_handle(const char hash[WF_TOKEN_HASH_DIGITS]);

// ---- users and devices ----

// The user of this name, who may work; *ret_epoch changes whenever sessions of theirs
// must end (their secret was set, they were removed, wf_accounts_stop). False: none.
bool wf_accounts_user(wf_accounts *accounts, wf_text name, wf_actor *ret,
                      uint64_t *ret_epoch);

// As what a device or user was last known, working or not. False: there is none.
typedef struct {
    wf_role role;
    char grid[WF_GRID_BYTES_MAX + 1];
} wf_account_rights;
bool wf_accounts_rights(wf_accounts *accounts, wf_text name, bool is_user,
                        wf_account_rights *ret);
// Whose the token of this hash is; false: there is none. `ret_name` has the room.
bool wf_accounts_holder(wf_accounts *accounts, wf_text hash,
                        char ret_name[WF_ACTOR_NAME_MAX + 1], bool *ret_is_user);

// The hash of the token with this handle that is good; false: none.
bool wf_accounts_by_handle(wf_accounts *accounts, uint64_t handle,
                           char ret_hash[WF_TOKEN_HASH_DIGITS + 1]);
// Appends the hashes (char[WF_TOKEN_HASH_DIGITS + 1]) of tokens that were not revoked:
// those that begin with `prefix`, or (size 0) those of a device or user. A pass over all.
weft_status wf_accounts_tokens(wf_accounts *accounts, wf_text prefix, wf_text holder,
                               bool is_user, wf_buffer *ret,
                               weft_error *error) WEFT_MUST_CHECK;

typedef enum {
    WF_STOP_TOKEN,
    WF_STOP_DEVICE,
    WF_STOP_USER,
    WF_STOP_SESSIONS
} wf_account_stop;
// Ends at once, before its fact is in the rows: a token (by its hash), a device or user
// with all tokens, the sessions of a user. A device or user works again when the rows say
// anew that they may.
void wf_accounts_stop(wf_accounts *accounts, wf_account_stop what, wf_text key);

// ---- beside the grid ----

// Whether a person is in the custody of `grid` or of a grid inside it, and whether a user
// is assigned to a reference ("case:C-0001"; size 0: none) or person (WF_NUMBER_NONE:
// none), at `now` of the city's clock.
bool wf_accounts_has_custody(wf_accounts *accounts, wf_text grid, uint32_t person,
                             weft_time now);
bool wf_accounts_is_assigned(wf_accounts *accounts, wf_text user, wf_text reference,
                             uint32_t person, weft_time now);

#endif
