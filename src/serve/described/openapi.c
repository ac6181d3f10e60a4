#include "serve/described/openapi.h"

#include <stdio.h>
#include <string.h>

#include "serve/described/openapi_parts.h"

// ---- errors ----

// What each status means; those that a route names beside the common ones, too.
static const struct {
    unsigned short status;
    const char *zh, *en;
} meanings[] = {
    {200, "成功", "done"},
    {201, "已创建", "made"},
    {202, "已受理", "taken on"},
    {204, "成功，无内容", "done, nothing to say"},
    {304, "未变", "as it was"},
    {400, "请求有误", "the request is wrong"},
    {401, "没有令牌，或它无效", "there is no token, or it is not good"},
    {404, "没有此内容，或无权查看（两者不加区分）",
     "there is no such thing, or it is not for whoever asks: the two look the same"},
    {409, "与已有内容冲突", "it contradicts what is there"},
    {410, "相关日期的内容已清除", "what it is about is forgotten"},
    {413, "正文过大", "the body is too large"},
    {414, "请求路径过长", "the path or query is too long"},
    {415, "正文类型不对", "the body is of another type"},
    {429, "请求过于频繁", "too often"},
    {431, "请求头过大", "the headers are too large"},
    {500, "服务内部错误", "the service failed"},
    {503, "繁忙、正在停止或存储暂时不可用，按 Retry-After 重试",
     "busy, being stopped, or without its storage for now: try again after Retry-After"},
    {505, "不支持此 HTTP 版本", "another version of HTTP"},
    {507, "磁盘已满，什么都没收下，按 Retry-After 重试",
     "the disk is full, nothing was taken: try again after Retry-After"},
};

static size_t meaning_of(unsigned status)
{
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
        if (meanings[i].status == status)
            return i;
    WF_BUG("every status of an answer has its meaning");
}

static json_t *headers_of(const wf_route *route, unsigned status)
{
    const unsigned short *other = route->answers.errors;
    bool has_tag = false;
    json_t *headers = json_object();
    for (; other != NULL && *other != 0; other++)
        has_tag = has_tag || *other == 304;
    wf_openapi_add_header(headers, "X-Request-Id");
    if (status == 401)
        wf_openapi_add_header(headers, "WWW-Authenticate");
    if (status == 503 || status == 507)
        wf_openapi_add_header(headers, "Retry-After");
    if (has_tag && (status == 200 || status == 304))
        wf_openapi_add_header(headers, "ETag");
    // What a table's object says beside its rows.
    if (status == 200 && route->answers.media == (WF_MEDIA_JSON | WF_MEDIA_CSV)) {
        wf_openapi_add_header(headers, "Weft-As-Of");
        wf_openapi_add_header(headers, "Weft-Complete");
        wf_openapi_add_header(headers, "Weft-Next");
    }
    return headers;
}

static void set_response(const wf_route *route, json_t *responses, unsigned status,
                         json_t *content)
{
    char name[8];
    size_t place = meaning_of(status);
    WF_ASSERT(snprintf(name, sizeof name, "%u", status) == 3);
    json_t *response = json_pack("{s:s, s:s, s:o}", "description", meanings[place].en,
                                 "x-description-zh", meanings[place].zh, "headers",
                                 headers_of(route, status));
    if (content != NULL)
        json_object_set_new(response, "content", content);
    json_object_set_new(responses, name, response);
}

static json_t *error_content(void)
{
    return json_pack("{s:{s:o}}", "application/json", "schema", wf_openapi_ref("Error"));
}

static json_t *responses_of(const wf_route *route)
{
    const wf_answers *answers = &route->answers;
    json_t *responses = json_object();
    unsigned success = answers->status != 0  ? answers->status
                       : answers->media == 0 ? 204
                                             : 200;
    set_response(route, responses, success, wf_openapi_content(answers));
    set_response(route, responses, 400, error_content());
    set_response(route, responses, 414, error_content());
    set_response(route, responses, 431, error_content());
    if (!route->open) {
        set_response(route, responses, 401, error_content());
        set_response(route, responses, 404, error_content());
    }
    if (route->body.kind != WF_BODY_NONE) {
        set_response(route, responses, 413, error_content());
        set_response(route, responses, 415, error_content());
    }
    for (size_t i = 0; answers->errors != NULL && answers->errors[i] != 0; i++)
        set_response(route, responses, answers->errors[i],
                     answers->errors[i] >= 400   ? error_content()
                     : answers->errors[i] == 304 ? NULL
                                                 : wf_openapi_content(answers));
    set_response(route, responses, 500, error_content());
    set_response(route, responses, 503,
                 answers->stopping_alike ? wf_openapi_content(answers) : error_content());
    set_response(route, responses, 505, error_content());
    if (!route->open) // whatever is asked may have a look to be written down
        set_response(route, responses, 507, error_content());
    return responses;
}

// ---- operations ----

static json_t *parameter_schema(const wf_parameter *one)
{
    switch (one->type) {
    case WF_PARAMETER_TEXT:
        return json_pack("{s:s, s:i, s:I}", "type", "string", "minLength", 1, "maxLength",
                         (json_int_t)(one->bytes_max != 0 ? one->bytes_max : 256));
    case WF_PARAMETER_WHOLE:
        return json_pack("{s:s, s:I, s:I}", "type", "integer", "minimum",
                         (json_int_t)one->min, "maximum", (json_int_t)one->max);
    case WF_PARAMETER_YESNO:
        return json_pack("{s:s}", "type", "boolean");
    case WF_PARAMETER_WORD:
        return json_pack("{s:s, s:o}", "type", "string", "enum",
                         wf_openapi_words(one->words));
    case WF_PARAMETER_TIME:
        return json_pack("{s:s, s:s}", "type", "string", "description",
                         "ISO 8601, with an offset or local to the city's zone");
    }
    WF_BUG("a type is one of the list");
}

static bool declares(const wf_route *route, const char *name)
{
    const wf_parameter *one = route->parameters;
    for (; one != NULL && one->name != NULL; one++)
        if (strcmp(one->name, name) == 0)
            return true;
    return false;
}

static json_t *parameters_of(const wf_route *route)
{
    static const char *const places[] = {"path", "query", "header"};
    json_t *parameters = json_array();
    const wf_parameter *one = route->parameters;
    for (; one != NULL && one->name != NULL; one++)
        json_array_append_new(
            parameters,
            json_pack("{s:s, s:s, s:b, s:s, s:s, s:o}", "name", one->name, "in",
                      places[one->place], "required",
                      one->required || one->place == WF_IN_PATH, "description",
                      one->en != NULL ? one->en : "", "x-description-zh",
                      one->zh != NULL ? one->zh : "", "schema", parameter_schema(one)));
    if (!declares(route, "lang"))
        json_array_append_new(parameters,
                              json_pack("{s:s}", "$ref", "#/components/parameters/lang"));
    if ((route->answers.media & WF_MEDIA_CSV) != 0 && !declares(route, "format"))
        json_array_append_new(
            parameters, json_pack("{s:s}", "$ref", "#/components/parameters/format"));
    return parameters;
}

static json_t *body_of(const wf_route *route)
{
    static const char *const types[] = {"", "application/json", "application/x-ndjson",
                                        WF_FILE_TYPE};
    bool lines = route->body.kind == WF_BODY_NDJSON;
    bool file = route->body.kind == WF_BODY_FILE;
    const wf_schema *schema = route->body.schema;
    json_t *content = file    ? json_pack("{s:s, s:s, s:s}", "type", "string", "format",
                                          "binary", "description", "CSV or xlsx")
                      : lines ? json_pack("{s:s, s:s}", "type", "string", "description",
                                          "one object of JSON a line")
                      : schema != NULL ? wf_openapi_ref(schema->name)
                                       : json_pack("{s:s}", "type", "object");
    if (lines && schema != NULL)
        json_object_set_new(content, "x-line-schema", wf_openapi_ref(schema->name));
    return json_pack("{s:b, s:I, s:{s:{s:o}}}", "required", !route->body.optional,
                     "x-max-bytes", (json_int_t)route->body.bytes_max, "content",
                     types[route->body.kind], "schema", content);
}

static json_t *security_of(const wf_route *route)
{
    return route->open ? json_array() : json_pack("[{s:[]}, {s:[]}]", "token", "session");
}

static json_t *operation_of(const wf_route *route)
{
    json_t *operation =
        json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o}", "operationId", route->operation,
                  "summary", route->en, "x-summary-zh", route->zh, "x-lane",
                  wf_lane_words[route->lane], "security", security_of(route),
                  "parameters", parameters_of(route), "responses", responses_of(route));
    if (!route->open)
        json_object_set_new(operation, "x-action",
                            json_string(wf_action_word(route->action)));
    if (route->any_query)
        json_object_set_new(operation, "x-any-query", json_true());
    if (route->body.kind != WF_BODY_NONE)
        json_object_set_new(operation, "requestBody", body_of(route));
    return operation;
}

static json_t *paths_of(const wf_route_table *routes)
{
    json_t *paths = json_object();
    for (size_t i = 0; i < routes->count; i++) {
        const wf_route *route = routes->routes[i];
        char method[8] = "";
        if (route->hidden)
            continue;
        json_t *path = json_object_get(paths, route->path);
        if (path == NULL) {
            path = json_object();
            json_object_set_new(paths, route->path, path);
        }
        for (size_t k = 0; k < sizeof method - 1 && route->method[k] != '\0'; k++)
            method[k] = (char)(route->method[k] | 0x20);
        json_object_set_new(path, method, operation_of(route));
    }
    return paths;
}

// ---- the whole ----

static json_t *general_parameters(void)
{
    return json_pack(
        "{s:{s:s, s:s, s:b, s:s, s:s, s:{s:s, s:[s, s]}}, "
        "s:{s:s, s:s, s:b, s:s, s:s, s:{s:s, s:[s, s]}}}",
        "lang", "name", "lang", "in", "query", "required", 0, "description",
        "language of sentences; otherwise Accept-Language decides", "x-description-zh",
        "句子的语言；未给时按 Accept-Language", "schema", "type", "string", "enum", "zh",
        "en", "format", "name", "format", "in", "query", "required", 0, "description",
        "form of the answer; otherwise Accept decides", "x-description-zh",
        "回答的形式；未给时按 Accept", "schema", "type", "string", "enum", "json", "csv");
}

static json_t *security_schemes(void)
{
    return json_pack("{s:{s:s, s:s, s:s}, s:{s:s, s:s, s:s, s:s}}", "token", "type",
                     "http", "scheme", "bearer", "description",
                     "a token of a device or user (weft token)", "session", "type",
                     "apiKey", "in", "cookie", "name", "__Host-weft", "description",
                     "a browser's session; what changes something also carries the "
                     "header Weft-CSRF");
}

static json_t *description_of(const wf_openapi_of *of)
{
    json_t *schemas = json_object();
    wf_openapi_add_schemas(of, schemas);
    return json_pack(
        "{s:s, s:{s:s, s:s, s:s, s:{s:s, s:s}}, s:[{s:s}], s:o, s:{s:o, s:o, s:o, s:o}}",
        "openapi", "3.1.0", "info", "title", "织网 Weft", "version", of->version,
        "description",
        "Times are ISO 8601 with an offset; grid codes are digits. Answers carry as_of "
        "(which facts they rest on) and complete. Errors carry code, params, and "
        "message, "
        "detail and hint in the language asked for.",
        "license", "name", "Apache-2.0", "identifier", "Apache-2.0", "servers", "url",
        "/", "paths", paths_of(of->routes), "components", "parameters",
        general_parameters(), "headers", wf_openapi_headers(), "securitySchemes",
        security_schemes(), "schemas", schemas);
}

static int append_dumped(const char *bytes, size_t size, void *context)
{
    return wf_buffer_append(context, bytes, size) ? 0 : -1;
}

weft_status wf_openapi_write(const wf_openapi_of *of, wf_buffer *to, weft_error *error)
{
    json_t *json = description_of(of);
    bool done =
        json != NULL && json_dump_callback(json, append_dumped, to, JSON_COMPACT) == 0;
    json_decref(json);
    return done ? WEFT_OK : wf_fail_memory(error);
}
