#include "access/looks/look_pace.h"

#include <stdlib.h>
#include <string.h>

#include "base/recent.h"

enum { ring_size = 60, sets = 1 << 10 };

// What was shown in the steps up to `step`, whose sum stands at step % ring_size.
typedef struct {
    int64_t step;
    uint64_t since_over;
    uint32_t sums[ring_size];
} ring;

typedef struct {
    ring seconds, minutes;
} pace;

struct wf_look_paces {
    wf_recent *paces;
};

static uint32_t sum_of(const ring *of)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < ring_size; i++)
        sum += of->sums[i];
    return sum > UINT32_MAX ? UINT32_MAX : (uint32_t)sum;
}

// Who was shown nobody is worth something for that hour, too: that they asked counts.
static uint64_t worth(const void *item, int64_t minute)
{
    const pace *of = item;
    return minute - of->minutes.step >= ring_size ? 0
                                                  : (uint64_t)sum_of(&of->minutes) + 1;
}

weft_status wf_look_paces_new(wf_look_paces **ret, weft_error *error)
{
    const wf_recent_options options = {sets, sizeof(pace), worth};
    wf_look_paces *made = calloc(1, sizeof *made);
    if (made == NULL)
        return wf_fail_memory(error);
    weft_status status = wf_recent_new(&options, &made->paces, error);
    if (status == WEFT_OK)
        *ret = made;
    else
        free(made);
    return status;
}

void wf_look_paces_free(wf_look_paces *paces)
{
    if (paces == NULL)
        return;
    wf_recent_free(paces->paces);
    free(paces);
}

// Steps that have gone by hold nothing any more. A clock that was set back finds the ring
// ahead of it: what is noted then counts for the newest step.
static void move_on(ring *of, int64_t step)
{
    if (step - of->step >= ring_size) {
        memset(of, 0, sizeof *of);
        of->step = step;
    }
    while (of->step < step)
        of->sums[(size_t)(++of->step % ring_size)] = 0;
}

static uint32_t add(ring *of, int64_t step, uint32_t persons, uint32_t limit,
                    bool *ret_over)
{
    move_on(of, step);
    of->sums[(size_t)(of->step % ring_size)] += persons;
    of->since_over += persons;
    uint32_t sum = sum_of(of);
    if (sum > limit && of->since_over > limit) {
        of->since_over = 0;
        *ret_over = true;
    }
    return sum;
}

wf_pace wf_look_paces_note(wf_look_paces *paces, wf_text actor, uint32_t persons,
                           bool in_file, weft_time machine_now)
{
    int64_t second = machine_now.us > 0 ? machine_now.us / WF_US_PER_S : 0;
    uint64_t hash = wf_recent_hash(paces->paces, actor, 0);
    wf_pace noted = {0};
    wf_recent_lock(paces->paces);
    pace *here = wf_recent_make(paces->paces, hash, second / 60);
    noted.in_minute = add(&here->seconds, second, in_file ? 0 : persons,
                          wf_look_pace_minute_max, &noted.over);
    noted.in_hour =
        add(&here->minutes, second / 60, persons, wf_look_pace_hour_max, &noted.over);
    wf_recent_unlock(paces->paces);
    return noted;
}
