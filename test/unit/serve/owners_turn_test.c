// An upload has the turn for long, and many wait for the owner's turn behind it: whoever
// asks something else is answered meanwhile, as beside the upload alone.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <sched.h>
#include <stdatomic.h>

#include "serve/http/exchange.h"
#include "support/served_city.h"

enum { workers = 7, waiting = 12 };

static served_city city;
static client_answer answer;

static void change(wf_exchange *x)
{
    weft_error error = {0};
    weft_city *own = NULL;
    if (wf_exchange_own(x, &own, &error) != WEFT_OK) {
        wf_exchange_fail(x, &error);
        return;
    }
    wf_shared_own_end(wf_exchange_shared(x));
    wf_exchange_empty(x, 204);
}

static void look_up(wf_exchange *x)
{
    weft_error error = {0};
    weft_city *reader = NULL;
    if (wf_shared_read(wf_exchange_shared(x), &reader, &error) != WEFT_OK) {
        wf_exchange_fail(x, &error);
        return;
    }
    wf_shared_read_end(wf_exchange_shared(x), reader);
    wf_exchange_empty(x, 204);
}

static const wf_route routes[] = {
    {.method = "GET",
     .path = "/change",
     .lane = WF_LANE_ORDERS,
     .turn = true,
     .open = true,
     .hidden = true,
     .handle = change},
    {.method = "GET",
     .path = "/look-up",
     .lane = WF_LANE_LOOKUPS,
     .open = true,
     .hidden = true,
     .handle = look_up},
    {.method = "GET",
     .path = "/dashboard",
     .lane = WF_LANE_DASHBOARDS,
     .open = true,
     .hidden = true,
     .handle = look_up},
    WF_ROUTES_END,
};

// ---- who has the turn ----

static _Atomic bool has_it, may_end;

static weft_status keep_it(void *context, weft_city *with, weft_error *error)
{
    (void)context;
    (void)with;
    (void)error;
    atomic_store(&has_it, true);
    while (!atomic_load(&may_end))
        sched_yield();
    return WEFT_OK;
}

static void *upload(void *context)
{
    weft_error error = {0};
    (void)context;
    return wf_shared_aside(city.server->shared, keep_it, NULL, &error) == WEFT_OK ? NULL
                                                                                  : &city;
}

static uint64_t in_lane(wf_lane lane)
{
    wf_lane_figures figures;
    wf_lanes_figures(city.server->lanes, lane, &figures);
    return figures.waiting + figures.running;
}

#define GET(path) "GET " path " HTTP/1.1\r\nHost: h\r\n\r\n"
#define ASK(text) client_ask(&city, text, sizeof(text) - 1, &answer)

static void who_asks_does_not_wait_for_those_who_wait_for_the_turn(void **state)
{
    pthread_t thread;
    void *failed = NULL;
    int files[waiting];
    (void)state;
    assert_int_equal(pthread_create(&thread, NULL, upload, NULL), 0);
    while (!atomic_load(&has_it))
        sched_yield();
    for (int i = 0; i < waiting; i++) {
        files[i] = client_open(&city);
        assert_true(client_send_text(files[i], GET("/change")));
    }
    while (in_lane(WF_LANE_ORDERS) < waiting)
        sched_yield();
    for (int i = 0; i < workers; i++) {
        ASK(GET("/look-up"));
        assert_int_equal(answer.status, 204);
        ASK(GET("/dashboard"));
        assert_int_equal(answer.status, 204);
    }
    assert_int_equal(in_lane(WF_LANE_ORDERS),
                     waiting); // the turn was not given meanwhile
    atomic_store(&may_end, true);
    for (int i = 0; i < waiting; i++) {
        client_read(files[i], &answer);
        assert_int_equal(answer.status, 204);
        close(files[i]);
    }
    assert_int_equal(pthread_join(thread, &failed), 0);
    assert_null(failed);
}

static int begin(void **state)
{
    const wf_server_options options = {.routes = routes, .workers = workers};
    (void)state;
    served_begin(&city, &options);
    return 0;
}

static int end(void **state)
{
    (void)state;
    served_end(&city);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_asks_does_not_wait_for_those_who_wait_for_the_turn),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
