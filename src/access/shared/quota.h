// How much of what a sender was refused is kept in a day, of posts and uploads together:
// lines and rows are sealed in refused/ so that somebody can mend them, and a sender that
// is refused a million times must not fill the disk by it. Beyond the bound a line is
// refused as ever, its number is filled, it is counted, and its text is not kept.
//
// What came first is kept: the later lines of a sender that repeats itself say nothing
// new, and dropping the older ones would let a flood wash away what is to be mended.
//
// In memory; what a day has kept before the service starts is counted from the files
// (room.c). A sender is known by a hash of its name: two of one hash share a bound. A
// clock that goes back brings no room back.
//
// Threads: any; what is pending is the writer's.
#ifndef WF_ACCESS_SHARED_QUOTA_H
#define WF_ACCESS_SHARED_QUOTA_H

#include <pthread.h>

#include "base/text.h"
#include "base/time.h"

// A sender's a day, as they take room: a line, and the file that a post's lines need.
#define WF_QUOTA_BYTES (UINT64_C(16) << 20)
#define WF_QUOTA_POST_BYTES 4096
#define WF_QUOTA_LINE_BYTES 64

typedef struct {
    uint64_t sender; // hash; 0: no share
    uint64_t bytes;
    uint64_t pending; // of a commit under way
} wf_quota_share;

typedef struct {
    pthread_mutex_t lock; // of all that follows
    uint64_t bytes_max;
    weft_day day;
    wf_quota_share *shares; // open addressing; a power of two, a quarter free
    size_t count, capacity;
    wf_buffer touched; // of uint64_t: senders with pending bytes
} wf_quota;

void wf_quota_init(wf_quota *quota, uint64_t bytes_max);
void wf_quota_done(wf_quota *quota);

// Whether so many bytes more may be kept of a sender on a day: then they are pending. A
// new day begins anew. Without memory: false.
bool wf_quota_take(wf_quota *quota, weft_day day, uint64_t sender, uint64_t bytes);
// What is pending was kept, or was not.
void wf_quota_end(wf_quota *quota, bool kept);
// As take, and it is kept at once; and back, when it was not.
bool wf_quota_use(wf_quota *quota, weft_day day, uint64_t sender, uint64_t bytes);
void wf_quota_give_back(wf_quota *quota, weft_day day, uint64_t sender, uint64_t bytes);
// So many bytes are kept already, whatever the bound. Without memory: they are forgotten.
void wf_quota_count(wf_quota *quota, weft_day day, uint64_t sender, uint64_t bytes);

#endif
