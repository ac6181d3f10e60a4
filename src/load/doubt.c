#include "load/doubt.h"

#include <string.h>

#include "base/status.h"

enum { days_max = 60, clock_leeway_s = 600 };

static const int64_t day_us = INT64_C(24) * 60 * 60 * WF_US_PER_S;

static const wf_value *value_of(const wf_fact *fact, const char *name)
{
    size_t field = wf_kind_field(fact->kind, wf_text_of(name));
    return field != SIZE_MAX && fact->values[field].given ? &fact->values[field] : NULL;
}

static weft_time reported_at(const wf_fact *fact)
{
    const wf_value *reported = value_of(fact, "reported");
    return reported != NULL ? (weft_time){reported->number} : fact->at;
}

static bool is_likely(const wf_fact *fact, weft_time report, weft_time at)
{
    return at.us <= fact->at.us && at.us > report.us - days_max * day_us;
}

// The same date with day and month swapped; false: there is none, or it is the same.
static bool swap(const wf_zone *zone, weft_time at, weft_time *ret)
{
    wf_civil civil;
    wf_zone_civil(zone, at, &civil);
    int32_t month = civil.month;
    if (civil.day > 12 || civil.day == month)
        return false;
    civil.month = civil.day;
    civil.day = month;
    return wf_zone_instant(zone, &civil, ret);
}

static bool doubt(weft_error *ret, const char *code, const char *field)
{
    *ret = (weft_error){0};
    WF_IGNORE(wf_fail(ret, WEFT_BAD_INPUT, code, NULL), "it is a warning");
    wf_error_at(ret, NULL, 0, field);
    return true;
}

static bool doubt_swapped(weft_error *ret, const char *code, const wf_zone *zone,
                          weft_time said, weft_time other, const char *field)
{
    char said_text[WF_DAY_TEXT_MAX], other_text[WF_DAY_TEXT_MAX];
    *ret = (weft_error){0};
    WF_IGNORE(wf_fail(ret, WEFT_BAD_INPUT, code, "said",
                      wf_day_text(said_text, wf_zone_day_of(zone, said)), "other",
                      wf_day_text(other_text, wf_zone_day_of(zone, other)), NULL),
              "it is a warning");
    wf_error_at(ret, NULL, 0, field);
    return true;
}

// ---- the report of a case ----

// A report is judged by the fact that says it, all else by the report.
static bool is_swapped(const wf_fact *fact, const wf_zone *zone, const char *field,
                       weft_time report, weft_error *ret)
{
    const wf_value *value = value_of(fact, field);
    weft_time said, other;
    if (value == NULL)
        return false;
    said.us = value->number;
    if (is_likely(fact, report, said) || !swap(zone, said, &other) ||
        !is_likely(fact, report, other))
        return false;
    return doubt_swapped(ret, "case.date_swapped", zone, said, other, field);
}

// A case without symptoms has no onset either. One that came to have them is confirmed,
// and its window opens by the onset: somebody has to say which of the two it is.
static bool doubts_symptoms(const wf_fact *fact, weft_error *ret)
{
    const wf_value *class = value_of(fact, "classification");
    const wf_value *symptomatic = value_of(fact, "symptomatic");
    if (class == NULL || !wf_text_equal(class->text, WF_TEXT("asymptomatic")))
        return false;
    if (symptomatic != NULL && symptomatic->number != 0)
        return doubt(ret, "case.asymptomatic_symptoms", "symptomatic");
    return value_of(fact, "onset") != NULL &&
           doubt(ret, "case.asymptomatic_symptoms", "onset");
}

static bool doubts_dates(const wf_fact *fact, const wf_zone *zone, weft_error *ret)
{
    static const char *const fields[] = {
        "onset", "sampled", "isolated", "first_care_at", "resulted_at", "died", "buried"};
    if (is_swapped(fact, zone, "reported", fact->at, ret))
        return true;
    weft_time report = reported_at(fact);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (is_swapped(fact, zone, fields[i], report, ret))
            return true;
    const wf_value *onset = value_of(fact, "onset");
    if (onset == NULL)
        return false;
    // A day alone is all of it.
    weft_day day = wf_zone_day_of(zone, report);
    if (wf_zone_day_start(zone, day).us == report.us)
        report.us = wf_zone_day_end(zone, day).us - 1;
    if (onset->number > report.us)
        return doubt(ret, "case.onset_after_report", "onset");
    const wf_value *isolated = value_of(fact, "isolated");
    day = wf_zone_day_of(zone, (weft_time){onset->number});
    if (isolated != NULL && isolated->number < wf_zone_day_start(zone, day).us)
        return doubt(ret, "case.isolated_before_onset", "isolated");
    return onset->number > fact->at.us && doubt(ret, "case.onset_future", "onset");
}

// ---- all other facts ----

// Where a time lies as a rule, seen from the fact that says it.
typedef enum { PAST, AHEAD, EITHER } usual_side;

typedef struct {
    const char *kind, *field;
    usual_side side;
} told_time;

// An order of a kind's fields is that in which they are asked about.
static const told_time told_times[] = {
    {"visit.stated", "start", PAST},
    {"visit.stated", "end", EITHER}, // somebody may still be there
    {"encounter.named", "start", PAST},
    {"encounter.named", "end", PAST},
    {"exposure.recorded", "from", PAST},
    {"exposure.recorded", "until", PAST},
    {"place.exposed", "from", PAST},
    {"place.exposed", "until", PAST},
    {"notice.published", "from", PAST},
    {"notice.published", "until", PAST},
    {"self.reported", "happened", PAST},
    {"self.reported", "until", PAST},
    {"contact.named", "exposed_from", PAST},
    {"contact.named", "exposed_until", PAST},
    {"contact.confirmed", "exposed_from", PAST},
    {"contact.confirmed", "exposed_until", PAST},
    {"contact.unidentified", "exposed_from", PAST},
    {"contact.unidentified", "exposed_until", PAST},
    {"contact.reviewed", "exposed_until", PAST},
    {"person.present", "since", PAST},
    {"person.present", "until", AHEAD},
    {"person.absent", "since", PAST},
    {"person.absent", "until", AHEAD},
    {"order.issued", "from", EITHER},
    {"order.issued", "until", AHEAD},
    {"custody.given", "until", AHEAD},
    {"assignment.given", "until", AHEAD},
    {"task.assigned", "due", AHEAD},
    {"instruction.received", "reply_by", AHEAD},
    {"post.held", "from", EITHER},
    {"post.held", "until", AHEAD},
};

static bool is_usual(const wf_fact *fact, usual_side side, weft_time at)
{
    const int64_t days = days_max * day_us;
    int64_t least = side == AHEAD ? fact->at.us : fact->at.us - days;
    int64_t most =
        side == PAST ? fact->at.us + clock_leeway_s * WF_US_PER_S : fact->at.us + days;
    return at.us >= least && at.us <= most;
}

static bool doubts_time(const wf_fact *fact, const wf_zone *zone, const told_time *told,
                        weft_error *ret)
{
    const wf_value *value = value_of(fact, told->field);
    weft_time said, other;
    if (value == NULL)
        return false;
    said.us = value->number;
    if (is_usual(fact, told->side, said))
        return false;
    if (swap(zone, said, &other) && is_usual(fact, told->side, other))
        return doubt_swapped(ret, "fact.date_swapped", zone, said, other, told->field);
    return told->side == PAST && said.us > fact->at.us &&
           doubt(ret, "fact.date_future", told->field);
}

bool wf_doubt_of(const wf_fact *fact, const wf_zone *zone, weft_error *ret)
{
    if (strcmp(fact->kind->name, "case.reported") == 0)
        return doubts_dates(fact, zone, ret) || doubts_symptoms(fact, ret);
    for (size_t i = 0; i < sizeof told_times / sizeof *told_times; i++)
        if (strcmp(fact->kind->name, told_times[i].kind) == 0 &&
            doubts_time(fact, zone, &told_times[i], ret))
            return true;
    return false;
}
