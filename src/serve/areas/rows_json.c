#include "serve/areas/rows_json.h"

#include <limits.h>
#include <stdio.h>

#include "base/time.h"

// Appends what is new; false, and the array is gone, without memory.
static json_t *append(json_t *array, json_t *item)
{
    if (array != NULL && json_array_append_new(array, item) == 0)
        return array;
    json_decref(array);
    return NULL;
}

json_t *wf_json_time(const weft_city *city, weft_time at)
{
    char text[WF_TIME_TEXT_MAX];
    if (weft_time_is_none(at))
        return json_null();
    return json_string(weft_city_time_text(city, at, text));
}

static json_t *day_json(weft_day day)
{
    char text[WF_DAY_TEXT_MAX];
    return json_string(wf_day_text(text, day));
}

// ---- views ----

static json_t *names_json(const char *const *names, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        array = append(array, json_string(names[i]));
    return array;
}

static json_t *columns_json(const weft_view_column *columns, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        array = append(array,
                       json_pack("{s:s, s:s, s:s, s:s}", "name", columns[i].name, "unit",
                                 columns[i].unit, "title_zh", columns[i].title_zh,
                                 "title_en", columns[i].title_en));
    return array;
}

json_t *wf_json_view(const weft_view_about *about)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:o, s:o, s:o, s:o}", "view",
                     about->name, "title_zh", about->title_zh, "title_en",
                     about->title_en, "about_zh", about->about_zh, "about_en",
                     about->about_en, "personal", (int)about->personal, "grid",
                     (int)about->has_grid, "columns",
                     columns_json(about->columns, about->columns_count), "parameters",
                     columns_json(about->parameters, about->parameters_count), "filters",
                     names_json(about->filters, about->filters_count), "sorts",
                     names_json(about->sorts, about->sorts_count));
}

static json_t *value_json(const weft_city *city, const weft_view_column *column,
                          const weft_view_value *value)
{
    if (!value->given)
        return json_null();
    switch (column->type) {
    case WEFT_COLUMN_TEXT:
        return json_string(value->text);
    case WEFT_COLUMN_DATE:
        return day_json((weft_day){(int32_t)value->number});
    case WEFT_COLUMN_TIME:
        return wf_json_time(city, (weft_time){value->number});
    case WEFT_COLUMN_WHOLE:
        return json_integer(value->number);
    case WEFT_COLUMN_REAL:
        return json_real(value->real);
    case WEFT_COLUMN_YESNO:
        return json_boolean(value->number != 0);
    }
    WF_BUG("a type is one of the list");
}

json_t *wf_json_view_row(const weft_city *city, const weft_view_page *page, size_t row)
{
    const weft_view_about *about = page->about;
    const weft_view_value *values = page->values + row * about->columns_count;
    json_t *object = json_object();
    for (size_t c = 0; object != NULL && c < about->columns_count; c++)
        if (json_object_set_new(object, about->columns[c].name,
                                value_json(city, &about->columns[c], &values[c])) != 0) {
            json_decref(object);
            return NULL;
        }
    return object;
}

// ---- holes ----

json_t *wf_json_hole(const weft_city *city, const weft_hole *hole)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:I}", "kind", hole->kind, "subject",
                     hole->subject, "grid", hole->grid, "owner", hole->owner, "since",
                     wf_json_time(city, hole->since), "due_at",
                     wf_json_time(city, hole->due_at), "late_s",
                     (json_int_t)hole->late_s);
}

json_t *wf_json_holes_count(const weft_holes_count *count)
{
    return json_pack("{s:s, s:s, s:I, s:I}", "grid", count->grid, "kind", count->kind,
                     "due", (json_int_t)count->due, "not_yet",
                     (json_int_t)count->not_yet);
}

// ---- look-ups ----

static const char *why_word(weft_missing_why why)
{
    switch (why) {
    case WEFT_DAY_FORGOTTEN:
        return "forgotten";
    case WEFT_DAY_DAMAGED:
        return "damaged";
    case WEFT_DAY_KEYLESS:
        return "keyless";
    }
    WF_BUG("a day is missing for one of the three reasons");
}

json_t *wf_json_missing(const weft_lookup_summary *summary)
{
    json_t *missing = json_array();
    for (size_t i = 0; i < summary->missing_count; i++)
        missing = append(missing,
                         json_pack("{s:o, s:s}", "day", day_json(summary->missing[i].day),
                                   "why", why_word(summary->missing[i].why)));
    return missing;
}

static const char *level_word(weft_level level)
{
    static const char *const words[] = {[WEFT_LEVEL_CLOSE] = "close",
                                        [WEFT_LEVEL_SECONDARY] = "secondary",
                                        [WEFT_LEVEL_GENERAL] = "general"};
    return words[level];
}

// Four digits: an estimate has no more, and a last digit that hangs on the order of a
// sum would make equal answers differ.
static json_t *probability_json(double value)
{
    char text[32];
    double rounded = 0;
    int size = snprintf(text, sizeof text, "%.4g", value);
    WF_ASSERT(size > 0 && (size_t)size < sizeof text);
    WF_ASSERT(wf_parse_double(wf_text_of(text), 0, 1, &rounded));
    return json_real(rounded);
}

static json_t *ventilated_json(int ventilated)
{
    return ventilated < 0 ? json_null() : json_boolean(ventilated);
}

static json_t *reason_json(const weft_city *city, const weft_reason *reason)
{
    json_t *onset = reason->days_from_onset == INT_MIN
                        ? json_null()
                        : json_integer(reason->days_from_onset);
    return json_pack(
        "{s:o, s:o, s:o, s:I, s:s?, s:s, s:o, s:b, s:b, s:b, s:o, s:b, s:o, s:s, s:s}",
        "day", day_json(reason->day), "start", wf_json_time(city, reason->start), "end",
        wf_json_time(city, reason->end), "seconds", (json_int_t)reason->seconds, "place",
        reason->place, "place_kind", reason->place_kind, "days_from_onset", onset,
        "unit_known", (int)reason->unit_known, "same_unit", (int)reason->same_unit,
        "lingering", (int)reason->lingering, "ventilated",
        ventilated_json(reason->ventilated), "end_guessed", (int)reason->end_guessed,
        "probability", probability_json(reason->probability), "text_zh", reason->text_zh,
        "text_en", reason->text_en);
}

json_t *wf_json_contact(const weft_city *city, const weft_contact *row)
{
    json_t *reasons = json_array();
    for (size_t i = 0; i < row->reasons_count; i++)
        reasons = append(reasons, reason_json(city, &row->reasons[i]));
    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:I, s:o, s:o, s:s?, s:o, s:I}", "person",
                     row->person, "level", level_word(row->level), "probability",
                     probability_json(row->probability), "low",
                     probability_json(row->low), "high", probability_json(row->high),
                     "seconds", (json_int_t)row->seconds, "first_exposure",
                     wf_json_time(city, row->first_exposure), "last_exposure",
                     wf_json_time(city, row->last_exposure), "via", row->via, "reasons",
                     reasons, "reasons_left_out", (json_int_t)row->reasons_left_out);
}

json_t *wf_json_notice(const weft_city *city, const weft_crowd_notice *notice)
{
    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:I, s:s, s:s}", "place", notice->place,
                     "place_kind", notice->place_kind, "day", day_json(notice->day),
                     "from", wf_json_time(city, notice->from), "to",
                     wf_json_time(city, notice->to), "people", (json_int_t)notice->people,
                     "text_zh", notice->text_zh, "text_en", notice->text_en);
}

static json_t *left_out_json(const weft_contacts_summary *summary)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < summary->left_out_count; i++) {
        const weft_left_out *left = &summary->left_out[i];
        rows = append(rows, json_pack("{s:s, s:I, s:I, s:s, s:s}", "rule", left->rule,
                                      "people", (json_int_t)left->people, "place_days",
                                      (json_int_t)left->place_days, "text_zh",
                                      left->text_zh, "text_en", left->text_en));
    }
    return rows;
}

json_t *wf_json_contacts_more(const weft_contacts_summary *summary)
{
    return json_pack("{s:s, s:s, s:s, s:I, s:I, s:I, s:o, s:b, s:s, s:s}", "protocol",
                     summary->protocol, "opened_by", summary->opened_by, "closed_by",
                     summary->closed_by, "close", (json_int_t)summary->close, "secondary",
                     (json_int_t)summary->secondary, "general",
                     (json_int_t)summary->general, "left_out", left_out_json(summary),
                     "calibrated", (int)summary->calibrated, "note_zh", summary->note_zh,
                     "note_en", summary->note_en);
}

json_t *wf_json_stay(const weft_city *city, const weft_stay *row)
{
    return json_pack("{s:s, s:o, s:o, s:s?, s:b}", "person", row->person, "start",
                     wf_json_time(city, row->start), "end", wf_json_time(city, row->end),
                     "seat", row->seat[0] != '\0' ? row->seat : NULL, "guessed",
                     (int)row->end_guessed);
}

json_t *wf_json_shared_place(const weft_city *city, const weft_shared_place *row)
{
    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:I, s:f, s:f, s:f, s:I, s:s, s:s}",
                     "place", row->place, "place_kind", row->place_kind, "from",
                     wf_json_time(city, row->from), "to", wf_json_time(city, row->to),
                     "cases", names_json(row->cases, row->cases_count), "independent",
                     (json_int_t)row->independent, "expected", row->expected, "p_value",
                     row->p_value, "p_corrected", row->p_corrected, "background_visitors",
                     (json_int_t)row->background_visitors, "text_zh", row->text_zh,
                     "text_en", row->text_en);
}

json_t *wf_json_source_more(const weft_source_summary *summary)
{
    return json_pack("{s:I, s:I, s:I}", "cases", (json_int_t)summary->cases,
                     "independent", (json_int_t)summary->independent, "places_tested",
                     (json_int_t)summary->places_tested);
}
