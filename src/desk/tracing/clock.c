#include "desk/tracing/clock.h"

#include <stdlib.h>
#include <string.h>

#include "desk/asked_sql.h"
#include "desk/declare.h"
#include "desk/tracing/clock_tally.h"
#include "model/grid.h"

// ---- steps ----

// In the order of the day. The first `chain_count` follow one another: where the hours
// went is told by them.
typedef enum {
    step_onset,
    step_first_care,
    step_sampled,
    step_resulted,
    step_reported,
    step_first_facts,
    step_core_report,
    step_contacts_listed,
    step_full_report,
    step_interviewed,
    step_isolated,
    step_treated,
    steps_of_case,
    step_reached = steps_of_case,
    step_placed,
    step_tested,
    steps_of_contacts,
    step_detected = steps_of_contacts, // 7-1-7
    step_notified,
    step_responded,
    steps_count,
    chain_count = step_interviewed,
    no_step = steps_count
} step;

typedef struct {
    const char *name;
    step from;          // no_step: nothing
    const char *number; // of the protocol; NULL: no time is set
} step_rule;

static const step_rule rules[steps_count] = {
    [step_onset] = {"onset", no_step, NULL},
    [step_first_care] = {"first_care", step_onset, NULL},
    [step_sampled] = {"sampled", step_first_care, NULL},
    [step_resulted] = {"resulted", step_sampled, "deadlines.result.ordinary"},
    [step_reported] = {"reported", step_resulted, "deadlines.direct_report"},
    [step_first_facts] = {"first_facts", step_reported, "deadlines.two_four_24.on_site"},
    [step_core_report] = {"core_report", step_reported,
                          "deadlines.two_four_24.core_report"},
    [step_contacts_listed] = {"contacts_listed", step_reported,
                              "deadlines.two_four_24.core_report"},
    [step_full_report] = {"full_report", step_reported,
                          "deadlines.two_four_24.full_report"},
    [step_interviewed] = {"interviewed", step_reported, "deadlines.interviewed"},
    [step_isolated] = {"isolated", step_reported, "deadlines.isolated"},
    [step_treated] = {"treated", step_reported, "deadlines.treated"},
    [step_reached] = {"contacts_reached", no_step, "deadlines.contacts_notified"},
    [step_placed] = {"contacts_placed", no_step, "deadlines.contact_moved"},
    [step_tested] = {"contacts_tested", no_step, "measures.close.tests_central_d[1]"},
    [step_detected] = {"detected_7", no_step, NULL},
    [step_notified] = {"notified_1", step_detected, NULL},
    [step_responded] = {"responded_7", step_notified, NULL},
};
// What contacts, and the target, are counted from: moments that are no steps themselves.
static const char *const other_from[steps_count] = {[step_reached] = "named",
                                                    [step_placed] = "confirmed",
                                                    [step_tested] = "placed",
                                                    [step_detected] = "emergence"};

// The target's own numbers (Frieden et al. 2021): its name, not those of an edition.
enum { detect_d = 7, notify_d = 1, respond_d = 7 };

typedef struct {
    bool given;
    int64_t us;
    wf_both owner, clause;
} deadline;

typedef struct {
    int64_t at[steps_of_case]; // wf_clock_never: not known
    int64_t ended_at;          // recovered, died, gone
    wf_text id, outbreak, grid;
    bool by_clinic;
    wf_clock_tally contacts[steps_of_contacts - steps_of_case];
} one_case;

typedef struct {
    wf_text id;
    int64_t declared_at, noticed_at, placed_at;
    int64_t first[steps_of_case]; // of its cases
    wf_clock_tally tallies[steps_of_contacts], spent[chain_count];
} outbreak;

typedef struct {
    const wf_view_call *call;
    wf_view_sink *sink;
    int64_t now;
    deadline deadlines[steps_count], clinic;
    wf_buffer cases, outbreaks;
} clock_job;

// ---- deadlines ----

static void set_deadline(deadline *ret, const wf_number *number)
{
    double s = strcmp(number->unit, "d") == 0   ? 86400
               : strcmp(number->unit, "h") == 0 ? 3600
                                                : 0;
    if (!number->given || s <= 0)
        return;
    *ret = (deadline){.given = true,
                      .us = (int64_t)(number->value * s * (double)WF_US_PER_S)};
    if (number->terms != NULL) {
        ret->owner = number->terms->owner;
        ret->clause = number->terms->clause;
    }
}

static void look(void *context, const char *name, const wf_number *number)
{
    clock_job *job = context;
    for (size_t i = 0; i < steps_count; i++)
        if (rules[i].number != NULL && strcmp(rules[i].number, name) == 0)
            set_deadline(&job->deadlines[i], number);
    if (strcmp(name, "deadlines.result.fever_clinic") == 0)
        set_deadline(&job->clinic, number);
}

static void set_deadlines(clock_job *job)
{
    static const int days[] = {detect_d, notify_d, respond_d};
    wf_protocol_each(job->call->protocol, look, job);
    for (size_t i = 0; i < COUNT_OF(days); i++)
        job->deadlines[step_detected + i] =
            (deadline){.given = true, .us = (int64_t)days[i] * 86400 * WF_US_PER_S};
}

// ---- reading ----

static one_case *cases_of(const clock_job *job, size_t *ret_count)
{
    *ret_count = job->cases.size / sizeof(one_case);
    return (one_case *)(void *)job->cases.bytes;
}

static outbreak *outbreaks_of(const clock_job *job, size_t *ret_count)
{
    *ret_count = job->outbreaks.size / sizeof(outbreak);
    return (outbreak *)(void *)job->outbreaks.bytes;
}

static int64_t time_of(const wf_statement *row, int column)
{
    return wf_statement_is_null(row, column) ? wf_clock_never
                                             : wf_statement_i64(row, column);
}

static int compare(wf_text a, wf_text b)
{
    size_t least = a.size < b.size ? a.size : b.size;
    int order = least > 0 ? memcmp(a.bytes, b.bytes, least) : 0;
    return order != 0 ? order : (a.size > b.size) - (a.size < b.size);
}

// Made when it is not there yet; NULL: no memory. Outbreaks are few.
static outbreak *outbreak_of(clock_job *job, wf_text id)
{
    size_t count;
    outbreak *all = outbreaks_of(job, &count);
    for (size_t i = 0; i < count; i++)
        if (wf_text_equal(all[i].id, id))
            return &all[i];
    outbreak made = {.id = id,
                     .declared_at = wf_clock_never,
                     .noticed_at = wf_clock_never,
                     .placed_at = wf_clock_never};
    for (size_t i = 0; i < steps_of_case; i++)
        made.first[i] = wf_clock_never;
    if (!wf_buffer_append(&job->outbreaks, &made, sizeof made))
        return NULL;
    return outbreaks_of(job, &count) + job->outbreaks.size / sizeof made - 1;
}

static weft_status read_case(clock_job *job, const wf_statement *row, weft_error *error)
{
    wf_arena *arena = job->call->arena;
    wf_text grid = wf_statement_text(row, 2);
    if (!wf_grid_is_inside(grid, job->call->question->grid))
        return WEFT_OK;
    one_case made = {.id = wf_arena_text(arena, wf_statement_text(row, 0)),
                     .outbreak = wf_arena_text(arena, wf_statement_text(row, 1)),
                     .grid = wf_arena_text(arena, grid),
                     .by_clinic =
                         wf_text_equal(wf_statement_text(row, 3), WF_TEXT("clinic"))};
    for (size_t i = 0; i < steps_of_case; i++)
        made.at[i] = time_of(row, 4 + (int)i);
    made.ended_at = time_of(row, 4 + steps_of_case);
    if (made.id.bytes == NULL || made.outbreak.bytes == NULL || made.grid.bytes == NULL ||
        !wf_buffer_append(&job->cases, &made, sizeof made))
        return wf_fail_memory(error);
    outbreak *of = outbreak_of(job, made.outbreak);
    if (of == NULL)
        return wf_fail_memory(error);
    for (size_t i = 0; i < steps_of_case; i++)
        of->first[i] = wf_clock_earlier(of->first[i], made.at[i]);
    return WEFT_OK;
}

static one_case *find_case(const clock_job *job, wf_text id)
{
    size_t count, low = 0;
    one_case *all = cases_of(job, &count);
    for (size_t high = count; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (compare(all[middle].id, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && wf_text_equal(all[low].id, id) ? &all[low] : NULL;
}

static int by_id(const void *a, const void *b)
{
    return compare(((const one_case *)a)->id, ((const one_case *)b)->id);
}

// Bytewise, whatever the database sorts by.
static void sort_cases(const clock_job *job)
{
    size_t count;
    one_case *all = cases_of(job, &count);
    if (count > 0)
        qsort(all, count, sizeof *all, by_id);
}

// ---- contacts ----

typedef struct {
    bool close;
    int64_t named, confirmed, exposed_until, reached, placed, tested, converted;
} contact;

static contact contact_of(const wf_statement *row)
{
    return (contact){.close = wf_text_equal(wf_statement_text(row, 3), WF_TEXT("close")),
                     .named = time_of(row, 4),
                     .confirmed = time_of(row, 5),
                     .exposed_until = time_of(row, 6),
                     .reached = time_of(row, 7),
                     .placed = time_of(row, 8),
                     .tested = time_of(row, 9),
                     .converted = time_of(row, 10)};
}

// Of several cases of one outbreak: named and judged by the first of them, exposed until
// the last.
static void join_contact(contact *to, const contact *more)
{
    to->close = to->close || more->close;
    to->named = wf_clock_earlier(to->named, more->named);
    to->confirmed = wf_clock_earlier(to->confirmed, more->confirmed);
    to->exposed_until = wf_clock_later(to->exposed_until, more->exposed_until);
}

// Who has become a case needs none of what a contact needs; whoever is in the place of
// isolation was reached.
static bool tally_contact(const clock_job *job, const contact *of,
                          wf_clock_tally *tallies)
{
    int64_t placed = wf_clock_earlier(of->placed, of->converted);
    const struct {
        step step;
        int64_t from, done;
    } all[] = {{step_reached, of->named, wf_clock_earlier(of->reached, placed)},
               {step_placed, of->confirmed, placed},
               {step_tested, wf_clock_later(of->placed, of->exposed_until),
                wf_clock_earlier(of->tested, of->converted)}};
    bool done = true;
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        const deadline *by = &job->deadlines[all[i].step];
        if (all[i].step == step_tested &&
            (!of->close || of->placed == wf_clock_never)) // nothing is owed yet
            continue;
        done = wf_clock_tally_add(&tallies[i], all[i].from, all[i].done,
                                  by->given ? &by->us : NULL, job->now) &&
               done;
    }
    return done;
}

typedef struct {
    contact joined;
    uint32_t person;
    outbreak *of; // NULL: none yet
} person_job;

static bool end_person(const clock_job *job, person_job *last)
{
    bool done = true;
    if (last->of != NULL) {
        done = tally_contact(job, &last->joined, last->of->tallies + steps_of_case);
        last->of->placed_at = wf_clock_earlier(last->of->placed_at, last->joined.placed);
    }
    last->of = NULL;
    return done;
}

static weft_status read_contact(clock_job *job, const wf_statement *row, person_job *last,
                                weft_error *error)
{
    one_case *of = find_case(job, wf_statement_text(row, 0));
    contact one = contact_of(row);
    uint32_t person = (uint32_t)wf_statement_i64(row, 2);
    wf_text id = wf_statement_text(row, 1);
    if (of == NULL) // of no case of this grid
        return WEFT_OK;
    bool done = tally_contact(job, &one, of->contacts);
    if (last->of != NULL && last->person == person && wf_text_equal(last->of->id, id)) {
        join_contact(&last->joined, &one);
        return done ? WEFT_OK : wf_fail_memory(error);
    }
    done = end_person(job, last) && done;
    wf_text kept = wf_arena_text(job->call->arena, id);
    *last = (person_job){one, person, kept.bytes == NULL ? NULL : outbreak_of(job, kept)};
    return done && last->of != NULL ? WEFT_OK : wf_fail_memory(error);
}

static weft_status read_outbreak(clock_job *job, const wf_statement *row,
                                 weft_error *error)
{
    size_t count;
    outbreak *all = outbreaks_of(job, &count);
    (void)error;
    for (size_t i = 0; i < count; i++)
        if (wf_text_equal(all[i].id, wf_statement_text(row, 0))) {
            all[i].declared_at = time_of(row, 1);
            all[i].noticed_at = time_of(row, 2);
        }
    return WEFT_OK;
}

typedef enum { read_cases, read_contacts, read_outbreaks } reading;

static weft_status read_all(clock_job *job, const char *sql, reading what,
                            weft_error *error)
{
    wf_statement *row = NULL;
    person_job last = {.of = NULL};
    bool found = true;
    WF_TRY(wf_database_prepare(job->call->db, sql, &row, error));
    weft_status status = WEFT_OK;
    while (status == WEFT_OK) {
        status = wf_statement_step(row, &found, error);
        if (status != WEFT_OK || !found)
            break;
        status = what == read_cases      ? read_case(job, row, error)
                 : what == read_contacts ? read_contact(job, row, &last, error)
                                         : read_outbreak(job, row, error);
    }
    if (status == WEFT_OK && !end_person(job, &last))
        status = wf_fail_memory(error);
    wf_statement_free(row);
    return status;
}

// ---- giving ----

static wf_value text_value(const char *text)
{
    bool said = text != NULL && text[0] != '\0';
    return said ? (wf_value){.given = true, .text = wf_text_of(text)} : (wf_value){0};
}

static wf_value time_value(int64_t at)
{
    if (at == wf_clock_never)
        return (wf_value){0};
    return (wf_value){.given = true, .number = at};
}

static wf_value count_value(uint64_t count)
{
    return (wf_value){.given = true, .number = (int64_t)count};
}

typedef struct {
    wf_text outbreak, case_id, grid;
    step step;
    int64_t from, done, due; // of one; wf_clock_never
    const wf_clock_tally *tally;
    int64_t spent, took; // wf_clock_never: not known
    step after;
    const deadline *by;
} row;

static const char *state_of(const row *r)
{
    const wf_clock_tally *t = r->tally;
    if (!r->by->given)
        return "no_deadline";
    if (t->overdue > 0)
        return "overdue";
    if (t->late > 0)
        return "late";
    if (t->pending > t->pending_done)
        return "pending";
    return t->in_time + t->pending_done > 0 ? "met"
           : t->unknown > 0                 ? "unknown"
                                            : "pending";
}

static weft_status give(clock_job *job, const row *r, weft_error *error)
{
    const step_rule *rule = &rules[r->step];
    const wf_clock_tally *t = r->tally;
    const char *from =
        rule->from != no_step ? rules[rule->from].name : other_from[r->step];
    uint64_t due = t->in_time + t->late + t->overdue;
    const wf_value values[] = {
        {.given = true, .text = r->outbreak},
        {.given = true, .text = r->case_id},
        count_value(r->step),
        text_value(rule->name),
        text_value(from),
        time_value(r->from),
        time_value(r->done),
        time_value(r->due),
        text_value(state_of(r)),
        count_value(t->in_time),
        count_value(t->late),
        count_value(t->overdue),
        count_value(t->pending),
        count_value(t->unknown),
        {.given = due > 0, .real = due > 0 ? (double)t->in_time / (double)due : 0},
        time_value(r->spent),
        text_value(r->spent == wf_clock_never || r->after == no_step
                       ? NULL
                       : rules[r->after].name),
        time_value(r->took),
        r->by->given ? (wf_value){.given = true, .number = r->by->us} : (wf_value){0},
        text_value(r->by->owner.zh),
        text_value(r->by->owner.en),
        text_value(r->by->clause.zh),
        text_value(r->by->clause.en),
        {.given = r->grid.size > 0, .text = r->grid}};
    return wf_view_give(job->sink, values, error);
}

// From the report on much is done side by side: there the one
// before is the latest that was done by then. Where times
// contradict (a report before its onset) it is the one before in
// the order of the day, and the hours spent are below zero.
static bool comes_before(const int64_t *at, step one, step of)
{
    bool beside = one >= step_reported && of >= step_reported;
    return one != of && at[one] != wf_clock_never && at[one] <= at[of] &&
           (one < of || (beside && at[one] < at[of]));
}

// no_step: none is known.
static step before(const int64_t *at, step of)
{
    step best = no_step, known = no_step;
    for (step i = 0; i < chain_count && at[of] != wf_clock_never; i++) {
        if (i < of && at[i] != wf_clock_never)
            known = i;
        if (comes_before(at, i, of) && (best == no_step || at[i] >= at[best]))
            best = i;
    }
    return best != no_step ? best : known;
}

// Who has recovered or died has to be neither set apart nor treated: what was owed ended
// then, as its holes did.
static int64_t done_at(const one_case *of, step at)
{
    bool ends = at == step_isolated || at == step_treated;
    return ends ? wf_clock_earlier(of->at[at], of->ended_at) : of->at[at];
}

static weft_status give_one(clock_job *job, const one_case *of, outbreak *all, step at,
                            weft_error *error)
{
    static const deadline none = {.given = false};
    const deadline *by = at == step_resulted && of->by_clinic && job->clinic.given
                             ? &job->clinic
                             : &job->deadlines[at];
    step from = rules[at].from,
         previous = at < chain_count ? before(of->at, at) : no_step;
    int64_t begun = from == no_step ? wf_clock_never : of->at[from];
    int64_t ended = done_at(of, at);
    wf_clock_tally tally = {0};
    by = from == no_step ? &none : by;
    const int64_t *within = by->given ? &by->us : NULL;
    bool done = wf_clock_tally_add(&tally, begun, ended, within, job->now) &&
                wf_clock_tally_add(&all->tallies[at], begun, ended, within, job->now);
    row r = {.outbreak = of->outbreak,
             .case_id = of->id,
             .grid = of->grid,
             .step = at,
             .from = begun,
             .done = ended,
             .due =
                 by->given && begun != wf_clock_never ? begun + by->us : wf_clock_never,
             .tally = &tally,
             .spent = wf_clock_never,
             .took = wf_clock_tally_median(&tally),
             .after = previous,
             .by = by};
    if (previous != no_step && of->at[at] != wf_clock_never) {
        r.spent = of->at[at] - of->at[previous];
        done = wf_clock_tally_note(&all->spent[at], r.spent) && done;
    }
    weft_status status = done ? give(job, &r, error) : wf_fail_memory(error);
    wf_clock_tally_done(&tally);
    return status;
}

static weft_status give_case(clock_job *job, const one_case *of, weft_error *error)
{
    outbreak *all = outbreak_of(job, of->outbreak);
    for (step at = 0; at < steps_of_case; at++)
        WF_TRY(give_one(job, of, all, at, error));
    for (step at = steps_of_case; at < steps_of_contacts; at++) {
        const wf_clock_tally *tally = &of->contacts[at - steps_of_case];
        WF_TRY(give(job,
                    &(row){.outbreak = of->outbreak,
                           .case_id = of->id,
                           .grid = of->grid,
                           .step = at,
                           .from = wf_clock_never,
                           .done = wf_clock_never,
                           .due = wf_clock_tally_due(tally),
                           .tally = tally,
                           .spent = wf_clock_never,
                           .took = wf_clock_tally_median(tally),
                           .by = &job->deadlines[at]},
                    error));
    }
    return WEFT_OK;
}

static weft_status give_outbreak(clock_job *job, const outbreak *of, weft_error *error)
{
    for (step at = 0; at < steps_of_contacts; at++) {
        const wf_clock_tally *spent = at < chain_count ? &of->spent[at] : NULL;
        WF_TRY(give(
            job,
            &(row){.outbreak = of->id,
                   .case_id = WF_TEXT(""),
                   .grid = job->call->question->grid,
                   .step = at,
                   .from = wf_clock_never,
                   .done = at < steps_of_case ? of->first[at] : wf_clock_never,
                   .due = wf_clock_tally_due(&of->tallies[at]),
                   .tally = &of->tallies[at],
                   .spent = spent == NULL ? wf_clock_never : wf_clock_tally_median(spent),
                   .after = no_step,
                   .took = wf_clock_tally_median(&of->tallies[at]),
                   .by = &job->deadlines[at]},
            error));
    }
    return WEFT_OK;
}

// ---- 7-1-7 ----

// The seven early actions are done when the last of them is.
static int64_t responded_at(const outbreak *of)
{
    const int64_t actions[] = {
        of->first[step_first_facts], // investigation begun
        of->first[step_full_report], // burden, severity and risk
                                     // judged
        of->first[step_resulted],    // laboratory confirmation
        of->first[step_treated],     // cases cared for
        of->placed_at,               // countermeasures
        of->noticed_at,              // the public told
        of->declared_at,             // coordination
    };
    int64_t last = actions[0];
    for (size_t i = 0; i < COUNT_OF(actions); i++) {
        if (actions[i] == wf_clock_never)
            return wf_clock_never;
        last = wf_clock_later(last, actions[i]);
    }
    return last;
}

static weft_status give_target(clock_job *job, const outbreak *of, weft_error *error)
{
    int64_t emerged = wf_clock_earlier(of->first[step_onset], of->first[step_sampled]);
    int64_t notified = of->first[step_reported];
    int64_t detected = wf_clock_earlier(of->first[step_resulted], notified);
    const int64_t from[] = {emerged, detected, notified};
    const int64_t done[] = {detected, notified, responded_at(of)};
    for (size_t i = 0; i < COUNT_OF(from); i++) {
        const deadline *by = &job->deadlines[step_detected + i];
        wf_clock_tally tally = {0};
        bool fits = wf_clock_tally_add(&tally, from[i], done[i], &by->us, job->now);
        row r = {.outbreak = of->id,
                 .case_id = WF_TEXT(""),
                 .grid = job->call->question->grid,
                 .step = step_detected + (step)i,
                 .from = from[i],
                 .done = done[i],
                 .due = from[i] == wf_clock_never ? wf_clock_never : from[i] + by->us,
                 .tally = &tally,
                 .spent = wf_clock_never,
                 .took = wf_clock_tally_median(&tally),
                 .by = by};
        weft_status status = fits ? give(job, &r, error) : wf_fail_memory(error);
        wf_clock_tally_done(&tally);
        WF_TRY(status);
    }
    return WEFT_OK;
}

static weft_status give_all(clock_job *job, weft_error *error)
{
    size_t cases_count, outbreaks_count;
    const one_case *cases = cases_of(job, &cases_count);
    for (size_t i = 0; i < cases_count; i++)
        WF_TRY(give_case(job, &cases[i], error));
    const outbreak *outbreaks = outbreaks_of(job, &outbreaks_count);
    for (size_t i = 0; i < outbreaks_count; i++) {
        WF_TRY(give_outbreak(job, &outbreaks[i], error));
        WF_TRY(give_target(job, &outbreaks[i], error));
    }
    return WEFT_OK;
}

static void done(clock_job *job)
{
    size_t count;
    one_case *cases = cases_of(job, &count);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < COUNT_OF(cases[i].contacts); k++)
            wf_clock_tally_done(&cases[i].contacts[k]);
    outbreak *outbreaks = outbreaks_of(job, &count);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < steps_of_contacts; k++)
            wf_clock_tally_done(&outbreaks[i].tallies[k]);
        for (size_t k = 0; k < chain_count; k++)
            wf_clock_tally_done(&outbreaks[i].spent[k]);
    }
    wf_buffer_done(&job->cases);
    wf_buffer_done(&job->outbreaks);
}

weft_status wf_clock_rows(void *context, const wf_view_call *call, wf_view_sink *sink,
                          weft_error *error)
{
    (void)context;
    clock_job job = {.call = call, .sink = sink, .now = call->question->now.us};
    set_deadlines(&job);
    weft_status status = read_all(&job, WF_SQL_CLOCK_CASES, read_cases, error);
    sort_cases(&job);
    if (status == WEFT_OK)
        status = read_all(&job, WF_SQL_CLOCK_CONTACTS, read_contacts, error);
    if (status == WEFT_OK)
        status = read_all(&job, WF_SQL_CLOCK_OUTBREAKS, read_outbreaks, error);
    if (status == WEFT_OK)
        status = give_all(&job, error);
    done(&job);
    return status;
}
