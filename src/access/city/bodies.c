// What is stated becomes rows as what is imported does: one rule of minutes and seconds
// (load/span.h). The table of the day on which a stay begins has its body and all of its
// rows, also those of the days it runs on to.
#include "access/city/bodies.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "desk/register/kinds.h"
#include "load/span.h"
#include "visits/stated.h"
#include "wire/mapping.h"

struct wf_stated_bodies {
    wf_bodies hook;
    wf_visits *visits;
    wf_calendar calendar;
    pthread_mutex_t lock; // of the tables that were read last
    wf_stated_guard guard;
};

static void lock(wf_stated_bodies *bodies)
{
    WF_ASSERT(pthread_mutex_lock(&bodies->lock) == 0);
}

static void unlock(wf_stated_bodies *bodies)
{
    WF_ASSERT(pthread_mutex_unlock(&bodies->lock) == 0);
}

// Whether there is something to do that others must not see half done: then they are kept
// out until `leave`.
static bool enter(wf_stated_bodies *bodies)
{
    bool due = wf_stated_is_due(bodies->visits);
    if (due && bodies->guard.enter != NULL)
        bodies->guard.enter(bodies->guard.context);
    if (due)
        lock(bodies);
    return due;
}

static void leave(wf_stated_bodies *bodies)
{
    unlock(bodies);
    if (bodies->guard.leave != NULL)
        bodies->guard.leave(bodies->guard.context);
}

void wf_stated_bodies_guard(wf_stated_bodies *bodies, const wf_stated_guard *guard)
{
    bodies->guard = guard != NULL ? *guard : (wf_stated_guard){0};
}

// ---- a fact ----

static const wf_value *value_of(const wf_fact *fact, const char *field)
{
    size_t place = wf_kind_field(fact->kind, wf_text_of(field));
    WF_ASSERT(place != SIZE_MAX);
    return &fact->values[place];
}

static bool is_visit(const wf_fact *fact)
{
    WF_ASSERT(fact->kind->number == wf_kind_visit_stated.number ||
              fact->kind->number == wf_kind_encounter_named.number);
    return fact->kind->number == wf_kind_visit_stated.number;
}

static int64_t unit_of(const wf_fact *fact)
{
    return is_visit(fact) ? WF_US_PER_MINUTE : WF_US_PER_S;
}

// What is wrong, as a code, or NULL.
static const char *span_of(wf_stated_bodies *bodies, const wf_fact *fact, weft_day day,
                           wf_load_span *ret)
{
    weft_time start = {value_of(fact, "start")->number};
    const wf_value *end = value_of(fact, "end");
    weft_time until = {end->given ? end->number
                                  : start.us + WF_MAPPING_STAY_MIN * WF_US_PER_MINUTE};
    return wf_load_span_of(&bodies->calendar, unit_of(fact), day, start, until, ret);
}

// ---- what is taken ----

static weft_status takes(void *context, const wf_fact *fact, weft_day day,
                         weft_error *error)
{
    wf_stated_bodies *bodies = context;
    wf_load_span span;
    const char *code = span_of(bodies, fact, day, &span);
    if (code != NULL) {
        WF_IGNORE(wf_fail(error, WEFT_BAD_INPUT, code, NULL), "the field is added");
        wf_error_at(error, NULL, 0, "end");
        return WEFT_BAD_INPUT;
    }
    lock(bodies);
    weft_status status = wf_stated_takes(bodies->visits, day, error);
    unlock(bodies);
    return status;
}

// ---- rows ----

typedef struct {
    wf_stated_visit visits[WF_STATED_DAYS_MAX];
    wf_stated_encounter encounters[WF_STATED_DAYS_MAX];
    size_t count;
    uint32_t one, other; // person and place; or two persons
} rows;

static weft_status intern(wf_stated_bodies *bodies, const wf_fact *fact, rows *to,
                          weft_error *error)
{
    wf_ids *ids = wf_visits_ids(bodies->visits);
    bool visit = is_visit(fact);
    WF_TRY(wf_ids_intern_many(ids, WF_ID_PERSON,
                              &value_of(fact, visit ? "person" : "a")->text, 1, &to->one,
                              error));
    return wf_ids_intern_many(ids, visit ? WF_ID_PLACE : WF_ID_PERSON,
                              &value_of(fact, visit ? "place" : "b")->text, 1, &to->other,
                              error);
}

static void add_piece(const wf_fact *fact, weft_day day, const wf_load_piece *part,
                      rows *to)
{
    WF_ASSERT(to->count < WF_STATED_DAYS_MAX);
    if (is_visit(fact))
        to->visits[to->count++] = (wf_stated_visit){day,
                                                    {.person = to->one,
                                                     .place = to->other,
                                                     .start = (uint16_t)part->start,
                                                     .end = (uint16_t)part->end,
                                                     .marks = part->marks}};
    else
        to->encounters[to->count++] =
            (wf_stated_encounter){day,
                                  {.a = to->one < to->other ? to->one : to->other,
                                   .b = to->one < to->other ? to->other : to->one,
                                   .start = part->start,
                                   .end = part->end,
                                   .marks = part->marks}};
}

static weft_status make_rows(wf_stated_bodies *bodies, const wf_fact *fact, weft_day day,
                             rows *to, weft_error *error)
{
    wf_load_span span;
    const char *wrong = span_of(bodies, fact, day, &span);
    WF_ASSERT(wrong == NULL); // it was taken
    WF_TRY(intern(bodies, fact, to, error));
    bool guessed =
        is_visit(fact) &&
        (!value_of(fact, "end")->given ||
         (value_of(fact, "guessed")->given && value_of(fact, "guessed")->number != 0));
    for (int32_t at = span.first.number; at <= span.last.number; at++) {
        wf_load_piece part;
        if (!wf_load_span_piece(&bodies->calendar, unit_of(fact), &span, (weft_day){at},
                                &part))
            continue;
        part.marks |= guessed ? WF_MARK_END_GUESSED : 0;
        add_piece(fact, (weft_day){at}, &part, to);
    }
    return WEFT_OK;
}

static wf_text text_or_none(const wf_value *value)
{
    return value->given ? value->text : WF_TEXT("");
}

static weft_status put(void *context, const wf_fact *fact, weft_day day, wf_text body,
                       weft_error *error)
{
    wf_stated_bodies *bodies = context;
    rows made = {.count = 0};
    bool visit = is_visit(fact);
    WF_TRY(make_rows(bodies, fact, day, &made, error));
    wf_stated entry = {.day = day,
                       .id = fact->id,
                       .kind = fact->kind->number,
                       .body = body,
                       .seat = visit ? text_or_none(value_of(fact, "seat")) : WF_TEXT(""),
                       .setting =
                           visit ? WF_TEXT("") : text_or_none(value_of(fact, "setting")),
                       .visits = made.visits,
                       .visits_count = visit ? made.count : 0,
                       .encounters = made.encounters,
                       .encounters_count = visit ? 0 : made.count};
    lock(bodies);
    weft_status status = wf_stated_put(bodies->visits, &entry, error);
    unlock(bodies);
    return status;
}

// ---- a change ----

static weft_status commit(void *context, weft_error *error)
{
    wf_stated_bodies *bodies = context;
    if (!enter(bodies))
        return WEFT_OK;
    weft_status status = wf_stated_commit(bodies->visits, error);
    leave(bodies);
    return status;
}

static void committed(void *context)
{
    wf_stated_bodies *bodies = context;
    if (!enter(bodies))
        return;
    wf_stated_count(bodies->visits);
    leave(bodies);
}

static void rollback(void *context, bool unsure)
{
    wf_stated_bodies *bodies = context;
    if (!enter(bodies))
        return;
    wf_stated_rollback(bodies->visits, unsure);
    leave(bodies);
}

// ---- reading ----

static weft_status find(void *context, wf_identity id, weft_day day, wf_arena *arena,
                        bool *ret_found, wf_text *ret, weft_error *error)
{
    wf_stated_bodies *bodies = context;
    weft_error found = {0};
    uint32_t kind;
    lock(bodies);
    weft_status status =
        wf_stated_find(bodies->visits, day, id, arena, ret, &kind, &found);
    unlock(bodies);
    *ret_found = status == WEFT_OK;
    if (status == WEFT_OK || status == WEFT_NOT_FOUND || status == WEFT_FORGOTTEN ||
        status == WEFT_KEYLESS || status == WEFT_DAMAGED)
        return WEFT_OK;
    *error = found;
    return status;
}

typedef struct {
    const wf_stated_bodies *bodies;
    wf_body_is_known *is_known;
    wf_body_visitor *visit;
    void *store;
} asking;

static weft_status drop_unknown(void *context, const wf_stated *entry, bool counted,
                                weft_error *error)
{
    const asking *job = context;
    bool known = false;
    (void)counted;
    WF_TRY(job->is_known(job->store, entry->id, entry->day, entry->body, &known, error));
    return known ? WEFT_OK
                 : wf_stated_drop(job->bodies->visits, entry->day, entry->id, error);
}

static const weft_day first_day = {INT32_MIN}, end_of_days = {INT32_MAX};

static weft_status settle(void *context, wf_body_is_known *is_known, void *store,
                          weft_error *error)
{
    wf_stated_bodies *bodies = context;
    asking job = {.bodies = bodies, .is_known = is_known, .store = store};
    wf_stated_ask(bodies->visits);
    weft_status status = wf_stated_each(bodies->visits, first_day, end_of_days, true,
                                        drop_unknown, &job, NULL, error);
    if (status == WEFT_OK)
        status = wf_stated_commit(bodies->visits, error);
    if (status == WEFT_OK)
        wf_stated_count(bodies->visits);
    else
        wf_stated_rollback(bodies->visits, false);
    return status;
}

// ---- life ----

static weft_status set_dead(void *context, wf_identity id, weft_day day, bool dead,
                            weft_error *error)
{
    return wf_stated_set_dead(((wf_stated_bodies *)context)->visits, day, id, dead,
                              error);
}

static weft_status write_life(void *context, uint64_t position, weft_error *error)
{
    wf_stated_bodies *bodies = context;
    bool due = enter(bodies);
    weft_status status = wf_stated_write_life(bodies->visits, position, error);
    if (due)
        leave(bodies);
    return status;
}

static uint64_t life_position(void *context)
{
    return wf_stated_life_position(((const wf_stated_bodies *)context)->visits);
}

static weft_status visit_body(void *context, const wf_stated *entry, bool counted,
                              weft_error *error)
{
    const asking *job = context;
    (void)counted;
    return job->visit(job->store, entry->id, entry->day, entry->dead, error);
}

static weft_status each(void *context, wf_body_visitor *visit, void *store,
                        weft_error *error)
{
    wf_stated_bodies *bodies = context;
    asking job = {.bodies = bodies, .visit = visit, .store = store};
    return wf_stated_each(bodies->visits, first_day, end_of_days, false, visit_body, &job,
                          NULL, error);
}

// ---- the hook ----

weft_status wf_stated_bodies_new(wf_visits *visits, const wf_zone *zone,
                                 wf_stated_bodies **ret, weft_error *error)
{
    wf_stated_bodies *bodies = calloc(1, sizeof *bodies);
    if (bodies == NULL)
        return wf_fail_memory(error);
    bodies->visits = visits;
    WF_ASSERT(pthread_mutex_init(&bodies->lock, NULL) == 0);
    wf_calendar_init(&bodies->calendar, zone);
    bodies->hook = (wf_bodies){.takes = takes,
                               .put = put,
                               .commit = commit,
                               .committed = committed,
                               .rollback = rollback,
                               .find = find,
                               .settle = settle,
                               .set_dead = set_dead,
                               .write_life = write_life,
                               .life_position = life_position,
                               .each = each,
                               .context = bodies};
    *ret = bodies;
    return WEFT_OK;
}

void wf_stated_bodies_free(wf_stated_bodies *bodies)
{
    if (bodies == NULL)
        return;
    WF_ASSERT(pthread_mutex_destroy(&bodies->lock) == 0);
    free(bodies);
}

const wf_bodies *wf_stated_bodies_hook(const wf_stated_bodies *bodies)
{
    return &bodies->hook;
}
