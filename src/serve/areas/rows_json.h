// Rows of answers as JSON: what the program prints with --json and what the service
// answers say the same, because both are made here.
//
// A json_t is a new reference, NULL without memory; rows of which answers have hundreds
// are appended as bytes, false without memory. Times are ISO 8601 in the city's zone.
// Threads: all functions may run in parallel.
#ifndef WF_SERVE_AREAS_ROWS_JSON_H
#define WF_SERVE_AREAS_ROWS_JSON_H

#include <jansson.h>

#include "base/text.h"
#include "weft/holes.h"
#include "weft/lookup.h"
#include "weft/views.h"

json_t *wf_json_time(const weft_city *city, weft_time at); // null for none

// {"view":…,"title_zh":…,…,"columns":[…],"parameters":[…],"filters":[…],"sorts":[…]}
json_t *wf_json_view(const weft_view_about *about);
// One row of a page: an object by the names of its columns.
json_t *wf_json_view_row(const weft_city *city, const weft_view_page *page, size_t row);

json_t *wf_json_hole(const weft_city *city, const weft_hole *hole);
json_t *wf_json_holes_count(const weft_holes_count *count);
// The same as bytes, with the kind's title: pages show it to people. False without
// memory.
bool wf_json_titled_count(const weft_holes_count *count, wf_buffer *ret) WEFT_MUST_CHECK;

// [{"day":"2021-12-11","why":"forgotten"},…]
json_t *wf_json_missing(const weft_lookup_summary *summary);
bool wf_json_contact(const weft_city *city, const weft_contact *row,
                     wf_buffer *ret) WEFT_MUST_CHECK;
json_t *wf_json_notice(const weft_city *city, const weft_crowd_notice *notice);
// What an answer's summary says besides the days: protocol, counts, what was left out.
json_t *wf_json_contacts_more(const weft_contacts_summary *summary);
bool wf_json_work_row(const weft_city *city, const weft_work_row *row,
                      wf_buffer *ret) WEFT_MUST_CHECK;
json_t *wf_json_work_more(const weft_city *city, const weft_work_summary *summary);
bool wf_json_stay(const weft_city *city, const weft_stay *row,
                  wf_buffer *ret) WEFT_MUST_CHECK;
json_t *wf_json_shared_place(const weft_city *city, const weft_shared_place *row);
json_t *wf_json_source_more(const weft_source_summary *summary);

#endif
