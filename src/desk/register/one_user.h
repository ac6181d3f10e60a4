// Where two people have to agree, two accounts of one person are not two: whoever works
// as two users signs with one hand.
//
// Known of users whose account says which person they are; of who shares a device, or has
// an account that says nothing, nothing is known.
//
// Threads: as whoever asks the rows.
#ifndef WF_DESK_REGISTER_ONE_USER_H
#define WF_DESK_REGISTER_ONE_USER_H

#include "store/store.h"

// Whether two senders of facts ("user/NAME", "S-03-2") are the same, or users who are one
// person, under any of their ids.
weft_status wf_senders_are_one(wf_database *db, wf_text a, wf_text b, bool *ret,
                               weft_error *error) WEFT_MUST_CHECK;

#endif
