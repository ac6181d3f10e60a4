// Contacts by the protocol: levels, ranked, with what each rests on.
//
// Method (docs/methods/ranking.md). For every stay of the case in its window: everybody
// who was there at the same time or came within the rule's lingering minutes. Near
// contact by the rule of the kind of place (epi/together.h) or by encounters: close;
// anything else: general. Where the edition lists them and two generations are asked
// for, near contacts of a close contact from that person's first exposure until
// `as_of`: secondary; only where the finer unit is known, never at market, hall, open
// air or other places nor in a bus, which is all open part.
//
// The level decides the duty and never yields to rank: rows come by level, then by rank,
// and a limit cuts only below close contact. Rank = P(infected) · infectiousness still
// ahead at `as_of` · weight of the setting the person goes back to. A row restricts
// nobody: this is a list of whom to call first.
//
// Below close contact, people met only in hours with more people at the place than the
// edition's crowd are counted in a notice and not listed.
//
// Pure: the result depends on the rows and not on their order. Threads: none started;
// calls with their own answer may run side by side.
#ifndef WF_EPI_CONTACTS_H
#define WF_EPI_CONTACTS_H

#include "epi/together.h"

typedef enum { WF_LEVEL_CLOSE, WF_LEVEL_SECONDARY, WF_LEVEL_GENERAL } wf_level;

typedef struct {
    const wf_protocol *protocol;
    const wf_rows *rows;
    wf_person index;
    int64_t from, to;          // the window in which the case could infect
    int64_t as_of;             // ≥ from
    const int64_t *day_starts; // civil days that cover [from, max(to, as_of))
    size_t days_count;
    const double *infectiousness;   // of the case, by day (wf_hazard_infectiousness)
    const wf_hazard_course *course; // of the protocol, where it is known already, or NULL
    unsigned generations;           // 1 or 2
    uint64_t limit;                 // of rows below close contact; 0: none
    uint64_t best;                  // rows that are asked for in their order; 0: all
} wf_contacts_query;

// One day of one person with the case (or with a close contact) at one place.
typedef struct {
    wf_person person, with;
    wf_place place; // WF_NUMBER_NONE: an encounter
    wf_place_kind kind;
    int ventilated;
    bool near;    // belongs to a near contact
    bool crowded; // only in hours of a crowd
    wf_together_day day;
    wf_range probability; // of infection by this alone
} wf_exposure;

typedef struct {
    wf_person person;
    wf_level level;
    wf_range probability;
    double rank;
    int64_t seconds, first, last; // together; first and last moment of all
    wf_person via;                // secondary: the close contact, else WF_NUMBER_NONE
    size_t exposures_from, exposures_count; // in the answer's, strongest first
} wf_contact;

// People below close contact at a crowded place-day, not listed by it.
typedef struct {
    wf_place place;
    wf_place_kind kind;
    uint32_t day;
    int64_t start, end; // when the case was there in hours of a crowd
    uint64_t people;
} wf_crowd;

typedef enum {
    WF_LEFT_CROWD,          // general contacts in a crowd
    WF_LEFT_LIMIT,          // cut by the query's limit
    WF_LEFT_BELOW_MINUTES,  // met a close contact for too short, or in another unit
    WF_LEFT_SECONDARY_KIND, // met one where nobody becomes a secondary contact
    WF_LEFT_COUNT
} wf_left_rule;

typedef struct {
    uint64_t people, place_days;
} wf_left;

typedef struct {
    wf_contact *contacts; // by level, rank descending, first moment, id; what comes after
                          // `best` rows, by level only, and its rank may be missing (0)
    size_t contacts_count, contacts_capacity;
    wf_exposure *exposures; // by contact
    size_t exposures_count, exposures_capacity;
    wf_crowd *crowds; // by day, place
    size_t crowds_count, crowds_capacity;
    wf_left left[WF_LEFT_COUNT];
    uint64_t found[3]; // by level, before the limit
} wf_contacts;
void wf_contacts_done(wf_contacts *contacts);

// Fails with WEFT_NO_MEMORY and with what the rows' calls fail with.
weft_status wf_contacts_find(const wf_contacts_query *query, wf_contacts *ret,
                             weft_error *error) WEFT_MUST_CHECK;

// True where a near contact of a close contact becomes a secondary contact.
bool wf_contacts_secondary_kind(const wf_place_rule *rule, wf_place_kind kind);

#endif
