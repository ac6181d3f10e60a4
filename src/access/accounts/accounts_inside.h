// What the files of the accounts share. Only for access/accounts/accounts*.c.
#ifndef WF_ACCESS_ACCOUNTS_ACCOUNTS_INSIDE_H
#define WF_ACCESS_ACCOUNTS_ACCOUNTS_INSIDE_H

#include <pthread.h>

#include "access/accounts/account_rows.h"
#include "access/accounts/accounts.h"

enum { wf_accounts_key_bytes = 32 };

// A row that was written (its account) or erased (its class and key) in the transaction
// at hand.
typedef struct {
    wf_account account;
    bool erased;
} wf_account_change;

struct wf_accounts {
    wf_numbers numbers;
    wf_sessions *sessions;
    unsigned char key[wf_accounts_key_bytes]; // of the hashes of tokens
    // Of the thread that writes the rows.
    wf_buffer changes; // of wf_account_change
    pthread_rwlock_t lock;
    // Below: under the lock. The rows' arena belongs to the thread that writes: what
    // stands in it does not move.
    wf_account_rows rows;
    bool lost; // something could not be kept: nobody comes in until it is read again
};

#endif
