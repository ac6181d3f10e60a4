#include "serve/areas/at_once.h"

#include "access/city/city.h"
#include "serve/areas/asking.h"
#include "serve/areas/json_out.h"

static const char type_of_json[] = "application/json; charset=utf-8";

// ---- JSON ----

#define PUT(to, literal) wf_buffer_append(to, literal, sizeof(literal) - 1)

static bool put_text(wf_buffer *to, wf_text text)
{
    wf_json_out out = {.to = to};
    wf_json_out_bytes(&out, text);
    return wf_json_out_done(&out);
}

static bool put_time(wf_buffer *to, const weft_city *city, weft_time at)
{
    char text[WF_TIME_TEXT_MAX];
    if (weft_time_is_none(at))
        return PUT(to, "null");
    return put_text(to, wf_text_of(weft_city_time_text(city, at, text)));
}

static bool put_sample(wf_buffer *to, const weft_city *city,
                       const wf_standings_sample *sample)
{
    const char *result = sample->result.result;
    return PUT(to, "{\"tube_id\":") && put_text(to, sample->tube) &&
           PUT(to, ",\"collected_at\":") && put_time(to, city, sample->at) &&
           PUT(to, ",\"result\":") &&
           put_text(to, result != NULL ? wf_text_of(result) : (wf_text){NULL, 0}) &&
           PUT(to, ",\"result_at\":") && put_time(to, city, sample->result.at) &&
           PUT(to, "}");
}

static bool put_order(wf_buffer *to, const weft_city *city,
                      const wf_standings_bound *bound)
{
    const wf_standings_order *order = bound->about;
    wf_text place = {NULL, 0};
    if (order->place != WF_NUMBER_NONE)
        place = wf_board_place(city->board, order->place);
    return PUT(to, "{\"order_id\":") && put_text(to, bound->order) &&
           PUT(to, ",\"kind\":") && put_text(to, order->kind) &&
           PUT(to, ",\"clause\":") && put_text(to, order->clause) &&
           PUT(to, ",\"issuer\":") && put_text(to, order->issuer) &&
           PUT(to, ",\"place\":") && put_text(to, place) && PUT(to, ",\"starts_at\":") &&
           put_time(to, city, order->starts_at) && PUT(to, ",\"ends_at\":") &&
           put_time(to, city, order->ends_at) && PUT(to, "}");
}

// What every answer ends with.
static bool put_end(wf_buffer *to, const wf_exchange *x, const weft_view_as_of *as_of)
{
    wf_json_out out = {.to = to};
    bool done = PUT(to, ",\"as_of\":{\"position\":");
    wf_json_out_whole(&out, (int64_t)as_of->position);
    return done && wf_json_out_done(&out) && PUT(to, ",\"at\":") &&
           put_time(to, wf_exchange_city(x), as_of->at) && PUT(to, "},\"complete\":") &&
           (wf_asking_is_complete(x, as_of) ? PUT(to, "true}") : PUT(to, "false}"));
}

// ---- one's own status ----

static bool put_status(wf_buffer *to, const wf_exchange *x, const wf_board_answer *answer)
{
    const weft_city *city = wf_exchange_city(x);
    bool done = PUT(to, "{\"rows\":[");
    for (size_t i = 0; done && i < answer->orders_count; i++)
        done = (i == 0 || PUT(to, ",")) && put_order(to, city, &answer->orders[i]);
    done = done && PUT(to, "],\"samples\":[");
    for (size_t i = 0; done && i < answer->samples_count; i++)
        done = (i == 0 || PUT(to, ",")) && put_sample(to, city, &answer->samples[i]);
    return done && PUT(to, "],\"more_samples\":") &&
           (answer->more_samples ? PUT(to, "true") : PUT(to, "false")) &&
           put_end(to, x, &answer->as_of);
}

// ---- at a gate ----

bool wf_order_keeps_in(wf_text kind)
{
    static const char *const kinds[] = {"hold", "central_isolation", "home_isolation",
                                        "hospital_isolation"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (wf_text_equal(wf_text_of(kinds[i]), kind))
            return true;
    return false;
}

static bool put_valid(wf_buffer *to, const wf_exchange *x, const wf_board_answer *answer)
{
    bool valid = answer->is_registered;
    for (size_t i = 0; i < answer->orders_count; i++)
        valid = valid && !wf_order_keeps_in(answer->orders[i].about->kind);
    return PUT(to, "{\"rows\":[],\"valid\":") &&
           (valid ? PUT(to, "true") : PUT(to, "false")) && put_end(to, x, &answer->as_of);
}

// ---- both ----

static bool answer_at_once(wf_exchange *x, wf_text person, size_t samples,
                           bool (*put_answer)(wf_buffer *to, const wf_exchange *x,
                                              const wf_board_answer *answer))
{
    wf_shared *shared = wf_exchange_shared(x);
    wf_board *board = wf_exchange_city(x)->board;
    wf_board_answer answer;
    wf_buffer bytes = {0};
    if (!wf_shared_try_enter(shared))
        return false;
    bool done = wf_board_ask(board, person, wf_exchange_now(x), samples, &answer);
    if (done) {
        done = wf_buffer_reserve(&bytes, 1024) && put_answer(&bytes, x, &answer);
        wf_board_end(board);
    }
    wf_shared_leave(shared);
    if (done)
        wf_exchange_bytes(x, 200, type_of_json, &bytes);
    else
        wf_buffer_wipe(&bytes);
    return done;
}

bool wf_own_status_at_once(wf_exchange *x)
{
    const char *own = wf_exchange_actor(x)->person;
    int64_t samples = wf_exchange_whole(x, "samples", wf_own_samples);
    return samples <= wf_standings_samples_max &&
           answer_at_once(x, wf_text_of(own), (size_t)samples, put_status);
}

bool wf_valid_at_once(wf_exchange *x)
{
    json_t *body;
    weft_error error = {0};
    if (wf_exchange_parse(x, &body, &error) != WEFT_OK)
        return false;
    const json_t *person = json_object_get(body, "person");
    bool done = json_object_size(body) == 1 && json_is_string(person);
    if (done)
        done = answer_at_once(
            x, (wf_text){json_string_value(person), json_string_length(person)}, 0,
            put_valid);
    json_decref(body);
    return done;
}
