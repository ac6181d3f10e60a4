#include "serve/turns.h"

#include <pthread.h>
#include <stdlib.h>

#include "access/city.h"

struct wf_turns {
    pthread_mutex_t turn; // held by who has the city
    weft_city *city;
    const wf_io *io; // its own
};

weft_status wf_turns_new(weft_city *city, wf_turns **ret, weft_error *error)
{
    wf_turns *turns = calloc(1, sizeof *turns);
    if (turns == NULL)
        return wf_fail_memory(error);
    WF_ASSERT(pthread_mutex_init(&turns->turn, NULL) == 0);
    turns->city = city;
    turns->io = city->io;
    *ret = turns;
    return WEFT_OK;
}

void wf_turns_free(wf_turns *turns)
{
    if (turns == NULL)
        return;
    pthread_mutex_destroy(&turns->turn);
    free(turns);
}

weft_status wf_turns_take(wf_turns *turns, wf_guest *guest, weft_city **ret,
                          weft_error *error)
{
    pthread_mutex_lock(&turns->turn);
    if (wf_guest_interrupted(guest)) {
        pthread_mutex_unlock(&turns->turn);
        return wf_fail(error, WEFT_INTERRUPTED, "remote.interrupted", NULL);
    }
    // Store, keys and visits keep the table of files that they were opened with.
    turns->city->io = wf_guest_io(guest);
    *ret = turns->city;
    return WEFT_OK;
}

void wf_turns_give_back(wf_turns *turns, weft_city *city)
{
    WF_ASSERT(city == turns->city);
    city->io = turns->io;
    pthread_mutex_unlock(&turns->turn);
}
