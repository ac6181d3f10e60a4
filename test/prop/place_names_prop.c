// Law: places are found by letters of their name as if all of them were read (desk/
// register/place_names.h). After random histories of places that are registered, renamed,
// become homes and are no homes any more, with corrections and withdrawals, slices that
// fail, restarts and rebuilds, also while names are read before somebody asks: what the
// view gives = every row of the table whose name holds the letters, large or small, or
// whose id it is.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "desk/queries.h"
#include "desk/register/place_names.h"
#include "support/history.h"
#include "support/made_city.h"
#include "support/sent_history.h"

enum {
    cases_default = 6,
    facts_default = 400,
    batch_max = 40,
    places_max = 100,
    questions_max = 12
};

typedef struct {
    made_city city;
    wf_place_names *names;
    wf_follower followers[2]; // the names, and one that fails
    bool fails;
    uint32_t unasked; // for how many steps nobody asks
    size_t found;     // that the law was about something
} world;

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("%s %s %s\n", error->code != NULL ? error->code : "?",
                    error->params[0].value, error->params[1].value);
    assert_int_equal(status, WEFT_OK);
}

// ---- every place read ----

typedef struct {
    char id[WF_ID_BYTES_MAX + 1];
    char name[WF_TEXT_BYTES_MAX + 1];
    size_t name_size;
    bool home;
} place;

typedef struct {
    place places[places_max];
    size_t count;
} all_places;

static void copy_text(const wf_statement *at, int column, char *to, size_t room)
{
    wf_text text = wf_statement_text(at, column);
    assert_true(text.size < room);
    memcpy(to, text.bytes, text.size);
    to[text.size] = '\0';
}

static void read_all(made_city *city, all_places *ret)
{
    weft_error error = {0};
    wf_database *db = NULL;
    wf_statement *rows = NULL;
    bool more = false;
    wf_numbers numbers = wf_numbers_of(city->store.visits);
    ret->count = 0;
    ok(wf_store_reader(city->records, &db, &error), &error);
    ok(wf_database_prepare(db, "SELECT place, name, kind FROM place", &rows, &error),
       &error);
    for (;;) {
        ok(wf_statement_step(rows, &more, &error), &error);
        if (!more)
            break;
        assert_true(ret->count < places_max);
        place *one = &ret->places[ret->count++];
        wf_text id = numbers.text_of(numbers.context, WF_COLUMN_PLACE,
                                     (uint32_t)wf_statement_i64(rows, 0));
        char kind[64];
        snprintf(one->id, sizeof one->id, "%.*s", (int)id.size, id.bytes);
        copy_text(rows, 1, one->name, sizeof one->name);
        one->name_size = strlen(one->name);
        copy_text(rows, 2, kind, sizeof kind);
        one->home = strcmp(kind, "household") == 0 || strcmp(kind, "room") == 0;
    }
    wf_statement_free(rows);
    wf_database_close(db);
}

static char fold(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? (char)(letter + 32) : letter;
}

static bool holds(const char *name, const char *asked)
{
    size_t size = strlen(name), part = strlen(asked);
    for (size_t i = 0; i + part <= size; i++) {
        size_t k = 0;
        while (k < part && fold(name[i + k]) == fold(asked[k]))
            k++;
        if (k == part)
            return true;
    }
    return false;
}

// ---- asking ----

static void check_question(world *of, const all_places *all, wf_view *view,
                           const char *asked)
{
    weft_error error = {0};
    wf_arena arena;
    wf_view_page page;
    wf_value parameter = {.given = true, .text = wf_text_of(asked)}, filters[4] = {0};
    wf_arena_init(&arena, 0);
    wf_view_question question = {
        .parameters = &parameter, .filters = filters, .limit = WF_VIEW_LIMIT_MAX};
    ok(wf_view_ask(view, &question, &arena, &page, &error), &error);
    size_t wanted = 0;
    for (size_t i = 0; i < all->count; i++) {
        const place *one = &all->places[i];
        bool is = !one->home && (holds(one->name, asked) || strcmp(one->id, asked) == 0);
        size_t times = 0;
        wanted += is;
        for (size_t k = 0; k < page.rows_count; k++) {
            const wf_value *row = page.values + k * page.columns_count;
            if (!wf_text_equal(row[0].text, wf_text_of(one->id)))
                continue;
            times++;
            assert_true(wf_text_equal(row[1].given ? row[1].text : WF_TEXT(""),
                                      wf_text_of(one->name)));
        }
        if (times != (is ? 1 : 0))
            fail_msg("\"%s\": a place comes %zu times", asked, times);
    }
    assert_int_equal(page.rows_count, wanted);
    of->found += wanted;
    wf_arena_done(&arena);
}

// Some letters of a name, large ones small and small ones large at random.
static void draw_part(const place *from, wf_prng *prng, char *ret)
{
    size_t at = wf_prng_below(prng, (uint32_t)from->name_size), size = 0;
    uint32_t letters = 1 + wf_prng_below(prng, 3);
    while (at > 0 && ((unsigned char)from->name[at] & 0xC0) == 0x80)
        at--;
    for (; at + size < from->name_size; size++) {
        bool begins = ((unsigned char)from->name[at + size] & 0xC0) != 0x80;
        if (begins && letters-- == 0)
            break;
    }
    for (size_t i = 0; i < size; i++) {
        char letter = from->name[at + i];
        bool plain = (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z');
        ret[i] = plain && wf_prng_below(prng, 2) == 0 ? (char)(letter ^ 32) : letter;
    }
    ret[size] = '\0';
}

static void open_views(world *of, wf_view_computed *computed, wf_views **ret)
{
    static const wf_protocol protocol = {0};
    weft_error error = {0};
    size_t count, at = 0;
    const wf_sql_text *all = wf_desk_views(&count);
    while (strcmp(all[at].name, "register/places_named") != 0)
        at++;
    *computed = wf_place_names_view(of->names);
    wf_views_options options = {.protocol = &protocol,
                                .store = of->city.records,
                                .keys = of->city.store.keys,
                                .kinds = wf_desk_kinds(),
                                .numbers = wf_numbers_of(of->city.store.visits),
                                .texts = &all[at],
                                .texts_count = 1,
                                .computed = computed,
                                .computed_count = 1};
    ok(wf_views_open(&options, ret, &error), &error);
}

static void check(world *of, wf_prng *prng)
{
    static all_places all;
    wf_view_computed computed;
    wf_views *views = NULL;
    char asked[WF_TEXT_BYTES_MAX + 1];
    read_all(&of->city, &all);
    open_views(of, &computed, &views);
    wf_view *view = wf_views_at(views, 0);
    for (size_t i = 0; i < questions_max && all.count > 0; i++) {
        const place *one = &all.places[wf_prng_below(prng, (uint32_t)all.count)];
        if (i == 0)
            snprintf(asked, sizeof asked, "%s", one->id);
        else if (i == 1)
            snprintf(asked, sizeof asked, "%s", one->name);
        else if (one->name_size > 0)
            draw_part(one, prng, asked);
        else
            snprintf(asked, sizeof asked, "x");
        if (asked[0] != '\0')
            check_question(of, &all, view, asked);
    }
    wf_views_close(views);
}

// ---- a city that is followed ----

static weft_status never_opens(void *context, wf_database *db, weft_error *error)
{
    (void)context;
    (void)db;
    (void)error;
    return WEFT_OK;
}

static weft_status fail_when_told(void *context, wf_database *db, weft_error *error)
{
    world *of = context;
    (void)db;
    if (!of->fails)
        return WEFT_OK;
    of->fails = false;
    return wf_fail(error, WEFT_STORAGE, "records.io", "path", "test", NULL);
}

static void never_ends(void *context, bool committed)
{
    (void)context;
    (void)committed;
}

static void begin(world *of)
{
    weft_error error = {0};
    memset(of, 0, sizeof *of);
    ok(wf_place_names_new(&of->names, &error), &error);
    of->followers[0] = wf_place_names_follower(of->names);
    of->followers[1] = (wf_follower){.opened = never_opens,
                                     .before_commit = fail_when_told,
                                     .ended = never_ends,
                                     .context = of};
    of->city.followers = of->followers;
    of->city.followers_count = 2;
    made_city_make(&of->city);
    wf_place_names_allow(of->names, true);
}

// ---- what happens ----

static void apply(world *of, size_t most, bool fails)
{
    weft_error error = {0};
    of->fails = fails;
    weft_status status = wf_store_apply(of->city.records, most, &error);
    assert_true(status == WEFT_OK || (fails && status == WEFT_STORAGE));
    of->fails = false;
}

static void rebuild(made_city *city)
{
    weft_error error = {0};
    wf_register_close(city->reg);
    city->reg = NULL;
    ok(wf_store_rebuild(city->records, NULL, NULL, &error), &error);
    ok(wf_register_open(city->records, city->store.keys, wf_desk_kinds(), &city->reg,
                        &error),
       &error);
}

static void live(world *of, const history *h, wf_prng *prng)
{
    made_city *city = &of->city;
    for (size_t at = 0, next; at < h->count; at = next) {
        next = at + 1 + wf_prng_below(prng, batch_max);
        next = next < h->count ? next : h->count;
        sent_history_send(city, h->arrivals + at, next - at);
        uint32_t what = wf_prng_below(prng, 12);
        if (what == 0)
            rebuild(city);
        else if (what == 1)
            made_city_close(city), made_city_open(city, city->store.io);
        else
            apply(of, what < 6 ? what : 0, what == 2);
        // The rows were opened: they are read while more comes, which nobody asks for.
        bool ahead = what < 2 && wf_prng_below(prng, 4) > 0;
        if (ahead)
            wf_place_names_begin(of->names, city->records);
        of->unasked = ahead ? wf_prng_below(prng, 4) : of->unasked;
        if (of->unasked > 0)
            of->unasked--;
        else
            check(of, prng);
    }
    check(of, prng);
}

// ---- the law ----

static bool takes(const wf_kind *kind)
{
    static const char *const names[] = {"place.registered", "fact.withdrawn"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(kind->name, names[i]) == 0)
            return true;
    return false;
}

static uint64_t number_of(const char *name, uint64_t otherwise)
{
    const char *given = getenv(name);
    return given != NULL ? strtoull(given, NULL, 10) : otherwise;
}

static void names_find_as_if_all_were_read(void **state)
{
    static world of;
    uint64_t seed = number_of("WEFT_PROP_SEED", 1), found = 0;
    (void)state;
    printf("# seed %" PRIu64 "\n", seed);
    for (uint64_t i = 0; i < number_of("WEFT_PROP_CASES", cases_default); i++) {
        history h;
        wf_prng prng = wf_prng_new(seed + i);
        history_options options = {.seed = seed + i,
                                   .facts_count =
                                       number_of("WEFT_PROP_FACTS", facts_default),
                                   .ids = 24,
                                   .takes = takes};
        history_make(wf_desk_kinds(), &options, &h);
        begin(&of);
        live(&of, &h, &prng);
        found += of.found;
        wf_place_names_allow(of.names, false);
        made_city_done(&of.city);
        wf_place_names_free(of.names);
        history_done(&h);
    }
    assert_true(found > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(names_find_as_if_all_were_read)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
