// The table sender_gap: what is missing in the books of senders, kept beside the rows, so
// that a gap in a device's seq can be asked for as rows are ("7 facts of S-03-2 have not
// come").
//
//   device      the sender; not those whose numbers are given by the city or by reactions
//   first_seq   a stretch that has not come, both ends among it
//   last_seq
//   since       received, of the fact just after it (`at` where a city has no clock); of
//               a line that was refused there, when that was first
//   by_refusal  1: what stands behind it is a refused line
//
// Of a device that lacks more than WF_STORE_GAPS_MAX stretches the first are there. Only
// devices whose gaps may have changed are looked at, before a slice is committed; those
// who watch the table are told their names. Nothing is done while a send is under way,
// for it may be rolled back. A mark beside the table says of which facts it is.
#ifndef WF_STORE_STORE_GAPS_H
#define WF_STORE_STORE_GAPS_H

#include "store/store.h"

#define WF_STORE_GAPS_MAX 100

// What keeps the table; it comes before the others who follow the rows of this store.
wf_follower wf_store_gaps_follower(wf_store *store);

#endif
