// A city of a test's own that keeps holes, and what a list of them says as text.
#ifndef TEST_SUPPORT_MADE_HOLES_H
#define TEST_SUPPORT_MADE_HOLES_H

#include "desk/queries.h"
#include "store/query/holes.h"
#include "support/desk_followers.h"
#include "support/edition.h"
#include "support/made_city.h"

typedef struct {
    made_city city;
    wf_arena arena; // of the edition
    const wf_protocol *protocol;
    wf_holes *holes;
    desk_followers desk;
    wf_follower followers[3];
} made_holes;

// Whom a list reaches beside a grid here: every third person that has a hole, and who
// asks.
static const wf_beside_sql made_holes_beside = {
    .persons = "SELECT \"number\" AS \"person\" FROM \"hole\" "
               "WHERE \"kind\" = 'register/same_person' AND \"number\" % 3 = 0 "
               "UNION SELECT CAST(:weft_own_person AS BIGINT)",
    .cases = "SELECT \"subject\" FROM \"hole\" WHERE 1 = 0",
    .their_cases = "SELECT \"subject\" FROM \"hole\" WHERE 1 = 0",
};

// `where`: of the rows' database, as made_city_new_at. `view`: in place of all those that
// the desks publish; NULL: theirs.
static inline void made_holes_new_over(made_holes *made, const char *where,
                                       const wf_sql_text *view)
{
    weft_error error = {0};
    wf_sql_text over[8];
    wf_holes_options options = {.kinds = wf_desk_kinds(), .beside = &made_holes_beside};
    *made = (made_holes){0};
    made->protocol = edition_load("nhc-covid-8", &made->arena);
    options.protocol = made->protocol;
    options.files = wf_desk_holes(&options.files_count);
    options.views = wf_desk_readable(&options.views_count);
    if (view != NULL) {
        size_t all = options.views_count, views;
        (void)wf_desk_views(&views);
        if (all - views >= sizeof over / sizeof *over)
            abort();
        memcpy(over, options.views, (all - views) * sizeof *over); // what is shared
        over[all - views] = *view;
        options.views = over;
        options.views_count = all - views + 1;
    }
    if (wf_holes_new(&options, &made->holes, &error) != WEFT_OK)
        abort();
    made->city = (made_city){.where = where};
    desk_followers_begin(&made->desk, &made->city);
    made->followers[0] = made->desk.all[0];
    made->followers[1] = made->desk.all[1];
    made->followers[2] = *wf_holes_follower(made->holes);
    made->city.followers = made->followers;
    made->city.followers_count = 3;
    made_city_make(&made->city);
}

static inline void made_holes_new(made_holes *made, const char *where)
{
    made_holes_new_over(made, where, NULL);
}

static inline void made_holes_done(made_holes *made)
{
    made_city_done(&made->city);
    desk_followers_end(&made->desk);
    wf_holes_free(made->holes);
    wf_arena_done(&made->arena);
}

static inline wf_database *made_holes_reader(made_holes *made)
{
    weft_error error = {0};
    wf_database *db = NULL;
    if (wf_store_reader(made->city.records, &db, &error) != WEFT_OK)
        abort();
    return db;
}

typedef struct {
    made_holes *made;
    wf_buffer *to;
    size_t count;
    const char *before; // of a line
} made_holes_saying;

// "testing/tube_no_result T-1 3202 testing since 2021-12-12 08:00 due 2021-12-12 20:00"
static inline void made_holes_line(made_holes_saying *say, const wf_hole *hole)
{
    char since[WF_TIME_TEXT_MAX], due[WF_TIME_TEXT_MAX];
    made_store *store = &say->made->city.store;
    wf_text subject = hole->subject;
    wf_numbers numbers = wf_numbers_of(store->visits);
    wf_column_type type =
        hole->rule != NULL ? hole->rule->columns[0].about->type : WF_COLUMN_TEXT;
    if (type == WF_COLUMN_PERSON || type == WF_COLUMN_PLACE)
        subject = numbers.text_of(numbers.context, type, (uint32_t)hole->number);
    if (!wf_buffer_printf(say->to, "%s%s %.*s %.*s %.*s since %s due %s\n", say->before,
                          hole->rule != NULL ? hole->rule->name : "?", (int)subject.size,
                          subject.bytes, hole->grid.size > 0 ? (int)hole->grid.size : 1,
                          hole->grid.size > 0 ? hole->grid.bytes : "-",
                          (int)hole->owner.size, hole->owner.bytes,
                          wf_time_text(since, hole->since, store->zone),
                          wf_time_text(due, hole->due_at, store->zone)))
        abort();
    say->count++;
}

static inline bool made_holes_each(void *context, const wf_hole *hole)
{
    made_holes_line(context, hole);
    return true;
}

static inline bool made_holes_differ(void *context, wf_holes_difference difference,
                                     const wf_hole *hole)
{
    made_holes_saying *say = context;
    say->before = difference == WF_HOLES_MISSING ? "missing: " : "extra: ";
    made_holes_line(say, hole);
    return true;
}

// All rows of the table, due or not, in their order; appended to *to. By a reader that is
// there: a server starts a process for each that is opened.
static inline size_t made_holes_list_by(made_holes *made, wf_database *db,
                                        const wf_holes_query *query, wf_buffer *to)
{
    weft_error error = {0};
    made_holes_saying say = {made, to, 0, ""};
    if (wf_holes_list(made->holes, db, query, made_holes_each, &say, &error) != WEFT_OK)
        abort();
    return say.count;
}

static inline size_t made_holes_list(made_holes *made, const wf_holes_query *query,
                                     wf_buffer *to)
{
    wf_database *db = made_holes_reader(made);
    size_t count = made_holes_list_by(made, db, query, to);
    wf_database_close(db);
    return count;
}

// What the full evaluation says that the table does not, and the other way round.
static inline size_t made_holes_check_by(made_holes *made, wf_database *db, wf_buffer *to)
{
    weft_error error = {0};
    made_holes_saying say = {made, to, 0, ""};
    const wf_holes_query all = {.rule = SIZE_MAX};
    if (wf_holes_check(made->holes, db, &all, made_holes_differ, &say, &error) != WEFT_OK)
        abort();
    return say.count;
}

static inline size_t made_holes_check(made_holes *made, wf_buffer *to)
{
    wf_database *db = made_holes_reader(made);
    size_t count = made_holes_check_by(made, db, to);
    wf_database_close(db);
    return count;
}

#endif
