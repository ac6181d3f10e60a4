// The thread that opens days of visits before the first look-up asks for them: each is
// unsealed and checked whole, together a third of a second of a city of a million, and
// all who ask meanwhile would wait for it behind whoever is first.
#include "access/shared/shared_inside.h"
#include "base/parallel.h"

// What look-ups of a case go through: from the days before its onset to its isolation.
// Older days are opened by who asks for them.
enum { days_count = 14 };

// As anybody who asks: it keeps the owner out for one day at a time.
static bool open_day(wf_shared *shared, weft_day day)
{
    weft_error unused = {0};
    weft_city *city;
    wf_day_state state;
    const wf_day *opened;
    if (wf_shared_read(shared, &city, &unused) != WEFT_OK)
        return false;
    weft_status status = wf_visits_day(city->visits, day, &state, &opened, &unused);
    wf_shared_read_end(shared, city);
    return status == WEFT_OK;
}

static void *run(void *context)
{
    wf_shared *shared = context;
    weft_day today = wf_zone_day_of(shared->city->zone, wf_shared_now(shared));
    wf_thread_name("weft days");
    wf_thread_nice(wf_nice_answers);
    for (int32_t ago = 0; ago < days_count; ago++)
        if (atomic_load(&shared->days_end) ||
            !open_day(shared, (weft_day){today.number - ago}))
            break; // whoever looks up meets the same failure, and is told of it
    return NULL;
}

// Days are opened by who asks for them where there is no thread.
void wf_days_start(wf_shared *shared)
{
    shared->opens_days = shared->settings.reads_ahead &&
                         !weft_time_is_none(wf_shared_now(shared)) &&
                         pthread_create(&shared->days, NULL, run, shared) == 0;
}

void wf_days_stop(wf_shared *shared)
{
    if (!shared->opens_days)
        return;
    atomic_store(&shared->days_end, true);
    WF_ASSERT(pthread_join(shared->days, NULL) == 0);
    shared->opens_days = false;
}
