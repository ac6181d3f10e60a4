// Whether JSON fits a schema, as far as the service's own description uses JSON Schema:
// $ref, type, enum, const, required, properties, additionalProperties, items, anyOf,
// oneOf and the bounds of numbers, texts and lists. A word that it does not know makes a
// schema that nothing fits, so that none goes unchecked; what begins with x- is for
// people.
#ifndef TEST_SUPPORT_JSON_SCHEMA_H
#define TEST_SUPPORT_JSON_SCHEMA_H

#include <ctype.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    const json_t *document; // where references lead
    char wrong[256];        // the last thing that was
} schema_judge;

static inline bool schema_wrong(schema_judge *judge, const char *where, const char *what,
                                const char *name)
{
    snprintf(judge->wrong, sizeof judge->wrong, "%s %s%s", where, what, name);
    return false;
}

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

static inline bool schema_is_known(const char *word)
{
    static const char *const words[] = {"$ref",     "type",        "enum",
                                        "const",    "required",    "properties",
                                        "items",    "anyOf",       "oneOf",
                                        "minimum",  "maximum",     "minItems",
                                        "maxItems", "minLength",   "maxLength",
                                        "format",   "title",       "additionalProperties",
                                        "example",  "description", "default",
                                        "examples"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], word) == 0)
            return true;
    return strncmp(word, "x-", 2) == 0;
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

static inline bool schema_fits_in(schema_judge *judge, const json_t *schema,
                                  const json_t *json, const char *where);

static inline bool schema_fits_type(const json_t *type, const json_t *json)
{
    size_t index;
    json_t *one;
    if (json_is_string(type))
        return schema_is_type(json, json_string_value(type));
    json_array_foreach(type, index, one)
    {
        if (schema_is_type(json, json_string_value(one)))
            return true;
    }
    return type == NULL;
}

static inline bool schema_is_among(const json_t *list, const json_t *json)
{
    size_t index;
    json_t *one;
    json_array_foreach(list, index, one)
    {
        if (json_equal(one, json))
            return true;
    }
    return list == NULL;
}

// Digits where the form has a 0, the same letter elsewhere.
static inline bool schema_has_form(const char *text, const char *form)
{
    for (; *form != '\0'; form++, text++)
        if (*form == '0' ? !isdigit((unsigned char)*text) : *text != *form)
            return false;
    return true;
}

static inline bool schema_fits_format(const char *format, const char *text)
{
    static const char date[] = "0000-00-00", time[] = "T00:00:00", offset[] = "00:00";
    if (strcmp(format, "date") == 0)
        return schema_has_form(text, date) && text[strlen(date)] == '\0';
    if (strcmp(format, "date-time") != 0)
        return false;
    if (!schema_has_form(text, date) || !schema_has_form(text + strlen(date), time))
        return false;
    const char *rest = text + strlen(date) + strlen(time);
    if (*rest == '.')
        rest += 1 + strspn(rest + 1, "0123456789");
    if (strcmp(rest, "Z") == 0)
        return true;
    return (*rest == '+' || *rest == '-') && schema_has_form(rest + 1, offset) &&
           rest[1 + strlen(offset)] == '\0';
}

// Of a number its value, of a text its characters, of a list its items.
static inline bool schema_is_within(const json_t *schema, const char *least,
                                    const char *most, double is)
{
    const json_t *from = json_object_get(schema, least);
    const json_t *to = json_object_get(schema, most);
    return (from == NULL || is >= json_number_value(from)) &&
           (to == NULL || is <= json_number_value(to));
}

static inline bool schema_fits_text(const json_t *schema, const char *text)
{
    const char *format = json_string_value(json_object_get(schema, "format"));
    size_t characters = 0;
    for (const char *at = text; *at != '\0'; at++)
        characters += ((unsigned char)*at & 0xc0) != 0x80;
    return schema_is_within(schema, "minLength", "maxLength", (double)characters) &&
           schema_is_within(schema, "", "x-max-bytes", (double)strlen(text)) &&
           (format == NULL || schema_fits_format(format, text));
}

static inline bool schema_fits_object(schema_judge *judge, const json_t *schema,
                                      const json_t *json, const char *where)
{
    const json_t *properties = json_object_get(schema, "properties");
    const json_t *rest = json_object_get(schema, "additionalProperties");
    size_t index;
    const char *key;
    json_t *one;
    json_array_foreach(json_object_get(schema, "required"), index, one)
    {
        if (json_object_get(json, json_string_value(one)) == NULL)
            return schema_wrong(judge, where, "lacks ", json_string_value(one));
    }
    json_object_foreach((json_t *)(uintptr_t)json, key, one)
    {
        const json_t *of = json_object_get(properties, key);
        if (of == NULL && json_is_false(rest))
            return schema_wrong(judge, where, "has ", key);
        of = of != NULL ? of : json_is_object(rest) ? rest : NULL;
        if (of != NULL && !schema_fits_in(judge, of, one, key))
            return false;
    }
    return true;
}

static inline bool schema_fits_any(schema_judge *judge, const json_t *list,
                                   const json_t *json, const char *where)
{
    size_t index;
    json_t *one;
    json_array_foreach(list, index, one)
    {
        if (schema_fits_in(judge, one, json, where))
            return true;
    }
    return list == NULL;
}

static inline bool schema_fits_list(schema_judge *judge, const json_t *schema,
                                    const json_t *json, const char *where)
{
    const json_t *items = json_object_get(schema, "items");
    size_t index;
    json_t *one;
    if (!schema_is_within(schema, "minItems", "maxItems", (double)json_array_size(json)))
        return schema_wrong(judge, where, "has too few or too many items", "");
    json_array_foreach(json, index, one)
    {
        if (items != NULL && !schema_fits_in(judge, items, one, where))
            return false;
    }
    return true;
}

static inline bool schema_fits_parts(schema_judge *judge, const json_t *schema,
                                     const json_t *json, const char *where)
{
    if (json_is_object(json) && !schema_fits_object(judge, schema, json, where))
        return false;
    if (json_is_array(json) && !schema_fits_list(judge, schema, json, where))
        return false;
    if (json_is_number(json) &&
        !schema_is_within(schema, "minimum", "maximum", json_number_value(json)))
        return schema_wrong(judge, where, "is too small or too large", "");
    if (json_is_string(json) && !schema_fits_text(schema, json_string_value(json)))
        return schema_wrong(judge, where, "has another length or form", "");
    return schema_fits_any(judge, json_object_get(schema, "anyOf"), json, where) &&
           schema_fits_any(judge, json_object_get(schema, "oneOf"), json, where);
}

static inline bool schema_fits_in(schema_judge *judge, const json_t *schema,
                                  const json_t *json, const char *where)
{
    const char *reference = json_string_value(json_object_get(schema, "$ref"));
    const json_t *is = json_object_get(schema, "const");
    const char *word;
    json_t *of;
    if (reference != NULL)
        return schema_fits_in(judge, schema_resolve(judge->document, reference), json,
                              where);
    if (schema == NULL)
        return schema_wrong(judge, where, "has a schema that is not there", "");
    json_object_foreach((json_t *)(uintptr_t)schema, word, of)
    {
        if (!schema_is_known(word))
            return schema_wrong(judge, where, "has the word of a schema ", word);
    }
    if (!schema_fits_type(json_object_get(schema, "type"), json))
        return schema_wrong(judge, where, "is of another type", "");
    if (!schema_is_among(json_object_get(schema, "enum"), json) ||
        (is != NULL && !json_equal(is, json)))
        return schema_wrong(judge, where, "is none of its words", "");
    return schema_fits_parts(judge, schema, json, where);
}

// `where` is for the message, on stderr.
static inline bool schema_fits(const json_t *document, const json_t *schema,
                               const json_t *json, const char *where)
{
    schema_judge judge = {.document = document};
    bool fits = schema_fits_in(&judge, schema, json, where);
    if (!fits)
        fprintf(stderr, "# %s\n", judge.wrong);
    return fits;
}

#endif
