// What files of looks and exports share. Only for them.
#ifndef WF_ACCESS_LOOKS_LOOKS_INSIDE_H
#define WF_ACCESS_LOOKS_LOOKS_INSIDE_H

#include <pthread.h>

#include "access/looks/exports.h"
#include "access/looks/look_often.h"
#include "access/looks/looks.h"

enum { wf_looks_delivering_max = 256 };

struct wf_looks {
    wf_shared *shared;
    wf_accounts *accounts;
    wf_look_paces *paces;
    wf_look_paces *refusals; // one a second of each who asks
    wf_look_often *often;    // one person again and again
    pthread_mutex_t lock;    // of what follows
    // Persons who work here, as of `colleagues_at` of the machine's clock.
    wf_buffer colleagues;       // of uint32_t, rising
    wf_hash_set colleagues_ids; // hashes of their ids
    weft_time colleagues_at;
    // Exports that are being delivered or were lately; a ring.
    char delivering[wf_looks_delivering_max][WF_EXPORT_ID_BYTES + 1];
    size_t delivering_next;
};

// Sums up that somebody is shown `whom`, `count` with those of other parts of one answer;
// in a file that nobody else has agreed to, or at once. Sets what *moment says of it.
void wf_looks_sum_up(wf_looks *looks, const wf_look *look, const wf_look_whom *whom,
                     size_t count, weft_time machine_now, wf_look_moment *moment);

// Notes who of them is close to the actor: of their household, or a user of this city.
weft_status wf_looks_notice(wf_looks *looks, weft_city *city, const wf_actor *actor,
                            wf_look_whom *whom, weft_time machine_now,
                            weft_error *error) WEFT_MUST_CHECK;

#endif
