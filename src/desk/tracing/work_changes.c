// What changed in a work list since somebody went through it.
#include <stdlib.h>

#include "desk/tracing/work.h"

const char *wf_work_change_word(wf_work_change change)
{
    static const char *const words[WF_WORK_CHANGES] = {[WF_WORK_SAME] = "same",
                                                       [WF_WORK_NEW] = "new",
                                                       [WF_WORK_UP] = "up",
                                                       [WF_WORK_DOWN] = "down",
                                                       [WF_WORK_DONE] = "done",
                                                       [WF_WORK_LEVEL] = "level",
                                                       [WF_WORK_EXPOSURE] = "exposure",
                                                       [WF_WORK_CHANCE] = "chance",
                                                       [WF_WORK_RESULT] = "result"};
    return words[change];
}

// ---- its place ----

// Somebody who is to be called, and was.
typedef struct {
    wf_work_row *row;
    size_t now; // place among all of them
} both_row;

// Rows that were gone through at different moments may have had the same place: then they
// stand as they do now, for neither passed the other as far as anybody saw.
static int by_rank_then(const void *a, const void *b)
{
    const both_row *one = a, *other = b;
    uint64_t first = one->row->then.rank, second = other->row->then.rank;
    if (first != second)
        return first > second ? 1 : -1;
    return (one->now > other->now) - (one->now < other->now);
}

// Only their order among one another counts: that others were reached moves nobody up.
static void compare_places(both_row *both, size_t count)
{
    if (count > 0)
        qsort(both, count, sizeof *both, by_rank_then);
    for (size_t i = 0; i < count; i++)
        both[i].row->change = both[i].now < i   ? WF_WORK_UP
                              : both[i].now > i ? WF_WORK_DOWN
                                                : WF_WORK_SAME;
}

// Nobody went through them. Whoever was worked on is known to who did; of a list that
// nobody went through as a whole only time tells, for what the look-up suggests is stored
// nowhere.
static bool is_new(const wf_work *work, const wf_work_row *row)
{
    if (row->place == 0 || !weft_time_is_none(wf_work_worked_at(row)))
        return false;
    if (!weft_time_is_none(work->reviewed_at))
        return true;
    return !weft_time_is_none(work->worked_at) && !weft_time_is_none(row->named_at) &&
           row->named_at.us > work->worked_at.us;
}

// ---- the row itself ----

enum { second_us = 1000000 };

static weft_time exposed_until(const wf_work_row *row)
{
    weft_time said = row->exposed_until, found = row->found_until;
    return weft_time_is_none(said) || (!weft_time_is_none(found) && found.us > said.us)
               ? found
               : said;
}

// Times are told to the second: what is less than that is no change.
static bool is_exposed_more(const wf_work_row *row)
{
    weft_time now = exposed_until(row), then = row->then.exposed_until;
    if (!weft_time_is_none(now) &&
        (weft_time_is_none(then) || now.us / second_us > then.us / second_us))
        return true;
    return row->found != NULL && row->then.seconds >= 0 &&
           row->found->seconds > row->then.seconds;
}

static bool is_chance_other(const wf_work_row *row)
{
    if (row->found == NULL || row->then.probability_ppm < 0)
        return false;
    double now = row->found->probability.mid * 1e6;
    double then = (double)row->then.probability_ppm;
    double more = now > then ? now : then, apart = now > then ? now - then : then - now;
    return apart > more / 10 && apart >= 1;
}

static unsigned changes_of(const wf_work_row *row)
{
    unsigned ret = row->change == WF_WORK_SAME ? 0 : 1U << row->change;
    if (weft_time_is_none(row->then.at))
        return ret;
    if (row->level != row->then.level)
        ret |= 1U << WF_WORK_LEVEL;
    if (is_exposed_more(row))
        ret |= 1U << WF_WORK_EXPOSURE;
    if (is_chance_other(row))
        ret |= 1U << WF_WORK_CHANCE;
    if (!wf_text_equal(row->result, row->then.result))
        ret |= 1U << WF_WORK_RESULT;
    return ret;
}

weft_status wf_work_compare(wf_work *work, wf_arena *arena, weft_error *error)
{
    both_row *both = wf_arena_array(arena, work->count + 1, sizeof *both);
    size_t count = 0;
    if (both == NULL)
        return wf_fail_memory(error);
    for (size_t i = 0; i < work->count; i++) {
        wf_work_row *row = &work->rows[i];
        bool was_called = !weft_time_is_none(row->then.at) && row->then.rank > 0;
        row->change = was_called && row->place == 0      ? WF_WORK_DONE
                      : !was_called && is_new(work, row) ? WF_WORK_NEW
                                                         : WF_WORK_SAME;
        if (row->place != 0 && was_called) {
            both[count] = (both_row){row, count};
            count++;
        }
    }
    compare_places(both, count);
    for (size_t i = 0; i < work->count; i++)
        work->rows[i].changes = changes_of(&work->rows[i]);
    return WEFT_OK;
}
