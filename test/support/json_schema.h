// Whether JSON fits a schema, as far as the service's own description uses JSON Schema:
// $ref, type, enum, const, required, properties, additionalProperties, items, anyOf,
// oneOf, minimum, maximum. What it does not know it takes for fitting.
#ifndef TEST_SUPPORT_JSON_SCHEMA_H
#define TEST_SUPPORT_JSON_SCHEMA_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static inline const json_t *schema_resolve(const json_t *document, const char *reference)
{
    char name[256];
    const json_t *value = document;
    for (const char *from = reference + strlen("#/"); *from != '\0' && value != NULL;) {
        size_t size = strcspn(from, "/");
        if (size >= sizeof name)
            return NULL;
        memcpy(name, from, size);
        name[size] = '\0';
        value = json_object_get(value, name);
        from += size + (from[size] == '/');
    }
    return value;
}

static inline bool schema_is_type(const json_t *json, const char *type)
{
    return strcmp(type, "object") == 0    ? json_is_object(json)
           : strcmp(type, "array") == 0   ? json_is_array(json)
           : strcmp(type, "string") == 0  ? json_is_string(json)
           : strcmp(type, "integer") == 0 ? json_is_integer(json)
           : strcmp(type, "number") == 0  ? json_is_number(json)
           : strcmp(type, "boolean") == 0 ? json_is_boolean(json)
                                          : json_is_null(json);
}

static inline bool schema_fits(const json_t *document, const json_t *schema,
                               const json_t *json, const char *where);

static inline bool schema_fits_type(const json_t *type, const json_t *json)
{
    size_t index;
    json_t *one;
    if (json_is_string(type))
        return schema_is_type(json, json_string_value(type));
    json_array_foreach(type, index,
                       one) if (schema_is_type(json, json_string_value(one))) return true;
    return type == NULL;
}

static inline bool schema_is_among(const json_t *list, const json_t *json)
{
    size_t index;
    json_t *one;
    json_array_foreach(list, index, one) if (json_equal(one, json)) return true;
    return list == NULL;
}

static inline bool schema_fits_object(const json_t *document, const json_t *schema,
                                      const json_t *json, const char *where)
{
    const json_t *properties = json_object_get(schema, "properties");
    const json_t *rest = json_object_get(schema, "additionalProperties");
    size_t index;
    const char *key;
    json_t *one;
    json_array_foreach(json_object_get(schema, "required"), index,
                       one) if (json_object_get(json, json_string_value(one)) == NULL)
    {
        fprintf(stderr, "# %s lacks %s\n", where, json_string_value(one));
        return false;
    }
    json_object_foreach((json_t *)(uintptr_t)json, key, one)
    {
        const json_t *of = json_object_get(properties, key);
        if (of == NULL && json_is_false(rest)) {
            fprintf(stderr, "# %s has %s\n", where, key);
            return false;
        }
        of = of != NULL ? of : json_is_object(rest) ? rest : NULL;
        if (of != NULL && !schema_fits(document, of, one, key))
            return false;
    }
    return true;
}

static inline bool schema_fits_any(const json_t *document, const json_t *list,
                                   const json_t *json, const char *where)
{
    size_t index;
    json_t *one;
    json_array_foreach(list, index,
                       one) if (schema_fits(document, one, json, where)) return true;
    return list == NULL;
}

static inline bool schema_fits_parts(const json_t *document, const json_t *schema,
                                     const json_t *json, const char *where)
{
    const json_t *items = json_object_get(schema, "items");
    const json_t *least = json_object_get(schema, "minimum");
    const json_t *most = json_object_get(schema, "maximum");
    size_t index;
    json_t *one;
    if (json_is_object(json) && !schema_fits_object(document, schema, json, where))
        return false;
    if (items != NULL && json_is_array(json))
        json_array_foreach(
            json, index, one) if (!schema_fits(document, items, one, where)) return false;
    if (json_is_number(json) &&
        ((least != NULL && json_number_value(json) < json_number_value(least)) ||
         (most != NULL && json_number_value(json) > json_number_value(most))))
        return false;
    return schema_fits_any(document, json_object_get(schema, "anyOf"), json, where) &&
           schema_fits_any(document, json_object_get(schema, "oneOf"), json, where);
}

// `where` is for the message, on stderr.
static inline bool schema_fits(const json_t *document, const json_t *schema,
                               const json_t *json, const char *where)
{
    const char *reference = json_string_value(json_object_get(schema, "$ref"));
    const json_t *is = json_object_get(schema, "const");
    if (reference != NULL)
        return schema_fits(document, schema_resolve(document, reference), json, where);
    if (schema == NULL || !schema_fits_type(json_object_get(schema, "type"), json) ||
        !schema_is_among(json_object_get(schema, "enum"), json) ||
        (is != NULL && !json_equal(is, json))) {
        fprintf(stderr, "# %s is not as its schema says\n", where);
        return false;
    }
    return schema_fits_parts(document, schema, json, where);
}

#endif
