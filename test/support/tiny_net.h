// A net of a few invented people in memory, as the rows that epi asks for. Civil days of
// 24 hours from the origin on.
#ifndef TEST_SUPPORT_TINY_NET_H
#define TEST_SUPPORT_TINY_NET_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "epi/rows.h"
#include "model/protocol.h"

enum { tiny_max = 4096, tiny_names_max = 512, tiny_day_s = 86400 };

typedef struct {
    uint32_t place;
    wf_row_stay stay;
} tiny_stay;

typedef struct {
    uint32_t a, b;
    int64_t start, end;
} tiny_meeting;

typedef struct {
    char people[tiny_names_max][32];
    size_t people_count;
    char place_names[tiny_names_max][32];
    wf_row_place places[tiny_names_max];
    size_t places_count;
    tiny_stay stays[tiny_max];
    size_t stays_count;
    tiny_meeting meetings[tiny_max];
    size_t meetings_count;
    char seats[tiny_names_max][32];
    size_t seats_count;
    wf_rows rows;
} tiny_net;

static inline void tiny_check(bool condition)
{
    if (!condition)
        abort();
}

// The number of a name, given to it when it is new.
static inline uint32_t tiny_number(char (*names)[32], size_t *count, const char *name)
{
    for (size_t i = 0; i < *count; i++)
        if (strcmp(names[i], name) == 0)
            return (uint32_t)i;
    tiny_check(*count < tiny_names_max && strlen(name) < 32);
    memcpy(names[*count], name, strlen(name) + 1);
    return (uint32_t)(*count)++;
}

static inline wf_person tiny_person(tiny_net *net, const char *name)
{
    return (wf_person){tiny_number(net->people, &net->people_count, name)};
}

static inline wf_place tiny_place(tiny_net *net, const char *name)
{
    size_t before = net->places_count;
    uint32_t number = tiny_number(net->place_names, &net->places_count, name);
    if (net->places_count > before)
        net->places[number] = (wf_row_place){WF_PLACE_OTHER, -1, 0};
    return (wf_place){number};
}

static inline void tiny_kind(tiny_net *net, const char *place, wf_place_kind kind)
{
    net->places[tiny_place(net, place).number].kind = kind;
}

// Cut at midnight, as the visit store keeps it.
static inline void tiny_visit(tiny_net *net, const char *person, const char *place,
                              int64_t start, int64_t end, const char *seat, bool guessed)
{
    wf_person who = tiny_person(net, person);
    wf_place where = tiny_place(net, place);
    uint32_t number = tiny_number(net->seats, &net->seats_count, seat);
    while (start < end) {
        int64_t midnight = (start / tiny_day_s + 1) * tiny_day_s;
        int64_t stop = end < midnight ? end : midnight;
        tiny_check(net->stays_count < tiny_max);
        net->stays[net->stays_count++] =
            (tiny_stay){where.number,
                        {.person = who,
                         .end_guessed = guessed,
                         .days_only = guessed && stop - start == tiny_day_s,
                         .start = start,
                         .end = stop,
                         .seat = wf_text_of(net->seats[number])}};
        start = stop;
    }
}

static inline void tiny_meet(tiny_net *net, const char *a, const char *b, int64_t start,
                             int64_t end)
{
    tiny_check(net->meetings_count < tiny_max);
    net->meetings[net->meetings_count++] = (tiny_meeting){
        tiny_person(net, a).number, tiny_person(net, b).number, start, end};
}

// ---- wf_rows ----

static inline weft_status tiny_place_stays(void *context, wf_place place, int64_t from,
                                           int64_t to, wf_row_stays *list,
                                           weft_error *error)
{
    tiny_net *net = context;
    for (size_t i = 0; i < net->stays_count; i++) {
        const tiny_stay *one = &net->stays[i];
        if (one->place != place.number || one->stay.start >= to || one->stay.end <= from)
            continue;
        if (!wf_rows_room(&list->rows, list->count, &list->capacity, sizeof *list->rows))
            return wf_fail_memory(error);
        list->rows[list->count++] = one->stay;
    }
    return WEFT_OK;
}

static inline weft_status tiny_person_stops(void *context, wf_person person, int64_t from,
                                            int64_t to, wf_row_stops *list,
                                            weft_error *error)
{
    tiny_net *net = context;
    for (size_t i = 0; i < net->stays_count; i++) {
        const tiny_stay *one = &net->stays[i];
        if (one->stay.person.number != person.number || one->stay.start >= to ||
            one->stay.end <= from)
            continue;
        if (!wf_rows_room(&list->rows, list->count, &list->capacity, sizeof *list->rows))
            return wf_fail_memory(error);
        list->rows[list->count++] =
            (wf_row_stop){{one->place}, one->stay.start, one->stay.end};
    }
    return WEFT_OK;
}

static inline weft_status tiny_person_places(void *context, wf_person person,
                                             int64_t from, int64_t to, wf_row_stops *list,
                                             weft_error *error)
{
    size_t first = list->count;
    WF_TRY(tiny_person_stops(context, person, from, to, list, error));
    for (size_t i = first; i < list->count; i++) {
        list->rows[i].start = list->rows[i].start / tiny_day_s * tiny_day_s;
        list->rows[i].end = list->rows[i].start + tiny_day_s;
    }
    return WEFT_OK;
}

static inline weft_status tiny_person_meetings(void *context, wf_person person,
                                               int64_t from, int64_t to,
                                               wf_row_meetings *list, weft_error *error)
{
    tiny_net *net = context;
    for (size_t i = 0; i < net->meetings_count; i++) {
        const tiny_meeting *one = &net->meetings[i];
        bool is_a = one->a == person.number, is_b = one->b == person.number;
        if ((!is_a && !is_b) || one->start >= to || one->end <= from)
            continue;
        if (!wf_rows_room(&list->rows, list->count, &list->capacity, sizeof *list->rows))
            return wf_fail_memory(error);
        list->rows[list->count++] =
            (wf_row_meeting){{is_a ? one->b : one->a}, one->start, one->end};
    }
    return WEFT_OK;
}

static inline weft_status tiny_about(void *context, wf_place place, wf_row_place *ret,
                                     weft_error *error)
{
    (void)error;
    *ret = ((tiny_net *)context)->places[place.number];
    return WEFT_OK;
}

static inline wf_text tiny_person_id(void *context, wf_person person)
{
    return wf_text_of(((tiny_net *)context)->people[person.number]);
}

static inline wf_text tiny_place_id(void *context, wf_place place)
{
    return wf_text_of(((tiny_net *)context)->place_names[place.number]);
}

static inline tiny_net *tiny_net_new(void)
{
    tiny_net *net = calloc(1, sizeof *net);
    tiny_check(net != NULL);
    net->rows = (wf_rows){.context = net,
                          .place_stays = tiny_place_stays,
                          .person_stops = tiny_person_stops,
                          .person_meetings = tiny_person_meetings,
                          .person_places = tiny_person_places,
                          .place = tiny_about,
                          .person_id = tiny_person_id,
                          .place_id = tiny_place_id};
    return net;
}

#endif
