// A gathering: everybody who was at one place over some days, and who met whom there.
//
// Method. The stays of each place-day stand in the order of their start, so that those
// who come while somebody is there stand behind them in one run, and each pair of stays
// that overlap is visited once. Its time together is added to both; who met is one bit
// in a table of members × members, so that people who meet daily are one pair in the end.
// What the members had is handed over by person (everyone.h).
#ifndef WF_EPI_GATHERING_H
#define WF_EPI_GATHERING_H

#include "epi/everyone.h"
#include "model/stay.h"

// More visits than this of one place-day are not taken.
#define WF_GATHERING_VISITS_MAX WF_EVERYONE_OTHERS_MAX

// Memory of one thread, reused from gathering to gathering.
typedef struct wf_gathering wf_gathering;
weft_status wf_gathering_new(wf_gathering **ret) WEFT_MUST_CHECK;
void wf_gathering_free(wf_gathering *gathering); // NULL does nothing

// Of a civil day: its number among the days of the window, how long it is, and which
// seconds of it count.
typedef struct {
    uint32_t number;
    uint32_t length_s;
    wf_stretch window;
} wf_gathering_day;

// Whether `visits` more can be added; to an empty gathering they always can.
bool wf_gathering_has_room(const wf_gathering *gathering, size_t visits);
// Adds the stays of a place-day, which it may sort. Each day once.
void wf_gathering_add(wf_gathering *gathering, wf_stay *stays, size_t count,
                      const wf_gathering_day *day);
// Hands the members' parts over, in the name of a thread; the gathering is empty then,
// also on failure. WEFT_NO_MEMORY is the only one.
weft_status wf_gathering_end(wf_gathering *gathering, wf_everyone *everyone,
                             unsigned thread) WEFT_MUST_CHECK;

#endif
