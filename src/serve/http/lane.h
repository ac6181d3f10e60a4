// Lanes: what may be under way, how much of it, and who comes first.
//
// Each lane has a queue of its own, and a bound to what is under way in it: what waits
// for a worker, what one is at, and what waits for a commit until it may be answered.
// What does not fit is refused at once, by the thread that brings it. Were only the queue
// bounded, a commit that the disk keeps for a tenth of a second would let a thousand
// answers leave at once, and who is refused would wait behind them. Workers take from the
// first lane that has something (sampling, results, gates), but every eighth time from
// the last, so that each lane moves on; and the later lanes never hold all workers, so
// that a wave of dashboards does not make a sample wait for one to end.
//
// What waits for the owner's turn (access/shared/shared.h) has a line of its own in its
// lane, and two workers at most, of whatever lane: one has the turn, the next comes near
// to it. The others wait in their lane, for they come one after the other anyway. Else a
// command that has the city for minutes, or an upload, would soon have all workers of
// those who ask, who do not wait for it.
#ifndef WF_SERVE_HTTP_LANE_H
#define WF_SERVE_HTTP_LANE_H

#include "base/status.h"
#include "serve/http/route.h"

typedef struct wf_lanes wf_lanes;

// What waits: the first member of whatever it belongs to. Owned by whoever brings it.
typedef struct wf_job {
    struct wf_job *next;
    wf_lane lane;
    bool turn; // it waits for the owner's turn
    void (*run)(struct wf_job *job, bool stopping);
} wf_job;

typedef struct {
    unsigned workers;            // at least WF_LANE_COUNT
    size_t depth[WF_LANE_COUNT]; // places of each
} wf_lanes_options;

weft_status wf_lanes_start(const wf_lanes_options *options, wf_lanes **ret,
                           weft_error *error) WEFT_MUST_CHECK;
// Runs what still waits with `stopping` set, ends the workers; nothing is taken any more.
void wf_lanes_end(wf_lanes *lanes);
// Ends them where that was not done, and lets go of them: nobody may call any more. NULL
// does nothing.
void wf_lanes_free(wf_lanes *lanes);

// Takes a place and the job; false, and nothing done, when there is none. Any thread, and
// it waits for no other.
bool wf_lanes_offer(wf_lanes *lanes, wf_job *job);
// Gives the place back that an offer took: the answer is ready. Any thread.
void wf_lanes_leave(wf_lanes *lanes, wf_lane lane);
// Takes it without a place: the next piece of a stream that has begun, of which there are
// as many as connections. False, and nothing done, when the workers end.
bool wf_lanes_continue(wf_lanes *lanes, wf_job *job) WEFT_MUST_CHECK;

// Leaves something to do to whichever worker ends its job next: to give back memory that
// workers fill, for which the caller would wait while one of them has its lock. False,
// and nothing done, where one sleeps, and so none is in the caller's way. Counted
// nowhere.
bool wf_lanes_leave_behind(wf_lanes *lanes, wf_job *job);

typedef struct {
    uint64_t waiting, running, refused, done;
} wf_lane_figures;
void wf_lanes_figures(wf_lanes *lanes, wf_lane lane, wf_lane_figures *ret);

extern const char *const wf_lane_words[]; // "field", by wf_lane

#endif
