#include "desk/tracing/funnel.h"

#include <stdlib.h>
#include <string.h>

#include "desk/tracing/counted.h"
#include "model/grid.h"

typedef struct {
    uint64_t named, confirmed, reached, placed, tested, converted;
} sums;

static int by_row(const void *left, const void *right)
{
    const wf_counted_contact *a = left, *b = right;
    if (a->outbreak != b->outbreak)
        return a->outbreak < b->outbreak ? -1 : 1;
    if (a->named != b->named)
        return a->named < b->named ? -1 : 1;
    return wf_text_compare(wf_counted_grid(a), wf_counted_grid(b));
}

static void add(sums *to, const wf_counted_contact *of)
{
    to->named++;
    to->confirmed += (of->steps & WF_WAS_CONFIRMED) != 0;
    to->reached += (of->steps & WF_WAS_REACHED) != 0;
    to->placed += (of->steps & WF_WAS_PLACED) != 0;
    to->tested += (of->steps & WF_WAS_TESTED) != 0;
    to->converted += (of->steps & WF_WAS_CONVERTED) != 0;
}

static wf_value count_value(uint64_t number)
{
    return (wf_value){.given = true, .number = (int64_t)number};
}

// All rows of `of`'s outbreak, level and village are in the sums.
static weft_status give(wf_view_sink *sink, wf_text outbreak,
                        const wf_counted_contact *of, const sums *all, weft_error *error)
{
    const wf_value values[] = {
        {.given = true, .text = outbreak},
        {.given = true, .text = wf_text_of(wf_level_words[of->named])},
        {.given = true, .text = wf_counted_grid(of)},
        count_value(all->named),
        count_value(all->confirmed),
        count_value(all->reached),
        count_value(all->placed),
        count_value(all->tested),
        count_value(all->converted)};
    return wf_view_give(sink, values, error);
}

static weft_status give_all(const wf_view_call *call, wf_view_sink *sink,
                            wf_counted_contacts *contacts, weft_error *error)
{
    size_t count;
    wf_counted_contacts_all(contacts, &count);
    wf_counted_contact *all = (wf_counted_contact *)(void *)contacts->contacts.bytes;
    if (count > 0)
        qsort(all, count, sizeof *all, by_row);
    sums row = {0};
    for (size_t at = 0; at < count; at++) {
        if (all[at].person != wf_counted_nobody &&
            wf_grid_is_inside(wf_counted_grid(&all[at]), call->question->grid))
            add(&row, &all[at]);
        bool last = at + 1 == count || by_row(&all[at], &all[at + 1]) != 0;
        if (last && row.named > 0)
            WF_TRY(give(sink, wf_counted_outbreak(contacts, &all[at]), &all[at], &row,
                        error));
        if (last)
            row = (sums){0};
    }
    return WEFT_OK;
}

weft_status wf_funnel_rows(void *context, const wf_view_call *call, wf_view_sink *sink,
                           weft_error *error)
{
    (void)context;
    wf_counted_contacts contacts = {0};
    weft_status status = wf_counted_contacts_read(call, &contacts, error);
    if (status == WEFT_OK)
        status = give_all(call, sink, &contacts, error);
    wf_counted_contacts_done(&contacts);
    return status;
}
