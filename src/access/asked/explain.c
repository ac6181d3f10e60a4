#include "access/asked/explain.h"

#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

// What stands in the catalogue, whole, so that a search for a code finds its use.
static const char *const month_codes[12] = {
    "reason.month_1", "reason.month_2",  "reason.month_3",  "reason.month_4",
    "reason.month_5", "reason.month_6",  "reason.month_7",  "reason.month_8",
    "reason.month_9", "reason.month_10", "reason.month_11", "reason.month_12"};

static const char *const at_codes[WF_PLACE_KIND_COUNT] = {
    [WF_PLACE_HOUSEHOLD] = "reason.at_household",
    [WF_PLACE_ROOM] = "reason.at_room",
    [WF_PLACE_CLASS] = "reason.at_class",
    [WF_PLACE_OFFICE] = "reason.at_office",
    [WF_PLACE_CANTEEN] = "reason.at_canteen",
    [WF_PLACE_SHOP] = "reason.at_shop",
    [WF_PLACE_MARKET] = "reason.at_market",
    [WF_PLACE_RESTAURANT] = "reason.at_restaurant",
    [WF_PLACE_ENTERTAINMENT] = "reason.at_entertainment",
    [WF_PLACE_BUS] = "reason.at_bus",
    [WF_PLACE_COACH] = "reason.at_coach",
    [WF_PLACE_TRAIN] = "reason.at_train",
    [WF_PLACE_AIRCRAFT] = "reason.at_aircraft",
    [WF_PLACE_SHIP] = "reason.at_ship",
    [WF_PLACE_LIFT] = "reason.at_lift",
    [WF_PLACE_HALL] = "reason.at_hall",
    [WF_PLACE_CLINIC] = "reason.at_clinic",
    [WF_PLACE_ISOLATION] = "reason.at_isolation",
    [WF_PLACE_OPENAIR] = "reason.at_openair",
    [WF_PLACE_OTHER] = "reason.at_other",
};

// Within the finer unit of the place; NULL where the place has none.
static const char *const within_codes[WF_PLACE_KIND_COUNT] = {
    [WF_PLACE_CANTEEN] = "reason.within_canteen",
    [WF_PLACE_RESTAURANT] = "reason.within_restaurant",
    [WF_PLACE_ENTERTAINMENT] = "reason.within_entertainment",
    [WF_PLACE_MARKET] = "reason.within_market",
    [WF_PLACE_HALL] = "reason.within_hall",
    [WF_PLACE_COACH] = "reason.within_coach",
    [WF_PLACE_TRAIN] = "reason.within_train",
    [WF_PLACE_AIRCRAFT] = "reason.within_aircraft",
    [WF_PLACE_SHIP] = "reason.within_ship",
};

// The same day, a day after, some days after, a day before, some days before.
static const char *const day_codes[2][5] = {
    {"reason.onset_same", "reason.onset_after_one", "reason.onset_after",
     "reason.onset_before_one", "reason.onset_before"},
    {"reason.sample_same", "reason.sample_after_one", "reason.sample_after",
     "reason.sample_before_one", "reason.sample_before"},
};

const char *wf_explain(wf_arena *arena, wf_language language, const char *code, ...)
{
    enum { params_max = 8 };
    wf_catalogue_param params[params_max];
    size_t count = 0;
    va_list list;
    va_start(list, code);
    for (const char *name; (name = va_arg(list, const char *)) != NULL;) {
        WF_ASSERT(count < params_max);
        params[count++] = (wf_catalogue_param){name, va_arg(list, const char *)};
    }
    va_end(list);
    wf_buffer text = {0};
    const char *ret = NULL;
    if (wf_catalogue_message(code, language, params, count, &text))
        ret = wf_arena_text(arena, wf_buffer_text(&text)).bytes;
    wf_buffer_done(&text);
    return ret;
}

const char *wf_explain_date(wf_arena *arena, wf_language language, weft_day date)
{
    int32_t year, month, day;
    wf_day_date(date, &year, &month, &day);
    char day_text[WF_NUMBER_TEXT_MAX];
    const char *name = wf_explain(arena, language, month_codes[month - 1], NULL);
    if (name == NULL)
        return NULL;
    return wf_explain(arena, language, "reason.date", "month", name, "day",
                      wf_number_text(day_text, day), NULL);
}

static const char *duration(wf_arena *arena, wf_language language, int64_t seconds)
{
    char hours[WF_NUMBER_TEXT_MAX], minutes[WF_NUMBER_TEXT_MAX];
    int64_t whole = seconds / 60;
    wf_number_text(hours, whole / 60);
    wf_number_text(minutes, whole % 60);
    const char *code = whole == 0        ? "reason.duration_short"
                       : whole < 60      ? "reason.duration_minutes"
                       : whole % 60 == 0 ? "reason.duration_hours"
                                         : "reason.duration_hours_minutes";
    return wf_explain(arena, language, code, "hours", hours, "minutes", minutes, NULL);
}

static const char *relative(wf_arena *arena, wf_language language,
                            const wf_explain_reason *about)
{
    int days = about->days_from_onset;
    if (days == INT_MIN || about->to_close)
        return "";
    int which = days == 0 ? 0 : days == 1 ? 1 : days > 0 ? 2 : days == -1 ? 3 : 4;
    char number[WF_NUMBER_TEXT_MAX];
    return wf_explain(arena, language, day_codes[about->from_sample][which], "days",
                      wf_number_text(number, labs((long)days)), NULL);
}

static const char *place(wf_arena *arena, wf_language language,
                         const wf_exposure *exposure, wf_unit unit)
{
    if (exposure->place.number == WF_NUMBER_NONE)
        return wf_explain(arena, language, "reason.at_encounter", NULL);
    const char *within = within_codes[exposure->kind];
    if (unit != WF_UNIT_WHOLE && exposure->day.unit == WF_UNIT_WITHIN && within != NULL)
        return wf_explain(arena, language, within, NULL);
    return wf_explain(arena, language, at_codes[exposure->kind], NULL);
}

static bool add_note(wf_buffer *notes, wf_arena *arena, wf_language language, bool holds,
                     const char *code)
{
    if (!holds)
        return true;
    const char *text = wf_explain(arena, language, code, NULL);
    return text != NULL && wf_buffer_append(notes, text, strlen(text));
}

// "" or "; seat not known; end of stay guessed".
static const char *notes(wf_arena *arena, wf_language language,
                         const wf_exposure *exposure, const wf_explain_reason *about)
{
    const wf_together_day *day = &exposure->day;
    bool encounter = exposure->place.number == WF_NUMBER_NONE;
    wf_buffer text = {0};
    bool done =
        add_note(&text, arena, language, !encounter && day->unit == WF_UNIT_OUTSIDE,
                 "reason.outside") &&
        add_note(&text, arena, language, !encounter && day->unit == WF_UNIT_UNKNOWN,
                 "reason.seat_unknown") &&
        add_note(&text, arena, language, day->lingering,
                 about->to_close ? "reason.lingering_close" : "reason.lingering") &&
        add_note(&text, arena, language, !encounter && exposure->ventilated == 0,
                 "reason.unventilated") &&
        add_note(&text, arena, language, !encounter && exposure->ventilated == 1,
                 "reason.ventilated") &&
        add_note(&text, arena, language, day->days_only, "reason.days_only") &&
        add_note(&text, arena, language, day->guessed && !day->days_only,
                 "reason.guessed");
    const char *ret = !done ? NULL
                      : text.size == 0
                          ? ""
                          : wf_arena_text(arena, wf_buffer_text(&text)).bytes;
    wf_buffer_done(&text);
    return ret;
}

const char *wf_explain_exposure(const wf_exposure *exposure,
                                const wf_explain_reason *about, wf_language language,
                                wf_arena *arena)
{
    const char *date = wf_explain_date(arena, language, about->date);
    const char *when = relative(arena, language, about);
    const char *at = place(arena, language, exposure, about->unit);
    const char *span = duration(arena, language, exposure->day.seconds);
    const char *more = notes(arena, language, exposure, about);
    if (date == NULL || when == NULL || at == NULL || span == NULL || more == NULL)
        return NULL;
    return wf_explain(arena, language, about->to_close ? "reason.close" : "reason.case",
                      "date", date, "relative", when, "at", at, "duration", span, "notes",
                      more, NULL);
}
