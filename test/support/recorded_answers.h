// Exchanges that a test of the whole program has recorded, held to the description that
// stands among them. A record is a line, and the bytes that it counts:
//
//   METHOD TARGET HEAD-BYTES BODY-BYTES\n    BODY-BYTES is "-" where the body is not kept
//   the head of the answer, to its empty line
//   its body, without chunks
//
// The answer to GET /v1/openapi.json describes all the others.
#ifndef TEST_SUPPORT_RECORDED_ANSWERS_H
#define TEST_SUPPORT_RECORDED_ANSWERS_H

#include "support/described_answer.h"

typedef struct {
    const json_t *document;
    json_t *seen;      // of each operation the statuses that came, by their names
    bool behind_proxy; // answers of nginx itself are among them
    size_t held, proxys, librarys, without_body, wrong;
} recorded_held;

// ---- records ----

static inline bool recorded_size(const char **at, const char *end, size_t *ret)
{
    char *after;
    while (*at < end && **at == ' ')
        ++*at;
    if (*at == end || **at < '0' || **at > '9')
        return false;
    *ret = strtoul(*at, &after, 10);
    *at = after;
    return true;
}

// Interim heads ("100 Continue") go before the answer's own.
static inline const char *recorded_own_head(const char *head, const char *end)
{
    while (described_status(head) >= 100 && described_status(head) < 200) {
        const char *next = memmem(head, (size_t)(end - head), "\r\n\r\n", 4);
        if (next == NULL)
            break;
        head = next + 4;
    }
    return head;
}

// The record at *at, which goes on to what follows it. The texts end with NUL (the file's
// last byte, at `end`) or at their sizes. False: it is no record.
static inline bool recorded_next(const char **at, const char *end,
                                 described_exchange *ret)
{
    const char *line = *at, *rest = memchr(line, '\n', (size_t)(end - line));
    if (rest == NULL)
        return false;
    const char *numbers = memchr(line, ' ', (size_t)(rest - line));
    numbers =
        numbers != NULL ? memchr(numbers + 1, ' ', (size_t)(rest - numbers - 1)) : NULL;
    size_t head = 0, body = 0;
    if (numbers == NULL || !recorded_size(&numbers, rest, &head))
        return false;
    bool unknown = rest - numbers == 2 && memcmp(numbers, " -", 2) == 0;
    if (!unknown && (!recorded_size(&numbers, rest, &body) || numbers != rest))
        return false;
    rest++;
    size_t left = (size_t)(end - rest);
    if (head < 4 || head > left || body > left - head ||
        memcmp(rest + head - 4, "\r\n\r\n", 4) != 0)
        return false;
    *ret = (described_exchange){.request = line,
                                .head = recorded_own_head(rest, rest + head),
                                .body = rest + head,
                                .body_size = body,
                                .body_unknown = unknown};
    *at = rest + head + body;
    return true;
}

// The document that the records hold, which the caller gives back; NULL: none, or two.
static inline json_t *recorded_document(const char *bytes, size_t size)
{
    static const char asks[] = "GET /v1/openapi.json ";
    const char *end = bytes + size;
    json_t *document = NULL;
    described_exchange one;
    for (const char *at = bytes; at < end && recorded_next(&at, end, &one);) {
        if (strncmp(one.request, asks, sizeof asks - 1) != 0 || one.body_unknown ||
            described_status(one.head) != 200)
            continue;
        json_t *said = json_loadb(one.body, one.body_size, JSON_REJECT_DUPLICATES, NULL);
        bool other = said == NULL || (document != NULL && !json_equal(said, document));
        if (document != NULL)
            json_decref(said);
        else
            document = said;
        if (other) {
            json_decref(document);
            return NULL;
        }
    }
    return document;
}

// ---- whose answer ----

// nginx puts no id to its own answers; those that say JSON say what the service would.
static inline bool recorded_is_proxys(const described_exchange *one)
{
    char id[64], name[64];
    return described_status(one->head) >= 300 &&
           !described_header(one->head, "X-Request-Id", id, sizeof id) &&
           described_header(one->head, "Server", name, sizeof name) &&
           strncmp(name, "nginx", 5) == 0;
}

static inline bool recorded_fits_proxys(const json_t *document,
                                        const described_exchange *one)
{
    char media[64];
    described_header(one->head, "Content-Type", media, sizeof media);
    return strncmp(media, "application/json", 16) != 0 || one->body_unknown ||
           described_fits_json(document,
                               schema_resolve(document, "#/components/schemas/Error"),
                               one->body, one->body_size);
}

static inline void recorded_note(recorded_held *to, const described_exchange *one)
{
    char status[16];
    const char *name = json_string_value(
        json_object_get(described_operation(to->document, one->request), "operationId"));
    if (name == NULL)
        return;
    if (json_object_get(to->seen, name) == NULL)
        json_object_set_new(to->seen, name, json_object());
    snprintf(status, sizeof status, "%u", described_status(one->head));
    json_object_set_new(json_object_get(to->seen, name), status, json_true());
}

static inline void recorded_hold_one(recorded_held *to, const described_exchange *one)
{
    bool proxys = to->behind_proxy && recorded_is_proxys(one);
    if (proxys) {
        to->proxys++;
        to->wrong += !recorded_fits_proxys(to->document, one);
    } else if (described_is_librarys(one)) {
        to->librarys++;
    } else {
        to->held++;
        to->without_body += one->body_unknown;
        to->wrong += !described_fits(to->document, one);
        recorded_note(to, one);
    }
}

// Holds all records to to->document. False: they are not whole.
static inline bool recorded_hold(recorded_held *to, const char *bytes, size_t size)
{
    const char *at = bytes, *end = bytes + size;
    described_exchange one;
    while (at < end) {
        if (!recorded_next(&at, end, &one)) {
            fprintf(stderr, "# byte %zu is not the beginning of a record\n",
                    (size_t)(at - bytes));
            return false;
        }
        recorded_hold_one(to, &one);
    }
    return true;
}

// ---- what never came ----

// Calls `found` for each status that an operation declares and that no record has.
static inline void recorded_never(const recorded_held *of,
                                  void (*found)(void *context, const char *operation,
                                                const char *status),
                                  void *context)
{
    const char *path, *method, *status;
    json_t *methods, *operation, *response;
    json_object_foreach(json_object_get(of->document, "paths"), path, methods)
    {
        json_object_foreach(methods, method, operation)
        {
            const char *name =
                json_string_value(json_object_get(operation, "operationId"));
            const json_t *seen = name != NULL ? json_object_get(of->seen, name) : NULL;
            json_object_foreach(json_object_get(operation, "responses"), status, response)
            {
                if (json_object_get(seen, status) == NULL)
                    found(context, name != NULL ? name : path, status);
            }
        }
    }
}

#endif
