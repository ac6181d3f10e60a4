#include "serve/owner/turns.h"

#include "access/shared/shared.h"

enum { catch_up_ms = 2000 };

weft_status wf_turn_take(wf_shared *shared, wf_guest *guest, bool asks, wf_turn *ret,
                         weft_error *error)
{
    wf_turn turn = {.shared = shared, .asks = asks};
    if (asks)
        WF_IGNORE(wf_shared_catch_up(shared, catch_up_ms),
                  "rows that are further behind are seen as they are");
    WF_TRY(asks ? wf_shared_read(shared, &turn.city, error)
                : wf_shared_own(shared, &turn.city, error));
    // Only of files that its verb names: the city's own are the service's, whoever asks.
    turn.city->outside = wf_guest_io(guest);
    if (wf_guest_interrupted(guest)) {
        wf_turn_give_back(&turn);
        return wf_fail(error, WEFT_INTERRUPTED, "remote.interrupted", NULL);
    }
    *ret = turn;
    return WEFT_OK;
}

void wf_turn_give_back(wf_turn *turn)
{
    if (turn->city == NULL)
        return;
    turn->city->outside = turn->city->io;
    if (turn->asks)
        wf_shared_read_end(turn->shared, turn->city);
    else
        wf_shared_own_end(turn->shared);
    turn->city = NULL;
}
