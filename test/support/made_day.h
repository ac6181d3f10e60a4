// Random days of invented rows, and the plain way to answer what segments answer.
#ifndef TEST_SUPPORT_MADE_DAY_H
#define TEST_SUPPORT_MADE_DAY_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/prng.h"
#include "visits/segment.h"

// What a day is like.
typedef struct {
    uint32_t visits, encounters;
    uint32_t people, places; // numbers are below
    uint32_t hub_percent;    // of the visits that go to places 0 … 2
    uint32_t seat_percent, mark_percent;
    uint32_t seats, settings; // texts in the tables, besides ""
    uint16_t minutes;         // length of the day
    bool nights_go_on;        // stays that touch an end of the day are marked
} made_shape;

typedef struct {
    wf_segment_rows rows;
    wf_text *texts; // seats, then settings
    char *text_bytes;
} made_day;

static inline void *made_array(size_t count, size_t size)
{
    void *memory = calloc(count + 1, size);
    if (memory == NULL)
        abort();
    return memory;
}

// Texts "T-0", "T-1" …, out of order and with a repeat, as a batch may have them.
static inline void made_texts(wf_text *to, char *bytes, uint32_t count)
{
    to[0] = WF_TEXT("");
    for (uint32_t i = 1; i <= count; i++) {
        uint32_t name = (i * 7919u) % (count - count / 8);
        int size = snprintf(bytes + (size_t)i * 16, 16, "T-%u", name);
        if (size < 0)
            abort();
        to[i] = (wf_text){bytes + (size_t)i * 16, (size_t)size};
    }
}

static inline wf_visit_row made_visit(wf_prng *prng, const made_shape *shape)
{
    wf_visit_row row = {.ordinal = wf_prng_below(prng, 1000)};
    bool hub = wf_prng_below(prng, 100) < shape->hub_percent;
    row.person = wf_prng_below(prng, shape->people);
    // Neighbours live together; the rest is anywhere.
    if (hub)
        row.place = wf_prng_below(prng, shape->places < 3 ? shape->places : 3);
    else if (wf_prng_below(prng, 2) == 0)
        row.place = row.person / 3 % shape->places;
    else
        row.place = wf_prng_below(prng, shape->places);
    uint32_t longest = wf_prng_below(prng, 4) == 0 ? shape->minutes : 90;
    row.start = (uint16_t)wf_prng_below(prng, shape->minutes);
    if (wf_prng_below(prng, 8) == 0)
        row.start = 0;
    uint32_t end = row.start + 1u + wf_prng_below(prng, longest);
    row.end = (uint16_t)(end < shape->minutes ? end : shape->minutes);
    if (wf_prng_below(prng, 100) < shape->seat_percent)
        row.seat = wf_prng_below(prng, shape->seats + 1);
    if (wf_prng_below(prng, 100) < shape->mark_percent)
        row.marks = (uint8_t)wf_prng_below(prng, 8);
    if (shape->nights_go_on && row.start == 0)
        row.marks |= WF_MARK_FROM_BEFORE;
    if (shape->nights_go_on && row.end == shape->minutes)
        row.marks |= WF_MARK_INTO_NEXT;
    return row;
}

static inline wf_encounter_row made_encounter(wf_prng *prng, const made_shape *shape)
{
    wf_encounter_row row = {.a = wf_prng_below(prng, shape->people - 1)};
    row.b = row.a + 1 + wf_prng_below(prng, shape->people - 1 - row.a);
    row.start = wf_prng_below(prng, shape->minutes * 60u);
    row.end = row.start + 1 + wf_prng_below(prng, shape->minutes * 60u - row.start);
    row.setting = wf_prng_below(prng, shape->settings + 1);
    row.marks = (uint8_t)wf_prng_below(prng, 8);
    return row;
}

static inline made_day made_day_new(uint64_t seed, const made_shape *shape)
{
    wf_prng prng = wf_prng_new(seed);
    made_day made = {.rows.day.number = 18972};
    wf_segment_rows *rows = &made.rows;
    rows->visits_count = shape->visits;
    rows->encounters_count = shape->people < 2 ? 0 : shape->encounters;
    rows->visits = made_array(shape->visits, sizeof *rows->visits);
    rows->encounters = made_array(shape->encounters, sizeof *rows->encounters);
    uint32_t seats = shape->seats + 1, settings = shape->settings + 1;
    made.texts = made_array(seats + settings, sizeof *made.texts);
    made.text_bytes = made_array(seats + settings, 16);
    made_texts(made.texts, made.text_bytes, shape->seats);
    made_texts(made.texts + seats, made.text_bytes + (size_t)seats * 16, shape->settings);
    rows->seats = made.texts;
    rows->seats_count = seats;
    rows->settings = made.texts + seats;
    rows->settings_count = settings;
    for (size_t i = 0; i < rows->visits_count; i++) {
        // Now and then the row before with another mark or seat only.
        wf_visit_row row = made_visit(&prng, shape);
        if (i > 0 && wf_prng_below(&prng, 50) == 0) {
            uint8_t marks = rows->visits[i - 1].marks;
            row = rows->visits[i - 1];
            row.marks = (uint8_t)(marks ^ (1u << wf_prng_below(&prng, 3)));
        }
        rows->visits[i] = row;
    }
    for (size_t i = 0; i < rows->encounters_count; i++)
        rows->encounters[i] = made_encounter(&prng, shape);
    return made;
}

static inline void made_day_done(made_day *made)
{
    free(made->rows.visits);
    free(made->rows.encounters);
    free(made->texts);
    free(made->text_bytes);
}

// Any shape at all; sizes stay small.
static inline made_shape made_shape_any(uint64_t seed)
{
    static const uint32_t visits[] = {0, 1, 2, 10, 100, 700, 3000, 20000};
    static const uint32_t people[] = {1, 2, 60, 500, 5000, 300000, WF_NUMBER_LIMIT};
    static const uint32_t places[] = {1, 3, 40, 900, 100000, WF_NUMBER_LIMIT};
    static const uint32_t percents[] = {0, 0, 2, 10, 60, 100};
    static const uint16_t minutes[] = {1380, 1440, 1500, 7, 1};
    static const uint32_t texts[] = {0, 1, 9, 300, 70000};
    wf_prng prng = wf_prng_stream(seed, 1);
#define ANY(values) values[wf_prng_below(&prng, sizeof(values) / sizeof *(values))]
    made_shape shape = {.visits = ANY(visits),
                        .encounters = ANY(visits) / 4,
                        .people = ANY(people),
                        .places = ANY(places),
                        .hub_percent = ANY(percents),
                        .seat_percent = ANY(percents),
                        .mark_percent = ANY(percents),
                        .seats = ANY(texts),
                        .settings = ANY(texts),
                        .minutes = ANY(minutes),
                        .nights_go_on = wf_prng_below(&prng, 2) == 0};
#undef ANY
    return shape;
}

// ---- rows in an order and with texts, to compare ----

static inline int made_compare_u32(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

// By place, start, person, end, seat text, marks.
static inline int made_compare_visits(const void *a, const void *b, void *seats)
{
    const wf_visit_row *x = a, *y = b;
    const wf_text *texts = seats;
    int order = made_compare_u32(x->place, y->place);
    order = order != 0 ? order : made_compare_u32(x->start, y->start);
    order = order != 0 ? order : made_compare_u32(x->person, y->person);
    order = order != 0 ? order : made_compare_u32(x->end, y->end);
    order = order != 0 ? order : wf_text_compare(texts[x->seat], texts[y->seat]);
    return order != 0 ? order : made_compare_u32(x->marks, y->marks);
}

// By a, b, start, end, setting text, marks.
static inline int made_compare_encounters(const void *a, const void *b, void *settings)
{
    const wf_encounter_row *x = a, *y = b;
    const wf_text *texts = settings;
    int order = made_compare_u32(x->a, y->a);
    order = order != 0 ? order : made_compare_u32(x->b, y->b);
    order = order != 0 ? order : made_compare_u32(x->start, y->start);
    order = order != 0 ? order : made_compare_u32(x->end, y->end);
    order = order != 0 ? order : wf_text_compare(texts[x->setting], texts[y->setting]);
    return order != 0 ? order : made_compare_u32(x->marks, y->marks);
}

static inline void made_sort(wf_segment_rows *rows)
{
    qsort_r(rows->visits, rows->visits_count, sizeof *rows->visits, made_compare_visits,
            (void *)(uintptr_t)rows->seats);
    qsort_r(rows->encounters, rows->encounters_count, sizeof *rows->encounters,
            made_compare_encounters, (void *)(uintptr_t)rows->settings);
}

// True if both hold the same rows in the same order, seats and settings by their texts.
static inline bool made_equal(const wf_segment_rows *a, const wf_segment_rows *b)
{
    if (a->day.number != b->day.number || a->visits_count != b->visits_count ||
        a->encounters_count != b->encounters_count)
        return false;
    for (size_t i = 0; i < a->visits_count; i++) {
        const wf_visit_row *x = &a->visits[i], *y = &b->visits[i];
        if (x->place != y->place || x->person != y->person || x->start != y->start ||
            x->end != y->end || x->marks != y->marks ||
            !wf_text_equal(a->seats[x->seat], b->seats[y->seat]))
            return false;
    }
    for (size_t i = 0; i < a->encounters_count; i++) {
        const wf_encounter_row *x = &a->encounters[i], *y = &b->encounters[i];
        if (x->a != y->a || x->b != y->b || x->start != y->start || x->end != y->end ||
            x->marks != y->marks ||
            !wf_text_equal(a->settings[x->setting], b->settings[y->setting]))
            return false;
    }
    return true;
}

static inline void made_shuffle(wf_segment_rows *rows, uint64_t seed)
{
    wf_prng prng = wf_prng_new(seed);
    for (size_t i = rows->visits_count; i > 1; i--) {
        size_t j = wf_prng_below(&prng, (uint32_t)i);
        wf_visit_row row = rows->visits[i - 1];
        rows->visits[i - 1] = rows->visits[j];
        rows->visits[j] = row;
    }
    for (size_t i = rows->encounters_count; i > 1; i--) {
        size_t j = wf_prng_below(&prng, (uint32_t)i);
        wf_encounter_row row = rows->encounters[i - 1];
        rows->encounters[i - 1] = rows->encounters[j];
        rows->encounters[j] = row;
    }
}

#endif
