#include "epi/contacts.h"

#include <stdlib.h>

#include "epi/contacts_work.h"

void wf_contacts_done(wf_contacts *contacts)
{
    free(contacts->contacts);
    free(contacts->exposures);
    free(contacts->crowds);
    *contacts = (wf_contacts){0};
}

static size_t person_end(const wf_contacts *answer, size_t from)
{
    size_t to = from;
    while (to < answer->exposures_count &&
           answer->exposures[to].person.number == answer->exposures[from].person.number)
        to++;
    return to;
}

// ---- close contacts ----

const wf_contacts_close *wf_contacts_find_close(const wf_contacts_work *work,
                                                wf_person person)
{
    size_t low = 0, high = work->close_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (work->close[middle].person.number < person.number)
            low = middle + 1;
        else
            high = middle;
    }
    bool found =
        low < work->close_count && work->close[low].person.number == person.number;
    return found ? &work->close[low] : NULL;
}

// From the first ring, sorted: whoever has an exposure of a near contact.
static weft_status list_close(wf_contacts_work *work)
{
    const wf_contacts *answer = work->answer;
    for (size_t from = 0, to; from < answer->exposures_count; from = to) {
        to = person_end(answer, from);
        wf_contacts_close close = {answer->exposures[from].person, INT64_MAX, from, to,
                                   WF_NUMBER_NONE};
        bool near = false;
        for (size_t i = from; i < to; i++) {
            near |= answer->exposures[i].near;
            if (answer->exposures[i].day.start < close.first)
                close.first = answer->exposures[i].day.start;
        }
        if (!near)
            continue;
        if (!wf_rows_room(&work->close, work->close_count, &work->close_capacity,
                          sizeof *work->close))
            return wf_fail_memory(work->error);
        work->close[work->close_count++] = close;
    }
    return WEFT_OK;
}

// ---- crowds ----

static wf_crowd *crowd_of(wf_contacts_work *work, const wf_exposure *exposure)
{
    wf_contacts *answer = work->answer;
    for (size_t i = 0; i < answer->crowds_count; i++)
        if (answer->crowds[i].place.number == exposure->place.number &&
            answer->crowds[i].day == exposure->day.day)
            return &answer->crowds[i];
    if (!wf_rows_room(&answer->crowds, answer->crowds_count, &answer->crowds_capacity,
                      sizeof *answer->crowds))
        return NULL;
    wf_crowd *crowd = &answer->crowds[answer->crowds_count++];
    *crowd = (wf_crowd){.place = exposure->place,
                        .kind = exposure->kind,
                        .day = exposure->day.day,
                        .start = exposure->day.start,
                        .end = exposure->day.end};
    return crowd;
}

// A person has one exposure a place-day to the case, so that each counts one person.
static bool count_crowd(wf_contacts_work *work, const wf_exposure *exposure)
{
    wf_crowd *crowd = crowd_of(work, exposure);
    if (crowd == NULL)
        return false;
    crowd->people++;
    if (exposure->day.start < crowd->start)
        crowd->start = exposure->day.start;
    if (exposure->day.end > crowd->end)
        crowd->end = exposure->day.end;
    return true;
}

static bool has_crowds(const wf_contacts *answer)
{
    for (size_t i = 0; i < answer->exposures_count; i++)
        if (answer->exposures[i].crowded)
            return true;
    return false;
}

// Moves what only a crowd gave out of the list, for those who are not close contacts.
static weft_status drop_crowds(wf_contacts_work *work)
{
    wf_contacts *answer = work->answer;
    size_t kept = 0;
    for (size_t from = 0, to; from < answer->exposures_count; from = to) {
        to = person_end(answer, from);
        wf_person person = answer->exposures[from].person;
        bool close = wf_contacts_find_close(work, person) != NULL;
        bool dropped = false, listed = false;
        for (size_t i = from; i < to; i++) {
            wf_exposure one = answer->exposures[i];
            if (one.crowded && !close) {
                dropped = true;
                if (!count_crowd(work, &one))
                    return wf_fail_memory(work->error);
            } else {
                listed = true;
                answer->exposures[kept++] = one;
            }
        }
        answer->left[WF_LEFT_CROWD].people += dropped && !listed;
    }
    answer->exposures_count = kept;
    answer->left[WF_LEFT_CROWD].place_days = answer->crowds_count;
    wf_contacts_sort_crowds(work);
    return WEFT_OK;
}

// ---- contacts ----

static void summarise(const wf_contacts_work *work, wf_contact *contact)
{
    const wf_person index = work->query->index;
    bool near = false, secondary = false;
    double most = -1;
    for (size_t i = 0; i < contact->exposures_count; i++) {
        const wf_exposure *one = &work->answer->exposures[contact->exposures_from + i];
        bool direct = one->with.number == index.number;
        near |= direct && one->near;
        secondary |= !direct;
        contact->probability = wf_hazard_either(contact->probability, one->probability);
        contact->seconds += one->day.seconds;
        if (one->day.start < contact->first)
            contact->first = one->day.start;
        if (one->day.end > contact->last)
            contact->last = one->day.end;
        // Sorted strongest first: the first of equals is the via.
        if (!direct && one->probability.mid > most) {
            most = one->probability.mid;
            contact->via = one->with;
        }
    }
    contact->level = near        ? WF_LEVEL_CLOSE
                     : secondary ? WF_LEVEL_SECONDARY
                                 : WF_LEVEL_GENERAL;
}

static weft_status list_contacts(wf_contacts_work *work)
{
    wf_contacts *answer = work->answer;
    for (size_t from = 0, to; from < answer->exposures_count; from = to) {
        to = person_end(answer, from);
        wf_contact contact = {.person = answer->exposures[from].person,
                              .first = INT64_MAX,
                              .last = INT64_MIN,
                              .via = {WF_NUMBER_NONE},
                              .exposures_from = from,
                              .exposures_count = to - from};
        summarise(work, &contact);
        answer->found[contact.level]++;
        if (!wf_rows_room(&answer->contacts, answer->contacts_count,
                          &answer->contacts_capacity, sizeof *answer->contacts))
            return wf_fail_memory(work->error);
        answer->contacts[answer->contacts_count++] = contact;
    }
    return WEFT_OK;
}

static void cut(wf_contacts_work *work)
{
    wf_contacts *answer = work->answer;
    uint64_t limit = work->query->limit;
    size_t close = (size_t)answer->found[WF_LEVEL_CLOSE];
    size_t below = answer->contacts_count - close;
    if (limit == 0 || below <= limit)
        return;
    answer->left[WF_LEFT_LIMIT].people = below - limit;
    answer->contacts_count = close + (size_t)limit;
}

// ---- people left out of the second ring ----

static int by_number(const void *one, const void *other)
{
    uint32_t a = ((const wf_person *)one)->number, b = ((const wf_person *)other)->number;
    return (a > b) - (a < b);
}

static int contact_by_number(const void *one, const void *other)
{
    return by_number(one, &((const wf_contact *)other)->person);
}

// Distinct people of the list who are not in the answer; contacts are still by number.
static uint64_t count_left(const wf_contacts *answer, wf_person *people, size_t count)
{
    uint64_t left = 0;
    if (count > 1)
        qsort(people, count, sizeof *people, by_number);
    for (size_t i = 0; i < count; i++) {
        bool again = i > 0 && people[i].number == people[i - 1].number;
        if (!again && (answer->contacts_count == 0 ||
                       bsearch(&people[i], answer->contacts, answer->contacts_count,
                               sizeof *answer->contacts, contact_by_number) == NULL))
            left++;
    }
    return left;
}

// Minutes that were too few say more than the kind of place: who is counted there is not
// counted again elsewhere.
static void count_below(wf_contacts_work *work)
{
    wf_contacts *answer = work->answer;
    answer->left[WF_LEFT_BELOW_MINUTES].people =
        count_left(answer, work->below, work->below_count);
    answer->left[WF_LEFT_SECONDARY_KIND].people =
        count_left(answer, work->elsewhere, work->elsewhere_count);
}

// ---- the whole ----

static weft_status find(wf_contacts_work *work)
{
    const wf_contacts_query *query = work->query;
    WF_TRY(wf_contacts_first(work));
    WF_TRY(wf_contacts_sort_exposures(work));
    WF_TRY(list_close(work));
    if (has_crowds(work->answer)) {
        WF_TRY(drop_crowds(work));
        // Close contacts lose nothing to crowds, but their exposures have moved.
        work->close_count = 0;
        WF_TRY(list_close(work));
    }
    if (query->generations > 1 && query->protocol->lists_secondary) {
        WF_TRY(wf_contacts_second(work));
        WF_TRY(wf_contacts_sort_exposures(work));
    }
    WF_TRY(list_contacts(work));
    count_below(work);
    WF_TRY(wf_contacts_rank(work));
    cut(work);
    return WEFT_OK;
}

static void work_done(wf_contacts_work *work)
{
    wf_together_work_free(work->together);
    free(work->stops.rows);
    free(work->stays.rows);
    free(work->grouped.rows);
    free(work->meetings.rows);
    free(work->groups);
    free(work->hours);
    free(work->keys);
    free(work->settings);
    free(work->ranges);
    free(work->close);
    free(work->below);
    free(work->elsewhere);
}

static weft_status work_init(wf_contacts_work *work)
{
    const wf_contacts_query *query = work->query;
    int64_t span = query->day_starts[query->days_count];
    work->hours_count = (size_t)(span / 3600) + 2;
    work->hours = calloc(work->hours_count, sizeof *work->hours);
    if (work->hours == NULL)
        return wf_fail_memory(work->error);
    if (query->course != NULL)
        work->course = *query->course;
    else
        wf_hazard_course_of(query->protocol, &work->course);
    return wf_together_work_new(&work->together, work->error);
}

weft_status wf_contacts_find(const wf_contacts_query *query, wf_contacts *ret,
                             weft_error *error)
{
    WF_ASSERT(query->days_count > 0 && query->day_starts[0] == 0);
    wf_contacts answer = {0};
    wf_contacts_work work = {.query = query, .answer = &answer, .error = error};
    weft_status status = work_init(&work);
    if (status == WEFT_OK)
        status = find(&work);
    work_done(&work);
    if (status == WEFT_OK)
        *ret = answer;
    else
        wf_contacts_done(&answer);
    return status;
}
