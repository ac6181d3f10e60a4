#include "desk/tracing/counted.h"

#include <stdlib.h>
#include <string.h>

#include "desk/asked_sql.h"
#include "desk/tracing/clock_tally.h"

const char *const wf_level_words[wf_levels_count] = {"unknown", "general", "secondary",
                                                     "close"};

typedef wf_counted_contact contact;

typedef struct {
    const wf_view_call *call;
    wf_counted_contacts *to;
} reading;

// Columns of the SELECT.
enum {
    at_outbreak,
    at_person,
    at_grid,
    at_level,
    at_exposed_until,
    at_confirmed, // and the other steps
    steps_count = 5
};

wf_text wf_counted_grid(const wf_counted_contact *of)
{
    return (wf_text){of->grid, of->grid_size};
}

wf_text wf_counted_outbreak(const wf_counted_contacts *contacts,
                            const wf_counted_contact *of)
{
    return ((const wf_text *)(const void *)contacts->outbreaks.bytes)[of->outbreak];
}

const wf_counted_contact *wf_counted_contacts_all(const wf_counted_contacts *contacts,
                                                  size_t *ret_count)
{
    *ret_count = contacts->contacts.size / sizeof(contact);
    return (const contact *)(const void *)contacts->contacts.bytes;
}

void wf_counted_contacts_done(wf_counted_contacts *contacts)
{
    wf_buffer_done(&contacts->contacts);
    wf_buffer_done(&contacts->outbreaks);
}

// Outbreaks are few. False: no memory.
static bool number_of(reading *job, wf_text outbreak, uint32_t *ret)
{
    const wf_text *all = (const wf_text *)(const void *)job->to->outbreaks.bytes;
    size_t count = job->to->outbreaks.size / sizeof *all;
    for (*ret = 0; *ret < count; ++*ret)
        if (wf_text_equal(all[*ret], outbreak))
            return true;
    wf_text kept = wf_arena_text(job->call->arena, outbreak);
    return kept.bytes != NULL &&
           wf_buffer_append(&job->to->outbreaks, &kept, sizeof kept);
}

static weft_status take(reading *job, const wf_statement *row, weft_error *error)
{
    wf_text grid = wf_statement_text(row, at_grid);
    contact one = {.person = wf_counted_nobody,
                   .exposed_until = wf_clock_never,
                   .named = (uint8_t)wf_statement_i64(row, at_level),
                   .grid_size = (uint8_t)(grid.size < wf_counted_grid_bytes
                                              ? grid.size
                                              : wf_counted_grid_bytes)};
    if (one.grid_size > 0)
        memcpy(one.grid, grid.bytes, one.grid_size);
    if (!wf_statement_is_null(row, at_person))
        one.person = (uint32_t)wf_statement_i64(row, at_person);
    if (!wf_statement_is_null(row, at_exposed_until))
        one.exposed_until = wf_statement_i64(row, at_exposed_until);
    for (int step = 0; step < steps_count; step++)
        if (!wf_statement_is_null(row, at_confirmed + step))
            one.steps |= (uint8_t)(1 << step);
    // Of those who are not identified there is nothing to judge.
    if (one.person == wf_counted_nobody || (one.steps & WF_WAS_CONFIRMED) != 0)
        one.judged = one.named;
    if (!number_of(job, wf_statement_text(row, at_outbreak), &one.outbreak) ||
        !wf_buffer_append(&job->to->contacts, &one, sizeof one))
        return wf_fail_memory(error);
    return WEFT_OK;
}

static weft_status read_contacts(reading *job, weft_error *error)
{
    wf_statement *row = NULL;
    bool found = true;
    WF_TRY(wf_database_prepare(job->call->db, WF_SQL_COUNTED_CONTACTS, &row, error));
    weft_status status = wf_statement_step(row, &found, error);
    while (status == WEFT_OK && found) {
        status = take(job, row, error);
        if (status == WEFT_OK)
            status = wf_statement_step(row, &found, error);
    }
    wf_statement_free(row);
    return status;
}

// ---- one person, one contact ----

static int compare(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

// Those who are not identified stand by what is summed of them, so that a sum has one
// value, whatever the database reads first.
static int by_person(const void *left, const void *right)
{
    const contact *a = left, *b = right;
    int order = compare(a->outbreak, b->outbreak);
    order = order != 0 ? order : compare(a->person, b->person);
    order = order != 0 ? order : compare(a->judged, b->judged);
    return order != 0 ? order : compare(a->exposed_until, b->exposed_until);
}

static bool is_same(const contact *a, const contact *b)
{
    return a->person != wf_counted_nobody && a->person == b->person &&
           a->outbreak == b->outbreak;
}

// By the highest level that was judged and the latest exposure; lies where the greatest
// of the codes says.
static void join(contact *to, const contact *more)
{
    if (wf_text_compare(wf_counted_grid(more), wf_counted_grid(to)) > 0) {
        memcpy(to->grid, more->grid, sizeof to->grid);
        to->grid_size = more->grid_size;
    }
    to->judged = more->judged > to->judged ? more->judged : to->judged;
    to->named = more->named > to->named ? more->named : to->named;
    to->exposed_until = wf_clock_later(to->exposed_until, more->exposed_until);
    to->steps |= more->steps;
}

static void join_all(wf_counted_contacts *contacts)
{
    contact *all = (contact *)(void *)contacts->contacts.bytes;
    size_t count = contacts->contacts.size / sizeof *all, kept = 0;
    if (count == 0)
        return;
    qsort(all, count, sizeof *all, by_person);
    for (size_t at = 1; at < count; at++)
        if (is_same(&all[kept], &all[at]))
            join(&all[kept], &all[at]);
        else
            all[++kept] = all[at];
    contacts->contacts.size = (kept + 1) * sizeof *all;
}

weft_status wf_counted_contacts_read(const wf_view_call *call, wf_counted_contacts *ret,
                                     weft_error *error)
{
    reading job = {.call = call, .to = ret};
    weft_status status = read_contacts(&job, error);
    if (status == WEFT_OK)
        join_all(ret);
    return status;
}
