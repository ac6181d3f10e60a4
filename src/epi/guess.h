// Whether a contact who is told of an exposure can tell who the case is.
//
// What a contact is told is a civil day, the last on which they were exposed, and perhaps
// the kind of place. They know with whom they were there on that day. The fewer these are
// the easier it is: of fewer than WF_GUESS_PEOPLE_MIN others, the case among them, one is
// guessed; at home, in a room that is shared, and after a meeting of two who know each
// other always. Then the kind of place is not told, and staff are warned; it is not told
// either where they were exposed at places of several kinds on that day.
//
// All who were at the place at that time are counted, listed or not: who is a contact and
// how long a page is changes nothing. Source: the threshold of five people in disclosure
// control of small counts; that it holds here is a choice of Weft (sureness D,
// `weft-default`). Bounds: who was there without a record makes a case seem easier to
// guess than it is; two ids of one person, and people whom the contact did not notice in
// a large room, make it seem harder.
//
// Threads: calls with their own list may run side by side.
#ifndef WF_EPI_GUESS_H
#define WF_EPI_GUESS_H

#include "epi/contacts.h"

#define WF_GUESS_PEOPLE_MIN 5

typedef enum {
    WF_GUESS_HARD,
    WF_GUESS_FEW,  // few others were there
    WF_GUESS_HOME, // at home, or in a room that is shared
    WF_GUESS_MET,  // an encounter: they know each other
    WF_GUESS_COUNT
} wf_guess_why;

typedef struct {
    wf_guess_why why;
    uint32_t day;       // the last on which they were exposed
    wf_place_kind kind; // of the place, where it may be told
    bool tells_kind;
} wf_guess;

// Who was at a place on a civil day: contacts of one case share places and days.
typedef struct {
    uint32_t place, day;
    size_t from, count; // in `stays`; count 0: nothing is kept here
} wf_guess_day;

enum { WF_GUESS_DAYS = 256 };

// For the calls of one answer; end it with wf_guess_done. `rows` and `day_starts` (as in
// wf_contacts_query) are borrowed.
typedef struct {
    const wf_rows *rows;
    const int64_t *day_starts;
    wf_row_stays stays;
    wf_guess_day days[WF_GUESS_DAYS];
} wf_guess_work;
void wf_guess_done(wf_guess_work *work);

// `of` is one of `found`. Fails with WEFT_NO_MEMORY and with what the rows' calls fail
// with. Cost: one block of rows for each place and day that the answer has not asked for
// before, none where a home or an encounter says it. Memory: about 4 MB, and the rows of
// the largest place.
weft_status wf_guess_find(wf_guess_work *work, const wf_contacts *found,
                          const wf_contact *of, wf_guess *ret,
                          weft_error *error) WEFT_MUST_CHECK;

#endif
