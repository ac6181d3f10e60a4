#include "desk/tracing/work.h"

#include <stdlib.h>

#include "desk/asked_sql.h"
#include "desk/declare.h"

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

const char *wf_work_change_word(wf_work_change change)
{
    static const char *const words[WF_WORK_CHANGES] = {[WF_WORK_SAME] = "same",
                                                       [WF_WORK_NEW] = "new",
                                                       [WF_WORK_UP] = "up",
                                                       [WF_WORK_DOWN] = "down",
                                                       [WF_WORK_DONE] = "done"};
    return words[change];
}

// ---- reading ----

typedef struct {
    wf_database *db;
    wf_text case_id;
    wf_arena *arena;
    wf_work_row *rows;
    size_t count, capacity;
    size_t stored; // rows of persons that facts name, by number
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

static wf_work_row empty_row(void)
{
    return (wf_work_row){.person = {WF_NUMBER_NONE},
                         .exposed_from = WF_TIME_NONE,
                         .exposed_until = WF_TIME_NONE,
                         .named_at = WF_TIME_NONE,
                         .confirmed_at = WF_TIME_NONE,
                         .last_confirmed_at = WF_TIME_NONE,
                         .dismissed_at = WF_TIME_NONE,
                         .attempted_at = WF_TIME_NONE,
                         .reached_at = WF_TIME_NONE,
                         .placed_at = WF_TIME_NONE,
                         .tested_at = WF_TIME_NONE,
                         .converted_at = WF_TIME_NONE};
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
static wf_work_state state_of(const wf_work_row *row)
{
    weft_time last_confirmed = row->last_confirmed_at;
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
    wf_work_row row = empty_row();
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
    row.last_confirmed_at = time_of(from, 15);
    row.state = state_of(&row);
    return add_row(job, &row, error);
}

static weft_status read_unidentified(work_job *job, const wf_statement *from,
                                     weft_error *error)
{
    wf_work_row row = empty_row();
    WF_TRY(word_of(job, from, 0, &row.contact, error));
    row.level = level_of(from, 1, WF_LEVEL_CLOSE);
    row.exposed_from = time_of(from, 2);
    row.exposed_until = time_of(from, 3);
    row.named_at = time_of(from, 4);
    return add_row(job, &row, error);
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
                                (uint32_t)wf_statement_i64(from, 0));
    return row == NULL ? WEFT_OK : read_follow(job, from, row, error);
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
    wf_work_row *row = find_row(job->rows, job->stored, found->person.number);
    if (row != NULL) {
        row->found = found;
        row->priority = found->rank;
        return WEFT_OK;
    }
    wf_work_row made = empty_row();
    made.person = found->person;
    made.state = WF_WORK_SUGGESTED;
    made.level = found->level;
    made.found = found;
    made.priority = found->rank;
    return add_row(job, &made, error);
}

static weft_status add_all_found(work_job *job, const wf_contacts *found,
                                 weft_error *error)
{
    job->stored = job->count;
    for (size_t i = 0; i < found->contacts_count; i++)
        WF_TRY(add_found(job, &found->contacts[i], error));
    if (job->count > job->stored)
        qsort(job->rows + job->stored, job->count - job->stored, sizeof *job->rows,
              by_person);
    return read_all(job, WF_SQL_WORK_FOLLOW, read_work, error);
}

// ---- ids that are one person ----

typedef struct {
    uint32_t person, same_as;
} alias;

static int by_alias(const void *a, const void *b)
{
    uint32_t one = ((const alias *)a)->person, other = ((const alias *)b)->person;
    return (one > other) - (one < other);
}

static weft_status read_aliases(const work_job *job, wf_buffer *ret, weft_error *error)
{
    wf_statement *row = NULL;
    bool found = true;
    WF_TRY(wf_database_prepare(job->db, WF_SQL_WORK_ALIASES, &row, error));
    weft_status status;
    while ((status = wf_statement_step(row, &found, error)) == WEFT_OK && found) {
        alias one = {(uint32_t)wf_statement_i64(row, 0),
                     (uint32_t)wf_statement_i64(row, 1)};
        if (!wf_buffer_append(ret, &one, sizeof one)) {
            status = wf_fail_memory(error);
            break;
        }
    }
    wf_statement_free(row);
    return status;
}

// A row, and the id that stands for its person.
typedef struct {
    uint32_t who;
    wf_work_row row;
} one_of;

static weft_time earlier(weft_time a, weft_time b)
{
    return weft_time_is_none(b) || (!weft_time_is_none(a) && a.us <= b.us) ? a : b;
}

static weft_time later(weft_time a, weft_time b)
{
    return weft_time_is_none(b) || (!weft_time_is_none(a) && a.us >= b.us) ? a : b;
}

// How much is known of a row: who was judged, and is no dismissed one, then who was
// named, then the look-up's; the stronger, and the lesser number.
static int by_who(const void *a, const void *b)
{
    static const int worth[WF_WORK_STATES] = {
        [WF_WORK_CONVERTED] = 5, [WF_WORK_TESTED] = 4,    [WF_WORK_PLACED] = 4,
        [WF_WORK_REACHED] = 4,   [WF_WORK_CONFIRMED] = 4, [WF_WORK_NAMED] = 3,
        [WF_WORK_SUGGESTED] = 2, [WF_WORK_DISMISSED] = 1};
    const one_of *one = a, *other = b;
    if (one->who != other->who)
        return one->who < other->who ? -1 : 1;
    int order = worth[other->row.state] - worth[one->row.state];
    return order != 0 ? order : by_person(&one->row, &other->row);
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

static void join_judged(wf_work_row *to, const wf_work_row *more)
{
    if (more->level < to->level)
        to->level = more->level;
    to->exposed_from = earlier(to->exposed_from, more->exposed_from);
    to->exposed_until = later(to->exposed_until, more->exposed_until);
    to->named_at = earlier(to->named_at, more->named_at);
    to->confirmed_at = earlier(to->confirmed_at, more->confirmed_at);
    to->last_confirmed_at = later(to->last_confirmed_at, more->last_confirmed_at);
}

// `to` comes first of the two: it is dismissed only where `more` is, too, and its level
// was judged, or neither's was.
static void join_rows(wf_work_row *to, const wf_work_row *more)
{
    join_work(to, more);
    if (more->found != NULL && (to->found == NULL || more->priority > to->priority)) {
        to->found = more->found;
        to->priority = more->priority;
    }
    if (to->state == WF_WORK_SUGGESTED || to->state == WF_WORK_DISMISSED) {
        if (to->state == more->state && more->level < to->level)
            to->level = more->level;
        return;
    }
    if (more->state != WF_WORK_SUGGESTED && more->state != WF_WORK_DISMISSED)
        join_judged(to, more);
    to->state = state_of(to);
}

static weft_status join_sorted(work_job *job, const alias *aliases, size_t count,
                               weft_error *error)
{
    one_of *all = wf_arena_array(job->arena, job->count + 1, sizeof *all);
    size_t kept = 0;
    if (all == NULL)
        return wf_fail_memory(error);
    for (size_t i = 0; i < job->count; i++) {
        const alias key = {job->rows[i].person.number, 0};
        const alias *of = bsearch(&key, aliases, count, sizeof key, by_alias);
        all[i] = (one_of){of == NULL ? key.person : of->same_as, job->rows[i]};
    }
    qsort(all, job->count, sizeof *all, by_who);
    for (size_t i = 0; i < job->count; i++) {
        if (i > 0 && all[i].who == all[i - 1].who)
            join_rows(&job->rows[kept - 1], &all[i].row);
        else
            job->rows[kept++] = all[i].row;
    }
    job->count = kept;
    return WEFT_OK;
}

static weft_status join_ids(work_job *job, weft_error *error)
{
    wf_buffer aliases = {0};
    weft_status status = read_aliases(job, &aliases, error);
    if (status == WEFT_OK && aliases.size > 0 && job->count > 0)
        status = join_sorted(job, (const alias *)(const void *)aliases.bytes,
                             aliases.size / sizeof(alias), error);
    wf_buffer_done(&aliases);
    return status;
}

weft_status wf_work_read(wf_database *db, wf_text case_id, const wf_contacts *found,
                         wf_arena *arena, wf_work *ret, weft_error *error)
{
    work_job job = {.db = db, .case_id = case_id, .arena = arena};
    WF_TRY(read_all(&job, WF_SQL_WORK_CONTACTS, read_contact, error));
    WF_TRY(add_all_found(&job, found, error));
    WF_TRY(join_ids(&job, error));
    WF_TRY(read_all(&job, WF_SQL_WORK_UNIDENTIFIED, read_unidentified, error));
    *ret = (wf_work){.rows = job.rows, .count = job.count};
    wf_work_settle(ret);
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

static weft_time worked_at(const wf_work_row *row)
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
    *work =
        (wf_work){.rows = work->rows, .count = work->count, .worked_at = WF_TIME_NONE};
    for (size_t i = 0; i < work->count; i++) {
        wf_work_row *row = &work->rows[i];
        row->place = is_called(row) ? ++work->to_call : 0;
        work->by_state[row->state]++;
        work->worked_at = later(work->worked_at, worked_at(row));
    }
}

// ---- what changed ----

// Somebody who is to be called, and was.
typedef struct {
    wf_work_row *row;
    size_t now; // place among all of them
} both_row;

static int by_was(const void *a, const void *b)
{
    uint64_t one = ((const both_row *)a)->row->was;
    uint64_t other = ((const both_row *)b)->row->was;
    return (one > other) - (one < other);
}

// Only their order among one another counts: that others were reached moves nobody up.
static void compare_places(both_row *both, size_t count)
{
    if (count > 0)
        qsort(both, count, sizeof *both, by_was);
    for (size_t i = 0; i < count; i++)
        both[i].row->change = both[i].now < i   ? WF_WORK_UP
                              : both[i].now > i ? WF_WORK_DOWN
                                                : WF_WORK_SAME;
}

weft_status wf_work_compare(wf_work *work, wf_arena *arena, weft_error *error)
{
    both_row *both = wf_arena_array(arena, work->count + 1, sizeof *both);
    size_t count = 0;
    if (both == NULL)
        return wf_fail_memory(error);
    for (size_t i = 0; i < work->count; i++) {
        wf_work_row *row = &work->rows[i];
        row->change = row->place != 0 && row->was == 0   ? WF_WORK_NEW
                      : row->place == 0 && row->was != 0 ? WF_WORK_DONE
                                                         : WF_WORK_SAME;
        if (row->place != 0 && row->was != 0) {
            both[count] = (both_row){row, count};
            count++;
        }
    }
    compare_places(both, count);
    return WEFT_OK;
}
