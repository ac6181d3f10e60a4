// Events: each listener gets those of its grid, in order, and is told what it missed.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <stdatomic.h>

#include "serve/http/exchange_inside.h"
#include "support/served_city.h"
#include "weft/facts.h"

static served_city city;
static _Atomic bool revoked;
static uint64_t began_at, position;

static weft_status identify(wf_exchange *x, wf_actor *ret, weft_error *error)
{
    wf_text token = wf_exchange_header(x, "Authorization");
    bool town = wf_text_equal(token, WF_TEXT("Bearer town"));
    if (atomic_load(&revoked) && town)
        return wf_fail(error, WEFT_NOT_ALLOWED, "access.token", NULL);
    *ret = (wf_actor){.kind = WF_ACTOR_DEVICE, .role = WF_ROLE_LEAD};
    if (town)
        memcpy(ret->grid, "320282001", 10);
    if (wf_text_equal(token, WF_TEXT("Bearer many")))
        memcpy(ret->name, "many", 5);
    return WEFT_OK;
}

static bool allows(const wf_actor *actor, wf_action action)
{
    return actor->kind == WF_ACTOR_DEVICE && action == WF_ACTION_EVENTS;
}

// Before the service began: in the ledger, and not in the ring.
static void seal_tube(const char *tube, const char *grid)
{
    const weft_fact_options options = {
        .device = "S-01", .at = WEFT_TIME_NONE, .grid = grid};
    weft_fact_reply reply;
    weft_error error = {0};
    char field[32] = "tube=";
    memcpy(field + 5, tube, strlen(tube) + 1);
    const char *const fields[] = {field, "count=10"};
    if (weft_fact_send(city.city, "tube.sealed", fields, 2, &options, &reply, &error) !=
        WEFT_OK)
        fail_msg("%s", error.code);
}

static int begin(void **state)
{
    const wf_server_options options = {.identify = identify, .allows = allows};
    (void)state;
    served_make(&city);
    seal_tube("T-1", "320282002");
    seal_tube("T-2", "320282001007");
    seal_tube("T-3", "320282002");
    served_start(&city, &options);
    began_at = position = wf_events_upto(city.server->events);
    return 0;
}

static int end(void **state)
{
    (void)state;
    served_end(&city);
    return 0;
}

// As the writer does after a slice.
static void apply(wf_events *events, uint64_t first, size_t count, const char *grid)
{
    const wf_kind *kind = wf_kinds_find(wf_city_kinds(), WF_TEXT("tube.sealed"));
    for (size_t i = 0; i < count; i++) {
        const wf_shared_event event = {first + i, kind, wf_text_of(grid), {0}, {1000000}};
        wf_events_take(events, &event, 1);
    }
}

// ---- the ring ----

static wf_events *make(uint64_t upto)
{
    wf_events *events = NULL;
    weft_error error = {0};
    assert_int_equal(wf_events_new(upto, city.city, &events, &error), WEFT_OK);
    return events;
}

static size_t wakes;

static void count_wake(wf_listener *listener)
{
    (void)listener;
    wakes++;
}

static void join(wf_events *events, wf_role role, const char *area, uint64_t cursor,
                 wf_listener *ret)
{
    weft_error error = {0};
    wf_actor actor = {.kind = WF_ACTOR_USER, .role = role};
    memcpy(actor.grid, area, strlen(area) + 1);
    *ret = (wf_listener){.cursor = cursor, .wake = count_wake};
    assert_int_equal(wf_events_join(events, &actor, ret, &error), WEFT_OK);
}

static void expect(wf_events *events, wf_listener *listener, const char *wanted)
{
    wf_buffer text = {0};
    assert_true(wf_events_read(events, listener, &text));
    assert_true(wf_buffer_append(&text, "", 1));
    assert_string_equal(text.bytes, wanted);
    wf_buffer_done(&text);
}

#define EVENT(position, grid)                                                            \
    "id: " position "\nevent: fact\ndata: {\"position\":" position                       \
    ",\"kind\":\"tube.sealed\",\"grid\":\"" grid                                         \
    "\",\"at\":\"1970-01-01T08:00:00+08:00\",\"received\":"                              \
    "\"1970-01-01T08:00:01+08:00\"}\n\n"

static void a_listener_gets_what_lies_in_its_grid(void **state)
{
    wf_events *events = make(7);
    wf_listener all, town, village, late;
    (void)state;
    join(events, WF_ROLE_LEAD, "", 7, &all);
    join(events, WF_ROLE_LEAD, "320282001", 7, &town);
    join(events, WF_ROLE_LEAD, "320282001003", 7, &village);
    expect(events, &all, "");
    apply(events, 8, 1, "320282001002");
    apply(events, 9, 1, "320282002");
    apply(events, 10, 1, "");
    // Who comes now has heard nothing of what its audience, or nobody, has noted.
    join(events, WF_ROLE_LEAD, "320282002", 7, &late);
    expect(events, &all,
           EVENT("8", "320282001002") EVENT("9", "320282002") EVENT("10", ""));
    expect(events, &town, EVENT("8", "320282001002"));
    expect(events, &village, "");
    expect(events, &late, EVENT("9", "320282002"));
    assert_int_equal(all.cursor, 10);
    assert_int_equal(town.cursor, 10);
    assert_int_equal(village.cursor, 10);
    assert_int_equal(late.cursor, 10);
    expect(events, &all, "");
    wf_events_leave(events, &late);
    wf_events_leave(events, &village);
    wf_events_leave(events, &town);
    wf_events_leave(events, &all);
    wf_events_free(events);
}

static void only_who_hears_it_is_woken(void **state)
{
    wf_events *events = make(7);
    wf_listener town, other, same;
    (void)state;
    join(events, WF_ROLE_LEAD, "320282001", 7, &town);
    join(events, WF_ROLE_LEAD, "320282002", 7, &other);
    join(events, WF_ROLE_LEAD, "320282001", 7, &same);
    apply(events, 8, 3, "320282001002");
    wakes = 0;
    wf_events_tick(events);
    assert_int_equal(wakes, 2);
    wf_events_tick(events);
    assert_int_equal(wakes, 2);
    // One that left is not, and the rest of its audience is.
    wf_events_leave(events, &town);
    apply(events, 11, 1, "320282001");
    wf_events_tick(events);
    assert_int_equal(wakes, 3);
    expect(events, &same,
           EVENT("8", "320282001002") EVENT("9", "320282001002")
               EVENT("10", "320282001002") EVENT("11", "320282001"));
    wf_events_leave(events, &same);
    wf_events_leave(events, &other);
    wf_events_free(events);
}

// Thousands are woken in turns: nobody is left out, nobody is woken for nothing, and who
// was woken with many others waits as many turns longer.
static void thousands_are_woken_in_turns(void **state)
{
    enum { villages = 6, each = 200, all = villages * each };
    static wf_listener listeners[all];
    wf_events *events = make(7);
    char grid[32];
    (void)state;
    for (size_t i = 0; i < all; i++) {
        snprintf(grid, sizeof grid, "3202820010%02zu", i % villages);
        join(events, WF_ROLE_SAMPLER, grid, 7, &listeners[i]);
    }
    apply(events, 8, 1, "320282001"); // nobody's
    wakes = 0;
    wf_events_tick(events);
    assert_int_equal(wakes, 0);
    for (int village = 0; village < villages; village++) {
        snprintf(grid, sizeof grid, "3202820010%02d", village);
        apply(events, 9 + (uint64_t)village, 1, grid);
    }
    wf_events_tick(events);
    assert_in_range(wakes, 500, all - 1);
    wf_events_tick(events);
    wf_events_tick(events);
    assert_int_equal(wakes, all);
    wf_events_tick(events);
    assert_int_equal(wakes, all);
    for (size_t i = 0; i < all; i++)
        wf_events_leave(events, &listeners[i]);
    // All of one audience.
    for (size_t i = 0; i < all; i++)
        join(events, WF_ROLE_SAMPLER, "320282001001", 14, &listeners[i]);
    apply(events, 15, 1, "320282001001");
    wf_events_tick(events);
    assert_int_equal(wakes, 2 * all);
    apply(events, 16, 1, "320282001001");
    wf_events_tick(events);
    assert_int_equal(wakes, 2 * all);
    wf_events_tick(events);
    wf_events_tick(events);
    assert_int_equal(wakes, 3 * all);
    for (size_t i = 0; i < all; i++)
        wf_events_leave(events, &listeners[i]);
    wf_events_free(events);
}

// More than an audience notes: it looks through the ring, and misses nothing. Another
// one's quiet area is not taken for one that is behind, however much has passed by.
static void who_hears_much_or_little_misses_nothing(void **state)
{
    enum { many = 5000, more = 262145 };
    wf_events *events = make(0);
    wf_listener busy, quiet;
    wf_buffer text = {0};
    uint64_t told = 0;
    (void)state;
    join(events, WF_ROLE_LEAD, "3202", 0, &busy);
    join(events, WF_ROLE_LEAD, "44", 0, &quiet);
    apply(events, 1, many, "320282");
    while (busy.cursor < many) {
        wf_buffer_clear(&text);
        assert_true(wf_events_read(events, &busy, &text));
        assert_true(wf_buffer_append(&text, "", 1));
        for (const char *at = text.bytes; (at = strstr(at, "{\"position\":")) != NULL;
             at++)
            assert_int_equal(strtoull(at + 12, NULL, 10), ++told);
        assert_int_equal(told, busy.cursor);
    }
    wf_buffer_done(&text);
    apply(events, many + 1, more, "320282");
    assert_true(wf_events_is_behind(events, &busy));
    assert_false(wf_events_is_behind(events, &quiet));
    expect(events, &quiet, "");
    assert_int_equal(quiet.cursor, many + more);
    apply(events, many + more + 1, 1, "44");
    expect(events, &quiet, EVENT("267146", "44"));
    wf_events_leave(events, &busy);
    wf_events_leave(events, &quiet);
    wf_events_free(events);
}

static void a_grid_that_is_no_code_ends_no_text(void **state)
{
    wf_events *events = make(7);
    wf_listener all;
    (void)state;
    join(events, WF_ROLE_LEAD, "", 7, &all);
    apply(events, 8, 1, "3202\",\"x\\\":");
    expect(events, &all, EVENT("8", "3202?,?x??:"));
    wf_events_leave(events, &all);
    wf_events_free(events);
}

// The position of each kind in what somebody gets.
static void hear(wf_events *events, wf_role role, const char *wanted)
{
    wf_listener listener;
    wf_buffer text = {0}, kinds = {0};
    join(events, role, "320282", 7, &listener);
    assert_true(wf_events_read(events, &listener, &text));
    wf_events_leave(events, &listener);
    assert_true(wf_buffer_append(&text, "", 1));
    for (const char *at = text.bytes; (at = strstr(at, "kind\":\"")) != NULL; at += 7) {
        const char *name = at + 7;
        assert_true(wf_buffer_printf(&kinds, "%.*s ", (int)strcspn(name, "\""), name));
    }
    assert_true(wf_buffer_append(&kinds, "", 1));
    assert_string_equal(kinds.bytes, wanted);
    wf_buffer_done(&text);
    wf_buffer_done(&kinds);
}

static void that_somebody_looked_is_heard_by_who_audits(void **state)
{
    static const char *const kinds[] = {"look.made", "tube.sealed", "export.requested",
                                        "token.issued", "look.refused"};
    wf_events *events = make(7);
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const wf_shared_event event = {
            .position = 8 + i,
            .kind = wf_kinds_find(wf_city_kinds(), wf_text_of(kinds[i])),
            .grid = WF_TEXT("320282001")};
        wf_events_take(events, &event, 1);
    }
    hear(events, WF_ROLE_AUDITOR,
         "look.made tube.sealed export.requested token.issued look.refused ");
    hear(events, WF_ROLE_LEAD, "tube.sealed export.requested ");
    hear(events, WF_ROLE_OPERATOR, "tube.sealed token.issued ");
    hear(events, WF_ROLE_COMMANDER, "tube.sealed ");
    wf_events_free(events);
}

static void who_is_left_behind_is_told_what_it_missed(void **state)
{
    enum { ring = 262144 };
    wf_events *events = make(100);
    wf_listener all;
    (void)state;
    join(events, WF_ROLE_LEAD, "", 90, &all); // before this process began
    expect(events, &all, "id: 100\nevent: missed\ndata: {\"after\":90,\"upto\":100}\n\n");
    apply(events, 101, ring + 5, "");
    wf_buffer text = {0};
    assert_true(wf_events_read(events, &all, &text));
    assert_true(wf_buffer_append(&text, "", 1));
    static const char missed[] =
        "id: 105\nevent: missed\ndata: {\"after\":100,\"upto\":105}\n\nid: 106\n";
    assert_int_equal(strncmp(text.bytes, missed, sizeof missed - 1), 0);
    // From there on every one, in pieces.
    uint64_t seen = 105;
    for (const char *at = text.bytes;; at = text.bytes) {
        while ((at = strstr(at, "{\"position\":")) != NULL) {
            assert_int_equal(strtoull(at + 12, NULL, 10), ++seen);
            at++;
        }
        assert_int_equal(seen, all.cursor);
        if (all.cursor == 100 + ring + 5)
            break;
        wf_buffer_clear(&text);
        assert_true(wf_events_read(events, &all, &text));
        assert_true(wf_buffer_append(&text, "", 1));
    }
    wf_buffer_done(&text);
    wf_events_leave(events, &all);
    wf_events_free(events);
}

// ---- over the wire ----

static int listen_as(const char *token, const char *after)
{
    char request[256];
    int file = client_open(&city);
    int size = snprintf(request, sizeof request,
                        "GET /v1/events HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer "
                        "%s\r\n%s%s%s\r\n",
                        token, after[0] != '\0' ? "Last-Event-ID: " : "", after,
                        after[0] != '\0' ? "\r\n" : "");
    client_send(file, request, (size_t)size);
    return file;
}

// Reads until `wanted` has come; everything so far in `bytes`.
static bool hears(int file, const char *wanted, client_answer *so_far)
{
    while (strstr(so_far->bytes, wanted) == NULL) {
        ssize_t part = recv(file, so_far->bytes + so_far->size,
                            sizeof so_far->bytes - 1 - so_far->size, 0);
        if (part <= 0)
            return false;
        so_far->size += (size_t)part;
        so_far->bytes[so_far->size] = '\0';
    }
    return true;
}

static void events_come_as_they_are_applied_and_end_with_the_token(void **state)
{
    static client_answer all, town;
    char place[64];
    (void)state;
    int file = listen_as("all", ""), other = listen_as("town", "");
    // Where it begins is said first.
    assert_true(
        snprintf(place, sizeof place, "id: %llu\n", (unsigned long long)position) > 0);
    assert_true(hears(file, place, &all));
    assert_true(hears(other, place, &town));
    apply(city.server->events, position + 1, 1, "320282002");
    apply(city.server->events, position + 2, 1, "320282001");
    position += 2;
    assert_true(hears(file, "\"grid\":\"320282001\"", &all));
    assert_non_null(strstr(all.bytes, "\"grid\":\"320282002\""));
    assert_true(hears(other, "\"grid\":\"320282001\"", &town));
    assert_null(strstr(town.bytes, "320282002"));
    assert_non_null(strstr(all.bytes, "X-Accel-Buffering: no"));
    // A token that is revoked hears the end, not the next.
    atomic_store(&revoked, true);
    assert_true(hears(other, "\r\n0\r\n\r\n", &town));
    close(other);
    apply(city.server->events, ++position, 1, "320282003");
    assert_true(hears(file, "\"grid\":\"320282003\"", &all));
    close(file);
}

// Whoever has as many as that takes nobody else's place.
static void one_account_listens_so_many_times_at_most(void **state)
{
    static client_answer answer;
    int files[wf_exchange_streams_max];
    (void)state;
    for (size_t i = 0; i < wf_exchange_streams_max; i++) {
        client_forget(&answer);
        files[i] = listen_as("many", "");
        assert_true(hears(files[i], "id: ", &answer));
    }
    client_forget(&answer);
    int more = listen_as("many", "");
    assert_true(hears(more, "http.streams", &answer));
    assert_non_null(strstr(answer.bytes, "HTTP/1.1 503 "));
    assert_non_null(strstr(answer.bytes, "Retry-After: "));
    close(more);
    client_forget(&answer);
    int other = listen_as("all", "");
    assert_true(hears(other, "id: ", &answer));
    close(other);
    for (size_t i = 0; i < wf_exchange_streams_max; i++)
        close(files[i]);
    // Who has left can come again, when that is noticed.
    for (bool again = false; !again;) {
        client_forget(&answer);
        more = listen_as("many", "");
        again = hears(more, "\r\n\r\n", &answer) &&
                strstr(answer.bytes, "HTTP/1.1 200 ") != NULL;
        close(more);
    }
}

static void who_comes_again_goes_on_from_where_it_was(void **state)
{
    static client_answer answer;
    char after[32];
    (void)state;
    apply(city.server->events, ++position, 1, "330000");
    apply(city.server->events, ++position, 1, "340000");
    assert_true(snprintf(after, sizeof after, "%llu", (unsigned long long)position - 1) >
                0);
    int file = listen_as("all", after);
    assert_true(hears(file, "\"grid\":\"340000\"", &answer));
    assert_null(strstr(answer.bytes, "\"grid\":\"330000\""));
    close(file);
    file = listen_as("all", "x");
    client_forget(&answer);
    assert_true(hears(file, "http.parameter_wrong", &answer));
    close(file);
}

// How many facts were told, the first and each one after the one before it.
static uint64_t told(const char *text, uint64_t first)
{
    uint64_t count = 0;
    for (const char *at = text; (at = strstr(at, "{\"position\":")) != NULL; at++)
        assert_int_equal(strtoull(at + 12, NULL, 10), first + count++);
    return count;
}

static void who_was_away_for_long_is_told_from_the_ledger(void **state)
{
    static client_answer answer, town;
    char after[32];
    (void)state;
    assert_true(began_at >= 3);
    assert_true(snprintf(after, sizeof after, "%llu", (unsigned long long)began_at - 3) >
                0);
    apply(city.server->events, ++position, 1, "350000");
    // What was there before the service began lies in the ring, too.
    int file = listen_as("all", after);
    assert_true(hears(file, "\"grid\":\"350000\"", &answer));
    assert_null(strstr(answer.bytes, "missed"));
    assert_int_equal(told(answer.bytes, began_at - 2), position - began_at + 3);
    close(file);
    // After a break it begins anew, and what was before is told from the ledger: cut by
    // scope as what comes is.
    position += 2;
    apply(city.server->events, position, 1, "350000");
    atomic_store(&revoked, false);
    file = listen_as("town", after);
    apply(city.server->events, ++position, 1, "320282001008");
    assert_true(hears(file, "\"grid\":\"320282001008\"", &town));
    assert_non_null(strstr(town.bytes, "\"grid\":\"320282001007\""));
    assert_null(strstr(town.bytes, "\"grid\":\"320282002\""));
    assert_null(strstr(town.bytes, "\"grid\":\"350000\""));
    close(file);
}

static void what_the_ledger_does_not_say_is_told_as_missed(void **state)
{
    wf_events *events = make(began_at + 5); // further than the ledger goes
    wf_listener all;
    wf_buffer text = {0};
    (void)state;
    join(events, WF_ROLE_LEAD, "", began_at - 1, &all);
    assert_true(wf_events_is_behind(events, &all));
    assert_true(wf_events_reread(events, city.server->shared, &all, &text));
    assert_int_equal(all.cursor, began_at);
    assert_true(wf_events_is_behind(events, &all));
    wf_buffer_clear(&text);
    assert_true(wf_events_reread(events, city.server->shared, &all, &text));
    assert_int_equal(all.cursor, began_at + 5);
    assert_true(wf_buffer_append(&text, "", 1));
    assert_non_null(strstr(text.bytes, "event: missed\n"));
    assert_false(wf_events_is_behind(events, &all));
    wf_buffer_done(&text);
    wf_events_leave(events, &all);
    wf_events_free(events);
}

static void who_saw_more_than_there_is_is_told_so(void **state)
{
    static client_answer answer;
    char missed[96];
    (void)state;
    int file = listen_as("all", "999999");
    assert_true(snprintf(missed, sizeof missed,
                         "event: missed\ndata: {\"after\":999999,\"upto\":%llu}\n",
                         (unsigned long long)position) > 0);
    assert_true(hears(file, missed, &answer));
    apply(city.server->events, ++position, 1, "360000");
    assert_true(hears(file, "\"grid\":\"360000\"", &answer));
    close(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_listener_gets_what_lies_in_its_grid),
        cmocka_unit_test(only_who_hears_it_is_woken),
        cmocka_unit_test(thousands_are_woken_in_turns),
        cmocka_unit_test(who_hears_much_or_little_misses_nothing),
        cmocka_unit_test(a_grid_that_is_no_code_ends_no_text),
        cmocka_unit_test(that_somebody_looked_is_heard_by_who_audits),
        cmocka_unit_test(who_is_left_behind_is_told_what_it_missed),
        cmocka_unit_test(events_come_as_they_are_applied_and_end_with_the_token),
        cmocka_unit_test(one_account_listens_so_many_times_at_most),
        cmocka_unit_test(who_comes_again_goes_on_from_where_it_was),
        cmocka_unit_test(who_was_away_for_long_is_told_from_the_ledger),
        cmocka_unit_test(what_the_ledger_does_not_say_is_told_as_missed),
        cmocka_unit_test(who_saw_more_than_there_is_is_told_so),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
