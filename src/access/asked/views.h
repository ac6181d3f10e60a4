// The views of an open city, for files of src/access.
#ifndef WF_ACCESS_ASKED_VIEWS_H
#define WF_ACCESS_ASKED_VIEWS_H

#include "access/city/city.h"
#include "desk/reference.h"
#include "store/query/view.h"
#include "weft/views.h"

// All views of the city, opened by the first question and closed by wf_city_close_rows.
struct wf_city_views {
    wf_views *views;
    wf_view_computed *computed; // of all desks
    weft_view_about *abouts;    // in the order of the views
    wf_arena arena;             // of their names
    wf_references *references;  // asked by looks; NULL until the first
};

// What looks rest on, opened by the first look; the city's.
weft_status wf_city_references(weft_city *city, wf_references **ret,
                               weft_error *error) WEFT_MUST_CHECK;

// Who asks, as the runners of views and holes take it; texts are borrowed. False: their
// grid is no code.
bool wf_city_beside(const weft_city *city, const weft_beside *from, wf_beside *ret);

// weft_view_read_all, in the middle of another answer: what that one has in the city's
// arena stays. `arena` is the call's.
weft_status wf_city_view_all(weft_city *city, const weft_view_question *question,
                             bool (*each)(void *context, const weft_view_page *part),
                             void *context, wf_arena *arena, weft_view_as_of *ret,
                             weft_error *error) WEFT_MUST_CHECK;

// NULL does nothing.
void wf_city_views_close(wf_city_views *views);

#endif
