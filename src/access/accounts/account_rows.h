// Accounts in memory: what the rows of devices, users, tokens, secrets, assignments and
// custodies say, as far as it is asked for with every request. Only for
// access/accounts/accounts*.c.
//
// Threads: the caller's lock; wf_account_rows_text alone may run while others read.
#ifndef WF_ACCESS_ACCOUNTS_ACCOUNT_ROWS_H
#define WF_ACCESS_ACCOUNTS_ACCOUNT_ROWS_H

#include "base/arena.h"
#include "model/columns.h"
#include "model/ids.h"
#include "model/kind.h"

typedef enum {
    WF_ACCOUNT_DEVICE,
    WF_ACCOUNT_USER,
    WF_ACCOUNT_TOKEN,
    WF_ACCOUNT_SECRET, // of a user: when it was set, no more
    WF_ACCOUNT_ASSIGNMENT,
    WF_ACCOUNT_CUSTODY,
    WF_ACCOUNT_CLASS_COUNT
} wf_account_class;

#define WF_ACCOUNT_NONE UINT32_MAX

// Texts lie in the arena of the rows, ended by NUL; size 0: not said.
typedef struct {
    wf_text key;       // name of a device or user, hash of a token, id
    wf_text holder;    // TOKEN: its device or user; ASSIGNMENT: its user
    wf_text reference; // ASSIGNMENT; USER: their own id as a person
    wf_text office;    // DEVICE, USER
    int64_t until_us;  // INT64_MAX: without an end; SECRET: when it was set; USER: when
                       // they were last removed
    uint32_t person;   // USER, ASSIGNMENT, CUSTODY; WF_NUMBER_NONE: none
    uint32_t touched;  // USER: how often sessions of theirs were ended here
    // The next with this hash of its key; of this person (CUSTODY) or user (ASSIGNMENT).
    uint32_t next_by_key, next_by_link;
    uint8_t account_class;
    uint8_t role; // WF_ROLE_COUNT: none
    bool active;
    bool stopped;        // ended in this process, its row may not say so yet
    bool holder_is_user; // TOKEN
    char grid[WF_GRID_BYTES_MAX + 1];
} wf_account;

typedef struct {
    uint64_t seed;
    wf_arena arena;
    wf_account *all;
    size_t count, capacity;
    uint32_t *by_key, *by_link; // heads of chains, buckets_count of each
    size_t buckets_count;       // 0 or a power of 2
    uint32_t free;              // rows that went, by next_by_key
} wf_account_rows;

void wf_account_rows_init(wf_account_rows *rows);
void wf_account_rows_done(wf_account_rows *rows);

// A copy in the arena; .bytes NULL without memory.
wf_text wf_account_rows_text(wf_account_rows *rows, wf_text text);

// NULL: there is none.
wf_account *wf_account_rows_find(const wf_account_rows *rows, wf_account_class of,
                                 wf_text key);
// Puts an account, whose texts lie in the arena, in place of the one of its key. False,
// and nothing changed, without memory.
bool wf_account_rows_put(wf_account_rows *rows, const wf_account *account);
void wf_account_rows_remove(wf_account_rows *rows, wf_account_class of, wf_text key);

// The first of a chain that may have what is asked for, and the next: the custodies of a
// person, the assignments of a user. Others with the same hash are among them: look.
const wf_account *wf_account_rows_custody(const wf_account_rows *rows, uint32_t person);
const wf_account *wf_account_rows_assignment(const wf_account_rows *rows, wf_text user);
const wf_account *wf_account_rows_next(const wf_account_rows *rows, const wf_account *of);

#endif
