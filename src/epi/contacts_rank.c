// Whom to call first (docs/methods/ranking.md): within a level by rank.
//
// What a rank costs is the setting, for which the places of a person's last days are
// looked up. Where only the best of a long list are asked for, people are taken by what
// their rank is at most, in the weightiest setting, until nobody who is left can come
// before the last of the best (Fagin, Lotem & Naor 2003, the threshold algorithm, with
// one list).
#include "epi/contacts_work.h"

#include <stdlib.h>

enum { day_s = 86400, setting_days = 14, block_people = 4 };

// A contact on its way to its place.
typedef struct {
    double rank; // before it is ranked, the most that it can be
    uint32_t row;
} ranked;

typedef struct {
    wf_contacts_work *work;
    double weightiest; // setting
    double *best;      // the greatest ranks of the level so far, the least of them first
    size_t best_count;
} ranking;

// ---- a rank ----

static double ahead_of(const wf_contacts_work *work, const wf_contact *contact)
{
    double sum = 0, weights = 0;
    for (size_t i = 0; i < contact->exposures_count; i++) {
        const wf_exposure *one = &work->answer->exposures[contact->exposures_from + i];
        int64_t days = (work->query->as_of - one->day.start) / day_s;
        days = days < 0 ? 0 : days;
        if (days < WF_HAZARD_COURSE_DAYS)
            sum += one->probability.mid * work->course.ahead[days];
        weights += one->probability.mid;
    }
    return weights > 0 ? sum / weights : 0;
}

static int64_t settings_from(const wf_contacts_work *work)
{
    int64_t from = work->query->as_of - (int64_t)setting_days * day_s;
    return from > 0 ? from : 0;
}

static double weightiest_of(const wf_protocol *protocol)
{
    double weight = 1;
    for (int kind = 0; kind < WF_PLACE_KIND_COUNT; kind++) {
        const wf_number *number = &protocol->kinds[kind].setting_weight;
        if (number->given && number->value > weight)
            weight = number->value;
    }
    return weight;
}

// The place among those already met; a new one behind them, NULL without memory.
static wf_contacts_setting *setting_at(wf_contacts_work *work, const wf_row_stop *stop)
{
    for (size_t i = 0; i < work->settings_count; i++)
        if (work->settings[i].place.number == stop->place.number)
            return &work->settings[i];
    if (!wf_rows_room(&work->settings, work->settings_count, &work->settings_capacity,
                      sizeof *work->settings))
        return NULL;
    wf_contacts_setting *fresh = &work->settings[work->settings_count++];
    *fresh = (wf_contacts_setting){stop->place, false, stop->start};
    return fresh;
}

// The greatest weight of the places where a person was on two or more of the last days:
// they will be back. 1 when there is none.
static weft_status setting_of(const ranking *of, wf_person person, double *ret)
{
    wf_contacts_work *work = of->work;
    const wf_contacts_query *query = work->query;
    const wf_rows *rows = query->rows;
    work->stops.count = work->settings_count = 0;
    WF_TRY(rows->person_places(rows->context, person, settings_from(work), query->as_of,
                               &work->stops, work->error));
    double weight = 0;
    for (size_t i = 0; i < work->stops.count && weight < of->weightiest; i++) {
        const wf_row_stop *one = &work->stops.rows[i];
        wf_contacts_setting *at = setting_at(work, one);
        if (at == NULL)
            return wf_fail_memory(work->error);
        if (at->again || at->day == one->start)
            continue;
        at->again = true;
        wf_row_place place;
        WF_TRY(rows->place(rows->context, one->place, &place, work->error));
        const wf_number *number = &query->protocol->kinds[place.kind].setting_weight;
        if (number->given && number->value > weight)
            weight = number->value;
    }
    *ret = weight > 0 ? weight : 1;
    return WEFT_OK;
}

// ---- the best so far ----

static void sink(double *heap, size_t count, double rank)
{
    size_t at = 0;
    for (size_t child; (child = 2 * at + 1) < count; at = child) {
        child += child + 1 < count && heap[child + 1] < heap[child];
        if (heap[child] >= rank)
            break;
        heap[at] = heap[child];
    }
    heap[at] = rank;
}

static void rise(double *heap, size_t at, double rank)
{
    for (; at > 0 && heap[(at - 1) / 2] > rank; at = (at - 1) / 2)
        heap[at] = heap[(at - 1) / 2];
    heap[at] = rank;
}

// Among the best `wanted`.
static void note_rank(ranking *of, double rank, size_t wanted)
{
    if (of->best_count < wanted)
        rise(of->best, of->best_count++, rank);
    else if (rank > of->best[0])
        sink(of->best, wanted, rank);
}

// ---- a level ----

// Those of the block are told before they are asked for, one by one.
static weft_status rank_block(ranking *of, ranked *block, size_t count, size_t wanted)
{
    wf_contacts_work *work = of->work;
    const wf_rows *rows = work->query->rows;
    wf_contact *contacts = work->answer->contacts;
    wf_person people[block_people];
    for (size_t i = 0; i < count; i++)
        people[i] = contacts[block[i].row].person;
    if (rows->expect_places != NULL)
        rows->expect_places(rows->context, people, count, settings_from(work),
                            work->query->as_of);
    for (size_t i = 0; i < count; i++) {
        wf_contact *contact = &contacts[block[i].row];
        double setting = 1;
        WF_TRY(setting_of(of, people[i], &setting));
        // `rank` is this before the setting; that it is the same product keeps it below
        // what it was said to be at most.
        contact->rank *= setting;
        block[i].rank = contact->rank;
        note_rank(of, contact->rank, wanted);
    }
    return WEFT_OK;
}

static int most_first(const void *one, const void *other)
{
    double a = ((const ranked *)one)->rank, b = ((const ranked *)other)->rank;
    return (a < b) - (a > b);
}

static int contact_order(const void *one, const void *other, void *context)
{
    const ranked *left = one, *right = other;
    if (left->rank != right->rank)
        return left->rank > right->rank ? -1 : 1;
    const wf_contacts_work *work = context;
    const wf_contact *a = &work->answer->contacts[left->row];
    const wf_contact *b = &work->answer->contacts[right->row];
    if (a->first != b->first)
        return a->first < b->first ? -1 : 1;
    return wf_contacts_by_id(work->query->rows, a->person, b->person);
}

// The first `wanted` of a level's contacts come into their order.
static weft_status rank_level(ranking *of, ranked *rows, size_t count, size_t wanted)
{
    size_t done = 0;
    of->best_count = 0;
    if (wanted < count)
        qsort(rows, count, sizeof *rows, most_first);
    while (wanted > 0 && done < count) {
        size_t block = count - done < block_people ? count - done : block_people;
        if (done >= wanted && rows[done].rank < of->best[0])
            break;
        WF_TRY(rank_block(of, rows + done, block, wanted));
        done += block;
    }
    if (done > 1)
        qsort_r(rows, done, sizeof *rows, contact_order, of->work);
    for (size_t i = done; i < count; i++)
        of->work->answer->contacts[rows[i].row].rank = 0;
    return WEFT_OK;
}

static size_t list_level(const ranking *of, wf_level level, ranked *rows)
{
    wf_contacts *answer = of->work->answer;
    size_t count = 0;
    for (size_t i = 0; i < answer->contacts_count; i++) {
        wf_contact *contact = &answer->contacts[i];
        if (contact->level != level)
            continue;
        contact->rank = contact->probability.mid * ahead_of(of->work, contact);
        rows[count++] = (ranked){contact->rank * of->weightiest, (uint32_t)i};
    }
    return count;
}

// ---- all ----

// A limit is of the rows below close contact, so that all have to be in order then.
static size_t wanted_of(const wf_contacts_work *work)
{
    const wf_contacts_query *query = work->query;
    size_t count = work->answer->contacts_count;
    bool all = query->best == 0 || query->limit != 0 || query->best > count;
    return all ? count : (size_t)query->best;
}

static weft_status rank(ranking *of, ranked *rows, size_t wanted, wf_contact *ret_sorted)
{
    const wf_contacts *answer = of->work->answer;
    size_t at = 0;
    for (wf_level level = WF_LEVEL_CLOSE; level <= WF_LEVEL_GENERAL; level++) {
        size_t count = list_level(of, level, rows);
        size_t here = wanted < count ? wanted : count;
        WF_TRY(rank_level(of, rows, count, here));
        wanted -= here;
        for (size_t i = 0; i < count; i++)
            ret_sorted[at++] = answer->contacts[rows[i].row];
    }
    return WEFT_OK;
}

weft_status wf_contacts_rank(wf_contacts_work *work)
{
    wf_contacts *answer = work->answer;
    size_t count = answer->contacts_count, wanted = wanted_of(work);
    if (count == 0)
        return WEFT_OK;
    wf_contact *sorted = reallocarray(NULL, count, sizeof *sorted);
    ranked *rows = reallocarray(NULL, count, sizeof *rows);
    ranking of = {.work = work,
                  .weightiest = weightiest_of(work->query->protocol),
                  .best = reallocarray(NULL, wanted, sizeof *of.best)};
    weft_status status = sorted != NULL && rows != NULL && of.best != NULL
                             ? rank(&of, rows, wanted, sorted)
                             : wf_fail_memory(work->error);
    free(of.best);
    free(rows);
    if (status != WEFT_OK) {
        free(sorted);
        return status;
    }
    free(answer->contacts);
    answer->contacts = sorted;
    answer->contacts_capacity = count;
    return WEFT_OK;
}
