#include "serve/http/route.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const wf_route wf_routes_accounts[];
extern const wf_route wf_routes_care[];
extern const wf_route wf_routes_description[];
extern const wf_route wf_routes_events[];
extern const wf_route wf_routes_facts[];
extern const wf_route wf_routes_exports[];
extern const wf_route wf_routes_health[];
extern const wf_route wf_routes_imports[];
extern const wf_route wf_routes_holes[];
extern const wf_route wf_routes_lookups[];
extern const wf_route wf_routes_work[];
extern const wf_route wf_routes_persons[];
extern const wf_route wf_routes_stays[];
extern const wf_route wf_routes_me[];
extern const wf_route wf_routes_net[];
extern const wf_route wf_routes_outlines[];
extern const wf_route wf_routes_static[];
extern const wf_route wf_routes_tasks[];
extern const wf_route wf_routes_views[];

// In the order of the description.
static const wf_route *const areas[] = {
    wf_routes_facts,       wf_routes_health,   wf_routes_events,  wf_routes_accounts,
    wf_routes_description, wf_routes_static,   wf_routes_exports, wf_routes_holes,
    wf_routes_lookups,     wf_routes_work,     wf_routes_stays,   wf_routes_me,
    wf_routes_net,         wf_routes_outlines, wf_routes_tasks,   wf_routes_views,
    wf_routes_care,        wf_routes_imports,  wf_routes_persons,
};

const char *const wf_door_words[] = {"all", "field"};

// ---- segments of a pattern ----

// The next segment of a pattern, "" at its end.
static wf_text next_segment(const char **at)
{
    while (**at == '/')
        (*at)++;
    size_t size = strcspn(*at, "/");
    wf_text segment = {*at, size};
    *at += size;
    return segment;
}

static bool is_parameter(wf_text segment)
{
    return segment.size > 2 && segment.bytes[0] == '{' &&
           segment.bytes[segment.size - 1] == '}';
}

static wf_route_shape shape_of(const wf_route *route)
{
    const char *at = route->path;
    wf_route_shape shape = {0};
    for (wf_text segment = next_segment(&at); segment.size > 0;
         segment = next_segment(&at))
        if (++shape.segments == 2)
            shape.second = segment.bytes[0];
    return shape;
}

// ---- joining ----

static size_t count_of(const wf_route *routes)
{
    size_t count = 0;
    while (routes != NULL && routes[count].method != NULL)
        count++;
    return count;
}

static void add(const wf_route *routes, wf_route_table *to)
{
    size_t count = count_of(routes);
    for (size_t i = 0; i < count; i++) {
        to->shapes[to->count] = shape_of(&routes[i]);
        to->routes[to->count++] = &routes[i];
    }
}

bool wf_routes_join(const wf_route *more, wf_route_table *ret)
{
    size_t count = count_of(more);
    for (size_t i = 0; i < sizeof areas / sizeof *areas; i++)
        count += count_of(areas[i]);
    wf_route_table joined = {.routes = calloc(count, sizeof *joined.routes),
                             .shapes = calloc(count, sizeof *joined.shapes)};
    if (joined.routes == NULL || joined.shapes == NULL) {
        wf_routes_done(&joined);
        return false;
    }
    for (size_t i = 0; i < sizeof areas / sizeof *areas; i++)
        add(areas[i], &joined);
    add(more, &joined);
    *ret = joined;
    return true;
}

void wf_routes_done(wf_route_table *table)
{
    free(table->routes);
    free(table->shapes);
    table->routes = NULL;
    table->shapes = NULL;
    table->count = 0;
}

// ---- finding ----

// Whether a pattern goes on with this literal segment; steps behind it.
static bool goes_on(const char **at, wf_text wanted)
{
    const char *here = *at;
    size_t size = 0;
    while (size < wanted.size && here[size] != '\0' && here[size] == wanted.bytes[size])
        size++;
    *at += size;
    return size == wanted.size && (**at == '/' || **at == '\0');
}

static bool matches(const wf_route *route, const wf_target *target)
{
    const char *at = route->path;
    for (size_t i = 0; i < target->segments_count; i++) {
        while (*at == '/')
            at++;
        if (*at == '{')
            at += strcspn(at, "/");
        else if (!goes_on(&at, target->segments[i]))
            return false;
    }
    return next_segment(&at).size == 0;
}

static size_t parameters_of(const wf_route *route)
{
    size_t count = 0;
    for (const char *at = route->path; *at != '\0'; at++)
        count += *at == '{';
    return count;
}

wf_match wf_routes_find(const wf_route_table *table, const char *method,
                        const wf_target *target, size_t *ret)
{
    wf_match match = WF_MATCH_NONE;
    const char *wanted = strcmp(method, "HEAD") == 0 ? "GET" : method;
    char second = target->segments_count > 1 ? target->segments[1].bytes[0] : '\0';
    for (size_t i = 0; i < table->count; i++) {
        // Every request is held against every route: nearly all end here.
        wf_route_shape shape = table->shapes[i];
        if (shape.segments != target->segments_count ||
            (shape.second != second && shape.second != '{'))
            continue;
        const wf_route *route = table->routes[i];
        if (!matches(route, target))
            continue;
        bool same = strcmp(route->method, wanted) == 0;
        wf_match found = same ? WF_MATCH_ROUTE : WF_MATCH_OTHER_METHOD;
        bool closer =
            found == match && parameters_of(route) < parameters_of(table->routes[*ret]);
        if (found < match || closer) {
            match = found;
            *ret = i;
        }
    }
    return match;
}

wf_text wf_route_segment(const wf_route *route, const wf_target *target, const char *name)
{
    const char *at = route->path;
    for (size_t i = 0; i < target->segments_count; i++) {
        wf_text segment = next_segment(&at);
        if (is_parameter(segment) && segment.size - 2 == strlen(name) &&
            memcmp(segment.bytes + 1, name, segment.size - 2) == 0)
            return target->segments[i];
    }
    return (wf_text){NULL, 0};
}

// ---- soundness ----

static bool has_parameter(const wf_route *route, wf_text name)
{
    for (const wf_parameter *one = route->parameters; one != NULL && one->name != NULL;
         one++)
        if (one->place == WF_IN_PATH && strlen(one->name) == name.size &&
            memcmp(one->name, name.bytes, name.size) == 0)
            return true;
    return false;
}

// Every {name} is declared.
static bool declares_its_path(const wf_route *route)
{
    const char *at = route->path;
    for (wf_text segment = next_segment(&at); segment.size > 0;
         segment = next_segment(&at))
        if (is_parameter(segment) &&
            !has_parameter(route, (wf_text){segment.bytes + 1, segment.size - 2}))
            return false;
    return true;
}

// What a route lacks; NULL: nothing.
static const char *lack_of(const wf_route *route)
{
    static const char *const methods[] = {"GET", "POST", "PUT", "DELETE", "PATCH"};
    size_t method = 0;
    while (method < 5 && strcmp(methods[method], route->method) != 0)
        method++;
    if (method == 5 || route->path == NULL || route->path[0] != '/')
        return "a method and a path";
    if (route->handle == NULL)
        return "a handler";
    // The first action is the sending of facts, which has a body.
    if (!route->open && route->action == 0 && route->body.kind == WF_BODY_NONE)
        return "an action";
    if (route->body.kind != WF_BODY_NONE && route->body.bytes_max == 0)
        return "a limit of its body";
    if (!route->hidden &&
        (route->operation == NULL || route->zh == NULL || route->en == NULL))
        return "its description";
    return declares_its_path(route) ? NULL : "the declaration of its path's parameters";
}

// The same requests would go to both.
static bool clash(const wf_route *a, const wf_route *b)
{
    const char *left = a->path, *right = b->path;
    if (strcmp(a->method, b->method) != 0)
        return false;
    for (;;) {
        wf_text one = next_segment(&left), other = next_segment(&right);
        if (one.size == 0 || other.size == 0)
            return one.size == other.size;
        // Of "/a/{x}" and "/a/b" the second is found first.
        if (is_parameter(one) != is_parameter(other) ||
            (!is_parameter(one) && !wf_text_equal(one, other)))
            return false;
    }
}

static bool same_operation(const wf_route *a, const wf_route *b)
{
    return a->operation != NULL && b->operation != NULL &&
           strcmp(a->operation, b->operation) == 0;
}

static bool say(char text[WF_ROUTES_TEXT_MAX], const wf_route *route, const char *what)
{
    WF_IGNORE(snprintf(text, WF_ROUTES_TEXT_MAX, "%s %s %s", route->method,
                       route->path != NULL ? route->path : "?", what) < 0,
              "a cut text still names the route");
    return false;
}

bool wf_routes_sound(const wf_route_table *table, char text[WF_ROUTES_TEXT_MAX])
{
    for (size_t i = 0; i < table->count; i++) {
        const char *lack = lack_of(table->routes[i]);
        if (lack != NULL) {
            say(text, table->routes[i], "lacks:");
            strncat(text, lack, WF_ROUTES_TEXT_MAX - strlen(text) - 1);
            return false;
        }
        for (size_t k = 0; k < i; k++) {
            if (clash(table->routes[i], table->routes[k]))
                return say(text, table->routes[i], "stands twice");
            if (same_operation(table->routes[i], table->routes[k]))
                return say(text, table->routes[i], "has another's operation");
        }
    }
    return true;
}
