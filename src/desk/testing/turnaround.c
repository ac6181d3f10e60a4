#include "desk/testing/turnaround.h"

#include <stdlib.h>

#include "desk/declare.h"
#include "desk/testing/sql.h"
#include "model/grid.h"

typedef enum {
    step_received,          // swab → laboratory
    step_result_of_receipt, // laboratory → result
    step_result,            // swab → result
    steps_count
} step;

static const char *const step_names[steps_count] = {
    "collected_received", "received_resulted", "collected_resulted"};

static const int64_t window_us = INT64_C(86400) * WF_US_PER_S;

typedef struct {
    wf_buffer took; // int64_t, of those that are done
    uint64_t pending, not_said;
    int64_t longest; // wait of a pending one
} tally;

// Times of a tube; `never`: not said.
typedef struct {
    int64_t collected, received, resulted;
} tube;

static const int64_t never = INT64_MIN;

static bool add(tally *to, int64_t from, int64_t until, int64_t now)
{
    if (until == never) {
        to->pending++;
        to->longest = now - from > to->longest ? now - from : to->longest;
        return true;
    }
    int64_t took = until - from;
    return wf_buffer_append(&to->took, &took, sizeof took);
}

// False: no memory.
static bool count(tally *tallies, const tube *of, int64_t now)
{
    bool said = of->received != never;
    bool done = add(&tallies[step_result], of->collected, of->resulted, now);
    if (!said && of->resulted != never) {
        tallies[step_received].not_said++;
        tallies[step_result_of_receipt].not_said++;
        return done;
    }
    done = add(&tallies[step_received], of->collected, of->received, now) && done;
    return (!said ||
            add(&tallies[step_result_of_receipt], of->received, of->resulted, now)) &&
           done;
}

static int by_length(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

// The nearest rank of a share in hundredths; `all` rises.
static wf_value quantile(const int64_t *all, size_t size, size_t hundredths)
{
    if (size == 0)
        return (wf_value){0};
    size_t rank = (size * hundredths + 99) / 100;
    return (wf_value){.given = true, .number = all[rank - 1]};
}

static wf_value count_value(uint64_t number)
{
    return (wf_value){.given = true, .number = (int64_t)number};
}

static weft_status give(const wf_view_call *call, wf_view_sink *sink, step at,
                        const tally *of, weft_error *error)
{
    int64_t *all = (int64_t *)(void *)of->took.bytes;
    size_t size = of->took.size / sizeof *all;
    if (size > 0)
        qsort(all, size, sizeof *all, by_length);
    wf_text grid = call->question->grid;
    const wf_value values[] = {
        count_value(at),
        {.given = true, .text = wf_text_of(step_names[at])},
        count_value(size),
        quantile(all, size, 50),
        quantile(all, size, 90),
        count_value(of->pending),
        {.given = of->pending > 0, .number = of->longest},
        count_value(of->not_said),
        {.given = true, .number = call->question->now.us - window_us},
        {.given = grid.size > 0, .text = grid}};
    return wf_view_give(sink, values, error);
}

static int64_t time_of(const wf_statement *row, int column)
{
    return wf_statement_is_null(row, column) ? never : wf_statement_i64(row, column);
}

static weft_status read_tubes(const wf_view_call *call, tally *tallies, weft_error *error)
{
    int64_t now = call->question->now.us;
    wf_statement *row = NULL;
    bool found = true;
    WF_TRY(wf_database_prepare(call->db, WF_SQL_TURNAROUND, &row, error));
    wf_statement_bind_i64(row, 0, now - window_us);
    wf_statement_bind_i64(row, 1, now);
    weft_status status = wf_statement_step(row, &found, error);
    while (status == WEFT_OK && found) {
        const tube of = {time_of(row, 0), time_of(row, 1), time_of(row, 2)};
        if (wf_grid_is_inside(wf_statement_text(row, 3), call->question->grid) &&
            !count(tallies, &of, now))
            status = wf_fail_memory(error);
        else
            status = wf_statement_step(row, &found, error);
    }
    wf_statement_free(row);
    return status;
}

weft_status wf_turnaround_rows(void *context, const wf_view_call *call,
                               wf_view_sink *sink, weft_error *error)
{
    (void)context;
    tally tallies[steps_count] = {0};
    weft_status status = read_tubes(call, tallies, error);
    for (step at = 0; at < steps_count && status == WEFT_OK; at++)
        status = give(call, sink, at, &tallies[at], error);
    for (size_t i = 0; i < steps_count; i++)
        wf_buffer_done(&tallies[i].took);
    return status;
}
