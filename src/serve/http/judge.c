// What a request's headers say, in the order in which it is refused: a request that may
// be two, a target that is none, a route that is not there, somebody who may not, a
// parameter that is wrong, a body that is too large.
#include <string.h>

#include "base/clock.h"
#include "serve/http/exchange_inside.h"
#include "serve/http/head.h"
#include "serve/http/language.h"

// ---- a request that may be two ----

static enum MHD_Result take_header(void *context, enum MHD_ValueKind kind,
                                   const char *name, size_t name_size, const char *value,
                                   size_t value_size)
{
    (void)kind;
    wf_headers_add(context, (wf_text){name, name_size},
                   (wf_text){value != NULL ? value : "", value_size});
    return MHD_YES;
}

static bool refuse(wf_exchange *x, unsigned status, bool close, const weft_error *error)
{
    x->close = x->close || close;
    wf_reply_refuse(x, status, error);
    return false;
}

static bool refuse_code(wf_exchange *x, unsigned status, bool close, const char *code)
{
    weft_error error = {0};
    WF_IGNORE(wf_fail(&error, WEFT_BAD_INPUT, code, NULL), "it becomes the answer");
    return refuse(x, status, close, &error);
}

static bool judge_framing(wf_exchange *x, const char *version)
{
    weft_error error = {0};
    bool one = strcmp(version, "HTTP/1.1") == 0;
    x->is_old = !one;
    if (!one && strcmp(version, "HTTP/1.0") != 0)
        return refuse_code(x, 505, true, "http.version");
    MHD_get_connection_values_n(x->connection, MHD_HEADER_KIND, take_header, &x->headers);
    // First: what is wrong with the rest is said in it, too.
    x->language =
        wf_language_of_header(wf_exchange_header(x, "Accept-Language"), WF_LANGUAGE_ZH);
    if (!wf_head_is_whole(x->connection, x->method, x->came, strlen(x->raw), version,
                          &x->headers))
        x->headers.malformed = true;
    weft_status status = wf_headers_judge(&x->headers, one, &x->framing, &error);
    if (status == WEFT_OK)
        return true;
    wf_metrics_add(x->server->metrics, x->door->name, WF_METRICS_MALFORMED, 1);
    return refuse(x, status == WEFT_TOO_LARGE ? 431 : 400, true, &error);
}

static bool judge_target(wf_exchange *x)
{
    switch (wf_target_read(wf_text_of(x->raw), x->room, &x->target)) {
    case WF_TARGET_GOOD:
        return true;
    case WF_TARGET_TOO_LONG:
        return refuse_code(x, 414, true, "http.target_too_long");
    case WF_TARGET_BAD:
        break;
    }
    wf_metrics_add(x->server->metrics, x->door->name, WF_METRICS_MALFORMED, 1);
    return refuse_code(x, 400, true, "http.target");
}

// ---- who ----

// Of the target; the header's was read before.
static void read_language(wf_exchange *x)
{
    wf_text asked = wf_exchange_query(x, "lang");
    if (asked.bytes != NULL)
        WF_IGNORE(!wf_language_read(asked, &x->language), "others stay with the header");
}

// The last address that the proxy added, where it is the proxy that is asking.
static void read_address(wf_exchange *x)
{
    const char *peer = x->guarded != NULL ? wf_guarded_address(x->guarded) : "";
    wf_text from = wf_exchange_header(x, "X-Forwarded-For");
    const char *proxy = x->server->city->proxy;
    wf_text text = wf_text_of(peer);
    if (proxy != NULL && strcmp(proxy, peer) == 0 && from.bytes != NULL) {
        for (size_t i = from.size; i > 0; i--)
            if (from.bytes[i - 1] == ',') {
                from = (wf_text){from.bytes + i, from.size - i};
                break;
            }
        text = wf_text_trim(from);
    }
    if (text.size >= sizeof x->address)
        text.size = sizeof x->address - 1;
    if (text.size > 0)
        memcpy(x->address, text.bytes, text.size);
}

// What another door has is not there.
static wf_match find_route(const wf_exchange *x, const char *method, size_t *ret)
{
    const wf_route_table *table = &x->server->routes;
    wf_match match = wf_routes_find(table, method, &x->target, ret);
    if (match == WF_MATCH_NONE || x->door->name == WF_DOOR_ALL)
        return match;
    return table->routes[*ret]->field ? match : WF_MATCH_NONE;
}

static bool judge_route(wf_exchange *x, const char *method)
{
    size_t place = 0;
    wf_match match = find_route(x, method, &place);
    const wf_route *route =
        match != WF_MATCH_NONE ? x->server->routes.routes[place] : NULL;
    bool open = route != NULL && route->open;
    weft_error error = {0};
    if (!open && x->server->options.identify(x, &x->actor, &error) != WEFT_OK)
        return refuse(x, 401, false, &error);
    if (match == WF_MATCH_OTHER_METHOD && open) {
        bool get = strcmp(route->method, "GET") == 0;
        WF_IGNORE(!wf_exchange_add_header(x, "Allow", get ? "GET, HEAD" : route->method),
                  "without memory the status says it");
        return refuse_code(x, 405, false, "http.method");
    }
    if (match != WF_MATCH_ROUTE ||
        (!open && !x->server->options.allows(&x->actor, route->action)))
        return refuse_code(x, 404, false, "http.not_found");
    x->route = route;
    x->route_index = place;
    return true;
}

// ---- what is asked ----

static bool is_word(const wf_parameter *parameter, wf_text value)
{
    for (size_t i = 0; parameter->words[i] != NULL; i++)
        if (wf_text_equal(wf_text_of(parameter->words[i]), value))
            return true;
    return false;
}

static bool fits(const wf_parameter *parameter, wf_text value)
{
    int64_t number;
    size_t most = parameter->bytes_max != 0 ? parameter->bytes_max : 256;
    switch (parameter->type) {
    case WF_PARAMETER_TEXT:
        return value.size > 0 && value.size <= most;
    case WF_PARAMETER_TIME:
        return value.size > 0 && value.size < WF_TIME_TEXT_MAX;
    case WF_PARAMETER_WHOLE:
        return wf_parse_i64(value, parameter->min, parameter->max, &number);
    case WF_PARAMETER_YESNO:
        return wf_text_equal(value, WF_TEXT("true")) ||
               wf_text_equal(value, WF_TEXT("false"));
    case WF_PARAMETER_WORD:
        return is_word(parameter, value);
    }
    WF_BUG("a type is one of the list");
}

static const wf_parameter *declared(const wf_route *route, wf_text name)
{
    for (const wf_parameter *one = route->parameters; one != NULL && one->name != NULL;
         one++)
        if (one->place == WF_IN_QUERY && wf_text_equal(wf_text_of(one->name), name))
            return one;
    return NULL;
}

static bool refuse_parameter(wf_exchange *x, const char *code, wf_text name)
{
    weft_error error = {0};
    wf_text kept = wf_arena_text(&x->arena, name);
    wf_error_at(&error, NULL, 0, kept.bytes);
    WF_IGNORE(wf_fail(&error, WEFT_BAD_INPUT, code, "name",
                      kept.bytes != NULL ? kept.bytes : "", NULL),
              "it becomes the answer");
    return refuse(x, 400, false, &error);
}

static bool is_general(wf_text name)
{
    return wf_text_equal(name, WF_TEXT("lang")) || wf_text_equal(name, WF_TEXT("format"));
}

static bool judge_query(wf_exchange *x)
{
    for (size_t i = 0; i < x->target.pairs_count; i++) {
        wf_text name = x->target.pairs[i].name;
        bool known = declared(x->route, name) != NULL || is_general(name);
        if (!known && !x->route->any_query)
            return refuse_parameter(x, "http.parameter_unknown", name);
        for (size_t k = 0; known && k < i; k++)
            if (wf_text_equal(x->target.pairs[k].name, name))
                return refuse_parameter(x, "http.parameter_twice", name);
    }
    return true;
}

static bool judge_parameters(wf_exchange *x)
{
    const wf_parameter *one = x->route->parameters;
    for (; one != NULL && one->name != NULL; one++) {
        wf_text value = one->place == WF_IN_PATH    ? wf_exchange_path(x, one->name)
                        : one->place == WF_IN_QUERY ? wf_exchange_query(x, one->name)
                                                    : wf_exchange_header(x, one->name);
        if (value.bytes == NULL && one->required)
            return refuse_parameter(x, "http.parameter_missing", wf_text_of(one->name));
        if (value.bytes != NULL && !fits(one, value))
            return refuse_parameter(x, "http.parameter_wrong", wf_text_of(one->name));
    }
    return judge_query(x);
}

// ---- its body ----

static bool is_type(wf_text type, const char *wanted)
{
    size_t size = strlen(wanted);
    return type.size >= size && strncasecmp(type.bytes, wanted, size) == 0 &&
           (type.size == size || type.bytes[size] == ';' || type.bytes[size] == ' ');
}

// A page sends a type that needs a preflight elsewhere: no form of another site sends it.
static bool is_of_type(const wf_exchange *x)
{
    static const char *const types[] = {"", "application/json", "application/x-ndjson",
                                        WF_FILE_TYPE};
    return is_type(wf_exchange_header(x, "Content-Type"), types[x->route->body.kind]);
}

static bool judge_body(wf_exchange *x)
{
    const wf_body *body = &x->route->body;
    if (!x->framing.has_body)
        return true;
    if (body->kind == WF_BODY_NONE)
        return refuse_code(x, 400, true, "http.body_unexpected");
    if (x->framing.length > body->bytes_max)
        return refuse_code(x, 413, true, "http.body_too_large");
    if (!is_of_type(x))
        return refuse_code(x, 415, true, "http.body_type");
    if (wf_exchange_header(x, "Content-Encoding").bytes != NULL)
        return refuse_code(x, 415, true, "http.body_type");
    return true;
}

bool wf_exchange_judge(wf_exchange *x, const char *method, const char *version)
{
    x->judged = true;
    x->method = method;
    x->machine_now = wf_clock_now();
    x->now = wf_shared_now(x->server->shared);
    if (!judge_framing(x, version) || !judge_target(x))
        return false;
    read_language(x);
    read_address(x);
    if (!judge_route(x, method) || !judge_parameters(x) || !judge_body(x))
        return false;
    x->body_share = wf_intake_share(&x->server->intake, &x->actor);
    wf_guarded_phase(x->guarded, x->framing.has_body ? WF_PHASE_BODY : WF_PHASE_ANSWER,
                     0);
    return true;
}
