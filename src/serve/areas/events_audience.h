// Audiences: listeners who hear the same, and which positions these are.
#ifndef WF_SERVE_AREAS_EVENTS_AUDIENCE_H
#define WF_SERVE_AREAS_EVENTS_AUDIENCE_H

#include "model/columns.h"
#include "serve/areas/events.h"

typedef struct wf_audience {
    struct wf_audience *next; // in its bucket
    char grid[WF_GRID_BYTES_MAX + 1];
    size_t grid_size; // 0: everywhere
    uint32_t roles;   // as wf_kind.heard_by has them
    wf_listener *listeners;
    size_t listeners_count;
    bool came;            // since they were woken
    uint64_t whole_after; // whatever it hears of later positions is among `heard`
    // A ring of rising positions: heard[(first + i) % room].
    uint64_t *heard;
    size_t room, first, count;
} wf_audience;

// All audiences, found by their grids.
typedef struct {
    wf_audience *buckets[4096];
    size_t sizes[WF_GRID_BYTES_MAX + 1]; // how many have a grid of so many bytes
    uint64_t seed;
    size_t listeners; // of all of them
    size_t turn;      // the bucket whose turn to be woken it is
    size_t ahead;     // how many more were woken than a tick wakes
} wf_audiences;

// That of the grid and the roles. A new one has no listeners yet, and has noted nothing:
// wf_audience_forget says from where on it does. NULL without memory.
wf_audience *wf_audiences_get(wf_audiences *all, wf_text grid, uint32_t roles);

// Notes a position for all that hear of it; rising. `heard_by` 0: every role.
void wf_audiences_note(wf_audiences *all, wf_text grid, uint32_t heard_by,
                       uint64_t position);
// What is after `upto` is told anew: positions begin again.
void wf_audiences_forget(wf_audiences *all, uint64_t upto);
// Who hears with the others of the audience from now on, or no more.
void wf_audience_enter(wf_audiences *all, wf_audience *audience, wf_listener *listener);
void wf_audience_leave(wf_audiences *all, wf_listener *listener);
// Wakes those for whom something came: at once while there are no more than some hundred,
// else in turns, everybody after no more than eight calls.
void wf_audiences_wake(wf_audiences *all);

void wf_audience_note(wf_audience *audience, uint64_t position);
void wf_audience_forget(wf_audience *audience, uint64_t upto);
bool wf_audience_hears(const wf_audience *audience, wf_text grid, uint32_t heard_by);
// Which of its positions is the first after one: an index; its count when none is.
size_t wf_audience_after(const wf_audience *audience, uint64_t position);
uint64_t wf_audience_at(const wf_audience *audience, size_t index);

#endif
