// Look-ups: whom did a case meet, who was at a place, what do cases share.
//
// Every answer ends in a summary that says what it covers: `missing` names the days of
// the window that were forgotten, damaged or have lost their key; a day without visits
// is not missing. A look-up fails with WEFT_DAMAGED / WEFT_KEYLESS only after all rows
// that can be given were given; the summary is set then, too.
//
// A case is asked for by its own id, or by another number that it goes by
// (case.reported: known_as, known_as_too): its own id comes before another's number.
// Where several cases go by it: WEFT_CONFLICT ("case.number_several"), which names them.
//
// Row callbacks run on the caller's thread; what they are given lives until they
// return. A callback that returns false ends the look-up with WEFT_INTERRUPTED.
#ifndef WEFT_LOOKUP_H
#define WEFT_LOOKUP_H

#include <stddef.h>
#include <stdint.h>

#include "weft/city.h"

typedef enum {
    WEFT_DAY_FORGOTTEN, // purged: the answer is partial, the status is WEFT_OK
    WEFT_DAY_DAMAGED,
    WEFT_DAY_KEYLESS
} weft_missing_why;

typedef struct {
    weft_day day;
    weft_missing_why why;
} weft_missing_day;

typedef struct {
    weft_time as_of, from, to;
    uint64_t rows;
    bool complete;
    const weft_missing_day *missing;
    size_t missing_count;
    const char *case_id; // the case's own id, by whichever number it was asked for; NULL:
                         // not of one case
} weft_lookup_summary;

// The own id of the case that goes by a number; *ret until the next look-up. Unknown:
// WEFT_NOT_FOUND.
weft_status weft_case_find(weft_city *city, const char *number, const char **ret,
                           weft_error *error) WEFT_MUST_CHECK;

// ---- plain: arithmetic without rules (an instrument for checking) ----

typedef struct {
    const char *case_id;  // takes person and window from a case, or NULL with
    const char *person;   // a person and
    weft_time from, to;   // a window; real cities refuse this (WEFT_NOT_ALLOWED)
    unsigned generations; // 1 or 2
    uint64_t min_seconds; // of the union, see DESIGN §4; 0: any
    uint64_t crowd;       // leave out place-days with more visits; 0: none left out
    uint64_t limit;       // rows given, 0: all
    bool count_only;      // no rows, only the summary's count
} weft_plain_query;

typedef struct {
    const char *person;
    unsigned generation;
    int64_t seconds; // length of the union of times together
    weft_time first, last;
    const char *via; // NULL in generation 1
    int64_t via_seconds;
} weft_plain_contact;

weft_status weft_contacts_plain(weft_city *city, const weft_plain_query *query,
                                bool (*row)(void *context, const weft_plain_contact *row),
                                void *context, weft_lookup_summary *ret,
                                weft_error *error) WEFT_MUST_CHECK;

// ---- who was there ----

typedef struct {
    const char *person;
    weft_time start, end;
    const char *seat; // "" when not known
    bool end_guessed;
} weft_stay;

typedef struct {
    const char *place;
    const char *case_id; // real cities need one: the window is cut to the case's own
    weft_time from, to;  // WEFT_TIME_NONE both with a case: its infectious window
} weft_who_query;

// Stays at a place that overlap the window, whole also where midnight or the window cut
// them, by start, then person.
weft_status weft_who(weft_city *city, const weft_who_query *query,
                     bool (*row)(void *context, const weft_stay *row), void *context,
                     weft_lookup_summary *ret, weft_error *error) WEFT_MUST_CHECK;

// ---- by the protocol: levels, ranked, explained ----

typedef enum { WEFT_LEVEL_CLOSE, WEFT_LEVEL_SECONDARY, WEFT_LEVEL_GENERAL } weft_level;

// One of the meetings that made someone a contact.
typedef struct {
    weft_day day;
    weft_time start, end;
    int64_t seconds;        // together
    const char *place;      // external id; NULL for an encounter
    const char *place_kind; // word of the closed list; "encounter" for one
    int days_from_onset;    // of the case; INT_MIN when it had none
    bool unit_known;        // both seats were known
    bool same_unit;         // same table, rows, carriage …, by the protocol's rule
    bool lingering;         // came after the case had left
    int ventilated;         // 1 yes, 0 no, −1 not known
    bool end_guessed;
    double probability; // of infection from this meeting alone
    // The reason in a sentence; NULL in a language that was not asked for.
    const char *text_zh, *text_en;
} weft_reason;

// What a contact may be told (docs/concepts/telling.md).
typedef struct {
    bool guessable;  // they can guess from it who the case is
    const char *why; // few home met unknown, "": they cannot; NULL: it was not asked for
    bool has_day;
    weft_day day;     // of their last exposure
    const char *kind; // of the place; NULL where that is not to be told
} weft_telling;

typedef struct {
    const char *person;
    weft_level level;
    double probability, low, high; // estimated P(infected) with its range
    int64_t seconds;
    weft_time first_exposure, last_exposure;
    const char *via;            // secondary: the close contact; else NULL
    const char *place_kind;     // of the strongest reason, as there
    const weft_reason *reasons; // strongest first, at most 5
    size_t reasons_count;
    size_t reasons_left_out; // more than 5, or all where rows come without
    weft_telling telling;    // only where it is asked for
} weft_contact;

// A place where people below close contact were too many to list (crowd notice).
typedef struct {
    const char *place, *place_kind;
    weft_day day;
    weft_time from, to;
    uint64_t people;
    const char *text_zh, *text_en; // as of reasons
} weft_crowd_notice;

// A rule by which people or places were left out, and how many.
typedef struct {
    const char *rule; // "crowd", "limit", "below_minutes", "openair", …
    uint64_t people, place_days;
    const char *text_zh, *text_en; // as of reasons
} weft_left_out;

// Languages of the sentences of an answer: making them costs more than finding the rows.
typedef enum { WEFT_TEXTS_BOTH, WEFT_TEXTS_ZH, WEFT_TEXTS_EN } weft_texts;

// weft_contacts_query.explained of rows without reasons.
#define WEFT_EXPLAINED_NONE (-1)

typedef struct {
    const char *case_id;
    const char *person; // as in weft_plain_query: drill cities only, with from, to
    weft_time from, to;
    unsigned generations; // 1: close and general; 2: also secondary
    uint64_t limit;       // cuts only below close contact; 0: none
    bool count_only;
    // A page: rows are given from this one on, at most so many (0: all). What is found
    // and counted is the same.
    uint64_t first, most;
    // So many rows of the page come with their reasons, 0: all.
    int64_t explained;
    // Rows say what the contact may be told, which reads who else was there.
    bool telling;
    weft_texts texts;
} weft_contacts_query;

typedef struct {
    weft_lookup_summary base;
    const char *protocol;  // name of the edition
    const char *opened_by; // the event that opened the window, "onset" …
    const char *closed_by; // "isolated", "as_of", …
    uint64_t close, secondary, general;
    const weft_left_out *left_out;
    size_t left_out_count;
    bool calibrated; // false: "uncalibrated" until 30 conversions
    // Which parameters rest on sureness D; NULL in a language that was not asked for.
    const char *note_zh, *note_en;
    // The case was found to be none: whom it lists owes nothing. False without a case.
    bool not_a_case;
} weft_contacts_summary;

typedef struct {
    bool (*contact)(void *context, const weft_contact *row);
    bool (*notice)(void *context, const weft_crowd_notice *notice);
    void *context;
} weft_contacts_rows;

// *ret points into memory of the city, valid until the next look-up.
weft_status weft_contacts(weft_city *city, const weft_contacts_query *query,
                          const weft_contacts_rows *rows, weft_contacts_summary *ret,
                          weft_error *error) WEFT_MUST_CHECK;

// ---- the work list of a case ----

// Whom the look-up suggests, whom people named and judged, and contacts whom nobody knows
// yet, each with how far the work on them is, in the order in which they are to be called
// (docs/methods/work-list.md). The look-up's part is found anew each time.

// A row is a person, or an unidentified contact; texts are "" where nothing is said.
typedef struct {
    const char *person;  // NULL: an unidentified contact,
    const char *contact; // of this id; else NULL
    // The words in which an unidentified contact is described: about a person, for those
    // alone who may see the row. Without control characters; signs that turn the
    // direction of text may be among them. NULL: a person, or it is forgotten.
    const char *description;
    const char *state; // unidentified suggested named confirmed reached placed tested
                       // converted dismissed
    weft_level level;  // that was judged or named, else the look-up's
    uint64_t place;    // in the calling order, from 1; 0: not to be called
    // Against the row as somebody last went through it (contact.reviewed).
    weft_time reviewed_at; // WEFT_TIME_NONE: nobody did
    uint64_t was;          // place then, from 1; 0: it was not to be called
    const char *change;    // same new up down done; NULL: nobody ever worked on the list
    const char *const *changes; // new up down done level exposure chance result
    size_t changes_count;
    double priority;           // by which a level is ordered; 0 without `found`
    const weft_contact *found; // by the look-up; NULL: it does not suggest them
    weft_telling telling;      // without `found`: unknown, and no day
    weft_time exposed_from, exposed_until, named_at, confirmed_at, dismissed_at;
    weft_time attempted_at, reached_at, placed_at, tested_at, converted_at;
    int64_t attempts; // in vain
    const char *attempt, *placed_in, *result, *dismissed_for;
} weft_work_row;

typedef struct {
    const char *case_id;
    unsigned generations; // 1: close and general; 2: also secondary
    uint64_t first, most; // the page, as in weft_contacts_query
    int64_t explained;    // as there
    weft_texts texts;
} weft_work_query;

#define WEFT_WORK_STATES 9

// Who was to be called when somebody last went through the list, and stands in it no
// more: what they rested on was withdrawn, or it is known who an unidentified contact is.
typedef struct {
    const char *person;     // NULL: an unidentified contact,
    const char *contact;    // of this id; else NULL
    const char *identified; // the person it was found to be; NULL: nobody, or a person
    weft_time reviewed_at;
} weft_work_gone;

typedef struct {
    // The look-up; rows is 0 and protocol NULL when it could not be made.
    weft_contacts_summary contacts;
    bool computed; // false: the case has no event that opens its window
    uint64_t rows, to_call;
    const char *states[WEFT_WORK_STATES]; // and how many rows have each
    uint64_t by_state[WEFT_WORK_STATES];
    weft_time worked_at;   // the newest step of work on one of them; WEFT_TIME_NONE: none
    weft_time reviewed_at; // somebody last went through a row; WEFT_TIME_NONE: nobody did
    const weft_work_gone *gone;
    size_t gone_count;
} weft_work_summary;

// As weft_contacts: *ret until the next look-up, days that cannot be read at the end.
weft_status weft_work(weft_city *city, const weft_work_query *query,
                      bool (*row)(void *context, const weft_work_row *row), void *context,
                      weft_work_summary *ret, weft_error *error) WEFT_MUST_CHECK;

// ---- where a case was ----

// A fact (visit.stated) that holds and says that somebody was there. It may say more than
// its piece of a day shows: the stay may have gone on over midnight.
typedef struct weft_stay_fact {
    const char *device; // of whose book,
    int64_t seq;        // and the number in it
    const char *said;   // its body as JSON, times in the city's zone
    // What it stands instead of, the newest first: when it alone is withdrawn the first
    // of them holds again.
    const struct weft_stay_fact *instead_of; // `said` is NULL, and so on
    size_t instead_of_count;
} weft_stay_fact;

// A piece of a stay within a civil day.
typedef struct {
    const char *place, *place_kind;
    weft_time start, end;
    bool stated; // somebody said so (visit.stated); else a record came
    // Whose word it is, or which record's: words of the field `told_by`, in its order,
    // each once; of a stay that several state those of all. 0: nobody said.
    const char *const *told_by;
    size_t told_by_count;
    // The facts that say so, by day and name; whoever corrects the stay corrects them. Of
    // a stay that runs into others at its place those of all of them.
    const weft_stay_fact *facts;
    size_t facts_count;
} weft_case_stay;

typedef struct {
    weft_lookup_summary base; // from the first day on which it can have been infected
    weft_time infectious_from, infectious_to;
} weft_stays_summary;

// The stays of a case's own person, by start, until as_of. Errors as weft_contacts.
weft_status weft_case_stays(weft_city *city, const char *case_id,
                            bool (*row)(void *context, const weft_case_stay *row),
                            void *context, weft_stays_summary *ret,
                            weft_error *error) WEFT_MUST_CHECK;

// ---- source: what unlinked cases share beyond chance ----

typedef struct {
    const char *place, *place_kind;
    weft_time from, to;       // when the cases' visits lie close together
    const char *const *cases; // case ids
    size_t cases_count;       // households counted once in `independent`
    size_t independent;
    double expected;    // cases expected by chance from the background
    double p_value;     // exact tail probability
    double p_corrected; // for the number of places tested
    uint64_t background_visitors;
    const char *text_zh, *text_en; // "consistent with", never "the source"
} weft_shared_place;

typedef struct {
    weft_lookup_summary base;
    uint64_t cases, independent;
    uint64_t places_tested;
} weft_source_summary;

// case_ids NULL: all cases of the city. No row is a normal answer.
weft_status weft_source(weft_city *city, const char *const *case_ids, size_t cases_count,
                        bool (*row)(void *context, const weft_shared_place *row),
                        void *context, weft_source_summary *ret,
                        weft_error *error) WEFT_MUST_CHECK;

#endif
