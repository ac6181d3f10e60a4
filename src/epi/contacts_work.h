// What the parts of contacts share. Only for contacts….c.
#ifndef WF_EPI_CONTACTS_WORK_H
#define WF_EPI_CONTACTS_WORK_H

#include "epi/contacts.h"

// The rows of one person in the block of a place: work->stays.rows[from, to).
typedef struct {
    wf_person person;
    size_t from, to;
    int64_t start, end; // of all of them
} wf_contacts_group;

typedef struct {
    wf_person person;
    int64_t first;    // moment from which they could have been infected
    size_t from, to;  // their exposures to the case in the answer
    uint32_t seen_at; // number of the last place they were taken up at
} wf_contacts_close;

// A place that a person was at, looked at for the setting they go back to.
typedef struct {
    wf_place place;
    bool again;  // also on another day than
    int64_t day; // the one it was met first on
} wf_contacts_setting;

// Which row of a list is whose.
typedef struct {
    uint32_t person, row;
} wf_contacts_key;

typedef struct {
    const wf_contacts_query *query;
    wf_contacts *answer;
    wf_together_work *together;
    wf_hazard_course course;
    wf_row_stops stops;
    wf_row_stays stays, grouped; // of the block; room to group them in
    wf_row_meetings meetings;
    wf_contacts_group *groups; // of the block, by person number
    size_t groups_count, groups_capacity;
    uint32_t *hours; // people in each hour of the span, beside the index
    size_t hours_count;
    wf_interval *ranges;
    size_t ranges_count, ranges_capacity;
    wf_contacts_close *close; // by person number
    size_t close_count, close_capacity;
    wf_person *below; // met a close contact, but not near
    size_t below_count, below_capacity;
    wf_person *elsewhere; // … where nobody becomes a secondary contact
    size_t elsewhere_count, elsewhere_capacity;
    wf_contacts_setting *settings; // of one person
    size_t settings_count, settings_capacity;
    wf_contacts_key *keys; // twice keys_capacity
    size_t keys_capacity;
    weft_error *error;
} wf_contacts_work;

// The whole first ring into answer->exposures.
weft_status wf_contacts_first(wf_contacts_work *work) WEFT_MUST_CHECK;
// Adds near contacts of work->close.
weft_status wf_contacts_second(wf_contacts_work *work) WEFT_MUST_CHECK;

// Sorts stops by place and start, and clips them to [from, to).
void wf_contacts_sort_stops(wf_row_stop *stops, size_t *count, int64_t from, int64_t to);
// Reads the block of a place around these stops (of that place, by start), in full
// hours and with lingering; fills stays, groups and hours.
weft_status wf_contacts_block(wf_contacts_work *work, wf_place place, int64_t lingering_s,
                              const wf_row_stop *stops, size_t count) WEFT_MUST_CHECK;
const wf_contacts_group *wf_contacts_group_of(const wf_contacts_work *work,
                                              wf_person person);
wf_together_at wf_contacts_at(const wf_contacts_work *work, const wf_row_place *place);

// Adds the exposures of a person to `with` from the days together.
typedef struct {
    wf_person person, with;
    wf_place place;
    wf_row_place about;
    bool near;
    wf_range per_h;
} wf_contacts_pair;
weft_status wf_contacts_add(wf_contacts_work *work, const wf_contacts_pair *pair,
                            const wf_contacts_close *with_close,
                            const wf_together_day *days, size_t count) WEFT_MUST_CHECK;
// Encounters of `with` inside [from, to).
weft_status wf_contacts_add_meetings(wf_contacts_work *work, wf_person with,
                                     const wf_contacts_close *with_close, int64_t from,
                                     int64_t to) WEFT_MUST_CHECK;

// Room for `count` keys, and as many again behind them; NULL without memory.
wf_contacts_key *wf_contacts_keys(wf_contacts_work *work, size_t count);
// The keys (not none), sorted by person, those of one person as they were: they or the
// room behind them.
wf_contacts_key *wf_contacts_sort_keys(wf_contacts_key *keys, size_t count);
// By person number, then the strongest first; nothing hangs on numbers but the grouping.
weft_status wf_contacts_sort_exposures(wf_contacts_work *work) WEFT_MUST_CHECK;
int wf_contacts_by_id(const wf_rows *rows, wf_person a, wf_person b); // of equal rows
void wf_contacts_sort_crowds(wf_contacts_work *work);                 // by day and place
// Ranks and sorts the contacts of the answer, as far as it gives them in order.
weft_status wf_contacts_rank(wf_contacts_work *work) WEFT_MUST_CHECK;

const wf_contacts_close *wf_contacts_find_close(const wf_contacts_work *work,
                                                wf_person person);

#endif
