// Which facts are live: what was withdrawn, what stands instead of what.
//
// A fact is live when no live withdrawal names it and no live replacement stands instead
// of it; of several live replacements of one fact only the greatest by (at, device, seq)
// is live. Amendments that amend each other in a circle have no effect. The answer
// depends on the set of amendments only, never on the order in which they came
// (decisions/0003-the-ledger.md).
//
// All of it is in memory: corrections are a few in a hundred facts at worst, 100 bytes
// each.
//
// Threads: one at a time.
#ifndef WF_STORE_AMENDMENTS_H
#define WF_STORE_AMENDMENTS_H

#include "base/arena.h"
#include "base/time.h"
#include "model/value.h"

typedef struct wf_amendments wf_amendments;

weft_status wf_amendments_new(wf_amendments **ret, weft_error *error) WEFT_MUST_CHECK;
void wf_amendments_free(wf_amendments *all); // NULL does nothing

// Notes that the fact `id`, said at `at`, withdraws `target` or stands instead of it.
// Said twice: the same.
weft_status wf_amendments_add(wf_amendments *all, wf_identity id, weft_time at,
                              wf_identity target, bool withdraws,
                              weft_error *error) WEFT_MUST_CHECK;
size_t wf_amendments_count(const wf_amendments *all);
// Forgets those added last, down to `count`: a slice that failed.
void wf_amendments_cut(wf_amendments *all, size_t count);

// True if an amendment names the fact, or it is one: only then can it be other than live.
bool wf_amendments_touch(const wf_amendments *all, wf_identity id);

// A fact that hangs together with others by amendments.
typedef struct {
    wf_identity id;
    bool live;
} wf_amended;

// All facts that hang together with `id`, itself among them, and whether each is live; in
// the arena. A circle, and chains of any length, are fine; cost: linear in their number.
weft_status wf_amendments_around(wf_amendments *all, wf_identity id, wf_arena *arena,
                                 wf_amended **ret, size_t *ret_count,
                                 weft_error *error) WEFT_MUST_CHECK;

#endif
