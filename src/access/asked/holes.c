// Holes as people see them: subjects by their external ids.
#include "weft/holes.h"

#include <stdlib.h>
#include <string.h>

#include "access/asked/views.h"
#include "access/city/city.h"
#include "access/city/numbers.h"
#include "desk/command/tasks_held.h"

// ---- questions ----

static weft_status read_query(const weft_city *city, const weft_holes_query *from,
                              wf_holes_query *ret, weft_error *error)
{
    wf_text grid = wf_text_of(from->grid != NULL ? from->grid : "");
    *ret = (wf_holes_query){.rule = SIZE_MAX,
                            .grid = grid,
                            .now = weft_city_now(city),
                            .not_yet_due = from->with_not_due};
    if (grid.size > WF_GRID_BYTES_MAX || strspn(grid.bytes, "0123456789") != grid.size)
        return wf_fail(error, WEFT_BAD_USAGE, "holes.grid", NULL);
    if (from->kind == NULL)
        return WEFT_OK;
    ret->rule = wf_holes_find(city->holes, from->kind);
    return ret->rule != SIZE_MAX
               ? WEFT_OK
               : wf_fail(error, WEFT_NOT_FOUND, "holes.kind", "kind", from->kind, NULL);
}

static weft_holes_summary summary_of(const weft_city *city, const wf_holes_query *query)
{
    weft_holes_summary summary = {
        .as_of = wf_records_applied_upto(wf_store_records(city->store))};
    for (size_t i = 0; i < wf_holes_rules(city->holes); i++)
        summary.not_asked += (query->rule == SIZE_MAX || query->rule == i) &&
                             wf_holes_lacks(city->holes, i) != NULL;
    return summary;
}

// ---- rows ----

typedef struct {
    weft_city *city;
    wf_numbers numbers;
    weft_time now;
    wf_buffer subject, grid, owner; // as C texts
    wf_hole last;                   // that was taken, its texts in `texts`
    wf_buffer texts;
    bool ended; // before a hole that is there
    bool (*row)(void *context, const weft_hole *hole);
    bool (*found)(void *context, bool missing, const weft_hole *hole);
    void *context;
    uint64_t rows;
    bool no_memory;
    wf_tasks_held *tasks; // NULL: nobody asks which task a hole has
    wf_buffer task, task_post;
    weft_status status; // of asking that
    weft_error error;
} giving;

static const char *c_text(giving *to, wf_buffer *room, wf_text text)
{
    wf_buffer_clear(room);
    if (wf_buffer_append(room, text.bytes, text.size) && wf_buffer_append(room, "", 1))
        return room->bytes;
    to->no_memory = true;
    return "";
}

static wf_text subject_of(const giving *to, const wf_hole *hole)
{
    if (hole->rule == NULL || hole->number < 0)
        return hole->subject;
    return to->numbers.text_of(to->numbers.context, hole->rule->columns[0].about->type,
                               (uint32_t)hole->number);
}

static weft_hole public_hole(giving *to, const wf_hole *hole)
{
    return (weft_hole){.kind = hole->rule != NULL ? hole->rule->name : "",
                       .title_zh = hole->rule != NULL ? hole->rule->title_zh : "",
                       .title_en = hole->rule != NULL ? hole->rule->title_en : "",
                       .subject = c_text(to, &to->subject, subject_of(to, hole)),
                       .grid = c_text(to, &to->grid, hole->grid),
                       .owner = c_text(to, &to->owner, hole->owner),
                       .since = hole->since,
                       .due_at = hole->due_at,
                       .late_s = (to->now.us - hole->due_at.us) / WF_US_PER_S};
}

static bool keep_last(giving *to, const wf_hole *hole)
{
    const wf_text texts[] = {hole->subject, hole->grid, hole->owner};
    wf_buffer_clear(&to->texts);
    for (size_t i = 0; i < 3; i++)
        to->no_memory |= !wf_buffer_append(&to->texts, texts[i].bytes, texts[i].size);
    to->last = *hole;
    return !to->no_memory;
}

// Where the next page begins. Nothing was taken: where this one began.
static weft_status say_next(giving *to, const wf_holes_query *asked, const char **ret,
                            weft_error *error)
{
    wf_text token;
    wf_hole last = to->last;
    const char *bytes = wf_buffer_text(&to->texts).bytes;
    wf_text *const texts[] = {&last.subject, &last.grid, &last.owner};
    for (size_t i = 0; i < 3; i++) {
        texts[i]->bytes = bytes;
        bytes += texts[i]->size;
    }
    WF_TRY(wf_holes_token_make(to->city->holes, to->city->keys, asked,
                               to->rows > 0 ? &last : asked->after, &to->city->answer,
                               &token, error));
    *ret = token.bytes;
    return WEFT_OK;
}

static bool add_task(giving *to, const wf_hole *hole, weft_hole *given)
{
    const wf_task *task = NULL;
    if (to->tasks == NULL)
        return true;
    to->status = wf_tasks_held_find(to->tasks, hole, &task, &to->error);
    given->task = given->task_post = given->task_state = "";
    given->task_since = WEFT_TIME_NONE;
    if (to->status != WEFT_OK || task == NULL)
        return to->status == WEFT_OK;
    given->task = c_text(to, &to->task, task->id);
    given->task_post = c_text(to, &to->task_post, task->owner);
    given->task_state = wf_task_state_words[task->state];
    given->task_since = (weft_time){task->owner_since};
    return true;
}

static bool give_row(void *context, const wf_hole *hole)
{
    giving *to = context;
    weft_hole given = public_hole(to, hole);
    if (!add_task(to, hole, &given) || to->no_memory)
        return false;
    to->ended = !to->row(to->context, &given);
    if (to->ended || !keep_last(to, hole))
        return false;
    to->rows++;
    return true;
}

static bool give_difference(void *context, wf_holes_difference difference,
                            const wf_hole *hole)
{
    giving *to = context;
    weft_hole given = public_hole(to, hole);
    if (to->no_memory)
        return false;
    to->rows++;
    return to->found(to->context, difference == WF_HOLES_MISSING, &given);
}

static weft_status end_giving(giving *to, weft_status status, weft_error *error)
{
    wf_buffer_done(&to->subject);
    wf_buffer_done(&to->grid);
    wf_buffer_done(&to->owner);
    wf_buffer_done(&to->task);
    wf_buffer_done(&to->task_post);
    wf_buffer_wipe(&to->texts);
    return status == WEFT_OK && to->no_memory ? wf_fail_memory(error) : status;
}

// A connection that failed may fail for ever: the next question makes a new one.
static void drop_broken(weft_city *city, weft_status status)
{
    if (status != WEFT_OK)
        wf_city_drop_rows(city);
}

enum { tasks_bytes_max = 64 << 20 };

static weft_status list(weft_city *city, wf_database *db, const wf_holes_query *asked,
                        bool with_tasks, giving *to, weft_error *error)
{
    wf_arena arena;
    wf_arena_init(&arena, tasks_bytes_max);
    const wf_view_question question = {.now = asked->now};
    const wf_view_call call = {.question = &question,
                               .store = city->store,
                               .db = db,
                               .numbers = to->numbers,
                               .protocol = city->protocol,
                               .zone = city->zone,
                               .arena = &arena};
    wf_tasks_held tasks;
    wf_tasks_held_init(&call, &tasks);
    to->tasks = with_tasks ? &tasks : NULL;
    weft_status status = wf_holes_list(city->holes, db, asked, give_row, to, error);
    to->tasks = NULL;
    wf_tasks_held_done(&tasks);
    wf_arena_done(&arena);
    if (status == WEFT_OK && to->status != WEFT_OK) {
        *error = to->error;
        return to->status;
    }
    return status;
}

weft_status weft_holes(weft_city *city, const weft_holes_query *query,
                       bool (*row)(void *context, const weft_hole *hole), void *context,
                       weft_holes_summary *ret, weft_error *error)
{
    wf_holes_query asked;
    wf_beside beside;
    wf_hole after;
    wf_database *db = NULL;
    const char *next = NULL;
    wf_arena *answer = wf_city_new_answer(city);
    WF_TRY(read_query(city, query, &asked, error));
    if (query->beside != NULL && wf_city_beside(city, query->beside, &beside))
        asked.beside = &beside;
    if (query->after != NULL) {
        WF_TRY(wf_holes_token_read(city->holes, city->keys, &asked,
                                   wf_text_of(query->after), answer, &after, error));
        asked.after = &after;
    }
    giving to = {.city = city,
                 .numbers = wf_numbers_of(city->visits),
                 .now = asked.now,
                 .row = row,
                 .context = context};
    WF_TRY(wf_city_rows(city, &db, error));
    weft_status status = list(city, db, &asked, query->with_tasks, &to, error);
    drop_broken(city, status);
    if (status == WEFT_OK && to.ended && (to.rows > 0 || asked.after != NULL))
        status = say_next(&to, &asked, &next, error);
    WF_TRY(end_giving(&to, status, error));
    *ret = summary_of(city, &asked);
    ret->rows = to.rows;
    ret->next = next;
    return WEFT_OK;
}

bool weft_holes_kinds(const weft_city *city,
                      bool (*row)(void *context, const weft_hole_kind *kind),
                      void *context)
{
    for (size_t i = 0; i < wf_holes_rules(city->holes); i++) {
        const wf_sql_file *rule = wf_holes_rule(city->holes, i);
        const weft_hole_kind kind = {.kind = rule->name,
                                     .title_zh = rule->title_zh,
                                     .title_en = rule->title_en,
                                     .about_zh = rule->about_zh,
                                     .about_en = rule->about_en,
                                     .closes_zh = rule->closes_zh,
                                     .closes_en = rule->closes_en,
                                     .personal = rule->personal};
        if (!row(context, &kind))
            return false;
    }
    return true;
}

weft_status weft_holes_check(weft_city *city, const weft_holes_query *query,
                             bool (*found)(void *context, bool missing,
                                           const weft_hole *hole),
                             void *context, weft_holes_summary *ret, weft_error *error)
{
    wf_holes_query asked;
    wf_database *db = NULL;
    WF_TRY(read_query(city, query, &asked, error));
    giving to = {.city = city,
                 .numbers = wf_numbers_of(city->visits),
                 .now = asked.now,
                 .found = found,
                 .context = context};
    WF_TRY(wf_city_rows(city, &db, error));
    weft_status status =
        wf_holes_check(city->holes, db, &asked, give_difference, &to, error);
    drop_broken(city, status);
    WF_TRY(end_giving(&to, status, error));
    *ret = summary_of(city, &asked);
    ret->rows = to.rows;
    if (to.rows == 0)
        return WEFT_OK;
    char count[WF_NUMBER_TEXT_MAX];
    return wf_fail(error, WEFT_FOUND_WRONG, "holes.differ", "count",
                   wf_number_text(count, (int64_t)to.rows), NULL);
}

// ---- counts ----

// Digits of a city, county, town and village (DESIGN §3, grid codes).
static const size_t level_digits[] = {4, 6, 9, 12};
enum { levels_max = 1 + sizeof level_digits / sizeof *level_digits };

typedef struct {
    uint64_t due, not_yet;
} pair;

// The grid of a level that sums come for, since codes come in their order.
typedef struct {
    size_t digits;
    bool open;
    char grid[WF_GRID_BYTES_MAX + 1];
    pair *of_rules;
} level;

typedef struct {
    weft_city *city;
    level levels[levels_max];
    size_t levels_count;
    wf_arena arena;
    weft_holes_count *rows;
    size_t count, room;
    bool no_memory;
} counting;

static void close_level(counting *to, level *at)
{
    wf_text grid = wf_arena_text(&to->arena, wf_text_of(at->grid));
    for (size_t i = 0; at->open && i < wf_holes_rules(to->city->holes); i++) {
        const wf_sql_file *rule = wf_holes_rule(to->city->holes, i);
        const pair *sum = &at->of_rules[i];
        if (sum->due + sum->not_yet == 0)
            continue;
        weft_holes_count *rows =
            wf_arena_grow(&to->arena, to->rows, to->count, &to->room, sizeof *to->rows);
        if (rows == NULL || grid.bytes == NULL) {
            to->no_memory = true;
            return;
        }
        to->rows = rows;
        to->rows[to->count++] =
            (weft_holes_count){grid.bytes,     rule->name, rule->title_zh,
                               rule->title_en, sum->due,   sum->not_yet};
        at->of_rules[i] = (pair){0, 0};
    }
    at->open = false;
}

static bool add_sum(void *context, const wf_holes_sum *sum)
{
    counting *to = context;
    size_t rule = wf_holes_find(to->city->holes, sum->rule->name);
    for (size_t i = 0; i < to->levels_count && !to->no_memory; i++) {
        level *at = &to->levels[i];
        if (sum->grid.size < at->digits)
            continue;
        if (at->open && memcmp(at->grid, sum->grid.bytes, at->digits) != 0)
            close_level(to, at);
        memcpy(at->grid, sum->grid.bytes, at->digits);
        at->grid[at->digits] = '\0';
        at->open = true;
        at->of_rules[rule].due += sum->due;
        at->of_rules[rule].not_yet += sum->not_yet;
    }
    return !to->no_memory;
}

static bool make_levels(counting *to, size_t digits)
{
    size_t rules = wf_holes_rules(to->city->holes);
    to->levels[to->levels_count++].digits = digits;
    for (size_t i = 0; i + 1 < levels_max; i++)
        if (level_digits[i] > digits)
            to->levels[to->levels_count++].digits = level_digits[i];
    for (size_t i = 0; i < to->levels_count; i++) {
        to->levels[i].of_rules = wf_arena_array(&to->arena, rules + 1, sizeof(pair));
        if (to->levels[i].of_rules == NULL)
            return false;
    }
    return true;
}

static int compare_counts(const void *left, const void *right)
{
    const weft_holes_count *a = left, *b = right;
    int order = strcmp(a->grid, b->grid);
    return order != 0 ? order : strcmp(a->kind, b->kind);
}

static weft_status count_all(counting *to, const wf_holes_query *asked, weft_error *error)
{
    wf_database *db = NULL;
    if (!make_levels(to, asked->grid.size))
        return wf_fail_memory(error);
    WF_TRY(wf_city_rows(to->city, &db, error));
    weft_status status = wf_holes_sums(to->city->holes, db, asked, add_sum, to, error);
    drop_broken(to->city, status);
    WF_TRY(status);
    for (size_t i = 0; i < to->levels_count; i++)
        close_level(to, &to->levels[i]);
    if (to->no_memory)
        return wf_fail_memory(error);
    if (to->count > 1)
        qsort(to->rows, to->count, sizeof *to->rows, compare_counts);
    return WEFT_OK;
}

weft_status weft_holes_counts(weft_city *city, const weft_holes_query *query,
                              bool (*row)(void *context, const weft_holes_count *count),
                              void *context, weft_holes_summary *ret, weft_error *error)
{
    wf_holes_query asked;
    counting to = {.city = city};
    WF_TRY(read_query(city, query, &asked, error));
    weft_status status = count_all(&to, &asked, error);
    weft_holes_summary summary = summary_of(city, &asked);
    for (size_t i = 0; status == WEFT_OK && i < to.count; i++) {
        summary.rows++;
        if (!row(context, &to.rows[i]))
            break;
    }
    wf_arena_done(&to.arena);
    WF_TRY(status);
    *ret = summary;
    return WEFT_OK;
}

// ---- spans ----

typedef struct {
    wf_arena arena;
    weft_holes_span *rows;
    size_t count, room;
    bool too_many, no_memory;
    size_t most;
} gathering;

static bool gather_span(void *context, const wf_holes_span *span)
{
    gathering *to = context;
    to->too_many = to->count == to->most;
    if (to->too_many)
        return false;
    weft_holes_span *rows =
        wf_arena_grow(&to->arena, to->rows, to->count, &to->room, sizeof *to->rows);
    wf_text grid = wf_arena_text(&to->arena, span->grid);
    wf_text owner = wf_arena_text(&to->arena, span->owner);
    to->no_memory = rows == NULL || grid.bytes == NULL || owner.bytes == NULL;
    if (to->no_memory)
        return false;
    to->rows = rows;
    to->rows[to->count++] = (weft_holes_span){.kind = span->rule->name,
                                              .grid = grid.bytes,
                                              .owner = owner.bytes,
                                              .since = span->since,
                                              .due_at = span->due_at,
                                              .count = span->count};
    return true;
}

// Steps of time in seconds; the last one holds all that a city ever has.
static const int64_t span_steps_s[] = {900, 3600, 6 * 3600, 24 * 3600, INT64_C(1) << 40};
enum { span_steps = sizeof span_steps_s / sizeof *span_steps_s };

static weft_status gather_spans(const weft_city *city, wf_database *db,
                                const wf_holes_query *asked, size_t digits, size_t *ret,
                                gathering *to, weft_error *error)
{
    for (size_t step = 0; step < span_steps; step++) {
        to->count = 0;
        to->too_many = false;
        to->most = step + 1 < span_steps ? WEFT_HOLES_SPANS_MAX : SIZE_MAX;
        WF_TRY(wf_holes_spans(city->holes, db, asked, digits,
                              span_steps_s[step] * WF_US_PER_S, gather_span, to, error));
        if (to->no_memory)
            return wf_fail_memory(error);
        *ret = step;
        if (!to->too_many)
            break;
    }
    return WEFT_OK;
}

weft_status weft_holes_spans(weft_city *city, const weft_holes_query *query,
                             size_t digits,
                             bool (*row)(void *context, const weft_holes_span *span),
                             void *context, int64_t *ret_step_s, weft_holes_summary *ret,
                             weft_error *error)
{
    wf_holes_query asked;
    gathering to = {.count = 0};
    wf_database *db = NULL;
    size_t step = 0;
    WF_TRY(read_query(city, query, &asked, error));
    WF_TRY(wf_city_rows(city, &db, error));
    weft_status status = gather_spans(city, db, &asked, digits, &step, &to, error);
    drop_broken(city, status);
    weft_holes_summary summary = summary_of(city, &asked);
    for (size_t i = 0; status == WEFT_OK && i < to.count; i++) {
        summary.rows++;
        if (!row(context, &to.rows[i]))
            break;
    }
    wf_arena_done(&to.arena);
    WF_TRY(status);
    *ret = summary;
    *ret_step_s = step + 1 < span_steps ? span_steps_s[step] : 0;
    return WEFT_OK;
}
