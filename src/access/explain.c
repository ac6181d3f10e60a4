#include "access/explain.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A code that is put together: "reason.at_" and "class".
#define CODE_MAX 64
static const char *code_of(char buffer[CODE_MAX], const char *prefix, const char *word)
{
    int size = snprintf(buffer, CODE_MAX, "%s%s", prefix, word);
    WF_ASSERT(size > 0 && size < CODE_MAX);
    return buffer;
}

static void set_param(weft_error *error, const char *name, const char *value)
{
    WF_ASSERT(error->params_count < WEFT_ERROR_PARAMS_MAX);
    weft_error_param *param = &error->params[error->params_count++];
    size_t size = strlen(value);
    // A sentence of parts may be long; it is cut where a character begins.
    if (size >= sizeof param->value) {
        size = sizeof param->value - 1;
        while (size > 0 && ((unsigned char)value[size] & 0xC0) == 0x80)
            size--;
    }
    memcpy(param->value, value, size);
    param->value[size] = '\0';
    size_t name_size = strlen(name);
    WF_ASSERT(name_size < sizeof param->name);
    memcpy(param->name, name, name_size + 1);
}

const char *wf_explain(wf_arena *arena, wf_language language, const char *code, ...)
{
    WF_ASSERT(wf_catalogue_has(code));
    weft_error sentence = {.code = code};
    va_list params;
    va_start(params, code);
    for (const char *name; (name = va_arg(params, const char *)) != NULL;)
        set_param(&sentence, name, va_arg(params, const char *));
    va_end(params);
    wf_buffer text = {0};
    const char *ret = NULL;
    if (wf_error_part_text(&sentence, WF_PART_MESSAGE, language, &text))
        ret = wf_arena_text(arena, wf_buffer_text(&text)).bytes;
    wf_buffer_done(&text);
    return ret;
}

const char *wf_explain_date(wf_arena *arena, wf_language language, weft_day date)
{
    int32_t year, month, day;
    wf_day_date(date, &year, &month, &day);
    char number[WF_NUMBER_TEXT_MAX], day_text[WF_NUMBER_TEXT_MAX], code[CODE_MAX];
    wf_number_text(number, month);
    const char *name =
        wf_explain(arena, language, code_of(code, "reason.month_", number), NULL);
    if (name == NULL)
        return NULL;
    return wf_explain(arena, language, "reason.date", "month", number, "day",
                      wf_number_text(day_text, day), "name", name, NULL);
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
    const char *word = days == 0    ? "same"
                       : days == 1  ? "after_one"
                       : days == -1 ? "before_one"
                       : days > 0   ? "after"
                                    : "before";
    char code[CODE_MAX], number[WF_NUMBER_TEXT_MAX];
    code_of(code, about->from_sample ? "reason.sample_" : "reason.onset_", word);
    return wf_explain(arena, language, code, "days",
                      wf_number_text(number, labs((long)days)), NULL);
}

static const char *place(wf_arena *arena, wf_language language,
                         const wf_exposure *exposure, wf_unit unit)
{
    char code[CODE_MAX];
    if (exposure->place.number == WF_NUMBER_NONE)
        return wf_explain(arena, language, "reason.at_encounter", NULL);
    const char *word = wf_place_kind_word(exposure->kind);
    if (unit != WF_UNIT_WHOLE && exposure->day.unit == WF_UNIT_WITHIN &&
        wf_catalogue_has(code_of(code, "reason.within_", word)))
        return wf_explain(arena, language, code, NULL);
    return wf_explain(arena, language, code_of(code, "reason.at_", word), NULL);
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
