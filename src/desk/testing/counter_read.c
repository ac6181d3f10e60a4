#include "base/parallel.h"
#include "desk/testing/counter_inside.h"
#include "desk/testing/sql.h"

enum { rows_between_looks = 4096 };

wf_presence wf_counter_presence(bool said, bool present, wf_text reason)
{
    if (said && present)
        return WF_PRESENCE_HERE;
    if (!said || reason.size == 0)
        return WF_PRESENCE_UNSAID;
    if (wf_text_equal(reason, WF_TEXT("moved")) || wf_text_equal(reason, WF_TEXT("died")))
        return WF_PRESENCE_GONE;
    return WF_PRESENCE_AWAY;
}

typedef struct {
    wf_database *db;
    const atomic_bool *stop;
    wf_counter_moment *moment;
    wf_buffer persons; // of wf_population_row
} reading;

static bool is_stopped(const reading *all, uint64_t rows)
{
    return all->stop != NULL && rows % rows_between_looks == 0 && atomic_load(all->stop);
}

// Calls `row` for each row of a statement, which it frees.
static weft_status each_row(reading *all, wf_statement *statement,
                            weft_status (*row)(reading *all, const wf_statement *at,
                                               weft_error *error),
                            weft_error *error)
{
    bool more = false;
    uint64_t rows = 0;
    weft_status status = wf_statement_step(statement, &more, error);
    while (status == WEFT_OK && more) {
        status = is_stopped(all, ++rows) ? WEFT_INTERRUPTED : row(all, statement, error);
        if (status == WEFT_OK)
            status = wf_statement_step(statement, &more, error);
    }
    wf_statement_free(statement);
    return status;
}

static weft_status read_number(const reading *all, const wf_statement *at, int column,
                               uint32_t *ret, weft_error *error)
{
    int64_t number = wf_statement_i64(at, column);
    if (number < 0 || number >= WF_NUMBER_LIMIT)
        return wf_database_damaged(all->db, error);
    *ret = (uint32_t)number;
    return WEFT_OK;
}

// ---- everybody ----

static weft_status read_person(reading *all, const wf_statement *at, weft_error *error)
{
    wf_population_row row = {0};
    uint32_t building = WF_BUILDING_NOWHERE;
    WF_TRY(read_number(all, at, wf_counter_person, &row.person, error));
    if (!wf_population_building(all->moment->population,
                                wf_statement_text(at, wf_counter_grid), &building))
        return wf_fail_memory(error);
    row.said = wf_population_say(
        building, wf_counter_presence(!wf_statement_is_null(at, wf_counter_present),
                                      wf_statement_i64(at, wf_counter_present) != 0,
                                      wf_statement_text(at, wf_counter_reason)));
    return wf_buffer_append(&all->persons, &row, sizeof row) ? WEFT_OK
                                                             : wf_fail_memory(error);
}

static weft_status read_persons(reading *all, weft_error *error)
{
    wf_statement *persons = NULL;
    WF_TRY(wf_database_prepare(all->db, WF_SQL_PERSONS, &persons, error));
    weft_status status = each_row(all, persons, read_person, error);
    if (status == WEFT_OK &&
        !wf_population_fill(all->moment->population,
                            (const wf_population_row *)(const void *)all->persons.bytes,
                            all->persons.size / sizeof(wf_population_row),
                            wf_parallel_threads()))
        status = wf_fail_memory(error);
    wf_buffer_done(&all->persons);
    return status;
}

static weft_status read_pair(reading *all, const wf_statement *at, weft_error *error)
{
    uint32_t pair[2];
    WF_TRY(read_number(all, at, 0, &pair[0], error));
    WF_TRY(read_number(all, at, 1, &pair[1], error));
    return wf_buffer_append(&all->moment->same, pair, sizeof pair)
               ? WEFT_OK
               : wf_fail_memory(error);
}

static weft_status read_everybody(reading *all, weft_error *error)
{
    wf_statement *same = NULL;
    WF_TRY(read_persons(all, error));
    WF_TRY(wf_database_prepare(all->db, WF_SQL_SAME, &same, error));
    return each_row(all, same, read_pair, error);
}

// ---- a round ----

static weft_status read_sample(reading *all, const wf_statement *at, weft_error *error)
{
    uint32_t person = 0;
    WF_TRY(read_number(all, at, 0, &person, error));
    return wf_buffer_append(&all->moment->samples, &person, sizeof person)
               ? WEFT_OK
               : wf_fail_memory(error);
}

static weft_status read_samples(reading *all, const wf_counter_round *of,
                                weft_error *error)
{
    wf_statement *samples = NULL;
    const char *sql = of->round_size == 0 ? WF_SQL_SAMPLED : WF_SQL_SAMPLED_IN;
    WF_TRY(wf_database_prepare(all->db, sql, &samples, error));
    wf_statement_bind_i64(samples, 0, of->since_us);
    if (of->round_size > 0)
        wf_statement_bind_text(samples, 1, (wf_text){of->round, of->round_size});
    return each_row(all, samples, read_sample, error);
}

// ---- a moment ----

weft_status wf_counter_fix_moment(wf_database *db, weft_error *error)
{
    wf_statement *anybody = NULL;
    bool is = false;
    WF_TRY(wf_database_prepare(db, WF_SQL_ANYBODY, &anybody, error));
    weft_status status = wf_statement_step(anybody, &is, error);
    wf_statement_free(anybody);
    return status;
}

weft_status wf_counter_read(wf_database *db, const wf_counter_round *round,
                            const atomic_bool *stop, wf_counter_moment *to,
                            weft_error *error)
{
    reading all = {.db = db, .stop = stop, .moment = to};
    if (to->population != NULL)
        WF_TRY(read_everybody(&all, error));
    return read_samples(&all, round, error);
}

void wf_counter_moment_done(wf_counter_moment *moment)
{
    wf_population_free(moment->population);
    wf_buffer_done(&moment->same);
    wf_buffer_done(&moment->samples);
    *moment = (wf_counter_moment){0};
}
