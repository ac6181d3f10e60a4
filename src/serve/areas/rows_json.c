#include "serve/areas/rows_json.h"

#include <limits.h>

#include "base/time.h"
#include "serve/areas/json_out.h"

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
        array =
            append(array, json_pack("{s:s, s:s, s:s, s:s, s:b}", "name", columns[i].name,
                                    "unit", columns[i].unit, "title_zh",
                                    columns[i].title_zh, "title_en", columns[i].title_en,
                                    "is_person", (int)columns[i].is_person));
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

// NULL for the empty text.
static const char *or_none(const char *text)
{
    return text[0] != '\0' ? text : NULL;
}

json_t *wf_json_hole(const weft_city *city, const weft_hole *hole)
{
    json_t *row =
        json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:I}", "kind", hole->kind, "subject",
                  hole->subject, "grid", hole->grid, "owner", hole->owner, "since",
                  wf_json_time(city, hole->since), "due_at",
                  wf_json_time(city, hole->due_at), "late_s", (json_int_t)hole->late_s);
    if (row == NULL || hole->task == NULL)
        return row;
    json_t *task =
        json_pack("{s:s?, s:s?, s:s?, s:o}", "task", or_none(hole->task), "task_post",
                  or_none(hole->task_post), "task_state", or_none(hole->task_state),
                  "task_since", wf_json_time(city, hole->task_since));
    if (task != NULL && json_object_update(row, task) == 0) {
        json_decref(task);
        return row;
    }
    json_decref(task);
    json_decref(row);
    return NULL;
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

static inline void put_text(wf_json_out *to, wf_text name, const char *text)
{
    wf_json_out_name(to, name);
    wf_json_out_text(to, text);
}

// A word of the program, which needs no escape.
static inline void put_word(wf_json_out *to, wf_text name, const char *word)
{
    wf_json_out_name(to, name);
    wf_json_out_plain(to, word, strlen(word));
}

// In a language that was not asked for there is none.
static inline void put_sentence(wf_json_out *to, wf_text name, const char *text)
{
    if (text != NULL)
        put_text(to, name, text);
}

static inline void put_time(wf_json_out *to, wf_text name, const weft_city *city,
                            weft_time at)
{
    char text[WF_TIME_TEXT_MAX];
    if (weft_time_is_none(at))
        put_text(to, name, NULL);
    else
        put_word(to, name, weft_city_time_text(city, at, text));
}

static inline void put_whole(wf_json_out *to, wf_text name, int64_t number)
{
    wf_json_out_name(to, name);
    wf_json_out_whole(to, number);
}

static inline void put_yesno(wf_json_out *to, wf_text name, bool yes)
{
    wf_json_out_name(to, name);
    wf_json_out_yesno(to, yes);
}

static inline void put_share(wf_json_out *to, wf_text name, double share)
{
    wf_json_out_name(to, name);
    wf_json_out_share(to, share);
}

static void put_reason(wf_json_out *to, const weft_city *city, const weft_reason *reason)
{
    char day[WF_DAY_TEXT_MAX];
    wf_json_out_open(to, '{');
    put_word(to, WF_JSON_NAME("day"), wf_day_text(day, reason->day));
    put_time(to, WF_JSON_NAME("start"), city, reason->start);
    put_time(to, WF_JSON_NAME("end"), city, reason->end);
    put_whole(to, WF_JSON_NAME("seconds"), reason->seconds);
    put_text(to, WF_JSON_NAME("place"), reason->place);
    put_word(to, WF_JSON_NAME("place_kind"), reason->place_kind);
    wf_json_out_name(to, WF_JSON_NAME("days_from_onset"));
    if (reason->days_from_onset == INT_MIN)
        wf_json_out_null(to);
    else
        wf_json_out_whole(to, reason->days_from_onset);
    put_yesno(to, WF_JSON_NAME("unit_known"), reason->unit_known);
    put_yesno(to, WF_JSON_NAME("same_unit"), reason->same_unit);
    put_yesno(to, WF_JSON_NAME("lingering"), reason->lingering);
    wf_json_out_name(to, WF_JSON_NAME("ventilated"));
    if (reason->ventilated < 0)
        wf_json_out_null(to);
    else
        wf_json_out_yesno(to, reason->ventilated != 0);
    put_yesno(to, WF_JSON_NAME("end_guessed"), reason->end_guessed);
    put_share(to, WF_JSON_NAME("probability"), reason->probability);
    put_sentence(to, WF_JSON_NAME("text_zh"), reason->text_zh);
    put_sentence(to, WF_JSON_NAME("text_en"), reason->text_en);
    wf_json_out_close(to, '}');
}

static void put_found(wf_json_out *to, const weft_city *city, const weft_contact *row)
{
    put_share(to, WF_JSON_NAME("probability"), row->probability);
    put_share(to, WF_JSON_NAME("low"), row->low);
    put_share(to, WF_JSON_NAME("high"), row->high);
    put_whole(to, WF_JSON_NAME("seconds"), row->seconds);
    put_time(to, WF_JSON_NAME("first_exposure"), city, row->first_exposure);
    put_time(to, WF_JSON_NAME("last_exposure"), city, row->last_exposure);
    put_text(to, WF_JSON_NAME("via"), row->via);
    put_word(to, WF_JSON_NAME("place_kind"), row->place_kind);
    wf_json_out_name(to, WF_JSON_NAME("reasons"));
    wf_json_out_open(to, '[');
    for (size_t i = 0; i < row->reasons_count; i++)
        put_reason(to, city, &row->reasons[i]);
    wf_json_out_close(to, ']');
    put_whole(to, WF_JSON_NAME("reasons_left_out"), (int64_t)row->reasons_left_out);
}

bool wf_json_titled_count(const weft_holes_count *count, wf_buffer *ret)
{
    wf_json_out to = {.to = ret};
    wf_json_out_open(&to, '{');
    put_word(&to, WF_JSON_NAME("grid"), count->grid);
    put_word(&to, WF_JSON_NAME("kind"), count->kind);
    put_whole(&to, WF_JSON_NAME("due"), (int64_t)count->due);
    put_whole(&to, WF_JSON_NAME("not_yet"), (int64_t)count->not_yet);
    put_text(&to, WF_JSON_NAME("title_zh"), count->title_zh);
    put_text(&to, WF_JSON_NAME("title_en"), count->title_en);
    wf_json_out_close(&to, '}');
    return wf_json_out_done(&to);
}

static const char *said(const char *text)
{
    return text[0] != '\0' ? text : NULL;
}

// What a contact may be told: a day, and a kind of place.
static void put_telling(wf_json_out *to, const weft_telling *telling)
{
    char day[WF_DAY_TEXT_MAX];
    put_yesno(to, WF_JSON_NAME("guessable"), telling->guessable);
    put_text(to, WF_JSON_NAME("guess_why"), said(telling->why));
    put_text(to, WF_JSON_NAME("told_day"),
             telling->has_day ? wf_day_text(day, telling->day) : NULL);
    put_text(to, WF_JSON_NAME("told_kind"), telling->kind);
}

bool wf_json_contact(const weft_city *city, const weft_contact *row, wf_buffer *ret)
{
    wf_json_out to = {.to = ret};
    wf_json_out_open(&to, '{');
    put_text(&to, WF_JSON_NAME("person"), row->person);
    put_word(&to, WF_JSON_NAME("level"), level_word(row->level));
    put_found(&to, city, row);
    if (row->telling.why != NULL)
        put_telling(&to, &row->telling);
    wf_json_out_close(&to, '}');
    return wf_json_out_done(&to);
}

// How far the work on them is.
static void put_steps(wf_json_out *to, const weft_city *city, const weft_work_row *row)
{
    put_time(to, WF_JSON_NAME("exposed_from"), city, row->exposed_from);
    put_time(to, WF_JSON_NAME("exposed_until"), city, row->exposed_until);
    put_time(to, WF_JSON_NAME("named_at"), city, row->named_at);
    put_time(to, WF_JSON_NAME("confirmed_at"), city, row->confirmed_at);
    put_whole(to, WF_JSON_NAME("attempts"), row->attempts);
    put_time(to, WF_JSON_NAME("attempted_at"), city, row->attempted_at);
    put_text(to, WF_JSON_NAME("attempt"), said(row->attempt));
    put_time(to, WF_JSON_NAME("reached_at"), city, row->reached_at);
    put_time(to, WF_JSON_NAME("placed_at"), city, row->placed_at);
    put_text(to, WF_JSON_NAME("placed_in"), said(row->placed_in));
    put_time(to, WF_JSON_NAME("tested_at"), city, row->tested_at);
    put_text(to, WF_JSON_NAME("result"), said(row->result));
    put_time(to, WF_JSON_NAME("converted_at"), city, row->converted_at);
    put_time(to, WF_JSON_NAME("dismissed_at"), city, row->dismissed_at);
    put_text(to, WF_JSON_NAME("dismissed_for"), said(row->dismissed_for));
}

// What a look-up would have said of them is not known.
static void put_not_found(wf_json_out *to)
{
    const wf_text names[] = {
        WF_JSON_NAME("priority"),      WF_JSON_NAME("probability"),
        WF_JSON_NAME("low"),           WF_JSON_NAME("high"),
        WF_JSON_NAME("seconds"),       WF_JSON_NAME("first_exposure"),
        WF_JSON_NAME("last_exposure"), WF_JSON_NAME("via"),
        WF_JSON_NAME("place_kind")};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        put_text(to, names[i], NULL);
    wf_json_out_name(to, WF_JSON_NAME("reasons"));
    wf_json_out_open(to, '[');
    wf_json_out_close(to, ']');
    put_whole(to, WF_JSON_NAME("reasons_left_out"), 0);
}

bool wf_json_work_row(const weft_city *city, const weft_work_row *row, wf_buffer *ret)
{
    wf_json_out to = {.to = ret};
    wf_json_out_open(&to, '{');
    put_whole(&to, WF_JSON_NAME("place"), (int64_t)row->place);
    put_text(&to, WF_JSON_NAME("person"), row->person);
    put_text(&to, WF_JSON_NAME("contact"), row->contact);
    put_text(&to, WF_JSON_NAME("state"), row->state);
    put_text(&to, WF_JSON_NAME("level"), level_word(row->level));
    put_text(&to, WF_JSON_NAME("change"), row->change);
    wf_json_out_name(&to, WF_JSON_NAME("changes"));
    wf_json_out_open(&to, '[');
    for (size_t i = 0; i < row->changes_count; i++)
        wf_json_out_plain(&to, row->changes[i], strlen(row->changes[i]));
    wf_json_out_close(&to, ']');
    put_whole(&to, WF_JSON_NAME("was"), (int64_t)row->was);
    put_time(&to, WF_JSON_NAME("reviewed_at"), city, row->reviewed_at);
    put_yesno(&to, WF_JSON_NAME("suggested"), row->found != NULL);
    if (row->found != NULL) {
        put_share(&to, WF_JSON_NAME("priority"), row->priority);
        put_found(&to, city, row->found);
    } else {
        put_not_found(&to);
    }
    put_telling(&to, &row->telling);
    put_steps(&to, city, row);
    put_text(&to, WF_JSON_NAME("description"), row->description);
    wf_json_out_close(&to, '}');
    return wf_json_out_done(&to);
}

bool wf_json_stay(const weft_city *city, const weft_stay *row, wf_buffer *ret)
{
    wf_json_out to = {.to = ret};
    wf_json_out_open(&to, '{');
    put_text(&to, WF_JSON_NAME("person"), row->person);
    put_time(&to, WF_JSON_NAME("start"), city, row->start);
    put_time(&to, WF_JSON_NAME("end"), city, row->end);
    put_text(&to, WF_JSON_NAME("seat"), row->seat[0] != '\0' ? row->seat : NULL);
    put_yesno(&to, WF_JSON_NAME("guessed"), row->end_guessed);
    wf_json_out_close(&to, '}');
    return wf_json_out_done(&to);
}

// An object with its sentences, those that were asked for; takes it over.
static json_t *with_sentences(json_t *object, const char *name_zh, const char *zh,
                              const char *name_en, const char *en)
{
    bool done =
        object != NULL &&
        (zh == NULL || json_object_set_new(object, name_zh, json_string(zh)) == 0) &&
        (en == NULL || json_object_set_new(object, name_en, json_string(en)) == 0);
    if (done)
        return object;
    json_decref(object);
    return NULL;
}

json_t *wf_json_notice(const weft_city *city, const weft_crowd_notice *notice)
{
    json_t *object =
        json_pack("{s:s, s:s, s:o, s:o, s:o, s:I}", "place", notice->place, "place_kind",
                  notice->place_kind, "day", day_json(notice->day), "from",
                  wf_json_time(city, notice->from), "to", wf_json_time(city, notice->to),
                  "people", (json_int_t)notice->people);
    return with_sentences(object, "text_zh", notice->text_zh, "text_en", notice->text_en);
}

static json_t *left_out_json(const weft_contacts_summary *summary)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < summary->left_out_count; i++) {
        const weft_left_out *left = &summary->left_out[i];
        json_t *row = json_pack("{s:s, s:I, s:I}", "rule", left->rule, "people",
                                (json_int_t)left->people, "place_days",
                                (json_int_t)left->place_days);
        rows = append(rows, with_sentences(row, "text_zh", left->text_zh, "text_en",
                                           left->text_en));
    }
    return rows;
}

json_t *wf_json_contacts_more(const weft_contacts_summary *summary)
{
    json_t *object = json_pack(
        "{s:s, s:s, s:s, s:I, s:I, s:I, s:o, s:b, s:b}", "protocol", summary->protocol,
        "opened_by", summary->opened_by, "closed_by", summary->closed_by, "close",
        (json_int_t)summary->close, "secondary", (json_int_t)summary->secondary,
        "general", (json_int_t)summary->general, "left_out", left_out_json(summary),
        "calibrated", (int)summary->calibrated, "not_a_case", (int)summary->not_a_case);
    return with_sentences(object, "note_zh", summary->note_zh, "note_en",
                          summary->note_en);
}

static json_t *states_json(const weft_work_summary *summary)
{
    json_t *states = json_object();
    for (size_t i = 0; states != NULL && i < WEFT_WORK_STATES; i++)
        if (json_object_set_new(states, summary->states[i],
                                json_integer((json_int_t)summary->by_state[i])) != 0) {
            json_decref(states);
            return NULL;
        }
    return states;
}

json_t *wf_json_work_more(const weft_city *city, const weft_work_summary *summary)
{
    json_t *object =
        summary->computed ? wf_json_contacts_more(&summary->contacts) : json_object();
    json_t *more = json_pack(
        "{s:b, s:b, s:I, s:I, s:o, s:o, s:o, s:I}", "computed", (int)summary->computed,
        "not_a_case", (int)summary->contacts.not_a_case, "count",
        (json_int_t)summary->rows, "to_call", (json_int_t)summary->to_call, "states",
        states_json(summary), "worked_at", wf_json_time(city, summary->worked_at),
        "reviewed_at", wf_json_time(city, summary->reviewed_at), "gone_count",
        (json_int_t)summary->gone_count);
    bool done = object != NULL && more != NULL && json_object_update(object, more) == 0;
    json_decref(more);
    if (done)
        return object;
    json_decref(object);
    return NULL;
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
