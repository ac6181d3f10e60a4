#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wire/facts.h"

static bool put(wf_buffer *to, const char *text)
{
    return wf_buffer_append(to, text, strlen(text));
}

// A checked text has no control characters below 0x20: only these two need a mark.
static bool put_string(wf_buffer *to, wf_text text)
{
    bool done = put(to, "\"");
    while (done && text.size > 0) {
        size_t plain = 0;
        while (plain < text.size && text.bytes[plain] != '"' && text.bytes[plain] != '\\')
            plain++;
        done = wf_buffer_append(to, text.bytes, plain);
        if (done && plain < text.size) {
            done = put(to, "\\") && wf_buffer_append(to, text.bytes + plain, 1);
            plain++;
        }
        text = (wf_text){text.bytes + plain, text.size - plain};
    }
    return done && put(to, "\"");
}

static bool put_whole(wf_buffer *to, int64_t number)
{
    char text[WF_NUMBER_TEXT_MAX];
    return put(to, wf_number_text(text, number));
}

// The shortest decimal that reads as the very number.
static bool put_real(wf_buffer *to, double real)
{
    char text[32];
    for (int digits = 15; digits <= 17; digits++) {
        WF_IGNORE(snprintf(text, sizeof text, "%.*g", digits, real == 0 ? 0 : real) < 0,
                  "17 digits and an exponent fit");
        if (strtod(text, NULL) == real)
            break;
    }
    return put(to, text);
}

// "2021-12-12T07:41:05.25+08:00": in the city's zone, or in UTC where the zone's year
// would have other than four digits.
static bool put_time(wf_buffer *to, weft_time at, const wf_zone *zone)
{
    enum { seconds_end = 19 };
    char text[WF_TIME_TEXT_MAX];
    wf_civil civil;
    wf_zone_civil(zone, at, &civil);
    if (civil.year < 1 || civil.year > 9999) {
        // No zone's offset goes beyond a day, and its civil day is then a neighbour of
        // UTC's: the time of the UTC day is what is left of the day.
        int64_t day_us = 24 * 3600 * WF_US_PER_S;
        int64_t day = at.us / day_us - (at.us % day_us < 0);
        int64_t us = at.us - day * day_us;
        char date[WF_DAY_TEXT_MAX];
        return wf_buffer_printf(to,
                                "\"%s"
                                "T%02d:%02d:%02d.%06dZ\"",
                                wf_day_text(date, (weft_day){(int32_t)day}),
                                (int)(us / (3600 * WF_US_PER_S)),
                                (int)(us / (60 * WF_US_PER_S) % 60),
                                (int)(us / WF_US_PER_S % 60), (int)(us % WF_US_PER_S));
    }
    wf_time_text(text, at, zone);
    bool done = put(to, "\"") && wf_buffer_append(to, text, seconds_end);
    if (done && civil.us != 0)
        done = wf_buffer_printf(to, ".%06d", civil.us);
    return done && put(to, text + seconds_end) && put(to, "\"");
}

static bool put_identity(wf_buffer *to, wf_identity id)
{
    return put(to, "{\"device\":") && put_string(to, id.device) && put(to, ",\"seq\":") &&
           put_whole(to, id.seq) && put(to, "}");
}

static bool put_value(wf_buffer *to, wf_column_type type, const wf_value *value,
                      const wf_zone *zone)
{
    char day[WF_DAY_TEXT_MAX];
    switch (type) {
    case WF_COLUMN_ID:
    case WF_COLUMN_PERSON:
    case WF_COLUMN_PLACE:
    case WF_COLUMN_TEXT:
    case WF_COLUMN_WORD:
        return put_string(to, value->text);
    case WF_COLUMN_DATE:
        wf_day_text(day, (weft_day){(int32_t)value->number});
        return put_string(to, wf_text_of(day));
    case WF_COLUMN_TIME:
        return put_time(to, (weft_time){value->number}, zone);
    case WF_COLUMN_YESNO:
        return put(to, value->number == 1 ? "true" : "false");
    case WF_COLUMN_INTEGER:
        return put_whole(to, value->number);
    case WF_COLUMN_NUMBER:
        return put_real(to, value->real);
    case WF_COLUMN_FACT:
        return put_identity(to, value->fact);
    }
    WF_BUG("a type is one of the list");
}

static bool put_field(wf_buffer *to, const wf_column *field, const wf_value *value,
                      const wf_zone *zone)
{
    bool done = put(to, "\"") && put(to, field->name) && put(to, "\":");
    if (!field->list)
        return done && put_value(to, field->type, value, zone);
    done = done && put(to, "[");
    for (size_t i = 0; done && i < value->items_count; i++)
        done = (i == 0 || put(to, ",")) &&
               put_value(to, field->type, &value->items[i], zone);
    return done && put(to, "]");
}

static bool put_body(wf_buffer *to, const wf_fact *fact, const wf_zone *zone)
{
    const char *before = "";
    bool done = put(to, "{");
    for (size_t i = 0; done && i < fact->kind->fields_count; i++) {
        if (!fact->values[i].given)
            continue;
        done = put(to, before) &&
               put_field(to, &fact->kind->fields[i], &fact->values[i], zone);
        before = ",";
    }
    return done && put(to, "}");
}

static bool put_envelope(wf_buffer *to, const wf_fact *fact, const wf_zone *zone)
{
    bool done = put(to, "{\"device\":") && put_string(to, fact->id.device) &&
                put(to, ",\"seq\":") && put_whole(to, fact->id.seq) &&
                put(to, ",\"kind\":") && put_string(to, wf_text_of(fact->kind->name)) &&
                put(to, ",\"at\":") && put_time(to, fact->at, zone);
    if (done && fact->grid.size > 0)
        done = put(to, ",\"grid\":") && put_string(to, fact->grid);
    if (done && fact->amends.device.size > 0 && !fact->kind->withdraws)
        done = put(to, ",\"instead_of\":") && put_identity(to, fact->amends);
    return done;
}

weft_status wf_facts_write(const wf_fact *fact, const wf_zone *zone, wf_buffer *ret,
                           weft_error *error)
{
    size_t before = ret->size;
    if (put_envelope(ret, fact, zone) && put(ret, ",\"body\":") &&
        put_body(ret, fact, zone) && put(ret, "}"))
        return WEFT_OK;
    ret->size = before;
    return wf_fail_memory(error);
}

weft_status wf_facts_write_body(const wf_fact *fact, const wf_zone *zone, wf_buffer *ret,
                                weft_error *error)
{
    size_t before = ret->size;
    if (put_body(ret, fact, zone))
        return WEFT_OK;
    ret->size = before;
    return wf_fail_memory(error);
}
