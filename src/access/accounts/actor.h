// Who asks: a device or a user of the city, or its owner.
//
// An actor is a value: made for one request by its token, session or single sign-on
// (access/accounts/accounts.h, access/accounts/identify.h), and what it may is asked of
// access/rights/policy.h and access/rights/scope.h.
#ifndef WF_ACCESS_ACCOUNTS_ACTOR_H
#define WF_ACCESS_ACCOUNTS_ACTOR_H

#include <stdint.h>

#include "base/text.h"
#include "model/ids.h"
#include "model/kind.h"

#define WF_ACTOR_NAME_MAX 64 // of devices and users, see desk/register/accounts.c

typedef enum {
    WF_ACTOR_NOBODY, // without a token, or with a false one
    WF_ACTOR_OWNER,  // whoever owns the folder: the command line, the Unix socket
    WF_ACTOR_DEVICE,
    WF_ACTOR_USER
} wf_actor_kind;

// Texts end with NUL.
typedef struct {
    wf_actor_kind kind;
    wf_role role;                       // of devices and users
    char name[WF_ACTOR_NAME_MAX + 1];   // of the device or user; OWNER, NOBODY: ""
    char grid[WF_GRID_BYTES_MAX + 1];   // what they work for; "": the whole city
    char office[WF_ACTOR_NAME_MAX + 1]; // their office or work group; "": not said
    char person[WF_ID_BYTES_MAX + 1];   // the user's own id; "": not said
    uint32_t person_number;             // its number; WF_NUMBER_NONE: not said
    // By what they came, for logs and for ending it: handles, not secrets. 0: not by it.
    uint64_t session, token;
} wf_actor;

// Whose rights are those of the folder's owner: everything.
wf_actor wf_actor_owner(void);
// Nobody: nothing is allowed.
wf_actor wf_actor_nobody(void);

// The name under which what they send is in the ledger: the device's, "user/NAME", of the
// owner "cli"; of nobody "". Ended by NUL; *ret has the room.
#define WF_ACTOR_SENDER_MAX (WF_ACTOR_NAME_MAX + 5)
wf_text wf_actor_sender(const wf_actor *actor, char ret[WF_ACTOR_SENDER_MAX + 1]);

#endif
