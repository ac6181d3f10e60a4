#include "access/looks/look_often.h"

#include <stdlib.h>
#include <string.h>

#include "base/recent.h"

enum { hours_count = 24, sets = 1 << 14 };

// The looks of the hours up to `hour`, whose sum stands at hour % hours_count.
typedef struct {
    int32_t hour; // since 1970
    uint32_t since_over;
    uint16_t looks[hours_count];
} pair_looks;

struct wf_look_often {
    wf_recent *pairs;
};

static uint32_t sum_of(const pair_looks *of)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < hours_count; i++)
        sum += of->looks[i];
    return sum;
}

// Of pairs that were looked at as often the newer one stays.
static uint64_t worth(const void *item, int64_t hour)
{
    const pair_looks *of = item;
    return hour - of->hour >= hours_count
               ? 0
               : (uint64_t)sum_of(of) << 32 | (uint32_t)of->hour;
}

weft_status wf_look_often_new(wf_look_often **ret, weft_error *error)
{
    const wf_recent_options options = {sets, sizeof(pair_looks), worth};
    wf_look_often *made = calloc(1, sizeof *made);
    if (made == NULL)
        return wf_fail_memory(error);
    weft_status status = wf_recent_new(&options, &made->pairs, error);
    if (status == WEFT_OK)
        *ret = made;
    else
        free(made);
    return status;
}

void wf_look_often_free(wf_look_often *often)
{
    if (often == NULL)
        return;
    wf_recent_free(often->pairs);
    free(often);
}

// A clock that was set back finds the ring ahead of it: what is noted then counts for the
// newest hour.
static void move_on(pair_looks *of, int32_t hour)
{
    if (hour - of->hour >= hours_count) {
        memset(of, 0, sizeof *of);
        of->hour = hour;
    }
    while (of->hour < hour)
        of->looks[++of->hour % hours_count] = 0;
}

static wf_looked add(pair_looks *of, int32_t hour)
{
    move_on(of, hour);
    uint16_t *now = &of->looks[of->hour % hours_count];
    if (*now < UINT16_MAX)
        ++*now;
    of->since_over += of->since_over < UINT32_MAX;
    wf_looked looked = {.in_day = sum_of(of)};
    looked.over = looked.in_day > wf_look_often_max && of->since_over > wf_look_often_max;
    if (looked.over)
        of->since_over = 0;
    return looked;
}

wf_looked wf_look_often_note(wf_look_often *often, wf_text actor, wf_text person,
                             weft_time machine_now)
{
    int64_t since_1970 = machine_now.us > 0 ? machine_now.us / WF_US_PER_S / 3600 : 0;
    int32_t hour = since_1970 > INT32_MAX ? INT32_MAX : (int32_t)since_1970;
    uint64_t pair =
        wf_recent_hash(often->pairs, person, wf_recent_hash(often->pairs, actor, 0));
    wf_recent_lock(often->pairs);
    wf_looked looked = add(wf_recent_make(often->pairs, pair, hour), hour);
    wf_recent_unlock(often->pairs);
    return looked;
}
