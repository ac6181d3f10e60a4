// The work list of a case: whom its look-up suggests, whom people named and judged, and
// contacts whom nobody knows yet, each with how far the work on them is, in the order in
// which they are to be called.
//
// What the look-up suggests is not stored: it is found anew each time, so that the list
// follows every fact. A row is one person, or one unidentified contact. Ids that were
// said to be one person (register/alias.h) are one row, as in every list of contacts:
// under which id register/shared/shown.sql says, how their facts go together
// tracing/shared/joined.sql. What is taken back parts them.
//
// Calling order (DESIGN §4): by level, for the level decides the duty and never yields to
// rank; within it by P(infected) · infectiousness still ahead · weight of the setting
// they go back to (epi/contacts.h). Whoever was reached, was dismissed or is a case
// themselves is not called. Of whom the visits tell nothing, and of unidentified
// contacts, that product is not known: they stand before the strongest of their level,
// because what is not known must not be called last (sureness D, source weft-default).
//
// Threads: functions of one list by one thread.
#ifndef WF_DESK_TRACING_WORK_H
#define WF_DESK_TRACING_WORK_H

#include "epi/contacts.h"
#include "store/database/database.h"

typedef enum {
    WF_WORK_UNIDENTIFIED, // somebody is a contact; nobody knows who it is
    WF_WORK_SUGGESTED,    // by the look-up alone
    WF_WORK_NAMED,        // by somebody; not judged
    WF_WORK_CONFIRMED,
    WF_WORK_REACHED,
    WF_WORK_PLACED,
    WF_WORK_TESTED,
    WF_WORK_CONVERTED, // became a case
    WF_WORK_DISMISSED,
    WF_WORK_STATES
} wf_work_state;
const char *wf_work_state_word(wf_work_state state);

// Against the row as somebody last went through it (contact.reviewed), or, of the list as
// a whole, against the newest step of work on it.
typedef enum {
    WF_WORK_SAME,
    WF_WORK_NEW,      // to be called now and was not there
    WF_WORK_UP,       // before more of those who were there than it was
    WF_WORK_DOWN,     // before fewer
    WF_WORK_DONE,     // was to be called, and is not now
    WF_WORK_LEVEL,    // of another level
    WF_WORK_EXPOSURE, // exposed later, or together for longer, than was known
    WF_WORK_CHANCE,   // estimated to be infected by a tenth more or less
    WF_WORK_RESULT,   // another result, or the first
    WF_WORK_CHANGES
} wf_work_change;
const char *wf_work_change_word(wf_work_change change);

// A row as it stood when somebody last went through it.
typedef struct {
    weft_time at;  // WF_TIME_NONE: nobody did
    uint64_t rank; // in the calling order, from 1; 0: not to be called
    wf_level level;
    weft_time exposed_until; // as was known; WF_TIME_NONE: it was not
    int64_t seconds;         // together; -1: not known
    int64_t probability_ppm; // -1: not known
    wf_text result;          // empty: none
} wf_work_review;

typedef struct {
    wf_person person; // WF_NUMBER_NONE: an unidentified contact
    wf_text contact;  // its id, else empty
    wf_work_state state;
    wf_level level;          // that was judged or named, else the look-up's
    const wf_contact *found; // by the look-up; NULL: it does not suggest them
    weft_time found_until;   // last exposed by it, as the caller filled in
    double priority;         // the product above; 0 without `found`
    uint64_t place;          // in the calling order, from 1; 0: not to be called
    wf_work_review then;
    wf_work_change change; // of its place: same, new, up, down, done
    unsigned changes;      // bits 1 << wf_work_change, also of the row itself
    // As the facts say; WF_TIME_NONE and empty where they do not.
    weft_time exposed_from, exposed_until, named_at, confirmed_at, dismissed_at;
    weft_time attempted_at, reached_at, placed_at, tested_at, converted_at;
    int64_t attempts; // in vain
    wf_text attempt, placed_in, result, dismissed_for;
} wf_work_row;

// A row of nobody, of whom nothing is known.
wf_work_row wf_work_row_empty(void);

// Who was to be called when somebody last went through the list, and stands in it no
// more.
typedef struct {
    wf_person person; // WF_NUMBER_NONE: an unidentified contact
    wf_text contact;  // its id, else empty
    // Whom it was found to be; WF_NUMBER_NONE: nobody, or it was a person.
    wf_person identified;
    weft_time reviewed_at;
} wf_work_gone;

typedef struct {
    wf_work_row *rows; // in calling order, then those who are not called
    size_t count;
    uint64_t by_state[WF_WORK_STATES], to_call;
    weft_time worked_at;   // the newest step of work on one of them; WF_TIME_NONE: none
    weft_time reviewed_at; // somebody last went through one of them; WF_TIME_NONE: nobody
    wf_work_gone *gone;
    size_t gone_count;
} wf_work;

// The rows of a case as `db` has them, joined with what its look-up found (which is to
// live as long as the list), in calling order. Everything is in the arena.
weft_status wf_work_read(wf_database *db, wf_text case_id, const wf_contacts *found,
                         wf_arena *arena, wf_work *ret,
                         weft_error *error) WEFT_MUST_CHECK;

// The newest step of work on the row; WF_TIME_NONE: none.
weft_time wf_work_worked_at(const wf_work_row *row);

// Puts rows in calling order and counts them; what wf_work_read ends with.
void wf_work_settle(wf_work *work);

// Says what changed since somebody went through the rows (`then`). A row is new that
// nobody went through and nobody worked on; what was never gone through as a whole is
// told apart by time alone: named after the newest step of work. Of a change nothing is
// lost by work on another row, or by what somebody else went through before it came.
weft_status wf_work_compare(wf_work *work, wf_arena *arena,
                            weft_error *error) WEFT_MUST_CHECK;

#endif
