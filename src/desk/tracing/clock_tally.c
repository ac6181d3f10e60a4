#include "desk/tracing/clock_tally.h"

#include <stdlib.h>
#include <string.h>

const int64_t wf_clock_never = INT64_MIN;

int64_t wf_clock_earlier(int64_t a, int64_t b)
{
    if (a == wf_clock_never || b == wf_clock_never)
        return a == wf_clock_never ? b : a;
    return a < b ? a : b;
}

int64_t wf_clock_later(int64_t a, int64_t b)
{
    return a > b ? a : b; // never is the least of all
}

bool wf_clock_tally_note(wf_clock_tally *tally, int64_t took_us)
{
    return wf_buffer_append(&tally->took, &took_us, sizeof took_us);
}

bool wf_clock_tally_add(wf_clock_tally *tally, int64_t from, int64_t done,
                        const int64_t *deadline_us, int64_t now)
{
    bool is_done = done != wf_clock_never;
    if (from == wf_clock_never) {
        tally->unknown += deadline_us != NULL;
        return true;
    }
    if (deadline_us != NULL) {
        int64_t due = from + *deadline_us;
        if (!is_done) {
            tally->owed_by =
                tally->is_owed && tally->owed_by < due ? tally->owed_by : due;
            tally->is_owed = true;
        }
        if (due > now) {
            tally->pending++;
            tally->pending_done += is_done;
        } else if (!is_done) {
            tally->overdue++;
        } else if (done <= due) {
            tally->in_time++;
        } else {
            tally->late++;
        }
    }
    return !is_done || wf_clock_tally_note(tally, done - from);
}

int64_t wf_clock_tally_due(const wf_clock_tally *tally)
{
    return tally->is_owed ? tally->owed_by : wf_clock_never;
}

static int by_length(const void *a, const void *b)
{
    int64_t x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

int64_t wf_clock_tally_median(const wf_clock_tally *tally)
{
    size_t count = tally->took.size / sizeof(int64_t);
    int64_t median;
    if (count == 0)
        return wf_clock_never;
    qsort(tally->took.bytes, count, sizeof median, by_length);
    memcpy(&median, tally->took.bytes + (count - 1) / 2 * sizeof median, sizeof median);
    return median;
}

void wf_clock_tally_done(wf_clock_tally *tally)
{
    wf_buffer_done(&tally->took);
}
