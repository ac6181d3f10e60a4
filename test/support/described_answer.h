// Holds an answer to the service's own description (/v1/openapi.json): its status is
// declared, it carries the headers that are promised, its body is of a declared type, and
// JSON is as its schema says, also that of each line of NDJSON and of each event. The
// unit tests ask it of every answer that they get; test/answers asks it of recorded ones.
#ifndef TEST_SUPPORT_DESCRIBED_ANSWER_H
#define TEST_SUPPORT_DESCRIBED_ANSWER_H

#include <stdlib.h>
#include <strings.h>

#include "support/json_schema.h"

typedef struct {
    const char *request; // "GET /v1/counts?grid=1 HTTP/1.1…": read as far as its target
    const char *head;    // of the answer: its status line and headers, to an empty line
    const char *body;    // without chunks
    size_t body_size;
    bool body_unknown; // it came, and is not here
    bool elsewhere;    // asked at a door that has not this operation
} described_exchange;

// ---- the head ----

static inline unsigned described_status(const char *head)
{
    return (unsigned)strtoul(head + strcspn(head, " \r\n"), NULL, 10);
}

// A header's value, cut to what there is room for; false, and "", where it is not.
static inline bool described_header(const char *head, const char *name, char *to,
                                    size_t room)
{
    size_t size = strlen(name);
    to[0] = '\0';
    for (const char *at = strchr(head, '\n'); at != NULL; at = strchr(at, '\n')) {
        at++;
        if (*at == '\r' || *at == '\n' || *at == '\0')
            return false;
        if (strncasecmp(at, name, size) != 0 || at[size] != ':')
            continue;
        at += size + 1;
        at += strspn(at, " ");
        snprintf(to, room, "%.*s", (int)strcspn(at, "\r\n"), at);
        return true;
    }
    return false;
}

// ---- the operation ----

// Whether a path of a request is one of the description ("/v1/tasks/{task}"); *braces is
// how many of its parts may be anything.
static inline bool described_is_path(const char *path, size_t size, const char *of,
                                     size_t *braces)
{
    const char *end = path + size;
    *braces = 0;
    while (path < end && *of != '\0') {
        size_t part = strcspn(path, "/? "), own = strcspn(of, "/");
        part = part > (size_t)(end - path) ? (size_t)(end - path) : part;
        bool any = of[0] == '{';
        *braces += any;
        if (!any && (part != own || memcmp(path, of, own) != 0))
            return false;
        path += part;
        of += own;
        if (path < end && *path == '/' && *of == '/') {
            path++;
            of++;
        } else if (path < end || *of != '\0') {
            return false;
        }
    }
    return path == end && *of == '\0';
}

// The operation of a request's first line; NULL: it is not described. That of GET is
// that of HEAD.
static inline const json_t *described_operation(const json_t *document,
                                                const char *request)
{
    char method[8] = "";
    size_t size = strcspn(request, " "), best_braces = SIZE_MAX, braces = 0;
    const json_t *best = NULL;
    const char *of;
    json_t *methods;
    if (size >= sizeof method || request[size] != ' ')
        return NULL;
    for (size_t i = 0; i < size; i++)
        method[i] = (char)(request[i] | 0x20);
    if (strcmp(method, "head") == 0)
        memcpy(method, "get", sizeof "get");
    const char *path = request + size + 1;
    json_object_foreach(json_object_get(document, "paths"), of, methods)
    {
        const json_t *operation = json_object_get(methods, method);
        if (operation != NULL &&
            described_is_path(path, strcspn(path, "? \r\n"), of, &braces) &&
            braces < best_braces) {
            best = operation;
            best_braces = braces;
        }
    }
    return best;
}

static inline const json_t *described_response(const json_t *operation, unsigned status)
{
    char name[16];
    snprintf(name, sizeof name, "%u", status);
    return json_object_get(json_object_get(operation, "responses"), name);
}

// ---- headers ----

static inline bool described_fits_header(const json_t *document, const char *head,
                                         const char *media, const char *name,
                                         const json_t *declared)
{
    char value[512];
    const char *reference = json_string_value(json_object_get(declared, "$ref"));
    if (reference != NULL)
        declared = schema_resolve(document, reference);
    const json_t *schema = json_object_get(declared, "schema");
    if (!described_header(head, name, value, sizeof value)) {
        const char *of = json_string_value(json_object_get(declared, "x-required-of"));
        bool must = json_is_true(json_object_get(declared, "required")) ||
                    (of != NULL && strcmp(of, media) == 0);
        if (must)
            fprintf(stderr, "# the header %s is not there\n", name);
        return !must;
    }
    const char *type = json_string_value(json_object_get(schema, "type"));
    bool digits = value[0] != '\0' && value[strspn(value, "0123456789")] == '\0';
    json_t *said = type != NULL && strcmp(type, "integer") == 0 && digits
                       ? json_integer(strtoll(value, NULL, 10))
                   : type != NULL && strcmp(type, "boolean") == 0 &&
                           (strcmp(value, "true") == 0 || strcmp(value, "false") == 0)
                       ? json_boolean(value[0] == 't')
                       : json_string(value);
    bool fits = said != NULL && schema_fits(document, schema, said, name);
    json_decref(said);
    return fits;
}

static inline bool described_fits_headers(const json_t *document, const json_t *response,
                                          const char *head, const char *media)
{
    const char *name;
    json_t *declared;
    json_object_foreach(json_object_get(response, "headers"), name, declared)
    {
        if (!described_fits_header(document, head, media, name, declared))
            return false;
    }
    return true;
}

// ---- bodies ----

// Rows of a page are rows of the view that the page names, and have no other columns.
static inline bool described_fits_view(const json_t *document, const json_t *page)
{
    const char *view = json_string_value(json_object_get(page, "view"));
    const char *slash = view != NULL ? strchr(view, '/') : NULL, *column;
    char name[256];
    size_t index;
    json_t *row, *value;
    if (slash == NULL)
        return true;
    snprintf(name, sizeof name, "#/components/schemas/view.%.*s.%s", (int)(slash - view),
             view, slash + 1);
    const json_t *schema = schema_resolve(document, name);
    json_array_foreach(json_object_get(page, "rows"), index, row)
    {
        if (!schema_fits(document, schema, row, view))
            return false;
        json_object_foreach(row, column, value)
        {
            if (json_object_get(json_object_get(schema, "properties"), column) == NULL) {
                fprintf(stderr, "# %s has no column %s\n", view, column);
                return false;
            }
        }
    }
    return true;
}

static inline bool described_fits_json(const json_t *document, const json_t *schema,
                                       const char *text, size_t size)
{
    json_error_t why;
    json_t *said = json_loadb(text, size, JSON_REJECT_DUPLICATES, &why);
    if (said == NULL)
        fprintf(stderr, "# it is no JSON: %s\n", why.text);
    bool fits = said != NULL &&
                (schema == NULL || schema_fits(document, schema, said, "the answer")) &&
                described_fits_view(document, said);
    json_decref(said);
    return fits;
}

// Each whole line that begins so; of a stream the last may be cut.
static inline bool described_fits_lines(const json_t *document, const json_t *schema,
                                        const char *prefix, const described_exchange *one)
{
    const char *at = one->body, *end = one->body + one->body_size, *next;
    size_t size = strlen(prefix);
    for (; at < end && (next = memchr(at, '\n', (size_t)(end - at))) != NULL;
         at = next + 1) {
        size_t line = (size_t)(next - at);
        if (line >= size && memcmp(at, prefix, size) == 0 &&
            !described_fits_json(document, schema, at + size, line - size))
            return false;
    }
    return true;
}

// A record of CSV has as many values as the first, which names them; above it may stand
// one value alone, which says that it is a drill. All of it is UTF-8.
static inline bool described_fits_csv(const described_exchange *one)
{
    size_t names = 0, values = 1, records = 0;
    bool quoted = false;
    json_t *text = json_stringn(one->body, one->body_size);
    bool fits = text != NULL && one->body_size > 0;
    json_decref(text);
    for (size_t i = 0; fits && i < one->body_size; i++) {
        char letter = one->body[i];
        quoted = quoted != (letter == '"');
        values += !quoted && letter == ',';
        if (quoted || letter != '\n')
            continue;
        fits = records++ == 0 || (records == 2 && names == 1) || values == names;
        names = values;
        values = 1;
    }
    fits = fits && !quoted && one->body[one->body_size - 1] == '\n';
    if (!fits)
        fprintf(stderr, "# it is no table of CSV, of %zu values a record\n", names);
    return fits;
}

static inline bool described_fits_body(const json_t *document, const char *media,
                                       const json_t *schema,
                                       const described_exchange *one)
{
    const char *lines = json_string_value(
        json_object_get(json_object_get(schema, "x-line-schema"), "$ref"));
    const json_t *of = lines != NULL ? schema_resolve(document, lines) : NULL;
    if (strcmp(media, "application/json") == 0)
        return described_fits_json(document, schema, one->body, one->body_size);
    if (strcmp(media, "text/csv") == 0)
        return described_fits_csv(one);
    if (strcmp(media, "application/x-ndjson") == 0)
        return of == NULL || described_fits_lines(document, of, "", one);
    if (strcmp(media, "text/event-stream") == 0)
        return of == NULL || described_fits_lines(document, of, "data: ", one);
    return true;
}

// ---- the whole ----

// Of what is not described only refusals have a form; of that of a library or a proxy,
// which puts no id to its answers, not even these: it says so by its status.
static inline bool described_fits_outside(const json_t *document,
                                          const described_exchange *one, unsigned status,
                                          const char *media)
{
    const json_t *error = schema_resolve(document, "#/components/schemas/Error");
    char allow[64];
    bool own = strncmp(one->request + strcspn(one->request, " "), " /v1/", 5) == 0;
    if (status < 400)
        return !own && status != 0;
    if (status == 405 && !described_header(one->head, "Allow", allow, sizeof allow))
        return false;
    if (strcmp(media, "application/json") != 0)
        return false;
    return one->body_unknown || strncmp(one->request, "HEAD ", 5) == 0 ||
           described_fits_json(document, error, one->body, one->body_size);
}

static inline bool described_fits_declared(const json_t *document,
                                           const json_t *operation,
                                           const described_exchange *one, unsigned status,
                                           const char *media)
{
    const json_t *response = described_response(operation, status);
    const json_t *content = json_object_get(response, "content");
    const json_t *of = json_object_get(content, media);
    if (response == NULL || !described_fits_headers(document, response, one->head, media))
        return false;
    if (content == NULL)
        return media[0] == '\0' && one->body_size == 0;
    if (of == NULL)
        return false;
    return one->body_unknown || strncmp(one->request, "HEAD ", 5) == 0 ||
           described_fits_body(document, media, json_object_get(of, "schema"), one);
}

// Says on stderr what is wrong.
static inline bool described_fits(const json_t *document, const described_exchange *one)
{
    const json_t *operation =
        one->elsewhere ? NULL : described_operation(document, one->request);
    unsigned status = described_status(one->head);
    char media[128], id[64];
    described_header(one->head, "Content-Type", media, sizeof media);
    media[strcspn(media, "; ")] = '\0';
    bool fits = described_header(one->head, "X-Request-Id", id, sizeof id) &&
                (operation == NULL
                     ? described_fits_outside(document, one, status, media)
                     : described_fits_declared(document, operation, one, status, media));
    if (!fits)
        fprintf(stderr, "# %u %s to %.*s is not as /v1/openapi.json says: %.*s\n", status,
                media, (int)strcspn(one->request, "?\r\n"), one->request,
                (int)(one->body_size < 400 ? one->body_size : 400),
                one->body != NULL ? one->body : "");
    return fits;
}

// What libmicrohttpd itself says to what it cannot read, before the service sees it: a
// refusal without an id, after which the connection ends.
static inline bool described_is_librarys(const described_exchange *one)
{
    static const unsigned statuses[] = {400, 413, 414, 431, 501, 505};
    char value[64];
    unsigned status = described_status(one->head);
    bool known = false;
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
        known = known || statuses[i] == status;
    return known && !described_header(one->head, "X-Request-Id", value, sizeof value) &&
           described_header(one->head, "Connection", value, sizeof value) &&
           strcasecmp(value, "close") == 0;
}

#endif
