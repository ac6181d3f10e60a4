#include "desk/tracing/work.h"

#include <stdlib.h>

#include "desk/asked_sql.h"
#include "desk/declare.h"
#include "desk/register/alias.h"

const char *wf_work_state_word(wf_work_state state)
{
    static const char *const words[WF_WORK_STATES] = {[WF_WORK_UNIDENTIFIED] =
                                                          "unidentified",
                                                      [WF_WORK_SUGGESTED] = "suggested",
                                                      [WF_WORK_NAMED] = "named",
                                                      [WF_WORK_CONFIRMED] = "confirmed",
                                                      [WF_WORK_REACHED] = "reached",
                                                      [WF_WORK_PLACED] = "placed",
                                                      [WF_WORK_TESTED] = "tested",
                                                      [WF_WORK_CONVERTED] = "converted",
                                                      [WF_WORK_DISMISSED] = "dismissed"};
    return words[state];
}

// ---- reading ----

typedef struct {
    wf_database *db;
    wf_text case_id;
    wf_arena *arena;
    wf_work_row *rows;
    size_t count, capacity;
    size_t stored;     // rows of persons that facts name, by number
    wf_buffer aliases; // of wf_alias_shown
    wf_work_gone *gone;
    size_t gone_count, gone_capacity;
} work_job;

static weft_time time_of(const wf_statement *row, int column)
{
    return wf_statement_is_null(row, column) ? WF_TIME_NONE
                                             : (weft_time){wf_statement_i64(row, column)};
}

static weft_status word_of(work_job *job, const wf_statement *row, int column,
                           wf_text *ret, weft_error *error)
{
    wf_text text = wf_statement_text(row, column);
    *ret = text;
    if (text.size == 0)
        return WEFT_OK;
    *ret = wf_arena_text(job->arena, text);
    return ret->bytes == NULL ? wf_fail_memory(error) : WEFT_OK;
}

static wf_level level_of(const wf_statement *row, int column, wf_level otherwise)
{
    wf_text word = wf_statement_text(row, column);
    if (wf_text_equal(word, WF_TEXT("close")))
        return WF_LEVEL_CLOSE;
    if (wf_text_equal(word, WF_TEXT("secondary")))
        return WF_LEVEL_SECONDARY;
    return wf_text_equal(word, WF_TEXT("general")) ? WF_LEVEL_GENERAL : otherwise;
}

static weft_status add_row(work_job *job, const wf_work_row *row, weft_error *error)
{
    wf_work_row *rows =
        wf_arena_grow(job->arena, job->rows, job->count, &job->capacity, sizeof *rows);
    if (rows == NULL)
        return wf_fail_memory(error);
    job->rows = rows;
    rows[job->count++] = *row;
    return WEFT_OK;
}

wf_work_row wf_work_row_empty(void)
{
    return (wf_work_row){.person = {WF_NUMBER_NONE},
                         .exposed_from = WF_TIME_NONE,
                         .exposed_until = WF_TIME_NONE,
                         .named_at = WF_TIME_NONE,
                         .confirmed_at = WF_TIME_NONE,
                         .dismissed_at = WF_TIME_NONE,
                         .attempted_at = WF_TIME_NONE,
                         .reached_at = WF_TIME_NONE,
                         .placed_at = WF_TIME_NONE,
                         .tested_at = WF_TIME_NONE,
                         .converted_at = WF_TIME_NONE,
                         .found_until = WF_TIME_NONE,
                         .then = {.at = WF_TIME_NONE,
                                  .exposed_until = WF_TIME_NONE,
                                  .seconds = -1,
                                  .probability_ppm = -1}};
}

// Columns 0 to 9 of both statements that tell of work on a person.
static weft_status read_follow(work_job *job, const wf_statement *from, wf_work_row *row,
                               weft_error *error)
{
    row->attempts = wf_statement_is_null(from, 1) ? 0 : wf_statement_i64(from, 1);
    row->attempted_at = time_of(from, 2);
    row->reached_at = time_of(from, 4);
    row->placed_at = time_of(from, 5);
    row->tested_at = time_of(from, 7);
    row->converted_at = time_of(from, 9);
    WF_TRY(word_of(job, from, 3, &row->attempt, error));
    WF_TRY(word_of(job, from, 6, &row->placed_in, error));
    return word_of(job, from, 8, &row->result, error);
}

// Who was dismissed and confirmed again is a contact; in the same moment, too, as the
// view of contacts has it.
static wf_work_state state_of(const wf_work_row *row, weft_time last_confirmed)
{
    if (!weft_time_is_none(row->dismissed_at) &&
        (weft_time_is_none(last_confirmed) || row->dismissed_at.us > last_confirmed.us))
        return WF_WORK_DISMISSED;
    if (!weft_time_is_none(row->converted_at))
        return WF_WORK_CONVERTED;
    if (weft_time_is_none(row->confirmed_at))
        return WF_WORK_NAMED;
    if (!weft_time_is_none(row->tested_at))
        return WF_WORK_TESTED;
    if (!weft_time_is_none(row->placed_at))
        return WF_WORK_PLACED;
    return weft_time_is_none(row->reached_at) ? WF_WORK_CONFIRMED : WF_WORK_REACHED;
}

static weft_status read_contact(work_job *job, const wf_statement *from,
                                weft_error *error)
{
    wf_work_row row = wf_work_row_empty();
    row.person.number = (uint32_t)wf_statement_i64(from, 0);
    WF_TRY(read_follow(job, from, &row, error));
    // Without a level nobody has judged the look-up's is taken, else the careful one.
    row.level = level_of(from, 10, WF_LEVEL_CLOSE);
    row.exposed_from = time_of(from, 11);
    row.exposed_until = time_of(from, 12);
    row.named_at = time_of(from, 13);
    row.confirmed_at = time_of(from, 14);
    row.dismissed_at = time_of(from, 16);
    WF_TRY(word_of(job, from, 17, &row.dismissed_for, error));
    row.state = state_of(&row, time_of(from, 15));
    return add_row(job, &row, error);
}

static weft_status read_unidentified(work_job *job, const wf_statement *from,
                                     weft_error *error)
{
    wf_work_row row = wf_work_row_empty();
    WF_TRY(word_of(job, from, 0, &row.contact, error));
    row.level = level_of(from, 1, WF_LEVEL_CLOSE);
    row.exposed_from = time_of(from, 2);
    row.exposed_until = time_of(from, 3);
    row.named_at = time_of(from, 4);
    return add_row(job, &row, error);
}

// ---- ids that are one person ----

// The id under which lists show the person who has this one.
static uint32_t shown_of(const work_job *job, uint32_t person)
{
    const wf_alias_shown *of = wf_alias_find_shown(&job->aliases, person);
    return of == NULL ? person : of->shown;
}

static weft_time earlier(weft_time a, weft_time b)
{
    return weft_time_is_none(b) || (!weft_time_is_none(a) && a.us <= b.us) ? a : b;
}

static weft_time later(weft_time a, weft_time b)
{
    return weft_time_is_none(b) || (!weft_time_is_none(a) && a.us >= b.us) ? a : b;
}

// What was done for one of their ids was done for them.
static void join_work(wf_work_row *to, const wf_work_row *more)
{
    if (weft_time_is_none(to->placed_at) || to->placed_in.size == 0)
        to->placed_in = more->placed_in;
    if (weft_time_is_none(to->tested_at) || to->result.size == 0)
        to->result = more->result;
    if (later(to->attempted_at, more->attempted_at).us != to->attempted_at.us)
        to->attempt = more->attempt;
    to->attempts += more->attempts;
    to->attempted_at = later(to->attempted_at, more->attempted_at);
    to->reached_at = earlier(to->reached_at, more->reached_at);
    to->placed_at = earlier(to->placed_at, more->placed_at);
    to->tested_at = earlier(to->tested_at, more->tested_at);
    to->converted_at = earlier(to->converted_at, more->converted_at);
}

// The look-up's line of theirs that asks to be called first.
static void join_found(wf_work_row *to, const wf_contact *found)
{
    if (to->found != NULL && (to->priority > found->rank ||
                              (to->priority == found->rank && to->found < found)))
        return;
    to->found = found;
    to->priority = found->rank;
}

static int by_person(const void *a, const void *b)
{
    uint32_t one = ((const wf_work_row *)a)->person.number;
    uint32_t other = ((const wf_work_row *)b)->person.number;
    return (one > other) - (one < other);
}

// Among the `count` rows that are sorted by person; NULL: they are not there.
static wf_work_row *find_row(wf_work_row *rows, size_t count, uint32_t person)
{
    wf_work_row key = {.person = {person}};
    return count == 0 ? NULL : bsearch(&key, rows, count, sizeof key, by_person);
}

// Work on people whom the look-up alone suggests, and who are contacts of another case of
// the outbreak.
static weft_status read_work(work_job *job, const wf_statement *from, weft_error *error)
{
    wf_work_row *row = find_row(job->rows + job->stored, job->count - job->stored,
                                shown_of(job, (uint32_t)wf_statement_i64(from, 0)));
    wf_work_row more = wf_work_row_empty();
    if (row == NULL)
        return WEFT_OK;
    WF_TRY(read_follow(job, from, &more, error));
    join_work(row, &more);
    return WEFT_OK;
}

static weft_status read_all(work_job *job, const char *sql,
                            weft_status (*read)(work_job *job, const wf_statement *from,
                                                weft_error *error),
                            weft_error *error)
{
    wf_statement *row = NULL;
    bool found = true;
    WF_TRY(wf_database_prepare(job->db, sql, &row, error));
    wf_statement_bind_text(row, 0, job->case_id);
    weft_status status = WEFT_OK;
    while (status == WEFT_OK) {
        status = wf_statement_step(row, &found, error);
        if (status != WEFT_OK || !found)
            break;
        status = read(job, row, error);
    }
    wf_statement_free(row);
    return status;
}

// ---- what the look-up found ----

static weft_status add_found(work_job *job, const wf_contact *found, weft_error *error)
{
    uint32_t person = shown_of(job, found->person.number);
    wf_work_row *row = find_row(job->rows, job->stored, person);
    if (row != NULL) {
        join_found(row, found);
        return WEFT_OK;
    }
    wf_work_row made = wf_work_row_empty();
    made.person.number = person;
    made.state = WF_WORK_SUGGESTED;
    made.level = found->level;
    join_found(&made, found);
    return add_row(job, &made, error);
}

// Whom the look-up alone found by several of their ids is one row, of the stronger level.
static void join_suggested(work_job *job)
{
    size_t kept = job->stored;
    if (job->count == job->stored)
        return;
    qsort(job->rows + job->stored, job->count - job->stored, sizeof *job->rows,
          by_person);
    for (size_t i = job->stored + 1; i < job->count; i++) {
        wf_work_row *last = &job->rows[kept], *row = &job->rows[i];
        if (last->person.number != row->person.number) {
            job->rows[++kept] = *row;
            continue;
        }
        join_found(last, row->found);
        if (row->level < last->level)
            last->level = row->level;
    }
    job->count = kept + 1;
}

static weft_status add_all_found(work_job *job, const wf_contacts *found,
                                 weft_error *error)
{
    job->stored = job->count;
    for (size_t i = 0; i < found->contacts_count; i++)
        WF_TRY(add_found(job, &found->contacts[i], error));
    join_suggested(job);
    return read_all(job, WF_SQL_WORK_FOLLOW, read_work, error);
}

// ---- how it stood when somebody went through it ----

static weft_status add_gone(work_job *job, const wf_work_gone *gone, weft_error *error)
{
    // Several ids of one person are one who is gone.
    for (size_t i = 0; i < job->gone_count; i++) {
        wf_work_gone *one = &job->gone[i];
        if (gone->person.number != WF_NUMBER_NONE &&
            one->person.number == gone->person.number) {
            one->reviewed_at = later(one->reviewed_at, gone->reviewed_at);
            return WEFT_OK;
        }
    }
    wf_work_gone *all = wf_arena_grow(job->arena, job->gone, job->gone_count,
                                      &job->gone_capacity, sizeof *all);
    if (all == NULL)
        return wf_fail_memory(error);
    job->gone = all;
    all[job->gone_count++] = *gone;
    return WEFT_OK;
}

// Columns 1 to 7 of both statements that tell of it; `row` NULL: it is not there.
static weft_status read_review(work_job *job, const wf_statement *from, wf_work_row *row,
                               wf_work_gone gone, weft_error *error)
{
    wf_work_review then = {.at = time_of(from, 1),
                           .rank = (uint64_t)wf_statement_i64(from, 2),
                           .level = level_of(from, 3, WF_LEVEL_CLOSE),
                           .exposed_until = time_of(from, 4),
                           .seconds = -1,
                           .probability_ppm = -1};
    gone.reviewed_at = then.at;
    if (row == NULL)
        return then.rank > 0 ? add_gone(job, &gone, error) : WEFT_OK;
    if (!weft_time_is_none(row->then.at) && row->then.at.us >= then.at.us)
        return WEFT_OK; // of two ids of theirs what was gone through last
    if (!wf_statement_is_null(from, 5))
        then.seconds = wf_statement_i64(from, 5);
    if (!wf_statement_is_null(from, 6))
        then.probability_ppm = wf_statement_i64(from, 6);
    WF_TRY(word_of(job, from, 7, &then.result, error));
    row->then = then;
    return WEFT_OK;
}

static weft_status read_reviewed(work_job *job, const wf_statement *from,
                                 weft_error *error)
{
    uint32_t person = shown_of(job, (uint32_t)wf_statement_i64(from, 0));
    wf_work_row *row = find_row(job->rows, job->stored, person);
    if (row == NULL)
        row = find_row(job->rows + job->stored, job->count - job->stored, person);
    const wf_work_gone gone = {.person = {person}, .identified = {WF_NUMBER_NONE}};
    return read_review(job, from, row, gone, error);
}

// After the rows of persons stand those of unidentified contacts, by id.
static int by_contact(const void *a, const void *b)
{
    return wf_text_compare(((const wf_work_row *)a)->contact,
                           ((const wf_work_row *)b)->contact);
}

static weft_status read_reviewed_unidentified(work_job *job, const wf_statement *from,
                                              weft_error *error)
{
    wf_work_row key = {.contact = wf_statement_text(from, 0)}, *row = NULL;
    wf_work_gone gone = {.person = {WF_NUMBER_NONE}, .identified = {WF_NUMBER_NONE}};
    if (!wf_statement_is_null(from, 8))
        gone.identified.number = (uint32_t)wf_statement_i64(from, 8);
    if (job->count > job->stored)
        row = bsearch(&key, job->rows + job->stored, job->count - job->stored, sizeof key,
                      by_contact);
    if (row == NULL)
        WF_TRY(word_of(job, from, 0, &gone.contact, error));
    return read_review(job, from, row, gone, error);
}

static weft_status read_unidentified_rows(work_job *job, weft_error *error)
{
    job->stored = job->count;
    WF_TRY(read_all(job, WF_SQL_WORK_UNIDENTIFIED, read_unidentified, error));
    // In the order of bytes, whatever that of the database is.
    if (job->count > job->stored)
        qsort(job->rows + job->stored, job->count - job->stored, sizeof *job->rows,
              by_contact);
    return read_all(job, WF_SQL_WORK_REVIEWED_UNIDENTIFIED, read_reviewed_unidentified,
                    error);
}

weft_status wf_work_read(wf_database *db, wf_text case_id, const wf_contacts *found,
                         wf_arena *arena, wf_work *ret, weft_error *error)
{
    work_job job = {.db = db, .case_id = case_id, .arena = arena};
    weft_status status = wf_alias_read_shown(db, &job.aliases, error);
    if (status == WEFT_OK)
        status = read_all(&job, WF_SQL_WORK_CONTACTS, read_contact, error);
    if (status == WEFT_OK)
        status = add_all_found(&job, found, error);
    if (status == WEFT_OK)
        status = read_all(&job, WF_SQL_WORK_REVIEWED, read_reviewed, error);
    wf_buffer_done(&job.aliases);
    if (status != WEFT_OK)
        return status;
    WF_TRY(read_unidentified_rows(&job, error));
    wf_work work = {.rows = job.rows,
                    .count = job.count,
                    .gone = job.gone,
                    .gone_count = job.gone_count};
    wf_work_settle(&work);
    *ret = work;
    return WEFT_OK;
}

// ---- order ----

static bool is_called(const wf_work_row *row)
{
    switch (row->state) {
    case WF_WORK_UNIDENTIFIED:
    case WF_WORK_SUGGESTED:
    case WF_WORK_NAMED:
    case WF_WORK_CONFIRMED:
        // Whoever is in the place of isolation was reached.
        return weft_time_is_none(row->reached_at) && weft_time_is_none(row->placed_at) &&
               weft_time_is_none(row->converted_at);
    default:
        return false;
    }
}

// Those who are called, by level; then what is not known, then by priority; then who was
// exposed last, and by id. A total order: ids differ.
static int by_order(const void *a, const void *b)
{
    const wf_work_row *one = a, *other = b;
    if (is_called(one) != is_called(other))
        return is_called(one) ? -1 : 1;
    if (one->state != other->state && !is_called(one))
        return one->state < other->state ? -1 : 1;
    if (one->level != other->level)
        return one->level < other->level ? -1 : 1;
    if ((one->found == NULL) != (other->found == NULL))
        return one->found == NULL ? -1 : 1;
    if (one->priority != other->priority)
        return one->priority > other->priority ? -1 : 1;
    if (one->exposed_until.us != other->exposed_until.us)
        return one->exposed_until.us > other->exposed_until.us ? -1 : 1;
    int by_number = by_person(one, other);
    return by_number != 0 ? by_number : wf_text_compare(one->contact, other->contact);
}

weft_time wf_work_worked_at(const wf_work_row *row)
{
    weft_time steps[] = {row->confirmed_at, row->dismissed_at, row->attempted_at,
                         row->reached_at,   row->placed_at,    row->tested_at},
              ret = WF_TIME_NONE;
    for (size_t i = 0; i < COUNT_OF(steps); i++)
        ret = later(ret, steps[i]);
    return ret;
}

void wf_work_settle(wf_work *work)
{
    if (work->count > 0)
        qsort(work->rows, work->count, sizeof *work->rows, by_order);
    *work = (wf_work){.rows = work->rows,
                      .count = work->count,
                      .gone = work->gone,
                      .gone_count = work->gone_count,
                      .worked_at = WF_TIME_NONE,
                      .reviewed_at = WF_TIME_NONE};
    for (size_t i = 0; i < work->gone_count; i++)
        work->reviewed_at = later(work->reviewed_at, work->gone[i].reviewed_at);
    for (size_t i = 0; i < work->count; i++) {
        wf_work_row *row = &work->rows[i];
        row->place = is_called(row) ? ++work->to_call : 0;
        work->by_state[row->state]++;
        work->worked_at = later(work->worked_at, wf_work_worked_at(row));
        work->reviewed_at = later(work->reviewed_at, row->then.at);
    }
}
