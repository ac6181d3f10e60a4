// The service as a whole: who gets in, what it says, what waits, what is streamed, how it
// ends. Handlers of the test's own stand behind it; none depends on time.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <pthread.h>

#include "serve/http/exchange.h"
#include "support/served_city.h"

static served_city city;
static client_answer answer;
static wf_path log_path;
static int log_file;

// ---- handlers ----

static struct {
    pthread_mutex_t lock;
    pthread_cond_t moved;
    bool open;
    size_t held;
    wf_exchange *waiting; // a stream that sleeps
    size_t woken, done;
    bool more;
} gate = {.lock = PTHREAD_MUTEX_INITIALIZER, .moved = PTHREAD_COND_INITIALIZER};

static void hold(wf_exchange *x)
{
    pthread_mutex_lock(&gate.lock);
    gate.held++;
    pthread_cond_broadcast(&gate.moved);
    while (!gate.open)
        pthread_cond_wait(&gate.moved, &gate.lock);
    pthread_mutex_unlock(&gate.lock);
    wf_exchange_json(x, 200, json_pack("{s:b}", "held", 1));
}

static void wait_held(size_t count)
{
    pthread_mutex_lock(&gate.lock);
    while (gate.held < count)
        pthread_cond_wait(&gate.moved, &gate.lock);
    pthread_mutex_unlock(&gate.lock);
}

static void open_gate(bool open)
{
    pthread_mutex_lock(&gate.lock);
    gate.open = open;
    gate.held = 0;
    pthread_cond_broadcast(&gate.moved);
    pthread_mutex_unlock(&gate.lock);
}

static void say_what_was_asked(wf_exchange *x)
{
    const wf_actor *actor = wf_exchange_actor(x);
    wf_text thing = wf_exchange_path(x, "thing"), who = wf_exchange_query(x, "who");
    json_t *said =
        json_pack("{s:s, s:s, s:s%, s:I, s:s}", "method", wf_exchange_route(x)->method,
                  "actor", actor->name, "thing", thing.bytes, thing.size, "count",
                  (json_int_t)wf_exchange_whole(x, "count", -1), "who",
                  who.bytes != NULL ? who.bytes : "");
    wf_exchange_json(x, 200, said);
}

static void forbid(wf_exchange *x)
{
    weft_error error = {0};
    wf_text which = wf_exchange_path(x, "thing");
    bool allowed = wf_text_equal(which, WF_TEXT("mine"));
    assert_int_not_equal(wf_fail(&error, allowed ? WEFT_NOT_FOUND : WEFT_NOT_ALLOWED,
                                 "lookup.person_unknown", NULL),
                         WEFT_OK);
    wf_exchange_fail(x, &error);
}

static void lose_storage(wf_exchange *x)
{
    static const struct {
        weft_status status;
        const char *code;
    } ends[] = {{WEFT_BUSY, "service.storage"},
                {WEFT_DISK_FULL, "io.disk_full"},
                {WEFT_STORAGE, "io.write"}};
    size_t which = (size_t)(wf_exchange_path(x, "thing").bytes[0] - '0');
    weft_error error = {0};
    assert_int_not_equal(wf_fail(&error, ends[which].status, ends[which].code, NULL),
                         WEFT_OK);
    wf_exchange_fail(x, &error);
}

static void parse(wf_exchange *x)
{
    json_t *body;
    weft_error error = {0};
    if (wf_exchange_parse(x, &body, &error) != WEFT_OK)
        wf_exchange_fail(x, &error);
    else
        wf_exchange_json(x, 201, body);
}

// A stream of 40 pieces of 50,000 bytes.
enum { pieces = 40, piece_bytes = 50000 };
typedef struct {
    size_t left;
} long_stream;

static wf_stream_state next_piece(void *context, wf_buffer *to)
{
    long_stream *stream = context;
    char piece[1000];
    memset(piece, 'a' + (int)(stream->left % 26), sizeof piece);
    for (size_t i = 0; i < piece_bytes / sizeof piece; i++)
        if (!wf_buffer_append(to, piece, sizeof piece))
            return WF_STREAM_BROKEN;
    return --stream->left > 0 ? WF_STREAM_MORE : WF_STREAM_END;
}

static void end_pieces(void *context)
{
    free(context);
    pthread_mutex_lock(&gate.lock);
    gate.done++;
    pthread_cond_broadcast(&gate.moved);
    pthread_mutex_unlock(&gate.lock);
}

static void stream_long(wf_exchange *x)
{
    long_stream *stream = malloc(sizeof *stream);
    assert_non_null(stream);
    stream->left = pieces;
    const wf_stream what = {.next = next_piece, .done = end_pieces, .context = stream};
    wf_exchange_stream(x, 200, "text/plain", &what);
}

// A stream of events that says one thing each time it is woken.
static wf_stream_state next_event(void *context, wf_buffer *to)
{
    (void)context;
    pthread_mutex_lock(&gate.lock);
    bool something = gate.more;
    gate.more = false;
    gate.woken += something;
    pthread_mutex_unlock(&gate.lock);
    if (something && !wf_buffer_append(to, "data: x\n\n", 9))
        return WF_STREAM_BROKEN;
    return something ? WF_STREAM_MORE : WF_STREAM_WAIT;
}

static void end_events(void *context)
{
    (void)context;
    pthread_mutex_lock(&gate.lock);
    gate.waiting = NULL;
    gate.done++;
    pthread_cond_broadcast(&gate.moved);
    pthread_mutex_unlock(&gate.lock);
}

static void stream_events(wf_exchange *x)
{
    const wf_stream what = {.next = next_event, .done = end_events, .fast = true};
    pthread_mutex_lock(&gate.lock);
    gate.waiting = x;
    gate.more = true;
    pthread_cond_broadcast(&gate.moved);
    pthread_mutex_unlock(&gate.lock);
    wf_exchange_stream(x, 200, "text/event-stream", &what);
}

static void publish(void)
{
    pthread_mutex_lock(&gate.lock);
    gate.more = true;
    if (gate.waiting != NULL)
        wf_exchange_wake(gate.waiting);
    pthread_mutex_unlock(&gate.lock);
}

static const char *const colours[] = {"red", "blue", NULL};
static const wf_parameter things[] = {
    {.name = "thing", .place = WF_IN_PATH, .required = true, .bytes_max = 16},
    {.name = "count", .place = WF_IN_QUERY, .type = WF_PARAMETER_WHOLE, 0, .max = 9},
    {.name = "colour", .place = WF_IN_QUERY, .type = WF_PARAMETER_WORD, .words = colours},
    {.name = "who", .place = WF_IN_QUERY},
    {.name = NULL},
};
static const wf_parameter only_thing[] = {
    {.name = "thing", .place = WF_IN_PATH, .required = true},
    {.name = NULL},
};

static const wf_route routes[] = {
    {.method = "GET",
     .path = "/hold",
     .lane = WF_LANE_DASHBOARDS,
     .open = true,
     .hidden = true,
     .handle = hold},
    {.method = "GET",
     .path = "/things/{thing}",
     .action = WF_ACTION_READ_VIEW,
     .hidden = true,
     .parameters = things,
     .handle = say_what_was_asked},
    {.method = "GET",
     .path = "/theirs/{thing}",
     .action = WF_ACTION_READ_VIEW,
     .hidden = true,
     .parameters = only_thing,
     .handle = forbid},
    {.method = "GET",
     .path = "/storage/{thing}",
     .action = WF_ACTION_READ_VIEW,
     .hidden = true,
     .parameters = only_thing,
     .handle = lose_storage},
    {.method = "GET",
     .path = "/never",
     .action = WF_ACTION_WHO,
     .hidden = true,
     .handle = hold},
    {.method = "POST",
     .path = "/parse",
     .open = true,
     .hidden = true,
     .body = {.kind = WF_BODY_JSON, .bytes_max = 1 << 20},
     .handle = parse},
    {.method = "GET",
     .path = "/long",
     .lane = WF_LANE_LOOKUPS,
     .open = true,
     .hidden = true,
     .handle = stream_long},
    {.method = "GET",
     .path = "/events",
     .lane = WF_LANE_LOOKUPS,
     .open = true,
     .hidden = true,
     .handle = stream_events},
    WF_ROUTES_END,
};

static weft_status identify(wf_exchange *x, wf_actor *ret, weft_error *error)
{
    wf_text token = wf_exchange_header(x, "Authorization");
    if (!wf_text_equal(token, WF_TEXT("Bearer right")))
        return wf_fail(error, WEFT_NOT_ALLOWED, "access.token", NULL);
    *ret = (wf_actor){.kind = WF_ACTOR_DEVICE, .role = WF_ROLE_SAMPLER};
    memcpy(ret->name, "S-03-2", 7);
    return WEFT_OK;
}

static bool allows(const wf_actor *actor, wf_action action)
{
    return actor->kind == WF_ACTOR_DEVICE && action == WF_ACTION_READ_VIEW;
}

static int begin(void **state)
{
    (void)state;
    scratch_new(&log_path);
    wf_path path = scratch_path(&log_path, "log");
    log_file = open(path.text, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_true(log_file >= 0);
    const wf_server_options options = {.routes = routes,
                                       .identify = identify,
                                       .allows = allows,
                                       .workers = 6,
                                       .lane_depth = 3,
                                       .headers_s = 1,
                                       .body_s = 1,
                                       .io = &wf_io_posix,
                                       .log_file = log_file};
    served_begin(&city, &options);
    return 0;
}

static int end(void **state)
{
    (void)state;
    served_end(&city);
    close(log_file);
    scratch_remove(log_path.text);
    return 0;
}

// ---- asking ----

#define GET(path) "GET " path " HTTP/1.1\r\nHost: h\r\n\r\n"
#define AS(token, path)                                                                  \
    "GET " path " HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " token "\r\n\r\n"
#define ASK(text) client_ask(&city, text, sizeof(text) - 1, &answer)

static void assert_code(const char *code)
{
    json_t *said = json_loads(client_body(&answer), 0, NULL);
    const char *is = json_string_value(json_object_get(said, "code"));
    assert_non_null(is);
    assert_string_equal(is, code);
    json_decref(said);
}

// ---- who gets in ----

static void without_a_token_everything_that_is_not_open_is_the_same_401(void **state)
{
    static const char *const asked[] = {GET("/things/a"),
                                        GET("/nowhere"),
                                        AS("wrong", "/things/a"),
                                        AS("wrong", "/nowhere"),
                                        GET("/never"),
                                        "POST /things/a HTTP/1.1\r\nHost: h\r\n\r\n",
                                        "BREW /nowhere HTTP/1.1\r\nHost: h\r\n\r\n"};
    (void)state;
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        client_ask(&city, asked[i], strlen(asked[i]), &answer);
        assert_int_equal(answer.status, 401);
        assert_code("access.token");
        assert_int_equal(strncmp(client_header(&answer, "WWW-Authenticate"), "Bearer", 6),
                         0);
    }
}

static void with_a_token_what_is_not_there_and_not_theirs_look_the_same(void **state)
{
    static const char *const asked[] = {
        AS("right", "/nowhere"), AS("right", "/never"), AS("right", "/theirs/mine"),
        AS("right", "/theirs/yours"),
        "DELETE /things/a HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer right\r\n\r\n"};
    char first[sizeof answer.bytes] = "";
    (void)state;
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        client_ask(&city, asked[i], strlen(asked[i]), &answer);
        assert_int_equal(answer.status, 404);
        assert_code("http.not_found");
        if (i == 0)
            memcpy(first, client_body(&answer), strlen(client_body(&answer)) + 1);
        assert_string_equal(client_body(&answer), first);
    }
}

static void open_routes_say_which_methods_they_take(void **state)
{
    (void)state;
    ASK("POST /healthz HTTP/1.1\r\nHost: h\r\n\r\n");
    assert_int_equal(answer.status, 405);
    assert_int_equal(strncmp(client_header(&answer, "Allow"), "GET, HEAD\r\n", 11), 0);
    ASK(GET("/parse"));
    assert_int_equal(answer.status, 405);
    assert_int_equal(strncmp(client_header(&answer, "Allow"), "POST\r\n", 6), 0);
}

// ---- what is asked and said ----

static void parameters_are_checked_before_the_handler(void **state)
{
    static const struct {
        const char *request;
        unsigned status;
        const char *code;
    } asked[] = {
        {AS("right", "/things/a%20b?count=3&who=%E6%9D%8E"), 200, NULL},
        {AS("right", "/things/a?count=10"), 400, "http.parameter_wrong"},
        {AS("right", "/things/a?count=x"), 400, "http.parameter_wrong"},
        {AS("right", "/things/a?count="), 400, "http.parameter_wrong"},
        {AS("right", "/things/a?colour=green"), 400, "http.parameter_wrong"},
        {AS("right", "/things/a?colour=red&colour=blue"), 400, "http.parameter_twice"},
        {AS("right", "/things/a?size=1"), 400, "http.parameter_unknown"},
        {AS("right", "/things/12345678901234567"), 400, "http.parameter_wrong"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        client_ask(&city, asked[i].request, strlen(asked[i].request), &answer);
        assert_int_equal(answer.status, asked[i].status);
        if (asked[i].code != NULL)
            assert_code(asked[i].code);
        else
            assert_string_equal(client_body(&answer),
                                "{\"method\":\"GET\",\"actor\":\"S-03-2\",\"thing\":"
                                "\"a b\",\"count\":3,\"who\":\"李\"}");
    }
}

static void errors_speak_the_language_that_is_asked_for(void **state)
{
    (void)state;
    ASK(GET("/nowhere"));
    assert_non_null(strstr(client_body(&answer), "令牌无效"));
    ASK("GET /nowhere HTTP/1.1\r\nHost: h\r\nAccept-Language: en\r\n\r\n");
    assert_non_null(strstr(client_body(&answer), "the token is not good"));
    ASK("GET /nowhere?lang=zh HTTP/1.1\r\nHost: h\r\nAccept-Language: en\r\n\r\n");
    assert_non_null(strstr(client_body(&answer), "令牌无效"));
    // Also what is refused before its target is read.
    ASK("GET /a//b HTTP/1.1\r\nHost: h\r\nAccept-Language: en\r\n\r\n");
    assert_non_null(strstr(client_body(&answer), "query of the request is malformed"));
    ASK("GET /healthz HTTP/1.1\r\nHost: h\r\nHost: h\r\nAccept-Language: en\r\n\r\n");
    assert_non_null(strstr(client_body(&answer), "Host is missing, given twice"));
}

static void head_has_the_head_of_get(void **state)
{
    (void)state;
    int file = client_open(&city);
    static const char asked[] = "HEAD /healthz HTTP/1.1\r\nHost: h\r\n"
                                "Connection: close\r\n\r\n";
    client_send(file, asked, sizeof asked - 1);
    client_read_until(file, true, &answer);
    close(file);
    client_hold(&city, asked, sizeof asked - 1, &answer);
    assert_int_equal(answer.status, 200);
    assert_string_equal(client_body(&answer), "");
    assert_int_not_equal(strtoul(client_header(&answer, "Content-Length"), NULL, 10), 0);
    assert_int_equal(strncmp(client_header(&answer, "Cache-Control"), "no-store", 8), 0);
    assert_int_equal(
        strncmp(client_header(&answer, "X-Content-Type-Options"), "nosniff", 7), 0);
}

#define POST(body, size)                                                                 \
    "POST /parse HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"              \
    "Content-Length: " size "\r\n\r\n" body

static void bodies_of_json_are_judged(void **state)
{
    (void)state;
    ASK(POST("{\"a\":[1]}", "9"));
    assert_int_equal(answer.status, 201);
    ASK(POST("{\"a\":1,\"a\":2}", "13"));
    assert_int_equal(answer.status, 400);
    assert_code("http.json");
    ASK(POST("[1]", "3"));
    assert_int_equal(answer.status, 400);
    ASK(POST("{\"a\":\"\\u0000\"}", "14"));
    assert_int_equal(answer.status, 400);
    ASK(POST("{", "1"));
    assert_int_equal(answer.status, 400);
    ASK("POST /parse HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\n"
        "Content-Length: 2\r\n\r\n{}");
    assert_int_equal(answer.status, 415);
    // 33 levels; 100,000 would end jansson's stack.
    static char deep[300000];
    size_t size = (size_t)snprintf(deep, sizeof deep,
                                   "POST /parse HTTP/1.1\r\nHost: h\r\nContent-Type: "
                                   "application/json\r\nContent-Length: 200000\r\n\r\n");
    memset(deep + size, '[', 200000);
    client_ask(&city, deep, size + 200000, &answer);
    assert_int_equal(answer.status, 400);
    assert_code("http.json");
}

// What may go in a while says when; what failed does not say that it will.
static void storage_that_is_away_or_full_says_when_to_come_again(void **state)
{
    (void)state;
    ASK(AS("right", "/storage/0"));
    assert_int_equal(answer.status, 503);
    assert_code("service.storage");
    assert_memory_equal(client_header(&answer, "Retry-After"), "1\r\n", 3);
    ASK(AS("right", "/storage/1"));
    assert_int_equal(answer.status, 507);
    assert_memory_equal(client_header(&answer, "Retry-After"), "10\r\n", 4);
    ASK(AS("right", "/storage/2"));
    assert_int_equal(answer.status, 500);
    assert_string_equal(client_header(&answer, "Retry-After"), "");
}

// ---- lanes ----

static void a_full_lane_answers_503_and_the_others_go_on(void **state)
{
    int held[4];
    (void)state;
    open_gate(false);
    for (int i = 0; i < 4; i++) {
        held[i] = client_open(&city);
        client_send(held[i], GET("/hold"), sizeof GET("/hold") - 1);
        if (i == 0)
            wait_held(1); // of the three workers that dashboards may have
    }
    unsigned status = 0;
    static client_answer last;
    int more[8];
    size_t opened = 0;
    while (status == 0) { // the others may still be on their way in
        assert_true(opened < 8);
        more[opened] = client_open(&city);
        client_send(more[opened], GET("/hold"), sizeof GET("/hold") - 1);
        struct pollfd waits = {.fd = more[opened], .events = POLLIN};
        if (poll(&waits, 1, 200) == 1) {
            client_read(more[opened], &last);
            client_hold(&city, GET("/hold"), sizeof GET("/hold") - 1, &last);
            status = last.status;
        }
        opened++;
    }
    assert_int_equal(status, 503);
    assert_int_equal(strncmp(client_header(&last, "Retry-After"), "5\r\n", 3), 0);
    ASK(GET("/healthz"));
    assert_int_equal(answer.status, 200);
    ASK(AS("right", "/things/a"));
    assert_int_equal(answer.status, 200);
    open_gate(true);
    for (int i = 0; i < 4; i++) {
        client_read(held[i], &answer);
        client_hold(&city, GET("/hold"), sizeof GET("/hold") - 1, &answer);
        assert_true(answer.status == 200 || answer.status == 503);
        close(held[i]);
    }
    for (size_t i = 0; i < opened; i++)
        close(more[i]);
}

enum { askers = 8, questions = 100 };

// One question after the other on one connection: each answer is its own, or, because the
// lane has three places, to come again.
static void *ask_often(void *context)
{
    const int *name = context;
    client_answer *own = malloc(sizeof *own);
    bool good = own != NULL;
    int file = client_open(&city);
    for (int i = 0; good && i < questions; i++) {
        char request[256], wanted[64];
        int size = snprintf(request, sizeof request,
                            "GET /things/%d-%d HTTP/1.1\r\nHost: h\r\n"
                            "Authorization: Bearer right\r\n\r\n",
                            *name, i);
        assert_true(snprintf(wanted, sizeof wanted, "\"thing\":\"%d-%d\"", *name, i) > 0);
        client_send(file, request, (size_t)size);
        client_read(file, own);
        client_hold(&city, request, (size_t)size, own);
        good = own->status == 200 ? strstr(client_body(own), wanted) != NULL
                                  : own->status == 503;
    }
    close(file);
    free(own);
    return good ? NULL : context;
}

// The pages of 300 desks, on six connections each, all at once: as after the service was
// started again.
static void the_desks_of_a_city_have_room_for_their_pages(void **state)
{
    enum { asked = 300 * 6 };
    const wf_server_options options = {.routes = routes};
    served_city morning;
    static int files[asked];
    wf_lane_figures figures;
    (void)state;
    open_gate(false);
    served_begin(&morning, &options);
    for (int i = 0; i < asked; i++) {
        files[i] = client_open(&morning);
        client_send(files[i], GET("/hold"), sizeof GET("/hold") - 1);
    }
    do {
        usleep(2000);
        wf_lanes_figures(morning.server->lanes, WF_LANE_DASHBOARDS, &figures);
    } while (figures.waiting + figures.running + figures.refused < asked);
    assert_int_equal(figures.refused, 0);
    open_gate(true);
    for (int i = 0; i < asked; i++) {
        client_read(files[i], &answer);
        assert_int_equal(answer.status, 200);
        close(files[i]);
    }
    served_end(&morning);
}

static void many_at_once_get_each_their_own_answer(void **state)
{
    pthread_t threads[askers];
    int names[askers];
    (void)state;
    for (int i = 0; i < askers; i++) {
        names[i] = i;
        assert_int_equal(pthread_create(&threads[i], NULL, ask_often, &names[i]), 0);
    }
    for (int i = 0; i < askers; i++) {
        void *failed;
        assert_int_equal(pthread_join(threads[i], &failed), 0);
        assert_null(failed);
    }
}

// ---- streams ----

static void a_long_answer_comes_whole_to_a_slow_reader(void **state)
{
    size_t size = 0;
    char bytes[8192];
    int file = client_open(&city);
    (void)state;
    client_send_text(file, "GET /long HTTP/1.0\r\n\r\n");
    usleep(20000); // its socket is full by now, as a slow reader's is
    for (ssize_t part; (part = recv(file, bytes, sizeof bytes, 0)) > 0;)
        size += (size_t)part;
    close(file);
    assert_in_range(size, pieces * piece_bytes, pieces * piece_bytes + 1024);
}

static void wait_done(size_t count)
{
    pthread_mutex_lock(&gate.lock);
    while (gate.done < count)
        pthread_cond_wait(&gate.moved, &gate.lock);
    pthread_mutex_unlock(&gate.lock);
}

static void a_reader_that_goes_away_ends_its_stream(void **state)
{
    char bytes[1024];
    (void)state;
    pthread_mutex_lock(&gate.lock);
    size_t done = gate.done;
    pthread_mutex_unlock(&gate.lock);
    int file = client_open(&city);
    client_send(file, GET("/long"), sizeof GET("/long") - 1);
    assert_true(recv(file, bytes, sizeof bytes, 0) > 0);
    close(file);
    wait_done(done + 1);
}

static size_t read_events(int file, size_t count)
{
    char bytes[4096];
    size_t found = 0;
    while (found < count) {
        ssize_t part = recv(file, bytes, sizeof bytes - 1, 0);
        if (part <= 0)
            break;
        bytes[part] = '\0';
        for (const char *at = bytes; (at = strstr(at, "data: x")) != NULL; at++)
            found++;
    }
    return found;
}

static void a_stream_sleeps_until_it_is_woken(void **state)
{
    (void)state;
    int file = client_open(&city);
    client_send(file, GET("/events"), sizeof GET("/events") - 1);
    assert_int_equal(read_events(file, 1), 1); // what was there
    for (int i = 0; i < 50; i++) {
        publish();
        assert_int_equal(read_events(file, 1), 1);
    }
    pthread_mutex_lock(&gate.lock);
    size_t done = gate.done;
    pthread_mutex_unlock(&gate.lock);
    close(file);
    // It is found gone when something is to be said.
    for (bool gone = false; !gone;) {
        publish();
        pthread_mutex_lock(&gate.lock);
        gone = gate.done > done;
        pthread_mutex_unlock(&gate.lock);
    }
}

// ---- slow clients ----

static void who_is_slow_with_headers_or_body_is_cut(void **state)
{
    (void)state;
    int head = client_open(&city), body = client_open(&city);
    client_send_text(head, "GET /healthz HTTP/1.1\r\nHost: h\r\nX: ");
    client_send(body, POST("{", "20"), sizeof POST("{", "20") - 1);
    client_read_until(head, true, &answer);
    assert_int_not_equal(answer.status, 200);
    client_read_until(body, true, &answer);
    assert_int_not_equal(answer.status, 201);
    close(head);
    close(body);
}

// ---- the log ----

static void the_log_names_routes_and_no_one(void **state)
{
    size_t size;
    char *text;
    (void)state;
    ASK(AS("right", "/things/SECRET-PATH?who=SECRET-QUERY"));
    ASK(AS("SECRET-TOKEN", "/things/a"));
    wf_path path = scratch_path(&log_path, "log");
    for (;;) { // the log is written a little later
        text = scratch_read(&path, &size);
        assert_non_null(text);
        if (size > 0 && memmem(text, size, "status=401", 10) != NULL &&
            memmem(text, size, "/things/{thing} status=200", 26) != NULL)
            break;
        free(text);
        usleep(5000);
    }
    assert_null(memmem(text, size, "SECRET", 6));
    assert_null(memmem(text, size, "S-03-2", 6));
    assert_non_null(memmem(text, size, "actor=device role=sampler", 25));
    free(text);
}

// ---- the end ----

static void *stop(void *context)
{
    wf_server_stop(context, 10);
    return NULL;
}

static void what_is_under_way_is_answered_before_the_end(void **state)
{
    const wf_server_options options = {.routes = routes, .workers = 6};
    served_city ending;
    pthread_t thread;
    (void)state;
    open_gate(false);
    served_begin(&ending, &options);
    int held = client_open(&ending), idle = client_open(&ending),
        late = client_open(&ending);
    client_send(held, GET("/hold"), sizeof GET("/hold") - 1);
    client_send_text(late, "GET /healthz HTTP/1.1\r\nHost: h\r\n"); // no end yet
    client_send(idle, GET("/healthz"), sizeof GET("/healthz") - 1);
    client_read(idle, &answer);
    client_hold(&ending, GET("/healthz"), sizeof GET("/healthz") - 1, &answer);
    assert_int_equal(answer.status, 200);
    wait_held(1);
    assert_int_equal(pthread_create(&thread, NULL, stop, ending.server), 0);
    // Nobody is waited for who asks nothing.
    client_read_until(idle, true, &answer);
    assert_int_equal(answer.size, 0);
    // Whoever asks all the same is told when to come again.
    client_send_text(late, "\r\n");
    client_read_until(late, true, &answer);
    assert_int_equal(answer.status, 503);
    client_hold(&ending, GET("/healthz"), sizeof GET("/healthz") - 1, &answer);
    assert_int_equal(strncmp(client_header(&answer, "Retry-After"), "5\r\n", 3), 0);
    open_gate(true);
    client_read_until(held, true, &answer);
    assert_int_equal(answer.status, 200);
    assert_string_equal(client_body(&answer), "{\"held\":true}");
    assert_int_equal(strncmp(client_header(&answer, "Connection"), "close", 5), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    ending.server = NULL;
    served_end(&ending);
    close(held);
    close(idle);
    close(late);
}

static void streams_end_with_the_service(void **state)
{
    const wf_server_options options = {.routes = routes, .workers = 6};
    served_city ending;
    (void)state;
    served_begin(&ending, &options);
    int file = client_open(&ending);
    client_send(file, GET("/events"), sizeof GET("/events") - 1);
    assert_int_equal(read_events(file, 1), 1);
    wf_server_stop(ending.server, 60);
    ending.server = NULL;
    client_read_until(file, true, &answer);
    served_end(&ending);
    close(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_token_everything_that_is_not_open_is_the_same_401),
        cmocka_unit_test(with_a_token_what_is_not_there_and_not_theirs_look_the_same),
        cmocka_unit_test(open_routes_say_which_methods_they_take),
        cmocka_unit_test(parameters_are_checked_before_the_handler),
        cmocka_unit_test(errors_speak_the_language_that_is_asked_for),
        cmocka_unit_test(head_has_the_head_of_get),
        cmocka_unit_test(bodies_of_json_are_judged),
        cmocka_unit_test(storage_that_is_away_or_full_says_when_to_come_again),
        cmocka_unit_test(a_full_lane_answers_503_and_the_others_go_on),
        cmocka_unit_test(the_desks_of_a_city_have_room_for_their_pages),
        cmocka_unit_test(many_at_once_get_each_their_own_answer),
        cmocka_unit_test(a_long_answer_comes_whole_to_a_slow_reader),
        cmocka_unit_test(a_reader_that_goes_away_ends_its_stream),
        cmocka_unit_test(a_stream_sleeps_until_it_is_woken),
        cmocka_unit_test(who_is_slow_with_headers_or_body_is_cut),
        cmocka_unit_test(the_log_names_routes_and_no_one),
        cmocka_unit_test(what_is_under_way_is_answered_before_the_end),
        cmocka_unit_test(streams_end_with_the_service),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
