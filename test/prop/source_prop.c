// Laws of source finding, on random small towns:
//
//   the answer equals that of a plain count that screens nothing: every place weighed to
//   the end, its p value by the whole distribution, Holm over all of them;
//   each span shown holds a visit of every unit.
//
// WEFT_PROP_CASES says how many towns (200 unless told), WEFT_PROP_SEED where to begin.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <math.h>

#include "base/prng.h"
#include "epi/source.h"
#include "support/tiny_net.h"

enum { people_max = 400, places = 14, days = 9, cases_max = 12, grids = 3 };

typedef struct {
    tiny_net *net;
    uint32_t people;
    wf_source_case cases[cases_max];
    size_t cases_count;
    uint32_t parents[places];
    uint64_t grid_people[grids];
    uint64_t places_could;
    double at_most;
} town;

static uint32_t below(wf_prng *prng, uint32_t count)
{
    return wf_prng_below(prng, count);
}

// ---- what the search asks ----

static bool is_on_day(const tiny_stay *one, uint32_t day)
{
    int64_t start = (int64_t)day * tiny_day_s;
    return one->stay.start < start + tiny_day_s && one->stay.end > start;
}

static weft_status visitors(void *context, wf_place place, uint32_t day, wf_person **list,
                            size_t *count, size_t *capacity, weft_error *error)
{
    const town *of = context;
    for (size_t i = 0; i < of->net->stays_count; i++) {
        const tiny_stay *one = &of->net->stays[i];
        if (one->place != place.number || !is_on_day(one, day))
            continue;
        if (!wf_rows_room(list, *count, capacity, sizeof **list))
            return wf_fail_memory(error);
        (*list)[(*count)++] = one->stay.person;
    }
    return WEFT_OK;
}

// A third of the people lives nowhere known.
static uint32_t grid_of_number(uint32_t person)
{
    return person % grids;
}

static weft_status grid_of(void *context, wf_person person, uint32_t *ret,
                           weft_error *error)
{
    (void)context;
    (void)error;
    *ret = grid_of_number(person.number);
    return WEFT_OK;
}

static uint32_t parent(void *context, wf_place place)
{
    return ((const town *)context)->parents[place.number];
}

// ---- a random town ----

static void make_stays(town *of, wf_prng *prng)
{
    char name[16], place[16];
    // Places from one that few know to one where all go.
    uint32_t stays = of->people * 2 + below(prng, of->people * 6);
    for (uint32_t i = 0; i < stays; i++) {
        uint32_t where = below(prng, 1 + below(prng, places));
        int64_t start = (int64_t)below(prng, days * tiny_day_s - 7200);
        tiny_check(snprintf(name, sizeof name, "P-%03u", below(prng, of->people)) > 0 &&
                   snprintf(place, sizeof place, "L-%02u", where) > 0);
        tiny_visit(of->net, name, place, start, start + 60 + below(prng, 7000), "",
                   false);
    }
}

static void make_case(const town *of, wf_prng *prng, wf_source_case *ret)
{
    int64_t from = (int64_t)below(prng, (days - 1) * tiny_day_s);
    if (below(prng, 2) == 0)
        from = from / tiny_day_s * tiny_day_s;
    int64_t to = from + 1 + below(prng, (uint32_t)(days * tiny_day_s - from));
    *ret = (wf_source_case){.person = {below(prng, of->people)},
                            .household = below(prng, 4) == 0 ? 1 + below(prng, 3) : 0,
                            .from = from,
                            .to = to,
                            .first_day = (uint32_t)(from / tiny_day_s),
                            .last_day = (uint32_t)((to - 1) / tiny_day_s),
                            .grid = below(prng, grids)};
}

// Some cases go where others went, so that there is something to find.
static void make_outbreak(town *of, wf_prng *prng)
{
    char place[16];
    for (uint32_t meal = 0; meal < 3; meal++) {
        uint32_t where = places - 1 - below(prng, 6);
        tiny_check(snprintf(place, sizeof place, "L-%02u", where) > 0);
        for (size_t i = 0; i < of->cases_count; i++) {
            const wf_source_case *one = &of->cases[i];
            uint32_t width = (uint32_t)(one->to - one->from);
            int64_t start = one->from + below(prng, width);
            if (below(prng, 2) == 0)
                tiny_visit(of->net, of->net->people[one->person.number], place, start,
                           start + 600, "", false);
        }
    }
}

static town make_town(wf_prng *prng)
{
    town of = {.net = tiny_net_new(),
               .people = 30 + below(prng, people_max - 30),
               .cases_count = 2 + below(prng, cases_max - 1),
               .places_could = 1 + below(prng, 60),
               .at_most = 0.01 + wf_prng_below(prng, 900) / 1000.0};
    char name[16];
    for (uint32_t i = 0; i < of.people; i++) {
        tiny_check(snprintf(name, sizeof name, "P-%03u", i) > 0);
        tiny_person(of.net, name);
        of.grid_people[0]++;
        of.grid_people[grid_of_number(i)] += grid_of_number(i) > 0;
    }
    for (uint32_t i = 0; i < places; i++) {
        tiny_check(snprintf(name, sizeof name, "L-%02u", i) > 0);
        tiny_kind(of.net, name,
                  below(prng, 8) == 0 ? WF_PLACE_HOUSEHOLD : WF_PLACE_RESTAURANT);
        of.parents[i] = below(prng, 3) == 0 ? below(prng, places) : WF_NUMBER_NONE;
    }
    make_stays(&of, prng);
    for (size_t i = 0; i < of.cases_count; i++)
        make_case(&of, prng, &of.cases[i]);
    make_outbreak(&of, prng);
    return of;
}

// ---- the plain count ----

typedef struct {
    uint32_t place;
    bool cases[cases_max];
    size_t independent;
    double p, corrected;
    uint64_t visitors;
    bool shown;
} plain_place;

static bool was_there(const town *of, size_t index, uint32_t place)
{
    const wf_source_case *one = &of->cases[index];
    for (size_t i = 0; i < of->net->stays_count; i++) {
        const tiny_stay *stay = &of->net->stays[i];
        if (stay->place == place && stay->stay.person.number == one->person.number &&
            stay->stay.start < one->to && stay->stay.end > one->from)
            return true;
    }
    return false;
}

static bool are_linked(const town *of, size_t a, size_t b)
{
    const wf_source_case *one = &of->cases[a], *other = &of->cases[b];
    bool linked = one->person.number == other->person.number ||
                  (one->household != 0 && one->household == other->household);
    for (uint32_t place = 0; place < places; place++)
        linked = linked || (of->net->places[place].kind == WF_PLACE_HOUSEHOLD &&
                            was_there(of, a, place) && was_there(of, b, place));
    return linked;
}

static void plain_units(const town *of, size_t units[cases_max])
{
    for (size_t i = 0; i < of->cases_count; i++)
        units[i] = i;
    for (size_t round = 0; round < of->cases_count; round++)
        for (size_t a = 0; a < of->cases_count; a++)
            for (size_t b = 0; b < of->cases_count; b++)
                if (units[b] > units[a] && are_linked(of, a, b))
                    units[b] = units[a];
}

// Distinct people of a grid at the place on the days first … last.
static uint64_t distinct(const town *of, uint32_t place, uint32_t grid, uint32_t first,
                         uint32_t last)
{
    bool seen[people_max] = {false};
    uint64_t count = 0;
    for (size_t i = 0; i < of->net->stays_count; i++) {
        const tiny_stay *one = &of->net->stays[i];
        uint32_t person = one->stay.person.number;
        bool counts = one->place == place && !seen[person] &&
                      (grid == 0 || grid_of_number(person) == grid);
        bool in_days = false;
        for (uint32_t day = first; day <= last; day++)
            in_days = in_days || is_on_day(one, day);
        seen[person] = seen[person] || (counts && in_days);
        count += counts && in_days;
    }
    return count;
}

// The probability that `least` of the units or more were there, by the distribution of
// their number.
static double plain_tail(const town *of, const size_t units[cases_max], uint32_t place,
                         size_t least)
{
    double chances[cases_max + 1] = {1}, tail = 0;
    for (size_t unit = 0; unit < of->cases_count; unit++) {
        double none = 1;
        for (size_t i = 0; i < of->cases_count; i++) {
            const wf_source_case *one = &of->cases[i];
            if (units[i] == unit)
                none *= 1 - (double)distinct(of, place, one->grid, one->first_day,
                                             one->last_day) /
                                (double)of->grid_people[one->grid];
        }
        for (size_t k = cases_max; k > 0; k--)
            chances[k] = chances[k] * none + chances[k - 1] * (1 - none);
        chances[0] *= none;
    }
    for (size_t k = least; k <= cases_max; k++)
        tail += chances[k];
    return tail;
}

static plain_place weigh(const town *of, const size_t units[cases_max], uint32_t place)
{
    plain_place ret = {.place = place};
    bool unit_there[cases_max] = {false};
    for (size_t i = 0; i < of->cases_count; i++) {
        ret.cases[i] = was_there(of, i, place);
        ret.independent += ret.cases[i] && !unit_there[units[i]];
        unit_there[units[i]] = unit_there[units[i]] || ret.cases[i];
    }
    if (ret.independent < 2)
        return ret;
    ret.p = plain_tail(of, units, place, ret.independent);
    ret.visitors = distinct(of, place, 0, 0, days - 1);
    return ret;
}

static int p_order(const void *one, const void *other)
{
    const plain_place *a = one, *b = other;
    return (a->p > b->p) - (a->p < b->p);
}

static void holm(const town *of, plain_place *list, size_t count)
{
    uint64_t tests = of->places_could > count ? of->places_could : count;
    qsort(list, count, sizeof *list, p_order);
    for (size_t i = 0; i < count; i++) {
        list[i].corrected = fmin(1, list[i].p * (double)(tests - i));
        if (i > 0)
            list[i].corrected = fmax(list[i].corrected, list[i - 1].corrected);
        list[i].shown = list[i].corrected <= of->at_most;
    }
}

static bool is_part_of(const town *of, uint32_t inner, uint32_t outer)
{
    for (int depth = 0; depth < 16 && inner != WF_NUMBER_NONE; depth++) {
        inner = of->parents[inner];
        if (inner == outer)
            return true;
    }
    return false;
}

static bool has_finer(const town *of, const plain_place *list, size_t count, size_t of_at)
{
    for (size_t i = 0; i < count; i++) {
        bool all = i != of_at && list[i].corrected <= of->at_most &&
                   is_part_of(of, list[i].place, list[of_at].place);
        for (size_t j = 0; j < of->cases_count; j++)
            all = all && (list[i].cases[j] || !list[of_at].cases[j]);
        if (all)
            return true;
    }
    return false;
}

static size_t plain_find(const town *of, const size_t units[cases_max],
                         plain_place list[places])
{
    size_t count = 0, shown = 0;
    for (uint32_t place = 0; place < places; place++) {
        plain_place one = weigh(of, units, place);
        if (one.independent >= 2)
            list[count++] = one;
    }
    holm(of, list, count);
    for (size_t i = 0; i < count; i++)
        list[i].shown = list[i].shown && !has_finer(of, list, count, i);
    for (size_t i = 0; i < count; i++)
        if (list[i].shown)
            list[shown++] = list[i];
    return shown;
}

// ---- the laws ----

static bool is_near(double a, double b)
{
    return fabs(a - b) <= 1e-9 * fmax(fabs(a), fabs(b));
}

static void expect_span(const town *of, const size_t units[cases_max],
                        const wf_source_place *found)
{
    bool there[cases_max] = {false};
    size_t units_there = 0;
    for (size_t i = 0; i < of->cases_count; i++) {
        const wf_source_case *one = &of->cases[i];
        for (size_t j = 0; j < of->net->stays_count; j++) {
            const tiny_stay *stay = &of->net->stays[j];
            int64_t start = stay->stay.start > one->from ? stay->stay.start : one->from;
            int64_t end = stay->stay.end < one->to ? stay->stay.end : one->to;
            bool counts = stay->place == found->place.number && start < end &&
                          stay->stay.person.number == one->person.number &&
                          start >= found->from && end <= found->to;
            units_there += counts && !there[units[i]];
            there[units[i]] = there[units[i]] || counts;
        }
    }
    assert_int_equal(units_there, found->independent);
}

static void expect_place(const town *of, const wf_source_answer *answer, size_t at,
                         const plain_place *list, size_t count)
{
    const wf_source_place *found = &answer->places[at];
    const plain_place *plain = NULL;
    for (size_t i = 0; i < count; i++)
        plain = list[i].place == found->place.number ? &list[i] : plain;
    assert_non_null(plain);
    assert_int_equal(found->independent, plain->independent);
    assert_int_equal(found->visitors, plain->visitors);
    assert_int_equal(found->kind, of->net->places[plain->place].kind);
    assert_true(is_near(found->p_value, plain->p));
    assert_true(is_near(found->p_corrected, plain->corrected));
    size_t listed = 0;
    for (size_t i = 0; i < of->cases_count; i++)
        if (plain->cases[i])
            assert_int_equal(answer->case_list[found->cases_from + listed++], i);
    assert_int_equal(found->cases_count, listed);
}

static void the_screen_loses_no_place(wf_prng *prng)
{
    town of = make_town(prng);
    wf_source_query query = {.rows = &of.net->rows,
                             .context = &of,
                             .visitors = visitors,
                             .grid_of = grid_of,
                             .parent = parent,
                             .cases = of.cases,
                             .cases_count = of.cases_count,
                             .grid_people = of.grid_people,
                             .grids_count = grids,
                             .days_count = days,
                             .places_could = of.places_could,
                             .at_most = of.at_most};
    wf_source_answer answer = {0};
    weft_error error = {0};
    assert_int_equal(wf_source_find(&query, &answer, &error), WEFT_OK);
    size_t units[cases_max];
    plain_place list[places];
    plain_units(&of, units);
    size_t count = plain_find(&of, units, list);
    assert_int_equal(answer.places_count, count);
    for (size_t i = 0; i < count; i++) {
        expect_place(&of, &answer, i, list, count);
        expect_span(&of, units, &answer.places[i]);
    }
    wf_source_done(&answer);
    free(of.net);
}

static uint64_t from_env(const char *name, uint64_t otherwise)
{
    int64_t value = 0;
    const char *text = getenv(name);
    if (text == NULL || !wf_parse_i64(wf_text_of(text), 0, INT64_MAX, &value))
        return otherwise;
    return (uint64_t)value;
}

static void screen(void **state)
{
    (void)state;
    uint64_t seed = from_env("WEFT_PROP_SEED", 1);
    uint64_t towns = from_env("WEFT_PROP_CASES", 200);
    for (uint64_t i = 0; i < towns; i++) {
        wf_prng prng = wf_prng_new(seed + i);
        print_message("# seed %llu\n", (unsigned long long)(seed + i));
        the_screen_loses_no_place(&prng);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(screen)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
