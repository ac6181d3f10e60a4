#include <stdlib.h>
#include <string.h>

#include "serve/http/exchange_inside.h"

// ---- bodies ----

static void wipe(void *context)
{
    wf_buffer *bytes = context;
    wf_buffer_wipe(bytes);
    free(bytes);
}

// Takes the bytes over.
static struct MHD_Response *response_of(wf_exchange *x, wf_buffer *bytes)
{
    wf_buffer *kept = malloc(sizeof *kept);
    if (kept == NULL) {
        wf_buffer_wipe(bytes);
        return NULL;
    }
    *kept = *bytes;
    x->reply_bytes = bytes->size;
    *bytes = (wf_buffer){0};
    struct MHD_Response *response =
        MHD_create_response_from_buffer_with_free_callback_cls(kept->size, kept->bytes,
                                                               wipe, kept);
    if (response == NULL)
        wipe(kept);
    return response;
}

static struct MHD_Response *empty_response(void)
{
    return MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
}

// ---- headers ----

bool wf_exchange_add_header(wf_exchange *x, const char *name, const char *value)
{
    if (x->added_count == wf_exchange_headers_max)
        return false;
    for (const char *at = value; *at != '\0'; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            return false;
    char *kept = strdup(value);
    if (kept == NULL)
        return false;
    x->added[x->added_count++] = (wf_reply_header){name, kept};
    return true;
}

static bool is_added(const wf_exchange *x, const char *name)
{
    for (size_t i = 0; i < x->added_count; i++)
        if (strcasecmp(x->added[i].name, name) == 0)
            return true;
    return false;
}

// What every answer says, unless its handler says otherwise: nobody keeps it, guesses its
// type, frames it, or tells others where it was.
static void put_headers(wf_exchange *x, const char *type)
{
    static const wf_pair always[] = {
        {WF_TEXT("Cache-Control"), WF_TEXT("no-store")},
        {WF_TEXT("X-Content-Type-Options"), WF_TEXT("nosniff")},
        {WF_TEXT("Referrer-Policy"), WF_TEXT("no-referrer")},
        {WF_TEXT("Content-Security-Policy"),
         WF_TEXT("default-src 'none'; frame-ancestors 'none'")},
    };
    struct MHD_Response *response = x->response;
    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        if (!is_added(x, always[i].name.bytes))
            MHD_add_response_header(response, always[i].name.bytes,
                                    always[i].value.bytes);
    for (size_t i = 0; i < x->added_count; i++)
        MHD_add_response_header(response, x->added[i].name, x->added[i].value);
    if (type != NULL)
        MHD_add_response_header(response, "Content-Type", type);
    MHD_add_response_header(response, "X-Request-Id", x->id);
}

// The answer is `response`, which may be NULL: out of memory.
static void set(wf_exchange *x, unsigned status, const char *type,
                struct MHD_Response *response)
{
    WF_ASSERT(x->response == NULL);
    x->status = status;
    x->response = response;
    if (response != NULL)
        put_headers(x, type);
}

// ---- errors ----

static bool set_part(json_t *to, const char *name, const weft_error *error,
                     wf_error_part part, wf_language language)
{
    wf_buffer text = {0};
    bool done = wf_error_part_text(error, part, language, &text);
    if (done && text.size > 0)
        done = json_object_set_new(to, name, json_stringn(text.bytes, text.size)) == 0;
    wf_buffer_done(&text);
    return done;
}

static bool set_text(json_t *to, const char *name, const char *text)
{
    return text[0] == '\0' || json_object_set_new(to, name, json_string(text)) == 0;
}

json_t *wf_error_params_json(const weft_error *error)
{
    json_t *params = json_object();
    for (size_t i = 0; i < error->params_count; i++)
        if (json_object_set_new(params, error->params[i].name,
                                json_string(error->params[i].value)) != 0) {
            json_decref(params);
            return NULL;
        }
    return params;
}

static json_t *error_json(const weft_error *error, wf_language language)
{
    json_t *answer = json_pack("{s:s, s:o}", "code", error->code, "params",
                               wf_error_params_json(error));
    bool done =
        answer != NULL && set_part(answer, "message", error, WF_PART_MESSAGE, language) &&
        set_part(answer, "detail", error, WF_PART_DETAIL, language) &&
        set_part(answer, "hint", error, WF_PART_HINT_OVER_HTTP, language) &&
        set_text(answer, "field", error->field) &&
        (error->line == 0 ||
         json_object_set_new(answer, "line", json_integer((json_int_t)error->line)) == 0);
    if (done)
        return answer;
    json_decref(answer);
    return NULL;
}

static int append_dumped(const char *bytes, size_t size, void *context)
{
    return wf_buffer_append(context, bytes, size) ? 0 : -1;
}

// Takes the reference over; NULL without memory.
static struct MHD_Response *json_response(wf_exchange *x, json_t *json)
{
    wf_buffer text = {0};
    // 15 digits give back what a person wrote.
    bool done =
        json != NULL && json_dump_callback(json, append_dumped, &text,
                                           JSON_COMPACT | JSON_REAL_PRECISION(15)) == 0;
    json_decref(json);
    if (done)
        return response_of(x, &text);
    wf_buffer_wipe(&text);
    return NULL;
}

static const char type_of_json[] = "application/json; charset=utf-8";

void wf_reply_refuse(wf_exchange *x, unsigned status, const weft_error *error)
{
    if (status == 401)
        WF_IGNORE(!wf_exchange_add_header(x, "WWW-Authenticate", "Bearer realm=\"weft\""),
                  "without memory the status says it");
    set(x, status, type_of_json, json_response(x, error_json(error, x->language)));
    pthread_mutex_lock(&x->lock);
    x->finished = true;
    pthread_mutex_unlock(&x->lock);
}

void wf_reply_error(wf_exchange *x, unsigned status, const weft_error *error)
{
    if (status == 401)
        WF_IGNORE(!wf_exchange_add_header(x, "WWW-Authenticate", "Bearer realm=\"weft\""),
                  "without memory the status says it");
    set(x, status, type_of_json, json_response(x, error_json(error, x->language)));
    wf_exchange_finish(x);
}

// Whoever is told that it is busy, or that the disk is full, is told when to come again:
// a disk takes somebody to make room on it.
static void add_retry_after(wf_exchange *x, const weft_error *error)
{
    const char *seconds = error->status == WEFT_DISK_FULL ? "10" : "1";
    for (size_t i = 0; i < error->params_count; i++)
        if (strcmp(error->params[i].name, "seconds") == 0)
            seconds = error->params[i].value;
    if (!is_added(x, "Retry-After"))
        WF_IGNORE(!wf_exchange_add_header(x, "Retry-After", seconds),
                  "without memory the status says it");
}

static void log_failure(const wf_exchange *x, const char *event, const weft_error *error)
{
    wf_log_event(x->server->log, event, "id=%s code=%s status=%s", x->id, error->code,
                 weft_status_name(error->status));
}

void wf_exchange_cut(const wf_exchange *x, const weft_error *error)
{
    log_failure(x, "cut", error);
}

void wf_exchange_fail(wf_exchange *x, const weft_error *error)
{
    unsigned status = (unsigned)weft_status_http(error->status);
    weft_error same = {0};
    bool somebody = x->actor.kind != WF_ACTOR_NOBODY;
    bool storage = strcmp(error->code, "service.storage") == 0;
    if (status >= 500 && (status != 503 || storage))
        log_failure(x, "failed", error);
    if (error->status == WEFT_NOT_ALLOWED && !somebody)
        status = 401;
    if (status == 503 || status == 507)
        add_retry_after(x, error);
    // What is not there and what they may not have look the same.
    if (somebody &&
        (error->status == WEFT_NOT_ALLOWED || error->status == WEFT_NOT_FOUND)) {
        WF_IGNORE(wf_fail(&same, WEFT_NOT_FOUND, "http.not_found", NULL),
                  "it becomes the answer");
        status = 404;
        error = &same;
    }
    wf_reply_error(x, status, error);
}

// ---- answers ----

void wf_exchange_json(wf_exchange *x, unsigned status, json_t *json)
{
    set(x, status, type_of_json, json_response(x, json));
    wf_exchange_finish(x);
}

void wf_exchange_bytes(wf_exchange *x, unsigned status, const char *type,
                       wf_buffer *bytes)
{
    set(x, status, type, response_of(x, bytes));
    wf_exchange_finish(x);
}

void wf_exchange_static(wf_exchange *x, unsigned status, const char *type, wf_text bytes)
{
    x->reply_bytes = bytes.size;
    // libmicrohttpd takes them as changeable, and changes nothing.
    set(x, status, type,
        MHD_create_response_from_buffer(bytes.size, (void *)(uintptr_t)bytes.bytes,
                                        MHD_RESPMEM_PERSISTENT));
    wf_exchange_finish(x);
}

void wf_exchange_empty(wf_exchange *x, unsigned status)
{
    set(x, status, NULL, empty_response());
    wf_exchange_finish(x);
}

void wf_exchange_stream(wf_exchange *x, unsigned status, const char *type,
                        const wf_stream *stream)
{
    x->stream.what = *stream;
    if (stream->size == 0 && wf_exchange_is_head(x)) {
        stream->done(stream->context);
        set(x, status, type, empty_response());
    } else {
        x->is_stream = true;
        set(x, status, type, wf_stream_response(x));
    }
    wf_exchange_finish(x);
}

bool wf_exchange_mark(const wf_exchange *x, json_t *answer, const weft_view_as_of *as_of,
                      bool complete, json_t *missing)
{
    char at[WF_TIME_TEXT_MAX];
    weft_city_time_text(x->server->city, as_of->at, at);
    json_t *mark = json_pack("{s:I, s:o}", "position", (json_int_t)as_of->position, "at",
                             at[0] != '\0' ? json_string(at) : json_null());
    bool done = mark != NULL && json_object_set_new(answer, "as_of", mark) == 0 &&
                json_object_set_new(answer, "complete", json_boolean(complete)) == 0;
    if (!done) {
        json_decref(missing);
        return false;
    }
    return missing == NULL || json_object_set_new(answer, "missing", missing) == 0;
}

enum MHD_Result wf_reply_queue(wf_exchange *x)
{
    // Nothing can be said without memory: the connection is cut.
    if (x->response == NULL)
        return MHD_NO;
    if (x->close || atomic_load(&x->server->stopping))
        MHD_add_response_header(x->response, "Connection", "close");
    if (!x->is_stream)
        wf_guarded_phase(x->guarded, WF_PHASE_SEND, x->reply_bytes);
    enum MHD_Result result = MHD_queue_response(x->connection, x->status, x->response);
    // The connection holds it now.
    MHD_destroy_response(x->response);
    x->response = NULL;
    return result;
}
