// Contacts for sums: each person once for an outbreak, whatever ids and however many
// cases they have, and those whom nobody knows yet (tracing/shared/joined.sql, which the
// rows come from). To group the rows in SQL costs as much as to read them, so that they
// are put together here. Contacts of what was found to be no case are none.
//
// Threads: as the views'.
#ifndef WF_DESK_TRACING_COUNTED_H
#define WF_DESK_TRACING_COUNTED_H

#include "store/query/view.h"

// As levels are counted: 0 is none.
enum {
    wf_level_unknown,
    wf_level_general,
    wf_level_secondary,
    wf_level_close,
    wf_levels_count
};
extern const char *const wf_level_words[wf_levels_count];

// Bits of `steps`.
enum {
    WF_WAS_CONFIRMED = 1,
    WF_WAS_REACHED = 2,
    WF_WAS_PLACED = 4,
    WF_WAS_TESTED = 8,
    WF_WAS_CONVERTED = 16
};

enum { wf_counted_nobody = UINT32_MAX, wf_counted_grid_bytes = 12 };
typedef struct {
    uint32_t outbreak;     // its place in `outbreaks`
    uint32_t person;       // wf_counted_nobody: not identified
    int64_t exposed_until; // the latest; wf_clock_never: not known
    uint8_t judged, named; // the highest level that was judged; that was named or judged
    uint8_t steps;         // of work on them
    uint8_t grid_size;     // where they live, no finer than a village
    char grid[wf_counted_grid_bytes];
} wf_counted_contact;

// Zero-initialise. Contacts stand by outbreak, then person; those who are not identified
// behind, in an order that does not depend on the database.
typedef struct {
    wf_buffer contacts;  // wf_counted_contact
    wf_buffer outbreaks; // wf_text, in the call's arena
} wf_counted_contacts;

weft_status wf_counted_contacts_read(const wf_view_call *call, wf_counted_contacts *ret,
                                     weft_error *error) WEFT_MUST_CHECK;
void wf_counted_contacts_done(wf_counted_contacts *contacts);
const wf_counted_contact *wf_counted_contacts_all(const wf_counted_contacts *contacts,
                                                  size_t *ret_count);
wf_text wf_counted_outbreak(const wf_counted_contacts *contacts,
                            const wf_counted_contact *of);
wf_text wf_counted_grid(const wf_counted_contact *of);

#endif
