// The bodies of requests that wait for their ends in memory: what all of them may take,
// and what those of one account may.
//
// All together take 512 MiB, those of one account 64 MiB (four of the largest), so that
// nobody who begins many and ends none of them shuts the others out; and what is small,
// as a phone's samples, log-ins and questions are, is taken however full it is: there are
// no more of them than connections. Above half of it there is a crowd: the connections'
// guard gives bodies less time then (guard.h).
//
// Method: a sum, and one for each of 4,096 shares into which accounts fall by a seeded
// hash; two that fall into one have 64 MiB together. Threads: any, without a lock.
#ifndef WF_SERVE_HTTP_INTAKE_H
#define WF_SERVE_HTTP_INTAKE_H

#include <stdatomic.h>

#include "access/accounts/actor.h"

#define WF_INTAKE_MAX ((size_t)512 << 20)
#define WF_INTAKE_ACCOUNT_MAX ((size_t)64 << 20)
#define WF_INTAKE_SMALL ((size_t)16 << 10)
#define WF_INTAKE_MUCH ((size_t)64 << 20)

enum { wf_intake_shares = 4096 };

typedef struct {
    uint64_t seed;
    _Atomic size_t sum; // bytes
    _Atomic size_t shares[wf_intake_shares];
    bool was_much; // of one thread, as what follows: wf_intake_has_calmed
    uint64_t much_ns;
} wf_intake;

void wf_intake_init(wf_intake *intake);

// The share of who sends; nobodies have one.
size_t wf_intake_share(const wf_intake *intake, const wf_actor *actor);
// Counts `more` bytes of a body that has `had`, which is then given back with them;
// false, and nothing counted, where there is no room.
bool wf_intake_take(wf_intake *intake, size_t share, size_t had, size_t more);
void wf_intake_give_back(wf_intake *intake, size_t share, size_t bytes);

size_t wf_intake_bytes(const wf_intake *intake);
bool wf_intake_crowded(const wf_intake *intake);
// True once after bodies have taken more than WF_INTAKE_MUCH, when they have taken less
// for ten seconds: what held them may be returned to the machine. `now_ns`: monotonic.
// One thread, several times a second.
bool wf_intake_has_calmed(wf_intake *intake, uint64_t now_ns);

#endif
