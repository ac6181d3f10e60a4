#include <stdio.h>
#include <string.h>

#include "access/rights/fact_access.h"
#include "serve/described/openapi_parts.h"

enum { name_bytes_max = 128 };

json_t *wf_openapi_ref(const char *schema)
{
    char path[name_bytes_max + 32];
    int size = snprintf(path, sizeof path, "#/components/schemas/%s", schema);
    WF_ASSERT(size > 0 && (size_t)size < sizeof path);
    return json_pack("{s:s}", "$ref", path);
}

json_t *wf_openapi_words(const char *const *words)
{
    json_t *list = json_array();
    for (size_t i = 0; words != NULL && words[i] != NULL; i++)
        json_array_append_new(list, json_string(words[i]));
    return list;
}

json_t *wf_openapi_content(const wf_answers *answers)
{
    static const struct {
        unsigned media;
        const char *type;
    } types[] = {
        {WF_MEDIA_JSON, "application/json"},
        {WF_MEDIA_CSV, "text/csv"},
        {WF_MEDIA_NDJSON, "application/x-ndjson"},
        {WF_MEDIA_EVENTS, "text/event-stream"},
        {WF_MEDIA_HTML, "text/html"},
        {WF_MEDIA_TEXT, "text/plain"},
        {WF_MEDIA_XLSX,
         "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    };
    json_t *content = json_object();
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if ((answers->media & types[i].media) == 0)
            continue;
        bool described = types[i].media == WF_MEDIA_JSON && answers->schema != NULL;
        bool lines = (types[i].media & (WF_MEDIA_NDJSON | WF_MEDIA_EVENTS)) != 0;
        json_t *schema =
            described ? wf_openapi_ref(answers->schema->name)
                      : json_pack("{s:s}", "type",
                                  types[i].media == WF_MEDIA_JSON ? "object" : "string");
        if (lines && answers->schema != NULL)
            json_object_set_new(schema, "x-line-schema",
                                wf_openapi_ref(answers->schema->name));
        json_object_set_new(content, types[i].type, json_pack("{s:o}", "schema", schema));
    }
    if (json_object_size(content) > 0)
        return content;
    json_decref(content);
    return NULL;
}

// ---- headers ----

static const struct {
    const char *name, *schema, *zh, *en;
    const char *media; // of which alone it is; NULL: of all
    bool optional;
} headers[] = {
    {"X-Request-Id", "{\"type\":\"string\",\"minLength\":1}",
     "本次请求的编号，日志中同此", "of this request; the log has the same", NULL, false},
    {"WWW-Authenticate", "{\"type\":\"string\",\"minLength\":1}", "如何证明身份",
     "how to say who one is", NULL, false},
    {"Retry-After", "{\"type\":\"integer\",\"minimum\":1}", "若干秒后再试",
     "seconds after which to come again", NULL, false},
    {"ETag", "{\"type\":\"string\",\"minLength\":3}",
     "内容的标记；以 If-None-Match 再来时，未变则答 304",
     "of this content; who comes again with If-None-Match gets 304 where it is as it was",
     NULL, false},
    {"Weft-As-Of", "{\"type\":\"string\",\"minLength\":1}",
     "CSV：依据的事实位置和时间，同 JSON 的 as_of",
     "of CSV: the position and time of as_of", "text/csv", false},
    {"Weft-Complete", "{\"enum\":[\"yes\",\"no\"]}", "CSV：是否完整，同 JSON 的 complete",
     "of CSV: what complete says", "text/csv", false},
    {"Weft-Next", "{\"type\":\"string\",\"minLength\":1}",
     "CSV：下一页的标记，同 JSON 的 next",
     "of CSV: the token of the page that follows, as next", "text/csv", true},
};

json_t *wf_openapi_headers(void)
{
    json_t *all = json_object();
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        json_t *one =
            json_pack("{s:b, s:s, s:s, s:o}", "required",
                      headers[i].media == NULL && !headers[i].optional, "description",
                      headers[i].en, "x-description-zh", headers[i].zh, "schema",
                      json_loads(headers[i].schema, JSON_REJECT_DUPLICATES, NULL));
        // OpenAPI has no word for what only one type of an answer carries.
        if (headers[i].media != NULL && !headers[i].optional)
            json_object_set_new(one, "x-required-of", json_string(headers[i].media));
        json_object_set_new(all, headers[i].name, one);
    }
    return all;
}

void wf_openapi_add_header(json_t *to, const char *name)
{
    char path[64];
    int size = snprintf(path, sizeof path, "#/components/headers/%s", name);
    WF_ASSERT(size > 0 && (size_t)size < sizeof path);
    json_object_set_new(to, name, json_pack("{s:s}", "$ref", path));
}

// ---- declared as text ----

static const wf_schema general[] = {
    {"Error",
     "{\"type\":\"object\",\"required\":[\"code\",\"params\",\"message\"],\"properties\":"
     "{"
     "\"code\":{\"type\":\"string\",\"description\":\"stable; programs look at this\"},"
     "\"params\":{\"type\":\"object\",\"additionalProperties\":{\"type\":\"string\"}},"
     "\"message\":{\"type\":\"string\"},\"detail\":{\"type\":\"string\"},"
     "\"hint\":{\"type\":\"string\"},"
     "\"field\":{\"type\":\"string\",\"description\":\"parameter, field or column\"},"
     "\"line\":{\"type\":\"integer\",\"minimum\":1}}}"},
    {"AsOf",
     "{\"type\":\"object\",\"required\":[\"position\",\"at\"],\"properties\":{"
     "\"position\":{\"type\":\"integer\",\"minimum\":0,"
     "\"description\":\"the answer rests on the facts of the ledger up to this one\"},"
     "\"at\":{\"type\":[\"string\",\"null\"],\"format\":\"date-time\","
     "\"description\":\"when that was received\"}}}"},
    {"FactName",
     "{\"type\":\"object\",\"required\":[\"device\",\"seq\"],"
     "\"additionalProperties\":false,\"properties\":{"
     "\"device\":{\"type\":\"string\"},\"seq\":{\"type\":\"integer\",\"minimum\":1}}}"},
};

static void add_schema(const wf_schema *schema, json_t *to)
{
    if (schema == NULL || json_object_get(to, schema->name) != NULL)
        return;
    json_error_t why;
    json_t *json = json_loads(schema->json, JSON_REJECT_DUPLICATES, &why);
    if (json == NULL)
        WF_BUG("the schema of a route is JSON");
    json_object_set_new(to, schema->name, json);
}

// ---- facts ----

static json_t *number_schema(const wf_column *field)
{
    int64_t min, max;
    if (field->type == WF_COLUMN_NUMBER)
        return json_pack("{s:s, s:f, s:f}", "type", "number", "minimum", field->min,
                         "maximum", field->max);
    wf_column_range(field, &min, &max);
    json_t *schema = json_pack("{s:s, s:I}", "type", "integer", "minimum", min);
    if (max < INT64_MAX)
        json_object_set_new(schema, "maximum", json_integer(max));
    return schema;
}

static json_t *value_schema(const wf_column *field)
{
    switch (field->type) {
    case WF_COLUMN_PERSON:
    case WF_COLUMN_PLACE:
        return json_pack("{s:s, s:I, s:s}", "type", "string", "x-max-bytes",
                         (json_int_t)field->bytes_max, "x-names",
                         field->type == WF_COLUMN_PERSON ? "person" : "place");
    case WF_COLUMN_ID:
    case WF_COLUMN_TEXT:
        return json_pack("{s:s, s:I}", "type", "string", "x-max-bytes",
                         (json_int_t)field->bytes_max);
    case WF_COLUMN_DATE:
        return json_pack("{s:s, s:s}", "type", "string", "format", "date");
    case WF_COLUMN_TIME:
        return json_pack("{s:s, s:s}", "type", "string", "x-format", "ISO 8601");
    case WF_COLUMN_NUMBER:
    case WF_COLUMN_INTEGER:
        return number_schema(field);
    case WF_COLUMN_YESNO:
        return json_pack("{s:s}", "type", "boolean");
    case WF_COLUMN_WORD:
        return json_pack("{s:s, s:o}", "type", "string", "enum",
                         wf_openapi_words(field->words));
    case WF_COLUMN_FACT:
        return wf_openapi_ref("FactName");
    }
    WF_BUG("a type is one of the list");
}

static void describe(json_t *schema, const char *zh, const char *en, const char *unit,
                     bool personal)
{
    json_object_set_new(schema, "description", json_string(en));
    json_object_set_new(schema, "x-description-zh", json_string(zh));
    if (unit[0] != '\0')
        json_object_set_new(schema, "x-unit", json_string(unit));
    if (personal)
        json_object_set_new(schema, "x-personal", json_true());
}

static json_t *field_schema(const wf_column *field)
{
    json_t *schema = value_schema(field);
    if (field->list)
        schema = json_pack("{s:s, s:o, s:I}", "type", "array", "items", schema,
                           "maxItems", (json_int_t)field->items_max);
    describe(schema, field->zh, field->en, field->unit != NULL ? field->unit : "",
             field->personal);
    return schema;
}

static json_t *body_schema(const wf_kind *kind)
{
    json_t *properties = json_object(), *required = json_array();
    for (size_t i = 0; i < kind->fields_count; i++) {
        const wf_column *field = &kind->fields[i];
        json_object_set_new(properties, field->name, field_schema(field));
        if (field->required)
            json_array_append_new(required, json_string(field->name));
    }
    return json_pack("{s:s, s:b, s:o, s:o}", "type", "object", "additionalProperties", 0,
                     "required", required, "properties", properties);
}

static json_t *roles_of(const wf_kind *kind)
{
    json_t *roles = json_array();
    for (size_t i = 0; i < WF_ROLE_COUNT; i++)
        if ((kind->roles >> i & 1) != 0)
            json_array_append_new(roles, json_string(wf_role_words[i]));
    return roles;
}

static json_t *fact_schema(const wf_kind *kind)
{
    return json_pack(
        "{s:s, s:s, s:s, s:s, s:o, s:[s, s, s, s, s], s:b, "
        "s:{s:{s:s, s:s}, s:{s:s, s:i, s:I}, s:{s:s}, s:{s:s, s:s}, s:{s:s}, s:o, s:o}}",
        "type", "object", "description", kind->en, "x-description-zh", kind->zh,
        "x-class", kind->kind_class == WF_DECISION ? "decision" : "observation",
        "x-roles", roles_of(kind), "required", "device", "seq", "kind", "at", "body",
        "additionalProperties", 0, "properties", "device", "type", "string",
        "description", "the sender", "seq", "type", "integer", "minimum", 1, "maximum",
        (json_int_t)WF_POST_SEQ_MAX, "kind", "const", kind->name, "at", "type", "string",
        "x-format", "ISO 8601", "grid", "type", "string", "instead_of",
        wf_openapi_ref("FactName"), "body", body_schema(kind));
}

static void add_facts(const wf_kinds *kinds, json_t *to)
{
    json_t *any = json_array();
    for (size_t i = 0; i < kinds->kinds_count; i++) {
        const wf_kind *kind = kinds->kinds[i];
        char name[name_bytes_max];
        if (kind->roles == 0) // the city's own: nobody sends them
            continue;
        int size = snprintf(name, sizeof name, "fact.%s", kind->name);
        WF_ASSERT(size > 0 && (size_t)size < sizeof name);
        json_object_set_new(to, name, fact_schema(kind));
        json_array_append_new(any, wf_openapi_ref(name));
    }
    json_object_set_new(to, "Fact", json_pack("{s:o}", "oneOf", any));
}

// ---- views ----

static json_t *column_schema(const weft_view_column *column)
{
    static const char *const types[] = {"string",  "string", "string",
                                        "integer", "number", "boolean"};
    static const char *const formats[] = {NULL, "date", "date-time", NULL, NULL, NULL};
    // null: it is not known.
    json_t *schema = json_pack("{s:[s, s]}", "type", types[column->type], "null");
    if (formats[column->type] != NULL)
        json_object_set_new(schema, "format", json_string(formats[column->type]));
    describe(schema, column->title_zh, column->title_en, column->unit, column->is_person);
    return schema;
}

static json_t *names_of(const char *const *names, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_string(names[i]));
    return list;
}

static json_t *row_schema(const weft_view_about *view)
{
    json_t *properties = json_object();
    for (size_t i = 0; i < view->columns_count; i++)
        json_object_set_new(properties, view->columns[i].name,
                            column_schema(&view->columns[i]));
    json_t *parameters = json_array();
    for (size_t i = 0; i < view->parameters_count; i++)
        json_array_append_new(parameters, json_string(view->parameters[i].name));
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:o, s:o, s:o, s:o}", "type",
                     "object", "title", view->title_en, "x-title-zh", view->title_zh,
                     "description", view->about_en, "x-description-zh", view->about_zh,
                     "x-personal", view->personal, "x-parameters", parameters,
                     "x-filters", names_of(view->filters, view->filters_count), "x-sorts",
                     names_of(view->sorts, view->sorts_count), "properties", properties);
}

static void add_views(const wf_openapi_of *of, json_t *to)
{
    json_t *any = json_array();
    for (size_t i = 0; i < of->views_count; i++) {
        char name[name_bytes_max];
        int size = snprintf(name, sizeof name, "view.%s", of->views[i].name);
        WF_ASSERT(size > 0 && (size_t)size < sizeof name);
        for (char *slash = name; (slash = strchr(slash, '/')) != NULL;)
            *slash = '.';
        json_object_set_new(to, name, row_schema(&of->views[i]));
        json_array_append_new(any, wf_openapi_ref(name));
    }
    json_object_set_new(to, "ViewRow", json_pack("{s:o}", "anyOf", any));
}

void wf_openapi_add_schemas(const wf_openapi_of *of, json_t *to)
{
    for (size_t i = 0; i < sizeof general / sizeof *general; i++)
        add_schema(&general[i], to);
    for (size_t i = 0; i < of->routes->count; i++) {
        add_schema(of->routes->routes[i]->answers.schema, to);
        add_schema(of->routes->routes[i]->body.schema, to);
    }
    add_facts(of->kinds, to);
    add_views(of, to);
}
