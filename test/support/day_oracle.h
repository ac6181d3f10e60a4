// Every accessor of an opened day against a plain scan over its rows.
#ifndef TEST_SUPPORT_DAY_ORACLE_H
#define TEST_SUPPORT_DAY_ORACLE_H

#include "support/made_day.h"
#include "visits/day.h"

#define ORACLE_SAYS(condition)                                                           \
    do {                                                                                 \
        if (!(condition)) {                                                              \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);              \
            return false;                                                                \
        }                                                                                \
    } while (0)

static inline bool oracle_visit_matches(const wf_day *day, const wf_segment_rows *rows,
                                        const wf_visit_row *row, const wf_stay *stay,
                                        const wf_stay_marks *marks)
{
    return stay->person.number == row->person && stay->start == row->start &&
           stay->end == row->end &&
           (marks == NULL ||
            (marks->end_guessed == ((row->marks & WF_MARK_END_GUESSED) != 0) &&
             marks->from_before == ((row->marks & WF_MARK_FROM_BEFORE) != 0) &&
             marks->into_next == ((row->marks & WF_MARK_INTO_NEXT) != 0) &&
             wf_text_equal(wf_day_seat_text(day, marks->seat), rows->seats[row->seat])));
}

// The whole place at a stroke: all stays in any order, or none above a limit.
static inline bool oracle_whole(const wf_day *day, const wf_segment_rows *rows,
                                uint32_t place)
{
    wf_stay_list list = {0};
    wf_place number = {place};
    uint32_t visits = 0;
    uint64_t wanted = 0, got = 0, count = 0;
    wf_day_prefetch(day, &place, 1); // changes nothing
    ORACLE_SAYS(wf_day_place_whole(day, number, UINT64_MAX, &list, &visits) == WEFT_OK);
    for (size_t i = 0; i < list.count; i++)
        got += (uint64_t)list.rows[i].person.number * 2000003 +
               list.rows[i].start * 1501u + list.rows[i].end;
    for (size_t i = 0; i < rows->visits_count; i++) {
        const wf_visit_row *row = &rows->visits[i];
        if (row->place != place)
            continue;
        count++;
        wanted += (uint64_t)row->person * 2000003 + row->start * 1501u + row->end;
    }
    ORACLE_SAYS(list.count == count && visits == count && got == wanted);
    if (count > 0)
        ORACLE_SAYS(wf_day_place_whole(day, number, count - 1, &list, &visits) ==
                    WEFT_OK);
    ORACLE_SAYS(list.count == count && visits == count);
    wf_stay_list_done(&list);
    return true;
}

// `rows` are sorted (made_sort), so the rows of a place stand together in the order in
// which the day gives them, repeats of one stay aside.
static inline bool oracle_place(const wf_day *day, const wf_segment_rows *rows,
                                uint32_t place, uint32_t from, uint32_t to, bool marked,
                                bool one_segment)
{
    wf_stay_list list = {0};
    wf_place number = {place};
    weft_status status = marked ? wf_day_place_stays_marked(day, number, from, to, &list)
                                : wf_day_place_stays(day, number, from, to, &list);
    ORACLE_SAYS(status == WEFT_OK);
    size_t at = 0, visits = 0, compared = 0;
    for (size_t i = 0; i < rows->visits_count; i++) {
        const wf_visit_row *row = &rows->visits[i];
        visits += row->place == place;
        if (row->place != place || from >= to || row->start >= to || row->end <= from)
            continue;
        ORACLE_SAYS(at < list.count);
        // Stays that differ by marks only come in any order from several segments.
        bool exact = marked && one_segment;
        ORACLE_SAYS(oracle_visit_matches(day, rows, row, &list.rows[at],
                                         exact ? &list.marks[at] : NULL));
        compared += exact;
        at++;
    }
    ORACLE_SAYS(at == list.count && compared <= at);
    ORACLE_SAYS(wf_day_place_visits(day, number) == visits);
    wf_stay_list_done(&list);
    return true;
}

static inline int oracle_compare_stops(const void *a, const void *b)
{
    const wf_stop *x = a, *y = b;
    int order = made_compare_u32(x->start, y->start);
    order = order != 0 ? order : made_compare_u32(x->place.number, y->place.number);
    return order != 0 ? order : made_compare_u32(x->end, y->end);
}

static inline bool oracle_person(const wf_day *day, const wf_segment_rows *rows,
                                 uint32_t person)
{
    wf_stop_list list = {0};
    uint32_t *places = NULL;
    size_t places_count = 0, capacity = 0, count = 0, distinct = 0;
    wf_person number = {person};
    ORACLE_SAYS(wf_day_person_stops(day, number, &list) == WEFT_OK);
    ORACLE_SAYS(wf_day_person_places(day, number, &places, &places_count, &capacity) ==
                WEFT_OK);
    wf_stop *wanted = made_array(rows->visits_count, sizeof *wanted);
    uint32_t last = UINT32_MAX;
    for (size_t i = 0; i < rows->visits_count; i++) {
        const wf_visit_row *row = &rows->visits[i];
        if (row->person != person)
            continue;
        wanted[count++] = (wf_stop){{row->place}, row->start, row->end};
        distinct += row->place != last;
        if (row->place != last) {
            size_t found = 0;
            for (size_t j = 0; j < places_count; j++)
                found += places[j] == row->place;
            ORACLE_SAYS(found == 1);
        }
        last = row->place;
    }
    ORACLE_SAYS(list.count == count && places_count == distinct);
    qsort(wanted, count, sizeof *wanted, oracle_compare_stops);
    for (size_t i = 0; i < count; i++)
        ORACLE_SAYS(oracle_compare_stops(&wanted[i], &list.rows[i]) == 0);
    free(wanted);
    free(places);
    wf_stop_list_done(&list);
    return true;
}

static inline int oracle_compare_meetings(const void *a, const void *b)
{
    const wf_meeting *x = a, *y = b;
    int order = made_compare_u32(x->other.number, y->other.number);
    order = order != 0 ? order : made_compare_u32(x->start, y->start);
    return order != 0 ? order : made_compare_u32(x->end, y->end);
}

static inline bool oracle_meetings(const wf_day *day, const wf_segment_rows *rows,
                                   uint32_t person)
{
    wf_meeting_list list = {0};
    ORACLE_SAYS(wf_day_person_meetings(day, (wf_person){person}, &list) == WEFT_OK);
    for (size_t i = 1; i < list.count; i++)
        ORACLE_SAYS(oracle_compare_meetings(&list.rows[i - 1], &list.rows[i]) <= 0);
    size_t count = 0;
    for (size_t i = 0; i < rows->encounters_count; i++) {
        const wf_encounter_row *row = &rows->encounters[i];
        if (row->a != person && row->b != person)
            continue;
        count++;
        uint32_t other = row->a == person ? row->b : row->a;
        size_t found = 0;
        for (size_t j = 0; j < list.count; j++) {
            const wf_meeting *met = &list.rows[j];
            found += met->other.number == other && met->start == row->start &&
                     met->end == row->end &&
                     met->from_before == ((row->marks & WF_MARK_FROM_BEFORE) != 0) &&
                     met->end_guessed == ((row->marks & WF_MARK_END_GUESSED) != 0) &&
                     met->into_next == ((row->marks & WF_MARK_INTO_NEXT) != 0) &&
                     wf_text_equal(wf_day_setting_text(day, met->setting),
                                   rows->settings[row->setting]);
        }
        ORACLE_SAYS(found >= 1);
    }
    ORACLE_SAYS(count == list.count);
    wf_meeting_list_done(&list);
    return true;
}

// `questions` of each kind at random rows and numbers. `rows` are sorted.
static inline bool oracle_asks(const wf_day *day, const wf_segment_rows *rows,
                               uint64_t seed, size_t questions, bool one_segment)
{
    wf_prng prng = wf_prng_new(seed);
    uint32_t places_end = 0, people_end = 0;
    for (size_t i = 0; i < rows->visits_count; i++) {
        const wf_visit_row *row = &rows->visits[i];
        places_end = row->place >= places_end ? row->place + 1 : places_end;
        people_end = row->person >= people_end ? row->person + 1 : people_end;
    }
    for (size_t i = 0; i < rows->encounters_count; i++)
        people_end =
            rows->encounters[i].b >= people_end ? rows->encounters[i].b + 1 : people_end;
    ORACLE_SAYS(wf_day_places_end(day) == places_end);
    ORACLE_SAYS(wf_day_people_end(day) == people_end);
    ORACLE_SAYS(wf_day_visits(day) == rows->visits_count);
    ORACLE_SAYS(wf_day_encounters(day) == rows->encounters_count);
    ORACLE_SAYS(wf_day_number(day).number == rows->day.number);
    for (size_t i = 0; i < questions; i++) {
        uint32_t place = wf_prng_below(&prng, places_end + 2);
        uint32_t person = wf_prng_below(&prng, people_end + 2);
        if (rows->visits_count > 0 && i % 8 != 0) {
            uint32_t any = wf_prng_below(&prng, (uint32_t)rows->visits_count);
            place = rows->visits[any].place;
            person = rows->visits[any].person;
        } else if (rows->encounters_count > 0) {
            uint32_t any = wf_prng_below(&prng, (uint32_t)rows->encounters_count);
            person = i % 16 == 0 ? rows->encounters[any].a : rows->encounters[any].b;
        }
        uint32_t from = wf_prng_below(&prng, 1500), to = wf_prng_below(&prng, 1502);
        bool whole = i % 3 == 0;
        ORACLE_SAYS(oracle_place(day, rows, place, whole ? 0 : from, whole ? 1500 : to,
                                 i % 2 == 0, one_segment));
        ORACLE_SAYS(oracle_whole(day, rows, place));
        ORACLE_SAYS(oracle_person(day, rows, person));
        ORACLE_SAYS(oracle_meetings(day, rows, person));
    }
    return true;
}

#endif
