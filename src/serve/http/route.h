// Routes: what the service answers. One table, denied by default; dispatch, metrics and
// the description (/v1/openapi.json) come from it.
//
// Each area declares its routes in its own file; route.c joins them:
//
//   const wf_route wf_routes_views[] = {
//       {.method = "GET", .path = "/v1/views/{desk}/{name}", .lane = WF_LANE_DASHBOARDS,
//        .action = WF_ACTION_READ_VIEW, .operation = "readView",
//        .parameters = view_parameters, .any_query = true,
//        .answers = {.media = WF_MEDIA_JSON | WF_MEDIA_CSV, .schema = &view_page},
//        .zh = "读取一个视图", .en = "read a view", .handle = read_view},
//       {.method = NULL},
//   };
//
// A path is of literal segments and {parameters}, one a segment. The program does not
// start when a route has no handler, no action, or stands twice.
#ifndef WF_SERVE_HTTP_ROUTE_H
#define WF_SERVE_HTTP_ROUTE_H

#include "access/rights/policy.h"
#include "base/text.h"
#include "serve/http/target.h"

typedef struct wf_exchange wf_exchange; // serve/http/exchange.h

// Admission (DESIGN §5): each lane has a bounded queue; the first is served first.
typedef enum {
    WF_LANE_FIELD, // sampling, results, gates; own status
    WF_LANE_ORDERS,
    WF_LANE_LOOKUPS,
    WF_LANE_DASHBOARDS,
    WF_LANE_LOGIN, // passwords are hashed: a flood of them holds nobody else's workers
    WF_LANE_FILES, // uploads and exports: a worker is at one for seconds or minutes
    WF_LANE_COUNT
} wf_lane;

// Where a request came in. Those who sample, test and stand at gates have an address of
// their own where there is one (docs/decisions/0005-the-service.md).
typedef enum {
    WF_DOOR_ALL,   // every route
    WF_DOOR_FIELD, // routes with `field`
    WF_DOOR_COUNT
} wf_door_name;
extern const char *const wf_door_words[]; // "all", "field"

// ---- parameters ----

typedef enum { WF_IN_PATH, WF_IN_QUERY, WF_IN_HEADER } wf_parameter_place;

typedef enum {
    WF_PARAMETER_TEXT,
    WF_PARAMETER_WHOLE, // digits, within min and max
    WF_PARAMETER_YESNO, // true or false
    WF_PARAMETER_WORD,  // one of `words`
    WF_PARAMETER_TIME   // ISO 8601; the handler reads it in the city's zone
} wf_parameter_type;

// Checked before the handler runs: it finds what is required, once, and in its form.
typedef struct {
    const char *name; // of the path's {name}, of the query, or the header
    wf_parameter_place place;
    wf_parameter_type type;
    bool required;            // path: always
    int64_t min, max;         // WHOLE
    size_t bytes_max;         // TEXT: longest; 0: 256
    const char *const *words; // WORD: ended by NULL
    const char *zh, *en;      // what it is
} wf_parameter;

// ---- bodies ----

// A schema of the description by its name: JSON text of an object of JSON Schema
// 2020-12. It may refer to others: {"$ref":"#/components/schemas/Error"}.
typedef struct {
    const char *name; // "FactsReply"
    const char *json;
} wf_schema;

typedef enum {
    WF_BODY_NONE,
    WF_BODY_JSON,
    WF_BODY_NDJSON,
    WF_BODY_FILE // CSV or a workbook, whatever its bytes turn out to be
} wf_body_kind;

#define WF_FILE_TYPE "application/octet-stream"

typedef struct {
    wf_body_kind kind;
    size_t bytes_max;        // of the whole body; more is 413
    const wf_schema *schema; // of the body, or of one line
    bool optional;
} wf_body;

enum {
    WF_MEDIA_JSON = 1,
    WF_MEDIA_CSV = 2,
    WF_MEDIA_NDJSON = 4,
    WF_MEDIA_EVENTS = 8, // text/event-stream
    WF_MEDIA_HTML = 16,
    WF_MEDIA_TEXT = 32,
    WF_MEDIA_XLSX = 64
};

typedef struct {
    unsigned media;               // WF_MEDIA_…; 0: no body (204)
    unsigned status;              // of success; 0: 200 (204 without a body)
    const wf_schema *schema;      // of JSON, of a line of NDJSON, of an event's data
    const unsigned short *errors; // beside those that every route may give (400 401 404
                                  // 413 503), ended by 0; NULL: none
    bool stopping_alike;          // its 503 has the body of success
} wf_answers;

// ---- routes ----

typedef struct wf_route {
    const char *method, *path; // "GET", "/v1/views/{desk}/{name}"; GET answers HEAD too
    wf_lane lane;
    bool open;             // without a token (security: [])
    bool field;            // at the door of the field, too; what does not say so is not
    bool fast;             // on the connection's own thread: it must not wait or compute
    bool turn;             // its handler waits for the owner's turn (wf_exchange_own)
    wf_action action;      // what the actor must be allowed; not of open routes
    const char *operation; // operationId of the description: "readView"
    const wf_parameter *parameters; // ended by a NULL name; NULL: none
    bool any_query;                 // takes parameters of the query that are not declared
    bool hidden;                    // not described: files of the page
    wf_body body;
    wf_answers answers;
    const char *zh, *en; // what it does
    // Tried on the connection's own thread before `handle` is queued: what is answered
    // from memory takes no lane and waits for nobody. False: the exchange was not
    // touched, and is the lane's. NULL: it is always the lane's.
    bool (*at_once)(wf_exchange *);
    void (*handle)(wf_exchange *);
} wf_route;

// Ends a table of routes.
#define WF_ROUTES_END                                                                    \
    {                                                                                    \
        .method = NULL                                                                   \
    }

// ---- the table ----

// What most routes differ in: how many segments, and the first letter of the second: '{'
// of a parameter, NUL where there is none.
typedef struct {
    unsigned char segments;
    char second;
} wf_route_shape;

typedef struct {
    const wf_route **routes; // on the heap
    wf_route_shape *shapes;  // of each; on the heap
    size_t count;
} wf_route_table;

// All areas' routes, then `more` (may be NULL). False without memory.
bool wf_routes_join(const wf_route *more, wf_route_table *ret) WEFT_MUST_CHECK;
void wf_routes_done(wf_route_table *table);

// False when the table contradicts itself; then `text` says how: a bug, never input. For
// tests and for starting.
#define WF_ROUTES_TEXT_MAX 256
bool wf_routes_sound(const wf_route_table *table, char text[WF_ROUTES_TEXT_MAX]);

typedef enum { WF_MATCH_ROUTE, WF_MATCH_OTHER_METHOD, WF_MATCH_NONE } wf_match;
// The route of a request; GET's for HEAD. *ret: its place; for OTHER_METHOD that of a
// route with this path.
wf_match wf_routes_find(const wf_route_table *table, const char *method,
                        const wf_target *target, size_t *ret);
// A parameter of the path; .bytes NULL: the route has none of that name.
wf_text wf_route_segment(const wf_route *route, const wf_target *target,
                         const char *name);

#endif
