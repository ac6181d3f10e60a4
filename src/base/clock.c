#include "base/clock.h"

#include <sys/timex.h>
#include <time.h>

weft_time wf_clock_now(void)
{
    struct timespec now;
    int failed = clock_gettime(CLOCK_REALTIME, &now);
    WF_ASSERT(failed == 0);
    return (weft_time){(int64_t)now.tv_sec * WF_US_PER_S + now.tv_nsec / 1000};
}

uint64_t wf_clock_monotonic_ns(void)
{
    struct timespec now;
    int failed = clock_gettime(CLOCK_MONOTONIC, &now);
    WF_ASSERT(failed == 0);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t wf_clock_coarse_ns(void)
{
    struct timespec now;
    int failed = clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    WF_ASSERT(failed == 0);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t wf_clock_thread_ns(void)
{
    struct timespec now;
    WF_ASSERT(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) == 0);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

bool wf_clock_synchronised(bool *ret)
{
    struct timex about = {.modes = 0}; // asks, sets nothing
    int state = adjtimex(&about);
    if (state < 0)
        return false;
    *ret = state != TIME_ERROR && (about.status & STA_UNSYNC) == 0;
    return true;
}
