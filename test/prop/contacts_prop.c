// Laws of the look-up by the protocol, on random small nets:
//
//   levels equal a plain count of minutes that knows nothing of blocks and pieces;
//   a close contact is never dropped by rank or limit;
//   a longer stay never loses a contact nor lowers its probability;
//   who was infected at nine does not infect at eleven;
//   nothing hangs on the order in which people, places and stays came;
//   the best rows are the first of all rows.
//
// WEFT_PROP_CASES says how many nets (200 unless told), WEFT_PROP_SEED where to begin.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "base/prng.h"
#include "epi/contacts.h"
#include "support/edition.h"
#include "support/tiny_net.h"

enum {
    people = 14,
    guests = 16,
    places = 8,
    stays_max = 120,
    meetings_max = 8,
    days = 9,
    window_days = 5,
    minutes = days * 1440
};

typedef struct {
    uint32_t person, place, seat;
    int64_t start, end; // minutes
    bool guessed;
} stay;
typedef struct {
    uint32_t a, b;
    int64_t start, end; // seconds
} meeting;

typedef struct {
    wf_place_kind kinds[places];
    int ventilated[places];
    stay stays[stays_max];
    size_t stays_count;
    meeting meetings[meetings_max];
    size_t meetings_count;
} random_net;

static wf_arena edition_arena;
static const wf_protocol *edition;

// ---- making and asking ----

static uint32_t below(wf_prng *prng, uint32_t count)
{
    return wf_prng_below(prng, count);
}

static random_net make(wf_prng *prng)
{
    random_net net = {0};
    for (int i = 0; i < places; i++) {
        net.kinds[i] = (wf_place_kind)below(prng, WF_PLACE_KIND_COUNT);
        net.ventilated[i] = (int)below(prng, 3) - 1;
    }
    net.stays_count = 40 + below(prng, stays_max - 40);
    for (size_t i = 0; i < net.stays_count; i++) {
        int64_t start = below(prng, minutes - 10);
        int64_t longest = below(prng, 4) == 0 ? 1000 : 90;
        int64_t end = start + 1 + below(prng, (uint32_t)longest);
        if (below(prng, 20) == 0) { // a record of a day
            start = start / 1440 * 1440;
            end = start + 1440;
        }
        net.stays[i] = (stay){.person = below(prng, people),
                              .place = below(prng, places),
                              .seat = below(prng, 4),
                              .start = start,
                              .end = end < minutes ? end : minutes,
                              .guessed = below(prng, 6) == 0};
    }
    net.meetings_count = below(prng, meetings_max);
    for (size_t i = 0; i < net.meetings_count; i++) {
        uint32_t a = below(prng, people), b = below(prng, people);
        int64_t start = below(prng, minutes * 60 - 5000);
        net.meetings[i] = (meeting){a, a == b ? (b + 1) % people : b, start,
                                    start + 1 + (int64_t)below(prng, 400)};
    }
    return net;
}

static const char *const seats[] = {"", "05/12A", "05/13B", "06/20C"};

static const char *name_of(char buffer[16], char letter, uint32_t number)
{
    tiny_check(snprintf(buffer, 16, "%c-%03u", letter, number) > 0);
    return buffer;
}

// Numbers follow from the order in which names are first seen: `turn` rotates it.
static tiny_net *build(const random_net *from, size_t turn)
{
    tiny_net *net = tiny_net_new();
    char person[16], place[16];
    for (uint32_t i = 0; i < places; i++) {
        uint32_t at = (uint32_t)((i + turn) % places);
        tiny_kind(net, name_of(place, 'L', at), from->kinds[at]);
        net->places[tiny_place(net, place).number].ventilated = from->ventilated[at];
    }
    for (uint32_t i = 0; i < people; i++)
        tiny_person(net, name_of(person, 'P', (uint32_t)((i + turn) % people)));
    for (size_t i = 0; i < from->stays_count; i++) {
        const stay *one = &from->stays[(i + turn) % from->stays_count];
        tiny_visit(net, name_of(person, 'P', one->person),
                   name_of(place, 'L', one->place), one->start * 60, one->end * 60,
                   seats[one->seat], one->guessed);
    }
    for (size_t i = 0; i < from->meetings_count; i++) {
        const meeting *one = &from->meetings[(i + turn) % from->meetings_count];
        char other[16];
        tiny_meet(net, name_of(person, 'P', one->a), name_of(other, 'P', one->b),
                  one->start, one->end);
    }
    return net;
}

static wf_contacts ask_best(tiny_net *net, unsigned generations, uint64_t limit,
                            uint64_t best)
{
    int64_t starts[days + 1];
    double infectiousness[days];
    for (int i = 0; i <= days; i++)
        starts[i] = (int64_t)i * tiny_day_s;
    for (int i = 0; i < days; i++)
        infectiousness[i] = wf_hazard_infectiousness(edition, i - 2, 1);
    wf_contacts_query query = {.protocol = edition,
                               .rows = &net->rows,
                               .index = tiny_person(net, "P-000"),
                               .from = 0,
                               .to = (int64_t)window_days * tiny_day_s,
                               .as_of = (int64_t)days * tiny_day_s,
                               .day_starts = starts,
                               .days_count = days,
                               .infectiousness = infectiousness,
                               .generations = generations,
                               .limit = limit,
                               .best = best};
    weft_error error = {0};
    wf_contacts answer;
    tiny_check(wf_contacts_find(&query, &answer, &error) == WEFT_OK);
    return answer;
}

static wf_contacts ask(tiny_net *net, unsigned generations, uint64_t limit)
{
    return ask_best(net, generations, limit, 0);
}

// The row of a name, NULL when it is not listed.
static const wf_contact *row_of(const tiny_net *net, const wf_contacts *answer,
                                const char *name)
{
    for (size_t i = 0; i < answer->contacts_count; i++)
        if (strcmp(net->people[answer->contacts[i].person.number], name) == 0)
            return &answer->contacts[i];
    return NULL;
}

// ---- the plain count of minutes ----

static bool only_day(const stay *one, int64_t minute)
{
    int64_t midnight = minute / 1440 * 1440;
    return one->guessed && one->start <= midnight && one->end >= midnight + 1440;
}

// How near two stays are in one minute: −1 not together, 0 together, 1 counts as near.
static int nearness(const random_net *net, const stay *own, const stay *other,
                    int64_t minute)
{
    const wf_place_rule *rule = &edition->kinds[net->kinds[own->place]];
    int ventilated = net->ventilated[own->place];
    int64_t last = own->end < window_days * 1440 ? own->end : window_days * 1440;
    int64_t lingering = wf_together_lingering_s(rule, ventilated) / 60;
    if (own->place != other->place || minute < own->start || own->start >= last ||
        minute >= last + lingering || minute < other->start || minute >= other->end)
        return -1;
    // What lingers is judged by the last day that the stay touches.
    int64_t day_minute = minute < last ? minute : last - 1;
    wf_unit unit = ventilated == 1 ? rule->unit_ventilated : rule->unit;
    wf_unit_verdict units =
        wf_unit_judge(unit, rule->unit_reach.value, wf_text_of(seats[own->seat]),
                      wf_text_of(seats[other->seat]));
    bool outside = units == WF_UNIT_OUTSIDE ||
                   (units == WF_UNIT_UNKNOWN && rule->seat_unknown_apart);
    return !outside && !only_day(own, day_minute) && !only_day(other, minute);
}

// The stays of a person at a place.
typedef struct {
    const stay *of[stays_max];
    size_t count;
} few_stays;

static few_stays stays_of(const random_net *net, uint32_t person, uint32_t place)
{
    few_stays few = {.count = 0};
    for (size_t i = 0; i < net->stays_count; i++)
        if (net->stays[i].person == person && net->stays[i].place == place)
            few.of[few.count++] = &net->stays[i];
    return few;
}

static int minute_nearness(const random_net *net, const few_stays *own,
                           const few_stays *others, int64_t minute)
{
    int best = -1;
    for (size_t i = 0; i < own->count; i++)
        for (size_t j = 0; j < others->count; j++) {
            int one = nearness(net, own->of[i], others->of[j], minute);
            best = one > best ? one : best;
        }
    return best;
}

// Most near minutes in any 1,440, and whether there was any time together at all.
static int64_t count_place(const random_net *net, uint32_t person, uint32_t place,
                           bool *met)
{
    static bool near[minutes + 1];
    int64_t sum = 0, most = 0;
    few_stays own = stays_of(net, 0, place), others = stays_of(net, person, place);
    for (int64_t minute = 0; minute < minutes && own.count > 0; minute++) {
        int one = minute_nearness(net, &own, &others, minute);
        *met |= one >= 0;
        near[minute] = one == 1;
        sum += near[minute];
        sum -= minute >= 1440 && near[minute - 1440];
        most = sum > most ? sum : most;
    }
    return most;
}

// 0 close, 2 general, 3 none.
static int plain_level(const random_net *net, uint32_t person)
{
    bool met = false, close = false;
    for (uint32_t place = 0; place < places; place++) {
        const wf_place_rule *rule = &edition->kinds[net->kinds[place]];
        int64_t most = count_place(net, person, place, &met);
        close |=
            !rule->near_never && most > 0 && (double)most >= rule->near_minutes.value;
    }
    int64_t longest = 0;
    for (size_t i = 0; i < net->meetings_count; i++) {
        const meeting *one = &net->meetings[i];
        int64_t last = (int64_t)window_days * tiny_day_s;
        bool theirs =
            (one->a == 0 && one->b == person) || (one->b == 0 && one->a == person);
        if (theirs && one->start < last) {
            met = true;
            longest = (one->end < last ? one->end : last) - one->start;
            close |= (double)longest >= edition->encounter_near_minutes.value * 60;
        }
    }
    return close ? 0 : met ? 2 : 3;
}

// ---- laws ----

static void levels_equal_a_count_of_minutes(wf_prng *prng)
{
    random_net from = make(prng);
    // Two meetings of a pair would have to be added up: one each is enough here.
    from.meetings_count = from.meetings_count > 1 ? 1 : from.meetings_count;
    tiny_net *net = build(&from, 0);
    wf_contacts answer = ask(net, 1, 0);
    for (uint32_t person = 1; person < people; person++) {
        char name[16];
        const wf_contact *row = row_of(net, &answer, name_of(name, 'P', person));
        int level = row == NULL ? 3 : (int)row->level;
        if (level != plain_level(&from, person))
            fail_msg("%s: level %d, by minutes %d", name, level,
                     plain_level(&from, person));
    }
    wf_contacts_done(&answer);
    free(net);
}

static void a_limit_cuts_only_below_close_contact(wf_prng *prng)
{
    random_net from = make(prng);
    tiny_net *net = build(&from, 0);
    wf_contacts all = ask(net, 2, 0), cut = ask(net, 2, 1);
    size_t close = all.found[WF_LEVEL_CLOSE];
    assert_int_equal(cut.found[WF_LEVEL_CLOSE], close);
    assert_true(cut.contacts_count <= close + 1 && cut.contacts_count >= close);
    for (size_t i = 0; i < cut.contacts_count; i++)
        assert_int_equal(cut.contacts[i].person.number, all.contacts[i].person.number);
    assert_int_equal(cut.contacts_count + cut.left[WF_LEFT_LIMIT].people,
                     all.contacts_count);
    for (size_t i = 0; i < all.contacts_count; i++)
        assert_true((i < close) == (all.contacts[i].level == WF_LEVEL_CLOSE));
    wf_contacts_done(&all);
    wf_contacts_done(&cut);
    free(net);
}

static void a_longer_stay_loses_nothing(wf_prng *prng)
{
    random_net from = make(prng), longer = from;
    size_t which = below(prng, (uint32_t)from.stays_count);
    stay *one = &longer.stays[which];
    if (below(prng, 2) == 0)
        one->end += below(prng, 300);
    else
        one->start -= below(prng, 300);
    one->start = one->start < 0 ? 0 : one->start;
    one->end = one->end > minutes ? minutes : one->end;
    // A record that knows only the day says less about its minutes when it is longer.
    if (one->guessed && one->end - one->start >= 1440)
        return;
    tiny_net *before_net = build(&from, 0), *after_net = build(&longer, 0);
    wf_contacts before = ask(before_net, 1, 0), after = ask(after_net, 1, 0);
    for (size_t i = 0; i < before.contacts_count; i++) {
        const wf_contact *old = &before.contacts[i];
        const char *name = before_net->people[old->person.number];
        const wf_contact *now = row_of(after_net, &after, name);
        if (now == NULL || now->level > old->level)
            fail_msg("%s lost the level", name);
        if (now->probability.mid < old->probability.mid - 1e-12)
            fail_msg("%s fell from %g to %g", name, old->probability.mid,
                     now->probability.mid);
    }
    wf_contacts_done(&before);
    wf_contacts_done(&after);
    free(before_net);
    free(after_net);
}

static void nobody_infects_within_the_latent_period(wf_prng *prng)
{
    random_net from = make(prng);
    tiny_net *net = build(&from, 0);
    wf_contacts answer = ask(net, 2, 0);
    int64_t latent = (int64_t)(edition->latent_d.value * tiny_day_s);
    for (size_t i = 0; i < answer.exposures_count; i++) {
        const wf_exposure *one = &answer.exposures[i];
        if (strcmp(net->people[one->with.number], "P-000") == 0)
            continue;
        const char *name = net->people[one->with.number];
        const wf_contact *source = row_of(net, &answer, name);
        assert_non_null(source);
        assert_int_equal(source->level, WF_LEVEL_CLOSE);
        assert_true(one->day.start >= source->first);
        if (one->day.end <= source->first + latent)
            assert_true(one->probability.mid == 0);
        assert_true(one->day.unit == WF_UNIT_WITHIN || one->day.seconds > 0);
    }
    wf_contacts_done(&answer);
    free(net);
}

static void the_order_of_arrival_changes_nothing(wf_prng *prng)
{
    random_net from = make(prng);
    tiny_net *one_net = build(&from, 0);
    tiny_net *other_net = build(&from, 1 + below(prng, 37));
    wf_contacts one = ask(one_net, 2, 0), other = ask(other_net, 2, 0);
    assert_int_equal(one.contacts_count, other.contacts_count);
    for (size_t i = 0; i < one.contacts_count; i++) {
        const wf_contact *a = &one.contacts[i], *b = &other.contacts[i];
        assert_string_equal(one_net->people[a->person.number],
                            other_net->people[b->person.number]);
        assert_int_equal(a->level, b->level);
        assert_int_equal(a->seconds, b->seconds);
        assert_true(a->probability.mid == b->probability.mid);
        assert_true(a->rank == b->rank);
        assert_int_equal(a->exposures_count, b->exposures_count);
    }
    for (int i = 0; i < WF_LEFT_COUNT; i++)
        assert_int_equal(one.left[i].people, other.left[i].people);
    wf_contacts_done(&one);
    wf_contacts_done(&other);
    free(one_net);
    free(other_net);
}

static void best_are_first(const wf_contacts *all, const wf_contacts *best, size_t wanted)
{
    bool seen[people + guests] = {false};
    assert_int_equal(best->contacts_count, all->contacts_count);
    for (size_t i = 0; i < all->contacts_count; i++) {
        const wf_contact *a = &all->contacts[i], *b = &best->contacts[i];
        assert_int_equal(a->level, b->level);
        assert_false(seen[b->person.number]);
        seen[b->person.number] = true;
        if (i >= wanted)
            continue;
        assert_int_equal(a->person.number, b->person.number);
        assert_true(a->rank == b->rank);
        assert_int_equal(a->exposures_from, b->exposures_from);
    }
}

// People whom the case met shortly, each with a place of some kind to go back to.
static void add_guests(tiny_net *net, wf_prng *prng)
{
    for (uint32_t i = 0; i < guests; i++) {
        char guest[16], home[16];
        int64_t met = below(prng, window_days * tiny_day_s - 1000);
        tiny_meet(net, "P-000", name_of(guest, 'G', i), met, met + 1 + below(prng, 300));
        tiny_kind(net, name_of(home, 'H', i),
                  (wf_place_kind)below(prng, WF_PLACE_KIND_COUNT));
        for (int64_t day = 0; day < 2; day++)
            tiny_visit(net, guest, home, day * tiny_day_s, day * tiny_day_s + 3600, "",
                       false);
    }
}

static void the_best_are_the_first_of_all(wf_prng *prng)
{
    random_net from = make(prng);
    tiny_net *net = build(&from, 0);
    add_guests(net, prng);
    wf_contacts all = ask(net, 2, 0);
    for (size_t wanted = 1; wanted < all.contacts_count; wanted += 3) {
        wf_contacts best = ask_best(net, 2, 0, wanted);
        best_are_first(&all, &best, wanted);
        wf_contacts_done(&best);
    }
    wf_contacts_done(&all);
    free(net);
}

// ---- running ----

static uint64_t from_env(const char *name, uint64_t otherwise)
{
    int64_t value = 0;
    const char *text = getenv(name);
    if (text == NULL || !wf_parse_i64(wf_text_of(text), 0, INT64_MAX, &value))
        return otherwise;
    return (uint64_t)value;
}

static void run(void (*law)(wf_prng *prng))
{
    uint64_t seed = from_env("WEFT_PROP_SEED", 1);
    uint64_t cases = from_env("WEFT_PROP_CASES", 200);
    for (uint64_t i = 0; i < cases; i++) {
        wf_prng prng = wf_prng_new(seed + i);
        print_message("# seed %llu\n", (unsigned long long)(seed + i));
        law(&prng);
    }
}

static void levels(void **state)
{
    (void)state;
    run(levels_equal_a_count_of_minutes);
}

static void limits(void **state)
{
    (void)state;
    run(a_limit_cuts_only_below_close_contact);
}

static void longer_stays(void **state)
{
    (void)state;
    run(a_longer_stay_loses_nothing);
}

static void latency(void **state)
{
    (void)state;
    run(nobody_infects_within_the_latent_period);
}

static void order(void **state)
{
    (void)state;
    run(the_order_of_arrival_changes_nothing);
}

static void best(void **state)
{
    (void)state;
    run(the_best_are_the_first_of_all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels),       cmocka_unit_test(limits),
        cmocka_unit_test(longer_stays), cmocka_unit_test(latency),
        cmocka_unit_test(order),        cmocka_unit_test(best),
    };
    edition = edition_load("nhc-covid-8", &edition_arena);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    wf_arena_done(&edition_arena);
    return failed;
}
