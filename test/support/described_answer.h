// Holds an answer to the service's own description (/v1/openapi.json): its status is
// declared, its body is of a declared type, and JSON is as its schema says. So every
// answer that a test of src/serve gets is looked at, whatever the test is about.
#ifndef TEST_SUPPORT_DESCRIBED_ANSWER_H
#define TEST_SUPPORT_DESCRIBED_ANSWER_H

#include "support/json_schema.h"

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

// The operation of a request's first line; NULL: it is not described.
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
    const char *path = request + size + 1;
    json_object_foreach(json_object_get(document, "paths"), of, methods)
    {
        const json_t *operation = json_object_get(methods, method);
        if (operation != NULL &&
            described_is_path(path, strcspn(path, "? "), of, &braces) &&
            braces < best_braces) {
            best = operation;
            best_braces = braces;
        }
    }
    return best;
}

// The schema that a body of JSON has to fit; false when the answer is none of those that
// are declared, *ret is NULL when nothing is said of its body.
static inline bool described_schema(const json_t *document, const json_t *operation,
                                    unsigned status, const char *type, const json_t **ret)
{
    char name[16], media[128] = "";
    size_t size = strcspn(type, ";\r ");
    snprintf(name, sizeof name, "%u", status);
    *ret = NULL;
    if (operation == NULL) { // of nothing that is described only refusals have a form
        if (status >= 400)
            *ret = schema_resolve(document, "#/components/schemas/Error");
        return true;
    }
    const json_t *declared =
        json_object_get(json_object_get(operation, "responses"), name);
    const json_t *content = json_object_get(declared, "content");
    if (size < sizeof media)
        memcpy(media, type, size);
    if (declared == NULL || (content == NULL && media[0] != '\0'))
        return false;
    const json_t *one = json_object_get(content, media);
    if (content != NULL && one == NULL)
        return false;
    if (strcmp(media, "application/json") == 0)
        *ret = json_object_get(one, "schema");
    return true;
}

// `body` is whole, without chunks; "" for none. Says on stderr what is wrong.
static inline bool described_fits(const json_t *document, const char *request,
                                  unsigned status, const char *type, const char *body)
{
    const json_t *schema = NULL;
    const json_t *operation = described_operation(document, request);
    bool fits = described_schema(document, operation, status, type, &schema);
    if (fits && schema != NULL) {
        json_t *said = json_loads(body, JSON_REJECT_DUPLICATES, NULL);
        fits = said != NULL && schema_fits(document, schema, said, "the answer");
        json_decref(said);
    }
    if (!fits)
        fprintf(stderr, "# %u %.*s to %.*s is not as /v1/openapi.json says: %.400s\n",
                status, (int)strcspn(type, "\r"), type, (int)strcspn(request, "\r"),
                request, body);
    return fits;
}

#endif
