#include "base/parallel.h"
#include "trace/plain_scratch.h"

enum { places_in_part = 256 };

typedef struct {
    const plain_window *window;
    wf_plain_scratch *scratch;
} sweep_job;

// What of a day counts.
static wf_gathering_day part_of_day(const plain_window *window, size_t d)
{
    uint32_t day_s = plain_day_s(window->span, d);
    uint32_t from = window->from > day_s ? window->from - day_s : 0;
    return (wf_gathering_day){(uint32_t)(d - window->day_from),
                              plain_day_s(window->span, d + 1) - day_s,
                              {from, window->to - day_s}};
}

static weft_status sweep_place(const sweep_job *job, unsigned thread, wf_place place)
{
    const plain_window *window = job->window;
    plain_worker *worker = &job->scratch->workers[thread];
    wf_everyone *everyone = job->scratch->everyone;
    bool empty = true;
    for (size_t d = window->day_from; d < window->day_to; d++) {
        const wf_day *day = window->span->days[d];
        uint32_t visits = 0;
        if (day == NULL || place.number >= wf_day_places_end(day))
            continue;
        worker->stays.count = 0;
        WF_TRY(wf_day_place_whole(day, place, window->crowd, &worker->stays, &visits));
        if (worker->stays.count == 0)
            continue;
        if (!wf_gathering_has_room(worker->gathering, visits))
            WF_TRY(wf_gathering_end(worker->gathering, everyone, thread));
        wf_gathering_day part = part_of_day(window, d);
        wf_gathering_add(worker->gathering, worker->stays.rows, visits, &part);
        empty = false;
    }
    return empty ? WEFT_OK : wf_gathering_end(worker->gathering, everyone, thread);
}

static void sweep_part(void *context, unsigned thread, size_t part)
{
    const sweep_job *job = context;
    plain_worker *worker = &job->scratch->workers[thread];
    uint32_t place = (uint32_t)part * places_in_part;
    for (size_t i = 0; i < places_in_part && worker->status == WEFT_OK; i++)
        worker->status = sweep_place(job, thread, (wf_place){place++});
}

static weft_status begin(wf_plain_scratch *scratch, uint32_t people_end, uint32_t days)
{
    if (scratch->everyone == NULL)
        WF_TRY(wf_everyone_new(scratch->threads, &scratch->everyone));
    for (unsigned i = 0; i < scratch->threads; i++) {
        scratch->workers[i].status = WEFT_OK;
        if (scratch->workers[i].gathering == NULL)
            WF_TRY(wf_gathering_new(&scratch->workers[i].gathering));
    }
    return wf_everyone_begin(scratch->everyone, people_end, days);
}

// Encounters are not swept: whoever had some in the window's days is asked alone.
static weft_status doubt_meeters(wf_plain_scratch *scratch, const plain_window *window)
{
    plain_worker *worker = &scratch->workers[0];
    worker->places_count = 0;
    for (size_t d = window->day_from; d < window->day_to; d++)
        if (window->span->days[d] != NULL)
            WF_TRY(wf_day_meeters(window->span->days[d], &worker->places,
                                  &worker->places_count, &worker->places_capacity));
    for (size_t i = 0; i < worker->places_count; i++)
        wf_everyone_doubt(scratch->everyone, worker->places[i]);
    return WEFT_OK;
}

weft_status wf_plain_sweep_everyone(wf_plain_scratch *scratch, const plain_window *window)
{
    sweep_job job = {window, scratch};
    uint32_t people_end = wf_plain_people_end(window), places_end = 0;
    WF_TRY(begin(scratch, people_end, (uint32_t)(window->day_to - window->day_from)));
    WF_TRY(doubt_meeters(scratch, window));
    for (size_t d = window->day_from; d < window->day_to; d++) {
        const wf_day *day = window->span->days[d];
        if (day != NULL && wf_day_places_end(day) > places_end)
            places_end = wf_day_places_end(day);
    }
    for (uint32_t round = 0; round < wf_everyone_rounds(scratch->everyone); round++) {
        wf_everyone_begin_round(scratch->everyone, round);
        wf_parallel_for(scratch->threads,
                        ((size_t)places_end + places_in_part - 1) / places_in_part,
                        sweep_part, &job);
        for (unsigned i = 0; i < scratch->threads; i++)
            WF_TRY(scratch->workers[i].status);
        WF_TRY(wf_everyone_end_round(scratch->everyone));
    }
    return WEFT_OK;
}
