// A small life of a store in steps (facts are sent, applied, delivered, made anew,
// forgotten), and what has to be true after any of them failed: for tests that let
// something fail at every call. Include after cmocka.h.
#ifndef TEST_SUPPORT_STORE_SCRIPT_H
#define TEST_SUPPORT_STORE_SCRIPT_H

#include "store/index/inside.h"
#include "store/store_inside.h"
#include "support/history.h"
#include "support/made_city.h"

enum {
    facts_count = 48,
    batch_size = 6,
    delivered_count = 7,
    index_memory_pairs = 24,
    steps_max = 48
};

// ---- what is done ----

typedef enum { STEP_SEND, STEP_APPLY, STEP_DELIVER, STEP_REBUILD, STEP_PURGE } step_kind;

typedef struct {
    step_kind kind;
    size_t from, count; // SEND: of the arrivals
} step;

typedef struct {
    history h;
    step steps[steps_max];
    size_t count;
    wf_digest after[steps_max + 1]; // of a city where nothing failed, after so many steps
} script;

// Their order of arrival does not matter, so that a step may be done again later.
static inline bool is_observation(const wf_kind *kind)
{
    return kind->kind_class == WF_OBSERVATION;
}

static inline void add_step(script *s, step_kind kind, size_t from, size_t count)
{
    assert_true(s->count < steps_max);
    s->steps[s->count++] = (step){kind, from, count};
}

static inline void write_script(script *s)
{
    memset(s, 0, sizeof *s);
    history_make(wf_desk_kinds(),
                 &(history_options){.seed = 20211130,
                                    .facts_count = facts_count,
                                    .days = 4,
                                    .ids = 4,
                                    .edges = HISTORY_NONE,
                                    .takes = is_observation},
                 &s->h);
    for (size_t from = 0; from < s->h.count; from += batch_size) {
        size_t left = s->h.count - from, number = from / batch_size;
        add_step(s, STEP_SEND, from, left < batch_size ? left : batch_size);
        if (number == 1 || number == 4)
            add_step(s, STEP_APPLY, 0, 0);
        if (number == 2)
            add_step(s, STEP_DELIVER, 0, 0);
        if (number == 3)
            add_step(s, STEP_REBUILD, 0, 0);
        if (number == 5)
            add_step(s, STEP_PURGE, 0, 0);
    }
    add_step(s, STEP_APPLY, 0, 0);
}

// ---- doing it ----

static inline weft_status send_batch(made_city *city, const script *s, const step *one,
                                     weft_error *error)
{
    wf_fact batch[batch_size] = {0};
    wf_verdict verdicts[batch_size];
    for (size_t i = 0; i < one->count; i++)
        history_copy(s->h.arrivals[one->from + i], &batch[i]);
    WF_TRY(
        wf_store_send(city->records, batch, one->count, WF_TIME_NONE, verdicts, error));
    for (size_t i = 0; i < one->count; i++)
        if (verdicts[i].sent == WF_SENT_CONFLICT ||
            (verdicts[i].sent == WF_SENT_REFUSED &&
             strcmp(verdicts[i].why.code, "fact.forgotten") != 0))
            fail_msg("fact %zu: %s", one->from + i, verdicts[i].why.code);
    return WEFT_OK;
}

static inline weft_status deliver_rows(made_city *city, weft_error *error)
{
    const wf_kind *kind = wf_kinds_find(wf_desk_kinds(), WF_TEXT("person.registered"));
    size_t person = wf_kind_field(kind, WF_TEXT("person"));
    char names[delivered_count][16];
    wf_fact facts[delivered_count] = {0};
    bool accepted[delivered_count];
    for (int i = 0; i < delivered_count; i++) {
        snprintf(names[i], sizeof names[i], "P-90%05d", i);
        facts[i].id = (wf_identity){WF_TEXT("import/persons"), 0};
        facts[i].kind = kind;
        facts[i].at = made_time(&city->store, "2021-12-03 09:00");
        facts[i].values[person] = (wf_value){.given = true, .text = wf_text_of(names[i])};
    }
    WF_TRY(wf_store_deliver_begin(city->records, WF_TIME_NONE, error));
    weft_status status =
        wf_store_deliver(city->records, facts, delivered_count, accepted, error);
    if (status != WEFT_OK) {
        wf_store_deliver_rollback(city->records);
        return status;
    }
    return wf_store_deliver_commit(city->records, error);
}

static inline bool keep_id(void *context, wf_id_class id_class, uint32_t number)
{
    (void)context, (void)id_class, (void)number;
    return true; // rows name it
}

// Both books forget the same days.
static inline weft_status purge(made_city *city, weft_error *error)
{
    weft_day before[WF_KEEP_END];
    uint64_t destroyed;
    wf_visits_purge_count count;
    weft_day day =
        wf_zone_day_of(city->store.zone, made_time(&city->store, "2021-12-02 12:00"));
    for (int keep = 0; keep < WF_KEEP_END; keep++)
        before[keep].number = INT32_MIN;
    before[WF_KEEP_TESTING] = day;
    before[WF_KEEP_VISIT].number = day.number + 1;
    WF_TRY(wf_store_purge(city->records, before, &destroyed, error));
    return wf_visits_purge(city->store.visits, before[WF_KEEP_VISIT], keep_id, NULL,
                           &count, error);
}

static inline weft_status do_step(made_city *city, const script *s, size_t at,
                                  weft_error *error)
{
    const step *one = &s->steps[at];
    switch (one->kind) {
    case STEP_SEND:
        return send_batch(city, s, one, error);
    case STEP_APPLY:
        return wf_store_apply(city->records, 5, error);
    case STEP_DELIVER:
        return deliver_rows(city, error);
    case STEP_REBUILD:
        return wf_store_rebuild(city->records, NULL, NULL, error);
    case STEP_PURGE:
        return purge(city, error);
    }
    abort();
}

// ---- the city ----

static inline void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("%s\n", error->code != NULL ? error->code : "?");
    assert_int_equal(status, WEFT_OK);
}

static inline weft_status open_city(made_city *city, const wf_io *io, weft_error *error)
{
    city->records = NULL;
    WF_TRY(made_store_open(&city->store, io, error));
    wf_store_options options = made_city_options(city);
    WF_TRY(wf_store_open(&options, &city->records, error));
    // Runs are written while the history is sent, not only at its end.
    city->records->index->memory_pairs = index_memory_pairs;
    return WEFT_OK;
}

static inline void new_city(made_city *city)
{
    weft_error error = {0};
    *city = (made_city){0};
    made_store_new(&city->store);
    made_store_close(&city->store);
    ok(open_city(city, &city->store.quick, &error), &error);
    made_city_close(city);
}

static inline wf_digest digest_now(made_city *city)
{
    weft_error error = {0};
    ok(wf_store_apply(city->records, 0, &error), &error);
    return made_city_digest(city);
}

static inline void run_unharmed(script *s)
{
    made_city city;
    weft_error error = {0};
    new_city(&city);
    ok(open_city(&city, &city.store.quick, &error), &error);
    s->after[0] = digest_now(&city);
    for (size_t i = 0; i < s->count; i++) {
        ok(do_step(&city, s, i, &error), &error);
        s->after[i + 1] = digest_now(&city);
    }
    made_city_done(&city);
}

static inline void script_new(script *s)
{
    write_script(s);
    run_unharmed(s);
}

// ---- what has to be true afterwards ----

static inline void print_found(void *context, const weft_error *what)
{
    (void)context;
    print_error("found: %s\n", what->code);
}

static inline void check_sound(made_city *city)
{
    weft_error error = {0};
    ok(wf_ledger_verify(wf_store_ledger(city->records), print_found, NULL, &error),
       &error);
    ok(wf_records_verify(wf_store_records(city->records), print_found, NULL, &error),
       &error);
}

typedef struct {
    const script *s;
    unsigned *seen; // of each arrival
} counting;

static inline weft_status count_entry(void *context, const wf_entry *entry,
                                      weft_error *error)
{
    counting *job = context;
    (void)error;
    for (size_t i = 0; i < job->s->h.count; i++)
        job->seen[i] += wf_identity_equal(job->s->h.arrivals[i]->id, entry->fact.id);
    return WEFT_OK;
}

// Facts of the first `steps` are in the ledger once, unless their day takes none; nothing
// is there twice.
static inline void check_once(made_city *city, const script *s, const bool *done)
{
    unsigned seen[facts_count * 2] = {0};
    weft_error error = {0};
    assert_true(s->h.count <= facts_count * 2);
    counting job = {s, seen};
    ok(wf_ledger_scan(wf_store_ledger(city->records), 1, count_entry, &job, &error),
       &error);
    for (size_t i = 0; i < s->count; i++)
        for (size_t at = 0; at < s->steps[i].count; at++) {
            const wf_fact *fact = s->h.arrivals[s->steps[i].from + at];
            unsigned times = seen[s->steps[i].from + at];
            bool taken = wf_ledger_takes(wf_store_ledger(city->records), fact->kind->keep,
                                         wf_fact_kept_at(fact), &error) == WEFT_OK;
            assert_true(times <= 1);
            if (done[i] && taken)
                assert_int_equal(times, 1);
        }
}

static inline void check_end(made_city *city, const script *s)
{
    bool all[steps_max];
    memset(all, true, sizeof all);
    assert_true(made_digests_equal(digest_now(city), s->after[s->count]));
    check_once(city, s, all);
    check_sound(city);
}

// Opens it on a healthy disk after the steps before `at` were acknowledged and that one
// was not; then goes on from there.
static inline void check_after(made_city *city, const script *s, size_t at)
{
    weft_error error = {0};
    bool done[steps_max] = {0};
    for (size_t i = 0; i < at; i++)
        done[i] = true;
    ok(open_city(city, &city->store.quick, &error), &error);
    wf_digest now = digest_now(city);
    // A purge of more classes than one may be cut off between them.
    bool half_purged = at < s->count && s->steps[at].kind == STEP_PURGE;
    assert_true(half_purged || made_digests_equal(now, s->after[at]) ||
                made_digests_equal(now, s->after[at < s->count ? at + 1 : at]));
    check_once(city, s, done);
    check_sound(city);
    for (size_t i = at; i < s->count; i++)
        ok(do_step(city, s, i, &error), &error);
    check_end(city, s);
    made_city_close(city);
    ok(open_city(city, &city->store.quick, &error), &error);
    check_end(city, s);
}

#endif
