#include "desk/queries.h"

#include "desk/asked_sql.h"
#include "desk/command/tasks.h"
#include "desk/declare.h"
#include "desk/kinds.h"
#include "desk/queries_sql.h"
#include "desk/register/finding.h"
#include "desk/register/looks_at_person.h"
#include "desk/register/person_file.h"
#include "desk/testing/samples_of_person.h"
#include "desk/testing/turnaround.h"
#include "desk/tracing/clock.h"
#include "desk/tracing/funnel.h"
#include "desk/tracing/open_risk.h"
#include "store/query/publish.h"

// The last element ends the list, so that it is never empty.
static const wf_sql_text readable[] = {WF_DESK_SHARED WF_DESK_VIEWS{NULL, NULL}};
static const wf_sql_text views[] = {WF_DESK_VIEWS{NULL, NULL}};
static const wf_sql_text holes[] = {WF_DESK_HOLES{NULL, NULL}};

const wf_sql_text *wf_desk_views(size_t *ret_count)
{
    *ret_count = COUNT_OF(views) - 1;
    return views;
}

const wf_sql_text *wf_desk_holes(size_t *ret_count)
{
    *ret_count = COUNT_OF(holes) - 1;
    return holes;
}

const wf_sql_text *wf_desk_readable(size_t *ret_count)
{
    *ret_count = COUNT_OF(readable) - 1;
    return readable;
}

const wf_view_computed *wf_desk_computed(size_t *ret_count)
{
    static const wf_view_computed computed[] = {
        {"register/find_person", wf_find_person_rows, NULL},
        {"register/looks_at_person", wf_looks_at_person_rows, NULL},
        {"register/person_file", wf_person_file_rows, NULL},
        {"command/overdue", wf_tasks_overdue_rows, NULL},
        {"command/posts", wf_posts_rows, NULL},
        {"command/shifts", wf_shifts_rows, NULL},
        {"command/task_counts", wf_tasks_counted_rows, NULL},
        {"command/tasks", wf_tasks_rows, NULL},
        {"testing/samples_of_person", wf_samples_of_person_rows, NULL},
        {"testing/turnaround", wf_turnaround_rows, NULL},
        {"tracing/clock", wf_clock_rows, NULL},
        {"tracing/funnel", wf_funnel_rows, NULL},
        {"tracing/open_risk", wf_open_risk_rows, NULL},
    };
    *ret_count = COUNT_OF(computed);
    return computed;
}

const wf_beside_sql *wf_desk_beside(void)
{
    static const wf_beside_sql beside = {.persons = WF_SQL_BESIDE_PERSONS,
                                         .cases = WF_SQL_BESIDE_CASES,
                                         .their_cases = WF_SQL_BESIDE_CASES
                                         "UNION SELECT \"case_id\" FROM \"cases\" "
                                         "WHERE \"person\" IN (\n" WF_SQL_BESIDE_PERSONS
                                         ")"};
    return &beside;
}

const char *wf_desk_same_person(void)
{
    return WF_SQL_SAME_PERSON;
}

static weft_status publish(void *context, wf_database *db, weft_error *error)
{
    (void)context;
    return wf_views_publish(db, readable, COUNT_OF(readable) - 1, wf_desk_kinds(), error);
}

// What is published follows from the rows whenever it is read.
static void ended(void *context, bool committed)
{
    (void)context;
    (void)committed;
}

wf_follower wf_desk_publisher(void)
{
    return (wf_follower){.opened = publish, .ended = ended};
}
